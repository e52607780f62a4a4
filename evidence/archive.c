/* How does a pack become one file, and which such files are accepted? */
#include "evidence/archive.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/source.h"
#include "core/walk.h"
#include "evidence/packcheck.h"
#include "evidence/packdir.h"

/* POSIX.1-1988 ustar: fields of a header, by offset. */
enum {
    RECORD = 512,
    NAME_BYTES = 100,
    PREFIX_BYTES = 155,
    AT_MODE = 100,
    AT_UID = 108,
    AT_GID = 116,
    AT_SIZE = 124,
    AT_MTIME = 136,
    AT_SUM = 148,
    AT_TYPE = 156,
    AT_MAGIC = 257,
    AT_MAJOR = 329,
    AT_MINOR = 337,
    AT_PREFIX = 345,
    GZIP_HEADER = 10
};

/* Magic, deflate, no flags, no time, best compression, Unix. */
static const char gzip_header[GZIP_HEADER + 1] = "\x1f\x8b\x08\0\0\0\0\0\x02\x03";

/* Where a long path is cut into prefix and name; false when it cannot be carried. */
static bool split(fw_sv path, fw_sv *ret_prefix, fw_sv *ret_name)
{
    *ret_prefix = FW_SV("");
    *ret_name = path;
    if (path.n <= NAME_BYTES) {
        return true;
    }
    for (size_t i = path.n - NAME_BYTES - 1; i < path.n && i <= PREFIX_BYTES; i++) {
        if (path.p[i] == '/') {
            *ret_prefix = fw_sv_sub(path, 0, i);
            *ret_name = fw_sv_sub(path, i + 1, path.n);
            return ret_name->n > 0;
        }
    }
    return false;
}

static bool header(char *h, fw_sv path, uint64_t size)
{
    fw_sv prefix, name;
    unsigned sum = 0;
    memset(h, 0, RECORD);
    if (!split(path, &prefix, &name) || size > UINT64_C(077777777777)) {
        return false;
    }
    memcpy(h, name.p, name.n);
    memcpy(h + AT_PREFIX, prefix.p, prefix.n);
    memcpy(h + AT_MODE, "0000644", 7);
    memcpy(h + AT_UID, "0000000", 7);
    memcpy(h + AT_GID, "0000000", 7);
    (void)snprintf(h + AT_SIZE, 12, "%011" PRIo64, size);
    memcpy(h + AT_MTIME, "00000000000", 11);
    h[AT_TYPE] = '0';
    memcpy(h + AT_MAGIC, "ustar\00000", 8);
    memcpy(h + AT_MAJOR, "0000000", 7);
    memcpy(h + AT_MINOR, "0000000", 7);
    memset(h + AT_SUM, ' ', 8);
    for (size_t i = 0; i < RECORD; i++) {
        sum += (unsigned char)h[i];
    }
    (void)snprintf(h + AT_SUM, 8, "%06o", sum);
    return true;
}

static void pad(struct fw_buf *out, uint64_t size)
{
    static const char zeros[RECORD];
    size_t over = (size_t)(size % RECORD);
    fw_buf_add(out, fw_sv_of(zeros, over > 0 ? RECORD - over : 0));
}

static bool add_file(struct fw_buf *out, fw_sv path, fw_sv bytes)
{
    char h[RECORD];
    if (!header(h, path, bytes.n)) {
        return false;
    }
    fw_buf_add(out, fw_sv_of(h, RECORD));
    fw_buf_add(out, bytes);
    pad(out, bytes.n);
    return true;
}

static void add_end(struct fw_buf *out)
{
    static const char zeros[2 * RECORD];
    fw_buf_add(out, fw_sv_of(zeros, sizeof(zeros)));
}

static enum fw_err compress_all(fw_sv text, struct fw_buf *out)
{
    z_stream z = {0};
    unsigned char block[1 << 14];
    int code = Z_OK;
    if (text.n > UINT_MAX ||
        deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        return FW_ERR_LIMIT;
    }
    z.next_in = (z_const Bytef *)text.p;
    z.avail_in = (uInt)text.n;
    while (code == Z_OK) {
        z.next_out = block;
        z.avail_out = sizeof(block);
        code = deflate(&z, Z_FINISH);
        fw_buf_add(out, fw_sv_of((const char *)block, sizeof(block) - z.avail_out));
    }
    (void)deflateEnd(&z);
    return code == Z_STREAM_END && fw_buf_ok(out) ? FW_OK : FW_ERR_MEMORY;
}

static enum fw_err add_pack(const char *path, fw_sv folder, struct fw_arena *arena,
                            struct fw_buf *tar, struct fw_buf *why)
{
    struct fw_packdir dir;
    enum fw_err err = fw_packdir_open(path, arena, &dir);
    if (err != FW_OK) {
        return err;
    }
    for (size_t i = 0; i < dir.n && err == FW_OK; i++) {
        fw_sv bytes;
        if (dir.v[i].kind != FW_ENTRY_FILE) {
            continue;
        }
        fw_sv name = fw_arena_printf(arena, "%.*s/%.*s", FW_SV_ARG(folder),
                                     FW_SV_ARG(dir.v[i].path));
        err = fw_packdir_read(&dir, dir.v[i].path, FW_LIMIT_CONFIG_BYTES, arena, &bytes);
        if (err == FW_OK && !add_file(tar, name, bytes)) {
            fw_buf_printf(why, "%.*s: the name is too long for an archive", FW_SV_ARG(name));
            err = FW_ERR_LIMIT;
        }
    }
    fw_packdir_close(&dir);
    add_end(tar);
    return err == FW_OK && !fw_buf_ok(tar) ? FW_ERR_MEMORY : err;
}

enum fw_err fw_archive_write(const char *pack, const char *out, struct fw_arena *arena,
                             struct fw_buf *why)
{
    struct fw_steps steps = {.arena = arena};
    struct fw_pack checked;
    struct fw_buf tar, packed;
    if (fw_file_exists(out) || fw_dir_exists(out)) {
        fw_buf_printf(why, "%s is there: nothing is overwritten", out);
        return FW_ERR_EXISTS;
    }
    if (!fw_pack_check(pack, 0, &steps, &checked)) {
        fw_buf_add_cstr(why, "the pack is broken: ");
        fw_buf_add(why, fw_steps_failure(&steps)->message);
        return FW_ERR_INVALID;
    }
    fw_buf_init(&tar);
    fw_buf_init(&packed);
    fw_sv folder = fw_arena_printf(arena, "%.*s-%" PRIu32, FW_SV_ARG(checked.info.period),
                                   checked.info.sequence);
    enum fw_err err = add_pack(pack, folder, arena, &tar, why);
    if (err == FW_OK) {
        err = compress_all(fw_buf_sv(&tar), &packed);
    }
    if (err == FW_OK) {
        err = fw_file_write_new(out, fw_buf_sv(&packed));
    }
    if (err != FW_OK && why->n == 0) {
        fw_buf_printf(why, "%s cannot be written: %s", out, fw_err_text(err));
    }
    fw_buf_clear(&tar);
    fw_buf_clear(&packed);
    return err;
}

bool fw_archive_is(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

struct member {
    fw_sv path, bytes;
};

/* A text field that ends with NUL or with the field. */
static fw_sv text_field(const char *p, size_t size)
{
    return fw_sv_of(p, strnlen(p, size));
}

/* Reads leniently: what is read is made again, and must be the same. */
static bool read_members(fw_sv tar, struct fw_arena *arena, size_t *ret_n, struct member **ret)
{
    struct member *v = NULL;
    size_t n = 0;
    while (tar.n >= RECORD && tar.p[0] != '\0') {
        uint64_t size = 0;
        for (size_t i = 0; i < 11; i++) {
            char c = tar.p[AT_SIZE + i];
            if (c < '0' || c > '7') {
                return false;
            }
            size = size * 8 + (uint64_t)(c - '0');
        }
        if (size > tar.n - RECORD) {
            return false;
        }
        fw_sv prefix = text_field(tar.p + AT_PREFIX, PREFIX_BYTES);
        fw_sv name = text_field(tar.p, NAME_BYTES);
        fw_sv path = prefix.n > 0
                         ? fw_arena_printf(arena, "%.*s/%.*s", FW_SV_ARG(prefix), FW_SV_ARG(name))
                         : name;
        if (!fw_pack_path_valid(path) || fw_sv_find_char(path, '/') == SIZE_MAX ||
            (n > 0 && fw_sv_cmp(v[n - 1].path, path) >= 0)) {
            return false;
        }
        v = fw_arena_push(arena, v, n, sizeof(*v));
        v[n++] = (struct member){path, fw_sv_sub(tar, RECORD, (size_t)size)};
        size_t whole = RECORD + ((size_t)size + RECORD - 1) / RECORD * RECORD;
        tar = fw_sv_sub(tar, whole, tar.n);
    }
    *ret_n = n;
    *ret = v;
    return n > 0;
}

/* The first part of a path. */
static fw_sv top(fw_sv path)
{
    return fw_sv_sub(path, 0, fw_sv_find_char(path, '/'));
}

static bool same_again(fw_sv tar, const struct member *v, size_t n)
{
    struct fw_buf again;
    bool good = true;
    fw_buf_init(&again);
    for (size_t i = 0; i < n && good; i++) {
        good = fw_sv_eq(top(v[i].path), top(v[0].path)) && add_file(&again, v[i].path, v[i].bytes);
    }
    add_end(&again);
    good = good && fw_buf_ok(&again) && fw_sv_eq(fw_buf_sv(&again), tar);
    fw_buf_clear(&again);
    return good;
}

static bool begins_as_ours(const char *path)
{
    char first[GZIP_HEADER];
    FILE *file = fopen(path, "rb");
    bool same = file && fread(first, 1, sizeof(first), file) == sizeof(first) &&
                memcmp(first, gzip_header, sizeof(first)) == 0;
    if (file) {
        (void)fclose(file);
    }
    return same;
}

enum fw_err fw_archive_unpack(const char *path, const char *dir, struct fw_arena *arena,
                              const char **ret, struct fw_buf *why)
{
    struct fw_source_info info;
    struct member *v;
    size_t n;
    fw_sv tar;
    enum fw_err err = fw_source_load(path, FW_LIMIT_CONFIG_BYTES, arena, &tar, &info);
    if (err != FW_OK) {
        fw_buf_printf(why, "%s: %s", path, fw_err_text(err));
        return err;
    }
    if (info.container != FW_CONTAINER_GZIP || info.integrity != FW_INTEGRITY_OK ||
        info.members != 1 || !begins_as_ours(path) || !read_members(tar, arena, &n, &v) ||
        !same_again(tar, v, n)) {
        fw_buf_printf(why, "%s is not an archive as fwproof writes it", path);
        return FW_ERR_INVALID;
    }
    for (size_t i = 0; i < n && err == FW_OK; i++) {
        fw_sv to = fw_path_join(arena, fw_sv_from(dir), v[i].path);
        err = fw_dir_make(fw_arena_cstr(arena, fw_path_dir(to)));
        if (err == FW_OK) {
            err = fw_file_write_new(fw_arena_cstr(arena, to), v[i].bytes);
        }
    }
    if (err != FW_OK) {
        fw_buf_printf(why, "%s cannot be unpacked: %s", path, fw_err_text(err));
        return err;
    }
    *ret = fw_arena_cstr(arena, fw_path_join(arena, fw_sv_from(dir), top(v[0].path)));
    return FW_OK;
}
