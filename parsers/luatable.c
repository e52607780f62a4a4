/* What do the assignments of a Lua file say, as far as they only declare? */
#include "parsers/luatable.h"

#include "core/limits.h"

enum { GLOBALS_MAX = 4096 };

enum token { T_END, T_NAME, T_TEXT, T_NUMBER, T_PUNCT };

struct lexeme {
    enum token type;
    fw_sv text; /* TEXT: without its quotes, escapes as written */
    uint32_t line, last;
};

void fw_lua_init(struct fw_lua *lua, struct fw_doc *doc)
{
    *lua = (struct fw_lua){
        .doc = doc, .p = doc->text.p, .end = doc->text.p + doc->text.n, .line = 1};
}

/* "[[", "[=[" ... at p: how many '=' signs; SIZE_MAX when it is no long bracket. */
static size_t long_level(const char *p, const char *end)
{
    const char *at = p + 1;
    if (p == end || *p != '[') {
        return SIZE_MAX;
    }
    while (at < end && *at == '=') {
        at++;
    }
    return at < end && *at == '[' ? (size_t)(at - p - 1) : SIZE_MAX;
}

/* The contents of a long bracket; moves behind it, or to the end when it is not closed. */
static fw_sv read_long(struct fw_lua *lua, size_t level)
{
    const char *start = lua->p + level + 2;
    for (const char *p = start; p < lua->end; p++) {
        if (*p == ']') {
            const char *q = p + 1;
            while (q < lua->end && *q == '=') {
                q++;
            }
            if (q < lua->end && *q == ']' && (size_t)(q - p - 1) == level) {
                lua->p = q + 1;
                return fw_sv_of(start, (size_t)(p - start));
            }
        } else if (*p == '\n') {
            lua->line++;
        }
    }
    fw_doc_warn(lua->doc, FW_DIAG_ID_UNTERMINATED, lua->line, (fw_sv){0},
                "a long text or comment is not closed");
    lua->p = lua->end;
    return fw_sv_of(start, (size_t)(lua->end - start));
}

static void keep_comment(struct fw_lua *lua, fw_sv text, uint32_t line)
{
    text = fw_sv_trim(text);
    while (text.n > 0 && memchr("-= ", text.p[0], 3)) {
        text = fw_sv_sub(text, 1, SIZE_MAX);
    }
    if (text.n == 0) {
        return;
    }
    if (lua->above.n == 0 || line > lua->above_line + 1 || lua->above.n + text.n > 4096) {
        lua->above = text;
    } else {
        char *out = fw_arena_alloc(&lua->doc->arena, lua->above.n + text.n + 2);
        memcpy(out, lua->above.p, lua->above.n);
        memcpy(out + lua->above.n, "; ", 2);
        memcpy(out + lua->above.n + 2, text.p, text.n);
        lua->above = fw_sv_of(out, lua->above.n + text.n + 2);
    }
    lua->above_line = lua->line;
}

static void skip_comment(struct fw_lua *lua)
{
    uint32_t first = lua->line;
    lua->p += 2;
    size_t level = long_level(lua->p, lua->end);
    if (level != SIZE_MAX) {
        fw_sv text = read_long(lua, level);
        fw_doc_mark_range(lua->doc, first, lua->line, FW_LINE_IGNORED);
        keep_comment(lua, text, first);
        return;
    }
    const char *newline = memchr(lua->p, '\n', (size_t)(lua->end - lua->p));
    const char *stop = newline ? newline : lua->end;
    fw_doc_mark(lua->doc, first, FW_LINE_IGNORED);
    keep_comment(lua, fw_sv_of(lua->p, (size_t)(stop - lua->p)), first);
    lua->p = stop;
}

/* Blanks, line ends and comments; stops before a line end when asked to. */
static void skip_space(struct fw_lua *lua, bool same_line)
{
    while (lua->p < lua->end) {
        char c = *lua->p;
        if (c == '\n') {
            if (same_line) {
                return;
            }
            lua->line++;
            lua->p++;
        } else if (fw_is_blank(c) || c == '\r' || c == '\f' || c == '\v') {
            lua->p++;
        } else if (c == '-' && lua->end - lua->p > 1 && lua->p[1] == '-') {
            skip_comment(lua);
        } else {
            return;
        }
    }
}

static struct lexeme read_quoted(struct fw_lua *lua)
{
    char quote = *lua->p++;
    const char *start = lua->p;
    struct lexeme l = {.type = T_TEXT, .line = lua->line};
    while (lua->p < lua->end && *lua->p != quote && *lua->p != '\n') {
        lua->p += *lua->p == '\\' && lua->end - lua->p > 1 && lua->p[1] != '\n' ? 2 : 1;
    }
    l.text = fw_sv_of(start, (size_t)(lua->p - start));
    if (lua->p < lua->end && *lua->p == quote) {
        lua->p++;
    } else {
        fw_doc_bad(lua->doc, lua->line, l.text, "a text is not closed on its line");
    }
    l.last = lua->line;
    return l;
}

static struct lexeme next(struct fw_lua *lua)
{
    skip_space(lua, false);
    struct lexeme l = {.type = T_END, .line = lua->line, .last = lua->line};
    if (lua->p == lua->end) {
        return l;
    }
    const char *start = lua->p;
    char c = *start;
    size_t level = long_level(lua->p, lua->end);
    if (level != SIZE_MAX) {
        l.text = read_long(lua, level);
        l.type = T_TEXT;
        l.last = lua->line;
        return l;
    }
    if (c == '"' || c == '\'') {
        return read_quoted(lua);
    }
    if (fw_is_alpha(c) || c == '_' || fw_is_digit(c)) {
        while (lua->p < lua->end &&
               (fw_is_alpha(*lua->p) || fw_is_digit(*lua->p) || *lua->p == '_' ||
                (fw_is_digit(c) && *lua->p == '.' && lua->end - lua->p > 1 && lua->p[1] != '.'))) {
            lua->p++;
        }
        l.type = fw_is_digit(c) ? T_NUMBER : T_NAME;
    } else {
        lua->p += c == '.' && lua->end - lua->p > 1 && lua->p[1] == '.' ? 2 : 1;
        l.type = T_PUNCT;
    }
    l.text = fw_sv_of(start, (size_t)(lua->p - start));
    return l;
}

static struct lexeme peek(struct fw_lua *lua)
{
    struct fw_lua copy = *lua;
    struct fw_lua ahead = *lua;
    struct lexeme l = next(&ahead);
    *lua = copy;
    return l;
}

static bool is_punct(const struct lexeme *l, const char *text)
{
    return l->type == T_PUNCT && fw_sv_is(l->text, text);
}

static const struct fw_lua_value *global(const struct fw_lua *lua, fw_sv name)
{
    for (size_t i = lua->nglobals; i > 0; i--) {
        if (fw_sv_eq(lua->globals[i - 1].key, name)) {
            return lua->globals[i - 1].value;
        }
    }
    return NULL;
}

static struct fw_lua_value *value_new(struct fw_lua *lua, enum fw_lua_type type, fw_sv text)
{
    struct fw_lua_value *value = fw_new(&lua->doc->arena, struct fw_lua_value);
    value->type = type;
    value->text = text;
    return value;
}

static const struct fw_lua_value *read_value(struct fw_lua *lua, unsigned depth);

/* A comment that stands behind the member on its last line. */
static fw_sv comment_behind(struct fw_lua *lua, fw_sv *ret_above)
{
    fw_sv above = lua->above;
    lua->above = (fw_sv){0};
    uint32_t line = lua->line;
    skip_space(lua, true);
    bool found = lua->above.n > 0 && lua->line == line;
    fw_sv behind = found ? lua->above : (fw_sv){0};
    lua->above = (fw_sv){0};
    *ret_above = above;
    return behind;
}

/* "key = value", "['key'] = value", "value". False when it cannot be told. */
static bool read_member(struct fw_lua *lua, unsigned depth, struct fw_lua_member *ret)
{
    struct lexeme l = peek(lua);
    fw_sv above = lua->above_line + 1 >= l.line ? lua->above : (fw_sv){0};
    struct fw_lua saved;
    ret->line = l.line;
    if (l.type == T_NAME) {
        saved = *lua;
        next(lua);
        struct lexeme sign = peek(lua);
        if (is_punct(&sign, "=")) {
            next(lua);
            ret->key = l.text;
        } else {
            *lua = saved;
        }
    } else if (is_punct(&l, "[")) {
        next(lua);
        struct lexeme key = next(lua);
        struct lexeme close = next(lua);
        struct lexeme sign = next(lua);
        if ((key.type != T_TEXT && key.type != T_NUMBER) || !is_punct(&close, "]") ||
            !is_punct(&sign, "=")) {
            return false;
        }
        ret->key = key.text;
    }
    lua->above = (fw_sv){0};
    ret->value = read_value(lua, depth);
    ret->last = lua->line;
    ret->above = above;
    return ret->value != NULL;
}

static const struct fw_lua_value *read_table(struct fw_lua *lua, unsigned depth)
{
    struct fw_lua_value *table = value_new(lua, FW_LUA_TABLE, (fw_sv){0});
    if (depth == FW_LIMIT_CONFIG_DEPTH) {
        fw_doc_warn(lua->doc, FW_DIAG_ID_LIMIT_REACHED, lua->line, (fw_sv){0},
                    "tables are nested deeper than the limit CONFIG_DEPTH allows");
        return NULL;
    }
    for (;;) {
        struct lexeme l = peek(lua);
        if (l.type == T_END) {
            return NULL;
        }
        if (is_punct(&l, "}")) {
            next(lua);
            return table;
        }
        struct fw_lua_member member = {.line = l.line};
        skip_space(lua, false);
        if (!read_member(lua, depth + 1, &member)) {
            return NULL;
        }
        l = peek(lua);
        if (is_punct(&l, ",") || is_punct(&l, ";")) {
            next(lua);
        } else if (!is_punct(&l, "}")) {
            return NULL;
        }
        fw_sv ignored;
        member.behind = comment_behind(lua, &ignored);
        table->v = fw_arena_push(&lua->doc->arena, table->v, table->n, sizeof(member));
        table->v[table->n++] = member;
    }
}

static const struct fw_lua_value *read_name(struct fw_lua *lua, fw_sv name)
{
    if (fw_sv_is(name, "true") || fw_sv_is(name, "false")) {
        return value_new(lua, FW_LUA_BOOL, name);
    }
    if (fw_sv_is(name, "function") || fw_sv_is(name, "not")) {
        return NULL;
    }
    /* What another file may have assigned: "default_wizard", "a.b.c". */
    const struct fw_lua_value *known = global(lua, name);
    struct lexeme l = peek(lua);
    while (is_punct(&l, ".")) {
        next(lua);
        struct lexeme member = next(lua);
        if (member.type != T_NAME) {
            return NULL;
        }
        const struct fw_lua_member *found = NULL;
        for (size_t i = 0; known && known->type == FW_LUA_TABLE && i < known->n; i++) {
            found = fw_sv_eq(known->v[i].key, member.text) ? &known->v[i] : found;
        }
        known = found ? found->value : NULL;
        name = fw_sv_of(name.p, (size_t)(member.text.p + member.text.n - name.p));
        l = peek(lua);
    }
    return known ? known : value_new(lua, FW_LUA_UNKNOWN, name);
}

static const struct fw_lua_value *read_simple(struct fw_lua *lua, unsigned depth)
{
    struct lexeme l = next(lua);
    switch (l.type) {
    case T_TEXT:
        return value_new(lua, FW_LUA_TEXT, l.text);
    case T_NUMBER:
        return value_new(lua, FW_LUA_NUMBER, l.text);
    case T_NAME:
        return read_name(lua, l.text);
    case T_PUNCT:
        if (fw_sv_is(l.text, "{")) {
            return read_table(lua, depth);
        }
        if (fw_sv_is(l.text, "-")) {
            struct lexeme number = next(lua);
            fw_sv text = fw_sv_of(l.text.p, (size_t)(number.text.p + number.text.n - l.text.p));
            return number.type == T_NUMBER ? value_new(lua, FW_LUA_NUMBER, text) : NULL;
        }
        return NULL;
    case T_END:
        break;
    }
    return NULL;
}

/* Texts put together; of what is not known the whole is not known. NULL: it would have to run. */
static const struct fw_lua_value *read_value(struct fw_lua *lua, unsigned depth)
{
    const struct fw_lua_value *value = read_simple(lua, depth);
    struct lexeme l = peek(lua);
    for (unsigned n = 0; value && is_punct(&l, ".."); n++) {
        next(lua);
        const struct fw_lua_value *more = read_simple(lua, depth);
        if (!more || n == 256) {
            return NULL;
        }
        bool texts = (value->type == FW_LUA_TEXT || value->type == FW_LUA_NUMBER) &&
                     (more->type == FW_LUA_TEXT || more->type == FW_LUA_NUMBER);
        if (texts && value->text.n + more->text.n <= FW_LIMIT_LINE_BYTES) {
            size_t total = value->text.n + more->text.n;
            char *out = fw_arena_alloc(&lua->doc->arena, total + 1);
            memcpy(out, value->text.p, value->text.n);
            memcpy(out + value->text.n, more->text.p, more->text.n);
            value = value_new(lua, FW_LUA_TEXT, fw_sv_of(out, total));
        } else {
            value = value_new(lua, FW_LUA_UNKNOWN, value->text);
        }
        l = peek(lua);
    }
    bool runs = l.type == T_PUNCT && l.text.n == 1 && memchr("(:+*/%^<>~", l.text.p[0], 10) &&
                l.line == lua->line;
    return runs ? NULL : value;
}

/* To behind what has to be run: a block's end, or the end of the line. */
static void skip_statement(struct fw_lua *lua, const struct lexeme *first)
{
    static const char *const opening[] = {"function", "if", "do", "repeat"};
    unsigned depth = 0;
    struct lexeme l = *first;
    for (;;) {
        bool opens = false;
        for (size_t i = 0; l.type == T_NAME && i < sizeof(opening) / sizeof(opening[0]); i++) {
            opens = opens || fw_sv_is(l.text, opening[i]);
        }
        depth += opens || is_punct(&l, "{") || is_punct(&l, "(");
        bool closes = is_punct(&l, "}") || is_punct(&l, ")") ||
                      (l.type == T_NAME && (fw_sv_is(l.text, "end") || fw_sv_is(l.text, "until")));
        depth -= closes && depth > 0;
        skip_space(lua, true);
        bool line_ends = lua->p == lua->end || *lua->p == '\n';
        if ((depth == 0 && line_ends) || lua->p == lua->end) {
            return;
        }
        l = next(lua);
    }
}

static void set_global(struct fw_lua *lua, fw_sv name, const struct fw_lua_value *value)
{
    for (size_t i = 0; i < lua->nglobals; i++) {
        if (fw_sv_eq(lua->globals[i].key, name)) {
            lua->globals[i].value = value;
            return;
        }
    }
    if (lua->nglobals < GLOBALS_MAX) {
        lua->globals = fw_arena_push(&lua->doc->arena, lua->globals, lua->nglobals,
                                     sizeof(lua->globals[0]));
        lua->globals[lua->nglobals++] = (struct fw_lua_member){.key = name, .value = value};
    }
}

static const struct fw_lua_value *read_include(struct fw_lua *lua)
{
    struct lexeme l = peek(lua);
    bool parenthesis = is_punct(&l, "(");
    if (parenthesis) {
        next(lua);
    }
    const struct fw_lua_value *value = read_value(lua, 0);
    if (parenthesis) {
        l = next(lua);
        value = is_punct(&l, ")") ? value : NULL;
    }
    return value && value->type == FW_LUA_TEXT ? value : NULL;
}

bool fw_lua_next(struct fw_lua *lua, struct fw_lua_statement *ret)
{
    struct lexeme l = next(lua);
    while (is_punct(&l, ";")) {
        l = next(lua);
    }
    if (l.type == T_END) {
        return false;
    }
    *ret = (struct fw_lua_statement){.name = l.text, .first = l.line};
    struct fw_lua saved = *lua;
    struct lexeme sign = peek(lua);
    if (l.type == T_NAME && fw_sv_is(l.text, "include")) {
        ret->include = true;
        ret->value = read_include(lua);
    } else if (l.type == T_NAME && is_punct(&sign, "=")) {
        next(lua);
        ret->value = read_value(lua, 0);
    }
    ret->understood = ret->value != NULL;
    if (!ret->understood) {
        *lua = saved;
        skip_statement(lua, &l);
    } else if (!ret->include) {
        set_global(lua, ret->name, ret->value);
    }
    ret->last = lua->line;
    return true;
}

const struct fw_lua_member *fw_lua_find(const struct fw_lua_value *table, const char *key)
{
    const struct fw_lua_member *found = NULL;
    for (size_t i = 0; table && table->type == FW_LUA_TABLE && i < table->n; i++) {
        if (fw_sv_is(table->v[i].key, key)) {
            found = &table->v[i];
        }
    }
    return found;
}
