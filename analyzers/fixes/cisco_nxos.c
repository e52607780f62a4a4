/* ip access-list USERS / no 30 (Cisco Nexus 9000 Series NX-OS Security Configuration Guide,
 * "Removing an IP ACL", "Changing an IP ACL"): every entry has a sequence number. */
#include "analyzers/fixes/fix.h"

const struct fw_fix_writer fw_fix_cisco_nxos = {
    .format = "cisco-nxos",
    .comment = "!",
    .remove = fw_fix_cisco_entry,
    .remove_object = fw_fix_cisco_object,
};
