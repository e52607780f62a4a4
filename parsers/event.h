/*
 * An event: one log line in the common vocabulary. Text fields are views into the line or into the
 * scratch arena, valid until the next line. Absent is not zero: every field has a presence bit.
 */
#ifndef FW_PARSERS_EVENT_H
#define FW_PARSERS_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ip.h"
#include "core/json.h"
#include "core/sv.h"
#include "core/time.h"

/* FW_FIELD(name, type, "ecs name"): every field an event can carry, in the order it is printed.
 *   IP fw_ip   TEXT fw_sv   NUM uint64_t   STAMP struct fw_stamp */
#define FW_EVENT_FIELDS(FW_FIELD) \
    FW_FIELD(time, STAMP, "@timestamp") \
    FW_FIELD(start, STAMP, "event.start") \
    FW_FIELD(end, STAMP, "event.end") \
    FW_FIELD(duration, NUM, "event.duration") /* nanoseconds */ \
    FW_FIELD(kind, TEXT, "event.kind") \
    FW_FIELD(category, TEXT, "event.category") \
    FW_FIELD(code, TEXT, "event.code") \
    FW_FIELD(action, TEXT, "event.action") \
    FW_FIELD(outcome, TEXT, "event.outcome") /* success = allowed, failure = denied */ \
    FW_FIELD(level, TEXT, "log.level") \
    FW_FIELD(src, IP, "source.ip") \
    FW_FIELD(sport, NUM, "source.port") \
    FW_FIELD(src_mac, TEXT, "source.mac") \
    FW_FIELD(nat_src, IP, "source.nat.ip") \
    FW_FIELD(nat_sport, NUM, "source.nat.port") \
    FW_FIELD(src_user, TEXT, "source.user.name") \
    FW_FIELD(src_bytes, NUM, "source.bytes") \
    FW_FIELD(dst, IP, "destination.ip") \
    FW_FIELD(dport, NUM, "destination.port") \
    FW_FIELD(dst_mac, TEXT, "destination.mac") \
    FW_FIELD(nat_dst, IP, "destination.nat.ip") \
    FW_FIELD(nat_dport, NUM, "destination.nat.port") \
    FW_FIELD(dst_user, TEXT, "destination.user.name") \
    FW_FIELD(dst_bytes, NUM, "destination.bytes") \
    FW_FIELD(transport, TEXT, "network.transport") \
    FW_FIELD(app, TEXT, "network.application") \
    FW_FIELD(icmp_type, NUM, "fwproof.icmp.type") \
    FW_FIELD(icmp_code, NUM, "fwproof.icmp.code") \
    FW_FIELD(bytes, NUM, "network.bytes") \
    FW_FIELD(direction, TEXT, "network.direction") \
    FW_FIELD(observer, TEXT, "observer.name") \
    FW_FIELD(in, TEXT, "observer.ingress.interface.name") \
    FW_FIELD(out, TEXT, "observer.egress.interface.name") \
    FW_FIELD(in_zone, TEXT, "observer.ingress.zone") \
    FW_FIELD(out_zone, TEXT, "observer.egress.zone") \
    FW_FIELD(rule_name, TEXT, "rule.name") \
    FW_FIELD(rule_id, TEXT, "rule.id") \
    FW_FIELD(rule_version, NUM, "rule.version") \
    FW_FIELD(rule_category, TEXT, "rule.category") \
    FW_FIELD(user, TEXT, "user.name") \
    FW_FIELD(command, TEXT, "process.command_line") \
    FW_FIELD(serial, NUM, "event.sequence") \
    FW_FIELD(session, TEXT, "network.session_id") \
    FW_FIELD(severity, NUM, "event.severity") \
    FW_FIELD(captured, NUM, \
             "fwproof.packets.captured") /* by a sensor since it started, or `interval` */ \
    FW_FIELD(dropped, NUM, "fwproof.packets.dropped") /* not seen by it, likewise */ \
    FW_FIELD(uptime, NUM, "fwproof.uptime")           /* seconds since it started */ \
    FW_FIELD(message, TEXT, "message")

#define FW_FIELD(name, type, ecs) FW_EV_##name,
enum fw_event_field { FW_EVENT_FIELDS(FW_FIELD) FW_EV_COUNT };
#undef FW_FIELD

struct fw_event {
    uint64_t present; /* bit (1 << FW_EV_name) */
#define FW_FIELD_TYPE_IP fw_ip
#define FW_FIELD_TYPE_TEXT fw_sv
#define FW_FIELD_TYPE_NUM uint64_t
#define FW_FIELD_TYPE_STAMP struct fw_stamp
#define FW_FIELD(name, type, ecs) FW_FIELD_TYPE_##type name;
    FW_EVENT_FIELDS(FW_FIELD)
#undef FW_FIELD
    bool admin;        /* an administrator's action: login, configuration change, logging stopped */
    bool traffic;      /* about a packet or session: the eight required fields apply */
    bool starts, ends; /* a session starts or ends here: its time is the event's */
    bool interval;     /* captured and dropped are since the sample before */
    uint8_t stream;    /* of serial numbers that the device counts apart; 0: it has one */
    uint64_t hits;     /* packets of a flow that one line stands for; 0: one */
    uint32_t alert_gid, alert_sid; /* an IDS alert when sid is not 0 */
};

#define fw_event_has(event, field) (((event)->present >> (field)) & 1u)
#define fw_event_set(event, field) ((event)->present |= UINT64_C(1) << (field))

void fw_event_clear(struct fw_event *event);
const char *fw_event_field_name(enum fw_event_field field); /* ECS: "source.ip" */

struct fw_event_origin {
    uint64_t line;
    int64_t time_ns;      /* resolved; INT64_MIN when the event has no time */
    uint32_t assumed;     /* FW_ASSUMED_ bits */
    int32_t zone_seconds; /* for start and end */
};

/* One flat object with ECS names, the contract of `parse --json`. */
void fw_event_json(struct fw_json *json, const struct fw_event *event,
                   const struct fw_event_origin *origin);

#endif
