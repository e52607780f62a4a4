/* LOG-005: does the log of administrators explain every change of the configuration? */
#include "analyzers/changes/delta.h"
#include "analyzers/changes/pairs.h"
#include "analyzers/logs/axis.h"
#include "analyzers/logs/source_view.h"
#include "analyzers/rules/about.h"

struct tally {
    uint64_t changes, explained;
    uint64_t events; /* administrators' actions in the logs of the device */
};

static bool is_of(const struct fw_source_view *source, const struct fw_device_facts *device)
{
    return fw_sv_eq(source->device, device->name);
}

/* To look, to come in or to be refused changes nothing. */
static bool configures(const struct fw_view_admin *event)
{
    static const char *const others[] = {"login",  "logout",  "logon",       "logoff",
                                         "log in", "log out", "logged",      "authentication",
                                         "locked", "session", "config-read", "configuration-read",
                                         "fail",   "denied",  "rejected"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (fw_sv_find_nocase(event->action, others[i]) < event->action.n) {
            return false;
        }
    }
    return true;
}

static bool is_within(const struct fw_view_admin *event, int64_t from_ns, int64_t to_ns)
{
    return event->ns >= from_ns && event->ns <= to_ns + FW_NS_PER_DAY;
}

/* Of any kind: the log is one that tells what administrators do. A snapshot has a date: its day
 * counts. */
static uint64_t count_events(const struct fw_facts *facts, const struct fw_device_facts *device,
                             int64_t from_ns, int64_t to_ns)
{
    uint64_t n = 0;
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        for (size_t k = 0; is_of(source, device) && k < source->nadmin; k++) {
            n += is_within(&source->admin[k], from_ns, to_ns);
        }
    }
    return n;
}

static bool is_explained(const struct fw_facts *facts, const struct fw_device_facts *device,
                         int64_t from_ns, int64_t to_ns)
{
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        for (size_t k = 0; is_of(source, device) && k < source->nadmin; k++) {
            if (is_within(&source->admin[k], from_ns, to_ns) && configures(&source->admin[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Every day has events of a log that tells administrators' actions, and nothing of it was lost:
 * what is not there did not come. */
static bool is_covered(const struct fw_facts *facts, const struct fw_device_facts *device,
                       int64_t from_ns, int64_t to_ns)
{
    int64_t zone = (int64_t)facts->zone_seconds * FW_NS_PER_SEC;
    for (size_t i = 0; i < facts->nsources; i++) {
        const struct fw_source_view *source = &facts->sources[i];
        int64_t first = fw_axis_day(from_ns + zone) - source->first_day;
        int64_t last = fw_axis_day(to_ns + zone) - source->first_day;
        bool all = is_of(source, device) && source->nadmin > 0 && source->lost == 0 &&
                   source->has_time && !source->damaged && first >= 0 &&
                   last < (int64_t)source->ndays;
        for (int64_t day = first; all && day <= last; day++) {
            all = source->days[day] != 0;
        }
        if (all) {
            return true;
        }
    }
    return false;
}

static void add_finding(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_device_facts *device, const struct fw_snapshot *before,
                        const struct fw_snapshot *after, uint64_t events)
{
    bool fails = is_covered(facts, device, before->taken_ns, after->taken_ns);
    struct fw_result *result = fw_about_policy(results, "LOG-005",
                                               fails ? FW_RESULT_FAIL : FW_RESULT_OPEN, device,
                                               after, NULL, fails ? "fail" : "open.uncovered");
    fw_result_param_date(facts, results, result, "from", before->taken_ns);
    fw_result_param_date(facts, results, result, "to", after->taken_ns);
    fw_result_param_u64(results, result, "n", events);
    fw_pairs_committed(results, result, after);
}

/* A snapshot that nobody knows the time of may have been taken at any. NULL: all have one. */
static const struct fw_snapshot *find_undated(const struct fw_device_facts *device)
{
    for (size_t i = 0; i < device->nsnapshots; i++) {
        if (device->snapshots[i].taken_ns == INT64_MIN) {
            return &device->snapshots[i];
        }
    }
    return NULL;
}

static void judge_pairs(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_device_facts *device, bool dated, struct tally *tally)
{
    for (size_t i = fw_pairs_first(facts, device); i < device->nsnapshots; i++) {
        const struct fw_snapshot *before = &device->snapshots[i - 1];
        const struct fw_snapshot *after = &device->snapshots[i];
        struct fw_deltas deltas;
        fw_deltas_find(results->arena, before->ruleset, after->ruleset, &deltas);
        if (deltas.n == 0) {
            continue;
        }
        bool explained = dated && is_explained(facts, device, before->taken_ns, after->taken_ns);
        tally->changes++;
        tally->explained += explained;
        if (dated && !explained && tally->events > 0) {
            add_finding(facts, results, device, before, after, tally->events);
        }
    }
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device)
{
    const struct fw_snapshot *last = fw_device_current(device);
    const struct fw_snapshot *first = &device->snapshots[fw_pairs_first(facts, device) - 1];
    const struct fw_snapshot *undated = find_undated(device);
    int64_t latest_ns = undated ? facts->as_of_ns : last->taken_ns;
    struct tally tally = {.events = count_events(facts, device, first->taken_ns, latest_ns)};
    judge_pairs(facts, results, device, !undated, &tally);
    if (tally.events == 0) {
        struct fw_result *result = fw_about_policy(results, "LOG-005", FW_RESULT_OPEN, device, last,
                                                   NULL, "open.no_admin_log");
        fw_about_count(results, result, 0, tally.changes, tally.changes);
    } else if (undated) {
        fw_about_policy(results, "LOG-005", FW_RESULT_OPEN, device, undated, NULL, "open.undated");
    } else if (tally.explained == tally.changes) {
        struct fw_result *result = fw_about_policy(results, "LOG-005", FW_RESULT_PASS, device, last,
                                                   NULL, "pass");
        fw_about_count(results, result, tally.explained, tally.changes, tally.changes);
        fw_result_param_date(facts, results, result, "from", first->taken_ns);
        fw_result_param_date(facts, results, result, "to", last->taken_ns);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    fw_pairs_judge(facts, results, "LOG-005", "open.no_admin_log", judge);
}

const struct fw_analyzer fw_analyzer_unexplained = {
    .check = "LOG-005",
    .run = run,
};
