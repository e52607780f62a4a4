/*
 * FortiGate (FortiOS 4 to 7) logs, key=value with blanks or, in its CSV form, commas between:
 *
 *   date=2019-05-15 time=15:08:49 logid="0000000013" type="traffic" subtype="forward"
 *   level="notice" vd="vdom1" eventtime=1557958129950003945 srcip=10.1.100.22 srcport=50002
 *   srcintf="port12" dstip=172.16.100.100 dstport=53 dstintf="port11" sessionid=6887 proto=17
 *   action="accept" policyid=1 trandisp="snat" transip=172.16.200.2 transport=50002 duration=180
 *   sentbyte=67 rcvdbyte=207
 *
 * (one line). FortiOS 4 wrote src, src_port, src_int, status for srcip, srcport, srcintf, action.
 * FortiAnalyzer forwards the same with fields of its own in front, or each pair in quotes.
 */
#include <assert.h>

#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own {
    ACTION,
    CFGPATH,
    DATE,
    DEVID,
    EVENTTIME,
    LOGDESC,
    STATUS,
    SUBTYPE,
    TIME,
    TRAN_DISP,
    TRAN_IP,
    TRAN_PORT,
    TYPE,
    TZ,
    UI,
    USER,
    OWN_COUNT
};

static const struct fw_pair_row keys[] = {
    FW_PAIR("SN", TEXT, FW_EV_session),
    FW_PAIR("action", OWN, ACTION),
    FW_PAIR("app", TEXT, FW_EV_app),
    FW_PAIR("cfgpath", OWN, CFGPATH),
    FW_PAIR("date", OWN, DATE),
    FW_PAIR("device_id", OWN, DEVID),
    FW_PAIR("devid", OWN, DEVID),
    FW_PAIR("devname", TEXT, FW_EV_observer),
    FW_PAIR("dst", IP, FW_EV_dst),
    FW_PAIR("dst_int", TEXT, FW_EV_out),
    FW_PAIR("dst_port", PORT, FW_EV_dport),
    FW_PAIR("dstintf", TEXT, FW_EV_out),
    FW_PAIR("dstip", IP, FW_EV_dst),
    FW_PAIR("dstmac", TEXT, FW_EV_dst_mac),
    FW_PAIR("dstport", PORT, FW_EV_dport),
    FW_PAIR("dstuser", TEXT, FW_EV_dst_user),
    FW_PAIR("duration", SECONDS, FW_EV_duration),
    FW_PAIR("eventtime", OWN, EVENTTIME),
    FW_PAIR("icmpcode", NUM, FW_EV_icmp_code),
    FW_PAIR("icmptype", NUM, FW_EV_icmp_type),
    FW_PAIR("level", TEXT, FW_EV_level),
    FW_PAIR("locip", IP, FW_EV_dst),
    FW_PAIR("locport", PORT, FW_EV_dport),
    FW_PAIR("log_id", TEXT, FW_EV_code),
    FW_PAIR("logdesc", OWN, LOGDESC),
    FW_PAIR("logid", TEXT, FW_EV_code),
    FW_PAIR("msg", TEXT, FW_EV_message),
    FW_PAIR("policyid", TEXT, FW_EV_rule_id),
    FW_PAIR("policyname", TEXT, FW_EV_rule_name),
    FW_PAIR("pri", TEXT, FW_EV_level),
    FW_PAIR("proto", PROTO, FW_EV_transport),
    FW_PAIR("rcvd", NUM, FW_EV_dst_bytes),
    FW_PAIR("rcvdbyte", NUM, FW_EV_dst_bytes),
    FW_PAIR("remip", IP, FW_EV_src),
    FW_PAIR("remport", PORT, FW_EV_sport),
    FW_PAIR("sent", NUM, FW_EV_src_bytes),
    FW_PAIR("sentbyte", NUM, FW_EV_src_bytes),
    FW_PAIR("session_id", TEXT, FW_EV_session),
    FW_PAIR("sessionid", TEXT, FW_EV_session),
    FW_PAIR("src", IP, FW_EV_src),
    FW_PAIR("src_int", TEXT, FW_EV_in),
    FW_PAIR("src_port", PORT, FW_EV_sport),
    FW_PAIR("srcintf", TEXT, FW_EV_in),
    FW_PAIR("srcip", IP, FW_EV_src),
    FW_PAIR("srcmac", TEXT, FW_EV_src_mac),
    FW_PAIR("srcport", PORT, FW_EV_sport),
    FW_PAIR("status", OWN, STATUS),
    FW_PAIR("subtype", OWN, SUBTYPE),
    FW_PAIR("time", OWN, TIME),
    FW_PAIR("tran_disp", OWN, TRAN_DISP),
    FW_PAIR("tran_ip", OWN, TRAN_IP),
    FW_PAIR("tran_port", OWN, TRAN_PORT),
    FW_PAIR("tranip", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("tranport", NAT_PORT, FW_EV_nat_dport),
    FW_PAIR("transip", NAT_IP, FW_EV_nat_src),
    FW_PAIR("transport", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("type", OWN, TYPE),
    FW_PAIR("tz", OWN, TZ),
    FW_PAIR("ui", OWN, UI),
    FW_PAIR("unauthuser", OWN, USER),
    FW_PAIR("user", OWN, USER),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

enum kind { OTHER, TRAFFIC, UTM, EVENT };

/* FortiOS 4 had the security logs as types of their own. */
static const struct {
    const char *type;
    enum kind kind;
} types[] = {
    {"traffic", TRAFFIC}, {"event", EVENT},       {"utm", UTM},         {"anomaly", UTM},
    {"app-ctrl", UTM},    {"attack", UTM},        {"cifs", UTM},        {"dlp", UTM},
    {"dns", UTM},         {"emailfilter", UTM},   {"file-filter", UTM}, {"gtp", UTM},
    {"icap", UTM},        {"ips", UTM},           {"sctp-filter", UTM}, {"ssh", UTM},
    {"ssl", UTM},         {"virtual-patch", UTM}, {"virus", UTM},       {"voip", UTM},
    {"waf", UTM},         {"webfilter", UTM},
};

/* Words of `action` beyond fw_scan_action's. How an allowed session ended is no denial. */
static const struct {
    fw_sv word;
    enum fw_scan_verdict verdict;
} actions[] = {
    {FW_SV_INIT("clear_session"), FW_SCAN_DENIED}, {FW_SV_INIT("client-rst"), FW_SCAN_ALLOWED},
    {FW_SV_INIT("close"), FW_SCAN_ALLOWED},        {FW_SV_INIT("dns"), FW_SCAN_ALLOWED},
    {FW_SV_INIT("drop_session"), FW_SCAN_DENIED},  {FW_SV_INIT("exempt"), FW_SCAN_ALLOWED},
    {FW_SV_INIT("ip-conn"), FW_SCAN_ALLOWED},      {FW_SV_INIT("log-only"), FW_SCAN_ALLOWED},
    {FW_SV_INIT("monitored"), FW_SCAN_ALLOWED},    {FW_SV_INIT("redirected"), FW_SCAN_DENIED},
    {FW_SV_INIT("reset_client"), FW_SCAN_DENIED},  {FW_SV_INIT("reset_server"), FW_SCAN_DENIED},
    {FW_SV_INIT("server-rst"), FW_SCAN_ALLOWED},   {FW_SV_INIT("start"), FW_SCAN_ALLOWED},
    {FW_SV_INIT("timeout"), FW_SCAN_ALLOWED},
};

static enum kind kind_of(fw_sv type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (fw_sv_is(type, types[i].type)) {
            return types[i].kind;
        }
    }
    return OTHER;
}

static enum fw_scan_verdict verdict_of(fw_sv action)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (fw_sv_eq(action, actions[i].word)) {
            return actions[i].verdict;
        }
    }
    return fw_scan_action(action);
}

/* "-0700" or "+8:00". */
static bool read_zone(fw_sv tz, struct fw_stamp *stamp)
{
    int32_t seconds;
    if (!fw_zone_parse(tz, &seconds)) {
        return false;
    }
    stamp->has_zone = true;
    stamp->zone_seconds = seconds;
    return true;
}

/* The same moment as an epoch: the difference is the device's zone, when it looks like one. */
static void infer_zone(fw_sv eventtime, struct fw_stamp *stamp)
{
    enum { QUARTER = 900, LATE = 60, ZONE_MAX = 14 * 3600 };
    struct fw_stamp utc;
    if (!fw_pairs_epoch(eventtime, &utc)) {
        return;
    }
    int64_t ahead = fw_stamp_seconds(stamp, 0) - fw_stamp_seconds(&utc, 0);
    if (ahead < -ZONE_MAX || ahead > ZONE_MAX) {
        return;
    }
    /* Logged up to a minute after it happened, or rounded: to the nearest quarter of an hour. */
    int64_t quarters = (ahead + ZONE_MAX + QUARTER / 2) / QUARTER;
    int64_t zone = quarters * QUARTER - ZONE_MAX;
    if (ahead - zone <= LATE && zone - ahead <= LATE) {
        stamp->has_zone = true;
        stamp->zone_seconds = (int32_t)zone;
    }
}

static bool read_time(const fw_sv *own, struct fw_event *ret)
{
    char text[32];
    fw_sv date = own[DATE];
    fw_sv time = own[TIME];
    if (date.n != 10 || time.n < 8 || time.n > 20) {
        return false;
    }
    memcpy(text, date.p, 10);
    text[10] = ' ';
    size_t n = 11;
    for (size_t i = 0; i < time.n; i++) {
        if (time.p[i] != ' ') {
            text[n++] = time.p[i];
        }
    }
    fw_sv rest = fw_sv_of(text, n);
    struct fw_stamp stamp;
    if (!fw_stamp_rfc3339(&rest, &stamp) || rest.n > 0) {
        return false;
    }
    if (!read_zone(own[TZ], &stamp)) {
        infer_zone(own[EVENTTIME], &stamp);
    }
    ret->time = stamp;
    fw_event_set(ret, FW_EV_time);
    return true;
}

/* FortiOS 4 has one translated address, which `tran_disp` explains. */
static bool read_old_nat(const fw_sv *own, struct fw_event *ret)
{
    static const struct fw_pair_row rows[2][2] = {
        {FW_PAIR("tran_ip", NAT_IP, FW_EV_nat_src),
         FW_PAIR("tran_port", NAT_PORT, FW_EV_nat_sport)},
        {FW_PAIR("tran_ip", NAT_IP, FW_EV_nat_dst),
         FW_PAIR("tran_port", NAT_PORT, FW_EV_nat_dport)},
    };
    const struct fw_pair_row *row = rows[fw_sv_is(own[TRAN_DISP], "dnat")];
    return fw_pairs_set(&row[0], own[TRAN_IP], ret) && fw_pairs_set(&row[1], own[TRAN_PORT], ret);
}

static void drop_ports(struct fw_event *ret)
{
    bool ports;
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
        if (!ports) {
            /* An ICMP session has an identifier where others have ports. */
            ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport |
                              UINT64_C(1) << FW_EV_nat_sport | UINT64_C(1) << FW_EV_nat_dport);
        }
    }
}

static void finish_traffic(const fw_sv *own, enum kind kind, struct fw_event *ret)
{
    fw_sv action = own[ACTION].n > 0 ? own[ACTION] : own[STATUS];
    fw_scan_text(ret, FW_EV_action, &ret->action, action);
    fw_scan_outcome(ret, verdict_of(action));
    if (!fw_pairs_is_absent(own[USER])) {
        fw_scan_text(ret, FW_EV_src_user, &ret->src_user, own[USER]);
    }
    drop_ports(ret);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, kind == UTM ? FW_SV("alert") : FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
}

static bool has_word(fw_sv text, const char *word)
{
    return fw_sv_find(text, fw_sv_from(word)) != SIZE_MAX;
}

static void finish_event(const fw_sv *own, struct fw_event *ret)
{
    fw_sv action = own[ACTION];
    fw_sv status = own[STATUS];
    bool login = fw_sv_is(action, "login") || fw_sv_is(action, "logout") ||
                 fw_sv_starts(own[LOGDESC], "Admin ");
    bool config = own[CFGPATH].n > 0 || fw_sv_starts(own[LOGDESC], "Configuration ");
    fw_scan_text(ret, FW_EV_action, &ret->action, action);
    if (!fw_pairs_is_absent(own[USER])) {
        fw_scan_text(ret, FW_EV_user, &ret->user, own[USER]);
    }
    if (fw_sv_is(status, "success")) {
        fw_scan_outcome(ret, FW_SCAN_ALLOWED);
    } else if (fw_sv_is(status, "failure") || fw_sv_is(status, "failed") ||
               fw_sv_is(action, "ssl-login-fail")) {
        fw_scan_outcome(ret, FW_SCAN_DENIED);
    }
    /* "https(10.42.8.253)", "GUI(4.3.5.8)": from where. */
    fw_sv ui = own[UI];
    size_t open = fw_sv_find_char(ui, '(');
    if (open != SIZE_MAX && ui.p[ui.n - 1] == ')') {
        fw_scan_addr(ret, FW_EV_src, &ret->src, fw_sv_sub(ui, open + 1, ui.n - open - 2));
    }
    ret->admin = login || config;
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_sv category = config  ? FW_SV("configuration")
                     : login ? FW_SV("authentication")
                     : fw_sv_is(own[SUBTYPE], "vpn") || has_word(action, "tunnel")
                         ? FW_SV("network")
                         : FW_SV("host");
    fw_scan_text(ret, FW_EV_category, &ret->category, category);
}

/* The date of a line is at its front, or behind what FortiAnalyzer and relays put there. */
static bool find_start(fw_sv message, fw_sv *ret, char *ret_sep)
{
    static const char *const first[] = {
        "date=",      "\"date=",      "logver=", "itime=",  "\"itime=",
        "timestamp=", "\"timestamp=", "devid=",  "devname="};
    size_t limit = message.n < 64 ? message.n : 64;
    for (size_t at = 0; at < limit; at++) {
        char before = at ? message.p[at - 1] : ' ';
        if (before != ' ' && before != '\t' && before != ':') {
            continue;
        }
        fw_sv s = fw_sv_sub(message, at, SIZE_MAX);
        for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
            if (fw_sv_starts(s, first[i])) {
                size_t end = 0;
                while (end < s.n && s.p[end] != ' ' && s.p[end] != ',') {
                    end++;
                }
                *ret_sep = end < s.n ? s.p[end] : ' ';
                *ret = s;
                return (has_word(s, " type=") || has_word(s, ",type=") || has_word(s, "\"type=")) &&
                       (has_word(s, "logid=") || has_word(s, "log_id="));
            }
        }
    }
    return false;
}

/* One pair; FortiAnalyzer's export quotes it whole. */
static bool next_pair(fw_sv *rest, char sep, fw_sv *key, fw_sv *value)
{
    if (sep == ',' && rest->n > 0 && rest->p[0] == '"') {
        fw_sv cell;
        fw_pairs_cell(rest, &cell);
        size_t equals = fw_sv_find_char(cell, '=');
        *key = fw_sv_sub(cell, 0, equals);
        *value = equals == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(cell, equals + 1, SIZE_MAX);
        return true;
    }
    return fw_pairs_next(rest, sep, key, value);
}

/* False: a value cannot be what its key says. */
static bool read_pairs(fw_sv rest, char sep, fw_sv *own, struct fw_event *ret)
{
    fw_sv key;
    fw_sv value;
    while (next_pair(&rest, sep, &key, &value)) {
        const struct fw_pair_row *row = fw_pairs_find(&table, key);
        if (!row) {
            continue;
        }
        if (row->kind != FW_PAIR_OWN) {
            if (!fw_pairs_set(row, value, ret)) {
                return false;
            }
        } else if (own[row->what].n == 0) {
            /* Some relays split the clock: "time=12: 26:24". */
            if (row->what == TIME && value.n == 3 && value.p[2] == ':' && rest.n > 6 &&
                rest.p[0] == ' ') {
                value.n = 9;
            }
            own[row->what] = value;
        }
    }
    return true;
}

static enum fw_line_verdict fortigate_event(const struct fw_envelope *envelope, fw_sv message,
                                            struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    fw_sv own[OWN_COUNT] = {{0}};
    fw_sv rest;
    char sep;
    if (!find_start(message, &rest, &sep)) {
        return FW_LINE_NONE;
    }
    if (!read_pairs(rest, sep, own, ret)) {
        return FW_LINE_BAD;
    }
    enum kind kind = kind_of(own[TYPE]);
    /* Other Fortinet products write the same way: mail (FE), DDoS ("spp"), authentication. */
    if (kind == OTHER || fw_sv_starts(own[DEVID], "FE") ||
        fw_sv_find(rest, FW_SV(" spp=")) != SIZE_MAX) {
        fw_event_clear(ret);
        fw_scan_text(ret, FW_EV_code, &ret->code, own[TYPE].n > 0 ? own[TYPE] : FW_SV("fortinet"));
        return FW_LINE_IGNORED;
    }
    bool timed = own[DATE].n == 0 || own[TIME].n == 0 || read_time(own, ret);
    if (!timed || !read_old_nat(own, ret)) {
        return FW_LINE_BAD;
    }
    if (kind == EVENT) {
        finish_event(own, ret);
        return FW_LINE_USED;
    }
    if (kind == TRAFFIC && (!fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst))) {
        return FW_LINE_BAD;
    }
    finish_traffic(own, kind, ret);
    return FW_LINE_USED;
}

static int fortigate_bid(fw_sv head)
{
    fw_sv rest;
    char sep;
    assert(fw_pairs_sorted(&table));
    if (!find_start(fw_sv_sub(head, 0, fw_sv_find_char(head, '\n')), &rest, &sep)) {
        return FW_BID_NO;
    }
    return has_word(rest, "devid=\"FE") ? FW_BID_WEAK : FW_BID_SURE;
}

const struct fw_parser fw_parser_fortigate_log = {
    .name = "fortigate-log",
    .title = "FortiGate logs (key=value, with blanks or commas)",
    .kind = FW_PARSER_LOG,
    .version = 2,
    .shape = FW_SHAPE_MESSAGE,
    .bid = fortigate_bid,
    .event = fortigate_event,
};
