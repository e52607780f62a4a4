/* How log sources are written as JSON: the keys are a contract, in this order. */
#include "analyzers/logs/clock.h"
#include "analyzers/logs/paired.h"
#include "analyzers/logs/source_view.h"
#include "core/time.h"
#include "report/json.h"

static void time_kv(struct fw_json *json, const char *key, bool known, int64_t ns)
{
    fw_json_key(json, key);
    if (!known) {
        fw_json_null(json);
        return;
    }
    struct fw_buf text;
    fw_buf_init(&text);
    fw_time_text(&text, ns);
    fw_json_string(json, fw_buf_sv(&text));
    fw_buf_clear(&text);
}

static void seconds_kv(struct fw_json *json, const char *key, bool known, int64_t ns)
{
    fw_json_key(json, key);
    if (known) {
        fw_json_double(json, (double)ns / (double)FW_NS_PER_SEC, 3);
    } else {
        fw_json_null(json);
    }
}

static uint64_t rounded(double events)
{
    return events > 0 ? (uint64_t)(events + 0.5) : 0;
}

static void gaps_json(struct fw_json *json, const struct fw_gaps *gaps)
{
    fw_json_key(json, "gaps");
    fw_json_array(json);
    for (size_t i = 0; i < gaps->n; i++) {
        const struct fw_gap *gap = &gaps->v[i];
        fw_json_object(json);
        time_kv(json, "from", true, gap->from_ns);
        time_kv(json, "to", true, gap->to_ns);
        fw_json_kv_u64(json, "seconds", (uint64_t)((gap->to_ns - gap->from_ns) / FW_NS_PER_SEC));
        fw_json_kv_u64(json, "expected_events", rounded(gap->expected));
        fw_json_end(json);
    }
    fw_json_end(json);
}

static void fields_json(struct fw_json *json, const struct fw_source_view *source)
{
    fw_json_key(json, "fields");
    fw_json_object(json);
    for (int field = 0; field < FW_REQUIRED_COUNT; field++) {
        fw_json_key(json, fw_required_name((enum fw_required)field));
        fw_json_object(json);
        fw_json_kv_u64(json, "present", source->fields[field].present);
        fw_json_kv_u64(json, "total", source->fields[field].total);
        fw_json_end(json);
    }
    fw_json_end(json);
}

/* What others say of a clock that logged the same connections. */
static void pairs_json(struct fw_json *json, const struct fw_source_view *source)
{
    fw_json_key(json, "pairs");
    fw_json_array(json);
    for (size_t i = 0; i < source->npairs; i++) {
        const struct fw_skew_fit *fit = &source->pairs[i].fit;
        fw_json_object(json);
        fw_json_kv(json, "source", source->pairs[i].other);
        fw_json_kv_u64(json, "connections", fit->used);
        seconds_kv(json, "offset_seconds", true, fit->offset_ns);
        seconds_kv(json, "within_seconds", true, fit->within_ns);
        fw_json_key(json, "drift_ppm");
        fw_json_double(json, fit->drift_ppm, 3);
        fw_json_key(json, "drift_within_ppm");
        fw_json_double(json, fit->drift_within_ppm, 3);
        fw_json_end(json);
    }
    fw_json_end(json);
}

/* Time of receipt minus the device's own, where a line carries both. */
static void clock_json(struct fw_json *json, const struct fw_source_view *source)
{
    const struct fw_clock_summary *clock = &source->clock;
    bool known = clock->samples > 0;
    fw_json_key(json, "clock");
    fw_json_object(json);
    fw_json_kv_u64(json, "samples", clock->samples);
    seconds_kv(json, "min_seconds", known, clock->min);
    seconds_kv(json, "max_seconds", known, clock->max);
    seconds_kv(json, "median_seconds", known, known ? fw_clock_quantile(clock, 0.5) : 0);
    seconds_kv(json, "p99_seconds", known, known ? fw_clock_quantile(clock, 0.99) : 0);
    fw_json_kv_u64(json, "said_synchronised", clock->synced);
    fw_json_kv_u64(json, "said_unsynchronised", clock->unsynced);
    pairs_json(json, source);
    fw_json_end(json);
}

static void serials_json(struct fw_json *json, const struct fw_serial_summary *serial)
{
    fw_json_key(json, "serials");
    fw_json_object(json);
    fw_json_kv_u64(json, "present", serial->present);
    fw_json_kv_u64(json, "first", serial->first);
    fw_json_kv_u64(json, "last", serial->last);
    fw_json_kv_u64(json, "missing", serial->missing);
    fw_json_kv_u64(json, "repeated", serial->repeated);
    fw_json_kv_u64(json, "restarted", serial->restarted);
    fw_json_end(json);
}

/* From the last event to the date counted from. */
static void silence_json(struct fw_json *json, const struct fw_source_view *source,
                         const struct fw_facts *facts)
{
    fw_json_key(json, "silence");
    if (!source->has_time || !facts->has_as_of || facts->as_of_ns <= source->last_ns) {
        fw_json_null(json);
        return;
    }
    fw_json_object(json);
    time_kv(json, "from", true, source->last_ns);
    fw_json_kv_u64(json, "seconds",
                   (uint64_t)((facts->as_of_ns - source->last_ns) / FW_NS_PER_SEC));
    fw_json_kv_u64(json, "expected_events", rounded(source->gaps.silent_expected));
    fw_json_kv_bool(json, "improbable", source->gaps.silent);
    fw_json_end(json);
}

static void source_json(struct fw_json *json, const struct fw_source_view *source,
                        const struct fw_facts *facts)
{
    fw_json_object(json);
    fw_json_kv(json, "source", source->name);
    fw_json_kv(json, "format", source->format);
    fw_json_kv_u64(json, "events", source->events);
    fw_json_kv_u64(json, "unparsed", source->lines.bad + source->lines.unsupported);
    time_kv(json, "first", source->has_time, source->first_ns);
    time_kv(json, "last", source->has_time, source->last_ns);
    fw_json_kv_u64(json, "days_present", source->days_present);
    fw_json_kv_u64_if(json, "months_kept", source->has_months && source->has_time,
                      source->months_kept);
    gaps_json(json, &source->gaps);
    fields_json(json, source);
    clock_json(json, source);
    serials_json(json, &source->serial);
    fw_json_kv_u64(json, "days_missing", source->days_missing);
    silence_json(json, source, facts);
    fw_json_kv_u64(json, "traffic", source->traffic);
    fw_json_kv_u64(json, "untimed", source->untimed);
    fw_json_key(json, "assumed");
    fw_json_object(json);
    fw_json_kv_u64(json, "year", source->year_assumed);
    fw_json_kv_u64(json, "zone", source->zone_assumed);
    fw_json_end(json);
    fw_json_kv_u64(json, "over_limit", source->lost);
    fw_json_kv_texts(json, "paths", source->paths, source->npaths);
    fw_json_kv_texts(json, "duplicates", source->duplicates, source->nduplicates);
    fw_json_end(json);
}

void fw_json_sources(struct fw_json *json, const struct fw_facts *facts)
{
    fw_json_key(json, "sources");
    fw_json_array(json);
    for (size_t i = 0; i < facts->nsources; i++) {
        source_json(json, &facts->sources[i], facts);
    }
    fw_json_end(json);
}
