/* What FortiOS says of itself: interfaces and zones, clocks, logging, who may log in and from
 * where. config system interface edit "port1" set ip 192.0.2.1 255.255.255.0 set allowaccess ping
 * https ssh */
#include <string.h>

#include "parsers/fortios.h"

static void add(struct fw_fos *fos, enum fw_setting_kind kind, const struct fw_node *place,
                fw_sv value, fw_sv extra, fw_iprange range)
{
    fw_ruleset_add_setting(&fos->doc->arena, fos->ruleset,
                           (struct fw_setting){kind, value, extra, range, place->span});
}

static const fw_iprange no_range;

static struct fw_node *section(struct fw_fos *fos, const char *a, const char *b, const char *c)
{
    struct fw_node *node = fw_tree_at(&fos->tree, fos->global, a, b, c, NULL);
    if (!node && fos->base != fos->global) {
        node = fw_tree_at(&fos->tree, fos->base, a, b, c, NULL);
    }
    fw_node_mark(node, FW_LINE_USED);
    return node;
}

static void add_address(struct fw_fos *fos, struct fw_node *entry, struct fw_interface *interface)
{
    fw_iprange network;
    fw_ip own;
    struct fw_node *key = fw_fos_key(fos, entry, "ip");
    if (!key || !fw_fos_prefix(key, &network, &own) || (own.hi == 0 && own.lo == 0)) {
        return;
    }
    fw_interface_add_address(&fos->doc->arena, interface, network, own);
}

static void read_interface(struct fw_fos *fos, struct fw_node *entry)
{
    struct fw_interface *interface = fw_ruleset_add_interface(&fos->doc->arena, fos->ruleset,
                                                              entry->name, entry->span);
    interface->shutdown = fw_fos_is(fos, entry, "status", "down");
    fw_node_mark(entry, FW_LINE_USED);
    fw_fos_key(fos, entry, "vdom");
    add_address(fos, entry, interface);
    struct fw_node *more = fw_fos_key(fos, entry, "secondaryip");
    bool on = fw_fos_is(fos, entry, "secondary-IP", "enable");
    for (struct fw_node *second = more ? more->child : NULL; second; second = second->next) {
        fw_node_mark(second, FW_LINE_USED);
        if (on) {
            add_address(fos, second, interface);
        }
    }
    struct fw_node *access = fw_fos_key(fos, entry, "allowaccess");
    for (struct fw_node *word = access ? access->child : NULL; word; word = word->next) {
        add(fos, FW_SETTING_ADMIN_ACCESS, access, word->name, entry->name, no_range);
    }
}

/* Zones of the virtual domain take their interfaces; so do zones of SD-WAN. */
static void put_in_zone(struct fw_fos *fos, fw_sv name, fw_sv zone)
{
    for (size_t i = 0; i < fos->ruleset->ninterfaces; i++) {
        struct fw_interface *interface = (struct fw_interface *)&fos->ruleset->interfaces[i];
        if (fw_sv_eq(interface->name, name)) {
            interface->zone = zone;
        }
    }
}

static void read_zones(struct fw_fos *fos)
{
    struct fw_node *zones = fw_tree_at(&fos->tree, fos->base, "system", "zone", NULL);
    fw_node_mark(zones, FW_LINE_USED);
    for (struct fw_node *zone = zones ? zones->child : NULL; zone; zone = zone->next) {
        struct fw_thing *thing = fw_things_add(&fos->things, fos->vdom, FW_FOS_ZONE, zone->name,
                                               FW_OBJECT_ZONE);
        struct fw_node *members = fw_fos_key(fos, zone, "interface");
        fw_node_mark(zone, FW_LINE_USED);
        thing->object->defined = true;
        thing->object->span = zone->span;
        thing->object->empty = !members || members->n == 0;
        for (struct fw_node *name = members ? members->child : NULL; name; name = name->next) {
            put_in_zone(fos, name->name, zone->name);
        }
    }
    static const char *const wans[] = {"sdwan", "virtual-wan-link"};
    for (size_t i = 0; i < 2; i++) {
        struct fw_node *members = fw_tree_at(&fos->tree, fos->base, "system", wans[i], "members",
                                             NULL);
        for (struct fw_node *m = members ? members->child : NULL; m; m = m->next) {
            fw_sv zone = fw_fos_value(fos, m, "zone");
            put_in_zone(fos, fw_fos_value(fos, m, "interface"),
                        zone.n > 0 ? zone : FW_SV("virtual-wan-link"));
        }
    }
}

void fw_fos_interfaces(struct fw_fos *fos)
{
    if (fos->ruleset->ninterfaces == 0) {
        struct fw_node *all = section(fos, "system", "interface", NULL);
        for (struct fw_node *entry = all ? all->child : NULL; entry; entry = entry->next) {
            read_interface(fos, entry);
        }
    }
    read_zones(fos);
}

static void read_global(struct fw_fos *fos)
{
    struct fw_node *global = section(fos, "system", "global", NULL);
    fw_sv hostname = fw_fos_value(fos, global, "hostname");
    struct fw_node *zone = fw_fos_key(fos, global, "timezone");
    if (hostname.n > 0) {
        fos->ruleset->hostname = hostname;
        add(fos, FW_SETTING_HOSTNAME, fw_fos_key(fos, global, "hostname"), hostname, (fw_sv){0},
            no_range);
    }
    if (zone) {
        add(fos, FW_SETTING_TIME_ZONE, zone, fw_node_value(zone), (fw_sv){0}, no_range);
    }
}

static void read_ntp(struct fw_fos *fos)
{
    struct fw_node *ntp = section(fos, "system", "ntp", NULL);
    struct fw_node *type = fw_fos_key(fos, ntp, "type");
    struct fw_node *servers = fw_fos_key(fos, ntp, "ntpserver");
    if (!ntp || fw_fos_is(fos, ntp, "ntpsync", "disable")) {
        return;
    }
    if (!type || !fw_sv_is(fw_node_value(type), "custom")) {
        add(fos, FW_SETTING_NTP_SERVER, type ? type : ntp, FW_SV("fortiguard"), (fw_sv){0},
            no_range);
    }
    for (struct fw_node *entry = servers ? servers->child : NULL; entry; entry = entry->next) {
        struct fw_node *server = fw_fos_key(fos, entry, "server");
        fw_node_mark(entry, FW_LINE_USED);
        if (server && type && fw_sv_is(fw_node_value(type), "custom")) {
            add(fos, FW_SETTING_NTP_SERVER, server, fw_node_value(server),
                fw_fos_value(fos, entry, "key-id"), no_range);
        }
        if (fw_fos_is(fos, entry, "authentication", "enable")) {
            add(fos, FW_SETTING_NTP_AUTH, fw_fos_key(fos, entry, "authentication"), FW_SV("enable"),
                (fw_sv){0}, no_range);
        }
    }
}

static void read_logging(struct fw_fos *fos)
{
    static const char *const places[] = {"syslogd",        "syslogd2",           "syslogd3",
                                         "syslogd4",       "fortianalyzer",      "fortianalyzer2",
                                         "fortianalyzer3", "fortianalyzer-cloud"};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct fw_node *setting = section(fos, "log", places[i], "setting");
        struct fw_node *server = fw_fos_key(fos, setting, "server");
        fw_sv mode = fw_fos_value(fos, setting, "mode");
        fw_sv tls = fw_fos_value(fos, setting, "enc-algorithm");
        bool on = fw_fos_is(fos, setting, "status", "enable");
        bool encrypted = tls.n > 0 && !fw_sv_is(tls, "disable");
        if (server && on) {
            add(fos, FW_SETTING_LOG_HOST, server, fw_node_value(server),
                encrypted ? FW_SV("tls") : mode, no_range);
        }
    }
}

static void read_admins(struct fw_fos *fos)
{
    struct fw_node *admins = section(fos, "system", "admin", NULL);
    for (struct fw_node *admin = admins ? admins->child : NULL; admin; admin = admin->next) {
        fw_node_mark(admin, FW_LINE_USED);
        add(fos, FW_SETTING_USER, admin, admin->name, fw_fos_value(fos, admin, "accprofile"),
            no_range);
        for (struct fw_node *key = admin->child; key; key = key->next) {
            fw_iprange range;
            fw_ip own;
            bool trust = fw_sv_starts(key->name, "trusthost") ||
                         fw_sv_starts(key->name, "ip6-trusthost");
            if (trust) {
                fw_node_mark(key, FW_LINE_USED);
                if (fw_fos_prefix(key, &range, &own)) {
                    add(fos, FW_SETTING_ADMIN_ACCESS, key, FW_SV("admin"), admin->name, range);
                }
            }
        }
    }
}

static void read_others(struct fw_fos *fos)
{
    static const char *const dns_keys[] = {"primary", "secondary"};
    static const char *const servers[] = {"radius", "tacacs+", "ldap"};
    struct fw_node *dns = section(fos, "system", "dns", NULL);
    for (size_t i = 0; i < 2; i++) {
        struct fw_node *key = fw_fos_key(fos, dns, dns_keys[i]);
        if (key) {
            add(fos, FW_SETTING_DNS_SERVER, key, fw_node_value(key), (fw_sv){0}, no_range);
        }
    }
    struct fw_node *communities = section(fos, "system", "snmp", "community");
    for (struct fw_node *c = communities ? communities->child : NULL; c; c = c->next) {
        add(fos, FW_SETTING_SNMP, c, FW_SV("v1/v2c"), (fw_sv){0}, no_range);
    }
    struct fw_node *users = section(fos, "system", "snmp", "user");
    for (struct fw_node *user = users ? users->child : NULL; user; user = user->next) {
        add(fos, FW_SETTING_SNMP, user, FW_SV("v3"), (fw_sv){0}, no_range);
    }
    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        struct fw_node *kind = fw_tree_at(&fos->tree, fos->base, "user", servers[i], NULL);
        for (struct fw_node *entry = kind ? kind->child : NULL; entry; entry = entry->next) {
            fw_node_mark(kind, FW_LINE_USED);
            fw_node_mark(entry, FW_LINE_USED);
            add(fos, FW_SETTING_AAA, entry, fw_sv_from(servers[i]),
                fw_fos_value(fos, entry, "server"), no_range);
        }
    }
}

void fw_fos_settings(struct fw_fos *fos)
{
    read_global(fos);
    read_ntp(fos);
    read_logging(fos);
    read_admins(fos);
    read_others(fos);
}
