/* ufw --force delete 3: rules are named by the number that `ufw status numbered` shows, which
 * counts over all directions and both families (ufw(8)). A listing without numbers has no names for
 * them. */
#include "analyzers/fixes/fix.h"

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, rule->span.line));
    fw_buf_printf(out, "ufw --force delete %.*s\n", FW_SV_WHOLE(rule->id));
    return fw_sv_starts(line, "[") && fw_fix_plain(rule->id);
}

const struct fw_fix_writer fw_fix_ufw = {
    .format = "ufw",
    .comment = "#",
    .by_line = true,
    .remove = remove_rule,
};
