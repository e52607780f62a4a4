/* Checks run on facts made by hand: what is the state of their only subject? */
#include "tests/unit/judged.h"

#include <check.h>
#include <string.h>

void test_judged(const struct fw_facts *facts, struct fw_arena *arena, const char *check,
                 enum fw_result_state state, const char *words, const char *value)
{
    struct fw_results results;
    struct fw_buf text;
    fw_buf_init(&text);
    fw_results_init(&results, arena, facts->catalogue);
    for (size_t i = 0; fw_analyzers[i]; i++) {
        if (strcmp(fw_analyzers[i]->check, check) == 0) {
            fw_analyzers[i]->run(facts, &results);
        }
    }
    ck_assert_msg(results.n == 1, "%s: %zu results", check, results.n);
    const struct fw_result *result = &results.v[0];
    ck_assert_msg(result->state == state && strcmp(result->words, words) == 0,
                  "%s: got %s %s, want %s %s", check, fw_result_state_name(result->state),
                  result->words, fw_result_state_name(state), words);
    if (value) {
        ck_assert_msg(fw_sv_is(result->measured, value), "%s: measured %.*s, want %s", check,
                      FW_SV_ARG(result->measured), value);
    }
    for (int lang = 0; lang < FW_LANG_COUNT; lang++) {
        fw_buf_reset(&text);
        fw_result_sentence(&results, result, (enum fw_lang)lang, false, &text);
        ck_assert_msg(text.n > 0 && fw_sv_find_char(fw_buf_sv(&text), '{') == SIZE_MAX, "%s: %.*s",
                      check, FW_SV_ARG(fw_buf_sv(&text)));
    }
    fw_buf_clear(&text);
}
