/* Named groups of named objects: what a member adds to its group, and what may be wrong with it:
 * groups that contain themselves, are nested too deep, or hold too much. */
#ifndef FW_PARSERS_GROUP_H
#define FW_PARSERS_GROUP_H

#include "parsers/choice.h"
#include "parsers/conftree.h"

struct fw_grouping {
    struct fw_doc *doc;
    void *owner;
    /* Settles what a thing stands for, when that has not been done. */
    void (*expand)(void *owner, struct fw_thing *thing, unsigned depth);
};

/* `name` is where the member is written. False: no more members are taken. */
bool fw_group_member(const struct fw_grouping *grouping, struct fw_choosing *choosing,
                     const struct fw_thing *group, struct fw_thing *member, struct fw_node *name,
                     unsigned depth);
/* The thing stands for this, and for what may have followed where the text ends inside of it. */
void fw_group_settle(struct fw_doc *doc, struct fw_thing *thing, struct fw_choice choice);

#endif
