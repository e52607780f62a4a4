#include "parsers/group.h"

#include "core/limits.h"

bool fw_group_member(const struct fw_grouping *grouping, struct fw_choosing *choosing,
                     const struct fw_thing *group, struct fw_thing *member, struct fw_node *name,
                     unsigned depth)
{
    struct fw_doc *doc = grouping->doc;
    member->object->uses++;
    if (member->state == FW_THING_OPEN || depth >= FW_LIMIT_GROUP_DEPTH) {
        fw_doc_warn(doc, FW_DIAG_ID_BAD_VALUE, name->span.line, name->name,
                    member->state == FW_THING_OPEN
                        ? "the group contains itself"
                        : "groups are nested deeper than the limit GROUP_DEPTH allows");
        fw_node_mark(name->parent, FW_LINE_BAD); /* whichever of them the line was noted for */
        fw_node_mark(name, FW_LINE_BAD);
        fw_choosing_add(choosing, fw_choice_opaque(&doc->arena, "group", name->name, false));
        return true;
    }
    grouping->expand(grouping->owner, member, depth + 1);
    if (fw_choosing_full(choosing, member->choice)) {
        fw_doc_warn(doc, FW_DIAG_ID_LIMIT_REACHED, name->span.line, name->name,
                    "the group has more members than the limit GROUP_MEMBERS allows");
        fw_choosing_add(choosing,
                        fw_choice_opaque(&doc->arena, "group", group->object->name, false));
        return false;
    }
    fw_choosing_add(choosing, member->choice);
    return true;
}

void fw_group_settle(struct fw_doc *doc, struct fw_thing *thing, struct fw_choice choice)
{
    if (thing->node && thing->node->cut) {
        struct fw_choosing choosing;
        fw_choosing_init(&choosing, &doc->arena);
        fw_choosing_add(&choosing, choice);
        fw_choosing_add(&choosing,
                        fw_choice_opaque(&doc->arena, "cut off", thing->object->name, false));
        choice = fw_choosing_done(&choosing);
    }
    fw_thing_settle(thing, choice);
}
