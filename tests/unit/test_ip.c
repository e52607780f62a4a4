/* Tests of core/ip.h. */
#include "core/ip.h"

#include "tests/unit/suites.h"

START_TEST(text_of_addresses)
{
    static const char *const rows[][2] = {
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"fe80::1%eth0", "fe80::1"},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
        {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
        {"1::", "1::"},
        {"10.0.0.0/8", "10.0.0.0/8"},
        {"10.1.2.3/255.255.0.0", "10.1.0.0/16"},
        {"2001:db8::/32", "2001:db8::/32"},
        {"::/0", "::/0"},
        {"0.0.0.0/0", "0.0.0.0/0"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_iprange range;
        struct fw_buf buf;
        fw_buf_init(&buf);
        ck_assert_msg(fw_iprange_parse(fw_sv_from(rows[i][0]), &range, NULL), "%s", rows[i][0]);
        fw_iprange_text(&buf, range);
        ck_assert_str_eq(buf.p, rows[i][1]);
        fw_buf_clear(&buf);
    }
}
END_TEST

START_TEST(refused)
{
    static const char *const rows[] = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        "1..2.3",
        "1.2.3.4/",
        "::/129",
        "1.2.3.4/33",
        "1.2.3.4/0.0.0.255",
        ":",
        ":::",
        "1:2:3:4:5",
        "1::2::3",
        "12345::",
        "1:2:3:4:5:6:7:8:9",
        "::1%",
        "1:",
        "::1.2.3",
        "1.2.3.4::",
        "1.2.3.4/08",
        "any",
        "1.2.3.4/::",
        "%a:",
        ":1",
        "g::",
        "::1.2.3.4:5.6",
        "1:2:3:4:5:6:7::8",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_iprange range;
        ck_assert_msg(!fw_iprange_parse(fw_sv_from(rows[i]), &range, NULL), "%s", rows[i]);
    }
}
END_TEST

Suite *fw_suite_ip(void)
{
    Suite *suite = suite_create("ip");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, text_of_addresses);
    tcase_add_test(tc, refused);
    suite_add_tcase(suite, tc);
    return suite;
}
