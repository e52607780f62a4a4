/* What one access rule of a Check Point layer matches and does.
 *   {"uid": "...", "name": "web", "type": "access-rule", "rule-number": 1, "enabled": true,
 *    "source": ["..."], "source-negate": false, "service": ["..."], "action": "..."} */
#include "parsers/checkpoint.h"

static const char about[] = "what a person reads of the rule, or when it was changed";

static const struct fw_known keys[] = {
    {"uid", NULL},
    {"name", NULL},
    {"type", NULL},
    {"domain", about},
    {"rule-number", NULL},
    {"track", NULL},
    {"source", NULL},
    {"source-negate", NULL},
    {"destination", NULL},
    {"destination-negate", NULL},
    {"service", NULL},
    {"service-negate", NULL},
    {"service-resource", NULL},
    {"vpn", NULL},
    {"action", NULL},
    {"action-settings", NULL},
    {"inline-layer", NULL},
    {"content", NULL},
    {"content-negate", NULL},
    {"content-direction", NULL},
    {"time", NULL},
    {"install-on", NULL},
    {"enabled", NULL},
    {"hits", NULL},
    {"comments", NULL},
    {"user-check", "what the user is told"},
    {"custom-fields", about},
    {"meta-info", about},
    {"tags", about},
    {"available-actions", about},
    {"icon", about},
    {"color", about},
    {"read-only", about},
    {NULL, NULL},
};

struct making {
    struct fw_cp *cp;
    const struct fw_jvalue *value;
    struct fw_rule rule;
    struct fw_terms terms;
};

static void widen(struct making *making, fw_sv words)
{
    fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, words, false));
}

static void refer(struct making *making, const struct fw_jvalue *reference)
{
    struct fw_cp_object *object = fw_cp_find(making->cp, reference);
    if (object && object->thing) {
        fw_rule_refer(&making->cp->maker.doc->arena, &making->rule, object->thing->object);
    }
}

/* A cell: an array, or one reference alone. */
static const struct fw_jvalue *cell(const struct making *making, const char *key, size_t *ret_n)
{
    const struct fw_jvalue *value = fw_json_find(making->value, key);
    bool list = value && value->type == FW_JSON_ARRAY;
    bool one = value && (value->type == FW_JSON_STRING || value->type == FW_JSON_OBJECT);
    *ret_n = list ? value->count : one ? 1 : 0;
    return list ? value->items : one ? value : NULL;
}

/* Every rule has the three; one without was not read as a whole. */
static bool choose(struct making *making, const char *key, struct fw_choice *ret)
{
    size_t n;
    const struct fw_jvalue *v = cell(making, key, &n);
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &making->cp->maker.doc->scratch);
    if (n == 0) {
        fw_jlines_bad(making->cp->maker.doc, making->value,
                      "a source, a destination and a service");
        widen(making, FW_SV("not understood"));
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        refer(making, &v[i]);
        fw_choosing_add(&choosing, fw_cp_choice(making->cp, &v[i], 0));
    }
    *ret = fw_choosing_done(&choosing);
    return true;
}

/* "vpn": from one community to another. */
static bool directional(const struct fw_jvalue *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i].type == FW_JSON_OBJECT &&
            (fw_json_find(&v[i], "from") || fw_json_find(&v[i], "to"))) {
            return true;
        }
    }
    return false;
}

/* A condition that is no dimension: its word and the names in its cell, but for those that mean
 * everything. */
static void condition(struct making *making, enum fw_atom_kind kind, const char *word,
                      const char *key, const char *negate, const char *everything)
{
    struct fw_arena *scratch = &making->cp->maker.doc->scratch;
    size_t n;
    const struct fw_jvalue *v = cell(making, key, &n);
    fw_sv *words = fw_new_array(scratch, n + 1, fw_sv);
    bool negated = negate && fw_cp_true(making->value, negate);
    words[0] = fw_sv_from(word);
    if (directional(v, n)) {
        const fw_sv what[] = {words[0], FW_SV("directional")};
        widen(making, fw_words_join(scratch, what, 2));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        words[i + 1] = fw_cp_name(making->cp, &v[i]);
        if (!negated && (fw_cp_is_any(making->cp, &v[i]) || fw_sv_is(words[i + 1], everything))) {
            return;
        }
    }
    if (n > 0) {
        struct fw_atom atom = fw_atom_make(kind, fw_words_join(scratch, words, n + 1), negated);
        atom.outside = kind == FW_ATOM_FIXED;
        fw_terms_atom(&making->terms, atom);
    }
}

/* A portal or a resource decides further. */
static void settings(struct making *making)
{
    const struct fw_jvalue *settings = fw_json_find(making->value, "action-settings");
    const struct fw_jvalue *resource = fw_json_find(making->value, "service-resource");
    if (settings && fw_cp_true(settings, "enable-identity-captive-portal")) {
        widen(making, FW_SV("captive portal"));
    }
    if (resource && resource->type != FW_JSON_NULL &&
        !(resource->type == FW_JSON_STRING && resource->text.n == 0)) {
        condition(making, FW_ATOM_FIXED, "resource", "service-resource", NULL, "Any");
    }
}

static void inner(struct making *making)
{
    struct fw_cp *cp = making->cp;
    const struct fw_jvalue *reference = fw_json_find(making->value, "inline-layer");
    bool object = reference && reference->type == FW_JSON_OBJECT;
    fw_sv uid = object      ? fw_jlines_text(reference, "uid")
                : reference ? reference->text
                            : (fw_sv){0};
    struct fw_cp_layer *layer = fw_cp_layer(cp, uid);
    making->rule.action = FW_ACTION_UNKNOWN;
    if (layer) {
        making->rule.action = FW_ACTION_JUMP;
        making->rule.target = layer->policy->name;
        layer->inner = true;
    } else {
        fw_doc_unsupported(cp->maker.doc, making->value->span.line, (fw_sv){0},
                           "the rules of the inline layer are not in the file");
    }
}

/* Users who are asked or have to log in first: who may pass, no rule says. */
static void act(struct making *making)
{
    static const struct {
        const char *word;
        enum fw_action action;
    } words[] = {
        {"Accept", FW_ACTION_PERMIT},       {"Drop", FW_ACTION_DENY},
        {"Reject", FW_ACTION_REJECT},       {"Ask", FW_ACTION_UNKNOWN},
        {"Inform", FW_ACTION_UNKNOWN},      {"User Auth", FW_ACTION_UNKNOWN},
        {"Client Auth", FW_ACTION_UNKNOWN},
    };
    const struct fw_jvalue *action = fw_json_find(making->value, "action");
    fw_sv name = action ? fw_cp_name(making->cp, action) : (fw_sv){0};
    bool known = false;
    making->rule.target = name;
    making->rule.action = FW_ACTION_UNKNOWN;
    if (fw_json_find(making->value, "inline-layer") || fw_sv_is(name, "Inner Layer") ||
        fw_sv_is(name, "Apply Layer")) {
        inner(making);
        return;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_is_nocase(name, words[i].word)) {
            making->rule.action = words[i].action;
            known = true;
        }
    }
    if (!known) {
        fw_jlines_bad(making->cp->maker.doc, making->value, "an action that is known");
    }
}

static void count(struct making *making)
{
    const struct fw_jvalue *hits = fw_json_find(making->value, "hits");
    uint64_t n;
    if (hits && hits->type == FW_JSON_OBJECT && fw_sv_u64(fw_jlines_text(hits, "value"), &n)) {
        making->rule.hits = (struct fw_counter){.present = true, .packets = n};
    }
}

static void track(struct making *making)
{
    const struct fw_jvalue *track = fw_json_find(making->value, "track");
    const struct fw_jvalue *type = track && track->type == FW_JSON_OBJECT
                                       ? fw_json_find(track, "type")
                                       : track;
    fw_sv name = type ? fw_cp_name(making->cp, type) : (fw_sv){0};
    const struct fw_cp_object *object = type ? fw_cp_find(making->cp, type) : NULL;
    bool named = type &&
                 (object || type->type == FW_JSON_OBJECT || fw_sv_find_char(name, '-') == SIZE_MAX);
    making->rule.log = named && name.n > 0 && !fw_sv_is(name, "None");
    making->rule.log_tag = making->rule.log ? making->rule.name : (fw_sv){0};
}

/* Files that go up are other ones than those that come down. */
static const char *content_word(const struct fw_jvalue *value)
{
    fw_sv direction = fw_jlines_text(value, "content-direction");
    return fw_sv_is(direction, "up")     ? "content up"
           : fw_sv_is(direction, "down") ? "content down"
                                         : "content";
}

void fw_cp_rule(struct fw_cp *cp, struct fw_policy *policy, const struct fw_jvalue *value)
{
    struct fw_doc *doc = cp->maker.doc;
    struct making making = {.cp = cp, .value = value};
    const struct fw_jvalue *enabled = fw_json_find(value, "enabled");
    struct fw_choice choice;
    bool unknown = fw_cp_keys(cp, value, keys);
    making.rule = (struct fw_rule){
        .id = fw_jlines_text(value, "uid"),
        .name = fw_jlines_text(value, "name"),
        .comment = fw_jlines_text(value, "comments"),
        .enabled = !enabled || enabled->type != FW_JSON_BOOL || enabled->boolean,
        .span = value->span,
    };
    fw_terms_init(&making.terms, &doc->scratch, FW_FAMILY_BOTH);
    act(&making);
    track(&making);
    count(&making);
    if (choose(&making, "source", &choice)) {
        fw_terms_addresses(&making.terms, choice, false, fw_cp_true(value, "source-negate"));
    }
    if (choose(&making, "destination", &choice)) {
        fw_terms_addresses(&making.terms, choice, true, fw_cp_true(value, "destination-negate"));
    }
    if (choose(&making, "service", &choice)) {
        fw_terms_services(&making.terms, choice, fw_cp_true(value, "service-negate"));
    }
    condition(&making, FW_ATOM_FIXED, "vpn", "vpn", NULL, "Any");
    condition(&making, FW_ATOM_FIXED, content_word(value), "content", "content-negate", "Any");
    condition(&making, FW_ATOM_TIME, "time", "time", NULL, "Any");
    condition(&making, FW_ATOM_FIXED, "install-on", "install-on", NULL, "Policy Targets");
    settings(&making);
    if (unknown) {
        widen(&making, FW_SV("unknown key"));
    }
    fw_maker_rule(&cp->maker, policy, &making.rule, &making.terms);
    fw_arena_reset(&doc->scratch);
}
