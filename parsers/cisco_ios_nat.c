/* Address translation of a router. Lists see the addresses on the wire of their interface.
 *   ip nat inside source list 1 interface Serial0 overload
 *   ip nat inside source static tcp 10.0.0.9 8080 192.0.2.9 80 extendable
 *   ip nat pool P 192.0.2.1 192.0.2.9 prefix-length 24       ip nat outside source static A B */
#include "parsers/cisco_ios.h"

struct nat {
    struct fw_ios *ios;
    struct fw_cisco_line *line;
    struct fw_terms terms;
    struct fw_rule rule;
    bool inside;
};

static struct fw_arena *scratch_of(const struct nat *nat)
{
    return &nat->ios->cisco.doc->scratch;
}

bool fw_ios_nat_keep(struct fw_ios *ios, const struct fw_cisco_line *line)
{
    static const char *const silent[] = {"log",      "service", "translation",
                                         "settings", "create",  "refresh-client",
                                         "sip-sbc",  "portmap", "switchover"};
    bool no = fw_cisco_is(line, 0, "no");
    if (!fw_cisco_is(line, no, "ip") || !fw_cisco_is(line, no + 1u, "nat")) {
        return false;
    }
    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
        if (fw_cisco_is(line, no + 2u, silent[i])) {
            fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
            return true;
        }
    }
    if (no) {
        size_t n = 0;
        fw_sv rest = fw_sv_sub(line->text, (size_t)(line->words[1].p - line->text.p), SIZE_MAX);
        for (size_t i = 0; i < ios->nnats; i++) {
            if (fw_sv_eq(fw_sv_trim(fw_doc_line_text(ios->cisco.doc, ios->nats[i])), rest)) {
                fw_doc_mark(ios->cisco.doc, ios->nats[i], FW_LINE_USED);
            } else {
                ios->nats[n++] = ios->nats[i];
            }
        }
        ios->nnats = n;
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
        return true;
    }
    ios->nats = fw_arena_push(&ios->cisco.doc->arena, ios->nats, ios->nnats, sizeof(*ios->nats));
    ios->nats[ios->nnats++] = line->number;
    return true;
}

static void expect(struct nat *nat, const char *what)
{
    fw_sv word = nat->line->text;
    fw_cisco_peek(nat->line, &word);
    fw_doc_bad(nat->ios->cisco.doc, nat->line->number, word, "expected %s", what);
}

static bool take_ip(struct nat *nat, fw_ip *ret)
{
    fw_sv word;
    if (!fw_cisco_next(nat->line, &word) || !fw_ip_parse(word, ret)) {
        expect(nat, "an address");
        return false;
    }
    return true;
}

static bool take_port(struct nat *nat, uint16_t *ret)
{
    fw_sv word;
    if (!fw_cisco_next(nat->line, &word) || !fw_cisco_port(word, ret)) {
        expect(nat, "a port");
        return false;
    }
    return true;
}

static void to_interface(struct nat *nat)
{
    const struct fw_cisco *cisco = &nat->ios->cisco;
    fw_sv name = FW_SV("");
    nat->rule.nat.own_address = true;
    fw_cisco_next(nat->line, &name);
    for (size_t i = 0; i < cisco->ninterfaces; i++) {
        const struct fw_interface *interface = &cisco->interfaces[i];
        if (fw_sv_eq(interface->name, name) && interface->nown > 0) {
            nat->rule.nat.to = (fw_iprange){interface->own[0], interface->own[0]};
        }
    }
}

static void and_words(struct nat *nat, const char *prefix, fw_sv name, bool outside)
{
    fw_sv parts[] = {fw_sv_from(prefix), name};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(scratch_of(nat), parts, 2),
                                       false);
    atom.outside = outside;
    fw_terms_atom(&nat->terms, atom);
}

/* What the list permits; entries that deny make the rest uncertain. */
static void and_list(struct nat *nat, fw_sv name)
{
    struct fw_ios_list *list = fw_ios_list_find(nat->ios, name, false);
    struct fw_term *terms = NULL;
    size_t n = 0;
    bool denies = false;
    if (!list || !list->defined) {
        fw_doc_mark(nat->ios->cisco.doc, nat->line->number, FW_LINE_UNSUPPORTED);
        fw_doc_warn(nat->ios->cisco.doc, FW_DIAG_ID_UNDEFINED_NAME, nat->line->number, name,
                    "no access list has the name \"%.*s\"", FW_SV_ARG(name));
        and_words(nat, "list", name, true);
        return;
    }
    for (size_t i = 0; i < list->policy->n; i++) {
        const struct fw_rule *rule = &list->policy->rules[i];
        denies = denies || rule->action == FW_ACTION_DENY;
        for (size_t t = 0; rule->action == FW_ACTION_PERMIT && t < rule->match.n; t++) {
            terms = fw_arena_push(scratch_of(nat), terms, n, sizeof(*terms));
            terms[n++] = rule->match.terms[t];
        }
    }
    list->uses++;
    fw_terms_and(&nat->terms, terms, n);
    if (denies) {
        and_words(nat, "list", name, false);
    }
}

static void take_pool(struct nat *nat)
{
    struct fw_doc *doc = nat->ios->cisco.doc;
    fw_sv name;
    if (!fw_cisco_next(nat->line, &name)) {
        expect(nat, "the name of a pool");
        return;
    }
    for (size_t i = 0; i < nat->ios->nnats; i++) {
        struct fw_cisco_line line;
        uint32_t number = nat->ios->nats[i];
        fw_iprange range;
        fw_cisco_line_read(scratch_of(nat), fw_doc_line_text(doc, number), number, &line);
        if (fw_cisco_is(&line, 2, "pool") && line.n > 5 && fw_sv_eq(line.words[3], name) &&
            fw_ip_parse(line.words[4], &range.lo) && fw_ip_parse(line.words[5], &range.hi) &&
            range.lo.family == range.hi.family && fw_ip_cmp(range.lo, range.hi) <= 0) {
            nat->rule.nat.to = range;
            return;
        }
    }
    fw_doc_mark(doc, nat->line->number, FW_LINE_UNSUPPORTED);
    fw_doc_warn(doc, FW_DIAG_ID_UNDEFINED_NAME, nat->line->number, name,
                "no pool has the name \"%.*s\"", FW_SV_ARG(name));
    and_words(nat, "pool", name, true);
}

static bool take_options(struct nat *nat)
{
    static const char *const silent[] = {
        "add-route",  "egress-interface", "extendable", "forced",     "match-in-vrf", "no-alias",
        "no-payload", "overload",         "oer",        "reversible", "stateless"};
    static const char *const valued[] = {"mapping-id", "redundancy", "route-map", "vrf"};
    fw_sv word;
    fw_sv value;
    while (fw_cisco_next(nat->line, &word)) {
        bool known = false;
        known = known || FW_SV_AMONG(word, silent);
        for (size_t i = 0; !known && i < sizeof(valued) / sizeof(valued[0]); i++) {
            if (fw_sv_is(word, valued[i]) && fw_cisco_next(nat->line, &value)) {
                known = true;
                if (fw_sv_is(word, "route-map")) { /* what it matches is not followed */
                    and_words(nat, "route-map", value, false);
                }
            }
        }
        if (!known) {
            nat->line->at--;
            expect(nat, "an option of a translation");
            return false;
        }
    }
    return true;
}

/* "static 10.0.0.1 192.0.2.1", "static tcp 10.0.0.1 80 interface X 8080", "static network A B /24"
 */
static bool take_static(struct nat *nat)
{
    struct fw_term part = {0};
    fw_iprange real;
    fw_ip mapped;
    bool any;
    uint16_t port = 0;
    bool ports = fw_cisco_is(nat->line, nat->line->at, "tcp") ||
                 fw_cisco_is(nat->line, nat->line->at, "udp");
    bool network = fw_cisco_take(nat->line, "network");
    nat->rule.nat.both_ways = true;
    nat->rule.nat.paired = true;
    if (ports) {
        fw_cisco_protocol(scratch_of(nat), nat->line->words[nat->line->at++], &part.proto, &any);
    }
    if (!take_ip(nat, &real.lo)) {
        return false;
    }
    real.hi = real.lo;
    if (ports) {
        if (!take_port(nat, &port)) {
            return false;
        }
        part.sport = fw_numset_range(scratch_of(nat), port, port);
    }
    if (!network && fw_cisco_take(nat->line, "interface")) {
        to_interface(nat);
    } else if (!take_ip(nat, &mapped)) {
        return false;
    } else {
        nat->rule.nat.to = (fw_iprange){mapped, mapped};
    }
    if (ports && !take_port(nat, &port)) {
        return false;
    }
    nat->rule.nat.port_lo = port;
    nat->rule.nat.port_hi = port;
    fw_sv mask;
    if (network) {
        fw_iprange to;
        uint32_t bits;
        fw_ip dotted;
        bool ok = fw_cisco_next(nat->line, &mask) &&
                  ((fw_sv_starts(mask, "/") && fw_sv_u32(fw_sv_sub(mask, 1, SIZE_MAX), 32, &bits) &&
                    fw_iprange_from_prefix(real.lo, bits, &real) &&
                    fw_iprange_from_prefix(mapped, bits, &to)) ||
                   (fw_ip_parse(mask, &dotted) && fw_iprange_from_mask(real.lo, dotted, &real) &&
                    fw_iprange_from_mask(mapped, dotted, &to)));
        if (!ok) {
            expect(nat, "a mask of both networks");
            return false;
        }
        nat->rule.nat.to = to;
    }
    part.src = fw_ipset_make(scratch_of(nat), &real, 1);
    fw_terms_and(&nat->terms, &part, 1);
    return true;
}

static void and_sides(struct nat *nat)
{
    struct fw_term part = {0};
    struct fw_ios *ios = nat->ios;
    const struct fw_nameset *inside = fw_nameset_make(scratch_of(nat), ios->inside, ios->ninside,
                                                      false);
    const struct fw_nameset *outside = fw_nameset_make(scratch_of(nat), ios->outside, ios->noutside,
                                                       false);
    part.in = nat->inside ? inside : outside;
    part.out = nat->inside ? outside : inside;
    fw_terms_and(&nat->terms, &part, 1);
}

/* After "ip nat". */
static void read_line(struct fw_ios *ios, struct fw_cisco_line *line, struct fw_policy *policy)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct nat nat = {.ios = ios, .line = line};
    fw_sv name;
    nat.rule.enabled = true;
    nat.rule.action = FW_ACTION_SNAT;
    nat.rule.span = fw_doc_span(doc, line->text, line->number);
    fw_terms_init(&nat.terms, &doc->scratch, FW_FAMILY_BIT4);
    if (fw_cisco_take(line, "pool")) { /* read where it is used */
        fw_ip lo;
        fw_ip hi;
        bool ok = line->n > 5 && fw_ip_parse(line->words[4], &lo) &&
                  fw_ip_parse(line->words[5], &hi);
        bool rotary = line->n > 4 &&
                      (fw_cisco_is(line, 4, "prefix-length") || fw_cisco_is(line, 4, "netmask"));
        if (ok || rotary) {
            fw_doc_mark(doc, line->number, FW_LINE_USED);
        } else {
            expect(&nat, "a name and two addresses");
        }
        return;
    }
    nat.inside = fw_cisco_take(line, "inside");
    bool ok = nat.inside || fw_cisco_take(line, "outside");
    if (ok && fw_cisco_take(line, "destination")) {
        fw_doc_unsupported(doc, line->number, line->text,
                           "not modelled: destinations shared by several servers");
        return;
    }
    if (!ok || !fw_cisco_take(line, "source")) {
        expect(&nat, "\"inside source\" or \"outside source\"");
        return;
    }
    fw_doc_mark(doc, line->number, FW_LINE_USED);
    if (fw_cisco_take(line, "static")) {
        ok = take_static(&nat);
    } else {
        bool map = fw_cisco_take(line, "route-map");
        ok = (map || fw_cisco_take(line, "list")) && fw_cisco_next(line, &name);
        if (!ok) {
            expect(&nat, "\"static\", \"list\" or \"route-map\"");
        } else if (map) {
            and_words(&nat, "route-map", name, false);
        } else {
            and_list(&nat, name);
        }
        if (ok && fw_cisco_take(line, "interface")) {
            to_interface(&nat);
        } else if (ok && fw_cisco_take(line, "pool")) {
            take_pool(&nat);
        }
    }
    if (!ok || !take_options(&nat)) {
        return;
    }
    and_sides(&nat);
    fw_terms_finish(&nat.terms, &ios->cisco.pool, &nat.rule.match);
    nat.rule.unmodelled = fw_match_words(&doc->arena, &nat.rule.match, &nat.rule.nwords);
    policy->rules = fw_arena_push(&doc->arena, policy->rules, policy->n, sizeof(*policy->rules));
    policy->rules[policy->n++] = nat.rule;
}

void fw_ios_nat_finish(struct fw_ios *ios)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_ruleset *set = ios->cisco.ruleset;
    struct fw_policy *policy = fw_cisco_nat_policy(&ios->cisco);
    for (size_t i = 0; i < ios->nnats; i++) {
        struct fw_cisco_line line;
        uint32_t number = ios->nats[i];
        fw_cisco_line_read(&doc->scratch, fw_doc_line_text(doc, number), number, &line);
        line.at = 2;
        read_line(ios, &line, policy);
        fw_arena_reset(&doc->scratch);
    }
    if (policy->n == 0) {
        return;
    }
    for (size_t i = 0; i < policy->n; i++) {
        policy->rules[i].position = (uint32_t)(i + 1);
    }
    policy->span = policy->rules[0].span;
    fw_ruleset_add(&doc->arena, set, policy);
    set->nat_view = FW_NAT_VIEW_WIRE;
}
