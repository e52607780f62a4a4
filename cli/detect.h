/* What a file probably is, whatever it is called. */
#ifndef FW_CLI_DETECT_H
#define FW_CLI_DETECT_H

#include "core/sv.h"
#include "parsers/parser.h"

enum { FW_CLI_DETECT_BYTES = 65536 };

/* What a parser bids for the first bytes of a file, decoded. */
int fw_cli_bid(const struct fw_parser *parser, fw_sv head);

#endif
