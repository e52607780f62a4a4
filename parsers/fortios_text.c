/* How FortiOS writes its configuration, and how that becomes a tree:
 *   config firewall policy
 *       edit 1
 *           set srcintf "port1" "port2"
 *       next
 *   end */
#include <string.h>

#include "core/limits.h"
#include "parsers/fortios.h"
#include "parsers/treetext.h"

struct word {
    fw_sv text; /* without quotes and backslashes */
    fw_sv raw;
    uint32_t line;
};

struct statement {
    size_t n;
    struct word *v;
    uint32_t from, to; /* lines */
    bool open;         /* a quote is not closed */
};

struct block {
    struct fw_node *node;
    bool edit; /* "edit", not "config" */
    uint32_t line;
};

struct reader {
    struct fw_fos *fos;
    size_t at; /* in the text */
    uint32_t line;
    size_t depth;
    struct block blocks[FW_LIMIT_CONFIG_DEPTH];
    uint32_t skipping; /* blocks inside of a block that is too deep */
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* One word from *at on; quotes may span lines, and pieces stick together: "new"_name. */
static struct word read_word(struct reader *reader, bool *ret_open)
{
    fw_sv text = reader->fos->doc->text;
    size_t from = reader->at;
    struct word word = {.line = reader->line};
    char quote = 0;
    bool plain = true;
    while (reader->at < text.n) {
        char c = text.p[reader->at];
        if (quote == 0 && is_space(c)) {
            break;
        }
        if (c == '\n') {
            reader->line++;
        }
        if (c == '\\' && quote != '\'' && reader->at + 1 < text.n) {
            plain = false;
            reader->at++;
            reader->line += text.p[reader->at] == '\n';
        } else if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
            plain = plain && reader->at == from;
        }
        reader->at++;
    }
    word.raw = fw_sv_sub(text, from, reader->at - from);
    *ret_open = quote != 0;
    size_t n = word.raw.n;
    char first = n > 0 ? word.raw.p[0] : 0;
    if (first != '"' && first != '\'') {
        plain = plain && !memchr(word.raw.p, '"', n) && !memchr(word.raw.p, '\'', n);
        word.text = word.raw;
    } else {
        plain = plain && n >= 2 && memchr(word.raw.p + 1, first, n - 1) == word.raw.p + n - 1;
        word.text = fw_sv_sub(word.raw, 1, n - 2);
    }
    if (plain) {
        return word;
    }
    char *copy = fw_new_array(&reader->fos->doc->arena, n + 1, char);
    size_t out = 0;
    quote = 0;
    for (size_t i = 0; i < n; i++) {
        char c = word.raw.p[i];
        if (c == '\\' && quote != '\'' && i + 1 < n) {
            copy[out++] = word.raw.p[++i];
        } else if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else {
            copy[out++] = c;
        }
    }
    word.text = fw_sv_of(copy, out);
    return word;
}

/* The next line with words on it, and the lines its quotes run over; comments and blank lines are
 * marked on the way. */
static bool read_statement(struct reader *reader, struct statement *ret)
{
    struct fw_doc *doc = reader->fos->doc;
    fw_sv text = doc->text;
    *ret = (struct statement){0};
    while (reader->at < text.n) {
        char c = text.p[reader->at];
        if (c == '\n') {
            fw_doc_mark(doc, reader->line, FW_LINE_IGNORED);
            reader->line++;
            reader->at++;
            if (ret->n > 0) {
                ret->to = reader->line - 1;
                return true;
            }
        } else if (is_space(c)) {
            reader->at++;
        } else if (ret->n == 0 && c == '#') {
            const char *end = memchr(text.p + reader->at, '\n', text.n - reader->at);
            reader->at = end ? (size_t)(end - text.p) : text.n;
        } else {
            bool open;
            struct word word = read_word(reader, &open);
            ret->open = ret->open || open;
            if (ret->n == 0) {
                ret->from = word.line;
            }
            ret->v = fw_arena_push(&doc->scratch, ret->v, ret->n, sizeof(*ret->v));
            ret->v[ret->n++] = word;
        }
    }
    fw_doc_mark(doc, reader->line, FW_LINE_IGNORED);
    ret->to = reader->line;
    return ret->n > 0;
}

static bool starts(const struct statement *s, const char *word)
{
    return s->n > 0 && fw_sv_is(s->v[0].text, word);
}

/* Keywords whose value is a secret: told by how they are named, because every release has new ones.
 * Anything after ENC is one too, whatever the keyword. */
bool fw_fos_secret(fw_sv key)
{
    static const char *const parts[] = {"passphrase", "passw", "private-key", "psk", "secret"};
    static const char *const ends[] = {"key", "keyring", "pwd", "token"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (fw_sv_find(key, fw_sv_from(parts[i])) != SIZE_MAX) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (fw_sv_ends(key, ends[i])) {
            return true;
        }
    }
    return false;
}

/* "set password-expiry enable" tells nothing. */
static bool is_switch(fw_sv value)
{
    return fw_sv_is(value, "enable") || fw_sv_is(value, "disable");
}

static void hide_secrets(struct reader *reader, const struct statement *s, const struct fw_node *at)
{
    bool community = fw_sv_is(s->v[1].text, "name") && at->parent &&
                     fw_sv_is(at->parent->name, "community");
    bool secret = fw_fos_secret(s->v[1].text) || community;
    bool number = s->n == 3 && fw_sv_find_char(s->v[2].text, ' ') == SIZE_MAX &&
                  fw_sv_is(s->v[1].text, "key") && fw_sv_is(at->name, "ntp");
    for (size_t i = 2; i < s->n; i++) {
        bool encoded = fw_sv_is(s->v[i].text, "ENC") && i + 1 < s->n;
        bool pem = fw_sv_find(s->v[i].raw, FW_SV("PRIVATE KEY")) != SIZE_MAX;
        if (encoded) {
            secret = true;
        } else if ((secret && !number && !is_switch(s->v[i].text)) || pem) {
            fw_tree_hide(reader->fos->doc, s->v[i].raw, s->v[i].line);
        }
    }
}

static void set_values(struct reader *reader, const struct statement *s, struct fw_node *at)
{
    struct fw_tree *tree = &reader->fos->tree;
    struct fw_node *key = fw_tree_child(tree, at, s->v[1].text, s->from);
    bool append = starts(s, "append");
    if (!append) {
        fw_tree_clear(tree, key);
    }
    for (size_t i = 2; i < s->n; i++) {
        if (append) {
            fw_tree_child(tree, key, s->v[i].text, s->v[i].line);
        } else {
            fw_tree_append(tree, key, s->v[i].text, s->v[i].line);
        }
    }
    key->span = fw_doc_span(reader->fos->doc, s->v[1].raw, s->from);
    fw_tree_note(tree, key, s->from, s->to);
}

static void bad(struct reader *reader, const struct statement *s, const char *expected)
{
    fw_doc_mark_range(reader->fos->doc, s->from, s->to, FW_LINE_BAD);
    fw_doc_bad(reader->fos->doc, s->from, s->v[0].raw, "expected %s", expected);
}

static void open_block(struct reader *reader, const struct statement *s, struct fw_node *at)
{
    struct fw_tree *tree = &reader->fos->tree;
    struct fw_node *node = at;
    bool edit = starts(s, "edit");
    for (size_t i = 1; i < s->n; i++) {
        node = fw_tree_child(tree, node, s->v[i].text, s->from);
    }
    if (edit) {
        node->span = fw_doc_span(reader->fos->doc, s->v[1].raw, s->from);
    }
    fw_tree_note(tree, node, s->from, s->to);
    reader->blocks[reader->depth++] = (struct block){node, edit, s->from};
}

static void reorder(struct reader *reader, const struct statement *s, struct fw_node *at)
{
    struct fw_tree *tree = &reader->fos->tree;
    struct fw_node *node = s->n > 1 ? fw_tree_find(tree, at, s->v[1].text) : NULL;
    struct fw_node *other = s->n > 3 ? fw_tree_find(tree, at, s->v[3].text) : NULL;
    bool done = false;
    if (starts(s, "delete") || starts(s, "purge")) {
        done = true;
        if (starts(s, "purge")) {
            fw_tree_clear(tree, at);
        } else if (node) {
            fw_tree_remove(tree, node);
        }
    } else if (starts(s, "move") && node && other) {
        fw_tree_move(node, other, fw_sv_is(s->v[2].text, "after"));
        done = true;
    } else if (starts(s, "rename") && node && s->n == 4 && !other) {
        fw_tree_rename(tree, node, s->v[3].text);
        done = true;
    } else if (starts(s, "clone") && node && s->n == 4 && !other) {
        struct fw_node *copy = fw_tree_child(tree, at, s->v[3].text, s->from);
        for (const struct fw_node *key = node->child; key; key = key->next) {
            struct fw_node *to = fw_tree_child(tree, copy, key->name, s->from);
            for (const struct fw_node *value = key->child; value; value = value->next) {
                fw_tree_append(tree, to, value->name, s->from);
            }
        }
        copy->span = fw_doc_span(reader->fos->doc, s->v[3].raw, s->from);
        done = true;
    }
    if (done) {
        fw_doc_mark_range(reader->fos->doc, s->from, s->to, FW_LINE_USED);
    } else {
        bad(reader, s, "names that this block has, and a new one that it has not");
    }
}

/* "next" ends an edit, "end" a config and an edit in it that has not ended. */
static void close_block(struct reader *reader, const struct statement *s)
{
    bool end = starts(s, "end");
    if (end && reader->depth > 0 && reader->blocks[reader->depth - 1].edit) {
        reader->depth--;
    }
    if (reader->depth == 0 || reader->blocks[reader->depth - 1].edit == end) {
        bad(reader, s, end ? "a config to end" : "an edit to end");
        return;
    }
    reader->depth--;
    const struct fw_node *node = reader->blocks[reader->depth].node;
    /* What is wrong with an entry is wrong where it begins. */
    fw_tree_note(&reader->fos->tree, end ? node : node->parent, s->from, s->to);
}

/* More may have been written in each of the open blocks. */
static void cut_open(struct reader *reader)
{
    for (size_t i = 0; i < reader->depth; i++) {
        reader->blocks[i].node->cut = true;
    }
}

/* A block that is too deep is passed over with all blocks in it. */
static bool skip_deep(struct reader *reader, const struct statement *s)
{
    bool opens = starts(s, "config") || starts(s, "edit");
    bool closes = starts(s, "end") || starts(s, "next");
    if (reader->skipping == 0 && !(opens && reader->depth == FW_LIMIT_CONFIG_DEPTH)) {
        return false;
    }
    if (reader->skipping == 0) {
        fw_doc_warn(reader->fos->doc, FW_DIAG_ID_LIMIT_REACHED, s->from, s->v[0].raw,
                    "blocks are nested deeper than the limit CONFIG_DEPTH allows");
        cut_open(reader);
    }
    fw_doc_mark_range(reader->fos->doc, s->from, s->to, FW_LINE_BAD);
    reader->skipping += opens;
    reader->skipping -= closes;
    return true;
}

static void read_one(struct reader *reader, const struct statement *s)
{
    static const char *const orders[] = {"delete", "purge", "move", "rename", "clone"};
    struct fw_fos *fos = reader->fos;
    struct fw_node *at = reader->depth > 0 ? reader->blocks[reader->depth - 1].node
                                           : fos->tree.root;
    bool edit = reader->depth > 0 && reader->blocks[reader->depth - 1].edit;
    if (skip_deep(reader, s)) {
        return;
    }
    if (s->open) {
        fw_doc_mark_range(fos->doc, s->from, s->to, FW_LINE_BAD);
        fw_doc_warn(fos->doc, FW_DIAG_ID_UNTERMINATED, s->from, s->v[s->n - 1].raw,
                    "a quote is not closed");
    }
    if (starts(s, "next") || starts(s, "end")) {
        close_block(reader, s);
    } else if (starts(s, "config") && s->n > 1) {
        open_block(reader, s, at);
    } else if (starts(s, "edit") && s->n == 2 && reader->depth > 0 && !edit) {
        open_block(reader, s, at);
    } else if ((starts(s, "set") || starts(s, "append") || starts(s, "unset") ||
                starts(s, "unselect") || starts(s, "select")) &&
               s->n > 1 && reader->depth > 0) {
        struct fw_node *old = fw_tree_find(&fos->tree, at, s->v[1].text);
        if (starts(s, "unselect")) {
            for (size_t i = 2; i < s->n; i++) {
                struct fw_node *value = fw_tree_find(&fos->tree, old, s->v[i].text);
                if (value) {
                    fw_tree_remove(&fos->tree, value);
                }
            }
            fw_doc_mark_range(fos->doc, s->from, s->to, FW_LINE_USED);
        } else if (!starts(s, "unset")) {
            hide_secrets(reader, s, at);
            set_values(reader, s, at);
        } else if (old) {
            fw_tree_remove(&fos->tree, old);
            fw_doc_mark_range(fos->doc, s->from, s->to, FW_LINE_USED);
        } else {
            fw_doc_mark_range(fos->doc, s->from, s->to, FW_LINE_IGNORED);
        }
    } else {
        bool known = false;
        for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
            known = known || starts(s, orders[i]);
        }
        if (known && reader->depth > 0 && !edit) {
            reorder(reader, s, at);
        } else {
            bad(reader, s, "config, edit, set, unset, append, next or end");
        }
    }
}

void fw_fos_text(struct fw_fos *fos)
{
    struct reader *reader = fw_new(&fos->doc->arena, struct reader);
    struct statement s;
    reader->fos = fos;
    reader->line = 1;
    if (fw_sv_starts(fos->doc->text, "\xef\xbb\xbf")) {
        reader->at = 3;
    }
    while (read_statement(reader, &s)) {
        read_one(reader, &s);
        fw_arena_reset(&fos->doc->scratch);
    }
    if (reader->depth > 0) {
        const struct block *block = &reader->blocks[reader->depth - 1];
        cut_open(reader);
        fos->tree.cut = true;
        fw_doc_warn(fos->doc, FW_DIAG_ID_UNTERMINATED, block->line, block->node->name,
                    "the block is not closed");
    }
}
