/*
 * The engine by itself: measure [OPTIONS] FILE reads a configuration and times the analysis of its
 * rules.
 *
 *   --jobs N      threads (1)
 *   --dead        only what is dead, with minimal covers
 *   --dump        every verdict, for comparing two engines
 *   --what-if N   "what if this rule were removed", of N rules one by one
 *   --row         figures only, separated by tabs: the titles are in print_row
 *   --peers SECS  naive pairs and BuDDy on the same rules, up to that time each
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "bench/rules/peers.h"
#include "evidence/configs.h"
#include "policy/analysis.h"
#include "policy/judge.h"

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* From /proc/self/status, in MB. */
static double memory(const char *key)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    double kb = 0;
    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, key, strlen(key)) == 0) {
            kb = strtod(line + strlen(key), NULL);
        }
    }
    if (f) {
        fclose(f);
    }
    return kb / 1024;
}

static void dump_packet(const struct fw_packet *p)
{
    printf(" %" PRIx64 ":%" PRIx64 ">%" PRIx64 ":%" PRIx64 " %u %u %u", p->src.hi, p->src.lo,
           p->dst.hi, p->dst.lo, p->proto, p->sport, p->dport);
}

static void dump(const struct fw_analysis_report *report)
{
    for (size_t p = 0; p < report->n; p++) {
        const struct fw_policy *policy = report->policies[p].policy;
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule_verdict *v = &report->policies[p].verdicts[r];
            printf("%.*s %zu: %d %d %d because", FW_SV_ARG(policy->name), r + 1, v->class,
                   v->certainty, v->dead);
            for (size_t i = 0; i < v->nbecause; i++) {
                printf(" %" PRIu32, v->because[i]->position);
            }
            if (v->witness) {
                dump_packet(v->witness);
            }
            printf("\n");
        }
    }
}

/* The longest list: those of generate.c have one. */
static const struct fw_policy *longest(const struct fw_ruleset *ruleset)
{
    const struct fw_policy *policy = ruleset->policies[0];
    for (size_t p = 1; p < ruleset->npolicies; p++) {
        policy = ruleset->policies[p]->n > policy->n ? ruleset->policies[p] : policy;
    }
    return policy;
}

static void print_peer(const char *name, struct bench_peer peer)
{
    if (peer.done) {
        printf(" | %s %.2f s, %zu dead", name, peer.seconds, peer.found);
    } else {
        printf(" | %s more than %.0f s", name, peer.seconds);
    }
}

struct counts {
    size_t rules, dead, of[FW_RULE_UNDETERMINED + 1];
    double exact; /* percent */
};

static struct counts count(const struct fw_analysis_report *report)
{
    struct counts c = {0};
    for (size_t p = 0; p < report->n; p++) {
        for (size_t r = 0; r < report->policies[p].policy->n; r++) {
            const struct fw_rule_verdict *v = &report->policies[p].verdicts[r];
            c.of[v->class]++;
            c.dead += v->dead;
            c.rules++;
        }
    }
    size_t open = c.of[FW_RULE_UNDETERMINED];
    c.exact = c.rules ? 100.0 * (double)(c.rules - open) / (double)c.rules : 100;
    return c;
}

static void print_report(const struct fw_analysis_report *report)
{
    struct counts c = count(report);
    printf(" | %zu rules, dead %zu, shadowed %zu, redundant %zu, undetermined %zu, exact %.3f %%",
           c.rules, c.dead, c.of[FW_RULE_SHADOWED], c.of[FW_RULE_REDUNDANT],
           c.of[FW_RULE_UNDETERMINED], c.exact);
}

/* Rules, seconds of parsing (wall), of the engine (wall, cpu), MB of the engine and the process,
 * dead, redundant, undetermined. */
static void print_row(const struct fw_analysis_report *report, const double *figures)
{
    struct counts c = count(report);
    printf("%zu\t%.3f\t%.3f\t%.3f\t%.0f\t%.0f\t%zu\t%zu\t%zu\n", c.rules, figures[0], figures[1],
           figures[2], figures[3], figures[4], c.dead, c.of[FW_RULE_REDUNDANT],
           c.of[FW_RULE_UNDETERMINED]);
}

static int by_seconds(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* With the index at hand, what one question takes: does any packet fare otherwise without the rule?
 * Milliseconds of processor time: median, 99 of 100, and the worst. */
static void print_what_if(struct fw_config *config, size_t n)
{
    struct fw_case facts = {0};
    struct fw_scratch scratch;
    struct fw_guard guard;
    struct fw_judge judge;
    double *v = calloc(n, sizeof(*v));
    fw_scratch_init(&scratch, UINT64_C(1) << 32);
    scratch.guard = &guard;
    config->doc.arena.guard = &guard;
    if (!v || setjmp(guard.jump) != 0) {
        fprintf(stderr, "measure: out of memory\n");
        exit(2);
    }
    fw_case_prepare(&config->doc.arena, &scratch, &config->ruleset, &facts);
    if (fw_judge_init(&judge, &facts) != FW_OK) {
        longjmp(guard.jump, 1);
    }
    for (size_t i = 0; i < n; i++) {
        struct fw_rule_verdict verdict;
        uint32_t id = (uint32_t)((i * UINT64_C(2654435761) + 12345) % facts.ids.n);
        double start = cpu();
        fw_judge_rule(&judge, id, &verdict);
        v[i] = 1000 * (cpu() - start);
    }
    qsort(v, n, sizeof(*v), by_seconds);
    printf("%.4f\t%.4f\t%.3f\n", v[n / 2], v[n - 1 - n / 100], v[n - 1]);
    fw_judge_clear(&judge);
    fw_scratch_clear(&scratch);
    free(v);
}

int main(int argc, char **argv)
{
    struct fw_analysis_options options = {.jobs = 1};
    bool dumps = false;
    bool row = false;
    size_t what_if = 0;
    double limit = 0;
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--jobs") == 0 && i + 1 < argc) {
            options.jobs = (unsigned)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--peers") == 0 && i + 1 < argc) {
            limit = strtod(argv[++i], NULL);
        } else if (strcmp(argv[i], "--what-if") == 0 && i + 1 < argc) {
            what_if = strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--row") == 0) {
            row = true;
        } else if (strcmp(argv[i], "--dead") == 0) {
            options.only_dead = true;
        } else if (strcmp(argv[i], "--dump") == 0) {
            dumps = true;
        } else {
            path = argv[i];
        }
    }
    struct fw_diags *diags = fw_diags_new();
    struct fw_config config;
    double start = bench_now();
    if (!path || fw_config_load(&config, path, fw_sv_from(path), FW_SV(""), diags) != FW_OK) {
        fprintf(stderr, "usage: measure [--jobs N] [--dead] [--dump] [--row] [--what-if N]"
                        " [--peers SECONDS] FILE\n");
        return 2;
    }
    if (what_if > 0) {
        print_what_if(&config, what_if);
        fw_config_clear(&config);
        fw_diags_free(diags);
        return 0;
    }
    double parsed = bench_now();
    double before = memory("VmRSS:");
    double used = cpu();
    struct fw_analysis_report report;
    fw_ruleset_analyse(&config.doc.arena, &config.ruleset, &options, &report);
    double end = bench_now();
    used = cpu() - used;
    if (dumps) {
        dump(&report);
    } else if (row) {
        print_row(&report, (double[]){parsed - start, end - parsed, used, memory("VmHWM:") - before,
                                      memory("VmHWM:")});
    } else {
        printf("parse %.3f s, engine %.3f s (cpu %.3f s) | %.0f MB, engine %.0f MB", parsed - start,
               end - parsed, used, memory("VmHWM:"), memory("VmHWM:") - before);
        print_report(&report);
        if (limit > 0) {
            print_peer("pairs", bench_pairs(longest(&config.ruleset), limit));
            print_peer("BuDDy", bench_diagrams(longest(&config.ruleset), limit));
        }
        printf("\n");
    }
    fw_config_clear(&config);
    fw_diags_free(diags);
    return 0;
}
