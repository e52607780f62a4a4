/* Comparisons that several suites make, saying what was there instead. */
#ifndef FW_TESTS_UNIT_EXPECT_H
#define FW_TESTS_UNIT_EXPECT_H

#include "core/sv.h"

void expect_sv(fw_sv got, const char *expected);
/* In RFC 3339 of zone +08:00. */
void expect_time(int64_t ns, const char *expected);
/* A count that the environment can raise: the quick set takes few, the long one what is stated. */
int count_from(const char *name, int otherwise);

#endif
