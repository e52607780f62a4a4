/* aws ec2 revoke-security-group-ingress, delete-network-acl-entry: rules of a security group are
 * named by their id or by all they say, those of a list by their number (AWS CLI Command
 * Reference, "ec2"). */
#include <inttypes.h>

#include "analyzers/fixes/fix.h"
#include "core/proto.h"

/* The one value of a set that is a single range; false: it is none. */
static bool one_range(const struct fw_numset *set, uint32_t last, int64_t *ret_lo, int64_t *ret_hi)
{
    *ret_lo = 0;
    *ret_hi = last;
    if (set && set->n == 1) {
        *ret_lo = set->v[0].lo;
        *ret_hi = set->v[0].hi;
    }
    return !set || set->n == 1;
}

/* The permission as the device has it, from what the rule matches exactly. */
static bool say_permission(const struct fw_rule *rule, bool egress, struct fw_buf *out)
{
    const struct fw_term *term = rule->match.n == 1 ? &rule->match.terms[0] : NULL;
    const struct fw_ipset *net = !term ? NULL : egress ? term->dst : term->src;
    int64_t proto;
    int64_t last;
    int64_t lo;
    int64_t hi;
    if (!term || term->natoms > 0 || !net || net->n != 1 ||
        !one_range(term->proto, UINT8_MAX, &proto, &last) || (term->proto && proto != last) ||
        term->icmp || !one_range(term->dport, UINT16_MAX, &lo, &hi)) {
        return false;
    }
    bool six = net->v[0].lo.family == FW_IPV6;
    fw_buf_printf(out, "[{\"IpProtocol\":\"%" PRId64 "\",", term->proto ? proto : -1);
    if (term->proto && (proto == FW_PROTO_ICMP || proto == FW_PROTO_ICMP6)) {
        lo = hi = -1; /* all types, as the device has it; without them the call is refused */
    }
    if (term->dport || proto == FW_PROTO_TCP || proto == FW_PROTO_UDP || lo < 0) {
        fw_buf_printf(out, "\"FromPort\":%" PRId64 ",\"ToPort\":%" PRId64 ",", lo, hi);
    }
    fw_buf_add_cstr(out, six ? "\"Ipv6Ranges\":[{\"CidrIpv6\":\"" : "\"IpRanges\":[{\"CidrIp\":\"");
    fw_iprange_text(out, net->v[0]);
    unsigned bits;
    if (fw_iprange_is_prefix(net->v[0], &bits) && bits == (six ? 128u : 32u)) {
        fw_buf_printf(out, "/%u", bits);
    }
    fw_buf_add_cstr(out, "\"}]}]");
    return true;
}

static bool remove_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out)
{
    (void)doc;
    size_t slash = fw_sv_find_char(policy->name, '/');
    fw_sv id = fw_sv_sub(policy->name, 0, slash);
    bool egress = fw_sv_ends(policy->name, "/egress");
    if (slash == SIZE_MAX || !fw_fix_plain(id)) {
        return false;
    }
    const char *side = egress ? "egress" : "ingress";
    if (fw_sv_starts(id, "acl-")) {
        uint32_t number;
        if (!fw_sv_u32(rule->id, 32766, &number)) { /* 32767 cannot be removed */
            return false;
        }
        fw_buf_printf(out,
                      "aws ec2 delete-network-acl-entry --network-acl-id %.*s --%s "
                      "--rule-number %" PRIu32 "\n",
                      FW_SV_WHOLE(id), side, number);
        return true;
    }
    struct fw_buf permission;
    fw_buf_init(&permission);
    bool named = rule->id.n > 0 && fw_fix_plain(rule->id);
    bool ok = named || (rule->id.n == 0 && say_permission(rule, egress, &permission));
    if (ok) {
        fw_buf_printf(out, "aws ec2 revoke-security-group-%s --group-id %.*s ", side,
                      FW_SV_WHOLE(id));
    }
    if (ok && named) {
        fw_buf_printf(out, "--security-group-rule-ids %.*s\n", FW_SV_WHOLE(rule->id));
    } else if (ok) {
        fw_buf_printf(out, "--ip-permissions '%.*s'\n", FW_SV_WHOLE(fw_buf_sv(&permission)));
    }
    fw_buf_clear(&permission);
    return ok;
}

/* Entries of lists have no description. */
static bool note(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    (void)doc;
    size_t slash = fw_sv_find_char(policy->name, '/');
    fw_sv id = fw_sv_sub(policy->name, 0, slash);
    fw_buf_printf(out,
                  "aws ec2 update-security-group-rule-descriptions-%s --group-id %.*s "
                  "--security-group-rule-descriptions "
                  "'[{\"SecurityGroupRuleId\":\"%.*s\",\"Description\":\"%.*s\"}]'\n",
                  fw_sv_ends(policy->name, "/egress") ? "egress" : "ingress", FW_SV_WHOLE(id),
                  FW_SV_WHOLE(rule->id), FW_SV_WHOLE(text));
    return slash != SIZE_MAX && fw_fix_plain(id) && !fw_sv_starts(id, "acl-") &&
           fw_sv_starts(rule->id, "sgr-") && fw_fix_plain(rule->id);
}

const struct fw_fix_writer fw_fix_aws = {
    .format = "aws",
    .comment = "#",
    .remove = remove_rule,
    .note = note,
    .note_max = 255,
};
