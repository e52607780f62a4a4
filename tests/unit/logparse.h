/* One line through envelope and payload parser, as text that a test can compare. */
#ifndef FW_TESTS_UNIT_LOGPARSE_H
#define FW_TESTS_UNIT_LOGPARSE_H

#include "core/buf.h"
#include "parsers/parser.h"

/* "used {...}" with the event as JSON (years that are missing are 2001), "ignored", "bad", ... */
void test_parse_line(const struct fw_parser *parser, const char *line, struct fw_buf *out);

struct parse_case {
    const char *line;
    const char *expected;
};

/* Fails the running Check test at the first case that differs. */
void test_parse_cases(const struct fw_parser *parser, const struct parse_case *cases, size_t n);

/* A parser bids on exactly the lines that are its format: those whose verdict is not "none",
 * seen whole or without their header. */
void test_parse_bids(const struct fw_parser *parser, const struct parse_case *cases, size_t n);

/* The line damaged as mangle.h says. Only the verdict is checked to be one. */
void test_parse_mangled(const struct fw_parser *parser, const char *line);

#endif
