/* What was decided about each rule and finding? A worksheet that was filled in:
 *
 *   device,policy,rule,check,finding,decision,reason,owner,by,decided,until,ticket,compensating,content,…
 *   fw01,FORWARD,-A FORWARD …,,,keep,mail relay,陳工程師,王小明,2026-07-03,,CHG-1023,,0328bd1e…,
 */
#include "parsers/decisions.h"

#include "core/text.h"
#include "core/time.h"
#include "parsers/records.h"

/* As of the waivers of a site file: a year, with the leap day. */
#define WAIVER_DAYS 366

const struct fw_record_column fw_decision_columns[] = {
    [FW_DECISION_DEVICE] = {"device", "設備", true},
    [FW_DECISION_POLICY] = {"policy", "政策", false},
    [FW_DECISION_POSITION] = {"position", "序號", false},
    [FW_DECISION_RULE] = {"rule", "規則", false},
    [FW_DECISION_CHECK] = {"check", "檢查", false},
    [FW_DECISION_FINDING] = {"finding", "發現", false},
    [FW_DECISION_DECISION] = {"decision", "決定", true},
    [FW_DECISION_REASON] = {"reason", "理由", true},
    [FW_DECISION_OWNER] = {"owner", "負責人", false},
    [FW_DECISION_BY] = {"by", "決定人", true},
    [FW_DECISION_DECIDED] = {"decided", "決定日期", true},
    [FW_DECISION_UNTIL] = {"until", "屆期日", false},
    [FW_DECISION_TICKET] = {"ticket", "申請單號", false},
    [FW_DECISION_COMPENSATING] = {"compensating", "補償措施", false},
    [FW_DECISION_CONTENT] = {"content", "內容雜湊", false},
    [FW_DECISION_FINGERPRINT] = {"fingerprint", "指紋", false},
};

static const struct {
    const char *written;
    enum fw_decided means;
} words[] = {
    {"", FW_DECIDED_NOTHING},      {"keep", FW_DECIDED_KEEP},     {"保留", FW_DECIDED_KEEP},
    {"modify", FW_DECIDED_MODIFY}, {"修改", FW_DECIDED_MODIFY},   {"fix", FW_DECIDED_MODIFY},
    {"改善", FW_DECIDED_MODIFY},   {"remove", FW_DECIDED_REMOVE}, {"刪除", FW_DECIDED_REMOVE},
    {"waive", FW_DECIDED_WAIVE},   {"accept", FW_DECIDED_WAIVE},  {"例外核准", FW_DECIDED_WAIVE},
    {"接受", FW_DECIDED_WAIVE},
};
enum { WORDS = sizeof(words) / sizeof(words[0]) };

const char *fw_decided_name(enum fw_decided decided)
{
    static const char *const names[FW_DECIDED_COUNT] = {"", "keep", "modify", "remove", "waive"};
    return names[decided];
}

static bool same(const struct fw_decision *a, const struct fw_decision *b)
{
    if (a->about_rule != b->about_rule || !fw_sv_eq(a->device, b->device)) {
        return false;
    }
    return a->about_rule ? fw_sv_eq(a->policy, b->policy) && fw_sha256_eq(a->content, b->content)
                         : fw_sv_eq(a->check, b->check) && fw_sv_eq(a->fingerprint, b->fingerprint);
}

/* Where it lies, or the free slot where it belongs. The hashes of contents and findings spread
 * well; devices and policies that share one lie side by side. */
static size_t slot_of(const struct fw_decision_index *index, const struct fw_decision *about)
{
    uint64_t hash = about->about_rule
                        ? fw_sv_hash(fw_sv_of((const char *)about->content.b, sizeof(fw_sha256)))
                        : fw_sv_hash(about->fingerprint);
    size_t i = (size_t)(hash ^ fw_sv_hash(about->device)) & (index->nslots - 1);
    while (index->slots[i] && !same(index->slots[i], about)) {
        i = (i + 1) & (index->nslots - 1);
    }
    return i;
}

const struct fw_decision *fw_decision_find(const struct fw_decision_index *index,
                                           const struct fw_decision *about)
{
    return index->nslots > 0 ? index->slots[slot_of(index, about)] : NULL;
}

bool fw_decision_add(struct fw_decision_index *index, struct fw_arena *arena,
                     const struct fw_decision *decision)
{
    if (2 * (index->n + 1) > index->nslots) {
        struct fw_decision_index old = *index;
        index->nslots = old.nslots > 0 ? 2 * old.nslots : 64;
        index->slots = fw_new_array(arena, index->nslots, const struct fw_decision *);
        for (size_t i = 0; i < old.nslots; i++) {
            if (old.slots[i]) {
                index->slots[slot_of(index, old.slots[i])] = old.slots[i];
            }
        }
    }
    size_t at = slot_of(index, decision);
    if (index->slots[at]) {
        return false;
    }
    index->slots[at] = decision;
    index->n++;
    return true;
}

static bool fingerprint_valid(fw_sv text)
{
    fw_sha256 hash;
    return fw_sha256_parse(text, &hash);
}

/* A list that was imported has a ' before what a spreadsheet would run. */
static fw_sv text_of(const struct fw_records *records, enum fw_decision_column column)
{
    return fw_text_cell(fw_records_cell(records, column));
}

/* What the row is about. */
static const char *read_subject(struct fw_records *records, struct fw_decision *ret)
{
    fw_sv content = fw_records_cell(records, FW_DECISION_CONTENT);
    ret->device = text_of(records, FW_DECISION_DEVICE);
    ret->policy = text_of(records, FW_DECISION_POLICY);
    ret->rule = text_of(records, FW_DECISION_RULE);
    ret->check = fw_records_cell(records, FW_DECISION_CHECK);
    ret->fingerprint = fw_records_cell(records, FW_DECISION_FINGERPRINT);
    ret->about_rule = content.n > 0;
    if (ret->about_rule) {
        if (!fw_sha256_parse(content, &ret->content)) {
            return "\"content\" is the hash of a rule, 64 digits, as the worksheet has it";
        }
        return ret->check.n > 0 || ret->fingerprint.n > 0
                   ? "a row is about a rule (content) or about a finding (check, fingerprint), not "
                     "both"
                   : NULL;
    }
    if (ret->check.n == 0 || !fingerprint_valid(ret->fingerprint)) {
        return "a row needs the rule's \"content\", or the \"check\" and \"fingerprint\" of a "
               "finding, as "
               "the worksheet has them";
    }
    return NULL;
}

static const char *read_terms(const struct fw_decision *d)
{
    bool change = d->decided == FW_DECIDED_MODIFY || d->decided == FW_DECIDED_REMOVE;
    if (d->reason.n == 0 || d->by.n == 0 || d->decided_ns == INT64_MIN) {
        return "a decision needs \"reason\", \"by\" and \"decided\"";
    }
    if (change && (d->owner.n == 0 || d->until_ns == INT64_MIN)) {
        return "a change needs its \"owner\" and the day it is due, \"until\"";
    }
    if (d->decided == FW_DECIDED_KEEP && !d->about_rule) {
        return "a finding is not kept for good: waive it until a day, or modify";
    }
    if (d->decided != FW_DECIDED_WAIVE) {
        return NULL;
    }
    if (d->until_ns == INT64_MIN || d->compensating.n == 0) {
        return "a waiver needs its last day, \"until\", and a \"compensating\" control";
    }
    if (d->until_ns <= d->decided_ns) {
        return "the waiver ends before it was decided";
    }
    return d->until_ns - d->decided_ns > INT64_C(86400) * FW_NS_PER_SEC * WAIVER_DAYS
               ? "a waiver is for one year at most; renew it then"
               : NULL;
}

/* NULL, or what is wrong with the row. */
static const char *read_row(struct fw_records *records, struct fw_decision *ret)
{
    fw_sv cell = fw_records_cell(records, FW_DECISION_DECISION);
    size_t w = 0;
    while (w < WORDS && !fw_sv_is_nocase(cell, words[w].written)) {
        w++;
    }
    if (w == WORDS) {
        return "\"decision\" is keep, modify, remove or waive, or empty";
    }
    *ret = (struct fw_decision){.decided = words[w].means, .span = fw_records_span(records)};
    if (ret->decided == FW_DECIDED_NOTHING) {
        return NULL;
    }
    ret->reason = text_of(records, FW_DECISION_REASON);
    ret->owner = text_of(records, FW_DECISION_OWNER);
    ret->by = text_of(records, FW_DECISION_BY);
    ret->ticket = text_of(records, FW_DECISION_TICKET);
    ret->compensating = text_of(records, FW_DECISION_COMPENSATING);
    ret->decided_ns = fw_records_date(records, FW_DECISION_DECIDED, false);
    ret->until_ns = fw_records_date(records, FW_DECISION_UNTIL, true);
    const char *wrong = read_subject(records, ret);
    return wrong ? wrong : read_terms(ret);
}

enum fw_err fw_decisions_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_decisions *ret)
{
    struct fw_records records;
    struct fw_decisions decisions = {0};
    const struct fw_decision **v = NULL;
    if (!fw_records_open(&records, doc, zone_seconds, fw_decision_columns, FW_DECISION_COLUMNS,
                         "decisions")) {
        return FW_ERR_INVALID;
    }
    while (fw_records_next(&records)) {
        struct fw_decision *decision = fw_new(&doc->arena, struct fw_decision);
        const char *wrong = read_row(&records, decision);
        if (!wrong && decision->decided == FW_DECIDED_NOTHING) {
            continue;
        }
        if (!wrong && !fw_decision_add(&decisions.index, &doc->arena, decision)) {
            wrong = "this rule or finding is decided on twice";
        }
        if (wrong) {
            fw_doc_bad(doc, records.line, (fw_sv){0}, "%s", wrong);
            continue;
        }
        v = fw_arena_push(&doc->arena, (void *)(uintptr_t)v, decisions.n, sizeof(*v));
        v[decisions.n++] = decision;
    }
    decisions.v = v;
    decisions.good = fw_doc_counts(doc).bad == 0;
    *ret = decisions;
    return FW_OK;
}
