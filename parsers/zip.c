/* What does a member of a ZIP archive hold? Every offset is checked against the file. */
#include "parsers/zip.h"

#include <string.h>
#include <zlib.h>

enum {
    END_BYTES = 22,
    COMMENT_BYTES = 65535,
    ENTRY_BYTES = 46,
    LOCAL_BYTES = 30,
    STORED = 0,
    DEFLATED = 8,
    ENCRYPTED = 1
};

static const unsigned char *at(fw_sv file, size_t offset)
{
    return (const unsigned char *)file.p + offset;
}

static unsigned u16(fw_sv file, size_t offset)
{
    const unsigned char *p = at(file, offset);
    return p[0] | (unsigned)p[1] << 8;
}

static size_t u32(fw_sv file, size_t offset)
{
    return u16(file, offset) | (size_t)u16(file, offset + 2) << 16;
}

static bool is(fw_sv file, size_t offset, size_t bytes, const char *signature)
{
    return offset <= file.n && bytes <= file.n - offset &&
           memcmp(file.p + offset, signature, 4) == 0;
}

/* The record at the end, behind which only a comment may stand. */
static bool find_end(fw_sv file, size_t *ret)
{
    for (size_t back = END_BYTES; back <= END_BYTES + COMMENT_BYTES && back <= file.n; back++) {
        if (is(file, file.n - back, END_BYTES, "PK\5\6")) {
            *ret = file.n - back;
            return true;
        }
    }
    return false;
}

static enum fw_err inflate_all(fw_sv packed, size_t n, char *to)
{
    z_stream z = {.next_in = (unsigned char *)packed.p, .avail_in = (unsigned)packed.n};
    z.next_out = (unsigned char *)to;
    z.avail_out = (unsigned)n;
    if (inflateInit2(&z, -15) != Z_OK) {
        return FW_ERR_MEMORY;
    }
    int status = inflate(&z, Z_FINISH);
    bool whole = status == Z_STREAM_END && z.total_out == n;
    inflateEnd(&z);
    return whole ? FW_OK : FW_ERR_INVALID;
}

static enum fw_err decode(fw_sv file, size_t entry, size_t most, struct fw_arena *arena, fw_sv *ret)
{
    unsigned method = u16(file, entry + 10);
    size_t crc = u32(file, entry + 16);
    size_t packed = u32(file, entry + 20);
    size_t n = u32(file, entry + 24);
    size_t local = u32(file, entry + 42);
    if ((u16(file, entry + 8) & ENCRYPTED) || !is(file, local, LOCAL_BYTES, "PK\3\4")) {
        return FW_ERR_INVALID;
    }
    size_t data = local + LOCAL_BYTES + u16(file, local + 26) + u16(file, local + 28);
    if (data > file.n || packed > file.n - data) {
        return FW_ERR_INVALID;
    }
    if (n > most) {
        return FW_ERR_LIMIT;
    }
    char *to = fw_arena_alloc(arena, n + 1);
    fw_sv bytes = fw_sv_of(file.p + data, packed);
    enum fw_err err = FW_ERR_INVALID;
    if (method == DEFLATED) {
        err = inflate_all(bytes, n, to);
    } else if (method == STORED && packed == n) {
        memcpy(to, bytes.p, n);
        err = FW_OK;
    }
    if (err == FW_OK && crc32(crc32(0, NULL, 0), (const unsigned char *)to, (unsigned)n) != crc) {
        err = FW_ERR_INVALID;
    }
    *ret = fw_sv_of(to, n);
    return err;
}

enum fw_err fw_zip_member(fw_sv file, const char *begin, const char *end, size_t most,
                          struct fw_arena *arena, fw_sv *ret)
{
    size_t last;
    if (!find_end(file, &last)) {
        return FW_ERR_INVALID;
    }
    size_t entries = u16(file, last + 10);
    size_t entry = u32(file, last + 16);
    for (size_t i = 0; i < entries; i++) {
        if (!is(file, entry, ENTRY_BYTES, "PK\1\2")) {
            return FW_ERR_INVALID;
        }
        size_t n = u16(file, entry + 28);
        if (n > file.n - entry - ENTRY_BYTES) {
            return FW_ERR_INVALID;
        }
        fw_sv name = fw_sv_of(file.p + entry + ENTRY_BYTES, n);
        if (fw_sv_starts(name, begin) && fw_sv_ends(name, end)) {
            return decode(file, entry, most, arena, ret);
        }
        entry += ENTRY_BYTES + n + u16(file, entry + 30) + u16(file, entry + 32);
    }
    return FW_ERR_NOENT;
}
