/* Interfaces of a PAN-OS device and the zones they are in, of the device or of the templates that
 * Panorama has for its devices. */
#include "core/limits.h"
#include "parsers/panos.h"

/* "192.0.2.1/24", an object's name, or a variable of the template. */
static void add_address(struct fw_pan *pan, struct fw_interface *interface, fw_sv text)
{
    struct fw_thing *thing = fw_pan_find(pan, pan->nscopes > 0 ? pan->scopes[0] : NULL,
                                         FW_PAN_ADDRESS, text);
    if (thing) {
        thing->object->uses++;
        text = fw_tree_value(&pan->tree, thing->node, "ip-netmask");
    }
    fw_iprange network;
    fw_ip own;
    if (fw_ip_parse(fw_sv_sub(text, 0, fw_sv_find_char(text, '/')), &own) &&
        fw_iprange_parse(text, &network, NULL)) {
        fw_interface_add_address(&pan->doc->arena, interface, network, own);
    }
}

static struct fw_interface *find_interface(const struct fw_pan *pan, fw_sv name)
{
    size_t at = fw_index_find(&pan->interfaces, name);
    return at == SIZE_MAX ? NULL /* ours until sealed */
                          : (struct fw_interface *)&pan->ruleset->interfaces[at];
}

/* Services that an interface offers to administrators, by its profile. */
static void add_access(struct fw_pan *pan, struct fw_node *network, struct fw_node *key,
                       fw_sv interface)
{
    static const char *const services[] = {"http", "https", "snmp", "ssh", "telnet"};
    struct fw_node *profiles = fw_tree_use(&pan->tree, network, "profiles",
                                           "interface-management-profile", NULL);
    struct fw_node *profile = fw_tree_find(&pan->tree, profiles, fw_node_value(key));
    struct fw_node *from = fw_tree_key(&pan->tree, profile, "permitted-ip");
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        struct fw_node *on = fw_tree_key(&pan->tree, profile, services[i]);
        if (!on || !fw_sv_is(fw_node_value(on), "yes")) {
            continue;
        }
        struct fw_setting setting = {.kind = FW_SETTING_ADMIN_ACCESS,
                                     .value = fw_sv_from(services[i]),
                                     .extra = interface,
                                     .span = on->span};
        bool limited = false;
        for (const struct fw_node *one = from ? from->child : NULL; one; one = one->next) {
            if (fw_iprange_parse_dashed(one->name, &setting.range)) {
                fw_ruleset_add_setting(&pan->doc->arena, pan->ruleset, setting);
                limited = true;
            }
        }
        if (!limited) {
            fw_ruleset_add_setting(&pan->doc->arena, pan->ruleset, setting);
        }
    }
}

static void read_interface(struct fw_pan *pan, struct fw_node *network, struct fw_node *entry,
                           unsigned depth)
{
    static const char *const modes[] = {"layer3", "layer2", "virtual-wire", "tap"};
    if (entry->n == 0 || find_interface(pan, entry->name)) {
        return;
    }
    fw_index_add(&pan->interfaces, entry->name, pan->ruleset->ninterfaces);
    struct fw_interface *interface = fw_ruleset_add_interface(&pan->doc->arena, pan->ruleset,
                                                              entry->name, entry->span);
    size_t index = pan->ruleset->ninterfaces - 1;
    fw_node_mark(entry, FW_LINE_USED);
    interface->shutdown = fw_tree_is(&pan->tree, entry, "link-state", "down");
    for (size_t i = 0; i <= sizeof(modes) / sizeof(modes[0]); i++) {
        bool plain = i == sizeof(modes) / sizeof(modes[0]);
        struct fw_node *mode = plain ? entry : fw_tree_use(&pan->tree, entry, modes[i], NULL);
        struct fw_node *ip = fw_tree_key(&pan->tree, mode, "ip");
        struct fw_node *ip6 = fw_tree_use(&pan->tree, mode, "ipv6", "address", NULL);
        for (const struct fw_node *one = ip ? ip->child : NULL; one; one = one->next) {
            add_address(pan, interface, one->name);
        }
        for (const struct fw_node *one = ip6 ? ip6->child : NULL; one; one = one->next) {
            add_address(pan, interface, one->name);
        }
        struct fw_node *access = fw_tree_key(&pan->tree, mode, "interface-management-profile");
        if (access) {
            add_access(pan, network, access, entry->name);
        }
        struct fw_node *units = fw_tree_use(&pan->tree, mode, "units", NULL);
        for (struct fw_node *unit = units && depth == 0 ? units->child : NULL; unit;
             unit = unit->next) {
            read_interface(pan, network, unit, 1);
        }
        interface = (struct fw_interface *)&pan->ruleset->interfaces[index]; /* may have moved */
    }
}

static void read_interfaces(struct fw_pan *pan, struct fw_node *device)
{
    static const char *const nested[] = {"ethernet", "aggregate-ethernet"};
    static const char *const flat[] = {"loopback", "tunnel", "vlan", "sdwan"};
    struct fw_node *network = fw_tree_at(&pan->tree, device, "network", NULL);
    struct fw_node *all = fw_tree_use(&pan->tree, network, "interface", NULL);
    fw_node_mark(network, FW_LINE_USED);
    for (size_t i = 0; i < sizeof(nested) / sizeof(nested[0]); i++) {
        struct fw_node *kind = fw_tree_use(&pan->tree, all, nested[i], NULL);
        for (struct fw_node *entry = kind ? kind->child : NULL; entry; entry = entry->next) {
            read_interface(pan, network, entry, 0);
        }
    }
    for (size_t i = 0; i < sizeof(flat) / sizeof(flat[0]); i++) {
        struct fw_node *kind = fw_tree_use(&pan->tree, all, flat[i], NULL);
        struct fw_node *units = fw_tree_use(&pan->tree, kind, "units", NULL);
        for (struct fw_node *unit = units ? units->child : NULL; unit; unit = unit->next) {
            read_interface(pan, network, unit, 1);
        }
    }
}

/* The zones of a virtual system, for the scope whose rules name them. */
static void read_zones(struct fw_pan *pan, struct fw_pan_scope *scope, struct fw_node *system)
{
    static const char *const modes[] = {"layer3", "layer2", "virtual-wire",
                                        "tap",    "tunnel", "external"};
    struct fw_node *zones = fw_tree_at(&pan->tree, system, "zone", NULL);
    fw_node_mark(zones, FW_LINE_USED);
    for (struct fw_node *zone = zones ? zones->child : NULL; zone; zone = zone->next) {
        struct fw_thing *thing = fw_things_add(&pan->things, scope->name, FW_PAN_ZONE, zone->name,
                                               FW_OBJECT_ZONE);
        struct fw_node *network = fw_tree_use(&pan->tree, zone, "network", NULL);
        fw_node_mark(zone, FW_LINE_USED);
        if (!thing->object->defined) {
            fw_sv *names = (fw_sv *)scope->zones;
            names = fw_arena_push(&pan->doc->arena, names, scope->nzones, sizeof(*names));
            names[scope->nzones++] = zone->name;
            scope->zones = names;
            thing->object->span = zone->span;
            thing->object->empty = true;
        }
        thing->object->defined = true;
        for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
            struct fw_node *members = fw_tree_key(&pan->tree, network, modes[i]);
            for (struct fw_node *name = members ? members->child : NULL; name; name = name->next) {
                struct fw_interface *interface = find_interface(pan, name->name);
                thing->object->empty = false;
                if (interface) {
                    interface->zone = zone->name;
                }
            }
        }
    }
}

void fw_pan_interfaces(struct fw_pan *pan)
{
    struct fw_node *root = pan->tree.root;
    struct fw_node *templates = fw_tree_use(&pan->tree, root, "template", NULL);
    read_interfaces(pan, root);
    for (struct fw_node *one = templates ? templates->child : NULL; one; one = one->next) {
        fw_node_mark(one, FW_LINE_USED);
        read_interfaces(pan, fw_tree_use(&pan->tree, one, "config", NULL));
    }
    for (size_t i = 0; i < pan->nscopes; i++) {
        struct fw_pan_scope *scope = pan->scopes[i];
        if (!scope->panorama) {
            read_zones(pan, scope, scope->node);
            continue;
        }
        for (struct fw_node *one = templates ? templates->child : NULL; one; one = one->next) {
            struct fw_node *systems = fw_tree_use(&pan->tree, one, "config", "vsys", NULL);
            for (struct fw_node *system = systems ? systems->child : NULL; system;
                 system = system->next) {
                fw_node_mark(system, FW_LINE_USED);
                read_zones(pan, scope, system);
            }
        }
    }
}
