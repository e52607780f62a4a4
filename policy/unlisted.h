/*
 * What passes where no access list stands in the way? Routers let everything through, a Cisco ASA
 * what goes to a lower security level, zones of IOS what stays in one or outside all of them, every
 * other device nothing. Shares nothing with the evaluator, which is held against it.
 */
#ifndef FW_POLICY_UNLISTED_H
#define FW_POLICY_UNLISTED_H

#include "policy/model.h"

/* From one interface to another; nothing lies behind a loopback. */
bool fw_unlisted_passes(const struct fw_ruleset *ruleset, const struct fw_interface *in,
                        const struct fw_interface *out);
/* Packets of the family surely come in here from elsewhere: it is no port of a switch. */
bool fw_unlisted_carries(const struct fw_ruleset *ruleset, const struct fw_interface *interface,
                         unsigned family);

#endif
