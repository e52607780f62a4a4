/*
 * What a rule of address translation does to one packet, for devices whose lists are not hung up
 * between hooks (Cisco ASA): forwards as the rule says, or backwards where it works both ways.
 */
#ifndef FW_POLICY_TRANSLATE_H
#define FW_POLICY_TRANSLATE_H

#include "policy/eval.h"
#include "policy/model.h"
#include "policy/packet.h"

/* Makes of the packet what lists with this view see. Each side of it is settled by the first rule
 * that translates it; what cannot be known of the result is unknown in it. `applies` is told of
 * every rule that does, or may do that, and says whether it is to be so. */
void fw_translate_packet(const struct fw_ruleset *ruleset, enum fw_nat_view view,
                         struct fw_packet *packet,
                         bool (*applies)(void *context, const struct fw_policy *nat,
                                         const struct fw_rule *rule, enum fw_tri matched),
                         void *context);

#endif
