/* Who may sign a pack now, and what is written when they do? */
#include "evidence/sign.h"

#include <stdio.h>

#include "core/file.h"
#include "core/source.h"
#include "evidence/cms.h"
#include "evidence/publickey.h"
#include "evidence/signers.h"
#include "evidence/signoff.h"
#include "evidence/verify.h"

struct signing {
    const struct fw_sign_options *options;
    struct fw_arena *arena;
    struct fw_buf *why;
    struct fw_verified pack;
    struct fw_buf statement;
    fw_sv signature;
    fw_sv public_key; /* as in fw_verified_signer */
};

/* The pack is whole and the earlier signatures are good, by the keys that the pack names. */
static enum fw_err check_pack(struct signing *s, const char *path)
{
    static const struct fw_verify_options none = {.trust = NULL};
    struct fw_verify_options options = none;
    struct fw_steps steps = {.arena = s->arena};
    options.ssh = s->options->ssh;
    if (fw_verify_one(path, FW_CHECK_SCRIPT | FW_CHECK_UNFINISHED, NULL, NULL, &options, &steps,
                      &s->pack)) {
        if (s->pack.pack.masked) {
            fw_buf_add_cstr(s->why, "a masked copy is not signed: sign the pack");
            return FW_ERR_INVALID;
        }
        return FW_OK;
    }
    const struct fw_step *step = fw_steps_failure(&steps);
    fw_buf_add_cstr(s->why, "the pack is broken and was not signed: ");
    fw_buf_add(s->why, step->message);
    return FW_ERR_INVALID;
}

static enum fw_err check_order(struct signing *s)
{
    enum fw_role role = s->options->role;
    const struct fw_pack *pack = &s->pack.pack;
    if (pack->signature[role].p) {
        fw_buf_printf(s->why, "%s has signed already: a signature is never overwritten",
                      fw_roles[role].name);
        return FW_ERR_EXISTS;
    }
    if (pack->stamp.p) {
        fw_buf_add_cstr(s->why, "the pack is time-stamped: a stamp comes after all signatures");
        return FW_ERR_INVALID;
    }
    for (int before = 0; before < (int)role; before++) {
        if (!pack->signature[before].p) {
            fw_buf_printf(s->why, "%s signs first", fw_roles[before].name);
            return FW_ERR_INVALID;
        }
    }
    for (int before = 0; before < (int)role; before++) {
        if (fw_principal_same(s->pack.signers[before].principal,
                              fw_sv_from(s->options->identity))) {
            fw_buf_printf(s->why, "%s has signed as %s: %s must be another person",
                          s->options->identity, fw_roles[before].name, fw_roles[role].name);
            return FW_ERR_INVALID;
        }
    }
    return FW_OK;
}

/* Signs in memory, reads the signature back and lets ssh-keygen check it. The key's line of the
 * role is what whoever verifies has to trust. */
static enum fw_err make_ssh(struct signing *s, struct fw_signer *ret)
{
    const struct fw_sign_options *o = s->options;
    const char *space = fw_roles[o->role].namespace_;
    struct fw_sshsig sig;
    struct fw_buf text, line;
    fw_buf_init(&text);
    enum fw_err err = fw_sshsig_sign(o->ssh, o->key, space, fw_buf_sv(&s->statement), &text,
                                     s->why);
    s->signature = fw_buf_keep(&text, s->arena);
    if (err != FW_OK) {
        return err;
    }
    if (!fw_sshsig_parse(s->signature, s->arena, &sig)) {
        fw_buf_add_cstr(s->why, "ssh-keygen did not write a signature that can be read back");
        return FW_ERR_TOOL;
    }
    if (fw_sv_find(sig.key_type, FW_SV("-cert-")) != SIZE_MAX) {
        fw_buf_add_cstr(s->why, "certificates are not accepted: sign with the key itself");
        return FW_ERR_INVALID;
    }
    *ret = (struct fw_signer){
        .principal = fw_sv_from(o->identity), .key_type = sig.key_type, .key = sig.key};
    s->public_key = fw_public_key_ssh(sig.key, s->arena);
    fw_buf_init(&line);
    fw_signer_line(&line, ret->principal, o->role, FW_SV(""), ret->key_type, ret->key);
    err = fw_sshsig_verify(o->ssh, fw_buf_sv(&line), ret->principal, space, NULL, s->signature,
                           fw_buf_sv(&s->statement), s->why);
    fw_buf_clear(&line);
    return err;
}

/* The same with a certificate: its hash stands in the place of a key. */
static enum fw_err make_cms(struct signing *s, struct fw_signer *ret)
{
    const struct fw_sign_options *o = s->options;
    struct fw_cms cms;
    enum fw_err err = fw_cms_sign(o->key, o->certificate, o->ssh && o->ssh->terminal,
                                  fw_buf_sv(&s->statement), s->arena, &s->signature, s->why);
    if (err != FW_OK) {
        return err;
    }
    (void)fw_cms_parse(s->signature, s->arena, &cms); /* signing has read it back */
    *ret = (struct fw_signer){.principal = fw_sv_from(o->identity),
                              .key_type = FW_SV(FW_CMS_KEY_TYPE),
                              .key = cms.fingerprint};
    s->public_key = cms.public_key;
    return FW_OK;
}

static enum fw_err make_signature(struct signing *s, struct fw_signer *ret)
{
    const struct fw_sign_options *o = s->options;
    fw_signoff_statement(&s->pack.pack, o->role, &s->statement);
    enum fw_err err = o->certificate ? make_cms(s, ret) : make_ssh(s, ret);
    for (int before = 0; before < (int)o->role && err == FW_OK; before++) {
        if (fw_sv_eq(s->pack.signers[before].public_key, s->public_key)) {
            fw_buf_printf(s->why, "this key has signed as %s: %s needs a key of their own",
                          fw_roles[before].name, fw_roles[o->role].name);
            err = FW_ERR_INVALID;
        }
    }
    return err;
}

static enum fw_err write_at(const char *pack, const char *path, fw_sv bytes, bool new)
{
    struct fw_buf full;
    fw_buf_init(&full);
    fw_buf_printf(&full, "%s/%s", pack, path);
    enum fw_err err = !fw_buf_ok(&full) ? FW_ERR_MEMORY
                      : new             ? fw_file_write_new(full.p, bytes)
                                        : fw_file_write(full.p, bytes);
    fw_buf_clear(&full);
    return err;
}

static const char *signature_file(const struct fw_sign_options *options)
{
    return options->certificate ? fw_roles[options->role].cms : fw_roles[options->role].file;
}

/* The signature comes last: until it is there, the role has not signed. */
static enum fw_err write_signature(struct signing *s, const char *path, fw_sv line)
{
    enum fw_role role = s->options->role;
    struct fw_buf allowed, dir;
    fw_buf_init(&allowed);
    fw_buf_init(&dir);
    fw_buf_printf(&dir, "%s/" FW_PACK_SIGNOFF, path);
    for (int before = 0; before < (int)role; before++) {
        const struct fw_verified_signer *signer = &s->pack.signers[before];
        fw_signer_line(&allowed, signer->principal, (enum fw_role)before, FW_SV(""),
                       signer->key_type, signer->key);
    }
    fw_buf_add(&allowed, line);
    enum fw_err err = fw_buf_ok(&dir) ? fw_dir_make(dir.p) : FW_ERR_MEMORY;
    if (err == FW_OK) {
        err = write_at(path, FW_PACK_ALLOWED, fw_buf_sv(&allowed), false);
    }
    if (err == FW_OK && role == FW_ROLE_MANAGER) {
        err = write_at(path, FW_PACK_COUNTERSIGN, fw_buf_sv(&s->statement), false);
    }
    if (err == FW_OK) {
        err = write_at(path, signature_file(s->options), s->signature, true);
    }
    fw_buf_clear(&allowed);
    fw_buf_clear(&dir);
    if (err != FW_OK) {
        fw_buf_printf(s->why, "cannot write into the pack: %s", fw_err_text(err));
    }
    return err;
}

enum fw_err fw_sign(const char *pack, const struct fw_sign_options *options, struct fw_arena *arena,
                    struct fw_signed *ret, struct fw_buf *why)
{
    struct signing s = {.options = options, .arena = arena, .why = why};
    struct fw_signer signer;
    if (!fw_principal_valid(fw_sv_from(options->identity))) {
        fw_buf_add_cstr(why, "the identity must be one word of letters, digits and . _ % + @ -, "
                             "like wang@agency.gov.tw");
        return FW_ERR_INVALID;
    }
    fw_buf_init(&s.statement);
    enum fw_err err = check_pack(&s, pack);
    if (err == FW_OK) {
        err = check_order(&s);
    }
    if (err == FW_OK) {
        err = make_signature(&s, &signer);
    }
    if (err == FW_OK) {
        struct fw_buf line;
        fw_buf_init(&line);
        fw_signer_line(&line, signer.principal, options->role, FW_SV(""), signer.key_type,
                       signer.key);
        fw_sv trust_line = fw_buf_keep(&line, arena);
        err = write_signature(&s, pack, trust_line);
        if (err == FW_OK) {
            *ret = (struct fw_signed){
                .period = s.pack.pack.info.period,
                .sequence = s.pack.pack.info.sequence,
                .head = s.pack.pack.head,
                .file = fw_sv_from(signature_file(options)),
                .trust_line = trust_line,
            };
        }
    }
    fw_buf_clear(&s.statement);
    return err;
}

/* The text to stamp of a pack that is signed and not stamped yet. */
static enum fw_err check_stampable(struct signing *s, const char *path)
{
    enum fw_err err = check_pack(s, path);
    if (err == FW_OK && !s->pack.pack.signature[FW_ROLE_MANAGER].p) {
        fw_buf_add_cstr(s->why, "manager signs first: a time stamp is over the signatures");
        err = FW_ERR_INVALID;
    } else if (err == FW_OK && s->pack.pack.stamp.p) {
        fw_buf_add_cstr(s->why, "the pack has a time stamp already: it is never overwritten");
        err = FW_ERR_EXISTS;
    }
    if (err == FW_OK) {
        fw_signoff_stamped(&s->pack.pack, &s->statement);
    }
    return err;
}

enum fw_err fw_sign_query(const char *pack, const char *out, const struct fw_ssh *ssh,
                          struct fw_arena *arena, struct fw_buf *why)
{
    const struct fw_sign_options options = {.ssh = ssh};
    struct signing s = {.options = &options, .arena = arena, .why = why};
    fw_buf_init(&s.statement);
    enum fw_err err = check_stampable(&s, pack);
    if (err == FW_OK) {
        err = fw_file_write_new(out, fw_tsa_query(fw_buf_sv(&s.statement), arena));
        if (err != FW_OK) {
            fw_buf_printf(why, "the request cannot be written to %s: %s", out, fw_err_text(err));
        }
    }
    fw_buf_clear(&s.statement);
    return err;
}

enum fw_err fw_sign_reply(const char *pack, const char *reply, const struct fw_ssh *ssh,
                          struct fw_arena *arena, struct fw_tsa_stamp *ret, struct fw_buf *why)
{
    const struct fw_sign_options options = {.ssh = ssh};
    struct signing s = {.options = &options, .arena = arena, .why = why};
    struct fw_source_info info;
    fw_sv answer, kept;
    fw_buf_init(&s.statement);
    enum fw_err err = check_stampable(&s, pack);
    if (err == FW_OK) {
        err = fw_source_load(reply, FW_PACK_TAG_BYTES, arena, &answer, &info);
        if (err != FW_OK) {
            fw_buf_printf(why, "%s: %s", reply, fw_err_text(err));
        }
    }
    if (err == FW_OK) {
        struct fw_buf said;
        fw_buf_init(&said);
        err = fw_tsa_reply(answer, fw_buf_sv(&s.statement), arena, &kept, &said);
        if (err == FW_OK) {
            err = fw_tsa_verify(NULL, kept, fw_buf_sv(&s.statement), arena, ret, &said);
        }
        if (err != FW_OK) {
            fw_buf_printf(why, "%s %.*s", reply, FW_SV_ARG(fw_buf_sv(&said)));
        }
        fw_buf_clear(&said);
    }
    if (err == FW_OK) { /* the reply comes last: until it is there, there is no stamp */
        err = write_at(pack, FW_PACK_QUERY, fw_tsa_query(fw_buf_sv(&s.statement), arena), false);
        err = err == FW_OK ? write_at(pack, FW_PACK_STAMP, kept, true) : err;
        if (err != FW_OK) {
            fw_buf_printf(why, "cannot write into the pack: %s", fw_err_text(err));
        }
    }
    fw_buf_clear(&s.statement);
    return err;
}
