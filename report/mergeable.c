/* Neighbours that one rule can replace, as JSON and on a terminal: a suggestion, no finding. */
#include <inttypes.h>

#include "policy/print.h"
#include "report/json.h"
#include "report/terminal.h"

enum { RUNS_SHOWN = 10, RULES_SHOWN = 4 };

static const struct fw_snapshot *current(const struct fw_device_facts *device)
{
    const struct fw_snapshot *snapshot = fw_device_current(device);
    return snapshot && snapshot->mergeable ? snapshot : NULL;
}

static void run_json(struct fw_json *json, const struct fw_device_facts *device,
                     const struct fw_snapshot *snapshot, const struct fw_mergeable *run)
{
    fw_json_object(json);
    fw_json_kv(json, "device", device->name);
    fw_json_kv(json, "input", snapshot->path);
    fw_json_kv(json, "policy", run->policy->name);
    fw_json_kv_cstr(json, "joins", run->key);
    fw_json_kv_cstr(json, "certainty", "proven");
    fw_json_key(json, "rules");
    fw_json_array(json);
    for (size_t i = 0; i < run->n; i++) {
        const struct fw_rule *rule = &run->policy->rules[run->from + i];
        fw_json_object(json);
        fw_json_kv_u64(json, "position", rule->position);
        fw_json_kv_u64(json, "line", rule->span.line);
        fw_json_kv(json, "id", rule->id);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_key(json, "replacement");
    fw_rule_json(json, run->policy, &run->together);
    fw_json_end(json);
}

void fw_json_mergeable(struct fw_json *json, const struct fw_facts *facts)
{
    fw_json_key(json, "mergeable");
    fw_json_array(json);
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_snapshot *snapshot = current(&facts->devices[i]);
        for (size_t k = 0; snapshot && k < snapshot->mergeable->n; k++) {
            run_json(json, &facts->devices[i], snapshot, &snapshot->mergeable->v[k]);
        }
    }
    fw_json_end(json);
}

/* "10.0.0.0/23" or "80-90": what the rules are together in the dimension that is joined. */
static fw_sv joined_text(struct fw_terminal *t, const struct fw_mergeable *run)
{
    const struct fw_term *term = &run->together.match.terms[0];
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_sv key = fw_sv_from(run->key);
    if (fw_sv_is(key, "source") || fw_sv_is(key, "destination")) {
        fw_iprange_text(&buf, (fw_sv_is(key, "source") ? term->src : term->dst)->v[0]);
    } else {
        fw_numset_text(&buf, fw_sv_is(key, "source_port") ? term->sport : term->dport);
    }
    return fw_buf_keep(&buf, t->survey.arena);
}

static void put_run(struct fw_terminal *t, const struct fw_snapshot *snapshot,
                    const struct fw_mergeable *run)
{
    const struct fw_rule *rules = &run->policy->rules[run->from];
    struct fw_param params[] = {
        {"path", snapshot->path},
        {"policy", run->policy->name},
        {"from", fw_survey_number(&t->survey, rules[0].position)},
        {"to", fw_survey_number(&t->survey, rules[run->n - 1].position)},
        {"key",
         fw_survey_word(&t->survey, fw_arena_printf(t->survey.arena, "joins.%s", run->key).p)},
        {"value", joined_text(t, run)},
    };
    fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.mergeable", params, 6), 2, 4);
    for (size_t i = 0; i < run->n && i < RULES_SHOWN && snapshot->doc; i++) {
        fw_sv text = fw_doc_line_shown(snapshot->doc, rules[i].span.line, t->survey.arena);
        fw_terminal_style(t, FW_STYLE_DIM);
        fw_buf_printf(t->out, "%9" PRIu32 " | ", rules[i].span.line);
        fw_terminal_style(t, FW_STYLE_NONE);
        fw_terminal_wrap_from(t, fw_sv_trim(text), 12, 14);
    }
    if (run->n > RULES_SHOWN) {
        struct fw_param more = {"n", fw_survey_number(&t->survey, run->n - RULES_SHOWN)};
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.more", &more, 1), 12, 12);
    }
}

void fw_terminal_mergeable(struct fw_terminal *t)
{
    const struct fw_facts *facts = t->survey.in->facts;
    size_t n = 0;
    for (size_t i = 0; i < facts->ndevices; i++) {
        const struct fw_snapshot *snapshot = current(&facts->devices[i]);
        for (size_t k = 0; snapshot && k < snapshot->mergeable->n; k++) {
            if (n++ == 0) {
                fw_terminal_style(t, FW_STYLE_BOLD);
                fw_terminal_wrap(t, fw_survey_word(&t->survey, "heading.mergeable"), 0, 4);
                fw_terminal_style(t, FW_STYLE_NONE);
            }
            if (n <= RUNS_SHOWN) {
                put_run(t, snapshot, &snapshot->mergeable->v[k]);
            }
        }
    }
    if (n > RUNS_SHOWN) {
        struct fw_param more = {"n", fw_survey_number(&t->survey, n - RUNS_SHOWN)};
        fw_terminal_wrap(t, fw_survey_text(&t->survey, "text.more", &more, 1), 2, 4);
    }
    fw_buf_add_cstr(t->out, n > 0 ? "\n" : "");
}
