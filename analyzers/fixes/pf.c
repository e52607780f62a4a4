/* printf '%s\n' '12g/^block in quick from any$/d' w q | ed -s /etc/pf.conf: pfctl loads whole
 * files, so a rule goes from the file (pf.conf(5), pfctl(8)). It is named by its line and by what
 * the line says: in a file that is another one nothing happens. A rule that goes on in the next
 * line has no such name. */
#include <inttypes.h>
#include <string.h>

#include "analyzers/fixes/fix.h"

/* The line as a basic regular expression within quotes of a shell. */
static void add_pattern(fw_sv line, struct fw_buf *out)
{
    for (size_t i = 0; i < line.n; i++) {
        if (strchr("\\.*[]^$/", line.p[i])) {
            fw_buf_add_char(out, '\\');
        }
        fw_buf_add_char(out, line.p[i]);
    }
}

static bool add_edit(const struct fw_doc *doc, const struct fw_rule *rule, const char *edit,
                     fw_sv text, const char *end, struct fw_buf *out)
{
    fw_sv line = fw_doc_line_text(doc, rule->span.line);
    fw_sv above = rule->span.line > 1 ? fw_doc_line_text(doc, rule->span.line - 1) : (fw_sv){0};
    bool whole = rule->span.length > 0 && !fw_sv_ends(line, "\\") && !fw_sv_ends(above, "\\") &&
                 !fw_sv_ends(fw_sv_trim(line), "{") && fw_fix_visible(line) &&
                 fw_sv_find_char(line, '\'') == SIZE_MAX && fw_sv_find_char(line, '#') == SIZE_MAX;
    fw_buf_printf(out, "printf '%%s\\n' '%" PRIu32 "g/^", rule->span.line);
    add_pattern(line, out);
    fw_buf_printf(out, "$/%s%.*s%s' w q | ed -s /etc/pf.conf\n", edit, FW_SV_WHOLE(text), end);
    fw_buf_add_cstr(out, "pfctl -f /etc/pf.conf\n");
    return whole;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    return add_edit(doc, rule, "d", (fw_sv){0}, "", out);
}

/* What stands with a rule is its label, and it has one. */
static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)policy;
    return rule->comment.n == 0 && fw_sv_find_char(text, '/') == SIZE_MAX &&
           fw_sv_find_char(text, '&') == SIZE_MAX &&
           add_edit(doc, rule, "s/$/ label \"", text, "\"/", out);
}

const struct fw_fix_writer fw_fix_pf = {
    .format = "pf",
    .comment = "#",
    .by_line = true,
    .remove = remove_rule,
    .note = note,
    .note_max = 63,
};
