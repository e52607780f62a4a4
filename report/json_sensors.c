/* How sensors are written as JSON: their ledger of tuning, noise, engine, and what was let through.
 */
#include <inttypes.h>

#include "analyzers/ids/view.h"
#include "core/time.h"
#include "report/json.h"

/* Signatures listed one by one. */
enum { NOISIEST = 20, SILENCED = 200, ATTACKS = 50 };

static void date_kv(struct fw_json *json, const char *key, bool has, int64_t day)
{
    struct fw_buf text;
    fw_json_key(json, key);
    if (!has) {
        fw_json_null(json);
        return;
    }
    fw_buf_init(&text);
    fw_date_text(&text, fw_date_from_days(day));
    fw_json_string(json, fw_buf_sv(&text));
    fw_buf_clear(&text);
}

static void date_ns_kv(struct fw_json *json, const char *key, int64_t ns, int32_t zone_seconds)
{
    date_kv(json, key, ns != INT64_MIN, ns == INT64_MIN ? 0 : fw_day_of(ns, zone_seconds));
}

static void priority_kv(struct fw_json *json, uint32_t priority)
{
    fw_json_kv_u64_if(json, "priority", priority != 0, priority);
}

static void volume_kv(struct fw_json *json, const char *key, bool has,
                      const struct fw_alert_volume *volume)
{
    fw_json_key(json, key);
    if (!has) {
        fw_json_null(json);
        return;
    }
    fw_json_object(json);
    fw_json_kv_u64(json, "alerts", volume->alerts);
    fw_json_kv_u64(json, "days", volume->days);
    fw_json_end(json);
}

static void missing_kv(struct fw_json *json, unsigned missing)
{
    static const char *const names[] = {"reason", "author", "date", "review_by"};
    fw_json_key(json, "missing");
    fw_json_array(json);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (missing >> i & 1) {
            fw_json_cstr(json, names[i]);
        }
    }
    fw_json_end(json);
}

static void entry_json(struct fw_json *json, const struct fw_ledger_entry *entry)
{
    fw_json_object(json);
    fw_json_kv(json, "device", entry->device);
    fw_json_kv(json, "kind", entry->kind);
    fw_json_kv(json, "signature", entry->signature);
    fw_json_kv(json, "scope", entry->scope);
    fw_json_kv(json, "message", entry->message);
    priority_kv(json, entry->priority);
    fw_json_kv_bool(json, "silences", entry->silences);
    fw_json_kv(json, "reason", entry->reason);
    fw_json_kv(json, "author", entry->author);
    fw_json_kv(json, "date", entry->date);
    fw_json_kv(json, "review_by", entry->review_by);
    fw_json_kv(json, "ticket", entry->ticket);
    fw_json_kv_bool(json, "published", entry->published);
    fw_json_kv_bool(json, "from_register", entry->from_register);
    missing_kv(json, entry->change == FW_LEDGER_REMOVED ? 0 : entry->missing);
    fw_json_kv_bool(json, "overdue", entry->overdue);
    fw_json_key(json, "change");
    if (entry->change != FW_LEDGER_UNKNOWN) {
        fw_json_cstr(json, fw_ledger_change_name(entry->change));
    } else {
        fw_json_null(json);
    }
    volume_kv(json, "before", entry->has_volume, &entry->before);
    volume_kv(json, "after", entry->has_volume, &entry->after);
    fw_json_kv(json, "input", entry->path);
    fw_json_kv_u64(json, "line", entry->span.line);
    fw_json_end(json);
}

static void signature_kv(struct fw_json *json, uint32_t gid, uint32_t sid)
{
    fw_json_kv_u64(json, "gid", gid);
    fw_json_kv_u64(json, "sid", sid);
}

static void share_kv(struct fw_json *json, const char *key, uint64_t n, uint64_t total)
{
    fw_json_key(json, key);
    if (total > 0) {
        fw_json_double(json, (double)n * 100 / (double)total, 2);
    } else {
        fw_json_null(json);
    }
}

static void noise_json(struct fw_json *json, struct fw_arena *arena, const struct fw_sensor *sensor)
{
    const struct fw_ids_signature *const *v;
    size_t n = fw_sensor_noisiest(arena, sensor, NOISIEST, &v);
    fw_json_key(json, "noisiest");
    fw_json_array(json);
    for (size_t i = 0; i < n; i++) {
        fw_json_object(json);
        signature_kv(json, v[i]->gid, v[i]->sid);
        fw_json_kv(json, "message", v[i]->message);
        priority_kv(json, v[i]->priority);
        fw_json_kv_u64(json, "count", v[i]->now);
        share_kv(json, "share_percent", v[i]->now, sensor->alerts);
        fw_json_kv_u64(json, "count_before", v[i]->before);
        share_kv(json, "share_percent_before", v[i]->before, sensor->alerts_before);
        fw_json_kv_bool(json, "decided", v[i]->decided);
        fw_json_end(json);
    }
    fw_json_end(json);
    size_t listed = 0;
    fw_json_key(json, "silenced");
    fw_json_array(json);
    for (size_t i = 0; i < sensor->nsignatures && listed < SILENCED; i++) {
        const struct fw_ids_signature *s = &sensor->signatures[i];
        if (s->priority != 1 || !(s->silenced || s->switched_off)) {
            continue;
        }
        fw_json_object(json);
        signature_kv(json, s->gid, s->sid);
        fw_json_kv(json, "message", s->message);
        fw_json_kv(json, "by", s->silenced ? s->silenced->kind : FW_SV("rule"));
        fw_json_kv(json, "input", s->silenced ? s->silenced->path : FW_SV(""));
        fw_json_kv_u64(json, "line", s->silenced ? s->silenced->span.line : 0);
        fw_json_end(json);
        listed++;
    }
    fw_json_end(json);
}

static void engines_json(struct fw_json *json, const struct fw_sensor *sensor)
{
    fw_json_key(json, "engines");
    fw_json_array(json);
    for (size_t i = 0; i < sensor->nengines; i++) {
        fw_json_object(json);
        fw_json_kv(json, "product", sensor->engines[i].product);
        fw_json_kv(json, "version", sensor->engines[i].version);
        fw_json_kv(json, "input", sensor->engines[i].path);
        fw_json_kv_u64(json, "line", sensor->engines[i].capture->span.line);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void advisories_json(struct fw_json *json, const struct fw_sensor *sensor,
                            int32_t zone_seconds)
{
    static const char *const states[] = {[FW_IDS_UNDECIDED] = "undecided",
                                         [FW_IDS_OVERDUE] = "overdue",
                                         [FW_IDS_DECIDED] = "decided"};
    fw_json_key(json, "advisories");
    fw_json_array(json);
    for (size_t i = 0; i < sensor->nadvisories; i++) {
        const struct fw_ids_advisory *one = &sensor->advisories[i];
        const struct fw_advisory_decision *d = one->decision;
        fw_json_object(json);
        fw_json_kv(json, "id", one->advisory->id);
        fw_json_kv(json, "product", sensor->engines[one->engine].product);
        fw_json_key(json, "score");
        if (one->advisory->has_score) {
            fw_json_double(json, (double)one->advisory->score10 / 10, 1);
        } else {
            fw_json_null(json);
        }
        fw_json_kv_bool(json, "exploited", one->advisory->exploited);
        fw_json_kv_bool(json, "conditional", one->conditional);
        fw_json_kv(json, "summary", one->advisory->summary);
        fw_json_kv_cstr(json, "state", states[one->state]);
        fw_json_kv(json, "decision", d ? d->decision : FW_SV(""));
        fw_json_kv(json, "by", d ? d->by : FW_SV(""));
        date_ns_kv(json, "decided", d ? d->decided_ns : INT64_MIN, zone_seconds);
        date_ns_kv(json, "due", d ? d->due_ns : INT64_MIN, zone_seconds);
        date_ns_kv(json, "done", d ? d->done_ns : INT64_MIN, zone_seconds);
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void counts_kv(struct fw_json *json, const struct fw_ids_attack *row)
{
    fw_json_kv_u64(json, "alerts", row->alerts);
    fw_json_kv_u64(json, "allowed", row->allowed);
    fw_json_kv_u64(json, "denied", row->denied);
    fw_json_kv_u64(json, "unseen", row->unseen);
    fw_json_kv_u64(json, "unsampled", row->unsampled);
}

static void attacks_json(struct fw_json *json, const struct fw_ids_attacks *attacks)
{
    fw_json_key(json, "attacks");
    if (!attacks->has_firewall) {
        fw_json_null(json);
        return;
    }
    fw_json_object(json);
    counts_kv(json, &attacks->sum);
    fw_json_kv_bool(json, "sampled", attacks->sampled);
    fw_json_key(json, "signatures");
    fw_json_array(json);
    for (size_t i = 0; i < attacks->n && i < ATTACKS; i++) {
        fw_json_object(json);
        signature_kv(json, attacks->v[i].gid, attacks->v[i].sid);
        priority_kv(json, attacks->v[i].priority);
        counts_kv(json, &attacks->v[i]);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_key(json, "passed");
    fw_json_array(json);
    for (size_t i = 0; i < attacks->npassed; i++) {
        const struct fw_ids_passed *p = &attacks->passed[i];
        struct fw_buf time;
        fw_json_object(json);
        fw_buf_init(&time);
        fw_time_text(&time, p->ns);
        fw_json_kv(json, "time", fw_buf_sv(&time));
        fw_buf_clear(&time);
        signature_kv(json, p->gid, p->sid);
        fw_json_kv_ip(json, "source", p->src);
        fw_json_kv_ip(json, "destination", p->dst);
        fw_json_kv(json, "firewall", p->firewall);
        fw_json_kv_cstr(json, "country", p->country.code);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_key(json, "countries");
    fw_json_array(json);
    for (size_t i = 0; i < attacks->ncountries; i++) {
        fw_json_object(json);
        fw_json_kv_cstr(json, "country", attacks->countries[i].country.code);
        fw_json_kv_u64(json, "alerts", attacks->countries[i].alerts);
        fw_json_kv_u64(json, "allowed", attacks->countries[i].allowed);
        fw_json_end(json);
    }
    fw_json_end(json);
    fw_json_end(json);
}

static void cadence_json(struct fw_json *json, const struct fw_ids_cadence *cadence)
{
    fw_json_key(json, "updates");
    if (!cadence->known) {
        fw_json_null(json);
        return;
    }
    fw_json_object(json);
    fw_json_kv_u64(json, "ok", cadence->ok);
    fw_json_kv_u64(json, "failed", cadence->failed);
    date_kv(json, "last", cadence->has_last, cadence->last);
    fw_json_kv_u64_if(json, "longest_days", cadence->has_last, (uint64_t)cadence->longest);
    fw_json_end(json);
}

static void sensor_json(struct fw_json *json, const struct fw_survey *survey,
                        const struct fw_sensor *sensor)
{
    bool dated = survey->in->facts->has_as_of;
    fw_json_object(json);
    fw_json_kv(json, "device", sensor->device->name);
    fw_json_kv(json, "product", sensor->nengines > 0 ? sensor->engines[0].product : FW_SV(""));
    fw_json_kv(json, "version", sensor->nengines > 0 ? sensor->engines[0].version : FW_SV(""));
    engines_json(json, sensor);
    date_kv(json, "from", dated, sensor->from_day);
    date_kv(json, "to", dated, sensor->to_day);
    fw_json_kv_u64(json, "alerts", sensor->alerts);
    fw_json_kv_u64(json, "alerts_before", sensor->alerts_before);
    fw_json_kv_u64(json, "alerts_lost", sensor->alerts_lost);
    fw_json_kv_u64(json, "days_watched", sensor->alive.days);
    fw_json_kv_u64(json, "days_silent", sensor->alive.silent);
    fw_json_key(json, "packets");
    if (sensor->has_counters) {
        fw_json_object(json);
        fw_json_kv_u64(json, "captured", sensor->captured);
        fw_json_kv_u64(json, "dropped", sensor->dropped);
        fw_json_end(json);
    } else {
        fw_json_null(json);
    }
    cadence_json(json, &sensor->cadence);
    fw_json_kv_u64(json, "enabled", sensor->enabled);
    fw_json_kv_u64(json, "never_fired", sensor->never_fired);
    noise_json(json, survey->arena, sensor);
    advisories_json(json, sensor, survey->in->facts->zone_seconds);
    attacks_json(json, &sensor->attacks);
    fw_json_end(json);
}

void fw_json_sensors(struct fw_json *json, const struct fw_survey *survey)
{
    const struct fw_ids_view *view = survey->in->results->sensors;
    fw_json_key(json, "ids");
    fw_json_object(json);
    fw_json_key(json, "ledger");
    fw_json_array(json);
    for (size_t i = 0; view && i < view->n; i++) {
        const struct fw_sensor *sensor = &view->v[i];
        for (size_t k = 0; k < sensor->nledger + sensor->nremoved; k++) {
            entry_json(json, &sensor->ledger[k]);
        }
    }
    fw_json_end(json);
    fw_json_key(json, "sensors");
    fw_json_array(json);
    for (size_t i = 0; view && i < view->n; i++) {
        sensor_json(json, survey, &view->v[i]);
    }
    fw_json_end(json);
    fw_json_end(json);
}
