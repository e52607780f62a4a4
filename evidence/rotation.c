/* Rotation families: the name that the members of one log's archive share. */
#include "evidence/rotation.h"

#include "core/time.h"
#include "core/walk.h"

static fw_sv without_ending(fw_sv name, const char *ending)
{
    size_t n = strlen(ending);
    return name.n > n && fw_sv_ends(name, ending) ? fw_sv_sub(name, 0, name.n - n) : name;
}

static fw_sv without_number(fw_sv name)
{
    size_t n = name.n;
    while (n > 0 && fw_is_digit(name.p[n - 1])) {
        n--;
    }
    bool number = n < name.n && name.n - n <= 4 && n > 1 && name.p[n - 1] == '.';
    return number ? fw_sv_sub(name, 0, n - 1) : name;
}

static bool digits(fw_sv text, size_t at, size_t n, uint32_t *ret)
{
    return at + n <= text.n && fw_sv_u32(fw_sv_sub(text, at, n), 9999, ret);
}

static bool is_digit_at(fw_sv text, size_t at)
{
    return at < text.n && fw_is_digit(text.p[at]);
}

/* Length of a date that starts here: 20260705, 2026-07-05, 2026.07.05, 2026_07_05; 0 for none. */
static size_t date_at(fw_sv name, size_t at)
{
    uint32_t year;
    uint32_t month;
    uint32_t day;
    if ((at > 0 && fw_is_digit(name.p[at - 1])) || !digits(name, at, 4, &year)) {
        return 0;
    }
    size_t gap = at + 4 < name.n && !fw_is_digit(name.p[at + 4]) ? 1 : 0;
    size_t length = 8 + 2 * gap;
    bool separated = gap == 0 || (at + length <= name.n && name.p[at + 4] == name.p[at + 7] &&
                                  strchr("-._", name.p[at + 4]) != NULL);
    bool is_date = separated && digits(name, at + 4 + gap, 2, &month) &&
                   digits(name, at + 6 + 2 * gap, 2, &day) &&
                   fw_date_valid((int32_t)year, month, day) && year >= 1990;
    return is_date && !is_digit_at(name, at + length) ? length : 0;
}

fw_sv fw_rotation_family(struct fw_arena *arena, fw_sv path)
{
    static const char *const endings[] = {".gz", ".xz", ".zst", ".bz2"};
    fw_sv name = fw_path_name(path);
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        name = without_ending(name, endings[i]);
    }
    name = without_number(name);
    size_t prefix = name.p ? (size_t)(name.p - path.p) : 0;
    for (size_t at = 0; at < name.n; at++) {
        size_t length = date_at(name, at);
        if (length > 0) {
            return fw_arena_printf(arena, "%.*s%.*s*%.*s", (int)prefix, path.p, (int)at, name.p,
                                   (int)(name.n - at - length), name.p + at + length);
        }
    }
    return fw_arena_copy(arena, fw_sv_of(path.p, prefix + name.n));
}
