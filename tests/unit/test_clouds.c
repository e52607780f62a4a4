/* Tests of security groups and lists of clouds: Amazon's and Azure's JSON as rules. */
#include <stdio.h>

#include "tests/unit/rulejson.h"
#include "tests/unit/rulesetparse.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_aws;
extern const struct fw_parser fw_parser_azure_nsg;

#define FROM(addresses) IFS "\"source\":[" addresses "],\"destination\":\"any\","

START_TEST(test_permissions)
{
    static const struct rule_frame frame = {
        &fw_parser_aws, "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"IpPermissions\": [",
        "]}]}", "sg-1/ingress", "1/1/0/0/0"};
    static const struct rule_case cases[] = {
        {"{\"IpProtocol\": \"-1\", \"IpRanges\": [{\"CidrIp\": \"192.0.2.0/24\"}]}",
         "permit " FROM("\"192.0.2.0/24\"") ALL TAIL},
        {"{\"IpProtocol\": \"tcp\", \"FromPort\": 80, \"ToPort\": 81, \"Ipv6Ranges\": "
         "[{\"CidrIpv6\": \"::/0\"}]}",
         "permit " FROM("\"::/0\"") SVC("tcp", "any", "80-81", "") TAIL},
        {"{\"IpProtocol\": \"udp\", \"FromPort\": -1, \"ToPort\": -1, \"IpRanges\": "
         "[{\"CidrIp\": \"192.0.2.1/32\"}]}",
         "permit " FROM("\"192.0.2.1\"") SVC("udp", "any", "any", "") TAIL},
        {"{\"IpProtocol\": \"icmp\", \"FromPort\": 3, \"ToPort\": 4, \"IpRanges\": "
         "[{\"CidrIp\": \"192.0.2.1/32\"}]}",
         "permit " FROM("\"192.0.2.1\"") SVC("icmp", "any", "any", ",\"icmp\":\"3/4\"") TAIL},
        /* Ports of protocols that have none are not looked at. */
        {"{\"IpProtocol\": \"47\", \"FromPort\": 3, \"ToPort\": 4, \"IpRanges\": "
         "[{\"CidrIp\": \"192.0.2.1/32\"}]}",
         "permit " FROM("\"192.0.2.1\"") SVC("gre", "any", "any", "") TAIL},
        {"{\"IpProtocol\": \"tcp\", \"FromPort\": 1, \"ToPort\": 1, \"UserIdGroupPairs\": "
         "[{\"GroupId\": \"sg-2\"}]}",
         "permit " ANY SVC("tcp", "any", "1", "") WIDE("\"source security-group sg-2\"")},
    };
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* The order of a list is that of its numbers; the one "*" stands at the end. */
START_TEST(test_list)
{
    static const char text[] =
        "{\"NetworkAcls\": [{\"NetworkAclId\": \"acl-1\", \"Associations\": [{\"SubnetId\": "
        "\"subnet-1\"}], \"Entries\": [\n"
        "{\"RuleNumber\": 200, \"Protocol\": \"6\", \"RuleAction\": \"allow\", \"Egress\": false, "
        "\"CidrBlock\": \"0.0.0.0/0\", \"PortRange\": {\"From\": 0, \"To\": 65535}},\n"
        "{\"RuleNumber\": 100, \"Protocol\": \"6\", \"RuleAction\": \"deny\", \"Egress\": false, "
        "\"CidrBlock\": \"0.0.0.0/0\", \"PortRange\": {\"From\": 22, \"To\": 22}},\n"
        "{\"RuleNumber\": 32767, \"Protocol\": \"-1\", \"RuleAction\": \"deny\", \"Egress\": "
        "false, \"CidrBlock\": \"0.0.0.0/0\"}]}]}";
    struct parsed parsed;
    struct fw_trace trace;
    parsed_init(&parsed, &fw_parser_aws, text);
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 192.0.2.1:9 -> 192.0.2.9:22 in=subnet-1", &trace),
                     FW_VERDICT_DENY);
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 192.0.2.1:9 -> 192.0.2.9:23 in=subnet-1", &trace),
                     FW_VERDICT_PERMIT);
    ck_assert_int_eq(parsed_trace(&parsed, "udp 192.0.2.1:9 -> 192.0.2.9:23 in=subnet-1", &trace),
                     FW_VERDICT_DENY);
    const struct fw_policy *policy = parsed_policy(&parsed, "acl-1/ingress");
    ck_assert_uint_eq(policy->n, 3);
    ck_assert(fw_sv_is(policy->rules[0].id, "100") && fw_sv_is(policy->rules[2].id, "32767"));
    parsed_clear(&parsed);
}
END_TEST

/* A group lets nothing in that no rule names. */
START_TEST(test_group)
{
    static const char text[] =
        "{\"SecurityGroupRules\": [{\"SecurityGroupRuleId\": \"sgr-1\", \"GroupId\": \"sg-1\", "
        "\"IsEgress\": false, \"IpProtocol\": \"tcp\", \"FromPort\": 22, \"ToPort\": 22, "
        "\"CidrIpv4\": \"192.0.2.0/24\"}]}";
    struct parsed parsed;
    struct fw_trace trace;
    parsed_init(&parsed, &fw_parser_aws, text);
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 192.0.2.1:9 -> 192.0.2.9:22 in=sg-1", &trace),
                     FW_VERDICT_PERMIT);
    ck_assert_int_eq(parsed_trace(&parsed, "tcp 192.0.3.1:9 -> 192.0.2.9:22 in=sg-1", &trace),
                     FW_VERDICT_DENY);
    ck_assert(fw_sv_is(parsed_policy(&parsed, "sg-1/ingress")->rules[0].id, "sgr-1"));
    parsed_clear(&parsed);
}
END_TEST

#define NSG(rule) \
    "{\"name\": \"g\", \"securityRules\": [{\"name\": \"r\", \"direction\": \"Inbound\", " \
    "\"priority\": 100, " rule "}], \"defaultSecurityRules\": []}"

START_TEST(test_azure)
{
    static const struct rule_frame frame = {&fw_parser_azure_nsg, "", "", "g/inbound", "1/1/0/0/0"};
    static const struct rule_case cases[] = {
        {NSG("\"access\": \"Allow\", \"protocol\": \"Tcp\", \"sourceAddressPrefix\": \"*\", "
             "\"destinationAddressPrefix\": \"192.0.2.1\", \"sourcePortRange\": \"*\", "
             "\"destinationPortRanges\": [\"22\", \"80-90\"]"),
         "permit " IFS "\"source\":\"any\",\"destination\":[\"192.0.2.1\"]," SVC(
             "tcp", "any", "22,80-90", "") TAIL},
        {NSG("\"access\": \"Deny\", \"protocol\": \"*\", \"sourceAddressPrefixes\": "
             "[\"192.0.2.0/25\"], \"destinationAddressPrefix\": \"*\""),
         "deny " FROM("\"192.0.2.0/25\"") ALL TAIL},
        {NSG("\"access\": \"Deny\", \"protocol\": \"*\", \"sourceAddressPrefix\": \"Internet\", "
             "\"destinationAddressPrefix\": \"*\""),
         "deny " ANY ALL WIDE("\"source service-tag Internet\"")},
        {NSG("\"access\": \"Allow\", \"protocol\": \"Icmp\", \"sourceAddressPrefix\": \"*\", "
             "\"destinationAddressPrefix\": \"*\", \"destinationPortRange\": \"22\""),
         "permit " ANY SVC("icmp,ipv6-icmp", "any", "any", "") TAIL},
    };
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
}
END_TEST

/* What is not read of a rule takes nothing from what it may match. */
START_TEST(test_azure_unread)
{
    static const struct rule_frame frame = {&fw_parser_azure_nsg, "", "", "g/inbound", "1/0/0/0/1"};
    static const struct rule_case cases[] = {
        {NSG("\"access\": \"Allow\", \"protocol\": \"Tcp\", \"sourceAddressPrefix\": \"*\", "
             "\"destinationAddressPrefix\": \"*\", \"destinationPortRanges\": [\"22\", "
             "\"22-bogus\"]"),
         "permit " ANY SVC("tcp", "any", "any", "") WIDE("\"not understood\"")},
        {NSG("\"access\": \"Deny\", \"protocol\": \"*\", \"sourceAddressPrefixes\": [5, "
             "\"192.0.2.1\"], \"destinationAddressPrefix\": \"*\""),
         "deny " ANY ALL WIDE("\"not understood\"")},
        {NSG("\"access\": \"Deny\", \"protocol\": \"*\", \"sourceAddressPrefix\": \"*\""),
         "deny " ANY ALL WIDE("\"not understood\"")},
        {"{\"name\": \"g\", \"securityRules\": [{\"name\": \"r\", \"direction\": \"Inbound\", "
         "\"priority\": \"1o0\", \"access\": \"Deny\", \"protocol\": \"*\", "
         "\"sourceAddressPrefix\": \"*\", \"destinationAddressPrefix\": \"*\"}]}",
         "deny " ANY ALL WIDE("\"unknown key\"")},
        {"{\"name\": \"g\", \"securityRules\": [{\"name\": \"r\", \"direction\": \"?\", "
         "\"priority\": 100, \"access\": \"Deny\", \"protocol\": \"*\", "
         "\"sourceAddressPrefix\": \"*\", \"destinationAddressPrefix\": \"*\"}]}",
         "deny " ANY ALL WIDE("\"unknown key\"")},
        {"{\"name\": \"g\", \"securityRules\": [\"[variables('r1')]\"]}",
         "unknown " ANY ALL WIDE("\"rules not read\"")},
        {"{\"name\": \"g\", \"securityRules\": \"[variables('rules')]\"}",
         "unknown " ANY ALL WIDE("\"rules not read\"")},
    };
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_azure_nsg,
                "[{\"type\": \"Microsoft.Network/networkSecurityGroups\", \"name\": \"g\"},\n"
                "{\"type\": \"Microsoft.Network/networkSecurityGroups/securityRules\"}]");
    ck_assert_int_eq(parsed_policy(&parsed, "g/outbound")->rules[0].action, FW_ACTION_UNKNOWN);
    ck_assert_str_eq(parsed_counts(&parsed), "2/1/0/1/0");
    parsed_clear(&parsed);
}
END_TEST

#define ACL(entry) \
    "{\"NetworkAcls\": [{\"NetworkAclId\": \"acl-1\", \"Entries\": [{\"Protocol\": \"6\", " \
    "\"RuleAction\": \"deny\", \"CidrBlock\": \"192.0.2.0/24\", " entry "}]}]}"

START_TEST(test_amazon_unread)
{
    static const struct rule_frame frame = {&fw_parser_aws, "", "", "acl-1/ingress", "1/0/0/0/1"};
    static const struct rule_case cases[] = {
        {ACL("\"RuleNumber\": \"x\", \"Egress\": false"),
         "deny " FROM("\"192.0.2.0/24\"") SVC("tcp", "any", "any", "") WIDE("\"unknown key\"")},
        {ACL("\"RuleNumber\": 1"),
         "deny " FROM("\"192.0.2.0/24\"") SVC("tcp", "any", "any", "") WIDE("\"unknown key\"")},
        {ACL("\"RuleNumber\": 1, \"Egress\": false, \"PortRange\": \"22-22\""),
         "deny " FROM("\"192.0.2.0/24\"") SVC("tcp", "any", "any", "")
             WIDE("\"not understood\",\"unknown key\"")},
        {ACL("\"RuleNumber\": 1, \"Egress\": false, \"PortRange\": {\"From\": [22], \"To\": 22}"),
         "deny " FROM("\"192.0.2.0/24\"") SVC("tcp", "any", "any", "") WIDE("\"not understood\"")},
        {ACL("\"RuleNumber\": 1, \"Egress\": false, \"PortRange\": {\"From\": 22}"),
         "deny " FROM("\"192.0.2.0/24\"") SVC("tcp", "any", "any", "") WIDE("\"not understood\"")},
    };
    static const struct rule_frame odd = {&fw_parser_aws, "", "", "acl-1/ingress", "1/0/0/1/0"};
    static const struct rule_case unknown = {
        ACL("\"RuleNumber\": 1, \"Egress\": false, \"Wonder\": 1"),
        "deny " FROM("\"192.0.2.0/24\"") SVC("tcp", "any", "any", "") WIDE("\"unknown key\"")};
    check_rules(&frame, cases, sizeof(cases) / sizeof(cases[0]));
    check_rules(&odd, &unknown, 1);
    static const struct rule_frame group = {
        &fw_parser_aws, "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"IpPermissions\": [",
        "]}]}", "sg-1/ingress", "1/0/0/1/0"};
    static const struct rule_case sources = {
        "{\"IpProtocol\": \"-1\", \"NewSources\": [{\"Id\": \"x\"}]}",
        "permit " ANY ALL WIDE("\"unknown key\"")};
    check_rules(&group, &sources, 1);
    /* What is not read of a whole group or list. */
    static const struct rule_frame whole = {&fw_parser_aws, "", "", "sg-1/ingress", "1/0/0/1/0"};
    static const struct rule_case new_key = {
        "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"NewPermissions\": [], "
        "\"IpPermissions\": []}]}",
        "permit " ANY ALL WIDE("\"unknown key\"")};
    check_rules(&whole, &new_key, 1);
    static const struct rule_frame bad = {&fw_parser_aws, "", "", "sg-1/ingress", "1/0/0/0/1"};
    static const struct rule_case no_list = {
        "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"IpPermissions\": {\"x\": 1}}]}",
        "permit " ANY ALL WIDE("\"unknown key\"")};
    check_rules(&bad, &no_list, 1);
    static const struct rule_case no_entries = {
        "{\"NetworkAcls\": [{\"NetworkAclId\": \"acl-1\", \"Entries\": \"x\"}]}",
        "unknown " ANY ALL WIDE("\"unknown key\"")};
    check_rules(&frame, &no_entries, 1);
}
END_TEST

/* The default rules are there whether the file says so or not, and asked last. */
START_TEST(test_defaults)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_azure_nsg,
                NSG("\"access\": \"Allow\", \"protocol\": \"*\", \"sourceAddressPrefix\": "
                    "\"192.0.2.1\", \"destinationAddressPrefix\": \"*\""));
    const struct fw_policy *in = parsed_policy(&parsed, "g/inbound");
    const struct fw_policy *out = parsed_policy(&parsed, "g/outbound");
    ck_assert_uint_eq(in->n, 4);
    ck_assert_uint_eq(out->n, 3);
    ck_assert(fw_sv_is(in->rules[3].name, "DenyAllInBound"));
    ck_assert_int_eq(in->rules[3].action, FW_ACTION_DENY);
    ck_assert(fw_sv_is(out->rules[1].name, "AllowInternetOutBound"));
    ck_assert_int_eq(out->rules[1].action, FW_ACTION_PERMIT);
    parsed_clear(&parsed);
}
END_TEST

START_TEST(test_unknown)
{
    struct parsed parsed;
    parsed_init(&parsed, &fw_parser_azure_nsg,
                "[\n{\"type\": \"Microsoft.Network/azureFirewalls\", \"name\": \"f\"},\n"
                "{\"type\": \"Microsoft.Compute/virtualMachines\", \"name\": \"m\"}]");
    ck_assert_str_eq(parsed_counts(&parsed), "3/0/2/1/0");
    parsed_clear(&parsed);
    parsed_init(&parsed, &fw_parser_aws,
                "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\",\n\"Wonder\": 1,\n"
                "\"IpPermissions\": []}]}");
    ck_assert_str_eq(parsed_counts(&parsed), "3/2/0/1/0");
    parsed_clear(&parsed);
    parsed_mangled(&fw_parser_azure_nsg,
                   NSG("\"access\": \"Allow\", \"protocol\": \"*\", \"sourceAddressPrefix\": "
                       "\"192.0.2.1\", \"destinationPortRanges\": [\"22\", \"80-90\"]"));
    parsed_mangled(&fw_parser_aws,
                   "{\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"IpPermissions\": ["
                   "{\"IpProtocol\": \"icmp\", \"FromPort\": 3, \"ToPort\": 4, \"IpRanges\": "
                   "[{\"CidrIp\": \"192.0.2.1/32\"}]}]}]}");
}
END_TEST

Suite *fw_suite_clouds(void)
{
    Suite *suite = suite_create("clouds");
    TCase *tcase = tcase_create("clouds");
    tcase_add_test(tcase, test_permissions);
    tcase_add_test(tcase, test_list);
    tcase_add_test(tcase, test_group);
    tcase_add_test(tcase, test_azure);
    tcase_add_test(tcase, test_azure_unread);
    tcase_add_test(tcase, test_amazon_unread);
    tcase_add_test(tcase, test_defaults);
    tcase_add_test(tcase, test_unknown);
    suite_add_tcase(suite, tcase);
    return suite;
}
