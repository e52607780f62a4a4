/* review: the main job. Reads a site, runs every check, writes the evidence pack. */
#include "evidence/review.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/answer.h"
#include "cli/review.h"
#include "cli/review_members.h"
#include "core/charset.h"
#include "core/file.h"
#include "core/text.h"
#include "core/time.h"
#include "core/walk.h"
#include "evidence/pack.h"
#include "evidence/packcheck.h"
#include "evidence/period.h"
#include "evidence/reviews.h"
#include "report/report.h"

enum { STORE_WAIT_SECONDS = 60 };

struct review {
    struct fw_cli *cli;
    struct fw_site site;
    const char *out;  /* folder of packs */
    const char *pack; /* folder of this pack */
    const char *store_path;
    struct fw_store *store;
    struct fw_ssh ssh;
    struct fw_review_options options;
    struct fw_review_run run;
    struct fw_pack_built built;
    const char *as_of_from;
    struct fw_review_again *again; /* NULL: for the first time */
    bool masked;                   /* mask: its key */
    struct fw_mask_key mask;
};

static void say_waiting(void *context, uint64_t pid)
{
    const struct review *review = context;
    fprintf(stderr, "fwproof: waiting for another review of %s (process %llu)\n",
            review->store_path, (unsigned long long)pid);
}

static const char *joined(struct review *review, fw_sv base, const char *relative)
{
    struct fw_arena *arena = &review->cli->arena;
    return fw_arena_cstr(arena, fw_path_join(arena, base, fw_sv_from(relative)));
}

/* Without links and relative parts; the path itself when it is not there. */
static const char *realpath_of(struct review *review, const char *path)
{
    char *real = realpath(path, NULL);
    const char *kept = real ? fw_arena_cstr(&review->cli->arena, fw_sv_from(real)) : path;
    free(real);
    return kept;
}

static bool open_store(struct review *review)
{
    struct fw_cli *cli = review->cli;
    const char *given = cli->value[FW_OPT_STORE];
    review->store_path = given ? given : joined(review, review->site.dir, ".fwproof/store.db");
    struct fw_store_options options = {STORE_WAIT_SECONDS, say_waiting, review};
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_store_open(review->store_path, &options, &why, &review->store);
    if (err != FW_OK) {
        fw_cli_fail(cli, "the store %s %s", review->store_path, why.p ? why.p : fw_err_text(err));
    }
    fw_buf_clear(&why);
    return err == FW_OK;
}

/* The date counted from: --as-of, SOURCE_DATE_EPOCH, the site's, the end of its period. */
static bool find_as_of(struct review *review)
{
    const struct fw_site *site = &review->site;
    bool given;
    if (review->again) {
        review->options.as_of_ns = review->again->as_of_ns;
        review->as_of_from = review->again->as_of_from;
        return true;
    }
    if (!fw_cli_as_of(review->cli, site->zone_seconds, &given, &review->options.as_of_ns)) {
        return false;
    }
    review->as_of_from = fw_cli_has(review->cli, FW_OPT_AS_OF) ? "option" : "epoch";
    if (!given) {
        review->as_of_from = "site";
        review->options.as_of_ns = site->as_of_ns != INT64_MIN ? site->as_of_ns : site->to_ns;
    }
    if (review->options.as_of_ns == INT64_MIN) {
        fw_cli_fail(review->cli, "no date to count from: give --as-of, or as_of or the period in "
                                 "the site file");
        return false;
    }
    return true;
}

/* Where the pack goes: the period's name, then with a number while a signed pack is there. */
static bool choose_place(struct review *review)
{
    struct fw_cli *cli = review->cli;
    const char *out = cli->value[FW_OPT_OUT];
    review->out = out ? out : joined(review, review->site.dir, "packs");
    for (unsigned n = 1; n <= FW_PACK_NAMES; n++) {
        fw_sv name = fw_pack_name(&cli->arena, review->site.period, n);
        review->pack = joined(review, fw_sv_from(review->out), fw_arena_cstr(&cli->arena, name));
        switch (fw_pack_place(review->pack)) {
        case FW_PACK_PLACE_FREE:
        case FW_PACK_PLACE_UNSIGNED:
            return true;
        case FW_PACK_PLACE_FOREIGN:
            fw_cli_fail(cli, "%s is no pack of ours: nothing is overwritten; choose another --out",
                        review->pack);
            return false;
        case FW_PACK_PLACE_SIGNED:
            if (!fw_cli_has(cli, FW_OPT_PREVIOUS)) {
                fw_cli_fail(cli,
                            "%s is signed; to review the period again, chain to it with "
                            "--previous %s",
                            review->pack, review->pack);
                return false;
            }
            break;
        }
    }
    return false;
}

/* A sealed copy is the decoded text without secrets; logs stay where they are. False: there is
 * none, and why; another text, in which the secrets are elsewhere, may lie there by now. */
static bool seal(struct review *review, const struct fw_input *input, struct fw_custody *custody,
                 struct fw_buf *why)
{
    struct fw_arena *arena = &review->cli->arena;
    struct fw_decoded decoded;
    struct fw_source_info info;
    bool wanted = (fw_cli_has(review->cli, FW_OPT_SEAL_INPUTS) && input->role != FW_INPUT_LOG &&
                   input->role != FW_INPUT_GEOIP && input->role != FW_INPUT_ADVISORIES &&
                   input->role != FW_INPUT_ATTESTATION) ||
                  input->role == FW_INPUT_VERSIONS;
    if (!wanted) {
        return true;
    }
    enum fw_err err = fw_charset_load(fw_arena_cstr(arena, input->real_path), input->stored,
                                      FW_LIMIT_CONFIG_BYTES, arena, &decoded, &info);
    if (err != FW_OK) {
        fw_buf_printf(why, "%.*s cannot be read again for its sealed copy: %s",
                      FW_SV_ARG(input->path), fw_err_text(err));
        return false;
    }
    fw_standins_apply(review->options.standins, &info);
    if (!fw_sha256_eq(info.sha256, input->info.sha256)) {
        fw_buf_printf(why, "%.*s was changed while it was reviewed: review again",
                      FW_SV_ARG(input->path));
        return false;
    }
    struct fw_buf copy;
    fw_buf_init(&copy);
    fw_seal(decoded.text, input->secrets, input->nsecrets, arena, &copy);
    custody->sealed = fw_buf_ok(&copy);
    custody->copy = fw_arena_copy(arena, fw_buf_sv(&copy));
    fw_buf_clear(&copy);
    fw_buf_add_cstr(why, custody->sealed ? "" : fw_err_text(FW_ERR_MEMORY));
    return custody->sealed;
}

static bool list_custody(struct review *review, struct fw_custody *custody, size_t *ret_n,
                         struct fw_buf *why)
{
    size_t n = 0;
    for (size_t i = 0; i < review->run.inputs.n; i++) {
        const struct fw_input *input = &review->run.inputs.v[i];
        if (input->missing) {
            continue;
        }
        custody[n] = (struct fw_custody){
            .path = input->path,
            .device = input->device,
            .kind = fw_sv_from(fw_input_role_name(input->role)),
            .format = fw_sv_from(input->format),
            .info = input->info,
        };
        if (!seal(review, input, &custody[n], why)) {
            return false;
        }
        n++;
    }
    *ret_n = n;
    return true;
}

static fw_sv text_of_time(struct review *review, int64_t ns)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_time_text(&buf, ns);
    return fw_buf_keep(&buf, &review->cli->arena);
}

static fw_sv option_text(const struct fw_cli *cli, enum fw_option option)
{
    return fw_sv_from(cli->value[option] ? cli->value[option] : "");
}

static enum fw_err write_pack(struct review *review, struct fw_report_input *in, struct fw_buf *why)
{
    struct fw_cli *cli = review->cli;
    struct fw_review_members members;
    char rulesets[FW_SHA256_HEX + 1];
    fw_sha256_hex(cli->catalogue.sha256, rulesets);
    struct fw_custody *custody = fw_new_array(&cli->arena, review->run.inputs.n + 1,
                                              struct fw_custody);
    size_t ncustody = 0;
    if (!list_custody(review, custody, &ncustody, why)) {
        return FW_ERR_INVALID;
    }
    fw_review_members_make(&members, &cli->arena, in);
    const struct fw_pack_pair pairs[] = {
        {"Source-Organization", review->site.agency},
        {FW_PACK_AS_OF, text_of_time(review, review->options.as_of_ns)},
        {FW_PACK_AS_OF_FROM, fw_sv_from(review->as_of_from)},
        {"Pack-Profile", cli->profile->name},
        {"Pack-Profile-Edition", cli->profile->edition},
        {"Pack-Rulesets-SHA256", fw_sv_from(rulesets)},
        {"Pack-Rulesets-Overridden", cli->catalogue.overridden ? FW_SV("yes") : FW_SV("")},
        /* What it takes to make the review again. */
        {"Pack-Checks", option_text(cli, FW_OPT_CHECKS)},
        {"Pack-Months", option_text(cli, FW_OPT_MONTHS)},
        {"Pack-Seal-Inputs", fw_cli_has(cli, FW_OPT_SEAL_INPUTS) ? FW_SV("yes") : FW_SV("")},
        {"Pack-Tool", FW_SV("fwproof " FWPROOF_VERSION)},
    };
    struct fw_pack_spec spec = {
        .period = review->site.period,
        .previous = review->again ? NULL : cli->value[FW_OPT_PREVIOUS],
        .mask = review->masked ? &review->mask : NULL,
        .chain = review->again ? review->again->pack->chain_text : FW_SV(""),
        .npairs = sizeof(pairs) / sizeof(pairs[0]),
        .pairs = pairs,
        .nmembers = members.n,
        .members = members.v,
        .ninputs = ncustody,
        .inputs = custody,
        .ssh = &review->ssh,
    };
    enum fw_err err = members.failed ? FW_ERR_MEMORY : fw_dir_make(review->out);
    if (err == FW_OK) {
        err = fw_pack_write(review->pack, &spec, &cli->arena, &review->built, why);
    }
    return err;
}

static void print_summary(struct review *review, struct fw_report_input *in)
{
    struct fw_cli *cli = review->cli;
    const struct fw_report *report = fw_answer_report(cli);
    struct fw_buf out;
    fw_buf_init(&out);
    in->lang = cli->lang;
    in->color = cli->color;
    in->width = fw_cli_width();
    in->next = fw_sv_from(review->pack);
    report->write(in, &out);
    fwrite(out.p ? out.p : "", 1, out.n, stdout);
    fw_buf_clear(&out);
}

static int finish(struct review *review)
{
    struct fw_cli *cli = review->cli;
    struct fw_report_input in = {
        .kind = FW_REPORT_SITE,
        .facts = &review->run.facts,
        .results = &review->run.results,
        .inputs = &review->run.inputs,
        .as_of_from = review->as_of_from,
        .version = FWPROOF_VERSION,
        .next = FW_SV(""),
    };
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = write_pack(review, &in, &why);
    if (err == FW_OK) {
        struct fw_store_review made = {review->site.period, review->built.sequence,
                                       review->built.head, review->options.as_of_ns};
        (void)fw_store_review_put(review->store, &made);
        if (!review->again) {
            print_summary(review, &in);
        }
    } else {
        fw_cli_fail(cli, "cannot write the pack %s: %s", review->pack,
                    why.p ? why.p : fw_err_text(err));
    }
    fw_buf_clear(&why);
    if (err != FW_OK || review->again) {
        return err == FW_OK ? FW_EXIT_OK : FW_EXIT_ERROR;
    }
    return fw_cli_exit(cli, &review->run.results);
}

/* Reads the mask key; makes one, with the names that the site knows, when there is none. */
static bool find_mask_key(struct review *review)
{
    struct fw_cli *cli = review->cli;
    const struct fw_site *site = &review->site;
    const char *path = cli->value[FW_OPT_MASK_KEY];
    enum fw_err err = FW_OK;
    struct fw_buf why;
    if (!path) {
        return true;
    }
    fw_buf_init(&why);
    if (!fw_file_exists(path)) {
        fw_sv *words = fw_new_array(&cli->arena, 2 * site->ndevices + 1, fw_sv);
        size_t n = 0;
        for (size_t i = 0; i < site->ndevices; i++) {
            words[n++] = site->devices[i].name;
            if (site->devices[i].owner.n > 0) {
                words[n++] = site->devices[i].owner;
            }
        }
        err = fw_mask_key_make(path, words, n, &why);
    }
    if (err == FW_OK) {
        err = fw_mask_key_load(path, &cli->arena, &review->mask, &why);
    }
    if (err != FW_OK) {
        fw_cli_fail(cli, "%s", why.n > 0 ? why.p : fw_err_text(err));
    }
    fw_buf_clear(&why);
    review->masked = err == FW_OK;
    return review->masked;
}

/* The earlier reviews of a site are no inputs of a pack: they stay where they are. False: they are
 * not there. */
static bool find_originals(struct review *review)
{
    struct fw_site *site = &review->site;
    struct fw_review_again *again = review->again;
    struct fw_arena *arena = &review->cli->arena;
    if (!again || site->reviews.n == 0) {
        return true;
    }
    again->reviews_absent = again->originals == NULL;
    if (again->originals) {
        fw_sv dir = fw_sv_from(realpath_of(review, again->originals));
        site->reviews = fw_path_join(arena, dir, site->reviews);
    }
    return !again->reviews_absent;
}

static int review_site(struct review *review)
{
    struct fw_cli *cli = review->cli;
    unsigned jobs;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (fw_site_load(&cli->arena, cli->operands[0], cli->diags, &review->site) != FW_OK) {
        return FW_EXIT_ERROR; /* the diagnostics say where; nothing was written */
    }
    if (!find_originals(review)) {
        return FW_EXIT_OK;
    }
    const char *profile = review->site.profile.n > 0
                              ? fw_arena_cstr(&cli->arena, review->site.profile)
                              : "tw-gov-115";
    if (!fw_cli_catalogue(cli, profile) || !find_as_of(review) || !choose_place(review) ||
        fw_catalogue_check_site(&cli->catalogue, &review->site, cli->diags) != FW_OK ||
        !fw_cli_number(cli, FW_OPT_JOBS, cores > 0 ? (unsigned)cores : 1, 256, &jobs) ||
        !fw_cli_number(cli, FW_OPT_MONTHS, 0, 120, &review->options.months)) {
        return FW_EXIT_ERROR;
    }
    if (!find_mask_key(review) || !open_store(review)) {
        return FW_EXIT_ERROR;
    }
    struct fw_review_options *options = &review->options;
    options->catalogue = &cli->catalogue;
    options->profile = cli->profile;
    options->jobs = jobs;
    options->only = fw_sv_from(cli->value[FW_OPT_CHECKS] ? cli->value[FW_OPT_CHECKS] : "");
    options->previous = cli->value[FW_OPT_PREVIOUS];
    options->store = review->store;
    options->ssh = &review->ssh;
    options->standins = review->again ? review->again->standins : NULL;
    options->without = review->again ? &review->again->pack->head : NULL;
    options->progress = fw_progress_new(isatty(STDERR_FILENO) == 1 &&
                                        !fw_cli_has(cli, FW_OPT_QUIET));
    fw_store_run_begin(review->store, options->as_of_ns, &options->run);
    int code = FW_EXIT_ERROR;
    enum fw_err err = fw_review_make(&review->run, &review->site, options, cli->diags);
    fw_progress_free(options->progress);
    if (err == FW_OK) {
        code = finish(review);
    } else {
        fw_cli_fail(cli, "the review could not be made: %s", fw_err_text(err));
    }
    fw_review_clear(&review->run);
    fw_store_run_end(review->store, options->run);
    fw_store_close(review->store);
    return code;
}

static int run(struct fw_cli *cli)
{
    struct review review = {
        .cli = cli,
        .ssh = {.agent = getenv("SSH_AUTH_SOCK"), .tmp = getenv("TMPDIR")},
    };
    return review_site(&review);
}

int fw_review_again(struct fw_cli *cli, struct fw_review_again *how, const char **ret_made)
{
    struct review review = {.cli = cli, .ssh = {.tmp = getenv("TMPDIR")}, .again = how};
    int code = review_site(&review);
    *ret_made = review.pack;
    return code;
}

const struct fw_command fw_command_review = {
    .name = "review",
    .arguments = "SITE",
    .summary = "Review a site and write the evidence pack",
    .detail =
        "SITE is a site file (docs/site-file.md). Everything it declares is read, every check of\n"
        "the profile is run, and a pack is written below --out (default: packs beside the site\n"
        "file). What was learned of a log file is kept in the store, so that the next review\n"
        "reads only what is new.",
    .examples = "  fwproof review site.json --out packs\n"
                "  fwproof review site.json --as-of 2026-07-05 --previous packs/2026Q1",
    .options = FW_TAKES_COMMON | FW_TAKES_FORMS | FW_TAKES(AS_OF) | FW_TAKES(CHECKS) |
               FW_TAKES(FAIL_ON) | FW_TAKES(JOBS) | FW_TAKES(LANG) | FW_TAKES(MASK_KEY) |
               FW_TAKES(MONTHS) | FW_TAKES(OSCAL_AR) | FW_TAKES(OSCAL_POAM) | FW_TAKES(OUT) |
               FW_TAKES(PREVIOUS) | FW_TAKES(PROFILE) | FW_TAKES(RULESETS) | FW_TAKES(SEAL_INPUTS) |
               FW_TAKES(STORE) | FW_TAKES(STRICT),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
