/*
 * How a summary becomes bytes and comes back. Numbers are variable-length (seven bits a byte),
 * signed ones folded so that small ones stay short, times written as differences. Everything is in
 * the order of the struct, so equal summaries are equal bytes. Bytes from a store are not trusted:
 * every count is checked against what is left and against its limit.
 */
#include "analyzers/summary_codec_impl.h"

#include <string.h>

#include "core/limits.h"
#include "parsers/parser.h"

static const char magic[] = "fwproof summary 3\n";

/* What nanoseconds since 1970 in 64 bits can hold. */
enum { HOURS_MAX = 2562000, DAYS_MAX = 106700 };

fw_sha256 fw_summary_format(void)
{
    struct fw_buf text;
    fw_buf_init(&text);
    fw_buf_printf(&text, "%s%d\n", magic, FW_SUMMARY_VERSION);
    for (size_t i = 0; fw_parsers[i]; i++) {
        if (fw_parsers[i]->kind == FW_PARSER_LOG) {
            fw_buf_printf(&text, "%s %u\n", fw_parsers[i]->name, fw_parsers[i]->version);
        }
    }
    fw_sha256 hash = fw_sha256_of(fw_buf_sv(&text));
    fw_buf_clear(&text);
    return hash;
}

static void put_lines(struct fw_buf *out, const struct fw_line_counts *c)
{
    fw_bytes_put_u64(out, c->used);
    fw_bytes_put_u64(out, c->ignored);
    fw_bytes_put_u64(out, c->unsupported);
    fw_bytes_put_u64(out, c->bad);
}

static void put_hours(struct fw_buf *out, const struct fw_summary_part *p)
{
    int64_t before = 0;
    fw_bytes_put_u64(out, p->nhours);
    for (size_t i = 0; i < p->nhours; i++) {
        const struct fw_hour_count *h = &p->hours[i];
        fw_bytes_put_from(out, h->hour, before);
        fw_bytes_put_u64(out, h->count);
        fw_bytes_put_from(out, h->first, h->hour * FW_NS_PER_HOUR);
        fw_bytes_put_from(out, h->last, h->first);
        before = h->hour;
    }
    fw_bytes_put_u64(out, p->hours_lost);
}

static void put_silences(struct fw_buf *out, const struct fw_summary_part *p)
{
    int64_t before = p->first;
    fw_bytes_put_u64(out, p->nsilences);
    for (size_t i = 0; i < p->nsilences; i++) {
        fw_bytes_put_from(out, p->silences[i].from, before);
        fw_bytes_put_from(out, p->silences[i].to, p->silences[i].from);
        before = p->silences[i].to;
    }
    fw_bytes_put_i64(out, p->silence_floor);
}

static void put_rows(struct fw_buf *out, const struct fw_summary_part *p)
{
    fw_bytes_put_u64(out, p->nusage);
    for (size_t i = 0; i < p->nusage; i++) {
        fw_bytes_put_text(out, p->usage[i].name);
        fw_bytes_put_text(out, p->usage[i].id);
        fw_bytes_put_u64(out, p->usage[i].count);
        fw_bytes_put_from(out, p->usage[i].first, p->first);
        fw_bytes_put_from(out, p->usage[i].last, p->usage[i].first);
    }
    fw_bytes_put_u64(out, p->usage_lost);
    fw_bytes_put_u64(out, p->nadmin);
    for (size_t i = 0; i < p->nadmin; i++) {
        fw_bytes_put_from(out, p->admin[i].time, p->first);
        fw_bytes_put_text(out, p->admin[i].user);
        fw_bytes_put_text(out, p->admin[i].code);
        fw_bytes_put_text(out, p->admin[i].action);
        fw_bytes_put_text(out, p->admin[i].text);
        fw_bytes_put_u64(out, p->admin[i].succeeded);
        fw_bytes_put_u64(out, p->admin[i].line);
    }
    fw_bytes_put_u64(out, p->admin_lost);
    fw_bytes_put_u64(out, p->nalerts);
    for (size_t i = 0; i < p->nalerts; i++) {
        const struct fw_alert_day *a = &p->alerts[i];
        fw_bytes_put_u64(out, a->gid);
        fw_bytes_put_u64(out, a->sid);
        fw_bytes_put_i64(out, a->day);
        fw_bytes_put_u64(out, a->count);
        fw_bytes_put_u64(out, a->priority);
        fw_bytes_put_from(out, a->first, a->day * FW_NS_PER_DAY);
        fw_bytes_put_from(out, a->last, a->first);
        fw_bytes_put_text(out, a->message);
    }
    fw_bytes_put_u64(out, p->alerts_lost);
}

static void put_sensor(struct fw_buf *out, const struct fw_summary_part *p)
{
    fw_bytes_put_u64(out, p->nsensor);
    for (size_t i = 0; i < p->nsensor; i++) {
        fw_bytes_put_i64(out, p->sensor[i].day);
        fw_bytes_put_from(out, p->sensor[i].first, p->sensor[i].day * FW_NS_PER_DAY);
        fw_bytes_put_u64(out, p->sensor[i].samples);
        fw_bytes_put_u64(out, p->sensor[i].captured);
        fw_bytes_put_u64(out, p->sensor[i].dropped);
    }
    fw_bytes_put_u64(out, p->sensor_lost);
}

static void put_contacts(struct fw_buf *out, const struct fw_contact_list *list, int64_t first,
                         bool alerted)
{
    uint64_t before = 0;
    fw_bytes_put_u64(out, list->n);
    for (size_t i = 0; i < list->n; i++) {
        const struct fw_contact *c = &list->v[i];
        fw_bytes_put_u64(out, c->key - before);
        fw_bytes_put_from(out, c->first, first);
        fw_bytes_put_from(out, c->last, c->first);
        fw_bytes_put_u64(out, c->count);
        fw_bytes_put_u64(out, c->outcome);
        before = c->key;
        if (alerted) {
            fw_bytes_put_u64(out, c->gid);
            fw_bytes_put_u64(out, c->sid);
            fw_bytes_put_u64(out, c->priority);
            fw_bytes_put_ip(out, c->src);
            fw_bytes_put_ip(out, c->dst);
        }
    }
}

static void put_part(struct fw_buf *out, const struct fw_summary_part *p)
{
    fw_bytes_put_u64(out, (p->axis.has_year ? 1u : 0u) | (p->axis.has_zone ? 2u : 0u));
    fw_bytes_put_i64(out, p->axis.zone_seconds);
    fw_bytes_put_u64(out, p->events);
    fw_bytes_put_i64(out, p->first);
    fw_bytes_put_from(out, p->last, p->first);
    fw_bytes_put_u64(out, p->first_at.line);
    fw_bytes_put_u64(out, p->first_at.offset);
    fw_bytes_put_u64(out, p->last_at.line);
    fw_bytes_put_u64(out, p->last_at.offset);
    put_hours(out, p);
    put_silences(out, p);
    put_rows(out, p);
    put_sensor(out, p);
    fw_codec_put_watch(out, p);
    put_contacts(out, &p->judged, p->first, false);
    put_contacts(out, &p->alerted, p->first, true);
}

static void put_clock(struct fw_buf *out, const struct fw_clock_summary *c)
{
    fw_bytes_put_u64(out, c->samples);
    fw_bytes_put_u64(out, c->synced);
    fw_bytes_put_u64(out, c->unsynced);
    if (c->samples == 0) {
        return;
    }
    fw_bytes_put_i64(out, c->min);
    fw_bytes_put_i64(out, c->max);
    fw_bytes_put_i64(out, c->sum_ms);
    fw_bytes_put_u64(out, c->zone_unknown);
    for (size_t i = 0; i < FW_CLOCK_BINS; i++) {
        fw_bytes_put_u64(out, c->bins[i]);
    }
}

static void put_source(struct fw_buf *out, const struct fw_summary_source *s)
{
    fw_bytes_put_text(out, s->host);
    put_lines(out, &s->lines);
    fw_bytes_put_u64(out, s->events);
    fw_bytes_put_u64(out, s->traffic);
    fw_bytes_put_u64(out, s->untimed);
    for (size_t i = 0; i < FW_REQUIRED_COUNT; i++) {
        fw_bytes_put_u64(out, s->fields[i].present);
        fw_bytes_put_u64(out, s->fields[i].total);
    }
    put_clock(out, &s->clock);
    fw_codec_put_habits(out, s);
    fw_bytes_put_u64(out, s->nparsers);
    for (size_t i = 0; i < s->nparsers; i++) {
        fw_bytes_put_text(out, s->parsers[i].name);
        fw_bytes_put_u64(out, s->parsers[i].events);
    }
    fw_bytes_put_u64(out, s->nparts);
    for (size_t i = 0; i < s->nparts; i++) {
        put_part(out, &s->parts[i]);
    }
}

void fw_summary_encode(const struct fw_summary *summary, struct fw_buf *out)
{
    fw_buf_add_cstr(out, magic);
    put_lines(out, &summary->lines);
    fw_bytes_put_u64(out, summary->nsources);
    for (size_t i = 0; i < summary->nsources; i++) {
        put_source(out, &summary->sources[i]);
    }
    fw_bytes_put_u64(out, summary->sources_lost);
    fw_bytes_put_u64(out, summary->nignored);
    for (size_t i = 0; i < summary->nignored; i++) {
        fw_bytes_put_text(out, summary->ignored[i].name);
        fw_bytes_put_u64(out, summary->ignored[i].count);
    }
    fw_bytes_put_u64(out, summary->ignored_lost);
    fw_bytes_put_u64(out, summary->nbad);
    for (size_t i = 0; i < summary->nbad; i++) {
        fw_bytes_put_u64(out, summary->bad[i].line);
        fw_bytes_put_u64(out, summary->bad[i].offset);
        fw_bytes_put_text(out, summary->bad[i].text);
    }
    fw_bytes_put_u64(out, summary->judged_below);
    fw_bytes_put_u64(out, summary->alerted_below);
}

static void get_lines(struct fw_bytes_reader *r, struct fw_line_counts *c)
{
    c->used = fw_bytes_get_u64(r);
    c->ignored = fw_bytes_get_u64(r);
    c->unsupported = fw_bytes_get_u64(r);
    c->bad = fw_bytes_get_u64(r);
    c->total = c->used + c->ignored + c->unsupported + c->bad;
}

/* Every time of a part lies between its first and last, which are not so far apart that their
 * difference overflows. */
static bool within(const struct fw_summary_part *p, int64_t first, int64_t last)
{
    return first >= p->first && last >= first && last <= p->last;
}

static void get_hours(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    p->nhours = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_HOURS);
    struct fw_hour_count *v = fw_new_array(r->arena, p->nhours, struct fw_hour_count);
    int64_t before = 0;
    for (size_t i = 0; i < p->nhours; i++) {
        v[i].hour = fw_bytes_get_from(r, before);
        r->bad = r->bad || (i > 0 && v[i].hour <= before) || v[i].hour > HOURS_MAX ||
                 v[i].hour < -HOURS_MAX;
        if (r->bad) {
            break;
        }
        v[i].count = fw_bytes_get_u64(r);
        v[i].first = fw_bytes_get_from(r, v[i].hour * FW_NS_PER_HOUR);
        v[i].last = fw_bytes_get_from(r, v[i].first);
        r->bad = r->bad || !within(p, v[i].first, v[i].last) ||
                 fw_axis_hour(v[i].first) != v[i].hour || fw_axis_hour(v[i].last) != v[i].hour;
        before = v[i].hour;
    }
    p->hours = v;
    p->hours_lost = fw_bytes_get_u64(r);
}

static void get_silences(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    p->nsilences = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_SILENCES);
    struct fw_silence *v = fw_new_array(r->arena, p->nsilences, struct fw_silence);
    int64_t before = p->first;
    for (size_t i = 0; i < p->nsilences; i++) {
        v[i].from = fw_bytes_get_from(r, before);
        v[i].to = fw_bytes_get_from(r, v[i].from);
        r->bad = r->bad || v[i].from < before || v[i].to <= v[i].from || v[i].to > p->last;
        before = v[i].to;
    }
    p->silences = v;
    p->silence_floor = fw_bytes_get_i64(r);
}

static void get_usage(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    p->nusage = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_RULES);
    struct fw_usage *v = fw_new_array(r->arena, p->nusage, struct fw_usage);
    for (size_t i = 0; i < p->nusage; i++) {
        v[i].name = fw_bytes_get_text(r, FW_SUMMARY_NAME);
        v[i].id = fw_bytes_get_text(r, FW_SUMMARY_NAME);
        v[i].count = fw_bytes_get_u64(r);
        v[i].first = fw_bytes_get_from(r, p->first);
        v[i].last = fw_bytes_get_from(r, v[i].first);
        r->bad = r->bad || !within(p, v[i].first, v[i].last);
    }
    p->usage = v;
    p->usage_lost = fw_bytes_get_u64(r);
}

static void get_admin(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    p->nadmin = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_ADMIN);
    struct fw_admin_event *v = fw_new_array(r->arena, p->nadmin, struct fw_admin_event);
    for (size_t i = 0; i < p->nadmin; i++) {
        v[i].time = fw_bytes_get_from(r, p->first);
        v[i].user = fw_bytes_get_text(r, FW_SUMMARY_NAME);
        v[i].code = fw_bytes_get_text(r, FW_SUMMARY_NAME);
        v[i].action = fw_bytes_get_text(r, FW_SUMMARY_NAME);
        v[i].text = fw_bytes_get_text(r, FW_SUMMARY_TEXT);
        v[i].succeeded = fw_bytes_get_count(r, 1) == 1;
        v[i].line = fw_bytes_get_u64(r);
        r->bad = r->bad || !within(p, v[i].time, v[i].time);
    }
    p->admin = v;
    p->admin_lost = fw_bytes_get_u64(r);
}

static void get_alerts(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    p->nalerts = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_ALERTS);
    struct fw_alert_day *v = fw_new_array(r->arena, p->nalerts, struct fw_alert_day);
    for (size_t i = 0; i < p->nalerts && !r->bad; i++) {
        v[i].gid = (uint32_t)fw_bytes_get_u64(r);
        v[i].sid = (uint32_t)fw_bytes_get_u64(r);
        v[i].day = fw_bytes_get_i64(r);
        r->bad = r->bad || v[i].day > DAYS_MAX || v[i].day < -DAYS_MAX;
        v[i].count = fw_bytes_get_u64(r);
        v[i].priority = (uint32_t)fw_bytes_get_u64(r);
        if (!r->bad) {
            v[i].first = fw_bytes_get_from(r, v[i].day * FW_NS_PER_DAY);
            v[i].last = fw_bytes_get_from(r, v[i].first);
        }
        v[i].message = fw_bytes_get_text(r, FW_SUMMARY_NAME);
        r->bad = r->bad || !within(p, v[i].first, v[i].last);
    }
    p->alerts = v;
    p->alerts_lost = fw_bytes_get_u64(r);
}

static void get_sensor(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    p->nsensor = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_SENSOR);
    struct fw_sensor_day *v = fw_new_array(r->arena, p->nsensor, struct fw_sensor_day);
    for (size_t i = 0; i < p->nsensor; i++) {
        v[i].day = fw_bytes_get_i64(r);
        r->bad = r->bad || v[i].day > DAYS_MAX || v[i].day < -DAYS_MAX ||
                 (i > 0 && v[i].day <= v[i - 1].day);
        if (r->bad) {
            break;
        }
        v[i].first = fw_bytes_get_from(r, v[i].day * FW_NS_PER_DAY);
        v[i].samples = fw_bytes_get_u64(r);
        v[i].captured = fw_bytes_get_u64(r);
        v[i].dropped = fw_bytes_get_u64(r);
        r->bad = r->bad || !within(p, v[i].first, v[i].first);
    }
    p->sensor = v;
    p->sensor_lost = fw_bytes_get_u64(r);
}

static void get_contacts(struct fw_bytes_reader *r, const struct fw_summary_part *p, bool alerted,
                         struct fw_contact_list *ret)
{
    ret->n = fw_bytes_get_count(r, alerted ? FW_LIMIT_SUMMARY_ALERTED : FW_LIMIT_SUMMARY_JUDGED);
    struct fw_contact *v = fw_new_array(r->arena, ret->n, struct fw_contact);
    uint64_t before = 0;
    for (size_t i = 0; i < ret->n && !r->bad; i++) {
        uint64_t more = fw_bytes_get_u64(r);
        r->bad = r->bad || more > UINT64_MAX - 1 - before;
        v[i].key = before + more;
        v[i].first = fw_bytes_get_from(r, p->first);
        v[i].last = fw_bytes_get_from(r, v[i].first);
        v[i].count = fw_bytes_get_u64(r);
        uint64_t outcome = fw_bytes_get_u64(r);
        r->bad = r->bad || outcome > FW_CONTACT_DENIED || !within(p, v[i].first, v[i].last);
        v[i].outcome = (uint8_t)outcome;
        before = v[i].key;
        if (alerted) {
            v[i].gid = (uint32_t)fw_bytes_get_u64(r);
            v[i].sid = (uint32_t)fw_bytes_get_u64(r);
            v[i].priority = (uint8_t)fw_bytes_get_u64(r);
            v[i].src = fw_bytes_get_ip(r);
            v[i].dst = fw_bytes_get_ip(r);
        }
    }
    ret->v = v;
}

static void get_part(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    uint64_t bits = fw_bytes_get_u64(r);
    int64_t zone = fw_bytes_get_i64(r);
    r->bad = r->bad || bits > 3 || zone < -86400 || zone > 86400;
    p->axis = (struct fw_axis){(bits & 1) != 0, (bits & 2) != 0, (int32_t)(r->bad ? 0 : zone)};
    p->events = fw_bytes_get_u64(r);
    p->first = fw_bytes_get_i64(r);
    p->last = fw_bytes_get_from(r, p->first);
    r->bad = r->bad || p->last < p->first || (uint64_t)p->last - (uint64_t)p->first > INT64_MAX;
    p->first_at.line = fw_bytes_get_u64(r);
    p->first_at.offset = fw_bytes_get_u64(r);
    p->last_at.line = fw_bytes_get_u64(r);
    p->last_at.offset = fw_bytes_get_u64(r);
    if (!r->bad) {
        get_hours(r, p);
        get_silences(r, p);
        get_usage(r, p);
        get_admin(r, p);
        get_alerts(r, p);
        get_sensor(r, p);
        fw_codec_get_watch(r, p);
        get_contacts(r, p, false, &p->judged);
        get_contacts(r, p, true, &p->alerted);
    }
}

static void get_clock(struct fw_bytes_reader *r, struct fw_clock_summary *c)
{
    c->samples = fw_bytes_get_u64(r);
    c->synced = fw_bytes_get_u64(r);
    c->unsynced = fw_bytes_get_u64(r);
    if (c->samples == 0) {
        return;
    }
    c->min = fw_bytes_get_i64(r);
    c->max = fw_bytes_get_i64(r);
    c->sum_ms = fw_bytes_get_i64(r);
    c->zone_unknown = fw_bytes_get_u64(r);
    for (size_t i = 0; i < FW_CLOCK_BINS; i++) {
        c->bins[i] = fw_bytes_get_u64(r);
    }
}

static void get_source(struct fw_bytes_reader *r, struct fw_summary_source *s)
{
    s->host = fw_bytes_get_text(r, FW_SUMMARY_NAME);
    get_lines(r, &s->lines);
    s->events = fw_bytes_get_u64(r);
    s->traffic = fw_bytes_get_u64(r);
    s->untimed = fw_bytes_get_u64(r);
    for (size_t i = 0; i < FW_REQUIRED_COUNT; i++) {
        s->fields[i].present = fw_bytes_get_u64(r);
        s->fields[i].total = fw_bytes_get_u64(r);
    }
    get_clock(r, &s->clock);
    fw_codec_get_habits(r, s);
    s->nparsers = fw_bytes_get_count(r, FW_SUMMARY_NAME);
    struct fw_parser_count *parsers = fw_new_array(r->arena, s->nparsers, struct fw_parser_count);
    for (size_t i = 0; i < s->nparsers; i++) {
        parsers[i].name = fw_bytes_get_text(r, FW_SUMMARY_NAME);
        parsers[i].events = fw_bytes_get_u64(r);
    }
    s->parsers = parsers;
    s->nparts = fw_bytes_get_count(r, FW_SUMMARY_NAME);
    struct fw_summary_part *parts = fw_new_array(r->arena, s->nparts, struct fw_summary_part);
    for (size_t i = 0; i < s->nparts && !r->bad; i++) {
        get_part(r, &parts[i]);
    }
    s->parts = parts;
}

enum fw_err fw_summary_decode(fw_sv bytes, struct fw_arena *arena, const struct fw_summary **ret)
{
    size_t head = sizeof(magic) - 1;
    if (!fw_sv_starts(bytes, magic)) {
        return FW_ERR_INVALID;
    }
    struct fw_bytes_reader r = {fw_sv_sub(bytes, head, SIZE_MAX), false, arena};
    struct fw_summary *summary = fw_new(arena, struct fw_summary);
    get_lines(&r, &summary->lines);
    summary->nsources = fw_bytes_get_count(&r, FW_LIMIT_SUMMARY_HOSTS);
    struct fw_summary_source *sources = fw_new_array(arena, summary->nsources,
                                                     struct fw_summary_source);
    for (size_t i = 0; i < summary->nsources && !r.bad; i++) {
        get_source(&r, &sources[i]);
    }
    summary->sources = sources;
    summary->sources_lost = fw_bytes_get_u64(&r);
    summary->nignored = fw_bytes_get_count(&r, FW_LIMIT_SUMMARY_NAMES);
    struct fw_named_count *ignored = fw_new_array(arena, summary->nignored, struct fw_named_count);
    for (size_t i = 0; i < summary->nignored; i++) {
        ignored[i].name = fw_bytes_get_text(&r, FW_SUMMARY_NAME);
        ignored[i].count = fw_bytes_get_u64(&r);
    }
    summary->ignored = ignored;
    summary->ignored_lost = fw_bytes_get_u64(&r);
    summary->nbad = fw_bytes_get_count(&r, FW_SUMMARY_BAD_LINES);
    struct fw_bad_line *bad = fw_new_array(arena, summary->nbad, struct fw_bad_line);
    for (size_t i = 0; i < summary->nbad; i++) {
        bad[i].line = fw_bytes_get_u64(&r);
        bad[i].offset = fw_bytes_get_u64(&r);
        bad[i].text = fw_bytes_get_text(&r, FW_SUMMARY_TEXT);
    }
    summary->bad = bad;
    summary->judged_below = fw_bytes_get_u64(&r);
    summary->alerted_below = fw_bytes_get_u64(&r);
    if (r.bad || r.s.n > 0) {
        return FW_ERR_INVALID;
    }
    *ret = summary;
    return FW_OK;
}
