/*
 * How the index is built and searched. A node is a block of words, in rows of eight, one for each
 * child: the least and the greatest item below it, then the lower and the upper end in every
 * dimension, then what the child is. So one comparison of a search is made with all children at
 * once, and a search reads nothing else, except boxes with several intervals or literals.
 */
#include "policy/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    WIDTH = 8,
    WIDE_PART = 4, /* a side is wide when it covers this part of its dimension */
    MANY = 16,     /* ... of at least so many ranks */
    STACK = 128,   /* eight to a level, and more levels than memory could hold */
};

#define LEAF UINT32_C(0x80000000)  /* the child is a box: its number in the program */
#define PLAIN UINT32_C(0x40000000) /* ... without literals, every side one interval */
#define INDEX UINT32_C(0x3fffffff)

struct builder {
    struct fw_tree *tree;
    const struct fw_program *program;
    uint32_t *records; /* one after the other: middles in every dimension, number of the box */
    unsigned words;    /* of a record */
};

unsigned fw_kinds_of(enum fw_action action)
{
    switch (action) {
    case FW_ACTION_PERMIT:
        return 1U << FW_KIND_PERMIT;
    case FW_ACTION_DENY:
        return 1U << FW_KIND_DENY;
    case FW_ACTION_REJECT:
        return 1U << FW_KIND_REJECT;
    case FW_ACTION_JUMP:
    case FW_ACTION_GOTO:
    case FW_ACTION_RETURN:
    case FW_ACTION_CONTINUE:
    case FW_ACTION_DNAT:
    case FW_ACTION_SNAT:
    case FW_ACTION_UNKNOWN:
    case FW_ACTION_COUNT:
        break;
    }
    return 0;
}

static enum fw_kind kind_of(const struct fw_item *item)
{
    if (!item->rule) {
        return FW_KIND_COUNT;
    }
    switch (item->op) {
    case FW_OP_DECIDE:
        return item->action == FW_ACTION_PERMIT ? FW_KIND_PERMIT
               : item->action == FW_ACTION_DENY ? FW_KIND_DENY
                                                : FW_KIND_REJECT;
    case FW_OP_UNKNOWN:
        return FW_KIND_UNKNOWN;
    case FW_OP_SKIP:
        return item->idle ? FW_KIND_COUNT : FW_KIND_SKIP;
    case FW_OP_ENTER:
    case FW_OP_PASS:
        break;
    }
    return FW_KIND_COUNT;
}

static uint32_t class_of(const struct fw_space *space, const struct fw_box *box)
{
    uint32_t class = 0;
    for (unsigned i = 0; i < space->n; i++) {
        uint64_t size = (uint64_t)box->sides[i].hi - box->sides[i].lo + 1;
        uint32_t ranks = space->axes[space->used[i]].ranks;
        class = class << 1 | (ranks >= MANY && size * WIDE_PART >= ranks);
    }
    return class;
}

struct classed {
    uint32_t class; /* the kind on top */
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

static void swap(uint32_t *a, uint32_t *b, unsigned words)
{
    for (unsigned i = 0; i < words; i++) {
        uint32_t t = a[i];
        a[i] = b[i];
        b[i] = t;
    }
}

/* Records are compared by their middle in one dimension, and then by box. */
static bool before(const uint32_t *a, const uint32_t *b, unsigned axis, unsigned last)
{
    return a[axis] != b[axis] ? a[axis] < b[axis] : a[last] < b[last];
}

/* Hoare's selection: afterwards the k-th record is in its place, smaller ones before it. */
static void select_middle(const struct builder *b, size_t from, size_t n, size_t k, unsigned axis)
{
    unsigned words = b->words;
    uint32_t *v = b->records + from * words;
    size_t lo = 0;
    size_t hi = n - 1;
    uint32_t pivot[FW_AXIS_COUNT + 1];
    while (lo < hi) {
        memcpy(pivot, v + (lo + (hi - lo) / 2) * words, words * sizeof(*pivot));
        size_t i = lo;
        size_t j = hi;
        for (;;) {
            while (before(v + i * words, pivot, axis, words - 1)) {
                i++;
            }
            while (before(pivot, v + j * words, axis, words - 1)) {
                j--;
            }
            if (i >= j) {
                break;
            }
            swap(v + i++ * words, v + j-- * words, words);
        }
        if (k <= j) {
            hi = j;
        } else {
            lo = j + 1;
        }
    }
}

/* The dimension in which the middles are spread the most, measured by its ranks. */
static unsigned widest_axis(const struct builder *b, size_t from, size_t n)
{
    const struct fw_space *space = &b->program->space;
    uint32_t lo[FW_AXIS_COUNT + 1];
    uint32_t hi[FW_AXIS_COUNT + 1] = {0};
    memset(lo, 0xff, sizeof(lo));
    const uint32_t *v = b->records + from * b->words;
    for (size_t k = 0; k < n; k++, v += b->words) {
        for (unsigned i = 0; i < space->n; i++) {
            lo[i] = v[i] < lo[i] ? v[i] : lo[i];
            hi[i] = v[i] > hi[i] ? v[i] : hi[i];
        }
    }
    unsigned best = 0;
    double best_spread = -1;
    for (unsigned i = 0; i < space->n; i++) {
        double spread = (double)(hi[i] - lo[i]) / (double)space->axes[space->used[i]].ranks;
        if (spread > best_spread) {
            best_spread = spread;
            best = i;
        }
    }
    return best;
}

static uint32_t new_node(struct fw_tree *tree)
{
    int32_t *node = tree->nodes + (size_t)tree->nnodes * tree->stride;
    for (unsigned i = 0; i < 2 * tree->n + 2; i++) { /* nothing fits into an empty place */
        for (unsigned k = 0; k < WIDTH; k++) {
            node[i * WIDTH + k] = (i & 1) == 0 ? INT32_MAX : -1;
        }
    }
    return tree->nnodes++;
}

static void set_child(const struct fw_tree *tree, uint32_t index, unsigned place,
                      const int32_t *ends, uint32_t child)
{
    int32_t *node = tree->nodes + (size_t)index * tree->stride;
    for (unsigned i = 0; i < 2 * tree->n + 2; i++) {
        node[i * WIDTH + place] = ends[i];
    }
    ((uint32_t *)node)[(2 * tree->n + 2) * WIDTH + place] = child;
}

struct child { /* its ends: what will be in its column of the node */
    int32_t ends[2 * FW_AXIS_COUNT + 2];
    uint32_t child;
};

/* The hull of a node's children. */
static void hull_of(const struct child *v, unsigned n, unsigned rows, int32_t *ret)
{
    memcpy(ret, v[0].ends, rows * sizeof(*ret));
    for (unsigned k = 1; k < n; k++) {
        for (unsigned i = 0; i < rows; i++) {
            int32_t end = v[k].ends[i];
            bool outer = (i & 1) == 0 ? end < ret[i] : end > ret[i];
            ret[i] = outer ? end : ret[i];
        }
    }
}

/* Children in the order of their least item, which is the order in which searches try them. */
static void settle(struct fw_tree *tree, uint32_t index, struct child *v, unsigned n)
{
    for (unsigned k = 0; k < n; k++) {
        unsigned rank = 0;
        for (unsigned m = 0; m < n; m++) {
            rank += v[m].ends[0] < v[k].ends[0] || (v[m].ends[0] == v[k].ends[0] && m < k);
        }
        set_child(tree, index, rank, v[k].ends, v[k].child);
    }
}

static void child_of_box(const struct builder *b, uint32_t number, struct child *ret)
{
    const struct fw_box *box = b->program->boxes[number];
    bool plain = box->nliterals == 0;
    ret->ends[0] = (int32_t)box->item;
    ret->ends[1] = (int32_t)box->item;
    for (unsigned i = 0; i < b->tree->n; i++) {
        ret->ends[2 * i + 2] = (int32_t)box->sides[i].lo;
        ret->ends[2 * i + 3] = (int32_t)box->sides[i].hi;
        plain = plain && !box->sides[i].cells;
    }
    ret->child = number | LEAF | (plain ? PLAIN : 0);
}

static void build(struct builder *b, size_t from, size_t n, struct child *ret);

/* Children of `each` boxes, halving by the widest dimension at a multiple of that. */
static unsigned divide(struct builder *b, size_t from, size_t n, size_t each, struct child *ret)
{
    if (n <= each) {
        build(b, from, n, ret);
        return 1;
    }
    size_t groups = (n + each - 1) / each;
    size_t half = groups / 2 * each;
    select_middle(b, from, n, half, widest_axis(b, from, n));
    unsigned first = divide(b, from, half, each, ret);
    return first + divide(b, from + half, n - half, each, ret + first);
}

/* Builds the node of records [from, from + n), n > 0; every node but the last ones is full. */
static void build(struct builder *b, size_t from, size_t n, struct child *ret)
{
    struct fw_tree *tree = b->tree;
    struct child children[WIDTH];
    uint32_t index = new_node(tree);
    unsigned used = 0;
    if (n <= WIDTH) {
        for (size_t k = 0; k < n; k++) {
            child_of_box(b, b->records[(from + k + 1) * b->words - 1], &children[used++]);
        }
    } else {
        size_t each = WIDTH;
        while (each * WIDTH < n) {
            each *= WIDTH;
        }
        used = divide(b, from, n, each, children);
    }
    settle(tree, index, children, used);
    hull_of(children, used, 2 * tree->n + 2, ret->ends);
    ret->child = index;
}

static int by_least(const void *left, const void *right)
{
    const struct child *a = left;
    const struct child *b = right;
    return (a->ends[0] > b->ends[0]) - (a->ends[0] < b->ends[0]);
}

/* The trees of one kind hang below as many nodes as they need, by least item. */
static void add_tops(struct fw_tree *tree, enum fw_kind kind, struct child *roots, size_t n)
{
    qsort(roots, n, sizeof(*roots), by_least);
    tree->tops[kind] = tree->nnodes;
    for (size_t from = 0; from < n; from += WIDTH) {
        unsigned used = n - from < WIDTH ? (unsigned)(n - from) : WIDTH;
        settle(tree, new_node(tree), roots + from, used);
        tree->ntops[kind]++;
    }
}

/* At most so many nodes: full ones of the lowest level, one that is not for each class and level,
 * and what is above them. */
static size_t max_nodes(size_t n, size_t classes)
{
    size_t nodes = 2 * classes + FW_KIND_COUNT;
    for (size_t level = n; level > 0; level /= WIDTH) {
        nodes += level / WIDTH + classes;
    }
    return nodes;
}

static void fill_record(const struct fw_program *program, uint32_t number, unsigned words,
                        uint32_t *record)
{
    const struct fw_box *box = program->boxes[number];
    for (unsigned i = 0; i + 1 < words; i++) {
        record[i] = box->sides[i].lo + box->sides[i].hi; /* ranks have 31 bits */
    }
    record[words - 1] = number;
}

void fw_tree_build(struct fw_tree *tree, struct fw_arena *arena, struct fw_scratch *scratch,
                   const struct fw_program *program)
{
    struct fw_scratch_mark mark = fw_scratch_mark(scratch);
    *tree = (struct fw_tree){.program = program, .n = program->space.n};
    tree->stride = (2 * tree->n + 3) * WIDTH;
    struct builder b = {.tree = tree, .program = program, .words = tree->n + 1};
    struct classed *classed = fw_scratch_alloc(scratch, (program->nboxes + 1) * sizeof(*classed));
    size_t n = 0;
    for (uint32_t i = 0; i < program->nboxes; i++) {
        enum fw_kind kind = kind_of(&program->items[program->boxes[i]->item]);
        if (kind < FW_KIND_COUNT) {
            uint32_t class = class_of(&program->space, program->boxes[i]);
            classed[n++] = (struct classed){(uint32_t)kind << FW_AXIS_COUNT | class, i};
        }
    }
    qsort(classed, n, sizeof(*classed), by_class);
    b.records = fw_scratch_alloc(scratch, (n + 1) * b.words * sizeof(*b.records));
    size_t classes = 0;
    for (size_t i = 0; i < n; i++) {
        fill_record(program, classed[i].index, b.words, b.records + i * b.words);
        classes += i == 0 || classed[i].class != classed[i - 1].class;
    }
    tree->nodes = fw_new_array(arena, max_nodes(n, classes) * tree->stride, int32_t);
    struct child *roots = fw_scratch_alloc(scratch, (classes + 1) * sizeof(*roots));
    size_t from = 0;
    for (enum fw_kind kind = 0; kind < FW_KIND_COUNT; kind++) {
        size_t nroots = 0;
        while (from < n && classed[from].class >> FW_AXIS_COUNT == (uint32_t)kind) {
            size_t to = from;
            while (to < n && classed[to].class == classed[from].class) {
                to++;
            }
            build(&b, from, to - from, &roots[nroots++]);
            from = to;
        }
        add_tops(tree, kind, roots, nroots);
    }
    assert(tree->nnodes <= max_nodes(n, classes));
    fw_scratch_release(scratch, mark);
}

/* How a search compares: a volume fits when in every row its lower end is at most `most`, and its
 * upper end at least `least`. The first row is the items'. */
struct query {
    const uint32_t *ranks; /* a packet ... */
    const bool *truth;
    const struct fw_region *region; /* ... or a region: */
    bool contain;                   /* boxes that contain it, else those that overlap it */
    bool plain;                     /* the region has no cells and no literals */
    int32_t most[FW_AXIS_COUNT + 1], least[FW_AXIS_COUNT + 1];
    const struct fw_search *search;
};

/* Which of the eight children fit, as bits. */
static unsigned fits(const struct fw_tree *tree, const int32_t *node, const struct query *q)
{
#if defined(__SSE2__)
    __m128i out0 = _mm_setzero_si128();
    __m128i out1 = _mm_setzero_si128();
    unsigned in = 0;
    for (unsigned i = 0; i <= tree->n; i++, node += 2 * WIDTH) {
        const __m128i *row = (const __m128i *)node;
        __m128i most = _mm_set1_epi32(q->most[i]);
        __m128i least = _mm_set1_epi32(q->least[i]);
        out0 = _mm_or_si128(out0, _mm_cmpgt_epi32(_mm_loadu_si128(row), most));
        out1 = _mm_or_si128(out1, _mm_cmpgt_epi32(_mm_loadu_si128(row + 1), most));
        out0 = _mm_or_si128(out0, _mm_cmpgt_epi32(least, _mm_loadu_si128(row + 2)));
        out1 = _mm_or_si128(out1, _mm_cmpgt_epi32(least, _mm_loadu_si128(row + 3)));
        in = ~(unsigned)_mm_movemask_epi8(
                 _mm_packs_epi16(_mm_packs_epi32(out0, out1), _mm_setzero_si128())) &
             0xff;
        if (in == 0) {
            break;
        }
    }
    return in;
#else
    unsigned in = (1U << WIDTH) - 1;
    for (unsigned i = 0; i <= tree->n && in != 0; i++, node += 2 * WIDTH) {
        for (unsigned k = 0; k < WIDTH; k++) {
            bool out = node[k] > q->most[i] || node[WIDTH + k] < q->least[i];
            in &= ~((unsigned)out << k);
        }
    }
    return in;
#endif
}

/* What a comparison of ends cannot tell, and further conditions. */
static bool box_fits(const struct fw_tree *tree, uint32_t child, const struct query *q,
                     const struct fw_box *box)
{
    bool plain = (child & PLAIN) != 0;
    bool fits = true;
    if (q->ranks) {
        fits = plain || fw_box_has(box, q->ranks, q->truth, tree->n);
    } else if (q->contain) {
        fits = plain || fw_box_contains(box, q->region, tree->n);
    } else {
        fits = (plain && q->plain) || fw_box_overlaps(box, q->region, tree->n);
    }
    return fits && (!q->search->accept || q->search->accept(q->search->context, box));
}

static const uint32_t *children_of(const struct fw_tree *tree, const int32_t *node)
{
    return (const uint32_t *)node + (2 * tree->n + 2) * WIDTH;
}

static unsigned lowest(unsigned bits)
{
    unsigned k = 0;
    while ((bits >> k & 1) == 0) {
        k++;
    }
    return k;
}

struct pending {
    uint32_t node;
    int32_t least;
};

/* The child with the lesser item is searched first: the other one is then often not needed. */
static const struct fw_box *find_least(const struct fw_tree *tree, struct query *q)
{
    const struct fw_box *best = NULL;
    struct pending stack[STACK];
    for (unsigned kind = 0; kind < FW_KIND_COUNT; kind++) {
        if ((q->search->kinds >> kind & 1) == 0) {
            continue;
        }
        for (uint32_t top = 0; top < tree->ntops[kind]; top++) {
            size_t depth = 0;
            stack[depth++] = (struct pending){tree->tops[kind] + top, 0};
            while (depth > 0) {
                struct pending next = stack[--depth];
                if (next.least > q->most[0]) {
                    continue;
                }
                const int32_t *node = tree->nodes + (size_t)next.node * tree->stride;
                const uint32_t *children = children_of(tree, node);
                unsigned in = fits(tree, node, q);
                if ((children[0] & LEAF) == 0) {
                    for (unsigned k = WIDTH; in != 0 && k-- > 0;) {
                        if ((in >> k & 1) != 0) {
                            stack[depth++] = (struct pending){children[k], node[k]};
                        }
                    }
                    continue;
                }
                for (; in != 0; in &= in - 1) {
                    uint32_t child = children[lowest(in)];
                    const struct fw_box *box = tree->program->boxes[child & INDEX];
                    if (box_fits(tree, child, q,
                                 box)) { /* the first fits best: they are in order */
                        best = box;
                        q->most[0] = (int32_t)box->item - 1;
                        break;
                    }
                }
            }
        }
    }
    return best;
}

static void set_items(struct query *q, const struct fw_search *search)
{
    q->search = search;
    q->most[0] = search->to > INT32_MAX ? INT32_MAX : (int32_t)search->to - 1;
    q->least[0] = (int32_t)search->from;
}

static void set_region(const struct fw_tree *tree, struct query *q, const struct fw_region *region,
                       bool contain)
{
    q->region = region;
    q->contain = contain;
    q->plain = region->nliterals == 0;
    for (unsigned i = 0; i < tree->n; i++) {
        int32_t lo = (int32_t)region->sides[i].lo;
        int32_t hi = (int32_t)region->sides[i].hi;
        q->most[i + 1] = contain ? lo : hi;
        q->least[i + 1] = contain ? hi : lo;
        q->plain = q->plain && !region->sides[i].cells;
    }
}

const struct fw_box *fw_tree_first(const struct fw_tree *tree, const uint32_t *ranks,
                                   const bool *truth, const struct fw_search *search)
{
    struct query q;
    q.ranks = ranks;
    q.truth = truth;
    set_items(&q, search);
    for (unsigned i = 0; i < tree->n; i++) {
        q.most[i + 1] = (int32_t)ranks[i];
        q.least[i + 1] = (int32_t)ranks[i];
    }
    return find_least(tree, &q);
}

const struct fw_box *fw_tree_container(const struct fw_tree *tree, const struct fw_region *region,
                                       const struct fw_search *search)
{
    struct query q;
    q.ranks = NULL;
    set_items(&q, search);
    set_region(tree, &q, region, true);
    return find_least(tree, &q);
}

const struct fw_box *fw_tree_overlap(const struct fw_tree *tree, const struct fw_region *region,
                                     const struct fw_search *search)
{
    struct query q;
    q.ranks = NULL;
    set_items(&q, search);
    set_region(tree, &q, region, false);
    return find_least(tree, &q);
}

void fw_tree_visit(const struct fw_tree *tree, const struct fw_region *region,
                   const struct fw_search *search)
{
    /* box_fits calls `accept` for every box that overlaps; its answer means "go on" here. */
    struct fw_search bare = *search;
    bare.accept = NULL;
    struct query q;
    q.ranks = NULL;
    set_items(&q, &bare);
    set_region(tree, &q, region, false);
    uint32_t stack[STACK];
    for (unsigned kind = 0; kind < FW_KIND_COUNT; kind++) {
        for (uint32_t top = 0; (search->kinds >> kind & 1) != 0 && top < tree->ntops[kind]; top++) {
            size_t depth = 0;
            stack[depth++] = tree->tops[kind] + top;
            while (depth > 0) {
                const int32_t *node = tree->nodes + (size_t)stack[--depth] * tree->stride;
                const uint32_t *children = children_of(tree, node);
                for (unsigned in = fits(tree, node, &q); in != 0; in &= in - 1) {
                    uint32_t child = children[lowest(in)];
                    if ((child & LEAF) == 0) {
                        stack[depth++] = child;
                        continue;
                    }
                    const struct fw_box *box = tree->program->boxes[child & INDEX];
                    if (box_fits(tree, child, &q, box) && !search->accept(search->context, box)) {
                        return;
                    }
                }
            }
        }
    }
}

void fw_tree_each_item(const struct fw_tree *tree, void (*each)(void *context, uint32_t item),
                       void *context)
{
    for (uint32_t i = 0; i < tree->nnodes; i++) { /* nodes lie in the order of their making */
        const int32_t *node = tree->nodes + (size_t)i * tree->stride;
        for (unsigned k = 0; k < WIDTH && node[k] < INT32_MAX; k++) {
            uint32_t child = children_of(tree, node)[k];
            if ((child & LEAF) != 0) {
                each(context, tree->program->boxes[child & INDEX]->item);
            }
        }
    }
}
