/* Files about clocks among those that a command line names. */
#ifndef FW_CLI_CLOCK_FILES_H
#define FW_CLI_CLOCK_FILES_H

#include "cli/answer.h"
#include "core/walk.h"

/* Reads those that are surely about a clock, takes them out of `paths`, and puts what they say into
 * the answer's facts. */
void fw_clock_files_read(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *paths);

#endif
