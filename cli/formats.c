/* formats: what can be read; for a file, every format's bid. */
#include "cli/cli.h"

#include "core/charset.h"
#include "core/source.h"
#include "core/table.h"
#include "parsers/envelope.h"
#include "parsers/parser.h"

enum { DETECT_BYTES = 65536, DETECT_LINES = 200 };

static const char *kind_name(enum fw_parser_kind kind)
{
    switch (kind) {
    case FW_PARSER_RULESET:
        return "ruleset";
    case FW_PARSER_LOG:
        return "log";
    case FW_PARSER_IDSRULES:
        return "ids rules";
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

/* Configurations and binary files are judged as a whole; a log format by the best of its first
 * lines. */
static int bid_of(const struct fw_parser *parser, fw_sv head)
{
    if (parser->kind != FW_PARSER_LOG || parser->shape == FW_SHAPE_RECORDS) {
        return parser->bid(head);
    }
    struct fw_arena scratch;
    fw_arena_init(&scratch, 0);
    int best = 0;
    fw_sv line;
    for (int i = 0; i < DETECT_LINES && fw_sv_split(&head, '\n', &line); i++) {
        struct fw_envelope envelope;
        fw_envelope_read(line, &scratch, &envelope);
        int bid = parser->bid(parser->shape == FW_SHAPE_LINE ? line : envelope.message);
        best = bid > best ? bid : best;
        fw_arena_reset(&scratch);
    }
    fw_arena_clear(&scratch);
    return best;
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
    fw_charset_decode(&cli->arena, fw_source_peek(source, DETECT_BYTES), &decoded);
    fw_sv head = decoded.text;
    struct fw_table *table = fw_table_new(columns, 4);
    for (int wanted = 100; table && wanted > 0; wanted--) {
        for (size_t i = 0; fw_parsers[i]; i++) {
            const struct fw_parser *parser = fw_parsers[i];
            if (bid_of(parser, head) != wanted) {
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
