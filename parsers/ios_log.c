/*
 * Cisco IOS, IOS-XE and NX-OS messages: %FACILITY-SEVERITY-MNEMONIC: text.
 *
 *   %SEC-6-IPACCESSLOGP: list 102 denied tcp 10.0.6.56(3067) (Gi0/1 ) -> 172.36.4.7(139), 1 packet
 *   %SYS-5-CONFIG_I: Configured from console by ann on vty0 (10.1.1.9)
 *
 * Access lists, the zone firewall, IPS signatures, logins and configuration changes are read, every
 * other message is ignored by its name. The firewall appliances' messages (%ASA, %FTD) look alike
 * and are not these.
 */
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum { WITHIN = 200, NAME_MAX_BYTES = 64 };

struct tag {
    fw_sv code; /* "SEC-6-IPACCESSLOGP" */
    fw_sv text;
    unsigned level;
};

static bool is_capital(char c)
{
    return (c >= 'A' && c <= 'Z') || c == '_';
}

/* "%SEC-6-IPACCESSLOGP: ", "%SEC_LOGIN-5-LOGIN_SUCCESS: ", "%FOO-BAR-3-BAZ: ". */
static bool tag_at(fw_sv s, size_t at, struct tag *ret)
{
    static const char *const others[] = {"ASA-", "PIX-", "FWSM-", "FTD-", "CHKPNT-"};
    size_t i = at + 1;
    size_t level = 0;
    fw_sv tail = fw_sv_sub(s, i, SIZE_MAX);
    if (FW_SV_STARTS_AMONG(tail, others)) {
        return false;
    }
    if (i >= s.n || !is_capital(s.p[i])) {
        return false;
    }
    for (; i < s.n && i - at < NAME_MAX_BYTES; i++) {
        char c = s.p[i];
        if (c == '-' && i + 2 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '7' &&
            s.p[i + 2] == '-') {
            level = i + 1;
            i += 2;
        } else if (c == ':') {
            break;
        } else if (!is_capital(c) && !fw_is_digit(c) && c != '-') {
            return false;
        }
    }
    if (level == 0 || i >= s.n || s.p[i] != ':' || i < level + 3) {
        return false;
    }
    *ret = (struct tag){fw_sv_sub(s, at + 1, i - at - 1), fw_sv_trim(fw_sv_sub(s, i + 1, SIZE_MAX)),
                        (unsigned)(s.p[level] - '0')};
    return true;
}

static bool find_tag(fw_sv s, struct tag *ret)
{
    size_t limit = s.n < WITHIN ? s.n : WITHIN;
    for (size_t i = 0; i < limit; i++) {
        if (s.p[i] == '%' && tag_at(s, i, ret)) {
            return true;
        }
    }
    return false;
}

/* The name without facility and level. */
static fw_sv mnemonic(fw_sv code)
{
    size_t i = code.n;
    while (i > 0 && code.p[i - 1] != '-') {
        i--;
    }
    return fw_sv_sub(code, i, SIZE_MAX);
}

/* The text behind `before`, up to one of `ends`. */
static fw_sv between(fw_sv text, const char *before, const char *ends)
{
    fw_sv needle = fw_sv_from(before);
    size_t at = fw_sv_find(text, needle);
    if (at == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_sv rest = fw_sv_sub(text, at + needle.n, SIZE_MAX);
    size_t end = 0;
    while (end < rest.n && !strchr(ends, rest.p[end])) {
        end++;
    }
    return fw_sv_sub(rest, 0, end);
}

/* "10.0.6.56(3067)", "10.0.6.56:3067" or an address alone; a comma behind it is cut off. */
static bool read_end(fw_sv word, enum fw_event_field field, fw_ip *ip,
                     enum fw_event_field port_field, uint64_t *port, struct fw_event *ret)
{
    while (word.n > 0 && (word.p[word.n - 1] == ',' || word.p[word.n - 1] == ']')) {
        word.n--;
    }
    size_t open = fw_sv_find_char(word, '(');
    fw_sv number = {0};
    if (open != SIZE_MAX && word.p[word.n - 1] == ')') {
        number = fw_sv_sub(word, open + 1, word.n - open - 2);
        word = fw_sv_sub(word, 0, open);
    } else {
        size_t colon = word.n;
        while (colon > 0 && word.p[colon - 1] != ':') {
            colon--;
        }
        fw_ip whole;
        if (colon > 1 && !fw_scan_ip(word, &whole)) {
            number = fw_sv_sub(word, colon, SIZE_MAX);
            word = fw_sv_sub(word, 0, colon - 1);
        }
    }
    if (number.n > 0) {
        if (!fw_scan_port(number, port)) {
            return false;
        }
        fw_event_set(ret, port_field);
    }
    return fw_scan_addr(ret, field, ip, word);
}

static bool read_source(fw_sv word, struct fw_event *ret)
{
    return read_end(word, FW_EV_src, &ret->src, FW_EV_sport, &ret->sport, ret);
}

static bool read_destination(fw_sv word, struct fw_event *ret)
{
    return read_end(word, FW_EV_dst, &ret->dst, FW_EV_dport, &ret->dport, ret);
}

static void drop_ports(struct fw_event *ret)
{
    bool ports = true;
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
}

/* "(8/0)," behind the destination: ICMP type and code. */
static void read_icmp(fw_sv word, struct fw_event *ret)
{
    size_t slash = fw_sv_find_char(word, '/');
    size_t close = fw_sv_find_char(word, ')');
    uint64_t type;
    uint64_t code;
    if (word.n > 0 && word.p[0] == '(' && slash != SIZE_MAX && close != SIZE_MAX && slash < close &&
        fw_sv_u64(fw_sv_sub(word, 1, slash - 1), &type) &&
        fw_sv_u64(fw_sv_sub(word, slash + 1, close - slash - 1), &code)) {
        fw_scan_num(ret, FW_EV_icmp_type, &ret->icmp_type, type);
        fw_scan_num(ret, FW_EV_icmp_code, &ret->icmp_code, code);
    }
}

/* "27 packets": what the line stands for. */
static void read_count(fw_sv text, struct fw_event *ret)
{
    size_t at = fw_sv_find(text, FW_SV(" packet"));
    size_t from = at;
    while (at != SIZE_MAX && from > 0 && fw_is_digit(text.p[from - 1])) {
        from--;
    }
    if (at == SIZE_MAX || !fw_sv_u64(fw_sv_sub(text, from, at - from), &ret->hits)) {
        ret->hits = 0;
    }
}

/* "list 102 denied tcp 10.0.6.56(3067) (Gi0/1 0011.2233.4455) -> 172.36.4.7(139), 1 packet";
 * a standard list has only the source: "list 1 denied 10.0.0.1 1 packet". */
static bool read_acl(fw_sv rest, struct fw_event *ret)
{
    fw_sv word;
    read_count(rest, ret);
    if (!fw_sv_word(&rest, &word) || !fw_sv_is(word, "list") || !fw_sv_word(&rest, &word)) {
        return false;
    }
    size_t slash = fw_sv_find_char(word, '/'); /* "LIST6/20": the sequence number */
    fw_scan_text(ret, FW_EV_rule_name, &ret->rule_name, fw_sv_sub(word, 0, slash));
    if (slash != SIZE_MAX) {
        fw_scan_text(ret, FW_EV_rule_id, &ret->rule_id, fw_sv_sub(word, slash + 1, SIZE_MAX));
    }
    if (!fw_sv_word(&rest, &word) || fw_scan_action(word) == FW_SCAN_UNKNOWN) {
        return false;
    }
    fw_scan_text(ret, FW_EV_action, &ret->action, word);
    fw_scan_outcome(ret, fw_scan_action(word));
    if (!fw_sv_word(&rest, &word)) {
        return false;
    }
    fw_ip ip;
    if (!fw_scan_ip(word, &ip)) {
        static const struct fw_pair_row proto = FW_PAIR("", PROTO, FW_EV_transport);
        fw_pairs_set(&proto, word, ret);
        if (!fw_sv_word(&rest, &word)) {
            return false;
        }
    }
    if (!read_source(word, ret)) {
        return false;
    }
    size_t arrow = fw_sv_find(rest, FW_SV("->"));
    if (arrow == SIZE_MAX) {
        return true;
    }
    fw_sv group = fw_sv_trim(fw_sv_sub(rest, 0, arrow)); /* "(Gi0/1 0011.2233.4455)" */
    if (group.n > 2 && group.p[0] == '(') {
        fw_sv inside = fw_sv_sub(group, 1, fw_sv_find_char(group, ')') - 1);
        if (fw_sv_word(&inside, &word) && !fw_sv_is(word, "*")) {
            fw_scan_text(ret, FW_EV_in, &ret->in, word);
        }
    }
    rest = fw_sv_sub(rest, arrow + 2, SIZE_MAX);
    if (!fw_sv_word(&rest, &word) || !read_destination(word, ret)) {
        return false;
    }
    if (fw_sv_word(&rest, &word)) {
        read_icmp(word, ret);
    }
    return true;
}

/* "Sig:3051 Subsig:1 Sev:4 TCP Connection Window Size DoS [192.0.2.11:51654 -> 10.1.1.1:4444]" */
static bool read_signature(fw_sv text, struct fw_event *ret)
{
    fw_sv flow = between(text, " [", "]");
    fw_sv from;
    fw_sv arrow;
    fw_sv to;
    fw_scan_text(ret, FW_EV_rule_id, &ret->rule_id, between(text, "Sig:", " "));
    fw_scan_text(ret, FW_EV_message, &ret->message, text);
    fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("detected"));
    return fw_sv_word(&flow, &from) && fw_sv_word(&flow, &arrow) && fw_sv_is(arrow, "->") &&
           fw_sv_word(&flow, &to) && read_source(from, ret) && read_destination(to, ret);
}

/* "Start tcp session: initiator (10.1.1.5:50002) -- responder (192.0.2.9:80)"; a stop has "sent 22
 * bytes" behind each. */
static bool read_session(fw_sv text, struct fw_event *ret)
{
    static const struct fw_pair_row proto = FW_PAIR("", PROTO, FW_EV_transport);
    bool start = fw_sv_find(text, FW_SV("Start ")) != SIZE_MAX;
    fw_pairs_set(&proto, between(text, start ? "Start " : "Stop ", " "), ret);
    fw_scan_text(ret, FW_EV_action, &ret->action, start ? FW_SV("start") : FW_SV("stop"));
    fw_scan_outcome(ret, FW_SCAN_ALLOWED);
    size_t responder = fw_sv_find(text, FW_SV("responder ("));
    if (responder == SIZE_MAX) {
        return false;
    }
    fw_sv first = fw_sv_sub(text, 0, responder);
    fw_sv second = fw_sv_sub(text, responder, SIZE_MAX);
    uint64_t n;
    if (fw_sv_u64(between(first, "sent ", " "), &n)) {
        fw_scan_num(ret, FW_EV_src_bytes, &ret->src_bytes, n);
    }
    if (fw_sv_u64(between(second, "sent ", " "), &n)) {
        fw_scan_num(ret, FW_EV_dst_bytes, &ret->dst_bytes, n);
    }
    return read_source(between(first, "initiator (", ")"), ret) &&
           read_destination(between(second, "responder (", ")"), ret);
}

/* "Dropping tcp session 10.1.1.5:50002 192.0.2.9:80 on zone-pair in-out class c due to ..." */
static bool read_drop(fw_sv text, struct fw_event *ret)
{
    static const struct fw_pair_row proto = FW_PAIR("", PROTO, FW_EV_transport);
    fw_sv word;
    fw_pairs_set(&proto, between(text, "Dropping ", " "), ret);
    fw_scan_text(ret, FW_EV_rule_name, &ret->rule_name, between(text, "class ", " "));
    fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("drop"));
    fw_scan_outcome(ret, FW_SCAN_DENIED);
    size_t at = fw_sv_find(text, FW_SV(" session "));
    size_t skip = 9;
    if (at == SIZE_MAX) {
        at = fw_sv_find(text, FW_SV(" pkt "));
        skip = 5;
    }
    if (at == SIZE_MAX) {
        return false;
    }
    fw_sv rest = fw_sv_sub(text, at + skip, SIZE_MAX);
    bool from = fw_sv_word(&rest, &word) && read_source(word, ret);
    if (!from || !fw_sv_word(&rest, &word)) {
        return false;
    }
    if (fw_sv_is(word, "=>") && !fw_sv_word(&rest, &word)) {
        return false;
    }
    return read_destination(word, ret);
}

/* "Configured from console by ann on vty0 (10.1.1.9)" */
static bool read_configured(fw_sv text, struct fw_event *ret)
{
    fw_scan_text(ret, FW_EV_user, &ret->user, between(text, " by ", " "));
    fw_scan_addr(ret, FW_EV_src, &ret->src, between(text, "(", ")"));
    fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("configured"));
    return fw_sv_starts(text, "Configured ");
}

/* "User:ann  logged command:no access-list 101 " */
static bool read_command(fw_sv text, struct fw_event *ret)
{
    fw_scan_text(ret, FW_EV_user, &ret->user, between(text, "User:", " "));
    fw_scan_text(ret, FW_EV_command, &ret->command,
                 fw_scan_public(fw_sv_trim(between(text, "command:", ""))));
    fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("command"));
    return fw_event_has(ret, FW_EV_command);
}

/* "Login Success [user: ann] [Source: 10.1.1.9] [localport: 22] at 10:20:30 UTC Mon Mar 2 2026" */
static bool read_login(fw_sv text, struct fw_event *ret)
{
    bool failed = fw_sv_find(text, FW_SV("ailed")) != SIZE_MAX;
    fw_scan_text(ret, FW_EV_user, &ret->user, between(text, "[user: ", "]"));
    fw_scan_addr(ret, FW_EV_src, &ret->src, between(text, "[Source: ", "]"));
    fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("login"));
    fw_scan_outcome(ret, failed ? FW_SCAN_DENIED : FW_SCAN_ALLOWED);
    return fw_sv_starts(text, "Login ");
}

/* "User ann has exited tty session 2(10.1.1.9)" */
static bool read_logout(fw_sv text, struct fw_event *ret)
{
    fw_scan_text(ret, FW_EV_user, &ret->user, between(text, "User ", " "));
    fw_scan_addr(ret, FW_EV_src, &ret->src, between(text, "(", ")"));
    fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("logout"));
    return fw_sv_starts(text, "User ");
}

/* NX-OS: "Src IP: 10.1.1.5, Dst IP: 192.0.2.9, Src Port: 5, Dst Port: 80, Src Intf: Ethernet1/1,
 * Protocol: "TCP"(6), ACL Name: a, ACE Action: Deny, Hit-count = 1" */
static bool read_nexus(fw_sv text, struct fw_event *ret)
{
    static const struct fw_pair_row rows[] = {
        FW_PAIR("Src IP: ", IP, FW_EV_src),          FW_PAIR("Dst IP: ", IP, FW_EV_dst),
        FW_PAIR("Src Port: ", PORT, FW_EV_sport),    FW_PAIR("Dst Port: ", PORT, FW_EV_dport),
        FW_PAIR("Src Intf: ", TEXT, FW_EV_in),       FW_PAIR("ACL Name: ", TEXT, FW_EV_rule_name),
        FW_PAIR("ACE Action: ", TEXT, FW_EV_action),
    };
    static const struct fw_pair_row proto = FW_PAIR("", PROTO, FW_EV_transport);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!fw_pairs_set(&rows[i], between(text, rows[i].key.p, ",;"), ret)) {
            return false;
        }
    }
    fw_pairs_set(&proto, between(text, "Protocol: \"", "\""), ret);
    if (!fw_sv_u64(between(text, "Hit-count = ", " ,;"), &ret->hits)) {
        ret->hits = 0;
    }
    fw_scan_outcome(ret, fw_scan_action(ret->action));
    return fw_event_has(ret, FW_EV_src);
}

enum kind { TRAFFIC, CONFIGURATION, AUTHENTICATION };

static const struct message {
    fw_sv name;
    enum kind kind;
    bool (*read)(fw_sv text, struct fw_event *ret);
} messages[] = {
    {FW_SV_INIT("ACCESSLOGDP"), TRAFFIC, read_acl},
    {FW_SV_INIT("ACCESSLOGNP"), TRAFFIC, read_acl},
    {FW_SV_INIT("ACCESSLOGP"), TRAFFIC, read_acl},
    {FW_SV_INIT("ACCESSLOGSP"), TRAFFIC, read_acl},
    {FW_SV_INIT("ACLLOG_FLOW_INTERVAL"), TRAFFIC, read_nexus},
    {FW_SV_INIT("ACLLOG_NEW_FLOW"), TRAFFIC, read_nexus},
    {FW_SV_INIT("CFGLOG_LOGGEDCMD"), CONFIGURATION, read_command},
    {FW_SV_INIT("CONFIG_I"), CONFIGURATION, read_configured},
    {FW_SV_INIT("DROP_PKT"), TRAFFIC, read_drop},
    {FW_SV_INIT("IPACCESSLOGDP"), TRAFFIC, read_acl},
    {FW_SV_INIT("IPACCESSLOGNP"), TRAFFIC, read_acl},
    {FW_SV_INIT("IPACCESSLOGP"), TRAFFIC, read_acl},
    {FW_SV_INIT("IPACCESSLOGRP"), TRAFFIC, read_acl},
    {FW_SV_INIT("IPACCESSLOGS"), TRAFFIC, read_acl},
    {FW_SV_INIT("IPACCESSLOGSP"), TRAFFIC, read_acl},
    {FW_SV_INIT("LOGIN_FAILED"), AUTHENTICATION, read_login},
    {FW_SV_INIT("LOGIN_SUCCESS"), AUTHENTICATION, read_login},
    {FW_SV_INIT("LOGOUT"), AUTHENTICATION, read_logout},
    {FW_SV_INIT("SESS_AUDIT_TRAIL"), TRAFFIC, read_session},
    {FW_SV_INIT("SESS_AUDIT_TRAIL_START"), TRAFFIC, read_session},
    {FW_SV_INIT("SIGNATURE"), TRAFFIC, read_signature},
};

static const struct message *find_message(fw_sv name)
{
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        if (fw_sv_eq(messages[i].name, name)) {
            return &messages[i];
        }
    }
    return NULL;
}

static enum fw_line_verdict ios_event(const struct fw_envelope *envelope, fw_sv message,
                                      struct fw_arena *scratch, struct fw_event *ret)
{
    static const char *const categories[] = {"network", "configuration", "authentication"};
    (void)envelope;
    (void)scratch;
    struct tag tag;
    if (!find_tag(message, &tag)) {
        return FW_LINE_NONE;
    }
    fw_scan_tag(ret, tag.code, tag.level);
    const struct message *m = find_message(mnemonic(tag.code));
    if (!m) {
        return FW_LINE_IGNORED;
    }
    if (!m->read(tag.text, ret)) {
        /* The name is known, this way of writing it is not. */
        fw_event_clear(ret);
        fw_scan_tag(ret, tag.code, tag.level);
        return FW_LINE_UNSUPPORTED;
    }
    drop_ports(ret);
    ret->traffic = m->kind == TRAFFIC;
    ret->admin = m->kind != TRAFFIC;
    if (ret->admin) {
        fw_scan_text(ret, FW_EV_message, &ret->message, fw_scan_public(tag.text));
    }
    fw_scan_text(ret, FW_EV_kind, &ret->kind,
                 m->read == read_signature ? FW_SV("alert") : FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, fw_sv_from(categories[m->kind]));
    return FW_LINE_USED;
}

static int ios_bid(fw_sv head)
{
    struct tag tag;
    if (!find_tag(head, &tag)) {
        return FW_BID_NO;
    }
    return find_message(mnemonic(tag.code)) ? FW_BID_SURE : FW_BID_LIKELY;
}

const struct fw_parser fw_parser_ios_log = {
    .name = "cisco-ios-log",
    .title = "Cisco IOS, IOS-XE and NX-OS messages (%SEC-6-IPACCESSLOGP)",
    .kind = FW_PARSER_LOG,
    .version = 3,
    .shape = FW_SHAPE_MESSAGE,
    .bid = ios_bid,
    .event = ios_event,
};
