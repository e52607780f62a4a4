/*
 * Logs of rule updates: suricata-update's, PulledPork's output and its sid_changes.log.
 *
 *   5/1/2026 -- 03:00:01 - <Info> -- Found Suricata version 7.0.5 at /usr/bin/suricata.
 *   5/1/2026 -- 03:00:02 - <Info> -- Fetching https://rules.example/open/emerging.rules.tar.gz.
 *   5/1/2026 -- 03:00:09 - <Info> -- Writing rules to /var/lib/suricata/rules/suricata.rules:
 * total: 48000; enabled: 36000; added: 12; removed 3; modified: 9 5/1/2026 -- 03:00:21 - <Info> --
 * Done.
 *
 *   -=BEGIN PULLEDPORK SNORT RULES CHANGELOG, Mon Jun  1 03:00:01 2026 GMT=-
 *   Rule Totals
 *       New:-------5
 *
 * suricata-update writes the day first. A run begins where its first line is, and ends where the
 * next begins.
 */
#include "core/limits.h"
#include "parsers/idsrules.h"
#include "parsers/idsset.h"
#include "parsers/parser.h"

struct reader {
    struct fw_doc *doc;
    struct fw_idsconf *conf;
    struct fw_ids_update run;
    bool open, dated;
    struct fw_date day; /* of the run */
};

static void close_run(struct reader *r)
{
    if (!r->open) {
        return;
    }
    r->conf->updates = fw_arena_push(&r->doc->arena, r->conf->updates, r->conf->nupdates,
                                     sizeof(r->run));
    r->conf->updates[r->conf->nupdates++] = r->run;
    r->open = false;
}

static void open_run(struct reader *r, fw_sv tool, fw_sv text, uint32_t line)
{
    close_run(r);
    r->run = (struct fw_ids_update){.tool = tool, .span = fw_doc_span(r->doc, text, line)};
    r->open = true;
}

static void take_archive(struct reader *r, fw_sv text, uint32_t line)
{
    struct fw_ids_ruleset set = fw_idsset_archive(text);
    if (set.publisher != FW_PUBLISHER_UNKNOWN) {
        set.span = fw_doc_span(r->doc, text, line);
        fw_idsset_add(r->doc, r->conf, &set);
    }
}

/* "5/1/2026 -- 03:00:01 - <Info> -- ": day, month, year. */
static bool cut_stamp(fw_sv *line, struct fw_stamp *ret, fw_sv *ret_level)
{
    fw_sv rest = *line;
    fw_sv date;
    fw_sv dashes;
    fw_sv clock;
    fw_sv part[3];
    uint32_t n[6];
    if (!fw_sv_word(&rest, &date) || !fw_sv_word(&rest, &dashes) || !fw_sv_is(dashes, "--") ||
        !fw_sv_word(&rest, &clock)) {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        if (!fw_sv_split(&date, '/', &part[i]) || !fw_sv_u32(part[i], 9999, &n[i])) {
            return false;
        }
    }
    for (size_t i = 3; i < 6; i++) {
        if (!fw_sv_split(&clock, ':', &part[0]) || !fw_sv_u32(part[0], 60, &n[i])) {
            return false;
        }
    }
    if (n[2] < 1990 || n[2] > 2199 || !fw_date_valid((int32_t)n[2], n[1], n[0]) || n[3] > 23 ||
        n[4] > 59) {
        return false;
    }
    size_t open = fw_sv_find_char(rest, '<');
    size_t close = fw_sv_find_char(rest, '>');
    if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
        return false;
    }
    *ret = (struct fw_stamp){.year = (int32_t)n[2],
                             .month = (uint8_t)n[1],
                             .day = (uint8_t)n[0],
                             .hour = (uint8_t)n[3],
                             .minute = (uint8_t)n[4],
                             .second = (uint8_t)n[5]};
    *ret_level = fw_sv_sub(rest, open + 1, close - open - 1);
    rest = fw_sv_sub(rest, close + 1, SIZE_MAX);
    while (rest.n > 0 && (rest.p[0] == '-' || fw_is_blank(rest.p[0]))) {
        rest = fw_sv_sub(rest, 1, SIZE_MAX);
    }
    *line = rest;
    return true;
}

/* "total: 48000" or "removed 3" */
static bool number_after(fw_sv text, const char *word, uint64_t *ret)
{
    size_t at = fw_sv_find(text, fw_sv_from(word));
    if (at == SIZE_MAX) {
        return false;
    }
    fw_sv rest = fw_sv_sub(text, at + strlen(word), SIZE_MAX);
    while (rest.n > 0 && memchr(": -", rest.p[0], 3)) {
        rest = fw_sv_sub(rest, 1, SIZE_MAX);
    }
    size_t n = 0;
    while (n < rest.n && fw_is_digit(rest.p[n])) {
        n++;
    }
    return n > 0 && fw_sv_u64(fw_sv_sub(rest, 0, n), ret);
}

static void take_totals(struct reader *r, fw_sv text)
{
    struct fw_ids_update *u = &r->run;
    u->has_counts = number_after(text, "total:", &u->rules) || u->has_counts;
    number_after(text, "enabled:", &u->enabled);
    number_after(text, "added:", &u->added);
    number_after(text, "removed", &u->removed);
    number_after(text, "modified:", &u->changed);
}

static bool read_suricata(struct reader *r, fw_sv text, uint32_t line)
{
    struct fw_stamp stamp;
    fw_sv level;
    fw_sv rest = text;
    if (!cut_stamp(&rest, &stamp, &level)) {
        return false;
    }
    bool begins = fw_sv_starts(rest, "Using data-directory") ||
                  fw_sv_starts(rest, "Found Suricata version") ||
                  fw_sv_starts(rest, "suricata-update");
    bool fresh = !r->open || !fw_sv_is(r->run.tool, "suricata-update") || r->run.ok ||
                 r->run.failed;
    if (fresh || (begins && r->dated && fw_sv_starts(rest, "Using data-directory"))) {
        if (!begins && !fw_sv_starts(rest, "Fetching") && r->open) {
            fw_doc_mark(r->doc, line, FW_LINE_USED);
            return true; /* something behind the end of a run */
        }
        open_run(r, FW_SV("suricata-update"), text, line);
        r->run.has_time = true;
        r->run.time = stamp;
        r->dated = true;
    }
    struct fw_ids_engine engine = {.product = FW_SV("suricata"),
                                   .span = fw_doc_span(r->doc, text, line)};
    if (fw_sv_starts(rest, "Found Suricata version") && fw_idsengine_version(rest, &engine)) {
        engine.build = (fw_sv){0};
        engine.dated = true;
        engine.date = (struct fw_date){stamp.year, stamp.month, stamp.day};
        fw_idsengine_add(r->doc, r->conf, &engine);
    } else if (fw_sv_starts(rest, "Fetching") || fw_sv_starts(rest, "Last download")) {
        take_archive(r, rest, line);
    } else if (fw_sv_starts(rest, "Writing rules to")) {
        take_totals(r, rest);
    } else if (fw_sv_starts(rest, "Disabled ")) {
        number_after(rest, "Disabled", &r->run.disabled);
    } else if (fw_sv_starts(rest, "Done.")) {
        r->run.ok = true;
    }
    r->run.failed = r->run.failed || fw_sv_is(level, "Error") || fw_sv_is(level, "Critical");
    fw_doc_mark(r->doc, line, FW_LINE_USED);
    return true;
}

/* "-=BEGIN PULLEDPORK SNORT RULES CHANGELOG, Mon Jun  1 03:00:01 2026 GMT=-" */
static bool read_begin(struct reader *r, fw_sv text, uint32_t line)
{
    size_t comma = fw_sv_find_char(text, ',');
    if (fw_sv_find(text, FW_SV("BEGIN PULLEDPORK")) == SIZE_MAX || comma == SIZE_MAX) {
        return false;
    }
    open_run(r, FW_SV("pulledpork"), text, line);
    fw_sv rest = fw_sv_trim(fw_sv_sub(text, comma + 1, SIZE_MAX));
    fw_sv weekday;
    fw_sv_word(&rest, &weekday);
    rest = fw_sv_trim(rest);
    /* "Jun  1 03:00:01 2026 GMT": the year behind the clock is no form of syslog. */
    struct fw_stamp stamp;
    if (fw_stamp_rfc3164(&rest, &stamp)) {
        fw_sv word;
        uint32_t year;
        if (stamp.year == 0 && fw_sv_word(&rest, &word) && fw_sv_u32(word, 2199, &year) &&
            year >= 1990) {
            stamp.year = (int32_t)year;
        }
        if (fw_sv_find(rest, FW_SV("GMT")) != SIZE_MAX ||
            fw_sv_find(rest, FW_SV("UTC")) != SIZE_MAX) {
            stamp.has_zone = true;
        }
        r->run.has_time = stamp.year != 0;
        r->run.time = stamp;
    }
    return true;
}

static bool read_totals(struct reader *r, fw_sv s)
{
    const struct {
        const char *word;
        uint64_t *to;
    } rows[] = {{"New:", &r->run.added},
                {"Deleted:", &r->run.removed},
                {"Enabled", &r->run.enabled},
                {"Disabled", &r->run.disabled},
                {"Total", &r->run.rules}};
    for (size_t i = 0; r->open && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_starts(s, rows[i].word) && fw_sv_find(s, FW_SV(":-")) != SIZE_MAX) {
            fw_sv rest = fw_sv_sub(s, fw_sv_find(s, FW_SV(":-")), SIZE_MAX);
            r->run.has_counts = number_after(rest, ":", rows[i].to) || r->run.has_counts;
            return true;
        }
    }
    return false;
}

static bool read_pulledpork(struct reader *r, fw_sv text, uint32_t line)
{
    fw_sv s = fw_sv_trim(text);
    size_t version = fw_sv_find(s, FW_SV("PulledPork v"));
    if (read_begin(r, s, line)) {
        return true;
    }
    if (version != SIZE_MAX) {
        open_run(r, FW_SV("pulledpork"), text, line);
        return true;
    }
    if (fw_sv_find(s, FW_SV("END PULLEDPORK")) != SIZE_MAX || fw_sv_starts(s, "Fly Piggy Fly")) {
        if (r->open) {
            r->run.ok = !r->run.failed;
        }
        return true;
    }
    if (read_totals(r, s)) {
        return true;
    }
    if (r->open && (fw_sv_starts(s, "Error ") || fw_sv_starts(s, "ERROR") ||
                    fw_sv_find(s, FW_SV("errors occurred")) != SIZE_MAX)) {
        r->run.failed = true;
        return true;
    }
    struct fw_ids_ruleset set = fw_idsset_archive(text);
    if (set.publisher != FW_PUBLISHER_UNKNOWN) {
        take_archive(r, text, line);
        return true;
    }
    return false;
}

static void ids_updates(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct reader r = {.doc = doc, .conf = &ret->conf};
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        if (!read_suricata(&r, text, line)) {
            /* Between its figures PulledPork says what it is doing, and draws a pig. */
            fw_doc_mark(doc, line,
                        read_pulledpork(&r, text, line) ? FW_LINE_USED : FW_LINE_IGNORED);
        }
    }
    close_run(&r);
}

static int ids_updates_bid(fw_sv head)
{
    fw_sv line;
    for (int i = 0; i < 64 && fw_sv_split(&head, '\n', &line); i++) {
        struct fw_stamp stamp;
        fw_sv level;
        fw_sv rest = line;
        if (fw_sv_find(line, FW_SV("BEGIN PULLEDPORK")) != SIZE_MAX ||
            fw_sv_find(line, FW_SV("PulledPork v")) != SIZE_MAX) {
            return FW_BID_SURE + 5;
        }
        if (cut_stamp(&rest, &stamp, &level) &&
            (fw_sv_starts(rest, "Using data-directory") || fw_sv_starts(rest, "Fetching") ||
             fw_sv_starts(rest, "Found Suricata version") || fw_sv_starts(rest, "Loading /"))) {
            return FW_BID_SURE + 5;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_ids_updates = {
    .name = "ids-updates",
    .title = "Logs of rule updates: suricata-update, PulledPork",
    .kind = FW_PARSER_IDSRULES,
    .version = 1,
    .bid = ids_updates_bid,
    .idsrules = ids_updates,
};
