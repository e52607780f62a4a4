/* Access lists of a router. Entries wait until all objects are known.
 *   access-list 101 permit tcp any any established      ip access-list extended WEB
 *   ipv6 access-list SIX                                  10 permit tcp any host 192.0.2.1 eq www
 *    permit tcp any any eq 443 sequence 20                remark for everybody */
#include <stdlib.h>
#include <string.h>

#include "parsers/cisco_ios.h"
#include "parsers/maker.h"

static size_t bucket_of(fw_sv name)
{
    return (size_t)(fw_sv_hash(name) % FW_CISCO_BUCKETS);
}

struct fw_ios_list *fw_ios_list_find(const struct fw_ios *ios, fw_sv name, bool six)
{
    struct fw_ios_list *list = ios->lists[bucket_of(name)];
    while (list && ((list->kind == FW_IOS_SIX) != six || !fw_sv_eq(list->name, name))) {
        list = list->next;
    }
    return list;
}

static struct fw_ios_list *make(struct fw_ios *ios, fw_sv name, enum fw_ios_list_kind kind,
                                uint32_t line)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_ruleset *set = ios->cisco.ruleset;
    struct fw_ios_list *list = fw_ios_list_find(ios, name, kind == FW_IOS_SIX);
    struct fw_ios_list **bucket = &ios->lists[bucket_of(name)];
    if (list) {
        list->defined = true;
        return list;
    }
    list = fw_new(&doc->arena, struct fw_ios_list);
    list->name = name;
    list->kind = kind;
    list->defined = true;
    list->policy = fw_new(&doc->arena, struct fw_policy);
    list->policy->name = name;
    list->policy->decides = true;
    list->policy->families = kind == FW_IOS_SIX ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
    list->policy->fallback = FW_ACTION_DENY;
    list->policy->span = fw_doc_span(doc, name, line);
    list->next = *bucket;
    *bucket = list;
    fw_ruleset_add(&doc->arena, set, list->policy);
    return list;
}

static void keep(struct fw_ios *ios, struct fw_ios_list *list, const struct fw_cisco_line *line,
                 bool in_block, bool undo)
{
    ios->entries = fw_arena_push(&ios->cisco.doc->arena, ios->entries, ios->nentries,
                                 sizeof(*ios->entries));
    ios->entries[ios->nentries++] = (struct fw_ios_entry){list, line->number, in_block, undo,
                                                          ios->shown && in_block};
    list->expected++;
}

/* Cisco IOS, "Access list numbers": the rest are lists of frames, or of protocols long gone. */
static bool numbered_kind(uint32_t number, enum fw_ios_list_kind *ret)
{
    bool standard = (number >= 1 && number <= 99) || (number >= 1300 && number <= 1999);
    bool extended = (number >= 100 && number <= 199) || (number >= 2000 && number <= 2699);
    *ret = standard ? FW_IOS_STANDARD : FW_IOS_EXTENDED;
    return standard || extended;
}

/* "no access-list 101": all of it. */
static void clear(struct fw_ios *ios, struct fw_ios_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < ios->nentries; i++) {
        if (ios->entries[i].list == list) {
            fw_doc_mark(ios->cisco.doc, ios->entries[i].line, FW_LINE_USED);
        } else {
            ios->entries[n++] = ios->entries[i];
        }
    }
    ios->nentries = n;
    list->defined = false;
    list->expected = 0;
}

/* "access-list 101 permit ..." */
static void take_numbered(struct fw_ios *ios, struct fw_cisco_line *line, bool no)
{
    struct fw_doc *doc = ios->cisco.doc;
    enum fw_ios_list_kind kind = FW_IOS_EXTENDED;
    uint32_t number;
    fw_sv name;
    if (!fw_cisco_next(line, &name)) {
        fw_doc_bad(doc, line->number, line->text, "expected the number of a list");
        return;
    }
    if (fw_sv_u32(name, UINT32_MAX, &number)) {
        if (!numbered_kind(number, &kind)) {
            fw_doc_mark(doc, line->number, FW_LINE_IGNORED); /* frames, not packets of IP */
            return;
        }
    } else if (fw_cisco_is(line, line->at, "standard")) {
        kind = FW_IOS_STANDARD;
    }
    if (no) {
        struct fw_ios_list *list = fw_ios_list_find(ios, name, false);
        if (list) {
            clear(ios, list);
        }
        fw_doc_mark(doc, line->number, FW_LINE_USED);
        return;
    }
    if (fw_sv_is(name, "dynamic-extended") || fw_sv_is(name, "compiled")) {
        fw_doc_mark(doc, line->number, FW_LINE_IGNORED);
        return;
    }
    struct fw_ios_list *list = make(ios, name, kind, line->number);
    size_t last = line->n - 1;
    if (last == line->at &&
        (fw_cisco_is(line, last, "standard") || fw_cisco_is(line, last, "extended"))) {
        ios->list = list; /* entries follow in a block */
        ios->shown = false;
        ios->block = FW_IOS_LIST;
        fw_doc_mark(doc, line->number, FW_LINE_USED);
        return;
    }
    keep(ios, list, line, false, false);
}

/* "ip access-list extended WEB", NX-OS: "ip access-list WEB". */
static void take_named(struct fw_ios *ios, struct fw_cisco_line *line, bool no)
{
    struct fw_doc *doc = ios->cisco.doc;
    bool six = fw_cisco_is(line, 0, "ipv6") || fw_cisco_is(line, 1, "ipv6");
    enum fw_ios_list_kind kind = six ? FW_IOS_SIX : FW_IOS_EXTENDED;
    fw_sv name;
    bool standard = !six && fw_cisco_take(line, "standard");
    kind = standard ? FW_IOS_STANDARD : kind;
    bool worded = six && line->at + 1 < line->n && fw_cisco_take(line, "standard");
    if (!standard && !worded && line->at + 1 < line->n) {
        fw_cisco_take(line, "extended");
    }
    if (!fw_cisco_next(line, &name)) {
        fw_doc_bad(doc, line->number, line->text, "expected the name of a list");
        return;
    }
    bool setting = fw_sv_is(name, "resequence") || fw_sv_is(name, "log-update") ||
                   fw_sv_is(name, "logging") || fw_sv_is(name, "persistent") ||
                   fw_sv_is(name, "helper") || fw_sv_is(name, "match-local-traffic");
    if (setting && line->at < line->n) {
        fw_doc_mark(doc, line->number, FW_LINE_IGNORED);
        return;
    }
    struct fw_ios_list *list = fw_ios_list_find(ios, name, six);
    if (no) {
        if (list) {
            clear(ios, list);
        }
        fw_doc_mark(doc, line->number, FW_LINE_USED);
        return;
    }
    ios->list = make(ios, name, kind, line->number);
    ios->block = FW_IOS_LIST;
    ios->shown = false;
    fw_doc_mark(doc, line->number, FW_LINE_USED);
}

/* "Extended IP access list WEB": what "show ip access-lists" prints before the entries of a list.
 */
static bool take_listing(struct fw_ios *ios, struct fw_cisco_line *line)
{
    static const struct {
        const char *words; /* Arista EOS: "IP Access List WEB" */
        enum fw_ios_list_kind kind;
    } heads[] = {
        {"Extended IP access list ", FW_IOS_EXTENDED},
        {"IP access list ", FW_IOS_EXTENDED},
        {"IPv6 access list ", FW_IOS_SIX},
        {"Reflexive IP access list ", FW_IOS_EXTENDED},
        {"Standard IP access list ", FW_IOS_STANDARD},
        {"Standard IPv6 access list ", FW_IOS_SIX},
    };
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        size_t size = strlen(heads[i].words);
        if (line->text.n > size &&
            fw_sv_eq_nocase(fw_sv_sub(line->text, 0, size), fw_sv_from(heads[i].words))) {
            fw_sv rest = fw_sv_sub(line->text, size, SIZE_MAX);
            fw_sv name;
            if (!fw_sv_word(&rest, &name)) {
                break;
            }
            ios->list = make(ios, name, heads[i].kind, line->number);
            ios->block = FW_IOS_LIST;
            ios->listing = true;
            ios->shown = true;
            fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_USED);
            return true;
        }
    }
    if (fw_cisco_is(line, 0, "MAC") && fw_cisco_is(line, 1, "access") &&
        fw_cisco_is(line, 2, "list")) { /* frames, not packets of IP */
        ios->block = FW_IOS_OTHER;
        ios->verdict = FW_LINE_IGNORED;
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
        return true;
    }
    return false;
}

bool fw_ios_list_line(struct fw_ios *ios, struct fw_cisco_line *line)
{
    size_t start = line->at;
    if (take_listing(ios, line)) {
        return true;
    }
    bool no = fw_cisco_take(line, "no");
    if (fw_cisco_take(line, "access-list")) {
        take_numbered(ios, line, no);
        return true;
    }
    if ((fw_cisco_take(line, "ip") || fw_cisco_take(line, "ipv6")) &&
        fw_cisco_take(line, "access-list")) {
        take_named(ios, line, no);
        return true;
    }
    line->at = start;
    return false;
}

bool fw_ios_list_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    static const char *const silent[] = {"statistics", "fragments", "ignore"};
    fw_sv word = line->words[0];
    uint32_t number;
    if (fw_sv_is(word, "exit")) {
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
        return true;
    }
    for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
        if (fw_sv_is(word, silent[i])) {
            bool pieces = fw_sv_is(word, "fragments"); /* NX-OS: "fragments permit-all" */
            if (pieces) {
                fw_doc_unsupported(ios->cisco.doc, line->number, word,
                                   "not modelled: what happens to fragments");
            } else {
                fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
            }
            return true;
        }
    }
    bool entry = fw_sv_is(word, "permit") || fw_sv_is(word, "deny") || fw_sv_is(word, "remark") ||
                 fw_sv_is(word, "evaluate") || fw_sv_is(word, "no") || fw_sv_is(word, "dynamic") ||
                 fw_sv_is(word, "sequence") || fw_sv_u32(word, UINT32_MAX, &number);
    if (!entry) {
        return false;
    }
    keep(ios, ios->list, line, true, fw_sv_is(word, "no"));
    return true;
}

/* --- Reading --- */

static void insert(struct fw_ios *ios, struct fw_ios_list *list, uint32_t sequence,
                   const struct fw_rule *rule)
{
    struct fw_policy *policy = list->policy;
    struct fw_arena *arena = &ios->cisco.doc->arena;
    if (policy->n == list->cap) {
        size_t cap = list->cap < list->expected ? list->expected : list->cap * 2 + 4;
        policy->rules = fw_arena_grow(arena, policy->rules, list->cap, cap, sizeof(*policy->rules));
        list->sequence = fw_arena_grow(arena, list->sequence, list->cap, cap,
                                       sizeof(*list->sequence));
        list->cap = cap;
    }
    policy->rules[policy->n] = *rule;
    list->sequence[policy->n++] = sequence;
    list->last = sequence > list->last ? sequence : list->last;
}

struct place {
    uint32_t sequence, index;
};

static int by_sequence(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    int order = (x->sequence > y->sequence) - (x->sequence < y->sequence);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* Entries stand in the order of their numbers, wherever they were written. */
static void put_in_order(struct fw_ios *ios, struct fw_ios_list *list)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_policy *policy = list->policy;
    bool sorted = true;
    for (size_t i = 1; i < policy->n; i++) {
        sorted = sorted && list->sequence[i - 1] <= list->sequence[i];
    }
    if (sorted) {
        return;
    }
    struct place *places = fw_new_array(&doc->scratch, policy->n, struct place);
    struct fw_rule *rules = fw_new_array(&doc->arena, policy->n, struct fw_rule);
    for (size_t i = 0; i < policy->n; i++) {
        places[i] = (struct place){list->sequence[i], (uint32_t)i};
    }
    qsort(places, policy->n, sizeof(*places), by_sequence);
    for (size_t i = 0; i < policy->n; i++) {
        rules[i] = policy->rules[places[i].index];
    }
    policy->rules = rules;
    list->cap = policy->n;
    for (size_t i = 0; i < policy->n; i++) {
        list->sequence[i] = places[i].sequence;
    }
    fw_arena_reset(&doc->scratch);
}

static void remove_at(struct fw_ios_list *list, size_t at)
{
    struct fw_policy *policy = list->policy;
    policy->n--;
    memmove(policy->rules + at, policy->rules + at + 1, (policy->n - at) * sizeof(*policy->rules));
    memmove(list->sequence + at, list->sequence + at + 1,
            (policy->n - at) * sizeof(*list->sequence));
}

/* "no 10", "no permit ip any any" */
static void undo(struct fw_ios *ios, struct fw_ios_list *list, const struct fw_cisco_line *line,
                 bool by_number, uint32_t sequence, const struct fw_rule *rule)
{
    for (size_t i = 0; i < list->policy->n; i++) {
        const struct fw_rule *other = &list->policy->rules[i];
        bool same = by_number ? list->sequence[i] == sequence
                              : other->action == rule->action &&
                                    (rule->action != FW_ACTION_CONTINUE ||
                                     fw_sv_eq(other->comment, rule->comment)) &&
                                    fw_match_same(&other->match, &rule->match);
        if (same) {
            remove_at(list, i);
            return;
        }
    }
    fw_doc_bad(ios->cisco.doc, line->number, line->text, "there is no such entry to remove");
}

/* The answers to what "reflect" let out: known to the device while it runs. */
static void take_evaluate(struct fw_ios *ios, struct fw_cisco_line *line, struct fw_rule *rule)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_terms terms;
    fw_sv parts[] = {FW_SV("evaluate"), fw_cisco_rest(line)};
    fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BOTH);
    fw_terms_atom(&terms,
                  fw_atom_make(FW_ATOM_FIXED, fw_words_join(&doc->scratch, parts, 2), false));
    fw_rule_match(doc, &ios->cisco.pool, &terms, (fw_sv){0}, rule);
    rule->action = FW_ACTION_PERMIT;
    line->at = line->n;
}

/* "permit ...", "deny ...", "remark ...", "evaluate ...": the rest of the line. False: reported. */
static bool read_rule(struct fw_ios *ios, struct fw_ios_list *list, struct fw_cisco_line *line,
                      struct fw_rule *rule)
{
    if (fw_cisco_take(line, "remark")) {
        rule->action = FW_ACTION_CONTINUE;
        rule->comment = fw_cisco_rest(line);
        list->remark = rule->comment;
        return true;
    }
    if (fw_cisco_take(line, "dynamic")) { /* lock and key: who has logged in */
        line->at += line->at < line->n;
        if (fw_cisco_take(line, "timeout")) {
            line->at += line->at < line->n;
        }
        fw_doc_unsupported(ios->cisco.doc, line->number, line->words[0],
                           "not modelled: entries that appear when somebody logs in");
    }
    bool permit = fw_cisco_take(line, "permit");
    rule->action = permit ? FW_ACTION_PERMIT : FW_ACTION_DENY;
    if (permit || fw_cisco_take(line, "deny")) {
        fw_ios_entry_read(ios, line, list->kind, rule);
    } else if (fw_cisco_take(line, "evaluate")) {
        take_evaluate(ios, line, rule);
    } else {
        fw_sv word = line->text;
        fw_cisco_peek(line, &word);
        fw_doc_bad(ios->cisco.doc, line->number, word, "expected permit, deny or remark");
        return false;
    }
    rule->comment = list->remark;
    list->remark = (fw_sv){0};
    return true;
}

/* An entry that was shown behind the configuration that has it: only its hits are news. The device
 * may number what the configuration does not. */
static void count_hits(struct fw_ios *ios, struct fw_ios_list *list, uint32_t sequence,
                       const struct fw_rule *shown)
{
    struct fw_rule *found = NULL;
    for (size_t i = 0; i < list->written; i++) {
        struct fw_rule *rule = &list->policy->rules[i];
        bool same = rule->action == shown->action && fw_match_same(&rule->match, &shown->match) &&
                    (shown->action != FW_ACTION_CONTINUE ||
                     fw_sv_eq(rule->comment, shown->comment));
        if (same && (!found || list->sequence[i] == sequence)) {
            found = rule;
        }
    }
    if (found) {
        found->hits = shown->hits;
    } else {
        fw_doc_unsupported(ios->cisco.doc, shown->span.line, (fw_sv){0},
                           "the list has no such entry in the configuration");
    }
}

static void read_entry(struct fw_ios *ios, const struct fw_ios_entry *entry,
                       struct fw_cisco_line *line)
{
    struct fw_doc *doc = ios->cisco.doc;
    struct fw_ios_list *list = entry->list;
    struct fw_rule rule = {.enabled = true, .span = fw_doc_span(doc, line->text, line->number)};
    fw_sv word;
    uint32_t sequence = 0;
    fw_doc_mark(doc, line->number, FW_LINE_USED);
    if (!entry->in_block) {
        line->at = 2;
        if (!fw_cisco_take(line, "standard")) {
            fw_cisco_take(line, "extended");
        }
    }
    if (entry->undo) {
        line->at = 1;
    }
    fw_cisco_take(line, "sequence");
    bool numbered = fw_cisco_peek(line, &word) && fw_sv_u32(word, UINT32_MAX, &sequence);
    if (numbered) {
        rule.id = word;
        line->at++;
    }
    if (entry->undo && numbered && line->at == line->n) {
        undo(ios, list, line, true, sequence, NULL);
        return;
    }
    fw_sv remark = list->remark;
    if (!read_rule(ios, list, line, &rule)) {
        return;
    }
    if (entry->undo) {
        rule.comment = rule.action == FW_ACTION_CONTINUE ? rule.comment : (fw_sv){0};
        list->remark = remark;
        undo(ios, list, line, false, 0, &rule);
        return;
    }
    if (!numbered && list->kind == FW_IOS_SIX && rule.id.n > 0) { /* "... sequence 20" */
        numbered = fw_sv_u32(rule.id, UINT32_MAX, &sequence);
    }
    if (!numbered) {
        sequence = list->last > UINT32_MAX - 10 ? UINT32_MAX : list->last + 10;
    }
    if (entry->shown && list->written > 0) {
        count_hits(ios, list, sequence, &rule);
        return;
    }
    insert(ios, list, sequence, &rule);
}

/* --- After the last entry --- */

static bool takes(const struct fw_rule *rule, uint32_t type)
{
    for (size_t i = 0; rule->enabled && i < rule->match.n; i++) {
        const struct fw_term *term = &rule->match.terms[i];
        if (!term->src && !term->dst && term->natoms == 0 && rule->action != FW_ACTION_CONTINUE &&
            (!term->proto || fw_numset_has(term->proto, 58)) && !term->sport && !term->dport &&
            (!term->icmp || (fw_numset_has(term->icmp, type << 8) &&
                             fw_numset_has(term->icmp, type << 8 | UINT8_MAX)))) {
            return true;
        }
    }
    return false;
}

/* Cisco IOS, "ipv6 access-list": every list ends with "permit icmp any any nd-na", the same for
 * nd-ns, and "deny ipv6 any any". Where an entry takes these packets before, nothing is added. */
static void add_neighbours(struct fw_ios *ios, struct fw_ios_list *list)
{
    struct fw_doc *doc = ios->cisco.doc;
    /* NX-OS: router advertisements and solicitations, too. */
    for (uint32_t type = 136; type >= (ios->nx ? 133u : 135u); type--) {
        struct fw_terms terms;
        struct fw_term part = {0};
        struct fw_rule rule = {.enabled = true,
                               .action = FW_ACTION_PERMIT,
                               .span = list->policy->span,
                               .comment = FW_SV("implicit: neighbour discovery")};
        bool taken = false;
        for (size_t i = 0; i < list->policy->n; i++) {
            taken = taken || takes(&list->policy->rules[i], type);
        }
        if (taken) {
            continue;
        }
        part.proto = fw_numset_range(&doc->scratch, 58, 58);
        part.icmp = fw_numset_range(&doc->scratch, type << 8, type << 8 | UINT8_MAX);
        fw_terms_init(&terms, &doc->scratch, FW_FAMILY_BIT6);
        fw_terms_and(&terms, &part, 1);
        fw_terms_finish(&terms, &ios->cisco.pool, &rule.match);
        insert(ios, list, UINT32_MAX, &rule);
        fw_arena_reset(&doc->scratch);
    }
}

static void settle(struct fw_ios *ios, struct fw_ios_list *list)
{
    struct fw_cisco_line line = {.number = list->policy->span.line};
    struct fw_cisco_object *object = fw_cisco_object_define(&ios->cisco, list->name,
                                                            FW_OBJECT_POLICY, &line);
    object->object->empty = list->policy->n == 0;
    put_in_order(ios, list);
    if (list->kind == FW_IOS_SIX && list->policy->n > 0) {
        add_neighbours(ios, list);
    }
    for (size_t r = 0; r < list->policy->n; r++) {
        list->policy->rules[r].position = (uint32_t)(r + 1);
    }
}

static void read_entries(struct fw_ios *ios, bool shown)
{
    struct fw_doc *doc = ios->cisco.doc;
    ios->cisco.shown = shown;
    for (size_t i = 0; i < ios->nentries; i++) {
        struct fw_cisco_line line;
        uint32_t number = ios->entries[i].line;
        if (ios->entries[i].shown != shown) {
            continue;
        }
        fw_cisco_line_read(&doc->scratch, fw_doc_line_text(doc, number), number, &line);
        read_entry(ios, &ios->entries[i], &line);
        fw_arena_reset(&doc->scratch);
    }
}

void fw_ios_list_read(struct fw_ios *ios)
{
    read_entries(ios, false);
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (struct fw_ios_list *list = ios->lists[i]; list; list = list->next) {
            list->written = list->defined ? list->policy->n : 0;
            list->remark = (fw_sv){0};
        }
    }
    read_entries(ios, true);
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (struct fw_ios_list *list = ios->lists[i]; list; list = list->next) {
            if (list->defined) {
                settle(ios, list);
            } else {
                list->policy->n = 0;
            }
        }
    }
}
