/* Check Point Gaia: what "show configuration" prints of the operating system below a gateway or a
 * management server. Rules are elsewhere (checkpoint.c); here is what checks of devices ask about.
 *   set ntp server primary 192.0.2.123 version 4
 *   add allowed-client network ipv4-address 10.20.0.0 mask-length 24
 * Commands are read in their order; what a later one says of the same thing counts. */
#include "parsers/known.h"
#include "parsers/maker.h"
#include "parsers/parser.h"

enum switched { UNSAID, ON, OFF };

/* What other commands may still change. */
struct found {
    fw_sv value, extra;
    fw_span span;
};

struct list {
    size_t n;
    struct found *v;
};

struct gaia {
    struct fw_maker maker;
    fw_sv line;
    uint32_t number;
    struct list ntp, users, clients, radius, tacacs;
    struct fw_index user_places;
    enum switched ntp_active, tacacs_state, web, telnet, snmp;
    fw_sv snmp_version;
    fw_span web_span, telnet_span, snmp_span;
};

/* --- Words --- */

static fw_sv next(fw_sv *rest)
{
    fw_sv word;
    return fw_sv_word(rest, &word) ? word : (fw_sv){0};
}

/* The word after a keyword of the rest; {0}: it is not there. */
static fw_sv after(fw_sv rest, const char *keyword)
{
    fw_sv word;
    while (fw_sv_word(&rest, &word)) {
        if (fw_sv_is(word, keyword)) {
            return next(&rest);
        }
    }
    return (fw_sv){0};
}

static fw_span here(const struct gaia *gaia)
{
    return fw_doc_span(gaia->maker.doc, gaia->line, gaia->number);
}

static void bad(struct gaia *gaia, const char *expected)
{
    fw_doc_bad(gaia->maker.doc, gaia->number, gaia->line, "expected %s", expected);
}

static enum switched switched(struct gaia *gaia, fw_sv word)
{
    if (fw_sv_is(word, "on") || fw_sv_is(word, "off")) {
        return fw_sv_is(word, "on") ? ON : OFF;
    }
    bad(gaia, "on or off");
    return UNSAID;
}

static void push(struct gaia *gaia, struct list *list, fw_sv value, fw_sv extra)
{
    list->v = fw_arena_push(&gaia->maker.doc->arena, list->v, list->n, sizeof(*list->v));
    list->v[list->n++] = (struct found){value, extra, here(gaia)};
}

static void add(struct gaia *gaia, enum fw_setting_kind kind, fw_sv value, fw_sv extra)
{
    if (value.n > 0) {
        fw_maker_setting(&gaia->maker, kind, value, extra, here(gaia));
    } else {
        bad(gaia, "a value");
    }
}

/* --- One command each; `rest` is what follows the words of its row --- */

static void hostname(struct gaia *gaia, fw_sv rest)
{
    fw_sv name = next(&rest);
    gaia->maker.ruleset->hostname = name;
    add(gaia, FW_SETTING_HOSTNAME, name, (fw_sv){0});
}

/* "Asia / Taipei" */
static void timezone_is(struct gaia *gaia, fw_sv rest)
{
    fw_sv area = next(&rest);
    fw_sv slash = next(&rest);
    fw_sv city = next(&rest);
    bool parts = fw_sv_is(slash, "/") && city.n > 0;
    add(gaia, FW_SETTING_TIME_ZONE,
        parts ? fw_arena_printf(&gaia->maker.doc->arena, "%.*s/%.*s", FW_SV_ARG(area),
                                FW_SV_ARG(city))
              : area,
        (fw_sv){0});
}

static void ntp_active(struct gaia *gaia, fw_sv rest)
{
    gaia->ntp_active = switched(gaia, next(&rest));
}

/* "primary ADDRESS version 4", "secondary ...", or the address at once */
static void ntp_server(struct gaia *gaia, fw_sv rest)
{
    fw_sv word = next(&rest);
    bool rank = fw_sv_is(word, "primary") || fw_sv_is(word, "secondary");
    fw_sv server = rank ? next(&rest) : word;
    if (server.n > 0) {
        push(gaia, &gaia->ntp, server, (fw_sv){0});
    } else {
        bad(gaia, "a server");
    }
}

static void log_host(struct gaia *gaia, fw_sv rest)
{
    fw_sv host = next(&rest);
    fw_sv protocol = after(rest, "protocol");
    add(gaia, FW_SETTING_LOG_HOST, host, protocol.n > 0 ? protocol : FW_SV("udp"));
}

static void user(struct gaia *gaia, fw_sv rest)
{
    fw_sv name = next(&rest);
    size_t at = fw_index_find(&gaia->user_places, name);
    if (name.n == 0) {
        bad(gaia, "the name of a user");
    } else if (at != SIZE_MAX) {
        gaia->users.v[at].value = name; /* it may have been deleted */
    } else {
        fw_index_add(&gaia->user_places, name, gaia->users.n);
        push(gaia, &gaia->users, name, (fw_sv){0});
    }
}

/* "NAME roles adminRole,monitorRole" */
static void roles(struct gaia *gaia, fw_sv rest)
{
    fw_sv peek = rest;
    fw_sv name = next(&peek);
    user(gaia, rest);
    size_t at = fw_index_find(&gaia->user_places, name);
    if (at != SIZE_MAX) {
        gaia->users.v[at].extra = after(peek, "roles");
    }
}

static void no_user(struct gaia *gaia, fw_sv rest)
{
    size_t at = fw_index_find(&gaia->user_places, next(&rest));
    if (at != SIZE_MAX) {
        gaia->users.v[at].value = gaia->users.v[at].extra = (fw_sv){0};
    }
}

/* "host any-host", "host ipv4-address A", "network ipv4-address A mask-length N" */
static void client(struct gaia *gaia, fw_sv rest)
{
    fw_sv kind = next(&rest);
    fw_sv peek = rest;
    fw_sv address = after(rest, "ipv4-address");
    fw_sv six = after(rest, "ipv6-address");
    fw_sv bits = after(rest, "mask-length");
    address = address.n > 0 ? address : six;
    if (fw_sv_is(next(&peek), "any-host")) {
        push(gaia, &gaia->clients, (fw_sv){0}, (fw_sv){0});
    } else if (address.n > 0 && (fw_sv_is(kind, "host") || bits.n > 0)) {
        push(gaia, &gaia->clients, address, bits);
    } else {
        push(gaia, &gaia->clients, (fw_sv){0}, (fw_sv){0}); /* it may be anyone */
        bad(gaia, "any-host, an address or a network");
    }
}

static void web(struct gaia *gaia, fw_sv rest)
{
    gaia->web = switched(gaia, next(&rest));
    gaia->web_span = here(gaia);
}

static void telnet(struct gaia *gaia, fw_sv rest)
{
    gaia->telnet = switched(gaia, next(&rest));
    gaia->telnet_span = here(gaia);
}

static void snmp(struct gaia *gaia, fw_sv rest)
{
    gaia->snmp = switched(gaia, next(&rest));
    gaia->snmp_span = here(gaia);
}

static void snmp_version(struct gaia *gaia, fw_sv rest)
{
    gaia->snmp_version = next(&rest);
}

static void radius(struct gaia *gaia, fw_sv rest)
{
    push(gaia, &gaia->radius, FW_SV("radius"), after(rest, "host"));
}

static void tacacs(struct gaia *gaia, fw_sv rest)
{
    push(gaia, &gaia->tacacs, FW_SV("tacacs+"), after(rest, "server"));
}

static void tacacs_state(struct gaia *gaia, fw_sv rest)
{
    gaia->tacacs_state = switched(gaia, next(&rest));
}

/* "primary ADDRESS"; "suffix" names no server */
static void dns(struct gaia *gaia, fw_sv rest)
{
    fw_sv rank = next(&rest);
    if (fw_sv_is(rank, "primary") || fw_sv_is(rank, "secondary") || fw_sv_is(rank, "tertiary")) {
        add(gaia, FW_SETTING_DNS_SERVER, next(&rest), (fw_sv){0});
    }
}

static struct fw_interface *interface_named(struct gaia *gaia, fw_sv name)
{
    const struct fw_interface *known = fw_maker_interface_find(&gaia->maker, name);
    return known ? (struct fw_interface *)known /* ours until sealed */
                 : fw_maker_interface(&gaia->maker, name, here(gaia));
}

static void interface(struct gaia *gaia, fw_sv rest)
{
    fw_sv name = next(&rest);
    rest = fw_sv_sub(rest, 0, fw_sv_find(rest, FW_SV(" comments "))); /* whatever stands in them */
    fw_sv four = after(rest, "ipv4-address");
    fw_sv six = after(rest, "ipv6-address");
    fw_sv mask = after(rest, "mask-length");
    fw_sv text = four.n > 0 ? four : six;
    fw_iprange network;
    fw_ip own;
    if (name.n == 0) {
        bad(gaia, "the name of an interface");
        return;
    }
    struct fw_interface *entry = interface_named(gaia, name);
    mask = mask.n > 0 ? mask : after(rest, "subnet-mask");
    fw_sv state = after(rest, "state");
    entry->shutdown = state.n > 0 ? fw_sv_is(state, "off") : entry->shutdown;
    if (text.n == 0) {
        return;
    }
    text = fw_arena_printf(&gaia->maker.doc->arena, "%.*s/%.*s", FW_SV_ARG(text), FW_SV_ARG(mask));
    if (fw_iprange_parse(text, &network, NULL) &&
        fw_ip_parse(fw_sv_sub(text, 0, fw_sv_find_char(text, '/')), &own)) {
        fw_interface_add_address(&gaia->maker.doc->arena, entry, network, own);
    } else {
        bad(gaia, "an address and the length of its mask");
    }
}

/* "add interface eth1 vlan 10" is eth1.10 */
static void add_interface(struct gaia *gaia, fw_sv rest)
{
    fw_sv name = next(&rest);
    fw_sv vlan = after(rest, "vlan");
    if (name.n > 0 && vlan.n > 0) {
        interface_named(gaia, fw_arena_printf(&gaia->maker.doc->arena, "%.*s.%.*s", FW_SV_ARG(name),
                                              FW_SV_ARG(vlan)));
    }
}

/* --- Commands --- */

static const struct {
    const char *words;
    void (*read)(struct gaia *gaia, fw_sv rest);
} rows[] = {
    {"add aaa radius-servers", radius},
    {"add aaa tacacs-servers", tacacs},
    {"add allowed-client", client},
    {"add interface", add_interface},
    {"add ntp server", ntp_server},
    {"add rba user", roles},
    {"add syslog log-remote-address", log_host},
    {"add user", user},
    {"delete user", no_user},
    {"set aaa tacacs-servers state", tacacs_state},
    {"set dns", dns},
    {"set hostname", hostname},
    {"set interface", interface},
    {"set net-access telnet", telnet},
    {"set ntp active", ntp_active},
    {"set ntp server", ntp_server},
    {"set snmp agent", snmp},
    {"set snmp agent-version", snmp_version},
    {"set syslog log-remote-address", log_host},
    {"set timezone", timezone_is},
    {"set user", user},
    {"set web daemon-enable", web},
};

/* Features that no check asks about: the second word of a command, and why. */
static const char shell[] = "how the shell looks, not who may use it";
static const char route[] = "where packets go, not whether they may";
static const char upkeep[] = "upkeep of the device";
static const char detail[] = "details of what other commands say";

static const struct fw_known features[] = {
    {"aaa", detail},
    {"arp", route},
    {"as", route},
    {"backup", upkeep},
    {"backup-scheduled", upkeep},
    {"bgp", route},
    {"bonding", route},
    {"bootp", route},
    {"bridging", route},
    {"clienv", shell},
    {"cluster", upkeep},
    {"command", shell},
    {"config-lock", shell},
    {"core-dump", upkeep},
    {"cron", upkeep},
    {"dhcp", upkeep},
    {"domainname", detail},
    {"edition", upkeep},
    {"expert-password-hash", detail},
    {"fcd", upkeep},
    {"format", shell},
    {"gaia", upkeep},
    {"grub2-password-hash", detail},
    {"host", detail},
    {"igmp", route},
    {"inactivity-timeout", shell},
    {"inbound-route-filter", route},
    {"installer", upkeep},
    {"ip-conflicts-monitor", upkeep},
    {"ipv6", route},
    {"ipv6-state", route},
    {"kernel-routes", route},
    {"lcd", upkeep},
    {"lldp", upkeep},
    {"mail-notification", upkeep},
    {"management", detail},
    {"max-path-splits", route},
    {"message", shell},
    {"neighbor", route},
    {"net-access", detail},
    {"netflow", upkeep},
    {"ntp", detail},
    {"ospf", route},
    {"password-controls", "what passwords look like, which no check asks"},
    {"pbr", route},
    {"pbrroute", route},
    {"pim", route},
    {"pppoe", route},
    {"proxy", upkeep},
    {"rba", detail},
    {"rip", route},
    {"route-redistribution", route},
    {"routedsyslog", upkeep},
    {"routemap", route},
    {"router-id", route},
    {"router-options", route},
    {"selfpasswd", detail},
    {"snmp", detail},
    {"ssh", detail},
    {"ssl", detail},
    {"static-mroute", route},
    {"static-route", route},
    {"syslog", detail},
    {"trace", upkeep},
    {"tracefile", upkeep},
    {"user", detail},
    {"vrrp", route},
    {"vsx", upkeep},
    {"vxlan", route},
    {"web", detail},
    {NULL, NULL},
};

static bool starts(fw_sv text, const char *words, fw_sv *ret_rest)
{
    fw_sv expected = fw_sv_from(words);
    fw_sv want;
    while (fw_sv_word(&expected, &want)) {
        fw_sv word;
        if (!fw_sv_word(&text, &word) || !fw_sv_eq(word, want)) {
            return false;
        }
    }
    *ret_rest = text;
    return true;
}

/* What follows one of these words is a secret. */
static void hide(struct gaia *gaia, fw_sv text)
{
    static const char *const words[] = {
        "password-hash",
        "password",
        "secret",
        "key",
        "community",
        "passphrase",
        "authpass",
        "privpass",
        "auth-pass-phrase",
        "privacy-pass-phrase",
        "auth-pass-phrase-hashed",
        "privacy-pass-phrase-hashed",
        "expert-password-hash",
        "grub2-password-hash",
        "authkey",
        "shared-secret",
        "authentication-key",
        "md5-password",
    };
    fw_sv word;
    bool secret = false;
    while (fw_sv_word(&text, &word)) {
        if (secret && word.n > 0) {
            fw_doc_secret(gaia->maker.doc, gaia->number, word);
        }
        secret = false;
        secret = secret || FW_SV_AMONG(word, words);
    }
}

static void read_command(struct gaia *gaia, fw_sv text)
{
    struct fw_doc *doc = gaia->maker.doc;
    fw_sv rest = text;
    fw_sv verb = next(&rest);
    fw_sv feature = next(&rest);
    bool command = fw_sv_is(verb, "set") || fw_sv_is(verb, "add") || fw_sv_is(verb, "delete");
    if (!command || feature.n == 0) {
        bad(gaia, "set, add or delete and a feature");
        return;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (starts(text, rows[i].words, &rest)) {
            fw_doc_mark(doc, gaia->number, FW_LINE_USED);
            rows[i].read(gaia, rest);
            return;
        }
    }
    if (fw_sv_is(verb, "delete")) {
        fw_doc_unsupported(doc, gaia->number, text, "what this takes back counts all the same");
    } else if (fw_known_find(features, feature)) {
        fw_doc_mark(doc, gaia->number, FW_LINE_IGNORED);
    } else {
        fw_doc_unsupported(doc, gaia->number, feature, "this feature is not known");
    }
}

/* --- What counts in the end --- */

static void emit(struct gaia *gaia, enum fw_setting_kind kind, const struct list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->v[i].value.n > 0) {
            fw_maker_setting(&gaia->maker, kind, list->v[i].value, list->v[i].extra,
                             list->v[i].span);
        }
    }
}

/* A service is offered to every client that is allowed, or to everyone. */
static void offer(struct gaia *gaia, const char *service, fw_span span)
{
    struct fw_setting setting = {.kind = FW_SETTING_ADMIN_ACCESS, .value = fw_sv_from(service)};
    for (size_t i = 0; i < gaia->clients.n || i == 0; i++) {
        const struct found *one = i < gaia->clients.n ? &gaia->clients.v[i] : NULL;
        fw_sv text = one ? one->value : (fw_sv){0};
        setting.range = (fw_iprange){0};
        setting.span = one ? one->span : span;
        if (text.n > 0 && one->extra.n > 0) {
            text = fw_arena_printf(&gaia->maker.doc->arena, "%.*s/%.*s", FW_SV_ARG(text),
                                   FW_SV_ARG(one->extra));
        }
        if (text.n > 0 && !fw_iprange_parse(text, &setting.range, NULL)) {
            fw_doc_bad(gaia->maker.doc, one->span.line, one->value, "expected an address");
            setting.range = (fw_iprange){0}; /* it may be anyone */
        }
        fw_ruleset_add_setting(&gaia->maker.doc->arena, gaia->maker.ruleset, setting);
    }
}

static void finish(struct gaia *gaia)
{
    if (gaia->ntp_active != OFF) {
        emit(gaia, FW_SETTING_NTP_SERVER, &gaia->ntp);
    }
    emit(gaia, FW_SETTING_USER, &gaia->users);
    emit(gaia, FW_SETTING_AAA, &gaia->radius);
    if (gaia->tacacs_state != OFF) {
        emit(gaia, FW_SETTING_AAA, &gaia->tacacs);
    }
    if (gaia->clients.n > 0) { /* the secure shell cannot be switched off */
        offer(gaia, "ssh", gaia->clients.v[0].span);
    }
    if (gaia->web == ON) {
        offer(gaia, "https", gaia->web_span);
    }
    if (gaia->telnet == ON) {
        offer(gaia, "telnet", gaia->telnet_span);
    }
    if (gaia->snmp == ON) {
        fw_maker_setting(&gaia->maker, FW_SETTING_SNMP,
                         gaia->snmp_version.n > 0 ? gaia->snmp_version : FW_SV("any"), (fw_sv){0},
                         gaia->snmp_span);
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct gaia *gaia = fw_new(&doc->arena, struct gaia);
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    fw_maker_init(&gaia->maker, doc, ret);
    gaia->user_places.arena = &doc->arena;
    ret->has_settings = true;
    ret->managed = true;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        gaia->line = fw_sv_trim(text);
        gaia->number = line;
        if (gaia->line.n == 0 || gaia->line.p[0] == '#') {
            fw_doc_mark(doc, line, FW_LINE_IGNORED);
        } else {
            hide(gaia, gaia->line);
            read_command(gaia, gaia->line);
        }
        fw_arena_reset(&doc->scratch);
    }
    finish(gaia);
    fw_maker_elsewhere(&gaia->maker, FW_SV("access"), FW_SV("rules of the management server"));
    fw_maker_finish(&gaia->maker);
}

/* What it prints at its head, or what only Gaia has after the verb. */
static int bid(fw_sv head)
{
    static const char *const sure[] = {
        "# Language version: ",
        "set installer policy ",
        "set clienv ",
        "add allowed-client ",
        "set net-access telnet ",
        "set password-controls ",
        "set web daemon-enable ",
        "set ntp server primary ",
        "set syslog log-remote-address ",
        "add syslog log-remote-address ",
        "add rba user ",
    };
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        if (FW_SV_STARTS_AMONG(text, sure)) {
            return FW_BID_SURE;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_gaia = {
    .name = "gaia",
    .title = "Check Point Gaia, show configuration",
    .kind = FW_PARSER_RULESET,
    .version = 3,
    .bid = bid,
    .ruleset = parse,
};
