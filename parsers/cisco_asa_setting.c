/* What an ASA says of its own management: the settings that checks ask about.
 *   ntp server 192.0.2.1 key 6 prefer       ssh 10.0.0.0 255.0.0.0 inside
 *   logging host inside 192.0.2.9 tcp/1514  username admin password ... privilege 15 */
#include "parsers/cisco_asa.h"

void fw_asa_setting_add(struct fw_asa *asa, const struct fw_cisco_line *line,
                        enum fw_setting_kind kind, fw_sv value, fw_sv extra)
{
    struct fw_doc *doc = asa->cisco.doc;
    asa->settings = fw_arena_push(&doc->arena, asa->settings, asa->nsettings,
                                  sizeof(*asa->settings));
    asa->settings[asa->nsettings++] = (struct fw_setting){
        .kind = kind,
        .value = value,
        .extra = extra,
        .span = fw_doc_span(doc, line->text, line->number)};
    fw_doc_mark(doc, line->number, FW_LINE_USED);
}

/* Forgets what earlier lines said: "no ntp server X", "clear configure ssh". */
static void forget(struct fw_asa *asa, enum fw_setting_kind kind, fw_sv value)
{
    size_t n = 0;
    for (size_t i = 0; i < asa->nsettings; i++) {
        const struct fw_setting *s = &asa->settings[i];
        if (s->kind != kind || (value.p && !fw_sv_eq(s->value, value))) {
            asa->settings[n++] = *s;
        }
    }
    asa->nsettings = n;
}

static bool take_hostname(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv name;
    if (!fw_cisco_next(line, &name)) {
        fw_cisco_expect(&asa->cisco, line, "a name after \"hostname\"");
        return true;
    }
    asa->cisco.ruleset->hostname = name;
    fw_asa_setting_add(asa, line, FW_SETTING_HOSTNAME, name, (fw_sv){0});
    return true;
}

/* "ntp server 192.0.2.1 [key 6] [source inside] [prefer]" */
static bool take_ntp(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv server;
    if (fw_cisco_take(line, "server")) {
        if (!fw_cisco_next(line, &server)) {
            fw_cisco_expect(&asa->cisco, line, "an address after \"ntp server\"");
            return true;
        }
        fw_asa_setting_add(asa, line, FW_SETTING_NTP_SERVER, server, fw_cisco_rest(line));
        return true;
    }
    if (fw_cisco_take(line, "authenticate")) {
        fw_asa_setting_add(asa, line, FW_SETTING_NTP_AUTH, FW_SV("authenticate"), (fw_sv){0});
        return true;
    }
    return false;
}

/* "logging host inside 192.0.2.9 [tcp/1514|udp/1026] [secure]": the port is 1025 or above. */
static void take_log_host(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv interface;
    fw_sv address;
    fw_sv transport;
    uint32_t port;
    if (!fw_cisco_next(line, &interface) || !fw_cisco_next(line, &address)) {
        fw_cisco_expect(&asa->cisco, line, "an interface and an address after \"logging host\"");
        return;
    }
    fw_asa_setting_add(asa, line, FW_SETTING_LOG_HOST, address, fw_cisco_rest(line));
    if (fw_cisco_peek(line, &transport)) {
        size_t slash = fw_sv_find_char(transport, '/');
        bool known = fw_sv_starts(transport, "tcp") || fw_sv_starts(transport, "udp") ||
                     fw_sv_starts(transport, "17") || fw_sv_starts(transport, "6") ||
                     fw_sv_is(transport, "format") || fw_sv_is(transport, "secure");
        if (!known || (slash != SIZE_MAX &&
                       (!fw_sv_u32(fw_sv_sub(transport, slash + 1, SIZE_MAX), UINT16_MAX, &port) ||
                        port < 1025))) {
            fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_BAD);
            fw_doc_warn(asa->cisco.doc, FW_DIAG_ID_BAD_VALUE, line->number, transport,
                        "expected tcp/PORT or udp/PORT with a port from 1025 on");
        }
    }
}

static bool take_logging(struct fw_asa *asa, struct fw_cisco_line *line)
{
    static const char *const levels[] = {"asdm", "buffered", "console", "history",
                                         "mail", "monitor",  "trap"};
    fw_sv level;
    if (fw_cisco_take(line, "host")) {
        take_log_host(asa, line);
        return true;
    }
    if (fw_cisco_take(line, "timestamp")) {
        fw_asa_setting_add(asa, line, FW_SETTING_LOG_TIMESTAMP, FW_SV("timestamp"),
                           fw_cisco_rest(line));
        return true;
    }
    if (fw_cisco_is(line, 1, "enable") || fw_cisco_is(line, 1, "on")) {
        forget(asa, FW_SETTING_LOG_OFF, FW_SV("logging"));
        fw_asa_setting_add(asa, line, FW_SETTING_LOG_ON, FW_SV("logging"), (fw_sv){0});
        return true;
    }
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (fw_cisco_take(line, levels[i])) {
            if (fw_cisco_next(line, &level)) {
                fw_asa_setting_add(asa, line, FW_SETTING_LOG_LEVEL, level, fw_sv_from(levels[i]));
            } else {
                fw_cisco_expect(&asa->cisco, line, "a level");
            }
            return true;
        }
    }
    return false;
}

/* "no logging enable", "no logging message 106023", "no logging host inside 192.0.2.9" */
static bool take_no_logging(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv word;
    if (fw_cisco_take(line, "enable") || fw_cisco_take(line, "on")) {
        forget(asa, FW_SETTING_LOG_ON, FW_SV("logging"));
        fw_asa_setting_add(asa, line, FW_SETTING_LOG_OFF, FW_SV("logging"), (fw_sv){0});
        return true;
    }
    if (fw_cisco_take(line, "timestamp")) {
        forget(asa, FW_SETTING_LOG_TIMESTAMP, (fw_sv){0});
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
        return true;
    }
    if (fw_cisco_take(line, "host") && fw_cisco_next(line, &word) && fw_cisco_next(line, &word)) {
        forget(asa, FW_SETTING_LOG_HOST, word);
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
        return true;
    }
    if (fw_cisco_take(line, "message") && fw_cisco_peek(line, &word)) {
        asa->quiet_deny = asa->quiet_deny || fw_sv_is(word, "106023");
        fw_asa_setting_add(asa, line, FW_SETTING_LOG_OFF, fw_cisco_rest(line), FW_SV("message"));
        return true;
    }
    return false;
}

/* "ssh 10.0.0.0 255.0.0.0 inside", "http 2001:db8::/32 inside": from where, over which interface.
 */
static bool take_access(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv word;
    fw_sv interface = {0};
    fw_ip ip;
    const struct fw_ipset *set;
    if (!fw_cisco_peek(line, &word)) {
        return false;
    }
    fw_iprange range;
    bool address = fw_cisco_address(&asa->cisco, word, &ip) || fw_iprange_parse(word, &range, NULL);
    if (!address) {
        return false;
    }
    if (!fw_cisco_network(&asa->cisco, line, &set)) {
        return true;
    }
    fw_cisco_next(line, &interface);
    fw_asa_setting_add(asa, line, FW_SETTING_ADMIN_ACCESS, line->words[0], interface);
    if (set->n == 1) {
        asa->settings[asa->nsettings - 1].range = set->v[0];
    }
    return true;
}

/* "username admin password X pbkdf2 privilege 15"; "username admin attributes" opens a block. */
static bool take_user(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv name;
    fw_sv word;
    fw_sv privilege = {0};
    if (!fw_cisco_next(line, &name)) {
        fw_cisco_expect(&asa->cisco, line, "a name after \"username\"");
        return true;
    }
    if (fw_cisco_is(line, line->at, "attributes")) {
        return false;
    }
    while (fw_cisco_next(line, &word)) {
        if (fw_sv_is(word, "privilege")) {
            fw_cisco_next(line, &privilege);
        }
    }
    fw_asa_setting_add(asa, line, FW_SETTING_USER, name, privilege);
    return true;
}

/* Never the community: "snmp-server host inside 192.0.2.5 community X version 2c". */
static bool take_snmp(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv word;
    fw_sv version = {0};
    fw_sv host = {0};
    bool community = false;
    bool user = fw_cisco_is(line, 1, "user");
    if (!fw_cisco_is(line, 1, "host") && !fw_cisco_is(line, 1, "community") && !user &&
        !fw_cisco_is(line, 1, "host-group")) {
        return false;
    }
    for (size_t i = 1; i < line->n; i++) {
        word = line->words[i];
        community = community || fw_sv_is(word, "community");
        if (fw_sv_is(word, "version") && i + 1 < line->n) {
            version = line->words[i + 1];
        }
        if (fw_sv_is(word, "v3")) {
            version = FW_SV("3");
        }
    }
    if (fw_cisco_is(line, 1, "host") && line->n > 3) {
        host = line->words[3];
    }
    if (!version.p && community) {
        version = FW_SV("1");
    }
    fw_asa_setting_add(asa, line, FW_SETTING_SNMP, version, host);
    return true;
}

static bool take_clock(struct fw_asa *asa, struct fw_cisco_line *line)
{
    if (!fw_cisco_take(line, "timezone")) {
        return false;
    }
    fw_asa_setting_add(asa, line, FW_SETTING_TIME_ZONE, fw_cisco_rest(line), (fw_sv){0});
    return true;
}

static bool take_dns(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv word;
    if (fw_cisco_take(line, "server-group")) {
        asa->block = FW_ASA_DNS_GROUP;
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
        return true;
    }
    if (!fw_cisco_take(line, "name-server")) {
        return false;
    }
    fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
    while (fw_cisco_next(line, &word)) {
        fw_asa_setting_add(asa, line, FW_SETTING_DNS_SERVER, word, (fw_sv){0});
    }
    return true;
}

/* " name-server 192.0.2.10 192.0.2.11 management" */
static bool take_name_servers(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv word;
    fw_ip ip;
    if (!fw_cisco_take(line, "name-server")) {
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_IGNORED); /* retries, timeouts, domains */
        return true;
    }
    fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
    while (fw_cisco_next(line, &word)) {
        if (fw_ip_parse(word, &ip)) {
            fw_asa_setting_add(asa, line, FW_SETTING_DNS_SERVER, word, (fw_sv){0});
        }
    }
    return true;
}

/* "ASA Version 9.16(4)", "PIX Version 7.0(1)", "NGFW Version 7.2.0" */
static bool take_version(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv version;
    if (!fw_cisco_is(line, 1, "Version") || line->n < 3) {
        return false;
    }
    version = line->words[2];
    size_t dot = fw_sv_find_char(version, '.');
    fw_sv_u32(fw_sv_sub(version, 0, dot), 1000, &asa->major);
    if (dot != SIZE_MAX) { /* "9.16(4)" */
        fw_sv rest = fw_sv_sub(version, dot + 1, SIZE_MAX);
        fw_sv_u32(fw_sv_sub(rest, 0, fw_sv_find_char(rest, '(')), 1000, &asa->minor);
    }
    asa->pix = fw_cisco_is(line, 0, "PIX") || fw_cisco_is(line, 0, "FWSM");
    asa->old = asa->old || asa->pix || (fw_cisco_is(line, 0, "ASA") && asa->major < 9);
    fw_asa_setting_add(asa, line, FW_SETTING_VERSION, version, line->words[0]);
    return true;
}

static bool take_clear(struct fw_asa *asa, struct fw_cisco_line *line)
{
    static const struct {
        const char *word;
        enum fw_setting_kind kind;
        bool by_value;
    } rows[] = {
        {"http", FW_SETTING_ADMIN_ACCESS, true}, {"logging", FW_SETTING_LOG_HOST, false},
        {"ntp", FW_SETTING_NTP_SERVER, false},   {"snmp-server", FW_SETTING_SNMP, false},
        {"ssh", FW_SETTING_ADMIN_ACCESS, true},  {"telnet", FW_SETTING_ADMIN_ACCESS, true},
        {"username", FW_SETTING_USER, false},
    };
    if (!fw_cisco_take(line, "config")) {
        fw_cisco_take(line, "configure");
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_cisco_is(line, line->at, rows[i].word)) {
            forget(asa, rows[i].kind, rows[i].by_value ? line->words[line->at] : (fw_sv){0});
            if (rows[i].kind == FW_SETTING_LOG_HOST) { /* everything about logging */
                forget(asa, FW_SETTING_LOG_ON, (fw_sv){0});
                forget(asa, FW_SETTING_LOG_LEVEL, (fw_sv){0});
            }
            fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
            return true;
        }
    }
    return false;
}

static bool take_no(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv word;
    if (fw_cisco_take(line, "logging")) {
        return take_no_logging(asa, line);
    }
    if (fw_cisco_take(line, "ntp") && fw_cisco_take(line, "server") && fw_cisco_next(line, &word)) {
        forget(asa, FW_SETTING_NTP_SERVER, word);
    } else if (line->at == 1 && fw_cisco_take(line, "username") && fw_cisco_next(line, &word)) {
        forget(asa, FW_SETTING_USER, word);
    } else if (line->at == 1 && fw_cisco_take(line, "same-security-traffic") &&
               fw_cisco_take(line, "permit") && fw_cisco_next(line, &word)) {
        forget(asa, FW_SETTING_SAME_SECURITY, word);
    } else {
        return false;
    }
    fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
    return true;
}

static bool take_same_security(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv which;
    if (!fw_cisco_take(line, "permit") || !fw_cisco_next(line, &which)) {
        return false;
    }
    fw_asa_setting_add(asa, line, FW_SETTING_SAME_SECURITY, which, (fw_sv){0});
    return true;
}

/* "aaa authentication ssh console LOCAL"; what it says about traffic stands in the keyword list. */
static bool take_aaa(struct fw_asa *asa, struct fw_cisco_line *line)
{
    bool traffic = fw_cisco_is(line, 2, "match") || fw_cisco_is(line, 2, "include") ||
                   fw_cisco_is(line, 2, "exclude");
    if (traffic || !(fw_cisco_is(line, 1, "authentication") ||
                     fw_cisco_is(line, 1, "authorization") || fw_cisco_is(line, 1, "accounting"))) {
        return false;
    }
    fw_asa_setting_add(asa, line, FW_SETTING_AAA, fw_cisco_rest(line), (fw_sv){0});
    return true;
}

/* "aaa-server AUTH (inside) host 10.0.0.1 KEY": where users are looked up. */
static bool take_aaa_server(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv name = line->n > 1 ? line->words[1] : (fw_sv){0};
    size_t at = fw_cisco_is(line, 2, "host") ? 3 : 4;
    if (at >= line->n || !fw_cisco_is(line, at - 1, "host")) {
        return false;
    }
    fw_asa_setting_add(asa, line, FW_SETTING_AAA, name, line->words[at]);
    return true;
}

static const struct {
    const char *word;
    bool (*take)(struct fw_asa *asa, struct fw_cisco_line *line);
} rows[] = {
    {"aaa", take_aaa},
    {"aaa-server", take_aaa_server},
    {"clear", take_clear},
    {"clock", take_clock},
    {"dns", take_dns},
    {"hostname", take_hostname},
    {"http", take_access},
    {"logging", take_logging},
    {"no", take_no},
    {"ntp", take_ntp},
    {"same-security-traffic", take_same_security},
    {"snmp-server", take_snmp},
    {"ssh", take_access},
    {"telnet", take_access},
    {"username", take_user},
};

bool fw_asa_setting_line(struct fw_asa *asa, struct fw_cisco_line *line)
{
    size_t start = line->at;
    if (asa->block == FW_ASA_DNS_GROUP) {
        return take_name_servers(asa, line);
    }
    if (take_version(asa, line)) {
        return true;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_cisco_take(line, rows[i].word)) {
            if (rows[i].take(asa, line)) {
                return true;
            }
            line->at = start;
            return false;
        }
    }
    return false;
}
