/* IDS-002: how old is the newest rule set of every sensor? */
#include "analyzers/analyzer.h"
#include "core/time.h"

static fw_sv date_text(struct fw_results *results, struct fw_date date)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_date_text(&buf, date);
    fw_sv copy = fw_arena_copy(results->arena, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
    return copy;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device)
{
    size_t newest = SIZE_MAX;
    int64_t newest_day = INT64_MIN;
    uint64_t signatures = 0;
    uint64_t enabled = 0;
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsrules *set = device->ids[i];
        signatures += set->n;
        for (size_t s = 0; s < set->n; s++) {
            enabled += set->v[s].enabled;
        }
        if (set->set_year == 0) {
            continue;
        }
        int64_t day = fw_days_from_date(set->set_year, set->set_month, set->set_day);
        if (day > newest_day) {
            newest_day = day;
            newest = i;
        }
    }
    int64_t limit = (int64_t)fw_facts_threshold(facts, "IDS-002.days", 14);
    struct fw_result *result;
    if (newest == SIZE_MAX) {
        result = fw_results_add(results, "IDS-002", FW_RESULT_FAIL, device->name, "fail.undated",
                                FW_SV("rules"));
    } else {
        struct fw_date now = fw_date_of(facts->as_of_ns, facts->zone_seconds);
        int64_t age = fw_days_from_date(now.year, now.month, now.day) - newest_day;
        bool stale = age > limit;
        result = fw_results_add(results, "IDS-002", stale ? FW_RESULT_FAIL : FW_RESULT_PASS,
                                device->name, stale ? "fail" : "pass", FW_SV("rules"));
        fw_sv days = fw_arena_printf(results->arena, "%lld", (long long)(age > 0 ? age : 0));
        fw_result_measured(result, days, fw_arena_printf(results->arena, "%lld", (long long)limit));
        fw_result_param(results, result, "days", days);
        fw_result_param(results, result, "value", days);
        fw_result_param(results, result, "first",
                        date_text(results, fw_date_from_days(newest_day)));
        result->input = device->ids_paths[newest];
        result->input_sha256 = device->ids_info[newest].sha256;
        result->has_input_sha256 = true;
        result->span = device->ids[newest]->set_span;
    }
    fw_result_param(results, result, "path",
                    newest == SIZE_MAX ? device->ids_paths[0] : device->ids_paths[newest]);
    fw_result_param_u64(results, result, "target", limit > 0 ? (uint64_t)limit : 0);
    fw_result_param_u64(results, result, "n", enabled);
    fw_result_param_u64(results, result, "total", signatures);
    fw_result_param(results, result, "as_of",
                    date_text(results, fw_date_of(facts->as_of_ns, facts->zone_seconds)));
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
        if (device->nids == 0) {
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
