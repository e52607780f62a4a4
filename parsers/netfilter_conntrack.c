/* What conntrack and state mean: states are a dimension, properties of the connection follow from
 * the packet where its state allows. */
#include "parsers/netfilter_match.h"

#include <string.h>

#include "core/proto.h"

enum {
    STATES_PLAIN = 1 << FW_STATE_NEW | 1 << FW_STATE_ESTABLISHED | 1 << FW_STATE_RELATED |
                   1 << FW_STATE_INVALID | 1 << FW_STATE_UNTRACKED,
    STATES_TRACKED = 1 << FW_STATE_NEW | 1 << FW_STATE_ESTABLISHED | 1 << FW_STATE_RELATED,
    STATES_KNOWN = 1 << FW_STATE_NEW | 1 << FW_STATE_ESTABLISHED,
    STATE_SNAT = 1 << FW_STATE_COUNT,
    STATE_DNAT = 2 << FW_STATE_COUNT,
};

static const struct fw_nf_value state_names[] = {
    {"NEW", 1 << FW_STATE_NEW},
    {"ESTABLISHED", 1 << FW_STATE_ESTABLISHED},
    {"RELATED", 1 << FW_STATE_RELATED},
    {"INVALID", 1 << FW_STATE_INVALID},
    {"UNTRACKED", 1 << FW_STATE_UNTRACKED},
    {"SNAT", STATE_SNAT},
    {"DNAT", STATE_DNAT},
    {NULL, 0},
};

static const struct fw_numset *state_set(struct fw_nf_rule *rule, uint32_t states)
{
    struct fw_numrange v[FW_STATE_COUNT];
    size_t n = 0;
    for (uint32_t s = 0; s < FW_STATE_COUNT; s++) {
        if (states & 1u << s) {
            v[n++] = (struct fw_numrange){s, s};
        }
    }
    return fw_numset_make(&rule->nf->doc->scratch, v, n);
}

void fw_nf_take_state(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option)
{
    uint32_t states = 0;
    uint32_t value;
    fw_sv list = option->args[0].text;
    fw_sv piece;
    while (fw_sv_split(&list, ',', &piece)) {
        if (!fw_nf_value_find(state_names, piece, &value)) {
            fw_nf_bad_value(rule, option, "a list of connection states");
            return;
        }
        states |= value;
    }
    uint32_t plain = states & STATES_PLAIN;
    if (!use->has_states) {
        fw_terms_init(&use->states, &rule->nf->doc->scratch, rule->table->family);
        use->has_states = true;
    }
    /* SNAT and DNAT are properties beside the state: "in S or rewritten", or neither of them. */
    struct fw_term parts[3];
    size_t n = 0;
    if (option->negated) {
        parts[0] = (struct fw_term){.state = state_set(rule, STATES_PLAIN & ~plain)};
        fw_terms_and(&use->states, parts, 1);
    } else {
        parts[n++] = (struct fw_term){.state = state_set(rule, plain)};
    }
    for (uint32_t bit = STATE_SNAT; bit <= STATE_DNAT; bit <<= 1) {
        if ((states & bit) == 0) {
            continue;
        }
        fw_sv words = bit == STATE_SNAT ? FW_SV("ctstate SNAT") : FW_SV("ctstate DNAT");
        if (option->negated) {
            parts[0] = fw_nf_atom_part(rule, words, true);
            fw_terms_and(&use->states, parts, 1);
        } else {
            parts[n++] = fw_nf_atom_part(rule, words, false);
        }
    }
    if (!option->negated) {
        fw_terms_and(&use->states, parts, n);
    }
}

static void other_part(struct fw_nf_rule *rule, struct fw_nf_use *use, const struct fw_term *parts,
                       size_t n)
{
    if (!use->has_others) {
        fw_terms_init(&use->others, &rule->nf->doc->scratch, rule->table->family);
        use->has_others = true;
    }
    fw_terms_and(&use->others, parts, n);
}

/* A property of the connection. A packet in one of the known states has it when it matches `part`;
 * in the other tracked states only the device knows. */
static void connection_part(struct fw_nf_rule *rule, struct fw_nf_use *use,
                            const struct fw_nf_option *option, struct fw_term part, uint32_t known)
{
    struct fw_term parts[2] = {
        part,
        fw_nf_atom_part(rule, fw_nf_option_words(rule, "conntrack", option), option->negated)};
    parts[0].state = state_set(rule, known);
    parts[1].state = state_set(rule, STATES_TRACKED & ~known);
    other_part(rule, use, parts, 2);
}

void fw_nf_take_ct_proto(struct fw_nf_rule *rule, struct fw_nf_use *use,
                         const struct fw_nf_option *option)
{
    uint8_t proto;
    if (!fw_proto_parse(option->args[0].text, &proto)) {
        fw_nf_bad_value(rule, option, "the name or number of a protocol");
        return;
    }
    /* What is related (an ICMP error, say) may have another protocol than its connection. */
    struct fw_numrange range = {proto, proto};
    struct fw_term part = {.proto = fw_nf_numset(rule, &range, 1, UINT8_MAX, option->negated)};
    connection_part(rule, use, option, part, STATES_KNOWN);
}

/* The first packet of a connection goes where the connection was opened to, unless it was sent
 * elsewhere on the way here. */
static uint32_t known_for(const struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    bool source = fw_sv_starts(option->name, "--ctorigsrc");
    return source || !rule->nf->rewrites ? 1u << FW_STATE_NEW : 0;
}

void fw_nf_take_ct_address(struct fw_nf_rule *rule, struct fw_nf_use *use,
                           const struct fw_nf_option *option)
{
    fw_iprange range;
    struct fw_arena *scratch = &rule->nf->doc->scratch;
    if (!fw_iprange_parse(option->args[0].text, &range, NULL)) {
        fw_nf_bad_value(rule, option, "an address or network");
        return;
    }
    const struct fw_ipset *set = fw_ipset_make(scratch, &range, 1);
    if (option->negated) {
        set = fw_ipset_complement(scratch, set, rule->table->family);
    }
    struct fw_term part = {0};
    *(fw_sv_starts(option->name, "--ctorigsrc") ? &part.src : &part.dst) = set;
    connection_part(rule, use, option, part, known_for(rule, option));
}

void fw_nf_take_ct_port(struct fw_nf_rule *rule, struct fw_nf_use *use,
                        const struct fw_nf_option *option)
{
    struct fw_numrange range;
    if (!fw_nf_ports(option->args[0].text, &range)) {
        fw_nf_bad_value(rule, option, "a port or a range a:b");
        return;
    }
    struct fw_term part = {0};
    *(fw_sv_starts(option->name, "--ctorigsrc") ? &part.sport : &part.dport) = fw_nf_numset(
        rule, &range, 1, UINT16_MAX, option->negated);
    connection_part(rule, use, option, part, known_for(rule, option));
}

void fw_nf_take_ct_dir(struct fw_nf_rule *rule, struct fw_nf_use *use,
                       const struct fw_nf_option *option)
{
    bool original = fw_sv_is_nocase(option->args[0].text, "ORIGINAL");
    if (!original && !fw_sv_is_nocase(option->args[0].text, "REPLY")) {
        fw_nf_bad_value(rule, option, "ORIGINAL or REPLY");
        return;
    }
    original = original != option->negated;
    struct fw_term parts[2] = {
        {.state = state_set(rule, 1u << FW_STATE_NEW)},
        fw_nf_atom_part(rule, FW_SV("conntrack ctdir ORIGINAL"), !original),
    };
    parts[1].state = state_set(rule, STATES_TRACKED & ~(1u << FW_STATE_NEW));
    other_part(rule, use, original ? parts : parts + 1, original ? 2 : 1);
}

void fw_nf_take_ct_other(struct fw_nf_rule *rule, struct fw_nf_use *use,
                         const struct fw_nf_option *option)
{
    struct fw_term part = fw_nf_atom_part(rule, fw_nf_option_words(rule, "conntrack", option),
                                          option->negated);
    part.state = state_set(rule, STATES_TRACKED);
    other_part(rule, use, &part, 1);
}

/* Linux, net/netfilter/xt_conntrack.c: a packet without a connection is judged by its state alone,
 * and only when a state is asked for. */
void fw_nf_finish_conntrack(struct fw_nf_rule *rule, struct fw_nf_use *use)
{
    if (!use->has_others) {
        if (use->has_states) {
            fw_terms_and(&rule->terms, use->states.v, use->states.n);
        }
        return;
    }
    if (!use->has_states) {
        fw_terms_and(&rule->terms, use->others.v, use->others.n);
        return;
    }
    struct fw_terms tracked = use->states;
    struct fw_terms untracked = use->states;
    struct fw_term without = {.state = state_set(rule, STATES_PLAIN & ~STATES_TRACKED)};
    fw_terms_and(&tracked, use->others.v, use->others.n);
    fw_terms_and(&untracked, &without, 1);
    size_t n = tracked.n + untracked.n;
    struct fw_term *parts = fw_new_array(&rule->nf->doc->scratch, n, struct fw_term);
    memcpy(parts, tracked.v, tracked.n * sizeof(*parts));
    memcpy(parts + tracked.n, untracked.v, untracked.n * sizeof(*parts));
    fw_terms_and(&rule->terms, parts, n);
}
