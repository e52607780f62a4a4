/* Which packets try a ruleset best? Each takes most of its values from one rule, others from
 * others. */
#include "policy/sample.h"

#include "core/proto.h"

static uint64_t draw(struct fw_sampler *s)
{
    s->random += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = s->random;
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static size_t below(struct fw_sampler *s, size_t n)
{
    return (size_t)(draw(s) >> 11) % n;
}

static bool chance(struct fw_sampler *s, unsigned percent)
{
    return below(s, 100) < percent;
}

static void add_hook(struct fw_sampler *s, enum fw_hook hook)
{
    for (size_t i = 0; i < s->nhooks; i++) {
        if (s->hooks[i] == hook) {
            return;
        }
    }
    s->hooks[s->nhooks++] = hook;
}

void fw_sampler_init(struct fw_sampler *sampler, struct fw_arena *arena,
                     const struct fw_ruleset *ruleset, uint64_t seed)
{
    *sampler = (struct fw_sampler){.ruleset = ruleset, .arena = arena, .random = seed};
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        bool arrives = policy->hook == FW_HOOK_INPUT || policy->hook == FW_HOOK_FORWARD ||
                       policy->hook == FW_HOOK_OUTPUT;
        if (policy->decides && (arrives || policy->nbindings > 0)) {
            add_hook(sampler, policy->hook);
        }
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            if (rule->enabled && rule->match.n > 0) {
                sampler->rules = fw_arena_push(arena, sampler->rules, sampler->nrules,
                                               sizeof(*sampler->rules));
                sampler->rules[sampler->nrules++] = (struct fw_sampled){rule, policy->hook};
            }
        }
    }
    if (sampler->nhooks == 0) {
        sampler->hooks[sampler->nhooks++] = FW_HOOK_NONE;
    }
}

/* Any term of any rule, and the hook of its policy; one without conditions when there is no rule.
 */
static const struct fw_term *draw_term(struct fw_sampler *s, enum fw_hook *ret_hook)
{
    static const struct fw_term none;
    *ret_hook = FW_HOOK_NONE;
    if (s->nrules == 0) {
        return &none;
    }
    const struct fw_sampled *sampled = &s->rules[below(s, s->nrules)];
    *ret_hook = sampled->hook;
    return &sampled->rule->match.terms[below(s, sampled->rule->match.n)];
}

/* An edge of one of the ranges, the address before or after it, or one within. */
static bool draw_address(struct fw_sampler *s, const struct fw_ipset *set, fw_ip *ret)
{
    if (!set || set->n == 0) {
        return false;
    }
    fw_iprange range = set->v[below(s, set->n)];
    switch (below(s, 8)) {
    case 0:
        *ret = fw_ip_prev(range.lo);
        break;
    case 1:
        *ret = fw_ip_next(range.hi);
        break;
    case 2:
    case 3:
        *ret = range.hi;
        break;
    default: {
        fw_ip ip = range.lo;
        uint64_t offset = range.lo.hi == range.hi.hi ? range.hi.lo - range.lo.lo : UINT64_MAX;
        ip.lo += offset == 0 ? 0 : draw(s) % offset;
        *ret = fw_iprange_has(range, ip) ? ip : range.lo;
        break;
    }
    }
    return true;
}

static uint32_t draw_number(struct fw_sampler *s, const struct fw_numset *set, uint32_t last)
{
    struct fw_numrange range = set->v[below(s, set->n)];
    uint32_t hi = range.hi < last ? range.hi : last;
    switch (below(s, 8)) {
    case 0:
        return range.lo > 0 ? range.lo - 1 : range.lo;
    case 1:
        return hi < last ? hi + 1 : hi;
    case 2:
        return hi;
    case 3:
        return range.lo + (uint32_t)below(s, (size_t)hi - range.lo + 1);
    default:
        return range.lo;
    }
}

/* The rule's set, or another rule's when it has none. NULL: neither. */
static const struct fw_numset *either(const struct fw_numset *own, const struct fw_numset *other)
{
    const struct fw_numset *set = own ? own : other;
    return set && set->n > 0 ? set : NULL;
}

static void draw_addresses(struct fw_sampler *s, const struct fw_term *term,
                           struct fw_packet *packet)
{
    enum fw_hook unused;
    const struct fw_term *other = draw_term(s, &unused);
    if (!draw_address(s, term->src, &packet->src) && !draw_address(s, other->src, &packet->src)) {
        packet->src = fw_ip4((uint32_t)draw(s));
    }
    if (!draw_address(s, term->dst, &packet->dst) && !draw_address(s, other->dst, &packet->dst)) {
        packet->dst = fw_ip4((uint32_t)draw(s));
    }
    /* Both are of one family: of the one that the rule names. */
    if (packet->src.family != packet->dst.family) {
        fw_ip *changed = term->dst ? &packet->src : &packet->dst;
        bool six = (changed == &packet->src ? packet->dst : packet->src).family == FW_IPV6;
        *changed = six ? fw_ip6(UINT64_C(0x20010db800000000), draw(s) & 0xffff)
                       : fw_ip4((uint32_t)draw(s));
    }
}

static void draw_service(struct fw_sampler *s, const struct fw_term *term, struct fw_packet *packet)
{
    static const uint8_t usual[] = {FW_PROTO_TCP, FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_ICMP};
    enum fw_hook unused;
    const struct fw_term *other = draw_term(s, &unused);
    const struct fw_numset *protos = either(term->proto, other->proto);
    const struct fw_numset *set;
    bool six = packet->src.family == FW_IPV6;
    packet->has_proto = true;
    packet->proto = protos && chance(s, 90) ? (uint8_t)protos->v[below(s, protos->n)].lo
                                            : usual[below(s, 4)];
    if (packet->proto == (six ? FW_PROTO_ICMP : FW_PROTO_ICMP6)) {
        packet->proto = six ? FW_PROTO_ICMP6 : FW_PROTO_ICMP;
    }
    if (fw_proto_has_ports(packet->proto)) {
        packet->has_sport = true;
        packet->has_dport = true;
        set = either(term->sport, NULL);
        packet->sport = (uint16_t)(set ? draw_number(s, set, 65535) : 1024 + below(s, 64512));
        set = either(term->dport, other->dport);
        packet->dport = (uint16_t)(set ? draw_number(s, set, 65535) : below(s, 65536));
    } else if (packet->proto == FW_PROTO_ICMP || packet->proto == FW_PROTO_ICMP6) {
        set = either(term->icmp, other->icmp);
        uint32_t icmp = set ? draw_number(s, set, 65535) : six ? 128 << 8 : 8 << 8;
        packet->has_icmp_type = true;
        packet->has_icmp_code = true;
        packet->icmp_type = (uint8_t)(icmp >> 8);
        packet->icmp_code = (uint8_t)icmp;
    }
    set = either(term->flags, NULL);
    if (packet->proto == FW_PROTO_TCP && set) {
        packet->has_flags = true;
        packet->flags = (uint8_t)draw_number(s, set, 255);
    }
    set = either(term->state, NULL);
    packet->has_state = true;
    packet->state = set && chance(s, 60) ? (enum fw_state)(draw_number(s, set, FW_STATE_COUNT - 1))
                                         : FW_STATE_NEW;
}

/* A name that the pattern matches: "eth0" for "eth+". */
static fw_sv name_like(struct fw_sampler *s, fw_sv pattern)
{
    if (pattern.n == 0 || pattern.p[pattern.n - 1] != '+') {
        return pattern;
    }
    return fw_arena_printf(s->arena, "%.*s%u", (int)(pattern.n - 1), pattern.p,
                           (unsigned)below(s, 3));
}

/* Of the rule, of another one, of a binding, of the device. */
static bool draw_name(struct fw_sampler *s, const struct fw_nameset *own,
                      const struct fw_nameset *other, bool incoming, fw_sv *ret)
{
    const struct fw_nameset *set = own ? own : other;
    if (set && set->n > 0 && chance(s, 85)) {
        *ret = name_like(s, set->v[below(s, set->n)]);
        return true;
    }
    const struct fw_policy *policy = s->ruleset->npolicies > 0
                                         ? s->ruleset->policies[below(s, s->ruleset->npolicies)]
                                         : NULL;
    if (policy && policy->nbindings > 0) {
        const struct fw_binding *binding = &policy->bindings[below(s, policy->nbindings)];
        *ret = incoming ? binding->in : binding->out;
        if (ret->n > 0) {
            return true;
        }
    }
    if (s->ruleset->ninterfaces > 0) {
        *ret = s->ruleset->interfaces[below(s, s->ruleset->ninterfaces)].name;
        return ret->n > 0;
    }
    *ret = fw_arena_printf(s->arena, "eth%u", (unsigned)below(s, 3));
    return true;
}

/* Where the packet arrives: where the rule stands, or, for a chain, where any other does. */
static enum fw_hook draw_hook(struct fw_sampler *s, enum fw_hook hook)
{
    for (int tries = 0; tries < 8 && hook == FW_HOOK_NONE; tries++) {
        draw_term(s, &hook);
    }
    for (size_t i = 0; i < s->nhooks && !chance(s, 5); i++) {
        if (s->hooks[i] == hook) {
            return hook;
        }
    }
    return s->hooks[below(s, s->nhooks)];
}

void fw_sampler_next(struct fw_sampler *sampler, struct fw_packet *ret)
{
    enum fw_hook hook;
    enum fw_hook unused;
    const struct fw_term *term = draw_term(sampler, &hook);
    const struct fw_term *other = draw_term(sampler, &unused);
    *ret = (struct fw_packet){.hook = draw_hook(sampler, hook)};
    draw_addresses(sampler, term, ret);
    draw_service(sampler, term, ret);
    if (ret->hook != FW_HOOK_OUTPUT) {
        ret->has_in = draw_name(sampler, term->in, other->in, true, &ret->in);
    }
    if (ret->hook != FW_HOOK_INPUT) {
        ret->has_out = draw_name(sampler, term->out, other->out, false, &ret->out);
    }
    fw_packet_complete(ret);
}
