/* Which values satisfy a comparison of nftables: numbers, bit masks, addresses. */
#include "parsers/nft_match.h"

/* The value of flags, states or numbers: "syn", "syn,ack", "(syn | ack)", "0x10". */
bool fw_nft_value(enum fw_nft_type type, const struct fw_nft_expr *expr, uint32_t *ret)
{
    uint32_t all = 0;
    bool combined = expr->kind == FW_NFT_FLAGS ||
                    (expr->kind == FW_NFT_BINOP && fw_sv_is(expr->text, "|"));
    if (expr->kind == FW_NFT_VALUE) {
        return fw_nft_number(type, expr->text, ret);
    }
    if (!combined) {
        return false;
    }
    for (size_t i = 0; i < expr->n; i++) { /* as deep as the reader let it be */
        uint32_t one;
        if (!fw_nft_value(type, expr->v[i], &one)) {
            return false;
        }
        all |= one;
    }
    *ret = all;
    return true;
}

static bool range_of(enum fw_nft_type type, const struct fw_nft_expr *expr, struct fw_numrange *ret)
{
    if (expr->kind == FW_NFT_RANGE) {
        return fw_nft_value(type, expr->v[0], &ret->lo) &&
               fw_nft_value(type, expr->v[1], &ret->hi) && ret->lo <= ret->hi;
    }
    if (!fw_nft_value(type, expr, &ret->lo)) {
        return false;
    }
    ret->hi = ret->lo;
    return true;
}

bool fw_nft_addresses(const struct fw_nft_expr *expr, uint8_t family, fw_iprange *ret)
{
    bool ok = false;
    if (expr->kind == FW_NFT_VALUE) {
        ok = fw_ip_parse(expr->text, &ret->lo);
        ret->hi = ret->lo;
    } else if (expr->kind == FW_NFT_PREFIX && expr->v[0]->kind == FW_NFT_VALUE) {
        fw_ip ip;
        fw_ip mask;
        uint32_t bits;
        ok = fw_ip_parse(expr->v[0]->text, &ip) &&
             ((fw_sv_u32(expr->text, 128, &bits) && fw_iprange_from_prefix(ip, bits, ret)) ||
              (fw_ip_parse(expr->text, &mask) && fw_iprange_from_mask(ip, mask, ret)));
    } else if (expr->kind == FW_NFT_RANGE) {
        ok = fw_ip_parse(expr->v[0]->text, &ret->lo) && fw_ip_parse(expr->v[1]->text, &ret->hi) &&
             ret->lo.family == ret->hi.family && fw_ip_cmp(ret->lo, ret->hi) <= 0;
    }
    return ok && ret->lo.family == family;
}

void fw_nft_say_bad(const struct fw_nft_comparison *c, const struct fw_nft_expr *value)
{
    static const char *const expected[] = {
        [FW_NFT_TYPE_OPAQUE] = "a value",
        [FW_NFT_TYPE_IP] = "an IPv4 address, prefix or range",
        [FW_NFT_TYPE_IP6] = "an IPv6 address, prefix or range",
        [FW_NFT_TYPE_PORT] = "a port or a range of ports",
        [FW_NFT_TYPE_PROTO] = "a protocol",
        [FW_NFT_TYPE_NAME] = "the name of an interface",
        [FW_NFT_TYPE_ICMP_TYPE] = "a type of ICMP",
        [FW_NFT_TYPE_ICMP_CODE] = "a code of ICMP",
        [FW_NFT_TYPE_ICMP6_TYPE] = "a type of ICMPv6",
        [FW_NFT_TYPE_ICMP6_CODE] = "a code of ICMPv6",
        [FW_NFT_TYPE_TCP_FLAGS] = "flags of TCP",
        [FW_NFT_TYPE_STATE] = "states of a connection",
        [FW_NFT_TYPE_FAMILY] = "a protocol of packets",
        [FW_NFT_TYPE_NUMBER] = "a number",
    };
    bool computed = value->kind == FW_NFT_MAP || value->kind == FW_NFT_KEY ||
                    value->kind == FW_NFT_BINOP || value->kind == FW_NFT_REF;
    if (computed) {
        fw_nft_unsupported(c->making, value->raw,
                           "compared with something computed: kept by its "
                           "words");
    } else {
        fw_nft_bad(c->making, value->raw, expected[c->row->type]);
    }
}

/* The numbers that satisfy the comparison, of 0..last; NULL: a value was not understood. */
const struct fw_numset *fw_nft_numbers(const struct fw_nft_comparison *c, uint32_t last)
{
    struct fw_arena *arena = &c->making->nft->doc->scratch;
    struct fw_numrange *v = fw_new_array(arena, c->n + 1, struct fw_numrange);
    for (size_t i = 0; i < c->n; i++) {
        if (!range_of(c->row->type, c->values[i], &v[i])) {
            fw_nft_say_bad(c, c->values[i]);
            return NULL;
        }
    }
    const struct fw_numset *set = fw_numset_make(arena, v, c->n);
    uint32_t value = c->n > 0 ? v[0].lo : 0;
    switch (c->op) {
    case FW_NFT_EQ:
    case FW_NFT_IN:
        return set;
    case FW_NFT_NE:
    case FW_NFT_NOT:
        return fw_numset_complement(arena, set, last);
    case FW_NFT_LT:
        return value == 0 ? fw_numset_make(arena, NULL, 0) : fw_numset_range(arena, 0, value - 1);
    case FW_NFT_LE:
        return fw_numset_range(arena, 0, value);
    case FW_NFT_GT:
        return value >= last ? fw_numset_make(arena, NULL, 0)
                             : fw_numset_range(arena, value + 1, last);
    case FW_NFT_GE:
        return fw_numset_range(arena, value, last);
    }
    return NULL;
}

/* Does a bit mask satisfy the comparison? */
static bool bits_satisfy(const struct fw_nft_comparison *c, const uint32_t *values, uint32_t bits)
{
    bool listed = false;
    bits &= c->mask;
    for (size_t i = 0; i < c->n; i++) {
        listed = listed || bits == values[i];
    }
    bool any = c->n > 0 && (bits & values[0]) != 0;
    if (c->op == FW_NFT_NOT) {
        return !any;
    }
    if (c->op == FW_NFT_IN && !c->list && !c->has_mask) {
        return any;
    }
    return listed == (c->op != FW_NFT_NE);
}

/* For flags: all bytes that satisfy it. For states: those of the packets, which have one each. */
const struct fw_numset *fw_nft_masks(const struct fw_nft_comparison *c)
{
    struct fw_arena *arena = &c->making->nft->doc->scratch;
    bool states = c->row->meaning == STATE;
    uint32_t count = states ? (uint32_t)FW_STATE_COUNT : UINT8_MAX + 1u;
    uint32_t *values = fw_new_array(arena, c->n + 1, uint32_t);
    struct fw_numrange *v = fw_new_array(arena, count, struct fw_numrange);
    size_t n = 0;
    if (c->op == FW_NFT_LT || c->op == FW_NFT_GT || c->op == FW_NFT_LE || c->op == FW_NFT_GE) {
        return NULL;
    }
    for (size_t i = 0; i < c->n; i++) {
        if (!fw_nft_value(c->row->type, c->values[i], &values[i])) {
            fw_nft_say_bad(c, c->values[i]);
            return NULL;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (bits_satisfy(c, values, states ? 1u << i : i)) {
            v[n++] = (struct fw_numrange){i, i};
        }
    }
    return fw_numset_make(arena, v, n);
}
