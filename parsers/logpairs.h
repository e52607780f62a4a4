/*
 * Logs that are lists: `key=value` pairs and CSV cells. Cutters take one pair or cell off the front
 * of a text; a table says what the value of a key becomes in an event. Nothing here allocates but
 * fw_pairs_plain.
 */
#ifndef FW_PARSERS_LOGPAIRS_H
#define FW_PARSERS_LOGPAIRS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"
#include "core/time.h"
#include "parsers/event.h"

enum fw_pair_kind {
    FW_PAIR_OWN,    /* the format treats it: `what` is a number of its choice */
    FW_PAIR_TEXT,   /* `what` is an enum fw_event_field in this and the following */
    FW_PAIR_NUM,    /* decimal or 0x hexadecimal */
    FW_PAIR_IP,     /* 0.0.0.0 and :: are addresses */
    FW_PAIR_NAT_IP, /* 0.0.0.0 and :: mean "not translated" */
    FW_PAIR_PORT,
    FW_PAIR_NAT_PORT, /* 0 means "not translated" */
    FW_PAIR_PROTO,    /* name or number */
    FW_PAIR_SECONDS,  /* into nanoseconds */
    FW_PAIR_STAMP,    /* a moment in any form that logs carry; not readable is absent */
};

struct fw_pair_row {
    fw_sv key;
    uint8_t kind, what;
};

#define FW_PAIR(key, kind, what) \
    { \
        FW_SV_INIT(key), FW_PAIR_##kind, (what) \
    }

/* Rows sorted by key in byte order. */
struct fw_pair_table {
    const struct fw_pair_row *rows;
    size_t n;
};

#define FW_PAIR_TABLE(rows) \
    { \
        (rows), sizeof(rows) / sizeof((rows)[0]) \
    }

/* NULL: the key is not in the table. */
const struct fw_pair_row *fw_pairs_find(const struct fw_pair_table *table, fw_sv key);
bool fw_pairs_sorted(const struct fw_pair_table *table); /* for the tests */
/* Sets the field of a row that is not OWN, unless it is set already. False when the value cannot be
 * what the key says; an empty value, "N/A", "-" and "none" are absent, which is no fault. */
bool fw_pairs_set(const struct fw_pair_row *row, fw_sv value, struct fw_event *ev);
/* The same; a value that is the parser's own (FW_PAIR_OWN) goes to own[what]. */
bool fw_pairs_put(const struct fw_pair_row *row, fw_sv value, fw_sv *own, struct fw_event *ev);
bool fw_pairs_is_absent(fw_sv value);

/* The next `key=value` of a list whose parts are separated by `sep` and blanks; a value may stand
 * in double quotes, with \" inside. A part without '=' is a key whose value has p == NULL. False at
 * the end. */
bool fw_pairs_next(fw_sv *rest, char sep, fw_sv *ret_key, fw_sv *ret_value);

/* The next cell of a line of CSV, without its quotes; "" inside stays doubled. False at the end. */
bool fw_pairs_cell(fw_sv *rest, fw_sv *ret);
/* All cells, at most max; returns how many there are. */
size_t fw_pairs_cells(fw_sv line, fw_sv *ret, size_t max);

/* Seconds (up to 11 digits), or milli-, micro- or nanoseconds, since 1970 UTC; a fraction of
 * seconds may follow a point. */
bool fw_pairs_epoch(fw_sv text, struct fw_stamp *ret);

/* Backslash escapes resolved (\n and \r become blanks, any other stands for itself), in `scratch`
 * when there are any. */
fw_sv fw_pairs_plain(fw_sv text, struct fw_arena *scratch);

#endif
