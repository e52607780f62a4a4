/* Answers: which versions of a device's configuration are there to be read? The list of those from
 * a repository reads like this:
 *
 *   commit                                      time                    author state
 *   8c9f0e1f6a1b2c3d4e5f60718293a4b5c6d7e8f9    2026-05-04T02:10:11Z    王大明
 * <wang@agency.example>    file
 */
#include "evidence/history.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/source.h"
#include "core/text.h"
#include "core/time.h"
#include "core/walk.h"
#include "evidence/cells.h"
#include "evidence/custody.h"

#define LIST_HEADER "commit\ttime\tauthor\tstate\n"
/* In the place of a commit: older versions are there and could not be read. */
#define LIST_OLDER "older"

enum { LIST_COMMIT, LIST_TIME, LIST_AUTHOR, LIST_STATE, LIST_COLUMNS };

struct finder {
    struct fw_arena *arena;
    const struct fw_site *site;
    int64_t as_of_ns;
    struct fw_diags *diags;
    struct fw_config_versions *ret;
};

/* What is declared, and where it lies. */
struct place {
    const struct fw_site_history *declared;
    fw_sv shown;      /* repository and file, below the site file's folder */
    fw_sv repository; /* to open it */
    fw_sv file;       /* likewise, as if it were one */
};

static void report(struct finder *f, enum fw_diag_id id, fw_sv path, const char *what)
{
    fw_diag_report(f->diags, id, path, (fw_span){0}, (fw_sv){0}, 0, "%s", what);
}

static struct fw_config_version *push(struct fw_arena *arena, struct fw_config_version **v,
                                      size_t *n, const struct fw_config_version *one)
{
    *v = fw_arena_push(arena, *v, *n, sizeof(**v));
    (*v)[*n] = *one;
    return &(*v)[(*n)++];
}

static void add_version(struct finder *f, const struct place *place, fw_sv commit, fw_sv author,
                        int64_t ns, enum fw_git_state state, const fw_sv *stored)
{
    const struct fw_config_version version = {
        .path = fw_arena_printf(f->arena, "%.*s@%.*s", FW_SV_ARG(place->shown), FW_SV_ARG(commit)),
        .real_path = fw_arena_printf(f->arena, "%.*s@%.*s", FW_SV_ARG(place->file),
                                     FW_SV_ARG(commit)),
        .stored = stored,
        .taken_ns = ns,
        .commit = commit,
        .author = author,
        .state = state,
    };
    push(f->arena, &f->ret->v, &f->ret->n, &version);
}

static struct fw_config_version *add_list(struct finder *f, const struct place *place)
{
    const struct fw_config_version list = {
        .path = fw_arena_printf(f->arena, "%.*s@versions", FW_SV_ARG(place->shown)),
        .real_path = fw_arena_printf(f->arena, "%.*s@versions", FW_SV_ARG(place->file)),
        .taken_ns = INT64_MIN,
    };
    return push(f->arena, &f->ret->lists, &f->ret->nlists, &list);
}

static const fw_sv *keep(struct fw_arena *arena, fw_sv bytes)
{
    fw_sv *ret = fw_new(arena, fw_sv);
    *ret = bytes;
    return ret;
}

/* --- from the repository -------------------------------------------------------------------- */

static fw_sv list_text(struct fw_arena *arena, const struct fw_git_versions *versions)
{
    struct fw_buf out;
    fw_buf_init(&out);
    fw_buf_add_cstr(&out, LIST_HEADER);
    if (versions->older) {
        fw_buf_add_cstr(&out, LIST_OLDER "\t\t\t\n");
    }
    for (size_t i = 0; i < versions->n; i++) {
        const struct fw_git_version *version = &versions->v[i];
        fw_buf_add(&out, version->commit);
        fw_buf_add_char(&out, '\t');
        fw_time_text(&out, version->ns);
        fw_custody_cell(&out, version->author);
        fw_custody_cell(&out, fw_sv_from(fw_git_state_name(version->state)));
        fw_buf_add_char(&out, '\n');
    }
    return fw_buf_keep(&out, arena);
}

static fw_sv printable(struct fw_arena *arena, fw_sv text)
{
    struct fw_buf out;
    fw_buf_init(&out);
    fw_text_safe(&out, text);
    return fw_buf_keep(&out, arena);
}

static void find_in_repository(struct finder *f, const struct place *place)
{
    struct fw_git_versions versions;
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_git_versions(f->arena, place->repository.p, place->declared->branch,
                                      place->declared->file, f->site->from_ns, f->as_of_ns,
                                      &versions, &why);
    if (err != FW_OK) {
        report(f, FW_DIAG_ID_FILE_UNREADABLE, place->shown, why.n > 0 ? why.p : fw_err_text(err));
        versions = (struct fw_git_versions){.older = true};
    } else if (versions.older) {
        report(f, FW_DIAG_ID_LIMIT_REACHED, place->shown,
               "older versions were not read: a commit is not there, or more than the limits "
               "GIT_COMMITS or GIT_VERSIONS allow");
    }
    fw_buf_clear(&why);
    add_list(f, place)->stored = keep(f->arena, list_text(f->arena, &versions));
    f->ret->cut = f->ret->cut || versions.older;
    for (size_t i = 0; i < versions.n; i++) {
        const struct fw_git_version *version = &versions.v[i];
        add_version(f, place, version->commit, printable(f->arena, version->author), version->ns,
                    version->state, keep(f->arena, version->bytes));
    }
}

/* --- from a list of versions that was kept -------------------------------------------------- */

static enum fw_git_state state_named(fw_sv name)
{
    size_t state = 0;
    while (state < FW_GIT_BROKEN && !fw_sv_is(name, fw_git_state_name((enum fw_git_state)state))) {
        state++;
    }
    return (enum fw_git_state)state;
}

static bool is_commit(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!fw_is_digit(text.p[i]) && (text.p[i] < 'a' || text.p[i] > 'f')) {
            return false;
        }
    }
    return text.n > 0;
}

static void find_in_list(struct finder *f, const struct place *place)
{
    struct fw_source_info info;
    struct fw_config_version *list = add_list(f, place);
    fw_sv text, line;
    enum fw_err err = fw_source_load(list->real_path.p, FW_LIMIT_CONFIG_BYTES, f->arena, &text,
                                     &info);
    bool good = err == FW_OK && fw_sv_starts(text, LIST_HEADER);
    text = good ? fw_sv_sub(text, strlen(LIST_HEADER), SIZE_MAX) : FW_SV("");
    while (good && fw_cells_line(&text, &line)) {
        fw_sv cells[LIST_COLUMNS];
        int64_t ns;
        good = fw_cells_cut(line, LIST_COLUMNS, cells);
        if (good && fw_sv_is(cells[LIST_COMMIT], LIST_OLDER)) {
            f->ret->cut = true;
            continue;
        }
        good = good && is_commit(cells[LIST_COMMIT]) &&
               fw_time_parse(cells[LIST_TIME], 0, false, &ns);
        if (good) {
            add_version(f, place, cells[LIST_COMMIT], cells[LIST_AUTHOR], ns,
                        state_named(cells[LIST_STATE]), NULL);
        }
    }
    if (!good) {
        report(f, FW_DIAG_ID_RECORD_INVALID, list->path, "this is no list of versions");
        f->ret->cut = true;
    }
}

/* --- a device ------------------------------------------------------------------------------- */

static void find_history(struct finder *f, const struct fw_site_history *declared)
{
    fw_sv dir = f->site->dir;
    struct place place = {
        .declared = declared,
        .repository = fw_path_join(f->arena, dir, declared->repository),
    };
    place.file = fw_path_join(f->arena, place.repository, declared->file);
    place.shown = fw_path_below(dir, place.file);
    fw_sv list = fw_arena_printf(f->arena, "%.*s@versions", FW_SV_ARG(place.file));
    if (!fw_git_is_repository(place.repository.p) && fw_file_exists(list.p)) {
        find_in_list(f, &place);
    } else {
        find_in_repository(f, &place);
    }
}

static int oldest_first(const void *a, const void *b)
{
    const struct fw_config_version *const *left = a;
    const struct fw_config_version *const *right = b;
    if ((*left)->taken_ns != (*right)->taken_ns) {
        return (*left)->taken_ns < (*right)->taken_ns ? -1 : 1;
    }
    return (*left > *right) - (*left < *right); /* as they are declared, or committed */
}

static void sort(struct fw_arena *arena, struct fw_config_versions *list)
{
    struct fw_config_version *sorted = fw_new_array(arena, list->n + 1, struct fw_config_version);
    const struct fw_config_version **order = fw_new_array(arena, list->n + 1,
                                                          const struct fw_config_version *);
    for (size_t i = 0; i < list->n; i++) {
        order[i] = &list->v[i];
    }
    qsort(order, list->n, sizeof(const struct fw_config_version *), oldest_first);
    for (size_t i = 0; i < list->n; i++) {
        sorted[i] = *order[i];
    }
    list->v = sorted;
}

void fw_config_versions_find(struct fw_arena *arena, const struct fw_site *site,
                             const struct fw_site_device *device, int64_t as_of_ns,
                             struct fw_diags *diags, struct fw_config_versions *ret)
{
    struct finder f = {arena, site, as_of_ns, diags, ret};
    bool dated = true;
    *ret = (struct fw_config_versions){0};
    for (size_t i = 0; i < device->nsnapshots; i++) {
        const struct fw_site_snapshot *declared = &device->snapshots[i];
        const struct fw_config_version file = {
            .path = declared->path,
            .real_path = fw_path_join(arena, site->dir, declared->path),
            .taken_ns = declared->taken_ns,
        };
        if (declared->history) {
            find_history(&f, declared->history);
        } else {
            dated = dated && declared->taken_ns != INT64_MIN;
            push(arena, &ret->v, &ret->n, &file);
        }
    }
    if (dated && ret->n > 1) {
        sort(arena, ret);
    }
}

enum fw_err fw_config_version_read(struct fw_arena *arena, fw_sv dir, fw_sv path, fw_sv *ret)
{
    size_t end = path.n;
    while (end > 0 && path.p[end - 1] != '@') {
        end--;
    }
    fw_sv commit = fw_sv_sub(path, end, SIZE_MAX);
    if (end == 0 || !is_commit(commit)) {
        return FW_ERR_NOENT;
    }
    fw_sv file = fw_sv_sub(path, 0, end - 1);
    for (size_t at = 0; at < file.n; at++) { /* the repository may be the folder itself */
        bool cut = at == 0 || file.p[at] == '/';
        fw_sv folder = fw_path_join(arena, dir, cut ? fw_sv_sub(file, 0, at) : FW_SV(""));
        fw_sv inside = fw_sv_sub(file, at > 0 ? at + 1 : 0, SIZE_MAX);
        if (cut && fw_git_is_repository(fw_arena_cstr(arena, folder)) &&
            fw_git_file(arena, fw_arena_cstr(arena, folder), commit, inside, ret) == FW_OK) {
            return FW_OK;
        }
    }
    return FW_ERR_NOENT;
}
