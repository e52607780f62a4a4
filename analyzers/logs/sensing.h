/*
 * What the files of sensors add to views: counters of each day, and the connections of all files:
 * those that sensors alerted about, and what firewalls decided on the same ones. Memory is bounded
 * by the alerts, however many connections firewalls saw.
 */
#ifndef FW_ANALYZERS_LOGS_SENSING_H
#define FW_ANALYZERS_LOGS_SENSING_H

#include "analyzers/logs/keyset.h"
#include "analyzers/logs/source_view.h"

/* Keys of the connections that any of these files has an alert about. */
struct fw_contact_keys {
    struct fw_keyset set;
    uint64_t below; /* keys from this one on were left out: FW_LIMIT_ALERTED */
};

void fw_contact_keys_make(struct fw_arena *arena, const struct fw_view_file *files, size_t n,
                          struct fw_contact_keys *ret);

struct fw_contacts_making {
    struct fw_contact *v;
    size_t n;
};

/* Adds those of a part whose connection has an alert, at their times of the review. */
void fw_contacts_add(struct fw_arena *arena, const struct fw_contact_keys *keys,
                     const struct fw_contact_list *list, const struct fw_resolution *res,
                     struct fw_contacts_making *to);
/* By key, then time. */
void fw_contacts_sort(struct fw_contacts_making *making);

struct fw_sensor_days {
    struct fw_sensor_day *v;
    size_t n;
};

/* A day of the zone is that of its first sample. */
void fw_sensor_days_add(struct fw_arena *arena, const struct fw_summary_part *part,
                        const struct fw_resolution *res, int32_t zone_seconds,
                        struct fw_sensor_days *to);
void fw_sensor_days_merge(struct fw_sensor_days *days);

#endif
