/* Texts damaged in every simple way, each in memory of exactly its size: a sanitizer sees a read
 * beyond it. */
#ifndef FW_TESTS_UNIT_MANGLE_H
#define FW_TESTS_UNIT_MANGLE_H

#include "core/sv.h"

/* A copy of the bytes and nothing after them, to be freed. */
char *exactly(fw_sv text);

typedef void mangle_try(const void *context, fw_sv text);

/* Every beginning and every end of a text, and the text with each byte replaced by each of those
 * given. */
void mangle(fw_sv text, fw_sv bytes, mangle_try *attempt, const void *context);

#endif
