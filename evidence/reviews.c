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

/* With the trusted keys if it can be, else with the pack's own. */
static void read_review(struct fw_review *review, const struct fw_signers *trust,
                        const struct fw_ssh *ssh, struct fw_arena *arena)
{
    struct fw_verify_options options = {.ssh = ssh};
    struct fw_steps steps = {.arena = arena};
    struct fw_verified v;
    review->as_of_ns = INT64_MIN;
    review->trusted = trust && fw_verify_one(review->path.p, 0, trust, true, &options, &steps, &v);
    if (!review->trusted) {
        steps = (struct fw_steps){.arena = arena};
        if (!fw_verify_one(review->path.p, 0, NULL, true, &options, &steps, &v)) {
            review->trouble = fw_steps_failure(&steps)->message;
            return;
        }
    }
    if (v.pack.masked) { /* nothing can be compared with tables that name nothing */
        review->trusted = false;
        review->trouble = FW_SV("it is a masked copy: the pack itself counts");
        return;
    }
    review->whole = true;
    review->period = v.pack.info.period;
    review->sequence = v.pack.info.sequence;
    review->head = v.pack.head;
    review->signed_by_reviewer = v.signers[FW_ROLE_REVIEWER].present;
    review->countersigned = v.signers[FW_ROLE_MANAGER].present;
    review->trusted = review->trusted && review->countersigned;
    (void)fw_time_parse(fw_bag_info_value(&v.pack.info, FW_PACK_AS_OF), 0, true, &review->as_of_ns);
}

static enum fw_err read_trust(const char *path, struct fw_arena *arena, struct fw_signers *ret,
                              struct fw_buf *why)
{
    struct fw_source_info info;
    fw_sv text;
    enum fw_err err = fw_source_load(path, FW_PACK_TAG_BYTES, arena, &text, &info);
    fw_buf_printf(why, "%s: ", path);
    if (err != FW_OK) {
        fw_buf_add_cstr(why, fw_err_text(err));
        return err;
    }
    if (!fw_signers_parse(text, arena, ret, why)) {
        return FW_ERR_INVALID;
    }
    fw_buf_reset(why);
    return FW_OK;
}

enum fw_err fw_review_read(const char *path, const char *trust, const struct fw_ssh *ssh,
                           struct fw_arena *arena, struct fw_review *ret, struct fw_buf *why)
{
    struct fw_signers signers;
    enum fw_err err = trust ? read_trust(trust, arena, &signers, why) : FW_OK;
    if (err == FW_OK) {
        *ret = (struct fw_review){.path = fw_arena_copy(arena, fw_sv_from(path))};
        read_review(ret, trust ? &signers : NULL, ssh, arena);
    }
    return err;
}

enum fw_err fw_reviews_list(const char *dir, const char *trust, const struct fw_ssh *ssh,
                            struct fw_arena *arena, size_t *ret_n, struct fw_review **ret,
                            struct fw_buf *why)
{
    struct fw_signers signers;
    struct fw_review *list = NULL;
    size_t n = 0;
    enum fw_err err = trust ? read_trust(trust, arena, &signers, why) : FW_OK;
    if (err != FW_OK) {
        return err;
    }
    DIR *stream = opendir(dir);
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
            list = fw_arena_push(arena, list, n, sizeof(*list));
            list[n++] = (struct fw_review){.path = path};
        }
    }
    (void)closedir(stream);
    for (size_t i = 0; i < n; i++) {
        read_review(&list[i], trust ? &signers : NULL, ssh, arena);
    }
    if (n > 1) {
        qsort(list, n, sizeof(*list), by_sequence);
    }
    if (err == FW_OK) {
        *ret_n = n;
        *ret = list;
    }
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
