/* TIM-001: does every device name at least two designated time servers? */
#include "analyzers/rules/about.h"

static bool designated(const struct fw_site *site, fw_sv server)
{
    for (size_t i = 0; i < site->nntp; i++) {
        if (fw_sv_eq_nocase(site->ntp[i], server)) {
            return true;
        }
    }
    return site->nntp == 0; /* no list, nothing to compare with */
}

static void add_name(struct fw_buf *list, fw_sv name)
{
    if (list->n > 0) {
        fw_buf_add_cstr(list, ", ");
    }
    fw_buf_add(list, name);
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device, const struct fw_snapshot *snapshot)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    uint64_t wanted = (uint64_t)fw_facts_threshold(facts, "TIM-001.servers", 2);
    uint64_t found = 0;
    fw_span place = {0};
    struct fw_buf servers;
    struct fw_buf strangers;
    fw_buf_init(&servers);
    fw_buf_init(&strangers);
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        if (setting->kind != FW_SETTING_NTP_SERVER) {
            continue;
        }
        found++;
        add_name(&servers, setting->value);
        if (facts->site && !designated(facts->site, setting->value)) {
            add_name(&strangers, setting->value);
            place = setting->span;
        }
    }
    bool ok = found >= wanted && strangers.n == 0;
    const char *words = ok                ? "pass"
                        : found == 0      ? "fail.none"
                        : strangers.n > 0 ? "fail.undesignated"
                                          : "fail";
    struct fw_result *result = fw_about_policy(
        results, "TIM-001", ok ? FW_RESULT_PASS : FW_RESULT_FAIL, device, snapshot, NULL, words);
    result->span = place;
    fw_about_count(results, result, found, found, wanted);
    fw_result_param_u64(results, result, "target", wanted);
    fw_result_param(results, result, "servers", fw_arena_copy(results->arena, fw_buf_sv(&servers)));
    fw_result_param(results, result, "list", fw_arena_copy(results->arena, fw_buf_sv(&strangers)));
    fw_buf_clear(&servers);
    fw_buf_clear(&strangers);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, "TIM-001", &index, &device))) {
        if (snapshot->ruleset->has_settings) {
            judge(facts, results, device, snapshot);
        } else if (facts->site) {
            /* The device has a clock; this export just does not speak of it. */
            fw_about_policy(results, "TIM-001", FW_RESULT_OPEN, device, snapshot, NULL,
                            "open.no_settings");
        } else {
            fw_about_policy(results, "TIM-001", FW_RESULT_NA, device, snapshot, NULL, "na.format");
        }
    }
}

const struct fw_analyzer fw_analyzer_time_sources = {
    .check = "TIM-001",
    .rules = true,
    .run = run,
};
