/* What a Junos device says of itself: interfaces and zones, clocks, logging, who may log in and
 * from where. */
#include "parsers/junos.h"

static void add(struct fw_jun *jun, enum fw_setting_kind kind, const struct fw_node *place,
                fw_sv value, fw_sv extra)
{
    fw_ruleset_add_setting(
        &jun->doc->arena, jun->ruleset,
        (struct fw_setting){.kind = kind, .value = value, .extra = extra, .span = place->span});
}

/* --- interfaces and zones --- */

static struct fw_interface *add_interface(struct fw_jun *jun, fw_sv name, fw_span span)
{
    fw_index_add(&jun->interfaces, name, jun->ruleset->ninterfaces);
    return fw_ruleset_add_interface(&jun->doc->arena, jun->ruleset, name, span);
}

static void add_unit(struct fw_jun *jun, struct fw_node *device, struct fw_node *unit)
{
    static const char *const families[] = {"inet", "inet6"};
    fw_sv name = fw_arena_printf(&jun->doc->arena, "%.*s.%.*s", FW_SV_ARG(device->name),
                                 FW_SV_ARG(unit->name));
    struct fw_interface *interface = add_interface(jun, name, unit->span);
    fw_node_mark(unit, FW_LINE_USED);
    interface->device = device->name;
    interface->shutdown = fw_tree_key(&jun->tree, device, "disable") ||
                          fw_tree_key(&jun->tree, unit, "disable");
    for (size_t i = 0; i < 2; i++) {
        struct fw_node *family = fw_tree_use(&jun->tree, unit, "family", families[i], NULL);
        struct fw_node *list = fw_tree_key(&jun->tree, family, "address");
        for (struct fw_node *one = list ? list->child : NULL; one; one = one->next) {
            fw_iprange network;
            fw_ip own;
            if (fw_ip_parse(fw_sv_sub(one->name, 0, fw_sv_find_char(one->name, '/')), &own) &&
                fw_iprange_parse(one->name, &network, NULL)) {
                fw_interface_add_address(&jun->doc->arena, interface, network, own);
            }
        }
    }
}

/* Services that a zone or one of its interfaces offers to whoever is there. */
static void add_access(struct fw_jun *jun, struct fw_node *at, fw_sv where)
{
    struct fw_node *services = fw_tree_use(&jun->tree, at, "host-inbound-traffic",
                                           "system-services", NULL);
    for (struct fw_node *one = services ? services->child : NULL; one; one = one->next) {
        bool except = fw_tree_at(&jun->tree, one, "except", NULL) != NULL;
        fw_node_mark(one, FW_LINE_USED);
        fw_node_below(one, FW_LINE_USED);
        if (except) {
            continue;
        }
        if (fw_sv_is(one->name, "all") || fw_sv_is(one->name, "any-service")) {
            static const char *const every[] = {"http", "https", "netconf",
                                                "snmp", "ssh",   "telnet"};
            for (size_t i = 0; i < sizeof(every) / sizeof(every[0]); i++) {
                add(jun, FW_SETTING_ADMIN_ACCESS, one, fw_sv_from(every[i]), where);
            }
        } else {
            add(jun, FW_SETTING_ADMIN_ACCESS, one, one->name, where);
        }
    }
    struct fw_node *inbound = fw_tree_at(&jun->tree, at, "host-inbound-traffic", NULL);
    if (inbound) {
        fw_jun_rest(jun, "host-inbound-traffic", inbound);
    }
}

static void read_zone(struct fw_jun *jun, struct fw_node *zone)
{
    struct fw_thing *thing = fw_things_add(&jun->things, FW_SV("zones"), FW_JUN_ZONE, zone->name,
                                           FW_OBJECT_ZONE);
    struct fw_node *members = fw_tree_use(&jun->tree, zone, "interfaces", NULL);
    fw_node_mark(zone, FW_LINE_USED);
    jun->ruleset->zoned = true;
    thing->object->defined = true;
    thing->object->span = zone->span;
    thing->object->empty = !members || members->n == 0;
    add_access(jun, zone, zone->name);
    for (struct fw_node *one = members ? members->child : NULL; one; one = one->next) {
        size_t at = fw_index_find(&jun->interfaces, one->name);
        struct fw_interface *interface = at == SIZE_MAX
                                             ? add_interface(jun, one->name, one->span)
                                             : (struct fw_interface *)&jun->ruleset->interfaces[at];
        fw_node_mark(one, FW_LINE_USED);
        interface->zone = zone->name;
        add_access(jun, one, one->name);
    }
    fw_tree_key(&jun->tree, zone, "description");
    fw_jun_rest(jun, "security-zone", zone);
}

void fw_jun_interfaces(struct fw_jun *jun)
{
    struct fw_node *all = fw_tree_use(&jun->tree, jun->tree.root, "interfaces", NULL);
    struct fw_node *zones = fw_tree_use(&jun->tree, jun->tree.root, "security", "zones", NULL);
    for (struct fw_node *device = all ? all->child : NULL; device; device = device->next) {
        struct fw_node *units = fw_tree_use(&jun->tree, device, "unit", NULL);
        for (struct fw_node *unit = units ? units->child : NULL; unit; unit = unit->next) {
            add_unit(jun, device, unit);
        }
        if (units) {
            fw_node_mark(device, FW_LINE_USED);
        }
    }
    struct fw_node *list = fw_tree_use(&jun->tree, zones, "security-zone", NULL);
    for (struct fw_node *zone = list ? list->child : NULL; zone; zone = zone->next) {
        read_zone(jun, zone);
    }
    /* Out of band: traffic does not pass through it. */
    struct fw_node *management = fw_tree_use(&jun->tree, zones, "functional-zone", "management",
                                             NULL);
    if (management) {
        add_access(jun, management, FW_SV("management"));
    }
    if (zones) {
        fw_jun_rest(jun, "zones", zones);
    }
}

/* --- the device --- */

static void read_ntp(struct fw_jun *jun, struct fw_node *system)
{
    static const char *const kinds[] = {"server", "peer"};
    struct fw_node *ntp = fw_tree_use(&jun->tree, system, "ntp", NULL);
    struct fw_node *trusted = fw_tree_key(&jun->tree, ntp, "trusted-key");
    for (size_t i = 0; i < 2; i++) {
        struct fw_node *servers = fw_tree_use(&jun->tree, ntp, kinds[i], NULL);
        for (struct fw_node *one = servers ? servers->child : NULL; one; one = one->next) {
            fw_node_mark(one, FW_LINE_USED);
            add(jun, FW_SETTING_NTP_SERVER, one, one->name, fw_tree_value(&jun->tree, one, "key"));
            fw_tree_key(&jun->tree, one, "prefer");
        }
    }
    if (trusted) {
        add(jun, FW_SETTING_NTP_AUTH, trusted, fw_node_value(trusted), (fw_sv){0});
    }
}

static void read_syslog(struct fw_jun *jun, struct fw_node *system)
{
    struct fw_node *hosts = fw_tree_use(&jun->tree, system, "syslog", "host", NULL);
    for (struct fw_node *one = hosts ? hosts->child : NULL; one; one = one->next) {
        fw_sv transport = fw_tree_value(&jun->tree, one, "transport");
        fw_node_mark(one, FW_LINE_USED);
        fw_node_below(one, FW_LINE_USED);
        add(jun, FW_SETTING_LOG_HOST, one, one->name, transport);
    }
    struct fw_node *security = fw_tree_at(&jun->tree, jun->tree.root, "security", NULL);
    struct fw_node *streams = fw_tree_use(&jun->tree, security, "log", "stream", NULL);
    fw_sv tls = fw_tree_value(
        &jun->tree, fw_tree_use(&jun->tree, security, "log", "transport", NULL), "protocol");
    for (struct fw_node *one = streams ? streams->child : NULL; one; one = one->next) {
        struct fw_node *host = fw_tree_key(&jun->tree, one, "host");
        fw_node_mark(one, FW_LINE_USED);
        if (host && host->child) {
            add(jun, FW_SETTING_LOG_HOST, host, host->child->name, tls);
        }
    }
}

static void read_services(struct fw_jun *jun, struct fw_node *system)
{
    static const struct {
        const char *path[2];
        const char *service;
    } known[] = {
        {{"ssh", NULL}, "ssh"},
        {{"telnet", NULL}, "telnet"},
        {{"netconf", "ssh"}, "netconf"},
        {{"web-management", "http"}, "http"},
        {{"web-management", "https"}, "https"},
    };
    struct fw_node *services = fw_tree_use(&jun->tree, system, "services", NULL);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct fw_node *one = fw_tree_use(&jun->tree, services, known[i].path[0], known[i].path[1],
                                          NULL);
        /* Where zones are, they say at which interfaces. */
        if (one && !jun->ruleset->zoned) {
            fw_node_below(one, FW_LINE_USED);
            add(jun, FW_SETTING_ADMIN_ACCESS, one, fw_sv_from(known[i].service), (fw_sv){0});
        }
    }
}

static void read_users(struct fw_jun *jun, struct fw_node *system)
{
    struct fw_node *users = fw_tree_use(&jun->tree, system, "login", "user", NULL);
    struct fw_node *order = fw_tree_key(&jun->tree, system, "authentication-order");
    struct fw_node *root = fw_tree_key(&jun->tree, system, "root-authentication");
    if (root) {
        add(jun, FW_SETTING_USER, root, FW_SV("root"), FW_SV("super-user"));
    }
    for (struct fw_node *one = users ? users->child : NULL; one; one = one->next) {
        fw_node_mark(one, FW_LINE_USED);
        add(jun, FW_SETTING_USER, one, one->name, fw_tree_value(&jun->tree, one, "class"));
    }
    for (struct fw_node *one = order ? order->child : NULL; one; one = one->next) {
        if (!fw_sv_is(one->name, "password")) {
            add(jun, FW_SETTING_AAA, one, one->name, (fw_sv){0});
        }
    }
}

void fw_jun_settings(struct fw_jun *jun)
{
    struct fw_node *root = jun->tree.root;
    struct fw_node *system = fw_tree_use(&jun->tree, root, "system", NULL);
    struct fw_node *version = fw_tree_key(&jun->tree, root, "version");
    if (version && version->n > 0) {
        add(jun, FW_SETTING_VERSION, version, fw_node_value(version), (fw_sv){0});
    }
    if (!system) {
        return;
    }
    jun->ruleset->has_settings = true;
    struct fw_node *hostname = fw_tree_key(&jun->tree, system, "host-name");
    struct fw_node *zone = fw_tree_key(&jun->tree, system, "time-zone");
    struct fw_node *names = fw_tree_key(&jun->tree, system, "name-server");
    if (hostname && hostname->n > 0) {
        jun->ruleset->hostname = fw_node_value(hostname);
        add(jun, FW_SETTING_HOSTNAME, hostname, fw_node_value(hostname), (fw_sv){0});
    }
    if (zone && zone->n > 0) {
        add(jun, FW_SETTING_TIME_ZONE, zone, fw_node_value(zone), (fw_sv){0});
    }
    read_ntp(jun, system);
    read_syslog(jun, system);
    read_services(jun, system);
    read_users(jun, system);
    for (struct fw_node *one = names ? names->child : NULL; one; one = one->next) {
        add(jun, FW_SETTING_DNS_SERVER, one, one->name, (fw_sv){0});
    }
    struct fw_node *communities = fw_tree_use(&jun->tree, root, "snmp", "community", NULL);
    for (struct fw_node *one = communities ? communities->child : NULL; one; one = one->next) {
        fw_node_mark(one, FW_LINE_USED);
        add(jun, FW_SETTING_SNMP, one, FW_SV("v1/v2c"), (fw_sv){0});
    }
    struct fw_node *v3 = fw_tree_use(&jun->tree, root, "snmp", "v3", NULL);
    if (v3) {
        add(jun, FW_SETTING_SNMP, v3, FW_SV("v3"), (fw_sv){0});
    }
}
