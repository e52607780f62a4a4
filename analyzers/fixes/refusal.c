/* Sets become the lines that say them. */
#include "analyzers/fixes/refusal.h"

#include "core/proto.h"

enum { PROTOCOLS = 256, LAST_PORT = 65535 };

struct ends {
    size_t n;
    fw_iprange v[FW_REFUSALS];
};

/* The prefixes of a range; false: there are too many. */
static bool add_prefixes(struct ends *ends, fw_iprange range)
{
    unsigned most = range.lo.family == FW_IPV6 ? 128 : 32;
    fw_ip at = range.lo;
    for (;;) {
        fw_iprange prefix = {at, at};
        for (unsigned bits = 0; bits <= most; bits++) {
            if (fw_iprange_from_prefix(at, bits, &prefix) && fw_ip_eq(prefix.lo, at) &&
                fw_ip_cmp(prefix.hi, range.hi) <= 0) {
                break;
            }
        }
        if (ends->n == FW_REFUSALS) {
            return false;
        }
        ends->v[ends->n++] = prefix;
        if (fw_ip_cmp(prefix.hi, range.hi) >= 0) {
            return true;
        }
        at = fw_ip_next(prefix.hi);
    }
}

/* All addresses of a family are "any". */
static bool find_ends(const struct fw_ipset *set, unsigned families, struct ends *ret)
{
    ret->n = 0;
    if (!set) {
        ret->v[ret->n++] = (fw_iprange){0};
        return true;
    }
    for (size_t i = 0; i < set->n; i++) {
        enum fw_family family = (enum fw_family)set->v[i].lo.family;
        unsigned bit = family == FW_IPV6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
        fw_iprange all = fw_iprange_all(family);
        if ((families & bit) == 0) {
            continue;
        }
        if (fw_ip_eq(set->v[i].lo, all.lo) && fw_ip_eq(set->v[i].hi, all.hi)) {
            ret->v[0] = (fw_iprange){0};
            ret->n = 1;
            return true;
        }
        if (!add_prefixes(ret, set->v[i])) {
            return false;
        }
    }
    return true;
}

static bool find_names(const struct fw_nameset *set, struct fw_nameset *ret)
{
    static const fw_sv any = {0};
    *ret = set ? *set : (struct fw_nameset){false, 1, &any};
    return !ret->negated;
}

struct kind {
    int proto;
    uint16_t lo, hi;
};

static size_t find_kinds(const struct fw_services *services, struct kind ret[FW_REFUSALS + 1])
{
    static const uint8_t protos[FW_PORT_PROTOS] = {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_DCCP,
                                                   FW_PROTO_SCTP, FW_PROTO_UDPLITE};
    size_t n = 0;
    if (fw_numset_size(services->whole) == PROTOCOLS || fw_services_any(services)) {
        ret[n++] = (struct kind){-1, 0, LAST_PORT};
        return n;
    }
    for (int proto = 0; proto < PROTOCOLS && n <= FW_REFUSALS; proto++) {
        if (fw_numset_has(services->whole, (uint32_t)proto)) {
            ret[n++] = (struct kind){proto, 0, LAST_PORT};
        }
    }
    for (size_t p = 0; p < FW_PORT_PROTOS; p++) {
        for (size_t i = 0; i < services->ports[p]->n && n <= FW_REFUSALS; i++) {
            struct fw_numrange range = services->ports[p]->v[i];
            ret[n++] = (struct kind){protos[p], (uint16_t)range.lo, (uint16_t)range.hi};
        }
    }
    return n;
}

static bool add_line(struct fw_refusal *ret, size_t *n, struct fw_refusal line)
{
    bool families_differ = line.src.lo.family != 0 && line.dst.lo.family != 0 &&
                           line.src.lo.family != line.dst.lo.family;
    if (families_differ) {
        return true; /* no packet has both */
    }
    if (*n == FW_REFUSALS) {
        return false;
    }
    ret[(*n)++] = line;
    return true;
}

size_t fw_refusals_make(const struct fw_refused *refused, unsigned families, bool names,
                        struct fw_refusal ret[FW_REFUSALS])
{
    struct ends src;
    struct ends dst;
    struct fw_nameset in;
    struct fw_nameset out;
    struct kind kinds[FW_REFUSALS + 1];
    size_t nkinds = find_kinds(&refused->services, kinds);
    if (nkinds > FW_REFUSALS || !find_ends(refused->src, families, &src) ||
        !find_ends(refused->dst, families, &dst) || !find_names(names ? refused->in : NULL, &in) ||
        !find_names(names ? refused->out : NULL, &out)) {
        return 0;
    }
    size_t n = 0;
    size_t all = src.n * dst.n * in.n * out.n * nkinds;
    bool ok = src.n * dst.n * in.n * out.n <= (size_t)FW_REFUSALS * FW_REFUSALS;
    for (size_t i = 0; i < all && ok; i++) {
        size_t rest = i;
        struct fw_refusal line;
        const struct kind *kind = &kinds[rest % nkinds];
        rest /= nkinds;
        line.log = refused->log;
        line.proto = kind->proto;
        line.port_lo = kind->lo;
        line.port_hi = kind->hi;
        line.dst = dst.v[rest % dst.n];
        rest /= dst.n;
        line.src = src.v[rest % src.n];
        rest /= src.n;
        line.in = in.v[rest % in.n];
        line.out = out.v[rest / in.n];
        ok = add_line(ret, &n, line);
    }
    return ok ? n : 0;
}

static const struct fw_ipset *set_of(struct fw_arena *arena, fw_iprange range)
{
    return range.lo.family != 0 ? fw_ipset_make(arena, &range, 1) : NULL;
}

static const struct fw_nameset *name_of(struct fw_arena *arena, fw_sv name)
{
    struct fw_nameset *set = NULL;
    if (name.n > 0) {
        fw_sv *v = fw_new(arena, fw_sv);
        *v = name;
        set = fw_new(arena, struct fw_nameset);
        *set = (struct fw_nameset){false, 1, v};
    }
    return set;
}

struct fw_rule *fw_refusals_rules(struct fw_arena *arena, const struct fw_refusal *lines, size_t n)
{
    struct fw_rule *rules = fw_new_array(arena, n + 1, struct fw_rule);
    for (size_t i = 0; i < n; i++) {
        const struct fw_refusal *line = &lines[i];
        struct fw_term *term = fw_new(arena, struct fw_term);
        term->src = set_of(arena, line->src);
        term->dst = set_of(arena, line->dst);
        term->in = name_of(arena, line->in);
        term->out = name_of(arena, line->out);
        if (line->proto >= 0) {
            term->proto = fw_numset_range(arena, (uint32_t)line->proto, (uint32_t)line->proto);
        }
        if (line->port_lo > 0 || line->port_hi < LAST_PORT) {
            term->dport = fw_numset_range(arena, line->port_lo, line->port_hi);
        }
        rules[i] = (struct fw_rule){
            .action = FW_ACTION_DENY, .enabled = true, .quick = true, .match = {1, term}};
    }
    return rules;
}

void fw_refusal_proto(struct fw_buf *out, int proto)
{
    if (proto == FW_PROTO_TCP || proto == FW_PROTO_UDP || proto == FW_PROTO_ICMP) {
        fw_proto_text(out, (uint8_t)proto);
    } else {
        fw_buf_printf(out, "%d", proto);
    }
}
