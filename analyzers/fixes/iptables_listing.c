/* Listings of `iptables -L`: what they show is removed as what iptables-save prints, by number. */
#include "analyzers/fixes/fix.h"

const struct fw_fix_writer fw_fix_iptables_listing = {
    .format = "iptables-listing",
    .comment = "#",
    .remove = fw_fix_iptables_rule,
};
