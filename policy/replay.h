/*
 * Witness packets, replayed: does a packet of a verdict do what the verdict says, in every world of
 * what is unknown, or in one? Knows the boxes of the program, and nothing of the engine.
 */
#ifndef FW_POLICY_REPLAY_H
#define FW_POLICY_REPLAY_H

#include "policy/packet.h"
#include "policy/program.h"

enum fw_replay {
    FW_REPLAY_NEVER,
    FW_REPLAY_PERHAPS, /* in some worlds */
    FW_REPLAY_ALWAYS,
    FW_REPLAY_GAVE_UP, /* FW_LIMIT_REPLAY_WORK */
};

/* Does the packet come to the item, and does the rule match it there? */
enum fw_replay fw_replay_arrives(struct fw_arena *arena, const struct fw_program *program,
                                 const struct fw_packet *packet, uint32_t item);
/* Does the rule match it, and would it fare otherwise if it came to the item? */
enum fw_replay fw_replay_differs(struct fw_arena *arena, const struct fw_program *program,
                                 const struct fw_packet *packet, uint32_t item);

#endif
