/* How iptables spells numbers: TCP flags, ICMP types, marks, ports. */
#include "parsers/netfilter_match.h"

#include "core/proto.h"

bool fw_nf_value_find(const struct fw_nf_value *rows, fw_sv name, uint32_t *ret)
{
    for (; rows->name; rows++) {
        if (fw_sv_is_nocase(name, rows->name)) {
            *ret = rows->value;
            return true;
        }
    }
    return false;
}

/* The bits of RFC 9293's flag byte; ALL leaves out ECE and CWR, as iptables does. */
static const struct fw_nf_value tcp_flags[] = {
    {"FIN", 1},  {"SYN", 2},   {"RST", 4},  {"PSH", 8},  {"ACK", 16}, {"URG", 32},
    {"ECE", 64}, {"CWR", 128}, {"ALL", 63}, {"NONE", 0}, {NULL, 0},
};

bool fw_nf_flags(fw_sv list, uint32_t *ret)
{
    uint32_t flags = 0;
    fw_sv piece;
    uint32_t value;
    if (fw_sv_starts(list, "0x")) {
        uint64_t number;
        if (!fw_sv_u64_any(list, &number) || number > UINT8_MAX) {
            return false;
        }
        *ret = (uint32_t)number;
        return true;
    }
    while (fw_sv_split(&list, ',', &piece)) {
        if (!fw_nf_value_find(tcp_flags, piece, &value)) {
            return false;
        }
        flags |= value;
    }
    *ret = flags;
    return true;
}

/* Names of ICMP types as "type << 8 | code"; ANY_CODE for all codes of the type. iptables -p icmp
 * -h. */
enum { ANY_CODE = 1 << 16 };
static const struct fw_nf_value icmp_types[] = {
    {"any", ANY_CODE | 255 << 8},
    {"echo-reply", ANY_CODE | 0},
    {"pong", ANY_CODE | 0},
    {"destination-unreachable", ANY_CODE | 3 << 8},
    {"network-unreachable", 3 << 8 | 0},
    {"host-unreachable", 3 << 8 | 1},
    {"protocol-unreachable", 3 << 8 | 2},
    {"port-unreachable", 3 << 8 | 3},
    {"fragmentation-needed", 3 << 8 | 4},
    {"source-route-failed", 3 << 8 | 5},
    {"network-unknown", 3 << 8 | 6},
    {"host-unknown", 3 << 8 | 7},
    {"network-prohibited", 3 << 8 | 9},
    {"host-prohibited", 3 << 8 | 10},
    {"TOS-network-unreachable", 3 << 8 | 11},
    {"TOS-host-unreachable", 3 << 8 | 12},
    {"communication-prohibited", 3 << 8 | 13},
    {"host-precedence-violation", 3 << 8 | 14},
    {"precedence-cutoff", 3 << 8 | 15},
    {"source-quench", ANY_CODE | 4 << 8},
    {"redirect", ANY_CODE | 5 << 8},
    {"network-redirect", 5 << 8 | 0},
    {"host-redirect", 5 << 8 | 1},
    {"TOS-network-redirect", 5 << 8 | 2},
    {"TOS-host-redirect", 5 << 8 | 3},
    {"echo-request", ANY_CODE | 8 << 8},
    {"ping", ANY_CODE | 8 << 8},
    {"router-advertisement", ANY_CODE | 9 << 8},
    {"router-solicitation", ANY_CODE | 10 << 8},
    {"time-exceeded", ANY_CODE | 11 << 8},
    {"ttl-exceeded", ANY_CODE | 11 << 8},
    {"ttl-zero-during-transit", 11 << 8 | 0},
    {"ttl-zero-during-reassembly", 11 << 8 | 1},
    {"parameter-problem", ANY_CODE | 12 << 8},
    {"ip-header-bad", 12 << 8 | 0},
    {"required-option-missing", 12 << 8 | 1},
    {"timestamp-request", ANY_CODE | 13 << 8},
    {"timestamp-reply", ANY_CODE | 14 << 8},
    {"address-mask-request", ANY_CODE | 17 << 8},
    {"address-mask-reply", ANY_CODE | 18 << 8},
    {NULL, 0},
};
static const struct fw_nf_value icmp6_types[] = {
    {"destination-unreachable", ANY_CODE | 1 << 8},
    {"no-route", 1 << 8 | 0},
    {"communication-prohibited", 1 << 8 | 1},
    {"beyond-scope", 1 << 8 | 2},
    {"address-unreachable", 1 << 8 | 3},
    {"port-unreachable", 1 << 8 | 4},
    {"failed-policy", 1 << 8 | 5},
    {"reject-route", 1 << 8 | 6},
    {"packet-too-big", ANY_CODE | 2 << 8},
    {"time-exceeded", ANY_CODE | 3 << 8},
    {"ttl-exceeded", ANY_CODE | 3 << 8},
    {"ttl-zero-during-transit", 3 << 8 | 0},
    {"ttl-zero-during-reassembly", 3 << 8 | 1},
    {"parameter-problem", ANY_CODE | 4 << 8},
    {"bad-header", 4 << 8 | 0},
    {"unknown-header-type", 4 << 8 | 1},
    {"unknown-option", 4 << 8 | 2},
    {"echo-request", ANY_CODE | 128 << 8},
    {"ping", ANY_CODE | 128 << 8},
    {"echo-reply", ANY_CODE | 129 << 8},
    {"pong", ANY_CODE | 129 << 8},
    {"mld-listener-query", ANY_CODE | 130 << 8},
    {"mld-listener-report", ANY_CODE | 131 << 8},
    {"mld-listener-done", ANY_CODE | 132 << 8},
    {"mld-listener-reduction", ANY_CODE | 132 << 8},
    {"router-solicitation", ANY_CODE | 133 << 8},
    {"router-advertisement", ANY_CODE | 134 << 8},
    {"neighbour-solicitation", ANY_CODE | 135 << 8},
    {"neighbor-solicitation", ANY_CODE | 135 << 8},
    {"neighbour-advertisement", ANY_CODE | 136 << 8},
    {"neighbor-advertisement", ANY_CODE | 136 << 8},
    {"redirect", ANY_CODE | 137 << 8},
    {NULL, 0},
};

/* "8", "3/4", "echo-request". */
bool fw_nf_icmp(fw_sv text, bool six, struct fw_numrange *ret)
{
    const struct fw_nf_value *names = six ? icmp6_types : icmp_types;
    uint32_t type;
    uint32_t code;
    size_t slash = fw_sv_find_char(text, '/');
    if (fw_nf_value_find(names, text, &type)) {
        if (type == (ANY_CODE | 255 << 8) && fw_sv_is_nocase(text, "any")) {
            *ret = (struct fw_numrange){0, UINT16_MAX};
            return true;
        }
        uint32_t lo = type & UINT16_MAX;
        *ret = (struct fw_numrange){lo, type & ANY_CODE ? lo | UINT8_MAX : lo};
        return true;
    }
    if (!fw_sv_u32(fw_sv_sub(text, 0, slash), UINT8_MAX, &type)) {
        return false;
    }
    if (slash == SIZE_MAX) {
        /* 255 is what "any" compiles to. */
        bool any = names == icmp_types && type == UINT8_MAX;
        *ret = (struct fw_numrange){any ? 0 : type << 8, any ? UINT16_MAX : type << 8 | UINT8_MAX};
        return true;
    }
    if (!fw_sv_u32(fw_sv_sub(text, slash + 1, SIZE_MAX), UINT8_MAX, &code)) {
        return false;
    }
    *ret = (struct fw_numrange){type << 8 | code, type << 8 | code};
    return true;
}

/* "0x10/0xff", "16": value and mask. */
bool fw_nf_mark(fw_sv text, uint32_t *ret_value, uint32_t *ret_mask)
{
    size_t slash = fw_sv_find_char(text, '/');
    uint64_t value;
    uint64_t mask = UINT32_MAX;
    if (!fw_sv_u64_any(fw_sv_sub(text, 0, slash), &value) || value > UINT32_MAX ||
        (slash != SIZE_MAX && !fw_sv_u64_any(fw_sv_sub(text, slash + 1, SIZE_MAX), &mask)) ||
        mask > UINT32_MAX) {
        return false;
    }
    *ret_value = (uint32_t)value;
    *ret_mask = (uint32_t)mask;
    return true;
}

bool fw_nf_ports(fw_sv text, struct fw_numrange *ret)
{
    uint16_t lo = 0;
    uint16_t hi = UINT16_MAX;
    size_t colon = fw_sv_find_char(text, ':');
    fw_sv first = fw_sv_sub(text, 0, colon);
    fw_sv last = colon == SIZE_MAX ? first : fw_sv_sub(text, colon + 1, SIZE_MAX);
    if (text.n == 0 || (first.n > 0 && !fw_port_parse(first, &lo)) ||
        (last.n > 0 && !fw_port_parse(last, &hi)) || lo > hi) {
        return false;
    }
    *ret = (struct fw_numrange){lo, hi};
    return true;
}
