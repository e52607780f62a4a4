/* What `iptables -L` prints after the destination: matches in the order of the rule, then the
 * target. From the print functions of iptables' extensions.
 *   tcp dpt:22 ctstate NEW limit: avg 3/min burst 5 LOG flags 0 level 4 prefix "DROP " */
#include "parsers/iptables_listed.h"

#include <string.h>

struct reading {
    struct fw_listed *listed;
    fw_sv target;
    fw_sv rest;
    bool negated; /* a "!" stood before the word */
};

static void add_word(struct fw_listed *listed, fw_sv text)
{
    listed->words = fw_arena_push(listed->scratch, listed->words, listed->n,
                                  sizeof(*listed->words));
    listed->words[listed->n++] = (struct fw_nf_word){text, text};
}

void fw_listed_option(struct fw_listed *listed, const char *option, bool negated, fw_sv value)
{
    if (negated) {
        add_word(listed, FW_SV("!"));
    }
    add_word(listed, fw_sv_from(option));
    if (value.p) {
        add_word(listed, value);
    }
}

void fw_listed_atom(struct fw_listed *listed, enum fw_atom_kind kind, fw_sv words, bool negated)
{
    listed->atoms = fw_arena_push(listed->scratch, listed->atoms, listed->natoms,
                                  sizeof(*listed->atoms));
    listed->atoms[listed->natoms++] = fw_atom_make(kind, words, negated);
}

static fw_sv next(struct reading *r)
{
    fw_sv word = {0};
    fw_sv_word(&r->rest, &word);
    return word;
}

/* "!80" or "! 80": the "!" is taken off. */
static fw_sv value(struct reading *r, bool *negated)
{
    fw_sv word = next(r);
    if (fw_sv_is(word, "!")) {
        *negated = !*negated;
        return next(r);
    }
    if (fw_sv_starts(word, "!")) {
        *negated = !*negated;
        word = fw_sv_sub(word, 1, SIZE_MAX);
    }
    return word;
}

static void option(struct reading *r, const char *module, const char *name, bool negated, fw_sv v)
{
    fw_listed_option(r->listed, "-m", false, fw_sv_from(module));
    fw_listed_option(r->listed, name, negated, v.p ? v : FW_SV(""));
}

static void bad(struct reading *r, fw_sv word, const char *expected)
{
    fw_doc_bad(r->listed->doc, r->listed->line, word, "expected %s", expected);
    fw_listed_atom(r->listed, FW_ATOM_VARYING, word.n > 0 ? word : FW_SV("cut off"), false);
}

/* --- Matches with a meaning of their own --- */

/* "spt:22", "dpts:!1:1023", "flags:0x17/0x02", "option=2" */
static bool port_field(struct reading *r, const char *module, fw_sv field)
{
    static const struct {
        const char *lead, *option;
    } rows[] = {
        {"spt:", "--sport"},  {"spts:", "--sport"},        {"dpt:", "--dport"},
        {"dpts:", "--dport"}, {"option=", "--tcp-option"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_starts(field, rows[i].lead)) {
            fw_sv v = fw_sv_sub(field, strlen(rows[i].lead), SIZE_MAX);
            bool not = fw_sv_starts(v, "!");
            option(r, module, rows[i].option, not, fw_sv_sub(v, not, SIZE_MAX));
            return true;
        }
    }
    if (fw_sv_starts(field, "flags:")) {
        fw_sv v = fw_sv_sub(field, 6, SIZE_MAX);
        bool not = fw_sv_starts(v, "!");
        v = fw_sv_sub(v, not, SIZE_MAX);
        size_t slash = fw_sv_find_char(v, '/');
        option(r, "tcp", "--tcp-flags", not, fw_sv_sub(v, 0, slash));
        add_word(r->listed, slash == SIZE_MAX ? FW_SV("") : fw_sv_sub(v, slash + 1, SIZE_MAX));
        return true;
    }
    return false;
}

static void take_protocol(struct reading *r, const char *name)
{
    for (;;) {
        fw_sv rest = r->rest;
        fw_sv field;
        if (!fw_sv_word(&rest, &field) || !port_field(r, name, field)) {
            return;
        }
        r->rest = rest;
    }
}

static void take_multiport(struct reading *r, const char *name)
{
    (void)name;
    fw_sv which = next(r);
    bool not = r->negated;
    fw_sv list = value(r, &not );
    const char *option_name = fw_sv_is(which, "sports")   ? "--sports"
                              : fw_sv_is(which, "dports") ? "--dports"
                              : fw_sv_is(which, "ports")  ? "--ports"
                                                          : NULL;
    if (!option_name) {
        bad(r, which, "sports, dports or ports");
        return;
    }
    option(r, "multiport", option_name, not, list);
}

/* "icmptype 3 code 4", "icmp echo-request", "ipv6-icmptype 128", "icmp !type 8" */
static void take_icmp(struct reading *r, const char *name)
{
    bool six = fw_sv_starts(fw_sv_from(name), "ipv6") || fw_sv_starts(fw_sv_from(name), "icmp6");
    bool not = r->negated;
    fw_sv type = value(r, &not );
    if (fw_sv_is(type, "type")) {
        type = next(r);
    }
    fw_sv rest = r->rest;
    fw_sv word = {0};
    if (fw_sv_word(&rest, &word) && fw_sv_is(word, "code") && fw_sv_word(&rest, &word)) {
        type = fw_arena_printf(r->listed->scratch, "%.*s/%.*s", FW_SV_ARG(type), FW_SV_ARG(word));
        r->rest = rest;
    } else if (fw_sv_is(word, "codes") && fw_sv_word(&rest, &word)) {
        fw_sv words[] = {FW_SV("icmp codes"), word};
        fw_listed_atom(r->listed, FW_ATOM_FIXED, fw_words_join(r->listed->scratch, words, 2),
                       false);
        r->rest = rest;
    }
    option(r, six ? "icmp6" : "icmp", six ? "--icmpv6-type" : "--icmp-type", not, type);
}

static void take_state(struct reading *r, const char *name)
{
    bool not = r->negated;
    fw_sv v = value(r, &not );
    bool state = strcmp(name, "state") == 0;
    option(r, state ? "state" : "conntrack", state ? "--state" : "--ctstate", not, v);
}

/* "ctorigdst 10.0.0.1", "! ctstatus DNAT" */
static void take_conntrack(struct reading *r, const char *name)
{
    const char *full = (const char *)fw_arena_printf(r->listed->scratch, "--%s", name).p;
    bool not = r->negated;
    fw_sv v = value(r, &not );
    option(r, "conntrack", full, not, v);
}

/* "limit: avg 3/min burst 5"; of hashlimit: "limit: up to 10/sec burst 5 mode srcip" */
static void take_limit(struct reading *r, const char *name);

static void take_mark(struct reading *r, const char *name)
{
    fw_sv match = next(r);
    bool not = r->negated;
    if (!fw_sv_is(match, "match")) {
        bad(r, match, "match");
        return;
    }
    fw_sv v = value(r, &not );
    option(r, name, "--mark", not, v);
}

/* "ADDRTYPE match src-type !UNICAST dst-type LOCAL" */
static void take_addrtype(struct reading *r, const char *name)
{
    (void)name;
    fw_sv match = next(r);
    if (!fw_sv_is(match, "match")) {
        bad(r, match, "match");
        return;
    }
    for (;;) {
        fw_sv rest = r->rest;
        fw_sv word;
        if (!fw_sv_word(&rest, &word)) {
            return;
        }
        bool source = fw_sv_is(word, "src-type");
        if (source || fw_sv_is(word, "dst-type")) {
            bool not = false;
            r->rest = rest;
            fw_sv v = value(r, &not );
            option(r, "addrtype", source ? "--src-type" : "--dst-type", not, v);
        } else if (fw_sv_is(word, "limit-in") || fw_sv_is(word, "limit-out")) {
            r->rest = rest;
            fw_listed_atom(r->listed, FW_ATOM_FIXED,
                           fw_sv_is(word, "limit-in") ? FW_SV("addrtype limit-iface-in")
                                                      : FW_SV("addrtype limit-iface-out"),
                           false);
        } else {
            return;
        }
    }
}

static void take_set(struct reading *r, const char *name)
{
    (void)name;
    bool not = r->negated;
    fw_sv set = next(r);
    fw_sv sides = next(r);
    option(r, "set", "--match-set", not, set);
    add_word(r->listed, sides.p ? sides : FW_SV(""));
}

/* "source IP range 10.0.0.1-10.0.0.9" */
static void take_range(struct reading *r, const char *name)
{
    bool source = strcmp(name, "source") == 0;
    fw_sv ip = next(r);
    fw_sv range = next(r);
    bool not = r->negated;
    if (!fw_sv_is(ip, "IP") || !fw_sv_is(range, "range")) {
        bad(r, ip, "IP range");
        return;
    }
    fw_sv v = value(r, &not );
    option(r, "iprange", source ? "--src-range" : "--dst-range", not, v);
}

/* A comment may hold what ends one: then nobody can tell what after it is a condition. */
static void take_comment(struct reading *r, const char *name)
{
    (void)name;
    size_t end = fw_sv_find(r->rest, FW_SV("*/"));
    size_t last = end;
    for (size_t at = end; at != SIZE_MAX;) {
        last = at;
        size_t more = fw_sv_find(fw_sv_sub(r->rest, at + 2, SIZE_MAX), FW_SV("*/"));
        at = more == SIZE_MAX ? more : at + 2 + more;
    }
    if (last != end) {
        fw_listed_atom(r->listed, FW_ATOM_VARYING, FW_SV("comment that ends twice"), false);
    }
    fw_sv text = fw_sv_trim(fw_sv_sub(r->rest, 0, last));
    r->rest = last == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(r->rest, last + 2, SIZE_MAX);
    option(r, "comment", "--comment", false, text);
}

/* --- Matches that stay words --- */

static const struct {
    const char *lead;
    enum fw_atom_kind kind;
} opaque[] = {
    {"#conn", FW_ATOM_VARYING}, {"BPF", FW_ATOM_FIXED},       {"DSCP", FW_ATOM_FIXED},
    {"ECN", FW_ATOM_FIXED},     {"MAC", FW_ATOM_FIXED},       {"PHYSDEV", FW_ATOM_FIXED},
    {"PKTTYPE", FW_ATOM_FIXED}, {"STRING", FW_ATOM_FIXED},    {"TIME", FW_ATOM_TIME},
    {"TOS", FW_ATOM_FIXED},     {"TTL", FW_ATOM_FIXED},       {"ah", FW_ATOM_FIXED},
    {"cgroup", FW_ATOM_FIXED},  {"connbytes", FW_ATOM_FIXED}, {"connlabel", FW_ATOM_VARYING},
    {"conn", FW_ATOM_VARYING},  {"cpu", FW_ATOM_FIXED},       {"esp", FW_ATOM_FIXED},
    {"frag", FW_ATOM_FIXED},    {"helper", FW_ATOM_FIXED},    {"hl", FW_ATOM_FIXED},
    {"HL", FW_ATOM_FIXED},      {"length", FW_ATOM_FIXED},    {"owner", FW_ATOM_FIXED},
    {"policy", FW_ATOM_FIXED},  {"quota", FW_ATOM_VARYING},   {"quota:", FW_ATOM_VARYING},
    {"realm", FW_ATOM_FIXED},   {"recent:", FW_ATOM_VARYING}, {"rpfilter", FW_ATOM_FIXED},
    {"rt", FW_ATOM_FIXED},      {"socket", FW_ATOM_FIXED},    {"statistic", FW_ATOM_VARYING},
    {"tcpmss", FW_ATOM_FIXED},  {"tos", FW_ATOM_FIXED},       {"u32", FW_ATOM_FIXED},
};

struct match_row {
    const char *lead;
    void (*take)(struct reading *r, const char *name);
};

static const struct match_row matches[] = {
    {"tcp", take_protocol},
    {"udp", take_protocol},
    {"udplite", take_protocol},
    {"sctp", take_protocol},
    {"dccp", take_protocol},
    {"multiport", take_multiport},
    {"icmp", take_icmp},
    {"icmptype", take_icmp},
    {"ipv6-icmp", take_icmp},
    {"ipv6-icmptype", take_icmp},
    {"state", take_state},
    {"ctstate", take_state},
    {"ctproto", take_conntrack},
    {"ctorigsrc", take_conntrack},
    {"ctorigdst", take_conntrack},
    {"ctreplsrc", take_conntrack},
    {"ctrepldst", take_conntrack},
    {"ctorigsrcport", take_conntrack},
    {"ctorigdstport", take_conntrack},
    {"ctreplsrcport", take_conntrack},
    {"ctrepldstport", take_conntrack},
    {"ctstatus", take_conntrack},
    {"ctexpire", take_conntrack},
    {"ctdir", take_conntrack},
    {"limit:", take_limit},
    {"mark", take_mark},
    {"connmark", take_mark},
    {"ADDRTYPE", take_addrtype},
    {"match-set", take_set},
    {"source", take_range},
    {"destination", take_range},
    {"/*", take_comment},
};

static const struct match_row *find_match(fw_sv word)
{
    for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
        if (fw_sv_is(word, matches[i].lead)) {
            return &matches[i];
        }
    }
    return NULL;
}

/* A word and, when it opens a quote, all up to the end of it. */
static bool quoted_word(fw_sv *rest, fw_sv *ret)
{
    fw_sv word;
    if (!fw_sv_word(rest, &word)) {
        return false;
    }
    if (word.p[0] == '"' && (word.n == 1 || word.p[word.n - 1] != '"')) {
        size_t end = fw_sv_find_char(*rest, '"');
        size_t more = end == SIZE_MAX ? rest->n : end + 1;
        word.n = (size_t)(rest->p + more - word.p);
        *rest = fw_sv_sub(*rest, more, SIZE_MAX);
    }
    *ret = word;
    return true;
}

static bool is_opaque(fw_sv word, enum fw_atom_kind *ret)
{
    for (size_t i = 0; i < sizeof(opaque) / sizeof(opaque[0]); i++) {
        if (fw_sv_is(word, opaque[i].lead)) {
            *ret = opaque[i].kind;
            return true;
        }
    }
    return false;
}

/* "TTL set to 3" and not "TTL match TTL < 5"; a target under another name is none of a match's. */
static bool target_begins(const struct reading *r, fw_sv word, fw_sv rest)
{
    fw_sv second = {0};
    fw_sv_word(&rest, &second);
    bool match = fw_sv_is(second, "match") || fw_sv_is(second, "<") || fw_sv_is(second, ">") ||
                 fw_sv_is(second, "==") || fw_sv_is(second, "!=");
    return (fw_sv_eq(word, r->target) && !match) || fw_sv_is(word, "NOTRACK");
}

/* How much of an unmodelled match's words there is: up to the next one that is known. */
static fw_sv words_from(struct reading *r, fw_sv first)
{
    fw_sv rest = r->rest;
    fw_sv word;
    enum fw_atom_kind kind;
    const char *end = first.p + first.n;
    while (quoted_word(&rest, &word)) {
        /* "recent: ... side: source mask", "TTL match TTL < 5": words of this one. */
        bool own = fw_sv_is(word, "source") || fw_sv_is(word, "mark") || fw_sv_is(word, "tcp") ||
                   fw_sv_is(word, "udp") || fw_sv_eq(word, first);
        bool other = find_match(word) || is_opaque(word, &kind) || fw_sv_is(word, "reject-with") ||
                     fw_sv_starts(word, "to:") || fw_sv_is(word, "!");
        if ((other && !own) || target_begins(r, word, rest)) {
            break;
        }
        end = word.p + word.n;
        r->rest = rest;
    }
    return fw_sv_of(first.p, (size_t)(end - first.p));
}

static void take_limit(struct reading *r, const char *name)
{
    fw_sv rest = r->rest;
    fw_sv lead = fw_sv_of(r->rest.p - strlen(name), strlen(name));
    fw_sv avg;
    fw_sv rate;
    fw_sv burst;
    fw_sv number;
    if (fw_sv_word(&rest, &avg) && fw_sv_is(avg, "avg") && fw_sv_word(&rest, &rate) &&
        fw_sv_word(&rest, &burst) && fw_sv_is(burst, "burst") && fw_sv_word(&rest, &number)) {
        option(r, "limit", "--limit", false, rate);
        fw_listed_option(r->listed, "--limit-burst", false, number);
        r->rest = rest;
        return;
    }
    fw_listed_atom(r->listed, FW_ATOM_VARYING, words_from(r, lead), false);
}

/* --- Targets --- */

/* "LOG flags 0 level 4 prefix "DROP "", "nflog-prefix "x" nflog-group 2" */
static void take_log(struct reading *r, fw_sv word)
{
    fw_sv rest = fw_sv_of(word.p, (size_t)(r->rest.p + r->rest.n - word.p));
    size_t prefix = fw_sv_find(rest, FW_SV("prefix \""));
    if (prefix != SIZE_MAX) {
        fw_sv text = fw_sv_sub(rest, prefix + 8, SIZE_MAX);
        size_t n = text.n;
        while (n > 0 && text.p[n - 1] != '"') {
            n--;
        }
        const char *name = fw_sv_is(r->target, "LOG")    ? "--log-prefix"
                           : fw_sv_is(r->target, "ULOG") ? "--ulog-prefix"
                                                         : "--nflog-prefix";
        fw_listed_option(r->listed, name, false, fw_sv_sub(text, 0, n > 0 ? n - 1 : text.n));
    }
    r->rest = (fw_sv){0};
}

/* "MARK set 0x1", "CONNMARK xset 0x1/0xff" */
static void take_set_mark(struct reading *r)
{
    static const struct {
        const char *word, *option;
    } rows[] = {
        {"set", "--set-mark"}, {"xset", "--set-xmark"}, {"and", "--and-mark"},
        {"or", "--or-mark"},   {"xor", "--xor-mark"},
    };
    fw_sv word = next(r);
    fw_sv number = next(r);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (fw_sv_is(word, rows[i].word)) {
            fw_listed_option(r->listed, rows[i].option, false, number);
            return;
        }
    }
    bool save = fw_sv_is(word, "save");
    if (!fw_sv_is(r->target, "CONNMARK") || (!save && !fw_sv_is(word, "restore"))) {
        r->listed->nf->alters |= FW_NF_ALTERS_MARK | FW_NF_ALTERS_CONNMARK;
        r->rest = (fw_sv){0};
        return;
    }
    fw_listed_option(r->listed, save ? "--save-mark" : "--restore-mark", false, (fw_sv){0});
    for (word = number; word.n > 0; word = next(r)) { /* "nfmask 0xf ctmask ~0xff" */
        number = next(r);
        const char *name = fw_sv_is(word, "nfmask")   ? "--nfmask"
                           : fw_sv_is(word, "ctmask") ? "--ctmask"
                                                      : "--mask";
        fw_listed_option(
            r->listed, name, false,
            fw_sv_sub(number.p ? number : FW_SV(""), fw_sv_starts(number, "~"), SIZE_MAX));
    }
}

/* False: the word begins nothing of the target's. */
static bool take_target(struct reading *r, fw_sv word)
{
    if (fw_sv_is(word, "reject-with")) {
        next(r);
        return true;
    }
    if (fw_sv_is(word, "[goto]")) {
        return true; /* seen when the target was looked at */
    }
    if (fw_sv_starts(word, "to:")) {
        const char *name = fw_sv_is(r->target, "SNAT")   ? "--to-source"
                           : fw_sv_is(r->target, "DNAT") ? "--to-destination"
                                                         : "--to";
        fw_listed_option(r->listed, name, false, fw_sv_sub(word, 3, SIZE_MAX));
        return true;
    }
    if (fw_sv_is(word, "redir") || fw_sv_is(word, "masq")) {
        fw_sv ports = next(r);
        if (fw_sv_is(ports, "ports") || fw_sv_is(ports, "ports:")) {
            fw_listed_option(r->listed, "--to-ports", false, next(r));
        }
        return true;
    }
    if (fw_sv_is(word, "random") || fw_sv_is(word, "persistent") ||
        fw_sv_is(word, "random-fully")) {
        return fw_sv_is(r->target, "SNAT") || fw_sv_is(r->target, "DNAT") ||
               fw_sv_is(r->target, "MASQUERADE") || fw_sv_is(r->target, "REDIRECT");
    }
    if (fw_sv_starts(word, "nflog-") && fw_sv_is(r->target, "NFLOG")) {
        take_log(r, word);
        return true;
    }
    if (fw_sv_is(r->target, "SET") && fw_sv_ends(word, "-set")) {
        r->rest = (fw_sv){0};
        return true;
    }
    if (fw_sv_is(word, "NOTRACK") && fw_sv_is(r->target, "CT")) { /* as it was called before */
        fw_listed_option(r->listed, "--notrack", false, (fw_sv){0});
        return true;
    }
    if (!target_begins(r, word, r->rest)) {
        return false;
    }
    if (fw_sv_is(word, "LOG") || fw_sv_is(word, "ULOG")) {
        take_log(r, word);
    } else if (fw_sv_is(word, "MARK") || fw_sv_is(word, "CONNMARK")) {
        take_set_mark(r);
    } else {
        if (fw_sv_is(word, "CT") && fw_sv_starts(fw_sv_trim(r->rest), "notrack")) {
            fw_listed_option(r->listed, "--notrack", false, (fw_sv){0});
        }
        r->rest = (fw_sv){0}; /* how a target does what its row says of it */
    }
    return true;
}

static void take_unknown(struct reading *r, fw_sv word)
{
    enum fw_atom_kind kind;
    if (is_opaque(word, &kind)) {
        fw_listed_atom(r->listed, kind, words_from(r, word), r->negated);
        return;
    }
    fw_doc_unsupported(r->listed->doc, r->listed->line, word, "words of a match that is not known");
    fw_listed_atom(r->listed, FW_ATOM_VARYING, words_from(r, word), false);
}

void fw_listed_read(struct fw_listed *listed, fw_sv target, fw_sv text)
{
    struct reading r = {.listed = listed, .target = target, .rest = text};
    fw_sv word;
    if (target.n > 0) {
        /* Behind the addresses, before all matches: further on it is somebody's comment. */
        bool go = fw_sv_starts(fw_sv_trim(text), "[goto]");
        fw_listed_option(listed, go ? "-g" : "-j", false, target);
    }
    while (fw_sv_word(&r.rest, &word)) {
        if (fw_sv_is(word, "!")) {
            r.negated = true;
            continue;
        }
        const struct match_row *match = find_match(word);
        if (match) {
            match->take(&r, match->lead);
        } else if (!take_target(&r, word)) {
            take_unknown(&r, word);
        }
        r.negated = false;
    }
}
