/* How PAN-OS rewrites packets: rules of address translation, in their order. Security rules see
 * addresses as they are on the wire (PAN-OS Administrator's Guide, "NAT policy rules"). */
#include "parsers/panos.h"

/* Addresses that a rewrite gives; false: not known. */
static bool addresses(struct fw_pan_making *making, struct fw_node *key, struct fw_nat *nat)
{
    struct fw_choice choice = fw_pan_choice(making, key, FW_PAN_ADDRESS);
    bool plain = choice.n == 1 && choice.v[0].src && choice.v[0].natoms == 0 &&
                 choice.v[0].src->n > 0;
    if (!plain) {
        return false;
    }
    const struct fw_ipset *set = fw_pool_ipset(&making->pan->pool, choice.v[0].src);
    nat->to = (fw_iprange){set->v[0].lo, set->v[set->n - 1].hi};
    nat->set = set->n > 1 ? set : NULL;
    if (nat->to.lo.family != nat->to.hi.family) { /* one side of nat64 is another rule's matter */
        *nat = (struct fw_nat){0};
        return false;
    }
    return true;
}

static struct fw_nat unknown(void)
{
    return (struct fw_nat){.to = fw_iprange_all(FW_IPV4)};
}

static struct fw_nat of_source(struct fw_pan_making *making, struct fw_node *source)
{
    static const char *const kinds[] = {"dynamic-ip-and-port", "dynamic-ip", "static-ip"};
    struct fw_pan *pan = making->pan;
    struct fw_nat nat = {0};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct fw_node *kind = fw_tree_key(&pan->tree, source, kinds[i]);
        if (!kind) {
            continue;
        }
        struct fw_node *interface = fw_tree_key(&pan->tree, kind, "interface-address");
        struct fw_node *to = fw_tree_key(&pan->tree, kind, "translated-address");
        struct fw_node *own = fw_tree_key(&pan->tree, interface, "ip");
        if (interface && !(own && addresses(making, own, &nat))) {
            nat.own_address = true;
        } else if (!interface && !addresses(making, to, &nat)) {
            nat = unknown();
        }
        nat.paired = i == 2;
        nat.both_ways = i == 2 && fw_tree_is(&pan->tree, kind, "bi-directional", "yes");
    }
    return nat;
}

static struct fw_nat of_destination(struct fw_pan_making *making, struct fw_node *destination)
{
    struct fw_pan *pan = making->pan;
    struct fw_nat nat = {0};
    struct fw_node *to = fw_tree_key(&pan->tree, destination, "translated-address");
    fw_sv port = fw_tree_value(&pan->tree, destination, "translated-port");
    uint32_t number;
    if (to && !addresses(making, to, &nat)) {
        nat = unknown();
    }
    if (fw_sv_u32(port, UINT16_MAX, &number)) {
        nat.port_lo = nat.port_hi = (uint16_t)number;
    }
    return nat;
}

void fw_pan_nat(struct fw_pan *pan, const struct fw_pan_scope *scope, struct fw_node *entry,
                struct fw_rule *rule)
{
    struct fw_pan_making making;
    const fw_sv *zones;
    size_t n;
    fw_pan_begin(&making, pan, scope, entry, rule);
    struct fw_node *source = fw_tree_key(&pan->tree, entry, "source-translation");
    struct fw_node *destination = fw_tree_key(&pan->tree, entry, "destination-translation");
    struct fw_node *dynamic = fw_tree_key(&pan->tree, entry, "dynamic-destination-translation");
    destination = destination ? destination : dynamic;
    struct fw_nat inner = destination ? of_destination(&making, destination) : (struct fw_nat){0};
    rule->action = destination && !source ? FW_ACTION_DNAT : FW_ACTION_SNAT;
    rule->nat = source ? of_source(&making, source) : inner;
    if (source && destination) {
        struct fw_nat *other = fw_new(&pan->doc->arena, struct fw_nat);
        *other = inner;
        rule->nat.other = other;
    }
    rule->nat.alone = true; /* the first rule that matches is the only one */
    pan->ruleset->inner_unseen = pan->ruleset->inner_unseen || (destination && rule->enabled);
    if (fw_pan_zones(&making, "from", &zones, &n)) {
        fw_terms_names(&making.terms, zones, n, false, false);
    }
    if (fw_pan_zones(&making, "to", &zones, &n)) {
        fw_terms_names(&making.terms, zones, n, true, false);
    }
    fw_terms_addresses(
        &making.terms,
        fw_pan_choice(&making, fw_tree_key(&pan->tree, entry, "source"), FW_PAN_ADDRESS), false,
        false);
    fw_terms_addresses(
        &making.terms,
        fw_pan_choice(&making, fw_tree_key(&pan->tree, entry, "destination"), FW_PAN_ADDRESS), true,
        false);
    struct fw_node *service = fw_tree_key(&pan->tree, entry, "service");
    if (!fw_pan_any(service)) {
        fw_terms_services(&making.terms, fw_pan_choice(&making, service, FW_PAN_SERVICE), false);
    }
    struct fw_node *interface = fw_tree_key(&pan->tree, entry, "to-interface");
    if (!fw_pan_any(interface)) {
        fw_pan_atom(&making, FW_ATOM_FIXED, "to-interface", interface);
    }
    struct fw_node *member = fw_tree_key(&pan->tree, entry, "active-active-device-binding");
    if (member && !fw_sv_is(fw_node_value(member), "both")) {
        fw_pan_atom(&making, FW_ATOM_FIXED, "active-active-device-binding", member);
    }
    fw_pan_end(&making, "nat");
}
