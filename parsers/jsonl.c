/* How one line of JSON is walked without building anything. */
#include "parsers/jsonl.h"

#include "core/limits.h"
#include "parsers/jsonmap.h"

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

static size_t offset_in(const struct fw_jsonmap *map, const char *p)
{
    return (size_t)(p - map->base);
}

/* As string_end, by bits. The end of the value may lie before the end of the line. */
static const char *mapped_string_end(const struct fw_jsonmap *map, const char *p, const char *end,
                                     bool *ret_escaped)
{
    size_t at = offset_in(map, p);
    size_t stop = offset_in(map, end);
    size_t quote = fw_jsonmap_next(map->quotes, stop, at);
    if (quote >= stop) {
        return NULL;
    }
    *ret_escaped = map->escaped && fw_jsonmap_next(map->escapes, quote, at) < quote;
    return map->base + quote + 1;
}

/* As nested_end, by bits. */
static const char *mapped_nested_end(const struct fw_jsonmap *map, const char *p, const char *end)
{
    uint64_t kinds = 0;
    unsigned depth = 0;
    size_t stop = offset_in(map, end);
    for (size_t at = offset_in(map, p);; at++) {
        at = fw_jsonmap_next(map->brackets, stop, at);
        if (at >= stop) {
            return NULL;
        }
        char c = map->base[at];
        if (c == '{' || c == '[') {
            if (depth == FW_LIMIT_JSON_DEPTH) {
                return NULL;
            }
            kinds = kinds << 1 | (c == '{');
            depth++;
            continue;
        }
        if ((kinds & 1) != (c == '}')) {
            return NULL;
        }
        kinds >>= 1;
        if (--depth == 0) {
            return map->base + at + 1;
        }
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

/* Only its letters, not its grammar: a quote within would be taken for the start of a text. */
static bool is_number(fw_sv text)
{
    if (!fw_is_digit(text.p[0]) && text.p[0] != '-') {
        return false;
    }
    for (size_t i = 1; i < text.n; i++) {
        if (!fw_is_digit(text.p[i]) && !memchr("+-.eE", text.p[i], 5)) {
            return false;
        }
    }
    return true;
}

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
    } else if (is_number(ret->raw)) {
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
        stop = json->map ? mapped_string_end(json->map, start + 1, json->end, &escaped)
                         : string_end(start + 1, json->end, &escaped);
        if (!stop) {
            return false;
        }
        *ret = (struct fw_jsonl_value){FW_JSONL_STRING, escaped,
                                       fw_sv_of(start + 1, (size_t)(stop - start) - 2)};
        break;
    case '{':
    case '[':
        stop = json->map ? mapped_nested_end(json->map, start, json->end)
                         : nested_end(start, json->end);
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

bool fw_jsonl_open_mapped(fw_sv text, char bracket, const struct fw_jsonmap *map,
                          struct fw_jsonl *ret)
{
    struct fw_jsonl json = {text.p, text.p + text.n, map, true, false};
    skip_blanks(&json);
    if (json.p == json.end || *json.p != bracket) {
        return false;
    }
    json.p++;
    *ret = json;
    return true;
}

bool fw_jsonl_open(fw_sv text, char bracket, struct fw_jsonl *ret)
{
    return fw_jsonl_open_mapped(text, bracket, NULL, ret);
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

/* The next member as machines write it: no blanks, the value a text, digits or an object. False,
 * and nothing done, when it is anything else: that is read the long way. */
static bool read_plainly(struct fw_jsonl *json, fw_sv *ret_key, struct fw_jsonl_value *ret)
{
    const struct fw_jsonmap *map = json->map;
    const char *p = json->p + !json->first;
    if (json->bad || json->end - json->p < 8 || (!json->first && *json->p != ',') || *p != '"') {
        return false;
    }
    size_t stop = offset_in(map, json->end);
    size_t key = offset_in(map, p + 1);
    size_t key_end = fw_jsonmap_next(map->quotes, stop, key);
    size_t at = key_end + 2;
    if (at >= stop || map->base[key_end + 1] != ':') {
        return false;
    }
    if (fw_is_digit(map->base[at])) {
        size_t end = at + 1;
        while (end < stop && fw_is_digit(map->base[end])) {
            end++;
        }
        if (end == stop || (map->base[end] != ',' && map->base[end] != '}')) {
            return false;
        }
        *ret_key = fw_sv_of(map->base + key, key_end - key);
        *ret = (struct fw_jsonl_value){FW_JSONL_NUMBER, false, fw_sv_of(map->base + at, end - at)};
        json->p = map->base + end;
        json->first = false;
        return true;
    }
    if (map->base[at] == '{') {
        const char *end = mapped_nested_end(map, map->base + at, json->end);
        if (!end) {
            return false;
        }
        *ret_key = fw_sv_of(map->base + key, key_end - key);
        *ret = (struct fw_jsonl_value){FW_JSONL_OBJECT, false,
                                       fw_sv_of(map->base + at, (size_t)(end - map->base) - at)};
        json->p = end;
        json->first = false;
        return true;
    }
    size_t end = map->base[at] == '"' ? fw_jsonmap_next(map->quotes, stop, at + 1) : stop;
    if (end >= stop) {
        return false;
    }
    *ret_key = fw_sv_of(map->base + key, key_end - key);
    ret->type = FW_JSONL_STRING;
    ret->escaped = map->escaped && fw_jsonmap_next(map->escapes, end, at + 1) < end;
    ret->raw = fw_sv_of(map->base + at + 1, end - at - 1);
    json->p = map->base + end + 1;
    json->first = false;
    return true;
}

bool fw_jsonl_member(struct fw_jsonl *json, fw_sv *ret_key, struct fw_jsonl_value *ret)
{
    if (json->map && read_plainly(json, ret_key, ret)) {
        return true;
    }
    if (!advance(json, '}')) {
        return false;
    }
    bool escaped;
    const char *start = json->p + 1;
    const char *stop = NULL;
    if (json->p < json->end && *json->p == '"') {
        stop = json->map ? mapped_string_end(json->map, start, json->end, &escaped)
                         : string_end(start, json->end, &escaped);
    }
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
