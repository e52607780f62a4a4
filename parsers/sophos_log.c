/*
 * Sophos firewalls: SFOS (XG, XGS) and SG UTM, key=value:
 *
 *   device="SFW" date=2019-10-09 time=17:19:06 timezone="+08" device_name="XG210"
 * log_type="Firewall" log_subtype="Denied" fw_rule_id=14 in_interface="Port3" out_interface="Port2"
 * src_ip=192.0.2.44 dst_ip=10.1.1.11 protocol="TCP" src_port=52667 dst_port=10051 sent_bytes=0
 * recv_bytes=0
 *
 *   ulogd[4711]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped"
 *   action="drop" fwrule="60001" initf="eth1" srcip="192.0.2.7" dstip="10.1.1.1" proto="6"
 *   srcport="4711" dstport="22"
 *
 * (each one line). SFOS 19 and later has timestamp="..." for the three parts.
 */
#include <assert.h>

#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { ACTION, COMPONENT, DATE, STATUS, SUB, SUBTYPE, TIME, TYPE, ZONE, OWN_COUNT };

static const struct fw_pair_row keys[] = {
    FW_PAIR("action", OWN, ACTION),
    FW_PAIR("app_name", TEXT, FW_EV_app),
    FW_PAIR("application", TEXT, FW_EV_app),
    FW_PAIR("bytes_received", NUM, FW_EV_dst_bytes),
    FW_PAIR("bytes_sent", NUM, FW_EV_src_bytes),
    FW_PAIR("con_duration", SECONDS, FW_EV_duration),
    FW_PAIR("con_id", TEXT, FW_EV_session),
    FW_PAIR("connid", TEXT, FW_EV_session),
    FW_PAIR("date", OWN, DATE),
    FW_PAIR("device_name", TEXT, FW_EV_observer),
    FW_PAIR("dst_ip", IP, FW_EV_dst),
    FW_PAIR("dst_mac", TEXT, FW_EV_dst_mac),
    FW_PAIR("dst_port", PORT, FW_EV_dport),
    FW_PAIR("dst_trans_ip", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("dst_trans_port", NAT_PORT, FW_EV_nat_dport),
    FW_PAIR("dst_zone", TEXT, FW_EV_out_zone),
    FW_PAIR("dstip", IP, FW_EV_dst),
    FW_PAIR("dstmac", TEXT, FW_EV_dst_mac),
    FW_PAIR("dstport", PORT, FW_EV_dport),
    FW_PAIR("dstzone", TEXT, FW_EV_out_zone),
    FW_PAIR("duration", SECONDS, FW_EV_duration),
    FW_PAIR("fw_rule_id", TEXT, FW_EV_rule_id),
    FW_PAIR("fw_rule_name", TEXT, FW_EV_rule_name),
    FW_PAIR("fwrule", TEXT, FW_EV_rule_id),
    FW_PAIR("icmp_code", NUM, FW_EV_icmp_code),
    FW_PAIR("icmp_type", NUM, FW_EV_icmp_type),
    FW_PAIR("id", TEXT, FW_EV_code),
    FW_PAIR("in_interface", TEXT, FW_EV_in),
    FW_PAIR("initf", TEXT, FW_EV_in),
    FW_PAIR("length", NUM, FW_EV_bytes),
    FW_PAIR("log_component", OWN, COMPONENT),
    FW_PAIR("log_id", TEXT, FW_EV_code),
    FW_PAIR("log_subtype", OWN, SUBTYPE),
    FW_PAIR("log_type", OWN, TYPE),
    FW_PAIR("message", TEXT, FW_EV_message),
    FW_PAIR("name", TEXT, FW_EV_message),
    FW_PAIR("out_interface", TEXT, FW_EV_out),
    FW_PAIR("outitf", TEXT, FW_EV_out),
    FW_PAIR("priority", TEXT, FW_EV_level),
    FW_PAIR("proto", PROTO, FW_EV_transport),
    FW_PAIR("protocol", PROTO, FW_EV_transport),
    FW_PAIR("recv_bytes", NUM, FW_EV_dst_bytes),
    FW_PAIR("sent_bytes", NUM, FW_EV_src_bytes),
    FW_PAIR("severity", TEXT, FW_EV_level),
    FW_PAIR("src_ip", IP, FW_EV_src),
    FW_PAIR("src_mac", TEXT, FW_EV_src_mac),
    FW_PAIR("src_port", PORT, FW_EV_sport),
    FW_PAIR("src_trans_ip", NAT_IP, FW_EV_nat_src),
    FW_PAIR("src_trans_port", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("src_zone", TEXT, FW_EV_in_zone),
    FW_PAIR("srcip", IP, FW_EV_src),
    FW_PAIR("srcmac", TEXT, FW_EV_src_mac),
    FW_PAIR("srcport", PORT, FW_EV_sport),
    FW_PAIR("srczone", TEXT, FW_EV_in_zone),
    FW_PAIR("status", OWN, STATUS),
    FW_PAIR("sub", OWN, SUB),
    FW_PAIR("time", OWN, TIME),
    FW_PAIR("timestamp", STAMP, FW_EV_time),
    FW_PAIR("timezone", OWN, ZONE),
    FW_PAIR("tran_dst_ip", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("tran_dst_port", NAT_PORT, FW_EV_nat_dport),
    FW_PAIR("tran_src_ip", NAT_IP, FW_EV_nat_src),
    FW_PAIR("tran_src_port", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("type", NUM, FW_EV_icmp_type),
    FW_PAIR("user_name", TEXT, FW_EV_src_user),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

enum product { NONE, SFOS, UTM };

static bool has(fw_sv text, const char *word)
{
    return fw_sv_find(text, fw_sv_from(word)) != SIZE_MAX;
}

static enum product find_product(fw_sv s)
{
    fw_sv head = fw_sv_sub(s, 0, 512);
    if (has(head, "log_type=\"") && (has(head, "device=\"S") || has(head, "device_name=\""))) {
        return SFOS;
    }
    return has(head, "sys=\"SecureNet\"") && has(head, "sub=\"") ? UTM : NONE;
}

/* Date, time and zone in parts; false when they are no moment. */
static bool read_time(const fw_sv *own, struct fw_event *ret)
{
    char text[24];
    struct fw_stamp stamp;
    int32_t seconds;
    if (fw_event_has(ret, FW_EV_time) || own[DATE].n == 0) {
        return true;
    }
    if (own[DATE].n != 10 || own[TIME].n != 8) {
        return false;
    }
    memcpy(text, own[DATE].p, 10);
    text[10] = ' ';
    memcpy(text + 11, own[TIME].p, 8);
    fw_sv rest = fw_sv_of(text, 19);
    if (!fw_stamp_rfc3339(&rest, &stamp)) {
        return false;
    }
    if (fw_zone_parse(own[ZONE], &seconds)) {
        stamp.has_zone = true;
        stamp.zone_seconds = seconds;
    }
    ret->time = stamp;
    fw_event_set(ret, FW_EV_time);
    return true;
}

static void finish_traffic(const fw_sv *own, struct fw_event *ret)
{
    fw_sv action = own[ACTION].n > 0 ? own[ACTION] : own[STATUS].n > 0 ? own[STATUS] : own[SUBTYPE];
    bool ports = true;
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
    enum fw_scan_verdict verdict = fw_scan_action(action);
    fw_scan_text(ret, FW_EV_action, &ret->action, action);
    fw_scan_outcome(ret, verdict != FW_SCAN_UNKNOWN ? verdict : fw_scan_action(own[SUBTYPE]));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
}

/* log_type="Event": what administrators did and what happened to the device itself. */
static void finish_event(const fw_sv *own, struct fw_event *ret)
{
    bool gui = fw_sv_is(own[COMPONENT], "GUI") || fw_sv_is(own[COMPONENT], "CLI") ||
               fw_sv_is(own[SUBTYPE], "Admin");
    bool login = has(ret->message, "logged in") || has(ret->message, "logged out") ||
                 has(ret->message, "log in");
    fw_sv status = own[STATUS];
    if (gui && fw_event_has(ret, FW_EV_src_user)) {
        fw_scan_text(ret, FW_EV_user, &ret->user, ret->src_user);
        ret->present &= ~(UINT64_C(1) << FW_EV_src_user);
    }
    if (fw_sv_is_nocase(status, "successful")) {
        fw_scan_outcome(ret, FW_SCAN_ALLOWED);
    } else if (fw_sv_is_nocase(status, "failed")) {
        fw_scan_outcome(ret, FW_SCAN_DENIED);
    }
    fw_scan_text(ret, FW_EV_action, &ret->action, own[ACTION].n > 0 ? own[ACTION] : own[SUBTYPE]);
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 gui && login ? FW_SV("authentication")
                 : gui        ? FW_SV("configuration")
                              : FW_SV("host"));
    ret->admin = gui;
}

static enum fw_line_verdict sophos_event(const struct fw_envelope *envelope, fw_sv message,
                                         struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    fw_sv own[OWN_COUNT] = {{0}};
    fw_sv key;
    fw_sv value;
    enum product product = find_product(message);
    if (product == NONE) {
        return FW_LINE_NONE;
    }
    while (fw_pairs_next(&message, ' ', &key, &value)) {
        const struct fw_pair_row *row = fw_pairs_find(&table, key);
        if (row && row->kind == FW_PAIR_OWN) {
            own[row->what] = own[row->what].n ? own[row->what] : value;
        } else if (row && !fw_pairs_set(row, value, ret)) {
            return FW_LINE_BAD;
        }
    }
    if (!read_time(own, ret)) {
        return FW_LINE_BAD;
    }
    bool flow = fw_event_has(ret, FW_EV_src) && fw_event_has(ret, FW_EV_dst);
    if (product == UTM && !fw_sv_is(own[SUB], "packetfilter")) {
        fw_event_clear(ret);
        fw_scan_text(ret, FW_EV_code, &ret->code, own[SUB].n > 0 ? own[SUB] : FW_SV("utm"));
        return FW_LINE_IGNORED;
    }
    if (product == UTM || fw_sv_is(own[TYPE], "Firewall")) {
        if (!flow) {
            return FW_LINE_BAD;
        }
        finish_traffic(own, ret);
    } else if (fw_sv_is(own[TYPE], "Event") || !flow) {
        finish_event(own, ret);
    } else {
        finish_traffic(own, ret); /* IDP, content filtering, sandstorm, ... */
    }
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    return FW_LINE_USED;
}

static int sophos_bid(fw_sv head)
{
    assert(fw_pairs_sorted(&table));
    return find_product(head) == NONE ? FW_BID_NO : FW_BID_SURE;
}

const struct fw_parser fw_parser_sophos_log = {
    .name = "sophos-log",
    .title = "Sophos Firewall (SFOS) and SG UTM logs",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = sophos_bid,
    .event = sophos_event,
};
