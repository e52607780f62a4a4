/* UUIDs that are made of what they name: version 5 of RFC 9562. The same name gives the same UUID.
 */
#ifndef FW_CORE_UUID_H
#define FW_CORE_UUID_H

#include "core/sv.h"

#define FW_UUID_TEXT 36

/* In our own name space; ret is NUL-terminated. */
void fw_uuid_of(fw_sv name, char ret[FW_UUID_TEXT + 1]);

#endif
