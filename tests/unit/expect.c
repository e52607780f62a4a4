/* Comparisons that several suites make. */
#include "tests/unit/expect.h"

#include <check.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/time.h"

void expect_sv(fw_sv got, const char *expected)
{
    ck_assert_msg(fw_sv_is(got, expected), "\"%.*s\" is not \"%s\"", FW_SV_ARG(got), expected);
}

void expect_time(int64_t ns, const char *expected)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_time_text_zone(&buf, ns, 8 * 3600);
    expect_sv(fw_buf_sv(&buf), expected);
    fw_buf_clear(&buf);
}

int count_from(const char *name, int otherwise)
{
    const char *value = getenv(name);
    return value ? atoi(value) : otherwise;
}
