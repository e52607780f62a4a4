/*
 * The oracle: random small rulesets, and for every rule of each the truth by enumeration against
 * what the engine says.
 *
 *   oracle [--seeds N] [--from SEED] [--print] [--stop]     --stop: at the first difference
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/conflicts.h"

enum { DEFAULT_SEEDS = 4000, BLOCK = 500 };

int main(int argc, char **argv)
{
    uint64_t seeds = DEFAULT_SEEDS;
    uint64_t from = 1;
    bool print = false;
    bool stop = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
            seeds = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--from") == 0 && i + 1 < argc) {
            from = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--print") == 0) {
            print = true;
        } else if (strcmp(argv[i], "--stop") == 0) {
            stop = true;
        } else {
            fprintf(stderr, "usage: oracle [--seeds N] [--from SEED] [--print] [--stop]\n");
            return 2;
        }
    }
    struct tally tally = {0};
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    bool block_ok = true;
    for (uint64_t seed = from; seed < from + seeds && !(stop && tally.wrong > 0); seed++) {
        struct sample sample;
        generate(&sample, &arena, seed);
        bool ok = compare(&sample, &arena, seed, &tally);
        ok = compare_conflicts(&sample, &arena, seed, &tally) && ok;
        if (print || (!ok && tally.wrong <= 5)) {
            sample_print(&sample);
        }
        block_ok = block_ok && ok;
        if ((seed + 1 - from) % BLOCK == 0 || seed + 1 == from + seeds) {
            uint64_t first = (seed - from) / BLOCK * BLOCK + from;
            printf("%s seeds %" PRIu64 "-%" PRIu64 "\n", block_ok ? "ok" : "not ok", first, seed);
            fflush(stdout);
            block_ok = true;
        }
        fw_arena_reset(&arena);
    }
    fw_arena_clear(&arena);
    printf("# %" PRIu64 " rulesets (%" PRIu64 " too large to enumerate), %" PRIu64
           " rules: %" PRIu64 " dead, %" PRIu64 " shadowed (%" PRIu64 " possible), %" PRIu64
           " redundant, %" PRIu64 " in conflict with %" PRIu64 " (%" PRIu64 " exceptions); %" PRIu64
           " covers, %" PRIu64 " traces; %" PRIu64 " certificates (%" PRIu64 " steps), %" PRIu64
           " forgeries refused; %" PRIu64 " rulesets wrong\n",
           tally.policies, tally.skipped, tally.rules, tally.dead, tally.shadowed, tally.possible,
           tally.redundant, tally.conflicts, tally.pairs, tally.exceptions, tally.because,
           tally.traced, tally.certificates, tally.steps, tally.forged, tally.wrong);
    printf("# effective space: %" PRIu64 " policies, %" PRIu64 " packets, %" PRIu64
           " flows (%" PRIu64 " in doubt), %" PRIu64 " breadths counted\n",
           tally.effects.entries, tally.effects.packets, tally.effects.flows,
           tally.effects.doubtful, tally.effects.counted);
    return tally.wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
