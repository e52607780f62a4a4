/* no access-list OUTSIDE-IN extended permit tcp any host 192.0.2.10 eq 443: an entry is removed by
 * the command that made it with "no" in front (Cisco ASA Series Command Reference, "access-list
 * extended"). */
#include "analyzers/fixes/fix.h"

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, rule->span.line));
    if (!fw_sv_starts(line, "access-list ") || !fw_fix_visible(line)) {
        return false;
    }
    fw_buf_add_cstr(out, "no ");
    fw_buf_add(out, line);
    fw_buf_add_char(out, '\n');
    return true;
}

/* Every entry names its list: all of them go by "clear configure access-list", and not by "no". */
static bool remove_object(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out)
{
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, object->span.line));
    if (object->kind != FW_OBJECT_POLICY) {
        return fw_fix_cisco_object(doc, object, out);
    }
    if (!fw_sv_starts(line, "access-list ") || !fw_fix_plain(object->name)) {
        return false;
    }
    fw_buf_printf(out, "clear configure access-list %.*s\n", FW_SV_ARG(object->name));
    return true;
}

const struct fw_fix_writer fw_fix_cisco_asa = {
    .format = "cisco-asa",
    .comment = "!",
    .remove = remove_rule,
    .remove_object = remove_object,
};
