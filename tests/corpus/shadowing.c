/*
 * Pairs of shadowing and shadowed rules that another program found when it compiled these
 * configurations; comments in them name the rule that lines were compiled from:
 *
 *     ! Rule  20 (global)
 *     # Rule web_inbound 3 (eth0)
 *
 * Its rules say more than the lines do, so a pair may not hold of the lines. Then the engine has a
 * packet that comes to a line of the shadowed rule, and the naive evaluator has to agree. Of all
 * other pairs every line has to be dead; and whatever else is dead has to have a proof.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "evidence/configs.h"
#include "policy/eval.h"
#include "tests/corpus/corpus.h"

struct score {
    unsigned files, unread; /* no parser for it */
    unsigned pairs, found, refuted, missed;
    unsigned absent;        /* nothing was compiled from the shadowed rule */
    unsigned dead, extra;   /* lines; those that no pair is about */
    unsigned proven, wrong; /* of all verdicts */
};

/* "20 (global)" of a comment's line; false: it is none. */
static bool label_of(struct fw_arena *arena, fw_sv line, fw_sv *ret)
{
    fw_sv word;
    struct fw_buf label;
    line = fw_sv_trim(line);
    if (line.n == 0 || (line.p[0] != '!' && line.p[0] != '#')) {
        return false;
    }
    fw_sv rest = fw_sv_sub(line, 1, line.n - 1);
    if (!fw_sv_word(&rest, &word) || !fw_sv_is(word, "Rule")) {
        return false;
    }
    fw_buf_init(&label);
    while (fw_sv_word(&rest, &word)) {
        fw_buf_add_cstr(&label, label.n > 0 ? " " : "");
        fw_buf_add(&label, word);
    }
    *ret = fw_arena_copy(arena, fw_buf_sv(&label));
    fw_buf_clear(&label);
    return true;
}

/* By line: what it was compiled from; {0}: nothing. */
static const fw_sv *label_lines(struct fw_config *config)
{
    struct fw_arena *arena = &config->doc.arena;
    fw_sv *labels = fw_new_array(arena, (size_t)config->doc.nlines + 2, fw_sv);
    for (uint32_t line = 1; line <= config->doc.nlines; line++) {
        labels[line] = labels[line - 1];
        label_of(arena, fw_doc_line_text(&config->doc, line), &labels[line]);
    }
    return labels;
}

/* Does the witness come to the rule, as the naive evaluator sees it? */
static bool comes(const struct fw_config *config, const struct fw_rule *rule,
                  const struct fw_packet *witness)
{
    bool found = false;
    for (size_t p = 0; p < config->ruleset.npolicies && !found; p++) {
        const struct fw_policy *policy = config->ruleset.policies[p];
        struct fw_arena arena;
        struct fw_trace trace;
        if (!policy->decides || policy->hook != witness->hook) {
            continue;
        }
        fw_arena_init(&arena, 0);
        fw_trace_policy(&arena, &config->ruleset, policy, witness, &trace);
        for (size_t i = 0; i < trace.nsteps && !found; i++) {
            found = trace.steps[i].rule == rule && trace.steps[i].matched != FW_NO;
        }
        fw_arena_clear(&arena);
    }
    return found;
}

enum standing { ABSENT, FOUND, REFUTED, MISSED };

static enum standing judge_pair(const struct fw_config *config, const fw_sv *labels, fw_sv shadowed)
{
    enum standing standing = ABSENT;
    for (size_t p = 0; p < config->report.n; p++) {
        const struct fw_policy *policy = config->report.policies[p].policy;
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            const struct fw_rule_verdict *verdict = &config->report.policies[p].verdicts[r];
            if (verdict->class == FW_RULE_SKIPPED || !fw_sv_eq(labels[rule->span.line], shadowed)) {
                continue;
            }
            bool refuted = !verdict->dead && verdict->has_witness &&
                           comes(config, rule, &verdict->witness);
            enum standing here = verdict->dead ? FOUND : refuted ? REFUTED : MISSED;
            standing = here > standing ? here : standing;
        }
    }
    return standing;
}

static fw_sv name_of(struct fw_arena *arena, const cJSON *pair, const char *key)
{
    const cJSON *policy = cJSON_GetObjectItemCaseSensitive(pair, "policy");
    const cJSON *rule = cJSON_GetObjectItemCaseSensitive(pair, key);
    if (!cJSON_IsString(policy) || !cJSON_IsString(rule)) {
        return FW_SV("");
    }
    /* Comments name a policy besides the main one; the pairs often do, too. */
    size_t n = strlen(policy->valuestring);
    bool plain = strcmp(policy->valuestring, "Policy") == 0 ||
                 strncmp(rule->valuestring, policy->valuestring, n) == 0;
    return fw_arena_printf(arena, "%s%s%s", plain ? "" : policy->valuestring, plain ? "" : " ",
                           rule->valuestring);
}

static void judge_pairs(struct fw_config *config, const fw_sv *labels, const cJSON *pairs,
                        struct score *score, bool verbose)
{
    static const char *const words[] = {"absent", "found", "refuted", "missed"};
    struct fw_arena *arena = &config->doc.arena;
    const cJSON *pair;
    cJSON_ArrayForEach(pair, pairs)
    {
        fw_sv shadowed = name_of(arena, pair, "shadowed");
        fw_sv shadowing = name_of(arena, pair, "shadowing");
        enum standing standing = judge_pair(config, labels, shadowed);
        score->pairs++;
        score->absent += standing == ABSENT;
        score->found += standing == FOUND;
        score->refuted += standing == REFUTED;
        score->missed += standing == MISSED;
        if (standing == MISSED || verbose) {
            printf("  %s: %.*s by %.*s in %.*s\n", words[standing], FW_SV_ARG(shadowed),
                   FW_SV_ARG(shadowing), FW_SV_ARG(config->doc.path));
        }
    }
}

/* Whatever is dead beyond the pairs has a certificate. */
static void judge_rest(struct fw_config *config, const fw_sv *labels, const cJSON *pairs,
                       struct score *score)
{
    for (size_t p = 0; p < config->report.n; p++) {
        const struct fw_policy *policy = config->report.policies[p].policy;
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule_verdict *verdict = &config->report.policies[p].verdicts[r];
            bool named = false;
            const cJSON *pair;
            cJSON_ArrayForEach(pair, pairs)
            {
                named = named || fw_sv_eq(labels[policy->rules[r].span.line],
                                          name_of(&config->doc.arena, pair, "shadowed"));
            }
            score->dead += verdict->dead;
            score->extra += verdict->dead && !named;
            if (verdict->class == FW_RULE_SKIPPED) {
                continue;
            }
            bool proven = verdict->proof == FW_PROOF_CERTIFICATE ||
                          (!verdict->dead && verdict->proof == FW_PROOF_WITNESS);
            score->proven += proven;
            score->wrong += !proven;
            if (!proven) {
                printf("  no proof: %.*s:%u\n", FW_SV_ARG(config->doc.path),
                       policy->rules[r].span.line);
            }
        }
    }
}

static void judge_file(const struct corpus_file *file, struct score *score, bool verbose)
{
    fw_sv suffix = FW_SV(".expected-findings.json");
    struct fw_arena arena;
    struct fw_config config;
    struct fw_diags *diags = fw_diags_new();
    fw_arena_init(&arena, 0);
    const char *path = fw_arena_cstr(&arena, fw_sv_sub(file->path, 0, file->path.n - suffix.n));
    fw_sv name = fw_sv_sub(file->name, 0, file->name.n - suffix.n);
    fw_sv text = corpus_read(&arena, file->path.p);
    cJSON *json = cJSON_ParseWithLength(text.p, text.n);
    const cJSON *pairs = cJSON_GetObjectItemCaseSensitive(json, "shadowing");
    if (fw_config_load(&config, path, name, FW_SV(""), diags) == FW_OK) {
        struct fw_analysis_options options = {.jobs = 1, .prove = true};
        fw_config_analyse(&config, &options);
        const fw_sv *labels = label_lines(&config);
        score->files++;
        judge_pairs(&config, labels, pairs, score, verbose);
        judge_rest(&config, labels, pairs, score);
    } else {
        score->unread++;
    }
    fw_config_clear(&config);
    cJSON_Delete(json);
    fw_diags_free(diags);
    fw_arena_clear(&arena);
}

int main(int argc, char **argv)
{
    static const char *const folders[] = {"rulesets/cisco-asa/", "rulesets/cisco-ios/",
                                          "rulesets/iptables-commands/"};
    const char *root = corpus_root();
    struct fw_arena arena;
    unsigned bad = 0;
    if (!root) {
        return CORPUS_SKIPPED;
    }
    (void)argv;
    fw_arena_init(&arena, 0);
    for (size_t f = 0; f < sizeof(folders) / sizeof(folders[0]); f++) {
        struct corpus_files files;
        struct score s = {0};
        if (!corpus_list(&arena, root, folders[f], &files)) {
            return 1;
        }
        for (size_t i = 0; i < files.n; i++) {
            if (fw_sv_ends(files.v[i].name, ".expected-findings.json")) {
                judge_file(&files.v[i], &s, argc > 1);
            }
        }
        printf("%s %u files (%u in no known format): %u pairs, %u found, %u refuted by a packet, "
               "%u missed, %u of rules without lines; %u lines dead, %u beyond the pairs; %u "
               "verdicts proven, %u not\n",
               folders[f], s.files, s.unread, s.pairs, s.found, s.refuted, s.missed, s.absent,
               s.dead, s.extra, s.proven, s.wrong);
        bad += s.missed + s.wrong;
    }
    fw_arena_clear(&arena);
    return bad == 0 ? 0 : 1;
}
