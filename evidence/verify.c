/* Is a pack whole, rightly signed and rightly chained? */
#include "evidence/verify.h"

#include <inttypes.h>

#include "core/source.h"
#include "evidence/period.h"

/* What one signature is checked with. */
struct context {
    struct fw_steps *steps;
    const struct fw_verify_options *options;
    const struct fw_signers *signers;
    unsigned flags; /* FW_CHECK_ bits */
    bool past;
    struct fw_buf why;
};

static const enum fw_step_id role_steps[FW_ROLE_COUNT] = {
    [FW_ROLE_REVIEWER] = FW_STEP_ID_REVIEWER,
    [FW_ROLE_MANAGER] = FW_STEP_ID_MANAGER,
    [FW_ROLE_CISO] = FW_STEP_ID_CISO,
};

const char *fw_verify_verdict_name(enum fw_verify_verdict verdict)
{
    static const char *const names[FW_VERIFY_COUNT] = {"verified", "consistent", "incomplete",
                                                       "unsigned", "failed"};
    return names[verdict];
}

int fw_verify_exit(const struct fw_verify_report *report, const struct fw_verify_options *options)
{
    if (report->verdict == FW_VERIFY_VERIFIED) {
        return 0;
    }
    return report->verdict != FW_VERIFY_FAILED && options->allow_unsigned ? 0 : 1;
}

/* One trust line against one signature. */
static enum fw_err try_line(struct context *c, const struct fw_signer *signer, enum fw_role role,
                            bool dates, fw_sv signature, fw_sv data)
{
    struct fw_buf line;
    fw_buf_init(&line);
    fw_buf_reset(&c->why);
    fw_signer_line(&line, signer->principal, role, dates ? signer->dates : FW_SV(""),
                   signer->key_type, signer->key);
    enum fw_err err = fw_sshsig_verify(
        c->options->ssh, fw_buf_sv(&line), signer->principal, fw_roles[role].namespace_,
        dates ? c->options->verify_time : NULL, signature, data, &c->why);
    fw_buf_clear(&line);
    return err;
}

/* Nobody on the list signed this: what comes nearest? */
static bool explain(struct context *c, enum fw_role role, const struct fw_sshsig *sig)
{
    enum fw_step_id id = role_steps[role];
    fw_sv fingerprint = FW_SV("?");
    for (size_t i = 0; i < c->signers->n; i++) {
        const struct fw_signer *signer = &c->signers->v[i];
        if (!fw_sv_eq(signer->key, sig->key)) {
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
    (void)fw_sshsig_fingerprint(sig->key, c->steps->arena, &fingerprint);
    return fw_steps_add(c->steps, id, FW_STEP_FAIL, "signed by a key that is not trusted: %.*s",
                        FW_SV_ARG(fingerprint));
}

/* The dates of a key that fits. FW_OK: they allow it. */
static enum fw_err check_dates(struct context *c, const struct fw_signer *signer, enum fw_role role,
                               fw_sv signature, fw_sv data)
{
    if (signer->dates.n == 0 || c->past) {
        return FW_OK;
    }
    if (!c->options->verify_time) {
        fw_buf_reset(&c->why);
        fw_buf_printf(&c->why,
                      "the key of %.*s (line %" PRIu32 ") has dates: say for which time to verify, "
                      "with --verify-time YYYYMMDDHHMMSSZ",
                      FW_SV_ARG(signer->principal), signer->line);
        return FW_ERR_INVALID;
    }
    enum fw_err err = try_line(c, signer, role, true, signature, data);
    if (err == FW_ERR_INVALID) {
        fw_buf_reset(&c->why);
        fw_buf_printf(&c->why, "the key of %.*s (line %" PRIu32 ") was not valid at %s",
                      FW_SV_ARG(signer->principal), signer->line, c->options->verify_time);
    }
    return err;
}

static bool check_signature(struct context *c, const struct fw_pack *pack, enum fw_role role,
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
    fw_pack_statement(pack, role, &data);
    fw_sv dated = {0}; /* why a line with the right key did not count */
    enum fw_err err = FW_ERR_INVALID;
    for (size_t i = 0; i < c->signers->n && err == FW_ERR_INVALID; i++) {
        const struct fw_signer *signer = &c->signers->v[i];
        if ((signer->roles & 1u << role) == 0) {
            continue;
        }
        err = try_line(c, signer, role, false, signature, fw_buf_sv(&data));
        if (err == FW_OK) {
            err = check_dates(c, signer, role, signature, fw_buf_sv(&data));
            if (err == FW_ERR_INVALID) {
                dated = fw_arena_copy(c->steps->arena, fw_buf_sv(&c->why));
            }
        }
        if (err == FW_OK) {
            *ret = (struct fw_verified_signer){true, signer->principal, signer->key_type,
                                               signer->key, FW_SV("")};
        }
    }
    fw_buf_clear(&data);
    if (err != FW_OK && err != FW_ERR_INVALID) { /* the machine failed, or has no ssh-keygen */
        return fw_steps_add(c->steps, id, FW_STEP_FAIL, "%.*s", FW_SV_ARG(fw_buf_sv(&c->why)));
    }
    if (err != FW_OK) {
        return dated.p ? fw_steps_add(c->steps, id, FW_STEP_FAIL, "%.*s", FW_SV_ARG(dated))
                       : explain(c, role, &sig);
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
            if (person || fw_sv_eq(one->key, other->key)) {
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
            good = check_signature(c, &v->pack, (enum fw_role)role, &v->signers[role]);
        }
    }
    return good && check_people(c, v);
}

bool fw_verify_one(const char *path, unsigned flags, const struct fw_signers *signers, bool past,
                   const struct fw_verify_options *options, struct fw_steps *steps,
                   struct fw_verified *ret)
{
    struct context c = {
        .steps = steps, .options = options, .signers = signers, .flags = flags, .past = past};
    *ret = (struct fw_verified){.whole = false};
    ret->whole = fw_pack_check(path, flags, steps, &ret->pack);
    if (!ret->whole) {
        return false;
    }
    fw_buf_init(&c.why);
    bool good = check_signatures(&c, ret);
    fw_buf_clear(&c.why);
    return good;
}

static bool fully_signed(const struct fw_verified *v)
{
    return v->signers[FW_ROLE_REVIEWER].present && v->signers[FW_ROLE_MANAGER].present;
}

/* The pack that was given for a line of the chain is the one that the line records. */
static bool check_link(struct fw_steps *steps, const struct fw_pack *pack, size_t index,
                       const struct fw_pack *earlier)
{
    const struct fw_chain_line *line = &pack->chain.v[index];
    struct fw_buf before;
    steps->pack = earlier->path;
    if (!fw_sha256_eq(line->head, earlier->head)) {
        return fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_FAIL,
                            "is not the pack recorded as sequence %" PRIu32
                            " (%.*s): changed, rebuilt, or given in another order than oldest "
                            "first",
                            line->sequence, FW_SV_ARG(line->period));
    }
    if (!fw_sv_eq(line->period, earlier->info.period) || line->sequence != earlier->info.sequence) {
        return fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_FAIL,
                            "is recorded as %.*s, sequence %" PRIu32, FW_SV_ARG(line->period),
                            line->sequence);
    }
    if (line->countersigned &&
        !fw_sha256_eq(line->countersign, fw_sha256_of(earlier->countersign))) {
        return fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_FAIL,
                            "was countersigned otherwise when sequence %" PRIu32 " was recorded",
                            line->sequence);
    }
    fw_buf_init(&before);
    for (size_t i = 0; i < index; i++) {
        fw_chain_line_text(&before, &pack->chain.v[i]);
    }
    bool same = fw_sv_eq(fw_buf_sv(&before), earlier->chain_text);
    fw_buf_clear(&before);
    if (!same) {
        return fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_FAIL,
                            "records other packs before it than the later one");
    }
    return fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_OK,
                        "%.*s, sequence %" PRIu32 ", unchanged", FW_SV_ARG(line->period),
                        line->sequence);
}

static bool check_chain(struct fw_verify_report *report, const char *const *earlier,
                        const struct fw_signers *signers, const struct fw_verify_options *options)
{
    struct fw_steps *steps = &report->steps;
    const struct fw_pack *pack = &report->pack.pack;
    bool good = true;
    if (report->nearlier == 0) {
        return pack->chain.n == 0 ||
               fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_NOTE,
                            "%zu earlier packs are recorded and none was given: not compared",
                            pack->chain.n);
    }
    if (report->nearlier != pack->chain.n) {
        return fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_FAIL,
                            "%zu earlier packs are recorded, %zu given: give all, oldest first",
                            pack->chain.n, report->nearlier);
    }
    for (size_t i = 0; i < report->nearlier && good; i++) {
        struct fw_verified *v = &report->earlier[i];
        good = fw_verify_one(earlier[i], 0, signers, true, options, steps, v) &&
               check_link(steps, pack, i, &v->pack);
        if (good && !fully_signed(v) && !options->allow_unsigned) {
            good = fw_steps_add(steps, FW_STEP_ID_CHAIN, FW_STEP_FAIL,
                                "is not signed by reviewer and manager");
        }
    }
    return good;
}

static void note_periods(struct fw_verify_report *report)
{
    const struct fw_pack *pack = &report->pack.pack;
    fw_sv *periods = fw_new_array(report->steps.arena, pack->chain.n + 1, fw_sv);
    struct fw_buf missing;
    for (size_t i = 0; i < pack->chain.n; i++) {
        periods[i] = pack->chain.v[i].period;
    }
    periods[pack->chain.n] = pack->info.period;
    fw_buf_init(&missing);
    if (fw_period_missing(periods, pack->chain.n + 1, report->steps.arena, &missing) > 0) {
        (void)fw_steps_add(&report->steps, FW_STEP_ID_PERIODS, FW_STEP_NOTE,
                           "no review is recorded for %.*s", FW_SV_ARG(fw_buf_sv(&missing)));
    }
    fw_buf_clear(&missing);
}

/* The chain cannot show that the newest pack was left out, nor that both signers made all of them
 * again: only something that is kept elsewhere can. */
static bool check_anchor(struct fw_verify_report *report, const struct fw_verify_options *options)
{
    if (!options->head) {
        return fw_steps_add(&report->steps, FW_STEP_ID_ANCHOR, FW_STEP_NOTE,
                            "no outside anchor: the signers together could have made this again; "
                            "compare the head with one kept elsewhere (--head)");
    }
    if (!fw_sha256_eq(*options->head, report->pack.pack.head)) {
        return fw_steps_add(&report->steps, FW_STEP_ID_ANCHOR, FW_STEP_FAIL,
                            "this is not the pack whose head is kept elsewhere");
    }
    return fw_steps_add(&report->steps, FW_STEP_ID_ANCHOR, FW_STEP_OK,
                        "the head is the one kept elsewhere");
}

static enum fw_verify_verdict judge(const struct fw_verify_report *report)
{
    if (report->steps.failed > 0 || !report->pack.whole) {
        return FW_VERIFY_FAILED;
    }
    if (!report->pack.signers[FW_ROLE_REVIEWER].present) {
        return FW_VERIFY_UNSIGNED;
    }
    if (!fully_signed(&report->pack)) {
        return FW_VERIFY_INCOMPLETE;
    }
    return report->trusted ? FW_VERIFY_VERIFIED : FW_VERIFY_CONSISTENT;
}

/* False: the list is refused, and the report says so. */
static bool read_trust(const struct fw_verify_options *options, fw_sv text, struct fw_steps *steps,
                       struct fw_signers *ret)
{
    struct fw_buf why;
    fw_buf_init(&why);
    bool good = fw_signers_parse(text, steps->arena, ret, &why);
    if (good) {
        (void)fw_steps_add(steps, FW_STEP_ID_TRUST, FW_STEP_OK, "%s: %zu keys", options->trust,
                           ret->n);
    } else {
        (void)fw_steps_add(steps, FW_STEP_ID_TRUST, FW_STEP_FAIL, "%s: %.*s", options->trust,
                           FW_SV_ARG(fw_buf_sv(&why)));
    }
    fw_buf_clear(&why);
    return good;
}

enum fw_err fw_verify(const char *path, const char *const *earlier, size_t nearlier,
                      const struct fw_verify_options *options, struct fw_arena *arena,
                      struct fw_verify_report *ret, struct fw_buf *why)
{
    struct fw_verify_report report = {
        .steps = {.arena = arena}, .nearlier = nearlier, .trusted = options->trust != NULL};
    struct fw_signers signers = {0};
    bool good = true;
    report.earlier = fw_new_array(arena, nearlier > 0 ? nearlier : 1, struct fw_verified);
    report.steps.pack = fw_arena_copy(arena, fw_sv_from(path));
    if (options->trust) {
        struct fw_source_info info;
        fw_sv text;
        enum fw_err err = fw_source_load(options->trust, FW_PACK_TAG_BYTES, arena, &text, &info);
        if (err != FW_OK) {
            fw_buf_printf(why, "%s: %s", options->trust, fw_err_text(err));
            return err;
        }
        good = read_trust(options, text, &report.steps, &signers);
    } else {
        (void)fw_steps_add(&report.steps, FW_STEP_ID_TRUST, FW_STEP_NOTE,
                           "no list of trusted keys: keys found in the pack prove nothing");
    }
    const struct fw_signers *trusted = options->trust ? &signers : NULL;
    if (good) {
        good = fw_verify_one(path, FW_CHECK_SCRIPT, trusted, false, options, &report.steps,
                             &report.pack);
    }
    if (good) {
        good = check_chain(&report, earlier, trusted, options);
        report.steps.pack = report.pack.pack.path;
    }
    if (good) {
        note_periods(&report);
        (void)check_anchor(&report, options);
    }
    report.verdict = judge(&report);
    *ret = report;
    return FW_OK;
}
