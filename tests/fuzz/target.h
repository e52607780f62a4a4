/* One input through one parser of the registry, with everything that may be asked of the result. */
#ifndef FW_TESTS_FUZZ_TARGET_H
#define FW_TESTS_FUZZ_TARGET_H

#include <stdbool.h>

#include "core/sv.h"
#include "parsers/doc.h"
#include "parsers/parser.h"

/* Aborts, naming what was promised, unless it was kept. */
void fuzz_promise(bool kept, const char *what);
/* What every reader promises of its lines. */
void fuzz_counts(struct fw_line_counts counts);
/* Aborts when the parser breaks a promise; sanitizers see the rest. The bytes are copied into
 * memory of exactly their size first. */
void fuzz_one(const struct fw_parser *parser, fw_sv bytes);

#endif
