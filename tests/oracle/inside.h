/* Is a packet in a box of a comparison? By its sets alone: nothing of the engine is asked. */
#ifndef FW_TESTS_ORACLE_INSIDE_H
#define FW_TESTS_ORACLE_INSIDE_H

#include "policy/difference.h"

/* Whatever the atoms say. */
bool difference_box_has(const struct fw_difference_box *box, const struct fw_packet *packet);

#endif
