/* The words of a statement of pf.conf: quotes, comments, lines that are carried on, macros. */
#include "core/limits.h"
#include "parsers/pf_conf.h"

static bool is_mark(char c)
{
    return strchr("{}(),=!<>", c) != NULL && c != '\0';
}

static void too_long(struct fw_pf *pf)
{
    if (!pf->failed) {
        fw_doc_bad(pf->maker.doc, pf->line, (fw_sv){0},
                   "more words in one statement than the limit RULE_TERMS allows");
    }
    pf->failed = true;
}

static void push(struct fw_pf *pf, struct fw_pf_word word)
{
    if (pf->n == FW_LIMIT_RULE_TERMS) {
        too_long(pf); /* and still has to end somewhere */
        pf->open += fw_sv_is(word.text, "{") && !word.quoted;
        pf->open -= fw_sv_is(word.text, "}") && !word.quoted;
        return;
    }
    pf->words = fw_arena_push(&pf->maker.doc->arena, pf->words, pf->n, sizeof(*pf->words));
    pf->words[pf->n++] = word;
}

/* A file may define very many, and name each as often. */
static struct fw_pf_macro **slot_of(const struct fw_pf *pf, fw_sv name)
{
    return &pf->macros[fw_sv_hash(name) % FW_PF_MACRO_SLOTS];
}

/* What is put in was put together when the macro was defined. */
static void push_macro(struct fw_pf *pf, fw_sv name, fw_sv raw)
{
    struct fw_pf_macro *macro = *slot_of(pf, name);
    while (macro && !fw_sv_eq(macro->name, name)) {
        macro = macro->next;
    }
    if (!macro) {
        fw_doc_bad(pf->maker.doc, pf->line, raw, "no macro has this name");
        pf->failed = true;
        push(pf, (struct fw_pf_word){raw, true});
    }
    if (macro && macro->cut) {
        too_long(pf);
    }
    for (size_t i = 0; macro && i < macro->n && !pf->failed; i++) {
        push(pf, macro->v[i]);
    }
}

static bool word_char(const struct fw_pf *pf, char c)
{
    return !(c == ';' && pf->semicolons) && !fw_is_blank(c) && c != '\r' && c != '\n' && c != '"' &&
           c != '#' && !is_mark(c);
}

/* The words of one line; true: it is carried on. */
static bool split(struct fw_pf *pf, fw_sv text)
{
    text = fw_sv_trim(text); /* what follows a backslash is then seen at a glance */
    for (size_t at = 0; at < text.n;) {
        char c = text.p[at];
        if (c == '#') {
            return false;
        }
        if (fw_is_blank(c) || c == '\r' || (c == ';' && pf->semicolons)) {
            at++;
        } else if (c == '\\' && fw_sv_trim(fw_sv_sub(text, at + 1, SIZE_MAX)).n == 0) {
            return true;
        } else if (c == '"') {
            fw_sv rest = fw_sv_sub(text, at + 1, SIZE_MAX);
            size_t end = fw_sv_find_char(rest, '"');
            push(pf, (struct fw_pf_word){fw_sv_sub(rest, 0, end), true});
            at = end == SIZE_MAX ? text.n : at + end + 2;
        } else if (is_mark(c)) {
            bool two = at + 1 < text.n && ((c == '!' && text.p[at + 1] == '=') ||
                                           (c == '<' && strchr("=>", text.p[at + 1])) ||
                                           (c == '>' && strchr("=<", text.p[at + 1])));
            /* "<name>" is one word. */
            size_t end = c == '<' && !two ? fw_sv_find_char(fw_sv_sub(text, at, 256), '>')
                                          : SIZE_MAX;
            bool table = end != SIZE_MAX && end > 1 &&
                         fw_sv_find_char(fw_sv_sub(text, at, end), ' ') == SIZE_MAX;
            size_t n = table ? end + 1 : two ? 2 : 1;
            push(pf, (struct fw_pf_word){fw_sv_sub(text, at, n), false});
            at += n;
        } else {
            size_t end = at;
            while (end < text.n && word_char(pf, text.p[end])) {
                end++;
            }
            if (end == at) {
                end++; /* a control character */
            }
            bool carried = end - at > 1 && text.p[end - 1] == '\\' &&
                           fw_sv_trim(fw_sv_sub(text, end, SIZE_MAX)).n == 0;
            end -= carried; /* the backslash is looked at next */
            fw_sv word = fw_sv_sub(text, at, end - at);
            bool arrow = fw_sv_is(word, "-") && end < text.n && text.p[end] == '>';
            if (arrow) {
                word = fw_sv_sub(text, at, 2);
                end++;
            }
            if (word.p[0] == '$' && word.n > 1) {
                push_macro(pf, fw_sv_sub(word, 1, SIZE_MAX), word);
            } else {
                push(pf, (struct fw_pf_word){word, false});
            }
            at = end;
        }
    }
    return false;
}

/* The next line, if it says so itself, is a part of this statement. */
static bool next_goes_on(const struct fw_pf *pf, uint64_t offset, uint32_t line)
{
    fw_sv next;
    return pf->goes_on && fw_doc_line(pf->maker.doc, &offset, &line, &next) && pf->goes_on(next);
}

/* A list may go on over lines; a block of rules ("anchor x {") ends with its brace. */
static bool is_open(struct fw_pf *pf)
{
    bool anchor = pf->n > 0 && fw_sv_is(pf->words[0].text, "anchor");
    for (; pf->weighed < pf->n; pf->weighed++) {
        const struct fw_pf_word *word = &pf->words[pf->weighed];
        pf->open += fw_sv_is(word->text, "{") && !word->quoted;
        pf->open -= fw_sv_is(word->text, "}") && !word->quoted;
    }
    bool block = anchor && pf->open == 1 && fw_sv_is(pf->words[pf->n - 1].text, "{");
    return pf->open > 0 && !block;
}

bool fw_pf_statement(struct fw_pf *pf, uint64_t *offset, uint32_t *line, uint32_t *ret_last)
{
    struct fw_doc *doc = pf->maker.doc;
    fw_sv text;
    pf->n = pf->at = pf->weighed = 0;
    pf->open = 0;
    pf->words = NULL;
    pf->failed = pf->unclosed = false;
    while (fw_doc_line(doc, offset, line, &text)) {
        bool start = pf->n == 0;
        if (start) {
            pf->line = *line;
            pf->span = fw_doc_span(doc, fw_sv_trim(text), *line);
        }
        bool more = split(pf, text);
        *ret_last = *line;
        if (pf->n == 0) { /* also a line that only carries on */
            fw_doc_mark(doc, *line, FW_LINE_IGNORED);
        } else if (pf->n > 0 && !more && !is_open(pf) && !next_goes_on(pf, *offset, *line)) {
            return true;
        }
    }
    pf->unclosed = pf->n > 0 && is_open(pf);
    return pf->n > 0;
}

bool fw_pf_define(struct fw_pf *pf)
{
    if (pf->n < 3 || pf->words[0].quoted || !fw_sv_is(pf->words[1].text, "=")) {
        return false;
    }
    struct fw_pf_macro *macro = fw_new(&pf->maker.doc->arena, struct fw_pf_macro);
    struct fw_pf old = *pf;
    macro->name = pf->words[0].text;
    pf->words = NULL;
    pf->n = 0;
    for (size_t i = 2; i < old.n; i++) { /* what is quoted is read like what is not */
        if (old.words[i].quoted) {
            split(pf, old.words[i].text);
        } else {
            push(pf, old.words[i]);
        }
    }
    macro->cut = pf->failed;
    macro->n = macro->cut ? 0 : pf->n;
    macro->v = pf->words;
    struct fw_pf_macro **slot = slot_of(pf, macro->name);
    macro->next = *slot;
    *slot = macro;
    return true;
}

fw_sv fw_pf_peek(const struct fw_pf *pf)
{
    return pf->at < pf->n ? pf->words[pf->at].text : (fw_sv){0};
}

fw_sv fw_pf_next(struct fw_pf *pf)
{
    return pf->at < pf->n ? pf->words[pf->at++].text : (fw_sv){0};
}

bool fw_pf_take(struct fw_pf *pf, const char *word)
{
    if (pf->at < pf->n && !pf->words[pf->at].quoted && fw_sv_is(pf->words[pf->at].text, word)) {
        pf->at++;
        return true;
    }
    return false;
}

void fw_pf_unread(struct fw_pf *pf, fw_sv word, const char *expected)
{
    if (!pf->failed) {
        fw_doc_bad(pf->maker.doc, pf->line, word, "expected %s", expected);
    }
    pf->failed = true;
}

void fw_pf_end(struct fw_pf *pf)
{
    if (pf->at < pf->n) {
        fw_pf_unread(pf, fw_pf_peek(pf), "the end of the statement");
    }
}
