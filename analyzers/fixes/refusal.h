/*
 * A denial that is put in front of a rule, or at the end of a policy, line by line as every device
 * can say it: one prefix to one prefix, one protocol, one range of ports, one interface each way.
 * What the lines refuse together is what was asked for or more; fw_refusals_rules says what, as
 * rules of the model.
 */
#ifndef FW_ANALYZERS_FIXES_REFUSAL_H
#define FW_ANALYZERS_FIXES_REFUSAL_H

#include "core/arena.h"
#include "policy/model.h"
#include "policy/services.h"

enum { FW_REFUSALS = 24 }; /* more lines are no small fix */

struct fw_refusal {
    fw_iprange src, dst;       /* prefixes; family 0 in lo: any */
    int proto;                 /* -1: any */
    uint16_t port_lo, port_hi; /* destination; 0 to 65535: any */
    fw_sv in, out;             /* {0}: any */
    bool log;
};

/* What is to be refused. */
struct fw_refused {
    const struct fw_ipset *src, *dst; /* NULL: any */
    struct fw_services services;
    const struct fw_nameset *in, *out; /* NULL: any */
    bool log;                          /* what is refused is to be logged */
};

/* How many lines; 0: nothing of it concerns the families, or it would take too many lines. */
size_t fw_refusals_make(const struct fw_refused *refused, unsigned families, bool names,
                        struct fw_refusal ret[FW_REFUSALS]);
struct fw_rule *fw_refusals_rules(struct fw_arena *arena, const struct fw_refusal *lines, size_t n);

/* What writers share: " tcp" or the number where it has no name that devices know. */
void fw_refusal_proto(struct fw_buf *out, int proto);

#endif
