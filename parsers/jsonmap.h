/*
 * Where the quotes and brackets of one line of JSON are: bits, 64 bytes a word, found 32 bytes at a
 * time where the processor can (AVX2), else byte by byte. With them a string or a nested value is
 * passed over by looking for a bit, and nothing in between is read.
 */
#ifndef FW_PARSERS_JSONMAP_H
#define FW_PARSERS_JSONMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sv.h"

enum { FW_JSONMAP_WORDS = 1024, FW_JSONMAP_BYTES = FW_JSONMAP_WORDS * 64 };

struct fw_jsonmap {
    const char *base;
    size_t n;                            /* bytes that are mapped */
    bool escaped;                        /* there is a backslash */
    uint64_t quotes[FW_JSONMAP_WORDS];   /* that begin or end a string */
    uint64_t escapes[FW_JSONMAP_WORDS];  /* backslashes */
    uint64_t brackets[FW_JSONMAP_WORDS]; /* {}[] outside strings */
};

/* False when the text is longer than a map, or a backslash stands outside a string: then there is
 * no map, and whoever reads goes byte by byte. */
bool fw_jsonmap_make(fw_sv text, struct fw_jsonmap *ret);
/* The same without the processor's wide registers: for machines without them, and for the tests. */
bool fw_jsonmap_make_plain(fw_sv text, struct fw_jsonmap *ret);

/* The offset of the first bit from `at` on; the length of the text when there is none. */
static inline size_t fw_jsonmap_next(const uint64_t *words, size_t n, size_t at)
{
    if (at >= n) {
        return n;
    }
    size_t i = at / 64;
    size_t last = (n - 1) / 64;
    uint64_t word = words[i] & (~UINT64_C(0) << at % 64);
    while (word == 0) {
        if (i == last) {
            return n;
        }
        word = words[++i];
    }
    return i * 64 + (size_t)__builtin_ctzll(word);
}

#endif
