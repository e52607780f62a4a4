/*
 * The engine by itself: measure [OPTIONS] FILE reads a configuration and times the analysis of its
 * rules.
 *
 *   --jobs N      threads (1)
 *   --dead        only what is dead, with minimal covers
 *   --dump        every verdict, for comparing two engines
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
            printf(" conflict %u", v->conflict_with ? v->conflict_with->position : 0);
            if (v->has_witness) {
                dump_packet(&v->witness);
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

static void print_report(const struct fw_analysis_report *report)
{
    size_t counts[FW_RULE_UNDETERMINED + 1] = {0};
    size_t dead = 0;
    size_t rules = 0;
    for (size_t p = 0; p < report->n; p++) {
        for (size_t r = 0; r < report->policies[p].policy->n; r++) {
            const struct fw_rule_verdict *v = &report->policies[p].verdicts[r];
            counts[v->class]++;
            dead += v->dead;
            rules++;
        }
    }
    printf(" | %zu rules, dead %zu, shadowed %zu, redundant %zu, undetermined %zu, exact %.3f %%",
           rules, dead, counts[FW_RULE_SHADOWED], counts[FW_RULE_REDUNDANT],
           counts[FW_RULE_UNDETERMINED],
           rules ? 100.0 * (double)(rules - counts[FW_RULE_UNDETERMINED]) / (double)rules : 100);
}

int main(int argc, char **argv)
{
    struct fw_analysis_options options = {.jobs = 1};
    bool dumps = false;
    double limit = 0;
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--jobs") == 0 && i + 1 < argc) {
            options.jobs = (unsigned)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--peers") == 0 && i + 1 < argc) {
            limit = strtod(argv[++i], NULL);
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
        fprintf(stderr, "usage: measure [--jobs N] [--dead] [--dump] [--peers SECONDS] FILE\n");
        return 2;
    }
    double parsed = bench_now();
    double before = memory("VmRSS:");
    double used = cpu();
    struct fw_analysis_report report;
    fw_ruleset_analyse(&config.doc.arena, &config.ruleset, &options, &report);
    double end = bench_now();
    if (dumps) {
        dump(&report);
    } else {
        printf("parse %.3f s, engine %.3f s (cpu %.3f s) | %.0f MB, engine %.0f MB", parsed - start,
               end - parsed, cpu() - used, memory("VmHWM:"), memory("VmHWM:") - before);
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
