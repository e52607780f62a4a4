/* Answers: what are a path's folder, its name, and its place below another, judged by the text
 * alone? */
#include <string.h>

#include "core/walk.h"

fw_sv fw_path_dir(fw_sv path)
{
    size_t n = path.n;
    while (n > 1 && path.p[n - 1] == '/') {
        n--;
    }
    while (n > 0 && path.p[n - 1] != '/') {
        n--;
    }
    while (n > 1 && path.p[n - 1] == '/') {
        n--;
    }
    return n == 0 ? FW_SV(".") : fw_sv_of(path.p, n);
}

fw_sv fw_path_name(fw_sv path)
{
    size_t n = path.n;
    while (n > 1 && path.p[n - 1] == '/') {
        n--;
    }
    size_t from = n;
    while (from > 0 && path.p[from - 1] != '/') {
        from--;
    }
    return fw_sv_of(path.p + from, n - from);
}

fw_sv fw_path_below(fw_sv dir, fw_sv path)
{
    bool below = dir.n > 0 && path.n > dir.n + 1 && path.p[dir.n] == '/' &&
                 memcmp(path.p, dir.p, dir.n) == 0;
    return below ? fw_sv_sub(path, dir.n + 1, path.n) : path;
}

/* Appends the components of part to the path in to[0..n), which "." and ".." shorten. */
static size_t add_components(char *to, size_t n, bool absolute, fw_sv part)
{
    fw_sv component;
    while (fw_sv_split(&part, '/', &component)) {
        if (component.n == 0 || fw_sv_is(component, ".")) {
            continue;
        }
        if (fw_sv_is(component, "..")) {
            fw_sv last = fw_path_name(fw_sv_of(to, n));
            if (n > 0 && !fw_sv_is(last, "..") && !fw_sv_is(last, "/")) {
                n -= last.n;
                n -= n > 1 ? 1 : 0;
                continue;
            }
            if (absolute) {
                continue; /* above the root is the root */
            }
        }
        if (n > 0 && to[n - 1] != '/') {
            to[n++] = '/';
        }
        memcpy(to + n, component.p, component.n);
        n += component.n;
    }
    return n;
}

fw_sv fw_path_join(struct fw_arena *arena, fw_sv base, fw_sv relative)
{
    if (fw_sv_starts(relative, "/")) {
        return fw_arena_copy(arena, relative);
    }
    char *to = fw_arena_alloc(arena, base.n + relative.n + 4);
    bool absolute = fw_sv_starts(base, "/");
    size_t n = 0;
    if (absolute) {
        to[n++] = '/';
    }
    n = add_components(to, n, absolute, base);
    n = add_components(to, n, absolute, relative);
    if (n == 0) {
        to[n++] = '.';
    }
    to[n] = '\0';
    return fw_sv_of(to, n);
}
