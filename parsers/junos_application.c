/* Which protocols and ports an application of Junos stands for: those of the configuration, sets of
 * them, and those that every device comes with. */
#include <stdlib.h>

#include "core/proto.h"
#include "parsers/group.h"
#include "parsers/junos.h"

static void expand(void *owner, struct fw_thing *thing, unsigned depth);

static const fw_sv scope = FW_SV_INIT("applications");

static const struct {
    const char *name, *ports;
} vendors[] = {
#define FW_APPLICATION(name, ports) {name, ports},
#include "parsers/junos_applications.def"
#undef FW_APPLICATION
};

/* Names of ports that Junos has besides those of IANA. Juniper, Routing Policies User Guide,
 * "Firewall filter match conditions". */
static const struct {
    const char *name;
    uint16_t port;
} ports[] = {
    {"afs", 1483},        {"biff", 512},        {"bootpc", 68},       {"bootps", 67},
    {"cmd", 514},         {"cvspserver", 2401}, {"dhcp", 67},         {"domain", 53},
    {"eklogin", 2105},    {"ekshell", 2106},    {"exec", 512},        {"finger", 79},
    {"ftp", 21},          {"ftp-data", 20},     {"http", 80},         {"https", 443},
    {"ident", 113},       {"imap", 143},        {"kerberos-sec", 88}, {"klogin", 543},
    {"kpasswd", 761},     {"krb-prop", 754},    {"krbupdate", 760},   {"kshell", 544},
    {"ldap", 389},        {"ldp", 646},         {"login", 513},       {"mobileip-agent", 434},
    {"mobilip-mn", 435},  {"msdp", 639},        {"netbios-dgm", 138}, {"netbios-ns", 137},
    {"netbios-ssn", 139}, {"nfsd", 2049},       {"nntp", 119},        {"ntalk", 518},
    {"ntp", 123},         {"pop3", 110},        {"pptp", 1723},       {"printer", 515},
    {"radacct", 1813},    {"radius", 1812},     {"rip", 520},         {"rkinit", 2108},
    {"smtp", 25},         {"snmp", 161},        {"snmptrap", 162},    {"snpp", 444},
    {"socks", 1080},      {"ssh", 22},          {"sunrpc", 111},      {"syslog", 514},
    {"tacacs", 49},       {"tacacs-ds", 65},    {"talk", 517},        {"telnet", 23},
    {"tftp", 69},         {"timed", 525},       {"who", 513},         {"xdmcp", 177},
    {"zephyr-clt", 2103}, {"zephyr-hm", 2104},  {"rdp", 3389},        {"bgp", 179},
};

static bool read_port(fw_sv text, uint16_t *ret)
{
    for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
        if (fw_sv_is(text, ports[i].name)) {
            *ret = ports[i].port;
            return true;
        }
    }
    return fw_port_parse(text, ret);
}

bool fw_jun_ports(struct fw_jun *jun, fw_sv text, const struct fw_numset **ret)
{
    uint16_t lo;
    uint16_t hi;
    if (!read_port(text, &lo)) {
        size_t dash = fw_sv_find_char(text, '-');
        if (dash == SIZE_MAX || !read_port(fw_sv_trim(fw_sv_sub(text, 0, dash)), &lo) ||
            !read_port(fw_sv_trim(fw_sv_sub(text, dash + 1, SIZE_MAX)), &hi) || hi < lo) {
            return false;
        }
    } else {
        hi = lo;
    }
    *ret = fw_numset_range(&jun->doc->arena, lo, hi);
    return true;
}

/* Names of ICMP types, by number, for IPv4 and IPv6. */
static const struct {
    const char *name;
    int v4, v6;
} types[] = {
    {"echo-reply", 0, 129},
    {"unreachable", 3, -1},
    {"destination-unreachable", -1, 1},
    {"source-quench", 4, -1},
    {"redirect", 5, 137},
    {"echo-request", 8, 128},
    {"router-advertisement", 9, -1},
    {"router-advertisement", -1, 134},
    {"router-solicit", 10, 133},
    {"time-exceeded", 11, 3},
    {"parameter-problem", 12, 4},
    {"timestamp", 13, -1},
    {"timestamp-reply", 14, -1},
    {"info-request", 15, -1},
    {"info-reply", 16, -1},
    {"mask-request", 17, -1},
    {"mask-reply", 18, -1},
    {"packet-too-big", -1, 2},
    {"membership-query", -1, 130},
    {"membership-report", -1, 131},
    {"membership-termination", -1, 132},
    {"neighbor-solicit", -1, 135},
    {"neighbor-advertisement", -1, 136},
    {"router-renumbering", -1, 138},
    {"node-information-request", -1, 139},
    {"node-information-reply", -1, 140},
    {"inverse-neighbor-discovery-solicitation", -1, 141},
    {"inverse-neighbor-discovery-advertisement", -1, 142},
    {"home-agent-address-discovery-request", -1, 144},
    {"home-agent-address-discovery-reply", -1, 145},
    {"mobile-prefix-solicitation", -1, 146},
    {"mobile-prefix-advertisement-reply", -1, 147},
    {"certificate-path-solicitation", -1, 148},
    {"certificate-path-advertisement", -1, 149},
};

bool fw_jun_icmp_type(fw_sv text, bool v6, uint32_t *lo, uint32_t *hi)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        int number = v6 ? types[i].v6 : types[i].v4;
        if (number >= 0 && fw_sv_is(text, types[i].name)) {
            *lo = *hi = (uint32_t)number;
            return true;
        }
    }
    size_t dash = fw_sv_find_char(text, '-');
    *hi = 0;
    return fw_sv_u32(fw_sv_sub(text, 0, dash), UINT8_MAX, lo) &&
           fw_sv_u32(dash == SIZE_MAX ? text : fw_sv_sub(text, dash + 1, SIZE_MAX), UINT8_MAX,
                     hi) &&
           *lo <= *hi;
}

static struct fw_choice builtin(struct fw_jun *jun, const char *name, fw_sv rest)
{
    struct fw_arena *arena = &jun->doc->arena;
    struct fw_choosing choosing;
    fw_sv word;
    fw_choosing_init(&choosing, arena);
    while (fw_sv_word(&rest, &word)) {
        size_t slash = fw_sv_find_char(word, '/');
        fw_sv what = fw_sv_sub(word, 0, slash);
        fw_sv value = fw_sv_sub(word, slash + 1, SIZE_MAX);
        const struct fw_numset *set = NULL;
        uint32_t number = 0;
        uint8_t proto = 0;
        fw_sv_u32(value, UINT8_MAX, &number);
        fw_proto_parse(what, &proto);
        if (fw_sv_is(what, "ip")) {
            fw_choosing_term(&choosing, number == 0 ? (struct fw_term){0}
                                                    : fw_term_proto(arena, (uint8_t)number));
        } else if (!fw_proto_has_ports(proto)) {
            fw_choosing_term(&choosing, fw_term_icmp(arena, proto, number, -1));
        } else if (fw_jun_ports(jun, value, &set)) {
            fw_choosing_term(&choosing, fw_term_ports(arena, proto, NULL, set));
        }
    }
    return choosing.n + choosing.nranges > 0 || choosing.any
               ? fw_choosing_done(&choosing)
               : fw_choice_opaque(arena, "application", fw_sv_from(name), true);
}

struct fw_thing *fw_jun_application(struct fw_jun *jun, fw_sv name)
{
    struct fw_thing *thing = fw_things_find(&jun->things, scope, FW_JUN_APPLICATION, name);
    for (size_t i = 0; !thing && i < sizeof(vendors) / sizeof(vendors[0]); i++) {
        if (fw_sv_is(name, vendors[i].name)) {
            thing = fw_things_add(&jun->things, scope, FW_JUN_APPLICATION, name, FW_OBJECT_SERVICE);
            thing->object->defined = true;
            thing->object->vendor = true;
            fw_thing_settle(thing, builtin(jun, vendors[i].name, fw_sv_from(vendors[i].ports)));
        }
    }
    /* Others of the vendor's: which there are differs by release. */
    if (!thing && fw_sv_starts(name, "junos-")) {
        thing = fw_things_add(&jun->things, scope, FW_JUN_APPLICATION, name, FW_OBJECT_SERVICE);
        thing->object->defined = true;
        thing->object->vendor = true;
        fw_thing_settle(thing, fw_choice_opaque(&jun->doc->arena, "application", name, true));
    }
    return thing;
}

/* The conditions of an application, or of one of its terms, whose name others may have as well. */
static void add_term(struct fw_jun *jun, fw_sv name, struct fw_node *entry,
                     struct fw_choosing *choosing)
{
    struct fw_arena *arena = &jun->doc->arena;
    const fw_sv path[] = {name, entry->name};
    fw_sv full = fw_words_join(arena, path, fw_sv_eq(name, entry->name) ? 1 : 2);
    fw_sv protocol = fw_tree_value(&jun->tree, entry, "protocol");
    struct fw_node *dst = fw_tree_key(&jun->tree, entry, "destination-port");
    struct fw_node *src = fw_tree_key(&jun->tree, entry, "source-port");
    struct fw_node *type = fw_tree_key(&jun->tree, entry, "icmp-type");
    struct fw_node *type6 = fw_tree_key(&jun->tree, entry, "icmp6-type");
    fw_sv code_text = fw_tree_value(&jun->tree, entry, type6 ? "icmp6-code" : "icmp-code");
    struct fw_node *named = type6 ? type6 : type;
    struct fw_term term = {0};
    uint8_t proto = 0;
    bool ok = true;
    if (protocol.n > 0) {
        ok = fw_proto_parse(protocol, &proto);
        term.proto = fw_numset_range(arena, proto, proto);
    } else if (named) {
        proto = type6 ? FW_PROTO_ICMP6 : FW_PROTO_ICMP;
        term.proto = fw_numset_range(arena, proto, proto);
    } else {
        ok = !dst && !src;
    }
    ok = ok && (!dst || fw_jun_ports(jun, fw_node_value(dst), &term.dport)) &&
         (!src || fw_jun_ports(jun, fw_node_value(src), &term.sport));
    if (ok && named) {
        uint32_t lo;
        uint32_t hi;
        uint32_t code;
        ok = fw_jun_icmp_type(fw_node_value(named), proto == FW_PROTO_ICMP6, &lo, &hi);
        bool coded = ok && fw_sv_u32(code_text, UINT8_MAX, &code);
        if (ok) {
            term.icmp = coded ? fw_numset_range(arena, lo << 8 | code, lo << 8 | code)
                              : fw_numset_range(arena, lo << 8, hi << 8 | UINT8_MAX);
        }
        ok = ok && (coded || code_text.n == 0);
    }
    if (!ok || (protocol.n == 0 && !named)) {
        fw_choosing_add(choosing, fw_choice_opaque(arena, "application", full, false));
        return;
    }
    bool narrows = fw_tree_key(&jun->tree, entry, "rpc-program-number") ||
                   fw_tree_key(&jun->tree, entry, "uuid");
    if (narrows) {
        struct fw_atom *atom = fw_new(arena, struct fw_atom);
        const fw_sv words[] = {FW_SV("rpc"), full};
        *atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(arena, words, 2), false);
        term.natoms = 1;
        term.atoms = atom;
    }
    fw_choosing_term(choosing, term);
}

static struct fw_choice application(struct fw_jun *jun, struct fw_thing *thing)
{
    struct fw_node *terms = fw_tree_key(&jun->tree, thing->node, "term");
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &jun->doc->arena);
    for (struct fw_node *term = terms ? terms->child : NULL; term; term = term->next) {
        if (!term->off) {
            add_term(jun, thing->object->name, term, &choosing);
            fw_jun_rest(jun, "application", term);
        }
    }
    if (!terms || terms->n == 0) {
        add_term(jun, thing->object->name, thing->node, &choosing);
    }
    fw_jun_rest(jun, "application", thing->node);
    return fw_choosing_done(&choosing);
}

static struct fw_choice application_set(struct fw_jun *jun, struct fw_thing *thing, unsigned depth)
{
    static const char *const kinds[] = {"application", "application-set"};
    const struct fw_grouping grouping = {jun->doc, jun, expand};
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &jun->doc->arena);
    thing->object->empty = true;
    for (size_t i = 0; i < 2; i++) {
        struct fw_node *list = fw_tree_key(&jun->tree, thing->node, kinds[i]);
        for (struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
            struct fw_thing *member = fw_jun_application(jun, name->name);
            thing->object->empty = false;
            if (!member) {
                fw_jun_missing(jun, scope, FW_JUN_APPLICATION, name)->object->uses++;
                fw_choosing_add(&choosing,
                                fw_choice_opaque(&jun->doc->arena, "undefined", name->name, false));
            } else if (!fw_group_member(&grouping, &choosing, thing, member, name, depth)) {
                break;
            }
        }
    }
    fw_jun_rest(jun, "application-set", thing->node);
    return fw_choosing_done(&choosing);
}

static void expand(void *owner, struct fw_thing *thing, unsigned depth)
{
    struct fw_jun *jun = owner;
    if (thing->state == FW_THING_FRESH && thing->node) {
        thing->state = FW_THING_OPEN;
        fw_thing_settle(thing, thing->type == FW_JUN_APPS ? application_set(jun, thing, depth)
                                                          : application(jun, thing));
    }
}

void fw_jun_applications(struct fw_jun *jun)
{
    static const char *const kinds[] = {"application", "application-set"};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < 2; i++) {
            struct fw_node *list = fw_tree_use(&jun->tree, jun->tree.root, "applications", kinds[i],
                                               NULL);
            for (struct fw_node *entry = list ? list->child : NULL; entry; entry = entry->next) {
                struct fw_thing *thing = fw_things_add(
                    &jun->things, scope, FW_JUN_APPLICATION, entry->name,
                    i == 0 ? FW_OBJECT_SERVICE : FW_OBJECT_SERVICE_GROUP);
                if (pass == 1 && thing->node == entry) {
                    expand(jun, thing, 0);
                    fw_arena_reset(&jun->doc->scratch);
                } else if (!thing->node) {
                    fw_node_mark(entry, FW_LINE_USED);
                    thing->node = entry;
                    thing->type = i == 0 ? FW_JUN_APP : FW_JUN_APPS;
                    thing->object->span = entry->span;
                    thing->object->defined = true;
                }
            }
        }
    }
}
