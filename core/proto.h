/* Names and numbers of IP protocols and well-known ports, from tables of our own: the machine's
 * /etc/services must not change a verdict. Vendors' spellings are in their parsers. */
#ifndef FW_CORE_PROTO_H
#define FW_CORE_PROTO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/sv.h"

enum {
    FW_PROTO_ICMP = 1,
    FW_PROTO_IGMP = 2,
    FW_PROTO_TCP = 6,
    FW_PROTO_UDP = 17,
    FW_PROTO_DCCP = 33,
    FW_PROTO_GRE = 47,
    FW_PROTO_ESP = 50,
    FW_PROTO_AH = 51,
    FW_PROTO_ICMP6 = 58,
    FW_PROTO_SCTP = 132,
    FW_PROTO_UDPLITE = 136,
};

/* A name in any case ("tcp", "ipv6-icmp", "icmp6") or a number 0..255. */
bool fw_proto_parse(fw_sv text, uint8_t *ret);
void fw_proto_text(struct fw_buf *buf, uint8_t proto); /* name, or the number */
bool fw_proto_has_ports(uint8_t proto);
/* IANA names of tcp/udp services that rulesets use ("ssh", "domain", "www" too), or a number. */
bool fw_port_parse(fw_sv text, uint16_t *ret);
/* NULL when the port has no name in the table. */
const char *fw_port_name(uint16_t port);

#endif
