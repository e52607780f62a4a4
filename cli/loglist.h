/* Reading the logs that a command line names, with progress on a terminal. */
#ifndef FW_CLI_LOGLIST_H
#define FW_CLI_LOGLIST_H

#include "cli/answer.h"
#include "core/walk.h"
#include "evidence/logs.h"

/* Reads the options and finds the files that the operands name; false after a message. */
bool fw_loglist_begin(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *ret_paths,
                      struct fw_logs_options *ret);
/* Reads all of them and puts the sources, and the date counted from, into the answer's facts. A
 * file that cannot be read makes the answer `unreadable`. ret is to be cleared in any case. */
enum fw_err fw_loglist_read(struct fw_cli *cli, struct fw_answer *answer,
                            const struct fw_paths *paths, struct fw_logs_options *options,
                            struct fw_logs *ret);

#endif
