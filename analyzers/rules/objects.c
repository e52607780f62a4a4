/* RUL-008: which rules use objects that are undefined, empty, or stand for hosts that are gone? And
 * which objects does nobody use, or are there twice? */
#include <stdlib.h>

#include "analyzers/fixes/fix.h"
#include "analyzers/rules/about.h"
#include "analyzers/rules/remedy.h"
#include "core/search.h"

struct tally {
    uint64_t total, found;
    const struct fw_object **sorted; /* all objects, by address */
    bool *said;                      /* by place there: a rule's finding names it */
};

/* Hosts and networks of the asset list, sorted; those that are retired and there again, in use, are
 * there once. */
struct hosts {
    size_t n, nretired;
    const struct fw_asset **v;
};

static int by_address_only(const struct fw_asset *a, const struct fw_asset *b)
{
    int order = fw_ip_cmp(a->address.lo, b->address.lo);
    return order != 0 ? order : fw_ip_cmp(b->address.hi, a->address.hi);
}

static int by_address(const void *left, const void *right)
{
    const struct fw_asset *a = *(const struct fw_asset *const *)left;
    const struct fw_asset *b = *(const struct fw_asset *const *)right;
    int order = by_address_only(a, b);
    return order != 0 ? order : (a->span.line > b->span.line) - (a->span.line < b->span.line);
}

/* An address that is in the list again, in use, is not gone. */
static struct hosts find_hosts(struct fw_arena *arena, const struct fw_assets *assets)
{
    size_t n = assets ? assets->n : 0;
    struct hosts hosts = {.v = fw_new_array(arena, n + 1, const struct fw_asset *)};
    for (size_t i = 0; i < n; i++) {
        if (!assets->v[i].retired) {
            hosts.v[hosts.n++] = &assets->v[i];
        }
    }
    if (hosts.n > 1) {
        qsort(hosts.v, hosts.n, sizeof(*hosts.v), by_address);
    }
    size_t nused = hosts.n;
    for (size_t i = 0; i < n; i++) {
        const struct fw_asset *asset = &assets->v[i];
        size_t lo;
        FW_SEARCH(lo, nused, by_address_only(hosts.v[lo], asset) < 0);
        bool again = lo < nused && by_address_only(hosts.v[lo], asset) == 0;
        if (asset->retired && !again) {
            hosts.v[hosts.n++] = asset;
            hosts.nretired++;
        }
    }
    if (hosts.n > 1) {
        qsort(hosts.v, hosts.n, sizeof(*hosts.v), by_address);
    }
    return hosts;
}

/* Assets that side by side are these addresses, no more and no less: neighbours are one range in a
 * rule. Hosts are looked for, not networks they once were in. */
struct run {
    size_t first, end; /* in hosts->v; within, those that reach beyond the range do not belong */
    size_t n, gone;
};

static bool find_run(const struct hosts *hosts, const fw_iprange *range, struct run *ret)
{
    struct run run = {0};
    fw_ip at = range->lo;
    bool whole = false;
    FW_SEARCH(run.first, hosts->n, fw_ip_cmp(hosts->v[run.first]->address.lo, range->lo) < 0);
    for (run.end = run.first; run.end < hosts->n && !whole; run.end++) {
        const struct fw_asset *asset = hosts->v[run.end];
        if (fw_ip_cmp(asset->address.lo, at) > 0) {
            return false; /* something between that nobody knows */
        }
        if (fw_ip_cmp(asset->address.hi, range->hi) > 0 || fw_ip_cmp(asset->address.hi, at) < 0) {
            continue;
        }
        run.n++;
        run.gone += asset->retired;
        whole = fw_ip_eq(asset->address.hi, range->hi);
        at = fw_ip_next(asset->address.hi);
    }
    *ret = run;
    return whole;
}

/* Names for a sentence, each once. */
struct names {
    size_t n;
    struct fw_buf text;
};

static void add_name(struct names *names, fw_sv name)
{
    enum { SHOWN = 20 };
    if (names->n < SHOWN) {
        fw_buf_add_cstr(&names->text, names->n > 0 ? ", " : "");
        fw_buf_add(&names->text, name);
    }
    names->n++;
}

static void add_asset(struct fw_arena *arena, struct names *names, const struct fw_asset *asset)
{
    struct fw_buf address;
    fw_buf_init(&address);
    fw_iprange_text(&address, asset->address);
    add_name(names, asset->name.n == 0 ? fw_buf_sv(&address)
                                       : fw_arena_printf(arena, "%.*s %.*s", FW_SV_ARG(asset->name),
                                                         FW_SV_ARG(fw_buf_sv(&address))));
    fw_buf_clear(&address);
}

/* Also whether an end of every term is nothing else. */
static bool find_gone(struct fw_arena *arena, const struct hosts *hosts, const struct fw_rule *rule,
                      struct names *names)
{
    const struct fw_asset *last = NULL;
    bool all = rule->match.n > 0;
    for (size_t t = 0; t < rule->match.n && hosts->nretired > 0; t++) {
        const struct fw_ipset *const sets[] = {rule->match.terms[t].src, rule->match.terms[t].dst};
        bool idle = false; /* no host that is left is at one of its ends */
        for (size_t s = 0; s < 2; s++) {
            size_t gone = 0;
            for (size_t i = 0; sets[s] && i < sets[s]->n; i++) {
                const fw_iprange *range = &sets[s]->v[i];
                struct run run;
                if (!find_run(hosts, range, &run) || run.gone == 0) {
                    continue;
                }
                gone += run.gone == run.n;
                idle = idle || gone == sets[s]->n;
                for (size_t k = run.first; k < run.end; k++) {
                    const struct fw_asset *asset = hosts->v[k];
                    if (asset->retired && asset != last &&
                        fw_ip_cmp(asset->address.hi, range->hi) <= 0) {
                        add_asset(arena, names, asset);
                        last = asset;
                    }
                }
            }
        }
        all = all && idle;
    }
    return all && hosts->nretired > 0;
}

/* Nothing that is known to exist matches: every term hangs on what nobody defined. */
static bool matches_nothing(const struct fw_rule *rule)
{
    for (size_t t = 0; t < rule->match.n; t++) {
        if (rule->match.terms[t].natoms == 0) {
            return false;
        }
    }
    return true;
}

static int by_place(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (const void *const *)left;
    uintptr_t b = (uintptr_t) * (const void *const *)right;
    return (a > b) - (a < b);
}

static void sort_objects(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                         struct tally *tally)
{
    tally->sorted = fw_new_array(arena, ruleset->nobjects + 1, const struct fw_object *);
    tally->said = fw_new_array(arena, ruleset->nobjects + 1, bool);
    for (size_t i = 0; i < ruleset->nobjects; i++) {
        tally->sorted[i] = ruleset->objects[i];
    }
    if (ruleset->nobjects > 1) {
        qsort(tally->sorted, ruleset->nobjects, sizeof(*tally->sorted), by_place);
    }
    tally->total = ruleset->nobjects;
}

static bool *said_of(const struct tally *tally, const struct fw_object *object)
{
    const struct fw_object **found = bsearch(&object, tally->sorted, tally->total,
                                             sizeof(*tally->sorted), by_place);
    return found ? &tally->said[found - tally->sorted] : NULL;
}

static void judge_rules(struct fw_results *results, const struct fw_device_facts *device,
                        const struct fw_snapshot *snapshot, const struct hosts *hosts,
                        struct tally *tally)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    struct names names = {0};
    fw_buf_init(&names.text);
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            const struct fw_object *first = NULL;
            if (!rule->enabled) {
                continue;
            }
            names.n = 0;
            fw_buf_reset(&names.text);
            for (size_t o = 0; o < rule->nobjects; o++) {
                const struct fw_object *object = rule->objects[o];
                if (!object->defined || object->empty) {
                    first = first ? first : object;
                    add_name(&names, object->name);
                    bool *said = said_of(tally, object);
                    if (said) {
                        *said = true;
                    }
                }
            }
            bool idle = find_gone(results->arena, hosts, rule, &names);
            if (names.n == 0) {
                continue;
            }
            struct fw_result *result = fw_about_rule(results, "RUL-008", FW_RESULT_FAIL, device,
                                                     snapshot, policy, rule, "fail");
            fw_result_param(results, result, "list",
                            fw_arena_copy(results->arena, fw_buf_sv(&names.text)));
            if (first) {
                result->object = first;
                result->object_problem = first->defined ? "empty" : "undefined";
            } else {
                result->object_problem = "retired";
            }
            if (idle || (first && matches_nothing(rule))) {
                fw_remedy_removal(results, snapshot, policy, rule, result);
            }
            tally->found++;
        }
    }
    fw_buf_clear(&names.text);
}

static struct fw_result *add_object(struct fw_results *results,
                                    const struct fw_device_facts *device,
                                    const struct fw_snapshot *snapshot,
                                    const struct fw_object *object, const char *problem,
                                    const char *words)
{
    fw_sv kind = fw_sv_from(fw_object_kind_name(object->kind));
    struct fw_result *result = fw_results_add(
        results, "RUL-008", FW_RESULT_FAIL, device->name, words,
        fw_arena_printf(results->arena, "%s %.*s %.*s", problem, FW_SV_ARG(kind),
                        FW_SV_ARG(object->name)));
    fw_result_at(result, snapshot->path, snapshot->sha256, object->span);
    result->object = object;
    result->object_problem = problem;
    fw_result_param(results, result, "kind", kind);
    fw_result_param(results, result, "list", object->name);
    fw_result_param_u64(results, result, "line", object->span.line);
    return result;
}

static int by_content(const void *left, const void *right)
{
    const struct fw_object *a = *(const struct fw_object *const *)left;
    const struct fw_object *b = *(const struct fw_object *const *)right;
    if (a->kind != b->kind) {
        return (int)a->kind - (int)b->kind;
    }
    int order = memcmp(a->content.b, b->content.b, sizeof(a->content.b));
    if (order == 0 && a->span.offset != b->span.offset) {
        order = a->span.offset < b->span.offset ? -1 : 1;
    }
    return order != 0 ? order : fw_sv_cmp(a->name, b->name);
}

static bool can_be_twice(const struct fw_object *object)
{
    static const fw_sha256 unknown;
    switch (object->kind) {
    case FW_OBJECT_ADDRESS:
    case FW_OBJECT_ADDRESS_GROUP:
    case FW_OBJECT_SERVICE:
    case FW_OBJECT_SERVICE_GROUP:
    case FW_OBJECT_PROTOCOL_GROUP:
    case FW_OBJECT_ICMP_GROUP:
        return object->defined && !object->empty && !object->vendor && object->span.line > 0 &&
               memcmp(&object->content, &unknown, sizeof(unknown)) != 0;
    case FW_OBJECT_SCHEDULE:
    case FW_OBJECT_USER_GROUP:
    case FW_OBJECT_ZONE:
    case FW_OBJECT_POLICY:
    case FW_OBJECT_OTHER:
    case FW_OBJECT_COUNT:
        break;
    }
    return false;
}

static void find_twins(struct fw_results *results, const struct fw_device_facts *device,
                       const struct fw_snapshot *snapshot, struct tally *tally)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    const struct fw_object **v = fw_new_array(results->arena, ruleset->nobjects + 1,
                                              const struct fw_object *);
    size_t n = 0;
    for (size_t i = 0; i < ruleset->nobjects; i++) {
        if (can_be_twice(ruleset->objects[i])) {
            v[n++] = ruleset->objects[i];
        }
    }
    if (n > 1) {
        qsort(v, n, sizeof(*v), by_content);
    }
    size_t first = 0;
    for (size_t i = 1; i < n; i++) {
        bool same = v[i]->kind == v[first]->kind &&
                    memcmp(&v[i]->content, &v[first]->content, sizeof(fw_sha256)) == 0;
        if (!same) {
            first = i;
            continue;
        }
        struct fw_result *result = add_object(results, device, snapshot, v[i], "duplicate",
                                              "fail.duplicate");
        fw_result_param(results, result, "because", v[first]->name);
        result->remark = v[first]->name;
        tally->found++;
    }
}

static void judge_objects(struct fw_results *results, const struct fw_device_facts *device,
                          const struct fw_snapshot *snapshot, struct tally *tally)
{
    const struct fw_ruleset *ruleset = snapshot->ruleset;
    for (size_t i = 0; i < ruleset->nobjects; i++) {
        const struct fw_object *object = ruleset->objects[i];
        if (!object->defined && object->span.line > 0 && !*said_of(tally, object)) {
            add_object(results, device, snapshot, object, "undefined", "fail.undefined");
            tally->found++;
        } else if (object->defined && object->uses == 0 && !object->vendor &&
                   object->span.line > 0) {
            struct fw_result *result = add_object(results, device, snapshot, object, "unused",
                                                  "fail.unused");
            result->fix = fw_fix_object(results->arena, ruleset, snapshot->doc, object);
            tally->found++;
        }
    }
    find_twins(results, device, snapshot, tally);
}

static void run(const struct fw_facts *facts, struct fw_results *results)
{
    size_t index = 0;
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot;
    const struct hosts hosts = find_hosts(results->arena, facts->assets);
    while ((snapshot = fw_about_next(facts, results, "RUL-008", &index, &device))) {
        struct tally tally = {0};
        sort_objects(results->arena, snapshot->ruleset, &tally);
        judge_rules(results, device, snapshot, &hosts, &tally);
        judge_objects(results, device, snapshot, &tally);
        if (tally.found > 0) {
            continue;
        }
        struct fw_result *result = fw_about_policy(
            results, "RUL-008", facts->assets ? FW_RESULT_PASS : FW_RESULT_OPEN, device, snapshot,
            NULL, facts->assets ? "pass" : "open");
        fw_about_count(results, result, 0, tally.total, 0);
    }
}

const struct fw_analyzer fw_analyzer_objects = {
    .check = "RUL-008",
    .rules = true,
    .run = run,
};
