/* nft delete rule inet filter input handle 12: rules are named by their handle (nft(8), "delete
 * rule"), which `nft -a list ruleset` and `nft -j list ruleset` print. A rule that became several
 * of the model (a verdict map) has one handle and goes as a whole or not at all. */
#include "analyzers/fixes/fix.h"
#include "core/proto.h"

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
    fw_buf_printf(out, "nft delete rule %.*s %.*s %.*s handle %.*s\n", FW_SV_WHOLE(policy->family),
                  FW_SV_WHOLE(table), FW_SV_WHOLE(chain), FW_SV_WHOLE(rule->id));
    return true;
}

static void add_end(struct fw_buf *out, const char *end, fw_iprange range)
{
    if (range.lo.family != 0) {
        fw_buf_printf(out, " %s %s ", range.lo.family == FW_IPV6 ? "ip6" : "ip", end);
        fw_iprange_text(out, range);
    }
}

/* Names of one interface: those of many end in '*', which a shell would expand. */
static bool add_name(struct fw_buf *out, const char *end, fw_sv name)
{
    if (name.n > 0) {
        fw_buf_printf(out, " %s %.*s", end, FW_SV_WHOLE(name));
    }
    return name.n == 0 || (fw_fix_plain(name) && name.p[name.n - 1] != '+');
}

bool fw_fix_nft_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                       const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                       struct fw_buf *out)
{
    (void)doc;
    fw_sv chain = chain_of(policy);
    bool ok = (!rule || is_handle(rule->id)) && policy->family.n > 0 &&
              fw_fix_plain(policy->own_table) && fw_fix_plain(chain);
    for (size_t i = 0; i < n && ok; i++) {
        const struct fw_refusal *line = &lines[i];
        bool ports = line->port_lo > 0 || line->port_hi < UINT16_MAX;
        fw_buf_printf(out, "nft %s rule %.*s %.*s %.*s", rule ? "insert" : "add",
                      FW_SV_WHOLE(policy->family), FW_SV_WHOLE(policy->own_table),
                      FW_SV_WHOLE(chain));
        if (rule) {
            fw_buf_printf(out, " handle %.*s", FW_SV_WHOLE(rule->id));
        }
        ok = add_name(out, "iifname", line->in) && add_name(out, "oifname", line->out);
        add_end(out, "saddr", line->src);
        add_end(out, "daddr", line->dst);
        if (line->proto >= 0) {
            fw_buf_add_cstr(out, ports ? " " : " meta l4proto ");
            if (ports) {
                fw_proto_text(out, (uint8_t)line->proto);
            } else {
                fw_refusal_proto(out, line->proto);
            }
        }
        if (ports) {
            fw_buf_printf(out, line->port_lo < line->port_hi ? " dport %u-%u" : " dport %u",
                          line->port_lo, line->port_hi);
        }
        fw_buf_add_cstr(out, line->log ? " log drop\n" : " drop\n");
    }
    return ok;
}

const struct fw_fix_writer fw_fix_nftables = {
    .format = "nftables",
    .comment = "#",
    .needs_id = "fix.needs_handles",
    .remove = fw_fix_nft_rule,
    .refuse = fw_fix_nft_refuse,
    .by_name = true,
};
