/* Help, man page and shell completion, all made from the tables of commands and options. */
#ifndef FW_CLI_HELP_H
#define FW_CLI_HELP_H

#include <stdio.h>

#include "cli/cli.h"

void fw_help_all(FILE *out);
void fw_help_command(const struct fw_command *command, FILE *out);
int fw_help_version(bool json);
/* fwproof(1) as roff, on stdout. */
int fw_help_manual(void);
/* The completion function of a shell, on stdout. */
int fw_help_completion(const char *shell);

#endif
