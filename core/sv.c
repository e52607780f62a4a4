/* How string views are compared, searched, cut and read as numbers. */
#include "core/sv.h"

bool fw_sv_eq_nocase(fw_sv a, fw_sv b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (fw_lower(a.p[i]) != fw_lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

bool fw_sv_is_nocase(fw_sv a, const char *cstr)
{
    return fw_sv_eq_nocase(a, fw_sv_from(cstr));
}

bool fw_sv_starts(fw_sv s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

bool fw_sv_starts_nocase(fw_sv s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && fw_sv_eq_nocase(fw_sv_of(s.p, n), fw_sv_of(prefix, n));
}

bool fw_sv_ends(fw_sv s, const char *suffix)
{
    size_t n = strlen(suffix);
    return s.n >= n && (n == 0 || memcmp(s.p + (s.n - n), suffix, n) == 0);
}

/* The four differ in how one word is compared. */
#define AMONG(name, compare) \
    bool name(fw_sv s, const char *const *words, size_t n) \
    { \
        for (size_t i = 0; i < n; i++) { \
            if (compare(s, words[i])) { \
                return true; \
            } \
        } \
        return false; \
    }
AMONG(fw_sv_among, fw_sv_is)
AMONG(fw_sv_among_nocase, fw_sv_is_nocase)
AMONG(fw_sv_starts_among, fw_sv_starts)
AMONG(fw_sv_starts_among_nocase, fw_sv_starts_nocase)
#undef AMONG

int fw_sv_cmp(fw_sv a, fw_sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    if (order != 0) {
        return order < 0 ? -1 : 1;
    }
    return (a.n > b.n) - (a.n < b.n);
}

/* Where the digit run that starts at `from` ends. */
static size_t digits_end(fw_sv s, size_t from)
{
    while (from < s.n && fw_is_digit(s.p[from])) {
        from++;
    }
    return from;
}

static size_t skip_zeros(fw_sv s, size_t from, size_t end)
{
    while (from < end && s.p[from] == '0') {
        from++;
    }
    return from;
}

int fw_sv_order(const void *a, const void *b)
{
    return fw_sv_cmp(*(const fw_sv *)a, *(const fw_sv *)b);
}

int fw_sv_cmp_natural(fw_sv a, fw_sv b)
{
    size_t i = 0;
    size_t j = 0;
    while (i < a.n && j < b.n) {
        if (fw_is_digit(a.p[i]) && fw_is_digit(b.p[j])) {
            size_t end_a = digits_end(a, i);
            size_t end_b = digits_end(b, j);
            i = skip_zeros(a, i, end_a);
            j = skip_zeros(b, j, end_b);
            if (end_a - i != end_b - j) { /* without leading zeros the longer number is greater */
                return end_a - i < end_b - j ? -1 : 1;
            }
            int order = memcmp(a.p + i, b.p + j, end_a - i);
            if (order != 0) {
                return order < 0 ? -1 : 1;
            }
            i = end_a;
            j = end_b;
            continue;
        }
        unsigned char ca = (unsigned char)a.p[i++];
        unsigned char cb = (unsigned char)b.p[j++];
        if (ca != cb) {
            return ca < cb ? -1 : 1;
        }
    }
    if (i < a.n || j < b.n) {
        return i < a.n ? 1 : -1;
    }
    return fw_sv_cmp(a,
                     b); /* "07" and "7" are different texts, so the order must tell them apart */
}

size_t fw_sv_find(fw_sv s, fw_sv needle)
{
    if (needle.n == 0) {
        return 0;
    }
    size_t at = 0;
    while (at < s.n && s.n - at >= needle.n) {
        const char *hit = memchr(s.p + at, needle.p[0], s.n - at - needle.n + 1);
        if (!hit) {
            break;
        }
        if (memcmp(hit, needle.p, needle.n) == 0) {
            return (size_t)(hit - s.p);
        }
        at = (size_t)(hit - s.p) + 1;
    }
    return SIZE_MAX;
}

size_t fw_sv_find_nocase(fw_sv s, const char *needle)
{
    size_t n = strlen(needle);
    for (size_t i = 0; i + n <= s.n; i++) {
        if (n == 0 || (fw_lower(s.p[i]) == fw_lower(*needle) &&
                       fw_sv_starts_nocase(fw_sv_sub(s, i, n), needle))) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t fw_sv_find_char(fw_sv s, char c)
{
    const char *hit = s.n > 0 ? memchr(s.p, c, s.n) : NULL;
    return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

fw_sv fw_sv_trim(fw_sv s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

fw_sv fw_sv_sub(fw_sv s, size_t from, size_t n)
{
    if (from > s.n) {
        from = s.n;
    }
    if (n > s.n - from) {
        n = s.n - from;
    }
    return fw_sv_of(s.p ? s.p + from : NULL, n);
}

bool fw_sv_word(fw_sv *rest, fw_sv *ret)
{
    size_t start = 0;
    while (start < rest->n && fw_is_blank(rest->p[start])) {
        start++;
    }
    size_t end = start;
    while (end < rest->n && !fw_is_blank(rest->p[end])) {
        end++;
    }
    fw_sv word = fw_sv_sub(*rest, start, end - start);
    *rest = fw_sv_sub(*rest, end, SIZE_MAX);
    if (word.n == 0) {
        return false;
    }
    *ret = word;
    return true;
}

bool fw_sv_split(fw_sv *rest, char sep, fw_sv *ret)
{
    if (rest->n == 0) {
        return false;
    }
    size_t at = fw_sv_find_char(*rest, sep);
    if (at == SIZE_MAX) {
        *ret = *rest;
        *rest = (fw_sv){0};
        return true;
    }
    *ret = fw_sv_of(rest->p, at);
    *rest = fw_sv_sub(*rest, at + 1, SIZE_MAX);
    return true;
}

bool fw_sv_u64(fw_sv s, uint64_t *ret)
{
    uint64_t value = 0;
    if (s.n == 0) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (!fw_is_digit(s.p[i])) {
            return false;
        }
        unsigned digit = (unsigned)(s.p[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *ret = value;
    return true;
}

bool fw_sv_u32(fw_sv s, uint32_t max, uint32_t *ret)
{
    uint64_t value;
    if (!fw_sv_u64(s, &value) || value > max) {
        return false;
    }
    *ret = (uint32_t)value;
    return true;
}

bool fw_sv_u64_any(fw_sv s, uint64_t *ret)
{
    if (!fw_sv_starts_nocase(s, "0x")) {
        return fw_sv_u64(s, ret);
    }
    uint64_t value = 0;
    if (s.n == 2) {
        return false;
    }
    for (size_t i = 2; i < s.n; i++) {
        int digit = fw_hex_value(s.p[i]);
        if (digit < 0 || value > UINT64_MAX >> 4) {
            return false;
        }
        value = value << 4 | (unsigned)digit;
    }
    *ret = value;
    return true;
}

uint64_t fw_sv_hash(fw_sv s)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < s.n; i++) {
        hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}
