/* ip access-list USERS / no 30 (Cisco Nexus 9000 Series NX-OS Security Configuration Guide,
 * "Removing an IP ACL", "Changing an IP ACL"): every entry has a sequence number. */
#include "analyzers/fixes/fix.h"

static bool refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                   const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                   struct fw_buf *out)
{
    return fw_fix_cisco_refuse(doc, policy, rule, lines, n, FW_FIX_PREFIX, out);
}

/* The device does not let go of "admin". */
static bool remove_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    return !fw_sv_is(name, "admin") && fw_fix_cisco_user(doc, name, out);
}

const struct fw_fix_writer fw_fix_cisco_nxos = {
    .format = "cisco-nxos",
    .comment = "!",
    .by_words = true,
    .remove = fw_fix_cisco_entry,
    .refuse = refuse,
    .remove_object = fw_fix_cisco_object,
    .note = fw_fix_cisco_note,
    .note_max = 100,
    .remove_user = remove_user,
};
