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

/* The next element that is open where line `*at` stands, which becomes its line; {0}: none.
 * Elements begin and end on lines of their own, or on one: what does not has no path. */
static fw_sv enclosing(const struct fw_doc *doc, uint32_t *at)
{
    unsigned closed = 0; /* elements that ended again above */
    while (--*at > 0) {
        fw_sv text = fw_sv_trim(fw_doc_line_text(doc, *at));
        if (fw_sv_starts(text, "</")) {
            closed++;
        } else if (fw_sv_starts(text, "<") && !fw_sv_starts(text, "<!") &&
                   fw_sv_find(text, FW_SV("</")) == SIZE_MAX && !fw_sv_ends(text, "/>")) {
            if (closed == 0) {
                return text;
            }
            closed--;
        }
    }
    *at = 1;
    return (fw_sv){0};
}

/* The path of a rule in an XML export: the elements that are open where it stands. Rules of other
 * kinds, the default ones among them, are named otherwise. */
static bool xml_path(const struct fw_doc *doc, const char *verb, uint32_t line, struct fw_buf *out)
{
    static const char *const bases[] = {"pre-rulebase", "post-rulebase", "rulebase"};
    static const char entry[] = "<entry name=\"";
    fw_sv rules = enclosing(doc, &line);
    fw_sv kind = enclosing(doc, &line);
    fw_sv base = enclosing(doc, &line);
    fw_sv owner = enclosing(doc, &line);
    bool nat = opens(kind, FW_SV("nat"));
    size_t i = 0;
    while (i < 3 && !opens(base, fw_sv_from(bases[i]))) {
        i++;
    }
    if (!opens(rules, FW_SV("rules")) || (!nat && !opens(kind, FW_SV("security"))) || i == 3) {
        return false;
    }
    if (opens(owner, FW_SV("shared"))) {
        fw_buf_printf(out, "%s shared %s %s rules ", verb, bases[i], nat ? "nat" : "security");
        return true;
    }
    fw_sv scope = enclosing(doc, &line);
    bool vsys = opens(scope, FW_SV("vsys"));
    if (!fw_sv_starts(owner, entry) || (!vsys && !opens(scope, FW_SV("device-group")))) {
        return false;
    }
    owner = fw_sv_sub(owner, sizeof(entry) - 1, SIZE_MAX);
    owner = fw_sv_sub(owner, 0, fw_sv_find_char(owner, '"'));
    fw_buf_printf(out, "%s %s \"%.*s\" %s %s rules ", verb, vsys ? "vsys" : "device-group",
                  FW_SV_WHOLE(owner), bases[i], nat ? "nat" : "security");
    return quotable(owner) && fw_sv_find_char(owner, '&') == SIZE_MAX;
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
    bool ok = !rule->instead && rule_path(doc, "set", rule, out); /* a default one has none */
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
