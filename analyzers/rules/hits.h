/*
 * What checks about exposure find, gathered by rule: the parts of flows that they are about become
 * one finding for each rule and pair of zones, with the best part as its proof.
 */
#ifndef FW_ANALYZERS_RULES_HITS_H
#define FW_ANALYZERS_RULES_HITS_H

#include "analyzers/rules/exposure.h"

struct fw_hit {
    const struct fw_flow *flow;
    uint32_t from, to;           /* zones; FW_ANY_ZONE where pairs are not told apart */
    struct fw_crossing best;     /* the one with the least doubt */
    struct fw_services services; /* of all of them */
    const struct fw_ipset *sources, *destinations; /* of all of them */
    const struct fw_nameset *in, *out;             /* of all of them; NULL: any, or they differ */
    uint64_t parts;
    uint32_t index;               /* the place of the rule that was added last */
    struct fw_breadth breadth[2]; /* v4, v6; of all places */
};

#define FW_ANY_ZONE (UINT32_MAX - 1)

struct fw_hits {
    struct fw_results *results;
    const struct fw_exposure *exposure;
    bool by_from, by_to; /* zones that are told apart */
    bool dated;          /* {from} is a date: only {zone} is set */
    bool wanted;         /* what passes shall pass: no edit of rules would end a finding */
    bool doubtful;       /* what is found rests on parts in doubt: no more than OPEN */
    unsigned traced;     /* doubtful findings that were tried on the whole device */
    size_t n;
    struct fw_hit *v;
    size_t nslots;   /* power of two */
    uint32_t *slots; /* index + 1 */
};

void fw_hits_init(struct fw_hits *hits, struct fw_results *results,
                  const struct fw_exposure *exposure, bool by_from, bool by_to);
/* Takes the crossing with a narrower term. */
void fw_hits_add(struct fw_hits *hits, const struct fw_crossing *crossing,
                 const struct fw_term *term);

/*
 * Checks that put the parts of a rule together (how many addresses, which services) gather twice,
 * what surely holds and everything: a pair of fw_hits. `judge` is called with each hit of the
 * first, and of the second with those that have more parts and that it did not find in the first;
 * those are OPEN. It adds the finding, if there is one, and says so. Returns how many it found.
 */
struct fw_hits_pair {
    struct fw_hits sure, all;
};
typedef bool fw_hits_judge(struct fw_hits *hits, const struct fw_hit *hit, const void *context);
void fw_hits_pair_init(struct fw_hits_pair *pair, struct fw_results *results,
                       const struct fw_exposure *exposure, bool by_zones);
void fw_hits_pair_add(struct fw_hits_pair *pair, const struct fw_crossing *crossing);
uint64_t fw_hits_pair_judge(struct fw_hits_pair *pair, fw_hits_judge *judge, const void *context);

/* The finding of a hit: FAIL when it is proven or holds at times, else OPEN ("open.unsure"). Sets
 * {from} {to} {zone} {service} {witness}. */
struct fw_result *fw_hit_result(struct fw_hits *hits, const char *check, const struct fw_hit *hit,
                                const char *words);
/* One about a rule that needs no zones; same parameters as fw_about_rule. NULL rule: the default.
 */
struct fw_result *fw_flow_result(struct fw_results *results, const char *check,
                                 enum fw_result_state state, const struct fw_exposure *exposure,
                                 const struct fw_flow *flow, const char *words, fw_sv more);
/* Every flow of traffic through the device that a rule (not a default, written or not) permits, as
 * a hit a rule; `term` of each is the flow's own. Zones are not looked at. */
void fw_hits_permits(struct fw_hits_pair *pair);
/* PASS with "value" of "total" against "target". */
struct fw_result *fw_exposure_pass(struct fw_results *results, const char *check,
                                   const struct fw_exposure *exposure, uint64_t value,
                                   uint64_t total, uint64_t target);
/* PASS with 0 of `total`, unless some interface is in no zone: then nobody knows what lies behind
 * it, and the sentence "open.unzoned" says so. */
void fw_exposure_pass_zoned(struct fw_results *results, const char *check,
                            const struct fw_exposure *exposure, uint64_t total);
/* OPEN: nothing was found, but not all of it is known. */
void fw_exposure_unsure(struct fw_results *results, const char *check,
                        const struct fw_exposure *exposure);
bool fw_zone_is(const struct fw_exposure *exposure, uint32_t zone, unsigned trusts);
/* Bits of trusts. */
#define FW_TRUST_BIT(trust) (1u << (trust))
enum {
    FW_TRUSTS_OURS = FW_TRUST_BIT(FW_TRUST_DMZ) | FW_TRUST_BIT(FW_TRUST_INTERNAL) |
                     FW_TRUST_BIT(FW_TRUST_MANAGEMENT) | FW_TRUST_BIT(FW_TRUST_TEST),
    FW_TRUSTS_INSIDE = FW_TRUST_BIT(FW_TRUST_INTERNAL) | FW_TRUST_BIT(FW_TRUST_MANAGEMENT) |
                       FW_TRUST_BIT(FW_TRUST_TEST),
    FW_TRUSTS_PRODUCTION = FW_TRUST_BIT(FW_TRUST_DMZ) | FW_TRUST_BIT(FW_TRUST_INTERNAL) |
                           FW_TRUST_BIT(FW_TRUST_MANAGEMENT),
};
size_t fw_zones_with(const struct fw_exposure *exposure, unsigned trusts);
fw_sv fw_zone_name(const struct fw_exposure *exposure, uint32_t zone);
/* The services of the catalogue (with all of `is`) that are reached, by name; {0}: none. */
fw_sv fw_services_named(struct fw_results *results, const struct fw_services *services,
                        unsigned is);
/* Terms of all services of the catalogue that have one of `is`; room for 2 a service. */
size_t fw_services_wanted(struct fw_arena *arena, const struct fw_catalogue *catalogue, unsigned is,
                          struct fw_services *ret);
fw_sv fw_addresses_text(struct fw_arena *arena, const struct fw_ipset *set);
fw_sv fw_services_string(struct fw_arena *arena, const struct fw_services *services);
/* Permitting rules that carry traffic through the device. */
uint64_t fw_exposure_permits(const struct fw_exposure *exposure);

/* What stands in the way of an answer: a result that says what to bring is added. `zones`: without
 * zones in the site nothing can be said. True: the check goes on. */
bool fw_exposure_ready(struct fw_results *results, const char *check,
                       const struct fw_exposure *exposure, bool zones);
/* The next device with a configuration; adds what fw_about_next adds. */
const struct fw_exposure *fw_exposure_next(const struct fw_facts *facts, struct fw_results *results,
                                           const char *check, size_t *index);

#endif
