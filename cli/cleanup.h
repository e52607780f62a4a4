/* rules --fix: a script for the device that removes what can go without changing any verdict. */
#ifndef FW_CLI_CLEANUP_H
#define FW_CLI_CLEANUP_H

#include "cli/cli.h"
#include "evidence/configs.h"

/* Prints a script for every configuration (analysed before); the exit code. Nothing is printed for
 * one whose script is not proven to change nothing, and the code is then FW_EXIT_ERROR. */
int fw_cleanup_print(struct fw_cli *cli, const struct fw_config *configs, size_t n, unsigned jobs);

#endif
