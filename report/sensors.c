/* What reports about sensors share: how an entry of the ledger is told in words. */
#include "report/sensors.h"

#include <inttypes.h>

#include "analyzers/ids/about.h"

fw_sv fw_ids_missing_words(const struct fw_survey *survey, const struct fw_ledger_entry *entry)
{
    static const char *const keys[] = {"label.reason", "label.author", "label.date",
                                       "label.review_by"};
    fw_sv text = FW_SV("");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (entry->missing >> i & 1) {
            fw_sv word = fw_survey_word(survey, keys[i]);
            text = text.n == 0 ? word
                               : fw_arena_printf(survey->arena, "%.*s%s%.*s", FW_SV_ARG(text),
                                                 survey->in->lang == FW_LANG_ZH_TW ? "、" : ", ",
                                                 FW_SV_ARG(word));
        }
    }
    return text;
}

fw_sv fw_ids_volume_text(const struct fw_survey *survey, const struct fw_ledger_entry *entry)
{
    if (!entry->has_volume) {
        return FW_SV("-");
    }
    return fw_arena_printf(survey->arena, "%" PRIu64 "/%" PRIu64 " > %" PRIu64 "/%" PRIu64,
                           entry->before.alerts, entry->before.days, entry->after.alerts,
                           entry->after.days);
}

fw_sv fw_ids_change_word(const struct fw_survey *survey, const struct fw_ledger_entry *entry)
{
    static const char *const keys[] = {
        [FW_LEDGER_NEW] = "ledger.new",
        [FW_LEDGER_CHANGED] = "ledger.changed",
        [FW_LEDGER_SAME] = "ledger.same",
        [FW_LEDGER_REMOVED] = "ledger.removed",
    };
    return entry->change == FW_LEDGER_UNKNOWN ? FW_SV("")
                                              : fw_survey_word(survey, keys[entry->change]);
}

struct fw_ids_tally fw_ids_tally(const struct fw_sensor *sensor)
{
    struct fw_ids_tally tally = {.removed = sensor->nremoved};
    for (size_t i = 0; i < sensor->nledger; i++) {
        const struct fw_ledger_entry *entry = &sensor->ledger[i];
        tally.total += entry->recorded;
        tally.untold += entry->recorded && entry->missing != 0;
        tally.overdue += entry->recorded && entry->overdue;
        tally.fresh += entry->change == FW_LEDGER_NEW;
        tally.changed += entry->change == FW_LEDGER_CHANGED;
    }
    return tally;
}

fw_sv fw_ids_tally_text(const struct fw_survey *survey, const struct fw_sensor *sensor)
{
    struct fw_ids_tally tally = fw_ids_tally(sensor);
    bool compared = sensor->nremoved > 0;
    for (size_t i = 0; i < sensor->nledger && !compared; i++) {
        compared = sensor->ledger[i].change != FW_LEDGER_UNKNOWN;
    }
    struct fw_param params[] = {
        {"device", sensor->device->name},
        {"total", fw_survey_number(survey, tally.total)},
        {"n", fw_survey_number(survey, tally.untold)},
        {"value", fw_survey_number(survey, tally.overdue)},
        {"added", fw_survey_number(survey, tally.fresh)},
        {"modified", fw_survey_number(survey, tally.changed)},
        {"removed", fw_survey_number(survey, tally.removed)},
    };
    return fw_survey_text(survey, compared ? "text.ledger_compared" : "text.ledger_counts", params,
                          sizeof(params) / sizeof(params[0]));
}

fw_sv fw_ids_trend(const struct fw_survey *survey, const struct fw_ids_view *view, uint32_t gid,
                   uint32_t sid)
{
    uint64_t now = 0;
    uint64_t before = 0;
    uint64_t total = 0;
    uint64_t total_before = 0;
    for (size_t i = 0; view && i < view->n; i++) {
        const struct fw_ids_signature *s = fw_sensor_signature(&view->v[i], gid, sid);
        total += view->v[i].alerts;
        total_before += view->v[i].alerts_before;
        now += s ? s->now : 0;
        before += s ? s->before : 0;
    }
    if (total == 0 || total_before == 0) {
        return FW_SV("-");
    }
    double points = (double)now * 100 / (double)total - (double)before * 100 / (double)total_before;
    return fw_arena_printf(survey->arena, "%+.1f", points > -0.05 && points < 0.05 ? 0.0 : points);
}

fw_sv fw_ids_attacks_text(const struct fw_survey *survey, const struct fw_sensor *sensor)
{
    const struct fw_ids_attack *sum = &sensor->attacks.sum;
    if (!sensor->attacks.has_firewall || sum->alerts == 0) {
        return (fw_sv){0};
    }
    struct fw_param params[] = {
        {"total", fw_survey_number(survey, sum->alerts)},
        {"n", fw_survey_number(survey, sum->allowed)},
        {"value", fw_survey_number(survey, sum->denied)},
        {"list", fw_survey_number(survey, sum->unseen + sum->unsampled)},
    };
    return fw_survey_text(survey, sensor->attacks.sampled ? "text.attacks_sampled" : "text.attacks",
                          params, sizeof(params) / sizeof(params[0]));
}

size_t fw_ids_published(const struct fw_sensor *sensor)
{
    size_t n = 0;
    for (size_t i = 0; i < sensor->nledger; i++) {
        n += sensor->ledger[i].published;
    }
    return n;
}

fw_sv fw_ids_published_text(const struct fw_survey *survey, const struct fw_sensor *sensor)
{
    struct fw_param n = {"n", fw_survey_number(survey, fw_ids_published(sensor))};
    return fw_ids_published(sensor) > 0 ? fw_survey_text(survey, "text.published", &n, 1)
                                        : (fw_sv){0};
}

fw_sv fw_ids_silent_text(const struct fw_survey *survey, const struct fw_sensor *sensor)
{
    if (sensor->enabled == 0 || sensor->alerts_total == 0) {
        return (fw_sv){0};
    }
    struct fw_param params[] = {
        {"n", fw_survey_number(survey, sensor->never_fired)},
        {"total", fw_survey_number(survey, sensor->enabled)},
    };
    return fw_survey_text(survey, "text.never_fired", params, 2);
}

fw_sv fw_ids_updates_text(const struct fw_survey *survey, const struct fw_sensor *sensor)
{
    const struct fw_ids_cadence *cadence = &sensor->cadence;
    if (!cadence->has_last) {
        return (fw_sv){0};
    }
    struct fw_date last = fw_date_from_days(cadence->last);
    struct fw_param params[] = {
        {"n", fw_survey_number(survey, cadence->ok)},
        {"days", fw_survey_number(survey, (uint64_t)cadence->longest)},
        {"first", fw_date_keep(survey->arena, last)},
    };
    return fw_survey_text(survey, "text.updates", params, 3);
}

fw_sv fw_ids_engine_text(const struct fw_survey *survey, const struct fw_sensor *sensor)
{
    uint64_t open = 0;
    fw_sv list = FW_SV("");
    if (sensor->nengines == 0) {
        return (fw_sv){0};
    }
    for (size_t i = 0; i < sensor->nengines; i++) {
        fw_sv one = fw_sensor_engine(survey->arena, &sensor->engines[i]);
        list = i == 0
                   ? one
                   : fw_arena_printf(survey->arena, "%.*s, %.*s", FW_SV_ARG(list), FW_SV_ARG(one));
    }
    for (size_t i = 0; i < sensor->nadvisories; i++) {
        open += sensor->advisories[i].state != FW_IDS_DECIDED;
    }
    struct fw_param params[] = {
        {"list", list},
        {"total", fw_survey_number(survey, sensor->nadvisories)},
        {"n", fw_survey_number(survey, open)},
    };
    bool asked = survey->in->facts->nadvisories > 0;
    return fw_survey_text(survey, asked ? "text.engine" : "text.engine_unasked", params, 3);
}
