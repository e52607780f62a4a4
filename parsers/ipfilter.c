/* ipf.conf and ipnat.conf of IPFilter (FreeBSD, NetBSD, Solaris, illumos).
 *   block in log quick on le0 from 192.0.2.0/24 to any
 *   pass out quick proto tcp from any to any port = 22 flags S keep state
 *   rdr le0 192.0.2.1/32 port 80 -> 10.0.0.80 port 8080 tcp
 * Statements and settings; the last rule that matches decides unless one is quick. */
#include "parsers/ipfilter.h"

#include "parsers/known.h"
#include "parsers/parser.h"

static const char *const translations[] = {"map", "map-block", "bimap", "rdr"};
static const char *const other_translations[] = {"rewrite", "divert", "encap", "no"};

/* --- Settings --- */

#define TIME "how long a connection is remembered"
#define SIZE "how many are remembered"
#define LOGS "what is written to logs, and how"
#define PROXY "what the proxy takes of a connection that a rule passed"

static const struct fw_known settings[] = {
    {"chksrc", "rules ask for it by with bad-src"},
    {"control_forwarding", "what happens without the filter"},
    {"ftp_debug", LOGS},
    {"ftp_forcepasv", PROXY},
    {"ftp_insecure", PROXY},
    {"ftp_pasvonly", PROXY},
    {"ftp_single_xfer", PROXY},
    {"hostmap_size", SIZE},
    {"icmp_ack_timeout", TIME},
    {"icmp_timeout", TIME},
    {"icmp_minfragmtu", "which errors are broken"},
    {"ip_timeout", TIME},
    {"ips_proxy_debug", LOGS},
    {"log_all", LOGS},
    {"log_size", LOGS},
    {"log_suppress", LOGS},
    {"min_ttl", "rules ask for it by with lowttl"},
    {"nat_doflush", SIZE},
    {"nat_logging", LOGS},
    {"nat_maxbucket", SIZE},
    {"nat_rules_size", SIZE},
    {"nat_table_max", SIZE},
    {"nat_table_size", SIZE},
    {"nat_table_wm_high", SIZE},
    {"nat_table_wm_low", SIZE},
    {"rdr_rules_size", SIZE},
    {"state_logging", LOGS},
    {"state_max", SIZE},
    {"state_maxbucket", SIZE},
    {"state_size", SIZE},
    {"state_wm_freq", SIZE},
    {"state_wm_high", SIZE},
    {"state_wm_low", SIZE},
    {"tcp_close_wait", TIME},
    {"tcp_closed", TIME},
    {"tcp_half_closed", TIME},
    {"tcp_idle_timeout", TIME},
    {"tcp_last_ack", TIME},
    {"tcp_syn_received", TIME},
    {"tcp_syn_sent", TIME},
    {"tcp_time_wait", TIME},
    {"tcp_timeout", TIME},
    {"udp_ack_timeout", TIME},
    {"udp_timeout", TIME},
    {"update_ipid", "a number of packets that no rule asks for"},
    {NULL, NULL},
};

static enum fw_line_verdict read_setting(struct fw_ipf *ipf)
{
    struct fw_pf *pf = &ipf->pf;
    fw_sv name = fw_pf_next(pf);
    if (fw_sv_is(name, "intercept_loopback") && fw_sv_is(fw_pf_peek(pf), "true")) {
        return FW_LINE_IGNORED; /* rules are asked about all interfaces */
    }
    if (fw_known_find(settings, name)) {
        return FW_LINE_IGNORED;
    }
    if (fw_sv_is(name, "default_pass")) { /* a field of bits whose names are not documented */
        pf->in->fallback = pf->out->fallback = FW_ACTION_UNKNOWN;
        fw_doc_unsupported(pf->maker.doc, pf->line, name, "bits of the default are not read");
        return FW_LINE_UNSUPPORTED;
    }
    fw_doc_unsupported(pf->maker.doc, pf->line, name, "unknown setting");
    return FW_LINE_UNSUPPORTED;
}

/* --- Statements --- */

static enum fw_line_verdict read_statement(struct fw_ipf *ipf)
{
    struct fw_pf *pf = &ipf->pf;
    if (fw_pf_define(pf)) {
        return FW_LINE_USED;
    }
    fw_sv verb = fw_pf_peek(pf);
    if (fw_sv_starts(verb, "@") || fw_ipf_is_action(verb)) {
        fw_ipf_rule(ipf);
        if (pf->failed) {
            fw_ipf_may_be_anything(ipf, "not understood");
        }
        return FW_LINE_USED;
    }
    pf->at++;
    if (fw_sv_is(verb, "set")) {
        return read_setting(ipf);
    }
    if (FW_SV_AMONG(verb, translations)) {
        fw_ipf_nat(ipf, verb);
        if (pf->failed) {
            fw_ipf_nat_unread(ipf, FW_SV("not understood"));
        }
    } else if (FW_SV_AMONG(verb, other_translations)) {
        fw_doc_unsupported(pf->maker.doc, pf->line, verb, "translation of this kind");
        fw_ipf_nat_unread(ipf, verb);
        return FW_LINE_UNSUPPORTED;
    } else {
        fw_pf_unread(pf, verb, "a rule, a setting or a variable");
        fw_ipf_may_be_anything(ipf, "not understood");
    }
    return FW_LINE_USED;
}

static bool begins_statement(fw_sv word)
{
    return fw_sv_starts(word, "@") || fw_sv_is(word, "set") || fw_ipf_is_action(word) ||
           FW_SV_AMONG(word, translations) || FW_SV_AMONG(word, other_translations) ||
           fw_sv_find_char(word, '=') != SIZE_MAX;
}

/* "Long lines": what is indented and begins nothing. */
static bool goes_on(fw_sv line)
{
    fw_sv word;
    bool indented = line.n > 0 && fw_is_blank(line.p[0]);
    return indented && fw_sv_word(&line, &word) && word.p[0] != '#' && !begins_statement(word);
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_ipf *ipf = fw_new(&doc->arena, struct fw_ipf);
    struct fw_pf *pf = &ipf->pf;
    uint64_t offset = 0;
    uint32_t line = 0;
    uint32_t last = 0;
    fw_maker_init(&pf->maker, doc, ret);
    pf->macros = fw_new_array(&doc->arena, FW_PF_MACRO_SLOTS, struct fw_pf_macro *);
    pf->semicolons = true;
    pf->goes_on = goes_on;
    /* "Default pass", unless the kernel was built otherwise; addresses are translated before the
     * rules on the way in, and after them on the way out. */
    pf->in = fw_pf_policy(&pf->maker, FW_SV("in"), false, FW_ACTION_PERMIT, (fw_span){0});
    pf->out = fw_pf_policy(&pf->maker, FW_SV("out"), true, FW_ACTION_PERMIT, (fw_span){0});
    pf->out->priority = 0;
    while (fw_pf_statement(pf, &offset, &line, &last)) {
        uint32_t first = pf->line;
        fw_doc_mark_range(doc, first, last, read_statement(ipf));
    }
    fw_ipf_lists_finish(ipf);
    fw_ipf_nat_finish(ipf);
    fw_maker_finish(&pf->maker);
}

/* --- Is it this format? --- */

static bool has_word(fw_sv line, const char *const *words, size_t n)
{
    fw_sv word;
    while (fw_sv_word(&line, &word)) {
        if (fw_sv_among(word, words, n)) {
            return true;
        }
    }
    return false;
}

/* A rule in words that pf does not have, or "flags S" without a mask. */
static bool is_own_rule(fw_sv line)
{
    static const char *const own[] = {
        "tcp/udp",   "head",   "ipopts", "short", "frags", "frag", "return-icmp-as-dest",
        "icmp-head", "nomatch"};
    size_t flags = fw_sv_find(line, FW_SV(" flags "));
    fw_sv mask = flags == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(line, flags + 7, SIZE_MAX);
    fw_sv word;
    bool bare = fw_sv_word(&mask, &word) && !fw_sv_is(word, "any") &&
                fw_sv_find_char(word, '/') == SIZE_MAX && fw_sv_find_char(word, '$') == SIZE_MAX;
    return bare || has_word(line, own, sizeof(own) / sizeof(own[0]));
}

/* "rdr le0 ... -> ": pf says "rdr on le0". */
static bool is_translation(fw_sv verb, fw_sv rest)
{
    fw_sv word;
    bool interface = fw_sv_word(&rest, &word) && !fw_sv_is(word, "on") && !fw_sv_is(word, "pass");
    return FW_SV_AMONG(verb, translations) && interface &&
           fw_sv_find(rest, FW_SV("->")) != SIZE_MAX;
}

static int bid(fw_sv head)
{
    static const char *const pf_words[] = {
        "{",        "inet",      "inet6",  "queue",  "label", "route-to", "reply-to",
        "user",     "antispoof", "anchor", "scrub",  "table", "altq",     "match",
        "modulate", "synproxy",  "tag",    "tagged", "self",  "no-df",    "on-anchor"};
    static const char *const pf_lines[] = {
        "table",       "scrub",     "set skip",   "set block-policy", "set limit",
        "set timeout", "nat on",    "rdr on",     "binat on",         "anchor",
        "load anchor", "antispoof", "nat-anchor", "rdr-anchor",       "match",
        "altq",        "queue"};
    size_t own = 0;
    size_t rules = 0;  /* that both could have */
    size_t others = 0; /* that only pf could have */
    fw_sv line;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv verb;
        line = fw_sv_trim(line);
        fw_sv rest = line;
        if (FW_SV_STARTS_AMONG(line, pf_lines)) {
            return FW_BID_NO;
        }
        if (!fw_sv_word(&rest, &verb)) {
            continue;
        }
        if (fw_sv_starts(verb, "@")) {
            fw_sv_word(&rest, &verb);
        }
        if (is_translation(verb, rest)) {
            own++;
        }
        if (!fw_ipf_is_action(verb)) {
            continue;
        }
        static const char *const ways[] = {"in", "out"};
        static const char *const wheres[] = {"from", "all"};
        if (!has_word(rest, ways, 2) || !has_word(rest, wheres, 2)) {
            others += fw_sv_is(verb, "pass") || fw_sv_is(verb, "block");
        } else if (is_own_rule(rest) || !(fw_sv_is(verb, "pass") || fw_sv_is(verb, "block"))) {
            own++;
        } else if (has_word(rest, pf_words, sizeof(pf_words) / sizeof(pf_words[0])) ||
                   fw_sv_find_char(rest, '{') != SIZE_MAX) {
            others++;
        } else {
            rules++;
        }
    }
    if (own > 0 && own >= others) {
        return FW_BID_LIKELY + 20;
    }
    /* A short list of plain rules is more often one of pf. */
    return rules >= 12 && others == 0 ? FW_BID_LIKELY + 11 : FW_BID_NO;
}

const struct fw_parser fw_parser_ipfilter = {
    .name = "ipfilter",
    .title = "IPFilter (ipf.conf, ipnat.conf)",
    .kind = FW_PARSER_RULESET,
    .version = 1,
    .bid = bid,
    .ruleset = parse,
};
