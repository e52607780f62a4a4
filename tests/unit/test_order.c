/* Tests of core/order.h against every choice of members. */
#include "core/order.h"

#include "tests/unit/random.h"
#include "tests/unit/suites.h"

enum { MEMBERS = 9 };

static bool rises(uint32_t n, const uint32_t *places, unsigned choice, unsigned *ret_length)
{
    uint32_t last = 0;
    *ret_length = 0;
    for (uint32_t i = 0; i < n; i++) {
        if ((choice >> i & 1) == 0) {
            continue;
        }
        if (places[i] == FW_NO_PLACE || (*ret_length > 0 && places[i] <= last)) {
            return false;
        }
        last = places[i];
        ++*ret_length;
    }
    return true;
}

static unsigned longest(uint32_t n, const uint32_t *places)
{
    unsigned best = 0;
    for (unsigned choice = 0; choice < 1u << n; choice++) {
        unsigned length;
        if (rises(n, places, choice, &length) && length > best) {
            best = length;
        }
    }
    return best;
}

START_TEST(test_kept)
{
    struct test_random random = test_random_start("order");
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    for (int round = 0; round < 300; round++) {
        uint32_t places[MEMBERS];
        bool kept[MEMBERS];
        uint32_t n = test_random_below(&random, MEMBERS + 1);
        for (uint32_t i = 0; i < n; i++) { /* a shuffle with holes */
            uint32_t at = test_random_below(&random, i + 1);
            places[i] = places[at];
            places[at] = i;
        }
        for (uint32_t i = 0; i < n; i++) {
            places[i] = test_random_below(&random, 4) == 0 ? FW_NO_PLACE : places[i];
            kept[i] = true;
        }
        fw_order_kept(&arena, n, places, kept);
        unsigned choice = 0;
        for (uint32_t i = 0; i < n; i++) {
            choice |= (unsigned)kept[i] << i;
        }
        unsigned length;
        ck_assert(rises(n, places, choice, &length));
        ck_assert_uint_eq(length, longest(n, places));
    }
    fw_arena_clear(&arena);
}
END_TEST

Suite *fw_suite_order(void)
{
    Suite *suite = suite_create("order");
    TCase *tcase = tcase_create("order");
    tcase_add_test(tcase, test_kept);
    suite_add_tcase(suite, tcase);
    return suite;
}
