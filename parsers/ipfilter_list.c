/* Lists of rules of IPFilter. A packet is asked about by the rules of its way; a rule that is the
 * head of a group has those of the group asked behind it, and one that skips leaves out the next
 * ones: both become conditions of the rules concerned. ipf.conf(5), "Building a tree of rules". */
#include "core/limits.h"
#include "parsers/ipfilter.h"

/* "in 100" */
static fw_sv list_key(struct fw_ipf *ipf, bool out, fw_sv group)
{
    const fw_sv words[] = {out ? FW_SV("out") : FW_SV("in"), group};
    return fw_words_join(&ipf->pf.maker.doc->arena, words, 2);
}

static struct fw_ipf_list *find_list(struct fw_ipf *ipf, bool out, fw_sv group)
{
    size_t at = fw_index_find(&ipf->index, list_key(ipf, out, group));
    return at == SIZE_MAX ? NULL : ipf->lists[at];
}

static fw_sv main_group(void)
{
    return FW_SV("0"); /* as ipfstat numbers it */
}

void fw_ipf_list_add(struct fw_ipf *ipf, struct fw_ipf_rule *rule)
{
    struct fw_arena *arena = &ipf->pf.maker.doc->arena;
    fw_sv group = rule->group.n > 0 ? rule->group : main_group();
    struct fw_ipf_list *list = find_list(ipf, rule->out, group);
    if (!list) {
        list = fw_new(arena, struct fw_ipf_list);
        *list = (struct fw_ipf_list){.group = group, .out = rule->out};
        ipf->index.arena = arena;
        fw_index_add(&ipf->index, list_key(ipf, rule->out, group), ipf->nlists);
        ipf->lists = fw_arena_push(arena, ipf->lists, ipf->nlists, sizeof(struct fw_ipf_list *));
        ipf->lists[ipf->nlists++] = list;
    }
    list->placed = list->placed || (rule->placed && rule->place <= list->n);
    list->v = fw_arena_push(arena, list->v, list->n, sizeof(struct fw_ipf_rule *));
    list->v[list->n++] = rule;
}

/* --- "@5 pass in all" --- */

/* A tree of counts: the free places of a list. */
static size_t take_free(size_t *tree, size_t n, size_t nth)
{
    size_t at = 0;
    size_t step = 1;
    while (step <= n / 2) {
        step *= 2;
    }
    for (; step > 0; step /= 2) {
        if (at + step <= n && tree[at + step] <= nth) {
            at += step;
            nth -= tree[at];
        }
    }
    for (size_t i = at + 1; i <= n; i += i & (~i + 1)) {
        tree[i]--;
    }
    return at;
}

/* The n-th rule of the list as it was then: from the last one that was read, each takes the n-th
 * place that no later one has taken. */
static void place_rules(struct fw_arena *arena, struct fw_ipf_list *list)
{
    size_t *tree = fw_new_array(arena, list->n + 1, size_t);
    struct fw_ipf_rule **v = fw_new_array(arena, list->n, struct fw_ipf_rule *);
    for (size_t i = 1; i <= list->n; i++) {
        tree[i] = i & (~i + 1);
    }
    for (size_t i = list->n; i > 0; i--) {
        struct fw_ipf_rule *rule = list->v[i - 1];
        uint64_t place = rule->placed && rule->place > 0 ? rule->place - 1 : 0;
        bool last = !rule->placed || place >= i - 1;
        v[take_free(tree, list->n, last ? i - 1 : (size_t)place)] = rule;
    }
    list->v = v;
}

/* --- Walking --- */

struct skip {
    size_t end; /* the last rule that is skipped */
    bool known;
    const struct fw_terms *terms; /* of those that skip */
};

/* Rules that matched without having been quick: their group's head is not quick then either. */
struct falls {
    size_t n;
    struct fw_terms *v;
};

struct walk {
    struct fw_ipf *ipf;
    struct fw_policy *policy;
    struct falls falls;
    size_t quick;   /* heads around that are */
    size_t copies;  /* rules made of groups, and alternatives of what is left of rules */
    bool exhausted; /* reported */
};

enum { SKIPS = 64 }; /* that reach one rule */

static bool spent(struct walk *w, uint32_t line)
{
    if (w->copies < FW_LIMIT_RULE_COPIES) {
        return false;
    }
    if (!w->exhausted) {
        fw_doc_mark(w->ipf->pf.maker.doc, line, FW_LINE_UNSUPPORTED);
        fw_doc_warn(w->ipf->pf.maker.doc, FW_DIAG_ID_LIMIT_REACHED, line, (fw_sv){0},
                    "groups and skipped rules make more of the rules than the limit RULE_COPIES "
                    "allows");
    }
    return w->exhausted = true;
}

static void leave_out(struct walk *w, struct fw_terms *terms, const struct fw_terms *but,
                      bool known, const char *why, uint32_t line)
{
    if (known && !spent(w, line)) {
        w->copies += fw_terms_except(terms, but, fw_sv_from(why));
    } else {
        fw_terms_atom(terms, fw_atom_make(FW_ATOM_VARYING, fw_sv_from(why), false));
    }
}

/* Left: what other rules that skip have left to this one. They matter only where their own rules
 * end before those of this one. */
static void add_skip(struct walk *w, const struct fw_ipf_list *list, const struct fw_ipf_rule *rule,
                     const struct fw_terms *left, size_t at, struct skip *skips, size_t *nskips)
{
    struct skip skip = {.end = at + rule->skip, .terms = &rule->match.terms};
    bool crossed = false;
    skip.known = !list->placed; /* a rule that is put between them changes how many are skipped */
    for (size_t i = 0; i < *nskips; i++) {
        crossed = crossed || (skips[i].end >= at && skips[i].end < skip.end);
    }
    if (crossed) {
        struct fw_terms *kept = fw_new(&w->ipf->pf.maker.doc->scratch, struct fw_terms);
        *kept = *left;
        skip.terms = kept;
    }
    size_t n = 0;
    for (size_t i = 0; i < *nskips; i++) { /* those that end here are done */
        if (skips[i].end > at) {
            skips[n++] = skips[i];
        }
    }
    if (n == SKIPS) { /* one of them stands for the rest */
        n--;
        skip.end = skip.end > skips[n].end ? skip.end : skips[n].end;
        skip.known = false;
    }
    skips[n++] = skip;
    *nskips = n;
}

static void add_rule(struct walk *w, const struct fw_ipf_rule *rule, const struct fw_terms *terms)
{
    fw_maker_rule(&w->ipf->pf.maker, w->policy, &rule->match.rule, terms);
    if (w->quick > 0 && !rule->match.rule.quick && rule->match.rule.action != FW_ACTION_CONTINUE) {
        struct fw_terms *v = fw_arena_push(&w->ipf->pf.maker.doc->scratch, w->falls.v, w->falls.n,
                                           sizeof(*v));
        v[w->falls.n++] = *terms;
        w->falls.v = v;
    }
}

static void walk_list(struct walk *w, struct fw_ipf_list *list, const struct fw_terms *above,
                      int depth);

/* The rules of the group, and its head: what they leave to it. */
static void walk_group(struct walk *w, const struct fw_ipf_rule *head, struct fw_ipf_list *group,
                       const struct fw_terms *terms, int depth)
{
    struct fw_doc *doc = w->ipf->pf.maker.doc;
    uint32_t line = head->match.rule.span.line;
    if (group->open || depth == FW_LIMIT_GROUP_DEPTH || spent(w, line)) {
        if (group->open) {
            fw_doc_bad(doc, line, head->head, "a group that is within itself");
        } else {
            fw_doc_unsupported(doc, line, head->head, "rules of this group are not followed");
        }
        struct fw_ipf_rule any = *head;
        struct fw_terms wide = *terms;
        any.match.rule.action = FW_ACTION_UNKNOWN;
        fw_terms_atom(&wide, fw_atom_make(FW_ATOM_VARYING, FW_SV("group"), false));
        any.match.rule.quick = true;
        add_rule(w, &any, &wide);
        any.match.rule.quick = false;
        add_rule(w, &any, &wide);
        return;
    }
    if (!head->match.rule.quick) {
        add_rule(w, head, terms);
        walk_list(w, group, terms, depth + 1);
        return;
    }
    size_t before = w->falls.n;
    struct fw_terms own = *terms;
    w->quick++;
    walk_list(w, group, terms, depth + 1);
    w->quick--;
    for (size_t i = before; i < w->falls.n; i++) {
        leave_out(w, &own, &w->falls.v[i], true, "no rule of the group", line);
    }
    add_rule(w, head, &own);
}

static void walk_list(struct walk *w, struct fw_ipf_list *list, const struct fw_terms *above,
                      int depth)
{
    struct skip *skips = fw_new_array(&w->ipf->pf.maker.doc->scratch, SKIPS, struct skip);
    size_t nskips = 0;
    size_t at = 0; /* rules that count were not counted */
    list->open = list->reached = true;
    for (size_t i = 0; i < list->n; i++) {
        const struct fw_ipf_rule *rule = list->v[i];
        struct fw_terms terms = rule->match.terms;
        w->copies += above != NULL;
        if (above) {
            fw_terms_and(&terms, above->v, above->n);
        }
        at += !rule->counts;
        for (size_t k = 0; !rule->counts && k < nskips; k++) {
            if (skips[k].end >= at) {
                leave_out(w, &terms, skips[k].terms, skips[k].known, "skipped",
                          rule->match.rule.span.line);
            }
        }
        struct fw_ipf_list *group = NULL;
        if (rule->head.n > 0 && !fw_sv_is(rule->match.rule.target, "decapsulate")) {
            group = find_list(w->ipf, rule->out, rule->head); /* of the packet that is within */
        }
        if (group) {
            walk_group(w, rule, group, &terms, depth);
        } else {
            add_rule(w, rule, &terms);
        }
        if (rule->skip > 0) {
            add_skip(w, list, rule, &terms, at, skips, &nskips);
        }
    }
    list->open = false;
}

/* Connections that a rule kept state of; errors about them may be asked about by rules. */
static void add_states(struct fw_ipf *ipf, struct fw_policy *policy)
{
    struct fw_doc *doc = ipf->pf.maker.doc;
    fw_span span = fw_doc_span(doc, (fw_sv){0}, 1);
    if (ipf->filters_errors) {
        struct fw_terms terms;
        struct fw_term related = {
            .state = fw_numset_range(&doc->scratch, FW_STATE_RELATED, FW_STATE_RELATED)};
        fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BOTH);
        fw_terms_and(&terms, &related, 1);
        fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("icmp-head"), false));
        fw_pf_own(&ipf->pf.maker, policy, FW_ACTION_UNKNOWN, "icmp-head", &terms, span);
    }
    if (ipf->keeps_state) {
        fw_pf_known(&ipf->pf.maker, policy, span);
    }
}

void fw_ipf_lists_finish(struct fw_ipf *ipf)
{
    struct fw_maker *maker = &ipf->pf.maker;
    struct walk w = {.ipf = ipf};
    for (size_t i = 0; i < ipf->nlists; i++) {
        if (ipf->lists[i]->placed) {
            place_rules(&maker->doc->scratch, ipf->lists[i]);
        }
    }
    for (int way = 0; way < 2; way++) {
        struct fw_ipf_list *list = find_list(ipf, way == 1, main_group());
        w.policy = way == 1 ? ipf->pf.out : ipf->pf.in;
        add_states(ipf, w.policy);
        if (list) {
            walk_list(&w, list, NULL, 0);
        }
    }
    for (size_t i = 0; i < ipf->nlists; i++) { /* groups without a head */
        struct fw_ipf_list *list = ipf->lists[i];
        if (list->reached) {
            continue;
        }
        const fw_sv words[] = {FW_SV("group"), list->group, list->out ? FW_SV("out") : FW_SV("in")};
        w.policy = fw_maker_policy(maker, fw_words_join(&maker->doc->arena, words, 3),
                                   FW_FAMILY_BOTH);
        w.policy->order = FW_ORDER_LAST;
        w.policy->fallback = FW_ACTION_RETURN;
        w.policy->span = list->v[0]->match.rule.span;
        walk_list(&w, list, NULL, 0);
    }
}
