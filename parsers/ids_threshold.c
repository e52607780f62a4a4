/*
 * threshold.conf of Snort 2 and threshold.config of Suricata:
 *
 *   # reason: the backup server scans itself; by: Chen; date: 2026-01-31; review-by: 2026-07-31
 *   suppress gen_id 1, sig_id 1852, track by_src, ip 192.0.2.0/24
 *   event_filter gen_id 1, sig_id 2001219, type limit, track by_src, count 1, seconds 60
 *   rate_filter gen_id 135, sig_id 1, track by_src, count 100, seconds 1, new_action drop, timeout
 * 10
 */
#include "parsers/idsrules.h"
#include "parsers/idstuning.h"
#include "parsers/parser.h"

static void ids_threshold(struct fw_doc *doc, struct fw_idsrules *ret)
{
    struct fw_idsstatement s;
    struct fw_idsnotes notes;
    uint64_t offset = 0;
    uint32_t line = 0;
    fw_idsnotes_init(&notes, doc);
    while (fw_idsstatement_next(doc, &offset, &line, &s)) {
        if (s.text.n == 0) {
            fw_doc_mark_range(doc, s.first, s.last, FW_LINE_IGNORED);
            if (s.comment.p && s.comment.n > 0) {
                fw_idsnotes_comment(&notes, s.comment);
            } else {
                fw_idsnotes_forget(&notes);
            }
        } else if (!fw_idstuning_read(doc, &ret->conf, &notes, &s)) {
            fw_idsnotes_forget(&notes);
            fw_doc_mark_range(doc, s.first, s.last, FW_LINE_BAD);
            fw_doc_bad(doc, s.first, s.text,
                       "expected suppress, threshold, event_filter or rate_filter");
        }
    }
}

/* Comments show entries that are switched off, as the delivered file does: likely, not sure. */
static int ids_threshold_bid(fw_sv head)
{
    fw_sv line;
    int bid = FW_BID_NO;
    while (fw_sv_split(&head, '\n', &line)) {
        fw_sv s = fw_sv_trim(line);
        bool comment = s.n > 0 && s.p[0] == '#';
        while (s.n > 0 && s.p[0] == '#') {
            s = fw_sv_trim(fw_sv_sub(s, 1, SIZE_MAX));
        }
        bool ours = (fw_sv_starts(s, "suppress ") || fw_sv_starts(s, "threshold ") ||
                     fw_sv_starts(s, "event_filter ") || fw_sv_starts(s, "rate_filter ")) &&
                    fw_sv_find(s, FW_SV("gen_id")) != SIZE_MAX;
        if (ours) {
            bid = comment && bid < FW_BID_LIKELY ? FW_BID_LIKELY : comment ? bid : FW_BID_SURE - 5;
        } else if (!comment && s.n > 0 && bid != FW_BID_SURE - 5 && s.p[s.n - 1] != '\\') {
            return FW_BID_NO; /* another file that happens to hold such lines further down */
        }
    }
    return bid;
}

const struct fw_parser fw_parser_ids_threshold = {
    .name = "ids-threshold",
    .title = "Snort and Suricata threshold files (suppress, event_filter, rate_filter)",
    .kind = FW_PARSER_IDSRULES,
    .version = 2,
    .bid = ids_threshold_bid,
    .idsrules = ids_threshold,
};
