/* Naive pairs, and BuDDy. */
#include "bench/rules/peers.h"

#include <bdd.h>
#include <time.h>

enum { SRC = 0, DST = 32, PROTO = 64, SPORT = 72, DPORT = 88, BITS = 104 };
enum { NODES = 4000000, CACHE = 400000 };

double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool has_ips(const struct fw_ipset *a, const struct fw_ipset *b)
{
    return !a || (b && fw_ipset_contains(a, b));
}

static bool has_nums(const struct fw_numset *a, const struct fw_numset *b)
{
    return !a || (b && fw_numset_contains(a, b));
}

static bool contains(const struct fw_rule *a, const struct fw_rule *b)
{
    const struct fw_term *x = a->match.terms;
    const struct fw_term *y = b->match.terms;
    return has_ips(x->src, y->src) && has_ips(x->dst, y->dst) && has_nums(x->proto, y->proto) &&
           has_nums(x->sport, y->sport) && has_nums(x->dport, y->dport);
}

struct bench_peer bench_pairs(const struct fw_policy *policy, double limit)
{
    struct bench_peer ret = {.done = true};
    double start = bench_now();
    for (size_t r = 0; r < policy->n && ret.done; r++) {
        for (size_t i = 0; i < r; i++) {
            if (contains(&policy->rules[i], &policy->rules[r])) {
                ret.found++;
                break;
            }
        }
        ret.seconds = bench_now() - start;
        ret.done = ret.seconds < limit;
    }
    return ret;
}

/* Numbers of `bits` bits that are at least (or at most) a value; the high bit is the first. */
static BDD bounded(int first, int bits, uint32_t value, bool at_least)
{
    BDD all = bdd_addref(bddtrue);
    for (int i = 0; i < bits; i++) { /* from the low bit up */
        int variable = first + bits - 1 - i;
        bool set = (value >> i & 1) != 0;
        BDD next;
        if (set == at_least) {
            BDD one = at_least ? bdd_ithvar(variable) : bdd_nithvar(variable);
            next = bdd_addref(bdd_and(one, all));
        } else {
            BDD one = at_least ? bdd_ithvar(variable) : bdd_nithvar(variable);
            next = bdd_addref(bdd_or(one, all));
        }
        bdd_delref(all);
        all = next;
    }
    return all;
}

static void add_range(BDD *set, int first, int bits, uint32_t lo, uint32_t hi)
{
    BDD from = bounded(first, bits, lo, true);
    BDD to = bounded(first, bits, hi, false);
    BDD both = bdd_addref(bdd_and(from, to));
    BDD more = bdd_addref(bdd_or(*set, both));
    bdd_delref(from);
    bdd_delref(to);
    bdd_delref(both);
    bdd_delref(*set);
    *set = more;
}

static void narrow(BDD *all, BDD set)
{
    BDD both = bdd_addref(bdd_and(*all, set));
    bdd_delref(*all);
    bdd_delref(set);
    *all = both;
}

static void narrow_ips(BDD *all, const struct fw_ipset *set, int first)
{
    BDD some = bdd_addref(bddfalse);
    for (size_t i = 0; set && i < set->n; i++) {
        if (set->v[i].lo.family == FW_IPV4) {
            add_range(&some, first, 32, (uint32_t)set->v[i].lo.lo, (uint32_t)set->v[i].hi.lo);
        }
    }
    if (set) {
        narrow(all, some);
    }
}

static void narrow_nums(BDD *all, const struct fw_numset *set, int first, int bits)
{
    BDD some = bdd_addref(bddfalse);
    for (size_t i = 0; set && i < set->n; i++) {
        add_range(&some, first, bits, set->v[i].lo, set->v[i].hi);
    }
    if (set) {
        narrow(all, some);
    }
}

static BDD diagram_of(const struct fw_rule *rule)
{
    const struct fw_term *term = rule->match.terms;
    BDD all = bdd_addref(bddtrue);
    narrow_nums(&all, term->dport, DPORT, 16);
    narrow_nums(&all, term->sport, SPORT, 16);
    narrow_nums(&all, term->proto, PROTO, 8);
    narrow_ips(&all, term->dst, DST);
    narrow_ips(&all, term->src, SRC);
    return all;
}

struct bench_peer bench_diagrams(const struct fw_policy *policy, double limit)
{
    struct bench_peer ret = {.done = true};
    bdd_init(NODES, CACHE);
    bdd_setvarnum(BITS);
    bdd_setmaxincrease(NODES);
    bdd_gbc_hook(NULL);
    double start = bench_now();
    BDD before = bdd_addref(bddfalse);
    for (size_t r = 0; r < policy->n && ret.done; r++) {
        BDD rule = diagram_of(&policy->rules[r]);
        BDD both = bdd_addref(bdd_or(before, rule));
        ret.found += both == before;
        bdd_delref(before);
        bdd_delref(rule);
        before = both;
        ret.seconds = bench_now() - start;
        ret.done = ret.seconds < limit;
    }
    bdd_done();
    return ret;
}
