/* Which snapshots of a device show what was changed in the audit period? */
#include "analyzers/changes/pairs.h"

#include "analyzers/rules/about.h"

size_t fw_pairs_first(const struct fw_facts *facts, const struct fw_device_facts *device)
{
    int64_t begin = facts->site ? facts->site->from_ns : INT64_MIN;
    size_t first = 1;
    while (first + 1 < device->nsnapshots && device->snapshots[first].taken_ns != INT64_MIN &&
           device->snapshots[first].taken_ns <= begin) {
        first++;
    }
    return first;
}

void fw_pairs_committed(struct fw_results *results, struct fw_result *result,
                        const struct fw_snapshot *snapshot)
{
    enum { DIGITS = 12 }; /* as many as tell commits apart; the path of the snapshot has all */
    if (snapshot->commit.n > 0) {
        fw_result_param(results, result, "commit", fw_sv_sub(snapshot->commit, 0, DIGITS));
        fw_result_param(results, result, "author", snapshot->author);
    }
}

/* What was changed in versions that nobody read is not seen. */
static void say_cut(const struct fw_facts *facts, struct fw_results *results, const char *check,
                    const struct fw_device_facts *device)
{
    const struct fw_snapshot *first = &device->snapshots[0];
    struct fw_result *result = fw_about_policy(results, check, FW_RESULT_OPEN, device, first, NULL,
                                               "open.cut");
    if (first->taken_ns != INT64_MIN) {
        fw_result_param_date(facts, results, result, "from", first->taken_ns);
    } else {
        fw_result_param(results, result, "from", first->path);
    }
}

void fw_pairs_judge(const struct fw_facts *facts, struct fw_results *results, const char *check,
                    const char *words,
                    void (*judge)(const struct fw_facts *facts, struct fw_results *results,
                                  const struct fw_device_facts *device))
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    if (!facts->site) {
        return;
    }
    while ((snapshot = fw_about_next(facts, results, check, &index, &device))) {
        if (device->older_missing) {
            say_cut(facts, results, check, device);
        }
        if (device->nsnapshots > 1) {
            judge(facts, results, device);
        } else {
            fw_about_policy(results, check, FW_RESULT_OPEN, device, snapshot, NULL, words);
        }
    }
}
