/*
 * Reads one machine-written JSON object, member by member, in place: journald and EVE lines. Values
 * are views into the line; nothing is built, and only a string with escapes is copied (into an
 * arena) when its text is asked for. The grammar is checked on the way, so a half-written line is
 * noticed.
 *
 *   {"timestamp":"2022-07-12T06:22:33.415742+0000","event_type":"alert","alert":{"gid":1}}
 */
#ifndef FW_PARSERS_JSONL_H
#define FW_PARSERS_JSONL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"

enum fw_jsonl_type {
    FW_JSONL_NULL,
    FW_JSONL_BOOL,
    FW_JSONL_NUMBER,
    FW_JSONL_STRING,
    FW_JSONL_ARRAY,
    FW_JSONL_OBJECT,
};

struct fw_jsonl_value {
    enum fw_jsonl_type type;
    bool escaped; /* STRING: has a backslash, so `raw` is not yet the text */
    fw_sv raw;    /* STRING: between the quotes; otherwise as written, brackets included */
};

struct fw_jsonmap; /* jsonmap.h */

struct fw_jsonl {
    const char *p, *end;
    const struct fw_jsonmap *map; /* of the whole line; NULL: byte by byte */
    bool first;                   /* no member was read yet */
    bool bad;                     /* the text is not JSON; nothing more will be read */
};

/* Opens an object or array value, or a whole line (blanks around it are allowed). False when the
 * text does not begin with the bracket. */
bool fw_jsonl_open(fw_sv text, char bracket, struct fw_jsonl *ret);
/* The same for a part of a line that has a map (NULL: it has none): faster, and with equal results.
 */
bool fw_jsonl_open_mapped(fw_sv text, char bracket, const struct fw_jsonmap *map,
                          struct fw_jsonl *ret);
/* The next member of an object; false at the end or when bad. */
bool fw_jsonl_member(struct fw_jsonl *json, fw_sv *ret_key, struct fw_jsonl_value *ret);
/* The next item of an array; likewise. */
bool fw_jsonl_item(struct fw_jsonl *json, struct fw_jsonl_value *ret);
/* After the last member: nothing but blanks follows. */
bool fw_jsonl_closed(const struct fw_jsonl *json);

/* A string's text: the view itself, or unescaped into the arena. {0} for another type. */
fw_sv fw_jsonl_text(const struct fw_jsonl_value *value, struct fw_arena *scratch);
/* A number without sign, fraction and exponent, or a string of digits. */
bool fw_jsonl_u64(const struct fw_jsonl_value *value, uint64_t *ret);

#endif
