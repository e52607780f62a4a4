/* How boxes are found by bits: one row for each strip and end, all of them and-ed word by word. */
#include "policy/strips.h"

enum { STRIPS = 128, WORD = 64 };

static unsigned strip_of(const struct fw_strips *strips, unsigned axis, uint32_t rank)
{
    const struct fw_space *space = &strips->program->space;
    return (unsigned)((uint64_t)rank * strips->counts[axis] / space->axes[space->used[axis]].ranks);
}

void fw_strips_init(struct fw_strips *strips, struct fw_arena *arena,
                    const struct fw_program *program)
{
    *strips = (struct fw_strips){.program = program};
    strips->words = ((size_t)program->nboxes + WORD - 1) / WORD;
    for (unsigned axis = 0; axis < program->space.n; axis++) {
        uint32_t ranks = program->space.axes[program->space.used[axis]].ranks;
        unsigned count = ranks < STRIPS ? (unsigned)ranks : STRIPS;
        uint64_t *begins = fw_new_array(arena, count * strips->words + 1, uint64_t);
        uint64_t *ends = fw_new_array(arena, count * strips->words + 1, uint64_t);
        strips->counts[axis] = count;
        strips->begins[axis] = begins;
        strips->ends[axis] = ends;
        for (uint32_t i = 0; i < program->nboxes; i++) {
            const struct fw_side *side = &program->boxes[i]->sides[axis];
            uint64_t bit = UINT64_C(1) << i % WORD;
            begins[strip_of(strips, axis, side->lo) * strips->words + i / WORD] |= bit;
            ends[strip_of(strips, axis, side->hi) * strips->words + i / WORD] |= bit;
        }
        /* what begins before the strip, what ends after it */
        for (size_t i = strips->words; i < count * strips->words; i++) {
            size_t back = count * strips->words - 1 - i;
            begins[i] |= begins[i - strips->words];
            ends[back] |= ends[back + strips->words];
        }
    }
}

void fw_strips_ask(const struct fw_strips *strips, const struct fw_interval *hull,
                   struct fw_strips_search *ret)
{
    *ret = (struct fw_strips_search){.strips = strips};
    for (unsigned axis = 0; axis < strips->program->space.n; axis++) {
        unsigned first = strip_of(strips, axis, hull[axis].lo);
        unsigned last = strip_of(strips, axis, hull[axis].hi);
        if (last + 1 < strips->counts[axis]) { /* everything begins at or before the last one */
            ret->rows[ret->n++] = strips->begins[axis] + last * strips->words;
        }
        if (first > 0) {
            ret->rows[ret->n++] = strips->ends[axis] + first * strips->words;
        }
    }
}

uint32_t fw_strips_next(const struct fw_strips_search *search, uint32_t from)
{
    uint32_t nboxes = search->strips->program->nboxes;
    uint64_t keep = UINT64_MAX << from % WORD;
    for (size_t word = from / WORD; word < search->strips->words; word++) {
        uint64_t bits = keep;
        keep = UINT64_MAX;
        for (unsigned i = 0; i < search->n && bits != 0; i++) {
            bits &= search->rows[i][word];
        }
        if (bits != 0) {
            uint32_t number = (uint32_t)(word * WORD);
            while ((bits & 1) == 0) {
                bits >>= 1;
                number++;
            }
            return number < nboxes ? number : nboxes;
        }
    }
    return nboxes;
}
