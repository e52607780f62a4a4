/* Expressions and statements of `nft -j` (libnftables-json(5)):
 *   {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}},
 *              "right": 22}}
 * Depth is bounded by the reader of JSON, and by the number of operators. */
#include "parsers/nft_json.h"

#include "core/limits.h"
#include "parsers/jsonlines.h"
#include "parsers/nft_text.h"

void fw_nft_json_fail(struct fw_nft_json *json, const struct fw_jvalue *value, const char *expected)
{
    if (!json->failed) {
        fw_doc_bad(json->doc, value->span.line, fw_jlines_raw(json->doc, value), "expected %s",
                   expected);
    }
    json->failed = true;
}

static struct fw_nft_expr *new_expr(struct fw_nft_json *json, enum fw_nft_kind kind, fw_sv text,
                                    const struct fw_jvalue *value)
{
    return fw_nft_expr_new(json->arena, kind, text, fw_jlines_raw(json->doc, value));
}

static const struct fw_nft_expr *read_expr(struct fw_nft_json *json, const struct fw_jvalue *value);

/* Adds what an item of an array says; false: failed. */
static bool add(struct fw_nft_json *json, struct fw_nft_expr *expr, const struct fw_jvalue *value)
{
    const struct fw_nft_expr *part = value ? read_expr(json, value) : NULL;
    if (part) {
        fw_nft_expr_add(json->arena, expr, part);
    }
    return part != NULL;
}

static const struct fw_nft_expr *all_of(struct fw_nft_json *json, enum fw_nft_kind kind, fw_sv text,
                                        const struct fw_jvalue *array)
{
    struct fw_nft_expr *expr = new_expr(json, kind, text, array);
    for (size_t i = 0; i < array->count; i++) {
        if (!add(json, expr, &array->items[i])) {
            return NULL;
        }
    }
    return expr;
}

/* --- Keys --- */

static const struct fw_nft_expr *key_of(struct fw_nft_json *json, const struct fw_jvalue *value,
                                        const fw_sv *words, size_t n)
{
    return new_expr(json, FW_NFT_KEY, fw_words_join(json->arena, words, n), value);
}

static const struct fw_nft_expr *payload_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    fw_sv protocol = fw_json_text(v, "protocol");
    fw_sv field = fw_json_text(v, "field");
    if (protocol.n > 0) {
        fw_sv words[] = {protocol, field};
        return key_of(json, v, words, 2);
    }
    const struct fw_jvalue *offset = fw_json_find(v, "offset");
    const struct fw_jvalue *length = fw_json_find(v, "len");
    fw_sv raw = fw_arena_printf(json->arena, "@%.*s,%.*s,%.*s", FW_SV_ARG(fw_json_text(v, "base")),
                                FW_SV_ARG(fw_jlines_value(offset)),
                                FW_SV_ARG(fw_jlines_value(length)));
    return key_of(json, v, &raw, 1);
}

/* "mod 16 seed 2 offset 3" */
static size_t add_modulus(const struct fw_jvalue *v, fw_sv *words, size_t n)
{
    static const char *const names[] = {"mod", "seed", "offset"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        fw_sv number = fw_jlines_text(v, names[i]);
        if (number.n > 0 && !(i == 2 && fw_sv_is(number, "0"))) {
            words[n++] = fw_sv_from(names[i]);
            words[n++] = number;
        }
    }
    return n;
}

static const struct fw_nft_expr *fib_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    enum { FLAGS = 8 };
    const struct fw_jvalue *flags = fw_json_find(v, "flags");
    fw_sv words[2 + 2 * FLAGS];
    size_t n = 0;
    words[n++] = FW_SV("fib");
    if (flags && flags->type == FW_JSON_STRING) {
        words[n++] = flags->text;
    }
    for (size_t i = 0; flags && flags->type == FW_JSON_ARRAY && i < flags->count && i < FLAGS;
         i++) {
        if (i > 0) {
            words[n++] = FW_SV(".");
        }
        words[n++] = fw_jlines_value(&flags->items[i]);
    }
    words[n++] = fw_json_text(v, "result");
    return key_of(json, v, words, n);
}

/* Keys with one or two names: the members whose texts make the words. */
struct key_form {
    const char *name;
    const char *first; /* the word in front, {0}: none */
    const char *members[4];
};

static const struct key_form key_forms[] = {
    {"meta", "meta", {"key", NULL}},
    {"ct", "ct", {"dir", "key", NULL}},
    {"rt", "rt", {"family", "key", NULL}},
    {"socket", "socket", {"key", NULL}},
    {"exthdr", "", {"name", "field", NULL}},
    {"tcp option", "tcp option", {"name", "field", NULL}},
    {"ip option", "ip option", {"name", "field", NULL}},
    {"sctp chunk", "sctp chunk", {"name", "field", NULL}},
    {"dccp option", "dccp option", {"type", NULL}},
    {"osf", "osf", {"key", NULL}},
    {"ipsec", "ipsec", {"dir", "spnum", "key", NULL}},
    {"tunnel", "tunnel", {"key", NULL}},
};

static const struct fw_nft_expr *form_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    for (size_t i = 0; i < sizeof(key_forms) / sizeof(key_forms[0]); i++) {
        const struct key_form *form = &key_forms[i];
        if (!fw_sv_is(v->key, form->name) || v->type != FW_JSON_OBJECT) {
            continue;
        }
        fw_sv words[6];
        size_t n = 0;
        bool bare = form->first[0] == '\0' && fw_json_text(v, "field").n == 0;
        if (form->first[0] != '\0' || bare) {
            words[n++] = fw_sv_from(bare ? "exthdr" : form->first);
        }
        for (size_t m = 0; form->members[m]; m++) {
            fw_sv text = fw_jlines_text(v, form->members[m]);
            if (text.n > 0) {
                words[n++] = text;
            }
        }
        return key_of(json, v, words, n);
    }
    return NULL;
}

static const struct fw_nft_expr *jhash_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    fw_sv words[8] = {FW_SV("jhash")};
    const struct fw_jvalue *inner = fw_json_find(v, "expr");
    const struct fw_nft_expr *what = inner ? read_expr(json, inner) : NULL;
    words[1] = what ? fw_nft_words(json->arena, what) : FW_SV("?");
    return key_of(json, v, words, add_modulus(v, words, 2));
}

/* --- Values --- */

static const struct fw_nft_expr *prefix_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    struct fw_nft_expr *prefix = new_expr(json, FW_NFT_PREFIX, fw_jlines_text(v, "len"), v);
    if (prefix->text.n == 0 || !add(json, prefix, fw_json_find(v, "addr"))) {
        fw_nft_json_fail(json, v, "addr and len of a prefix");
        return NULL;
    }
    return prefix;
}

static const struct fw_nft_expr *map_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    struct fw_nft_expr *map = new_expr(json, FW_NFT_MAP, (fw_sv){0}, v);
    if (!add(json, map, fw_json_find(v, "key")) || !add(json, map, fw_json_find(v, "data"))) {
        fw_nft_json_fail(json, v, "key and data of a map");
        return NULL;
    }
    return map;
}

static bool is_verdict(fw_sv word)
{
    static const char *const names[] = {"accept", "drop", "continue", "return", "jump", "goto"};
    return FW_SV_AMONG(word, names);
}

static const struct fw_nft_expr *verdict_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    struct fw_nft_expr *verdict = new_expr(json, FW_NFT_VERDICT, v->key, v);
    const struct fw_jvalue *target = v->type == FW_JSON_OBJECT ? fw_json_find(v, "target") : NULL;
    if (target) {
        fw_nft_expr_add(json->arena, verdict,
                        new_expr(json, FW_NFT_VALUE, fw_jlines_value(target), target));
    } else if (fw_sv_is(v->key, "jump") || fw_sv_is(v->key, "goto")) {
        fw_nft_json_fail(json, v, "a target");
        return NULL;
    }
    return verdict;
}

const struct fw_nft_expr *fw_nft_json_element(struct fw_nft_json *json,
                                              const struct fw_jvalue *value)
{
    if (value->type == FW_JSON_ARRAY && value->count == 2) {
        struct fw_nft_expr *pair = new_expr(json, FW_NFT_PAIR, (fw_sv){0}, value);
        return add(json, pair, &value->items[0]) && add(json, pair, &value->items[1]) ? pair : NULL;
    }
    return read_expr(json, value);
}

static const struct fw_nft_expr *set_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    struct fw_nft_expr *set = new_expr(json, FW_NFT_SET, (fw_sv){0}, v);
    if (v->type != FW_JSON_ARRAY) {
        return add(json, set, v) ? set : NULL;
    }
    for (size_t i = 0; i < v->count; i++) {
        const struct fw_nft_expr *element = fw_nft_json_element(json, &v->items[i]);
        if (!element) {
            return NULL;
        }
        fw_nft_expr_add(json->arena, set, element);
    }
    return set;
}

/* "&", "|", "^", "<<", ">>": of two, or of more from left to right. */
static const struct fw_nft_expr *binop_of(struct fw_nft_json *json, const struct fw_jvalue *v)
{
    if (v->count > FW_LIMIT_CONFIG_DEPTH) { /* every operator puts its left side one deeper */
        fw_doc_unsupported(json->doc, v->span.line, fw_jlines_raw(json->doc, v),
                           "expected fewer operators (limit CONFIG_DEPTH)");
        json->failed = true;
        return NULL;
    }
    const struct fw_nft_expr *left = v->count > 0 ? read_expr(json, &v->items[0]) : NULL;
    for (size_t i = 1; left && i < v->count; i++) {
        struct fw_nft_expr *binop = new_expr(json, FW_NFT_BINOP, v->key, v);
        fw_nft_expr_add(json->arena, binop, left);
        left = add(json, binop, &v->items[i]) ? binop : NULL;
    }
    return left;
}

static bool is_binop(fw_sv key)
{
    return fw_sv_is(key, "&") || fw_sv_is(key, "|") || fw_sv_is(key, "^") || fw_sv_is(key, "<<") ||
           fw_sv_is(key, ">>");
}

/* An object with one member, whose key says what it is. */
static const struct fw_nft_expr *object_of(struct fw_nft_json *json, const struct fw_jvalue *object)
{
    const struct fw_jvalue *v = object->count > 0 ? &object->items[0] : NULL;
    if (!v) {
        fw_nft_json_fail(json, object, "an expression");
        return NULL;
    }
    bool array = v->type == FW_JSON_ARRAY;
    if (fw_sv_is(v->key, "payload")) {
        return payload_of(json, v);
    }
    if (fw_sv_is(v->key, "prefix")) {
        return prefix_of(json, v);
    }
    if (fw_sv_is(v->key, "range") && array && v->count == 2) {
        return all_of(json, FW_NFT_RANGE, (fw_sv){0}, v);
    }
    if (fw_sv_is(v->key, "concat") && array) {
        return all_of(json, FW_NFT_CONCAT, (fw_sv){0}, v);
    }
    if (fw_sv_is(v->key, "set")) {
        return set_of(json, v);
    }
    if (fw_sv_is(v->key, "map")) {
        return map_of(json, v);
    }
    if (fw_sv_is(v->key, "elem")) {
        const struct fw_jvalue *inner = fw_json_find(v, "val");
        return inner ? fw_nft_json_element(json, inner) : NULL;
    }
    if (is_binop(v->key) && array) {
        return binop_of(json, v);
    }
    if (is_verdict(v->key)) {
        return verdict_of(json, v);
    }
    if (fw_sv_is(v->key, "fib")) {
        return fib_of(json, v);
    }
    if (fw_sv_is(v->key, "jhash")) {
        return jhash_of(json, v);
    }
    if (fw_sv_is(v->key, "numgen") || fw_sv_is(v->key, "symhash")) {
        fw_sv words[8] = {v->key, fw_json_text(v, "mode")};
        size_t n = words[1].n > 0 ? 2 : 1;
        return key_of(json, v, words, add_modulus(v, words, n));
    }
    const struct fw_nft_expr *form = form_of(json, v);
    if (!form) { /* kept by its words */
        fw_doc_unsupported(json->doc, v->span.line, fw_jlines_raw(json->doc, object),
                           "an expression that is not known");
        form = key_of(json, v, &v->key, 1);
    }
    return form;
}

static const struct fw_nft_expr *read_expr(struct fw_nft_json *json, const struct fw_jvalue *value)
{
    switch (value->type) {
    case FW_JSON_STRING:
        if (fw_sv_starts(value->text, "@")) {
            return new_expr(json, FW_NFT_REF, fw_sv_sub(value->text, 1, SIZE_MAX), value);
        }
        if (fw_sv_is(value->text, "*")) {
            return new_expr(json, FW_NFT_ANY, (fw_sv){0}, value);
        }
        return new_expr(json, FW_NFT_VALUE, value->text, value);
    case FW_JSON_NUMBER:
        return new_expr(json, FW_NFT_VALUE, value->text, value);
    case FW_JSON_BOOL: /* of headers and options: there or not */
        return new_expr(json, FW_NFT_VALUE, value->boolean ? FW_SV("exists") : FW_SV("missing"),
                        value);
    case FW_JSON_ARRAY: /* flags */
        return all_of(json, FW_NFT_FLAGS, (fw_sv){0}, value);
    case FW_JSON_OBJECT:
        return object_of(json, value);
    case FW_JSON_NULL:
    case FW_JSON_ANY:
        break;
    }
    fw_nft_json_fail(json, value, "an expression");
    return NULL;
}

/* --- Statements --- */

static struct fw_nft_stmt *stmt_add(struct fw_nft_json *json, struct fw_nft_rule *rule,
                                    enum fw_nft_does does, const struct fw_jvalue *value)
{
    rule->stmts = fw_arena_push(json->arena, rule->stmts, rule->n, sizeof(*rule->stmts));
    struct fw_nft_stmt *stmt = &rule->stmts[rule->n++];
    *stmt = (struct fw_nft_stmt){.does = does, .raw = fw_jlines_raw(json->doc, value)};
    return stmt;
}

static bool find_op(fw_sv text, enum fw_nft_op *ret)
{
    for (int op = FW_NFT_EQ; op <= FW_NFT_NOT; op++) {
        if (text.n > 0 && fw_sv_is(text, fw_nft_op_text((enum fw_nft_op)op))) {
            *ret = (enum fw_nft_op)op;
            return true;
        }
    }
    *ret = FW_NFT_IN;
    return fw_sv_is(text, "in");
}

static bool read_match(struct fw_nft_json *json, const struct fw_jvalue *v,
                       struct fw_nft_rule *rule)
{
    const struct fw_jvalue *left = fw_json_find(v, "left");
    const struct fw_jvalue *right = fw_json_find(v, "right");
    struct fw_nft_stmt stmt = {.does = FW_NFT_MATCH, .raw = fw_jlines_raw(json->doc, v)};
    stmt.left = left ? read_expr(json, left) : NULL;
    stmt.right = right ? read_expr(json, right) : NULL;
    if (!stmt.left || !stmt.right || !find_op(fw_json_text(v, "op"), &stmt.op)) {
        fw_nft_json_fail(json, v, "left, op and right of a comparison");
        return false;
    }
    *stmt_add(json, rule, FW_NFT_MATCH, v) = stmt;
    return true;
}

/* Two members that are expressions. */
static bool read_pair(struct fw_nft_json *json, const struct fw_jvalue *v, struct fw_nft_rule *rule,
                      enum fw_nft_does does, const char *second)
{
    const struct fw_jvalue *key = fw_json_find(v, "key");
    const struct fw_jvalue *data = fw_json_find(v, second);
    const struct fw_nft_expr *left = key ? read_expr(json, key) : NULL;
    const struct fw_nft_expr *right = data ? read_expr(json, data) : NULL;
    if (!left || !right) {
        fw_nft_json_fail(json, v, "a key and what it becomes");
        return false;
    }
    struct fw_nft_stmt *stmt = stmt_add(json, rule, does, v);
    stmt->left = left;
    stmt->right = right;
    return true;
}

static void read_counter(struct fw_nft_json *json, const struct fw_jvalue *v,
                         struct fw_nft_rule *rule)
{
    struct fw_nft_stmt *stmt = stmt_add(json, rule, FW_NFT_COUNTER, v);
    if (v->type == FW_JSON_STRING) {
        stmt->counter_name = v->text;
    } else if (v->type == FW_JSON_OBJECT) {
        stmt->counter.present = fw_sv_u64(fw_jlines_text(v, "packets"), &stmt->counter.packets) &&
                                fw_sv_u64(fw_jlines_text(v, "bytes"), &stmt->counter.bytes);
    }
}

/* "limit rate over 10/second burst 5 packets", as the text has it. */
static void read_limit(struct fw_nft_json *json, const struct fw_jvalue *v,
                       struct fw_nft_rule *rule)
{
    struct fw_nft_stmt *stmt = stmt_add(json, rule, FW_NFT_CONDITION, v);
    if (v->type != FW_JSON_OBJECT || !fw_json_find(v, "rate")) {
        fw_sv words[] = {FW_SV("limit name"), fw_jlines_value(v)};
        stmt->text = fw_words_join(json->arena, words, 2);
        return;
    }
    const struct fw_jvalue *over = fw_json_find(v, "inv");
    fw_sv burst = fw_jlines_text(v, "burst");
    fw_sv burst_unit = fw_json_text(v, "burst_unit");
    fw_sv unit = fw_json_text(v, "rate_unit");
    bool packets = unit.n == 0 || fw_sv_is(unit, "packets");
    fw_sv text = fw_arena_printf(
        json->arena, "limit rate%s %.*s%s%.*s/%.*s", over && over->boolean ? " over" : "",
        FW_SV_ARG(fw_jlines_text(v, "rate")), packets ? "" : " ",
        FW_SV_ARG(packets ? (fw_sv){0} : unit), FW_SV_ARG(fw_json_text(v, "per")));
    if (burst.n > 0 && !fw_sv_is(burst, "0")) {
        text = fw_arena_printf(json->arena, "%.*s burst %.*s %.*s", FW_SV_ARG(text),
                               FW_SV_ARG(burst),
                               FW_SV_ARG(burst_unit.n > 0 ? burst_unit : FW_SV("packets")));
    }
    stmt->text = text;
}

static bool read_nat(struct fw_nft_json *json, const struct fw_jvalue *v, struct fw_nft_rule *rule)
{
    const struct fw_jvalue *addr = v->type == FW_JSON_OBJECT ? fw_json_find(v, "addr") : NULL;
    const struct fw_jvalue *port = v->type == FW_JSON_OBJECT ? fw_json_find(v, "port") : NULL;
    const struct fw_nft_expr *left = addr ? read_expr(json, addr) : NULL;
    const struct fw_nft_expr *right = port ? read_expr(json, port) : NULL;
    struct fw_nft_stmt *stmt = stmt_add(json, rule, FW_NFT_NAT, v);
    stmt->text = v->key;
    stmt->left = left;
    stmt->right = right;
    return !json->failed;
}

/* What is known by its words: the JSON itself would say the same less readably. */
struct other_row {
    const char *name;
    enum fw_nft_does does;
};

static const struct other_row others[] = {
    {"ct count", FW_NFT_CONDITION}, {"ct expectation", FW_NFT_PASS},
    {"ct helper", FW_NFT_PASS},     {"ct timeout", FW_NFT_PASS},
    {"dup", FW_NFT_PASS},           {"flow", FW_NFT_PASS},
    {"fwd", FW_NFT_UNKNOWN},        {"last", FW_NFT_PASS},
    {"map", FW_NFT_CONDITION},      {"meter", FW_NFT_CONDITION},
    {"optstrip", FW_NFT_PASS},      {"queue", FW_NFT_UNKNOWN},
    {"quota", FW_NFT_CONDITION},    {"reset", FW_NFT_PASS},
    {"secmark", FW_NFT_PASS},       {"set", FW_NFT_CONDITION},
    {"synproxy", FW_NFT_UNKNOWN},   {"tproxy", FW_NFT_CONDITION},
};

static bool read_other(struct fw_nft_json *json, const struct fw_jvalue *v,
                       struct fw_nft_rule *rule)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (fw_sv_is(v->key, others[i].name)) {
            bool update = fw_sv_is(v->key, "set") && v->type == FW_JSON_OBJECT;
            fw_sv words[] = {update ? fw_json_text(v, "op") : v->key,
                             update ? fw_json_text(v, "set") : (fw_sv){0}};
            stmt_add(json, rule, others[i].does, v)->text = fw_words_join(json->arena, words,
                                                                          update ? 2 : 1);
            return true;
        }
    }
    fw_doc_unsupported(json->doc, v->span.line, fw_jlines_raw(json->doc, v),
                       "a statement that is not known: it may decide anything");
    stmt_add(json, rule, FW_NFT_UNKNOWN, v)->text = v->key;
    return true;
}

bool fw_nft_json_statement(struct fw_nft_json *json, const struct fw_jvalue *value,
                           struct fw_nft_rule *rule)
{
    const struct fw_jvalue *v = value->type == FW_JSON_OBJECT && value->count > 0 ? &value->items[0]
                                                                                  : NULL;
    if (!v) {
        fw_nft_json_fail(json, value, "a statement");
        return false;
    }
    bool object = v->type == FW_JSON_OBJECT;
    if (fw_sv_is(v->key, "match") && object) {
        return read_match(json, v, rule);
    }
    if (is_verdict(v->key)) {
        const struct fw_nft_expr *verdict = verdict_of(json, v);
        if (verdict) {
            stmt_add(json, rule, FW_NFT_DECIDE, v)->left = verdict;
        }
        return verdict != NULL;
    }
    if (fw_sv_is(v->key, "vmap") && object) {
        return read_pair(json, v, rule, FW_NFT_VMAP, "data");
    }
    if (fw_sv_is(v->key, "mangle") && object) {
        return read_pair(json, v, rule, FW_NFT_ASSIGN, "value");
    }
    if (fw_sv_is(v->key, "counter")) {
        read_counter(json, v, rule);
    } else if (fw_sv_is(v->key, "limit")) {
        read_limit(json, v, rule);
    } else if (fw_sv_is(v->key, "log")) {
        fw_sv prefix = object ? fw_json_text(v, "prefix") : (fw_sv){0};
        stmt_add(json, rule, FW_NFT_LOG, v)->text = prefix;
    } else if (fw_sv_is(v->key, "reject")) {
        (void)stmt_add(json, rule, FW_NFT_REJECT, v);
    } else if (fw_sv_is(v->key, "notrack")) {
        (void)stmt_add(json, rule, FW_NFT_NOTRACK, v);
    } else if (fw_sv_is(v->key, "snat") || fw_sv_is(v->key, "dnat") ||
               fw_sv_is(v->key, "masquerade") || fw_sv_is(v->key, "redirect")) {
        return read_nat(json, v, rule);
    } else if (fw_sv_is(v->key, "xt") && object) {
        fw_sv words[] = {FW_SV("xt"), fw_json_text(v, "type"), fw_json_text(v, "name")};
        stmt_add(json, rule, FW_NFT_XT, v)->text = fw_words_join(json->arena, words, 3);
    } else {
        return read_other(json, v, rule);
    }
    return true;
}
