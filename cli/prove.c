/* prove: show that one log line is part of what a review read. */
#include "evidence/prove.h"

#include "cli/cli.h"

static int run(struct fw_cli *cli)
{
    struct fw_prove_options options = {
        .line = fw_sv_from(cli->operands[1]),
        .archive = cli->noperands > 2 ? cli->operands[2] : NULL,
    };
    struct fw_log_proof proof;
    struct fw_buf out;
    fw_buf_init(&out);
    enum fw_err err = fw_log_prove(cli->operands[0], &options, &cli->arena, &proof, &out);
    int code = FW_EXIT_OK;
    if (err != FW_OK) {
        (void)fw_cli_fail(cli, "%s", fw_buf_ok(&out) && out.n > 0 ? out.p : fw_err_text(err));
        code = err == FW_ERR_INVALID ? FW_EXIT_FAILED : FW_EXIT_ERROR;
    } else {
        fw_buf_reset(&out);
        if (fw_cli_has(cli, FW_OPT_JSON)) {
            struct fw_json json;
            fw_json_init(&json, &out, 2);
            fw_log_proof_json(&proof, &json);
            fw_buf_add_char(&out, '\n');
        } else {
            fw_log_proof_text(&proof, &out);
        }
        code = fw_cli_emit(cli, &out);
    }
    fw_buf_clear(&out);
    return code;
}

const struct fw_command fw_command_prove = {
    .name = "prove",
    .arguments = "PACK LINE [ARCHIVE]",
    .summary = "Prove that one log line is part of what was reviewed",
    .detail =
        "LINE is FILE:NUMBER, FILE@OFFSET (a byte of the text after decompression) or FILE=TEXT\n"
        "(the first line that contains it); FILE is a path of the pack's data/logs/index.tsv, or\n"
        "its end. ARCHIVE is where the logs lie now: the file, the folder that the path begins in\n"
        "(the current one), or the site file. The log must be byte for byte the reviewed one.\n"
        "The proof shows this line and no other one. Whoever gets it checks it with the script in\n"
        "the pack, or by hand (docs/evidence.md): sh data/logs/check-proof.sh PROOF PACK\n"
        "Exit status 1: the pack is broken or the log was changed; 2: no such line or log.",
    .examples = "  fwproof prove packs/2026Q2 logs/fw1.log.3.gz:1702 /srv/site > proof\n"
                "  sh packs/2026Q2/data/logs/check-proof.sh proof packs/2026Q2",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON) | FW_TAKES(OUT),
    .min_operands = 2,
    .max_operands = 3,
    .run = run,
};
