/*
 * What Snort counted between two samples: perfmonitor of Snort 2 (snort.stats) and perf_monitor of
 * Snort 3 as CSV. A sample is a line; a row of names comes whenever the file is opened:
 *
 *   #time,pkt_drop_percent,wire_mbits_per_sec.realtime,...,pkt_stats.pkts_recv,pkt_stats.pkts_drop
 *   1781402405,0.100,12.345,...,99900,100,0
 *   #timestamp,daq.pcaps,daq.received,daq.analyzed,daq.dropped
 *   1781402405,1,100000,99900,100
 *
 * Snort 2 counts what it got and what it lost apart, Snort 3 all that came and what of it was lost.
 * Samples are since the one before, as both do unless they are told to add up.
 */
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum { STAGE_NONE, STAGE_APART, STAGE_TOGETHER, STAGE_OTHER };

/* Where Snort 2 has its columns, for a file that was cut off its row of names: 26 columns, the
 * number of processors, three for each of these, fifteen more, then the packets. */
enum { PROCESSORS_AT = 26, BEHIND_PROCESSORS = 15, PROCESSORS_MOST = 1024, NONE = 0 };

static fw_sv cell_at(fw_sv line, size_t at)
{
    fw_sv cell = {0};
    for (size_t i = 0; i <= at; i++) {
        if (!fw_sv_split(&line, ',', &cell)) {
            return (fw_sv){0};
        }
    }
    return cell;
}

/* The column of a name; NONE when there is none: the first is the time. */
static size_t find_column(fw_sv header, fw_sv name)
{
    fw_sv cell;
    for (size_t i = 0; fw_sv_split(&header, ',', &cell); i++) {
        if (fw_sv_eq(fw_sv_trim(cell), name)) {
            return i;
        }
    }
    return NONE;
}

static bool read_header(fw_sv line, struct fw_block *block)
{
    bool two = fw_sv_starts(line, "#time,pkt_drop_percent,");
    if (!two && !fw_sv_starts(line, "#timestamp,")) {
        return false;
    }
    block->columns[0] = find_column(line,
                                    two ? FW_SV("pkt_stats.pkts_recv") : FW_SV("daq.received"));
    block->columns[1] = find_column(line,
                                    two ? FW_SV("pkt_stats.pkts_drop") : FW_SV("daq.dropped"));
    bool there = block->columns[0] != NONE && block->columns[1] != NONE;
    block->stage = !there ? STAGE_OTHER : two ? STAGE_APART : STAGE_TOGETHER;
    return true;
}

static bool is_time(fw_sv cell)
{
    uint64_t seconds;
    return cell.n == 10 && fw_sv_u64(cell, &seconds) && seconds >= 1000000000;
}

static enum fw_line_verdict tell(fw_sv time, uint64_t received, uint64_t dropped, bool apart,
                                 struct fw_event *ret)
{
    if (apart && received > UINT64_MAX - dropped) {
        return FW_LINE_BAD;
    }
    uint64_t captured = apart ? received + dropped : received;
    if (dropped > captured || !fw_pairs_epoch(time, &ret->time)) {
        return FW_LINE_BAD;
    }
    fw_event_set(ret, FW_EV_time);
    fw_scan_text(ret, FW_EV_code, &ret->code, FW_SV("stats"));
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("metric"));
    fw_scan_num(ret, FW_EV_captured, &ret->captured, captured);
    fw_scan_num(ret, FW_EV_dropped, &ret->dropped, dropped);
    ret->interval = true;
    return FW_LINE_USED;
}

static enum fw_line_verdict perf_part(struct fw_block *block, fw_sv line, struct fw_arena *scratch,
                                      struct fw_event *ret)
{
    (void)scratch;
    if (line.n == 0 || (line.p[0] != '#' && block->stage == STAGE_NONE)) {
        return FW_LINE_NONE;
    }
    if (read_header(line, block)) {
        return FW_LINE_IGNORED;
    }
    if (block->stage == STAGE_NONE || !is_time(cell_at(line, 0))) {
        return FW_LINE_NONE;
    }
    uint64_t received;
    uint64_t dropped;
    if (block->stage == STAGE_OTHER) {
        return FW_LINE_IGNORED; /* what one module counted, or a processor: no packets */
    }
    if (!fw_sv_u64(fw_sv_trim(cell_at(line, block->columns[0])), &received) ||
        !fw_sv_u64(fw_sv_trim(cell_at(line, block->columns[1])), &dropped)) {
        return FW_LINE_NONE; /* cut off: nobody's, and bad */
    }
    return tell(cell_at(line, 0), received, dropped, block->stage == STAGE_APART, ret);
}

/* "0.100" in thousandths */
static bool thousandths(fw_sv cell, uint64_t *ret)
{
    size_t dot = fw_sv_find_char(cell, '.');
    uint64_t whole;
    uint64_t part;
    if (dot == SIZE_MAX || cell.n != dot + 4 || !fw_sv_u64(fw_sv_sub(cell, 0, dot), &whole) ||
        !fw_sv_u64(fw_sv_sub(cell, dot + 1, 3), &part) || whole > 100) {
        return false;
    }
    *ret = whole * 1000 + part;
    return true;
}

/* The share of lost packets that the line says itself is what its columns give. */
static bool agrees(uint64_t share, uint64_t received, uint64_t dropped)
{
    double total = (double)received + (double)dropped;
    double percent = total > 0 ? (double)dropped * 100 / total : 0;
    double difference = percent - (double)share / 1000;
    return difference < 0.0011 && difference > -0.0011;
}

/* A line of Snort 2 without its row of names. */
static enum fw_line_verdict perf_event(const struct fw_envelope *envelope, fw_sv message,
                                       struct fw_arena *scratch, struct fw_event *ret)
{
    uint64_t share;
    uint64_t processors;
    uint64_t received;
    uint64_t dropped;
    (void)envelope;
    (void)scratch;
    if (message.n < 100 || message.p[0] != '1' || message.p[10] != ',' ||
        !is_time(cell_at(message, 0)) || !thousandths(cell_at(message, 1), &share) ||
        !fw_sv_u64(cell_at(message, PROCESSORS_AT), &processors) || processors == 0 ||
        processors > PROCESSORS_MOST) {
        return FW_LINE_NONE;
    }
    size_t at = PROCESSORS_AT + 1 + 3 * (size_t)processors + BEHIND_PROCESSORS;
    if (!fw_sv_u64(cell_at(message, at), &received) ||
        !fw_sv_u64(cell_at(message, at + 1), &dropped) || !agrees(share, received, dropped)) {
        return FW_LINE_NONE;
    }
    return tell(cell_at(message, 0), received, dropped, true, ret);
}

static int perf_bid(fw_sv head)
{
    struct fw_block block = {0};
    struct fw_event event;
    fw_event_clear(&event);
    fw_sv line = fw_sv_sub(head, 0, fw_sv_find_char(head, '\n'));
    bool ours = read_header(line, &block) || perf_event(NULL, line, NULL, &event) == FW_LINE_USED;
    return ours ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_snort_perf = {
    .name = "snort-perf",
    .title = "Snort perfmonitor and perf_monitor (CSV)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_LINE,
    .bid = perf_bid,
    .part = perf_part,
    .event = perf_event,
};
