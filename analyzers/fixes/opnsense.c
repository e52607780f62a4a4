/* curl -X POST .../api/firewall/filter/del_rule/UUID: rules of "Automation" have an interface for
 * programs (OPNsense, "Firewall", API reference); others are removed by a person, who is told
 * where. */
#include "analyzers/fixes/fix.h"

/* Does the rule stand in a list of "Automation"? */
static bool is_automation(const struct fw_doc *doc, const struct fw_rule *rule)
{
    for (uint32_t line = rule->span.line; line > 0; line--) {
        fw_sv text = fw_sv_trim(fw_doc_line_text(doc, line));
        if (fw_sv_is(text, "<rules>") || fw_sv_is(text, "<filter>")) {
            return fw_sv_is(text, "<rules>");
        }
    }
    return false;
}

static bool say_rule(const struct fw_doc *doc, const char *verb, const struct fw_rule *rule,
                     struct fw_buf *out)
{
    fw_buf_printf(out, "Firewall > %s: %s the rule with UUID %.*s",
                  is_automation(doc, rule) ? "Automation > Filter" : "Rules", verb,
                  FW_SV_WHOLE(rule->id));
    return fw_fix_plain(rule->id);
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    if (!is_automation(doc, rule)) {
        bool ok = say_rule(doc, "delete", rule, out);
        fw_buf_add_cstr(out, "; Apply changes\n");
        return ok;
    }
    fw_buf_printf(out,
                  "curl -u KEY:SECRET -X POST https://DEVICE/api/firewall/filter/del_rule/%.*s\n"
                  "curl -u KEY:SECRET -X POST https://DEVICE/api/firewall/filter/apply\n",
                  FW_SV_WHOLE(rule->id));
    return fw_fix_plain(rule->id);
}

static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)policy;
    bool ok = say_rule(doc, "edit", rule, out);
    fw_buf_printf(out, "; Description \"%.*s\"; Save; Apply changes\n", FW_SV_WHOLE(text));
    return ok;
}

/* The account that comes with it stays. */
static bool remove_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    (void)doc;
    fw_buf_printf(out, "System > Access > Users: delete %.*s\n", FW_SV_WHOLE(name));
    return fw_fix_plain(name) && !fw_sv_is(name, "root");
}

const struct fw_fix_writer fw_fix_opnsense = {
    .format = "opnsense",
    .comment = "#",
    .by_line = true,
    .remove = remove_rule,
    .note = note,
    .note_max = 255,
    .remove_user = remove_user,
};
