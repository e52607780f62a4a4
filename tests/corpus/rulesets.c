/* Every file of the corpus through every ruleset parser: the four counts add up. For the parser's
 * own files it prints what was not understood, and why. Run with a parser's name and its folder. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "parsers/parser.h"
#include "tests/corpus/corpus.h"

enum { CAUSES = 20000, SHOWN = 10 };

struct cause {
    char text[160];
    uint64_t lines;
};

static struct cause causes[CAUSES];
static size_t ncauses;

static void count_cause(const char *text)
{
    size_t i = 0;
    while (i < ncauses && strcmp(causes[i].text, text) != 0) {
        i++;
    }
    if (i == CAUSES) {
        return;
    }
    if (i == ncauses) {
        snprintf(causes[ncauses++].text, sizeof(causes[0].text), "%s", text);
    }
    causes[i].lines++;
}

/* What a line is about: its first words that are no option's value. */
static void name_cause(const struct fw_doc *doc, uint32_t line, const char *verdict)
{
    fw_sv rest = fw_doc_line_text(doc, line);
    struct fw_buf buf;
    fw_sv word;
    fw_buf_init(&buf);
    fw_buf_add_cstr(&buf, verdict);
    for (int i = 0; i < 3 && fw_sv_word(&rest, &word); i++) {
        fw_buf_add_char(&buf, ' ');
        fw_text_safe(&buf, fw_sv_sub(word, 0, 40));
    }
    char text[160];
    snprintf(text, sizeof(text), "%s", buf.p);
    count_cause(text);
    fw_buf_clear(&buf);
}

static int by_lines(const void *a, const void *b)
{
    const struct cause *x = a;
    const struct cause *y = b;
    return x->lines != y->lines ? (x->lines < y->lines) - (x->lines > y->lines)
                                : strcmp(x->text, y->text);
}

static void add_counts(struct fw_line_counts *to, struct fw_line_counts c)
{
    to->total += c.total;
    to->used += c.used;
    to->ignored += c.ignored;
    to->unsupported += c.unsupported;
    to->bad += c.bad;
}

static void take_causes(const struct fw_doc *doc)
{
    for (uint32_t line = 1; line <= doc->nlines; line++) {
        uint8_t verdict = doc->verdicts[line - 1];
        if (verdict == FW_LINE_UNSUPPORTED) {
            name_cause(doc, line, "unsupported:");
        } else if (verdict == FW_LINE_BAD || verdict == FW_LINE_NONE) {
            name_cause(doc, line, verdict == FW_LINE_NONE ? "unmarked:" : "bad:");
        }
    }
}

static uint64_t unmarked(const struct fw_doc *doc)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < doc->nlines; i++) {
        n += doc->verdicts[i] == FW_LINE_NONE;
    }
    return n;
}

/* False when the file breaks the parser's promises. */
static bool run_file(const struct fw_parser *parser, const struct corpus_file *file, bool own,
                     struct fw_line_counts *sum, bool verbose)
{
    struct fw_doc doc;
    struct fw_ruleset ruleset;
    struct fw_diags *diags = fw_diags_new();
    bool ok = true;
    fw_doc_init(&doc, file->name, diags);
    if (fw_doc_load(&doc, file->path.p) == FW_OK) {
        fw_sv head = fw_sv_sub(doc.text, 0, 65536);
        const struct fw_parser *best = fw_parser_detect(FW_PARSER_RULESET, head);
        enum fw_err err = fw_ruleset_parse(&doc, parser, &ruleset);
        struct fw_line_counts c = fw_doc_counts(&doc);
        ok = err == FW_OK && c.total == c.used + c.ignored + c.unsupported + c.bad &&
             unmarked(&doc) == 0;
        if (!ok) {
            printf("FAILED %s: lines do not add up, or %" PRIu64 " of them have no verdict\n",
                   file->name.p, unmarked(&doc));
        }
        if (own && file->input) {
            add_counts(sum, c);
            take_causes(&doc);
            if (best != parser) {
                printf("not detected as %s: %s\n", parser->name, file->name.p);
            }
            if (verbose) {
                fw_diags_print(diags, stdout, false);
            }
        }
    }
    fw_doc_clear(&doc);
    fw_diags_free(diags);
    return ok;
}

int main(int argc, char **argv)
{
    const char *root = corpus_root();
    if (!root) {
        return CORPUS_SKIPPED;
    }
    if (argc < 3) {
        fprintf(stderr, "usage: rulesets PARSER FOLDER [-v]\n");
        return 2;
    }
    const struct fw_parser *parser = fw_parser_find(fw_sv_from(argv[1]));
    struct fw_arena arena;
    struct corpus_files files;
    struct fw_line_counts sum = {0};
    size_t failed = 0;
    size_t inputs = 0;
    fw_arena_init(&arena, 0);
    if (!parser || !corpus_list(&arena, root, "rulesets/", &files)) {
        fprintf(stderr, "no parser or no manifest\n");
        return 1;
    }
    for (size_t i = 0; i < files.n; i++) {
        bool own = fw_sv_starts(files.v[i].name, argv[2]);
        inputs += own && files.v[i].input;
        failed += !run_file(parser, &files.v[i], own, &sum, argc > 3);
    }
    qsort(causes, ncauses, sizeof(causes[0]), by_lines);
    printf("%s: %zu files read, %zu failed; of its %zu own inputs %" PRIu64 " lines: %" PRIu64
           " used, %" PRIu64 " ignored, %" PRIu64 " unsupported, %" PRIu64 " bad\n",
           parser->name, files.n, failed, inputs, sum.total, sum.used, sum.ignored, sum.unsupported,
           sum.bad);
    for (size_t i = 0; i < ncauses && (i < SHOWN || argc > 3); i++) {
        printf("%8" PRIu64 "  %s\n", causes[i].lines, causes[i].text);
    }
    fw_arena_clear(&arena);
    return failed > 0;
}
