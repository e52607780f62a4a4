/*
 * The versions of one file that commits of a git repository hold (Oxidized, RANCID). A repository
 * is read, never written; nothing of it is run, no configuration of a user or of the system counts.
 *
 * What counts as the history is the line of first parents from a branch: on a repository that a
 * program writes there is no other.
 */
#ifndef FW_CORE_GIT_H
#define FW_CORE_GIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"

enum fw_git_state {
    FW_GIT_FILE,
    FW_GIT_GONE,   /* from this commit on the file was not there */
    FW_GIT_OTHER,  /* a symbolic link, a folder or another repository is in its place */
    FW_GIT_BROKEN, /* it cannot be read: damaged, absent or too large */
    FW_GIT_STATE_COUNT
};

struct fw_git_version {
    fw_sv commit; /* the first one that has it, in hexadecimal */
    int64_t ns;   /* when that was committed; never after what followed it */
    fw_sv author; /* as the commit spells it, name and address */
    enum fw_git_state state;
    fw_sv bytes; /* of a FILE */
};

struct fw_git_versions {
    size_t n;
    struct fw_git_version *v; /* oldest first */
    bool older; /* there may be older ones in the window: a limit was reached, or a commit is broken
                 */
};

/* Those that were committed up to to_ns and after from_ns, and the one that was current at from_ns
 * (INT64_MIN: all). branch {0}: the one that is checked out. FW_ERR_INVALID: no repository, or no
 * such branch; *why says it. FW_ERR_LIMIT never: what was read until then is handed out. */
enum fw_err fw_git_versions(struct fw_arena *arena, const char *repository, fw_sv branch,
                            fw_sv file, int64_t from_ns, int64_t to_ns, struct fw_git_versions *ret,
                            struct fw_buf *why);

/* The bytes that one commit has of a file; FW_ERR_NOENT: it is not there. */
enum fw_err fw_git_file(struct fw_arena *arena, const char *repository, fw_sv commit, fw_sv file,
                        fw_sv *ret);
bool fw_git_is_repository(const char *path);
const char *fw_git_state_name(enum fw_git_state state);

#endif
