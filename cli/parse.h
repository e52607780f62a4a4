/* What the kinds of files that `parse` prints share. */
#ifndef FW_CLI_PARSE_H
#define FW_CLI_PARSE_H

#include "cli/cli.h"
#include "parsers/doc.h"
#include "parsers/parser.h"

/* Writes out what has gathered, when it is that much. */
void fw_parse_flush(struct fw_buf *out, size_t at_least);
void fw_parse_end_line(struct fw_buf *out);
/* The four counts on standard error. */
void fw_parse_counts(const struct fw_cli *cli, fw_sv path, struct fw_line_counts lines);

/* The events of a log; returns the exit code. `only` as for fw_logfile_new. */
int fw_parse_log(struct fw_cli *cli, const char *path, const struct fw_parser *only);

#endif
