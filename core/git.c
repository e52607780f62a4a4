/* Answers: which versions of a file has a git repository, and who committed them when? libgit2
 * reads the objects; how much of them is looked at is bounded here. */
#include "core/git.h"

#include <git2.h>
#include <pthread.h>
#include <string.h>

#include "core/limits.h"
#include "core/time.h"

/* Deeper paths than any collector writes. */
enum { PARTS = 64 };

struct history {
    struct fw_arena *arena;
    git_repository *repository;
    git_odb *odb;
    size_t nparts;
    const char *parts[PARTS]; /* folders, then the name of the file */
    int64_t from_ns, to_ns;
    struct fw_git_versions *ret; /* newest first until it is done */
    git_oid first;               /* the oldest commit seen that has the last of them */
    uint64_t bytes;
};

/* What a commit has in the place of the file. */
struct held {
    enum fw_git_state state;
    git_oid oid;
};

/* A repository of another user's (a collector's) is read like any other file of theirs: nothing in
 * it is run. Configurations of this machine would make the result depend on it. */
static void start(void)
{
    static const git_config_level_t levels[] = {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                                                GIT_CONFIG_LEVEL_GLOBAL,
                                                GIT_CONFIG_LEVEL_PROGRAMDATA};
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
    }
}

static git_repository *open_repository(const char *path)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    git_repository *ret = NULL;
    pthread_once(&once, start);
    return git_repository_open_ext(&ret, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) == 0 ? ret
                                                                                         : NULL;
}

bool fw_git_is_repository(const char *path)
{
    git_repository *repository = open_repository(path);
    git_repository_free(repository);
    return repository != NULL;
}

const char *fw_git_state_name(enum fw_git_state state)
{
    static const char *const names[FW_GIT_STATE_COUNT] = {"file", "gone", "other", "broken"};
    return names[state];
}

/* An object is only read when it is no larger than what of its kind may be: its head says so. */
static bool is_readable(git_odb *odb, const git_oid *oid, git_object_t type, uint64_t most)
{
    size_t size;
    git_object_t is;
    return git_odb_read_header(&size, &is, odb, oid) == 0 && is == type && size <= most;
}

/* What stands under the path below a tree, folder by folder. */
static struct held find_file(const struct history *h, const git_oid *root)
{
    struct held held = {.state = FW_GIT_FILE, .oid = *root};
    for (size_t i = 0; i < h->nparts && held.state == FW_GIT_FILE; i++) {
        git_tree *tree = NULL;
        bool last = i + 1 == h->nparts;
        if (!is_readable(h->odb, &held.oid, GIT_OBJECT_TREE, FW_LIMIT_GIT_OBJECT) ||
            git_tree_lookup(&tree, h->repository, &held.oid) != 0) {
            held.state = FW_GIT_BROKEN;
            break;
        }
        const git_tree_entry *entry = git_tree_entry_byname(tree, h->parts[i]);
        git_filemode_t mode = entry ? git_tree_entry_filemode(entry) : GIT_FILEMODE_UNREADABLE;
        bool file = mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
        if (!entry || (!last && file)) {
            held.state = FW_GIT_GONE;
        } else if (last ? !file : mode != GIT_FILEMODE_TREE) {
            held.state = FW_GIT_OTHER;
        }
        if (entry) {
            held.oid = *git_tree_entry_id(entry);
        }
        git_tree_free(tree);
    }
    return held;
}

static bool same(const struct held *a, const struct held *b)
{
    return a->state == b->state && (a->state == FW_GIT_GONE || git_oid_equal(&a->oid, &b->oid));
}

static bool read_blob(struct history *h, const git_oid *oid, fw_sv *ret)
{
    git_blob *blob = NULL;
    uint64_t most = FW_LIMIT_GIT_BYTES - h->bytes;
    if (!is_readable(h->odb, oid, GIT_OBJECT_BLOB, most) ||
        git_blob_lookup(&blob, h->repository, oid) != 0) {
        return false;
    }
    fw_sv bytes = fw_sv_of(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    h->bytes += bytes.n;
    *ret = bytes.n > 0 ? fw_arena_copy(h->arena, bytes) : FW_SV("");
    git_blob_free(blob);
    return true;
}

static void add_version(struct history *h, const struct held *held)
{
    struct fw_git_versions *ret = h->ret;
    struct fw_git_version version = {.state = held->state};
    if (version.state == FW_GIT_FILE && !read_blob(h, &held->oid, &version.bytes)) {
        version.state = FW_GIT_BROKEN;
    }
    ret->v = fw_arena_push(h->arena, ret->v, ret->n, sizeof(*ret->v));
    ret->v[ret->n++] = version;
}

static int64_t commit_ns(const git_commit *commit)
{
    const int64_t most = INT64_MAX / FW_NS_PER_SEC;
    int64_t seconds = git_commit_time(commit);
    return (seconds > most ? most : seconds < 0 ? 0 : seconds) * FW_NS_PER_SEC;
}

static bool open_commit(struct history *h, const git_oid *oid, git_commit **ret)
{
    return is_readable(h->odb, oid, GIT_OBJECT_COMMIT, FW_LIMIT_GIT_OBJECT) &&
           git_commit_lookup(ret, h->repository, oid) == 0;
}

/* No older commit has the last version: the first one that has it says who made it. */
static void close_version(struct history *h)
{
    git_commit *commit = NULL;
    if (h->ret->n == 0 || !open_commit(h, &h->first, &commit)) {
        return;
    }
    struct fw_git_version *version = &h->ret->v[h->ret->n - 1];
    const git_signature *by = git_commit_author(commit);
    char hex[GIT_OID_HEXSZ + 1];
    git_oid_tostr(hex, sizeof(hex), &h->first);
    version->commit = fw_arena_copy(h->arena, fw_sv_from(hex));
    version->author = by ? fw_arena_printf(h->arena, "%s <%s>", by->name, by->email) : FW_SV("");
    git_commit_free(commit);
}

/* Whether one more version is wanted than those that are known. */
static bool is_wanted(const struct history *h)
{
    return h->ret->n == 0 || h->ret->v[h->ret->n - 1].ns > h->from_ns;
}

/* What a commit holds that is older than all that were read. False: it was the last one needed. */
static bool take(struct history *h, const git_oid *oid, int64_t ns, struct held *now,
                 const struct held *held)
{
    struct fw_git_versions *ret = h->ret;
    if (ret->n == 0 || !same(held, now)) {
        ret->older = is_wanted(h) && ret->n == FW_LIMIT_GIT_VERSIONS;
        if (!is_wanted(h) || ret->older) {
            return false;
        }
        close_version(h);
        add_version(h, held);
        *now = *held;
    }
    h->first = *oid;
    ret->v[ret->n - 1].ns = ns;
    return true;
}

/* From the newest commit back to the one that was current when the window begins. A commit whose
 * clock was ahead of a later one's is moved: the order is that of the commits. */
static void walk(struct history *h, git_oid oid)
{
    struct held now = {0}, held = {0};
    git_oid tree = {0};
    int64_t ns = INT64_MAX;
    bool more = true;
    for (uint64_t n = 0; more; n++) {
        git_commit *commit = NULL;
        if (n >= FW_LIMIT_GIT_COMMITS || !open_commit(h, &oid, &commit)) {
            h->ret->older = is_wanted(h);
            break;
        }
        int64_t own_ns = commit_ns(commit);
        const git_oid *root = git_commit_tree_id(commit);
        ns = own_ns < ns ? own_ns : ns;
        if (n == 0 || !git_oid_equal(root, &tree)) {
            held = find_file(h, root);
            tree = *root;
        }
        more = (ns > h->to_ns || take(h, &oid, ns, &now, &held)) &&
               git_commit_parentcount(commit) > 0;
        if (more) {
            oid = *git_commit_parent_id(commit, 0);
        }
        git_commit_free(commit);
    }
    close_version(h);
}

/* Before the file was there for the first time it was not gone. */
static void turn(struct fw_git_versions *ret)
{
    if (ret->n > 0 && ret->v[ret->n - 1].state == FW_GIT_GONE && !ret->older) {
        ret->n--;
    }
    for (size_t i = 0; i < ret->n / 2; i++) {
        struct fw_git_version version = ret->v[i];
        ret->v[i] = ret->v[ret->n - 1 - i];
        ret->v[ret->n - 1 - i] = version;
    }
}

static bool find_head(struct history *h, fw_sv branch, git_oid *ret)
{
    if (branch.n == 0) {
        return git_reference_name_to_id(ret, h->repository, "HEAD") == 0;
    }
    fw_sv name = fw_arena_printf(h->arena, "refs/heads/%.*s", FW_SV_ARG(branch));
    return git_reference_name_to_id(ret, h->repository, fw_arena_cstr(h->arena, name)) == 0;
}

/* An arena that runs out jumps past us; what libgit2 holds would be lost, so the jump is caught. */
static enum fw_err walk_guarded(struct history *h, const git_oid *head)
{
    struct fw_guard *outer = h->arena->guard;
    struct fw_guard guard;
    if (setjmp(guard.jump) != 0) {
        h->arena->guard = outer;
        return FW_ERR_MEMORY;
    }
    h->arena->guard = &guard;
    walk(h, *head);
    h->arena->guard = outer;
    return FW_OK;
}

static bool split_path(struct history *h, fw_sv file)
{
    fw_sv part;
    while (h->nparts < PARTS && fw_sv_split(&file, '/', &part)) {
        h->parts[h->nparts++] = fw_arena_cstr(h->arena, part);
    }
    return h->nparts > 0 && file.n == 0;
}

/* False, with nothing to be closed: it cannot be read. */
static bool open_history(struct history *h, const char *repository, fw_sv file)
{
    h->repository = split_path(h, file) ? open_repository(repository) : NULL;
    if (h->repository && git_repository_odb(&h->odb, h->repository) != 0) {
        git_repository_free(h->repository);
        h->repository = NULL;
    }
    return h->repository != NULL;
}

static void close_history(struct history *h)
{
    git_odb_free(h->odb);
    git_repository_free(h->repository);
}

enum fw_err fw_git_versions(struct fw_arena *arena, const char *repository, fw_sv branch,
                            fw_sv file, int64_t from_ns, int64_t to_ns, struct fw_git_versions *ret,
                            struct fw_buf *why)
{
    struct fw_git_versions versions = {0};
    struct history h = {.arena = arena, .from_ns = from_ns, .to_ns = to_ns, .ret = &versions};
    enum fw_err err = FW_ERR_INVALID;
    git_oid head;
    if (!open_history(&h, repository, file)) {
        fw_buf_add_cstr(why, "this is no git repository that can be read");
        return err;
    }
    if (find_head(&h, branch, &head)) {
        err = walk_guarded(&h, &head);
        turn(&versions);
        *ret = versions;
    } else if (branch.n > 0) {
        fw_buf_printf(why, "the repository has no branch \"%.*s\"", FW_SV_ARG(branch));
    } else {
        fw_buf_add_cstr(why, "the repository has no commits");
    }
    close_history(&h);
    return err;
}

enum fw_err fw_git_file(struct fw_arena *arena, const char *repository, fw_sv commit, fw_sv file,
                        fw_sv *ret)
{
    struct history h = {.arena = arena};
    git_commit *found = NULL;
    git_oid oid;
    enum fw_err err = FW_ERR_NOENT;
    if (!open_history(&h, repository, file)) {
        return err;
    }
    if (git_oid_fromstr(&oid, fw_arena_cstr(arena, commit)) == 0 && open_commit(&h, &oid, &found)) {
        struct held held = find_file(&h, git_commit_tree_id(found));
        bool read = held.state == FW_GIT_FILE && read_blob(&h, &held.oid, ret);
        err = read ? FW_OK : err;
        git_commit_free(found);
    }
    close_history(&h);
    return err;
}
