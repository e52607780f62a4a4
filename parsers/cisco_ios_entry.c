/* What one entry of a router's access list matches.
 *   permit tcp 10.0.0.0 0.0.0.255 object-group WEB eq www 443 established log
 *   permit ipv6 2001:db8::/32 any        permit 10.1.1.1        permit tcp any any match-all +ack
 * -syn */
#include "core/proto.h"
#include "parsers/cisco_entry.h"
#include "parsers/cisco_ios.h"

/* An entry of an IPv6 list. */
static bool is_six(const struct fw_cisco_entry *e)
{
    return e->terms.families == FW_FAMILY_BIT6;
}

/* --- Protocol --- */

static const struct {
    const char *name;
    uint8_t protocol;
} headers6[] = {{"auth", 51}, {"dest-option", 60}, {"dest-option-type", 60},
                {"hbh", 0},   {"mobility", 135},   {"routing", 43}};

static void take_service_group(struct fw_cisco_entry *e)
{
    fw_sv name;
    if (fw_cisco_next(e->line, &name)) {
        fw_cisco_entry_service_object(e, name);
    } else {
        fw_cisco_entry_give_up(e, "the name of a group");
    }
}

static void take_protocol(struct fw_cisco_entry *e)
{
    struct fw_term part = {0};
    fw_sv word;
    bool any;
    if (fw_cisco_take(e->line, "object-group")) {
        take_service_group(e);
        return;
    }
    if (!fw_cisco_peek(e->line, &word)) {
        fw_cisco_entry_give_up(e, "a protocol");
        return;
    }
    if (fw_sv_is(word, "ipv6") || fw_sv_is(word, "ipv4") || fw_sv_is(word, "ip")) {
        e->line->at++;
        return;
    }
    for (size_t i = 0; i < sizeof(headers6) / sizeof(headers6[0]); i++) {
        if (fw_sv_is(word, headers6[i].name) && (is_six(e) || !fw_sv_is(word, "auth"))) {
            part.proto = fw_numset_range(fw_cisco_entry_scratch(e), headers6[i].protocol,
                                         headers6[i].protocol);
        }
    }
    if (!part.proto && !fw_cisco_protocol(fw_cisco_entry_scratch(e), word, &part.proto, &any)) {
        if (e->cisco->shown) { /* "permit WEB any any": without the word "object-group" */
            take_service_group(e);
            return;
        }
        fw_cisco_entry_give_up(e, "a protocol");
        return;
    }
    e->line->at++;
    if (!part.proto) {
        part.proto = fw_numset_range(fw_cisco_entry_scratch(e), 0,
                                     0); /* "0": hop-by-hop, not any */
    }
    if (is_six(e) && fw_sv_is(word, "icmp")) {
        part.proto = fw_numset_range(fw_cisco_entry_scratch(e), FW_PROTO_ICMP6, FW_PROTO_ICMP6);
    }
    e->protocol = part.proto;
    fw_terms_and(&e->terms, &part, 1);
}

/* --- Addresses --- */

static void take_address_group(struct fw_cisco_entry *e, bool source)
{
    fw_sv name;
    if (fw_cisco_next(e->line, &name)) {
        fw_cisco_entry_address_object(e, name, source);
    } else {
        fw_cisco_entry_give_up(e, "the name of a group");
    }
}

/* "10.0.0.0 0.0.0.255": where the wildcard has ones, anything goes. */
static bool take_wildcard(struct fw_cisco_entry *e, fw_ip ip, bool alone,
                          const struct fw_ipset **ret)
{
    fw_sv word;
    fw_ip wild;
    bool mask = fw_cisco_peek(e->line, &word) && fw_ip_parse(word, &wild) && wild.family == FW_IPV4;
    if (!mask) {
        *ret = fw_ipset_make(fw_cisco_entry_scratch(e), &(fw_iprange){ip, ip}, 1);
        return alone || ip.family == FW_IPV6;
    }
    e->line->at++;
    wild.lo = ~wild.lo & UINT32_MAX;
    if (fw_ipset_masked(fw_cisco_entry_scratch(e), ip, wild, ret)) {
        return true;
    }
    fw_doc_mark(e->cisco->doc, e->line->number, FW_LINE_UNSUPPORTED);
    fw_doc_warn(e->cisco->doc, FW_DIAG_ID_LIMIT_REACHED, e->line->number, word,
                "the wildcard falls into too many pieces");
    fw_cisco_entry_atom(e, FW_ATOM_FIXED, false, "wildcard", word);
    *ret = NULL;
    return true;
}

/* `alone`: an address without a mask is one host, as standard lists have it. */
static void take_endpoint(struct fw_cisco_entry *e, bool source, bool alone)
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
        fw_cisco_entry_give_up(e, "an address");
        return;
    }
    if (fw_sv_ends(word, ",") && fw_cisco_take(e->line, "wildcard")) {
        fw_cisco_take(e->line, "bits"); /* a show command: "10.0.0.0, wildcard bits 0.0.0.255" */
        word = fw_sv_sub(word, 0, word.n - 1);
    }
    if (!host && fw_sv_find_char(word, '/') != SIZE_MAX && fw_iprange_parse(word, &range, NULL)) {
        fw_cisco_entry_addresses(e, fw_ipset_make(fw_cisco_entry_scratch(e), &range, 1), source);
    } else if (fw_ip_parse(word, &ip)) {
        if (host) {
            fw_cisco_entry_addresses(
                e, fw_ipset_make(fw_cisco_entry_scratch(e), &(fw_iprange){ip, ip}, 1), source);
        } else if (take_wildcard(e, ip, alone, &set)) {
            if (set) {
                fw_cisco_entry_addresses(e, set, source);
            }
        } else {
            fw_cisco_entry_give_up(e, "a wildcard after the address");
        }
    } else if (host) { /* a name that is looked up */
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, true, source ? "source name" : "destination name",
                            word);
    } else {
        e->line->at--;
        fw_cisco_entry_give_up(e, "an address, any, host or a group");
    }
}

/* --- Ports, types, flags --- */

static bool is_option(fw_sv word);

/* "eq www 443", "neq 25", "range 1 9", "portgroup P", "object-group P" */
static void take_ports(struct fw_cisco_entry *e, bool source)
{
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
        if (fw_cisco_next(e->line, &next)) {
            fw_cisco_entry_port_object(e, next, source);
        } else {
            fw_cisco_entry_give_up(e, "the name of a group");
        }
        return;
    }
    fw_cisco_peek(e->line, &word);
    if (!fw_cisco_ports(e->cisco, e->line, &ports)) {
        return;
    }
    while (ports && (fw_sv_is(word, "eq") || fw_sv_is(word, "neq")) &&
           fw_cisco_peek(e->line, &next) && !is_option(next) && fw_cisco_port(next, &port)) {
        const struct fw_numset *more = fw_numset_range(fw_cisco_entry_scratch(e), port, port);
        e->line->at++;
        ports = fw_sv_is(word, "eq")
                    ? fw_numset_union(fw_cisco_entry_scratch(e), ports, more)
                    : fw_numset_intersect(
                          fw_cisco_entry_scratch(e), ports,
                          fw_numset_complement(fw_cisco_entry_scratch(e), more, UINT16_MAX));
    }
    fw_cisco_entry_ports(e, ports, source);
}

static void take_icmp(struct fw_cisco_entry *e, bool six)
{
    struct fw_term part = {0};
    fw_sv word;
    if (!fw_cisco_peek(e->line, &word)) {
        return;
    }
    part.icmp = fw_ios_icmp(fw_cisco_entry_scratch(e), word, six);
    if (part.icmp) {
        e->line->at++;
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
static void and_flags(struct fw_cisco_entry *e, unsigned set, unsigned clear, bool all)
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
    part.flags = fw_numset_make(fw_cisco_entry_scratch(e), v, n);
    fw_terms_and(&e->terms, &part, 1);
}

/* "match-all +ack -syn", "match-any +rst +fin"; "ack rst" of old: any of them. */
static bool take_flags(struct fw_cisco_entry *e, fw_sv word)
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
    {"tracked", VALUED, 0}, /* Arista EOS: of a connection that it knows */
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

/* "(17 matches)", "(17 estimate matches)", "[match=17]", "[match 17, 0:03:06 ago]": what show
 * commands add. */
static bool take_shown(struct fw_cisco_entry *e, fw_sv word)
{
    uint64_t count;
    if (fw_sv_is(word, "(active)") || fw_sv_is(word, "(inactive)")) { /* the schedule, just now */
        return true;
    }
    if (fw_sv_is(word, "(tag") && fw_cisco_take(e->line, "=")) {
        e->line->at += e->line->at < e->line->n;
        return true;
    }
    if (fw_sv_is(word, "(time") && fw_cisco_take(e->line, "left")) { /* of what "reflect" let in */
        e->line->at += e->line->at < e->line->n;
        return true;
    }
    if (fw_sv_is(word, "[match") && fw_cisco_next(e->line, &word)) { /* Arista EOS */
        bool more = fw_sv_ends(word, ",");
        fw_sv ago = word;
        while (more && !fw_sv_ends(ago, "]") && fw_cisco_next(e->line, &ago)) {
        }
        word = fw_sv_sub(word, 0, word.n - 1);
        e->rule->hits.present = fw_sv_u64(word, &e->rule->hits.packets);
        return e->rule->hits.present;
    }
    fw_sv digits = fw_sv_starts(word, "[match=") ? fw_sv_sub(word, 7, word.n - 8)
                   : word.p[0] == '('            ? fw_sv_sub(word, 1, SIZE_MAX)
                                                 : (fw_sv){0};
    if (digits.n == 0 || !fw_sv_u64(digits, &count)) {
        return false;
    }
    if (word.p[0] == '(') {
        fw_cisco_take(e->line, "estimate"); /* counted in hardware, now and then */
        if (!fw_cisco_take(e->line, "matches)") && !fw_cisco_take(e->line, "match)")) {
            return false;
        }
    }
    e->rule->hits = (struct fw_counter){.present = true, .packets = count};
    return true;
}

static void take_option(struct fw_cisco_entry *e, enum option option, fw_sv word, fw_sv value)
{
    switch (option) {
    case LOG:
        e->rule->log = true;
        break;
    case ESTABLISHED: /* Cisco IOS: the ACK or RST bit is set */
        and_flags(e, 16 | 4, 0, false);
        break;
    case FRAGMENTS:
        fw_cisco_entry_atom(e, FW_ATOM_FRAGMENT, false, "fragments", (fw_sv){0});
        break;
    case SCHEDULE:
        fw_cisco_entry_schedule(e, value);
        break;
    case VALUED:
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, false, "",
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

static void take_options(struct fw_cisco_entry *e)
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
                fw_cisco_entry_atom(e, FW_ATOM_VARYING, false, "unknown", word);
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
                fw_cisco_entry_give_up(e, "a value at the end");
                return;
            }
        }
        take_option(e, options[i].option, word, value);
    }
}

static void read_extended(struct fw_cisco_entry *e)
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
    uint8_t protocol;
    bool one = fw_cisco_entry_one_protocol(e, &protocol);
    if (one && (protocol == FW_PROTO_ICMP || protocol == FW_PROTO_ICMP6)) {
        take_icmp(e, protocol == FW_PROTO_ICMP6);
    } else if (one && protocol == FW_PROTO_IGMP && e->line->at < e->line->n &&
               !is_option(e->line->words[e->line->at])) {
        fw_sv type;
        fw_cisco_next(e->line, &type);
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, false, "igmp", type);
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
    struct fw_cisco_entry e;
    fw_cisco_entry_begin(&e, &ios->cisco, line,
                         kind == FW_IOS_SIX ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4, rule);
    if (kind == FW_IOS_STANDARD) {
        take_endpoint(&e, true, true);
        if (!e.stopped) {
            take_options(&e);
        }
    } else {
        read_extended(&e);
    }
    fw_cisco_entry_end(&e);
}
