/*
 * MikroTik RouterOS: firewall rules that log, and what administrators did:
 *
 *   firewall,info drop-in input: in:ether1 out:(unknown 0), connection-state:new src-mac
 *   00:17:10:88:bc:02, proto TCP (SYN), 192.0.2.78:44355->198.51.100.145:23, len 40
 *
 *   system,error,critical login failure for user admin from 10.10.0.35 via winbox
 *
 * (each one line). The topics in front are missing in the BSD form of syslog. The word before the
 * chain is the rule's log-prefix; only it may say what happened to the packet.
 */
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

static bool has(fw_sv text, const char *word)
{
    return fw_sv_find(text, fw_sv_from(word)) != SIZE_MAX;
}

/* "firewall,info": words of small letters with commas between, the first a subsystem. */
static bool cut_topics(fw_sv *rest, fw_sv *ret)
{
    static const char *const first[] = {
        "firewall,",  "system,", "interface,", "dhcp,", "wireless,", "script,", "ipsec,",
        "ppp,",       "l2tp,",   "pptp,",      "sstp,", "ovpn,",     "dns,",    "account,",
        "bridge,",    "route,",  "ospf,",      "bgp,",  "hotspot,",  "caps,",   "certificate,",
        "web-proxy,", "ssh,",    "wireguard,", "snmp,"};
    fw_sv s = *rest;
    fw_sv word;
    if (!fw_sv_word(&s, &word) || word.n > 48) {
        return false;
    }
    for (size_t i = 0; i < word.n; i++) {
        if (!(word.p[i] >= 'a' && word.p[i] <= 'z') && word.p[i] != ',' && word.p[i] != '-' &&
            !fw_is_digit(word.p[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
        if (fw_sv_starts(word, first[i])) {
            *ret = word;
            *rest = fw_sv_trim(s);
            return true;
        }
    }
    return false;
}

/* "[2001:db8::1]:40384", "192.0.2.78:44355", or an address alone. */
static bool read_end(fw_sv word, const struct fw_pair_row rows[2], struct fw_event *ret)
{
    fw_sv ip = word;
    fw_sv port = {0};
    size_t close = fw_sv_find_char(word, ']');
    size_t colon = fw_sv_find_char(word, ':');
    if (word.n > 2 && word.p[0] == '[' && close != SIZE_MAX) {
        ip = fw_sv_sub(word, 1, close - 1);
        port = fw_sv_sub(word, close + 2, SIZE_MAX);
    } else if (colon != SIZE_MAX &&
               fw_sv_find_char(fw_sv_sub(word, colon + 1, SIZE_MAX), ':') == SIZE_MAX) {
        ip = fw_sv_sub(word, 0, colon);
        port = fw_sv_sub(word, colon + 1, SIZE_MAX);
    }
    return fw_pairs_set(&rows[0], ip, ret) && fw_pairs_set(&rows[1], port, ret);
}

static const struct fw_pair_row ends[4] = {
    FW_PAIR("", IP, FW_EV_src),
    FW_PAIR("", PORT, FW_EV_sport),
    FW_PAIR("", IP, FW_EV_dst),
    FW_PAIR("", PORT, FW_EV_dport),
};

static bool read_flow(fw_sv word, struct fw_event *ret)
{
    size_t arrow = fw_sv_find(word, FW_SV("->"));
    return arrow != SIZE_MAX && read_end(fw_sv_sub(word, 0, arrow), &ends[0], ret) &&
           read_end(fw_sv_sub(word, arrow + 2, SIZE_MAX), &ends[2], ret);
}

/* "out:(unknown 0)": no interface. */
static void put_interface(fw_sv name, enum fw_event_field field, fw_sv *member,
                          struct fw_event *ret)
{
    if (!fw_sv_starts(name, "(")) {
        fw_scan_text(ret, field, member, name);
    }
}

struct packet {
    fw_sv front;    /* log-prefix and chain; empty when the header's reader took the chain for a
                       program */
    fw_sv in, rest; /* the interface's name; what follows "out:" */
};

/* "drop-in input: in:ether1 out:ether2, ..., proto TCP ..." */
static bool find_packet(fw_sv s, struct packet *ret)
{
    size_t in = fw_sv_starts(s, "in:") ? 0 : fw_sv_find(s, FW_SV(": in:"));
    size_t out = fw_sv_find(s, FW_SV(" out:"));
    size_t name = in == 0 ? 3 : in + 5;
    if (in == SIZE_MAX || out == SIZE_MAX || out < name) {
        return false;
    }
    *ret = (struct packet){fw_sv_sub(s, 0, in), fw_sv_sub(s, name, out - name),
                           fw_sv_sub(s, out + 5, SIZE_MAX)};
    return has(ret->rest, "proto ");
}

/* One part between ", ": false when it cannot be what it begins like. */
static bool read_part(fw_sv part, struct fw_event *ret)
{
    static const struct fw_pair_row proto = FW_PAIR("", PROTO, FW_EV_transport);
    static const struct fw_pair_row icmp[2] = {FW_PAIR("", NUM, FW_EV_icmp_type),
                                               FW_PAIR("", NUM, FW_EV_icmp_code)};
    static const struct fw_pair_row length = FW_PAIR("", NUM, FW_EV_bytes);
    part = fw_sv_trim(part);
    size_t mac = fw_sv_find(part, FW_SV("src-mac "));
    if (mac != SIZE_MAX) {
        fw_sv rest = fw_sv_sub(part, mac + 8, SIZE_MAX);
        fw_sv_word(&rest, &ret->src_mac);
        fw_scan_text(ret, FW_EV_src_mac, &ret->src_mac, ret->src_mac);
    }
    /* "connection-state:new proto TCP (SYN)": without a comma where there is no address of
     * hardware. */
    size_t at = fw_sv_find(part, FW_SV("proto "));
    if (at != SIZE_MAX && (at == 0 || part.p[at - 1] == ' ')) {
        fw_sv rest = fw_sv_sub(part, at + 6, SIZE_MAX);
        fw_sv word;
        if (!fw_sv_word(&rest, &word) || !fw_pairs_set(&proto, word, ret)) {
            return false;
        }
        size_t type = fw_sv_find(rest, FW_SV("(type "));
        return type == SIZE_MAX || fw_pairs_set(&icmp[0], fw_sv_sub(rest, type + 6, SIZE_MAX), ret);
    }
    if (fw_sv_starts(part, "code ")) {
        /* "(type 8, code 0)": cut at its comma. */
        fw_sv code = fw_sv_sub(part, 5, fw_sv_find_char(part, ')') - 5);
        return fw_pairs_set(&icmp[1], code, ret);
    }
    if (fw_sv_starts(part, "len ")) {
        return fw_pairs_set(&length, fw_sv_sub(part, 4, SIZE_MAX), ret);
    }
    if (fw_event_has(ret, FW_EV_transport) && !fw_event_has(ret, FW_EV_src) && has(part, "->")) {
        return read_flow(part, ret);
    }
    return true;
}

static enum fw_line_verdict read_packet(const struct packet *packet, struct fw_event *ret)
{
    fw_sv part;
    fw_sv rest = packet->rest;
    size_t comma = fw_sv_find_char(rest, ',');
    if (comma == SIZE_MAX) {
        return FW_LINE_BAD;
    }
    put_interface(packet->in, FW_EV_in, &ret->in, ret);
    put_interface(fw_sv_sub(rest, 0, comma), FW_EV_out, &ret->out, ret);
    rest = fw_sv_sub(rest, comma + 1, SIZE_MAX);
    while (fw_sv_split(&rest, ',', &part)) {
        if (!read_part(part, ret)) {
            return FW_LINE_BAD;
        }
    }
    if (!fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst)) {
        return FW_LINE_BAD;
    }
    /* "drop-in input:" or "input:" */
    fw_sv front = packet->front;
    size_t blank = front.n;
    while (blank > 0 && front.p[blank - 1] != ' ') {
        blank--;
    }
    fw_sv label = fw_sv_trim(fw_sv_sub(front, 0, blank));
    fw_scan_text(ret, FW_EV_rule_name, &ret->rule_name, label);
    enum fw_scan_verdict verdict = fw_scan_label(label);
    fw_scan_outcome(ret, verdict);
    if (verdict != FW_SCAN_UNKNOWN) {
        fw_scan_text(ret, FW_EV_action, &ret->action,
                     verdict == FW_SCAN_ALLOWED ? FW_SV("allowed") : FW_SV("denied"));
    }
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
    return FW_LINE_USED;
}

/* "user admin logged in from 10.0.0.1 via ssh", "login failure for user admin from 10.0.0.1 via
 * ssh", "filter rule changed by admin". False: something else of the system. */
static bool read_admin(fw_sv text, struct fw_event *ret)
{
    bool in = has(text, " logged in from ");
    bool out = has(text, " logged out from ");
    bool failed = fw_sv_starts(text, "login failure for user ");
    bool changed = has(text, " changed by ") || has(text, " added by ") ||
                   has(text, " removed by ") || has(text, " moved by ");
    if (!in && !out && !failed && !changed) {
        return false;
    }
    if (changed) {
        fw_scan_text(ret, FW_EV_user, &ret->user, fw_scan_word_after(text, " by "));
        fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("changed"));
        fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("configuration"));
    } else {
        fw_scan_text(ret, FW_EV_user, &ret->user, fw_scan_word_after(text, "user "));
        fw_scan_addr(ret, FW_EV_src, &ret->src, fw_scan_word_after(text, " from "));
        fw_scan_text(ret, FW_EV_action, &ret->action, out ? FW_SV("logout") : FW_SV("login"));
        fw_scan_outcome(ret, failed ? FW_SCAN_DENIED : FW_SCAN_ALLOWED);
        fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("authentication"));
    }
    fw_scan_text(ret, FW_EV_message, &ret->message, text);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    ret->admin = true;
    return true;
}

static enum fw_line_verdict mikrotik_event(const struct fw_envelope *envelope, fw_sv message,
                                           struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    fw_sv topics = {0};
    struct packet packet;
    bool known = cut_topics(&message, &topics);
    if (find_packet(message, &packet)) {
        return read_packet(&packet, ret);
    }
    if (!known) {
        return FW_LINE_NONE;
    }
    if (fw_sv_starts(topics, "system,") && read_admin(message, ret)) {
        return FW_LINE_USED;
    }
    fw_scan_text(ret, FW_EV_code, &ret->code, topics);
    return FW_LINE_IGNORED;
}

static int mikrotik_bid(fw_sv head)
{
    fw_sv topics;
    struct packet packet;
    bool known = cut_topics(&head, &topics);
    head = fw_sv_sub(head, 0, fw_sv_find_char(head, '\n'));
    return find_packet(head, &packet) ? FW_BID_SURE : known ? FW_BID_LIKELY : FW_BID_NO;
}

const struct fw_parser fw_parser_mikrotik_log = {
    .name = "mikrotik-log",
    .title = "MikroTik RouterOS firewall and administration logs",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = mikrotik_bid,
    .event = mikrotik_event,
};
