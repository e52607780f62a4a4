/* What shows that one line was in a log that was reviewed? */
#include "evidence/prove.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <string.h>

#include "core/file.h"
#include "core/limits.h"
#include "core/source.h"
#include "core/text.h"
#include "core/walk.h"
#include "evidence/logindex.h"
#include "evidence/packcheck.h"
#include "evidence/packdir.h"

enum how { BY_NUMBER, BY_OFFSET, BY_TEXT };

struct proving {
    struct fw_arena *arena;
    struct fw_buf *why;
    enum how how;
    fw_sv file, text; /* of the line asked for */
    uint64_t number;  /* of the line or byte */
    struct fw_log_index index;
    size_t row;
};

static enum fw_err fail(struct proving *p, enum fw_err err, const char *what, fw_sv name)
{
    fw_text_safe(p->why, name);
    fw_buf_add_cstr(p->why, what);
    return err;
}

/* "FILE:NUMBER", "FILE@OFFSET" */
static bool read_number_name(struct proving *p, fw_sv line)
{
    size_t at = line.n;
    while (at > 0 && fw_is_digit(line.p[at - 1])) {
        at--;
    }
    if (at < 2 || at == line.n || (line.p[at - 1] != ':' && line.p[at - 1] != '@') ||
        !fw_sv_u64(fw_sv_sub(line, at, line.n), &p->number)) {
        return false;
    }
    p->how = line.p[at - 1] == ':' ? BY_NUMBER : BY_OFFSET;
    p->file = fw_sv_sub(line, 0, at - 1);
    return true;
}

/* "FILE=TEXT" */
static bool read_text_name(struct proving *p, fw_sv line)
{
    size_t equals = fw_sv_find_char(line, '=');
    if (equals == SIZE_MAX || equals == 0 || equals + 1 == line.n) {
        return false;
    }
    p->how = BY_TEXT;
    p->file = fw_sv_sub(line, 0, equals);
    p->text = fw_sv_sub(line, equals + 1, line.n);
    return true;
}

static enum fw_err read_pack(struct proving *p, const char *path, struct fw_log_proof *ret)
{
    struct fw_steps steps = {.arena = p->arena};
    struct fw_pack pack;
    struct fw_packdir dir;
    fw_sv text;
    if (!fw_pack_check(path, FW_CHECK_UNFINISHED, &steps, &pack)) {
        return fail(p, FW_ERR_INVALID, "", fw_steps_failure(&steps)->message);
    }
    if (pack.masked) {
        return fail(p, FW_ERR_INVALID, ": is a masked copy: prove with the pack itself",
                    fw_sv_from(path));
    }
    enum fw_err err = fw_packdir_open(path, p->arena, &dir);
    if (err == FW_OK) {
        err = fw_packdir_read(&dir, FW_SV(FW_PACK_LOG_INDEX), FW_LIMIT_CONFIG_BYTES, p->arena,
                              &text);
        fw_packdir_close(&dir);
    }
    if (err == FW_OK && !fw_log_index_parse(text, p->arena, &p->index, p->why)) {
        return FW_ERR_INVALID;
    }
    if (err != FW_OK) {
        return fail(p, err, " has no index of logs", fw_sv_from(path));
    }
    ret->head = pack.head;
    return FW_OK;
}

/* The row that a name means: the whole path, or the only one that ends so. How many there are. */
static size_t rows_of(struct proving *p)
{
    size_t found = 0;
    for (size_t i = 0; i < p->index.n; i++) {
        fw_sv path = p->index.v[i].path;
        if (fw_sv_eq(path, p->file)) {
            p->row = i;
            return 1;
        }
        if (path.n > p->file.n && path.p[path.n - p->file.n - 1] == '/' &&
            fw_sv_eq(fw_sv_sub(path, path.n - p->file.n, path.n), p->file)) {
            p->row = i;
            found++;
        }
    }
    return found;
}

/* A text may end like a number does: then the file is the one that is there. */
static enum fw_err find_row(struct proving *p, fw_sv line)
{
    bool named = read_number_name(p, line);
    size_t found = named ? rows_of(p) : 0;
    if (found == 0) {
        struct proving other = *p;
        if (read_text_name(&other, line) && (!named || rows_of(&other) > 0)) {
            *p = other;
            found = rows_of(p);
            named = true;
        }
    }
    if (!named) {
        fw_buf_add_cstr(p->why, "name a line as FILE:NUMBER, FILE@OFFSET or FILE=TEXT");
        return FW_ERR_NOENT;
    }
    return found == 1 ? FW_OK
                      : fail(p, FW_ERR_NOENT,
                             found == 0 ? " is in no line of the index of the logs"
                                        : " is the end of several paths: give one as the index "
                                          "spells it",
                             p->file);
}

/* Where the log lies on this machine. */
static const char *find_log(struct proving *p, const char *archive)
{
    fw_sv path = p->index.v[p->row].path, base = fw_sv_from(archive ? archive : ".");
    if (archive && !fw_dir_exists(archive)) {
        if (!fw_sv_ends(base, ".json")) {
            return archive;
        }
        base = fw_path_dir(base);
    }
    return fw_arena_cstr(p->arena, fw_path_join(p->arena, base, path));
}

/* The number of the line that holds a byte or a text. */
static enum fw_err find_number(struct proving *p, const char *log)
{
    struct fw_source *source;
    struct fw_line line;
    bool found = false;
    enum fw_err err = fw_source_open(log, &source);
    if (err != FW_OK) {
        return fail(p, err, ": cannot be read: name the log, its folder or the site file",
                    fw_sv_from(log));
    }
    while (!found && fw_source_line(source, &line)) {
        found = p->how == BY_TEXT ? fw_sv_find(line.text, p->text) != SIZE_MAX
                                  : p->number < line.offset + line.raw.n;
    }
    fw_source_free(source);
    p->number = found ? line.number : 0;
    return found ? FW_OK : fail(p, FW_ERR_NOENT, ": has no such line", fw_sv_from(log));
}

static enum fw_err read_line(struct proving *p, const char *log, struct fw_log_proof *ret)
{
    const struct fw_log_row *row = &p->index.v[p->row];
    struct fw_merkle tree = {.tracking = true, .track = p->number - 1};
    struct fw_source *source;
    struct fw_source_info info;
    struct fw_line line;
    bool cut = false;
    enum fw_err err = fw_source_open(log, &source);
    if (err != FW_OK) {
        return fail(p, err, ": cannot be read: name the log, its folder or the site file",
                    fw_sv_from(log));
    }
    fw_source_hash_lines(source, &tree);
    while (fw_source_line(source, &line)) {
        if (line.number == p->number) {
            cut = line.cut;
            ret->text = fw_arena_copy(p->arena, line.raw);
        }
    }
    err = fw_source_finish(source, &info);
    fw_source_free(source);
    if (err != FW_OK) {
        return fail(p, err, ": cannot be read to its end", fw_sv_from(log));
    }
    if (!fw_sha256_eq(info.sha256, row->sha256) ||
        !fw_sha256_eq(info.lines_root, row->lines_root)) {
        return fail(p, FW_ERR_INVALID, ": is not the log that was reviewed: its bytes differ",
                    fw_sv_from(log));
    }
    if (p->number == 0 || p->number > info.lines) {
        return fail(p, FW_ERR_NOENT, ": has no such line", fw_sv_from(log));
    }
    if (cut) {
        return fail(p, FW_ERR_LIMIT, ": the line is longer than LINE_BYTES", fw_sv_from(log));
    }
    ret->number = p->number;
    ret->lines = info.lines;
    ret->nline = tree.npath;
    memcpy(ret->line_path, tree.path, sizeof(ret->line_path));
    return FW_OK;
}

static void place_row(struct proving *p, struct fw_log_proof *ret)
{
    struct fw_merkle tree = {.tracking = true, .track = p->row};
    for (size_t i = 0; i < p->index.n; i++) {
        fw_merkle_add(&tree, fw_merkle_leaf(p->index.v[i].text));
    }
    (void)fw_merkle_root(&tree);
    ret->path = p->index.v[p->row].path;
    ret->row = p->index.v[p->row].text;
    ret->file = p->index.v[p->row].sha256;
    ret->file_number = p->row + 1;
    ret->files = p->index.n;
    ret->nfile = tree.npath;
    memcpy(ret->file_path, tree.path, sizeof(ret->file_path));
}

/* Nobody is given a proof that does not hold. */
static bool holds(const struct proving *p, const struct fw_log_proof *proof)
{
    fw_sha256 line, file;
    return fw_merkle_climb(fw_merkle_leaf(proof->text), proof->number - 1, proof->lines,
                           proof->line_path, proof->nline, &line) &&
           fw_sha256_eq(line, p->index.v[p->row].lines_root) &&
           fw_merkle_climb(fw_merkle_leaf(proof->row), proof->file_number - 1, proof->files,
                           proof->file_path, proof->nfile, &file) &&
           fw_sha256_eq(file, p->index.root);
}

enum fw_err fw_log_prove(const char *pack, const struct fw_prove_options *options,
                         struct fw_arena *arena, struct fw_log_proof *ret, struct fw_buf *why)
{
    struct proving p = {.arena = arena, .why = why};
    struct fw_log_proof proof = {.number = 0};
    enum fw_err err = read_pack(&p, pack, &proof);
    if (err == FW_OK) {
        err = find_row(&p, options->line);
    }
    const char *log = err == FW_OK ? find_log(&p, options->archive) : NULL;
    if (err == FW_OK && p.how != BY_NUMBER) {
        err = find_number(&p, log);
    }
    if (err == FW_OK) {
        err = read_line(&p, log, &proof);
    }
    if (err != FW_OK) {
        return err;
    }
    place_row(&p, &proof);
    if (!holds(&p, &proof)) {
        return fail(&p, FW_ERR_INVALID, ": no proof that holds could be made", fw_sv_from(log));
    }
    *ret = proof;
    return FW_OK;
}

static fw_sv base64(fw_sv bytes, struct fw_buf *buf)
{
    unsigned char out[68];
    for (size_t at = 0; at < bytes.n; at += 48) {
        fw_sv part = fw_sv_sub(bytes, at, 48);
        int n = EVP_EncodeBlock(out, (const unsigned char *)part.p, (int)part.n);
        fw_buf_add(buf, fw_sv_of((const char *)out, (size_t)n));
    }
    return fw_buf_sv(buf);
}

static void siblings(struct fw_buf *out, const char *key, const fw_sha256 *path, size_t n)
{
    char hex[FW_SHA256_HEX + 1];
    for (size_t i = 0; i < n; i++) {
        fw_sha256_hex(path[i], hex);
        fw_buf_printf(out, "%s %s\n", key, hex);
    }
}

void fw_log_proof_text(const struct fw_log_proof *proof, struct fw_buf *out)
{
    char hex[FW_SHA256_HEX + 1];
    struct fw_buf text;
    fw_buf_init(&text);
    fw_sha256_hex(proof->head, hex);
    fw_buf_printf(out, "fwproof inclusion proof 1\nhead %s\n", hex);
    fw_buf_printf(out, "line %" PRIu64 " of %" PRIu64 "\n", proof->number, proof->lines);
    siblings(out, "line-sibling", proof->line_path, proof->nline);
    fw_buf_printf(out, "file %" PRIu64 " of %" PRIu64 "\n", proof->file_number, proof->files);
    siblings(out, "file-sibling", proof->file_path, proof->nfile);
    fw_buf_add_cstr(out, "text ");
    fw_buf_add(out, base64(proof->text, &text));
    fw_buf_add_cstr(out, "\nrow ");
    fw_buf_add(out, proof->row);
    fw_buf_clear(&text);
}

static void siblings_json(struct fw_json *json, const char *key, const fw_sha256 *path, size_t n)
{
    char hex[FW_SHA256_HEX + 1];
    fw_json_key(json, key);
    fw_json_array(json);
    for (size_t i = 0; i < n; i++) {
        fw_sha256_hex(path[i], hex);
        fw_json_string(json, fw_sv_from(hex));
    }
    fw_json_end(json);
}

void fw_log_proof_json(const struct fw_log_proof *proof, struct fw_json *json)
{
    char hex[FW_SHA256_HEX + 1];
    struct fw_buf text;
    fw_buf_init(&text);
    fw_json_object(json);
    fw_sha256_hex(proof->head, hex);
    fw_json_kv_cstr(json, "head", hex);
    fw_json_kv(json, "path", proof->path);
    fw_sha256_hex(proof->file, hex);
    fw_json_kv_cstr(json, "sha256", hex);
    fw_json_kv_u64(json, "line", proof->number);
    fw_json_kv_u64(json, "lines", proof->lines);
    fw_json_kv(json, "text_base64", base64(proof->text, &text));
    siblings_json(json, "line_siblings", proof->line_path, proof->nline);
    fw_json_kv_u64(json, "file", proof->file_number);
    fw_json_kv_u64(json, "files", proof->files);
    fw_json_kv(json, "row", fw_sv_sub(proof->row, 0, proof->row.n - 1));
    siblings_json(json, "file_siblings", proof->file_path, proof->nfile);
    fw_json_end(json);
    fw_buf_clear(&text);
}
