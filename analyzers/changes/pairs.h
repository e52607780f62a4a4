/* Which snapshots of a device show what was changed in the audit period? */
#ifndef FW_ANALYZERS_CHANGES_PAIRS_H
#define FW_ANALYZERS_CHANGES_PAIRS_H

#include "analyzers/analyzer.h"

/* Of a device with two snapshots or more: from this one on, each is compared with the one before.
 * It is the first that was taken after the period began (or nobody knows when), or the last. */
size_t fw_pairs_first(const struct fw_facts *facts, const struct fw_device_facts *device);

#endif
