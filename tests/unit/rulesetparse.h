/* A ruleset from text, for tests of ruleset parsers. */
#ifndef FW_TESTS_UNIT_RULESETPARSE_H
#define FW_TESTS_UNIT_RULESETPARSE_H

#include "core/buf.h"
#include "core/diag.h"
#include "parsers/doc.h"
#include "parsers/parser.h"

struct parsed {
    struct fw_doc doc;
    struct fw_diags *diags;
    struct fw_ruleset ruleset;
};

/* The text must outlive *ret. */
void parsed_init(struct parsed *ret, const struct fw_parser *parser, const char *text);
void parsed_clear(struct parsed *parsed);
/* "total/used/ignored/unsupported/bad" */
const char *parsed_counts(const struct parsed *parsed);
/* The rule's JSON from its "in" key on, in a buffer that the next call overwrites. */
const char *parsed_rule(const struct parsed *parsed, const char *policy, size_t position);
const struct fw_policy *parsed_policy(const struct parsed *parsed, const char *name);
/* Prefixes and single-byte changes of a text, in exactly sized memory; the four counts must add up.
 */
void parsed_mangled(const struct fw_parser *parser, const char *text);

#endif
