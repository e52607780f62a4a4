/*
 * The packet space of one policy with everything it calls: every dimension cut into the few pieces
 * that its rules can tell apart, numbered 0..n-1 (ranks). A dimension that no rule constrains is
 * left out. Within a dimension whose order means nothing (protocols, flags, states, names) pieces
 * that every rule treats alike share one rank.
 *
 * Which packets there are is decided here: source and destination are of one family, ICMP is v4 and
 * ICMPv6 is v6, ports exist for protocols with ports, and so on. docs/adr has the whole list.
 */
#ifndef FW_POLICY_SPACE_H
#define FW_POLICY_SPACE_H

#include "core/arena.h"
#include "policy/model.h"
#include "policy/packet.h"
#include "policy/side.h"

#define FW_DIM(name, kind, key) FW_AXIS_##name,
enum fw_axis_id {
#include "policy/dims.def"
    FW_AXIS_COUNT
};
#undef FW_DIM

/* The sets of one dimension, each once: rules share them by pointer. */
struct fw_axis_sets {
    size_t n;
    const void **v;
    struct fw_side *sides; /* of each; lo > hi: empty */
    size_t nslots;         /* power of two */
    uint32_t *slots;       /* index + 1; 0: free */
};

struct fw_axis {
    uint32_t ranks;
    uint32_t n;         /* pieces, in their natural order */
    uint32_t *starts;   /* first value of each piece: numbers */
    fw_ip *ips;         /* addresses */
    fw_sv *names;       /* a name of each piece */
    uint32_t *rank_of;  /* piece -> rank; NULL: the same */
    uint32_t *piece_of; /* rank -> the piece whose value a person likes best; NULL: the same */
    uint32_t first6;    /* addresses: the first piece of IPv6 */
    uint32_t likes[8];  /* ranks that read well in a witness, best first */
    unsigned nlikes;
    struct fw_axis_sets sets;
};

struct fw_space {
    struct fw_arena *arena;
    enum fw_hook hook;
    unsigned families;
    bool asks_ports, asks_icmp, asks_flags;
    struct fw_axis axes[FW_AXIS_COUNT];
    unsigned n; /* dimensions in use */
    enum fw_axis_id used[FW_AXIS_COUNT];
    int slot[FW_AXIS_COUNT]; /* place among those in use; -1 */
};

void fw_space_init(struct fw_space *space, struct fw_arena *arena, enum fw_hook hook,
                   unsigned families);
void fw_space_add(struct fw_space *space, const struct fw_term *term); /* all terms first, ... */
void fw_space_close(struct fw_space *space);                           /* ... then this */
/* The packets of one family (FW_FAMILY_ bit) that a term matches, atoms aside, as `n` sides; false:
 * none. NULL asks for all packets of the family. */
bool fw_space_box(const struct fw_space *space, struct fw_scratch *scratch,
                  const struct fw_term *term, unsigned family, struct fw_side *ret);
/* The rank of a side (of the dimension in use at this place) that reads best in a witness. */
uint32_t fw_space_ordinary(const struct fw_space *space, unsigned place,
                           const struct fw_side *side);
/* A packet with these ranks, as ordinary as the ranks allow. */
void fw_space_packet(const struct fw_space *space, const uint32_t *ranks, struct fw_packet *ret);
/* And back: the ranks of such a packet; false: it is no packet of this space. */
bool fw_space_ranks(const struct fw_space *space, const struct fw_packet *packet, uint32_t *ret);

#endif
