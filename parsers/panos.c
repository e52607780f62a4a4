/* Palo Alto Networks PAN-OS and Panorama: XML as exported, set commands, and braces as shown.
 *   <config version="10.1.0" urldb="paloaltonetworks"><devices><entry name="localhost.localdomain">
 *   set rulebase security rules web from trust
 *   rulebase { security { rules { web { from trust; } } } } */
#include "parsers/panos.h"

#include "parsers/parser.h"

static struct fw_pan_scope *add_scope(struct fw_pan *pan, struct fw_node *node, bool panorama)
{
    struct fw_pan_scope *scope = fw_new(&pan->doc->arena, struct fw_pan_scope);
    *scope = (struct fw_pan_scope){.name = node->name, .node = node, .panorama = panorama};
    scope->up = pan->pushed.node ? &pan->pushed : &pan->shared;
    pan->scopes = fw_arena_push(&pan->doc->arena, pan->scopes, pan->nscopes, sizeof(scope));
    fw_index_add(&pan->names, node->name, pan->nscopes);
    pan->scopes[pan->nscopes++] = scope;
    fw_node_mark(node, FW_LINE_USED);
    return scope;
}

struct fw_pan_scope *fw_pan_scope(const struct fw_pan *pan, fw_sv name)
{
    size_t at = fw_index_find(&pan->names, name);
    return at == SIZE_MAX ? NULL : pan->scopes[at];
}

/* A device group is below another one; Panorama notes it apart, newer exports beside it. A circle
 * is cut where it would close. */
static void set_parent(struct fw_pan *pan, struct fw_pan_scope *scope)
{
    fw_sv name = fw_tree_value(&pan->tree, scope->node, "parent-dg");
    if (name.n == 0) {
        struct fw_node *apart = fw_tree_at(&pan->tree, pan->tree.root, "readonly", "devices",
                                           "localhost.localdomain", "device-group", NULL);
        apart = fw_tree_find(&pan->tree, apart, scope->name);
        name = fw_tree_value(&pan->tree, apart, "parent-dg");
    }
    struct fw_pan_scope *up = fw_pan_scope(pan, name);
    size_t depth = 0;
    if (!up && name.n > 0 && !fw_sv_is(name, "shared")) {
        fw_doc_warn(pan->doc, FW_DIAG_ID_UNDEFINED_NAME, scope->node->span.line, name,
                    "no device group has this name");
        pan->tree.cut = true; /* its rules are asked first and are not in the file */
    }
    for (const struct fw_pan_scope *one = up; one && depth < FW_PAN_DEEPEST; one = one->up) {
        up = one == scope ? NULL : up;
        depth++;
    }
    if (depth == FW_PAN_DEEPEST) {
        fw_doc_warn(pan->doc, FW_DIAG_ID_BAD_VALUE, scope->node->span.line, scope->name,
                    "expected at most %d device groups one in the other", FW_PAN_DEEPEST);
        pan->tree.cut = true; /* the rules of those above are not read */
        up = NULL;
    }
    scope->up = up ? up : scope->up;
}

static void find_scopes(struct fw_pan *pan)
{
    struct fw_node *root = pan->tree.root;
    struct fw_node *groups = fw_tree_use(&pan->tree, root, "device-group", NULL);
    pan->shared = (struct fw_pan_scope){.name = FW_SV("shared"),
                                        .node = fw_tree_use(&pan->tree, root, "shared", NULL)};
    pan->pushed.node = fw_tree_use(&pan->tree, root, "policy", "panorama", NULL);
    if (!pan->pushed.node) {
        pan->pushed.node = fw_tree_use(&pan->tree, root, "panorama", "vsys", "vsys1", NULL);
    }
    pan->pushed.name = FW_SV("panorama");
    pan->pushed.up = &pan->shared;
    for (struct fw_node *node = groups ? groups->child : NULL; node; node = node->next) {
        add_scope(pan, node, true);
    }
    for (size_t i = 0; i < pan->nscopes; i++) {
        set_parent(pan, pan->scopes[i]);
    }
    struct fw_node *systems = fw_tree_use(&pan->tree, root, "vsys", NULL);
    for (struct fw_node *node = systems ? systems->child : NULL; node; node = node->next) {
        bool rules = fw_tree_at(&pan->tree, node, "rulebase", NULL) != NULL;
        if (node->n > 0 && (!groups || rules)) {
            add_scope(pan, node, false);
        }
    }
    if (pan->nscopes == 0) { /* rules that Panorama gave or gives, or none at all */
        struct fw_pan_scope *scope = add_scope(pan, root, false);
        bool gives = !pan->pushed.node && pan->shared.node;
        scope->name = gives ? FW_SV("shared") : FW_SV("vsys1");
        scope->node = gives ? pan->shared.node : NULL;
        scope->up = gives ? NULL : scope->up;
        scope->panorama = gives;
    }
    for (size_t i = 0; i < pan->nscopes; i++) {
        pan->shared.panorama = pan->shared.panorama || pan->scopes[i]->panorama;
    }
    pan->pushed.panorama = true;
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_pan *pan = fw_new(&doc->arena, struct fw_pan);
    pan->doc = doc;
    pan->ruleset = ret;
    fw_pool_init(&pan->pool, &doc->arena);
    fw_tree_init(&pan->tree, doc);
    fw_things_init(&pan->things, &doc->arena, ret);
    fw_things_init(&pan->missing, &doc->arena, ret);
    pan->names.arena = pan->interfaces.arena = &doc->arena;
    ret->implicit_deny = true;
    ret->zoned = true;
    fw_pan_text(pan);
    find_scopes(pan);
    fw_pan_interfaces(pan);
    fw_pan_declare(pan, &pan->shared);
    fw_pan_declare(pan, &pan->pushed);
    for (size_t i = 0; i < pan->nscopes; i++) {
        if (pan->scopes[i]->node != pan->shared.node) {
            fw_pan_declare(pan, pan->scopes[i]);
        }
    }
    fw_pan_expand(pan, &pan->shared);
    fw_pan_expand(pan, &pan->pushed);
    for (size_t i = 0; i < pan->nscopes; i++) {
        fw_pan_expand(pan, pan->scopes[i]);
    }
    fw_pan_policies(pan);
    fw_pan_settings(pan);
    fw_tree_finish(&pan->tree);
    ret->nsecrets = doc->nsecrets;
    ret->secrets = doc->secrets;
    fw_things_finish(&pan->things);
    fw_ruleset_seal(&doc->arena, ret);
}

/* "<config version=... urldb=...>", or what only PAN-OS has after "set" and before a brace. */
static int bid(fw_sv head)
{
    static const char *const starts[] = {"set deviceconfig ",
                                         "set rulebase ",
                                         "set shared ",
                                         "set device-group ",
                                         "set vsys ",
                                         "set mgt-config ",
                                         "set template ",
                                         "set template-stack ",
                                         "set config devices ",
                                         "set network interface",
                                         "set policy panorama ",
                                         "set config shared ",
                                         "set network profiles ",
                                         "set address-group ",
                                         "set config panorama"};
    static const char *const blocks[] = {"deviceconfig {", "localhost.localdomain {", "rulebase {",
                                         "mgt-config {"};
    bool xml = fw_sv_find(fw_sv_sub(head, 0, 4096), FW_SV("<config")) != SIZE_MAX;
    if (xml && (fw_sv_find(head, FW_SV("urldb=")) != SIZE_MAX ||
                fw_sv_find(head, FW_SV("localhost.localdomain")) != SIZE_MAX ||
                fw_sv_find(head, FW_SV("<deviceconfig>")) != SIZE_MAX ||
                fw_sv_find(head, FW_SV("<mgt-config>")) != SIZE_MAX)) {
        return FW_BID_SURE;
    }
    fw_sv text;
    while (!xml && fw_sv_split(&head, '\n', &text)) {
        text = fw_sv_trim(text);
        if (fw_sv_find(text, FW_SV("RANCID-CONTENT-TYPE: paloalto")) != SIZE_MAX) {
            return FW_BID_SURE;
        }
        if (FW_SV_STARTS_AMONG(text, starts)) {
            return FW_BID_SURE;
        }
        if (FW_SV_AMONG(text, blocks)) {
            return FW_BID_SURE;
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_panos = {
    .name = "panos",
    .title = "Palo Alto Networks PAN-OS and Panorama configuration",
    .kind = FW_PARSER_RULESET,
    .version = 5,
    .bid = bid,
    .ruleset = parse,
};
