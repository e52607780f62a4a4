/*
 * The versions of a configuration that a review reads: files as they are declared, and what a git
 * repository holds of a file. A review is made again without the repository: which versions there
 * were, and who committed them when, stands in a list that every pack keeps (PATH@versions), and
 * the versions themselves are inputs of their own (PATH@COMMIT). Where these two lie as files in
 * the place of the repository, they are read instead of it.
 */
#ifndef FW_EVIDENCE_HISTORY_H
#define FW_EVIDENCE_HISTORY_H

#include "core/diag.h"
#include "core/git.h"
#include "parsers/site.h"

struct fw_config_version {
    fw_sv path;           /* as declared; PATH@COMMIT */
    fw_sv real_path;      /* to open it; reaches no output */
    const fw_sv *stored;  /* its bytes, when it lies in no file of its own; NULL: it does */
    int64_t taken_ns;     /* INT64_MIN: not said */
    fw_sv commit, author; /* {0}: of no repository */
    enum fw_git_state state;
};

struct fw_config_versions {
    size_t n;
    struct fw_config_version *v; /* oldest first, where all say when they were taken */
    bool cut;                    /* there are older ones in the period that cannot be read */
    size_t nlists;
    struct fw_config_version *lists; /* PATH@versions */
};

/* What the site declares for a device: of a repository what was committed in the period and up to
 * the date counted from, and what was current before. Trouble is reported. */
void fw_config_versions_find(struct fw_arena *arena, const struct fw_site *site,
                             const struct fw_site_device *device, int64_t as_of_ns,
                             struct fw_diags *diags, struct fw_config_versions *ret);

/* The bytes of PATH@COMMIT, where a part of PATH below dir is a repository. */
enum fw_err fw_config_version_read(struct fw_arena *arena, fw_sv dir, fw_sv path, fw_sv *ret);

#endif
