/* Answers: how is a file or folder written so that a crash leaves the old one or the new one? */
#define _GNU_SOURCE /* renameat2 */
#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"

#define FILE_MODE 0666
#define FOLDER_MODE 0777
/* Names tried for a file beside the target before somebody else's leftovers count as an error. */
#define NAME_TRIES 100
/* A folder is listed again when entries came while it was emptied. */
#define REMOVE_PASSES 3

/* Tells apart the temporary names of threads; the process id those of processes. */
static atomic_uint counter;

static char *text_join(const char *a, size_t a_length, const char *b)
{
    size_t b_length = strlen(b);
    if (a_length > SIZE_MAX - b_length - 1) {
        return NULL;
    }
    char *text = malloc(a_length + b_length + 1);
    if (text) {
        memcpy(text, a, a_length);
        memcpy(text + a_length, b, b_length + 1);
    }
    return text;
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* A hidden name in the same folder, so that the rename stays inside one file system and a walk that
 * comes between does not find it. */
static char *name_beside(const char *path)
{
    char name[64];
    snprintf(name, sizeof(name), ".fwproof-%ld-%u.tmp", (long)getpid(),
             atomic_fetch_add(&counter, 1u));
    return text_join(path, folder_length(path), name);
}

static enum fw_err write_all(int fd, fw_sv bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno != EINTR) {
            return fw_err_from_errno(errno);
        }
        if (n > 0) {
            bytes = fw_sv_of(bytes.p + n, bytes.n - (size_t)n);
        }
    }
    return FW_OK;
}

/* Some file systems cannot sync some things and say EINVAL: then there is nothing to wait for. */
static enum fw_err sync_fd(int fd)
{
    if (fsync(fd) != 0 && errno != EINVAL && errno != EROFS) {
        return fw_err_from_errno(errno);
    }
    return FW_OK;
}

/* Makes a rename in the folder of path survive a crash. */
static enum fw_err sync_folder_of(const char *path)
{
    size_t n = folder_length(path);
    char *folder = n > 0 ? text_join(path, n, "") : text_join(".", 1, "");
    if (!folder) {
        return FW_ERR_MEMORY;
    }
    enum fw_err err = FW_OK;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        err = sync_fd(fd);
        close(fd);
    } else if (errno != EACCES) {
        err = fw_err_from_errno(errno); /* a folder may be writable and not readable */
    }
    free(folder);
    return err;
}

/* Writes all, waits for the disk, closes. */
static enum fw_err fill_and_close(int fd, fw_sv bytes)
{
    enum fw_err err = write_all(fd, bytes);
    if (err == FW_OK) {
        err = sync_fd(fd);
    }
    if (close(fd) != 0 && err == FW_OK) {
        err = fw_err_from_errno(errno);
    }
    return err;
}

/* A new file beside path that holds the bytes. The caller frees and renames or unlinks it. */
static enum fw_err write_beside(const char *path, fw_sv bytes, mode_t mode, bool exact_mode,
                                char **ret)
{
    char *beside = NULL;
    int fd = -1;
    for (int tries = 0; fd < 0 && tries < NAME_TRIES; tries++) {
        free(beside);
        beside = name_beside(path);
        if (!beside) {
            return FW_ERR_MEMORY;
        }
        fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd < 0 && errno != EEXIST) {
            break;
        }
    }
    enum fw_err err = fd < 0 ? fw_err_from_errno(errno) : FW_OK;
    if (fd >= 0) {
        if (exact_mode) {
            (void)fchmod(fd, mode); /* not every file system has modes */
        }
        err = fill_and_close(fd, bytes);
        if (err != FW_OK) {
            unlink(beside);
        }
    }
    if (err != FW_OK) {
        free(beside);
        return err;
    }
    *ret = beside;
    return FW_OK;
}

/* A terminal, pipe or device cannot be replaced; it is written to. */
static enum fw_err write_through(const char *path, fw_sv bytes)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return fd < 0 ? fw_err_from_errno(errno) : fill_and_close(fd, bytes);
}

enum fw_err fw_file_write(const char *path, fw_sv bytes)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (there && S_ISDIR(st.st_mode)) {
        return fw_err_from_errno(EISDIR);
    }
    if (there && !S_ISREG(st.st_mode)) {
        return write_through(path, bytes);
    }
    char *beside;
    mode_t mode = there ? st.st_mode & 0777 : FILE_MODE;
    enum fw_err err = write_beside(path, bytes, mode, there, &beside);
    if (err != FW_OK) {
        return err;
    }
    if (rename(beside, path) != 0) {
        err = fw_err_from_errno(errno);
        unlink(beside);
    } else {
        err = sync_folder_of(path);
    }
    free(beside);
    return err;
}

enum fw_err fw_file_write_new(const char *path, fw_sv bytes)
{
    struct stat st;
    if (lstat(path, &st) == 0) {
        return FW_ERR_EXISTS;
    }
    char *beside;
    enum fw_err err = write_beside(path, bytes, FILE_MODE, false, &beside);
    if (err != FW_OK) {
        return err;
    }
    /* Unlike a check and a rename, neither lets somebody else's file in between be lost. */
    if (renameat2(AT_FDCWD, beside, AT_FDCWD, path, RENAME_NOREPLACE) == 0) {
        err = sync_folder_of(path);
    } else if (errno != EINVAL && errno != ENOSYS) {
        err = fw_err_from_errno(errno);
        unlink(beside);
    } else {
        err = link(beside, path) == 0 ? sync_folder_of(path) : fw_err_from_errno(errno);
        unlink(beside);
    }
    free(beside);
    return err;
}

enum fw_err fw_file_hash(const char *path, fw_sha256 *ret)
{
    enum { BLOCK = 1 << 18 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fw_err_from_errno(errno);
    }
    enum fw_err err = FW_OK;
    char *block = malloc(BLOCK);
    struct fw_hasher *hasher = fw_hasher_new();
    if (!block || !hasher) {
        err = FW_ERR_MEMORY;
    }
    while (err == FW_OK) {
        ssize_t n = read(fd, block, BLOCK);
        if (n == 0) {
            *ret = fw_hasher_done(hasher);
            break;
        }
        if (n > 0) {
            fw_hasher_add(hasher, block, (size_t)n);
        } else if (errno != EINTR) {
            err = fw_err_from_errno(errno);
        }
    }
    fw_hasher_free(hasher);
    free(block);
    close(fd);
    return err;
}

enum fw_err fw_file_stat(const char *path, uint64_t *ret_bytes, int64_t *ret_mtime_ns)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return fw_err_from_errno(errno);
    }
    *ret_bytes = (uint64_t)st.st_size;
    *ret_mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    return FW_OK;
}

bool fw_file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

bool fw_dir_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum fw_err make_one(const char *path)
{
    if (mkdir(path, FOLDER_MODE) == 0) {
        return FW_OK;
    }
    int error = errno;
    return fw_dir_exists(path) ? FW_OK : fw_err_from_errno(error);
}

enum fw_err fw_dir_make(const char *path)
{
    if (path[0] == '\0') {
        return FW_ERR_NOENT;
    }
    char *part = text_join(path, strlen(path), "");
    if (!part) {
        return FW_ERR_MEMORY;
    }
    enum fw_err err = FW_OK;
    for (char *at = part + 1; err == FW_OK && *at; at++) {
        if (*at == '/' && at[-1] != '/') {
            *at = '\0';
            err = make_one(part);
            *at = '/';
        }
    }
    if (err == FW_OK) {
        err = make_one(part);
    }
    free(part);
    return err;
}

static enum fw_err remove_entry(int folder, const char *name, unsigned depth);

/* One pass over the names of an open folder. */
static enum fw_err remove_entries(DIR *dir, unsigned depth)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry) {
            return errno == 0 ? FW_OK : fw_err_from_errno(errno);
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        enum fw_err err = remove_entry(dirfd(dir), entry->d_name, depth + 1);
        if (err != FW_OK) {
            return err;
        }
    }
}

static enum fw_err remove_folder(int parent, const char *name, unsigned depth)
{
    if (depth > FW_LIMIT_WALK_DEPTH) {
        return FW_ERR_LIMIT;
    }
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        enum fw_err err = fw_err_from_errno(errno);
        if (fd >= 0) {
            close(fd);
        }
        return err;
    }
    enum fw_err err = FW_OK;
    bool gone = false;
    for (int pass = 0; err == FW_OK && !gone && pass < REMOVE_PASSES; pass++) {
        rewinddir(dir);
        err = remove_entries(dir, depth);
        gone = err == FW_OK && unlinkat(parent, name, AT_REMOVEDIR) == 0;
        if (err == FW_OK && !gone && errno != ENOTEMPTY && errno != EEXIST) {
            err = fw_err_from_errno(errno);
        }
    }
    closedir(dir);
    return err == FW_OK && !gone ? FW_ERR_BUSY : err;
}

static enum fw_err remove_entry(int folder, const char *name, unsigned depth)
{
    struct stat st;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? FW_OK : fw_err_from_errno(errno);
    }
    if (S_ISDIR(st.st_mode)) {
        return remove_folder(folder, name, depth);
    }
    if (unlinkat(folder, name, 0) != 0 && errno != ENOENT) {
        return fw_err_from_errno(errno);
    }
    return FW_OK;
}

enum fw_err fw_dir_remove(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0) {
        return fw_err_from_errno(errno);
    }
    if (!S_ISDIR(st.st_mode)) {
        return fw_err_from_errno(ENOTDIR);
    }
    return remove_folder(AT_FDCWD, path, 0);
}

/* The two folders change places in one step; where the file system cannot, in two, and the first is
 * taken back when the second fails. Afterwards the older one stands at *ret_old (malloc'd). */
static enum fw_err swap_folders(const char *from, const char *to, char **ret_old)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) == 0) {
        *ret_old = text_join(from, strlen(from), "");
        return *ret_old ? FW_OK : FW_ERR_MEMORY;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return fw_err_from_errno(errno);
    }
    char *beside = name_beside(to);
    if (!beside) {
        return FW_ERR_MEMORY;
    }
    enum fw_err err = FW_OK;
    if (rename(to, beside) != 0) {
        err = fw_err_from_errno(errno);
    } else if (rename(from, to) != 0) {
        err = fw_err_from_errno(errno);
        (void)rename(beside, to);
    }
    if (err != FW_OK) {
        free(beside);
        return err;
    }
    *ret_old = beside;
    return FW_OK;
}

/* Without trailing slashes, so that the name beside it is beside it. */
static char *trimmed(const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    return text_join(path, n, "");
}

static enum fw_err replace(const char *from, const char *to)
{
    struct stat old;
    struct stat new;
    if (lstat(from, &new) != 0) {
        return fw_err_from_errno(errno);
    }
    if (!S_ISDIR(new.st_mode)) {
        return fw_err_from_errno(ENOTDIR);
    }
    if (lstat(to, &old) != 0) {
        if (errno != ENOENT || rename(from, to) != 0) {
            return fw_err_from_errno(errno);
        }
        return sync_folder_of(to);
    }
    /* A link or a file in its place is not what we wrote. */
    if (!S_ISDIR(old.st_mode)) {
        return FW_ERR_EXISTS;
    }
    if (old.st_dev == new.st_dev && old.st_ino == new.st_ino) {
        return FW_ERR_INVALID;
    }
    char *stale = NULL;
    enum fw_err err = swap_folders(from, to, &stale);
    if (err == FW_OK) {
        err = sync_folder_of(to);
    }
    if (err == FW_OK) {
        err = fw_dir_remove(stale);
    }
    free(stale);
    return err;
}

enum fw_err fw_dir_replace(const char *from, const char *to)
{
    char *clean_from = trimmed(from);
    char *clean_to = trimmed(to);
    enum fw_err err = FW_ERR_MEMORY;
    if (clean_from && clean_to) {
        err = replace(clean_from, clean_to);
    }
    free(clean_from);
    free(clean_to);
    return err;
}
