/* Which named addresses a Junos configuration has: address books, of zones and the global one, and
 * lists of prefixes; and what a name means. */
#include "parsers/junos.h"

#include "core/limits.h"
#include "parsers/group.h"

static void expand(void *owner, struct fw_thing *thing, unsigned depth);

static const fw_sv global = FW_SV_INIT("global");

struct fw_thing *fw_jun_missing(struct fw_jun *jun, fw_sv scope, enum fw_jun_space space,
                                const struct fw_node *name)
{
    static const enum fw_object_kind kinds[FW_JUN_SPACES] = {
        [FW_JUN_ADDRESS] = FW_OBJECT_ADDRESS,
        [FW_JUN_APPLICATION] = FW_OBJECT_SERVICE,
        [FW_JUN_PREFIXES] = FW_OBJECT_ADDRESS_GROUP,
        [FW_JUN_FILTER] = FW_OBJECT_POLICY,
        [FW_JUN_ZONE] = FW_OBJECT_ZONE,
        [FW_JUN_SCHEDULE] = FW_OBJECT_SCHEDULE,
    };
    struct fw_thing *thing = fw_things_add(&jun->missing, scope, (int)space, name->name,
                                           kinds[space]);
    if (thing->object->span.line == 0) {
        thing->object->span = name->span;
        fw_doc_warn(jun->doc, FW_DIAG_ID_UNDEFINED_NAME, name->span.line, name->name,
                    "nothing of this kind has this name");
    }
    return thing;
}

static struct fw_choice bad_value(struct fw_jun *jun, struct fw_node *node, const char *expected)
{
    fw_node_mark(node, FW_LINE_BAD);
    node->said = true;
    fw_doc_warn(jun->doc, FW_DIAG_ID_BAD_VALUE, node->span.line, node->name, "expected %s",
                expected);
    return fw_choice_opaque(&jun->doc->arena, "address", node->name, false);
}

/* address NAME PREFIX; address NAME range-address A to B; dns-name, wildcard-address */
static struct fw_choice address(struct fw_jun *jun, struct fw_node *entry)
{
    struct fw_arena *arena = &jun->doc->arena;
    struct fw_node *name = fw_tree_key(&jun->tree, entry, "dns-name");
    struct fw_node *range = fw_tree_key(&jun->tree, entry, "range-address");
    struct fw_node *wild = fw_tree_key(&jun->tree, entry, "wildcard-address");
    fw_tree_key(&jun->tree, entry, "description");
    fw_node_below(entry, FW_LINE_USED);
    if (name) {
        return fw_choice_opaque(arena, "dns-name", name->child ? name->child->name : entry->name,
                                true);
    }
    if (wild && wild->child) {
        struct fw_term *term = fw_new(arena, struct fw_term);
        if (!fw_ipset_wildcard(arena, wild->child->name, false, &term->src)) {
            return bad_value(jun, wild->child, "an address, a slash and a mask");
        }
        return (struct fw_choice){1, term};
    }
    fw_iprange one;
    if (range && range->child) {
        fw_sv to = fw_tree_value(&jun->tree, range->child, "to");
        fw_sv from = range->child->name;
        if (fw_iprange_between(fw_sv_sub(from, 0, fw_sv_find_char(from, '/')),
                               fw_sv_sub(to, 0, fw_sv_find_char(to, '/')), &one)) {
            return fw_choice_range(arena, one);
        }
        return bad_value(jun, range->child, "two addresses with to");
    }
    for (struct fw_node *value = entry->last; value; value = value->prev) {
        bool known = fw_sv_is(value->name, "description") || fw_sv_is(value->name, FW_TREE_NOTE) ||
                     fw_sv_is(value->name, "ip-prefix");
        if (fw_sv_is(value->name, "ip-prefix") && value->child) {
            value = value->child;
            known = false;
        }
        if (!known) {
            return fw_iprange_parse(value->name, &one, NULL)
                       ? fw_choice_range(arena, one)
                       : bad_value(jun, value, "an address with its prefix");
        }
    }
    return fw_choice_opaque(arena, "address", entry->name, false);
}

struct fw_thing *fw_jun_address(struct fw_jun *jun, fw_sv zone, fw_sv name)
{
    struct fw_thing *thing = zone.n > 0 ? fw_things_find(&jun->things, zone, FW_JUN_ADDRESS, name)
                                        : NULL;
    return thing ? thing : fw_things_find(&jun->things, global, FW_JUN_ADDRESS, name);
}

/* address-set NAME { address A; address-set B; } */
static struct fw_choice address_set(struct fw_jun *jun, struct fw_thing *thing, unsigned depth)
{
    static const char *const kinds[] = {"address", "address-set"};
    const struct fw_grouping grouping = {jun->doc, jun, expand};
    struct fw_choosing choosing;
    bool empty = true;
    fw_choosing_init(&choosing, &jun->doc->arena);
    for (size_t i = 0; i < 2; i++) {
        struct fw_node *list = fw_tree_key(&jun->tree, thing->node, kinds[i]);
        for (struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
            struct fw_thing *member = fw_jun_address(jun, thing->scope, name->name);
            empty = false;
            if (!member) {
                fw_jun_missing(jun, thing->scope, FW_JUN_ADDRESS, name)->object->uses++;
                fw_choosing_add(&choosing,
                                fw_choice_opaque(&jun->doc->arena, "undefined", name->name, false));
            } else if (!fw_group_member(&grouping, &choosing, thing, member, name, depth)) {
                break;
            }
        }
    }
    fw_tree_key(&jun->tree, thing->node, "description");
    thing->object->empty = empty;
    return fw_choosing_done(&choosing);
}

/* Every name that the pattern "interfaces <*> unit <*> family inet address <*>" leads to. */
static void apply_path(struct fw_jun *jun, struct fw_node *at, fw_sv path, unsigned depth,
                       struct fw_choosing *choosing)
{
    fw_sv rest = path;
    fw_sv word;
    fw_iprange range;
    if (!fw_sv_word(&rest, &word) || depth > FW_LIMIT_CONFIG_DEPTH) {
        return;
    }
    bool last = fw_sv_trim(rest).n == 0;
    for (struct fw_node *child = at->child; child; child = child->next) {
        if (!fw_jun_matches(word, child->name)) {
            continue;
        }
        if (!last) {
            apply_path(jun, child, rest, depth + 1, choosing);
        } else if (fw_iprange_parse(child->name, &range, NULL)) {
            fw_choosing_range(choosing, range);
        }
    }
}

static struct fw_choice prefixes(struct fw_jun *jun, struct fw_thing *thing)
{
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &jun->doc->arena);
    fw_node_below(thing->node, FW_LINE_USED);
    thing->object->empty = true;
    for (struct fw_node *name = thing->node->child; name; name = name->next) {
        fw_iprange range;
        if (fw_sv_is(name->name, "apply-path")) {
            apply_path(jun, jun->tree.root, fw_node_value(name), 0, &choosing);
            thing->object->empty = false;
        } else if (fw_iprange_parse(name->name, &range, NULL)) {
            fw_choosing_range(&choosing, range);
            thing->object->empty = false;
        } else if (!fw_sv_starts(name->name, "apply-") && !fw_sv_is(name->name, FW_TREE_NOTE)) {
            fw_choosing_add(&choosing, bad_value(jun, name, "an address with its prefix"));
        }
    }
    return fw_choosing_done(&choosing);
}

static void expand(void *owner, struct fw_thing *thing, unsigned depth)
{
    struct fw_jun *jun = owner;
    if (thing->state != FW_THING_FRESH || !thing->node) {
        return;
    }
    thing->state = FW_THING_OPEN;
    fw_group_settle(jun->doc, thing,
                    thing->type == FW_JUN_HOST    ? address(jun, thing->node)
                    : thing->type == FW_JUN_HOSTS ? address_set(jun, thing, depth)
                                                  : prefixes(jun, thing));
}

static void declare(struct fw_jun *jun, fw_sv scope, enum fw_jun_space space, enum fw_jun_type type,
                    enum fw_object_kind kind, struct fw_node *list)
{
    fw_node_mark(list, FW_LINE_USED);
    for (struct fw_node *entry = list ? list->child : NULL; entry; entry = entry->next) {
        struct fw_thing *thing = fw_things_add(&jun->things, scope, (int)space, entry->name, kind);
        fw_node_mark(entry, FW_LINE_USED);
        if (thing->node) {
            fw_node_below(entry, FW_LINE_UNSUPPORTED);
            fw_doc_warn(jun->doc, FW_DIAG_ID_DUPLICATE, entry->span.line, entry->name,
                        "an object of another kind has the same name");
            continue;
        }
        thing->node = entry;
        thing->type = (int)type;
        thing->object->span = entry->span;
        thing->object->defined = true;
    }
}

static void settle(struct fw_jun *jun, fw_sv scope, enum fw_jun_space space, struct fw_node *list)
{
    for (struct fw_node *entry = list ? list->child : NULL; entry; entry = entry->next) {
        struct fw_thing *thing = fw_things_find(&jun->things, scope, (int)space, entry->name);
        if (thing && thing->node == entry) {
            expand(jun, thing, 0);
        }
        fw_arena_reset(&jun->doc->scratch);
    }
}

/* One book, for every zone that it is attached to. */
static void read_book(struct fw_jun *jun, struct fw_node *book, fw_sv scope, bool settles)
{
    struct fw_node *hosts = fw_tree_at(&jun->tree, book, "address", NULL);
    struct fw_node *sets = fw_tree_at(&jun->tree, book, "address-set", NULL);
    fw_node_mark(book, FW_LINE_USED);
    if (!settles) {
        declare(jun, scope, FW_JUN_ADDRESS, FW_JUN_HOST, FW_OBJECT_ADDRESS, hosts);
        declare(jun, scope, FW_JUN_ADDRESS, FW_JUN_HOSTS, FW_OBJECT_ADDRESS_GROUP, sets);
    } else {
        settle(jun, scope, FW_JUN_ADDRESS, hosts);
        settle(jun, scope, FW_JUN_ADDRESS, sets);
    }
}

static void read_books(struct fw_jun *jun, bool settles)
{
    struct fw_node *security = fw_tree_at(&jun->tree, jun->tree.root, "security", NULL);
    struct fw_node *books = fw_tree_use(&jun->tree, security, "address-book", NULL);
    for (struct fw_node *book = books ? books->child : NULL; book; book = book->next) {
        struct fw_node *attached = fw_tree_use(&jun->tree, book, "attach", "zone", NULL);
        fw_tree_key(&jun->tree, book, "description");
        if (fw_sv_eq(book->name, global)) {
            read_book(jun, book, global, settles);
        }
        for (struct fw_node *zone = attached ? attached->child : NULL; zone; zone = zone->next) {
            fw_node_mark(zone, FW_LINE_USED);
            read_book(jun, book, zone->name, settles);
        }
        fw_node_mark(book, FW_LINE_USED);
    }
    struct fw_node *zones = fw_tree_at(&jun->tree, security, "zones", "security-zone", NULL);
    for (struct fw_node *zone = zones ? zones->child : NULL; zone; zone = zone->next) {
        struct fw_node *book = fw_tree_at(&jun->tree, zone, "address-book", NULL);
        if (book) {
            read_book(jun, book, zone->name, settles);
        }
    }
}

void fw_jun_objects(struct fw_jun *jun)
{
    struct fw_node *lists = fw_tree_use(&jun->tree, jun->tree.root, "policy-options", "prefix-list",
                                        NULL);
    read_books(jun, false);
    declare(jun, global, FW_JUN_PREFIXES, FW_JUN_LIST, FW_OBJECT_ADDRESS_GROUP, lists);
    read_books(jun, true);
    settle(jun, global, FW_JUN_PREFIXES, lists);
    fw_jun_applications(jun);
}
