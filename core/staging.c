/* Answers: where is a folder built before it takes its place, and who removes what a crash leaves?
 */
#include "core/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/sv.h"

/* A sweep may take the new folder in the moment before it is locked; then another is made. */
#define OPEN_TRIES 10
#define SUFFIX ".tmp"

/* Splits a place into its parent ("" or ending in a slash) and its name. */
static void split(const char *place, fw_sv *ret_parent, fw_sv *ret_name)
{
    fw_sv path = fw_sv_from(place);
    while (path.n > 1 && path.p[path.n - 1] == '/') {
        path.n--;
    }
    size_t at = path.n;
    while (at > 0 && path.p[at - 1] != '/') {
        at--;
    }
    *ret_parent = fw_sv_of(path.p, at);
    *ret_name = fw_sv_of(path.p + at, path.n - at);
}

static char *joined(fw_sv parent, const char *name)
{
    size_t n = strlen(name);
    char *path = malloc(parent.n + n + 1);
    if (path) {
        memcpy(path, parent.p, parent.n);
        memcpy(path + parent.n, name, n + 1);
    }
    return path;
}

/* -1 when another holds it or it is no folder. Some file systems have no locks: ours needs none to
 * be written, somebody else's is left alone. */
static int lock_folder(const char *path, bool ours)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && (!ours || errno == EWOULDBLOCK)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Is it ".NAME.DIGITS.tmp", a folder that we made for this place? */
static bool is_leftover(const char *entry, fw_sv name)
{
    fw_sv rest = fw_sv_from(entry);
    if (rest.n < name.n + 2 || rest.p[0] != '.' || memcmp(rest.p + 1, name.p, name.n) != 0 ||
        rest.p[name.n + 1] != '.') {
        return false;
    }
    rest = fw_sv_of(rest.p + name.n + 2, rest.n - name.n - 2);
    size_t digits = 0;
    while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9') {
        digits++;
    }
    return digits > 0 && strcmp(rest.p + digits, SUFFIX) == 0;
}

static void sweep_one(fw_sv parent, const char *entry)
{
    char *path = joined(parent, entry);
    int fd = path ? lock_folder(path, false) : -1;
    if (fd >= 0) {
        (void)fw_dir_remove(path); /* what stays is hidden and tried again next time */
        close(fd);
    }
    free(path);
}

static void sweep(fw_sv parent, fw_sv name)
{
    char *path = parent.n > 0 ? joined(parent, "") : joined(fw_sv_from("./"), "");
    DIR *dir = path ? opendir(path) : NULL;
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        if (is_leftover(entry->d_name, name)) {
            sweep_one(parent, entry->d_name);
        }
    }
    if (dir) {
        closedir(dir);
    }
    free(path);
}

enum fw_err fw_staging_open(struct fw_staging *staging, const char *place)
{
    fw_sv parent;
    fw_sv name;
    split(place, &parent, &name);
    char tail[32];
    snprintf(tail, sizeof(tail), ".%ld" SUFFIX, (long)getpid());
    char *hidden = malloc(name.n + sizeof(tail) + 1);
    if (!hidden) {
        return FW_ERR_MEMORY;
    }
    hidden[0] = '.';
    memcpy(hidden + 1, name.p, name.n);
    memcpy(hidden + 1 + name.n, tail, strlen(tail) + 1);
    char *path = joined(parent, hidden);
    free(hidden);
    char *copy = joined(fw_sv_of(place, parent.n + name.n), "");
    enum fw_err err = path && copy ? FW_OK : FW_ERR_MEMORY;
    if (err == FW_OK) {
        sweep(parent, name);
    }
    int fd = -1;
    for (int tries = 0; err == FW_OK && fd < 0; tries++) {
        err = tries < OPEN_TRIES ? fw_dir_make(path) : FW_ERR_BUSY;
        fd = err == FW_OK ? lock_folder(path, true) : -1;
        struct stat st;
        if (fd >= 0 && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))) {
            close(fd); /* swept between */
            fd = -1;
        }
    }
    if (err != FW_OK) {
        free(path);
        free(copy);
        return err;
    }
    *staging = (struct fw_staging){path, copy, fd};
    return FW_OK;
}

static void end(struct fw_staging *staging)
{
    close(staging->lock);
    free(staging->path);
    free(staging->place);
}

enum fw_err fw_staging_commit(struct fw_staging *staging)
{
    enum fw_err err = fw_dir_replace(staging->path, staging->place);
    if (err != FW_OK) {
        (void)fw_dir_remove(staging->path);
    }
    end(staging);
    return err;
}

void fw_staging_drop(struct fw_staging *staging)
{
    (void)fw_dir_remove(staging->path);
    end(staging);
}
