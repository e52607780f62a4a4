/* Time that runs backwards from one member of a rotation to the next. */
#ifndef FW_ANALYZERS_LOGS_ROTATED_H
#define FW_ANALYZERS_LOGS_ROTATED_H

#include "analyzers/logs/habits.h"

/* Adds such steps to view->back. */
void fw_rotated_add(struct fw_arena *arena, const struct fw_habits_part *parts, size_t n,
                    struct fw_source_view *view);

#endif
