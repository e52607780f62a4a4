/* GAP-006: who stopped, cleared or changed the logging, and did a ticket allow it? */
#include "analyzers/logs/about.h"
#include "analyzers/rules/about.h"

#include <string.h>

/* Words of an administrator's command, action or message, in lower case; all of a row must be
 * there as whole words. Quoted from the vendors' message and command references. */
static const char *const stops[][3] = {
    {"no logging", NULL, NULL},         /* Cisco: no logging host, no logging enable */
    {"clear logging", NULL, NULL},      /* Cisco */
    {"clear log", NULL, NULL},          /* Junos, PAN-OS */
    {"logging", "disable", NULL},       /* ASA: logging message ... disable */
    {"log", "deleted", NULL},           /* FortiOS: Disk log file deleted */
    {"delete", "system syslog", NULL},  /* Junos */
    {"deactivate", "syslog", NULL},     /* Junos */
    {"execute log delete", NULL, NULL}, /* FortiOS */
    {"log.", "status", "disable"},      /* FortiOS: log.syslogd.setting, status[enable->disable] */
    {"delete", "log-settings", NULL},   /* PAN-OS */
    {"logging", "turned off", NULL},    /* ASA, IOS */
    {"undo info-center", NULL, NULL},   /* Huawei */
    {"reset logbuffer", NULL, NULL},    /* Huawei */
};

static bool is_letter(fw_sv text, size_t at)
{
    return at < text.n && fw_is_alpha(text.p[at]);
}

/* "log" is in "log file" and "logs", not in "login"; "disable" is in "disabled". */
static bool has_word(fw_sv text, const char *word)
{
    size_t n = strlen(word);
    for (size_t from = 0; from < text.n;) {
        size_t offset = fw_sv_find_nocase(fw_sv_sub(text, from, SIZE_MAX), word);
        if (offset == SIZE_MAX) {
            return false;
        }
        size_t at = from + offset;
        size_t end = at + n;
        bool ending = end < text.n && (text.p[end] == 's' || text.p[end] == 'd');
        bool begins = at == 0 || !is_letter(text, at - 1);
        bool ends = !fw_is_alpha(word[n - 1]) || !is_letter(text, end + ending);
        if (begins && ends) {
            return true;
        }
        from = at + 1;
    }
    return false;
}

static bool has_all(const char *const *words, fw_sv text)
{
    for (size_t i = 0; i < 3 && words[i]; i++) {
        if (!has_word(text, words[i])) {
            return false;
        }
    }
    return text.n > 0;
}

static bool stops_logging(struct fw_arena *arena, const struct fw_view_admin *event)
{
    fw_sv text = fw_arena_printf(arena, "%.*s %.*s", FW_SV_ARG(event->action),
                                 FW_SV_ARG(event->text));
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        if (has_all(stops[i], text)) {
            return true;
        }
    }
    return false;
}

/* Approved before, and done on the day (its date is the day's end), or by the end of the day after
 * where only the approval has a date. */
static bool is_ticketed(const struct fw_facts *facts, const struct fw_source_view *source,
                        int64_t ns)
{
    for (size_t i = 0; facts->tickets && i < facts->tickets->n; i++) {
        const struct fw_ticket *ticket = &facts->tickets->v[i];
        if (!fw_about_approved(ticket) || !fw_sv_eq_nocase(ticket->device, source->device)) {
            continue;
        }
        int64_t zone = facts->zone_seconds * FW_NS_PER_SEC;
        int64_t day = fw_axis_day(ns + zone);
        bool done = ticket->implemented_ns != INT64_MIN;
        int64_t first = fw_axis_day((done ? ticket->implemented_ns : ticket->approved_ns) + zone);
        if (ns >= ticket->approved_ns && day >= first && day <= first + !done) {
            return true;
        }
    }
    return false;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    if (source->nadmin == 0) {
        struct fw_result *result = fw_log_result(results, "GAP-006", FW_RESULT_OPEN, source,
                                                 "open.no_admin", FW_SV("stops"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    const struct fw_view_admin *first = NULL;
    uint64_t total = 0;
    uint64_t n = 0;
    for (size_t i = 0; i < source->nadmin; i++) {
        const struct fw_view_admin *event = &source->admin[i];
        if (stops_logging(results->arena, event)) {
            total++;
            if (!is_ticketed(facts, source, event->ns)) {
                first = first ? first : event;
                n++;
            }
        }
    }
    if (n == 0 && !fw_log_whole(results, "GAP-006", source, source->admin_lost, source->untimed,
                                FW_SV("stops"))) {
        return;
    }
    struct fw_result *result = fw_log_count(results, "GAP-006", source, n, total, FW_SV("stops"));
    fw_log_param_time(facts, results, result, "from", source->first_ns);
    fw_log_param_time(facts, results, result, "to", source->last_ns);
    if (first) {
        fw_log_param_time(facts, results, result, "first", first->ns);
        fw_result_param(results, result, "user", first->user.n > 0 ? first->user : FW_SV("?"));
        result->input = first->at.path;
        result->span = (fw_span){first->at.at.offset, 0, (uint32_t)first->at.at.line};
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "GAP-006", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_logging_stopped = {
    .check = "GAP-006",
    .logs = true,
    .run = run,
};
