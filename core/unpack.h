/*
 * gzip, xz, zstd and bzip2 as streams: stored bytes in, decoded bytes out. This is all that a
 * source knows of decompressors, so that another implementation can stand behind it. Members
 * (streams) behind each other are one text. It owns no file and reports nothing: it says at the end
 * in what state the bytes were.
 */
#ifndef FW_CORE_UNPACK_H
#define FW_CORE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/source.h"
#include "core/sv.h"

struct fw_unpack;

struct fw_unpack_info {
    enum fw_integrity integrity;
    uint32_t members;    /* begun */
    uint32_t gzip_mtime; /* of the first header; 0 when absent */
    bool no_memory;
};

/* As many first bytes as fw_unpack_is wants to see. */
enum { FW_UNPACK_MAGIC = 6 };
/* FW_CONTAINER_PLAIN: none of them. */
enum fw_container fw_unpack_is(fw_sv first);
struct fw_unpack *fw_unpack_new(enum fw_container container); /* NULL when out of memory */
void fw_unpack_free(struct fw_unpack *unpack);
/* Decodes from the front of *in into out and cuts what was used off *in. Returns the bytes written:
 * fewer than cap only when *in is used up. After damage it goes on using up input silently. */
size_t fw_unpack_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap);
/* At the end of the stored bytes. */
struct fw_unpack_info fw_unpack_end(const struct fw_unpack *unpack);

#endif
