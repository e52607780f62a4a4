/* sign: put the reviewer's, the manager's or the CISO's signature on a pack. */
#include "evidence/sign.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/text.h"
#include "evidence/signers.h"

static int print_signed(const struct fw_cli *cli, const struct fw_sign_options *options,
                        const struct fw_signed *done)
{
    char head[FW_SHA256_HEX + 1];
    struct fw_buf out;
    fw_buf_init(&out);
    fw_sha256_hex(done->head, head);
    if (fw_cli_has(cli, FW_OPT_JSON)) {
        struct fw_json json;
        fw_json_init(&json, &out, 2);
        fw_json_object(&json);
        fw_json_kv_cstr(&json, "role", fw_roles[options->role].name);
        fw_json_kv_cstr(&json, "identity", options->identity);
        fw_json_kv(&json, "period", done->period);
        fw_json_kv_u64(&json, "sequence", done->sequence);
        fw_json_kv_cstr(&json, "head", head);
        fw_json_kv(&json, "signature", done->file);
        fw_json_kv(&json, "trust_line", fw_sv_trim(done->trust_line));
        fw_json_end(&json);
        fw_buf_add_char(&out, '\n');
    } else {
        fw_buf_printf(&out, "signed as %s: %.*s, sequence %u\nhead %s\n",
                      fw_roles[options->role].name, FW_SV_ARG(done->period), done->sequence, head);
        fw_buf_add_cstr(&out, "whoever verifies trusts this key by the line\n");
        fw_buf_add(&out, done->trust_line);
    }
    int code = fw_cli_emit(cli, &out);
    fw_buf_clear(&out);
    return code;
}

static int run(struct fw_cli *cli)
{
    const char *tmp = getenv("TMPDIR");
    struct fw_ssh ssh = {
        .agent = getenv("SSH_AUTH_SOCK"), .tmp = tmp, .terminal = isatty(STDERR_FILENO) == 1};
    struct fw_sign_options options = {
        .identity = cli->value[FW_OPT_IDENTITY], .key = cli->value[FW_OPT_KEY], .ssh = &ssh};
    const char *role = cli->value[FW_OPT_ROLE];
    if (!role || !fw_role_parse(fw_sv_from(role), &options.role)) {
        return fw_cli_fail(cli, "say who signs: --role reviewer, manager or ciso");
    }
    if (!options.identity || !fw_principal_valid(fw_sv_from(options.identity))) {
        return fw_cli_fail(cli, "say who you are: --identity wang@agency.gov.tw (one word of "
                                "letters, digits and . _ %% + @ -)");
    }
    if (!options.key || options.key[0] == '\0') {
        return fw_cli_fail(cli, "say with what key: --key ~/.ssh/id_ed25519 (a .pub file for a key "
                                "in an agent)");
    }
    struct fw_signed done;
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_sign(cli->operands[0], &options, &cli->arena, &done, &why);
    int code = FW_EXIT_OK;
    if (err != FW_OK) {
        (void)fw_cli_fail(cli, "%s: %s", cli->operands[0], why.p ? why.p : fw_err_text(err));
        code = err == FW_ERR_INVALID || err == FW_ERR_EXISTS ? FW_EXIT_FAILED : FW_EXIT_ERROR;
    } else {
        code = print_signed(cli, &options, &done);
    }
    fw_buf_clear(&why);
    return code;
}

const struct fw_command fw_command_sign = {
    .name = "sign",
    .arguments = "PACK --role ROLE --identity ID --key FILE",
    .summary = "Sign a pack as reviewer, manager or CISO",
    .detail =
        "The reviewer signs first, then the manager, then the CISO if there is one: different\n"
        "people with different keys. A pack that is not whole is not signed, and a signature is\n"
        "never overwritten. Keys are SSH keys: a file, one in an agent or on a FIDO2 token.\n"
        "Exit status 1: refused; 2: wrong use, or ssh-keygen failed.",
    .examples =
        "  fwproof sign packs/2026Q2 --role reviewer --identity wang@agency.gov.tw \\\n"
        "      --key ~/.ssh/id_ed25519\n"
        "  fwproof sign packs/2026Q2 --role manager --identity chen@agency.gov.tw --key token.pub",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON) | FW_TAKES(ROLE) | FW_TAKES(IDENTITY) |
               FW_TAKES(KEY),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
