/* Which named objects FortiOS has, how groups are put together from them, and what a name means. */
#include "parsers/fortios_object.h"
#include "parsers/group.h"

static struct fw_thing *find_address(struct fw_fos *fos, fw_sv name, bool v6);
static void expand(void *owner, struct fw_thing *thing, unsigned depth);

struct fw_thing *fw_fos_missing(struct fw_fos *fos, const struct fw_node *name, int space)
{
    static const enum fw_object_kind kinds[] = {
        [FW_FOS_ADDRESS4] = FW_OBJECT_ADDRESS, [FW_FOS_ADDRESS6] = FW_OBJECT_ADDRESS,
        [FW_FOS_SERVICE] = FW_OBJECT_SERVICE,  [FW_FOS_SCHEDULE] = FW_OBJECT_SCHEDULE,
        [FW_FOS_ZONE] = FW_OBJECT_ZONE,
    };
    struct fw_thing *thing = fw_things_add(&fos->missing, fos->vdom, space, name->name,
                                           kinds[space]);
    if (thing->object->span.line == 0) {
        thing->object->span = name->span;
    }
    return thing;
}

static void undefined(struct fw_fos *fos, struct fw_node *name, const char *kind)
{
    fw_node_mark(name->parent, FW_LINE_UNSUPPORTED);
    name->parent->said = true;
    fw_doc_warn(fos->doc, FW_DIAG_ID_UNDEFINED_NAME, name->span.line, name->name,
                "no %s has this name", kind);
}

static struct fw_choice members(struct fw_fos *fos, struct fw_thing *group, const char *key,
                                unsigned depth)
{
    struct fw_choosing choosing;
    struct fw_node *list = fw_fos_key(fos, group->node, key);
    bool service = group->space == FW_FOS_SERVICE;
    const struct fw_grouping grouping = {fos->doc, fos, expand};
    fw_choosing_init(&choosing, &fos->doc->arena);
    for (struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
        struct fw_thing *thing = service ? fw_fos_service(fos, name)
                                         : find_address(fos, name->name,
                                                        group->space == FW_FOS_ADDRESS6);
        if (!thing) {
            if (!service) {
                undefined(fos, name, "address");
            }
            fw_fos_missing(fos, name, group->space)->object->uses++;
            fw_choosing_add(&choosing,
                            fw_choice_opaque(&fos->doc->arena, "undefined", name->name, false));
            continue;
        }
        if (!fw_group_member(&grouping, &choosing, group, thing, name, depth)) {
            break;
        }
    }
    group->object->empty = !list || list->n == 0;
    return fw_choosing_done(&choosing);
}

static struct fw_choice address_group(struct fw_fos *fos, struct fw_thing *thing, unsigned depth)
{
    bool v6 = thing->space == FW_FOS_ADDRESS6;
    struct fw_choice all = members(fos, thing, "member", depth);
    bool excludes = fw_fos_is(fos, thing->node, "exclude", "enable");
    bool empty = thing->object->empty;
    struct fw_choice but = members(fos, thing, "exclude-member", depth);
    thing->object->empty = empty;
    fw_fos_key(fos, thing->node, "type");
    return excludes
               ? fw_choice_but(&fos->doc->arena, all, but, v6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4)
               : all;
}

/* With a keyword that nobody knows, or whose block is cut, a thing may be anything. */
static void settle(struct fw_fos *fos, struct fw_thing *thing, const char *section,
                   struct fw_choice choice)
{
    bool open = thing->node->cut;
    for (struct fw_node *key = thing->node->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE) {
            open = fw_fos_keyword(fos, section, key) || open;
        }
    }
    if (open) {
        choice = fw_choice_opaque(&fos->doc->arena,
                                  thing->space == FW_FOS_SERVICE ? "service" : "address",
                                  thing->object->name, false);
    }
    fw_thing_settle(thing, choice);
}

static void expand(void *owner, struct fw_thing *thing, unsigned depth)
{
    struct fw_fos *fos = owner;
    bool v6 = thing->space == FW_FOS_ADDRESS6;
    if (thing->state != FW_THING_FRESH) {
        return;
    }
    thing->state = FW_THING_OPEN;
    switch ((enum fw_fos_type)thing->type) {
    case FW_FOS_ADDRESS:
        settle(fos, thing, "firewall address", fw_fos_address_choice(fos, thing->node, v6));
        break;
    case FW_FOS_ADDRGRP:
        settle(fos, thing, "firewall addrgrp", address_group(fos, thing, depth));
        break;
    case FW_FOS_VIP:
        fw_thing_settle(thing, fw_fos_vip_choice(fos, thing));
        break;
    case FW_FOS_VIPGRP:
        settle(fos, thing, "firewall vipgrp", members(fos, thing, "member", depth));
        break;
    case FW_FOS_CUSTOM:
        fw_thing_settle(thing, fw_fos_service_choice(fos, thing->node));
        break;
    case FW_FOS_GROUP:
        settle(fos, thing, "firewall service group", members(fos, thing, "member", depth));
        break;
    case FW_FOS_BUILTIN:
    case FW_FOS_OTHER:
        break;
    }
    thing->state = FW_THING_DONE;
}

struct section_row {
    const char *words[2]; /* below "firewall" */
    enum fw_fos_space space;
    enum fw_fos_type type;
    enum fw_object_kind kind;
};

static const struct section_row sections[] = {
    {{"address", NULL}, FW_FOS_ADDRESS4, FW_FOS_ADDRESS, FW_OBJECT_ADDRESS},
    {{"address6", NULL}, FW_FOS_ADDRESS6, FW_FOS_ADDRESS, FW_OBJECT_ADDRESS},
    {{"addrgrp", NULL}, FW_FOS_ADDRESS4, FW_FOS_ADDRGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"addrgrp6", NULL}, FW_FOS_ADDRESS6, FW_FOS_ADDRGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"vip", NULL}, FW_FOS_ADDRESS4, FW_FOS_VIP, FW_OBJECT_ADDRESS},
    {{"vip6", NULL}, FW_FOS_ADDRESS6, FW_FOS_VIP, FW_OBJECT_ADDRESS},
    {{"vipgrp", NULL}, FW_FOS_ADDRESS4, FW_FOS_VIPGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"vipgrp6", NULL}, FW_FOS_ADDRESS6, FW_FOS_VIPGRP, FW_OBJECT_ADDRESS_GROUP},
    {{"service", "custom"}, FW_FOS_SERVICE, FW_FOS_CUSTOM, FW_OBJECT_SERVICE},
    {{"service", "group"}, FW_FOS_SERVICE, FW_FOS_GROUP, FW_OBJECT_SERVICE_GROUP},
    {{"schedule", "onetime"}, FW_FOS_SCHEDULE, FW_FOS_OTHER, FW_OBJECT_SCHEDULE},
    {{"schedule", "recurring"}, FW_FOS_SCHEDULE, FW_FOS_OTHER, FW_OBJECT_SCHEDULE},
    {{"schedule", "group"}, FW_FOS_SCHEDULE, FW_FOS_OTHER, FW_OBJECT_SCHEDULE},
};

static void declare(struct fw_fos *fos, const struct section_row *row, struct fw_node *section)
{
    fw_node_mark(section, FW_LINE_USED);
    for (struct fw_node *entry = section->child; entry; entry = entry->next) {
        struct fw_thing *thing = fw_things_add(&fos->things, fos->vdom, row->space, entry->name,
                                               row->kind);
        fw_node_mark(entry, FW_LINE_USED);
        if (thing->node) {
            fw_node_below(entry, FW_LINE_UNSUPPORTED);
            fw_doc_warn(fos->doc, FW_DIAG_ID_DUPLICATE, entry->span.line, entry->name,
                        "an object of another kind has the same name");
            continue;
        }
        thing->node = entry;
        thing->type = (int)row->type;
        thing->object->span = entry->span;
        thing->object->defined = true;
        thing->object->vendor = fw_fos_is_vendors(entry->name, row->space == FW_FOS_SERVICE);
        if (row->type == FW_FOS_OTHER) {
            fw_node_below(entry, FW_LINE_USED);
        }
    }
}

void fw_fos_objects(struct fw_fos *fos)
{
    enum { ROWS = sizeof(sections) / sizeof(sections[0]) };
    struct fw_node *nodes[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        nodes[i] = fw_tree_at(&fos->tree, fos->base, "firewall", sections[i].words[0],
                              sections[i].words[1], NULL);
        if (nodes[i]) {
            declare(fos, &sections[i], nodes[i]);
        }
    }
    for (size_t i = 0; i < ROWS; i++) {
        for (struct fw_node *entry = nodes[i] ? nodes[i]->child : NULL; entry;
             entry = entry->next) {
            struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, sections[i].space,
                                                    entry->name);
            if (thing->node == entry) {
                expand(fos, thing, 0);
            }
            fw_arena_reset(&fos->doc->scratch);
        }
    }
}

/* "all" and "none" exist without being written. */
static struct fw_thing *find_address(struct fw_fos *fos, fw_sv name, bool v6)
{
    enum fw_fos_space space = v6 ? FW_FOS_ADDRESS6 : FW_FOS_ADDRESS4;
    struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, (int)space, name);
    bool all = fw_sv_is(name, "all");
    if (thing || (!all && !fw_sv_is(name, "none"))) {
        return thing;
    }
    thing = fw_things_add(&fos->things, fos->vdom, (int)space, name, FW_OBJECT_ADDRESS);
    thing->object->defined = true;
    fw_iprange range = fw_iprange_all(v6 ? FW_IPV6 : FW_IPV4);
    if (!all) {
        range.hi = range.lo;
    }
    fw_thing_settle(thing, fw_choice_range(&fos->doc->arena, range));
    return thing;
}

struct fw_thing *fw_fos_address(struct fw_fos *fos, struct fw_node *name, bool v6)
{
    struct fw_thing *thing = find_address(fos, name->name, v6);
    if (!thing) {
        undefined(fos, name, v6 ? "IPv6 address" : "address");
    }
    return thing;
}

struct fw_thing *fw_fos_service(struct fw_fos *fos, struct fw_node *name)
{
    struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, FW_FOS_SERVICE, name->name);
    const char *ports = thing ? NULL : fw_fos_vendor_service(name->name);
    if (ports) {
        thing = fw_things_add(&fos->things, fos->vdom, FW_FOS_SERVICE, name->name,
                              FW_OBJECT_SERVICE);
        thing->object->defined = true;
        fw_thing_settle(thing, fw_fos_builtin_choice(fos, fw_sv_from(ports)));
    }
    if (!thing) {
        undefined(fos, name, "service");
    }
    return thing;
}
