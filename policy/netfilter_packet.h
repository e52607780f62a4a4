/*
 * What netfilter makes of a packet on its way through the rules, for the naive evaluator.
 */
#ifndef FW_POLICY_NETFILTER_PACKET_H
#define FW_POLICY_NETFILTER_PACKET_H

#include "policy/model.h"
#include "policy/packet.h"

/* A matching rule that rewrites (DNAT), sets the mark, or moves it from or to the connection. */
void fw_packet_rewrite(struct fw_packet *packet, const struct fw_rule *rule);
void fw_packet_mark(struct fw_packet *packet, const struct fw_rule *rule);
void fw_packet_connmark(struct fw_packet *packet, const struct fw_rule *rule);

#endif
