/* az network nsg rule delete: rules are named by their name within the group, and the group by its
 * resource group, which its id tells (Azure CLI reference, "az network nsg rule"). The default
 * rules cannot be deleted. */
#include "analyzers/fixes/fix.h"

/* ".../resourceGroups/NAME/..." in the text of the document before the rule. */
static fw_sv resource_group(const struct fw_doc *doc)
{
    static const char lead[] = "/resourceGroups/";
    size_t at = fw_sv_find(doc->text, FW_SV("/resourceGroups/"));
    if (at == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_sv name = fw_sv_sub(doc->text, at + sizeof(lead) - 1, 256);
    return fw_sv_sub(name, 0, fw_sv_find_char(name, '/'));
}

/* Of several resource groups it is not known which one is meant. */
static bool is_alone(const struct fw_doc *doc, fw_sv group)
{
    fw_sv rest = doc->text;
    for (;;) {
        size_t at = fw_sv_find(rest, FW_SV("/resourceGroups/"));
        if (at == SIZE_MAX) {
            return true;
        }
        rest = fw_sv_sub(rest, at + 16, SIZE_MAX);
        if (!fw_sv_eq(fw_sv_sub(rest, 0, fw_sv_find_char(rest, '/')), group)) {
            return false;
        }
    }
}

/* "az network nsg rule VERB --resource-group ... --nsg-name ... --name ..." */
static bool say_rule(const struct fw_doc *doc, const char *verb, const struct fw_policy *policy,
                     const struct fw_rule *rule, struct fw_buf *out)
{
    fw_sv group = resource_group(doc);
    fw_sv name = fw_sv_sub(policy->name, 0, fw_sv_find_char(policy->name, '/'));
    uint32_t priority;
    if (!fw_fix_plain(group) || !fw_fix_plain(name) || !fw_fix_plain(rule->name) ||
        !fw_sv_u32(rule->id, 4096, &priority) || !is_alone(doc, group)) {
        return false;
    }
    fw_buf_printf(out, "az network nsg rule %s --resource-group %.*s --nsg-name %.*s --name %.*s",
                  verb, FW_SV_WHOLE(group), FW_SV_WHOLE(name), FW_SV_WHOLE(rule->name));
    return true;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    bool ok = say_rule(doc, "delete", policy, rule, out);
    fw_buf_add_cstr(out, ok ? "\n" : "");
    return ok;
}

static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    bool ok = say_rule(doc, "update", policy, rule, out);
    fw_buf_printf(out, " --description \"%.*s\"\n", FW_SV_WHOLE(text));
    return ok;
}

const struct fw_fix_writer fw_fix_azure_nsg = {
    .format = "azure-nsg",
    .comment = "#",
    .remove = remove_rule,
    .note = note,
    .note_max = 140,
};
