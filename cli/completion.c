/* What can the next word of a command line be? Functions for bash, zsh and fish, from the tables.
 */
#include "cli/manual.h"

#include <string.h>

#include "parsers/parser.h"

static const struct {
    enum fw_option option;
    const char *words;
} choices[] = {
    {FW_OPT_COLOR, "auto always never"},
    {FW_OPT_FAIL_ON, "low medium high critical"},
    {FW_OPT_LANG, "en zh-TW"},
    {FW_OPT_ROLE, "reviewer manager ciso"},
};

const char *fw_option_words(enum fw_option option, struct fw_arena *arena)
{
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        if (choices[i].option == option) {
            return choices[i].words;
        }
    }
    if (option != FW_OPT_FORMAT) {
        return NULL;
    }
    struct fw_buf names;
    fw_buf_init(&names);
    for (size_t i = 0; fw_parsers[i]; i++) {
        fw_buf_add_cstr(&names, i > 0 ? " " : "");
        fw_buf_add_cstr(&names, fw_parsers[i]->name);
    }
    const char *words = fw_arena_cstr(arena, fw_buf_sv(&names));
    fw_buf_clear(&names);
    return words;
}

bool fw_option_is_path(enum fw_option option)
{
    static const char *const paths[] = {"FILE", "PATH", "DIR", "PACK"};
    const char *argument = fw_option_rows[option].argument;
    for (size_t i = 0; argument && i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (strcmp(argument, paths[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Inside single quotes of a shell. zsh: brackets and colons of a description are escaped. */
static void put_quoted(struct fw_buf *out, const char *text, bool zsh)
{
    for (const char *p = text; *p; p++) {
        if (*p == '\'') {
            fw_buf_add_cstr(out, "'\\''");
        } else {
            if (zsh && (*p == '[' || *p == ']' || *p == ':')) {
                fw_buf_add_char(out, '\\');
            }
            fw_buf_add_char(out, *p);
        }
    }
}

static void put_commands(struct fw_buf *out)
{
    for (size_t i = 0; fw_commands[i]; i++) {
        fw_buf_add_cstr(out, i > 0 ? " " : "");
        fw_buf_add_cstr(out, fw_commands[i]->name);
    }
}

static void bash(struct fw_buf *out, struct fw_arena *arena)
{
    fw_buf_add_cstr(out,
                    "# bash completion of fwproof, made by fwproof --completion bash\n"
                    "_fwproof()\n{\n"
                    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                    "    COMPREPLY=()\n"
                    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                    "        COMPREPLY=($(compgen -W '");
    put_commands(out);
    fw_buf_add_cstr(out, " --help --version' -- \"$cur\"))\n        return\n    fi\n"
                         "    case $prev in\n");
    for (int i = 0; i < FW_OPT_COUNT; i++) {
        const char *words = fw_option_words((enum fw_option)i, arena);
        if (words) {
            fw_buf_printf(out, "    --%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n",
                          fw_option_rows[i].name, words);
        }
    }
    fw_buf_add_cstr(out, "    esac\n    case $cur in\n    -*) ;;\n    *) return ;;\n    esac\n"
                         "    case ${COMP_WORDS[1]} in\n");
    for (size_t c = 0; fw_commands[c]; c++) {
        fw_buf_printf(out, "    %s) COMPREPLY=($(compgen -W '", fw_commands[c]->name);
        const char *before = "";
        for (int i = 0; i < FW_OPT_COUNT; i++) {
            if (fw_commands[c]->options >> i & 1) {
                fw_buf_printf(out, "%s--%s", before, fw_option_rows[i].name);
                before = " ";
            }
        }
        fw_buf_add_cstr(out, "' -- \"$cur\")) ;;\n");
    }
    fw_buf_add_cstr(out, "    esac\n}\ncomplete -o default -F _fwproof fwproof\n");
}

static void zsh(struct fw_buf *out, struct fw_arena *arena)
{
    fw_buf_add_cstr(out, "#compdef fwproof\n"
                         "# zsh completion of fwproof, made by fwproof --completion zsh\n"
                         "_fwproof() {\n"
                         "    if (( CURRENT == 2 )); then\n"
                         "        local -a commands=(\n");
    for (size_t c = 0; fw_commands[c]; c++) {
        fw_buf_printf(out, "            '%s:", fw_commands[c]->name);
        put_quoted(out, fw_commands[c]->summary, true);
        fw_buf_add_cstr(out, "'\n");
    }
    fw_buf_add_cstr(out, "        )\n        _describe command commands\n        return\n    fi\n"
                         "    local command=$words[2]\n"
                         "    shift words\n    (( CURRENT-- ))\n"
                         "    case $command in\n");
    for (size_t c = 0; fw_commands[c]; c++) {
        fw_buf_printf(out, "    %s) _arguments", fw_commands[c]->name);
        for (int i = 0; i < FW_OPT_COUNT; i++) {
            if ((fw_commands[c]->options >> i & 1) == 0) {
                continue;
            }
            const struct fw_option_row *row = &fw_option_rows[i];
            const char *words = fw_option_words((enum fw_option)i, arena);
            fw_buf_printf(out, " \\\n        '--%s[", row->name);
            put_quoted(out, row->what, true);
            fw_buf_add_char(out, ']');
            if (row->argument) {
                fw_buf_printf(out, ":%s:", row->argument);
                fw_buf_add_cstr(out, fw_option_is_path((enum fw_option)i) ? "_files" : "");
                if (words) {
                    fw_buf_printf(out, "(%s)", words);
                }
            }
            fw_buf_add_char(out, '\'');
        }
        fw_buf_add_cstr(out, " \\\n        '*:file:_files' ;;\n");
    }
    fw_buf_add_cstr(out, "    esac\n}\n_fwproof \"$@\"\n");
}

static void fish(struct fw_buf *out, struct fw_arena *arena)
{
    fw_buf_add_cstr(out, "# fish completion of fwproof, made by fwproof --completion fish\n");
    for (size_t c = 0; fw_commands[c]; c++) {
        fw_buf_printf(out, "complete -c fwproof -n __fish_use_subcommand -f -a %s -d '",
                      fw_commands[c]->name);
        put_quoted(out, fw_commands[c]->summary, false);
        fw_buf_add_cstr(out, "'\n");
    }
    for (int i = 0; i < FW_OPT_COUNT; i++) {
        const struct fw_option_row *row = &fw_option_rows[i];
        const char *words = fw_option_words((enum fw_option)i, arena);
        bool any = false;
        for (size_t c = 0; fw_commands[c]; c++) {
            if (fw_commands[c]->options >> i & 1) {
                fw_buf_add_cstr(out,
                                any ? " " : "complete -c fwproof -n '__fish_seen_subcommand_from ");
                fw_buf_add_cstr(out, fw_commands[c]->name);
                any = true;
            }
        }
        if (!any) {
            continue;
        }
        fw_buf_printf(out, "' -l %s -d '", row->name);
        put_quoted(out, row->what, false);
        fw_buf_add_char(out, '\'');
        if (words) {
            fw_buf_printf(out, " -x -a '%s'", words);
        } else if (row->argument) {
            fw_buf_add_cstr(out, fw_option_is_path((enum fw_option)i) ? " -r -F" : " -x");
        }
        fw_buf_add_char(out, '\n');
    }
}

bool fw_completion(const char *shell, struct fw_buf *out)
{
    static const struct {
        const char *name;
        void (*write)(struct fw_buf *out, struct fw_arena *arena);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            struct fw_arena arena;
            fw_arena_init(&arena, 0);
            shells[i].write(out, &arena);
            fw_arena_clear(&arena);
            return true;
        }
    }
    return false;
}
