/* formats: what can be read; for a file, every format's bid. */
#include "cli/cli.h"
#include "cli/detect.h"

#include "core/charset.h"
#include "core/source.h"
#include "core/table.h"
#include "parsers/parser.h"

static const char *kind_name(enum fw_parser_kind kind)
{
    switch (kind) {
    case FW_PARSER_RULESET:
        return "ruleset";
    case FW_PARSER_LOG:
        return "log";
    case FW_PARSER_IDSRULES:
        return "ids rules";
    case FW_PARSER_CLOCK:
        return "clock";
    }
    return "?";
}

static void print_table(struct fw_cli *cli, const struct fw_table *table, const char *key)
{
    struct fw_buf out;
    fw_buf_init(&out);
    if (fw_cli_has(cli, FW_OPT_JSON)) {
        struct fw_json json;
        fw_json_init(&json, &out, 2);
        fw_json_object(&json);
        fw_json_key(&json, key);
        fw_table_json(table, &json);
        fw_json_end(&json);
        fw_buf_add_char(&out, '\n');
    } else {
        fw_table_text(table, &out, fw_cli_width());
    }
    fwrite(out.p ? out.p : "", 1, out.n, stdout);
    fw_buf_clear(&out);
}

static int list_all(struct fw_cli *cli)
{
    static const struct fw_column columns[] = {
        {"name", FW_SV_INIT("FORMAT"), false, 10},
        {"kind", FW_SV_INIT("KIND"), false, 7},
        {"title", FW_SV_INIT("WHAT IT IS"), false, 20},
    };
    struct fw_table *table = fw_table_new(columns, 3);
    for (size_t i = 0; table && fw_parsers[i]; i++) {
        fw_sv cells[] = {fw_sv_from(fw_parsers[i]->name),
                         fw_sv_from(kind_name(fw_parsers[i]->kind)),
                         fw_sv_from(fw_parsers[i]->title)};
        fw_table_row(table, cells);
    }
    if (table) {
        print_table(cli, table, "formats");
    }
    fw_table_free(table);
    return FW_EXIT_OK;
}

static int bids(struct fw_cli *cli, const char *path)
{
    static const struct fw_column columns[] = {
        {"bid", FW_SV_INIT("BID"), true, 3},
        {"name", FW_SV_INIT("FORMAT"), false, 10},
        {"kind", FW_SV_INIT("KIND"), false, 7},
        {"title", FW_SV_INIT("WHAT IT IS"), false, 20},
    };
    struct fw_source *source;
    enum fw_err err = fw_source_open(path, &source);
    if (err != FW_OK) {
        return fw_cli_fail(cli, "cannot read %s: %s", path, fw_err_text(err));
    }
    struct fw_decoded decoded;
    fw_charset_decode(&cli->arena, fw_source_peek(source, FW_CLI_DETECT_BYTES), &decoded);
    fw_sv head = decoded.text;
    struct fw_table *table = fw_table_new(columns, 4);
    for (int wanted = 100; table && wanted > 0; wanted--) {
        for (size_t i = 0; fw_parsers[i]; i++) {
            const struct fw_parser *parser = fw_parsers[i];
            if (fw_cli_bid(parser, head) != wanted) {
                continue;
            }
            char bid[16];
            snprintf(bid, sizeof(bid), "%d", wanted);
            fw_sv cells[] = {fw_sv_from(bid), fw_sv_from(parser->name),
                             fw_sv_from(kind_name(parser->kind)), fw_sv_from(parser->title)};
            fw_table_row(table, cells);
        }
    }
    if (table) {
        print_table(cli, table, "bids");
    }
    fw_table_free(table);
    fw_source_free(source);
    return FW_EXIT_OK;
}

static int run(struct fw_cli *cli)
{
    return cli->noperands == 0 ? list_all(cli) : bids(cli, cli->operands[0]);
}

const struct fw_command fw_command_formats = {
    .name = "formats",
    .arguments = "[FILE]",
    .summary = "List what can be read; for a file, every format's bid",
    .examples = "  fwproof formats\n  fwproof formats unknown.log",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON),
    .max_operands = 1,
    .run = run,
};
