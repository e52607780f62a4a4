/* A key of a configuration: read by whoever asks for it, or without effect on any verdict, and why.
 * Tables of them end with a NULL key; what is in none is named to the user. */
#ifndef FW_PARSERS_KNOWN_H
#define FW_PARSERS_KNOWN_H

#include <stddef.h>

#include "core/sv.h"

struct fw_known {
    const char *key;
    const char *why; /* it can be ignored; NULL: it is used */
};

static inline const struct fw_known *fw_known_find(const struct fw_known *keys, fw_sv key)
{
    for (; keys->key; keys++) {
        if (fw_sv_is(key, keys->key)) {
            return keys;
        }
    }
    return NULL;
}

#endif
