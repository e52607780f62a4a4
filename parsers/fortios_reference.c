/* Which objects does a FortiOS configuration name outside of its policies and groups? A VPN, a
 * route or a proxy may use an address that no policy does. Nobody models those parts here, so every
 * word there that is the name of an object counts as a use of it. */
#include "parsers/fortios.h"

/* Their references are counted where they are read: "firewall ..." */
static const char *const counted[] = {"addrgrp", "addrgrp6", "local-in-policy", "local-in-policy6",
                                      "policy",  "policy6",  "vipgrp",          "vipgrp6"};

static bool is_counted(const struct fw_node *section)
{
    if (!section->parent || !fw_sv_is(section->parent->name, "firewall")) {
        return false;
    }
    return FW_SV_AMONG(section->name, counted);
}

/* "service group": two words below "firewall". */
static bool is_service_group(const struct fw_node *section)
{
    return section->parent && fw_sv_is(section->name, "group") &&
           fw_sv_is(section->parent->name, "service");
}

static void count(struct fw_fos *fos, const struct fw_node *word)
{
    for (int space = FW_FOS_ADDRESS4; space <= FW_FOS_ZONE; space++) {
        struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, space, word->name);
        if (thing && thing->node != word) {
            thing->object->uses++;
        }
    }
}

void fw_fos_references(struct fw_fos *fos)
{
    const struct fw_node *node = fos->base->child;
    while (node) {
        bool skip = is_counted(node) || is_service_group(node);
        if (!skip && !node->child) {
            count(fos, node);
        }
        if (!skip && node->child) {
            node = node->child;
            continue;
        }
        while (node != fos->base && !node->next) {
            node = node->parent;
        }
        node = node == fos->base ? NULL : node->next;
    }
}
