/* One line of `journalctl -o json` as an envelope. */
#ifndef FW_PARSERS_ENVELOPE_JOURNALD_H
#define FW_PARSERS_ENVELOPE_JOURNALD_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"
#include "parsers/envelope.h"

/* False when the line is no journal entry (another program's JSON); *ret is then undefined. */
bool fw_envelope_journald(fw_sv line, struct fw_arena *scratch, struct fw_envelope *ret);

#endif
