/* What a comparison of two configurations looks like: for a terminal, as JSON and as CSV. */
#ifndef FW_REPORT_DIFFERENCE_H
#define FW_REPORT_DIFFERENCE_H

#include "analyzers/changes/comparison.h"
#include "core/buf.h"
#include "core/json.h"
#include "evidence/inputs.h"
#include "parsers/doc.h"

struct fw_difference_report {
    const struct fw_comparison_result *result;
    const struct fw_inputs *inputs; /* old, new */
    const struct fw_doc *docs[2];
    const struct fw_catalogue *catalogue;
    enum fw_lang lang;
    const char *version;
    size_t width;
    bool color;
};

void fw_difference_text(const struct fw_difference_report *report, struct fw_buf *out);
void fw_difference_json(const struct fw_difference_report *report, struct fw_buf *out);
void fw_difference_csv(const struct fw_difference_report *report, struct fw_buf *out);

/* What the three share: the parts of a box as texts, "any" where nothing is asked. */
void fw_difference_addresses(struct fw_buf *buf, const struct fw_ipset *set, size_t most);
void fw_difference_names(struct fw_buf *buf, const struct fw_names *names);
/* "tcp dport 443", "icmp 8/0", "any" */
void fw_difference_service(struct fw_buf *buf, const struct fw_term *term);

#endif
