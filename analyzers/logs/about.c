/* What analyzers of log sources share: which sources are asked for, dates and numbers in words. */
#include "analyzers/logs/about.h"

static bool device_has_source(const struct fw_facts *facts, fw_sv device)
{
    for (size_t i = 0; i < facts->nsources; i++) {
        if (fw_sv_eq(facts->sources[i].device, device)) {
            return true;
        }
    }
    return false;
}

/* A host that a declared device's archive only mentions (a relay, a neighbour) is judged as well:
 * better one source too many than one nobody looked at. Only devices that need not log are left
 * out. */
static bool is_asked_for(const struct fw_facts *facts, const struct fw_source_view *source)
{
    const struct fw_site_device *device = facts->site && source->device.n > 0
                                              ? fw_site_device_find(facts->site, source->device)
                                              : NULL;
    return !device || device->logs_required;
}

const struct fw_source_view *fw_log_next(const struct fw_facts *facts, struct fw_results *results,
                                         const char *check, size_t *index)
{
    while (*index < facts->nsources) {
        const struct fw_source_view *source = &facts->sources[(*index)++];
        if (is_asked_for(facts, source)) {
            return source;
        }
    }
    if (*index > facts->nsources || !facts->site) {
        return NULL;
    }
    (*index)++;
    for (size_t i = 0; i < facts->site->ndevices; i++) {
        const struct fw_site_device *device = &facts->site->devices[i];
        if (device->logs_required && !device_has_source(facts, device->name)) {
            struct fw_result *result = fw_results_add(results, check, FW_RESULT_OPEN, device->name,
                                                      "open.no_logs", FW_SV("no logs"));
            fw_result_param(results, result, "source", device->name);
        }
    }
    return NULL;
}

const struct fw_ruleset *fw_log_ruleset(const struct fw_facts *facts,
                                        const struct fw_source_view *source)
{
    for (size_t i = 0; i < facts->ndevices && source->device.n > 0; i++) {
        const struct fw_device_facts *device = &facts->devices[i];
        if (device->nsnapshots > 0 && fw_sv_eq(device->name, source->device)) {
            return fw_device_ruleset(device);
        }
    }
    return NULL;
}

struct fw_result *fw_log_result(struct fw_results *results, const char *check,
                                enum fw_result_state state, const struct fw_source_view *source,
                                const char *words, fw_sv subject)
{
    struct fw_result *result = fw_results_add(results, check, state, source->name, words, subject);
    fw_result_param(results, result, "source", source->name);
    fw_result_param(results, result, "format", source->format);
    return result;
}

struct fw_result *fw_log_count(struct fw_results *results, const char *check,
                               const struct fw_source_view *source, uint64_t n, uint64_t total,
                               fw_sv subject)
{
    struct fw_result *result = fw_log_result(results, check,
                                             n > 0 ? FW_RESULT_FAIL : FW_RESULT_PASS, source,
                                             n > 0 ? "fail" : "pass", subject);
    fw_sv value = fw_arena_printf(results->arena, "%llu", (unsigned long long)n);
    fw_result_measured(result, value, FW_SV("0"));
    fw_result_param(results, result, n > 0 ? "n" : "value", value);
    fw_result_param(results, result, "target", FW_SV("0"));
    fw_result_param_u64(results, result, "total", total);
    return result;
}

bool fw_log_whole(struct fw_results *results, const char *check,
                  const struct fw_source_view *source, uint64_t lost, uint64_t untimed,
                  fw_sv subject)
{
    if (!source->damaged && lost == 0 && untimed == 0) {
        return true;
    }
    const char *words = source->damaged ? "open.unreadable"
                        : lost > 0      ? "open.limit"
                                        : "open.untimed";
    struct fw_result *result = fw_log_result(results, check, FW_RESULT_OPEN, source, words,
                                             subject);
    fw_result_param(results, result, "path", source->damaged_path);
    fw_result_param_u64(results, result, "n", lost > 0 ? lost : untimed);
    fw_result_param_u64(results, result, "total", source->events);
    return false;
}

void fw_log_param_time(const struct fw_facts *facts, struct fw_results *results,
                       struct fw_result *result, const char *name, int64_t ns)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_time_text_zone(&buf, ns, facts->zone_seconds);
    fw_result_param(results, result, name, fw_buf_keep(&buf, results->arena));
}

bool fw_log_of_traffic(const struct fw_facts *facts, const struct fw_source_view *source)
{
    const struct fw_site_device *device = facts->site && source->device.n > 0
                                              ? fw_site_device_find(facts->site, source->device)
                                              : NULL;
    return !device || device->kind == FW_DEVICE_FIREWALL;
}

void fw_log_param_place(struct fw_results *results, struct fw_result *result,
                        const struct fw_view_place *place)
{
    fw_result_param(results, result, "first",
                    fw_arena_printf(results->arena, "%.*s:%llu", FW_SV_ARG(place->path),
                                    (unsigned long long)place->at.line));
    result->input = place->path;
    result->span = (fw_span){place->at.offset, 0, (uint32_t)place->at.line};
}

/* Hundredths of a per cent, rounded down, exact: both are far below 2^50. */
static uint64_t share_of(uint64_t n, uint64_t total)
{
    return total == 0 ? 0 : n > UINT64_MAX / 10000 ? n / (total / 10000) : n * 10000 / total;
}

fw_sv fw_log_percent(struct fw_results *results, uint64_t n, uint64_t total)
{
    return fw_log_number(results, (double)share_of(n, total) / 100);
}

fw_sv fw_log_percent_wrong(struct fw_results *results, uint64_t n, uint64_t total)
{
    uint64_t share = share_of(n, total);
    bool more = total > 0 && n <= UINT64_MAX / 10000 && n * 10000 % total != 0;
    return fw_log_number(results, (double)(share + more) / 100);
}

fw_sv fw_log_number(struct fw_results *results, double value)
{
    uint64_t hundredths = value > 0 ? (uint64_t)(value * 100 + 0.5) : 0;
    unsigned rest = (unsigned)(hundredths % 100);
    unsigned long long whole = hundredths / 100;
    if (rest == 0) {
        return fw_arena_printf(results->arena, "%llu", whole);
    }
    return rest % 10 == 0 ? fw_arena_printf(results->arena, "%llu.%u", whole, rest / 10)
                          : fw_arena_printf(results->arena, "%llu.%02u", whole, rest);
}

fw_sv fw_log_hours(struct fw_results *results, int64_t ns)
{
    int64_t tenths = ns / (FW_NS_PER_SEC * 360);
    return fw_log_number(results, (double)tenths / 10);
}
