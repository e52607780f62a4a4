/* What a pack of a review holds besides its inputs: results, the index of logs, reports, forms. */
#ifndef FW_CLI_REVIEW_MEMBERS_H
#define FW_CLI_REVIEW_MEMBERS_H

#include "evidence/pack.h"
#include "report/report.h"

struct fw_review_members {
    struct fw_arena *arena;
    size_t n;
    struct fw_pack_member *v;
    bool failed; /* one could not be written: there is no pack without it */
};

/* The language of *in is another one afterwards. */
void fw_review_members_make(struct fw_review_members *members, struct fw_arena *arena,
                            struct fw_report_input *in);

#endif
