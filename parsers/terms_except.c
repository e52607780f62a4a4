/* What a match leaves of another one: "these packets, but none of those". */
#include "parsers/terms.h"

/* --- Is one product within another? --- */

static bool named(const struct fw_nameset *set, fw_sv name)
{
    for (size_t i = 0; i < set->n; i++) {
        if (fw_sv_eq(set->v[i], name)) {
            return true;
        }
    }
    return false;
}

static bool within_NAME(const struct fw_nameset *a, const struct fw_nameset *b)
{
    const struct fw_nameset *listed = a->negated ? b : a;
    bool within = !a->negated || b->negated;
    for (size_t i = 0; within && i < listed->n; i++) {
        if (a->negated) {
            within = named(a, b->v[i]);
        } else if (fw_sv_ends(a->v[i], "+")) {
            within = !b->negated && named(b, a->v[i]);
        } else {
            within = fw_nameset_has(b, a->v[i]);
        }
    }
    return within;
}

static bool within_IP(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return fw_ipset_contains(b, a);
}

static bool within_NUM(const struct fw_numset *a, const struct fw_numset *b)
{
    return fw_numset_contains(b, a);
}

static bool within(const struct fw_term *a, const struct fw_term *b)
{
    bool within = b->natoms == 0;
#define FW_DIM(name, kind, key) \
    within = within && (!b->name || (a->name && within_##kind(a->name, b->name)));
#include "policy/dims.def"
#undef FW_DIM
    return within;
}

/* Drops products that lie in another one; of two that are the same the first stays. */
static void absorb(struct fw_terms *terms)
{
    size_t n = 0;
    for (size_t i = 0; i < terms->n; i++) {
        bool inside = false;
        for (size_t j = 0; j < terms->n && !inside; j++) {
            inside = j != i && within(&terms->v[i], &terms->v[j]) &&
                     (j < i || !within(&terms->v[j], &terms->v[i]));
        }
        if (!inside) {
            terms->v[n++] = terms->v[i];
        }
    }
    terms->n = n;
}

/* --- Everything but one product --- */

static const struct fw_nameset *but_NAME(struct fw_arena *arena, const struct fw_nameset *set,
                                         unsigned families, uint32_t last)
{
    (void)families;
    (void)last;
    return fw_nameset_make(arena, set->v, set->n, !set->negated);
}

static const struct fw_ipset *but_IP(struct fw_arena *arena, const struct fw_ipset *set,
                                     unsigned families, uint32_t last)
{
    (void)last;
    return fw_ipset_complement(arena, set, families);
}

static const struct fw_numset *but_NUM(struct fw_arena *arena, const struct fw_numset *set,
                                       unsigned families, uint32_t last)
{
    (void)families;
    return fw_numset_complement(arena, set, last);
}

/* Outside one of its sets, or one of its atoms does not hold. Ports, types and flags are asked of
 * the protocols that have them. */
static size_t parts_outside(struct fw_arena *arena, unsigned families, const struct fw_term *term,
                            struct fw_term **ret)
{
    enum { FW_LAST_src, FW_LAST_dst, FW_LAST_in, FW_LAST_out }; /* not numeric: unused */
    size_t n = 0;
    size_t room = term->natoms;
#define FW_DIM(name, kind, key) room++;
#include "policy/dims.def"
#undef FW_DIM
    struct fw_term *v = fw_new_array(arena, room, struct fw_term);
#define FW_DIM(name, kind, key) \
    if (term->name) { \
        v[n++].name = but_##kind(arena, term->name, families, (uint32_t)FW_LAST_##name); \
    }
#include "policy/dims.def"
#undef FW_DIM
    for (size_t i = 0; i < n; i++) {
        if (v[i].sport || v[i].dport || v[i].icmp || v[i].flags) {
            v[i].proto = term->proto;
        }
    }
    for (size_t i = 0; i < term->natoms; i++) {
        struct fw_atom *atom = fw_new(arena, struct fw_atom);
        *atom = term->atoms[i];
        atom->negated = !atom->negated;
        v[n].natoms = 1;
        v[n++].atoms = atom;
    }
    *ret = v;
    return n;
}

size_t fw_terms_except(struct fw_terms *terms, const struct fw_terms *but, fw_sv words)
{
    enum { ALTERNATIVES = 256 }; /* they are compared with one another */
    const struct fw_terms before = *terms;
    size_t made = 0;
    for (size_t i = 0; i < but->n; i++) {
        struct fw_term *parts;
        size_t n = parts_outside(terms->scratch, terms->families, &but->v[i], &parts);
        if (n > 0 && terms->n > ALTERNATIVES / n) {
            *terms = before;
            fw_terms_atom(terms, fw_atom_make(FW_ATOM_VARYING, words, false));
            return made;
        }
        made += terms->n * n;
        fw_terms_and(terms, parts, n);
        absorb(terms);
    }
    return made;
}
