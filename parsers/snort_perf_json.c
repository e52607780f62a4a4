/*
 * What Snort 3 counted between two samples, as JSON of perf_monitor: one array, written without
 * line ends, so that every object is a record of its own.
 *
 *   [{"timestamp":1781402405,"daq":{"received":100000,"analyzed":99900,"dropped":100}},{"timestamp":...
 *
 * What is zero is left out. `received` is all that came, `dropped` what of it was lost.
 */
#include "parsers/jsonl.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum { HEADER = 1 };

static bool is_between(char c)
{
    return c == '[' || c == ',' || c == ']' || c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

/* The object and what stands before it; what stands behind the last one is a record, too. */
static size_t perf_record(fw_sv head)
{
    size_t i = 0;
    size_t depth = 0;
    bool quoted = false;
    while (i < head.n && is_between(head.p[i])) {
        i++;
    }
    if (i == head.n) {
        return FW_RECORD_MORE;
    }
    if (head.p[i] != '{') {
        return 0;
    }
    for (; i < head.n; i++) {
        char c = head.p[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            depth++;
        } else if (c == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return FW_RECORD_MORE;
}

static fw_sv object_of(fw_sv record)
{
    while (record.n > 0 && is_between(record.p[0])) {
        record = fw_sv_sub(record, 1, SIZE_MAX);
    }
    return record;
}

/* {"received":100000,"dropped":100} */
static bool read_packets(fw_sv daq, uint64_t *ret_received, uint64_t *ret_dropped)
{
    struct fw_jsonl json;
    struct fw_jsonl_value value;
    fw_sv key;
    bool good = fw_jsonl_open(daq, '{', &json);
    while (good && fw_jsonl_member(&json, &key, &value)) {
        if (fw_sv_is(key, "received")) {
            good = fw_jsonl_u64(&value, ret_received);
        } else if (fw_sv_is(key, "dropped")) {
            good = fw_jsonl_u64(&value, ret_dropped);
        }
    }
    return good && fw_jsonl_closed(&json);
}

static enum fw_line_verdict perf_event(const struct fw_envelope *envelope, fw_sv message,
                                       struct fw_arena *scratch, struct fw_event *ret)
{
    fw_sv object = object_of(message);
    struct fw_jsonl json;
    struct fw_jsonl_value value;
    fw_sv key;
    uint64_t received = 0;
    uint64_t dropped = 0;
    bool daq = false;
    (void)envelope;
    (void)scratch;
    fw_scan_text(ret, FW_EV_code, &ret->code, FW_SV("stats"));
    if (object.n == 0) {
        return FW_LINE_IGNORED; /* the end of the array */
    }
    if (!fw_jsonl_open(object, '{', &json)) {
        return FW_LINE_BAD;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        if (fw_sv_is(key, "timestamp") && value.type == FW_JSONL_NUMBER &&
            fw_pairs_epoch(value.raw, &ret->time)) {
            fw_event_set(ret, FW_EV_time);
        } else if (fw_sv_is(key, "daq")) {
            if (!read_packets(value.raw, &received, &dropped)) {
                return FW_LINE_BAD;
            }
            daq = true;
        }
    }
    if (!fw_jsonl_closed(&json) || !fw_event_has(ret, FW_EV_time) || dropped > received) {
        return FW_LINE_BAD;
    }
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("metric"));
    if (daq) { /* else other modules only: a sign of life that says nothing of packets */
        fw_scan_num(ret, FW_EV_captured, &ret->captured, received);
        fw_scan_num(ret, FW_EV_dropped, &ret->dropped, dropped);
        ret->interval = true;
    }
    return FW_LINE_USED;
}

static int perf_bid(fw_sv head)
{
    fw_sv start = FW_SV("[{\"timestamp\":");
    bool ours = head.n > start.n && fw_sv_eq(fw_sv_sub(head, 0, start.n), start) &&
                fw_is_digit(head.p[start.n]);
    return ours ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_snort_perf_json = {
    .name = "snort-perf-json",
    .title = "Snort 3 perf_monitor (JSON)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_RECORDS,
    .bid = perf_bid,
    .record = perf_record,
    .record_header = HEADER,
    .event = perf_event,
};
