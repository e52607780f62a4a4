/* The list of analyzers, and running them. */
#include "analyzers/analyzer.h"

#include "analyzers/ids/view.h"
#include "analyzers/rules/exposure.h"

#define FW_ANALYZER(folder, stem) extern const struct fw_analyzer fw_analyzer_##stem;
#include "analyzers/registry.def"
#undef FW_ANALYZER

const struct fw_analyzer *const fw_analyzers[] = {
#define FW_ANALYZER(folder, stem) &fw_analyzer_##stem,
#include "analyzers/registry.def"
#undef FW_ANALYZER
    NULL,
};

static bool wanted(const struct fw_analyzer *analyzer, unsigned kinds, fw_sv only)
{
    bool kind = (kinds & FW_RUN_SITE) != 0 || (analyzer->rules && (kinds & FW_RUN_RULES) != 0) ||
                (analyzer->logs && (kinds & FW_RUN_LOGS) != 0) ||
                (analyzer->ids && (kinds & FW_RUN_IDS) != 0);
    if (!kind || only.n == 0) {
        return kind;
    }
    fw_sv id;
    while (fw_sv_split(&only, ',', &id)) {
        if (fw_sv_is_nocase(fw_sv_trim(id), analyzer->check)) {
            return true;
        }
    }
    return false;
}

void fw_analyse(const struct fw_facts *facts, unsigned kinds, fw_sv only,
                struct fw_results *results)
{
    struct fw_facts with = *facts;
    bool any = false;
    bool sensors = false;
    for (size_t i = 0; fw_analyzers[i]; i++) {
        any = any || (fw_analyzers[i]->exposure && wanted(fw_analyzers[i], kinds, only));
        sensors = sensors || (fw_analyzers[i]->ids && wanted(fw_analyzers[i], kinds, only));
    }
    if (any && !with.exposures) {
        with.exposures = fw_exposures_make(results->arena, facts);
    }
    results->exposures = with.exposures;
    if (sensors) {
        with.sensors = fw_ids_view_make(results->arena, facts);
    }
    results->sensors = with.sensors;
    for (size_t i = 0; fw_analyzers[i]; i++) {
        if (wanted(fw_analyzers[i], kinds, only)) {
            fw_analyzers[i]->run(&with, results);
        }
    }
    fw_results_settle(results, facts);
}

double fw_facts_threshold(const struct fw_facts *facts, const char *name, double fallback)
{
    double value;
    bool known = facts->catalogue && fw_catalogue_threshold(facts->catalogue, facts->profile,
                                                            facts->site, fw_sv_from(name), &value);
    return known ? value : fallback;
}

void fw_facts_retention(struct fw_facts *facts, unsigned months)
{
    facts->days = 0;
    if (months == 0 && facts->site && facts->site->has_retention_months) {
        months = facts->site->retention_months;
    }
    if (months == 0) { /* thresholds are small: FW_THRESHOLD_MOST */
        months = (unsigned)fw_facts_threshold(facts, "RET-001.months", 6);
        facts->days = (unsigned)fw_facts_threshold(facts, "RET-001.days", 0);
    }
    facts->months = months;
}
