/*
 * Which connections were allowed or denied, and which were alerted about? Kept by a hash of both
 * ends, so that a sensor's alert and a firewall's verdict meet although neither file knows the
 * other. When a file has more than fit, those with the smallest hashes stay: every file of every
 * device then keeps the same connections, and the share that was looked at is known.
 */
#include "analyzers/summary_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* A reply belongs to the connection it answers: the lower end comes first. */
static uint64_t connection_key(fw_ip a, uint64_t a_port, fw_ip b, uint64_t b_port, fw_sv transport)
{
    int order = fw_ip_cmp(a, b);
    if (order > 0 || (order == 0 && a_port > b_port)) {
        fw_ip ip = a;
        uint64_t port = a_port;
        a = b;
        a_port = b_port;
        b = ip;
        b_port = port;
    }
    uint64_t hash = mix(a.hi, a.lo);
    hash = mix(hash, b.hi);
    hash = mix(hash, b.lo);
    hash = mix(hash, a_port << 32 | b_port);
    for (size_t i = 0; i < transport.n; i++) {
        hash = mix(hash, (unsigned char)transport.p[i]);
    }
    hash = mix(hash, hash >> 29);
    return hash == UINT64_MAX ? 0 : hash; /* UINT64_MAX is "all are kept" */
}

/* By key, then what is told apart of it, then time. */
static int compare_same(const struct fw_contact *a, const struct fw_contact *b)
{
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    if (a->outcome != b->outcome) {
        return a->outcome < b->outcome ? -1 : 1;
    }
    if (a->gid != b->gid) {
        return a->gid < b->gid ? -1 : 1;
    }
    if (a->sid != b->sid) {
        return a->sid < b->sid ? -1 : 1;
    }
    if (a->priority != b->priority) {
        return a->priority < b->priority ? -1 : 1;
    }
    int order = fw_ip_cmp(a->src, b->src);
    return order != 0 ? order : fw_ip_cmp(a->dst, b->dst);
}

static int by_key(const void *left, const void *right)
{
    const struct fw_contact_row *a = left;
    const struct fw_contact_row *b = right;
    int order = compare_same(&a->contact, &b->contact);
    if (order == 0 && a->part != b->part) {
        order = a->part->number < b->part->number ? -1 : 1;
    }
    if (order == 0 && a->contact.first != b->contact.first) {
        order = a->contact.first < b->contact.first ? -1 : 1;
    }
    return order;
}

/* Rows of one connection that lie close together become one, or a talkative connection would take
 * the room of all others. */
static void join(struct fw_contact_sample *sample)
{
    size_t n = 0;
    if (sample->n > 0) {
        qsort(sample->v, sample->n, sizeof(sample->v[0]), by_key);
    }
    for (size_t i = 0; i < sample->n; i++) {
        const struct fw_contact_row *row = &sample->v[i];
        struct fw_contact_row *last = n > 0 ? &sample->v[n - 1] : NULL;
        if (last && last->part == row->part && compare_same(&last->contact, &row->contact) == 0 &&
            row->contact.first - last->contact.last <= FW_CONTACT_GAP_NS) {
            last->contact.count += row->contact.count;
            if (row->contact.last > last->contact.last) {
                last->contact.last = row->contact.last;
            }
        } else {
            sample->v[n++] = *row;
        }
    }
    sample->n = n;
}

/* A key is kept with all its rows or not at all, so the result depends on no order. */
static void prune(struct fw_contact_sample *sample, size_t limit)
{
    join(sample);
    if (sample->n <= limit) {
        return;
    }
    size_t keep = limit;
    while (keep > 0 && sample->v[keep - 1].contact.key == sample->v[limit].contact.key) {
        keep--;
    }
    sample->below = sample->v[limit].contact.key;
    sample->n = keep;
}

static void keep(struct fw_making *making, struct fw_contact_sample *sample, size_t limit,
                 struct fw_part_making *part, const struct fw_contact *contact)
{
    if (!sample->v) {
        sample->v = fw_new_array(&making->arena, 64, struct fw_contact_row);
        sample->cap = 64;
        sample->below = UINT64_MAX;
    }
    sample->total++;
    if (contact->key >= sample->below) {
        return;
    }
    if (sample->n == sample->cap && sample->cap < 2 * limit) {
        size_t cap = sample->cap * 2;
        struct fw_contact_row *v = fw_new_array(&making->arena, cap, struct fw_contact_row);
        memcpy(v, sample->v, sample->n * sizeof(v[0]));
        sample->v = v;
        sample->cap = cap;
    } else if (sample->n == sample->cap) {
        prune(sample, limit); /* leaves room: no more than the limit stay */
        if (contact->key >= sample->below) {
            return;
        }
    }
    sample->v[sample->n++] = (struct fw_contact_row){*contact, part};
}

static bool has_ends(const struct fw_event *ev)
{
    return fw_event_has(ev, FW_EV_src) && fw_event_has(ev, FW_EV_dst);
}

static uint8_t outcome_of(const struct fw_event *ev)
{
    if (!fw_event_has(ev, FW_EV_outcome)) {
        return FW_CONTACT_UNKNOWN;
    }
    return fw_sv_is(ev->outcome, "success")   ? FW_CONTACT_ALLOWED
           : fw_sv_is(ev->outcome, "failure") ? FW_CONTACT_DENIED
                                              : FW_CONTACT_UNKNOWN;
}

void fw_part_contact(struct fw_making *making, struct fw_part_making *p, int64_t time,
                     const struct fw_event *ev)
{
    if (!has_ends(ev)) {
        return;
    }
    fw_sv transport = fw_event_has(ev, FW_EV_transport) ? ev->transport : FW_SV("");
    uint64_t sport = fw_event_has(ev, FW_EV_sport) ? ev->sport : 0;
    uint64_t dport = fw_event_has(ev, FW_EV_dport) ? ev->dport : 0;
    struct fw_contact contact = {
        .key = connection_key(ev->src, sport, ev->dst, dport, transport),
        .first = time,
        .last = time,
        .count = 1,
        .outcome = outcome_of(ev),
    };
    if (ev->alert_sid != 0) {
        uint64_t priority = fw_event_has(ev, FW_EV_severity) ? ev->severity : 0;
        contact.gid = ev->alert_gid;
        contact.sid = ev->alert_sid;
        contact.priority = priority <= UINT8_MAX ? (uint8_t)priority : 0;
        contact.src = ev->src;
        contact.dst = ev->dst;
        keep(making, &making->alerted, FW_LIMIT_SUMMARY_ALERTED, p, &contact);
        return;
    }
    if (contact.outcome == FW_CONTACT_UNKNOWN) {
        return;
    }
    keep(making, &making->judged, FW_LIMIT_SUMMARY_JUDGED, p, &contact);
    if (!fw_event_has(ev, FW_EV_nat_src) && !fw_event_has(ev, FW_EV_nat_dst)) {
        return;
    }
    /* A sensor on the other side of the firewall sees the connection translated. */
    uint64_t translated = connection_key(fw_event_has(ev, FW_EV_nat_src) ? ev->nat_src : ev->src,
                                         fw_event_has(ev, FW_EV_nat_sport) ? ev->nat_sport : sport,
                                         fw_event_has(ev, FW_EV_nat_dst) ? ev->nat_dst : ev->dst,
                                         fw_event_has(ev, FW_EV_nat_dport) ? ev->nat_dport : dport,
                                         transport);
    if (translated != contact.key) {
        contact.key = translated;
        keep(making, &making->judged, FW_LIMIT_SUMMARY_JUDGED, p, &contact);
    }
}

/* Gives every part its rows, still by key. */
static void hand_out(struct fw_making *making, struct fw_contact_sample *sample, bool alerted)
{
    for (size_t i = 0; i < sample->n; i++) {
        struct fw_contact_list *list = alerted ? &sample->v[i].part->part.alerted
                                               : &sample->v[i].part->part.judged;
        list->n++;
    }
    for (size_t i = 0; i < sample->n; i++) {
        struct fw_part_making *part = sample->v[i].part;
        struct fw_contact_list *list = alerted ? &part->part.alerted : &part->part.judged;
        struct fw_contact **rows = alerted ? &part->alerted : &part->judged;
        size_t *n = alerted ? &part->nalerted : &part->njudged;
        if (!*rows) {
            *rows = fw_new_array(&making->arena, list->n, struct fw_contact);
            list->v = *rows;
        }
        (*rows)[(*n)++] = sample->v[i].contact;
    }
}

void fw_making_contacts(struct fw_making *making, struct fw_summary *summary)
{
    prune(&making->judged, FW_LIMIT_SUMMARY_JUDGED);
    prune(&making->alerted, FW_LIMIT_SUMMARY_ALERTED);
    hand_out(making, &making->judged, false);
    hand_out(making, &making->alerted, true);
    summary->judged_below = making->judged.v ? making->judged.below : UINT64_MAX;
    summary->alerted_below = making->alerted.v ? making->alerted.below : UINT64_MAX;
}
