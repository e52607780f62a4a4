/*
 * SonicWall (SonicOS 5 to 7) logs, key=value:
 *
 *   id=firewall sn=0006B1000001 time="2026-01-03 14:48:06 UTC" fw=192.0.2.1 pri=6 c=262144 m=98
 *   msg="Connection Opened" n=23419 src=10.1.1.5:36701:X0 dst=198.51.100.9:443:X1 proto=tcp/https
 *
 * (one line). Source and destination carry port and interface behind colons; of IPv6 the address is
 * in srcV6 and dstV6. `m` is the number of the message.
 */
#include <assert.h>

#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { SRC, DST, PROTO, FW_ACTION, OWN_COUNT };

static const struct fw_pair_row keys[] = {
    FW_PAIR("appName", TEXT, FW_EV_app),
    FW_PAIR("dst", OWN, DST),
    FW_PAIR("dstMac", TEXT, FW_EV_dst_mac),
    FW_PAIR("dstV6", IP, FW_EV_dst),
    FW_PAIR("dstZone", TEXT, FW_EV_out_zone),
    FW_PAIR("fw_action", OWN, FW_ACTION),
    FW_PAIR("icmpCode", NUM, FW_EV_icmp_code),
    FW_PAIR("m", TEXT, FW_EV_code),
    FW_PAIR("msg", TEXT, FW_EV_message),
    FW_PAIR("pri", NUM, FW_EV_severity),
    FW_PAIR("proto", OWN, PROTO),
    FW_PAIR("rcvd", NUM, FW_EV_dst_bytes),
    FW_PAIR("rule", TEXT, FW_EV_rule_id),
    FW_PAIR("sent", NUM, FW_EV_src_bytes),
    FW_PAIR("sn", TEXT, FW_EV_observer),
    FW_PAIR("src", OWN, SRC),
    FW_PAIR("srcMac", TEXT, FW_EV_src_mac),
    FW_PAIR("srcV6", IP, FW_EV_src),
    FW_PAIR("srcZone", TEXT, FW_EV_in_zone),
    FW_PAIR("time", STAMP, FW_EV_time),
    FW_PAIR("type", NUM, FW_EV_icmp_type),
    FW_PAIR("user", TEXT, FW_EV_src_user),
    FW_PAIR("usr", TEXT, FW_EV_src_user),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

struct end {
    struct fw_pair_row ip, port, interface;
};
static const struct end ends[2] = {
    {FW_PAIR("", IP, FW_EV_src), FW_PAIR("", PORT, FW_EV_sport), FW_PAIR("", TEXT, FW_EV_in)},
    {FW_PAIR("", IP, FW_EV_dst), FW_PAIR("", PORT, FW_EV_dport), FW_PAIR("", TEXT, FW_EV_out)},
};

/* "10.1.1.5:36701:X0:host", parts may be empty: ":49702:X0-V514". */
static bool read_end(fw_sv text, const struct end *end, struct fw_event *ret)
{
    fw_sv part[3] = {{0}};
    for (int i = 0; i < 3 && fw_sv_split(&text, ':', &part[i]); i++) {
    }
    return fw_pairs_set(&end->ip, part[0], ret) && fw_pairs_set(&end->port, part[1], ret) &&
           fw_pairs_set(&end->interface, part[2], ret);
}

/* "tcp/https", "udp/5355", "icmp". */
static void read_proto(fw_sv text, struct fw_event *ret)
{
    static const struct fw_pair_row row = FW_PAIR("", PROTO, FW_EV_transport);
    bool ports;
    fw_sv word = fw_sv_sub(text, 0, fw_sv_find_char(text, '/'));
    fw_pairs_set(&row, word, ret);
    fw_scan_transport(word, &ports);
    if (text.n > 0 && !ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
}

/* "id=name sn=": the first pair is always the identifier, of the administrator's choice. */
static bool find_start(fw_sv message, fw_sv *ret)
{
    size_t at = fw_sv_find(fw_sv_sub(message, 0, 128), FW_SV("id="));
    if (at == SIZE_MAX || (at > 0 && !fw_is_blank(message.p[at - 1]) && message.p[at - 1] != '>')) {
        return false;
    }
    fw_sv s = fw_sv_sub(message, at, SIZE_MAX);
    fw_sv head = fw_sv_sub(s, 0, 256);
    *ret = s;
    return fw_sv_find(head, FW_SV(" sn=")) != SIZE_MAX &&
           fw_sv_find(head, FW_SV(" fw=")) != SIZE_MAX && fw_sv_find(s, FW_SV(" m=")) != SIZE_MAX;
}

static bool has(fw_sv text, const char *word)
{
    return fw_sv_find(text, fw_sv_from(word)) != SIZE_MAX;
}

static void finish(fw_sv action, struct fw_event *ret)
{
    fw_sv text = ret->message;
    bool admin = has(text, "dministrator log") || has(text, "onfiguration change");
    enum fw_scan_verdict verdict = fw_scan_action(action);
    if (verdict == FW_SCAN_UNKNOWN) {
        verdict = fw_sv_starts(text, "Connection Opened") || fw_sv_starts(text, "Connection Closed")
                      ? FW_SCAN_ALLOWED
                      : fw_scan_label(text);
    }
    if (!fw_pairs_is_absent(action) && !fw_sv_is(action, "NA")) {
        fw_scan_text(ret, FW_EV_action, &ret->action, action);
    } else if (verdict != FW_SCAN_UNKNOWN) {
        fw_scan_text(ret, FW_EV_action, &ret->action,
                     verdict == FW_SCAN_ALLOWED ? FW_SV("allowed") : FW_SV("denied"));
    }
    fw_scan_outcome(ret, verdict);
    if (admin) {
        fw_scan_text(ret, FW_EV_user, &ret->user, ret->src_user);
        if (verdict == FW_SCAN_UNKNOWN && has(text, "login")) {
            fw_scan_outcome(ret, has(text, "fail") ? FW_SCAN_DENIED : FW_SCAN_ALLOWED);
        }
    }
    if (fw_event_has(ret, FW_EV_severity) && ret->severity <= 7) {
        fw_scan_text(ret, FW_EV_level, &ret->level, fw_scan_level((unsigned)ret->severity));
    }
    ret->admin = admin;
    ret->traffic = !admin && fw_event_has(ret, FW_EV_src) && fw_event_has(ret, FW_EV_dst);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 admin          ? FW_SV("authentication")
                 : ret->traffic ? FW_SV("network")
                                : FW_SV("host"));
}

static enum fw_line_verdict sonicwall_event(const struct fw_envelope *envelope, fw_sv message,
                                            struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    fw_sv own[OWN_COUNT] = {{0}};
    fw_sv rest;
    fw_sv key;
    fw_sv value;
    if (!find_start(message, &rest)) {
        return FW_LINE_NONE;
    }
    while (fw_pairs_next(&rest, ' ', &key, &value)) {
        const struct fw_pair_row *row = fw_pairs_find(&table, key);
        if (row && !fw_pairs_put(row, value, own, ret)) {
            return FW_LINE_BAD;
        }
    }
    if (!read_end(own[SRC], &ends[0], ret) || !read_end(own[DST], &ends[1], ret)) {
        return FW_LINE_BAD;
    }
    read_proto(own[PROTO], ret);
    finish(own[FW_ACTION], ret);
    return FW_LINE_USED;
}

static int sonicwall_bid(fw_sv head)
{
    fw_sv rest;
    assert(fw_pairs_sorted(&table));
    return find_start(fw_sv_sub(head, 0, fw_sv_find_char(head, '\n')), &rest) ? FW_BID_SURE
                                                                              : FW_BID_NO;
}

const struct fw_parser fw_parser_sonicwall_log = {
    .name = "sonicwall-log",
    .title = "SonicWall logs (key=value)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = sonicwall_bid,
    .event = sonicwall_event,
};
