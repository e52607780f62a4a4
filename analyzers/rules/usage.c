/* A rule's hits: in the log lines that can only be its own, and in its counter. */
#include "analyzers/rules/usage.h"

#include <stdlib.h>

#include "analyzers/logs/source_view.h"
#include "analyzers/rules/about.h"
#include "core/search.h"
#include "parsers/netfilter_label.h"

/* A name under which rules write log lines; of several rules it names none. */
struct tag {
    fw_sv text;
    const struct fw_rule *rule; /* NULL: several */
};

/* The lines that were logged under a name, and the last of them. */
struct hit {
    fw_sv text;
    int64_t last_ns;
    uint64_t n;
};

/* A rule of a snapshot, to be found by what it means. */
struct known {
    const struct fw_policy *policy;
    const struct fw_rule *rule;
};

/* A rule in the snapshots: since when it is there as it is now. */
struct presence {
    int64_t since_ns;   /* INT64_MIN: not known */
    bool counted;       /* the oldest of those snapshots counts its hits, ... */
    uint64_t hits_then; /* ... so many */
    int64_t counted_ns;
    int64_t grew_ns; /* it was hit after this, most lately; INT64_MIN: no snapshots show it */
};

struct fw_usage_reader {
    const struct fw_facts *facts;
    struct fw_arena *arena;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    int64_t length_ns;
    bool by_id; /* log lines name the vendor's id of the rule, not a tag */
    size_t ntags;
    struct tag *tags; /* by rule */
    size_t nhits;
    struct hit *hits;      /* by text, each once */
    struct known **known;  /* by snapshot: its rules by content, ... */
    size_t *nknown;        /* ... so many */
    bool logs;             /* the device has some */
    const char *uncovered; /* why the logs of the window prove nothing; NULL: they do */
    int64_t from_ns, to_ns;
    bool counters_reset, counters_stood;
};

/* --- tags ----------------------------------------------------------------------------------- */

static bool same_names(const struct fw_nameset *a, const struct fw_nameset *b)
{
    bool same = a->negated == b->negated && a->n == b->n;
    for (size_t i = 0; i < a->n && same; i++) {
        same = fw_sv_eq(a->v[i], b->v[i]);
    }
    return same;
}

static bool same_match(const struct fw_rule *a, const struct fw_rule *b)
{
    if (a->match.n != b->match.n) {
        return false;
    }
    for (size_t t = 0; t < a->match.n; t++) {
        const struct fw_term *x = &a->match.terms[t];
        const struct fw_term *y = &b->match.terms[t];
        if (x->natoms > 0 || y->natoms > 0) {
            return false; /* a limit, for example: not every hit is logged */
        }
#define EQ_IP fw_ipset_eq
#define EQ_NUM fw_numset_eq
#define EQ_NAME same_names
#define FW_DIM(name, kind, key) \
    if (!(x->name == y->name || (x->name && y->name && EQ_##kind(x->name, y->name)))) { \
        return false; \
    }
#include "policy/dims.def"
#undef FW_DIM
    }
    return true;
}

static void add_tag(struct fw_usage_reader *reader, fw_sv text, const struct fw_rule *rule)
{
    /* What stands in brackets may be a name and a number to the log reader: not compared. */
    text = reader->by_id ? fw_sv_trim(text) : fw_netfilter_label(text);
    if (text.n > 0 && text.p[0] != '[') {
        reader->tags = fw_arena_push(reader->arena, reader->tags, reader->ntags,
                                     sizeof(*reader->tags));
        reader->tags[reader->ntags++] = (struct tag){text, rule};
    }
}

/* Who writes lines with the tag of a logging rule: the rule right behind it that matches the same,
 * or the only caller of a chain that logs everything first and then always says the same. */
static const struct fw_rule *author_of(const struct fw_ruleset *ruleset,
                                       const struct fw_policy *policy, size_t r)
{
    const struct fw_rule *logs = &policy->rules[r];
    if (policy->fate == FW_ACTION_COUNT) {
        size_t next = r + 1;
        bool follows = next < policy->n && policy->rules[next].enabled &&
                       same_match(logs, &policy->rules[next]);
        return follows ? &policy->rules[next] : NULL;
    }
    bool everything = false;
    for (size_t t = 0; t < logs->match.n; t++) {
        everything = everything || fw_term_takes_all(&logs->match.terms[t], policy->families);
    }
    for (size_t i = 0; i < r; i++) {
        everything = everything && policy->rules[i].action == FW_ACTION_CONTINUE;
    }
    const struct fw_rule *caller = NULL;
    for (size_t p = 0; p < ruleset->npolicies && everything; p++) {
        for (size_t i = 0; i < ruleset->policies[p]->n; i++) {
            const struct fw_rule *rule = &ruleset->policies[p]->rules[i];
            if (rule->enabled && rule->jump == policy) {
                if (caller) {
                    return NULL;
                }
                caller = rule;
            }
        }
    }
    return caller;
}

static int by_text(const void *left, const void *right)
{
    return fw_sv_cmp(((const struct tag *)left)->text, ((const struct tag *)right)->text);
}

static int by_rule(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t)((const struct tag *)left)->rule;
    uintptr_t b = (uintptr_t)((const struct tag *)right)->rule;
    return (a > b) - (a < b);
}

static void find_tags(struct fw_usage_reader *reader)
{
    const struct fw_ruleset *ruleset = reader->snapshot->ruleset;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            if (reader->by_id && rule->log) {
                add_tag(reader, rule->id, rule);
            } else if (!reader->by_id && rule->log_tag.n > 0 && rule->enabled) {
                bool decides = fw_action_decides(rule->action);
                add_tag(reader, rule->log_tag, decides ? rule : author_of(ruleset, policy, r));
            }
        }
    }
    if (reader->ntags == 0) {
        return;
    }
    qsort(reader->tags, reader->ntags, sizeof(*reader->tags), by_text);
    for (size_t from = 0; from < reader->ntags;) {
        const struct fw_rule *rule = reader->tags[from].rule;
        bool several =
            false; /* a parser may give the label of a LOG rule to the next one as well */
        size_t to = from + 1;
        while (to < reader->ntags && fw_sv_eq(reader->tags[from].text, reader->tags[to].text)) {
            several = several || reader->tags[to].rule != rule;
            to++;
        }
        for (size_t i = from; several && i < to; i++) {
            reader->tags[i].rule = NULL;
        }
        from = to;
    }
    qsort(reader->tags, reader->ntags, sizeof(*reader->tags), by_rule);
}

/* --- logs ----------------------------------------------------------------------------------- */

static bool is_of_device(const struct fw_usage_reader *reader, const struct fw_source_view *source)
{
    return fw_sv_eq(source->device, reader->device->name) && source->traffic > 0;
}

/* Why a hit within the window could be missing from what was read; NULL: it could not. */
static const char *lack_of(const struct fw_usage_reader *reader,
                           const struct fw_source_view *source)
{
    if (!source->has_time || source->first_ns > reader->from_ns) {
        return "coverage";
    }
    for (size_t i = 0; i < source->gaps.n; i++) {
        const struct fw_gap *gap = &source->gaps.v[i];
        if (gap->from_ns < reader->to_ns && gap->to_ns > reader->from_ns) {
            return "gap";
        }
    }
    if (source->gaps.silent || source->gaps.model.too_quiet) {
        return "gap";
    }
    bool unread = source->lines.bad > 0 || source->lines.unsupported > 0 || source->untimed > 0 ||
                  source->lost > 0 || source->damaged;
    return unread ? "unread" : NULL;
}

static void look_at_logs(struct fw_usage_reader *reader)
{
    const struct fw_facts *facts = reader->facts;
    bool any = false;
    reader->uncovered = NULL;
    for (size_t i = 0; i < facts->nsources; i++) {
        if (is_of_device(reader, &facts->sources[i])) {
            const char *lack = lack_of(reader, &facts->sources[i]);
            reader->uncovered = lack ? lack : reader->uncovered;
            any = true;
        }
    }
    reader->logs = any;
    if (!any || !facts->has_as_of) {
        reader->uncovered = "coverage";
    }
}

static int by_hit(const void *left, const void *right)
{
    const struct hit *a = left;
    const struct hit *b = right;
    int order = fw_sv_cmp(a->text, b->text);
    return order != 0 ? order : (a->last_ns > b->last_ns) - (a->last_ns < b->last_ns);
}

static void find_hits(struct fw_usage_reader *reader)
{
    size_t n = 0;
    for (size_t i = 0; i < reader->facts->nsources; i++) {
        const struct fw_source_view *source = &reader->facts->sources[i];
        for (size_t u = 0; is_of_device(reader, source) && u < source->nusage; u++) {
            fw_sv name = reader->by_id ? source->usage[u].id : source->usage[u].name;
            reader->hits = fw_arena_push(reader->arena, reader->hits, n, sizeof(*reader->hits));
            reader->hits[n++] = (struct hit){fw_sv_trim(name), source->usage[u].last,
                                             source->usage[u].count};
        }
    }
    if (n > 1) {
        qsort(reader->hits, n, sizeof(*reader->hits), by_hit);
    }
    for (size_t i = 0; i < n; i++) { /* of equal texts the last is the latest */
        bool latest = i + 1 == n || !fw_sv_eq(reader->hits[i].text, reader->hits[i + 1].text);
        if (latest) {
            reader->hits[reader->nhits++] = reader->hits[i];
        } else {
            reader->hits[i + 1].n += reader->hits[i].n;
        }
    }
}

/* NULL: there is none. */
static const struct hit *hits_of(const struct fw_usage_reader *reader, fw_sv text)
{
    size_t at;
    FW_SEARCH(at, reader->nhits, fw_sv_cmp(reader->hits[at].text, text) < 0);
    bool found = at < reader->nhits && fw_sv_eq(reader->hits[at].text, text);
    return found ? &reader->hits[at] : NULL;
}

/* --- counters ------------------------------------------------------------------------------- */

static int by_content(const void *left, const void *right)
{
    const struct known *a = left;
    const struct known *b = right;
    int order = memcmp(&a->rule->content, &b->rule->content, sizeof(a->rule->content));
    if (order == 0) {
        order = fw_sv_cmp(a->policy->name, b->policy->name);
    }
    return order != 0
               ? order
               : (a->rule->position > b->rule->position) - (a->rule->position < b->rule->position);
}

static void find_known(struct fw_usage_reader *reader)
{
    size_t n = reader->device->nsnapshots;
    reader->known = fw_new_array(reader->arena, n, struct known *);
    reader->nknown = fw_new_array(reader->arena, n, size_t);
    for (size_t s = 0; s < n; s++) {
        const struct fw_ruleset *ruleset = reader->device->snapshots[s].ruleset;
        size_t rules = 0;
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            rules += ruleset->policies[p]->n;
        }
        struct known *v = fw_new_array(reader->arena, rules + 1, struct known);
        size_t k = 0;
        for (size_t p = 0; p < ruleset->npolicies; p++) {
            for (size_t r = 0; r < ruleset->policies[p]->n; r++) {
                v[k++] = (struct known){ruleset->policies[p], &ruleset->policies[p]->rules[r]};
            }
        }
        if (k > 1) {
            qsort(v, k, sizeof(*v), by_content);
        }
        reader->known[s] = v;
        reader->nknown[s] = k;
    }
}

static int compare_to(const struct known *known, const struct fw_policy *policy,
                      const struct fw_rule *rule)
{
    int order = memcmp(&known->rule->content, &rule->content, sizeof(rule->content));
    return order != 0 ? order : fw_sv_cmp(known->policy->name, policy->name);
}

/* The rule of a snapshot that means the same in the policy of this name; of twins the first. */
static const struct fw_rule *same_rule(const struct fw_usage_reader *reader, size_t snapshot,
                                       const struct fw_policy *policy, const struct fw_rule *rule)
{
    const struct known *v = reader->known[snapshot];
    size_t at;
    FW_SEARCH(at, reader->nknown[snapshot], compare_to(&v[at], policy, rule) < 0);
    bool found = at < reader->nknown[snapshot] && compare_to(&v[at], policy, rule) == 0;
    return found ? v[at].rule : NULL;
}

/* Over all snapshots: did a counter go back? And is there one that was hit once and stands where it
 * stood, which it would not after a reset? */
static void look_at_counters(struct fw_usage_reader *reader)
{
    const struct fw_device_facts *device = reader->device;
    for (size_t s = 1; s < device->nsnapshots; s++) {
        const struct fw_snapshot *now = &device->snapshots[s];
        bool stood = false;
        for (size_t p = 0; p < now->ruleset->npolicies; p++) {
            const struct fw_policy *policy = now->ruleset->policies[p];
            for (size_t r = 0; r < policy->n; r++) {
                const struct fw_rule *rule = &policy->rules[r];
                const struct fw_rule *was = same_rule(reader, s - 1, policy, rule);
                if (!was || !was->hits.present || !rule->hits.present) {
                    continue;
                }
                reader->counters_reset = reader->counters_reset ||
                                         rule->hits.packets < was->hits.packets;
                stood = stood || (was->hits.packets > 0 && was->hits.packets == rule->hits.packets);
            }
        }
        reader->counters_stood = (s == 1 || reader->counters_stood) && stood;
    }
}

static struct presence presence_of(const struct fw_usage_reader *reader,
                                   const struct fw_policy *policy, const struct fw_rule *rule)
{
    const struct fw_device_facts *device = reader->device;
    struct presence presence = {.since_ns = INT64_MIN, .grew_ns = INT64_MIN};
    const struct fw_rule *later = NULL;
    for (size_t s = device->nsnapshots; s-- > 0;) {
        const struct fw_snapshot *snapshot = &device->snapshots[s];
        const struct fw_rule *was = same_rule(reader, s, policy, rule);
        uint64_t hits = was && was->hits.present ? was->hits.packets : 0;
        bool counts = !was || was->hits.present; /* a rule that is not there has no hits */
        bool grew = later && later->hits.present && counts && later->hits.packets > hits;
        if (grew && presence.grew_ns == INT64_MIN) {
            presence.grew_ns = snapshot->taken_ns;
        }
        if (!was || snapshot->taken_ns == INT64_MIN) {
            break;
        }
        later = was;
        presence.since_ns = snapshot->taken_ns;
        if (was->hits.present) {
            presence.counted = true;
            presence.counted_ns = snapshot->taken_ns;
            presence.hits_then = was->hits.packets;
        }
    }
    return presence;
}

/* True: the counter settles it. */
static bool ask_counter(const struct fw_usage_reader *reader, const struct fw_rule *rule,
                        const struct presence *presence, struct fw_rule_usage *ret)
{
    const struct fw_site_device *declared = reader->device->declared;
    if (!rule->hits.present) {
        return false;
    }
    ret->by_counter = true;
    ret->hits = rule->hits.packets;
    int64_t newest = reader->snapshot->taken_ns;
    bool earlier = presence->counted && newest != INT64_MIN && presence->counted_ns < newest;
    bool stood = earlier && rule->hits.packets == presence->hits_then;
    if (rule->hits.packets > 0 && !stood) {
        bool lately = reader->facts->has_as_of && presence->grew_ns != INT64_MIN &&
                      presence->grew_ns >= reader->from_ns;
        ret->answer = lately ? FW_USAGE_USED : FW_USAGE_ONCE;
        return lately;
    }
    int64_t since = presence->counted ? presence->counted_ns : presence->since_ns;
    bool declared_run = declared && declared->counters_since_ns != INT64_MIN &&
                        since != INT64_MIN && declared->counters_since_ns <= since;
    bool runs = !reader->counters_reset &&
                (declared_run || reader->counters_stood || rule->hits.packets > 0);
    bool timed = since != INT64_MIN && newest != INT64_MIN;
    /* Hit before, and not for a while that is too short to tell. */
    ret->answer = rule->hits.packets > 0 ? FW_USAGE_ONCE : FW_USAGE_NO_HIT;
    ret->reason = reader->counters_reset ? "reset" : !runs ? "baseline" : "young";
    if (runs && timed && newest - since >= reader->length_ns) {
        ret->answer = FW_USAGE_UNUSED;
        ret->from_ns = since;
        ret->to_ns = newest;
        return true;
    }
    return false;
}

/* --- both ----------------------------------------------------------------------------------- */

static fw_sv tag_of(const struct fw_usage_reader *reader, const struct fw_rule *rule)
{
    const struct tag wanted = {.rule = rule};
    const struct tag *found = reader->ntags > 0 ? bsearch(&wanted, reader->tags, reader->ntags,
                                                          sizeof(wanted), by_rule)
                                                : NULL;
    return found ? found->text : (fw_sv){0};
}

void fw_usage_read(struct fw_usage_reader *reader, const struct fw_policy *policy,
                   const struct fw_rule *rule, struct fw_rule_usage *ret)
{
    *ret = (struct fw_rule_usage){.answer = FW_USAGE_UNKNOWN};
    fw_sv tag = tag_of(reader, rule);
    const struct hit *hit = tag.n > 0 ? hits_of(reader, tag) : NULL;
    ret->named = tag.n > 0 && reader->logs;
    ret->logged = hit ? hit->n : 0;
    if (hit) {
        ret->has_last = true;
        ret->last_ns = hit->last_ns;
        if (!reader->facts->has_as_of || ret->last_ns >= reader->from_ns) {
            ret->answer = FW_USAGE_USED;
            return;
        }
    }
    struct presence presence = presence_of(reader, policy, rule);
    if (ask_counter(reader, rule, &presence, ret) || tag.n == 0) {
        return;
    }
    if (ret->answer == FW_USAGE_ONCE && reader->uncovered) {
        return;
    }
    bool there = presence.since_ns != INT64_MIN && presence.since_ns <= reader->from_ns;
    ret->by_counter = false;
    ret->reason = reader->uncovered ? reader->uncovered : there ? NULL : "young";
    ret->answer = ret->reason ? FW_USAGE_NO_HIT : FW_USAGE_UNUSED;
    ret->from_ns = reader->from_ns;
    ret->to_ns = reader->to_ns;
}

struct fw_usage_reader *fw_usage_reader_new(const struct fw_facts *facts, struct fw_arena *arena,
                                            const struct fw_device_facts *device, uint64_t days)
{
    struct fw_usage_reader *reader = fw_new(arena, struct fw_usage_reader);
    reader->facts = facts;
    reader->arena = arena;
    reader->device = device;
    reader->snapshot = fw_device_current(device);
    reader->length_ns = (int64_t)days * 24 * FW_NS_PER_HOUR;
    reader->to_ns = facts->has_as_of ? facts->as_of_ns : INT64_MAX;
    reader->from_ns = facts->has_as_of ? facts->as_of_ns - reader->length_ns : INT64_MAX;
    reader->by_id = strcmp(reader->snapshot->format, "fortios") == 0;
    find_tags(reader);
    find_hits(reader);
    find_known(reader);
    look_at_logs(reader);
    look_at_counters(reader);
    return reader;
}
