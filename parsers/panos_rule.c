/* What one security rule of PAN-OS matches and does. */
#include "core/time.h"
#include "parsers/maker.h"
#include "parsers/panos.h"

/* --- parts that rules of all kinds share --- */

void fw_pan_begin(struct fw_pan_making *making, struct fw_pan *pan,
                  const struct fw_pan_scope *scope, struct fw_node *entry, struct fw_rule *rule)
{
    *making = (struct fw_pan_making){.pan = pan, .scope = scope, .entry = entry, .rule = rule};
    *rule = (struct fw_rule){.name = entry->name, .span = entry->span, .action = FW_ACTION_DENY};
    fw_node_mark(entry, FW_LINE_USED);
    rule->id = fw_tree_value(&pan->tree, entry, "uuid");
    rule->comment = fw_tree_value(&pan->tree, entry, "description");
    rule->enabled = !fw_tree_is(&pan->tree, entry, "disabled", "yes");
    fw_terms_init(&making->terms, &pan->doc->scratch, FW_FAMILY_BOTH);
}

void fw_pan_atom(struct fw_pan_making *making, enum fw_atom_kind kind, const char *first,
                 const struct fw_node *key)
{
    struct fw_arena *scratch = &making->pan->doc->scratch;
    fw_sv *words = fw_new_array(scratch, (key ? key->n : 0) + 1, fw_sv);
    size_t n = 0;
    words[n++] = fw_sv_from(first);
    for (const struct fw_node *value = key ? key->child : NULL; value; value = value->next) {
        words[n++] = value->name;
    }
    struct fw_atom atom = fw_atom_make(kind, fw_words_join(scratch, words, n), false);
    atom.outside = kind == FW_ATOM_FIXED;
    fw_terms_atom(&making->terms, atom);
}

/* ISO 3166 codes stand for the vendor's list of a country's addresses. */
static bool is_country(fw_sv name)
{
    return name.n == 2 && name.p[0] >= 'A' && name.p[0] <= 'Z' && name.p[1] >= 'A' &&
           name.p[1] <= 'Z';
}

/* PAN-OS Administrator's Guide, "Service objects": these need not be written. */
static struct fw_choice builtin(struct fw_pan_making *making, enum fw_pan_space space, fw_sv name)
{
    struct fw_pan *pan = making->pan;
    struct fw_arena *arena = &pan->doc->arena;
    fw_iprange range;
    const struct fw_numset *ports = NULL;
    if (space == FW_PAN_ADDRESS && fw_iprange_parse_dashed(name, &range)) {
        return fw_choice_range(arena, range);
    }
    if (space == FW_PAN_ADDRESS && is_country(name)) {
        return fw_pan_opaque(pan, "region", name, true);
    }
    /* Lists that come with the vendor's updates. */
    if (space == FW_PAN_ADDRESS && fw_sv_starts(name, "panw-")) {
        return fw_pan_opaque(pan, "external-list", name, true);
    }
    if (space != FW_PAN_SERVICE) {
        return (struct fw_choice){0};
    }
    if (fw_sv_is(name, "application-default")) {
        return fw_pan_opaque(pan, "service", name, true);
    }
    if (fw_sv_is(name, "service-http") || fw_sv_is(name, "service-https")) {
        bool plain = fw_sv_is(name, "service-http");
        fw_numset_parse(arena, plain ? FW_SV("80,8080") : FW_SV("443"), UINT16_MAX, &ports);
        struct fw_term *term = fw_new(arena, struct fw_term);
        *term = fw_term_ports(arena, 6, NULL, ports);
        return (struct fw_choice){1, term};
    }
    return (struct fw_choice){0};
}

struct fw_choice fw_pan_choice(struct fw_pan_making *making, const struct fw_node *key,
                               enum fw_pan_space space)
{
    struct fw_pan *pan = making->pan;
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &pan->doc->scratch);
    for (const struct fw_node *name = key ? key->child : NULL; name; name = name->next) {
        struct fw_thing *thing = fw_pan_find(pan, making->scope, space, name->name);
        struct fw_choice choice = thing ? thing->choice : builtin(making, space, name->name);
        if (!thing && fw_sv_is(name->name, "any")) {
            fw_choosing_term(&choosing, (struct fw_term){0});
            continue;
        }
        if (!thing && choice.n == 0) {
            thing = fw_pan_missing(pan, making->scope, space, name);
            choice = fw_pan_opaque(pan, "undefined", name->name, false);
        }
        if (thing) {
            fw_rule_refer(&pan->doc->arena, making->rule, thing->object);
        }
        fw_choosing_add(&choosing, choice);
    }
    return fw_choosing_done(&choosing);
}

bool fw_pan_zones(struct fw_pan_making *making, const char *key, const fw_sv **names, size_t *n)
{
    struct fw_pan *pan = making->pan;
    struct fw_node *list = fw_tree_key(&pan->tree, making->entry, key);
    fw_sv *v = fw_new_array(&pan->doc->scratch, (list ? list->n : 0) + 1, fw_sv);
    bool any = false;
    *n = 0;
    for (const struct fw_node *name = list ? list->child : NULL; name; name = name->next) {
        struct fw_thing *zone = fw_pan_find(pan, pan->reading, FW_PAN_ZONE, name->name);
        bool vendor = fw_sv_is(name->name, "any") || fw_sv_is(name->name, "multicast");
        any = any || fw_sv_is(name->name, "any");
        v[(*n)++] = name->name;
        if (!zone && !vendor && !pan->reading->panorama) {
            zone = fw_pan_missing(pan, pan->reading, FW_PAN_ZONE, name);
        }
        if (zone) {
            fw_rule_refer(&pan->doc->arena, making->rule, zone->object);
        }
    }
    *names = v;
    return !any && *n > 0;
}

/* What the device insists on, and what nobody modelled. */
void fw_pan_end(struct fw_pan_making *making, const char *section)
{
    static const char *const needed[] = {"from", "to", "source", "destination"};
    struct fw_pan *pan = making->pan;
    struct fw_rule *rule = making->rule;
    bool complete = true;
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        const struct fw_node *key = fw_tree_at(&pan->tree, making->entry, needed[i], NULL);
        complete = complete && key && key->n > 0;
    }
    if (!complete && !rule->implied) {
        fw_doc_warn(pan->doc, FW_DIAG_ID_BAD_VALUE, making->entry->span.line, making->entry->name,
                    "a rule needs its zones, source and destination");
        /* Which part is missing differs from rule to rule. */
        fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("incomplete"), false));
    }
    if (making->entry->cut) {
        fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("cut off"), false));
    }
    fw_pan_rest(pan, section, making->entry);
    for (struct fw_node *key = making->entry->child; key; key = key->next) {
        if (key->verdict == FW_LINE_UNSUPPORTED) {
            /* Without its value, which may be a secret: so the words do not tell two apart. */
            fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_VARYING, key->name, false));
        }
    }
    fw_rule_match(pan->doc, &pan->pool, &making->terms, rule->name, rule);
}

/* --- security rules --- */

/* Intrazone: both sides in the same zone; interzone: in different ones. PAN-OS Administrator's
 * Guide, "Security policy rules": "to" of an intrazone rule is what "from" is. */
static void zones(struct fw_pan_making *making)
{
    struct fw_pan *pan = making->pan;
    struct fw_arena *scratch = &pan->doc->scratch;
    const fw_sv *from;
    const fw_sv *to;
    size_t nfrom;
    size_t nto;
    bool froms = fw_pan_zones(making, "from", &from, &nfrom);
    bool tos = fw_pan_zones(making, "to", &to, &nto);
    bool within = fw_tree_is(&pan->tree, making->entry, "rule-type", "intrazone");
    bool between = fw_tree_is(&pan->tree, making->entry, "rule-type", "interzone");
    if (!within && froms) {
        fw_terms_names(&making->terms, from, nfrom, false, false);
    }
    if (!within && tos) {
        fw_terms_names(&making->terms, to, nto, true, false);
    }
    if (!within && !between) {
        return;
    }
    const fw_sv *known = froms ? from : tos ? to : pan->reading->zones;
    size_t n = froms ? nfrom : tos ? nto : pan->reading->nzones;
    if (!froms && !tos && (pan->reading->panorama || n == 0)) { /* whichever zones there are */
        fw_terms_atom(&making->terms, fw_atom_make(FW_ATOM_FIXED, FW_SV("intrazone"), between));
        return;
    }
    struct fw_term *parts = fw_new_array(scratch, n, struct fw_term);
    for (size_t i = 0; i < n; i++) {
        parts[i].in = fw_nameset_make(scratch, &known[i], 1, false);
        parts[i].out = fw_nameset_make(scratch, &known[i], 1, between);
        if (between && !froms) { /* from anywhere else */
            parts[i].out = fw_nameset_make(scratch, &known[i], 1, false);
            parts[i].in = fw_nameset_make(scratch, &known[i], 1, true);
        }
    }
    fw_terms_and(&making->terms, parts, n);
}

static void addresses(struct fw_pan_making *making, const char *name, const char *negate,
                      bool destination)
{
    struct fw_node *key = fw_tree_key(&making->pan->tree, making->entry, name);
    bool negated = fw_tree_is(&making->pan->tree, making->entry, negate, "yes");
    if (key && key->n > 0) {
        fw_terms_addresses(&making->terms, fw_pan_choice(making, key, FW_PAN_ADDRESS), destination,
                           negated);
    }
}

/* One application is one alternative; very many are one thing that nobody can tell. */
static void applications(struct fw_pan_making *making)
{
    enum { APART = 64, TOGETHER = 4096 };
    struct fw_pan *pan = making->pan;
    struct fw_arena *scratch = &pan->doc->scratch;
    struct fw_node *key = fw_tree_key(&pan->tree, making->entry, "application");
    fw_sv *names = NULL;
    size_t n = 0;
    for (struct fw_node *name = key ? key->child : NULL; name; name = name->next) {
        struct fw_thing *thing = fw_pan_find(pan, making->scope, FW_PAN_APPLICATION, name->name);
        if (thing) {
            fw_rule_refer(&pan->doc->arena, making->rule, thing->object);
        }
        const struct fw_nameset *of = thing ? thing->names : NULL;
        for (size_t i = 0; i < (of ? of->n : 1) && n <= TOGETHER; i++) {
            names = fw_arena_push(scratch, names, n, sizeof(*names));
            names[n++] = of ? of->v[i] : name->name;
        }
    }
    if (fw_pan_any(key)) {
        return;
    }
    const struct fw_nameset *sorted = fw_nameset_make(scratch, names, n, false);
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, scratch);
    for (size_t i = 0; i < sorted->n && sorted->n <= APART; i++) {
        fw_choosing_add(&choosing, fw_choice_opaque(scratch, "application", sorted->v[i], true));
    }
    if (sorted->n > TOGETHER) { /* two such lists are not the same list */
        fw_choosing_atom(&choosing, fw_atom_make(FW_ATOM_VARYING, FW_SV("applications"), false));
    } else if (sorted->n > APART) {
        fw_sv all = fw_words_join(scratch, sorted->v, sorted->n);
        fw_choosing_add(&choosing, fw_choice_opaque(scratch, "application", all, true));
    }
    struct fw_choice choice = fw_choosing_done(&choosing);
    fw_terms_and(&making->terms, choice.v, choice.n);
}

/* Conditions that are no part of a packet's head. */
static void conditions(struct fw_pan_making *making)
{
    static const char *const keys[] = {
        "source-user",   "category",           "hip-profiles",    "source-hip", "destination-hip",
        "source-imei",   "source-imsi",        "source-nw-slice", "devices",    "saas-user-list",
        "source-device", "destination-device", "saas-tenant-list"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct fw_node *key = fw_tree_key(&making->pan->tree, making->entry, keys[i]);
        if (!fw_pan_any(key)) {
            fw_pan_atom(making, FW_ATOM_FIXED, keys[i], key);
        }
    }
}

/* "2023/01/01@00:00-2023/02/28@24:00" of a schedule that is over once, in the device's own time. */
static void schedule_end(struct fw_pan_making *making, const struct fw_thing *schedule)
{
    struct fw_node *once = fw_tree_at(&making->pan->tree, schedule->node, "schedule-type",
                                      "non-recurring", NULL);
    int64_t last = INT64_MIN;
    for (const struct fw_node *part = once ? once->child : NULL; part; part = part->next) {
        fw_sv end = part->name;
        uint32_t v[5];
        static const char separators[] = "//@:-";
        bool ok = end.n == 33;
        end = fw_sv_sub(end, 17, 16);
        for (size_t i = 0; ok && i < 5; i++) {
            fw_sv one;
            ok = fw_sv_split(&end, separators[i], &one) && fw_sv_u32(one, 9999, &v[i]);
        }
        if (!ok || !fw_date_valid((int32_t)v[0], v[1], v[2]) || v[3] > 24 || v[4] > 59) {
            return;
        }
        int64_t minutes = (fw_days_from_date((int32_t)v[0], v[1], v[2]) * 24 + v[3]) * 60 + v[4];
        last = minutes > last ? minutes : last;
    }
    if (last != INT64_MIN) {
        making->rule->has_end = true;
        making->rule->end_ns = last * 60 * FW_NS_PER_SEC;
    }
}

static void schedule(struct fw_pan_making *making)
{
    struct fw_pan *pan = making->pan;
    struct fw_node *key = fw_tree_key(&pan->tree, making->entry, "schedule");
    if (!key || key->n == 0) {
        return;
    }
    struct fw_thing *thing = fw_pan_find(pan, making->scope, FW_PAN_SCHEDULE, fw_node_value(key));
    if (thing) {
        schedule_end(making, thing);
    } else {
        thing = fw_pan_missing(pan, making->scope, FW_PAN_SCHEDULE, key->last);
    }
    fw_rule_refer(&pan->doc->arena, making->rule, thing->object);
    const fw_sv words[] = {FW_SV("schedule"), fw_pan_told(pan, thing)};
    struct fw_atom atom = fw_atom_make(FW_ATOM_TIME, fw_words_join(&pan->doc->scratch, words, 2),
                                       false);
    fw_terms_atom(&making->terms, atom);
}

/* Which firewalls of a device group get the rule. */
static void target(struct fw_pan_making *making)
{
    struct fw_pan *pan = making->pan;
    struct fw_node *key = fw_tree_key(&pan->tree, making->entry, "target");
    struct fw_node *devices = fw_tree_key(&pan->tree, key, "devices");
    struct fw_node *tags = fw_tree_key(&pan->tree, key, "tags");
    bool negated = fw_tree_is(&pan->tree, key, "negate", "yes");
    bool by_name = devices && devices->n > 0;
    bool by_tag = tags && tags->n > 0;
    if (by_name || by_tag) {
        fw_node_below(key, FW_LINE_USED);
        fw_pan_atom(making, by_name && by_tag ? FW_ATOM_VARYING : FW_ATOM_FIXED,
                    negated ? "target not" : "target", by_name ? devices : tags);
    }
}

static void action(struct fw_pan_making *making)
{
    static const struct {
        const char *word;
        enum fw_action action;
    } words[] = {
        {"allow", FW_ACTION_PERMIT},        {"deny", FW_ACTION_DENY},
        {"drop", FW_ACTION_DENY},           {"reset-both", FW_ACTION_REJECT},
        {"reset-client", FW_ACTION_REJECT}, {"reset-server", FW_ACTION_REJECT},
    };
    struct fw_pan *pan = making->pan;
    struct fw_rule *rule = making->rule;
    struct fw_node *key = fw_tree_key(&pan->tree, making->entry, "action");
    rule->target = fw_node_value(key);
    rule->action = FW_ACTION_UNKNOWN;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_is(rule->target, words[i].word)) {
            rule->action = words[i].action;
        }
    }
    if (rule->action == FW_ACTION_UNKNOWN) {
        fw_doc_warn(pan->doc, FW_DIAG_ID_BAD_VALUE, making->entry->span.line, making->entry->name,
                    "a rule needs an action that is known");
    }
    if (fw_tree_is(&pan->tree, making->entry, "icmp-unreachable", "yes") &&
        rule->action == FW_ACTION_DENY) {
        rule->action = FW_ACTION_REJECT;
    }
    /* Unless told otherwise, the end of a session is logged. */
    bool end = !fw_tree_is(&pan->tree, making->entry, "log-end", "no");
    rule->log = fw_tree_is(&pan->tree, making->entry, "log-start", "yes") || end;
    rule->log_tag = rule->log ? rule->name : (fw_sv){0};
}

void fw_pan_rule(struct fw_pan *pan, const struct fw_pan_scope *scope, struct fw_node *entry,
                 struct fw_rule *rule)
{
    struct fw_pan_making making;
    fw_pan_begin(&making, pan, scope, entry, rule);
    action(&making);
    zones(&making);
    addresses(&making, "source", "negate-source", false);
    addresses(&making, "destination", "negate-destination", true);
    struct fw_node *service = fw_tree_key(&pan->tree, entry, "service");
    if (service && service->n > 0) {
        fw_terms_services(&making.terms, fw_pan_choice(&making, service, FW_PAN_SERVICE), false);
    } else {
        fw_terms_atom(&making.terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("no service"), false));
    }
    applications(&making);
    conditions(&making);
    schedule(&making);
    target(&making);
    fw_pan_end(&making, "security");
}
