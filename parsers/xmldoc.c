/* Which elements an XML text has, and where. */
#include "parsers/xmldoc.h"

#include <expat.h>
#include <limits.h>

#include "core/limits.h"

struct reader {
    struct fw_doc *doc;
    XML_Parser parser;
    struct fw_xnode *root, *at;
    unsigned depth;
    unsigned skipping; /* elements inside of one that is too deep */
    bool doctype, deep;
    size_t from, to; /* the text of the element in the document, */
    size_t n, room;  /* and what it says */
    char *said;
};

/* --- Memory: the arena's, with the size kept in front for growing --- */

enum { HEADER = 16 };

/* Expat hands no context to its allocator, and a thread reads one document at a time. */
static _Thread_local struct fw_arena *memory;

static void *take(size_t n)
{
    char *block = n < SIZE_MAX - HEADER ? fw_arena_alloc(memory, n + HEADER) : NULL;
    if (!block) {
        return NULL;
    }
    memcpy(block, &n, sizeof(n));
    return block + HEADER;
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

/* --- Places --- */

static size_t offset_of(const struct reader *r)
{
    XML_Index index = XML_GetCurrentByteIndex(r->parser);
    size_t mark = fw_sv_starts(r->doc->text, "\xef\xbb\xbf") ? 3 : 0;
    return (index < 0 ? 0 : (size_t)index) + mark;
}

static fw_sv event_text(const struct reader *r)
{
    int n = XML_GetCurrentByteCount(r->parser);
    return fw_sv_sub(r->doc->text, offset_of(r), n > 0 ? (size_t)n : 0);
}

/* The words where they stand, a copy where that says something else. */
static fw_sv kept(struct reader *r, fw_sv raw, fw_sv said)
{
    return fw_sv_eq(raw, said) ? raw : fw_arena_copy(&r->doc->arena, said);
}

/* --- Elements --- */

static void XMLCALL begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *r = context;
    struct fw_doc *doc = r->doc;
    fw_sv tag = event_text(r);
    uint32_t line = fw_doc_line_of(doc, offset_of(r));
    if (r->skipping > 0 || r->depth == FW_LIMIT_CONFIG_DEPTH) {
        r->deep = true;
        if (r->skipping++ == 0) {
            fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, line, (fw_sv){0},
                        "elements are nested deeper than the limit CONFIG_DEPTH allows");
        }
        fw_doc_mark(doc, line, FW_LINE_BAD);
        return;
    }
    struct fw_xnode *node = fw_new(&doc->arena, struct fw_xnode);
    fw_sv said = fw_sv_from(name);
    node->name = kept(r, fw_sv_sub(tag, 1, said.n), said);
    node->span = fw_doc_span(doc, tag, line);
    node->last = line;
    node->parent = r->at;
    struct fw_xattr **end = &node->attrs;
    for (; attributes && attributes[0]; attributes += 2) {
        struct fw_xattr *attr = fw_new(&doc->arena, struct fw_xattr);
        fw_sv value = fw_sv_from(attributes[1]);
        size_t at = value.n > 0 ? fw_sv_find(tag, value) : SIZE_MAX;
        attr->name = fw_arena_copy(&doc->arena, fw_sv_from(attributes[0]));
        attr->value = kept(r, at == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(tag, at, value.n), value);
        *end = attr;
        end = &attr->next;
    }
    if (!r->at) {
        r->root = node;
    } else if (r->at->last_child) {
        r->at->last_child = r->at->last_child->next = node;
    } else {
        r->at->last_child = r->at->child = node;
    }
    r->at = node;
    r->depth++;
    r->n = 0;
}

static void XMLCALL text(void *context, const XML_Char *said, int n)
{
    struct reader *r = context;
    if (n <= 0 || r->skipping > 0) {
        return;
    }
    size_t at = offset_of(r);
    if (r->n == 0) {
        r->from = at;
    }
    r->to = at + event_text(r).n;
    if (r->n + (size_t)n > r->room) {
        size_t room = (r->n + (size_t)n) * 2;
        r->said = fw_arena_grow(&r->doc->arena, r->said, r->n, room, 1);
        r->room = room;
    }
    memcpy(r->said + r->n, said, (size_t)n);
    r->n += (size_t)n;
}

static void XMLCALL end(void *context, const XML_Char *name)
{
    struct reader *r = context;
    (void)name;
    uint32_t line = fw_doc_line_of(r->doc, offset_of(r));
    if (r->skipping > 0) {
        r->skipping--;
        fw_doc_mark(r->doc, line, FW_LINE_BAD);
        return;
    }
    struct fw_xnode *node = r->at;
    if (!node->child && r->n > 0) {
        node->raw = fw_sv_trim(fw_sv_sub(r->doc->text, r->from, r->to - r->from));
        node->text = kept(r, node->raw, fw_sv_trim(fw_sv_of(r->said, r->n)));
    }
    node->last = line > node->last ? line : node->last;
    r->at = node->parent;
    r->depth--;
    r->n = 0;
}

static void XMLCALL declare(void *context, const XML_Char *name, const XML_Char *system,
                            const XML_Char *public, int internal)
{
    struct reader *r = context;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    r->doctype = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static void report(struct reader *r)
{
    struct fw_doc *doc = r->doc;
    uint32_t line = fw_doc_line_of(doc, offset_of(r));
    fw_doc_mark_range(doc, line, doc->nlines, FW_LINE_BAD);
    fw_doc_bad(doc, line, (fw_sv){0},
               r->doctype ? "document types are not read: %s" : "expected well-formed XML: %s",
               r->doctype ? "nothing may be declared"
                          : XML_ErrorString(XML_GetErrorCode(r->parser)));
}

const struct fw_xnode *fw_xml_parse(struct fw_doc *doc, bool *ret_whole)
{
    static const XML_Memory_Handling_Suite suite = {take, grow, forget};
    struct reader *r = fw_new(&doc->arena, struct reader);
    fw_sv all = doc->text;
    r->doc = doc;
    memory = &doc->arena;
    if (fw_sv_starts(all, "\xef\xbb\xbf")) {
        all = fw_sv_sub(all, 3, SIZE_MAX);
    }
    /* The text was converted when it was loaded, whatever it declares. */
    r->parser = all.n < INT_MAX ? XML_ParserCreate_MM("UTF-8", &suite, NULL) : NULL;
    if (!r->parser) {
        fw_doc_mark_range(doc, 1, doc->nlines, FW_LINE_BAD);
        fw_doc_bad(doc, 1, (fw_sv){0}, "the text is too long for XML");
        return NULL;
    }
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, begin, end);
    XML_SetCharacterDataHandler(r->parser, text);
    XML_SetStartDoctypeDeclHandler(r->parser, declare);
    bool whole = XML_Parse(r->parser, all.p, (int)all.n, XML_TRUE) == XML_STATUS_OK;
    if (!whole) {
        report(r);
    }
    if (ret_whole) {
        *ret_whole = whole && !r->deep;
    }
    return r->root;
}

/* --- Questions --- */

const struct fw_xnode *fw_xml_child(const struct fw_xnode *node, const char *name)
{
    const struct fw_xnode *child = node ? node->child : NULL;
    while (child && !fw_sv_is(child->name, name)) {
        child = child->next;
    }
    return child;
}

const struct fw_xnode *fw_xml_next(const struct fw_xnode *node)
{
    const struct fw_xnode *next = node->next;
    while (next && !fw_sv_eq(next->name, node->name)) {
        next = next->next;
    }
    return next;
}

fw_sv fw_xml_text(const struct fw_xnode *node, const char *name)
{
    const struct fw_xnode *child = fw_xml_child(node, name);
    return child ? child->text : (fw_sv){0};
}

fw_sv fw_xml_attr(const struct fw_xnode *node, const char *name)
{
    const struct fw_xattr *attr = node ? node->attrs : NULL;
    while (attr && !fw_sv_is(attr->name, name)) {
        attr = attr->next;
    }
    return attr ? attr->value : (fw_sv){0};
}

/* --- Lines --- */

void fw_xml_mark(struct fw_doc *doc, const struct fw_xnode *node, enum fw_line_verdict verdict)
{
    fw_doc_mark_range(doc, node->span.line,
                      fw_doc_line_of(doc, node->span.offset + node->span.length), verdict);
    fw_doc_mark(doc, node->last, verdict);
}

void fw_xml_mark_whole(struct fw_doc *doc, const struct fw_xnode *node,
                       enum fw_line_verdict verdict)
{
    fw_doc_mark_range(doc, node->span.line, node->last, verdict);
}

bool fw_xml_keys(struct fw_doc *doc, const struct fw_xnode *node, const struct fw_known *keys)
{
    bool unknown = false;
    fw_xml_mark(doc, node, FW_LINE_USED);
    for (const struct fw_xnode *child = node->child; child; child = child->next) {
        const struct fw_known *row = fw_known_find(keys, child->name);
        if (!row) {
            unknown = true;
            fw_xml_mark_whole(doc, child, FW_LINE_UNSUPPORTED);
            fw_doc_unsupported(doc, child->span.line, child->name,
                               "nothing here knows the element \"%.*s\"", FW_SV_ARG(child->name));
        } else if (row->why) {
            fw_xml_mark_whole(doc, child, FW_LINE_IGNORED);
        } else if (child->child) {
            fw_xml_mark(doc, child, FW_LINE_USED);
        } else {
            fw_xml_mark_whole(doc, child, FW_LINE_USED);
        }
    }
    return unknown;
}

void fw_xml_bad(struct fw_doc *doc, const struct fw_xnode *node, const char *expected)
{
    fw_doc_bad(doc, node->span.line, node->name, "expected %s", expected);
}

/* Comments, declarations and blank lines. */
void fw_xml_finish(struct fw_doc *doc)
{
    for (uint32_t line = 1; line <= doc->nlines; line++) {
        fw_doc_mark(doc, line, FW_LINE_IGNORED);
    }
}
