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

/* Every byte at every place of a text up to this long; of a longer one they take turns. */
enum { THOROUGH = 1024 };

void mangle(fw_sv text, fw_sv bytes, mangle_try *attempt, const void *context)
{
    char *changed = exactly(text);
    for (size_t i = 0; i <= text.n; i++) {
        attempt_exactly(fw_sv_sub(text, 0, i), attempt, context);
        attempt_exactly(fw_sv_sub(text, i, SIZE_MAX), attempt, context);
        size_t each = text.n > THOROUGH && bytes.n > 0 ? 1 : bytes.n;
        for (size_t k = 0; i < text.n && k < each; k++) {
            changed[i] = bytes.p[(i + k) % bytes.n];
            attempt_exactly(fw_sv_of(changed, text.n), attempt, context);
        }
        if (i < text.n) {
            changed[i] = text.p[i];
        }
    }
    free(changed);
}
