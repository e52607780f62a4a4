/* The entry point: finds the command, reads its options, runs it. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/help.h"
#include "core/text.h"

#define FW_COMMAND(name) extern const struct fw_command fw_command_##name;
#include "cli/commands.def"
#undef FW_COMMAND

const struct fw_command *const fw_commands[] = {
#define FW_COMMAND(name) &fw_command_##name,
#include "cli/commands.def"
#undef FW_COMMAND
    NULL,
};

const struct fw_option_row fw_option_rows[] = {
#define FW_OPT(id, name, argument, what) {name, argument, what},
#include "cli/options.def"
#undef FW_OPT
};

static const struct fw_command *find_command(const char *name)
{
    for (size_t i = 0; fw_commands[i]; i++) {
        if (strcmp(fw_commands[i]->name, name) == 0) {
            return fw_commands[i];
        }
    }
    return NULL;
}

static void say_nearest(const char *what, const char *given, const char *nearest)
{
    struct fw_buf safe;
    fw_buf_init(&safe);
    fw_text_safe(&safe, fw_sv_from(given));
    fprintf(stderr, "fwproof: there is no %s \"%s\"", what, safe.p ? safe.p : "");
    if (nearest) {
        fprintf(stderr, "; did you mean \"%s\"?", nearest);
    }
    fputs("\nfwproof: see fwproof --help\n", stderr);
    fw_buf_clear(&safe);
}

static int unknown_command(const char *given)
{
    const char *nearest = NULL;
    size_t best = 3;
    for (size_t i = 0; fw_commands[i]; i++) {
        size_t distance = fw_text_distance(fw_sv_from(given), fw_sv_from(fw_commands[i]->name),
                                           best);
        if (distance < best) {
            best = distance;
            nearest = fw_commands[i]->name;
        }
    }
    say_nearest("command", given, nearest);
    return FW_EXIT_ERROR;
}

static int unknown_option(const struct fw_command *command, const char *given)
{
    const char *nearest = NULL;
    size_t best = 4;
    for (int i = 0; i < FW_OPT_COUNT; i++) {
        size_t distance = (command->options >> i & 1) != 0
                              ? fw_text_distance(fw_sv_from(given),
                                                 fw_sv_from(fw_option_rows[i].name), best)
                              : best;
        if (distance < best) {
            best = distance;
            nearest = fw_option_rows[i].name;
        }
    }
    say_nearest("option of this command", given, nearest);
    return FW_EXIT_ERROR;
}

/* --name value, --name=value, -h, -q, -o value; "--" ends the options, "-" is an operand. */
static int read_arguments(struct fw_cli *cli, int argc, char **argv)
{
    const char **operands = calloc((size_t)argc + 1, sizeof(*operands));
    if (!operands) {
        return fw_cli_fail(cli, "out of memory");
    }
    cli->operands = operands;
    bool options_end = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (options_end || word[0] != '-' || word[1] == '\0') {
            operands[cli->noperands++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_end = true;
            continue;
        }
        const char *name = strcmp(word, "-h") == 0   ? "help"
                           : strcmp(word, "-q") == 0 ? "quiet"
                           : strcmp(word, "-o") == 0 ? "out"
                           : word[1] == '-'          ? word + 2
                                                     : word + 1;
        const char *equals = strchr(name, '=');
        fw_sv key = fw_sv_of(name, equals ? (size_t)(equals - name) : strlen(name));
        int found = 0;
        while (found < FW_OPT_COUNT && !fw_sv_is(key, fw_option_rows[found].name)) {
            found++;
        }
        if (found == FW_OPT_COUNT || (cli->command->options >> found & 1) == 0) {
            return unknown_option(cli->command, fw_arena_cstr(&cli->arena, key));
        }
        const struct fw_option_row *row = &fw_option_rows[found];
        if (!row->argument && equals) {
            return fw_cli_fail(cli, "--%s takes no value", row->name);
        }
        if (row->argument && !equals && i + 1 == argc) {
            return fw_cli_fail(cli, "--%s takes %s: %s", row->name, row->argument, row->what);
        }
        cli->value[found] = !row->argument ? "" : equals ? equals + 1 : argv[++i];
    }
    return FW_EXIT_OK;
}

static bool wants_color(const struct fw_cli *cli)
{
    const char *when = cli->value[FW_OPT_COLOR];
    const char *no_color = getenv("NO_COLOR");
    if (when && strcmp(when, "always") == 0) {
        return true;
    }
    return (!when || strcmp(when, "never") != 0) && (!no_color || no_color[0] == '\0') &&
           isatty(STDOUT_FILENO) == 1;
}

static int run_command(struct fw_cli *cli, int argc, char **argv)
{
    int code = read_arguments(cli, argc, argv);
    if (code != FW_EXIT_OK) {
        return code;
    }
    const struct fw_command *command = cli->command;
    if (fw_cli_has(cli, FW_OPT_HELP)) {
        fw_help_command(command, stdout);
        return FW_EXIT_OK;
    }
    const char *when = cli->value[FW_OPT_COLOR];
    if (when && strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 &&
        strcmp(when, "never") != 0) {
        return fw_cli_fail(cli, "--color is auto, always or never");
    }
    if (cli->noperands < command->min_operands ||
        (command->max_operands >= 0 && cli->noperands > command->max_operands)) {
        return fw_cli_fail(cli, "usage: fwproof %s %s\nfwproof: see fwproof %s --help",
                           command->name, command->arguments, command->name);
    }
    cli->color = wants_color(cli);
    code = command->run(cli);
    fw_cli_diagnose(cli);
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        const struct fw_command *about = argc > 2 ? find_command(argv[2]) : NULL;
        if (about) {
            fw_help_command(about, stdout);
        } else {
            fw_help_all(argc < 2 ? stderr : stdout);
        }
        return argc < 2 ? FW_EXIT_ERROR : FW_EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        return fw_help_version(argc > 2 && strcmp(argv[2], "--json") == 0);
    }
    if (strcmp(argv[1], "--man") == 0) {
        return fw_help_manual();
    }
    if (strcmp(argv[1], "--completion") == 0) {
        return fw_help_completion(argc > 2 ? argv[2] : "");
    }
    struct fw_cli cli = {.command = find_command(argv[1])};
    if (!cli.command) {
        return unknown_command(argv[1]);
    }
    fw_arena_init(&cli.arena, 0);
    cli.diags = fw_diags_new();
    int code = cli.diags ? run_command(&cli, argc - 2, argv + 2) : FW_EXIT_ERROR;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        code = fw_cli_fail(&cli, "cannot write the output");
    }
    free((void *)(uintptr_t)cli.operands);
    fw_diags_free(cli.diags);
    fw_arena_clear(&cli.arena);
    return code;
}
