/* Forwards a translation matches like any rule. Backwards, the sides change places: a packet that
 * comes in where the rule's packets go out, for an address that they get there. */
#include "policy/translate.h"

/* What one rule makes of a packet. */
struct translated {
    struct fw_packet packet;
    bool src, dst; /* sides that are settled: no later rule is asked about them */
};

/* The policy that says how the device translates; NULL when it does not. */
static const struct fw_policy *find_policy(const struct fw_ruleset *ruleset)
{
    for (size_t i = 0; ruleset->nat_view != FW_NAT_VIEW_NONE && i < ruleset->npolicies; i++) {
        if (fw_sv_is(ruleset->policies[i]->table, "nat")) {
            return ruleset->policies[i];
        }
    }
    return NULL;
}

/* Sets made for one question. */
struct made {
    fw_iprange ranges[2];
    struct fw_ipset sets[2];
    struct fw_numrange numbers[2];
    struct fw_numset ports[2];
};

/* The addresses that a rewrite gives: NULL when it leaves them alone. Own addresses that the
 * configuration does not tell are any. */
static const struct fw_ipset *addresses_of(const struct fw_nat *nat, struct made *made, unsigned i)
{
    if (!nat || (nat->to.lo.family == 0 && !nat->own_address)) {
        return NULL;
    }
    if (nat->set) {
        return nat->set;
    }
    made->ranges[i] = nat->to.lo.family != 0 ? nat->to : fw_iprange_all(FW_IPV4);
    made->sets[i] = (struct fw_ipset){1, &made->ranges[i]};
    return &made->sets[i];
}

static const struct fw_numset *ports_of(const struct fw_nat *nat, struct made *made, unsigned i)
{
    if (!nat || (nat->port_lo == 0 && nat->port_hi == 0)) {
        return NULL;
    }
    made->numbers[i] = (struct fw_numrange){nat->port_lo, nat->port_hi};
    made->ports[i] = (struct fw_numset){1, &made->numbers[i]};
    return &made->ports[i];
}

static fw_ip plus(fw_ip ip, fw_ip base, fw_ip offset_of)
{
    uint64_t lo = offset_of.lo - base.lo;
    uint64_t hi = offset_of.hi - base.hi - (offset_of.lo < base.lo);
    fw_ip sum = ip;
    sum.lo += lo;
    sum.hi += hi + (sum.lo < lo);
    return sum;
}

/* An address that moves from one set to another: by its place where they are paired, to the only
 * one there is, or to nobody knows which. */
static fw_ip moved(fw_ip ip, const struct fw_ipset *from, const struct fw_ipset *to, bool paired)
{
    if (to && to->n == 1 && fw_ip_eq(to->v[0].lo, to->v[0].hi)) {
        return to->v[0].lo;
    }
    if (paired && to && from && to->n == 1 && from->n == 1 && ip.family == from->v[0].lo.family) {
        return plus(to->v[0].lo, from->v[0].lo, ip);
    }
    return (fw_ip){0};
}

static void move_port(const struct fw_numset *from, const struct fw_numset *to, bool *known,
                      uint16_t *port)
{
    if (!to || fw_numset_eq(from ? from : to, to)) {
        return;
    }
    bool same_size = from && from->n == 1 && to->n == 1 &&
                     from->v[0].hi - from->v[0].lo == to->v[0].hi - to->v[0].lo;
    if (!same_size || !*known) {
        *known = false;
        return;
    }
    *port = (uint16_t)(to->v[0].lo + (*port - from->v[0].lo));
}

static enum fw_tri matches(const struct fw_term *term, const struct fw_packet *packet)
{
    struct fw_rule rule = {.enabled = true, .match = {1, term}};
    return fw_rule_matches(&rule, packet);
}

static enum fw_tri forwards(enum fw_nat_view view, const struct fw_rule *rule,
                            const struct fw_term *term, const struct fw_packet *packet,
                            struct translated *ret)
{
    struct made made;
    struct fw_term loose = *term;
    bool inward = rule->action == FW_ACTION_DNAT; /* rewrites where packets go, and nothing else */
    const struct fw_nat *other = inward ? &rule->nat : rule->nat.other;
    struct fw_packet *to = &ret->packet;
    if (other && !packet->has_out) { /* where it leaves follows from the translation */
        loose.out = NULL;
    }
    enum fw_tri matched = matches(&loose, packet);
    *ret = (struct translated){*packet, !inward, other != NULL || rule->nat.alone};
    if (matched == FW_NO) {
        return FW_NO;
    }
    const struct fw_ipset *set = addresses_of(other, &made, 0);
    if (set) {
        to->dst = moved(packet->dst, term->dst, set, other->paired);
    }
    move_port(term->dport, ports_of(other, &made, 0), &to->has_dport, &to->dport);
    set = inward ? NULL : addresses_of(&rule->nat, &made, 1);
    if (set && view == FW_NAT_VIEW_WIRE) {
        to->src = moved(packet->src, term->src, set, rule->nat.paired);
        move_port(term->sport, ports_of(&rule->nat, &made, 1), &to->has_sport, &to->sport);
        to->has_sport = to->has_sport && rule->nat.both_ways; /* others share by ports */
    }
    return matched;
}

static enum fw_tri backwards(enum fw_nat_view view, const struct fw_rule *rule,
                             const struct fw_term *term, const struct fw_packet *packet,
                             struct translated *ret)
{
    struct made made;
    const struct fw_nat *other = rule->nat.other;
    const struct fw_ipset *mapped = addresses_of(&rule->nat, &made, 0);
    const struct fw_ipset *far = addresses_of(other, &made, 1);
    const struct fw_numset *mapped_ports = ports_of(&rule->nat, &made, 0);
    const struct fw_numset *far_ports = ports_of(other, &made, 1);
    struct fw_packet *to = &ret->packet;
    struct fw_term back = *term;
    back.in = term->out;
    back.out = packet->has_out ? term->in : NULL;
    back.src = far ? far : term->dst;
    back.dst = mapped ? mapped : term->src;
    back.sport = far_ports ? far_ports : term->dport;
    back.dport = mapped_ports ? mapped_ports : term->sport;
    enum fw_tri matched = matches(&back, packet);
    *ret = (struct translated){*packet, other != NULL || rule->nat.alone, true};
    if (matched == FW_NO) {
        return FW_NO;
    }
    if (rule->nat.own_address && rule->nat.to.lo.family == 0) {
        matched = FW_MAYBE; /* which addresses are the device's own, nobody said */
    }
    if (mapped) {
        to->dst = moved(packet->dst, mapped, term->src, rule->nat.paired);
    }
    move_port(mapped_ports, mapped_ports ? term->sport : NULL, &to->has_dport, &to->dport);
    if (far && view == FW_NAT_VIEW_WIRE) {
        to->src = moved(packet->src, far, term->dst, other->paired);
    }
    if (!packet->has_out && term->in && term->in->n == 1 && !term->in->negated) {
        to->has_out = true;
        to->out = term->in->v[0];
    }
    return matched;
}

/* One more way in which the rule may apply. Where two of them differ, nobody knows. */
static enum fw_tri either(enum fw_tri best, enum fw_tri matched, const struct translated *way,
                          struct translated *ret)
{
    if (matched == FW_NO) {
        return best;
    }
    if (best == FW_NO) {
        *ret = *way;
        return matched;
    }
    struct fw_packet *a = &ret->packet;
    const struct fw_packet *b = &way->packet;
    a->src = fw_ip_eq(a->src, b->src) ? a->src : (fw_ip){0};
    a->dst = fw_ip_eq(a->dst, b->dst) ? a->dst : (fw_ip){0};
    a->has_sport = a->has_sport && b->has_sport && a->sport == b->sport;
    a->has_dport = a->has_dport && b->has_dport && a->dport == b->dport;
    a->has_out = a->has_out && b->has_out && fw_sv_eq(a->out, b->out);
    ret->src = ret->src && way->src;
    ret->dst = ret->dst && way->dst;
    return matched == FW_YES ? FW_YES : best;
}

static enum fw_tri apply(enum fw_nat_view view, const struct fw_rule *rule,
                         const struct fw_packet *packet, struct translated *ret)
{
    enum fw_tri best = FW_NO;
    bool back = rule->nat.both_ways;
    struct translated way;
    for (size_t i = 0; rule->enabled && i < rule->match.n && best != FW_YES; i++) {
        const struct fw_term *term = &rule->match.terms[i];
        best = either(best, forwards(view, rule, term, packet, &way), &way, ret);
        if (back && best != FW_YES) {
            best = either(best, backwards(view, rule, term, packet, &way), &way, ret);
        }
    }
    return best;
}

void fw_translate_packet(const struct fw_ruleset *ruleset, enum fw_nat_view view,
                         struct fw_packet *packet,
                         bool (*applies)(void *context, const struct fw_policy *nat,
                                         const struct fw_rule *rule, enum fw_tri matched),
                         void *context)
{
    const struct fw_policy *nat = find_policy(ruleset);
    const struct fw_packet before = *packet;
    bool src = view == FW_NAT_VIEW_REAL; /* lists see it as it came */
    bool dst = false;
    for (size_t i = 0; nat && i < nat->n && !(src && dst); i++) {
        struct translated to;
        enum fw_tri matched = apply(view, &nat->rules[i], &before, &to);
        bool wanted = matched != FW_NO && ((to.src && !src) || (to.dst && !dst));
        if (!wanted || !applies(context, nat, &nat->rules[i], matched)) {
            continue;
        }
        if (to.src && !src) {
            packet->src = to.packet.src;
            packet->has_sport = to.packet.has_sport;
            packet->sport = to.packet.sport;
            src = true;
        }
        if (to.dst && !dst) {
            packet->dst = to.packet.dst;
            packet->has_dport = to.packet.has_dport;
            packet->dport = to.packet.dport;
            packet->has_out = to.packet.has_out;
            packet->out = to.packet.out;
            dst = true;
        }
    }
}
