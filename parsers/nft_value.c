/* How nftables spells values: names of ICMP types, flags, states, families. */
#include "parsers/nft.h"

#include "core/proto.h"

struct row {
    const char *name;
    uint32_t value;
};

/* nft describe icmp type, icmp code, icmpv6 type, icmpv6 code */
static const struct row icmp_types[] = {
    {"echo-reply", 0},           {"destination-unreachable", 3},
    {"source-quench", 4},        {"redirect", 5},
    {"echo-request", 8},         {"router-advertisement", 9},
    {"router-solicitation", 10}, {"time-exceeded", 11},
    {"parameter-problem", 12},   {"timestamp-request", 13},
    {"timestamp-reply", 14},     {"info-request", 15},
    {"info-reply", 16},          {"address-mask-request", 17},
    {"address-mask-reply", 18},  {NULL, 0},
};
static const struct row icmp_codes[] = {
    {"net-unreachable", 0},  {"host-unreachable", 1},  {"prot-unreachable", 2},
    {"port-unreachable", 3}, {"frag-needed", 4},       {"net-prohibited", 9},
    {"host-prohibited", 10}, {"admin-prohibited", 13}, {NULL, 0},
};
static const struct row icmp6_types[] = {
    {"destination-unreachable", 1}, {"packet-too-big", 2},
    {"time-exceeded", 3},           {"parameter-problem", 4},
    {"echo-request", 128},          {"echo-reply", 129},
    {"mld-listener-query", 130},    {"mld-listener-report", 131},
    {"mld-listener-done", 132},     {"mld-listener-reduction", 132},
    {"nd-router-solicit", 133},     {"nd-router-advert", 134},
    {"nd-neighbor-solicit", 135},   {"nd-neighbor-advert", 136},
    {"nd-redirect", 137},           {"router-renumbering", 138},
    {"ind-neighbor-solicit", 141},  {"ind-neighbor-advert", 142},
    {"mld2-listener-report", 143},  {NULL, 0},
};
static const struct row icmp6_codes[] = {
    {"no-route", 0},
    {"admin-prohibited", 1},
    {"addr-unreachable", 3},
    {"port-unreachable", 4},
    {"policy-fail", 5},
    {"reject-route", 6},
    {NULL, 0},
};
static const struct row tcp_flags[] = {
    {"fin", 1},  {"syn", 2},  {"rst", 4},   {"psh", 8}, {"ack", 16},
    {"urg", 32}, {"ecn", 64}, {"cwr", 128}, {NULL, 0},
};
/* As bits: these are a mask in nftables, too. */
static const struct row states[] = {
    {"new", 1 << FW_STATE_NEW},
    {"established", 1 << FW_STATE_ESTABLISHED},
    {"related", 1 << FW_STATE_RELATED},
    {"invalid", 1 << FW_STATE_INVALID},
    {"untracked", 1 << FW_STATE_UNTRACKED},
    {NULL, 0},
};
static const struct row families[] = {
    {"ip", FW_FAMILY_BIT4},   {"ip6", FW_FAMILY_BIT6},    {"ipv4", FW_FAMILY_BIT4},
    {"ipv6", FW_FAMILY_BIT6}, {"0x0800", FW_FAMILY_BIT4}, {"0x86dd", FW_FAMILY_BIT6},
    {"2048", FW_FAMILY_BIT4}, {"34525", FW_FAMILY_BIT6},  {NULL, 0},
};
static const struct row protos[] = {
    {"icmpv6", FW_PROTO_ICMP6}, {"ipv6-icmp", FW_PROTO_ICMP6}, {NULL, 0}};

struct type_row {
    const struct row *rows;
    uint32_t last; /* the largest number, when numbers are allowed as well */
};

static const struct type_row types[] = {
    [FW_NFT_TYPE_PORT] = {NULL, UINT16_MAX},
    [FW_NFT_TYPE_PROTO] = {protos, UINT8_MAX},
    [FW_NFT_TYPE_ICMP_TYPE] = {icmp_types, UINT8_MAX},
    [FW_NFT_TYPE_ICMP_CODE] = {icmp_codes, UINT8_MAX},
    [FW_NFT_TYPE_ICMP6_TYPE] = {icmp6_types, UINT8_MAX},
    [FW_NFT_TYPE_ICMP6_CODE] = {icmp6_codes, UINT8_MAX},
    [FW_NFT_TYPE_TCP_FLAGS] = {tcp_flags, UINT8_MAX},
    [FW_NFT_TYPE_STATE] = {states, 0},
    [FW_NFT_TYPE_FAMILY] = {families, 0},
    [FW_NFT_TYPE_NUMBER] = {NULL, UINT32_MAX},
};

uint32_t fw_nft_last(enum fw_nft_type type)
{
    return type == FW_NFT_TYPE_STATE ? (1u << FW_STATE_COUNT) - 1 : types[type].last;
}

bool fw_nft_number(enum fw_nft_type type, fw_sv text, uint32_t *ret)
{
    if (type >= sizeof(types) / sizeof(types[0])) {
        return false;
    }
    for (const struct row *row = types[type].rows; row && row->name; row++) {
        if (fw_sv_is(text, row->name)) {
            *ret = row->value;
            return true;
        }
    }
    uint64_t number;
    if (types[type].last > 0 && fw_sv_u64_any(text, &number) && number <= types[type].last) {
        *ret = (uint32_t)number;
        return true;
    }
    uint16_t port;
    if (type == FW_NFT_TYPE_PORT && fw_port_parse(text, &port)) {
        *ret = port;
        return true;
    }
    uint8_t proto;
    if (type == FW_NFT_TYPE_PROTO && fw_proto_parse(text, &proto)) {
        *ret = proto;
        return true;
    }
    return false;
}
