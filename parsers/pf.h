/*
 * Rules of pf, the packet filter of the BSDs: what every writer of such rules needs (pf_policy.c).
 * A packet is asked about when it comes and when it goes, each time by all rules; the last one that
 * matches decides, unless one is quick.
 */
#ifndef FW_PARSERS_PF_H
#define FW_PARSERS_PF_H

#include "parsers/maker.h"

struct fw_policy *fw_pf_policy(struct fw_maker *maker, fw_sv name, bool out,
                               enum fw_action fallback, fw_span span);
/* A quick rule that nobody wrote. */
void fw_pf_own(struct fw_maker *maker, struct fw_policy *policy, enum fw_action action,
               const char *why, const struct fw_terms *terms, fw_span span);
/* Packets that a translation lets pass, to these addresses or (NULL) to any: no rule that follows
 * is asked. */
void fw_pf_passed(struct fw_maker *maker, struct fw_policy *policy, const fw_iprange *to,
                  fw_span span);
/* Packets of known connections pass. */
void fw_pf_known(struct fw_maker *maker, struct fw_policy *policy, fw_span span);
/* The same; of TCP only those that open one are looked at. Odd: some rule
 * lets others pass, and nothing is said of them. */
void fw_pf_states(struct fw_maker *maker, struct fw_policy *policy, bool odd, fw_span span);
/* "echoreq", "unreach", "8". */
bool fw_pf_icmp(fw_sv name, bool six, uint32_t *ret);

#endif
