/* Answers: what does a JSON file that a person wrote say, and where exactly is it wrong? */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/text.h"

/* Edits within which another key counts as a slip of the keyboard. */
#define SUGGEST_EDITS 2

struct reader {
    struct fw_jfile file;
    struct fw_arena *arena;
    size_t at;
    uint32_t line;
    bool failed; /* one diagnostic is enough: what follows an error is guesswork */
};

static const char *const type_names[] = {"null",     "true or false", "a number",
                                         "a string", "an array",      "an object"};

static fw_span span_from(const struct reader *r, size_t start, uint32_t line)
{
    size_t n = r->at - start;
    return (fw_span){start, n > UINT32_MAX ? UINT32_MAX : (uint32_t)n, line};
}

static void file_verror(struct fw_jfile *file, fw_span span, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));
static void file_verror(struct fw_jfile *file, fw_span span, const char *fmt, va_list ap)
{
    size_t at = span.offset < file->text.n ? (size_t)span.offset : file->text.n;
    size_t from = at;
    while (from > 0 && file->text.p[from - 1] != '\n') {
        from--;
    }
    size_t to = at;
    while (to < file->text.n && file->text.p[to] != '\n' && file->text.p[to] != '\r') {
        to++;
    }
    uint32_t column = at - from < UINT32_MAX ? (uint32_t)(at - from) + 1 : 0;
    file->errors++;
    fw_diag_vreport(file->diags, file->id, file->path, span, fw_sv_sub(file->text, from, to - from),
                    column, fmt, ap);
}

void fw_json_error(struct fw_jfile *file, fw_span span, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    file_verror(file, span, fmt, ap);
    va_end(ap);
}

static bool fail(struct reader *r, fw_span span, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static bool fail(struct reader *r, fw_span span, const char *fmt, ...)
{
    if (!r->failed) {
        va_list ap;
        va_start(ap, fmt);
        file_verror(&r->file, span, fmt, ap);
        va_end(ap);
        r->failed = true;
    }
    return false;
}

static fw_span here(const struct reader *r)
{
    return (fw_span){r->at, 1, r->line};
}

/* NUL stands for the end: a NUL byte in the text is no token either. */
static char peek(const struct reader *r, size_t ahead)
{
    return r->at + ahead < r->file.text.n ? r->file.text.p[r->at + ahead] : '\0';
}

static bool at_end(const struct reader *r)
{
    return r->at >= r->file.text.n;
}

static void step(struct reader *r)
{
    r->line += r->file.text.p[r->at] == '\n';
    r->at++;
}

static bool skip_block_comment(struct reader *r)
{
    fw_span start = here(r);
    r->at += 2;
    while (!at_end(r)) {
        if (peek(r, 0) == '*' && peek(r, 1) == '/') {
            r->at += 2;
            return true;
        }
        step(r);
    }
    start.length = 2;
    return fail(r, start, "this comment is not closed");
}

static bool skip_space(struct reader *r)
{
    while (!at_end(r)) {
        char c = peek(r, 0);
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            step(r);
        } else if (c == '/' && peek(r, 1) == '/') {
            while (!at_end(r) && peek(r, 0) != '\n') {
                r->at++;
            }
        } else if (c == '/' && peek(r, 1) == '*') {
            if (!skip_block_comment(r)) {
                return false;
            }
        } else {
            break;
        }
    }
    return true;
}

/* Says what stands at the reader's place instead of what was expected. */
static bool fail_found(struct reader *r, const char *expected)
{
    if (at_end(r)) {
        return fail(r, here(r), "expected %s, found the end of the file", expected);
    }
    unsigned c = (unsigned char)peek(r, 0);
    if (c < 0x20) {
        return fail(r, here(r), "expected %s, found the control character \\x%02x", expected, c);
    }
    fw_sv rest = fw_sv_sub(r->file.text, r->at, 4);
    const char *start = rest.p;
    fw_utf8_next(&rest);
    return fail(r, here(r), "expected %s, found \"%.*s\"", expected, (int)(rest.p - start), start);
}

static bool read_hex4(struct reader *r, uint32_t *ret)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = fw_hex_value(peek(r, i));
        if (digit < 0) {
            return false;
        }
        value = value << 4 | (uint32_t)digit;
    }
    r->at += 4;
    *ret = value;
    return true;
}

static bool read_unicode_escape(struct reader *r, uint32_t *ret)
{
    uint32_t value;
    if (!read_hex4(r, &value)) {
        return false;
    }
    if (value >= 0xd800 && value <= 0xdbff) {
        uint32_t low;
        if (peek(r, 0) != '\\' || peek(r, 1) != 'u') {
            return false;
        }
        r->at += 2;
        if (!read_hex4(r, &low) || low < 0xdc00 || low > 0xdfff) {
            return false;
        }
        *ret = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
        return true;
    }
    /* NUL would cut a name short wherever the name reaches the system. */
    *ret = value;
    return value != 0 && !(value >= 0xdc00 && value <= 0xdfff);
}

/* What follows a backslash. */
static bool read_escape(struct reader *r, uint32_t *ret)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    size_t start = r->at - 1;
    char c = peek(r, 0);
    if (c == 'u') {
        r->at++;
        return read_unicode_escape(r, ret) ||
               fail(r, span_from(r, start, r->line), "this escape names no character");
    }
    const char *found = c ? memchr(from, c, sizeof(from) - 1) : NULL;
    if (!found) {
        return fail(r, (fw_span){start, 2, r->line},
                    "expected an escape such as \\n, \\\" or \\u4e2d; write \\\\ for a backslash");
    }
    r->at++;
    *ret = (unsigned char)to[found - from];
    return true;
}

/* Offset of the closing quote, or of what prevents one. */
static size_t string_end(const struct reader *r)
{
    fw_sv text = r->file.text;
    size_t at = r->at + 1;
    while (at < text.n && text.p[at] != '"' && (unsigned char)text.p[at] >= 0x20) {
        at += text.p[at] == '\\' ? 2 : 1;
    }
    return at < text.n ? at : text.n;
}

/* The text between the quotes, decoded, in the arena: no escape is shorter than what it stands for.
 */
static bool read_string(struct reader *r, fw_sv *ret)
{
    size_t start = r->at;
    size_t end = string_end(r);
    char stop = end < r->file.text.n ? r->file.text.p[end] : '\n';
    if (stop != '"') {
        r->at = end;
        if (stop == '\n' || stop == '\r') {
            return fail(r, span_from(r, start, r->line), "this text is not closed with \"");
        }
        return fail(r, here(r), "control character \\x%02x in a text; write it as \\u%04x",
                    (unsigned)(unsigned char)stop, (unsigned)(unsigned char)stop);
    }
    char *to = fw_arena_alloc(r->arena, end - start);
    size_t n = 0;
    r->at++;
    while (r->at < end) {
        uint32_t codepoint = 0;
        char c = r->file.text.p[r->at++];
        if (c != '\\') {
            to[n++] = c;
        } else if (read_escape(r, &codepoint)) {
            n += fw_utf8_encode(to + n, codepoint);
        } else {
            return false;
        }
    }
    r->at++;
    if (!fw_utf8_valid(fw_sv_of(to, n))) {
        return fail(r, span_from(r, start, r->line), "this text is not valid UTF-8");
    }
    *ret = fw_sv_of(to, n);
    return true;
}

/* Without strtod, which asks the locale for the decimal mark. Exact wherever a file that people
 * write can be: up to 2^53 with up to 22 decimals; beyond, right to the last bits of a long double.
 */
static bool number_value(fw_sv text, double *ret)
{
    size_t at = text.p[0] == '-' ? 1 : 0;
    uint64_t mantissa = 0;
    int64_t exponent = 0;
    bool fraction = false;
    for (; at < text.n && fw_lower(text.p[at]) != 'e'; at++) {
        if (text.p[at] == '.') {
            fraction = true;
        } else if (mantissa <= (UINT64_MAX - 9) / 10) {
            mantissa = mantissa * 10 + (uint64_t)(text.p[at] - '0');
            exponent -= fraction;
        } else {
            exponent += !fraction;
        }
    }
    if (at < text.n) {
        bool minus = text.p[at + 1] == '-';
        int64_t written = 0;
        for (at += minus || text.p[at + 1] == '+' ? 2 : 1; at < text.n && written < 100000; at++) {
            written = written * 10 + (text.p[at] - '0');
        }
        exponent += minus ? -written : written;
    }
    long double scale = 1.0L;
    long double base = 10.0L;
    for (int64_t n = exponent < 0 ? -exponent : exponent; n > 0 && scale < 1e4000L; n >>= 1) {
        scale *= n & 1 ? base : 1.0L;
        base = n > 1 ? base * base : base;
    }
    double value = 0;
    if (mantissa != 0) {
        long double wide = exponent < 0 ? (long double)mantissa / scale
                                        : (long double)mantissa * scale;
        if (wide > 1.7976931348623157e308L) {
            return false;
        }
        value = (double)wide;
    }
    *ret = text.p[0] == '-' ? -value : value;
    return true;
}

static bool read_number(struct reader *r, struct fw_jvalue *ret)
{
    size_t start = r->at;
    while (fw_is_word(peek(r, 0)) || peek(r, 0) == '.' || peek(r, 0) == '+') {
        r->at++;
    }
    fw_span span = span_from(r, start, r->line);
    fw_sv text = fw_sv_sub(r->file.text, start, r->at - start);
    if (!fw_json_is_number(text)) {
        return fail(r, span, "\"%.*s\" is not a number", FW_SV_ARG(text));
    }
    if (!number_value(text, &ret->number)) {
        return fail(r, span, "the number is too large");
    }
    ret->type = FW_JSON_NUMBER;
    ret->text = fw_arena_copy(r->arena, text);
    return true;
}

static bool read_word(struct reader *r, struct fw_jvalue *ret)
{
    size_t start = r->at;
    while (fw_is_word(peek(r, 0))) {
        r->at++;
    }
    fw_sv word = fw_sv_sub(r->file.text, start, r->at - start);
    if (fw_sv_is(word, "true") || fw_sv_is(word, "false")) {
        ret->type = FW_JSON_BOOL;
        ret->boolean = word.n == 4;
        return true;
    }
    if (fw_sv_is(word, "null")) {
        ret->type = FW_JSON_NULL;
        return true;
    }
    fw_span span = span_from(r, start, r->line);
    r->at = start;
    if (word.n == 0) {
        return fail_found(r, "a value");
    }
    return fail(r, span, "expected a value, found \"%.*s\"; a text stands between \"quotes\"",
                FW_SV_ARG(word));
}

static int by_key(const void *a, const void *b)
{
    const struct fw_jvalue *const *left = a;
    const struct fw_jvalue *const *right = b;
    int order = fw_sv_cmp((*left)->key, (*right)->key);
    if (order == 0) {
        order = (*left > *right) - (*left < *right); /* same array: the later one is reported */
    }
    return order;
}

static bool refuse_duplicates(struct reader *r, const struct fw_jvalue *object)
{
    if (object->count < 2) {
        return true;
    }
    const struct fw_jvalue **v = fw_new_array(r->arena, object->count, const struct fw_jvalue *);
    for (size_t i = 0; i < object->count; i++) {
        v[i] = &object->items[i];
    }
    qsort(v, object->count, sizeof(*v), by_key);
    const struct fw_jvalue *worst = NULL;
    uint32_t first_line = 0;
    for (size_t i = 1; i < object->count; i++) {
        if (fw_sv_eq(v[i - 1]->key, v[i]->key) && (!worst || v[i] < worst)) {
            worst = v[i];
            first_line = v[i - 1]->key_span.line;
        }
    }
    if (!worst) {
        return true;
    }
    return fail(r, worst->key_span, "key \"%.*s\" is given twice, first in line %" PRIu32,
                FW_SV_ARG(worst->key), first_line);
}

static bool read_key(struct reader *r, struct fw_jvalue *item)
{
    if (peek(r, 0) != '"') {
        return fail_found(r, "a key in \"quotes\"");
    }
    size_t start = r->at;
    uint32_t line = r->line;
    if (!read_string(r, &item->key)) {
        return false;
    }
    item->key_span = span_from(r, start, line);
    if (!skip_space(r)) {
        return false;
    }
    if (peek(r, 0) != ':') {
        return fail_found(r, "\":\" after the key");
    }
    r->at++;
    return true;
}

static bool read_value(struct reader *r, unsigned depth, struct fw_jvalue *ret);

/* An array or object; commas may trail. */
static bool read_members(struct reader *r, unsigned depth, struct fw_jvalue *ret)
{
    bool object = peek(r, 0) == '{';
    char close = object ? '}' : ']';
    if (depth >= FW_LIMIT_JSON_DEPTH) {
        return fail(r, here(r), "values are nested deeper than %d (JSON_DEPTH)",
                    (int)FW_LIMIT_JSON_DEPTH);
    }
    ret->type = object ? FW_JSON_OBJECT : FW_JSON_ARRAY;
    r->at++;
    for (;;) {
        if (!skip_space(r)) {
            return false;
        }
        if (peek(r, 0) == close) {
            break;
        }
        struct fw_jvalue item = {0};
        if ((object && !read_key(r, &item)) || !read_value(r, depth + 1, &item)) {
            return false;
        }
        ret->items = fw_arena_push(r->arena, ret->items, ret->count, sizeof(item));
        ret->items[ret->count++] = item;
        if (!skip_space(r)) {
            return false;
        }
        if (peek(r, 0) == ',') {
            r->at++;
        } else if (peek(r, 0) != close) {
            return fail_found(r, object ? "\",\" or \"}\"" : "\",\" or \"]\"");
        }
    }
    r->at++;
    return !object || refuse_duplicates(r, ret);
}

static bool read_value(struct reader *r, unsigned depth, struct fw_jvalue *ret)
{
    if (!skip_space(r)) {
        return false;
    }
    size_t start = r->at;
    uint32_t line = r->line;
    char c = peek(r, 0);
    bool good;
    if (c == '{' || c == '[') {
        good = read_members(r, depth, ret);
    } else if (c == '"') {
        ret->type = FW_JSON_STRING;
        good = read_string(r, &ret->text);
    } else if (c == '-' || fw_is_digit(c)) {
        good = read_number(r, ret);
    } else {
        good = read_word(r, ret);
    }
    ret->span = span_from(r, start, line);
    return good;
}

const struct fw_jvalue *fw_json_parse(struct fw_arena *arena, fw_sv text, fw_sv path,
                                      struct fw_diags *diags, enum fw_diag_id id)
{
    struct reader r = {
        .file = {.path = path, .text = text, .diags = diags, .id = id},
        .arena = arena,
        .line = 1,
    };
    if (fw_sv_starts(text, "\xef\xbb\xbf")) {
        r.at = 3;
    }
    struct fw_jvalue *root = fw_new(arena, struct fw_jvalue);
    bool good = read_value(&r, 0, root) && skip_space(&r);
    if (good && !at_end(&r)) {
        good = fail_found(&r, "the end of the file");
    }
    return good ? root : NULL;
}

const struct fw_jvalue *fw_json_find(const struct fw_jvalue *object, const char *key)
{
    for (size_t i = 0; object && object->type == FW_JSON_OBJECT && i < object->count; i++) {
        if (fw_sv_is(object->items[i].key, key)) {
            return &object->items[i];
        }
    }
    return NULL;
}

fw_sv fw_json_text(const struct fw_jvalue *object, const char *key)
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    return value && value->type == FW_JSON_STRING ? value->text : (fw_sv){0};
}

static void report_unknown(struct fw_jfile *file, const struct fw_jvalue *item, const char *what,
                           const struct fw_jfield *fields)
{
    const char *nearest = NULL;
    size_t best = SUGGEST_EDITS + 1;
    for (const struct fw_jfield *f = fields; f->key; f++) {
        size_t edits = fw_text_distance(item->key, fw_sv_from(f->key), SUGGEST_EDITS);
        if (edits < best && edits < strlen(f->key)) {
            best = edits;
            nearest = f->key;
        }
    }
    if (nearest) {
        fw_json_error(file, item->key_span, "unknown key \"%.*s\" in %s, did you mean \"%s\"?",
                      FW_SV_ARG(item->key), what, nearest);
    } else {
        fw_json_error(file, item->key_span, "unknown key \"%.*s\" in %s", FW_SV_ARG(item->key),
                      what);
    }
}

bool fw_json_check(struct fw_jfile *file, const struct fw_jvalue *object, const char *what,
                   const struct fw_jfield *fields)
{
    uint64_t before = file->errors;
    if (object->type != FW_JSON_OBJECT) {
        fw_json_error(file, object->span, "%s must be an object, not %s", what,
                      type_names[object->type]);
        return false;
    }
    for (size_t i = 0; i < object->count; i++) {
        const struct fw_jvalue *item = &object->items[i];
        const struct fw_jfield *f = fields;
        while (f->key && !fw_sv_is(item->key, f->key)) {
            f++;
        }
        /* Editors find the schema by this key; it says nothing to us. */
        if (!f->key && !fw_sv_is(item->key, "$schema")) {
            report_unknown(file, item, what, fields);
        } else if (f->key && f->type != FW_JSON_ANY && item->type != f->type) {
            fw_json_error(file, item->span, "\"%s\" in %s must be %s, not %s", f->key, what,
                          type_names[f->type], type_names[item->type]);
        }
    }
    for (const struct fw_jfield *f = fields; f->key; f++) {
        if (f->required && !fw_json_find(object, f->key)) {
            fw_json_error(file, object->span, "%s lacks the key \"%s\"", what, f->key);
        }
    }
    return file->errors == before;
}
