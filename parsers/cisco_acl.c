/* What one entry of an access list matches.
 *   permit tcp object-group WEB 10.0.0.0 255.0.0.0 range 1024 65535 host 192.0.2.1 eq www log
 * inactive */
#include "parsers/cisco_entry.h"

#include "core/proto.h"

/* --- Protocol position --- */

/* "icmp-echo", "ospf": services that need no definition. */
static bool built_in(struct fw_cisco_entry *e, fw_sv name)
{
    struct fw_term part = {0};
    bool any;
    uint8_t type;
    if (fw_sv_starts(name, "icmp-") &&
        fw_cisco_icmp_type(fw_sv_sub(name, 5, SIZE_MAX), false, &type)) {
        part.proto = fw_numset_range(fw_cisco_entry_scratch(e), FW_PROTO_ICMP, FW_PROTO_ICMP);
        part.icmp = fw_numset_range(fw_cisco_entry_scratch(e), (uint32_t)type << 8,
                                    (uint32_t)type << 8 | UINT8_MAX);
    } else if (!fw_cisco_protocol(fw_cisco_entry_scratch(e), name, &part.proto, &any)) {
        return false;
    }
    fw_terms_and(&e->terms, &part, 1);
    return true;
}

static void take_service_object(struct fw_cisco_entry *e, fw_sv name)
{
    if (!fw_cisco_object_find(e->cisco, name, FW_CISCO_ANY_SERVICE) && built_in(e, name)) {
        return;
    }
    fw_cisco_entry_service_object(e, name);
}

static void take_protocol(struct fw_cisco_entry *e)
{
    struct fw_term part = {0};
    fw_sv word;
    bool any;
    if (fw_cisco_take(e->line, "object-group") || fw_cisco_take(e->line, "object")) {
        if (fw_cisco_next(e->line, &word)) {
            take_service_object(e, word);
        } else {
            fw_cisco_entry_give_up(e, "the name of an object");
        }
        return;
    }
    if (!fw_cisco_peek(e->line, &word) ||
        !fw_cisco_protocol(fw_cisco_entry_scratch(e), word, &part.proto, &any)) {
        fw_cisco_entry_give_up(e, "a protocol");
        return;
    }
    e->line->at++;
    e->protocol = part.proto;
    fw_terms_and(&e->terms, &part, 1);
}

/* --- Address positions --- */

/* "interface outside": the address the device has there. */
static void take_interface(struct fw_cisco_entry *e, fw_sv name, bool source)
{
    const struct fw_cisco *cisco = e->cisco;
    for (size_t i = 0; i < cisco->ninterfaces; i++) {
        const struct fw_interface *interface = &cisco->interfaces[i];
        if (!fw_sv_eq(interface->name, name) || interface->nown == 0) {
            continue;
        }
        fw_iprange *v = fw_new_array(fw_cisco_entry_scratch(e), interface->nown, fw_iprange);
        for (size_t k = 0; k < interface->nown; k++) {
            v[k] = (fw_iprange){interface->own[k], interface->own[k]};
        }
        fw_cisco_entry_addresses(e, fw_ipset_make(fw_cisco_entry_scratch(e), v, interface->nown),
                                 source);
        return;
    }
    fw_cisco_entry_atom(e, FW_ATOM_FIXED, true,
                        source ? "source interface" : "destination interface", name);
}

/* Who sends or receives, by name or tag: known to the device while it runs. */
static void take_identity(struct fw_cisco_entry *e, bool source)
{
    static const struct {
        const char *word;
        size_t words; /* that follow */
        enum fw_object_kind object;
    } rows[] = {
        {"object-group-network-service", 1, FW_OBJECT_COUNT},
        {"object-group-security", 1, FW_OBJECT_OTHER},
        {"object-group-user", 1, FW_OBJECT_USER_GROUP},
        {"security-group", 2, FW_OBJECT_COUNT},
        {"user", 1, FW_OBJECT_COUNT},
        {"user-group", 1, FW_OBJECT_COUNT},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t at = e->line->at;
        if (!fw_cisco_take(e->line, rows[i].word)) {
            continue;
        }
        fw_sv name = {0};
        for (size_t k = 0; k < rows[i].words && fw_cisco_next(e->line, &name); k++) {
        }
        fw_cisco_entry_atom(
            e, FW_ATOM_FIXED, true, source ? "source" : "destination",
            fw_words_join(fw_cisco_entry_scratch(e), e->line->words + at, e->line->at - at));
        if (name.p && rows[i].object != FW_OBJECT_COUNT) {
            fw_cisco_entry_object(
                e, fw_cisco_object_refer(e->cisco, name, 1u << rows[i].object, e->line->number));
        }
        i = SIZE_MAX; /* from the first row again: "user X security-group name Y" */
    }
}

/* "ifc inside": the interface a packet comes in or goes out by. */
static void take_zone(struct fw_cisco_entry *e, bool source)
{
    fw_sv name;
    if (!fw_cisco_take(e->line, "ifc") || !fw_cisco_next(e->line, &name)) {
        return;
    }
    struct fw_term part = {0};
    *(source ? &part.in : &part.out) = fw_nameset_make(fw_cisco_entry_scratch(e), &name, 1, false);
    fw_terms_and(&e->terms, &part, 1);
}

/* "range 192.0.2.1 192.0.2.9", as show commands print what objects stand for. */
static bool take_range(struct fw_cisco_entry *e, bool source)
{
    struct fw_cisco_line *line = e->line;
    fw_iprange range;
    if (!fw_cisco_is(line, line->at, "range") || line->at + 2 >= line->n ||
        !fw_ip_parse(line->words[line->at + 1], &range.lo) ||
        !fw_ip_parse(line->words[line->at + 2], &range.hi) || range.lo.family != range.hi.family ||
        fw_ip_cmp(range.lo, range.hi) > 0) {
        return false;
    }
    line->at += 3;
    fw_cisco_entry_addresses(e, fw_ipset_make(fw_cisco_entry_scratch(e), &range, 1), source);
    return true;
}

/* "fqdn www.example.com (resolved)", and behind an address the name it was looked up for: what it
 * is at another time is kept elsewhere. */
static bool take_resolved(struct fw_cisco_entry *e, bool source)
{
    struct fw_cisco_line *line = e->line;
    const char *end = source ? "source fqdn" : "destination fqdn";
    fw_sv word;
    fw_sv name;
    if (fw_cisco_take(line, "fqdn") && fw_cisco_next(line, &name)) {
        if (!fw_cisco_take(line, "(resolved)")) {
            fw_cisco_take(line, "(unresolved)");
        }
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, true, end, name);
        return true;
    }
    if (fw_cisco_peek(line, &word) && word.n > 2 && word.p[0] == '(' && fw_sv_ends(word, ")") &&
        fw_sv_find_char(word, '=') == SIZE_MAX && !fw_sv_is(word, "(inactive)")) {
        line->at++;
        fw_cisco_entry_atom(e, FW_ATOM_FIXED, true, end, fw_sv_sub(word, 1, word.n - 2));
        return true;
    }
    return false;
}

static void take_endpoint(struct fw_cisco_entry *e, bool source)
{
    struct fw_cisco_line *line = e->line;
    const struct fw_ipset *set;
    fw_sv name;
    take_zone(e, source);
    take_identity(e, source);
    if (fw_cisco_take(line, "any")) {
        return;
    }
    if (fw_cisco_take(line, "any4")) {
        fw_cisco_entry_addresses(e, fw_ipset_all(fw_cisco_entry_scratch(e), FW_FAMILY_BIT4),
                                 source);
    } else if (fw_cisco_take(line, "any6")) {
        fw_cisco_entry_addresses(e, fw_ipset_all(fw_cisco_entry_scratch(e), FW_FAMILY_BIT6),
                                 source);
    } else if (fw_cisco_take(line, "object") || fw_cisco_take(line, "object-group")) {
        if (fw_cisco_next(line, &name)) {
            fw_cisco_entry_address_object(e, name, source);
        } else {
            fw_cisco_entry_give_up(e, "the name of an object");
        }
    } else if (fw_cisco_take(line, "interface")) {
        if (fw_cisco_next(line, &name)) {
            take_interface(e, name, source);
        } else {
            fw_cisco_entry_give_up(e, "the name of an interface");
        }
    } else if (take_range(e, source) || take_resolved(e, source)) {
        return;
    } else if (fw_cisco_network(e->cisco, line, &set)) {
        fw_cisco_entry_addresses(e, set, source);
        take_resolved(e, source);
    } else {
        fw_cisco_entry_stop(e);
    }
}

/* --- Ports and ICMP types --- */

/* After an address: "eq 80", "object-group PORTS". An address group there is the next address. */
static void take_ports(struct fw_cisco_entry *e, bool source)
{
    struct fw_cisco_line *line = e->line;
    const struct fw_numset *ports;
    fw_ip ip;
    bool addresses = line->at + 1 < line->n && fw_cisco_is(line, line->at, "range") &&
                     fw_ip_parse(line->words[line->at + 1], &ip);
    if (addresses) {
        return; /* those of the other end */
    }
    bool group = fw_cisco_is(line, line->at, "object-group") ||
                 fw_cisco_is(line, line->at, "object");
    if (fw_cisco_ports(e->cisco, line, &ports)) {
        fw_cisco_entry_ports(e, ports, source);
        return;
    }
    if (!group || line->at + 1 == line->n) {
        return;
    }
    fw_sv name = line->words[line->at + 1];
    if (source && !fw_cisco_object_find(e->cisco, name, FW_CISCO_ANY_SERVICE)) {
        return;
    }
    if (source && fw_cisco_object_find(e->cisco, name, FW_CISCO_ANY_ADDRESS)) {
        return;
    }
    line->at += 2;
    fw_cisco_entry_port_object(e, name, source);
}

/* --- What follows the addresses --- */

static void take_log(struct fw_cisco_entry *e)
{
    static const char *const levels[] = {"emergencies",   "alerts",    "critical",
                                         "errors",        "warnings",  "notifications",
                                         "informational", "debugging", "default"};
    fw_sv word;
    uint32_t number;
    e->rule->log = true;
    while (fw_cisco_peek(e->line, &word)) {
        bool level = fw_sv_u32(word, 7, &number);
        level = level || FW_SV_AMONG(word, levels);
        if (fw_sv_is(word, "disable")) {
            e->rule->log = false;
        } else if (fw_sv_is(word, "interval")) {
            e->line->at++;
        } else if (!level) {
            return;
        }
        if (e->line->at < e->line->n) {
            e->line->at++;
        }
    }
}

static void take_schedule(struct fw_cisco_entry *e)
{
    fw_sv name;
    if (!fw_cisco_next(e->line, &name)) {
        fw_cisco_entry_give_up(e, "the name of a time range");
        return;
    }
    fw_cisco_entry_schedule(e, name);
}

/* "(hitcnt=12)" and the entry's hash, as "show access-list" prints them. */
static bool take_shown(struct fw_cisco_entry *e, fw_sv word)
{
    uint64_t count;
    if (fw_sv_starts(word, "(hitcnt=") && fw_sv_ends(word, ")") &&
        fw_sv_u64(fw_sv_sub(word, 8, word.n - 9), &count)) {
        e->rule->hits = (struct fw_counter){.present = true, .packets = count};
        return true;
    }
    if (fw_sv_is(word, "(inactive)")) {
        e->rule->enabled = false;
        return true;
    }
    if (fw_sv_starts(word, "0x")) {
        e->rule->id = e->rule->id.n > 0 ? e->rule->id : word;
        return true;
    }
    return false;
}

/* Words nobody knows, up to the next one that somebody does. */
static void take_unknown(struct fw_cisco_entry *e, fw_sv first)
{
    static const char *const known[] = {"log", "inactive", "time-range", "rule-id", "event-log"};
    fw_sv last = first;
    fw_sv word;
    while (fw_cisco_peek(e->line, &word)) {
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
            if (fw_sv_is(word, known[i])) {
                word.n = 0;
            }
        }
        if (word.n == 0) {
            break;
        }
        last = word;
        e->line->at++;
    }
    fw_sv words = fw_sv_of(first.p, (size_t)(last.p + last.n - first.p));
    fw_doc_unsupported(e->cisco->doc, e->line->number, words,
                       "unknown words in an access list: \"%.*s\"", FW_SV_ARG(words));
    fw_cisco_entry_atom(e, FW_ATOM_VARYING, false, "unknown", words);
}

static void take_options(struct fw_cisco_entry *e)
{
    fw_sv word;
    fw_sv value;
    while (fw_cisco_next(e->line, &word)) {
        if (fw_sv_is(word, "log")) {
            take_log(e);
        } else if (fw_sv_is(word, "inactive")) {
            e->rule->enabled = false;
        } else if (fw_sv_is(word, "time-range")) {
            take_schedule(e);
        } else if (fw_sv_is(word, "rule-id") && fw_cisco_next(e->line, &value)) {
            e->rule->id = value;
        } else if (fw_sv_is(word, "event-log") && fw_cisco_next(e->line, &value)) {
            e->rule->log = true;
        } else if (!take_shown(e, word)) {
            take_unknown(e, word);
        }
    }
}

/* "SOURCE [PORTS] DESTINATION [PORTS]", or the other way round. */
static void read_ends(struct fw_cisco_entry *e, bool source_first)
{
    struct fw_term part = {0};
    uint8_t protocol = 0;
    take_protocol(e);
    if (!e->stopped) {
        take_endpoint(e, source_first);
    }
    if (!e->stopped) {
        take_ports(e, source_first);
        take_endpoint(e, !source_first);
    }
    if (!e->stopped) {
        bool icmp = fw_cisco_entry_one_protocol(e, &protocol) &&
                    (protocol == FW_PROTO_ICMP || protocol == FW_PROTO_ICMP6);
        if (icmp && fw_cisco_icmp(e->cisco, e->line, protocol == FW_PROTO_ICMP6, &part.icmp)) {
            fw_terms_and(&e->terms, &part, 1);
        } else {
            take_ports(e, !source_first);
        }
        take_options(e);
    }
}

void fw_cisco_entry_read(struct fw_cisco *cisco, struct fw_cisco_line *line, unsigned families,
                         struct fw_rule *rule)
{
    struct fw_cisco_entry e;
    fw_cisco_entry_begin(&e, cisco, line, families, rule);
    read_ends(&e, true);
    fw_cisco_entry_end(&e);
}

void fw_cisco_entry_read_conduit(struct fw_cisco *cisco, struct fw_cisco_line *line,
                                 struct fw_rule *rule)
{
    struct fw_cisco_entry e;
    fw_cisco_entry_begin(&e, cisco, line, FW_FAMILY_BIT4, rule);
    read_ends(&e, false);
    fw_cisco_entry_end(&e);
}

void fw_cisco_entry_read_standard(struct fw_cisco *cisco, struct fw_cisco_line *line,
                                  struct fw_rule *rule)
{
    struct fw_cisco_entry e;
    fw_cisco_entry_begin(&e, cisco, line, FW_FAMILY_BIT4, rule);
    take_endpoint(&e, false);
    take_options(&e);
    fw_cisco_entry_end(&e);
}

void fw_cisco_entry_keep(struct fw_cisco *cisco, struct fw_cisco_line *line, unsigned families,
                         struct fw_rule *rule)
{
    struct fw_cisco_entry e;
    fw_cisco_entry_begin(&e, cisco, line, families, rule);
    fw_cisco_entry_atom(&e, FW_ATOM_FIXED, false, "entry", fw_cisco_rest(line));
    fw_cisco_entry_end(&e);
}
