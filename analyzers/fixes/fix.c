/* The list of writers, and what they share. */
#include "analyzers/fixes/fix.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "policy/edited.h"

#define FW_FIX(stem) extern const struct fw_fix_writer fw_fix_##stem;
#include "analyzers/fixes/registry.def"
#undef FW_FIX

const struct fw_fix_writer *const fw_fix_writers[] = {
#define FW_FIX(stem) &fw_fix_##stem,
#include "analyzers/fixes/registry.def"
#undef FW_FIX
    NULL,
};

const struct fw_fix_writer *fw_fix_find(const char *format)
{
    for (size_t i = 0; fw_fix_writers[i]; i++) {
        if (strcmp(fw_fix_writers[i]->format, format) == 0) {
            return fw_fix_writers[i];
        }
    }
    return NULL;
}

/* Words that stand before a statement and are no part of its path. */
static fw_sv bare_statement(fw_sv text)
{
    static const char *const marks[] = {"replace: ", "inactive: ", "protect: "};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (fw_sv_starts(text, marks[i])) {
            return bare_statement(fw_sv_trim(fw_sv_sub(text, strlen(marks[i]), text.n)));
        }
    }
    return text;
}

/* A brace that neither opens nor closes a block at the end of its line: in a comment, in quotes, of
 * a block in one line. What is open there is not known from the ends of lines. */
static bool has_other_brace(fw_sv text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += text.p[i] == '{' || text.p[i] == '}';
    }
    return n > (fw_sv_is(text, "}") || fw_sv_ends(text, "{") ? 1 : 0);
}

/* The blocks that are open above a line, the outermost first. */
static bool add_blocks(const struct fw_doc *doc, uint32_t line, unsigned depth, struct fw_buf *out)
{
    unsigned closed = 0;
    for (uint32_t at = line - 1; at > 0; at--) {
        fw_sv text = fw_sv_trim(fw_doc_line_text(doc, at));
        bool opens = fw_sv_ends(text, "{");
        if (has_other_brace(text)) {
            return false;
        }
        if (fw_sv_is(text, "}")) {
            closed++;
        } else if (opens && closed > 0) {
            closed--;
        } else if (opens) {
            fw_sv head = bare_statement(fw_sv_trim(fw_sv_sub(text, 0, text.n - 1)));
            bool ok = depth < FW_LIMIT_CONFIG_DEPTH && fw_fix_visible(head) && head.n > 0 &&
                      !fw_sv_is(head, "groups") && add_blocks(doc, at, depth + 1, out);
            if (ok && !fw_sv_is(head, "config")) {
                fw_buf_printf(out, "%.*s ", FW_SV_WHOLE(head));
            }
            return ok;
        }
    }
    return depth > 0;
}

bool fw_fix_path(const struct fw_doc *doc, const char *verb, uint32_t line, fw_sv name,
                 struct fw_buf *out)
{
    fw_sv text = fw_doc_line_text(doc, line);
    if (name.n == 0 || name.p < text.p || name.p + name.n > text.p + text.n) {
        return false;
    }
    size_t end = (size_t)(name.p - text.p) + name.n;
    end += end < text.n && text.p[end] == '"';
    fw_sv path = fw_sv_trim(fw_sv_sub(text, 0, end));
    bool command = fw_sv_starts(path, "set ");
    path = command ? fw_sv_sub(path, 4, path.n) : bare_statement(path);
    size_t before = out->n;
    fw_buf_printf(out, "%s ", verb);
    bool ok = fw_fix_visible(path) && path.n > 0 && !fw_sv_starts(path, "groups ") &&
              (command || add_blocks(doc, line, 0, out));
    if (!ok) {
        out->n = before;
        return false;
    }
    fw_buf_add(out, path);
    return true;
}

bool fw_fix_plain(fw_sv word)
{
    for (size_t i = 0; i < word.n; i++) {
        if (!fw_is_word(word.p[i]) && (i == 0 || !strchr(".:+-", word.p[i]))) {
            return false;
        }
    }
    return word.n > 0 && word.p[0] != '-';
}

bool fw_fix_visible(fw_sv text)
{
    struct fw_buf safe;
    fw_buf_init(&safe);
    fw_text_safe(&safe, text);
    bool same = fw_sv_eq(fw_buf_sv(&safe), text);
    fw_buf_clear(&safe);
    return same;
}

bool fw_fix_quotable(fw_sv text)
{
    bool ok = fw_fix_visible(text);
    for (size_t i = 0; i < text.n && ok; i++) {
        ok = !strchr("\"'\\`$!", text.p[i]);
    }
    return ok;
}

/* What is removed with a rule: everything on its line, or of its id. */
static bool goes_with(const struct fw_fix_writer *writer, const struct fw_rule *a,
                      const struct fw_rule *b)
{
    return writer->needs_id  ? fw_sv_eq(a->id, b->id)
           : writer->by_span ? a->span.offset == b->span.offset
                             : a->span.line == b->span.line;
}

static bool same_words(fw_sv a, fw_sv b)
{
    fw_sv x;
    fw_sv y;
    while (fw_sv_word(&a, &x)) {
        if (!fw_sv_word(&b, &y) || !fw_sv_eq(x, y)) {
            return false;
        }
    }
    return !fw_sv_word(&b, &y);
}

/* Without a difference in the objects that they name, only the spelling is left: a port by its name
 * or number, a host with or without its mask. */
static bool same_objects(const struct fw_rule *a, const struct fw_rule *b)
{
    for (size_t i = 0; a->nobjects == b->nobjects && i < a->nobjects; i++) {
        if (a->objects[i] != b->objects[i]) {
            return false;
        }
    }
    return a->nobjects == b->nobjects;
}

/* The device keeps one of them, and a command that names it takes that one. */
static bool is_said_again(const struct fw_doc *doc, const struct fw_policy *policy,
                          const struct fw_rule *rule)
{
    enum { LOOKED_AT = 64 };
    fw_sv text = fw_doc_line_text(doc, rule->span.line);
    size_t own = (size_t)(rule - policy->rules);
    size_t at = rule->alike;
    size_t n = 0;
    for (; n < LOOKED_AT && at != own && at < policy->n; at = policy->rules[at].alike, n++) {
        const struct fw_rule *other = &policy->rules[at];
        if (same_objects(rule, other) ||
            same_words(text, fw_doc_line_text(doc, other->span.line))) {
            return true;
        }
    }
    return n == LOOKED_AT;
}

/* Several rules of one line stand side by side, and cannot go one by one. */
static bool stands_alone(const struct fw_fix_writer *writer, const struct fw_policy *policy,
                         const struct fw_rule *rule)
{
    size_t at = (size_t)(rule - policy->rules);
    return (at == 0 || !goes_with(writer, &policy->rules[at - 1], rule)) &&
           (at + 1 >= policy->n || !goes_with(writer, &policy->rules[at + 1], rule));
}

static fw_sv keep(struct fw_arena *arena, bool ok, struct fw_buf *buf)
{
    fw_sv text = {0};
    if (ok && buf->n > 0) {
        text = fw_arena_copy(arena, fw_sv_sub(fw_buf_sv(buf), 0, buf->n - 1));
    }
    fw_buf_clear(buf);
    return text;
}

fw_sv fw_fix_text(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                  const struct fw_doc *doc, const struct fw_policy *policy,
                  const struct fw_rule *rule)
{
    const struct fw_fix_writer *writer = fw_fix_find(ruleset->format);
    fw_sv text = {0};
    if (!writer || !writer->remove || !doc || !stands_alone(writer, policy, rule) ||
        ((writer->by_line || writer->by_path) && rule->shared) ||
        (writer->by_words && is_said_again(doc, policy, rule)) ||
        (fw_rule_counts(rule) && fw_policy_spare(ruleset, policy) == 0)) {
        return text;
    }
    struct fw_buf buf;
    fw_buf_init(&buf);
    return keep(arena, writer->remove(doc, policy, rule, &buf), &buf);
}

fw_sv fw_fix_refuse(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                    const struct fw_doc *doc, const struct fw_policy *policy,
                    const struct fw_rule *rule, const struct fw_refused *refused,
                    const struct fw_rule **ret_rules, size_t *ret_n)
{
    const struct fw_fix_writer *writer = fw_fix_find(ruleset->format);
    struct fw_refusal lines[FW_REFUSALS];
    fw_sv text = {0};
    if (!writer || !writer->refuse || !doc || (rule && !stands_alone(writer, policy, rule))) {
        return text;
    }
    size_t n = fw_refusals_make(refused, policy->families, writer->by_name, lines);
    struct fw_buf buf;
    fw_buf_init(&buf);
    text = keep(arena, n > 0 && writer->refuse(doc, policy, rule, lines, n, &buf), &buf);
    *ret_rules = fw_refusals_rules(arena, lines, n);
    *ret_n = n;
    return text;
}

fw_sv fw_fix_object(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                    const struct fw_doc *doc, const struct fw_object *object)
{
    const struct fw_fix_writer *writer = fw_fix_find(ruleset->format);
    fw_sv text = {0};
    if (!writer || !writer->remove_object || !doc) {
        return text;
    }
    struct fw_buf buf;
    fw_buf_init(&buf);
    return keep(arena, writer->remove_object(doc, object, &buf), &buf);
}

fw_sv fw_fix_note(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                  const struct fw_doc *doc, const struct fw_policy *policy,
                  const struct fw_rule *rule, fw_sv text)
{
    const struct fw_fix_writer *writer = fw_fix_find(ruleset->format);
    struct fw_buf buf;
    fw_buf_init(&buf);
    bool ok = writer && writer->note && doc && text.n <= writer->note_max &&
              fw_fix_quotable(text) && (writer->needs_id || stands_alone(writer, policy, rule));
    return keep(arena, ok && writer->note(doc, policy, rule, text, &buf), &buf);
}

fw_sv fw_fix_user(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                  const struct fw_doc *doc, fw_sv name)
{
    const struct fw_fix_writer *writer = fw_fix_find(ruleset->format);
    struct fw_buf buf;
    bool others = false;
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        others = others || (setting->kind == FW_SETTING_USER && !fw_sv_eq(setting->value, name));
    }
    fw_buf_init(&buf);
    bool ok = writer && writer->remove_user && doc && others;
    return keep(arena, ok && writer->remove_user(doc, name, &buf), &buf);
}
