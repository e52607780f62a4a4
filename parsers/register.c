/* Answers: who owns a rule, and which hosts are still there? Lists like these:
 *
 *   device,rule,owner,reason,ticket,until            address,name,status
 *   fw01,FORWARD 12,林維國,mail relay,CHG-1023,      10.20.0.25,relay,in use
 */
#include "parsers/register.h"

#include "parsers/records.h"

enum {
    RULE_DEVICE,
    RULE_RULE,
    RULE_OWNER,
    RULE_REASON,
    RULE_TICKET,
    RULE_UNTIL,
    RULE_COUNT,
};

static const struct fw_record_column rule_columns[RULE_COUNT] = {
    [RULE_DEVICE] = {"device", "設備", true},      [RULE_RULE] = {"rule", "規則", true},
    [RULE_OWNER] = {"owner", "權責人員", false},   [RULE_REASON] = {"reason", "用途", false},
    [RULE_TICKET] = {"ticket", "申請單號", false}, [RULE_UNTIL] = {"until", "迄日", false},
};

enum { ASSET_ADDRESS, ASSET_NAME, ASSET_STATUS, ASSET_COUNT };

static const struct fw_record_column asset_columns[ASSET_COUNT] = {
    [ASSET_ADDRESS] = {"address", "位址", true},
    [ASSET_NAME] = {"name", "名稱", false},
    [ASSET_STATUS] = {"status", "狀態", true},
};

/* What inventories write of a host that is gone. */
static const char *const gone[] = {"retired", "decommissioned", "disposed", "removed",
                                   "除列",    "報廢",           "汰除",     "停用"};

enum fw_err fw_register_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_register *ret)
{
    struct fw_records records;
    struct fw_registered *v = NULL;
    size_t n = 0;
    if (!fw_records_open(&records, doc, zone_seconds, rule_columns, RULE_COUNT, "rules")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        struct fw_registered row = {
            .device = fw_records_cell(&records, RULE_DEVICE),
            .rule = fw_records_cell(&records, RULE_RULE),
            .owner = fw_records_cell(&records, RULE_OWNER),
            .reason = fw_records_cell(&records, RULE_REASON),
            .ticket = fw_records_cell(&records, RULE_TICKET),
            .span = fw_records_span(&records),
        };
        row.until_ns = fw_records_date(&records, RULE_UNTIL, true);
        if (row.device.n == 0 || row.rule.n == 0) {
            fw_doc_bad(doc, records.line, (fw_sv){0}, "a row needs a device and a rule");
            continue;
        }
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        v[n++] = row;
    }
    *ret = (struct fw_register){n, v, fw_records_has(&records, RULE_UNTIL)};
    return FW_OK;
}

static bool is_gone(fw_sv status)
{
    return FW_SV_AMONG_NOCASE(status, gone);
}

enum fw_err fw_assets_parse(struct fw_doc *doc, struct fw_assets *ret)
{
    struct fw_records records;
    struct fw_asset *v = NULL;
    size_t n = 0;
    if (!fw_records_open(&records, doc, 0, asset_columns, ASSET_COUNT, "assets")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        fw_sv address = fw_records_cell(&records, ASSET_ADDRESS);
        struct fw_asset row = {
            .name = fw_records_cell(&records, ASSET_NAME),
            .status = fw_records_cell(&records, ASSET_STATUS),
            .span = fw_records_span(&records),
        };
        bool host_bits = false;
        if (!fw_iprange_parse(address, &row.address, &host_bits) || host_bits) {
            fw_doc_bad(doc, records.line, fw_records_part(&records, address),
                       "\"address\" is an address or a network such as 192.0.2.0/24");
            continue;
        }
        row.retired = is_gone(row.status);
        v = fw_arena_push(&doc->arena, v, n, sizeof(*v));
        v[n++] = row;
    }
    *ret = (struct fw_assets){n, v};
    return FW_OK;
}
