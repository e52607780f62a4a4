/* Who may sign a pack now, and what is written when they do? */
#include "evidence/sign.h"

#include <stdio.h>

#include "core/file.h"
#include "evidence/verify.h"

struct signing {
    const struct fw_sign_options *options;
    struct fw_arena *arena;
    struct fw_buf *why;
    struct fw_verified pack;
    struct fw_buf statement, signature;
};

/* The pack is whole and the earlier signatures are good, by the keys that the pack names. */
static enum fw_err check_pack(struct signing *s, const char *path)
{
    static const struct fw_verify_options none = {.trust = NULL};
    struct fw_verify_options options = none;
    struct fw_steps steps = {.arena = s->arena};
    options.ssh = s->options->ssh;
    if (fw_verify_one(path, FW_CHECK_SCRIPT | FW_CHECK_UNFINISHED, NULL, true, &options, &steps,
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

/* Signs in memory, reads the signature back and lets ssh-keygen check it. */
static enum fw_err make_signature(struct signing *s, struct fw_sshsig *ret)
{
    const struct fw_sign_options *o = s->options;
    fw_sv who = fw_sv_from(o->identity);
    fw_pack_statement(&s->pack.pack, o->role, &s->statement);
    enum fw_err err = fw_sshsig_sign(o->ssh, o->key, fw_roles[o->role].namespace_,
                                     fw_buf_sv(&s->statement), &s->signature, s->why);
    if (err != FW_OK) {
        return err;
    }
    if (!fw_sshsig_parse(fw_buf_sv(&s->signature), s->arena, ret)) {
        fw_buf_add_cstr(s->why, "ssh-keygen did not write a signature that can be read back");
        return FW_ERR_TOOL;
    }
    if (fw_sv_find(ret->key_type, FW_SV("-cert-")) != SIZE_MAX) {
        fw_buf_add_cstr(s->why, "certificates are not accepted: sign with the key itself");
        return FW_ERR_INVALID;
    }
    for (int before = 0; before < (int)o->role; before++) {
        if (fw_sv_eq(s->pack.signers[before].key, ret->key)) {
            fw_buf_printf(s->why, "this key has signed as %s: %s needs a key of their own",
                          fw_roles[before].name, fw_roles[o->role].name);
            return FW_ERR_INVALID;
        }
    }
    struct fw_buf line;
    fw_buf_init(&line);
    fw_signer_line(&line, who, o->role, FW_SV(""), ret->key_type, ret->key);
    err = fw_sshsig_verify(o->ssh, fw_buf_sv(&line), who, fw_roles[o->role].namespace_, NULL,
                           fw_buf_sv(&s->signature), fw_buf_sv(&s->statement), s->why);
    fw_buf_clear(&line);
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
        err = write_at(path, fw_roles[role].file, fw_buf_sv(&s->signature), true);
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
    struct fw_sshsig sig;
    if (!fw_principal_valid(fw_sv_from(options->identity))) {
        fw_buf_add_cstr(why, "the identity must be one word of letters, digits and . _ % + @ -, "
                             "like wang@agency.gov.tw");
        return FW_ERR_INVALID;
    }
    fw_buf_init(&s.statement);
    fw_buf_init(&s.signature);
    enum fw_err err = check_pack(&s, pack);
    if (err == FW_OK) {
        err = check_order(&s);
    }
    if (err == FW_OK) {
        err = make_signature(&s, &sig);
    }
    if (err == FW_OK) {
        struct fw_buf line;
        fw_buf_init(&line);
        fw_signer_line(&line, fw_sv_from(options->identity), options->role, FW_SV(""), sig.key_type,
                       sig.key);
        fw_sv trust_line = fw_arena_copy(arena, fw_buf_sv(&line));
        fw_buf_clear(&line);
        err = write_signature(&s, pack, trust_line);
        if (err == FW_OK) {
            *ret = (struct fw_signed){
                .period = s.pack.pack.info.period,
                .sequence = s.pack.pack.info.sequence,
                .head = s.pack.pack.head,
                .file = fw_sv_from(fw_roles[options->role].file),
                .trust_line = trust_line,
            };
        }
    }
    fw_buf_clear(&s.statement);
    fw_buf_clear(&s.signature);
    return err;
}
