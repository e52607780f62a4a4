/* How one line of JSON is walked without building anything. */
#include "parsers/jsonl.h"

#include "core/limits.h"

static void skip_blanks(struct fw_jsonl *json)
{
    while (json->p < json->end &&
           (*json->p == ' ' || *json->p == '\t' || *json->p == '\r' || *json->p == '\n')) {
        json->p++;
    }
}

/* What ends a run of ordinary bytes: in a string, and between the members of a nested value. */
enum { IN_STRING = 1, IN_NESTED = 2 };

static const uint8_t marks[256] = {['"'] = IN_STRING | IN_NESTED,
                                   ['\\'] = IN_STRING,
                                   ['{'] = IN_NESTED,
                                   ['}'] = IN_NESTED,
                                   ['['] = IN_NESTED,
                                   [']'] = IN_NESTED};

static const char *skip_run(const char *p, const char *end, unsigned mark)
{
    while (end - p >= 4) {
        if (marks[(uint8_t)p[0]] & mark) {
            return p;
        }
        if (marks[(uint8_t)p[1]] & mark) {
            return p + 1;
        }
        if (marks[(uint8_t)p[2]] & mark) {
            return p + 2;
        }
        if (marks[(uint8_t)p[3]] & mark) {
            return p + 3;
        }
        p += 4;
    }
    while (p < end && !(marks[(uint8_t)*p] & mark)) {
        p++;
    }
    return p;
}

/* From behind the opening quote to behind the closing one; NULL when there is none. */
static const char *string_end(const char *p, const char *end, bool *ret_escaped)
{
    bool escaped = false;
    for (;;) {
        p = skip_run(p, end, IN_STRING);
        if (p == end) {
            return NULL;
        }
        if (*p == '"') {
            *ret_escaped = escaped;
            return p + 1;
        }
        escaped = true;
        if (end - p < 2) {
            return NULL;
        }
        p += 2;
    }
}

/* From an opening bracket to behind its closing one. The kinds of the open brackets are bits: 1 for
 * an object. */
static const char *nested_end(const char *p, const char *end)
{
    uint64_t kinds = 0;
    unsigned depth = 0;
    bool escaped;
    do {
        p = skip_run(p, end, IN_NESTED);
        if (p == end) {
            return NULL;
        }
        char c = *p++;
        if (c == '"') {
            p = string_end(p, end, &escaped);
            if (!p) {
                return NULL;
            }
        } else if (c == '{' || c == '[') {
            if (depth == FW_LIMIT_JSON_DEPTH) {
                return NULL;
            }
            kinds = kinds << 1 | (c == '{');
            depth++;
        } else if (c == '}' || c == ']') {
            if ((kinds & 1) != (c == '}')) {
                return NULL;
            }
            kinds >>= 1;
            depth--;
        }
    } while (depth > 0 && p < end);
    return depth == 0 ? p : NULL;
}

_Static_assert(FW_LIMIT_JSON_DEPTH <= 64, "bracket kinds are one 64-bit word");

/* A number, true, false or null: what stands up to the next comma, bracket or blank. */
static bool read_plain(struct fw_jsonl *json, struct fw_jsonl_value *ret)
{
    const char *start = json->p;
    while (json->p < json->end && *json->p != ',' && *json->p != '}' && *json->p != ']' &&
           *json->p != ' ' && *json->p != '\t' && *json->p != '\r' && *json->p != '\n') {
        json->p++;
    }
    ret->raw = fw_sv_of(start, (size_t)(json->p - start));
    ret->escaped = false;
    if (ret->raw.n == 0) {
        return false;
    }
    if (fw_sv_is(ret->raw, "null")) {
        ret->type = FW_JSONL_NULL;
    } else if (fw_sv_is(ret->raw, "true") || fw_sv_is(ret->raw, "false")) {
        ret->type = FW_JSONL_BOOL;
    } else if (fw_is_digit(*start) || *start == '-') {
        ret->type = FW_JSONL_NUMBER;
    } else {
        return false;
    }
    return true;
}

static bool read_value(struct fw_jsonl *json, struct fw_jsonl_value *ret)
{
    skip_blanks(json);
    if (json->p == json->end) {
        return false;
    }
    const char *start = json->p;
    const char *stop;
    bool escaped = false;
    switch (*start) {
    case '"':
        stop = string_end(start + 1, json->end, &escaped);
        if (!stop) {
            return false;
        }
        *ret = (struct fw_jsonl_value){FW_JSONL_STRING, escaped,
                                       fw_sv_of(start + 1, (size_t)(stop - start) - 2)};
        break;
    case '{':
    case '[':
        stop = nested_end(start, json->end);
        if (!stop) {
            return false;
        }
        *ret = (struct fw_jsonl_value){*start == '{' ? FW_JSONL_OBJECT : FW_JSONL_ARRAY, false,
                                       fw_sv_of(start, (size_t)(stop - start))};
        break;
    default:
        return read_plain(json, ret);
    }
    json->p = stop;
    return true;
}

bool fw_jsonl_open(fw_sv text, char bracket, struct fw_jsonl *ret)
{
    struct fw_jsonl json = {text.p, text.p + text.n, true, false};
    skip_blanks(&json);
    if (json.p == json.end || *json.p != bracket) {
        return false;
    }
    json.p++;
    *ret = json;
    return true;
}

/* Moves to the next element: over the comma, or over the closing bracket, which ends the walk. */
static bool advance(struct fw_jsonl *json, char closing)
{
    if (json->bad) {
        return false;
    }
    skip_blanks(json);
    if (json->p == json->end) {
        json->bad = true;
        return false;
    }
    if (*json->p == closing) {
        json->p++;
        return false;
    }
    if (!json->first) {
        if (*json->p != ',') {
            json->bad = true;
            return false;
        }
        json->p++;
        skip_blanks(json);
    }
    json->first = false;
    return true;
}

bool fw_jsonl_member(struct fw_jsonl *json, fw_sv *ret_key, struct fw_jsonl_value *ret)
{
    if (!advance(json, '}')) {
        return false;
    }
    bool escaped;
    const char *start = json->p + 1;
    const char *stop = json->p < json->end && *json->p == '"'
                           ? string_end(start, json->end, &escaped)
                           : NULL;
    if (!stop) {
        json->bad = true;
        return false;
    }
    json->p = stop;
    skip_blanks(json);
    if (json->p == json->end || *json->p != ':') {
        json->bad = true;
        return false;
    }
    json->p++;
    if (!read_value(json, ret)) {
        json->bad = true;
        return false;
    }
    *ret_key = fw_sv_of(start, (size_t)(stop - start) - 1);
    return true;
}

bool fw_jsonl_item(struct fw_jsonl *json, struct fw_jsonl_value *ret)
{
    if (!advance(json, ']')) {
        return false;
    }
    if (!read_value(json, ret)) {
        json->bad = true;
        return false;
    }
    return true;
}

bool fw_jsonl_closed(const struct fw_jsonl *json)
{
    struct fw_jsonl tail = *json;
    skip_blanks(&tail);
    return !tail.bad && tail.p == tail.end;
}

/* Four hexadecimal digits at p, or UINT32_MAX. */
static uint32_t read_unit(const char *p, const char *end)
{
    if (end - p < 4) {
        return UINT32_MAX;
    }
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = fw_hex_value(p[i]);
        if (digit < 0) {
            return UINT32_MAX;
        }
        unit = unit << 4 | (uint32_t)digit;
    }
    return unit;
}

static char *put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        *out++ = (char)code;
    } else if (code < 0x800) {
        *out++ = (char)(0xc0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *out++ = (char)(0xe0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    } else {
        *out++ = (char)(0xf0 | code >> 18);
        *out++ = (char)(0x80 | (code >> 12 & 0x3f));
        *out++ = (char)(0x80 | (code >> 6 & 0x3f));
        *out++ = (char)(0x80 | (code & 0x3f));
    }
    return out;
}

/* The code point of \uXXXX (p stands behind the u), with its second half when it is a surrogate; a
 * lone half becomes U+FFFD. Without four digits the u is a plain letter: what is written is never
 * longer than what was read. */
static uint32_t read_code(const char **p, const char *end)
{
    uint32_t unit = read_unit(*p, end);
    if (unit == UINT32_MAX) {
        return 'u';
    }
    *p += 4;
    if (unit < 0xd800 || unit > 0xdfff) {
        return unit;
    }
    if (unit < 0xdc00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u') {
        uint32_t low = read_unit(*p + 2, end);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *p += 6;
            return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    return 0xfffd;
}

fw_sv fw_jsonl_text(const struct fw_jsonl_value *value, struct fw_arena *scratch)
{
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    if (value->type != FW_JSONL_STRING) {
        return (fw_sv){0};
    }
    if (!value->escaped) {
        return value->raw;
    }
    /* No escape is shorter than what it stands for. */
    char *out = fw_arena_alloc(scratch, value->raw.n + 1);
    char *at = out;
    const char *end = value->raw.p + value->raw.n;
    for (const char *p = value->raw.p; p < end;) {
        char c = *p++;
        if (c != '\\' || p == end) {
            *at++ = c;
            continue;
        }
        c = *p++;
        const char *known = strchr(from, c);
        if (c == 'u') {
            at = put_utf8(at, read_code(&p, end));
        } else {
            *at++ = known && c ? to[known - from] : c;
        }
    }
    return fw_sv_of(out, (size_t)(at - out));
}

bool fw_jsonl_u64(const struct fw_jsonl_value *value, uint64_t *ret)
{
    return (value->type == FW_JSONL_NUMBER ||
            (value->type == FW_JSONL_STRING && !value->escaped)) &&
           fw_sv_u64(value->raw, ret);
}
