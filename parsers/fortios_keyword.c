/* What the FortiOS keywords are about that no code reads: the reviewed list. */
#include "parsers/fortios.h"
#include "parsers/keyword.h"

#define FW_FORTIOS(section, key, kind, why) {section, key, FW_KEYWORD_##kind, why},
static const struct fw_keyword rows[] = {
#include "parsers/fortios_keywords.def"
};
#undef FW_FORTIOS

static const struct fw_keywords list = {rows, sizeof(rows) / sizeof(rows[0])};

bool fw_fos_keyword(struct fw_fos *fos, const char *section, struct fw_node *key)
{
    (void)fos;
    bool off = key->n == 1 && fw_sv_is(key->child->name, "disable");
    return fw_keyword_judge(&list, section, key) && !off;
}

bool fw_fos_section_ignored(fw_sv section)
{
    const struct fw_keyword *row = fw_keyword_find(&list, section, FW_SV(""));
    return row && row->kind == FW_KEYWORD_IGNORED;
}
