/* Answers: how is a JSON document written that is always well-formed and always the same bytes? */
#include "core/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

/* Strings up to this length are put together before they are added. */
#define SHORT_BYTES 56

void fw_json_init(struct fw_json *json, struct fw_buf *out, int indent)
{
    *json = (struct fw_json){.out = out, .indent = indent};
}

static void new_line(struct fw_json *json)
{
    if (json->indent > 0) {
        fw_buf_add_char(json->out, '\n');
        fw_buf_add_repeat(json->out, " ", json->depth * (size_t)json->indent);
    }
}

/* The comma and line break before the next member of the open array or object. */
static void next_member(struct fw_json *json)
{
    if (!json->first[json->depth - 1]) {
        fw_buf_add_char(json->out, ',');
    }
    json->first[json->depth - 1] = false;
    new_line(json);
}

static void before_value(struct fw_json *json)
{
    if (json->key_pending) {
        json->key_pending = false;
        return;
    }
    if (json->depth > 0) {
        assert(!json->in_object[json->depth - 1]); /* a value without a key */
        next_member(json);
    }
}

static void open_level(struct fw_json *json, bool object)
{
    assert(json->depth < FW_LIMIT_JSON_DEPTH);
    before_value(json);
    fw_buf_add_char(json->out, object ? '{' : '[');
    json->first[json->depth] = true;
    json->in_object[json->depth] = object;
    json->depth++;
}

void fw_json_object(struct fw_json *json)
{
    open_level(json, true);
}

void fw_json_array(struct fw_json *json)
{
    open_level(json, false);
}

void fw_json_end(struct fw_json *json)
{
    assert(json->depth > 0 && !json->key_pending);
    json->depth--;
    if (!json->first[json->depth]) {
        new_line(json);
    }
    fw_buf_add_char(json->out, json->in_object[json->depth] ? '}' : ']');
}

static void put_escape(struct fw_buf *out, uint32_t codepoint)
{
    switch (codepoint) {
    case '"':
        fw_buf_add_cstr(out, "\\\"");
        return;
    case '\\':
        fw_buf_add_cstr(out, "\\\\");
        return;
    case '\n':
        fw_buf_add_cstr(out, "\\n");
        return;
    case '\r':
        fw_buf_add_cstr(out, "\\r");
        return;
    case '\t':
        fw_buf_add_cstr(out, "\\t");
        return;
    default:
        break;
    }
    if (codepoint >= 0x10000) {
        unsigned offset = (unsigned)codepoint - 0x10000;
        fw_buf_printf(out, "\\u%04x\\u%04x", 0xd800 | offset >> 10, 0xdc00 | (offset & 0x3ff));
    } else {
        fw_buf_printf(out, "\\u%04x", (unsigned)codepoint);
    }
}

#define EVERY(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes may need an escape: a zero byte borrows into its top bit when one is
 * subtracted, and so does a byte below 0x20 when 0x20 is. Says yes once too often at worst. */
static bool has_special(uint64_t word)
{
    uint64_t quote = word ^ EVERY('"');
    uint64_t backslash = word ^ EVERY('\\');
    uint64_t del = word ^ EVERY(0x7f);
    uint64_t found = (word - EVERY(0x20)) | (quote - EVERY(1)) | (backslash - EVERY(1)) |
                     (del - EVERY(1)) | word;
    return (found & EVERY(0x80)) != 0;
}

/* Length of the longest prefix that is written as it is. */
static size_t plain_prefix(fw_sv text)
{
    size_t n = 0;
    uint64_t word;
    while (n + sizeof(word) <= text.n) {
        memcpy(&word, text.p + n, sizeof(word));
        if (has_special(word)) {
            break;
        }
        n += sizeof(word);
    }
    while (n < text.n) {
        unsigned char c = (unsigned char)text.p[n];
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
            break;
        }
        n++;
    }
    return n;
}

static void put_escaped(struct fw_buf *out, fw_sv text)
{
    while (text.n > 0) {
        size_t n = plain_prefix(text);
        fw_buf_add(out, fw_sv_of(text.p, n));
        text = fw_sv_of(text.p + n, text.n - n);
        if (text.n == 0) {
            break;
        }
        uint32_t codepoint = fw_utf8_next(&text);
        if (codepoint < 0x80 || fw_text_unsafe(codepoint)) {
            put_escape(out, codepoint);
        } else {
            fw_utf8_put(out, codepoint);
        }
    }
}

/* The text in quotes and what follows them. Most are short and plain and go out in one piece. */
static void put_string(struct fw_buf *out, fw_sv text, fw_sv after)
{
    char piece[SHORT_BYTES + 8];
    if (text.n <= SHORT_BYTES && plain_prefix(text) == text.n) {
        piece[0] = '"';
        if (text.n > 0) {
            memcpy(piece + 1, text.p, text.n);
        }
        piece[text.n + 1] = '"';
        memcpy(piece + text.n + 2, after.p, after.n);
        fw_buf_add(out, fw_sv_of(piece, text.n + 2 + after.n));
        return;
    }
    fw_buf_add_char(out, '"');
    put_escaped(out, text);
    fw_buf_add_char(out, '"');
    fw_buf_add(out, after);
}

void fw_json_key_sv(struct fw_json *json, fw_sv key)
{
    assert(json->depth > 0 && json->in_object[json->depth - 1] && !json->key_pending);
    next_member(json);
    put_string(json->out, key, json->indent > 0 ? FW_SV(": ") : FW_SV(":"));
    json->key_pending = true;
}

void fw_json_key(struct fw_json *json, const char *key)
{
    fw_json_key_sv(json, fw_sv_from(key));
}

void fw_json_string(struct fw_json *json, fw_sv value)
{
    before_value(json);
    put_string(json->out, value, FW_SV(""));
}

void fw_json_cstr(struct fw_json *json, const char *value)
{
    fw_json_string(json, fw_sv_from(value));
}

void fw_json_u64(struct fw_json *json, uint64_t value)
{
    before_value(json);
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    fw_buf_add(json->out, fw_sv_of(digits + at, sizeof(digits) - at));
}

void fw_json_double(struct fw_json *json, double value, int decimals)
{
    assert(decimals >= 0 && decimals <= 17);
    if (!isfinite(value)) {
        fw_json_null(json); /* JSON has no such numbers */
        return;
    }
    before_value(json);
    char text[352]; /* DBL_MAX has 309 digits before the point */
    int n = snprintf(text, sizeof(text), "%.*f", decimals, value);
    assert(n > 0 && (size_t)n < sizeof(text));
    /* What a locale writes as its decimal mark, in however many bytes, is a point here; a value
     * that rounds to zero has no sign. */
    bool zero = true;
    for (int i = 0; i < n; i++) {
        zero = zero && !(text[i] >= '1' && text[i] <= '9');
    }
    bool mark = false;
    for (int i = zero && text[0] == '-' ? 1 : 0; i < n; i++) {
        if (fw_is_digit(text[i]) || text[i] == '-') {
            fw_buf_add_char(json->out, text[i]);
        } else if (!mark) {
            fw_buf_add_char(json->out, '.');
            mark = true;
        }
    }
}

static size_t digits(fw_sv text, size_t at)
{
    size_t n = 0;
    while (at + n < text.n && fw_is_digit(text.p[at + n])) {
        n++;
    }
    return n;
}

bool fw_json_is_number(fw_sv text)
{
    size_t at = text.n > 0 && text.p[0] == '-' ? 1 : 0;
    size_t n = digits(text, at);
    if (n == 0 || (n > 1 && text.p[at] == '0')) {
        return false;
    }
    at += n;
    if (at < text.n && text.p[at] == '.') {
        n = digits(text, at + 1);
        if (n == 0) {
            return false;
        }
        at += n + 1;
    }
    if (at < text.n && (text.p[at] == 'e' || text.p[at] == 'E')) {
        at++;
        if (at < text.n && (text.p[at] == '+' || text.p[at] == '-')) {
            at++;
        }
        n = digits(text, at);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    return at == text.n;
}

void fw_json_number(struct fw_json *json, fw_sv text)
{
    if (!fw_json_is_number(text)) {
        fw_json_string(json, text);
        return;
    }
    before_value(json);
    fw_buf_add(json->out, text);
}

void fw_json_bool(struct fw_json *json, bool value)
{
    before_value(json);
    fw_buf_add_cstr(json->out, value ? "true" : "false");
}

void fw_json_null(struct fw_json *json)
{
    before_value(json);
    fw_buf_add_cstr(json->out, "null");
}

void fw_json_kv(struct fw_json *json, const char *key, fw_sv value)
{
    fw_json_key(json, key);
    fw_json_string(json, value);
}

void fw_json_kv_cstr(struct fw_json *json, const char *key, const char *value)
{
    fw_json_key(json, key);
    fw_json_cstr(json, value);
}

void fw_json_kv_texts(struct fw_json *json, const char *key, const fw_sv *values, size_t n)
{
    fw_json_key(json, key);
    fw_json_array(json);
    for (size_t i = 0; i < n; i++) {
        fw_json_string(json, values[i]);
    }
    fw_json_end(json);
}

void fw_json_kv_u64(struct fw_json *json, const char *key, uint64_t value)
{
    fw_json_key(json, key);
    fw_json_u64(json, value);
}

void fw_json_kv_null(struct fw_json *json, const char *key)
{
    fw_json_key(json, key);
    fw_json_null(json);
}

void fw_json_kv_bool(struct fw_json *json, const char *key, bool value)
{
    fw_json_key(json, key);
    fw_json_bool(json, value);
}

void fw_json_kv_u64_if(struct fw_json *json, const char *key, bool present, uint64_t value)
{
    if (present) {
        fw_json_kv_u64(json, key, value);
    } else {
        fw_json_kv_null(json, key);
    }
}

void fw_json_kv_ip(struct fw_json *json, const char *key, fw_ip value)
{
    if (value.family == 0) {
        fw_json_kv_null(json, key);
        return;
    }
    struct fw_buf text;
    fw_buf_init(&text);
    fw_ip_text(&text, value);
    fw_json_kv(json, key, fw_buf_sv(&text));
    fw_buf_clear(&text);
}
