/* RAM-005: what is wrong with the accounts of administrators, as far as the configuration says? */
#include "analyzers/rules/about.h"

#include "core/limits.h"

/* Names that everybody tries first. */
static const char *const defaults[] = {"admin", "administrator", "root",  "cisco",  "pix",
                                       "asa",   "fortinet",      "super", "guest",  "test",
                                       "user",  "support",       "demo",  "manager"};
enum { DEFAULTS = sizeof(defaults) / sizeof(defaults[0]) };

static bool is_default(fw_sv name)
{
    for (size_t i = 0; i < DEFAULTS; i++) {
        if (fw_sv_is_nocase(name, defaults[i])) {
            return true;
        }
    }
    return false;
}

/* Some server besides the device itself knows who may come in. */
static bool is_central(const struct fw_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        fw_sv rest = setting->value;
        fw_sv last = FW_SV("");
        fw_sv word;
        while (fw_sv_word(&rest, &word)) {
            last = word;
        }
        if (setting->kind == FW_SETTING_AAA && !fw_sv_is(last, "LOCAL")) {
            return true;
        }
    }
    return false;
}

static void judge(struct fw_results *results, const struct fw_device_facts *device,
                  const struct fw_snapshot *snapshot)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    bool central = is_central(ruleset);
    uint64_t total = 0;
    uint64_t found = 0;
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *user = &ruleset->settings[i];
        if (user->kind != FW_SETTING_USER) {
            continue;
        }
        total++;
        const char *reason = is_default(user->value) ? "default_name" : "local_only";
        if (!is_default(user->value) && central) {
            continue;
        }
        struct fw_result *result = fw_results_add(results, "RAM-005", FW_RESULT_FAIL, device->name,
                                                  "fail", user->value);
        result->input = snapshot->path;
        result->input_sha256 = snapshot->sha256;
        result->has_input_sha256 = true;
        result->span = user->span;
        fw_result_param(results, result, "user", user->value);
        fw_result_param_u64(results, result, "line", user->span.line);
        fw_result_param(results, result, "reason", fw_sv_from(reason));
        found++;
    }
    if (found > 0) {
        return;
    }
    /* Who came in last, and whether somebody looked through the list this quarter, no configuration
     * says. */
    struct fw_result *result = fw_about_policy(results, "RAM-005", FW_RESULT_OPEN, device, snapshot,
                                               NULL,
                                               total > 0 ? "open.no_logins" : "open.no_users");
    fw_result_param_u64(results, result, "total", total);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    while ((snapshot = fw_about_next(facts, results, "RAM-005", &index, &device))) {
        judge(results, device, snapshot);
    }
}

const struct fw_analyzer fw_analyzer_admin_accounts = {
    .check = "RAM-005",
    .rules = true,
    .run = run,
};
