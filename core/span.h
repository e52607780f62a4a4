/* Where a fact comes from: a range of bytes of one source, and the line it starts on. */
#ifndef FW_CORE_SPAN_H
#define FW_CORE_SPAN_H

#include <stdint.h>

typedef struct fw_span {
    uint64_t offset; /* of the first byte, in the decoded text */
    uint32_t length; /* bytes; 0 means "the line" */
    uint32_t line;   /* 1-based; 0 means "no place" */
} fw_span;

#endif
