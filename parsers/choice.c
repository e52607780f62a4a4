/* How the objects of a configuration expand into choices of products, and how a choice becomes a
 * condition of a rule. */
#include "parsers/choice.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/proto.h"

void fw_choosing_init(struct fw_choosing *choosing, struct fw_arena *arena)
{
    *choosing = (struct fw_choosing){.arena = arena};
}

void fw_choosing_range(struct fw_choosing *choosing, fw_iprange range)
{
    choosing->ranges = fw_arena_push(choosing->arena, choosing->ranges, choosing->nranges,
                                     sizeof(*choosing->ranges));
    choosing->ranges[choosing->nranges++] = range;
}

static bool only_addresses(const struct fw_term *term)
{
    return term->src && !term->dst && !term->proto && !term->sport && !term->dport && !term->icmp &&
           !term->flags && !term->state && !term->in && !term->out && term->natoms == 0;
}

static bool is_any(const struct fw_term *term)
{
    return !term->src && !term->dst && !term->proto && !term->sport && !term->dport &&
           !term->icmp && !term->flags && !term->state && !term->in && !term->out &&
           term->natoms == 0;
}

static bool same_set(const struct fw_numset *a, const struct fw_numset *b)
{
    return a == b || (a && b && fw_numset_eq(a, b));
}

/* Two services that differ only in destination ports are one. */
static bool merge_ports(struct fw_arena *arena, struct fw_term *into, const struct fw_term *term)
{
    bool plain = !term->src && !term->dst && !term->icmp && !term->flags && !term->state &&
                 term->natoms == 0 && !into->src && !into->dst && !into->icmp && !into->flags &&
                 !into->state && into->natoms == 0;
    if (!plain || !same_set(into->proto, term->proto) || !same_set(into->sport, term->sport)) {
        return false;
    }
    into->dport = into->dport && term->dport ? fw_numset_union(arena, into->dport, term->dport)
                                             : NULL;
    return true;
}

void fw_choosing_term(struct fw_choosing *choosing, struct fw_term term)
{
    enum { LOOK_BACK = 16 };
    if (only_addresses(&term)) {
        for (size_t i = 0; i < term.src->n; i++) {
            fw_choosing_range(choosing, term.src->v[i]);
        }
        return;
    }
    choosing->any = choosing->any || is_any(&term);
    size_t n = choosing->n;
    for (size_t i = n > LOOK_BACK ? n - LOOK_BACK : 0; i < n; i++) {
        if (merge_ports(choosing->arena, &choosing->v[i], &term)) {
            return;
        }
    }
    choosing->v = fw_arena_push(choosing->arena, choosing->v, n, sizeof(*choosing->v));
    choosing->v[choosing->n++] = term;
}

void fw_choosing_atom(struct fw_choosing *choosing, struct fw_atom atom)
{
    struct fw_atom *kept = fw_new(choosing->arena, struct fw_atom);
    *kept = atom;
    fw_choosing_term(choosing, (struct fw_term){.natoms = 1, .atoms = kept});
}

void fw_choosing_add(struct fw_choosing *choosing, struct fw_choice choice)
{
    for (size_t i = 0; i < choice.n; i++) {
        fw_choosing_term(choosing, choice.v[i]);
    }
}

bool fw_choosing_full(const struct fw_choosing *choosing, struct fw_choice more)
{
    return choosing->n + choosing->nranges + more.n > FW_LIMIT_GROUP_MEMBERS ||
           choosing->n + more.n > FW_LIMIT_RULE_TERMS;
}

struct fw_choice fw_choosing_done(struct fw_choosing *choosing)
{
    if (choosing->any) {
        return (struct fw_choice){1, fw_new(choosing->arena, struct fw_term)};
    }
    if (choosing->nranges > 0) {
        struct fw_term term = {
            .src = fw_ipset_make(choosing->arena, choosing->ranges, choosing->nranges)};
        choosing->v = fw_arena_push(choosing->arena, choosing->v, choosing->n,
                                    sizeof(*choosing->v));
        choosing->v[choosing->n++] = term;
        choosing->nranges = 0;
    }
    return (struct fw_choice){choosing->n, choosing->v};
}

struct fw_choice fw_choice_opaque(struct fw_arena *arena, const char *kind, fw_sv name,
                                  bool outside)
{
    const fw_sv words[] = {fw_sv_from(kind), name};
    struct fw_choosing choosing;
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(arena, words, 2), false);
    atom.outside = outside;
    fw_choosing_init(&choosing, arena);
    fw_choosing_atom(&choosing, atom);
    return fw_choosing_done(&choosing);
}

struct fw_choice fw_choice_range(struct fw_arena *arena, fw_iprange range)
{
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, arena);
    fw_choosing_range(&choosing, range);
    return fw_choosing_done(&choosing);
}

static struct fw_term not_atom(struct fw_arena *arena, const struct fw_atom *atom)
{
    struct fw_atom *other = fw_new(arena, struct fw_atom);
    *other = *atom;
    other->negated = !atom->negated;
    return (struct fw_term){.natoms = 1, .atoms = other};
}

/* "Not this product" is a choice: outside one of its sets, or one of its atoms does not hold. */
static struct fw_choice not_addresses(struct fw_arena *arena, const struct fw_term *term,
                                      unsigned families)
{
    size_t n = 0;
    struct fw_term *v = fw_new_array(arena, term->natoms + 1, struct fw_term);
    if (term->src) {
        v[n++] = (struct fw_term){.src = fw_ipset_complement(arena, term->src, families)};
    }
    for (size_t i = 0; i < term->natoms; i++) {
        v[n++] = not_atom(arena, &term->atoms[i]);
    }
    return (struct fw_choice){n, v};
}

struct fw_choice fw_choice_but(struct fw_arena *arena, struct fw_choice choice,
                               struct fw_choice but, unsigned families)
{
    struct fw_terms terms;
    fw_terms_init(&terms, arena, families);
    fw_terms_and(&terms, choice.v, choice.n);
    for (size_t i = 0; i < but.n; i++) {
        struct fw_choice rest = not_addresses(arena, &but.v[i], families);
        fw_terms_and(&terms, rest.v, rest.n);
    }
    return (struct fw_choice){terms.n, terms.v};
}

/* As a condition on the source or on the destination. */
static struct fw_term turned(struct fw_arena *arena, const struct fw_term *term, bool destination)
{
    struct fw_term side = *term;
    struct fw_atom *atoms = fw_new_array(arena, term->natoms, struct fw_atom);
    for (size_t i = 0; i < term->natoms; i++) {
        const fw_sv words[] = {destination ? FW_SV("destination") : FW_SV("source"),
                               term->atoms[i].words};
        atoms[i] = term->atoms[i];
        atoms[i].words = fw_words_join(arena, words, 2);
    }
    side.atoms = term->natoms > 0 ? atoms : NULL;
    if (destination) {
        side.dst = term->src;
        side.src = NULL;
    }
    return side;
}

void fw_terms_addresses(struct fw_terms *terms, struct fw_choice choice, bool destination,
                        bool negated)
{
    struct fw_arena *scratch = terms->scratch;
    if (!negated) {
        struct fw_term *v = fw_new_array(scratch, choice.n, struct fw_term);
        for (size_t i = 0; i < choice.n; i++) {
            v[i] = turned(scratch, &choice.v[i], destination);
        }
        fw_terms_and(terms, v, choice.n);
        return;
    }
    for (size_t i = 0; i < choice.n; i++) {
        struct fw_choice rest = not_addresses(scratch, &choice.v[i], terms->families);
        fw_terms_addresses(terms, rest, destination, false);
    }
}

/* Services that are refused are rare: what looks at more than protocols and ports becomes an atom
 * that claims nothing, so that the bounds stay right. */
void fw_terms_services(struct fw_terms *terms, struct fw_choice choice, bool negated)
{
    if (!negated) {
        fw_terms_and(terms, choice.v, choice.n);
        return;
    }
    struct fw_arena *scratch = terms->scratch;
    for (size_t i = 0; i < choice.n; i++) {
        const struct fw_term *term = &choice.v[i];
        struct fw_term *v = fw_new_array(scratch, term->natoms + 4, struct fw_term);
        size_t n = 0;
        if (term->flags || term->state || term->src || term->dst) {
            fw_terms_atom(terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("service-negate"), false));
            continue;
        }
        for (size_t k = 0; k < term->natoms; k++) { /* one of its conditions does not hold */
            v[n++] = not_atom(scratch, &term->atoms[k]);
        }
        if (term->proto) {
            v[n++] = (struct fw_term){
                .proto = fw_numset_complement(scratch, term->proto, UINT8_MAX)};
        }
        if (term->sport) {
            v[n++] = (struct fw_term){
                .proto = term->proto,
                .sport = fw_numset_complement(scratch, term->sport, UINT16_MAX)};
        }
        if (term->dport) {
            v[n++] = (struct fw_term){
                .proto = term->proto,
                .dport = fw_numset_complement(scratch, term->dport, UINT16_MAX)};
        }
        if (term->icmp) {
            v[n++] = (struct fw_term){
                .proto = term->proto,
                .icmp = fw_numset_complement(scratch, term->icmp, UINT16_MAX)};
        }
        fw_terms_and(terms, v, n);
    }
}

void fw_terms_names(struct fw_terms *terms, const fw_sv *names, size_t n, bool out, bool negated)
{
    const struct fw_nameset *set = fw_nameset_make(terms->scratch, names, n, negated);
    struct fw_term part = {0};
    *(out ? &part.out : &part.in) = set;
    fw_terms_and(terms, &part, 1);
}

struct fw_term fw_term_proto(struct fw_arena *arena, uint8_t proto)
{
    return (struct fw_term){.proto = fw_numset_range(arena, proto, proto)};
}

struct fw_term fw_term_ports(struct fw_arena *arena, uint8_t proto, const struct fw_numset *sport,
                             const struct fw_numset *dport)
{
    struct fw_term term = fw_term_proto(arena, proto);
    term.sport = sport;
    term.dport = dport;
    return term;
}

struct fw_term fw_term_icmp(struct fw_arena *arena, uint8_t proto, unsigned type, int code)
{
    struct fw_term term = fw_term_proto(arena, proto);
    uint32_t first = (uint32_t)type << 8;
    term.icmp = code < 0 ? fw_numset_range(arena, first, first | UINT8_MAX)
                         : fw_numset_range(arena, first | (uint32_t)code, first | (uint32_t)code);
    return term;
}

void fw_things_init(struct fw_things *things, struct fw_arena *arena, struct fw_ruleset *ruleset)
{
    *things = (struct fw_things){.arena = arena, .ruleset = ruleset};
}

static size_t bucket_of(const struct fw_things *things, fw_sv scope, int space, fw_sv name)
{
    uint64_t hash = fw_sv_hash(name) * 31 + fw_sv_hash(scope) * 7 + (uint64_t)space;
    return (size_t)((hash ^ hash >> 32) & (things->nbuckets - 1));
}

struct fw_thing *fw_things_find(const struct fw_things *things, fw_sv scope, int space, fw_sv name)
{
    if (things->nbuckets == 0) {
        return NULL;
    }
    struct fw_thing *thing = things->buckets[bucket_of(things, scope, space, name)];
    while (thing && (thing->space != space || !fw_sv_eq(thing->object->name, name) ||
                     !fw_sv_eq(thing->scope, scope))) {
        thing = thing->next;
    }
    return thing;
}

static void grow(struct fw_things *things)
{
    struct fw_thing **old = things->buckets;
    size_t n = things->nbuckets;
    things->nbuckets = n ? n * 4 : 256;
    things->buckets = fw_new_array(things->arena, things->nbuckets, struct fw_thing *);
    for (size_t i = 0; i < n; i++) {
        for (struct fw_thing *thing = old[i]; thing;) {
            struct fw_thing *next = thing->next;
            size_t at = bucket_of(things, thing->scope, thing->space, thing->object->name);
            thing->next = things->buckets[at];
            things->buckets[at] = thing;
            thing = next;
        }
    }
}

struct fw_thing *fw_things_add(struct fw_things *things, fw_sv scope, int space, fw_sv name,
                               enum fw_object_kind kind)
{
    struct fw_thing *thing = fw_things_find(things, scope, space, name);
    if (thing) {
        return thing;
    }
    if (things->n >= things->nbuckets) {
        grow(things);
    }
    thing = fw_new(things->arena, struct fw_thing);
    thing->object = fw_new(things->arena, struct fw_object);
    *thing->object = (struct fw_object){.kind = kind, .name = name};
    thing->scope = scope;
    thing->space = space;
    size_t at = bucket_of(things, scope, space, name);
    thing->next = things->buckets[at];
    things->buckets[at] = thing;
    things->n++;
    struct fw_ruleset *set = things->ruleset;
    set->objects = fw_arena_push(things->arena, set->objects, set->nobjects, sizeof(*set->objects));
    set->objects[set->nobjects++] = thing->object;
    return thing;
}

static void hash_ranges(struct fw_hasher *hasher, const struct fw_ipset *set)
{
    fw_hasher_add_u64(hasher, set ? set->n + 1 : 0);
    for (size_t i = 0; set && i < set->n; i++) {
        fw_hasher_add_u64(hasher, set->v[i].lo.family);
        fw_hasher_add_u64(hasher, set->v[i].lo.hi);
        fw_hasher_add_u64(hasher, set->v[i].lo.lo);
        fw_hasher_add_u64(hasher, set->v[i].hi.hi);
        fw_hasher_add_u64(hasher, set->v[i].hi.lo);
    }
}

static void hash_numbers(struct fw_hasher *hasher, const struct fw_numset *set)
{
    fw_hasher_add_u64(hasher, set ? set->n + 1 : 0);
    for (size_t i = 0; set && i < set->n; i++) {
        fw_hasher_add_u64(hasher, (uint64_t)set->v[i].lo << 32 | set->v[i].hi);
    }
}

static int by_hash(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(fw_sha256));
}

/* In whatever order the members were written. */
static fw_sha256 hash_choice(struct fw_arena *arena, struct fw_hasher *hasher,
                             struct fw_choice choice)
{
    fw_sha256 *terms = fw_new_array(arena, choice.n, fw_sha256);
    for (size_t i = 0; i < choice.n; i++) {
        const struct fw_term *term = &choice.v[i];
        fw_hasher_reset(hasher);
        hash_ranges(hasher, term->src);
        hash_ranges(hasher, term->dst);
        hash_numbers(hasher, term->proto);
        hash_numbers(hasher, term->sport);
        hash_numbers(hasher, term->dport);
        hash_numbers(hasher, term->icmp);
        for (size_t k = 0; k < term->natoms; k++) {
            fw_hasher_add_u64(hasher, term->atoms[k].negated);
            fw_hasher_add_sv(hasher, term->atoms[k].words);
        }
        terms[i] = fw_hasher_done(hasher);
    }
    if (choice.n > 1) {
        qsort(terms, choice.n, sizeof(*terms), by_hash);
    }
    fw_hasher_reset(hasher);
    fw_hasher_add(hasher, terms, choice.n * sizeof(*terms));
    return fw_hasher_done(hasher);
}

void fw_thing_settle(struct fw_thing *thing, struct fw_choice choice)
{
    thing->choice = choice;
    thing->state = FW_THING_DONE;
}

void fw_things_finish(struct fw_things *things)
{
    struct fw_hasher *hasher = fw_hasher_new();
    struct fw_arena scratch;
    fw_arena_init(&scratch, 0);
    for (size_t i = 0; hasher && i < things->nbuckets; i++) {
        for (struct fw_thing *thing = things->buckets[i]; thing; thing = thing->next) {
            thing->object->content = hash_choice(&scratch, hasher, thing->choice);
            fw_arena_reset(&scratch);
        }
    }
    fw_hasher_free(hasher);
    fw_arena_clear(&scratch);
}
