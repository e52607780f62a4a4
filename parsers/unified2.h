/*
 * Records of unified2, Snort's binary output: a type and a length of four bytes each, big endian,
 * then so many bytes. Events are of several layouts; what a layout does not have is 0.
 */
#ifndef FW_PARSERS_UNIFIED2_H
#define FW_PARSERS_UNIFIED2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ip.h"
#include "core/sv.h"

enum fw_u2_kind {
    FW_U2_OTHER,  /* a type that is known and about no event, or not known */
    FW_U2_EVENT,  /* 7, 72, 99, 100, 104, 105, 111, 112, 114 */
    FW_U2_PACKET, /* 2, and 3: a buffer of reassembled data */
    FW_U2_EXTRA,  /* 110 */
};

struct fw_u2_record {
    enum fw_u2_kind kind;
    uint32_t type;
    uint32_t sensor, event, second; /* of the event it belongs to */
    uint32_t microsecond;           /* EVENT: of the event; PACKET: of the packet */
    uint32_t packet_second;         /* PACKET */
    uint32_t gid, sid, rev, class, priority;
    fw_ip src, dst;
    uint16_t sport, dport; /* or ICMP type and code */
    uint8_t protocol, impact_flag, impact, blocked;
    uint32_t mpls;
    uint16_t vlan, pad;
    uint32_t link, length; /* PACKET: link type, length as written */
    uint32_t extra_kind;   /* EXTRA: of the outer header, 4 */
    uint32_t extra_length, extra_type, extra_data_type, extra_blob;
    fw_sv data; /* PACKET, EXTRA: what is there of it; EVENT: name of the application */
};

enum { FW_U2_HEADER = 8 };

/* The length of the record that begins here, its header included; 0: this is no record. Needs
 * FW_U2_HEADER bytes. */
size_t fw_u2_length(fw_sv head);
/* False when the record is not whole or one of its own lengths lies. `bytes` is the whole record.
 */
bool fw_u2_read(fw_sv bytes, struct fw_u2_record *ret);

#endif
