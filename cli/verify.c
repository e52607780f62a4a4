/* verify: is a pack whole, rightly signed and rightly chained? */
#include "evidence/verify.h"

#include <stdlib.h>

#include "cli/cli.h"
#include "core/file.h"
#include "core/walk.h"
#include "evidence/archive.h"

/* With --strict, what could not be compared counts as failed. */
static bool has_notes(const struct fw_verify_report *report)
{
    for (size_t i = 0; i < report->steps.n; i++) {
        if (report->steps.v[i].state == FW_STEP_NOTE) {
            return true;
        }
    }
    return false;
}

/* Packs as they are verified: archives unpacked into a folder that lives as long as the command. */
struct opened {
    char scratch[4096]; /* "" none */
    const char **paths;
};

static int open_all(struct fw_cli *cli, struct opened *o, struct fw_buf *why)
{
    const char *tmp = getenv("TMPDIR");
    o->scratch[0] = '\0';
    o->paths = fw_new_array(&cli->arena, (size_t)cli->noperands, const char *);
    for (int i = 0; i < cli->noperands; i++) {
        o->paths[i] = cli->operands[i];
        if (!fw_archive_is(cli->operands[i])) {
            continue;
        }
        if (o->scratch[0] == '\0') {
            int n = snprintf(o->scratch, sizeof(o->scratch), "%s/fwproof-XXXXXX",
                             tmp && tmp[0] == '/' ? tmp : "/tmp");
            if (n < 0 || (size_t)n >= sizeof(o->scratch) || !mkdtemp(o->scratch)) {
                o->scratch[0] = '\0';
                fw_buf_add_cstr(why, "no temporary folder");
                return FW_EXIT_ERROR;
            }
        }
        fw_sv dir = fw_arena_printf(&cli->arena, "%s/%d", o->scratch, i);
        if (fw_archive_unpack(cli->operands[i], fw_arena_cstr(&cli->arena, dir), &cli->arena,
                              &o->paths[i], why) != FW_OK) {
            return FW_EXIT_FAILED;
        }
    }
    return FW_EXIT_OK;
}

static void close_all(struct opened *o)
{
    if (o->scratch[0] != '\0') {
        (void)fw_dir_remove(o->scratch);
    }
}

/* What was unpacked is called by the archive's name. */
static void name_archives(const struct fw_cli *cli, const struct opened *o,
                          struct fw_verify_report *report)
{
    for (int i = 0; i < cli->noperands; i++) {
        fw_sv name = fw_sv_from(cli->operands[i]);
        for (size_t s = 0; s < report->steps.n; s++) {
            if (fw_sv_is(report->steps.v[s].pack, o->paths[i])) {
                report->steps.v[s].pack = name;
            }
        }
        if (i > 0 && (size_t)i <= report->nearlier && report->earlier[i - 1].whole) {
            report->earlier[i - 1].pack.path = name;
        }
    }
}

/* The certificates that an option names; NULL when it is not given. False with a message. */
static bool load_authorities(const struct fw_cli *cli, enum fw_option option,
                             struct fw_authorities *storage, const struct fw_authorities **ret)
{
    struct fw_buf why;
    enum fw_err err = FW_OK;
    fw_buf_init(&why);
    if (fw_cli_has(cli, option)) {
        err = fw_authorities_load(cli->value[option], storage, &why);
        *ret = err == FW_OK ? storage : NULL;
    }
    if (err != FW_OK) {
        (void)fw_cli_fail(cli, "%s", why.p ? why.p : fw_err_text(err));
    }
    fw_buf_clear(&why);
    return err == FW_OK;
}

static bool load_lists(const struct fw_cli *cli, struct fw_authorities *ca)
{
    struct fw_buf why;
    fw_buf_init(&why);
    if (fw_cli_has(cli, FW_OPT_CRL) && !ca->store) {
        fw_buf_add_cstr(&why, "--crl is about certificates of the authorities that --ca names");
    } else if (fw_cli_has(cli, FW_OPT_CRL)) {
        (void)fw_authorities_lists(cli->value[FW_OPT_CRL], ca, &why);
    }
    bool good = why.n == 0;
    if (!good) {
        (void)fw_cli_fail(cli, "%s", why.p);
    }
    fw_buf_clear(&why);
    return good;
}

static int verify(struct fw_cli *cli, struct fw_verify_options *options)
{
    struct fw_verify_report report;
    struct fw_buf why, out;
    fw_buf_init(&why);
    fw_buf_init(&out);
    struct opened opened;
    int code = open_all(cli, &opened, &why);
    enum fw_err err = FW_ERR_INVALID;
    if (code == FW_EXIT_OK) {
        code = FW_EXIT_ERROR;
        err = fw_verify(opened.paths[0], opened.paths + 1, (size_t)cli->noperands - 1, options,
                        &cli->arena, &report, &why);
    }
    close_all(&opened);
    if (err == FW_OK) {
        name_archives(cli, &opened, &report);
    }
    if (err != FW_OK) {
        (void)fw_cli_fail(cli, "%s", why.p ? why.p : fw_err_text(err));
    } else {
        if (fw_cli_has(cli, FW_OPT_JSON)) {
            struct fw_json json;
            fw_json_init(&json, &out, 2);
            fw_verify_json(&report, &json);
            fw_buf_add_char(&out, '\n');
        } else {
            fw_verify_text(&report, &out);
        }
        code = fw_cli_emit(cli, &out);
        if (code == FW_EXIT_OK) {
            bool strict = fw_cli_has(cli, FW_OPT_STRICT) && has_notes(&report);
            code = strict ? FW_EXIT_FAILED : fw_verify_exit(&report, options);
        }
    }
    fw_buf_clear(&why);
    fw_buf_clear(&out);
    return code;
}

static int run(struct fw_cli *cli)
{
    struct fw_ssh ssh = {.tmp = getenv("TMPDIR")};
    struct fw_verify_options options = {
        .trust = cli->value[FW_OPT_TRUST],
        .verify_time = cli->value[FW_OPT_VERIFY_TIME],
        .allow_unsigned = fw_cli_has(cli, FW_OPT_ALLOW_UNSIGNED),
        .ssh = &ssh,
    };
    if (options.verify_time && !fw_verify_time_valid(fw_sv_from(options.verify_time))) {
        return fw_cli_fail(cli, "--verify-time reads YYYYMMDDHHMMSSZ, not \"%s\"",
                           options.verify_time);
    }
    fw_sha256 head;
    const char *kept = cli->value[FW_OPT_HEAD];
    if (kept && !fw_sha256_parse(fw_sv_from(kept), &head)) {
        return fw_cli_fail(cli, "--head is 64 lower-case hexadecimal digits, not \"%s\"", kept);
    }
    options.head = kept ? &head : NULL;
    struct fw_authorities ca = {.store = NULL}, tsa_ca = {.store = NULL};
    int code = FW_EXIT_ERROR;
    if (load_authorities(cli, FW_OPT_CA, &ca, &options.ca) && load_lists(cli, &ca) &&
        load_authorities(cli, FW_OPT_TSA_CA, &tsa_ca, &options.tsa_ca)) {
        code = verify(cli, &options);
    }
    fw_authorities_clear(&ca);
    fw_authorities_clear(&tsa_ca);
    return code;
}

const struct fw_command fw_command_verify = {
    .name = "verify",
    .arguments = "PACK [EARLIER...]",
    .summary = "Verify a pack: hashes, completeness, signatures, chain",
    .detail =
        "PACK is a folder or an archive (fwproof archive). EARLIER are all earlier packs, oldest\n"
        "first. Keys found in the pack prove nothing: the verdict\n"
        " \"verified\" needs a list of your own, --trust, with lines like\n"
        "  wang@agency.gov.tw namespaces=\"fwproof-reviewer@v1\" ssh-ed25519 AAAA...\n"
        "Signatures with certificates need --ca as well, and the time of a stamp that --tsa-ca\n"
        "vouches for, or --verify-time. With --crl none may be on its authority's list of revoked\n"
        "certificates; without, the report says that nobody looked.\n"
        "Exit status 0: whole and signed by trusted reviewer and manager; 1: anything else;\n"
        "2: wrong use. --strict fails on notes too (earlier packs not given, a missing period,\n"
        "neither --head nor a time stamp to hold on to).\n"
        "The pack's verify.sh does the same with stock tools; use your own copy of it.",
    .examples = "  fwproof verify packs/2026Q2 packs/2025Q4 packs/2026Q1 --trust keys\n"
                "  fwproof verify packs/2026Q2 --trust keys --verify-time 20260705000000Z --json",
    .options = FW_TAKES_COMMON | FW_TAKES(CA) | FW_TAKES(CRL) | FW_TAKES(TSA_CA) | FW_TAKES(HEAD) |
               FW_TAKES(JSON) | FW_TAKES(TRUST) | FW_TAKES(VERIFY_TIME) | FW_TAKES(ALLOW_UNSIGNED) |
               FW_TAKES(STRICT),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
