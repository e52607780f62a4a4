/* What each ruleset parser makes of all the configurations of its folder: the table of
 * docs/formats.md. Fails when the page says something else; with BLESS=1 writes it.
 *
 * A cause is the message about the line, with quoted words left out. Diagnostics keep a few
 * examples of a kind for each file; a line without one of its own counts with the file's last
 * message of that verdict. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/file.h"
#include "parsers/parser.h"
#include "tests/corpus/corpus.h"

enum { CAUSES = 4096, SHOWN = 10 };

#define BEGIN "<!-- counted by the suite corpus: begin -->\n"
#define END "<!-- counted by the suite corpus: end -->\n"

static const struct {
    const char *name, *folder;
} formats[] = {
#define FW_CORPUS(name, folder) {name, folder},
#include "tests/corpus/rulesets.def"
#undef FW_CORPUS
};

struct cause {
    const char *text;
    uint64_t n;
};

struct causes {
    size_t n;
    struct cause v[CAUSES];
};

struct totals {
    uint64_t files, rules, inexact, undetected;
    struct fw_line_counts lines;
    struct causes unread, wide;
};

static void count(struct fw_arena *arena, struct causes *causes, fw_sv text)
{
    for (size_t i = 0; i < causes->n; i++) {
        if (fw_sv_is(text, causes->v[i].text)) {
            causes->v[i].n++;
            return;
        }
    }
    if (causes->n < CAUSES) {
        causes->v[causes->n++] = (struct cause){fw_arena_cstr(arena, text), 1};
    }
}

static int by_count(const void *a, const void *b)
{
    const struct cause *x = a;
    const struct cause *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->text, y->text);
}

/* The message without what it quotes of the line, and without numbers. */
static fw_sv shortened(struct fw_arena *arena, fw_sv message)
{
    char *to = fw_arena_array(arena, message.n * 3 + 1, 1);
    size_t n = 0;
    bool quoted = false;
    for (size_t i = 0; i < message.n; i++) {
        char c = message.p[i];
        if (c == '"') {
            quoted = !quoted;
            memcpy(to + n, quoted ? "\"…" : "\"", quoted ? 4 : 1);
            n += quoted ? 4 : 1;
        } else if (!quoted) {
            to[n++] = c == '|' ? '/' : c;
        }
    }
    return fw_sv_of(to, n);
}

static void take_lines(struct fw_arena *arena, const struct fw_doc *doc,
                       const struct fw_diags *diags, struct totals *totals)
{
    fw_sv last = FW_SV("");
    size_t next = 0;
    for (uint32_t line = 1; line <= doc->nlines; line++) {
        uint8_t verdict = doc->verdicts[line - 1];
        while (next < fw_diags_count(diags) && fw_diags_at(diags, next)->span.line < line) {
            next++;
        }
        if (verdict == FW_LINE_USED || verdict == FW_LINE_IGNORED) {
            continue;
        }
        if (next < fw_diags_count(diags) && fw_diags_at(diags, next)->span.line == line) {
            last = shortened(arena, fw_diags_at(diags, next)->message);
        }
        fw_sv text = fw_arena_printf(arena, "%s: %.*s",
                                     verdict == FW_LINE_UNSUPPORTED ? "unsupported" : "bad",
                                     FW_SV_ARG(last));
        count(arena, &totals->unread, text);
    }
}

/* Names of other people's objects are not ours to print. */
static bool is_keyword(fw_sv word)
{
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] != '-' && (word.p[i] < 'a' || word.p[i] > 'z')) {
            return false;
        }
    }
    return true;
}

static void take_rules(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                       struct totals *totals)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            bool wide = !fw_rule_exact(rule) || rule->action == FW_ACTION_UNKNOWN;
            totals->rules += !fw_rule_is_remark(rule);
            totals->inexact += wide;
            if (wide) {
                fw_sv words = rule->nwords > 0 ? rule->unmodelled[0] : FW_SV("unknown-target");
                fw_sv first = words;
                fw_sv_word(&words, &first);
                count(arena, &totals->wide, is_keyword(first) ? first : FW_SV("(other words)"));
            }
        }
    }
}

static void take_file(struct fw_arena *arena, const struct fw_parser *parser,
                      const struct corpus_file *file, struct totals *totals)
{
    struct fw_doc doc;
    struct fw_ruleset ruleset;
    struct fw_diags *diags = fw_diags_new();
    fw_doc_init(&doc, file->name, diags);
    if (fw_doc_load(&doc, file->path.p) == FW_OK &&
        fw_ruleset_parse(&doc, parser, &ruleset) == FW_OK) {
        struct fw_line_counts c = fw_doc_counts(&doc);
        fw_sv head = fw_sv_sub(doc.text, 0, 65536);
        totals->files++;
        totals->undetected += fw_parser_detect(FW_PARSER_RULESET, head) != parser;
        totals->lines.total += c.total;
        totals->lines.used += c.used;
        totals->lines.ignored += c.ignored;
        totals->lines.unsupported += c.unsupported;
        totals->lines.bad += c.bad;
        take_lines(arena, &doc, diags, totals);
        take_rules(arena, &ruleset, totals);
    }
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static void print_causes(struct fw_buf *buf, struct causes *causes, const char *title)
{
    qsort(causes->v, causes->n, sizeof(causes->v[0]), by_count);
    for (size_t i = 0; i < causes->n && i < SHOWN; i++) {
        fw_buf_printf(buf, "%s| %" PRIu64 " | %s |\n", i == 0 ? title : "", causes->v[i].n,
                      causes->v[i].text);
    }
}

static void print_format(struct fw_buf *rows, struct fw_buf *causes, const char *name,
                         struct totals *t)
{
    fw_buf_printf(rows,
                  "| %s | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64
                  " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " | %" PRIu64 " |\n",
                  name, t->files, t->undetected, t->rules, t->inexact, t->lines.total,
                  t->lines.used, t->lines.ignored, t->lines.unsupported, t->lines.bad);
    fw_buf_printf(causes, "\n### %s\n", name);
    print_causes(causes, &t->unread, "\n| lines | not read because |\n|---|---|\n");
    print_causes(causes, &t->wide, "\n| rules | bounds differ because of |\n|---|---|\n");
    if (t->unread.n == 0 && t->wide.n == 0) {
        fw_buf_add(causes, FW_SV("\nEvery line is read, and every rule is exact.\n"));
    }
}

/* Replaces what stands between the marks. */
static int compare(struct fw_arena *arena, fw_sv counted)
{
    const char *path = FW_SOURCE_ROOT "/docs/formats.md";
    fw_sv page = corpus_read(arena, path);
    size_t from = fw_sv_find(page, FW_SV(BEGIN));
    size_t to = fw_sv_find(page, FW_SV(END));
    if (from == SIZE_MAX || to == SIZE_MAX || to < from) {
        printf("FAILED docs/formats.md has lost its marks\n");
        return 1;
    }
    from += sizeof(BEGIN) - 1;
    if (fw_sv_eq(fw_sv_sub(page, from, to - from), counted)) {
        return 0;
    }
    if (!getenv("BLESS")) {
        printf("FAILED docs/formats.md is stale: BLESS=1 build-test/tests/corpus/corpus_formats "
               "writes what was counted:\n%.*s",
               FW_SV_ARG(counted));
        return 1;
    }
    FILE *file = fopen(path, "w");
    if (!file) {
        printf("FAILED docs/formats.md cannot be written\n");
        return 1;
    }
    fwrite(page.p, 1, from, file);
    fwrite(counted.p, 1, counted.n, file);
    fwrite(page.p + to, 1, page.n - to, file);
    return fclose(file) != 0;
}

int main(void)
{
    const char *root = corpus_root();
    struct fw_arena arena;
    struct fw_buf rows;
    struct fw_buf causes;
    static struct totals totals;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    fw_arena_init(&arena, 0);
    fw_buf_init(&rows);
    fw_buf_init(&causes);
    fw_buf_add(&rows, FW_SV("\n| format | files | not detected | rules | bounds differ | lines | "
                            "used | ignored | unsupported | bad |\n"
                            "|---|---|---|---|---|---|---|---|---|---|\n"));
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const struct fw_parser *parser = fw_parser_find(fw_sv_from(formats[i].name));
        struct corpus_files files;
        totals = (struct totals){0};
        if (!parser || !corpus_list(&arena, root, formats[i].folder, &files)) {
            printf("FAILED no parser or no files: %s\n", formats[i].name);
            return 1;
        }
        for (size_t f = 0; f < files.n; f++) {
            if (files.v[f].input) {
                take_file(&arena, parser, &files.v[f], &totals);
            }
        }
        print_format(&rows, &causes, formats[i].name, &totals);
    }
    fw_buf_add(&rows, fw_buf_sv(&causes));
    fw_buf_add(&rows, FW_SV("\n"));
    int code = compare(&arena, fw_buf_sv(&rows));
    fw_buf_clear(&rows);
    fw_buf_clear(&causes);
    fw_arena_clear(&arena);
    return code;
}
