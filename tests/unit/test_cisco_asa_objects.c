/* Objects and groups of ASA configurations: what they are, and where expanding them ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cisco_asa;

static const struct fw_object *find_object(const struct parsed *parsed, const char *name)
{
    for (size_t i = 0; i < parsed->ruleset.nobjects; i++) {
        if (fw_sv_is(parsed->ruleset.objects[i]->name, name)) {
            return parsed->ruleset.objects[i];
        }
    }
    ck_abort_msg("no object %s", name);
    return NULL;
}

START_TEST(test_objects)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "object network A\n host 10.0.0.1\n"
                "object network B\n host 10.0.0.1\n"
                "object-group network G\n network-object object A\n"
                "object-group network EMPTY\n"
                "object-group network LOOP\n group-object POOL\n network-object host 10.0.0.9\n"
                "object-group network POOL\n group-object LOOP\n"
                "object network NAT\n host 10.0.0.5\n nat (inside,outside) static 192.0.2.5\n"
                "access-list L extended permit ip object-group G object A\n"
                "access-list L extended permit ip object-group EMPTY any\n"
                "access-list L extended permit ip object-group LOOP any\n"
                "object network A\n host 10.0.0.2\n");
    ck_assert_uint_eq(find_object(&parsed, "A")->uses, 2);
    ck_assert_uint_eq(find_object(&parsed, "B")->uses, 0);
    ck_assert_uint_eq(find_object(&parsed, "NAT")->uses, 1);
    ck_assert(find_object(&parsed, "EMPTY")->empty);
    ck_assert(!find_object(&parsed, "G")->empty);
    ck_assert(fw_sha256_eq(find_object(&parsed, "A")->content, find_object(&parsed, "G")->content));
    ck_assert(
        !fw_sha256_eq(find_object(&parsed, "A")->content, find_object(&parsed, "B")->content));
    ck_assert_ptr_nonnull(strstr(parsed_rule(&parsed, "L", 1), "\"source\":[\"10.0.0.2\"]"));
    ck_assert_uint_eq(parsed_policy(&parsed, "L")->rules[1].match.n, 0); /* an empty group */
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "L")->rules[2]));   /* a cycle */
    ck_assert_uint_gt(fw_diags_count(parsed.diags), 0);
    parsed_clear(&parsed);
}
END_TEST

/* Ten groups inside one another, each with many members: the sets are shared, not multiplied. */
START_TEST(test_nested_groups)
{
    enum { LEVELS = 10, MEMBERS = 20000 };
    size_t cap = (size_t)LEVELS * MEMBERS * 48 + 4096;
    char *text = malloc(cap);
    size_t n = 0;
    for (int level = 0; level < LEVELS; level++) {
        n += (size_t)snprintf(text + n, cap - n, "object-group network G%d\n", level);
        for (int i = 0; i < MEMBERS; i++) {
            n += (size_t)snprintf(text + n, cap - n, " network-object host 10.%d.%d.%d\n", level,
                                  i / 120, i % 120 * 2);
        }
        if (level > 0) {
            n += (size_t)snprintf(text + n, cap - n, " group-object G%d\n", level - 1);
        }
    }
    snprintf(text + n, cap - n, "access-list A extended permit ip object-group G9 any\n");
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    const struct fw_rule *rule = &parsed_policy(&parsed, "A")->rules[0];
    ck_assert_uint_eq(rule->match.n, 1);
    ck_assert_uint_eq(rule->match.terms[0].src->n, (size_t)LEVELS * MEMBERS);
    ck_assert_uint_lt(parsed.doc.arena.used, 400u << 20);
    parsed_clear(&parsed);
    free(text);
}
END_TEST

START_TEST(test_depth_limit)
{
    enum { LEVELS = FW_LIMIT_GROUP_DEPTH + 10 };
    char *text = malloc(LEVELS * 80 + 200);
    size_t n = 0;
    for (int level = LEVELS; level > 0; level--) { /* the outermost is read first */
        n += (size_t)sprintf(text + n, "object-group network G%d\n group-object G%d\n", level,
                             level - 1);
    }
    n += (size_t)sprintf(text + n, "object-group network G0\n network-object host 10.0.0.1\n");
    sprintf(text + n, "access-list A extended permit ip object-group G%d any\n", LEVELS);
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "A")->rules[0]));
    ck_assert_int_eq(fw_diags_at(parsed.diags, 0)->id, FW_DIAG_ID_LIMIT_REACHED);
    parsed_clear(&parsed);
    free(text);
}
END_TEST

static bool has_diag(const struct parsed *parsed, enum fw_diag_id id)
{
    for (size_t i = 0; i < fw_diags_count(parsed->diags); i++) {
        if (fw_diags_at(parsed->diags, i)->id == id) {
            return true;
        }
    }
    return false;
}

START_TEST(test_member_limit)
{
    enum { MEMBERS = 16384, TIMES = FW_LIMIT_GROUP_MEMBERS / MEMBERS + 1 };
    size_t cap = (size_t)MEMBERS * 40 + (size_t)TIMES * 20 + 4096;
    char *text = malloc(cap);
    size_t n = (size_t)snprintf(text, cap, "object-group network BIG\n");
    for (int i = 0; i < MEMBERS; i++) {
        n += (size_t)snprintf(text + n, cap - n, " network-object host 10.0.%d.%d\n", i / 128,
                              i % 128 * 2);
    }
    n += (size_t)snprintf(text + n, cap - n, "object-group network HUGE\n");
    for (int i = 0; i < TIMES; i++) {
        n += (size_t)snprintf(text + n, cap - n, " group-object BIG\n");
    }
    snprintf(text + n, cap - n, "access-list A extended permit ip object-group HUGE any\n");
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    ck_assert(has_diag(&parsed, FW_DIAG_ID_LIMIT_REACHED));
    ck_assert(!fw_rule_exact(&parsed_policy(&parsed, "A")->rules[0]));
    parsed_clear(&parsed);
    free(text);
}
END_TEST

/* Names of hosts are alternatives that cannot be folded: 300 sources times 300 destinations. */
START_TEST(test_terms_limit)
{
    enum { NAMES = 300, CAP = 1 << 17 };
    ck_assert_int_gt(NAMES * NAMES, FW_LIMIT_RULE_TERMS);
    char *text = malloc(CAP);
    size_t n = 0;
    for (int i = 0; i < NAMES; i++) {
        n += (size_t)snprintf(text + n, CAP - n, "object network O%d\n fqdn h%d.example\n", i, i);
    }
    n += (size_t)snprintf(text + n, CAP - n, "object-group network G\n");
    for (int i = 0; i < NAMES; i++) {
        n += (size_t)snprintf(text + n, CAP - n, " network-object object O%d\n", i);
    }
    snprintf(text + n, CAP - n, "access-list A extended permit ip object-group G object-group G\n");
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    const struct fw_rule *rule = &parsed_policy(&parsed, "A")->rules[0];
    ck_assert(has_diag(&parsed, FW_DIAG_ID_LIMIT_REACHED));
    ck_assert_uint_eq(rule->match.n, NAMES); /* the destination is left open */
    ck_assert(!fw_rule_exact(rule));
    parsed_clear(&parsed);
    free(text);
}
END_TEST

/* Every group names the one before it twice: nothing doubles. */
START_TEST(test_doubling)
{
    enum { LEVELS = 40, KINDS = 40, CAP = 1 << 16 };
    char *text = malloc(CAP);
    size_t n = (size_t)snprintf(text, CAP, "object-group service S0\n");
    for (int i = 0; i < KINDS; i++) {
        n += (size_t)snprintf(text + n, CAP - n,
                              " service-object tcp source eq %d destination eq %d\n", i + 1, i + 1);
    }
    for (int level = 1; level <= LEVELS; level++) {
        n += (size_t)snprintf(text + n, CAP - n,
                              "object-group service S%d\n group-object S%d\n group-object S%d\n",
                              level, level - 1, level - 1);
    }
    snprintf(text + n, CAP - n, "access-list A extended permit object-group S%d any any\n", LEVELS);
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa, text);
    ck_assert_uint_eq(parsed_policy(&parsed, "A")->rules[0].match.n, KINDS);
    ck_assert(fw_rule_exact(&parsed_policy(&parsed, "A")->rules[0]));
    parsed_clear(&parsed);
    free(text);
}
END_TEST
Suite *fw_suite_cisco_asa_objects(void)
{
    Suite *suite = suite_create("cisco_asa_objects");
    TCase *tc = tcase_create("cisco_asa_objects");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_objects);
    tcase_add_test(tc, test_nested_groups);
    tcase_add_test(tc, test_depth_limit);
    tcase_add_test(tc, test_member_limit);
    tcase_add_test(tc, test_terms_limit);
    tcase_add_test(tc, test_doubling);
    suite_add_tcase(suite, tc);
    return suite;
}
