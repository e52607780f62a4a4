#include "tests/fuzz/target.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/source.h"
#include "parsers/clock.h"
#include "parsers/idsrules.h"
#include "parsers/logfile.h"
#include "policy/eval.h"
#include "policy/print.h"

void fuzz_promise(bool kept, const char *what)
{
    if (!kept) {
        fprintf(stderr, "broken promise: %s\n", what);
        abort();
    }
}

void fuzz_counts(struct fw_line_counts c)
{
    fuzz_promise(c.total == c.used + c.ignored + c.unsupported + c.bad, "the four counts add up");
}

/* Sorted and disjoint, as the model says. */
static void check_term(const struct fw_term *term)
{
    for (size_t i = 1; term->src && i < term->src->n; i++) {
        fuzz_promise(fw_ip_cmp(term->src->v[i - 1].hi, term->src->v[i].lo) < 0, "sets are sorted");
    }
    for (size_t i = 1; term->dport && i < term->dport->n; i++) {
        fuzz_promise(term->dport->v[i - 1].hi < term->dport->v[i].lo, "sets are sorted");
    }
    for (size_t i = 1; i < term->natoms; i++) {
        fuzz_promise(fw_sv_cmp(term->atoms[i - 1].words, term->atoms[i].words) <= 0,
                     "atoms are sorted");
    }
}

static void check_ruleset(const struct fw_ruleset *ruleset, const struct fw_doc *doc)
{
    struct fw_buf buf;
    struct fw_json json;
    fw_buf_init(&buf);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            uint32_t before = r > 0 ? rule[-1].position : 0; /* one rule may be several of ours */
            /* Where the last match decides, positions stay as written and the order does not. */
            bool counts = policy->order == FW_ORDER_LAST
                              ? rule->position >= 1 && rule->position <= policy->n
                              : rule->position == before + 1 || (r > 0 && rule->position == before);
            fuzz_promise(counts, "positions count from 1");
            fuzz_promise(rule->span.line >= 1 && rule->span.line <= doc->nlines,
                         "rules have a line");
            fuzz_promise(rule->span.offset + rule->span.length <= doc->text.n,
                         "spans lie in the text");
            for (size_t t = 0; t < rule->match.n; t++) {
                check_term(&rule->match.terms[t]);
            }
            fw_buf_reset(&buf);
            fw_json_init(&json, &buf, 0);
            fw_rule_json(&json, policy, rule);
        }
    }
    fw_buf_clear(&buf);
}

static void walk(const struct fw_ruleset *ruleset)
{
    struct fw_packet packet = {.hook = FW_HOOK_FORWARD,
                               .src = fw_ip4(UINT32_C(0x0a000001)),
                               .dst = fw_ip4(UINT32_C(0xc0000201)),
                               .has_in = true,
                               .in = FW_SV("eth0"),
                               .has_proto = true,
                               .proto = 6,
                               .has_sport = true,
                               .has_dport = true,
                               .dport = 80};
    struct fw_arena arena;
    struct fw_trace trace;
    fw_arena_init(&arena, 0);
    fw_trace_packet(&arena, ruleset, &packet, &trace);
    fw_arena_clear(&arena);
}

static void check_verdicts(const struct fw_doc *doc)
{
    for (uint32_t i = 0; i < doc->nlines; i++) {
        if (doc->verdicts[i] == FW_LINE_NONE) {
            fprintf(stderr, "line %" PRIu32 " has no verdict\n", i + 1);
            abort();
        }
    }
}

static void fuzz_ruleset(const struct fw_parser *parser, fw_sv bytes)
{
    struct fw_diags *diags = fw_diags_new();
    struct fw_ruleset ruleset;
    struct fw_doc doc;
    fw_doc_init(&doc, FW_SV("input"), diags);
    fw_doc_set_text(&doc, bytes);
    if (fw_ruleset_parse(&doc, parser, &ruleset) == FW_OK) {
        check_verdicts(&doc);
        check_ruleset(&ruleset, &doc);
        walk(&ruleset);
    }
    fuzz_counts(fw_doc_counts(&doc));
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static void fuzz_idsrules(const struct fw_parser *parser, fw_sv bytes)
{
    struct fw_diags *diags = fw_diags_new();
    struct fw_idsrules rules;
    struct fw_doc doc;
    fw_doc_init(&doc, FW_SV("input"), diags);
    fw_doc_set_text(&doc, bytes);
    if (fw_idsrules_parse(&doc, parser, &rules) == FW_OK) {
        check_verdicts(&doc);
        for (size_t i = 0; i < rules.conf.ntunings; i++) {
            const struct fw_tuning *t = &rules.conf.tunings[i];
            fuzz_promise(t->span.line >= 1 && t->span.line <= doc.nlines, "entries have a line");
            fuzz_promise(t->sid_last >= t->sid, "ranges go up");
        }
    }
    fuzz_counts(fw_doc_counts(&doc));
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

struct fuzz_clock {
    struct fw_clock_sink sink;
    uint32_t nlines;
};

static void take_clock(struct fw_clock_sink *sink, const struct fw_clock_record *record)
{
    const struct fuzz_clock *clock = (const struct fuzz_clock *)sink;
    fuzz_promise(record->what != NULL, "records say what they are");
    fuzz_promise(record->span.line >= 1 && record->span.line <= clock->nlines,
                 "records have a line");
    fuzz_promise(record->nfields <= FW_CLOCK_FIELDS, "records have as many fields as fit");
    for (size_t i = 0; i < record->nfields; i++) {
        fuzz_promise(record->fields[i].name.n > 0, "fields have a name");
    }
}

static void fuzz_clock(const struct fw_parser *parser, fw_sv bytes)
{
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    fw_doc_init(&doc, FW_SV("input"), diags);
    fw_doc_set_text(&doc, bytes);
    struct fuzz_clock clock = {{take_clock}, doc.nlines};
    if (fw_clock_parse(&doc, parser, &clock.sink) == FW_OK) {
        check_verdicts(&doc);
    }
    fuzz_counts(fw_doc_counts(&doc));
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static void fuzz_log(const struct fw_parser *parser, fw_sv bytes)
{
    struct fw_source *source;
    struct fw_logfile *file;
    if (fw_source_open_memory(bytes, &source) != FW_OK) {
        return;
    }
    if (fw_logfile_new(source, parser, &file) == FW_OK) {
        while (fw_logfile_next(file)) {
        }
        fuzz_counts(fw_logfile_counts(file));
        fw_logfile_free(file);
    }
    fw_source_free(source);
}

void fuzz_one(const struct fw_parser *parser, fw_sv bytes)
{
    char *copy = malloc(bytes.n ? bytes.n : 1);
    if (bytes.n > 0) {
        memcpy(copy, bytes.p, bytes.n);
    }
    fw_sv exact = fw_sv_of(copy, bytes.n);
    int bid = parser->bid(fw_sv_sub(exact, 0, 65536));
    fuzz_promise(bid >= 0 && bid <= 100, "bids are from 0 to 100");
    switch (parser->kind) {
    case FW_PARSER_RULESET:
        fuzz_ruleset(parser, exact);
        break;
    case FW_PARSER_LOG:
        fuzz_log(parser, exact);
        break;
    case FW_PARSER_CLOCK:
        fuzz_clock(parser, exact);
        break;
    case FW_PARSER_IDSRULES:
        fuzz_idsrules(parser, exact);
        break;
    }
    free(copy);
}
