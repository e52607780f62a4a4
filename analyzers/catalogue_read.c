/* Answers: what does one file of words or checks say, and what in it is wrong? A check begins like
 * this:
 *
 *   {"id": "RUL-001", "tier": 1, "severity": "high", "class": "suggest", "title": {"en": …
 */
#include <stdlib.h>
#include <string.h>

#include "analyzers/catalogue_impl.h"
#include "core/text.h"

static const char *const languages[FW_LANG_COUNT] = {
    [FW_LANG_EN] = "en",
    [FW_LANG_ZH_TW] = "zh-TW",
};

static const struct fw_jfield language_fields[] = {
    {"en", FW_JSON_STRING, true},
    {"zh-TW", FW_JSON_STRING, true},
    {NULL, FW_JSON_NULL, false},
};

static const char *const severities[FW_SEVERITY_COUNT] = {
    [FW_SEVERITY_LOW] = "low",
    [FW_SEVERITY_MEDIUM] = "medium",
    [FW_SEVERITY_HIGH] = "high",
    [FW_SEVERITY_CRITICAL] = "critical",
};

static const char *const classes[] = {
    [FW_CLASS_NONE] = "none",
    [FW_CLASS_SUGGEST] = "suggest",
    [FW_CLASS_IMPROVE] = "improve",
};
enum { CLASSES = sizeof(classes) / sizeof(classes[0]) };

static const char *const levels[FW_LEVEL_COUNT] = {
    [FW_LEVEL_BASIC] = "普",
    [FW_LEVEL_MIDDLE] = "中",
    [FW_LEVEL_HIGH] = "高",
};

/* --- reading values ------------------------------------------------------------------------- */

/* Index of a text in a table, or `count` after saying what it may be. */
static size_t read_choice(struct fw_jfile *file, const struct fw_jvalue *value, const char *what,
                          const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fw_sv_is(value->text, table[i])) {
            return i;
        }
    }
    struct fw_buf known;
    fw_buf_init(&known);
    for (size_t i = 0; i < count; i++) {
        fw_buf_printf(&known, "%s\"%s\"", i ? ", " : "", table[i]);
    }
    fw_json_error(file, value->span, "unknown %s \"%.*s\", expected one of %.*s", what,
                  FW_SV_ARG(value->text), FW_SV_ARG(fw_buf_sv(&known)));
    fw_buf_clear(&known);
    return count;
}

void fw_catalogue_texts(struct fw_catalogue_loader *loader, const struct fw_jvalue *value,
                        const char *what, fw_sv ret[FW_LANG_COUNT])
{
    if (!value || !fw_json_check(&loader->file, value, what, language_fields)) {
        return;
    }
    for (size_t i = 0; i < FW_LANG_COUNT; i++) {
        const struct fw_jvalue *text = fw_json_find(value, languages[i]);
        if (fw_sv_trim(text->text).n == 0) {
            fw_json_error(&loader->file, text->span, "%s has no text in %s", what, languages[i]);
        }
        ret[i] = text->text;
    }
}

/* Every name that one language fills must be filled in the other, or a sentence loses a number. */
static void check_placeholders(struct fw_catalogue_loader *loader, const struct fw_jvalue *value,
                               const fw_sv text[FW_LANG_COUNT])
{
    for (size_t i = 0; i < FW_LANG_COUNT; i++) {
        fw_sv rest = text[i];
        struct fw_placeholder p;
        enum fw_placeholder_result result;
        while ((result = fw_placeholder_next(&rest, NULL, &p)) == FW_PLACEHOLDER_FOUND) {
            for (size_t j = 0; j < FW_LANG_COUNT; j++) {
                if (text[j].p && !fw_placeholder_used(text[j], p.name)) {
                    fw_json_error(&loader->file, value->span,
                                  "{%.*s} is in the %s text but not in the %s text",
                                  FW_SV_ARG(p.name), languages[i], languages[j]);
                }
            }
        }
        if (result == FW_PLACEHOLDER_BAD) {
            fw_json_error(&loader->file, value->span,
                          "malformed placeholder at \"%.*s\" in the %s text: expected {name}, "
                          "{name:roc}, {name:n}, {name:list} or {name:word}",
                          FW_SV_ARG(fw_sv_sub(rest, 0, 16)), languages[i]);
        }
    }
}

static int words_by_key(const void *a, const void *b)
{
    const struct fw_words *left = a;
    const struct fw_words *right = b;
    return fw_sv_cmp(left->key, right->key);
}

static bool key_good(fw_sv key)
{
    return key.n > 0 && fw_sv_find(key, FW_SV("..")) == SIZE_MAX && key.p[0] != '.' &&
           key.p[key.n - 1] != '.';
}

/* An object of sentences, sorted by key. */
static const struct fw_words *read_sentences(struct fw_catalogue_loader *loader,
                                             const struct fw_jvalue *object, size_t *ret_n)
{
    struct fw_words *v = fw_new_array(loader->arena, object->count + 1, struct fw_words);
    for (size_t i = 0; i < object->count; i++) {
        const struct fw_jvalue *item = &object->items[i];
        struct fw_buf what;
        fw_buf_init(&what);
        fw_buf_printf(&what, "\"%.*s\"", FW_SV_ARG(item->key));
        if (!key_good(item->key)) {
            fw_json_error(&loader->file, item->key_span, "a key is words with dots between them");
        }
        v[i].key = item->key;
        fw_catalogue_texts(loader, item, what.p ? what.p : "a sentence", v[i].text);
        check_placeholders(loader, item, v[i].text);
        fw_buf_clear(&what);
    }
    qsort(v, object->count, sizeof(*v), words_by_key);
    *ret_n = object->count;
    return v;
}

const fw_sv *fw_catalogue_strings(struct fw_catalogue_loader *loader, const struct fw_jvalue *array,
                                  const char *what, size_t *ret_n)
{
    size_t n = array ? array->count : 0;
    fw_sv *v = fw_new_array(loader->arena, n + 1, fw_sv);
    for (size_t i = 0; i < n; i++) {
        v[i] = array->items[i].text;
        if (array->items[i].type != FW_JSON_STRING || v[i].n == 0) {
            fw_json_error(&loader->file, array->items[i].span, "%s must be a list of texts", what);
        }
    }
    *ret_n = n;
    return v;
}

enum fw_class fw_catalogue_class(struct fw_catalogue_loader *loader, const struct fw_jvalue *value)
{
    size_t i = value ? read_choice(&loader->file, value, "class", classes, CLASSES) : CLASSES;
    return i < CLASSES ? (enum fw_class)i : FW_CLASS_NONE;
}

bool fw_catalogue_levels(struct fw_catalogue_loader *loader, const struct fw_jvalue *value,
                         enum fw_class ret[FW_LEVEL_COUNT])
{
    static const struct fw_jfield fields[] = {
        {"普", FW_JSON_STRING, true},
        {"中", FW_JSON_STRING, true},
        {"高", FW_JSON_STRING, true},
        {NULL, FW_JSON_NULL, false},
    };
    if (!value || !fw_json_check(&loader->file, value, "levels", fields)) {
        return false;
    }
    for (size_t i = 0; i < FW_LEVEL_COUNT; i++) {
        ret[i] = fw_catalogue_class(loader, fw_json_find(value, levels[i]));
    }
    return true;
}

/* {"completeness_percent": 99} of check LOG-003 becomes "LOG-003.completeness_percent" = 99. */
const struct fw_threshold *fw_catalogue_thresholds(struct fw_catalogue_loader *loader,
                                                   const struct fw_jvalue *object, fw_sv check,
                                                   size_t *ret_n)
{
    size_t n = object ? object->count : 0;
    struct fw_threshold *v = fw_new_array(loader->arena, n + 1, struct fw_threshold);
    for (size_t i = 0; i < n; i++) {
        const struct fw_jvalue *item = &object->items[i];
        if (item->type != FW_JSON_NUMBER || !fw_threshold_valid(item->number)) {
            fw_json_error(&loader->file, item->span, "a threshold is a number from 0 to %d",
                          FW_THRESHOLD_MOST);
        }
        v[i] = (struct fw_threshold){item->key, item->number, item->key_span};
        if (check.n > 0) {
            v[i].name = fw_arena_printf(loader->arena, "%.*s.%.*s", FW_SV_ARG(check),
                                        FW_SV_ARG(item->key));
        }
    }
    *ret_n = n;
    return v;
}

/* The nearest of the names, as the end of a message: "", or ", did you mean …?". */
const char *fw_check_nearest(struct fw_arena *arena, const struct fw_catalogue *catalogue, fw_sv id)
{
    const struct fw_check *best = NULL;
    size_t edits = FW_SUGGEST_EDITS + 1;
    for (size_t i = 0; i < catalogue->nchecks; i++) {
        size_t d = fw_text_distance(id, catalogue->checks[i].id, FW_SUGGEST_EDITS);
        if (d < edits) {
            edits = d;
            best = &catalogue->checks[i];
        }
    }
    return best ? fw_arena_printf(arena, ", did you mean \"%.*s\"?", FW_SV_ARG(best->id)).p : "";
}

const struct fw_check *fw_catalogue_check_named(struct fw_catalogue_loader *loader,
                                                const struct fw_jvalue *value)
{
    const struct fw_check *check = fw_check_find(loader->catalogue, value->text);
    if (!check) {
        fw_json_error(&loader->file, value->span, "unknown check \"%.*s\"%s",
                      FW_SV_ARG(value->text),
                      fw_check_nearest(loader->arena, loader->catalogue, value->text));
    }
    return check;
}

/* --- checks --------------------------------------------------------------------------------- */

static const struct fw_jfield check_fields[] = {
    {"id", FW_JSON_STRING, true},          {"tier", FW_JSON_NUMBER, true},
    {"severity", FW_JSON_STRING, true},    {"class", FW_JSON_STRING, true},
    {"title", FW_JSON_OBJECT, true},       {"definition", FW_JSON_OBJECT, true},
    {"basis", FW_JSON_STRING, true},       {"duty", FW_JSON_STRING, true},
    {"remedy", FW_JSON_OBJECT, true},      {"recheck", FW_JSON_OBJECT, true},
    {"depends", FW_JSON_ARRAY, false},     {"refs", FW_JSON_ARRAY, true},
    {"thresholds", FW_JSON_OBJECT, false}, {"words", FW_JSON_OBJECT, true},
    {NULL, FW_JSON_NULL, false},
};

/* What a sentence of a check may be about; "open.no_archive" is one of the state "open". */
static const char *const word_states[] = {"pass",   "fail", "open", "manual",
                                          "waived", "na",   "error"};
enum { WORD_STATES = sizeof(word_states) / sizeof(word_states[0]) };

static void check_word_keys(struct fw_catalogue_loader *loader, const struct fw_jvalue *words)
{
    for (size_t i = 0; i < words->count; i++) {
        fw_sv state = fw_words_state(words->items[i].key);
        size_t k = 0;
        while (k < WORD_STATES && !fw_sv_is(state, word_states[k])) {
            k++;
        }
        if (k == WORD_STATES) {
            fw_json_error(&loader->file, words->items[i].key_span,
                          "a sentence's key starts with pass, fail, open, manual, waived, na or "
                          "error, not \"%.*s\"",
                          FW_SV_ARG(state));
        }
    }
    for (size_t k = 0; k < 2; k++) {
        if (!fw_json_find(words, word_states[k])) {
            fw_json_error(&loader->file, words->span, "words lacks the key \"%s\"", word_states[k]);
        }
    }
}

static const char *nearest_word(struct fw_catalogue_loader *loader, fw_sv key)
{
    const struct fw_words *best = NULL;
    size_t edits = FW_SUGGEST_EDITS + 1;
    for (size_t i = 0; i < loader->catalogue->nwords; i++) {
        size_t d = fw_text_distance(key, loader->catalogue->words[i].key, FW_SUGGEST_EDITS);
        if (d < edits) {
            edits = d;
            best = &loader->catalogue->words[i];
        }
    }
    return best ? fw_arena_printf(loader->arena, ", did you mean \"%.*s\"?", FW_SV_ARG(best->key)).p
                : "";
}

/* "basis": "rules7" stands for the word "basis.rules7", which many checks share. */
static void read_shared(struct fw_catalogue_loader *loader, const struct fw_jvalue *object,
                        const char *key, fw_sv ret[FW_LANG_COUNT])
{
    const struct fw_jvalue *value = fw_json_find(object, key);
    fw_sv full = fw_arena_printf(loader->arena, "%s.%.*s", key, FW_SV_ARG(value->text));
    const struct fw_words *words = fw_words_find(loader->catalogue, NULL, full);
    if (!words) {
        fw_json_error(&loader->file, value->span, "words.json has no \"%.*s\"%s", FW_SV_ARG(full),
                      nearest_word(loader, full));
        return;
    }
    memcpy(ret, words->text, sizeof(words->text));
}

static void read_refs(struct fw_catalogue_loader *loader, const struct fw_jvalue *refs,
                      struct fw_check *check)
{
    check->refs = fw_catalogue_strings(loader, refs, "refs", &check->nrefs);
    for (size_t i = 0; i < check->nrefs; i++) {
        size_t blank = fw_sv_find_char(check->refs[i], ' ');
        fw_sv framework = fw_sv_sub(check->refs[i], 0, blank == SIZE_MAX ? 0 : blank);
        fw_sv key = fw_arena_printf(loader->arena, "ref.%.*s", FW_SV_ARG(framework));
        if (!fw_words_find(loader->catalogue, NULL, key)) {
            fw_json_error(&loader->file, refs->items[i].span,
                          "a reference is a framework, a blank and an item, and words.json has no "
                          "framework \"%.*s\"",
                          FW_SV_ARG(key));
        }
    }
}

static void read_check(struct fw_catalogue_loader *loader, const struct fw_jvalue *value,
                       fw_sv group)
{
    struct fw_jfile *file = &loader->file;
    if (!fw_json_check(file, value, "a check", check_fields)) {
        return;
    }
    struct fw_check c = {.id = fw_json_text(value, "id"), .group = group};
    const struct fw_jvalue *id = fw_json_find(value, "id");
    if (!(c.id.n == group.n + 4 && fw_sv_eq(fw_sv_sub(c.id, 0, group.n), group) &&
          c.id.p[group.n] == '-')) {
        fw_json_error(file, id->span, "a check of this file is called %.*s-000, not \"%.*s\"",
                      FW_SV_ARG(group), FW_SV_ARG(c.id));
    }
    const struct fw_jvalue *tier = fw_json_find(value, "tier");
    c.tier = fw_sv_is(tier->text, "1") ? 1 : 2;
    if (c.tier == 2 && !fw_sv_is(tier->text, "2")) {
        fw_json_error(file, tier->span, "a tier is 1 or 2");
    }
    size_t s = read_choice(file, fw_json_find(value, "severity"), "severity", severities,
                           FW_SEVERITY_COUNT);
    c.severity = s < FW_SEVERITY_COUNT ? (enum fw_severity)s : FW_SEVERITY_LOW;
    c.class = fw_catalogue_class(loader, fw_json_find(value, "class"));
    fw_catalogue_texts(loader, fw_json_find(value, "title"), "title", c.title);
    fw_catalogue_texts(loader, fw_json_find(value, "definition"), "definition", c.definition);
    fw_catalogue_texts(loader, fw_json_find(value, "remedy"), "remedy", c.remedy);
    fw_catalogue_texts(loader, fw_json_find(value, "recheck"), "recheck", c.recheck);
    read_shared(loader, value, "basis", c.basis);
    read_shared(loader, value, "duty", c.duty);
    c.depends = fw_catalogue_strings(loader, fw_json_find(value, "depends"), "depends",
                                     &c.ndepends);
    read_refs(loader, fw_json_find(value, "refs"), &c);
    c.thresholds = fw_catalogue_thresholds(loader, fw_json_find(value, "thresholds"), c.id,
                                           &c.nthresholds);
    const struct fw_jvalue *words = fw_json_find(value, "words");
    check_word_keys(loader, words);
    c.words = read_sentences(loader, words, &c.nwords);

    struct fw_catalogue *k = loader->catalogue;
    for (size_t i = 0; i < k->nchecks; i++) {
        if (fw_sv_eq(k->checks[i].id, c.id)) {
            fw_json_error(file, id->span, "check \"%.*s\" is defined twice", FW_SV_ARG(c.id));
        }
    }
    k->checks = fw_arena_push(loader->arena, k->checks, k->nchecks, sizeof(c));
    k->checks[k->nchecks++] = c;
}

void fw_catalogue_read_checks(struct fw_catalogue_loader *loader, const struct fw_jvalue *root)
{
    static const struct fw_jfield fields[] = {
        {"group", FW_JSON_STRING, true},
        {"checks", FW_JSON_ARRAY, true},
        {NULL, FW_JSON_NULL, false},
    };
    if (!fw_json_check(&loader->file, root, "a file of checks", fields)) {
        return;
    }
    fw_sv group = fw_json_text(root, "group");
    fw_sv key = fw_arena_printf(loader->arena, "group.%.*s", FW_SV_ARG(group));
    if (!fw_words_find(loader->catalogue, NULL, key)) {
        fw_json_error(&loader->file, fw_json_find(root, "group")->span,
                      "words.json has no \"%.*s\"", FW_SV_ARG(key));
    }
    const struct fw_jvalue *checks = fw_json_find(root, "checks");
    for (size_t i = 0; i < checks->count; i++) {
        read_check(loader, &checks->items[i], group);
    }
}

void fw_catalogue_read_words(struct fw_catalogue_loader *loader, const struct fw_jvalue *root)
{
    static const struct fw_jfield fields[] = {
        {"words", FW_JSON_OBJECT, true},
        {NULL, FW_JSON_NULL, false},
    };
    if (fw_json_check(&loader->file, root, "a file of words", fields)) {
        loader->catalogue->words = read_sentences(loader, fw_json_find(root, "words"),
                                                  &loader->catalogue->nwords);
    }
}

/* --- names ---------------------------------------------------------------------------------- */

const char *fw_severity_name(enum fw_severity severity)
{
    return severities[severity];
}

bool fw_severity_parse(fw_sv text, enum fw_severity *ret)
{
    for (size_t i = 0; i < FW_SEVERITY_COUNT; i++) {
        if (fw_sv_is(text, severities[i])) {
            *ret = (enum fw_severity)i;
            return true;
        }
    }
    return false;
}

const char *fw_class_name(enum fw_class class)
{
    return classes[class];
}

const char *fw_lang_name(enum fw_lang lang)
{
    return languages[lang];
}

bool fw_lang_parse(fw_sv text, enum fw_lang *ret)
{
    for (size_t i = 0; i < FW_LANG_COUNT; i++) {
        if (fw_sv_is_nocase(text, languages[i])) {
            *ret = (enum fw_lang)i;
            return true;
        }
    }
    return false;
}

bool fw_level_parse(fw_sv text, enum fw_level *ret)
{
    for (size_t i = 0; i < FW_LEVEL_COUNT; i++) {
        if (fw_sv_is(text, levels[i])) {
            *ret = (enum fw_level)i;
            return true;
        }
    }
    return false;
}
