/* How an SRX rewrites packets: static rules, then destinations, and sources once the policy has
 * spoken. Policies see destinations as they are behind the translation and sources as they came.
 * Juniper, NAT User Guide, "NAT rule processing order". */
#include "parsers/junos.h"

struct nat {
    struct fw_jun *jun;
    struct fw_policy *policy;
    const char *kind; /* "static", "destination", "source" */
};

/* "match destination-address P", or a name in the global book. */
static struct fw_choice addresses(struct fw_jun_making *making, struct fw_node *match,
                                  const char *plain, const char *named)
{
    struct fw_jun *jun = making->jun;
    struct fw_choosing choosing;
    struct fw_node *key = fw_tree_key(&jun->tree, match, plain);
    struct fw_node *names = fw_tree_key(&jun->tree, match, named);
    fw_choosing_init(&choosing, &jun->doc->scratch);
    for (struct fw_node *one = key ? key->child : NULL; one; one = one->next) {
        fw_iprange range;
        if (fw_iprange_parse(one->name, &range, NULL)) {
            fw_choosing_range(&choosing, range);
        } else {
            fw_choosing_add(&choosing,
                            fw_choice_opaque(&jun->doc->scratch, "address", one->name, false));
        }
    }
    for (struct fw_node *one = names ? names->child : NULL; one; one = one->next) {
        struct fw_thing *thing = fw_jun_address(jun, (fw_sv){0}, one->name);
        fw_choosing_add(
            &choosing, thing ? thing->choice
                             : fw_choice_opaque(&jun->doc->scratch, "undefined", one->name, false));
        thing = thing ? thing : fw_jun_missing(jun, FW_SV("global"), FW_JUN_ADDRESS, one);
        fw_rule_refer(&jun->doc->arena, making->rule, thing->object);
    }
    if (!key && !names) {
        fw_choosing_term(&choosing, (struct fw_term){0});
    }
    return fw_choosing_done(&choosing);
}

/* "from zone Z", "from interface I": a zone stands for its interfaces too, as packets name either.
 */
static void place(struct fw_jun_making *making, struct fw_node *set, const char *word, bool out)
{
    struct fw_jun *jun = making->jun;
    struct fw_arena *scratch = &jun->doc->scratch;
    struct fw_node *at = fw_tree_key(&jun->tree, set, word);
    struct fw_node *zones = fw_tree_at(&jun->tree, at, "zone", NULL);
    struct fw_node *interfaces = fw_tree_at(&jun->tree, at, "interface", NULL);
    fw_sv *names = NULL;
    size_t n = 0;
    for (struct fw_node *one = interfaces ? interfaces->child : NULL; one; one = one->next) {
        names = fw_arena_push(scratch, names, n, sizeof(*names));
        names[n++] = one->name;
    }
    for (struct fw_node *one = zones ? zones->child : NULL; one; one = one->next) {
        struct fw_thing *zone = fw_things_find(&jun->things, FW_SV("zones"), FW_JUN_ZONE,
                                               one->name);
        if (zone) {
            fw_rule_refer(&jun->doc->arena, making->rule, zone->object);
        }
        names = fw_arena_push(scratch, names, n, sizeof(*names));
        names[n++] = one->name;
        for (size_t i = 0; i < jun->ruleset->ninterfaces; i++) {
            if (fw_sv_eq(jun->ruleset->interfaces[i].zone, one->name)) {
                names = fw_arena_push(scratch, names, n, sizeof(*names));
                names[n++] = jun->ruleset->interfaces[i].name;
            }
        }
    }
    if (n > 0) {
        fw_terms_names(&making->terms, names, n, out, false);
    } else if (at && at->n > 0) {
        fw_jun_atom(making, FW_ATOM_FIXED, word, at);
    }
}

static void ports(struct fw_jun_making *making, struct fw_node *match, const char *word,
                  bool source)
{
    struct fw_jun *jun = making->jun;
    struct fw_node *key = fw_tree_key(&jun->tree, match, word);
    const struct fw_numset *all = NULL;
    for (struct fw_node *one = key ? key->child : NULL; one; one = one->next) {
        fw_sv to = fw_tree_value(&jun->tree, one, "to");
        const struct fw_numset *lo;
        const struct fw_numset *hi;
        if (!fw_jun_ports(jun, one->name, &lo) ||
            !fw_jun_ports(jun, to.n > 0 ? to : one->name, &hi) || hi->v[0].hi < lo->v[0].lo) {
            fw_jun_atom(making, FW_ATOM_FIXED, word, key);
            return;
        }
        lo = fw_numset_range(&jun->doc->scratch, lo->v[0].lo, hi->v[0].hi);
        all = all ? fw_numset_union(&jun->doc->scratch, all, lo) : lo;
    }
    if (all) {
        struct fw_term term = {0};
        *(source ? &term.sport : &term.dport) = all;
        fw_terms_and(&making->terms, &term, 1);
    }
}

/* The addresses of a pool; false: not told. */
static bool pool_of(struct fw_jun *jun, const char *kind, fw_sv name, struct fw_nat *ret)
{
    struct fw_node *pools = fw_tree_use(&jun->tree, jun->tree.root, "security", "nat", kind, "pool",
                                        NULL);
    struct fw_node *pool = fw_tree_find(&jun->tree, pools, name);
    struct fw_node *list = fw_tree_key(&jun->tree, pool, "address");
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &jun->doc->scratch);
    fw_node_mark(pool, FW_LINE_USED);
    fw_node_below(pool, FW_LINE_USED);
    for (struct fw_node *one = list ? list->child : NULL; one; one = one->next) {
        fw_sv to = fw_tree_value(&jun->tree, one, "to");
        fw_sv port = fw_tree_value(&jun->tree, one, "port");
        const struct fw_numset *set;
        fw_iprange range;
        fw_iprange last;
        if (fw_sv_is(one->name, "port")) { /* written beside the address */
            port = fw_node_value(one);
        } else if (!fw_iprange_parse(one->name, &range, NULL)) {
            return false;
        } else if (to.n > 0 && fw_iprange_parse(to, &last, NULL) &&
                   last.hi.family == range.lo.family && fw_ip_cmp(range.lo, last.hi) <= 0) {
            range.hi = last.hi;
            fw_choosing_range(&choosing, range);
        } else {
            fw_choosing_range(&choosing, range);
        }
        if (port.n > 0 && fw_jun_ports(jun, port, &set)) {
            ret->port_lo = (uint16_t)set->v[0].lo;
            ret->port_hi = (uint16_t)set->v[0].hi;
        }
    }
    struct fw_choice choice = fw_choosing_done(&choosing);
    if (choice.n != 1 || !choice.v[0].src || choice.v[0].src->n == 0) {
        return false;
    }
    const struct fw_ipset *set = fw_pool_ipset(&jun->pool, choice.v[0].src);
    ret->to = (fw_iprange){set->v[0].lo, set->v[set->n - 1].hi};
    ret->set = set->n > 1 ? set : NULL;
    return ret->to.lo.family == ret->to.hi.family;
}

static bool range_below(const struct fw_node *node, fw_iprange *ret)
{
    for (const struct fw_node *one = node->child; one; one = one->next) {
        if (fw_iprange_parse(one->name, ret, NULL)) {
            return true;
        }
    }
    return false;
}

/* "mapped-port 8080", "mapped-port 8080 to 8090" */
static void mapped_port(struct fw_jun *jun, struct fw_node *at, struct fw_nat *nat)
{
    struct fw_node *key = fw_tree_key(&jun->tree, at, "mapped-port");
    struct fw_node *from = key ? key->child : NULL;
    fw_sv to = fw_tree_value(&jun->tree, from, "to");
    const struct fw_numset *lo;
    const struct fw_numset *hi;
    if (from && fw_jun_ports(jun, from->name, &lo) &&
        fw_jun_ports(jun, to.n > 0 ? to : from->name, &hi) && lo->v[0].lo <= hi->v[0].hi) {
        nat->port_lo = (uint16_t)lo->v[0].lo;
        nat->port_hi = (uint16_t)hi->v[0].hi;
    }
}

/* "then static-nat prefix P", "then destination-nat pool P", "then source-nat interface". */
static struct fw_nat rewrite(struct fw_jun *jun, struct fw_node *then, const char *kind)
{
    struct fw_nat nat = {0};
    bool source = fw_sv_is(fw_sv_from(kind), "source");
    struct fw_node *what = fw_tree_key(&jun->tree, then,
                                       source ? "source-nat"
                                       : fw_sv_is(fw_sv_from(kind), "destination")
                                           ? "destination-nat"
                                           : "static-nat");
    struct fw_node *prefix = fw_tree_key(&jun->tree, what, "prefix");
    struct fw_node *named = fw_tree_key(&jun->tree, what, "prefix-name");
    struct fw_node *pool = fw_tree_key(&jun->tree, what, "pool");
    fw_iprange range;
    if (fw_tree_key(&jun->tree, what, "off")) {
        return nat;
    }
    if (fw_tree_key(&jun->tree, what, "interface")) {
        nat.own_address = true;
    } else if (prefix && range_below(prefix, &range)) {
        nat.to = range;
    } else if (named && named->child) {
        struct fw_thing *thing = fw_jun_address(jun, (fw_sv){0}, named->child->name);
        bool one = thing && thing->choice.n == 1 && thing->choice.v[0].src &&
                   thing->choice.v[0].src->n == 1;
        nat.to = one ? thing->choice.v[0].src->v[0] : fw_iprange_all(FW_IPV4);
        if (thing) {
            thing->object->uses++;
        }
    } else if (!pool || !pool->child || !pool_of(jun, kind, pool->child->name, &nat)) {
        nat = (struct fw_nat){.to = fw_iprange_all(FW_IPV4)};
    }
    if (!source) {
        mapped_port(jun, prefix, &nat);
        mapped_port(jun, named, &nat);
    }
    nat.paired = !source;
    return nat;
}

static void read_rule(struct nat *nat, struct fw_node *set, struct fw_node *entry)
{
    struct fw_jun *jun = nat->jun;
    struct fw_policy *policy = nat->policy;
    policy->rules = fw_arena_push(&jun->doc->arena, policy->rules, policy->n,
                                  sizeof(*policy->rules));
    struct fw_rule *rule = &policy->rules[policy->n++];
    struct fw_jun_making making;
    bool source = fw_sv_is(fw_sv_from(nat->kind), "source");
    fw_jun_begin(&making, jun, entry, rule, FW_FAMILY_BOTH);
    struct fw_node *match = fw_tree_use(&jun->tree, entry, "match", NULL);
    struct fw_node *then = fw_tree_use(&jun->tree, entry, "then", NULL);
    place(&making, set, "from", false);
    if (source) {
        place(&making, set, "to", true);
    }
    fw_terms_addresses(&making.terms,
                       addresses(&making, match, "source-address", "source-address-name"), false,
                       false);
    fw_terms_addresses(&making.terms,
                       addresses(&making, match, "destination-address", "destination-address-name"),
                       true, false);
    ports(&making, match, "source-port", true);
    ports(&making, match, "destination-port", false);
    struct fw_node *protocol = fw_tree_key(&jun->tree, match, "protocol");
    struct fw_node *application = fw_tree_key(&jun->tree, match, "application");
    if (protocol) {
        fw_jun_atom(&making, FW_ATOM_FIXED, "protocol", protocol);
    }
    if (application && !fw_tree_find(&jun->tree, application, FW_SV("any"))) {
        fw_jun_atom(&making, FW_ATOM_FIXED, "application", application);
    }
    rule->action = source ? FW_ACTION_SNAT : FW_ACTION_DNAT;
    rule->nat = rewrite(jun, then, nat->kind);
    for (struct fw_node *key = match ? match->child : NULL; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE && !fw_sv_starts(key->name, "apply-")) {
            fw_jun_unknown(&making, key);
        }
    }
    fw_jun_rest(jun, "nat rule", entry);
    rule->position = (uint32_t)policy->n;
    fw_jun_end(&making);
    fw_arena_reset(&jun->doc->scratch);
}

void fw_jun_nat(struct fw_jun *jun)
{
    static const char *const kinds[] = {"static", "destination", "source"};
    struct fw_policy *policy = fw_new(&jun->doc->arena, struct fw_policy);
    struct fw_node *all = fw_tree_use(&jun->tree, jun->tree.root, "security", "nat", NULL);
    *policy = (struct fw_policy){.name = FW_SV("nat"),
                                 .table = FW_SV("nat"),
                                 .families = FW_FAMILY_BOTH,
                                 .fallback = FW_ACTION_RETURN,
                                 .bound = true,
                                 .span = all ? all->span : (fw_span){0}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct nat nat = {jun, policy, kinds[i]};
        struct fw_node *sets = fw_tree_use(&jun->tree, all, kinds[i], "rule-set", NULL);
        for (struct fw_node *set = sets ? sets->child : NULL; set; set = set->next) {
            struct fw_node *rules = fw_tree_use(&jun->tree, set, "rule", NULL);
            fw_node_mark(set, FW_LINE_USED);
            fw_tree_key(&jun->tree, set, "description");
            for (struct fw_node *rule = rules ? rules->child : NULL; rule; rule = rule->next) {
                read_rule(&nat, set, rule);
            }
        }
        struct fw_node *kind = fw_tree_at(&jun->tree, all, kinds[i], NULL);
        if (kind) {
            fw_jun_rest(jun, "nat", kind);
        }
    }
    if (all) {
        fw_jun_rest(jun, "nat", all);
    }
    if (policy->n > 0) {
        fw_ruleset_add(&jun->doc->arena, jun->ruleset, policy);
        jun->ruleset->nat_view = FW_NAT_VIEW_REAL;
    }
}
