/*
 * Merkle trees as RFC 6962 (2.1) and RFC 9162 define them: a leaf is SHA-256(0x00 bytes), a node is
 * SHA-256(0x01 left right), so that neither can be taken for the other. Leaves are added one after
 * the other in constant memory; the path of one of them can be collected on the way.
 */
#ifndef FW_CORE_MERKLE_H
#define FW_CORE_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sha256.h"

/* As many as the bits of a count. */
enum { FW_MERKLE_DEPTH = 64 };

/* {0} is the empty tree that tracks nothing. */
struct fw_merkle {
    uint64_t n;                       /* leaves so far */
    fw_sha256 stack[FW_MERKLE_DEPTH]; /* roots of whole trees, the largest first */
    size_t depth;
    bool tracking;
    uint64_t track; /* the leaf, from 0, whose path is wanted; set before it comes */
    size_t tracked; /* 1 + its place on the stack; 0: not yet there */
    fw_sha256 path[FW_MERKLE_DEPTH]; /* its siblings, from the leaf up */
    size_t npath;
};

fw_sha256 fw_merkle_leaf(fw_sv bytes);
fw_sha256 fw_merkle_node(fw_sha256 left, fw_sha256 right);
void fw_merkle_add(struct fw_merkle *tree, fw_sha256 leaf);
/* The root; that of no leaves is the hash of nothing. Completes the path: call once, last. */
fw_sha256 fw_merkle_root(struct fw_merkle *tree);

/* The root that a leaf, its place and its path lead to; false when the path has not the length that
 * this place in a tree of n leaves needs. */
bool fw_merkle_climb(fw_sha256 leaf, uint64_t index, uint64_t n, const fw_sha256 *path,
                     size_t npath, fw_sha256 *ret);

#endif
