/* delete security policies from-zone trust to-zone untrust policy web; delete firewall family inet
 * filter f term t (Juniper, CLI User Guide, "delete"): the path is the one the rule is written at.
 */
#include "analyzers/fixes/fix.h"

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    return rule->span.length > 0 && fw_fix_delete_path(doc, rule->span.line, rule->name, out);
}

static bool remove_object(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out)
{
    return object->span.length > 0 && fw_fix_delete_path(doc, object->span.line, object->name, out);
}

const struct fw_fix_writer fw_fix_junos = {
    .format = "junos",
    .comment = "#",
    .remove = remove_rule,
    .remove_object = remove_object,
};
