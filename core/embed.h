/* Files that the program carries: tables that tools/embed.c writes at build time. */
#ifndef FW_CORE_EMBED_H
#define FW_CORE_EMBED_H

#include <stddef.h>

struct fw_embedded {
    const char *name;           /* relative, with "/" */
    const unsigned char *bytes; /* ends with a NUL that does not count */
    size_t n;
};

/* Sorted by name; ends with a NULL name. */
extern const struct fw_embedded fw_embedded_rulesets[];

#endif
