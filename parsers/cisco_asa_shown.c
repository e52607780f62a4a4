/* What "show access-list" prints: the entries of a list with how often they were hit, and below an
 * entry of objects the elements it stands for. Behind a configuration it only counts the hits of
 * what is written there; alone it is the list.
 *   access-list OUT; 3 elements; name hash: 0x178be4f2
 *   access-list OUT line 1 extended permit tcp any object-group WEB eq www (hitcnt=9) 0xb8411547
 *     access-list OUT line 1 extended permit tcp any host 192.0.2.1 eq www (hitcnt=9) 0xb86c056b
 */
#include "parsers/cisco_asa.h"
#include "parsers/maker.h"

/* An entry as it was shown; its elements stay until it is known whether all of them are here. */
struct fw_asa_shown_entry {
    size_t rule; /* index */
    bool written, counted;
    uint64_t hits; /* of the elements */
    size_t leaves, nparts;
    struct fw_term *parts;
    bool outside; /* some element is what a name stood for just then */
};

/* --- Which lines are shown --- */

/* "access-list OUT; 3 elements; name hash: 0x178be4f2" */
static bool take_head(const struct fw_cisco_line *line, fw_sv *ret_name, uint32_t *ret_elements)
{
    bool head = line->n >= 4 && fw_cisco_is(line, 0, "access-list") &&
                fw_sv_ends(line->words[1], ";") && line->words[1].n > 1 &&
                fw_sv_starts(line->words[3], "element") &&
                fw_sv_u32(line->words[2], UINT32_MAX, ret_elements);
    if (head) {
        *ret_name = fw_sv_sub(line->words[1], 0, line->words[1].n - 1);
    }
    return head;
}

/* "access-list OUT line 1 ... (hitcnt=9) 0xb8411547"; the hash is younger than the count. */
static bool is_entry(const struct fw_cisco_line *line)
{
    return line->n > 5 && fw_cisco_is(line, 0, "access-list") && fw_cisco_is(line, 2, "line") &&
           !fw_cisco_is(line, 4, "remark") &&
           (fw_sv_find(line->text, FW_SV("(hitcnt=")) != SIZE_MAX ||
            (fw_sv_starts(line->words[line->n - 1], "0x") && !fw_cisco_is(line, 4, "ethertype")));
}

/* A remark says nothing that a command would not: it is shown where the line before was. */
static bool is_remark(const struct fw_asa *asa, const struct fw_cisco_line *line)
{
    return asa->nlisted > 0 && asa->listed[asa->nlisted - 1] + 1 == line->number &&
           fw_cisco_is(line, 0, "access-list") && fw_cisco_is(line, 2, "line") &&
           fw_cisco_is(line, 4, "remark");
}

bool fw_asa_shown_keep(struct fw_asa *asa, const struct fw_cisco_line *line)
{
    fw_sv name;
    uint32_t elements;
    bool log = fw_cisco_is(line, 0, "access-list") && fw_cisco_is(line, 1, "cached") &&
               fw_cisco_is(line, 2, "ACL") && fw_cisco_is(line, 3, "log");
    bool interval = line->n == 2 && fw_cisco_is(line, 0, "alert-interval");
    if (log || interval) { /* "access-list cached ACL log flows: total 0, denied 0 (...)" */
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_IGNORED);
        return true;
    }
    bool head = take_head(line, &name, &elements);
    if (!head && !is_entry(line) && !is_remark(asa, line)) {
        return false;
    }
    fw_asa_acl_make(asa, head ? name : line->words[1], false, line->number)->expected += !head;
    asa->listed = fw_arena_push(&asa->cisco.doc->arena, asa->listed, asa->nlisted,
                                sizeof(*asa->listed));
    asa->listed[asa->nlisted++] = line->number;
    return true;
}

/* --- When the list is over --- */

static void finish_entry(struct fw_asa *asa, struct fw_asa_acl *acl,
                         const struct fw_asa_shown_entry *entry, bool complete)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_rule *rule = &acl->policy->rules[entry->rule];
    struct fw_terms terms;
    if (entry->counted && (!rule->hits.present || rule->hits.packets == 0)) {
        rule->hits = (struct fw_counter){.present = true, .packets = entry->hits};
    }
    if (entry->written || entry->leaves == 0) {
        return;
    }
    bool exact = complete && !entry->outside;
    size_t n = entry->nparts + (exact ? 0 : rule->match.n);
    struct fw_term *parts = fw_new_array(&doc->scratch, n, struct fw_term);
    for (size_t i = 0; i < n; i++) {
        parts[i] = i < entry->nparts ? entry->parts[i] : rule->match.terms[i - entry->nparts];
    }
    fw_terms_init(&terms, &doc->scratch, acl->policy->families);
    fw_terms_and(&terms, parts, n);
    fw_rule_match(doc, &asa->cisco.pool, &terms, (fw_sv){0}, rule);
    if (!complete) {
        fw_doc_unsupported(doc, rule->span.line, (fw_sv){0},
                           "some of the elements of this entry may not be shown");
    }
    fw_arena_reset(&doc->scratch);
}

static void finish(struct fw_asa *asa, struct fw_asa_acl *acl)
{
    struct fw_asa_shown *shown = acl->shown;
    if (!shown) {
        return;
    }
    bool complete = shown->headed && shown->leaves == shown->elements;
    for (size_t i = 0; i < shown->n; i++) {
        finish_entry(asa, acl, &shown->entries[i], complete);
    }
    if (shown->headed && !complete) {
        fw_doc_unsupported(asa->cisco.doc, shown->line, (fw_sv){0},
                           "the list has %zu elements, %zu of them are shown", shown->elements,
                           shown->leaves);
    }
    acl->shown = NULL;
}

/* --- Entries --- */

static void start(struct fw_asa *asa, struct fw_asa_acl *acl, uint32_t line)
{
    finish(asa, acl);
    acl->shown = fw_new(&asa->cisco.doc->arena, struct fw_asa_shown);
    acl->shown->written = acl->policy->n;
    acl->shown->line = line;
}

/* The elements of an entry repeat its name and number. */
static bool elements_follow(struct fw_asa *asa, const struct fw_cisco_line *line, uint32_t number)
{
    struct fw_cisco_line next;
    if (number == 0) {
        return false;
    }
    struct fw_doc *doc = asa->cisco.doc;
    fw_cisco_line_read(&doc->scratch, fw_doc_line_text(doc, number), number, &next);
    return is_entry(&next) && fw_sv_eq(next.words[1], line->words[1]) &&
           fw_sv_eq(next.words[3], line->words[3]);
}

/* Entries that were left out: any of them may be there. */
static void add_gap(struct fw_asa *asa, struct fw_asa_acl *acl, const struct fw_rule *before)
{
    struct fw_terms terms;
    struct fw_rule rule = {.enabled = true,
                           .action = FW_ACTION_UNKNOWN,
                           .implied = true, /* nobody can review it */
                           .target = FW_SV("not shown"),
                           .span = before->span};
    fw_terms_init(&terms, &asa->cisco.doc->scratch, acl->policy->families);
    fw_terms_atom(&terms, fw_atom_make(FW_ATOM_VARYING, rule.target, false));
    fw_rule_match(asa->cisco.doc, &asa->cisco.pool, &terms, (fw_sv){0}, &rule);
    fw_asa_acl_insert(asa, acl, 0, &rule);
    fw_doc_unsupported(asa->cisco.doc, before->span.line, (fw_sv){0},
                       "entries before this one are not shown");
}

static bool has_outside(const struct fw_match *match)
{
    for (size_t i = 0; i < match->n; i++) {
        if (match->terms[i].natoms > 0) {
            return true;
        }
    }
    return false;
}

static void take_element(struct fw_asa *asa, struct fw_asa_shown *shown, const struct fw_rule *rule)
{
    struct fw_asa_shown_entry *entry = &shown->entries[shown->n - 1];
    for (size_t i = 0; i < rule->match.n; i++) {
        entry->parts = fw_arena_push(&asa->cisco.doc->arena, entry->parts, entry->nparts,
                                     sizeof(*entry->parts));
        entry->parts[entry->nparts++] = rule->match.terms[i];
    }
    entry->outside = entry->outside || has_outside(&rule->match);
    entry->counted = entry->counted || rule->hits.present;
    entry->hits += rule->hits.packets;
    shown->leaves += entry->leaves++ > 0; /* the first one stands for the entry */
}

/* The entry of the configuration that this one shows. */
static bool find_written(const struct fw_asa_acl *acl, uint32_t position,
                         const struct fw_rule *rule, size_t *ret)
{
    size_t first = position - 1;
    for (size_t i = 0; i <= acl->shown->written; i++) {
        size_t at = i == 0 ? first : i - 1;
        if (at >= acl->shown->written) {
            continue;
        }
        const struct fw_rule *other = &acl->policy->rules[at];
        bool hash = rule->id.n > 0 && fw_sv_eq(rule->id, other->id);
        if (hash || fw_asa_acl_same(rule, other)) {
            *ret = at;
            return true;
        }
    }
    return false;
}

/* What an entry says: an element of the one before, the hits of one that is written, or a new one.
 */
static void take(struct fw_asa *asa, struct fw_asa_acl *acl, uint32_t position,
                 const struct fw_rule *rule)
{
    struct fw_doc *doc = asa->cisco.doc;
    struct fw_asa_shown *shown = acl->shown;
    bool remark = rule->action == FW_ACTION_CONTINUE;
    if (!remark && shown->n > 0 && position == shown->last) {
        take_element(asa, shown, rule);
        return;
    }
    if (shown->written == 0 && position > 1 && position - 1 > shown->last) {
        add_gap(asa, acl, rule);
    }
    shown->last = position;
    struct fw_asa_shown_entry entry = {.rule = acl->policy->n, .written = shown->written > 0};
    if (entry.written) {
        if (!find_written(acl, position, rule, &entry.rule)) {
            fw_doc_unsupported(doc, rule->span.line, (fw_sv){0},
                               "the list has no such entry in the configuration");
            return;
        }
        struct fw_rule *written = &acl->policy->rules[entry.rule];
        written->hits = rule->hits;
        written->id = written->id.n > 0 ? written->id : rule->id;
    } else {
        fw_asa_acl_insert(asa, acl, 0, rule);
    }
    if (!remark) {
        shown->entries = fw_arena_push(&doc->arena, shown->entries, shown->n,
                                       sizeof(*shown->entries));
        shown->entries[shown->n++] = entry;
        shown->leaves++;
    }
}

static void read_line(struct fw_asa *asa, struct fw_cisco_line *line, uint32_t next)
{
    struct fw_rule rule;
    fw_sv name;
    uint32_t elements;
    uint32_t position = 0;
    if (take_head(line, &name, &elements)) {
        struct fw_asa_acl *acl = fw_asa_acl_make(asa, name, false, line->number);
        start(asa, acl, line->number);
        acl->shown->headed = true;
        acl->shown->elements = elements;
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
        return;
    }
    struct fw_asa_acl *acl = fw_asa_acl_make(asa, line->words[1], false, line->number);
    if (!acl->shown) {
        start(asa, acl, line->number); /* the head was left out of the copy */
    }
    line->at = 1;
    asa->cisco.expanded = elements_follow(asa, line, next);
    if (fw_asa_acl_entry(asa, line, false, &position, &rule)) {
        take(asa, acl, position, &rule);
    }
    asa->cisco.expanded = false;
}

void fw_asa_shown_read(struct fw_asa *asa)
{
    struct fw_doc *doc = asa->cisco.doc;
    for (size_t i = 0; i < asa->nlisted; i++) {
        struct fw_cisco_line line;
        fw_cisco_line_read(&doc->scratch, fw_doc_line_text(doc, asa->listed[i]), asa->listed[i],
                           &line);
        read_line(asa, &line, i + 1 < asa->nlisted ? asa->listed[i + 1] : 0);
        fw_arena_reset(&doc->scratch);
    }
    for (size_t i = 0; i < FW_CISCO_BUCKETS; i++) {
        for (struct fw_asa_acl *acl = asa->acls[i]; acl; acl = acl->next) {
            finish(asa, acl);
        }
    }
}
