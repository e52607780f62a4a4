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
    fw_buf_printf(out, "%s -t %.*s -D %.*s %" PRIu32 "\n", command_of(policy), FW_SV_WHOLE(table),
                  FW_SV_WHOLE(chain), rule->position);
    return true;
}

static void add_option(struct fw_buf *out, const char *option, fw_sv value)
{
    if (value.n > 0) {
        fw_buf_printf(out, " %s %.*s", option, FW_SV_WHOLE(value));
    }
}

static void add_end(struct fw_buf *out, const char *option, fw_iprange range)
{
    if (range.lo.family != 0) {
        fw_buf_printf(out, " %s ", option);
        fw_iprange_text(out, range);
    }
}

/* "-I FORWARD 12" or "-A FORWARD", what the line says, and where its packets go. */
static bool add_line(const struct fw_policy *policy, const struct fw_rule *rule,
                     const struct fw_refusal *line, const char *target, struct fw_buf *out)
{
    fw_sv table;
    fw_sv chain;
    if (!names_of(policy, &table, &chain)) {
        return false;
    }
    fw_buf_printf(out, "%s -t %.*s %s %.*s", command_of(policy), FW_SV_WHOLE(table),
                  rule ? "-I" : "-A", FW_SV_WHOLE(chain));
    if (rule) {
        fw_buf_printf(out, " %" PRIu32, rule->position);
    }
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
    fw_buf_printf(out, " -j %s\n", target);
    return (line->in.n == 0 || fw_fix_plain(line->in)) &&
           (line->out.n == 0 || fw_fix_plain(line->out));
}

/* Every line in front of a rule goes to the same place: the next pushes it down, which is all the
 * same to denials; what logs comes after what it shall precede. */
bool fw_fix_iptables_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                            const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                            struct fw_buf *out)
{
    (void)doc;
    bool ok = policy->families != FW_FAMILY_BOTH;
    for (size_t i = 0; i < n && ok; i++) {
        const char *first = rule || !lines[i].log ? "DROP" : "LOG";
        ok = add_line(policy, rule, &lines[i], first, out) &&
             (!lines[i].log || add_line(policy, rule, &lines[i], rule ? "LOG" : "DROP", out));
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
