/*
 * A filled-in 改善報告: what an agency answered to each finding of its last audit. Read as it
 * comes: as CSV or with tabs, with titles above the header, with HTML paragraphs in the cells, with
 * a class that was cut off, with dates of the Republic or of Gregory.
 */
#ifndef FW_PARSERS_IMPROVEMENT_H
#define FW_PARSERS_IMPROVEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"

enum fw_improvement_class {
    FW_IMPROVEMENT_UNKNOWN,
    FW_IMPROVEMENT_MUST,    /* 待改善事項 */
    FW_IMPROVEMENT_SUGGEST, /* 建議事項 */
    FW_IMPROVEMENT_PRAISE,  /* 法遵符合情形 */
};

struct fw_improvement {
    uint32_t number; /* 項次; 0: not a number */
    enum fw_improvement_class class;
    fw_sv items, group;
    fw_sv finding, measure; /* without markup; paragraphs are lines */
    fw_sv check;            /* the id that the row names, as our own forms do; {0}: none */
    bool done;              /* 已完成 */
    int64_t due_ns;         /* end of the day; INT64_MIN: done, or not said */
    fw_span span;
};

struct fw_improvements {
    size_t n;
    const struct fw_improvement *v;
};

/* FW_ERR_INVALID when no line is the header. */
enum fw_err fw_improvements_parse(struct fw_doc *doc, int32_t zone_seconds,
                                  struct fw_improvements *ret);
/* The answer to a check's finding; NULL. */
const struct fw_improvement *fw_improvement_find(const struct fw_improvements *improvements,
                                                 fw_sv check);

#endif
