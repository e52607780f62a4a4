/* iptables -t filter -D FORWARD 12: rules are named by their number in the chain (iptables(8)). */
#include <inttypes.h>

#include "analyzers/fixes/fix.h"

/* "iptables -t filter", and the chain's own name; false: they cannot be written safely. */
static bool names_of(const struct fw_policy *policy, fw_sv *ret_table, fw_sv *ret_chain)
{
    fw_sv table = policy->table.n > 0 ? policy->table : FW_SV("filter");
    fw_sv chain = policy->name;
    if (chain.n > table.n && chain.p[table.n] == '/' &&
        fw_sv_eq(fw_sv_sub(chain, 0, table.n), table)) {
        chain = fw_sv_sub(chain, table.n + 1, chain.n);
    }
    *ret_table = table;
    *ret_chain = chain;
    return fw_fix_plain(table) && fw_fix_plain(chain);
}

static const char *command_of(const struct fw_policy *policy)
{
    return policy->families == FW_FAMILY_BIT6 ? "ip6tables" : "iptables";
}

bool fw_fix_iptables_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                          const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    fw_sv table;
    fw_sv chain;
    if (!names_of(policy, &table, &chain)) {
        return false;
    }
    fw_buf_printf(out, "%s -t %.*s -D %.*s %" PRIu32 "\n", command_of(policy), FW_SV_ARG(table),
                  FW_SV_ARG(chain), rule->position);
    return true;
}

static void add_option(struct fw_buf *out, const char *option, fw_sv value)
{
    if (value.n > 0) {
        fw_buf_printf(out, " %s %.*s", option, FW_SV_ARG(value));
    }
}

static void add_end(struct fw_buf *out, const char *option, fw_iprange range)
{
    if (range.lo.family != 0) {
        fw_buf_printf(out, " %s ", option);
        fw_iprange_text(out, range);
    }
}

/* Every line goes to the same place: the next pushes it down, which is all the same to denials. */
bool fw_fix_iptables_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                            const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                            struct fw_buf *out)
{
    (void)doc;
    fw_sv table;
    fw_sv chain;
    bool ok = names_of(policy, &table, &chain) && policy->families != FW_FAMILY_BOTH;
    for (size_t i = 0; i < n && ok; i++) {
        const struct fw_refusal *line = &lines[i];
        fw_buf_printf(out, "%s -t %.*s -I %.*s %" PRIu32, command_of(policy), FW_SV_ARG(table),
                      FW_SV_ARG(chain), rule->position);
        add_option(out, "-i", line->in);
        add_option(out, "-o", line->out);
        add_end(out, "-s", line->src);
        add_end(out, "-d", line->dst);
        if (line->proto >= 0) {
            fw_buf_add_cstr(out, " -p ");
            fw_refusal_proto(out, line->proto);
        }
        if (line->port_lo > 0 || line->port_hi < UINT16_MAX) {
            fw_buf_printf(out, line->port_lo < line->port_hi ? " --dport %u:%u" : " --dport %u",
                          line->port_lo, line->port_hi);
        }
        fw_buf_add_cstr(out, " -j DROP\n");
        ok = (line->in.n == 0 || fw_fix_plain(line->in)) &&
             (line->out.n == 0 || fw_fix_plain(line->out));
    }
    return ok;
}

const struct fw_fix_writer fw_fix_iptables_save = {
    .format = "iptables-save",
    .comment = "#",
    .remove = fw_fix_iptables_rule,
    .refuse = fw_fix_iptables_refuse,
    .by_name = true,
};
