/* delete rulebase security rules "web": rules are named within their rulebase (PAN-OS CLI Quick
 * Start, "Use set and delete"), which is told by where the rule stands in the configuration. */
#include "analyzers/fixes/fix.h"

/* Names go into quotes; one that would end them has no fix. */
static bool quotable(fw_sv name)
{
    return name.n > 0 && fw_fix_visible(name) && fw_sv_find_char(name, '"') == SIZE_MAX &&
           fw_sv_find_char(name, '\\') == SIZE_MAX && fw_sv_find_char(name, '\'') == SIZE_MAX;
}

static bool opens(fw_sv line, fw_sv element)
{
    return fw_sv_starts(line, "<") && fw_sv_eq(fw_sv_sub(line, 1, element.n), element) &&
           line.n > element.n + 1 && (line.p[element.n + 1] == '>' || line.p[element.n + 1] == ' ');
}

/* The path of a rule in an XML export: the elements that are open where it stands, one a line. */
static bool xml_path(const struct fw_doc *doc, const char *verb, uint32_t line, struct fw_buf *out)
{
    static const char *const bases[] = {"pre-rulebase", "post-rulebase", "rulebase"};
    fw_sv base = {0};
    fw_sv owner = {0};
    const char *kind = NULL;
    const char *scope = NULL;
    unsigned passed = 0; /* elements with names that were closed again above the rule */
    for (uint32_t at = line - 1; at > 0 && !scope; at--) {
        fw_sv text = fw_sv_trim(fw_doc_line_text(doc, at));
        bool both = fw_sv_find(text, FW_SV("</")) != SIZE_MAX || fw_sv_ends(text, "/>");
        for (size_t i = 0; base.n == 0 && !both && i < sizeof(bases) / sizeof(bases[0]); i++) {
            base = opens(text, fw_sv_from(bases[i])) ? fw_sv_from(bases[i]) : base;
        }
        if (base.n == 0 && !kind && !both) {
            kind = opens(text, FW_SV("security")) ? "security"
                   : opens(text, FW_SV("nat"))    ? "nat"
                                                  : NULL;
        }
        if (base.n == 0) {
            continue;
        }
        if (fw_sv_is(text, "</entry>")) {
            passed++;
        } else if (fw_sv_starts(text, "<entry name=\"") && !both) {
            if (passed > 0) {
                passed--;
            } else if (owner.n == 0) {
                fw_sv rest = fw_sv_sub(text, sizeof("<entry name=\"") - 1, SIZE_MAX);
                owner = fw_sv_sub(rest, 0, fw_sv_find_char(rest, '"'));
            }
        } else if (!both && (opens(text, FW_SV("vsys")) || opens(text, FW_SV("device-group")))) {
            scope = opens(text, FW_SV("vsys")) ? "vsys" : "device-group";
        } else if (!both && opens(text, FW_SV("shared")) && owner.n == 0) {
            scope = "shared";
        }
    }
    bool named = scope && !fw_sv_is(fw_sv_from(scope), "shared");
    bool ok = scope && kind && base.n > 0 && (!named || quotable(owner)) &&
              fw_sv_find_char(owner, '&') == SIZE_MAX;
    if (ok && named) {
        fw_buf_printf(out, "%s %s \"%.*s\" %.*s %s rules ", verb, scope, FW_SV_WHOLE(owner),
                      FW_SV_WHOLE(base), kind);
    } else if (ok) {
        fw_buf_printf(out, "%s shared %.*s %s rules ", verb, FW_SV_WHOLE(base), kind);
    }
    return ok;
}

/* "VERB PATH" of a rule. */
static bool rule_path(const struct fw_doc *doc, const char *verb, const struct fw_rule *rule,
                      struct fw_buf *out)
{
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, rule->span.line));
    if (rule->span.length == 0 || rule->implied || !quotable(rule->name)) {
        return false;
    }
    if (!fw_sv_starts(line, "<")) {
        return fw_fix_path(doc, verb, rule->span.line, rule->name, out);
    }
    bool ok = fw_sv_starts(line, "<entry ") && xml_path(doc, verb, rule->span.line, out);
    if (ok) {
        fw_buf_printf(out, "\"%.*s\"", FW_SV_WHOLE(rule->name));
    }
    return ok;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    bool ok = !rule->instead && rule_path(doc, "delete", rule, out);
    fw_buf_add_cstr(out, ok ? "\n" : "");
    return ok;
}

static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)policy;
    bool ok = rule_path(doc, "set", rule, out);
    fw_buf_printf(out, " description \"%.*s\"\n", FW_SV_WHOLE(text));
    return ok;
}

static bool remove_object(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out)
{
    bool ok = object->span.length > 0 && quotable(object->name) &&
              fw_fix_path(doc, "delete", object->span.line, object->name, out);
    fw_buf_add_cstr(out, ok ? "\n" : "");
    return ok;
}

static bool remove_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    (void)doc;
    fw_buf_printf(out, "delete mgt-config users %.*s\n", FW_SV_WHOLE(name));
    return fw_fix_plain(name);
}

const struct fw_fix_writer fw_fix_panos = {
    .format = "panos",
    .comment = "#",
    .remove = remove_rule,
    .remove_object = remove_object,
    .note = note,
    .note_max = 1024,
    .remove_user = remove_user,
};
