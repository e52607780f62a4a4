/* Answers: which bytes, which lines and which hash does a file hold, packed or not, in one pass? */
#include "core/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hashing.h"
#include "core/limits.h"
#include "core/source_impl.h"
#include "core/unpack.h"

/* As fast as any from 128 KiB to 2 MiB, and it leaves the caches to whoever reads the lines. */
#define BLOCK ((size_t)1 << 18)
/* Compressed bytes read at a time. */
#define STORED_BLOCK ((size_t)1 << 18)

/*
 * The buffer has two parts: [0, head) takes what is left of the last block, moved to end at head;
 * [head, head + block) takes the next block. So a line that crosses a boundary is contiguous after
 * one move of its first part. The head is as long as a line may be.
 */
struct fw_source {
    int fd;       /* -1: memory */
    bool own_fd;  /* not standard input */
    fw_sv memory; /* what is left of it */
    bool regular; /* a file whose size and time can be compared */
    struct stat opened;
    uint64_t start; /* of reading, in the file: standard input can begin in the middle */
    struct fw_hasher *hasher;
    bool aside;                 /* hashing in another thread is wished for */
    struct fw_hashing *hashing; /* NULL: it is done in this one */
    struct fw_unpack *unpack;   /* NULL: plain */
    char *stored;               /* compressed bytes; NULL: plain */
    fw_sv stored_left;
    bool stored_end; /* nothing more to read */
    char *buf;       /* NULL until the first read */
    size_t head, block, line_limit;
    size_t pos, end; /* decoded bytes that were not handed out */
    size_t scanned;  /* of them, from pos: known to hold no line end */
    bool decoded_end;
    bool in_line;                /* records were handed out up to the middle of a line */
    bool skipping;               /* inside the rest of a line that was cut */
    struct fw_merkle *tree;      /* of the lines; NULL: not asked for */
    struct fw_hasher *long_line; /* leaf of a line that is cut; NULL until there is one */
    uint64_t offset;             /* of pos in the decoded text */
    enum fw_err err;
    struct fw_source_info info;
};

static enum fw_err source_new(struct fw_source **ret)
{
    struct fw_source *source = calloc(1, sizeof(*source));
    if (!source) {
        return FW_ERR_MEMORY;
    }
    source->fd = -1;
    source->block = BLOCK;
    source->line_limit = FW_LIMIT_LINE_BYTES;
    source->hasher = fw_hasher_new();
    if (!source->hasher) {
        free(source);
        return FW_ERR_MEMORY;
    }
    *ret = source;
    return FW_OK;
}

void fw_source_free(struct fw_source *source)
{
    if (!source) {
        return;
    }
    if (source->own_fd) {
        close(source->fd);
    }
    fw_hashing_free(source->hashing); /* before what it reads is gone */
    fw_hasher_free(source->hasher);
    fw_hasher_free(source->long_line);
    fw_unpack_free(source->unpack);
    free(source->stored);
    free(source->buf);
    free(source);
}

static int64_t mtime_ns(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static enum fw_err attach(struct fw_source *source, int fd, bool own)
{
    source->fd = fd;
    source->own_fd = own;
    if (fstat(fd, &source->opened) != 0) {
        return fw_err_from_errno(errno);
    }
    if (S_ISDIR(source->opened.st_mode)) {
        return fw_err_from_errno(EISDIR);
    }
    if (S_ISREG(source->opened.st_mode)) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        source->regular = at >= 0;
        source->start = at > 0 ? (uint64_t)at : 0;
        /* Advice only: nothing depends on it. */
        (void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    if (own) {
        source->info.mtime_ns = mtime_ns(&source->opened);
    }
    return FW_OK;
}

enum fw_err fw_source_open(const char *path, struct fw_source **ret)
{
    struct fw_source *source;
    enum fw_err err = source_new(&source);
    if (err != FW_OK) {
        return err;
    }
    if (strcmp(path, "-") == 0) {
        err = attach(source, STDIN_FILENO, false);
    } else {
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        err = fd < 0 ? fw_err_from_errno(errno) : attach(source, fd, true);
    }
    if (err != FW_OK) {
        fw_source_free(source);
        return err;
    }
    *ret = source;
    return FW_OK;
}

enum fw_err fw_source_open_memory(fw_sv bytes, struct fw_source **ret)
{
    struct fw_source *source;
    enum fw_err err = source_new(&source);
    if (err != FW_OK) {
        return err;
    }
    source->memory = bytes;
    *ret = source;
    return FW_OK;
}

void fw_source_set_block(struct fw_source *source, size_t block, size_t line_limit)
{
    source->block = block;
    source->line_limit = line_limit;
}

/* One read of stored bytes, not hashed. 0 at the end or after an error, which is remembered. */
static size_t read_some(struct fw_source *source, char *to, size_t cap)
{
    if (source->fd < 0) {
        size_t n = source->memory.n < cap ? source->memory.n : cap;
        if (n > 0) {
            memcpy(to, source->memory.p, n);
            source->memory = fw_sv_of(source->memory.p + n, source->memory.n - n);
        }
        return n;
    }
    ssize_t n;
    do {
        n = read(source->fd, to, cap);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        source->err = fw_err_from_errno(errno);
    }
    return n > 0 ? (size_t)n : 0;
}

/* Hashes a piece: aside, when it is worth the way there. It stays as it is until the next one. */
static void hash_stored(struct fw_source *source, const char *p, size_t n)
{
    bool large = n >= STORED_BLOCK;
    if (source->aside && large && !source->hashing) {
        source->hashing = fw_hashing_new(source->hasher);
        source->aside = source->hashing != NULL;
    }
    if (source->hashing && large) {
        fw_hashing_give(source->hashing, p, n);
    } else {
        fw_hasher_add(source->hasher, p, n);
    }
}

/* Fills `to` unless the end comes first: a pipe that gives a little at a time must not make a line
 * move once for each piece. Hashes what it reads. */
static size_t read_stored(struct fw_source *source, char *to, size_t cap)
{
    size_t n = 0;
    if (source->hashing) { /* the piece before lies where this one goes */
        fw_hashing_wait(source->hashing);
    }
    while (n < cap && !source->stored_end) {
        size_t got = read_some(source, to + n, cap - n);
        source->stored_end = got == 0;
        n += got;
    }
    hash_stored(source, to, n);
    source->info.stored_bytes += n;
    return n;
}

static size_t read_packed(struct fw_source *source, char *to, size_t cap)
{
    size_t n = 0;
    for (;;) {
        n += fw_unpack_step(source->unpack, &source->stored_left, to + n, cap - n);
        if (n == cap || (source->stored_left.n == 0 && source->stored_end)) {
            return n;
        }
        if (source->stored_left.n == 0) {
            size_t got = read_stored(source, source->stored, STORED_BLOCK);
            source->stored_left = fw_sv_of(source->stored, got);
        }
    }
}

static void fail(struct fw_source *source, enum fw_err err)
{
    source->err = err;
    source->decoded_end = true;
    source->stored_end = true;
}

/* The decoder gets the first bytes from `stored`. */
static void decoder_begin(struct fw_source *source, enum fw_container container, fw_sv first)
{
    source->info.container = container;
    source->stored = malloc(STORED_BLOCK);
    if (!source->stored) {
        fail(source, FW_ERR_MEMORY);
        return;
    }
    memcpy(source->stored, first.p, first.n);
    source->stored_left = fw_sv_of(source->stored, first.n);
    source->unpack = fw_unpack_new(container);
    if (!source->unpack) {
        fail(source, FW_ERR_MEMORY);
    }
}

/* The first bytes say what the source is. Those of a plain one are put where a moved rest would be.
 */
static void source_begin(struct fw_source *source)
{
    char first[FW_UNPACK_MAGIC];
    /* CR LF behind the longest line; the first bytes */
    source->head = source->line_limit + 2 + sizeof(first);
    source->buf = malloc(source->head + source->block);
    if (!source->buf) {
        fail(source, FW_ERR_MEMORY);
        return;
    }
    source->pos = source->head;
    source->end = source->head;
    size_t n = read_stored(source, first, sizeof(first));
    enum fw_container container = fw_unpack_is(fw_sv_of(first, n));
    if (container != FW_CONTAINER_PLAIN) {
        decoder_begin(source, container, fw_sv_of(first, n));
        return;
    }
    source->pos -= n;
    source->info.decoded_bytes = n;
    memcpy(source->buf + source->pos, first, n);
}

/* Gets more decoded bytes behind those that are left, of which there are at most `head`. */
static void fill(struct fw_source *source)
{
    if (!source->buf) {
        source_begin(source);
        if (source->err != FW_OK) {
            return;
        }
    }
    size_t left = source->end - source->pos;
    memmove(source->buf + source->head - left, source->buf + source->pos, left);
    source->pos = source->head - left;
    char *to = source->buf + source->head;
    size_t n = source->unpack ? read_packed(source, to, source->block)
                              : read_stored(source, to, source->block);
    source->end = source->head + n;
    source->decoded_end = n < source->block;
    source->info.decoded_bytes += n;
}

/* Decoded bytes that were not handed out. */
static fw_sv rest(const struct fw_source *source)
{
    return source->buf ? fw_sv_of(source->buf + source->pos, source->end - source->pos) : FW_SV("");
}

fw_sv fw_source_peek(struct fw_source *source, size_t n)
{
    n = n < source->line_limit ? n : source->line_limit;
    while (rest(source).n < n && !source->decoded_end) {
        fill(source);
    }
    return fw_sv_sub(rest(source), 0, n);
}

static void consume(struct fw_source *source, size_t n)
{
    source->pos += n;
    source->offset += n;
    source->scanned = 0;
}

/* The leaf of a line that does not fit into the buffer is made from its parts. */
static void long_begin(struct fw_source *source, fw_sv part)
{
    if (!source->tree) {
        return;
    }
    if (!source->long_line) {
        source->long_line = fw_hasher_new();
    }
    if (!source->long_line) {
        fail(source, FW_ERR_MEMORY);
        return;
    }
    fw_hasher_add(source->long_line, "", 1);
    fw_hasher_add(source->long_line, part.p, part.n);
}

static void long_add(struct fw_source *source, fw_sv part, bool end)
{
    if (!source->tree || !source->long_line) {
        return;
    }
    fw_hasher_add(source->long_line, part.p, part.n);
    if (end) {
        fw_merkle_add(source->tree, fw_hasher_done(source->long_line));
    }
}

/* Records are handed out without regard to line ends; what is said of lines, the tree too, is the
 * same whoever reads the file. */
static void pass_lines(struct fw_source *source, fw_sv bytes)
{
    while (bytes.n > 0) {
        const char *newline = memchr(bytes.p, '\n', bytes.n);
        fw_sv part = fw_sv_sub(bytes, 0, newline ? (size_t)(newline - bytes.p) + 1 : bytes.n);
        source->info.lines += !source->in_line;
        if (source->in_line) {
            long_add(source, part, newline != NULL);
        } else if (!newline) {
            long_begin(source, part);
        } else if (source->tree) {
            fw_merkle_add(source->tree, fw_merkle_leaf(part));
        }
        source->in_line = !newline;
        bytes = fw_sv_sub(bytes, part.n, SIZE_MAX);
    }
}

void fw_source_take(struct fw_source *source, size_t n, struct fw_line *ret)
{
    fw_sv bytes = fw_sv_of(source->buf + source->pos, n);
    *ret = (struct fw_line){.text = bytes, .raw = bytes, .offset = source->offset};
    pass_lines(source, bytes);
    consume(source, n);
}

bool fw_source_drop(struct fw_source *source, struct fw_line *ret)
{
    if (fw_source_peek(source, 1).n == 0) {
        return false;
    }
    fw_source_take(source, 0, ret);
    ret->cut = true;
    do {
        pass_lines(source, rest(source));
        consume(source, rest(source).n);
    } while (fw_source_peek(source, 1).n > 0);
    return true;
}

/* Drops the rest of a line that was cut, its line end included. */
static void skip_rest(struct fw_source *source)
{
    while (source->skipping) {
        fw_sv left = rest(source);
        const char *newline = memchr(left.p, '\n', left.n);
        size_t n = newline ? (size_t)(newline - left.p) + 1 : left.n;
        source->skipping = !newline && !source->decoded_end;
        long_add(source, fw_sv_of(left.p, n), !source->skipping);
        consume(source, n);
        if (source->skipping) {
            fill(source);
        }
    }
}

static void line_give(struct fw_source *source, size_t n, bool whole, struct fw_line *ret)
{
    const char *at = source->buf + source->pos;
    size_t text = n;
    if (whole && text > 0 && at[text - 1] == '\r') {
        text--;
    }
    source->info.lines++;
    ret->cut = text > source->line_limit;
    ret->text = fw_sv_of(at, ret->cut ? source->line_limit : text);
    ret->offset = source->offset;
    ret->number = source->info.lines;
    source->info.long_lines += ret->cut;
    ret->raw = fw_sv_of(at, n + whole);
    if (source->tree && !source->skipping) {
        fw_merkle_add(source->tree, fw_merkle_leaf(ret->raw));
    }
    consume(source, n + whole);
}

bool fw_source_line(struct fw_source *source, struct fw_line *ret)
{
    if (source->skipping) {
        skip_rest(source);
    }
    for (;;) {
        fw_sv left = rest(source);
        const char *from = left.p + source->scanned;
        const char *newline = memchr(from, '\n', left.n - source->scanned);
        if (newline) {
            line_give(source, (size_t)(newline - left.p), true, ret);
            return true;
        }
        source->scanned = left.n;
        if (source->decoded_end) {
            if (left.n == 0) {
                return false;
            }
            line_give(source, left.n, false, ret);
            return true;
        }
        /* One more than the limit can still be the CR of a line that is just as long as allowed. */
        if (left.n > source->line_limit + 1) {
            source->skipping = true;
            long_begin(source, left);
            line_give(source, left.n, false, ret);
            return true;
        }
        fill(source);
    }
}

void fw_source_hash_aside(struct fw_source *source)
{
    source->aside = true;
}

void fw_source_hash_lines(struct fw_source *source, struct fw_merkle *tree)
{
    source->tree = tree;
}

uint64_t fw_source_expected(const struct fw_source *source)
{
    uint64_t size = source->opened.st_size > 0 ? (uint64_t)source->opened.st_size : 0;
    return source->regular && !source->unpack && size > source->start ? size - source->start : 0;
}

int64_t fw_source_mtime(const struct fw_source *source)
{
    return source->info.mtime_ns;
}

/* Did the file stay as it was opened, and did we see all of it? */
static bool has_changed(const struct fw_source *source)
{
    struct stat now;
    if (!source->regular) {
        return false;
    }
    if (fstat(source->fd, &now) != 0) {
        return true;
    }
    if (now.st_size != source->opened.st_size || mtime_ns(&now) != mtime_ns(&source->opened)) {
        return true;
    }
    /* Files of /proc have a size of 0 and a content. */
    return now.st_size != 0 && source->start + source->info.stored_bytes != (uint64_t)now.st_size;
}

/* Whatever is stored behind the last decoded byte belongs to the hash too. */
enum fw_err fw_source_finish(struct fw_source *source, struct fw_source_info *ret)
{
    struct fw_line line;
    while (fw_source_line(source, &line)) {
    }
    if (source->unpack) {
        while (!source->stored_end) {
            read_stored(source, source->stored, STORED_BLOCK);
        }
        struct fw_unpack_info info = fw_unpack_end(source->unpack);
        source->info.integrity = info.integrity;
        source->info.members = info.members;
        source->info.gzip_mtime = info.gzip_mtime;
        if (info.no_memory) {
            source->err = FW_ERR_MEMORY;
        }
    }
    if (source->err != FW_OK) {
        return source->err;
    }
    source->info.changed = has_changed(source);
    if (source->in_line) {
        long_add(source, FW_SV(""), true);
    }
    if (source->tree) {
        source->info.has_lines_root = true;
        source->info.lines_root = fw_merkle_root(source->tree);
    }
    if (source->hashing) {
        fw_hashing_wait(source->hashing);
    }
    source->info.sha256 = fw_hasher_done(source->hasher);
    *ret = source->info;
    return FW_OK;
}
