/*
 * Linux netfilter LOG lines (iptables, nftables, ufw, firewalld), as the kernel prints them:
 *
 *   [50028442.088484] IPTABLES-DROP: IN=eth0 OUT= MAC=00:08:a2:0c:1f:12:00:c8:8b:e2:d6:87:08:00
 *   SRC=195.54.160.107 DST=51.15.166.67 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=37308 PROTO=TCP
 *   SPT=8080 DPT=8123 WINDOW=1024 RES=0x00 SYN URGP=0
 *
 * (one line). The order of the keys is fixed by nf_log_syslog.c of the kernel. The label before IN=
 * is the rule's --log-prefix: free text, often without a blank at its end. The line does not say
 * what happened to the packet; only the label may.
 */
#include "parsers/envelope.h"
#include "parsers/logscan.h"
#include "parsers/netfilter_label.h"
#include "parsers/parser.h"

enum { MAC_TEXT = 17, MAC_HEADER = 41 }; /* "00:08:a2:0c:1f:12"; both addresses and the type */

struct marks {
    size_t label_end; /* where IN= begins */
    size_t in, in_end, out;
};

/* Finds "IN=<name> OUT=": false when the line has no such pair. */
static bool find_marks(fw_sv s, struct marks *ret)
{
    /* Most lines that are not of this format have no such sign at all, and it is found fast. */
    const char *sign = s.p;
    while (s.n > 0 && (sign = memchr(sign, '=', (size_t)(s.p + s.n - sign))) != NULL) {
        size_t equals = (size_t)(sign++ - s.p);
        if (equals < 4 || memcmp(s.p + equals - 4, " OUT", 4) != 0) {
            continue;
        }
        size_t at = equals - 4;
        size_t start = at;
        while (start > 0 && !fw_is_blank(s.p[start - 1])) {
            start--;
        }
        /* The label may touch: "DROP(src wan)IN=eth0". The name itself has no "IN=". */
        for (size_t i = at; i >= start + 3; i--) {
            if (s.p[i - 3] == 'I' && s.p[i - 2] == 'N' && s.p[i - 1] == '=') {
                *ret = (struct marks){i - 3, i, at, equals + 1};
                return true;
            }
        }
    }
    return false;
}

/* "[50028442.088484] " or "[  203.842973] " at the front: seconds since the machine started. */
static fw_sv skip_uptime(fw_sv s)
{
    size_t i = 0;
    while (i < s.n && fw_is_blank(s.p[i])) {
        i++;
    }
    size_t begin = i;
    if (i == s.n || s.p[i++] != '[') {
        return fw_sv_sub(s, begin, SIZE_MAX);
    }
    while (i < s.n && s.p[i] == ' ') {
        i++;
    }
    size_t digits = i;
    while (i < s.n && (fw_is_digit(s.p[i]) || s.p[i] == '.')) {
        i++;
    }
    if (i == digits || i == s.n || s.p[i] != ']') {
        return fw_sv_sub(s, begin, SIZE_MAX);
    }
    i++;
    while (i < s.n && fw_is_blank(s.p[i])) {
        i++;
    }
    return fw_sv_sub(s, i, SIZE_MAX);
}

fw_sv fw_netfilter_label(fw_sv prefix)
{
    prefix = skip_uptime(prefix);
    while (prefix.n > 0 && (fw_is_blank(prefix.p[prefix.n - 1]) || prefix.p[prefix.n - 1] == ':')) {
        prefix.n--;
    }
    return prefix;
}

/* The last part of "NAME-part", cut off; {0} when there is no dash. */
static fw_sv cut_part(fw_sv *name)
{
    size_t dash = name->n;
    while (dash > 0 && name->p[dash - 1] != '-') {
        dash--;
    }
    if (dash < 2) {
        return (fw_sv){0};
    }
    fw_sv part = fw_sv_sub(*name, dash, SIZE_MAX);
    name->n = dash - 1;
    return part;
}

static bool is_rule_id(fw_sv part)
{
    uint64_t number;
    return fw_sv_is(part, "default") || fw_sv_u64(part, &number);
}

static bool is_action(fw_sv part)
{
    return part.n == 1 && (part.p[0] == 'A' || part.p[0] == 'D' || part.p[0] == 'R');
}

/* "[WAN_IN-3001-D]" of Vyatta and EdgeOS, "[WAN_LOCAL-D-2147483647] DESCR="..."" of UniFi: ruleset,
 * rule and action (Accept, Drop, Reject). */
static bool read_vyatta(fw_sv label, struct fw_event *ret)
{
    size_t close = fw_sv_find_char(label, ']');
    if (close == SIZE_MAX || close < 5 || label.p[0] != '[') {
        return false;
    }
    fw_sv rest = fw_sv_trim(fw_sv_sub(label, close + 1, SIZE_MAX));
    fw_sv name = fw_sv_sub(label, 1, close - 1);
    fw_sv last = cut_part(&name);
    fw_sv before = cut_part(&name);
    if ((rest.n > 0 && !fw_sv_starts(rest, "DESCR=")) || before.n == 0) {
        return false;
    }
    bool action_last = is_action(last);
    fw_sv id = action_last ? before : last;
    fw_sv action = action_last ? last : before;
    if (!is_action(action) || !is_rule_id(id)) {
        return false;
    }
    fw_scan_text(ret, FW_EV_rule_name, &ret->rule_name, name);
    fw_scan_text(ret, FW_EV_rule_id, &ret->rule_id, id);
    fw_scan_outcome(ret, action.p[0] == 'A' ? FW_SCAN_ALLOWED : FW_SCAN_DENIED);
    return true;
}

static void read_label(fw_sv text, struct fw_event *ret)
{
    fw_sv label = fw_netfilter_label(text);
    if (label.n == 0) {
        return;
    }
    if (!read_vyatta(label, ret)) {
        fw_scan_text(ret, FW_EV_rule_name, &ret->rule_name, label);
        fw_scan_outcome(ret, fw_scan_label(label));
    }
    if (fw_event_has(ret, FW_EV_outcome)) {
        bool allowed = fw_sv_is(ret->outcome, "success");
        fw_scan_text(ret, FW_EV_action, &ret->action, allowed ? FW_SV("allowed") : FW_SV("denied"));
    }
}

/* Ethernet only: destination, source, type. Tunnels print headers of other lengths. */
static void read_mac(fw_sv value, struct fw_event *ret)
{
    if (value.n == MAC_HEADER) {
        fw_scan_text(ret, FW_EV_dst_mac, &ret->dst_mac, fw_sv_sub(value, 0, MAC_TEXT));
        fw_scan_text(ret, FW_EV_src_mac, &ret->src_mac, fw_sv_sub(value, MAC_TEXT + 1, MAC_TEXT));
    }
}

/* One KEY=value; false when the value cannot be. Keys that are not counted are accepted. */
static bool read_key(fw_sv key, fw_sv value, struct fw_event *ret)
{
    uint64_t n;
    switch (key.n) {
    case 3:
        if (memcmp(key.p, "SRC", 3) == 0) {
            return fw_scan_addr(ret, FW_EV_src, &ret->src, value);
        }
        if (memcmp(key.p, "DST", 3) == 0) {
            return fw_scan_addr(ret, FW_EV_dst, &ret->dst, value);
        }
        if (memcmp(key.p, "SPT", 3) == 0) {
            return fw_scan_port(value, &ret->sport) && (fw_event_set(ret, FW_EV_sport), true);
        }
        if (memcmp(key.p, "DPT", 3) == 0) {
            return fw_scan_port(value, &ret->dport) && (fw_event_set(ret, FW_EV_dport), true);
        }
        /* The first LEN is the packet's, a second one the UDP header's. */
        if (memcmp(key.p, "LEN", 3) == 0 && !fw_event_has(ret, FW_EV_bytes) &&
            fw_sv_u64(value, &n)) {
            fw_scan_num(ret, FW_EV_bytes, &ret->bytes, n);
        } else if (memcmp(key.p, "MAC", 3) == 0) {
            read_mac(value, ret);
        }
        break;
    case 4:
        if (memcmp(key.p, "TYPE", 4) == 0 && fw_scan_port(value, &n)) {
            fw_scan_num(ret, FW_EV_icmp_type, &ret->icmp_type, n);
        } else if (memcmp(key.p, "CODE", 4) == 0 && fw_scan_port(value, &n)) {
            fw_scan_num(ret, FW_EV_icmp_code, &ret->icmp_code, n);
        }
        break;
    case 5:
        if (memcmp(key.p, "PROTO", 5) == 0) {
            fw_scan_text(ret, FW_EV_transport, &ret->transport, fw_scan_transport(value, NULL));
            return value.n > 0;
        }
        break;
    default:
        break;
    }
    return true;
}

/* The keys behind OUT=. What stands in brackets is the packet that an ICMP error quotes, or
 * "INCOMPLETE [8 bytes]": not this packet's. */
static bool read_keys(fw_sv s, struct fw_event *ret)
{
    const char *p = s.p;
    const char *end = s.p + s.n;
    while (p < end) {
        if (*p == ' ') {
            p++;
            continue;
        }
        const char *stop = memchr(p, *p == '[' ? ']' : ' ', (size_t)(end - p));
        if (*p == '[') {
            p = stop ? stop + 1 : end;
            continue;
        }
        stop = stop ? stop : end;
        const char *equals = memchr(p, '=', (size_t)(stop - p));
        if (equals && equals > p &&
            !read_key(fw_sv_of(p, (size_t)(equals - p)),
                      fw_sv_of(equals + 1, (size_t)(stop - equals - 1)), ret)) {
            return false;
        }
        p = stop;
    }
    return true;
}

/* Looks like the format but misses its beginning or its addresses: cut or mangled on the way. */
static bool is_fragment(fw_sv s)
{
    return fw_sv_find_char(s, '=') != SIZE_MAX && fw_sv_find(s, FW_SV(" OUT=")) != SIZE_MAX &&
           fw_sv_find(s, FW_SV(" SRC=")) != SIZE_MAX && fw_sv_find(s, FW_SV(" PROTO=")) != SIZE_MAX;
}

static enum fw_line_verdict netfilter_event(const struct fw_envelope *envelope, fw_sv message,
                                            struct fw_arena *scratch, struct fw_event *ret)
{
    (void)scratch;
    struct marks m;
    /* Some relays print the host twice; without a tag the second one would be part of the label. */
    if (envelope->host.n > 0 && message.n > envelope->host.n &&
        fw_is_blank(message.p[envelope->host.n]) &&
        fw_sv_eq(fw_sv_sub(message, 0, envelope->host.n), envelope->host)) {
        message = fw_sv_trim(fw_sv_sub(message, envelope->host.n, SIZE_MAX));
    }
    if (!find_marks(message, &m)) {
        return is_fragment(message) ? FW_LINE_BAD : FW_LINE_NONE;
    }
    size_t out_end = m.out;
    while (out_end < message.n && !fw_is_blank(message.p[out_end])) {
        out_end++;
    }
    fw_sv keys = fw_sv_sub(message, out_end, SIZE_MAX);
    /* ARP through the same logger: no IP packet, nothing a rule of the IP tables decides. */
    size_t arp = fw_sv_find(fw_sv_sub(keys, 0, 128), FW_SV("ARP HTYPE="));
    if (arp != SIZE_MAX && arp > 0 && fw_is_blank(keys.p[arp - 1])) {
        fw_scan_text(ret, FW_EV_code, &ret->code, FW_SV("arp"));
        return FW_LINE_IGNORED;
    }
    if (!read_keys(keys, ret) || !fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst) ||
        !fw_event_has(ret, FW_EV_transport)) {
        return FW_LINE_BAD;
    }
    fw_scan_text(ret, FW_EV_in, &ret->in, fw_sv_of(message.p + m.in, m.in_end - m.in));
    fw_scan_text(ret, FW_EV_out, &ret->out, fw_sv_of(message.p + m.out, out_end - m.out));
    read_label(fw_sv_sub(message, 0, m.label_end), ret);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
    return FW_LINE_USED;
}

static int netfilter_bid(fw_sv head)
{
    struct marks m;
    if (!find_marks(head, &m)) {
        return is_fragment(head) ? FW_BID_WEAK : FW_BID_NO;
    }
    return fw_sv_find(fw_sv_sub(head, m.out, SIZE_MAX), FW_SV(" SRC=")) != SIZE_MAX ? FW_BID_SURE
                                                                                    : FW_BID_WEAK;
}

const struct fw_parser fw_parser_netfilter_log = {
    .name = "netfilter-log",
    .title = "Linux netfilter LOG lines (iptables, nftables, ufw, firewalld)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = netfilter_bid,
    .event = netfilter_event,
};
