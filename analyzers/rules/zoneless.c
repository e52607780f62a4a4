/* SEG-001: which interfaces are in no declared zone? */
#include "analyzers/rules/about.h"
#include "analyzers/rules/hits.h"

static void judge(struct fw_results *results, const struct fw_exposure *exposure)
{
    if (exposure->nunzoned == 0) {
        fw_exposure_pass(results, "SEG-001", exposure, 0, exposure->ninterfaces, 0);
        return;
    }
    struct fw_result *result = fw_about_policy(results, "SEG-001", FW_RESULT_FAIL, exposure->device,
                                               exposure->snapshot, NULL, "fail");
    struct fw_buf list;
    fw_buf_init(&list);
    for (size_t i = 0; i < exposure->nunzoned; i++) {
        fw_buf_printf(&list, "%s%.*s", i > 0 ? ", " : "", FW_SV_ARG(exposure->unzoned[i]));
    }
    fw_about_count(results, result, exposure->nunzoned, exposure->ninterfaces, 0);
    fw_result_param(results, result, "list", fw_arena_copy(results->arena, fw_buf_sv(&list)));
    fw_buf_clear(&list);
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    for (size_t i = 0; i < ruleset->ninterfaces; i++) {
        if (fw_sv_eq(ruleset->interfaces[i].name, exposure->unzoned[0])) {
            result->span = ruleset->interfaces[i].span;
        }
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_exposure *exposure;
    while ((exposure = fw_exposure_next(facts, results, "SEG-001", &index))) {
        if (exposure->nzones > 0 && exposure->ninterfaces == 0) {
            fw_about_policy(results, "SEG-001", FW_RESULT_NA, exposure->device, exposure->snapshot,
                            NULL, "na.format");
        } else if (fw_exposure_ready(results, "SEG-001", exposure, true)) {
            judge(results, exposure);
        }
    }
}

const struct fw_analyzer fw_analyzer_zoneless = {
    .check = "SEG-001",
    .rules = true,
    .exposure = true,
    .run = run,
};
