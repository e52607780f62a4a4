/*
 * XML configurations as a tree of words (conftree.h): <zone><entry name="trust"><network><layer3>
 * <member>ethernet1/1</member> leads where "zone trust network layer3 ethernet1/1" leads.
 */
#ifndef FW_PARSERS_TREEXML_H
#define FW_PARSERS_TREEXML_H

#include "parsers/treetext.h"

/* The child of the root that holds the version which the outermost element names. */
#define FW_TREE_VERSION "@version"

void fw_treexml_read(struct fw_tree *tree, const struct fw_treestyle *style);

#endif
