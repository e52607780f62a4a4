/* Lists of addresses and of interfaces: what is written in them, and whether more comes while the
 * device runs. */
#include "parsers/mikrotik.h"

enum { LIST_SPACE = 1 };

bool fw_ros_address(fw_sv text, fw_iprange *ret)
{
    return fw_iprange_parse(text, ret, NULL) || fw_iprange_parse_dashed(text, ret);
}

struct fw_ros_list *fw_ros_list(struct fw_ros *ros, int family, fw_sv name)
{
    struct fw_arena *arena = &ros->maker.doc->arena;
    size_t at = fw_index_find(&ros->list_places[family], name);
    if (at != SIZE_MAX) {
        return &ros->lists[at];
    }
    fw_index_add(&ros->list_places[family], name, ros->nlists);
    ros->lists = fw_arena_push(arena, ros->lists, ros->nlists, sizeof(*ros->lists));
    struct fw_ros_list *list = &ros->lists[ros->nlists++];
    *list = (struct fw_ros_list){.varying = false};
    list->thing = fw_things_add(&ros->things, (fw_sv){0}, LIST_SPACE + family, name,
                                FW_OBJECT_ADDRESS_GROUP);
    fw_choosing_init(&list->choosing, arena);
    return list;
}

struct fw_ros_iflist *fw_ros_iflist(struct fw_ros *ros, fw_sv name)
{
    size_t at = fw_index_find(&ros->iflist_places, name);
    if (at == SIZE_MAX) {
        at = ros->niflists;
        fw_index_add(&ros->iflist_places, name, at);
        ros->iflists = fw_arena_push(&ros->maker.doc->arena, ros->iflists, ros->niflists,
                                     sizeof(*ros->iflists));
        ros->iflists[ros->niflists++] = (struct fw_ros_iflist){.name = name};
    }
    return &ros->iflists[at];
}

static void add_name(struct fw_ros *ros, struct fw_ros_names *names, fw_sv name)
{
    names->v = fw_arena_push(&ros->maker.doc->arena, names->v, names->n, sizeof(*names->v));
    names->v[names->n++] = name;
}

static void add_names(struct fw_ros *ros, struct fw_ros_names *names, fw_sv list)
{
    fw_sv name;
    while (fw_sv_split(&list, ',', &name)) {
        add_name(ros, names, name);
    }
}

static void list_entry(struct fw_ros *ros, int family, const struct fw_ros_statement *s)
{
    struct fw_doc *doc = ros->maker.doc;
    fw_sv name = fw_ros_value(s, "list");
    fw_sv address = fw_ros_value(s, "address");
    fw_iprange range;
    if (name.n == 0 || address.n == 0 || s->cut) {
        fw_doc_bad(doc, s->first, (fw_sv){0}, "an entry needs its list and its address");
        if (name.n > 0) {
            fw_ros_list(ros, family, name)->varying = true;
        }
        return;
    }
    struct fw_ros_list *list = fw_ros_list(ros, family, name);
    if (!list->thing->object->defined) {
        list->thing->object->defined = true;
        list->thing->object->span = fw_ros_span(doc, s);
    }
    if (fw_ros_yes(s, "disabled")) {
        return;
    }
    if (!fw_ros_address(address, &range)) { /* a name, looked up again and again */
        list->varying = true;
    } else if (fw_ros_word(s, "timeout")) {
        list->varying = true; /* it goes some day */
    } else {
        fw_choosing_range(&list->choosing, range);
    }
}

static void interface_list(struct fw_ros *ros, const struct fw_ros_statement *s)
{
    fw_sv name = fw_ros_value(s, "name");
    if (name.n > 0) {
        struct fw_ros_iflist *list = fw_ros_iflist(ros, name);
        add_names(ros, &list->include, fw_ros_value(s, "include"));
        add_names(ros, &list->exclude, fw_ros_value(s, "exclude"));
        list->varying = list->varying || s->cut;
    }
}

static void interface_member(struct fw_ros *ros, const struct fw_ros_statement *s)
{
    fw_sv list = fw_ros_value(s, "list");
    fw_sv interface = fw_ros_value(s, "interface");
    if (list.n == 0 || fw_ros_yes(s, "disabled")) {
        return;
    }
    struct fw_ros_iflist *known = fw_ros_iflist(ros, list);
    if (interface.n == 0 || interface.p[0] == '[' || s->cut) {
        known->varying = true;
    } else {
        add_name(ros, &known->members, interface);
    }
}

bool fw_ros_list_statement(struct fw_ros *ros, const struct fw_ros_statement *statement)
{
    if (fw_sv_is(statement->menu, "ip firewall address-list")) {
        list_entry(ros, FW_ROS_FOUR, statement);
    } else if (fw_sv_is(statement->menu, "ipv6 firewall address-list")) {
        list_entry(ros, FW_ROS_SIX, statement);
    } else if (fw_sv_is(statement->menu, "interface list")) {
        interface_list(ros, statement);
    } else if (fw_sv_is(statement->menu, "interface list member")) {
        interface_member(ros, statement);
    } else {
        return false;
    }
    return true;
}

static void settle_list(struct fw_ros *ros, struct fw_ros_list *list)
{
    struct fw_object *object = list->thing->object;
    if (list->varying || ros->scripted || !object->defined) {
        fw_sv words = fw_arena_printf(&ros->maker.doc->arena, "address-list=%.*s",
                                      FW_SV_ARG(object->name));
        fw_choosing_atom(&list->choosing, fw_atom_make(FW_ATOM_VARYING, words, false));
        object->vendor = !object->defined; /* what runs defines it */
        object->defined = true;
    }
    fw_thing_settle(list->thing, fw_choosing_done(&list->choosing));
}

const struct fw_thing *fw_ros_list_settled(struct fw_ros *ros, int family, fw_sv name)
{
    struct fw_ros_list *list = fw_ros_list(ros, family, name);
    if (list->thing->state != FW_THING_DONE) {
        settle_list(ros, list);
    }
    return list->thing;
}

void fw_ros_lists_settle(struct fw_ros *ros)
{
    for (size_t i = 0; i < ros->nlists; i++) { /* those that no rule names */
        if (ros->lists[i].thing->state != FW_THING_DONE) {
            settle_list(ros, &ros->lists[i]);
        }
    }
}
