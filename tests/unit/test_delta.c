/* Changes between two configurations, on models made by hand. */
#include "analyzers/changes/delta.h"
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

/* One policy whose rules' meanings are the letters of a text. */
static struct fw_ruleset ruleset_of(const char *letters, enum fw_action fallback)
{
    struct fw_policy *policy = fw_new(&arena, struct fw_policy);
    policy->name = FW_SV("FORWARD");
    policy->fallback = fallback;
    policy->n = strlen(letters);
    policy->rules = fw_new_array(&arena, policy->n + 1, struct fw_rule);
    for (size_t i = 0; i < policy->n; i++) {
        policy->rules[i].position = (uint32_t)i + 1;
        policy->rules[i].content.b[0] = (uint8_t)letters[i];
        policy->rules[i].enabled = true;
        /* Capitals deny, and only letters before 'm' match anything in common. */
        bool deny = letters[i] >= 'A' && letters[i] <= 'Z';
        policy->rules[i].action = deny ? FW_ACTION_DENY : FW_ACTION_PERMIT;
        struct fw_term *term = fw_new(&arena, struct fw_term);
        char letter = fw_lower(letters[i]);
        uint32_t port = letter < 'm' ? 1 : (uint32_t)letter;
        term->dport = fw_numset_range(&arena, port, port);
        policy->rules[i].match = (struct fw_match){1, term};
    }
    struct fw_policy **policies = fw_new_array(&arena, 1, struct fw_policy *);
    policies[0] = policy;
    return (struct fw_ruleset){.npolicies = 1, .policies = policies};
}

/* "+3" added at new position 3, "-2" removed at old position 2, "~2>3" modified, "^1>4" moved. */
static fw_sv describe(const struct fw_deltas *deltas)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    for (size_t i = 0; i < deltas->n; i++) {
        const struct fw_delta *delta = &deltas->v[i];
        unsigned from = delta->old_rule ? delta->old_rule->position : 0;
        unsigned to = delta->new_rule ? delta->new_rule->position : 0;
        fw_buf_add_cstr(&buf, i > 0 ? " " : "");
        switch (delta->change) {
        case FW_CHANGE_ADD:
            fw_buf_printf(&buf, "+%u", to);
            break;
        case FW_CHANGE_REMOVE:
            fw_buf_printf(&buf, "-%u", from);
            break;
        case FW_CHANGE_MODIFY:
            fw_buf_printf(&buf, "~%u>%u", from, to);
            break;
        case FW_CHANGE_MOVE:
            fw_buf_printf(&buf, "^%u>%u", from, to);
            break;
        case FW_CHANGE_DEFAULT:
            fw_buf_add_cstr(&buf, "default");
            break;
        case FW_CHANGE_BINDING:
            fw_buf_add_cstr(&buf, "binding");
            break;
        case FW_CHANGE_COUNT:
            break;
        }
    }
    fw_sv copy = fw_arena_copy(&arena, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
    return copy;
}

static const char *delta_of(const char *before, const char *after)
{
    struct fw_ruleset a = ruleset_of(before, FW_ACTION_DENY);
    struct fw_ruleset b = ruleset_of(after, FW_ACTION_DENY);
    struct fw_deltas deltas;
    fw_deltas_find(&arena, &a, &b, &deltas);
    return fw_arena_cstr(&arena, describe(&deltas));
}

START_TEST(test_same)
{
    ck_assert_str_eq(delta_of("abcd", "abcd"), "");
    ck_assert_str_eq(delta_of("", ""), "");
    ck_assert_str_eq(delta_of("aab", "aab"), "");
}
END_TEST

START_TEST(test_add_remove)
{
    ck_assert_str_eq(delta_of("abd", "abcd"), "+3");
    ck_assert_str_eq(delta_of("abcd", "abd"), "-3");
    ck_assert_str_eq(delta_of("", "ab"), "+1 +2");
    ck_assert_str_eq(delta_of("aa", "aaa"), "+3");
}
END_TEST

START_TEST(test_modify)
{
    ck_assert_str_eq(delta_of("abcd", "abxd"), "~3>3");
    ck_assert_str_eq(delta_of("abcd", "axyd"), "~2>2 ~3>3");
}
END_TEST

START_TEST(test_move)
{
    ck_assert_str_eq(delta_of("aBcD", "BcDa"), "^1>4");
    ck_assert_str_eq(delta_of("abcD", "Dabc"), "^4>1");
    ck_assert_str_eq(delta_of("aBC", "axCB"), "+2");
}
END_TEST

START_TEST(test_move_without_effect)
{
    ck_assert_str_eq(delta_of("abcd", "dcba"), ""); /* the same action */
    ck_assert_str_eq(delta_of("mNoP", "PoNm"), ""); /* nothing in common */
}
END_TEST

START_TEST(test_default)
{
    struct fw_ruleset a = ruleset_of("ab", FW_ACTION_DENY);
    struct fw_ruleset b = ruleset_of("ab", FW_ACTION_PERMIT);
    struct fw_deltas deltas;
    fw_deltas_find(&arena, &a, &b, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "default"));
}
END_TEST

START_TEST(test_policy_gone)
{
    struct fw_ruleset a = ruleset_of("ab", FW_ACTION_DENY);
    struct fw_ruleset b = {0};
    struct fw_deltas deltas;
    fw_deltas_find(&arena, &a, &b, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "-1 -2"));
    ck_assert_ptr_null(deltas.v[0].new_policy);
    fw_deltas_find(&arena, &b, &a, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "+1 +2"));
}
END_TEST

/* A list that is applied no longer, or elsewhere, and one that is new and empty. */
START_TEST(test_places)
{
    struct fw_binding binding = {.in = FW_SV("outside")};
    struct fw_binding other = {.in = FW_SV("inside")};
    struct fw_ruleset a = ruleset_of("ab", FW_ACTION_DENY);
    struct fw_ruleset b = ruleset_of("ab", FW_ACTION_DENY);
    struct fw_ruleset none = {0};
    struct fw_deltas deltas;
    a.policies[0]->nbindings = 1;
    a.policies[0]->bindings = &binding;
    fw_deltas_find(&arena, &a, &b, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "binding"));
    b.policies[0]->nbindings = 1;
    b.policies[0]->bindings = &other;
    fw_deltas_find(&arena, &a, &b, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "binding"));
    b.policies[0]->bindings = &binding;
    fw_deltas_find(&arena, &a, &b, &deltas);
    ck_assert_uint_eq(deltas.n, 0);
    b.policies[0]->hook = FW_HOOK_FORWARD;
    fw_deltas_find(&arena, &a, &b, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "binding"));
    b = ruleset_of("", FW_ACTION_PERMIT);
    b.policies[0]->hook = FW_HOOK_FORWARD;
    b.policies[0]->decides = true;
    fw_deltas_find(&arena, &none, &b, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "default"));
    fw_deltas_find(&arena, &b, &none, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "default"));
}
END_TEST

/* FORWARD of version 4 and of version 6: each is compared with its own. */
START_TEST(test_families)
{
    struct fw_ruleset four = ruleset_of("ab", FW_ACTION_DENY);
    struct fw_ruleset six = ruleset_of("cd", FW_ACTION_DENY);
    struct fw_ruleset less = ruleset_of("c", FW_ACTION_DENY);
    four.policies[0]->families = FW_FAMILY_BIT4;
    six.policies[0]->families = FW_FAMILY_BIT6;
    less.policies[0]->families = FW_FAMILY_BIT6;
    struct fw_policy *before[2] = {four.policies[0], six.policies[0]};
    struct fw_policy *after[2] = {four.policies[0], less.policies[0]};
    const struct fw_ruleset a = {.npolicies = 2, .policies = before};
    const struct fw_ruleset b = {.npolicies = 2, .policies = after};
    const struct fw_ruleset c = {.npolicies = 1, .policies = after};
    struct fw_deltas deltas;
    fw_deltas_find(&arena, &a, &b, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "-2"));
    fw_deltas_find(&arena, &a, &c, &deltas);
    ck_assert(fw_sv_is(describe(&deltas), "-1 -2"));
}
END_TEST

Suite *fw_suite_delta(void)
{
    Suite *suite = suite_create("delta");
    TCase *tc = tcase_create("delta");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_same);
    tcase_add_test(tc, test_add_remove);
    tcase_add_test(tc, test_modify);
    tcase_add_test(tc, test_move);
    tcase_add_test(tc, test_move_without_effect);
    tcase_add_test(tc, test_default);
    tcase_add_test(tc, test_policy_gone);
    tcase_add_test(tc, test_places);
    tcase_add_test(tc, test_families);
    suite_add_tcase(suite, tc);
    return suite;
}
