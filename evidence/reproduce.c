/* Does the same review come out when it is made again? */
#include "evidence/reproduce.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/walk.h"
#include "evidence/custody.h"
#include "evidence/history.h"
#include "evidence/packdir.h"

const char *fw_again_state_name(enum fw_again_state state)
{
    static const char *const names[FW_AGAIN_COUNT] = {"original", "sealed", "sealed, no secrets",
                                                      "changed", "absent"};
    return names[state];
}

void fw_standins_apply(const struct fw_standins *standins, struct fw_source_info *info)
{
    for (size_t i = 0; standins && i < standins->n; i++) {
        if (fw_sha256_eq(standins->v[i].copy, info->sha256)) {
            info->sha256 = standins->v[i].original.sha256;
            info->stored_bytes = standins->v[i].original.stored_bytes;
            info->decoded_bytes = standins->v[i].original.decoded_bytes;
            info->container = standins->v[i].original.container;
            info->integrity = standins->v[i].original.integrity;
            return;
        }
    }
}

struct opening {
    struct fw_again *again;
    struct fw_arena *arena;
    const char *pack, *originals;
    fw_sv folder; /* of the pack, absolute */
    struct fw_standin *standins;
    size_t nstandins;
};

/* Where an input lies below the site's folder; {0}: a name from elsewhere, or one that was made
 * printable and is not known any more. */
static fw_sv inner_path(fw_sv path)
{
    fw_sv inner = fw_sv_starts(path, "./") ? fw_sv_sub(path, 2, path.n) : path;
    return fw_pack_path_valid(inner) ? inner : (fw_sv){0};
}

static bool absolute(struct fw_arena *arena, const char *path, fw_sv *ret)
{
    char *real = realpath(path, NULL);
    if (!real) {
        return false;
    }
    *ret = fw_arena_copy(arena, fw_sv_from(real));
    free(real);
    return true;
}

static bool find_original(struct opening *o, struct fw_again_input *input, fw_sv inner)
{
    fw_sha256 hash;
    fw_sv real;
    if (!o->originals) {
        return false;
    }
    fw_sv path = fw_path_join(o->arena, fw_sv_from(o->originals), inner);
    if (absolute(o->arena, fw_arena_cstr(o->arena, path), &real) &&
        fw_file_hash(fw_arena_cstr(o->arena, real), &hash) == FW_OK) {
        input->file = real;
    } else {
        fw_sv *stored = fw_new(o->arena, fw_sv);
        if (fw_config_version_read(o->arena, fw_sv_from(o->originals), inner, stored) != FW_OK) {
            return false;
        }
        hash = fw_sha256_of(*stored);
        input->stored = stored;
    }
    input->state = fw_sha256_eq(hash, input->recorded.sha256) ? FW_AGAIN_ORIGINAL
                                                              : FW_AGAIN_CHANGED;
    return true;
}

static void find_input(struct opening *o, const struct fw_custody_row *row)
{
    struct fw_again_input input = {
        .path = row->cells[FW_CUSTODY_PATH], .state = FW_AGAIN_ABSENT, .recorded = row->info};
    fw_sv inner = inner_path(input.path);
    if (inner.n > 0 && !find_original(o, &input, inner) && row->sealed) {
        bool same = fw_sha256_eq(row->sealed_sha256, row->info.sha256);
        input.state = same ? FW_AGAIN_SEALED : FW_AGAIN_STRIPPED;
        input.file = fw_path_join(o->arena, o->folder, row->cells[FW_CUSTODY_SEALED]);
        if (!same) {
            o->standins = fw_arena_push(o->arena, o->standins, o->nstandins, sizeof(*o->standins));
            o->standins[o->nstandins++] = (struct fw_standin){row->sealed_sha256, row->info};
        }
    }
    if (fw_sv_is(row->cells[FW_CUSTODY_KIND], "site")) {
        o->again->site = inner;
    }
    struct fw_again *again = o->again;
    again->inputs = fw_arena_push(o->arena, again->inputs, again->n, sizeof(*again->inputs));
    again->inputs[again->n++] = input;
    again->count[input.state]++;
}

enum fw_err fw_again_open(const char *pack, const char *originals, struct fw_arena *arena,
                          struct fw_again *ret, struct fw_buf *why)
{
    struct fw_again again = {.n = 0};
    struct opening o = {.again = &again, .arena = arena, .pack = pack, .originals = originals};
    struct fw_steps steps = {.arena = arena};
    struct fw_packdir dir;
    struct fw_custody_rows rows;
    fw_sv text;
    if (!fw_pack_check(pack, FW_CHECK_UNFINISHED, &steps, &again.pack)) {
        fw_buf_add_cstr(why, "the pack is broken: ");
        fw_buf_add(why, fw_steps_failure(&steps)->message);
        return FW_ERR_INVALID;
    }
    if (again.pack.masked) {
        fw_buf_add_cstr(why, "a masked copy cannot be made again: its inputs are masked");
        return FW_ERR_INVALID;
    }
    enum fw_err err = absolute(arena, pack, &o.folder) ? fw_packdir_open(pack, arena, &dir)
                                                       : FW_ERR_NOENT;
    if (err == FW_OK) {
        err = fw_packdir_read(&dir, FW_SV(FW_PACK_CUSTODY), FW_LIMIT_CONFIG_BYTES, arena, &text);
        fw_packdir_close(&dir);
    }
    if (err != FW_OK) {
        fw_buf_printf(why, "%s: %s", pack, fw_err_text(err));
        return err;
    }
    if (!fw_custody_parse(text, arena, &rows)) {
        fw_buf_add_cstr(why, FW_PACK_CUSTODY " cannot be read");
        return FW_ERR_INVALID;
    }
    for (size_t i = 0; i < rows.n; i++) {
        find_input(&o, &rows.v[i]);
    }
    if (again.site.n == 0) {
        fw_buf_add_cstr(why, FW_PACK_CUSTODY " names no site file");
        return FW_ERR_INVALID;
    }
    again.standins = (struct fw_standins){o.nstandins, o.standins};
    *ret = again;
    return FW_OK;
}

enum fw_err fw_again_lay(const struct fw_again *again, const char *dir, struct fw_arena *arena,
                         struct fw_buf *why)
{
    for (size_t i = 0; i < again->n; i++) {
        const struct fw_again_input *input = &again->inputs[i];
        fw_sv to = fw_path_join(arena, fw_sv_from(dir), inner_path(input->path));
        enum fw_err err = fw_dir_make(fw_arena_cstr(arena, fw_path_dir(to)));
        if (err == FW_OK && input->stored) {
            err = fw_file_write(fw_arena_cstr(arena, to), *input->stored);
            if (err == FW_OK) {
                continue;
            }
        }
        /* A link and no copy: logs are large, and it is followed as a file. A file that two devices
         * name has two lines. */
        if (err == FW_OK && symlink(fw_arena_cstr(arena, input->file), fw_arena_cstr(arena, to)) &&
            errno != EEXIST) {
            err = fw_err_from_errno(errno);
        }
        if (err != FW_OK) {
            fw_buf_printf(why, "%.*s: %s", FW_SV_ARG(to), fw_err_text(err));
            return err;
        }
    }
    return FW_OK;
}

struct comparing {
    struct fw_arena *arena;
    size_t n;
    fw_sv *v;
};

static void differs(struct comparing *c, fw_sv path)
{
    c->v = fw_arena_push(c->arena, c->v, c->n, sizeof(*c->v));
    c->v[c->n++] = path;
}

/* Two manifests whose files were hashed when they were written or checked. */
static void compare_lists(struct comparing *c, const struct fw_manifest *one,
                          const struct fw_manifest *other)
{
    size_t a = 0, b = 0;
    while (a < one->n || b < other->n) {
        int order = a == one->n     ? 1
                    : b == other->n ? -1
                                    : fw_sv_cmp(one->v[a].path, other->v[b].path);
        if (order != 0) {
            differs(c, order < 0 ? one->v[a].path : other->v[b].path);
        } else if (!fw_sha256_eq(one->v[a].sha256, other->v[b].sha256)) {
            differs(c, one->v[a].path);
        }
        a += order <= 0;
        b += order >= 0;
    }
}

static enum fw_err read_list(const char *pack, const char *name, const char *below,
                             struct fw_arena *arena, struct fw_manifest *ret, struct fw_buf *why)
{
    struct fw_packdir dir;
    fw_sv text;
    enum fw_err err = fw_packdir_open(pack, arena, &dir);
    if (err == FW_OK) {
        err = fw_packdir_read(&dir, fw_sv_from(name), FW_PACK_TAG_BYTES, arena, &text);
        fw_packdir_close(&dir);
    }
    if (err != FW_OK) {
        fw_buf_printf(why, "%s/%s: %s", pack, name, fw_err_text(err));
        return err;
    }
    return fw_manifest_parse(text, below, arena, ret, why) ? FW_OK : FW_ERR_INVALID;
}

enum fw_err fw_again_compare(const struct fw_again *again, const char *made, struct fw_arena *arena,
                             size_t *ret_n, fw_sv **ret, struct fw_buf *why)
{
    static const struct {
        const char *name, *below;
    } lists[] = {{FW_PACK_TAGMANIFEST, ""}, {FW_PACK_MANIFEST, FW_PACK_DATA "/"}};
    struct comparing c = {.arena = arena};
    const char *pack = fw_arena_cstr(arena, again->pack.path);
    for (size_t i = 0; i < 2; i++) {
        struct fw_manifest one, other;
        enum fw_err err = read_list(pack, lists[i].name, lists[i].below, arena, &one, why);
        if (err == FW_OK) {
            err = read_list(made, lists[i].name, lists[i].below, arena, &other, why);
        }
        if (err != FW_OK) {
            return err;
        }
        compare_lists(&c, &one, &other);
    }
    if (c.n > 1) {
        qsort(c.v, c.n, sizeof(*c.v), fw_sv_order);
    }
    *ret_n = c.n;
    *ret = c.v;
    return FW_OK;
}
