/* One rule of RouterOS: what it matches and what it does.
 *   add action=drop chain=forward connection-nat-state=!dstnat connection-state=new \
 *       in-interface-list=WAN log=yes log-prefix=new
 * A condition that is no dimension of a packet is kept in its words. RouterOS documentation,
 * "Common Firewall Matchers and Actions", "Filter", "NAT", "Raw". */
#include <string.h>

#include "core/proto.h"
#include "parsers/mikrotik.h"

struct rule {
    struct fw_ros *ros;
    int family;
    enum fw_ros_table table;
    const struct fw_ros_statement *from;
    unsigned families;
    struct fw_rule rule;
    struct fw_terms terms;
    bool inverted; /* the condition being read */
};

static struct fw_arena *scratch_of(const struct rule *r)
{
    return &r->ros->maker.doc->scratch;
}

static void add_atom(struct rule *r, enum fw_atom_kind kind, const struct fw_ros_word *word)
{
    fw_sv words = fw_arena_printf(&r->ros->maker.doc->arena, "%.*s=%.*s", FW_SV_ARG(word->key),
                                  FW_SV_ARG(word->value));
    fw_terms_atom(&r->terms, fw_atom_make(kind, words, word->negated));
}

/* A value that nobody can read: the condition may be anything. */
static void bad_value(struct rule *r, const struct fw_ros_word *word, const char *expected)
{
    fw_doc_bad(r->ros->maker.doc, r->from->first, (fw_sv){0}, "%.*s: expected %s",
               FW_SV_ARG(word->key), expected);
    add_atom(r, FW_ATOM_VARYING, word);
}

static void keep(struct rule *r, struct fw_term term)
{
    fw_terms_and(&r->terms, &term, 1);
}

/* --- Conditions ----------------------------------------------------------------------------- */

static void take_address(struct rule *r, const struct fw_ros_word *word, bool destination)
{
    fw_iprange range;
    enum fw_family family = r->family == FW_ROS_SIX ? FW_IPV6 : FW_IPV4;
    if (!fw_ros_address(word->value, &range) || range.lo.family != family) {
        bad_value(r, word, "an address, a network or a range");
        return;
    }
    fw_terms_addresses(&r->terms, fw_choice_range(scratch_of(r), range), destination,
                       word->negated);
}

static void take_src(struct rule *r, const struct fw_ros_word *word)
{
    take_address(r, word, false);
}

static void take_dst(struct rule *r, const struct fw_ros_word *word)
{
    take_address(r, word, true);
}

static void take_list(struct rule *r, const struct fw_ros_word *word, bool destination)
{
    const struct fw_thing *list = fw_ros_list_settled(r->ros, r->family, word->value);
    fw_rule_refer(&r->ros->maker.doc->arena, &r->rule, list->object);
    fw_terms_addresses(&r->terms, list->choice, destination, word->negated);
}

static void take_src_list(struct rule *r, const struct fw_ros_word *word)
{
    take_list(r, word, false);
}

static void take_dst_list(struct rule *r, const struct fw_ros_word *word)
{
    take_list(r, word, true);
}

/* Names of RouterOS that nobody else uses. */
static bool find_protocol(fw_sv text, uint8_t *ret)
{
    static const struct {
        const char *name;
        uint8_t proto;
    } names[] = {{"ipencap", 4},  {"ipsec-ah", 51}, {"ipsec-esp", 50}, {"ipv6-encap", 41},
                 {"icmpv6", 58},  {"encap", 98},    {"ipip", 94},      {"udp-lite", 136},
                 {"ddp", 37},     {"st", 5},        {"iso-tp4", 29},   {"idpr-cmtp", 38},
                 {"xns-idp", 22}, {"rdp", 27},      {"hmp", 20},       {"vmtp", 81},
                 {"rspf", 73},    {"xtp", 36},      {"pup", 12}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (fw_sv_is(text, names[i].name)) {
            *ret = names[i].proto;
            return true;
        }
    }
    return fw_proto_parse(text, ret);
}

static const struct fw_numset *inverted(const struct rule *r, const struct fw_numset *set,
                                        uint32_t last, bool negated)
{
    return negated ? fw_numset_complement(scratch_of(r), set, last) : set;
}

static void take_protocol(struct rule *r, const struct fw_ros_word *word)
{
    uint8_t proto;
    if (!find_protocol(word->value, &proto)) {
        bad_value(r, word, "a protocol");
        return;
    }
    const struct fw_numset *set = fw_numset_range(scratch_of(r), proto, proto);
    keep(r, (struct fw_term){.proto = inverted(r, set, UINT8_MAX, word->negated)});
}

static const struct fw_numset *read_ports(struct rule *r, const struct fw_ros_word *word)
{
    struct fw_numrange *v = NULL;
    size_t n = 0;
    fw_sv rest = word->value, piece;
    while (fw_sv_split(&rest, ',', &piece)) {
        struct fw_numrange range;
        if (!fw_port_range(fw_sv_trim(piece), '-', &range)) {
            bad_value(r, word, "ports from 0 to 65535, as 80,443,1000-2000");
            return NULL;
        }
        v = fw_arena_push(scratch_of(r), v, n, sizeof(*v));
        v[n++] = range;
    }
    return inverted(r, fw_numset_make(scratch_of(r), v, n), UINT16_MAX, word->negated);
}

static void take_sport(struct rule *r, const struct fw_ros_word *word)
{
    const struct fw_numset *set = read_ports(r, word);
    if (set) {
        keep(r, (struct fw_term){.sport = set});
    }
}

static void take_dport(struct rule *r, const struct fw_ros_word *word)
{
    const struct fw_numset *set = read_ports(r, word);
    if (set) {
        keep(r, (struct fw_term){.dport = set});
    }
}

/* Either of the two; not either of them, when negated: then both are others. */
static void take_port(struct rule *r, const struct fw_ros_word *word)
{
    const struct fw_numset *set = read_ports(r, word);
    struct fw_term parts[2] = {{.sport = set}, {.dport = set}};
    if (set && word->negated) {
        keep(r, (struct fw_term){.sport = set, .dport = set});
    } else if (set) {
        fw_terms_and(&r->terms, parts, 2);
    }
}

/* "8:0", "3:0-15", "8": type and codes. */
static void take_icmp(struct rule *r, const struct fw_ros_word *word)
{
    size_t colon = fw_sv_find_char(word->value, ':');
    uint32_t type;
    struct fw_numrange codes = {0, UINT8_MAX};
    fw_sv code = colon == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(word->value, colon + 1, SIZE_MAX);
    if (!fw_sv_u32(fw_sv_sub(word->value, 0, colon), UINT8_MAX, &type) ||
        (code.n > 0 && (!fw_port_range(code, '-', &codes) || codes.hi > UINT8_MAX))) {
        bad_value(r, word, "a type and a code, as 3:0-15");
        return;
    }
    const struct fw_numset *set = fw_numset_range(scratch_of(r), type << 8 | codes.lo,
                                                  type << 8 | codes.hi);
    keep(r, (struct fw_term){.icmp = inverted(r, set, UINT16_MAX, word->negated)});
}

/* "syn,!ack": those that are set, and those that are not. */
static void take_flags(struct rule *r, const struct fw_ros_word *word)
{
    static const char *const names[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};
    uint32_t set = 0, clear = 0;
    fw_sv rest = word->value, piece;
    bool first_unset = word->negated; /* its "!" was taken for that of the whole value */
    while (fw_sv_split(&rest, ',', &piece)) {
        bool unset = first_unset || fw_sv_starts(piece, "!");
        fw_sv name = fw_sv_starts(piece, "!") ? fw_sv_sub(piece, 1, SIZE_MAX) : piece;
        size_t bit = 0;
        while (bit < 8 && !fw_sv_is(name, names[bit])) {
            bit++;
        }
        if (bit == 8) {
            bad_value(r, word, "names of TCP flags, as syn,!ack");
            return;
        }
        *(unset ? &clear : &set) |= 1U << bit;
        first_unset = false;
    }
    if ((set & clear) != 0) { /* both at once: nothing */
        keep(r, (struct fw_term){.flags = fw_numset_make(scratch_of(r), NULL, 0)});
        return;
    }
    keep(r, (struct fw_term){.flags = fw_numset_masked(scratch_of(r), set | clear, set)});
}

static void take_state(struct rule *r, const struct fw_ros_word *word)
{
    struct fw_numrange v[FW_STATE_COUNT];
    size_t n = 0;
    fw_sv rest = word->value, piece;
    while (fw_sv_split(&rest, ',', &piece)) {
        uint32_t state = 0;
        while (state < FW_STATE_COUNT && !fw_sv_is(piece, fw_state_name((enum fw_state)state))) {
            state++;
        }
        if (state == FW_STATE_COUNT || n == FW_STATE_COUNT) {
            bad_value(r, word, "states of a connection");
            return;
        }
        v[n++] = (struct fw_numrange){state, state};
    }
    const struct fw_numset *set = fw_numset_make(scratch_of(r), v, n);
    keep(r, (struct fw_term){.state = inverted(r, set, FW_STATE_COUNT - 1, word->negated)});
}

/* "all-ppp" and the like are interfaces of a kind. */
static void take_interface(struct rule *r, const struct fw_ros_word *word, bool out)
{
    if (fw_sv_starts(word->value, "all-")) {
        add_atom(r, FW_ATOM_FIXED, word);
    } else {
        fw_terms_names(&r->terms, &word->value, 1, out, word->negated);
    }
}

static void take_in(struct rule *r, const struct fw_ros_word *word)
{
    take_interface(r, word, false);
}

static void take_out(struct rule *r, const struct fw_ros_word *word)
{
    take_interface(r, word, true);
}

struct gathering {
    struct fw_ros *ros;
    struct fw_arena *arena;
    size_t n;
    fw_sv *v;
    bool varying; /* not all of them are known */
};

static void gather(struct gathering *g, fw_sv name, unsigned depth);

static bool is_among(const struct gathering *g, fw_sv name)
{
    for (size_t i = 0; i < g->n; i++) {
        if (fw_sv_eq(g->v[i], name)) {
            return true;
        }
    }
    return false;
}

/* Lists of lists: what is included, less what is excluded, and the list's own. */
static void gather_list(struct gathering *g, struct fw_ros_iflist *list, unsigned depth)
{
    struct gathering less = {.ros = g->ros, .arena = g->arena};
    for (size_t i = 0; i < list->include.n; i++) {
        gather(g, list->include.v[i], depth + 1);
    }
    for (size_t i = 0; i < list->exclude.n; i++) {
        gather(&less, list->exclude.v[i], depth + 1);
    }
    size_t kept = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (!is_among(&less, g->v[i])) {
            g->v[kept++] = g->v[i];
        }
    }
    g->n = kept;
    g->varying = g->varying || less.varying || list->varying;
    for (size_t i = 0; i < list->members.n; i++) {
        g->v = fw_arena_push(g->arena, g->v, g->n, sizeof(*g->v));
        g->v[g->n++] = list->members.v[i];
    }
}

static void gather(struct gathering *g, fw_sv name, unsigned depth)
{
    enum { DEPTH = 16, MOST = 65536 };
    size_t at = fw_index_find(&g->ros->iflist_places, name);
    if (fw_sv_is(name, "none")) {
        return;
    }
    struct fw_ros_iflist *list = at == SIZE_MAX ? NULL : &g->ros->iflists[at];
    if (!list || list->open || depth >= DEPTH || g->n > MOST) {
        g->varying = true; /* all, dynamic, static, or nobody knows */
        return;
    }
    struct gathering own = {.ros = g->ros, .arena = g->arena};
    list->open = true;
    gather_list(&own, list, depth);
    list->open = false;
    g->varying = g->varying || own.varying;
    for (size_t i = 0; i < own.n; i++) {
        g->v = fw_arena_push(g->arena, g->v, g->n, sizeof(*g->v));
        g->v[g->n++] = own.v[i];
    }
}

/* What is in a list for sure is in it, whoever joins; who is not may have joined. */
static void take_interface_list(struct rule *r, const struct fw_ros_word *word, bool out)
{
    struct gathering g = {.ros = r->ros, .arena = scratch_of(r)};
    if (fw_sv_is(word->value, "all")) {
        if (word->negated) {
            fw_terms_and(&r->terms, NULL, 0);
        }
        return;
    }
    gather(&g, word->value, 0);
    if (g.varying) {
        add_atom(r, FW_ATOM_VARYING, word);
    } else if (g.n > 0) {
        fw_terms_names(&r->terms, g.v, g.n, out, word->negated);
    } else if (!word->negated) {
        fw_terms_and(&r->terms, NULL, 0);
    }
}

static void take_in_list(struct rule *r, const struct fw_ros_word *word)
{
    take_interface_list(r, word, false);
}

static void take_out_list(struct rule *r, const struct fw_ros_word *word)
{
    take_interface_list(r, word, true);
}

static void take_fixed(struct rule *r, const struct fw_ros_word *word)
{
    add_atom(r, FW_ATOM_FIXED, word);
}

static void take_varying(struct rule *r, const struct fw_ros_word *word)
{
    add_atom(r, FW_ATOM_VARYING, word);
}

static void take_time(struct rule *r, const struct fw_ros_word *word)
{
    add_atom(r, FW_ATOM_TIME, word);
}

/* Where it stands among the others is said by a number or an id that an export does not have. */
static void take_place(struct rule *r, const struct fw_ros_word *word)
{
    bad_value(r, word, "no place: rules stand in their order");
}

/* What a rule says besides: read elsewhere, or without effect on what it decides. */
static void take_nothing(struct rule *r, const struct fw_ros_word *word)
{
    (void)r;
    (void)word;
}

static const struct {
    const char *key;
    void (*take)(struct rule *rule, const struct fw_ros_word *word);
} keys[] = {
    {"action", take_nothing},
    {"address-list", take_nothing},
    {"address-list-timeout", take_nothing},
    {"chain", take_nothing},
    {"comment", take_nothing},
    {"connection-bytes", take_varying},
    {"connection-limit", take_varying},
    {"connection-mark", take_varying},
    {"connection-nat-state", take_fixed},
    {"connection-rate", take_varying},
    {"connection-state", take_state},
    {"connection-type", take_fixed},
    {"content", take_fixed},
    {"copy-from", take_place},
    {"disabled", take_nothing},
    {"dscp", take_fixed},
    {"dst-address", take_dst},
    {"dst-address-list", take_dst_list},
    {"dst-address-type", take_fixed},
    {"dst-limit", take_varying},
    {"dst-port", take_dport},
    {"fragment", take_fixed},
    {"headers", take_fixed},
    {"hop-limit", take_fixed},
    {"hotspot", take_varying},
    {"hw-offload", take_nothing},
    {"icmp-options", take_icmp},
    {"in-bridge-port", take_fixed},
    {"in-bridge-port-list", take_fixed},
    {"in-interface", take_in},
    {"in-interface-list", take_in_list},
    {"ingress-priority", take_fixed},
    {"ipsec-policy", take_fixed},
    {"ipv4-options", take_fixed},
    {"jump-target", take_nothing},
    {"layer7-protocol", take_varying},
    {"limit", take_varying},
    {"log", take_nothing},
    {"log-prefix", take_nothing},
    {"nth", take_varying},
    {"out-bridge-port", take_fixed},
    {"out-bridge-port-list", take_fixed},
    {"out-interface", take_out},
    {"out-interface-list", take_out_list},
    {"p2p", take_varying},
    {"packet-mark", take_varying},
    {"packet-size", take_fixed},
    {"per-connection-classifier", take_fixed},
    {"place-before", take_place},
    {"port", take_port},
    {"priority", take_fixed},
    {"protocol", take_protocol},
    {"psd", take_varying},
    {"random", take_varying},
    {"randomise-ports", take_nothing},
    {"realm", take_fixed},
    {"reject-with", take_nothing},
    {"routing-mark", take_varying},
    {"routing-table", take_varying},
    {"same-not-by-dst", take_nothing},
    {"src-address", take_src},
    {"src-address-list", take_src_list},
    {"src-address-type", take_fixed},
    {"src-mac-address", take_fixed},
    {"src-port", take_sport},
    {"tcp-flags", take_flags},
    {"tcp-mss", take_fixed},
    {"time", take_time},
    {"tls-host", take_fixed},
    {"to-addresses", take_nothing},
    {"to-ports", take_nothing},
    {"ttl", take_fixed},
};

static void take(struct rule *r, const struct fw_ros_word *word)
{
    if (!word->value.p && fw_sv_starts(word->key, "!")) {
        return; /* a verbose export names what is not set */
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (word->value.p && fw_sv_is(word->key, keys[i].key)) {
            if (word->value.n > 0) {
                keys[i].take(r, word);
            }
            return;
        }
    }
    fw_doc_unsupported(r->ros->maker.doc, r->from->first, (fw_sv){0}, "unknown condition \"%.*s\"",
                       FW_SV_ARG(word->key));
    add_atom(r, FW_ATOM_VARYING, word);
}

/* --- What is done --------------------------------------------------------------------------- */

enum {
    TABLES_FILTER = 1 << FW_ROS_FILTER,
    TABLES_NAT = 1 << FW_ROS_NAT,
    TABLES_RAW = 1 << FW_ROS_RAW
};

static const struct {
    const char *name;
    enum fw_action action;
    unsigned tables;
    bool own_address, fills; /* NAT to the device's own; an address list grows */
} actions[] = {
    {"accept", FW_ACTION_PERMIT, TABLES_FILTER | TABLES_NAT | TABLES_RAW, false, false},
    {"add-dst-to-address-list", FW_ACTION_CONTINUE, TABLES_FILTER | TABLES_NAT | TABLES_RAW, false,
     true},
    {"add-src-to-address-list", FW_ACTION_CONTINUE, TABLES_FILTER | TABLES_NAT | TABLES_RAW, false,
     true},
    {"drop", FW_ACTION_DENY, TABLES_FILTER | TABLES_RAW, false, false},
    {"dst-nat", FW_ACTION_DNAT, TABLES_NAT, false, false},
    {"jump", FW_ACTION_JUMP, TABLES_FILTER | TABLES_NAT | TABLES_RAW, false, false},
    {"log", FW_ACTION_CONTINUE, TABLES_FILTER | TABLES_NAT | TABLES_RAW, false, false},
    {"masquerade", FW_ACTION_SNAT, TABLES_NAT, true, false},
    {"netmap", FW_ACTION_DNAT, TABLES_NAT, false, false},
    {"notrack", FW_ACTION_CONTINUE, TABLES_RAW, false, false},
    {"passthrough", FW_ACTION_CONTINUE, TABLES_FILTER | TABLES_NAT | TABLES_RAW, false, false},
    {"redirect", FW_ACTION_DNAT, TABLES_NAT, true, false},
    {"reject", FW_ACTION_REJECT, TABLES_FILTER, false, false},
    {"return", FW_ACTION_RETURN, TABLES_FILTER | TABLES_NAT | TABLES_RAW, false, false},
    {"same", FW_ACTION_SNAT, TABLES_NAT, false, false},
    {"src-nat", FW_ACTION_SNAT, TABLES_NAT, false, false},
    /* A connection is answered and held: nothing comes through. */
    {"tarpit", FW_ACTION_REJECT, TABLES_FILTER, false, false},
};

static void read_nat(struct rule *r, bool own_address)
{
    const struct fw_ros_word *to = fw_ros_word(r->from, "to-addresses");
    const struct fw_ros_word *ports = fw_ros_word(r->from, "to-ports");
    struct fw_nat *nat = &r->rule.nat;
    struct fw_numrange range;
    nat->own_address = own_address;
    if (to && !fw_ros_address(to->value, &nat->to)) {
        nat->own_address = true; /* of a name, or of what cannot be read: any */
        bad_value(r, to, "an address or a range");
    }
    if (ports && fw_port_range(ports->value, '-', &range)) {
        nat->port_lo = (uint16_t)range.lo;
        nat->port_hi = (uint16_t)range.hi;
    } else if (ports) {
        bad_value(r, ports, "a port or a range");
    }
    nat->paired = fw_sv_is(fw_ros_value(r->from, "action"), "netmap");
    if (nat->paired && fw_sv_is(fw_ros_value(r->from, "chain"), "srcnat")) {
        r->rule.action = FW_ACTION_SNAT;
    }
}

/* A packet of a connection that is taken off the rules passes; others go on. */
static void read_action(struct rule *r)
{
    struct fw_doc *doc = r->ros->maker.doc;
    fw_sv name = fw_ros_value(r->from, "action");
    name = name.n > 0 ? name : FW_SV("accept");
    r->rule.target = name;
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (fw_sv_is(name, actions[i].name) && (actions[i].tables & (1U << r->table))) {
            r->rule.action = actions[i].action;
            if (r->rule.action == FW_ACTION_DNAT || r->rule.action == FW_ACTION_SNAT) {
                read_nat(r, actions[i].own_address);
            }
            r->rule.untracks = fw_sv_is(name, "notrack");
            r->rule.log = r->rule.log || fw_sv_is(name, "log");
            if (r->rule.action == FW_ACTION_JUMP) {
                r->rule.target = fw_ros_value(r->from, "jump-target");
            }
            return;
        }
    }
    r->rule.action = FW_ACTION_UNKNOWN;
    if (!fw_sv_is(name, "fasttrack-connection")) {
        fw_doc_unsupported(doc, r->from->first, (fw_sv){0}, "unknown action \"%.*s\"",
                           FW_SV_ARG(name));
    }
    fw_terms_atom(&r->terms, fw_atom_make(FW_ATOM_VARYING, name, false));
}

void fw_ros_rule(struct fw_ros *ros, int family, enum fw_ros_table table,
                 const struct fw_ros_statement *statement)
{
    struct fw_doc *doc = ros->maker.doc;
    fw_sv chain = fw_ros_value(statement, "chain");
    struct rule r = {
        .ros = ros,
        .family = family,
        .table = table,
        .from = statement,
        .rule = {.enabled = !fw_ros_yes(statement, "disabled"),
                 .log = fw_ros_yes(statement, "log"),
                 .log_tag = fw_ros_value(statement, "log-prefix"),
                 .comment = fw_ros_value(statement, "comment"),
                 .span = fw_ros_span(doc, statement)},
    };
    fw_ros_mark(doc, statement, FW_LINE_USED);
    if (chain.n == 0) {
        fw_doc_bad(doc, statement->first, (fw_sv){0}, "a rule needs its chain");
        chain = FW_SV("forward");
    }
    struct fw_policy *policy = fw_ros_chain(ros, family, table, chain);
    fw_terms_init(&r.terms, &doc->scratch, policy->families);
    for (size_t i = 0; i < statement->n; i++) {
        take(&r, &statement->words[i]);
    }
    read_action(&r);
    if (statement->cut) {
        r.rule.action = FW_ACTION_UNKNOWN; /* what it does may stand in what is not there */
        fw_terms_atom(&r.terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("cut off"), false));
        fw_doc_bad(doc, statement->first, (fw_sv){0}, "a quote or bracket is not closed");
    }
    fw_maker_rule(&ros->maker, policy, &r.rule, &r.terms);
    fw_arena_reset(&doc->scratch);
}
