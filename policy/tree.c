/* How the index is built and searched. */
#include "policy/tree.h"

#include <stdlib.h>
#include <string.h>

/* Leaves this small keep volumes tight; a side is wide when it covers this part of its dimension.
 */
enum { LEAF = 6, WIDE_PART = 4, STACK = 128 };

struct builder {
    struct fw_tree *tree;
    const struct fw_program *program;
};

static bool is_indexed(const struct fw_item *item)
{
    return item->rule && (item->op == FW_OP_DECIDE || item->op == FW_OP_UNKNOWN ||
                          (item->op == FW_OP_SKIP && !item->idle));
}

static uint32_t class_of(const struct fw_space *space, const struct fw_box *box)
{
    uint32_t class = 0;
    for (unsigned i = 0; i < space->n; i++) {
        uint64_t size = (uint64_t)box->sides[i].hi - box->sides[i].lo + 1;
        class = class << 1 | (size * WIDE_PART >= space->axes[space->used[i]].ranks);
    }
    return class;
}

struct classed {
    uint32_t class;
    uint32_t index;
};

static int by_class(const void *left, const void *right)
{
    const struct classed *a = left;
    const struct classed *b = right;
    if (a->class != b->class) {
        return a->class < b->class ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

static uint64_t center(const struct fw_box *box, unsigned axis)
{
    return (uint64_t)box->sides[axis].lo + box->sides[axis].hi;
}

/* Boxes are compared by their middle in one dimension; with axis == n by their item. */
static bool before(const struct fw_box *a, const struct fw_box *b, unsigned axis, unsigned n)
{
    if (axis < n && center(a, axis) != center(b, axis)) {
        return center(a, axis) < center(b, axis);
    }
    return a->item < b->item;
}

/* Hoare's selection: afterwards v[k] is in its place, smaller ones before it. */
static void select_middle(const struct fw_box **v, size_t n, size_t k, unsigned axis, unsigned dims)
{
    size_t lo = 0;
    size_t hi = n - 1;
    while (lo < hi) {
        const struct fw_box *pivot = v[lo + (hi - lo) / 2];
        size_t i = lo;
        size_t j = hi;
        for (;;) {
            while (before(v[i], pivot, axis, dims)) {
                i++;
            }
            while (before(pivot, v[j], axis, dims)) {
                j--;
            }
            if (i >= j) {
                break;
            }
            const struct fw_box *t = v[i];
            v[i++] = v[j];
            v[j--] = t;
        }
        if (k <= j) {
            hi = j;
        } else {
            lo = j + 1;
        }
    }
}

/* The dimension in which the middles are spread the most; n when all are the same. */
static unsigned widest_axis(const struct fw_space *space, const struct fw_box *const *v, size_t n)
{
    unsigned best = space->n;
    double best_spread = 0;
    for (unsigned i = 0; i < space->n; i++) {
        uint64_t lo = UINT64_MAX;
        uint64_t hi = 0;
        for (size_t k = 0; k < n; k++) {
            uint64_t c = center(v[k], i);
            lo = c < lo ? c : lo;
            hi = c > hi ? c : hi;
        }
        double spread = (double)(hi - lo) / (double)space->axes[space->used[i]].ranks;
        if (spread > best_spread) {
            best_spread = spread;
            best = i;
        }
    }
    return best;
}

/* Builds the node for order[from, from + n); depth is bounded by halving. */
static uint32_t build(struct builder *b, size_t from, size_t n)
{
    struct fw_tree *tree = b->tree;
    const struct fw_space *space = &b->program->space;
    uint32_t index = tree->nnodes++;
    const struct fw_box **v = tree->order + from;
    if (n <= LEAF) {
        tree->nodes[index].first = (uint32_t)from;
        tree->nodes[index].count = (uint32_t)n;
    } else {
        size_t half = n / 2;
        select_middle(v, n, half, widest_axis(space, v, n), space->n);
        build(b, from, half);
        uint32_t second = build(b, from + half, n - half);
        tree->nodes[index].first = second;
        tree->nodes[index].count = 0;
    }
    struct fw_tree_node *node = &tree->nodes[index];
    node->least = UINT32_MAX;
    node->most = 0;
    uint32_t *hull = tree->hulls + (size_t)index * 2 * tree->n;
    for (unsigned i = 0; i < tree->n; i++) {
        hull[2 * i] = UINT32_MAX;
        hull[2 * i + 1] = 0;
    }
    for (size_t k = 0; k < n; k++) {
        node->least = v[k]->item < node->least ? v[k]->item : node->least;
        node->most = v[k]->item > node->most ? v[k]->item : node->most;
        for (unsigned i = 0; i < tree->n; i++) {
            uint32_t lo = v[k]->sides[i].lo;
            uint32_t hi = v[k]->sides[i].hi;
            hull[2 * i] = lo < hull[2 * i] ? lo : hull[2 * i];
            hull[2 * i + 1] = hi > hull[2 * i + 1] ? hi : hull[2 * i + 1];
        }
    }
    return index;
}

void fw_tree_build(struct fw_tree *tree, struct fw_arena *arena, const struct fw_program *program)
{
    *tree = (struct fw_tree){.n = program->space.n};
    struct classed *classed = fw_new_array(arena, (size_t)program->nboxes + 1, struct classed);
    size_t n = 0;
    for (uint32_t i = 0; i < program->nboxes; i++) {
        if (is_indexed(&program->items[program->boxes[i]->item])) {
            classed[n++] = (struct classed){class_of(&program->space, program->boxes[i]), i};
        }
    }
    qsort(classed, n, sizeof(*classed), by_class);
    tree->order = fw_new_array(arena, n + 1, const struct fw_box *);
    size_t classes = 0;
    for (size_t i = 0; i < n; i++) {
        tree->order[i] = program->boxes[classed[i].index];
        classes += i == 0 || classed[i].class != classed[i - 1].class;
    }
    /* Halving until LEAF gives leaves of at least half of it: so many nodes at most. */
    size_t max = 2 * (n / ((LEAF + 1) / 2) + classes) + 1;
    tree->nodes = fw_new_array(arena, max, struct fw_tree_node);
    tree->hulls = fw_new_array(arena, max * 2 * tree->n + 1, uint32_t);
    tree->roots = fw_new_array(arena, classes + 1, uint32_t);
    struct builder b = {tree, program};
    for (size_t from = 0; from < n;) {
        size_t to = from;
        while (to < n && classed[to].class == classed[from].class) {
            to++;
        }
        uint32_t root = build(&b, from, to - from);
        uint32_t at = tree->nroots++;
        while (at > 0 && tree->nodes[tree->roots[at - 1]].least > tree->nodes[root].least) {
            tree->roots[at] = tree->roots[at - 1];
            at--;
        }
        tree->roots[at] = root;
        from = to;
    }
}

/* How a search compares volumes and boxes with what it looks for. */
struct search {
    const uint32_t *ranks; /* a packet ... */
    const bool *truth;
    const struct fw_region *region; /* ... or a region: */
    bool contain;                   /* boxes that contain it, else those that overlap it */
    uint32_t from, to;
    fw_tree_accept *accept;
    void *context;
};

static bool volume_fits(const struct fw_tree *tree, const uint32_t *hull, const struct search *s)
{
    for (unsigned i = 0; i < tree->n; i++) {
        uint32_t lo = hull[2 * i];
        uint32_t hi = hull[2 * i + 1];
        if (s->ranks) {
            if (s->ranks[i] < lo || s->ranks[i] > hi) {
                return false;
            }
        } else if (s->contain) {
            if (s->region->sides[i].lo < lo || s->region->sides[i].hi > hi) {
                return false;
            }
        } else if (s->region->sides[i].lo > hi || s->region->sides[i].hi < lo) {
            return false;
        }
    }
    return true;
}

static bool box_fits(const struct fw_tree *tree, const struct fw_box *box, const struct search *s)
{
    bool fits = s->ranks     ? fw_box_has(box, s->ranks, s->truth, tree->n)
                : s->contain ? fw_box_contains(box, s->region, tree->n)
                             : fw_box_overlaps(box, s->region, tree->n);
    return fits && (!s->accept || s->accept(s->context, box));
}

/* The child with the lesser item is searched first: the other one is then often not needed. */
static const struct fw_box *least(const struct fw_tree *tree, const struct search *s)
{
    const struct fw_box *best = NULL;
    uint32_t bound = s->to;
    uint32_t stack[STACK];
    for (uint32_t r = 0; r < tree->nroots; r++) {
        size_t depth = 0;
        stack[depth++] = tree->roots[r];
        while (depth > 0) {
            uint32_t index = stack[--depth];
            const struct fw_tree_node *node = &tree->nodes[index];
            if (node->least >= bound || node->most < s->from ||
                !volume_fits(tree, tree->hulls + (size_t)index * 2 * tree->n, s)) {
                continue;
            }
            if (node->count == 0) {
                uint32_t one = index + 1;
                uint32_t other = node->first;
                bool swap = tree->nodes[one].least > tree->nodes[other].least;
                stack[depth++] = swap ? one : other;
                stack[depth++] = swap ? other : one;
                continue;
            }
            for (uint32_t k = 0; k < node->count; k++) {
                const struct fw_box *box = tree->order[node->first + k];
                if (box->item >= s->from && box->item < bound && box_fits(tree, box, s)) {
                    best = box;
                    bound = box->item;
                }
            }
        }
    }
    return best;
}

const struct fw_box *fw_tree_first(const struct fw_tree *tree, const uint32_t *ranks,
                                   const bool *truth, uint32_t from, uint32_t to,
                                   fw_tree_accept *accept, void *context)
{
    struct search s = {ranks, truth, NULL, false, from, to, accept, context};
    return least(tree, &s);
}

const struct fw_box *fw_tree_container(const struct fw_tree *tree, const struct fw_region *region,
                                       uint32_t from, uint32_t to, fw_tree_accept *accept,
                                       void *context)
{
    struct search s = {NULL, NULL, region, true, from, to, accept, context};
    return least(tree, &s);
}

const struct fw_box *fw_tree_overlap(const struct fw_tree *tree, const struct fw_region *region,
                                     uint32_t from, uint32_t to, fw_tree_accept *accept,
                                     void *context)
{
    struct search s = {NULL, NULL, region, false, from, to, accept, context};
    return least(tree, &s);
}

void fw_tree_visit(const struct fw_tree *tree, const struct fw_region *region, uint32_t from,
                   uint32_t to, fw_tree_accept *visit, void *context)
{
    struct search s = {NULL, NULL, region, false, from, to, NULL, NULL};
    uint32_t stack[STACK];
    for (uint32_t r = 0; r < tree->nroots; r++) {
        size_t depth = 0;
        stack[depth++] = tree->roots[r];
        while (depth > 0) {
            uint32_t index = stack[--depth];
            const struct fw_tree_node *node = &tree->nodes[index];
            if (node->least >= to || node->most < from ||
                !volume_fits(tree, tree->hulls + (size_t)index * 2 * tree->n, &s)) {
                continue;
            }
            if (node->count == 0) {
                stack[depth++] = node->first;
                stack[depth++] = index + 1;
                continue;
            }
            for (uint32_t k = 0; k < node->count; k++) {
                const struct fw_box *box = tree->order[node->first + k];
                if (box->item >= from && box->item < to && box_fits(tree, box, &s) &&
                    !visit(context, box)) {
                    return;
                }
            }
        }
    }
}
