/* Which matches there are, and what becomes of their options: a row of their own, or words of an
 * atom of the right kind. From iptables-extensions(8). */
#include "parsers/netfilter_match.h"

#include <string.h>

#include "core/proto.h"

/* How the options of a module become atoms unless they have a row of their own below. */
enum how {
    EACH,  /* every option is a condition by itself */
    WHOLE, /* together they are one condition */
};

struct fw_nf_module {
    const char *name;
    enum fw_atom_kind kind;
    enum how how;
    uint8_t proto;       /* this one only; 0: any */
    const char *options; /* name:arguments */
};

static const struct fw_nf_module modules[] = {
    {"addrtype", FW_ATOM_FIXED, EACH, 0,
     "--src-type:1 --dst-type:1 --limit-iface-in:0 --limit-iface-out:0"},
    {"ah", FW_ATOM_FIXED, WHOLE, FW_PROTO_AH, "--ahspi:1 --ahlen:1 --ahres:0"},
    {"bpf", FW_ATOM_FIXED, WHOLE, 0, "--object-pinned:1 --bytecode:1"},
    {"cgroup", FW_ATOM_FIXED, EACH, 0, "--path:1 --cgroup:1"},
    {"cluster", FW_ATOM_FIXED, WHOLE, 0,
     "--cluster-total-nodes:1 --cluster-local-node:1 --cluster-local-nodemask:1 "
     "--cluster-hash-seed:1"},
    {"comment", FW_ATOM_FIXED, EACH, 0, "--comment:1"},
    {"condition", FW_ATOM_FIXED, EACH, 0, "--condition:1"},
    {"connbytes", FW_ATOM_FIXED, WHOLE, 0, "--connbytes:1 --connbytes-dir:1 --connbytes-mode:1"},
    {"connlabel", FW_ATOM_VARYING, WHOLE, 0, "--label:1 --set:0"},
    {"connlimit", FW_ATOM_VARYING, WHOLE, 0,
     "--connlimit-upto:1 --connlimit-above:1 --connlimit-mask:1 --connlimit-saddr:0 "
     "--connlimit-daddr:0"},
    {"connmark", FW_ATOM_FIXED, EACH, 0, "--mark:1"},
    {"conntrack", FW_ATOM_FIXED, EACH, 0,
     "--ctstate:1 --ctproto:1 --ctorigsrc:1 --ctorigdst:1 --ctreplsrc:1 --ctrepldst:1 "
     "--ctorigsrcport:1 --ctorigdstport:1 --ctreplsrcport:1 --ctrepldstport:1 --ctstatus:1 "
     "--ctexpire:1 --ctdir:1"},
    {"cpu", FW_ATOM_FIXED, EACH, 0, "--cpu:1"},
    {"dccp", FW_ATOM_FIXED, EACH, FW_PROTO_DCCP,
     "--sport:1 --source-port:1 --dport:1 --destination-port:1 --dccp-types:1 --dccp-option:1"},
    {"devgroup", FW_ATOM_FIXED, EACH, 0, "--src-group:1 --dst-group:1"},
    {"dscp", FW_ATOM_FIXED, EACH, 0, "--dscp:1 --dscp-class:1"},
    {"dst", FW_ATOM_FIXED, WHOLE, 0, "--dst-len:1 --dst-opts:1"},
    {"ecn", FW_ATOM_FIXED, EACH, 0, "--ecn-tcp-cwr:0 --ecn-tcp-ece:0 --ecn-ip-ect:1"},
    {"esp", FW_ATOM_FIXED, EACH, FW_PROTO_ESP, "--espspi:1"},
    {"eui64", FW_ATOM_FIXED, WHOLE, 0, ""},
    {"frag", FW_ATOM_FIXED, WHOLE, 0,
     "--fragid:1 --fraglen:1 --fragres:0 --fragfirst:0 --fragmore:0 --fraglast:0"},
    {"geoip", FW_ATOM_FIXED, EACH, 0,
     "--source-country:1 --src-cc:1 --destination-country:1 --dst-cc:1"},
    {"hashlimit", FW_ATOM_VARYING, WHOLE, 0,
     "--hashlimit:1 --hashlimit-upto:1 --hashlimit-above:1 --hashlimit-burst:1 "
     "--hashlimit-mode:1 --hashlimit-srcmask:1 --hashlimit-dstmask:1 --hashlimit-name:1 "
     "--hashlimit-htable-size:1 --hashlimit-htable-max:1 --hashlimit-htable-expire:1 "
     "--hashlimit-htable-gcinterval:1 --hashlimit-rate-match:0 --hashlimit-rate-interval:1"},
    {"hbh", FW_ATOM_FIXED, WHOLE, 0, "--hbh-len:1 --hbh-opts:1"},
    {"helper", FW_ATOM_FIXED, EACH, 0, "--helper:1"},
    {"hl", FW_ATOM_FIXED, EACH, 0, "--hl-eq:1 --hl-lt:1 --hl-gt:1"},
    {"icmp", FW_ATOM_FIXED, EACH, FW_PROTO_ICMP, "--icmp-type:1"},
    {"icmp6", FW_ATOM_FIXED, EACH, FW_PROTO_ICMP6, "--icmpv6-type:1"},
    {"ipp2p", FW_ATOM_FIXED, WHOLE, 0,
     "--edk:0 --dc:0 --kazaa:0 --gnu:0 --bit:0 --apple:0 --winmx:0 --soul:0 --ares:0"},
    {"iprange", FW_ATOM_FIXED, EACH, 0, "--src-range:1 --dst-range:1"},
    {"ipv6header", FW_ATOM_FIXED, WHOLE, 0, "--header:1 --soft:0"},
    {"ipvs", FW_ATOM_FIXED, EACH, 0,
     "--ipvs:0 --vproto:1 --vaddr:1 --vport:1 --vdir:1 --vmethod:1 --vportctl:1"},
    {"length", FW_ATOM_FIXED, EACH, 0, "--length:1"},
    {"limit", FW_ATOM_VARYING, WHOLE, 0, "--limit:1 --limit-burst:1"},
    {"mac", FW_ATOM_FIXED, EACH, 0, "--mac-source:1"},
    {"mark", FW_ATOM_MARK, EACH, 0, "--mark:1"},
    {"mh", FW_ATOM_FIXED, EACH, 135, "--mh-type:1"},
    {"multiport", FW_ATOM_FIXED, EACH, 0,
     "--sports:1 --source-ports:1 --dports:1 --destination-ports:1 --ports:1"},
    {"nfacct", FW_ATOM_VARYING, WHOLE, 0, "--nfacct-name:1"},
    {"nth", FW_ATOM_VARYING, WHOLE, 0, "--every:1 --counter:1 --start:1 --packet:1"},
    {"osf", FW_ATOM_FIXED, WHOLE, 0, "--genre:1 --ttl:1 --log:1"},
    {"owner", FW_ATOM_FIXED, EACH, 0,
     "--uid-owner:1 --gid-owner:1 --pid-owner:1 --sid-owner:1 --cmd-owner:1 --socket-exists:0 "
     "--suppl-groups:0"},
    {"physdev", FW_ATOM_FIXED, EACH, 0,
     "--physdev-in:1 --physdev-out:1 --physdev-is-in:0 --physdev-is-out:0 "
     "--physdev-is-bridged:0"},
    {"pkttype", FW_ATOM_FIXED, EACH, 0, "--pkt-type:1"},
    {"policy", FW_ATOM_FIXED, WHOLE, 0,
     "--dir:1 --pol:1 --strict:0 --reqid:1 --spi:1 --proto:1 --mode:1 --tunnel-src:1 "
     "--tunnel-dst:1 --next:0"},
    {"quota", FW_ATOM_VARYING, WHOLE, 0, "--quota:1"},
    {"random", FW_ATOM_VARYING, WHOLE, 0, "--average:1"},
    {"rateest", FW_ATOM_VARYING, WHOLE, 0,
     "--rateest:1 --rateest1:1 --rateest2:1 --rateest-delta:0 --rateest-bps:1 --rateest-bps1:1 "
     "--rateest-bps2:1 --rateest-pps:1 --rateest-pps1:1 --rateest-pps2:1 --rateest-lt:0 "
     "--rateest-gt:0 --rateest-eq:0"},
    {"realm", FW_ATOM_FIXED, EACH, 0, "--realm:1"},
    {"recent", FW_ATOM_VARYING, WHOLE, 0,
     "--set:0 --rcheck:0 --update:0 --remove:0 --seconds:1 --reap:0 --hitcount:1 --rttl:0 "
     "--name:1 --mask:1 --rsource:0 --rdest:0"},
    {"rpfilter", FW_ATOM_FIXED, WHOLE, 0, "--loose:0 --validmark:0 --accept-local:0 --invert:0"},
    {"rt", FW_ATOM_FIXED, WHOLE, 0,
     "--rt-type:1 --rt-segsleft:1 --rt-len:1 --rt-0-res:0 --rt-0-addrs:1 --rt-0-not-strict:0"},
    {"sctp", FW_ATOM_FIXED, EACH, FW_PROTO_SCTP,
     "--sport:1 --source-port:1 --dport:1 --destination-port:1 --chunk-types:2"},
    {"set", FW_ATOM_FIXED, EACH, 0,
     "--match-set:2 --set:2 --return-nomatch:0 --update-counters:0 --update-subcounters:0 "
     "--packets-eq:1 --packets-lt:1 --packets-gt:1 --bytes-eq:1 --bytes-lt:1 --bytes-gt:1"},
    {"socket", FW_ATOM_FIXED, WHOLE, 0, "--transparent:0 --nowildcard:0 --restore-skmark:0"},
    {"srh", FW_ATOM_FIXED, WHOLE, 0,
     "--srh-next-hdr-eq:1 --srh-hdr-len-eq:1 --srh-hdr-len-gt:1 --srh-hdr-len-lt:1 "
     "--srh-segs-left-eq:1 --srh-segs-left-gt:1 --srh-segs-left-lt:1 --srh-last-entry-eq:1 "
     "--srh-last-entry-gt:1 --srh-last-entry-lt:1 --srh-tag:1 --srh-psid:1 --srh-nsid:1 "
     "--srh-lsid:1"},
    {"state", FW_ATOM_FIXED, EACH, 0, "--state:1"},
    {"statistic", FW_ATOM_VARYING, WHOLE, 0, "--mode:1 --probability:1 --every:1 --packet:1"},
    {"string", FW_ATOM_FIXED, WHOLE, 0,
     "--algo:1 --from:1 --to:1 --string:1 --hex-string:1 --icase:0"},
    {"tcp", FW_ATOM_FIXED, EACH, FW_PROTO_TCP,
     "--sport:1 --source-port:1 --dport:1 --destination-port:1 --tcp-flags:2 --syn:0 "
     "--tcp-option:1"},
    {"tcpmss", FW_ATOM_FIXED, EACH, 0, "--mss:1"},
    {"time", FW_ATOM_TIME, WHOLE, 0,
     "--datestart:1 --datestop:1 --timestart:1 --timestop:1 --monthdays:1 --weekdays:1 "
     "--days:1 --contiguous:0 --kerneltz:0 --utc:0 --localtz:0"},
    {"tos", FW_ATOM_FIXED, EACH, 0, "--tos:1"},
    {"ttl", FW_ATOM_FIXED, EACH, 0, "--ttl-eq:1 --ttl-lt:1 --ttl-gt:1 --ttl:1"},
    {"u32", FW_ATOM_FIXED, EACH, 0, "--u32:1"},
    {"udp", FW_ATOM_FIXED, EACH, FW_PROTO_UDP,
     "--sport:1 --source-port:1 --dport:1 --destination-port:1"},
    {"udplite", FW_ATOM_FIXED, EACH, FW_PROTO_UDPLITE,
     "--sport:1 --source-port:1 --dport:1 --destination-port:1"},
    {"unclean", FW_ATOM_FIXED, WHOLE, 0, ""},
};

const struct fw_nf_module *fw_nf_module_find(fw_sv name)
{
    if (fw_sv_is(name, "icmpv6") || fw_sv_is(name, "ipv6-icmp")) {
        name = FW_SV("icmp6");
    }
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        if (fw_sv_is(name, modules[i].name)) {
            return &modules[i];
        }
    }
    return NULL;
}

bool fw_nf_module_is(const struct fw_nf_module *module, const char *name)
{
    return strcmp(module->name, name) == 0;
}

const char *fw_nf_module_options(const struct fw_nf_module *module)
{
    return module->options;
}

struct option_row {
    const char *module;
    const char *option;
    void (*take)(struct fw_nf_rule *rule, struct fw_nf_use *use, const struct fw_nf_option *option);
};

/* "*": every module that has the option. */
static const struct option_row option_rows[] = {
    {"*", "--destination-port", fw_nf_take_dport},
    {"*", "--destination-ports", fw_nf_take_ports},
    {"*", "--dport", fw_nf_take_dport},
    {"*", "--dports", fw_nf_take_ports},
    {"*", "--ports", fw_nf_take_ports},
    {"*", "--source-port", fw_nf_take_sport},
    {"*", "--source-ports", fw_nf_take_ports},
    {"*", "--sport", fw_nf_take_sport},
    {"*", "--sports", fw_nf_take_ports},
    {"addrtype", "--dst-type", fw_nf_take_address_type},
    {"addrtype", "--src-type", fw_nf_take_address_type},
    {"comment", "--comment", fw_nf_take_comment},
    {"connmark", "--mark", fw_nf_take_mark},
    {"conntrack", "--ctdir", fw_nf_take_ct_dir},
    {"conntrack", "--ctexpire", fw_nf_take_ct_other},
    {"conntrack", "--ctorigdst", fw_nf_take_ct_address},
    {"conntrack", "--ctorigdstport", fw_nf_take_ct_port},
    {"conntrack", "--ctorigsrc", fw_nf_take_ct_address},
    {"conntrack", "--ctorigsrcport", fw_nf_take_ct_port},
    {"conntrack", "--ctproto", fw_nf_take_ct_proto},
    {"conntrack", "--ctrepldst", fw_nf_take_ct_other},
    {"conntrack", "--ctrepldstport", fw_nf_take_ct_other},
    {"conntrack", "--ctreplsrc", fw_nf_take_ct_other},
    {"conntrack", "--ctreplsrcport", fw_nf_take_ct_other},
    {"conntrack", "--ctstate", fw_nf_take_state},
    {"conntrack", "--ctstatus", fw_nf_take_ct_other},
    {"icmp", "--icmp-type", fw_nf_take_icmp_type},
    {"icmp6", "--icmpv6-type", fw_nf_take_icmp_type},
    {"iprange", "--dst-range", fw_nf_take_range},
    {"iprange", "--src-range", fw_nf_take_range},
    {"mark", "--mark", fw_nf_take_mark},
    {"recent", "--set", fw_nf_take_recent_set},
    {"set", "--match-set", fw_nf_take_set},
    {"set", "--set", fw_nf_take_set},
    {"set", "--update-counters", fw_nf_take_nothing},
    {"set", "--update-subcounters", fw_nf_take_nothing},
    {"state", "--state", fw_nf_take_state},
    {"tcp", "--syn", fw_nf_take_syn},
    {"tcp", "--tcp-flags", fw_nf_take_tcp_flags},
};

void fw_nf_use_option(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option)
{
    const struct fw_nf_module *module = use->module;
    for (size_t i = 0; module && i < sizeof(option_rows) / sizeof(option_rows[0]); i++) {
        const struct option_row *row = &option_rows[i];
        if (fw_sv_is(option->name, row->option) &&
            (row->module[0] == '*' || strcmp(row->module, module->name) == 0)) {
            row->take(rule, use, option);
            return;
        }
    }
    if (module && module->how == EACH) {
        fw_nf_widen(rule, module->kind, module->name, option);
        return;
    }
    struct fw_arena *scratch = &rule->nf->doc->scratch;
    size_t more = option->n + 2;
    use->words = fw_arena_grow(scratch, use->words, use->nwords, use->nwords + more, sizeof(fw_sv));
    if (option->negated) {
        use->words[use->nwords++] = FW_SV("!");
    }
    use->words[use->nwords++] = option->name;
    for (size_t i = 0; i < option->n; i++) {
        use->words[use->nwords++] = option->args[i].raw;
    }
}

bool fw_nf_use(struct fw_nf_rule *rule, const struct fw_nf_word *name)
{
    if (rule->nuses == FW_NF_USES) {
        return false;
    }
    struct fw_nf_use *use = &rule->uses[rule->nuses++];
    *use = (struct fw_nf_use){.module = fw_nf_module_find(name->text), .name = name->raw};
    if (!use->module) {
        fw_doc_unsupported(rule->nf->doc, rule->line, name->raw, "unknown match \"%.*s\"",
                           FW_SV_ARG(name->raw));
    }
    return true;
}

/* What a module needs that the rule does not say: it could not be loaded. */
static void check_proto(struct fw_nf_rule *rule, const struct fw_nf_use *use)
{
    uint8_t proto = use->module->proto;
    bool ports = strcmp(use->module->name, "multiport") == 0;
    bool wrong = proto != 0 && !(rule->has_proto && rule->proto == proto);
    wrong = wrong || (ports && !(rule->has_proto && fw_proto_has_ports(rule->proto)));
    if (!wrong) {
        return;
    }
    fw_doc_unsupported(rule->nf->doc, rule->line, use->name, "match %s needs its protocol, with -p",
                       use->module->name);
    fw_sv words[] = {FW_SV("-m"), use->name};
    fw_terms_atom(
        &rule->terms,
        fw_atom_make(FW_ATOM_VARYING, fw_words_join(&rule->nf->doc->scratch, words, 2), false));
}

void fw_nf_use_finish(struct fw_nf_rule *rule, struct fw_nf_use *use)
{
    struct fw_arena *scratch = &rule->nf->doc->scratch;
    if (use->module) {
        check_proto(rule, use);
    }
    if (use->has_states || use->has_others) {
        fw_nf_finish_conntrack(rule, use);
        return;
    }
    if (use->set) { /* recent --set remembers the address and matches whatever it was */
        if (use->set_negated) {
            fw_terms_and(&rule->terms, NULL, 0);
        }
        return;
    }
    bool whole = !use->module || use->module->how == WHOLE;
    if (!whole) {
        return;
    }
    fw_sv *words = fw_new_array(scratch, use->nwords + 1, fw_sv);
    words[0] = use->module ? fw_sv_from(use->module->name) : use->name;
    for (size_t i = 0; i < use->nwords; i++) {
        words[i + 1] = use->words[i];
    }
    enum fw_atom_kind kind = use->module ? use->module->kind : FW_ATOM_VARYING;
    fw_terms_atom(&rule->terms,
                  fw_atom_make(kind, fw_words_join(scratch, words, use->nwords + 1), false));
}
