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
    bool noalert; /* `noalert`, `flowbits:noalert`: it sets a mark for others and tells nothing */
    fw_sv action, protocol, msg, classtype;
    fw_sv source, source_port, direction, destination, destination_port; /* as written; {0}: none */
    uint32_t priority; /* of the rule itself; 0: its class says it */
    size_t nreferences;
    const fw_sv *references; /* "cve,2009-0233" */
    fw_sv metadata;          /* as written; several are joined by ", " */
    fw_sv created, updated;  /* from metadata, as written */
    fw_span span;
    struct fw_tuning_note note; /* comments behind the rule and right above it */
};

struct fw_idsrules {
    size_t n;
    struct fw_signature *v;
    fw_sv set_name;          /* "Emerging Threats Open", when the header says so */
    fw_sv set_version;       /* as written */
    struct fw_date set_date; /* newest that the file itself carries; year 0 when it carries none */
    fw_span set_span;
    bool delivered; /* an archive: of a signature that was unpacked, what was unpacked counts */
    struct fw_idsconf conf; /* what the file says beside its rules */
};

/* How many of its rules are in force. */
static inline uint64_t fw_idsrules_enabled(const struct fw_idsrules *rules)
{
    uint64_t n = 0;
    for (size_t i = 0; i < rules->n; i++) {
        n += rules->v[i].enabled;
    }
    return n;
}

#endif
