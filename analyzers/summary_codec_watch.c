/* How do serial numbers, sessions, losses, steps of clocks and name resolution become bytes? */
#include "analyzers/summary_codec_impl.h"
#include "core/limits.h"

static void put_place(struct fw_buf *out, const struct fw_place *place)
{
    fw_bytes_put_u64(out, place->line);
    fw_bytes_put_u64(out, place->offset);
}

static struct fw_place get_place(struct fw_bytes_reader *r)
{
    struct fw_place place = {.line = fw_bytes_get_u64(r)};
    place.offset = fw_bytes_get_u64(r);
    return place;
}

void fw_codec_put_habits(struct fw_buf *out, const struct fw_summary_source *source)
{
    for (size_t i = 0; i < FW_SERIAL_STREAMS; i++) {
        const struct fw_serial_summary *s = &source->serials[i];
        fw_bytes_put_u64(out, s->present);
        if (s->present > 0) {
            fw_bytes_put_u64(out, s->first);
            fw_bytes_put_u64(out, s->last);
            fw_bytes_put_u64(out, s->min);
            fw_bytes_put_u64(out, s->max);
            fw_bytes_put_u64(out, s->missing);
            fw_bytes_put_u64(out, s->repeated);
            fw_bytes_put_u64(out, s->restarted);
            put_place(out, &s->hole);
        }
    }
    fw_bytes_put_u64(out, source->sessions.started);
    fw_bytes_put_u64(out, source->sessions.ended);
    fw_bytes_put_u64(out, source->sessions.timed);
    fw_bytes_put_u64(out, source->loss.lines);
    fw_bytes_put_u64(out, source->loss.messages);
    fw_bytes_put_u64(out, source->loss.lost);
    fw_bytes_put_text(out, source->loss.first);
    put_place(out, &source->loss.first_at);
}

void fw_codec_get_habits(struct fw_bytes_reader *r, struct fw_summary_source *source)
{
    for (size_t i = 0; i < FW_SERIAL_STREAMS; i++) {
        struct fw_serial_summary *s = &source->serials[i];
        s->present = fw_bytes_get_u64(r);
        if (s->present > 0) {
            s->first = fw_bytes_get_u64(r);
            s->last = fw_bytes_get_u64(r);
            s->min = fw_bytes_get_u64(r);
            s->max = fw_bytes_get_u64(r);
            s->missing = fw_bytes_get_u64(r);
            s->repeated = fw_bytes_get_u64(r);
            s->restarted = fw_bytes_get_u64(r);
            s->hole = get_place(r);
        }
    }
    source->sessions.started = fw_bytes_get_u64(r);
    source->sessions.ended = fw_bytes_get_u64(r);
    source->sessions.timed = fw_bytes_get_u64(r);
    source->loss.lines = fw_bytes_get_u64(r);
    source->loss.messages = fw_bytes_get_u64(r);
    source->loss.lost = fw_bytes_get_u64(r);
    source->loss.first = fw_bytes_get_text(r, FW_SUMMARY_TEXT);
    source->loss.first_at = get_place(r);
}

static void put_queries(struct fw_buf *out, const struct fw_dns_summary *dns, int64_t first)
{
    fw_bytes_put_u64(out, dns->total.started);
    fw_bytes_put_u64(out, dns->total.ended);
    fw_bytes_put_u64(out, dns->total.single);
    fw_bytes_put_u64(out, dns->n);
    for (size_t i = 0; i < dns->n; i++) {
        const struct fw_dns_pair *q = &dns->v[i];
        fw_bytes_put_ip(out, q->client);
        fw_bytes_put_ip(out, q->server);
        fw_bytes_put_u64(out, q->count.started);
        fw_bytes_put_u64(out, q->count.ended);
        fw_bytes_put_u64(out, q->count.single);
        fw_bytes_put_from(out, q->first, first);
        fw_bytes_put_from(out, q->last, q->first);
    }
    fw_bytes_put_u64(out, dns->lost);
}

static void get_queries(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    struct fw_dns_summary *dns = &p->dns;
    dns->total.started = fw_bytes_get_u64(r);
    dns->total.ended = fw_bytes_get_u64(r);
    dns->total.single = fw_bytes_get_u64(r);
    dns->n = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_QUERIES);
    struct fw_dns_pair *v = fw_new_array(r->arena, dns->n, struct fw_dns_pair);
    for (size_t i = 0; i < dns->n && !r->bad; i++) {
        v[i].client = fw_bytes_get_ip(r);
        v[i].server = fw_bytes_get_ip(r);
        v[i].count.started = fw_bytes_get_u64(r);
        v[i].count.ended = fw_bytes_get_u64(r);
        v[i].count.single = fw_bytes_get_u64(r);
        v[i].first = fw_bytes_get_from(r, p->first);
        v[i].last = fw_bytes_get_from(r, v[i].first);
        r->bad = r->bad || v[i].first < p->first || v[i].last < v[i].first || v[i].last > p->last;
    }
    dns->v = v;
    dns->lost = fw_bytes_get_u64(r);
}

void fw_codec_put_watch(struct fw_buf *out, const struct fw_summary_part *p)
{
    fw_bytes_put_u64(out, p->back.followed);
    if (p->back.followed > 0) {
        fw_bytes_put_from(out, p->back.begin, p->first);
        fw_bytes_put_from(out, p->back.end, p->first);
    }
    fw_bytes_put_i64(out, p->back.most);
    if (p->back.most > 0) {
        put_place(out, &p->back.at);
        for (size_t i = 0; i < FW_BACK_BINS; i++) {
            fw_bytes_put_u64(out, p->back.bins[i]);
        }
    }
    fw_bytes_put_u64(out, p->nsteps);
    for (size_t i = 0; i < p->nsteps; i++) {
        fw_bytes_put_from(out, p->steps[i].time, p->first);
        fw_bytes_put_i64(out, p->steps[i].by);
        put_place(out, &p->steps[i].at);
    }
    fw_bytes_put_u64(out, p->steps_lost);
    put_queries(out, &p->dns, p->first);
}

void fw_codec_get_watch(struct fw_bytes_reader *r, struct fw_summary_part *p)
{
    p->back.followed = fw_bytes_get_u64(r);
    if (p->back.followed > 0) {
        p->back.begin = fw_bytes_get_from(r, p->first);
        p->back.end = fw_bytes_get_from(r, p->first);
        r->bad = r->bad || p->back.begin < p->first || p->back.begin > p->last ||
                 p->back.end < p->first || p->back.end > p->last;
    }
    p->back.most = fw_bytes_get_i64(r);
    r->bad = r->bad || p->back.most < 0;
    if (p->back.most > 0) {
        p->back.at = get_place(r);
        for (size_t i = 0; i < FW_BACK_BINS; i++) {
            p->back.bins[i] = fw_bytes_get_u64(r);
        }
    }
    p->nsteps = fw_bytes_get_count(r, FW_LIMIT_SUMMARY_STEPS);
    struct fw_clock_step *v = fw_new_array(r->arena, p->nsteps, struct fw_clock_step);
    for (size_t i = 0; i < p->nsteps && !r->bad; i++) {
        v[i].time = fw_bytes_get_from(r, p->first);
        v[i].by = fw_bytes_get_i64(r);
        v[i].at = get_place(r);
        r->bad = r->bad || v[i].time < p->first || v[i].time > p->last;
    }
    p->steps = v;
    p->steps_lost = fw_bytes_get_u64(r);
    get_queries(r, p);
}
