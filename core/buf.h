/* A growing byte buffer on the heap, for outputs built in memory. Failure to grow is remembered
 * and checked once, with fw_buf_ok, at the end. */
#ifndef FW_CORE_BUF_H
#define FW_CORE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/sv.h"

struct fw_arena;

struct fw_buf {
    char *p;  /* NUL-terminated whenever not NULL */
    size_t n; /* bytes used, without the NUL */
    size_t cap;
    bool failed; /* an allocation failed; later writes do nothing */
};

void fw_buf_init(struct fw_buf *buf);
void fw_buf_clear(struct fw_buf *buf);
void fw_buf_reset(struct fw_buf *buf); /* empties, keeps the memory */
bool fw_buf_ok(const struct fw_buf *buf);
void fw_buf_add(struct fw_buf *buf, fw_sv text);
void fw_buf_add_cstr(struct fw_buf *buf, const char *text);
void fw_buf_add_char(struct fw_buf *buf, char c);
void fw_buf_add_repeat(struct fw_buf *buf, const char *text, size_t times);
void fw_buf_printf(struct fw_buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void fw_buf_vprintf(struct fw_buf *buf, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
static inline fw_sv fw_buf_sv(const struct fw_buf *buf)
{
    return (fw_sv){buf->p ? buf->p : "", buf->n};
}

/* The text, copied into the arena; the buffer is cleared. */
fw_sv fw_buf_keep(struct fw_buf *buf, struct fw_arena *arena);

#endif
