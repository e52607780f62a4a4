/* Declares every suite of suites.def; each test_<stem>.c includes it. */
#ifndef FW_TESTS_UNIT_SUITES_H
#define FW_TESTS_UNIT_SUITES_H

#include <check.h>

#define FW_SUITE(stem) Suite *fw_suite_##stem(void);
#include "tests/unit/suites.def"
#undef FW_SUITE

#endif
