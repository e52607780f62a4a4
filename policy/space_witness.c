/* What a packet looks like that a person is shown: of all that prove the same, the most ordinary.
 */
#include "core/proto.h"
#include "core/search.h"
#include "policy/space_impl.h"

const struct fw_axis_trait fw_axis_traits[FW_AXIS_COUNT] = {
    [FW_AXIS_src] = {FW_AXIS_KIND_IP, 0, true, {0}},
    [FW_AXIS_dst] = {FW_AXIS_KIND_IP, 0, true, {0}},
    [FW_AXIS_in] = {FW_AXIS_KIND_NAME, 0, false, {0}},
    [FW_AXIS_out] = {FW_AXIS_KIND_NAME, 0, false, {0}},
    [FW_AXIS_proto] = {FW_AXIS_KIND_NUM,
                       255,
                       false,
                       {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_ICMP, 58}},
    [FW_AXIS_sport] = {FW_AXIS_KIND_NUM, 65535, true, {50000, 1024, 1, 1}},
    [FW_AXIS_dport] = {FW_AXIS_KIND_NUM, 65535, true, {443, 80, 53, 1}},
    [FW_AXIS_icmp] = {FW_AXIS_KIND_NUM, 65535, false, {8 << 8, 128 << 8, 0, 0}},
    [FW_AXIS_flags] = {FW_AXIS_KIND_NUM, 255, false, {0x02, 0x10, 0x12, 0x18}},
    [FW_AXIS_state] = {FW_AXIS_KIND_NUM, FW_STATE_COUNT - 1, false, {FW_STATE_NEW, 1, 2, 3}},
};

uint32_t fw_axis_find_ip(const struct fw_axis *axis, fw_ip ip)
{
    size_t next;
    FW_SEARCH(next, axis->n, fw_ip_cmp(axis->ips[next], ip) <= 0);
    return next > 0 ? (uint32_t)next - 1 : 0;
}

uint32_t fw_axis_find_num(const struct fw_axis *axis, uint32_t value)
{
    size_t next;
    FW_SEARCH(next, axis->n, axis->starts[next] <= value);
    return next > 0 ? (uint32_t)next - 1 : 0;
}

static bool holds(const struct fw_axis *axis, uint32_t piece, uint32_t value, uint32_t last)
{
    uint32_t end = piece + 1 < axis->n ? axis->starts[piece + 1] - 1 : last;
    return value >= axis->starts[piece] && value <= end;
}

/* How well the best value of a piece reads: lower is better. */
static unsigned dislike(const struct fw_axis *axis, enum fw_axis_id id, uint32_t piece)
{
    if (fw_axis_traits[id].kind == FW_AXIS_KIND_NAME) {
        return fw_space_name_dislike(axis->names[piece]);
    }
    unsigned i = 0;
    while (i < 4 && !holds(axis, piece, fw_axis_traits[id].likes[i], fw_axis_traits[id].last)) {
        i++;
    }
    return i;
}

void fw_space_choose_pieces(struct fw_space *space, enum fw_axis_id id)
{
    struct fw_axis *axis = &space->axes[id];
    axis->piece_of = fw_new_array(space->arena, axis->ranks, uint32_t);
    bool *chosen = fw_new_array(space->arena, axis->ranks, bool);
    for (uint32_t i = 0; i < axis->n; i++) {
        uint32_t rank = axis->rank_of[i];
        if (!chosen[rank] || dislike(axis, id, i) < dislike(axis, id, axis->piece_of[rank])) {
            axis->piece_of[rank] = i;
            chosen[rank] = true;
        }
    }
}

/* Addresses that a reader takes for examples, not for networks or odd corners. */
static const uint32_t liked_addresses[] = {0xcb00710a, 0xc633640a, 0xc000020a, 0x0a01020a,
                                           0xc0a8010a, 0xac10010a, 0x08080808};

static fw_ip liked_address(size_t i)
{
    size_t n = sizeof(liked_addresses) / sizeof(liked_addresses[0]);
    return i < n ? fw_ip4(liked_addresses[i]) : fw_ip6(UINT64_C(0x20010db800000000), 0xa);
}

void fw_space_find_likes(struct fw_space *space, enum fw_axis_id id)
{
    struct fw_axis *axis = &space->axes[id];
    unsigned room = sizeof(axis->likes) / sizeof(axis->likes[0]);
    for (unsigned i = 0; i < room; i++) {
        uint32_t piece = 0;
        if (fw_axis_traits[id].kind == FW_AXIS_KIND_IP) {
            fw_ip ip = liked_address(id == FW_AXIS_src && i < 2 ? 1 - i : i);
            if ((fw_ip_family_bit(ip) & space->families) == 0) {
                continue;
            }
            piece = fw_axis_find_ip(axis, ip);
        } else if (fw_axis_traits[id].kind == FW_AXIS_KIND_NUM && i < 4) {
            piece = fw_axis_find_num(axis, fw_axis_traits[id].likes[i]);
        } else {
            break;
        }
        axis->likes[axis->nlikes++] = axis->rank_of ? axis->rank_of[piece] : piece;
    }
}

uint32_t fw_space_ordinary(const struct fw_space *space, unsigned place, const struct fw_side *side)
{
    const struct fw_axis *axis = &space->axes[space->used[place]];
    for (unsigned i = 0; i < axis->nlikes; i++) {
        if (fw_side_has(side, axis->likes[i])) {
            return axis->likes[i];
        }
    }
    return side->lo;
}

static uint32_t number_at(const struct fw_space *space, enum fw_axis_id id, const uint32_t *ranks)
{
    const struct fw_axis *axis = &space->axes[id];
    if (space->slot[id] < 0) {
        return fw_axis_traits[id].likes[0];
    }
    uint32_t rank = ranks[space->slot[id]];
    uint32_t piece = axis->piece_of ? axis->piece_of[rank] : rank;
    for (unsigned i = 0; i < 4; i++) {
        if (holds(axis, piece, fw_axis_traits[id].likes[i], fw_axis_traits[id].last)) {
            return fw_axis_traits[id].likes[i];
        }
    }
    return axis->starts[piece];
}

/* An address of a piece: an example where it can be, else one that no reader takes for a network.
 */
static fw_ip address_at(const struct fw_space *space, enum fw_axis_id id, const uint32_t *ranks)
{
    const struct fw_axis *axis = &space->axes[id];
    uint32_t piece = space->slot[id] < 0 ? 0 : ranks[space->slot[id]];
    fw_ip lo = axis->ips[piece];
    bool last = piece + 1 == axis->n || axis->ips[piece + 1].family != lo.family;
    fw_ip hi = last ? fw_ip_last((enum fw_family)lo.family) : fw_ip_prev(axis->ips[piece + 1]);
    fw_iprange range = {lo, hi};
    for (size_t i = 0; i < 8; i++) {
        fw_ip ip = liked_address(id == FW_AXIS_src && i < 2 ? 1 - i : i);
        if (ip.family == lo.family && fw_iprange_has(range, ip)) {
            return ip;
        }
    }
    fw_ip second = fw_ip_next(lo);
    return fw_iprange_has(range, second) && !fw_ip_eq(second, hi) ? second : lo;
}

void fw_space_packet(const struct fw_space *space, const uint32_t *ranks, struct fw_packet *ret)
{
    *ret = (struct fw_packet){.hook = space->hook};
    ret->src = address_at(space, FW_AXIS_src, ranks);
    ret->dst = address_at(space, FW_AXIS_dst, ranks);
    ret->has_proto = true;
    ret->proto = (uint8_t)number_at(space, FW_AXIS_proto, ranks);
    if (fw_proto_has_ports(ret->proto)) {
        ret->has_sport = true;
        ret->has_dport = true;
        ret->sport = (uint16_t)number_at(space, FW_AXIS_sport, ranks);
        ret->dport = (uint16_t)number_at(space, FW_AXIS_dport, ranks);
    }
    if (ret->proto == FW_PROTO_ICMP || ret->proto == FW_PROTO_ICMP6) {
        uint32_t icmp = number_at(space, FW_AXIS_icmp, ranks);
        bool chosen = space->slot[FW_AXIS_icmp] < 0 && ret->proto == FW_PROTO_ICMP6;
        ret->has_icmp_type = true;
        ret->has_icmp_code = true;
        ret->icmp_type = chosen ? 128 : (uint8_t)(icmp >> 8);
        ret->icmp_code = (uint8_t)icmp;
    }
    if (ret->proto == FW_PROTO_TCP && space->slot[FW_AXIS_flags] >= 0) {
        ret->has_flags = true;
        ret->flags = (uint8_t)number_at(space, FW_AXIS_flags, ranks);
    }
    if (space->slot[FW_AXIS_state] >= 0) {
        ret->has_state = true;
        ret->state = (enum fw_state)number_at(space, FW_AXIS_state, ranks);
    }
    if (space->slot[FW_AXIS_in] >= 0) {
        const struct fw_axis *axis = &space->axes[FW_AXIS_in];
        uint32_t rank = ranks[space->slot[FW_AXIS_in]];
        ret->has_in = true;
        ret->in = axis->names[axis->piece_of ? axis->piece_of[rank] : rank];
    }
    if (space->slot[FW_AXIS_out] >= 0) {
        const struct fw_axis *axis = &space->axes[FW_AXIS_out];
        uint32_t rank = ranks[space->slot[FW_AXIS_out]];
        ret->has_out = true;
        ret->out = axis->names[axis->piece_of ? axis->piece_of[rank] : rank];
    }
}
