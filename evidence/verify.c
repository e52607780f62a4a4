/* Is a pack whole, rightly signed and rightly chained? */
#include "evidence/verify.h"

#include <inttypes.h>

#include "core/source.h"
#include "core/walk.h"
#include "evidence/packdir.h"
#include "evidence/period.h"

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

/* The last second of the day that a pack counts from, before anybody has looked whether it is
 * whole.
 */
static fw_sv day_of(const char *path, struct fw_arena *arena)
{
    struct fw_packdir dir;
    struct fw_bag_info info;
    struct fw_buf why;
    fw_sv text;
    if (fw_packdir_open(path, arena, &dir) != FW_OK) {
        return (fw_sv){0};
    }
    fw_buf_init(&why);
    bool good = fw_packdir_read(&dir, FW_SV(FW_PACK_INFO), FW_PACK_TAG_BYTES, arena, &text) ==
                    FW_OK &&
                fw_bag_info_parse(text, arena, &info, &why);
    fw_packdir_close(&dir);
    fw_buf_clear(&why);
    return good ? fw_verify_day(&info, true, arena) : (fw_sv){0};
}

/* When an earlier pack was signed at the latest: on the day of the pack after it, which records its
 * signatures; the last one before the pack itself was signed. {0}: nothing says. */
static fw_sv signed_until(const struct fw_verify_report *report, const char *const *earlier,
                          size_t index, const struct fw_verify_options *options)
{
    const struct fw_verified *pack = &report->pack;
    struct fw_arena *arena = report->steps.arena;
    if (!pack->pack.chain.v[index].countersigned) {
        return (fw_sv){0};
    }
    if (index + 1 < report->nearlier) {
        return day_of(earlier[index + 1], arena);
    }
    fw_sv day = fw_verify_day(&pack->pack.info, true, arena);
    fw_sv time = pack->stamp_trusted    ? pack->stamp.time
                 : options->verify_time ? fw_sv_from(options->verify_time)
                                        : (fw_sv){0};
    return day.n > 0 && fw_sv_cmp(time, day) > 0 ? time : day;
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
        struct fw_verify_past past = {signed_until(report, earlier, i, options)};
        good = fw_verify_one(earlier[i], 0, signers, &past, options, steps, v) &&
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
    if (!options->head && report->pack.stamp_trusted) {
        return fw_steps_add(&report->steps, FW_STEP_ID_ANCHOR, FW_STEP_OK,
                            "an outside authority stamped it at %.*s",
                            FW_SV_ARG(report->pack.stamp.time));
    }
    if (!options->head) {
        return fw_steps_add(&report->steps, FW_STEP_ID_ANCHOR, FW_STEP_NOTE,
                            "no outside anchor: the signers together could have made this again; "
                            "compare the head with one kept elsewhere (--head), or have it "
                            "time-stamped (sign --tsa-query)");
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

/* Not FW_OK: it cannot be read. A list that is refused is a step that failed. */
static enum fw_err read_trust(const struct fw_verify_options *options, struct fw_steps *steps,
                              struct fw_signers *ret, struct fw_buf *why)
{
    enum fw_err err = fw_signers_load(options->trust, steps->arena, ret, why);
    if (err == FW_OK) {
        (void)fw_steps_add(steps, FW_STEP_ID_TRUST, FW_STEP_OK, "%s: %zu keys", options->trust,
                           ret->n);
    } else if (err == FW_ERR_INVALID) {
        (void)fw_steps_add(steps, FW_STEP_ID_TRUST, FW_STEP_FAIL, "%.*s",
                           FW_SV_ARG(fw_buf_sv(why)));
    }
    return err == FW_ERR_INVALID ? FW_OK : err;
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
        enum fw_err err = read_trust(options, &report.steps, &signers, why);
        if (err != FW_OK) {
            return err;
        }
        good = report.steps.failed == 0;
    } else {
        (void)fw_steps_add(&report.steps, FW_STEP_ID_TRUST, FW_STEP_NOTE,
                           "no list of trusted keys: keys found in the pack prove nothing");
    }
    const struct fw_signers *trusted = options->trust ? &signers : NULL;
    if (good) {
        good = fw_verify_one(path, FW_CHECK_SCRIPT, trusted, NULL, options, &report.steps,
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
