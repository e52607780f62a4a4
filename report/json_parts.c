/* How inputs, checks and findings are written as JSON: the keys are a contract, in this order. */
#include "evidence/decisions.h"
#include "policy/edited.h"
#include "report/decided.h"
#include "report/history.h"
#include "report/json.h"
#include "report/proofs.h"

#include <math.h>

/* Null for what is not known, so that "" is never mistaken for a value. */
static void text_kv(struct fw_json *json, const char *key, fw_sv text)
{
    if (text.n > 0) {
        fw_json_kv(json, key, text);
    } else {
        fw_json_kv_null(json, key);
    }
}

/* A measured value is a number where it is one, else a text. */
static void value_kv(struct fw_json *json, const char *key, fw_sv text)
{
    fw_json_key(json, key);
    if (text.n > 0) {
        fw_json_number(json, text);
    } else {
        fw_json_null(json);
    }
}

void fw_json_kv_sha256(struct fw_json *json, const char *key, fw_sha256 hash)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(hash, hex);
    fw_json_kv_cstr(json, key, hex);
}

void fw_json_report_begin(struct fw_json_report *report, const struct fw_report_input *in,
                          struct fw_buf *out)
{
    fw_arena_init(&report->arena, 0);
    fw_survey_make(&report->survey, in, &report->arena);
    fw_json_init(&report->json, out, 2);
    fw_json_object(&report->json);
}

void fw_json_report_end(struct fw_json_report *report, struct fw_buf *out)
{
    fw_json_end(&report->json);
    fw_buf_add_char(out, '\n');
    fw_arena_clear(&report->arena);
}

void fw_json_inputs(struct fw_json *json, const struct fw_inputs *inputs)
{
    fw_json_key(json, "inputs");
    fw_json_array(json);
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        fw_json_object(json);
        fw_json_kv(json, "path", input->path);
        if (input->missing) {
            fw_json_kv_null(json, "sha256");
        } else {
            fw_json_kv_sha256(json, "sha256", input->info.sha256);
        }
        text_kv(json, "format", fw_sv_from(input->format));
        fw_json_key(json, "lines");
        if (input->missing) {
            fw_json_null(json);
        } else {
            fw_json_object(json);
            fw_json_kv_u64(json, "total", input->lines.total);
            fw_json_kv_u64(json, "used", input->lines.used);
            fw_json_kv_u64(json, "ignored", input->lines.ignored);
            fw_json_kv_u64(json, "unsupported", input->lines.unsupported);
            fw_json_kv_u64(json, "bad", input->lines.bad);
            fw_json_end(json);
        }
        fw_json_kv_cstr(json, "role", fw_input_role_name(input->role));
        text_kv(json, "device", input->device);
        fw_json_kv_u64_if(json, "bytes", !input->missing, input->info.stored_bytes);
        fw_json_kv_cstr(json, "integrity",
                        input->missing ? "missing" : fw_integrity_name(input->info.integrity));
        fw_json_end(json);
    }
    fw_json_end(json);
}

void fw_json_policies(struct fw_json *json, const struct fw_facts *facts)
{
    fw_json_key(json, "policies");
    fw_json_array(json);
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_device_facts *device = &facts->devices[i];
        const struct fw_snapshot *snapshot = fw_device_current(device);
        if (!snapshot) {
            continue;
        }
        for (size_t p = 0; p < snapshot->ruleset->npolicies; p++) {
            const struct fw_policy *policy = snapshot->ruleset->policies[p];
            fw_json_object(json);
            fw_json_kv(json, "name", policy->name);
            fw_json_kv_u64(json, "rules", fw_policy_written(policy));
            fw_json_kv_cstr(json, "default", fw_action_name(policy->fallback));
            fw_json_kv_bool(json, "bound", policy->bound);
            fw_json_kv(json, "device", device->name);
            fw_json_kv(json, "input", snapshot->path);
            fw_json_end(json);
        }
    }
    fw_json_end(json);
}

void fw_json_proofs(struct fw_json *json, const struct fw_facts *facts)
{
    struct fw_proof_counts counts;
    if (!fw_proof_count(facts, &counts)) {
        return;
    }
    fw_json_key(json, "proofs");
    fw_json_object(json);
    fw_json_kv_u64(json, "rules", counts.rules);
    fw_json_kv_u64(json, "witness", counts.proofs[FW_PROOF_WITNESS]);
    fw_json_kv_u64(json, "certificate", counts.proofs[FW_PROOF_CERTIFICATE]);
    fw_json_kv_u64(json, "undetermined", counts.undetermined);
    fw_json_kv_u64(json, "wrong", counts.proofs[FW_PROOF_WRONG]);
    fw_json_kv_u64(json, "steps", counts.steps);
    fw_json_end(json);
}

/* The first result of a subject is its worst: the one that explains the state. */
static const struct fw_result *explaining(const struct fw_results *results,
                                          const struct fw_survey_check *check, fw_sv device)
{
    for (size_t i = 0; i < check->n; i++) {
        const struct fw_result *result = &results->v[check->from + i];
        if (fw_sv_eq(result->device, device)) {
            return result;
        }
    }
    return NULL;
}

void fw_json_checks(struct fw_json *json, const struct fw_survey *survey, const char *subject)
{
    const struct fw_results *results = survey->in->results;
    fw_json_key(json, "checks");
    fw_json_array(json);
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_survey_check *check = &survey->checks[i];
        for (size_t k = 0; k < check->nstates; k++) {
            const struct fw_check_state *state = &results->states[check->states_from + k];
            const struct fw_result *why = explaining(results, check, state->device);
            fw_json_object(json);
            fw_json_kv(json, "check", check->check->id);
            fw_json_kv(json, subject, state->device);
            fw_json_kv_cstr(json, "state", fw_result_state_name(state->state));
            value_kv(json, "measured", why ? why->measured : (fw_sv){0});
            value_kv(json, "target", why ? why->target : (fw_sv){0});
            fw_json_kv_bool(json, "computed", check->check->computed);
            text_kv(json, "message",
                    why ? fw_survey_sentence(survey, why, survey->in->lang, false) : (fw_sv){0});
            fw_json_end(json);
        }
    }
    fw_json_end(json);
}

/* The calls of the finding's own policy through which a cause in another one is met. */
static void via_json(struct fw_json *json, const struct fw_result *result, size_t cause)
{
    if (!result->via || result->via[cause].n == 0) {
        return;
    }
    fw_json_key(json, "via");
    fw_json_array(json);
    for (size_t i = 0; i < result->via[cause].n; i++) {
        const struct fw_rule_ref *call = &result->via[cause].v[i];
        fw_json_object(json);
        fw_json_kv_u64(json, "position", call->position);
        fw_json_kv_u64(json, "line", call->line);
        fw_json_kv(json, "policy", call->policy);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void rule_json(struct fw_json *json, const struct fw_result *result)
{
    text_kv(json, "policy", result->rule.policy);
    fw_json_key(json, "rule");
    if (result->has_rule) {
        fw_json_object(json);
        fw_json_kv_u64(json, "position", result->rule.position);
        fw_json_kv_u64(json, "line", result->rule.line);
        fw_json_kv(json, "id", result->rule.id);
        fw_json_end(json);
    } else {
        fw_json_null(json);
    }
    fw_json_kv_bool(json, "dead", result->dead);
    fw_json_key(json, "because");
    fw_json_array(json);
    for (size_t i = 0; i < result->nbecause; i++) {
        fw_json_object(json);
        fw_json_kv_u64(json, "position", result->because[i].position);
        fw_json_kv_u64(json, "line", result->because[i].line);
        fw_json_kv(json, "policy", result->because[i].policy);
        via_json(json, result, i);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_kv_cstr(json, "certainty", fw_certainty_name(result->certainty));
    fw_json_key(json, "witness");
    if (result->has_witness) {
        fw_packet_json(json, &result->witness);
    } else {
        fw_json_null(json);
    }
}

/* What is wrong with which object; a retired host need not be one. */
static void object_json(struct fw_json *json, const struct fw_result *result)
{
    fw_json_key(json, "object");
    if (!result->object_problem) {
        fw_json_null(json);
        return;
    }
    fw_json_object(json);
    fw_json_kv_cstr(json, "problem", result->object_problem);
    text_kv(json, "kind",
            fw_sv_from(result->object ? fw_object_kind_name(result->object->kind) : ""));
    text_kv(json, "name", result->object ? result->object->name : (fw_sv){0});
    fw_json_end(json);
}

/* What the fix changes besides the finding; null: no packet fares otherwise. */
static void fix_changes_json(struct fw_json *json, const struct fw_edit_effect *effect)
{
    fw_json_key(json, "fix_changes");
    if (!effect) {
        fw_json_null(json);
        return;
    }
    fw_json_object(json);
    fw_json_kv_bool(json, "known", effect->known);
    for (int kind = 0; effect->known && kind < FW_DIFFERENCE_COUNT; kind++) {
        fw_json_kv_u64(json, fw_difference_kind_name((enum fw_difference_kind)kind),
                       effect->boxes[kind]);
    }
    if (effect->known) {
        fw_json_kv_u64(json, "possible", effect->possible);
        fw_json_kv_bool(json, "exact", effect->exact);
        fw_json_key(json, "log2_at_most");
        fw_json_double(json, effect->breadth > 0 ? log2(effect->breadth) : 0, 1);
        fw_json_key(json, "witness");
        if (effect->has_witness) {
            fw_packet_json(json, &effect->witness);
        } else {
            fw_json_null(json);
        }
    }
    fw_json_end(json);
}

static void result_json(struct fw_json *json, const struct fw_survey *survey,
                        const struct fw_result *result)
{
    fw_json_object(json);
    fw_json_kv_cstr(json, "check", result->check);
    fw_json_kv_cstr(json, "state", fw_result_state_name(result->state));
    fw_json_kv_cstr(json, "severity", fw_severity_name(result->severity));
    fw_json_kv_cstr(json, "class", fw_class_name(result->class));
    text_kv(json, "device", result->device);
    text_kv(json, "input", result->input);
    rule_json(json, result);
    fw_json_kv(json, "message", fw_survey_sentence(survey, result, survey->in->lang, false));
    fw_json_kv_u64_if(json, "line", result->span.line > 0, result->span.line);
    value_kv(json, "measured", result->measured);
    value_kv(json, "target", result->target);
    text_kv(json, "remark", result->remark);
    object_json(json, result);
    text_kv(json, "fix", result->fix);
    fix_changes_json(json, result->fix_effect);
    fw_json_kv_sha256(json, "fingerprint", result->fingerprint);
    fw_json_end(json);
}

void fw_json_results(struct fw_json *json, const struct fw_survey *survey)
{
    fw_json_key(json, "results");
    fw_json_array(json);
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_survey_check *check = &survey->checks[i];
        for (size_t k = 0; k < check->n; k++) {
            const struct fw_result *result = &survey->in->results->v[check->from + k];
            if (fw_survey_is_finding(result)) {
                result_json(json, survey, result);
            }
        }
    }
    fw_json_end(json);
}

void fw_json_changes(struct fw_json *json, const struct fw_survey *survey)
{
    struct fw_history history;
    if (!fw_history_make(survey, &history)) {
        return;
    }
    fw_json_key(json, "changes");
    fw_json_object(json);
    fw_json_kv(json, "period", history.previous->period);
    fw_json_kv_u64(json, "sequence", history.previous->sequence);
    fw_json_kv_sha256(json, "head", history.previous->head);
    fw_json_kv_u64(json, "new", history.new);
    fw_json_kv_u64(json, "same", history.same);
    fw_json_kv_u64(json, "gone", history.gone);
    fw_json_key(json, "gone_findings");
    fw_json_array(json);
    for (size_t i = 0; i < history.ngone; i++) {
        const struct fw_past_finding *finding = &history.gone_findings[i];
        fw_json_object(json);
        fw_json_kv(json, "check", finding->check);
        fw_json_kv(json, "subject", finding->subject);
        fw_json_kv(json, "place", finding->place);
        fw_json_kv(json, "fingerprint", finding->fingerprint);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_end(json);
}

/* How many rules are decided on; of the decisions on record, how many still are about something. */
void fw_json_decisions(struct fw_json *json, const struct fw_survey *survey)
{
    static const char *const states[] = {"current", "earlier", "expired", "gone"};
    const struct fw_facts *facts = survey->in->facts;
    const struct fw_decisions *decisions = facts->decisions;
    struct fw_decided_tally tally = {0};
    for (size_t i = 0; i < facts->ndevices; i++) {
        fw_decided_add(facts, &facts->devices[i], &tally);
    }
    fw_json_key(json, "decisions");
    fw_json_object(json);
    fw_json_kv_u64(json, "rules", tally.rules);
    fw_json_kv_u64(json, "undecided", tally.by[FW_DECIDED_NOTHING]);
    for (int i = FW_DECIDED_NOTHING + 1; i < FW_DECIDED_COUNT; i++) {
        fw_json_kv_u64(json, fw_decided_name((enum fw_decided)i), tally.by[i]);
    }
    fw_json_kv_u64(json, "recorded", decisions ? decisions->n : 0);
    const char *const *state = NULL;
    if (decisions) {
        state = fw_decision_states(facts, survey->in->results, survey->arena);
    }
    for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++) {
        uint64_t n = 0;
        for (size_t i = 0; decisions && i < decisions->n; i++) {
            n += strcmp(state[i], states[s]) == 0;
        }
        fw_json_kv_u64(json, states[s], n);
    }
    fw_json_end(json);
}
