/* nftables: what `nft -j list ruleset` prints.
 *   {"nftables": [{"metainfo": {...}}, {"table": {"family": "inet", "name": "filter"}}, ...]}
 * Rules come last: they may refer to sets that stand after them. */
#include "parsers/jsonlines.h"
#include "parsers/nft_json.h"
#include "parsers/parser.h"

struct listing {
    struct fw_nft nft;
    struct fw_nft_json json;
};

static struct fw_nft_table *table_of(struct listing *listing, const struct fw_jvalue *v,
                                     const char *member)
{
    enum fw_nft_family family = FW_NFT_IP;
    fw_sv name = fw_json_text(v, member);
    if (name.n == 0 || !fw_nft_family_find(fw_json_text(v, "family"), &family)) {
        fw_nft_json_fail(&listing->json, v, "a family and the name of a table");
        return NULL;
    }
    return fw_nft_table(&listing->nft, family, name);
}

static bool has_flag(const struct fw_jvalue *v, const char *name)
{
    const struct fw_jvalue *flags = fw_json_find(v, "flags");
    if (flags && flags->type == FW_JSON_STRING) {
        return fw_sv_is(flags->text, name);
    }
    for (size_t i = 0; flags && flags->type == FW_JSON_ARRAY && i < flags->count; i++) {
        if (flags->items[i].type == FW_JSON_STRING && fw_sv_is(flags->items[i].text, name)) {
            return true;
        }
    }
    return false;
}

static void read_table(struct listing *listing, const struct fw_jvalue *v)
{
    struct fw_nft_table *table = table_of(listing, v, "name");
    if (table) {
        table->dormant = has_flag(v, "dormant");
    }
}

static void read_devices(struct listing *listing, struct fw_nft_chain *chain,
                         const struct fw_jvalue *dev)
{
    if (dev && dev->type == FW_JSON_STRING) {
        fw_nft_chain_device(&listing->nft, chain, dev->text);
    }
    for (size_t i = 0; dev && dev->type == FW_JSON_ARRAY && i < dev->count; i++) {
        fw_nft_chain_device(&listing->nft, chain, dev->items[i].text);
    }
}

static void read_chain(struct listing *listing, const struct fw_jvalue *v)
{
    const struct fw_nft_table *table = table_of(listing, v, "table");
    fw_sv name = fw_json_text(v, "name");
    if (!table || name.n == 0) {
        return;
    }
    struct fw_nft_chain *chain = fw_nft_chain(&listing->nft, table, name);
    chain->declared = true;
    chain->policy->span = v->span;
    fw_sv type = fw_json_text(v, "type");
    fw_sv prio = fw_jlines_text(v, "prio");
    uint64_t number = 0;
    bool minus = fw_sv_starts(prio, "-");
    if (type.n == 0) {
        return;
    }
    read_devices(listing, chain, fw_json_find(v, "dev"));
    bool ok = fw_sv_u64(fw_sv_sub(prio, minus, SIZE_MAX), &number) && number < INT32_MAX;
    if (!fw_nft_chain_hook(chain, type, fw_json_text(v, "hook")) || !ok ||
        !fw_nft_chain_priority(chain, (fw_sv){0}, minus ? -(int64_t)number : (int64_t)number)) {
        fw_doc_unsupported(listing->json.doc, v->span.line, fw_jlines_raw(listing->json.doc, v),
                           "unknown type, hook or priority");
    }
    fw_sv policy = fw_json_text(v, "policy");
    if (policy.n > 0) {
        fw_nft_chain_policy(chain, policy, v->span);
    }
}

static void read_set(struct listing *listing, const struct fw_jvalue *v)
{
    const struct fw_nft_table *table = table_of(listing, v, "table");
    fw_sv name = fw_json_text(v, "name");
    const struct fw_jvalue *elements = fw_json_find(v, "elem");
    if (!table || name.n == 0) {
        return;
    }
    struct fw_nft_set *set = fw_nft_set(&listing->nft, table, name);
    set->map = fw_sv_is(v->key, "map");
    set->object->defined = true;
    set->object->span = v->span;
    set->dynamic = has_flag(v, "dynamic") || has_flag(v, "timeout") || fw_json_find(v, "timeout") ||
                   (elements && elements->type != FW_JSON_ARRAY);
    for (size_t i = 0; elements && elements->type == FW_JSON_ARRAY && i < elements->count; i++) {
        const struct fw_nft_expr *element = fw_nft_json_element(&listing->json,
                                                                &elements->items[i]);
        if (element) {
            fw_nft_set_add(&listing->nft, set, element);
        } else { /* any may be in the set */
            set->dynamic = true;
        }
    }
}

static void read_counter(struct listing *listing, const struct fw_jvalue *v)
{
    const struct fw_nft_table *table = table_of(listing, v, "table");
    if (table) {
        struct fw_nft_counter *counter = fw_nft_counter(&listing->nft, table,
                                                        fw_json_text(v, "name"));
        counter->counter.present = fw_sv_u64(fw_jlines_text(v, "packets"),
                                             &counter->counter.packets) &&
                                   fw_sv_u64(fw_jlines_text(v, "bytes"), &counter->counter.bytes);
    }
}

static void read_rule(struct listing *listing, const struct fw_jvalue *v)
{
    struct fw_doc *doc = listing->json.doc;
    const struct fw_nft_table *table = table_of(listing, v, "table");
    const struct fw_jvalue *stmts = fw_json_find(v, "expr");
    fw_sv name = fw_json_text(v, "chain");
    if (!table || name.n == 0 || !stmts || stmts->type != FW_JSON_ARRAY) {
        fw_nft_json_fail(&listing->json, v, "a table, a chain and expressions of a rule");
        return;
    }
    struct fw_nft_rule rule = {
        .handle = fw_jlines_text(v, "handle"),
        .comment = fw_json_text(v, "comment"),
        .span = v->span,
        .last_line = v->span.line,
    };
    listing->json.arena = &doc->scratch;
    for (size_t i = 0; i < stmts->count; i++) {
        if (!fw_nft_json_statement(&listing->json, &stmts->items[i], &rule)) {
            rule.stmts = fw_arena_push(&doc->scratch, rule.stmts, rule.n, sizeof(*rule.stmts));
            rule.stmts[rule.n++] = (struct fw_nft_stmt){.does = FW_NFT_UNKNOWN,
                                                        .text = FW_SV("not understood")};
        }
        listing->json.failed = false;
    }
    fw_nft_rule_add(&listing->nft, fw_nft_chain(&listing->nft, table, name), &rule, false);
    fw_arena_reset(&doc->scratch);
}

struct member_row {
    const char *name;
    void (*read)(struct listing *listing, const struct fw_jvalue *v);
};

/* In this order: what rules refer to comes first. */
static const struct member_row members[] = {
    {"table", read_table}, {"chain", read_chain},     {"set", read_set},
    {"map", read_set},     {"counter", read_counter}, {"rule", read_rule},
};

/* "add" and the like wrap the objects of a batch. */
static const struct fw_jvalue *unwrap(const struct fw_jvalue *object)
{
    const struct fw_jvalue *v = object->type == FW_JSON_OBJECT && object->count > 0
                                    ? &object->items[0]
                                    : NULL;
    if (v && (fw_sv_is(v->key, "add") || fw_sv_is(v->key, "create")) && v->type == FW_JSON_OBJECT &&
        v->count > 0) {
        return &v->items[0];
    }
    return v;
}

static void say_unknown(struct fw_doc *doc, const struct fw_nft_json *json,
                        const struct fw_jvalue *v)
{
    static const char *const known[] = {
        "metainfo", "flowtable", "quota",  "limit", "ct helper", "ct timeout", "ct expectation",
        "secmark",  "synproxy",  "tunnel", "table", "chain",     "set",        "map",
        "counter",  "rule",      "meter",
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (fw_sv_is(v->key, known[i])) {
            return;
        }
    }
    fw_doc_unsupported(doc, v->span.line, fw_jlines_raw(json->doc, v),
                       "a command or object that is not read");
}

static void read_all(struct listing *listing, const struct fw_jvalue *array)
{
    struct fw_doc *doc = listing->json.doc;
    for (size_t m = 0; m < sizeof(members) / sizeof(members[0]); m++) {
        for (size_t i = 0; i < array->count; i++) {
            const struct fw_jvalue *v = unwrap(&array->items[i]);
            listing->json.arena = &doc->arena;
            listing->json.failed = false;
            if (v && m == 0) {
                say_unknown(doc, &listing->json, v);
            }
            if (v && v->type == FW_JSON_OBJECT && fw_sv_is(v->key, members[m].name)) {
                members[m].read(listing, v);
            }
        }
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct listing *listing = fw_new(&doc->arena, struct listing);
    fw_nft_init(&listing->nft, doc, ret);
    listing->json.doc = doc;
    const struct fw_jvalue *root = fw_json_parse(&doc->arena, doc->text, doc->path, doc->diags,
                                                 FW_DIAG_ID_BAD_VALUE);
    const struct fw_jvalue *array = root && root->type == FW_JSON_OBJECT
                                        ? fw_json_find(root, "nftables")
                                        : NULL;
    bool found = array && array->type == FW_JSON_ARRAY;
    fw_doc_mark_range(doc, 1, doc->nlines, found ? FW_LINE_USED : FW_LINE_BAD);
    if (found) {
        read_all(listing, array);
    } else if (root) {
        fw_doc_bad(doc, 1, (fw_sv){0}, "expected {\"nftables\": [...]}");
    }
    fw_nft_finish(&listing->nft);
}

/* {"nftables": [ */
static int bid(fw_sv head)
{
    fw_sv text = fw_sv_trim(head);
    if (!fw_sv_starts(text, "{")) {
        return FW_BID_NO;
    }
    text = fw_sv_trim(fw_sv_sub(text, 1, SIZE_MAX));
    return fw_sv_starts(text, "\"nftables\"") ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_nftables_json = {
    .name = "nftables-json",
    .title = "Linux nftables, nft -j list ruleset",
    .kind = FW_PARSER_RULESET,
    .version = 4,
    .bid = bid,
    .ruleset = parse,
};
