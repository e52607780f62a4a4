/* IDS-002: how old is the newest rule set of every sensor, and is its updating on record? */
#include "analyzers/analyzer.h"
#include "core/time.h"

/* The newest day that any file gives for the rules, and where it stands. */
struct newest {
    bool known;
    int64_t day;
    size_t file;
    fw_span span;
};

static void take(struct newest *newest, struct fw_date date, size_t file, fw_span span)
{
    int64_t at = date.year != 0 ? fw_date_days(date) : INT64_MIN;
    if (date.year != 0 && (!newest->known || at > newest->day)) {
        *newest = (struct newest){true, at, file, span};
    }
}

/* What a file says of the rules: its own date, a rule set that it names, an update that ended well:
 * then nothing newer was to be had. */
static void take_file(struct newest *newest, const struct fw_idsrules *set, size_t file)
{
    take(newest, set->set_date, file, set->set_span);
    for (size_t i = 0; i < set->conf.nrulesets; i++) {
        const struct fw_ids_ruleset *named = &set->conf.rulesets[i];
        take(newest, named->date, file, named->span);
    }
    for (size_t i = 0; i < set->conf.nupdates; i++) {
        const struct fw_ids_update *update = &set->conf.updates[i];
        if (update->ok && !update->failed && update->has_time) {
            take(newest, (struct fw_date){update->time.year, update->time.month, update->time.day},
                 file, update->span);
        }
    }
}

/* A run of the updater that failed is on record too: what came of it, the age says. */
static bool has_history(const struct fw_device_facts *device)
{
    for (size_t i = 0; i < device->nids; i++) {
        if (device->ids[i]->conf.nupdates > 0) {
            return true;
        }
    }
    return false;
}

/* The date, and where it stands. */
static void place(struct fw_results *results, struct fw_result *result,
                  const struct fw_device_facts *device, const struct newest *newest)
{
    fw_result_param(results, result, "first",
                    fw_date_keep(results->arena, fw_date_from_days(newest->day)));
    fw_result_at(result, device->ids_paths[newest->file], device->ids_info[newest->file].sha256,
                 newest->span);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device)
{
    struct newest newest = {0};
    uint64_t signatures = 0;
    uint64_t enabled = 0;
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsrules *set = device->ids[i];
        signatures += set->n;
        enabled += fw_idsrules_enabled(set);
        take_file(&newest, set, i);
    }
    int64_t limit = (int64_t)fw_facts_threshold(facts, "IDS-002.days", 14);
    int64_t age = fw_day_of(facts->as_of_ns, facts->zone_seconds) - newest.day;
    struct fw_result *result;
    if (newest.known && age < -1) { /* a day: dates of rules are in any zone */
        result = fw_results_add(results, "IDS-002", FW_RESULT_OPEN, device->name, "open.future",
                                FW_SV("rules"));
        place(results, result, device, &newest);
    } else if (!newest.known) {
        result = fw_results_add(results, "IDS-002", FW_RESULT_FAIL, device->name, "fail.undated",
                                FW_SV("rules"));
    } else {
        bool stale = age > limit;
        if (stale || has_history(device)) {
            result = fw_results_add(results, "IDS-002", stale ? FW_RESULT_FAIL : FW_RESULT_PASS,
                                    device->name, stale ? "fail" : "pass", FW_SV("rules"));
        } else if (device->declared) {
            result = fw_results_add(results, "IDS-002", FW_RESULT_FAIL, device->name,
                                    "fail.no_history", FW_SV("rules"));
        } else { /* bare files: there may be a log that was not handed over */
            result = fw_results_add(results, "IDS-002", FW_RESULT_OPEN, device->name,
                                    "open.no_history", FW_SV("rules"));
        }
        fw_sv days = fw_arena_printf(results->arena, "%lld", (long long)(age > 0 ? age : 0));
        fw_result_measured(result, days, fw_arena_printf(results->arena, "%lld", (long long)limit));
        fw_result_param(results, result, "days", days);
        fw_result_param(results, result, "value", days);
        place(results, result, device, &newest);
    }
    fw_result_param(results, result, "path", device->ids_paths[newest.file]);
    fw_result_param_u64(results, result, "target", limit > 0 ? (uint64_t)limit : 0);
    fw_result_param_u64(results, result, "n", enabled);
    fw_result_param_u64(results, result, "total", signatures);
    fw_result_param(results, result, "as_of",
                    fw_date_keep(results->arena, fw_date_of(facts->as_of_ns, facts->zone_seconds)));
}

/* Captures and tuning say nothing of how old rules are that nobody has seen. */
static bool has_rules(const struct fw_device_facts *device)
{
    struct newest newest = {0};
    for (size_t i = 0; i < device->nids; i++) {
        take_file(&newest, device->ids[i], i);
        if (device->ids[i]->n > 0 || newest.known) {
            return true;
        }
    }
    return false;
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    bool any = false;
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_device_facts *device = &facts->devices[i];
        bool sensor = device->declared ? device->declared->kind == FW_DEVICE_IDS : device->nids > 0;
        if (!sensor) {
            continue;
        }
        any = true;
        if (!has_rules(device)) {
            fw_results_add(results, "IDS-002", FW_RESULT_OPEN, device->name, "open.no_rules",
                           FW_SV("rules"));
        } else if (!facts->has_as_of) {
            fw_results_add(results, "IDS-002", FW_RESULT_OPEN, device->name, "open.no_as_of",
                           FW_SV("rules"));
        } else {
            judge(facts, results, device);
        }
    }
    if (!any && facts->site) {
        fw_results_add(results, "IDS-002", FW_RESULT_OPEN, FW_SV(""), "open.no_device",
                       FW_SV("rules"));
    }
}

const struct fw_analyzer fw_analyzer_stale_rules = {
    .check = "IDS-002",
    .ids = true,
    .run = run,
};
