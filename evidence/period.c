/* Which review periods are missing? */
#include "evidence/period.h"

#include <inttypes.h>

enum { SHOWN = 8 };

/* How many there are in a year, and what stands before their number. */
static const struct {
    const char *mark;
    uint32_t per_year;
    size_t digits;
} kinds[] = {
    [FW_PERIOD_YEAR] = {"", 1, 0},
    [FW_PERIOD_HALF] = {"H", 2, 1},
    [FW_PERIOD_QUARTER] = {"Q", 4, 1},
    [FW_PERIOD_MONTH] = {"-", 12, 2},
};

bool fw_period_parse(fw_sv text, struct fw_period *ret)
{
    uint32_t year, number = 1;
    if (!fw_sv_u32(fw_sv_sub(text, 0, 4), 9999, &year) || year == 0) {
        return false;
    }
    fw_sv rest = fw_sv_sub(text, 4, text.n);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (rest.n != strlen(kinds[i].mark) + kinds[i].digits ||
            !fw_sv_starts(rest, kinds[i].mark)) {
            continue;
        }
        fw_sv digits = fw_sv_sub(rest, strlen(kinds[i].mark), rest.n);
        if (digits.n > 0 && (!fw_sv_u32(digits, kinds[i].per_year, &number) || number == 0)) {
            return false;
        }
        *ret = (struct fw_period){(enum fw_period_kind)i, year * kinds[i].per_year + (number - 1)};
        return true;
    }
    return false;
}

void fw_period_text(struct fw_buf *out, struct fw_period period)
{
    uint32_t per_year = kinds[period.kind].per_year;
    fw_buf_printf(out, "%04" PRIu32 "%s", period.index / per_year, kinds[period.kind].mark);
    if (kinds[period.kind].digits > 0) {
        fw_buf_printf(out, "%0*" PRIu32, (int)kinds[period.kind].digits,
                      period.index % per_year + 1);
    }
}

static bool listed(const uint32_t *indexes, size_t n, uint32_t index)
{
    for (size_t i = 0; i < n; i++) {
        if (indexes[i] == index) {
            return true;
        }
    }
    return false;
}

size_t fw_period_missing(const fw_sv *periods, size_t n, struct fw_arena *arena, struct fw_buf *out)
{
    struct fw_period last, period;
    if (n == 0 || !fw_period_parse(periods[n - 1], &last)) {
        return 0;
    }
    uint32_t *indexes = fw_new_array(arena, n, uint32_t);
    uint32_t from = last.index, to = last.index;
    size_t kept = 0, missing = 0;
    for (size_t i = 0; i < n; i++) {
        if (fw_period_parse(periods[i], &period) && period.kind == last.kind) {
            indexes[kept++] = period.index;
            from = period.index < from ? period.index : from;
            to = period.index > to ? period.index : to;
        }
    }
    for (uint32_t index = from; index <= to; index++) {
        if (listed(indexes, kept, index)) {
            continue;
        }
        if (missing < SHOWN) {
            fw_buf_add_cstr(out, missing > 0 ? ", " : "");
            fw_period_text(out, (struct fw_period){last.kind, index});
        }
        missing++;
    }
    if (missing > SHOWN) {
        fw_buf_printf(out, " and %zu more", missing - SHOWN);
    }
    return missing;
}
