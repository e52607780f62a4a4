/* Rules of Junos that nobody here reads: those of logical systems and tenants, and filters that are
 * applied to all that is forwarded, or to a unit whatever its family. They are named, and stand in
 * the ruleset as something that may decide anything. */
#include "parsers/junos.h"
#include "parsers/maker.h"

static void unread(struct fw_jun *jun, struct fw_node *node, fw_sv name)
{
    struct fw_maker maker = {.doc = jun->doc, .ruleset = jun->ruleset, .pool = jun->pool};
    maker.policies.arena = maker.interfaces.arena = &jun->doc->arena;
    fw_node_mark(node, FW_LINE_UNSUPPORTED);
    fw_node_below(node, FW_LINE_UNSUPPORTED);
    fw_maker_elsewhere(&maker, name, FW_SV("rules that are not read"));
    jun->pool = maker.pool;
}

/* Part of a device with rules of its own. */
static void systems(struct fw_jun *jun, const char *kind)
{
    struct fw_node *all = fw_tree_at(&jun->tree, jun->tree.root, kind, NULL);
    for (struct fw_node *one = all ? all->child : NULL; one; one = one->next) {
        bool rules = fw_tree_at(&jun->tree, one, "security", "policies", NULL) ||
                     fw_tree_at(&jun->tree, one, "firewall", NULL) ||
                     fw_tree_at(&jun->tree, one, "security", "nat", NULL);
        if (rules && !one->off) {
            unread(jun, one,
                   fw_arena_printf(&jun->doc->arena, "%s %.*s", kind, FW_SV_ARG(one->name)));
        }
    }
}

static void forwarding(struct fw_jun *jun)
{
    struct fw_node *families = fw_tree_at(&jun->tree, jun->tree.root, "forwarding-options",
                                          "family", NULL);
    for (struct fw_node *one = families ? families->child : NULL; one; one = one->next) {
        struct fw_node *filter = fw_tree_at(&jun->tree, one, "filter", NULL);
        if (filter && !filter->off) {
            unread(jun, filter,
                   fw_arena_printf(&jun->doc->arena, "forwarding-options family %.*s filter",
                                   FW_SV_ARG(one->name)));
        }
    }
}

static void units(struct fw_jun *jun, const struct fw_node *interface)
{
    struct fw_node *all = fw_tree_at(&jun->tree, interface, "unit", NULL);
    for (struct fw_node *unit = all ? all->child : NULL; unit; unit = unit->next) {
        struct fw_node *filter = fw_tree_at(&jun->tree, unit, "filter", NULL);
        if (filter && !filter->off) {
            unread(jun, filter,
                   fw_arena_printf(&jun->doc->arena, "filter of %.*s.%.*s",
                                   FW_SV_ARG(interface->name), FW_SV_ARG(unit->name)));
        }
    }
}

void fw_jun_elsewhere(struct fw_jun *jun)
{
    struct fw_node *interfaces = fw_tree_at(&jun->tree, jun->tree.root, "interfaces", NULL);
    systems(jun, "logical-systems");
    systems(jun, "tenants");
    forwarding(jun);
    for (struct fw_node *one = interfaces ? interfaces->child : NULL; one; one = one->next) {
        units(jun, one);
    }
}
