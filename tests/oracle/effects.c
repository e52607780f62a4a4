/*
 * Every new connection of the universe, in every world: the flows that hold it must say who decides
 * it, surely or perhaps, and each in one place. And how broad a rule is, by counting.
 */
#include "tests/oracle/effects.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/proto.h"
#include "policy/flows.h"

enum { TUPLES = 65536 };

struct checking {
    const struct sample *sample;
    const struct entry *entry;
    struct fw_arena *arena;
    uint64_t seed;
    struct effects_tally *tally;
    bool refused;
    bool ok;
};

static bool uses_names(const struct fw_ruleset *ruleset)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_match *match = &ruleset->policies[p]->rules[r].match;
            for (size_t t = 0; t < match->n; t++) {
                if (match->terms[t].in || match->terms[t].out) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* Opens a connection, and comes in where somebody spells the interface out. */
static bool counts(const struct checking *c, const struct fw_packet *p)
{
    bool syn = p->proto != FW_PROTO_TCP || !c->sample->universe.use_flags || p->flags == 0x02;
    bool named = !uses_names(c->sample->ruleset) || c->entry->policy->hook != FW_HOOK_NONE ||
                 (p->in.n > 0 && p->out.n > 0);
    return p->hook == c->entry->policy->hook && p->state == FW_STATE_NEW && syn && named;
}

static bool is_fragment_world(const struct entry *entry, int world)
{
    for (int i = 0; i < entry->nwords; i++) {
        if (fw_sv_is(entry->words[i], "fragment")) {
            return (world >> i & 1) != 0;
        }
    }
    return false;
}

static bool holds_num(const struct fw_numset *set, bool exists, uint32_t value)
{
    return !set || (exists && fw_numset_has(set, value));
}

static bool holds(const struct fw_flow *flow, const struct fw_packet *p)
{
    const struct fw_term *t = &flow->term;
    bool icmp = p->proto == FW_PROTO_ICMP || p->proto == FW_PROTO_ICMP6;
    uint32_t type = (uint32_t)p->icmp_type << 8 | p->icmp_code;
    return fw_ipset_has(t->src, p->src) && fw_ipset_has(t->dst, p->dst) &&
           (!t->in || p->in.n == 0 || fw_nameset_has(t->in, p->in)) &&
           (!t->out || p->out.n == 0 || fw_nameset_has(t->out, p->out)) &&
           holds_num(t->proto, true, p->proto) &&
           holds_num(t->sport, fw_proto_has_ports(p->proto), p->sport) &&
           holds_num(t->dport, fw_proto_has_ports(p->proto), p->dport) &&
           holds_num(t->icmp, icmp, type);
}

static void wrong(struct checking *c, const struct fw_rule *rule, const struct fw_packet *p,
                  const char *what)
{
    struct fw_buf text;
    fw_buf_init(&text);
    if (p) {
        fw_packet_text(&text, p);
    }
    printf("not ok seed %" PRIu64 " %s flows of %.*s rule %u: %s (%s)\n", c->seed,
           c->refused ? "refused" : "permitted", FW_SV_ARG(c->entry->policy->name),
           rule ? rule->position : 0, what, text.p ? text.p : "");
    fw_buf_clear(&text);
    c->ok = false;
}

static bool is_wanted(const struct checking *c, int verdict)
{
    return c->refused ? verdict == FW_ACTION_DENY || verdict == FW_ACTION_REJECT
                      : verdict == FW_ACTION_PERMIT;
}

static void check_packet(struct checking *c, const struct fw_flows *flows,
                         const struct fw_packet *p)
{
    const struct entry *entry = c->entry;
    size_t sure = 0;
    int worlds = 0;
    const struct fw_rule *by = NULL;
    for (size_t i = 0; i < flows->n; i++) {
        sure += flows->v[i].policy == entry->policy && flows->v[i].doubt == 0 &&
                holds(&flows->v[i], p);
    }
    if (sure > 1) {
        wrong(c, NULL, p, "two flows are sure of one packet");
    }
    bool permitted = false;
    for (int world = 0; world < entry->worlds && c->ok; world++) {
        if (!world_is_possible(entry, p, world) || is_fragment_world(entry, world)) {
            continue;
        }
        const struct place *place = NULL;
        int verdict = walk(entry, p, world, NULL, NULL, NULL, &place);
        bool here = is_wanted(c, verdict);
        by = place ? place->rule : NULL;
        worlds++;
        permitted = permitted || here;
        bool found = false;
        for (size_t i = 0; i < flows->n; i++) {
            const struct fw_flow *flow = &flows->v[i];
            if (flow->policy != entry->policy || !holds(flow, p)) {
                continue;
            }
            found = found || flow->rule == by;
            if (flow->doubt == 0 && (!here || flow->rule != by)) {
                wrong(c, flow->rule, p, "surely decided, but not in every world");
            }
        }
        if (here && !found) {
            wrong(c, by, p, "decides in some world, but no flow holds it");
        }
    }
    if (worlds == 1 && entry->worlds == 1 && permitted && sure != 1) {
        wrong(c, by, p, "decided in the only world, but no flow is sure");
    }
    c->tally->packets++;
}

/* --- counting ------------------------------------------------------------------------------- */

enum kind { KIND_PORTS, KIND_ICMP, KIND_OTHER, KINDS };

static enum kind kind_of(const struct fw_packet *p)
{
    return fw_proto_has_ports(p->proto)                              ? KIND_PORTS
           : p->proto == FW_PROTO_ICMP || p->proto == FW_PROTO_ICMP6 ? KIND_ICMP
                                                                     : KIND_OTHER;
}

/* The values that packets of the universe have, as a term. */
static struct fw_term scope_of(const struct checking *c, enum kind kind)
{
    struct fw_arena *arena = c->arena;
    const struct universe *u = &c->sample->universe;
    fw_iprange *src = fw_new_array(arena, u->n + 1, fw_iprange);
    fw_iprange *dst = fw_new_array(arena, u->n + 1, fw_iprange);
    struct fw_numrange *nums[4];
    for (size_t i = 0; i < 4; i++) {
        nums[i] = fw_new_array(arena, u->n + 1, struct fw_numrange);
    }
    size_t n = 0;
    for (size_t i = 0; i < u->n; i++) {
        const struct fw_packet *p = &u->packets[i];
        if (counts(c, p) && kind_of(p) == kind) {
            uint32_t type = (uint32_t)p->icmp_type << 8 | p->icmp_code;
            src[n] = (fw_iprange){p->src, p->src};
            dst[n] = (fw_iprange){p->dst, p->dst};
            nums[0][n] = (struct fw_numrange){p->proto, p->proto};
            nums[1][n] = (struct fw_numrange){p->sport, p->sport};
            nums[2][n] = (struct fw_numrange){p->dport, p->dport};
            nums[3][n++] = (struct fw_numrange){type, type};
        }
    }
    struct fw_term term = {
        .src = fw_ipset_make(arena, src, n),
        .dst = fw_ipset_make(arena, dst, n),
        .proto = fw_numset_make(arena, nums[0], n),
    };
    if (kind == KIND_PORTS) {
        term.sport = fw_numset_make(arena, nums[1], n);
        term.dport = fw_numset_make(arena, nums[2], n);
    } else if (kind == KIND_ICMP) {
        term.icmp = fw_numset_make(arena, nums[3], n);
    }
    return term;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, 64);
}

/* Different (source, destination, service) that the rule decides. */
static double count(const struct checking *c, enum kind kind, const struct fw_rule *rule)
{
    char *tuples = calloc(TUPLES, 64);
    size_t n = 0;
    for (size_t i = 0; i < c->sample->universe.n && n < TUPLES; i++) {
        const struct fw_packet *p = &c->sample->universe.packets[i];
        const struct place *place = NULL;
        if (!counts(c, p) || kind_of(p) != kind ||
            !is_wanted(c, walk(c->entry, p, 0, NULL, NULL, NULL, &place)) ||
            (place ? place->rule : NULL) != rule) {
            continue;
        }
        uint64_t service = kind == KIND_PORTS  ? p->dport
                           : kind == KIND_ICMP ? (uint64_t)(p->icmp_type << 8 | p->icmp_code)
                                               : 0;
        const uint64_t tuple[8] = {p->src.hi, p->src.lo,     p->dst.hi, p->dst.lo,
                                   p->proto,  p->src.family, service,   1};
        memcpy(tuples + n++ * 64, tuple, 64);
    }
    qsort(tuples, n, 64, by_bytes);
    size_t different = 0;
    for (size_t i = 0; i < n; i++) {
        different += i == 0 || memcmp(tuples + i * 64, tuples + (i - 1) * 64, 64) != 0;
    }
    free(tuples);
    return n == TUPLES ? -1 : (double)different;
}

static void check_breadth(struct checking *c, const struct fw_flow_options *options)
{
    for (int kind = 0; kind < KINDS; kind++) {
        struct fw_term scope = scope_of(c, (enum kind)kind);
        struct fw_flow_options scoped = *options;
        struct fw_flows flows;
        scoped.scope = &scope;
        if (scope.src->n == 0) {
            continue;
        }
        fw_flows_make(c->arena, c->sample->ruleset, &scoped, &flows);
        for (size_t r = 0; r < flows.nrules; r++) {
            const struct fw_rule_flows *rule = &flows.rules[r];
            size_t places = 0;
            for (size_t k = 0; k < flows.nrules; k++) {
                places += flows.rules[k].policy == rule->policy &&
                          flows.rules[k].rule == rule->rule;
            }
            double expected = count(c, (enum kind)kind, rule->rule);
            if (rule->policy != c->entry->policy || places > 1 || expected < 0) {
                continue; /* a rule at two places is counted at both */
            }
            double lower = rule->breadth[0].lower + rule->breadth[1].lower;
            double upper = rule->breadth[0].upper + rule->breadth[1].upper;
            c->tally->counted++;
            if (lower != expected || upper != expected) {
                char what[128];
                snprintf(what, sizeof(what), "kind %d: breadth %.0f to %.0f, counted %.0f", kind,
                         lower, upper, expected);
                wrong(c, rule->rule, NULL, what);
            }
        }
    }
}

/* Chains that only call each other are reached by no packet, so nothing is said of their flows. */
static bool only_called(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    bool called = false;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[r];
            called = called || (rule->enabled && rule->jump == policy);
        }
    }
    return called && policy->hook == FW_HOOK_NONE && policy->nbindings == 0;
}

bool effects_compare(const struct sample *sample, const struct entry *entry, struct fw_arena *arena,
                     uint64_t seed, struct effects_tally *tally)
{
    if (only_called(sample->ruleset, entry->policy)) {
        return true;
    }
    static const char *const all_names[] = {"eth0", "eth1", "eth7", "ppp0", "wlan7"};
    fw_sv names[5];
    for (size_t i = 0; i < 5; i++) {
        names[i] = fw_sv_from(all_names[i]);
    }
    struct checking c = {sample, entry, arena, seed, tally, false, true};
    for (int refused = 0; refused < 2; refused++) {
        struct fw_flow_options options = {.nnames = 5, .names = names, .refused = refused == 1};
        struct fw_flows flows;
        c.refused = refused == 1;
        fw_flows_make(arena, sample->ruleset, &options, &flows);
        if (flows.too_large) {
            continue;
        }
        for (size_t i = 0; i < sample->universe.n && c.ok; i++) {
            if (counts(&c, &sample->universe.packets[i])) {
                check_packet(&c, &flows, &sample->universe.packets[i]);
            }
        }
        for (size_t i = 0; i < flows.n; i++) {
            tally->flows++;
            tally->doubtful += flows.v[i].doubt != 0;
        }
        if (entry->worlds == 1) {
            check_breadth(&c, &options);
        }
    }
    tally->entries++;
    return c.ok;
}
