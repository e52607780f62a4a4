/* Scripts of iptables commands and listings of `iptables -S`: what they leave on the device is
 * removed there as what iptables-save prints, by number. */
#include "analyzers/fixes/fix.h"

const struct fw_fix_writer fw_fix_iptables_commands = {
    .format = "iptables-commands",
    .comment = "#",
    .remove = fw_fix_iptables_rule,
    .refuse = fw_fix_iptables_refuse,
    .by_name = true,
    .note = fw_fix_iptables_note,
    .note_max = 255,
};
