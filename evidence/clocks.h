/* Files about clocks, read into what they say: of a site's device, or bare ones. */
#ifndef FW_EVIDENCE_CLOCKS_H
#define FW_EVIDENCE_CLOCKS_H

#include "analyzers/logs/sync.h"
#include "parsers/doc.h"
#include "parsers/parser.h"

/* Reads a loaded document; times in it without a zone are in `zone_seconds`. NULL: no format is
 * likely, or it could not be read, and nothing was learned. */
const struct fw_parser *fw_clocks_read(struct fw_doc *doc, int32_t zone_seconds,
                                       struct fw_sync_reader *reader);
/* Whether the first bytes of a file are surely about a clock. */
bool fw_clocks_is(fw_sv head);

#endif
