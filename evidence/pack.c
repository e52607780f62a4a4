/* How does a review become a folder that can be signed? */
#include "evidence/pack.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/staging.h"
#include "core/text.h"
#include "core/walk.h"
#include "evidence/verify.h"

/* Everything that becomes a file. */
struct file {
    fw_sv path; /* below the pack */
    fw_sv bytes;
};

struct build {
    const struct fw_pack_spec *spec;
    struct fw_arena *arena;
    struct fw_buf *why;
    size_t n;
    struct file *files;
    size_t npayload; /* the first of them lie in data/ */
    uint32_t sequence;
    fw_sv chain;
    fw_sha256 head;
    uint64_t bytes; /* of the payload */
};

/* Keys of bag-info.txt that are the builder's own. */
static bool is_reserved(const char *key)
{
    return strcmp(key, "Pack-Period") == 0 || strcmp(key, "Pack-Sequence") == 0 ||
           strcmp(key, "Payload-Oxum") == 0;
}

/* Whether a folder can be read, and whether anything is in it. */
static bool look_into(const char *path, bool *ret_empty)
{
    DIR *stream = opendir(path);
    if (!stream) {
        return false;
    }
    *ret_empty = true;
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL && *ret_empty;) {
        *ret_empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    (void)closedir(stream);
    return true;
}

static bool has(const char *dir, const char *name)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof(path), "%s/%s", dir, name);
    return n > 0 && (size_t)n < sizeof(path) && fw_file_exists(path);
}

enum fw_pack_place fw_pack_place(const char *dir)
{
    struct stat st;
    char signoff[PATH_MAX];
    bool empty = true;
    int n = snprintf(signoff, sizeof(signoff), "%s/" FW_PACK_SIGNOFF, dir);
    if (lstat(dir, &st) != 0) {
        return FW_PACK_PLACE_FREE;
    }
    if (!S_ISDIR(st.st_mode) || n < 0 || (size_t)n >= sizeof(signoff) || !look_into(dir, &empty)) {
        return FW_PACK_PLACE_FOREIGN;
    }
    if (empty) {
        return FW_PACK_PLACE_FREE;
    }
    if (!has(dir, FW_PACK_TAGMANIFEST) || !has(dir, FW_PACK_INFO) || !has(dir, FW_PACK_SCRIPT)) {
        return FW_PACK_PLACE_FOREIGN;
    }
    /* A sign-off that cannot be looked into may hold a signature. */
    bool unsigned_ = !look_into(signoff, &empty) ? lstat(signoff, &st) != 0 : empty;
    return unsigned_ ? FW_PACK_PLACE_UNSIGNED : FW_PACK_PLACE_SIGNED;
}

fw_sv fw_pack_name(struct fw_arena *arena, fw_sv period, unsigned n)
{
    return n == 1 ? period : fw_arena_printf(arena, "%.*s-%u", FW_SV_ARG(period), n);
}

static void add_file(struct build *b, fw_sv path, fw_sv bytes)
{
    b->files = fw_arena_push(b->arena, b->files, b->n, sizeof(*b->files));
    b->files[b->n++] = (struct file){path, bytes};
}

/* Moves a buffer's text into the arena. */
static fw_sv keep(struct build *b, struct fw_buf *buf)
{
    fw_sv text = fw_arena_copy(b->arena, fw_buf_sv(buf));
    fw_buf_clear(buf);
    return text;
}

static bool same_folder(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

/* The record of the previous pack, and a line for it. */
static enum fw_err read_previous(struct build *b, const char *dir)
{
    static const struct fw_verify_options none = {.trust = NULL};
    struct fw_verify_options options = none;
    struct fw_steps steps = {.arena = b->arena};
    struct fw_verified previous;
    b->sequence = 1;
    b->chain = FW_SV("");
    if (!b->spec->previous) {
        struct fw_chain chain = {0};
        if (b->spec->chain.n > 0 && !fw_chain_parse(b->spec->chain, b->arena, &chain, b->why)) {
            return FW_ERR_INVALID;
        }
        b->sequence = (uint32_t)chain.n + 1;
        b->chain = chain.n > 0 ? b->spec->chain : b->chain;
        return FW_OK;
    }
    options.ssh = b->spec->ssh;
    if (same_folder(b->spec->previous, dir)) {
        fw_buf_printf(b->why, "%s would be overwritten by the pack that follows it", dir);
        return FW_ERR_EXISTS;
    }
    if (!fw_verify_one(b->spec->previous, 0, NULL, NULL, &options, &steps, &previous)) {
        fw_buf_printf(b->why, "the previous pack %s is broken: ", b->spec->previous);
        fw_buf_add(b->why, fw_steps_failure(&steps)->message);
        return FW_ERR_INVALID;
    }
    const struct fw_pack *pack = &previous.pack;
    if (pack->masked) { /* the review compares with its tables, which name nothing */
        fw_buf_printf(b->why, "the previous pack %s is a masked copy: name the pack itself",
                      b->spec->previous);
        return FW_ERR_INVALID;
    }
    if (pack->info.sequence >= FW_PACK_SEQUENCE_LIMIT) {
        fw_buf_add_cstr(b->why, "the chain has reached its last sequence number");
        return FW_ERR_LIMIT;
    }
    struct fw_chain_line line = {
        .period = pack->info.period,
        .sequence = pack->info.sequence,
        .head = pack->head,
        .countersigned = pack->signature[FW_ROLE_MANAGER].p != NULL,
        .countersign = fw_sha256_of(pack->countersign),
    };
    struct fw_buf chain;
    fw_buf_init(&chain);
    fw_buf_add(&chain, pack->chain_text);
    fw_chain_line_text(&chain, &line);
    b->sequence = pack->info.sequence + 1;
    b->chain = keep(b, &chain);
    return FW_OK;
}

static int by_path(const void *a, const void *b)
{
    return fw_sv_cmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* The payload, sorted; refuses what a manifest could not carry. */
static enum fw_err gather(struct build *b)
{
    const struct fw_pack_spec *spec = b->spec;
    struct fw_buf custody;
    for (size_t i = 0; i < spec->nmembers; i++) {
        add_file(b, fw_arena_printf(b->arena, "data/%.*s", FW_SV_ARG(spec->members[i].path)),
                 spec->members[i].bytes);
    }
    fw_buf_init(&custody);
    fw_custody_text(spec->inputs, spec->ninputs, b->arena, &custody);
    add_file(b, FW_SV(FW_PACK_CUSTODY), keep(b, &custody));
    add_file(b, FW_SV(FW_PACK_CHAIN), b->chain);
    for (size_t i = 0; i < spec->ninputs; i++) {
        const struct fw_custody *input = &spec->inputs[i];
        if (input->sealed) {
            fw_sv path = fw_seal_path(input->info.sha256, b->arena);
            add_file(b, fw_arena_printf(b->arena, "data/%.*s", FW_SV_ARG(path)), input->copy);
        }
    }
    qsort(b->files, b->n, sizeof(*b->files), by_path);
    size_t kept = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct file *file = &b->files[i];
        if (kept > 0 && fw_sv_eq(b->files[kept - 1].path, file->path)) {
            /* One file that two devices name is sealed once. */
            if (fw_sv_eq(b->files[kept - 1].bytes, file->bytes)) {
                continue;
            }
            fw_buf_printf(b->why, "two different members are called %.*s", FW_SV_ARG(file->path));
            return FW_ERR_INVALID;
        }
        if (!fw_pack_path_valid(file->path) || !fw_utf8_valid(file->path)) {
            fw_buf_add_cstr(b->why, "a member has a name that a manifest cannot carry: ");
            fw_text_safe(b->why, file->path);
            return FW_ERR_INVALID;
        }
        b->bytes += file->bytes.n;
        b->files[kept++] = *file;
    }
    b->n = b->npayload = kept;
    return FW_OK;
}

/* What the masked form of each payload file hashes to, and a salted hash for each masked value.
 * The record of the chain has nothing to mask and is read from copies. */
static void add_commitments(struct build *b)
{
    struct fw_masking masking = {
        .arena = b->arena,
        .key = b->spec->mask,
        .pack = fw_mask_pack_name(b->arena, b->spec->period, b->sequence),
    };
    struct fw_buf out, text;
    fw_buf_init(&out);
    fw_buf_init(&text);
    for (size_t i = 0; i < b->n; i++) {
        const struct file *file = &b->files[i];
        if (fw_sv_is(file->path, FW_PACK_CHAIN)) {
            continue;
        }
        if (!fw_mask_possible(file->bytes)) {
            fw_commitment_file_text(&out, file->path, NULL);
            continue;
        }
        fw_buf_reset(&text);
        fw_mask_text(&masking, file->bytes, &text);
        fw_sha256 hash = fw_sha256_of(fw_buf_sv(&text));
        fw_commitment_file_text(&out, file->path, &hash);
    }
    fw_commitment_values_text(&masking, &out);
    fw_buf_clear(&text);
    fw_sv commitments = keep(b, &out);
    add_file(b, FW_SV(FW_PACK_COMMITMENTS), commitments);
    b->bytes += commitments.n;
    qsort(b->files, b->n, sizeof(*b->files), by_path);
    b->npayload = b->n;
}

static enum fw_err add_info(struct build *b)
{
    const struct fw_pack_spec *spec = b->spec;
    struct fw_buf info, value;
    enum fw_err err = FW_OK;
    fw_buf_init(&info);
    fw_buf_init(&value);
    fw_bag_pair_text(&info, FW_SV("Pack-Period"), spec->period);
    fw_buf_printf(&info, "Pack-Sequence: %" PRIu32 "\n", b->sequence);
    for (size_t i = 0; i < spec->npairs && err == FW_OK; i++) {
        fw_sv key = fw_sv_from(spec->pairs[i].key);
        fw_buf_reset(&value);
        fw_text_safe(&value, fw_sv_trim(spec->pairs[i].value));
        if (value.n == 0) {
            continue;
        }
        if (is_reserved(spec->pairs[i].key) || !fw_bag_pair_valid(key, fw_buf_sv(&value))) {
            fw_buf_printf(b->why, "bag-info.txt cannot carry the key %s", spec->pairs[i].key);
            err = FW_ERR_INVALID;
        }
        fw_bag_pair_text(&info, key, fw_buf_sv(&value));
    }
    fw_buf_printf(&info, "Payload-Oxum: %" PRIu64 ".%zu\n", b->bytes, b->npayload);
    fw_buf_clear(&value);
    add_file(b, FW_SV(FW_PACK_INFO), keep(b, &info));
    return err;
}

/* The tag files: those of the tag manifest, then itself. */
static enum fw_err add_tags(struct build *b)
{
    struct fw_buf text;
    enum fw_err err = add_info(b);
    if (err != FW_OK) {
        return err;
    }
    fw_buf_init(&text);
    for (size_t i = 0; i < b->npayload; i++) {
        fw_manifest_line_text(&text, fw_sha256_of(b->files[i].bytes), b->files[i].path);
    }
    add_file(b, FW_SV(FW_PACK_MANIFEST), keep(b, &text));
    add_file(b, FW_SV(FW_PACK_BAGIT), FW_SV(FW_PACK_BAGIT_TEXT));
    add_file(b, FW_SV(FW_PACK_README), fw_pack_readme());
    add_file(b, FW_SV(FW_PACK_SCRIPT), fw_pack_script());
    qsort(b->files + b->npayload, b->n - b->npayload, sizeof(*b->files), by_path);
    fw_buf_init(&text);
    for (size_t i = b->npayload; i < b->n; i++) {
        fw_manifest_line_text(&text, fw_sha256_of(b->files[i].bytes), b->files[i].path);
    }
    fw_sv tags = keep(b, &text);
    b->head = fw_sha256_of(tags);
    add_file(b, FW_SV(FW_PACK_TAGMANIFEST), tags);
    return FW_OK;
}

static enum fw_err write_files(const struct build *b, const char *dir)
{
    struct fw_buf path;
    enum fw_err err = FW_OK;
    fw_buf_init(&path);
    for (size_t i = 0; i < b->n && err == FW_OK; i++) {
        fw_sv below = fw_path_dir(b->files[i].path);
        if (below.n > 0 && !fw_sv_is(below, ".")) {
            fw_buf_reset(&path);
            fw_buf_printf(&path, "%s/%.*s", dir, FW_SV_ARG(below));
            err = fw_buf_ok(&path) ? fw_dir_make(path.p) : FW_ERR_MEMORY;
        }
        fw_buf_reset(&path);
        fw_buf_printf(&path, "%s/%.*s", dir, FW_SV_ARG(b->files[i].path));
        if (err == FW_OK) {
            err = fw_buf_ok(&path) ? fw_file_write_new(path.p, b->files[i].bytes) : FW_ERR_MEMORY;
        }
    }
    fw_buf_reset(&path);
    fw_buf_printf(&path, "%s/" FW_PACK_SIGNOFF, dir);
    if (err == FW_OK) {
        err = fw_buf_ok(&path) ? fw_dir_make(path.p) : FW_ERR_MEMORY;
    }
    fw_buf_clear(&path);
    return err;
}

static enum fw_err check_place(const char *dir, struct fw_buf *why)
{
    switch (fw_pack_place(dir)) {
    case FW_PACK_PLACE_SIGNED:
        fw_buf_printf(why,
                      "%s holds a signed pack, which is never overwritten: write elsewhere with "
                      "--out, and chain to it with --previous",
                      dir);
        return FW_ERR_EXISTS;
    case FW_PACK_PLACE_FOREIGN:
        fw_buf_printf(why, "%s is there and is no pack of ours: name another folder", dir);
        return FW_ERR_EXISTS;
    case FW_PACK_PLACE_FREE:
    case FW_PACK_PLACE_UNSIGNED:
        break;
    }
    return FW_OK;
}

enum fw_err fw_pack_write(const char *dir, const struct fw_pack_spec *spec, struct fw_arena *arena,
                          struct fw_pack_built *ret, struct fw_buf *why)
{
    struct build b = {.spec = spec, .arena = arena, .why = why};
    if (!fw_period_valid(spec->period)) {
        fw_buf_add_cstr(why, "the period must be one word like 2026Q2");
        return FW_ERR_INVALID;
    }
    enum fw_err err = check_place(dir, why);
    if (err == FW_OK) {
        err = read_previous(&b, dir);
    }
    if (err == FW_OK) {
        err = gather(&b);
    }
    if (err == FW_OK && spec->mask) {
        add_commitments(&b);
    }
    if (err == FW_OK) {
        err = add_tags(&b);
    }
    if (err != FW_OK) {
        return err;
    }
    struct fw_staging staging;
    err = fw_staging_open(&staging, dir);
    if (err == FW_OK) {
        err = write_files(&b, staging.path);
        if (err == FW_OK) {
            err = fw_staging_commit(&staging);
        } else {
            fw_staging_drop(&staging);
        }
    }
    if (err != FW_OK) {
        fw_buf_printf(why, "%s cannot be written: %s", dir, fw_err_text(err));
        return err;
    }
    *ret = (struct fw_pack_built){b.sequence, b.head, b.npayload, b.bytes};
    return FW_OK;
}
