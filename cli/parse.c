/* parse: the normalised rules of a configuration, or the events of a log, one object a line. */
#include "cli/parse.h"

#include <string.h>

#include "cli/parse_clock.h"
#include "cli/parse_ids.h"
#include "core/charset.h"
#include "core/table.h"
#include "core/text.h"
#include "evidence/configs.h"
#include "parsers/logfile.h"
#include "parsers/parser.h"
#include "policy/print.h"

enum { DETECT_BYTES = 65536, FLUSH_BYTES = 1 << 20 };

void fw_parse_flush(struct fw_buf *buf, size_t at_least)
{
    if (buf->n > 0 && buf->n >= at_least) {
        fwrite(buf->p, 1, buf->n, stdout);
        fw_buf_reset(buf);
    }
}

void fw_parse_end_line(struct fw_buf *buf)
{
    fw_buf_add_char(buf, '\n');
    fw_parse_flush(buf, FLUSH_BYTES);
}

void fw_parse_counts(const struct fw_cli *cli, fw_sv path, struct fw_line_counts lines)
{
    if (!fw_cli_has(cli, FW_OPT_QUIET)) {
        fprintf(stderr, "%.*s: %llu lines: %llu used, %llu ignored, %llu unsupported, %llu bad\n",
                FW_SV_ARG(path), (unsigned long long)lines.total, (unsigned long long)lines.used,
                (unsigned long long)lines.ignored, (unsigned long long)lines.unsupported,
                (unsigned long long)lines.bad);
    }
}

static void print_rules_table(const struct fw_ruleset *ruleset, struct fw_doc *doc, bool csv,
                              struct fw_buf *out)
{
    static const struct fw_column columns[] = {
        {"policy", FW_SV_INIT("POLICY"), false, 8}, {"position", FW_SV_INIT("NO"), true, 2},
        {"action", FW_SV_INIT("ACTION"), false, 6}, {"line", FW_SV_INIT("LINE"), true, 4},
        {"rule", FW_SV_INIT("RULE"), false, 20},
    };
    struct fw_table *table = fw_table_new(columns, 5);
    for (size_t p = 0; table && p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; r < policy->n; r++) {
            const struct fw_rule *rule = &policy->rules[r];
            if (rule->implied) {
                continue;
            }
            char position[16];
            char line[16];
            snprintf(position, sizeof(position), "%u", rule->position);
            snprintf(line, sizeof(line), "%u", rule->span.line);
            fw_sv cells[] = {policy->name, fw_sv_from(position),
                             fw_sv_from(rule->enabled ? fw_action_name(rule->action) : "disabled"),
                             fw_sv_from(line),
                             fw_sv_trim(fw_doc_line_shown(doc, rule->span.line, &doc->scratch))};
            fw_table_row(table, cells);
        }
    }
    if (table && csv) {
        fw_table_csv(table, out);
    } else if (table) {
        fw_table_text(table, out, fw_cli_width());
    }
    fw_table_free(table);
}

static int parse_config(struct fw_cli *cli, const char *path)
{
    struct fw_config config;
    fw_sv format = fw_sv_from(cli->value[FW_OPT_FORMAT] ? cli->value[FW_OPT_FORMAT] : "");
    enum fw_err err = fw_config_load(&config, path, fw_sv_from(path), format, cli->diags);
    struct fw_buf out;
    fw_buf_init(&out);
    if (err == FW_OK && fw_cli_has(cli, FW_OPT_JSON)) {
        for (size_t p = 0; p < config.ruleset.npolicies; p++) {
            const struct fw_policy *policy = config.ruleset.policies[p];
            for (size_t r = 0; r < policy->n; r++) {
                struct fw_json json;
                if (fw_rule_is_remark(&policy->rules[r])) {
                    continue;
                }
                fw_json_init(&json, &out, 0);
                fw_rule_json(&json, policy, &policy->rules[r]);
                fw_parse_end_line(&out);
            }
        }
    } else if (err == FW_OK) {
        print_rules_table(&config.ruleset, &config.doc, fw_cli_has(cli, FW_OPT_CSV), &out);
    }
    fw_parse_flush(&out, 0);
    if (err == FW_OK) {
        fw_source_report(&config.doc.info, fw_sv_from(path), cli->diags);
        fw_parse_counts(cli, fw_sv_from(path), fw_doc_counts(&config.doc));
    }
    fw_buf_clear(&out);
    fw_config_clear(&config);
    return err == FW_OK ? FW_EXIT_OK : FW_EXIT_ERROR;
}

/* A file of a sensor, or about a clock. */
static int parse_doc(struct fw_cli *cli, const char *path, const struct fw_parser *parser)
{
    struct fw_doc doc;
    struct fw_idsrules rules;
    struct fw_parse_clock clock;
    bool json = fw_cli_has(cli, FW_OPT_JSON);
    struct fw_buf out;
    fw_buf_init(&out);
    fw_doc_init(&doc, fw_sv_from(path), cli->diags);
    enum fw_err err = fw_doc_load(&doc, path);
    if (err == FW_OK && parser->kind == FW_PARSER_CLOCK) {
        fw_parse_clock_init(&clock, json, &out);
        err = fw_clock_parse(&doc, parser, &clock.sink);
    } else if (err == FW_OK) {
        err = fw_idsrules_parse(&doc, parser, &rules);
        if (err == FW_OK) {
            fw_parse_ids_print(&rules, json, &out);
        }
    }
    fw_parse_flush(&out, 0);
    if (err == FW_OK) {
        fw_parse_counts(cli, fw_sv_from(path), fw_doc_counts(&doc));
    }
    fw_buf_clear(&out);
    fw_doc_clear(&doc);
    return err == FW_OK ? FW_EXIT_OK : FW_EXIT_ERROR;
}

/* The kind with the highest bid. A log is what has at least one line that a log parser reads. */
static const struct fw_parser *detect(struct fw_cli *cli, const char *path,
                                      enum fw_parser_kind *ret_kind, enum fw_err *ret_err)
{
    struct fw_source *source;
    *ret_err = fw_source_open(path, &source);
    if (*ret_err != FW_OK) {
        return NULL;
    }
    struct fw_decoded decoded;
    fw_charset_decode(&cli->arena, fw_source_peek(source, DETECT_BYTES), &decoded);
    fw_sv head = decoded.text;
    const struct fw_parser *ruleset = fw_parser_detect(FW_PARSER_RULESET, head);
    int best_idsrules;
    const struct fw_parser *idsrules = fw_idsrules_detect(fw_sv_from(path), head, &best_idsrules);
    int best_ruleset = ruleset ? ruleset->bid(head) : 0;
    const struct fw_parser *found = best_idsrules > best_ruleset ? idsrules : ruleset;
    const struct fw_parser *clock = fw_parser_detect(FW_PARSER_CLOCK, head);
    int best = best_idsrules > best_ruleset ? best_idsrules : best_ruleset;
    if (clock && clock->bid(head) > best) {
        found = clock;
        best = clock->bid(head);
    }
    struct fw_logfile *judge;
    if (best < FW_BID_SURE && best_ruleset < FW_BID_LIKELY && best_idsrules < FW_BID_LIKELY &&
        fw_logfile_new(NULL, NULL, &judge) == FW_OK) {
        fw_sv line;
        for (int i = 0; i < 64 && fw_sv_split(&head, '\n', &line); i++) {
            if (fw_logfile_judge(judge, line)->verdict == FW_LINE_USED) {
                found = NULL; /* a real event outbids a weak guess */
                break;
            }
        }
        fw_logfile_free(judge);
    }
    fw_source_free(source);
    *ret_kind = found ? found->kind : FW_PARSER_LOG;
    return found;
}

static int parse_one(struct fw_cli *cli, const char *path)
{
    enum fw_parser_kind kind = FW_PARSER_LOG;
    const struct fw_parser *parser;
    const char *format = cli->value[FW_OPT_FORMAT];
    if (format) {
        parser = fw_parser_find(fw_sv_from(format));
        if (!parser) {
            return fw_cli_fail(cli, "there is no format \"%s\"; see fwproof formats", format);
        }
        kind = parser->kind;
    } else if (strcmp(path, "-") == 0) {
        return fw_cli_fail(cli, "standard input is read once: name its format with --format");
    } else {
        enum fw_err err;
        parser = detect(cli, path, &kind, &err);
        if (err != FW_OK) {
            return fw_cli_fail(cli, "cannot read %s: %s", path, fw_err_text(err));
        }
    }
    switch (kind) {
    case FW_PARSER_RULESET:
        return parse_config(cli, path);
    case FW_PARSER_CLOCK:
    case FW_PARSER_IDSRULES:
        return parse_doc(cli, path, parser);
    case FW_PARSER_LOG:
        break;
    }
    return fw_parse_log(cli, path, parser);
}

static int run(struct fw_cli *cli)
{
    int worst = FW_EXIT_OK;
    for (int i = 0; i < cli->noperands; i++) {
        int code = parse_one(cli, cli->operands[i]);
        worst = code > worst ? code : worst;
    }
    return worst;
}

const struct fw_command fw_command_parse = {
    .name = "parse",
    .arguments = "FILE...",
    .summary = "Print the normalised rules or events of a file",
    .detail =
        "Every line is accounted for: used, ignored (known and irrelevant), unsupported (known,\n"
        "not modelled) or bad; the four counts add up to the lines read.",
    .examples = "  fwproof parse --json gateway.rules\n"
                "  fwproof parse --json --tz +08:00 --as-of 2026-07-05 fw.log.1.gz",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON) | FW_TAKES(CSV) | FW_TAKES(CSV_FIELDS) |
               FW_TAKES(FORMAT) | FW_TAKES(TZ) | FW_TAKES(AS_OF),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
