/* What the files of the packet space share: the traits of dimensions, and the pieces of names,
 * which are what patterns such as "eth0" and "eth+" can tell apart. */
#ifndef FW_POLICY_SPACE_IMPL_H
#define FW_POLICY_SPACE_IMPL_H

#include "policy/space.h"

enum fw_axis_kind { FW_AXIS_KIND_IP, FW_AXIS_KIND_NAME, FW_AXIS_KIND_NUM };

struct fw_axis_trait {
    enum fw_axis_kind kind;
    uint32_t last;     /* numbers */
    bool ordered;      /* neighbours belong together: addresses, ports */
    uint32_t likes[4]; /* numbers that read best in a witness, best first */
};

extern const struct fw_axis_trait fw_axis_traits[FW_AXIS_COUNT];

/* The piece a value lies in: the last one that starts at or before it. */
uint32_t fw_axis_find_ip(const struct fw_axis *axis, fw_ip ip);
uint32_t fw_axis_find_num(const struct fw_axis *axis, uint32_t value);

static inline unsigned fw_ip_family_bit(fw_ip ip)
{
    return ip.family == FW_IPV6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
}

/* Sets names and n. At a hook where packets have no such interface the only name is the empty one;
 * where they have one it is not empty. */
void fw_space_cut_names(struct fw_arena *arena, enum fw_hook hook, bool incoming,
                        struct fw_axis *axis);
/* How well a name reads in a witness: lower is better. */
unsigned fw_space_name_dislike(fw_sv name);
/* For ranks of several pieces: the piece whose value reads best. */
void fw_space_choose_pieces(struct fw_space *space, enum fw_axis_id id);
/* Of all ranks, those that read best. */
void fw_space_find_likes(struct fw_space *space, enum fw_axis_id id);

#endif
