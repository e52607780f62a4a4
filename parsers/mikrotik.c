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

struct router {
    struct fw_ros ros;
    struct fw_ros_settings *settings;
    size_t nstatements;
    struct fw_ros_statement *statements; /* of rules */
};

/* --- Menus ---------------------------------------------------------------------------------- */

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
    bool known = (fw_sv_is(s->verb, "add") || fw_sv_is(s->verb, "set")) &&
                 (fw_ros_list_statement(&router->ros, s) || fw_ros_setting(router->settings, s));
    if (known) {
        fw_ros_mark(doc, s, FW_LINE_USED);
        return;
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
    static const char *const tables[FW_ROS_FAMILIES][FW_ROS_TABLES] = {
        {"filter", "nat", "raw"},
        {"ipv6", "ipv6-nat", "ipv6-raw"},
    };
    struct fw_maker *maker = &ros->maker;
    struct fw_index *places = &ros->chains[family][table];
    size_t at = fw_index_find(places, name);
    if (at != SIZE_MAX) {
        return maker->ruleset->policies[at];
    }
    fw_index_add(places, name, maker->ruleset->npolicies);
    fw_sv within = fw_sv_from(tables[family][table]);
    fw_sv full = table == FW_ROS_FILTER && family == FW_ROS_FOUR
                     ? name
                     : fw_arena_printf(&maker->doc->arena, "%.*s/%.*s", FW_SV_ARG(within),
                                       FW_SV_ARG(name));
    struct fw_policy *policy = fw_maker_policy(
        maker, full, family == FW_ROS_SIX ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4);
    policy->table = within;
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
    router->settings = fw_ros_settings_new(ros);
    ret->has_settings = ret->managed = true;
    find_version(router);
    while (fw_ros_next(&reader, &statement)) {
        read_statement(router, &statement);
    }
    read_rules(router);
    fw_ros_lists_settle(ros);
    fw_ros_settings_finish(router->settings);
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
