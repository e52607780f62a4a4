/*
 * What a device or its time service says of its clock: statistics of chronyd and ntpd, and what
 * their tools and the commands of devices print. A parser hands over one record after the other; a
 * record lives until the next, so that a log of years needs no more memory than its text.
 *
 * An offset is how far the clock is off, in nanoseconds, whatever the sign means to the one who
 * printed it: tools disagree about it, and limits do not ask.
 */
#ifndef FW_PARSERS_CLOCK_H
#define FW_PARSERS_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/span.h"
#include "core/sv.h"
#include "core/time.h"

struct fw_doc;
struct fw_parser;

enum fw_clock_sync { FW_CLOCK_UNSAID, FW_CLOCK_SYNCED, FW_CLOCK_UNSYNCED };

struct fw_clock_field {
    fw_sv name, text; /* as printed; units are those of `what` */
};

enum { FW_CLOCK_FIELDS = 64 };

struct fw_clock_record {
    const char *what; /* "chronyc sources", "loopstats", "device clock" */
    fw_span span;
    bool has_stamp;
    struct fw_stamp stamp;
    bool peer;   /* about a server that the clock is compared with, not about the clock */
    bool chosen; /* the clock follows this server */
    enum fw_clock_sync sync;
    bool has_offset;
    int64_t offset_ns;
    fw_sv server; /* whom it follows, or whom the record is about; {0}: not said */
    size_t nfields;
    struct fw_clock_field fields[FW_CLOCK_FIELDS]; /* those that do not fit are left out */
};

struct fw_clock_sink {
    void (*take)(struct fw_clock_sink *sink, const struct fw_clock_record *record);
};

void fw_clock_begin(struct fw_clock_record *record, const char *what);
/* A value without a name is left out. */
void fw_clock_put(struct fw_clock_record *record, const char *name, fw_sv text);
/* The text of a field; {0}: the record has none of that name. */
fw_sv fw_clock_get(const struct fw_clock_record *record, const char *name);

/* "-5.769e-05", "+42.5", "0.000": units of `unit_ns`. False: no number, or too large a one. */
bool fw_clock_number(fw_sv text, double unit_ns, int64_t *ret_ns);
/* "-387ns", "+42.5s", "100us", "4000ms" */
bool fw_clock_quantity(fw_sv text, int64_t *ret_ns);
/* A date and a time of day in any order of words: "18:57:38.347 UTC Mon Oct 19 2015", "Sat Nov 21
 * 01:51:21 2026", "Tue 2020-03-10 17:53:21 PDT". Names of zones other than UTC and GMT say nothing,
 * because they mean different zones in different places. */
bool fw_clock_stamp(fw_sv text, struct fw_stamp *ret);
/* "01:50:37.25" */
bool fw_clock_time_of_day(fw_sv word, struct fw_stamp *ret);

/* Parses a loaded document of the kind FW_PARSER_CLOCK under a memory guard. */
enum fw_err fw_clock_parse(struct fw_doc *doc, const struct fw_parser *parser,
                           struct fw_clock_sink *sink);

#endif
