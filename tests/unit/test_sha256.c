/* Tests of core/sha256.h. */
#include "core/sha256.h"

#include "tests/unit/suites.h"

static void check_hex(fw_sha256 hash, const char *want)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(hash, hex);
    ck_assert_str_eq(hex, want);
}

static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/* FIPS 180's examples. */
START_TEST(known_values)
{
    check_hex(fw_sha256_of(FW_SV("")), empty);
    check_hex(fw_sha256_of((fw_sv){0}), empty);
    check_hex(fw_sha256_of(FW_SV("abc")), abc);
    check_hex(fw_sha256_of(FW_SV("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}
END_TEST

START_TEST(hasher_adds_up)
{
    struct fw_hasher *hasher = fw_hasher_new();
    ck_assert_ptr_nonnull(hasher);
    check_hex(fw_hasher_done(hasher), empty);
    fw_hasher_add(hasher, "a", 1);
    fw_hasher_add(hasher, NULL, 0);
    fw_hasher_add(hasher, "bc", 2);
    check_hex(fw_hasher_done(hasher), abc);
    fw_hasher_add(hasher, "x", 1);
    fw_hasher_reset(hasher);
    fw_hasher_add(hasher, "abc", 3);
    check_hex(fw_hasher_done(hasher), abc);
    for (int i = 0; i < 1000000; i++) {
        fw_hasher_add(hasher, "a", 1);
    }
    check_hex(fw_hasher_done(hasher),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    fw_hasher_free(hasher);
    fw_hasher_free(NULL);
}
END_TEST

START_TEST(texts_are_prefixed)
{
    struct fw_hasher *hasher = fw_hasher_new();
    fw_hasher_add_sv(hasher, FW_SV("ab"));
    fw_hasher_add_sv(hasher, FW_SV("c"));
    fw_sha256 one = fw_hasher_done(hasher);
    fw_hasher_add_sv(hasher, FW_SV("a"));
    fw_hasher_add_sv(hasher, FW_SV("bc"));
    fw_sha256 two = fw_hasher_done(hasher);
    ck_assert(!fw_sha256_eq(one, two));
    ck_assert(fw_sha256_eq(one, fw_sha256_of(fw_sv_of("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c", 19))));
    fw_hasher_add_u64(hasher, UINT64_C(0x0102030405060708));
    ck_assert(fw_sha256_eq(fw_hasher_done(hasher), fw_sha256_of(FW_SV("\1\2\3\4\5\6\7\10"))));
    fw_hasher_free(hasher);
}
END_TEST

/* RFC 4231, 4.2 needs a key of 20 bytes: zeros behind it are what HMAC adds. */
START_TEST(keyed_is_hmac)
{
    uint8_t key[32] = {0};
    memset(key, 0x0b, 20);
    check_hex(fw_sha256_keyed(key, FW_SV("Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    check_hex(fw_sha256_tagged('a', FW_SV("b"), FW_SV("c")), abc);
}
END_TEST

START_TEST(parses_its_text)
{
    fw_sha256 hash = {{1}};
    char bad[FW_SHA256_HEX + 2];
    ck_assert(fw_sha256_parse(fw_sv_from(abc), &hash));
    check_hex(hash, abc);
    ck_assert(!fw_sha256_parse(FW_SV(""), &hash));
    ck_assert(!fw_sha256_parse(fw_sv_of(abc, 63), &hash));
    for (size_t i = 0; i < FW_SHA256_HEX; i++) {
        static const char wrong[] = "gG/:@`A\xff ";
        memcpy(bad, abc, sizeof(abc));
        bad[i] = wrong[i % (sizeof(wrong) - 1)];
        ck_assert(!fw_sha256_parse(fw_sv_from(bad), &hash));
    }
    memcpy(bad, abc, sizeof(abc));
    memcpy(bad + FW_SHA256_HEX, "0", 2);
    ck_assert(!fw_sha256_parse(fw_sv_from(bad), &hash));
    check_hex(hash, abc);
}
END_TEST

Suite *fw_suite_sha256(void)
{
    Suite *suite = suite_create("sha256");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, known_values);
    tcase_add_test(tc, hasher_adds_up);
    tcase_add_test(tc, texts_are_prefixed);
    tcase_add_test(tc, keyed_is_hmac);
    tcase_add_test(tc, parses_its_text);
    suite_add_tcase(suite, tc);
    return suite;
}
