/*
 * What a ruleset lets through: for every rule the new connections that it really decides, after
 * everything above it, as disjoint boxes of plain values (addresses, interface names, protocols,
 * ports) that no longer depend on the engine. A new connection is a packet in state NEW, and over
 * TCP a bare SYN; fragments that are not the first open none.
 *
 * Also how broad each rule is: how many addresses × ports × protocols, with bounds.
 */
#ifndef FW_POLICY_FLOWS_H
#define FW_POLICY_FLOWS_H

#include "policy/effect.h"
#include "policy/model.h"

struct fw_flow {
    const struct fw_policy *policy;
    const struct fw_rule *rule; /* that decides; NULL: the policy's default */
    /* The rule that a person would change: the one that decides, or where that takes whatever comes
     * to its chain, the jump that leads there. NULL: the default, of the policy `of`. */
    const struct fw_rule *by;
    const struct fw_policy *of;
    enum fw_action action; /* PERMIT, or for doubtful ones UNKNOWN */
    unsigned doubt;        /* FW_DOUBT_ bits; 0: surely decided by this rule */
    bool logged;
    unsigned family;     /* FW_FAMILY_ bit */
    uint32_t index;      /* in flows->rules */
    struct fw_term term; /* src and dst are never NULL; flags, state and atoms are not used */
};

/* Numbers of (source address, destination address, service); a service is a destination port of
 * a protocol with ports, a type and code of ICMP, or another protocol. */
struct fw_breadth {
    double lower, upper;
};

struct fw_rule_flows {
    const struct fw_policy *policy, *of;
    const struct fw_rule *rule, *by; /* as in fw_flow */
    size_t first, n;                 /* in flows->v */
    bool cut; /* FW_LIMIT_EFFECT_WORK, _TOTAL or _PIECES ended it: bounds are wide */
    struct fw_breadth breadth[2]; /* v4, v6 */
};

struct fw_flows {
    size_t n;
    struct fw_flow *v; /* by rule */
    size_t nrules;
    struct fw_rule_flows *rules; /* in order of evaluation, policy by policy */
    uint64_t cut;                /* rules that were cut off */
    bool too_large;              /* some policy could not be prepared: nothing is known of it */
};

struct fw_flow_options {
    size_t nnames;
    const fw_sv *names; /* interfaces or zones, as rules spell them, that must be told apart */
    bool refused;       /* what is refused instead of what is let through */
    const struct fw_term *scope; /* only these packets; NULL: all */
};

void fw_flows_make(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                   const struct fw_flow_options *options, struct fw_flows *ret);
/* All there is of one family, in the unit of breadth. */
double fw_breadth_all(unsigned family);
/* A packet of the term, as ordinary as the term allows, for `hook`. */
void fw_term_packet(const struct fw_term *term, enum fw_hook hook, struct fw_packet *ret);
/* The part of a term that is in another, too; false: nothing. Sets are shared where they can be. */
bool fw_term_meet(struct fw_arena *arena, const struct fw_term *a, const struct fw_term *b,
                  struct fw_term *ret);

#endif
