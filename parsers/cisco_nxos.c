/* Cisco NX-OS: switches of data centres. The lines are read as those of IOS are (cisco_ios_*.c),
 * with the few that differ. feature ssh ip access-list SERVERS 10 permit tcp 192.0.2.0/24 any eq
 * 443 interface Ethernet1/1 ip access-group SERVERS in */
#include "parsers/cisco_ios.h"

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    fw_ios_parse(doc, ret, true);
}

static int bid(fw_sv head)
{
    return fw_ios_bid(head, true);
}

const struct fw_parser fw_parser_cisco_nxos = {
    .name = "cisco-nxos",
    .title = "Cisco NX-OS configuration",
    .kind = FW_PARSER_RULESET,
    .version = 5,
    .bid = bid,
    .ruleset = parse,
};
