/* Answers: what do the members of a gzip file say, and where is the file damaged? (RFC 1952) */
#include "core/gunzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

/* zlib: a window of 2^15 bytes, and 16 for the gzip wrapper with its checksum. */
#define GZIP_WINDOW (15 + 16)

enum state {
    STATE_MEMBER, /* inside a member, its header included */
    STATE_GAP,    /* after a member: padding, the next member, or garbage */
    STATE_MAGIC,  /* after a member and an 0x1f */
    STATE_STOP,   /* nothing more can be read */
};

struct fw_gunzip {
    z_stream z;
    gz_header header;
    enum state state;
    enum fw_integrity integrity;
    uint32_t members;
    uint32_t mtime;
    bool no_memory;
};

struct fw_gunzip *fw_gunzip_new(void)
{
    struct fw_gunzip *gunzip = calloc(1, sizeof(*gunzip));
    if (!gunzip) {
        return NULL;
    }
    if (inflateInit2(&gunzip->z, GZIP_WINDOW) != Z_OK) {
        free(gunzip);
        return NULL;
    }
    inflateGetHeader(&gunzip->z, &gunzip->header);
    gunzip->members = 1;
    return gunzip;
}

void fw_gunzip_free(struct fw_gunzip *gunzip)
{
    if (gunzip) {
        inflateEnd(&gunzip->z);
        free(gunzip);
    }
}

bool fw_gunzip_is(fw_sv first)
{
    return first.n >= 2 && first.p[0] == '\x1f' && first.p[1] == '\x8b' &&
           (first.n == 2 || first.p[2] == 8);
}

static void stop(struct fw_gunzip *gunzip, enum fw_integrity integrity)
{
    gunzip->state = STATE_STOP;
    gunzip->integrity = integrity;
}

/* One call of inflate; returns the bytes written. */
static size_t member_step(struct fw_gunzip *gunzip, fw_sv *in, char *out, size_t cap)
{
    z_stream *z = &gunzip->z;
    uInt give = in->n > UINT_MAX ? UINT_MAX : (uInt)in->n;
    uInt room = cap > UINT_MAX ? UINT_MAX : (uInt)cap;
    z->next_in = (z_const Bytef *)in->p;
    z->avail_in = give;
    z->next_out = (Bytef *)out;
    z->avail_out = room;
    int status = inflate(z, Z_NO_FLUSH);
    size_t used = give - z->avail_in;
    *in = fw_sv_of(in->p + used, in->n - used);
    if (gunzip->members == 1 && gunzip->header.done == 1) {
        gunzip->mtime = (uint32_t)gunzip->header.time;
    }
    if (status == Z_STREAM_END) {
        gunzip->state = STATE_GAP;
    } else if (status == Z_MEM_ERROR) {
        gunzip->no_memory = true;
        stop(gunzip, FW_INTEGRITY_CORRUPT);
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
        stop(gunzip, FW_INTEGRITY_CORRUPT);
    }
    return room - z->avail_out;
}

/* The magic bytes were already taken from the input: the decoder gets its own. */
static void member_begin(struct fw_gunzip *gunzip)
{
    static const char magic[] = "\x1f\x8b";
    fw_sv in = fw_sv_of(magic, 2);
    char none;
    inflateReset(&gunzip->z);
    gunzip->members += gunzip->members < UINT32_MAX;
    gunzip->state = STATE_MEMBER;
    member_step(gunzip, &in, &none, 1);
}

static void gap_step(struct fw_gunzip *gunzip, char c)
{
    if (gunzip->state == STATE_MAGIC) {
        if (c == '\x8b') {
            member_begin(gunzip);
        } else {
            stop(gunzip, FW_INTEGRITY_TRAILING);
        }
    } else if (c == '\x1f') {
        gunzip->state = STATE_MAGIC;
    } else if (c != '\0') {
        stop(gunzip, FW_INTEGRITY_TRAILING);
    }
}

size_t fw_gunzip_step(struct fw_gunzip *gunzip, fw_sv *in, char *out, size_t cap)
{
    size_t n = 0;
    while (n < cap) {
        if (gunzip->state == STATE_STOP) {
            *in = fw_sv_of(in->p + in->n, 0);
            break;
        }
        if (gunzip->state == STATE_MEMBER) {
            /* Output can be pending inside zlib although the input is used up. */
            size_t got = member_step(gunzip, in, out + n, cap - n);
            n += got;
            if (in->n == 0 && got == 0 && gunzip->state == STATE_MEMBER) {
                break;
            }
        } else if (in->n > 0) {
            char c = in->p[0];
            *in = fw_sv_of(in->p + 1, in->n - 1);
            gap_step(gunzip, c);
        } else {
            break;
        }
    }
    return n;
}

struct fw_gunzip_info fw_gunzip_end(const struct fw_gunzip *gunzip)
{
    struct fw_gunzip_info info = {
        .integrity = gunzip->integrity,
        .members = gunzip->members,
        .mtime = gunzip->mtime,
        .no_memory = gunzip->no_memory,
    };
    if (gunzip->state == STATE_MEMBER || gunzip->state == STATE_MAGIC) {
        info.integrity = FW_INTEGRITY_TRUNCATED;
    }
    return info;
}
