/* One text through one parser of IDS files, for the unit tests of these. */
#ifndef FW_TESTS_UNIT_IDSPARSE_H
#define FW_TESTS_UNIT_IDSPARSE_H

#include "parsers/idsrules.h"
#include "parsers/parser.h"

struct idsparse {
    struct fw_diags *diags;
    struct fw_doc doc;
    struct fw_idsrules rules;
};

/* Asserts that the counts of lines add up; `path` is what the file is called. */
void idsparse(struct idsparse *p, const struct fw_parser *parser, const char *path, fw_sv text);
void idsparse_clear(struct idsparse *p);
/* Asserts how many lines were used, ignored, unsupported and bad. */
void idsparse_lines(const struct idsparse *p, unsigned used, unsigned ignored, unsigned unsupported,
                    unsigned bad);
void idsparse_is(fw_sv have, const char *want);

#endif
