/*
 * The four forms of an audit of Taiwanese agencies, filled in from a review as far as a machine
 * can: the columns are those of the auditors' forms, in their order. What only people know (causes,
 * dates, signatures) stays empty. Every row has an attachment that proves it, named
 * 項次NN_附件_CHECK.
 */
#ifndef FW_REPORT_FORMS_H
#define FW_REPORT_FORMS_H

#include "report/survey.h"

enum fw_form {
    FW_FORM_IMPROVEMENT, /* 改善報告 */
    FW_FORM_RECORD,      /* 稽核項目紀錄表 */
    FW_FORM_RESULT,      /* 稽核結果及改善報告 */
    FW_FORM_TRACKING,    /* 改善績效追蹤報告 */
    FW_FORM_COUNT
};

enum { FW_FORM_COLUMNS = 16 };

/* What an auditor calls a row. */
enum fw_form_class { FW_FORM_IMPROVE, FW_FORM_SUGGEST, FW_FORM_PRAISE };

struct fw_form_row {
    size_t number; /* 項次, from 1 */
    enum fw_form_class class;
    const struct fw_survey_check *check;
};

struct fw_form_rows {
    size_t n;
    const struct fw_form_row *v; /* by audit item, as the profile orders them */
};

struct fw_form_sheet {
    fw_sv name; /* of the form: file and sheet */
    fw_sv title, note;
    size_t columns;
    fw_sv heads[FW_FORM_COLUMNS];
    unsigned widths[FW_FORM_COLUMNS]; /* in characters */
    size_t n;
    fw_sv (*rows)[FW_FORM_COLUMNS];
};

void fw_form_rows_make(const struct fw_survey *survey, struct fw_form_rows *ret);
void fw_form_make(const struct fw_survey *survey, enum fw_form form, struct fw_form_sheet *ret);
void fw_form_csv(const struct fw_form_sheet *sheet, struct fw_buf *out);
/* The same bytes for the same sheet; created_ns is what the document says of itself. */
enum fw_err fw_form_xlsx(const struct fw_form_sheet *sheet, int64_t created_ns, struct fw_buf *out);

/* "項次01_附件_RUL-001.txt", and what stands in it: sentences, quotes, witnesses, hashes. */
fw_sv fw_form_attachment_name(const struct fw_survey *survey, const struct fw_form_row *row);
void fw_form_attachment(const struct fw_survey *survey, const struct fw_form_row *row,
                        struct fw_buf *out);

#endif
