/*
 * Cisco Firepower Threat Defense: connection, file and intrusion events, lists of "Key: value":
 *
 *   %FTD-1-430003: EventPriority: Low, DeviceUUID: 2d18, ConnectionID: 5,
 *   AccessControlRuleAction: Allow, AccessControlRuleName: web, SrcIP: 10.1.1.5,
 *   DstIP: 192.0.2.9, SrcPort: 50002, DstPort: 443, Protocol: tcp, ConnectionDuration: 12
 *
 * (one line), and what the management centre sends (SFIMS), with the flow at the end:
 *
 *   SFIMS: [Primary (a7213248)][Access Control] Connection Type: Start, Firewall Rule Name: r,
 *   Firewall Rule Action: Allow, Interface Ingress: s1p1, {TCP} 10.5.200.245:45283 -> 192.0.2.1:21
 *
 * All other %FTD messages are those of the ASA.
 */
#include <assert.h>

#include "parsers/envelope.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { GID, SID, INLINE_RESULT, OWN_COUNT };

static const struct fw_pair_row keys[] = {
    FW_PAIR("AccessControlRuleAction", TEXT, FW_EV_action),
    FW_PAIR("AccessControlRuleName", TEXT, FW_EV_rule_name),
    FW_PAIR("Application Protocol", TEXT, FW_EV_app),
    FW_PAIR("ApplicationProtocol", TEXT, FW_EV_app),
    FW_PAIR("ConnectionDuration", SECONDS, FW_EV_duration),
    FW_PAIR("ConnectionID", TEXT, FW_EV_session),
    FW_PAIR("DstIP", IP, FW_EV_dst),
    FW_PAIR("DstPort", PORT, FW_EV_dport),
    FW_PAIR("EgressInterface", TEXT, FW_EV_out),
    FW_PAIR("EgressZone", TEXT, FW_EV_out_zone),
    FW_PAIR("Firewall Rule Action", TEXT, FW_EV_action),
    FW_PAIR("Firewall Rule Name", TEXT, FW_EV_rule_name),
    FW_PAIR("FirstPacketSecond", STAMP, FW_EV_start),
    FW_PAIR("GID", OWN, GID),
    FW_PAIR("ICMPCode", NUM, FW_EV_icmp_code),
    FW_PAIR("ICMPType", NUM, FW_EV_icmp_type),
    FW_PAIR("IngressInterface", TEXT, FW_EV_in),
    FW_PAIR("IngressZone", TEXT, FW_EV_in_zone),
    FW_PAIR("InitiatorBytes", NUM, FW_EV_src_bytes),
    FW_PAIR("InlineResult", OWN, INLINE_RESULT),
    FW_PAIR("Interface Egress", TEXT, FW_EV_out),
    FW_PAIR("Interface Ingress", TEXT, FW_EV_in),
    FW_PAIR("Message", TEXT, FW_EV_message),
    FW_PAIR("NAT_InitiatorIP", NAT_IP, FW_EV_nat_src),
    FW_PAIR("NAT_InitiatorPort", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("NAT_ResponderIP", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("NAT_ResponderPort", NAT_PORT, FW_EV_nat_dport),
    FW_PAIR("Protocol", PROTO, FW_EV_transport),
    FW_PAIR("ResponderBytes", NUM, FW_EV_dst_bytes),
    FW_PAIR("Revision", NUM, FW_EV_rule_version),
    FW_PAIR("SID", OWN, SID),
    FW_PAIR("Security Zone Egress", TEXT, FW_EV_out_zone),
    FW_PAIR("Security Zone Ingress", TEXT, FW_EV_in_zone),
    FW_PAIR("SrcIP", IP, FW_EV_src),
    FW_PAIR("SrcPort", PORT, FW_EV_sport),
    FW_PAIR("User", TEXT, FW_EV_src_user),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

enum { WITHIN = 128, KEY_MAX = 48 };

/* "%FTD-1-430003: ", "%FTD-session-1-430003: ". */
static bool find_tag(fw_sv s, fw_sv *ret_code, fw_sv *ret_text, unsigned *ret_level)
{
    size_t at = fw_sv_find(fw_sv_sub(s, 0, WITHIN), FW_SV("-43000"));
    if (at == SIZE_MAX || at < 6 || at + 7 > s.n || s.p[at + 6] < '1' || s.p[at + 6] > '5') {
        return false;
    }
    size_t percent = at;
    while (percent > 0 && s.p[percent] != '%') {
        percent--;
    }
    unsigned level = (unsigned)(s.p[at - 1] - '0');
    if (!fw_sv_starts(fw_sv_sub(s, percent, SIZE_MAX), "%FTD-") || level > 7 ||
        s.p[at - 2] != '-') {
        return false;
    }
    fw_sv text = fw_sv_sub(s, at + 7, SIZE_MAX);
    if (text.n > 0 && text.p[0] == ':') {
        text = fw_sv_sub(text, 1, SIZE_MAX);
    }
    *ret_code = fw_sv_sub(s, at + 1, 6);
    *ret_text = text;
    *ret_level = level;
    return true;
}

/* The next "Key: " at `at`, behind a comma: the length of the key, or 0. */
static size_t key_at(fw_sv s, size_t at)
{
    size_t i = at;
    while (i < s.n && i - at < KEY_MAX && (fw_is_word(s.p[i]) || s.p[i] == ' ' || s.p[i] == '/')) {
        i++;
    }
    bool colon = i < s.n && s.p[i] == ':' && (i + 1 == s.n || s.p[i + 1] == ' ');
    return colon && i > at && s.p[at] != ' ' ? i - at : 0;
}

/* Values may hold commas: a new key needs its colon. */
static bool next_pair(fw_sv *rest, fw_sv *ret_key, fw_sv *ret_value)
{
    fw_sv s = *rest;
    size_t i = 0;
    while (i < s.n && (fw_is_blank(s.p[i]) || s.p[i] == ',')) {
        i++;
    }
    size_t key = key_at(s, i);
    if (key == 0) {
        return false;
    }
    *ret_key = fw_sv_sub(s, i, key);
    i += key + 1;
    size_t value = i;
    while (i < s.n && !(s.p[i] == ',' && i + 2 < s.n && s.p[i + 1] == ' ' &&
                        (s.p[i + 2] == '{' || key_at(s, i + 2) > 0))) {
        i++;
    }
    *ret_value = fw_sv_trim(fw_sv_sub(s, value, i - value));
    *rest = fw_sv_sub(s, i, SIZE_MAX);
    return true;
}

static bool is_nothing(fw_sv value)
{
    return fw_sv_is(value, "Unknown") || fw_sv_is(value, "No Authentication Required") ||
           fw_sv_is(value, "No Authentication");
}

static bool read_pairs(fw_sv *rest, fw_sv *own, struct fw_event *ret)
{
    fw_sv key;
    fw_sv value;
    while (next_pair(rest, &key, &value)) {
        const struct fw_pair_row *row = fw_pairs_find(&table, key);
        if (!row || is_nothing(value)) {
            continue;
        }
        if (row->kind == FW_PAIR_OWN) {
            own[row->what] = value;
            continue;
        }
        /* "ICMPType: Echo Request": the word is not modelled. */
        bool worded = row->what == FW_EV_icmp_type || row->what == FW_EV_icmp_code;
        if (!fw_pairs_set(row, value, ret) && !worded) {
            return false;
        }
    }
    return true;
}

/* "10.5.200.245:45283", or an address alone. */
static bool read_end(fw_sv word, enum fw_event_field field, fw_ip *ip,
                     enum fw_event_field port_field, uint64_t *port, struct fw_event *ret)
{
    size_t colon = word.n;
    while (colon > 0 && word.p[colon - 1] != ':') {
        colon--;
    }
    if (colon > 1 && fw_scan_port(fw_sv_sub(word, colon, SIZE_MAX), port) &&
        fw_scan_addr(ret, field, ip, fw_sv_sub(word, 0, colon - 1))) {
        fw_event_set(ret, port_field);
        return true;
    }
    return fw_scan_addr(ret, field, ip, word);
}

/* "{TCP} 10.5.200.245:45283 -> 192.0.2.1:21" */
static bool read_flow(fw_sv rest, struct fw_event *ret)
{
    static const struct fw_pair_row proto = FW_PAIR("", PROTO, FW_EV_transport);
    size_t open = fw_sv_find_char(rest, '{');
    size_t close = fw_sv_find_char(rest, '}');
    fw_sv from;
    fw_sv arrow;
    fw_sv to;
    if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
        return false;
    }
    fw_pairs_set(&proto, fw_sv_sub(rest, open + 1, close - open - 1), ret);
    rest = fw_sv_sub(rest, close + 1, SIZE_MAX);
    return fw_sv_word(&rest, &from) && fw_sv_word(&rest, &arrow) && fw_sv_is(arrow, "->") &&
           fw_sv_word(&rest, &to) &&
           read_end(from, FW_EV_src, &ret->src, FW_EV_sport, &ret->sport, ret) &&
           read_end(to, FW_EV_dst, &ret->dst, FW_EV_dport, &ret->dport, ret);
}

static void finish(const fw_sv *own, struct fw_event *ret)
{
    uint32_t gid = 1;
    uint32_t sid = 0;
    bool ports = true;
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
    if (fw_sv_u32(own[SID], UINT32_MAX, &sid)) {
        fw_sv_u32(own[GID], UINT32_MAX, &gid);
        ret->alert_gid = gid;
        ret->alert_sid = sid;
        fw_scan_text(ret, FW_EV_rule_id, &ret->rule_id, own[SID]);
    }
    fw_sv action = fw_event_has(ret, FW_EV_action) ? ret->action : own[INLINE_RESULT];
    fw_scan_text(ret, FW_EV_action, &ret->action, action);
    /* "Block with reset", "Interactive Block", "Trust", "Monitor". */
    fw_scan_outcome(ret, fw_sv_is(action, "Trust") || fw_sv_is(action, "Fastpath") ||
                                 fw_sv_is(action, "Monitor")
                             ? FW_SCAN_ALLOWED
                             : fw_scan_label(action));
    fw_scan_text(ret, FW_EV_kind, &ret->kind, sid ? FW_SV("alert") : FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
}

/* Behind "SFIMS: [sensor][policy] ". */
static bool find_sfims(const struct fw_envelope *envelope, fw_sv message, fw_sv *ret)
{
    fw_sv s = message;
    if (!fw_sv_is(envelope->app, "SFIMS")) {
        size_t at = fw_sv_find(fw_sv_sub(s, 0, WITHIN), FW_SV("SFIMS: "));
        if (at == SIZE_MAX) {
            return false;
        }
        s = fw_sv_sub(s, at + 7, SIZE_MAX);
    }
    while (s.n > 0 && s.p[0] == '[') {
        size_t close = fw_sv_find_char(s, ']');
        s = close == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(s, close + 1, SIZE_MAX);
    }
    *ret = fw_sv_trim(s);
    return true;
}

static enum fw_line_verdict ftd_event(const struct fw_envelope *envelope, fw_sv message,
                                      struct fw_arena *scratch, struct fw_event *ret)
{
    (void)scratch;
    fw_sv own[OWN_COUNT] = {{0}};
    fw_sv code;
    fw_sv text;
    unsigned level;
    bool tagged = find_tag(message, &code, &text, &level);
    if (!tagged && !find_sfims(envelope, message, &text)) {
        return FW_LINE_NONE;
    }
    if (tagged) {
        fw_scan_text(ret, FW_EV_code, &ret->code, code);
        fw_scan_text(ret, FW_EV_level, &ret->level, fw_scan_level(level));
        fw_scan_num(ret, FW_EV_severity, &ret->severity, level);
    } else if (!fw_sv_starts(text, "Connection Type: ")) {
        /* Intrusion, health and audit messages of the management centre have forms of their own. */
        fw_scan_text(ret, FW_EV_code, &ret->code, FW_SV("SFIMS"));
        return FW_LINE_UNSUPPORTED;
    }
    if (!read_pairs(&text, own, ret) || (!tagged && !read_flow(text, ret)) ||
        !fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst)) {
        return FW_LINE_BAD;
    }
    finish(own, ret);
    return FW_LINE_USED;
}

static int ftd_bid(fw_sv head)
{
    static const struct fw_envelope none = {.kind = FW_ENVELOPE_BARE};
    fw_sv code;
    fw_sv text;
    unsigned level;
    assert(fw_pairs_sorted(&table));
    return find_tag(head, &code, &text, &level) || find_sfims(&none, head, &text) ? FW_BID_SURE
                                                                                  : FW_BID_NO;
}

const struct fw_parser fw_parser_ftd_log = {
    .name = "cisco-ftd-log",
    .title = "Cisco FTD connection and intrusion events (%FTD-1-430003, SFIMS)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = ftd_bid,
    .event = ftd_event,
};
