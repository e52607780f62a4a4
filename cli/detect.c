/* How sure is a parser that a file is its own? */
#include "cli/detect.h"

#include "parsers/envelope.h"

enum { DETECT_LINES = 200 };

/* Configurations and binary files are judged as a whole; a log format by the best of its first
 * lines. */
int fw_cli_bid(const struct fw_parser *parser, fw_sv head)
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
