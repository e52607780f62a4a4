/* Address translation of an ASA: which lines there are, and in which order the device asks them.
 *   object network SRV                      nat (inside) 1 10.0.0.0 255.0.0.0
 *    nat (dmz,outside) static 192.0.2.9     global (outside) 1 interface
 *   nat (in,out) source dynamic any PAT     static (dmz,outside) 192.0.2.9 10.0.0.9 */
#include "parsers/cisco_asa_nat.h"

#include "parsers/maker.h"

#include <stdlib.h>

static bool is_translation(const struct fw_cisco_line *line, size_t at)
{
    return fw_cisco_is(line, at, "nat") || fw_cisco_is(line, at, "static") ||
           fw_cisco_is(line, at, "global");
}

static fw_sv text_from(const struct fw_cisco_line *line, size_t at)
{
    return fw_sv_sub(line->text, (size_t)(line->words[at].p - line->text.p), SIZE_MAX);
}

/* "no nat (inside,outside) ...", "clear configure static": what stands before is forgotten. */
static void forget(struct fw_asa *asa, const struct fw_cisco_line *line, size_t at)
{
    struct fw_doc *doc = asa->cisco.doc;
    fw_sv text = text_from(line, at);
    bool whole = fw_cisco_is(line, 0, "clear");
    size_t n = 0;
    for (size_t i = 0; i < asa->nnats; i++) {
        fw_sv other = fw_sv_trim(fw_doc_line_text(doc, asa->nats[i].line));
        bool in_object = asa->nats[i].object != NULL;
        bool same = whole ? fw_sv_starts(other, fw_cisco_is(line, at, "nat")      ? "nat "
                                                : fw_cisco_is(line, at, "static") ? "static "
                                                                                  : "global ")
                          : fw_sv_eq(other, text) && in_object == (asa->block == FW_ASA_OBJECT);
        if (same) {
            fw_doc_mark(doc, asa->nats[i].line, FW_LINE_USED);
        } else {
            asa->nats[n++] = asa->nats[i];
        }
    }
    asa->nnats = n;
    fw_doc_mark(doc, line->number, FW_LINE_USED);
}

bool fw_asa_nat_keep(struct fw_asa *asa, const struct fw_cisco_line *line)
{
    bool no = fw_cisco_is(line, 0, "no");
    bool clear = fw_cisco_is(line, 0, "clear");
    bool config = clear && (fw_cisco_is(line, 1, "config") || fw_cisco_is(line, 1, "configure"));
    size_t at = config ? 2 : no || clear ? 1 : 0;
    bool inside = asa->block == FW_ASA_OBJECT;
    if (!is_translation(line, at) || (inside && !fw_cisco_is(line, at, "nat"))) {
        return false;
    }
    if (no || clear) {
        forget(asa, line, at);
        return true;
    }
    asa->nats = fw_arena_push(&asa->cisco.doc->arena, asa->nats, asa->nnats, sizeof(*asa->nats));
    asa->nats[asa->nnats++] = (struct fw_asa_nat_line){line->number, inside ? asa->object : NULL};
    return true;
}

/* --- One entry --- */

void fw_asa_nat_init(struct fw_asa_nat *nat, struct fw_asa *asa, struct fw_cisco_line *line,
                     enum fw_asa_section section, bool six)
{
    *nat = (struct fw_asa_nat){.asa = asa, .line = line};
    fw_terms_init(&nat->terms, &asa->cisco.doc->scratch, six ? FW_FAMILY_BOTH : FW_FAMILY_BIT4);
    nat->entry.section = section;
    nat->entry.rule.enabled = true;
    nat->entry.rule.action = FW_ACTION_SNAT;
    nat->entry.rule.span = fw_doc_span(asa->cisco.doc, line->text, line->number);
}

void fw_asa_nat_expect(struct fw_asa_nat *nat, const char *what)
{
    fw_sv word = nat->line->text;
    fw_cisco_peek(nat->line, &word);
    fw_doc_bad(nat->asa->cisco.doc, nat->line->number, word, "expected %s", what);
}

bool fw_asa_nat_pair(struct fw_asa_nat *nat, fw_sv *ret_a, fw_sv *ret_b)
{
    fw_sv word;
    fw_sv second = {0};
    if (!fw_cisco_next(nat->line, &word) || word.p[0] != '(') {
        fw_asa_nat_expect(nat, "interfaces in parentheses");
        return false;
    }
    word = fw_sv_sub(word, 1, SIZE_MAX);
    if (fw_sv_ends(word, ",") && fw_cisco_next(nat->line, &second)) { /* "(inside, outside)" */
        word = fw_sv_sub(word, 0, word.n - 1);
    } else {
        size_t comma = fw_sv_find_char(word, ',');
        second = comma == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(word, comma + 1, SIZE_MAX);
        word = comma == SIZE_MAX ? word : fw_sv_sub(word, 0, comma);
    }
    fw_sv *last = second.p ? &second : &word;
    if (!fw_sv_ends(*last, ")")) {
        fw_asa_nat_expect(nat, "a closing parenthesis");
        return false;
    }
    *last = fw_sv_sub(*last, 0, last->n - 1);
    *ret_a = word;
    *ret_b = second;
    return true;
}

void fw_asa_nat_between(struct fw_asa_nat *nat, fw_sv in, fw_sv out)
{
    struct fw_arena *scratch = &nat->asa->cisco.doc->scratch;
    struct fw_term part = {0};
    if (in.n > 0 && !fw_sv_is(in, "any")) {
        part.in = fw_nameset_make(scratch, &in, 1, false);
    }
    if (out.n > 0 && !fw_sv_is(out, "any")) {
        part.out = fw_nameset_make(scratch, &out, 1, false);
    }
    fw_terms_and(&nat->terms, &part, 1);
}

void fw_asa_nat_source(struct fw_asa_nat *nat, const struct fw_ipset *set)
{
    struct fw_term part = {.src = set};
    fw_terms_and(&nat->terms, &part, 1);
    nat->real = set;
    nat->entry.size = set ? fw_ipset_size(set) : 1e40;
    nat->entry.first = set && set->n > 0 ? set->v[0].lo : (fw_ip){0};
}

void fw_asa_nat_to(struct fw_nat *to, struct fw_asa_nat *nat, const struct fw_ipset *set)
{
    if (set->n == 0) {
        return;
    }
    to->to = (fw_iprange){set->v[0].lo, set->v[0].hi};
    if (set->n > 1) {
        to->set = fw_pool_ipset(&nat->asa->cisco.pool, set);
        for (size_t i = 1; i < set->n && set->v[i].hi.family == to->to.lo.family; i++) {
            to->to.hi = set->v[i].hi;
        }
    }
}

void fw_asa_nat_to_interface(struct fw_nat *to, struct fw_asa_nat *nat, fw_sv name)
{
    const struct fw_cisco *cisco = &nat->asa->cisco;
    to->own_address = true;
    for (size_t i = 0; i < cisco->ninterfaces; i++) {
        const struct fw_interface *interface = &cisco->interfaces[i];
        for (size_t k = 0; k < interface->nown && to->to.lo.family == 0; k++) {
            if (fw_sv_eq(interface->name, name) && interface->own[k].family == FW_IPV4) {
                to->to = (fw_iprange){interface->own[k], interface->own[k]};
            }
        }
    }
}

/* Puts the entry where the number says: among those of its section as they stand now, counted from
 * 1. Those that stand there and behind go one further. */
static void make_room(struct fw_asa *asa, struct fw_asa_nat_entry *entry, size_t number)
{
    size_t *order = fw_new_array(&asa->cisco.doc->scratch, asa->nentries + 1, size_t);
    size_t seen = 0;
    for (size_t i = 0; i < asa->nentries; i++) {
        order[asa->entries[i].place] = i;
    }
    for (size_t i = 0; i < asa->nentries && seen < number; i++) {
        const struct fw_asa_nat_entry *e = &asa->entries[order[i]];
        if (e->section == entry->section && ++seen == number) {
            entry->place = e->place;
        }
    }
    for (size_t i = 0; i < asa->nentries; i++) {
        asa->entries[i].place += asa->entries[i].place >= entry->place;
    }
}

void fw_asa_nat_add(struct fw_asa_nat *nat)
{
    struct fw_asa *asa = nat->asa;
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_asa_nat_entry *entry = &nat->entry;
    struct fw_rule *rule = &entry->rule;
    fw_rule_match(doc, &asa->cisco.pool, &nat->terms, (fw_sv){0}, rule);
    if (nat->other.to.lo.family != 0 || nat->other.own_address || nat->other.port_lo != 0) {
        struct fw_nat *other = fw_new(&doc->arena, struct fw_nat);
        *other = nat->other;
        rule->nat.other = other;
    }
    entry->place = asa->nentries;
    if (nat->place > 0) {
        make_room(asa, entry, nat->place);
    }
    asa->entries = fw_arena_push(&doc->arena, asa->entries, asa->nentries, sizeof(*asa->entries));
    asa->entries[asa->nentries++] = *entry;
    fw_doc_mark(doc, nat->line->number, FW_LINE_USED);
}

/* --- All of them --- */

static int by_number(double a, double b)
{
    return (a > b) - (a < b);
}

/* Cisco ASA, CLI configuration guide, "NAT rule order": rules of objects by kind, then by how many
 * addresses, then by address, then by name. Before 8.3 regular dynamic rules: the best match. */
static int by_order(const void *a, const void *b)
{
    const struct fw_asa_nat_entry *x = a;
    const struct fw_asa_nat_entry *y = b;
    int order = (int)x->section - (int)y->section;
    bool automatic = x->section == FW_ASA_NAT_AUTO;
    if (order == 0 && automatic) {
        order = (int)x->dynamic - (int)y->dynamic;
    }
    if (order == 0 && (automatic || x->section == FW_ASA_NAT_REGULAR)) {
        order = by_number(x->size, y->size);
    }
    if (order == 0 && automatic) {
        order = fw_ip_cmp(x->first, y->first);
        order = order != 0 ? order : fw_sv_cmp(x->name, y->name);
    }
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static void make_policy(struct fw_asa *asa)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_ruleset *set = asa->cisco.ruleset;
    struct fw_policy *policy = fw_cisco_nat_policy(&asa->cisco);
    policy->rules = fw_new_array(&doc->arena, asa->nentries, struct fw_rule);
    policy->span = asa->entries[0].rule.span;
    policy->n = asa->nentries;
    qsort(asa->entries, asa->nentries, sizeof(*asa->entries), by_order);
    for (size_t i = 0; i < asa->nentries; i++) {
        policy->rules[i] = asa->entries[i].rule;
        policy->rules[i].name = asa->entries[i].name;
        policy->rules[i].position = (uint32_t)(i + 1);
    }
    fw_ruleset_add(&doc->arena, set, policy);
}

/* Since 8.3 lists see real addresses ("Migration of ACLs to real IP addresses"). Where the version
 * is not said, the spelling of the translations says it. */
static enum fw_nat_view view_of(const struct fw_asa *asa)
{
    bool real = asa->major > 0
                    ? !asa->pix && (asa->major > 8 || (asa->major == 8 && asa->minor >= 3))
                    : asa->nat_new && !asa->nat_old;
    return real ? FW_NAT_VIEW_REAL : FW_NAT_VIEW_WIRE;
}

static void read_lines(struct fw_asa *asa, bool globals)
{
    struct fw_doc *doc = asa->cisco.doc;
    for (size_t i = 0; i < asa->nnats; i++) {
        struct fw_cisco_line line;
        uint32_t number = asa->nats[i].line;
        fw_cisco_line_read(&doc->scratch, fw_doc_line_text(doc, number), number, &line);
        bool pool = fw_cisco_is(&line, 0, "global");
        bool pair = line.n > 1 &&
                    (line.words[1].p[0] != '(' || fw_sv_find_char(line.words[1], ',') != SIZE_MAX);
        if (globals && pool) {
            fw_asa_nat_global(asa, &line);
        } else if (!globals && !pool && fw_cisco_is(&line, 0, "nat") &&
                   (asa->nats[i].object || pair)) {
            asa->nat_new = true;
            fw_asa_nat_new(asa, &line, asa->nats[i].object);
        } else if (!globals && !pool) {
            asa->nat_old = true;
            fw_asa_nat_old(asa, &line);
        }
        fw_arena_reset(&doc->scratch);
    }
}

void fw_asa_nat_finish(struct fw_asa *asa)
{
    read_lines(asa, true);
    fw_asa_nat_globals_done(asa);
    read_lines(asa, false);
    if (asa->nentries > 0) {
        make_policy(asa);
        asa->cisco.ruleset->nat_view = view_of(asa);
    }
}
