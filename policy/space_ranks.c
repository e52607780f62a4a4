/* Which ranks does a packet have? The way back from fw_space_packet. */
#include "core/proto.h"
#include "policy/space_impl.h"

static bool find_name(const struct fw_axis *axis, fw_sv name, uint32_t *ret)
{
    for (uint32_t i = 0; i < axis->n; i++) {
        if (fw_sv_eq(axis->names[i], name)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

/* The piece of one dimension; what the packet does not have is in any piece. False: in none. */
static bool find_piece(const struct fw_space *space, enum fw_axis_id id,
                       const struct fw_packet *packet, uint32_t *ret)
{
    const struct fw_axis *axis = &space->axes[id];
    uint32_t value = fw_axis_traits[id].likes[0];
    switch (id) {
    case FW_AXIS_src:
        *ret = fw_axis_find_ip(axis, packet->src);
        return true;
    case FW_AXIS_dst:
        *ret = fw_axis_find_ip(axis, packet->dst);
        return true;
    case FW_AXIS_in:
        return packet->has_in && find_name(axis, packet->in, ret);
    case FW_AXIS_out:
        return packet->has_out && find_name(axis, packet->out, ret);
    case FW_AXIS_proto:
        value = packet->proto;
        break;
    case FW_AXIS_sport:
        value = packet->has_sport ? packet->sport : value;
        break;
    case FW_AXIS_dport:
        value = packet->has_dport ? packet->dport : value;
        break;
    case FW_AXIS_icmp:
        value = packet->has_icmp_type ? (uint32_t)packet->icmp_type << 8 | packet->icmp_code
                                      : value;
        break;
    case FW_AXIS_flags:
        value = packet->has_flags ? packet->flags : value;
        break;
    case FW_AXIS_state:
        if (!packet->has_state) {
            return false;
        }
        value = (uint32_t)packet->state;
        break;
    case FW_AXIS_COUNT:
        return false;
    }
    *ret = fw_axis_find_num(axis, value);
    return true;
}

bool fw_space_ranks(const struct fw_space *space, const struct fw_packet *packet, uint32_t *ret)
{
    unsigned family = fw_ip_family_bit(packet->src);
    uint8_t other = family == FW_FAMILY_BIT6 ? FW_PROTO_ICMP : FW_PROTO_ICMP6;
    if (packet->hook != space->hook || packet->src.family != packet->dst.family ||
        (space->families & family) == 0 || !packet->has_proto || packet->proto == other) {
        return false;
    }
    for (unsigned i = 0; i < space->n; i++) {
        const struct fw_axis *axis = &space->axes[space->used[i]];
        uint32_t piece;
        if (!find_piece(space, space->used[i], packet, &piece)) {
            return false;
        }
        ret[i] = axis->rank_of ? axis->rank_of[piece] : piece;
    }
    return true;
}
