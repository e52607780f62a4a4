/* Address translation as an ASA spells it since 8.3.
 *   nat (inside,outside) source static REAL MAPPED destination static MAPPED REAL service A B dns
 *   object network SRV
 *    nat (dmz,outside) static 192.0.2.9 service tcp 8080 80 */
#include <string.h>

#include "parsers/cisco_asa_nat.h"

static struct fw_arena *scratch_of(const struct fw_asa_nat *nat)
{
    return &nat->asa->cisco.doc->scratch;
}

static void add_object(struct fw_asa_nat *nat, struct fw_cisco_object *object)
{
    struct fw_rule *rule = &nat->entry.rule;
    struct fw_object **v = fw_arena_push(&nat->asa->cisco.doc->arena, (void *)rule->objects,
                                         rule->nobjects, sizeof(*v));
    v[rule->nobjects++] = object->object;
    rule->objects = v;
}

/* The addresses of a named object. What is not in the configuration (an undefined object, an FQDN)
 * becomes an atom; *ret is NULL then. */
static void addresses(struct fw_asa_nat *nat, fw_sv name, const char *prefix,
                      const struct fw_ipset **ret)
{
    struct fw_cisco *cisco = &nat->asa->cisco;
    struct fw_cisco_object *object = fw_cisco_object_refer(cisco, name, FW_CISCO_ANY_ADDRESS,
                                                           nat->line->number);
    const struct fw_cisco_value *value = NULL;
    add_object(nat, object);
    *ret = NULL;
    if (object->object->defined) {
        value = fw_cisco_resolve(cisco, object);
    }
    if (value && value->noutside == 0) {
        *ret = value->set;
        return;
    }
    fw_sv parts[] = {fw_sv_from(prefix), name};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(scratch_of(nat), parts, 2),
                                       false);
    atom.outside = true;
    fw_terms_atom(&nat->terms, atom);
}

/* The addresses that a position gives: "any", "interface", an object, or an address. */
static bool take_mapped(struct fw_asa_nat *nat, struct fw_nat *to, fw_sv interface,
                        const char *prefix)
{
    const struct fw_ipset *set;
    fw_sv word;
    fw_ip ip;
    if (!fw_cisco_next(nat->line, &word)) {
        fw_asa_nat_expect(nat, "an object, \"interface\" or an address");
        return false;
    }
    if (fw_sv_is(word, "any")) {
        return true;
    }
    if (fw_sv_is(word, "interface")) {
        fw_cisco_take(nat->line, "ipv6");
        fw_asa_nat_to_interface(to, nat, interface);
        return true;
    }
    if (!fw_cisco_object_find(&nat->asa->cisco, word, FW_CISCO_ANY_ADDRESS) &&
        fw_cisco_address(&nat->asa->cisco, word, &ip)) {
        fw_iprange range = {ip, ip};
        /* "nat static 192.0.2.0" of an object that is a subnet: as many addresses from there on */
        if (nat->real && nat->real->n == 1 && nat->real->v[0].lo.family == ip.family) {
            const fw_iprange *real = &nat->real->v[0];
            uint64_t count = real->hi.lo - real->lo.lo;
            if (!nat->entry.dynamic && real->hi.hi == real->lo.hi && ip.lo <= UINT64_MAX - count &&
                (ip.family == FW_IPV6 || ip.lo + count <= UINT32_MAX)) {
                range.hi.lo = ip.lo + count;
            }
        }
        fw_asa_nat_to(to, nat, fw_ipset_make(scratch_of(nat), &range, 1));
        return true;
    }
    addresses(nat, word, prefix, &set);
    if (set) {
        fw_asa_nat_to(to, nat, set);
    }
    return true;
}

/* Two single ranges of one size map address by address. */
static bool paired(const struct fw_ipset *a, const struct fw_nat *to)
{
    if (!a || a->n != 1 || to->set || to->to.lo.family != a->v[0].lo.family) {
        return false;
    }
    struct fw_ipset b = {1, &to->to};
    return fw_ipset_size(a) == fw_ipset_size(&b);
}

/* What dynamic translation gives: "POOL", "POOL interface", "pat-pool POOL round-robin", any of. */
static bool take_dynamic(struct fw_asa_nat *nat, fw_sv interface)
{
    static const char *const details[] = {"block-allocation", "extended", "flat", "include-reserve",
                                          "round-robin"};
    struct fw_nat *to = &nat->entry.rule.nat;
    bool said = false;
    for (;;) {
        bool known = false;
        for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
            known = known || fw_cisco_take(nat->line, details[i]);
        }
        if (fw_cisco_take(nat->line, "interface")) {
            fw_cisco_take(nat->line, "ipv6");
            to->own_address = true;
            known = true;
            if (to->to.lo.family == 0) {
                fw_asa_nat_to_interface(to, nat, interface);
            }
        } else if (fw_cisco_take(nat->line, "pat-pool") || (!known && !said)) {
            known = take_mapped(nat, to, interface, "mapped source");
            if (!known) {
                return false;
            }
        }
        if (!known) {
            return true;
        }
        said = true;
    }
}

static const struct fw_term *service_of(struct fw_asa_nat *nat, fw_sv name)
{
    struct fw_cisco *cisco = &nat->asa->cisco;
    struct fw_cisco_object *object = fw_cisco_object_refer(cisco, name, FW_CISCO_ANY_SERVICE,
                                                           nat->line->number);
    add_object(nat, object);
    if (!object->object->defined) {
        return NULL;
    }
    const struct fw_cisco_value *value = fw_cisco_resolve(cisco, object);
    return value->nparts == 1 ? &value->parts[0] : NULL;
}

static void set_ports(struct fw_nat *to, const struct fw_numset *from,
                      const struct fw_numset *ports)
{
    if (ports && ports->n == 1 && !(from && fw_numset_eq(from, ports))) {
        to->port_lo = (uint16_t)ports->v[0].lo;
        to->port_hi = (uint16_t)ports->v[0].hi;
    }
}

/* "service REAL_SRC_MAPPED_DST MAPPED_SRC_REAL_DST" */
static bool take_services(struct fw_asa_nat *nat)
{
    fw_sv first;
    fw_sv second;
    if (fw_cisco_take(nat->line, "any")) {
        return true;
    }
    if (!fw_cisco_next(nat->line, &first) || !fw_cisco_next(nat->line, &second)) {
        fw_asa_nat_expect(nat, "two services");
        return false;
    }
    const struct fw_term *before = service_of(nat, first);
    const struct fw_term *after = service_of(nat, second);
    if (!before || !after) {
        fw_sv parts[] = {FW_SV("service"), first, second};
        struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(scratch_of(nat), parts, 3),
                                           false);
        atom.outside = true;
        fw_terms_atom(&nat->terms, atom);
        return true;
    }
    fw_terms_and(&nat->terms, before, 1);
    set_ports(&nat->entry.rule.nat, before->sport, after->sport);
    set_ports(&nat->other, before->dport, after->dport);
    return true;
}

/* "service tcp 8080 80" of an object: the real port, and the one it gets. */
static bool take_service(struct fw_asa_nat *nat)
{
    struct fw_term part = {0};
    bool any;
    fw_sv word;
    uint16_t real;
    uint16_t mapped;
    if (!fw_cisco_next(nat->line, &word) ||
        !fw_cisco_protocol(scratch_of(nat), word, &part.proto, &any) || any ||
        !fw_cisco_next(nat->line, &word) || !fw_cisco_port(word, &real) ||
        !fw_cisco_next(nat->line, &word) || !fw_cisco_port(word, &mapped)) {
        fw_asa_nat_expect(nat, "a protocol, the real port and the mapped port");
        return false;
    }
    part.sport = fw_numset_range(scratch_of(nat), real, real);
    fw_terms_and(&nat->terms, &part, 1);
    if (mapped != real) {
        nat->entry.rule.nat.port_lo = mapped;
        nat->entry.rule.nat.port_hi = mapped;
    }
    return true;
}

/* "destination static MAPPED REAL": the mapped address is the one that the real source sends to, so
 * "interface" is that of its side (Cisco ASA, command reference, "nat (global)"). */
static bool take_destination(struct fw_asa_nat *nat, fw_sv interface)
{
    struct fw_term part = {0};
    struct fw_nat mapped = {0};
    if (!fw_cisco_take(nat->line, "static") ||
        !take_mapped(nat, &mapped, nat->in, "mapped destination")) {
        fw_asa_nat_expect(nat, "\"static\" and two objects");
        return false;
    }
    fw_iprange one = mapped.to;
    if (mapped.set) {
        part.dst = mapped.set;
    } else if (one.lo.family != 0) {
        part.dst = fw_ipset_make(scratch_of(nat), &one, 1);
    } else if (mapped.own_address) {
        struct fw_atom atom = fw_atom_make(FW_ATOM_DST_LOCAL, FW_SV("destination interface"),
                                           false);
        fw_terms_atom(&nat->terms, atom);
    }
    fw_terms_and(&nat->terms, &part, 1);
    if (!take_mapped(nat, &nat->other, interface, "real destination")) {
        return false;
    }
    nat->other.paired = paired(part.dst, &nat->other);
    return true;
}

static bool take_options(struct fw_asa_nat *nat, fw_sv interface, bool object)
{
    static const char *const silent[] = {"dns", "net-to-net", "no-proxy-arp", "route-lookup"};
    struct fw_rule *rule = &nat->entry.rule;
    fw_sv word;
    while (fw_cisco_next(nat->line, &word)) {
        bool known = false;
        known = known || FW_SV_AMONG(word, silent);
        if (known) {
            continue;
        }
        if (fw_sv_is(word, "inactive")) {
            rule->enabled = false;
        } else if (fw_sv_is(word, "unidirectional")) {
            rule->nat.both_ways = false;
        } else if (fw_sv_is(word, "description")) {
            rule->comment = fw_cisco_rest(nat->line);
            return true;
        } else if (fw_sv_is(word, "destination") && !object) {
            if (!take_destination(nat, interface)) {
                return false;
            }
        } else if (fw_sv_is(word, "service")) {
            if (!(object ? take_service(nat) : take_services(nat))) {
                return false;
            }
        } else {
            fw_doc_unsupported(nat->asa->cisco.doc, nat->line->number, word,
                               "unknown word in a translation");
            fw_terms_atom(
                &nat->terms,
                fw_atom_make(FW_ATOM_VARYING, fw_words_join(scratch_of(nat), &word, 1), false));
        }
    }
    return true;
}

/* After "static" or "dynamic": what the real addresses become, and the rest. */
static bool take_result(struct fw_asa_nat *nat, fw_sv interface, bool object)
{
    struct fw_nat *to = &nat->entry.rule.nat;
    to->both_ways = !nat->entry.dynamic;
    if (nat->entry.dynamic) {
        return take_dynamic(nat, interface) && take_options(nat, interface, object);
    }
    if (!take_mapped(nat, to, interface, "mapped source")) {
        return false;
    }
    to->paired = paired(nat->real, to);
    return take_options(nat, interface, object);
}

static void take_twice(struct fw_asa_nat *nat, fw_sv interface)
{
    const struct fw_ipset *set = NULL;
    fw_sv word;
    uint32_t number;
    if (fw_cisco_take(nat->line, "after-auto")) {
        nat->entry.section = FW_ASA_NAT_AFTER;
    }
    if (fw_cisco_peek(nat->line, &word) && fw_sv_u32(word, UINT32_MAX, &number)) {
        nat->line->at++;
        nat->place = number;
    }
    bool ok = fw_cisco_take(nat->line, "source");
    nat->entry.dynamic = ok && fw_cisco_take(nat->line, "dynamic");
    ok = ok && (nat->entry.dynamic || fw_cisco_take(nat->line, "static")) &&
         fw_cisco_next(nat->line, &word);
    if (!ok) {
        fw_asa_nat_expect(nat, "\"source static\" or \"source dynamic\" and an object");
        return;
    }
    if (!fw_sv_is(word, "any")) {
        addresses(nat, word, "source object", &set);
    }
    fw_asa_nat_source(nat, set);
    nat->entry.rule.nat.alone = true;
    if (take_result(nat, interface, false)) {
        fw_asa_nat_add(nat);
    }
}

static void take_object(struct fw_asa_nat *nat, fw_sv interface, struct fw_cisco_object *object)
{
    const struct fw_cisco_value *value = fw_cisco_resolve(&nat->asa->cisco, object);
    add_object(nat, object);
    nat->entry.name = object->name;
    nat->entry.section = FW_ASA_NAT_AUTO;
    nat->entry.dynamic = fw_cisco_take(nat->line, "dynamic");
    if (!nat->entry.dynamic && !fw_cisco_take(nat->line, "static")) {
        fw_asa_nat_expect(nat, "\"static\" or \"dynamic\"");
        return;
    }
    fw_asa_nat_source(nat, value->set);
    if (take_result(nat, interface, true)) {
        fw_asa_nat_add(nat);
    }
}

void fw_asa_nat_new(struct fw_asa *asa, struct fw_cisco_line *line, struct fw_cisco_object *object)
{
    struct fw_asa_nat nat;
    fw_sv in = {0};
    fw_sv out = {0};
    fw_sv word;
    fw_asa_nat_init(&nat, asa, line, FW_ASA_NAT_MANUAL, true);
    line->at = 1;
    if (fw_cisco_peek(line, &word) && word.p[0] == '(' && !fw_asa_nat_pair(&nat, &in, &out)) {
        return;
    }
    fw_asa_nat_between(&nat, in, out);
    nat.in = in;
    if (object) {
        take_object(&nat, out, object);
    } else {
        take_twice(&nat, out);
    }
}
