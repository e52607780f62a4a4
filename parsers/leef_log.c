/*
 * IBM Log Event Extended Format, versions 1 and 2:
 *
 *   LEEF:2.0|Trend Micro|Deep Security Agent|12.0|4000030|cat=Anti-Malware<TAB>sev=6<TAB>...
 *
 * (one line). Version 2 may name another separator behind the event id: "^", "x5E".
 * Names of keys are those of IBM's "LEEF event attributes" and what firewalls add to them. Nothing
 * is escaped.
 */
#include <assert.h>

#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum { WITHIN = 256 };

static const struct fw_pair_row keys[] = {
    FW_PAIR("Action", TEXT, FW_EV_action),
    FW_PAIR("Application", TEXT, FW_EV_app),
    FW_PAIR("DestinationZone", TEXT, FW_EV_out_zone),
    FW_PAIR("EgressInterface", TEXT, FW_EV_out),
    FW_PAIR("IngressInterface", TEXT, FW_EV_in),
    FW_PAIR("RuleName", TEXT, FW_EV_rule_name),
    FW_PAIR("SessionID", TEXT, FW_EV_session),
    FW_PAIR("SourceZone", TEXT, FW_EV_in_zone),
    FW_PAIR("act", TEXT, FW_EV_action),
    FW_PAIR("action", TEXT, FW_EV_action),
    FW_PAIR("devTime", STAMP, FW_EV_time),
    FW_PAIR("dst", IP, FW_EV_dst),
    FW_PAIR("dstBytes", NUM, FW_EV_dst_bytes),
    FW_PAIR("dstMAC", TEXT, FW_EV_dst_mac),
    FW_PAIR("dstPort", PORT, FW_EV_dport),
    FW_PAIR("dstPostNAT", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("dstPostNATPort", NAT_PORT, FW_EV_nat_dport),
    FW_PAIR("dvchost", TEXT, FW_EV_observer),
    FW_PAIR("ifname", TEXT, FW_EV_in),
    FW_PAIR("inzone", TEXT, FW_EV_in_zone),
    FW_PAIR("msg", TEXT, FW_EV_message),
    FW_PAIR("outzone", TEXT, FW_EV_out_zone),
    FW_PAIR("policy", TEXT, FW_EV_rule_name),
    FW_PAIR("proto", PROTO, FW_EV_transport),
    FW_PAIR("rule_name", TEXT, FW_EV_rule_name),
    FW_PAIR("rule_uid", TEXT, FW_EV_rule_id),
    FW_PAIR("sev", NUM, FW_EV_severity),
    FW_PAIR("src", IP, FW_EV_src),
    FW_PAIR("srcBytes", NUM, FW_EV_src_bytes),
    FW_PAIR("srcMAC", TEXT, FW_EV_src_mac),
    FW_PAIR("srcPort", PORT, FW_EV_sport),
    FW_PAIR("srcPostNAT", NAT_IP, FW_EV_nat_src),
    FW_PAIR("srcPostNATPort", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("totalBytes", NUM, FW_EV_bytes),
    FW_PAIR("usrName", TEXT, FW_EV_user),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

struct head {
    fw_sv event;
    char sep;
};

/* The optional separator of version 2: nothing, one character, "x09" or "0x09". */
static void cut_separator(fw_sv *rest, char *ret)
{
    size_t bar = fw_sv_find_char(fw_sv_sub(*rest, 0, 6), '|');
    if (bar == SIZE_MAX) {
        return;
    }
    fw_sv text = fw_sv_sub(*rest, 0, bar);
    size_t x = text.n > 2 ? fw_sv_find_char(text, 'x') : SIZE_MAX;
    if (x < 2 && x + 3 == text.n) {
        int hi = fw_hex_value(text.p[x + 1]);
        int lo = fw_hex_value(text.p[x + 2]);
        if (hi < 0 || lo < 0) {
            return;
        }
        *ret = (char)(hi * 16 + lo);
    } else if (text.n == 1) {
        *ret = text.p[0];
    } else if (text.n > 0) {
        return;
    }
    *rest = fw_sv_sub(*rest, bar + 1, SIZE_MAX);
}

/* "LEEF:1.0|Vendor|Product|Version|EventID|" */
static bool read_head(fw_sv *rest, struct head *ret)
{
    fw_sv field;
    if (rest->n < 3 || (rest->p[0] != '1' && rest->p[0] != '2') ||
        (rest->p[1] != '.' && rest->p[1] != '|')) {
        return false;
    }
    bool second = rest->p[0] == '2';
    for (int i = 0; i < 5; i++) {
        size_t bar = fw_sv_find_char(*rest, '|');
        if (bar == SIZE_MAX) {
            return false;
        }
        field = fw_sv_sub(*rest, 0, bar);
        *rest = fw_sv_sub(*rest, bar + 1, SIZE_MAX);
    }
    *ret = (struct head){field, '\t'};
    if (second) {
        cut_separator(rest, &ret->sep);
    }
    return true;
}

static size_t find_mark(fw_sv message)
{
    size_t at = fw_sv_find(fw_sv_sub(message, 0, WITHIN), FW_SV("LEEF:"));
    bool apart = at != SIZE_MAX &&
                 (at == 0 || fw_is_blank(message.p[at - 1]) || message.p[at - 1] == ':');
    return apart ? at + 5 : SIZE_MAX;
}

static void put_pair(fw_sv pair, struct fw_event *ret)
{
    size_t equals = fw_sv_find_char(pair, '=');
    if (equals == SIZE_MAX) {
        return;
    }
    const struct fw_pair_row *row = fw_pairs_find(&table, fw_sv_trim(fw_sv_sub(pair, 0, equals)));
    fw_sv value = fw_sv_trim(fw_sv_sub(pair, equals + 1, SIZE_MAX));
    if (!row) {
        return;
    }
    if (row->what == FW_EV_severity) {
        /* Some products join their own fields to it with blanks: "sev=6 cn1=241". */
        value = fw_sv_sub(value, 0, fw_sv_find_char(value, ' '));
    }
    /* A word where an address belongs counts as absent: products do so. */
    fw_pairs_set(row, value, ret);
}

static void finish(struct fw_event *ret)
{
    ret->traffic = fw_event_has(ret, FW_EV_src) && fw_event_has(ret, FW_EV_dst) &&
                   (fw_event_has(ret, FW_EV_transport) || fw_event_has(ret, FW_EV_dport));
    fw_scan_outcome(ret, fw_scan_action(ret->action));
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 ret->traffic ? FW_SV("network") : FW_SV("host"));
}

static enum fw_line_verdict leef_event(const struct fw_envelope *envelope, fw_sv message,
                                       struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    struct head head;
    fw_sv pair;
    size_t at = find_mark(message);
    if (at == SIZE_MAX) {
        return FW_LINE_NONE;
    }
    fw_sv rest = fw_sv_sub(message, at, SIZE_MAX);
    if (!read_head(&rest, &head)) {
        return FW_LINE_BAD;
    }
    while (fw_sv_split(&rest, head.sep, &pair)) {
        put_pair(pair, ret);
    }
    fw_scan_text(ret, FW_EV_code, &ret->code, head.event);
    finish(ret);
    return FW_LINE_USED;
}

static int leef_bid(fw_sv head)
{
    assert(fw_pairs_sorted(&table));
    return find_mark(head) == SIZE_MAX ? FW_BID_NO : FW_BID_SURE;
}

const struct fw_parser fw_parser_leef_log = {
    .name = "leef",
    .title = "Log Event Extended Format (LEEF) of any product",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = leef_bid,
    .event = leef_event,
};
