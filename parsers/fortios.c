/* Fortinet FortiOS: `show`, `show full-configuration`, backups, with and without virtual domains.
 *   #config-version=FGT60F-7.2.4-FW-build1396-230131:opmode=0:vdom=0:user=admin
 *   config firewall policy
 *       edit 1
 *           set srcintf "port1"
 *           set dstintf "port2"
 *           set action accept */
#include "parsers/fortios.h"

#include "parsers/parser.h"

/* "#config-version=FGT60F-7.2.4-FW-build1396-...:opmode=0:vdom=0" on one of the first lines. */
static void read_version(struct fw_fos *fos)
{
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (line < 10 && fw_doc_line(fos->doc, &offset, &line, &text)) {
        if (!fw_sv_starts(text, "#config-version=")) {
            continue;
        }
        fw_sv version = fw_sv_sub(text, sizeof("#config-version=") - 1, SIZE_MAX);
        version = fw_sv_sub(version, 0, fw_sv_find_char(version, ':'));
        struct fw_setting *setting = fw_new(&fos->doc->arena, struct fw_setting);
        *setting = (struct fw_setting){
            .kind = FW_SETTING_VERSION,
            .value = version,
            .span = fw_doc_span(fos->doc, text, line),
        };
        fos->ruleset->settings = fw_arena_push(&fos->doc->arena, NULL, 0, sizeof(*setting));
        *(struct fw_setting *)fos->ruleset->settings = *setting;
        fos->ruleset->nsettings = 1;
        fw_doc_mark(fos->doc, line, FW_LINE_USED);
        return;
    }
}

static void read_domain(struct fw_fos *fos, struct fw_node *base, fw_sv name)
{
    fos->base = base;
    fos->vdom = name;
    fos->vips = NULL;
    fos->nvips = 0;
    fw_fos_interfaces(fos);
    fw_fos_objects(fos);
    fw_fos_policies(fos);
    fw_fos_references(fos);
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_fos *fos = fw_new(&doc->arena, struct fw_fos);
    fos->doc = doc;
    fos->ruleset = ret;
    fw_pool_init(&fos->pool, &doc->arena);
    fw_tree_init(&fos->tree, doc);
    fw_things_init(&fos->things, &doc->arena, ret);
    fw_things_init(&fos->missing, &doc->arena, ret);
    ret->has_settings = true;
    ret->implicit_deny = true;
    ret->zoned = true;
    read_version(fos);
    fw_fos_text(fos);
    struct fw_node *vdoms = fw_tree_at(&fos->tree, fos->tree.root, "vdom", NULL);
    struct fw_node *global = fw_tree_at(&fos->tree, fos->tree.root, "global", NULL);
    fos->global = global ? global : fos->tree.root;
    fw_node_mark(vdoms, FW_LINE_USED);
    fw_node_mark(global, FW_LINE_USED);
    for (struct fw_node *vdom = vdoms ? vdoms->child : NULL; vdom; vdom = vdom->next) {
        fw_node_mark(vdom, FW_LINE_USED);
        if (vdom->n > 0) {
            read_domain(fos, vdom, vdom->name);
        }
    }
    if (!vdoms || fw_tree_at(&fos->tree, fos->tree.root, "firewall", NULL)) {
        read_domain(fos, fos->tree.root, (fw_sv){0});
    }
    fw_fos_settings(fos);
    fw_tree_finish(&fos->tree);
    ret->nsecrets = doc->nsecrets;
    ret->secrets = doc->secrets;
    fw_things_finish(&fos->things);
    fw_ruleset_seal(&doc->arena, ret);
}

/* "config <word> ..." on a line, and set, edit or end on later ones. */
static int bid(fw_sv head)
{
    static const char *const known[] = {"firewall", "system", "router", "vpn",       "user",
                                        "log",      "global", "vdom",   "webfilter", "antivirus"};
    bool config = false;
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        fw_sv word;
        if (fw_sv_starts(text, "#config-version=")) {
            return FW_BID_SURE;
        }
        text = fw_sv_trim(text);
        if (!fw_sv_word(&text, &word)) {
            continue;
        }
        bool body = fw_sv_is(word, "set") || fw_sv_is(word, "edit") || fw_sv_is(word, "end");
        if (config && body) {
            return FW_BID_SURE;
        }
        if (fw_sv_is(word, "config") && fw_sv_word(&text, &word)) {
            config = config || FW_SV_AMONG(word, known);
        }
    }
    return FW_BID_NO;
}

const struct fw_parser fw_parser_fortios = {
    .name = "fortios",
    .title = "Fortinet FortiOS configuration",
    .kind = FW_PARSER_RULESET,
    .version = 4,
    .bid = bid,
    .ruleset = parse,
};
