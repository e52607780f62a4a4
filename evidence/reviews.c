/* Which reviews were made before? */
#include "evidence/reviews.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/source.h"
#include "core/time.h"
#include "core/walk.h"
#include "evidence/logindex.h"
#include "evidence/pack.h"
#include "evidence/verify.h"

static int by_sequence(const void *a, const void *b)
{
    const struct fw_review *one = a, *other = b;
    if (one->sequence != other->sequence) {
        return one->sequence < other->sequence ? -1 : 1;
    }
    return fw_sv_cmp(one->path, other->path);
}

/* What signatures are checked with, as read. */
struct keys {
    bool trusted, certified; /* there is a list of keys; of authorities */
    struct fw_signers signers;
    struct fw_authorities authorities;
    const struct fw_ssh *ssh;
};

static enum fw_err keys_read(const struct fw_review_keys *from, struct fw_arena *arena,
                             struct keys *ret, struct fw_buf *why)
{
    enum fw_err err = FW_OK;
    *ret = (struct keys){.ssh = from->ssh};
    if (from->trust) {
        err = fw_signers_load(from->trust, arena, &ret->signers, why);
        ret->trusted = err == FW_OK;
    }
    if (err == FW_OK && from->authorities) {
        err = fw_authorities_load(from->authorities, &ret->authorities, why);
        ret->certified = err == FW_OK;
    }
    return err;
}

static void keys_clear(struct keys *keys)
{
    if (keys->certified) {
        fw_authorities_clear(&keys->authorities);
    }
}

/* By the pack's own keys: is it whole, and what does it say? */
static void read_review(struct fw_review *review, const struct keys *keys, struct fw_arena *arena,
                        struct fw_verified *ret)
{
    struct fw_verify_options options = {.ssh = keys->ssh};
    struct fw_steps steps = {.arena = arena};
    review->as_of_ns = INT64_MIN;
    if (!fw_verify_one(review->path.p, 0, NULL, NULL, &options, &steps, ret)) {
        review->trouble = fw_steps_failure(&steps)->message;
        return;
    }
    if (ret->pack.masked) { /* nothing can be compared with tables that name nothing */
        review->trouble = FW_SV("it is a masked copy: the pack itself counts");
        return;
    }
    review->whole = true;
    review->period = ret->pack.info.period;
    review->sequence = ret->pack.info.sequence;
    review->head = ret->pack.head;
    review->signed_by_reviewer = ret->signers[FW_ROLE_REVIEWER].present;
    review->countersigned = ret->signers[FW_ROLE_MANAGER].present;
    (void)fw_time_parse(fw_bag_info_value(&ret->pack.info, FW_PACK_AS_OF), 0, true,
                        &review->as_of_ns);
}

/* By the keys that were given. `until`: when it was signed at the latest; {0}. */
static void trust_review(struct fw_review *review, const struct keys *keys, fw_sv until,
                         struct fw_arena *arena)
{
    struct fw_verify_options options = {.ca = keys->certified ? &keys->authorities : NULL,
                                        .ssh = keys->ssh};
    struct fw_verify_past past = {until};
    struct fw_steps steps = {.arena = arena};
    struct fw_verified v;
    review->trusted = keys->trusted && review->whole && review->countersigned &&
                      fw_verify_one(review->path.p, 0, &keys->signers, &past, &options, &steps, &v);
}

enum fw_err fw_review_read(const char *path, const struct fw_review_keys *keys,
                           struct fw_arena *arena, struct fw_review *ret, struct fw_buf *why)
{
    struct keys read;
    struct fw_verified v;
    enum fw_err err = keys_read(keys, arena, &read, why);
    if (err == FW_OK) {
        *ret = (struct fw_review){.path = fw_arena_copy(arena, fw_sv_from(path))};
        read_review(ret, &read, arena, &v);
        trust_review(ret, &read, (fw_sv){0}, arena);
    }
    keys_clear(&read);
    return err;
}

/* The day of the pack that records this one with its signatures; of several the first, which is the
 * latest that it can have been signed. {0}: none does, or it does not say. */
static fw_sv recorded_on(const struct fw_review *review, const struct fw_review *list,
                         const struct fw_verified *read, size_t n, struct fw_arena *arena)
{
    fw_sv first = {0};
    for (size_t i = 0; i < n; i++) {
        const struct fw_chain *chain = &read[i].pack.chain;
        const struct fw_chain_line *last = chain->n > 0 ? &chain->v[chain->n - 1] : NULL;
        if (list[i].whole && last && last->countersigned &&
            fw_sha256_eq(last->head, review->head)) {
            fw_sv day = fw_verify_day(&read[i].pack.info, true, arena);
            first = day.n > 0 && (first.n == 0 || fw_sv_cmp(day, first) < 0) ? day : first;
        }
    }
    return first;
}

static enum fw_err find_packs(const char *dir, struct fw_arena *arena, size_t *ret_n,
                              struct fw_review **ret, struct fw_buf *why)
{
    DIR *stream = opendir(dir);
    enum fw_err err = FW_OK;
    if (!stream) {
        err = fw_err_from_errno(errno);
        fw_buf_printf(why, "%s: %s", dir, fw_err_text(err));
        return err;
    }
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (!entry) {
            err = errno == 0 ? FW_OK : fw_err_from_errno(errno);
            break;
        }
        if (entry->d_name[0] == '.') {
            continue; /* a pack that was being written */
        }
        fw_sv path = fw_arena_printf(arena, "%s/%s", dir, entry->d_name);
        enum fw_pack_place place = fw_pack_place(path.p);
        if (place == FW_PACK_PLACE_SIGNED || place == FW_PACK_PLACE_UNSIGNED) {
            *ret = fw_arena_push(arena, *ret, *ret_n, sizeof(**ret));
            (*ret)[(*ret_n)++] = (struct fw_review){.path = path};
        }
    }
    (void)closedir(stream);
    return err;
}

enum fw_err fw_reviews_list(const char *dir, const struct fw_review_keys *keys,
                            struct fw_arena *arena, size_t *ret_n, struct fw_review **ret,
                            struct fw_buf *why)
{
    struct keys read;
    struct fw_review *list = NULL;
    size_t n = 0;
    enum fw_err err = keys_read(keys, arena, &read, why);
    if (err == FW_OK) {
        err = find_packs(dir, arena, &n, &list, why);
    }
    if (err == FW_OK) {
        struct fw_verified *v = fw_new_array(arena, n + 1, struct fw_verified);
        for (size_t i = 0; i < n; i++) {
            read_review(&list[i], &read, arena, &v[i]);
        }
        for (size_t i = 0; i < n; i++) {
            trust_review(&list[i], &read, recorded_on(&list[i], list, v, n, arena), arena);
        }
        if (n > 1) {
            qsort(list, n, sizeof(*list), by_sequence);
        }
        *ret_n = n;
        *ret = list;
    }
    keys_clear(&read);
    return err;
}

fw_sv fw_review_table(struct fw_arena *arena, fw_sv pack, const char *table)
{
    const char *path = fw_arena_cstr(arena, fw_path_join(arena, pack, fw_sv_from(table)));
    fw_sv text = {0};
    struct fw_source_info info;
    bool good = fw_file_exists(path) &&
                fw_source_load(path, FW_LIMIT_CONFIG_BYTES, arena, &text, &info) == FW_OK;
    return good ? text : (fw_sv){0};
}

bool fw_review_earlier(const struct fw_review *review, int64_t as_of_ns, struct fw_arena *arena,
                       struct fw_earlier_review *ret)
{
    if (review->as_of_ns == INT64_MIN || review->as_of_ns > as_of_ns) {
        return false;
    }
    *ret = (struct fw_earlier_review){
        .period = review->period,
        .sequence = review->sequence,
        .as_of_ns = review->as_of_ns,
        .signed_by_reviewer = review->signed_by_reviewer,
        .countersigned = review->countersigned,
        .trusted = review->trusted,
        .head = review->head,
        .reachable = fw_review_table(arena, review->path, "data/results/reachable.tsv"),
        .logs = fw_review_table(arena, review->path, FW_PACK_LOG_INDEX),
        .tuning = fw_review_table(arena, review->path, FW_PACK_LEDGER),
        .verdicts = fw_review_table(arena, review->path, "data/results/verdicts.tsv"),
    };
    return true;
}
