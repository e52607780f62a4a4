/*
 * Addresses of both families as 128-bit integers in host order, with ranges and sets. An IPv4
 * address uses the low 32 bits. Byte order exists in ip.c only.
 */
#ifndef FW_CORE_IP_H
#define FW_CORE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sv.h"

enum fw_family { FW_IPV4 = 4, FW_IPV6 = 6 };
/* Bits of a set of families. */
enum { FW_FAMILY_BIT4 = 1, FW_FAMILY_BIT6 = 2, FW_FAMILY_BOTH = 3 };

typedef struct fw_ip {
    uint64_t hi, lo;
    uint8_t family; /* enum fw_family; 0 means "no address" */
} fw_ip;

typedef struct fw_iprange {
    fw_ip lo, hi; /* inclusive, same family, lo <= hi */
} fw_iprange;

/* Sorted by (family, lo), disjoint and not adjacent: equal sets are equal arrays. Never written
 * after it was made, so sets are shared by pointer. */
struct fw_ipset {
    size_t n;
    const fw_iprange *v;
};

static inline fw_ip fw_ip4(uint32_t host_order)
{
    return (fw_ip){0, host_order, FW_IPV4};
}

fw_ip fw_ip6(uint64_t hi, uint64_t lo);
int fw_ip_cmp(fw_ip a, fw_ip b); /* family first */
static inline bool fw_ip_eq(fw_ip a, fw_ip b)
{
    return a.family == b.family && a.hi == b.hi && a.lo == b.lo;
}
fw_ip fw_ip_next(fw_ip ip); /* wraps at the end of the family */
fw_ip fw_ip_prev(fw_ip ip);
fw_ip fw_ip_first(enum fw_family family);
fw_ip fw_ip_last(enum fw_family family);

/* The whole view; v4 dotted quads without leading zeros trouble ("010" is refused), v6 with ::,
 * embedded v4, and an ignored %zone. */
bool fw_ip_parse(fw_sv text, fw_ip *ret);
/* "10.0.0.0/8", "10.0.0.0/255.0.0.0", "2001:db8::/32", or a bare address. Host bits are cleared;
 * *ret_host_bits (may be NULL) says that there were any. A non-contiguous mask is refused. */
bool fw_iprange_parse(fw_sv text, fw_iprange *ret, bool *ret_host_bits);
/* The same, or two addresses with a dash: "10.0.0.1-10.0.0.9". */
bool fw_iprange_parse_dashed(fw_sv text, fw_iprange *ret);
/* From one address to another of its family, which is not below it. */
bool fw_iprange_between(fw_sv from, fw_sv to, fw_iprange *ret);
bool fw_iprange_from_prefix(fw_ip ip, unsigned bits, fw_iprange *ret);
bool fw_iprange_from_mask(fw_ip ip, fw_ip mask, fw_iprange *ret);
/* True with the prefix length when the range is exactly one prefix. */
bool fw_iprange_is_prefix(fw_iprange range, unsigned *ret_bits);
bool fw_iprange_has(fw_iprange range, fw_ip ip);
fw_iprange fw_iprange_all(enum fw_family family);

/* RFC 5952 text for v6. A range prints as address, prefix or a-b. */
void fw_ip_text(struct fw_buf *buf, fw_ip ip);
void fw_iprange_text(struct fw_buf *buf, fw_iprange range);

/* Sets: results live in the arena; inputs may share memory with them. */
const struct fw_ipset *fw_ipset_make(struct fw_arena *arena, const fw_iprange *v, size_t n);
const struct fw_ipset *fw_ipset_union(struct fw_arena *arena, const struct fw_ipset *a,
                                      const struct fw_ipset *b);
const struct fw_ipset *fw_ipset_intersect(struct fw_arena *arena, const struct fw_ipset *a,
                                          const struct fw_ipset *b);
/* What of these families (FW_FAMILY_ bits) is not in the set. */
const struct fw_ipset *fw_ipset_complement(struct fw_arena *arena, const struct fw_ipset *a,
                                           unsigned families);
/* Every address of the families (FW_FAMILY_BIT4, ...). */
const struct fw_ipset *fw_ipset_all(struct fw_arena *arena, unsigned families);
bool fw_ipset_has(const struct fw_ipset *set, fw_ip ip);
bool fw_ipset_eq(const struct fw_ipset *a, const struct fw_ipset *b);
bool fw_ipset_overlaps(const struct fw_ipset *a, const struct fw_ipset *b);
/* a contains all of b */
bool fw_ipset_contains(const struct fw_ipset *a, const struct fw_ipset *b);
unsigned fw_ipset_families(const struct fw_ipset *set);
/* Number of addresses; exact up to 2^53. */
double fw_ipset_size(const struct fw_ipset *set);

#endif
