/*
 * Logs of chronyd (chrony.conf "log", section "Log files" of its manual):
 *
 *    Date (UTC) Time     IP Address   St   Freq ppm   Skew ppm     Offset L Co  Offset sd ...
 * 2026-06-21 01:50:38 192.0.2.123     3      4.812      0.105  2.331e-06 N  1  2.465e-06 ...
 *
 * tracking.log tells how far the clock was off at each update, measurements.log what each server
 * answered, statistics.log what was made of it. A row knows by its columns which of them it is of,
 * so a log that was cut between two headers is read as well.
 */
#include "parsers/clock.h"
#include "parsers/doc.h"
#include "parsers/parser.h"

enum { WORDS = 24 };

/* Names of the columns behind date and time; older versions end earlier. */
static const char *const tracking[] = {
    "address", "stratum",   "frequency_ppm", "skew_ppm",   "offset",          "leap",
    "sources", "offset_sd", "remaining",     "root_delay", "root_dispersion", "max_error",
};
static const char *const measurements[] = {
    "address",    "leap",
    "stratum",    "tests_123",
    "tests_567",  "tests_abcd",
    "poll",       "remote_poll",
    "score",      "offset",
    "peer_delay", "peer_dispersion",
    "root_delay", "root_dispersion",
    "reference",  "mode",
    "tx",         "rx",
};
static const char *const statistics[] = {
    "address", "std_dev",     "offset", "offset_sd", "frequency_difference", "skew", "stress",
    "samples", "best_sample", "runs",   "asymmetry",
};

struct columns {
    const char *what;
    size_t n, least;
    const char *const *names;
};
static const struct columns logs[] = {
    {"chrony tracking", sizeof(tracking) / sizeof(tracking[0]), 9, tracking},
    {"chrony measurements", sizeof(measurements) / sizeof(measurements[0]), 14, measurements},
    {"chrony statistics", sizeof(statistics) / sizeof(statistics[0]), 10, statistics},
};

static bool is_test(fw_sv word)
{
    bool binary = word.n == 3;
    for (size_t i = 0; binary && i < 3; i++) {
        binary = word.p[i] == '0' || word.p[i] == '1';
    }
    return binary;
}

/* Which log the words behind date and time are of; NULL: none. */
static const struct columns *find_log(const fw_sv *words, size_t n)
{
    uint32_t number;
    int64_t ns;
    if (n >= logs[1].least && words[1].n == 1 && is_test(words[3])) {
        return &logs[1];
    }
    if (n >= logs[0].least && fw_sv_u32(words[1], 16, &number) && words[5].n == 1 &&
        fw_clock_number(words[4], 1e9, &ns)) {
        return &logs[0];
    }
    bool numbers = n >= logs[2].least && fw_sv_find_char(words[1], '.') != SIZE_MAX;
    for (size_t i = 1; numbers && i < 7; i++) {
        numbers = fw_clock_number(words[i], 1, &ns);
    }
    return numbers ? &logs[2] : NULL;
}

static bool cut_stamp(fw_sv *line, struct fw_stamp *ret)
{
    fw_sv rest = fw_sv_trim(*line);
    if (rest.n < 20 || !fw_is_digit(rest.p[0]) || rest.p[10] != ' ' ||
        !fw_stamp_rfc3339(&rest, ret) || ret->has_zone) {
        return false;
    }
    ret->has_zone = true; /* these logs are always in UTC */
    ret->zone_seconds = 0;
    *line = rest;
    return true;
}

static bool read_row(fw_sv line, struct fw_clock_record *ret)
{
    fw_sv words[WORDS];
    struct fw_stamp stamp;
    size_t n = 0;
    if (!cut_stamp(&line, &stamp)) {
        return false;
    }
    while (n < WORDS && fw_sv_word(&line, &words[n])) {
        n++;
    }
    const struct columns *log = find_log(words, n);
    if (!log) {
        return false;
    }
    fw_clock_begin(ret, log->what);
    ret->has_stamp = true;
    ret->stamp = stamp;
    for (size_t i = 0; i < n && i < log->n; i++) {
        fw_clock_put(ret, log->names[i], words[i]);
    }
    ret->server = words[0];
    ret->peer = log != &logs[0];
    ret->has_offset = fw_clock_number(fw_clock_get(ret, "offset"), 1e9, &ret->offset_ns);
    if (!ret->peer) {
        bool lost = fw_sv_is(fw_clock_get(ret, "leap"), "?");
        ret->sync = lost ? FW_CLOCK_UNSYNCED : FW_CLOCK_SYNCED;
        ret->has_offset = ret->has_offset && !lost; /* nothing was measured then */
        ret->server = lost ? (fw_sv){0} : ret->server;
    }
    return ret->peer || ret->has_offset || ret->sync == FW_CLOCK_UNSYNCED;
}

/* Lines of "=" and the names between them, which are repeated now and then. */
static bool is_header(fw_sv line)
{
    fw_sv text = fw_sv_trim(line);
    return text.n == 0 || fw_sv_starts(text, "====") || fw_sv_starts(text, "Date (UTC) Time");
}

static void chrony_log(struct fw_doc *doc, struct fw_clock_sink *sink)
{
    struct fw_clock_record record;
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        if (is_header(text)) {
            fw_doc_mark(doc, line, FW_LINE_IGNORED);
        } else if (read_row(text, &record)) {
            record.span = fw_doc_span(doc, text, line);
            sink->take(sink, &record);
            fw_doc_mark(doc, line, FW_LINE_USED);
        } else {
            fw_doc_bad(doc, line, text,
                       "no row of tracking.log, measurements.log or "
                       "statistics.log");
        }
    }
}

static int chrony_log_bid(fw_sv head)
{
    struct fw_clock_record record;
    fw_sv line;
    for (int i = 0; i < 16 && fw_sv_split(&head, '\n', &line); i++) {
        if (read_row(line, &record)) {
            return FW_BID_SURE;
        }
        if (!is_header(line)) {
            break;
        }
        if (fw_sv_find(line, FW_SV("Date (UTC) Time     IP Address")) != SIZE_MAX) {
            return FW_BID_SURE;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_chrony_log = {
    .name = "chrony-log",
    .title = "chronyd's tracking.log, measurements.log, statistics.log",
    .kind = FW_PARSER_CLOCK,
    .version = 1,
    .bid = chrony_log_bid,
    .clock = chrony_log,
};
