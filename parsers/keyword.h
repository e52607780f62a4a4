/* What keywords of a tree of words are about that no code reads: how a dialect's reviewed list is
 * asked. A list is sorted by section and keyword; an empty keyword stands for the whole section. */
#ifndef FW_PARSERS_KEYWORD_H
#define FW_PARSERS_KEYWORD_H

#include "parsers/conftree.h"

enum fw_keyword_kind { FW_KEYWORD_IGNORED, FW_KEYWORD_UNSUPPORTED, FW_KEYWORD_WIDENS };

struct fw_keyword {
    const char *section;
    const char *key;
    enum fw_keyword_kind kind;
    const char *why;
};

struct fw_keywords {
    const struct fw_keyword *rows;
    size_t n;
};

/* NULL: the list does not have it. */
const struct fw_keyword *fw_keyword_find(const struct fw_keywords *list, fw_sv section, fw_sv key);
/* Marks the keyword; what is in no list is unsupported. True: it narrows what is matched, in a way
 * that is not modelled. */
bool fw_keyword_judge(const struct fw_keywords *list, const char *section, struct fw_node *key);

#endif
