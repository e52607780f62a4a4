/* The seeds of a random comparison. */
#include "tests/oracle/seeds.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asked {
    uint64_t n, from;
    bool print, stop;
};

static bool read_options(struct asked *ret, int argc, char **argv)
{
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

bool seeds_run(const struct seeds *seeds, int argc, char **argv, void *tally)
{
    struct asked asked = {.n = seeds->n, .from = 1};
    struct fw_arena arena;
    bool stopped = false;
    bool block_ok = true;
    if (!read_options(&asked, argc, argv)) {
        return false;
    }
    fw_arena_init(&arena, 0);
    for (uint64_t done = 0; done < asked.n && !stopped;) {
        uint64_t seed = asked.from + done;
        bool ok = seeds->attempt(&arena, seed, asked.print, tally);
        fw_arena_reset(&arena);
        block_ok = block_ok && ok;
        stopped = !ok && asked.stop;
        done++;
        if (done % seeds->block == 0 || done == asked.n || stopped) {
            uint64_t first = asked.from + (done - 1) / seeds->block * seeds->block;
            printf("%s %s %" PRIu64 "-%" PRIu64 "\n", block_ok ? "ok" : "not ok", seeds->what,
                   first, seed);
            fflush(stdout);
            block_ok = true;
        }
    }
    fw_arena_clear(&arena);
    return true;
}
