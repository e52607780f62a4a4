/* nft delete rule inet filter input handle 12: rules are named by their handle (nft(8), "delete
 * rule"), which `nft -a list ruleset` and `nft -j list ruleset` print. A rule that became several
 * of the model (a verdict map) has one handle and goes as a whole or not at all. */
#include "analyzers/fixes/fix.h"

static bool is_handle(fw_sv id)
{
    uint64_t n;
    return fw_sv_u64(id, &n);
}

/* The chain's own name: policies are named "table/chain" outside "filter". */
static fw_sv chain_of(const struct fw_policy *policy)
{
    size_t n = policy->table.n;
    bool with_table = policy->name.n > n && policy->name.p[n] == '/' &&
                      fw_sv_eq(fw_sv_sub(policy->name, 0, n), policy->table);
    return with_table ? fw_sv_sub(policy->name, n + 1, policy->name.n) : policy->name;
}

bool fw_fix_nft_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                     const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    fw_sv chain = chain_of(policy);
    fw_sv table = policy->own_table;
    if (!is_handle(rule->id) || policy->family.n == 0 || !fw_fix_plain(table) ||
        !fw_fix_plain(chain)) {
        return false;
    }
    fw_buf_printf(out, "nft delete rule %.*s %.*s %.*s handle %.*s\n", FW_SV_ARG(policy->family),
                  FW_SV_ARG(table), FW_SV_ARG(chain), FW_SV_ARG(rule->id));
    return true;
}

const struct fw_fix_writer fw_fix_nftables = {
    .format = "nftables",
    .comment = "#",
    .needs_id = "fix.needs_handles",
    .remove = fw_fix_nft_rule,
};
