/* Which log files of an earlier pack are still what they were, wherever they lie by now? */
#include "evidence/sealed.h"

#include "analyzers/logs/source_view.h"
#include "core/source.h"
#include "core/time.h"
#include "evidence/custody.h"
#include "evidence/logindex.h"
#include "evidence/rotation.h"

struct search {
    struct fw_arena *arena;
    const struct fw_facts *facts;
    const struct fw_inputs *inputs;
};

static bool is_log(const struct fw_input *input)
{
    return input->role == FW_INPUT_LOG && !input->missing;
}

/* The index spells paths in its own way. */
static bool is_at(const struct fw_input *input, fw_sv spelled)
{
    struct fw_buf path;
    fw_buf_init(&path);
    fw_custody_path(&path, input->path);
    bool same = fw_sv_eq(fw_buf_sv(&path), spelled);
    fw_buf_clear(&path);
    return same;
}

/* Do the first lines of the file have the root that was sealed over all lines of it then? */
static bool begins_with(const struct fw_input *input, const struct fw_log_row *row)
{
    struct fw_source *source;
    struct fw_merkle tree = {0};
    struct fw_line line;
    uint64_t n = 0;
    if (input->info.lines < row->lines || fw_source_open(input->real_path.p, &source) != FW_OK) {
        return false;
    }
    fw_source_hash_lines(source, &tree);
    while (n < row->lines && fw_source_line(source, &line)) {
        n++;
    }
    fw_sha256 root = fw_merkle_root(&tree);
    fw_source_free(source);
    return n == row->lines && fw_sha256_eq(root, row->lines_root);
}

static bool is_expired(const struct search *search, const struct fw_log_row *row)
{
    const struct fw_facts *facts = search->facts;
    int64_t last;
    if (!fw_time_parse(row->last, 0, false, &last)) {
        return false;
    }
    int64_t age = facts->as_of_ns - last;
    return facts->days > 0
               ? age > facts->days * FW_NS_PER_DAY
               : fw_months_between(last, facts->as_of_ns, facts->zone_seconds) >= facts->months;
}

static enum fw_seal_state find(const struct search *search, const struct fw_log_row *row)
{
    const struct fw_input *at = NULL;
    const struct fw_inputs *inputs = search->inputs;
    bool moved = false;
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        if (!is_log(input)) {
            continue;
        }
        bool here = is_at(input, row->path);
        bool same = fw_sha256_eq(input->info.sha256, row->sha256);
        bool lines = input->info.has_lines_root && input->info.lines == row->lines &&
                     fw_sha256_eq(input->info.lines_root, row->lines_root);
        if (here && same) {
            return FW_SEAL_SAME;
        }
        at = here ? input : at;
        moved = moved || same || lines;
    }
    if (moved) {
        return FW_SEAL_MOVED;
    }
    if (at && begins_with(at, row)) {
        return FW_SEAL_GROWN;
    }
    fw_sv family = fw_rotation_family(search->arena, row->path);
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        if (is_log(input) && input != at &&
            fw_sv_eq(fw_rotation_family(search->arena, input->path), family) &&
            begins_with(input, row)) {
            return FW_SEAL_GROWN;
        }
    }
    return at ? FW_SEAL_CHANGED : is_expired(search, row) ? FW_SEAL_EXPIRED : FW_SEAL_GONE;
}

const struct fw_sealed_logs *fw_sealed_logs_make(struct fw_arena *arena,
                                                 const struct fw_facts *facts,
                                                 const struct fw_inputs *inputs)
{
    struct search search = {arena, facts, inputs};
    struct fw_log_index index;
    struct fw_buf why;
    fw_buf_init(&why);
    bool good = facts->previous && facts->previous->logs.n > 0 &&
                fw_log_index_parse(facts->previous->logs, arena, &index, &why);
    fw_buf_clear(&why);
    if (!good) {
        return NULL;
    }
    struct fw_sealed_logs *ret = fw_new(arena, struct fw_sealed_logs);
    struct fw_sealed_log *v = fw_new_array(arena, index.n, struct fw_sealed_log);
    for (size_t i = 0; i < index.n; i++) {
        v[i] = (struct fw_sealed_log){index.v[i].path, index.v[i].device,
                                      find(&search, &index.v[i])};
    }
    *ret = (struct fw_sealed_logs){facts->previous->as_of_ns, index.n, v};
    return ret;
}
