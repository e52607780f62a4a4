/* MikroTik RouterOS: what "/export" prints, whole, of "/ip firewall" only, terse or verbose.
 *   # 2026-07-05 10:11:12 by RouterOS 7.15.3
 *   /ip firewall filter
 *   add action=accept chain=input connection-state=established,related
 *   add action=drop chain=input in-interface-list=!LAN
 * An export leaves out what is as it was shipped, and what comes while the device runs: entries
 * that rules, names and leases add to lists widen whatever asks for the list. Chains accept what no
 * rule takes. RouterOS documentation, "Configuration Management", "Filter", "NAT", "Services". */
#include "parsers/mikrotik.h"

#include "parsers/known.h"
#include "parsers/parser.h"

enum { LIST_SPACE = 1 };

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

struct router {
    struct fw_ros ros;
    size_t nstatements;
    struct fw_ros_statement *statements;
    size_t nactions, nservers;
    struct action *actions;
    struct server *servers;
    bool ntp_on, ntp_auth, snmp_on, snmp_open, services_seen;
    fw_span ntp_span, snmp_span;
    struct service services[8];
};

/* --- Lists of addresses and interfaces ------------------------------------------------------- */

bool fw_ros_address(fw_sv text, fw_iprange *ret)
{
    return fw_iprange_parse(text, ret, NULL) || fw_iprange_parse_dashed(text, ret);
}

struct fw_ros_list *fw_ros_list(struct fw_ros *ros, int family, fw_sv name)
{
    struct fw_arena *arena = &ros->maker.doc->arena;
    size_t at = fw_index_find(&ros->list_places[family], name);
    if (at != SIZE_MAX) {
        return &ros->lists[at];
    }
    fw_index_add(&ros->list_places[family], name, ros->nlists);
    ros->lists = fw_arena_push(arena, ros->lists, ros->nlists, sizeof(*ros->lists));
    struct fw_ros_list *list = &ros->lists[ros->nlists++];
    *list = (struct fw_ros_list){.varying = false};
    list->thing = fw_things_add(&ros->things, (fw_sv){0}, LIST_SPACE + family, name,
                                FW_OBJECT_ADDRESS_GROUP);
    fw_choosing_init(&list->choosing, arena);
    return list;
}

struct fw_ros_iflist *fw_ros_iflist(struct fw_ros *ros, fw_sv name)
{
    size_t at = fw_index_find(&ros->iflist_places, name);
    if (at == SIZE_MAX) {
        at = ros->niflists;
        fw_index_add(&ros->iflist_places, name, at);
        ros->iflists = fw_arena_push(&ros->maker.doc->arena, ros->iflists, ros->niflists,
                                     sizeof(*ros->iflists));
        ros->iflists[ros->niflists++] = (struct fw_ros_iflist){.name = name};
    }
    return &ros->iflists[at];
}

static void add_name(struct fw_ros *ros, struct fw_ros_names *names, fw_sv name)
{
    names->v = fw_arena_push(&ros->maker.doc->arena, names->v, names->n, sizeof(*names->v));
    names->v[names->n++] = name;
}

static void add_names(struct fw_ros *ros, struct fw_ros_names *names, fw_sv list)
{
    fw_sv name;
    while (fw_sv_split(&list, ',', &name)) {
        add_name(ros, names, name);
    }
}

static void list_entry(struct router *router, int family, const struct fw_ros_statement *s)
{
    struct fw_ros *ros = &router->ros;
    struct fw_doc *doc = ros->maker.doc;
    fw_sv name = fw_ros_value(s, "list");
    fw_sv address = fw_ros_value(s, "address");
    fw_iprange range;
    if (name.n == 0 || address.n == 0 || s->cut) {
        fw_doc_bad(doc, s->first, (fw_sv){0}, "an entry needs its list and its address");
        if (name.n > 0) {
            fw_ros_list(ros, family, name)->varying = true;
        }
        return;
    }
    struct fw_ros_list *list = fw_ros_list(ros, family, name);
    if (!list->thing->object->defined) {
        list->thing->object->defined = true;
        list->thing->object->span = fw_ros_span(doc, s);
    }
    if (fw_ros_yes(s, "disabled")) {
        return;
    }
    if (!fw_ros_address(address, &range)) { /* a name, looked up again and again */
        list->varying = true;
    } else if (fw_ros_word(s, "timeout")) {
        list->varying = true; /* it goes some day */
    } else {
        fw_choosing_range(&list->choosing, range);
    }
}

static void list_entry4(struct router *router, const struct fw_ros_statement *s)
{
    list_entry(router, FW_ROS_FOUR, s);
}

static void list_entry6(struct router *router, const struct fw_ros_statement *s)
{
    list_entry(router, FW_ROS_SIX, s);
}

static void interface_list(struct router *router, const struct fw_ros_statement *s)
{
    fw_sv name = fw_ros_value(s, "name");
    if (name.n > 0) {
        struct fw_ros_iflist *list = fw_ros_iflist(&router->ros, name);
        add_names(&router->ros, &list->include, fw_ros_value(s, "include"));
        add_names(&router->ros, &list->exclude, fw_ros_value(s, "exclude"));
        list->varying = list->varying || s->cut;
    }
}

static void interface_member(struct router *router, const struct fw_ros_statement *s)
{
    fw_sv list = fw_ros_value(s, "list");
    fw_sv interface = fw_ros_value(s, "interface");
    if (list.n == 0 || fw_ros_yes(s, "disabled")) {
        return;
    }
    struct fw_ros_iflist *known = fw_ros_iflist(&router->ros, list);
    if (interface.n == 0 || interface.p[0] == '[' || s->cut) {
        known->varying = true;
    } else {
        add_name(&router->ros, &known->members, interface);
    }
}

/* --- Settings ------------------------------------------------------------------------------- */

static void setting(struct router *router, enum fw_setting_kind kind, fw_sv value, fw_sv extra,
                    const struct fw_ros_statement *s)
{
    if (value.n > 0) {
        fw_maker_setting(&router->ros.maker, kind, value, extra,
                         fw_ros_span(router->ros.maker.doc, s));
    }
}

static void identity(struct router *router, const struct fw_ros_statement *s)
{
    fw_sv name = fw_ros_value(s, "name");
    router->ros.maker.ruleset->hostname = name;
    setting(router, FW_SETTING_HOSTNAME, name, (fw_sv){0}, s);
}

static void clock_zone(struct router *router, const struct fw_ros_statement *s)
{
    setting(router, FW_SETTING_TIME_ZONE, fw_ros_value(s, "time-zone-name"), (fw_sv){0}, s);
}

static void clock_manual(struct router *router, const struct fw_ros_statement *s)
{
    setting(router, FW_SETTING_TIME_ZONE, fw_ros_value(s, "time-zone"), (fw_sv){0}, s);
}

static void ntp_server(struct router *router, fw_sv value, fw_sv extra,
                       const struct fw_ros_statement *s)
{
    if (value.n > 0 && !fw_sv_is(value, "0.0.0.0")) {
        router->servers = fw_arena_push(&router->ros.maker.doc->arena, router->servers,
                                        router->nservers, sizeof(*router->servers));
        router->servers[router->nservers++] = (struct server){
            value, extra, fw_ros_span(router->ros.maker.doc, s)};
    }
}

/* Version 6 names servers here, version 7 in a list of their own. */
static void ntp_client(struct router *router, const struct fw_ros_statement *s)
{
    static const char *const lists[] = {"primary-ntp", "secondary-ntp", "server-dns-names",
                                        "servers"};
    if (fw_ros_word(s, "enabled")) {
        router->ntp_on = fw_ros_yes(s, "enabled");
        router->ntp_span = fw_ros_span(router->ros.maker.doc, s);
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        fw_sv rest = fw_ros_value(s, lists[i]), one;
        while (fw_sv_split(&rest, ',', &one)) {
            ntp_server(router, one, (fw_sv){0}, s);
        }
    }
}

static void ntp_servers(struct router *router, const struct fw_ros_statement *s)
{
    fw_sv key = fw_ros_value(s, "auth-key");
    bool keyed = key.n > 0 && !fw_sv_is(key, "none");
    if (!fw_ros_yes(s, "disabled")) {
        ntp_server(router, fw_ros_value(s, "address"), keyed ? key : (fw_sv){0}, s);
        router->ntp_auth = router->ntp_auth || keyed;
    }
}

/* The four that are there from the start are set by their number or name. */
static struct action *action_of(struct router *router, const struct fw_ros_statement *s)
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
    for (size_t i = 0; i < router->nactions; i++) {
        if (fw_sv_eq(router->actions[i].name, name)) {
            return &router->actions[i];
        }
    }
    router->actions = fw_arena_push(&router->ros.maker.doc->arena, router->actions,
                                    router->nactions, sizeof(*router->actions));
    router->actions[router->nactions] = (struct action){.name = name,
                                                        .is_remote = fw_sv_is(name, "remote")};
    return &router->actions[router->nactions++];
}

static void logging_action(struct router *router, const struct fw_ros_statement *s)
{
    struct action *action = action_of(router, s);
    fw_sv remote = fw_ros_value(s, "remote");
    fw_sv protocol = fw_ros_value(s, "remote-protocol");
    if (fw_ros_word(s, "target")) {
        action->is_remote = fw_sv_is(fw_ros_value(s, "target"), "remote");
    }
    if (remote.n > 0) {
        action->remote = fw_sv_is(remote, "0.0.0.0") ? (fw_sv){0} : remote;
        action->span = fw_ros_span(router->ros.maker.doc, s);
    }
    action->protocol = protocol.n > 0 ? protocol : action->protocol;
}

static void logging(struct router *router, const struct fw_ros_statement *s)
{
    fw_sv name = fw_ros_value(s, "action");
    for (size_t i = 0; i < router->nactions && !fw_ros_yes(s, "disabled"); i++) {
        if (fw_sv_eq(router->actions[i].name, name)) {
            router->actions[i].used = true;
        }
    }
}

static void service(struct router *router, const struct fw_ros_statement *s)
{
    router->services_seen = true;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < 8; k++) {
            struct service *one = &router->services[k];
            bool named = fw_sv_is(s->words[i].key, "[")
                             ? fw_sv_find(s->words[i].raw, fw_sv_from(one->name)) != SIZE_MAX
                             : fw_sv_is(s->words[i].key, one->name);
            if (s->words[i].value.p || !named) {
                continue;
            }
            one->span = fw_ros_span(router->ros.maker.doc, s);
            one->on = fw_ros_word(s, "disabled") ? !fw_ros_yes(s, "disabled") : one->on;
            one->from = fw_ros_value(s, "address");
        }
    }
    if (fw_sv_is(s->verb, "disable")) {
        fw_doc_unsupported(router->ros.maker.doc, s->first, (fw_sv){0},
                           "a service is switched with disabled=yes in an export");
    }
}

static void user(struct router *router, const struct fw_ros_statement *s)
{
    if (!fw_ros_yes(s, "disabled")) {
        setting(router, FW_SETTING_USER, fw_ros_value(s, "name"), fw_ros_value(s, "group"), s);
    }
}

static void user_aaa(struct router *router, const struct fw_ros_statement *s)
{
    if (fw_ros_yes(s, "use-radius")) {
        setting(router, FW_SETTING_AAA, FW_SV("radius"), (fw_sv){0}, s);
    }
}

static void dns(struct router *router, const struct fw_ros_statement *s)
{
    fw_sv rest = fw_ros_value(s, "servers"), one;
    while (fw_sv_split(&rest, ',', &one)) {
        setting(router, FW_SETTING_DNS_SERVER, one, (fw_sv){0}, s);
    }
}

static void snmp(struct router *router, const struct fw_ros_statement *s)
{
    if (fw_ros_word(s, "enabled")) {
        router->snmp_on = fw_ros_yes(s, "enabled");
        router->snmp_span = fw_ros_span(router->ros.maker.doc, s);
    }
}

static void snmp_community(struct router *router, const struct fw_ros_statement *s)
{
    fw_sv security = fw_ros_value(s, "security");
    bool open = security.n == 0 || fw_sv_is(security, "none");
    router->snmp_open = router->snmp_open || (open && !fw_ros_yes(s, "disabled"));
}

static void address(struct router *router, const struct fw_ros_statement *s)
{
    struct fw_maker *maker = &router->ros.maker;
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

static const struct {
    const char *menu;
    void (*read)(struct router *router, const struct fw_ros_statement *statement);
} menus[] = {
    {"interface list", interface_list},
    {"interface list member", interface_member},
    {"ip address", address},
    {"ip dns", dns},
    {"ip firewall address-list", list_entry4},
    {"ip service", service},
    {"ipv6 address", address},
    {"ipv6 firewall address-list", list_entry6},
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

static const struct {
    const char *menu;
    int family;
    enum fw_ros_table table;
} rules[] = {
    {"ip firewall filter", FW_ROS_FOUR, FW_ROS_FILTER},
    {"ip firewall nat", FW_ROS_FOUR, FW_ROS_NAT},
    {"ip firewall raw", FW_ROS_FOUR, FW_ROS_RAW},
    {"ipv6 firewall filter", FW_ROS_SIX, FW_ROS_FILTER},
    {"ipv6 firewall nat", FW_ROS_SIX, FW_ROS_NAT},
    {"ipv6 firewall raw", FW_ROS_SIX, FW_ROS_RAW},
};
enum { RULES = sizeof(rules) / sizeof(rules[0]) };

/* Menus that no verdict and no check hangs on, and why; all below them too. */
static const char route[] = "where packets go, not whether they may";
static const char link[] = "how links and tunnels are made, not what may pass";
static const char upkeep[] = "upkeep of the device";
static const char lease[] = "what hosts are told; what they may is asked of rules";

static const struct fw_known ignored[] = {
    {"caps-man", link},
    {"certificate", upkeep},
    {"console", upkeep},
    {"container", upkeep},
    {"disk", upkeep},
    {"file", upkeep},
    {"interface", link},
    {"iot", upkeep},
    {"ip arp", link},
    {"ip cloud", upkeep},
    {"ip dhcp-client", lease},
    {"ip dhcp-relay", lease},
    {"ip dhcp-server", lease},
    {"ip dns", lease},
    {"ip firewall connection tracking", "how long connections are kept"},
    {"ip firewall layer7-protocol", "patterns; rules that ask for them are never exact"},
    {"ip firewall mangle", "marks and headers: conditions on them are never exact"},
    {"ip firewall service-port", "which related connections are known; their state is asked"},
    {"ip ipsec", link},
    {"ip kid-control", "not a policy of the network"},
    {"ip nat-pmp interfaces", "of a menu that is named itself"},
    {"ip neighbor", upkeep},
    {"ip packing", link},
    {"ip pool", lease},
    {"ip route", route},
    {"ip settings", route},
    {"ip smb", upkeep},
    {"ip ssh", upkeep},
    {"ip tftp", upkeep},
    {"ip traffic-flow", upkeep},
    {"ip upnp interfaces", "of a menu that is named itself"},
    {"ip vrf", route},
    {"ipv6 dhcp-client", lease},
    {"ipv6 dhcp-server", lease},
    {"ipv6 firewall mangle", "marks and headers: conditions on them are never exact"},
    {"ipv6 nd", lease},
    {"ipv6 pool", lease},
    {"ipv6 route", route},
    {"ipv6 settings", route},
    {"lcd", upkeep},
    {"mpls", route},
    {"openflow", route},
    {"port", upkeep},
    {"ppp", link},
    {"queue", "how fast packets go, not whether they may"},
    {"radius", upkeep},
    {"routing", route},
    {"special-login", upkeep},
    {"system", upkeep},
    {"tool", upkeep},
    {"tr069-client", upkeep},
    {"user group", upkeep},
    {"user settings", upkeep},
    {"user ssh-keys", upkeep},
    {NULL, NULL},
};

/* Menus that decide about packets or add rules while the device runs. */
static const struct fw_known deciding[] = {
    {"interface bridge filter", NULL},
    {"interface bridge nat", NULL},
    {"interface ethernet switch", NULL},
    {"ip hotspot", NULL},
    {"ip nat-pmp", NULL},
    {"ip proxy", NULL},
    {"ip socks", NULL},
    {"ip upnp", NULL},
    {NULL, NULL},
};

/* The menu itself or one above it. */
static bool is_below(const struct fw_known *known, fw_sv menu)
{
    for (size_t end = menu.n; end > 0; end--) {
        if ((end == menu.n || menu.p[end] == ' ') &&
            fw_known_find(known, fw_sv_sub(menu, 0, end))) {
            return true;
        }
    }
    return false;
}

static size_t rules_of(fw_sv menu)
{
    size_t i = 0;
    while (i < RULES && !fw_sv_is(menu, rules[i].menu)) {
        i++;
    }
    return i;
}

static void read_other(struct router *router, const struct fw_ros_statement *s)
{
    struct fw_doc *doc = router->ros.maker.doc;
    bool decides = is_below(deciding, s->menu) && !fw_known_find(ignored, s->menu);
    bool acts = decides && (fw_sv_is(s->verb, "add") || fw_ros_yes(s, "enabled")) &&
                !fw_ros_yes(s, "disabled");
    if (s->menu.n == 0 || (s->n > 0 && s->verb.n == 0 && fw_sv_starts(s->words[0].key, ":"))) {
        fw_doc_unsupported(doc, s->first, (fw_sv){0}, "commands of a script are not carried out");
    } else if (acts) {
        fw_doc_unsupported(doc, s->first, (fw_sv){0},
                           "what this menu decides or adds to the rules is not modelled");
    } else if (decides || is_below(ignored, s->menu)) {
        fw_ros_mark(doc, s, FW_LINE_IGNORED);
    } else {
        fw_doc_unsupported(doc, s->first, (fw_sv){0}, "this menu is not known");
    }
    fw_ros_mark(doc, s, FW_LINE_IGNORED); /* the lines that follow the first */
}

/* Keys whose values are secrets wherever they stand; the name of a community is one too. */
static void hide(struct router *router, const struct fw_ros_statement *s)
{
    static const char *const parts[] = {"password", "secret",  "passphrase",
                                        "-key",     "private", "auth-id"};
    struct fw_doc *doc = router->ros.maker.doc;
    for (size_t i = 0; i < s->n; i++) {
        const struct fw_ros_word *word = &s->words[i];
        bool secret = (fw_sv_is(s->menu, "snmp community") && fw_sv_is(word->key, "name")) ||
                      fw_sv_is(word->key, "key") || fw_sv_starts(word->key, "static-key");
        for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]) && !secret; k++) {
            secret = fw_sv_find(word->key, fw_sv_from(parts[k])) != SIZE_MAX;
        }
        fw_sv rest = word->raw, piece;
        while (secret && word->value.n > 0 && fw_sv_split(&rest, '\n', &piece)) {
            if (piece.n > 0) {
                fw_doc_secret(doc, fw_doc_line_of(doc, (uint64_t)(piece.p - doc->text.p)), piece);
            }
        }
    }
}

/* Leases, names and profiles put addresses and interfaces into lists; scripts anything anywhere. */
static void find_growing(struct router *router, const struct fw_ros_statement *s)
{
    struct fw_ros *ros = &router->ros;
    for (size_t i = 0; i < s->n; i++) {
        const struct fw_ros_word *word = &s->words[i];
        bool addresses = fw_sv_is(word->key, "address-list") ||
                         fw_sv_is(word->key, "address-lists");
        fw_sv rest = word->value, name;
        while (addresses && fw_sv_split(&rest, ',', &name)) {
            fw_ros_list(ros, FW_ROS_FOUR, name)->varying = true;
            fw_ros_list(ros, FW_ROS_SIX, name)->varying = true;
        }
        if (rules_of(s->menu) == RULES && word->value.n > 0 &&
            (fw_sv_is(word->key, "interface-list") || fw_sv_ends(word->key, "-interface-list"))) {
            fw_ros_iflist(ros, word->value)->varying = true;
        }
        ros->scripted = ros->scripted ||
                        (rules_of(s->menu) == RULES &&
                         fw_sv_find(word->value, FW_SV("address-list")) != SIZE_MAX);
    }
}

/* "tool", "discover-interface-list" and the like only read a list. */
static bool may_grow(fw_sv menu)
{
    return fw_sv_starts(menu, "ppp") || fw_sv_starts(menu, "interface detect-internet") ||
           fw_sv_starts(menu, "ip ") || fw_sv_starts(menu, "ipv6 ") ||
           fw_sv_starts(menu, "system") || fw_sv_starts(menu, "tool netwatch") ||
           fw_sv_starts(menu, "interface ");
}

static void read_statement(struct router *router, const struct fw_ros_statement *s)
{
    struct fw_doc *doc = router->ros.maker.doc;
    hide(router, s);
    if (may_grow(s->menu)) {
        find_growing(router, s);
    }
    if (s->verb.n == 0 && s->n == 0) {
        fw_ros_mark(doc, s, FW_LINE_USED);
        return;
    }
    size_t at = rules_of(s->menu);
    if (at < RULES) {
        router->statements = fw_arena_push(&doc->arena, router->statements, router->nstatements,
                                           sizeof(*router->statements));
        router->statements[router->nstatements++] = *s; /* once all lists are known */
        return;
    }
    for (size_t i = 0; i < sizeof(menus) / sizeof(menus[0]); i++) {
        if (fw_sv_is(s->menu, menus[i].menu) &&
            (fw_sv_is(s->verb, "add") || fw_sv_is(s->verb, "set"))) {
            fw_ros_mark(doc, s, FW_LINE_USED);
            menus[i].read(router, s);
            return;
        }
    }
    read_other(router, s);
}

/* --- What counts in the end ----------------------------------------------------------------- */

struct fw_policy *fw_ros_chain(struct fw_ros *ros, int family, enum fw_ros_table table, fw_sv name)
{
    static const struct {
        enum fw_ros_table table;
        const char *name;
        enum fw_hook hook;
        int priority;
    } own[] = {
        {FW_ROS_FILTER, "input", FW_HOOK_INPUT, 0},
        {FW_ROS_FILTER, "forward", FW_HOOK_FORWARD, 0},
        {FW_ROS_FILTER, "output", FW_HOOK_OUTPUT, 0},
        {FW_ROS_NAT, "dstnat", FW_HOOK_PREROUTING, -100},
        {FW_ROS_NAT, "srcnat", FW_HOOK_POSTROUTING, 100},
        {FW_ROS_RAW, "prerouting", FW_HOOK_PREROUTING, -300},
        {FW_ROS_RAW, "output", FW_HOOK_OUTPUT, -300},
    };
    static const char *const tables[] = {"filter", "nat", "raw"};
    struct fw_maker *maker = &ros->maker;
    struct fw_index *places = &ros->chains[family][table];
    size_t at = fw_index_find(places, name);
    if (at != SIZE_MAX) {
        return maker->ruleset->policies[at];
    }
    fw_index_add(places, name, maker->ruleset->npolicies);
    fw_sv full = table == FW_ROS_FILTER ? name
                                        : fw_arena_printf(&maker->doc->arena, "%s/%.*s",
                                                          tables[table], FW_SV_ARG(name));
    struct fw_policy *policy = fw_maker_policy(
        maker, full, family == FW_ROS_SIX ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4);
    policy->table = fw_sv_from(tables[table]);
    policy->decides = table != FW_ROS_NAT;
    policy->nat = table == FW_ROS_NAT;
    policy->fallback = FW_ACTION_RETURN;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (own[i].table == table && fw_sv_is(name, own[i].name)) {
            policy->hook = own[i].hook;
            policy->priority = own[i].priority;
            policy->fallback = FW_ACTION_PERMIT;
        }
    }
    return policy;
}

static void settle_list(struct fw_ros *ros, struct fw_ros_list *list)
{
    struct fw_object *object = list->thing->object;
    if (list->varying || ros->scripted || !object->defined) {
        fw_sv words = fw_arena_printf(&ros->maker.doc->arena, "address-list=%.*s",
                                      FW_SV_ARG(object->name));
        fw_choosing_atom(&list->choosing, fw_atom_make(FW_ATOM_VARYING, words, false));
        object->vendor = !object->defined; /* what runs defines it */
        object->defined = true;
    }
    fw_thing_settle(list->thing, fw_choosing_done(&list->choosing));
}

const struct fw_thing *fw_ros_list_settled(struct fw_ros *ros, int family, fw_sv name)
{
    struct fw_ros_list *list = fw_ros_list(ros, family, name);
    if (list->thing->state != FW_THING_DONE) {
        settle_list(ros, list);
    }
    return list->thing;
}

static void settle_lists(struct fw_ros *ros)
{
    for (size_t i = 0; i < ros->nlists; i++) { /* those that no rule names */
        if (ros->lists[i].thing->state != FW_THING_DONE) {
            settle_list(ros, &ros->lists[i]);
        }
    }
}

/* Rules that are changed afterwards are not those that stand here. */
static void read_rules(struct router *router)
{
    struct fw_ros *ros = &router->ros;
    struct fw_doc *doc = ros->maker.doc;
    for (size_t i = 0; i < router->nstatements; i++) {
        const struct fw_ros_statement *s = &router->statements[i];
        size_t at = rules_of(s->menu);
        if (rules[at].table == FW_ROS_FILTER && !ros->seen[rules[at].family]) {
            static const char *const own[] = {"input", "forward", "output"};
            for (size_t k = 0; k < 3; k++) {
                fw_ros_chain(ros, rules[at].family, FW_ROS_FILTER, fw_sv_from(own[k]));
            }
            ros->seen[rules[at].family] = true;
        }
        if (fw_sv_is(s->verb, "add")) {
            fw_ros_rule(ros, rules[at].family, rules[at].table, s);
            continue;
        }
        fw_ros_mark(doc, s, FW_LINE_USED);
        fw_doc_unsupported(doc, s->first, (fw_sv){0},
                           "rules that are changed later are not followed");
        for (size_t p = 0; p < ros->maker.ruleset->npolicies; p++) {
            fw_policy_unread(doc, &ros->maker.pool, ros->maker.ruleset->policies[p],
                             FW_SV("changed later"), fw_ros_span(doc, s));
        }
    }
}

static void add_services(struct router *router)
{
    struct fw_maker *maker = &router->ros.maker;
    for (size_t i = 0; i < 8 && router->services_seen; i++) {
        const struct service *one = &router->services[i];
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

static void add_settings(struct router *router)
{
    struct fw_maker *maker = &router->ros.maker;
    for (size_t i = 0; i < router->nservers && router->ntp_on; i++) {
        const struct server *one = &router->servers[i];
        fw_maker_setting(maker, FW_SETTING_NTP_SERVER, one->value, one->extra, one->span);
    }
    if (router->ntp_on && router->ntp_auth) {
        fw_maker_setting(maker, FW_SETTING_NTP_AUTH, FW_SV("yes"), (fw_sv){0}, router->ntp_span);
    }
    for (size_t i = 0; i < router->nactions; i++) {
        const struct action *one = &router->actions[i];
        if (one->is_remote && one->used && one->remote.n > 0) {
            fw_maker_setting(maker, FW_SETTING_LOG_HOST, one->remote,
                             one->protocol.n > 0 ? one->protocol : FW_SV("udp"), one->span);
        }
    }
    if (router->snmp_on) {
        fw_maker_setting(maker, FW_SETTING_SNMP, router->snmp_open ? FW_SV("2c") : FW_SV("3"),
                         (fw_sv){0}, router->snmp_span);
    }
    add_services(router);
}

/* "# 2026-07-05 10:11:12 by RouterOS 7.15.3" */
static fw_sv version_in(fw_sv line)
{
    static const char by[] = "by RouterOS ";
    size_t at = fw_sv_starts(line, "#") ? fw_sv_find(line, fw_sv_from(by)) : SIZE_MAX;
    fw_sv rest = at == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(line, at + sizeof(by) - 1, SIZE_MAX);
    fw_sv word;
    return fw_sv_word(&rest, &word) ? word : (fw_sv){0};
}

static void find_version(struct router *router)
{
    struct fw_doc *doc = router->ros.maker.doc;
    fw_sv line = doc->nlines > 0 ? fw_doc_line_text(doc, 1) : (fw_sv){0};
    fw_sv version = version_in(line);
    if (version.n > 0) {
        fw_maker_setting(&router->ros.maker, FW_SETTING_VERSION, version, (fw_sv){0},
                         fw_doc_span(doc, line, 1));
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    static const struct service shipped[8] = {
        {"telnet", "telnet", true, {0}, {0}},   {"ftp", "ftp", true, {0}, {0}},
        {"www", "http", true, {0}, {0}},        {"www-ssl", "https", false, {0}, {0}},
        {"ssh", "ssh", true, {0}, {0}},         {"api", "api", true, {0}, {0}},
        {"api-ssl", "api-ssl", true, {0}, {0}}, {"winbox", "winbox", true, {0}, {0}},
    };
    struct router *router = fw_new(&doc->arena, struct router);
    struct fw_ros *ros = &router->ros;
    struct fw_ros_reader reader = {.doc = doc, .line = 1};
    struct fw_ros_statement statement;
    fw_maker_init(&ros->maker, doc, ret);
    fw_things_init(&ros->things, &doc->arena, ret);
    ros->iflist_places.arena = &doc->arena;
    for (int family = 0; family < FW_ROS_FAMILIES; family++) {
        ros->list_places[family].arena = &doc->arena;
        for (int table = 0; table < FW_ROS_TABLES; table++) {
            ros->chains[family][table].arena = &doc->arena;
        }
    }
    for (size_t i = 0; i < 8; i++) {
        router->services[i] = shipped[i];
    }
    ret->has_settings = ret->managed = true;
    find_version(router);
    while (fw_ros_next(&reader, &statement)) {
        read_statement(router, &statement);
    }
    read_rules(router);
    settle_lists(ros);
    add_settings(router);
    if (!ros->seen[FW_ROS_FOUR]) {
        fw_maker_elsewhere(&ros->maker, FW_SV("filter"), FW_SV("rules are not in this file"));
    }
    fw_things_finish(&ros->things);
    fw_maker_finish(&ros->maker);
}

static int bid(fw_sv head)
{
    bool menu = false;
    fw_sv line;
    while (fw_sv_split(&head, '\n', &line)) {
        line = fw_sv_trim(line);
        if (version_in(line).n > 0) {
            return FW_BID_SURE;
        }
        bool firewall = fw_sv_starts(line, "/ip firewall ") ||
                        fw_sv_starts(line, "/ip/firewall/") ||
                        fw_sv_starts(line, "/ipv6 firewall ") ||
                        fw_sv_starts(line, "/ipv6/firewall/");
        menu = menu || firewall;
        bool rule = fw_sv_starts(line, "add ") ||
                    (firewall && fw_sv_find(line, FW_SV(" add ")) != SIZE_MAX);
        if (menu && rule && fw_sv_find_char(line, '=') != SIZE_MAX) {
            return FW_BID_SURE;
        }
    }
    return menu ? FW_BID_LIKELY : FW_BID_NO;
}

const struct fw_parser fw_parser_mikrotik = {
    .name = "mikrotik",
    .title = "MikroTik RouterOS (/export)",
    .kind = FW_PARSER_RULESET,
    .version = 1,
    .bid = bid,
    .ruleset = parse,
};
