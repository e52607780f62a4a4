/* What does netfilter know of a packet before the first rule? */
#include "policy/arrive.h"

#include "core/proto.h"

/* Can this ICMP message open a connection? Linux, net/netfilter/nf_conntrack_proto_icmp.c and
 * nf_conntrack_proto_icmpv6.c: requests can; replies and errors belong to one or are invalid;
 * neighbour discovery and multicast membership are not tracked at all. */
static enum fw_state icmp_state(const struct fw_packet *packet)
{
    uint8_t type = packet->icmp_type;
    if (packet->proto == FW_PROTO_ICMP) {
        bool request = type == 8 || type == 13 || type == 15 || type == 17;
        return request ? FW_STATE_NEW : FW_STATE_INVALID;
    }
    bool untracked = (type >= 130 && type <= 137) || type == 143;
    bool request = type == 128 || type == 139;
    return untracked ? FW_STATE_UNTRACKED : request ? FW_STATE_NEW : FW_STATE_INVALID;
}

/* What netfilter makes of a packet before the first rule. One that arrives has no mark: marks are
 * the device's own, and a new connection's is 0. */
void fw_packet_arrive(struct fw_packet *packet)
{
    bool icmp = packet->has_proto &&
                (packet->proto == FW_PROTO_ICMP || packet->proto == FW_PROTO_ICMP6);
    if (!packet->has_mark && packet->hook != FW_HOOK_OUTPUT) {
        packet->has_mark = true;
        packet->mark = 0;
    }
    if (packet->has_state && packet->state == FW_STATE_NEW) {
        packet->has_connmark = true;
        packet->connmark = 0;
        if (icmp && packet->has_icmp_type) {
            packet->state = icmp_state(packet);
        }
    }
}
