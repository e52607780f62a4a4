/*
 * filterlog of pfSense and OPNsense: one line of CSV a packet.
 *
 *   filterlog[92653]: 7,,,1000000102,vtnet0.5,match,block,in,4,0x0,,64,19008,0,DF,6,tcp,60,
 *   192.168.5.6,192.168.1.100,42970,80,0,S,523876198,,64240,,mss;sackOK;TS
 *
 * (one line). Columns as in "Raw Filter Log Format" of the pfSense documentation: the rule, then
 * the IP header of version 4 or 6, then what the protocol has. OPNsense has the rule's label, a
 * hash, where pfSense has the tracker's number.
 */
#include "parsers/envelope.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum {
    RULE,
    TRACKER = 3,
    INTERFACE,
    REASON,
    ACTION,
    DIRECTION,
    VERSION,
    HEAD,
    V6_LENGTH = 14,
    V4_LENGTH = 17,
    CELLS = 40
};

struct cells {
    size_t n;
    fw_sv v[CELLS];
};

/* ICMP as filterlog words it. */
static const struct {
    fw_sv word;
    uint8_t type;
} icmp_words[] = {
    {FW_SV_INIT("maskreply"), 18},   {FW_SV_INIT("maskreq"), 17},   {FW_SV_INIT("needfrag"), 3},
    {FW_SV_INIT("paramprob"), 12},   {FW_SV_INIT("redirect"), 5},   {FW_SV_INIT("reply"), 0},
    {FW_SV_INIT("request"), 8},      {FW_SV_INIT("timexceed"), 11}, {FW_SV_INIT("tstamp"), 13},
    {FW_SV_INIT("tstampreply"), 14}, {FW_SV_INIT("unreach"), 3},    {FW_SV_INIT("unreachport"), 3},
    {FW_SV_INIT("unreachproto"), 3},
};

static bool is_one_of(fw_sv word, const char *const *words)
{
    while (*words && !fw_sv_is(word, *words)) {
        words++;
    }
    return *words != NULL;
}

/* The nine columns that every line begins with. */
static bool is_filterlog(const struct cells *c)
{
    static const char *const actions[] = {"block",   "pass",   "match", "nat",          "nonat",
                                          "rdr",     "nordr",  "binat", "nobinat",      "scrub",
                                          "noscrub", "reject", "unkn",  "synproxydrop", NULL};
    static const char *const ways[] = {"in", "out", "in/out", "inout", NULL};
    uint64_t rule;
    return c->n > HEAD && fw_sv_u64(c->v[RULE], &rule) && is_one_of(c->v[ACTION], actions) &&
           is_one_of(c->v[DIRECTION], ways) &&
           (fw_sv_is(c->v[VERSION], "4") || fw_sv_is(c->v[VERSION], "6"));
}

/* A line of CSV that begins with a number and has no blanks until the rule's action. */
static bool read_cells(fw_sv message, struct cells *ret)
{
    if (message.n < 20 || !fw_is_digit(message.p[0])) {
        return false;
    }
    ret->n = fw_pairs_cells(message, ret->v, CELLS);
    return is_filterlog(ret);
}

static void put_rule(const struct cells *c, struct fw_event *ret)
{
    fw_sv tracker = c->v[TRACKER];
    bool known = tracker.n > 0 && !fw_sv_is(tracker, "0");
    fw_scan_text(ret, FW_EV_rule_id, &ret->rule_id, known ? tracker : c->v[RULE]);
    bool in = fw_sv_is(c->v[DIRECTION], "in");
    bool out = fw_sv_is(c->v[DIRECTION], "out");
    if (out) {
        fw_scan_text(ret, FW_EV_out, &ret->out, c->v[INTERFACE]);
    } else {
        fw_scan_text(ret, FW_EV_in, &ret->in, c->v[INTERFACE]);
    }
    if (in || out) {
        fw_scan_text(ret, FW_EV_direction, &ret->direction,
                     in ? FW_SV("inbound") : FW_SV("outbound"));
    }
    fw_scan_text(ret, FW_EV_action, &ret->action, c->v[ACTION]);
    fw_scan_outcome(ret, fw_scan_action(c->v[ACTION]));
}

/* What the protocol adds behind the addresses. */
static bool put_transport(const struct cells *c, size_t at, struct fw_event *ret)
{
    bool ports;
    fw_scan_transport(ret->transport, &ports);
    if (ports) {
        if (at + 1 >= c->n || !fw_scan_port(c->v[at], &ret->sport) ||
            !fw_scan_port(c->v[at + 1], &ret->dport)) {
            return false;
        }
        fw_event_set(ret, FW_EV_sport);
        fw_event_set(ret, FW_EV_dport);
    } else if (fw_sv_is(ret->transport, "icmp") && at < c->n) {
        for (size_t i = 0; i < sizeof(icmp_words) / sizeof(icmp_words[0]); i++) {
            if (fw_sv_eq(c->v[at], icmp_words[i].word)) {
                fw_scan_num(ret, FW_EV_icmp_type, &ret->icmp_type, icmp_words[i].type);
            }
        }
    }
    return true;
}

static bool put_packet(const struct cells *c, struct fw_event *ret)
{
    static const struct fw_pair_row proto = FW_PAIR("", PROTO, FW_EV_transport);
    static const struct fw_pair_row length = FW_PAIR("", NUM, FW_EV_bytes);
    bool v6 = fw_sv_is(c->v[VERSION], "6");
    size_t at = v6 ? V6_LENGTH : V4_LENGTH;
    if (c->n < at + 3) {
        return false;
    }
    fw_sv number = v6 ? c->v[at - 1] : c->v[at - 2];
    uint32_t n;
    return fw_sv_u32(number, 255, &n) && fw_pairs_set(&proto, number, ret) &&
           fw_pairs_set(&length, c->v[at], ret) &&
           fw_scan_addr(ret, FW_EV_src, &ret->src, c->v[at + 1]) &&
           fw_scan_addr(ret, FW_EV_dst, &ret->dst, c->v[at + 2]) && put_transport(c, at + 3, ret);
}

static enum fw_line_verdict filterlog_event(const struct fw_envelope *envelope, fw_sv message,
                                            struct fw_arena *scratch, struct fw_event *ret)
{
    (void)scratch;
    struct cells cells;
    bool named = fw_sv_is(envelope->app, "filterlog");
    if (!read_cells(message, &cells)) {
        return named ? FW_LINE_BAD : FW_LINE_NONE;
    }
    if (!put_packet(&cells, ret)) {
        return FW_LINE_BAD;
    }
    put_rule(&cells, ret);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
    return FW_LINE_USED;
}

static int filterlog_bid(fw_sv head)
{
    struct cells cells;
    return read_cells(fw_sv_sub(head, 0, fw_sv_find_char(head, '\n')), &cells) ? FW_BID_SURE
                                                                               : FW_BID_NO;
}

const struct fw_parser fw_parser_filterlog = {
    .name = "filterlog",
    .title = "pfSense and OPNsense filterlog (CSV)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = filterlog_bid,
    .event = filterlog_event,
};
