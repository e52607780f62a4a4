/* What became of what was decided? */
#include "evidence/decisions.h"

#include "core/text.h"
#include "core/time.h"

bool fw_decisions_apply(const struct fw_site *site, const struct fw_decisions *decisions,
                        const struct fw_catalogue *catalogue, fw_sv path, struct fw_diags *diags,
                        struct fw_arena *arena, struct fw_site *ret)
{
    bool good = true;
    size_t n = site->nexceptions;
    struct fw_site_exception *all = fw_new_array(arena, n + decisions->n + 1,
                                                 struct fw_site_exception);
    for (size_t i = 0; i < n; i++) {
        all[i] = site->exceptions[i];
    }
    for (size_t i = 0; i < decisions->n; i++) {
        const struct fw_decision *d = decisions->v[i];
        if (!d->about_rule && !fw_check_find(catalogue, d->check)) {
            fw_diag_report(diags, FW_DIAG_ID_RECORD_INVALID, path, d->span, (fw_sv){0}, 0,
                           "there is no check \"%.*s\"", FW_SV_ARG(d->check));
            good = false;
        }
        if (d->about_rule || d->decided != FW_DECIDED_WAIVE) {
            continue;
        }
        all[n++] = (struct fw_site_exception){
            .waiver = true,
            .check = d->check,
            .device = d->device,
            .fingerprint = d->fingerprint,
            .reason = d->reason,
            .by = d->by,
            .compensating = d->compensating,
            .approved_ns = d->decided_ns,
            .expires_ns = d->until_ns,
            .span = d->span,
        };
    }
    *ret = *site;
    ret->nexceptions = n;
    ret->exceptions = all;
    return good;
}

/* What is decided on and still there: rules by device, policy and content, findings by fingerprint.
 */
struct present {
    struct fw_decision_index index;
    struct fw_arena *arena;
    const struct fw_decision_index *decided;
};

static void note(struct present *present, const struct fw_decision *about)
{
    const struct fw_decision *found = fw_decision_find(present->decided, about);
    if (found) {
        (void)fw_decision_add(&present->index, present->arena, found);
    }
}

static void find_rules(const struct fw_facts *facts, struct present *present)
{
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_device_facts *device = &facts->devices[i];
        const struct fw_ruleset *ruleset = fw_device_ruleset(device);
        for (size_t p = 0; ruleset && p < ruleset->npolicies; p++) {
            const struct fw_policy *policy = ruleset->policies[p];
            for (size_t r = 0; r < policy->n; r++) {
                note(present, &(struct fw_decision){.about_rule = true,
                                                    .device = device->name,
                                                    .policy = policy->name,
                                                    .content = policy->rules[r].content});
            }
        }
    }
}

static void find_findings(const struct fw_results *results, struct present *present)
{
    for (size_t i = 0; i < results->n; i++) {
        const struct fw_result *result = &results->v[i];
        char hex[FW_SHA256_HEX + 1];
        fw_sha256_hex(result->fingerprint, hex);
        note(present, &(struct fw_decision){.device = result->device,
                                            .check = fw_sv_from(result->check),
                                            .fingerprint = fw_sv_from(hex)});
    }
}

static const char *state_of(const struct fw_facts *facts, const struct present *present,
                            const struct fw_decision *d)
{
    if (!fw_decision_find(&present->index, d)) {
        return "gone";
    }
    if (fw_time_over(d->until_ns, facts->as_of_ns)) {
        return "expired";
    }
    return d->about_rule && d->decided_ns < facts->site->from_ns ? "earlier" : "current";
}

const char *const *fw_decision_states(const struct fw_facts *facts,
                                      const struct fw_results *results, struct fw_arena *arena)
{
    const struct fw_decisions *decisions = facts->decisions;
    struct present present = {.arena = arena, .decided = &decisions->index};
    find_rules(facts, &present);
    find_findings(results, &present);
    const char **states = fw_new_array(arena, decisions->n + 1, const char *);
    for (size_t i = 0; i < decisions->n; i++) {
        states[i] = state_of(facts, &present, decisions->v[i]);
    }
    return states;
}

static void cell(struct fw_buf *out, fw_sv text)
{
    fw_text_tsv(out, text);
    fw_buf_add_char(out, '\t');
}

static void date_cell(const struct fw_facts *facts, int64_t ns, struct fw_arena *arena,
                      struct fw_buf *out)
{
    cell(out,
         ns == INT64_MIN ? FW_SV("") : fw_date_keep(arena, fw_date_of(ns, facts->zone_seconds)));
}

void fw_decisions_text(const struct fw_facts *facts, const struct fw_results *results,
                       struct fw_buf *out)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    fw_buf_add_cstr(out,
                    "device\tpolicy\trule\tcheck\tdecision\treason\towner\tby\tdecided\tuntil\t"
                    "ticket\tcompensating\tcontent_or_fingerprint\tstate\n");
    const char *const *states = NULL;
    if (facts->decisions) {
        states = fw_decision_states(facts, results, &arena);
    }
    for (size_t i = 0; facts->decisions && i < facts->decisions->n; i++) {
        const struct fw_decision *d = facts->decisions->v[i];
        char hex[FW_SHA256_HEX + 1];
        fw_sha256_hex(d->content, hex);
        cell(out, d->device);
        cell(out, d->policy);
        cell(out, d->rule);
        cell(out, d->check);
        cell(out, fw_sv_from(fw_decided_name(d->decided)));
        cell(out, d->reason);
        cell(out, d->owner);
        cell(out, d->by);
        date_cell(facts, d->decided_ns, &arena, out);
        date_cell(facts, d->until_ns, &arena, out);
        cell(out, d->ticket);
        cell(out, d->compensating);
        cell(out, d->about_rule ? fw_sv_from(hex) : d->fingerprint);
        fw_buf_add_cstr(out, states[i]);
        fw_buf_add_char(out, '\n');
    }
    fw_arena_clear(&arena);
}
