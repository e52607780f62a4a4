/* What does a configuration inherit from its groups? Juniper, CLI User Guide, "Configuration
 * groups": what is written at a place counts before what a group has for it, a nearer group before
 * one further up, and of several groups the first. Names in angles match what is there. */
#include "core/limits.h"
#include "parsers/junos.h"

enum { DEEPEST = 128 };

/* Group content for one place. */
struct layer {
    const struct fw_node *node;
    const struct layer *next; /* counts less */
};

static bool in_class(fw_sv pattern, size_t *at, char c)
{
    bool found = false;
    size_t i = *at + 1;
    for (; i < pattern.n && pattern.p[i] != ']'; i++) {
        bool range = i + 2 < pattern.n && pattern.p[i + 1] == '-' && pattern.p[i + 2] != ']';
        found = found || pattern.p[i] == c || (range && pattern.p[i] <= c && c <= pattern.p[i + 2]);
        i += range ? 2 : 0;
    }
    *at = i;
    return found;
}

/* "*", "?" and classes; goes back to the last star only, so it is quick. */
static bool matches(fw_sv pattern, fw_sv name)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = SIZE_MAX;
    size_t mark = 0;
    while (n < name.n) {
        size_t end = p;
        bool one = p < pattern.n && pattern.p[p] != '*' &&
                   (pattern.p[p] == '[' ? in_class(pattern, &end, name.p[n])
                                        : pattern.p[p] == '?' || pattern.p[p] == name.p[n]);
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            mark = n;
        } else if (one) {
            p = end + 1;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*') {
        p++;
    }
    return p >= pattern.n;
}

static bool is_pattern(fw_sv name)
{
    return name.n > 2 && name.p[0] == '<' && name.p[name.n - 1] == '>';
}

bool fw_jun_matches(fw_sv pattern, fw_sv name)
{
    return is_pattern(pattern) ? matches(fw_sv_sub(pattern, 1, pattern.n - 2), name)
                               : fw_sv_eq(pattern, name);
}

static bool is_keyword(const struct fw_node *node)
{
    return fw_sv_starts(node->name, "apply-groups") || fw_sv_is(node->name, FW_TREE_NOTE);
}

static bool excepted(const struct fw_jun *jun, const struct fw_node *node, fw_sv name)
{
    for (; node; node = node->parent) {
        const struct fw_node *list = fw_tree_at(&jun->tree, node, "apply-groups-except", NULL);
        if (fw_tree_find(&jun->tree, list, name)) {
            return true;
        }
    }
    return false;
}

/* What the groups named at a node have for it: down the group by the path of the node. Several
 * branches may match; the first one written that does is taken, unless one says the name itself. */
static const struct fw_node *walk_group(const struct fw_jun *jun, const struct fw_node *group,
                                        const struct fw_node *const *path, size_t n)
{
    for (size_t i = 0; group && i < n; i++) {
        const struct fw_node *found = fw_tree_find(&jun->tree, group, path[i]->name);
        for (const struct fw_node *child = group->child; !found && child; child = child->next) {
            found = is_pattern(child->name) && fw_jun_matches(child->name, path[i]->name) ? child
                                                                                          : NULL;
        }
        group = found;
    }
    return group;
}

static bool spend(struct fw_jun *jun, const struct fw_node *node)
{
    if (jun->inherited == FW_LIMIT_CONFIG_INHERITED) {
        fw_doc_warn(jun->doc, FW_DIAG_ID_LIMIT_REACHED, node->span.line, node->name,
                    "more is inherited from groups than the limit CONFIG_INHERITED allows");
        fw_doc_mark(jun->doc, node->span.line, FW_LINE_BAD);
    }
    return jun->inherited++ < FW_LIMIT_CONFIG_INHERITED;
}

/* One statement of a group into a place. A value counts less than one that is written there. */
static void inherit(struct fw_jun *jun, struct fw_node *to, const struct fw_node *child)
{
    if (is_keyword(child) || child->off || fw_tree_find(&jun->tree, to, child->name) ||
        !spend(jun, child)) {
        return;
    }
    bool value = !child->child && to->child && !to->child->child;
    struct fw_node *node = fw_tree_append(&jun->tree, to, child->name, child->span.line);
    node->span = child->span;
    if (value) {
        fw_tree_move(node, to->child, false);
    }
}

static void expand(struct fw_jun *jun, struct fw_node *node, const struct layer *layers,
                   const struct fw_node **path, size_t depth)
{
    struct fw_arena *arena = &jun->doc->arena;
    struct fw_node *names = fw_tree_at(&jun->tree, node, "apply-groups", NULL);
    struct fw_node *groups = fw_tree_at(&jun->tree, jun->tree.root, "groups", NULL);
    for (struct fw_node *name = names ? names->last : NULL; name; name = name->prev) {
        const struct fw_node *group = fw_tree_find(&jun->tree, groups, name->name);
        const struct fw_node *here = group && !group->off ? walk_group(jun, group, path, depth)
                                                          : NULL;
        fw_node_mark(name, FW_LINE_USED);
        if (!group && !fw_sv_starts(name->name, "${")) {
            fw_doc_warn(jun->doc, FW_DIAG_ID_UNDEFINED_NAME, name->span.line, name->name,
                        "no group has this name");
        }
        if (here && !excepted(jun, node, name->name)) {
            struct layer *layer = fw_new(arena, struct layer);
            *layer = (struct layer){here, layers};
            layers = layer;
        }
    }
    for (const struct layer *layer = layers; layer; layer = layer->next) {
        for (const struct fw_node *child = layer->node->child; child; child = child->next) {
            if (!is_pattern(child->name)) {
                inherit(jun, node, child);
            }
        }
    }
    for (struct fw_node *child = node->child; child; child = child->next) {
        const struct layer *below = NULL;
        const struct layer **tail = &below;
        if (is_keyword(child) || (depth == 0 && child == groups) || depth + 1 >= DEEPEST) {
            continue;
        }
        for (const struct layer *layer = layers; layer; layer = layer->next) {
            for (const struct fw_node *one = layer->node->child; one; one = one->next) {
                if (!one->off && fw_jun_matches(one->name, child->name) && one->child &&
                    spend(jun, one)) {
                    struct layer *kept = fw_new(arena, struct layer);
                    *kept = (struct layer){one, NULL};
                    *tail = kept;
                    tail = (const struct layer **)&kept->next;
                }
            }
        }
        path[depth] = child;
        expand(jun, child, below, path, depth + 1);
    }
}

/* Policies and terms stay in their list, as rules that are switched off; all else is as if it were
 * not there. */
static void prune(struct fw_jun *jun, struct fw_node *node, unsigned depth)
{
    static const char *const lists[] = {"policy", "term", "rule"};
    for (struct fw_node *child = node->child; child;) {
        struct fw_node *next = child->next;
        bool listed = false;
        listed = listed || FW_SV_AMONG(node->name, lists);
        if (child->off && !listed) {
            fw_tree_remove(&jun->tree, child);
        } else if (depth < DEEPEST) {
            prune(jun, child, depth + 1);
        }
        child = next;
    }
}

void fw_jun_groups(struct fw_jun *jun)
{
    const struct fw_node *path[DEEPEST];
    struct fw_node *groups = fw_tree_at(&jun->tree, jun->tree.root, "groups", NULL);
    if (groups) {
        fw_node_mark(groups, FW_LINE_USED);
        fw_node_below(groups, FW_LINE_USED);
        expand(jun, jun->tree.root, NULL, path, 0);
    }
    prune(jun, jun->tree.root, 0);
}
