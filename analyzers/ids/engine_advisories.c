/* IDS-005: which advisories about a sensor's engine were not decided about? */
#include "analyzers/ids/about.h"

#include "core/time.h"

static void at_engine(struct fw_results *results, struct fw_result *result,
                      const struct fw_ids_running *engine)
{
    fw_result_param(results, result, "list", fw_sensor_engine(results->arena, engine));
    fw_result_at(result, engine->path, engine->sha256, engine->capture->span);
}

/* "CVE-2026-0001 (CVSS 9.8)" */
static fw_sv advisory_text(struct fw_results *results, const struct fw_advisory *advisory)
{
    if (!advisory->has_score) {
        return advisory->id;
    }
    return fw_arena_printf(results->arena, "%.*s (CVSS %u.%u)", FW_SV_ARG(advisory->id),
                           advisory->score10 / 10, advisory->score10 % 10);
}

/* The first of a state, the highest score, and how many there are. */
struct states {
    const struct fw_ids_advisory *first[FW_IDS_DECIDED + 1];
    uint64_t n[FW_IDS_DECIDED + 1], total;
};

static struct states count_states(const struct fw_sensor *sensor, size_t engine)
{
    struct states states = {.total = 0};
    for (size_t i = 0; i < sensor->nadvisories; i++) {
        const struct fw_ids_advisory *one = &sensor->advisories[i];
        if (one->engine == engine) {
            states.total++;
            if (states.n[one->state]++ == 0) {
                states.first[one->state] = one;
            }
        }
    }
    return states;
}

/* Results about one engine; of several each has its name in the subject. */
static fw_sv subject_of(struct fw_results *results, const struct fw_sensor *sensor, size_t engine,
                        const char *word)
{
    return sensor->nengines == 1 ? fw_sv_from(word)
                                 : fw_arena_printf(results->arena, "%s of %.*s", word,
                                                   FW_SV_ARG(sensor->engines[engine].product));
}

static struct fw_result *add(struct fw_results *results, const struct fw_sensor *sensor,
                             size_t engine, enum fw_result_state state, const char *words,
                             const char *subject)
{
    struct fw_result *result = fw_results_add(results, "IDS-005", state, sensor->device->name,
                                              words, subject_of(results, sensor, engine, subject));
    at_engine(results, result, &sensor->engines[engine]);
    return result;
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_sensor *sensor, size_t engine, bool current)
{
    struct states states = count_states(sensor, engine);
    const struct fw_ids_advisory *open = states.first[FW_IDS_UNDECIDED];
    const struct fw_ids_advisory *late = states.first[FW_IDS_OVERDUE];
    struct fw_result *result;
    if (open) {
        result = add(results, sensor, engine, FW_RESULT_FAIL, "fail", "advisories");
        fw_sensor_count(results, result, states.n[FW_IDS_UNDECIDED], states.total);
        fw_result_param(results, result, "cve", advisory_text(results, open->advisory));
    }
    if (late) {
        result = add(results, sensor, engine, FW_RESULT_FAIL, "fail.overdue", "overdue");
        fw_sensor_count(results, result, states.n[FW_IDS_OVERDUE], states.total);
        fw_result_param(results, result, "cve", advisory_text(results, late->advisory));
        fw_sensor_param_day(results, result, "first",
                            fw_day_of(late->decision->due_ns, facts->zone_seconds));
        fw_sensor_param_as_of(facts, results, result);
    }
    if (!open && !late && current) {
        result = add(results, sensor, engine, FW_RESULT_PASS, "pass", "advisories");
        fw_sensor_count(results, result, 0, states.total);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_sensor *sensor;
    while ((sensor = fw_sensor_next(facts, results, "IDS-005", &index))) {
        if (!fw_sensor_dated(facts, results, "IDS-005", sensor)) {
            continue;
        }
        if (sensor->nengines == 0) {
            fw_sensor_result(results, "IDS-005", FW_RESULT_OPEN, sensor, "open.no_version",
                             "version");
        }
        bool current = facts->sensors->feed_current;
        for (size_t i = 0; i < sensor->nengines; i++) {
            if (!current) { /* what an old feed shows counts, but passes nothing */
                add(results, sensor, i, FW_RESULT_OPEN, "open.no_feed", "feed");
            }
            judge(facts, results, sensor, i, current);
        }
    }
}

const struct fw_analyzer fw_analyzer_engine_advisories = {
    .check = "IDS-005",
    .ids = true,
    .run = run,
};
