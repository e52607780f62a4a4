/* delete user ops: Gaia has accounts and no rules (Check Point, Gaia Administration Guide,
 * "Managing User Accounts"); its rules are those of the management server. */
#include "analyzers/fixes/fix.h"

/* The device does not let go of the two it came with. */
static bool remove_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    (void)doc;
    fw_buf_printf(out, "delete user %.*s\n", FW_SV_WHOLE(name));
    return fw_fix_plain(name) && !fw_sv_is(name, "admin") && !fw_sv_is(name, "monitor");
}

const struct fw_fix_writer fw_fix_gaia = {
    .format = "gaia",
    .comment = "#",
    .remove_user = remove_user,
};
