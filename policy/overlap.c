/* Can one packet match both of two rules? */
#include "policy/overlap.h"

static bool meet_ip(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return !a || !b || fw_ipset_overlaps(a, b);
}

static bool meet_num(const struct fw_numset *a, const struct fw_numset *b)
{
    return !a || !b || fw_numset_overlaps(a, b);
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
static bool meet_name(const struct fw_nameset *a, const struct fw_nameset *b)
{
    if (!a || !b || (a->negated && b->negated)) {
        return true;
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

static bool terms_meet(const struct fw_term *a, const struct fw_term *b)
{
#define MEET_IP meet_ip
#define MEET_NAME meet_name
#define MEET_NUM meet_num
#define FW_DIM(name, kind, key) \
    if (!MEET_##kind(a->name, b->name)) { \
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
            if (terms_meet(&a->match.terms[i], &b->match.terms[k])) {
                return true;
            }
        }
    }
    return false;
}
