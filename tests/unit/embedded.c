/* The catalogue that is built in, for tests that need one. */
#include "tests/unit/embedded.h"

#include <check.h>

#include "analyzers/analyzer.h"
#include "core/diag.h"

void test_catalogue_begin(struct fw_arena *arena, struct fw_catalogue *ret)
{
    struct fw_diags *diags = fw_diags_new();
    fw_arena_init(arena, 0);
    ck_assert_int_eq(fw_catalogue_load(arena, NULL, diags, ret), FW_OK);
    fw_diags_free(diags);
}

void test_catalogue_computed(struct fw_arena *arena, struct fw_catalogue *ret)
{
    test_catalogue_begin(arena, ret);
    for (size_t i = 0; fw_analyzers[i]; i++) {
        ck_assert(fw_catalogue_mark_computed(ret, fw_sv_from(fw_analyzers[i]->check)));
    }
}
