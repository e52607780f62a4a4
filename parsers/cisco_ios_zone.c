/* The zone-based policy firewall of IOS: a policy for each pair of zones, which asks its classes in
 * order.
 *   class-map type inspect match-any WEB     policy-map type inspect OUT
 *    match protocol http                      class type inspect WEB
 *    match access-group name LIST               inspect
 *   zone-pair security P source IN destination OUT     class class-default
 *    service-policy type inspect OUT            drop log */
#include <string.h>

#include "core/limits.h"
#include "core/proto.h"
#include "parsers/cisco_ios.h"
#include "parsers/maker.h"

enum { DEPTH = 8 }; /* classes within classes, lists within a class */

static struct fw_ios_class *find_class(const struct fw_ios *ios, fw_sv name)
{
    for (size_t i = 0; i < ios->nclasses; i++) {
        if (fw_sv_eq(ios->classes[i].name, name)) {
            return &ios->classes[i];
        }
    }
    return NULL;
}

/* "class-map type inspect [match-any|match-all] NAME" */
static void start_class(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv name = line->words[line->n - 1];
    bool any = fw_cisco_is(line, 3, "match-any");
    struct fw_ios_class *class = find_class(ios, name);
    ios->block = FW_IOS_CLASS_MAP;
    fw_cisco_used(&ios->cisco, line);
    if (!class) {
        ios->classes = fw_arena_push(&ios->cisco.doc->arena, ios->classes, ios->nclasses,
                                     sizeof(*ios->classes));
        class = &ios->classes[ios->nclasses++];
        *class = (struct fw_ios_class){.name = name, .all = !any};
        class->span = fw_doc_span(ios->cisco.doc, line->text, line->number);
    } else { /* written again: goes on; the last one is the one that is filled */
        struct fw_ios_class same = *class;
        *class = ios->classes[ios->nclasses - 1];
        ios->classes[ios->nclasses - 1] = same;
    }
}

static void start_map(struct fw_ios *ios, struct fw_cisco_line *line)
{
    ios->block = FW_IOS_POLICY_MAP;
    fw_cisco_used(&ios->cisco, line);
    ios->maps = fw_arena_push(&ios->cisco.doc->arena, ios->maps, ios->nmaps, sizeof(*ios->maps));
    ios->maps[ios->nmaps++] = (struct fw_ios_policy_map){
        .name = line->words[line->n - 1],
        .span = fw_doc_span(ios->cisco.doc, line->text, line->number)};
}

static void start_pair(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_ios_zone_pair pair = {.line = line->number,
                                    .span = fw_doc_span(ios->cisco.doc, line->text, line->number)};
    line->at = 2;
    bool ok = fw_cisco_next(line, &pair.name) && fw_cisco_take(line, "source") &&
              fw_cisco_next(line, &pair.source) && fw_cisco_take(line, "destination") &&
              fw_cisco_next(line, &pair.destination);
    ios->block = FW_IOS_ZONE_PAIR;
    if (!ok) {
        fw_doc_bad(ios->cisco.doc, line->number, line->text,
                   "expected \"zone-pair security NAME source ZONE destination ZONE\"");
        ios->block = FW_IOS_OTHER;
        ios->verdict = FW_LINE_UNSUPPORTED;
        return;
    }
    fw_cisco_used(&ios->cisco, line);
    ios->pairs = fw_arena_push(&ios->cisco.doc->arena, ios->pairs, ios->npairs,
                               sizeof(*ios->pairs));
    ios->pairs[ios->npairs++] = pair;
}

bool fw_ios_zone_line(struct fw_ios *ios, struct fw_cisco_line *line)
{
    bool inspect = fw_cisco_is(line, 1, "type") && fw_cisco_is(line, 2, "inspect") && line->n > 3;
    /* "type inspect http X" looks into what was permitted */
    bool deep = line->n > 4 && !fw_cisco_is(line, 3, "match-any") &&
                !fw_cisco_is(line, 3, "match-all");
    if (fw_cisco_is(line, 0, "zone") && fw_cisco_is(line, 1, "security") && line->n > 2) {
        struct fw_cisco_object *zone = fw_cisco_object_define(&ios->cisco, line->words[2],
                                                              FW_OBJECT_ZONE, line);
        zone->object->uses++;
        ios->zones = fw_arena_push(&ios->cisco.doc->arena, ios->zones, ios->nzones,
                                   sizeof(*ios->zones));
        ios->zones[ios->nzones++] = line->words[2];
        fw_cisco_used(&ios->cisco, line);
        ios->block = FW_IOS_OTHER;
        ios->verdict = FW_LINE_IGNORED;
    } else if (fw_cisco_is(line, 0, "zone-pair") && fw_cisco_is(line, 1, "security")) {
        start_pair(ios, line);
    } else if (fw_cisco_is(line, 0, "class-map") && inspect && !deep) {
        start_class(ios, line);
    } else if (fw_cisco_is(line, 0, "policy-map") && inspect && !deep) {
        start_map(ios, line);
    } else {
        return false;
    }
    return true;
}

static void add_condition(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_ios_class *class = &ios->classes[ios->nclasses - 1];
    struct fw_ios_condition c = {.kind = FW_IOS_MATCH_OTHER, .line = line->number};
    c.name = fw_sv_sub(line->text, (size_t)(line->words[0].p - line->text.p), SIZE_MAX);
    if (fw_cisco_is(line, 1, "access-group") && line->n > 2) {
        c.kind = FW_IOS_MATCH_LIST;
        c.name = line->words[line->n - 1];
    } else if (fw_cisco_is(line, 1, "protocol") && line->n == 3) {
        c.kind = FW_IOS_MATCH_PROTOCOL;
        c.name = line->words[2];
    } else if (fw_cisco_is(line, 1, "class-map") && line->n == 3) {
        c.kind = FW_IOS_MATCH_CLASS;
        c.name = line->words[2];
    } else if (!fw_cisco_is(line, 0, "match")) {
        bool words = fw_cisco_is(line, 0, "description") || fw_cisco_is(line, 0, "exit");
        fw_doc_mark(ios->cisco.doc, line->number, words ? FW_LINE_IGNORED : FW_LINE_UNSUPPORTED);
        return;
    } else {
        fw_doc_unsupported(ios->cisco.doc, line->number, line->text,
                           "not modelled: this condition of a class");
    }
    fw_cisco_used(&ios->cisco, line);
    class->conditions = fw_arena_push(&ios->cisco.doc->arena, class->conditions, class->n,
                                      sizeof(*class->conditions));
    class->conditions[class->n++] = c;
}

static void add_step(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_ios_policy_map *map = &ios->maps[ios->nmaps - 1];
    struct fw_ios_step *step = map->n > 0 ? &map->steps[map->n - 1] : NULL;
    fw_sv word = line->words[0];
    fw_cisco_used(&ios->cisco, line);
    if (fw_sv_is(word, "class")) {
        map->steps = fw_arena_push(&ios->cisco.doc->arena, map->steps, map->n, sizeof(*map->steps));
        map->steps[map->n++] = (struct fw_ios_step){
            .class = line->words[line->n - 1],
            .action = FW_ACTION_DENY, /* until something else is said */
            .span = fw_doc_span(ios->cisco.doc, line->text, line->number),
            .line = line->number};
    } else if (step && (fw_sv_is(word, "inspect") || fw_sv_is(word, "pass"))) {
        step->action = FW_ACTION_PERMIT;
        step->log = fw_cisco_is(line, 1, "log");
    } else if (step && fw_sv_is(word, "drop")) {
        step->action = FW_ACTION_DENY;
        step->log = fw_cisco_is(line, 1, "log");
    } else if (fw_sv_is(word, "description") || fw_sv_is(word, "exit") || fw_sv_is(word, "end")) {
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
    } else {
        if (step) {
            step->other = true;
        }
        fw_doc_unsupported(ios->cisco.doc, line->number, word,
                           "not modelled: drops what was permitted, by content or rate");
    }
}

bool fw_ios_zone_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    if (ios->block == FW_IOS_CLASS_MAP) {
        add_condition(ios, line);
    } else if (ios->block == FW_IOS_POLICY_MAP) {
        add_step(ios, line);
    } else if (fw_cisco_is(line, 0, "service-policy") && line->n > 1) {
        ios->pairs[ios->npairs - 1].map = line->words[line->n - 1];
        fw_cisco_used(&ios->cisco, line);
    } else {
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED); /* description */
    }
    return true;
}

/* --- What a class matches --- */

/* Cisco IOS, "Port to application mapping": what the names of protocols stand for by default. */
static const struct {
    const char *name;
    bool tcp, udp;
    uint16_t port; /* 0: every one */
} applications[] = {
    {"bgp", true, true, 179},      {"bootpc", false, true, 68},    {"bootps", false, true, 67},
    {"dns", true, true, 53},       {"finger", true, false, 79},    {"ftp", true, false, 21},
    {"ftps", true, false, 990},    {"gopher", true, false, 70},    {"h323", true, false, 1720},
    {"http", true, false, 80},     {"https", true, false, 443},    {"imap", true, false, 143},
    {"imaps", true, false, 993},   {"isakmp", false, true, 500},   {"kerberos", true, true, 88},
    {"ldap", true, false, 389},    {"ldaps", true, false, 636},    {"login", true, false, 513},
    {"mysql", true, false, 3306},  {"nfs", true, true, 2049},      {"nntp", true, false, 119},
    {"ntp", false, true, 123},     {"pop3", true, false, 110},     {"pop3s", true, false, 995},
    {"pptp", true, false, 1723},   {"rtsp", true, false, 554},     {"shell", true, false, 514},
    {"sip", true, true, 5060},     {"skinny", true, false, 2000},  {"smtp", true, false, 25},
    {"snmp", false, true, 161},    {"snmptrap", false, true, 162}, {"socks", true, false, 1080},
    {"sqlnet", true, false, 1521}, {"ssh", true, false, 22},       {"syslog", false, true, 514},
    {"tacacs", true, true, 49},    {"tcp", true, false, 0},        {"telnet", true, false, 23},
    {"tftp", false, true, 69},     {"udp", false, true, 0},
};

static bool protocol_term(struct fw_arena *arena, fw_sv name, struct fw_term *ret)
{
    *ret = (struct fw_term){0};
    if (fw_sv_is(name, "icmp")) {
        ret->proto = fw_numset_range(arena, FW_PROTO_ICMP, FW_PROTO_ICMP);
        return true;
    }
    for (size_t i = 0; i < sizeof(applications) / sizeof(applications[0]); i++) {
        if (!fw_sv_is(name, applications[i].name)) {
            continue;
        }
        struct fw_numrange v[2];
        size_t n = 0;
        if (applications[i].tcp) {
            v[n++] = (struct fw_numrange){FW_PROTO_TCP, FW_PROTO_TCP};
        }
        if (applications[i].udp) {
            v[n++] = (struct fw_numrange){FW_PROTO_UDP, FW_PROTO_UDP};
        }
        ret->proto = fw_numset_make(arena, v, n);
        if (applications[i].port != 0) {
            ret->dport = fw_numset_range(arena, applications[i].port, applications[i].port);
        }
        return true;
    }
    return false;
}

struct builder {
    struct fw_ios *ios;
    struct fw_policy *policy; /* that gets the rule */
    const struct fw_ios_step *step;
    uint32_t left; /* classes that may still be asked for this step */
    size_t nlists;
    const struct fw_policy *lists[DEPTH]; /* all of them have to permit */
};

static void push_rule(struct fw_ios *ios, struct fw_policy *policy, const struct fw_rule *rule)
{
    policy->rules = fw_arena_push(&ios->cisco.doc->arena, policy->rules, policy->n,
                                  sizeof(*policy->rules));
    policy->rules[policy->n] = *rule;
    policy->n++;
    policy->rules[policy->n - 1].position = (uint32_t)policy->n;
}

static void finish_match(struct fw_ios *ios, const struct fw_terms *terms, struct fw_rule *rule)
{
    fw_rule_match(ios->cisco.doc, &ios->cisco.pool, terms, (fw_sv){0}, rule);
}

/* A copy of the list that is asked on the way: what it permits goes on (to the next list, or to the
 * action), what it denies is not of the class. */
static struct fw_policy *chain_of(const struct builder *b, size_t at)
{
    struct fw_doc *doc = b->ios->cisco.doc;
    struct fw_ruleset *set = b->ios->cisco.ruleset;
    const struct fw_policy *list = b->lists[at];
    fw_sv base = b->policy->name;
    struct fw_policy *chain = fw_new(&doc->arena, struct fw_policy);
    *chain = *list;
    chain->name = fw_arena_printf(&doc->arena, "%.*s/%.*s/%.*s", FW_SV_ARG(base),
                                  FW_SV_ARG(b->step->class), FW_SV_ARG(list->name));
    chain->nbindings = 0;
    chain->bindings = NULL;
    chain->fallback = FW_ACTION_RETURN;
    chain->bound = false;
    chain->families = FW_FAMILY_BOTH;
    chain->rules = fw_new_array(&doc->arena, list->n, struct fw_rule);
    for (size_t i = 0; i < list->n; i++) {
        struct fw_rule *rule = &chain->rules[i];
        *rule = list->rules[i];
        if (rule->action == FW_ACTION_DENY) {
            rule->action = FW_ACTION_RETURN;
        } else if (rule->action == FW_ACTION_PERMIT && at + 1 < b->nlists) {
            rule->action = FW_ACTION_GOTO;
        } else if (rule->action == FW_ACTION_PERMIT) {
            rule->action = b->step->action;
            rule->log = b->step->log;
        }
    }
    fw_ruleset_add(&doc->arena, set, chain);
    if (at + 1 < b->nlists) {
        struct fw_policy *next = chain_of(b, at + 1);
        for (size_t i = 0; i < chain->n; i++) {
            if (chain->rules[i].action == FW_ACTION_GOTO) {
                chain->rules[i].action = FW_ACTION_JUMP;
                chain->rules[i].target = next->name;
                chain->rules[i].jump = next;
            }
        }
    }
    return chain;
}

static void add_rule(struct builder *b, const struct fw_terms *terms)
{
    struct fw_rule rule = {.enabled = true, .name = b->step->class, .span = b->step->span};
    finish_match(b->ios, terms, &rule);
    if (b->nlists == 0) {
        rule.action = b->step->action;
        rule.log = b->step->log;
    } else {
        struct fw_policy *chain = chain_of(b, 0);
        rule.action = FW_ACTION_JUMP;
        rule.jump = chain;
        rule.target = chain->name;
    }
    push_rule(b->ios, b->policy, &rule);
}

static void and_words(struct fw_ios *ios, struct fw_terms *terms, const char *prefix, fw_sv words)
{
    fw_sv parts[] = {fw_sv_from(prefix), words};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED,
                                       fw_words_join(&ios->cisco.doc->scratch, parts, 2), false);
    atom.outside = true;
    fw_terms_atom(terms, atom);
}

static void add_class(struct builder *b, struct fw_ios_class *class, struct fw_terms *terms,
                      unsigned depth);

/* One condition on top of what holds already. */
static void and_condition(struct builder *b, const struct fw_ios_condition *c,
                          struct fw_terms *terms)
{
    struct fw_term part;
    const struct fw_ios_list *list;
    switch (c->kind) {
    case FW_IOS_MATCH_PROTOCOL:
        if (protocol_term(&b->ios->cisco.doc->scratch, c->name, &part)) {
            fw_terms_and(terms, &part, 1);
        } else {
            and_words(b->ios, terms, "protocol", c->name);
        }
        return;
    case FW_IOS_MATCH_LIST:
        list = fw_ios_list_find(b->ios, c->name, false);
        list = list ? list : fw_ios_list_find(b->ios, c->name, true);
        if (list && list->defined && list->policy->n > 0 && b->nlists < DEPTH) {
            b->lists[b->nlists++] = list->policy;
            return;
        }
        fw_doc_mark(b->ios->cisco.doc, c->line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(b->ios->cisco.doc, FW_DIAG_ID_UNDEFINED_NAME, c->line, c->name,
                    "no access list with entries has the name \"%.*s\"", FW_SV_ARG(c->name));
        and_words(b->ios, terms, "access-group", c->name);
        return;
    case FW_IOS_MATCH_CLASS:
    case FW_IOS_MATCH_OTHER:
        and_words(b->ios, terms, "", c->name);
        return;
    }
}

/* match-all with a class inside: that one is asked last, on top of the others. */
static void add_all(struct builder *b, struct fw_ios_class *class, struct fw_terms *terms,
                    unsigned depth)
{
    struct fw_ios_class *inner = NULL;
    for (size_t i = 0; i < class->n; i++) {
        const struct fw_ios_condition *c = &class->conditions[i];
        struct fw_ios_class *other = c->kind == FW_IOS_MATCH_CLASS ? find_class(b->ios, c->name)
                                                                   : NULL;
        if (other && !inner && !other->busy && depth < DEPTH) {
            inner = other;
        } else {
            and_condition(b, c, terms);
        }
    }
    if (inner) {
        add_class(b, inner, terms, depth + 1);
    } else {
        add_rule(b, terms);
    }
}

static void add_class(struct builder *b, struct fw_ios_class *class, struct fw_terms *terms,
                      unsigned depth)
{
    class->uses++;
    if (b->left == 0) {
        return;
    }
    b->left--;
    class->busy = true;
    if (class->all) {
        add_all(b, class, terms, depth);
        class->busy = false;
        return;
    }
    for (size_t i = 0; i < class->n; i++) {
        const struct fw_ios_condition *c = &class->conditions[i];
        struct fw_ios_class *other = c->kind == FW_IOS_MATCH_CLASS ? find_class(b->ios, c->name)
                                                                   : NULL;
        struct fw_terms own = *terms;
        size_t nlists = b->nlists;
        if (other && !other->busy && depth < DEPTH) {
            add_class(b, other, &own, depth + 1);
        } else {
            and_condition(b, c, &own);
            add_rule(b, &own);
        }
        b->nlists = nlists;
    }
    class->busy = false;
}

/* --- Pairs --- */

static const struct fw_ios_policy_map *find_map(const struct fw_ios *ios, fw_sv name)
{
    const struct fw_ios_policy_map *found = NULL;
    for (size_t i = 0; i < ios->nmaps; i++) {
        found = fw_sv_eq(ios->maps[i].name, name) ? &ios->maps[i] : found;
    }
    return found;
}

/* Not all of the classes were asked: what is left may be decided in any way. */
static void add_unread(struct builder *b, struct fw_terms *terms)
{
    struct fw_doc *doc = b->ios->cisco.doc;
    struct fw_rule rule = {.enabled = true,
                           .action = FW_ACTION_UNKNOWN,
                           .name = b->step->class,
                           .span = b->step->span,
                           .target = b->step->class};
    fw_doc_unsupported(doc, b->step->line, (fw_sv){0},
                       "classes within classes of \"%.*s\" are too many (limit RULE_TERMS)",
                       FW_SV_ARG(b->step->class));
    fw_terms_atom(terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("classes within classes"), false));
    finish_match(b->ios, terms, &rule);
    push_rule(b->ios, b->policy, &rule);
}

static void add_step_rules(struct fw_ios *ios, struct fw_policy *policy,
                           const struct fw_ios_step *step)
{
    struct builder b = {.ios = ios, .policy = policy, .step = step, .left = FW_LIMIT_RULE_TERMS};
    struct fw_ios_class *class = find_class(ios, step->class);
    struct fw_terms terms;
    fw_terms_init(&terms, &ios->cisco.doc->scratch, FW_FAMILY_BOTH);
    if (step->other) {
        and_words(ios, &terms, "limited", step->class);
    }
    if (fw_sv_is(step->class, "class-default")) {
        if (step->action == FW_ACTION_PERMIT || step->log) {
            add_rule(&b, &terms);
        }
        policy->fallback_explicit = true;
        policy->fallback_span = step->span;
    } else if (class) {
        add_class(&b, class, &terms, 0);
        if (b.left == 0) {
            add_unread(&b, &terms);
        }
    } else {
        fw_doc_mark(ios->cisco.doc, step->line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(ios->cisco.doc, FW_DIAG_ID_UNDEFINED_NAME, step->line, step->class,
                    "no class has the name \"%.*s\"", FW_SV_ARG(step->class));
        and_words(ios, &terms, "class", step->class);
        add_rule(&b, &terms);
    }
    fw_arena_reset(&ios->cisco.doc->scratch);
}

static void make_pair(struct fw_ios *ios, const struct fw_ios_zone_pair *pair)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_ruleset *set = ios->cisco.ruleset;
    const struct fw_ios_policy_map *map = find_map(ios, pair->map);
    struct fw_policy *policy = fw_new(&doc->arena, struct fw_policy);
    struct fw_binding *binding = fw_new(&doc->arena, struct fw_binding);
    if (!map && pair->map.n > 0) {
        fw_doc_warn(doc, FW_DIAG_ID_UNDEFINED_NAME, pair->line, (fw_sv){0},
                    "no policy-map has the name \"%.*s\"", FW_SV_ARG(pair->map));
    }
    *binding = (struct fw_binding){pair->source, pair->destination, pair->span};
    policy->name = pair->name;
    policy->decides = true;
    policy->families = FW_FAMILY_BOTH;
    policy->fallback = FW_ACTION_DENY;
    policy->span = pair->span;
    policy->nbindings = 1;
    policy->bindings = binding;
    fw_ruleset_add(&doc->arena, set, policy);
    for (size_t i = 0; map && i < map->n; i++) {
        add_step_rules(ios, policy, &map->steps[i]);
    }
}

/* A list that a class names is used, whether or not a policy asks for the class. */
static void count_lists(struct fw_ios *ios)
{
    for (size_t i = 0; i < ios->nclasses; i++) {
        const struct fw_ios_class *class = &ios->classes[i];
        for (size_t k = 0; k < class->n; k++) {
            for (int six = 0; class->conditions[k].kind == FW_IOS_MATCH_LIST && six < 2; six++) {
                struct fw_ios_list *list = fw_ios_list_find(ios, class->conditions[k].name,
                                                            six == 1);
                if (list) {
                    list->uses++;
                }
            }
        }
    }
}

void fw_ios_zone_finish(struct fw_ios *ios)
{
    count_lists(ios);
    for (size_t i = 0; i < ios->npairs; i++) {
        make_pair(ios, &ios->pairs[i]);
    }
    ios->cisco.ruleset->zoned = ios->nzones > 0 || ios->npairs > 0;
    ios->cisco.ruleset->zones_open = ios->cisco.ruleset->zoned;
    ios->cisco.ruleset->bare_open = true;
}
