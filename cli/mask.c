/* mask: a copy of a pack that shows less and is still bound to its signatures. */
#include "evidence/mask.h"

#include <inttypes.h>

#include "cli/cli.h"

static int exit_of(enum fw_err err)
{
    return err == FW_ERR_INVALID || err == FW_ERR_EXISTS ? FW_EXIT_FAILED : FW_EXIT_ERROR;
}

static int disclose(struct fw_cli *cli, const struct fw_mask_key *key, struct fw_buf *why)
{
    struct fw_buf out;
    fw_buf_init(&out);
    enum fw_err err = fw_mask_disclose(
        cli->operands[0], key, fw_sv_from(cli->value[FW_OPT_DISCLOSE]), &cli->arena, &out, why);
    int code = err == FW_OK ? fw_cli_emit(cli, &out) : exit_of(err);
    fw_buf_clear(&out);
    return code;
}

static int mask(struct fw_cli *cli, const struct fw_mask_key *key, struct fw_buf *why)
{
    char head[FW_SHA256_HEX + 1];
    struct fw_masked done;
    enum fw_err err = fw_mask_pack(cli->operands[0], cli->value[FW_OPT_OUT], key, &cli->arena,
                                   &done, why);
    if (err != FW_OK) {
        return exit_of(err);
    }
    fw_sha256_hex(done.head, head);
    printf("masked: %" PRIu64 " values in %" PRIu64 " files, %" PRIu64
           " files withheld, chained to the signed pack %s\n",
           done.values, done.masked, done.withheld, head);
    return FW_EXIT_OK;
}

static int run(struct fw_cli *cli)
{
    const char *path = cli->value[FW_OPT_MASK_KEY];
    struct fw_mask_key key;
    struct fw_buf why;
    if (!path || (!cli->value[FW_OPT_OUT] && !fw_cli_has(cli, FW_OPT_DISCLOSE))) {
        return fw_cli_fail(cli, "say --mask-key FILE (the one of the review), and --out DIR or "
                                "--disclose VALUE");
    }
    fw_buf_init(&why);
    enum fw_err err = fw_mask_key_load(path, &cli->arena, &key, &why);
    int code = err != FW_OK                       ? FW_EXIT_ERROR
               : fw_cli_has(cli, FW_OPT_DISCLOSE) ? disclose(cli, &key, &why)
                                                  : mask(cli, &key, &why);
    if (code != FW_EXIT_OK) {
        (void)fw_cli_fail(cli, "%s", why.n > 0 ? why.p : "the pack cannot be masked");
    }
    fw_buf_clear(&why);
    return code;
}

const struct fw_command fw_command_mask = {
    .name = "mask",
    .arguments = "PACK",
    .summary = "Copy a pack with addresses and names masked, still bound to its signatures",
    .detail =
        "The pack must have been built by review --mask-key: then it holds commitments to what "
        "its\n"
        "masked copy looks like, and those are signed with the rest. Addresses and the words of "
        "the\n"
        "key file become tokens; what is no text is left out. verify says of a copy how much of\n"
        "it is masked. Equal values have equal tokens in one pack, and others in other packs.\n"
        "--disclose VALUE (or its token) prints the line that shows one value: token, salt, "
        "value.\n"
        "Exit status 1: refused (broken, no commitments, another key); 2: wrong use.",
    .examples = "  fwproof mask packs/2026Q2 --mask-key mask.key --out for-the-auditor\n"
                "  fwproof mask packs/2026Q2 --mask-key mask.key --disclose 10.1.2.3",
    .options = FW_TAKES_COMMON | FW_TAKES(DISCLOSE) | FW_TAKES(MASK_KEY) | FW_TAKES(OUT),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
