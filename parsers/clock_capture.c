/*
 * What tools of time services and commands of devices print of the clock: chronyc, ntpq, ntpstat,
 * timedatectl, show ntp status, show ntp associations, show clock, diagnose sys ntp status, get
 * system status, show system info, ... One file may hold the output of several of them, with the
 * prompts between.
 *
 *   Reference ID    : C000027B (192.0.2.123)
 *   System time     : 0.000001943 seconds fast of NTP time
 *   Leap status     : Normal
 *
 *   Clock is synchronized, stratum 3, reference is 192.0.2.123
 */
#include "parsers/clock_capture.h"
#include "parsers/parser.h"

void fw_clock_capture_open(struct fw_clock_capture *capture, const char *what, fw_sv text,
                           uint32_t line)
{
    fw_clock_table_close(capture);
    fw_clock_capture_close(capture);
    fw_clock_begin(&capture->record, what);
    capture->record.span = fw_doc_span(capture->doc, text, line);
    capture->open = true;
}

/* The date and the time of day of some devices stand in fields of their own. */
static void join_stamp(struct fw_clock_capture *capture)
{
    struct fw_clock_record *record = &capture->record;
    fw_sv date = fw_clock_get(record, "date");
    fw_sv time = fw_clock_get(record, "time");
    fw_sv zone = fw_clock_get(record, "gmt_offset");
    if (record->has_stamp || date.n == 0 || time.n == 0 || date.n + time.n > 80) {
        return;
    }
    fw_sv both = fw_arena_printf(&capture->doc->scratch, "%.*s %.*s", FW_SV_ARG(date),
                                 FW_SV_ARG(time));
    record->has_stamp = fw_clock_stamp(both, &record->stamp);
    if (record->has_stamp && zone.n > 0 && fw_zone_parse(zone, &record->stamp.zone_seconds)) {
        record->stamp.has_zone = true;
    }
}

void fw_clock_capture_close(struct fw_clock_capture *capture)
{
    if (capture->open) {
        join_stamp(capture);
        capture->sink->take(capture->sink, &capture->record);
        fw_arena_reset(&capture->doc->scratch);
    }
    capture->open = false;
}

static bool holds(fw_sv text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_find(text, fw_sv_from(words[i])) < text.n) {
            return true;
        }
    }
    return false;
}

/* Lines drawn, legends, settings: they say nothing of the clock. */
static bool is_noise(fw_sv text)
{
    static const char *const starts[] = {"200 OK",
                                         "210 Number of sources",
                                         "===",
                                         "---",
                                         ".--",
                                         "| ",
                                         "||",
                                         "/ ",
                                         "* sys.peer",
                                         "* master",
                                         "* - ",
                                         "- - ",
                                         "Total peers",
                                         "Last DST change",
                                         "Next DST change",
                                         "Warning:",
                                         "nominal freq",
                                         "loopfilter state",
                                         "system poll interval",
                                         "Load for five secs",
                                         "Time source is",
                                         "Summer time",
                                         "This mode cannot be fully",
                                         "with time zone changes",
                                         "time is never updated",
                                         "If at all possible",
                                         "'timedatectl ",
                                         "server-version=",
                                         "polling server every",
                                         "NTP state:"};
    return FW_SV_STARTS_AMONG(text, starts);
}

/* A command that was typed: what comes next is another answer. */
static bool is_prompt(fw_sv text)
{
    static const char *const inside[] = {"show ",    "display ", "diagnose ", "get system ",
                                         "execute ", "chronyc ", "ntpq ",     "timedatectl",
                                         "ntpstat",  "print"};
    return holds(text, inside, sizeof(inside) / sizeof(inside[0]));
}

static void read_line(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    fw_sv trimmed = fw_sv_trim(text);
    if (trimmed.n == 0) {
        fw_clock_capture_close(capture);
        fw_doc_mark(capture->doc, line, FW_LINE_IGNORED);
        return;
    }
    bool used = fw_clock_table_open(capture, text, line) ||
                fw_clock_table_row(capture, text, line) ||
                fw_clock_sentence(capture, trimmed, (size_t)(trimmed.p - text.p), line) ||
                fw_clock_pair(capture, trimmed, line);
    if (used) {
        fw_doc_mark(capture->doc, line, FW_LINE_USED);
    } else if (is_noise(trimmed)) {
        fw_doc_mark(capture->doc, line, FW_LINE_IGNORED);
    } else if (is_prompt(trimmed)) {
        fw_clock_table_close(capture);
        fw_clock_capture_close(capture);
        fw_doc_mark(capture->doc, line, FW_LINE_IGNORED);
    } else {
        fw_doc_unsupported(capture->doc, line, trimmed, "this is not read as a word about a clock");
    }
}

static void clock_capture(struct fw_doc *doc, struct fw_clock_sink *sink)
{
    struct fw_clock_capture capture = {.doc = doc, .sink = sink};
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        read_line(&capture, text, line);
    }
    fw_clock_table_close(&capture);
    fw_clock_capture_close(&capture);
}

/* A line that no other kind of file has. */
static bool is_sure(fw_sv line)
{
    static const char *const starts[] = {
        "Ref time (UTC)  :",       "MS Name/IP address",
        "S Name/IP Address ",      "Universal time: ",
        "Clock is synchronized, ", "Clock is unsynchronized",
        "NTP synched to ",         "NTP not synched",
        "Time Source: ",           "synchronized: ",
        "last ntp sync: ",         "Remote address  : ",
        "NTP packets received ",   "synchronised to ",
        "unsynchronised",          "clock status: ",
        "Clock status: ",          "time-zone-autodetect: ",
        "Version: Forti",          "sw-version: ",
    };
    static const char *const inside[] = {
        " sources online",    "Freq Skew  Offset  Std Dev",
        " poll reach ",       " POLL REACH",
        ", sync_ntp",         ", sync_unspec",
        " leap_alarm, sync_", "synced-server: ",
    };
    return FW_SV_STARTS_AMONG(line, starts) ||
           holds(line, inside, sizeof(inside) / sizeof(inside[0])) || fw_clock_is_peers(line);
}

/* A clock alone is a line of few words; a log has more lines than a capture of it. */
static bool is_clock(fw_sv line)
{
    struct fw_stamp stamp;
    if (line.n > 0 && (line.p[0] == '*' || line.p[0] == '.')) {
        line = fw_sv_sub(line, 1, SIZE_MAX);
    }
    return line.n < 48 && fw_clock_stamp(line, &stamp);
}

static int clock_capture_bid(fw_sv head)
{
    fw_sv line;
    bool clock = false;
    int lines = 0;
    for (; lines < 64 && fw_sv_split(&head, '\n', &line); lines++) {
        fw_sv text = fw_sv_trim(line);
        if (is_sure(text)) {
            return FW_BID_SURE;
        }
        clock = clock || is_clock(text);
    }
    return clock && lines <= 8 ? FW_BID_LIKELY : FW_BID_NO;
}

const struct fw_parser fw_parser_clock_capture = {
    .name = "clock-capture",
    .title = "chronyc, ntpq, timedatectl, show ntp status, show clock",
    .kind = FW_PARSER_CLOCK,
    .version = 3,
    .bid = clock_capture_bid,
    .clock = clock_capture,
};
