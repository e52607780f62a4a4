/* What a file about a clock says, printed as it is read. */
#ifndef FW_CLI_PARSE_CLOCK_H
#define FW_CLI_PARSE_CLOCK_H

#include <stdbool.h>

#include "core/buf.h"
#include "parsers/clock.h"

struct fw_parse_clock {
    struct fw_clock_sink sink; /* for fw_clock_parse */
    bool json;
    struct fw_buf *out; /* flushed from time to time: call fw_parse_flush for the rest */
};

void fw_parse_clock_init(struct fw_parse_clock *print, bool json, struct fw_buf *out);

#endif
