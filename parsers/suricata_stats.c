/*
 * Suricata's stats.log: a block of counters every few seconds.
 *
 *   Date: 6/14/2026 -- 10:00:05 (uptime: 0d, 00h 05m 13s)
 *   ------------------------------------------------------------------------------------
 *   Counter                                       | TM Name                   | Value
 *   ------------------------------------------------------------------------------------
 *   capture.kernel_packets                        | Total                     | 123456
 *   capture.kernel_drops                          | Total                     | 12
 *
 * A counter that is zero may be left out. So the sample is told on the line behind the captured
 * packets: with the drops when it or one before says them, else with none.
 */
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum { STAGE_NONE, STAGE_DATED, STAGE_CAPTURED };

/* A number and the letter or sign behind it. */
static bool cut_number(fw_sv *s, char behind, uint64_t *ret)
{
    size_t at = fw_sv_find_char(*s, behind);
    if (at == SIZE_MAX || !fw_sv_u64(fw_sv_trim(fw_sv_sub(*s, 0, at)), ret)) {
        return false;
    }
    *s = fw_sv_trim(fw_sv_sub(*s, at + 1, SIZE_MAX));
    return true;
}

/* "6/14/2026 -- 10:00:05 (uptime: 0d, 00h 05m 13s)" */
static bool read_date(fw_sv s, struct fw_block *block)
{
    uint64_t n[10];
    if (!cut_number(&s, '/', &n[0]) || !cut_number(&s, '/', &n[1]) || !cut_number(&s, ' ', &n[2]) ||
        !fw_sv_starts(s, "-- ")) {
        return false;
    }
    s = fw_sv_sub(s, 3, SIZE_MAX);
    if (!cut_number(&s, ':', &n[3]) || !cut_number(&s, ':', &n[4]) || !cut_number(&s, ' ', &n[5]) ||
        n[2] < 1970 || n[2] > 2261 || n[0] > 12 || n[1] > 31 || n[3] > 23 || n[4] > 59 ||
        n[5] > 60 || !fw_date_valid((int32_t)n[2], (unsigned)n[0], (unsigned)n[1])) {
        return false;
    }
    block->time = (struct fw_stamp){.year = (int32_t)n[2],
                                    .month = (uint8_t)n[0],
                                    .day = (uint8_t)n[1],
                                    .hour = (uint8_t)n[3],
                                    .minute = (uint8_t)n[4],
                                    .second = (uint8_t)n[5]};
    block->has_uptime = false;
    block->dropped = 0;
    if (fw_sv_starts(s, "(uptime: ")) {
        s = fw_sv_sub(s, 9, SIZE_MAX);
        block->has_uptime = cut_number(&s, 'd', &n[6]) && s.n > 0 && s.p[0] == ',';
        s = fw_sv_trim(fw_sv_sub(s, 1, SIZE_MAX));
        block->has_uptime = block->has_uptime && cut_number(&s, 'h', &n[7]) &&
                            cut_number(&s, 'm', &n[8]) && cut_number(&s, 's', &n[9]) &&
                            n[6] < 100000 && n[7] < 24 && n[8] < 60 && n[9] < 60;
        block->uptime = block->has_uptime ? n[6] * 86400 + n[7] * 3600 + n[8] * 60 + n[9] : 0;
    }
    return true;
}

/* "name | Total | 12" */
static bool read_counter(fw_sv line, fw_sv *ret_name, uint64_t *ret)
{
    fw_sv thread;
    fw_sv rest = line;
    if (!fw_sv_split(&rest, '|', ret_name) || !fw_sv_split(&rest, '|', &thread)) {
        return false;
    }
    *ret_name = fw_sv_trim(*ret_name);
    return fw_sv_is(fw_sv_trim(thread), "Total") && fw_sv_u64(fw_sv_trim(rest), ret);
}

static enum fw_line_verdict tell(struct fw_block *block, uint64_t dropped, struct fw_event *ret)
{
    block->stage = STAGE_DATED;
    ret->time = block->time;
    fw_event_set(ret, FW_EV_time);
    fw_scan_text(ret, FW_EV_code, &ret->code, FW_SV("stats"));
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("metric"));
    fw_scan_num(ret, FW_EV_captured, &ret->captured, block->captured);
    fw_scan_num(ret, FW_EV_dropped, &ret->dropped, dropped);
    if (block->has_uptime) {
        fw_scan_num(ret, FW_EV_uptime, &ret->uptime, block->uptime);
    }
    return FW_LINE_USED;
}

static bool is_rule(fw_sv s)
{
    return s.n > 20 && fw_sv_starts(s, "--------------------");
}

/* AF_PACKET, pcap and netmap; AF_XDP; DPDK. */
static bool is_captured(fw_sv name)
{
    return fw_sv_is(name, "capture.kernel_packets") || fw_sv_is(name, "capture.afxdp_packets") ||
           fw_sv_is(name, "capture.packets");
}

static bool is_drops(fw_sv name)
{
    return fw_sv_is(name, "capture.kernel_drops") || fw_sv_is(name, "capture.rx_errors");
}

static enum fw_line_verdict stats_part(struct fw_block *block, fw_sv line, struct fw_arena *scratch,
                                       struct fw_event *ret)
{
    fw_sv name;
    uint64_t value = 0;
    (void)scratch;
    if (line.n > 0 && line.p[0] == 'D' && fw_sv_starts(line, "Date: ")) {
        bool dated = read_date(fw_sv_sub(line, 6, SIZE_MAX), block);
        block->stage = dated ? STAGE_DATED : STAGE_NONE;
        return dated ? FW_LINE_IGNORED : FW_LINE_NONE;
    }
    if (block->stage == STAGE_NONE) {
        return FW_LINE_NONE;
    }
    bool counter = read_counter(line, &name, &value);
    bool drops = counter && is_drops(name);
    if (block->stage == STAGE_CAPTURED) {
        return tell(block, drops ? value : block->dropped, ret);
    }
    if (drops) {
        block->dropped = value;
        return FW_LINE_IGNORED;
    }
    if (counter && is_captured(name)) {
        block->captured = value;
        block->stage = STAGE_CAPTURED;
        return FW_LINE_IGNORED;
    }
    if (counter || is_rule(line) || fw_sv_find(line, FW_SV(" | ")) != SIZE_MAX) {
        return FW_LINE_IGNORED;
    }
    block->stage = STAGE_NONE;
    return FW_LINE_NONE;
}

static enum fw_line_verdict stats_event(const struct fw_envelope *envelope, fw_sv message,
                                        struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    (void)ret;
    return is_rule(message) ? FW_LINE_IGNORED : FW_LINE_NONE; /* the one before the first date */
}

static int stats_bid(fw_sv head)
{
    struct fw_block block;
    fw_sv line = fw_sv_sub(head, 0, fw_sv_find_char(head, '\n'));
    return fw_sv_starts(line, "Date: ") && read_date(fw_sv_sub(line, 6, SIZE_MAX), &block)
               ? FW_BID_SURE
               : FW_BID_NO;
}

const struct fw_parser fw_parser_suricata_stats = {
    .name = "suricata-stats",
    .title = "Suricata stats.log",
    .kind = FW_PARSER_LOG,
    .version = 2,
    .shape = FW_SHAPE_LINE,
    .bid = stats_bid,
    .part = stats_part,
    .event = stats_event,
};
