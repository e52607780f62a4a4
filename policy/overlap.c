/* Can one packet match both of two rules? */
#include "policy/overlap.h"

/* A set that is not there is every value. */
static bool ips_overlap(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return a && b ? fw_ipset_overlaps(a, b) : (!a || a->n > 0) && (!b || b->n > 0);
}

static bool nums_overlap(const struct fw_numset *a, const struct fw_numset *b)
{
    return a && b ? fw_numset_overlaps(a, b) : (!a || a->n > 0) && (!b || b->n > 0);
}

static bool some_name(const struct fw_nameset *set)
{
    return !set || set->n > 0 || set->negated;
}

static bool patterns_meet(fw_sv a, fw_sv b)
{
    bool wild_a = a.n > 0 && a.p[a.n - 1] == '+';
    bool wild_b = b.n > 0 && b.p[b.n - 1] == '+';
    if (wild_a && wild_b) {
        size_t n = (a.n < b.n ? a.n : b.n) - 1;
        return n == 0 || memcmp(a.p, b.p, n) == 0;
    }
    return wild_a ? fw_name_matches(a, b) : fw_name_matches(b, a);
}

/* Names are endless: two sets that are both negated always share some name. */
static bool names_overlap(const struct fw_nameset *a, const struct fw_nameset *b)
{
    if (!a || !b || (a->negated && b->negated)) {
        return some_name(a) && some_name(b);
    }
    const struct fw_nameset *plain = a->negated ? b : a;
    const struct fw_nameset *other = a->negated ? a : b;
    for (size_t i = 0; i < plain->n; i++) {
        bool wild = plain->v[i].n > 0 && plain->v[i].p[plain->v[i].n - 1] == '+';
        if (other->negated) {
            if (wild || fw_nameset_has(other, plain->v[i])) {
                return true;
            }
            continue;
        }
        for (size_t k = 0; k < other->n; k++) {
            if (patterns_meet(plain->v[i], other->v[k])) {
                return true;
            }
        }
    }
    return false;
}

bool fw_term_overlaps(const struct fw_term *a, const struct fw_term *b)
{
#define FW_OVERLAPS_IP ips_overlap
#define FW_OVERLAPS_NAME names_overlap
#define FW_OVERLAPS_NUM nums_overlap
#define FW_DIM(name, kind, key) \
    if (!FW_OVERLAPS_##kind(a->name, b->name)) { \
        return false; \
    }
#include "policy/dims.def"
#undef FW_DIM
    return true;
}

bool fw_rules_overlap(const struct fw_rule *a, const struct fw_rule *b)
{
    for (size_t i = 0; i < a->match.n; i++) {
        for (size_t k = 0; k < b->match.n; k++) {
            if (fw_term_overlaps(&a->match.terms[i], &b->match.terms[k])) {
                return true;
            }
        }
    }
    return false;
}
