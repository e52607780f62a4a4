/* LOG-007: do logs leave the device, by what transport, and how long do they take? */
#include "analyzers/logs/about.h"
#include "analyzers/logs/clock.h"

struct hosts {
    bool told; /* the configuration speaks of logging */
    struct fw_buf list;
    uint64_t n, udp;
};

/* "udp/514", "17/514", "mode udp": what a configuration says; without a word syslog is UDP. */
static bool is_udp(fw_sv transport)
{
    static const char *const others[] = {"tcp", "tls", "reliable"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (fw_sv_find_nocase(transport, others[i]) < transport.n) {
            return false;
        }
    }
    return !fw_sv_starts(transport, "6/");
}

static void read_hosts(const struct fw_ruleset *ruleset, struct hosts *ret)
{
    ret->told = ruleset && ruleset->has_settings;
    for (size_t i = 0; ruleset && i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        if (setting->kind == FW_SETTING_LOG_HOST) {
            fw_buf_add_cstr(&ret->list, ret->n > 0 ? ", " : "");
            fw_buf_add(&ret->list, setting->value);
            ret->n++;
            ret->udp += is_udp(setting->extra);
        }
    }
}

static void judge_lag(const struct fw_facts *facts, struct fw_results *results,
                      const struct fw_source_view *source)
{
    static const struct fw_clock_words words = {"lag", "pass", "fail", "open.coarse"};
    const struct fw_clock_summary *clock = &source->clock;
    if (clock->samples == 0 || clock->zone_unknown == clock->samples) {
        struct fw_result *result = fw_log_result(results, "LOG-007", FW_RESULT_OPEN, source,
                                                 "open.one_time", FW_SV("lag"));
        fw_result_param_u64(results, result, "total", source->events);
        return;
    }
    int64_t least;
    int64_t most;
    fw_clock_bounds(clock, 0.99, &least, &most);
    /* Early is not late. */
    fw_clock_judge(results, "LOG-007", source, &words, least > 0 ? least : 0, most > 0 ? most : 0,
                   fw_facts_threshold(facts, "LOG-007.lag_seconds", 60));
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_source_view *source)
{
    struct hosts hosts = {.told = false};
    fw_buf_init(&hosts.list);
    read_hosts(fw_log_ruleset(facts, source), &hosts);
    bool high = facts->site && fw_sv_is(facts->site->level, "高");
    if (hosts.told && hosts.n == 0) {
        fw_log_result(results, "LOG-007", FW_RESULT_FAIL, source, "fail.no_collector",
                      FW_SV("collector"));
    } else if (high && hosts.n > 0 && hosts.udp == hosts.n) {
        struct fw_result *result = fw_log_result(results, "LOG-007", FW_RESULT_FAIL, source,
                                                 "fail.udp", FW_SV("transport"));
        fw_result_param(results, result, "list",
                        fw_arena_copy(results->arena, fw_buf_sv(&hosts.list)));
    } else {
        judge_lag(facts, results, source);
    }
    fw_buf_clear(&hosts.list);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_source_view *source;
    while ((source = fw_log_next(facts, results, "LOG-007", &index))) {
        judge(facts, results, source);
    }
}

const struct fw_analyzer fw_analyzer_forwarding = {
    .check = "LOG-007",
    .logs = true,
    .run = run,
};
