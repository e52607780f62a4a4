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

static int refused(const struct fw_cli *cli, enum fw_err err, const struct fw_buf *why)
{
    (void)fw_cli_fail(cli, "%s: %s", cli->operands[0], why->n > 0 ? why->p : fw_err_text(err));
    return err == FW_ERR_INVALID || err == FW_ERR_EXISTS ? FW_EXIT_FAILED : FW_EXIT_ERROR;
}

/* The two steps of a time stamp; an authority is asked in between, by other means. */
static int stamp(struct fw_cli *cli, const struct fw_ssh *ssh)
{
    const char *pack = cli->operands[0], *query = cli->value[FW_OPT_TSA_QUERY];
    const char *reply = cli->value[FW_OPT_TSA_REPLY];
    struct fw_tsa_stamp done;
    struct fw_buf why, out;
    if (query && reply) {
        return fw_cli_fail(cli, "--tsa-query first; --tsa-reply when the authority has answered");
    }
    fw_buf_init(&why);
    fw_buf_init(&out);
    enum fw_err err = query ? fw_sign_query(pack, query, ssh, &cli->arena, &why)
                            : fw_sign_reply(pack, reply, ssh, &cli->arena, &done, &why);
    int code = FW_EXIT_OK;
    if (err != FW_OK) {
        code = refused(cli, err, &why);
    } else {
        if (query) {
            fw_buf_printf(&out,
                          "wrote %s: have a time-stamping authority answer it, like\n"
                          "  curl -H 'Content-Type: application/timestamp-query' --data-binary @%s "
                          "URL > reply.tsr\n"
                          "then attach the answer with --tsa-reply reply.tsr\n",
                          query, query);
        } else {
            fw_buf_printf(&out, "time-stamped: %.*s by %.*s\n", FW_SV_ARG(done.time),
                          FW_SV_ARG(done.authority));
        }
        code = fw_cli_emit(cli, &out);
    }
    fw_buf_clear(&why);
    fw_buf_clear(&out);
    return code;
}

static int run(struct fw_cli *cli)
{
    const char *tmp = getenv("TMPDIR");
    struct fw_ssh ssh = {
        .agent = getenv("SSH_AUTH_SOCK"), .tmp = tmp, .terminal = isatty(STDERR_FILENO) == 1};
    struct fw_sign_options options = {.identity = cli->value[FW_OPT_IDENTITY],
                                      .key = cli->value[FW_OPT_KEY],
                                      .certificate = cli->value[FW_OPT_CERT],
                                      .ssh = &ssh};
    if (fw_cli_has(cli, FW_OPT_TSA_QUERY) || fw_cli_has(cli, FW_OPT_TSA_REPLY)) {
        return stamp(cli, &ssh);
    }
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
                                "in an agent), or --key and --cert for a certificate");
    }
    struct fw_signed done;
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_sign(cli->operands[0], &options, &cli->arena, &done, &why);
    int code = FW_EXIT_OK;
    if (err != FW_OK) {
        code = refused(cli, err, &why);
    } else {
        code = print_signed(cli, &options, &done);
    }
    fw_buf_clear(&why);
    return code;
}

const struct fw_command fw_command_sign = {
    .name = "sign",
    .arguments = "PACK --role ROLE --identity ID --key FILE [--cert FILE]",
    .summary = "Sign a pack as reviewer, manager or CISO",
    .detail =
        "The reviewer signs first, then the manager, then the CISO if there is one: different\n"
        "people with different keys. A pack that is not whole is not signed, and a signature is\n"
        "never overwritten. Keys are SSH keys: a file, one in an agent or on a FIDO2 token. With\n"
        "--cert, key and certificate are PEM files and the signature is a detached CMS one.\n"
        "When all have signed, an authority can stamp the time: --tsa-query writes what to send "
        "it,\n"
        "--tsa-reply attaches what it answers.\n"
        "Exit status 1: refused; 2: wrong use, or ssh-keygen or libcrypto failed.",
    .examples =
        "  fwproof sign packs/2026Q2 --role reviewer --identity wang@agency.gov.tw \\\n"
        "      --key ~/.ssh/id_ed25519\n"
        "  fwproof sign packs/2026Q2 --role manager --identity chen@agency.gov.tw --key token.pub\n"
        "  fwproof sign packs/2026Q2 --tsa-query 2026Q2.tsq",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON) | FW_TAKES(ROLE) | FW_TAKES(IDENTITY) |
               FW_TAKES(KEY) | FW_TAKES(CERT) | FW_TAKES(TSA_QUERY) | FW_TAKES(TSA_REPLY),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
