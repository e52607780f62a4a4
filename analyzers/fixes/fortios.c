/* config firewall policy / delete 12 / end: policies are named by their id (FortiOS CLI Reference,
 * "firewall policy"), within their virtual domain where there are any. */
#include "analyzers/fixes/fix.h"

static bool is_number(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!fw_is_digit(text.p[i])) {
            return false;
        }
    }
    return text.n > 0;
}

/* "config firewall policy", below its virtual domain; what stands in between; "end". */
static bool in_section(const struct fw_policy *policy, const struct fw_rule *rule,
                       const struct fw_buf *commands, struct fw_buf *out)
{
    fw_sv section = policy->name;
    fw_sv domain = {0};
    for (size_t i = section.n; i > 0; i--) {
        if (policy->name.p[i - 1] == '/') {
            domain = fw_sv_sub(policy->name, 0, i - 1);
            section = fw_sv_sub(policy->name, i, policy->name.n);
            break;
        }
    }
    if (!is_number(rule->id) || !fw_fix_plain(section) || (domain.n > 0 && !fw_fix_plain(domain))) {
        return false;
    }
    if (domain.n > 0) {
        fw_buf_printf(out, "config vdom\nedit %.*s\n", FW_SV_WHOLE(domain));
    }
    fw_buf_printf(out, "config firewall %.*s\n", FW_SV_WHOLE(section));
    fw_buf_add(out, fw_buf_sv(commands));
    fw_buf_add_cstr(out, domain.n > 0 ? "end\nend\n" : "end\n");
    return true;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    struct fw_buf commands;
    fw_buf_init(&commands);
    fw_buf_printf(&commands, "delete %.*s\n", FW_SV_WHOLE(rule->id));
    bool ok = in_section(policy, rule, &commands, out);
    fw_buf_clear(&commands);
    return ok;
}

static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)doc;
    struct fw_buf commands;
    fw_buf_init(&commands);
    fw_buf_printf(&commands, "edit %.*s\nset comments \"%.*s\"\nnext\n", FW_SV_WHOLE(rule->id),
                  FW_SV_WHOLE(text));
    bool ok = in_section(policy, rule, &commands, out);
    fw_buf_clear(&commands);
    return ok;
}

static bool has_domains(const struct fw_doc *doc)
{
    return fw_sv_find(doc->text, FW_SV("config vdom\n")) != SIZE_MAX ||
           fw_sv_find(doc->text, FW_SV("config vdom\r\n")) != SIZE_MAX;
}

/* Administrators are the device's as a whole. */
static bool remove_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    bool global = has_domains(doc);
    fw_buf_printf(out, "%sconfig system admin\ndelete \"%.*s\"\nend\n%s",
                  global ? "config global\n" : "", FW_SV_WHOLE(name), global ? "end\n" : "");
    return fw_fix_plain(name);
}

/* config firewall address / delete "web" / end: the section is the one the object stands in. Below
 * a virtual domain the path is longer, and nothing is said; backups do not indent what is there. */
static bool remove_object(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out)
{
    if (has_domains(doc)) {
        return false;
    }
    for (uint32_t line = object->span.line; line > 0; line--) {
        fw_sv text = fw_doc_line_text(doc, line);
        if (fw_sv_starts(text, "config ")) { /* not indented: the outermost section */
            bool ok = fw_sv_starts(text, "config firewall ") && fw_fix_visible(fw_sv_trim(text)) &&
                      fw_fix_plain(object->name);
            if (ok) {
                fw_buf_printf(out, "%.*s\ndelete \"%.*s\"\nend\n", FW_SV_WHOLE(fw_sv_trim(text)),
                              FW_SV_WHOLE(object->name));
            }
            return ok;
        }
    }
    return false;
}

const struct fw_fix_writer fw_fix_fortios = {
    .format = "fortios",
    .comment = "#",
    .remove = remove_rule,
    .remove_object = remove_object,
    .note = note,
    .note_max = 1023,
    .remove_user = remove_user,
};
