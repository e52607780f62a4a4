/* Sources: lines, offsets, hashes and damage, at every block boundary. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "core/buf.h"
#include "core/source.h"
#include "core/source_impl.h"
#include "tests/unit/suites.h"

#define BLOCKS 40


/* Reads with a block size and writes what came as "number@offset:text|", cut lines with a "+". */
static void read_lines(fw_sv bytes, size_t block, size_t limit, struct fw_buf *out,
                       struct fw_source_info *ret)
{
    struct fw_source *source;
    struct fw_line line;
    ck_assert_int_eq(fw_source_open_memory(bytes, &source), FW_OK);
    fw_source_set_block(source, block, limit);
    fw_buf_reset(out);
    while (fw_source_line(source, &line)) {
        fw_buf_printf(out, "%d@%d:", (int)line.number, (int)line.offset);
        fw_buf_add(out, line.text);
        fw_buf_add_cstr(out, line.cut ? "+|" : "|");
    }
    ck_assert_int_eq(fw_source_finish(source, ret), FW_OK);
    fw_source_free(source);
}

static void expect(fw_sv bytes, size_t limit, const char *lines, uint64_t count, uint64_t cut)
{
    struct fw_buf out;
    struct fw_source_info info;
    fw_buf_init(&out);
    for (size_t block = 1; block < BLOCKS; block++) {
        read_lines(bytes, block, limit, &out, &info);
        ck_assert_msg(fw_sv_is(fw_buf_sv(&out), lines), "block %zu: got %.*s, want %s", block,
                      FW_SV_ARG(fw_buf_sv(&out)), lines);
        ck_assert_uint_eq(info.lines, count);
        ck_assert_uint_eq(info.long_lines, cut);
        ck_assert_uint_eq(info.stored_bytes, bytes.n);
        ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(bytes)));
    }
    fw_buf_clear(&out);
}

START_TEST(lines_at_every_boundary)
{
    expect(FW_SV("one\ntwo\r\n\nfour"), 100, "1@0:one|2@4:two|3@9:|4@10:four|", 4, 0);
    expect(FW_SV(""), 100, "", 0, 0);
    expect(FW_SV("\n"), 100, "1@0:|", 1, 0);
    expect(FW_SV("\r\n\r\n"), 100, "1@0:|2@2:|", 2, 0);
    expect(FW_SV("a\rb\n"), 100, "1@0:a\rb|", 1, 0);
    expect(FW_SV("end\r"), 100, "1@0:end\r|", 1, 0);
    expect(FW_SV("\x1f"), 100, "1@0:\x1f|", 1, 0);
    expect(FW_SV("\x1f\x8b\x07zz\n"), 100, "1@0:\x1f\x8b\x07zz|", 1, 0);
}
END_TEST

START_TEST(long_lines_are_cut)
{
    expect(FW_SV("12345\n123456\n1234567890123\nx"), 5, "1@0:12345|2@6:12345+|3@13:12345+|4@27:x|",
           4, 2);
    expect(FW_SV("12345\r\n123456\r\nx\n"), 5, "1@0:12345|2@7:12345+|3@15:x|", 3, 1);
    expect(FW_SV("1234567890"), 5, "1@0:12345+|", 1, 1);
    expect(FW_SV("12345\r"), 5, "1@0:12345+|", 1, 1);
    expect(FW_SV("1234567890\n"), 5, "1@0:12345+|", 1, 1);
}
END_TEST

Suite *fw_suite_source(void)
{
    Suite *suite = suite_create("source");
    TCase *tc = tcase_create("source");
    tcase_add_test(tc, lines_at_every_boundary);
    tcase_add_test(tc, long_lines_are_cut);
    suite_add_tcase(suite, tc);
    return suite;
}
