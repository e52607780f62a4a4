/* CHG-001: which rule changes of the period, from one snapshot to the next, has nobody approved? */
#include "analyzers/changes/delta.h"
#include "analyzers/changes/pairs.h"
#include "analyzers/changes/ticketed.h"
#include "analyzers/rules/about.h"

/* Whether an approval stands for a change. UNDATED: as far as can be told without knowing when one
 * of the snapshots was taken. */
enum cover { COVER_NONE, COVER_UNDATED, COVER_FULL };

/* Approved before it could be seen, and not left over from before the earlier snapshot. */
static enum cover in_window(const struct fw_ticket *ticket, const struct fw_snapshot *before,
                            const struct fw_snapshot *after)
{
    int64_t done = ticket->implemented_ns != INT64_MIN ? ticket->implemented_ns
                                                       : ticket->approved_ns;
    bool late = after->taken_ns != INT64_MIN && ticket->approved_ns > after->taken_ns;
    bool old = before->taken_ns != INT64_MIN && done < before->taken_ns;
    bool dated = after->taken_ns != INT64_MIN && before->taken_ns != INT64_MIN;
    return late || old ? COVER_NONE : dated ? COVER_FULL : COVER_UNDATED;
}

static bool names(struct fw_arena *arena, const struct fw_ticket *ticket,
                  const struct fw_device_facts *device, const struct fw_delta *delta,
                  const struct fw_snapshot *before, const struct fw_snapshot *after)
{
    if (!fw_about_approved(ticket) || !fw_sv_eq_nocase(ticket->device, device->name)) {
        return false;
    }
    bool of_policy = !delta->new_rule && !delta->old_rule;
    const char *change = fw_change_name(delta->change);
    if (ticket->change.n > 0 && !fw_sv_is_nocase(ticket->change, change) &&
        !(of_policy && fw_sv_is_nocase(ticket->change, "modify"))) {
        return false;
    }
    if (of_policy) {
        const struct fw_policy *policy = delta->new_policy ? delta->new_policy : delta->old_policy;
        return fw_sv_eq(ticket->rule,
                        fw_arena_printf(arena, "%.*s %s", FW_SV_ARG(policy->name), change));
    }
    return (delta->new_rule &&
            fw_ticket_names(arena, ticket, delta->new_policy, delta->new_rule, after)) ||
           (delta->old_rule &&
            fw_ticket_names(arena, ticket, delta->old_policy, delta->old_rule, before));
}

/* A snapshot by its date; by its path when nobody knows when it was taken. */
static void param_snapshot(const struct fw_facts *facts, struct fw_results *results,
                           struct fw_result *result, const char *name,
                           const struct fw_snapshot *snapshot)
{
    if (snapshot->taken_ns != INT64_MIN) {
        fw_result_param_date(facts, results, result, name, snapshot->taken_ns);
    } else {
        fw_result_param(results, result, name, snapshot->path);
    }
}

static void param_pair(const struct fw_facts *facts, struct fw_results *results,
                       struct fw_result *result, const struct fw_snapshot *before,
                       const struct fw_snapshot *after)
{
    param_snapshot(facts, results, result, "from", before);
    param_snapshot(facts, results, result, "to", after);
    fw_pairs_committed(results, result, after);
}

static void add_finding(const struct fw_facts *facts, struct fw_results *results,
                        const struct fw_device_facts *device, const struct fw_delta *delta,
                        const struct fw_snapshot *before, const struct fw_snapshot *after)
{
    static const char *const words[] = {
        [FW_CHANGE_ADD] = "fail.add",         [FW_CHANGE_REMOVE] = "fail.remove",
        [FW_CHANGE_MODIFY] = "fail.modify",   [FW_CHANGE_MOVE] = "fail.move",
        [FW_CHANGE_DEFAULT] = "fail.default", [FW_CHANGE_BINDING] = "fail.binding",
    };
    struct fw_result *result;
    if (!delta->new_rule && !delta->old_rule) {
        const struct fw_policy *policy = delta->new_policy ? delta->new_policy : delta->old_policy;
        result = fw_about_policy(results, "CHG-001", FW_RESULT_FAIL, device,
                                 delta->new_policy ? after : before, policy, words[delta->change]);
        result->span = delta->change == FW_CHANGE_BINDING ? policy->span : policy->fallback_span;
        fw_result_param_u64(results, result, "line", result->span.line);
        param_pair(facts, results, result, before, after);
        return;
    }
    const struct fw_rule *rule = delta->new_rule ? delta->new_rule : delta->old_rule;
    result = fw_about_rule(
        results, "CHG-001", FW_RESULT_FAIL, device, delta->new_rule ? after : before,
        delta->new_rule ? delta->new_policy : delta->old_policy, rule, words[delta->change]);
    fw_sv was = delta->old_rule ? fw_about_text(results->arena, before, delta->old_rule)
                                : FW_SV("");
    fw_result_param(results, result, "was", was);
    param_pair(facts, results, result, before, after);
}

struct tally {
    size_t changes, found, undated;
    const struct fw_snapshot *without_date; /* the first that UNDATED is for */
};

static enum cover find_cover(const struct fw_facts *facts, struct fw_arena *arena,
                             const struct fw_device_facts *device, const struct fw_delta *delta,
                             const struct fw_snapshot *before, const struct fw_snapshot *after)
{
    enum cover best = COVER_NONE;
    for (size_t t = 0; t < facts->tickets->n && best != COVER_FULL; t++) {
        const struct fw_ticket *ticket = &facts->tickets->v[t];
        enum cover one = in_window(ticket, before, after);
        if (one > best && names(arena, ticket, device, delta, before, after)) {
            best = one;
        }
    }
    return best;
}

static void judge_pair(const struct fw_facts *facts, struct fw_results *results,
                       const struct fw_device_facts *device, size_t pair, struct tally *tally)
{
    const struct fw_snapshot *before = &device->snapshots[pair - 1];
    const struct fw_snapshot *after = &device->snapshots[pair];
    struct fw_deltas deltas;
    fw_deltas_find(results->arena, before->ruleset, after->ruleset, &deltas);
    tally->changes += deltas.n;
    for (size_t i = 0; facts->tickets && i < deltas.n; i++) {
        enum cover cover = find_cover(facts, results->arena, device, &deltas.v[i], before, after);
        if (cover == COVER_NONE) {
            add_finding(facts, results, device, &deltas.v[i], before, after);
            tally->found++;
        } else if (cover == COVER_UNDATED && tally->undated++ == 0) {
            tally->without_date = before->taken_ns == INT64_MIN ? before : after;
        }
    }
}

static void judge(const struct fw_facts *facts, struct fw_results *results,
                  const struct fw_device_facts *device)
{
    struct tally tally = {0};
    size_t first = fw_pairs_first(facts, device);
    const struct fw_snapshot *last = fw_device_current(device);
    for (size_t i = first; i < device->nsnapshots; i++) {
        judge_pair(facts, results, device, i, &tally);
    }
    bool open = tally.changes > 0 && !facts->tickets;
    if (tally.undated > 0) { /* a day that nobody knows is in no window */
        struct fw_result *result = fw_about_policy(results, "CHG-001", FW_RESULT_OPEN, device,
                                                   tally.without_date, NULL, "open.undated");
        fw_about_count(results, result, tally.undated, tally.changes, 0);
    } else if (tally.found == 0) {
        struct fw_result *result = fw_about_policy(results, "CHG-001",
                                                   open ? FW_RESULT_OPEN : FW_RESULT_PASS, device,
                                                   last, NULL, open ? "open.no_tickets" : "pass");
        fw_about_count(results, result, open ? tally.changes : 0, tally.changes, 0);
        param_pair(facts, results, result, &device->snapshots[first - 1], last);
    }
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    fw_pairs_judge(facts, results, "CHG-001", "open.first", judge);
}

const struct fw_analyzer fw_analyzer_unticketed = {
    .check = "CHG-001",
    .run = run,
};
