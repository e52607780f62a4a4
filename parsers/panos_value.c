/* What stands below an entry of PAN-OS, and what its keywords are about that no code reads. */
#include "parsers/keyword.h"
#include "parsers/panos.h"

#define FW_PANOS(section, key, kind, why) {section, key, FW_KEYWORD_##kind, why},
static const struct fw_keyword rows[] = {
#include "parsers/panos_keywords.def"
};
#undef FW_PANOS

static const struct fw_keywords list = {rows, sizeof(rows) / sizeof(rows[0])};

bool fw_pan_any(const struct fw_node *key)
{
    for (const struct fw_node *value = key ? key->child : NULL; value; value = value->next) {
        if (fw_sv_is(value->name, "any")) {
            return true;
        }
    }
    return !key || key->n == 0;
}

bool fw_pan_rest(struct fw_pan *pan, const char *section, struct fw_node *entry)
{
    bool narrows = false;
    (void)pan;
    for (struct fw_node *key = entry->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE) {
            narrows = fw_keyword_judge(&list, section, key) || narrows;
            fw_node_below(key, (enum fw_line_verdict)key->verdict);
        }
    }
    return narrows;
}

void fw_pan_sections(struct fw_pan *pan, const char *section, struct fw_node *node)
{
    if (node) {
        fw_node_mark(node, FW_LINE_USED);
        fw_pan_rest(pan, section, node);
    }
}
