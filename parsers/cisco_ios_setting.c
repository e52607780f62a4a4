/* What a router says of its own management: the settings that checks ask about.
 *   ntp server 192.0.2.1 key 6 prefer       line vty 0 4
 *   logging host 192.0.2.9 transport tls     access-class ADMINS in
 *   username admin privilege 15 secret 9 X   transport input ssh */
#include "parsers/cisco_ios.h"

static void add(struct fw_ios *ios, enum fw_setting_kind kind, fw_sv value, fw_sv extra,
                fw_span span)
{
    struct fw_doc *doc = ios->cisco.doc;
    ios->settings = fw_arena_push(&doc->arena, ios->settings, ios->nsettings,
                                  sizeof(*ios->settings));
    ios->settings[ios->nsettings++] = (struct fw_setting){
        .kind = kind, .value = value, .extra = extra, .span = span};
}

static void add_line(struct fw_ios *ios, const struct fw_cisco_line *line,
                     enum fw_setting_kind kind, fw_sv value, fw_sv extra)
{
    add(ios, kind, value, extra, fw_doc_span(ios->cisco.doc, line->text, line->number));
    fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
}

static void forget(struct fw_ios *ios, enum fw_setting_kind kind, fw_sv value)
{
    size_t n = 0;
    for (size_t i = 0; i < ios->nsettings; i++) {
        const struct fw_setting *s = &ios->settings[i];
        if (s->kind != kind || (value.p && !fw_sv_eq(s->value, value))) {
            ios->settings[n++] = *s;
        }
    }
    ios->nsettings = n;
}

static bool take_hostname(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv name;
    if (!fw_cisco_next(line, &name)) {
        return false;
    }
    ios->cisco.ruleset->hostname = name;
    add_line(ios, line, FW_SETTING_HOSTNAME, name, (fw_sv){0});
    return true;
}

static bool take_version(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv version;
    if (!fw_cisco_next(line, &version)) {
        return false;
    }
    add_line(ios, line, FW_SETTING_VERSION, version, ios->nx ? FW_SV("NX-OS") : FW_SV("IOS"));
    return true;
}

/* "ntp server [vrf M] 192.0.2.1 [key 6] [prefer]" */
static bool take_ntp(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv server;
    if (fw_cisco_take(line, "server") || fw_cisco_take(line, "peer")) {
        if (fw_cisco_take(line, "vrf")) {
            line->at += line->at < line->n;
        }
        if (!fw_cisco_take(line, "ipv6")) {
            fw_cisco_take(line, "ip");
        }
        if (!fw_cisco_next(line, &server)) {
            return false;
        }
        add_line(ios, line, FW_SETTING_NTP_SERVER, server, fw_cisco_rest(line));
        return true;
    }
    if (fw_cisco_take(line, "authenticate")) {
        add_line(ios, line, FW_SETTING_NTP_AUTH, FW_SV("authenticate"), (fw_sv){0});
        return true;
    }
    return false;
}

static bool take_clock(struct fw_ios *ios, struct fw_cisco_line *line)
{
    if (!fw_cisco_take(line, "timezone")) {
        return false;
    }
    add_line(ios, line, FW_SETTING_TIME_ZONE, fw_cisco_rest(line), (fw_sv){0});
    return true;
}

/* "logging host 192.0.2.9 transport tls", "logging 192.0.2.9", NX-OS "logging server 192.0.2.9 6"
 */
static bool take_logging(struct fw_ios *ios, struct fw_cisco_line *line)
{
    static const char *const levels[] = {"buffered", "console", "history", "level",
                                         "logfile",  "monitor", "trap"};
    fw_sv word;
    fw_ip ip;
    if (fw_cisco_take(line, "host") || fw_cisco_take(line, "server") ||
        (fw_cisco_peek(line, &word) && fw_ip_parse(word, &ip))) {
        if (!fw_cisco_take(line, "ipv6")) {
            fw_cisco_take(line, "ip");
        }
        if (!fw_cisco_next(line, &word)) {
            return false;
        }
        add_line(ios, line, FW_SETTING_LOG_HOST, word, fw_cisco_rest(line));
        return true;
    }
    if (fw_cisco_is(line, 1, "on") && line->n == 2) {
        forget(ios, FW_SETTING_LOG_OFF, FW_SV("logging"));
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
        return true;
    }
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (fw_cisco_take(line, levels[i])) {
            word = line->words[line->n - 1];
            add_line(ios, line, FW_SETTING_LOG_LEVEL, line->n > 2 ? word : FW_SV(""),
                     fw_sv_from(levels[i]));
            return true;
        }
    }
    return false;
}

static bool take_service(struct fw_ios *ios, struct fw_cisco_line *line)
{
    if (!fw_cisco_take(line, "timestamps")) {
        return false;
    }
    if (line->n > 2 && !fw_cisco_take(line, "log")) { /* of debugging messages */
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
        return true;
    }
    add_line(ios, line, FW_SETTING_LOG_TIMESTAMP, FW_SV("timestamp"), fw_cisco_rest(line));
    return true;
}

/* "username admin privilege 15 secret 9 X", NX-OS: "username admin password 5 X role network-admin"
 */
static bool take_user(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv name;
    fw_sv privilege = {0};
    if (!fw_cisco_next(line, &name)) {
        return false;
    }
    for (size_t i = line->at; i + 1 < line->n; i++) {
        if (fw_cisco_is(line, i, "privilege") || fw_cisco_is(line, i, "role")) {
            privilege = line->words[i + 1];
        }
        if (fw_cisco_is(line, i, "secret") || fw_cisco_is(line, i, "password")) {
            i += line->n > i + 2 && line->words[i + 1].n == 1 ? 2 : 1;
        }
    }
    for (size_t i = 0; i < ios->nsettings; i++) { /* several lines may speak of one user */
        struct fw_setting *old = &ios->settings[i];
        if (old->kind == FW_SETTING_USER && fw_sv_eq(old->value, name)) {
            old->extra = privilege.n > 0 ? privilege : old->extra;
            fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
            return true;
        }
    }
    add_line(ios, line, FW_SETTING_USER, name, privilege);
    return true;
}

static bool take_aaa(struct fw_ios *ios, struct fw_cisco_line *line)
{
    if (fw_cisco_is(line, 1, "group") && line->n > 3) {
        add_line(ios, line, FW_SETTING_AAA, fw_cisco_rest(line), (fw_sv){0});
        ios->block = FW_IOS_SERVER;
        return true;
    }
    if (!(fw_cisco_is(line, 1, "authentication") || fw_cisco_is(line, 1, "authorization") ||
          fw_cisco_is(line, 1, "accounting") || fw_cisco_is(line, 1, "new-model"))) {
        return false;
    }
    add_line(ios, line, FW_SETTING_AAA, fw_cisco_rest(line), (fw_sv){0});
    return true;
}

/* "tacacs-server host 192.0.2.5 key X", "tacacs server NAME" and its "address ipv4 192.0.2.5" */
static bool take_server(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv host;
    fw_sv kind = line->words[0];
    if (fw_cisco_take(line, "host")) {
        if (!fw_cisco_next(line, &host)) {
            return false;
        }
        add_line(ios, line, FW_SETTING_AAA, kind, host);
        return true;
    }
    if (fw_cisco_take(line, "server") && line->n > 2) {
        ios->block = FW_IOS_SERVER;
        add_line(ios, line, FW_SETTING_AAA, kind, line->words[2]);
        return true;
    }
    return false;
}

/* Never the community: "snmp-server community X RO 10". */
static bool take_snmp(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv version = {0};
    fw_sv host = {0};
    bool community = fw_cisco_is(line, 1, "community");
    bool to = fw_cisco_is(line, 1, "host");
    if (!community && !to && !fw_cisco_is(line, 1, "user") && !fw_cisco_is(line, 1, "group")) {
        return false;
    }
    for (size_t i = 2; i < line->n; i++) {
        if (fw_cisco_is(line, i, "version") && i + 1 < line->n) {
            version = line->words[i + 1];
        }
        if (fw_cisco_is(line, i, "v3") || fw_cisco_is(line, i, "v2c") ||
            fw_cisco_is(line, i, "v1")) {
            version = fw_sv_sub(line->words[i], 1, SIZE_MAX);
        }
        if (community && (fw_cisco_is(line, i, "RO") || fw_cisco_is(line, i, "RW"))) {
            host = line->words[i];
        }
    }
    if (to && line->n > 2) {
        host = line->words[2];
    }
    version = version.n == 0 && (community || to) ? FW_SV("1") : version;
    add_line(ios, line, FW_SETTING_SNMP, version, host);
    return true;
}

/* "ip name-server 192.0.2.1 192.0.2.2", "ip http server", "ip ssh version 2", "ip domain ..." */
static bool take_ip(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv word;
    fw_ip ip;
    if (fw_cisco_take(line, "name-server")) {
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
        while (fw_cisco_next(line, &word)) {
            if (fw_ip_parse(word, &ip)) {
                add_line(ios, line, FW_SETTING_DNS_SERVER, word, (fw_sv){0});
            }
        }
        return true;
    }
    if (fw_cisco_take(line, "http") &&
        (fw_cisco_is(line, 2, "server") || fw_cisco_is(line, 2, "secure-server"))) {
        add_line(ios, line, FW_SETTING_ADMIN_ACCESS,
                 fw_cisco_is(line, 2, "server") ? FW_SV("http") : FW_SV("https"), (fw_sv){0});
        ios->settings[ios->nsettings - 1].range = fw_iprange_all(FW_IPV4);
        return true;
    }
    return false;
}

/* NX-OS: "feature telnet", "feature ssh" */
static bool take_feature(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv word;
    if (!fw_cisco_next(line, &word) || !(fw_sv_is(word, "telnet") || fw_sv_is(word, "ssh"))) {
        return false;
    }
    add_line(ios, line, FW_SETTING_ADMIN_ACCESS, word, (fw_sv){0});
    ios->settings[ios->nsettings - 1].range = fw_iprange_all(FW_IPV4);
    return true;
}

/* "line vty 0 4" opens a block that says from where and with what. */
static bool take_vty(struct fw_ios *ios, struct fw_cisco_line *line)
{
    if (!fw_cisco_is(line, 1, "vty") && !fw_cisco_is(line, 1, "con") &&
        !fw_cisco_is(line, 1, "console") && !fw_cisco_is(line, 1, "aux")) {
        return false;
    }
    fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
    ios->block = FW_IOS_VTY;
    ios->vtys = fw_arena_push(&ios->cisco.doc->arena, ios->vtys, ios->nvtys, sizeof(*ios->vtys));
    ios->vtys[ios->nvtys++] = (struct fw_ios_vty){
        .name = fw_sv_sub(line->text, (size_t)(line->words[1].p - line->text.p), SIZE_MAX),
        .span = fw_doc_span(ios->cisco.doc, line->text, line->number),
        .line = line->number};
    return true;
}

static bool take_no(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv word;
    if (fw_cisco_take(line, "logging")) {
        if (fw_cisco_is(line, 2, "on")) {
            add_line(ios, line, FW_SETTING_LOG_OFF, FW_SV("logging"), (fw_sv){0});
            return true;
        }
        if (fw_cisco_take(line, "host") || fw_cisco_take(line, "server") || line->n == 3) {
            if (fw_cisco_next(line, &word)) {
                forget(ios, FW_SETTING_LOG_HOST, word);
                fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
                return true;
            }
        }
        return false;
    }
    if (fw_cisco_take(line, "ntp") && fw_cisco_take(line, "server") && fw_cisco_next(line, &word)) {
        forget(ios, FW_SETTING_NTP_SERVER, word);
    } else if (line->at == 1 && fw_cisco_take(line, "username") && fw_cisco_next(line, &word)) {
        forget(ios, FW_SETTING_USER, word);
    } else if (line->at == 1 && fw_cisco_is(line, 1, "ip") && fw_cisco_is(line, 2, "http") &&
               line->n == 4) {
        forget(ios, FW_SETTING_ADMIN_ACCESS,
               fw_cisco_is(line, 3, "server") ? FW_SV("http") : FW_SV("https"));
    } else {
        return false;
    }
    fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
    return true;
}

static const struct {
    const char *word;
    bool (*take)(struct fw_ios *ios, struct fw_cisco_line *line);
} rows[] = {
    {"aaa", take_aaa},
    {"clock", take_clock},
    {"feature", take_feature},
    {"hostname", take_hostname},
    {"ip", take_ip},
    {"line", take_vty},
    {"logging", take_logging},
    {"no", take_no},
    {"ntp", take_ntp},
    {"radius", take_server},
    {"radius-server", take_server},
    {"service", take_service},
    {"snmp-server", take_snmp},
    {"switchname", take_hostname},
    {"tacacs", take_server},
    {"tacacs-server", take_server},
    {"username", take_user},
    {"version", take_version},
};

bool fw_ios_setting_line(struct fw_ios *ios, struct fw_cisco_line *line)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_cisco_take(line, rows[i].word)) {
            if (rows[i].take(ios, line)) {
                return true;
            }
            line->at = 0;
            return false;
        }
    }
    return false;
}

bool fw_ios_setting_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv word;
    if (ios->block == FW_IOS_SERVER) {
        fw_sv last = line->words[line->n - 1];
        if (fw_cisco_is(line, 0, "address") || fw_cisco_is(line, 0, "server") ||
            fw_cisco_is(line, 0, "server-private")) {
            fw_sv host = fw_cisco_is(line, 0, "address") && line->n > 2 ? line->words[2] : last;
            add_line(ios, line, FW_SETTING_AAA, FW_SV("server"), host);
        } else {
            fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
        }
        return true;
    }
    struct fw_ios_vty *vty = &ios->vtys[ios->nvtys - 1];
    bool six = fw_cisco_is(line, 0, "ipv6");
    line->at = six || fw_cisco_is(line, 0, "ip");
    if (fw_cisco_take(line, "access-class") && fw_cisco_next(line, &word)) {
        if (fw_cisco_take(line, "out")) {
            fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED); /* from the device */
            return true;
        }
        *(six ? &vty->list6 : &vty->list) = word;
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
        return true;
    }
    line->at = 0;
    if (fw_cisco_take(line, "transport") && fw_cisco_take(line, "input")) {
        vty->said = true;
        vty->n = 0;
        while (fw_cisco_next(line, &word) &&
               vty->n < sizeof(vty->protocols) / sizeof(vty->protocols[0])) {
            if (!fw_sv_is(word, "none")) {
                vty->protocols[vty->n++] = word;
            }
        }
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
        return true;
    }
    fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
    return true;
}

static void add_access(struct fw_ios *ios, const struct fw_ios_vty *vty, fw_sv protocol,
                       fw_iprange range)
{
    add(ios, FW_SETTING_ADMIN_ACCESS, protocol, vty->name, vty->span);
    ios->settings[ios->nsettings - 1].range = range;
}

/* From where: what the list permits, or from anywhere. */
static void finish_protocol(struct fw_ios *ios, const struct fw_ios_vty *vty, fw_sv protocol)
{
    struct fw_ios_list *list = vty->list.n > 0 ? fw_ios_list_find(ios, vty->list, false) : NULL;
    if (vty->list.n == 0 || !list || !list->defined || list->policy->n == 0) {
        add_access(ios, vty, protocol, fw_iprange_all(FW_IPV4));
        return;
    }
    for (size_t r = 0; r < list->policy->n; r++) {
        const struct fw_rule *rule = &list->policy->rules[r];
        for (size_t t = 0; rule->action == FW_ACTION_PERMIT && t < rule->match.n; t++) {
            const struct fw_ipset *src = rule->match.terms[t].src;
            if (!src) {
                add_access(ios, vty, protocol, fw_iprange_all(FW_IPV4));
            }
            for (size_t i = 0; src && i < src->n; i++) {
                add_access(ios, vty, protocol, src->v[i]);
            }
        }
    }
}

void fw_ios_setting_finish(struct fw_ios *ios)
{
    for (size_t i = 0; i < ios->nvtys; i++) {
        struct fw_ios_vty *vty = &ios->vtys[i];
        if (!fw_sv_starts(vty->name, "vty")) {
            continue;
        }
        struct fw_ios_list *list = fw_ios_list_find(ios, vty->list, false);
        if (list) {
            list->uses++;
        } else if (vty->list.n > 0) {
            fw_doc_warn(ios->cisco.doc, FW_DIAG_ID_UNDEFINED_NAME, vty->line, (fw_sv){0},
                        "no access list has the name \"%.*s\"", FW_SV_ARG(vty->list));
        }
        if (!vty->said && !ios->nx) { /* what the version has for a default, nobody wrote */
            vty->protocols[vty->n++] = FW_SV("default");
        }
        for (size_t k = 0; k < vty->n; k++) {
            finish_protocol(ios, vty, vty->protocols[k]);
        }
    }
}
