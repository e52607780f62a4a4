/* What else a review asks of a router: its name, clock, logging, services, accounts. */
#include "parsers/mikrotik.h"

enum { SERVICES = 8 };

struct action {
    fw_sv name, remote, protocol;
    bool is_remote, used;
    fw_span span;
};

struct server {
    fw_sv value, extra;
    fw_span span;
};

struct service {
    const char *name, *means;
    bool on; /* as it is shipped */
    fw_sv from;
    fw_span span;
};

struct fw_ros_settings {
    struct fw_ros *ros;
    size_t nactions, nservers;
    struct action *actions;
    struct server *servers;
    bool ntp_on, ntp_auth, snmp_on, snmp_open, services_seen;
    fw_span ntp_span, snmp_span;
    struct service services[SERVICES];
};

static void setting(struct fw_ros_settings *settings, enum fw_setting_kind kind, fw_sv value,
                    fw_sv extra, const struct fw_ros_statement *s)
{
    if (value.n > 0) {
        fw_maker_setting(&settings->ros->maker, kind, value, extra,
                         fw_ros_span(settings->ros->maker.doc, s));
    }
}

static void identity(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    fw_sv name = fw_ros_value(s, "name");
    settings->ros->maker.ruleset->hostname = name;
    setting(settings, FW_SETTING_HOSTNAME, name, (fw_sv){0}, s);
}

static void clock_zone(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    setting(settings, FW_SETTING_TIME_ZONE, fw_ros_value(s, "time-zone-name"), (fw_sv){0}, s);
}

static void clock_manual(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    setting(settings, FW_SETTING_TIME_ZONE, fw_ros_value(s, "time-zone"), (fw_sv){0}, s);
}

static void ntp_server(struct fw_ros_settings *settings, fw_sv value, fw_sv extra,
                       const struct fw_ros_statement *s)
{
    if (value.n > 0 && !fw_sv_is(value, "0.0.0.0")) {
        settings->servers = fw_arena_push(&settings->ros->maker.doc->arena, settings->servers,
                                          settings->nservers, sizeof(*settings->servers));
        settings->servers[settings->nservers++] = (struct server){
            value, extra, fw_ros_span(settings->ros->maker.doc, s)};
    }
}

/* Version 6 names servers here, version 7 in a list of their own. */
static void ntp_client(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    static const char *const lists[] = {"primary-ntp", "secondary-ntp", "server-dns-names",
                                        "servers"};
    if (fw_ros_word(s, "enabled")) {
        settings->ntp_on = fw_ros_yes(s, "enabled");
        settings->ntp_span = fw_ros_span(settings->ros->maker.doc, s);
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        fw_sv rest = fw_ros_value(s, lists[i]), one;
        while (fw_sv_split(&rest, ',', &one)) {
            ntp_server(settings, one, (fw_sv){0}, s);
        }
    }
}

static void ntp_servers(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    fw_sv key = fw_ros_value(s, "auth-key");
    bool keyed = key.n > 0 && !fw_sv_is(key, "none");
    if (!fw_ros_yes(s, "disabled")) {
        ntp_server(settings, fw_ros_value(s, "address"), keyed ? key : (fw_sv){0}, s);
        settings->ntp_auth = settings->ntp_auth || keyed;
    }
}

/* The four that are there from the start are set by their number or name. */
static struct action *action_of(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    static const char *const own[] = {"memory", "disk", "echo", "remote"};
    fw_sv name = fw_ros_value(s, "name");
    for (size_t i = 0; i < s->n && name.n == 0; i++) {
        uint32_t number;
        const struct fw_ros_word *word = &s->words[i];
        if (!word->value.p && fw_sv_u32(word->key, 3, &number)) {
            name = fw_sv_from(own[number]);
        }
        for (size_t k = 0; k < 4 && fw_sv_is(word->key, "["); k++) {
            if (fw_sv_find(word->raw, fw_sv_from(own[k])) != SIZE_MAX) {
                name = fw_sv_from(own[k]);
            }
        }
    }
    for (size_t i = 0; i < settings->nactions; i++) {
        if (fw_sv_eq(settings->actions[i].name, name)) {
            return &settings->actions[i];
        }
    }
    settings->actions = fw_arena_push(&settings->ros->maker.doc->arena, settings->actions,
                                      settings->nactions, sizeof(*settings->actions));
    settings->actions[settings->nactions] = (struct action){.name = name,
                                                            .is_remote = fw_sv_is(name, "remote")};
    return &settings->actions[settings->nactions++];
}

static void logging_action(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    struct action *action = action_of(settings, s);
    fw_sv remote = fw_ros_value(s, "remote");
    fw_sv protocol = fw_ros_value(s, "remote-protocol");
    if (fw_ros_word(s, "target")) {
        action->is_remote = fw_sv_is(fw_ros_value(s, "target"), "remote");
    }
    if (remote.n > 0) {
        action->remote = fw_sv_is(remote, "0.0.0.0") ? (fw_sv){0} : remote;
        action->span = fw_ros_span(settings->ros->maker.doc, s);
    }
    action->protocol = protocol.n > 0 ? protocol : action->protocol;
}

static void logging(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    fw_sv name = fw_ros_value(s, "action");
    for (size_t i = 0; i < settings->nactions && !fw_ros_yes(s, "disabled"); i++) {
        if (fw_sv_eq(settings->actions[i].name, name)) {
            settings->actions[i].used = true;
        }
    }
}

static void service(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    settings->services_seen = true;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < SERVICES; k++) {
            struct service *one = &settings->services[k];
            bool named = fw_sv_is(s->words[i].key, "[")
                             ? fw_sv_find(s->words[i].raw, fw_sv_from(one->name)) != SIZE_MAX
                             : fw_sv_is(s->words[i].key, one->name);
            if (s->words[i].value.p || !named) {
                continue;
            }
            one->span = fw_ros_span(settings->ros->maker.doc, s);
            one->on = fw_ros_word(s, "disabled") ? !fw_ros_yes(s, "disabled") : one->on;
            one->from = fw_ros_value(s, "address");
        }
    }
    if (fw_sv_is(s->verb, "disable")) {
        fw_doc_unsupported(settings->ros->maker.doc, s->first, (fw_sv){0},
                           "a service is switched with disabled=yes in an export");
    }
}

static void user(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    if (!fw_ros_yes(s, "disabled")) {
        setting(settings, FW_SETTING_USER, fw_ros_value(s, "name"), fw_ros_value(s, "group"), s);
    }
}

static void user_aaa(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    if (fw_ros_yes(s, "use-radius")) {
        setting(settings, FW_SETTING_AAA, FW_SV("radius"), (fw_sv){0}, s);
    }
}

static void dns(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    fw_sv rest = fw_ros_value(s, "servers"), one;
    while (fw_sv_split(&rest, ',', &one)) {
        setting(settings, FW_SETTING_DNS_SERVER, one, (fw_sv){0}, s);
    }
}

static void snmp(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    if (fw_ros_word(s, "enabled")) {
        settings->snmp_on = fw_ros_yes(s, "enabled");
        settings->snmp_span = fw_ros_span(settings->ros->maker.doc, s);
    }
}

static void snmp_community(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    fw_sv security = fw_ros_value(s, "security");
    bool open = security.n == 0 || fw_sv_is(security, "none");
    settings->snmp_open = settings->snmp_open || (open && !fw_ros_yes(s, "disabled"));
}

static void address(struct fw_ros_settings *settings, const struct fw_ros_statement *s)
{
    struct fw_maker *maker = &settings->ros->maker;
    fw_sv name = fw_ros_value(s, "interface");
    fw_sv text = fw_ros_value(s, "address");
    fw_iprange network;
    fw_ip own;
    if (name.n == 0 || fw_ros_yes(s, "disabled")) {
        return;
    }
    if (!fw_iprange_parse(text, &network, NULL) ||
        !fw_ip_parse(fw_sv_sub(text, 0, fw_sv_find_char(text, '/')), &own)) {
        fw_doc_warn(maker->doc, FW_DIAG_ID_BAD_LINE, s->first, (fw_sv){0},
                    "the address of this interface is not known"); /* of a pool, in version 6 */
        return;
    }
    const struct fw_interface *known = fw_maker_interface_find(maker, name);
    struct fw_interface *interface = known ? (struct fw_interface *)known /* ours until sealed */
                                           : fw_maker_interface(maker, name,
                                                                fw_ros_span(maker->doc, s));
    fw_interface_add_address(&maker->doc->arena, interface, network, own);
}

/* --- Menus ---------------------------------------------------------------------------------- */

bool fw_ros_setting(struct fw_ros_settings *settings, const struct fw_ros_statement *statement)
{
    static const struct {
        const char *menu;
        void (*read)(struct fw_ros_settings *settings, const struct fw_ros_statement *statement);
    } menus[] = {
        {"ip address", address},
        {"ip dns", dns},
        {"ip service", service},
        {"ipv6 address", address},
        {"snmp", snmp},
        {"snmp community", snmp_community},
        {"system clock", clock_zone},
        {"system clock manual", clock_manual},
        {"system identity", identity},
        {"system logging", logging},
        {"system logging action", logging_action},
        {"system ntp client", ntp_client},
        {"system ntp client servers", ntp_servers},
        {"user", user},
        {"user aaa", user_aaa},
    };
    for (size_t i = 0; i < sizeof(menus) / sizeof(menus[0]); i++) {
        if (fw_sv_is(statement->menu, menus[i].menu)) {
            menus[i].read(settings, statement);
            return true;
        }
    }
    return false;
}

struct fw_ros_settings *fw_ros_settings_new(struct fw_ros *ros)
{
    static const struct service shipped[SERVICES] = {
        {"telnet", "telnet", true, {0}, {0}},   {"ftp", "ftp", true, {0}, {0}},
        {"www", "http", true, {0}, {0}},        {"www-ssl", "https", false, {0}, {0}},
        {"ssh", "ssh", true, {0}, {0}},         {"api", "api", true, {0}, {0}},
        {"api-ssl", "api-ssl", true, {0}, {0}}, {"winbox", "winbox", true, {0}, {0}},
    };
    struct fw_ros_settings *settings = fw_new(&ros->maker.doc->arena, struct fw_ros_settings);
    settings->ros = ros;
    for (size_t i = 0; i < SERVICES; i++) {
        settings->services[i] = shipped[i];
    }
    return settings;
}

/* --- What counts in the end ----------------------------------------------------------------- */

static void add_services(struct fw_ros_settings *settings)
{
    struct fw_maker *maker = &settings->ros->maker;
    for (size_t i = 0; i < SERVICES && settings->services_seen; i++) {
        const struct service *one = &settings->services[i];
        struct fw_setting setting = {
            .kind = FW_SETTING_ADMIN_ACCESS, .value = fw_sv_from(one->means), .span = one->span};
        fw_sv rest = one->from, from;
        if (setting.span.line == 0) {
            setting.span = fw_doc_span(maker->doc, fw_doc_line_text(maker->doc, 1), 1);
        }
        if (one->on && rest.n == 0) {
            fw_ruleset_add_setting(&maker->doc->arena, maker->ruleset, setting);
        }
        while (one->on && fw_sv_split(&rest, ',', &from)) {
            setting.range = (fw_iprange){0};
            (void)fw_ros_address(from, &setting.range); /* what cannot be read is anybody */
            fw_ruleset_add_setting(&maker->doc->arena, maker->ruleset, setting);
        }
    }
}

void fw_ros_settings_finish(struct fw_ros_settings *settings)
{
    struct fw_maker *maker = &settings->ros->maker;
    for (size_t i = 0; i < settings->nservers && settings->ntp_on; i++) {
        const struct server *one = &settings->servers[i];
        fw_maker_setting(maker, FW_SETTING_NTP_SERVER, one->value, one->extra, one->span);
    }
    if (settings->ntp_on && settings->ntp_auth) {
        fw_maker_setting(maker, FW_SETTING_NTP_AUTH, FW_SV("yes"), (fw_sv){0}, settings->ntp_span);
    }
    for (size_t i = 0; i < settings->nactions; i++) {
        const struct action *one = &settings->actions[i];
        if (one->is_remote && one->used && one->remote.n > 0) {
            fw_maker_setting(maker, FW_SETTING_LOG_HOST, one->remote,
                             one->protocol.n > 0 ? one->protocol : FW_SV("udp"), one->span);
        }
    }
    if (settings->snmp_on) {
        fw_maker_setting(maker, FW_SETTING_SNMP, settings->snmp_open ? FW_SV("2c") : FW_SV("3"),
                         (fw_sv){0}, settings->snmp_span);
    }
    add_services(settings);
}
