/* Results: adding, settling (what overrules what), counting, and their sentences. */
#include "analyzers/results.h"

#include <assert.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "core/time.h"

void fw_results_init(struct fw_results *results, struct fw_arena *arena,
                     const struct fw_catalogue *catalogue)
{
    *results = (struct fw_results){.arena = arena, .catalogue = catalogue};
}

static fw_sha256 fingerprint_of(const char *check, fw_sv device, fw_sv subject)
{
    struct fw_hasher *hasher = fw_hasher_new();
    if (!hasher) {
        return (fw_sha256){{0}};
    }
    fw_hasher_add_sv(hasher, fw_sv_from(check));
    fw_hasher_add_sv(hasher, device);
    fw_hasher_add_sv(hasher, subject);
    fw_sha256 hash = fw_hasher_done(hasher);
    fw_hasher_free(hasher);
    return hash;
}

struct fw_result *fw_results_add(struct fw_results *results, const char *check,
                                 enum fw_result_state state, fw_sv device, const char *words,
                                 fw_sv subject)
{
    results->v = fw_arena_push(results->arena, results->v, results->n, sizeof(*results->v));
    struct fw_result *result = &results->v[results->n++];
    *result = (struct fw_result){
        .check = check,
        .state = state,
        .device = device,
        .words = words,
        .fingerprint = fingerprint_of(check, device, subject),
    };
    const struct fw_check *row = fw_check_find(results->catalogue, fw_sv_from(check));
    assert(!row || fw_words_find(results->catalogue, row, fw_sv_from(words)));
    if (row) {
        result->severity = row->severity;
        result->class = row->class;
    }
    fw_result_param(results, result, "device", device);
    return result;
}

void fw_result_at(struct fw_result *result, fw_sv path, fw_sha256 sha256, fw_span span)
{
    result->input = path;
    result->input_sha256 = sha256;
    result->has_input_sha256 = true;
    result->span = span;
}

void fw_result_param(struct fw_results *results, struct fw_result *result, const char *name,
                     fw_sv value)
{
    struct fw_param *params = fw_arena_push(results->arena, (void *)(uintptr_t)result->params,
                                            result->nparams, sizeof(*params));
    params[result->nparams++] = (struct fw_param){name, value};
    result->params = params;
}

void fw_result_param_u64(struct fw_results *results, struct fw_result *result, const char *name,
                         uint64_t value)
{
    fw_result_param(results, result, name,
                    fw_arena_printf(results->arena, "%llu", (unsigned long long)value));
}

void fw_result_param_date(const struct fw_facts *facts, struct fw_results *results,
                          struct fw_result *result, const char *name, int64_t ns)
{
    fw_result_param(results, result, name,
                    fw_date_keep(results->arena, fw_date_of(ns, facts->zone_seconds)));
}

void fw_result_measured(struct fw_result *result, fw_sv measured, fw_sv target)
{
    result->measured = measured;
    result->target = target;
}

static bool applies_to(fw_sv wanted_check, fw_sv wanted_device, const struct fw_result *result)
{
    return fw_sv_is(wanted_check, result->check) &&
           (wanted_device.n == 0 || fw_sv_eq(wanted_device, result->device));
}

/* A human verdict turns MANUAL into PASS or FAIL until it expires; an expired one is as if absent.
 */
static void apply_attestations(struct fw_results *results, const struct fw_facts *facts)
{
    const struct fw_site *site = facts->site;
    for (size_t i = 0; i < results->n; i++) {
        struct fw_result *result = &results->v[i];
        for (size_t k = 0; k < site->nattestations; k++) {
            const struct fw_site_attestation *attestation = &site->attestations[k];
            if (result->state == FW_RESULT_MANUAL &&
                applies_to(attestation->check, attestation->device, result) &&
                !fw_time_over(attestation->expires_ns, facts->as_of_ns)) {
                result->state = attestation->pass ? FW_RESULT_PASS : FW_RESULT_FAIL;
                /* What is counted is that somebody vouches; what they say is a remark. */
                fw_result_measured(result, attestation->pass ? FW_SV("1") : FW_SV("0"), FW_SV("1"));
                result->remark = attestation->statement;
                result->words = attestation->pass ? "attested.pass" : "attested.fail";
                fw_result_param(results, result, "statement", attestation->statement);
                fw_result_param(results, result, "by", attestation->by);
                fw_result_param_date(facts, results, result, "made", attestation->made_ns);
                fw_result_param_date(facts, results, result, "expires", attestation->expires_ns);
            }
        }
    }
}

static bool waiver_covers(const struct fw_site_exception *exception, const struct fw_result *result)
{
    if (!applies_to(exception->check, exception->device, result)) {
        return false;
    }
    if (exception->fingerprint.n == 0) {
        return true;
    }
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(result->fingerprint, hex);
    return exception->fingerprint.n >= 8 && exception->fingerprint.n <= FW_SHA256_HEX &&
           memcmp(exception->fingerprint.p, hex, exception->fingerprint.n) == 0;
}

static void apply_exceptions(struct fw_results *results, const struct fw_facts *facts)
{
    const struct fw_site *site = facts->site;
    for (size_t i = 0; i < results->n; i++) {
        struct fw_result *result = &results->v[i];
        for (size_t k = 0; k < site->nexceptions; k++) {
            const struct fw_site_exception *exception = &site->exceptions[k];
            if (!waiver_covers(exception, result) ||
                (exception->waiver && fw_time_over(exception->expires_ns, facts->as_of_ns))) {
                continue;
            }
            if (exception->waiver && result->state == FW_RESULT_FAIL) {
                result->state = FW_RESULT_WAIVED;
            } else if (!exception->waiver && result->state != FW_RESULT_ERROR) {
                result->state = FW_RESULT_NA;
            } else {
                continue;
            }
            result->waived_by_site = true;
            result->remark = exception->reason;
            result->words_overruling = exception->waiver ? "waived" : "na.declared";
            fw_result_param(results, result, "by", exception->by);
            fw_result_param(results, result, "reason", exception->reason);
            fw_result_param(results, result, "compensating", exception->compensating);
            if (exception->waiver) {
                fw_result_param_date(facts, results, result, "expires", exception->expires_ns);
            }
        }
    }
}

/* What was not understood could hold anything: a PASS that depends on it is not proven. */
static void apply_dependencies(struct fw_results *results)
{
    size_t n = results->n;
    for (size_t i = 0; i < n; i++) {
        struct fw_result *result = &results->v[i];
        const struct fw_check *check = fw_check_find(results->catalogue, fw_sv_from(result->check));
        if (!check || result->state != FW_RESULT_PASS) {
            continue;
        }
        for (size_t d = 0; d < check->ndepends; d++) {
            for (size_t k = 0; k < n; k++) {
                const struct fw_result *other = &results->v[k];
                if (fw_sv_is(check->depends[d], other->check) && other->state == FW_RESULT_OPEN &&
                    fw_sv_eq(other->device, result->device)) {
                    result->state = FW_RESULT_OPEN;
                    result->words = "open.depends";
                    fw_result_param(results, result, "depends", fw_sv_from(other->check));
                    fw_result_param(results, result, "list", other->remark);
                }
            }
        }
    }
}

static bool has_result(const struct fw_results *results, const char *check)
{
    for (size_t i = 0; i < results->n; i++) {
        if (strcmp(results->v[i].check, check) == 0) {
            return true;
        }
    }
    return false;
}

static void add_uncomputed(struct fw_results *results, const struct fw_profile *profile)
{
    for (size_t i = 0; profile && i < profile->n; i++) {
        const struct fw_check *check = profile->checks[i].check;
        const char *id = fw_arena_cstr(results->arena, check->id);
        if (check->computed || has_result(results, id)) {
            continue;
        }
        fw_results_add(results, id, FW_RESULT_MANUAL, FW_SV(""), "manual.not_computed", FW_SV(""));
    }
}

/* What the law of this profile makes of a check at the agency's level, unless the analyzer had a
 * reason to raise the class of this very finding. */
static void apply_profile(struct fw_results *results, const struct fw_facts *facts)
{
    fw_sv level = facts->site ? facts->site->level : FW_SV("");
    for (size_t i = 0; i < results->n; i++) {
        struct fw_result *result = &results->v[i];
        const struct fw_check *check = fw_check_find(results->catalogue, fw_sv_from(result->check));
        if (check && result->class == check->class) {
            result->class = fw_profile_class(facts->profile, check, level);
        }
    }
}

static int by_check(const void *left, const void *right)
{
    const struct fw_result *a = left;
    const struct fw_result *b = right;
    int order = strcmp(a->check, b->check);
    if (order == 0) {
        order = fw_sv_cmp_natural(a->device, b->device);
    }
    if (order == 0) {
        order = (int)a->state - (int)b->state;
    }
    if (order == 0) {
        order = fw_sv_cmp(a->input, b->input);
    }
    if (order == 0) {
        order = fw_sv_cmp(a->rule.policy, b->rule.policy);
    }
    if (order == 0 && a->rule.position != b->rule.position) {
        order = a->rule.position < b->rule.position ? -1 : 1;
    }
    if (order == 0 && a->span.offset != b->span.offset) {
        order = a->span.offset < b->span.offset ? -1 : 1;
    }
    if (order == 0) {
        order = memcmp(a->fingerprint.b, b->fingerprint.b, sizeof(a->fingerprint.b));
    }
    return order;
}

static void derive_states(struct fw_results *results)
{
    for (size_t i = 0; i < results->n; i++) {
        const struct fw_result *result = &results->v[i];
        if (i > 0 && strcmp(results->v[i - 1].check, result->check) == 0 &&
            fw_sv_eq(results->v[i - 1].device, result->device)) {
            continue; /* sorted: the first of a check and device is its worst */
        }
        results->states = fw_arena_push(results->arena, results->states, results->nstates,
                                        sizeof(*results->states));
        results->states[results->nstates++] = (struct fw_check_state){result->check, result->device,
                                                                      result->state};
    }
}

void fw_results_settle(struct fw_results *results, const struct fw_facts *facts)
{
    if (facts->site) { /* bare files were only asked what the command asks */
        add_uncomputed(results, facts->profile);
    }
    apply_profile(results, facts);
    results->profile = facts->profile;
    apply_dependencies(results);
    if (facts->site) {
        apply_attestations(results, facts);
        apply_exceptions(results, facts);
    }
    if (results->n > 0) {
        qsort(results->v, results->n, sizeof(*results->v), by_check);
    }
    derive_states(results);
}

enum fw_result_state fw_results_state(const struct fw_results *results, const char *check)
{
    /* A check without any subject was asked of nothing: that is missing evidence. */
    enum fw_result_state state = FW_RESULT_OPEN;
    bool seen = false;
    for (size_t i = 0; i < results->nstates; i++) {
        if (strcmp(results->states[i].check, check) == 0 &&
            (!seen || results->states[i].state < state)) {
            state = results->states[i].state;
            seen = true;
        }
    }
    return state;
}

/* Beside what the analyzer says of it, a sentence may name the result's measured value and target.
 */
void fw_result_sentence(const struct fw_results *results, const struct fw_result *result,
                        enum fw_lang lang, bool with_lead, struct fw_buf *out)
{
    enum { PARAMS = 40, OWN_PARAMS = 2 };
    struct fw_param params[PARAMS];
    size_t n = 0;
    while (n < result->nparams && n < PARAMS - OWN_PARAMS) {
        params[n] = result->params[n];
        n++;
    }
    params[n++] = (struct fw_param){"value", result->measured};
    params[n++] = (struct fw_param){"target", result->target};
    struct fw_sentence sentence = {
        .catalogue = results->catalogue,
        .profile = results->profile,
        .check = fw_check_find(results->catalogue, fw_sv_from(result->check)),
        .class = result->class,
        .lang = lang,
        .brief = !with_lead,
    };
    const char *key = result->words_overruling ? result->words_overruling : result->words;
    fw_sentence_render(out, &sentence, fw_sv_from(key), params, n);
}

static const char *const state_names[FW_RESULT_COUNT] = {
    [FW_RESULT_ERROR] = "ERROR",   [FW_RESULT_FAIL] = "FAIL",     [FW_RESULT_OPEN] = "OPEN",
    [FW_RESULT_MANUAL] = "MANUAL", [FW_RESULT_WAIVED] = "WAIVED", [FW_RESULT_PASS] = "PASS",
    [FW_RESULT_NA] = "N/A",
};

const char *fw_result_state_name(enum fw_result_state state)
{
    return state < FW_RESULT_COUNT ? state_names[state] : "?";
}
