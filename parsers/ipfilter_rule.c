/* Rules of the filter of IPFilter.
 *   block return-rst in log first quick on le0 proto tcp from any to 192.0.2.1/32 port = 113
 *   pass in quick on le0 proto tcp/udp from !192.0.2.0/24 to any flags S/SA keep state group 100
 * ipf.conf(5). */
#include "core/proto.h"
#include "parsers/ipfilter.h"

static const char *const actions[] = {"pass", "block",   "log",  "count",   "skip",
                                      "auth", "preauth", "call", "nomatch", "decapsulate"};

bool fw_ipf_is_action(fw_sv word)
{
    return FW_SV_AMONG(word, actions);
}

/* "( ... )", if it is there. */
static void skip_parens(struct fw_pf *pf)
{
    if (fw_pf_take(pf, "(")) {
        while (pf->at < pf->n && !fw_pf_take(pf, ")")) {
            pf->at++;
        }
    }
}

/* --- Conditions --- */

/* What a rule has of its parts, beside the match. */
struct reading {
    struct fw_ipf *ipf;
    struct fw_pf *pf;
    struct fw_ipf_rule *rule;
    struct fw_pf_match *match;
    bool has_proto, has_source;
    size_t from; /* the word that is being read */
};

static void read_log(struct reading *r)
{
    r->match->rule.log = true;
    for (;;) {
        if (fw_pf_take(r->pf, "level")) {
            fw_pf_next(r->pf);
        } else if (!fw_pf_take(r->pf, "body") && !fw_pf_take(r->pf, "first") &&
                   !fw_pf_take(r->pf, "or-block")) {
            return;
        }
    }
}

static void read_quick(struct reading *r)
{
    r->match->rule.quick = true;
}

/* "le0"; "le0,le1": the second one is where replies come. */
static void read_on(struct reading *r)
{
    bool negated = fw_pf_take(r->pf, "!");
    fw_sv name = fw_pf_next(r->pf);
    if (fw_sv_starts(name, "!") && name.n > 1) {
        negated = true;
        name = fw_sv_sub(name, 1, SIZE_MAX);
    }
    if (name.n == 0) {
        fw_pf_unread(r->pf, name, "an interface");
        return;
    }
    fw_terms_names(&r->match->terms, &name, 1, r->rule->out, negated);
    if (fw_pf_take(r->pf, ",")) {
        fw_pf_next(r->pf);
    }
}

static void read_via(struct reading *r)
{
    fw_pf_next(r->pf);
    if (fw_pf_take(r->pf, ",")) {
        fw_pf_next(r->pf);
    }
    fw_pf_widen_from(r->pf, r->match, FW_ATOM_FIXED, NULL, r->from);
}

/* Where a copy goes, or an answer. */
static void read_way(struct reading *r)
{
    fw_pf_next(r->pf);
    if (fw_pf_take(r->pf, ",")) {
        fw_pf_next(r->pf);
    }
}

/* A packet that is sent on from here: what a rule that blocks does with it is not said. */
static void read_fastroute(struct reading *r)
{
    enum fw_action *action = &r->match->rule.action;
    if (*action == FW_ACTION_DENY || *action == FW_ACTION_REJECT) {
        *action = FW_ACTION_UNKNOWN;
        fw_pf_widen_from(r->pf, r->match, FW_ATOM_VARYING, NULL, r->from);
    }
}

static void read_from(struct reading *r)
{
    r->has_source = true;
    fw_ipf_side(r->ipf, r->match, false, false);
}

static void read_to(struct reading *r)
{
    if (r->has_source) {
        fw_ipf_side(r->ipf, r->match, true, false);
    } else {
        read_way(r);
        read_fastroute(r);
    }
}

/* "tos 16", "ttl 1" */
static void read_fixed(struct reading *r)
{
    fw_pf_next(r->pf);
    fw_pf_widen_from(r->pf, r->match, FW_ATOM_FIXED, NULL, r->from);
}

/* "pps 10", "match-tag(nat=x)", "rule-ttl 30": not the same for each packet. */
static void read_varying(struct reading *r)
{
    if (fw_sv_is(fw_pf_peek(r->pf), "(")) {
        skip_parens(r->pf);
    } else {
        fw_pf_next(r->pf);
    }
    fw_pf_widen_from(r->pf, r->match, FW_ATOM_VARYING, NULL, r->from);
}

/* "exp { ... }" in place of all other conditions. */
static void read_expression(struct reading *r)
{
    if (fw_pf_take(r->pf, "{")) {
        while (r->pf->at < r->pf->n && !fw_pf_take(r->pf, "}")) {
            r->pf->at++;
        }
    }
    fw_pf_widen_from(r->pf, r->match, FW_ATOM_FIXED, NULL, r->from);
}

static void read_inet(struct reading *r)
{
    fw_terms_family(&r->match->terms, FW_IPV4);
    r->match->family = FW_FAMILY_BIT4;
}

static void read_inet6(struct reading *r)
{
    fw_terms_family(&r->match->terms, FW_IPV6);
    r->match->family = FW_FAMILY_BIT6;
}

static void read_proto(struct reading *r)
{
    fw_sv name = fw_pf_next(r->pf);
    r->has_proto = true;
    if (!fw_ipf_protocol(r->match, name)) {
        fw_doc_unsupported(r->pf->maker.doc, r->pf->line, name, "unknown protocol");
        fw_pf_widen(r->match, FW_ATOM_FIXED, "proto", name);
    }
}

/* "S" is looked at beside the other five: ipf.conf(5), "Matching TCP flags". */
static void read_flags(struct reading *r)
{
    enum { FSRPAU = 63 };
    fw_sv text = fw_pf_next(r->pf);
    if (text.n == 0 || (!fw_pf_flags(r->match, text, "FSRPAUEC", FSRPAU) &&
                        !fw_pf_flags(r->match, text, "FSRPAUeW", FSRPAU))) {
        fw_pf_unread(r->pf, text, "flags as S/SA");
        fw_pf_widen(r->match, FW_ATOM_FIXED, "flags", text);
    }
}

static const struct fw_ipf_respelled icmp_types[] = {
    {"echo", FW_SV_INIT("echoreq")},           {"squence", FW_SV_INIT("squench")},
    {"timest", FW_SV_INIT("timereq")},         {"timestreq", FW_SV_INIT("timerep")},
    {"timestrep", FW_SV_INIT("timerep")},      {"routerad", FW_SV_INIT("routeradv")},
    {"neighadvert", FW_SV_INIT("neighbradv")}, {"neighborsol", FW_SV_INIT("neighbrsol")},
    {"listendqry", FW_SV_INIT("listqry")},     {"listendrep", FW_SV_INIT("listenrep")},
};

static const struct fw_ipf_respelled icmp_codes[] = {
    {"net-unr", FW_SV_INIT("0")},      {"host-unr", FW_SV_INIT("1")},
    {"proto-unr", FW_SV_INIT("2")},    {"port-unr", FW_SV_INIT("3")},
    {"needfrag", FW_SV_INIT("4")},     {"srcfail", FW_SV_INIT("5")},
    {"net-unk", FW_SV_INIT("6")},      {"host-unk", FW_SV_INIT("7")},
    {"isolate", FW_SV_INIT("8")},      {"net-prohib", FW_SV_INIT("9")},
    {"host-prohib", FW_SV_INIT("10")}, {"net-tos", FW_SV_INIT("11")},
    {"host-tos", FW_SV_INIT("12")},    {"filter-prohib", FW_SV_INIT("13")},
    {"host-preced", FW_SV_INIT("14")}, {"cutoff-preced", FW_SV_INIT("15")},
};

static void read_icmp(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    size_t start = pf->at;
    bool six = r->match->icmp == FW_PROTO_ICMP6 || r->match->family == FW_FAMILY_BIT6;
    if (r->match->icmp == 0) {
        r->has_proto = true;
        fw_ipf_protocol(r->match, six ? FW_SV("icmp6") : FW_SV("icmp"));
    }
    fw_ipf_respell(pf, icmp_types, sizeof(icmp_types) / sizeof(icmp_types[0]));
    pf->at += 2;
    if (pf->at < pf->n && fw_sv_is(pf->words[pf->at - 1].text, "code")) {
        fw_ipf_respell(pf, icmp_codes, sizeof(icmp_codes) / sizeof(icmp_codes[0]));
    }
    pf->at = start;
    fw_pf_icmp_types(pf, r->match, six);
}

/* --- with --- */

static const char *const attributes[] = {
    "ipopts",    "short", "frag",   "frags",     "nat", "lowttl",  "low-ttl", "mcast",
    "multicast", "bcast", "mbcast", "broadcast", "bad", "bad-src", "bad-nat", "oow",
};

static bool is_attribute(fw_sv word)
{
    return FW_SV_AMONG(word, attributes) || fw_sv_is(word, "frag-body") || fw_sv_is(word, "opt") ||
           fw_sv_is(word, "v6hdr") || fw_sv_is(word, "v6hdrs");
}

/* "short", "opt lsrr,ssrr" */
static void read_attribute(struct reading *r, bool negated)
{
    struct fw_pf *pf = r->pf;
    struct fw_arena *scratch = r->match->terms.scratch;
    size_t from = pf->at;
    fw_sv word = fw_pf_next(pf);
    enum fw_atom_kind kind = FW_ATOM_FIXED;
    if (fw_sv_is(word, "frag-body")) {
        kind = FW_ATOM_FRAGMENT;
    } else if (!FW_SV_AMONG(word, attributes)) { /* names follow */
        bool level = fw_sv_is(fw_pf_peek(pf), "sec-class");
        pf->at += level;
        do {
            fw_pf_next(pf);
        } while (fw_pf_take(pf, ","));
    }
    fw_sv *words = fw_new_array(scratch, pf->at - from + 1, fw_sv);
    words[0] = FW_SV("with");
    for (size_t i = from; i < pf->at; i++) {
        words[i - from + 1] = pf->words[i].text;
    }
    fw_sv all = fw_words_join(scratch, words, pf->at - from + 1);
    fw_terms_atom(&r->match->terms, fw_atom_make(kind, all, negated));
}

static void read_with(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    for (size_t n = 0;; n++) {
        bool negated = fw_pf_take(pf, "not") || fw_pf_take(pf, "no");
        if (is_attribute(fw_pf_peek(pf))) {
            read_attribute(r, negated);
            fw_pf_take(pf, ",");
        } else if (n == 0 || negated) {
            fw_sv word = fw_pf_next(pf);
            fw_doc_unsupported(pf->maker.doc, pf->line, word, "unknown attribute of packets");
            fw_pf_widen_from(pf, r->match, FW_ATOM_FIXED, NULL, r->from);
            return;
        } else {
            return;
        }
    }
}

/* --- keep, head, group --- */

static void read_keep(struct reading *r)
{
    static const char *const limits[] = {"limit", "max-srcs", "max-per-src"};
    struct fw_pf *pf = r->pf;
    fw_sv what = fw_pf_next(pf);
    if (!fw_sv_is(what, "state") && !fw_sv_is(what, "frags") && !fw_sv_is(what, "frag")) {
        fw_pf_unread(pf, what, "state or frags");
        return;
    }
    r->ipf->keeps_state = r->ipf->keeps_state || fw_sv_is(what, "state");
    if (!fw_pf_take(pf, "(")) {
        return;
    }
    while (pf->at < pf->n && !fw_pf_take(pf, ")")) {
        fw_sv word = fw_pf_next(pf);
        if (FW_SV_AMONG(word, limits)) {
            fw_pf_widen(r->match, FW_ATOM_VARYING, "state limit", word);
        }
        r->ipf->filters_errors = r->ipf->filters_errors || fw_sv_is(word, "icmp-head");
    }
}

static void read_head(struct reading *r)
{
    r->rule->head = fw_pf_next(r->pf);
}

static void read_group(struct reading *r)
{
    r->rule->group = fw_pf_next(r->pf);
}

static void read_comment(struct reading *r)
{
    r->match->rule.comment = fw_pf_next(r->pf);
}

static void read_tag(struct reading *r)
{
    skip_parens(r->pf);
}

static void read_nothing(struct reading *r)
{
    (void)r;
}

static const struct {
    const char *word;
    void (*read)(struct reading *r);
} options[] = {
    {"log", read_log},
    {"quick", read_quick},
    {"on", read_on},
    {"in-via", read_via},
    {"out-via", read_via},
    {"via", read_via},
    {"dup-to", read_way},
    {"reply-to", read_way},
    {"fastroute", read_fastroute},
    {"froute", read_fastroute},
    {"tos", read_fixed},
    {"ttl", read_fixed},
    {"family", read_nothing}, /* the word behind it says which */
    {"inet", read_inet},
    {"inet6", read_inet6},
    {"proto", read_proto},
    {"all", read_nothing},
    {"from", read_from},
    {"to", read_to},
    {"flags", read_flags},
    {"with", read_with},
    {"and", read_with},
    {"icmp-type", read_icmp},
    {"keep", read_keep},
    {"head", read_head},
    {"group", read_group},
    {"comment", read_comment},
    {"set-tag", read_tag}, /* what translation or the log sees of it */
    {"match-tag", read_varying},
    {"pps", read_varying},
    {"rule-ttl", read_varying},
    {"exp", read_expression},
    {"bpf-v4", read_expression},
    {"bpf-v6", read_expression},
};

static void read_options(struct reading *r)
{
    enum { OPTIONS = sizeof(options) / sizeof(options[0]) };
    while (r->pf->at < r->pf->n && !r->pf->failed) {
        r->from = r->pf->at;
        fw_sv word = fw_pf_next(r->pf);
        size_t i = 0;
        while (i < OPTIONS && !fw_sv_is(word, options[i].word)) {
            i++;
        }
        if (i < OPTIONS) {
            options[i].read(r);
        } else {
            fw_doc_unsupported(r->pf->maker.doc, r->pf->line, word, "unknown word of a rule");
            fw_pf_widen(r->match, FW_ATOM_VARYING, "option", word);
        }
    }
}

/* --- Actions --- */

/* "block return-icmp-as-dest (port-unr)" */
static enum fw_action block_action(struct fw_pf *pf)
{
    enum fw_action action = FW_ACTION_DENY;
    while (fw_pf_take(pf, "return-rst") || fw_pf_take(pf, "return-icmp") ||
           fw_pf_take(pf, "return-icmp-as-dest")) {
        action = FW_ACTION_REJECT;
        skip_parens(pf);
    }
    return action;
}

static void read_action(struct reading *r)
{
    struct fw_pf *pf = r->pf;
    struct fw_rule *rule = &r->match->rule;
    size_t from = pf->at;
    fw_sv word = fw_pf_next(pf);
    rule->target = word;
    rule->action = FW_ACTION_CONTINUE;
    if (fw_sv_is(word, "pass")) {
        rule->action = FW_ACTION_PERMIT;
    } else if (fw_sv_is(word, "block")) {
        rule->action = block_action(pf);
    } else if (fw_sv_is(word, "log")) {
        read_log(r);
    } else if (fw_sv_is(word, "count")) {
        r->rule->counts = true;
    } else if (fw_sv_is(word, "skip")) {
        fw_sv n = fw_pf_next(pf);
        if (!fw_sv_u32(n, UINT32_MAX, &r->rule->skip)) {
            fw_pf_unread(pf, n, "how many rules to skip");
        }
    } else if (!fw_sv_is(word, "nomatch")) { /* whoever is asked decides */
        rule->action = FW_ACTION_UNKNOWN;
        while (pf->at < pf->n && !fw_sv_is(fw_pf_peek(pf), "in") &&
               !fw_sv_is(fw_pf_peek(pf), "out")) {
            pf->at++;
        }
        fw_pf_widen_from(pf, r->match, FW_ATOM_VARYING, NULL, from);
    }
}

/* Do its terms ask for ports? */
static bool asks_ports(const struct fw_terms *terms)
{
    for (size_t i = 0; i < terms->n; i++) {
        if (terms->v[i].sport || terms->v[i].dport) {
            return true;
        }
    }
    return false;
}

void fw_ipf_may_be_anything(struct fw_ipf *ipf, const char *why)
{
    for (int way = 0; way < 2; way++) {
        for (int quick = 0; quick < 2; quick++) {
            struct fw_ipf_rule *rule = fw_new(&ipf->pf.maker.doc->arena, struct fw_ipf_rule);
            fw_pf_match_init(&ipf->pf, &rule->match);
            rule->match.rule.action = FW_ACTION_UNKNOWN;
            rule->match.rule.target = fw_sv_from(why);
            rule->match.rule.quick = quick == 1;
            rule->out = way == 1;
            rule->counts = quick == 1; /* one rule to those that skip */
            fw_terms_atom(&rule->match.terms,
                          fw_atom_make(FW_ATOM_VARYING, fw_sv_from(why), false));
            fw_ipf_list_add(ipf, rule);
        }
    }
}

void fw_ipf_rule(struct fw_ipf *ipf)
{
    struct fw_pf *pf = &ipf->pf;
    struct fw_ipf_rule *rule = fw_new(&pf->maker.doc->arena, struct fw_ipf_rule);
    struct reading r = {.ipf = ipf, .pf = pf, .rule = rule, .match = &rule->match};
    fw_sv word = fw_pf_peek(pf);
    fw_pf_match_init(pf, &rule->match);
    if (fw_sv_starts(word, "@")) {
        rule->placed = true;
        pf->at++;
        if (!fw_sv_u64(fw_sv_sub(word, 1, SIZE_MAX), &rule->place)) {
            fw_pf_unread(pf, word, "@ and a place");
        }
    }
    if (!fw_ipf_is_action(fw_pf_peek(pf))) {
        fw_pf_unread(pf, fw_pf_peek(pf), "what to do with packets");
    }
    read_action(&r);
    rule->out = fw_pf_take(pf, "out");
    if (!rule->out && !fw_pf_take(pf, "in")) {
        fw_pf_unread(pf, fw_pf_peek(pf), "in or out");
    }
    read_options(&r);
    if (!r.has_proto && asks_ports(&rule->match.terms)) {
        fw_ipf_has_ports(&rule->match);
    }
    if (!pf->failed) {
        fw_ipf_list_add(ipf, rule);
    }
}
