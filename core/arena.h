/*
 * Arenas: memory that is freed all at once. A document (one file being parsed) has two: `arena`
 * lives as long as the parse result, `scratch` is reset after every line or statement.
 *
 * An allocation never returns NULL. When the budget or the machine's memory is used up, the arena
 * calls longjmp to its guard (`arena->guard = &guard; if (setjmp(guard.jump)) ...`) and stays
 * usable; without a guard the process aborts, because then the code is wrong. Code between a guard
 * and an allocation owns nothing that needs unwinding.
 */
#ifndef FW_CORE_ARENA_H
#define FW_CORE_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sv.h"

struct fw_arena_block;

struct fw_guard {
    jmp_buf jump;
};

struct fw_arena {
    struct fw_arena_block *head; /* newest first */
    uint64_t used;               /* bytes handed out since the last reset */
    uint64_t budget;             /* 0 means FW_LIMIT_ARENA_BYTES */
    struct fw_guard *guard;      /* where to go when the budget is used up; may be NULL */
};

void fw_arena_init(struct fw_arena *arena, uint64_t budget);
void fw_arena_clear(struct fw_arena *arena); /* frees everything */
void fw_arena_reset(struct fw_arena *arena); /* forgets everything, keeps one block for reuse */

/* Zeroed, aligned for any type. Sizes are checked for overflow. */
void *fw_arena_alloc(struct fw_arena *arena, size_t size);
void *fw_arena_array(struct fw_arena *arena, size_t count, size_t size);
/* Grows an array of this arena, where it lies if it was allocated last and has the room: the old
 * part is kept or copied, the new part zeroed. */
void *fw_arena_grow(struct fw_arena *arena, void *old, size_t old_count, size_t new_count,
                    size_t size);
fw_sv fw_arena_copy(struct fw_arena *arena, fw_sv text); /* NUL-terminated beyond its length */
char *fw_arena_cstr(struct fw_arena *arena, fw_sv text);
fw_sv fw_arena_printf(struct fw_arena *arena, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
fw_sv fw_arena_vprintf(struct fw_arena *arena, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

#define fw_new(arena, type) ((type *)fw_arena_alloc((arena), sizeof(type)))
#define fw_new_array(arena, count, type) ((type *)fw_arena_array((arena), (count), sizeof(type)))

/*
 * Makes room for one more element in an arena array of `count` elements: doubles at powers of two,
 * so nothing but pointer and count need be kept. Returns the (possibly moved) array; the caller
 * stores it, writes element [count] and increments count. Only for arrays that grew by this
 * function from count 0: one made with a given size has no room that the count could tell.
 */
void *fw_arena_push(struct fw_arena *arena, void *old, size_t count, size_t size);

#endif
