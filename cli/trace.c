/* trace: which rule decides this packet, and on which way through the rules? */
#include "cli/cli.h"

#include "core/limits.h"
#include "core/source.h"
#include "core/text.h"
#include "evidence/configs.h"
#include "parsers/tickets.h"
#include "policy/eval.h"
#include "policy/sample.h"

enum { MOST_SAMPLES = 10000000 };

static void add_place(struct fw_json *json, const struct fw_policy *policy,
                      const struct fw_rule *rule)
{
    fw_json_object(json);
    fw_json_kv(json, "policy", policy ? policy->name : FW_SV(""));
    fw_json_kv_u64(json, "position", rule->position);
    fw_json_kv_u64(json, "line", rule->span.line);
    fw_json_kv(json, "id", rule->id);
    fw_json_end(json);
}

/* `packet`: printed too, where the reader cannot know it; NULL: not. */
static void trace_json(struct fw_json *json, const struct fw_trace *trace,
                       const struct fw_packet *packet)
{
    fw_json_object(json);
    fw_json_kv_cstr(json, "verdict", fw_verdict_name(trace->verdict));
    fw_json_key(json, "rule");
    if (trace->rule) {
        add_place(json, trace->policy, trace->rule);
    } else {
        fw_json_null(json);
    }
    fw_json_kv_bool(json, "default", trace->by_default);
    fw_json_key(json, "path");
    fw_json_array(json);
    for (size_t i = 0; i < trace->nsteps; i++) {
        const struct fw_trace_step *step = &trace->steps[i];
        fw_json_object(json);
        fw_json_kv(json, "policy", step->policy ? step->policy->name : FW_SV(""));
        fw_json_kv_u64_if(json, "position", step->rule != NULL,
                          step->rule ? step->rule->position : 0);
        fw_json_kv_cstr(json, "action",
                        step->rule     ? fw_action_name(step->rule->action)
                        : step->policy ? fw_action_name(step->policy->fallback)
                                       : "default");
        fw_json_kv_bool(json, "certain", step->matched == FW_YES);
        fw_json_end(json);
    }
    fw_json_end(json);
    if (packet) {
        fw_json_key(json, "packet");
        fw_packet_json(json, packet);
    }
    fw_json_end(json);
}

/* "        9 | FORWARD 3 jump: -A FORWARD -j services" */
static void add_step(struct fw_buf *out, const struct fw_config *config,
                     const struct fw_trace_step *step, struct fw_arena *scratch)
{
    const struct fw_rule *rule = step->rule;
    if (!rule) {
        fw_buf_printf(out, "%9s | ", "");
        fw_text_safe(out, step->policy ? step->policy->name : FW_SV("no policy"));
        fw_buf_printf(out, " default: %s\n",
                      step->policy ? fw_action_name(step->policy->fallback) : "the device's own");
        return;
    }
    fw_buf_printf(out, "%9u %s ", rule->span.line, step->matched == FW_YES ? "|" : "?");
    fw_text_safe(out, step->policy->name);
    fw_buf_printf(out, " %u %s: ", rule->position, fw_action_name(rule->action));
    fw_text_safe(out, fw_sv_trim(fw_doc_line_shown(&config->doc, rule->span.line, scratch)));
    fw_buf_add_char(out, '\n');
    if (step->matched != FW_YES) { /* why it only might match */
        fw_buf_printf(out, "%11s %s\n", "",
                      rule->nwords > 0 ? "(what it asks for is not in the rules)"
                                       : "(the packet does not say enough)");
    }
}

static void trace_text(struct fw_buf *out, const struct fw_config *config,
                       const struct fw_packet *packet, const struct fw_trace *trace,
                       struct fw_arena *scratch)
{
    fw_packet_text(out, packet);
    fw_buf_printf(out, "\n  %s", fw_verdict_name(trace->verdict));
    if (trace->rule) {
        fw_buf_add_cstr(out, " by ");
        fw_text_safe(out, trace->policy->name);
        fw_buf_printf(out, " rule %u (line %u)", trace->rule->position, trace->rule->span.line);
    } else if (trace->by_default && trace->policy) {
        fw_buf_add_cstr(out, " by the default of ");
        fw_text_safe(out, trace->policy->name);
    } else if (trace->by_default) {
        fw_buf_add_cstr(out, " by the device's default");
    } else {
        fw_buf_add_cstr(out, ": it depends on what is not known of the packet or not in the rules");
    }
    fw_buf_add_char(out, '\n');
    for (size_t i = 0; i < trace->nsteps; i++) {
        add_step(out, config, &trace->steps[i], scratch);
    }
}

static void answer(struct fw_cli *cli, const struct fw_config *config, struct fw_packet *packet,
                   struct fw_arena *scratch, struct fw_buf *out)
{
    struct fw_trace trace;
    fw_packet_complete(packet);
    fw_trace_packet(scratch, &config->ruleset, packet, &trace);
    if (fw_cli_has(cli, FW_OPT_JSON)) {
        struct fw_json json;
        fw_json_init(&json, out, 0);
        trace_json(&json, &trace, fw_cli_has(cli, FW_OPT_SAMPLE) ? packet : NULL);
        fw_buf_add_char(out, '\n');
    } else {
        trace_text(out, config, packet, &trace, scratch);
    }
    if (out->n > 1 << 20) {
        fwrite(out->p, 1, out->n, stdout);
        fw_buf_reset(out);
    }
}

/* Packets drawn from what the rules themselves speak of. */
static int trace_sample(struct fw_cli *cli, const struct fw_config *config, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_arena walk;
    struct fw_sampler sampler;
    unsigned n;
    unsigned seed;
    if (!fw_cli_number(cli, FW_OPT_SAMPLE, 0, MOST_SAMPLES, &n) ||
        !fw_cli_number(cli, FW_OPT_SEED, 1, UINT32_MAX, &seed)) {
        return FW_EXIT_ERROR;
    }
    fw_arena_init(&arena, 0);
    fw_arena_init(&walk, 0);
    fw_sampler_init(&sampler, &arena, &config->ruleset, seed);
    sampler.arena = &walk;
    for (unsigned i = 0; i < n; i++) {
        struct fw_packet packet;
        fw_sampler_next(&sampler, &packet);
        answer(cli, config, &packet, &walk, out);
        fw_arena_reset(&walk);
    }
    fw_arena_clear(&walk);
    fw_arena_clear(&arena);
    return FW_EXIT_OK;
}

/* Every packet of a CSV file whose header row names the columns. */
static int trace_file(struct fw_cli *cli, const struct fw_config *config, const char *path,
                      struct fw_buf *out)
{
    fw_sv text;
    struct fw_source_info info;
    enum fw_err err = fw_source_load(path, FW_LIMIT_CONFIG_BYTES, &cli->arena, &text, &info);
    if (err != FW_OK) {
        return fw_cli_fail(cli, "cannot read %s: %s", path, fw_err_text(err));
    }
    struct fw_csv csv = {.text = text};
    struct fw_arena rows;
    struct fw_buf error;
    fw_sv *names;
    fw_sv *cells;
    size_t nnames;
    size_t ncells;
    int code = FW_EXIT_OK;
    fw_buf_init(&error);
    fw_arena_init(&rows, 0);
    if (!fw_csv_record(&csv, &cli->arena, &names, &nnames)) {
        code = fw_cli_fail(cli, "%s is empty: its first row names the columns", path);
    }
    while (code == FW_EXIT_OK && fw_csv_record(&csv, &rows, &cells, &ncells)) {
        struct fw_packet packet = {0};
        for (size_t i = 0; i < ncells && i < nnames && code == FW_EXIT_OK; i++) {
            if (!fw_packet_set(&packet, fw_sv_trim(names[i]), cells[i], &error)) {
                code = fw_cli_fail(cli, "%s:%u: %s", path, csv.line, error.p);
            }
        }
        if (code == FW_EXIT_OK) {
            answer(cli, config, &packet, &rows, out);
        }
        fw_arena_reset(&rows);
    }
    fw_buf_clear(&error);
    fw_arena_clear(&rows);
    return code;
}

static int run(struct fw_cli *cli)
{
    const char *packets = cli->value[FW_OPT_PACKETS];
    bool sample = fw_cli_has(cli, FW_OPT_SAMPLE);
    if (!packets && !sample && cli->noperands < 2) {
        return fw_cli_fail(cli, "name a flow like \"tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=eth0\", "
                                "a file with --packets, or a number with --sample");
    }
    struct fw_config config;
    fw_sv format = fw_sv_from(cli->value[FW_OPT_FORMAT] ? cli->value[FW_OPT_FORMAT] : "");
    const char *path = cli->operands[0];
    if (fw_config_load(&config, path, fw_sv_from(path), format, cli->diags) != FW_OK) {
        fw_config_clear(&config);
        return FW_EXIT_ERROR;
    }
    struct fw_buf out;
    struct fw_buf error;
    fw_buf_init(&out);
    fw_buf_init(&error);
    int code = FW_EXIT_OK;
    for (int i = 1; i < cli->noperands && code == FW_EXIT_OK; i++) {
        struct fw_packet packet;
        if (fw_packet_parse(fw_sv_from(cli->operands[i]), &packet, &error)) {
            answer(cli, &config, &packet, &cli->arena, &out);
        } else {
            code = fw_cli_fail(cli, "%s", error.p);
        }
    }
    if (packets && code == FW_EXIT_OK) {
        code = trace_file(cli, &config, packets, &out);
    }
    if (sample && code == FW_EXIT_OK) {
        code = trace_sample(cli, &config, &out);
    }
    fwrite(out.p ? out.p : "", 1, out.n, stdout);
    fw_buf_clear(&out);
    fw_buf_clear(&error);
    fw_config_clear(&config);
    return code;
}

const struct fw_command fw_command_trace = {
    .name = "trace",
    .arguments = "CONFIG [FLOW...]",
    .summary = "Tell which rule decides a packet, and why",
    .detail =
        "A flow names what is known of the packet; the answer is \"may\" when what is not known\n"
        "could change the verdict. With --packets, FILE is CSV with a header row naming any of\n"
        "hook, in, out, source, destination, protocol, source_port, destination_port,\n"
        "icmp_type, icmp_code, tcp_flags, mark, state; a blank cell is unknown. With --sample,\n"
        "packets are drawn from the values that the rules name; the same --seed draws the same.",
    .examples =
        "  fwproof trace gateway.rules 'tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=eth0 hook=forward'\n"
        "  fwproof trace --json gateway.rules --packets flows.csv\n"
        "  fwproof trace gateway.rules --sample 20 --seed 7",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON) | FW_TAKES(FORMAT) | FW_TAKES(PACKETS) |
               FW_TAKES(SAMPLE) | FW_TAKES(SEED),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
