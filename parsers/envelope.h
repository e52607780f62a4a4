/*
 * What surrounds a log message: RFC 3164 and RFC 5424 headers, journald JSON lines, or nothing. One
 * reader for all of them, line by line, because real files mix them.
 */
#ifndef FW_PARSERS_ENVELOPE_H
#define FW_PARSERS_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"
#include "core/time.h"

struct fw_snort_fields;

enum fw_envelope_kind {
    FW_ENVELOPE_BARE, /* no header was recognised: the message is the line */
    FW_ENVELOPE_RFC3164,
    FW_ENVELOPE_RFC5424,
    FW_ENVELOPE_JOURNALD,
};

struct fw_envelope {
    enum fw_envelope_kind kind;
    bool has_priority;
    uint8_t priority; /* facility * 8 + severity */
    bool has_time;
    struct fw_stamp time; /* of the outer header */
    bool has_generated;
    struct fw_stamp
        generated; /* of the device itself, when a relay put a header of its own before */
    fw_sv host;    /* of the device: the inner header's when it names one; {0} absent or "-" */
    fw_sv relay;   /* host of the outer header when `host` is the inner one's */
    fw_sv app, pid, msgid;
    bool has_sequence; /* RFC 5424 meta sequenceId, Cisco sequence number */
    uint64_t sequence;
    int8_t synced;     /* RFC 5424 timeQuality isSynced: 1, 0, -1 unknown */
    int8_t zone_known; /* tzKnown, likewise; Cisco '*' gives synced = 0 */
    fw_sv message;
    /* Not in the line: what the site declares of its sensor's alert_csv; NULL: nothing. */
    const struct fw_snort_fields *csv_fields;
};

/* Always gives an envelope: BARE when nothing is recognised. Views point into the line or scratch.
 */
void fw_envelope_read(fw_sv line, struct fw_arena *scratch, struct fw_envelope *ret);
/* The line itself is the message, whatever it begins with. */
void fw_envelope_bare(fw_sv line, struct fw_envelope *ret);

#endif
