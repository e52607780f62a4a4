/* What ASA configurations say of the device itself, and which of their words are secret. */
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_cisco_asa;

START_TEST(test_settings)
{
    static const struct setting_case expected[] = {
        {FW_SETTING_VERSION, "9.16(4)", "ASA"},
        {FW_SETTING_HOSTNAME, "fw1", ""},
        {FW_SETTING_TIME_ZONE, "CST 8", ""},
        {FW_SETTING_NTP_SERVER, "192.0.2.1", "key 6 prefer"},
        {FW_SETTING_NTP_AUTH, "authenticate", ""},
        {FW_SETTING_LOG_ON, "logging", ""},
        {FW_SETTING_LOG_HOST, "10.0.0.9", "tcp/1514"},
        {FW_SETTING_LOG_LEVEL, "informational", "trap"},
        {FW_SETTING_LOG_TIMESTAMP, "timestamp", "rfc5424"},
        {FW_SETTING_LOG_OFF, "106023", "message"},
        {FW_SETTING_ADMIN_ACCESS, "ssh", "inside"},
        {FW_SETTING_USER, "admin", "15"},
        {FW_SETTING_AAA, "authentication ssh console LOCAL", ""},
        {FW_SETTING_DNS_SERVER, "10.0.0.53", ""},
        {FW_SETTING_SNMP, "2c", "10.0.0.5"},
        {FW_SETTING_SAME_SECURITY, "inter-interface", ""},
    };
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_cisco_asa,
                "ASA Version 9.16(4)\nhostname fw1\nclock timezone CST 8\n"
                "ntp server 192.0.2.9\nno ntp server 192.0.2.9\n"
                "ntp server 192.0.2.1 key 6 prefer\nntp authenticate\n"
                "logging enable\nlogging host inside 10.0.0.9 tcp/1514\n"
                "logging trap informational\nlogging timestamp rfc5424\nno logging message 106023\n"
                "telnet 0.0.0.0 0.0.0.0 inside\nclear configure telnet\n"
                "ssh 10.0.0.0 255.0.0.0 inside\n"
                "username admin password $sha512$5000$abc= pbkdf2 privilege 15\n"
                "aaa authentication ssh console LOCAL\n"
                "dns server-group DefaultDNS\n name-server 10.0.0.53 inside\n"
                "snmp-server host inside 10.0.0.5 community s3cret version 2c\n"
                "same-security-traffic permit inter-interface\n"
                "access-list A extended deny ip any any\n");
    check_settings(&parsed, expected, sizeof(expected) / sizeof(expected[0]));
    ck_assert_uint_eq(parsed.ruleset.settings[10].range.hi.lo, 0x0affffff);
    ck_assert(fw_sv_is(parsed.ruleset.hostname, "fw1"));
    ck_assert(!parsed_policy(&parsed, "A")->rules[0].log); /* its message is switched off */
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_secrets)
{
    static const struct secret_case cases[] = {
        {"enable password 8Ry2YjIyt7RRXU24 encrypted", "8Ry2YjIyt7RRXU24"},
        {"passwd 2KFQnbNIdI.2KYOU encrypted", "2KFQnbNIdI.2KYOU"},
        {"username bob password hunter2 privilege 1", "hunter2"},
        {"snmp-server community public", "public"},
        {"snmp-server host inside 10.0.0.5 community s3cret version 2c", "s3cret"},
        {"snmp-server user u g v3 auth sha authkey priv aes 128 privkey", "authkey"},
        {"ntp authentication-key 6 md5 aKey", "aKey"},
        {"tunnel-group 192.0.2.9 ipsec-attributes\n ikev1 pre-shared-key psk", "psk"},
        {"aaa-server R (inside) host 10.0.0.1\n key topsecret", "topsecret"},
        {"aaa-server R (inside) host 10.0.0.1 topsecret timeout 5", "topsecret"},
        {"aaa-server R (inside) host 10.0.0.1 timeout 5", NULL},
        {"key config-key password-encryption master", "master"},
        {"copy ftp://me:word@192.0.2.7/x.cfg running-config", "word"},
        {"failover key word", "word"},
        {"isakmp key word address 192.0.2.9", "word"},
        {"enable password ***** pbkdf2", NULL},
        {"ntp server 192.0.2.1 key 6", NULL},
        {"crypto key generate rsa modulus 2048", NULL},
        {"access-list A extended permit tcp any host 10.0.0.1 eq 80", NULL},
        {"password encryption aes", NULL},
        {"aaa-server AUTH (inside) host 10.0.0.1 s3cret timeout 10", "s3cret"},
        {"aaa-server AUTH (inside) host 10.0.0.1 timeout 10", NULL},
    };
    check_secrets(&fw_parser_cisco_asa, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST
Suite *fw_suite_cisco_asa_settings(void)
{
    Suite *suite = suite_create("cisco_asa_settings");
    TCase *tc = tcase_create("cisco_asa_settings");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, test_settings);
    tcase_add_test(tc, test_secrets);
    suite_add_tcase(suite, tc);
    return suite;
}
