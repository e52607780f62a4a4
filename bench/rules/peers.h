/*
 * What rules are compared with: the fully shadowed rules of a list without jumps, as other methods
 * find them. Only what IPv4 rules of generate.c ask about is looked at.
 */
#ifndef FW_BENCH_PEERS_H
#define FW_BENCH_PEERS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/model.h"

struct bench_peer {
    bool done; /* within the time */
    double seconds;
    size_t found;
};

/* One earlier rule contains the rule: what pairwise tools see. */
struct bench_peer bench_pairs(const struct fw_policy *policy, double limit);
/* The union of all earlier rules contains it, as a decision diagram (BuDDy). */
struct bench_peer bench_diagrams(const struct fw_policy *policy, double limit);
double bench_now(void);

#endif
