/* What the named objects of FortiOS stand for: addresses, groups, virtual addresses, services. */
#include <string.h>

#include "core/limits.h"
#include "core/proto.h"
#include "parsers/fortios.h"

struct fw_node *fw_fos_key(struct fw_fos *fos, struct fw_node *entry, const char *key)
{
    struct fw_node *node = fw_tree_find(&fos->tree, entry, fw_sv_from(key));
    fw_node_mark(node, FW_LINE_USED);
    return node;
}

fw_sv fw_fos_value(struct fw_fos *fos, struct fw_node *entry, const char *key)
{
    const struct fw_node *node = fw_fos_key(fos, entry, key);
    return node && node->child ? node->child->name : (fw_sv){0};
}

bool fw_fos_is(struct fw_fos *fos, struct fw_node *entry, const char *key, const char *value)
{
    return fw_sv_is_nocase(fw_fos_value(fos, entry, key), value);
}

bool fw_fos_prefix(const struct fw_node *key, fw_iprange *ret, fw_ip *ret_own)
{
    if (!key || key->n == 0 || key->n > 2) {
        return false;
    }
    fw_sv text = key->child->name;
    fw_ip ip;
    fw_ip mask;
    if (!fw_ip_parse(fw_sv_sub(text, 0, fw_sv_find_char(text, '/')), &ip)) {
        return false;
    }
    *ret_own = ip;
    if (key->n == 1) {
        return fw_iprange_parse(text, ret, NULL);
    }
    return fw_ip_parse(key->last->name, &mask) && fw_iprange_from_mask(ip, mask, ret);
}

static void bad_value(struct fw_fos *fos, struct fw_node *node, const char *expected)
{
    fw_node_mark(node, FW_LINE_BAD);
    fw_doc_warn(fos->doc, FW_DIAG_ID_BAD_VALUE, node->span.line, node->name, "expected %s",
                expected);
}

/* An object whose content is kept elsewhere, or could not be read. */
static struct fw_choice opaque(struct fw_fos *fos, const char *kind, fw_sv name, bool outside)
{
    const fw_sv words[] = {fw_sv_from(kind), name};
    struct fw_choosing choosing;
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(&fos->doc->arena, words, 2),
                                       false);
    atom.outside = outside;
    fw_choosing_init(&choosing, &fos->doc->arena);
    fw_choosing_atom(&choosing, atom);
    return fw_choosing_done(&choosing);
}

static struct fw_choice one_range(struct fw_fos *fos, fw_iprange range)
{
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &fos->doc->arena);
    fw_choosing_range(&choosing, range);
    return fw_choosing_done(&choosing);
}

static bool read_range(fw_sv from, fw_sv to, fw_iprange *ret)
{
    fw_ip lo;
    fw_ip hi;
    if (!fw_ip_parse(from, &lo) || !fw_ip_parse(to, &hi) || lo.family != hi.family ||
        fw_ip_cmp(lo, hi) > 0) {
        return false;
    }
    *ret = (fw_iprange){lo, hi};
    return true;
}

/* "1.1.0.1 255.255.0.255": the bits of the mask have to be equal, wherever they stand. */
static bool read_wildcard(struct fw_fos *fos, const struct fw_node *key, struct fw_choice *ret)
{
    enum { LOOSE_BITS = 12 };
    fw_ip ip;
    fw_ip mask;
    if (!key || key->n != 2 || !fw_ip_parse(key->child->name, &ip) ||
        !fw_ip_parse(key->last->name, &mask) || ip.family != FW_IPV4 || mask.family != FW_IPV4) {
        return false;
    }
    uint32_t must = (uint32_t)mask.lo;
    uint32_t tail = 0; /* free bits at the end: one range each */
    while (tail < 32 && (must >> tail & 1) == 0) {
        tail++;
    }
    uint32_t bits[32];
    unsigned loose = 0;
    for (uint32_t bit = tail; bit < 32; bit++) {
        if ((must >> bit & 1) == 0) {
            bits[loose++] = bit;
        }
    }
    if (loose > LOOSE_BITS) {
        *ret = opaque(
            fos, "wildcard",
            fw_words_join(&fos->doc->arena, (const fw_sv[]){key->child->name, key->last->name}, 2),
            false);
        return true;
    }
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &fos->doc->arena);
    uint32_t span = tail == 32 ? UINT32_MAX : (UINT32_C(1) << tail) - 1;
    for (uint32_t i = 0; i < UINT32_C(1) << loose; i++) {
        uint32_t base = (uint32_t)ip.lo & must;
        for (unsigned b = 0; b < loose; b++) {
            base |= (i >> b & 1) << bits[b];
        }
        fw_choosing_range(&choosing, (fw_iprange){fw_ip4(base), fw_ip4(base | span)});
    }
    *ret = fw_choosing_done(&choosing);
    return true;
}

/* The networks of an interface, for addresses of type interface-subnet. */
static bool interface_network(struct fw_fos *fos, fw_sv name, fw_iprange *ret)
{
    fw_ip own;
    struct fw_node *all = fw_tree_at(&fos->tree, fos->global, "system", "interface", NULL);
    struct fw_node *entry = fw_tree_find(&fos->tree, all, name);
    return fw_fos_prefix(fw_tree_at(&fos->tree, entry, "ip", NULL), ret, &own);
}

static struct fw_choice address4(struct fw_fos *fos, struct fw_node *entry)
{
    static const char *const elsewhere[] = {"dynamic", "mac", "route-tag", "wildcard-fqdn"};
    fw_sv type = fw_fos_value(fos, entry, "type");
    struct fw_node *subnet = fw_fos_key(fos, entry, "subnet");
    fw_sv from = fw_fos_value(fos, entry, "start-ip");
    fw_sv to = fw_fos_value(fos, entry, "end-ip");
    struct fw_node *wildcard = fw_fos_key(fos, entry, "wildcard");
    fw_sv fqdn = fw_fos_value(fos, entry, "fqdn");
    fw_sv pattern = fw_fos_value(fos, entry, "wildcard-fqdn");
    fw_sv country = fw_fos_value(fos, entry, "country");
    fw_sv interface = fw_fos_value(fos, entry, "interface");
    fw_iprange range = fw_iprange_all(FW_IPV4);
    struct fw_choice choice;
    fw_ip own;
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        if (fw_sv_is(type, elsewhere[i])) {
            return opaque(fos, elsewhere[i], pattern.p ? pattern : entry->name, true);
        }
    }
    if (fw_sv_is(type, "fqdn")) {
        return opaque(fos, "fqdn", fqdn.p ? fqdn : entry->name, true);
    }
    if (fw_sv_is(type, "geography")) {
        return opaque(fos, "country", country.p ? country : entry->name, true);
    }
    if (fw_sv_is(type, "interface-subnet")) {
        if ((subnet && fw_fos_prefix(subnet, &range, &own)) ||
            interface_network(fos, interface, &range)) {
            return one_range(fos, range);
        }
        return opaque(fos, "interface-subnet", interface, true);
    }
    if (fw_sv_is(type, "iprange")) {
        if (read_range(from, to, &range)) {
            return one_range(fos, range);
        }
    } else if (fw_sv_is(type, "wildcard")) {
        if (read_wildcard(fos, wildcard, &choice)) {
            return choice;
        }
    } else if (type.n == 0 || fw_sv_is(type, "ipmask")) {
        if (!subnet || fw_fos_prefix(subnet, &range, &own)) {
            return one_range(fos, range);
        }
    }
    bad_value(fos, entry, "the addresses that its type needs");
    return opaque(fos, "address", entry->name, false);
}

static struct fw_choice address6(struct fw_fos *fos, struct fw_node *entry)
{
    fw_sv type = fw_fos_value(fos, entry, "type");
    struct fw_node *ip6 = fw_fos_key(fos, entry, "ip6");
    fw_sv from = fw_fos_value(fos, entry, "start-ip");
    fw_sv to = fw_fos_value(fos, entry, "end-ip");
    fw_sv fqdn = fw_fos_value(fos, entry, "fqdn");
    fw_sv country = fw_fos_value(fos, entry, "country");
    fw_fos_key(fos, entry, "template");
    fw_iprange range = fw_iprange_all(FW_IPV6);
    fw_ip own;
    if (fw_sv_is(type, "iprange")) {
        if (read_range(from, to, &range)) {
            return one_range(fos, range);
        }
    } else if (type.n == 0 || fw_sv_is(type, "ipprefix")) {
        if (!ip6 || fw_fos_prefix(ip6, &range, &own)) {
            return one_range(fos, range);
        }
    } else if (fw_sv_is(type, "fqdn")) {
        return opaque(fos, "fqdn", fqdn.p ? fqdn : entry->name, true);
    } else if (fw_sv_is(type, "geography")) {
        return opaque(fos, "country", country.p ? country : entry->name, true);
    } else {
        return opaque(fos, "address", entry->name, true);
    }
    bad_value(fos, entry, "the addresses that its type needs");
    return opaque(fos, "address", entry->name, false);
}

/* "1.2.3.4", "1.2.3.4-1.2.3.9" */
static bool read_dashed(fw_sv text, fw_iprange *ret)
{
    size_t dash = fw_sv_find_char(text, '-');
    if (dash == SIZE_MAX) {
        return fw_iprange_parse(text, ret, NULL);
    }
    return read_range(fw_sv_sub(text, 0, dash), fw_sv_sub(text, dash + 1, SIZE_MAX), ret);
}

static bool read_ports(fw_sv text, uint16_t *ret_lo, uint16_t *ret_hi)
{
    uint32_t lo;
    uint32_t hi;
    size_t dash = fw_sv_find_char(text, '-');
    if (!fw_sv_u32(fw_sv_sub(text, 0, dash), UINT16_MAX, &lo)) {
        return false;
    }
    hi = lo;
    if (dash != SIZE_MAX && !fw_sv_u32(fw_sv_sub(text, dash + 1, SIZE_MAX), UINT16_MAX, &hi)) {
        return false;
    }
    if (hi < lo) {
        return false;
    }
    *ret_lo = (uint16_t)lo;
    *ret_hi = (uint16_t)hi;
    return true;
}

struct fw_fos_vip fw_fos_vip(struct fw_fos *fos, struct fw_thing *thing)
{
    struct fw_node *entry = thing->node;
    struct fw_fos_vip vip = {0};
    fw_sv outer = fw_fos_value(fos, entry, "extip");
    fw_sv inner = fw_fos_value(fos, entry, "mappedip");
    fw_sv extport = fw_fos_value(fos, entry, "extport");
    fw_sv mapped = fw_fos_value(fos, entry, "mappedport");
    fw_sv proto = fw_fos_value(fos, entry, "protocol");
    bool servers = fw_sv_find(fw_fos_value(fos, entry, "type"), FW_SV("load-balance")) != SIZE_MAX;
    bool portforward = fw_fos_is(fos, entry, "portforward", "enable");
    vip.known = read_dashed(outer, &vip.outer);
    if (!vip.known || !read_dashed(inner, &vip.inner)) {
        vip.inner = (fw_iprange){0};
    }
    if (!portforward && !(servers && extport.p)) {
        return vip;
    }
    vip.forwards = true;
    vip.proto = FW_PROTO_TCP;
    if (proto.p && !fw_proto_parse(proto, &vip.proto)) {
        vip.known = false;
    }
    vip.known = vip.known &&
                (vip.proto == FW_PROTO_ICMP || read_ports(extport, &vip.outer_lo, &vip.outer_hi));
    if (!read_ports(mapped, &vip.inner_lo, &vip.inner_hi)) {
        vip.inner_lo = vip.outer_lo;
        vip.inner_hi = vip.outer_hi;
    }
    return vip;
}

/* Seen before translation, a virtual address is where packets are sent to. */
static struct fw_choice virtual_address(struct fw_fos *fos, struct fw_thing *thing)
{
    struct fw_fos_vip vip = fw_fos_vip(fos, thing);
    bool narrows = false;
    fos->vips = fw_arena_push(&fos->doc->arena, fos->vips, fos->nvips, sizeof(struct fw_thing *));
    fos->vips[fos->nvips++] = thing;
    fos->ruleset->inner_unseen = true;
    for (struct fw_node *key = thing->node->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE) {
            narrows = fw_fos_keyword(fos, "firewall vip", key) || narrows;
        }
    }
    if (vip.known && !narrows) {
        return one_range(fos, vip.outer);
    }
    return opaque(fos, "virtual address", thing->node->name, false);
}

static struct fw_thing *find_address(struct fw_fos *fos, fw_sv name, bool v6);
static void expand(struct fw_fos *fos, struct fw_thing *thing, unsigned depth);

struct fw_thing *fw_fos_missing(struct fw_fos *fos, const struct fw_node *name, int space)
{
    static const enum fw_object_kind kinds[] = {
        [FW_FOS_ADDRESS4] = FW_OBJECT_ADDRESS, [FW_FOS_ADDRESS6] = FW_OBJECT_ADDRESS,
        [FW_FOS_SERVICE] = FW_OBJECT_SERVICE,  [FW_FOS_SCHEDULE] = FW_OBJECT_SCHEDULE,
        [FW_FOS_ZONE] = FW_OBJECT_ZONE,
    };
    struct fw_thing *thing = fw_things_add(&fos->missing, fos->vdom, space, name->name,
                                           kinds[space]);
    if (thing->object->span.line == 0) {
        thing->object->span = name->span;
    }
    return thing;
}

static void undefined(struct fw_fos *fos, struct fw_node *name, const char *kind)
{
    fw_node_mark(name->parent, FW_LINE_UNSUPPORTED);
    name->parent->said = true;
    fw_doc_warn(fos->doc, FW_DIAG_ID_UNDEFINED_NAME, name->span.line, name->name,
                "no %s has this name", kind);
}

static struct fw_choice members(struct fw_fos *fos, struct fw_thing *group, const char *key,
                                unsigned depth)
{
    struct fw_choosing choosing;
    struct fw_node *list = fw_fos_key(fos, group->node, key);
    bool service = group->space == FW_FOS_SERVICE;
    fw_choosing_init(&choosing, &fos->doc->arena);
    for (struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
        struct fw_thing *thing = service ? fw_fos_service(fos, name)
                                         : find_address(fos, name->name,
                                                        group->space == FW_FOS_ADDRESS6);
        if (!thing) {
            if (!service) {
                undefined(fos, name, "address");
            }
            fw_fos_missing(fos, name, group->space)->object->uses++;
            fw_choosing_add(&choosing, opaque(fos, "undefined", name->name, false));
            continue;
        }
        thing->object->uses++;
        if (thing->state == FW_THING_OPEN || depth >= FW_LIMIT_GROUP_DEPTH) {
            fw_doc_warn(fos->doc, FW_DIAG_ID_BAD_VALUE, name->span.line, name->name,
                        thing->state == FW_THING_OPEN
                            ? "the group contains itself"
                            : "groups are nested deeper than the limit GROUP_DEPTH allows");
            fw_node_mark(list, FW_LINE_BAD);
            fw_choosing_add(&choosing, opaque(fos, "group", name->name, false));
            continue;
        }
        expand(fos, thing, depth + 1);
        if (choosing.n + choosing.nranges + thing->choice.n > FW_LIMIT_GROUP_MEMBERS) {
            fw_doc_warn(fos->doc, FW_DIAG_ID_LIMIT_REACHED, name->span.line, name->name,
                        "the group has more members than the limit GROUP_MEMBERS allows");
            fw_choosing_add(&choosing, opaque(fos, "group", group->object->name, false));
            break;
        }
        fw_choosing_add(&choosing, thing->choice);
    }
    group->object->empty = !list || list->n == 0;
    return fw_choosing_done(&choosing);
}

static struct fw_choice address_group(struct fw_fos *fos, struct fw_thing *thing, unsigned depth)
{
    bool v6 = thing->space == FW_FOS_ADDRESS6;
    struct fw_choice all = members(fos, thing, "member", depth);
    bool excludes = fw_fos_is(fos, thing->node, "exclude", "enable");
    bool empty = thing->object->empty;
    struct fw_choice but = members(fos, thing, "exclude-member", depth);
    thing->object->empty = empty;
    fw_fos_key(fos, thing->node, "type");
    return excludes
               ? fw_choice_but(&fos->doc->arena, all, but, v6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4)
               : all;
}

/* "80", "80-90", "80-90:1024-65535" (destination, then source) */
static bool read_portrange(struct fw_fos *fos, uint8_t proto, fw_sv text, struct fw_term *ret)
{
    struct fw_arena *arena = &fos->doc->arena;
    size_t colon = fw_sv_find_char(text, ':');
    const struct fw_numset *sport = NULL;
    uint16_t lo;
    uint16_t hi;
    if (colon != SIZE_MAX) {
        if (!read_ports(fw_sv_sub(text, colon + 1, SIZE_MAX), &lo, &hi)) {
            return false;
        }
        sport = lo <= 1 && hi == UINT16_MAX ? NULL : fw_numset_range(arena, lo, hi);
    }
    if (!read_ports(fw_sv_sub(text, 0, colon), &lo, &hi)) {
        return false;
    }
    /* Port 0 is never used: 1-65535 is how FortiOS writes "any port". */
    const struct fw_numset *dport = lo <= 1 && hi == UINT16_MAX ? NULL
                                                                : fw_numset_range(arena, lo, hi);
    *ret = fw_term_ports(arena, proto, sport, dport);
    return true;
}

static void add_ports(struct fw_fos *fos, struct fw_choosing *choosing, struct fw_node *entry,
                      const char *key, uint8_t proto)
{
    struct fw_node *node = fw_fos_key(fos, entry, key);
    for (struct fw_node *value = node ? node->child : NULL; value; value = value->next) {
        fw_sv rest = value->name;
        fw_sv text;
        while (fw_sv_word(&rest, &text)) {
            struct fw_term term;
            if (read_portrange(fos, proto, text, &term)) {
                fw_choosing_term(choosing, term);
            } else {
                bad_value(fos, node, "ports as 80, 80-90 or 80-90:1024-65535");
                fw_choosing_add(choosing, opaque(fos, "ports", text, false));
            }
        }
    }
}

static void add_icmp(struct fw_fos *fos, struct fw_choosing *choosing, struct fw_node *entry,
                     uint8_t proto)
{
    fw_sv type_text = fw_fos_value(fos, entry, "icmptype");
    fw_sv code_text = fw_fos_value(fos, entry, "icmpcode");
    uint32_t type;
    uint32_t code;
    if (type_text.n == 0) {
        fw_choosing_term(choosing, fw_term_proto(&fos->doc->arena, proto));
    } else if (fw_sv_u32(type_text, UINT8_MAX, &type)) {
        bool coded = fw_sv_u32(code_text, UINT8_MAX, &code);
        fw_choosing_term(choosing,
                         fw_term_icmp(&fos->doc->arena, proto, type, coded ? (int)code : -1));
    } else {
        bad_value(fos, fw_fos_key(fos, entry, "icmptype"), "a number up to 255");
        fw_choosing_add(choosing, opaque(fos, "icmptype", type_text, false));
    }
}

static struct fw_choice custom_service(struct fw_fos *fos, struct fw_node *entry)
{
    struct fw_choosing choosing;
    fw_sv protocol = fw_fos_value(fos, entry, "protocol");
    uint32_t number = 0;
    fw_choosing_init(&choosing, &fos->doc->arena);
    if (fw_sv_is_nocase(protocol, "ICMP")) {
        add_icmp(fos, &choosing, entry, FW_PROTO_ICMP);
    } else if (fw_sv_is_nocase(protocol, "ICMP6")) {
        add_icmp(fos, &choosing, entry, FW_PROTO_ICMP6);
    } else if (fw_sv_is_nocase(protocol, "IP") || fw_sv_is_nocase(protocol, "ALL")) {
        struct fw_node *key = fw_fos_key(fos, entry, "protocol-number");
        if (key && !fw_sv_u32(fw_node_value(key), UINT8_MAX, &number)) {
            bad_value(fos, key, "a number up to 255");
            fw_choosing_add(&choosing, opaque(fos, "protocol", fw_node_value(key), false));
        } else if (number == 0) {
            fw_choosing_term(&choosing, (struct fw_term){0});
        } else {
            fw_choosing_term(&choosing, fw_term_proto(&fos->doc->arena, (uint8_t)number));
        }
    }
    /* What an earlier protocol left behind is without effect, but known. */
    bool ports = protocol.n == 0 || fw_sv_find_char(protocol, '/') != SIZE_MAX;
    struct fw_choosing unused;
    fw_choosing_init(&unused, &fos->doc->arena);
    struct fw_choosing *to = ports ? &choosing : &unused;
    add_ports(fos, to, entry, "tcp-portrange", FW_PROTO_TCP);
    add_ports(fos, to, entry, "udp-portrange", FW_PROTO_UDP);
    add_ports(fos, to, entry, "sctp-portrange", FW_PROTO_SCTP);
    fw_fos_key(fos, entry, "icmptype");
    fw_fos_key(fos, entry, "icmpcode");
    fw_fos_key(fos, entry, "protocol-number");
    bool narrows = false;
    for (struct fw_node *key = entry->child; key; key = key->next) {
        bool unset = key->n == 1 &&
                     (key->child->name.n == 0 || fw_sv_is(key->child->name, "0.0.0.0"));
        if (key->verdict == FW_LINE_NONE) {
            narrows = (fw_fos_keyword(fos, "firewall service custom", key) && !unset) || narrows;
        }
    }
    struct fw_choice choice = fw_choosing_done(&choosing);
    if (!narrows) {
        return choice;
    }
    struct fw_terms terms;
    const fw_sv words[] = {FW_SV("service"), entry->name};
    fw_terms_init(&terms, &fos->doc->arena, FW_FAMILY_BOTH);
    fw_terms_and(&terms, choice.v, choice.n);
    fw_terms_atom(&terms,
                  fw_atom_make(FW_ATOM_FIXED, fw_words_join(&fos->doc->arena, words, 2), false));
    return (struct fw_choice){terms.n, terms.v};
}

static void keywords(struct fw_fos *fos, const char *section, struct fw_node *entry)
{
    for (struct fw_node *key = entry->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE) {
            fw_fos_keyword(fos, section, key);
        }
    }
}

static void expand(struct fw_fos *fos, struct fw_thing *thing, unsigned depth)
{
    bool v6 = thing->space == FW_FOS_ADDRESS6;
    if (thing->state != FW_THING_FRESH) {
        return;
    }
    thing->state = FW_THING_OPEN;
    switch ((enum fw_fos_type)thing->type) {
    case FW_FOS_ADDRESS:
        fw_thing_settle(thing, v6 ? address6(fos, thing->node) : address4(fos, thing->node));
        keywords(fos, "firewall address", thing->node);
        break;
    case FW_FOS_ADDRGRP:
        fw_thing_settle(thing, address_group(fos, thing, depth));
        keywords(fos, "firewall addrgrp", thing->node);
        break;
    case FW_FOS_VIP:
        fw_thing_settle(thing, virtual_address(fos, thing));
        break;
    case FW_FOS_VIPGRP:
        fw_thing_settle(thing, members(fos, thing, "member", depth));
        keywords(fos, "firewall vipgrp", thing->node);
        break;
    case FW_FOS_CUSTOM:
        fw_thing_settle(thing, custom_service(fos, thing->node));
        break;
    case FW_FOS_GROUP:
        fw_thing_settle(thing, members(fos, thing, "member", depth));
        keywords(fos, "firewall service group", thing->node);
        break;
    case FW_FOS_BUILTIN:
    case FW_FOS_OTHER:
        break;
    }
    thing->state = FW_THING_DONE;
}

struct section_row {
    const char *words[2]; /* below "firewall" */
    enum fw_fos_space space;
    enum fw_fos_type type;
    enum fw_object_kind kind;
};

static const struct section_row sections[] = {
    {{"address", NULL}, FW_FOS_ADDRESS4, FW_FOS_ADDRESS, FW_OBJECT_ADDRESS},
    {{"address6", NULL}, FW_FOS_ADDRESS6, FW_FOS_ADDRESS, FW_OBJECT_ADDRESS},
    {{"addrgrp", NULL}, FW_FOS_ADDRESS4, FW_FOS_ADDRGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"addrgrp6", NULL}, FW_FOS_ADDRESS6, FW_FOS_ADDRGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"vip", NULL}, FW_FOS_ADDRESS4, FW_FOS_VIP, FW_OBJECT_ADDRESS},
    {{"vip6", NULL}, FW_FOS_ADDRESS6, FW_FOS_VIP, FW_OBJECT_ADDRESS},
    {{"vipgrp", NULL}, FW_FOS_ADDRESS4, FW_FOS_VIPGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"vipgrp6", NULL}, FW_FOS_ADDRESS6, FW_FOS_VIPGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"service", "custom"}, FW_FOS_SERVICE, FW_FOS_CUSTOM, FW_OBJECT_SERVICE},
    {{"service", "group"}, FW_FOS_SERVICE, FW_FOS_GROUP, FW_OBJECT_SERVICE_GROUP},
    {{"schedule", "onetime"}, FW_FOS_SCHEDULE, FW_FOS_OTHER, FW_OBJECT_SCHEDULE},
    {{"schedule", "recurring"}, FW_FOS_SCHEDULE, FW_FOS_OTHER, FW_OBJECT_SCHEDULE},
    {{"schedule", "group"}, FW_FOS_SCHEDULE, FW_FOS_OTHER, FW_OBJECT_SCHEDULE},
};

static void declare(struct fw_fos *fos, const struct section_row *row, struct fw_node *section)
{
    fw_node_mark(section, FW_LINE_USED);
    for (struct fw_node *entry = section->child; entry; entry = entry->next) {
        struct fw_thing *thing = fw_things_add(&fos->things, fos->vdom, row->space, entry->name,
                                               row->kind);
        fw_node_mark(entry, FW_LINE_USED);
        if (thing->node) {
            fw_node_below(entry, FW_LINE_UNSUPPORTED);
            fw_doc_warn(fos->doc, FW_DIAG_ID_DUPLICATE, entry->span.line, entry->name,
                        "an object of another kind has the same name");
            continue;
        }
        thing->node = entry;
        thing->type = (int)row->type;
        thing->object->span = entry->span;
        thing->object->defined = true;
        thing->object->vendor = fw_fos_is_vendors(entry->name, row->space == FW_FOS_SERVICE);
        if (row->type == FW_FOS_OTHER) {
            fw_node_below(entry, FW_LINE_USED);
        }
    }
}

void fw_fos_objects(struct fw_fos *fos)
{
    enum { ROWS = sizeof(sections) / sizeof(sections[0]) };
    struct fw_node *nodes[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        nodes[i] = fw_tree_at(&fos->tree, fos->base, "firewall", sections[i].words[0],
                              sections[i].words[1], NULL);
        if (nodes[i]) {
            declare(fos, &sections[i], nodes[i]);
        }
    }
    for (size_t i = 0; i < ROWS; i++) {
        for (struct fw_node *entry = nodes[i] ? nodes[i]->child : NULL; entry;
             entry = entry->next) {
            struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, sections[i].space,
                                                    entry->name);
            if (thing->node == entry) {
                expand(fos, thing, 0);
            }
            fw_arena_reset(&fos->doc->scratch);
        }
    }
}

/* "all" and "none" exist without being written. */
static struct fw_thing *find_address(struct fw_fos *fos, fw_sv name, bool v6)
{
    enum fw_fos_space space = v6 ? FW_FOS_ADDRESS6 : FW_FOS_ADDRESS4;
    struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, (int)space, name);
    bool all = fw_sv_is(name, "all");
    if (thing || (!all && !fw_sv_is(name, "none"))) {
        return thing;
    }
    thing = fw_things_add(&fos->things, fos->vdom, (int)space, name, FW_OBJECT_ADDRESS);
    thing->object->defined = true;
    fw_iprange range = fw_iprange_all(v6 ? FW_IPV6 : FW_IPV4);
    if (!all) {
        range.hi = range.lo;
    }
    fw_thing_settle(thing, one_range(fos, range));
    return thing;
}

struct fw_thing *fw_fos_address(struct fw_fos *fos, struct fw_node *name, bool v6)
{
    struct fw_thing *thing = find_address(fos, name->name, v6);
    if (!thing) {
        undefined(fos, name, v6 ? "IPv6 address" : "address");
    }
    return thing;
}

static struct fw_choice builtin_service(struct fw_fos *fos, fw_sv rest)
{
    struct fw_choosing choosing;
    fw_sv word;
    fw_choosing_init(&choosing, &fos->doc->arena);
    while (fw_sv_word(&rest, &word)) {
        size_t slash = fw_sv_find_char(word, '/');
        fw_sv what = fw_sv_sub(word, 0, slash);
        fw_sv ports = fw_sv_sub(word, slash + 1, SIZE_MAX);
        struct fw_term term = {0};
        uint8_t proto = 0;
        uint32_t number = 0;
        fw_sv_u32(ports, UINT8_MAX, &number);
        if (fw_sv_is(what, "ip")) {
            if (number > 0) {
                term = fw_term_proto(&fos->doc->arena, (uint8_t)number);
            }
        } else if (fw_proto_parse(what, &proto) && !fw_proto_has_ports(proto)) {
            term = fw_term_icmp(&fos->doc->arena, proto, number, -1);
        } else {
            read_portrange(fos, proto, ports, &term);
        }
        fw_choosing_term(&choosing, term);
    }
    return fw_choosing_done(&choosing);
}

struct fw_thing *fw_fos_service(struct fw_fos *fos, struct fw_node *name)
{
    struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, FW_FOS_SERVICE, name->name);
    const char *ports = thing ? NULL : fw_fos_vendor_service(name->name);
    if (ports) {
        thing = fw_things_add(&fos->things, fos->vdom, FW_FOS_SERVICE, name->name,
                              FW_OBJECT_SERVICE);
        thing->object->defined = true;
        fw_thing_settle(thing, builtin_service(fos, fw_sv_from(ports)));
    }
    if (!thing) {
        undefined(fos, name, "service");
    }
    return thing;
}
