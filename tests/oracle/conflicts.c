/* Every pair of rules: does some packet that opens a connection match both, in some world? */
#include "tests/oracle/conflicts.h"

#include <inttypes.h>
#include <stdio.h>

#include "policy/conflict.h"

enum { MAX_RULES = 64, MAX_ENTRIES = 8, MAX_CASES = 150000 };

struct pairing {
    const struct fw_ruleset *ruleset;
    uint64_t seed;
    const struct fw_policy *policies[MAX_RULES];
    const struct fw_rule *rules[MAX_RULES];
    int nrules;
    struct entry entries[MAX_ENTRIES];
    int nentries;
    bool part[MAX_RULES];
    enum fw_action fate[MAX_RULES];
    bool meets[MAX_RULES][MAX_RULES];  /* later, earlier: in some world */
    bool surely[MAX_RULES][MAX_RULES]; /* some packet in all worlds */
    /* Where they meet, the earlier one takes packets of its own too. */
    bool beside[MAX_RULES][MAX_RULES];
    bool meet[MAX_PLACES][MAX_PLACES]; /* of one entry: at these places */
    bool alone[MAX_PLACES][MAX_PLACES];
    bool ok;
};

/* Rules that do not take part: the engine must leave them out of everything. */
static bool counts(void *context, const struct fw_policy *policy, const struct fw_rule *rule)
{
    const uint64_t *seed = context;
    return (*seed + rule->position * 3 + policy->name.n) % 7 != 0;
}

static bool is_whole(const struct fw_ipset *set, const struct universe *u)
{
    for (size_t i = 0; set && i < u->n; i++) {
        if (!fw_ipset_has(set, u->packets[i].src)) {
            return false;
        }
    }
    return true;
}

static bool takes_all(const struct fw_rule *rule, const struct universe *u)
{
    for (size_t t = 0; t < rule->match.n; t++) {
        const struct fw_term *term = &rule->match.terms[t];
        if (is_whole(term->src, u) && is_whole(term->dst, u) && !term->in && !term->out &&
            !term->proto && !term->sport && !term->dport && !term->icmp && !term->flags &&
            !term->state && term->natoms == 0) {
            return true;
        }
    }
    return false;
}

/* What a called chain always says. */
static enum fw_action said_by(const struct fw_policy *chain, const struct universe *u)
{
    enum fw_action said = FW_ACTION_COUNT;
    for (size_t r = 0; r < chain->n; r++) {
        const struct fw_rule *rule = &chain->rules[r];
        if (!rule->enabled || rule->action == FW_ACTION_CONTINUE) {
            continue;
        }
        if (!fw_action_decides(rule->action) || (said != FW_ACTION_COUNT && said != rule->action)) {
            return FW_ACTION_COUNT;
        }
        said = rule->action;
        if (takes_all(rule, u)) {
            return chain->hook == FW_HOOK_NONE ? said : FW_ACTION_COUNT;
        }
    }
    return FW_ACTION_COUNT;
}

static bool ends_refusing(const struct pairing *p, int rule, const struct universe *u)
{
    const struct fw_policy *policy = p->policies[rule];
    const struct fw_rule *r = p->rules[rule];
    for (const struct fw_rule *later = r + 1; later < policy->rules + policy->n; later++) {
        if (later->enabled && later->action != FW_ACTION_CONTINUE) {
            return false;
        }
    }
    return (p->fate[rule] == FW_ACTION_DENY || p->fate[rule] == FW_ACTION_REJECT) &&
           takes_all(r, u);
}

static bool set_up(struct pairing *p, const struct sample *sample, struct fw_arena *arena)
{
    for (size_t i = 0; i < p->ruleset->npolicies; i++) {
        const struct fw_policy *policy = p->ruleset->policies[i];
        for (size_t r = 0; r < policy->n; r++) {
            p->policies[p->nrules] = policy;
            p->rules[p->nrules++] = &policy->rules[r];
        }
    }
    if (!entries_build(p->entries, MAX_ENTRIES, &p->nentries, arena, p->ruleset)) {
        return false;
    }
    for (int i = 0; i < p->nrules; i++) {
        const struct fw_rule *rule = p->rules[i];
        const struct universe *u = &sample->universe;
        p->fate[i] = fw_action_decides(rule->action) ? rule->action
                     : rule->jump                    ? said_by(rule->jump, u)
                                                     : FW_ACTION_COUNT;
        p->part[i] = rule->enabled && p->fate[i] != FW_ACTION_COUNT && !ends_refusing(p, i, u) &&
                     counts(&p->seed, p->policies[i], rule);
    }
    return true;
}

/* Inside a chain that always says the same nobody is named, nor in what that chain calls. */
static bool stands_alone(const struct place *place, const struct universe *u)
{
    for (const struct place *call = place->parent; call; call = call->parent) {
        if (said_by(call->rule->jump, u) != FW_ACTION_COUNT) {
            return false;
        }
    }
    return true;
}

static bool opens(const struct fw_packet *packet)
{
    return !packet->has_state || packet->state == FW_STATE_NEW;
}

/* Which pairs meet in one packet; `in_all` is what holds in every world so far. */
static void look(struct pairing *p, const struct entry *entry, const struct fw_packet *packet,
                 const struct universe *u)
{
    static bool in_all[MAX_RULES][MAX_RULES];
    bool first = true;
    for (int w = 0; w < entry->worlds; w++) {
        if (!world_is_possible(entry, packet, w)) {
            continue;
        }
        bool met[MAX_PLACES];
        bool here[MAX_RULES][MAX_RULES] = {{false}};
        for (int i = 0; i < entry->nplaces; i++) {
            const struct place *place = entry->places[i];
            met[i] = p->part[place->rule_index] && stands_alone(place, u) && !place->unknown &&
                     place_meets(entry, place, packet, w);
        }
        for (int i = 0; i < entry->nplaces; i++) {
            for (int k = 0; k < i; k++) {
                int later = entry->places[i]->rule_index;
                int earlier = entry->places[k]->rule_index;
                p->alone[i][k] = p->alone[i][k] || (met[k] && !met[i]);
                if (met[i] && met[k] && p->fate[later] != p->fate[earlier]) {
                    here[later][earlier] = true;
                    p->meets[later][earlier] = true;
                    p->meet[i][k] = true;
                }
            }
        }
        for (int i = 0; i < p->nrules; i++) {
            for (int k = 0; k < p->nrules; k++) {
                in_all[i][k] = (first || in_all[i][k]) && here[i][k];
            }
        }
        first = false;
    }
    for (int i = 0; i < p->nrules && !first; i++) {
        for (int k = 0; k < p->nrules; k++) {
            p->surely[i][k] = p->surely[i][k] || in_all[i][k];
        }
    }
}

static bool look_at_all(struct pairing *p, const struct sample *sample, struct fw_arena *arena)
{
    size_t cases = 0;
    for (int e = 0; e < p->nentries; e++) {
        struct universe universe = sample->universe;
        if (p->entries[e].policy->hook != universe.hook) {
            universe.hook = p->entries[e].policy->hook;
            universe_fill(&universe, arena);
        }
        for (size_t i = 0; i < universe.n; i++) {
            cases += (size_t)p->entries[e].worlds;
            if (cases > MAX_CASES) {
                return false;
            }
            if (opens(&universe.packets[i])) {
                look(p, &p->entries[e], &universe.packets[i], &sample->universe);
            }
        }
        for (int i = 0; i < p->entries[e].nplaces; i++) {
            for (int k = 0; k < i; k++) {
                int later = p->entries[e].places[i]->rule_index;
                int earlier = p->entries[e].places[k]->rule_index;
                p->beside[later][earlier] = p->beside[later][earlier] ||
                                            (p->meet[i][k] && p->alone[i][k]);
                p->meet[i][k] = false;
                p->alone[i][k] = false;
            }
        }
    }
    return true;
}

static int index_of(const struct pairing *p, const struct fw_rule *rule)
{
    int i = 0;
    while (i < p->nrules && p->rules[i] != rule) {
        i++;
    }
    return i;
}

static void wrong(struct pairing *p, int later, int earlier, const char *what)
{
    printf("not ok seed %" PRIu64 " rules %.*s:%u and %.*s:%u: %s\n", p->seed,
           FW_SV_ARG(p->policies[later]->name), p->rules[later]->position,
           FW_SV_ARG(p->policies[earlier]->name), p->rules[earlier]->position, what);
    p->ok = false;
}

/* The packet of a finding matches the rule and the one it is shown with. */
static bool shows(const struct pairing *p, const struct fw_packet *packet, int later, int earlier,
                  bool in_all, const struct universe *u)
{
    for (int e = 0; e < p->nentries; e++) {
        const struct entry *entry = &p->entries[e];
        int yes = 0;
        int no = 0;
        for (int w = 0; entry->policy->hook == packet->hook && w < entry->worlds; w++) {
            if (!world_is_possible(entry, packet, w)) {
                continue;
            }
            bool both = false;
            for (int i = 0; i < entry->nplaces; i++) {
                for (int k = 0; k < i; k++) {
                    both = both || (entry->places[i]->rule_index == later &&
                                    entry->places[k]->rule_index == earlier &&
                                    stands_alone(entry->places[i], u) &&
                                    stands_alone(entry->places[k], u) &&
                                    place_meets(entry, entry->places[i], packet, w) &&
                                    place_meets(entry, entry->places[k], packet, w));
                }
            }
            yes += both;
            no += !both;
        }
        if (yes > 0 && (!in_all || no == 0)) {
            return opens(packet);
        }
    }
    return false;
}

static void check(struct pairing *p, const struct fw_conflicts *conflicts, const struct universe *u,
                  struct tally *tally)
{
    static bool said[MAX_RULES][MAX_RULES];
    for (int i = 0; i < p->nrules; i++) {
        for (int k = 0; k < p->nrules; k++) {
            said[i][k] = false;
        }
    }
    tally->conflicts += conflicts->n;
    for (size_t i = 0; i < conflicts->n; i++) {
        const struct fw_rule_conflicts *one = &conflicts->v[i];
        int later = index_of(p, one->rule);
        for (size_t k = 0; k < one->nearlier; k++) {
            int earlier = index_of(p, one->earlier[k].rule);
            bool proven = one->earlier[k].certainty == FW_PROVEN;
            if (said[later][earlier]) {
                wrong(p, later, earlier, "said twice");
            }
            said[later][earlier] = true;
            if (proven && !p->surely[later][earlier]) {
                wrong(p, later, earlier, "proven, and no packet surely matches both");
            }
            if (one->earlier[k].within && p->beside[later][earlier]) {
                wrong(p, later, earlier, "no exception: a packet matches the earlier one alone");
            }
            tally->exceptions += one->earlier[k].within;
            if (k == one->shown && !shows(p, &one->witness, later, earlier, proven, u)) {
                wrong(p, later, earlier, "the packet does not match both");
            }
        }
    }
    for (int i = 0; i < p->nrules; i++) {
        for (int k = 0; k < p->nrules; k++) {
            if (said[i][k] != p->meets[i][k]) {
                wrong(p, i, k, said[i][k] ? "no packet matches both" : "a packet matches both");
            }
            tally->pairs += p->meets[i][k];
        }
    }
}

bool compare_conflicts(const struct sample *sample, struct fw_arena *arena, uint64_t seed,
                       struct tally *tally)
{
    struct pairing *p = fw_new(arena, struct pairing);
    struct fw_conflicts conflicts;
    p->ruleset = sample->ruleset;
    p->seed = seed;
    p->ok = true;
    if (!set_up(p, sample, arena) || !look_at_all(p, sample, arena)) {
        return true;
    }
    fw_conflicts_find(arena, sample->ruleset, counts, &seed, &conflicts);
    check(p, &conflicts, &sample->universe, tally);
    tally->wrong += !p->ok;
    return p->ok;
}
