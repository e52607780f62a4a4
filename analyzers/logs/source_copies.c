/* Which files hold what another one holds? */
#include <stdlib.h>
#include <string.h>

#include "analyzers/logs/source_view_impl.h"

/* The lines, where their tree was made: a file and its packed copy are one. Else what is stored. */
static const uint8_t *content(const struct fw_view_file *file)
{
    return file->has_lines_root ? file->lines_root.b : file->sha256.b;
}

static int by_content(const void *a, const void *b)
{
    const struct fw_view_keeper *x = a;
    const struct fw_view_keeper *y = b;
    int order = memcmp(content(x->file), content(y->file), sizeof(fw_sha256));
    return order != 0 ? order : fw_sv_cmp(x->file->path, y->file->path);
}

struct fw_view_keeper *fw_source_keepers(struct fw_arena *arena, const struct fw_view_file *files,
                                         size_t n)
{
    struct fw_view_keeper *v = fw_new_array(arena, n + 1, struct fw_view_keeper);
    for (size_t i = 0; i < n; i++) {
        v[i].file = &files[i];
    }
    qsort(v, n, sizeof(v[0]), by_content);
    for (size_t i = 1; i < n; i++) {
        if (memcmp(content(v[i - 1].file), content(v[i].file), sizeof(fw_sha256)) == 0) {
            v[i].same_as = v[i - 1].same_as ? v[i - 1].same_as : v[i - 1].file;
        }
    }
    return v;
}

void fw_source_copies(struct fw_view_making *m, const struct fw_view_keeper *keepers, size_t n)
{
    fw_sv *v = NULL;
    for (size_t i = 0; i < n; i++) {
        bool ours = false;
        for (size_t k = 0; keepers[i].same_as && k < m->nshares && !ours; k++) {
            ours = m->shares[k].file == keepers[i].same_as;
        }
        if (ours) {
            v = fw_arena_push(m->arena, v, m->view->nduplicates, sizeof(v[0]));
            v[m->view->nduplicates++] = keepers[i].file->path;
        }
    }
    if (m->view->nduplicates > 0) {
        qsort(v, m->view->nduplicates, sizeof(v[0]), fw_sv_order);
    }
    m->view->duplicates = v;
}
