/*
 * IDS rule and configuration files: signatures, and what else a file of a sensor says (idsconf.h).
 * Rule files have signatures, other files have none.
 */
#ifndef FW_PARSERS_IDSRULES_H
#define FW_PARSERS_IDSRULES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/span.h"
#include "core/sv.h"
#include "parsers/idsconf.h"

struct fw_signature {
    uint32_t gid, sid, rev;
    bool enabled;
    fw_sv action, protocol, msg, classtype;
    fw_sv created, updated; /* from metadata, as written */
    fw_span span;
};

struct fw_idsrules {
    size_t n;
    struct fw_signature *v;
    fw_sv set_name;    /* "Emerging Threats Open", when the header says so */
    fw_sv set_version; /* as written */
    int32_t set_year;  /* newest date the file itself carries; 0 when it carries none */
    uint8_t set_month, set_day;
    fw_span set_span;
    struct fw_idsconf conf; /* what the file says beside its rules */
};

#endif
