#include "parsers/keyword.h"

#include <stdlib.h>

struct wanted {
    fw_sv section, key;
};

static int by_names(const void *left, const void *right)
{
    const struct wanted *wanted = left;
    const struct fw_keyword *row = right;
    int order = fw_sv_cmp(wanted->section, fw_sv_from(row->section));
    return order != 0 ? order : fw_sv_cmp(wanted->key, fw_sv_from(row->key));
}

const struct fw_keyword *fw_keyword_find(const struct fw_keywords *list, fw_sv section, fw_sv key)
{
    struct wanted wanted = {section, key};
    return bsearch(&wanted, list->rows, list->n, sizeof(*list->rows), by_names);
}

bool fw_keyword_judge(const struct fw_keywords *list, const char *section, struct fw_node *key)
{
    const struct fw_keyword *row = fw_keyword_find(list, fw_sv_from(section), key->name);
    enum fw_keyword_kind kind = row ? row->kind : FW_KEYWORD_UNSUPPORTED;
    enum fw_line_verdict verdict = kind == FW_KEYWORD_IGNORED  ? FW_LINE_IGNORED
                                   : kind == FW_KEYWORD_WIDENS ? FW_LINE_USED
                                                               : FW_LINE_UNSUPPORTED;
    fw_node_mark(key, verdict);
    return kind != FW_KEYWORD_IGNORED;
}
