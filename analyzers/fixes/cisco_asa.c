/* no access-list OUTSIDE-IN extended permit tcp any host 192.0.2.10 eq 443: an entry is removed by
 * the command that made it with "no" in front (Cisco ASA Series Command Reference, "access-list
 * extended"). */
#include <inttypes.h>

#include "analyzers/fixes/fix.h"

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)policy;
    fw_sv line = fw_doc_line_text(doc, rule->span.line);
    size_t counter = fw_sv_find(line, FW_SV("(hitcnt="));
    /* What "show access-list" adds is no part of the entry, and what it indents is no entry but a
     * member of the group in the line above. */
    line = fw_sv_trim(fw_sv_sub(line, 0, counter));
    /* One that was counted somewhere else has no hash in its line. */
    bool hash = counter == SIZE_MAX && fw_sv_starts(rule->id, "0x") && line.n > rule->id.n &&
                fw_sv_eq(fw_sv_sub(line, line.n - rule->id.n, SIZE_MAX), rule->id);
    if (hash || !fw_sv_starts(fw_doc_line_text(doc, rule->span.line), "access-list ") ||
        !fw_fix_visible(line)) {
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
    fw_buf_printf(out, "clear configure access-list %.*s\n", FW_SV_WHOLE(object->name));
    return true;
}

/* The word that an entry of the list has before "deny": "extended", none on PIX 6. Lists of other
 * kinds have no such entries: one of kind "standard" takes destinations only, and others are for
 * frames, browsers or another device's commands. */
static bool find_kind(fw_sv line, const char **ret)
{
    fw_sv word = {0};
    for (size_t i = 0; i < 3; i++) { /* access-list NAME ... */
        fw_sv_word(&line, &word);
    }
    if (fw_sv_is(word, "line")) {
        fw_sv_word(&line, &word);
        fw_sv_word(&line, &word);
    }
    *ret = fw_sv_is(word, "extended") ? " extended" : "";
    return **ret != '\0' || fw_sv_is(word, "permit") || fw_sv_is(word, "deny");
}

/* "line N" counts remarks, as positions do; without it an entry goes to the end (Command Reference,
 * "access-list extended"). */
static bool refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                   const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                   struct fw_buf *out)
{
    fw_span span = rule ? rule->span : policy->span;
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, span.line));
    const char *kind;
    if (!fw_sv_starts(line, "access-list ") || !fw_fix_plain(policy->name) ||
        !find_kind(line, &kind)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        fw_buf_printf(out, "access-list %.*s", FW_SV_WHOLE(policy->name));
        if (rule) {
            fw_buf_printf(out, " line %" PRIu32, rule->position);
        }
        fw_buf_printf(out, "%s deny", kind);
        fw_fix_cisco_flow(&lines[i], FW_FIX_MASK, "ip", out);
        fw_buf_add_char(out, '\n');
    }
    return true;
}

/* A remark in front of the entry, where it says what is known of it. */
static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    fw_sv line = fw_sv_trim(fw_doc_line_text(doc, rule->span.line));
    fw_buf_printf(out, "access-list %.*s line %" PRIu32 " remark %.*s\n", FW_SV_WHOLE(policy->name),
                  rule->position, FW_SV_WHOLE(text));
    return fw_sv_starts(line, "access-list ") && fw_fix_plain(policy->name);
}

const struct fw_fix_writer fw_fix_cisco_asa = {
    .format = "cisco-asa",
    .comment = "!",
    .by_words = true,
    .remove = remove_rule,
    .refuse = refuse,
    .remove_object = remove_object,
    .note = note,
    .note_max = 100,
    .remove_user = fw_fix_cisco_user,
};
