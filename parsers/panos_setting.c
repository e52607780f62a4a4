/* What a PAN-OS device says of itself: clocks, logging, who may log in and from where, of the
 * device or of the templates that Panorama has for its devices. */
#include "parsers/panos.h"
#include "parsers/treexml.h"

static void add(struct fw_pan *pan, enum fw_setting_kind kind, const struct fw_node *place,
                fw_sv value, fw_sv extra)
{
    fw_ruleset_add_setting(
        &pan->doc->arena, pan->ruleset,
        (struct fw_setting){.kind = kind, .value = value, .extra = extra, .span = place->span});
}

static void add_key(struct fw_pan *pan, enum fw_setting_kind kind, struct fw_node *at,
                    const char *key)
{
    struct fw_node *node = fw_tree_key(&pan->tree, at, key);
    if (node && node->n > 0) {
        add(pan, kind, node, fw_node_value(node), (fw_sv){0});
    }
}

static void read_clock(struct fw_pan *pan, struct fw_node *system)
{
    static const char *const servers[] = {"primary-ntp-server", "secondary-ntp-server"};
    struct fw_node *ntp = fw_tree_use(&pan->tree, system, "ntp-servers", NULL);
    add_key(pan, FW_SETTING_TIME_ZONE, system, "timezone");
    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        struct fw_node *server = fw_tree_use(&pan->tree, ntp, servers[i], NULL);
        struct fw_node *type = fw_tree_key(&pan->tree, server, "authentication-type");
        struct fw_node *key = fw_tree_use(&pan->tree, type, "symmetric-key", NULL);
        add_key(pan, FW_SETTING_NTP_SERVER, server, "ntp-server-address");
        if (key || fw_tree_find(&pan->tree, type, FW_SV("autokey"))) {
            add(pan, FW_SETTING_NTP_AUTH, type, type->child->name, (fw_sv){0});
        }
    }
}

/* The management interface: https and ssh unless switched off, http and telnet when switched on. */
static void read_access(struct fw_pan *pan, struct fw_node *system)
{
    static const struct {
        const char *name, *key;
        bool on;
    } services[] = {
        {"http", "disable-http", false},     {"https", "disable-https", true},
        {"snmp", "disable-snmp", false},     {"ssh", "disable-ssh", true},
        {"telnet", "disable-telnet", false},
    };
    struct fw_node *service = fw_tree_use(&pan->tree, system, "service", NULL);
    struct fw_node *from = fw_tree_key(&pan->tree, system, "permitted-ip");
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        struct fw_node *key = fw_tree_key(&pan->tree, service, services[i].key);
        bool on = key ? fw_sv_is(fw_node_value(key), "no") : services[i].on;
        struct fw_setting setting = {.kind = FW_SETTING_ADMIN_ACCESS,
                                     .value = fw_sv_from(services[i].name),
                                     .extra = FW_SV("management"),
                                     .span = key ? key->span : system->span};
        size_t n = 0;
        for (const struct fw_node *one = on && from ? from->child : NULL; one; one = one->next) {
            if (fw_iprange_parse_dashed(one->name, &setting.range)) {
                setting.span = key ? key->span : one->span;
                fw_ruleset_add_setting(&pan->doc->arena, pan->ruleset, setting);
                n++;
            }
        }
        if (on && n == 0) {
            fw_ruleset_add_setting(&pan->doc->arena, pan->ruleset, setting);
        }
    }
}

static void read_system(struct fw_pan *pan, struct fw_node *device)
{
    struct fw_node *system = fw_tree_use(&pan->tree, device, "deviceconfig", "system", NULL);
    if (!system) {
        return;
    }
    static const char *const servers[] = {"primary", "secondary"};
    struct fw_node *dns = fw_tree_use(&pan->tree, system, "dns-setting", "servers", NULL);
    pan->ruleset->has_settings = true;
    fw_sv hostname = fw_tree_value(&pan->tree, system, "hostname");
    if (hostname.n > 0) {
        pan->ruleset->hostname = hostname;
        add_key(pan, FW_SETTING_HOSTNAME, system, "hostname");
    }
    read_clock(pan, system);
    for (size_t i = 0; i < 2; i++) {
        add_key(pan, FW_SETTING_DNS_SERVER, dns, servers[i]);
    }
    read_access(pan, system);
    struct fw_node *profile = fw_tree_key(&pan->tree, system, "authentication-profile");
    if (profile) {
        add(pan, FW_SETTING_AAA, profile, fw_node_value(profile), (fw_sv){0});
    }
    struct fw_node *version = fw_tree_use(&pan->tree, system, "snmp-setting", "access-setting",
                                          "version", NULL);
    for (struct fw_node *one = version ? version->child : NULL; one; one = one->next) {
        add(pan, FW_SETTING_SNMP, one, one->name, (fw_sv){0});
    }
}

static void read_syslog(struct fw_pan *pan, struct fw_node *place)
{
    struct fw_node *profiles = fw_tree_use(&pan->tree, place, "log-settings", "syslog", NULL);
    for (struct fw_node *profile = profiles ? profiles->child : NULL; profile;
         profile = profile->next) {
        struct fw_node *servers = fw_tree_use(&pan->tree, profile, "server", NULL);
        fw_node_mark(profile, FW_LINE_USED);
        for (struct fw_node *one = servers ? servers->child : NULL; one; one = one->next) {
            struct fw_node *server = fw_tree_key(&pan->tree, one, "server");
            fw_sv transport = fw_tree_value(&pan->tree, one, "transport");
            fw_node_mark(one, FW_LINE_USED);
            if (server) {
                add(pan, FW_SETTING_LOG_HOST, server, fw_node_value(server),
                    fw_sv_is(transport, "SSL") ? FW_SV("tls") : transport);
            }
        }
    }
}

static void read_servers(struct fw_pan *pan, struct fw_node *place)
{
    static const char *const kinds[] = {"kerberos", "ldap", "radius", "saml-idp", "tacplus"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct fw_node *list = fw_tree_use(&pan->tree, place, "server-profile", kinds[i], NULL);
        for (struct fw_node *one = list ? list->child : NULL; one; one = one->next) {
            fw_node_mark(one, FW_LINE_USED);
            add(pan, FW_SETTING_AAA, one, fw_sv_from(kinds[i]), one->name);
        }
    }
}

static fw_sv role_of(struct fw_pan *pan, struct fw_node *user)
{
    struct fw_node *role = fw_tree_use(&pan->tree, user, "permissions", "role-based", NULL);
    fw_node_below(role, FW_LINE_USED);
    return role && role->child ? role->child->name : (fw_sv){0};
}

/* One device, or the configuration of a template. */
static void read_device(struct fw_pan *pan, struct fw_node *device)
{
    struct fw_node *shared = fw_tree_at(&pan->tree, device, "shared", NULL);
    struct fw_node *systems = fw_tree_at(&pan->tree, device, "vsys", NULL);
    struct fw_node *users = fw_tree_use(&pan->tree, device, "mgt-config", "users", NULL);
    read_system(pan, device);
    for (struct fw_node *user = users ? users->child : NULL; user; user = user->next) {
        fw_node_mark(user, FW_LINE_USED);
        pan->ruleset->has_settings = true;
        add(pan, FW_SETTING_USER, user, user->name, role_of(pan, user));
    }
    read_syslog(pan, shared);
    read_servers(pan, shared);
    for (struct fw_node *one = systems ? systems->child : NULL; one; one = one->next) {
        read_syslog(pan, one);
        read_servers(pan, one);
    }
}

void fw_pan_settings(struct fw_pan *pan)
{
    struct fw_node *root = pan->tree.root;
    struct fw_node *templates = fw_tree_at(&pan->tree, root, "template", NULL);
    add_key(pan, FW_SETTING_VERSION, root, FW_TREE_VERSION);
    read_device(pan, root);
    for (struct fw_node *one = templates ? templates->child : NULL; one; one = one->next) {
        read_device(pan, fw_tree_at(&pan->tree, one, "config", NULL));
    }
}
