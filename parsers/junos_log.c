/*
 * Junos (SRX) logs: RT_FLOW sessions in both forms that a device can send, and what administrators
 * did:
 *
 *   RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.39 source-address="192.0.2.1"
 *   source-port="1080" destination-address="192.0.2.2" protocol-id="17" policy-name="Deny"]
 *
 *   RT_FLOW: RT_FLOW_SESSION_CREATE: session created 10.1.1.5/50002->192.0.2.9/443 0x0 junos-https
 *   198.51.100.2/1024->192.0.2.9/443 0x0 source rule nat1 N/A N/A 6 web-out trust untrust 1234
 *
 *   mgd[4711]: UI_COMMIT: User 'ann' requested 'commit' operation (comment: none)
 *
 * (each one line). A structured header of RFC 5424 may have been taken off already: then the name
 * of the message is the header's, and its data are read from the line itself.
 */
#include <assert.h>

#include "parsers/envelope.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { COMMAND_TEXT, NAT_SRC, NAT_SPORT, NAT_DST, NAT_DPORT, OWN_COUNT };

static const struct fw_pair_row keys[] = {
    FW_PAIR("application", TEXT, FW_EV_app),
    FW_PAIR("bytes-from-client", NUM, FW_EV_src_bytes),
    FW_PAIR("bytes-from-server", NUM, FW_EV_dst_bytes),
    FW_PAIR("command", OWN, COMMAND_TEXT),
    FW_PAIR("destination-address", IP, FW_EV_dst),
    FW_PAIR("destination-interface-name", TEXT, FW_EV_out),
    FW_PAIR("destination-port", PORT, FW_EV_dport),
    FW_PAIR("destination-zone-name", TEXT, FW_EV_out_zone),
    FW_PAIR("elapsed-time", SECONDS, FW_EV_duration),
    FW_PAIR("interface-name", TEXT, FW_EV_in),
    FW_PAIR("nat-destination-address", OWN, NAT_DST),
    FW_PAIR("nat-destination-port", OWN, NAT_DPORT),
    FW_PAIR("nat-source-address", OWN, NAT_SRC),
    FW_PAIR("nat-source-port", OWN, NAT_SPORT),
    FW_PAIR("packet-incoming-interface", TEXT, FW_EV_in),
    FW_PAIR("policy-name", TEXT, FW_EV_rule_name),
    FW_PAIR("protocol", PROTO, FW_EV_transport),
    FW_PAIR("protocol-id", PROTO, FW_EV_transport),
    FW_PAIR("protocol-name", PROTO, FW_EV_transport),
    FW_PAIR("session-id", TEXT, FW_EV_session),
    FW_PAIR("session-id-32", TEXT, FW_EV_session),
    FW_PAIR("source-address", IP, FW_EV_src),
    FW_PAIR("source-interface-name", TEXT, FW_EV_in),
    FW_PAIR("source-port", PORT, FW_EV_sport),
    FW_PAIR("source-zone-name", TEXT, FW_EV_in_zone),
    FW_PAIR("username", TEXT, FW_EV_src_user),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

enum kind { SESSION, COMMIT, COMMAND, LOGIN, SSH_FAIL };

static const struct message {
    fw_sv name;
    enum kind kind;
    const char *action;
    enum fw_scan_verdict verdict;
} messages[] = {
    {FW_SV_INIT("FLOW_MCAST_RPF_FAIL"), SESSION, "drop", FW_SCAN_DENIED},
    {FW_SV_INIT("LOGIN_FAILED"), LOGIN, "login", FW_SCAN_DENIED},
    {FW_SV_INIT("LOGIN_INFORMATION"), LOGIN, "login", FW_SCAN_ALLOWED},
    {FW_SV_INIT("RT_FLOW_SESSION_CLOSE"), SESSION, "close", FW_SCAN_ALLOWED},
    {FW_SV_INIT("RT_FLOW_SESSION_CREATE"), SESSION, "create", FW_SCAN_ALLOWED},
    {FW_SV_INIT("RT_FLOW_SESSION_DENY"), SESSION, "deny", FW_SCAN_DENIED},
    {FW_SV_INIT("SSHD_LOGIN_FAILED"), SSH_FAIL, "login", FW_SCAN_DENIED},
    {FW_SV_INIT("UI_AUTH_EVENT"), LOGIN, "login", FW_SCAN_ALLOWED},
    {FW_SV_INIT("UI_CMDLINE_READ_LINE"), COMMAND, "command", FW_SCAN_UNKNOWN},
    {FW_SV_INIT("UI_COMMIT"), COMMIT, "commit", FW_SCAN_UNKNOWN},
    {FW_SV_INIT("UI_COMMIT_COMPLETED"), COMMIT, "commit", FW_SCAN_ALLOWED},
    {FW_SV_INIT("UI_COMMIT_PROGRESS"), COMMIT, "commit", FW_SCAN_UNKNOWN},
    {FW_SV_INIT("UI_LOGIN_EVENT"), LOGIN, "login", FW_SCAN_ALLOWED},
    {FW_SV_INIT("UI_LOGOUT_EVENT"), LOGIN, "logout", FW_SCAN_UNKNOWN},
};

enum { MESSAGES = sizeof(messages) / sizeof(messages[0]), NAME_WITHIN = 160 };

struct found {
    fw_sv name, text; /* behind the name and what follows it */
    bool structured;  /* text begins with '[' */
};

static bool is_name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || fw_is_digit(c) || c == '_';
}

/* A Junos message name: capitals with an underscore, from a family that Junos has. */
static bool is_name(fw_sv word)
{
    static const char *const families[] = {"RT_",       "UI_",        "FLOW_",
                                           "LOGIN_",    "SSHD_LOGIN", "IDP_",
                                           "APPTRACK_", "WEBFILTER_", "AV_",
                                           "SNMPD_",    "KMD_",       "PFE_",
                                           "CHASSISD_", "RPD_",       "LICENSE_",
                                           "SYSTEM_",   "JSRPD_",     "SECINTEL_",
                                           "AAMW_",     "ANTISPAM_",  "CONTENT_FILTERING_"};
    if (word.n < 5) {
        return false;
    }
    for (size_t i = 0; i < word.n; i++) {
        if (!is_name_char(word.p[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        if (fw_sv_starts(word, families[i]) && !fw_sv_is(word, "RT_FLOW") &&
            !fw_sv_is(word, "RT_IDS") && !fw_sv_is(word, "RT_UTM") && !fw_sv_is(word, "RT_IDP") &&
            !fw_sv_is(word, "RT_AAMW") && !fw_sv_is(word, "RT_SYSTEM") &&
            !fw_sv_is(word, "RT_NAT") && !fw_sv_is(word, "RT_SCREEN")) {
            return true;
        }
    }
    return false;
}

/* "NAME: text", "NAME [data]", "PROGRAM - NAME [data]" in a message. */
static bool find_in_text(fw_sv s, struct found *ret)
{
    size_t limit = s.n < NAME_WITHIN ? s.n : NAME_WITHIN;
    for (size_t i = 0; i < limit;) {
        if (!is_name_char(s.p[i])) {
            i++;
            continue;
        }
        size_t from = i;
        while (i < s.n && is_name_char(s.p[i])) {
            i++;
        }
        bool apart = from == 0 || s.p[from - 1] == ' ' || s.p[from - 1] == ':' ||
                     s.p[from - 1] == '%';
        fw_sv word = fw_sv_sub(s, from, i - from);
        char after = i < s.n ? s.p[i] : ' ';
        if (apart && (after == ':' || after == ' ') && is_name(word)) {
            fw_sv rest = fw_sv_sub(s, i, SIZE_MAX);
            while (rest.n > 0 && (rest.p[0] == ':' || rest.p[0] == ' ')) {
                rest = fw_sv_sub(rest, 1, SIZE_MAX);
            }
            *ret = (struct found){word, rest, rest.n > 0 && rest.p[0] == '['};
            return true;
        }
    }
    return false;
}

/* The header's reader passes structured data over; they end where the message begins. */
static bool find_in_header(const struct fw_envelope *envelope, fw_sv message, struct found *ret)
{
    fw_sv id = envelope->msgid;
    if (envelope->kind != FW_ENVELOPE_RFC5424 || !is_name(id)) {
        return false;
    }
    /* Both views are of the same line. */
    fw_sv rest = fw_sv_of(id.p + id.n, (size_t)(message.p + message.n - (id.p + id.n)));
    rest = fw_sv_trim(rest);
    *ret = (struct found){id, rest, rest.n > 0 && rest.p[0] == '['};
    if (!ret->structured) {
        ret->text = message;
    }
    return true;
}

/* `[junos@2636.1.1.1.2.39 key="value" ...]` */
static bool read_data(fw_sv text, fw_sv *own, struct fw_event *ret)
{
    fw_sv key;
    fw_sv value;
    size_t blank = fw_sv_find_char(text, ' ');
    fw_sv rest = fw_sv_sub(text, blank, SIZE_MAX);
    while (rest.n > 0 && rest.p[0] != ']' && fw_pairs_next(&rest, ' ', &key, &value)) {
        const struct fw_pair_row *row = fw_pairs_find(&table, key);
        if (!row || fw_sv_is(value, "None") || fw_sv_is(value, "UNKNOWN")) {
            continue;
        }
        if (!fw_pairs_put(row, value, own, ret)) {
            return false;
        }
    }
    return true;
}

/* "10.1.1.5/50002->192.0.2.9/443"; fields are those of source and destination. */
static bool read_flow(fw_sv word, const struct fw_pair_row rows[4], struct fw_event *ret)
{
    size_t arrow = fw_sv_find(word, FW_SV("->"));
    if (arrow == SIZE_MAX) {
        return false;
    }
    fw_sv sides[2] = {fw_sv_sub(word, 0, arrow), fw_sv_sub(word, arrow + 2, SIZE_MAX)};
    for (int i = 0; i < 2; i++) {
        size_t slash = fw_sv_find_char(sides[i], '/');
        fw_sv port = slash == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(sides[i], slash + 1, SIZE_MAX);
        if (!fw_pairs_set(&rows[i * 2], fw_sv_sub(sides[i], 0, slash), ret) ||
            !fw_pairs_set(&rows[i * 2 + 1], port, ret)) {
            return false;
        }
    }
    return true;
}

static const struct fw_pair_row flow_rows[4] = {
    FW_PAIR("", IP, FW_EV_src),
    FW_PAIR("", PORT, FW_EV_sport),
    FW_PAIR("", IP, FW_EV_dst),
    FW_PAIR("", PORT, FW_EV_dport),
};
static const struct fw_pair_row nat_rows[4] = {
    FW_PAIR("", NAT_IP, FW_EV_nat_src),
    FW_PAIR("", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("", NAT_PORT, FW_EV_nat_dport),
};

/* The device prints the translated side even where nothing was translated. */
static void drop_same_nat(struct fw_event *ret)
{
    bool src = fw_event_has(ret, FW_EV_nat_src) && fw_ip_eq(ret->src, ret->nat_src) &&
               (!fw_event_has(ret, FW_EV_nat_sport) || ret->sport == ret->nat_sport);
    bool dst = fw_event_has(ret, FW_EV_nat_dst) && fw_ip_eq(ret->dst, ret->nat_dst) &&
               (!fw_event_has(ret, FW_EV_nat_dport) || ret->dport == ret->nat_dport);
    if (src) {
        ret->present &= ~(UINT64_C(1) << FW_EV_nat_src | UINT64_C(1) << FW_EV_nat_sport);
    }
    if (dst) {
        ret->present &= ~(UINT64_C(1) << FW_EV_nat_dst | UINT64_C(1) << FW_EV_nat_dport);
    }
}

static bool put_nat(const fw_sv *own, struct fw_event *ret)
{
    return fw_pairs_set(&nat_rows[0], own[NAT_SRC], ret) &&
           fw_pairs_set(&nat_rows[1], own[NAT_SPORT], ret) &&
           fw_pairs_set(&nat_rows[2], own[NAT_DST], ret) &&
           fw_pairs_set(&nat_rows[3], own[NAT_DPORT], ret);
}

/* "17" of a protocol, or "17(0)" with an ICMP type. */
static bool read_protocol(fw_sv word, struct fw_event *ret)
{
    static const struct fw_pair_row row = FW_PAIR("", PROTO, FW_EV_transport);
    uint32_t n;
    fw_sv number = fw_sv_sub(word, 0, fw_sv_find_char(word, '('));
    return fw_sv_u32(number, 255, &n) && fw_pairs_set(&row, number, ret);
}

/* "3(228)": packets and bytes. */
static bool read_volume(fw_sv word, enum fw_event_field field, uint64_t *member,
                        struct fw_event *ret)
{
    size_t open = fw_sv_find_char(word, '(');
    uint64_t n;
    if (open == SIZE_MAX || word.p[word.n - 1] != ')' ||
        !fw_sv_u64(fw_sv_sub(word, open + 1, word.n - open - 2), &n)) {
        return false;
    }
    fw_scan_num(ret, field, member, n);
    return true;
}

enum { WORDS = 40 };

/* The unstructured form. Words between the known ones differ between versions: what follows the
 * flow is found by its form. A policy's name, zones and the session's number follow the protocol.
 */
static bool read_words(fw_sv text, struct fw_event *ret)
{
    fw_sv words[WORDS];
    size_t n = 0;
    size_t flow = SIZE_MAX;
    size_t protocol = SIZE_MAX;
    while (n < WORDS && fw_sv_word(&text, &words[n])) {
        bool arrow = fw_sv_find(words[n], FW_SV("->")) != SIZE_MAX;
        if (arrow && flow == SIZE_MAX) {
            flow = n;
            if (!read_flow(words[n], flow_rows, ret)) {
                return false;
            }
        } else if (arrow && !read_flow(words[n], nat_rows, ret)) {
            return false;
        }
        n++;
    }
    if (flow == SIZE_MAX) {
        return false;
    }
    /* A NAT rule or a service may have a number for its name: the protocol is the one that has a
     * session four words on, or its ICMP type in brackets. */
    for (size_t i = flow + 1; i + 3 < n && protocol == SIZE_MAX; i++) {
        uint64_t session;
        bool sure = words[i].p[words[i].n - 1] == ')' ||
                    (i + 4 < n && fw_sv_u64(words[i + 4], &session));
        if (sure && read_protocol(words[i], ret)) {
            protocol = i;
        }
    }
    if (protocol == SIZE_MAX) {
        return false;
    }
    fw_scan_text(ret, FW_EV_rule_name, &ret->rule_name, words[protocol + 1]);
    fw_scan_text(ret, FW_EV_in_zone, &ret->in_zone, words[protocol + 2]);
    fw_scan_text(ret, FW_EV_out_zone, &ret->out_zone, words[protocol + 3]);
    size_t i = protocol + 4;
    uint64_t number;
    if (i < n && fw_sv_u64(words[i], &number)) {
        fw_scan_text(ret, FW_EV_session, &ret->session, words[i++]);
        /* "3(228) 2(160) 13": of a closed session. */
        if (i + 2 < n && read_volume(words[i], FW_EV_src_bytes, &ret->src_bytes, ret) &&
            read_volume(words[i + 1], FW_EV_dst_bytes, &ret->dst_bytes, ret) &&
            fw_sv_u64(words[i + 2], &number) && number < 1000000000) {
            fw_scan_num(ret, FW_EV_duration, &ret->duration, number * (uint64_t)FW_NS_PER_SEC);
        }
    }
    return true;
}

static bool finish_session(struct fw_event *ret)
{
    bool ports = true;
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport |
                          UINT64_C(1) << FW_EV_nat_sport | UINT64_C(1) << FW_EV_nat_dport);
    }
    drop_same_nat(ret);
    ret->traffic = true;
    return fw_event_has(ret, FW_EV_src) && fw_event_has(ret, FW_EV_dst);
}

/* The text between the first two quotes, single or curly as the device's version has it, behind
 * `before`. */
static fw_sv quoted(fw_sv text, const char *before)
{
    fw_sv needle = fw_sv_from(before);
    size_t at = fw_sv_find(text, needle);
    if (at == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_sv rest = fw_sv_sub(text, at + needle.n, SIZE_MAX);
    return fw_sv_sub(rest, 0, fw_sv_find_char(rest, '\''));
}

static void read_admin(const struct message *message, fw_sv text, struct fw_event *ret)
{
    bool login = message->kind == LOGIN || message->kind == SSH_FAIL;
    fw_sv user = quoted(text, "ser '"); /* "User 'ann'", "for user 'ann'" */
    fw_scan_text(ret, FW_EV_user, &ret->user, user.p ? user : quoted(text, "by '"));
    if (message->kind == COMMAND) {
        fw_scan_text(ret, FW_EV_command, &ret->command, fw_scan_public(quoted(text, "command '")));
    }
    if (login) {
        fw_sv host = quoted(text, "host '");
        fw_sv ssh = quoted(text, "ssh-connection '"); /* "10.1.1.9 50000 10.1.1.1 22" */
        fw_sv from = host.p ? host : ssh.p ? ssh : quoted(text, "from '");
        fw_scan_addr(ret, FW_EV_src, &ret->src, fw_sv_sub(from, 0, fw_sv_find_char(from, ' ')));
    }
    fw_scan_text(ret, FW_EV_message, &ret->message, fw_scan_public(text));
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 login ? FW_SV("authentication") : FW_SV("configuration"));
    ret->admin = true;
}

static const struct message *find_message(fw_sv name)
{
    for (size_t i = 0; i < MESSAGES; i++) {
        if (fw_sv_eq(messages[i].name, name)) {
            return &messages[i];
        }
        /* Services of logical systems: RT_FLOW_SESSION_CREATE_LS. */
        if (messages[i].kind == SESSION && name.n == messages[i].name.n + 3 &&
            fw_sv_ends(name, "_LS") && memcmp(name.p, messages[i].name.p, name.n - 3) == 0) {
            return &messages[i];
        }
    }
    return NULL;
}

/* "2017-09-23T13:54:54.803Z sis-srx-01 RT_FLOW - NAME": the device's own header behind a relay's.
 */
static void read_own_header(fw_sv message, struct fw_event *ret)
{
    struct fw_stamp stamp;
    fw_sv host;
    if (fw_stamp_rfc3339(&message, &stamp) && fw_sv_word(&message, &host)) {
        ret->time = stamp;
        fw_event_set(ret, FW_EV_time);
        fw_scan_text(ret, FW_EV_observer, &ret->observer, host);
    }
}

static enum fw_line_verdict junos_event(const struct fw_envelope *envelope, fw_sv message,
                                        struct fw_arena *scratch, struct fw_event *ret)
{
    (void)scratch;
    struct found found;
    fw_sv own[OWN_COUNT] = {{0}};
    if (!find_in_header(envelope, message, &found)) {
        fw_sv app = envelope->app;
        if (is_name(app)) {
            found = (struct found){app, message, message.n > 0 && message.p[0] == '['};
        } else if (!find_in_text(message, &found)) {
            return FW_LINE_NONE;
        } else {
            read_own_header(message, ret);
        }
    }
    fw_scan_text(ret, FW_EV_code, &ret->code, found.name);
    const struct message *m = find_message(found.name);
    if (!m) {
        return FW_LINE_IGNORED;
    }
    if (found.structured && (!read_data(found.text, own, ret) || !put_nat(own, ret))) {
        return FW_LINE_BAD;
    }
    if (m->kind == SESSION) {
        if ((!found.structured && !read_words(found.text, ret)) || !finish_session(ret)) {
            return FW_LINE_BAD;
        }
        fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    } else {
        if (found.structured && fw_event_has(ret, FW_EV_src_user)) {
            fw_scan_text(ret, FW_EV_user, &ret->user, ret->src_user);
            ret->present &= ~(UINT64_C(1) << FW_EV_src_user);
        }
        fw_scan_text(ret, FW_EV_command, &ret->command, fw_scan_public(own[COMMAND_TEXT]));
        size_t close = found.structured ? fw_sv_find(found.text, FW_SV("] ")) : SIZE_MAX;
        read_admin(m, close == SIZE_MAX ? found.text : fw_sv_sub(found.text, close + 2, SIZE_MAX),
                   ret);
    }
    fw_scan_text(ret, FW_EV_action, &ret->action, fw_sv_from(m->action));
    fw_scan_outcome(ret, m->verdict);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    return FW_LINE_USED;
}

static int junos_bid(fw_sv head)
{
    struct found found;
    assert(fw_pairs_sorted(&table));
    if (!find_in_text(head, &found)) {
        return FW_BID_NO;
    }
    return find_message(found.name) ? FW_BID_SURE : FW_BID_LIKELY;
}

const struct fw_parser fw_parser_junos_log = {
    .name = "junos-log",
    .title = "Junos SRX logs: RT_FLOW sessions, commits and logins",
    .kind = FW_PARSER_LOG,
    .version = 2,
    .shape = FW_SHAPE_MESSAGE,
    .bid = junos_bid,
    .event = junos_event,
};
