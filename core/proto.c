/* The names of protocols and ports. */
#include "core/proto.h"

#include <stddef.h>

#include "core/search.h"

struct proto_name {
    const char *name;
    uint8_t number;
};

/* The first name of a number is the one that is printed: IANA's keyword in lower case, except where
 * a ruleset's reader would take that for something else ("ipv4" for 4). The commonest come first,
 * because every line of a log asks. */
static const struct proto_name protos[] = {
    {"tcp", FW_PROTO_TCP},
    {"udp", FW_PROTO_UDP},
    {"icmp", FW_PROTO_ICMP},
    {"ipv6-icmp", FW_PROTO_ICMP6},
    {"ah", FW_PROTO_AH},
    {"dccp", FW_PROTO_DCCP},
    {"egp", 8},
    {"eigrp", 88},
    {"encap", 98},
    {"esp", FW_PROTO_ESP},
    {"etherip", 97},
    {"fc", 133},
    {"ggp", 3},
    {"gre", FW_PROTO_GRE},
    {"hip", 139},
    {"hopopt", 0},
    {"idrp", 45},
    {"igmp", FW_PROTO_IGMP},
    {"igp", 9},
    {"ipcomp", 108},
    {"ipencap", 4},
    {"ipip", 94},
    {"ipv6", 41},
    {"ipv6-frag", 44},
    {"ipv6-nonxt", 59},
    {"ipv6-opts", 60},
    {"ipv6-route", 43},
    {"isis", 124},
    {"iso-tp4", 29},
    {"l2tp", 115},
    {"manet", 138},
    {"mobility-header", 135},
    {"mpls-in-ip", 137},
    {"ospf", 89},
    {"pim", 103},
    {"pup", 12},
    {"rdp", 27},
    {"rohc", 142},
    {"rsvp", 46},
    {"sctp", FW_PROTO_SCTP},
    {"shim6", 140},
    {"skip", 57},
    {"st", 5},
    {"udplite", FW_PROTO_UDPLITE},
    {"vmtp", 81},
    {"vrrp", 112},
    {"wesp", 141},
    {"xns-idp", 22},
    {"xtp", 36},
    {"ahp", FW_PROTO_AH},
    {"icmp6", FW_PROTO_ICMP6},
    {"icmpv6", FW_PROTO_ICMP6},
    {"ipv4", 4},
    {"ipv6-auth", FW_PROTO_AH},
    {"ipv6-crypt", FW_PROTO_ESP},
    {"ipv6-mh", 135},
    {"mh", 135},
    {"ospfigp", 89},
};

enum { PROTO_COUNT = sizeof(protos) / sizeof(protos[0]) };

struct port_name {
    const char *name;
    uint16_t port;
    bool alias; /* read, never printed */
};

#define FW_PORT(name, port) {name, port, false},
#define FW_PORT_ALIAS(name, port) {name, port, true},
static const struct port_name ports[] = {
#include "core/port.def"
};
#undef FW_PORT
#undef FW_PORT_ALIAS

enum { PORT_COUNT = sizeof(ports) / sizeof(ports[0]) };

bool fw_proto_parse(fw_sv text, uint8_t *ret)
{
    uint32_t number;
    if (fw_sv_u32(text, UINT8_MAX, &number)) {
        *ret = (uint8_t)number;
        return true;
    }
    for (size_t i = 0; i < PROTO_COUNT; i++) {
        if (fw_sv_is_nocase(text, protos[i].name)) {
            *ret = protos[i].number;
            return true;
        }
    }
    return false;
}

void fw_proto_text(struct fw_buf *buf, uint8_t proto)
{
    for (size_t i = 0; i < PROTO_COUNT; i++) {
        if (protos[i].number == proto) {
            fw_buf_add_cstr(buf, protos[i].name);
            return;
        }
    }
    fw_buf_printf(buf, "%u", proto);
}

bool fw_proto_has_ports(uint8_t proto)
{
    switch (proto) {
    case FW_PROTO_TCP:
    case FW_PROTO_UDP:
    case FW_PROTO_DCCP:
    case FW_PROTO_SCTP:
    case FW_PROTO_UDPLITE:
        return true;
    default:
        return false;
    }
}

/* The order of port.def: bytes of the lower-case text. */
static int compare_lower(fw_sv text, const char *name)
{
    size_t i = 0;
    for (; i < text.n && name[i] != '\0'; i++) {
        unsigned char a = (unsigned char)fw_lower(text.p[i]);
        unsigned char b = (unsigned char)name[i];
        if (a != b) {
            return a < b ? -1 : 1;
        }
    }
    return (i < text.n) - (name[i] != '\0');
}

bool fw_port_parse(fw_sv text, uint16_t *ret)
{
    uint32_t number;
    if (fw_sv_u32(text, UINT16_MAX, &number)) {
        *ret = (uint16_t)number;
        return true;
    }
    size_t at;
    FW_SEARCH(at, PORT_COUNT, compare_lower(text, ports[at].name) > 0);
    if (at == PORT_COUNT || compare_lower(text, ports[at].name) != 0) {
        return false;
    }
    *ret = ports[at].port;
    return true;
}

const char *fw_port_name(uint16_t port)
{
    for (size_t i = 0; i < PORT_COUNT; i++) {
        if (ports[i].port == port && !ports[i].alias) {
            return ports[i].name;
        }
    }
    return NULL;
}
