/*
 * gzip as a stream: stored bytes in, decoded bytes out. This is all that a source knows of a
 * decompressor, so that another implementation can stand behind it. It owns no file and reports
 * nothing: it says at the end in what state the members were.
 */
#ifndef FW_CORE_GUNZIP_H
#define FW_CORE_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/source.h"
#include "core/sv.h"

struct fw_gunzip;

struct fw_gunzip_info {
    enum fw_integrity integrity;
    uint32_t members; /* begun */
    uint32_t mtime;   /* of the first header; 0 when absent */
    bool no_memory;
};

struct fw_gunzip *fw_gunzip_new(void); /* NULL when out of memory */
void fw_gunzip_free(struct fw_gunzip *gunzip);
bool fw_gunzip_is(fw_sv first); /* do the first bytes of a file say gzip? */
/* Decodes from the front of *in into out and cuts what was used off *in. Returns the bytes written:
 * fewer than cap only when *in is used up. After damage it goes on using up input silently. */
size_t fw_gunzip_step(struct fw_gunzip *gunzip, fw_sv *in, char *out, size_t cap);
/* At the end of the stored bytes. */
struct fw_gunzip_info fw_gunzip_end(const struct fw_gunzip *gunzip);

#endif
