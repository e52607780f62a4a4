/* Which named objects PAN-OS has, what each stands for, and where a name is looked up: in its own
 * scope, then in those above it. */
#include "parsers/panos.h"

#include "core/limits.h"
#include "core/proto.h"
#include "parsers/group.h"

static void expand(void *owner, struct fw_thing *thing, unsigned depth);

struct fw_choice fw_pan_opaque(struct fw_pan *pan, const char *kind, fw_sv name, bool outside)
{
    return fw_choice_opaque(&pan->doc->arena, kind, name, outside);
}

struct fw_thing *fw_pan_find(struct fw_pan *pan, const struct fw_pan_scope *scope,
                             enum fw_pan_space space, fw_sv name)
{
    for (; scope; scope = scope->up) {
        struct fw_thing *thing = fw_things_find(&pan->things, scope->name, (int)space, name);
        if (thing) {
            return thing;
        }
    }
    return NULL;
}

static const struct fw_pan_scope *scope_of(const struct fw_pan *pan, const struct fw_thing *thing)
{
    const struct fw_pan_scope *scope = fw_pan_scope(pan, thing->scope);
    bool pushed = fw_sv_eq(pan->pushed.name, thing->scope);
    return scope ? scope : pushed ? &pan->pushed : &pan->shared;
}

/* What outputs call it: where one above has the same name, by its scope as well. */
fw_sv fw_pan_told(struct fw_pan *pan, const struct fw_thing *thing)
{
    fw_sv name = thing->object->name;
    const struct fw_pan_scope *up = scope_of(pan, thing)->up;
    return fw_pan_find(pan, up, (enum fw_pan_space)thing->space, name)
               ? fw_arena_printf(&pan->doc->arena, "%.*s of %.*s", FW_SV_ARG(name),
                                 FW_SV_ARG(thing->scope))
               : name;
}

/* --- one object --- */

static void bad_value(struct fw_pan *pan, struct fw_node *node, const char *expected)
{
    fw_node_mark(node, FW_LINE_BAD);
    node->said = true;
    fw_doc_warn(pan->doc, FW_DIAG_ID_BAD_VALUE, node->span.line, fw_node_value(node), "expected %s",
                expected);
}

/* "10.20.1.0/0.0.248.255": ones of the mask are bits that may be anything. */
static bool read_wildcard(struct fw_pan *pan, fw_sv text, struct fw_choice *ret)
{
    struct fw_term *term = fw_new(&pan->doc->arena, struct fw_term);
    *ret = (struct fw_choice){1, term};
    return fw_ipset_wildcard(&pan->doc->arena, text, true, &term->src);
}

static struct fw_choice address(struct fw_pan *pan, const struct fw_thing *thing)
{
    struct fw_node *entry = thing->node;
    struct fw_node *key = NULL;
    struct fw_choice choice = {0};
    fw_iprange range;
    if ((key = fw_tree_key(&pan->tree, entry, "ip-netmask")) ||
        (key = fw_tree_key(&pan->tree, entry, "ip-range"))) {
        if (fw_iprange_parse_dashed(fw_node_value(key), &range)) {
            return fw_choice_range(&pan->doc->arena, range);
        }
        bad_value(pan, key, "an address, a prefix, or two addresses with a dash");
    } else if ((key = fw_tree_key(&pan->tree, entry, "ip-wildcard"))) {
        if (read_wildcard(pan, fw_node_value(key), &choice)) {
            return choice;
        }
        bad_value(pan, key, "an address, a slash and a wildcard mask");
    } else if ((key = fw_tree_key(&pan->tree, entry, "fqdn"))) {
        return fw_pan_opaque(pan, "fqdn", fw_node_value(key), true);
    }
    return fw_pan_opaque(pan, "address", fw_pan_told(pan, thing), true);
}

/* A region of one's own: addresses; one of the vendor's with the same name adds to them. */
static struct fw_choice region(struct fw_pan *pan, const struct fw_thing *thing)
{
    struct fw_node *entry = thing->node;
    struct fw_node *list = fw_tree_key(&pan->tree, entry, "address");
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &pan->doc->arena);
    for (struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
        fw_iprange range;
        if (fw_iprange_parse_dashed(name->name, &range)) {
            fw_choosing_range(&choosing, range);
        } else {
            fw_choosing_add(&choosing, fw_pan_opaque(pan, "region", fw_pan_told(pan, thing), true));
        }
    }
    fw_tree_key(&pan->tree, entry, "geo-location");
    return fw_choosing_done(&choosing);
}

/* "80,443,1000-2000"; NULL: any */
static bool read_ports(struct fw_pan *pan, struct fw_node *key, const struct fw_numset **ret)
{
    *ret = NULL;
    return !key || fw_numset_parse(&pan->doc->arena, fw_node_value(key), UINT16_MAX, ret);
}

static struct fw_choice service(struct fw_pan *pan, const struct fw_thing *thing)
{
    struct fw_node *entry = thing->node;
    static const char *const protocols[] = {"tcp", "udp", "sctp"};
    struct fw_node *protocol = fw_tree_key(&pan->tree, entry, "protocol");
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &pan->doc->arena);
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        struct fw_node *node = fw_tree_key(&pan->tree, protocol, protocols[i]);
        struct fw_node *dst = fw_tree_key(&pan->tree, node, "port");
        struct fw_node *src = fw_tree_key(&pan->tree, node, "source-port");
        const struct fw_numset *dport;
        const struct fw_numset *sport;
        uint8_t proto = FW_PROTO_TCP;
        fw_proto_parse(fw_sv_from(protocols[i]), &proto);
        if (!node) {
            continue;
        }
        if (!read_ports(pan, dst, &dport) || !read_ports(pan, src, &sport)) {
            bad_value(pan, dst ? dst : src, "ports as 80,443,1000-2000");
            fw_choosing_add(&choosing,
                            fw_pan_opaque(pan, "service", fw_pan_told(pan, thing), false));
        } else {
            fw_choosing_term(&choosing, fw_term_ports(&pan->doc->arena, proto, sport, dport));
        }
    }
    if (choosing.n == 0) { /* of none that is known */
        fw_choosing_add(&choosing, fw_pan_opaque(pan, "service", fw_pan_told(pan, thing), false));
    }
    return fw_choosing_done(&choosing);
}

/* --- names --- */

struct fw_thing *fw_pan_missing(struct fw_pan *pan, const struct fw_pan_scope *scope,
                                enum fw_pan_space space, const struct fw_node *name)
{
    static const enum fw_object_kind kinds[FW_PAN_SPACES] = {
        [FW_PAN_ADDRESS] = FW_OBJECT_ADDRESS,   [FW_PAN_SERVICE] = FW_OBJECT_SERVICE,
        [FW_PAN_APPLICATION] = FW_OBJECT_OTHER, [FW_PAN_SCHEDULE] = FW_OBJECT_SCHEDULE,
        [FW_PAN_ZONE] = FW_OBJECT_ZONE,
    };
    struct fw_thing *thing = fw_things_add(&pan->missing, scope->name, (int)space, name->name,
                                           kinds[space]);
    if (thing->object->span.line == 0) {
        thing->object->span = name->span;
        fw_doc_warn(pan->doc, FW_DIAG_ID_UNDEFINED_NAME, name->span.line, name->name,
                    "nothing of this kind has this name");
    }
    return thing;
}

static struct fw_choice literal(struct fw_pan *pan, enum fw_pan_space space, fw_sv name)
{
    fw_iprange range;
    if (space == FW_PAN_ADDRESS && fw_iprange_parse_dashed(name, &range)) {
        return fw_choice_range(&pan->doc->arena, range);
    }
    return (struct fw_choice){0};
}

static struct fw_choice members(struct fw_pan *pan, struct fw_thing *group, struct fw_node *list,
                                unsigned depth)
{
    const struct fw_grouping grouping = {pan->doc, pan, expand};
    const struct fw_pan_scope *scope = scope_of(pan, group);
    enum fw_pan_space space = (enum fw_pan_space)group->space;
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &pan->doc->arena);
    for (struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
        struct fw_thing *thing = fw_pan_find(pan, scope, space, name->name);
        struct fw_choice plain = literal(pan, space, name->name);
        if (thing) {
            if (!fw_group_member(&grouping, &choosing, group, thing, name, depth)) {
                break;
            }
        } else if (plain.n > 0) {
            fw_choosing_add(&choosing, plain);
        } else {
            fw_pan_missing(pan, scope, space, name)->object->uses++;
            fw_choosing_add(&choosing, fw_pan_opaque(pan, "undefined", name->name, false));
        }
    }
    group->object->empty = !list || list->n == 0;
    return fw_choosing_done(&choosing);
}

static struct fw_choice address_group(struct fw_pan *pan, struct fw_thing *thing, unsigned depth)
{
    struct fw_node *fixed = fw_tree_key(&pan->tree, thing->node, "static");
    struct fw_node *dynamic = fw_tree_key(&pan->tree, thing->node, "dynamic");
    if (dynamic && !fixed) { /* tags come and go with what the network says */
        fw_tree_key(&pan->tree, dynamic, "filter");
        return fw_pan_opaque(pan, "dynamic group", fw_pan_told(pan, thing), true);
    }
    return members(pan, thing, fixed, depth);
}

/* An application is known by its name only; a group is known by those of its members. */
static const struct fw_nameset *applications(struct fw_pan *pan, struct fw_thing *thing,
                                             unsigned depth)
{
    struct fw_arena *scratch = &pan->doc->scratch;
    struct fw_node *list = fw_tree_key(&pan->tree, thing->node, "members");
    fw_sv *names = NULL;
    size_t n = 0;
    thing->object->empty = !list || list->n == 0;
    for (struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
        struct fw_thing *member = fw_pan_find(pan, scope_of(pan, thing), FW_PAN_APPLICATION,
                                              name->name);
        if (member) {
            member->object->uses++;
        }
        if (member && depth < FW_LIMIT_GROUP_DEPTH) {
            expand(pan, member, depth + 1);
        }
        const struct fw_nameset *of = member ? member->names : NULL; /* NULL: contains itself */
        for (size_t i = 0; i < (of ? of->n : 1) && n < FW_LIMIT_RULE_TERMS; i++) {
            names = fw_arena_push(scratch, names, n, sizeof(*names));
            names[n++] = of ? of->v[i] : name->name;
        }
    }
    if (thing->node->cut || n == FW_LIMIT_RULE_TERMS) {
        names = fw_arena_push(scratch, names, n, sizeof(*names));
        names[n++] = thing->object->name;
    }
    return fw_nameset_make(&pan->doc->arena, names, n, false);
}

/* With a keyword that nobody knows, a thing may be anything. */
static void settle(struct fw_pan *pan, struct fw_thing *thing, const char *section,
                   struct fw_choice choice)
{
    if (fw_pan_rest(pan, section, thing->node)) {
        choice = fw_pan_opaque(pan, section, fw_pan_told(pan, thing), false);
    }
    fw_group_settle(pan->doc, thing, choice);
}

static void expand(void *owner, struct fw_thing *thing, unsigned depth)
{
    struct fw_pan *pan = owner;
    if (thing->state != FW_THING_FRESH || !thing->node) {
        return;
    }
    thing->state = FW_THING_OPEN;
    fw_sv name = fw_pan_told(pan, thing);
    switch ((enum fw_pan_type)thing->type) {
    case FW_PAN_HOST:
        settle(pan, thing, "address", address(pan, thing));
        break;
    case FW_PAN_HOSTS:
        settle(pan, thing, "address-group", address_group(pan, thing, depth));
        break;
    case FW_PAN_LIST:
        fw_group_settle(pan->doc, thing, fw_pan_opaque(pan, "external-list", name, true));
        fw_node_below(thing->node, FW_LINE_USED);
        break;
    case FW_PAN_REGION:
        fw_group_settle(pan->doc, thing, region(pan, thing));
        break;
    case FW_PAN_PORTS:
        settle(pan, thing, "service", service(pan, thing));
        break;
    case FW_PAN_PORTS_GROUP:
        settle(pan, thing, "service-group",
               members(pan, thing, fw_tree_key(&pan->tree, thing->node, "members"), depth));
        break;
    case FW_PAN_APPS:
        thing->names = applications(pan, thing, depth);
        fw_group_settle(pan->doc, thing, fw_pan_opaque(pan, "application", name, true));
        break;
    case FW_PAN_APP:
        thing->names = fw_nameset_make(&pan->doc->arena, &name, 1, false);
        fw_group_settle(pan->doc, thing, fw_pan_opaque(pan, "name", name, true));
        break;
    case FW_PAN_OTHER:
        fw_group_settle(pan->doc, thing, fw_pan_opaque(pan, "name", name, true));
        break;
    }
    thing->state = FW_THING_DONE;
}

/* --- all of a scope --- */

static const struct section {
    const char *name;
    enum fw_pan_space space;
    enum fw_pan_type type;
    enum fw_object_kind kind;
} sections[] = {
    {"address", FW_PAN_ADDRESS, FW_PAN_HOST, FW_OBJECT_ADDRESS},
    {"address-group", FW_PAN_ADDRESS, FW_PAN_HOSTS, FW_OBJECT_ADDRESS_GROUP},
    {"external-list", FW_PAN_ADDRESS, FW_PAN_LIST, FW_OBJECT_OTHER},
    {"region", FW_PAN_ADDRESS, FW_PAN_REGION, FW_OBJECT_OTHER},
    {"service", FW_PAN_SERVICE, FW_PAN_PORTS, FW_OBJECT_SERVICE},
    {"service-group", FW_PAN_SERVICE, FW_PAN_PORTS_GROUP, FW_OBJECT_SERVICE_GROUP},
    {"application", FW_PAN_APPLICATION, FW_PAN_APP, FW_OBJECT_OTHER},
    {"application-filter", FW_PAN_APPLICATION, FW_PAN_APP, FW_OBJECT_OTHER},
    {"application-group", FW_PAN_APPLICATION, FW_PAN_APPS, FW_OBJECT_OTHER},
    {"schedule", FW_PAN_SCHEDULE, FW_PAN_OTHER, FW_OBJECT_SCHEDULE},
};
enum { SECTIONS = sizeof(sections) / sizeof(sections[0]) };

static void declare(struct fw_pan *pan, struct fw_pan_scope *scope, const struct section *section,
                    struct fw_node *list)
{
    fw_node_mark(list, FW_LINE_USED);
    for (struct fw_node *entry = list->child; entry; entry = entry->next) {
        struct fw_thing *thing = fw_things_add(&pan->things, scope->name, (int)section->space,
                                               entry->name, section->kind);
        fw_node_mark(entry, FW_LINE_USED);
        if (thing->node) {
            fw_node_below(entry, FW_LINE_UNSUPPORTED);
            fw_doc_warn(pan->doc, FW_DIAG_ID_DUPLICATE, entry->span.line, entry->name,
                        "an object of another kind has the same name");
            continue;
        }
        thing->node = entry;
        thing->type = (int)section->type;
        thing->object->span = entry->span;
        thing->object->defined = true;
        if (section->type == FW_PAN_APP || section->type == FW_PAN_OTHER) {
            fw_node_below(entry, FW_LINE_USED);
        }
    }
}

void fw_pan_declare(struct fw_pan *pan, struct fw_pan_scope *scope)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        struct fw_node *list = fw_tree_at(&pan->tree, scope->node, sections[i].name, NULL);
        if (list) {
            declare(pan, scope, &sections[i], list);
        }
    }
}

void fw_pan_expand(struct fw_pan *pan, struct fw_pan_scope *scope)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        struct fw_node *list = fw_tree_at(&pan->tree, scope->node, sections[i].name, NULL);
        for (struct fw_node *entry = list ? list->child : NULL; entry; entry = entry->next) {
            struct fw_thing *thing = fw_things_find(&pan->things, scope->name,
                                                    (int)sections[i].space, entry->name);
            if (thing && thing->node == entry) {
                expand(pan, thing, 0);
            }
            fw_arena_reset(&pan->doc->scratch);
        }
    }
}
