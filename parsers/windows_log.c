/*
 * pfirewall.log of the Windows firewall, blanks between the fields that its third line names:
 *
 *   2005-04-11 08:05:57 DROP UDP 123.45.78.90 255.255.255.255 1631 2234 37 - - - - - - - RECEIVE
 *
 * Times are local unless the file says otherwise. Windows has never written other fields than
 * these, but for the process at the end.
 */
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum { PROTOCOL = 1, PATH = 14, FIELDS = 15, WORDS = 17 };

/* Behind date and time. */
static const struct fw_pair_row rows[FIELDS] = {
    FW_PAIR("action", TEXT, FW_EV_action),
    FW_PAIR("protocol", PROTO, FW_EV_transport),
    FW_PAIR("src-ip", IP, FW_EV_src),
    FW_PAIR("dst-ip", IP, FW_EV_dst),
    FW_PAIR("src-port", PORT, FW_EV_sport),
    FW_PAIR("dst-port", PORT, FW_EV_dport),
    FW_PAIR("size", NUM, FW_EV_bytes),
    FW_PAIR("tcpflags", OWN, 0),
    FW_PAIR("tcpsyn", OWN, 0),
    FW_PAIR("tcpack", OWN, 0),
    FW_PAIR("tcpwin", OWN, 0),
    FW_PAIR("icmptype", NUM, FW_EV_icmp_type),
    FW_PAIR("icmpcode", NUM, FW_EV_icmp_code),
    FW_PAIR("info", OWN, 0),
    FW_PAIR("path", OWN, 0),
};

static const struct {
    fw_sv word;
    enum fw_scan_verdict verdict;
} actions[] = {
    {FW_SV_INIT("ALLOW"), FW_SCAN_ALLOWED}, {FW_SV_INIT("CLOSE"), FW_SCAN_ALLOWED},
    {FW_SV_INIT("DROP"), FW_SCAN_DENIED},   {FW_SV_INIT("INFO-EVENTS-LOST"), FW_SCAN_UNKNOWN},
    {FW_SV_INIT("OPEN"), FW_SCAN_ALLOWED},  {FW_SV_INIT("OPEN-INBOUND"), FW_SCAN_ALLOWED},
};
enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };

/* Date, time and action at the front; ACTIONS when it is another line. */
static size_t read_front(fw_sv *line, struct fw_stamp *ret)
{
    fw_sv rest = *line;
    if (rest.n < 24 || !fw_is_digit(rest.p[0]) || rest.p[4] != '-' ||
        !fw_stamp_rfc3339(&rest, ret) || rest.n == 0 || rest.p[0] != ' ') {
        return ACTIONS;
    }
    *line = rest;
    fw_sv word = {0};
    fw_sv_word(&rest, &word);
    size_t i = 0;
    while (i < ACTIONS && !fw_sv_eq(word, actions[i].word)) {
        i++;
    }
    return i;
}

static enum fw_line_verdict windows_event(const struct fw_envelope *envelope, fw_sv message,
                                          struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    fw_sv words[WORDS];
    size_t n = 0;
    size_t action = read_front(&message, &ret->time);
    if (action == ACTIONS) {
        return FW_LINE_NONE;
    }
    fw_event_set(ret, FW_EV_time);
    if (actions[action].verdict == FW_SCAN_UNKNOWN) {
        fw_scan_text(ret, FW_EV_code, &ret->code, actions[action].word);
        return FW_LINE_IGNORED;
    }
    while (n < WORDS && fw_sv_word(&message, &words[n])) {
        n++;
    }
    if (n < FIELDS) {
        return FW_LINE_BAD;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        if (!fw_pairs_set(&rows[i], words[i], ret)) {
            return FW_LINE_BAD;
        }
    }
    bool ports;
    fw_scan_transport(words[PROTOCOL], &ports);
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
    if (!fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst)) {
        return FW_LINE_BAD;
    }
    bool in = fw_sv_is(words[PATH], "RECEIVE");
    if (in || fw_sv_is(words[PATH], "SEND")) {
        fw_scan_text(ret, FW_EV_direction, &ret->direction,
                     in ? FW_SV("inbound") : FW_SV("outbound"));
    }
    fw_scan_outcome(ret, actions[action].verdict);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
    return FW_LINE_USED;
}

/* The head of a file names the program; a line alone has its front. */
static int windows_bid(fw_sv head)
{
    struct fw_stamp stamp;
    if (fw_sv_find(fw_sv_sub(head, 0, 256), FW_SV("Microsoft Windows Firewall")) != SIZE_MAX) {
        return FW_BID_SURE;
    }
    return read_front(&head, &stamp) < ACTIONS ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_windows_log = {
    .name = "windows-firewall",
    .title = "Windows firewall, pfirewall.log",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_LINE,
    .bid = windows_bid,
    .event = windows_event,
};
