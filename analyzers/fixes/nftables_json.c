/* What `nft -j list ruleset` prints has the handles that `nft delete rule` asks for. */
#include "analyzers/fixes/fix.h"

const struct fw_fix_writer fw_fix_nftables_json = {
    .format = "nftables-json",
    .comment = "#",
    .needs_id = "fix.needs_handles",
    .remove = fw_fix_nft_rule,
    .refuse = fw_fix_nft_refuse,
    .by_name = true,
};
