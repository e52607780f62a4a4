/* Progress on a terminal: one line on stderr, rewritten at most ten times a second, erased at the
 * end. Nothing at all when stderr is no terminal or --quiet was given. */
#ifndef FW_CORE_PROGRESS_H
#define FW_CORE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/sv.h"

struct fw_progress;

struct fw_progress *fw_progress_new(bool enabled); /* enabled: the caller asked isatty */
void fw_progress_free(struct fw_progress *progress);
void fw_progress_begin(struct fw_progress *progress, const char *what, uint64_t total_bytes,
                       uint64_t total_files);
void fw_progress_add(struct fw_progress *progress, uint64_t bytes, uint64_t files);
void fw_progress_end(struct fw_progress *progress);

#endif
