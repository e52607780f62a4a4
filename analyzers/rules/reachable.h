/* What can be reached from outside, as a table that a pack keeps for the next review. */
#ifndef FW_ANALYZERS_RULES_REACHABLE_H
#define FW_ANALYZERS_RULES_REACHABLE_H

#include "analyzers/rules/hits.h"

/* Hosts and services that one untrusted zone can reach through one device. */
struct fw_reachable {
    fw_sv device, from;
    const struct fw_ipset *hosts;
    struct fw_services services;
};

struct fw_reachables {
    size_t n;
    struct fw_reachable *v;
};

/* Of one device, each once, surely or perhaps; appended. */
void fw_reachables_add(struct fw_arena *arena, const struct fw_exposure *exposure,
                       struct fw_reachables *to);
/* A tab-separated table with a header row. */
void fw_reachables_text(struct fw_buf *buf, const struct fw_reachables *reachables);
/* False: it is no such table. */
bool fw_reachables_parse(struct fw_arena *arena, fw_sv text, struct fw_reachables *ret);

#endif
