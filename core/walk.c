/* Answers: which files do paths, folders and patterns name, in an order that is the same
 * everywhere? */
#include "core/walk.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/limits.h"
#include "core/text.h"

struct found {
    fw_sv path;
    dev_t device;
    ino_t inode;
    bool link; /* reached through a symbolic link */
    bool keep;
};

struct walk {
    struct fw_arena *arena;
    struct fw_diags *diags; /* NULL: nobody listens */
    struct found *v;
    size_t n;
    uint64_t missing;
    DIR *dir;     /* open only while names are read */
    bool full;    /* FILES was reached */
    bool limited; /* any limit was reached */
};

struct names {
    size_t n;
    fw_sv *v;
};

/* [a-z], [!a-z], ] first is itself. True with the end when the class is closed. */
static bool class_match(fw_sv *pattern, uint32_t c, bool *ret)
{
    fw_sv at = *pattern;
    bool negated = at.n > 0 && (at.p[0] == '!' || at.p[0] == '^');
    if (negated) {
        fw_utf8_next(&at);
    }
    bool in = false;
    for (bool first = true; at.n > 0; first = false) {
        uint32_t lo = fw_utf8_next(&at);
        if (lo == ']' && !first) {
            *pattern = at;
            *ret = in != negated;
            return true;
        }
        if (lo == '\\' && at.n > 0) {
            lo = fw_utf8_next(&at);
        }
        uint32_t hi = lo;
        if (at.n > 1 && at.p[0] == '-' && at.p[1] != ']') {
            fw_utf8_next(&at);
            hi = fw_utf8_next(&at);
        }
        in = in || (c >= lo && c <= hi);
    }
    return false;
}

/* Cuts one pattern element and one character; true when they agree. */
static bool one_match(fw_sv *pattern, fw_sv *name)
{
    if (name->n == 0 || pattern->n == 0) {
        return false;
    }
    uint32_t c = fw_utf8_next(name);
    uint32_t p = fw_utf8_next(pattern);
    bool in;
    if (p == '?') {
        return true;
    }
    if (p == '[' && class_match(pattern, c, &in)) {
        return in;
    }
    if (p == '\\' && pattern->n > 0) {
        p = fw_utf8_next(pattern);
    }
    return p == c;
}

/* Goes back to the last star only: what earlier stars took need never change, so the time is
 * bounded by pattern times name, whatever the pattern. */
static bool component_match(fw_sv pattern, fw_sv name)
{
    if (name.n > 0 && name.p[0] == '.' && !(pattern.n > 0 && pattern.p[0] == '.') &&
        !fw_sv_starts(pattern, "\\.")) {
        return false;
    }
    fw_sv star_pattern = {0};
    fw_sv star_name = {0};
    for (;;) {
        if (pattern.n > 0 && pattern.p[0] == '*') {
            pattern = fw_sv_of(pattern.p + 1, pattern.n - 1);
            star_pattern = pattern;
            star_name = name;
            continue;
        }
        if (pattern.n == 0 && name.n == 0) {
            return true;
        }
        if (one_match(&pattern, &name)) {
            continue;
        }
        if (!star_pattern.p || star_name.n == 0) {
            return false;
        }
        fw_utf8_next(&star_name);
        pattern = star_pattern;
        name = star_name;
    }
}

/* Cuts the next component; false when none is left. */
static bool component_next(fw_sv *path, fw_sv *ret)
{
    while (path->n > 0 && path->p[0] == '/') {
        *path = fw_sv_of(path->p + 1, path->n - 1);
    }
    return path->n > 0 && fw_sv_split(path, '/', ret);
}

static bool is_hidden(fw_sv name)
{
    return name.n > 0 && name.p[0] == '.';
}

bool fw_glob_match(fw_sv pattern, fw_sv path)
{
    if (fw_sv_starts(pattern, "/") != fw_sv_starts(path, "/")) {
        return false;
    }
    fw_sv deep_pattern = {0};
    fw_sv deep_path = {0};
    for (;;) {
        fw_sv part = {0};
        fw_sv name = {0};
        fw_sv pattern_rest = pattern;
        fw_sv path_rest = path;
        bool has_part = component_next(&pattern_rest, &part);
        bool has_name = component_next(&path_rest, &name);
        if (has_part && fw_sv_is(part, "**")) {
            /* At the end, ** stands for the file too, so it needs one component. */
            deep_pattern = fw_sv_trim(pattern_rest).n == 0 ? FW_SV("*") : pattern_rest;
            deep_path = path;
            pattern = deep_pattern;
            continue;
        }
        if (!has_part && !has_name) {
            return true;
        }
        if (has_part && has_name && component_match(part, name)) {
            pattern = pattern_rest;
            path = path_rest;
            continue;
        }
        fw_sv skipped;
        if (!deep_pattern.p || !component_next(&deep_path, &skipped) || is_hidden(skipped)) {
            return false;
        }
        pattern = deep_pattern;
        path = deep_path;
    }
}

static void report(struct walk *walk, enum fw_diag_id id, fw_sv path, const char *what)
{
    fw_span none = {0};
    fw_sv no_line = {0};
    if (walk->diags) {
        fw_diag_report(walk->diags, id, path, none, no_line, 0, "%s", what);
    }
}

static void report_errno(struct walk *walk, fw_sv path, int errnum)
{
    report(walk, FW_DIAG_ID_FILE_UNREADABLE, path, fw_err_text(fw_err_from_errno(errnum)));
}

static void report_full(struct walk *walk, fw_sv path)
{
    if (!walk->full) {
        report(walk, FW_DIAG_ID_LIMIT_REACHED, path,
               "too many files below the named paths (FILES); this one and later ones are left"
               " out");
    }
    walk->full = true;
    walk->limited = true;
}

static void add(struct walk *walk, fw_sv path, const struct stat *st, bool link)
{
    if (walk->n >= FW_LIMIT_FILES) {
        report_full(walk, path);
        return;
    }
    walk->v = fw_arena_push(walk->arena, walk->v, walk->n, sizeof(*walk->v));
    walk->v[walk->n++] = (struct found){
        .path = fw_arena_copy(walk->arena, path),
        .device = st ? st->st_dev : 0,
        .inode = st ? st->st_ino : 0,
        .link = link,
        .keep = true,
    };
}

static int by_name(const void *a, const void *b)
{
    const fw_sv *left = a;
    const fw_sv *right = b;
    int order = fw_sv_cmp_natural(*left, *right);
    return order != 0 ? order : fw_sv_cmp(*left, *right);
}

/* Everything in the folder except . and .., sorted. Returns an errno. */
static int names_read(struct walk *walk, fw_sv folder, struct names *ret)
{
    struct names names = {0};
    walk->dir = opendir(folder.p);
    if (!walk->dir) {
        return errno;
    }
    int error = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(walk->dir);
        if (!entry) {
            error = errno;
            break;
        }
        if (names.n > FW_LIMIT_FILES) { /* which ones came first is nobody's order */
            report_full(walk, folder);
            names.n = 0;
            break;
        }
        fw_sv name = fw_sv_from(entry->d_name);
        if (!fw_sv_is(name, ".") && !fw_sv_is(name, "..")) {
            names.v = fw_arena_push(walk->arena, names.v, names.n, sizeof(*names.v));
            names.v[names.n++] = fw_arena_copy(walk->arena, name);
        }
    }
    closedir(walk->dir);
    walk->dir = NULL;
    if (error == 0 && names.n > 0) {
        qsort(names.v, names.n, sizeof(*names.v), by_name);
    }
    *ret = names;
    return error;
}

/* folder/name; the name alone in the empty folder. */
static fw_sv child(struct walk *walk, fw_sv folder, fw_sv name)
{
    size_t n = folder.n + name.n + 2;
    char *to = fw_arena_alloc(walk->arena, n);
    size_t at = 0;
    if (folder.n > 0) {
        memcpy(to, folder.p, folder.n);
        at = folder.n;
        if (to[at - 1] != '/') {
            to[at++] = '/';
        }
    }
    memcpy(to + at, name.p, name.n);
    return fw_sv_of(to, at + name.n);
}

enum kind { KIND_OTHER, KIND_FILE, KIND_FOLDER };

/* What a walk may do with a name it found. */
static enum kind look(struct walk *walk, fw_sv path, bool follow, struct stat *st, bool *ret_link)
{
    if (lstat(path.p, st) != 0) {
        report_errno(walk, path, errno);
        return KIND_OTHER;
    }
    *ret_link = S_ISLNK(st->st_mode);
    if (*ret_link && stat(path.p, st) != 0) {
        report(walk, FW_DIAG_ID_FILE_UNREADABLE, path, "a symbolic link that leads nowhere");
        return KIND_OTHER;
    }
    if (S_ISREG(st->st_mode)) {
        return KIND_FILE;
    }
    return S_ISDIR(st->st_mode) && (follow || !*ret_link) ? KIND_FOLDER : KIND_OTHER;
}

static bool too_deep(struct walk *walk, fw_sv path, unsigned depth)
{
    if (depth < FW_LIMIT_WALK_DEPTH) {
        return false;
    }
    walk->limited = true;
    report(walk, FW_DIAG_ID_LIMIT_REACHED, path, "folders are nested too deep (WALK_DEPTH)");
    return true;
}

static void walk_folder(struct walk *walk, fw_sv folder, unsigned depth)
{
    struct names names;
    int error = names_read(walk, folder, &names);
    if (error != 0) {
        walk->missing++;
        report_errno(walk, folder, error);
        return;
    }
    for (size_t i = 0; i < names.n && !walk->full; i++) {
        if (is_hidden(names.v[i])) {
            continue;
        }
        fw_sv path = child(walk, folder, names.v[i]);
        struct stat st;
        bool link = false;
        enum kind kind = look(walk, path, false, &st, &link);
        if (kind == KIND_FILE) {
            add(walk, path, &st, link);
        } else if (kind == KIND_FOLDER && !too_deep(walk, path, depth + 1)) {
            walk_folder(walk, path, depth + 1);
        }
    }
}

static void walk_named(struct walk *walk, const char *path)
{
    fw_sv name = fw_sv_from(path);
    struct stat st;
    if (fw_sv_is(name, "-")) {
        add(walk, name, NULL, false);
    } else if (stat(path, &st) != 0) {
        walk->missing++;
        report_errno(walk, name, errno);
    } else if (S_ISDIR(st.st_mode)) {
        walk_folder(walk, name, 0);
    } else {
        struct stat own;
        add(walk, name, &st, lstat(path, &own) == 0 && S_ISLNK(own.st_mode));
    }
}

static bool has_wildcard(fw_sv part)
{
    for (size_t i = 0; i < part.n; i++) {
        if (memchr("*?[\\", part.p[i], 4)) {
            return true;
        }
    }
    return false;
}

static void glob_below(struct walk *walk, fw_sv folder, fw_sv pattern, unsigned depth);

/* One name of a folder against the first part of the pattern. */
static void glob_name(struct walk *walk, fw_sv folder, fw_sv name, fw_sv part, fw_sv rest,
                      unsigned depth)
{
    bool deep = fw_sv_is(part, "**");
    bool last = rest.n == 0;
    if (deep ? is_hidden(name) : !component_match(part, name)) {
        return;
    }
    fw_sv path = child(walk, folder, name);
    struct stat st;
    bool link = false;
    enum kind kind = look(walk, path, !deep && !has_wildcard(part), &st, &link);
    if (kind == KIND_FILE && last) {
        add(walk, path, &st, link);
    } else if (kind == KIND_FOLDER && deep && !too_deep(walk, path, depth + 1)) {
        glob_below(walk, path, fw_sv_of(part.p, part.n + (last ? 0 : rest.n + 1)), depth + 1);
    } else if (kind == KIND_FOLDER && !deep && !last && !too_deep(walk, path, depth + 1)) {
        glob_below(walk, path, rest, depth + 1);
    }
}

static void glob_below(struct walk *walk, fw_sv folder, fw_sv pattern, unsigned depth)
{
    fw_sv rest = pattern;
    fw_sv part;
    if (!component_next(&rest, &part)) {
        return;
    }
    struct names names;
    if (names_read(walk, folder.n > 0 ? folder : FW_SV("."), &names) != 0) {
        return; /* a folder that is not there holds no match */
    }
    /* ** may also stand for no folder at all. */
    if (fw_sv_is(part, "**") && rest.n > 0) {
        glob_below(walk, folder, rest, depth);
    }
    for (size_t i = 0; i < names.n && !walk->full; i++) {
        glob_name(walk, folder, names.v[i], part, rest, depth);
    }
}

static int by_path(const void *a, const void *b)
{
    const struct found *left = a;
    const struct found *right = b;
    return by_name(&left->path, &right->path);
}

/* The same file together, the name to keep first: its own name before a link's. */
static int by_file(const void *a, const void *b)
{
    const struct found *left = *(const struct found *const *)a;
    const struct found *right = *(const struct found *const *)b;
    if (left->device != right->device) {
        return left->device < right->device ? -1 : 1;
    }
    if (left->inode != right->inode) {
        return left->inode < right->inode ? -1 : 1;
    }
    if (left->link != right->link) {
        return left->link ? 1 : -1;
    }
    return by_name(&left->path, &right->path);
}

/* Each file once, by path. Inode numbers decide what is the same, never what comes first. */
static struct fw_paths finish(struct walk *walk)
{
    struct fw_paths paths = {0};
    if (walk->n == 0) {
        return paths;
    }
    struct found **v = fw_new_array(walk->arena, walk->n, struct found *);
    for (size_t i = 0; i < walk->n; i++) {
        v[i] = &walk->v[i];
    }
    qsort(v, walk->n, sizeof(*v), by_file);
    for (size_t i = 1; i < walk->n; i++) {
        bool same = v[i]->device == v[i - 1]->device && v[i]->inode == v[i - 1]->inode;
        v[i]->keep = !same;
    }
    qsort(walk->v, walk->n, sizeof(*walk->v), by_path);
    paths.v = fw_new_array(walk->arena, walk->n, fw_sv);
    for (size_t i = 0; i < walk->n; i++) {
        if (walk->v[i].keep) {
            paths.v[paths.n++] = walk->v[i].path;
        }
    }
    return paths;
}

struct job {
    struct walk walk;
    const char *const *paths; /* NULL: a glob */
    size_t n;
    fw_sv folder, pattern;
    struct fw_paths found;
};

static void job_run(struct job *job)
{
    for (size_t i = 0; job->paths && i < job->n; i++) {
        walk_named(&job->walk, job->paths[i]);
    }
    if (!job->paths) {
        glob_below(&job->walk, job->folder, job->pattern, 0);
    }
    job->found = finish(&job->walk);
}

/* An arena that runs out jumps past us; then an open folder would be lost. So the jump is caught.
 */
static enum fw_err job_guard(struct job *job)
{
    struct fw_arena *arena = job->walk.arena;
    struct fw_guard *outer = arena->guard;
    struct fw_guard guard;
    if (setjmp(guard.jump) != 0) {
        arena->guard = outer;
        if (job->walk.dir) {
            closedir(job->walk.dir);
        }
        return FW_ERR_MEMORY;
    }
    arena->guard = &guard;
    job_run(job);
    arena->guard = outer;
    return FW_OK;
}

enum fw_err fw_walk(struct fw_arena *arena, const char *const *paths, size_t n,
                    struct fw_diags *diags, struct fw_paths *ret, uint64_t *ret_missing)
{
    struct job job = {.walk = {.arena = arena, .diags = diags}, .paths = paths, .n = n};
    assert(paths);
    enum fw_err err = job_guard(&job);
    if (err == FW_OK) {
        *ret = job.found;
        *ret_missing = job.walk.missing;
    }
    return err;
}

/* Whether a ".." stands where nobody can say what it leaves. */
static bool has_parent(fw_sv pattern)
{
    fw_sv part;
    while (component_next(&pattern, &part)) {
        if (fw_sv_is(part, "..")) {
            return true;
        }
    }
    return false;
}

enum fw_err fw_glob(struct fw_arena *arena, const char *base, fw_sv pattern, struct fw_paths *ret)
{
    struct job job = {.walk = {.arena = arena}};
    fw_sv part;
    fw_sv rest = pattern;
    /* Folders before the first wildcard belong to the base, where ".." has a meaning. */
    size_t literal = fw_sv_starts(pattern, "/") ? 1 : 0;
    while (component_next(&rest, &part) && !has_wildcard(part) && rest.n > 0) {
        literal = (size_t)(rest.p - pattern.p);
    }
    job.folder = fw_path_join(arena, fw_sv_from(base), fw_sv_sub(pattern, 0, literal));
    job.folder = fw_sv_is(job.folder, ".") ? FW_SV("") : job.folder;
    job.pattern = fw_sv_sub(pattern, literal, pattern.n - literal);
    if (has_parent(job.pattern)) {
        return FW_ERR_INVALID;
    }
    enum fw_err err = job_guard(&job);
    if (err == FW_OK) {
        *ret = job.found;
        err = job.walk.limited ? FW_ERR_LIMIT : FW_OK;
    }
    return err;
}
