/*
 * What a rule of address translation does to one packet, for devices whose lists are not hung up
 * between hooks (Cisco ASA): forwards as the rule says, or backwards where it works both ways.
 */
#ifndef FW_POLICY_TRANSLATE_H
#define FW_POLICY_TRANSLATE_H

#include "policy/eval.h"
#include "policy/model.h"
#include "policy/packet.h"

/* The policy that says how the device translates; NULL when it does not. */
const struct fw_policy *fw_translation_find(const struct fw_ruleset *ruleset);

struct fw_translated {
    struct fw_packet packet; /* what cannot be known of the result is unknown in it */
    bool src, dst;           /* sides that are settled: no later rule is asked about them */
};

/* Does the rule translate the packet? Fills in *ret unless NO. */
enum fw_tri fw_translate(const struct fw_ruleset *ruleset, const struct fw_rule *rule,
                         const struct fw_packet *packet, struct fw_translated *ret);

#endif
