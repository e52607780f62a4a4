/* How a packet walks through places, in one world after the other. */
#include "tests/oracle/brute.h"

#include <assert.h>
#include <string.h>

#include "core/proto.h"

static const char *const all_names[] = {"eth0", "eth1", "eth7", "ppp0", "wlan7"};
static const uint16_t all_ports[] = {0, 1, 2, 3, 9};
static const uint16_t all_icmp[] = {0x0800, 0x0801, 0x0000, 0x8000, 0x0305};
static const uint8_t all_protos[] = {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_ICMP, FW_PROTO_ICMP6,
                                     FW_PROTO_GRE, FW_PROTO_ESP, FW_PROTO_SCTP};

struct filler {
    struct universe *universe;
    struct fw_arena *arena;
};

static void add(struct filler *f, const struct fw_packet *packet)
{
    struct universe *u = f->universe;
    u->packets = fw_arena_push(f->arena, u->packets, u->n, sizeof(*packet));
    u->packets[u->n++] = *packet;
}

static void with_state(struct filler *f, struct fw_packet packet)
{
    packet.has_state = true;
    for (int s = 0; s < (f->universe->use_state ? FW_STATE_COUNT : 1); s++) {
        packet.state = (enum fw_state)s;
        add(f, &packet);
    }
}

static void with_parts(struct filler *f, struct fw_packet packet)
{
    const struct universe *u = f->universe;
    size_t ports = u->use_ports ? sizeof(all_ports) / sizeof(all_ports[0]) : 1;
    if (fw_proto_has_ports(packet.proto)) {
        packet.has_sport = true;
        packet.has_dport = true;
        packet.has_flags = packet.proto == FW_PROTO_TCP;
        for (size_t i = 0; i < ports * ports; i++) {
            packet.sport = all_ports[i / ports];
            packet.dport = all_ports[i % ports];
            unsigned combinations = packet.has_flags && u->use_flags ? 16 : 1;
            for (unsigned c = 0; c < combinations; c++) {
                packet.flags = (uint8_t)((c & 7) | (c & 8) << 1); /* fin, syn, rst, ack */
                with_state(f, packet);
            }
        }
    } else if (packet.proto == FW_PROTO_ICMP || packet.proto == FW_PROTO_ICMP6) {
        packet.has_icmp_type = true;
        packet.has_icmp_code = true;
        for (size_t i = 0; i < (u->use_icmp ? sizeof(all_icmp) / sizeof(all_icmp[0]) : 1); i++) {
            packet.icmp_type = (uint8_t)(all_icmp[i] >> 8);
            packet.icmp_code = (uint8_t)all_icmp[i];
            with_state(f, packet);
        }
    } else {
        with_state(f, packet);
    }
}

static void with_proto(struct filler *f, struct fw_packet packet)
{
    packet.has_proto = true;
    uint8_t other = packet.src.family == FW_IPV4 ? FW_PROTO_ICMP6 : FW_PROTO_ICMP;
    for (size_t i = 0; i < (f->universe->use_proto ? sizeof(all_protos) : 1); i++) {
        packet.proto = all_protos[i];
        if (packet.proto != other) {
            with_parts(f, packet);
        }
    }
}

/* Interfaces: a hook without one knows only the empty name. */
static size_t names_of(const struct universe *u, bool incoming, fw_sv *ret)
{
    enum fw_hook without = incoming ? FW_HOOK_OUTPUT : FW_HOOK_INPUT;
    size_t n = 0;
    if (u->hook == without || u->hook == FW_HOOK_NONE) {
        ret[n++] = FW_SV("");
    }
    bool all = incoming ? u->use_in : u->use_out;
    size_t names = sizeof(all_names) / sizeof(all_names[0]);
    for (size_t i = 0; u->hook != without && i < (all ? names : n == 0); i++) {
        ret[n++] = fw_sv_from(all_names[i]);
    }
    return n;
}

static void with_names(struct filler *f, struct fw_packet packet)
{
    fw_sv in[8];
    fw_sv out[8];
    size_t nin = names_of(f->universe, true, in);
    size_t nout = names_of(f->universe, false, out);
    packet.has_in = true;
    packet.has_out = true;
    for (size_t i = 0; i < nin * nout; i++) {
        packet.in = in[i / nout];
        packet.out = out[i % nout];
        with_proto(f, packet);
    }
}

void universe_fill(struct universe *universe, struct fw_arena *arena)
{
    struct filler f = {universe, arena};
    const uint64_t v6 = UINT64_C(0x20010db800000000);
    const fw_ip four[] = {fw_ip4(0x63000001), fw_ip4(0x0a000000), fw_ip4(0x0a000001),
                          fw_ip4(0x0a000002), fw_ip4(0x0a000003)};
    const fw_ip six[] = {fw_ip6(v6 + 9, 1), fw_ip6(v6, 0), fw_ip6(v6, 1)};
    struct fw_packet packet = {.hook = universe->hook};
    universe->n = 0;
    universe->packets = NULL;
    for (int family = 0; family < 2; family++) {
        const fw_ip *v = family == 0 ? four : six;
        size_t n = universe->use_address ? (family == 0 ? 5 : 3) : 1;
        if ((universe->families & (family == 0 ? FW_FAMILY_BIT4 : FW_FAMILY_BIT6)) == 0) {
            continue;
        }
        for (size_t i = 0; i < n * n; i++) {
            packet.src = v[i / n];
            packet.dst = v[i % n];
            with_names(&f, packet);
        }
    }
}

static int word_variable(struct entry *entry, fw_sv words)
{
    for (int i = 0; i < entry->nwords; i++) {
        if (fw_sv_eq(entry->words[i], words)) {
            return i;
        }
    }
    if (entry->nwords == MAX_VARIABLES) {
        return -1;
    }
    entry->words[entry->nwords] = words;
    return entry->nwords++;
}

/* Some rule on the way changes marks: nothing is known of them, one place or the next. */
static bool marks_change(const struct fw_policy *policy, int depth)
{
    bool change = false;
    for (size_t r = 0; r < policy->n && depth < 8 && !change; r++) {
        const struct fw_rule *rule = &policy->rules[r];
        change = rule->enabled && (rule->sets_mark || rule->connmark != FW_CONNMARK_NONE ||
                                   (rule->jump && marks_change(rule->jump, depth + 1)));
    }
    return change;
}

static bool varies(const struct entry *entry, const struct fw_atom *atom)
{
    bool mark = atom->kind == FW_ATOM_MARK || atom->kind == FW_ATOM_CONNMARK;
    return atom->kind == FW_ATOM_VARYING || (mark && entry->marks_change && !entry->true_marks);
}

struct counting {
    struct entry *entry;
    struct fw_arena *arena;
    const struct fw_ruleset *ruleset;
    bool too_many;
    int varying; /* so far */
    const struct fw_policy *stack[64];
    int depth;
};

static int index_of(const struct fw_ruleset *ruleset, const struct fw_rule *rule)
{
    int index = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        if (rule >= policy->rules && rule < policy->rules + policy->n) {
            return index + (int)(rule - policy->rules);
        }
        index += (int)policy->n;
    }
    return -1;
}

static bool calls(enum fw_action action)
{
    return action == FW_ACTION_JUMP || action == FW_ACTION_GOTO;
}

static bool is_on_stack(const struct counting *c, const struct fw_policy *policy)
{
    for (int i = 0; i < c->depth; i++) {
        if (c->stack[i] == policy) {
            return true;
        }
    }
    return false;
}

static struct place **expand(struct counting *c, const struct fw_policy *policy,
                             struct place *parent, size_t *ret_n)
{
    struct place **list = fw_new_array(c->arena, policy->n + 1, struct place *);
    size_t n = 0;
    c->stack[c->depth++] = policy;
    for (size_t r = 0; r < policy->n && !c->too_many; r++) {
        const struct fw_rule *rule = &policy->rules[r];
        if (!rule->enabled) {
            continue;
        }
        if (c->entry->nplaces == MAX_PLACES) {
            c->too_many = true;
            break;
        }
        struct place *place = fw_new(c->arena, struct place);
        *place = (struct place){.policy = policy,
                                .rule = rule,
                                .rule_index = index_of(c->ruleset, rule),
                                .parent = parent,
                                .index = n,
                                .list = list,
                                .order = c->entry->nplaces,
                                .first_variable = c->varying};
        c->entry->places[c->entry->nplaces++] = place;
        list[n++] = place;
        for (size_t t = 0; t < rule->match.n; t++) {
            for (size_t a = 0; a < rule->match.terms[t].natoms; a++) {
                const struct fw_atom *atom = &rule->match.terms[t].atoms[a];
                if (varies(c->entry, atom)) {
                    c->varying++;
                } else if (word_variable(c->entry, atom->words) < 0) {
                    c->too_many = true;
                }
            }
        }
        bool call = calls(rule->action);
        place->unknown = rule->action == FW_ACTION_UNKNOWN ||
                         (call && (!rule->jump || is_on_stack(c, rule->jump)));
        c->entry->nguesses += place->unknown;
        if (call && !place->unknown) {
            place->inner = expand(c, rule->jump, place, &place->ninner);
        }
    }
    for (size_t i = 0; i < n; i++) {
        list[i]->nlist = n;
    }
    c->depth--;
    *ret_n = n;
    return list;
}

static bool build(struct entry *entry, struct fw_arena *arena, const struct fw_ruleset *ruleset)
{
    const struct fw_policy *policy = entry->policy;
    struct counting c = {.entry = entry, .arena = arena, .ruleset = ruleset};
    entry->list = expand(&c, policy, NULL, &entry->nlist);
    entry->nvariables = entry->nwords + c.varying;
    if (c.too_many || entry->nvariables + 2 * entry->nguesses > MAX_VARIABLES) {
        return false;
    }
    entry->worlds = 1 << (entry->nvariables + 2 * entry->nguesses);
    return true;
}

bool entry_build(struct entry *entry, struct fw_arena *arena, const struct fw_ruleset *ruleset,
                 const struct fw_policy *policy)
{
    *entry = (struct entry){.policy = policy, .marks_change = marks_change(policy, 0)};
    return build(entry, arena, ruleset);
}

bool entry_build_marked(struct entry *entry, struct fw_arena *arena,
                        const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    *entry = (struct entry){
        .policy = policy, .marks_change = marks_change(policy, 0), .true_marks = true};
    return build(entry, arena, ruleset);
}

static void mark_called(const struct fw_ruleset *ruleset, const struct fw_policy *policy,
                        bool *called)
{
    for (size_t r = 0; r < policy->n; r++) {
        const struct fw_policy *target = policy->rules[r].enabled ? policy->rules[r].jump : NULL;
        for (size_t p = 0; target && p < ruleset->npolicies; p++) {
            if (ruleset->policies[p] == target && !called[p]) {
                called[p] = true;
                mark_called(ruleset, target, called);
            }
        }
    }
}

static bool is_called(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    bool called = false;
    for (size_t q = 0; q < ruleset->npolicies; q++) {
        for (size_t r = 0; r < ruleset->policies[q]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[q]->rules[r];
            called = called || (rule->enabled && rule->jump == policy);
        }
    }
    return called;
}

bool entries_build(struct entry *entries, int most, int *ret_n, struct fw_arena *arena,
                   const struct fw_ruleset *ruleset)
{
    bool done[64] = {false}; /* an entry, or called by one, whoever calls it */
    assert(ruleset->npolicies <= sizeof(done));
    *ret_n = 0;
    for (int round = 0; round < 2; round++) {
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            bool entry = policy->hook != FW_HOOK_NONE || !is_called(ruleset, policy);
            if (entry ? round == 1 : round == 0 || done[p]) {
                continue;
            }
            done[p] = true;
            mark_called(ruleset, policy, done);
            if (*ret_n == most || !entry_build(&entries[(*ret_n)++], arena, ruleset, policy)) {
                return false;
            }
        }
    }
    return true;
}

static int guess(const struct entry *entry, const struct place *place, int world)
{
    int number = 0;
    for (int i = 0; i < place->order; i++) {
        number += entry->places[i]->unknown;
    }
    return world >> (entry->nvariables + 2 * number) & 3;
}

bool world_is_plain(const struct entry *entry, int world)
{
    return world >> entry->nvariables == 0;
}

static bool is_fragment(const struct entry *entry, int world)
{
    for (int i = 0; i < entry->nwords; i++) {
        if (fw_sv_is(entry->words[i], "fragment")) {
            return (world >> i & 1) != 0;
        }
    }
    return false;
}

/* A forwarded packet is neither from nor for the device itself. */
bool world_is_possible(const struct entry *entry, const struct fw_packet *packet, int world)
{
    for (int i = 0; i < entry->nwords; i++) {
        bool local = fw_sv_is(entry->words[i], "src local") ||
                     fw_sv_is(entry->words[i], "dst local");
        if (local && packet->hook == FW_HOOK_FORWARD && (world >> i & 1) != 0) {
            return false;
        }
    }
    return true;
}

static bool in_ips(const struct fw_ipset *set, fw_ip ip)
{
    for (size_t i = 0; set && i < set->n; i++) {
        if (fw_ip_cmp(set->v[i].lo, ip) <= 0 && fw_ip_cmp(ip, set->v[i].hi) <= 0) {
            return true;
        }
    }
    return set == NULL;
}

static bool in_nums(const struct fw_numset *set, bool exists, uint32_t value)
{
    for (size_t i = 0; set && exists && i < set->n; i++) {
        if (set->v[i].lo <= value && value <= set->v[i].hi) {
            return true;
        }
    }
    return set == NULL;
}

static bool in_names(const struct fw_nameset *set, fw_sv name)
{
    bool listed = false;
    for (size_t i = 0; set && i < set->n; i++) {
        fw_sv p = set->v[i];
        bool prefix = p.n > 0 && p.p[p.n - 1] == '+';
        size_t n = prefix ? p.n - 1 : p.n;
        bool same = (prefix ? name.n >= n : name.n == n) && (n == 0 || memcmp(p.p, name.p, n) == 0);
        listed = listed || same;
    }
    return !set || listed != set->negated;
}

static bool term_matches(const struct entry *entry, const struct fw_term *term,
                         const struct fw_packet *p, int world, int *varying)
{
    bool whole = !is_fragment(entry, world);
    bool icmp = p->proto == FW_PROTO_ICMP || p->proto == FW_PROTO_ICMP6;
    bool ports = p->proto == 6 || p->proto == 17 || p->proto == 33 || p->proto == 132 ||
                 p->proto == 136;
    uint32_t type = (uint32_t)p->icmp_type << 8 | p->icmp_code;
    bool matches = in_ips(term->src, p->src) && in_ips(term->dst, p->dst) &&
                   in_names(term->in, p->in) && in_names(term->out, p->out) &&
                   in_nums(term->proto, true, p->proto) &&
                   in_nums(term->sport, ports && whole, p->sport) &&
                   in_nums(term->dport, ports && whole, p->dport) &&
                   in_nums(term->icmp, icmp && whole, type) &&
                   in_nums(term->flags, p->proto == 6 && whole, p->flags) &&
                   in_nums(term->state, true, (uint32_t)p->state);
    for (size_t a = 0; a < term->natoms; a++) {
        const struct fw_atom *atom = &term->atoms[a];
        int variable = 0;
        if (varies(entry, atom)) {
            variable = entry->nwords + (*varying)++;
        } else {
            while (!fw_sv_eq(entry->words[variable], atom->words)) {
                variable++;
            }
        }
        matches = matches && ((world >> variable & 1) != 0) != atom->negated;
    }
    return matches;
}

bool place_matches(const struct entry *entry, const struct place *place,
                   const struct fw_packet *packet, int world)
{
    int varying = place->first_variable;
    bool matches = false;
    for (size_t t = 0; t < place->rule->match.n; t++) {
        matches |= term_matches(entry, &place->rule->match.terms[t], packet, world, &varying);
    }
    return matches;
}

bool place_meets(const struct entry *entry, const struct place *place,
                 const struct fw_packet *packet, int world)
{
    for (; place; place = place->parent) {
        if (!place_matches(entry, place, packet, world)) {
            return false;
        }
    }
    return true;
}

struct walking {
    const struct entry *entry;
    const struct fw_packet *packet;
    int world;
    takes_part *part;
    void *context;
    bool *touched;
    const struct place *by;
};

enum { GOES_ON = -1 };

static enum part part_of(const struct walking *w, const struct place *place)
{
    return w->part ? w->part(w->context, place) : PART_WHOLE;
}

static int walk_list(struct walking *w, struct place *const *list, size_t n, size_t from);

/* The world goes on with the mark that the rule sets; words are "mark 1" and "connmark 1". */
static void set_marks(struct walking *w, const struct fw_rule *rule)
{
    const struct fw_packet *p = w->packet;
    bool tracked = p->state != FW_STATE_INVALID && p->state != FW_STATE_UNTRACKED;
    bool of_connection = rule->connmark == FW_CONNMARK_SET && tracked;
    for (int i = 0; i < w->entry->nwords; i++) {
        bool own = rule->sets_mark && fw_sv_is(w->entry->words[i], "mark 1");
        bool other = of_connection && fw_sv_is(w->entry->words[i], "connmark 1");
        if (own || other) {
            w->world = (w->world & ~(1 << i)) | (rule->mark_value == 1) << i;
        }
    }
}

/* What a matching rule does: a verdict, GOES_ON, or *ret_leave: its chain is left. */
static int take(struct walking *w, const struct place *place, bool *ret_leave)
{
    static const int guesses[] = {GOES_ON, FW_ACTION_PERMIT, FW_ACTION_DENY, FW_ACTION_REJECT};
    bool part = part_of(w, place) == PART_WHOLE;
    enum fw_action action = place->rule->action;
    *ret_leave = false;
    if (place->unknown) {
        int verdict = part ? guesses[guess(w->entry, place, w->world)] : GOES_ON;
        w->by = place;
        return verdict;
    }
    if (calls(action)) {
        int verdict = walk_list(w, place->inner, place->ninner, 0);
        *ret_leave = part && action == FW_ACTION_GOTO;
        return verdict;
    }
    if (!part || action == FW_ACTION_CONTINUE) {
        if (part && w->entry->true_marks) {
            set_marks(w, place->rule);
        }
        return GOES_ON;
    }
    if (action == FW_ACTION_RETURN) {
        *ret_leave = true;
        return GOES_ON;
    }
    w->by = place;
    return (int)action;
}

static int walk_list(struct walking *w, struct place *const *list, size_t n, size_t from)
{
    for (size_t i = from; i < n; i++) {
        if (part_of(w, list[i]) == PART_ABSENT ||
            !place_matches(w->entry, list[i], w->packet, w->world)) {
            continue;
        }
        if (w->touched) {
            w->touched[list[i]->order] = true;
        }
        bool leave;
        int verdict = take(w, list[i], &leave);
        if (verdict != GOES_ON) {
            return verdict;
        }
        if (leave) {
            return GOES_ON;
        }
    }
    return GOES_ON;
}

static int end(struct walking *w, int verdict, const struct place **ret_by)
{
    if (verdict == GOES_ON) {
        w->by = NULL;
        enum fw_action fallback = w->entry->policy->fallback;
        verdict = fallback == FW_ACTION_RETURN ? UNDECIDED : (int)fallback;
    }
    if (ret_by) {
        *ret_by = w->by;
    }
    return verdict;
}

int walk(const struct entry *entry, const struct fw_packet *packet, int world, takes_part *part,
         void *context, bool *touched, const struct place **ret_by)
{
    struct walking w = {entry, packet, world, part, context, touched, NULL};
    return end(&w, walk_list(&w, entry->list, entry->nlist, 0), ret_by);
}

/* The rest of the chain a place stands in, then of the chain that called it, and so on. */
static int go_up(struct walking *w, const struct place *place, bool leave)
{
    int verdict = GOES_ON;
    while (place && verdict == GOES_ON) {
        if (!leave) {
            verdict = walk_list(w, place->list, place->nlist, place->index + 1);
        }
        place = place->parent;
        leave = place && place->rule->action == FW_ACTION_GOTO && part_of(w, place) == PART_WHOLE;
    }
    return verdict;
}

int walk_from(const struct entry *entry, const struct place *place, const struct fw_packet *packet,
              int world, takes_part *part, void *context, const struct place **ret_by)
{
    struct walking w = {entry, packet, world, part, context, NULL, NULL};
    bool leave;
    int verdict = take(&w, place, &leave);
    if (verdict == GOES_ON) {
        verdict = go_up(&w, place, leave);
    }
    return end(&w, verdict, ret_by);
}

int walk_after(const struct entry *entry, const struct place *place, const struct fw_packet *packet,
               int world, takes_part *part, void *context, const struct place **ret_by)
{
    struct walking w = {entry, packet, world, part, context, NULL, NULL};
    return end(&w, go_up(&w, place, false), ret_by);
}
