/* reproduce: make a review again from a pack's inputs, and compare byte for byte. */
#include "evidence/reproduce.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/review.h"
#include "core/file.h"
#include "core/text.h"
#include "core/time.h"
#include "core/walk.h"
#include "evidence/mask.h"
#include "evidence/reviews.h"

enum { NAMED = 20 };

struct again {
    struct fw_cli *cli;
    struct fw_again pack;
    const char *originals;
    char scratch[4096];
    bool previous_absent; /* the pack is chained to one that was not given */
    bool reviews_absent;  /* the site names earlier reviews, and they are not there */
    bool key_absent;      /* all is the same but what the key of masked copies makes */
    size_t ndiffers;
    fw_sv *differs;
};

static bool is_open(const struct again *a)
{
    return a->pack.count[FW_AGAIN_ABSENT] > 0 || a->previous_absent || a->reviews_absent ||
           a->key_absent;
}

static const char *verdict(const struct again *a)
{
    return a->pack.count[FW_AGAIN_CHANGED] > 0 ? "changed inputs"
           : is_open(a)                        ? "open"
           : a->ndiffers > 0                   ? "differs"
                                               : "same";
}

static void list_text(struct fw_buf *out, const char *what, const fw_sv *paths, size_t n)
{
    for (size_t i = 0; i < n && i < NAMED; i++) {
        fw_buf_printf(out, "  %-8s ", what);
        fw_text_safe(out, paths[i]);
        fw_buf_add_char(out, '\n');
    }
    if (n > NAMED) {
        fw_buf_printf(out, "  %-8s and %zu more (--json names all)\n", what, n - NAMED);
    }
}

static size_t paths_in(const struct again *a, enum fw_again_state state, fw_sv *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < a->pack.n; i++) {
        if (a->pack.inputs[i].state == state) {
            ret[n++] = a->pack.inputs[i].path;
        }
    }
    return n;
}

static void print_text(const struct again *a, struct fw_buf *out)
{
    fw_sv *paths = fw_new_array(&a->cli->arena, a->pack.n + 1, fw_sv);
    const size_t *count = a->pack.count;
    fw_buf_printf(out,
                  "%zu inputs: %zu originals, %zu sealed, %zu sealed without secrets, %zu changed, "
                  "%zu absent\n",
                  a->pack.n, count[FW_AGAIN_ORIGINAL], count[FW_AGAIN_SEALED],
                  count[FW_AGAIN_STRIPPED], count[FW_AGAIN_CHANGED], count[FW_AGAIN_ABSENT]);
    list_text(out, "changed", paths, paths_in(a, FW_AGAIN_CHANGED, paths));
    if (count[FW_AGAIN_CHANGED] > 0) {
        fw_buf_add_cstr(out, "not made again: these are not the files that were reviewed\n");
    } else if (a->key_absent) {
        fw_buf_add_cstr(out, "open: " FW_PACK_COMMITMENTS
                             " is made with a secret (--mask-key); everything else is the "
                             "same, byte for byte\n");
    } else if (is_open(a)) {
        list_text(out, "absent", paths, paths_in(a, FW_AGAIN_ABSENT, paths));
        fw_buf_add_cstr(
            out, a->reviews_absent ? "  absent   the earlier reviews that the site names\n" : "");
        fw_buf_add_cstr(
            out, a->previous_absent ? "  absent   the pack before this one: --previous\n" : "");
        fw_buf_add_cstr(out,
                        "open: the pack has only custody lines of these; name the folder of the "
                        "originals\n");
    } else if (a->ndiffers > 0) {
        list_text(out, "differs", a->differs, a->ndiffers);
        fw_buf_printf(out, "not reproduced: %zu files differ\n", a->ndiffers);
    } else {
        fw_buf_printf(out, "reproduced: %" PRIu64 " files, byte for byte\n", a->pack.pack.files);
    }
}

static void print_json(const struct again *a, struct fw_buf *out)
{
    char hex[FW_SHA256_HEX + 1];
    struct fw_json json;
    fw_sv *paths = fw_new_array(&a->cli->arena, a->pack.n + 1, fw_sv);
    fw_json_init(&json, out, 2);
    fw_json_object(&json);
    fw_json_kv_cstr(&json, "verdict", verdict(a));
    fw_sha256_hex(a->pack.pack.head, hex);
    fw_json_kv_cstr(&json, "head", hex);
    fw_json_kv_u64(&json, "files", a->pack.pack.files);
    fw_json_key(&json, "inputs");
    fw_json_object(&json);
    for (int i = 0; i < FW_AGAIN_COUNT; i++) {
        fw_json_kv_u64(&json, fw_again_state_name((enum fw_again_state)i), a->pack.count[i]);
    }
    fw_json_end(&json);
    fw_json_kv_texts(&json, "changed", paths, paths_in(a, FW_AGAIN_CHANGED, paths));
    fw_json_kv_texts(&json, "absent", paths, paths_in(a, FW_AGAIN_ABSENT, paths));
    fw_json_kv_bool(&json, "previous_absent", a->previous_absent);
    fw_json_kv_bool(&json, "reviews_absent", a->reviews_absent);
    fw_json_kv_bool(&json, "key_absent", a->key_absent);
    fw_json_kv_texts(&json, "differs", a->differs, a->ndiffers);
    fw_json_end(&json);
    fw_buf_add_char(out, '\n');
}

/* The options that the review was made with, as it recorded them. */
static void take_options(struct again *a)
{
    static const struct {
        const char *key;
        enum fw_option option;
    } keys[] = {{"Pack-Profile", FW_OPT_PROFILE},
                {"Pack-Checks", FW_OPT_CHECKS},
                {"Pack-Months", FW_OPT_MONTHS},
                {"Pack-Seal-Inputs", FW_OPT_SEAL_INPUTS}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        fw_sv value = fw_bag_info_value(&a->pack.pack.info, keys[i].key);
        a->cli->value[keys[i].option] = value.n > 0 ? fw_arena_cstr(&a->cli->arena, value) : NULL;
    }
}

/* bag-info.txt says nothing else than the one made again, but for the size of what was left out. */
static bool same_info(struct again *a, const char *made)
{
    struct fw_arena *arena = &a->cli->arena;
    const struct fw_bag_info *one = &a->pack.pack.info;
    struct fw_steps steps = {.arena = arena};
    struct fw_pack other;
    if (!fw_pack_check(made, FW_CHECK_UNFINISHED, &steps, &other) || one->n != other.info.n) {
        return false;
    }
    for (size_t i = 0; i < one->n; i++) {
        const struct fw_bag_pair *pair = &one->v[i];
        if (!fw_sv_eq(pair->key, other.info.v[i].key) ||
            (!fw_sv_is(pair->key, "Payload-Oxum") &&
             !fw_sv_eq(pair->value, other.info.v[i].value))) {
            return false;
        }
    }
    return true;
}

/* Commitments, and what counts and hashes them, nobody makes again who does not have the key. */
static void set_aside_commitments(struct again *a, const char *made)
{
    static const char *const names[] = {"bag-info.txt", FW_PACK_COMMITMENTS, "manifest-sha256.txt"};
    size_t left = 0;
    bool committed = false;
    for (size_t i = 0; i < a->ndiffers; i++) {
        left += !FW_SV_AMONG(a->differs[i], names);
        committed = committed || fw_sv_is(a->differs[i], FW_PACK_COMMITMENTS);
    }
    if (committed && left == 0 && same_info(a, made)) {
        a->ndiffers = 0;
        a->key_absent = true;
    }
}

static int make_again(struct again *a, struct fw_buf *why)
{
    struct fw_cli *cli = a->cli;
    struct fw_arena *arena = &cli->arena;
    const struct fw_bag_info *info = &a->pack.pack.info;
    fw_sv dir = fw_sv_from(a->scratch);
    fw_sv site_dir = fw_path_join(arena, dir, FW_SV("site"));
    struct fw_review_again how = {
        .standins = &a->pack.standins,
        .pack = &a->pack.pack,
        .originals = a->originals,
        .as_of_from = fw_arena_cstr(arena, fw_bag_info_value(info, FW_PACK_AS_OF_FROM)),
    };
    if (!fw_time_parse(fw_bag_info_value(info, FW_PACK_AS_OF), 0, true, &how.as_of_ns)) {
        fw_buf_add_cstr(why, "the pack does not say what date it counts from");
        return FW_EXIT_FAILED;
    }
    if (fw_again_lay(&a->pack, fw_arena_cstr(arena, site_dir), arena, why) != FW_OK) {
        return FW_EXIT_ERROR;
    }
    const char *site = fw_arena_cstr(arena, fw_path_join(arena, site_dir, a->pack.site));
    const char *operands[] = {site, NULL};
    const char *given_out = cli->value[FW_OPT_OUT];
    const char *const *given = cli->operands;
    const char *out = fw_arena_cstr(arena, fw_path_join(arena, dir, FW_SV("out")));
    take_options(a);
    cli->operands = operands;
    cli->value[FW_OPT_OUT] = out;
    cli->value[FW_OPT_STORE] = fw_arena_cstr(arena, fw_path_join(arena, dir, FW_SV("store.db")));
    const char *made = NULL;
    int code = fw_review_again(cli, &how, &made);
    cli->operands = given;
    cli->value[FW_OPT_OUT] = given_out;
    a->reviews_absent = how.reviews_absent;
    if (code != FW_EXIT_OK || a->reviews_absent) {
        if (!a->reviews_absent) {
            fw_buf_add_cstr(why, "the review could not be made again");
        }
        return code;
    }
    enum fw_err err = fw_again_compare(&a->pack, made, arena, &a->ndiffers, &a->differs, why);
    if (err == FW_OK && !cli->value[FW_OPT_MASK_KEY]) {
        set_aside_commitments(a, made);
    }
    return err == FW_OK ? FW_EXIT_OK : FW_EXIT_ERROR;
}

/* What is compared with the quarter before is compared with the pack that the chain records. */
static bool check_previous(struct again *a, struct fw_buf *why)
{
    const struct fw_chain *chain = &a->pack.pack.chain;
    const char *previous = a->cli->value[FW_OPT_PREVIOUS];
    struct fw_steps steps = {.arena = &a->cli->arena};
    struct fw_pack pack;
    a->previous_absent = chain->n > 0 && !previous;
    if (chain->n == 0 || !previous) {
        a->cli->value[FW_OPT_PREVIOUS] = NULL;
        return true;
    }
    if (!fw_pack_check(previous, 0, &steps, &pack) ||
        !fw_sha256_eq(pack.head, chain->v[chain->n - 1].head)) {
        fw_buf_printf(why, "%s is not the pack that the chain records last", previous);
        return false;
    }
    if (pack.masked) {
        fw_buf_printf(why, "%s is a masked copy: name the pack itself", previous);
        return false;
    }
    return true;
}

static int judge(struct again *a, struct fw_buf *why)
{
    if (!check_previous(a, why)) {
        return FW_EXIT_FAILED;
    }
    const char *tmp = getenv("TMPDIR");
    if (a->pack.count[FW_AGAIN_CHANGED] > 0 || is_open(a)) {
        return FW_EXIT_OK;
    }
    int n = snprintf(a->scratch, sizeof(a->scratch), "%s/fwproof-XXXXXX",
                     tmp && tmp[0] == '/' ? tmp : "/tmp");
    if (n < 0 || (size_t)n >= sizeof(a->scratch) || !mkdtemp(a->scratch)) {
        fw_buf_add_cstr(why, "no temporary folder");
        return FW_EXIT_ERROR;
    }
    int code = make_again(a, why);
    (void)fw_dir_remove(a->scratch);
    return code;
}

static int run(struct fw_cli *cli)
{
    struct again a = {.cli = cli, .originals = cli->noperands > 1 ? cli->operands[1] : NULL};
    struct fw_buf why, out;
    fw_buf_init(&why);
    fw_buf_init(&out);
    enum fw_err err = fw_again_open(cli->operands[0], a.originals, &cli->arena, &a.pack, &why);
    int code = err == FW_OK            ? judge(&a, &why)
               : err == FW_ERR_INVALID ? FW_EXIT_FAILED
                                       : FW_EXIT_ERROR;
    if (why.n > 0) {
        (void)fw_cli_fail(cli, "%s", why.p);
    } else if (code == FW_EXIT_OK) {
        if (fw_cli_has(cli, FW_OPT_JSON)) {
            print_json(&a, &out);
        } else {
            print_text(&a, &out);
        }
        code = fw_cli_emit(cli, &out);
        if (code == FW_EXIT_OK) {
            bool bad = a.pack.count[FW_AGAIN_CHANGED] > 0 || a.ndiffers > 0;
            code = bad ? FW_EXIT_FAILED : is_open(&a) ? FW_EXIT_ERROR : FW_EXIT_OK;
        }
    }
    fw_buf_clear(&why);
    fw_buf_clear(&out);
    return code;
}

const struct fw_command fw_command_reproduce = {
    .name = "reproduce",
    .arguments = "PACK [ORIGINALS]",
    .summary = "Make a review again and compare byte for byte",
    .detail =
        "The inputs are the sealed copies in the pack (review --seal-inputs) and the files in\n"
        "ORIGINALS, the folder of the site file: their hashes are compared first. A sealed copy\n"
        "without its secrets stands in for its original. Logs are never sealed. A pack in a\n"
        "chain needs the one before it (--previous).\n"
        "Exit status 0: the same bytes; 1: something differs (named), an original was changed, or\n"
        "the pack is broken; 2: open, as some inputs are known by their custody line only, or\n"
        "the pack holds what only a secret makes (--mask-key).",
    .examples = "  fwproof reproduce packs/2026Q2 /srv/site\n"
                "  fwproof reproduce packs/2026Q2 --json",
    .options = FW_TAKES_COMMON | FW_TAKES(JOBS) | FW_TAKES(JSON) | FW_TAKES(MASK_KEY) |
               FW_TAKES(OUT) | FW_TAKES(PREVIOUS) | FW_TAKES(RULESETS),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
