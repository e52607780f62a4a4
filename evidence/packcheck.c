/* Is a folder a whole pack? */
#include "evidence/packcheck.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/limits.h"
#include "core/search.h"
#include "evidence/custody.h"
#include "evidence/logindex.h"
#include "evidence/mask.h"
#include "evidence/packdir.h"
#include "evidence/signoff.h"

enum { EXAMPLES = 3 };

/* One check in progress. */
struct check {
    struct fw_steps *steps;
    struct fw_arena *arena;
    struct fw_packdir dir;
    struct fw_pack *pack;
    unsigned flags;
    struct fw_buf why; /* reset by each step */
};

/* Names that stand for something wrong: the first few, then how many more. */
static void example(struct check *c, uint64_t *count, fw_sv path, const char *wrong)
{
    if (*count < EXAMPLES) {
        fw_buf_add_cstr(&c->why, *count > 0 ? "; " : "");
        fw_buf_add(&c->why, path);
        fw_buf_add_char(&c->why, ' ');
        fw_buf_add_cstr(&c->why, wrong);
    }
    (*count)++;
}

static bool settle(struct check *c, enum fw_step_id id, uint64_t wrong)
{
    if (wrong > EXAMPLES) {
        fw_buf_printf(&c->why, "; and %" PRIu64 " more", wrong - EXAMPLES);
    }
    return fw_steps_add(c->steps, id, FW_STEP_FAIL, "%.*s", FW_SV_ARG(fw_buf_sv(&c->why)));
}

static bool fail(struct check *c, enum fw_step_id id)
{
    return settle(c, id, 0);
}

static bool belongs(fw_sv path, enum fw_entry_kind kind)
{
    if (kind == FW_ENTRY_DIR) {
        return fw_sv_is(path, FW_PACK_DATA) || fw_sv_is(path, FW_PACK_SIGNOFF) ||
               fw_sv_starts(path, FW_PACK_DATA "/");
    }
    if (fw_sv_is(path, FW_PACK_TAGMANIFEST) || fw_sv_is(path, FW_PACK_MASKED)) {
        return true;
    }
    for (size_t i = 0; fw_pack_tag_files[i]; i++) {
        if (fw_sv_is(path, fw_pack_tag_files[i])) {
            return true;
        }
    }
    for (int role = 0; role < FW_ROLE_COUNT; role++) {
        if (fw_sv_is(path, fw_roles[role].file) || fw_sv_is(path, fw_roles[role].cms)) {
            return true;
        }
    }
    return fw_sv_is(path, FW_PACK_ALLOWED) || fw_sv_is(path, FW_PACK_COUNTERSIGN) ||
           fw_sv_is(path, FW_PACK_QUERY) || fw_sv_is(path, FW_PACK_STAMP) ||
           fw_sv_starts(path, FW_PACK_DATA "/");
}

/* Nothing but files and folders, no odd names, nothing that no manifest or list covers. */
static bool check_layout(struct check *c)
{
    /* What no manifest that is read before names; the other files are missed by their hashes. */
    static const char *const needed[] = {FW_PACK_TAGMANIFEST, FW_PACK_CHAIN};
    uint64_t wrong = 0;
    for (size_t i = 0; i < c->dir.n; i++) {
        const struct fw_entry *entry = &c->dir.v[i];
        if (entry->kind == FW_ENTRY_LINK) {
            example(c, &wrong, entry->path, "is a symbolic link");
        } else if (entry->kind == FW_ENTRY_OTHER) {
            example(c, &wrong, entry->path, "is neither a file nor a folder");
        } else if (!fw_pack_path_valid(entry->path)) {
            example(c, &wrong, entry->path,
                    "has a control character, a backslash or a percent sign in its name");
        } else if (!belongs(entry->path, entry->kind)) {
            example(c, &wrong, entry->path, "does not belong to a pack");
        }
    }
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (!fw_packdir_find(&c->dir, fw_sv_from(needed[i]))) {
            example(c, &wrong, fw_sv_from(needed[i]), "is missing");
        }
    }
    c->pack->masked = fw_packdir_find(&c->dir, FW_SV(FW_PACK_MASKED)) != NULL;
    fw_sv marker;
    if (c->pack->masked && (fw_packdir_read(&c->dir, FW_SV(FW_PACK_MASKED), FW_PACK_TAG_BYTES,
                                            c->arena, &marker) != FW_OK ||
                            !fw_sv_is(marker, FW_PACK_MASKED_TEXT))) {
        example(c, &wrong, FW_SV(FW_PACK_MASKED), "is not as it is written");
    }
    if (wrong > 0) {
        return settle(c, FW_STEP_ID_LAYOUT, wrong);
    }
    return fw_steps_add(c->steps, FW_STEP_ID_LAYOUT, FW_STEP_OK, "%zu files and folders", c->dir.n);
}

static bool read_text(struct check *c, enum fw_step_id id, const char *path, fw_sv *ret)
{
    enum fw_err err = fw_packdir_read(&c->dir, fw_sv_from(path), FW_PACK_TAG_BYTES, c->arena, ret);
    if (err != FW_OK) {
        fw_buf_printf(&c->why, "%s: %s", path, fw_err_text(err));
        return fail(c, id);
    }
    return true;
}

/* The file of a manifest line has its hash; one of a masked copy may be as its signed commitment
 * says instead. `masks` NULL: no masked copy. */
static void check_line(struct check *c, const struct fw_manifest_line *line, bool there,
                       const struct fw_commitments *masks, uint64_t *wrong)
{
    const struct fw_commitment *mask = masks ? fw_commitments_find(masks->files, masks->nfiles,
                                                                   line->path)
                                             : NULL;
    fw_sha256 hash;
    uint64_t bytes = 0;
    if (!there && mask && !mask->has_hash) {
        c->pack->withheld++;
        return;
    }
    enum fw_err err = there ? fw_packdir_hash(&c->dir, line->path, &hash, &bytes) : FW_ERR_NOENT;
    c->pack->bytes += bytes;
    if (err != FW_OK) {
        example(c, wrong, line->path, err == FW_ERR_NOENT ? "is missing" : fw_err_text(err));
    } else if (fw_sha256_eq(hash, line->sha256)) {
        return;
    } else if (mask && mask->has_hash && fw_sha256_eq(hash, mask->hash)) {
        c->pack->masked_files++;
    } else {
        example(c, wrong, line->path,
                masks ? "is neither as it was signed nor as it is masked"
                      : "does not match its hash");
    }
}

static bool check_tags(struct check *c)
{
    struct fw_manifest manifest;
    fw_sv text;
    uint64_t wrong = 0;
    if (!read_text(c, FW_STEP_ID_TAGS, FW_PACK_TAGMANIFEST, &text)) {
        return false;
    }
    if (!fw_manifest_parse(text, "", c->arena, &manifest, &c->why)) {
        return fail(c, FW_STEP_ID_TAGS);
    }
    size_t n = 0;
    while (fw_pack_tag_files[n] && n < manifest.n &&
           fw_sv_is(manifest.v[n].path, fw_pack_tag_files[n])) {
        n++;
    }
    if (fw_pack_tag_files[n] || n != manifest.n) {
        fw_buf_add_cstr(&c->why, FW_PACK_TAGMANIFEST " does not list exactly");
        for (size_t i = 0; fw_pack_tag_files[i]; i++) {
            fw_buf_printf(&c->why, " %s", fw_pack_tag_files[i]);
        }
        return fail(c, FW_STEP_ID_TAGS);
    }
    for (size_t i = 0; i < manifest.n; i++) {
        check_line(c, &manifest.v[i], true, NULL, &wrong);
    }
    if (wrong > 0) {
        return settle(c, FW_STEP_ID_TAGS, wrong);
    }
    c->pack->tagmanifest = text;
    c->pack->head = fw_sha256_of(text);
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(c->pack->head, hex);
    return fw_steps_add(c->steps, FW_STEP_ID_TAGS, FW_STEP_OK, "%zu files, head %s", manifest.n,
                        hex);
}

/* Some entry lies below the folder. */
static bool has_child(const struct fw_packdir *dir, fw_sv folder)
{
    size_t low; /* the first path after the folder's own */
    FW_SEARCH(low, dir->n, fw_sv_cmp(dir->v[low].path, folder) <= 0);
    /* "a-b" sorts between "a" and "a/b", so the next one need not be the child. */
    for (; low < dir->n; low++) {
        fw_sv path = dir->v[low].path;
        if (path.n <= folder.n || memcmp(path.p, folder.p, folder.n) != 0) {
            return false;
        }
        if (path.p[folder.n] == '/') {
            return true;
        }
    }
    return false;
}

/* The files below data/ are those of the manifest. Both are sorted alike: one walk over the two. */
static uint64_t check_files(struct check *c, const struct fw_manifest *manifest,
                            const struct fw_commitments *masks)
{
    uint64_t wrong = 0;
    size_t next = 0;
    for (size_t i = 0; i < c->dir.n; i++) {
        const struct fw_entry *entry = &c->dir.v[i];
        if (!fw_sv_starts(entry->path, FW_PACK_DATA "/")) {
            continue;
        }
        if (entry->kind == FW_ENTRY_DIR) {
            if (!has_child(&c->dir, entry->path)) {
                example(c, &wrong, entry->path, "is an empty folder");
            }
            continue;
        }
        while (next < manifest->n && fw_sv_cmp(manifest->v[next].path, entry->path) < 0) {
            check_line(c, &manifest->v[next++], false, masks, &wrong);
        }
        if (next < manifest->n && fw_sv_eq(manifest->v[next].path, entry->path)) {
            check_line(c, &manifest->v[next++], true, masks, &wrong);
        } else {
            example(c, &wrong, entry->path, "is not in the manifest");
        }
    }
    while (next < manifest->n) {
        check_line(c, &manifest->v[next++], false, masks, &wrong);
    }
    return wrong;
}

/* What the signed pack says a masked copy of it looks like. */
static bool read_masks(struct check *c, struct fw_commitments *ret)
{
    uint64_t wrong = 0;
    fw_sv text;
    if (fw_packdir_read(&c->dir, FW_SV(FW_PACK_COMMITMENTS), FW_LIMIT_CONFIG_BYTES, c->arena,
                        &text) != FW_OK ||
        !fw_commitments_parse(text, c->arena, ret)) {
        example(c, &wrong, FW_SV(FW_PACK_COMMITMENTS), "cannot be read");
    } else if (fw_commitments_find(ret->files, ret->nfiles, FW_SV(FW_PACK_COMMITMENTS)) ||
               fw_commitments_find(ret->files, ret->nfiles, FW_SV(FW_PACK_CHAIN))) {
        example(c, &wrong, FW_SV(FW_PACK_COMMITMENTS), "names what is never masked");
    }
    return wrong == 0 || settle(c, FW_STEP_ID_PAYLOAD, wrong);
}

/* What is sealed can be made again from, so that it has to be what was in custody. */
static bool check_copies(struct check *c, const struct fw_manifest *manifest)
{
    fw_sv text = {0};
    enum fw_err err = FW_OK;
    if (fw_packdir_find(&c->dir, FW_SV(FW_PACK_CUSTODY))) {
        err = fw_packdir_read(&c->dir, FW_SV(FW_PACK_CUSTODY), FW_LIMIT_CONFIG_BYTES, c->arena,
                              &text);
        err = err == FW_OK && text.n == 0 ? FW_ERR_INVALID : err;
    }
    if (err != FW_OK || !fw_custody_names_copies(text, manifest, c->arena)) {
        fw_buf_add_cstr(&c->why,
                        FW_PACK_DATA "/inputs/ and " FW_PACK_CUSTODY " name different copies");
        return fail(c, FW_STEP_ID_PAYLOAD);
    }
    return true;
}

static bool check_payload(struct check *c)
{
    struct fw_manifest manifest;
    struct fw_commitments masks = {0};
    struct fw_pack *pack = c->pack;
    fw_sv text;
    if (!read_text(c, FW_STEP_ID_PAYLOAD, FW_PACK_MANIFEST, &text)) {
        return false;
    }
    if (!fw_manifest_parse(text, FW_PACK_DATA "/", c->arena, &manifest, &c->why)) {
        return fail(c, FW_STEP_ID_PAYLOAD);
    }
    if (pack->masked && !read_masks(c, &masks)) {
        return false;
    }
    pack->bytes = 0;
    pack->files = manifest.n;
    uint64_t wrong = check_files(c, &manifest, pack->masked ? &masks : NULL);
    if (wrong > 0) {
        return settle(c, FW_STEP_ID_PAYLOAD, wrong);
    }
    if (!pack->masked && !check_copies(c, &manifest)) {
        return false;
    }
    if (!pack->masked) {
        return fw_steps_add(c->steps, FW_STEP_ID_PAYLOAD, FW_STEP_OK,
                            "%" PRIu64 " files, %" PRIu64 " bytes", pack->files, pack->bytes);
    }
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(pack->head, hex);
    pack->masked_values = masks.nvalues;
    (void)fw_steps_add(c->steps, FW_STEP_ID_PAYLOAD, FW_STEP_OK,
                       "%" PRIu64 " files as signed or as masked", pack->files);
    return fw_steps_add(c->steps, FW_STEP_ID_MASKED, FW_STEP_NOTE,
                        "masked: %" PRIu64 " values in %" PRIu64 " files, %" PRIu64
                        " files withheld, chained to the signed pack %s",
                        pack->masked_values, pack->masked_files, pack->withheld, hex);
}

static bool check_info(struct check *c)
{
    struct fw_pack *pack = c->pack;
    fw_sv bagit, text;
    char oxum[48];
    if (!read_text(c, FW_STEP_ID_INFO, FW_PACK_BAGIT, &bagit) ||
        !read_text(c, FW_STEP_ID_INFO, FW_PACK_INFO, &text)) {
        return false;
    }
    if (!fw_sv_is(bagit, FW_PACK_BAGIT_TEXT)) {
        fw_buf_add_cstr(&c->why, FW_PACK_BAGIT " does not declare BagIt 1.0 in UTF-8");
        return fail(c, FW_STEP_ID_INFO);
    }
    if (!fw_bag_info_parse(text, c->arena, &pack->info, &c->why)) {
        return fail(c, FW_STEP_ID_INFO);
    }
    (void)snprintf(oxum, sizeof(oxum), "%" PRIu64 ".%" PRIu64, pack->bytes, pack->files);
    if (!pack->masked && !fw_sv_is(pack->info.oxum, oxum)) {
        fw_buf_printf(&c->why, "Payload-Oxum is %.*s, the payload has %s",
                      FW_SV_ARG(pack->info.oxum), oxum);
        return fail(c, FW_STEP_ID_INFO);
    }
    return fw_steps_add(c->steps, FW_STEP_ID_INFO, FW_STEP_OK, "period %.*s, sequence %" PRIu32,
                        FW_SV_ARG(pack->info.period), pack->info.sequence);
}

static bool check_script(struct check *c)
{
    fw_sv script;
    if ((c->flags & FW_CHECK_SCRIPT) == 0) {
        return true;
    }
    if (!read_text(c, FW_STEP_ID_SCRIPT, FW_PACK_SCRIPT, &script)) {
        return false;
    }
    if (!fw_pack_script_known(fw_pack_script(), script)) {
        fw_buf_add_cstr(&c->why, FW_PACK_SCRIPT " is not one that fwproof put into a pack");
        return fail(c, FW_STEP_ID_SCRIPT);
    }
    return fw_steps_add(c->steps, FW_STEP_ID_SCRIPT, FW_STEP_OK, "as this version writes it");
}

static bool check_record(struct check *c)
{
    struct fw_pack *pack = c->pack;
    if (!read_text(c, FW_STEP_ID_RECORD, FW_PACK_CHAIN, &pack->chain_text)) {
        return false;
    }
    if (!fw_chain_parse(pack->chain_text, c->arena, &pack->chain, &c->why)) {
        return fail(c, FW_STEP_ID_RECORD);
    }
    if (pack->chain.n + 1 != pack->info.sequence) {
        fw_buf_printf(&c->why, "Pack-Sequence is %" PRIu32 ", " FW_PACK_CHAIN " records %zu before",
                      pack->info.sequence, pack->chain.n);
        return fail(c, FW_STEP_ID_RECORD);
    }
    return fw_steps_add(c->steps, FW_STEP_ID_RECORD, FW_STEP_OK, "%zu earlier packs recorded",
                        pack->chain.n);
}

static bool check_logs(struct check *c)
{
    static const char *const names[] = {FW_PACK_LOG_INDEX, FW_PACK_LOG_ROOT, FW_PACK_CUSTODY};
    fw_sv text[3];
    struct fw_log_index index;
    if (!fw_packdir_find(&c->dir, fw_sv_from(names[0])) &&
        !fw_packdir_find(&c->dir, fw_sv_from(names[1]))) {
        return fw_steps_add(c->steps, FW_STEP_ID_LOGS, FW_STEP_OK, "the pack has none");
    }
    if (c->pack->masked) {
        return fw_steps_add(c->steps, FW_STEP_ID_LOGS, FW_STEP_OK, "masked: not compared");
    }
    for (size_t i = 0; i < 3; i++) {
        enum fw_err err = fw_packdir_read(&c->dir, fw_sv_from(names[i]), FW_LIMIT_CONFIG_BYTES,
                                          c->arena, &text[i]);
        if (err != FW_OK) {
            fw_buf_printf(&c->why, "%s: %s", names[i], fw_err_text(err));
            return fail(c, FW_STEP_ID_LOGS);
        }
    }
    if (!fw_log_index_check(text[0], text[1], text[2], c->arena, &index, &c->why)) {
        return fail(c, FW_STEP_ID_LOGS);
    }
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(index.root, hex);
    return fw_steps_add(c->steps, FW_STEP_ID_LOGS, FW_STEP_OK, "%zu log files, root %s", index.n,
                        hex);
}

static bool check_signoff(struct check *c)
{
    unsigned signatures = 0;
    bool unfinished = (c->flags & FW_CHECK_UNFINISHED) != 0;
    if (!fw_signoff_read(&c->dir, c->arena, unfinished, c->pack, &c->why)) {
        return fail(c, FW_STEP_ID_SIGNOFF);
    }
    for (int role = 0; role < FW_ROLE_COUNT; role++) {
        signatures += c->pack->signature[role].p != NULL;
    }
    return fw_steps_add(c->steps, FW_STEP_ID_SIGNOFF, FW_STEP_OK, "%u signatures%s", signatures,
                        c->pack->stamp.p ? ", time-stamped" : "");
}

struct part {
    enum fw_step_id id;
    bool (*run)(struct check *c);
};

static const struct part parts[] = {
    {FW_STEP_ID_LAYOUT, check_layout},   {FW_STEP_ID_TAGS, check_tags},
    {FW_STEP_ID_PAYLOAD, check_payload}, {FW_STEP_ID_INFO, check_info},
    {FW_STEP_ID_SCRIPT, check_script},   {FW_STEP_ID_RECORD, check_record},
    {FW_STEP_ID_LOGS, check_logs},       {FW_STEP_ID_SIGNOFF, check_signoff},
};

bool fw_pack_check(const char *path, unsigned flags, struct fw_steps *steps, struct fw_pack *ret)
{
    struct fw_pack pack = {.path = fw_arena_copy(steps->arena, fw_sv_from(path))};
    struct check c = {.steps = steps, .arena = steps->arena, .pack = &pack, .flags = flags};
    steps->pack = pack.path;
    fw_buf_init(&c.why);
    enum fw_err err = fw_packdir_open(path, steps->arena, &c.dir);
    if (err != FW_OK) {
        fw_buf_printf(&c.why, "cannot be read as a folder: %s", fw_err_text(err));
        (void)fail(&c, FW_STEP_ID_LAYOUT);
        fw_buf_clear(&c.why);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (good) {
            fw_buf_reset(&c.why);
            good = parts[i].run(&c);
        } else if (parts[i].run != check_script || (flags & FW_CHECK_SCRIPT) != 0) {
            (void)fw_steps_add(steps, parts[i].id, FW_STEP_SKIPPED, "not checked");
        }
    }
    fw_packdir_close(&c.dir);
    fw_buf_clear(&c.why);
    if (good) {
        *ret = pack;
    }
    return good;
}
