/* Finding the files that paths, folders and glob patterns name, in one fixed order. */
#ifndef FW_CORE_WALK_H
#define FW_CORE_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/sv.h"

struct fw_paths {
    size_t n;
    fw_sv *v; /* NUL-terminated, sorted naturally (fw.log.2 before fw.log.10) */
};

/* A folder is walked: regular files only; symbolic links to folders are not followed; names that
 * begin with a dot (.git, .fwproof, an editor's files) are left out. A file that is reached twice,
 * also by a link, is named once. A named file names itself whatever it is; "-" is kept. A missing
 * path and a folder that cannot be read are reported and counted, the rest goes on. */
enum fw_err fw_walk(struct fw_arena *arena, const char *const *paths, size_t n,
                    struct fw_diags *diags, struct fw_paths *ret, uint64_t *ret_missing);
/* A glob below a base folder, or an absolute one: * ? [a-z] [!a-z] in a component, ** for any
 * folders, backslash for the character itself. A leading dot must be written. FW_ERR_INVALID for
 * ".." after a wildcard; FW_ERR_LIMIT (with what was found) when WALK_DEPTH or FILES was reached.
 */
enum fw_err fw_glob(struct fw_arena *arena, const char *base, fw_sv pattern, struct fw_paths *ret);
bool fw_glob_match(fw_sv pattern, fw_sv path);
/* base/relative with "." and ".." resolved as text; an absolute path stays. */
fw_sv fw_path_join(struct fw_arena *arena, fw_sv base, fw_sv relative);
/* The path without the folder before it, where that is the one it stands in. */
fw_sv fw_path_below(fw_sv dir, fw_sv path);
fw_sv fw_path_dir(fw_sv path);
fw_sv fw_path_name(fw_sv path);

#endif
