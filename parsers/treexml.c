/* Elements, entries and members of an XML text (xmldoc.h), and where in the tree they go. */
#include "parsers/treexml.h"

#include <string.h>

#include "parsers/xmldoc.h"

struct reader {
    struct fw_tree *tree;
    const struct fw_treestyle *style;
};

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

/* The words of the text where they say the same. */
static fw_sv kept(fw_sv raw, fw_sv said)
{
    return fw_sv_eq(raw, said) ? raw : said;
}

static void add_value(struct reader *reader, struct fw_node *at, const char *key, fw_sv value,
                      uint32_t line)
{
    struct fw_node *node = fw_tree_child(reader->tree, at, fw_sv_from(key), line);
    fw_tree_latest(fw_tree_child(reader->tree, node, value, line));
}

/* The node of an element; <member> has none of its own: its text is a word of the node above. */
static struct fw_node *enter(struct reader *reader, const struct fw_xnode *node, struct fw_node *at)
{
    const struct fw_treestyle *style = reader->style;
    uint32_t line = node->span.line;
    fw_sv tag = fw_sv_sub(reader->tree->doc->text, node->span.offset, node->span.length);
    fw_sv entry = fw_sv_is(node->name, "entry") ? fw_xml_attr(node, "name") : (fw_sv){0};
    fw_sv uuid = fw_xml_attr(node, "uuid");
    fw_sv version = fw_sv_is(node->name, "config") ? fw_xml_attr(node, "version") : (fw_sv){0};
    if (version.p) {
        add_value(reader, reader->tree->root, FW_TREE_VERSION,
                  kept(raw_attribute(tag, "version"), version), line);
    }
    if (!entry.p) {
        return fw_sv_is(node->name, "member")
                   ? at
                   : style->enter(style->owner, at, node->name, line, true);
    }
    fw_sv raw = raw_attribute(tag, "name");
    at = style->enter(style->owner, at, kept(raw, entry), line, true);
    style->leaf(style->owner, at, raw, line);
    if (uuid.p) {
        add_value(reader, at, "uuid", kept(raw_attribute(tag, "uuid"), uuid), line);
    }
    return at;
}

/* `cut`: the text ends in this element, or in one before it that was the last of its parent. */
static void read_element(struct reader *reader, const struct fw_xnode *element, struct fw_node *at,
                         bool cut)
{
    const struct fw_treestyle *style = reader->style;
    struct fw_tree *tree = reader->tree;
    struct fw_node *node = enter(reader, element, at);
    node->cut = node->cut || cut;
    uint32_t line = element->span.line;
    uint64_t end = element->span.offset + element->span.length;
    fw_tree_note(tree, node, line, fw_doc_line_of(tree->doc, end > 0 ? end - 1 : 0));
    for (const struct fw_xnode *child = element->child; child; child = child->next) {
        read_element(reader, child, node,
                     cut && !child->next); /* no deeper than the reader of XML goes */
    }
    if (element->text.n > 0 && !element->child) {
        uint32_t from = fw_doc_line_of(tree->doc, (uint64_t)(element->raw.p - tree->doc->text.p));
        struct fw_node *leaf = style->enter(style->owner, node, kept(element->raw, element->text),
                                            from, true);
        style->leaf(style->owner, leaf, element->raw, from);
        fw_tree_latest(leaf);
        fw_tree_note(tree, leaf, line, element->last);
    }
    if (element->last != line) { /* what is wrong with an element is wrong where it begins */
        fw_tree_note(tree, at, element->last, element->last);
    }
}

void fw_treexml_read(struct fw_tree *tree, const struct fw_treestyle *style)
{
    struct reader reader = {tree, style};
    bool whole;
    const struct fw_xnode *root = fw_xml_parse(tree->doc, &whole);
    tree->cut = !whole;
    if (root) {
        read_element(&reader, root, tree->root, tree->cut);
    }
    fw_xml_finish(tree->doc);
}
