/* Address translation as PIX, FWSM and an ASA before 8.3 spell it.
 *   nat (inside) 1 10.0.0.0 255.0.0.0       static (dmz,outside) tcp interface www 10.1.1.1 8080
 *   global (outside) 1 192.0.2.1-192.0.2.9  nat (inside) 0 access-list EXEMPT */
#include <stdlib.h>
#include <string.h>

#include "core/search.h"
#include "parsers/cisco_asa_nat.h"

static struct fw_arena *scratch_of(const struct fw_asa_nat *nat)
{
    return &nat->asa->cisco.doc->scratch;
}

/* --- global --- */

static bool take_range(const struct fw_asa *asa, struct fw_cisco_line *line, fw_iprange *ret)
{
    fw_sv word;
    fw_ip mask;
    if (!fw_cisco_next(line, &word)) {
        return false;
    }
    size_t dash = fw_sv_find_char(word, '-');
    fw_sv hi = dash == SIZE_MAX ? word : fw_sv_sub(word, dash + 1, SIZE_MAX);
    if (fw_cisco_address(&asa->cisco, word, &ret->lo)) { /* a name may have a dash */
        ret->hi = ret->lo;
    } else if (!fw_cisco_address(&asa->cisco, fw_sv_sub(word, 0, dash), &ret->lo) ||
               !fw_cisco_address(&asa->cisco, hi, &ret->hi) || fw_ip_cmp(ret->lo, ret->hi) > 0) {
        return false;
    }
    if (fw_cisco_take(line, "netmask") &&
        (!fw_cisco_next(line, &word) || !fw_cisco_address(&asa->cisco, word, &mask))) {
        return false;
    }
    fw_iprange network; /* "192.0.2.0 netmask 255.255.255.0": the addresses of that network */
    if (fw_ip_eq(ret->lo, ret->hi) && fw_cisco_is(line, line->at - 2, "netmask") &&
        fw_iprange_from_mask(ret->lo, mask, &network) && fw_ip_eq(network.lo, ret->lo)) {
        *ret = network;
    }
    return true;
}

void fw_asa_nat_global(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_asa_nat nat;
    struct fw_asa_global global = {0};
    fw_sv none;
    fw_sv word;
    fw_asa_nat_init(&nat, asa, line, FW_ASA_NAT_REGULAR, false);
    line->at = 1;
    if (!fw_asa_nat_pair(&nat, &global.interface, &none)) {
        return;
    }
    bool ok = fw_cisco_next(line, &word) && fw_sv_u32(word, UINT32_MAX, &global.id);
    if (ok && fw_cisco_take(line, "interface")) {
        global.own_address = true;
        struct fw_nat own = {0};
        fw_asa_nat_to_interface(&own, &nat, global.interface);
        global.range = own.to;
    } else {
        ok = ok && take_range(asa, line, &global.range);
    }
    if (!ok) {
        fw_asa_nat_expect(&nat, "a number, and \"interface\" or addresses");
        return;
    }
    asa->nat_old = true;
    asa->globals = fw_arena_push(&asa->cisco.doc->arena, asa->globals, asa->nglobals,
                                 sizeof(*asa->globals));
    asa->globals[asa->nglobals++] = global;
    fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
}

static int by_id(const void *a, const void *b)
{
    const struct fw_asa_global *x = a;
    const struct fw_asa_global *y = b;
    int order = (x->id > y->id) - (x->id < y->id);
    order = order != 0 ? order : fw_sv_cmp(x->interface, y->interface);
    return order != 0 ? order : fw_ip_cmp(x->range.lo, y->range.lo);
}

void fw_asa_nat_globals_done(struct fw_asa *asa)
{
    struct fw_doc *doc = asa->cisco.doc;
    if (asa->nglobals > 0) {
        qsort(asa->globals, asa->nglobals, sizeof(*asa->globals), by_id);
    }
    for (size_t i = 0, end; i < asa->nglobals; i = end) {
        struct fw_asa_pool pool = {.id = asa->globals[i].id};
        for (end = i; end < asa->nglobals && asa->globals[end].id == pool.id; end++) {
        }
        fw_sv *names = fw_new_array(&doc->scratch, end - i, fw_sv);
        fw_iprange *ranges = fw_new_array(&doc->scratch, end - i, fw_iprange);
        size_t n = 0;
        for (size_t k = i; k < end; k++) {
            names[k - i] = asa->globals[k].interface;
            pool.own_address = pool.own_address || asa->globals[k].own_address;
            if (asa->globals[k].range.lo.family != 0) {
                ranges[n++] = asa->globals[k].range;
            }
        }
        pool.out = fw_pool_nameset(&asa->cisco.pool,
                                   fw_nameset_make(&doc->scratch, names, end - i, false));
        pool.set = n == 0
                       ? NULL
                       : fw_pool_ipset(&asa->cisco.pool, fw_ipset_make(&doc->scratch, ranges, n));
        asa->pools = fw_arena_push(&doc->arena, asa->pools, asa->npools, sizeof(*asa->pools));
        asa->pools[asa->npools++] = pool;
        fw_arena_reset(&doc->scratch);
    }
}

static const struct fw_asa_pool *find_pool(const struct fw_asa *asa, uint32_t id)
{
    size_t lo;
    FW_SEARCH(lo, asa->npools, asa->pools[lo].id < id);
    return lo < asa->npools && asa->pools[lo].id == id ? &asa->pools[lo] : NULL;
}

/* --- nat and static --- */

/* "dns", "outside", "norandomseq", "tcp 0 0 udp 0", "0 0": no packet is translated otherwise. */
static bool take_limits(struct fw_asa_nat *nat)
{
    static const char *const words[] = {"dns", "norandomseq", "outside", "tcp", "udp"};
    fw_sv word;
    uint32_t number;
    while (fw_cisco_next(nat->line, &word)) {
        bool known = fw_sv_u32(word, UINT32_MAX, &number);
        known = known || FW_SV_AMONG(word, words);
        if (!known) {
            nat->line->at--;
            fw_asa_nat_expect(nat, "limits of connections");
            return false;
        }
    }
    return true;
}

/* What the list permits. Entries that deny leave their packets alone, but not in which order. */
static bool take_list(struct fw_asa_nat *nat, const char *tag)
{
    struct fw_cisco *cisco = &nat->asa->cisco;
    size_t n = 0;
    size_t denied = 0;
    fw_sv name;
    if (!fw_cisco_next(nat->line, &name)) {
        fw_asa_nat_expect(nat, "the name of a list");
        return false;
    }
    const struct fw_policy *policy = fw_asa_acl_find(nat->asa, name);
    fw_sv parts[] = {fw_sv_from(tag), name};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(scratch_of(nat), parts, 2),
                                       false);
    atom.outside = !policy;
    if (!policy) {
        fw_doc_mark(cisco->doc, nat->line->number, FW_LINE_UNSUPPORTED);
        fw_doc_warn(cisco->doc, FW_DIAG_ID_UNDEFINED_NAME, nat->line->number, name,
                    "no access list has the name \"%.*s\"", FW_SV_ARG(name));
        fw_terms_atom(&nat->terms, atom);
        return true;
    }
    for (size_t i = 0; i < policy->n; i++) {
        const struct fw_rule *rule = &policy->rules[i];
        n += rule->action == FW_ACTION_PERMIT && rule->enabled ? rule->match.n : 0;
        denied += rule->action == FW_ACTION_DENY && rule->enabled;
    }
    struct fw_term *terms = fw_new_array(scratch_of(nat), n, struct fw_term);
    n = 0;
    for (size_t i = 0; i < policy->n; i++) {
        const struct fw_rule *rule = &policy->rules[i];
        if (rule->action == FW_ACTION_PERMIT && rule->enabled) {
            memcpy(terms + n, rule->match.terms, rule->match.n * sizeof(*terms));
            n += rule->match.n;
        }
    }
    fw_terms_and(&nat->terms, terms, n);
    if (denied > 0) {
        fw_terms_atom(&nat->terms, atom);
    }
    if (n == 1) {
        nat->real = terms[0].src;
    }
    return true;
}

static bool take_real(struct fw_asa_nat *nat)
{
    const struct fw_cisco *cisco = &nat->asa->cisco;
    fw_iprange range;
    fw_sv word;
    fw_ip mask;
    if (!fw_cisco_next(nat->line, &word) || !fw_cisco_address(cisco, word, &range.lo)) {
        nat->line->at -= nat->line->at == nat->line->n;
        fw_asa_nat_expect(nat, "an address");
        return false;
    }
    range.hi = range.lo;
    if (fw_cisco_peek(nat->line, &word) && fw_cisco_address(cisco, word, &mask)) {
        const struct fw_ipset *set;
        nat->line->at++;
        if (!fw_ipset_masked(scratch_of(nat), range.lo, mask, &set)) {
            fw_asa_nat_expect(nat, "a mask");
            return false;
        }
        fw_asa_nat_source(nat, set);
        return true;
    }
    if (range.lo.lo == 0) { /* "nat (dmz) 0 0 0", "nat (inside) 1 0": everything */
        range = fw_iprange_all(FW_IPV4);
    }
    fw_asa_nat_source(nat, fw_ipset_make(scratch_of(nat), &range, 1));
    return true;
}

static void take_nat(struct fw_asa_nat *nat)
{
    struct fw_rule *rule = &nat->entry.rule;
    struct fw_term part = {0};
    fw_sv in;
    fw_sv none;
    fw_sv word;
    uint32_t id;
    nat->entry.dynamic = true;
    if (!fw_asa_nat_pair(nat, &in, &none)) {
        return;
    }
    if (!fw_cisco_next(nat->line, &word) || !fw_sv_u32(word, UINT32_MAX, &id)) {
        fw_asa_nat_expect(nat, "a number after the interface");
        return;
    }
    fw_asa_nat_between(nat, in, (fw_sv){0});
    if (fw_cisco_take(nat->line, "access-list")) {
        nat->entry.section = id == 0 ? FW_ASA_NAT_EXEMPT : FW_ASA_NAT_POLICY;
        rule->nat.both_ways = id == 0;
        if (!take_list(nat, "access-list")) {
            return;
        }
    } else if (!take_real(nat)) {
        return;
    }
    if (!take_limits(nat)) {
        return;
    }
    if (id == 0) { /* the addresses stay */
        rule->action = FW_ACTION_PERMIT;
        rule->nat.alone = nat->entry.section == FW_ASA_NAT_EXEMPT;
        fw_asa_nat_add(nat);
        return;
    }
    const struct fw_asa_pool *pool = find_pool(nat->asa, id);
    if (!pool) {
        fw_doc_mark(nat->asa->cisco.doc, nat->line->number, FW_LINE_USED);
        fw_doc_warn(nat->asa->cisco.doc, FW_DIAG_ID_UNDEFINED_NAME, nat->line->number, word,
                    "no \"global\" has the number %u", (unsigned)id);
        return; /* nothing is translated */
    }
    part.out = pool->out;
    fw_terms_and(&nat->terms, &part, 1);
    rule->nat.own_address = pool->own_address;
    if (pool->set) {
        fw_asa_nat_to(&rule->nat, nat, pool->set);
    }
    fw_asa_nat_add(nat);
}

static bool take_port(struct fw_asa_nat *nat, uint16_t *ret)
{
    fw_sv word;
    if (!fw_cisco_next(nat->line, &word) || !fw_cisco_port(word, ret)) {
        fw_asa_nat_expect(nat, "a port");
        return false;
    }
    return true;
}

/* "MAPPED REAL netmask MASK": both from their first address on. */
static bool take_static_addresses(struct fw_asa_nat *nat, fw_ip mapped, bool ports)
{
    struct fw_nat *to = &nat->entry.rule.nat;
    fw_iprange real;
    fw_sv word;
    fw_ip mask = fw_ip4(UINT32_MAX);
    if (!fw_cisco_next(nat->line, &word) || !fw_cisco_address(&nat->asa->cisco, word, &real.lo)) {
        fw_asa_nat_expect(nat, "the real address");
        return false;
    }
    real.hi = real.lo;
    uint16_t port = 0;
    struct fw_term part = {0};
    if (ports) {
        if (!take_port(nat, &port)) {
            return false;
        }
        part.sport = fw_numset_range(scratch_of(nat), port, port);
        fw_terms_and(&nat->terms, &part, 1);
    }
    if (fw_cisco_take(nat->line, "netmask") &&
        (!fw_cisco_next(nat->line, &word) || !fw_cisco_address(&nat->asa->cisco, word, &mask))) {
        fw_asa_nat_expect(nat, "a mask after \"netmask\"");
        return false;
    }
    fw_iprange network;
    if (!fw_iprange_from_mask(real.lo, mask, &real)) {
        fw_asa_nat_expect(nat, "a mask without holes");
        return false;
    }
    fw_asa_nat_source(nat, fw_ipset_make(scratch_of(nat), &real, 1));
    if (mapped.family != 0 && fw_iprange_from_mask(mapped, mask, &network)) {
        to->to = network;
        to->paired = true;
    }
    return true;
}

static void take_static(struct fw_asa_nat *nat)
{
    struct fw_rule *rule = &nat->entry.rule;
    struct fw_term part = {0};
    fw_sv in;
    fw_sv out;
    fw_sv word;
    fw_ip mapped = {0};
    bool any;
    if (!fw_asa_nat_pair(nat, &in, &out)) {
        return;
    }
    fw_asa_nat_between(nat, in, out);
    rule->nat.both_ways = true;
    bool ports = fw_cisco_is(nat->line, nat->line->at, "tcp") ||
                 fw_cisco_is(nat->line, nat->line->at, "udp");
    if (ports && fw_cisco_next(nat->line, &word)) {
        fw_cisco_protocol(scratch_of(nat), word, &part.proto, &any);
        fw_terms_and(&nat->terms, &part, 1);
    }
    if (fw_cisco_take(nat->line, "interface")) {
        fw_asa_nat_to_interface(&rule->nat, nat, out);
    } else if (!fw_cisco_next(nat->line, &word) ||
               !fw_cisco_address(&nat->asa->cisco, word, &mapped)) {
        fw_asa_nat_expect(nat, "the mapped address or \"interface\"");
        return;
    }
    uint16_t port = 0;
    if (ports && !take_port(nat, &port)) {
        return;
    }
    rule->nat.port_lo = port;
    rule->nat.port_hi = port;
    bool ok;
    if (fw_cisco_take(nat->line, "access-list")) {
        ok = take_list(nat, "access-list");
        const struct fw_ipset *real = nat->real;
        if (ok && mapped.family != 0) { /* as many addresses as the list names */
            rule->nat.to = (fw_iprange){mapped, mapped};
            double size = real && real->n == 1 ? fw_ipset_size(real) : 1;
            if (size <= (double)(UINT32_MAX - mapped.lo)) {
                rule->nat.to.hi.lo = mapped.lo + (uint64_t)size - 1;
                rule->nat.paired = real != NULL;
            }
        }
    } else {
        ok = take_static_addresses(nat, mapped, ports);
    }
    if (ok && take_limits(nat)) {
        fw_asa_nat_add(nat);
    }
}

void fw_asa_nat_old(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_asa_nat nat;
    bool fixed = fw_cisco_is(line, 0, "static");
    fw_asa_nat_init(&nat, asa, line, fixed ? FW_ASA_NAT_STATIC : FW_ASA_NAT_REGULAR, false);
    line->at = 1;
    if (fixed) {
        take_static(&nat);
    } else {
        take_nat(&nat);
    }
}
