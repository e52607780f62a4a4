/* Which hash stands for a list of texts, and what proves that one of them is in it? */
#include "core/merkle.h"

#include <string.h>

fw_sha256 fw_merkle_leaf(fw_sv bytes)
{
    return fw_sha256_tagged(0, bytes, FW_SV(""));
}

fw_sha256 fw_merkle_node(fw_sha256 left, fw_sha256 right)
{
    return fw_sha256_tagged(1, fw_sv_of((const char *)left.b, sizeof(left.b)),
                            fw_sv_of((const char *)right.b, sizeof(right.b)));
}

/* Joins the two topmost trees; the one without the tracked leaf is its sibling. */
static void join(struct fw_merkle *tree)
{
    fw_sha256 *left = &tree->stack[tree->depth - 2], *right = &tree->stack[tree->depth - 1];
    if (tree->tracked == tree->depth) {
        tree->path[tree->npath++] = *left;
        tree->tracked--;
    } else if (tree->tracked == tree->depth - 1) {
        tree->path[tree->npath++] = *right;
    }
    *left = fw_merkle_node(*left, *right);
    tree->depth--;
}

void fw_merkle_add(struct fw_merkle *tree, fw_sha256 leaf)
{
    tree->stack[tree->depth++] = leaf;
    if (tree->tracking && tree->n == tree->track) {
        tree->tracked = tree->depth;
    }
    /* As many joins as the count ends in ones: like carrying when one is added. */
    for (uint64_t carry = tree->n; (carry & 1) != 0; carry >>= 1) {
        join(tree);
    }
    tree->n++;
}

fw_sha256 fw_merkle_root(struct fw_merkle *tree)
{
    if (tree->n == 0) {
        return fw_sha256_of(FW_SV(""));
    }
    while (tree->depth > 1) {
        join(tree);
    }
    return tree->stack[0];
}

/* RFC 9162, 2.1.3.2. */
bool fw_merkle_climb(fw_sha256 leaf, uint64_t index, uint64_t n, const fw_sha256 *path,
                     size_t npath, fw_sha256 *ret)
{
    if (index >= n) {
        return false;
    }
    uint64_t at = index, last = n - 1;
    for (size_t i = 0; i < npath; i++) {
        if (last == 0) {
            return false;
        }
        if ((at & 1) != 0 || at == last) {
            leaf = fw_merkle_node(path[i], leaf);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            leaf = fw_merkle_node(leaf, path[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    if (last != 0) {
        return false;
    }
    *ret = leaf;
    return true;
}
