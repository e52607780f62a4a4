/* What netfilter makes of a packet before the first rule: marks and the state of its connection. */
#ifndef FW_POLICY_ARRIVE_H
#define FW_POLICY_ARRIVE_H

#include "policy/packet.h"

void fw_packet_arrive(struct fw_packet *packet);

/* Could it open a connection? Where its state is not known, by what kind of packet it is. */
bool fw_packet_opens(const struct fw_packet *packet);

#endif
