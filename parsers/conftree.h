/*
 * Configurations that are trees of words: FortiOS blocks, PAN-OS XML and set lines, Junos braces
 * and set lines all become the same tree, so that what a setting means is written once, whatever
 * its spelling. Every word is a node; what a keyword is set to are its children.
 *   set zone trust network layer3 [ ethernet1/1 ethernet1/2 ]
 *   zone > trust > network > layer3 > ethernet1/1
 *                                   > ethernet1/2
 * The tree lives in the arena of the document. Each statement is noted with its lines and its node;
 * whoever reads the tree gives nodes their verdict, and fw_tree_finish passes it to the lines.
 */
#ifndef FW_PARSERS_CONFTREE_H
#define FW_PARSERS_CONFTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/span.h"
#include "core/sv.h"
#include "parsers/doc.h"

struct fw_node {
    fw_sv name;
    fw_span span; /* where it was first written */
    struct fw_node *parent, *prev, *next, *child, *last;
    uint32_t n;      /* children */
    bool indexed;    /* children are in the table of the tree */
    bool off;        /* written, but without effect: "inactive:", "disabled" */
    bool said;       /* that it is not modelled */
    bool cut;        /* the text ends inside of it: more of it may have been written */
    uint8_t verdict; /* of the lines that wrote it, enum fw_line_verdict */
    uint8_t below;   /* of what is below it, where nothing there says otherwise */
};

struct fw_tree_note {
    uint32_t from, to; /* lines */
    const struct fw_node *node;
};

struct fw_tree {
    struct fw_doc *doc;
    struct fw_node *root;
    bool cut; /* not all of the text was read: anything may have followed */
    size_t nnotes;
    struct fw_tree_note *notes;
    size_t nslots, used;
    struct fw_node **slots; /* children of nodes that have many, by parent and name */
};

void fw_tree_init(struct fw_tree *tree, struct fw_doc *doc);
/* Finds or makes. A name that does not point into the text must live as long as the document. */
struct fw_node *fw_tree_child(struct fw_tree *tree, struct fw_node *parent, fw_sv name,
                              uint32_t line);
/* Always makes: values of one keyword may repeat ("0.0.0.0 0.0.0.0"). */
struct fw_node *fw_tree_append(struct fw_tree *tree, struct fw_node *parent, fw_sv name,
                               uint32_t line);
struct fw_node *fw_tree_find(const struct fw_tree *tree, const struct fw_node *parent, fw_sv name);
/* Down several names; NULL when one of them is missing, or the parent is. Ends with NULL. */
struct fw_node *fw_tree_at(const struct fw_tree *tree, const struct fw_node *parent, ...);
/* The last word written below a keyword, for settings with one value; {0} without one. */
fw_sv fw_node_value(const struct fw_node *node);
/* Keywords below an entry (NULL: not written); reading one marks it and its values as used. */
struct fw_node *fw_tree_key(const struct fw_tree *tree, const struct fw_node *entry,
                            const char *key);
fw_sv fw_tree_value(const struct fw_tree *tree, const struct fw_node *entry, const char *key);
bool fw_tree_is(const struct fw_tree *tree, const struct fw_node *entry, const char *key,
                const char *value);
/* Like fw_tree_at, and marks every node on the way as used. */
struct fw_node *fw_tree_use(const struct fw_tree *tree, struct fw_node *from, ...);
/* Takes a node out of its parent; its notes stay. */
void fw_tree_remove(struct fw_tree *tree, struct fw_node *node);
void fw_tree_clear(struct fw_tree *tree, struct fw_node *node); /* removes all children */
void fw_tree_rename(struct fw_tree *tree, struct fw_node *node, fw_sv name);
/* Puts a node before or after another one of the same parent. */
void fw_tree_move(struct fw_node *node, struct fw_node *other, bool after);

void fw_tree_note(struct fw_tree *tree, const struct fw_node *node, uint32_t from, uint32_t to);
/* Gives the lines of every note the verdict of its node, or what the nearest node above says about
 * all below it. What is unsupported and has not been named is named. */
void fw_tree_finish(struct fw_tree *tree);

void fw_node_mark(struct fw_node *node, enum fw_line_verdict verdict); /* worst wins */
void fw_node_below(struct fw_node *node, enum fw_line_verdict verdict);

#endif
