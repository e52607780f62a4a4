/* Set algebra of services. */
#include "policy/services.h"

#include "core/proto.h"

static const uint8_t protos[FW_PORT_PROTOS] = {FW_PROTO_TCP, FW_PROTO_UDP, FW_PROTO_DCCP,
                                               FW_PROTO_SCTP, FW_PROTO_UDPLITE};
static const struct fw_numset none;
static const struct fw_numrange all_protos[] = {{0, 255}};
static const struct fw_numset any_proto = {1, all_protos};

void fw_services_init(struct fw_services *services, struct fw_arena *arena)
{
    (void)arena;
    services->whole = &none;
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        services->ports[i] = &none;
    }
}

/* All ports are the whole protocol; ports of a whole protocol say nothing more. */
static void tidy(struct fw_arena *arena, struct fw_services *services)
{
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        const struct fw_numset *ports = services->ports[i];
        if (ports->n == 1 && ports->v[0].lo == 0 && ports->v[0].hi >= 65535) {
            services->whole = fw_numset_union(arena, services->whole,
                                              fw_numset_range(arena, protos[i], protos[i]));
        }
        if (fw_numset_has(services->whole, protos[i])) {
            services->ports[i] = &none;
        }
    }
}

void fw_services_of_term(struct fw_arena *arena, const struct fw_term *term,
                         struct fw_services *ret)
{
    const struct fw_numset *of = term->proto ? term->proto : &any_proto;
    fw_services_init(ret, arena);
    if (!term->dport) {
        ret->whole = of;
        if (term->icmp && !term->proto) { /* types exist for ICMP only */
            static const struct fw_numrange icmp[] = {{FW_PROTO_ICMP, FW_PROTO_ICMP},
                                                      {FW_PROTO_ICMP6, FW_PROTO_ICMP6}};
            static const struct fw_numset both = {2, icmp};
            ret->whole = &both;
        }
        return;
    }
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        if (fw_numset_has(of, protos[i])) {
            ret->ports[i] = term->dport;
        }
    }
    tidy(arena, ret);
}

void fw_services_add(struct fw_arena *arena, struct fw_services *to, const struct fw_services *more)
{
    if (!fw_numset_contains(to->whole, more->whole)) {
        to->whole = fw_numset_union(arena, to->whole, more->whole);
    }
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        if (!fw_numset_contains(to->ports[i], more->ports[i])) {
            to->ports[i] = fw_numset_union(arena, to->ports[i], more->ports[i]);
        }
    }
    tidy(arena, to);
}

static const struct fw_numset *less(struct fw_arena *arena, const struct fw_numset *a,
                                    const struct fw_numset *b, uint32_t last)
{
    return fw_numset_intersect(arena, a, fw_numset_complement(arena, b, last));
}

void fw_services_minus(struct fw_arena *arena, const struct fw_services *a,
                       const struct fw_services *b, struct fw_services *ret)
{
    struct fw_services left;
    fw_services_init(&left, arena);
    left.whole = less(arena, a->whole, b->whole, 255);
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        if (fw_numset_has(b->whole, protos[i])) {
            continue;
        }
        if (!fw_numset_has(a->whole, protos[i])) {
            left.ports[i] = less(arena, a->ports[i], b->ports[i], 65535);
        } else if (b->ports[i]->n > 0) { /* a whole protocol less some ports */
            left.ports[i] = fw_numset_complement(arena, b->ports[i], 65535);
            left.whole = less(arena, left.whole, fw_numset_range(arena, protos[i], protos[i]), 255);
        }
    }
    *ret = left;
}

bool fw_services_none(const struct fw_services *services)
{
    size_t n = services->whole->n;
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        n += services->ports[i]->n;
    }
    return n == 0;
}

bool fw_services_any(const struct fw_services *services)
{
    for (uint32_t proto = 0; proto < 256; proto++) {
        bool other = proto == FW_PROTO_ICMP || proto == FW_PROTO_ICMP6;
        if (!fw_numset_has(services->whole, proto) && !other) {
            return false;
        }
    }
    return fw_numset_has(services->whole, FW_PROTO_ICMP) ||
           fw_numset_has(services->whole, FW_PROTO_ICMP6);
}

static void separate(struct fw_buf *buf, bool *first)
{
    if (!*first) {
        fw_buf_add_cstr(buf, "; ");
    }
    *first = false;
}

void fw_services_text(struct fw_buf *buf, const struct fw_services *services)
{
    bool first = true;
    if (fw_services_any(services)) {
        fw_buf_add_cstr(buf, "any");
        return;
    }
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        const struct fw_numset *ports = services->ports[i];
        for (size_t k = 0; k < ports->n; k++) {
            if (k == 0) {
                separate(buf, &first);
                fw_proto_text(buf, protos[i]);
            }
            fw_buf_printf(buf, "%c%u", k == 0 ? '/' : ',', ports->v[k].lo);
            if (ports->v[k].hi != ports->v[k].lo) {
                fw_buf_printf(buf, "-%u", ports->v[k].hi);
            }
        }
    }
    for (size_t i = 0; i < services->whole->n; i++) {
        struct fw_numrange range = services->whole->v[i];
        enum { FEW = 4 };
        if (range.hi - range.lo >= FEW) {
            separate(buf, &first);
            fw_buf_printf(buf, "%u-%u", range.lo, range.hi);
            continue;
        }
        for (uint32_t proto = range.lo; proto <= range.hi && proto < 256; proto++) {
            separate(buf, &first);
            fw_proto_text(buf, (uint8_t)proto);
        }
    }
}

/* "tcp", "47", "60-70" */
static bool parse_protos(fw_sv text, struct fw_numrange *ret)
{
    uint8_t proto;
    if (fw_proto_parse(text, &proto)) {
        *ret = (struct fw_numrange){proto, proto};
        return true;
    }
    size_t dash = fw_sv_find_char(text, '-');
    return dash != SIZE_MAX && fw_sv_u32(fw_sv_sub(text, 0, dash), 255, &ret->lo) &&
           fw_sv_u32(fw_sv_sub(text, dash + 1, text.n), 255, &ret->hi) && ret->lo <= ret->hi;
}

static bool parse_part(struct fw_arena *arena, fw_sv part, struct fw_services *services)
{
    struct fw_services one;
    struct fw_numrange range;
    size_t slash = fw_sv_find_char(part, '/');
    fw_services_init(&one, arena);
    if (fw_sv_is_nocase(part, "any") || fw_sv_is(part, "不限")) {
        one.whole = &any_proto;
    } else if (!parse_protos(fw_sv_trim(fw_sv_sub(part, 0, slash == SIZE_MAX ? part.n : slash)),
                             &range)) {
        return false;
    } else if (slash == SIZE_MAX) {
        one.whole = fw_numset_make(arena, &range, 1);
    } else {
        bool found = false;
        for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
            if (range.lo == protos[i] && range.hi == protos[i]) {
                found = fw_numset_parse(arena, fw_sv_sub(part, slash + 1, part.n), 65535,
                                        &one.ports[i]);
            }
        }
        if (!found) {
            return false;
        }
    }
    fw_services_add(arena, services, &one);
    return true;
}

bool fw_services_parse(struct fw_arena *arena, fw_sv text, struct fw_services *ret, fw_sv *ret_bad)
{
    struct fw_services services;
    fw_sv part;
    fw_services_init(&services, arena);
    while (fw_sv_split(&text, ';', &part)) {
        part = fw_sv_trim(part);
        if (part.n > 0 && !parse_part(arena, part, &services)) {
            *ret_bad = part;
            return false;
        }
    }
    *ret = services;
    return true;
}

size_t fw_services_terms(struct fw_arena *arena, const struct fw_services *services,
                         struct fw_term ret[FW_PORT_PROTOS + 1])
{
    size_t n = 0;
    if (services->whole->n > 0) {
        ret[n++] = (struct fw_term){.proto = services->whole};
    }
    for (size_t i = 0; i < FW_PORT_PROTOS; i++) {
        if (services->ports[i]->n > 0) {
            ret[n++] = (struct fw_term){
                .proto = fw_numset_range(arena, protos[i], protos[i]),
                .dport = services->ports[i],
            };
        }
    }
    return n;
}
