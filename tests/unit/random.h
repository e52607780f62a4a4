/* Random numbers for tests. The seed is printed with every suite that uses it; FWPROOF_SEED repeats
 * a run. */
#ifndef FW_TESTS_UNIT_RANDOM_H
#define FW_TESTS_UNIT_RANDOM_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct test_random {
    uint64_t state;
};

static inline struct test_random test_random_start(const char *test)
{
    const char *given = getenv("FWPROOF_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("%s: FWPROOF_SEED=%" PRIu64 "\n", test, seed);
    fflush(stdout);
    return (struct test_random){seed};
}

/* splitmix64 */
static inline uint64_t test_random_u64(struct test_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 .. n-1 */
static inline unsigned test_random_below(struct test_random *random, unsigned n)
{
    return (unsigned)(test_random_u64(random) % n);
}

#endif
