/*
 * JSON out: a writer that cannot produce a malformed document, with fields in the order written.
 * JSON in: a reader for files that people write (site, rulesets, decisions): comments allowed,
 * every value knows its place, depth is limited. Machine-written logs go through cJSON instead.
 */
#ifndef FW_CORE_JSON_H
#define FW_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/diag.h"
#include "core/ip.h"
#include "core/limits.h"
#include "core/span.h"
#include "core/sv.h"

struct fw_json {
    struct fw_buf *out;
    int indent; /* spaces a level; 0 writes on one line */
    unsigned depth;
    bool first[FW_LIMIT_JSON_DEPTH]; /* nothing written yet at this level */
    bool in_object[FW_LIMIT_JSON_DEPTH];
    bool key_pending; /* a key was written, its value was not */
};

void fw_json_init(struct fw_json *json, struct fw_buf *out, int indent);
void fw_json_object(struct fw_json *json); /* { ... until fw_json_end */
void fw_json_array(struct fw_json *json);
void fw_json_end(struct fw_json *json);
void fw_json_key(struct fw_json *json, const char *key);
void fw_json_key_sv(struct fw_json *json, fw_sv key);
/* Invalid UTF-8 becomes U+FFFD; what fw_text_unsafe names is written as \u escapes, so that JSON on
 * a terminal cannot act either and still reads back as the same text. */
void fw_json_string(struct fw_json *json, fw_sv value);
void fw_json_cstr(struct fw_json *json, const char *value);
void fw_json_u64(struct fw_json *json, uint64_t value);
void fw_json_double(struct fw_json *json, double value, int decimals); /* fixed, no locale */
/* Text that is a JSON number, as it is; anything else as a string. */
void fw_json_number(struct fw_json *json, fw_sv text);
void fw_json_bool(struct fw_json *json, bool value);
void fw_json_null(struct fw_json *json);
/* key + value in one call */
void fw_json_kv(struct fw_json *json, const char *key, fw_sv value);
void fw_json_kv_cstr(struct fw_json *json, const char *key, const char *value);
void fw_json_kv_texts(struct fw_json *json, const char *key, const fw_sv *values, size_t n);
void fw_json_kv_u64(struct fw_json *json, const char *key, uint64_t value);
void fw_json_kv_null(struct fw_json *json, const char *key);
void fw_json_kv_bool(struct fw_json *json, const char *key, bool value);
/* null when there is no such value, or no address */
void fw_json_kv_u64_if(struct fw_json *json, const char *key, bool present, uint64_t value);
void fw_json_kv_ip(struct fw_json *json, const char *key, fw_ip value);

enum fw_jtype {
    FW_JSON_NULL,
    FW_JSON_BOOL,
    FW_JSON_NUMBER,
    FW_JSON_STRING,
    FW_JSON_ARRAY,
    FW_JSON_OBJECT,
    FW_JSON_ANY, /* in tables of fw_jfield only: the reader checks the type */
};

struct fw_jvalue {
    enum fw_jtype type;
    fw_span span;            /* of the value */
    fw_span key_span;        /* of the key, in an object */
    fw_sv key;               /* in an object */
    fw_sv text;              /* STRING: decoded; NUMBER: as written */
    double number;           /* NUMBER */
    bool boolean;            /* BOOL */
    size_t count;            /* ARRAY, OBJECT: members */
    struct fw_jvalue *items; /* ARRAY, OBJECT: in file order */
};

/* Parses text (comments and trailing commas allowed, duplicate keys refused) into the arena. On an
 * error reports one diagnostic with the given id at its place and returns NULL. */
const struct fw_jvalue *fw_json_parse(struct fw_arena *arena, fw_sv text, fw_sv path,
                                      struct fw_diags *diags, enum fw_diag_id id);
/* Whether the whole text is a number in JSON's grammar. */
bool fw_json_is_number(fw_sv text);
const struct fw_jvalue *fw_json_find(const struct fw_jvalue *object, const char *key);

/* A key the reader of one object knows. An unknown key is reported with the nearest right one. */
struct fw_jfield {
    const char *key;
    enum fw_jtype type;
    bool required;
};

struct fw_jfile {
    fw_sv path;
    fw_sv text;
    struct fw_diags *diags;
    enum fw_diag_id id;
    uint64_t errors; /* counted up by every report */
};

/* Checks keys and types of an object against a table that ends with a NULL key. */
bool fw_json_check(struct fw_jfile *file, const struct fw_jvalue *object, const char *what,
                   const struct fw_jfield *fields);
void fw_json_error(struct fw_jfile *file, fw_span span, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* {0} when absent or not a string. */
fw_sv fw_json_text(const struct fw_jvalue *object, const char *key);

#endif
