/*
 * Patterns that users write (PCRE2, UTF-8), looked for in short texts that others wrote. Compiled
 * where the machine can; work and memory are limited, so that a pattern that backtracks without end
 * finds nothing instead of holding everybody up.
 */
#ifndef FW_CORE_PATTERN_H
#define FW_CORE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/sv.h"

struct fw_pattern;

/* NULL for an empty text and for what is no pattern: then ret_error (may be NULL) says why. */
struct fw_pattern *fw_pattern_new(fw_sv text, struct fw_buf *ret_error);
void fw_pattern_free(struct fw_pattern *pattern);

enum fw_found { FW_FOUND_NOTHING, FW_FOUND, FW_FOUND_GAVE_UP };

/* The first place where the pattern matches: the whole of it, and what its first group caught (the
 * whole again when it has none). A text that is not UTF-8 matches nothing. */
enum fw_found fw_pattern_find(struct fw_pattern *pattern, fw_sv text, fw_sv *ret_whole,
                              fw_sv *ret_group);

#endif
