/* Terms as values: what two of them share, and a packet that shows one. */
#include "core/proto.h"
#include "policy/flows.h"

/* --- meet ----------------------------------------------------------------------------------- */

static bool meet_ips(struct fw_arena *arena, const struct fw_ipset *a, const struct fw_ipset *b,
                     const struct fw_ipset **ret)
{
    *ret = !a                              ? b
           : !b || fw_ipset_contains(b, a) ? a
           : fw_ipset_contains(a, b)       ? b
                                           : fw_ipset_intersect(arena, a, b);
    return !*ret || (*ret)->n > 0;
}

static bool meet_nums(struct fw_arena *arena, const struct fw_numset *a, const struct fw_numset *b,
                      const struct fw_numset **ret)
{
    *ret = !a                               ? b
           : !b || fw_numset_contains(b, a) ? a
           : fw_numset_contains(a, b)       ? b
                                            : fw_numset_intersect(arena, a, b);
    return !*ret || (*ret)->n > 0;
}

static bool meet_names(struct fw_arena *arena, const struct fw_nameset *a,
                       const struct fw_nameset *b, const struct fw_nameset **ret)
{
    if (!a || !b) {
        *ret = a ? a : b;
        return !*ret || (*ret)->n > 0 || (*ret)->negated;
    }
    const struct fw_nameset *plain = a->negated ? b : a;
    const struct fw_nameset *other = a->negated ? a : b;
    struct fw_nameset *set = fw_new(arena, struct fw_nameset);
    fw_sv *v = fw_new_array(arena, plain->n + 1, fw_sv);
    for (size_t i = 0; i < plain->n; i++) {
        if (fw_nameset_has(other, plain->v[i])) {
            v[set->n++] = plain->v[i];
        }
    }
    set->v = v;
    *ret = set->n == plain->n ? plain : set;
    return set->n > 0;
}

bool fw_term_meet(struct fw_arena *arena, const struct fw_term *a, const struct fw_term *b,
                  struct fw_term *ret)
{
    struct fw_term both = {0};
#define FW_MEET_IP meet_ips
#define FW_MEET_NAME meet_names
#define FW_MEET_NUM meet_nums
#define FW_DIM(name, kind, key) \
    if (!FW_MEET_##kind(arena, a->name, b->name, &both.name)) { \
        return false; \
    }
#include "policy/dims.def"
#undef FW_DIM
    *ret = both;
    return true;
}

/* --- a packet ------------------------------------------------------------------------------- */

/* Addresses that a reader takes for examples. */
static const uint32_t examples[] = {0xcb00710a, 0xc633640a, 0xc000020a, 0x08080808, 0x0a01020a};
enum { EXAMPLES = sizeof(examples) / sizeof(examples[0]) };

static fw_ip address_of(const struct fw_ipset *set, bool source)
{
    for (size_t i = 0; i < EXAMPLES; i++) {
        fw_ip ip = fw_ip4(examples[source && i < 2 ? 1 - i : i]);
        if (fw_ipset_has(set, ip)) {
            return ip;
        }
    }
    fw_ip doc6 = fw_ip6(UINT64_C(0x20010db800000000), source ? 0xa : 0xb);
    if (fw_ipset_has(set, doc6)) {
        return doc6;
    }
    fw_iprange first = set->v[0];
    fw_ip second = fw_ip_next(first.lo); /* no reader takes that one for a network */
    bool inside = fw_iprange_has(first, second) && !fw_ip_eq(second, first.hi);
    return inside ? second : first.lo;
}

static uint32_t number_of(const struct fw_numset *set, const uint32_t *liked, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!set || fw_numset_has(set, liked[i])) {
            return liked[i];
        }
    }
    return set->v[0].lo;
}

void fw_term_packet(const struct fw_term *term, enum fw_hook hook, struct fw_packet *ret)
{
    static const uint32_t protos4[] = {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_ICMP};
    static const uint32_t protos6[] = {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_ICMP6};
    static const uint32_t sources[] = {50000, 1024};
    static const uint32_t services[] = {443, 80, 53};
    *ret = (struct fw_packet){.hook = hook, .has_proto = true};
    ret->src = address_of(term->src, true);
    ret->dst = address_of(term->dst, false);
    bool six = ret->src.family == FW_IPV6;
    ret->proto = (uint8_t)number_of(term->proto, six ? protos6 : protos4, 3);
    if (fw_proto_has_ports(ret->proto)) {
        ret->has_sport = true;
        ret->has_dport = true;
        ret->sport = (uint16_t)number_of(term->sport, sources, 2);
        ret->dport = (uint16_t)number_of(term->dport, services, 3);
    }
    if (ret->proto == FW_PROTO_ICMP || ret->proto == FW_PROTO_ICMP6) {
        uint32_t echo = ret->proto == FW_PROTO_ICMP ? 8 << 8 : 128 << 8;
        uint32_t icmp = number_of(term->icmp, &echo, 1);
        ret->has_icmp_type = true;
        ret->has_icmp_code = true;
        ret->icmp_type = (uint8_t)(icmp >> 8);
        ret->icmp_code = (uint8_t)icmp;
    }
    if (term->in && term->in->n > 0) {
        ret->has_in = true;
        ret->in = term->in->v[0];
    }
    if (term->out && term->out->n > 0) {
        ret->has_out = true;
        ret->out = term->out->v[0];
    }
    ret->has_state = true;
    ret->state = FW_STATE_NEW;
    fw_packet_complete(ret);
}
