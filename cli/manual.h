/* The man page and the shell completions, made from the tables of commands and options. */
#ifndef FW_CLI_MANUAL_H
#define FW_CLI_MANUAL_H

#include "cli/cli.h"
#include "core/buf.h"

/* fwproof(1) as roff. */
void fw_manual(struct fw_buf *out);
/* For "bash", "zsh" or "fish"; false: no such shell. */
bool fw_completion(const char *shell, struct fw_buf *out);

/* The words an option's value can be, with blanks between; NULL: anything. Static, or in the
 * arena. */
const char *fw_option_words(enum fw_option option, struct fw_arena *arena);
/* Its value is a file or a folder. */
bool fw_option_is_path(enum fw_option option);

#endif
