/* Which addresses one object of FortiOS stands for: an address, a virtual address. */
#include "core/proto.h"
#include "parsers/fortios_object.h"

/* "1.1.0.1 255.255.0.255": the bits of the mask have to be equal, wherever they stand. */
static bool read_wildcard(struct fw_fos *fos, const struct fw_node *key, struct fw_choice *ret)
{
    struct fw_arena *arena = &fos->doc->arena;
    struct fw_term *term = fw_new(arena, struct fw_term);
    fw_ip ip;
    fw_ip mask;
    if (!key || key->n != 2 || !fw_ip_parse(key->child->name, &ip) ||
        !fw_ip_parse(key->last->name, &mask) || ip.family != FW_IPV4 || mask.family != FW_IPV4) {
        return false;
    }
    *ret = (struct fw_choice){1, term};
    if (!fw_ipset_masked(arena, ip, mask, &term->src)) { /* too many pieces */
        const fw_sv words[] = {key->child->name, key->last->name};
        *ret = fw_choice_opaque(arena, "wildcard", fw_words_join(arena, words, 2), false);
    }
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
            return fw_choice_opaque(&fos->doc->arena, elsewhere[i],
                                    pattern.p ? pattern : entry->name, true);
        }
    }
    if (fw_sv_is(type, "fqdn")) {
        return fw_choice_opaque(&fos->doc->arena, "fqdn", fqdn.p ? fqdn : entry->name, true);
    }
    if (fw_sv_is(type, "geography")) {
        return fw_choice_opaque(&fos->doc->arena, "country", country.p ? country : entry->name,
                                true);
    }
    if (fw_sv_is(type, "interface-subnet")) {
        if ((subnet && fw_fos_prefix(subnet, &range, &own)) ||
            interface_network(fos, interface, &range)) {
            return fw_choice_range(&fos->doc->arena, range);
        }
        return fw_choice_opaque(&fos->doc->arena, "interface-subnet", interface, true);
    }
    if (fw_sv_is(type, "iprange")) {
        if (fw_iprange_between(from, to, &range)) {
            return fw_choice_range(&fos->doc->arena, range);
        }
    } else if (fw_sv_is(type, "wildcard")) {
        if (read_wildcard(fos, wildcard, &choice)) {
            return choice;
        }
    } else if (type.n == 0 || fw_sv_is(type, "ipmask")) {
        if (!subnet || fw_fos_prefix(subnet, &range, &own)) {
            return fw_choice_range(&fos->doc->arena, range);
        }
    }
    fw_fos_bad_value(fos, entry, "the addresses that its type needs");
    return fw_choice_opaque(&fos->doc->arena, "address", entry->name, false);
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
        if (fw_iprange_between(from, to, &range)) {
            return fw_choice_range(&fos->doc->arena, range);
        }
    } else if (type.n == 0 || fw_sv_is(type, "ipprefix")) {
        if (!ip6 || fw_fos_prefix(ip6, &range, &own)) {
            return fw_choice_range(&fos->doc->arena, range);
        }
    } else if (fw_sv_is(type, "fqdn")) {
        return fw_choice_opaque(&fos->doc->arena, "fqdn", fqdn.p ? fqdn : entry->name, true);
    } else if (fw_sv_is(type, "geography")) {
        return fw_choice_opaque(&fos->doc->arena, "country", country.p ? country : entry->name,
                                true);
    } else {
        return fw_choice_opaque(&fos->doc->arena, "address", entry->name, true);
    }
    fw_fos_bad_value(fos, entry, "the addresses that its type needs");
    return fw_choice_opaque(&fos->doc->arena, "address", entry->name, false);
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
    vip.known = fw_iprange_parse_dashed(outer, &vip.outer);
    if (!vip.known || !fw_iprange_parse_dashed(inner, &vip.inner)) {
        vip.inner = (fw_iprange){0};
    }
    if (fw_fos_is(fos, entry, "status", "disable")) { /* as good as none, whoever names it */
        return (struct fw_fos_vip){0};
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
                (vip.proto == FW_PROTO_ICMP || fw_fos_ports(extport, &vip.outer_lo, &vip.outer_hi));
    if (!fw_fos_ports(mapped, &vip.inner_lo, &vip.inner_hi)) {
        vip.inner_lo = vip.outer_lo;
        vip.inner_hi = vip.outer_hi;
    }
    return vip;
}

/* Seen before translation, a virtual address is where packets are sent to. */
struct fw_choice fw_fos_vip_choice(struct fw_fos *fos, struct fw_thing *thing)
{
    struct fw_fos_vip vip = fw_fos_vip(fos, thing);
    bool narrows = false;
    if (!fw_fos_is(fos, thing->node, "status", "disable")) {
        fos->vips = fw_arena_push(&fos->doc->arena, fos->vips, fos->nvips,
                                  sizeof(struct fw_thing *));
        fos->vips[fos->nvips++] = thing;
        fos->ruleset->inner_unseen = true;
    }
    for (struct fw_node *key = thing->node->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE) {
            narrows = fw_fos_keyword(fos, "firewall vip", key) || narrows;
        }
    }
    if (vip.known && !narrows) {
        return fw_choice_range(&fos->doc->arena, vip.outer);
    }
    return fw_choice_opaque(&fos->doc->arena, "virtual address", thing->node->name, false);
}

struct fw_choice fw_fos_address_choice(struct fw_fos *fos, struct fw_node *entry, bool v6)
{
    return v6 ? address6(fos, entry) : address4(fos, entry);
}
