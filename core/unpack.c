/* Answers: what text does a packed file hold, and where is it damaged? gzip is RFC 1952, zstd RFC
 * 8878. */
#include "core/unpack.h"

#include <bzlib.h>
#include <limits.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "core/limits.h"

/* What one call of a decoder came to. */
enum progress { PROGRESS_MORE, PROGRESS_STREAM_END, PROGRESS_DAMAGED, PROGRESS_NO_MEMORY };

struct codec {
    enum fw_container container;
    size_t nmagic;
    const char *magic;
    bool padded; /* zero bytes may follow a stream */
    bool cut;    /* a part of the magic at the end is a member that was cut: see ADR 0015 */
    bool (*begin)(struct fw_unpack *unpack);
    enum progress (*step)(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap, size_t *ret);
    void (*end)(struct fw_unpack *unpack);
};

enum state {
    STATE_STREAM, /* inside a stream, its header included */
    STATE_GAP,    /* after a stream: padding, the next one, or garbage */
    STATE_STOP,   /* nothing more can be read */
};

struct fw_unpack {
    const struct codec *codec;
    union {
        struct {
            z_stream z;
            gz_header header;
        } gzip;
        lzma_stream lzma;
        bz_stream bzip2;
        ZSTD_DStream *zstd;
    };
    bool begun;
    enum state state;
    struct fw_unpack_info info;
    size_t matched; /* bytes of the next stream's magic */
    char magic[FW_UNPACK_MAGIC];
};

/* zlib: a window of 2^15 bytes, and 16 for the gzip wrapper with its checksum. */
#define GZIP_WINDOW (15 + 16)

static bool gzip_begin(struct fw_unpack *unpack)
{
    memset(&unpack->gzip, 0, sizeof(unpack->gzip));
    return inflateInit2(&unpack->gzip.z, GZIP_WINDOW) == Z_OK &&
           inflateGetHeader(&unpack->gzip.z, &unpack->gzip.header) == Z_OK;
}

static enum progress gzip_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap,
                               size_t *ret)
{
    z_stream *z = &unpack->gzip.z;
    unsigned give = in->n > UINT_MAX ? UINT_MAX : (unsigned)in->n;
    unsigned room = cap > UINT_MAX ? UINT_MAX : (unsigned)cap;
    z->next_in = (z_const Bytef *)in->p;
    z->avail_in = give;
    z->next_out = (Bytef *)out;
    z->avail_out = room;
    int status = inflate(z, Z_NO_FLUSH);
    *in = fw_sv_sub(*in, give - z->avail_in, SIZE_MAX);
    *ret = room - z->avail_out;
    if (unpack->info.members == 1 && unpack->gzip.header.done == 1) {
        unpack->info.gzip_mtime = (uint32_t)unpack->gzip.header.time;
    }
    return status == Z_STREAM_END                    ? PROGRESS_STREAM_END
           : status == Z_OK || status == Z_BUF_ERROR ? PROGRESS_MORE
           : status == Z_MEM_ERROR                   ? PROGRESS_NO_MEMORY
                                                     : PROGRESS_DAMAGED;
}

static void gzip_end(struct fw_unpack *unpack)
{
    inflateEnd(&unpack->gzip.z);
}

static bool xz_begin(struct fw_unpack *unpack)
{
    unpack->lzma = (lzma_stream)LZMA_STREAM_INIT;
    return lzma_stream_decoder(&unpack->lzma, FW_LIMIT_UNPACK_BYTES, 0) == LZMA_OK;
}

static enum progress xz_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap,
                             size_t *ret)
{
    lzma_stream *z = &unpack->lzma;
    z->next_in = (const uint8_t *)in->p;
    z->avail_in = in->n;
    z->next_out = (uint8_t *)out;
    z->avail_out = cap;
    lzma_ret status = lzma_code(z, LZMA_RUN);
    *in = fw_sv_sub(*in, in->n - z->avail_in, SIZE_MAX);
    *ret = cap - z->avail_out;
    return status == LZMA_STREAM_END                       ? PROGRESS_STREAM_END
           : status == LZMA_OK || status == LZMA_BUF_ERROR ? PROGRESS_MORE
           : status == LZMA_MEM_ERROR                      ? PROGRESS_NO_MEMORY
                                                           : PROGRESS_DAMAGED;
}

static void xz_end(struct fw_unpack *unpack)
{
    lzma_end(&unpack->lzma);
}

static bool zstd_begin(struct fw_unpack *unpack)
{
    unpack->zstd = ZSTD_createDStream();
    return unpack->zstd && ZSTD_isError(ZSTD_initDStream(unpack->zstd)) == 0;
}

static enum progress zstd_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap,
                               size_t *ret)
{
    ZSTD_inBuffer input = {in->p, in->n, 0};
    ZSTD_outBuffer output = {out, cap, 0};
    size_t status = ZSTD_decompressStream(unpack->zstd, &output, &input);
    *in = fw_sv_sub(*in, input.pos, SIZE_MAX);
    *ret = output.pos;
    return ZSTD_isError(status) ? PROGRESS_DAMAGED
           : status == 0        ? PROGRESS_STREAM_END
                                : PROGRESS_MORE;
}

static void zstd_end(struct fw_unpack *unpack)
{
    ZSTD_freeDStream(unpack->zstd);
}

static bool bzip2_begin(struct fw_unpack *unpack)
{
    unpack->bzip2 = (bz_stream){.next_in = NULL};
    return BZ2_bzDecompressInit(&unpack->bzip2, 0, 0) == BZ_OK;
}

static enum progress bzip2_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap,
                                size_t *ret)
{
    bz_stream *z = &unpack->bzip2;
    unsigned give = in->n > UINT_MAX ? UINT_MAX : (unsigned)in->n;
    unsigned room = cap > UINT_MAX ? UINT_MAX : (unsigned)cap;
    z->next_in = (char *)(uintptr_t)in->p;
    z->avail_in = give;
    z->next_out = out;
    z->avail_out = room;
    int status = BZ2_bzDecompress(z);
    *in = fw_sv_sub(*in, give - z->avail_in, SIZE_MAX);
    *ret = room - z->avail_out;
    return status == BZ_STREAM_END  ? PROGRESS_STREAM_END
           : status == BZ_OK        ? PROGRESS_MORE
           : status == BZ_MEM_ERROR ? PROGRESS_NO_MEMORY
                                    : PROGRESS_DAMAGED;
}

static void bzip2_end(struct fw_unpack *unpack)
{
    BZ2_bzDecompressEnd(&unpack->bzip2);
}

static const struct codec codecs[] = {
    {FW_CONTAINER_GZIP, 2, "\x1f\x8b", true, true, gzip_begin, gzip_step, gzip_end},
    {FW_CONTAINER_XZ, 6, "\xfd\x37zXZ\0", true, false, xz_begin, xz_step, xz_end},
    {FW_CONTAINER_ZSTD, 4, "\x28\xb5\x2f\xfd", false, false, zstd_begin, zstd_step, zstd_end},
    /* What pzstd puts before and between frames (RFC 8878, 3.1.2). */
    {FW_CONTAINER_ZSTD, 4, "\x50\x2a\x4d\x18", false, false, zstd_begin, zstd_step, zstd_end},
    {FW_CONTAINER_BZIP2, 3, "BZh", false, false, bzip2_begin, bzip2_step, bzip2_end},
};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))

/* Of zstd's frames to skip the low four bits of the first byte are free. */
static bool is_magic(const struct codec *codec, fw_sv bytes)
{
    for (size_t i = 0; i < bytes.n && i < codec->nmagic; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        unsigned char want = (unsigned char)codec->magic[i];
        if (c != want && !(i == 0 && want == 0x50 && (c & 0xf0) == 0x50)) {
            return false;
        }
    }
    return true;
}

static const struct codec *find_codec(fw_sv bytes, enum fw_container container)
{
    for (size_t i = 0; i < CODECS; i++) {
        if ((container == FW_CONTAINER_PLAIN || codecs[i].container == container) &&
            is_magic(&codecs[i], bytes)) {
            return &codecs[i];
        }
    }
    return NULL;
}

/* A text can begin with two or three of these bytes; so more than the magic has to be right. */
static bool is_header(const struct codec *codec, fw_sv first)
{
    switch (codec->container) {
    case FW_CONTAINER_GZIP: /* the only method there is */
        return first.n == 2 || first.p[2] == 8;
    case FW_CONTAINER_BZIP2: /* size of a block; the first byte of one, or of the end */
        return first.n > 4 && first.p[3] >= '1' && first.p[3] <= '9' &&
               (first.p[4] == '\x31' || first.p[4] == '\x17');
    case FW_CONTAINER_PLAIN:
    case FW_CONTAINER_XZ:
    case FW_CONTAINER_ZSTD:
    case FW_CONTAINER_COUNT:
        break;
    }
    return true;
}

enum fw_container fw_unpack_is(fw_sv first)
{
    const struct codec *codec = find_codec(first, FW_CONTAINER_PLAIN);
    return codec && first.n >= codec->nmagic && is_header(codec, first) ? codec->container
                                                                        : FW_CONTAINER_PLAIN;
}

static void stop(struct fw_unpack *unpack, enum fw_integrity integrity)
{
    unpack->state = STATE_STOP;
    unpack->info.integrity = integrity;
}

static bool stream_begin(struct fw_unpack *unpack)
{
    if (unpack->begun) {
        unpack->codec->end(unpack);
    }
    unpack->begun = unpack->codec->begin(unpack);
    unpack->info.members += unpack->info.members < UINT32_MAX;
    unpack->state = STATE_STREAM;
    return unpack->begun;
}

struct fw_unpack *fw_unpack_new(enum fw_container container)
{
    struct fw_unpack *unpack = calloc(1, sizeof(*unpack));
    if (!unpack) {
        return NULL;
    }
    unpack->codec = find_codec(FW_SV(""), container);
    if (!stream_begin(unpack)) {
        fw_unpack_free(unpack);
        return NULL;
    }
    return unpack;
}

void fw_unpack_free(struct fw_unpack *unpack)
{
    if (unpack) {
        if (unpack->begun) {
            unpack->codec->end(unpack);
        }
        free(unpack);
    }
}

static size_t stream_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap)
{
    size_t n = 0;
    switch (unpack->codec->step(unpack, in, out, cap, &n)) {
    case PROGRESS_MORE:
        break;
    case PROGRESS_STREAM_END:
        unpack->state = STATE_GAP;
        unpack->matched = 0;
        break;
    case PROGRESS_NO_MEMORY:
        unpack->info.no_memory = true;
        stop(unpack, FW_INTEGRITY_CORRUPT);
        break;
    case PROGRESS_DAMAGED:
        stop(unpack, FW_INTEGRITY_CORRUPT);
        break;
    }
    return n;
}

/* The bytes of a magic were taken from the input one by one: the decoder gets them again. */
static void gap_step(struct fw_unpack *unpack, char c)
{
    if (unpack->matched == 0 && c == '\0' && unpack->codec->padded) {
        return;
    }
    unpack->magic[unpack->matched++] = c;
    fw_sv magic = fw_sv_of(unpack->magic, unpack->matched);
    const struct codec *codec = find_codec(magic, unpack->codec->container);
    if (!codec) {
        stop(unpack, FW_INTEGRITY_TRAILING);
    } else if (magic.n == codec->nmagic) {
        char none;
        if (stream_begin(unpack)) {
            stream_step(unpack, &magic, &none, 1);
        } else {
            unpack->info.no_memory = true;
            stop(unpack, FW_INTEGRITY_CORRUPT);
        }
    }
}

size_t fw_unpack_step(struct fw_unpack *unpack, fw_sv *in, char *out, size_t cap)
{
    size_t n = 0;
    while (n < cap) {
        if (unpack->state == STATE_STOP) {
            *in = fw_sv_of(in->p + in->n, 0);
            break;
        }
        if (unpack->state == STATE_STREAM) {
            /* Output can be pending inside the decoder although the input is used up. */
            size_t got = stream_step(unpack, in, out + n, cap - n);
            n += got;
            if (in->n == 0 && got == 0 && unpack->state == STATE_STREAM) {
                break;
            }
        } else if (in->n == 0) {
            break;
        } else {
            char c = in->p[0];
            *in = fw_sv_sub(*in, 1, SIZE_MAX);
            gap_step(unpack, c);
        }
    }
    return n;
}

struct fw_unpack_info fw_unpack_end(const struct fw_unpack *unpack)
{
    struct fw_unpack_info info = unpack->info;
    bool part = unpack->state == STATE_GAP && unpack->matched > 0;
    if (unpack->state == STATE_STREAM || (part && unpack->codec->cut)) {
        info.integrity = FW_INTEGRITY_TRUNCATED;
    } else if (part) {
        info.integrity = FW_INTEGRITY_TRAILING;
    }
    return info;
}
