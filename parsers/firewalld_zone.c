/* Zones and rich rules as policies: what comes before what, and who meets which zone.
 * firewalld.zone(5), firewalld.richlanguage(5), firewalld.policies(5); the order is that of the
 * chains firewalld makes: INPUT keeps connections, takes lo, asks the zone of the source, then that
 * of the interface, and refuses. */
#include <stdlib.h>

#include "core/proto.h"
#include "parsers/firewalld.h"
#include "parsers/netfilter_match.h"

enum { LOGS, REFUSES, PERMITS };

void fw_fwd_init(struct fw_fwd *fwd, struct fw_doc *doc, struct fw_ruleset *ruleset)
{
    *fwd = (struct fw_fwd){0};
    fw_maker_init(&fwd->maker, doc, ruleset);
    fw_things_init(&fwd->services, &doc->arena, ruleset);
}

struct fw_fwd_zone *fw_fwd_zone(struct fw_fwd *fwd, fw_sv name, fw_span span)
{
    struct fw_fwd_zone *zone = fw_new(&fwd->maker.doc->arena, struct fw_fwd_zone);
    zone->name = name;
    zone->target = FW_SV("default");
    zone->span = span;
    zone->place = fwd->last ? fwd->last->place + 1 : 0;
    *(fwd->last ? &fwd->last->next : &fwd->zones) = zone;
    fwd->last = zone;
    return zone;
}

void fw_fwd_interface(struct fw_fwd *fwd, struct fw_fwd_zone *zone, fw_sv name)
{
    zone->interfaces = fw_arena_push(&fwd->maker.doc->arena, zone->interfaces, zone->ninterfaces,
                                     sizeof(*zone->interfaces));
    zone->interfaces[zone->ninterfaces++] = name;
    fw_maker_interface(&fwd->maker, name, zone->span)->zone = zone->name;
}

struct fw_fwd_side fw_fwd_side_of(fw_sv text)
{
    fw_iprange range;
    if (fw_sv_starts(text, "ipset:")) {
        return (struct fw_fwd_side){.ipset = fw_sv_sub(text, 6, SIZE_MAX)};
    }
    return fw_iprange_parse(text, &range, NULL) ? (struct fw_fwd_side){.address = text}
                                                : (struct fw_fwd_side){.mac = text};
}

void fw_fwd_source(struct fw_fwd *fwd, struct fw_fwd_zone *zone, struct fw_fwd_side side)
{
    zone->sources = fw_arena_push(&fwd->maker.doc->arena, zone->sources, zone->nsources,
                                  sizeof(*zone->sources));
    zone->sources[zone->nsources++] = side;
}

/* Of the same priority 0: what only logs, what refuses, what permits. */
static int stage_of(const struct fw_fwd_rule *rule)
{
    bool refuses = fw_sv_is(rule->action, "reject") || fw_sv_is(rule->action, "drop") ||
                   (rule->element == FW_FWD_ICMP_BLOCK && rule->action.n == 0);
    if (rule->priority != 0) {
        return 0;
    }
    return refuses ? REFUSES : rule->action.n == 0 && (rule->log || rule->audit) ? LOGS : PERMITS;
}

void fw_fwd_add(struct fw_fwd *fwd, struct fw_fwd_zone *zone, const struct fw_fwd_rule *rule)
{
    zone->v = fw_arena_push(&fwd->maker.doc->arena, zone->v, zone->n, sizeof(*zone->v));
    zone->v[zone->n] = (struct fw_fwd_entry){*rule, stage_of(rule), zone->n};
    zone->n++;
}

static int by_order(const void *a, const void *b)
{
    const struct fw_fwd_entry *x = a;
    const struct fw_fwd_entry *y = b;
    int64_t order = (int64_t)x->rule.priority - y->rule.priority;
    order = order != 0 ? order : (int64_t)x->stage - y->stage;
    return order != 0 ? (order > 0) - (order < 0) : (x->place > y->place) - (x->place < y->place);
}

/* --- Conditions --- */

static void and_atom(struct fw_terms *terms, const char *kind, fw_sv name, bool negated,
                     bool outside)
{
    fw_sv words[] = {fw_sv_from(kind), name};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(terms->scratch, words, 2),
                                       negated);
    atom.outside = outside;
    fw_terms_atom(terms, atom);
}

static void and_side(struct fw_fwd *fwd, struct fw_terms *terms, const struct fw_fwd_side *side,
                     bool destination, fw_span span)
{
    fw_iprange range;
    const char *name = destination ? "destination" : "source";
    if (side->ipset.n > 0) {
        and_atom(terms, destination ? "destination ipset" : "source ipset", side->ipset,
                 side->inverted, true);
    }
    if (side->mac.n > 0) {
        and_atom(terms, "source mac", side->mac, side->inverted, false);
    }
    if (side->address.n == 0) {
        return;
    }
    if (!fw_iprange_parse(side->address, &range, NULL)) {
        fw_doc_bad(fwd->maker.doc, span.line, side->address, "expected an address or network");
        and_atom(terms, name, side->address, side->inverted, false);
        return;
    }
    const struct fw_ipset *set = fw_ipset_make(terms->scratch, &range, 1);
    if (side->inverted) { /* within the family of the address */
        unsigned bit = range.lo.family == FW_IPV6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
        set = fw_ipset_complement(terms->scratch, set, bit);
    }
    struct fw_term term = {0};
    *(destination ? &term.dst : &term.src) = set;
    fw_terms_and(terms, &term, 1);
}

static void and_icmp(struct fw_terms *terms, fw_sv name)
{
    struct fw_term parts[2];
    struct fw_numrange range;
    size_t n = 0;
    for (int six = 0; six < 2; six++) {
        if (fw_nf_icmp(name, six, &range)) {
            parts[n] = fw_term_proto(terms->scratch, six ? FW_PROTO_ICMP6 : FW_PROTO_ICMP);
            parts[n++].icmp = fw_numset_range(terms->scratch, range.lo, range.hi);
        }
    }
    if (n == 0) {
        struct fw_numrange both[] = {{FW_PROTO_ICMP, FW_PROTO_ICMP},
                                     {FW_PROTO_ICMP6, FW_PROTO_ICMP6}};
        parts[n++] = (struct fw_term){.proto = fw_numset_make(terms->scratch, both, 2)};
        and_atom(terms, "icmp-type", name, false, true);
    }
    fw_terms_and(terms, parts, n);
}

static void and_element(struct fw_fwd *fwd, struct fw_terms *terms, const struct fw_fwd_rule *rule)
{
    struct fw_choice choice;
    struct fw_term term;
    uint8_t proto;
    bool ok = true;
    switch (rule->element) {
    case FW_FWD_NONE:
    case FW_FWD_MASQUERADE:
        break;
    case FW_FWD_SERVICE:
        if (fw_fwd_service(fwd, rule->value, &choice)) {
            fw_terms_services(terms, choice, false);
        } else {
            and_atom(terms, "service", rule->value, false, true);
        }
        break;
    case FW_FWD_PORT:
    case FW_FWD_SOURCE_PORT:
    case FW_FWD_FORWARD_PORT:
        ok = rule->value.n > 0 && fw_fwd_port(terms->scratch, rule->value, rule->protocol,
                                              rule->element == FW_FWD_SOURCE_PORT, &term);
        break;
    case FW_FWD_PROTOCOL:
        ok = fw_proto_parse(rule->value, &proto);
        if (ok) {
            term = fw_term_proto(terms->scratch, proto);
        }
        break;
    case FW_FWD_ICMP:
    case FW_FWD_ICMP_BLOCK:
        and_icmp(terms, rule->value);
        break;
    }
    bool plain = rule->element == FW_FWD_PORT || rule->element == FW_FWD_SOURCE_PORT ||
                 rule->element == FW_FWD_FORWARD_PORT || rule->element == FW_FWD_PROTOCOL;
    if (!ok) {
        fw_doc_bad(fwd->maker.doc, rule->span.line, rule->value,
                   "expected a port or a range and a protocol");
        fw_terms_atom(terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("not understood"), false));
    } else if (plain) {
        fw_terms_and(terms, &term, 1);
    }
}

/* --- One rule --- */

static enum fw_action action_of(const struct fw_fwd_rule *rule)
{
    if (rule->element == FW_FWD_ICMP_BLOCK && rule->action.n == 0) {
        return FW_ACTION_REJECT;
    }
    return fw_sv_is(rule->action, "accept")   ? FW_ACTION_PERMIT
           : fw_sv_is(rule->action, "reject") ? FW_ACTION_REJECT
           : fw_sv_is(rule->action, "drop")   ? FW_ACTION_DENY
           : fw_sv_is(rule->action, "any")    ? FW_ACTION_UNKNOWN
                                              : FW_ACTION_CONTINUE;
}

static void terms_of(struct fw_fwd *fwd, const struct fw_fwd_rule *rule, struct fw_terms *ret)
{
    fw_terms_init(ret, &fwd->maker.doc->scratch, FW_FAMILY_BOTH);
    if (fw_sv_is(rule->family, "ipv4") || fw_sv_is(rule->family, "ipv6")) {
        fw_terms_family(ret, fw_sv_is(rule->family, "ipv4") ? FW_IPV4 : FW_IPV6);
    } else if (rule->family.n > 0) {
        fw_doc_bad(fwd->maker.doc, rule->span.line, rule->family, "expected ipv4 or ipv6");
        fw_terms_atom(ret, fw_atom_make(FW_ATOM_VARYING, FW_SV("not understood"), false));
    }
    if (rule->unread.n > 0 && fw_sv_is(rule->action, "any")) {
        fw_terms_atom(ret, fw_atom_make(FW_ATOM_VARYING, rule->unread, false)); /* was reported */
    } else if (rule->unread.n > 0) {
        fw_doc_unsupported(fwd->maker.doc, rule->span.line, rule->unread,
                           "words of a rich rule that are not known");
        fw_terms_atom(ret, fw_atom_make(FW_ATOM_VARYING, rule->unread, false));
    }
    and_side(fwd, ret, &rule->source, false, rule->span);
    and_side(fwd, ret, &rule->destination, true, rule->span);
    and_element(fwd, ret, rule);
    if (rule->limit.n > 0) {
        fw_sv words[] = {FW_SV("limit"), rule->limit};
        fw_terms_atom(ret,
                      fw_atom_make(FW_ATOM_VARYING, fw_words_join(ret->scratch, words, 2), false));
    }
}

/* A packet of the zone: by its interfaces, or (there are none) an unknown fact. */
static void and_zone(struct fw_terms *terms, const struct fw_fwd_zone *zone, bool out)
{
    if (zone->ninterfaces > 0 && zone->nsources == 0) {
        fw_terms_names(terms, zone->interfaces, zone->ninterfaces, out, false);
    } else {
        and_atom(terms, out ? "leaves by zone" : "comes from zone", zone->name, false, false);
    }
}

static void add_nat(struct fw_fwd *fwd, const struct fw_fwd_zone *zone,
                    const struct fw_fwd_rule *member)
{
    bool source = member->element == FW_FWD_MASQUERADE;
    fw_sv name = source ? FW_SV("nat/POSTROUTING") : FW_SV("nat/PREROUTING");
    struct fw_policy *policy = fw_maker_find(&fwd->maker, name);
    if (!policy) {
        policy = fw_maker_nat(&fwd->maker, name, source ? FW_HOOK_POSTROUTING : FW_HOOK_PREROUTING);
    }
    struct fw_rule rule = {
        .action = source ? FW_ACTION_SNAT : FW_ACTION_DNAT,
        .name = zone->name,
        .enabled = true,
        .span = member->span,
        .nat.own_address = source,
    };
    struct fw_terms terms;
    struct fw_numrange ports;
    fw_ip ip;
    terms_of(fwd, member, &terms);
    and_zone(&terms, zone, source);
    if (source) { /* in IPv4 only, unless a rich rule says IPv6 */
        fw_terms_family(&terms, fw_sv_is(member->family, "ipv6") ? FW_IPV6 : FW_IPV4);
    }
    if (!source && member->to_addr.n > 0 && fw_ip_parse(member->to_addr, &ip)) {
        rule.nat.to = (fw_iprange){ip, ip};
    } else if (!source && member->to_addr.n == 0) {
        rule.nat.own_address = true;
    } else if (!source) {
        fw_doc_bad(fwd->maker.doc, member->span.line, member->to_addr, "expected an address");
        rule.nat.own_address = true;
        fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("not understood"), false));
    }
    if (!source && member->to_port.n > 0 && fw_port_range(member->to_port, '-', &ports)) {
        rule.nat.port_lo = (uint16_t)ports.lo;
        rule.nat.port_hi = (uint16_t)ports.hi;
    } else if (!source && member->to_port.n > 0) {
        fw_doc_bad(fwd->maker.doc, member->span.line, member->to_port, "expected a port or range");
        fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("not understood"), false));
    }
    fw_maker_rule(&fwd->maker, policy, &rule, &terms);
}

/* --- Zones --- */

static struct fw_policy *chain(struct fw_fwd *fwd, const struct fw_fwd_zone *zone)
{
    fw_sv name = fw_arena_printf(&fwd->maker.doc->arena, "%s/%.*s",
                                 zone->policy ? "policy" : "zone", FW_SV_ARG(zone->name));
    struct fw_policy *policy = fw_maker_policy(&fwd->maker, name, FW_FAMILY_BOTH);
    policy->fallback = FW_ACTION_RETURN;
    policy->span = zone->span;
    return policy;
}

static void add_plain(struct fw_fwd *fwd, struct fw_policy *policy, enum fw_action action,
                      fw_sv target, struct fw_terms *terms, fw_span span)
{
    struct fw_rule rule = {.action = action, .target = target, .enabled = true, .span = span};
    fw_maker_rule(&fwd->maker, policy, &rule, terms);
}

static void add_target(struct fw_fwd *fwd, struct fw_policy *policy, const struct fw_fwd_zone *zone)
{
    static const struct {
        const char *name;
        enum fw_action action;
    } targets[] = {
        {"ACCEPT", FW_ACTION_PERMIT},     {"DROP", FW_ACTION_DENY},
        {"%%REJECT%%", FW_ACTION_REJECT}, {"REJECT", FW_ACTION_REJECT},
        {"default", FW_ACTION_REJECT},    {"CONTINUE", FW_ACTION_RETURN},
    };
    struct fw_doc *doc = fwd->maker.doc;
    struct fw_terms terms;
    enum fw_action action = FW_ACTION_UNKNOWN;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        action = fw_sv_is(zone->target, targets[i].name) ? targets[i].action : action;
    }
    if (action == FW_ACTION_UNKNOWN) {
        fw_doc_bad(doc, zone->span.line, zone->target, "expected a target: ACCEPT, DROP, REJECT");
    }
    bool refuses = fw_sv_is(zone->target, "default");
    bool accepts = fw_sv_is(zone->target, "ACCEPT");
    /* ICMP is answered otherwise than the rest; where the rest is refused anyway, it is not. */
    if (!zone->policy && (refuses || (accepts && zone->block_inversion))) {
        struct fw_numrange both[] = {{FW_PROTO_ICMP, FW_PROTO_ICMP},
                                     {FW_PROTO_ICMP6, FW_PROTO_ICMP6}};
        struct fw_term icmp = {.proto = fw_numset_make(&doc->scratch, both, 2)};
        fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BOTH);
        fw_terms_and(&terms, &icmp, 1);
        add_plain(fwd, policy, zone->block_inversion ? FW_ACTION_REJECT : FW_ACTION_PERMIT,
                  FW_SV("default"), &terms, zone->span);
    }
    fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BOTH);
    add_plain(fwd, policy, action, zone->target, &terms, zone->span);
}

static void make_zone(struct fw_fwd *fwd, struct fw_fwd_zone *zone)
{
    struct fw_policy *policy = chain(fwd, zone);
    if (zone->n > 0) {
        qsort(zone->v, zone->n, sizeof(*zone->v), by_order);
    }
    for (size_t i = 0; i < zone->n; i++) {
        const struct fw_fwd_rule *member = &zone->v[i].rule;
        if (member->element == FW_FWD_MASQUERADE || member->element == FW_FWD_FORWARD_PORT) {
            add_nat(fwd, zone, member);
            continue;
        }
        struct fw_rule rule = {
            .action = action_of(member),
            .name = member->element == FW_FWD_SERVICE ? member->value : (fw_sv){0},
            .target = member->action,
            .enabled = true,
            .log = member->log || member->audit,
            .log_tag = member->prefix,
            .span = member->span,
        };
        if (zone->block_inversion && member->element == FW_FWD_ICMP_BLOCK &&
            member->action.n == 0) { /* then the list is what may pass */
            rule.action = FW_ACTION_PERMIT;
        }
        struct fw_terms terms;
        terms_of(fwd, member, &terms);
        fw_maker_rule(&fwd->maker, policy, &rule, &terms);
        fw_arena_reset(&fwd->maker.doc->scratch);
    }
    add_target(fwd, policy, zone);
}

static void go_to(struct fw_fwd *fwd, struct fw_policy *input, const struct fw_fwd_zone *zone,
                  struct fw_terms *terms, fw_span span)
{
    fw_sv name = fw_arena_printf(&fwd->maker.doc->arena, "zone/%.*s", FW_SV_ARG(zone->name));
    add_plain(fwd, input, FW_ACTION_GOTO, name, terms, span);
}

static void add_state(struct fw_fwd *fwd, struct fw_policy *policy, enum fw_action action,
                      uint32_t from, uint32_t to, fw_span span)
{
    struct fw_terms terms;
    struct fw_term term = {.state = fw_numset_range(&fwd->maker.doc->scratch, from, to)};
    fw_terms_init(&terms, &fwd->maker.doc->scratch, FW_FAMILY_BOTH);
    fw_terms_and(&terms, &term, 1);
    add_plain(fwd, policy, action, FW_SV("firewalld"), &terms, span);
}

static int by_priority(const void *a, const void *b)
{
    const struct fw_fwd_zone *x = *(const struct fw_fwd_zone *const *)a;
    const struct fw_fwd_zone *y = *(const struct fw_fwd_zone *const *)b;
    return x->ingress != y->ingress ? (x->ingress > y->ingress) - (x->ingress < y->ingress)
                                    : (x->place > y->place) - (x->place < y->place);
}

/* The zones in the order in which packets are offered to them. */
static const struct fw_fwd_zone *const *by_ingress(struct fw_fwd *fwd, size_t *ret_n)
{
    const struct fw_fwd_zone **v = NULL;
    size_t n = 0;
    for (const struct fw_fwd_zone *zone = fwd->zones; zone; zone = zone->next) {
        if (!zone->policy) {
            v = fw_arena_push(&fwd->maker.doc->arena, v, n, sizeof(*v));
            v[n++] = zone;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(*v), by_priority);
    }
    *ret_n = n;
    return v;
}

/* What the daemon always does first, then who meets which zone: within one priority sources come
 * before interfaces (firewalld.zone(5), "ingress-priority"). */
static void make_input(struct fw_fwd *fwd, fw_span span)
{
    struct fw_arena *scratch = &fwd->maker.doc->scratch;
    struct fw_policy *input = fw_maker_policy(&fwd->maker, FW_SV("INPUT"), FW_FAMILY_BOTH);
    struct fw_terms terms;
    fw_sv lo = FW_SV("lo");
    bool known = false;
    input->hook = FW_HOOK_INPUT;
    input->fallback = FW_ACTION_REJECT;
    input->span = span;
    add_state(fwd, input, FW_ACTION_PERMIT, FW_STATE_ESTABLISHED, FW_STATE_RELATED, span);
    fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
    fw_terms_names(&terms, &lo, 1, false, false);
    add_plain(fwd, input, FW_ACTION_PERMIT, FW_SV("firewalld"), &terms, span);
    add_state(fwd, input, FW_ACTION_DENY, FW_STATE_INVALID, FW_STATE_INVALID, span);
    /* Policies for the host and direct rules come before zones, and other files hold them. */
    fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
    fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("policies and direct rules"), false));
    add_plain(fwd, input, FW_ACTION_UNKNOWN, FW_SV("firewalld"), &terms, span);
    size_t n;
    const struct fw_fwd_zone *const *zones = by_ingress(fwd, &n);
    for (size_t from = 0, to = 0; from < n; from = to) {
        while (to < n && zones[to]->ingress == zones[from]->ingress) {
            to++;
        }
        for (size_t k = from; k < to; k++) {
            for (size_t i = 0; i < zones[k]->nsources; i++) {
                fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
                and_side(fwd, &terms, &zones[k]->sources[i], false, zones[k]->span);
                go_to(fwd, input, zones[k], &terms, zones[k]->span);
            }
        }
        for (size_t k = from; k < to; k++) {
            if (zones[k]->ninterfaces > 0) {
                fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
                fw_terms_names(&terms, zones[k]->interfaces, zones[k]->ninterfaces, false, false);
                go_to(fwd, input, zones[k], &terms, zones[k]->span);
            }
        }
    }
    for (const struct fw_fwd_zone *zone = fwd->zones; zone; zone = zone->next) {
        known = known || zone->is_default;
    }
    for (const struct fw_fwd_zone *zone = fwd->zones; zone; zone = zone->next) {
        if (zone->policy || (known && !zone->is_default)) {
            continue;
        }
        fw_terms_init(&terms, scratch, FW_FAMILY_BOTH);
        if (!known) { /* any of them may be the default zone */
            and_atom(&terms, "default zone is", zone->name, false, true);
        }
        go_to(fwd, input, zone, &terms, zone->span);
    }
}

/* Between zones: permitted by targets, forwarding within a zone and policies. Not modelled. */
static void make_forward(struct fw_fwd *fwd, fw_span span)
{
    struct fw_policy *forward = fw_maker_policy(&fwd->maker, FW_SV("FORWARD"), FW_FAMILY_BOTH);
    struct fw_terms terms;
    forward->hook = FW_HOOK_FORWARD;
    forward->fallback = FW_ACTION_REJECT;
    forward->span = span;
    fw_terms_init(&terms, &fwd->maker.doc->scratch, FW_FAMILY_BOTH);
    fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, FW_SV("forwarding between zones"), false));
    add_plain(fwd, forward, FW_ACTION_UNKNOWN, FW_SV("firewalld"), &terms, span);
}

void fw_fwd_finish(struct fw_fwd *fwd)
{
    bool zones = false;
    for (struct fw_fwd_zone *zone = fwd->zones; zone; zone = zone->next) {
        make_zone(fwd, zone);
        zones = zones || !zone->policy;
    }
    if (zones) {
        make_input(fwd, fwd->zones->span);
        make_forward(fwd, fwd->zones->span);
    }
    fw_things_finish(&fwd->services);
    fw_maker_finish(&fwd->maker);
}
