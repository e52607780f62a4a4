/*
 * String views: a pointer and a length into text that somebody else owns. A view never outlives its
 * source, never ends in NUL by promise, and is bytes: no locale, no encoding.
 */
#ifndef FW_CORE_SV_H
#define FW_CORE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct fw_sv {
    const char *p;
    size_t n;
} fw_sv;

/* From a string literal; FW_SV("") is the empty view, {0} is "no view" (p == NULL). */
#define FW_SV(literal) ((fw_sv){("" literal), sizeof(literal) - 1})
/* The same as an initializer of a member of a static table, where FW_SV is no constant. */
#define FW_SV_INIT(literal) \
    { \
        ("" literal), sizeof(literal) - 1 \
    }
/* For printf("%.*s"): only for text that has been made safe (see text.h). */
#define FW_SV_ARG(sv) ((int)((sv).n > 4096 ? 4096 : (sv).n)), ((sv).p ? (sv).p : "")
/* The same for what would say something else if it were cut: commands. A configuration is shorter
 * than an int can say (FW_LIMIT_CONFIG_BYTES). */
#define FW_SV_WHOLE(sv) ((int)(sv).n), ((sv).p ? (sv).p : "")

static inline fw_sv fw_sv_from(const char *cstr)
{
    return (fw_sv){cstr, cstr ? strlen(cstr) : 0};
}

static inline fw_sv fw_sv_of(const char *p, size_t n)
{
    return (fw_sv){p, n};
}

static inline bool fw_sv_eq(fw_sv a, fw_sv b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool fw_sv_is(fw_sv a, const char *cstr)
{
    size_t n = strlen(cstr);
    return a.n == n && (n == 0 || memcmp(a.p, cstr, n) == 0);
}

/* ASCII only; bytes above 0x7f compare as they are. */
bool fw_sv_eq_nocase(fw_sv a, fw_sv b);
bool fw_sv_is_nocase(fw_sv a, const char *cstr);
bool fw_sv_starts(fw_sv s, const char *prefix);
bool fw_sv_starts_nocase(fw_sv s, const char *prefix);
bool fw_sv_ends(fw_sv s, const char *suffix);
/* Is it one of n words, or does it start with one? The macros take the array itself. */
bool fw_sv_among(fw_sv s, const char *const *words, size_t n);
bool fw_sv_among_nocase(fw_sv s, const char *const *words, size_t n);
bool fw_sv_starts_among(fw_sv s, const char *const *words, size_t n);
bool fw_sv_starts_among_nocase(fw_sv s, const char *const *words, size_t n);
#define FW_SV_AMONG(s, list) fw_sv_among(s, list, sizeof(list) / sizeof((list)[0]))
#define FW_SV_AMONG_NOCASE(s, list) fw_sv_among_nocase(s, list, sizeof(list) / sizeof((list)[0]))
#define FW_SV_STARTS_AMONG(s, list) fw_sv_starts_among(s, list, sizeof(list) / sizeof((list)[0]))
#define FW_SV_STARTS_AMONG_NOCASE(s, list) \
    fw_sv_starts_among_nocase(s, list, sizeof(list) / sizeof((list)[0]))
/* memcmp order, shorter first on a tie: the one order that reaches outputs. */
int fw_sv_cmp(fw_sv a, fw_sv b);
/* The same for qsort and bsearch, of lists of views. */
int fw_sv_order(const void *a, const void *b);
/* Digit runs compare as numbers (7.9 < 7.10, eth2 < eth10). */
int fw_sv_cmp_natural(fw_sv a, fw_sv b);
/* Offset of the first occurrence, or SIZE_MAX. */
size_t fw_sv_find(fw_sv s, fw_sv needle);
size_t fw_sv_find_nocase(fw_sv s, const char *needle);
size_t fw_sv_find_char(fw_sv s, char c);
fw_sv fw_sv_trim(fw_sv s);                       /* space, tab, CR, LF, VT, FF at both ends */
fw_sv fw_sv_sub(fw_sv s, size_t from, size_t n); /* clamped */

/* Cuts the next word (blank-separated) off the front of *rest; false when none is left. */
bool fw_sv_word(fw_sv *rest, fw_sv *ret);
/* Cuts up to the separator, which is dropped; the last piece has no separator. False at the end.
 * "a,,b" gives "a", "", "b"; "a," gives "a"; "" gives nothing. */
bool fw_sv_split(fw_sv *rest, char sep, fw_sv *ret);

/* Whole view must be digits; no sign, no blanks, no overflow; written only on success. */
bool fw_sv_u64(fw_sv s, uint64_t *ret);
bool fw_sv_u32(fw_sv s, uint32_t max, uint32_t *ret);
/* Decimal, or 0x hexadecimal. */
bool fw_sv_u64_any(fw_sv s, uint64_t *ret);

static inline bool fw_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool fw_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool fw_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool fw_is_word(char c)
{
    return fw_is_alpha(c) || fw_is_digit(c) || c == '_' || c == '-';
}

static inline char fw_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
/* Of a hexadecimal digit in either case; -1 when it is none. */
static inline int fw_hex_value(char c)
{
    if (fw_is_digit(c)) {
        return c - '0';
    }
    c = fw_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* FNV-1a 64: for tables in memory only; never for anything that is kept. */
uint64_t fw_sv_hash(fw_sv s);

#endif
