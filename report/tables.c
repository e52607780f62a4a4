/* The plain tables of a pack: tab-separated, sorted, diffable from quarter to quarter. */
#include "report/tables.h"

#include <inttypes.h>

#include "analyzers/logs/source_view.h"
#include "core/text.h"
#include "core/time.h"
#include "evidence/logindex.h"

static void cell(struct fw_buf *out, fw_sv text)
{
    fw_text_tsv(out, text);
    fw_buf_add_char(out, '\t');
}

static void last_cell(struct fw_buf *out, fw_sv text)
{
    fw_text_tsv(out, text);
    fw_buf_add_char(out, '\n');
}

static void number(struct fw_buf *out, uint64_t value)
{
    fw_buf_printf(out, "%" PRIu64 "\t", value);
}

static void hash(struct fw_buf *out, fw_sha256 value)
{
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(value, hex);
    cell(out, fw_sv_from(hex));
}

void fw_table_verdicts(const struct fw_report_input *in, struct fw_buf *out)
{
    static const char *const classes[] = {
        [FW_CLASS_NONE] = "none", [FW_CLASS_SUGGEST] = "suggest", [FW_CLASS_IMPROVE] = "improve"};
    fw_buf_add_cstr(out, "check\tsubject\tstate\tplace\tseverity\tclass\tmeasured\ttarget\t"
                         "sentence\tfingerprint\n");
    for (size_t i = 0; i < in->results->n; i++) {
        const struct fw_result *result = &in->results->v[i];
        struct fw_buf sentence;
        fw_buf_init(&sentence);
        fw_result_sentence(in->results, result, in->lang, false, &sentence);
        cell(out, fw_sv_from(result->check));
        cell(out, result->device);
        cell(out, fw_sv_from(fw_result_state_name(result->state)));
        if (result->has_rule) {
            fw_text_tsv(out, result->rule.policy);
            fw_buf_printf(out, " %u", result->rule.position);
        } else {
            fw_text_tsv(out, result->rule.policy);
        }
        fw_buf_add_char(out, '\t');
        cell(out, fw_sv_from(fw_severity_name(result->severity)));
        cell(out, fw_sv_from(classes[result->class]));
        cell(out, result->measured);
        cell(out, result->target);
        cell(out, fw_buf_sv(&sentence));
        char hex[FW_SHA256_HEX + 1];
        fw_sha256_hex(result->fingerprint, hex);
        last_cell(out, fw_sv_from(hex));
        fw_buf_clear(&sentence);
    }
}

static const char *class_name(const struct fw_snapshot *snapshot, const struct fw_policy *policy,
                              size_t rule)
{
    static const char *const names[] = {
        [FW_RULE_LIVE] = "live",
        [FW_RULE_SHADOWED] = "shadowed",
        [FW_RULE_REDUNDANT] = "redundant",
        [FW_RULE_SKIPPED] = "not judged",
        [FW_RULE_UNDETERMINED] = "undetermined",
    };
    for (size_t p = 0; snapshot->report && p < snapshot->report->n; p++) {
        if (snapshot->report->policies[p].policy == policy) {
            return names[snapshot->report->policies[p].verdicts[rule].class];
        }
    }
    return "not judged";
}

void fw_table_rules(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    fw_arena_init(&arena, 0);
    fw_buf_add_cstr(out, "device\tpolicy\tposition\tid\taction\tenabled\tlog\thits\tline\t"
                         "analysis\tcontent_sha256\trule\n");
    for (size_t d = 0; d < in->facts->ndevices; d++) {
        const struct fw_device_facts *device = &in->facts->devices[d];
        const struct fw_snapshot *snapshot = fw_device_current(device);
        if (!snapshot) {
            continue;
        }
        for (size_t p = 0; p < snapshot->ruleset->npolicies; p++) {
            const struct fw_policy *policy = snapshot->ruleset->policies[p];
            for (size_t r = 0; r < policy->n; r++) {
                const struct fw_rule *rule = &policy->rules[r];
                if (fw_rule_is_remark(rule)) {
                    continue;
                }
                cell(out, device->name);
                cell(out, policy->name);
                number(out, rule->position);
                cell(out, rule->id);
                cell(out, fw_sv_from(fw_action_name(rule->action)));
                cell(out, fw_sv_from(rule->enabled ? "yes" : "no"));
                cell(out, fw_sv_from(rule->log ? "yes" : "no"));
                if (rule->hits.present) {
                    number(out, rule->hits.packets);
                } else {
                    cell(out, FW_SV(""));
                }
                number(out, rule->span.line);
                cell(out, fw_sv_from(class_name(snapshot, policy, r)));
                hash(out, rule->content);
                last_cell(out,
                          fw_sv_trim(fw_doc_line_shown(snapshot->doc, rule->span.line, &arena)));
            }
        }
    }
    fw_arena_clear(&arena);
}

void fw_table_log_files(const struct fw_report_input *in, struct fw_buf *out)
{
    fw_log_index_text(in->inputs, out);
}

void fw_table_log_root(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_buf index;
    fw_buf_init(&index);
    fw_log_index_text(in->inputs, &index);
    fw_log_root_text(fw_buf_sv(&index), out);
    fw_buf_clear(&index);
}

static void time_cell(struct fw_buf *out, bool has, int64_t ns)
{
    if (has) {
        fw_time_text(out, ns);
    }
    fw_buf_add_char(out, '\t');
}

void fw_table_log_days(const struct fw_report_input *in, struct fw_buf *out)
{
    fw_buf_add_cstr(out, "source\tdevice\tformat\tevents\tfirst\tlast\tmonths_kept\tdays_present\t"
                         "days_missing\tfirst_day\tdays\n");
    for (size_t i = 0; i < in->facts->nsources; i++) {
        const struct fw_source_view *source = &in->facts->sources[i];
        cell(out, source->name);
        cell(out, source->device);
        cell(out, source->format);
        number(out, source->events);
        time_cell(out, source->has_time, source->first_ns);
        time_cell(out, source->has_time, source->last_ns);
        if (source->has_months) {
            number(out, source->months_kept);
        } else {
            fw_buf_add_char(out, '\t'); /* not known */
        }
        number(out, source->days_present);
        number(out, source->days_missing);
        if (source->has_time) {
            fw_date_text(out, fw_date_from_days(source->first_day));
        }
        fw_buf_add_char(out, '\t');
        for (size_t day = 0; day < source->ndays; day++) {
            fw_buf_add_char(out, source->days[day] ? '1' : '0');
        }
        fw_buf_add_char(out, '\n');
    }
}
