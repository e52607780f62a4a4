/* What is written about a rule, and where. Rows of the register and tickets are joined to rules
 * once for each configuration. */
#include "analyzers/rules/notes.h"

#include <stdlib.h>

#include "analyzers/rules/about.h"
#include "core/pattern.h"
#include "core/search.h"
#include "core/time.h"

/* What people write; each has what is looked for in its first group. */
static const char *const usual_owner =
    "(?i)(?:\\bowner|\\bcontact|權責人員|權責單位|權責|負責人|承辦人?)\\s*[:：=]\\s*([^;,；，]+)";
static const char *const usual_ticket = "\\b([A-Z]{2,10}-[0-9]+(?:-[0-9]+)*)\\b|#([0-9]{3,})\\b";
static const char *const usual_until =
    "(?i)(?:\\buntil|\\bvalid (?:to|until|through)|\\bexpir(?:es|y|ed|ation)(?: on| date)?"
    "|\\bends?(?: on)?|至|迄日?|到期日?|有效期限)\\s*[:：=]?\\s*"
    "((?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}|1[0-9]{2}[-/.年][0-9]{1,2}[-/"
    ".月][0-9]{1,2})";

/* What was joined to one rule. */
struct joined {
    const struct fw_registered *row;
    const struct fw_ticket *ticket; /* approved; the one that lasts longest */
};

struct pattern {
    struct fw_pattern *compiled;
    bool declared; /* by the site: where it finds nothing, nothing is there */
};

struct fw_notes {
    const struct fw_facts *facts;
    struct fw_arena *arena;
    fw_sv device;
    const struct fw_snapshot *snapshot;
    struct pattern owner, reason, ticket, until;
    struct joined **joined; /* by policy of the ruleset, by rule */
    size_t ntickets;
    const struct fw_ticket **tickets; /* approved, for this device; by id */
    size_t last;                      /* policy asked about last */
    /* The heading of the rule asked about last: rules are asked about one after the other. */
    const struct fw_policy *under;
    const struct fw_rule *from, *heading; /* NULL: none */
};

const char *fw_note_part_name(enum fw_note_part part)
{
    static const char *const names[FW_NOTE_PARTS] = {"owner", "reason", "ticket"};
    return names[part];
}

static struct pattern pattern_of(const struct fw_site *site, fw_sv declared, const char *usual)
{
    bool is_declared = site && declared.n > 0;
    fw_sv text = is_declared ? declared : fw_sv_from(usual ? usual : "");
    return (struct pattern){fw_pattern_new(text, NULL), is_declared};
}

/* --- joining -------------------------------------------------------------------------------- */

struct name {
    fw_sv text;
    size_t policy, rule;
};

static int by_text(const void *left, const void *right)
{
    const struct name *a = left;
    const struct name *b = right;
    int order = fw_sv_cmp(a->text, b->text);
    if (order == 0 && a->policy != b->policy) {
        order = a->policy < b->policy ? -1 : 1;
    }
    return order != 0 ? order : (a->rule > b->rule) - (a->rule < b->rule);
}

static struct name *names_of(struct fw_notes *notes, size_t *ret_n)
{
    const struct fw_ruleset *ruleset = notes->snapshot->ruleset;
    struct name *v = NULL;
    size_t n = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[r];
            const fw_sv texts[] = {rule->id, rule->name};
            for (size_t i = 0; i < 2; i++) {
                if (texts[i].n > 0) {
                    v = fw_arena_push(notes->arena, v, n, sizeof(*v));
                    v[n++] = (struct name){texts[i], p, r};
                }
            }
        }
    }
    if (n > 1) {
        qsort(v, n, sizeof(*v), by_text);
    }
    *ret_n = n;
    return v;
}

typedef void joins(struct joined *joined, const void *row);

static void join_row(struct joined *joined, const void *row)
{
    joined->row = joined->row ? joined->row : row;
}

/* A permanent approval outlasts every temporary one. */
static void join_ticket(struct joined *joined, const void *row)
{
    const struct fw_ticket *ticket = row;
    const struct fw_ticket *old = joined->ticket;
    if (!old || (old->until_ns != INT64_MIN &&
                 (ticket->until_ns == INT64_MIN || ticket->until_ns > old->until_ns))) {
        joined->ticket = ticket;
    }
}

/* "FORWARD 12" */
static bool join_place(struct fw_notes *notes, fw_sv words, joins *join, const void *row)
{
    const struct fw_ruleset *ruleset = notes->snapshot->ruleset;
    size_t blank = words.n;
    while (blank > 0 && words.p[blank - 1] != ' ') {
        blank--;
    }
    uint32_t position;
    if (blank == 0 || !fw_sv_u32(fw_sv_sub(words, blank, SIZE_MAX), UINT32_MAX, &position)) {
        return false;
    }
    fw_sv name = fw_sv_trim(fw_sv_sub(words, 0, blank));
    bool found = false;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; fw_sv_eq(policy->name, name) && r < policy->n; r++) {
            if (policy->rules[r].position == position) {
                join(&notes->joined[p][r], row);
                found = true;
            }
        }
    }
    return found;
}

static bool join_name(struct fw_notes *notes, const struct name *names, size_t n, fw_sv words,
                      joins *join, const void *row)
{
    size_t lo;
    FW_SEARCH(lo, n, fw_sv_cmp(names[lo].text, words) < 0);
    bool found = false;
    for (; lo < n && fw_sv_eq(names[lo].text, words); lo++) {
        join(&notes->joined[names[lo].policy][names[lo].rule], row);
        found = true;
    }
    return found;
}

static void join_quote(struct fw_notes *notes, fw_sv words, joins *join, const void *row)
{
    const struct fw_ruleset *ruleset = notes->snapshot->ruleset;
    fw_sv quote = fw_about_squeezed(notes->arena, words);
    struct fw_arena scratch;
    fw_arena_init(&scratch, 0);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[r];
            if (fw_about_quoted(&scratch, notes->snapshot, rule, quote)) {
                join(&notes->joined[p][r], row);
            }
            fw_arena_reset(&scratch);
        }
    }
    fw_arena_clear(&scratch);
}

static void join_words(struct fw_notes *notes, const struct name *names, size_t n, fw_sv words,
                       joins *join, const void *row)
{
    if (words.n > 0 && !join_place(notes, words, join, row) &&
        !join_name(notes, names, n, words, join, row)) {
        join_quote(notes, words, join, row);
    }
}

static int by_id(const void *left, const void *right)
{
    const struct fw_ticket *a = *(const struct fw_ticket *const *)left;
    const struct fw_ticket *b = *(const struct fw_ticket *const *)right;
    int order = fw_sv_cmp(a->id, b->id);
    return order != 0 ? order : (a->span.line > b->span.line) - (a->span.line < b->span.line);
}

static void find_tickets(struct fw_notes *notes)
{
    const struct fw_tickets *all = notes->facts->tickets;
    notes->tickets = fw_new_array(notes->arena, (all ? all->n : 0) + 1, const struct fw_ticket *);
    for (size_t i = 0; all && i < all->n; i++) {
        if (fw_sv_eq_nocase(all->v[i].device, notes->device) && fw_about_approved(&all->v[i])) {
            notes->tickets[notes->ntickets++] = &all->v[i];
        }
    }
    if (notes->ntickets > 1) {
        qsort(notes->tickets, notes->ntickets, sizeof(*notes->tickets), by_id);
    }
}

static void join_all(struct fw_notes *notes)
{
    const struct fw_facts *facts = notes->facts;
    const struct fw_ruleset *ruleset = notes->snapshot->ruleset;
    size_t n;
    notes->joined = fw_new_array(notes->arena, ruleset->npolicies + 1, struct joined *);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        notes->joined[p] = fw_new_array(notes->arena, ruleset->policies[p]->n + 1, struct joined);
    }
    const struct name *names = names_of(notes, &n);
    for (size_t i = 0; facts->reg && i < facts->reg->n; i++) {
        const struct fw_registered *row = &facts->reg->v[i];
        if (fw_sv_eq_nocase(row->device, notes->device)) {
            join_words(notes, names, n, row->rule, join_row, row);
        }
    }
    find_tickets(notes);
    for (size_t i = 0; i < notes->ntickets; i++) {
        join_words(notes, names, n, notes->tickets[i]->rule, join_ticket, notes->tickets[i]);
    }
}

struct fw_notes *fw_notes_new(const struct fw_facts *facts, struct fw_results *results,
                              const struct fw_device_facts *device,
                              const struct fw_snapshot *snapshot)
{
    const struct fw_site *site = facts->site;
    struct fw_notes *notes = fw_new(results->arena, struct fw_notes);
    notes->facts = facts;
    notes->arena = results->arena;
    notes->device = device->name;
    notes->snapshot = snapshot;
    join_all(notes);
    notes->owner = pattern_of(site, site ? site->owner_pattern : (fw_sv){0}, usual_owner);
    notes->reason = pattern_of(site, site ? site->reason_pattern : (fw_sv){0}, NULL);
    notes->ticket = pattern_of(site, site ? site->ticket_pattern : (fw_sv){0}, usual_ticket);
    notes->until = pattern_of(site, site ? site->until_pattern : (fw_sv){0}, usual_until);
    return notes;
}

void fw_notes_free(struct fw_notes *notes)
{
    fw_pattern_free(notes->owner.compiled);
    fw_pattern_free(notes->reason.compiled);
    fw_pattern_free(notes->ticket.compiled);
    fw_pattern_free(notes->until.compiled);
}

/* --- reading -------------------------------------------------------------------------------- */

static const struct joined *joined_of(struct fw_notes *notes, const struct fw_policy *policy,
                                      const struct fw_rule *rule)
{
    const struct fw_ruleset *ruleset = notes->snapshot->ruleset;
    static const struct joined nothing;
    for (size_t i = 0; i < ruleset->npolicies; i++) {
        size_t p = (notes->last + i) % ruleset->npolicies;
        if (ruleset->policies[p] == policy) {
            notes->last = p;
            return &notes->joined[p][rule - policy->rules];
        }
    }
    return &nothing;
}

/* The remark above the rule that is nearest; NULL: none. */
static const struct fw_rule *heading_of(struct fw_notes *notes, const struct fw_policy *policy,
                                        const struct fw_rule *rule)
{
    bool further = notes->under == policy && rule >= notes->from;
    const struct fw_rule *end = further ? notes->from : policy->rules;
    const struct fw_rule *heading = further ? notes->heading : NULL;
    for (const struct fw_rule *above = rule; above > end;) {
        above--;
        if (fw_rule_is_remark(above)) {
            heading = above;
            break;
        }
    }
    notes->under = policy;
    notes->from = rule;
    notes->heading = heading;
    return heading;
}

/* A rule without a comment belongs to the section that the remark above it heads. */
static fw_sv comment_of(struct fw_notes *notes, const struct fw_policy *policy,
                        const struct fw_rule *rule)
{
    fw_sv comment = fw_sv_trim(rule->comment);
    if (comment.n > 0) {
        return comment;
    }
    const struct fw_rule *heading = heading_of(notes, policy, rule);
    return heading ? fw_sv_trim(heading->comment) : comment;
}

static bool find(struct pattern *pattern, fw_sv text, fw_sv *ret_whole, fw_sv *ret)
{
    fw_sv group;
    if (fw_pattern_find(pattern->compiled, text, ret_whole, &group) != FW_FOUND) {
        return false;
    }
    *ret = fw_sv_trim(group);
    return ret->n > 0;
}

/* Is there a word left that is none of those? */
static bool has_more(fw_sv comment, const fw_sv *known, size_t n)
{
    enum { LEAST = 3 };
    size_t letters = 0;
    for (size_t i = 0; i < comment.n; i++) {
        const char *at = comment.p + i;
        bool is_known = false;
        for (size_t k = 0; k < n; k++) {
            is_known = is_known || (known[k].p && at >= known[k].p && at < known[k].p + known[k].n);
        }
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                      (unsigned char)*at >= 0x80;
        letters += letter && !is_known;
    }
    return letters >= LEAST;
}

/* "2026-06-30", "2026/6/30", "115年6月30日" (of the Republic): the end of that day. */
static bool read_day(fw_sv text, int32_t zone_seconds, int64_t *ret_ns)
{
    uint32_t part[3] = {0};
    size_t n = 0;
    bool inside = false;
    for (size_t i = 0; i < text.n; i++) {
        bool digit = text.p[i] >= '0' && text.p[i] <= '9';
        if (digit && !inside && n == 3) {
            break;
        }
        n += digit && !inside;
        inside = digit;
        if (digit) {
            if (part[n - 1] > 9999) {
                return false;
            }
            part[n - 1] = part[n - 1] * 10 + (uint32_t)(text.p[i] - '0');
        }
    }
    uint32_t year = part[0] >= 80 && part[0] < 200 ? part[0] + 1911 : part[0];
    if (n < 3 || year < 1970 || year > 2200 || !fw_date_valid((int32_t)year, part[1], part[2])) {
        return false;
    }
    int64_t days = fw_days_from_date((int32_t)year, part[1], part[2]);
    *ret_ns = (days + 1) * INT64_C(86400) * FW_NS_PER_SEC - zone_seconds * FW_NS_PER_SEC - 1;
    return true;
}

static void take_end(struct fw_note *note, int64_t end_ns, fw_sv source)
{
    if (end_ns != INT64_MIN && (!note->has_end || end_ns > note->end_ns)) {
        note->has_end = true;
        note->end_ns = end_ns;
        note->end_source = source;
    }
}

/* The ticket that the comment names. */
static const struct fw_ticket *ticket_of(const struct fw_notes *notes, fw_sv id)
{
    struct joined joined = {0};
    size_t lo;
    FW_SEARCH(lo, notes->ntickets, fw_sv_cmp(notes->tickets[lo]->id, id) < 0);
    for (; lo < notes->ntickets && fw_sv_eq(notes->tickets[lo]->id, id); lo++) {
        join_ticket(&joined, notes->tickets[lo]);
    }
    return joined.ticket;
}

static void find_end(struct fw_notes *notes, const struct joined *joined, fw_sv until,
                     struct fw_note *note)
{
    int64_t end_ns;
    if (read_day(until, notes->facts->zone_seconds, &end_ns)) {
        take_end(note, end_ns, note->found[FW_NOTE_TICKET]);
    }
    if (joined->row) {
        take_end(note, joined->row->until_ns, joined->row->ticket);
    }
    const struct fw_ticket *tickets[] = {joined->ticket,
                                         ticket_of(notes, note->found[FW_NOTE_TICKET])};
    for (size_t i = 0; i < 2; i++) {
        if (tickets[i]) {
            take_end(note, tickets[i]->until_ns, tickets[i]->id);
        }
    }
}

/* "<owner>" is what a fix left for a person to fill in. */
static bool is_blank(fw_sv comment, enum fw_note_part part)
{
    static const char *const blanks[FW_NOTE_PARTS] = {"<owner>", "<reason>", "<ticket>"};
    return fw_sv_find(comment, fw_sv_from(blanks[part])) != SIZE_MAX;
}

void fw_notes_read(struct fw_notes *notes, const struct fw_policy *policy,
                   const struct fw_rule *rule, struct fw_note *ret)
{
    const struct joined *joined = joined_of(notes, policy, rule);
    fw_sv wholes[3] = {{0}, {0}, {0}};
    fw_sv until = {0};
    *ret = (struct fw_note){.comment = comment_of(notes, policy, rule), .row = joined->row};
    find(&notes->owner, ret->comment, &wholes[0], &ret->found[FW_NOTE_OWNER]);
    find(&notes->ticket, ret->comment, &wholes[1], &ret->found[FW_NOTE_TICKET]);
    find(&notes->until, ret->comment, &wholes[2], &until);
    if (notes->reason.declared) {
        fw_sv whole;
        find(&notes->reason, ret->comment, &whole, &ret->found[FW_NOTE_REASON]);
    } else if (has_more(ret->comment, wholes, 3)) {
        ret->found[FW_NOTE_REASON] = ret->comment;
    }
    for (int i = 0; i < FW_NOTE_PARTS; i++) {
        if (is_blank(ret->comment, (enum fw_note_part)i)) {
            ret->found[i] = (fw_sv){0};
        }
    }
    find_end(notes, joined, until, ret);
    const fw_sv rows[FW_NOTE_PARTS] = {
        joined->row ? joined->row->owner : (fw_sv){0},
        joined->row ? joined->row->reason : (fw_sv){0},
        joined->row && joined->row->ticket.n > 0 ? joined->row->ticket
        : joined->ticket                         ? joined->ticket->id
                                                 : (fw_sv){0},
    };
    bool noted = notes->owner.declared || notes->reason.declared || notes->ticket.declared;
    const bool expected[FW_NOTE_PARTS] = {notes->owner.declared, noted, notes->ticket.declared};
    for (size_t i = 0; i < FW_NOTE_PARTS; i++) {
        ret->found[i] = ret->found[i].n > 0 ? ret->found[i] : rows[i];
        ret->missing[i] = ret->found[i].n == 0 && (notes->facts->reg || expected[i]);
    }
}

bool fw_notes_explain(struct fw_notes *notes, const struct fw_policy *policy,
                      const struct fw_rule *rule)
{
    const struct joined *joined = joined_of(notes, policy, rule);
    fw_sv comment = comment_of(notes, policy, rule);
    return (comment.n > 0 && !is_blank(comment, FW_NOTE_REASON)) ||
           (joined->row && joined->row->reason.n > 0);
}
