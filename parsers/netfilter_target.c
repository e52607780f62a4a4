/* What "-j NAME" does when the name is no chain: one row a target, from iptables-extensions(8). A
 * target without a row may do anything. */
#include "parsers/netfilter_match.h"

#include <string.h>

enum {
    LOGS = 1,
    SETS_MARK = 2,
    OWN_ADDRESS = 4,
};

struct fw_nf_target {
    const char *name;
    enum fw_action action;
    unsigned flags;
    unsigned alters;     /* FW_NF_ALTERS_ */
    const char *options; /* name:arguments */
};

static const struct fw_nf_target targets[] = {
    {"ACCEPT", FW_ACTION_PERMIT, 0, 0, ""},
    {"AUDIT", FW_ACTION_CONTINUE, 0, 0, "--type:1"},
    {"CHECKSUM", FW_ACTION_CONTINUE, 0, 0, "--checksum-fill:0"},
    {"CLASSIFY", FW_ACTION_CONTINUE, 0, 0, "--set-class:1"},
    {"CLUSTERIP", FW_ACTION_UNKNOWN, 0, 0,
     "--new:0 --hashmode:1 --clustermac:1 --total-nodes:1 --local-node:1 --hash-init:1"},
    {"CONNMARK", FW_ACTION_CONTINUE, 0, 0,
     "--set-xmark:1 --set-mark:1 --and-mark:1 --or-mark:1 --xor-mark:1 --save-mark:0 "
     "--restore-mark:0 --nfmask:1 --ctmask:1 --mask:1 --left-shift-mark:1 --right-shift-mark:1"},
    {"CONNSECMARK", FW_ACTION_CONTINUE, 0, 0, "--save:0 --restore:0"},
    {"CT", FW_ACTION_CONTINUE, 0, 0,
     "--notrack:0 --helper:1 --ctevents:1 --expevents:1 --zone-orig:1 --zone-reply:1 --zone:1 "
     "--timeout:1"},
    {"DNAT", FW_ACTION_DNAT, 0, 0, "--to-destination:1 --random:0 --persistent:0 --random-fully:0"},
    {"DNPT", FW_ACTION_CONTINUE, 0, 0, "--src-pfx:1 --dst-pfx:1"},
    {"DROP", FW_ACTION_DENY, 0, 0, ""},
    {"DSCP", FW_ACTION_CONTINUE, 0, FW_NF_ALTERS_TOS, "--set-dscp:1 --set-dscp-class:1"},
    {"ECN", FW_ACTION_CONTINUE, 0, FW_NF_ALTERS_TOS,
     "--ecn-tcp-remove:0 --ecn-tcp-cwr:1 --ecn-tcp-ece:1 --ecn-ip-ect:1"},
    {"FLOWOFFLOAD", FW_ACTION_CONTINUE, 0, 0, "--hw:0"},
    {"HL", FW_ACTION_CONTINUE, 0, FW_NF_ALTERS_TTL, "--hl-set:1 --hl-dec:1 --hl-inc:1"},
    {"HMARK", FW_ACTION_CONTINUE, 0, FW_NF_ALTERS_MARK,
     "--hmark-tuple:1 --hmark-mod:1 --hmark-offset:1 --hmark-src-prefix:1 --hmark-dst-prefix:1 "
     "--hmark-sport-mask:1 --hmark-dport-mask:1 --hmark-spi-mask:1 --hmark-proto-mask:1 "
     "--hmark-rnd:1 --hmark-sport:1 --hmark-dport:1 --hmark-spi:1"},
    {"IDLETIMER", FW_ACTION_CONTINUE, 0, 0, "--timeout:1 --label:1 --alarm:0 --send_nl_msg:0"},
    {"LED", FW_ACTION_CONTINUE, 0, 0, "--led-trigger-id:1 --led-delay:1 --led-always-blink:0"},
    {"LOG", FW_ACTION_CONTINUE, LOGS, 0,
     "--log-level:1 --log-prefix:1 --log-tcp-sequence:0 --log-tcp-options:0 --log-ip-options:0 "
     "--log-uid:0 --log-macdecode:0"},
    {"MARK", FW_ACTION_CONTINUE, SETS_MARK, 0,
     "--set-xmark:1 --set-mark:1 --and-mark:1 --or-mark:1 --xor-mark:1"},
    {"MASQUERADE", FW_ACTION_SNAT, OWN_ADDRESS, 0, "--to-ports:1 --random:0 --random-fully:0"},
    {"NETMAP", FW_ACTION_DNAT, 0, 0, "--to:1"},
    {"NFLOG", FW_ACTION_CONTINUE, LOGS, 0,
     "--nflog-group:1 --nflog-prefix:1 --nflog-range:1 --nflog-size:1 --nflog-threshold:1"},
    {"NFQUEUE", FW_ACTION_UNKNOWN, 0, 0,
     "--queue-num:1 --queue-balance:1 --queue-bypass:0 --queue-cpu-fanout:0"},
    {"NOTRACK", FW_ACTION_CONTINUE, 0, 0, ""},
    {"QUEUE", FW_ACTION_UNKNOWN, 0, 0, ""},
    {"RATEEST", FW_ACTION_CONTINUE, 0, 0,
     "--rateest-name:1 --rateest-interval:1 --rateest-ewmalog:1"},
    {"REDIRECT", FW_ACTION_DNAT, OWN_ADDRESS, 0, "--to-ports:1 --random:0"},
    {"REJECT", FW_ACTION_REJECT, 0, 0, "--reject-with:1"},
    {"RETURN", FW_ACTION_RETURN, 0, 0, ""},
    {"SECMARK", FW_ACTION_CONTINUE, 0, 0, "--selctx:1"},
    {"SET", FW_ACTION_CONTINUE, 0, FW_NF_ALTERS_SETS,
     "--add-set:2 --del-set:2 --map-set:2 --timeout:1 --exist:0 --map-mark:0 --map-prio:0 "
     "--map-queue:0"},
    {"SNAT", FW_ACTION_SNAT, 0, 0, "--to-source:1 --random:0 --persistent:0 --random-fully:0"},
    {"SNPT", FW_ACTION_CONTINUE, 0, 0, "--src-pfx:1 --dst-pfx:1"},
    {"SYNPROXY", FW_ACTION_UNKNOWN, 0, 0, "--mss:1 --wscale:1 --sack-perm:0 --timestamp:0 --ecn:0"},
    {"TARPIT", FW_ACTION_DENY, 0, 0, "--tarpit:0 --honeypot:0 --reset:0"},
    {"TCPMSS", FW_ACTION_CONTINUE, 0, 0, "--set-mss:1 --clamp-mss-to-pmtu:0"},
    {"TCPOPTSTRIP", FW_ACTION_CONTINUE, 0, 0, "--strip-options:1"},
    {"TEE", FW_ACTION_CONTINUE, 0, 0, "--gateway:1 --oif:1"},
    {"TOS", FW_ACTION_CONTINUE, 0, FW_NF_ALTERS_TOS,
     "--set-tos:1 --and-tos:1 --or-tos:1 --xor-tos:1"},
    {"TPROXY", FW_ACTION_UNKNOWN, 0, FW_NF_ALTERS_MARK, "--on-port:1 --on-ip:1 --tproxy-mark:1"},
    {"TRACE", FW_ACTION_CONTINUE, 0, 0, ""},
    {"TTL", FW_ACTION_CONTINUE, 0, FW_NF_ALTERS_TTL, "--ttl-set:1 --ttl-dec:1 --ttl-inc:1"},
    {"ULOG", FW_ACTION_CONTINUE, LOGS, 0,
     "--ulog-nlgroup:1 --ulog-prefix:1 --ulog-cprange:1 --ulog-qthreshold:1"},
};

const struct fw_nf_target *fw_nf_target_find(fw_sv name)
{
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        if (fw_sv_is(name, targets[i].name)) {
            return &targets[i];
        }
    }
    return NULL;
}

const char *fw_nf_target_options(const struct fw_nf_target *target)
{
    return target->options;
}

/* NETMAP maps the address that its hook may change. */
static enum fw_action netmap_action(const struct fw_nf_rule *rule)
{
    bool source = fw_sv_is(rule->chain, "POSTROUTING") || fw_sv_is(rule->chain, "INPUT");
    return source ? FW_ACTION_SNAT : FW_ACTION_DNAT;
}

void fw_nf_target_take(struct fw_nf_rule *rule, const struct fw_nf_target *target)
{
    rule->target = target;
    rule->rule.action = target->action;
    rule->rule.log = (target->flags & LOGS) != 0;
    rule->rule.nat.own_address = (target->flags & OWN_ADDRESS) != 0;
    rule->nf->alters |= target->alters;
    if (strcmp(target->name, "CONNMARK") == 0) { /* until an option says less */
        rule->rule.mark_value = UINT32_MAX;
        rule->rule.mark_mask = UINT32_MAX;
    }
    if (strcmp(target->name, "NETMAP") == 0) {
        rule->rule.action = netmap_action(rule);
    }
    if (strcmp(target->name, "NOTRACK") == 0) {
        rule->rule.untracks = true;
    }
}

/* "10.0.0.1-10.0.0.9:80-90", "[2001:db8::1]:80", ":8080". */
static bool nat_address(fw_sv text, struct fw_nat *nat)
{
    fw_sv hosts = text;
    fw_sv ports = {0};
    if (fw_sv_starts(text, "[")) {
        size_t close = fw_sv_find_char(text, ']');
        if (close == SIZE_MAX) {
            return false;
        }
        hosts = fw_sv_sub(text, 1, close - 1);
        ports = fw_sv_sub(text, close + 1, SIZE_MAX);
    } else {
        size_t colon = fw_sv_find_char(text, ':');
        fw_sv after = colon == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(text, colon + 1, SIZE_MAX);
        if (colon != SIZE_MAX && fw_sv_find_char(after, ':') == SIZE_MAX) {
            hosts = fw_sv_sub(text, 0, colon);
            ports = fw_sv_sub(text, colon, SIZE_MAX);
        }
    }
    if (ports.n > 0) {
        fw_sv rest = fw_sv_sub(ports, 1, SIZE_MAX);
        size_t end = fw_sv_find_char(rest, '/'); /* "/offset" shifts ports inside the range */
        rest = fw_sv_sub(rest, 0, end);
        size_t dash = fw_sv_find_char(rest, '-');
        uint32_t lo;
        uint32_t hi;
        if (!fw_sv_u32(fw_sv_sub(rest, 0, dash), UINT16_MAX, &lo)) {
            return false;
        }
        hi = lo;
        if (dash != SIZE_MAX && !fw_sv_u32(fw_sv_sub(rest, dash + 1, SIZE_MAX), UINT16_MAX, &hi)) {
            return false;
        }
        nat->port_lo = (uint16_t)lo;
        nat->port_hi = (uint16_t)hi;
    }
    if (hosts.n == 0) {
        return ports.n > 0;
    }
    size_t dash = fw_sv_find_char(hosts, '-');
    fw_iprange to;
    if (dash == SIZE_MAX) {
        if (!fw_iprange_parse(hosts, &to, NULL)) {
            return false;
        }
    } else if (!fw_ip_parse(fw_sv_sub(hosts, 0, dash), &to.lo) ||
               !fw_ip_parse(fw_sv_sub(hosts, dash + 1, SIZE_MAX), &to.hi) ||
               to.lo.family != to.hi.family || fw_ip_cmp(to.lo, to.hi) > 0) {
        return false;
    }
    if (nat->to.lo.family == to.lo.family) { /* several: any of them */
        to.lo = fw_ip_cmp(nat->to.lo, to.lo) < 0 ? nat->to.lo : to.lo;
        to.hi = fw_ip_cmp(nat->to.hi, to.hi) > 0 ? nat->to.hi : to.hi;
    }
    nat->to = to;
    return true;
}

static void take_to(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    if (!nat_address(option->args[0].text, &rule->rule.nat)) {
        fw_nf_bad_value(rule, option, "an address, a range a-b, with :port or :port-port");
    }
}

/* "8080", "8080-8090". */
static void take_to_ports(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    fw_sv text = option->args[0].text;
    size_t dash = fw_sv_find_char(text, '-');
    uint32_t lo;
    uint32_t hi;
    bool ok = fw_sv_u32(fw_sv_sub(text, 0, dash), UINT16_MAX, &lo);
    hi = ok ? lo : 0;
    ok = ok &&
         (dash == SIZE_MAX || fw_sv_u32(fw_sv_sub(text, dash + 1, SIZE_MAX), UINT16_MAX, &hi));
    if (!ok) {
        fw_nf_bad_value(rule, option, "a port or a range a-b");
        return;
    }
    rule->rule.nat.port_lo = (uint16_t)lo;
    rule->rule.nat.port_hi = (uint16_t)hi;
}

static void take_prefix(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    rule->rule.log_tag = fw_pool_text(&rule->nf->pool, option->args[0].text);
}

/* All forms are mark = (mark & ~mask) ^ value, of the packet (MARK) or its connection (CONNMARK).
 */
static void take_mark(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    uint32_t value;
    uint32_t mask;
    if (!fw_nf_mark(option->args[0].text, &value, &mask)) {
        fw_nf_bad_value(rule, option, "a mark as a number or number/mask");
        rule->nf->alters |= FW_NF_ALTERS_MARK | FW_NF_ALTERS_CONNMARK;
        return;
    }
    if (fw_sv_is(option->name, "--set-mark")) {
        mask |= value;
    } else if (fw_sv_is(option->name, "--and-mark")) {
        mask = ~value;
        value = 0;
    } else if (fw_sv_is(option->name, "--or-mark")) {
        mask = value;
    } else if (fw_sv_is(option->name, "--xor-mark")) {
        mask = 0;
    }
    rule->rule.sets_mark = (rule->target->flags & SETS_MARK) != 0;
    rule->rule.connmark = rule->rule.sets_mark ? FW_CONNMARK_NONE : FW_CONNMARK_SET;
    rule->rule.mark_value = value;
    rule->rule.mark_mask = mask;
}

/* The masks may stand before or after; without them all bits are meant. */
static void take_move(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    bool save = fw_sv_is(option->name, "--save-mark");
    rule->rule.connmark = save ? FW_CONNMARK_SAVE : FW_CONNMARK_RESTORE;
}

static void take_mask(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    uint64_t mask;
    if (!fw_sv_u64_any(option->args[0].text, &mask) || mask > UINT32_MAX) {
        fw_nf_bad_value(rule, option, "a mask as a number");
        rule->nf->alters |= FW_NF_ALTERS_MARK | FW_NF_ALTERS_CONNMARK;
        return;
    }
    if (!fw_sv_is(option->name, "--ctmask")) {
        rule->rule.mark_value = (uint32_t)mask;
    }
    if (!fw_sv_is(option->name, "--nfmask")) {
        rule->rule.mark_mask = (uint32_t)mask;
    }
}

static void take_unknown_mark(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    (void)option;
    rule->nf->alters |= FW_NF_ALTERS_MARK | FW_NF_ALTERS_CONNMARK;
}

static void take_notrack(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    (void)option;
    rule->rule.untracks = true;
}

/* Only options that change what the rule means; an option of the row above alone changes nothing.
 */
static const struct {
    const char *option;
    void (*take)(struct fw_nf_rule *rule, const struct fw_nf_option *option);
} rows[] = {
    {"--and-mark", take_mark},
    {"--ctmask", take_mask},
    {"--left-shift-mark", take_unknown_mark},
    {"--log-prefix", take_prefix},
    {"--map-mark", take_unknown_mark},
    {"--mask", take_mask},
    {"--nflog-prefix", take_prefix},
    {"--nfmask", take_mask},
    {"--notrack", take_notrack},
    {"--or-mark", take_mark},
    {"--restore-mark", take_move},
    {"--right-shift-mark", take_unknown_mark},
    {"--save-mark", take_move},
    {"--set-mark", take_mark},
    {"--set-xmark", take_mark},
    {"--to", take_to},
    {"--to-destination", take_to},
    {"--to-ports", take_to_ports},
    {"--to-source", take_to},
    {"--ulog-prefix", take_prefix},
    {"--xor-mark", take_mark},
};

void fw_nf_target_option(struct fw_nf_rule *rule, const struct fw_nf_option *option)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_is(option->name, rows[i].option)) {
            rows[i].take(rule, option);
            return;
        }
    }
}
