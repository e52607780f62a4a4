/* Answers: what did the last review of administrators' accounts find? A list like this:
 *
 *   device,account,owner,mfa,last_login,reviewed,verdict,reviewer
 *   asa1,chenyc,陳怡君,yes,2026-06-28,2026-06-30,keep,周主任
 */
#include "parsers/accounts.h"

#include "parsers/records.h"

enum { DEVICE, ACCOUNT, OWNER, MFA, LAST_LOGIN, REVIEWED, VERDICT, REVIEWER, COLUMN_COUNT };

static const struct fw_record_column columns[COLUMN_COUNT] = {
    [DEVICE] = {"device", "設備", true},
    [ACCOUNT] = {"account", "帳號", true},
    [OWNER] = {"owner", "使用人", false},
    [MFA] = {"mfa", "多因子驗證", false},
    [LAST_LOGIN] = {"last_login", "最近登入", false},
    [REVIEWED] = {"reviewed", "清查日期", false},
    [VERDICT] = {"verdict", "清查結果", false},
    [REVIEWER] = {"reviewer", "清查人", false},
};

static const char *const yes[] = {"yes", "true", "y", "1", "是", "有", "已啟用"};
static const char *const no[] = {"no", "false", "n", "0", "否", "無", "未啟用"};
static const char *const never[] = {"never", "從未", "從未登入", "未曾登入"};
static const char *const keep[] = {"keep", "ok", "保留", "續用"};
static const char *const go[] = {"remove", "disable", "刪除", "停用"};

#define IS_ONE_OF(cell, words) is_one_of(cell, words, sizeof(words) / sizeof(words[0]))
static bool is_one_of(fw_sv cell, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_is_nocase(cell, words[i])) {
            return true;
        }
    }
    return false;
}

/* "林維國、陳怡君": an account of several persons. */
static bool names_several(fw_sv owner)
{
    static const char *const marks[] = {";", "/", "、", "；", "，", ",", "&", "+"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (fw_sv_find(owner, fw_sv_from(marks[i])) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

static void say_unknown(struct fw_records *records, size_t column, const char *expected)
{
    fw_sv cell = fw_records_cell(records, column);
    if (cell.n > 0) {
        fw_doc_bad(records->doc, records->line, fw_records_part(records, cell),
                   "\"%s\" is %s, or empty", columns[column].name, expected);
    }
}

static void read_answers(struct fw_records *records, struct fw_account *row)
{
    fw_sv mfa = fw_records_cell(records, MFA);
    fw_sv verdict = fw_records_cell(records, VERDICT);
    row->mfa = IS_ONE_OF(mfa, yes);
    if (!row->mfa && !IS_ONE_OF(mfa, no)) {
        say_unknown(records, MFA, "yes or no");
    }
    if (IS_ONE_OF(verdict, keep)) {
        row->verdict = FW_ACCOUNT_KEEP;
    } else if (IS_ONE_OF(verdict, go)) {
        row->verdict = FW_ACCOUNT_GO;
    } else {
        say_unknown(records, VERDICT, "keep, remove or disable");
    }
    row->never_used = IS_ONE_OF(fw_records_cell(records, LAST_LOGIN), never);
    row->last_ns = row->never_used ? INT64_MIN : fw_records_date(records, LAST_LOGIN, true);
    row->review_ns = fw_records_date(records, REVIEWED, true);
}

enum fw_err fw_accounts_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_accounts *ret)
{
    struct fw_records records;
    struct fw_account *v = NULL;
    size_t n = 0;
    if (!fw_records_open(&records, doc, zone_seconds, columns, COLUMN_COUNT, "accounts")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        struct fw_account row = {
            .device = fw_records_cell(&records, DEVICE),
            .name = fw_records_cell(&records, ACCOUNT),
            .owner = fw_records_cell(&records, OWNER),
            .reviewer = fw_records_cell(&records, REVIEWER),
            .span = fw_records_span(&records),
        };
        if (row.device.n == 0 || row.name.n == 0) {
            fw_doc_bad(doc, records.line, (fw_sv){0}, "a row needs a device and an account");
            continue;
        }
        row.shared = names_several(row.owner);
        read_answers(&records, &row);
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        v[n++] = row;
    }
    *ret = (struct fw_accounts){n, v};
    return FW_OK;
}
