/* Finding the corpus: real configurations and logs that are no part of the project. */
#ifndef FW_TESTS_CORPUS_CORPUS_H
#define FW_TESTS_CORPUS_CORPUS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"

enum { CORPUS_SKIPPED = 77 }; /* what Meson takes for "skipped" */

/* $FWPROOF_CORPUS, or ../shared/corpus beside the project. NULL, and a line that says so, when it
 * is absent. */
const char *corpus_root(void);

struct corpus_file {
    fw_sv path; /* absolute, NUL-terminated */
    fw_sv name; /* below the root */
    bool input; /* the manifest's role is input */
};

struct corpus_files {
    size_t n;
    struct corpus_file *v; /* in the manifest's order */
};

/* The files of MANIFEST.jsonl whose path starts with the folder. */
bool corpus_list(struct fw_arena *arena, const char *root, const char *folder,
                 struct corpus_files *ret);
/* Both, for a program about one folder, and the arena is made ready: 0, or what main returns. */
int corpus_open(struct fw_arena *arena, const char *folder, struct corpus_files *ret);
/* The same for one that takes the inputs of a folder one by one. */
typedef void corpus_take(struct fw_arena *arena, const struct corpus_file *file, void *context);
int corpus_inputs(const char *folder, corpus_take *take, void *context);
/* The whole file, NUL-terminated; {0} when it cannot be read. */
fw_sv corpus_read(struct fw_arena *arena, const char *path);

#endif
