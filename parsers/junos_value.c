/* What stands below an entry of Junos, what its keywords are about that no code reads, and what
 * rules of all kinds share. */
#include "parsers/junos.h"
#include "parsers/keyword.h"
#include "parsers/maker.h"

#define FW_JUNOS(section, key, kind, why) {section, key, FW_KEYWORD_##kind, why},
static const struct fw_keyword rows[] = {
#include "parsers/junos_keywords.def"
};
#undef FW_JUNOS

static const struct fw_keywords list = {rows, sizeof(rows) / sizeof(rows[0])};

/* What is written of every entry: comments, and where groups come in. */
static bool is_everywhere(fw_sv name)
{
    return fw_sv_is(name, FW_TREE_NOTE) || fw_sv_is(name, "apply-groups") ||
           fw_sv_is(name, "apply-groups-except") || fw_sv_is(name, "apply-macro");
}

void fw_jun_rest(struct fw_jun *jun, const char *section, struct fw_node *entry)
{
    (void)jun;
    for (struct fw_node *key = entry->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE && is_everywhere(key->name)) {
            fw_node_mark(key, FW_LINE_USED);
            fw_node_below(key, FW_LINE_USED);
        } else if (key->verdict == FW_LINE_NONE) {
            fw_keyword_judge(&list, section, key);
            fw_node_below(key, (enum fw_line_verdict)key->verdict);
        }
    }
}

void fw_jun_begin(struct fw_jun_making *making, struct fw_jun *jun, struct fw_node *entry,
                  struct fw_rule *rule, unsigned families)
{
    *making = (struct fw_jun_making){.jun = jun, .entry = entry, .rule = rule};
    *rule = (struct fw_rule){.name = entry->name, .span = entry->span, .enabled = !entry->off};
    fw_node_mark(entry, FW_LINE_USED);
    struct fw_node *note = fw_tree_key(&jun->tree, entry, FW_TREE_NOTE);
    rule->comment = fw_tree_value(&jun->tree, entry, "description");
    rule->comment = rule->comment.n > 0 ? rule->comment : fw_node_value(note);
    fw_terms_init(&making->terms, &jun->doc->scratch, families);
}

/* False: there is more than is taken. */
static bool add_words(struct fw_arena *arena, fw_sv **words, size_t *n, const struct fw_node *node,
                      unsigned depth)
{
    enum { WORDS = 4096, DEPTH = 4 };
    bool whole = true;
    for (const struct fw_node *child = node->child; child; child = child->next) {
        if (*n == WORDS || depth == DEPTH) {
            return false;
        }
        *words = fw_arena_push(arena, *words, *n, sizeof(**words));
        (*words)[(*n)++] = child->name;
        whole = add_words(arena, words, n, child, depth + 1) && whole;
    }
    return whole;
}

void fw_jun_atom(struct fw_jun_making *making, enum fw_atom_kind kind, const char *first,
                 const struct fw_node *key)
{
    struct fw_arena *scratch = &making->jun->doc->scratch;
    fw_sv *words = fw_arena_push(scratch, NULL, 0, sizeof(*words));
    size_t n = 1;
    words[0] = fw_sv_from(first);
    if (key && !add_words(scratch, &words, &n, key, 0)) {
        kind = FW_ATOM_VARYING; /* two of the same beginning are not the same condition */
    }
    fw_terms_atom(&making->terms, fw_atom_make(kind, fw_words_join(scratch, words, n), false));
}

void fw_jun_unknown(struct fw_jun_making *making, struct fw_node *key)
{
    fw_node_mark(key, FW_LINE_UNSUPPORTED);
    fw_node_below(key, FW_LINE_UNSUPPORTED);
    fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, key->name, false));
}

void fw_jun_widen(struct fw_jun_making *making, const struct fw_node *node)
{
    for (const struct fw_node *key = node ? node->child : NULL; key; key = key->next) {
        if (key->verdict == FW_LINE_UNSUPPORTED) {
            fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, key->name, false));
        }
    }
}

void fw_jun_end(struct fw_jun_making *making)
{
    struct fw_doc *doc = making->jun->doc;
    struct fw_rule *rule = making->rule;
    if (making->entry->cut) {
        fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("cut off"), false));
    }
    rule->log_tag = rule->log ? rule->name : (fw_sv){0};
    fw_rule_match(doc, &making->jun->pool, &making->terms, rule->name, rule);
}
