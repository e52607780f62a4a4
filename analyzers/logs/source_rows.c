/* How the rows of all parts of a source become one list each, by time. */
#include <stdlib.h>

#include "analyzers/logs/axis.h"
#include "analyzers/logs/source_view_impl.h"

static int by_hour(const void *a, const void *b)
{
    const struct fw_hour_count *x = a;
    const struct fw_hour_count *y = b;
    return (x->hour > y->hour) - (x->hour < y->hour);
}

static void add_hours(struct fw_view_making *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        n += m->parts[i].part->nhours;
    }
    struct fw_hour_count *v = fw_new_array(m->arena, n, struct fw_hour_count);
    n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        const struct fw_view_part *p = &m->parts[i];
        for (size_t k = 0; k < p->part->nhours; k++) {
            struct fw_hour_count h = p->part->hours[k];
            h.first = fw_resolve_time(&p->res, h.first);
            h.last = fw_resolve_time(&p->res, h.last);
            h.hour = fw_axis_hour(h.first);
            v[n++] = h;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), by_hour);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && v[kept - 1].hour == v[i].hour) {
            struct fw_hour_count *into = &v[kept - 1];
            into->count += v[i].count;
            into->first = v[i].first < into->first ? v[i].first : into->first;
            into->last = v[i].last > into->last ? v[i].last : into->last;
        } else {
            v[kept++] = v[i];
        }
    }
    m->view->nhours = kept;
    m->view->hours = v;
}

static void add_usage(struct fw_view_making *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        n += m->parts[i].part->nusage;
    }
    struct fw_usage *v = fw_new_array(m->arena, n, struct fw_usage);
    n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        const struct fw_view_part *p = &m->parts[i];
        for (size_t k = 0; k < p->part->nusage; k++) {
            v[n] = p->part->usage[k];
            v[n].first = fw_resolve_time(&p->res, v[n].first);
            v[n].last = fw_resolve_time(&p->res, v[n].last);
            n++;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), fw_usage_cmp);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && fw_usage_cmp(&v[kept - 1], &v[i]) == 0) {
            struct fw_usage *into = &v[kept - 1];
            into->count += v[i].count;
            into->first = v[i].first < into->first ? v[i].first : into->first;
            into->last = v[i].last > into->last ? v[i].last : into->last;
        } else {
            v[kept++] = v[i];
        }
    }
    m->view->nusage = kept;
    m->view->usage = v;
}

static int by_time(const void *a, const void *b)
{
    const struct fw_view_admin *x = a;
    const struct fw_view_admin *y = b;
    if (x->ns != y->ns) {
        return x->ns < y->ns ? -1 : 1;
    }
    int order = fw_sv_cmp(x->at.path, y->at.path);
    return order != 0 ? order : (x->at.at.line > y->at.at.line) - (x->at.at.line < y->at.at.line);
}

static void add_admin(struct fw_view_making *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        n += m->parts[i].part->nadmin;
    }
    struct fw_view_admin *v = fw_new_array(m->arena, n, struct fw_view_admin);
    n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        const struct fw_view_part *p = &m->parts[i];
        for (size_t k = 0; k < p->part->nadmin; k++) {
            const struct fw_admin_event *e = &p->part->admin[k];
            v[n++] = (struct fw_view_admin){.ns = fw_resolve_time(&p->res, e->time),
                                            .user = e->user,
                                            .code = e->code,
                                            .action = e->action,
                                            .text = e->text,
                                            .succeeded = e->succeeded,
                                            .at = {p->share->file->path, {e->line, 0}}};
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), by_time);
    }
    m->view->nadmin = n;
    m->view->admin = v;
}

static void add_alert(struct fw_alert_day *into, const struct fw_alert_day *from)
{
    into->count += from->count;
    into->first = from->first < into->first ? from->first : into->first;
    into->last = from->last > into->last ? from->last : into->last;
    if (from->priority != 0 && (into->priority == 0 || from->priority < into->priority)) {
        into->priority = from->priority;
    }
}

static void add_alerts(struct fw_view_making *m)
{
    int64_t zone = m->options->zone_seconds * FW_NS_PER_SEC;
    size_t n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        n += m->parts[i].part->nalerts;
    }
    struct fw_alert_day *v = fw_new_array(m->arena, n, struct fw_alert_day);
    n = 0;
    for (size_t i = 0; i < m->nparts; i++) {
        const struct fw_view_part *p = &m->parts[i];
        for (size_t k = 0; k < p->part->nalerts; k++) {
            v[n] = p->part->alerts[k];
            v[n].first = fw_resolve_time(&p->res, v[n].first);
            v[n].last = fw_resolve_time(&p->res, v[n].last);
            v[n].day = fw_axis_day(v[n].first + zone);
            n++;
        }
    }
    if (n > 0) {
        qsort(v, n, sizeof(v[0]), fw_alert_day_cmp);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && fw_alert_day_cmp(&v[kept - 1], &v[i]) == 0) {
            add_alert(&v[kept - 1], &v[i]);
        } else {
            v[kept++] = v[i];
        }
    }
    m->view->nalerts = kept;
    m->view->alerts = v;
}

/* What sensors add: their counters, and the connections that they alerted about. */
static void add_sensing(struct fw_view_making *m)
{
    struct fw_source_view *v = m->view;
    struct fw_sensor_days days = {0};
    struct fw_contacts_making alerted = {0};
    struct fw_contacts_making judged = {0};
    v->alerted_below = m->keys->below;
    v->judged_below = UINT64_MAX;
    for (size_t i = 0; i < m->nparts; i++) {
        const struct fw_view_part *p = &m->parts[i];
        const struct fw_summary *summary = p->share->file->summary;
        fw_sensor_days_add(m->arena, p->part, &p->res, m->options->zone_seconds, &days);
        fw_contacts_add(m->arena, m->keys, &p->part->alerted, &p->res, &alerted);
        fw_contacts_add(m->arena, m->keys, &p->part->judged, &p->res, &judged);
        if (m->pairing) {
            fw_pairing_add(m->pairing, m->index, &p->part->judged, &p->res);
        }
        if (summary->alerted_below < v->alerted_below) {
            v->alerted_below = summary->alerted_below;
        }
        if (summary->judged_below < v->judged_below) {
            v->judged_below = summary->judged_below;
        }
    }
    fw_sensor_days_merge(&days);
    v->nsensor = days.n;
    v->sensor = days.v;
    fw_contacts_sort(&alerted);
    fw_contacts_sort(&judged);
    v->alerted = (struct fw_contact_list){alerted.n, alerted.v};
    v->judged = (struct fw_contact_list){judged.n, judged.v};
}

void fw_source_rows(struct fw_view_making *m)
{
    add_hours(m);
    add_usage(m);
    add_admin(m);
    add_alerts(m);
    add_sensing(m);
}
