/* How words become a tree, how a child is found among very many, and how the verdicts of nodes
 * reach the lines that wrote them. */
#include "parsers/conftree.h"

#include <stdarg.h>

enum { SCANNED = 8, FIRST_SLOTS = 256 };

void fw_tree_init(struct fw_tree *tree, struct fw_doc *doc)
{
    *tree = (struct fw_tree){.doc = doc, .root = fw_new(&doc->arena, struct fw_node)};
}

static size_t slot_of(const struct fw_tree *tree, const struct fw_node *parent, fw_sv name)
{
    uint64_t hash = fw_sv_hash(name) ^ (uint64_t)(uintptr_t)parent * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)((hash ^ hash >> 32) & (tree->nslots - 1));
}

static void put(struct fw_tree *tree, struct fw_node *node)
{
    size_t at = slot_of(tree, node->parent, node->name);
    while (tree->slots[at]) {
        at = (at + 1) & (tree->nslots - 1);
    }
    tree->slots[at] = node;
    tree->used++;
}

/* Nodes that were removed have no parent any more: growing forgets them. */
static void reserve(struct fw_tree *tree)
{
    if (tree->used < tree->nslots / 2) {
        return;
    }
    struct fw_node **old = tree->slots;
    size_t n = tree->nslots;
    tree->nslots = n ? n * 2 : FIRST_SLOTS;
    tree->slots = fw_new_array(&tree->doc->arena, tree->nslots, struct fw_node *);
    tree->used = 0;
    for (size_t i = 0; i < n; i++) {
        if (old[i] && old[i]->parent) {
            put(tree, old[i]);
        }
    }
}

static void add_index(struct fw_tree *tree, struct fw_node *node)
{
    reserve(tree);
    put(tree, node);
}

struct fw_node *fw_tree_find(const struct fw_tree *tree, const struct fw_node *parent, fw_sv name)
{
    if (!parent) {
        return NULL;
    }
    if (!parent->indexed) {
        struct fw_node *node = parent->child;
        while (node && !fw_sv_eq(node->name, name)) {
            node = node->next;
        }
        return node;
    }
    size_t at = slot_of(tree, parent, name);
    while (tree->slots[at]) {
        if (tree->slots[at]->parent == parent && fw_sv_eq(tree->slots[at]->name, name)) {
            return tree->slots[at];
        }
        at = (at + 1) & (tree->nslots - 1);
    }
    return NULL;
}

static void append(struct fw_node *parent, struct fw_node *node)
{
    node->parent = parent;
    node->prev = parent->last;
    node->next = NULL;
    if (parent->last) {
        parent->last->next = node;
    } else {
        parent->child = node;
    }
    parent->last = node;
    parent->n++;
}

struct fw_node *fw_tree_append(struct fw_tree *tree, struct fw_node *parent, fw_sv name,
                               uint32_t line)
{
    struct fw_node *node = fw_new(&tree->doc->arena, struct fw_node);
    node->name = name;
    node->span = fw_doc_span(tree->doc, name, line);
    append(parent, node);
    if (parent->indexed) {
        add_index(tree, node);
    } else if (parent->n > SCANNED) {
        parent->indexed = true;
        for (struct fw_node *child = parent->child; child; child = child->next) {
            add_index(tree, child);
        }
    }
    return node;
}

struct fw_node *fw_tree_child(struct fw_tree *tree, struct fw_node *parent, fw_sv name,
                              uint32_t line)
{
    struct fw_node *node = fw_tree_find(tree, parent, name);
    return node ? node : fw_tree_append(tree, parent, name, line);
}

struct fw_node *fw_tree_at(const struct fw_tree *tree, const struct fw_node *parent, ...)
{
    const struct fw_node *node = parent;
    va_list names;
    va_start(names, parent);
    const char *name;
    while (node && (name = va_arg(names, const char *))) {
        node = fw_tree_find(tree, node, fw_sv_from(name));
    }
    va_end(names);
    return (struct fw_node *)node;
}

fw_sv fw_node_value(const struct fw_node *node)
{
    return node && node->last ? node->last->name : (fw_sv){0};
}

struct fw_node *fw_tree_key(const struct fw_tree *tree, const struct fw_node *entry,
                            const char *key)
{
    struct fw_node *node = fw_tree_find(tree, entry, fw_sv_from(key));
    fw_node_mark(node, FW_LINE_USED);
    fw_node_below(node, FW_LINE_USED);
    return node;
}

fw_sv fw_tree_value(const struct fw_tree *tree, const struct fw_node *entry, const char *key)
{
    return fw_node_value(fw_tree_key(tree, entry, key));
}

bool fw_tree_is(const struct fw_tree *tree, const struct fw_node *entry, const char *key,
                const char *value)
{
    return fw_sv_is(fw_tree_value(tree, entry, key), value);
}

struct fw_node *fw_tree_use(const struct fw_tree *tree, struct fw_node *from, ...)
{
    struct fw_node *node = from;
    va_list names;
    va_start(names, from);
    const char *name;
    while (node && (name = va_arg(names, const char *))) {
        node = fw_tree_find(tree, node, fw_sv_from(name));
        fw_node_mark(node, FW_LINE_USED);
    }
    va_end(names);
    return node;
}

static void unlink_node(struct fw_node *node)
{
    struct fw_node *parent = node->parent;
    *(node->prev ? &node->prev->next : &parent->child) = node->next;
    *(node->next ? &node->next->prev : &parent->last) = node->prev;
    parent->n--;
}

/* What was removed keeps a verdict for its notes: it was read, and has no effect. */
void fw_tree_remove(struct fw_tree *tree, struct fw_node *node)
{
    (void)tree;
    unlink_node(node);
    fw_node_mark(node, FW_LINE_USED);
    fw_node_below(node, FW_LINE_USED);
    node->parent = NULL;
}

void fw_tree_clear(struct fw_tree *tree, struct fw_node *node)
{
    while (node->child) {
        fw_tree_remove(tree, node->child);
    }
}

void fw_tree_rename(struct fw_tree *tree, struct fw_node *node, fw_sv name)
{
    struct fw_node *parent = node->parent;
    if (!parent->indexed) {
        node->name = name;
        return;
    }
    struct fw_node **slots = tree->slots; /* the old name's slot must not end a search early */
    for (size_t at = slot_of(tree, parent, node->name);; at = (at + 1) & (tree->nslots - 1)) {
        if (slots[at] == node) {
            slots[at] = fw_new(&tree->doc->arena, struct fw_node);
            break;
        }
    }
    node->name = name;
    add_index(tree, node);
}

void fw_tree_move(struct fw_node *node, struct fw_node *other, bool after)
{
    struct fw_node *parent = node->parent;
    if (node == other || other->parent != parent) {
        return;
    }
    unlink_node(node);
    parent->n++;
    node->prev = after ? other : other->prev;
    node->next = after ? other->next : other;
    *(node->prev ? &node->prev->next : &parent->child) = node;
    *(node->next ? &node->next->prev : &parent->last) = node;
}

void fw_tree_note(struct fw_tree *tree, const struct fw_node *node, uint32_t from, uint32_t to)
{
    tree->notes = fw_arena_push(&tree->doc->arena, tree->notes, tree->nnotes, sizeof(*tree->notes));
    tree->notes[tree->nnotes++] = (struct fw_tree_note){from, to, node};
}

static enum fw_line_verdict verdict_of(const struct fw_node *node)
{
    if (node->verdict != FW_LINE_NONE) {
        return (enum fw_line_verdict)node->verdict;
    }
    for (const struct fw_node *up = node->parent; up; up = up->parent) {
        if (up->below != FW_LINE_NONE) {
            return (enum fw_line_verdict)up->below;
        }
    }
    return FW_LINE_IGNORED;
}

void fw_tree_finish(struct fw_tree *tree)
{
    for (size_t i = 0; i < tree->nnotes; i++) {
        const struct fw_tree_note *note = &tree->notes[i];
        enum fw_line_verdict verdict = verdict_of(note->node);
        fw_doc_mark_range(tree->doc, note->from, note->to, verdict);
        struct fw_node *node = (struct fw_node *)note->node; /* nodes are ours, notes only look */
        if (verdict == FW_LINE_UNSUPPORTED && !node->said) {
            node->said = true;
            fw_doc_warn(tree->doc, FW_DIAG_ID_UNSUPPORTED, note->from, node->name,
                        "this setting is not modelled");
        }
        fw_arena_reset(&tree->doc->scratch);
    }
}

void fw_node_mark(struct fw_node *node, enum fw_line_verdict verdict)
{
    if (node && node->verdict < (uint8_t)verdict) {
        node->verdict = (uint8_t)verdict;
    }
}

void fw_node_below(struct fw_node *node, enum fw_line_verdict verdict)
{
    if (node) {
        node->below = (uint8_t)verdict;
    }
}
