/* A comparison as JSON and as CSV: the keys are a contract, docs/schemas/diff.json. */
#include <inttypes.h>

#include "core/table.h"
#include "policy/print.h"
#include "report/difference.h"
#include "report/json.h"

void fw_difference_addresses(struct fw_buf *buf, const struct fw_ipset *set, size_t most)
{
    if (!set) {
        fw_buf_add_cstr(buf, "any");
        return;
    }
    for (size_t i = 0; i < set->n; i++) {
        if (i == most) {
            fw_buf_printf(buf, ", +%zu", set->n - i);
            return;
        }
        fw_buf_add_cstr(buf, i > 0 ? ", " : "");
        fw_iprange_text(buf, set->v[i]);
    }
}

void fw_difference_names(struct fw_buf *buf, const struct fw_names *names)
{
    const char *between = "";
    if (names->nsome + names->nnone == 0) {
        fw_buf_add_cstr(buf, "any");
    }
    for (size_t i = 0; i < names->nsome; i++) {
        fw_buf_add_cstr(buf, between);
        fw_buf_add(buf, names->some[i].n > 0 ? names->some[i] : FW_SV("-"));
        between = ", ";
    }
    for (size_t i = 0; i < names->nnone; i++) {
        fw_buf_add_cstr(buf, between);
        fw_buf_add_char(buf, '!');
        fw_buf_add(buf, names->none[i].n > 0 ? names->none[i] : FW_SV("-"));
        between = ", ";
    }
}

void fw_difference_service(struct fw_buf *buf, const struct fw_term *term)
{
    fw_protoset_text(buf, term->proto);
    if (term->sport) {
        fw_buf_add_cstr(buf, " sport ");
        fw_numset_text(buf, term->sport);
    }
    if (term->dport) {
        fw_buf_add_cstr(buf, " dport ");
        fw_numset_text(buf, term->dport);
    }
    if (term->icmp) {
        fw_buf_add_cstr(buf, " type ");
        fw_icmpset_text(buf, term->icmp);
    }
    if (term->flags) {
        fw_buf_add_cstr(buf, " flags ");
        fw_numset_text(buf, term->flags);
    }
    if (term->state) {
        fw_buf_add_cstr(buf, " state ");
        fw_stateset_text(buf, term->state);
    }
}

static void policy_json(struct fw_json *json, const char *key, const struct fw_policy *policy)
{
    if (!policy) {
        fw_json_kv_null(json, key);
        return;
    }
    fw_json_key(json, key);
    fw_json_object(json);
    fw_json_kv(json, "name", policy->name);
    fw_json_kv_u64(json, "rules", fw_policy_written(policy));
    fw_json_kv_cstr(json, "default", fw_action_name(policy->fallback));
    fw_json_kv_bool(json, "bound", policy->bound);
    fw_json_key(json, "bindings");
    fw_json_array(json);
    for (size_t i = 0; i < policy->nbindings; i++) {
        fw_json_object(json);
        fw_json_kv(json, "in", policy->bindings[i].in);
        fw_json_kv(json, "out", policy->bindings[i].out);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_end(json);
}

static void pairs_json(struct fw_json *json, const struct fw_comparison_result *result)
{
    fw_json_key(json, "policies");
    fw_json_array(json);
    for (size_t i = 0; i < result->npairs; i++) {
        const struct fw_policy_pair *pair = &result->pairs[i];
        fw_json_object(json);
        fw_json_kv_cstr(json, "state", fw_pair_state_name(pair->state));
        policy_json(json, "old", pair->policies[0]);
        policy_json(json, "new", pair->policies[1]);
        fw_json_kv_bool(json, "called", pair->called);
        fw_json_kv_bool(json, "rebound", pair->rebound);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void rule_json(struct fw_json *json, const char *key, const struct fw_difference_report *in,
                      size_t side, const struct fw_policy *policy, const struct fw_rule *rule)
{
    struct fw_arena arena;
    if (!rule) {
        fw_json_kv_null(json, key);
        return;
    }
    fw_arena_init(&arena, 0);
    fw_json_key(json, key);
    fw_json_object(json);
    fw_json_kv(json, "policy", policy->name);
    fw_json_kv_u64(json, "position", rule->position);
    fw_json_kv_u64(json, "line", rule->span.line);
    fw_json_kv(json, "id", rule->id);
    fw_json_kv_cstr(json, "action", fw_action_name(rule->action));
    fw_json_kv(json, "text",
               fw_sv_trim(fw_doc_line_shown(in->docs[side], rule->span.line, &arena)));
    fw_json_end(json);
    fw_arena_clear(&arena);
}

static void changes_json(struct fw_json *json, const char *key,
                         const struct fw_difference_report *in, bool effective)
{
    fw_json_key(json, key);
    fw_json_array(json);
    for (size_t i = 0; i < in->result->nrules; i++) {
        const struct fw_rule_change *change = &in->result->rules[i];
        const struct fw_delta *delta = &change->delta;
        if ((change->effect != FW_EFFECT_NONE) != effective) {
            continue;
        }
        fw_json_object(json);
        fw_json_kv_cstr(json, "change", fw_change_name(delta->change));
        fw_json_kv(json, "policy",
                   delta->new_policy ? delta->new_policy->name : delta->old_policy->name);
        fw_json_kv_cstr(json, "effect", fw_rule_effect_name(change->effect));
        rule_json(json, "old", in, 0, delta->old_policy, delta->old_rule);
        rule_json(json, "new", in, 1, delta->new_policy, delta->new_rule);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void addresses_json(struct fw_json *json, const char *key, const struct fw_ipset *set)
{
    struct fw_buf buf;
    if (!set) {
        fw_json_kv_cstr(json, key, "any");
        return;
    }
    fw_buf_init(&buf);
    fw_json_key(json, key);
    fw_json_array(json);
    for (size_t i = 0; i < set->n; i++) {
        fw_iprange_text(&buf, set->v[i]);
        fw_json_string(json, fw_buf_sv(&buf));
        fw_buf_reset(&buf);
    }
    fw_json_end(json);
    fw_buf_clear(&buf);
}

static void names_json(struct fw_json *json, const char *key, const struct fw_names *names)
{
    struct fw_buf buf;
    if (names->nsome + names->nnone == 0) {
        fw_json_kv_cstr(json, key, "any");
        return;
    }
    fw_buf_init(&buf);
    fw_json_key(json, key);
    fw_json_array(json);
    for (size_t i = 0; i < names->nsome; i++) {
        fw_json_string(json, names->some[i]);
    }
    for (size_t i = 0; i < names->nnone; i++) {
        fw_buf_add_char(&buf, '!');
        fw_buf_add(&buf, names->none[i]);
        fw_json_string(json, fw_buf_sv(&buf));
        fw_buf_reset(&buf);
    }
    fw_json_end(json);
    fw_buf_clear(&buf);
}

static void set_kv(struct fw_json *json, const char *key,
                   void text(struct fw_buf *, const struct fw_numset *),
                   const struct fw_numset *set)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    text(&buf, set);
    fw_json_kv(json, key, fw_buf_sv(&buf));
    fw_buf_clear(&buf);
}

static void service_json(struct fw_json *json, const struct fw_term *term)
{
    fw_json_key(json, "service");
    fw_json_object(json);
    set_kv(json, "protocol", fw_protoset_text, term->proto);
    set_kv(json, "source_port", fw_numset_text, term->sport);
    set_kv(json, "destination_port", fw_numset_text, term->dport);
    if (term->icmp) {
        set_kv(json, "icmp", fw_icmpset_text, term->icmp);
    }
    if (term->flags) {
        set_kv(json, "tcp_flags", fw_numset_text, term->flags);
    }
    if (term->state) {
        set_kv(json, "state", fw_stateset_text, term->state);
    }
    fw_json_end(json);
}

static void fate_json(struct fw_json *json, const char *key, const struct fw_fate *fate)
{
    fw_json_key(json, key);
    fw_json_object(json);
    fw_json_kv_cstr(json, "action", fw_action_name(fate->action));
    fw_json_kv(json, "policy", fate->policy->name);
    fw_json_kv_bool(json, "default", fate->rule == NULL);
    if (fate->rule) {
        fw_json_kv_u64(json, "position", fate->rule->position);
        fw_json_kv_u64(json, "line", fate->rule->span.line);
        fw_json_kv(json, "id", fate->rule->id);
    }
    fw_json_end(json);
}

static void conditions_json(struct fw_json *json, const struct fw_term *term)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_json_key(json, "when");
    fw_json_array(json);
    for (size_t i = 0; i < term->natoms; i++) {
        fw_buf_add_cstr(&buf, term->atoms[i].negated ? "not " : "");
        fw_buf_add(&buf, term->atoms[i].words);
        fw_json_string(json, fw_buf_sv(&buf));
        fw_buf_reset(&buf);
    }
    fw_json_end(json);
    fw_buf_clear(&buf);
}

static void box_json(struct fw_json *json, const struct fw_policy_pair *pair,
                     const struct fw_difference_box *box)
{
    fw_json_object(json);
    fw_json_kv_cstr(json, "change", fw_difference_kind_name(box->kind));
    fw_json_kv(json, "policy", pair->policies[1]->name);
    fw_json_kv(json, "old_policy", pair->policies[0]->name);
    fw_json_kv_cstr(json, "certainty", fw_certainty_name(box->certainty));
    fw_json_kv_bool(json, "exact", box->exact);
    names_json(json, "in", &box->in);
    names_json(json, "out", &box->out);
    addresses_json(json, "source", box->term.src);
    addresses_json(json, "destination", box->term.dst);
    service_json(json, &box->term);
    conditions_json(json, &box->term);
    fate_json(json, "old", &box->before);
    fate_json(json, "new", &box->after);
    fw_json_key(json, "witness");
    if (box->has_witness) {
        fw_packet_json(json, &box->witness);
    } else {
        fw_json_null(json);
    }
    fw_json_end(json);
}

static void boxes_json(struct fw_json *json, const struct fw_comparison_result *result)
{
    fw_json_key(json, "packets");
    fw_json_array(json);
    for (size_t i = 0; i < result->npairs; i++) {
        const struct fw_policy_pair *pair = &result->pairs[i];
        for (size_t k = 0; k < pair->difference.n; k++) {
            box_json(json, pair, &pair->difference.v[k]);
        }
    }
    fw_json_end(json);
}

static void unread_json(struct fw_json *json, const struct fw_difference_report *in)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    fw_json_key(json, "unread");
    fw_json_array(json);
    for (size_t i = 0; i < in->result->nunread; i++) {
        const struct fw_unread_line *unread = &in->result->unread[i];
        fw_json_object(json);
        fw_json_kv_cstr(json, "side", unread->side == 0 ? "old" : "new");
        fw_json_kv_u64(json, "line", unread->line);
        fw_json_kv(json, "text",
                   fw_sv_trim(fw_doc_line_shown(in->docs[unread->side], unread->line, &arena)));
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_arena_clear(&arena);
}

static void counts_json(struct fw_json *json, const struct fw_comparison_result *result)
{
    fw_json_key(json, "counts");
    fw_json_object(json);
    for (int kind = 0; kind < FW_DIFFERENCE_COUNT; kind++) {
        fw_json_kv_u64(json, fw_difference_kind_name((enum fw_difference_kind)kind),
                       result->boxes[kind]);
    }
    fw_json_kv_u64(json, "rules",
                   result->effects[FW_EFFECT_PACKETS] + result->effects[FW_EFFECT_OTHER]);
    fw_json_kv_u64(json, "rewritten", result->effects[FW_EFFECT_NONE]);
    fw_json_end(json);
}

void fw_difference_json(const struct fw_difference_report *report, struct fw_buf *out)
{
    const struct fw_comparison_result *result = report->result;
    struct fw_json json;
    enum fw_severity severity;
    bool some = fw_comparison_severity(result, &severity);
    fw_json_init(&json, out, 2);
    fw_json_object(&json);
    fw_json_inputs(&json, report->inputs);
    fw_json_kv_bool(&json, "same", !some && !result->open);
    fw_json_kv_bool(&json, "complete", !result->open);
    fw_json_key(&json, "severity");
    if (some) {
        fw_json_cstr(&json, fw_severity_name(severity));
    } else {
        fw_json_null(&json);
    }
    pairs_json(&json, result);
    boxes_json(&json, result);
    fw_json_kv_bool(&json, "rules_compared", result->same_format);
    changes_json(&json, "rules", report, true);
    changes_json(&json, "rewritten", report, false);
    unread_json(&json, report);
    counts_json(&json, result);
    fw_json_kv_cstr(&json, "version", report->version);
    fw_json_end(&json);
    fw_buf_add_char(out, '\n');
}

static const struct fw_column columns[] = {
    {"change", FW_SV_INIT("change"), false, 0},
    {"policy", FW_SV_INIT("policy"), false, 0},
    {"certainty", FW_SV_INIT("certainty"), false, 0},
    {"exact", FW_SV_INIT("exact"), false, 0},
    {"in", FW_SV_INIT("in"), false, 0},
    {"out", FW_SV_INIT("out"), false, 0},
    {"source", FW_SV_INIT("source"), false, 0},
    {"destination", FW_SV_INIT("destination"), false, 0},
    {"service", FW_SV_INIT("service"), false, 0},
    {"when", FW_SV_INIT("when"), false, 0},
    {"old_action", FW_SV_INIT("old_action"), false, 0},
    {"old_line", FW_SV_INIT("old_line"), true, 0},
    {"new_action", FW_SV_INIT("new_action"), false, 0},
    {"new_line", FW_SV_INIT("new_line"), true, 0},
    {"witness", FW_SV_INIT("witness"), false, 0},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* Takes what was written to the buffer. */
static fw_sv taken(struct fw_arena *arena, struct fw_buf *buf)
{
    fw_sv text = fw_arena_copy(arena, fw_buf_sv(buf));
    fw_buf_reset(buf);
    return text;
}

static fw_sv line_of(struct fw_arena *arena, const struct fw_fate *fate)
{
    return fate->rule ? fw_arena_printf(arena, "%" PRIu32, fate->rule->span.line) : FW_SV("");
}

static void add_row(struct fw_table *table, struct fw_arena *arena,
                    const struct fw_policy_pair *pair, const struct fw_difference_box *box)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_sv cells[COLUMNS] = {
        fw_sv_from(fw_difference_kind_name(box->kind)),
        pair->policies[1]->name,
        fw_sv_from(fw_certainty_name(box->certainty)),
        fw_sv_from(box->exact ? "yes" : "no"),
    };
    fw_difference_names(&buf, &box->in);
    cells[4] = taken(arena, &buf);
    fw_difference_names(&buf, &box->out);
    cells[5] = taken(arena, &buf);
    fw_difference_addresses(&buf, box->term.src, SIZE_MAX);
    cells[6] = taken(arena, &buf);
    fw_difference_addresses(&buf, box->term.dst, SIZE_MAX);
    cells[7] = taken(arena, &buf);
    fw_difference_service(&buf, &box->term);
    cells[8] = taken(arena, &buf);
    for (size_t i = 0; i < box->term.natoms; i++) {
        fw_buf_add_cstr(&buf, i > 0 ? "; " : "");
        fw_buf_add_cstr(&buf, box->term.atoms[i].negated ? "not " : "");
        fw_buf_add(&buf, box->term.atoms[i].words);
    }
    cells[9] = taken(arena, &buf);
    cells[10] = fw_sv_from(fw_action_name(box->before.action));
    cells[11] = line_of(arena, &box->before);
    cells[12] = fw_sv_from(fw_action_name(box->after.action));
    cells[13] = line_of(arena, &box->after);
    if (box->has_witness) {
        fw_packet_text(&buf, &box->witness);
    }
    cells[14] = taken(arena, &buf);
    fw_table_row(table, cells);
    fw_buf_clear(&buf);
}

void fw_difference_csv(const struct fw_difference_report *report, struct fw_buf *out)
{
    struct fw_table *table = fw_table_new(columns, COLUMNS);
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    for (size_t i = 0; i < report->result->npairs; i++) {
        const struct fw_policy_pair *pair = &report->result->pairs[i];
        for (size_t k = 0; k < pair->difference.n; k++) {
            add_row(table, &arena, pair, &pair->difference.v[k]);
        }
    }
    fw_table_csv(table, out);
    fw_table_free(table);
    fw_arena_clear(&arena);
}
