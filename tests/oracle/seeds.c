/* Which seeds a random comparison runs. */
#include "tests/oracle/seeds.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 500 };

bool seeds_read(struct seeds *ret, uint64_t n, int argc, char **argv)
{
    *ret = (struct seeds){.n = n, .from = 1, .block_ok = true};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc) {
            ret->n = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--from") == 0 && i + 1 < argc) {
            ret->from = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--print") == 0) {
            ret->print = true;
        } else if (strcmp(argv[i], "--stop") == 0) {
            ret->stop = true;
        } else {
            fprintf(stderr, "usage: %s [--seeds N] [--from SEED] [--print] [--stop]\n", argv[0]);
            return false;
        }
    }
    return true;
}

bool seeds_has(const struct seeds *seeds, uint64_t seed, uint64_t wrong)
{
    return seed - seeds->from < seeds->n && !(seeds->stop && wrong > 0);
}

void seeds_report(struct seeds *seeds, uint64_t seed, bool ok)
{
    uint64_t done = seed - seeds->from + 1;
    seeds->block_ok = seeds->block_ok && ok;
    if (done % BLOCK == 0 || done == seeds->n) {
        uint64_t first = (done - 1) / BLOCK * BLOCK + seeds->from;
        printf("%s seeds %" PRIu64 "-%" PRIu64 "\n", seeds->block_ok ? "ok" : "not ok", first,
               seed);
        fflush(stdout);
        seeds->block_ok = true;
    }
}
