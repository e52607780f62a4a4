/* pf.conf of OpenBSD, FreeBSD and NetBSD.
 *   ext = "em0"
 *   table <admins> { 192.0.2.0/24 }
 *   block in log on $ext
 *   pass in quick on $ext inet proto tcp from <admins> to any port { 22, 443 } keep state
 * Statements, tables and settings; the last rule that matches decides unless one is quick. */
#include "core/proto.h"
#include "parsers/parser.h"
#include "parsers/pf_conf.h"

/* --- Tables --- */

/* "table <x> persist { 192.0.2.0/24 !192.0.2.1 }": the narrowest entry counts. */
static void read_table(struct fw_pf *pf)
{
    struct fw_doc *doc = pf->maker.doc;
    fw_sv word = fw_pf_next(pf);
    if (!fw_sv_starts(word, "<") || !fw_sv_ends(word, ">") || word.n < 3) {
        fw_pf_unread(pf, word, "<name> of a table");
        return;
    }
    struct fw_thing *table = fw_things_add(&pf->tables, (fw_sv){0}, 0,
                                           fw_sv_sub(word, 1, word.n - 2), FW_OBJECT_ADDRESS_GROUP);
    bool outside = false; /* commands and files change it while it is used */
    struct fw_choice choice = {0};
    table->object->defined = true;
    table->object->span = pf->span;
    while (pf->at < pf->n && !pf->failed) {
        if (fw_sv_is(fw_pf_peek(pf), "{")) {
            choice = fw_pf_hosts(pf, table->object->name);
        } else {
            word = fw_pf_next(pf);
            bool file = fw_sv_is(word, "file");
            outside = outside || file || fw_sv_is(word, "persist");
            if (file) {
                pf->at += pf->at < pf->n;
            } else if (!fw_sv_is(word, "persist") && !fw_sv_is(word, "const") &&
                       !fw_sv_is(word, "counters")) {
                fw_pf_unread(pf, word, "persist, const, counters, file or { ... }");
            }
        }
    }
    if (outside || pf->failed) {
        struct fw_choosing choosing;
        fw_choosing_init(&choosing, &doc->arena);
        fw_sv words[] = {FW_SV("table"), table->object->name};
        struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(&doc->arena, words, 2),
                                           false);
        atom.outside = true;
        fw_choosing_atom(&choosing, atom);
        choice = fw_choosing_done(&choosing);
    }
    table->object->empty = choice.n == 0;
    fw_thing_settle(table, choice);
}

/* --- Settings --- */

/* What says how long and how many, and nothing of which packets pass. */
static const char *const harmless_settings[] = {
    "timeout",        "limit",        "optimization", "ruleset-optimization", "debug",
    "fingerprints",   "loginterface", "hostid",       "require-order",        "reassemble",
    "state-defaults", "state-policy", "syncookies",   "keepcounters",
};

static bool is_harmless(fw_sv name)
{
    return FW_SV_AMONG(name, harmless_settings);
}

/* "set skip on lo0": what goes there is not filtered. */
static void read_skip(struct fw_pf *pf)
{
    struct fw_pf_match match;
    fw_pf_match_init(pf, &match);
    fw_pf_match_head(pf, &match);
    match.rule.action = FW_ACTION_PERMIT;
    match.rule.target = FW_SV("skip");
    match.rule.quick = true;
    fw_pf_end(pf);
    fw_pf_add(pf, &match, pf->in, pf->out);
}

static enum fw_line_verdict read_setting(struct fw_pf *pf)
{
    fw_sv name = fw_pf_next(pf);
    if (fw_sv_is(name, "skip")) {
        read_skip(pf);
    } else if (fw_sv_is(name, "block-policy")) {
        pf->block_returns = fw_sv_is(fw_pf_next(pf), "return");
    } else if (!is_harmless(name)) {
        fw_doc_unsupported(pf->maker.doc, pf->line, name, "unknown setting");
        return FW_LINE_UNSUPPORTED;
    } else {
        return FW_LINE_IGNORED;
    }
    return FW_LINE_USED;
}

/* --- Rules --- */

static void skip_parens(struct fw_pf *pf)
{
    if (fw_pf_take(pf, "(")) {
        while (pf->at < pf->n && !fw_pf_take(pf, ")")) {
            pf->at++;
        }
    }
}

static enum fw_action block_action(struct fw_pf *pf)
{
    static const char *const returns[] = {"return", "return-rst", "return-icmp", "return-icmp6"};
    if (fw_pf_take(pf, "drop")) {
        return FW_ACTION_DENY;
    }
    for (size_t i = 0; i < sizeof(returns) / sizeof(returns[0]); i++) {
        if (fw_pf_take(pf, returns[i])) {
            skip_parens(pf);
            return FW_ACTION_REJECT;
        }
    }
    return pf->block_returns ? FW_ACTION_REJECT : FW_ACTION_DENY;
}

/* "label" is what pfctl and logs show of a rule. */
static fw_sv find_label(const struct fw_pf *pf)
{
    for (size_t i = 0; i + 1 < pf->n; i++) {
        if (!pf->words[i].quoted && fw_sv_is(pf->words[i].text, "label")) {
            return pf->words[i + 1].text;
        }
    }
    return (fw_sv){0};
}

/* In whichever order. */
static void read_log_and_quick(struct fw_pf *pf, struct fw_pf_match *match)
{
    for (;;) {
        if (fw_pf_take(pf, "log") || fw_pf_take(pf, "log-all")) {
            match->rule.log = true;
            skip_parens(pf);
        } else if (fw_pf_take(pf, "quick")) {
            match->rule.quick = true;
        } else {
            return;
        }
    }
}

static void read_rule(struct fw_pf *pf, fw_sv verb)
{
    struct fw_pf_match match;
    fw_pf_match_init(pf, &match);
    match.rule.target = verb;
    match.rule.comment = find_label(pf);
    match.rule.action = fw_sv_is(verb, "pass")    ? FW_ACTION_PERMIT
                        : fw_sv_is(verb, "match") ? FW_ACTION_CONTINUE
                                                  : block_action(pf);
    if (fw_pf_take(pf, "in")) {
        match.out = false;
    } else if (fw_pf_take(pf, "out")) {
        match.in = false;
    }
    read_log_and_quick(pf, &match);
    fw_pf_match_head(pf, &match);
    fw_pf_match_options(pf, &match);
    fw_pf_end(pf);
    fw_pf_add(pf, &match, pf->in, pf->out);
}

/* "antispoof for em0": what pretends to come from its network. Silently, whatever block-policy
 * says: pf.conf(5), "Blocking Spoofed Traffic". */
static void read_antispoof(struct fw_pf *pf)
{
    struct fw_pf_match match;
    fw_pf_match_init(pf, &match);
    match.out = false;
    match.rule.action = FW_ACTION_DENY;
    match.rule.target = FW_SV("antispoof");
    read_log_and_quick(pf, &match);
    if (!fw_pf_take(pf, "for")) {
        fw_pf_unread(pf, fw_pf_peek(pf), "for and an interface");
    }
    size_t from = pf->at;
    pf->at = pf->n;
    fw_pf_widen_from(pf, &match, FW_ATOM_FIXED, "spoofs the network of", from);
    fw_pf_add(pf, &match, pf->in, pf->out);
}

/* A statement that nobody can read may be a rule of any kind. */
static void may_be_anything(struct fw_pf *pf, const char *why)
{
    struct fw_pf_match match;
    fw_pf_match_init(pf, &match);
    match.rule.action = FW_ACTION_UNKNOWN;
    match.rule.target = fw_sv_from(why);
    fw_terms_atom(&match.terms, fw_atom_make(FW_ATOM_VARYING, fw_sv_from(why), false));
    fw_pf_add(pf, &match, pf->in, pf->out);
}

/* Normalization drops what is broken and lets the rest be asked about; queues say how fast. */
static const char *const harmless_words[] = {"scrub", "altq", "queue", "load", "state"};

static enum fw_line_verdict read_statement(struct fw_pf *pf)
{
    struct fw_doc *doc = pf->maker.doc;
    if (pf->unclosed) { /* with every line that it swallowed */
        fw_pf_unread(pf, pf->words[0].text, "the } of a list before the end of the file");
        may_be_anything(pf, "not understood");
        return FW_LINE_BAD;
    }
    if (fw_pf_define(pf)) {
        return FW_LINE_USED;
    }
    bool no = fw_pf_take(pf, "no");
    fw_sv verb = fw_pf_next(pf);
    if (FW_SV_AMONG(verb, harmless_words)) {
        return FW_LINE_IGNORED;
    }
    if (fw_sv_is(verb, "table")) {
        read_table(pf);
    } else if (fw_sv_is(verb, "set")) {
        return read_setting(pf);
    } else if (fw_sv_is(verb, "pass") || fw_sv_is(verb, "block") || fw_sv_is(verb, "match")) {
        read_rule(pf, verb);
    } else if (fw_sv_is(verb, "nat") || fw_sv_is(verb, "rdr") || fw_sv_is(verb, "binat")) {
        fw_pf_nat(pf, verb, no);
    } else if (fw_sv_is(verb, "anchor") || fw_sv_ends(verb, "-anchor")) {
        fw_pf_anchor(pf, verb);
    } else if (fw_sv_is(verb, "antispoof")) {
        read_antispoof(pf);
    } else if (fw_sv_is(verb, "include")) {
        fw_doc_unsupported(doc, pf->line, verb, "rules of another file");
        may_be_anything(pf, "included");
        return FW_LINE_UNSUPPORTED;
    } else if (fw_sv_is(verb, "}")) { /* the end of an anchor's rules */
        return FW_LINE_USED;
    } else {
        fw_pf_unread(pf, verb, "a rule, a table, a setting or a macro");
    }
    if (pf->failed) {
        may_be_anything(pf, "not understood");
    }
    return FW_LINE_USED;
}

/* Lines up to the brace that closes the block: their anchor widened what they may do. */
static void skip_block(struct fw_pf *pf, uint64_t *offset, uint32_t *line)
{
    struct fw_doc *doc = pf->maker.doc;
    uint32_t last = *line;
    int depth = 1;
    fw_doc_unsupported(doc, pf->line, (fw_sv){0}, "rules of an anchor in this file are not read");
    while (depth > 0 && fw_pf_statement(pf, offset, line, &last)) {
        for (size_t i = 0; i < pf->n; i++) {
            depth += !pf->words[i].quoted && fw_sv_is(pf->words[i].text, "{");
            depth -= !pf->words[i].quoted && fw_sv_is(pf->words[i].text, "}");
        }
        fw_doc_mark_range(doc, pf->line, last, FW_LINE_UNSUPPORTED);
    }
    if (depth > 0) { /* some of them are not the anchor's */
        may_be_anything(pf, "an anchor without an end");
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_pf *pf = fw_new(&doc->arena, struct fw_pf);
    uint64_t offset = 0;
    uint32_t line = 0;
    uint32_t last = 0;
    fw_maker_init(&pf->maker, doc, ret);
    pf->macros = fw_new_array(&doc->arena, FW_PF_MACRO_SLOTS, struct fw_pf_macro *);
    fw_things_init(&pf->tables, &doc->arena, ret);
    pf->in = fw_pf_policy(&pf->maker, FW_SV("in"), false, FW_ACTION_PERMIT, (fw_span){0});
    pf->out = fw_pf_policy(&pf->maker, FW_SV("out"), true, FW_ACTION_PERMIT, (fw_span){0});
    if (doc->nlines > 0) { /* TCP amid a connection passes where no rule refuses everything */
        fw_span span = fw_doc_span(doc, (fw_sv){0}, 1);
        fw_pf_states(&pf->maker, pf->in, true, span);
        fw_pf_states(&pf->maker, pf->out, true, span);
    }
    while (fw_pf_statement(pf, &offset, &line, &last)) {
        uint32_t first = pf->line;
        bool block = fw_sv_is(pf->words[0].text, "anchor") &&
                     fw_sv_is(pf->words[pf->n - 1].text, "{");
        enum fw_line_verdict verdict = read_statement(pf);
        fw_doc_mark_range(doc, first, last, verdict);
        if (block) {
            skip_block(pf, &offset, &line);
        }
        fw_arena_reset(&doc->scratch);
    }
    fw_things_finish(&pf->tables);
    fw_maker_finish(&pf->maker);
}

/* A rule with words that only pf has, or a table with translation. */
static int bid(fw_sv head)
{
    static const char *const words[] = {"quick", "inet", "inet6", "keep", "on",
                                        "proto", "all",  "from",  "flags"};
    static const char *const only[] = {
        "set skip on", "set block-policy", "table <",   "scrub in",         "antispoof",
        "nat on ",     "rdr on ",          "match in ", "match out ",       "nat-anchor",
        "rdr-anchor",  "rdr pass",         "set limit", "set optimization", "load anchor "};
    bool likely = false;
    fw_sv text;
    while (fw_sv_split(&head, '\n', &text)) {
        fw_sv word;
        text = fw_sv_trim(text);
        likely = likely || FW_SV_STARTS_AMONG(text, only);
        if (!fw_sv_word(&text, &word) || (!fw_sv_is(word, "pass") && !fw_sv_is(word, "block") &&
                                          !fw_sv_is(word, "rdr") && !fw_sv_is(word, "nat"))) {
            continue;
        }
        while (fw_sv_word(&text, &word)) {
            for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
                if (fw_sv_is(word, words[i])) {
                    return FW_BID_LIKELY + 10;
                }
            }
        }
    }
    return likely ? FW_BID_LIKELY : FW_BID_NO;
}

const struct fw_parser fw_parser_pf = {
    .name = "pf",
    .title = "OpenBSD and FreeBSD pf.conf",
    .kind = FW_PARSER_RULESET,
    .version = 3,
    .bid = bid,
    .ruleset = parse,
};
