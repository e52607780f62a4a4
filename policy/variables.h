/*
 * What is no dimension of a packet (a named set, a schedule, a rate limit) is a variable of the
 * program: true or false, nobody knows. Equal keys are one variable.
 */
#ifndef FW_POLICY_VARIABLES_H
#define FW_POLICY_VARIABLES_H

#include "core/arena.h"

struct fw_variables {
    uint32_t n;
    fw_sv *keys;  /* by number; {0}: a variable of its own */
    fw_sv *words; /* by number: what a person calls it; {0}: nothing */
    size_t nslots;
    uint32_t *slots; /* number + 1; 0: free */
};

/* One that is equal to no other. */
uint32_t fw_variable_new(struct fw_variables *variables, struct fw_arena *arena, fw_sv words);
/* The one of this key, made when there is none. The key must live as long as the table. */
uint32_t fw_variable_of(struct fw_variables *variables, struct fw_arena *arena, fw_sv key,
                        fw_sv words);

#endif
