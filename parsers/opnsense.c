/* OPNsense's config.xml.
 *   <opnsense><filter><rule><type>pass</type><interface>lan</interface>...</rule></filter></opnsense>
 * What it shares with its sibling is read by sense.c and its neighbours. */
#include "parsers/parser.h"
#include "parsers/sense.h"

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    fw_sense_parse(doc, ret, "opnsense", true);
}

static int bid(fw_sv head)
{
    return fw_sv_find(head, FW_SV("<opnsense>")) != SIZE_MAX &&
                   fw_sv_find(fw_sv_sub(head, 0, 4096), FW_SV("<")) != SIZE_MAX
               ? FW_BID_SURE
               : FW_BID_NO;
}

const struct fw_parser fw_parser_opnsense = {
    .name = "opnsense",
    .title = "OPNsense config.xml",
    .kind = FW_PARSER_RULESET,
    .version = 4,
    .bid = bid,
    .ruleset = parse,
};
