/* Named objects and groups: which there are, what they stand for, and who refers to them. A group
 * is expanded once; those that contain it share the result. */
#include "parsers/cisco.h"

#include <string.h>

#include "core/limits.h"

void fw_cisco_init(struct fw_cisco *cisco, struct fw_doc *doc, struct fw_ruleset *ruleset)
{
    *cisco = (struct fw_cisco){.doc = doc, .ruleset = ruleset, .families = FW_FAMILY_BOTH};
    fw_pool_init(&cisco->pool, &doc->arena);
}

static size_t bucket_of(fw_sv name)
{
    return (size_t)(fw_sv_hash(name) % FW_CISCO_BUCKETS);
}

/* --- Names of addresses --- */

void fw_cisco_alias_add(struct fw_cisco *cisco, fw_sv name, fw_ip ip)
{
    struct fw_cisco_alias **bucket = &cisco->aliases[bucket_of(name)];
    struct fw_cisco_alias *alias = fw_new(&cisco->doc->arena, struct fw_cisco_alias);
    *alias = (struct fw_cisco_alias){name, ip, *bucket};
    *bucket = alias;
}

bool fw_cisco_address(const struct fw_cisco *cisco, fw_sv word, fw_ip *ret)
{
    if (fw_ip_parse(word, ret)) {
        return true;
    }
    if (fw_sv_is(word, "0")) { /* PIX: short for 0.0.0.0, as address and as mask */
        *ret = fw_ip4(0);
        return true;
    }
    const struct fw_cisco_alias *alias = cisco->aliases[bucket_of(word)];
    while (alias && !fw_sv_eq(alias->name, word)) {
        alias = alias->next;
    }
    if (!alias) {
        return false;
    }
    *ret = alias->ip;
    return true;
}

bool fw_cisco_network(struct fw_cisco *cisco, struct fw_cisco_line *line,
                      const struct fw_ipset **ret)
{
    struct fw_arena *scratch = &cisco->doc->scratch;
    bool host = fw_cisco_take(line, "host");
    fw_iprange range;
    fw_ip ip;
    fw_ip mask;
    fw_sv word = line->text;
    fw_sv second;
    if (!fw_cisco_next(line, &word)) {
        fw_doc_bad(cisco->doc, line->number, line->text, "expected an address at the end");
        return false;
    }
    if (fw_sv_find_char(word, '/') != SIZE_MAX && !host) {
        if (fw_iprange_parse(word, &range, NULL)) {
            *ret = fw_ipset_make(scratch, &range, 1);
            return true;
        }
    } else if (fw_cisco_address(cisco, word, &ip)) {
        if (host || ip.family == FW_IPV6) {
            *ret = fw_ipset_make(scratch, &(fw_iprange){ip, ip}, 1);
            return true;
        }
        if (fw_cisco_peek(line, &second) && fw_cisco_address(cisco, second, &mask)) {
            line->at++;
            if (fw_ipset_masked(scratch, ip, mask, ret)) {
                return true;
            }
            word = second;
        }
    }
    fw_doc_bad(cisco->doc, line->number, word,
               "expected an address, an address and a mask, or a defined name, not \"%.*s\"",
               FW_SV_ARG(word));
    return false;
}

/* --- Objects --- */

struct fw_cisco_object *fw_cisco_object_find(const struct fw_cisco *cisco, fw_sv name,
                                             unsigned kinds)
{
    struct fw_cisco_object *object = cisco->objects[bucket_of(name)];
    while (object && ((kinds & 1u << object->object->kind) == 0 || !fw_sv_eq(object->name, name))) {
        object = object->next;
    }
    return object;
}

static struct fw_cisco_object *new_object(struct fw_cisco *cisco, fw_sv name,
                                          enum fw_object_kind kind, uint32_t line)
{
    struct fw_arena *arena = &cisco->doc->arena;
    struct fw_cisco_object *object = fw_new(arena, struct fw_cisco_object);
    struct fw_cisco_object **bucket = &cisco->objects[bucket_of(name)];
    struct fw_ruleset *ruleset = cisco->ruleset;
    object->object = fw_new(arena, struct fw_object);
    object->object->kind = kind;
    object->object->name = name;
    object->object->span = fw_doc_span(cisco->doc, name, line);
    object->name = name;
    object->line = line;
    object->next = *bucket;
    *bucket = object;
    ruleset->objects = fw_arena_push(arena, ruleset->objects, ruleset->nobjects,
                                     sizeof(*ruleset->objects));
    ruleset->objects[ruleset->nobjects++] = object->object;
    return object;
}

struct fw_cisco_object *fw_cisco_object_define(struct fw_cisco *cisco, fw_sv name,
                                               enum fw_object_kind kind,
                                               const struct fw_cisco_line *line)
{
    struct fw_cisco_object *object = fw_cisco_object_find(cisco, name, 1u << kind);
    if (!object) {
        object = new_object(cisco, name, kind, line->number);
    }
    object->object->defined = true;
    return object;
}

static enum fw_object_kind lowest_kind(unsigned kinds)
{
    unsigned kind = 0;
    while ((kinds & 1u << kind) == 0) {
        kind++;
    }
    return (enum fw_object_kind)kind;
}

struct fw_cisco_object *fw_cisco_object_refer(struct fw_cisco *cisco, fw_sv name, unsigned kinds,
                                              uint32_t line)
{
    struct fw_cisco_object *object = fw_cisco_object_find(cisco, name, kinds);
    if (!object) {
        object = new_object(cisco, name, lowest_kind(kinds), line);
    }
    if (!object->object->defined) {
        fw_doc_mark(cisco->doc, line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(cisco->doc, FW_DIAG_ID_UNDEFINED_NAME, line, name,
                    "nothing here defines \"%.*s\"", FW_SV_ARG(name));
    }
    return object;
}

void fw_cisco_object_add(struct fw_cisco *cisco, struct fw_cisco_object *object,
                         const struct fw_cisco_member *member)
{
    struct fw_cisco_member kept = *member;
    kept.place = member->words;
    kept.set = kept.set ? fw_pool_ipset(&cisco->pool, kept.set) : NULL;
    kept.ports = kept.ports ? fw_pool_numset(&cisco->pool, kept.ports) : NULL;
    kept.words = fw_pool_text(&cisco->pool, kept.words);
#define KEEP(dim) kept.term.dim = kept.term.dim ? fw_pool_numset(&cisco->pool, kept.term.dim) : NULL
    KEEP(proto);
    KEEP(sport);
    KEEP(dport);
    KEEP(icmp);
#undef KEEP
    object->members = fw_arena_push(&cisco->doc->arena, object->members, object->n, sizeof(kept));
    object->members[object->n++] = kept;
}

/* --- What they stand for --- */

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
    for (size_t i = 0; i < sum->noutside; i++) {
        if (fw_sv_eq(sum->outside[i].words, member->words) &&
            sum->outside[i].families == member->families) {
            return;
        }
    }
    sum->outside = fw_arena_push(&sum->cisco->doc->scratch, sum->outside, sum->noutside,
                                 sizeof(*sum->outside));
    sum->outside[sum->noutside++] = *member;
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
