/* Runs every unit suite of suites.def; an argument names one. */
#include "tests/unit/suites.h"

#include <stdlib.h>
#include <string.h>

struct unit {
    const char *name;
    Suite *(*make)(void);
};

static const struct unit units[] = {
#define FW_SUITE(stem) {#stem, fw_suite_##stem},
#include "tests/unit/suites.def"
#undef FW_SUITE
    {NULL, NULL},
};

int main(int argc, char **argv)
{
    SRunner *runner = srunner_create(NULL);
    for (const struct unit *u = units; u->name; u++) {
        if (argc < 2 || strcmp(argv[1], u->name) == 0) {
            srunner_add_suite(runner, u->make());
        }
    }
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
