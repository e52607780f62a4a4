/* What one entry of a router's access list matches.
 *   permit tcp 10.0.0.0 0.0.0.255 object-group WEB eq www 443 established log
 *   permit ipv6 2001:db8::/32 any        permit 10.1.1.1        permit tcp any any match-all +ack
 * -syn */
#include <string.h>

#include "core/proto.h"
#include "parsers/cisco_ios.h"

struct entry {
    struct fw_ios *ios;
    struct fw_cisco *cisco;
    struct fw_cisco_line *line;
    struct fw_rule *rule;
    struct fw_terms terms;
    bool six, stopped;
    uint8_t protocol; /* when exactly one was named */
    bool has_protocol;
};

static struct fw_arena *scratch_of(const struct entry *e)
{
    return &e->cisco->doc->scratch;
}

static void and_atom(struct entry *e, enum fw_atom_kind kind, bool outside, const char *prefix,
                     fw_sv words)
{
    fw_sv parts[] = {fw_sv_from(prefix), words};
    size_t first = parts[0].n == 0;
    size_t n = (words.n > 0 ? 2u : 1u) - first;
    struct fw_atom atom = fw_atom_make(kind, fw_words_join(scratch_of(e), parts + first, n), false);
    atom.outside = outside;
    fw_terms_atom(&e->terms, atom);
}

static void give_up(struct entry *e, const char *expected)
{
    fw_sv word = e->line->text;
    fw_cisco_peek(e->line, &word);
    if (expected) {
        fw_doc_bad(e->cisco->doc, e->line->number, word, "expected %s", expected);
    }
    and_atom(e, FW_ATOM_VARYING, false, "unread", fw_cisco_rest(e->line));
    e->line->at = e->line->n;
    e->stopped = true;
}

static void add_object(struct entry *e, struct fw_cisco_object *object)
{
    struct fw_rule *rule = e->rule;
    struct fw_object **v = fw_arena_push(&e->cisco->doc->arena, (void *)rule->objects,
                                         rule->nobjects, sizeof(*v));
    v[rule->nobjects++] = object->object;
    rule->objects = v;
}

/* --- Protocol --- */

static const struct {
    const char *name;
    uint8_t protocol;
} headers6[] = {{"auth", 51}, {"dest-option", 60}, {"dest-option-type", 60},
                {"hbh", 0},   {"mobility", 135},   {"routing", 43}};

static void take_service_group(struct entry *e)
{
    fw_sv name;
    if (!fw_cisco_next(e->line, &name)) {
        give_up(e, "the name of a group");
        return;
    }
    struct fw_cisco_object *object = fw_cisco_object_refer(e->cisco, name, FW_CISCO_ANY_SERVICE,
                                                           e->line->number);
    add_object(e, object);
    if (object->object->defined) {
        const struct fw_cisco_value *value = fw_cisco_resolve(e->cisco, object);
        fw_terms_and(&e->terms, value->parts, value->nparts);
    } else {
        and_atom(e, FW_ATOM_FIXED, true, "service object", name);
    }
}

static void take_protocol(struct entry *e)
{
    struct fw_term part = {0};
    fw_sv word;
    bool any;
    if (fw_cisco_take(e->line, "object-group")) {
        take_service_group(e);
        return;
    }
    if (!fw_cisco_peek(e->line, &word)) {
        give_up(e, "a protocol");
        return;
    }
    if (fw_sv_is(word, "ipv6") || fw_sv_is(word, "ipv4") || fw_sv_is(word, "ip")) {
        e->line->at++;
        return;
    }
    for (size_t i = 0; i < sizeof(headers6) / sizeof(headers6[0]); i++) {
        if (fw_sv_is(word, headers6[i].name) && (e->six || !fw_sv_is(word, "auth"))) {
            part.proto = fw_numset_range(scratch_of(e), headers6[i].protocol, headers6[i].protocol);
        }
    }
    if (!part.proto && !fw_cisco_protocol(scratch_of(e), word, &part.proto, &any)) {
        give_up(e, "a protocol");
        return;
    }
    e->line->at++;
    if (!part.proto) {
        part.proto = fw_numset_range(scratch_of(e), 0, 0); /* "0": hop-by-hop, not any */
    }
    if (e->six && fw_sv_is(word, "icmp")) {
        part.proto = fw_numset_range(scratch_of(e), FW_PROTO_ICMP6, FW_PROTO_ICMP6);
    }
    if (part.proto->n == 1 && part.proto->v[0].lo == part.proto->v[0].hi) {
        e->has_protocol = true;
        e->protocol = (uint8_t)part.proto->v[0].lo;
    }
    fw_terms_and(&e->terms, &part, 1);
}

/* --- Addresses --- */

static void and_set(struct entry *e, const struct fw_ipset *set, bool source)
{
    struct fw_term part = {0};
    *(source ? &part.src : &part.dst) = set;
    fw_terms_and(&e->terms, &part, 1);
}

static void and_value(struct entry *e, const struct fw_cisco_value *value, bool source)
{
    if (value->noutside == 0) {
        and_set(e, value->set, source);
        return;
    }
    struct fw_term *parts = fw_new_array(scratch_of(e), value->noutside + 1, struct fw_term);
    size_t n = 0;
    if (value->set->n > 0) {
        *(source ? &parts[n].src : &parts[n].dst) = value->set;
        n++;
    }
    for (size_t i = 0; i < value->noutside; i++) {
        struct fw_atom *atom = fw_new(scratch_of(e), struct fw_atom);
        fw_sv words[] = {source ? FW_SV("source") : FW_SV("destination"), value->outside[i].words};
        *atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(scratch_of(e), words, 2), false);
        atom->outside = true;
        parts[n].natoms = 1;
        parts[n++].atoms = atom;
    }
    fw_terms_and(&e->terms, parts, n);
}

static void take_address_group(struct entry *e, bool source)
{
    fw_sv name;
    if (!fw_cisco_next(e->line, &name)) {
        give_up(e, "the name of a group");
        return;
    }
    struct fw_cisco_object *object = fw_cisco_object_refer(e->cisco, name, FW_CISCO_ANY_ADDRESS,
                                                           e->line->number);
    add_object(e, object);
    if (object->object->defined) {
        and_value(e, fw_cisco_resolve(e->cisco, object), source);
    } else {
        and_atom(e, FW_ATOM_FIXED, true, source ? "source object" : "destination object", name);
    }
}

/* "10.0.0.0 0.0.0.255": where the wildcard has ones, anything goes. */
static bool take_wildcard(struct entry *e, fw_ip ip, bool alone, const struct fw_ipset **ret)
{
    fw_sv word;
    fw_ip wild;
    bool mask = fw_cisco_peek(e->line, &word) && fw_ip_parse(word, &wild) && wild.family == FW_IPV4;
    if (!mask) {
        *ret = fw_ipset_make(scratch_of(e), &(fw_iprange){ip, ip}, 1);
        return alone || ip.family == FW_IPV6;
    }
    e->line->at++;
    wild.lo = ~wild.lo & UINT32_MAX;
    if (fw_ipset_masked(scratch_of(e), ip, wild, ret)) {
        return true;
    }
    fw_doc_mark(e->cisco->doc, e->line->number, FW_LINE_UNSUPPORTED);
    fw_doc_warn(e->cisco->doc, FW_DIAG_ID_LIMIT_REACHED, e->line->number, word,
                "the wildcard falls into too many pieces");
    and_atom(e, FW_ATOM_FIXED, false, "wildcard", word);
    *ret = NULL;
    return true;
}

/* `alone`: an address without a mask is one host, as standard lists have it. */
static void take_endpoint(struct entry *e, bool source, bool alone)
{
    const struct fw_ipset *set;
    fw_iprange range;
    fw_sv word;
    fw_ip ip;
    if (fw_cisco_take(e->line, "any")) {
        return;
    }
    if (fw_cisco_take(e->line, "object-group") || fw_cisco_take(e->line, "addrgroup") ||
        fw_cisco_take(e->line, "net-group")) {
        take_address_group(e, source);
        return;
    }
    bool host = fw_cisco_take(e->line, "host");
    if (!fw_cisco_next(e->line, &word)) {
        give_up(e, "an address");
        return;
    }
    if (fw_sv_ends(word, ",") && fw_cisco_take(e->line, "wildcard")) {
        fw_cisco_take(e->line, "bits"); /* a show command: "10.0.0.0, wildcard bits 0.0.0.255" */
        word = fw_sv_sub(word, 0, word.n - 1);
    }
    if (!host && fw_sv_find_char(word, '/') != SIZE_MAX && fw_iprange_parse(word, &range, NULL)) {
        and_set(e, fw_ipset_make(scratch_of(e), &range, 1), source);
    } else if (fw_ip_parse(word, &ip)) {
        if (host) {
            and_set(e, fw_ipset_make(scratch_of(e), &(fw_iprange){ip, ip}, 1), source);
        } else if (take_wildcard(e, ip, alone, &set)) {
            if (set) {
                and_set(e, set, source);
            }
        } else {
            give_up(e, "a wildcard after the address");
        }
    } else if (host) { /* a name that is looked up */
        and_atom(e, FW_ATOM_FIXED, true, source ? "source name" : "destination name", word);
    } else {
        e->line->at--;
        give_up(e, "an address, any, host or a group");
    }
}

/* --- Ports, types, flags --- */

static bool is_option(fw_sv word);

/* "eq www 443", "neq 25", "range 1 9", "portgroup P", "object-group P" */
static void take_ports(struct entry *e, bool source)
{
    struct fw_term part = {0};
    const struct fw_numset *ports;
    fw_sv word = FW_SV("");
    fw_sv next;
    uint16_t port;
    bool object = fw_cisco_is(e->line, e->line->at, "object-group") &&
                  e->line->at + 1 < e->line->n &&
                  fw_cisco_object_find(e->cisco, e->line->words[e->line->at + 1],
                                       FW_CISCO_ANY_SERVICE);
    if (object || fw_cisco_is(e->line, e->line->at, "portgroup") ||
        fw_cisco_is(e->line, e->line->at, "port-group")) {
        e->line->at++;
        if (!fw_cisco_next(e->line, &next)) {
            give_up(e, "the name of a group");
            return;
        }
        struct fw_cisco_object *group = fw_cisco_object_refer(e->cisco, next, FW_CISCO_ANY_SERVICE,
                                                              e->line->number);
        add_object(e, group);
        const struct fw_cisco_value *value = group->object->defined
                                                 ? fw_cisco_resolve(e->cisco, group)
                                                 : NULL;
        if (value && value->ports) {
            *(source ? &part.sport : &part.dport) = value->ports;
            fw_terms_and(&e->terms, &part, 1);
        } else if (value) {
            fw_terms_and(&e->terms, value->parts, value->nparts);
        } else {
            and_atom(e, FW_ATOM_FIXED, true, source ? "source port" : "destination port", next);
        }
        return;
    }
    fw_cisco_peek(e->line, &word);
    if (!fw_cisco_ports(e->cisco, e->line, &ports)) {
        return;
    }
    while (ports && (fw_sv_is(word, "eq") || fw_sv_is(word, "neq")) &&
           fw_cisco_peek(e->line, &next) && !is_option(next) && fw_cisco_port(next, &port)) {
        const struct fw_numset *more = fw_numset_range(scratch_of(e), port, port);
        e->line->at++;
        ports = fw_sv_is(word, "eq")
                    ? fw_numset_union(scratch_of(e), ports, more)
                    : fw_numset_intersect(scratch_of(e), ports,
                                          fw_numset_complement(scratch_of(e), more, UINT16_MAX));
    }
    if (!ports) { /* reported */
        and_atom(e, FW_ATOM_VARYING, false, source ? "source port" : "destination port",
                 e->line->words[e->line->at - 1]);
        return;
    }
    *(source ? &part.sport : &part.dport) = ports;
    fw_terms_and(&e->terms, &part, 1);
}

/* Cisco IOS, "IP Access List Entry": names of ICMP types with their codes. */
static const struct {
    const char *name;
    uint8_t type, code;
} icmp_codes[] = {
    {"administratively-prohibited", 3, 13},
    {"dod-host-prohibited", 3, 10},
    {"dod-net-prohibited", 3, 9},
    {"general-parameter-problem", 12, 0},
    {"host-isolated", 3, 8},
    {"host-precedence-unreachable", 3, 14},
    {"host-redirect", 5, 1},
    {"host-tos-redirect", 5, 3},
    {"host-tos-unreachable", 3, 12},
    {"host-unknown", 3, 7},
    {"host-unreachable", 3, 1},
    {"net-redirect", 5, 0},
    {"net-tos-redirect", 5, 2},
    {"net-tos-unreachable", 3, 11},
    {"net-unreachable", 3, 0},
    {"network-unknown", 3, 6},
    {"no-room-for-option", 12, 2},
    {"option-missing", 12, 1},
    {"packet-too-big", 3, 4},
    {"port-unreachable", 3, 3},
    {"precedence-unreachable", 3, 15},
    {"protocol-unreachable", 3, 2},
    {"reassembly-timeout", 11, 1},
    {"source-route-failed", 3, 5},
    {"ttl-exceeded", 11, 0},
};

static const struct {
    const char *name;
    uint8_t type;
    int code; /* -1: any */
} icmp6_codes[] = {
    {"beyond-scope", 1, 2},
    {"destination-unreachable", 1, -1},
    {"dhaad-reply", 145, -1},
    {"dhaad-request", 144, -1},
    {"echo-request", 128, -1},
    {"header", 4, 0},
    {"hop-limit", 3, 0},
    {"mld-query", 130, -1},
    {"mld-reduction", 132, -1},
    {"mld-report", 131, -1},
    {"mld-v2-report", 143, -1},
    {"mldv2", 143, -1},
    {"mpd-advertisement", 147, -1},
    {"mpd-solicitation", 146, -1},
    {"nd-na", 136, -1},
    {"nd-ns", 135, -1},
    {"next-header", 4, 1},
    {"no-admin", 1, 1},
    {"no-route", 1, 0},
    {"parameter-option", 4, 2},
    {"parameter-problem", 4, -1},
    {"port-unreachable", 1, 4},
    {"reassembly-timeout", 3, 1},
    {"redirect", 137, -1},
    {"renum-command", 138, 0},
    {"renum-result", 138, 1},
    {"renum-seq-number", 138, 255},
    {"router-renumbering", 138, -1},
    {"unreachable", 1, -1},
};

static void take_icmp(struct entry *e)
{
    struct fw_term part = {0};
    bool six = e->protocol == FW_PROTO_ICMP6;
    fw_sv word;
    uint32_t lo = 0;
    uint32_t hi = 0;
    if (!fw_cisco_peek(e->line, &word)) {
        return;
    }
    for (size_t i = 0; !six && i < sizeof(icmp_codes) / sizeof(icmp_codes[0]); i++) {
        if (fw_sv_is(word, icmp_codes[i].name)) {
            lo = (uint32_t)icmp_codes[i].type << 8 | icmp_codes[i].code;
            hi = lo + 1;
        }
    }
    for (size_t i = 0; six && i < sizeof(icmp6_codes) / sizeof(icmp6_codes[0]); i++) {
        if (fw_sv_is(word, icmp6_codes[i].name)) {
            lo = (uint32_t)icmp6_codes[i].type << 8;
            hi = icmp6_codes[i].code < 0 ? lo + 256 : (lo |= (uint32_t)icmp6_codes[i].code) + 1;
        }
    }
    if (hi > 0) {
        e->line->at++;
        part.icmp = fw_numset_range(scratch_of(e), lo, hi - 1);
    } else if (is_option(word) || !fw_cisco_icmp(e->cisco, e->line, six, &part.icmp)) {
        return;
    }
    fw_terms_and(&e->terms, &part, 1);
}

static const struct {
    const char *name;
    uint8_t bit;
} flags[] = {{"fin", 1}, {"syn", 2}, {"rst", 4}, {"psh", 8}, {"ack", 16}, {"urg", 32}};

static uint8_t flag_of(fw_sv word)
{
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (fw_sv_is(word, flags[i].name)) {
            return flags[i].bit;
        }
    }
    return 0;
}

/* Every flag byte that has one of `set` or lacks one of `clear`; or (all) has and lacks them all.
 */
static void and_flags(struct entry *e, unsigned set, unsigned clear, bool all)
{
    struct fw_numrange v[256];
    struct fw_term part = {0};
    size_t n = 0;
    for (uint32_t byte = 0; byte < 256; byte++) {
        bool one = (byte & set) != 0 || (~byte & clear) != 0;
        bool every = (byte & set) == set && (byte & clear) == 0;
        if (all ? every : one) {
            v[n++] = (struct fw_numrange){byte, byte};
        }
    }
    part.flags = fw_numset_make(scratch_of(e), v, n);
    fw_terms_and(&e->terms, &part, 1);
}

/* "match-all +ack -syn", "match-any +rst +fin"; "ack rst" of old: any of them. */
static bool take_flags(struct entry *e, fw_sv word)
{
    bool all = fw_sv_is(word, "match-all");
    unsigned set = flag_of(word);
    unsigned clear = 0;
    bool named = all || fw_sv_is(word, "match-any");
    if (!named && set == 0) {
        return false;
    }
    while (fw_cisco_peek(e->line, &word)) {
        bool sign = word.n > 1 && (word.p[0] == '+' || word.p[0] == '-');
        uint8_t bit = flag_of(sign ? fw_sv_sub(word, 1, SIZE_MAX) : word);
        if (bit == 0 || (named && !sign)) {
            break;
        }
        *(word.p[0] == '-' ? &clear : &set) |= bit;
        e->line->at++;
    }
    and_flags(e, set, clear, all);
    return true;
}

/* --- What follows --- */

enum option { LOG, ESTABLISHED, FRAGMENTS, SCHEDULE, VALUED, FLAGS, SEQUENCE, REFLECT, NOTHING };

static const struct {
    const char *word;
    enum option option;
    size_t values;
} options[] = {
    {"ack", FLAGS, 0},
    {"capture", NOTHING, 2},
    {"count", NOTHING, 0},
    {"dest-option-type", VALUED, 1},
    {"dscp", VALUED, 1},
    {"established", ESTABLISHED, 0},
    {"fin", FLAGS, 0},
    {"flow-label", VALUED, 1},
    {"fragments", FRAGMENTS, 0},
    {"hit-count", NOTHING, 0},
    {"http-method", VALUED, 1},
    {"log", LOG, 0},
    {"log-input", LOG, 0},
    {"match-all", FLAGS, 0},
    {"match-any", FLAGS, 0},
    {"mobility", VALUED, 0},
    {"mobility-type", VALUED, 1},
    {"option", VALUED, 1},
    {"packet-length", VALUED, 2},
    {"precedence", VALUED, 1},
    {"psh", FLAGS, 0},
    {"reflect", REFLECT, 1},
    {"routing", VALUED, 0},
    {"routing-type", VALUED, 1},
    {"rst", FLAGS, 0},
    {"sequence", SEQUENCE, 1},
    {"syn", FLAGS, 0},
    {"tcp-option-length", VALUED, 1},
    {"time-range", SCHEDULE, 1},
    {"tos", VALUED, 1},
    {"ttl", VALUED, 2},
    {"undetermined-transport", VALUED, 0},
    {"urg", FLAGS, 0},
};

static bool is_option(fw_sv word)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (fw_sv_is(word, options[i].word)) {
            return true;
        }
    }
    return false;
}

/* "(17 matches)", "(hitcnt=17)", "[match=17]": what show commands add. */
static bool take_shown(struct entry *e, fw_sv word)
{
    uint64_t count;
    if (fw_sv_is(word, "(active)") || fw_sv_is(word, "(inactive)")) { /* the schedule, just now */
        return true;
    }
    if (fw_sv_is(word, "(tag") && fw_cisco_take(e->line, "=")) {
        e->line->at += e->line->at < e->line->n;
        return true;
    }
    fw_sv digits = fw_sv_starts(word, "[match=") ? fw_sv_sub(word, 7, word.n - 8)
                   : word.p[0] == '('            ? fw_sv_sub(word, 1, SIZE_MAX)
                                                 : (fw_sv){0};
    if (digits.n == 0 || !fw_sv_u64(digits, &count)) {
        return false;
    }
    if (word.p[0] == '(' && !fw_cisco_take(e->line, "matches)") &&
        !fw_cisco_take(e->line, "match)")) {
        return false;
    }
    e->rule->hits = (struct fw_counter){.present = true, .packets = count};
    return true;
}

static void take_option(struct entry *e, enum option option, fw_sv word, fw_sv value)
{
    switch (option) {
    case LOG:
        e->rule->log = true;
        break;
    case ESTABLISHED: /* Cisco IOS: the ACK or RST bit is set */
        and_flags(e, 16 | 4, 0, false);
        break;
    case FRAGMENTS:
        and_atom(e, FW_ATOM_FRAGMENT, false, "fragments", (fw_sv){0});
        break;
    case SCHEDULE:
        add_object(
            e, fw_cisco_object_refer(e->cisco, value, 1u << FW_OBJECT_SCHEDULE, e->line->number));
        and_atom(e, FW_ATOM_TIME, false, "time-range", value);
        break;
    case VALUED:
        and_atom(e, FW_ATOM_FIXED, false, "",
                 fw_sv_of(word.p, (size_t)(value.p + value.n - word.p)));
        break;
    case FLAGS:
        take_flags(e, word);
        break;
    case SEQUENCE:
        e->rule->id = value;
        break;
    case REFLECT: /* lets the answers in where the list says "evaluate" */
        if (fw_cisco_take(e->line, "timeout")) {
            e->line->at += e->line->at < e->line->n;
        }
        break;
    case NOTHING:
        break;
    }
}

static void take_options(struct entry *e)
{
    fw_sv word;
    while (fw_cisco_next(e->line, &word)) {
        size_t i = 0;
        while (i < sizeof(options) / sizeof(options[0]) && !fw_sv_is(word, options[i].word)) {
            i++;
        }
        if (i == sizeof(options) / sizeof(options[0])) {
            if (!take_shown(e, word)) {
                fw_doc_unsupported(e->cisco->doc, e->line->number, word,
                                   "unknown words in an access list: \"%.*s\"", FW_SV_ARG(word));
                and_atom(e, FW_ATOM_VARYING, false, "unknown", word);
            }
            continue;
        }
        size_t values = options[i].values;
        fw_sv value = word;
        uint32_t number;
        if (fw_sv_is(word, "ttl") && fw_cisco_is(e->line, e->line->at, "range")) {
            values = 3;
        } else if (fw_sv_is(word, "ttl") && fw_cisco_peek(e->line, &value) &&
                   fw_sv_u32(value, UINT8_MAX, &number)) {
            values = 1; /* NX-OS */
        }
        if (fw_sv_is(word, "log") && fw_cisco_peek(e->line, &value) && !is_option(value) &&
            value.p[0] != '(' && value.p[0] != '[') {
            e->line->at++; /* a cookie */
        }
        for (size_t k = 0; k < values; k++) {
            if (!fw_cisco_next(e->line, &value)) {
                give_up(e, "a value at the end");
                return;
            }
        }
        take_option(e, options[i].option, word, value);
    }
}

static void read_extended(struct entry *e)
{
    take_protocol(e);
    if (!e->stopped) {
        take_endpoint(e, true, false);
    }
    if (!e->stopped) {
        take_ports(e, true);
    }
    if (!e->stopped) {
        take_endpoint(e, false, false);
    }
    if (e->stopped) {
        return;
    }
    if (e->has_protocol && (e->protocol == FW_PROTO_ICMP || e->protocol == FW_PROTO_ICMP6)) {
        take_icmp(e);
    } else if (e->has_protocol && e->protocol == FW_PROTO_IGMP && e->line->at < e->line->n &&
               !is_option(e->line->words[e->line->at])) {
        fw_sv type;
        fw_cisco_next(e->line, &type);
        and_atom(e, FW_ATOM_FIXED, false, "igmp", type);
    } else {
        take_ports(e, false);
    }
    if (!e->stopped) {
        take_options(e);
    }
}

void fw_ios_entry_read(struct fw_ios *ios, struct fw_cisco_line *line, enum fw_ios_list_kind kind,
                       struct fw_rule *rule)
{
    struct entry e = {.ios = ios, .cisco = &ios->cisco, .line = line, .rule = rule};
    struct fw_doc *doc = ios->cisco.doc;
    e.six = kind == FW_IOS_SIX;
    fw_terms_init(&e.terms, &doc->scratch, e.six ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4);
    if (kind == FW_IOS_STANDARD) {
        take_endpoint(&e, true, true);
        if (!e.stopped) {
            take_options(&e);
        }
    } else {
        read_extended(&e);
    }
    fw_terms_finish(&e.terms, &ios->cisco.pool, &rule->match);
    rule->unmodelled = fw_match_words(&doc->arena, &rule->match, &rule->nwords);
    if (e.terms.cut) {
        fw_doc_mark(doc, line->number, FW_LINE_UNSUPPORTED);
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, line->number, (fw_sv){0},
                    "the entry has more alternatives than the limit RULE_TERMS allows");
    }
}
