/* Check Point: what `mgmt_cli show access-rulebase --format json` and the other commands of the
 * management API answer, one answer or an array of them.
 *   {"uid": "...", "name": "Network", "rulebase": [{"type": "access-section", "rulebase":
 *    [{"type": "access-rule", ...}]}], "objects-dictionary": [...], "from": 1, "to": 2, "total": 2}
 * A layer's rules are asked in order; a rule may hand over to an inline layer, and what no rule of
 * a layer takes meets its implicit cleanup (Security Management Administration Guide, "Ordered
 * Layers and Inline Layers"). Rules see packets before addresses are translated. What the global
 * properties permit before the first rule, chiefly to and from the gateways themselves, is in no
 * answer. */
#include "parsers/checkpoint.h"

#include "parsers/parser.h"

static const char place[] = "a place in the answer, or who asked for it";

static const struct fw_known answer_keys[] = {
    {"uid", NULL},     {"name", NULL},       {"type", NULL},       {"rulebase", NULL},
    {"from", NULL},    {"to", NULL},         {"total", NULL},      {"objects-dictionary", NULL},
    {"domain", place}, {"meta-info", place}, {"comments", place},  {"icon", place},
    {"tags", place},   {"color", place},     {"read-only", place}, {NULL, NULL},
};
static const struct fw_known section_keys[] = {
    {"uid", NULL},   {"name", NULL},       {"type", NULL},    {"from", NULL},
    {"to", NULL},    {"rulebase", NULL},   {"domain", place}, {"comments", place},
    {"tags", place}, {"meta-info", place}, {NULL, NULL},
};

/* --- Layers --- */

struct fw_cp_layer *fw_cp_layer(const struct fw_cp *cp, fw_sv uid)
{
    size_t at = fw_index_find(&cp->layer_uids, uid);
    return at == SIZE_MAX ? NULL : &cp->layers[at];
}

static bool number(const struct fw_jvalue *object, const char *key, uint64_t *ret)
{
    return fw_sv_u64(fw_jlines_text(object, key), ret);
}

/* What the layer does with what no rule took; UNKNOWN: nothing in the file says it. */
static enum fw_action cleanup(const struct fw_cp *cp, fw_sv uid)
{
    size_t at = fw_index_find(&cp->uids, uid);
    const struct fw_jvalue *layer = at == SIZE_MAX ? NULL : cp->objects[at].value;
    fw_sv word = layer ? fw_jlines_text(layer, "implicit-cleanup-action") : (fw_sv){0};
    return fw_sv_is(word, "drop")     ? FW_ACTION_DENY
           : fw_sv_is(word, "accept") ? FW_ACTION_PERMIT
                                      : FW_ACTION_UNKNOWN;
}

static void add_layer(struct fw_cp *cp, const struct fw_jvalue *answer)
{
    struct fw_arena *arena = &cp->maker.doc->arena;
    fw_sv uid = fw_jlines_text(answer, "uid");
    fw_sv name = fw_jlines_text(answer, "name");
    uint64_t total = 0;
    struct fw_cp_layer *layer = fw_cp_layer(cp, uid);
    number(answer, "total", &total);
    if (!layer) {
        name = name.n == 0 ? uid : name;
        if (fw_maker_find(&cp->maker, name)) { /* of another domain */
            name = fw_arena_printf(arena, "%.*s (%.*s)", FW_SV_ARG(name), FW_SV_ARG(uid));
        }
        cp->layers = fw_arena_push(arena, cp->layers, cp->nlayers, sizeof(*cp->layers));
        fw_index_add(&cp->layer_uids, uid, cp->nlayers);
        layer = &cp->layers[cp->nlayers++];
        *layer = (struct fw_cp_layer){.uid = uid, .name = name};
        layer->policy = fw_maker_policy(&cp->maker, name, FW_FAMILY_BOTH);
        layer->policy->fallback = cleanup(cp, uid);
        layer->policy->span = answer->span;
    }
    layer->total = total > layer->total ? total : layer->total;
}

static void unread(struct fw_cp *cp, struct fw_policy *policy, const char *why, fw_span span)
{
    fw_policy_unread(cp->maker.doc, &cp->maker.pool, policy, fw_sv_from(why), span);
    fw_arena_reset(&cp->maker.doc->scratch);
}

/* Numbers tell whether rules were left out: what stood there may have decided anything. False: the
 * rule was read before. */
static bool fill_gap(struct fw_cp *cp, struct fw_cp_layer *layer, const struct fw_jvalue *rule)
{
    struct fw_doc *doc = cp->maker.doc;
    uint64_t at = layer->seen + 1;
    number(rule, "rule-number", &at);
    if (at <= layer->seen) {
        fw_doc_unsupported(doc, rule->span.line, (fw_sv){0},
                           "a rule of this number was listed before: this one is not read");
        fw_jlines_mark(doc, rule, FW_LINE_UNSUPPORTED);
        return false;
    }
    if (at - layer->seen > 1) {
        fw_doc_unsupported(doc, rule->span.line, (fw_sv){0}, "rules before this one are missing");
        unread(cp, layer->policy, "rules are missing", rule->span);
        /* Lines say so; nobody can review it. */
        layer->policy->rules[layer->policy->n - 1].implied = true;
    }
    layer->seen = at;
    return true;
}

static void read_rules(struct fw_cp *cp, struct fw_cp_layer *layer, const struct fw_jvalue *list)
{
    struct fw_policy *policy = layer->policy;
    for (size_t i = 0; i < list->count; i++) {
        const struct fw_jvalue *item = &list->items[i];
        fw_sv type = item->type == FW_JSON_OBJECT ? fw_jlines_text(item, "type") : (fw_sv){0};
        const struct fw_jvalue *inside = item->type == FW_JSON_OBJECT
                                             ? fw_jlines_array(item, "rulebase")
                                             : NULL;
        if (fw_sv_is(type, "access-rule")) {
            if (fill_gap(cp, layer, item)) {
                fw_cp_rule(cp, policy, item);
            }
        } else if (fw_sv_is(type, "access-section")) {
            bool unknown = fw_jlines_keys(cp->maker.doc, item, section_keys);
            if (unknown || (!inside && fw_json_find(item, "rulebase"))) {
                unread(cp, policy, "unknown key", item->span);
            }
            if (inside) {
                read_rules(cp, layer, inside); /* no deeper than JSON_DEPTH */
            }
        } else {
            fw_jlines_mark(cp->maker.doc, item, FW_LINE_UNSUPPORTED);
            fw_doc_unsupported(cp->maker.doc, item->span.line, type,
                               "this entry of a rulebase is not known");
            unread(cp, policy, "unknown entry", item->span);
        }
    }
}

static void read_layer(struct fw_cp *cp, const struct fw_jvalue *answer)
{
    struct fw_doc *doc = cp->maker.doc;
    struct fw_cp_layer *layer = fw_cp_layer(cp, fw_jlines_text(answer, "uid"));
    const struct fw_jvalue *list = fw_jlines_array(answer, "rulebase");
    if (fw_jlines_keys(doc, answer, answer_keys)) {
        unread(cp, layer->policy, "unknown key", answer->span);
    }
    if (list) {
        read_rules(cp, layer, list);
    } else {
        fw_jlines_bad(doc, answer, "a list of rules");
        unread(cp, layer->policy, "not understood", answer->span);
    }
}

/* --- Answers --- */

static bool is_nat(const struct fw_jvalue *answer)
{
    const struct fw_jvalue *list = fw_jlines_array(answer, "rulebase");
    fw_sv type = list && list->count > 0 && list->items[0].type == FW_JSON_OBJECT
                     ? fw_jlines_text(&list->items[0], "type")
                     : (fw_sv){0};
    return fw_sv_starts(type, "nat-");
}

/* The layers that a package asks, all of them: each has to let a packet pass. */
static void read_package(struct fw_cp *cp, const struct fw_jvalue *answer)
{
    const struct fw_jvalue *list = fw_jlines_array(answer, "access-layers");
    fw_jlines_mark(cp->maker.doc, answer, FW_LINE_USED);
    cp->npackages++;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct fw_jvalue *layer = &list->items[i];
        cp->ordered = fw_arena_push(&cp->maker.doc->arena, cp->ordered, cp->nordered,
                                    sizeof(*cp->ordered));
        cp->ordered[cp->nordered++] = layer->type == FW_JSON_OBJECT ? fw_jlines_text(layer, "uid")
                                                                    : layer->text;
    }
}

enum pass { DECLARE, READ };

static void take(struct fw_cp *cp, const struct fw_jvalue *answer, enum pass pass)
{
    struct fw_doc *doc = cp->maker.doc;
    if (answer->type != FW_JSON_OBJECT) {
        if (pass == READ) {
            fw_jlines_bad(doc, answer, "an answer of the management server");
        }
    } else if (fw_json_find(answer, "rulebase") && is_nat(answer)) {
        if (pass == READ) {
            fw_jlines_mark(doc, answer, FW_LINE_IGNORED);
            cp->maker.ruleset->inner_unseen = true;
        }
    } else if (fw_json_find(answer, "rulebase")) {
        pass == DECLARE ? add_layer(cp, answer) : read_layer(cp, answer);
    } else if (pass == READ && fw_sv_is(fw_jlines_text(answer, "type"), "package")) {
        read_package(cp, answer);
    } else if (pass == READ && fw_json_find(answer, "objects")) {
        static const struct fw_known keys[] = {
            {"objects", NULL}, {"from", place}, {"to", place}, {"total", place}, {NULL, NULL}};
        fw_jlines_keys(doc, answer, keys);
    } else if (pass == READ && fw_jlines_text(answer, "uid").n == 0) {
        fw_jlines_mark(doc, answer, FW_LINE_UNSUPPORTED);
        fw_doc_unsupported(doc, answer->span.line, (fw_sv){0}, "this answer is not known");
    }
}

static void take_all(struct fw_cp *cp, const struct fw_jvalue *root, enum pass pass)
{
    bool list = root->type == FW_JSON_ARRAY;
    for (size_t i = 0; i < (list ? root->count : 1); i++) {
        take(cp, list ? &root->items[i] : root, pass);
    }
}

/* --- What layers are to each other --- */

/* An inline layer decides in any case, which a person would read in its last row. */
static void end_inner(struct fw_cp *cp, struct fw_policy *policy)
{
    struct fw_terms terms;
    struct fw_rule rule = {
        .name = FW_SV("implicit cleanup"),
        .action = policy->fallback,
        .enabled = true,
        .implied = true,
        .span = policy->span,
    };
    fw_terms_init(&terms, &cp->maker.doc->scratch, FW_FAMILY_BOTH);
    fw_maker_rule(&cp->maker, policy, &rule, &terms);
    policy->fallback = FW_ACTION_RETURN;
}

/* Layers that packages ask, and whose rules are somewhere else. */
static size_t find_ordered(struct fw_cp *cp)
{
    size_t missing = 0;
    for (size_t i = 0; i < cp->nordered; i++) {
        struct fw_cp_layer *layer = fw_cp_layer(cp, cp->ordered[i]);
        if (layer) {
            layer->ordered = true;
            continue;
        }
        size_t at = fw_index_find(&cp->uids, cp->ordered[i]);
        fw_maker_elsewhere(&cp->maker, at == SIZE_MAX ? cp->ordered[i] : cp->objects[at].name,
                           FW_SV("rules that are not in the file"));
        missing++;
    }
    if (cp->nlayers + cp->nordered == 0) {
        fw_maker_elsewhere(&cp->maker, FW_SV("access"), FW_SV("rules that are not in the file"));
    }
    return missing;
}

static void end_layer(struct fw_cp *cp, const struct fw_cp_layer *layer)
{
    struct fw_policy *policy = layer->policy;
    if (layer->seen < layer->total) {
        fw_doc_unsupported(cp->maker.doc, policy->span.line, (fw_sv){0},
                           "the answer does not show all rules of the layer");
        unread(cp, policy, "rules are missing", policy->span);
        policy->rules[policy->n - 1].implied = true;
    }
    if (layer->inner && !layer->ordered) {
        end_inner(cp, policy);
    }
}

static void join_layers(struct fw_cp *cp)
{
    struct fw_policy *only = NULL;
    size_t n = find_ordered(cp);
    for (size_t i = 0; i < cp->nlayers; i++) {
        struct fw_cp_layer *layer = &cp->layers[i];
        layer->ordered = layer->ordered || (cp->npackages == 0 && !layer->inner);
        end_layer(cp, layer);
        only = layer->ordered ? layer->policy : only;
        n += layer->ordered;
    }
    /* Of several, one follows the other, or they are of different gateways. */
    if (only && n == 1 && cp->npackages <= 1 && cp->nordered <= 1) {
        fw_maker_bind(&cp->maker, only, (fw_sv){0}, (fw_sv){0}, only->span);
    }
}

/* --- Secrets --- */

static bool has(fw_sv key, const char *part)
{
    for (size_t i = 0; i < key.n; i++) {
        if (fw_sv_starts_nocase(fw_sv_sub(key, i, SIZE_MAX), part)) {
            return true;
        }
    }
    return false;
}

static void hide(struct fw_doc *doc, const struct fw_jvalue *value, bool secret)
{
    static const char *const parts[] = {"password",  "passphrase", "secret", "private-key",
                                        "community", "api-key",    "token"};
    for (size_t i = 0; value->key.n > 0 && i < sizeof(parts) / sizeof(parts[0]); i++) {
        secret = secret || has(value->key, parts[i]);
    }
    if (secret && value->type == FW_JSON_STRING && value->span.length > 2) {
        fw_doc_secret(doc, value->span.line,
                      fw_sv_sub(doc->text, (size_t)value->span.offset + 1, value->span.length - 2));
    }
    bool inside = value->type == FW_JSON_OBJECT || value->type == FW_JSON_ARRAY;
    for (size_t i = 0; inside && i < value->count; i++) {
        hide(doc, &value->items[i], secret && value->type == FW_JSON_ARRAY);
    }
}

static void parse(struct fw_doc *doc, struct fw_ruleset *ret)
{
    struct fw_cp *cp = fw_new(&doc->arena, struct fw_cp);
    fw_maker_init(&cp->maker, doc, ret);
    fw_things_init(&cp->things, &doc->arena, ret);
    cp->uids.arena = cp->names.arena = cp->layer_uids.arena = &doc->arena;
    ret->implicit_deny = true;
    const struct fw_jvalue *root = fw_jlines_parse(doc);
    if (root) {
        hide(doc, root, false);
        fw_cp_declare(cp, root);
        take_all(cp, root, DECLARE);
        take_all(cp, root, READ);
        join_layers(cp);
        fw_cp_objects(cp);
    }
    fw_jlines_finish(doc);
    fw_maker_finish(&cp->maker);
}

/* A list of rules of the management API. */
static int bid(fw_sv head)
{
    static const char *const words[] = {"\"access-rule\"", "\"access-section\"",
                                        "\"objects-dictionary\"", "\"access-layers\"",
                                        "\"domain-type\""};
    fw_sv text = fw_sv_trim(head);
    bool known = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        known = known || fw_sv_find(text, fw_sv_from(words[i])) != SIZE_MAX;
    }
    return known && (fw_sv_starts(text, "{") || fw_sv_starts(text, "[")) &&
                   fw_sv_find(text, FW_SV("\"uid\"")) != SIZE_MAX
               ? FW_BID_SURE
               : FW_BID_NO;
}

const struct fw_parser fw_parser_checkpoint = {
    .name = "checkpoint",
    .title = "Check Point access layers and objects (JSON of the management API)",
    .kind = FW_PARSER_RULESET,
    .version = 3,
    .bid = bid,
    .ruleset = parse,
};
