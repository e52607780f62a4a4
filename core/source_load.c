/* Answers: what is the whole text of a small file? */
#include <stdlib.h>
#include <string.h>

#include "core/source.h"

/* First size of the buffer; and how much is asked for at a time, of which a source may give less.
 */
#define LOAD_MIN ((size_t)1 << 16)

struct text {
    char *p;
    size_t n, cap;
};

static enum fw_err text_add(struct text *text, fw_sv more)
{
    if (more.n > text->cap - text->n) {
        size_t cap = text->cap > LOAD_MIN ? text->cap : LOAD_MIN;
        while (cap - text->n < more.n) {
            if (cap > SIZE_MAX / 2) {
                return FW_ERR_MEMORY;
            }
            cap *= 2;
        }
        char *p = realloc(text->p, cap);
        if (!p) {
            return FW_ERR_MEMORY;
        }
        text->p = p;
        text->cap = cap;
    }
    memcpy(text->p + text->n, more.p, more.n);
    text->n += more.n;
    return FW_OK;
}

static enum fw_err load_all(struct fw_source *source, uint64_t limit, struct text *text)
{
    struct fw_line piece;
    fw_sv more = fw_source_peek(source, LOAD_MIN);
    enum fw_err err = fw_source_expected(source) > limit ? FW_ERR_LIMIT : FW_OK;
    while (err == FW_OK && more.n > 0) {
        err = more.n > limit - text->n ? FW_ERR_LIMIT : text_add(text, more);
        fw_source_take(source, more.n, &piece);
        more = fw_source_peek(source, LOAD_MIN);
    }
    return err;
}

/* An arena that runs out jumps past us; then our own memory would be lost. So the jump is caught.
 */
static enum fw_err copy_guarded(struct fw_arena *arena, fw_sv text, fw_sv *ret)
{
    struct fw_guard *outer = arena->guard;
    struct fw_guard guard;
    if (setjmp(guard.jump) != 0) {
        arena->guard = outer;
        return FW_ERR_MEMORY;
    }
    arena->guard = &guard;
    *ret = fw_arena_copy(arena, text);
    arena->guard = outer;
    return FW_OK;
}

static enum fw_err load_and_free(struct fw_source *source, uint64_t limit, struct fw_arena *arena,
                                 fw_sv *ret, struct fw_source_info *ret_info)
{
    struct text text = {0};
    struct fw_source_info info;
    fw_sv copy;
    enum fw_err err = load_all(source, limit, &text);
    if (err == FW_OK) {
        err = fw_source_finish(source, &info);
    }
    if (err == FW_OK) {
        err = copy_guarded(arena, fw_sv_of(text.p ? text.p : "", text.n), &copy);
    }
    if (err == FW_OK) {
        *ret = copy;
        *ret_info = info;
    }
    free(text.p);
    fw_source_free(source);
    return err;
}

enum fw_err fw_source_load(const char *path, uint64_t limit, struct fw_arena *arena, fw_sv *ret,
                           struct fw_source_info *ret_info)
{
    struct fw_source *source;
    enum fw_err err = fw_source_open(path, &source);
    return err == FW_OK ? load_and_free(source, limit, arena, ret, ret_info) : err;
}

enum fw_err fw_source_load_memory(fw_sv bytes, uint64_t limit, struct fw_arena *arena, fw_sv *ret,
                                  struct fw_source_info *ret_info)
{
    struct fw_source *source;
    enum fw_err err = fw_source_open_memory(bytes, &source);
    return err == FW_OK ? load_and_free(source, limit, arena, ret, ret_info) : err;
}
