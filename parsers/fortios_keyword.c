/* What the FortiOS keywords are about that no code reads: the reviewed list. */
#include <stdlib.h>
#include <string.h>

#include "parsers/fortios.h"

enum kind { IGNORED, UNSUPPORTED, WIDENS };

struct row {
    const char *section;
    const char *key;
    enum kind kind;
    const char *why;
};

#define FW_FORTIOS(section, key, kind, why) {section, key, kind, why},
static const struct row rows[] = {
#include "parsers/fortios_keywords.def"
};
#undef FW_FORTIOS

struct wanted {
    fw_sv section, key;
};

static int by_names(const void *left, const void *right)
{
    const struct wanted *wanted = left;
    const struct row *row = right;
    int order = fw_sv_cmp(wanted->section, fw_sv_from(row->section));
    return order != 0 ? order : fw_sv_cmp(wanted->key, fw_sv_from(row->key));
}

static const struct row *find(fw_sv section, fw_sv key)
{
    struct wanted wanted = {section, key};
    return bsearch(&wanted, rows, sizeof(rows) / sizeof(rows[0]), sizeof(rows[0]), by_names);
}

bool fw_fos_keyword(struct fw_fos *fos, const char *section, struct fw_node *key)
{
    const struct row *row = find(fw_sv_from(section), key ? key->name : FW_SV(""));
    (void)fos;
    enum kind kind = row ? row->kind : UNSUPPORTED;
    fw_node_mark(key, kind == IGNORED  ? FW_LINE_IGNORED
                      : kind == WIDENS ? FW_LINE_USED
                                       : FW_LINE_UNSUPPORTED);
    bool off = key && key->n == 1 && fw_sv_is(key->child->name, "disable");
    return kind != IGNORED && !off;
}

bool fw_fos_section_ignored(fw_sv section)
{
    const struct row *row = find(section, FW_SV(""));
    return row && row->kind == IGNORED;
}
