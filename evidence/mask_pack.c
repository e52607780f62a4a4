/* How does a pack become a copy that shows less and is still bound to its signatures? */
#include "evidence/mask.h"

#include <string.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/staging.h"
#include "core/walk.h"
#include "evidence/packcheck.h"
#include "evidence/packdir.h"

struct copying {
    struct fw_arena *arena;
    struct fw_buf *why;
    struct fw_packdir dir;
    struct fw_commitments commitments;
    struct fw_masking masking;
    struct fw_masked counts;
};

static enum fw_err open_pack(struct copying *c, const char *path)
{
    struct fw_steps steps = {.arena = c->arena};
    struct fw_pack pack;
    fw_sv text;
    if (!fw_pack_check(path, 0, &steps, &pack)) {
        fw_buf_add_cstr(c->why, "the pack is broken: ");
        fw_buf_add(c->why, fw_steps_failure(&steps)->message);
        return FW_ERR_INVALID;
    }
    if (pack.masked) {
        fw_buf_add_cstr(c->why, "this is a masked copy");
        return FW_ERR_INVALID;
    }
    c->counts.head = pack.head;
    c->masking.pack = fw_mask_pack_name(c->arena, pack.info.period, pack.info.sequence);
    enum fw_err err = fw_packdir_open(path, c->arena, &c->dir);
    if (err != FW_OK) {
        return err;
    }
    err = fw_packdir_read(&c->dir, FW_SV(FW_PACK_COMMITMENTS), FW_LIMIT_CONFIG_BYTES, c->arena,
                          &text);
    if (err != FW_OK || !fw_commitments_parse(text, c->arena, &c->commitments)) {
        fw_buf_add_cstr(c->why, "the pack has no commitments: they are made with the review, by "
                                "--mask-key");
        fw_packdir_close(&c->dir);
        return FW_ERR_INVALID;
    }
    return FW_OK;
}

/* The bytes of one file in the masked copy; *ret_out false: it stays out. */
static enum fw_err mask_file(struct copying *c, fw_sv path, fw_sv *ret, bool *ret_out)
{
    const struct fw_commitment *row = fw_commitments_find(c->commitments.files,
                                                          c->commitments.nfiles, path);
    enum fw_err err = fw_packdir_read(&c->dir, path, FW_LIMIT_CONFIG_BYTES, c->arena, ret);
    *ret_out = true;
    if (err != FW_OK || !row) {
        return err;
    }
    if (!row->has_hash) {
        *ret_out = false;
        c->counts.withheld++;
        return FW_OK;
    }
    struct fw_buf out;
    fw_buf_init(&out);
    fw_mask_text(&c->masking, *ret, &out);
    bool good = fw_buf_ok(&out) && fw_sha256_eq(fw_sha256_of(fw_buf_sv(&out)), row->hash);
    c->counts.masked += !fw_sv_eq(fw_buf_sv(&out), *ret);
    *ret = fw_arena_copy(c->arena, fw_buf_sv(&out));
    fw_buf_clear(&out);
    if (!good) {
        fw_buf_printf(c->why,
                      "%.*s: this key does not mask it as the pack has committed to: it is "
                      "another key, or its words were changed",
                      FW_SV_ARG(path));
        return FW_ERR_INVALID;
    }
    return FW_OK;
}

static enum fw_err write_file(struct copying *c, const char *dir, fw_sv path, fw_sv bytes)
{
    fw_sv full = fw_path_join(c->arena, fw_sv_from(dir), path);
    enum fw_err err = fw_dir_make(fw_arena_cstr(c->arena, fw_path_dir(full)));
    return err == FW_OK ? fw_file_write_new(fw_arena_cstr(c->arena, full), bytes) : err;
}

static enum fw_err write_copy(struct copying *c, const char *dir)
{
    enum fw_err err = write_file(c, dir, FW_SV(FW_PACK_MASKED), FW_SV(FW_PACK_MASKED_TEXT));
    for (size_t i = 0; i < c->dir.n && err == FW_OK; i++) {
        fw_sv bytes, path = c->dir.v[i].path;
        bool out;
        if (c->dir.v[i].kind != FW_ENTRY_FILE) {
            continue;
        }
        err = mask_file(c, path, &bytes, &out);
        if (err == FW_OK && out) {
            err = write_file(c, dir, path, bytes);
        }
    }
    return err;
}

enum fw_err fw_mask_pack(const char *pack, const char *out, const struct fw_mask_key *key,
                         struct fw_arena *arena, struct fw_masked *ret, struct fw_buf *why)
{
    struct copying c = {.arena = arena, .why = why, .masking = {.arena = arena, .key = key}};
    struct fw_staging staging;
    if (fw_file_exists(out) || fw_dir_exists(out)) {
        fw_buf_printf(why, "%s is there: nothing is overwritten", out);
        return FW_ERR_EXISTS;
    }
    enum fw_err err = open_pack(&c, pack);
    if (err != FW_OK) {
        return err;
    }
    err = fw_staging_open(&staging, out);
    if (err == FW_OK) {
        err = write_copy(&c, staging.path);
        if (err == FW_OK) {
            err = fw_staging_commit(&staging);
        } else {
            fw_staging_drop(&staging);
        }
    }
    fw_packdir_close(&c.dir);
    if (err != FW_OK && why->n == 0) {
        fw_buf_printf(why, "%s cannot be written: %s", out, fw_err_text(err));
    }
    c.counts.values = c.commitments.nvalues;
    *ret = c.counts;
    return err;
}

enum fw_err fw_mask_disclose(const char *pack, const struct fw_mask_key *key, fw_sv what,
                             struct fw_arena *arena, struct fw_buf *out, struct fw_buf *why)
{
    struct copying c = {.arena = arena, .why = why, .masking = {.arena = arena, .key = key}};
    enum fw_err err = open_pack(&c, pack);
    if (err != FW_OK) {
        return err;
    }
    for (size_t i = 0; i < c.dir.n && err == FW_OK; i++) {
        fw_sv bytes;
        bool kept;
        if (c.dir.v[i].kind == FW_ENTRY_FILE) {
            err = mask_file(&c, c.dir.v[i].path, &bytes, &kept);
        }
    }
    fw_packdir_close(&c.dir);
    if (err != FW_OK) {
        return err;
    }
    for (size_t i = 0; i < c.masking.n; i++) {
        const struct fw_mask_value *v = &c.masking.v[i];
        char salt[FW_SHA256_HEX + 1];
        if (fw_sv_eq(v->value, what) || fw_sv_eq(v->token, what)) {
            fw_mask_salt(&c.masking, v->value, salt);
            fw_buf_add(out, v->token);
            fw_buf_printf(out, " %s ", salt);
            fw_buf_add(out, v->value);
            fw_buf_add_char(out, '\n');
            return FW_OK;
        }
    }
    fw_buf_add_cstr(why, "no such value or token was masked in this pack");
    return FW_ERR_NOENT;
}
