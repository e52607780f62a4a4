/* What pf does with rules, whoever wrote them: pf.conf, or a system that makes one. */
#include "parsers/pf.h"

#include "core/proto.h"
#include "parsers/choice.h"

struct fw_policy *fw_pf_policy(struct fw_maker *maker, fw_sv name, bool out,
                               enum fw_action fallback, fw_span span)
{
    struct fw_policy *policy = fw_maker_policy(maker, name, FW_FAMILY_BOTH);
    /* Translation comes before the rules on both ways: pf.conf(5). */
    policy->hook = out ? FW_HOOK_POSTROUTING : FW_HOOK_PREROUTING;
    policy->priority = out ? 200 : 0;
    policy->order = FW_ORDER_LAST;
    policy->fallback = fallback;
    policy->span = span;
    return policy;
}

void fw_pf_own(struct fw_maker *maker, struct fw_policy *policy, enum fw_action action,
               const char *why, const struct fw_terms *terms, fw_span span)
{
    struct fw_rule rule = {
        .action = action, .target = fw_sv_from(why), .enabled = true, .quick = true, .span = span};
    fw_maker_rule(maker, policy, &rule, terms);
}

void fw_pf_passed(struct fw_maker *maker, struct fw_policy *policy, const fw_iprange *to,
                  fw_span span)
{
    struct fw_arena *scratch = &maker->doc->scratch;
    struct fw_terms terms;
    fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
    if (to) {
        struct fw_term there = {.dst = fw_ipset_make(scratch, to, 1)};
        fw_terms_and(&terms, &there, 1);
    }
    fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("translated and passed"), false));
    fw_pf_own(maker, policy, FW_ACTION_UNKNOWN, "pass", &terms, span);
}

void fw_pf_known(struct fw_maker *maker, struct fw_policy *policy, fw_span span)
{
    struct fw_arena *scratch = &maker->doc->scratch;
    struct fw_terms terms;
    struct fw_term known = {
        .state = fw_numset_range(scratch, FW_STATE_ESTABLISHED, FW_STATE_RELATED)};
    fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
    fw_terms_and(&terms, &known, 1);
    fw_pf_own(maker, policy, FW_ACTION_PERMIT, "state", &terms, span);
}

void fw_pf_states(struct fw_maker *maker, struct fw_policy *policy, bool odd, fw_span span)
{
    struct fw_arena *scratch = &maker->doc->scratch;
    struct fw_terms terms;
    fw_pf_known(maker, policy, span);
    struct fw_term other = fw_term_proto(scratch, FW_PROTO_TCP);
    const struct fw_numset *opening = fw_numset_masked(scratch, 2 | 16, 2); /* S/SA */
    other.flags = fw_numset_complement(scratch, opening, UINT8_MAX);
    fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
    fw_terms_and(&terms, &other, 1);
    fw_pf_own(maker, policy, odd ? FW_ACTION_UNKNOWN : FW_ACTION_DENY, "flags S/SA", &terms, span);
}

bool fw_pf_icmp(fw_sv name, bool six, uint32_t *ret)
{
    static const struct {
        const char *name;
        int four, six;
    } rows[] = {
        {"echoreq", 8, 128},     {"echorep", 0, 129},     {"unreach", 3, 1},
        {"squench", 4, -1},      {"redir", 5, 137},       {"althost", 6, -1},
        {"routeradv", 9, 134},   {"routersol", 10, 133},  {"timex", 11, 3},
        {"paramprob", 12, 4},    {"timereq", 13, -1},     {"timerep", 14, -1},
        {"inforeq", 15, -1},     {"inforep", 16, -1},     {"maskreq", 17, -1},
        {"maskrep", 18, -1},     {"trace", 30, -1},       {"toobig", -1, 2},
        {"groupqry", -1, 130},   {"listqry", -1, 130},    {"grouprep", -1, 131},
        {"listenrep", -1, 131},  {"groupterm", -1, 132},  {"listendone", -1, 132},
        {"neighbrsol", -1, 135}, {"neighbradv", -1, 136},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int type = six ? rows[i].six : rows[i].four;
        if (fw_sv_is(name, rows[i].name) && type >= 0) {
            *ret = (uint32_t)type;
            return true;
        }
    }
    return fw_sv_u32(name, UINT8_MAX, ret);
}
