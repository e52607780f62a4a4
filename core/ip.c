/* How addresses are read and written, and how ranges of them relate to prefixes. */
#include "core/ip.h"

#include <string.h>

static unsigned family_bits(uint8_t family)
{
    return family == FW_IPV4 ? 32 : 128;
}

fw_ip fw_ip6(uint64_t hi, uint64_t lo)
{
    return (fw_ip){hi, lo, FW_IPV6};
}

int fw_ip_cmp(fw_ip a, fw_ip b)
{
    if (a.family != b.family) {
        return a.family < b.family ? -1 : 1;
    }
    if (a.hi != b.hi) {
        return a.hi < b.hi ? -1 : 1;
    }
    return (a.lo > b.lo) - (a.lo < b.lo);
}

fw_ip fw_ip_first(enum fw_family family)
{
    return (fw_ip){0, 0, (uint8_t)family};
}

fw_ip fw_ip_last(enum fw_family family)
{
    return family == FW_IPV4 ? fw_ip4(UINT32_MAX) : fw_ip6(UINT64_MAX, UINT64_MAX);
}

fw_ip fw_ip_next(fw_ip ip)
{
    if (ip.family == FW_IPV4) {
        return fw_ip4((uint32_t)ip.lo + 1);
    }
    ip.lo++;
    ip.hi += ip.lo == 0;
    return ip;
}

fw_ip fw_ip_prev(fw_ip ip)
{
    if (ip.family == FW_IPV4) {
        return fw_ip4((uint32_t)ip.lo - 1);
    }
    ip.hi -= ip.lo == 0;
    ip.lo--;
    return ip;
}

/* One of the four numbers, at *at; no leading zeros: "010" is 8 to some readers and 10 to others.
 */
static bool parse_octet(const char **at, const char *end, uint32_t *ret)
{
    const char *p = *at;
    uint32_t octet = 0;
    unsigned digit = 0;
    while (p < end && (digit = (unsigned)(unsigned char)*p - '0') <= 9 && p - *at < 3) {
        octet = octet * 10 + digit;
        p++;
    }
    if (p == *at || octet > 255 || (p - *at > 1 && **at == '0')) {
        return false;
    }
    *at = p;
    *ret = octet;
    return true;
}

/* Log lines are full of these: one pass, and most other texts are out at the first character. */
static bool parse_quad(fw_sv text, uint32_t *ret)
{
    uint32_t value = 0;
    if (text.n < 7 || text.n > 15) {
        return false;
    }
    const char *p = text.p;
    const char *end = p + text.n;
    for (int part = 0; part < 4; part++) {
        uint32_t octet;
        if ((part > 0 && (p == end || *p++ != '.')) || !parse_octet(&p, end, &octet)) {
            return false;
        }
        value = value << 8 | octet;
    }
    *ret = value;
    return p == end;
}

/* The 16-bit groups on one side of "::" (or of the whole address); a dotted quad may end them when
 * `quad_ok`. Returns the number of groups, or -1. */
static int parse_groups(fw_sv text, bool quad_ok, uint16_t ret[8])
{
    int count = 0;
    size_t at = 0;
    while (text.n > 0) {
        size_t start = at;
        unsigned group = 0;
        while (at < text.n && at - start < 4 && fw_hex_value(text.p[at]) >= 0) {
            group = group << 4 | (unsigned)fw_hex_value(text.p[at++]);
        }
        if (at < text.n && text.p[at] == '.') {
            uint32_t quad;
            if (!quad_ok || count > 6 || !parse_quad(fw_sv_sub(text, start, SIZE_MAX), &quad)) {
                return -1;
            }
            ret[count++] = (uint16_t)(quad >> 16);
            ret[count++] = (uint16_t)(quad & 0xffff);
            return count;
        }
        if (at == start || count == 8) {
            return -1;
        }
        ret[count++] = (uint16_t)group;
        if (at == text.n) {
            return count;
        }
        if (text.p[at++] != ':') {
            return -1;
        }
    }
    return count;
}

static bool parse_ip6(fw_sv text, fw_ip *ret)
{
    uint16_t head[8] = {0};
    uint16_t tail[8] = {0};
    size_t zone = fw_sv_find_char(text, '%');
    if (zone != SIZE_MAX) {
        if (zone + 1 == text.n) {
            return false;
        }
        text.n = zone;
    }
    size_t gap = fw_sv_find(text, FW_SV("::"));
    int heads = 0;
    int tails = 0;
    if (gap == SIZE_MAX) {
        heads = parse_groups(text, true, head);
        if (heads != 8) {
            return false;
        }
    } else {
        heads = parse_groups(fw_sv_sub(text, 0, gap), false, head);
        tails = parse_groups(fw_sv_sub(text, gap + 2, SIZE_MAX), true, tail);
        if (heads < 0 || tails < 0 || heads + tails > 7) { /* "::" stands for one group or more */
            return false;
        }
    }
    for (int i = 0; i < tails; i++) {
        head[8 - tails + i] = tail[i];
    }
    uint64_t hi = 0;
    uint64_t lo = 0;
    for (int i = 0; i < 4; i++) {
        hi = hi << 16 | head[i];
        lo = lo << 16 | head[4 + i];
    }
    *ret = fw_ip6(hi, lo);
    return true;
}

bool fw_ip_parse(fw_sv text, fw_ip *ret)
{
    uint32_t quad;
    if (parse_quad(text, &quad)) {
        *ret = fw_ip4(quad);
        return true;
    }
    bool begins = text.n >= 2 && (text.p[0] == ':' || fw_hex_value(text.p[0]) >= 0);
    return begins && fw_sv_find_char(text, ':') != SIZE_MAX && parse_ip6(text, ret);
}

/* The mask of a prefix length, in the low bits of the family. */
static fw_ip mask_of(uint8_t family, unsigned bits)
{
    if (family == FW_IPV4) {
        return fw_ip4(bits == 0 ? 0 : UINT32_MAX << (32 - bits));
    }
    uint64_t hi = bits == 0 ? 0 : bits >= 64 ? UINT64_MAX : UINT64_MAX << (64 - bits);
    uint64_t lo = bits <= 64 ? 0 : UINT64_MAX << (128 - bits);
    return fw_ip6(hi, lo);
}

bool fw_iprange_from_prefix(fw_ip ip, unsigned bits, fw_iprange *ret)
{
    if ((ip.family != FW_IPV4 && ip.family != FW_IPV6) || bits > family_bits(ip.family)) {
        return false;
    }
    fw_ip mask = mask_of(ip.family, bits);
    fw_ip last = fw_ip_last((enum fw_family)ip.family);
    fw_ip lo = {ip.hi & mask.hi, ip.lo & mask.lo, ip.family};
    *ret = (fw_iprange){lo,
                        {lo.hi | (last.hi & ~mask.hi), lo.lo | (last.lo & ~mask.lo), ip.family}};
    return true;
}

/* The length of a contiguous mask, or false. */
static bool mask_bits(fw_ip mask, unsigned *ret)
{
    for (unsigned bits = 0; bits <= family_bits(mask.family); bits++) {
        if (fw_ip_eq(mask, mask_of(mask.family, bits))) {
            *ret = bits;
            return true;
        }
    }
    return false;
}

bool fw_iprange_from_mask(fw_ip ip, fw_ip mask, fw_iprange *ret)
{
    unsigned bits;
    return ip.family == mask.family && mask_bits(mask, &bits) &&
           fw_iprange_from_prefix(ip, bits, ret);
}

bool fw_iprange_parse(fw_sv text, fw_iprange *ret, bool *ret_host_bits)
{
    size_t slash = fw_sv_find_char(text, '/');
    fw_ip ip;
    fw_ip mask;
    fw_iprange range;
    if (!fw_ip_parse(fw_sv_sub(text, 0, slash), &ip)) {
        return false;
    }
    if (slash == SIZE_MAX) {
        range = (fw_iprange){ip, ip};
    } else {
        fw_sv tail = fw_sv_sub(text, slash + 1, SIZE_MAX);
        uint32_t bits;
        if (fw_sv_u32(tail, 128, &bits)) {
            if ((tail.n > 1 && tail.p[0] == '0') || !fw_iprange_from_prefix(ip, bits, &range)) {
                return false;
            }
        } else if (!fw_ip_parse(tail, &mask) || !fw_iprange_from_mask(ip, mask, &range)) {
            return false;
        }
    }
    if (ret_host_bits) {
        *ret_host_bits = !fw_ip_eq(range.lo, ip);
    }
    *ret = range;
    return true;
}

bool fw_iprange_between(fw_sv from, fw_sv to, fw_iprange *ret)
{
    fw_iprange range;
    if (!fw_ip_parse(from, &range.lo) || !fw_ip_parse(to, &range.hi) ||
        range.lo.family != range.hi.family || fw_ip_cmp(range.lo, range.hi) > 0) {
        return false;
    }
    *ret = range;
    return true;
}

bool fw_iprange_parse_dashed(fw_sv text, fw_iprange *ret)
{
    size_t dash = fw_sv_find_char(text, '-');
    return dash == SIZE_MAX ? fw_iprange_parse(text, ret, NULL)
                            : fw_iprange_between(fw_sv_sub(text, 0, dash),
                                                 fw_sv_sub(text, dash + 1, SIZE_MAX), ret);
}

bool fw_iprange_is_prefix(fw_iprange range, unsigned *ret_bits)
{
    /* A prefix starts where all the bits that vary are 0 and ends where they are all 1. */
    uint64_t hi = range.lo.hi ^ range.hi.hi;
    uint64_t lo = range.lo.lo ^ range.hi.lo;
    uint64_t last_lo = range.lo.family == FW_IPV4 ? UINT32_MAX : UINT64_MAX;
    fw_ip mask = {range.lo.family == FW_IPV4 ? 0 : ~hi, lo ^ last_lo, range.lo.family};
    unsigned bits;
    if ((range.lo.hi & hi) != 0 || (range.lo.lo & lo) != 0 || !mask_bits(mask, &bits)) {
        return false;
    }
    *ret_bits = bits;
    return true;
}

bool fw_iprange_has(fw_iprange range, fw_ip ip)
{
    return ip.family == range.lo.family && fw_ip_cmp(range.lo, ip) <= 0 &&
           fw_ip_cmp(ip, range.hi) <= 0;
}

fw_iprange fw_iprange_all(enum fw_family family)
{
    return (fw_iprange){fw_ip_first(family), fw_ip_last(family)};
}

/* Addresses are most of what is printed, so their digits are not left to printf. */
static char *put_decimal(char *at, unsigned octet)
{
    if (octet >= 100) {
        *at++ = (char)('0' + octet / 100);
    }
    if (octet >= 10) {
        *at++ = (char)('0' + octet / 10 % 10);
    }
    *at++ = (char)('0' + octet % 10);
    return at;
}

static char *put_hex(char *at, unsigned group)
{
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
        unsigned nibble = group >> shift & 15;
        started = started || nibble > 0 || shift == 0;
        if (started) {
            *at++ = "0123456789abcdef"[nibble];
        }
    }
    return at;
}

static char *put_quad(char *at, uint32_t quad)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        at = put_decimal(at, quad >> shift & 255);
        if (shift > 0) {
            *at++ = '.';
        }
    }
    return at;
}

/* The longest run of two or more zero groups, the first of equals; *ret_n is 0 without one. */
static unsigned longest_zeros(const unsigned group[8], unsigned *ret_n)
{
    unsigned best = 0;
    unsigned best_n = 0;
    for (unsigned i = 0; i < 8; i++) {
        unsigned n = 0;
        while (i + n < 8 && group[i + n] == 0) {
            n++;
        }
        if (n > 1 && n > best_n) {
            best = i;
            best_n = n;
        }
        i += n;
    }
    *ret_n = best_n;
    return best;
}

static char *put_groups(char *at, fw_ip ip)
{
    unsigned group[8];
    for (unsigned i = 0; i < 4; i++) {
        group[i] = (unsigned)(ip.hi >> (48 - 16 * i) & 0xffff);
        group[4 + i] = (unsigned)(ip.lo >> (48 - 16 * i) & 0xffff);
    }
    unsigned zeros;
    unsigned gap = longest_zeros(group, &zeros);
    for (unsigned i = 0; i < 8; i++) {
        if (zeros > 0 && i == gap) {
            *at++ = ':';
            *at++ = ':';
            i += zeros - 1;
            continue;
        }
        if (i > 0 && !(zeros > 0 && i == gap + zeros)) {
            *at++ = ':';
        }
        at = put_hex(at, group[i]);
    }
    return at;
}

void fw_ip_text(struct fw_buf *buf, fw_ip ip)
{
    char text[48]; /* "ffff:" eight times, or "::ffff:" and "255." four times */
    char *end = text;
    if (ip.family == FW_IPV4) {
        end = put_quad(text, (uint32_t)ip.lo);
    } else if (ip.hi == 0 && ip.lo >> 32 == 0xffff) { /* RFC 5952 section 5: IPv4-mapped */
        memcpy(text, "::ffff:", 7);
        end = put_quad(text + 7, (uint32_t)ip.lo);
    } else {
        end = put_groups(text, ip);
    }
    fw_buf_add(buf, fw_sv_of(text, (size_t)(end - text)));
}

void fw_iprange_text(struct fw_buf *buf, fw_iprange range)
{
    unsigned bits;
    fw_ip_text(buf, range.lo);
    if (fw_ip_eq(range.lo, range.hi)) {
        return;
    }
    if (fw_iprange_is_prefix(range, &bits)) {
        fw_buf_printf(buf, "/%u", bits);
        return;
    }
    fw_buf_add_char(buf, '-');
    fw_ip_text(buf, range.hi);
}
