/* Statements of an export of RouterOS. Lines go on behind a backslash, also inside a quoted text,
 * and the blanks that begin the next one are not meant:
 *   /ip firewall filter
 *   add action=accept chain=input comment="from the office\
 *       , by name" src-address=192.0.2.0/24
 *   set [ find default-name=ether1 ] name=wan */
#include <string.h>

#include "parsers/mikrotik.h"

static bool at_end(const struct fw_ros_reader *reader)
{
    return reader->at >= reader->doc->text.n;
}

static char here(const struct fw_ros_reader *reader)
{
    return at_end(reader) ? '\n' : reader->doc->text.p[reader->at];
}

static void step(struct fw_ros_reader *reader)
{
    reader->line += here(reader) == '\n';
    reader->at++;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* How long a backslash at the end of a line is with the blanks of the next one; 0: there is none.
 */
static size_t continuation(fw_sv text, size_t at)
{
    size_t next = at + 1;
    if (at >= text.n || text.p[at] != '\\') {
        return 0;
    }
    next += next < text.n && text.p[next] == '\r';
    if (next >= text.n || text.p[next] != '\n') {
        return 0;
    }
    next++;
    while (next < text.n && (text.p[next] == ' ' || text.p[next] == '\t')) {
        next++;
    }
    return next - at;
}

static void skip(struct fw_ros_reader *reader, size_t n)
{
    for (; n > 0; n--) {
        step(reader);
    }
}

static void skip_blanks(struct fw_ros_reader *reader)
{
    size_t n;
    while (!at_end(reader) &&
           ((n = continuation(reader->doc->text, reader->at)) > 0 || is_blank(here(reader)))) {
        skip(reader, n > 0 ? n : 1);
    }
}

/* Up to the blank, the end of the line or the semicolon behind a word. Quotes end with their line;
 * braces hold what scripts are made of, lines and all. */
static fw_sv scan_word(struct fw_ros_reader *reader, bool *ret_cut)
{
    fw_sv text = reader->doc->text;
    size_t start = reader->at;
    size_t open = 0, braces = 0; /* brackets of all kinds */
    bool quoted = false;
    while (!at_end(reader)) {
        char c = here(reader);
        size_t n = continuation(text, reader->at);
        if (n > 0) {
            skip(reader, n);
            continue;
        }
        if (c == '\n' ? quoted || braces == 0 : !quoted && open == 0 && (is_blank(c) || c == ';')) {
            break;
        }
        if (quoted && c == '\\') {
            step(reader);
            if (here(reader) == '\n') {
                break;
            }
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && memchr("[({", c, 3)) {
            open++;
            braces += c == '{';
        } else if (!quoted && memchr("])}", c, 3)) {
            open -= open > 0;
            braces -= braces > 0 && c == '}';
        }
        step(reader);
    }
    *ret_cut = *ret_cut || quoted || open > 0;
    size_t end = reader->at < text.n ? reader->at : text.n;
    return fw_sv_sub(text, start, end - start);
}

/* --- Values --------------------------------------------------------------------------------- */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What a backslash inside quotes stands for; how many bytes it takes. */
static size_t escape(fw_sv raw, size_t at, char *ret)
{
    static const char from[] = "nrt_abfv";
    static const char to[] = "\n\r\t \a\b\f\v";
    char c = at + 1 < raw.n ? raw.p[at + 1] : '\\';
    const char *known = c != '\0' ? strchr(from, c) : NULL;
    if (at + 2 < raw.n && hex(c) >= 0 && hex(raw.p[at + 2]) >= 0) {
        *ret = (char)(hex(c) * 16 + hex(raw.p[at + 2]));
        return 3;
    }
    *ret = known ? to[known - from] : c;
    return at + 1 < raw.n ? 2 : 1;
}

/* Without quotes, escapes and ends of lines. */
static fw_sv decode(struct fw_arena *arena, fw_sv raw)
{
    if (!memchr(raw.p, '"', raw.n) && !memchr(raw.p, '\\', raw.n)) {
        return raw;
    }
    char *out = fw_new_array(arena, raw.n + 1, char);
    size_t n = 0;
    bool quoted = false;
    for (size_t at = 0; at < raw.n;) {
        size_t skipped = continuation(raw, at);
        if (skipped > 0) {
            at += skipped;
        } else if (raw.p[at] == '"') {
            quoted = !quoted;
            at++;
        } else if (quoted && raw.p[at] == '\\') {
            at += escape(raw, at, &out[n++]);
        } else {
            out[n++] = raw.p[at++];
        }
    }
    return fw_sv_of(out, n);
}

/* The '=' between key and value; SIZE_MAX: there is none. */
static size_t find_equals(fw_sv raw)
{
    for (size_t i = 0; i < raw.n && !memchr("\"[({", raw.p[i], 4); i++) {
        if (raw.p[i] == '=') {
            return i;
        }
    }
    return SIZE_MAX;
}

static struct fw_ros_word make_word(struct fw_arena *arena, fw_sv raw)
{
    struct fw_ros_word word = {.raw = raw};
    size_t equals = find_equals(raw);
    if (equals == SIZE_MAX) {
        word.key = raw.n > 0 && raw.p[0] == '[' ? FW_SV("[") : decode(arena, raw);
        return word;
    }
    word.key = decode(arena, fw_sv_sub(raw, 0, equals));
    word.raw = fw_sv_sub(raw, equals + 1, SIZE_MAX);
    word.value = decode(arena, word.raw);
    word.value = word.value.p ? word.value : FW_SV("");
    word.negated = fw_sv_starts(word.value, "!");
    if (word.negated) {
        word.value = fw_sv_sub(word.value, 1, SIZE_MAX);
    }
    return word;
}

/* --- Statements ----------------------------------------------------------------------------- */

static bool is_verb(fw_sv word)
{
    static const char *const verbs[] = {"add",   "set",    "remove", "disable", "enable",
                                        "unset", "edit",   "move",   "export",  "print",
                                        "reset", "import", "monitor"};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (fw_sv_is(word, verbs[i])) {
            return true;
        }
    }
    return false;
}

/* "/ip firewall filter", "/ip/firewall/filter": the words up to the verb. How many those were. */
static size_t read_menu(struct fw_arena *arena, const struct fw_ros_word *words, size_t n,
                        fw_sv *ret)
{
    fw_sv *parts = NULL;
    size_t nparts = 0, at = 0;
    for (; at < n && !words[at].value.p && !is_verb(words[at].key) && !fw_sv_is(words[at].key, "[");
         at++) {
        fw_sv rest = words[at].key, part;
        while (fw_sv_split(&rest, '/', &part)) {
            if (part.n > 0) {
                parts = fw_arena_push(arena, parts, nparts, sizeof(*parts));
                parts[nparts++] = part;
            }
        }
    }
    *ret = fw_words_join(arena, parts, nparts);
    return at;
}

static void find_path(struct fw_ros_reader *reader, struct fw_ros_statement *to)
{
    struct fw_arena *arena = &reader->doc->arena;
    to->menu = reader->menu;
    if (to->n > 0 && !to->words[0].value.p && fw_sv_starts(to->words[0].key, "/")) {
        size_t n = read_menu(arena, to->words, to->n, &to->menu);
        to->words += n;
        to->n -= n;
        if (to->n == 0) {
            reader->menu = to->menu;
        }
    }
    to->verb = FW_SV("");
    if (to->n > 0 && !to->words[0].value.p && is_verb(to->words[0].key)) {
        to->verb = to->words[0].key;
        to->words++;
        to->n--;
    }
}

static bool skip_comments(struct fw_ros_reader *reader)
{
    while (!at_end(reader)) {
        uint32_t line = reader->line;
        skip_blanks(reader);
        for (; line < reader->line; line++) { /* nothing but a backslash */
            fw_doc_mark(reader->doc, line, FW_LINE_IGNORED);
        }
        if (!at_end(reader) && here(reader) != '\n' && here(reader) != '#' && here(reader) != ';') {
            return true;
        }
        bool comment = here(reader) == '#';
        if (here(reader) != ';') {
            fw_doc_mark(reader->doc, reader->line, FW_LINE_IGNORED);
        }
        while (comment && !at_end(reader) && here(reader) != '\n') {
            step(reader);
        }
        if (!at_end(reader)) {
            step(reader);
        }
    }
    return false;
}

bool fw_ros_next(struct fw_ros_reader *reader, struct fw_ros_statement *ret)
{
    struct fw_ros_word *words = NULL;
    struct fw_arena *arena = &reader->doc->arena;
    struct fw_ros_statement to = {.cut = false};
    if (!skip_comments(reader)) {
        return false;
    }
    to.first = reader->line;
    while (!at_end(reader) && here(reader) != '\n' && here(reader) != ';') {
        fw_sv raw = scan_word(reader, &to.cut);
        words = fw_arena_push(arena, words, to.n, sizeof(*words));
        words[to.n++] = make_word(arena, raw);
        skip_blanks(reader);
    }
    to.words = words;
    to.last = reader->line < reader->doc->nlines ? reader->line : reader->doc->nlines;
    find_path(reader, &to);
    *ret = to;
    return true;
}

const struct fw_ros_word *fw_ros_word(const struct fw_ros_statement *statement, const char *key)
{
    for (size_t i = statement->n; i-- > 0;) {
        const struct fw_ros_word *word = &statement->words[i];
        if (word->value.p && fw_sv_is(word->key, key)) {
            return word->value.n > 0 ? word : NULL;
        }
    }
    return NULL;
}

fw_sv fw_ros_value(const struct fw_ros_statement *statement, const char *key)
{
    const struct fw_ros_word *word = fw_ros_word(statement, key);
    return word ? word->value : (fw_sv){0};
}

bool fw_ros_yes(const struct fw_ros_statement *statement, const char *key)
{
    fw_sv value = fw_ros_value(statement, key);
    return fw_sv_is(value, "yes") || fw_sv_is(value, "true");
}

fw_span fw_ros_span(const struct fw_doc *doc, const struct fw_ros_statement *statement)
{
    return fw_doc_span(doc, fw_doc_line_text(doc, statement->first), statement->first);
}

void fw_ros_mark(struct fw_doc *doc, const struct fw_ros_statement *statement,
                 enum fw_line_verdict verdict)
{
    fw_doc_mark_range(doc, statement->first, statement->last, verdict);
}
