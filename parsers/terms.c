/* How conditions multiply into terms, and how finished terms are brought into one canonical form.
 */
#include "parsers/terms.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

struct fw_atom fw_atom_make(enum fw_atom_kind kind, fw_sv words, bool negated)
{
    return (struct fw_atom){.kind = kind, .words = words, .negated = negated};
}

fw_sv fw_words_join(struct fw_arena *arena, const fw_sv *words, size_t n)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        size += words[i].n + (i > 0);
    }
    char *p = fw_new_array(arena, size + 1, char);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            p[at++] = ' ';
        }
        if (words[i].n > 0) {
            memcpy(p + at, words[i].p, words[i].n);
            at += words[i].n;
        }
    }
    return fw_sv_of(p, at);
}

bool fw_ipset_masked(struct fw_arena *arena, fw_ip ip, fw_ip mask, const struct fw_ipset **ret)
{
    enum { PIECES_LOG2 = 12 };
    if (ip.family != FW_IPV4 || mask.family != FW_IPV4) {
        return false;
    }
    uint32_t ones = (uint32_t)mask.lo;
    uint32_t tail = ~ones & (ones - 1u); /* the zeros at the end: one range */
    uint32_t holes = ~ones & ~tail;
    uint32_t base = (uint32_t)ip.lo & ones;
    unsigned bits = 0;
    for (uint32_t h = holes; h != 0; h &= h - 1) {
        bits++;
    }
    if (bits > PIECES_LOG2) {
        return false;
    }
    fw_iprange *v = fw_new_array(arena, (size_t)1 << bits, fw_iprange);
    size_t n = 0;
    uint32_t part = 0;
    do { /* all subsets of the holes */
        v[n++] = (fw_iprange){fw_ip4(base | part), fw_ip4(base | part | tail)};
        part = (part - holes) & holes;
    } while (part != 0);
    *ret = fw_ipset_make(arena, v, n);
    return true;
}

bool fw_ipset_wildcard(struct fw_arena *arena, fw_sv text, bool free, const struct fw_ipset **ret)
{
    size_t slash = fw_sv_find_char(text, '/');
    fw_ip ip;
    fw_ip mask;
    if (slash == SIZE_MAX || !fw_ip_parse(fw_sv_sub(text, 0, slash), &ip) ||
        !fw_ip_parse(fw_sv_sub(text, slash + 1, SIZE_MAX), &mask) || mask.family != FW_IPV4) {
        return false;
    }
    mask.lo ^= free ? UINT32_MAX : 0;
    return fw_ipset_masked(arena, ip, mask, ret);
}

const struct fw_nameset *fw_nameset_make(struct fw_arena *arena, const fw_sv *names, size_t n,
                                         bool negated)
{
    struct fw_nameset *set = fw_new(arena, struct fw_nameset);
    fw_sv *v = fw_new_array(arena, n, fw_sv);
    if (n > 0) {
        memcpy(v, names, n * sizeof(*v));
        qsort(v, n, sizeof(*v), fw_sv_order);
    }
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (count == 0 || !fw_sv_eq(v[count - 1], v[i])) {
            v[count++] = v[i];
        }
    }
    set->negated = negated;
    set->n = count;
    set->v = v;
    return set;
}

/* What of the names (plain or patterns) both match: the narrower of each pair. */
static bool narrower(fw_sv a, fw_sv b, fw_sv *ret)
{
    if (fw_name_matches(b, a) || fw_sv_eq(a, b)) {
        *ret = a;
        return true;
    }
    if (fw_name_matches(a, b)) {
        *ret = b;
        return true;
    }
    return false;
}

static const struct fw_nameset *none_of_both(struct fw_arena *arena, const struct fw_nameset *a,
                                             const struct fw_nameset *b)
{
    fw_sv *v = fw_new_array(arena, a->n + b->n, fw_sv);
    for (size_t i = 0; i < a->n; i++) {
        v[i] = a->v[i];
    }
    for (size_t i = 0; i < b->n; i++) {
        v[a->n + i] = b->v[i];
    }
    return fw_nameset_make(arena, v, a->n + b->n, true);
}

/* A pattern without some of its names is no list of patterns: then the pattern stays, and *rest
 * becomes the set that has to hold as well. */
static const struct fw_nameset *some_but(struct fw_arena *arena, const struct fw_nameset *some,
                                         const struct fw_nameset *but,
                                         const struct fw_nameset **rest)
{
    fw_sv *v = NULL;
    size_t n = 0;
    for (size_t i = 0; i < some->n; i++) {
        bool pattern = fw_sv_ends(some->v[i], "+");
        if (pattern) {
            *rest = but;
        }
        if (pattern || fw_nameset_has(but, some->v[i])) {
            v = fw_arena_push(arena, v, n, sizeof(*v));
            v[n++] = some->v[i];
        }
    }
    return fw_nameset_make(arena, v, n, false);
}

static const struct fw_nameset *both_names(struct fw_arena *arena, const struct fw_nameset *a,
                                           const struct fw_nameset *b,
                                           const struct fw_nameset **rest)
{
    if (a->negated && b->negated) {
        return none_of_both(arena, a, b);
    }
    if (a->negated || b->negated) {
        return a->negated ? some_but(arena, b, a, rest) : some_but(arena, a, b, rest);
    }
    fw_sv *v = NULL;
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        for (size_t j = 0; j < b->n; j++) {
            fw_sv name;
            if (narrower(a->v[i], b->v[j], &name)) {
                v = fw_arena_push(arena, v, n, sizeof(*v));
                v[n++] = name;
            }
        }
    }
    return fw_nameset_make(arena, v, n, false);
}

static const struct fw_ipset *and_IP(struct fw_arena *arena, const struct fw_ipset *a,
                                     const struct fw_ipset *b, const struct fw_nameset **rest)
{
    (void)rest;
    return !a ? b : !b ? a : fw_ipset_intersect(arena, a, b);
}

static const struct fw_numset *and_NUM(struct fw_arena *arena, const struct fw_numset *a,
                                       const struct fw_numset *b, const struct fw_nameset **rest)
{
    (void)rest;
    return !a ? b : !b ? a : fw_numset_intersect(arena, a, b);
}

static const struct fw_nameset *and_NAME(struct fw_arena *arena, const struct fw_nameset *a,
                                         const struct fw_nameset *b, const struct fw_nameset **rest)
{
    return !a ? b : !b ? a : both_names(arena, a, b, rest);
}

void fw_terms_init(struct fw_terms *terms, struct fw_arena *scratch, unsigned families)
{
    *terms = (struct fw_terms){.scratch = scratch, .families = families, .n = 1};
    terms->v = fw_new(scratch, struct fw_term);
}

static const struct fw_atom *add_atoms(struct fw_arena *arena, const struct fw_term *a,
                                       const struct fw_term *b)
{
    if (b->natoms == 0) {
        return a->atoms;
    }
    if (a->natoms == 0) {
        return b->atoms;
    }
    struct fw_atom *atoms = fw_new_array(arena, a->natoms + b->natoms, struct fw_atom);
    memcpy(atoms, a->atoms, a->natoms * sizeof(*atoms));
    memcpy(atoms + a->natoms, b->atoms, b->natoms * sizeof(*atoms));
    return atoms;
}

/* The atom of what could not be said in patterns: "in not eth0". */
static void add_rest(struct fw_arena *arena, struct fw_term *term, const char *dim,
                     const struct fw_nameset *rest)
{
    if (!rest) {
        return;
    }
    fw_sv *words = fw_new_array(arena, rest->n + 2, fw_sv);
    words[0] = fw_sv_from(dim);
    words[1] = FW_SV("not");
    memcpy(words + 2, rest->v, rest->n * sizeof(*words));
    struct fw_atom *atom = fw_new(arena, struct fw_atom);
    *atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(arena, words, rest->n + 2), false);
    struct fw_term extra = {.natoms = 1, .atoms = atom};
    term->atoms = add_atoms(arena, term, &extra);
    term->natoms++;
}

static struct fw_term both(struct fw_arena *arena, const struct fw_term *a, const struct fw_term *b)
{
    struct fw_term term = {.natoms = a->natoms + b->natoms, .atoms = add_atoms(arena, a, b)};
    const struct fw_nameset *rest;
#define FW_DIM(name, kind, key) \
    rest = NULL; \
    term.name = and_##kind(arena, a->name, b->name, &rest); \
    add_rest(arena, &term, #name, rest);
#include "policy/dims.def"
#undef FW_DIM
    return term;
}

static bool has_nothing(const struct fw_term *term)
{
    bool nothing = false;
#define EMPTY_IP(set) ((set) && (set)->n == 0)
#define EMPTY_NUM(set) ((set) && (set)->n == 0)
#define EMPTY_NAME(set) ((set) && (set)->n == 0 && !(set)->negated)
#define FW_DIM(name, kind, key) nothing = nothing || EMPTY_##kind(term->name);
#include "policy/dims.def"
#undef FW_DIM
    return nothing;
}

void fw_terms_and(struct fw_terms *terms, const struct fw_term *parts, size_t n)
{
    if (n > 1 && terms->n > FW_LIMIT_RULE_TERMS / n) {
        if (terms->cut) {
            return; /* has the atom that says so */
        }
        terms->cut = true;
        fw_terms_atom(terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("more than RULE_TERMS"), false));
        return;
    }
    struct fw_term *v = fw_new_array(terms->scratch, terms->n * n, struct fw_term);
    size_t count = 0;
    for (size_t i = 0; i < terms->n; i++) {
        for (size_t j = 0; j < n; j++) {
            struct fw_term term = both(terms->scratch, &terms->v[i], &parts[j]);
            if (!has_nothing(&term)) {
                v[count++] = term;
            }
        }
    }
    terms->v = v;
    terms->n = count;
}

void fw_terms_atom(struct fw_terms *terms, struct fw_atom atom)
{
    struct fw_atom *kept = fw_new(terms->scratch, struct fw_atom);
    struct fw_term part = {.natoms = 1, .atoms = kept};
    *kept = atom;
    fw_terms_and(terms, &part, 1);
}

void fw_terms_family(struct fw_terms *terms, enum fw_family family)
{
    fw_iprange all = fw_iprange_all(family);
    struct fw_term part = {.src = fw_ipset_make(terms->scratch, &all, 1)};
    fw_terms_and(terms, &part, 1);
}

static int by_words(const void *a, const void *b)
{
    const struct fw_atom *x = a;
    const struct fw_atom *y = b;
    int order = fw_sv_cmp(x->words, y->words);
    return order != 0 ? order : (int)x->negated - (int)y->negated;
}

/* Sorts and interns the atoms; false when two of them contradict each other. */
static bool finish_atoms(struct fw_pool *pool, struct fw_term *term)
{
    if (term->natoms == 0) {
        term->atoms = NULL;
        return true;
    }
    struct fw_atom *v = fw_new_array(pool->arena, term->natoms, struct fw_atom);
    memcpy(v, term->atoms, term->natoms * sizeof(*v));
    qsort(v, term->natoms, sizeof(*v), by_words);
    size_t n = 0;
    for (size_t i = 0; i < term->natoms; i++) {
        if (n > 0 && fw_sv_eq(v[n - 1].words, v[i].words)) {
            if (v[n - 1].negated == v[i].negated) {
                continue;
            }
            if (v[i].kind != FW_ATOM_VARYING) {
                return false;
            }
        }
        v[n++] = v[i];
    }
    for (size_t i = 0; i < n; i++) {
        v[i].words = fw_pool_text(pool, v[i].words);
    }
    term->natoms = n;
    term->atoms = v;
    return true;
}

static bool full_num(const struct fw_numset *set, uint32_t last)
{
    return set->n == 1 && set->v[0].lo == 0 && set->v[0].hi >= last;
}

static bool full_ip(const struct fw_ipset *set, unsigned families)
{
    unsigned seen = 0;
    for (size_t i = 0; i < set->n && i < 2; i++) {
        enum fw_family family = (enum fw_family)set->v[i].lo.family;
        fw_iprange all = fw_iprange_all(family);
        if (fw_ip_eq(set->v[i].lo, all.lo) && fw_ip_eq(set->v[i].hi, all.hi)) {
            seen |= family == FW_IPV4 ? FW_FAMILY_BIT4 : FW_FAMILY_BIT6;
        }
    }
    return (families & ~seen) == 0;
}

static bool has_plus(const struct fw_nameset *set)
{
    return set->n > 0 && fw_sv_is(set->v[0], "+");
}

static const struct fw_ipset *finish_IP(struct fw_pool *pool, const struct fw_ipset *set,
                                        unsigned families, uint32_t last)
{
    (void)last;
    return !set || full_ip(set, families) ? NULL : fw_pool_ipset(pool, set);
}

static const struct fw_numset *finish_NUM(struct fw_pool *pool, const struct fw_numset *set,
                                          unsigned families, uint32_t last)
{
    (void)families;
    return !set || full_num(set, last) ? NULL : fw_pool_numset(pool, set);
}

static const struct fw_nameset *finish_NAME(struct fw_pool *pool, const struct fw_nameset *set,
                                            unsigned families, uint32_t last)
{
    (void)families;
    (void)last;
    bool any = !set || (set->negated ? set->n == 0 : has_plus(set));
    return any ? NULL : fw_pool_nameset(pool, set);
}

/* Names are checked here and not in has_nothing: "no name at all" is one pattern, "+", negated. */
static bool no_name(const struct fw_nameset *set)
{
    return set && set->negated && has_plus(set);
}

static bool same_term(const struct fw_term *a, const struct fw_term *b)
{
    bool same = a->natoms == b->natoms;
#define FW_DIM(name, kind, key) same = same && a->name == b->name;
#include "policy/dims.def"
#undef FW_DIM
    for (size_t i = 0; same && i < a->natoms; i++) {
        same = a->atoms[i].kind == b->atoms[i].kind && a->atoms[i].negated == b->atoms[i].negated &&
               fw_sv_eq(a->atoms[i].words, b->atoms[i].words);
    }
    return same;
}

static bool is_repeated(const struct fw_term *v, size_t n, const struct fw_term *term)
{
    enum { LOOK_BACK = 64 }; /* a repeated term is only wasteful, looking for all is quadratic */
    for (size_t i = n > LOOK_BACK ? n - LOOK_BACK : 0; i < n; i++) {
        if (same_term(&v[i], term)) {
            return true;
        }
    }
    return false;
}

void fw_terms_finish(const struct fw_terms *terms, struct fw_pool *pool, struct fw_match *ret)
{
    struct fw_term *v = fw_new_array(pool->arena, terms->n, struct fw_term);
    size_t n = 0;
    for (size_t i = 0; i < terms->n; i++) {
        struct fw_term term = terms->v[i];
        if (no_name(term.in) || no_name(term.out) || !finish_atoms(pool, &term)) {
            continue;
        }
        enum { FW_LAST_src, FW_LAST_dst, FW_LAST_in, FW_LAST_out }; /* not numeric: unused */
#define FW_DIM(name, kind, key) \
    term.name = finish_##kind(pool, term.name, terms->families, (uint32_t)FW_LAST_##name);
#include "policy/dims.def"
#undef FW_DIM
        if (!is_repeated(v, n, &term)) {
            v[n++] = term;
        }
    }
    ret->n = n;
    ret->terms = v;
}

/* Words that were seen, by where they lie: they are interned. */
struct seen {
    size_t cap;
    const char **v;
};

static bool see(struct seen *seen, fw_sv words)
{
    size_t at = (size_t)(((uintptr_t)words.p >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20);
    for (at &= seen->cap - 1; seen->v[at]; at = (at + 1) & (seen->cap - 1)) {
        if (seen->v[at] == words.p) {
            return false;
        }
    }
    seen->v[at] = words.p;
    return true;
}

const fw_sv *fw_match_words(struct fw_arena *arena, const struct fw_match *match, size_t *ret_n)
{
    size_t atoms = 0;
    struct seen seen = {.cap = 2};
    for (size_t i = 0; i < match->n; i++) {
        atoms += match->terms[i].natoms;
    }
    *ret_n = 0;
    if (atoms == 0) {
        return NULL;
    }
    while (seen.cap < atoms * 2) {
        seen.cap *= 2;
    }
    seen.v = fw_new_array(arena, seen.cap, const char *);
    fw_sv *words = NULL;
    size_t n = 0;
    for (size_t i = 0; i < match->n; i++) {
        for (size_t j = 0; j < match->terms[i].natoms; j++) {
            fw_sv text = match->terms[i].atoms[j].words;
            if (see(&seen, text)) {
                words = fw_arena_push(arena, words, n, sizeof(*words));
                words[n++] = text;
            }
        }
    }
    *ret_n = n;
    return words;
}

bool fw_match_same(const struct fw_match *a, const struct fw_match *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        same = same_term(&a->terms[i], &b->terms[i]);
    }
    return same;
}
