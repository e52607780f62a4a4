/* The catalogue that is built in, for tests that need one. */
#ifndef FW_TESTS_UNIT_EMBEDDED_H
#define FW_TESTS_UNIT_EMBEDDED_H

#include "analyzers/catalogue.h"
#include "core/arena.h"

/* Starts the arena, and loads the catalogue into it. */
void test_catalogue_begin(struct fw_arena *arena, struct fw_catalogue *ret);
/* The same, with every check that has an analyzer marked as computed. */
void test_catalogue_computed(struct fw_arena *arena, struct fw_catalogue *ret);

#endif
