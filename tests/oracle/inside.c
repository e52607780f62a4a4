/* Membership by sets, names by their patterns. */
#include "tests/oracle/inside.h"

#include <string.h>

static bool matches(fw_sv pattern, fw_sv name)
{
    bool prefix = pattern.n > 0 && pattern.p[pattern.n - 1] == '+';
    size_t n = prefix ? pattern.n - 1 : pattern.n;
    bool fits = prefix ? name.n >= n && name.n > 0 : name.n == n;
    return fits && (n == 0 || memcmp(pattern.p, name.p, n) == 0);
}

static bool has_name(const struct fw_names *names, fw_sv name)
{
    bool some = names->nsome == 0;
    for (size_t i = 0; i < names->nsome; i++) {
        some = some || matches(names->some[i], name);
    }
    for (size_t i = 0; i < names->nnone; i++) {
        some = some && !matches(names->none[i], name);
    }
    return some;
}

static bool has_number(const struct fw_numset *set, bool exists, uint32_t value)
{
    return !set || (exists && fw_numset_has(set, value));
}

bool difference_box_has(const struct fw_difference_box *box, const struct fw_packet *p)
{
    const struct fw_term *t = &box->term;
    return (!t->src || fw_ipset_has(t->src, p->src)) && (!t->dst || fw_ipset_has(t->dst, p->dst)) &&
           has_name(&box->in, p->in) && has_name(&box->out, p->out) &&
           has_number(t->proto, true, p->proto) && has_number(t->sport, p->has_sport, p->sport) &&
           has_number(t->dport, p->has_dport, p->dport) &&
           has_number(t->icmp, p->has_icmp_type, (uint32_t)p->icmp_type << 8 | p->icmp_code) &&
           has_number(t->flags, p->has_flags, p->flags) &&
           has_number(t->state, p->has_state, p->state);
}
