/* Answers: how does a sentence of the catalogue read once its placeholders are filled? One reads
 *
 *   "查{device}日誌最早紀錄為{first:roc}，僅{days:n}日，{ending}。"
 */
#include <stdlib.h>
#include <string.h>

#include "analyzers/catalogue_impl.h"
#include "core/text.h"
#include "core/time.h"

/* A basis may itself hold {item}; nothing needs more. */
#define RENDER_DEPTH 3
/* 1912 is the first year of the Republic of China. */
#define ROC_FIRST_YEAR 1912

static const char *const forms[] = {"roc", "n", "list", "word", "words"};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

struct render {
    struct fw_buf *out;
    const struct fw_param *params;
    size_t n;
    const struct fw_sentence *sentence; /* NULL: only the parameters */
    bool complete;                      /* every placeholder had a value */
};

/* --- placeholders --------------------------------------------------------------------------- */

static bool is_name(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && fw_is_digit(c)))) {
            return false;
        }
    }
    return text.n > 0;
}

static bool is_form(fw_sv text)
{
    for (size_t i = 0; i < FORMS; i++) {
        if (fw_sv_is(text, forms[i])) {
            return true;
        }
    }
    return false;
}

enum fw_placeholder_result fw_placeholder_next(fw_sv *rest, fw_sv *ret_plain,
                                               struct fw_placeholder *ret)
{
    fw_sv text = *rest;
    size_t open = 0;
    while (open < text.n && text.p[open] != '{' && text.p[open] != '}') {
        open++;
    }
    if (ret_plain) {
        *ret_plain = fw_sv_sub(text, 0, open);
    }
    *rest = fw_sv_sub(text, open, text.n);
    if (open == text.n) {
        return FW_PLACEHOLDER_END;
    }
    size_t close = fw_sv_find_char(*rest, '}');
    if (text.p[open] == '}' || close == SIZE_MAX) {
        return FW_PLACEHOLDER_BAD;
    }
    fw_sv inside = fw_sv_sub(*rest, 1, close - 1);
    size_t colon = fw_sv_find_char(inside, ':');
    struct fw_placeholder p = {inside, FW_SV("")};
    if (colon != SIZE_MAX) {
        p.name = fw_sv_sub(inside, 0, colon);
        p.form = fw_sv_sub(inside, colon + 1, inside.n);
    }
    if (!is_name(p.name) || (colon != SIZE_MAX && !is_form(p.form))) {
        return FW_PLACEHOLDER_BAD;
    }
    *rest = fw_sv_sub(*rest, close + 1, rest->n);
    *ret = p;
    return FW_PLACEHOLDER_FOUND;
}

bool fw_placeholder_used(fw_sv text, fw_sv name)
{
    struct fw_placeholder p;
    while (fw_placeholder_next(&text, NULL, &p) == FW_PLACEHOLDER_FOUND) {
        if (fw_sv_eq(p.name, name)) {
            return true;
        }
    }
    return false;
}

fw_sv fw_words_state(fw_sv key)
{
    size_t dot = fw_sv_find_char(key, '.');
    return fw_sv_sub(key, 0, dot == SIZE_MAX ? key.n : dot);
}

/* --- forms of a value ----------------------------------------------------------------------- */

/* 1204331 -> 1,204,331; what is no plain number stays as it is. */
static void add_number(struct fw_buf *out, fw_sv value)
{
    size_t digits = 0;
    while (digits < value.n && fw_is_digit(value.p[digits])) {
        digits++;
    }
    if (digits < value.n && value.p[digits] != '.') {
        digits = 0;
    }
    for (size_t i = 0; i < digits; i++) {
        if (i > 0 && (digits - i) % 3 == 0) {
            fw_buf_add_char(out, ',');
        }
        fw_buf_add_char(out, value.p[i]);
    }
    fw_buf_add(out, fw_sv_sub(value, digits, value.n));
}

/* 2026Q2 -> 115年第2季 */
static bool add_roc_quarter(struct fw_buf *out, fw_sv value)
{
    uint32_t year;
    uint32_t quarter;
    if (value.n != 6 || value.p[4] != 'Q' || !fw_sv_u32(fw_sv_sub(value, 0, 4), 9999, &year) ||
        !fw_sv_u32(fw_sv_sub(value, 5, 1), 4, &quarter) || quarter == 0 || year < ROC_FIRST_YEAR) {
        return false;
    }
    fw_buf_printf(out, "%u年第%u季", year - ROC_FIRST_YEAR + 1, quarter);
    return true;
}

/* 2026-07-05T09:02:03+08:00 -> 115年7月5日09:02:03; what is no date stays as it is. */
static void add_roc(struct fw_buf *out, fw_sv value)
{
    uint32_t year;
    uint32_t month;
    uint32_t day;
    if (add_roc_quarter(out, value)) {
        return;
    }
    bool shaped = value.n >= 10 && value.p[4] == '-' && value.p[7] == '-' &&
                  fw_sv_u32(fw_sv_sub(value, 0, 4), 9999, &year) &&
                  fw_sv_u32(fw_sv_sub(value, 5, 2), 12, &month) &&
                  fw_sv_u32(fw_sv_sub(value, 8, 2), 31, &day);
    bool timed = value.n >= 19 && (value.p[10] == 'T' || value.p[10] == ' ');
    if (!shaped || year < ROC_FIRST_YEAR || !fw_date_valid((int32_t)year, month, day) ||
        (value.n > 10 && !timed)) {
        fw_buf_add(out, value);
        return;
    }
    fw_date_text_roc(out, (struct fw_date){(int32_t)year, (uint8_t)month, (uint8_t)day});
    if (timed) {
        fw_buf_add(out, fw_sv_sub(value, 11, 8));
    }
}

static void add_list(struct fw_buf *out, fw_sv value)
{
    size_t at;
    while ((at = fw_sv_find(value, FW_SV(", "))) != SIZE_MAX) {
        fw_buf_add(out, fw_sv_sub(value, 0, at));
        fw_buf_add_cstr(out, "、");
        value = fw_sv_sub(value, at + 2, value.n);
    }
    fw_buf_add(out, value);
}

/* --- rendering ------------------------------------------------------------------------------ */

static void render_text(struct render *r, fw_sv text, unsigned depth);

static const struct fw_param *param_find(const struct render *r, fw_sv name)
{
    for (size_t i = 0; i < r->n; i++) {
        if (fw_sv_is(name, r->params[i].name)) {
            return &r->params[i];
        }
    }
    return NULL;
}

static fw_sv word_named(const struct fw_catalogue *catalogue, fw_sv group, fw_sv value,
                        enum fw_lang lang)
{
    struct fw_buf key;
    fw_buf_init(&key);
    fw_buf_printf(&key, "%.*s.%.*s", FW_SV_ARG(group), FW_SV_ARG(value));
    const struct fw_words *words = fw_words_find(catalogue, NULL, fw_buf_sv(&key));
    fw_buf_clear(&key);
    return words ? words->text[lang] : (fw_sv){0};
}

/* "owner, ticket" in the words of the language. */
static void add_words(struct render *r, fw_sv group, fw_sv value)
{
    bool zh = r->sentence->lang == FW_LANG_ZH_TW;
    for (bool first = true; value.n > 0 || first; first = false) {
        size_t at = fw_sv_find(value, FW_SV(", "));
        fw_sv one = fw_sv_sub(value, 0, at);
        fw_sv word = word_named(r->sentence->catalogue, group, one, r->sentence->lang);
        fw_buf_add_cstr(r->out, first ? "" : zh ? "、" : ", ");
        fw_buf_add(r->out, word.p ? word : one);
        value = at == SIZE_MAX ? FW_SV("") : fw_sv_sub(value, at + 2, SIZE_MAX);
    }
}

static void add_value(struct render *r, const struct fw_placeholder *p, fw_sv value)
{
    if (fw_sv_is(p->form, "n")) {
        add_number(r->out, value);
    } else if (fw_sv_is(p->form, "roc")) {
        add_roc(r->out, value);
    } else if (fw_sv_is(p->form, "list")) {
        add_list(r->out, value);
    } else if (fw_sv_is(p->form, "word") && r->sentence) {
        fw_sv word = word_named(r->sentence->catalogue, p->name, value, r->sentence->lang);
        fw_buf_add(r->out, word.p ? word : value);
    } else if (fw_sv_is(p->form, "words") && r->sentence) {
        add_words(r, p->name, value);
    } else {
        fw_buf_add(r->out, value);
    }
}

/* "better than" only where the measured value is not the target itself. */
static fw_sv versus_text(const struct render *r)
{
    const struct fw_param *value = param_find(r, FW_SV("value"));
    const struct fw_param *target = param_find(r, FW_SV("target"));
    if (!value || !target) {
        return (fw_sv){0};
    }
    bool equal = fw_sv_eq(fw_sv_trim(value->value), fw_sv_trim(target->value));
    return fw_word(r->sentence->catalogue, equal ? "versus.equal" : "versus.better",
                   r->sentence->lang);
}

/* A profile cites its own law, as far as the check stands for an item of it. */
static fw_sv basis_text(const struct fw_sentence *s, const struct fw_profile_check *entry)
{
    bool own = entry && entry->item.p && s->profile->basis[s->lang].p;
    return own ? s->profile->basis[s->lang] : s->check->basis[s->lang];
}

/* What a sentence knows without being told; {0}: nothing. */
static fw_sv own_value(const struct render *r, fw_sv name)
{
    const struct fw_sentence *s = r->sentence;
    if (!s || !s->check) {
        return (fw_sv){0};
    }
    const struct fw_profile_check *entry = s->profile ? fw_profile_check_find(s->profile, s->check)
                                                      : NULL;
    if (fw_sv_is(name, "basis")) {
        return basis_text(s, entry);
    }
    if (fw_sv_is(name, "duty")) {
        return entry && entry->duty[s->lang].p ? entry->duty[s->lang] : s->check->duty[s->lang];
    }
    if (fw_sv_is(name, "ending")) {
        return fw_word(s->catalogue,
                       s->class == FW_CLASS_IMPROVE ? "ending.improve" : "ending.suggest", s->lang);
    }
    if (fw_sv_is(name, "title")) {
        return s->check->title[s->lang];
    }
    if (fw_sv_is(name, "id")) {
        return s->check->id;
    }
    if (fw_sv_is(name, "item")) {
        return entry ? entry->item : (fw_sv){0};
    }
    if (fw_sv_is(name, "committed")) { /* nobody, where no repository tells it */
        return param_find(r, FW_SV("commit")) ? fw_word(s->catalogue, "committed", s->lang)
                                              : FW_SV("");
    }
    return fw_sv_is(name, "versus") ? versus_text(r) : (fw_sv){0};
}

static void render_text(struct render *r, fw_sv text, unsigned depth)
{
    fw_sv plain;
    struct fw_placeholder p;
    enum fw_placeholder_result result;
    while ((result = fw_placeholder_next(&text, &plain, &p)) == FW_PLACEHOLDER_FOUND) {
        fw_buf_add(r->out, plain);
        const struct fw_param *param = param_find(r, p.name);
        fw_sv own = param ? (fw_sv){0} : own_value(r, p.name);
        if (param) {
            add_value(r, &p, param->value);
        } else if (own.p && depth < RENDER_DEPTH) {
            render_text(r, own, depth + 1);
        } else {
            fw_buf_printf(r->out, "{%.*s}", FW_SV_ARG(p.name));
            r->complete = false;
        }
    }
    fw_buf_add(r->out, plain);
    if (result == FW_PLACEHOLDER_BAD) {
        fw_buf_add(r->out, text);
        r->complete = false;
    }
}

bool fw_words_render(struct fw_buf *out, fw_sv text, const struct fw_param *params, size_t n)
{
    struct render r = {.out = out, .params = params, .n = n, .complete = true};
    render_text(&r, text, 0);
    return r.complete;
}

bool fw_sentence_render(struct fw_buf *out, const struct fw_sentence *sentence, fw_sv key,
                        const struct fw_param *params, size_t n)
{
    const struct fw_words *words = fw_words_find(sentence->catalogue, sentence->check, key);
    if (!words) {
        fw_buf_add(out, key);
        return false;
    }
    struct render r = {
        .out = out, .params = params, .n = n, .sentence = sentence, .complete = true};
    if (!sentence->brief) {
        fw_sv lead = word_named(sentence->catalogue, FW_SV("lead"), fw_words_state(key),
                                sentence->lang);
        render_text(&r, lead, 0);
    }
    render_text(&r, words->text[sentence->lang], 0);
    return r.complete;
}

/* --- finding words -------------------------------------------------------------------------- */

static int words_by_key(const void *key, const void *element)
{
    const fw_sv *left = key;
    const struct fw_words *right = element;
    return fw_sv_cmp(*left, right->key);
}

const struct fw_words *fw_words_find(const struct fw_catalogue *catalogue,
                                     const struct fw_check *check, fw_sv key)
{
    const struct fw_words *found = NULL;
    if (check && check->nwords > 0) {
        found = bsearch(&key, check->words, check->nwords, sizeof(*check->words), words_by_key);
    }
    if (!found && catalogue->nwords > 0) {
        found = bsearch(&key, catalogue->words, catalogue->nwords, sizeof(*catalogue->words),
                        words_by_key);
    }
    return found;
}

fw_sv fw_word(const struct fw_catalogue *catalogue, const char *key, enum fw_lang lang)
{
    const struct fw_words *words = fw_words_find(catalogue, NULL, fw_sv_from(key));
    return words ? words->text[lang] : fw_sv_from(key);
}

fw_sv fw_class_text(const struct fw_catalogue *catalogue, enum fw_class class, enum fw_lang lang)
{
    fw_sv word = word_named(catalogue, FW_SV("class"), fw_sv_from(fw_class_name(class)), lang);
    return word.p ? word : fw_sv_from(fw_class_name(class));
}
