/* How the growing byte buffer grows. */
#include "core/buf.h"

#include "core/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAP_FIRST = 256 };

void fw_buf_init(struct fw_buf *buf)
{
    *buf = (struct fw_buf){0};
}

void fw_buf_clear(struct fw_buf *buf)
{
    free(buf->p);
    fw_buf_init(buf);
}

void fw_buf_reset(struct fw_buf *buf)
{
    buf->n = 0;
    buf->failed = false;
    if (buf->p) {
        buf->p[0] = '\0';
    }
}

bool fw_buf_ok(const struct fw_buf *buf)
{
    return !buf->failed;
}

/* Room for n more bytes and the NUL. */
static bool reserve(struct fw_buf *buf, size_t n)
{
    if (buf->failed) {
        return false;
    }
    if (n < buf->cap - buf->n) {
        return true;
    }
    if (n >= SIZE_MAX / 4 || buf->n >= SIZE_MAX / 4) {
        buf->failed = true;
        return false;
    }
    size_t cap = buf->cap ? buf->cap : CAP_FIRST;
    while (cap - buf->n <= n) {
        cap *= 2;
    }
    char *p = realloc(buf->p, cap);
    if (!p) {
        buf->failed = true;
        return false;
    }
    buf->p = p;
    buf->cap = cap;
    return true;
}

void fw_buf_add(struct fw_buf *buf, fw_sv text)
{
    if (!reserve(buf, text.n)) {
        return;
    }
    if (text.n > 0) {
        memcpy(buf->p + buf->n, text.p, text.n);
        buf->n += text.n;
    }
    buf->p[buf->n] = '\0';
}

void fw_buf_add_cstr(struct fw_buf *buf, const char *text)
{
    fw_buf_add(buf, fw_sv_from(text));
}

void fw_buf_add_char(struct fw_buf *buf, char c)
{
    fw_buf_add(buf, fw_sv_of(&c, 1));
}

void fw_buf_add_repeat(struct fw_buf *buf, const char *text, size_t times)
{
    fw_sv one = fw_sv_from(text);
    if (one.n > 0 && times > SIZE_MAX / one.n) {
        buf->failed = true;
        return;
    }
    if (reserve(buf, one.n * times)) {
        for (size_t i = 0; i < times; i++) {
            fw_buf_add(buf, one);
        }
    }
}

void fw_buf_vprintf(struct fw_buf *buf, const char *fmt, va_list ap)
{
    if (!reserve(buf, 0)) {
        return;
    }
    va_list again;
    va_copy(again, ap);
    size_t room = buf->cap - buf->n;
    int length = vsnprintf(buf->p + buf->n, room, fmt, again);
    va_end(again);
    if (length >= 0 && (size_t)length >= room) {
        buf->p[buf->n] = '\0'; /* what was cut off must not stay when growing fails */
        if (!reserve(buf, (size_t)length)) {
            return;
        }
        length = vsnprintf(buf->p + buf->n, buf->cap - buf->n, fmt, ap);
    }
    if (length < 0) {
        buf->p[buf->n] = '\0';
        buf->failed = true;
        return;
    }
    buf->n += (size_t)length;
}

void fw_buf_printf(struct fw_buf *buf, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fw_buf_vprintf(buf, fmt, ap);
    va_end(ap);
}

fw_sv fw_buf_keep(struct fw_buf *buf, struct fw_arena *arena)
{
    fw_sv text = fw_arena_copy(arena, fw_buf_sv(buf));
    fw_buf_clear(buf);
    return text;
}
