/*
 * The engine by itself: measure [OPTIONS] FILE reads a configuration and times the analysis of its
 * rules.
 *
 *   --jobs N      threads (1)
 *   --dead        only what is dead, with minimal covers
 *   --dump        every verdict, for comparing two engines
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "evidence/configs.h"
#include "policy/analysis.h"

static double wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

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

int main(int argc, char **argv)
{
    struct fw_analysis_options options = {.jobs = 1};
    bool dumps = false;
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--jobs") == 0 && i + 1 < argc) {
            options.jobs = (unsigned)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--dump") == 0) {
            dumps = true;
        } else {
            path = argv[i];
        }
    }
    struct fw_diags *diags = fw_diags_new();
    struct fw_config config;
    double t0 = wall();
    fw_sv shown = fw_sv_from(path);
    if (fw_config_load(&config, path, shown, FW_SV(""), diags) != FW_OK) {
        fprintf(stderr, "measure: cannot read %s\n", path);
        return 2;
    }
    double t1 = wall();
    double before = memory("VmRSS:");
    double c1 = cpu();
    struct fw_analysis_report report;
    fw_ruleset_analyse(&config.doc.arena, &config.ruleset, &options, &report);
    double t2 = wall();
    double c2 = cpu();
    size_t counts[FW_RULE_UNDETERMINED + 1] = {0};
    size_t dead = 0;
    size_t because = 0;
    for (size_t p = 0; p < report.n; p++) {
        for (size_t r = 0; r < report.policies[p].policy->n; r++) {
            const struct fw_rule_verdict *v = &report.policies[p].verdicts[r];
            counts[v->class]++;
            dead += v->dead;
            because += v->nbecause;
        }
    }
    fprintf(stderr,
            "%s: parse %.3f analyse %.3f cpu %.3f | rss %.0f +%.0f MB | dead %zu shadowed %zu "
            "redundant %zu undetermined %zu because %zu\n",
            path, t1 - t0, t2 - t1, c2 - c1, memory("VmHWM:"), memory("VmHWM:") - before, dead,
            counts[FW_RULE_SHADOWED], counts[FW_RULE_REDUNDANT], counts[FW_RULE_UNDETERMINED],
            because);
    if (dumps) {
        dump(&report);
    }
    return 0;
}
