/* Lines in which the logging itself, on a device or a collector, says that it lost something. */
#ifndef FW_PARSERS_LOGLOSS_H
#define FW_PARSERS_LOGLOSS_H

#include <stdint.h>

#include "parsers/logfile.h"

enum fw_logloss {
    FW_LOGLOSS_NONE,
    FW_LOGLOSS_SYSTEM, /* a line of the system log, about something else */
    FW_LOGLOSS_LOST,
};

/* Of a line that is no record of traffic. *ret: how many events it says were lost, at least one. */
enum fw_logloss fw_logloss_read(const struct fw_logline *line, uint64_t *ret);

#endif
