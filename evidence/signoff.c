/* Is the sign-off folder complete, and what does each signature in it cover? */
#include "evidence/signoff.h"

#include "core/sha256.h"
#include "evidence/manifest.h"
#include "evidence/tsa.h"

/* The path of a role's signature in this pack: that of an SSH signature, unless it is a CMS one. */
static const char *file_of(const struct fw_pack *pack, enum fw_role role)
{
    return pack->cms[role] ? fw_roles[role].cms : fw_roles[role].file;
}

/* The line that `sha256sum` prints of a role's signature. */
static void signature_line(const struct fw_pack *pack, enum fw_role role, struct fw_buf *out)
{
    fw_manifest_line_text(out, fw_sha256_of(pack->signature[role]),
                          fw_sv_from(file_of(pack, role)));
}

void fw_signoff_statement(const struct fw_pack *pack, enum fw_role role, struct fw_buf *out)
{
    switch (role) {
    case FW_ROLE_REVIEWER:
        fw_buf_add(out, pack->tagmanifest);
        return;
    case FW_ROLE_MANAGER:
        fw_manifest_line_text(out, pack->head, FW_SV(FW_PACK_TAGMANIFEST));
        signature_line(pack, FW_ROLE_REVIEWER, out);
        fw_manifest_line_text(out, fw_sha256_of(pack->chain_text), FW_SV(FW_PACK_CHAIN));
        return;
    case FW_ROLE_CISO:
        fw_manifest_line_text(out, fw_sha256_of(pack->countersign), FW_SV(FW_PACK_COUNTERSIGN));
        signature_line(pack, FW_ROLE_MANAGER, out);
        return;
    case FW_ROLE_COUNT:
        return;
    }
}

void fw_signoff_stamped(const struct fw_pack *pack, struct fw_buf *out)
{
    fw_signoff_statement(pack, FW_ROLE_CISO, out);
    if (pack->signature[FW_ROLE_CISO].p) {
        signature_line(pack, FW_ROLE_CISO, out);
    }
}

static bool read_optional(const struct fw_packdir *dir, struct fw_arena *arena, const char *path,
                          fw_sv *ret, struct fw_buf *why)
{
    *ret = (fw_sv){0};
    if (!fw_packdir_find(dir, fw_sv_from(path))) {
        return true;
    }
    enum fw_err err = fw_packdir_read(dir, fw_sv_from(path), FW_PACK_TAG_BYTES, arena, ret);
    if (err != FW_OK) {
        fw_buf_printf(why, "%s: %s", path, fw_err_text(err));
    }
    return err == FW_OK;
}

/* Of a role's two kinds of signature there is one. */
static bool read_signature(const struct fw_packdir *dir, struct fw_arena *arena, enum fw_role role,
                           struct fw_pack *pack, struct fw_buf *why)
{
    fw_sv cms;
    if (!read_optional(dir, arena, fw_roles[role].file, &pack->signature[role], why) ||
        !read_optional(dir, arena, fw_roles[role].cms, &cms, why)) {
        return false;
    }
    if (cms.p && pack->signature[role].p) {
        fw_buf_printf(why, "%s and %s: one person signs once; remove one", fw_roles[role].file,
                      fw_roles[role].cms);
        return false;
    }
    pack->cms[role] = cms.p != NULL;
    pack->signature[role] = cms.p ? cms : pack->signature[role];
    return true;
}

/* Each file of the sign-off needs the one it builds on. */
static const char *find_gap(const struct fw_pack *pack, bool unfinished)
{
    bool reviewer = pack->signature[FW_ROLE_REVIEWER].p != NULL;
    bool manager = pack->signature[FW_ROLE_MANAGER].p != NULL;
    if (manager && !reviewer) {
        return "a countersignature without the reviewer's signature: sign again";
    }
    if (pack->signature[FW_ROLE_CISO].p && !manager) {
        return "the CISO's signature without the countersignature: sign again";
    }
    if (manager && !pack->countersign.p) {
        return "a countersignature without countersign.txt: sign again";
    }
    if (reviewer && !pack->allowed.p) {
        return "a signature without allowed_signers: sign again";
    }
    if ((pack->query.p || pack->stamp.p) && !manager) {
        return "a time stamp without the countersignature: sign again";
    }
    if (pack->stamp.p && !pack->query.p) {
        return "timestamp.tsr without timestamp.tsq: attach the reply again (sign --tsa-reply)";
    }
    /* A signature is written last: what was to go with it may be there already. */
    if (!manager && pack->countersign.p && !unfinished) {
        return "countersign.txt without the countersignature: sign again";
    }
    if (!reviewer && pack->allowed.p && !unfinished) {
        return "allowed_signers without a signature: sign again";
    }
    if (pack->query.p && !pack->stamp.p && !unfinished) {
        return "timestamp.tsq without timestamp.tsr: attach the reply again (sign --tsa-reply)";
    }
    return NULL;
}

static bool countersign_fits(const struct fw_pack *pack)
{
    struct fw_buf want;
    fw_buf_init(&want);
    fw_signoff_statement(pack, FW_ROLE_MANAGER, &want);
    bool same = fw_sv_eq(fw_buf_sv(&want), pack->countersign);
    fw_buf_clear(&want);
    return same;
}

static bool query_fits(const struct fw_pack *pack, struct fw_arena *arena)
{
    struct fw_buf stamped;
    fw_buf_init(&stamped);
    fw_signoff_stamped(pack, &stamped);
    bool same = fw_sv_eq(fw_tsa_query(fw_buf_sv(&stamped), arena), pack->query);
    fw_buf_clear(&stamped);
    return same;
}

bool fw_signoff_read(const struct fw_packdir *dir, struct fw_arena *arena, bool unfinished,
                     struct fw_pack *pack, struct fw_buf *why)
{
    if (!read_optional(dir, arena, FW_PACK_COUNTERSIGN, &pack->countersign, why) ||
        !read_optional(dir, arena, FW_PACK_ALLOWED, &pack->allowed, why) ||
        !read_optional(dir, arena, FW_PACK_QUERY, &pack->query, why) ||
        !read_optional(dir, arena, FW_PACK_STAMP, &pack->stamp, why)) {
        return false;
    }
    for (int role = 0; role < FW_ROLE_COUNT; role++) {
        if (!read_signature(dir, arena, (enum fw_role)role, pack, why)) {
            return false;
        }
    }
    const char *gap = find_gap(pack, unfinished);
    if (gap) {
        fw_buf_add_cstr(why, gap);
        return false;
    }
    if (pack->signature[FW_ROLE_MANAGER].p && !countersign_fits(pack)) {
        fw_buf_add_cstr(why, FW_PACK_COUNTERSIGN " does not list exactly this pack, its reviewer's "
                                                 "signature and its record of earlier packs");
        return false;
    }
    if (pack->query.p && !query_fits(pack, arena)) {
        fw_buf_add_cstr(why, FW_PACK_QUERY " does not ask for exactly these signatures");
        return false;
    }
    return true;
}
