/* How are manifests, bag-info.txt and chain.tsv spelled? */
#include "evidence/manifest.h"

#include <inttypes.h>

#include "evidence/layout.h"

enum { HASH_AND_SPACES = FW_SHA256_HEX + 2 };

/* Cuts one line with its newline off the front; false (with the reason) when it has none. */
static bool take_line(fw_sv *rest, fw_sv *ret, const char *file, struct fw_buf *why)
{
    size_t end = fw_sv_find_char(*rest, '\n');
    if (end == SIZE_MAX) {
        fw_buf_printf(why, "%s does not end with a newline", file);
        return false;
    }
    *ret = fw_sv_of(rest->p, end);
    *rest = fw_sv_of(rest->p + end + 1, rest->n - end - 1);
    return true;
}

void fw_manifest_line_text(struct fw_buf *out, fw_sha256 sha256, fw_sv path)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(sha256, hex);
    fw_buf_add_cstr(out, hex);
    fw_buf_add_cstr(out, "  ");
    fw_buf_add(out, path);
    fw_buf_add_char(out, '\n');
}

static const char *manifest_line(fw_sv line, const char *below, struct fw_manifest_line *ret)
{
    if (line.n <= HASH_AND_SPACES ||
        !fw_sha256_parse(fw_sv_sub(line, 0, FW_SHA256_HEX), &ret->sha256) ||
        line.p[FW_SHA256_HEX] != ' ' || line.p[FW_SHA256_HEX + 1] != ' ') {
        return "expected 64 lower-case hexadecimal digits, two spaces and a path";
    }
    ret->path = fw_sv_sub(line, HASH_AND_SPACES, line.n);
    if (!fw_pack_path_valid(ret->path)) {
        return "the path is absolute, has an empty, . or .. part, or a forbidden character";
    }
    return fw_sv_starts(ret->path, below) ? NULL : "the path is not below data/";
}

bool fw_manifest_parse(fw_sv text, const char *below, struct fw_arena *arena,
                       struct fw_manifest *ret, struct fw_buf *why)
{
    const char *file = below[0] != '\0' ? FW_PACK_MANIFEST : FW_PACK_TAGMANIFEST;
    struct fw_manifest manifest = {0};
    fw_sv line;
    while (text.n > 0) {
        if (!take_line(&text, &line, file, why)) {
            return false;
        }
        struct fw_manifest_line entry;
        const char *wrong = manifest_line(line, below, &entry);
        if (!wrong && manifest.n > 0) {
            int order = fw_sv_cmp(manifest.v[manifest.n - 1].path, entry.path);
            wrong = order == 0  ? "the path is listed twice"
                    : order > 0 ? "the lines are not sorted by path"
                                : NULL;
        }
        if (wrong) {
            fw_buf_printf(why, "%s line %zu: %s", file, manifest.n + 1, wrong);
            return false;
        }
        manifest.v = fw_arena_push(arena, manifest.v, manifest.n, sizeof(*manifest.v));
        manifest.v[manifest.n++] = entry;
    }
    *ret = manifest;
    return true;
}

bool fw_bag_pair_valid(fw_sv key, fw_sv value)
{
    for (size_t i = 0; i < key.n; i++) {
        if (!fw_is_alpha(key.p[i]) && !fw_is_digit(key.p[i]) && key.p[i] != '-') {
            return false;
        }
    }
    return key.n > 0 && key.p[0] >= 'A' && key.p[0] <= 'Z' && value.n > 0 && value.p[0] != ' ' &&
           fw_text_printable(value);
}

void fw_bag_pair_text(struct fw_buf *out, fw_sv key, fw_sv value)
{
    fw_buf_add(out, key);
    fw_buf_add_cstr(out, ": ");
    fw_buf_add(out, value);
    fw_buf_add_char(out, '\n');
}

fw_sv fw_bag_info_value(const struct fw_bag_info *info, const char *key)
{
    for (size_t i = 0; i < info->n; i++) {
        if (fw_sv_is(info->v[i].key, key)) {
            return info->v[i].value;
        }
    }
    return (fw_sv){0};
}

static bool sequence_parse(fw_sv text, uint32_t *ret)
{
    return text.n > 0 && text.p[0] != '0' && fw_sv_u32(text, FW_PACK_SEQUENCE_LIMIT, ret);
}

static bool bag_line(fw_sv line, struct fw_bag_pair *ret)
{
    size_t colon = fw_sv_find_char(line, ':');
    if (colon == SIZE_MAX || line.n < colon + 2 || line.p[colon + 1] != ' ') {
        return false;
    }
    ret->key = fw_sv_sub(line, 0, colon);
    ret->value = fw_sv_sub(line, colon + 2, line.n);
    return fw_bag_pair_valid(ret->key, ret->value);
}

bool fw_bag_info_parse(fw_sv text, struct fw_arena *arena, struct fw_bag_info *ret,
                       struct fw_buf *why)
{
    struct fw_bag_info info = {0};
    fw_sv line;
    while (text.n > 0) {
        struct fw_bag_pair pair;
        if (!take_line(&text, &line, FW_PACK_INFO, why)) {
            return false;
        }
        if (!bag_line(line, &pair)) {
            fw_buf_printf(why, FW_PACK_INFO " line %zu: expected \"Key: value\"", info.n + 1);
            return false;
        }
        for (size_t i = 0; i < info.n; i++) {
            if (fw_sv_eq(info.v[i].key, pair.key)) {
                fw_buf_printf(why, FW_PACK_INFO " line %zu: the key stands twice", info.n + 1);
                return false;
            }
        }
        info.v = fw_arena_push(arena, info.v, info.n, sizeof(*info.v));
        info.v[info.n++] = pair;
    }
    info.period = fw_bag_info_value(&info, "Pack-Period");
    info.oxum = fw_bag_info_value(&info, "Payload-Oxum");
    if (!fw_period_valid(info.period)) {
        fw_buf_add_cstr(why, FW_PACK_INFO " has no valid Pack-Period");
        return false;
    }
    if (!sequence_parse(fw_bag_info_value(&info, "Pack-Sequence"), &info.sequence)) {
        fw_buf_add_cstr(why, FW_PACK_INFO " has no valid Pack-Sequence");
        return false;
    }
    *ret = info;
    return true;
}

void fw_chain_line_text(struct fw_buf *out, const struct fw_chain_line *line)
{
    char head[FW_SHA256_HEX + 1], countersign[FW_SHA256_HEX + 1] = "-";
    fw_sha256_hex(line->head, head);
    if (line->countersigned) {
        fw_sha256_hex(line->countersign, countersign);
    }
    fw_buf_add(out, line->period);
    fw_buf_printf(out, "\t%" PRIu32 "\t%s\t%s\n", line->sequence, head, countersign);
}

static bool chain_line(fw_sv text, struct fw_chain_line *ret)
{
    fw_sv cells[4];
    if (fw_sv_ends(text, "\t")) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        if (!fw_sv_split(&text, '\t', &cells[i])) {
            return false;
        }
    }
    ret->period = cells[0];
    ret->countersigned = !fw_sv_is(cells[3], "-");
    return text.n == 0 && fw_period_valid(cells[0]) && sequence_parse(cells[1], &ret->sequence) &&
           fw_sha256_parse(cells[2], &ret->head) &&
           (!ret->countersigned || fw_sha256_parse(cells[3], &ret->countersign));
}

bool fw_chain_parse(fw_sv text, struct fw_arena *arena, struct fw_chain *ret, struct fw_buf *why)
{
    struct fw_chain chain = {0};
    fw_sv line;
    while (text.n > 0) {
        struct fw_chain_line entry = {0};
        if (!take_line(&text, &line, FW_PACK_CHAIN, why)) {
            return false;
        }
        if (!chain_line(line, &entry)) {
            fw_buf_printf(why, FW_PACK_CHAIN " line %zu: expected period, sequence, and two hashes",
                          chain.n + 1);
            return false;
        }
        if (entry.sequence != chain.n + 1) {
            fw_buf_printf(why, FW_PACK_CHAIN " line %zu: the sequence is %" PRIu32 ", expected %zu",
                          chain.n + 1, entry.sequence, chain.n + 1);
            return false;
        }
        chain.v = fw_arena_push(arena, chain.v, chain.n, sizeof(*chain.v));
        chain.v[chain.n++] = entry;
    }
    *ret = chain;
    return true;
}
