/* Translation of IPFilter.
 *   map le0 10.0.0.0/8 -> 192.0.2.1/32 portmap tcp/udp 10000:20000
 *   rdr le0 from any to 192.0.2.1/32 port = 80 -> 10.0.0.80 port 8080 tcp
 * Not the first rule of the file that matches decides but that of the longest mask: ipnat.conf(5),
 * "Rule ordering". */
#include <stdlib.h>

#include "core/proto.h"
#include "parsers/ipfilter.h"

struct reading {
    struct fw_ipf *ipf;
    struct fw_pf *pf;
    struct fw_ipf_nat *nat;
    struct fw_pf_match *match;
    struct fw_numrange ports; /* that are translated; 0: all */
    bool has_proto, has_ports, unchanged;
};

/* "le0", "le0,ppp0", "*": in, out. */
static void read_interface(struct reading *r)
{
    bool negated = fw_pf_take(r->pf, "!");
    fw_sv name = fw_pf_next(r->pf);
    if (fw_pf_take(r->pf, ",")) {
        fw_sv second = fw_pf_next(r->pf);
        name = r->nat->out ? second : name;
    }
    if (name.n == 0) {
        fw_pf_unread(r->pf, name, "an interface");
    } else if (!fw_sv_is(name, "*")) {
        fw_terms_names(&r->match->terms, &name, 1, r->nat->out, negated);
    }
}

/* "80", "80-88", "http" */
static bool read_port_range(struct fw_pf *pf, struct fw_numrange *ret)
{
    fw_sv word = fw_pf_next(pf);
    if (!fw_port_range(word, '-', ret) && !fw_port_range(word, ':', ret)) {
        fw_pf_unread(pf, word, "a port or a range");
        return false;
    }
    struct fw_numrange end;
    if (fw_pf_take(pf, "-")) {
        fw_sv last = fw_pf_next(pf);
        if (!fw_port_range(last, '-', &end) || end.hi < ret->lo) {
            fw_pf_unread(pf, last, "the last port of a range");
            return false;
        }
        ret->hi = end.hi;
    }
    return true;
}

/* The ports that the rule asks for. */
static void see_ports(struct reading *r)
{
    for (size_t i = 0; i < r->match->terms.n; i++) {
        const struct fw_term *term = &r->match->terms.v[i];
        r->has_ports = r->has_ports || term->sport || term->dport;
        if (term->dport && term->dport->n == 1) {
            r->ports = term->dport->v[0];
        }
    }
}

/* "port 80-88" is "port 80:88" of the filter. */
static void respell_ranges(struct fw_pf *pf)
{
    struct fw_numrange range;
    for (size_t i = pf->at; i + 1 < pf->n && !fw_sv_is(pf->words[i].text, "->"); i++) {
        fw_sv *text = &pf->words[i + 1].text;
        size_t dash = fw_sv_find_char(*text, '-');
        if (fw_sv_is(pf->words[i].text, "port") && dash != SIZE_MAX &&
            fw_port_range(*text, '-', &range)) {
            char *copy = fw_new_array(&pf->maker.doc->arena, text->n, char);
            memcpy(copy, text->p, text->n);
            copy[dash] = ':';
            text->p = copy;
        }
    }
}

/* "from A port = 1 to B", "! from A to B", "from A ! to B" */
static void read_from_to(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    for (int side = 0; side < 2; side++) {
        bool destination = side == 1;
        bool negated = fw_pf_take(pf, "!");
        if (!fw_pf_take(pf, destination ? "to" : "from")) {
            fw_pf_unread(pf, fw_pf_peek(pf), destination ? "to" : "from");
            return;
        }
        unsigned bits = fw_ipf_side(r->ipf, r->match, destination, negated);
        if (destination != r->nat->out) {
            r->nat->bits = bits;
        }
    }
    see_ports(r);
}

static void read_left(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    if (fw_pf_take(pf, "proto")) {
        fw_sv name = fw_pf_next(pf);
        r->has_proto = fw_ipf_protocol(r->match, name);
        if (!r->has_proto) {
            fw_pf_unread(pf, name, "a protocol");
        }
    }
    fw_sv word = fw_pf_peek(pf);
    if (fw_sv_is(word, "from") || fw_sv_is(word, "!")) {
        read_from_to(r);
        return;
    }
    respell_ranges(pf);
    bool destination = !r->nat->out; /* and its ports are said without an operator */
    r->nat->bits = fw_ipf_side(r->ipf, r->match, destination, false);
    see_ports(r);
}

/* --- What it becomes --- */

/* Whatever is there: an address that is known by name only. */
static void any_target(struct reading *r, fw_sv word)
{
    r->match->rule.nat.own_address = true;
    fw_pf_widen(r->match, FW_ATOM_VARYING, "target", word);
}

static bool read_address(struct reading *r, fw_iprange *ret)
{
    struct fw_pf *pf = r->pf;
    fw_sv word = fw_pf_next(pf);
    fw_iprange last;
    if (!fw_iprange_parse_dashed(word, ret)) {
        if (word.n == 0) {
            fw_pf_unread(pf, word, "an address");
        }
        any_target(r, word);
        return false;
    }
    if (fw_pf_take(pf, "-")) {
        fw_sv end = fw_pf_next(pf);
        if (!fw_iprange_parse(end, &last, NULL) || last.lo.family != ret->lo.family ||
            fw_ip_cmp(ret->lo, last.hi) > 0) {
            fw_pf_unread(pf, end, "the last address of a range");
            return false;
        }
        ret->hi = last.hi;
    }
    return true;
}

static void read_addresses(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    struct fw_nat *nat = &r->match->rule.nat;
    fw_iprange *v = NULL;
    size_t n = 0;
    do {
        fw_iprange range;
        if (!read_address(r, &range)) {
            while (fw_pf_take(pf, ",")) {
                fw_pf_next(pf);
            }
            return;
        }
        v = fw_arena_push(&pf->maker.doc->arena, v, n, sizeof(*v));
        v[n++] = range;
    } while (fw_pf_take(pf, ","));
    const struct fw_ipset *set = fw_ipset_make(&pf->maker.doc->arena, v, n);
    nat->to = (fw_iprange){set->v[0].lo, set->v[set->n - 1].hi};
    nat->set = set->n > 1 ? set : NULL;
    if (nat->to.lo.family != nat->to.hi.family) {
        fw_pf_unread(pf, (fw_sv){0}, "addresses of one family");
    }
}

static void read_target(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    struct fw_nat *nat = &r->match->rule.nat;
    struct fw_numrange ports;
    fw_pf_take(pf, "range");
    if (fw_pf_take(pf, "0/32") || fw_pf_take(pf, "0/128") || fw_pf_take(pf, "0.0.0.0/32")) {
        nat->own_address = true; /* of the interface */
    } else if (fw_pf_take(pf, "0/0") || fw_pf_take(pf, "::0/0") || fw_pf_take(pf, "0.0.0.0/0")) {
        r->unchanged = true;
    } else {
        read_addresses(r);
    }
    if (fw_pf_take(pf, "port")) {
        bool one = fw_pf_take(pf, "=");
        if (read_port_range(pf, &ports)) {
            /* A range moves as a whole. */
            uint32_t more = one || ports.lo != ports.hi ? 0 : r->ports.hi - r->ports.lo;
            nat->port_lo = (uint16_t)ports.lo;
            nat->port_hi = (uint16_t)(ports.hi + more > UINT16_MAX ? UINT16_MAX : ports.hi + more);
        }
    }
}

/* --- Options --- */

static bool and_protocol(struct reading *r, fw_sv name)
{
    bool ok = fw_ipf_protocol(r->match, name);
    r->has_proto = r->has_proto || ok;
    return ok;
}

/* "portmap tcp/udp 10000:20000", "portmap tcp/udp auto" */
static void read_portmap(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    struct fw_numrange ports;
    if (!fw_sv_is(fw_pf_peek(pf), "auto") && and_protocol(r, fw_pf_peek(pf))) {
        pf->at++;
    }
    if (!fw_pf_take(pf, "auto") && read_port_range(pf, &ports)) {
        r->match->rule.nat.port_lo = (uint16_t)ports.lo;
        r->match->rule.nat.port_hi = (uint16_t)ports.hi;
    }
}

/* "proxy port 21 ftp/tcp"; of redirections "proxy ftp". */
static void read_proxy(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    struct fw_numrange ports;
    bool port = fw_pf_take(pf, "port");
    if (port && !read_port_range(pf, &ports)) {
        return;
    }
    fw_sv name = fw_pf_next(pf);
    size_t slash = fw_sv_find_char(name, '/');
    if (slash != SIZE_MAX && !and_protocol(r, fw_sv_sub(name, slash + 1, SIZE_MAX))) {
        fw_pf_unread(pf, name, "a proxy and its protocol");
    }
    if (port) {
        struct fw_term term = {
            .dport = fw_numset_range(r->match->terms.scratch, ports.lo, ports.hi)};
        fw_terms_and(&r->match->terms, &term, 1);
        r->has_ports = true;
    }
    if (fw_pf_take(pf, "{")) {
        while (pf->at < pf->n && !fw_pf_take(pf, "}")) {
            pf->at++;
        }
    }
}

/* How long and how fast, for which names, and which of several addresses is next. */
static const char *const harmless[] = {"sticky", "frag", "purge", "round-robin"};
static const char *const harmless_one[] = {"age", "mssclamp", "ports"};

static void read_option(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    size_t from = pf->at;
    fw_sv word = fw_pf_next(pf);
    if (FW_SV_AMONG(word, harmless)) {
        return;
    }
    if (FW_SV_AMONG(word, harmless_one)) {
        fw_pf_next(pf);
    } else if (fw_sv_is(word, "portmap")) {
        read_portmap(r);
    } else if (fw_sv_is(word, "icmpidmap")) {
        and_protocol(r, fw_pf_next(pf));
        fw_pf_next(pf);
    } else if (fw_sv_is(word, "proxy")) {
        read_proxy(r);
    } else if (fw_sv_is(word, "tag")) {
        fw_pf_next(pf);
        if (r->nat->out) { /* that a rule of the filter gave */
            fw_pf_widen_from(pf, r->match, FW_ATOM_VARYING, NULL, from);
        }
    } else if (!and_protocol(r, word)) {
        fw_doc_unsupported(pf->maker.doc, pf->line, word, "unknown option of a translation");
        fw_pf_widen(r->match, FW_ATOM_VARYING, "option", word);
    }
}

static struct fw_ipf_nat *new_nat(struct fw_ipf *ipf, bool out)
{
    ipf->nat = fw_arena_push(&ipf->pf.maker.doc->arena, ipf->nat, ipf->nnat, sizeof(*ipf->nat));
    struct fw_ipf_nat *nat = &ipf->nat[ipf->nnat];
    *nat = (struct fw_ipf_nat){.out = out, .order = ipf->nnat++};
    fw_pf_match_init(&ipf->pf, &nat->match);
    nat->match.rule.action = out ? FW_ACTION_SNAT : FW_ACTION_DNAT;
    return nat;
}

void fw_ipf_nat_unread(struct fw_ipf *ipf, fw_sv verb)
{
    struct reading r = {.ipf = ipf, .pf = &ipf->pf};
    for (int way = 0; way < 2; way++) {
        r.nat = new_nat(ipf, way == 1);
        r.nat->bits = 128; /* nothing is known to come before it */
        r.match = &r.nat->match;
        r.match->rule.target = verb;
        any_target(&r, verb);
    }
}

void fw_ipf_nat(struct fw_ipf *ipf, fw_sv verb)
{
    struct fw_pf *pf = &ipf->pf;
    struct fw_ipf_nat *nat = new_nat(ipf, !fw_sv_is(verb, "rdr"));
    struct reading r = {.ipf = ipf, .pf = pf, .nat = nat, .match = &nat->match};
    nat->match.rule.target = verb;
    read_interface(&r);
    if (!pf->failed) {
        read_left(&r);
    }
    if (!pf->failed && !fw_pf_take(pf, "->")) {
        fw_pf_unread(pf, fw_pf_peek(pf), "-> and an address");
    }
    if (!pf->failed) {
        read_target(&r);
    }
    while (pf->at < pf->n && !pf->failed) {
        read_option(&r);
    }
    if (pf->failed) {
        ipf->nnat--; /* what is not understood becomes a rule of its own */
        return;
    }
    if (r.has_ports && !r.has_proto) {
        fw_ipf_has_ports(r.match);
    }
    if (fw_sv_is(verb, "bimap")) {
        nat->match.rule.nat.paired = nat->match.rule.nat.both_ways = true;
    }
    if (r.unchanged) {
        nat->match.rule.action = FW_ACTION_PERMIT;
    }
}

static int by_mask(const void *a, const void *b)
{
    const struct fw_ipf_nat *x = a;
    const struct fw_ipf_nat *y = b;
    if (x->bits != y->bits) {
        return x->bits > y->bits ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

void fw_ipf_nat_finish(struct fw_ipf *ipf)
{
    if (ipf->nnat > 0) {
        qsort(ipf->nat, ipf->nnat, sizeof(*ipf->nat), by_mask);
    }
    for (size_t i = 0; i < ipf->nnat; i++) {
        fw_pf_add_nat(&ipf->pf, &ipf->nat[i].match, ipf->nat[i].out);
    }
}
