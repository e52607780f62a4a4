/* iptables -t filter -D FORWARD 12: rules are named by their number in the chain (iptables(8)). */
#include <inttypes.h>

#include "analyzers/fixes/fix.h"

bool fw_fix_iptables_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                          const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    fw_sv table = policy->table.n > 0 ? policy->table : FW_SV("filter");
    fw_sv chain = policy->name;
    if (chain.n > table.n && chain.p[table.n] == '/' &&
        fw_sv_eq(fw_sv_sub(chain, 0, table.n), table)) {
        chain = fw_sv_sub(chain, table.n + 1, chain.n);
    }
    if (!fw_fix_plain(table) || !fw_fix_plain(chain)) {
        return false;
    }
    const char *command = policy->families == FW_FAMILY_BIT6 ? "ip6tables" : "iptables";
    fw_buf_printf(out, "%s -t %.*s -D %.*s %" PRIu32 "\n", command, FW_SV_ARG(table),
                  FW_SV_ARG(chain), rule->position);
    return true;
}

const struct fw_fix_writer fw_fix_iptables_save = {
    .format = "iptables-save",
    .comment = "#",
    .remove = fw_fix_iptables_rule,
};
