/* Which texts of ours go into every pack? */
#include "core/embed.h"
#include "evidence/packcheck.h"

extern const struct fw_embedded fw_embedded_pack[]; /* written by tools/embed.c */

static fw_sv find(const char *name)
{
    for (const struct fw_embedded *e = fw_embedded_pack; e->name; e++) {
        if (strcmp(e->name, name) == 0) {
            return fw_sv_of((const char *)e->bytes, e->n);
        }
    }
    return FW_SV("");
}

fw_sv fw_pack_script(void)
{
    return find(FW_PACK_SCRIPT);
}

fw_sv fw_pack_readme(void)
{
    return find(FW_PACK_README);
}
