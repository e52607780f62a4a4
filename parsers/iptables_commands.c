/* Commands of iptables: scripts that call it with literal words, and what `iptables -S` prints.
 *   iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
 *   -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
 * What the shell would compute, and what it may or may not run (in if and for, after && and ||, in
 * functions), is not guessed: such a command is unsupported, and the chain that it names may decide
 * anything from there on. */
#include <string.h>

#include "core/limits.h"
#include "parsers/netfilter.h"
#include "parsers/parser.h"

struct shell_word {
    fw_sv raw, text;
    bool computed; /* $x, `x`, globs of the shell */
    bool breaks;   /* ";", "&&", "|", "(": ends the command */
    bool redirect; /* ">", "2>" and the file behind it */
};

/* A part of the script between brackets that is open. */
struct bracket {
    char close;
    unsigned conditions; /* open when it began: ")" of a case closes none */
};

struct script {
    struct fw_nf nf;
    fw_sv listed;        /* the table of lines without a program */
    unsigned family;     /* and their family */
    unsigned conditions; /* open if, for, while, case */
    bool chained;        /* after && or ||, up to the end of the list */
    bool defines;        /* the next bracket is the body of a function */
    size_t held;         /* the bracket that may not be run, and all within: 1 for the first; 0 */
    size_t nbrackets;
    struct bracket *brackets;
    size_t n;
    struct shell_word *words; /* of one line, with those it is carried on in */
    uint32_t line;
};

/* --- The shell's words --- */

static bool ends_word(char c)
{
    return fw_is_blank(c) || c == '\r' || c == '\n' || strchr(";|&<>()", c);
}

static struct shell_word *add_word(struct script *script, fw_sv raw)
{
    script->words = fw_arena_push(&script->nf.doc->scratch, script->words, script->n,
                                  sizeof(*script->words));
    struct shell_word *word = &script->words[script->n++];
    *word = (struct shell_word){.raw = raw};
    return word;
}

/* Where the word ends that the text starts with. */
static size_t word_length(fw_sv text, bool *ret_open)
{
    char quote = '\0';
    size_t at = 0;
    for (; at < text.n && (quote != '\0' || !ends_word(text.p[at])); at++) {
        char c = text.p[at];
        if (c == '\\' && quote != '\'' && at + 1 < text.n) {
            at++;
        } else if ((c == '"' || c == '\'') && (quote == '\0' || quote == c)) {
            quote = quote == '\0' ? c : '\0';
        }
    }
    *ret_open = quote != '\0';
    return at;
}

/* Takes the quotes off; returns the length of the word. */
static size_t read_word(struct script *script, fw_sv text, bool *ret_open)
{
    size_t length = word_length(text, ret_open);
    struct shell_word *word = add_word(script, fw_sv_sub(text, 0, length));
    char *p = fw_new_array(&script->nf.doc->scratch, length + 1, char);
    size_t n = 0;
    char quote = '\0';
    for (size_t at = 0; at < length; at++) {
        char c = text.p[at];
        if (c == '\\' && quote != '\'' && at + 1 < length) {
            at++;
            if (text.p[at] != '\n') {
                p[n++] = text.p[at];
            }
        } else if ((c == '"' || c == '\'') && (quote == '\0' || quote == c)) {
            quote = quote == '\0' ? c : '\0';
        } else {
            word->computed = word->computed || (quote != '\'' && (c == '$' || c == '`'));
            p[n++] = c;
        }
    }
    word->text = fw_sv_of(p, n);
    return length;
}

/* Length of a redirection's operator: ">", ">>", ">&", ">|", "&>", "<", "<<<"; 0: none stands here.
 * "<(" and ">(" are commands. */
static size_t redirection(fw_sv text)
{
    size_t n = 0;
    if (text.n > 1 && text.p[0] == '&' && text.p[1] == '>') {
        n = 1;
    }
    while (n < text.n && n < 3 && (text.p[n] == '<' || text.p[n] == '>')) {
        n++;
    }
    if (n > 0 && n < text.n && (text.p[n] == '&' || (text.p[n] == '|' && text.p[n - 1] == '>'))) {
        n++;
    }
    return n < text.n && text.p[n] == '(' ? 0 : n;
}

/* "2>", ">> file": returns its length; the words are marked, and the number in front of it. */
static size_t read_redirection(struct script *script, fw_sv text, bool *ret_open)
{
    size_t at = redirection(text);
    uint32_t number;
    struct shell_word *before = script->n > 0 ? &script->words[script->n - 1] : NULL;
    if (before && before->raw.p + before->raw.n == text.p &&
        fw_sv_u32(before->raw, UINT32_MAX, &number)) {
        before->redirect = true;
    }
    while (at < text.n && fw_is_blank(text.p[at])) {
        at++;
    }
    if (at < text.n && !ends_word(text.p[at])) {
        at += read_word(script, fw_sv_sub(text, at, SIZE_MAX), ret_open);
        script->words[script->n - 1].redirect = true;
    }
    return at;
}

/* One logical line: false when a quote stays open. */
static bool split(struct script *script, fw_sv text)
{
    bool open = false;
    script->n = 0;
    script->words = NULL;
    for (size_t at = 0; at < text.n && !open;) {
        char c = text.p[at];
        if (fw_is_blank(c) || c == '\r' || c == '\n') {
            at++;
        } else if (c == '\\' && at + 1 < text.n &&
                   (text.p[at + 1] == '\n' || text.p[at + 1] == '\r')) {
            at += 2;
        } else if (c == '#') {
            size_t end = fw_sv_find_char(fw_sv_sub(text, at, SIZE_MAX), '\n');
            at = end == SIZE_MAX ? text.n : at + end;
        } else if (redirection(fw_sv_sub(text, at, SIZE_MAX)) > 0) {
            at += read_redirection(script, fw_sv_sub(text, at, SIZE_MAX), &open);
        } else if (ends_word(c)) {
            struct shell_word *word = add_word(script, fw_sv_sub(text, at, 1));
            word->breaks = true;
            word->text = word->raw;
            at++;
        } else {
            at += read_word(script, fw_sv_sub(text, at, SIZE_MAX), &open);
        }
    }
    return !open;
}

/* --- One command --- */

/* Words of the shell that change nothing a rule could see, and why. Reviewed: none of them loads or
 * removes a rule. */
static const char *const harmless[] = {
    "echo",    "printf",    "modprobe", "insmod", "depmod", "sysctl", "export", "set",
    "exit",    "true",      "sleep",    "logger", "umask",  "cd",     "local",  "return",
    "service", "systemctl", "trap",     "shift",  "unset",  "date",   ":",      "conntrack",
    "[",       "[[",        "test",     "read",   "grep",   "which",
};

static bool is_one_of(fw_sv word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_is(word, list[i])) {
            return true;
        }
    }
    return false;
}

static fw_sv program_of(fw_sv word)
{
    size_t from = word.n;
    while (from > 0 && word.p[from - 1] != '/') {
        from--;
    }
    return fw_sv_sub(word, from, SIZE_MAX);
}

/* The family of a call of iptables; 0: it is none. */
static unsigned family_of(fw_sv word)
{
    static const char *const four[] = {"iptables", "iptables-legacy", "iptables-nft"};
    static const char *const six[] = {"ip6tables", "ip6tables-legacy", "ip6tables-nft"};
    fw_sv name = program_of(word);
    return is_one_of(name, four, 3) ? FW_FAMILY_BIT4 : is_one_of(name, six, 3) ? FW_FAMILY_BIT6 : 0;
}

static bool may_not_run(const struct script *script)
{
    return script->conditions > 0 || script->chained || script->held > 0;
}

static bool is_command_letter(fw_sv word)
{
    return word.n == 2 && word.p[0] == '-' && strchr("AIDRPNFXZE", word.p[1]);
}

/* What a command that may or may not be run, or whose words are computed, may change. */
enum change { ADDS, ALTERS, DEFAULTS, NOTHING };

/* Finds the word that says so; `n`: there is none. */
static enum change find_change(const struct shell_word *words, size_t n, size_t *ret_at)
{
    static const struct {
        const char *letter, *name;
        enum change change;
    } rows[] = {
        {"-A", "--append", ADDS},          {"-D", "--delete", ALTERS},
        {"-E", "--rename-chain", ALTERS},  {"-F", "--flush", ALTERS},
        {"-I", "--insert", ALTERS},        {"-N", "--new-chain", NOTHING},
        {"-P", "--policy", DEFAULTS},      {"-R", "--replace", ALTERS},
        {"-X", "--delete-chain", NOTHING}, /* of those without rules only */
        {"-Z", "--zero", NOTHING},
    };
    for (*ret_at = 0; *ret_at < n; ++*ret_at) {
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            fw_sv word = words[*ret_at].text;
            if (fw_sv_is(word, rows[i].letter) || fw_sv_is(word, rows[i].name)) {
                return rows[i].change;
            }
        }
    }
    return ALTERS;
}

static void change_chain(struct script *script, struct fw_nf_chain *chain, enum change change,
                         fw_sv why, fw_span span)
{
    if (change == ADDS) {
        fw_nf_rule_unread(&script->nf, chain, why, span);
    } else if (change == ALTERS) {
        fw_nf_chain_unread(&script->nf, chain, why, span);
    } else if (change == DEFAULTS) {
        fw_nf_policy_unread(chain, span);
    }
}

/* A command that cannot be read: where it would go, anything may be decided. A chain that is not
 * named is any of the table. */
static void may_be_anything(struct script *script, struct fw_nf_table *table,
                            const struct shell_word *words, size_t n, fw_sv why)
{
    struct fw_nf *nf = &script->nf;
    size_t at;
    enum change change = find_change(words, n, &at);
    fw_span span = fw_doc_span(nf->doc, words[0].raw, script->line);
    const struct shell_word *name = at + 1 < n ? &words[at + 1] : NULL;
    if (change == NOTHING) {
        return;
    }
    if (name && !name->computed && !fw_sv_starts(name->text, "-")) {
        change_chain(script, fw_nf_chain(nf, table, name->text), change, why, span);
        return;
    }
    fw_nf_table_hooks(nf, table);
    for (size_t i = 0; i < FW_NF_CHAIN_BUCKETS; i++) {
        for (struct fw_nf_chain *chain = nf->chains[i]; chain; chain = chain->next) {
            if (chain->table == table) {
                change_chain(script, chain, change, why, span);
            }
        }
    }
}

/* Takes "-t nat" and "-w 5" out of the words: they are the call's, not the rule's. */
static size_t take_call_options(struct shell_word *words, size_t n, fw_sv *table)
{
    size_t kept = 0;
    uint64_t seconds;
    for (size_t i = 0; i < n; i++) {
        fw_sv text = words[i].text;
        if ((fw_sv_is(text, "-t") || fw_sv_is(text, "--table")) && i + 1 < n) {
            *table = words[++i].text;
        } else if (fw_sv_starts(text, "--table=")) {
            *table = fw_sv_sub(text, 8, SIZE_MAX);
        } else if (fw_sv_is(text, "-w") || fw_sv_starts(text, "--wait") || fw_sv_is(text, "-W")) {
            i += i + 1 < n && fw_sv_u64(words[i + 1].text, &seconds);
        } else if (!fw_sv_is(text, "-v") && !fw_sv_is(text, "--verbose")) {
            words[kept++] = words[i];
        }
    }
    return kept;
}

static bool is_question(const struct shell_word *words, size_t n)
{
    static const char *const asks[] = {"-L",      "-S",   "-C",     "--list", "--list-rules",
                                       "--check", "-h",   "--help", "-V",     "--version",
                                       "-nL",     "-vnL", "-nvL"};
    return n == 0 || is_one_of(words[0].text, asks, sizeof(asks) / sizeof(asks[0]));
}

static void run(struct script *script, struct shell_word *words, size_t n, unsigned family)
{
    struct fw_nf *nf = &script->nf;
    fw_sv name = FW_SV("filter");
    fw_sv computed = {0};
    fw_sv text = fw_sv_of(words[0].raw.p,
                          (size_t)(words[n - 1].raw.p + words[n - 1].raw.n - words[0].raw.p));
    for (size_t i = 0; i < n && !computed.p; i++) {
        computed = words[i].computed ? words[i].raw : computed;
    }
    n = take_call_options(words, n, &name);
    if (is_question(words, n)) {
        fw_doc_mark(nf->doc, script->line, FW_LINE_IGNORED);
        return;
    }
    struct fw_nf_table *table = fw_nf_table(nf, fw_pool_text(&nf->pool, name), family);
    if (!table) {
        fw_doc_bad(nf->doc, script->line, text, "too many tables");
        return;
    }
    if (computed.p || may_not_run(script)) {
        fw_sv why = computed.p ? computed : FW_SV("a condition of the script");
        fw_doc_unsupported(nf->doc, script->line, computed.p ? computed : text,
                           computed.p ? "computed by the shell: the rule may be any"
                                      : "run only under a condition: the rule may be there or not");
        may_be_anything(script, table, words, n, why);
        return;
    }
    if (!fw_nf_table_known(name)) {
        fw_doc_unsupported(nf->doc, script->line, name,
                           "unknown table: its chains are reached by no packet");
    }
    struct fw_nf_word *v = fw_new_array(&nf->doc->scratch, n, struct fw_nf_word);
    for (size_t i = 0; i < n; i++) {
        v[i] = (struct fw_nf_word){words[i].text, words[i].raw};
    }
    fw_nf_command(nf, table, script->line, text, (struct fw_nf_words){n, v},
                  (struct fw_counter){0});
}

/* --- The script around the commands --- */

/* The body of a function, and what stands after && and ||, may not be run. */
static void open_bracket(struct script *script, char close)
{
    script->brackets = fw_arena_push(&script->nf.doc->arena, script->brackets, script->nbrackets,
                                     sizeof(*script->brackets));
    script->brackets[script->nbrackets++] = (struct bracket){close, script->conditions};
    if (script->held == 0 && (script->chained || script->defines)) {
        script->held = script->nbrackets;
    }
    script->chained = false;
    script->defines = false;
}

static void close_bracket(struct script *script, char close)
{
    const struct bracket *last = script->nbrackets > 0 ? &script->brackets[script->nbrackets - 1]
                                                       : NULL;
    if (!last || last->close != close || last->conditions != script->conditions) {
        return;
    }
    if (script->held == script->nbrackets) {
        script->held = 0;
        script->chained = true; /* up to the end of the list: what it is piped into, too */
    }
    script->nbrackets--;
}

/* What opens and closes parts that may not be run. */
static bool take_control(struct script *script, fw_sv word)
{
    static const char *const opens[] = {"if", "for", "while", "until", "case"};
    static const char *const closes[] = {"fi", "done", "esac"};
    static const char *const between[] = {"then", "else", "elif", "do", "in", "!"};
    if (fw_sv_is(word, "{") || fw_sv_is(word, "}")) {
        if (fw_sv_is(word, "{")) {
            open_bracket(script, '}');
        } else {
            close_bracket(script, '}');
        }
        return true;
    }
    if (is_one_of(word, opens, 5)) {
        script->conditions++;
        return true;
    }
    if (is_one_of(word, closes, 3)) {
        script->conditions -= script->conditions > 0;
        return true;
    }
    return is_one_of(word, between, sizeof(between) / sizeof(between[0]));
}

static bool is_assignment(fw_sv word)
{
    size_t equals = fw_sv_find_char(word, '=');
    bool name = equals != SIZE_MAX && equals > 0;
    for (size_t i = 0; name && i < equals; i++) {
        name = fw_is_word(word.p[i]) && word.p[i] != '-';
    }
    return name;
}

/* What other programs are given is nobody's business here, and may be a password. */
static void hide(struct script *script, const struct shell_word *words, size_t n)
{
    struct fw_doc *doc = script->nf.doc;
    for (size_t i = 0; i < n; i++) {
        uint32_t line = fw_doc_line_of(doc, (uint64_t)(words[i].raw.p - doc->text.p));
        size_t equals = fw_sv_find_char(words[i].raw, '=');
        if (i > 0) {
            fw_doc_secret(doc, line, words[i].raw);
        } else if (equals != SIZE_MAX) {
            fw_doc_secret(doc, line, fw_sv_sub(words[i].raw, equals + 1, SIZE_MAX));
        }
    }
}

/* Takes out what a command is redirected to. */
static size_t without_redirections(struct shell_word *words, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!words[i].redirect) {
            words[kept++] = words[i];
        }
    }
    return kept;
}

static void read_command(struct script *script, struct shell_word *words, size_t n)
{
    struct fw_doc *doc = script->nf.doc;
    bool header = n > 0 && (fw_sv_is(words[0].text, "for") || fw_sv_is(words[0].text, "case"));
    while (n > 0 && (take_control(script, words[0].text) || fw_sv_is(words[0].text, "sudo") ||
                     fw_sv_is(words[0].text, "function"))) {
        size_t taken = 1;
        if (fw_sv_is(words[0].text, "function")) {
            script->defines = true;
            taken = n > 1 ? 2 : 1; /* and its name */
        }
        fw_doc_mark(doc, script->line, FW_LINE_IGNORED);
        words += taken;
        n -= taken;
    }
    if (n == 0 || header) {
        return;
    }
    fw_sv first = words[0].text;
    unsigned family = words[0].computed ? 0 : family_of(first);
    if (family != 0 && n > 1) {
        n = without_redirections(words, n);
        run(script, words + 1, n - 1, family);
        return;
    }
    if (is_command_letter(first)) {
        /* As `iptables -S` prints them. */
        fw_sv table = script->listed;
        struct shell_word *all = fw_new_array(&doc->scratch, n + 2, struct shell_word);
        all[0] = (struct shell_word){.raw = words[0].raw, .text = FW_SV("-t")};
        all[1] = (struct shell_word){.raw = words[0].raw, .text = table};
        memcpy(all + 2, words, n * sizeof(*words));
        run(script, all, n + 2, script->family);
        return;
    }
    hide(script, words, n);
    if (is_one_of(program_of(first), harmless, sizeof(harmless) / sizeof(harmless[0])) ||
        is_assignment(first)) {
        fw_doc_mark(doc, script->line, FW_LINE_IGNORED);
    } else if (words[0].computed) {
        fw_doc_unsupported(doc, script->line, words[0].raw,
                           "a program whose name is computed: it may load any rule");
    } else {
        fw_doc_unsupported(doc, script->line, words[0].raw,
                           "a command of the shell that is not read: \"%.*s\"",
                           FW_SV_ARG(words[0].raw));
    }
}

/* "# table nat", as people put before the output of `iptables -t nat -S`. */
static void read_comment(struct script *script, fw_sv text)
{
    fw_sv word;
    while (text.n > 0 && text.p[0] == '#') {
        text = fw_sv_sub(text, 1, SIZE_MAX);
    }
    if (fw_sv_word(&text, &word) && fw_sv_is_nocase(word, "table") && fw_sv_word(&text, &word) &&
        fw_nf_table_known(word)) {
        script->listed = fw_pool_text(&script->nf.pool, word);
    }
}

/* "stop()": the word before `at`, and a pair of brackets there. */
static bool is_definition(const struct script *script, size_t at)
{
    return at + 1 < script->n && fw_sv_is(script->words[at].text, "(") &&
           script->words[at + 1].breaks && fw_sv_is(script->words[at + 1].text, ")");
}

static bool breaks_at(const struct script *script, size_t at, const char *text)
{
    return at < script->n && script->words[at].breaks && fw_sv_is(script->words[at].text, text);
}

/* What stands between two commands says whether the second is run; how many words more it has. At
 * the end of a line, too, unless the line ended with "&&", "||" or "|". */
static size_t take_break(struct script *script, size_t at, bool command)
{
    bool twice = at + 1 < script->n && script->words[at].raw.p + 1 == script->words[at + 1].raw.p;
    if ((breaks_at(script, at, "&") && breaks_at(script, at + 1, "&") && twice) ||
        (breaks_at(script, at, "|") && breaks_at(script, at + 1, "|") && twice)) {
        script->chained = true;
        return 1;
    }
    if (breaks_at(script, at, "(")) {
        open_bracket(script, ')');
    } else if (breaks_at(script, at, ")")) {
        close_bracket(script, ')');
    } else if (breaks_at(script, at, ";") || breaks_at(script, at, "&") ||
               (at == script->n && command)) {
        script->chained = false;
    }
    return 0;
}

static void read_line(struct script *script, fw_sv text, uint32_t last)
{
    struct fw_doc *doc = script->nf.doc;
    fw_sv trimmed = fw_sv_trim(text);
    if (trimmed.n == 0 || trimmed.p[0] == '#') {
        read_comment(script, trimmed);
        fw_doc_mark_range(doc, script->line, last, FW_LINE_IGNORED);
        return;
    }
    if (!split(script, text)) {
        fw_doc_mark(doc, script->line, FW_LINE_BAD);
        fw_doc_warn(doc, FW_DIAG_ID_UNTERMINATED, script->line, fw_doc_line_text(doc, script->line),
                    "a quote is not closed");
    }
    size_t from = 0;
    for (size_t i = 0; i <= script->n; i++) {
        if (i < script->n && !script->words[i].breaks) {
            continue;
        }
        if (i == from + 1 && is_definition(script, i)) {
            script->defines = true;
            fw_doc_mark(doc, script->line, FW_LINE_IGNORED);
            i++;
        } else {
            if (i > from) {
                read_command(script, script->words + from, i - from);
            }
            i += take_break(script, i, i > from);
        }
        from = i + 1;
    }
    /* Lines that carry a command on share what became of it. */
    enum fw_line_verdict verdict = (enum fw_line_verdict)doc->verdicts[script->line - 1];
    fw_doc_mark_range(doc, script->line, last, verdict == FW_LINE_NONE ? FW_LINE_IGNORED : verdict);
}

static bool is_carried_on(fw_sv text)
{
    size_t n = 0;
    if (text.n > 0 && text.p[text.n - 1] == '\r') {
        text.n--;
    }
    while (n < text.n && text.p[text.n - 1 - n] == '\\') {
        n++;
    }
    return n % 2 == 1 && !fw_sv_starts(fw_sv_trim(text), "#");
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct script *script = fw_new(&doc->arena, struct script);
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_sv text;
    fw_nf_init(&script->nf, doc, ret);
    script->listed = FW_SV("filter");
    script->family = fw_nf_family_of(doc, 0, 0);
    while (fw_doc_line(doc, &offset, &line, &text)) {
        const char *start = text.p;
        script->line = line;
        while (is_carried_on(text) && fw_doc_line(doc, &offset, &line, &text)) {
        }
        read_line(script, fw_sv_of(start, (size_t)(text.p + text.n - start)), line);
        fw_arena_reset(&doc->scratch);
    }
    fw_nf_finish(&script->nf);
}

/* A call of iptables, or two commands without a program. */
static int bid(fw_sv head)
{
    fw_sv line;
    unsigned bare = 0;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv word;
        if (!fw_sv_word(&line, &word)) {
            continue;
        }
        if (word.p[0] == '*' || fw_sv_is(word, "COMMIT")) {
            return FW_BID_NO; /* what iptables-save prints */
        }
        if (fw_sv_is(word, "sudo") && !fw_sv_word(&line, &word)) {
            continue;
        }
        fw_sv option;
        if (family_of(word) != 0 && fw_sv_word(&line, &option) && option.p[0] == '-') {
            return FW_BID_SURE;
        }
        bool policy = fw_sv_is(word, "-P") || fw_sv_is(word, "-A") || fw_sv_is(word, "-N");
        bare += policy && fw_sv_word(&line, &option);
    }
    return bare > 1 ? FW_BID_LIKELY : bare == 1 ? FW_BID_WEAK : FW_BID_NO;
}

const struct fw_parser fw_parser_iptables_commands = {
    .name = "iptables-commands",
    .title = "Linux netfilter, scripts of iptables commands and iptables -S",
    .kind = FW_PARSER_RULESET,
    .version = 3,
    .bid = bid,
    .ruleset = parse,
};
