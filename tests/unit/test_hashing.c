/* Hashing in a thread of its own. */
#include "core/hashing.h"

#include <check.h>
#include <stdlib.h>
#include <zlib.h>

#include "core/buf.h"
#include "core/source.h"
#include "tests/unit/suites.h"

static void gzip(struct fw_buf *out, fw_sv text)
{
    z_stream stream = {0};
    ck_assert_int_eq(deflateInit2(&stream, 0, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t cap = deflateBound(&stream, (uLong)text.n);
    unsigned char *packed = malloc(cap);
    ck_assert_ptr_nonnull(packed);
    stream.next_in = (unsigned char *)(uintptr_t)(const void *)text.p;
    stream.avail_in = (uInt)text.n;
    stream.next_out = packed;
    stream.avail_out = (uInt)cap;
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    fw_buf_add(out, fw_sv_of((char *)packed, stream.total_out));
    deflateEnd(&stream);
    free(packed);
}

/* The hash of another thread is the same, whatever lies at the boundaries of blocks, packed or not.
 */
START_TEST(hashed_aside)
{
    static const size_t sizes[] = {0, 1, 262143, 262144, 262145, 262147, 1310723};
    char *text = malloc(1310723);
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < 1310723; i++) {
        text[i] = (char)((i * 2654435761u) >> 7);
    }
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int packed = 0; packed < 2; packed++) {
            struct fw_buf stored;
            struct fw_source *source;
            struct fw_source_info info;
            struct fw_line line;
            uint64_t bytes = 0;
            fw_buf_init(&stored);
            if (packed) {
                gzip(&stored, fw_sv_of(text, sizes[i]));
            } else {
                fw_buf_add(&stored, fw_sv_of(text, sizes[i]));
            }
            ck_assert_int_eq(fw_source_open_memory(fw_buf_sv(&stored), &source), FW_OK);
            fw_source_hash_aside(source);
            while (fw_source_line(source, &line)) {
                bytes += line.raw.n;
            }
            ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
            ck_assert_uint_eq(bytes, sizes[i]);
            ck_assert(fw_sha256_eq(info.sha256, fw_sha256_of(fw_buf_sv(&stored))));
            fw_source_free(source);
            /* And one that is given up in the middle. */
            ck_assert_int_eq(fw_source_open_memory(fw_buf_sv(&stored), &source), FW_OK);
            fw_source_hash_aside(source);
            fw_source_line(source, &line);
            fw_source_free(source);
            fw_buf_clear(&stored);
        }
    }
    free(text);
}
END_TEST

START_TEST(pieces)
{
    struct fw_hasher *hasher = fw_hasher_new();
    struct fw_hashing *hashing = fw_hashing_new(hasher);
    ck_assert_ptr_nonnull(hashing);
    for (int round = 0; round < 100; round++) {
        fw_hashing_give(hashing, "abc", 3);
        fw_hashing_wait(hashing);
        fw_hashing_give(hashing, "", 0);
        fw_hashing_wait(hashing);
        fw_hasher_add(hasher, "de", 2);
        ck_assert(fw_sha256_eq(fw_hasher_done(hasher), fw_sha256_of(FW_SV("abcde"))));
    }
    fw_hashing_give(hashing, "abc", 3); /* it is finished before the thread ends */
    fw_hashing_free(hashing);
    ck_assert(fw_sha256_eq(fw_hasher_done(hasher), fw_sha256_of(FW_SV("abc"))));
    fw_hasher_free(hasher);
    fw_hashing_free(NULL);
}
END_TEST

Suite *fw_suite_hashing(void)
{
    Suite *suite = suite_create("hashing");
    TCase *tc = tcase_create("hashing");
    tcase_add_test(tc, hashed_aside);
    tcase_add_test(tc, pieces);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    return suite;
}
