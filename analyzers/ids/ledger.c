/* How was a sensor tuned, by whom, why, until when, and what did it do to the alerts? */
#include "analyzers/ids/view_impl.h"

#include <inttypes.h>

#include "core/time.h"
#include "core/walk.h"

/* Alerts are compared over as many days before an entry's date as after it. */
enum { WINDOW_DAYS = 30 };

const char *fw_ledger_change_name(enum fw_ledger_change change)
{
    static const char *const names[] = {
        [FW_LEDGER_UNKNOWN] = "",  [FW_LEDGER_NEW] = "new",         [FW_LEDGER_CHANGED] = "changed",
        [FW_LEDGER_SAME] = "same", [FW_LEDGER_REMOVED] = "removed",
    };
    return names[change];
}

fw_sv fw_ledger_missing_text(struct fw_arena *arena, unsigned missing)
{
    static const char *const names[] = {"reason", "author", "date", "review_by"};
    fw_sv text = FW_SV("");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (missing >> i & 1) {
            text = fw_arena_printf(arena, "%.*s%s%s", FW_SV_ARG(text), text.n > 0 ? ", " : "",
                                   names[i]);
        }
    }
    return text;
}

/* --- what an entry is ----------------------------------------------------------------------- */

static fw_sv signature_text(struct fw_arena *arena, const struct fw_tuning *t)
{
    switch (t->select) {
    case FW_SELECT_SID:
        if (t->sid_last > t->sid) {
            return fw_arena_printf(arena, "%" PRIu32 ":%" PRIu32 "-%" PRIu32, t->gid, t->sid,
                                   t->sid_last);
        }
        return fw_arena_printf(arena, "%" PRIu32 ":%" PRIu32, t->gid, t->sid);
    case FW_SELECT_GID:
        return fw_arena_printf(arena, "%" PRIu32 ":*", t->gid);
    case FW_SELECT_ALL:
        return FW_SV("*");
    case FW_SELECT_PATTERN:
        return fw_arena_printf(arena, "re:%.*s", FW_SV_ARG(t->words));
    case FW_SELECT_METADATA:
        return fw_arena_printf(arena, "metadata: %.*s", FW_SV_ARG(t->words));
    case FW_SELECT_GROUP:
    case FW_SELECT_NAMED:
        break;
    }
    return fw_arena_copy(arena, t->words);
}

static fw_sv scope_text(struct fw_arena *arena, const struct fw_tuning *t)
{
    static const char *const tracks[] = {"",        "by_src",  "by_dst", "by_either",
                                         "by_rule", "by_both", "by_flow"};
    fw_sv text = fw_arena_copy(arena, t->type);
    if (t->track != FW_TRACK_NONE) {
        text = fw_arena_printf(arena, "%.*s%s%s", FW_SV_ARG(text), text.n > 0 ? " " : "",
                               tracks[t->track]);
    }
    if (t->addresses.n > 0) {
        text = fw_arena_printf(arena, "%.*s%s%s%.*s", FW_SV_ARG(text), text.n > 0 ? " " : "",
                               t->negated ? "!" : "", FW_SV_ARG(t->addresses));
    }
    if (t->has_count || t->has_seconds) {
        text = fw_arena_printf(arena, "%.*s%s%" PRIu32 "/%" PRIu32 " s", FW_SV_ARG(text),
                               text.n > 0 ? " " : "", t->count, t->seconds);
    }
    if (t->from.n > 0 || t->to.n > 0) {
        text = fw_arena_printf(arena, "%.*s -> %.*s", FW_SV_ARG(t->from), FW_SV_ARG(t->to));
    }
    return text;
}

static bool is_year(const struct fw_date *date)
{
    return date->year != 0;
}

static struct fw_ledger_entry of_tuning(const struct fw_sensor_making *making, size_t file,
                                        const struct fw_tuning *t)
{
    const struct fw_device_facts *device = making->sensor->device;
    bool one = t->select == FW_SELECT_SID;
    return (struct fw_ledger_entry){
        .device = device->name,
        .kind = fw_sv_from(fw_tuning_name(t->kind)),
        .signature = signature_text(making->arena, t),
        .scope = scope_text(making->arena, t),
        .gid = one || t->select == FW_SELECT_GID ? t->gid : 0,
        .sid = one ? t->sid : 0,
        .sid_last = one ? (t->sid_last > t->sid ? t->sid_last : t->sid) : 0,
        .reason = t->note.reason,
        .author = t->note.author,
        .date = is_year(&t->note.dated) ? t->note.date : FW_SV(""),
        .review_by = is_year(&t->note.due) ? t->note.review_by : FW_SV(""),
        .ticket = t->note.ticket,
        .recorded = t->kind != FW_TUNING_ENABLE,
        .silences = fw_tuning_silences(t),
        .path = device->ids_paths[file],
        .sha256 = device->ids_info[file].sha256,
        .span = t->span,
    };
}

static struct fw_ledger_entry of_pass(const struct fw_sensor_making *making, size_t file,
                                      const struct fw_signature *rule)
{
    const struct fw_device_facts *device = making->sensor->device;
    const struct fw_tuning_note *note = &rule->note;
    return (struct fw_ledger_entry){
        .device = device->name,
        .kind = FW_SV("pass"),
        .signature = fw_arena_printf(making->arena, "%" PRIu32 ":%" PRIu32, rule->gid, rule->sid),
        .scope = FW_SV(""),
        .gid = rule->gid,
        .sid = rule->sid,
        .sid_last = rule->sid,
        .reason = note->reason,
        .author = note->author,
        .date = is_year(&note->dated) ? note->date : FW_SV(""),
        .review_by = is_year(&note->due) ? note->review_by : FW_SV(""),
        .ticket = note->ticket,
        .recorded = true,
        .path = device->ids_paths[file],
        .sha256 = device->ids_info[file].sha256,
        .span = rule->span,
    };
}

/* --- what the register adds ----------------------------------------------------------------- */

static bool is_about(const struct fw_tuning_row *row, const struct fw_ledger_entry *entry)
{
    if (row->device.n > 0 && !fw_sv_eq_nocase(row->device, entry->device)) {
        return false;
    }
    if (row->kind.n > 0 && !fw_sv_eq_nocase(row->kind, entry->kind)) {
        return false;
    }
    if (row->sid != 0 && entry->sid != 0) {
        return row->gid == entry->gid && row->sid == entry->sid && entry->sid_last == entry->sid;
    }
    return fw_sv_eq(row->signature, entry->signature);
}

static void fill(fw_sv *to, fw_sv from, bool *ret_filled)
{
    if (to->n == 0 && from.n > 0) {
        *to = from;
        *ret_filled = true;
    }
}

/* What stands beside the entry counts; the register fills in what does not. */
static void merge_register(const struct fw_sensor_making *making, struct fw_ledger_entry *entry)
{
    const struct fw_tuning_register *reg = making->facts->tuning;
    int32_t zone = making->facts->zone_seconds;
    for (size_t i = 0; reg && i < reg->n; i++) {
        const struct fw_tuning_row *row = &reg->v[i];
        if (!is_about(row, entry)) {
            continue;
        }
        fill(&entry->reason, row->reason, &entry->from_register);
        fill(&entry->author, row->author, &entry->from_register);
        fill(&entry->ticket, row->ticket, &entry->from_register);
        if (row->date_ns != INT64_MIN) {
            fill(&entry->date, fw_date_keep(making->arena, fw_date_of(row->date_ns, zone)),
                 &entry->from_register);
        }
        if (row->review_ns != INT64_MIN) {
            fill(&entry->review_by, fw_date_keep(making->arena, fw_date_of(row->review_ns, zone)),
                 &entry->from_register);
        }
    }
}

/* --- what it does --------------------------------------------------------------------------- */

static bool day_of(fw_sv text, int64_t *ret)
{
    int64_t ns;
    if (text.n == 0 || !fw_time_parse(text, 0, false, &ns)) {
        return false;
    }
    *ret = fw_day_of(ns, 0);
    return true;
}

static void judge_record(const struct fw_sensor_making *making, struct fw_ledger_entry *entry)
{
    int64_t due;
    if (making->facts->has_as_of && day_of(entry->review_by, &due)) {
        entry->overdue = due < fw_day_of(making->facts->as_of_ns, making->facts->zone_seconds);
    }
    entry->missing = (entry->reason.n == 0 ? FW_LEDGER_REASON : 0u) |
                     (entry->author.n == 0 ? FW_LEDGER_AUTHOR : 0u) |
                     (entry->date.n == 0 ? FW_LEDGER_DATE : 0u) |
                     (entry->review_by.n == 0 ? FW_LEDGER_REVIEW : 0u);
}

static uint64_t days_within(const struct fw_sensor *sensor, int64_t from, int64_t to)
{
    from = from > sensor->first_day ? from : sensor->first_day;
    to = to < sensor->last_day ? to : sensor->last_day;
    return to >= from ? (uint64_t)(to - from) + 1 : 0;
}

/* The day of the change belongs to neither side. */
static void measure(const struct fw_sensor_making *making, struct fw_ledger_entry *entry)
{
    const struct fw_sensor *sensor = making->sensor;
    int64_t day;
    bool numbered = entry->sid != 0 || entry->gid != 0 || fw_sv_is(entry->signature, "*");
    if (!numbered || !sensor->has_days || !day_of(entry->date, &day)) {
        return;
    }
    entry->before.days = days_within(sensor, day - WINDOW_DAYS, day - 1);
    entry->after.days = days_within(sensor, day + 1, day + WINDOW_DAYS);
    entry->has_volume = entry->before.days > 0 && entry->after.days > 0;
    if (entry->has_volume) {
        entry->before.alerts = fw_sensor_alerts(sensor, entry->gid, entry->sid, entry->sid_last,
                                                day - WINDOW_DAYS, day - 1);
        entry->after.alerts = fw_sensor_alerts(sensor, entry->gid, entry->sid, entry->sid_last,
                                               day + 1, day + WINDOW_DAYS);
    }
}

static bool covers(const struct fw_ledger_entry *entry, const struct fw_ids_signature *s)
{
    if (entry->sid != 0) {
        return entry->gid == s->gid && s->sid >= entry->sid && s->sid <= entry->sid_last;
    }
    return entry->gid != 0 ? entry->gid == s->gid : fw_sv_is(entry->signature, "*");
}

/* Signatures that the entry is about by number: their message and priority, and what it does to
 * them. A later entry of the same signature changes nothing of that. */
static void mark_signatures(struct fw_sensor_making *making, struct fw_ledger_entry *entry)
{
    bool decided = (entry->missing & (FW_LEDGER_REASON | FW_LEDGER_AUTHOR)) == 0;
    bool any = false;
    size_t from = entry->sid != 0 ? fw_sensor_signature_from(making->sensor, entry->gid, entry->sid)
                                  : 0;
    for (size_t i = from; i < making->sensor->nsignatures; i++) {
        struct fw_ids_signature *s = &making->signatures[i];
        if (entry->sid != 0 && (s->gid != entry->gid || s->sid > entry->sid_last)) {
            break; /* they are in order */
        }
        if (!covers(entry, s)) {
            continue;
        }
        any = true;
        entry->unranked = entry->unranked || s->unranked;
        entry->message = entry->message.n > 0 ? entry->message : s->message;
        if (s->priority != 0 && (entry->priority == 0 || s->priority < entry->priority)) {
            entry->priority = s->priority;
        }
        s->decided = s->decided || decided;
        if (entry->silences && !s->silenced) {
            s->silenced = entry;
        }
    }
    entry->unranked = entry->unranked || !any;
}

/* A row of the register without an entry is a decision, too: to leave the signature as it is. */
static void mark_register(struct fw_sensor_making *making)
{
    const struct fw_tuning_register *reg = making->facts->tuning;
    for (size_t i = 0; reg && i < reg->n; i++) {
        const struct fw_tuning_row *row = &reg->v[i];
        bool ours = row->device.n == 0 ||
                    fw_sv_eq_nocase(row->device, making->sensor->device->name);
        bool whole = row->reason.n > 0 && row->author.n > 0;
        size_t k = fw_sensor_signature_from(making->sensor, row->gid, row->sid);
        if (ours && whole && row->sid != 0 && k < making->sensor->nsignatures) {
            struct fw_ids_signature *s = &making->signatures[k];
            s->decided = s->decided || (s->gid == row->gid && s->sid == row->sid);
        }
    }
}

/* suricata-update enables after it disables. PulledPork may be told either order: there the rule as
 * it was written out says how it ended. */
static bool wins(const struct fw_ledger_entry *entry, const struct fw_ids_signature *s)
{
    static const char name[] = "enable.conf";
    fw_sv path = entry->path;
    bool suricata = fw_sv_ends(path, name) &&
                    (path.n == sizeof(name) - 1 || path.p[path.n - sizeof(name)] == '/');
    return s->unpacked ? s->enabled : suricata;
}

/* What one list disables another may enable again. */
static void mark_enabled(struct fw_sensor_making *making, const struct fw_ledger_entry *entry)
{
    fw_sv disable = fw_sv_from(fw_tuning_name(FW_TUNING_DISABLE));
    for (size_t i = 0; i < making->sensor->nsignatures; i++) {
        struct fw_ids_signature *s = &making->signatures[i];
        if (s->silenced && fw_sv_eq(s->silenced->kind, disable) && covers(entry, s) &&
            wins(entry, s)) {
            s->silenced = NULL;
        }
    }
}

static bool is_pass(const struct fw_signature *rule)
{
    return rule->enabled && rule->sid != 0 && fw_sv_is_nocase(rule->action, "pass");
}

void fw_sensor_add_ledger(struct fw_sensor_making *making)
{
    const struct fw_device_facts *device = making->sensor->device;
    size_t n = 0;
    for (size_t i = 0; i < device->nids; i++) {
        n += device->ids[i]->conf.ntunings;
        for (size_t k = 0; k < device->ids[i]->n; k++) {
            n += is_pass(&device->ids[i]->v[k]);
        }
    }
    struct fw_ledger_entry *v = fw_new_array(making->arena, n + 1, struct fw_ledger_entry);
    struct fw_rule_options options;
    fw_rule_options_make(making, &options);
    n = 0;
    for (size_t i = 0; i < device->nids; i++) {
        const struct fw_idsrules *set = device->ids[i];
        for (size_t k = 0; k < set->conf.ntunings; k++) {
            const struct fw_tuning *t = &set->conf.tunings[k];
            if (!t->in_rule || fw_ledger_counts(making->sensor, set, t->gid, t->sid)) {
                v[n] = of_tuning(making, i, t);
                v[n++].published = t->in_rule &&
                                   fw_rule_options_published(&options, making->sensor, t);
            }
        }
        for (size_t k = 0; k < set->n; k++) {
            const struct fw_signature *rule = &set->v[k];
            if (is_pass(rule) && fw_ledger_counts(making->sensor, set, rule->gid, rule->sid)) {
                v[n++] = of_pass(making, i, rule);
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        merge_register(making, &v[i]);
        judge_record(making, &v[i]);
        measure(making, &v[i]);
        mark_signatures(making, &v[i]);
        if (v[i].published) { /* it is listed, but no record is asked for */
            v[i].recorded = false;
            v[i].missing = 0;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (fw_sv_is(v[i].kind, fw_tuning_name(FW_TUNING_ENABLE))) {
            mark_enabled(making, &v[i]);
        }
    }
    mark_register(making);
    making->ledger = v;
    making->sensor->ledger = v;
    making->sensor->nledger = n;
}
