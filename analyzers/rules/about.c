/* What analyzers of rules share: walking devices with a configuration, and naming a rule. */
#include "analyzers/rules/about.h"

const struct fw_snapshot *fw_about_next(const struct fw_facts *facts, struct fw_results *results,
                                        const char *check, size_t *index,
                                        const struct fw_device_facts **ret_device)
{
    while (*index < facts->ndevices) {
        const struct fw_device_facts *device = &facts->devices[(*index)++];
        if (device->nsnapshots > 0) {
            if (device
                    ->current_missing) { /* what an earlier one shows counts, but passes nothing */
                fw_results_add(results, check, FW_RESULT_OPEN, device->name, "open.old_config",
                               FW_SV("old configuration"));
            }
            *ret_device = device;
            return fw_device_current(device);
        }
        bool expected = device->declared && device->declared->kind == FW_DEVICE_FIREWALL;
        if (expected || device->current_missing) {
            fw_results_add(results, check, FW_RESULT_OPEN, device->name, "open.no_config",
                           FW_SV("no configuration"));
        }
    }
    return NULL;
}

fw_sv fw_about_text(struct fw_arena *arena, const struct fw_snapshot *snapshot,
                    const struct fw_rule *rule)
{
    return snapshot->doc ? fw_sv_trim(fw_doc_line_shown(snapshot->doc, rule->span.line, arena))
                         : FW_SV("");
}

struct fw_result *fw_about_policy(struct fw_results *results, const char *check,
                                  enum fw_result_state state, const struct fw_device_facts *device,
                                  const struct fw_snapshot *snapshot,
                                  const struct fw_policy *policy, const char *words)
{
    struct fw_result *result = fw_results_add(results, check, state, device->name, words,
                                              policy ? policy->name : FW_SV(""));
    fw_result_at(result, snapshot->path, snapshot->sha256, policy ? policy->span : (fw_span){0});
    if (policy) {
        result->rule.policy = policy->name;
        fw_result_param(results, result, "policy", policy->name);
    }
    fw_result_param(results, result, "path", snapshot->path);
    fw_result_param(results, result, "format", fw_sv_from(snapshot->format));
    return result;
}

struct fw_result *fw_about_rule(struct fw_results *results, const char *check,
                                enum fw_result_state state, const struct fw_device_facts *device,
                                const struct fw_snapshot *snapshot, const struct fw_policy *policy,
                                const struct fw_rule *rule, const char *words)
{
    return fw_about_part(results, check, state, device, snapshot, policy, rule, words, FW_SV(""));
}

struct fw_result *fw_about_part(struct fw_results *results, const char *check,
                                enum fw_result_state state, const struct fw_device_facts *device,
                                const struct fw_snapshot *snapshot, const struct fw_policy *policy,
                                const struct fw_rule *rule, const char *words, fw_sv part)
{
    /* The fingerprint hangs on what the rule means, so that it survives reordering and edits above.
     */
    char hex[FW_SHA256_HEX + 1];
    fw_sha256_hex(rule->content, hex);
    fw_sv subject = fw_arena_printf(results->arena, "%.*s %s%s%.*s", FW_SV_ARG(policy->name), hex,
                                    part.n > 0 ? " " : "", FW_SV_ARG(part));
    struct fw_result *result = fw_results_add(results, check, state, device->name, words, subject);
    fw_result_at(result, snapshot->path, snapshot->sha256, rule->span);
    result->has_rule = true;
    result->rule = (struct fw_rule_ref){policy->name, rule->position, rule->span.line, rule->id};
    result->rule_text = fw_about_text(results->arena, snapshot, rule);
    fw_result_param(results, result, "policy", policy->name);
    fw_result_param_u64(results, result, "position", rule->position);
    fw_result_param_u64(results, result, "line", rule->span.line);
    fw_result_param(results, result, "rule", result->rule_text);
    return result;
}

void fw_about_because(struct fw_results *results, struct fw_result *result,
                      const struct fw_rule_verdict *verdict)
{
    struct fw_rule_ref *because = fw_new_array(results->arena, verdict->nbecause,
                                               struct fw_rule_ref);
    struct fw_buf text;
    fw_buf_init(&text);
    for (size_t i = 0; i < verdict->nbecause; i++) {
        const struct fw_rule *rule = verdict->because[i];
        fw_sv policy = verdict->because_policy[i]->name;
        because[i] = (struct fw_rule_ref){policy, rule->position, rule->span.line, rule->id};
        if (i < 8) {
            fw_buf_printf(&text, "%s%.*s %u", i > 0 ? ", " : "", FW_SV_ARG(policy), rule->position);
        } else if (i == 8) {
            fw_buf_printf(&text, ", +%zu", verdict->nbecause - i);
        }
    }
    result->because = because;
    result->nbecause = verdict->nbecause;
    fw_result_param(results, result, "because", fw_arena_copy(results->arena, fw_buf_sv(&text)));
    fw_buf_clear(&text);
}

fw_sv fw_about_witness(struct fw_results *results, const struct fw_packet *packet)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_packet_text(&text, packet);
    return fw_buf_keep(&text, results->arena);
}

void fw_about_count(struct fw_results *results, struct fw_result *result, uint64_t value,
                    uint64_t total, uint64_t target)
{
    fw_result_param_u64(results, result, "value", value);
    fw_result_param_u64(results, result, "n", value);
    fw_result_param_u64(results, result, "total", total);
    fw_result_measured(result, fw_arena_printf(results->arena, "%llu", (unsigned long long)value),
                       fw_arena_printf(results->arena, "%llu", (unsigned long long)target));
}

uint64_t fw_about_rules(const struct fw_ruleset *ruleset)
{
    uint64_t n = 0;
    for (size_t p = 0; p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            n += policy->rules[r].enabled && !fw_rule_is_remark(&policy->rules[r]);
        }
    }
    return n;
}

fw_sv fw_about_squeezed(struct fw_arena *arena, fw_sv text)
{
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_sv word;
    while (fw_sv_word(&text, &word)) {
        fw_buf_add_cstr(&buf, buf.n > 0 ? " " : "");
        fw_buf_add(&buf, word);
    }
    return fw_buf_keep(&buf, arena);
}

bool fw_about_quoted(struct fw_arena *arena, const struct fw_snapshot *snapshot,
                     const struct fw_rule *rule, fw_sv quote)
{
    enum { SHORTEST_QUOTE = 8 };
    return quote.n >= SHORTEST_QUOTE &&
           fw_sv_find(fw_about_squeezed(arena, fw_about_text(arena, snapshot, rule)), quote) !=
               SIZE_MAX;
}

bool fw_about_approved(const struct fw_ticket *ticket)
{
    bool refused = fw_sv_is_nocase(ticket->status, "rejected") ||
                   fw_sv_is_nocase(ticket->status, "withdrawn") ||
                   fw_sv_is_nocase(ticket->status, "draft");
    return !refused && ticket->approver.n > 0 && ticket->approved_ns != INT64_MIN;
}

static bool is_loopback(const struct fw_nameset *names)
{
    return names && !names->negated && names->n == 1 && fw_sv_is(names->v[0], "lo");
}

/* Packets of connections that other rules let in, and what the device tells itself. */
static bool is_housekeeping(const struct fw_rule *rule)
{
    for (size_t t = 0; t < rule->match.n; t++) {
        const struct fw_term *term = &rule->match.terms[t];
        bool opens = !term->state || fw_numset_has(term->state, FW_STATE_NEW);
        if (opens && !is_loopback(term->in) && !is_loopback(term->out)) {
            return false;
        }
    }
    return rule->match.n > 0;
}

bool fw_about_answerable(const struct fw_policy *policy, const struct fw_rule *rule)
{
    return policy->decides && policy->fate == FW_ACTION_COUNT && rule->enabled && !rule->implied &&
           fw_rule_fate(rule) != FW_ACTION_COUNT && !fw_rule_is_final_refusal(policy, rule) &&
           !is_housekeeping(rule);
}

const struct fw_rule_verdict *fw_about_verdict(const struct fw_snapshot *snapshot,
                                               const struct fw_policy *policy,
                                               const struct fw_rule *rule, size_t *hint)
{
    const struct fw_analysis_report *report = snapshot->report;
    for (size_t i = 0; report && i < report->n; i++) {
        size_t p = (*hint + i) % report->n;
        if (report->policies[p].policy == policy) {
            *hint = p;
            return &report->policies[p].verdicts[rule - policy->rules];
        }
    }
    return NULL;
}

static bool every_ip(const struct fw_ipset *set)
{
    if (!set) {
        return true;
    }
    for (size_t i = 0; i < set->n; i++) {
        enum fw_family family = (enum fw_family)set->v[i].lo.family;
        if (fw_ip_eq(set->v[i].lo, fw_ip_first(family)) &&
            fw_ip_eq(set->v[i].hi, fw_ip_last(family))) {
            return true;
        }
    }
    return false;
}

static bool every_number(const struct fw_numset *set, uint32_t max)
{
    return !set || (set->n == 1 && set->v[0].lo == 0 && set->v[0].hi >= max);
}

bool fw_about_any(const struct fw_term *term)
{
    return every_ip(term->src) && every_ip(term->dst) && every_number(term->proto, 255) &&
           every_number(term->sport, 65535) && every_number(term->dport, 65535) &&
           every_number(term->icmp, 65535) && every_number(term->flags, 255) &&
           (!term->state || fw_numset_has(term->state, FW_STATE_NEW)) && term->natoms == 0;
}
