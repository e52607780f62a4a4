/* Texts damaged in every simple way. */
#include "tests/unit/mangle.h"

#include <stdlib.h>
#include <string.h>

char *exactly(fw_sv text)
{
    char *copy = malloc(text.n > 0 ? text.n : 1);
    if (!copy) {
        abort();
    }
    if (text.n > 0) {
        memcpy(copy, text.p, text.n);
    }
    return copy;
}

static void attempt_exactly(fw_sv text, mangle_try *attempt, const void *context)
{
    char *copy = exactly(text);
    attempt(context, fw_sv_of(copy, text.n));
    free(copy);
}

void mangle(fw_sv text, fw_sv bytes, mangle_try *attempt, const void *context)
{
    char *changed = exactly(text);
    for (size_t i = 0; i <= text.n; i++) {
        attempt_exactly(fw_sv_sub(text, 0, i), attempt, context);
        attempt_exactly(fw_sv_sub(text, i, SIZE_MAX), attempt, context);
        for (size_t k = 0; i < text.n && k < bytes.n; k++) {
            changed[i] = bytes.p[k];
            attempt_exactly(fw_sv_of(changed, text.n), attempt, context);
        }
        if (i < text.n) {
            changed[i] = text.p[i];
        }
    }
    free(changed);
}
