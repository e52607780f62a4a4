/* delete security policies from-zone trust to-zone untrust policy web; delete firewall family inet
 * filter f term t (Juniper, CLI User Guide, "delete"): the path is the one the rule is written at.
 */
#include "analyzers/fixes/fix.h"

/* "delete PATH" */
static bool remove_path(const struct fw_doc *doc, fw_span span, fw_sv name, struct fw_buf *out)
{
    bool ok = span.length > 0 && fw_fix_path(doc, "delete", span.line, name, out);
    fw_buf_add_cstr(out, ok ? "\n" : "");
    return ok;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    return remove_path(doc, rule->span, rule->name, out);
}

static bool remove_object(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out)
{
    return remove_path(doc, object->span, object->name, out);
}

/* Security policies have a description; terms of filters have none ("annotate" makes a comment,
 * which set commands do not show). */
static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)policy;
    bool ok = rule->span.length > 0 && fw_fix_path(doc, "set", rule->span.line, rule->name, out) &&
              fw_sv_find(fw_buf_sv(out), FW_SV("security policies ")) != SIZE_MAX;
    fw_buf_printf(out, " description \"%.*s\"\n", FW_SV_WHOLE(text));
    return ok;
}

/* root cannot go, and is no user of the device's list. */
static bool remove_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    (void)doc;
    fw_buf_printf(out, "delete system login user %.*s\n", FW_SV_WHOLE(name));
    return fw_fix_plain(name) && !fw_sv_is(name, "root");
}

const struct fw_fix_writer fw_fix_junos = {
    .format = "junos",
    .comment = "#",
    .remove = remove_rule,
    .by_path = true,
    .remove_object = remove_object,
    .note = note,
    .note_max = 300,
    .remove_user = remove_user,
};
