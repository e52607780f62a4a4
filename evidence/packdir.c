/* What lies in the folder of a pack? */
#include "evidence/packdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"

enum { BLOCK_BYTES = 1 << 16 };

struct walk {
    struct fw_arena *arena;
    struct fw_packdir *dir;
};

static enum fw_err list(struct walk *walk, int fd, fw_sv prefix, unsigned depth);

static enum fw_entry_kind kind_of(const struct stat *st)
{
    if (S_ISREG(st->st_mode)) {
        return FW_ENTRY_FILE;
    }
    if (S_ISDIR(st->st_mode)) {
        return FW_ENTRY_DIR;
    }
    return S_ISLNK(st->st_mode) ? FW_ENTRY_LINK : FW_ENTRY_OTHER;
}

static enum fw_err add(struct walk *walk, int parent, fw_sv prefix, const char *name,
                       unsigned depth)
{
    struct stat st;
    struct fw_packdir *dir = walk->dir;
    if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return fw_err_from_errno(errno);
    }
    if (dir->n >= FW_LIMIT_FILES) {
        return FW_ERR_LIMIT;
    }
    dir->v = fw_arena_push(walk->arena, dir->v, dir->n, sizeof(*dir->v));
    struct fw_entry *entry = &dir->v[dir->n++];
    size_t length = strlen(name);
    char *text = fw_arena_alloc(walk->arena, prefix.n + length + 1);
    if (prefix.n > 0) {
        memcpy(text, prefix.p, prefix.n);
    }
    memcpy(text + prefix.n, name, length + 1);
    entry->path = fw_sv_of(text, prefix.n + length);
    entry->kind = kind_of(&st);
    entry->bytes = st.st_size > 0 ? (uint64_t)st.st_size : 0;
    if (entry->kind != FW_ENTRY_DIR) {
        return FW_OK;
    }
    fw_sv path = entry->path; /* the array may move below */
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return fw_err_from_errno(errno);
    }
    char *below = fw_arena_alloc(walk->arena, path.n + 2);
    memcpy(below, path.p, path.n);
    below[path.n] = '/';
    return list(walk, fd, fw_sv_of(below, path.n + 1), depth + 1);
}

/* Takes over fd. */
static enum fw_err list(struct walk *walk, int fd, fw_sv prefix, unsigned depth)
{
    DIR *stream = fdopendir(fd);
    if (!stream) {
        enum fw_err err = fw_err_from_errno(errno);
        (void)close(fd);
        return err;
    }
    enum fw_err err = depth > FW_LIMIT_WALK_DEPTH ? FW_ERR_LIMIT : FW_OK;
    while (err == FW_OK) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (!entry) {
            err = errno == 0 ? FW_OK : fw_err_from_errno(errno);
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            err = add(walk, dirfd(stream), prefix, entry->d_name, depth);
        }
    }
    (void)closedir(stream);
    return err;
}

static int by_path(const void *a, const void *b)
{
    return fw_sv_cmp(((const struct fw_entry *)a)->path, ((const struct fw_entry *)b)->path);
}

enum fw_err fw_packdir_open(const char *path, struct fw_arena *arena, struct fw_packdir *ret)
{
    struct fw_packdir dir = {.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (dir.fd < 0) {
        return fw_err_from_errno(errno);
    }
    struct walk walk = {arena, &dir};
    /* Not dup: the two would share one position in the folder. */
    int fd = openat(dir.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum fw_err err = fd < 0 ? fw_err_from_errno(errno) : list(&walk, fd, FW_SV(""), 0);
    if (err != FW_OK) {
        fw_packdir_close(&dir);
        return err;
    }
    if (dir.n > 1) {
        qsort(dir.v, dir.n, sizeof(*dir.v), by_path);
    }
    *ret = dir;
    return FW_OK;
}

void fw_packdir_close(struct fw_packdir *dir)
{
    if (dir->fd >= 0) {
        (void)close(dir->fd);
        dir->fd = -1;
    }
}

const struct fw_entry *fw_packdir_find(const struct fw_packdir *dir, fw_sv path)
{
    struct fw_entry key = {.path = path};
    return dir->n > 0 ? bsearch(&key, dir->v, dir->n, sizeof(*dir->v), by_path) : NULL;
}

/* Opens a regular file of the listing. Not blocking: it may have become a pipe since. */
static enum fw_err open_file(const struct fw_packdir *dir, fw_sv path, int *ret)
{
    const struct fw_entry *entry = fw_packdir_find(dir, path);
    if (!entry || entry->kind != FW_ENTRY_FILE) {
        return FW_ERR_NOENT;
    }
    struct stat st;
    int fd = openat(dir->fd, entry->path.p, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return fw_err_from_errno(errno);
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(fd);
        return FW_ERR_INVALID;
    }
    *ret = fd;
    return FW_OK;
}

enum fw_err fw_packdir_read(const struct fw_packdir *dir, fw_sv path, uint64_t limit,
                            struct fw_arena *arena, fw_sv *ret)
{
    const struct fw_entry *entry = fw_packdir_find(dir, path);
    if (!entry) {
        return FW_ERR_NOENT;
    }
    if (entry->bytes > limit || entry->bytes > SIZE_MAX - 1) {
        return FW_ERR_LIMIT;
    }
    int fd;
    enum fw_err err = open_file(dir, path, &fd);
    if (err != FW_OK) {
        return err;
    }
    size_t want = (size_t)entry->bytes, have = 0;
    char *text = fw_arena_alloc(arena, want + 1);
    while (have < want) {
        ssize_t n = read(fd, text + have, want - have);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            /* It shrank while we looked: nobody should work in a pack now. */
            err = n < 0 ? fw_err_from_errno(errno) : FW_ERR_IO;
            break;
        }
        have += (size_t)n;
    }
    (void)close(fd);
    if (err == FW_OK) {
        *ret = fw_sv_of(text, have);
    }
    return err;
}

enum fw_err fw_packdir_hash(const struct fw_packdir *dir, fw_sv path, fw_sha256 *ret,
                            uint64_t *ret_bytes)
{
    int fd;
    enum fw_err err = open_file(dir, path, &fd);
    if (err != FW_OK) {
        return err;
    }
    struct fw_hasher *hasher = fw_hasher_new();
    char *block = malloc(BLOCK_BYTES);
    uint64_t total = 0;
    if (!hasher || !block) {
        err = FW_ERR_MEMORY;
    }
    while (err == FW_OK) {
        ssize_t n = read(fd, block, BLOCK_BYTES);
        if (n == 0) {
            break;
        }
        if (n > 0) {
            fw_hasher_add(hasher, block, (size_t)n);
            total += (uint64_t)n;
        } else if (errno != EINTR) {
            err = fw_err_from_errno(errno);
        }
    }
    if (err == FW_OK) {
        *ret = fw_hasher_done(hasher);
        *ret_bytes = total;
    }
    free(block);
    fw_hasher_free(hasher);
    (void)close(fd);
    return err;
}
