/*
 * AWS VPC flow logs in the default format (version 2), blanks between fourteen fields:
 *
 *   2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010
 *   1418530070 ACCEPT OK
 *
 * (one line). A line stands for all packets of a flow in its interval; the interval's end is its
 * time. Custom formats name their fields only in the first line of a file and are not read.
 */
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum { PACKETS = 8, ACTION = 12, STATUS = 13, FIELDS = 14, WORDS = 40 };

static const struct fw_pair_row rows[FIELDS] = {
    FW_PAIR("version", OWN, 0),
    FW_PAIR("account-id", OWN, 0),
    FW_PAIR("interface-id", TEXT, FW_EV_in),
    FW_PAIR("srcaddr", IP, FW_EV_src),
    FW_PAIR("dstaddr", IP, FW_EV_dst),
    FW_PAIR("srcport", PORT, FW_EV_sport),
    FW_PAIR("dstport", PORT, FW_EV_dport),
    FW_PAIR("protocol", PROTO, FW_EV_transport),
    FW_PAIR("packets", OWN, 0),
    FW_PAIR("bytes", NUM, FW_EV_bytes),
    FW_PAIR("start", STAMP, FW_EV_start),
    FW_PAIR("end", STAMP, FW_EV_end),
    FW_PAIR("action", TEXT, FW_EV_action),
    FW_PAIR("log-status", OWN, 0),
};

/* The words of a line that looks like a flow log's: its version, a network interface, and how the
 * interval went; or the line that names the fields. 0: another format. */
static size_t cut(fw_sv line, fw_sv *words)
{
    size_t n = 0;
    bool interface = false;
    if (line.n < 20 || !((line.p[0] >= '2' && line.p[0] <= '9' && line.p[1] == ' ') ||
                         fw_sv_starts(line, "version "))) {
        return 0;
    }
    while (n < WORDS && fw_sv_word(&line, &words[n])) {
        interface = interface || fw_sv_starts(words[n], "eni-") ||
                    fw_sv_is(words[n], "interface-id");
        n++;
    }
    return interface ? n : 0;
}

static bool is_status(fw_sv word)
{
    return fw_sv_is(word, "OK") || fw_sv_is(word, "NODATA") || fw_sv_is(word, "SKIPDATA");
}

static enum fw_line_verdict aws_event(const struct fw_envelope *envelope, fw_sv message,
                                      struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    fw_sv words[WORDS];
    bool ports = true;
    size_t n = cut(message, words);
    if (n == 0) {
        return FW_LINE_NONE;
    }
    if (fw_sv_is(words[0], "version")) {
        fw_scan_text(ret, FW_EV_code, &ret->code, FW_SV("header"));
        return FW_LINE_IGNORED;
    }
    if (!fw_sv_is(words[0], "2")) {
        return FW_LINE_UNSUPPORTED;
    }
    if (n != FIELDS || !is_status(words[STATUS])) {
        return FW_LINE_BAD;
    }
    if (!fw_sv_is(words[STATUS], "OK")) {
        /* No traffic, or records that AWS lost: no event in either case. */
        fw_scan_text(ret, FW_EV_code, &ret->code, words[STATUS]);
        return FW_LINE_IGNORED;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        if (!fw_pairs_set(&rows[i], words[i], ret)) {
            return FW_LINE_BAD;
        }
    }
    if (!fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst) ||
        !fw_event_has(ret, FW_EV_end)) {
        return FW_LINE_BAD;
    }
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
    if (!fw_sv_u64(words[PACKETS], &ret->hits)) {
        ret->hits = 0;
    }
    ret->time = ret->end;
    fw_event_set(ret, FW_EV_time);
    fw_scan_outcome(ret, fw_scan_action(words[ACTION]));
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
    return FW_LINE_USED;
}

static int aws_bid(fw_sv head)
{
    fw_sv words[WORDS];
    return cut(fw_sv_sub(head, 0, fw_sv_find_char(head, '\n')), words) > 0 ? FW_BID_SURE
                                                                           : FW_BID_NO;
}

const struct fw_parser fw_parser_aws_vpc_log = {
    .name = "aws-vpc-flow",
    .title = "AWS VPC flow logs, default format",
    .kind = FW_PARSER_LOG,
    .version = 2,
    .shape = FW_SHAPE_LINE,
    .bid = aws_bid,
    .event = aws_event,
};
