/* Tests of `ufw status` as rules. */
#include <stdio.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_ufw;

#define HEAD \
    "Status: active\nLogging: on (low)\nDefault: deny (incoming), allow (outgoing), disabled " \
    "(routed)\n\nTo   Action   From\n--   ------   ----\n"
#define FOUR IFS "\"source\":[\"0.0.0.0/0\"],\"destination\":\"any\","

static struct parsed with(const char *row, char *text, size_t size)
{
    struct parsed parsed;
    snprintf(text, size, "%s%s\n", HEAD, row);
    parsed_init(&parsed, &fw_parser_ufw, text);
    return parsed;
}

START_TEST(test_rows)
{
    static const struct {
        const char *row, *policy, *json;
    } cases[] = {
        {"22                 ALLOW IN    Anywhere", "incoming",
         "permit " FOUR "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\",\"destination_"
         "port\":\"22\"},{\"protocol\":\"udp\",\"source_port\":\"any\",\"destination_port\":"
         "\"22\"}]," TAIL},
        {"80,443/tcp on eth0 DENY        192.0.2.0/24", "incoming",
         "deny \"in\":\"eth0\",\"out\":\"any\",\"source\":[\"192.0.2.0/24\"],\"destination\":"
         "\"any\"," SVC("tcp", "any", "80,443", "") TAIL},
        {"1,2,100:200,300:400/udp (v6) REJECT IN    Anywhere (v6)", "incoming",
         "reject " IFS "\"source\":[\"::/0\"],\"destination\":\"any\"," SVC(
             "udp", "any", "1-2,100-200,300-400", "") TAIL},
        {"10.0.0.1/esp       ALLOW IN    10.4.0.0/16/esp", "incoming",
         "permit " IFS "\"source\":[\"10.4.0.0/16\"],\"destination\":[\"10.0.0.1\"]," SVC(
             "esp", "any", "any", "") TAIL},
        {"Anywhere           ALLOW OUT   192.0.2.1 1024/udp on eth1 (out)", "outgoing",
         "permit \"in\":\"any\",\"out\":\"eth1\",\"source\":[\"192.0.2.1\"],\"destination\":"
         "\"any\"," SVC("udp", "1024", "any", "") TAIL},
        {"192.0.2.1 53 on a  ALLOW FWD   Anywhere on b", "routed",
         "permit \"in\":\"b\",\"out\":\"a\",\"source\":[\"0.0.0.0/0\"],\"destination\":[\"192.0.2."
         "1\"],\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\",\"destination_port\":"
         "\"53\"},{\"protocol\":\"udp\",\"source_port\":\"any\",\"destination_port\":\"53\"}]"
         "," TAIL},
        {"ff02::fb mDNS      ALLOW IN    Anywhere (v6)", "incoming",
         "permit " IFS
         "\"source\":[\"::/0\"],\"destination\":[\"ff02::fb\"]," ALL WIDE("\"application mDNS\"")},
        {"22/tcp             DENY IN     Anywhere         # see ufw status", "incoming",
         "deny " FOUR SVC("tcp", "any", "22", "") "\"comment\":\"see ufw status\",\"hits\":null,"
                                                  "\"exact\":true,\"unmodelled\":[]}"},
        {"22/tcp             LIMIT IN    Anywhere", "incoming",
         "unknown " FOUR SVC("tcp", "any", "22", "") WIDE("\"limit\"")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1024];
        struct parsed parsed = with(cases[i].row, text, sizeof(text));
        ck_assert_str_eq(parsed_rule(&parsed, cases[i].policy, 2), cases[i].json);
        ck_assert_str_eq(parsed_counts(&parsed), "7/5/2/0/0");
        parsed_clear(&parsed);
    }
}
END_TEST

/* before.rules is not shown: nothing is proven of the whole, but rules compare with each other. */
START_TEST(test_whole)
{
    char text[1024];
    struct parsed parsed = with("22/tcp ALLOW IN Anywhere", text, sizeof(text));
    struct fw_trace trace;
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 192.0.2.1:9 -> 192.0.2.9:23 hook=input", &trace),
                     FW_VERDICT_MAY);
    const struct fw_policy *policy = parsed_policy(&parsed, "outgoing");
    ck_assert_int_eq(policy->fallback, FW_ACTION_PERMIT);
    ck_assert_int_eq(parsed_policy(&parsed, "routed")->fallback, FW_ACTION_DENY);
    static const struct setting_case settings[] = {{FW_SETTING_LOG_LEVEL, "low", ""}};
    check_settings(&parsed, settings, 1);
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_ufw, "Status: inactive\n");
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 192.0.2.1:9 -> 192.0.2.9:23 hook=input", &trace),
                     FW_VERDICT_PERMIT);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_profiles)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_ufw,
                "Status: active\nTo Action From\nWeb ALLOW IN Anywhere\nwhat\n"
                "Profile: Web\nTitle: w\nPorts:\n  80/tcp\n  53\n  what\n");
    ck_assert_str_eq(parsed_rule(&parsed, "incoming", 2),
                     "permit " FOUR
                     "\"service\":[{\"protocol\":\"tcp\",\"source_port\":\"any\",\"destination_"
                     "port\":\"53,80\"},{\"protocol\":\"udp\",\"source_port\":\"any\","
                     "\"destination_port\":\"53\"},{\"protocol\":\"any\",\"source_port\":\"any\","
                     "\"destination_port\":\"any\"}]," WIDE("\"what\""));
    ck_assert_int_eq(parsed_policy(&parsed, "incoming")->rules[2].action, FW_ACTION_UNKNOWN);
    ck_assert_str_eq(parsed_counts(&parsed), "10/7/1/0/2");
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_ufw, "Status: active\n[ 1]\n"); /* a number and no more */
    ck_assert_str_eq(parsed_counts(&parsed), "2/1/0/0/1");
    parsed_clear(&parsed);
    parsed_mangled(&fw_parser_ufw,
                   HEAD "[ 1] 10.0.0.1 80,90:99/tcp (v6) on eth0 ALLOW FWD "
                        "Anywhere (v6) on b (log) # why\nProfile: a\nPorts:\n  1\n");
}
END_TEST

Suite *fw_suite_ufw(void)
{
    Suite *suite = suite_create("ufw");
    TCase *tcase = tcase_create("ufw");
    tcase_add_test(tcase, test_rows);
    tcase_add_test(tcase, test_whole);
    tcase_add_test(tcase, test_profiles);
    suite_add_tcase(suite, tcase);
    return suite;
}
