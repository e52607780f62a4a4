/* Running an outside program: an absolute path, an argv, a fixed environment, bytes on stdin. Never
 * a shell. */
#ifndef FW_EVIDENCE_SPAWN_H
#define FW_EVIDENCE_SPAWN_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"

struct fw_spawn {
    const char *const *argv; /* argv[0] is the absolute path; ends with NULL */
    const char *const *envp; /* the whole environment; ends with NULL */
    fw_sv input;             /* on standard input */
    bool keep_stderr;        /* the program may talk to the person on ours */
};

/* Waits for the program. Output beyond 1 MB is dropped. ret_errors may be NULL with keep_stderr.
 * FW_OK: it ran, *ret_status is its exit status (128 + signal when killed). */
enum fw_err fw_spawn_run(const struct fw_spawn *spawn, struct fw_buf *ret_output,
                         struct fw_buf *ret_errors, int *ret_status);
/* The first of the usual places (/usr/bin, /bin, /usr/local/bin, …) where an executable of this
 * name is; NULL. Never PATH. The text lives as long as the program. */
const char *fw_spawn_find(const char *name, char *buffer, size_t size);

#endif
