/* What the options of matches mean that fall into the model's dimensions: ports, flags, ICMP types,
 * ranges, marks, address types. */
#include "parsers/netfilter_match.h"

static unsigned family_of(const struct fw_nf_rule *rule)
{
    return rule->table->family;
}

static void and_part(struct fw_nf_rule *rule, struct fw_term part)
{
    fw_terms_and(&rule->terms, &part, 1);
}

const struct fw_numset *fw_nf_numset(struct fw_nf_rule *rule, const struct fw_numrange *v, size_t n,
                                     uint32_t last, bool negated)
{
    struct fw_arena *scratch = &rule->nf->doc->scratch;
    const struct fw_numset *set = fw_numset_make(scratch, v, n);
    return negated ? fw_numset_complement(scratch, set, last) : set;
}

static const struct fw_atom *one_atom(struct fw_nf_rule *rule, fw_sv words, bool negated)
{
    struct fw_atom *atom = fw_new(&rule->nf->doc->scratch, struct fw_atom);
    *atom = fw_atom_make(FW_ATOM_FIXED, words, negated);
    return atom;
}

struct fw_term fw_nf_atom_part(struct fw_nf_rule *rule, fw_sv words, bool negated)
{
    return (struct fw_term){.natoms = 1, .atoms = one_atom(rule, words, negated)};
}

static void take_port(struct fw_nf_rule *rule, const struct fw_nf_option *option, bool source)
{
    struct fw_numrange range;
    if (!fw_nf_ports(option->args[0].text, &range)) {
        fw_nf_bad_value(rule, option, "a port, a range a:b or the name of a service");
        return;
    }
    const struct fw_numset *set = fw_nf_numset(rule, &range, 1, UINT16_MAX, option->negated);
    struct fw_term part = {0};
    *(source ? &part.sport : &part.dport) = set;
    and_part(rule, part);
}

void fw_nf_take_sport(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option)
{
    (void)use;
    take_port(rule, option, true);
}

void fw_nf_take_dport(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option)
{
    (void)use;
    take_port(rule, option, false);
}

/* "80,443,1024:2047"; NULL when a piece is none. */
static const struct fw_numset *port_list(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    struct fw_arena *scratch = &rule->nf->doc->scratch;
    struct fw_numrange *v = NULL;
    size_t n = 0;
    fw_sv rest = option->args[0].text;
    fw_sv piece;
    while (fw_sv_split(&rest, ',', &piece)) {
        struct fw_numrange range;
        if (!fw_nf_ports(piece, &range)) {
            return NULL;
        }
        v = fw_arena_push(scratch, v, n, sizeof(*v));
        v[n++] = range;
    }
    return n > 0 ? fw_nf_numset(rule, v, n, UINT16_MAX, option->negated) : NULL;
}

void fw_nf_take_ports(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option)
{
    (void)use;
    const struct fw_numset *set = port_list(rule, option);
    if (!set) {
        fw_nf_bad_value(rule, option, "a list of ports, ranges a:b and names of services");
        return;
    }
    bool either = fw_sv_is(option->name, "--ports");
    bool source = fw_sv_starts(option->name, "--s");
    struct fw_term parts[2] = {{.sport = set}, {.dport = set}};
    if (!either) {
        fw_terms_and(&rule->terms, source ? &parts[0] : &parts[1], 1);
    } else if (option->negated) { /* neither port is in the list */
        fw_terms_and(&rule->terms, &parts[0], 1);
        fw_terms_and(&rule->terms, &parts[1], 1);
    } else {
        fw_terms_and(&rule->terms, parts, 2);
    }
}

static void and_flags(struct fw_nf_rule *rule, uint32_t mask, uint32_t wanted, bool negated)
{
    const struct fw_numset *set = fw_numset_masked(&rule->nf->doc->scratch, mask, wanted);
    and_part(rule,
             (struct fw_term){.flags = fw_nf_numset(rule, set->v, set->n, UINT8_MAX, negated)});
}

void fw_nf_take_tcp_flags(struct fw_nf_rule *rule, struct fw_nf_use *use,
                          const struct fw_nf_option *option)
{
    uint32_t mask;
    uint32_t wanted;
    (void)use;
    if (!fw_nf_flags(option->args[0].text, &mask) || !fw_nf_flags(option->args[1].text, &wanted)) {
        fw_nf_bad_value(rule, option, "two lists of FIN, SYN, RST, PSH, ACK, URG, ECE, CWR");
        return;
    }
    and_flags(rule, mask, wanted, option->negated);
}

void fw_nf_take_syn(struct fw_nf_rule *rule, struct fw_nf_use *use,
                    const struct fw_nf_option *option)
{
    (void)use;
    and_flags(rule, 1 | 2 | 4 | 16, 2, option->negated);
}

void fw_nf_take_icmp_type(struct fw_nf_rule *rule, struct fw_nf_use *use,
                          const struct fw_nf_option *option)
{
    struct fw_numrange range;
    bool six = fw_sv_is(option->name, "--icmpv6-type");
    (void)use;
    if (!fw_nf_icmp(option->args[0].text, six, &range)) {
        fw_nf_bad_value(rule, option, "an ICMP type, type/code or the name of one");
        return;
    }
    and_part(rule,
             (struct fw_term){.icmp = fw_nf_numset(rule, &range, 1, UINT16_MAX, option->negated)});
}

void fw_nf_take_range(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option)
{
    struct fw_arena *scratch = &rule->nf->doc->scratch;
    fw_sv text = option->args[0].text;
    size_t dash = fw_sv_find_char(text, '-');
    fw_iprange range;
    (void)use;
    bool ok = fw_ip_parse(fw_sv_sub(text, 0, dash), &range.lo);
    range.hi = range.lo;
    ok = ok && (dash == SIZE_MAX || fw_ip_parse(fw_sv_sub(text, dash + 1, SIZE_MAX), &range.hi));
    if (!ok || range.lo.family != range.hi.family || fw_ip_cmp(range.lo, range.hi) > 0) {
        fw_nf_bad_value(rule, option, "two addresses a-b, the lower first");
        return;
    }
    const struct fw_ipset *set = fw_ipset_make(scratch, &range, 1);
    if (option->negated) {
        set = fw_ipset_complement(scratch, set, family_of(rule));
    }
    struct fw_term part = {0};
    *(fw_sv_is(option->name, "--src-range") ? &part.src : &part.dst) = set;
    and_part(rule, part);
}

void fw_nf_take_comment(struct fw_nf_rule *rule, struct fw_nf_use *use,
                        const struct fw_nf_option *option)
{
    (void)use;
    /* Comments are many and all different: no use looking for an equal one. */
    fw_sv text = option->args[0].text;
    rule->rule.comment = fw_doc_span(rule->nf->doc, text, rule->line).length > 0
                             ? text
                             : fw_arena_copy(&rule->nf->doc->arena, text);
}

void fw_nf_take_mark(struct fw_nf_rule *rule, struct fw_nf_use *use,
                     const struct fw_nf_option *option)
{
    struct fw_atom atom = {.negated = option->negated};
    if (!fw_nf_mark(option->args[0].text, &atom.value, &atom.mask)) {
        fw_nf_bad_value(rule, option, "a mark as a number or number/mask");
        return;
    }
    bool packet = fw_nf_module_is(use->module, "mark");
    atom.kind = packet ? FW_ATOM_MARK : FW_ATOM_CONNMARK;
    atom.words = fw_arena_printf(&rule->nf->doc->scratch, "%s 0x%x/0x%x",
                                 packet ? "mark" : "connmark", atom.value, atom.mask);
    fw_terms_atom(&rule->terms, atom);
}

void fw_nf_take_set(struct fw_nf_rule *rule, struct fw_nf_use *use,
                    const struct fw_nf_option *option)
{
    (void)use;
    fw_sv words[] = {FW_SV("set"), option->args[0].raw, option->args[1].raw};
    struct fw_atom atom = fw_atom_make(
        FW_ATOM_FIXED, fw_words_join(&rule->nf->doc->scratch, words, 3), option->negated);
    atom.outside = true;
    fw_terms_atom(&rule->terms, atom);
}

void fw_nf_take_nothing(struct fw_nf_rule *rule, struct fw_nf_use *use,
                        const struct fw_nf_option *option)
{
    (void)rule;
    (void)use;
    (void)option;
}

void fw_nf_take_recent_set(struct fw_nf_rule *rule, struct fw_nf_use *use,
                           const struct fw_nf_option *option)
{
    (void)rule;
    use->set = true;
    use->set_negated = option->negated;
}

enum {
    TYPE_LOCAL = 1,
    TYPE_MULTICAST = 2,
    TYPE_BROADCAST = 4,
    TYPE_UNICAST = 8,
    TYPE_OTHER = 16,
};

static const struct fw_nf_value address_types[] = {
    {"ANYCAST", TYPE_OTHER},
    {"BLACKHOLE", TYPE_OTHER},
    {"BROADCAST", TYPE_BROADCAST},
    {"LOCAL", TYPE_LOCAL},
    {"MULTICAST", TYPE_MULTICAST},
    {"NAT", TYPE_OTHER},
    {"PROHIBIT", TYPE_OTHER},
    {"THROW", TYPE_OTHER},
    {"UNICAST", TYPE_UNICAST},
    {"UNREACHABLE", TYPE_OTHER},
    {"UNSPEC", TYPE_OTHER},
    {"XRESOLVE", TYPE_OTHER},
    {NULL, 0},
};

/* Linux, net/ipv4/fib_frontend.c: 0.0.0.0/8 and 255.255.255.255 are broadcast, 224.0.0.0/4 is
 * multicast; IPv6: ff00::/8 is multicast. */
const struct fw_ipset *fw_nf_fixed_addresses(struct fw_arena *arena, unsigned families,
                                             bool multicast)
{
    fw_iprange v[3];
    size_t n = 0;
    if ((families & FW_FAMILY_BIT6) && multicast) {
        v[n++] = (fw_iprange){fw_ip6(UINT64_C(0xff) << 56, 0), fw_ip_last(FW_IPV6)};
    }
    if ((families & FW_FAMILY_BIT4) && multicast) {
        v[n++] = (fw_iprange){fw_ip4(UINT32_C(0xe0000000)), fw_ip4(UINT32_C(0xefffffff))};
    }
    if ((families & FW_FAMILY_BIT4) && !multicast) {
        v[n++] = (fw_iprange){fw_ip4(0), fw_ip4(UINT32_C(0x00ffffff))};
        v[n++] = (fw_iprange){fw_ip4(UINT32_MAX), fw_ip4(UINT32_MAX)};
    }
    return fw_ipset_make(arena, v, n);
}

static const struct fw_atom *local_atom(struct fw_nf_rule *rule, bool source, bool negated)
{
    struct fw_atom *atom = fw_new(&rule->nf->doc->scratch, struct fw_atom);
    *atom = fw_atom_make(source ? FW_ATOM_SRC_LOCAL : FW_ATOM_DST_LOCAL,
                         source ? FW_SV("addrtype src LOCAL") : FW_SV("addrtype dst LOCAL"),
                         negated);
    return atom;
}

/* One type of --src-type or --dst-type, as up to two products, or (negated) as a conjunction. */
void fw_nf_take_address_type(struct fw_nf_rule *rule, struct fw_nf_use *use,
                             const struct fw_nf_option *option)
{
    struct fw_arena *scratch = &rule->nf->doc->scratch;
    bool source = fw_sv_is(option->name, "--src-type");
    struct fw_term parts[16] = {{0}};
    struct fw_terms none; /* of the types: the negated form */
    size_t n = 0;
    fw_sv list = option->args[0].text;
    fw_sv piece;
    (void)use;
    fw_terms_init(&none, scratch, family_of(rule));
    while (fw_sv_split(&list, ',', &piece)) {
        uint32_t type;
        if (!fw_nf_value_find(address_types, piece, &type) || n + 2 > 16) {
            fw_nf_bad_value(rule, option, "a list of address types");
            return;
        }
        struct fw_term not = {.natoms = 1};
        if (type == TYPE_LOCAL) {
            parts[n++] = (struct fw_term){.natoms = 1, .atoms = local_atom(rule, source, false)};
            not .atoms = local_atom(rule, source, true);
            fw_terms_and(&none, &not, 1);
            continue;
        }
        fw_sv words[] = {source ? FW_SV("addrtype src") : FW_SV("addrtype dst"), piece};
        fw_sv name = fw_words_join(scratch, words, 2);
        if (type == TYPE_MULTICAST || type == TYPE_BROADCAST) {
            const struct fw_ipset *set = fw_nf_fixed_addresses(scratch, family_of(rule),
                                                               type == TYPE_MULTICAST);
            const struct fw_ipset *rest = fw_ipset_complement(scratch, set, family_of(rule));
            *(source ? &parts[n].src : &parts[n].dst) = set;
            *(source ? &not .src : &not .dst) = rest;
            n++;
            not .natoms = 0;
        }
        if (type != TYPE_MULTICAST) { /* the interfaces' networks and routes decide */
            parts[n++] = fw_nf_atom_part(rule, name, false);
            not .natoms = 1;
            not .atoms = one_atom(rule, name, true);
        }
        fw_terms_and(&none, &not, 1);
    }
    if (option->negated) {
        fw_terms_and(&rule->terms, none.v, none.n);
    } else {
        fw_terms_and(&rule->terms, parts, n);
    }
}
