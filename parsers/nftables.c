/* nftables: what `nft list ruleset` prints, and scripts for `nft -f`.
 *   table inet filter {
 *       set admins { type ipv4_addr; elements = { 192.0.2.10, 192.0.2.11 } }
 *       chain input {
 *           type filter hook input priority filter; policy drop;
 *           ip saddr @admins tcp dport 22 counter packets 12 bytes 720 accept comment "CHG-7"
 *       }
 *   }
 * Read twice: first the tables, chains and sets, then the rules, which may refer to any of them. */
#include <string.h>

#include "core/limits.h"
#include "parsers/nft_text.h"
#include "parsers/parser.h"

/* A rule that was seen and is read later. */
struct pending {
    struct fw_nft_chain *chain;
    uint64_t offset;
    uint32_t line;
    bool first; /* "insert rule" */
    const struct fw_nft_variable *variables;
};

struct script {
    struct fw_nft nft;
    struct fw_nft_reader reader;
    struct fw_nft_variable *variables;
    uint64_t expanded;
    size_t n;
    struct pending *pending;
};

static struct fw_doc *doc_of(struct script *script)
{
    return script->nft.doc;
}

static void skip_line_ends(struct fw_nft_reader *r)
{
    while (r->token == FW_NFT_LINE_END) {
        fw_nft_next(r);
    }
}

/* Goes to the next thing between braces; false: there is none. */
static bool in_body(struct fw_nft_reader *r)
{
    skip_line_ends(r);
    return r->token != FW_NFT_END && !fw_nft_at(r, "}");
}

/* Marks what was read since `line` and goes on behind the end of the statement. */
static void end_statement(struct script *script, uint32_t line)
{
    struct fw_nft_reader *r = &script->reader;
    fw_nft_skip_line(r);
    fw_doc_mark_range(doc_of(script), line, r->line, FW_LINE_USED);
    r->failed = false;
    r->unsupported = false;
    if (r->token == FW_NFT_LINE_END) {
        fw_nft_next(r);
    }
}

static void unsupported(struct script *script, const char *what)
{
    struct fw_nft_reader *r = &script->reader;
    fw_doc_unsupported(doc_of(script), r->line, r->raw, "%s", what);
}

/* --- Sets and maps --- */

/* Goes from `start`, a place before, behind the braces that stand there. */
static void skip_braces(struct fw_nft_reader *r, struct fw_nft_reader start)
{
    size_t open = 0;
    start.failed = r->failed;
    start.unsupported = r->unsupported;
    do {
        open += fw_nft_at(&start, "{");
        open -= open > 0 && fw_nft_at(&start, "}");
        fw_nft_next(&start);
    } while (open > 0 && start.token != FW_NFT_END);
    *r = start;
}

static void read_elements(struct script *script, struct fw_nft_set *set)
{
    struct fw_nft_reader *r = &script->reader;
    if (!fw_nft_at(r, "{") && !fw_sv_starts(r->text, "$")) {
        fw_nft_fail(r, "\"{\"");
        set->dynamic = true;
        return;
    }
    struct fw_nft_reader start = *r;
    const struct fw_nft_expr *elements = fw_nft_read_value(r);
    if (r->failed || !elements || elements->kind != FW_NFT_SET) {
        set->dynamic = true; /* with one element that cannot be read, any may be in the set */
        skip_braces(r, start);
    }
    for (size_t i = 0; elements && elements->kind == FW_NFT_SET && i < elements->n; i++) {
        fw_nft_set_add(&script->nft, set, elements->v[i]);
    }
}

static void read_set(struct script *script, const struct fw_nft_table *table, bool map)
{
    struct fw_nft_reader *r = &script->reader;
    uint32_t line = r->line;
    fw_sv raw = r->raw;
    fw_sv name = fw_nft_take_name(r);
    if (name.n == 0 || !fw_nft_skip(r, "{")) {
        fw_nft_fail(r, "\"{\"");
        end_statement(script, line);
        return;
    }
    struct fw_nft_set *set = fw_nft_set(&script->nft, table, name);
    set->map = map;
    set->object->defined = true;
    set->object->span = fw_doc_span(doc_of(script), raw, line);
    while (in_body(r)) {
        if (fw_nft_skip(r, "elements")) {
            fw_nft_skip(r, "=");
            read_elements(script, set);
        } else if (fw_nft_at(r, "flags")) {
            while (!fw_nft_at_end(r)) {
                set->dynamic = set->dynamic || fw_nft_at(r, "dynamic") || fw_nft_at(r, "timeout");
                fw_nft_next(r);
            }
        } else {
            set->dynamic = set->dynamic || fw_nft_at(r, "timeout");
        }
        end_statement(script, r->line);
    }
    fw_doc_mark_range(doc_of(script), line, r->line, FW_LINE_USED);
    fw_nft_skip(r, "}");
}

/* "counter web { packets 3 bytes 180 }" */
static void read_counter(struct script *script, const struct fw_nft_table *table)
{
    struct fw_nft_reader *r = &script->reader;
    uint32_t line = r->line;
    fw_sv name = fw_nft_take_name(r);
    struct fw_counter counter = {.present = true};
    fw_nft_skip(r, "{");
    while (r->token != FW_NFT_END && !fw_nft_at(r, "}")) {
        if (fw_nft_skip(r, "packets")) {
            counter.present = fw_sv_u64(r->text, &counter.packets) && counter.present;
        } else if (fw_nft_skip(r, "bytes")) {
            counter.present = fw_sv_u64(r->text, &counter.bytes) && counter.present;
        }
        fw_nft_next(r);
    }
    fw_nft_counter(&script->nft, table, name)->counter = counter;
    fw_doc_mark_range(doc_of(script), line, r->line, FW_LINE_USED);
    fw_nft_skip(r, "}");
}

/* Objects that no rule's match depends on: quotas, limits, helpers, flow tables. */
static void skip_object(struct script *script)
{
    end_statement(script, script->reader.line);
}

/* --- Chains --- */

static void remember(struct script *script, struct fw_nft_chain *chain, bool first)
{
    struct fw_nft_reader *r = &script->reader;
    struct fw_arena *arena = &doc_of(script)->arena;
    script->pending = fw_arena_push(arena, script->pending, script->n, sizeof(*script->pending));
    script->pending[script->n++] = (struct pending){
        .chain = chain,
        .offset = (uint64_t)(r->raw.p - doc_of(script)->text.p),
        .line = r->line,
        .first = first,
        .variables = script->variables,
    };
}

static void declare_chain(struct script *script, struct fw_nft_chain *chain, fw_sv raw,
                          uint32_t line)
{
    if (!chain->declared) {
        chain->declared = true;
        chain->policy->span = fw_doc_span(doc_of(script), raw, line);
    }
}

static void read_chain_body(struct script *script, struct fw_nft_chain *chain)
{
    struct fw_nft_reader *r = &script->reader;
    while (in_body(r)) {
        uint32_t line = r->line;
        if (!fw_nft_read_chain_property(&script->nft, r, chain)) {
            remember(script, chain, false);
        }
        end_statement(script, line);
    }
    fw_doc_mark(doc_of(script), r->line, FW_LINE_USED);
    fw_nft_skip(r, "}");
}

static void read_chain(struct script *script, const struct fw_nft_table *table)
{
    struct fw_nft_reader *r = &script->reader;
    uint32_t line = r->line;
    fw_sv raw = r->raw;
    fw_sv name = fw_nft_take_name(r);
    if (name.n == 0) {
        end_statement(script, line);
        return;
    }
    struct fw_nft_chain *chain = fw_nft_chain(&script->nft, table, name);
    declare_chain(script, chain, raw, line);
    fw_doc_mark(doc_of(script), line, FW_LINE_USED);
    if (fw_nft_skip(r, "{")) {
        read_chain_body(script, chain);
    }
}

/* --- Tables --- */

/* One thing of a table: the word that says which has been read. */
static bool read_member(struct script *script, struct fw_nft_table *table, fw_sv what)
{
    if (fw_sv_is(what, "chain")) {
        read_chain(script, table);
    } else if (fw_sv_is(what, "set") || fw_sv_is(what, "map") || fw_sv_is(what, "meter")) {
        read_set(script, table, fw_sv_is(what, "map"));
    } else if (fw_sv_is(what, "counter")) {
        read_counter(script, table);
    } else if (fw_sv_is(what, "flowtable") || fw_sv_is(what, "quota") || fw_sv_is(what, "limit") ||
               fw_sv_is(what, "ct") || fw_sv_is(what, "secmark") || fw_sv_is(what, "synproxy") ||
               fw_sv_is(what, "comment") || fw_sv_is(what, "tunnel")) {
        skip_object(script);
    } else {
        return false;
    }
    return true;
}

static void read_table_body(struct script *script, struct fw_nft_table *table)
{
    struct fw_nft_reader *r = &script->reader;
    while (in_body(r)) {
        uint32_t line = r->line;
        fw_sv what = r->text;
        if (fw_nft_skip(r, "flags")) {
            while (!fw_nft_at_end(r)) {
                table->dormant = table->dormant || fw_nft_at(r, "dormant");
                fw_nft_next(r);
            }
        } else {
            fw_nft_next(r);
            if (!read_member(script, table, what)) {
                fw_doc_bad(doc_of(script), line, what,
                           "expected a chain, a set or another member "
                           "of a table");
            }
        }
        end_statement(script, line);
    }
    fw_doc_mark(doc_of(script), r->line, FW_LINE_USED);
    if (r->token == FW_NFT_END) {
        fw_doc_bad(doc_of(script), r->line, (fw_sv){0}, "the table has no end: expected \"}\"");
    }
    fw_nft_skip(r, "}");
}

/* "[family] name": the family is ip when it is not written. */
static struct fw_nft_table *take_table(struct script *script)
{
    struct fw_nft_reader *r = &script->reader;
    enum fw_nft_family family = FW_NFT_IP;
    if (r->token == FW_NFT_WORD && fw_nft_family_find(r->text, &family)) {
        fw_nft_next(r);
    }
    fw_sv name = fw_nft_take_name(r);
    struct fw_nft_table *table = name.n > 0 ? fw_nft_table(&script->nft, family, name) : NULL;
    if (!table) {
        fw_nft_fail(r, "the name of a table, and not too many of them");
    }
    return table;
}

static void read_table(struct script *script)
{
    struct fw_nft_reader *r = &script->reader;
    uint32_t line = r->line;
    struct fw_nft_table *table = take_table(script);
    fw_doc_mark(doc_of(script), line, FW_LINE_USED);
    if (table && fw_nft_skip(r, "{")) {
        read_table_body(script, table);
    }
}

/* --- Commands of scripts --- */

/* "add rule inet filter input [position 3] tcp dport 22 accept" */
static void read_rule_command(struct script *script, bool first)
{
    struct fw_nft_reader *r = &script->reader;
    struct fw_nft_table *table = take_table(script);
    fw_sv name = table ? fw_nft_take_name(r) : (fw_sv){0};
    if (name.n == 0) {
        return;
    }
    if (fw_nft_at(r, "position") || fw_nft_at(r, "handle") || fw_nft_at(r, "index")) {
        unsupported(script, "a place among rules that are not written here: the rule was appended");
        fw_nft_next(r);
        fw_nft_next(r);
    }
    remember(script, fw_nft_chain(&script->nft, table, name), first);
}

static void read_element_command(struct script *script)
{
    struct fw_nft_reader *r = &script->reader;
    struct fw_nft_table *table = take_table(script);
    fw_sv name = table ? fw_nft_take_name(r) : (fw_sv){0};
    if (name.n > 0) {
        read_elements(script, fw_nft_set(&script->nft, table, name));
    }
}

static void read_add(struct script *script)
{
    struct fw_nft_reader *r = &script->reader;
    fw_sv what = r->text;
    enum fw_nft_family family;
    if (fw_nft_skip(r, "rule")) {
        read_rule_command(script, false);
    } else if (fw_nft_skip(r, "element")) {
        read_element_command(script);
    } else if (fw_nft_skip(r, "table")) {
        read_table(script);
    } else if (r->token == FW_NFT_WORD && fw_nft_family_find(what, &family)) {
        read_rule_command(script, false); /* "add inet filter input ..." */
    } else {
        fw_nft_next(r);
        struct fw_nft_table *table = take_table(script);
        if (table && !read_member(script, table, what)) {
            unsupported(script, "what is added here is not known");
        }
    }
}

/* "flush ruleset", "delete table inet filter": usual at the beginning, where nothing is there. */
static void read_removal(struct script *script, fw_sv verb)
{
    struct fw_nft_reader *r = &script->reader;
    bool empty = script->n == 0;
    bool whole = fw_nft_at(r, "ruleset") || fw_nft_at(r, "table") || fw_nft_at(r, "chain");
    if (!empty || !whole) {
        fw_doc_unsupported(doc_of(script), r->line, verb,
                           "rules are removed in the middle of a script: they were kept");
    }
    fw_nft_skip_line(r);
}

static void read_define(struct script *script)
{
    struct fw_nft_reader *r = &script->reader;
    fw_sv name = fw_nft_take_name(r);
    if (!fw_nft_at(r, "=")) {
        fw_nft_fail(r, "\"=\"");
        return;
    }
    struct fw_nft_variable *variable = fw_new(&doc_of(script)->arena, struct fw_nft_variable);
    variable->name = name;
    variable->offset = r->at;
    variable->line = r->line;
    variable->next = script->variables;
    fw_nft_next(r);
    fw_nft_skip_line(r);
    variable->end = (uint64_t)(r->raw.p - doc_of(script)->text.p);
    script->variables = variable;
    r->variables = variable;
}

static void read_command(struct script *script)
{
    struct fw_nft_reader *r = &script->reader;
    fw_sv verb = r->text;
    if (fw_nft_skip(r, "table")) {
        read_table(script);
    } else if (fw_nft_skip(r, "add") || fw_nft_skip(r, "create")) {
        read_add(script);
    } else if (fw_nft_skip(r, "insert")) {
        if (fw_nft_skip(r, "rule")) {
            read_rule_command(script, true);
        } else {
            unsupported(script, "only rules are inserted");
        }
    } else if (fw_nft_skip(r, "flush") || fw_nft_skip(r, "delete") || fw_nft_skip(r, "destroy")) {
        read_removal(script, verb);
    } else if (fw_nft_skip(r, "define") || fw_nft_skip(r, "redefine")) {
        read_define(script);
    } else if (fw_nft_at(r, "include")) {
        unsupported(script, "an included file is not read: give the output of nft list ruleset");
    } else if (fw_nft_at(r, "list") || fw_nft_at(r, "reset") || fw_nft_at(r, "undefine") ||
               fw_nft_at(r, "rename") || fw_nft_at(r, "replace")) {
        unsupported(script, "a command that is not read");
    } else {
        fw_doc_bad(doc_of(script), r->line, r->raw,
                   "expected a table or a command of nft, not "
                   "\"%.*s\"",
                   FW_SV_ARG(r->raw));
    }
}

/* --- Rules --- */

/* "# handle 12" */
static fw_sv handle_of(fw_sv comment)
{
    fw_sv word;
    fw_sv rest = fw_sv_sub(comment, 1, SIZE_MAX);
    while (comment.n > 0 && fw_sv_word(&rest, &word)) {
        if (fw_sv_is(word, "handle") && fw_sv_word(&rest, &word)) {
            return word;
        }
    }
    return (fw_sv){0};
}

/* Rules of a body, remembered to be read after those that are waiting. */
static void remember_lines(struct script *script, struct fw_nft_chain *chain, fw_sv body,
                           uint32_t line, const struct fw_nft_variable *variables)
{
    struct fw_doc *doc = doc_of(script);
    uint64_t start = (uint64_t)(body.p - doc->text.p);
    struct fw_nft_reader saved = script->reader;
    fw_nft_reader_init(&script->reader, doc, &doc->scratch, start, start + body.n, line);
    struct fw_nft_variable *newest = script->variables;
    script->variables = (struct fw_nft_variable *)variables;
    fw_nft_next(&script->reader);
    for (;;) {
        skip_line_ends(&script->reader);
        if (script->reader.token == FW_NFT_END) {
            break;
        }
        remember(script, chain, false);
        fw_nft_skip_line(&script->reader);
    }
    script->variables = newest;
    script->reader = saved;
}

/* "jump { ... }": the chain gets the name of the one it stands in and its line; the second of a
 * line its place in the document, too. */
static void name_inner_chains(struct script *script, const struct pending *pending,
                              struct fw_nft_rule *rule)
{
    struct fw_doc *doc = doc_of(script);
    for (size_t i = 0; i < rule->n; i++) {
        const struct fw_nft_expr *verdict = rule->stmts[i].left;
        if (rule->stmts[i].does != FW_NFT_DECIDE || verdict->n == 0 ||
            verdict->v[0]->kind != FW_NFT_SET) {
            continue;
        }
        const struct fw_nft_expr *inner = verdict->v[0];
        fw_sv name = fw_arena_printf(&doc->arena, "%.*s{%u}", FW_SV_ARG(pending->chain->name),
                                     (unsigned)inner->line);
        if (fw_nft_chain_find(&script->nft, pending->chain->table, name)) {
            name = fw_arena_printf(&doc->arena, "%.*s{%u@%zu}", FW_SV_ARG(pending->chain->name),
                                   (unsigned)inner->line, (size_t)(inner->text.p - doc->text.p));
        }
        struct fw_nft_chain *chain = fw_nft_chain(&script->nft, pending->chain->table, name);
        declare_chain(script, chain, inner->raw, inner->line);
        struct fw_nft_expr *named = fw_nft_expr_new(&doc->scratch, FW_NFT_VERDICT, verdict->text,
                                                    verdict->raw);
        fw_nft_expr_add(&doc->scratch, named,
                        fw_nft_expr_new(&doc->scratch, FW_NFT_VALUE, name, inner->raw));
        rule->stmts[i].left = named;
        remember_lines(script, chain, inner->text, inner->line, pending->variables);
    }
}

static void read_pending(struct script *script, struct pending pending)
{
    struct fw_doc *doc = doc_of(script);
    struct fw_nft_reader reader;
    fw_nft_reader_init(&reader, doc, &doc->scratch, pending.offset, doc->text.n, pending.line);
    reader.variables = pending.variables;
    reader.expanded = &script->expanded;
    reader.again = true;
    fw_nft_next(&reader);
    struct fw_nft_rule rule = {.span = fw_doc_span(doc, reader.raw, pending.line)};
    fw_nft_read_statements(&reader, &rule);
    rule.last_line = reader.line;
    rule.handle = handle_of(reader.comment);
    if (reader.failed) { /* what is left may be anything: a condition, a verdict */
        rule.stmts = fw_arena_push(&doc->scratch, rule.stmts, rule.n, sizeof(*rule.stmts));
        rule.stmts[rule.n++] = (struct fw_nft_stmt){
            .does = FW_NFT_UNKNOWN,
            .text = reader.raw.n > 0 ? reader.raw : FW_SV("not understood")};
    }
    name_inner_chains(script, &pending, &rule);
    fw_nft_rule_add(&script->nft, pending.chain, &rule, pending.first);
    fw_arena_reset(&doc->scratch);
}

static void mark_blank_lines(struct fw_doc *doc)
{
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        text = fw_sv_trim(text);
        if (text.n == 0 || text.p[0] == '#' || fw_sv_is(text, ";")) {
            fw_doc_mark(doc, line, FW_LINE_IGNORED);
        }
    }
}

/* Lines that no statement is on: nothing but what separates, or something that was not read. */
static void mark_rest(struct fw_doc *doc)
{
    for (uint32_t line = 1; line <= doc->nlines; line++) {
        fw_sv text = fw_doc_line_text(doc, line);
        size_t i = 0;
        while (i < text.n && (text.p[i] == '\0' || strchr(" \t\r\n\\;", text.p[i]))) {
            i++;
        }
        if (doc->verdicts[line - 1] != FW_LINE_NONE) {
            continue;
        }
        if (i == text.n) {
            fw_doc_mark(doc, line, FW_LINE_IGNORED);
        } else {
            fw_doc_bad(doc, line, text, "not part of a statement");
        }
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct script *script = fw_new(&doc->arena, struct script);
    struct fw_nft_reader *r = &script->reader;
    fw_nft_init(&script->nft, doc, ret);
    mark_blank_lines(doc);
    fw_nft_reader_init(r, doc, &doc->arena, 0, doc->text.n, 1);
    r->expanded = &script->expanded;
    fw_nft_next(r);
    for (;;) {
        skip_line_ends(r);
        if (r->token == FW_NFT_END) {
            break;
        }
        uint32_t line = r->line;
        if (fw_nft_at(r, "}")) {
            fw_doc_bad(doc, line, r->raw, "\"}\" without \"{\"");
            fw_nft_next(r);
        } else {
            read_command(script);
        }
        end_statement(script, line);
    }
    for (size_t i = 0; i < script->n; i++) {
        read_pending(script, script->pending[i]);
    }
    mark_rest(doc);
    fw_nft_finish(&script->nft);
}

/* "table inet filter {" on a line, or the interpreter's name on the first. */
static int bid(fw_sv head)
{
    fw_sv line;
    bool first = true;
    int best = FW_BID_NO;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv word;
        enum fw_nft_family family;
        if (first && fw_sv_starts(line, "#!") && fw_sv_find(line, FW_SV("nft")) != SIZE_MAX) {
            return FW_BID_SURE;
        }
        first = false;
        if (!fw_sv_word(&line, &word)) {
            continue;
        }
        bool script = fw_sv_is(word, "add") || fw_sv_is(word, "create") ||
                      fw_sv_is(word, "insert") || fw_sv_is(word, "flush") ||
                      fw_sv_is(word, "define");
        if (script && fw_sv_word(&line, &word)) {
            bool known = fw_sv_is(word, "table") || fw_sv_is(word, "chain") ||
                         fw_sv_is(word, "rule") || fw_sv_is(word, "ruleset");
            best = known ? FW_BID_LIKELY : best;
        } else if (fw_sv_is(word, "table") && fw_sv_word(&line, &word)) {
            bool named = fw_nft_family_find(word, &family) && fw_sv_word(&line, &word);
            fw_sv rest = fw_sv_trim(line);
            if (named && (rest.n == 0 || rest.p[0] == '{')) {
                return FW_BID_SURE;
            }
            best = fw_sv_starts(rest, "{") ? FW_BID_LIKELY : best;
        }
    }
    return best;
}

const struct fw_parser fw_parser_nftables = {
    .name = "nftables",
    .title = "Linux nftables, nft list ruleset and scripts",
    .kind = FW_PARSER_RULESET,
    .version = 5,
    .bid = bid,
    .ruleset = parse,
};
