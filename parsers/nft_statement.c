/* Statements of nftables' text: one rule is a line of them.
 *   iifname "eth0" tcp dport { 22, 443 } ct state new log prefix "in: " counter accept */
#include "parsers/nft_text.h"

static struct fw_nft_stmt *add(struct fw_nft_reader *reader, struct fw_nft_rule *rule,
                               enum fw_nft_does does)
{
    rule->stmts = fw_arena_push(reader->arena, rule->stmts, rule->n, sizeof(*rule->stmts));
    struct fw_nft_stmt *stmt = &rule->stmts[rule->n++];
    *stmt = (struct fw_nft_stmt){.does = does, .raw = reader->raw};
    return stmt;
}

static bool is_word(const struct fw_nft_reader *reader, const char *word)
{
    return reader->token == FW_NFT_WORD && fw_sv_is(reader->text, word);
}

/* The words of a statement that is taken as a whole, up to one that starts another. */
struct words {
    size_t n;
    fw_sv *v;
};

static void take(struct fw_nft_reader *reader, struct words *words)
{
    words->v = fw_arena_push(reader->arena, words->v, words->n, sizeof(*words->v));
    words->v[words->n++] = reader->text;
    fw_nft_next(reader);
}

static fw_sv join(struct fw_nft_reader *reader, const struct words *words)
{
    return fw_words_join(reader->arena, words->v, words->n);
}

/* What a name is, or what it is looked up by: "tcp dport map { 80 : "web" }". */
static const struct fw_nft_expr *read_name(struct fw_nft_reader *reader, struct words *words)
{
    const struct fw_nft_expr *name = fw_nft_read_key(reader);
    if (name) {
        words->v = fw_arena_push(reader->arena, words->v, words->n, sizeof(*words->v));
        words->v[words->n++] = fw_nft_words(reader->arena, name);
    }
    return name;
}

/* The statement's word; true: what follows is kept under a name, "limit name x". */
static bool read_named(struct fw_nft_reader *reader, struct words *words)
{
    take(reader, words);
    if (!is_word(reader, "name")) {
        return false;
    }
    take(reader, words);
    (void)read_name(reader, words);
    return true;
}

/* "limit rate over 10/second burst 5 packets", "limit name x" */
static void read_limit(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    struct fw_nft_stmt *stmt = add(reader, rule, FW_NFT_CONDITION);
    struct words words = {0};
    if (!read_named(reader, &words)) {
        take(reader, &words); /* rate */
        if (is_word(reader, "over")) {
            take(reader, &words);
        }
        take(reader, &words); /* 10/second, or 10, mbytes/second */
        if (reader->token == FW_NFT_WORD && fw_sv_find_char(reader->text, '/') != SIZE_MAX) {
            take(reader, &words);
        }
        bool bytes = words.n > 0 && fw_sv_find(words.v[words.n - 1], FW_SV("bytes")) != SIZE_MAX;
        if (is_word(reader, "burst")) {
            take(reader, &words);
            take(reader, &words);
            take(reader, &words); /* packets, bytes */
        } else if (!bytes) {      /* what the kernel takes when nothing is written */
            words.v = fw_arena_push(reader->arena, words.v, words.n, sizeof(*words.v));
            words.v[words.n++] = FW_SV("burst 5 packets");
        }
    }
    stmt->text = join(reader, &words);
}

/* "quota over 25 mbytes used 3 bytes", "ct count over 10" */
static void read_quota(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    struct fw_nft_stmt *stmt = add(reader, rule, FW_NFT_CONDITION);
    struct words words = {0};
    if (read_named(reader, &words)) {
        stmt->text = join(reader, &words);
        return;
    }
    if (is_word(reader, "over") || is_word(reader, "until")) {
        take(reader, &words);
    }
    take(reader, &words);
    if (reader->token == FW_NFT_WORD && fw_sv_ends(reader->text, "bytes")) {
        take(reader, &words);
    }
    if (is_word(reader, "used")) { /* so far: no property of the rule */
        fw_nft_next(reader);
        fw_nft_next(reader);
        fw_nft_next(reader);
    }
    stmt->text = join(reader, &words);
}

static void read_counter(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    struct fw_nft_stmt *stmt = add(reader, rule, FW_NFT_COUNTER);
    fw_nft_next(reader);
    if (fw_nft_skip(reader, "name")) {
        struct words words = {0};
        const struct fw_nft_expr *name = read_name(reader, &words);
        if (name && name->kind == FW_NFT_VALUE) { /* of a map, each counter counts for others too */
            stmt->counter_name = name->text;
        }
    } else if (fw_nft_skip(reader, "packets")) {
        stmt->counter.present = fw_sv_u64(reader->text, &stmt->counter.packets);
        fw_nft_next(reader);
        if (fw_nft_skip(reader, "bytes")) {
            stmt->counter.present = fw_sv_u64(reader->text, &stmt->counter.bytes) &&
                                    stmt->counter.present;
            fw_nft_next(reader);
        }
    }
}

static void read_log(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    struct fw_nft_stmt *stmt = add(reader, rule, FW_NFT_LOG);
    fw_nft_next(reader);
    for (;;) {
        if (fw_nft_skip(reader, "prefix")) {
            stmt->text = reader->text;
            fw_nft_next(reader);
        } else if (is_word(reader, "group") || is_word(reader, "level") ||
                   is_word(reader, "snaplen") || is_word(reader, "queue-threshold")) {
            fw_nft_next(reader);
            fw_nft_next(reader);
        } else if (fw_nft_skip(reader, "flags")) {
            do {
                if (fw_nft_skip(reader, "tcp") || fw_nft_skip(reader, "ip")) {
                    fw_nft_next(reader);
                } else {
                    fw_nft_next(reader);
                }
            } while (fw_nft_skip(reader, ","));
        } else {
            return;
        }
    }
}

static void read_reject(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    (void)add(reader, rule, FW_NFT_REJECT);
    fw_nft_next(reader);
    if (!fw_nft_skip(reader, "with")) {
        return;
    }
    bool reset = is_word(reader, "tcp");
    fw_nft_next(reader); /* tcp, icmp, icmpv6, icmpx */
    if (reset) {
        fw_nft_next(reader); /* reset */
        return;
    }
    fw_nft_skip(reader, "type");
    fw_nft_next(reader);
}

/* "10.0.0.1:80", "[2001:db8::1]:80": a word of two parts. */
static bool split_port(fw_sv word, fw_sv *ret_address, fw_sv *ret_port)
{
    size_t colon = word.n;
    while (colon > 0 && word.p[colon - 1] != ':') {
        colon--;
    }
    if (colon == 0) {
        return false;
    }
    fw_sv address = fw_sv_sub(word, 0, colon - 1);
    bool bracket = fw_sv_starts(address, "[") && fw_sv_ends(address, "]");
    if (!bracket && fw_sv_find_char(address, ':') != SIZE_MAX) {
        return false;
    }
    *ret_address = bracket ? fw_sv_sub(address, 1, address.n - 2) : address;
    *ret_port = fw_sv_sub(word, colon, SIZE_MAX);
    return true;
}

/* A host or port of NAT: one value or a-b. */
static const struct fw_nft_expr *nat_part(struct fw_nft_reader *reader, fw_sv text)
{
    struct fw_nft_expr *value = fw_nft_expr_new(reader->arena, FW_NFT_VALUE, text, reader->raw);
    size_t dash = fw_sv_find_char(text, '-');
    if (text.n == 0) {
        return NULL;
    }
    if (dash == SIZE_MAX) {
        return value;
    }
    struct fw_nft_expr *range = fw_nft_expr_new(reader->arena, FW_NFT_RANGE, (fw_sv){0},
                                                reader->raw);
    fw_nft_expr_add(
        reader->arena, range,
        fw_nft_expr_new(reader->arena, FW_NFT_VALUE, fw_sv_sub(text, 0, dash), reader->raw));
    fw_nft_expr_add(reader->arena, range,
                    fw_nft_expr_new(reader->arena, FW_NFT_VALUE,
                                    fw_sv_sub(text, dash + 1, SIZE_MAX), reader->raw));
    return range;
}

static void read_nat(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    struct fw_nft_stmt stmt = {.does = FW_NFT_NAT, .text = reader->text, .raw = reader->raw};
    fw_nft_next(reader);
    if (is_word(reader, "ip") || is_word(reader, "ip6") || is_word(reader, "inet")) {
        fw_nft_next(reader);
    }
    bool prefix = fw_nft_skip(reader, "prefix");
    if (fw_nft_skip(reader, "to")) {
        fw_sv address;
        fw_sv port;
        /* "addr . port to ... map": both come from the map. */
        prefix = fw_nft_skip(reader, "prefix") || prefix;
        bool port_only = reader->token == FW_NFT_WORD && fw_sv_starts(reader->text, ":") &&
                         !fw_sv_starts(reader->text, "::");
        if (port_only) {
            stmt.left = NULL;
        } else if (reader->token == FW_NFT_WORD && split_port(reader->text, &address, &port)) {
            stmt.left = nat_part(reader, address);
            stmt.right = nat_part(reader, port);
            fw_nft_next(reader);
        } else {
            stmt.left = fw_nft_read_key(reader);
        }
        if (fw_nft_skip(reader, ":")) {
            stmt.right = fw_nft_read_key(reader);
        } else if (reader->token == FW_NFT_WORD && fw_sv_starts(reader->text, ":")) {
            reader->text = fw_sv_sub(reader->text, 1, SIZE_MAX);
            stmt.right = fw_nft_read_key(reader);
        }
    } else if (is_word(reader, "addr") || is_word(reader, "interval")) {
        while (!is_word(reader, "to") && !fw_nft_at_end(reader)) {
            fw_nft_next(reader);
        }
        fw_nft_skip(reader, "to");
        stmt.left = fw_nft_read_key(reader);
    }
    while (is_word(reader, "random") || is_word(reader, "fully-random") ||
           is_word(reader, "persistent") || fw_nft_at(reader, ",")) {
        fw_nft_next(reader);
    }
    *add(reader, rule, FW_NFT_NAT) = stmt;
}

/* "add @seen { ip saddr timeout 10s limit rate 1/second }": it may fail when the set is full. Known
 * by what it does to which set. */
static void read_set_update(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    struct fw_nft_stmt *stmt = add(reader, rule, FW_NFT_CONDITION);
    struct words words = {0};
    size_t depth = 0;
    take(reader, &words);
    while (reader->token == FW_NFT_WORD && words.n < 2) {
        take(reader, &words);
    }
    stmt->text = join(reader, &words);
    while (!fw_nft_at_end(reader) && !fw_nft_at(reader, "{")) {
        fw_nft_next(reader);
    }
    do {
        depth += fw_nft_at(reader, "{");
        depth -= depth > 0 && fw_nft_at(reader, "}");
        if (reader->token == FW_NFT_END ||
            (depth == 0 && fw_nft_at_end(reader) && !fw_nft_at(reader, "}"))) {
            break;
        }
        fw_nft_next(reader);
    } while (depth > 0);
}

/* A statement of a fixed shape: its words, as many as there are before the next known one. */
static void read_words(struct fw_nft_reader *reader, struct fw_nft_rule *rule,
                       enum fw_nft_does does, size_t n)
{
    struct fw_nft_stmt *stmt = add(reader, rule, does);
    struct words words = {0};
    for (size_t i = 0; i < n && !fw_nft_at_end(reader); i++) {
        take(reader, &words);
    }
    stmt->text = join(reader, &words);
}

static void read_to_end(struct fw_nft_reader *reader, struct fw_nft_rule *rule,
                        enum fw_nft_does does)
{
    struct fw_nft_stmt *stmt = add(reader, rule, does);
    struct words words = {0};
    size_t depth = 0;
    while (reader->token != FW_NFT_END && (depth > 0 || !fw_nft_at_end(reader))) {
        depth += fw_nft_at(reader, "{");
        depth -= depth > 0 && fw_nft_at(reader, "}");
        take(reader, &words);
    }
    stmt->text = join(reader, &words);
}

/* "dup to 10.0.0.1 device eth0", "fwd to eth1", "tproxy ip to 127.0.0.1:80", "synproxy mss ..." */
static void read_redirector(struct fw_nft_reader *reader, struct fw_nft_rule *rule,
                            enum fw_nft_does does)
{
    static const char *const own[] = {"ip",     "ip6",  "to",        "device",   "mss",
                                      "wscale", "name", "timestamp", "sack-perm"};
    struct fw_nft_stmt *stmt = add(reader, rule, does);
    struct words words = {0};
    take(reader, &words);
    for (;;) {
        bool known = false;
        for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
            known = known || is_word(reader, own[i]);
        }
        if (!known) {
            break;
        }
        if (is_word(reader, "name")) {
            take(reader, &words);
            (void)read_name(reader, &words);
            continue;
        }
        bool alone = is_word(reader, "ip") || is_word(reader, "ip6") ||
                     is_word(reader, "timestamp") || is_word(reader, "sack-perm");
        take(reader, &words);
        if (!alone && !fw_nft_at_end(reader)) {
            take(reader, &words);
        }
    }
    stmt->text = join(reader, &words);
}

/* Something is looked at, and compared, mapped to a verdict or set. */
static bool read_comparison(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    static const struct {
        const char *text;
        enum fw_nft_op op;
    } ops[] = {{"==", FW_NFT_EQ}, {"eq", FW_NFT_EQ}, {"!=", FW_NFT_NE}, {"ne", FW_NFT_NE},
               {"<=", FW_NFT_LE}, {"le", FW_NFT_LE}, {">=", FW_NFT_GE}, {"ge", FW_NFT_GE},
               {"<", FW_NFT_LT},  {"lt", FW_NFT_LT}, {">", FW_NFT_GT},  {"gt", FW_NFT_GT},
               {"!", FW_NFT_NOT}};
    struct fw_nft_stmt stmt = {.does = FW_NFT_MATCH, .op = FW_NFT_IN, .raw = reader->raw};
    stmt.left = fw_nft_read_key(reader);
    if (!stmt.left) {
        return false;
    }
    if (fw_nft_skip(reader, "vmap")) {
        stmt.does = FW_NFT_VMAP;
    } else if (fw_nft_skip(reader, "set")) {
        stmt.does = FW_NFT_ASSIGN;
    } else {
        for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]) && stmt.op == FW_NFT_IN; i++) {
            stmt.op = fw_nft_skip(reader, ops[i].text) ? ops[i].op : FW_NFT_IN;
        }
    }
    stmt.right = fw_nft_read_value(reader);
    if (!stmt.right) {
        return false;
    }
    if (stmt.does == FW_NFT_MATCH && fw_nft_skip(reader, "/")) { /* flags value / mask */
        const struct fw_nft_expr *mask = fw_nft_read_value(reader);
        if (!mask) {
            return false;
        }
        struct fw_nft_expr *masked = fw_nft_expr_new(reader->arena, FW_NFT_BINOP, FW_SV("&"),
                                                     stmt.left->raw);
        fw_nft_expr_add(reader->arena, masked, stmt.left);
        fw_nft_expr_add(reader->arena, masked, mask);
        stmt.left = masked;
        stmt.op = stmt.op == FW_NFT_IN ? FW_NFT_EQ : stmt.op;
    }
    *add(reader, rule, stmt.does) = stmt;
    return true;
}

/* The word after this one. */
static fw_sv peek(const struct fw_nft_reader *reader)
{
    struct fw_nft_reader ahead = *reader;
    fw_nft_next(&ahead);
    return ahead.token == FW_NFT_WORD ? ahead.text : (fw_sv){0};
}

static bool read_statement(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    fw_sv word = reader->token == FW_NFT_WORD ? reader->text : (fw_sv){0};
    fw_sv next = word.n > 0 ? peek(reader) : (fw_sv){0};
    if (fw_sv_is(word, "queue")) {
        read_to_end(reader, rule, FW_NFT_UNKNOWN);
    } else if (fw_nft_at_verdict(reader)) {
        const struct fw_nft_expr *verdict = fw_nft_read_verdict(reader);
        if (!verdict) {
            return false;
        }
        add(reader, rule, FW_NFT_DECIDE)->left = verdict;
    } else if (fw_sv_is(word, "limit")) {
        read_limit(reader, rule);
    } else if (fw_sv_is(word, "quota")) {
        read_quota(reader, rule);
    } else if (fw_sv_is(word, "ct") && fw_sv_is(next, "count")) {
        fw_nft_next(reader);
        read_quota(reader, rule);
    } else if (fw_sv_is(word, "counter")) {
        read_counter(reader, rule);
    } else if (fw_sv_is(word, "last")) {
        read_words(reader, rule, FW_NFT_PASS, fw_sv_is(next, "used") ? 3 : 1);
    } else if (fw_sv_is(word, "log")) {
        read_log(reader, rule);
    } else if (fw_sv_is(word, "reject")) {
        read_reject(reader, rule);
    } else if (fw_sv_is(word, "notrack")) {
        (void)add(reader, rule, FW_NFT_NOTRACK);
        fw_nft_next(reader);
    } else if (fw_sv_is(word, "snat") || fw_sv_is(word, "dnat") || fw_sv_is(word, "masquerade") ||
               fw_sv_is(word, "redirect")) {
        read_nat(reader, rule);
    } else if (fw_sv_is(word, "add") || fw_sv_is(word, "update") || fw_sv_is(word, "delete") ||
               fw_sv_is(word, "set") || fw_sv_is(word, "meter")) {
        read_set_update(reader, rule);
    } else if (fw_sv_is(word, "flow") || fw_sv_is(word, "secmark")) {
        read_words(reader, rule, FW_NFT_PASS, 3);
    } else if (fw_sv_is(word, "reset")) { /* reset tcp option x */
        read_words(reader, rule, FW_NFT_PASS, 4);
    } else if (fw_sv_is(word, "dup")) {
        read_redirector(reader, rule, FW_NFT_PASS);
    } else if (fw_sv_is(word, "tproxy")) {
        read_redirector(reader, rule, FW_NFT_CONDITION);
    } else if (fw_sv_is(word, "fwd") || fw_sv_is(word, "synproxy")) {
        read_redirector(reader, rule, FW_NFT_UNKNOWN);
    } else if (fw_sv_is(word, "xt")) {
        read_words(reader, rule, FW_NFT_XT, 3);
    } else if (fw_sv_is(word, "comment")) {
        fw_nft_next(reader);
        rule->comment = reader->text;
        fw_nft_next(reader);
    } else {
        return read_comparison(reader, rule);
    }
    return true;
}

void fw_nft_read_statements(struct fw_nft_reader *reader, struct fw_nft_rule *rule)
{
    while (!fw_nft_at_end(reader) && !reader->failed) {
        if (!read_statement(reader, rule)) {
            fw_nft_fail(reader, "a statement");
        }
    }
}
