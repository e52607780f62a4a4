/*
 * How a summary becomes bytes and comes back. Numbers are variable-length (seven bits a byte),
 * signed ones folded so that small ones stay short, times written as differences. Everything is in
 * the order of the struct, so equal summaries are equal bytes. Bytes from a store are not trusted:
 * every count is checked against what is left and against its limit.
 */
#include "analyzers/summary.h"

#include <string.h>

#include "core/limits.h"
#include "parsers/parser.h"

static const char magic[] = "fwproof summary 2\n";

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

static void put_u64(struct fw_buf *out, uint64_t value)
{
    char bytes[10];
    size_t n = 0;
    while (value >= 0x80) {
        bytes[n++] = (char)(value | 0x80);
        value >>= 7;
    }
    bytes[n++] = (char)value;
    fw_buf_add(out, fw_sv_of(bytes, n));
}

static void put_i64(struct fw_buf *out, int64_t value)
{
    put_u64(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

/* The difference, in wrapping arithmetic: any two times have one. */
static void put_from(struct fw_buf *out, int64_t value, int64_t base)
{
    put_i64(out, (int64_t)((uint64_t)value - (uint64_t)base));
}

static void put_text(struct fw_buf *out, fw_sv text)
{
    put_u64(out, text.n);
    fw_buf_add(out, text);
}

static void put_lines(struct fw_buf *out, const struct fw_line_counts *c)
{
    put_u64(out, c->used);
    put_u64(out, c->ignored);
    put_u64(out, c->unsupported);
    put_u64(out, c->bad);
}

static void put_hours(struct fw_buf *out, const struct fw_summary_part *p)
{
    int64_t before = 0;
    put_u64(out, p->nhours);
    for (size_t i = 0; i < p->nhours; i++) {
        const struct fw_hour_count *h = &p->hours[i];
        put_from(out, h->hour, before);
        put_u64(out, h->count);
        put_from(out, h->first, h->hour * FW_NS_PER_HOUR);
        put_from(out, h->last, h->first);
        before = h->hour;
    }
    put_u64(out, p->hours_lost);
}

static void put_silences(struct fw_buf *out, const struct fw_summary_part *p)
{
    int64_t before = p->first;
    put_u64(out, p->nsilences);
    for (size_t i = 0; i < p->nsilences; i++) {
        put_from(out, p->silences[i].from, before);
        put_from(out, p->silences[i].to, p->silences[i].from);
        before = p->silences[i].to;
    }
    put_i64(out, p->silence_floor);
}

static void put_rows(struct fw_buf *out, const struct fw_summary_part *p)
{
    put_u64(out, p->nusage);
    for (size_t i = 0; i < p->nusage; i++) {
        put_text(out, p->usage[i].name);
        put_text(out, p->usage[i].id);
        put_u64(out, p->usage[i].count);
        put_from(out, p->usage[i].first, p->first);
        put_from(out, p->usage[i].last, p->usage[i].first);
    }
    put_u64(out, p->usage_lost);
    put_u64(out, p->nadmin);
    for (size_t i = 0; i < p->nadmin; i++) {
        put_from(out, p->admin[i].time, p->first);
        put_text(out, p->admin[i].user);
        put_text(out, p->admin[i].code);
        put_text(out, p->admin[i].action);
        put_text(out, p->admin[i].text);
        put_u64(out, p->admin[i].line);
    }
    put_u64(out, p->admin_lost);
    put_u64(out, p->nalerts);
    for (size_t i = 0; i < p->nalerts; i++) {
        const struct fw_alert_day *a = &p->alerts[i];
        put_u64(out, a->gid);
        put_u64(out, a->sid);
        put_i64(out, a->day);
        put_u64(out, a->count);
        put_u64(out, a->priority);
        put_from(out, a->first, a->day * FW_NS_PER_DAY);
        put_from(out, a->last, a->first);
        put_text(out, a->message);
    }
    put_u64(out, p->alerts_lost);
}

static void put_sensor(struct fw_buf *out, const struct fw_summary_part *p)
{
    put_u64(out, p->nsensor);
    for (size_t i = 0; i < p->nsensor; i++) {
        put_i64(out, p->sensor[i].day);
        put_from(out, p->sensor[i].first, p->sensor[i].day * FW_NS_PER_DAY);
        put_u64(out, p->sensor[i].samples);
        put_u64(out, p->sensor[i].captured);
        put_u64(out, p->sensor[i].dropped);
    }
    put_u64(out, p->sensor_lost);
}

static void put_ip(struct fw_buf *out, fw_ip ip)
{
    put_u64(out, ip.family);
    put_u64(out, ip.hi);
    put_u64(out, ip.lo);
}

static void put_contacts(struct fw_buf *out, const struct fw_contact_list *list, int64_t first,
                         bool alerted)
{
    uint64_t before = 0;
    put_u64(out, list->n);
    for (size_t i = 0; i < list->n; i++) {
        const struct fw_contact *c = &list->v[i];
        put_u64(out, c->key - before);
        put_from(out, c->first, first);
        put_from(out, c->last, c->first);
        put_u64(out, c->count);
        put_u64(out, c->outcome);
        before = c->key;
        if (alerted) {
            put_u64(out, c->gid);
            put_u64(out, c->sid);
            put_u64(out, c->priority);
            put_ip(out, c->src);
            put_ip(out, c->dst);
        }
    }
}

static void put_part(struct fw_buf *out, const struct fw_summary_part *p)
{
    put_u64(out, (p->axis.has_year ? 1u : 0u) | (p->axis.has_zone ? 2u : 0u));
    put_i64(out, p->axis.zone_seconds);
    put_u64(out, p->events);
    put_i64(out, p->first);
    put_from(out, p->last, p->first);
    put_u64(out, p->first_at.line);
    put_u64(out, p->first_at.offset);
    put_u64(out, p->last_at.line);
    put_u64(out, p->last_at.offset);
    put_hours(out, p);
    put_silences(out, p);
    put_rows(out, p);
    put_sensor(out, p);
    put_contacts(out, &p->judged, p->first, false);
    put_contacts(out, &p->alerted, p->first, true);
}

static void put_clock(struct fw_buf *out, const struct fw_clock_summary *c)
{
    put_u64(out, c->samples);
    put_u64(out, c->synced);
    put_u64(out, c->unsynced);
    if (c->samples == 0) {
        return;
    }
    put_i64(out, c->min);
    put_i64(out, c->max);
    put_i64(out, c->sum_ms);
    put_u64(out, c->zone_unknown);
    for (size_t i = 0; i < FW_CLOCK_BINS; i++) {
        put_u64(out, c->bins[i]);
    }
}

static void put_serial(struct fw_buf *out, const struct fw_serial_summary *s)
{
    put_u64(out, s->present);
    if (s->present > 0) {
        put_u64(out, s->first);
        put_u64(out, s->last);
        put_u64(out, s->min);
        put_u64(out, s->max);
        put_u64(out, s->missing);
        put_u64(out, s->repeated);
        put_u64(out, s->restarted);
    }
}

static void put_source(struct fw_buf *out, const struct fw_summary_source *s)
{
    put_text(out, s->host);
    put_lines(out, &s->lines);
    put_u64(out, s->events);
    put_u64(out, s->traffic);
    put_u64(out, s->untimed);
    for (size_t i = 0; i < FW_REQUIRED_COUNT; i++) {
        put_u64(out, s->fields[i].present);
        put_u64(out, s->fields[i].total);
    }
    put_clock(out, &s->clock);
    put_serial(out, &s->serial);
    put_u64(out, s->nparsers);
    for (size_t i = 0; i < s->nparsers; i++) {
        put_text(out, s->parsers[i].name);
        put_u64(out, s->parsers[i].events);
    }
    put_u64(out, s->nparts);
    for (size_t i = 0; i < s->nparts; i++) {
        put_part(out, &s->parts[i]);
    }
}

void fw_summary_encode(const struct fw_summary *summary, struct fw_buf *out)
{
    fw_buf_add_cstr(out, magic);
    put_lines(out, &summary->lines);
    put_u64(out, summary->nsources);
    for (size_t i = 0; i < summary->nsources; i++) {
        put_source(out, &summary->sources[i]);
    }
    put_u64(out, summary->sources_lost);
    put_u64(out, summary->nignored);
    for (size_t i = 0; i < summary->nignored; i++) {
        put_text(out, summary->ignored[i].name);
        put_u64(out, summary->ignored[i].count);
    }
    put_u64(out, summary->ignored_lost);
    put_u64(out, summary->nbad);
    for (size_t i = 0; i < summary->nbad; i++) {
        put_u64(out, summary->bad[i].line);
        put_u64(out, summary->bad[i].offset);
        put_text(out, summary->bad[i].text);
    }
    put_u64(out, summary->judged_below);
    put_u64(out, summary->alerted_below);
}

/* Reading: once something is wrong everything is zero, and the caller asks once at the end. */
struct reader {
    fw_sv s;
    bool bad;
    struct fw_arena *arena;
};

static uint64_t get_u64(struct reader *r)
{
    uint64_t value = 0;
    for (unsigned shift = 0; r->s.n > 0 && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*r->s.p;
        r->s.p++;
        r->s.n--;
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    r->bad = true;
    r->s.n = 0;
    return 0;
}

static int64_t get_i64(struct reader *r)
{
    uint64_t value = get_u64(r);
    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

static int64_t get_from(struct reader *r, int64_t base)
{
    return (int64_t)((uint64_t)get_i64(r) + (uint64_t)base);
}

/* A number of rows; each takes at least a byte, and there is a limit. */
static size_t get_count(struct reader *r, uint64_t limit)
{
    uint64_t n = get_u64(r);
    if (n > limit || n > r->s.n) {
        r->bad = true;
        r->s.n = 0;
        return 0;
    }
    return (size_t)n;
}

static fw_sv get_text(struct reader *r, uint64_t limit)
{
    size_t n = get_count(r, limit);
    fw_sv text = fw_sv_of(r->s.p, n);
    r->s.p += n;
    r->s.n -= n;
    return n > 0 ? fw_arena_copy(r->arena, text) : FW_SV("");
}

static void get_lines(struct reader *r, struct fw_line_counts *c)
{
    c->used = get_u64(r);
    c->ignored = get_u64(r);
    c->unsupported = get_u64(r);
    c->bad = get_u64(r);
    c->total = c->used + c->ignored + c->unsupported + c->bad;
}

/* Every time of a part lies between its first and last, which are not so far apart that their
 * difference overflows. */
static bool within(const struct fw_summary_part *p, int64_t first, int64_t last)
{
    return first >= p->first && last >= first && last <= p->last;
}

static void get_hours(struct reader *r, struct fw_summary_part *p)
{
    p->nhours = get_count(r, FW_LIMIT_SUMMARY_HOURS);
    struct fw_hour_count *v = fw_new_array(r->arena, p->nhours, struct fw_hour_count);
    int64_t before = 0;
    for (size_t i = 0; i < p->nhours; i++) {
        v[i].hour = get_from(r, before);
        r->bad = r->bad || (i > 0 && v[i].hour <= before) || v[i].hour > HOURS_MAX ||
                 v[i].hour < -HOURS_MAX;
        if (r->bad) {
            break;
        }
        v[i].count = get_u64(r);
        v[i].first = get_from(r, v[i].hour * FW_NS_PER_HOUR);
        v[i].last = get_from(r, v[i].first);
        r->bad = r->bad || !within(p, v[i].first, v[i].last) ||
                 fw_axis_hour(v[i].first) != v[i].hour || fw_axis_hour(v[i].last) != v[i].hour;
        before = v[i].hour;
    }
    p->hours = v;
    p->hours_lost = get_u64(r);
}

static void get_silences(struct reader *r, struct fw_summary_part *p)
{
    p->nsilences = get_count(r, FW_LIMIT_SUMMARY_SILENCES);
    struct fw_silence *v = fw_new_array(r->arena, p->nsilences, struct fw_silence);
    int64_t before = p->first;
    for (size_t i = 0; i < p->nsilences; i++) {
        v[i].from = get_from(r, before);
        v[i].to = get_from(r, v[i].from);
        r->bad = r->bad || v[i].from < before || v[i].to <= v[i].from || v[i].to > p->last;
        before = v[i].to;
    }
    p->silences = v;
    p->silence_floor = get_i64(r);
}

static void get_usage(struct reader *r, struct fw_summary_part *p)
{
    p->nusage = get_count(r, FW_LIMIT_SUMMARY_RULES);
    struct fw_usage *v = fw_new_array(r->arena, p->nusage, struct fw_usage);
    for (size_t i = 0; i < p->nusage; i++) {
        v[i].name = get_text(r, FW_SUMMARY_NAME);
        v[i].id = get_text(r, FW_SUMMARY_NAME);
        v[i].count = get_u64(r);
        v[i].first = get_from(r, p->first);
        v[i].last = get_from(r, v[i].first);
        r->bad = r->bad || !within(p, v[i].first, v[i].last);
    }
    p->usage = v;
    p->usage_lost = get_u64(r);
}

static void get_admin(struct reader *r, struct fw_summary_part *p)
{
    p->nadmin = get_count(r, FW_LIMIT_SUMMARY_ADMIN);
    struct fw_admin_event *v = fw_new_array(r->arena, p->nadmin, struct fw_admin_event);
    for (size_t i = 0; i < p->nadmin; i++) {
        v[i].time = get_from(r, p->first);
        v[i].user = get_text(r, FW_SUMMARY_NAME);
        v[i].code = get_text(r, FW_SUMMARY_NAME);
        v[i].action = get_text(r, FW_SUMMARY_NAME);
        v[i].text = get_text(r, FW_SUMMARY_TEXT);
        v[i].line = get_u64(r);
        r->bad = r->bad || !within(p, v[i].time, v[i].time);
    }
    p->admin = v;
    p->admin_lost = get_u64(r);
}

static void get_alerts(struct reader *r, struct fw_summary_part *p)
{
    p->nalerts = get_count(r, FW_LIMIT_SUMMARY_ALERTS);
    struct fw_alert_day *v = fw_new_array(r->arena, p->nalerts, struct fw_alert_day);
    for (size_t i = 0; i < p->nalerts && !r->bad; i++) {
        v[i].gid = (uint32_t)get_u64(r);
        v[i].sid = (uint32_t)get_u64(r);
        v[i].day = get_i64(r);
        r->bad = r->bad || v[i].day > DAYS_MAX || v[i].day < -DAYS_MAX;
        v[i].count = get_u64(r);
        v[i].priority = (uint32_t)get_u64(r);
        if (!r->bad) {
            v[i].first = get_from(r, v[i].day * FW_NS_PER_DAY);
            v[i].last = get_from(r, v[i].first);
        }
        v[i].message = get_text(r, FW_SUMMARY_NAME);
        r->bad = r->bad || !within(p, v[i].first, v[i].last);
    }
    p->alerts = v;
    p->alerts_lost = get_u64(r);
}

static void get_sensor(struct reader *r, struct fw_summary_part *p)
{
    p->nsensor = get_count(r, FW_LIMIT_SUMMARY_SENSOR);
    struct fw_sensor_day *v = fw_new_array(r->arena, p->nsensor, struct fw_sensor_day);
    for (size_t i = 0; i < p->nsensor; i++) {
        v[i].day = get_i64(r);
        r->bad = r->bad || v[i].day > DAYS_MAX || v[i].day < -DAYS_MAX ||
                 (i > 0 && v[i].day <= v[i - 1].day);
        if (r->bad) {
            break;
        }
        v[i].first = get_from(r, v[i].day * FW_NS_PER_DAY);
        v[i].samples = get_u64(r);
        v[i].captured = get_u64(r);
        v[i].dropped = get_u64(r);
        r->bad = r->bad || !within(p, v[i].first, v[i].first);
    }
    p->sensor = v;
    p->sensor_lost = get_u64(r);
}

static fw_ip get_ip(struct reader *r)
{
    uint64_t family = get_u64(r);
    fw_ip ip = {.hi = get_u64(r), .family = (uint8_t)family};
    ip.lo = get_u64(r);
    bool fits = family == FW_IPV6 || (family == FW_IPV4 && ip.hi == 0 && ip.lo <= UINT32_MAX);
    r->bad = r->bad || !fits;
    return ip;
}

static void get_contacts(struct reader *r, const struct fw_summary_part *p, bool alerted,
                         struct fw_contact_list *ret)
{
    ret->n = get_count(r, alerted ? FW_LIMIT_SUMMARY_ALERTED : FW_LIMIT_SUMMARY_JUDGED);
    struct fw_contact *v = fw_new_array(r->arena, ret->n, struct fw_contact);
    uint64_t before = 0;
    for (size_t i = 0; i < ret->n && !r->bad; i++) {
        uint64_t more = get_u64(r);
        r->bad = r->bad || more > UINT64_MAX - 1 - before;
        v[i].key = before + more;
        v[i].first = get_from(r, p->first);
        v[i].last = get_from(r, v[i].first);
        v[i].count = get_u64(r);
        uint64_t outcome = get_u64(r);
        r->bad = r->bad || outcome > FW_CONTACT_DENIED || !within(p, v[i].first, v[i].last);
        v[i].outcome = (uint8_t)outcome;
        before = v[i].key;
        if (alerted) {
            v[i].gid = (uint32_t)get_u64(r);
            v[i].sid = (uint32_t)get_u64(r);
            v[i].priority = (uint8_t)get_u64(r);
            v[i].src = get_ip(r);
            v[i].dst = get_ip(r);
        }
    }
    ret->v = v;
}

static void get_part(struct reader *r, struct fw_summary_part *p)
{
    uint64_t bits = get_u64(r);
    int64_t zone = get_i64(r);
    r->bad = r->bad || bits > 3 || zone < -86400 || zone > 86400;
    p->axis = (struct fw_axis){(bits & 1) != 0, (bits & 2) != 0, (int32_t)(r->bad ? 0 : zone)};
    p->events = get_u64(r);
    p->first = get_i64(r);
    p->last = get_from(r, p->first);
    r->bad = r->bad || p->last < p->first || (uint64_t)p->last - (uint64_t)p->first > INT64_MAX;
    p->first_at.line = get_u64(r);
    p->first_at.offset = get_u64(r);
    p->last_at.line = get_u64(r);
    p->last_at.offset = get_u64(r);
    if (!r->bad) {
        get_hours(r, p);
        get_silences(r, p);
        get_usage(r, p);
        get_admin(r, p);
        get_alerts(r, p);
        get_sensor(r, p);
        get_contacts(r, p, false, &p->judged);
        get_contacts(r, p, true, &p->alerted);
    }
}

static void get_clock(struct reader *r, struct fw_clock_summary *c)
{
    c->samples = get_u64(r);
    c->synced = get_u64(r);
    c->unsynced = get_u64(r);
    if (c->samples == 0) {
        return;
    }
    c->min = get_i64(r);
    c->max = get_i64(r);
    c->sum_ms = get_i64(r);
    c->zone_unknown = get_u64(r);
    for (size_t i = 0; i < FW_CLOCK_BINS; i++) {
        c->bins[i] = get_u64(r);
    }
}

static void get_serial(struct reader *r, struct fw_serial_summary *s)
{
    s->present = get_u64(r);
    if (s->present > 0) {
        s->first = get_u64(r);
        s->last = get_u64(r);
        s->min = get_u64(r);
        s->max = get_u64(r);
        s->missing = get_u64(r);
        s->repeated = get_u64(r);
        s->restarted = get_u64(r);
    }
}

static void get_source(struct reader *r, struct fw_summary_source *s)
{
    s->host = get_text(r, FW_SUMMARY_NAME);
    get_lines(r, &s->lines);
    s->events = get_u64(r);
    s->traffic = get_u64(r);
    s->untimed = get_u64(r);
    for (size_t i = 0; i < FW_REQUIRED_COUNT; i++) {
        s->fields[i].present = get_u64(r);
        s->fields[i].total = get_u64(r);
    }
    get_clock(r, &s->clock);
    get_serial(r, &s->serial);
    s->nparsers = get_count(r, FW_SUMMARY_NAME);
    struct fw_parser_count *parsers = fw_new_array(r->arena, s->nparsers, struct fw_parser_count);
    for (size_t i = 0; i < s->nparsers; i++) {
        parsers[i].name = get_text(r, FW_SUMMARY_NAME);
        parsers[i].events = get_u64(r);
    }
    s->parsers = parsers;
    s->nparts = get_count(r, FW_SUMMARY_NAME);
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
    struct reader r = {fw_sv_sub(bytes, head, SIZE_MAX), false, arena};
    struct fw_summary *summary = fw_new(arena, struct fw_summary);
    get_lines(&r, &summary->lines);
    summary->nsources = get_count(&r, FW_LIMIT_SUMMARY_HOSTS);
    struct fw_summary_source *sources = fw_new_array(arena, summary->nsources,
                                                     struct fw_summary_source);
    for (size_t i = 0; i < summary->nsources && !r.bad; i++) {
        get_source(&r, &sources[i]);
    }
    summary->sources = sources;
    summary->sources_lost = get_u64(&r);
    summary->nignored = get_count(&r, FW_LIMIT_SUMMARY_NAMES);
    struct fw_named_count *ignored = fw_new_array(arena, summary->nignored, struct fw_named_count);
    for (size_t i = 0; i < summary->nignored; i++) {
        ignored[i].name = get_text(&r, FW_SUMMARY_NAME);
        ignored[i].count = get_u64(&r);
    }
    summary->ignored = ignored;
    summary->ignored_lost = get_u64(&r);
    summary->nbad = get_count(&r, FW_SUMMARY_BAD_LINES);
    struct fw_bad_line *bad = fw_new_array(arena, summary->nbad, struct fw_bad_line);
    for (size_t i = 0; i < summary->nbad; i++) {
        bad[i].line = get_u64(&r);
        bad[i].offset = get_u64(&r);
        bad[i].text = get_text(&r, FW_SUMMARY_TEXT);
    }
    summary->bad = bad;
    summary->judged_below = get_u64(&r);
    summary->alerted_below = get_u64(&r);
    if (r.bad || r.s.n > 0) {
        return FW_ERR_INVALID;
    }
    *ret = summary;
    return FW_OK;
}
