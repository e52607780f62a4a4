/* How arenas hand out memory: blocks that double in size, bumped from the front, freed together. */
#include "core/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/asan.h"
#include "core/limits.h"

/* Under ASan what is not handed out is poisoned, and a gap follows every allocation, so that a
 * parser's overflow or use after reset is found as if it had used malloc. */
#ifdef FW_ASAN
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
/* Not inline: gcc would take the poisoning of fresh memory for a read of it. */
static __attribute__((noinline)) void hide(void *p, size_t n)
{
    __asan_poison_memory_region(p, n);
}

static void show(void *p, size_t n)
{
    __asan_unpoison_memory_region(p, n);
}
#else
enum { GAP = 0 };
static void hide(void *p, size_t n)
{
    (void)p;
    (void)n;
}

static void show(void *p, size_t n)
{
    (void)p;
    (void)n;
}
#endif

enum { ALIGN = alignof(max_align_t), BLOCK_FIRST = 4096, BLOCK_LAST = 1 << 20 };

struct fw_arena_block {
    struct fw_arena_block *next;
    size_t size; /* of data */
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

void fw_arena_init(struct fw_arena *arena, uint64_t budget)
{
    *arena = (struct fw_arena){.budget = budget};
}

static void free_blocks(struct fw_arena_block *block)
{
    while (block) {
        struct fw_arena_block *next = block->next;
        show(block->data, block->size);
        free(block);
        block = next;
    }
}

void fw_arena_clear(struct fw_arena *arena)
{
    free_blocks(arena->head);
    arena->head = NULL;
    arena->used = 0;
}

/* Keeps the largest block up to BLOCK_LAST, so that a scratch arena soon has a block that fits
 * every line and needs no malloc any more, but one huge line does not pin its memory. */
void fw_arena_reset(struct fw_arena *arena)
{
    struct fw_arena_block *keep = NULL;
    arena->used = 0;
    while (arena->head) {
        struct fw_arena_block *block = arena->head;
        arena->head = block->next;
        block->next = NULL;
        if (block->size <= BLOCK_LAST && (!keep || block->size > keep->size)) {
            free_blocks(keep);
            keep = block;
        } else {
            free_blocks(block);
        }
    }
    if (keep) {
        keep->used = 0;
        hide(keep->data, keep->size);
        arena->head = keep;
    }
}

/* Unwinds to the guard. Nothing was changed: the arena can still be reset, cleared or used. */
static _Noreturn void exhausted(struct fw_arena *arena)
{
    if (arena->guard) {
        longjmp(arena->guard->jump, 1);
    }
    abort();
}

/* A block with room for `need` bytes (take keeps that far from overflow) becomes the head, except
 * that one made for a single large allocation goes behind it: the head's room stays in use. */
static struct fw_arena_block *add_block(struct fw_arena *arena, size_t need)
{
    struct fw_arena_block *head = arena->head;
    size_t size = BLOCK_FIRST;
    if (head) {
        size = head->size < BLOCK_LAST / 2 ? head->size * 2 : BLOCK_LAST;
    }
    bool single = need > size / 2;
    if (single) {
        size = need;
    }
    struct fw_arena_block *block = malloc(sizeof(*block) + size);
    if (!block) {
        exhausted(arena);
    }
    block->size = size;
    block->used = 0;
    hide(block->data, size);
    if (head && single) {
        block->next = head->next;
        head->next = block;
    } else {
        block->next = head;
        arena->head = block;
    }
    return block;
}

static uint64_t budget_left(const struct fw_arena *arena)
{
    uint64_t budget = arena->budget ? arena->budget : (uint64_t)FW_LIMIT_ARENA_BYTES;
    return arena->used < budget ? budget - arena->used : 0;
}

/* What an allocation takes of a block: a multiple of ALIGN and never nothing, so that every
 * allocation has an address of its own. */
static size_t room_for(size_t size)
{
    return ((size ? size : 1) + (ALIGN - 1)) / ALIGN * ALIGN;
}

/* Not zeroed. */
static void *take(struct fw_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 4 || room_for(size) > budget_left(arena)) {
        exhausted(arena);
    }
    size_t room = room_for(size);
    struct fw_arena_block *block = arena->head;
    if (!block || block->size - block->used < room + GAP) {
        block = add_block(arena, room + GAP);
    }
    void *p = block->data + block->used;
    block->used += room + GAP;
    arena->used += room;
    show(p, size);
    return p;
}

void *fw_arena_alloc(struct fw_arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

static size_t product(struct fw_arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        exhausted(arena);
    }
    return count * size;
}

void *fw_arena_array(struct fw_arena *arena, size_t count, size_t size)
{
    return fw_arena_alloc(arena, product(arena, count, size));
}

/* Grows where it lies what was allocated last, when the block has the room. */
static bool extend(struct fw_arena *arena, void *old, size_t old_size, size_t new_size)
{
    struct fw_arena_block *block = arena->head;
    size_t old_room = room_for(old_size);
    if (!old || !block || block->used < old_room + GAP || new_size > SIZE_MAX / 4 ||
        (unsigned char *)old != block->data + (block->used - old_room - GAP)) {
        return false;
    }
    size_t more = room_for(new_size) - old_room;
    if (block->size - block->used < more || more > budget_left(arena)) {
        return false;
    }
    show(old, new_size);
    memset((unsigned char *)old + old_size, 0, new_size - old_size);
    block->used += more;
    arena->used += more;
    return true;
}

void *fw_arena_grow(struct fw_arena *arena, void *old, size_t old_count, size_t new_count,
                    size_t size)
{
    size_t new_size = product(arena, new_count, size);
    size_t old_size = old ? old_count * size : 0;
    assert(!old || new_count >= old_count);
    if (extend(arena, old, old_size, new_size)) {
        return old;
    }
    unsigned char *p = take(arena, new_size);
    if (old_size > 0) {
        memcpy(p, old, old_size);
    }
    memset(p + old_size, 0, new_size - old_size);
    return p;
}

void *fw_arena_push(struct fw_arena *arena, void *old, size_t count, size_t size)
{
    if (count == 0) {
        return fw_arena_array(arena, 1, size);
    }
    if ((count & (count - 1)) != 0) {
        return old;
    }
    if (count > SIZE_MAX / 2) {
        exhausted(arena);
    }
    return fw_arena_grow(arena, old, count, count * 2, size);
}

char *fw_arena_cstr(struct fw_arena *arena, fw_sv text)
{
    if (text.n == SIZE_MAX) {
        exhausted(arena);
    }
    char *p = take(arena, text.n + 1);
    if (text.n > 0) {
        memcpy(p, text.p, text.n);
    }
    p[text.n] = '\0';
    return p;
}

fw_sv fw_arena_copy(struct fw_arena *arena, fw_sv text)
{
    return fw_sv_of(fw_arena_cstr(arena, text), text.n);
}

fw_sv fw_arena_vprintf(struct fw_arena *arena, const char *fmt, va_list ap)
{
    assert(fmt);
    va_list again;
    va_copy(again, ap);
    int length = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (length < 0) {
        exhausted(arena);
    }
    size_t n = (size_t)length;
    char *p = take(arena, n + 1);
    vsnprintf(p, n + 1, fmt, ap);
    return fw_sv_of(p, n);
}

fw_sv fw_arena_printf(struct fw_arena *arena, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fw_sv text = fw_arena_vprintf(arena, fmt, ap);
    va_end(ap);
    return text;
}
