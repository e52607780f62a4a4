/* archive: a pack as one file. */
#include "evidence/archive.h"

#include "cli/cli.h"

static int run(struct fw_cli *cli)
{
    struct fw_buf why;
    const char *out = cli->value[FW_OPT_OUT];
    if (!out) {
        return fw_cli_fail(cli, "say where: --out 2026Q2.tar.gz");
    }
    fw_buf_init(&why);
    enum fw_err err = fw_archive_write(cli->operands[0], out, &cli->arena, &why);
    int code = FW_EXIT_OK;
    if (err != FW_OK) {
        (void)fw_cli_fail(cli, "%s", why.n > 0 ? why.p : fw_err_text(err));
        code = err == FW_ERR_INVALID || err == FW_ERR_EXISTS ? FW_EXIT_FAILED : FW_EXIT_ERROR;
    }
    fw_buf_clear(&why);
    return code;
}

const struct fw_command fw_command_archive = {
    .name = "archive",
    .arguments = "PACK",
    .summary = "Write a pack as one reproducible .tar.gz",
    .detail =
        "The archive holds the pack as it is, with its signatures, below a folder named after\n"
        "period and sequence. The same pack gives the same bytes. verify takes it as it is.\n"
        "Exit status 1: the pack is broken, or --out is there already; 2: wrong use.",
    .examples = "  fwproof archive packs/2026Q2 --out 2026Q2.tar.gz\n"
                "  fwproof verify 2026Q2.tar.gz --trust keys",
    .options = FW_TAKES_COMMON | FW_TAKES(OUT),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
