/* On which days of a period did a device give a sign of life? */
#include "analyzers/logs/alive.h"

#include "analyzers/logs/source_view.h"
#include "core/time.h"

/* Files without a host in their lines are named for the device that they are declared for. */
static bool is_own(const struct fw_site_device *declared, const struct fw_source_view *source)
{
    return !declared || declared->host.n == 0 || fw_sv_eq_nocase(source->name, declared->host) ||
           fw_sv_eq(source->name, declared->name);
}

static bool has_day(const struct fw_source_view *source, int64_t day)
{
    int64_t at = day - source->first_day;
    return source->has_time && at >= 0 && (uint64_t)at < source->ndays && source->days[at] != 0;
}

static void count_day(const struct fw_source_view *const *sources, size_t n,
                      const struct fw_site_device *declared, int64_t day, struct fw_alive *ret)
{
    const struct fw_source_view *foreign = NULL;
    for (size_t i = 0; i < n; i++) {
        if (has_day(sources[i], day)) {
            if (is_own(declared, sources[i])) {
                return;
            }
            foreign = foreign ? foreign : sources[i];
        }
    }
    if (foreign) {
        ret->host = ret->foreign == 0 ? foreign->name : ret->host;
        ret->first_foreign = ret->foreign++ == 0 ? day : ret->first_foreign;
    } else {
        ret->first_silent = ret->silent++ == 0 ? day : ret->first_silent;
    }
}

void fw_alive_count(const struct fw_source_view *const *sources, size_t n,
                    const struct fw_site_device *declared, int64_t from_day, int64_t to_day,
                    struct fw_alive *ret)
{
    *ret = (struct fw_alive){.known = n > 0};
    for (size_t i = 0; i < n; i++) {
        ret->events += sources[i]->events;
        ret->loose += sources[i]->untimed + sources[i]->hours_lost;
    }
    for (int64_t day = from_day; day <= to_day; day++) {
        count_day(sources, n, declared, day, ret);
        ret->days++;
    }
}

/* Whether silent days are proven ones: not each of them may be that of an event without a date. */
static bool is_silent(const struct fw_alive *alive)
{
    return alive->silent > alive->loose;
}

struct fw_result *fw_alive_open(struct fw_results *results, const char *check, fw_sv device,
                                const struct fw_alive *alive)
{
    if (is_silent(alive) || alive->silent + alive->foreign == 0) {
        return NULL;
    }
    bool untimed = alive->silent > 0 || alive->foreign <= alive->loose;
    struct fw_result *result = fw_results_add(results, check, FW_RESULT_OPEN, device,
                                              untimed ? "open.untimed" : "open.other_host",
                                              FW_SV("days"));
    fw_result_param(results, result, "source", device);
    fw_result_param_u64(results, result, "n", untimed ? alive->loose : alive->foreign);
    fw_result_param_u64(results, result, "total", untimed ? alive->events : alive->days);
    if (!untimed) {
        fw_result_param(results, result, "list", alive->host);
        fw_result_param(results, result, "first",
                        fw_date_keep(results->arena, fw_date_from_days(alive->first_foreign)));
    }
    return result;
}
