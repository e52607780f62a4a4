/*
 * Names in lexicographic order: all names with one prefix are neighbours there, so a literal and a
 * prefix pattern are both intervals. Names are made of printable bytes; they have no upper length.
 */
#include "policy/space_impl.h"

#include <stdlib.h>

enum { FIRST_BYTE = 0x21, DELETE_BYTE = 0x7f };

static bool is_prefix(fw_sv pattern)
{
    return pattern.n > 0 && pattern.p[pattern.n - 1] == '+';
}

/* What comes right after every name with this prefix; {0}: nothing does. */
static fw_sv after_prefix(struct fw_arena *arena, fw_sv prefix)
{
    while (prefix.n > 0 && (unsigned char)prefix.p[prefix.n - 1] == 0xff) {
        prefix.n--;
    }
    if (prefix.n == 0) {
        return (fw_sv){0};
    }
    char *p = fw_arena_cstr(arena, prefix);
    p[prefix.n - 1] = (char)((unsigned char)p[prefix.n - 1] + 1);
    return fw_sv_of(p, prefix.n);
}

/* The first name at or after a text that a packet can have. */
static fw_sv first_name(struct fw_arena *arena, fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c < FIRST_BYTE || c == DELETE_BYTE) {
            char *p = fw_arena_cstr(arena, fw_sv_sub(text, 0, i + 1));
            p[i] = c < FIRST_BYTE ? (char)FIRST_BYTE : (char)0x80;
            return fw_sv_of(p, i + 1);
        }
    }
    return text.n > 0 ? text : FW_SV("!");
}

/* Better examples for a piece that starts in no good place. */
static fw_sv nicer(struct fw_arena *arena, fw_sv first, fw_sv end, bool literal)
{
    static const char *const examples[] = {"other0", "eth9", "vlan999", "a0", "z0"};
    if (literal) {
        return first;
    }
    if (fw_space_name_dislike(first) == 0) { /* a prefix: "eth" reads better as "eth0" */
        fw_sv numbered = fw_arena_printf(arena, "%.*s0", FW_SV_ARG(first));
        if (!end.p || fw_sv_cmp(numbered, end) < 0) {
            return numbered;
        }
    }
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        fw_sv name = fw_sv_from(examples[i]);
        if (fw_sv_cmp(first, name) <= 0 && (!end.p || fw_sv_cmp(name, end) < 0)) {
            return name;
        }
    }
    return first;
}

unsigned fw_space_name_dislike(fw_sv name)
{
    unsigned worst = name.n == 0 ? 3 : 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        unsigned here = fw_is_word(c) || c == '.' ? 0 : 2;
        worst = here > worst ? here : worst;
    }
    return fw_sv_is(name, "other0") ? 1 : worst;
}

static bool has_literal(const struct fw_axis_sets *sets, fw_sv name)
{
    for (size_t s = 0; s < sets->n; s++) {
        const struct fw_nameset *set = sets->v[s];
        for (size_t i = 0; i < set->n; i++) {
            if (fw_sv_eq(set->v[i], name)) {
                return true;
            }
        }
    }
    return false;
}

void fw_space_cut_names(struct fw_arena *arena, enum fw_hook hook, bool incoming,
                        struct fw_axis *axis)
{
    const struct fw_axis_sets *sets = &axis->sets;
    enum fw_hook without = incoming ? FW_HOOK_OUTPUT : FW_HOOK_INPUT;
    bool some = hook != without;
    bool none = hook == without || hook == FW_HOOK_NONE;
    size_t max = 1;
    for (size_t s = 0; s < sets->n; s++) {
        max += 2 * ((const struct fw_nameset *)sets->v[s])->n;
    }
    fw_sv *breaks = fw_new_array(arena, max, fw_sv);
    size_t n = 0;
    breaks[n++] = FW_SV("!");
    for (size_t s = 0; s < sets->n && some; s++) {
        const struct fw_nameset *set = sets->v[s];
        for (size_t i = 0; i < set->n; i++) {
            fw_sv pattern = set->v[i];
            fw_sv text = is_prefix(pattern) ? fw_sv_sub(pattern, 0, pattern.n - 1) : pattern;
            if (text.n == 0) {
                continue;
            }
            fw_sv after = is_prefix(pattern) ? after_prefix(arena, text)
                                             : fw_sv_of(fw_arena_cstr(arena, text), text.n + 1);
            breaks[n++] = text;
            if (after.p) {
                breaks[n++] = after;
            }
        }
    }
    qsort(breaks, n, sizeof(*breaks), fw_sv_order);
    axis->names = fw_new_array(arena, n + 1, fw_sv);
    axis->n = 0;
    if (none) {
        axis->names[axis->n++] = FW_SV("");
    }
    for (size_t i = 0; i < n && some; i++) {
        fw_sv end = i + 1 < n ? breaks[i + 1] : (fw_sv){0};
        fw_sv first = first_name(arena, breaks[i]);
        if (!end.p || fw_sv_cmp(first, end) < 0) {
            axis->names[axis->n++] = nicer(arena, first, end, has_literal(sets, first));
        }
    }
}
