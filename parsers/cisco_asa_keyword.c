/* The reviewed list of what an ASA says besides addresses, services and access lists. */
#include "parsers/cisco_asa.h"

enum { IGNORED = FW_LINE_IGNORED, UNSUPPORTED = FW_LINE_UNSUPPORTED };

#define FW_ASA(block, words, verdict, why) {block, words, (enum fw_line_verdict)(verdict), why},
static const struct fw_cisco_keyword rows[] = {
#include "parsers/cisco_asa_keywords.def"
};
#undef FW_ASA

bool fw_asa_keyword(struct fw_doc *doc, const struct fw_cisco_line *line, fw_sv block)
{
    return fw_cisco_keyword(doc, line, block, rows, sizeof(rows) / sizeof(rows[0]));
}
