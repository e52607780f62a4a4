/* 15 deny tcp any host 192.0.2.10 eq 23: denials and remarks in the words of Cisco's devices. On
 * IOS and NX-OS an entry stands where its number says: there has to be room for numbers in front of
 * the rule, and all of them must be written (what a device would number by itself is not guessed).
 * Without a number an entry goes to the end. */
#include <inttypes.h>

#include "analyzers/fixes/fix.h"

#include "core/proto.h"

static void add_end(struct fw_buf *out, fw_iprange range, enum fw_fix_masks masks)
{
    unsigned bits = 0;
    if (range.lo.family == 0) {
        fw_buf_add_cstr(out, " any");
        return;
    }
    fw_iprange_is_prefix(range, &bits);
    bool host = fw_ip_eq(range.lo, range.hi);
    fw_buf_add_cstr(out, host ? " host " : " ");
    fw_ip_text(out, range.lo);
    if (host) {
        return;
    }
    if (range.lo.family == FW_IPV6 || masks == FW_FIX_PREFIX) {
        fw_buf_printf(out, "/%u", bits);
        return;
    }
    uint32_t wildcard = bits == 0 ? UINT32_MAX : (uint32_t)((UINT64_C(1) << (32 - bits)) - 1);
    fw_buf_add_char(out, ' ');
    fw_ip_text(out, fw_ip4(masks == FW_FIX_WILDCARD ? wildcard : ~wildcard));
}

void fw_fix_cisco_flow(const struct fw_refusal *line, enum fw_fix_masks masks, const char *any,
                       struct fw_buf *out)
{
    fw_buf_add_char(out, ' ');
    if (line->proto < 0) {
        fw_buf_add_cstr(out, any);
    } else {
        fw_refusal_proto(out, line->proto);
    }
    add_end(out, line->src, masks);
    add_end(out, line->dst, masks);
    if (line->port_lo == line->port_hi) {
        fw_buf_printf(out, " eq %u", line->port_lo);
    } else if (line->port_lo > 0 || line->port_hi < UINT16_MAX) {
        fw_buf_printf(out, " range %u %u", line->port_lo, line->port_hi);
    }
    fw_buf_add_cstr(out, line->log ? " log" : "");
}

/* The number of the first of `n` entries that fit in front of the rule. */
static bool find_room(const struct fw_policy *policy, const struct fw_rule *rule, size_t n,
                      uint64_t *ret)
{
    size_t at = (size_t)(rule - policy->rules);
    uint64_t number = 0;
    uint64_t before = 0;
    bool ok = fw_sv_u64(rule->id, &number) &&
              (at == 0 || fw_sv_u64(policy->rules[at - 1].id, &before)) && number > before + n;
    *ret = ok ? number - n : 0;
    return ok;
}

bool fw_fix_cisco_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                         const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                         enum fw_fix_masks masks, struct fw_buf *out)
{
    struct fw_buf room;
    fw_buf_init(&room);
    fw_sv mode = fw_fix_cisco_mode(fw_doc_line_text(doc, policy->span.line), policy->name, &room);
    uint64_t number = 0;
    bool six = fw_sv_starts(mode, "ipv6 ");
    bool ok = mode.n > 0 && !fw_sv_starts(mode, "ip access-list standard ") &&
              (!rule || find_room(policy, rule, n, &number));
    if (ok) {
        fw_buf_printf(out, "%.*s\n", FW_SV_WHOLE(mode));
        for (size_t i = 0; i < n; i++) {
            if (rule) {
                fw_buf_printf(out, six ? " sequence %zu" : " %zu", (size_t)number + i);
            }
            fw_buf_add_cstr(out, " deny");
            fw_fix_cisco_flow(&lines[i], masks, six ? "ipv6" : "ip", out);
            fw_buf_add_char(out, '\n');
        }
        fw_buf_add_cstr(out, " exit\n");
    }
    fw_buf_clear(&room);
    return ok;
}

/* "15 remark ...": NX-OS, and IOS XE where it numbers remarks; lists for IPv6 do not. */
bool fw_fix_cisco_note(const struct fw_doc *doc, const struct fw_policy *policy,
                       const struct fw_rule *rule, fw_sv text, struct fw_buf *out)
{
    struct fw_buf room;
    fw_buf_init(&room);
    fw_sv mode = fw_fix_cisco_mode(fw_doc_line_text(doc, policy->span.line), policy->name, &room);
    uint64_t number = 0;
    bool ok = fw_sv_starts(mode, "ip ") && find_room(policy, rule, 1, &number);
    if (ok) {
        fw_buf_printf(out, "%.*s\n %" PRIu64 " remark %.*s\n exit\n", FW_SV_WHOLE(mode), number,
                      FW_SV_WHOLE(text));
    }
    fw_buf_clear(&room);
    return ok;
}

bool fw_fix_cisco_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out)
{
    (void)doc;
    fw_buf_printf(out, "no username %.*s\n", FW_SV_WHOLE(name));
    return fw_fix_plain(name);
}
