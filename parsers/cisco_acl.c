/* What one entry of an access list matches.
 *   permit tcp object-group WEB 10.0.0.0 255.0.0.0 range 1024 65535 host 192.0.2.1 eq www log
 * inactive */
#include "parsers/cisco.h"

#include <string.h>

#include "core/proto.h"

struct entry {
    struct fw_cisco *cisco;
    struct fw_cisco_line *line;
    struct fw_rule *rule;
    struct fw_terms terms;
    const struct fw_numset *protocol; /* when one was named; NULL: any, or an object says */
    bool stopped;                     /* the rest cannot be read */
};

static struct fw_arena *scratch_of(const struct entry *e)
{
    return &e->cisco->doc->scratch;
}

static void add_object(struct entry *e, struct fw_cisco_object *object)
{
    struct fw_rule *rule = e->rule;
    for (size_t i = 0; i < rule->nobjects; i++) {
        if (rule->objects[i] == object->object) {
            return;
        }
    }
    struct fw_object **v = fw_arena_push(&e->cisco->doc->arena, (void *)rule->objects,
                                         rule->nobjects, sizeof(*v));
    v[rule->nobjects++] = object->object;
    rule->objects = v;
}

static const struct fw_atom *new_atom(const struct entry *e, enum fw_atom_kind kind, bool outside,
                                      const char *prefix, fw_sv words)
{
    struct fw_atom *atom = fw_new(scratch_of(e), struct fw_atom);
    fw_sv parts[] = {fw_sv_from(prefix), words};
    *atom = fw_atom_make(kind, fw_words_join(scratch_of(e), parts, words.n > 0 ? 2 : 1), false);
    atom->outside = outside;
    return atom;
}

static void and_atom(struct entry *e, enum fw_atom_kind kind, bool outside, const char *prefix,
                     fw_sv words)
{
    fw_terms_atom(&e->terms, *new_atom(e, kind, outside, prefix, words));
}

/* What cannot be read from here on: its words stay, and widen the entry. */
static void stop(struct entry *e)
{
    and_atom(e, FW_ATOM_VARYING, false, "unread", fw_cisco_rest(e->line));
    e->line->at = e->line->n;
    e->stopped = true;
}

static void give_up(struct entry *e, const char *expected)
{
    fw_sv word = e->line->text;
    fw_cisco_peek(e->line, &word);
    fw_doc_bad(e->cisco->doc, e->line->number, word, "expected %s", expected);
    stop(e);
}

/* --- Protocol position --- */

static void and_parts(struct entry *e, const struct fw_cisco_value *value)
{
    fw_terms_and(&e->terms, value->parts, value->nparts);
}

/* "icmp-echo", "ospf": services that need no definition. */
static bool built_in(struct entry *e, fw_sv name)
{
    struct fw_term part = {0};
    bool any;
    uint8_t type;
    if (fw_sv_starts(name, "icmp-") &&
        fw_cisco_icmp_type(fw_sv_sub(name, 5, SIZE_MAX), false, &type)) {
        part.proto = fw_numset_range(scratch_of(e), FW_PROTO_ICMP, FW_PROTO_ICMP);
        part.icmp = fw_numset_range(scratch_of(e), (uint32_t)type << 8,
                                    (uint32_t)type << 8 | UINT8_MAX);
    } else if (!fw_cisco_protocol(scratch_of(e), name, &part.proto, &any)) {
        return false;
    }
    fw_terms_and(&e->terms, &part, 1);
    return true;
}

static void take_service_object(struct entry *e, fw_sv name)
{
    struct fw_cisco *cisco = e->cisco;
    if (!fw_cisco_object_find(cisco, name, FW_CISCO_ANY_SERVICE) && built_in(e, name)) {
        return;
    }
    struct fw_cisco_object *object = fw_cisco_object_refer(cisco, name, FW_CISCO_ANY_SERVICE,
                                                           e->line->number);
    add_object(e, object);
    if (object->object->defined) {
        and_parts(e, fw_cisco_resolve(cisco, object));
    } else {
        and_atom(e, FW_ATOM_FIXED, true, "service object", name);
    }
}

static void take_protocol(struct entry *e)
{
    struct fw_term part = {0};
    fw_sv word;
    bool any;
    if (fw_cisco_take(e->line, "object-group") || fw_cisco_take(e->line, "object")) {
        if (fw_cisco_next(e->line, &word)) {
            take_service_object(e, word);
        } else {
            give_up(e, "the name of an object");
        }
        return;
    }
    if (!fw_cisco_peek(e->line, &word) ||
        !fw_cisco_protocol(scratch_of(e), word, &part.proto, &any)) {
        give_up(e, "a protocol");
        return;
    }
    e->line->at++;
    e->protocol = part.proto;
    fw_terms_and(&e->terms, &part, 1);
}

/* --- Address positions --- */

static void and_set(struct entry *e, const struct fw_ipset *set, bool source)
{
    struct fw_term part = {0};
    *(source ? &part.src : &part.dst) = set;
    fw_terms_and(&e->terms, &part, 1);
}

static const struct fw_ipset *all_of(const struct entry *e, unsigned families)
{
    fw_iprange v[2];
    size_t n = 0;
    if (families & FW_FAMILY_BIT4) {
        v[n++] = fw_iprange_all(FW_IPV4);
    }
    if (families & FW_FAMILY_BIT6) {
        v[n++] = fw_iprange_all(FW_IPV6);
    }
    return fw_ipset_make(scratch_of(e), v, n);
}

static void and_value(struct entry *e, const struct fw_cisco_value *value, bool source)
{
    struct fw_term *parts = fw_new_array(scratch_of(e), value->noutside + 1, struct fw_term);
    size_t n = 0;
    if (value->set->n > 0) {
        *(source ? &parts[n].src : &parts[n].dst) = value->set;
        n++;
    }
    for (size_t i = 0; i < value->noutside; i++) {
        const struct fw_cisco_member *member = &value->outside[i];
        *(source ? &parts[n].src : &parts[n].dst) = all_of(e, member->families);
        parts[n].natoms = 1;
        parts[n].atoms = new_atom(e, FW_ATOM_FIXED, true, source ? "source" : "destination",
                                  member->words);
        n++;
    }
    fw_terms_and(&e->terms, parts, n);
}

static void take_address_object(struct entry *e, fw_sv name, bool source)
{
    struct fw_cisco_object *object = fw_cisco_object_refer(e->cisco, name, FW_CISCO_ANY_ADDRESS,
                                                           e->line->number);
    add_object(e, object);
    if (object->object->defined) {
        and_value(e, fw_cisco_resolve(e->cisco, object), source);
    } else {
        and_atom(e, FW_ATOM_FIXED, true, source ? "source object" : "destination object", name);
    }
}

/* "interface outside": the address the device has there. */
static void take_interface(struct entry *e, fw_sv name, bool source)
{
    const struct fw_cisco *cisco = e->cisco;
    for (size_t i = 0; i < cisco->ninterfaces; i++) {
        const struct fw_interface *interface = &cisco->interfaces[i];
        if (!fw_sv_eq(interface->name, name) || interface->nown == 0) {
            continue;
        }
        fw_iprange *v = fw_new_array(scratch_of(e), interface->nown, fw_iprange);
        for (size_t k = 0; k < interface->nown; k++) {
            v[k] = (fw_iprange){interface->own[k], interface->own[k]};
        }
        and_set(e, fw_ipset_make(scratch_of(e), v, interface->nown), source);
        return;
    }
    and_atom(e, FW_ATOM_FIXED, true, source ? "source interface" : "destination interface", name);
}

/* Who sends or receives, by name or tag: known to the device while it runs. */
static void take_identity(struct entry *e, bool source)
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
        and_atom(e, FW_ATOM_FIXED, true, source ? "source" : "destination",
                 fw_words_join(scratch_of(e), e->line->words + at, e->line->at - at));
        if (name.p && rows[i].object != FW_OBJECT_COUNT) {
            add_object(
                e, fw_cisco_object_refer(e->cisco, name, 1u << rows[i].object, e->line->number));
        }
        i = SIZE_MAX; /* from the first row again: "user X security-group name Y" */
    }
}

/* "ifc inside": the interface a packet comes in or goes out by. */
static void take_zone(struct entry *e, bool source)
{
    fw_sv name;
    if (!fw_cisco_take(e->line, "ifc") || !fw_cisco_next(e->line, &name)) {
        return;
    }
    struct fw_term part = {0};
    *(source ? &part.in : &part.out) = fw_nameset_make(scratch_of(e), &name, 1, false);
    fw_terms_and(&e->terms, &part, 1);
}

static void take_endpoint(struct entry *e, bool source)
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
        and_set(e, all_of(e, FW_FAMILY_BIT4), source);
    } else if (fw_cisco_take(line, "any6")) {
        and_set(e, all_of(e, FW_FAMILY_BIT6), source);
    } else if (fw_cisco_take(line, "object") || fw_cisco_take(line, "object-group")) {
        if (fw_cisco_next(line, &name)) {
            take_address_object(e, name, source);
        } else {
            give_up(e, "the name of an object");
        }
    } else if (fw_cisco_take(line, "interface")) {
        if (fw_cisco_next(line, &name)) {
            take_interface(e, name, source);
        } else {
            give_up(e, "the name of an interface");
        }
    } else if (fw_cisco_network(e->cisco, line, &set)) {
        and_set(e, set, source);
    } else {
        stop(e);
    }
}

/* --- Ports and ICMP types --- */

static bool is_icmp(const struct entry *e, bool *ret_six)
{
    const struct fw_numset *proto = e->protocol;
    bool one = proto && proto->n == 1 && proto->v[0].lo == proto->v[0].hi;
    *ret_six = one && proto->v[0].lo == FW_PROTO_ICMP6;
    return *ret_six || (one && proto->v[0].lo == FW_PROTO_ICMP);
}

/* A group of ports, or of ICMP types, or a service where ports belong. */
static void take_port_object(struct entry *e, fw_sv name, bool source)
{
    struct fw_cisco_object *object = fw_cisco_object_refer(e->cisco, name, FW_CISCO_ANY_SERVICE,
                                                           e->line->number);
    struct fw_term part = {0};
    add_object(e, object);
    if (!object->object->defined) {
        and_atom(e, FW_ATOM_FIXED, true, source ? "source port" : "destination port", name);
        return;
    }
    const struct fw_cisco_value *value = fw_cisco_resolve(e->cisco, object);
    if (value->ports) {
        *(source ? &part.sport : &part.dport) = value->ports;
        fw_terms_and(&e->terms, &part, 1);
    } else {
        and_parts(e, value);
    }
}

/* After an address: "eq 80", "object-group PORTS". An address group there is the next address. */
static void take_ports(struct entry *e, bool source)
{
    struct fw_cisco_line *line = e->line;
    struct fw_term part = {0};
    const struct fw_numset *ports;
    bool group = fw_cisco_is(line, line->at, "object-group") ||
                 fw_cisco_is(line, line->at, "object");
    if (fw_cisco_ports(e->cisco, line, &ports)) {
        if (!ports) { /* reported */
            and_atom(e, FW_ATOM_VARYING, false, source ? "source port" : "destination port",
                     line->words[line->at - 1]);
            return;
        }
        *(source ? &part.sport : &part.dport) = ports;
        fw_terms_and(&e->terms, &part, 1);
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
    take_port_object(e, name, source);
}

/* --- What follows the addresses --- */

static void take_log(struct entry *e)
{
    static const char *const levels[] = {"emergencies",   "alerts",    "critical",
                                         "errors",        "warnings",  "notifications",
                                         "informational", "debugging", "default"};
    fw_sv word;
    uint32_t number;
    e->rule->log = true;
    while (fw_cisco_peek(e->line, &word)) {
        bool level = fw_sv_u32(word, 7, &number);
        for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
            level = level || fw_sv_is(word, levels[i]);
        }
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

static void take_schedule(struct entry *e)
{
    fw_sv name;
    if (!fw_cisco_next(e->line, &name)) {
        give_up(e, "the name of a time range");
        return;
    }
    add_object(e, fw_cisco_object_refer(e->cisco, name, 1u << FW_OBJECT_SCHEDULE, e->line->number));
    and_atom(e, FW_ATOM_TIME, false, "time-range", name);
}

/* "(hitcnt=12)" and the entry's hash, as "show access-list" prints them. */
static bool take_shown(struct entry *e, fw_sv word)
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
        e->rule->id = word;
        return true;
    }
    return false;
}

/* Words nobody knows, up to the next one that somebody does. */
static void take_unknown(struct entry *e, fw_sv first)
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
    and_atom(e, FW_ATOM_VARYING, false, "unknown", words);
}

static void take_options(struct entry *e)
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

static void start(struct entry *e, struct fw_cisco *cisco, struct fw_cisco_line *line,
                  unsigned families, struct fw_rule *rule)
{
    *e = (struct entry){.cisco = cisco, .line = line, .rule = rule};
    fw_terms_init(&e->terms, &cisco->doc->scratch, families);
}

static void finish(struct entry *e)
{
    fw_terms_finish(&e->terms, &e->cisco->pool, &e->rule->match);
    e->rule->unmodelled = fw_match_words(&e->cisco->doc->arena, &e->rule->match, &e->rule->nwords);
    if (e->terms.cut) {
        fw_doc_mark(e->cisco->doc, e->line->number, FW_LINE_UNSUPPORTED);
        fw_doc_warn(e->cisco->doc, FW_DIAG_ID_LIMIT_REACHED, e->line->number, (fw_sv){0},
                    "the entry has more alternatives than the limit RULE_TERMS allows");
    }
}

/* "SOURCE [PORTS] DESTINATION [PORTS]", or the other way round. */
static void read_ends(struct entry *e, bool source_first)
{
    struct fw_term part = {0};
    bool six;
    take_protocol(e);
    if (!e->stopped) {
        take_endpoint(e, source_first);
    }
    if (!e->stopped) {
        take_ports(e, source_first);
        take_endpoint(e, !source_first);
    }
    if (!e->stopped) {
        if (is_icmp(e, &six) && fw_cisco_icmp(e->cisco, e->line, six, &part.icmp)) {
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
    struct entry e;
    start(&e, cisco, line, families, rule);
    read_ends(&e, true);
    finish(&e);
}

void fw_cisco_entry_read_conduit(struct fw_cisco *cisco, struct fw_cisco_line *line,
                                 struct fw_rule *rule)
{
    struct entry e;
    start(&e, cisco, line, FW_FAMILY_BIT4, rule);
    read_ends(&e, false);
    finish(&e);
}

void fw_cisco_entry_read_standard(struct fw_cisco *cisco, struct fw_cisco_line *line,
                                  struct fw_rule *rule)
{
    struct entry e;
    start(&e, cisco, line, FW_FAMILY_BIT4, rule);
    take_endpoint(&e, false);
    take_options(&e);
    finish(&e);
}

void fw_cisco_entry_keep(struct fw_cisco *cisco, struct fw_cisco_line *line, unsigned families,
                         struct fw_rule *rule)
{
    struct entry e;
    start(&e, cisco, line, families, rule);
    and_atom(&e, FW_ATOM_FIXED, false, "entry", fw_cisco_rest(line));
    finish(&e);
}
