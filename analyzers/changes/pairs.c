/* Which snapshots of a device show what was changed in the audit period? */
#include "analyzers/changes/pairs.h"

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
