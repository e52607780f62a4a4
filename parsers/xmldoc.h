/*
 * An XML configuration as its elements, in the arena of the document. Document types are refused:
 * nothing may be declared, so no entity expands. Elements deeper than CONFIG_DEPTH are bad lines.
 */
#ifndef FW_PARSERS_XMLDOC_H
#define FW_PARSERS_XMLDOC_H

#include "parsers/doc.h"
#include "parsers/known.h"

struct fw_xattr {
    fw_sv name, value;
    struct fw_xattr *next;
};

struct fw_xnode {
    fw_sv name;
    fw_sv text;    /* what stands between the tags, trimmed; {0} with elements inside */
    fw_sv raw;     /* the same as it stands in the document */
    fw_span span;  /* of the first tag */
    uint32_t last; /* line of the last tag */
    struct fw_xattr *attrs;
    struct fw_xnode *parent, *child, *last_child, *next;
};

/* NULL: not well-formed from the start on. What is wrong was reported; lines not read are bad.
 * *ret_whole (may be NULL): there are none. */
const struct fw_xnode *fw_xml_parse(struct fw_doc *doc, bool *ret_whole);

/* The first child of the name, and the next one of the same name. */
const struct fw_xnode *fw_xml_child(const struct fw_xnode *node, const char *name);
const struct fw_xnode *fw_xml_next(const struct fw_xnode *node);
/* The child's text; {0} without one. */
fw_sv fw_xml_text(const struct fw_xnode *node, const char *name);
fw_sv fw_xml_attr(const struct fw_xnode *node, const char *name); /* {0} without one */

/* The lines of the element's tags, and (whole) all lines between them. */
void fw_xml_mark(struct fw_doc *doc, const struct fw_xnode *node, enum fw_line_verdict verdict);
void fw_xml_mark_whole(struct fw_doc *doc, const struct fw_xnode *node,
                       enum fw_line_verdict verdict);
/* Marks the element and its children by the table. True: a child is in none; it was reported. */
bool fw_xml_keys(struct fw_doc *doc, const struct fw_xnode *node, const struct fw_known *keys);
void fw_xml_bad(struct fw_doc *doc, const struct fw_xnode *node, const char *expected);
/* At the end: lines without elements of their own. */
void fw_xml_finish(struct fw_doc *doc);

#endif
