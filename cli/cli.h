/*
 * The command line: one table of commands (commands.def), one of options (options.def), and what
 * every command shares: reading its options, printing diagnostics, choosing exit codes.
 *
 * Results go to stdout, diagnostics to stderr, progress to a terminal only.
 */
#ifndef FW_CLI_CLI_H
#define FW_CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "analyzers/analyzer.h"
#include "analyzers/catalogue.h"
#include "core/arena.h"
#include "core/diag.h"

#define FW_OPT(id, name, argument, what) FW_OPT_##id,
enum fw_option {
#include "cli/options.def"
    FW_OPT_COUNT
};
#undef FW_OPT

struct fw_option_row {
    const char *name, *argument, *what; /* argument NULL: a flag */
};
extern const struct fw_option_row fw_option_rows[];

enum { FW_EXIT_OK = 0, FW_EXIT_FAILED = 1, FW_EXIT_ERROR = 2 };

struct fw_cli;

struct fw_command {
    const char *name, *arguments, *summary;
    const char *detail;             /* paragraphs for help and man page */
    const char *examples;           /* one a line */
    uint64_t options;               /* bits of enum fw_option */
    int min_operands, max_operands; /* max -1: any number */
    int (*run)(struct fw_cli *cli);
};

#define FW_TAKES(id) (UINT64_C(1) << FW_OPT_##id)
#define FW_TAKES_COMMON (FW_TAKES(HELP) | FW_TAKES(QUIET) | FW_TAKES(COLOR))

extern const struct fw_command *const fw_commands[]; /* ends with NULL */

struct fw_cli {
    const struct fw_command *command;
    const char *value[FW_OPT_COUNT]; /* NULL: not given; "" for a flag that was */
    int noperands;
    const char *const *operands;
    struct fw_arena arena; /* for the whole run */
    struct fw_diags *diags;
    struct fw_catalogue catalogue; /* after fw_cli_catalogue */
    const struct fw_profile *profile;
    enum fw_lang lang;
    enum fw_severity fail_on; /* after fw_cli_asked, as the form: a report's name */
    const char *form;
    bool color; /* stdout */
};

static inline bool fw_cli_has(const struct fw_cli *cli, enum fw_option option)
{
    return cli->value[option] != NULL;
}

/* "fwproof: message" on stderr; returns FW_EXIT_ERROR. */
int fw_cli_fail(const struct fw_cli *cli, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Prints what was collected on stderr, unless --quiet, and forgets it. */
void fw_cli_diagnose(struct fw_cli *cli);
/* The check of this id, whatever the case of its letters, or of a similar one; NULL: there is none.
 */
const struct fw_check *fw_cli_nearest_check(const struct fw_cli *cli, fw_sv id);
/* --checks, --fail-on and the form; false after a message. */
bool fw_cli_asked(struct fw_cli *cli);
/* Loads the audit rulesets, the profile (its name, or `fallback`), the language and what is asked.
 */
bool fw_cli_catalogue(struct fw_cli *cli, const char *fallback);
/* --as-of, else SOURCE_DATE_EPOCH; false with a message when malformed. *ret_given says whether
 * there was one. */
bool fw_cli_as_of(const struct fw_cli *cli, int32_t zone_seconds, bool *ret_given, int64_t *ret_ns);
bool fw_cli_zone(const struct fw_cli *cli, int32_t fallback, int32_t *ret_seconds);
/* --csv-fields; NULL when it is not given. */
struct fw_snort_fields;
bool fw_cli_csv_fields(struct fw_cli *cli, const struct fw_snort_fields **ret);
bool fw_cli_number(const struct fw_cli *cli, enum fw_option option, unsigned fallback, unsigned max,
                   unsigned *ret);
/* The exit code of results under --fail-on and --strict. */
int fw_cli_exit(const struct fw_cli *cli, const struct fw_results *results);
/* Writes to stdout, or to --out when given. */
int fw_cli_emit(const struct fw_cli *cli, const struct fw_buf *text);
/* How many threads the machine can run at once. */
unsigned fw_cli_processors(void);
/* Bytes on the disk of all these files together. */
struct fw_paths;
uint64_t fw_cli_bytes(const struct fw_paths *paths);
/* Cells of the terminal; 80 when unknown. */
size_t fw_cli_width(void);

#endif
