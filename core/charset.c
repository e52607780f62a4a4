/* In which characters is a text written, and how does it read in UTF-8? */
#include "core/charset.h"

#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <string.h>

#include "core/text.h"

static const char *const names[FW_CHARSET_COUNT] = {"UTF-8", "UTF-16", "Big5"};

static bool is_ascii(fw_sv s)
{
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t word;
        memcpy(&word, s.p + i, sizeof(word));
        if (word & UINT64_C(0x8080808080808080)) {
            return false;
        }
    }
    for (; i < s.n; i++) {
        if ((unsigned char)s.p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static bool next_line(fw_sv *rest, fw_sv *ret)
{
    if (rest->n == 0) {
        return false;
    }
    const char *end = memchr(rest->p, '\n', rest->n);
    size_t n = end ? (size_t)(end - rest->p) + 1 : rest->n;
    *ret = fw_sv_of(rest->p, n);
    *rest = fw_sv_sub(*rest, n, SIZE_MAX);
    return true;
}

static bool is_foreign(fw_sv line)
{
    return !is_ascii(line) && !fw_utf8_valid(line);
}

/* In a text that has Big5. Two of its bytes may read as one character of UTF-8 by chance, but as
 * one of Latin or Greek letters, not of Chinese. */
static bool is_doubtful(fw_sv line)
{
    for (size_t i = 0; i < line.n; i++) {
        if ((unsigned char)line.p[i] >= 0xe0) {
            return is_foreign(line);
        }
    }
    return !is_ascii(line);
}

/* Appends to `out`, which has room for three bytes for each of the line's. */
static bool convert(iconv_t from, fw_sv line, char **out)
{
    char *in = (char *)(uintptr_t)line.p; /* iconv's type; it does not write there */
    size_t left = line.n;
    size_t room = line.n * 3;
    char *at = *out;
    iconv(from, NULL, NULL, NULL, NULL);
    if (iconv(from, &in, &left, &at, &room) == (size_t)-1 || left > 0) {
        return false;
    }
    *out = at;
    return true;
}

/* The two-byte characters of a line that is Big5, and how many are of its common half. */
static void count_characters(fw_sv line, uint64_t *all, uint64_t *common)
{
    for (size_t i = 0; i + 1 < line.n; i++) {
        unsigned char lead = (unsigned char)line.p[i];
        if (lead >= 0x80) {
            *all += 1;
            *common += lead >= 0xa1 && lead <= 0xc6;
            i++;
        }
    }
}

static bool from_big5(struct fw_arena *arena, fw_sv text, struct fw_decoded *ret)
{
    iconv_t from = iconv_open("UTF-8", "BIG5");
    uint64_t foreign = 0;
    uint64_t read = 0;
    uint64_t all = 0;
    uint64_t common = 0;
    size_t longest = 0;
    fw_sv rest = text;
    fw_sv line;
    if (from == (iconv_t)-1) {
        return false;
    }
    while (next_line(&rest, &line)) {
        longest = line.n > longest && !is_ascii(line) ? line.n : longest;
    }
    /* One line's room; then everything's, which is what is kept. */
    char *scratch = fw_arena_alloc(arena, longest * 3 + 1);
    uint64_t grown = 0;
    for (rest = text; next_line(&rest, &line);) {
        char *end = scratch;
        if (!is_doubtful(line)) {
            continue;
        }
        foreign += is_foreign(line);
        if (convert(from, line, &end)) {
            read += is_foreign(line);
            grown += (uint64_t)(end - scratch);
            count_characters(line, &all, &common);
        }
    }
    bool is_big5 = read > 0 && read * 2 >= foreign && common * 2 >= all;
    if (is_big5) {
        char *copy = fw_arena_alloc(arena, text.n + grown + 1);
        char *at = copy;
        for (rest = text; next_line(&rest, &line);) {
            char *end = scratch;
            if (is_doubtful(line) && convert(from, line, &end)) {
                memcpy(at, scratch, (size_t)(end - scratch));
                at += end - scratch;
            } else {
                memcpy(at, line.p, line.n);
                at += line.n;
            }
        }
        *ret = (struct fw_decoded){fw_sv_of(copy, (size_t)(at - copy)), FW_CHARSET_BIG5,
                                   foreign - read};
    }
    iconv_close(from);
    return is_big5;
}

static bool from_utf16(struct fw_arena *arena, fw_sv text, const char *order,
                       struct fw_decoded *ret)
{
    iconv_t from = iconv_open("UTF-8", order);
    fw_sv body = fw_sv_sub(text, 2, SIZE_MAX);
    if (from == (iconv_t)-1) {
        return false;
    }
    char *copy = fw_arena_alloc(arena, body.n / 2 * 3 + 4);
    char *end = copy;
    char *in = (char *)(uintptr_t)body.p;
    size_t left = body.n;
    size_t room = body.n / 2 * 3 + 4;
    bool read = iconv(from, &in, &left, &end, &room) != (size_t)-1 || errno == EINVAL;
    iconv_close(from);
    *ret = (struct fw_decoded){fw_sv_of(copy, (size_t)(end - copy)), FW_CHARSET_UTF16, left > 0};
    return read;
}

void fw_charset_decode(struct fw_arena *arena, fw_sv text, struct fw_decoded *ret)
{
    if (fw_sv_starts(text, "\xff\xfe") && from_utf16(arena, text, "UTF-16LE", ret)) {
        return;
    }
    if (fw_sv_starts(text, "\xfe\xff") && from_utf16(arena, text, "UTF-16BE", ret)) {
        return;
    }
    if (fw_sv_starts(text, "\xef\xbb\xbf")) {
        text = fw_sv_sub(text, 3, SIZE_MAX);
    }
    *ret = (struct fw_decoded){text, FW_CHARSET_UTF8, 0};
    if (!is_ascii(text) && !memchr(text.p, '\0', text.n) && !fw_sv_starts(text, "<?xml") &&
        !fw_utf8_valid(text)) {
        from_big5(arena, text, ret);
    }
}

enum fw_err fw_charset_load(const char *path, const fw_sv *stored, uint64_t limit,
                            struct fw_arena *arena, struct fw_decoded *ret,
                            struct fw_source_info *ret_info)
{
    fw_sv text;
    enum fw_err err = stored ? fw_source_load_memory(*stored, limit, arena, &text, ret_info)
                             : fw_source_load(path, limit, arena, &text, ret_info);
    if (err == FW_OK) {
        fw_charset_decode(arena, text, ret);
    }
    return err;
}

void fw_charset_report(const struct fw_decoded *decoded, fw_sv path, struct fw_diags *diags)
{
    fw_span none = {0};
    fw_sv no_line = {0};
    if (decoded->charset == FW_CHARSET_UTF8) {
        return;
    }
    fw_diag_report(diags, FW_DIAG_ID_CHARSET, path, none, no_line, 0,
                   decoded->left == 0 ? "the text is %s and was converted"
                   : decoded->charset == FW_CHARSET_UTF16
                       ? "the text is %s and was converted; it ends inside a character"
                       : "the text is %s and was converted; %" PRIu64
                         " lines are neither and stay as they are",
                   names[decoded->charset], decoded->left);
}
