/*
 * The oracle: random small rulesets, and for every rule of each the truth by enumeration against
 * what the engine says.
 *
 *   oracle [--seeds N] [--from SEED] [--print] [--stop]     see seeds.h
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/oracle/conflicts.h"
#include "tests/oracle/seeds.h"

static bool attempt(struct fw_arena *arena, uint64_t seed, bool print, void *context)
{
    struct tally *tally = context;
    struct sample sample;
    generate(&sample, arena, seed);
    bool ok = compare(&sample, arena, seed, tally);
    ok = compare_conflicts(&sample, arena, seed, tally) && ok;
    if (print || (!ok && tally->wrong <= 5)) {
        sample_print(&sample);
    }
    return ok;
}

int main(int argc, char **argv)
{
    static const struct seeds seeds = {4000, 500, "seeds", attempt};
    struct tally tally = {0};
    if (!seeds_run(&seeds, argc, argv, &tally)) {
        return 2;
    }
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
