/* Expressions of nftables' text: what a rule looks at, and what it compares that with.
 *   ip saddr . tcp dport    tcp flags & (fin | syn)    { 10.0.0.0/8, 192.0.2.1-192.0.2.9 } */
#include "parsers/nft_text.h"

#include "core/limits.h"

struct fw_nft_expr *fw_nft_expr_new(struct fw_arena *arena, enum fw_nft_kind kind, fw_sv text,
                                    fw_sv raw)
{
    struct fw_nft_expr *expr = fw_new(arena, struct fw_nft_expr);
    *expr = (struct fw_nft_expr){.kind = kind, .text = text, .raw = raw};
    return expr;
}

void fw_nft_expr_add(struct fw_arena *arena, struct fw_nft_expr *expr,
                     const struct fw_nft_expr *part)
{
    expr->v = fw_arena_push(arena, expr->v, expr->n, sizeof(*expr->v));
    expr->v[expr->n++] = part;
}

static const struct fw_nft_expr *pair(struct fw_arena *arena, enum fw_nft_kind kind, fw_sv text,
                                      const struct fw_nft_expr *a, const struct fw_nft_expr *b)
{
    struct fw_nft_expr *expr = fw_nft_expr_new(arena, kind, text, a->raw);
    fw_nft_expr_add(arena, expr, a);
    fw_nft_expr_add(arena, expr, b);
    return expr;
}

/* --- Keys --- */

/* A key under construction: its words, one after the other. */
struct key {
    size_t n;
    fw_sv words[12];
    fw_sv raw;
};

static void take(struct fw_nft_reader *reader, struct key *key)
{
    if (key->n < sizeof(key->words) / sizeof(key->words[0])) {
        key->words[key->n++] = reader->text;
    }
    fw_nft_next(reader);
}

static bool take_if(struct fw_nft_reader *reader, struct key *key, const char *word)
{
    if (!fw_nft_at(reader, word)) {
        return false;
    }
    take(reader, key);
    return true;
}

static const struct fw_nft_expr *read_or(struct fw_nft_reader *reader, bool keys);
static const struct fw_nft_expr *read_concat(struct fw_nft_reader *reader, bool keys);

/* "mod 16 seed 0xdead offset 3" */
static void take_modulus(struct fw_nft_reader *reader, struct key *key)
{
    while (fw_nft_at(reader, "mod") || fw_nft_at(reader, "seed") || fw_nft_at(reader, "offset")) {
        take(reader, key);
        take(reader, key);
    }
}

static void take_ct(struct fw_nft_reader *reader, struct key *key)
{
    take(reader, key);
    if (fw_nft_at(reader, "original") || fw_nft_at(reader, "reply")) {
        take(reader, key);
        if (fw_nft_at(reader, "ip") || fw_nft_at(reader, "ip6")) {
            take(reader, key);
        }
    }
    take(reader, key);
}

static void take_fib(struct fw_nft_reader *reader, struct key *key)
{
    do {
        take(reader, key); /* fib, then the dots */
        take(reader, key);
    } while (fw_nft_at(reader, "."));
    take(reader, key); /* type, oif, oifname */
}

static void take_ipsec(struct fw_nft_reader *reader, struct key *key)
{
    take(reader, key);
    take(reader, key);
    if (take_if(reader, key, "spnum")) {
        take(reader, key);
    }
    if (fw_nft_at(reader, "ip") || fw_nft_at(reader, "ip6")) {
        take(reader, key);
    }
    take(reader, key);
}

static void take_jhash(struct fw_nft_reader *reader, struct key *key)
{
    take(reader, key);
    const struct fw_nft_expr *what = read_concat(reader, true);
    if (what && key->n < sizeof(key->words) / sizeof(key->words[0])) {
        key->words[key->n++] = fw_nft_words(reader->arena, what);
    }
    take_modulus(reader, key);
}

static void take_option(struct fw_nft_reader *reader, struct key *key)
{
    static const char fields[] = " size count left right tsval tsecr length kind addr ptr value "
                                 "type num offset flags stream tsn ssn ";
    take(reader, key); /* tcp, ip, sctp, dccp */
    take(reader, key); /* option, chunk */
    take(reader, key); /* its name */
    if (reader->token == FW_NFT_WORD && fw_nft_is_one_of(reader->text, fields)) {
        take(reader, key);
    }
}

/* A key that starts at this word, or nothing. `keys`: words that values share are keys. */
static bool take_key(struct fw_nft_reader *reader, struct key *key, bool keys)
{
    static const char ct_keys[] =
        " original reply state direction status mark expiration helper label l3proto protocol "
        "bytes "
        "packets avgpkt zone id proto-src proto-dst saddr daddr secmark event timeout expectation ";
    struct fw_nft_reader ahead = *reader;
    fw_sv word = reader->text;
    fw_nft_next(&ahead);
    fw_sv next = ahead.token == FW_NFT_WORD ? ahead.text : (fw_sv){0};
    if (fw_sv_is(word, "meta") && fw_nft_is_meta(next)) {
        take(reader, key);
        take(reader, key);
    } else if (fw_nft_is_bare_meta(word) && (keys || fw_sv_is(word, "mark"))) {
        key->words[key->n++] = FW_SV("meta");
        take(reader, key);
    } else if (fw_sv_is(word, "ct") && fw_nft_is_one_of(next, ct_keys)) {
        take_ct(reader, key);
    } else if (fw_nft_is_one_of(word, "tcp ip sctp dccp") &&
               (fw_sv_is(next, "option") || fw_sv_is(next, "chunk"))) {
        take_option(reader, key);
    } else if (fw_nft_is_field(word, next)) {
        bool arp = fw_sv_is(word, "arp") && fw_sv_ends(next, "addr");
        take(reader, key);
        take(reader, key);
        if (arp) {
            take(reader, key); /* ip, ether */
        }
    } else if (fw_sv_is(word, "fib") && next.n > 0) {
        take_fib(reader, key);
    } else if (fw_nft_is_one_of(word, "rt") &&
               fw_nft_is_one_of(
                   next, "classid nexthop mtu ipsec type seg-left nexthdr hdrlength ip ip6")) {
        bool family = fw_sv_is(next, "ip") || fw_sv_is(next, "ip6");
        take(reader, key);
        take(reader, key);
        if (family) {
            take(reader, key);
        }
    } else if (fw_sv_is(word, "socket") &&
               fw_nft_is_one_of(next, "transparent mark wildcard cgroupv2")) {
        take(reader, key);
        take(reader, key);
        if (take_if(reader, key, "level")) {
            take(reader, key);
        }
    } else if (fw_sv_is(word, "numgen") || (fw_sv_is(word, "symhash") && keys)) {
        bool numgen = fw_sv_is(word, "numgen");
        take(reader, key);
        if (numgen) {
            take(reader, key);
        }
        take_modulus(reader, key);
    } else if (fw_sv_is(word, "jhash")) {
        take_jhash(reader, key);
    } else if (fw_sv_is(word, "osf") && fw_nft_is_one_of(next, "ttl name version")) {
        take(reader, key);
        if (take_if(reader, key, "ttl")) {
            take(reader, key);
        }
        take(reader, key);
    } else if (fw_sv_is(word, "ipsec") && fw_nft_is_one_of(next, "in out")) {
        take_ipsec(reader, key);
    } else if (fw_sv_is(word, "exthdr")) {
        take(reader, key);
        take(reader, key);
    } else {
        return false;
    }
    return true;
}

/* --- Values --- */

static bool is_number_or_address(fw_sv text)
{
    uint64_t number;
    fw_ip ip;
    return fw_sv_u64_any(text, &number) || fw_ip_parse(text, &ip);
}

static const struct fw_nft_expr *value_of(struct fw_arena *arena, fw_sv text, fw_sv raw)
{
    return fw_nft_expr_new(arena, FW_NFT_VALUE, text, raw);
}

/* A word that is a value: 10.0.0.0/8, 1024-65535, echo-request. */
static const struct fw_nft_expr *split_word(struct fw_arena *arena, fw_sv word)
{
    size_t slash = fw_sv_find_char(word, '/');
    size_t dash = fw_sv_find_char(word, '-');
    if (dash != SIZE_MAX && is_number_or_address(fw_sv_sub(word, 0, dash)) &&
        is_number_or_address(fw_sv_sub(word, dash + 1, SIZE_MAX))) {
        return pair(arena, FW_NFT_RANGE, (fw_sv){0},
                    value_of(arena, fw_sv_sub(word, 0, dash), word),
                    value_of(arena, fw_sv_sub(word, dash + 1, SIZE_MAX), word));
    }
    if (slash != SIZE_MAX && slash > 0 && slash + 1 < word.n) {
        struct fw_nft_expr *prefix = fw_nft_expr_new(arena, FW_NFT_PREFIX,
                                                     fw_sv_sub(word, slash + 1, SIZE_MAX), word);
        fw_nft_expr_add(arena, prefix, value_of(arena, fw_sv_sub(word, 0, slash), word));
        return prefix;
    }
    return value_of(arena, word, word);
}

static const struct fw_nft_expr *read_variable(struct fw_nft_reader *reader)
{
    const struct fw_nft_variable *variable = reader->variables;
    fw_sv name = fw_sv_sub(reader->text, 1, SIZE_MAX);
    while (variable && !fw_sv_eq(variable->name, name)) {
        variable = variable->next;
    }
    if (!variable) {
        reader->unsupported = true;
        fw_nft_fail(reader, "a variable that is defined above");
        return NULL;
    }
    struct fw_nft_reader inner;
    fw_nft_reader_init(&inner, reader->doc, reader->arena, variable->offset, variable->end,
                       variable->line);
    inner.variables = variable->next; /* what was defined before it */
    inner.depth = reader->depth;
    inner.expanded = reader->expanded;
    fw_nft_next(&inner);
    const struct fw_nft_expr *value = fw_nft_read_value(&inner);
    reader->failed = reader->failed || inner.failed;
    *reader->expanded += 1 + (value ? value->n : 0);
    if (*reader->expanded > FW_LIMIT_GROUP_MEMBERS) {
        reader->unsupported = true;
        fw_nft_fail(reader, "variables that stand for less (limit GROUP_MEMBERS)");
        return NULL;
    }
    fw_nft_next(reader);
    return value;
}

static void skip_line_ends(struct fw_nft_reader *reader)
{
    while (reader->token == FW_NFT_LINE_END) {
        fw_nft_next(reader);
    }
}

/* What may follow an element: it says how long it stays, not what it matches. */
static void skip_element_options(struct fw_nft_reader *reader)
{
    while (reader->token != FW_NFT_END && !fw_nft_at(reader, ",") && !fw_nft_at(reader, "}") &&
           !fw_nft_at(reader, ":")) {
        fw_nft_next(reader);
    }
}

static const struct fw_nft_expr *read_element(struct fw_nft_reader *reader)
{
    const struct fw_nft_expr *value = fw_nft_at(reader, "*")
                                          ? fw_nft_expr_new(reader->arena, FW_NFT_ANY, (fw_sv){0},
                                                            reader->raw)
                                          : NULL;
    if (value) {
        fw_nft_next(reader);
    } else if (fw_nft_at_verdict(reader)) {
        value = fw_nft_read_verdict(reader);
    } else {
        value = read_concat(reader, false);
    }
    skip_line_ends(reader);
    skip_element_options(reader);
    if (value && fw_nft_skip(reader, ":")) {
        skip_line_ends(reader);
        const struct fw_nft_expr *data = fw_nft_at_verdict(reader) ? fw_nft_read_verdict(reader)
                                                                   : read_concat(reader, false);
        skip_line_ends(reader);
        skip_element_options(reader);
        return data ? pair(reader->arena, FW_NFT_PAIR, (fw_sv){0}, value, data) : NULL;
    }
    return value;
}

static const struct fw_nft_expr *read_set(struct fw_nft_reader *reader)
{
    struct fw_nft_expr *set = fw_nft_expr_new(reader->arena, FW_NFT_SET, (fw_sv){0}, reader->raw);
    fw_nft_next(reader);
    for (;;) {
        while (reader->token == FW_NFT_LINE_END || fw_nft_at(reader, ",")) {
            fw_nft_next(reader);
        }
        if (fw_nft_skip(reader, "}")) {
            return set;
        }
        const struct fw_nft_expr *element = read_element(reader);
        if (!element || (!fw_nft_at(reader, ",") && !fw_nft_at(reader, "}"))) {
            fw_nft_fail(reader, "\",\" or \"}\"");
            return NULL;
        }
        if (element->kind == FW_NFT_SET) { /* a variable that holds a set */
            for (size_t i = 0; i < element->n; i++) {
                fw_nft_expr_add(reader->arena, set, element->v[i]);
            }
        } else {
            fw_nft_expr_add(reader->arena, set, element);
        }
    }
}

static const struct fw_nft_expr *read_plain(struct fw_nft_reader *reader, bool keys)
{
    struct key key = {.raw = reader->raw};
    const struct fw_nft_expr *expr;
    if (reader->token == FW_NFT_STRING) {
        struct fw_nft_expr *text = fw_nft_expr_new(reader->arena, FW_NFT_VALUE, reader->text,
                                                   reader->raw);
        text->quoted = true;
        fw_nft_next(reader);
        return text;
    }
    if (reader->token != FW_NFT_WORD) {
        fw_nft_fail(reader, "a value");
        return NULL;
    }
    if (fw_sv_starts(reader->text, "$")) {
        return read_variable(reader);
    }
    if (fw_sv_starts(reader->text, "@")) {
        bool raw = fw_sv_find_char(reader->text, ',') != SIZE_MAX;
        fw_sv text = raw ? reader->text : fw_sv_sub(reader->text, 1, SIZE_MAX);
        expr = fw_nft_expr_new(reader->arena, raw ? FW_NFT_KEY : FW_NFT_REF, text, reader->raw);
        fw_nft_next(reader);
        return expr;
    }
    if (take_key(reader, &key, keys)) {
        return fw_nft_expr_new(reader->arena, FW_NFT_KEY,
                               fw_words_join(reader->arena, key.words, key.n), key.raw);
    }
    expr = split_word(reader->arena, reader->text);
    fw_nft_next(reader);
    return expr;
}

static const struct fw_nft_expr *read_one(struct fw_nft_reader *reader, bool keys)
{
    const struct fw_nft_expr *expr;
    if (fw_nft_at(reader, "{")) {
        expr = read_set(reader);
    } else if (fw_nft_skip(reader, "(")) {
        expr = read_concat(reader, keys);
        if (expr && !fw_nft_skip(reader, ")")) {
            fw_nft_fail(reader, "\")\"");
        }
    } else {
        expr = read_plain(reader, keys);
    }
    if (expr && expr->kind == FW_NFT_VALUE && fw_nft_skip(reader, "-")) {
        const struct fw_nft_expr *last = read_plain(reader, false);
        return last ? pair(reader->arena, FW_NFT_RANGE, (fw_sv){0}, expr, last) : NULL;
    }
    return expr;
}

static const struct fw_nft_expr *read_primary(struct fw_nft_reader *reader, bool keys)
{
    if (reader->depth >= FW_LIMIT_CONFIG_DEPTH) {
        reader->unsupported = true;
        fw_nft_fail(reader, "less nesting (limit CONFIG_DEPTH)");
        return NULL;
    }
    reader->depth++;
    const struct fw_nft_expr *expr = read_one(reader, keys);
    reader->depth--;
    return expr;
}

/* The operator that stands here, in one spelling, of those that bind as loosely as "|" or tighter.
 */
static bool at_operator(const struct fw_nft_reader *reader, bool loose, fw_sv *ret)
{
    static const struct {
        const char *text, *word;
        bool loose;
    } rows[] = {{"|", "or", true},
                {"&", "and", false},
                {"^", "xor", false},
                {"<<", "lshift", false},
                {">>", "rshift", false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].loose == loose &&
            (fw_nft_at(reader, rows[i].text) || fw_nft_at(reader, rows[i].word))) {
            *ret = fw_sv_from(rows[i].text);
            return true;
        }
    }
    return false;
}

/* Left to right; "|" binds least, as in C. */
static const struct fw_nft_expr *read_and(struct fw_nft_reader *reader, bool keys)
{
    const struct fw_nft_expr *left = read_primary(reader, keys);
    unsigned depth = reader->depth; /* every operator puts what is on its left one deeper */
    fw_sv op;
    while (left && at_operator(reader, false, &op)) {
        fw_nft_next(reader);
        reader->depth++;
        const struct fw_nft_expr *right = read_primary(reader, false);
        left = right ? pair(reader->arena, FW_NFT_BINOP, op, left, right) : NULL;
    }
    reader->depth = depth;
    return left;
}

static const struct fw_nft_expr *read_or(struct fw_nft_reader *reader, bool keys)
{
    const struct fw_nft_expr *left = read_and(reader, keys);
    unsigned depth = reader->depth;
    fw_sv op;
    while (left && at_operator(reader, true, &op)) {
        fw_nft_next(reader);
        reader->depth++;
        const struct fw_nft_expr *right = read_and(reader, false);
        left = right ? pair(reader->arena, FW_NFT_BINOP, op, left, right) : NULL;
    }
    reader->depth = depth;
    return left;
}

static const struct fw_nft_expr *read_map(struct fw_nft_reader *reader,
                                          const struct fw_nft_expr *key)
{
    if (!key || !fw_nft_skip(reader, "map")) {
        return key;
    }
    const struct fw_nft_expr *set = read_primary(reader, false);
    return set ? pair(reader->arena, FW_NFT_MAP, (fw_sv){0}, key, set) : NULL;
}

static const struct fw_nft_expr *read_concat(struct fw_nft_reader *reader, bool keys)
{
    const struct fw_nft_expr *first = read_or(reader, keys);
    if (!first || !fw_nft_at(reader, ".")) {
        return read_map(reader, first);
    }
    struct fw_nft_expr *concat = fw_nft_expr_new(reader->arena, FW_NFT_CONCAT, (fw_sv){0},
                                                 first->raw);
    fw_nft_expr_add(reader->arena, concat, first);
    while (fw_nft_skip(reader, ".")) {
        const struct fw_nft_expr *part = read_or(reader, keys);
        if (!part) {
            return NULL;
        }
        fw_nft_expr_add(reader->arena, concat, part);
    }
    return read_map(reader, concat);
}

const struct fw_nft_expr *fw_nft_read_key(struct fw_nft_reader *reader)
{
    return read_concat(reader, true);
}

const struct fw_nft_expr *fw_nft_read_value(struct fw_nft_reader *reader)
{
    const struct fw_nft_expr *first = read_concat(reader, false);
    if (!first || !fw_nft_at(reader, ",")) {
        return first;
    }
    struct fw_nft_expr *flags = fw_nft_expr_new(reader->arena, FW_NFT_FLAGS, (fw_sv){0},
                                                first->raw);
    fw_nft_expr_add(reader->arena, flags, first);
    while (fw_nft_skip(reader, ",")) {
        const struct fw_nft_expr *part = read_or(reader, false);
        if (!part) {
            return NULL;
        }
        fw_nft_expr_add(reader->arena, flags, part);
    }
    return flags;
}

static const char verdicts[] = " accept drop continue return jump goto queue ";

bool fw_nft_at_verdict(const struct fw_nft_reader *reader)
{
    return reader->token == FW_NFT_WORD && fw_nft_is_one_of(reader->text, verdicts);
}

const struct fw_nft_expr *fw_nft_read_verdict(struct fw_nft_reader *reader)
{
    struct fw_nft_expr *verdict = fw_nft_expr_new(reader->arena, FW_NFT_VERDICT, reader->text,
                                                  reader->raw);
    bool target = fw_nft_at(reader, "jump") || fw_nft_at(reader, "goto");
    fw_nft_next(reader);
    if (target && fw_nft_at(reader, "{")) { /* a chain without a name, written here */
        uint64_t start = reader->at;
        uint32_t line = reader->line;
        fw_nft_next(reader);
        do {
            skip_line_ends(reader);
            fw_nft_skip_line(reader);
        } while (reader->token == FW_NFT_LINE_END);
        fw_sv body = fw_sv_sub(reader->doc->text, (size_t)start,
                               (size_t)(reader->raw.p - reader->doc->text.p - (ptrdiff_t)start));
        struct fw_nft_expr *inner = fw_nft_expr_new(reader->arena, FW_NFT_SET, body, verdict->raw);
        inner->line = line;
        fw_nft_expr_add(reader->arena, verdict, inner);
        if (!fw_nft_skip(reader, "}")) {
            fw_nft_fail(reader, "\"}\"");
            return NULL;
        }
        return verdict;
    }
    if (target) {
        if (reader->token != FW_NFT_WORD && reader->token != FW_NFT_STRING) {
            fw_nft_fail(reader, "the name of a chain");
            return NULL;
        }
        fw_nft_expr_add(reader->arena, verdict,
                        fw_nft_expr_new(reader->arena, FW_NFT_VALUE, reader->text, reader->raw));
        fw_nft_next(reader);
    }
    return verdict;
}
