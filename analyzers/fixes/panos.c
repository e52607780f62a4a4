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
static bool xml_path(const struct fw_doc *doc, uint32_t line, struct fw_buf *out)
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
        fw_buf_printf(out, "delete %s \"%.*s\" %.*s %s rules ", scope, FW_SV_WHOLE(owner),
                      FW_SV_WHOLE(base), kind);
    } else if (ok) {
        fw_buf_printf(out, "delete shared %.*s %s rules ", FW_SV_WHOLE(base), kind);
    }
    return ok;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, rule->span.line));
    if (rule->span.length == 0 || rule->implied || !quotable(rule->name) || rule->instead) {
        return false;
    }
    if (!fw_sv_starts(line, "<")) {
        return fw_fix_delete_path(doc, rule->span.line, rule->name, out);
    }
    bool ok = fw_sv_starts(line, "<entry ") && xml_path(doc, rule->span.line, out);
    if (ok) {
        fw_buf_printf(out, "\"%.*s\"\n", FW_SV_WHOLE(rule->name));
    }
    return ok;
}

static bool remove_object(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out)
{
    return object->span.length > 0 && quotable(object->name) &&
           fw_fix_delete_path(doc, object->span.line, object->name, out);
}

const struct fw_fix_writer fw_fix_panos = {
    .format = "panos",
    .comment = "#",
    .remove = remove_rule,
    .remove_object = remove_object,
};
