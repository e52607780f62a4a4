/* Tests of Gaia's show configuration: settings, what later commands change, secrets. */
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_gaia;

START_TEST(test_settings)
{
    static const char text[] =
        "# Language version: 14.1v1\n"
        "set hostname edge\nset timezone Asia / Taipei\nset ntp server primary 192.0.2.1 version "
        "4\n"
        "set ntp active on\nadd ntp server 192.0.2.2 type pool version 4\n"
        "set dns primary 192.0.2.53\nset dns suffix example.org\n"
        "add allowed-client host ipv4-address 10.0.0.5\n"
        "add allowed-client network ipv4-address 10.1.0.0 mask-length 16\n"
        "set web daemon-enable on\nset net-access telnet off\n"
        "set user admin shell /etc/cli.sh\nset user admin info x\nadd user ops uid 2600\n"
        "add rba user ops roles monitorRole\nadd user gone uid 1\ndelete user gone\n"
        "add aaa radius-servers priority 1 host 192.0.2.20 port 1812 secret x timeout 3\n"
        "add aaa tacacs-servers priority 1 server 192.0.2.21 key x\n"
        "set aaa tacacs-servers state off\nset snmp agent on\nset snmp agent-version v3-Only\n"
        "add syslog log-remote-address 192.0.2.14 level info\n"
        "set syslog log-remote-address 192.0.2.15 level all port 6514 protocol tcp\n"
        "set interface eth0 ipv4-address 10.0.0.1 mask-length 8\n"
        "set interface eth1 state off\nset interface eth0 comments \"link state off now\"\nset "
        "static-route default nexthop blackhole\n";
    static const struct setting_case cases[] = {
        {FW_SETTING_HOSTNAME, "edge", ""},          {FW_SETTING_TIME_ZONE, "Asia/Taipei", ""},
        {FW_SETTING_DNS_SERVER, "192.0.2.53", ""},  {FW_SETTING_LOG_HOST, "192.0.2.14", "udp"},
        {FW_SETTING_LOG_HOST, "192.0.2.15", "tcp"}, {FW_SETTING_NTP_SERVER, "192.0.2.1", ""},
        {FW_SETTING_NTP_SERVER, "192.0.2.2", ""},   {FW_SETTING_USER, "admin", ""},
        {FW_SETTING_USER, "ops", "monitorRole"},    {FW_SETTING_AAA, "radius", "192.0.2.20"},
        {FW_SETTING_ADMIN_ACCESS, "ssh", ""},       {FW_SETTING_ADMIN_ACCESS, "ssh", ""},
        {FW_SETTING_ADMIN_ACCESS, "https", ""},     {FW_SETTING_ADMIN_ACCESS, "https", ""},
        {FW_SETTING_SNMP, "v3-Only", ""},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_gaia, text);
    check_settings(&parsed, cases, sizeof(cases) / sizeof(cases[0]));
    ck_assert_str_eq(parsed_counts(&parsed), "29/27/2/0/0");
    ck_assert(parsed.ruleset.has_settings);
    ck_assert_int_eq(parsed_policy(&parsed, "access")->rules[0].action, FW_ACTION_UNKNOWN);
    ck_assert_uint_eq(parsed.ruleset.ninterfaces, 2);
    ck_assert_uint_eq(parsed.ruleset.interfaces[0].naddresses, 1);
    ck_assert(parsed.ruleset.interfaces[1].shutdown);
    ck_assert(!parsed.ruleset.interfaces[0].shutdown); /* its remark speaks of a link that is */
    const struct fw_iprange_pair {
        uint64_t lo, hi;
    } ranges[] = {{0x0a000005, 0x0a000005}, {0x0a010000, 0x0a01ffff}};
    for (size_t i = 0; i < 2; i++) {
        ck_assert_uint_eq(parsed.ruleset.settings[10 + i].range.lo.lo, ranges[i].lo);
        ck_assert_uint_eq(parsed.ruleset.settings[10 + i].range.hi.lo, ranges[i].hi);
    }
    parsed_clear(&parsed);
}
END_TEST

/* What is switched off does not count, whatever stands beside it; what cannot be read widens. */
START_TEST(test_off)
{
    static const struct setting_case open[] = {
        {FW_SETTING_ADMIN_ACCESS, "ssh", ""},
        {FW_SETTING_ADMIN_ACCESS, "https", ""},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_gaia,
                "set ntp server primary 192.0.2.1 version 4\nset ntp active off\n"
                "set snmp agent off\nset web daemon-enable on\n"
                "add allowed-client network ipv4-address 10.1.0.0\n"
                "set wonder on\nshow version\nset net-access telnet maybe\n");
    check_settings(&parsed, open, 2);
    ck_assert_uint_eq(parsed.ruleset.settings[0].range.lo.family, 0);
    ck_assert_str_eq(parsed_counts(&parsed), "8/4/0/1/3");
    parsed_clear(&parsed);
}
END_TEST

/* The last word about a user counts; what else is taken back is not followed. */
START_TEST(test_taken_back)
{
    static const struct setting_case left[] = {{FW_SETTING_NTP_SERVER, "192.0.2.1", ""},
                                               {FW_SETTING_USER, "ops", "adminRole"}};
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_gaia,
                "set ntp server primary 192.0.2.1 version 4\nadd user ops uid 1\n"
                "add rba user ops roles monitorRole\ndelete user ops\nadd user ops uid 1\n"
                "add rba user ops roles adminRole\ndelete ntp server 192.0.2.1\n"
                "add user gone uid 2\ndelete user gone\n");
    check_settings(&parsed, left, 2);
    ck_assert_str_eq(parsed_counts(&parsed), "9/8/0/1/0");
    ck_assert(parsed.ruleset.managed);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_hostile)
{
    static const struct secret_case secrets[] = {
        {"set user admin password-hash abc\n", "abc"},
        {"add aaa radius-servers priority 1 host 192.0.2.1 port 1812 secret s3 timeout 3\n", "s3"},
        {"set snmp community c0 read-only\n", "c0"},
        {"set hostname x\n", NULL},
    };
    check_secrets(&fw_parser_gaia, secrets, sizeof(secrets) / sizeof(secrets[0]));
    parsed_mangled(&fw_parser_gaia,
                   "set timezone Asia / Taipei\nadd rba user ops roles a\ndelete user ops\n"
                   "add allowed-client network ipv4-address 10.1.0.0 mask-length 16\n"
                   "set interface eth0 ipv4-address 10.0.0.1 mask-length 8\n");
}
END_TEST

Suite *fw_suite_gaia(void)
{
    Suite *suite = suite_create("gaia");
    TCase *tcase = tcase_create("gaia");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, test_settings);
    tcase_add_test(tcase, test_off);
    tcase_add_test(tcase, test_taken_back);
    tcase_add_test(tcase, test_hostile);
    suite_add_tcase(suite, tcase);
    return suite;
}
