/*
 * Witness packets, replayed: does a packet of a verdict do what the verdict says, in some world of
 * what is unknown, or in all? Knows the boxes of the program and
 * their strips, and nothing of the engine.
 */
#ifndef FW_POLICY_REPLAY_H
#define FW_POLICY_REPLAY_H

#include "policy/packet.h"
#include "policy/strips.h"

enum fw_replay { FW_REPLAY_NO, FW_REPLAY_YES, FW_REPLAY_GAVE_UP };

struct fw_replay_question {
    const struct fw_strips *strips; /* of the program */
    const struct fw_packet *packet;
    uint32_t item;
    bool differs;  /* would it fare otherwise if it came to the item, whose rule matches it? Else:
                      does  it come there, and match? */
    bool always;   /* in all worlds, not in some */
    uint64_t work; /* turns that may be taken */
};

enum fw_replay fw_replay_packet(struct fw_arena *arena, const struct fw_replay_question *question);

#endif
