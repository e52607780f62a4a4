/* What one FortiOS policy matches and does. */
#include <string.h>

#include "core/time.h"
#include "parsers/fortios.h"
#include "parsers/maker.h"

/* One rule under construction. */
struct making {
    struct fw_fos *fos;
    const struct fw_fos_list *list;
    struct fw_node *entry;
    struct fw_rule *rule;
    struct fw_terms terms;
};

static void refer(struct making *making, struct fw_thing *thing)
{
    fw_rule_refer(&making->fos->doc->arena, making->rule, thing->object);
}

/* What a keyword was set to, in one text that findings may show. */
static fw_sv joined(struct making *making, const char *first, const struct fw_node *key)
{
    fw_sv *words = fw_new_array(&making->fos->doc->scratch, key->n + 2, fw_sv);
    size_t n = 0;
    words[n++] = fw_sv_from(first);
    bool secret = fw_fos_secret(key->name);
    for (const struct fw_node *value = key->child; value; value = value->next) {
        words[n++] = secret ? FW_SV("***") : value->name;
        secret = secret || fw_sv_is(value->name, "ENC");
    }
    return fw_words_join(&making->fos->doc->scratch, words, n);
}

static void widen(struct making *making, enum fw_atom_kind kind, fw_sv words, bool outside)
{
    struct fw_atom atom = fw_atom_make(kind, words, false);
    atom.outside = outside;
    fw_terms_atom(&making->terms, atom);
}

static void interfaces(struct making *making, const char *key, bool out)
{
    struct fw_node *node = fw_fos_key(making->fos, making->entry, key);
    size_t n = 0;
    fw_sv *names = fw_new_array(&making->fos->doc->scratch, node ? node->n : 0, fw_sv);
    for (const struct fw_node *name = node ? node->child : NULL; name; name = name->next) {
        if (fw_sv_is(name->name, "any")) {
            return;
        }
        names[n++] = name->name;
        struct fw_thing *zone = fw_things_find(&making->fos->things, making->fos->vdom, FW_FOS_ZONE,
                                               name->name);
        if (zone) {
            zone->object->uses++;
        }
    }
    if (n > 0) {
        fw_terms_names(&making->terms, names, n, out, false);
    }
}

static void unsaid(struct making *making, const char *key)
{
    const fw_sv words[] = {FW_SV("without"), fw_sv_from(key)};
    widen(making, FW_ATOM_VARYING, fw_words_join(&making->fos->doc->scratch, words, 2), false);
}

/* Neither keyword names an address. */
static bool names_none(struct making *making, const char *key, const char *key6)
{
    const struct fw_tree *tree = &making->fos->tree;
    const struct fw_node *four = fw_tree_find(tree, making->entry, fw_sv_from(key));
    const struct fw_node *six = fw_tree_find(tree, making->entry, fw_sv_from(key6));
    return (!four || four->n == 0) && (!six || six->n == 0);
}

static bool negates(struct making *making, const char *key)
{
    char name[32];
    size_t n = strlen(key);
    memcpy(name, key, n);
    memcpy(name + n, "-negate", sizeof("-negate"));
    return fw_fos_is(making->fos, making->entry, name, "enable");
}

/* The addresses of one keyword; *vips (may be NULL) gets the virtual addresses that forward ports,
 * which have to be looked at together with the services. */
static struct fw_choice addresses(struct making *making, const char *key, bool v6,
                                  struct fw_choosing *all, struct fw_thing **vips, size_t *nvips)
{
    struct fw_fos *fos = making->fos;
    struct fw_node *node = fw_fos_key(fos, making->entry, key);
    struct fw_choosing choosing;
    bool negated = negates(making, key) && node;
    fw_choosing_init(&choosing, &fos->doc->scratch);
    for (struct fw_node *name = node ? node->child : NULL; name; name = name->next) {
        struct fw_thing *thing = fw_fos_address(fos, name, v6);
        if (!thing) {
            const fw_sv words[] = {FW_SV("undefined"), name->name};
            fw_choosing_atom(
                &choosing,
                fw_atom_make(FW_ATOM_FIXED, fw_words_join(&fos->doc->scratch, words, 2), false));
            refer(making, fw_fos_missing(fos, name, v6 ? FW_FOS_ADDRESS6 : FW_FOS_ADDRESS4));
            continue;
        }
        refer(making, thing);
        if (vips && negated && (thing->type == FW_FOS_VIP || thing->type == FW_FOS_VIPGRP)) {
            /* Whether it takes the address or only the port out, nobody says: the address stays. */
            const fw_sv words[] = {FW_SV("not virtual address"), name->name};
            widen(making, FW_ATOM_VARYING, fw_words_join(&fos->doc->scratch, words, 2), false);
        } else if (vips && thing->type == FW_FOS_VIP && fw_fos_vip(fos, thing).forwards) {
            vips[(*nvips)++] = thing;
        } else if (vips && thing->type == FW_FOS_VIPGRP) {
            struct fw_node *members = fw_fos_key(fos, thing->node, "member");
            for (struct fw_node *m = members ? members->child : NULL; m; m = m->next) {
                struct fw_thing *member = fw_things_find(&fos->things, fos->vdom, thing->space,
                                                         m->name);
                bool forwards = member && member->type == FW_FOS_VIP &&
                                fw_fos_vip(fos, member).forwards && *nvips < 4096;
                if (forwards) {
                    vips[(*nvips)++] = member;
                } else if (member) {
                    fw_choosing_add(&choosing, member->choice);
                }
            }
        } else {
            fw_choosing_add(&choosing, thing->choice);
        }
    }
    struct fw_choice choice = fw_choosing_done(&choosing);
    if (negated) {
        struct fw_choosing whole;
        fw_choosing_init(&whole, &fos->doc->scratch);
        fw_choosing_range(&whole, fw_iprange_all(v6 ? FW_IPV6 : FW_IPV4));
        choice = fw_choice_but(&fos->doc->scratch, fw_choosing_done(&whole), choice,
                               v6 ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4);
    }
    fw_choosing_add(all, choice);
    return choice;
}

/* "set internet-service enable": named services of the vendor's stand where addresses would. */
static bool internet_services(struct making *making, bool source, bool v6, struct fw_choosing *all)
{
    static const char *const suffixes[] = {"-name",   "-id",           "-group",
                                           "-custom", "-custom-group", "-fortiguard"};
    struct fw_fos *fos = making->fos;
    const char *stem = v6 ? (source ? "internet-service6-src" : "internet-service6")
                          : (source ? "internet-service-src" : "internet-service");
    char key[64];
    size_t n = strlen(stem);
    memcpy(key, stem, n + 1);
    if (!fw_fos_is(fos, making->entry, key, "enable")) {
        return false;
    }
    bool negated = negates(making, stem);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        memcpy(key + n, suffixes[i], strlen(suffixes[i]) + 1);
        struct fw_node *node = fw_fos_key(fos, making->entry, key);
        if (!node) {
            continue;
        }
        struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, joined(making, stem, node), negated);
        atom.outside = true;
        fw_choosing_atom(all, atom);
    }
    return true;
}

/* The part of a service that a packet for this virtual address can be, as sent: ports of the
 * service are those behind the translation. */
static bool forwarded(struct making *making, const struct fw_fos_vip *vip,
                      const struct fw_term *service, struct fw_term *ret)
{
    struct fw_arena *arena = &making->fos->doc->scratch;
    if (service->proto && !fw_numset_has(service->proto, vip->proto)) {
        return false;
    }
    *ret = *service;
    ret->proto = fw_numset_range(arena, vip->proto, vip->proto);
    ret->dst = fw_ipset_make(arena, &vip->outer, 1);
    if (vip->outer_lo == 0) { /* ICMP has none */
        return true;
    }
    uint32_t last = vip->outer_hi;
    uint32_t count = (uint32_t)vip->inner_hi - vip->inner_lo;
    bool shifted = count == last - vip->outer_lo;
    const struct fw_numset *outer = fw_numset_range(arena, vip->outer_lo, last);
    if (!service->dport) {
        ret->dport = outer;
        return true;
    }
    const struct fw_numset *inner = fw_numset_range(arena, vip->inner_lo, vip->inner_hi);
    const struct fw_numset *allowed = fw_numset_intersect(arena, service->dport, inner);
    if (allowed->n == 0) {
        return false;
    }
    if (!shifted) { /* many to few: which of them is the device's choice */
        ret->dport = outer;
        return fw_numset_eq(allowed, inner);
    }
    struct fw_numrange *v = fw_new_array(arena, allowed->n, struct fw_numrange);
    for (size_t i = 0; i < allowed->n; i++) {
        v[i].lo = allowed->v[i].lo - vip->inner_lo + vip->outer_lo;
        v[i].hi = allowed->v[i].hi - vip->inner_lo + vip->outer_lo;
    }
    ret->dport = fw_numset_make(arena, v, allowed->n);
    return true;
}

static struct fw_choice services(struct making *making)
{
    struct fw_node *node = fw_fos_key(making->fos, making->entry, "service");
    struct fw_choosing choosing;
    fw_choosing_init(&choosing, &making->fos->doc->scratch);
    for (struct fw_node *name = node ? node->child : NULL; name; name = name->next) {
        struct fw_thing *thing = fw_fos_service(making->fos, name);
        if (thing) {
            refer(making, thing);
            fw_choosing_add(&choosing, thing->choice);
        } else {
            const fw_sv words[] = {FW_SV("undefined service"), name->name};
            fw_choosing_atom(&choosing,
                             fw_atom_make(FW_ATOM_FIXED,
                                          fw_words_join(&making->fos->doc->scratch, words, 2),
                                          false));
            refer(making, fw_fos_missing(making->fos, name, FW_FOS_SERVICE));
        }
    }
    if (!node || node->n == 0) { /* the device would not have kept it: nobody knows what it is */
        unsaid(making, "service");
        fw_choosing_term(&choosing, (struct fw_term){0});
    }
    return fw_choosing_done(&choosing);
}

/* A rule that denies does not see packets for virtual addresses, unless match-vip says so. */
static void spare_vips(struct making *making, struct fw_term *parts, size_t n, struct fw_terms *to)
{
    struct fw_fos *fos = making->fos;
    struct fw_arena *arena = &fos->doc->scratch;
    bool spares = making->rule->action != FW_ACTION_PERMIT && fos->nvips > 0 &&
                  !fw_fos_is(fos, making->entry, "match-vip", "enable");
    fw_fos_key(fos, making->entry, "match-vip");
    fw_terms_and(to, parts, n);
    if (!spares) {
        return;
    }
    fw_iprange *ranges = NULL;
    size_t nranges = 0;
    for (size_t i = 0; i < fos->nvips; i++) {
        struct fw_fos_vip vip = fw_fos_vip(fos, fos->vips[i]);
        if (vip.known) {
            ranges = fw_arena_push(arena, ranges, nranges, sizeof(*ranges));
            ranges[nranges++] = vip.outer;
        }
    }
    const struct fw_ipset *outer = fw_ipset_make(arena, ranges, nranges);
    struct fw_atom *atom = fw_new(arena, struct fw_atom);
    *atom = fw_atom_make(FW_ATOM_FIXED, FW_SV("match-vip"), false);
    const struct fw_term choices[] = {
        {.dst = fw_ipset_complement(arena, outer, FW_FAMILY_BOTH)},
        {.dst = outer, .natoms = 1, .atoms = atom},
    };
    bool touched = false;
    for (size_t i = 0; i < to->n; i++) {
        touched = touched || !to->v[i].dst || fw_ipset_overlaps(to->v[i].dst, outer);
    }
    if (touched && nranges > 0) {
        fw_terms_and(to, choices, 2);
    }
}

static void destinations(struct making *making, bool v6_list)
{
    struct fw_fos *fos = making->fos;
    struct fw_arena *arena = &fos->doc->scratch;
    struct fw_choosing plain;
    struct fw_thing **vips = fw_new_array(arena, 8192, struct fw_thing *);
    size_t nvips = 0;
    fw_choosing_init(&plain, arena);
    bool internet = internet_services(making, false, false, &plain);
    bool internet6 = internet_services(making, false, true, &plain);
    bool dst4 = fw_tree_find(&fos->tree, making->entry, FW_SV("dstaddr")) != NULL;
    struct fw_node *node = fw_fos_key(fos, making->entry, "dstaddr");
    if (node && node->n > 4000) {
        vips = NULL; /* too many to look at one by one */
    }
    if (!internet && dst4) {
        addresses(making, "dstaddr", v6_list, &plain, vips, &nvips);
    }
    if (!internet6) {
        addresses(making, "dstaddr6", true, &plain, NULL, NULL);
    }
    if (!internet && !internet6 && names_none(making, "dstaddr", "dstaddr6")) {
        unsaid(making, "dstaddr");
        fw_choosing_term(&plain, (struct fw_term){0});
    }
    bool named = fw_tree_find(&fos->tree, making->entry, FW_SV("service")) != NULL;
    struct fw_choice service = {0};
    if (named || (!internet && !internet6)) {
        service = services(making);
    }
    bool negated = negates(making, "service");
    struct fw_terms parts;
    fw_terms_init(&parts, arena, making->terms.families);
    fw_terms_addresses(&parts, fw_choosing_done(&plain), true, false);
    if (!internet || service.n > 0) {
        fw_terms_services(&parts, service, negated);
    }
    struct fw_term *v = NULL;
    size_t n = 0;
    for (size_t i = 0; i < parts.n; i++) {
        v = fw_arena_push(arena, v, n, sizeof(*v));
        v[n++] = parts.v[i];
    }
    for (size_t i = 0; i < nvips; i++) {
        struct fw_fos_vip vip = fw_fos_vip(fos, vips[i]);
        for (size_t k = 0; k < service.n; k++) {
            struct fw_term term;
            if (!vip.known || negated) {
                const fw_sv words[] = {FW_SV("forwarded ports of"), vips[i]->object->name};
                struct fw_atom *atom = fw_new(arena, struct fw_atom);
                *atom = fw_atom_make(FW_ATOM_VARYING, fw_words_join(arena, words, 2), false);
                term = (struct fw_term){
                    .dst = vips[i]->choice.v[0].src, .natoms = 1, .atoms = atom};
            } else if (!forwarded(making, &vip, &service.v[k], &term)) {
                continue;
            }
            v = fw_arena_push(arena, v, n, sizeof(*v));
            v[n++] = term;
        }
    }
    struct fw_terms all;
    fw_terms_init(&all, arena, making->terms.families);
    if (nvips > 0) { /* the rule is about virtual addresses anyway */
        fw_fos_key(fos, making->entry, "match-vip");
        fw_terms_and(&all, v, n);
    } else {
        spare_vips(making, v, n, &all);
    }
    fw_terms_and(&making->terms, all.v, all.n);
    making->terms.cut = making->terms.cut || parts.cut || all.cut;
}

static void sources(struct making *making, bool v6_list)
{
    struct fw_choosing all;
    fw_choosing_init(&all, &making->fos->doc->scratch);
    bool internet = internet_services(making, true, false, &all);
    if (!internet) {
        addresses(making, "srcaddr", v6_list, &all, NULL, NULL);
    }
    bool internet6 = internet_services(making, true, true, &all);
    if (!internet6) {
        addresses(making, "srcaddr6", true, &all, NULL, NULL);
    }
    if (!internet && !internet6 && names_none(making, "srcaddr", "srcaddr6")) {
        unsaid(making, "srcaddr");
        fw_choosing_term(&all, (struct fw_term){0});
    }
    fw_terms_addresses(&making->terms, fw_choosing_done(&all), false, false);
}

/* "17:00" with ':', "2026/06/30" with '/'. */
static bool numbers(fw_sv text, char separator, uint32_t *ret, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fw_sv one;
        if (!fw_sv_split(&text, separator, &one) || !fw_sv_u32(one, 9999, &ret[i])) {
            return false;
        }
    }
    return true;
}

/* "set end 17:00 2026/06/30" of a schedule that is over once, in the device's own time; a recurring
 * one has a time of day only. */
static void schedule_end(struct making *making, const struct fw_thing *schedule)
{
    struct fw_node *end = fw_tree_find(&making->fos->tree, schedule->node, FW_SV("end"));
    uint32_t clock[2];
    uint32_t day[3];
    if (!end || end->n != 2 || !numbers(end->child->name, ':', clock, 2) ||
        !numbers(end->child->next->name, '/', day, 3) || clock[0] > 24 || clock[1] > 59 ||
        !fw_date_valid((int32_t)day[0], day[1], day[2])) {
        return;
    }
    int64_t minutes = (fw_days_from_date((int32_t)day[0], day[1], day[2]) * 24 + clock[0]) * 60 +
                      clock[1];
    making->rule->has_end = true;
    making->rule->end_ns = minutes * 60 * FW_NS_PER_SEC;
}

static void schedule(struct making *making)
{
    struct fw_fos *fos = making->fos;
    struct fw_node *node = fw_fos_key(fos, making->entry, "schedule");
    fw_sv name = fw_node_value(node);
    if (name.n == 0 || fw_sv_is(name, "always")) {
        return;
    }
    struct fw_thing *thing = fw_things_find(&fos->things, fos->vdom, FW_FOS_SCHEDULE, name);
    if (thing) {
        refer(making, thing);
        schedule_end(making, thing);
    } else {
        fw_doc_warn(fos->doc, FW_DIAG_ID_UNDEFINED_NAME, node->span.line, name,
                    "no schedule has this name");
        refer(making, fw_fos_missing(fos, node->child, FW_FOS_SCHEDULE));
    }
    widen(making, FW_ATOM_TIME, joined(making, "schedule", node), false);
}

static void action(struct making *making)
{
    struct fw_rule *rule = making->rule;
    fw_sv word = fw_fos_value(making->fos, making->entry, "action");
    rule->target = word.n > 0 ? word : FW_SV("deny");
    rule->action = FW_ACTION_DENY;
    if (fw_sv_is(word, "accept") || fw_sv_is(word, "ipsec") || fw_sv_is(word, "ssl-vpn")) {
        rule->action = FW_ACTION_PERMIT;
    } else if (fw_fos_is(making->fos, making->entry, "send-deny-packet", "enable")) {
        rule->action = FW_ACTION_REJECT;
    }
    fw_fos_key(making->fos, making->entry, "send-deny-packet");
    bool known = word.n == 0 || rule->action == FW_ACTION_PERMIT || fw_sv_is(word, "deny");
    if (!known) {
        rule->action = FW_ACTION_UNKNOWN;
        fw_node_mark(fw_fos_key(making->fos, making->entry, "action"), FW_LINE_UNSUPPORTED);
    }
    fw_sv log = fw_fos_value(making->fos, making->entry, "logtraffic");
    rule->log = fw_sv_is(log, "all") || (fw_sv_is(log, "enable"));
    rule->enabled = !fw_fos_is(making->fos, making->entry, "status", "disable");
}

/* What the device insists on before it keeps a policy. */
static void check_complete(struct making *making)
{
    static const char *const forward[] = {"srcintf", "dstintf"};
    static const char *const local[] = {"intf"};
    const char *const *names = making->list->local ? local : forward;
    const struct fw_tree *tree = &making->fos->tree;
    bool complete = true;
    for (size_t i = 0; i < (making->list->local ? 1 : 2); i++) {
        const struct fw_node *key = fw_tree_find(tree, making->entry, fw_sv_from(names[i]));
        complete = complete && key && key->n > 0;
    }
    bool service = fw_tree_find(tree, making->entry, FW_SV("service")) ||
                   fw_tree_find(tree, making->entry, FW_SV("internet-service")) ||
                   fw_tree_find(tree, making->entry, FW_SV("internet-service6"));
    if (!complete || !service) {
        fw_node_mark(making->entry, FW_LINE_BAD);
        fw_doc_warn(making->fos->doc, FW_DIAG_ID_BAD_VALUE, making->entry->span.line,
                    making->entry->name, "a policy needs its interfaces and a service");
        widen(making, FW_ATOM_VARYING, FW_SV("incomplete"), false);
    }
}

static void finish(struct making *making)
{
    struct fw_fos *fos = making->fos;
    struct fw_rule *rule = making->rule;
    for (struct fw_node *key = making->entry->child; key; key = key->next) {
        if (key->verdict == FW_LINE_NONE && fw_fos_keyword(fos, "firewall policy", key)) {
            fw_sv name = key->name;
            const char *words = fw_arena_cstr(&fos->doc->scratch, name);
            widen(making, FW_ATOM_FIXED, joined(making, words, key), true);
        }
    }
    if (making->entry->cut) {
        widen(making, FW_ATOM_VARYING, FW_SV("cut off"), false);
    }
    fw_rule_match(fos->doc, &fos->pool, &making->terms, rule->id, rule);
}

void fw_fos_rule(struct fw_fos *fos, const struct fw_fos_list *list, struct fw_policy *policy,
                 struct fw_node *entry, struct fw_rule *rule)
{
    struct making making = {.fos = fos, .list = list, .entry = entry, .rule = rule};
    bool v6 = list->families == FW_FAMILY_BIT6;
    fw_node_mark(entry, FW_LINE_USED);
    *rule = (struct fw_rule){.id = entry->name, .span = entry->span};
    rule->name = fw_fos_value(fos, entry, "name");
    rule->comment = fw_fos_value(fos, entry, "comments");
    fw_terms_init(&making.terms, &fos->doc->scratch, policy->families);
    action(&making);
    check_complete(&making);
    interfaces(&making, list->local ? "intf" : "srcintf", false);
    if (!list->local) {
        interfaces(&making, "dstintf", true);
    }
    sources(&making, v6);
    destinations(&making, v6);
    schedule(&making);
    finish(&making);
}
