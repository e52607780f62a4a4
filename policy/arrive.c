/* What does netfilter know of a packet before the first rule? */
#include "policy/arrive.h"

#include "core/proto.h"

/* Can this ICMP message open a connection? Linux, net/netfilter/nf_conntrack_proto_icmp.c and
 * nf_conntrack_proto_icmpv6.c: requests can; replies and errors belong to one or are invalid;
 * neighbour discovery (but for redirects, 137) and multicast membership are not tracked at all. */
static enum fw_state icmp_state(const struct fw_packet *packet)
{
    uint8_t type = packet->icmp_type;
    if (packet->proto == FW_PROTO_ICMP) {
        bool request = type == 8 || type == 13 || type == 15 || type == 17;
        return request ? FW_STATE_NEW : FW_STATE_INVALID;
    }
    bool untracked = (type >= 130 && type <= 136) || type == 143;
    bool request = type == 128 || type == 139;
    return untracked ? FW_STATE_UNTRACKED : request ? FW_STATE_NEW : FW_STATE_INVALID;
}

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, ACK = 0x10, URG = 0x20, COUNTED = 0x37 };

/* Linux, net/netfilter/nf_conntrack_proto_tcp.c, tcp_valid_flags: anything else is invalid. */
static bool flags_valid(uint8_t flags)
{
    switch (flags & COUNTED) {
    case SYN:
    case SYN | URG:
    case SYN | ACK:
    case RST:
    case RST | ACK:
    case FIN | ACK:
    case FIN | ACK | URG:
    case ACK:
    case ACK | URG:
        return true;
    default:
        return false;
    }
}

/* The same file's table, out of no connection: a SYN opens one; an ACK is taken for one that was
 * there before (nf_conntrack_tcp_loose, which is on by itself). */
static bool flags_open(uint8_t flags)
{
    return flags_valid(flags) && (flags & (FIN | RST)) == 0 && (flags & (SYN | ACK)) != (SYN | ACK);
}

bool fw_packet_opens(const struct fw_packet *packet)
{
    if (packet->has_state) {
        return packet->state == FW_STATE_NEW;
    }
    if (packet->has_proto && packet->proto == FW_PROTO_TCP && packet->has_flags) {
        return flags_open(packet->flags);
    }
    bool icmp = packet->has_proto &&
                (packet->proto == FW_PROTO_ICMP || packet->proto == FW_PROTO_ICMP6);
    return !icmp || !packet->has_icmp_type || icmp_state(packet) == FW_STATE_NEW;
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
    bool tcp = packet->has_proto && packet->proto == FW_PROTO_TCP && packet->has_flags;
    if (tcp && !packet->has_state && !flags_valid(packet->flags)) {
        packet->has_state = true;
        packet->state = FW_STATE_INVALID;
    }
    if (packet->has_state && packet->state == FW_STATE_NEW) {
        packet->has_connmark = true;
        packet->connmark = 0;
        if (icmp && packet->has_icmp_type) {
            packet->state = icmp_state(packet);
        }
        if (tcp && !flags_open(packet->flags)) {
            packet->state = FW_STATE_INVALID;
        }
    }
}
