/*
 * Configurations that are written as paths of words, as commands or in braces, into one tree:
 *   set zone trust network layer3 [ ethernet1/1 ethernet1/2 ]
 *   zone { trust { network { layer3 [ ethernet1/1 ethernet1/2 ]; } } }
 * Both spellings may stand in one text. Commands that change what was said before (delete, move,
 * insert, rename, copy, deactivate, activate) are carried out. Where a word leads, the dialect
 * says; what the words mean, its reader of the tree.
 */
#ifndef FW_PARSERS_TREETEXT_H
#define FW_PARSERS_TREETEXT_H

#include "parsers/conftree.h"

/* The child of a block that holds the comment written before it. */
#define FW_TREE_NOTE "/*"

struct fw_treestyle {
    void *owner;
    /* The node that a word leads to. NULL: it leads nowhere, and `make` was not asked for. */
    struct fw_node *(*enter)(void *owner, struct fw_node *at, fw_sv word, uint32_t line, bool make);
    /* A path ends with this word, as it is written: may be a secret. */
    void (*leaf)(void *owner, const struct fw_node *leaf, fw_sv raw, uint32_t line);
};

void fw_treetext_read(struct fw_tree *tree, const struct fw_treestyle *style);
/* One secret a line, for values over several lines: sinks work on lines. */
void fw_tree_hide(struct fw_doc *doc, fw_sv raw, uint32_t line);
/* A value that is set again is the last one. */
void fw_tree_latest(struct fw_node *node);

#endif
