/* How one iptables command becomes a rule: its words in order, base options here, those of matches
 * and targets in their tables. What is not understood widens the rule, it never drops it.
 *   -A INPUT ! -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -m limit --limit 3/min -j ACCEPT */
#include "parsers/netfilter_match.h"

#include <string.h>

#include "core/limits.h"
#include "core/proto.h"
#include "parsers/maker.h"

enum command { NONE, APPEND, INSERT, REPLACE, DELETE, NEW, REMOVE, FLUSH, POLICY, OTHER };

/* A choice of addresses: "-s a,b" makes one rule each. */
struct choice {
    size_t n;
    struct fw_term *v;
};

struct reader {
    struct fw_nf *nf;
    struct fw_nf_words words;
    size_t at;
    bool negated; /* a "!" waits for its option */
    enum command command;
    uint32_t position; /* -I, -R, -D */
    fw_sv argument;    /* -P: the policy */
    bool other_family; /* -4 in IPv6 rules, -6 in IPv4 rules: the rule is not loaded */
    struct choice src, dst;
    struct fw_nf_rule rule;
};

static struct fw_arena *scratch_of(struct reader *r)
{
    return &r->nf->doc->scratch;
}

static bool is_option(fw_sv word)
{
    return word.n > 1 && word.p[0] == '-' && !fw_is_digit(word.p[1]);
}

fw_sv fw_nf_option_words(struct fw_nf_rule *rule, const char *module,
                         const struct fw_nf_option *option)
{
    fw_sv *words = fw_new_array(&rule->nf->doc->scratch, option->n + 2, fw_sv);
    size_t n = 0;
    if (module[0] != '\0') {
        words[n++] = fw_sv_from(module);
    }
    words[n++] = fw_sv_sub(option->name, fw_sv_starts(option->name, "--") ? 2 : 0, SIZE_MAX);
    for (size_t i = 0; i < option->n; i++) {
        words[n++] = option->args[i].raw;
    }
    return fw_words_join(&rule->nf->doc->scratch, words, n);
}

void fw_nf_widen(struct fw_nf_rule *rule, enum fw_atom_kind kind, const char *module,
                 const struct fw_nf_option *option)
{
    fw_terms_atom(&rule->terms,
                  fw_atom_make(kind, fw_nf_option_words(rule, module, option), option->negated));
}

void fw_nf_bad_value(struct fw_nf_rule *rule, const struct fw_nf_option *option,
                     const char *expected)
{
    fw_sv part = option->n > 0 ? option->args[0].raw : option->raw;
    fw_doc_mark(rule->nf->doc, rule->line, FW_LINE_BAD);
    fw_doc_warn(rule->nf->doc, FW_DIAG_ID_BAD_VALUE, rule->line, part,
                "%.*s takes %s, not \"%.*s\"", FW_SV_ARG(option->raw), expected, FW_SV_ARG(part));
    fw_nf_widen(rule, FW_ATOM_VARYING, "", option);
}

/* --- Base options --- */

static void unexpected(struct reader *r, fw_sv word)
{
    fw_doc_bad(r->nf->doc, r->rule.line, word, "unexpected word \"%.*s\"", FW_SV_ARG(word));
    fw_terms_atom(&r->rule.terms, fw_atom_make(FW_ATOM_VARYING, word, false));
}

static void take_protocol(struct reader *r, const struct fw_nf_option *option)
{
    uint8_t proto;
    fw_sv name = option->args[0].text;
    if (fw_sv_is_nocase(name, "all") || fw_sv_is(name, "0")) {
        if (option->negated) {
            fw_nf_bad_value(&r->rule, option, "a protocol to leave out");
        }
        return;
    }
    if (!fw_proto_parse(name, &proto)) {
        fw_nf_bad_value(&r->rule, option, "the name or number of a protocol");
        return;
    }
    struct fw_numrange range = {proto, proto};
    struct fw_term part = {.proto = fw_nf_numset(&r->rule, &range, 1, UINT8_MAX, option->negated)};
    fw_terms_and(&r->rule.terms, &part, 1);
    r->rule.has_proto = !option->negated;
    r->rule.proto = proto;
}

static struct fw_term address_part(struct reader *r, fw_sv text, bool source, bool negated)
{
    struct fw_arena *scratch = scratch_of(r);
    unsigned family = r->rule.table->family;
    const struct fw_ipset *set = NULL;
    fw_iprange range;
    fw_ip ip;
    fw_ip mask;
    size_t slash = fw_sv_find_char(text, '/');
    if (fw_iprange_parse(text, &range, NULL)) {
        set = fw_ipset_make(scratch, &range, 1);
    } else if (slash != SIZE_MAX && fw_ip_parse(fw_sv_sub(text, 0, slash), &ip) &&
               fw_ip_parse(fw_sv_sub(text, slash + 1, SIZE_MAX), &mask)) {
        fw_ipset_masked(scratch, ip, mask, &set);
    }
    struct fw_term part = {0};
    if (!set || (fw_ipset_families(set) & ~family) != 0) {
        fw_sv words[] = {source ? FW_SV("source") : FW_SV("destination"), text};
        return fw_nf_atom_part(&r->rule, fw_words_join(scratch, words, 2), negated);
    }
    *(source ? &part.src : &part.dst) = negated ? fw_ipset_complement(scratch, set, family) : set;
    return part;
}

/* A host's name, or a mask that is no prefix and too scattered to be written as ranges. */
static bool is_name_or_mask(fw_sv text)
{
    fw_iprange range;
    fw_ip ip;
    size_t slash = fw_sv_find_char(text, '/');
    if (fw_iprange_parse(text, &range, NULL)) {
        return false;
    }
    if (slash != SIZE_MAX) {
        return fw_ip_parse(fw_sv_sub(text, 0, slash), &ip) &&
               fw_ip_parse(fw_sv_sub(text, slash + 1, SIZE_MAX), &ip);
    }
    bool letter = false;
    for (size_t i = 0; i < text.n; i++) {
        letter = letter || fw_is_alpha(text.p[i]);
        if (!fw_is_word(text.p[i]) && text.p[i] != '.') {
            return false;
        }
    }
    return letter;
}

static void take_addresses(struct reader *r, const struct fw_nf_option *option, bool source)
{
    struct choice *choice = source ? &r->src : &r->dst;
    fw_sv list = option->args[0].text;
    fw_sv piece;
    size_t n = choice->n;
    while (fw_sv_split(&list, ',', &piece)) {
        struct fw_term part = address_part(r, piece, source, option->negated);
        if (part.natoms > 0 && !is_name_or_mask(piece)) {
            fw_nf_bad_value(&r->rule, option, "an address or network of the table's family");
        }
        choice->v = fw_arena_push(scratch_of(r), choice->v, choice->n, sizeof(*choice->v));
        choice->v[choice->n++] = part;
    }
    if (choice->n == n) {
        fw_nf_bad_value(&r->rule, option, "an address or network");
    } else if (option->negated && choice->n > n + 1) {
        fw_nf_bad_value(&r->rule, option, "one address where it is negated");
    }
}

static void take_interface(struct reader *r, const struct fw_nf_option *option, bool in)
{
    const struct fw_nameset *set = fw_nameset_make(scratch_of(r), &option->args[0].text, 1,
                                                   option->negated);
    struct fw_term part = {0};
    if (option->args[0].text.n == 0) { /* no name at all: what iptables takes for any */
        return;
    }
    *(in ? &part.in : &part.out) = set;
    fw_terms_and(&r->rule.terms, &part, 1);
}

static void take_jump(struct reader *r, const struct fw_nf_option *option, bool jump)
{
    struct fw_nf_rule *rule = &r->rule;
    fw_sv name = option->args[0].text;
    const struct fw_nf_chain *chain = fw_nf_chain_find(r->nf, rule->table, name);
    const struct fw_nf_target *target = fw_nf_target_find(name);
    rule->rule.target = fw_pool_text(&r->nf->pool, name);
    rule->rule.action = jump ? FW_ACTION_JUMP : FW_ACTION_GOTO;
    if (jump && target && !(chain && chain->declared)) {
        fw_nf_target_take(rule, target);
    }
}

static void take_counters(struct reader *r, const struct fw_nf_option *option)
{
    struct fw_counter counter = {.present = true};
    if (!fw_sv_u64(option->args[0].text, &counter.packets) ||
        !fw_sv_u64(option->args[1].text, &counter.bytes)) {
        fw_doc_bad(r->nf->doc, r->rule.line, option->args[0].raw,
                   "counters are two numbers, packets and bytes");
        return;
    }
    r->rule.rule.hits = counter;
}

/* A word that is no option follows: the position, the policy. */
static bool next_value(struct reader *r, fw_sv *ret)
{
    if (r->at == r->words.n || is_option(r->words.v[r->at].text) ||
        fw_sv_is(r->words.v[r->at].text, "!")) {
        return false;
    }
    *ret = r->words.v[r->at++].text;
    return true;
}

static void take_command(struct reader *r, const struct fw_nf_option *option, enum command command)
{
    fw_sv word;
    if (r->command != NONE) {
        unexpected(r, option->raw);
        return;
    }
    r->command = command;
    if (option->n > 0) {
        r->rule.chain = option->args[0].text;
    } else if (next_value(r, &word)) {
        r->rule.chain = word;
    }
    if (command == POLICY && option->n > 1) {
        r->argument = option->args[1].text;
    }
    if ((command == INSERT || command == REPLACE || command == DELETE) && r->at < r->words.n &&
        fw_sv_u32(r->words.v[r->at].text, UINT32_MAX, &r->position)) {
        r->at++;
    } else if (command == INSERT) {
        r->position = 1;
    }
}

static void take_table(struct reader *r, const struct fw_nf_option *option)
{
    struct fw_nf_table *table = fw_nf_table(r->nf, fw_pool_text(&r->nf->pool, option->args[0].text),
                                            r->rule.table->family);
    if (!table) {
        fw_doc_unsupported(r->nf->doc, r->rule.line, option->args[0].raw, "too many tables");
        return;
    }
    r->rule.table = table;
}

static const struct {
    const char *name;
    enum command command;
} commands[] = {
    {"--append", APPEND},   {"--insert", INSERT},       {"--delete", DELETE},
    {"--replace", REPLACE}, {"--new-chain", NEW},       {"--new", NEW},
    {"--flush", FLUSH},     {"--delete-chain", REMOVE}, {"--policy", POLICY},
    {"--zero", OTHER},      {"--list", OTHER},          {"--list-rules", OTHER},
    {"--check", OTHER},     {"--rename-chain", OTHER},
};

static void take_base(struct reader *r, const struct fw_nf_option *option)
{
    fw_sv name = option->name;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (fw_sv_is(name, commands[i].name)) {
            take_command(r, option, commands[i].command);
            if (fw_sv_is(name, "--rename-chain")) {
                fw_doc_unsupported(r->nf->doc, r->rule.line, option->raw,
                                   "renaming a chain is not modelled");
            }
            return;
        }
    }
    if (fw_sv_starts(name, "--proto")) {
        take_protocol(r, option);
    } else if (fw_sv_is(name, "--source") || fw_sv_is(name, "--src")) {
        take_addresses(r, option, true);
    } else if (fw_sv_is(name, "--destination") || fw_sv_is(name, "--dst")) {
        take_addresses(r, option, false);
    } else if (fw_sv_is(name, "--in-interface")) {
        take_interface(r, option, true);
    } else if (fw_sv_is(name, "--out-interface")) {
        take_interface(r, option, false);
    } else if (fw_sv_is(name, "--fragments")) {
        fw_terms_atom(&r->rule.terms,
                      fw_atom_make(FW_ATOM_FRAGMENT, FW_SV("fragment"), option->negated));
    } else if (fw_sv_is(name, "--jump") || fw_sv_is(name, "--goto")) {
        take_jump(r, option, fw_sv_is(name, "--jump"));
    } else if (fw_sv_is(name, "--match")) {
        if (!fw_nf_use(&r->rule, &option->args[0])) {
            fw_doc_unsupported(r->nf->doc, r->rule.line, option->args[0].raw,
                               "more than %d matches in one rule", FW_NF_USES);
            fw_nf_widen(&r->rule, FW_ATOM_VARYING, "", option);
        }
    } else if (fw_sv_is(name, "--table")) {
        take_table(r, option);
    } else if (fw_sv_is(name, "--ipv4")) {
        r->other_family = r->other_family || r->rule.table->family == FW_FAMILY_BIT6;
    } else if (fw_sv_is(name, "--ipv6")) {
        r->other_family = r->other_family || r->rule.table->family == FW_FAMILY_BIT4;
    } else if (fw_sv_is(name, "--set-counters")) {
        take_counters(r, option);
    } /* what is left (--wait, --verbose, ...) is about the command and not the rule */
}

/* --- One rule --- */

/* An option nobody knows, with the words up to the next one. */
static void take_unknown(struct reader *r, struct fw_nf_option *option)
{
    struct fw_nf_rule *rule = &r->rule;
    const struct fw_nf_word *first = &r->words.v[r->at];
    size_t from = r->at;
    while (r->at < r->words.n && !is_option(r->words.v[r->at].text) &&
           !fw_sv_is(r->words.v[r->at].text, "!")) {
        r->at++;
    }
    option->args = first;
    option->n = r->at - from;
    option->name = option->raw;
    struct fw_nf_use *last = rule->nuses > 0 ? &rule->uses[rule->nuses - 1] : NULL;
    if (last && !last->module && !rule->target) { /* it was reported when -m named it */
        fw_nf_use_option(rule, last, option);
        return;
    }
    fw_doc_unsupported(r->nf->doc, rule->line, option->raw, "unknown option %.*s",
                       FW_SV_ARG(option->raw));
    fw_nf_widen(rule, FW_ATOM_VARYING, "", option);
}

/* Fills the arguments: "--dport 22", "--dport=22", "-p22", and "--dport ! 22" as it used to be
 * written. False: there are too few words. */
static bool take_arguments(struct reader *r, struct fw_nf_option *option, size_t n, fw_sv attached)
{
    option->n = n;
    if (n == 0) {
        return true;
    }
    if (attached.p) {
        struct fw_nf_word *word = fw_new(scratch_of(r), struct fw_nf_word);
        *word = (struct fw_nf_word){attached, attached};
        option->args = word;
        option->n = 1; /* "--tcp-flags=SYN": one of the two that it takes */
        return n == 1;
    }
    if (r->at < r->words.n && fw_sv_is(r->words.v[r->at].text, "!")) {
        option->negated = !option->negated;
        r->at++;
    }
    option->args = r->words.v + r->at;
    if (n > r->words.n - r->at) {
        option->n = 0;
        r->at = r->words.n;
        return false;
    }
    r->at += n;
    return true;
}

static void take_option(struct reader *r, const struct fw_nf_word *word)
{
    struct fw_nf_option option = {.raw = word->raw, .negated = r->negated};
    fw_sv text = word->text;
    fw_sv attached = {0};
    r->negated = false;
    if (fw_sv_starts(text, "--")) {
        size_t equals = fw_sv_find_char(text, '=');
        if (equals != SIZE_MAX) {
            attached = fw_sv_sub(text, equals + 1, SIZE_MAX);
            text = fw_sv_sub(text, 0, equals);
        }
    } else if (text.n > 2) {
        attached = fw_sv_sub(text, 2, SIZE_MAX);
    }
    struct fw_nf_found found = fw_nf_option_find(&r->rule, text);
    if (found.rank == FW_NF_NO_OPTION) {
        take_unknown(r, &option);
        return;
    }
    option.name = found.name;
    if (!take_arguments(r, &option, found.args, attached)) {
        fw_doc_bad(r->nf->doc, r->rule.line, word->raw, "%.*s needs %zu more word%s",
                   FW_SV_ARG(word->raw), found.args, found.args == 1 ? "" : "s");
        fw_nf_widen(&r->rule, FW_ATOM_VARYING, "", &option);
        return;
    }
    switch (found.owner) {
    case FW_NF_BASE:
        take_base(r, &option);
        break;
    case FW_NF_TARGET:
        fw_nf_target_option(&r->rule, &option);
        break;
    case FW_NF_USE:
        fw_nf_use_option(&r->rule, found.use, &option);
        break;
    }
}

static void read_words(struct reader *r)
{
    while (r->at < r->words.n) {
        const struct fw_nf_word *word = &r->words.v[r->at++];
        if (fw_sv_is(word->text, "!")) {
            if (r->negated) {
                unexpected(r, word->raw);
            }
            r->negated = true;
        } else if (is_option(word->text) || fw_sv_is(word->text, "-4") ||
                   fw_sv_is(word->text, "-6")) {
            take_option(r, word);
        } else {
            r->negated = false;
            unexpected(r, word->raw);
        }
    }
    for (size_t i = 0; i < r->rule.nuses; i++) {
        fw_nf_use_finish(&r->rule, &r->rule.uses[i]);
    }
}

/* One of the rules "-s a,b -d c,d" stands for. */
static struct fw_rule make_rule(struct reader *r, const struct fw_term *src,
                                const struct fw_term *dst)
{
    struct fw_terms terms = r->rule.terms;
    struct fw_rule rule = r->rule.rule;
    if (src) {
        fw_terms_and(&terms, src, 1);
    }
    if (dst) {
        fw_terms_and(&terms, dst, 1);
    }
    fw_rule_match(r->nf->doc, &r->nf->pool, &terms, (fw_sv){0}, &rule);
    return rule;
}

static bool same_rule(const struct fw_rule *a, const struct fw_rule *b)
{
    return a->action == b->action && fw_sv_eq(a->target, b->target) &&
           fw_sv_eq(a->comment, b->comment) && fw_sv_eq(a->log_tag, b->log_tag) &&
           fw_match_same(&a->match, &b->match);
}

static void delete_rule(struct reader *r, struct fw_nf_chain *chain, const struct fw_rule *rule)
{
    size_t position = r->position;
    for (size_t i = 0; rule && position == 0 && i < chain->policy->n; i++) {
        if (same_rule(&chain->policy->rules[i], rule)) {
            position = i + 1;
        }
    }
    if (position == 0 || position > chain->policy->n) {
        fw_doc_bad(r->nf->doc, r->rule.line, r->rule.chain, "there is no such rule to delete");
        return;
    }
    fw_nf_chain_remove(chain, position);
}

static void do_rule(struct reader *r, struct fw_nf_chain *chain, const struct fw_rule *rule,
                    size_t nth)
{
    switch (r->command) {
    case INSERT:
        fw_nf_chain_insert(r->nf, chain, r->position + nth, rule);
        break;
    case REPLACE:
        if (r->position == 0 || r->position > chain->policy->n) {
            fw_doc_bad(r->nf->doc, r->rule.line, r->rule.chain, "there is no rule %u to replace",
                       r->position);
        } else {
            chain->policy->rules[r->position - 1] = *rule;
        }
        break;
    case DELETE:
        delete_rule(r, chain, rule);
        break;
    case NONE:
    case APPEND:
    case NEW:
    case REMOVE:
    case FLUSH:
    case POLICY:
    case OTHER:
        fw_nf_chain_insert(r->nf, chain, 0, rule);
        break;
    }
}

static void do_rules(struct reader *r, struct fw_nf_chain *chain)
{
    size_t nsrc = r->src.n ? r->src.n : 1;
    size_t ndst = r->dst.n ? r->dst.n : 1;
    if (nsrc > FW_LIMIT_RULE_TERMS / ndst) {
        fw_doc_warn(r->nf->doc, FW_DIAG_ID_LIMIT_REACHED, r->rule.line, (fw_sv){0},
                    "the address lists make more rules than the limit RULE_TERMS allows");
        fw_doc_mark(r->nf->doc, r->rule.line, FW_LINE_UNSUPPORTED);
        fw_terms_atom(&r->rule.terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("address lists"), false));
        nsrc = ndst = 1;
        r->src.n = r->dst.n = 0;
    }
    for (size_t i = 0; i < nsrc; i++) {
        for (size_t j = 0; j < ndst; j++) {
            struct fw_rule rule = make_rule(r, r->src.n ? &r->src.v[i] : NULL,
                                            r->dst.n ? &r->dst.v[j] : NULL);
            do_rule(r, chain, &rule, i * ndst + j);
        }
    }
}

static void warn_undeclared(struct reader *r, struct fw_nf_chain *chain)
{
    if (!chain->declared && !chain->warned) {
        chain->warned = true;
        fw_doc_warn(r->nf->doc, FW_DIAG_ID_UNDEFINED_NAME, r->rule.line, r->rule.chain,
                    "no line before this one creates the chain");
    }
}

static void run(struct reader *r)
{
    struct fw_nf *nf = r->nf;
    uint32_t line = r->rule.line;
    if (r->command == OTHER) {
        fw_doc_mark(nf->doc, line, FW_LINE_IGNORED); /* prints or resets counters */
        return;
    }
    if (r->other_family) {
        fw_doc_mark(nf->doc, line, FW_LINE_IGNORED);
        return;
    }
    if (r->command == NONE ||
        (r->rule.chain.n == 0 && r->command != FLUSH && r->command != REMOVE)) {
        fw_doc_bad(nf->doc, line, (fw_sv){0}, "expected a command such as -A CHAIN");
        return;
    }
    fw_doc_mark(nf->doc, line, FW_LINE_USED);
    if (r->command == FLUSH || r->command == REMOVE) {
        fw_nf_chains_clear(nf, r->rule.table, r->rule.chain, r->command == REMOVE);
        return;
    }
    struct fw_nf_chain *chain = fw_nf_chain(nf, r->rule.table, r->rule.chain);
    if (r->command == NEW) {
        fw_nf_chain_declare(nf, chain, FW_SV("-"), (struct fw_counter){0}, r->rule.rule.span);
    } else if (r->command == POLICY) {
        fw_nf_chain_declare(nf, chain, r->argument, r->rule.rule.hits, r->rule.rule.span);
    } else if (r->command == DELETE && r->position > 0) {
        delete_rule(r, chain, NULL);
    } else {
        warn_undeclared(r, chain);
        do_rules(r, chain);
    }
}

void fw_nf_command_under(struct fw_nf *nf, struct fw_nf_table *table, uint32_t line, fw_sv text,
                         struct fw_nf_words words, struct fw_counter counter,
                         const struct fw_atom *atoms, size_t natoms)
{
    struct reader r;
    memset(&r, 0, offsetof(struct reader, rule));
    memset(&r.rule, 0, offsetof(struct fw_nf_rule, uses)); /* the uses are set as they come */
    r.nf = r.rule.nf = nf;
    r.words = words;
    r.rule.table = table;
    r.rule.line = line;
    r.rule.rule.enabled = true;
    r.rule.rule.action = FW_ACTION_CONTINUE; /* without a target a rule only counts */
    r.rule.rule.hits = counter;
    r.rule.rule.span = fw_doc_span(nf->doc, text, line);
    fw_terms_init(&r.rule.terms, &nf->doc->scratch, table->family);
    for (size_t i = 0; i < natoms; i++) {
        fw_terms_atom(&r.rule.terms, atoms[i]);
    }
    read_words(&r);
    run(&r);
}

void fw_nf_command(struct fw_nf *nf, struct fw_nf_table *table, uint32_t line, fw_sv text,
                   struct fw_nf_words words, struct fw_counter counter)
{
    fw_nf_command_under(nf, table, line, text, words, counter, NULL, 0);
}
