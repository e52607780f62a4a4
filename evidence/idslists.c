/* What do the lists about sensors say, all files of a kind together? */
#include "evidence/idslists.h"

#include <string.h>

enum fw_input_role fw_idslists_detect(fw_sv head)
{
    switch (fw_idslist_detect(head)) {
    case FW_IDSLIST_TUNING:
        return FW_INPUT_TUNING_REGISTER;
    case FW_IDSLIST_CASES:
        return FW_INPUT_CASES;
    case FW_IDSLIST_DECISIONS:
        return FW_INPUT_ADVISORY_DECISIONS;
    case FW_IDSLIST_ZONES:
        return FW_INPUT_ZONES;
    case FW_IDSLIST_LEDGER:
        return FW_INPUT_LEDGER;
    case FW_IDSLIST_NONE:
        break;
    }
    return fw_advisories_is(head) ? FW_INPUT_ADVISORIES : FW_INPUT_ROLE_COUNT;
}

/* Rows of one more file behind those that are there. */
static const void *join(struct fw_arena *arena, const void *have, size_t *n, const void *more,
                        size_t nmore, size_t size)
{
    char *v = fw_arena_alloc(arena, (*n + nmore) * size + 1);
    if (*n > 0) {
        memcpy(v, have, *n * size);
    }
    if (nmore > 0) {
        memcpy(v + *n * size, more, nmore * size);
    }
    *n += nmore;
    return v;
}

static enum fw_err take_tuning(struct fw_idslists *lists, struct fw_arena *arena,
                               struct fw_doc *doc, int32_t zone_seconds)
{
    struct fw_tuning_register one;
    enum fw_err err = fw_tuning_register_parse(doc, zone_seconds, &one);
    if (err == FW_OK) {
        lists->has_tuning = true;
        lists->tuning.v = join(arena, lists->tuning.v, &lists->tuning.n, one.v, one.n,
                               sizeof(*one.v));
    }
    return err;
}

static enum fw_err take_cases(struct fw_idslists *lists, struct fw_arena *arena, struct fw_doc *doc,
                              int32_t zone_seconds)
{
    struct fw_cases one;
    enum fw_err err = fw_cases_parse(doc, zone_seconds, &one);
    if (err == FW_OK) {
        lists->has_cases = true;
        lists->cases.v = join(arena, lists->cases.v, &lists->cases.n, one.v, one.n, sizeof(*one.v));
    }
    return err;
}

static enum fw_err take_decisions(struct fw_idslists *lists, struct fw_arena *arena,
                                  struct fw_doc *doc, int32_t zone_seconds)
{
    struct fw_advisory_decisions one;
    enum fw_err err = fw_advisory_decisions_parse(doc, zone_seconds, &one);
    if (err == FW_OK) {
        lists->has_decisions = true;
        lists->decisions.v = join(arena, lists->decisions.v, &lists->decisions.n, one.v, one.n,
                                  sizeof(*one.v));
    }
    return err;
}

static enum fw_err take_advisories(struct fw_idslists *lists, struct fw_arena *arena,
                                   struct fw_doc *doc, int32_t zone_seconds)
{
    (void)zone_seconds; /* feeds are in UTC */
    static const char *const engines[] = {"snort", "suricata", NULL};
    struct fw_advisories feed;
    enum fw_err err = fw_advisories_parse(doc, engines, &feed);
    if (err == FW_OK) {
        lists->advisories = fw_arena_push(arena, lists->advisories, lists->nadvisories,
                                          sizeof(feed));
        lists->advisories[lists->nadvisories++] = feed;
    }
    return err;
}

/* Zones stand in one list, and a ledger was written whole: two would have to be told apart. */
static enum fw_err take_zones(struct fw_idslists *lists, struct fw_arena *arena, struct fw_doc *doc,
                              int32_t zone_seconds)
{
    (void)arena;
    (void)zone_seconds;
    if (lists->has_zones) {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    "there is another list of zones: name one");
        return FW_ERR_INVALID;
    }
    enum fw_err err = fw_zonelist_parse(doc, &lists->zones);
    lists->has_zones = err == FW_OK;
    return err;
}

static enum fw_err take_ledger(struct fw_idslists *lists, struct fw_arena *arena,
                               struct fw_doc *doc, int32_t zone_seconds)
{
    (void)arena;
    (void)zone_seconds;
    if (lists->ledger_before.n > 0) {
        fw_doc_warn(doc, FW_DIAG_ID_RECORD_INVALID, 1, (fw_sv){0},
                    "there is another ledger of an earlier pack: name one");
        return FW_ERR_INVALID;
    }
    lists->ledger_before = doc->text;
    fw_doc_mark_range(doc, 1, doc->nlines, FW_LINE_USED);
    return FW_OK;
}

enum fw_err fw_idslists_take(struct fw_idslists *lists, struct fw_arena *arena, struct fw_doc *doc,
                             enum fw_input_role role, int32_t zone_seconds)
{
    static const struct {
        enum fw_input_role role;
        enum fw_err (*take)(struct fw_idslists *, struct fw_arena *, struct fw_doc *, int32_t);
    } kinds[] = {
        {FW_INPUT_TUNING_REGISTER, take_tuning},
        {FW_INPUT_CASES, take_cases},
        {FW_INPUT_ADVISORIES, take_advisories},
        {FW_INPUT_ADVISORY_DECISIONS, take_decisions},
        {FW_INPUT_ZONES, take_zones},
        {FW_INPUT_LEDGER, take_ledger},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].role == role) {
            return kinds[i].take(lists, arena, doc, zone_seconds);
        }
    }
    return FW_ERR_INVALID;
}

/* False: a second name. */
static bool is_only(fw_sv *only, fw_sv name)
{
    if (name.n > 0 && only->n == 0) {
        *only = name;
    }
    return name.n == 0 || fw_sv_eq_nocase(*only, name);
}

fw_sv fw_idslists_sensor(const struct fw_idslists *lists)
{
    fw_sv only = {0};
    bool one = true;
    for (size_t i = 0; i < lists->tuning.n; i++) {
        one = is_only(&only, lists->tuning.v[i].device) && one;
    }
    for (size_t i = 0; i < lists->cases.n; i++) {
        one = is_only(&only, lists->cases.v[i].device) && one;
    }
    for (size_t i = 0; i < lists->decisions.n; i++) {
        one = is_only(&only, lists->decisions.v[i].device) && one;
    }
    for (size_t i = 0; i < lists->zones.n; i++) {
        fw_sv rest = lists->zones.sensors[i];
        fw_sv part;
        while (fw_sv_split(&rest, ';', &part)) {
            one = is_only(&only, fw_sv_trim(part)) && one;
        }
    }
    return one ? only : (fw_sv){0};
}

void fw_idslists_facts(const struct fw_idslists *lists, struct fw_facts *facts)
{
    facts->tuning = lists->has_tuning ? &lists->tuning : NULL;
    facts->cases = lists->has_cases ? &lists->cases : NULL;
    facts->advisory_decisions = lists->has_decisions ? &lists->decisions : NULL;
    facts->nadvisories = lists->nadvisories;
    facts->advisories = lists->advisories;
    if (lists->ledger_before.n > 0) {
        facts->ledger_before = lists->ledger_before;
    }
}
