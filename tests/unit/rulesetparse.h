/* A ruleset from text, for tests of ruleset parsers. */
#ifndef FW_TESTS_UNIT_RULESETPARSE_H
#define FW_TESTS_UNIT_RULESETPARSE_H

#include "core/buf.h"
#include "core/diag.h"
#include "parsers/doc.h"
#include "parsers/parser.h"
#include "policy/eval.h"

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
/* The packet must be one; what it names is completed as the contract says. */
enum fw_verdict parsed_trace(struct parsed *parsed, const char *packet, struct fw_trace *ret);

/* A text around one rule, and what becomes of both. */
struct rule_frame {
    const struct fw_parser *parser;
    const char *head, *tail;
    const char *policy; /* that has the rule, as its first */
    const char *counts; /* of parsed_counts; from a "/" on: the last ones only */
};

struct rule_case {
    const char *rule;
    const char *json; /* as of parsed_rule */
};

void check_rules(const struct rule_frame *frame, const struct rule_case *cases, size_t n);

struct setting_case {
    enum fw_setting_kind kind;
    const char *value, *extra;
};

/* These settings and no others, in this order. */
void check_settings(const struct parsed *parsed, const struct setting_case *cases, size_t n);

struct secret_case {
    const char *text;
    const char *secret; /* the first one; NULL: none */
};

void check_secrets(const struct fw_parser *parser, const struct secret_case *cases, size_t n);

/* The text damaged as mangle.h says; the four counts must add up. */
void parsed_mangled(const struct fw_parser *parser, const char *text);

#endif
