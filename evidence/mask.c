/* Which parts of a text name somebody's addresses and machines, and what stands for them? */
#include "evidence/mask.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/ip.h"
#include "core/search.h"
#include "core/source.h"
#include "core/text.h"
#include "evidence/cells.h"

static const char key_header[] = "fwproof mask key 1\n";

enum { KEY_BYTES = 1 << 20, SHORTEST_WORD = 2 };

static int longest_first(const void *a, const void *b)
{
    const fw_sv *one = a, *other = b;
    return one->n != other->n ? (one->n < other->n) - (one->n > other->n) : fw_sv_cmp(*one, *other);
}

/* As URIs spell it. */
static fw_sv percent(struct fw_arena *arena, fw_sv word)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_text_uri(&buf, word);
    return fw_buf_keep(&buf, arena);
}

enum fw_err fw_mask_key_load(const char *path, struct fw_arena *arena, struct fw_mask_key *ret,
                             struct fw_buf *why)
{
    struct fw_source_info info;
    struct fw_mask_key key = {.n = 0};
    fw_sha256 secret;
    fw_sv text, line, *words = NULL;
    enum fw_err err = fw_source_load(path, KEY_BYTES, arena, &text, &info);
    if (err != FW_OK) {
        fw_buf_printf(why, "%s: %s", path, fw_err_text(err));
        return err;
    }
    if (!fw_sv_starts(text, key_header) || !fw_cells_line(&text, &line) ||
        !fw_cells_line(&text, &line) || !fw_sha256_parse(fw_sv_sub(line, 0, line.n - 1), &secret)) {
        fw_buf_printf(why,
                      "%s is no mask key: expected \"fwproof mask key 1\", then 64 hexadecimal "
                      "digits, then words",
                      path);
        return FW_ERR_INVALID;
    }
    while (fw_sv_split(&text, '\n', &line)) {
        fw_sv word = fw_sv_trim(line);
        if (word.n < SHORTEST_WORD || word.p[0] == '#') {
            continue;
        }
        words = fw_arena_push(arena, words, key.n, sizeof(*words));
        words[key.n++] = word;
        fw_sv other = percent(arena, word);
        if (!fw_sv_eq(other, word)) {
            words = fw_arena_push(arena, words, key.n, sizeof(*words));
            words[key.n++] = other;
        }
    }
    if (key.n > 1) {
        qsort(words, key.n, sizeof(*words), longest_first);
    }
    memcpy(key.secret, secret.b, sizeof(key.secret));
    key.words = words;
    *ret = key;
    return FW_OK;
}

enum fw_err fw_mask_key_make(const char *path, const fw_sv *words, size_t n, struct fw_buf *why)
{
    fw_sha256 secret;
    char hex[FW_SHA256_HEX + 1];
    struct fw_buf text;
    if (RAND_bytes(secret.b, (int)sizeof(secret.b)) != 1) {
        fw_buf_add_cstr(why, "no random numbers for a new mask key");
        return FW_ERR_IO;
    }
    fw_sha256_hex(secret, hex);
    fw_buf_init(&text);
    fw_buf_printf(&text,
                  "%s%s\n# words to mask beside addresses, one a line; keep this file, and keep it "
                  "to yourself\n",
                  key_header, hex);
    for (size_t i = 0; i < n; i++) {
        fw_buf_add(&text, words[i]);
        fw_buf_add_char(&text, '\n');
    }
    mode_t old = umask(077);
    enum fw_err err = fw_buf_ok(&text) ? fw_file_write_new(path, fw_buf_sv(&text)) : FW_ERR_MEMORY;
    (void)umask(old);
    fw_buf_clear(&text);
    if (err != FW_OK) {
        fw_buf_printf(why, "%s: %s", path, fw_err_text(err));
    }
    return err;
}

static fw_sha256 keyed(const struct fw_masking *masking, const char *use, fw_sv value)
{
    fw_sv text = fw_arena_printf(masking->arena, "%s\n%.*s\n%.*s", use, FW_SV_ARG(masking->pack),
                                 FW_SV_ARG(value));
    return fw_sha256_keyed(masking->key->secret, text);
}

fw_sv fw_mask_pack_name(struct fw_arena *arena, fw_sv period, uint32_t sequence)
{
    return fw_arena_printf(arena, "%.*s %" PRIu32, FW_SV_ARG(period), sequence);
}

void fw_mask_salt(const struct fw_masking *masking, fw_sv value, char ret[FW_SHA256_HEX + 1])
{
    fw_sha256_hex(keyed(masking, "salt", value), ret);
}

static fw_sha256 commitment(const struct fw_masking *masking, fw_sv value)
{
    char salt[FW_SHA256_HEX + 1];
    fw_mask_salt(masking, value, salt);
    return fw_sha256_of(fw_arena_printf(masking->arena, "%s\n%.*s", salt, FW_SV_ARG(value)));
}

/* The token of a value, which is the same wherever the value stands in this pack. */
static fw_sv token_of(struct fw_masking *m, const char *kind, fw_sv value)
{
    size_t low;
    FW_SEARCH(low, m->n, fw_sv_cmp(m->v[low].value, value) < 0);
    if (low < m->n && fw_sv_eq(m->v[low].value, value)) {
        return m->v[low].token;
    }
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(keyed(m, "token", value), hex);
    m->v = fw_arena_push(m->arena, m->v, m->n, sizeof(*m->v));
    memmove(&m->v[low + 1], &m->v[low], (m->n - low) * sizeof(*m->v));
    m->n++;
    m->v[low] = (struct fw_mask_value){
        fw_arena_copy(m->arena, value),
        fw_arena_printf(m->arena, "%s-%.*s", kind, FW_MASK_DIGITS, hex),
    };
    return m->v[low].token;
}

static bool is_name_byte(char c)
{
    return fw_is_alpha(c) || fw_is_digit(c) || c == '_';
}

static bool is_address_byte(char c)
{
    return fw_hex_value(c) >= 0 || c == ':' || c == '.';
}

/* Netmasks and "any" name nobody. */
static bool is_plain(fw_sv text)
{
    return fw_sv_starts(text, "255.") || fw_sv_starts(text, "0.") || fw_sv_is(text, "::");
}

/* The bytes of an IPv4 address at `at`: only digits and dots bound it, as names are made of them.
 */
static size_t address4_at(fw_sv text, size_t at)
{
    fw_ip ip;
    size_t end = at;
    if (at > 0 && (fw_is_digit(text.p[at - 1]) || text.p[at - 1] == '.')) {
        return 0;
    }
    while (end < text.n && end - at < 16 && (fw_is_digit(text.p[end]) || text.p[end] == '.')) {
        end++;
    }
    while (end > at && text.p[end - 1] == '.') {
        end--;
    }
    bool whole = end == text.n || !fw_is_digit(text.p[end]);
    return whole && fw_ip_parse(fw_sv_sub(text, at, end - at), &ip) ? end - at : 0;
}

static bool is_letter_or_digit(char c)
{
    return fw_is_alpha(c) || fw_is_digit(c);
}

/* The same of one of version 6, which letters and digits bound too; 0 when there is none. */
static size_t address6_at(fw_sv text, size_t at)
{
    char before = at > 0 ? text.p[at - 1] : ' ';
    fw_ip ip;
    if (is_letter_or_digit(before) || before == '.' || before == ':') {
        return 0;
    }
    size_t end = at;
    while (end < text.n && end - at < 64 && is_address_byte(text.p[end])) {
        end++;
    }
    for (int trim = 0; trim < 2 && end > at + 1; trim++, end--) {
        bool bounded = end == text.n || !is_letter_or_digit(text.p[end]);
        if (bounded && fw_ip_parse(fw_sv_sub(text, at, end - at), &ip)) {
            return end - at;
        }
        if (text.p[end - 1] != '.' && text.p[end - 1] != ':') {
            return 0;
        }
    }
    return 0;
}

static size_t address_at(fw_sv text, size_t at)
{
    if (!is_address_byte(text.p[at])) {
        return 0;
    }
    size_t n = address6_at(text, at);
    return n > 0 || !fw_is_digit(text.p[at]) ? n : address4_at(text, at);
}

static size_t word_at(const struct fw_mask_key *key, fw_sv text, size_t at)
{
    for (size_t i = 0; i < key->n; i++) {
        fw_sv word = key->words[i];
        if (word.n > text.n - at || text.p[at] != word.p[0] ||
            memcmp(text.p + at, word.p, word.n) != 0) {
            continue;
        }
        bool open = is_name_byte(word.p[0]) && at > 0 && is_name_byte(text.p[at - 1]);
        bool more = is_name_byte(word.p[word.n - 1]) && at + word.n < text.n &&
                    is_name_byte(text.p[at + word.n]);
        if (!open && !more) {
            return word.n;
        }
    }
    return 0;
}

bool fw_mask_possible(fw_sv bytes)
{
    return (bytes.n == 0 || !memchr(bytes.p, '\0', bytes.n)) && fw_utf8_valid(bytes);
}

void fw_mask_text(struct fw_masking *masking, fw_sv text, struct fw_buf *out)
{
    size_t done = 0;
    for (size_t at = 0; at < text.n;) {
        const char *kind = "w";
        size_t n = word_at(masking->key, text, at);
        if (n == 0) {
            kind = "ip";
            n = address_at(text, at);
        }
        fw_sv value = fw_sv_sub(text, at, n);
        if (n == 0 || (kind[0] == 'i' && is_plain(value))) {
            at += n > 0 ? n : 1;
            continue;
        }
        fw_buf_add(out, fw_sv_sub(text, done, at - done));
        fw_buf_add(out, token_of(masking, kind, value));
        at += n;
        done = at;
    }
    fw_buf_add(out, fw_sv_sub(text, done, text.n - done));
}

void fw_commitment_file_text(struct fw_buf *out, fw_sv path, const fw_sha256 *hash)
{
    char hex[FW_SHA256_HEX + 1] = "-";
    if (hash) {
        fw_sha256_hex(*hash, hex);
    }
    fw_buf_add_cstr(out, "file\t");
    fw_buf_add(out, path);
    fw_buf_printf(out, "\t%s\n", hex);
}

static int by_token(const void *a, const void *b)
{
    return fw_sv_cmp(((const struct fw_mask_value *)a)->token,
                     ((const struct fw_mask_value *)b)->token);
}

void fw_commitment_values_text(struct fw_masking *masking, struct fw_buf *out)
{
    char hex[FW_SHA256_HEX + 1];
    struct fw_mask_value *v = fw_new_array(masking->arena, masking->n + 1, struct fw_mask_value);
    if (masking->n > 0) {
        memcpy(v, masking->v, masking->n * sizeof(*v));
        qsort(v, masking->n, sizeof(*v), by_token);
    }
    for (size_t i = 0; i < masking->n; i++) {
        fw_sha256_hex(commitment(masking, v[i].value), hex);
        fw_buf_add_cstr(out, "value\t");
        fw_buf_add(out, v[i].token);
        fw_buf_printf(out, "\t%s\n", hex);
    }
}

static bool add_row(struct fw_arena *arena, fw_sv line, struct fw_commitments *c)
{
    fw_sv cells[3];
    struct fw_commitment row = {.has_hash = true};
    if (!fw_cells_cut(line, 3, cells) || cells[1].n == 0) {
        return false;
    }
    bool file = fw_sv_is(cells[0], "file");
    struct fw_commitment **list = file ? &c->files : &c->values;
    size_t *n = file ? &c->nfiles : &c->nvalues;
    row.name = cells[1];
    row.has_hash = !(file && fw_sv_is(cells[2], "-"));
    if ((!file && !fw_sv_is(cells[0], "value")) || (file && c->nvalues > 0) ||
        (row.has_hash && !fw_sha256_parse(cells[2], &row.hash)) ||
        (*n > 0 && fw_sv_cmp((*list)[*n - 1].name, row.name) >= 0)) {
        return false;
    }
    *list = fw_arena_push(arena, *list, *n, sizeof(**list));
    (*list)[(*n)++] = row;
    return true;
}

bool fw_commitments_parse(fw_sv text, struct fw_arena *arena, struct fw_commitments *ret)
{
    struct fw_commitments c = {0};
    fw_sv line;
    while (fw_cells_line(&text, &line)) {
        if (!add_row(arena, line, &c)) {
            return false;
        }
    }
    *ret = c;
    return text.n == 0;
}

static int by_name(const void *key, const void *row)
{
    return fw_sv_cmp(*(const fw_sv *)key, ((const struct fw_commitment *)row)->name);
}

const struct fw_commitment *fw_commitments_find(const struct fw_commitment *v, size_t n, fw_sv name)
{
    return n > 0 ? bsearch(&name, v, n, sizeof(*v), by_name) : NULL;
}
