/*
 * Rules of Snort and Suricata and what another parser reads from them: every rule has to be there
 * with the same number, revision, state, action, header, message, class, priority, references and
 * metadata. Fails below 99.9 % of rules. Of files without such a reading every line has to be
 * accounted for, and at most 1 % may be bad.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "parsers/idsrules.h"
#include "parsers/parser.h"
#include "tests/corpus/corpus.h"
#include "tests/corpus/logs.h"

extern const struct fw_parser fw_parser_snort_rules;

struct score {
    uint64_t files, lines, bad, rules, equal, missing;
};

static bool same_text(const cJSON *object, const char *key, fw_sv have)
{
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(object, key);
    fw_sv text = cJSON_IsString(want) ? fw_sv_trim(fw_sv_from(want->valuestring)) : FW_SV("");
    return fw_sv_eq(text, fw_sv_trim(have));
}

static bool same_number(const cJSON *object, const char *key, uint32_t have)
{
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(want) ? want->valuedouble == have : have == 0;
}

/* The next word of a text, and whether it is this one. */
static bool next_is(fw_sv *rest, fw_sv word)
{
    fw_sv s = fw_sv_trim(*rest);
    if (word.n > s.n || !fw_sv_eq(fw_sv_sub(s, 0, word.n), word)) {
        return false;
    }
    *rest = fw_sv_sub(s, word.n, SIZE_MAX);
    return true;
}

static bool same_header(const cJSON *object, const struct fw_signature *s)
{
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(object, "header");
    fw_sv rest = fw_sv_from(cJSON_IsString(want) ? want->valuestring : "");
    return next_is(&rest, s->action) && next_is(&rest, s->protocol) && next_is(&rest, s->source) &&
           next_is(&rest, s->source_port) && next_is(&rest, s->direction) &&
           next_is(&rest, s->destination) && next_is(&rest, s->destination_port) &&
           fw_sv_trim(rest).n == 0;
}

static bool same_references(const cJSON *object, const struct fw_signature *s)
{
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(object, "references");
    size_t i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, want)
    {
        if (i == s->nreferences || !cJSON_IsString(item) ||
            !fw_sv_eq(s->references[i], fw_sv_trim(fw_sv_from(item->valuestring)))) {
            return false;
        }
        i++;
    }
    return i == s->nreferences;
}

static bool same_metadata(const cJSON *object, const struct fw_signature *s)
{
    const cJSON *want = cJSON_GetObjectItemCaseSensitive(object, "metadata");
    fw_sv rest = s->metadata;
    fw_sv part;
    const cJSON *item;
    cJSON_ArrayForEach(item, want)
    {
        if (!fw_sv_split(&rest, ',', &part) ||
            !fw_sv_eq(fw_sv_trim(part), fw_sv_trim(fw_sv_from(item->valuestring)))) {
            return false;
        }
    }
    return fw_sv_trim(rest).n == 0;
}

/* What differs first; NULL when nothing does. */
static const char *difference(const cJSON *o, const struct fw_signature *s)
{
    const cJSON *on = cJSON_GetObjectItemCaseSensitive(o, "enabled");
    return s->enabled != (cJSON_IsTrue(on) != 0)      ? "enabled"
           : !same_number(o, "gid", s->gid)           ? "gid"
           : !same_number(o, "rev", s->rev)           ? "rev"
           : !same_text(o, "action", s->action)       ? "action"
           : !same_text(o, "msg", s->msg)             ? "msg"
           : !same_text(o, "classtype", s->classtype) ? "classtype"
           : !same_text(o, "direction", s->direction) ? "direction"
           : !same_number(o, "priority", s->priority) ? "priority"
           : !same_header(o, s)                       ? "header"
           : !same_references(o, s)                   ? "references"
           : !same_metadata(o, s)                     ? "metadata"
                                                      : NULL;
}

static void compare(struct score *score, const struct corpus_file *file,
                    const struct fw_idsrules *rules, fw_sv expected)
{
    size_t i = 0;
    fw_sv row;
    while (fw_sv_split(&expected, '\n', &row)) {
        cJSON *object = cJSON_ParseWithLength(row.p, row.n);
        const cJSON *sid = cJSON_GetObjectItemCaseSensitive(object, "sid");
        if (cJSON_IsNumber(sid)) {
            size_t at = i;
            while (at < rules->n && rules->v[at].sid != sid->valuedouble) {
                at++;
            }
            const char *what = at < rules->n ? difference(object, &rules->v[at]) : "the rule";
            score->rules++;
            score->equal += what == NULL;
            score->missing += at == rules->n;
            if (what) {
                printf("  %.*s: sid %.0f: %s differs\n", FW_SV_ARG(file->name), sid->valuedouble,
                       what);
            }
            i = at < rules->n ? at + 1 : i;
        }
        cJSON_Delete(object);
    }
}

static void check_file(struct score *score, struct fw_arena *arena, const struct corpus_file *file)
{
    fw_sv name = fw_arena_printf(arena, "%s.idstools-expected.jsonl", file->path.p);
    fw_sv expected = corpus_read(arena, name.p);
    struct fw_diags *diags = fw_diags_new();
    struct fw_doc doc;
    struct fw_idsrules rules;
    fw_doc_init(&doc, file->name, diags);
    fw_doc_set_text(&doc, corpus_read(arena, file->path.p));
    if (fw_idsrules_parse(&doc, &fw_parser_snort_rules, &rules) != FW_OK) {
        rules.n = 0;
    }
    struct fw_line_counts c = fw_doc_counts(&doc);
    for (uint32_t line = 1; line <= doc.nlines; line++) {
        if (doc.verdicts[line - 1] == FW_LINE_NONE) {
            printf("  %.*s:%u has no verdict\n", FW_SV_ARG(file->name), line);
            score->bad++;
        }
    }
    score->files++;
    score->lines += c.total;
    score->bad += c.bad;
    if (expected.p) {
        compare(score, file, &rules, expected);
    }
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

int main(void)
{
    const char *root = corpus_root();
    static const char *const folders[] = {"ids/rules/", "ids/rules-suricata-verify/"};
    struct fw_arena arena;
    struct score s = {0};
    if (!root) {
        return CORPUS_SKIPPED;
    }
    fw_arena_init(&arena, UINT64_MAX);
    for (size_t f = 0; f < sizeof(folders) / sizeof(folders[0]); f++) {
        struct corpus_files files;
        corpus_list(&arena, root, folders[f], &files);
        for (size_t i = 0; i < files.n; i++) {
            if (files.v[i].input && fw_sv_ends(files.v[i].name, ".rules")) {
                check_file(&s, &arena, &files.v[i]);
            }
        }
    }
    fw_arena_clear(&arena);
    printf("ids rules: %llu files, %llu lines, %llu bad, %llu rules compared, %llu equal, %llu "
           "missing\n",
           (unsigned long long)s.files, (unsigned long long)s.lines, (unsigned long long)s.bad,
           (unsigned long long)s.rules, (unsigned long long)s.equal, (unsigned long long)s.missing);
    bool good = s.rules > 10000 && s.equal * 1000 >= s.rules * 999 && s.bad * 100 <= s.lines;
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
