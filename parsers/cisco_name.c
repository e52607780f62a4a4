/* How Cisco spells ports, protocols and ICMP types. Names that mean what IANA says come from core;
 * here stand those that do not, or that only Cisco knows. */
#include "core/proto.h"
#include "parsers/cisco.h"

struct name {
    const char *name;
    uint16_t value;
};

/* Cisco ASA, CLI configuration guide, "Addresses, Protocols, and Ports", TCP and UDP ports; and
 * those that Arista EOS prints by their names. */
static const struct name ports[] = {
    {"bfd", 3784},     {"cifs", 3020},          {"kerberos", 750},
    {"msdp", 639},     {"non500-isakmp", 4500}, {"pcanywhere-status", 5632},
    {"radius", 1645},  {"radius-acct", 1646},   {"rpc", 111},
    {"tacacs-ds", 65}, {"tunnel", 604},         {"ups", 401},
    {"vmnet", 175},    {"z39-50", 210},         {NULL, 0},
};

static const struct name protocols[] = {
    {"ahp", 51},  {"igrp", 9},  {"ipinip", 4}, {"ipsec", 50}, {"nos", 94},
    {"pcp", 108}, {"pptp", 47}, {"snp", 109},  {NULL, 0},
};

static const struct name icmp_types[] = {
    {"alternate-address", 6},
    {"conversion-error", 31},
    {"echo", 8},
    {"echo-reply", 0},
    {"information-reply", 16},
    {"information-request", 15},
    {"mask-reply", 18},
    {"mask-request", 17},
    {"mobile-redirect", 32},
    {"parameter-problem", 12},
    {"redirect", 5},
    {"router-advertisement", 9},
    {"router-solicitation", 10},
    {"source-quench", 4},
    {"time-exceeded", 11},
    {"timestamp-reply", 14},
    {"timestamp-request", 13},
    {"traceroute", 30},
    {"unreachable", 3},
    {NULL, 0},
};

static const struct name icmp6_types[] = {
    {"echo", 128},
    {"echo-reply", 129},
    {"membership-query", 130},
    {"membership-reduction", 132},
    {"membership-report", 131},
    {"neighbor-advertisement", 136},
    {"neighbor-redirect", 137},
    {"neighbor-solicitation", 135},
    {"packet-too-big", 2},
    {"parameter-problem", 4},
    {"router-advertisement", 134},
    {"router-renumbering", 138},
    {"router-solicitation", 133},
    {"time-exceeded", 3},
    {"unreachable", 1},
    {NULL, 0},
};

static bool find(const struct name *rows, fw_sv word, uint16_t *ret)
{
    for (; rows->name; rows++) {
        if (fw_sv_is_nocase(word, rows->name)) {
            *ret = rows->value;
            return true;
        }
    }
    return false;
}

bool fw_cisco_port(fw_sv word, uint16_t *ret)
{
    return find(ports, word, ret) || fw_port_parse(word, ret);
}

bool fw_cisco_protocol(struct fw_arena *arena, fw_sv word, const struct fw_numset **ret,
                       bool *ret_any)
{
    uint16_t number;
    uint8_t proto;
    *ret_any = fw_sv_is(word, "ip") || fw_sv_is(word, "0");
    if (*ret_any) {
        *ret = NULL;
        return true;
    }
    if (fw_sv_is(word, "tcp-udp")) {
        struct fw_numrange both[] = {{FW_PROTO_TCP, FW_PROTO_TCP}, {FW_PROTO_UDP, FW_PROTO_UDP}};
        *ret = fw_numset_make(arena, both, 2);
        return true;
    }
    if (find(protocols, word, &number)) {
        *ret = fw_numset_range(arena, number, number);
        return true;
    }
    if (fw_proto_parse(word, &proto)) {
        *ret = fw_numset_range(arena, proto, proto);
        return true;
    }
    return false;
}

bool fw_cisco_icmp_type(fw_sv word, bool six, uint8_t *ret)
{
    uint32_t number;
    uint16_t value;
    if (fw_sv_u32(word, UINT8_MAX, &number)) {
        *ret = (uint8_t)number;
        return true;
    }
    if (!find(six ? icmp6_types : icmp_types, word, &value)) {
        return false;
    }
    *ret = (uint8_t)value;
    return true;
}
