/* Elements, entries and members of an XML text, and where in the tree they go. */
#include "parsers/treexml.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

#include "core/limits.h"

struct level {
    struct fw_node *node;
    uint32_t line;
    bool member; /* its text is a word of the node above */
    bool parent; /* has elements inside: its text is layout */
};

struct reader {
    struct fw_tree *tree;
    const struct fw_treestyle *style;
    XML_Parser parser;
    size_t depth;
    struct level levels[FW_LIMIT_CONFIG_DEPTH];
    uint32_t skipping; /* elements inside of one that is too deep */
    bool doctype;
    /* The text of the element: where it is, and what it says when that is not the same. */
    size_t from, to;
    size_t n, room;
    char *said;
};

/* --- memory: the arena's, with the size kept in front for growing --- */

enum { HEADER = 16 };

/* Expat hands no context to its allocator, and documents are read one at a time by a thread. */
static _Thread_local struct fw_arena *memory;

static void *take(size_t n)
{
    char *block = n < SIZE_MAX - HEADER ? fw_arena_alloc(memory, n + HEADER) : NULL;
    if (block) {
        memcpy(block, &n, sizeof(n));
    }
    return block ? block + HEADER : NULL;
}

static void *grow(void *old, size_t n)
{
    size_t had = 0;
    if (old) {
        memcpy(&had, (char *)old - HEADER, sizeof(had));
    }
    if (n <= had) {
        return old;
    }
    void *block = take(n);
    if (block && old) {
        memcpy(block, old, had);
    }
    return block;
}

static void forget(void *block)
{
    (void)block;
}

/* --- places --- */

static size_t offset_of(const struct reader *reader)
{
    XML_Index index = XML_GetCurrentByteIndex(reader->parser);
    size_t skipped = fw_sv_starts(reader->tree->doc->text, "\xef\xbb\xbf") ? 3 : 0;
    return (index < 0 ? 0 : (size_t)index) + skipped;
}

static uint32_t line_of(const struct reader *reader)
{
    return (uint32_t)XML_GetCurrentLineNumber(reader->parser);
}

static fw_sv raw_event(const struct reader *reader)
{
    int n = XML_GetCurrentByteCount(reader->parser);
    return fw_sv_sub(reader->tree->doc->text, offset_of(reader), n > 0 ? (size_t)n : 0);
}

/* The words of the text where they say the same, a copy where they do not. */
static fw_sv kept(struct reader *reader, fw_sv raw, fw_sv said)
{
    return fw_sv_eq(raw, said) ? raw : fw_arena_copy(&reader->tree->doc->arena, said);
}

/* The value of an attribute where it stands in the tag; {0}: not to be seen. */
static fw_sv raw_attribute(fw_sv tag, const char *name)
{
    size_t n = strlen(name);
    for (size_t at = 1; at + n + 2 < tag.n; at++) {
        bool word = (fw_is_blank(tag.p[at - 1]) || tag.p[at - 1] == '\n') &&
                    memcmp(tag.p + at, name, n) == 0 && tag.p[at + n] == '=';
        char quote = tag.p[at + n + 1];
        if (word && (quote == '"' || quote == '\'')) {
            fw_sv value = fw_sv_sub(tag, at + n + 2, tag.n);
            return fw_sv_sub(value, 0, fw_sv_find_char(value, quote));
        }
    }
    return (fw_sv){0};
}

static const char *attribute(const char **v, const char *name)
{
    for (; v && v[0]; v += 2) {
        if (strcmp(v[0], name) == 0) {
            return v[1];
        }
    }
    return NULL;
}

/* --- elements --- */

static struct fw_node *enter(struct reader *reader, struct fw_node *at, fw_sv word)
{
    return reader->style->enter(reader->style->owner, at, word, line_of(reader), true);
}

static void add_value(struct reader *reader, struct fw_node *at, const char *key, fw_sv value)
{
    struct fw_node *node = fw_tree_child(reader->tree, at, fw_sv_from(key), line_of(reader));
    struct fw_node *said = fw_tree_child(reader->tree, node, value, line_of(reader));
    fw_tree_latest(said);
}

static void XMLCALL begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *reader = context;
    struct fw_tree *tree = reader->tree;
    reader->from = reader->to = reader->n = 0;
    if (reader->skipping > 0 || reader->depth == FW_LIMIT_CONFIG_DEPTH) {
        if (reader->skipping++ == 0) {
            fw_doc_warn(tree->doc, FW_DIAG_ID_LIMIT_REACHED, line_of(reader), (fw_sv){0},
                        "elements are nested deeper than the limit CONFIG_DEPTH allows");
        }
        fw_doc_mark(tree->doc, line_of(reader), FW_LINE_BAD);
        return;
    }
    struct level *above = reader->depth > 0 ? &reader->levels[reader->depth - 1] : NULL;
    struct fw_node *at = above ? above->node : tree->root;
    fw_sv tag = raw_event(reader);
    const char *entry = strcmp(name, "entry") == 0 ? attribute(attributes, "name") : NULL;
    struct level level = {.node = at, .line = line_of(reader)};
    if (above) {
        above->parent = true;
    }
    level.member = strcmp(name, "member") == 0;
    if (entry) {
        fw_sv value = fw_sv_from(entry);
        fw_sv raw = raw_attribute(tag, "name");
        level.node = enter(reader, at, kept(reader, raw, value));
        reader->style->leaf(reader->style->owner, level.node, raw, level.line);
    } else if (!level.member) {
        fw_sv raw = fw_sv_sub(tag, 1, strlen(name));
        level.node = enter(reader, at, kept(reader, raw, fw_sv_from(name)));
    }
    const char *uuid = entry ? attribute(attributes, "uuid") : NULL;
    if (uuid) {
        add_value(reader, level.node, "uuid",
                  kept(reader, raw_attribute(tag, "uuid"), fw_sv_from(uuid)));
    }
    const char *version = strcmp(name, "config") == 0 ? attribute(attributes, "version") : NULL;
    if (version) {
        add_value(reader, tree->root, FW_TREE_VERSION,
                  kept(reader, raw_attribute(tag, "version"), fw_sv_from(version)));
    }
    uint32_t to = fw_doc_line_of(tree->doc, offset_of(reader) + (tag.n > 0 ? tag.n - 1 : 0));
    fw_tree_note(tree, level.node, level.line, to);
    reader->levels[reader->depth++] = level;
}

static void XMLCALL text(void *context, const XML_Char *said, int n)
{
    struct reader *reader = context;
    size_t at = offset_of(reader);
    if (n <= 0 || reader->skipping > 0) {
        return;
    }
    if (reader->n == 0) {
        reader->from = at;
    }
    reader->to = at + (size_t)XML_GetCurrentByteCount(reader->parser);
    size_t needed = reader->n + (size_t)n;
    if (needed > reader->room) {
        size_t room = needed * 2;
        reader->said = fw_arena_grow(&reader->tree->doc->arena, reader->said, reader->n, room, 1);
        reader->room = room;
    }
    memcpy(reader->said + reader->n, said, (size_t)n);
    reader->n = needed;
}

/* What stands between the tags of an element without others inside. */
static void add_text(struct reader *reader, struct level *level)
{
    struct fw_tree *tree = reader->tree;
    fw_sv said = fw_sv_trim(fw_sv_of(reader->said, reader->n));
    fw_sv raw = fw_sv_trim(fw_sv_sub(tree->doc->text, reader->from, reader->to - reader->from));
    if (said.n == 0) {
        return;
    }
    uint32_t line = fw_doc_line_of(tree->doc,
                                   (uint64_t)(raw.n > 0 ? raw.p - tree->doc->text.p : 0));
    struct fw_node *leaf = reader->style->enter(reader->style->owner, level->node,
                                                kept(reader, raw, said), line, true);
    reader->style->leaf(reader->style->owner, leaf, raw, line);
    fw_tree_latest(leaf);
    fw_tree_note(tree, leaf, level->line, line_of(reader));
}

static void XMLCALL end(void *context, const XML_Char *name)
{
    struct reader *reader = context;
    (void)name;
    if (reader->skipping > 0) {
        reader->skipping--;
        fw_doc_mark(reader->tree->doc, line_of(reader), FW_LINE_BAD);
        return;
    }
    struct level *level = &reader->levels[--reader->depth];
    if (!level->parent) {
        add_text(reader, level);
    }
    struct fw_node *above = level->node->parent ? level->node->parent : level->node;
    /* What is wrong with an element is wrong where it begins. */
    if (line_of(reader) != level->line) {
        fw_tree_note(reader->tree, above, line_of(reader), line_of(reader));
    }
    reader->n = 0;
}

static void XMLCALL declare(void *context, const XML_Char *name, const XML_Char *system,
                            const XML_Char *public, int internal)
{
    struct reader *reader = context;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    reader->doctype = true;
    XML_StopParser(reader->parser, XML_FALSE);
}

static void report(struct reader *reader)
{
    struct fw_doc *doc = reader->tree->doc;
    uint32_t line = line_of(reader);
    line = line > doc->nlines ? doc->nlines : line;
    fw_doc_mark_range(doc, line, doc->nlines, FW_LINE_BAD);
    if (reader->doctype) {
        fw_doc_bad(doc, line, (fw_sv){0}, "document types and what they declare are not read");
    } else {
        fw_doc_bad(doc, line, (fw_sv){0}, "expected well-formed XML: %s",
                   XML_ErrorString(XML_GetErrorCode(reader->parser)));
    }
}

void fw_treexml_read(struct fw_tree *tree, const struct fw_treestyle *style)
{
    static const XML_Memory_Handling_Suite suite = {take, grow, forget};
    struct reader *reader = fw_new(&tree->doc->arena, struct reader);
    fw_sv all = tree->doc->text;
    reader->tree = tree;
    reader->style = style;
    memory = &tree->doc->arena;
    if (fw_sv_starts(all, "\xef\xbb\xbf")) {
        all = fw_sv_sub(all, 3, all.n);
    }
    fw_doc_mark_range(tree->doc, 1, tree->doc->nlines, FW_LINE_IGNORED);
    /* The text was converted when it was loaded, whatever it declares. */
    reader->parser = XML_ParserCreate_MM("UTF-8", &suite, NULL);
    if (!reader->parser || all.n > INT_MAX) {
        fw_doc_bad(tree->doc, 1, (fw_sv){0}, "the text is too long for XML");
        return;
    }
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, begin, end);
    XML_SetCharacterDataHandler(reader->parser, text);
    XML_SetStartDoctypeDeclHandler(reader->parser, declare);
    if (XML_Parse(reader->parser, all.p, (int)all.n, XML_TRUE) != XML_STATUS_OK) {
        report(reader);
    }
}
