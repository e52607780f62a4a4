/* Cisco IOS and IOS-XE: routers and switches. What is read stands in cisco_ios_*.c.
 *   interface GigabitEthernet0/0
 *    ip access-group OUTSIDE in
 *   ip access-list extended OUTSIDE
 *    permit tcp any host 192.0.2.1 eq www */
#include "parsers/cisco_ios.h"

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    fw_ios_parse(doc, ret, false);
}

static int bid(fw_sv head)
{
    return fw_ios_bid(head, false);
}

const struct fw_parser fw_parser_cisco_ios = {
    .name = "cisco-ios",
    .title = "Cisco IOS and IOS-XE configuration",
    .kind = FW_PARSER_RULESET,
    .version = 7,
    .bid = bid,
    .ruleset = parse,
};
