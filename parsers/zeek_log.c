/*
 * Zeek's connection log, as JSON or in tab-separated columns:
 *
 *   {"ts":1573747292.658982,"uid":"Crpk2p1r","id.orig_h":"10.0.2.2","id.orig_p":45398,
 *   "id.resp_h":"10.0.2.15","id.resp_p":22,"proto":"tcp","duration":0.5,"orig_bytes":100,
 *   "resp_bytes":200,"conn_state":"SF"}
 *
 * (one line; the columns stand in the same order). Other logs of Zeek carry the same connections
 * again and are ignored by name. Zeek watches and decides nothing: there is no outcome.
 */
#include <assert.h>

#include "parsers/jsonl.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { DURATION, PATH, OWN_COUNT };

static const struct fw_pair_row keys[] = {
    FW_PAIR("_path", OWN, PATH),
    FW_PAIR("conn_state", TEXT, FW_EV_action),
    FW_PAIR("duration", OWN, DURATION),
    FW_PAIR("id.orig_h", IP, FW_EV_src),
    FW_PAIR("id.orig_p", PORT, FW_EV_sport),
    FW_PAIR("id.resp_h", IP, FW_EV_dst),
    FW_PAIR("id.resp_p", PORT, FW_EV_dport),
    FW_PAIR("orig_bytes", NUM, FW_EV_src_bytes),
    FW_PAIR("proto", PROTO, FW_EV_transport),
    FW_PAIR("resp_bytes", NUM, FW_EV_dst_bytes),
    FW_PAIR("service", TEXT, FW_EV_app),
    FW_PAIR("ts", STAMP, FW_EV_time),
    FW_PAIR("uid", TEXT, FW_EV_session),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

/* The first twelve columns of conn.log, which no version has moved. */
enum { STATE = 11, COLUMNS = 12 };
static const struct fw_pair_row columns[COLUMNS] = {
    FW_PAIR("ts", STAMP, FW_EV_time),
    FW_PAIR("uid", TEXT, FW_EV_session),
    FW_PAIR("id.orig_h", IP, FW_EV_src),
    FW_PAIR("id.orig_p", PORT, FW_EV_sport),
    FW_PAIR("id.resp_h", IP, FW_EV_dst),
    FW_PAIR("id.resp_p", PORT, FW_EV_dport),
    FW_PAIR("proto", PROTO, FW_EV_transport),
    FW_PAIR("service", TEXT, FW_EV_app),
    FW_PAIR("duration", OWN, DURATION),
    FW_PAIR("orig_bytes", NUM, FW_EV_src_bytes),
    FW_PAIR("resp_bytes", NUM, FW_EV_dst_bytes),
    FW_PAIR("conn_state", TEXT, FW_EV_action),
};

static bool is_state(fw_sv word)
{
    static const char *const states[] = {"S0",   "S1",     "SF",    "REJ", "S2",  "S3", "RSTO",
                                         "RSTR", "RSTOS0", "RSTRH", "SH",  "SHR", "OTH"};
    return FW_SV_AMONG(word, states);
}

/* "0.022443" or "180": seconds. */
static bool put_duration(fw_sv text, struct fw_event *ret)
{
    struct fw_stamp stamp;
    if (fw_pairs_is_absent(text)) {
        return true;
    }
    /* An epoch and a duration are written alike; one of years is none. */
    if (!fw_pairs_epoch(text, &stamp) || stamp.year > 1971) {
        return false;
    }
    uint64_t ns = (uint64_t)fw_stamp_ns(&stamp, 0);
    fw_scan_num(ret, FW_EV_duration, &ret->duration, ns);
    return true;
}

static enum fw_line_verdict finish(fw_sv duration, struct fw_event *ret)
{
    bool ports = true;
    if (!fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst) ||
        !fw_event_has(ret, FW_EV_time) || !put_duration(duration, ret)) {
        return FW_LINE_BAD;
    }
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        /* Zeek puts type and code of ICMP where others have ports. */
        if (fw_sv_starts(ret->transport, "icmp") && fw_event_has(ret, FW_EV_sport) &&
            fw_event_has(ret, FW_EV_dport)) {
            fw_scan_num(ret, FW_EV_icmp_type, &ret->icmp_type, ret->sport);
            fw_scan_num(ret, FW_EV_icmp_code, &ret->icmp_code, ret->dport);
        }
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_dport);
    }
    /* The time of a line is when the connection began. */
    ret->start = ret->time;
    fw_event_set(ret, FW_EV_start);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->traffic = true;
    return FW_LINE_USED;
}

static enum fw_line_verdict ignore(fw_sv name, struct fw_event *ret)
{
    fw_event_clear(ret);
    fw_scan_text(ret, FW_EV_code, &ret->code, name.n > 0 ? name : FW_SV("zeek"));
    return FW_LINE_IGNORED;
}

/* Every log of Zeek about connections has these. */
static bool is_zeek_json(fw_sv line)
{
    return line.n > 20 && line.p[0] == '{' &&
           fw_sv_find(line, FW_SV("\"id.orig_h\":")) != SIZE_MAX &&
           fw_sv_find(line, FW_SV("\"ts\":")) != SIZE_MAX;
}

static enum fw_line_verdict read_json(fw_sv line, struct fw_arena *scratch, struct fw_event *ret)
{
    struct fw_jsonl json;
    struct fw_jsonl_value value;
    fw_sv own[OWN_COUNT] = {{0}};
    fw_sv key;
    if (!fw_jsonl_open(line, '{', &json)) {
        return FW_LINE_BAD;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        const struct fw_pair_row *row = fw_pairs_find(&table, key);
        if (!row || (value.type != FW_JSONL_STRING && value.type != FW_JSONL_NUMBER)) {
            continue;
        }
        fw_sv text = value.type == FW_JSONL_STRING ? fw_jsonl_text(&value, scratch) : value.raw;
        if (row->kind == FW_PAIR_OWN) {
            own[row->what] = text;
        } else if (!fw_pairs_set(row, text, ret)) {
            return FW_LINE_BAD;
        }
    }
    if (json.bad || !fw_jsonl_closed(&json)) {
        return FW_LINE_BAD;
    }
    return fw_event_has(ret, FW_EV_action) ? finish(own[DURATION], ret) : ignore(own[PATH], ret);
}

/* "1573747292.658982<tab>Crpk2p1r<tab>10.0.2.2<tab>45398<tab>10.0.2.15<tab>22<tab>tcp<tab>..." */
static size_t cut_columns(fw_sv line, fw_sv *ret)
{
    fw_ip ip;
    size_t n = 0;
    if (line.n < 30 || !fw_is_digit(line.p[0])) {
        return 0;
    }
    while (n < COLUMNS && fw_sv_split(&line, '\t', &ret[n])) {
        n++;
    }
    bool ours = n >= 7 && fw_sv_find_char(ret[0], '.') != SIZE_MAX && fw_scan_ip(ret[2], &ip) &&
                fw_scan_ip(ret[4], &ip);
    return ours ? n : 0;
}

static enum fw_line_verdict zeek_event(const struct fw_envelope *envelope, fw_sv message,
                                       struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    fw_sv cells[COLUMNS];
    if (is_zeek_json(message)) {
        return read_json(message, scratch, ret);
    }
    size_t n = cut_columns(message, cells);
    if (n == 0) {
        return FW_LINE_NONE;
    }
    if (n < COLUMNS || !is_state(cells[STATE])) {
        return ignore((fw_sv){0}, ret);
    }
    fw_sv duration = {0};
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].kind == FW_PAIR_OWN) {
            duration = cells[i];
        } else if (!fw_pairs_set(&columns[i], cells[i], ret)) {
            return FW_LINE_BAD;
        }
    }
    return finish(duration, ret);
}

static int zeek_bid(fw_sv head)
{
    fw_sv cells[COLUMNS];
    assert(fw_pairs_sorted(&table));
    if (fw_sv_starts(head, "#separator")) {
        return FW_BID_SURE;
    }
    fw_sv line = fw_sv_sub(head, 0, fw_sv_find_char(head, '\n'));
    return is_zeek_json(line) || cut_columns(line, cells) > 0 ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_zeek_log = {
    .name = "zeek-conn",
    .title = "Zeek connection log (JSON and tab-separated)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_LINE,
    .bid = zeek_bid,
    .event = zeek_event,
};
