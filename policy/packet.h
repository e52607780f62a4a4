/* One packet with what is known of it: for the naive evaluator, witnesses and `trace`. */
#ifndef FW_POLICY_PACKET_H
#define FW_POLICY_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/json.h"
#include "policy/model.h"

struct fw_packet {
    enum fw_hook hook;    /* INPUT, FORWARD or OUTPUT; NONE: a plain ACL */
    fw_ip src, dst;       /* family 0: unknown */
    bool has_in, has_out; /* unknown is not empty */
    fw_sv in, out;
    bool has_proto;
    uint8_t proto;
    bool has_sport, has_dport, has_icmp_type, has_icmp_code, has_flags, has_mark, has_state;
    uint16_t sport, dport;
    uint8_t icmp_type, icmp_code, flags;
    bool has_connmark; /* of its connection: only the evaluator knows it, from the rules passed */
    uint32_t mark, connmark;
    enum fw_state state;
};

/* Reads "tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=eth0 out=eth1 state=new flags=syn hook=forward",
 * "icmp 10.0.0.1 -> 192.0.2.9 type=8 code=0", "udp [2001:db8::1]:53 -> [2001:db8::2]:53". On a
 * mistake returns false with a message that says what was expected. */
bool fw_packet_parse(fw_sv text, struct fw_packet *ret, struct fw_buf *ret_error);
/* One cell of a packet CSV by its column name; false: unknown column or bad value, with message. */
bool fw_packet_set(struct fw_packet *packet, fw_sv column, fw_sv value, struct fw_buf *ret_error);
/* Fills in what the contract fixes: TCP in state new without flags is a bare SYN, ICMP without
 * code has code 0. */
void fw_packet_complete(struct fw_packet *packet);
void fw_packet_text(struct fw_buf *buf, const struct fw_packet *packet);
/* The witness object of the rules JSON. */
void fw_packet_json(struct fw_json *json, const struct fw_packet *packet);

#endif
