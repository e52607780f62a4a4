/* What do files about clocks say? */
#include "evidence/clocks.h"

#include "core/walk.h"

enum { DETECT_BYTES = 65536 };

const struct fw_parser *fw_clocks_read(struct fw_doc *doc, int32_t zone_seconds,
                                       struct fw_sync_reader *reader)
{
    fw_sv head = fw_sv_sub(doc->text, 0, DETECT_BYTES);
    const struct fw_parser *parser = fw_parser_detect(FW_PARSER_CLOCK, head);
    if (!parser) {
        fw_doc_warn(doc, FW_DIAG_ID_FORMAT_UNKNOWN, 0, (fw_sv){0},
                    "this is no statistics or capture of a clock that can be read");
        return NULL;
    }
    int64_t named_ns = fw_time_in_name(fw_path_name(doc->path), zone_seconds);
    fw_sync_file(reader, doc->path, zone_seconds, named_ns);
    enum fw_err err = fw_clock_parse(doc, parser, &reader->sink);
    fw_sync_file_end(reader);
    return err == FW_OK ? parser : NULL;
}

bool fw_clocks_is(fw_sv head)
{
    const struct fw_parser *parser = fw_parser_detect(FW_PARSER_CLOCK, head);
    return parser && parser->bid(head) >= FW_BID_SURE;
}
