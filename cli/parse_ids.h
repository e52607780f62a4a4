/* What a file of a sensor says, one JSON object or line of text for each fact. */
#ifndef FW_CLI_PARSE_IDS_H
#define FW_CLI_PARSE_IDS_H

#include <stdbool.h>

#include "core/buf.h"
#include "parsers/idsrules.h"

/* The output is flushed from time to time: call fw_parse_flush for the rest. */
void fw_parse_ids_print(const struct fw_idsrules *rules, bool json, struct fw_buf *out);

#endif
