/* For source.c and its tests only: small blocks and a low line limit bring every boundary under a
 * test's control. Call before the first read. */
#ifndef FW_CORE_SOURCE_IMPL_H
#define FW_CORE_SOURCE_IMPL_H

#include <stddef.h>

struct fw_source;

void fw_source_set_block(struct fw_source *source, size_t block, size_t line_limit);

#endif
