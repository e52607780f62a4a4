/* Which snapshots of a device show what was changed in the audit period? */
#ifndef FW_ANALYZERS_CHANGES_PAIRS_H
#define FW_ANALYZERS_CHANGES_PAIRS_H

#include "analyzers/analyzer.h"

/* Of a device with two snapshots or more: from this one on, each is compared with the one before.
 * It is the first that was taken after the period began (or nobody knows when), or the last. */
size_t fw_pairs_first(const struct fw_facts *facts, const struct fw_device_facts *device);

/* Every device of a site that has two snapshots or more is judged; of the others `words` say that
 * it is OPEN. Two files named on a command line are not two snapshots of one device. */
void fw_pairs_judge(const struct fw_facts *facts, struct fw_results *results, const char *check,
                    const char *words,
                    void (*judge)(const struct fw_facts *facts, struct fw_results *results,
                                  const struct fw_device_facts *device));

/* Who committed a snapshot, where a repository tells it: {committed}. */
void fw_pairs_committed(struct fw_results *results, struct fw_result *result,
                        const struct fw_snapshot *snapshot);

#endif
