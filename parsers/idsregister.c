/* Answers: why was a signature tuned, who handled an alert, what was decided about an advisory?
 * Lists like these:
 *
 *   signature,kind,reason,author,date,review_by,ticket
 *   1:2100498,suppress,scanner of the auditors,林維國,2026-01-31,2026-07-31,CHG-2026-007
 *
 *   signature,date,until,handled,by,result,case
 *   1:2900001,2026-05-02,2026-05-03,2026-05-04,許家豪,blocked,INC-2026-011
 *
 *   cve,decision,by,decided,due,done
 *   CVE-2021-40114,update,林維國,2026-04-20,2026-05-20,2026-05-11
 */
#include "parsers/idsregister.h"

#include "parsers/records.h"
#include "parsers/zonelist.h"

enum {
    TUNING_SIGNATURE,
    TUNING_DEVICE,
    TUNING_KIND,
    TUNING_REASON,
    TUNING_AUTHOR,
    TUNING_DATE,
    TUNING_REVIEW,
    TUNING_TICKET,
    TUNING_COUNT
};

static const struct fw_record_column tuning_columns[TUNING_COUNT] = {
    [TUNING_SIGNATURE] = {"signature", "特徵規則", true},
    [TUNING_DEVICE] = {"device", "設備", false},
    [TUNING_KIND] = {"kind", "調教方式", false},
    [TUNING_REASON] = {"reason", "理由", false},
    [TUNING_AUTHOR] = {"author", "設定人", false},
    [TUNING_DATE] = {"date", "日期", false},
    [TUNING_REVIEW] = {"review_by", "複審日期", false},
    [TUNING_TICKET] = {"ticket", "申請單號", false},
};

enum {
    CASE_SIGNATURE,
    CASE_DEVICE,
    CASE_DATE,
    CASE_UNTIL,
    CASE_HANDLED,
    CASE_BY,
    CASE_RESULT,
    CASE_ID,
    CASE_COUNT
};

static const struct fw_record_column case_columns[CASE_COUNT] = {
    [CASE_SIGNATURE] = {"signature", "特徵規則", true}, [CASE_DEVICE] = {"device", "設備", false},
    [CASE_DATE] = {"date", "告警日期", true},           [CASE_UNTIL] = {"until", "告警迄日", false},
    [CASE_HANDLED] = {"handled", "處置日期", true},     [CASE_BY] = {"by", "處置人", false},
    [CASE_RESULT] = {"result", "處置結果", false},      [CASE_ID] = {"case", "案號", false},
};

enum {
    DECISION_CVE,
    DECISION_DEVICE,
    DECISION_DECISION,
    DECISION_BY,
    DECISION_DECIDED,
    DECISION_DUE,
    DECISION_DONE,
    DECISION_COUNT
};

static const struct fw_record_column decision_columns[DECISION_COUNT] = {
    [DECISION_CVE] = {"cve", "弱點編號", true},
    [DECISION_DEVICE] = {"device", "設備", false},
    [DECISION_DECISION] = {"decision", "處置決定", true},
    [DECISION_BY] = {"by", "決定人", false},
    [DECISION_DECIDED] = {"decided", "決定日期", false},
    [DECISION_DUE] = {"due", "預計完成日期", false},
    [DECISION_DONE] = {"done", "完成日期", false},
};

enum fw_idslist fw_idslist_detect(fw_sv head)
{
    /* What tells a list from others that name a signature, too. */
    static const struct fw_record_column reasons[] = {{"signature", "特徵規則", true},
                                                      {"reason", "理由", true}};
    static const struct fw_record_column authors[] = {{"signature", "特徵規則", true},
                                                      {"author", "設定人", true}};
    static const struct fw_record_column ledger[] = {
        {"signature", "signature", true}, {"scope", "scope", true}, {"change", "change", true}};
    if (fw_records_fit(head, ledger, 3)) {
        return FW_IDSLIST_LEDGER;
    }
    if (fw_records_fit(head, case_columns, CASE_COUNT)) {
        return FW_IDSLIST_CASES;
    }
    if (fw_records_fit(head, decision_columns, DECISION_COUNT)) {
        return FW_IDSLIST_DECISIONS;
    }
    if (fw_records_fit(head, reasons, 2) || fw_records_fit(head, authors, 2)) {
        return FW_IDSLIST_TUNING;
    }
    return fw_zonelist_is(head) ? FW_IDSLIST_ZONES : FW_IDSLIST_NONE;
}

bool fw_signature_parse(fw_sv text, uint32_t *ret_gid, uint32_t *ret_sid)
{
    uint32_t gid = 1;
    uint32_t sid;
    size_t colon = fw_sv_find_char(text, ':');
    fw_sv number = colon == SIZE_MAX ? text : fw_sv_sub(text, colon + 1, SIZE_MAX);
    if (colon != SIZE_MAX && !fw_sv_u32(fw_sv_sub(text, 0, colon), UINT32_MAX, &gid)) {
        return false;
    }
    if (!fw_sv_u32(number, UINT32_MAX, &sid) || sid == 0) {
        return false;
    }
    *ret_gid = gid;
    *ret_sid = sid;
    return true;
}

enum fw_err fw_tuning_register_parse(struct fw_doc *doc, int32_t zone_seconds,
                                     struct fw_tuning_register *ret)
{
    struct fw_records records;
    struct fw_tuning_row *v = NULL;
    size_t n = 0;
    if (!fw_records_open(&records, doc, zone_seconds, tuning_columns, TUNING_COUNT, "tuning")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        struct fw_tuning_row row = {
            .device = fw_records_cell(&records, TUNING_DEVICE),
            .signature = fw_records_cell(&records, TUNING_SIGNATURE),
            .kind = fw_records_cell(&records, TUNING_KIND),
            .reason = fw_records_cell(&records, TUNING_REASON),
            .author = fw_records_cell(&records, TUNING_AUTHOR),
            .ticket = fw_records_cell(&records, TUNING_TICKET),
            .span = fw_records_span(&records),
        };
        row.date_ns = fw_records_date(&records, TUNING_DATE, false);
        row.review_ns = fw_records_date(&records, TUNING_REVIEW, true);
        if (row.signature.n == 0) {
            fw_doc_bad(doc, records.line, (fw_sv){0}, "a row needs a signature");
            continue;
        }
        if (!fw_signature_parse(row.signature, &row.gid, &row.sid)) {
            row.gid = 0;
            row.sid = 0;
        }
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        v[n++] = row;
    }
    *ret = (struct fw_tuning_register){n, v};
    return FW_OK;
}

enum fw_err fw_cases_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_cases *ret)
{
    struct fw_records records;
    struct fw_case *v = NULL;
    size_t n = 0;
    if (!fw_records_open(&records, doc, zone_seconds, case_columns, CASE_COUNT, "cases")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        fw_sv signature = fw_records_cell(&records, CASE_SIGNATURE);
        struct fw_case row = {
            .device = fw_records_cell(&records, CASE_DEVICE),
            .by = fw_records_cell(&records, CASE_BY),
            .result = fw_records_cell(&records, CASE_RESULT),
            .id = fw_records_cell(&records, CASE_ID),
            .span = fw_records_span(&records),
        };
        row.from_ns = fw_records_date(&records, CASE_DATE, false);
        row.until_ns = fw_records_date(&records, CASE_UNTIL, true);
        row.handled_ns = fw_records_date(&records, CASE_HANDLED, false);
        if (row.from_ns == INT64_MIN) {
            fw_doc_bad(doc, records.line, (fw_sv){0}, "a row needs the date of the alerts");
            continue;
        }
        if (row.until_ns == INT64_MIN) { /* that one day */
            row.until_ns = fw_records_date(&records, CASE_DATE, true);
        }
        if (!fw_sv_is(signature, "*") && !fw_signature_parse(signature, &row.gid, &row.sid)) {
            fw_doc_bad(doc, records.line, fw_records_part(&records, signature),
                       "\"signature\" is a number such as 1:2100498, or * for every one");
            continue;
        }
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        v[n++] = row;
    }
    *ret = (struct fw_cases){n, v};
    return FW_OK;
}

enum fw_err fw_advisory_decisions_parse(struct fw_doc *doc, int32_t zone_seconds,
                                        struct fw_advisory_decisions *ret)
{
    struct fw_records records;
    struct fw_advisory_decision *v = NULL;
    size_t n = 0;
    if (!fw_records_open(&records, doc, zone_seconds, decision_columns, DECISION_COUNT,
                         "decisions about advisories")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        struct fw_advisory_decision row = {
            .cve = fw_records_cell(&records, DECISION_CVE),
            .device = fw_records_cell(&records, DECISION_DEVICE),
            .decision = fw_records_cell(&records, DECISION_DECISION),
            .by = fw_records_cell(&records, DECISION_BY),
            .span = fw_records_span(&records),
        };
        row.decided_ns = fw_records_date(&records, DECISION_DECIDED, false);
        row.due_ns = fw_records_date(&records, DECISION_DUE, true);
        row.done_ns = fw_records_date(&records, DECISION_DONE, false);
        if (row.cve.n == 0) {
            fw_doc_bad(doc, records.line, (fw_sv){0}, "a row needs the advisory's number");
            continue;
        }
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        v[n++] = row;
    }
    *ret = (struct fw_advisory_decisions){n, v};
    return FW_OK;
}
