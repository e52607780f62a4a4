/* verify: is a pack whole, rightly signed and rightly chained? */
#include "evidence/verify.h"

#include <stdlib.h>

#include "cli/cli.h"

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
    struct fw_verify_report report;
    struct fw_buf why, out;
    fw_buf_init(&why);
    fw_buf_init(&out);
    enum fw_err err = fw_verify(cli->operands[0], cli->operands + 1, (size_t)cli->noperands - 1,
                                &options, &cli->arena, &report, &why);
    int code = FW_EXIT_ERROR;
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
            code = strict ? FW_EXIT_FAILED : fw_verify_exit(&report, &options);
        }
    }
    fw_buf_clear(&why);
    fw_buf_clear(&out);
    return code;
}

const struct fw_command fw_command_verify = {
    .name = "verify",
    .arguments = "PACK [EARLIER...]",
    .summary = "Verify a pack: hashes, completeness, signatures, chain",
    .detail =
        "EARLIER are all earlier packs, oldest first. Keys found in the pack prove nothing: the\n"
        "verdict \"verified\" needs a list of your own, --trust, with lines like\n"
        "  wang@agency.gov.tw namespaces=\"fwproof-reviewer@v1\" ssh-ed25519 AAAA...\n"
        "Exit status 0: whole and signed by trusted reviewer and manager; 1: anything else;\n"
        "2: wrong use. --strict fails on notes too (earlier packs not given, a missing period).\n"
        "The pack's verify.sh does the same with stock tools; use your own copy of it.",
    .examples = "  fwproof verify packs/2026Q2 packs/2025Q4 packs/2026Q1 --trust keys\n"
                "  fwproof verify packs/2026Q2 --trust keys --verify-time 20260705000000Z --json",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON) | FW_TAKES(TRUST) | FW_TAKES(VERIFY_TIME) |
               FW_TAKES(ALLOW_UNSIGNED) | FW_TAKES(STRICT),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
