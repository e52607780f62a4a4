/* Words, lists, blocks and commands of a text, and where in the tree they go. */
#include "parsers/treetext.h"

#include <string.h>

#include "core/limits.h"

struct word {
    fw_sv text; /* without quotes and backslashes */
    fw_sv raw;
    uint32_t line;
    bool quoted;
};

enum ending { END_LINE, END_LEAF, END_OPEN, END_CLOSE, END_TEXT };

struct statement {
    size_t n;
    struct word *v;
    size_t list; /* from this word on they are alternatives; n: there is no list */
    uint32_t from, to;
    enum ending ending;
    bool open; /* a quote, comment or list is not closed */
};

struct reader {
    struct fw_tree *tree;
    const struct fw_treestyle *style;
    fw_sv text;
    size_t at;
    uint32_t line;
    size_t depth;
    struct fw_node *blocks[FW_LIMIT_CONFIG_DEPTH];
    uint32_t opened[FW_LIMIT_CONFIG_DEPTH]; /* lines */
    uint32_t skipping;                      /* blocks inside of a block that is too deep */
    fw_sv note;                             /* the comment before the next statement */
    size_t copied;
};

static const char *const commands[] = {"set",  "delete",     "move",     "insert",  "rename",
                                       "copy", "deactivate", "activate", "protect", "unprotect"};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static bool is_command(fw_sv word)
{
    return FW_SV_AMONG(word, commands);
}

/* A backslash stands before a quote or another one; elsewhere it is itself: "domain\user". */
static bool escapes(fw_sv text, size_t at)
{
    char next = at + 1 < text.n ? text.p[at + 1] : 0;
    return text.p[at] == '\\' && (next == '"' || next == '\'' || next == '\\');
}

/* A quoted word may span lines. */
static struct word read_quoted(struct reader *reader, bool *ret_open)
{
    fw_sv text = reader->text;
    struct word word = {.line = reader->line, .quoted = true};
    size_t from = reader->at;
    char quote = text.p[reader->at++];
    bool plain = true;
    while (reader->at < text.n && text.p[reader->at] != quote) {
        if (escapes(text, reader->at)) {
            plain = false;
            reader->at++;
        }
        reader->line += text.p[reader->at] == '\n';
        reader->at++;
    }
    *ret_open = reader->at >= text.n;
    reader->at += !*ret_open;
    word.raw = fw_sv_sub(text, from, reader->at - from);
    word.text = fw_sv_sub(word.raw, 1, word.raw.n - 1 - !*ret_open);
    if (!plain) {
        char *copy = fw_new_array(&reader->tree->doc->arena, word.text.n + 1, char);
        size_t n = 0;
        for (size_t i = 0; i < word.text.n; i++) {
            i += escapes(word.text, i);
            copy[n++] = word.text.p[i];
        }
        word.text = fw_sv_of(copy, n);
    }
    return word;
}

/* Braces and semicolons are part of words in commands, and end words elsewhere. */
static struct word read_plain(struct reader *reader, bool command, bool list)
{
    fw_sv text = reader->text;
    size_t from = reader->at;
    while (reader->at < text.n) {
        char c = text.p[reader->at];
        bool ends = is_space(c) || (list && c == ']') ||
                    (!command && (c == '{' || c == '}' || c == ';'));
        if (ends) {
            break;
        }
        reader->at++;
    }
    fw_sv raw = fw_sv_sub(text, from, reader->at - from);
    return (struct word){raw, raw, reader->line, false};
}

static void skip_line(struct reader *reader)
{
    const char *end = memchr(reader->text.p + reader->at, '\n', reader->text.n - reader->at);
    reader->at = end ? (size_t)(end - reader->text.p) : reader->text.n;
}

/* "/ * text * /" stays as the note of what follows. */
static void read_note(struct reader *reader, struct statement *s)
{
    fw_sv rest = fw_sv_sub(reader->text, reader->at + 2, SIZE_MAX);
    size_t n = fw_sv_find(rest, FW_SV("*/"));
    s->open = s->open || n == SIZE_MAX;
    fw_sv note = fw_sv_sub(rest, 0, n);
    uint32_t from = reader->line;
    for (size_t i = 0; i < note.n; i++) {
        reader->line += note.p[i] == '\n';
    }
    fw_doc_mark_range(reader->tree->doc, from, reader->line, FW_LINE_IGNORED);
    reader->at += 2 + note.n + (n == SIZE_MAX ? 0 : 2);
    reader->note = fw_sv_trim(note);
}

static bool starts_with(const struct reader *reader, const char *what)
{
    return fw_sv_starts(fw_sv_sub(reader->text, reader->at, 2), what);
}

/* "admin@fw(active)#", "{master:0}[edit]", "admin@fw>": what a terminal shows before a command. */
static bool is_prompt(const struct word *word)
{
    fw_sv text = word->text;
    bool typed = text.n > 1 && (text.p[text.n - 1] == '#' || text.p[text.n - 1] == '>') &&
                 fw_sv_find_char(text, '@') != SIZE_MAX;
    return !word->quoted && (typed || fw_sv_is(text, "[edit]"));
}

static void add(struct reader *reader, struct statement *s, struct word word)
{
    struct fw_arena *scratch = &reader->tree->doc->scratch;
    if (s->n == 0) {
        s->from = word.line;
    }
    s->v = fw_arena_push(scratch, s->v, s->n, sizeof(*s->v));
    s->v[s->n++] = word;
}

/* Words up to the end of a command's line, of a leaf, or to a brace. */
static bool read_statement(struct reader *reader, struct statement *s)
{
    fw_sv text = reader->text;
    bool command = false;
    bool list = false;
    bool listed = false;
    size_t first = 0;
    *s = (struct statement){.ending = END_TEXT, .from = reader->line};
    while (reader->at < text.n) {
        char c = text.p[reader->at];
        if (c == '\n') {
            fw_doc_mark(reader->tree->doc, reader->line, FW_LINE_IGNORED);
            reader->line++;
            reader->at++;
            if (command) {
                s->ending = END_LINE;
                break;
            }
        } else if (is_space(c)) {
            reader->at++;
        } else if (!command && starts_with(reader, "/*")) {
            read_note(reader, s);
        } else if ((c == '#' && !command) || (c == '!' && s->n == 0)) {
            skip_line(reader);
        } else if (!command && (c == '{' || c == ';' || c == '}')) {
            s->ending = c == '{' ? END_OPEN : c == ';' ? END_LEAF : END_CLOSE;
            if (c != '}' || s->n == 0) { /* a brace after words closes their block later */
                reader->at++;
            } else {
                s->ending = END_LEAF;
            }
            break;
        } else if (c == '[' && !list && s->n > 0) {
            list = listed = true;
            first = s->n;
            reader->at++;
        } else if (c == ']' && list) {
            list = false;
            reader->at++;
        } else {
            bool open = false;
            struct word word = c == '"' || (command && c == '\'')
                                   ? read_quoted(reader, &open)
                                   : read_plain(reader, command, list);
            s->open = s->open || open;
            if (s->n == 0 && is_prompt(&word)) {
                skip_line(reader);
                continue;
            }
            add(reader, s, word);
            command = command || (s->n == 1 && !word.quoted && is_command(word.text));
        }
    }
    s->list = listed ? first : s->n;
    s->open = s->open || list;
    s->to = s->ending == END_LINE ? reader->line - 1 : reader->line;
    s->to = s->to < s->from ? s->from : s->to;
    if (reader->at >= text.n) {
        fw_doc_mark(reader->tree->doc, reader->line, FW_LINE_IGNORED);
    }
    return s->n > 0 || s->ending != END_TEXT;
}

static void bad(struct reader *reader, const struct statement *s, const char *why)
{
    fw_doc_mark_range(reader->tree->doc, s->from, s->to, FW_LINE_BAD);
    fw_doc_bad(reader->tree->doc, s->from, s->n > 0 ? s->v[0].raw : (fw_sv){0}, "%s", why);
}

/* Down some words; NULL: one of them is not there, or there are too many. */
static struct fw_node *walk(struct reader *reader, struct fw_node *at, const struct word *v,
                            size_t n, bool make)
{
    for (size_t i = 0; at && i < n; i++) {
        at = i < (size_t)4 * FW_LIMIT_CONFIG_DEPTH
                 ? reader->style->enter(reader->style->owner, at, v[i].text, v[i].line, make)
                 : NULL;
    }
    return at;
}

void fw_tree_latest(struct fw_node *node)
{
    if (node->parent && !node->child && node->next) {
        fw_tree_move(node, node->parent->last, true);
    }
}

static void leaf(struct reader *reader, struct fw_node *node, const struct word *word,
                 const struct statement *s)
{
    reader->style->leaf(reader->style->owner, node, word->raw, word->line);
    fw_tree_latest(node);
    fw_tree_note(reader->tree, node, s->from, s->to);
}

/* "inactive: policy x { ... }" is there without effect; "protect:" and "replace:" change nothing.
 */
static size_t prefixes(const struct statement *s, size_t i, bool *ret_off)
{
    *ret_off = false;
    while (i < s->n && !s->v[i].quoted &&
           (fw_sv_is(s->v[i].text, "inactive:") || fw_sv_is(s->v[i].text, "protect:") ||
            fw_sv_is(s->v[i].text, "replace:"))) {
        *ret_off = *ret_off || fw_sv_is(s->v[i].text, "inactive:");
        i++;
    }
    return i;
}

/* The node of the path, with its list below it. */
static struct fw_node *put(struct reader *reader, struct fw_node *at, const struct statement *s,
                           size_t skip)
{
    bool off;
    size_t first = prefixes(s, skip, &off);
    size_t n = s->list < first ? first : s->list;
    struct fw_node *node = n > first ? walk(reader, at, s->v + first, n - first, true) : at;
    if (!node) {
        fw_doc_warn(reader->tree->doc, FW_DIAG_ID_LIMIT_REACHED, s->from, s->v[0].raw,
                    "paths are deeper than the limit CONFIG_DEPTH allows");
        fw_doc_mark_range(reader->tree->doc, s->from, s->to, FW_LINE_BAD);
        return NULL;
    }
    if (n > first) {
        node->off = off || (node->off && s->ending != END_OPEN && node->n > 0);
    }
    for (size_t i = n; i < s->n; i++) {
        struct fw_node *one = walk(reader, node, s->v + i, 1, true);
        if (one) {
            leaf(reader, one, &s->v[i], s);
        }
    }
    if (n == s->n && n > first && s->ending != END_OPEN) {
        leaf(reader, node, &s->v[n - 1], s);
    } else {
        if (n > first) { /* "community public {": the name of a block may be a secret too */
            reader->style->leaf(reader->style->owner, node, s->v[n - 1].raw, s->v[n - 1].line);
        }
        fw_tree_note(reader->tree, node, s->from, s->to);
    }
    return node;
}

static void open_block(struct reader *reader, struct fw_node *at, const struct statement *s)
{
    struct fw_doc *doc = reader->tree->doc;
    if (reader->skipping > 0 || reader->depth == FW_LIMIT_CONFIG_DEPTH) {
        if (reader->skipping++ == 0) {
            fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, s->from, (fw_sv){0},
                        "blocks are nested deeper than the limit CONFIG_DEPTH allows");
            for (size_t i = 0; i < reader->depth; i++) {
                reader->blocks[i]->cut = true;
            }
            reader->tree->cut = true;
        }
        fw_doc_mark_range(doc, s->from, s->to, FW_LINE_BAD);
        return;
    }
    struct fw_node *node = put(reader, at, s, 0);
    if (node && reader->note.n > 0 && s->n > 0) {
        struct fw_node *note = fw_tree_child(reader->tree, node, FW_SV(FW_TREE_NOTE), s->from);
        fw_tree_append(reader->tree, note, reader->note, s->from);
    }
    reader->blocks[reader->depth] = node ? node : at;
    reader->opened[reader->depth++] = s->from;
}

static void close_block(struct reader *reader, const struct statement *s)
{
    if (reader->skipping > 0) {
        reader->skipping--;
        fw_doc_mark_range(reader->tree->doc, s->to, s->to, FW_LINE_BAD);
    } else if (reader->depth == 0) {
        fw_doc_bad(reader->tree->doc, s->to, (fw_sv){0}, "expected a block to close");
    } else {
        const struct fw_node *node = reader->blocks[--reader->depth];
        /* What is wrong with a block is wrong where it begins. */
        fw_tree_note(reader->tree, node->parent ? node->parent : node, s->to, s->to);
    }
}

/* Where "before", "after", "top", "bottom" or "to" stands, from the end; n: nowhere. */
static size_t find_place(const struct statement *s)
{
    static const char *const places[] = {"top", "bottom", "before", "after", "to"};
    for (size_t i = s->n; i-- > 2;) {
        for (size_t k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
            if (fw_sv_is(s->v[i].text, places[k]) && (k < 2 ? i + 1 == s->n : i + 1 < s->n)) {
                return i;
            }
        }
    }
    return s->n;
}

static bool reorder(struct fw_tree *tree, struct fw_node *node, const struct statement *s,
                    size_t place)
{
    fw_sv how = s->v[place].text;
    struct fw_node *parent = node->parent;
    struct fw_node *other = fw_sv_is(how, "top") ? parent->child
                            : fw_sv_is(how, "bottom")
                                ? parent->last
                                : fw_tree_find(tree, parent, s->v[s->n - 1].text);
    if (other) {
        fw_tree_move(node, other, fw_sv_is(how, "after") || fw_sv_is(how, "bottom"));
    }
    return other != NULL;
}

/* Copies of what holds copies double with every command. False: that is more than is taken. */
static bool clone(struct reader *reader, const struct fw_node *from, struct fw_node *to,
                  unsigned depth)
{
    for (const struct fw_node *child = from->child; child; child = child->next) {
        if (depth == FW_LIMIT_CONFIG_DEPTH || reader->copied == FW_LIMIT_CONFIG_INHERITED) {
            return false;
        }
        reader->copied++;
        struct fw_node *copy = fw_tree_child(reader->tree, to, child->name, child->span.line);
        copy->span = child->span;
        copy->off = child->off;
        if (!clone(reader, child, copy, depth + 1)) {
            return false;
        }
    }
    return true;
}

/* What commands do to what is there already. */
static bool change(struct reader *reader, const struct statement *s)
{
    struct fw_tree *tree = reader->tree;
    const fw_sv verb = s->v[0].text;
    bool placed = fw_sv_is(verb, "move") || fw_sv_is(verb, "insert") || fw_sv_is(verb, "rename") ||
                  fw_sv_is(verb, "copy");
    size_t place = placed ? find_place(s) : s->list;
    struct fw_node *node = walk(reader, tree->root, s->v + 1, place > 0 ? place - 1 : 0, false);
    if (fw_sv_is(verb, "protect") || fw_sv_is(verb, "unprotect")) {
        return true;
    }
    bool undone = fw_sv_is(verb, "delete") || fw_sv_is(verb, "deactivate") ||
                  fw_sv_is(verb, "activate");
    if (!node && undone && s->n > 1) {
        return true; /* devices take it: what is not there need not be taken away */
    }
    if (!node || node == tree->root || !node->parent || (placed && place == s->n)) {
        return false;
    }
    if (fw_sv_is(verb, "delete")) {
        for (size_t i = s->list; i < s->n; i++) {
            struct fw_node *one = walk(reader, node, s->v + i, 1, false);
            if (one) {
                fw_tree_remove(tree, one);
            }
        }
        if (s->list == s->n) {
            fw_tree_remove(tree, node);
        }
        return true;
    }
    if (fw_sv_is(verb, "deactivate") || fw_sv_is(verb, "activate")) {
        node->off = fw_sv_is(verb, "deactivate");
        return true;
    }
    const struct word *last = &s->v[s->n - 1];
    if (fw_sv_is(verb, "rename") && !fw_tree_find(tree, node->parent, last->text)) {
        fw_tree_rename(tree, node, last->text);
        return true;
    }
    if (fw_sv_is(verb, "copy") && !fw_tree_find(tree, node->parent, last->text)) {
        struct fw_node *copy = fw_tree_child(tree, node->parent, last->text, last->line);
        fw_tree_note(tree, copy, s->from, s->to);
        if (!clone(reader, node, copy, 0)) {
            fw_doc_warn(tree->doc, FW_DIAG_ID_LIMIT_REACHED, s->from, last->raw,
                        "more is copied than the limits CONFIG_INHERITED and CONFIG_DEPTH allow");
            fw_doc_mark_range(tree->doc, s->from, s->to, FW_LINE_BAD);
        }
        return true;
    }
    return (fw_sv_is(verb, "move") || fw_sv_is(verb, "insert")) && reorder(tree, node, s, place);
}

static void read_command(struct reader *reader, const struct statement *s)
{
    if (fw_sv_is(s->v[0].text, "set")) {
        if (s->n > 1) {
            put(reader, reader->tree->root, s, 1);
        } else {
            bad(reader, s, "expected a path after set");
        }
    } else if (change(reader, s)) {
        fw_doc_mark_range(reader->tree->doc, s->from, s->to, FW_LINE_USED);
    } else {
        bad(reader, s, "expected the path of something that was set before");
    }
}

static void read_one(struct reader *reader, const struct statement *s)
{
    struct fw_doc *doc = reader->tree->doc;
    struct fw_node *at = reader->depth > 0 ? reader->blocks[reader->depth - 1] : reader->tree->root;
    if (s->open) {
        fw_doc_mark_range(doc, s->from, s->to, FW_LINE_BAD);
        fw_doc_warn(doc, FW_DIAG_ID_UNTERMINATED, s->from,
                    s->n > 0 ? s->v[s->n - 1].raw : (fw_sv){0},
                    "a quote, comment or list is not closed");
    }
    if (s->ending == END_CLOSE) {
        close_block(reader, s);
    } else if (s->ending == END_OPEN) {
        open_block(reader, at, s);
    } else if (s->n > 0 && !s->v[0].quoted && is_command(s->v[0].text) && s->ending != END_LEAF) {
        read_command(reader, s);
    } else if (s->n > 0 && reader->skipping > 0) {
        fw_doc_mark_range(doc, s->from, s->to, FW_LINE_BAD);
    } else if (s->n > 0 && s->ending == END_LEAF) {
        put(reader, at, s, 0);
    } else if (s->n > 0) {
        bad(reader, s, "expected a command, a value and a semicolon, or a block");
    } else {
        fw_doc_mark_range(doc, s->from, s->to, FW_LINE_IGNORED);
    }
}

void fw_treetext_read(struct fw_tree *tree, const struct fw_treestyle *style)
{
    struct reader *reader = fw_new(&tree->doc->arena, struct reader);
    struct statement s;
    reader->tree = tree;
    reader->style = style;
    reader->text = tree->doc->text;
    reader->line = 1;
    reader->at = fw_sv_starts(reader->text, "\xef\xbb\xbf") ? 3 : 0;
    while (read_statement(reader, &s)) {
        read_one(reader, &s);
        if (s.n > 0 || s.ending != END_TEXT) {
            reader->note = (fw_sv){0};
        }
        fw_arena_reset(&tree->doc->scratch);
    }
    if (reader->depth > 0) {
        fw_doc_warn(tree->doc, FW_DIAG_ID_UNTERMINATED, reader->opened[reader->depth - 1],
                    (fw_sv){0}, "the block is not closed");
    }
    tree->cut = tree->cut || reader->depth > 0;
    for (size_t i = 0; i < reader->depth; i++) {
        reader->blocks[i]->cut = true;
    }
}

void fw_tree_hide(struct fw_doc *doc, fw_sv raw, uint32_t line)
{
    fw_sv part;
    for (; fw_sv_split(&raw, '\n', &part); line++) {
        fw_doc_secret(doc, line, fw_sv_trim(part));
    }
}
