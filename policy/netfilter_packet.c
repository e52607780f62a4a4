/* What netfilter makes of a packet on its way: marks, addresses. */
#include "policy/netfilter_packet.h"

void fw_packet_rewrite(struct fw_packet *packet, const struct fw_rule *rule)
{
    const struct fw_nat *nat = &rule->nat;
    if (rule->action != FW_ACTION_DNAT) {
        return; /* the source is rewritten after the verdict */
    }
    if (nat->own_address) {
        packet->dst = (fw_ip){0};
    } else if (nat->to.lo.family != 0) {
        packet->dst = fw_ip_eq(nat->to.lo, nat->to.hi) ? nat->to.lo : (fw_ip){0};
    }
    if (nat->port_lo != 0) {
        packet->has_dport = nat->port_lo == nat->port_hi;
        packet->dport = nat->port_lo;
    }
}

void fw_packet_mark(struct fw_packet *packet, const struct fw_rule *rule)
{
    if (packet->has_mark || rule->mark_mask == UINT32_MAX) {
        uint32_t kept = packet->has_mark ? packet->mark & ~rule->mark_mask : 0;
        packet->mark = kept ^ rule->mark_value;
        packet->has_mark = true;
    }
}

/* Linux, net/netfilter/xt_connmark.c. */
void fw_packet_connmark(struct fw_packet *packet, const struct fw_rule *rule)
{
    bool tracked = packet->has_state && packet->state != FW_STATE_INVALID &&
                   packet->state != FW_STATE_UNTRACKED;
    bool known = packet->has_connmark && packet->has_mark;
    if (packet->has_state && !tracked) {
        return;
    }
    switch (rule->connmark) {
    case FW_CONNMARK_SET:
        packet->has_connmark = packet->has_connmark || rule->mark_mask == UINT32_MAX;
        packet->connmark = (packet->connmark & ~rule->mark_mask) ^ rule->mark_value;
        break;
    case FW_CONNMARK_SAVE:
        packet->has_connmark = known || (packet->has_mark && rule->mark_mask == UINT32_MAX);
        packet->connmark = (packet->connmark & ~rule->mark_mask) ^
                           (packet->mark & rule->mark_value);
        break;
    case FW_CONNMARK_RESTORE:
        packet->has_mark = known || (packet->has_connmark && rule->mark_value == UINT32_MAX);
        packet->mark = (packet->mark & ~rule->mark_value) ^ (packet->connmark & rule->mark_mask);
        break;
    case FW_CONNMARK_NONE:
        break;
    }
    if (!tracked) { /* perhaps there is no connection, and nothing happened */
        packet->has_mark = packet->has_mark && rule->connmark != FW_CONNMARK_RESTORE;
        packet->has_connmark = packet->has_connmark && rule->connmark == FW_CONNMARK_RESTORE;
    }
}
