/* Help and version, made from the tables of commands and options. */
#include "cli/help.h"

#include "cli/manual.h"
#include "core/buf.h"
#include "core/json.h"
#include "parsers/parser.h"

void fw_help_all(FILE *out)
{
    fputs("fwproof: firewall and log reviews that can be proven\n\n"
          "usage: fwproof COMMAND [OPTION...] [ARGUMENT...]\n\n",
          out);
    for (size_t i = 0; fw_commands[i]; i++) {
        fprintf(out, "  %-9s %s\n", fw_commands[i]->name, fw_commands[i]->summary);
    }
    fputs("\n"
          "fwproof COMMAND --help     options and examples of a command\n"
          "fwproof explain ID         what a check or diagnostic means\n"
          "fwproof --version [--json] versions of the program, its formats and its rulesets\n\n"
          "exit status: 0 nothing failed, 1 something did, 2 it could not be judged\n",
          out);
}

void fw_help_command(const struct fw_command *command, FILE *out)
{
    fprintf(out, "usage: fwproof %s [OPTION...] %s\n\n%s.\n", command->name, command->arguments,
            command->summary);
    if (command->detail) {
        fprintf(out, "\n%s\n", command->detail);
    }
    fputs("\noptions:\n", out);
    for (int i = 0; i < FW_OPT_COUNT; i++) {
        if ((command->options >> i & 1) == 0) {
            continue;
        }
        char left[64];
        const struct fw_option_row *row = &fw_option_rows[i];
        snprintf(left, sizeof(left), "--%s%s%s", row->name, row->argument ? " " : "",
                 row->argument ? row->argument : "");
        fprintf(out, "  %-20s %s\n", left, row->what);
    }
    if (command->examples) {
        fprintf(out, "\nexamples:\n%s\n", command->examples);
    }
}

int fw_help_version(bool json)
{
    if (!json) {
        puts("fwproof " FWPROOF_VERSION);
        return FW_EXIT_OK;
    }
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    struct fw_diags *diags = fw_diags_new();
    struct fw_catalogue catalogue;
    int code = FW_EXIT_ERROR;
    if (diags && fw_catalogue_load(&arena, NULL, diags, &catalogue) == FW_OK) {
        char hex[FW_SHA256_HEX + 1];
        struct fw_buf buf;
        struct fw_json out;
        fw_buf_init(&buf);
        fw_json_init(&out, &buf, 2);
        fw_json_object(&out);
        fw_json_kv_cstr(&out, "version", FWPROOF_VERSION);
        fw_sha256_hex(catalogue.sha256, hex);
        fw_json_kv_cstr(&out, "rulesets_sha256", hex);
        fw_json_key(&out, "formats");
        fw_json_object(&out);
        for (size_t i = 0; fw_parsers[i]; i++) {
            fw_json_kv_u64(&out, fw_parsers[i]->name, fw_parsers[i]->version);
        }
        fw_json_end(&out);
        fw_json_end(&out);
        puts(buf.p);
        fw_buf_clear(&buf);
        code = FW_EXIT_OK;
    }
    fw_diags_free(diags);
    fw_arena_clear(&arena);
    return code;
}

int fw_help_manual(void)
{
    struct fw_buf out;
    fw_buf_init(&out);
    fw_manual(&out);
    fputs(out.p ? out.p : "", stdout);
    fw_buf_clear(&out);
    return FW_EXIT_OK;
}

int fw_help_completion(const char *shell)
{
    struct fw_buf out;
    fw_buf_init(&out);
    bool known = fw_completion(shell, &out);
    fputs(known && out.p ? out.p : "", stdout);
    fw_buf_clear(&out);
    if (!known) {
        fputs("fwproof: --completion writes for bash, zsh or fish\n", stderr);
    }
    return known ? FW_EXIT_OK : FW_EXIT_ERROR;
}
