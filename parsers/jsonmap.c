/* Where are the quotes and brackets of a line of JSON? */
#include "parsers/jsonmap.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* What goes over from one word to the next. */
struct carry {
    uint64_t escaped;   /* 1: the first byte of the next word is escaped */
    uint64_t in_string; /* all ones: the next word begins within a string */
};

/* Bits of the bytes that are escaped: those behind a backslash that is not escaped itself. */
static uint64_t find_escaped(uint64_t backslashes, struct carry *carry)
{
    uint64_t escaped = carry->escaped;
    carry->escaped = 0;
    backslashes &= ~escaped;
    while (backslashes) {
        uint64_t lowest = backslashes & (~backslashes + 1);
        if (lowest >> 63) {
            carry->escaped = 1;
            break;
        }
        escaped |= lowest << 1;
        backslashes &= ~(lowest | lowest << 1);
    }
    return escaped;
}

/* Every bit becomes the parity of the bits up to it. */
static uint64_t prefix_xor(uint64_t bits)
{
    for (unsigned shift = 1; shift < 64; shift *= 2) {
        bits ^= bits << shift;
    }
    return bits;
}

/* What the quotes that count, and the parity of quotes up to every byte, say about a word. False: a
 * backslash outside a string. */
static inline bool finish(struct fw_jsonmap *map, size_t i, struct carry *carry, uint64_t quotes,
                          uint64_t backslashes, uint64_t brackets, uint64_t parity)
{
    uint64_t inside = parity ^ carry->in_string;
    carry->in_string = inside >> 63 ? ~UINT64_C(0) : 0;
    map->quotes[i] = quotes;
    map->escapes[i] = backslashes;
    map->brackets[i] = brackets & ~inside;
    map->escaped = map->escaped || backslashes != 0;
    return (backslashes & ~inside) == 0;
}

/* False: a backslash outside a string. */
static bool put_word(struct fw_jsonmap *map, size_t i, struct carry *carry, uint64_t quotes,
                     uint64_t backslashes, uint64_t brackets)
{
    if (backslashes | carry->escaped) {
        quotes &= ~find_escaped(backslashes, carry);
    }
    return finish(map, i, carry, quotes, backslashes, brackets, prefix_xor(quotes));
}

static bool make_plain(fw_sv text, struct fw_jsonmap *ret)
{
    struct carry carry = {0, 0};
    for (size_t i = 0; i * 64 < text.n; i++) {
        uint64_t quotes = 0;
        uint64_t backslashes = 0;
        uint64_t brackets = 0;
        size_t left = text.n - i * 64;
        for (size_t k = 0; k < 64 && k < left; k++) {
            char c = text.p[i * 64 + k];
            uint64_t bit = UINT64_C(1) << k;
            quotes |= c == '"' ? bit : 0;
            backslashes |= c == '\\' ? bit : 0;
            brackets |= c == '{' || c == '}' || c == '[' || c == ']' ? bit : 0;
        }
        if (!put_word(ret, i, &carry, quotes, backslashes, brackets)) {
            return false;
        }
    }
    return true;
}

static bool begin(fw_sv text, struct fw_jsonmap *ret)
{
    ret->base = text.p;
    ret->n = text.n;
    ret->escaped = false;
    return text.n <= FW_JSONMAP_BYTES;
}

bool fw_jsonmap_make_plain(fw_sv text, struct fw_jsonmap *ret)
{
    return begin(text, ret) && make_plain(text, ret);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static uint64_t equal(__m256i low, __m256i high, char c)
{
    __m256i wanted = _mm256_set1_epi8(c);
    uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
    uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
    return (uint64_t)b << 32 | a;
}

/* Parity up to every bit, as a product without carries by all ones. */
__attribute__((target("avx2,pclmul"))) static uint64_t parity(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
                                           _mm_set1_epi8('\xff'), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

/* The word of the 64 bytes at p. False: a backslash outside a string. */
__attribute__((target("avx2,pclmul"))) static inline bool
put_wide(struct fw_jsonmap *map, size_t i, struct carry *carry, const char *p)
{
    const __m256i bit = _mm256_set1_epi8(0x20);
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    uint64_t quotes = equal(low, high, '"');
    uint64_t backslashes = equal(low, high, '\\');
    /* '[' and '{', ']' and '}' differ in one bit. */
    __m256i low_or = _mm256_or_si256(low, bit);
    __m256i high_or = _mm256_or_si256(high, bit);
    uint64_t brackets = equal(low_or, high_or, '{') | equal(low_or, high_or, '}');
    if (backslashes | carry->escaped) {
        quotes &= ~find_escaped(backslashes, carry);
    }
    return finish(map, i, carry, quotes, backslashes, brackets, parity(quotes));
}

__attribute__((target("avx2,pclmul"))) static bool make_wide(fw_sv text, struct fw_jsonmap *ret)
{
    struct carry carry = {0, 0};
    size_t words = text.n / 64;
    for (size_t i = 0; i < words; i++) {
        if (!put_wide(ret, i, &carry, text.p + i * 64)) {
            return false;
        }
    }
    char tail[64] = {0};
    memcpy(tail, text.p + words * 64, text.n % 64);
    return text.n % 64 == 0 || put_wide(ret, words, &carry, tail);
}
#endif

bool fw_jsonmap_make(fw_sv text, struct fw_jsonmap *ret)
{
#if defined(__x86_64__)
    /* The answer never changes: the compiler's runtime asked the processor once. */
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul")) {
        return begin(text, ret) && make_wide(text, ret);
    }
#endif
    return fw_jsonmap_make_plain(text, ret);
}
