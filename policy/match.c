/* Does one rule match one packet? In three values: what is not known of the packet, and what is not
 * modelled of the rule, is "maybe". */
#include "core/proto.h"
#include "policy/eval.h"

static enum fw_tri both(enum fw_tri a, enum fw_tri b)
{
    if (a == FW_NO || b == FW_NO) {
        return FW_NO;
    }
    return a == FW_MAYBE || b == FW_MAYBE ? FW_MAYBE : FW_YES;
}

static enum fw_tri tri(bool value)
{
    return value ? FW_YES : FW_NO;
}

static enum fw_tri match_ip(const struct fw_ipset *set, fw_ip ip)
{
    if (!set) {
        return FW_YES;
    }
    if (ip.family == 0) {
        return set->n == 0 ? FW_NO : FW_MAYBE;
    }
    return tri(fw_ipset_has(set, ip));
}

static enum fw_tri match_name(const struct fw_nameset *set, bool known, fw_sv name)
{
    if (!set) {
        return FW_YES;
    }
    if (!known) {
        return FW_MAYBE;
    }
    return tri(fw_nameset_has(set, name));
}

/* A number in a dimension that holds 0..max. */
static enum fw_tri match_num(const struct fw_numset *set, bool known, uint32_t value, uint32_t max)
{
    if (!set) {
        return FW_YES;
    }
    if (known) {
        return tri(fw_numset_has(set, value));
    }
    bool all = set->n == 1 && set->v[0].lo == 0 && set->v[0].hi >= max;
    return set->n == 0 ? FW_NO : all ? FW_YES : FW_MAYBE;
}

/* Dimensions that exist for some protocols only: other packets do not match a rule that asks. */
static enum fw_tri match_part(const struct fw_numset *set, const struct fw_packet *packet,
                              bool exists, bool known, uint32_t value, uint32_t max)
{
    if (!set) {
        return FW_YES;
    }
    if (!packet->has_proto) {
        return set->n == 0 ? FW_NO : FW_MAYBE;
    }
    return exists ? match_num(set, known, value, max) : FW_NO;
}

static enum fw_tri match_icmp(const struct fw_numset *set, const struct fw_packet *packet)
{
    bool exists = packet->has_proto &&
                  (packet->proto == FW_PROTO_ICMP || packet->proto == FW_PROTO_ICMP6);
    if (!set || !exists || !packet->has_icmp_type || packet->has_icmp_code) {
        return match_part(set, packet, exists, packet->has_icmp_type && packet->has_icmp_code,
                          (uint32_t)packet->icmp_type << 8 | packet->icmp_code, UINT16_MAX);
    }
    /* The type is known, the code is not. */
    unsigned yes = 0;
    for (uint32_t code = 0; code < 256; code++) {
        yes += fw_numset_has(set, (uint32_t)packet->icmp_type << 8 | code);
    }
    return yes == 256 ? FW_YES : yes == 0 ? FW_NO : FW_MAYBE;
}

/* Local traffic that never leaves the machine runs over the loopback interface. */
static bool is_loopback(bool known, fw_sv name)
{
    return known && fw_sv_is(name, "lo");
}

static enum fw_tri match_atom(const struct fw_atom *atom, const struct fw_packet *packet)
{
    enum fw_tri value = FW_MAYBE;
    switch (atom->kind) {
    case FW_ATOM_MARK:
        if (packet->has_mark) {
            value = tri((packet->mark & atom->mask) == atom->value);
        }
        break;
    case FW_ATOM_CONNMARK:
        if (packet->has_connmark) {
            value = tri((packet->connmark & atom->mask) == atom->value);
        }
        break;
    case FW_ATOM_SRC_LOCAL:
        if (packet->hook == FW_HOOK_OUTPUT || is_loopback(packet->has_in, packet->in)) {
            value = FW_YES;
        } else if (packet->hook != FW_HOOK_NONE && packet->has_in) {
            value = FW_NO;
        }
        break;
    case FW_ATOM_DST_LOCAL:
        if (packet->hook == FW_HOOK_INPUT || is_loopback(packet->has_out, packet->out)) {
            value = FW_YES;
        } else if (packet->hook == FW_HOOK_FORWARD ||
                   (packet->hook == FW_HOOK_OUTPUT && packet->has_out)) {
            value = FW_NO;
        }
        break;
    case FW_ATOM_FRAGMENT:
        value = FW_NO; /* a packet is given with its ports: it is whole or the first piece */
        break;
    case FW_ATOM_FIXED:
    case FW_ATOM_VARYING:
    case FW_ATOM_TIME:
    case FW_ATOM_COUNT:
        break;
    }
    if (value == FW_MAYBE || !atom->negated) {
        return value;
    }
    return value == FW_YES ? FW_NO : FW_YES;
}

static enum fw_tri match_term(const struct fw_term *term, const struct fw_packet *packet)
{
    bool ports = packet->has_proto && fw_proto_has_ports(packet->proto);
    bool tcp = packet->has_proto && packet->proto == FW_PROTO_TCP;
    /* A packet that is for the machine itself leaves through no interface, one that it sends came
     * in through none. */
    bool no_in = packet->hook == FW_HOOK_OUTPUT;
    bool no_out = packet->hook == FW_HOOK_INPUT;
    enum fw_tri result = match_ip(term->src, packet->src);
    result = both(result, match_ip(term->dst, packet->dst));
    result = both(result,
                  match_name(term->in, packet->has_in || no_in, no_in ? FW_SV("") : packet->in));
    result = both(
        result, match_name(term->out, packet->has_out || no_out, no_out ? FW_SV("") : packet->out));
    result = both(result, match_num(term->proto, packet->has_proto, packet->proto, UINT8_MAX));
    result = both(result, match_part(term->sport, packet, ports, packet->has_sport, packet->sport,
                                     UINT16_MAX));
    result = both(result, match_part(term->dport, packet, ports, packet->has_dport, packet->dport,
                                     UINT16_MAX));
    result = both(result, match_icmp(term->icmp, packet));
    result = both(
        result, match_part(term->flags, packet, tcp, packet->has_flags, packet->flags, UINT8_MAX));
    result = both(result,
                  match_num(term->state, packet->has_state, packet->state, FW_STATE_COUNT - 1));
    for (size_t i = 0; i < term->natoms && result != FW_NO; i++) {
        result = both(result, match_atom(&term->atoms[i], packet));
    }
    return result;
}

enum fw_tri fw_rule_matches(const struct fw_rule *rule, const struct fw_packet *packet)
{
    enum fw_tri best = FW_NO;
    for (size_t i = 0; i < rule->match.n && best != FW_YES; i++) {
        enum fw_tri one = match_term(&rule->match.terms[i], packet);
        best = one == FW_NO ? best : one;
    }
    return best;
}
