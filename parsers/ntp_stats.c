/*
 * Statistics of ntpd (its "Monitoring Commands and Options"), with the modified Julian day and the
 * second of it in UTC:
 *
 *   61215 6932.441 0.000012432 13.778 0.000351733 0.013380 6                        loopstats
 *   61215 6932.441 192.0.2.123 9614 0.000012432 0.000340483 0.937500062 0.000013186  peerstats
 *   61215 6932.441 192.0.2.123 198.51.100.7 3991364932.441134335 ... 0 4 4 2 0 -26   rawstats
 *
 * loopstats has a line for each time the clock was corrected; nothing is written while there is no
 * server to follow. peerstats has one for each answer; its status word says whether the clock
 * follows that server.
 */
#include "parsers/clock.h"
#include "parsers/doc.h"
#include "parsers/parser.h"

enum { WORDS = 24, UNIX_MJD = 40587 };

static const char *const loopstats[] = {
    "offset", "frequency_ppm", "jitter", "wander_ppm", "time_constant",
};
static const char *const peerstats[] = {
    "address", "status", "offset", "delay", "dispersion", "jitter",
};
static const char *const rawstats[] = {
    "address",    "local_address",   "origin",    "receive",     "transmit", "destination",
    "leap",       "version",         "mode",      "stratum",     "poll",     "precision",
    "root_delay", "root_dispersion", "reference", "outstanding",
};

static bool cut_stamp(fw_sv *line, struct fw_stamp *ret)
{
    uint32_t day;
    int64_t ns;
    fw_sv word;
    if (!fw_sv_word(line, &word) || word.n != 5 || !fw_sv_u32(word, 99999, &day) ||
        day < UNIX_MJD || !fw_sv_word(line, &word) || fw_sv_find_char(word, '.') == SIZE_MAX ||
        !fw_is_digit(word.p[0]) || !fw_clock_number(word, 1e9, &ns) ||
        ns >= 86401 * FW_NS_PER_SEC) {
        return false;
    }
    struct fw_date date = fw_date_from_days((int64_t)day - UNIX_MJD);
    int64_t seconds = ns / FW_NS_PER_SEC;
    int64_t within = seconds < 86400 ? seconds : 86399; /* a leap second is 23:59:60 */
    *ret = (struct fw_stamp){
        .year = date.year,
        .month = date.month,
        .day = date.day,
        .hour = (uint8_t)(within / 3600),
        .minute = (uint8_t)(within / 60 % 60),
        .second = (uint8_t)(within % 60 + (seconds - within)),
        .nanos = (uint32_t)(ns % FW_NS_PER_SEC),
        .has_zone = true,
    };
    return true;
}

/* An address, a name or a reference clock: what is no number. */
static bool is_peer(fw_sv word)
{
    size_t dots = 0;
    bool other = false;
    for (size_t i = 0; i < word.n; i++) {
        dots += word.p[i] == '.';
        other = other || (!fw_is_digit(word.p[i]) && word.p[i] != '.' && word.p[i] != '-' &&
                          word.p[i] != '+' && word.p[i] != 'e');
    }
    return other || dots > 1;
}

static bool hex_status(fw_sv word, uint32_t *ret)
{
    uint32_t value = 0;
    for (size_t i = 0; i < word.n && i < 4; i++) {
        int digit = fw_hex_value(word.p[i]);
        if (digit < 0) {
            return false;
        }
        value = value * 16 + (uint32_t)digit;
    }
    *ret = value;
    return word.n >= 1 && word.n <= 4;
}

static void put_all(struct fw_clock_record *record, const char *const *names, size_t nnames,
                    const fw_sv *words, size_t n)
{
    for (size_t i = 0; i < n && i < nnames; i++) {
        fw_clock_put(record, names[i], words[i]);
    }
}

static bool all_numbers(const fw_sv *words, size_t n)
{
    int64_t ns;
    for (size_t i = 0; i < n; i++) {
        if (!fw_clock_number(words[i], 1, &ns)) {
            return false;
        }
    }
    return true;
}

/* The status word of RFC 9327: bits 8 to 10 say how the server was selected; 6 and 7 mean that the
 * clock follows it. */
static bool is_chosen(uint32_t status)
{
    uint32_t selected = status >> 8 & 7;
    return selected == 6 || selected == 7;
}

enum row { ROW_NONE, ROW_STATS, ROW_OTHER };

static enum row read_row(fw_sv line, struct fw_clock_record *ret)
{
    fw_sv words[WORDS];
    struct fw_stamp stamp;
    uint32_t status;
    size_t n = 0;
    if (!cut_stamp(&line, &stamp)) {
        return ROW_NONE;
    }
    while (n < WORDS && fw_sv_word(&line, &words[n])) {
        n++;
    }
    if (n == 5 && fw_sv_find_char(words[0], '.') != SIZE_MAX && !is_peer(words[0]) &&
        all_numbers(words, n)) {
        fw_clock_begin(ret, "loopstats");
        put_all(ret, loopstats, 5, words, n);
        ret->sync = FW_CLOCK_SYNCED;
    } else if ((n == 5 || n == 6) && is_peer(words[0]) && hex_status(words[1], &status) &&
               all_numbers(words + 2, n - 2)) {
        fw_clock_begin(ret, "peerstats");
        put_all(ret, peerstats, 6, words, n);
        ret->peer = true;
        ret->chosen = is_chosen(status);
        ret->server = words[0];
    } else if (n >= 6 && is_peer(words[0]) && is_peer(words[1]) && all_numbers(words + 2, 4)) {
        fw_clock_begin(ret, "rawstats");
        put_all(ret, rawstats, sizeof(rawstats) / sizeof(rawstats[0]), words, n);
        ret->peer = true;
        ret->server = words[0];
    } else {
        return n > 0 ? ROW_OTHER : ROW_NONE;
    }
    ret->has_stamp = true;
    ret->stamp = stamp;
    ret->has_offset = fw_clock_number(fw_clock_get(ret, "offset"), 1e9, &ret->offset_ns);
    return ROW_STATS;
}

static void ntp_stats(struct fw_doc *doc, struct fw_clock_sink *sink)
{
    struct fw_clock_record record;
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        enum row row = read_row(text, &record);
        if (row == ROW_STATS) {
            record.span = fw_doc_span(doc, text, line);
            sink->take(sink, &record);
            fw_doc_mark(doc, line, FW_LINE_USED);
        } else if (fw_sv_trim(text).n == 0) {
            fw_doc_mark(doc, line, FW_LINE_IGNORED);
        } else if (row == ROW_OTHER) {
            fw_doc_unsupported(doc, line, text, "statistics of another kind");
        } else {
            fw_doc_bad(doc, line, text, "no line of ntpd's statistics");
        }
    }
}

/* One line alone may be any list of numbers; two of them in order of time are not. */
static int ntp_stats_bid(fw_sv head)
{
    struct fw_clock_record record;
    fw_sv line;
    int rows = 0;
    for (int i = 0; i < 16 && fw_sv_split(&head, '\n', &line); i++) {
        if (fw_sv_trim(line).n > 0) {
            enum row row = read_row(line, &record);
            if (row == ROW_NONE) {
                return rows > 1 ? FW_BID_WEAK : FW_BID_NO;
            }
            rows += row == ROW_STATS;
        }
    }
    return rows > 1 ? FW_BID_SURE : rows == 1 ? FW_BID_LIKELY : FW_BID_NO;
}

const struct fw_parser fw_parser_ntp_stats = {
    .name = "ntp-stats",
    .title = "ntpd's loopstats, peerstats, rawstats",
    .kind = FW_PARSER_CLOCK,
    .version = 1,
    .bid = ntp_stats_bid,
    .clock = ntp_stats,
};
