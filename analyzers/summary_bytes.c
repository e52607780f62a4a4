/* How are numbers, texts and addresses written as bytes, and read back from untrusted ones? */
#include "analyzers/summary_bytes.h"

void fw_bytes_put_u64(struct fw_buf *out, uint64_t value)
{
    char bytes[10];
    size_t n = 0;
    while (value >= 0x80) {
        bytes[n++] = (char)(value | 0x80);
        value >>= 7;
    }
    bytes[n++] = (char)value;
    fw_buf_add(out, fw_sv_of(bytes, n));
}

void fw_bytes_put_i64(struct fw_buf *out, int64_t value)
{
    fw_bytes_put_u64(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

/* The difference, in wrapping arithmetic: any two times have one. */
void fw_bytes_put_from(struct fw_buf *out, int64_t value, int64_t base)
{
    fw_bytes_put_i64(out, (int64_t)((uint64_t)value - (uint64_t)base));
}

void fw_bytes_put_text(struct fw_buf *out, fw_sv text)
{
    fw_bytes_put_u64(out, text.n);
    fw_buf_add(out, text);
}

void fw_bytes_put_ip(struct fw_buf *out, fw_ip ip)
{
    fw_bytes_put_u64(out, ip.family);
    fw_bytes_put_u64(out, ip.hi);
    fw_bytes_put_u64(out, ip.lo);
}

uint64_t fw_bytes_get_u64(struct fw_bytes_reader *r)
{
    uint64_t value = 0;
    for (unsigned shift = 0; r->s.n > 0 && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*r->s.p;
        r->s.p++;
        r->s.n--;
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    r->bad = true;
    r->s.n = 0;
    return 0;
}

int64_t fw_bytes_get_i64(struct fw_bytes_reader *r)
{
    uint64_t value = fw_bytes_get_u64(r);
    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

int64_t fw_bytes_get_from(struct fw_bytes_reader *r, int64_t base)
{
    return (int64_t)((uint64_t)fw_bytes_get_i64(r) + (uint64_t)base);
}

/* A number of rows; each takes at least a byte, and there is a limit. */
size_t fw_bytes_get_count(struct fw_bytes_reader *r, uint64_t limit)
{
    uint64_t n = fw_bytes_get_u64(r);
    if (n > limit || n > r->s.n) {
        r->bad = true;
        r->s.n = 0;
        return 0;
    }
    return (size_t)n;
}

fw_sv fw_bytes_get_text(struct fw_bytes_reader *r, uint64_t limit)
{
    size_t n = fw_bytes_get_count(r, limit);
    fw_sv text = fw_sv_of(r->s.p, n);
    r->s.p += n;
    r->s.n -= n;
    return n > 0 ? fw_arena_copy(r->arena, text) : FW_SV("");
}

fw_ip fw_bytes_get_ip(struct fw_bytes_reader *r)
{
    uint64_t family = fw_bytes_get_u64(r);
    fw_ip ip = {.hi = fw_bytes_get_u64(r), .family = (uint8_t)family};
    ip.lo = fw_bytes_get_u64(r);
    bool fits = family == FW_IPV6 || (family == FW_IPV4 && ip.hi == 0 && ip.lo <= UINT32_MAX);
    r->bad = r->bad || !fits;
    return ip;
}
