/* Is one pack whole, stamped and rightly signed? */
#include "evidence/verify.h"

#include <inttypes.h>

#include "evidence/cms.h"
#include "evidence/publickey.h"
#include "evidence/reviews.h"
#include "evidence/signoff.h"
#include "evidence/tsa.h"

/* What one signature is checked with. */
struct context {
    struct fw_steps *steps;
    const struct fw_verify_options *options;
    const struct fw_signers *signers;
    unsigned flags; /* FW_CHECK_ bits */
    bool trusted;   /* `signers` is somebody's own list, not the pack's */
    /* YYYYMMDDHHMMSSZ that dates are compared with: of the stamp, or as given; {0}. */
    fw_sv time;
    const struct fw_verify_past *past; /* then some time from `from` to its `until` will do */
    fw_sv from;
    bool certified; /* somebody signed with a certificate that an authority issued */
    struct fw_buf why;
};

static const enum fw_step_id role_steps[FW_ROLE_COUNT] = {
    [FW_ROLE_REVIEWER] = FW_STEP_ID_REVIEWER,
    [FW_ROLE_MANAGER] = FW_STEP_ID_MANAGER,
    [FW_ROLE_CISO] = FW_STEP_ID_CISO,
};

/* One trust line against one signature; time NULL: without its dates. */
static enum fw_err try_line(struct context *c, const struct fw_signer *signer, enum fw_role role,
                            const char *time, fw_sv signature, fw_sv data)
{
    struct fw_buf line;
    fw_buf_init(&line);
    fw_buf_reset(&c->why);
    fw_signer_line(&line, signer->principal, role, time ? signer->dates : FW_SV(""),
                   signer->key_type, signer->key);
    enum fw_err err = fw_sshsig_verify(c->options->ssh, fw_buf_sv(&line), signer->principal,
                                       fw_roles[role].namespace_, time, signature, data, &c->why);
    fw_buf_clear(&line);
    return err;
}

/* Nobody on the list signed this with that key: what comes nearest? name: of the key, in print. */
static bool explain(struct context *c, enum fw_role role, fw_sv key, fw_sv name)
{
    enum fw_step_id id = role_steps[role];
    for (size_t i = 0; i < c->signers->n; i++) {
        const struct fw_signer *signer = &c->signers->v[i];
        if (!fw_sv_eq(signer->key, key)) {
            continue;
        }
        if ((signer->roles & 1u << role) == 0) {
            return fw_steps_add(c->steps, id, FW_STEP_FAIL,
                                "the key of %.*s (line %" PRIu32 ") may not sign as %s",
                                FW_SV_ARG(signer->principal), signer->line, fw_roles[role].name);
        }
        return fw_steps_add(c->steps, id, FW_STEP_FAIL,
                            "the signature by the key of %.*s does not fit this pack",
                            FW_SV_ARG(signer->principal));
    }
    return fw_steps_add(c->steps, id, FW_STEP_FAIL, "signed by a key that is not trusted: %.*s",
                        FW_SV_ARG(name));
}

/* The time at which something that is valid from `after` on has to hold still. {0}: it was valid at
 * no time that could be that of the signature. */
static fw_sv time_to_ask(const struct context *c, fw_sv after)
{
    if (!c->past || c->time.n > 0) {
        return c->time;
    }
    fw_sv time = fw_sv_cmp(after, c->from) > 0 ? after : c->from;
    bool late = c->past->until.n > 0 && fw_sv_cmp(time, c->past->until) > 0;
    return late ? (fw_sv){0} : time;
}

/* "at T", or "from T to T". */
static fw_sv when_text(const struct context *c)
{
    if (!c->past || c->time.n > 0) {
        return fw_arena_printf(c->steps->arena, "at %.*s", FW_SV_ARG(c->time));
    }
    return fw_arena_printf(c->steps->arena, "from %.*s to %.*s", FW_SV_ARG(c->from),
                           FW_SV_ARG(c->past->until.n > 0 ? c->past->until : FW_SV("now")));
}

/* There is no time that dates could be compared with: what to do about it. */
static const char *lacks_time(const struct context *c)
{
    return c->time.n > 0              ? NULL
           : c->past && c->from.n > 0 ? NULL
           : c->past ? "has dates, and the pack does not say which day it counts from"
                     : "has dates: say for which time to verify, with --verify-time "
                       "YYYYMMDDHHMMSSZ, or trust a time stamp with --tsa-ca";
}

/* The dates of a key that fits. FW_OK: they allow it. */
static enum fw_err check_dates(struct context *c, const struct fw_signer *signer, enum fw_role role,
                               fw_sv signature, fw_sv data)
{
    const char *lacking = lacks_time(c);
    if (signer->dates.n == 0) {
        return FW_OK;
    }
    if (lacking) {
        fw_buf_reset(&c->why);
        fw_buf_printf(&c->why, "the key of %.*s (line %" PRIu32 ") %s",
                      FW_SV_ARG(signer->principal), signer->line, lacking);
        return FW_ERR_INVALID;
    }
    fw_sv time = time_to_ask(c, fw_signer_after(signer, c->steps->arena));
    enum fw_err err = FW_ERR_INVALID;
    if (time.n > 0) {
        err = try_line(c, signer, role, fw_arena_cstr(c->steps->arena, time), signature, data);
    }
    if (err == FW_ERR_INVALID) {
        fw_buf_reset(&c->why);
        fw_buf_printf(&c->why, "the key of %.*s (line %" PRIu32 ") was not valid %.*s",
                      FW_SV_ARG(signer->principal), signer->line, FW_SV_ARG(when_text(c)));
    }
    return err;
}

/* Nobody took the certificate back. Whoever stands on a list does not count, whenever it was: that
 * day is the authority's and says nothing about when a key began to be in other hands. */
static bool check_lists(struct context *c, const struct fw_signer *signer, enum fw_step_id id,
                        fw_sv signature, fw_sv data)
{
    const struct fw_authorities *ca = c->options->ca;
    if (!ca->lists) {
        return true;
    }
    fw_authorities_ask_lists(ca, true);
    bool good = fw_authorities_at(ca, (fw_sv){0}) &&
                fw_cms_verify(ca, signature, data, &c->why) == FW_OK;
    fw_authorities_ask_lists(ca, false);
    return good ||
           fw_steps_add(c->steps, id, FW_STEP_FAIL, "the certificate of %.*s does not count: %.*s",
                        FW_SV_ARG(signer->principal), FW_SV_ARG(fw_buf_sv(&c->why)));
}

/* The certificate that a line pins holds: it signed, an authority issued it, and its dates, which
 * begin with `after`, fit. */
static bool check_certificate(struct context *c, const struct fw_signer *signer, enum fw_role role,
                              fw_sv after, fw_sv signature, fw_sv data)
{
    enum fw_step_id id = role_steps[role];
    const struct fw_authorities *ca = c->options->ca;
    fw_buf_reset(&c->why);
    if (fw_cms_verify(NULL, signature, data, &c->why) != FW_OK) {
        return fw_steps_add(c->steps, id, FW_STEP_FAIL,
                            "the signature by the key of %.*s does not fit this pack",
                            FW_SV_ARG(signer->principal));
    }
    if (!ca) {
        return !c->trusted ||
               fw_steps_add(c->steps, id, FW_STEP_FAIL,
                            "signed with a certificate: give those of the authorities that issued "
                            "it, from the root down, with --ca FILE");
    }
    const char *lacking = lacks_time(c);
    if (lacking) {
        return fw_steps_add(c->steps, id, FW_STEP_FAIL, "the certificate of %.*s %s",
                            FW_SV_ARG(signer->principal), lacking);
    }
    fw_sv time = time_to_ask(c, after);
    bool good = time.n > 0;
    if (!good) {
        fw_buf_add_cstr(&c->why, "certificate is not yet valid");
    }
    good = good && fw_authorities_at(ca, time) &&
           fw_cms_verify(ca, signature, data, &c->why) == FW_OK;
    if (!good) {
        return fw_steps_add(
            c->steps, id, FW_STEP_FAIL, "the certificate of %.*s does not hold %.*s: %.*s",
            FW_SV_ARG(signer->principal), FW_SV_ARG(when_text(c)), FW_SV_ARG(fw_buf_sv(&c->why)));
    }
    c->certified = true;
    return c->past || check_lists(c, signer, id, signature, data);
}

static bool check_cms(struct context *c, const struct fw_pack *pack, enum fw_role role,
                      struct fw_verified_signer *ret)
{
    enum fw_step_id id = role_steps[role];
    fw_sv signature = pack->signature[role];
    struct fw_cms cms;
    if (!fw_cms_parse(signature, c->steps->arena, &cms)) {
        return fw_steps_add(c->steps, id, FW_STEP_FAIL,
                            "%s is not a CMS signature as fwproof writes it", fw_roles[role].cms);
    }
    const struct fw_signer *signer = NULL;
    for (size_t i = 0; i < c->signers->n && !signer; i++) {
        const struct fw_signer *one = &c->signers->v[i];
        bool pinned = fw_sv_is(one->key_type, FW_CMS_KEY_TYPE) &&
                      fw_sv_eq(one->key, cms.fingerprint) && (one->roles & 1u << role) != 0;
        signer = pinned ? one : NULL;
    }
    if (!signer) {
        return explain(c, role, cms.fingerprint,
                       fw_arena_printf(c->steps->arena, "%.*s " FW_CMS_KEY_TYPE " %.*s",
                                       FW_SV_ARG(cms.subject), FW_SV_ARG(cms.fingerprint)));
    }
    struct fw_buf data;
    fw_buf_init(&data);
    fw_signoff_statement(pack, role, &data);
    bool good = check_certificate(c, signer, role, cms.after, signature, fw_buf_sv(&data));
    fw_buf_clear(&data);
    if (!good) {
        return false;
    }
    *ret = (struct fw_verified_signer){
        .present = true,
        .principal = signer->principal,
        .key_type = signer->key_type,
        .key = signer->key,
        .fingerprint = fw_arena_printf(c->steps->arena, "SHA256:%.*s", FW_SV_ARG(signer->key)),
        .public_key = cms.public_key,
    };
    return fw_steps_add(c->steps, id, FW_STEP_OK, "%.*s, %.*s %.*s", FW_SV_ARG(ret->principal),
                        FW_SV_ARG(cms.subject), FW_SV_ARG(ret->fingerprint));
}

static bool check_ssh(struct context *c, const struct fw_pack *pack, enum fw_role role,
                      struct fw_verified_signer *ret)
{
    enum fw_step_id id = role_steps[role];
    fw_sv signature = pack->signature[role];
    struct fw_sshsig sig;
    if (!fw_sshsig_parse(signature, c->steps->arena, &sig)) {
        return fw_steps_add(c->steps, id, FW_STEP_FAIL,
                            "%s is not an SSH signature as ssh-keygen writes it",
                            fw_roles[role].file);
    }
    if (!fw_sv_is(sig.namespace_, fw_roles[role].namespace_)) {
        return fw_steps_add(c->steps, id, FW_STEP_FAIL,
                            "signed in the namespace \"%.*s\", expected \"%s\"",
                            FW_SV_ARG(sig.namespace_), fw_roles[role].namespace_);
    }
    struct fw_buf data;
    fw_buf_init(&data);
    fw_signoff_statement(pack, role, &data);
    fw_sv dated = {0}; /* why a line with the right key did not count */
    enum fw_err err = FW_ERR_INVALID;
    for (size_t i = 0; i < c->signers->n && err == FW_ERR_INVALID; i++) {
        const struct fw_signer *signer = &c->signers->v[i];
        if ((signer->roles & 1u << role) == 0 || fw_sv_is(signer->key_type, FW_CMS_KEY_TYPE)) {
            continue;
        }
        err = try_line(c, signer, role, NULL, signature, fw_buf_sv(&data));
        if (err == FW_OK) {
            err = check_dates(c, signer, role, signature, fw_buf_sv(&data));
            if (err == FW_ERR_INVALID) {
                dated = fw_arena_copy(c->steps->arena, fw_buf_sv(&c->why));
            }
        }
        if (err == FW_OK) {
            *ret = (struct fw_verified_signer){
                .present = true,
                .principal = signer->principal,
                .key_type = signer->key_type,
                .key = signer->key,
                .public_key = fw_public_key_ssh(signer->key, c->steps->arena)};
        }
    }
    fw_buf_clear(&data);
    if (err != FW_OK && err != FW_ERR_INVALID) { /* the machine failed, or has no ssh-keygen */
        return fw_steps_add(c->steps, id, FW_STEP_FAIL, "%.*s", FW_SV_ARG(fw_buf_sv(&c->why)));
    }
    if (err != FW_OK && dated.p) {
        return fw_steps_add(c->steps, id, FW_STEP_FAIL, "%.*s", FW_SV_ARG(dated));
    }
    if (err != FW_OK) {
        fw_sv fingerprint = FW_SV("?");
        (void)fw_sshsig_fingerprint(sig.key, c->steps->arena, &fingerprint);
        return explain(c, role, sig.key, fingerprint);
    }
    (void)fw_sshsig_fingerprint(ret->key, c->steps->arena, &ret->fingerprint);
    return fw_steps_add(c->steps, id, FW_STEP_OK, "%.*s, %.*s %.*s", FW_SV_ARG(ret->principal),
                        FW_SV_ARG(ret->key_type), FW_SV_ARG(ret->fingerprint));
}

/* Nobody signs twice, and the pack names those who signed and nobody else. */
static bool check_people(struct context *c, const struct fw_verified *v)
{
    struct fw_buf want;
    for (int a = 0; a < FW_ROLE_COUNT; a++) {
        for (int b = a + 1; b < FW_ROLE_COUNT; b++) {
            const struct fw_verified_signer *one = &v->signers[a], *other = &v->signers[b];
            if (!one->present || !other->present) {
                continue;
            }
            bool person = fw_principal_same(one->principal, other->principal);
            if (person || fw_sv_eq(one->public_key, other->public_key)) {
                return fw_steps_add(c->steps, FW_STEP_ID_PEOPLE, FW_STEP_FAIL,
                                    "%s and %s are the same %s: %.*s", fw_roles[a].name,
                                    fw_roles[b].name, person ? "person" : "key",
                                    FW_SV_ARG(person ? one->principal : one->fingerprint));
            }
        }
    }
    fw_buf_init(&want);
    for (int role = 0; role < FW_ROLE_COUNT; role++) {
        const struct fw_verified_signer *signer = &v->signers[role];
        if (signer->present) {
            fw_signer_line(&want, signer->principal, (enum fw_role)role, FW_SV(""),
                           signer->key_type, signer->key);
        }
    }
    /* An interrupted sign-off has named the next one already. */
    fw_sv named = (c->flags & FW_CHECK_UNFINISHED) != 0 ? fw_sv_sub(v->pack.allowed, 0, want.n)
                                                        : v->pack.allowed;
    bool same = fw_sv_eq(fw_buf_sv(&want), named);
    fw_buf_clear(&want);
    if (!same) {
        return fw_steps_add(c->steps, FW_STEP_ID_PEOPLE, FW_STEP_FAIL,
                            FW_PACK_ALLOWED " does not name exactly the people and keys that "
                                            "signed");
    }
    return fw_steps_add(c->steps, FW_STEP_ID_PEOPLE, FW_STEP_OK, "names and keys differ");
}

/* Signatures of a whole pack. */
static bool check_signatures(struct context *c, struct fw_verified *v)
{
    struct fw_signers own;
    bool good = true;
    if (!v->pack.signature[FW_ROLE_REVIEWER].p) {
        return true; /* packcheck has seen that there are no others */
    }
    if (!c->signers) {
        fw_buf_reset(&c->why);
        if (!fw_signers_parse(v->pack.allowed, c->steps->arena, &own, &c->why)) {
            return fw_steps_add(c->steps, FW_STEP_ID_TRUST, FW_STEP_FAIL, FW_PACK_ALLOWED " %.*s",
                                FW_SV_ARG(fw_buf_sv(&c->why)));
        }
        c->signers = &own;
    }
    for (int role = 0; role < FW_ROLE_COUNT && good; role++) {
        if (v->pack.signature[role].p) {
            good = (v->pack.cms[role] ? check_cms : check_ssh)(c, &v->pack, (enum fw_role)role,
                                                               &v->signers[role]);
        }
    }
    if (good && c->certified && !c->past) {
        (void)fw_steps_add(
            c->steps, FW_STEP_ID_REVOKED, c->options->ca->lists ? FW_STEP_OK : FW_STEP_NOTE, "%s",
            c->options->ca->lists ? "no certificate is on the lists that were given"
                                  : "whether certificates were revoked was not looked at: give the "
                                    "authorities' lists with --crl FILE");
    }
    return good && check_people(c, v);
}

/* The stamp of a countersigned pack. A trusted one says when dates have to fit. */
static bool check_stamp(struct context *c, struct fw_verified *v)
{
    const struct fw_pack *pack = &v->pack;
    const struct fw_authorities *ca = c->options->tsa_ca;
    struct fw_buf stamped;
    if (!pack->stamp.p) {
        bool wanted = ca && !c->past && pack->signature[FW_ROLE_MANAGER].p;
        return !wanted || fw_steps_add(c->steps, FW_STEP_ID_TIMESTAMP, FW_STEP_FAIL,
                                       "the pack has no time stamp: ask for one with sign "
                                       "--tsa-query, or verify without --tsa-ca");
    }
    fw_buf_init(&stamped);
    fw_buf_reset(&c->why);
    fw_signoff_stamped(pack, &stamped);
    enum fw_err err = fw_tsa_verify(ca, pack->stamp, fw_buf_sv(&stamped), c->steps->arena,
                                    &v->stamp, &c->why);
    fw_buf_clear(&stamped);
    if (err != FW_OK) {
        return fw_steps_add(c->steps, FW_STEP_ID_TIMESTAMP, FW_STEP_FAIL, FW_PACK_STAMP " %.*s",
                            FW_SV_ARG(fw_buf_sv(&c->why)));
    }
    v->stamped = true;
    v->stamp_trusted = ca != NULL;
    if (!ca) {
        return fw_steps_add(c->steps, FW_STEP_ID_TIMESTAMP, FW_STEP_NOTE,
                            "%.*s by %.*s, says the stamp: verify it with the authority's "
                            "certificates, --tsa-ca FILE",
                            FW_SV_ARG(v->stamp.time), FW_SV_ARG(v->stamp.authority));
    }
    c->time = v->stamp.time;
    return fw_steps_add(c->steps, FW_STEP_ID_TIMESTAMP, FW_STEP_OK, "%.*s by %.*s",
                        FW_SV_ARG(v->stamp.time), FW_SV_ARG(v->stamp.authority));
}

fw_sv fw_verify_day(const struct fw_bag_info *info, bool end, struct fw_arena *arena)
{
    fw_sv day = fw_sv_sub(fw_bag_info_value(info, FW_PACK_AS_OF), 0, 10);
    if (day.n != 10 || day.p[4] != '-' || day.p[7] != '-') {
        return (fw_sv){0};
    }
    fw_sv time = fw_arena_printf(arena, "%.4s%.2s%.2s%sZ", day.p, day.p + 5, day.p + 8,
                                 end ? "235959" : "000000");
    return fw_verify_time_valid(time) ? time : (fw_sv){0};
}

bool fw_verify_one(const char *path, unsigned flags, const struct fw_signers *signers,
                   const struct fw_verify_past *past, const struct fw_verify_options *options,
                   struct fw_steps *steps, struct fw_verified *ret)
{
    struct context c = {
        .steps = steps, .options = options, .signers = signers, .flags = flags, .past = past};
    c.trusted = signers != NULL;
    *ret = (struct fw_verified){.whole = false};
    ret->whole = fw_pack_check(path, flags, steps, &ret->pack);
    if (!ret->whole) {
        return false;
    }
    if (past) {
        c.from = fw_verify_day(&ret->pack.info, false, steps->arena);
    } else if (options->verify_time) {
        c.time = fw_sv_from(options->verify_time);
    }
    fw_buf_init(&c.why);
    bool good = check_stamp(&c, ret) && check_signatures(&c, ret);
    fw_buf_clear(&c.why);
    return good;
}
