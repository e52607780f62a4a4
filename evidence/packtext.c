/* Which texts of ours go into every pack, and which went into packs before? */
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

fw_sv fw_pack_checker(void)
{
    return find("check-proof.sh");
}

bool fw_pack_script_known(fw_sv own, fw_sv script)
{
    static const char start[] = "\nKNOWN='";
    char hex[FW_SHA256_HEX + 1];
    fw_sv word;
    if (fw_sv_eq(script, own)) {
        return true;
    }
    size_t at = fw_sv_find(own, fw_sv_from(start));
    if (at == SIZE_MAX) {
        return false;
    }
    fw_sv list = fw_sv_sub(own, at + sizeof(start) - 1, own.n);
    list = fw_sv_sub(list, 0, fw_sv_find_char(list, '\''));
    fw_sha256_hex(fw_sha256_of(script), hex);
    while (fw_sv_word(&list, &word)) {
        if (fw_sv_is(word, hex)) {
            return true;
        }
    }
    return false;
}
