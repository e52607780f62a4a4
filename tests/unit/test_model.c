/* Tests of the model's small questions and of sealing. */
#include "policy/model.h"

#include <string.h>

#include "tests/unit/suites.h"

static struct fw_arena arena;

static void setup(void)
{
    fw_arena_init(&arena, 0);
}

static void teardown(void)
{
    fw_arena_clear(&arena);
}

START_TEST(names_match_patterns)
{
    static const struct {
        const char *pattern, *name;
        bool matches;
    } cases[] = {
        {"eth0", "eth0", true}, {"eth0", "eth01", false}, {"eth+", "eth0", true},
        {"eth+", "eth", true},  {"eth+", "et", false},    {"+", "anything", true},
        {"+", "", true},        {"", "", true},           {"eth0", "", false},
        {"e+h", "eth", false},  {"e+h", "e+h", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_msg(fw_name_matches(fw_sv_from(cases[i].pattern), fw_sv_from(cases[i].name)) ==
                          cases[i].matches,
                      "%s %s", cases[i].pattern, cases[i].name);
    }
    fw_sv v[] = {FW_SV("eth+"), FW_SV("lo")};
    struct fw_nameset set = {false, 2, v};
    ck_assert(fw_nameset_has(&set, FW_SV("lo")));
    ck_assert(!fw_nameset_has(&set, FW_SV("ppp0")));
    set.negated = true;
    ck_assert(!fw_nameset_has(&set, FW_SV("eth1")));
    ck_assert(fw_nameset_has(&set, FW_SV("ppp0")));
    ck_assert(fw_nameset_has(&set, FW_SV("")));
}
END_TEST

START_TEST(actions)
{
    ck_assert_str_eq(fw_action_name(FW_ACTION_PERMIT), "permit");
    ck_assert_str_eq(fw_action_name(FW_ACTION_UNKNOWN), "unknown");
    for (int i = 0; i < FW_ACTION_COUNT; i++) {
        bool decides = i == FW_ACTION_PERMIT || i == FW_ACTION_DENY || i == FW_ACTION_REJECT;
        ck_assert_int_eq(fw_action_decides((enum fw_action)i), decides);
    }
    ck_assert(!fw_action_same(FW_ACTION_DENY, FW_ACTION_REJECT));
    ck_assert_str_eq(fw_state_name(FW_STATE_UNTRACKED), "untracked");
    ck_assert_str_eq(fw_hook_name(FW_HOOK_FORWARD), "forward");
}
END_TEST

static struct fw_policy *new_policy(const char *table, const char *name, enum fw_hook hook,
                                    size_t n)
{
    struct fw_policy *policy = fw_new(&arena, struct fw_policy);
    policy->table = fw_sv_from(table);
    policy->name = fw_sv_from(name);
    policy->hook = hook;
    policy->families = FW_FAMILY_BIT4;
    policy->n = n;
    policy->rules = fw_new_array(&arena, n + 1, struct fw_rule);
    for (size_t r = 0; r < n; r++) {
        policy->rules[r].position = (uint32_t)r + 1;
        policy->rules[r].enabled = true;
        policy->rules[r].action = FW_ACTION_PERMIT;
        policy->rules[r].match.n = 1;
        policy->rules[r].match.terms = fw_new(&arena, struct fw_term);
    }
    return policy;
}

static void call(struct fw_policy *policy, size_t rule, const char *target)
{
    policy->rules[rule].action = FW_ACTION_JUMP;
    policy->rules[rule].target = fw_sv_from(target);
}

START_TEST(jumps_stay_in_their_table)
{
    struct fw_policy *all[] = {
        new_policy("filter", "INPUT", FW_HOOK_INPUT, 3),
        new_policy("filter", "CHAIN", FW_HOOK_NONE, 1),
        new_policy("nat", "nat/PREROUTING", FW_HOOK_PREROUTING, 1),
        new_policy("nat", "nat/CHAIN", FW_HOOK_NONE, 0),
        new_policy("filter", "LEFT", FW_HOOK_NONE, 1),
        new_policy("filter", "FAR", FW_HOOK_NONE, 0),
        new_policy("filter", "DISABLED", FW_HOOK_NONE, 0),
    };
    call(all[0], 0, "CHAIN");
    call(all[0], 1, "nowhere");
    call(all[0], 2, "DISABLED");
    all[0]->rules[2].enabled = false;
    call(all[1], 0, "FAR");
    call(all[2], 0, "CHAIN");
    call(all[4], 0, "FAR");
    struct fw_ruleset ruleset = {.npolicies = 7, .policies = all};
    fw_ruleset_seal(&arena, &ruleset);
    ck_assert_ptr_eq(all[0]->rules[0].jump, all[1]);
    ck_assert_ptr_null(all[0]->rules[1].jump);
    ck_assert_ptr_eq(all[2]->rules[0].jump, all[3]);
    static const bool bound[] = {true, true, true, true, false, true, false};
    for (size_t i = 0; i < 7; i++) {
        ck_assert_msg(all[i]->bound == bound[i], "%s", all[i]->name.p);
    }
    ck_assert_ptr_eq(fw_ruleset_find(&ruleset, FW_SV("nat/CHAIN")), all[3]);
    ck_assert_ptr_null(fw_ruleset_find(&ruleset, FW_SV("CHAIN2")));
}
END_TEST

static const struct fw_ipset *network(uint32_t ip, unsigned bits)
{
    fw_iprange range;
    ck_assert(fw_iprange_from_prefix(fw_ip4(ip), bits, &range));
    return fw_ipset_make(&arena, &range, 1);
}

START_TEST(content_is_meaning)
{
    struct fw_policy *policy = new_policy("filter", "INPUT", FW_HOOK_INPUT, 6);
    struct fw_rule *r = policy->rules;
    struct fw_term terms[2][2] = {
        {{.src = network(0x0a000000, 8)}, {.dst = network(0xc0000200, 24)}},
        {{.dst = network(0xc0000200, 24)}, {.src = network(0x0a000000, 8)}},
    };
    for (size_t i = 0; i < 6; i++) {
        r[i].match = (struct fw_match){2, terms[i % 2]}; /* the order of terms says nothing */
    }
    r[1].name = FW_SV("web");
    r[1].comment = FW_SV("ticket 5");
    r[1].span.line = 99;
    r[1].hits = (struct fw_counter){true, 5, 500};
    r[2].action = FW_ACTION_DENY;
    r[3].log = true;
    r[4].enabled = false;
    r[5].match.n = 1;
    struct fw_policy *all[] = {policy};
    struct fw_ruleset ruleset = {.npolicies = 1, .policies = all};
    fw_ruleset_seal(&arena, &ruleset);
    ck_assert(fw_sha256_eq(r[0].content, r[1].content));
    for (size_t i = 2; i < 6; i++) {
        for (size_t k = 0; k < i; k++) {
            bool same = fw_sha256_eq(r[i].content, r[k].content);
            ck_assert_msg(same == (i == 1 && k == 0), "rules %zu and %zu", k + 1, i + 1);
        }
    }
}
END_TEST

/* pf: the last match decides, a quick one at once. */
START_TEST(last_match_is_settled_once)
{
    struct fw_policy *policy = new_policy("", "pf", FW_HOOK_NONE, 5);
    policy->order = FW_ORDER_LAST;
    policy->rules[1].quick = true;
    policy->rules[3].quick = true;
    struct fw_policy *all[] = {policy};
    struct fw_ruleset ruleset = {.npolicies = 1, .policies = all};
    fw_ruleset_seal(&arena, &ruleset);
    static const uint32_t positions[] = {2, 4, 5, 3, 1};
    for (size_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(policy->rules[i].position, positions[i]);
    }
}
END_TEST

START_TEST(objects_are_counted)
{
    struct fw_object object = {.kind = FW_OBJECT_ADDRESS_GROUP, .name = FW_SV("servers")};
    struct fw_object *objects[] = {&object};
    struct fw_policy *policy = new_policy("", "acl", FW_HOOK_NONE, 3);
    policy->rules[0].objects = objects;
    policy->rules[0].nobjects = 1;
    policy->rules[2].objects = objects;
    policy->rules[2].nobjects = 1;
    struct fw_policy *all[] = {policy};
    struct fw_ruleset ruleset = {.npolicies = 1, .policies = all};
    fw_ruleset_seal(&arena, &ruleset);
    ck_assert_uint_eq(object.uses, 2);
    struct fw_atom atom = {.kind = FW_ATOM_FIXED, .words = FW_SV("set x")};
    struct fw_term term = {.natoms = 1, .atoms = &atom};
    ck_assert(fw_rule_exact(&policy->rules[0]));
    policy->rules[0].match = (struct fw_match){1, &term};
    ck_assert(!fw_rule_exact(&policy->rules[0]));
}
END_TEST

Suite *fw_suite_model(void)
{
    Suite *suite = suite_create("model");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, names_match_patterns);
    tcase_add_test(tcase, actions);
    tcase_add_test(tcase, jumps_stay_in_their_table);
    tcase_add_test(tcase, content_is_meaning);
    tcase_add_test(tcase, last_match_is_settled_once);
    tcase_add_test(tcase, objects_are_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}
