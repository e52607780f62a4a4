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

#include "core/proto.h"
#include "evidence/configs.h"
#include "policy/eval.h"
#include "tests/corpus/corpus.h"
#include "tests/unit/random.h"

enum { TRIED = 64 };

struct score {
    unsigned files, unread; /* no parser for it */
    unsigned pairs, found, refuted, missed;
    unsigned absent;              /* nothing was compiled from the shadowed rule */
    unsigned dead, extra;         /* lines; those that no pair is about */
    unsigned proven, wrong;       /* of all verdicts */
    unsigned covering;            /* found, and the cover names the shadowing rule */
    unsigned long tried, matched; /* random packets of dead lines */
    unsigned alive;               /* dead lines that one comes to */
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

static bool is_called(const struct fw_ruleset *ruleset, const struct fw_policy *policy)
{
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[r];
            if (rule->enabled && rule->jump == policy) {
                return true;
            }
        }
    }
    return false;
}

/* Does the witness come to the rule, as the naive evaluator sees it? */
static bool comes(const struct fw_config *config, const struct fw_rule *rule,
                  const struct fw_packet *witness, bool surely)
{
    bool found = false;
    for (size_t p = 0; p < config->ruleset.npolicies && !found; p++) {
        const struct fw_policy *policy = config->ruleset.policies[p];
        struct fw_arena arena;
        struct fw_trace trace;
        if (!policy->decides || policy->hook != witness->hook ||
            (policy->hook == FW_HOOK_NONE && is_called(&config->ruleset, policy))) {
            continue;
        }
        fw_arena_init(&arena, 0);
        fw_trace_policy(&arena, &config->ruleset, policy, witness, &trace);
        for (size_t i = 0; i < trace.nsteps && !found; i++) {
            enum fw_tri matched = trace.steps[i].matched;
            found = trace.steps[i].rule == rule && (surely ? matched == FW_YES : matched != FW_NO);
        }
        fw_arena_clear(&arena);
    }
    return found;
}

static fw_ip some_ip(struct test_random *random, const struct fw_ipset *set, unsigned family)
{
    fw_iprange range = fw_iprange_all(family);
    for (int i = 0; set && set->n > 0 && i < 8; i++) {
        range = set->v[test_random_below(random, (unsigned)set->n)];
        if (range.lo.family == family) {
            break;
        }
    }
    fw_ip ip = range.lo;
    ip.lo += range.hi.lo > range.lo.lo ? test_random_u64(random) % (range.hi.lo - range.lo.lo) : 0;
    return test_random_below(random, 4) == 0 ? range.hi : ip;
}

static uint32_t some_number(struct test_random *random, const struct fw_numset *set, uint32_t last)
{
    struct fw_numrange range = {0, last};
    if (set && set->n > 0) {
        range = set->v[test_random_below(random, (unsigned)set->n)];
    }
    return range.lo + test_random_below(random, range.hi - range.lo + 1);
}

static fw_sv some_name(const struct fw_nameset *set)
{
    bool one = set && !set->negated && set->n > 0;
    return one && !fw_sv_ends(set->v[0], "+") ? set->v[0] : FW_SV("zz9");
}

/* A packet that the term matches, but for what it asks of unknown things. */
static struct fw_packet some_packet(struct test_random *random, const struct fw_policy *policy,
                                    const struct fw_term *t)
{
    struct fw_packet p = {.hook = policy->hook, .has_in = true, .has_out = true, .has_state = true};
    bool six = policy->families == FW_FAMILY_BIT6 ||
               (t->src && (fw_ipset_families(t->src) & FW_FAMILY_BIT4) == 0) ||
               (t->dst && (fw_ipset_families(t->dst) & FW_FAMILY_BIT4) == 0);
    p.src = some_ip(random, t->src, six ? FW_IPV6 : FW_IPV4);
    p.dst = some_ip(random, t->dst, six ? FW_IPV6 : FW_IPV4);
    p.in = some_name(t->in);
    p.out = some_name(t->out);
    p.has_proto = true;
    bool ports = t->sport || t->dport || t->flags;
    p.proto = t->proto ? (uint8_t)some_number(random, t->proto, 255)
                       : (uint8_t)(ports ? FW_PROTO_TCP : test_random_below(random, 256));
    p.has_sport = p.has_dport = fw_proto_has_ports(p.proto);
    p.sport = (uint16_t)some_number(random, t->sport, 65535);
    p.dport = (uint16_t)some_number(random, t->dport, 65535);
    p.has_icmp_type = p.has_icmp_code = p.proto == FW_PROTO_ICMP || p.proto == FW_PROTO_ICMP6;
    uint32_t icmp = some_number(random, t->icmp, 65535);
    p.icmp_type = (uint8_t)(icmp >> 8);
    p.icmp_code = (uint8_t)icmp;
    p.has_flags = p.proto == FW_PROTO_TCP;
    p.flags = (uint8_t)some_number(random, t->flags, 255);
    p.state = (enum fw_state)some_number(random, t->state, FW_STATE_COUNT - 1);
    return p;
}

/* Random packets of a dead rule, walked by the naive evaluator: none comes to it. */
static void try_dead(const struct fw_config *config, const struct fw_policy *policy,
                     const struct fw_rule *rule, struct test_random *random, struct score *score)
{
    static const enum fw_hook hooks[] = {FW_HOOK_INPUT, FW_HOOK_FORWARD, FW_HOOK_OUTPUT};
    bool called = policy->hook == FW_HOOK_NONE && is_called(&config->ruleset, policy);
    for (unsigned k = 0; k < TRIED && rule->match.n > 0; k++) {
        const struct fw_term
            *term = &rule->match.terms[test_random_below(random, (unsigned)rule->match.n)];
        struct fw_packet packet = some_packet(random, policy, term);
        packet.hook = called ? hooks[k % 3] : packet.hook;
        packet.in = packet.hook == FW_HOOK_OUTPUT ? FW_SV("") : packet.in;
        packet.out = packet.hook == FW_HOOK_INPUT ? FW_SV("") : packet.out;
        score->tried++;
        score->matched += fw_rule_matches(rule, &packet) != FW_NO;
        if (comes(config, rule, &packet, true)) {
            struct fw_buf text;
            fw_buf_init(&text);
            fw_packet_text(&text, &packet);
            printf("  said to be dead, but %s comes to %.*s:%u\n", text.p,
                   FW_SV_ARG(config->doc.path), rule->span.line);
            fw_buf_clear(&text);
            score->alive++;
            return;
        }
    }
}

/* Does the minimal cover of some line of the rule name the one that the pair names? */
static bool names_covering(const struct fw_config *config, const fw_sv *labels, fw_sv shadowed,
                           fw_sv shadowing)
{
    for (size_t p = 0; p < config->report.n; p++) {
        const struct fw_policy *policy = config->report.policies[p].policy;
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule_verdict *verdict = &config->report.policies[p].verdicts[r];
            bool about = fw_sv_eq(labels[policy->rules[r].span.line], shadowed);
            for (size_t i = 0; i < verdict->nbecause && about; i++) {
                if (fw_sv_eq(labels[verdict->because[i]->span.line], shadowing)) {
                    return true;
                }
            }
        }
    }
    return false;
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
            bool refuted = !verdict->dead && verdict->witness &&
                           comes(config, rule, verdict->witness, false);
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
        score->covering += standing == FOUND && names_covering(config, labels, shadowed, shadowing);
        if (standing == MISSED || verbose) {
            printf("  %s: %.*s by %.*s in %.*s\n", words[standing], FW_SV_ARG(shadowed),
                   FW_SV_ARG(shadowing), FW_SV_ARG(config->doc.path));
        }
    }
}

/* Whatever is dead beyond the pairs has a certificate. */
static void judge_rest(struct fw_config *config, const fw_sv *labels, const cJSON *pairs,
                       struct test_random *random, struct score *score)
{
    for (size_t p = 0; p < config->report.n; p++) {
        const struct fw_policy *policy = config->report.policies[p].policy;
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule_verdict *verdict = &config->report.policies[p].verdicts[r];
            if (verdict->dead) {
                try_dead(config, policy, &policy->rules[r], random, score);
            }
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

static void judge_file(const struct corpus_file *file, struct test_random *random,
                       struct score *score, bool verbose)
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
        judge_rest(&config, labels, pairs, random, score);
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
    struct test_random random = test_random_start("corpus shadowing");
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
                judge_file(&files.v[i], &random, &s, argc > 1);
            }
        }
        printf("%s %u files (%u in no known format): %u pairs, %u found, %u refuted by a packet, "
               "%u missed, %u of rules without lines; recall %.3f, the covering rule named by %u; "
               "%u lines dead, %u beyond the pairs; %u verdicts proven, %u not; %lu random packets "
               "of dead lines (%lu match), %u come to one\n",
               folders[f], s.files, s.unread, s.pairs, s.found, s.refuted, s.missed, s.absent,
               s.found + s.missed > 0 ? (double)s.found / (s.found + s.missed) : 1.0, s.covering,
               s.dead, s.extra, s.proven, s.wrong, s.tried, s.matched, s.alive);
        bad += s.missed + s.wrong + s.alive;
    }
    fw_arena_clear(&arena);
    return bad == 0 ? 0 : 1;
}
