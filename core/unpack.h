/*
 * xz, zstd and bzip2 as streams: stored bytes in, decoded bytes out, in the manner of gunzip.h.
 * Streams behind each other are one text. It owns no file and reports nothing: it says at the end
 * in what state the bytes were.
 */
#ifndef FW_CORE_UNPACK_H
#define FW_CORE_UNPACK_H

#include <stddef.h>

#include "core/source.h"
#include "core/sv.h"

struct fw_unpack;

/* As many first bytes as fw_unpack_is wants to see. */
enum { FW_UNPACK_MAGIC = 6 };
/* FW_CONTAINER_PLAIN: none of the three. */
enum fw_container fw_unpack_is(fw_sv first);
struct fw_unpack *fw_unpack_new(enum fw_container container); /* NULL when out of memory */
void fw_unpack_free(struct fw_unpack *unpack);
/* Decodes from the front of *in into out and cuts what was used off *in. Returns the bytes written:
 * fewer than cap only when *in is used up. After damage it goes on using up input silently. */
size_t fw_unpack_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap);
/* At the end of the stored bytes. */
enum fw_integrity fw_unpack_integrity(const struct fw_unpack *unpack);

#endif
