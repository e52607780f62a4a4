/*
 * A hasher that works in a thread of its own: what it was given is hashed while the caller does
 * something else with the same bytes, as long as nobody writes to them. One piece at a time, so
 * nothing is copied and memory stays what it was.
 */
#ifndef FW_CORE_HASHING_H
#define FW_CORE_HASHING_H

#include <stddef.h>

#include "core/sha256.h"

struct fw_hashing;

/* NULL: no thread is to be had. The hasher is the caller's, and to be touched only after
 * fw_hashing_wait. */
struct fw_hashing *fw_hashing_new(struct fw_hasher *hasher);
void fw_hashing_free(struct fw_hashing *hashing); /* after what it was given is hashed */
/* After fw_hashing_wait; the bytes stay as they are until the next one. */
void fw_hashing_give(struct fw_hashing *hashing, const void *p, size_t n);
void fw_hashing_wait(struct fw_hashing *hashing);

#endif
