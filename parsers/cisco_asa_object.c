/* Names, objects, groups and time ranges of an ASA.
 *   name 192.0.2.10 web                object-group service WEB tcp
 *   object network SRV                  port-object eq www
 *    range 192.0.2.1 192.0.2.9         object-group network DMZ
 *   object service S                    network-object host 192.0.2.7
 *    service tcp destination eq 8443    group-object OTHER */
#include "parsers/cisco_asa.h"

static void take_alias(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv address;
    fw_sv name;
    fw_ip ip;
    if (!fw_cisco_next(line, &address) || !fw_cisco_next(line, &name) ||
        !fw_ip_parse(address, &ip)) {
        fw_cisco_expect(&asa->cisco, line, "an address and its name");
        return;
    }
    fw_cisco_alias_add(&asa->cisco, name, ip);
    fw_cisco_used(&asa->cisco, line);
}

static void start(struct fw_asa *asa, struct fw_cisco_line *line, enum fw_object_kind kind,
                  fw_sv name)
{
    asa->object = fw_cisco_object_define(&asa->cisco, name, kind, line);
    asa->block = kind == FW_OBJECT_SCHEDULE ? FW_ASA_TIME_RANGE : FW_ASA_OBJECT;
    fw_cisco_used(&asa->cisco, line);
}

static void start_object(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv kind;
    fw_sv name;
    if (!fw_cisco_next(line, &kind) || !fw_cisco_next(line, &name)) {
        fw_cisco_expect(&asa->cisco, line, "\"object network\" or \"object service\" and a name");
    } else if (fw_sv_is(kind, "network")) {
        start(asa, line, FW_OBJECT_ADDRESS, name);
    } else if (fw_sv_is(kind, "service")) {
        start(asa, line, FW_OBJECT_SERVICE, name);
    } else {
        fw_doc_unsupported(asa->cisco.doc, line->number, kind, "unknown kind of object");
        asa->object = NULL;
        asa->block = FW_ASA_OBJECT;
    }
}

static const struct {
    const char *word;
    enum fw_object_kind kind;
} group_kinds[] = {
    {"icmp-type", FW_OBJECT_ICMP_GROUP},    {"network", FW_OBJECT_ADDRESS_GROUP},
    {"protocol", FW_OBJECT_PROTOCOL_GROUP}, {"security", FW_OBJECT_OTHER},
    {"service", FW_OBJECT_SERVICE_GROUP},   {"user", FW_OBJECT_USER_GROUP},
};

static void start_group(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_arena *scratch = &asa->cisco.doc->scratch;
    fw_sv kind;
    fw_sv name;
    fw_sv protocol;
    bool any;
    fw_cisco_take(line, "group"); /* "object-group group network X" */
    if (!fw_cisco_next(line, &kind) || !fw_cisco_next(line, &name)) {
        fw_cisco_expect(&asa->cisco, line, "the kind and the name of a group");
        return;
    }
    for (size_t i = 0; i < sizeof(group_kinds) / sizeof(group_kinds[0]); i++) {
        if (!fw_sv_is(kind, group_kinds[i].word)) {
            continue;
        }
        start(asa, line, group_kinds[i].kind, name);
        if (group_kinds[i].kind == FW_OBJECT_SERVICE_GROUP && fw_cisco_next(line, &protocol)) {
            const struct fw_numset *set;
            if (!fw_cisco_protocol(scratch, protocol, &set, &any) || any) {
                fw_cisco_expect(&asa->cisco, line, "tcp, udp or tcp-udp");
                return;
            }
            asa->object->protocols = fw_pool_numset(&asa->cisco.pool, set);
        }
        return;
    }
    fw_doc_unsupported(asa->cisco.doc, line->number, kind, "unknown kind of group");
    asa->object = NULL;
    asa->block = FW_ASA_OBJECT;
}

bool fw_asa_object_line(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv name;
    if (fw_cisco_take(line, "name")) {
        take_alias(asa, line);
    } else if (fw_cisco_take(line, "object")) {
        start_object(asa, line);
    } else if (fw_cisco_take(line, "object-group")) {
        start_group(asa, line);
    } else if (fw_cisco_take(line, "time-range")) {
        if (fw_cisco_next(line, &name)) {
            start(asa, line, FW_OBJECT_SCHEDULE, name);
        } else {
            fw_cisco_expect(&asa->cisco, line, "the name of a time range");
        }
    } else {
        return false;
    }
    return true;
}

static bool kind_is(const struct fw_asa *asa, enum fw_object_kind kind)
{
    return asa->object && asa->object->object->kind == kind;
}

static void add(struct fw_asa *asa, const struct fw_cisco_line *line, struct fw_cisco_member member)
{
    enum fw_object_kind kind = asa->object->object->kind;
    if (kind == FW_OBJECT_ADDRESS || kind == FW_OBJECT_SERVICE) {
        asa->object->n = 0; /* an object has one value: the last one written */
    }
    member.line = line->number;
    fw_cisco_object_add(&asa->cisco, asa->object, &member);
    fw_cisco_used(&asa->cisco, line);
}

static void add_set(struct fw_asa *asa, const struct fw_cisco_line *line,
                    const struct fw_ipset *set)
{
    add(asa, line, (struct fw_cisco_member){.kind = FW_CISCO_ADDRESSES, .set = set});
}

static void add_ref(struct fw_asa *asa, const struct fw_cisco_line *line, fw_sv name,
                    unsigned kinds)
{
    add(asa, line,
        (struct fw_cisco_member){.kind = FW_CISCO_REF, .words = name, .ref_kinds = kinds});
}

static void add_outside(struct fw_asa *asa, const struct fw_cisco_line *line, const char *prefix,
                        fw_sv words, unsigned families)
{
    fw_sv parts[] = {fw_sv_from(prefix), words};
    add(asa, line,
        (struct fw_cisco_member){.kind = FW_CISCO_OUTSIDE,
                                 .words = fw_words_join(&asa->cisco.doc->scratch, parts, 2),
                                 .families = families});
}

static void take_range(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv lo;
    fw_sv hi;
    fw_iprange range;
    if (!fw_cisco_next(line, &lo) || !fw_cisco_next(line, &hi) ||
        !fw_cisco_address(&asa->cisco, lo, &range.lo) ||
        !fw_cisco_address(&asa->cisco, hi, &range.hi) || range.lo.family != range.hi.family ||
        fw_ip_cmp(range.lo, range.hi) > 0) {
        fw_cisco_expect(&asa->cisco, line, "two addresses, the lower first");
        return;
    }
    add_set(asa, line, fw_ipset_make(&asa->cisco.doc->scratch, &range, 1));
}

/* "fqdn [v4|v6] www.example.com" */
static void take_fqdn(struct fw_asa *asa, struct fw_cisco_line *line)
{
    unsigned families = FW_FAMILY_BOTH;
    fw_sv name;
    if (fw_cisco_take(line, "v4")) {
        families = FW_FAMILY_BIT4;
    } else if (fw_cisco_take(line, "v6")) {
        families = FW_FAMILY_BIT6;
    }
    if (!fw_cisco_next(line, &name)) {
        fw_cisco_expect(&asa->cisco, line, "a name after \"fqdn\"");
        return;
    }
    add_outside(asa, line, "fqdn", name, families);
}

static bool address_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    const struct fw_ipset *set;
    if (fw_cisco_is(line, 0, "host") || fw_cisco_take(line, "subnet")) {
        if (fw_cisco_network(&asa->cisco, line, &set)) {
            add_set(asa, line, set);
        }
    } else if (fw_cisco_take(line, "range")) {
        take_range(asa, line);
    } else if (fw_cisco_take(line, "fqdn")) {
        take_fqdn(asa, line);
    } else {
        return false;
    }
    return true;
}

static bool service_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_cisco_member member = {.kind = FW_CISCO_SERVICE};
    if (!fw_cisco_take(line, "service")) {
        return false;
    }
    if (fw_cisco_service(&asa->cisco, line, &member.term)) {
        add(asa, line, member);
    }
    return true;
}

static void take_reference(struct fw_asa *asa, struct fw_cisco_line *line, unsigned kinds)
{
    fw_sv name;
    if (fw_cisco_next(line, &name)) {
        add_ref(asa, line, name, kinds);
    } else {
        fw_cisco_expect(&asa->cisco, line, "the name of an object");
    }
}

static bool network_group_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    const struct fw_ipset *set;
    if (!fw_cisco_take(line, "network-object")) {
        return false;
    }
    if (fw_cisco_take(line, "object")) {
        take_reference(asa, line, 1u << FW_OBJECT_ADDRESS);
    } else if (fw_cisco_network(&asa->cisco, line, &set)) {
        add_set(asa, line, set);
    }
    return true;
}

static bool service_group_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_cisco_member member = {.kind = FW_CISCO_PORTS};
    if (fw_cisco_take(line, "port-object")) {
        bool ports = fw_cisco_ports(&asa->cisco, line, &member.ports);
        if (ports && member.ports) {
            add(asa, line, member);
        } else if (!ports) {
            fw_cisco_expect(&asa->cisco, line, "\"eq PORT\" or \"range PORT PORT\"");
        }
        return true;
    }
    if (!fw_cisco_take(line, "service-object")) {
        return false;
    }
    if (fw_cisco_take(line, "object")) {
        fw_sv name;
        if (fw_cisco_peek(line, &name) &&
            !fw_cisco_object_find(&asa->cisco, name, 1u << FW_OBJECT_SERVICE)) {
            bool any; /* "service-object object icmp": a protocol's own name */
            member = (struct fw_cisco_member){.kind = FW_CISCO_SERVICE};
            if (fw_cisco_protocol(&asa->cisco.doc->scratch, name, &member.term.proto, &any)) {
                add(asa, line, member);
                return true;
            }
        }
        take_reference(asa, line, 1u << FW_OBJECT_SERVICE);
        return true;
    }
    member = (struct fw_cisco_member){.kind = FW_CISCO_SERVICE};
    if (fw_cisco_service(&asa->cisco, line, &member.term)) {
        add(asa, line, member);
    }
    return true;
}

static bool other_group_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_cisco_member member = {.kind = FW_CISCO_SERVICE};
    fw_sv word;
    bool any;
    if (kind_is(asa, FW_OBJECT_ICMP_GROUP) && fw_cisco_take(line, "icmp-object")) {
        if (fw_cisco_icmp(&asa->cisco, line, false, &member.term.icmp)) {
            add(asa, line, member);
        } else {
            fw_cisco_expect(&asa->cisco, line, "an ICMP type");
        }
    } else if (kind_is(asa, FW_OBJECT_PROTOCOL_GROUP) && fw_cisco_take(line, "protocol-object")) {
        if (fw_cisco_next(line, &word) &&
            fw_cisco_protocol(&asa->cisco.doc->scratch, word, &member.term.proto, &any)) {
            add(asa, line, member);
        } else {
            fw_cisco_expect(&asa->cisco, line, "a protocol");
        }
    } else if (fw_cisco_is(line, 0, "user") || fw_cisco_is(line, 0, "user-group") ||
               fw_cisco_is(line, 0, "security-group")) {
        add_outside(asa, line, "member", line->text, FW_FAMILY_BOTH);
    } else {
        return false;
    }
    return true;
}

bool fw_asa_object_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    if (!asa->object) { /* of a kind we do not know */
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_UNSUPPORTED);
        return true;
    }
    if (fw_cisco_is(line, 0, "description")) {
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_IGNORED);
        return true;
    }
    if (fw_cisco_take(line, "group-object")) {
        take_reference(asa, line, 1u << asa->object->object->kind);
        return true;
    }
    switch (asa->object->object->kind) {
    case FW_OBJECT_ADDRESS:
        return address_member(asa, line);
    case FW_OBJECT_SERVICE:
        return service_member(asa, line);
    case FW_OBJECT_ADDRESS_GROUP:
        return network_group_member(asa, line);
    case FW_OBJECT_SERVICE_GROUP:
        return service_group_member(asa, line);
    case FW_OBJECT_PROTOCOL_GROUP:
    case FW_OBJECT_ICMP_GROUP:
    case FW_OBJECT_USER_GROUP:
    case FW_OBJECT_OTHER:
        return other_group_member(asa, line);
    case FW_OBJECT_SCHEDULE:
    case FW_OBJECT_ZONE:
    case FW_OBJECT_POLICY:
    case FW_OBJECT_COUNT:
        break;
    }
    return false;
}

static void forget(struct fw_cisco_object *object)
{
    object->object->defined = false;
    object->n = 0;
}

bool fw_asa_object_clear(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_cisco *cisco = &asa->cisco;
    bool no = fw_cisco_take(line, "no");
    if (!no && !fw_cisco_take(line, "clear")) {
        return false;
    }
    if (!no && !fw_cisco_take(line, "config")) {
        fw_cisco_take(line, "configure");
    }
    bool groups = fw_cisco_take(line, "object-group");
    if (!groups && !fw_cisco_take(line, "object")) {
        return false;
    }
    fw_sv name = {0};
    if (no && !(fw_cisco_next(line, &name) && fw_cisco_next(line, &name))) {
        fw_cisco_expect(&asa->cisco, line, "the kind and the name of what is removed");
        return true;
    }
    unsigned objects = 1u << FW_OBJECT_ADDRESS | 1u << FW_OBJECT_SERVICE;
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (struct fw_cisco_object *o = cisco->objects[i]; o; o = o->next) {
            bool group = (objects & 1u << o->object->kind) == 0;
            if (group == groups && o->object->kind != FW_OBJECT_SCHEDULE &&
                (!name.p || fw_sv_eq(o->name, name))) {
                forget(o);
            }
        }
    }
    fw_cisco_used(&asa->cisco, line);
    return true;
}
