/* What objects and groups stand for when everything in them is expanded. A group is expanded once;
 * those that contain it share the result. */
#include "parsers/cisco.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

/* Everything an object's members add up to, while it grows: in scratch, copied when it is done. */
struct sum {
    struct fw_cisco *cisco;
    size_t nranges;
    fw_iprange *ranges;
    size_t noutside;
    struct fw_cisco_member *outside;
    size_t nparts;
    struct fw_term *parts;
    size_t nports;
    struct fw_numrange *ports;
    bool services; /* some member says more than a port */
    bool full;     /* GROUP_MEMBERS was reached */
};

static void add_outside(struct sum *sum, const struct fw_cisco_member *member)
{
    sum->outside = fw_arena_push(&sum->cisco->doc->scratch, sum->outside, sum->noutside,
                                 sizeof(*sum->outside));
    sum->outside[sum->noutside++] = *member;
}

static int by_words(const void *a, const void *b)
{
    const struct fw_cisco_member *x = a;
    const struct fw_cisco_member *y = b;
    int order = fw_sv_cmp(x->words, y->words);
    return order != 0 ? order : (x->families > y->families) - (x->families < y->families);
}

/* Each once. */
static void fold_outside(struct sum *sum)
{
    size_t n = 0;
    if (sum->noutside > 1) {
        qsort(sum->outside, sum->noutside, sizeof(*sum->outside), by_words);
    }
    for (size_t i = 0; i < sum->noutside; i++) {
        if (n == 0 || by_words(&sum->outside[n - 1], &sum->outside[i]) != 0) {
            sum->outside[n++] = sum->outside[i];
        }
    }
    sum->noutside = n;
}

static void add_unknown(struct sum *sum, fw_sv name, uint32_t line)
{
    fw_sv words[] = {FW_SV("object"), name};
    fw_sv joined = fw_words_join(&sum->cisco->doc->scratch, words, 2);
    struct fw_cisco_member member = {.kind = FW_CISCO_OUTSIDE,
                                     .line = line,
                                     .words = fw_pool_text(&sum->cisco->pool, joined),
                                     .families = FW_FAMILY_BOTH};
    add_outside(sum, &member);
}

static bool has_room(struct sum *sum, size_t have, size_t more,
                     const struct fw_cisco_object *object)
{
    if (more <= FW_LIMIT_GROUP_MEMBERS && have <= FW_LIMIT_GROUP_MEMBERS - more) {
        return true;
    }
    if (!sum->full) {
        sum->full = true;
        fw_doc_mark(sum->cisco->doc, object->line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(sum->cisco->doc, FW_DIAG_ID_LIMIT_REACHED, object->line, object->name,
                    "the group has more members than the limit GROUP_MEMBERS allows");
        add_unknown(sum, object->name, object->line);
    }
    return false;
}

/* Grows by doubling, but to what is needed when that is more: sets are added whole. */
static void *make_room(struct fw_arena *arena, void *v, size_t n, size_t more, size_t size)
{
    size_t cap = 1;
    while (cap < n) {
        cap *= 2;
    }
    if (n == 0 || n + more > cap) {
        size_t want = n == 0 ? 1 : cap;
        while (want < n + more) {
            want *= 2;
        }
        return fw_arena_grow(arena, v, n, want, size);
    }
    return v;
}

static void add_set(struct sum *sum, const struct fw_ipset *set,
                    const struct fw_cisco_object *object)
{
    if (!set || set->n == 0 || !has_room(sum, sum->nranges, set->n, object)) {
        return;
    }
    sum->ranges = make_room(&sum->cisco->doc->scratch, sum->ranges, sum->nranges, set->n,
                            sizeof(*sum->ranges));
    memcpy(sum->ranges + sum->nranges, set->v, set->n * sizeof(*set->v));
    sum->nranges += set->n;
}

static void add_ports(struct sum *sum, const struct fw_numset *ports,
                      const struct fw_cisco_object *object)
{
    if (!ports || ports->n == 0 || !has_room(sum, sum->nports, ports->n, object)) {
        return;
    }
    sum->ports = make_room(&sum->cisco->doc->scratch, sum->ports, sum->nports, ports->n,
                           sizeof(*sum->ports));
    memcpy(sum->ports + sum->nports, ports->v, ports->n * sizeof(*ports->v));
    sum->nports += ports->n;
}

static void add_part(struct sum *sum, const struct fw_term *part,
                     const struct fw_cisco_object *object)
{
    if (has_room(sum, sum->nparts, 1, object)) {
        sum->parts = fw_arena_push(&sum->cisco->doc->scratch, sum->parts, sum->nparts,
                                   sizeof(*sum->parts));
        sum->parts[sum->nparts++] = *part;
    }
}

static const struct fw_cisco_value *resolve(struct fw_cisco *cisco, struct fw_cisco_object *object,
                                            unsigned depth);

static void add_reference(struct sum *sum, const struct fw_cisco_object *object,
                          const struct fw_cisco_member *member, unsigned depth)
{
    struct fw_cisco *cisco = sum->cisco;
    struct fw_cisco_object *other = fw_cisco_object_refer(cisco, member->words, member->ref_kinds,
                                                          member->line);
    other->object->uses++;
    if (!other->object->defined) {
        add_unknown(sum, member->words, member->line);
        return;
    }
    if (other->state == FW_CISCO_BUSY || depth == FW_LIMIT_GROUP_DEPTH) {
        bool cycle = other->state == FW_CISCO_BUSY;
        fw_doc_mark(cisco->doc, member->line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(cisco->doc, cycle ? FW_DIAG_ID_BAD_VALUE : FW_DIAG_ID_LIMIT_REACHED,
                    member->line, member->place,
                    cycle ? "the group contains itself"
                          : "groups are nested deeper than the limit GROUP_DEPTH allows");
        add_unknown(sum, member->words, member->line);
        return;
    }
    const struct fw_cisco_value *value = resolve(cisco, other, depth + 1);
    add_set(sum, value->set, object);
    for (size_t i = 0; i < value->noutside; i++) {
        add_outside(sum, &value->outside[i]);
    }
    if (value->ports) {
        add_ports(sum, value->ports, object);
        return;
    }
    sum->services = sum->services || value->nparts > 0;
    for (size_t i = 0; i < value->nparts; i++) {
        add_part(sum, &value->parts[i], object);
    }
}

/* The one dimension in which services may differ and still become one. */
static const struct fw_numset **varying(struct fw_term *part)
{
    return part->dport ? &part->dport : part->icmp ? &part->icmp : &part->proto;
}

/* Sets are interned, so equal sets are equal pointers. */
static bool same_rest(struct fw_term *a, struct fw_term *b)
{
    struct fw_term x = *a;
    struct fw_term y = *b;
    const struct fw_numset **in_x = varying(&x);
    const struct fw_numset **in_y = varying(&y);
    if (!*in_x || !*in_y) {
        return false;
    }
    *in_x = NULL;
    *in_y = NULL;
    return x.proto == y.proto && x.sport == y.sport && x.dport == y.dport && x.icmp == y.icmp &&
           (char *)in_x - (char *)&x == (char *)in_y - (char *)&y;
}

static size_t part_slot(const struct fw_term *part, size_t cap)
{
    const void *sets[] = {part->proto, part->sport, part->dport, part->icmp};
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        hash = (hash ^ (uint64_t)(uintptr_t)sets[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (size_t)hash & (cap - 1);
}

static bool same_part(const struct fw_term *a, const struct fw_term *b)
{
    return a->proto == b->proto && a->sport == b->sport && a->dport == b->dport &&
           a->icmp == b->icmp;
}

/* Each once, in order: groups that name another twice must not double at every level. */
static void drop_repeated(struct sum *sum)
{
    size_t cap = 2;
    size_t n = 0;
    while (cap < sum->nparts * 2) {
        cap *= 2;
    }
    const struct fw_term **seen = fw_new_array(&sum->cisco->doc->scratch, cap,
                                               const struct fw_term *);
    for (size_t i = 0; i < sum->nparts; i++) {
        size_t at = part_slot(&sum->parts[i], cap);
        while (seen[at] && !same_part(seen[at], &sum->parts[i])) {
            at = (at + 1) & (cap - 1);
        }
        if (!seen[at]) {
            sum->parts[n] = sum->parts[i];
            seen[at] = &sum->parts[n++];
        }
    }
    sum->nparts = n;
}

/* Services that differ in the destination port only become one, and so on: a thousand ports are one
 * term. */
static void fold_parts(struct sum *sum)
{
    enum { LOOK_BACK = 16 }; /* kinds of service that alternate in a real group */
    struct fw_arena *scratch = &sum->cisco->doc->scratch;
    struct fold {
        struct fw_term part;
        size_t n;
        struct fw_numrange *v;
    } *folds = fw_new_array(scratch, sum->nparts, struct fold);
    size_t n = 0;
    for (size_t i = 0; i < sum->nparts; i++) {
        struct fw_term *part = &sum->parts[i];
        const struct fw_numset *set = *varying(part);
        size_t k = n;
        for (size_t back = 0; back < LOOK_BACK && back < n && k == n; back++) {
            k = same_rest(&folds[n - 1 - back].part, part) ? n - 1 - back : n;
        }
        if (k == n) {
            folds[n++].part = *part;
        }
        for (size_t r = 0; set && r < set->n; r++) {
            folds[k].v = fw_arena_push(scratch, folds[k].v, folds[k].n, sizeof(*folds[k].v));
            folds[k].v[folds[k].n++] = set->v[r];
        }
    }
    for (size_t i = 0; i < n; i++) {
        const struct fw_numset **set = varying(&folds[i].part);
        if (*set) {
            *set = fw_pool_numset(&sum->cisco->pool,
                                  fw_numset_make(scratch, folds[i].v, folds[i].n));
        }
        sum->parts[i] = folds[i].part;
    }
    sum->nparts = n;
}

static void *keep(struct fw_cisco *cisco, const void *v, size_t n, size_t size)
{
    void *kept = fw_arena_array(&cisco->doc->arena, n, size);
    if (n > 0) {
        memcpy(kept, v, n * size);
    }
    return kept;
}

/* A group of ports is also a service: of its protocols. */
static void finish_services(struct sum *sum, struct fw_cisco_object *object)
{
    struct fw_cisco_value *value = &object->value;
    const struct fw_numset *ports = fw_numset_make(&sum->cisco->doc->scratch, sum->ports,
                                                   sum->nports);
    if (sum->nports > 0) {
        struct fw_term part = {.proto = object->protocols,
                               .dport = fw_pool_numset(&sum->cisco->pool, ports)};
        bool any;
        if (!part.proto) {
            fw_cisco_protocol(&sum->cisco->doc->scratch, FW_SV("tcp-udp"), &part.proto, &any);
            part.proto = fw_pool_numset(&sum->cisco->pool, part.proto);
        }
        add_part(sum, &part, object);
    }
    if (sum->nparts > 1) {
        fold_parts(sum);
        drop_repeated(sum);
    }
    value->nparts = sum->nparts;
    value->parts = keep(sum->cisco, sum->parts, sum->nparts, sizeof(*sum->parts));
    if ((object->protocols || sum->nports > 0) && !sum->services) {
        value->ports = fw_pool_numset(&sum->cisco->pool, ports);
    }
}

static const struct fw_cisco_value *resolve(struct fw_cisco *cisco, struct fw_cisco_object *object,
                                            unsigned depth)
{
    struct sum sum = {.cisco = cisco};
    if (object->state == FW_CISCO_DONE) {
        return &object->value;
    }
    object->state = FW_CISCO_BUSY;
    for (size_t i = 0; i < object->n; i++) {
        const struct fw_cisco_member *member = &object->members[i];
        switch (member->kind) {
        case FW_CISCO_ADDRESSES:
            add_set(&sum, member->set, object);
            break;
        case FW_CISCO_OUTSIDE:
            add_outside(&sum, member);
            break;
        case FW_CISCO_SERVICE:
            sum.services = true;
            add_part(&sum, &member->term, object);
            break;
        case FW_CISCO_PORTS:
            add_ports(&sum, member->ports, object);
            break;
        case FW_CISCO_REF:
            add_reference(&sum, object, member, depth);
            break;
        }
    }
    object->value.set = fw_pool_ipset(&cisco->pool,
                                      fw_ipset_make(&cisco->doc->scratch, sum.ranges, sum.nranges));
    fold_outside(&sum);
    object->value.noutside = sum.noutside;
    object->value.outside = keep(cisco, sum.outside, sum.noutside, sizeof(*sum.outside));
    finish_services(&sum, object);
    object->state = FW_CISCO_DONE;
    return &object->value;
}

const struct fw_cisco_value *fw_cisco_resolve(struct fw_cisco *cisco,
                                              struct fw_cisco_object *object)
{
    return resolve(cisco, object, 0);
}

/* --- For the ruleset --- */

/* Bytes to be hashed, in scratch. */
struct bytes {
    struct fw_arena *scratch;
    size_t n;
    char *p;
};

static void put(struct bytes *bytes, const void *p, size_t n)
{
    bytes->p = make_room(bytes->scratch, bytes->p, bytes->n, n, 1);
    if (n > 0) {
        memcpy(bytes->p + bytes->n, p, n);
    }
    bytes->n += n;
}

/* The highest byte first, so that the hash is the same on every machine. */
static void put_u64(struct bytes *bytes, uint64_t value)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++) {
        b[i] = (unsigned char)(value >> (56 - 8 * i) & UINT8_MAX);
    }
    put(bytes, b, sizeof(b));
}

static void put_numset(struct bytes *bytes, const struct fw_numset *set)
{
    put_u64(bytes, set ? set->n + 1 : 0);
    for (size_t i = 0; set && i < set->n; i++) {
        put_u64(bytes, (uint64_t)set->v[i].lo << 32 | set->v[i].hi);
    }
}

/* Equal content, equal hash: the expanded members in their canonical form. */
static fw_sha256 hash_value(struct fw_arena *scratch, const struct fw_cisco_value *value)
{
    struct bytes bytes = {.scratch = scratch};
    put_u64(&bytes, value->set->n);
    for (size_t i = 0; i < value->set->n; i++) {
        fw_iprange range = value->set->v[i];
        put_u64(&bytes, range.lo.family);
        put_u64(&bytes, range.lo.hi);
        put_u64(&bytes, range.lo.lo);
        put_u64(&bytes, range.hi.hi);
        put_u64(&bytes, range.hi.lo);
    }
    put_u64(&bytes, value->noutside);
    for (size_t i = 0; i < value->noutside; i++) {
        put_u64(&bytes, value->outside[i].words.n);
        put(&bytes, value->outside[i].words.p, value->outside[i].words.n);
    }
    for (size_t i = 0; i < value->nparts; i++) {
        put_numset(&bytes, value->parts[i].proto);
        put_numset(&bytes, value->parts[i].sport);
        put_numset(&bytes, value->parts[i].dport);
        put_numset(&bytes, value->parts[i].icmp);
    }
    return fw_sha256_of(fw_sv_of(bytes.p, bytes.n));
}

void fw_cisco_objects_finish(struct fw_cisco *cisco)
{
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (struct fw_cisco_object *object = cisco->objects[i]; object; object = object->next) {
            struct fw_object *o = object->object;
            if (o->kind == FW_OBJECT_POLICY || o->kind == FW_OBJECT_SCHEDULE || !o->defined) {
                continue;
            }
            o->empty = object->n == 0;
            o->content = hash_value(&cisco->doc->scratch, fw_cisco_resolve(cisco, object));
            fw_arena_reset(&cisco->doc->scratch);
        }
    }
}
