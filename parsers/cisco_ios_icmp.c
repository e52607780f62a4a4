/* How routers spell ICMP types together with their codes. */
#include "parsers/cisco_ios.h"

/* Cisco IOS, "IP Access List Entry": names of ICMP types with their codes. */
static const struct {
    const char *name;
    uint8_t type, code;
} icmp_codes[] = {
    {"administratively-prohibited", 3, 13},
    {"dod-host-prohibited", 3, 10},
    {"dod-net-prohibited", 3, 9},
    {"general-parameter-problem", 12, 0},
    {"host-isolated", 3, 8},
    {"host-precedence-unreachable", 3, 14},
    {"host-redirect", 5, 1},
    {"host-tos-redirect", 5, 3},
    {"host-tos-unreachable", 3, 12},
    {"host-unknown", 3, 7},
    {"host-unreachable", 3, 1},
    {"net-redirect", 5, 0},
    {"net-tos-redirect", 5, 2},
    {"net-tos-unreachable", 3, 11},
    {"net-unreachable", 3, 0},
    {"network-unknown", 3, 6},
    {"no-room-for-option", 12, 2},
    {"option-missing", 12, 1},
    {"packet-too-big", 3, 4},
    {"port-unreachable", 3, 3},
    {"precedence-unreachable", 3, 15},
    {"protocol-unreachable", 3, 2},
    {"reassembly-timeout", 11, 1},
    {"source-route-failed", 3, 5},
    {"ttl-exceeded", 11, 0},
};

static const struct {
    const char *name;
    uint8_t type;
    int code; /* -1: any */
} icmp6_codes[] = {
    {"beyond-scope", 1, 2},
    {"destination-unreachable", 1, -1},
    {"dhaad-reply", 145, -1},
    {"dhaad-request", 144, -1},
    {"echo-request", 128, -1},
    {"header", 4, 0},
    {"hop-limit", 3, 0},
    {"mld-query", 130, -1},
    {"mld-reduction", 132, -1},
    {"mld-report", 131, -1},
    {"mld-v2-report", 143, -1},
    {"mldv2", 143, -1},
    {"mpd-advertisement", 147, -1},
    {"mpd-solicitation", 146, -1},
    {"nd-na", 136, -1},
    {"nd-ns", 135, -1},
    {"next-header", 4, 1},
    {"no-admin", 1, 1},
    {"no-route", 1, 0},
    {"parameter-option", 4, 2},
    {"parameter-problem", 4, -1},
    {"port-unreachable", 1, 4},
    {"reassembly-timeout", 3, 1},
    {"redirect", 137, -1},
    {"renum-command", 138, 0},
    {"renum-result", 138, 1},
    {"renum-seq-number", 138, 255},
    {"router-renumbering", 138, -1},
    {"unreachable", 1, -1},
};

const struct fw_numset *fw_ios_icmp(struct fw_arena *arena, fw_sv word, bool six)
{
    for (size_t i = 0; !six && i < sizeof(icmp_codes) / sizeof(icmp_codes[0]); i++) {
        if (fw_sv_is(word, icmp_codes[i].name)) {
            uint32_t both = (uint32_t)icmp_codes[i].type << 8 | icmp_codes[i].code;
            return fw_numset_range(arena, both, both);
        }
    }
    for (size_t i = 0; six && i < sizeof(icmp6_codes) / sizeof(icmp6_codes[0]); i++) {
        if (fw_sv_is(word, icmp6_codes[i].name)) {
            uint32_t type = (uint32_t)icmp6_codes[i].type << 8;
            bool any = icmp6_codes[i].code < 0;
            return fw_numset_range(arena, any ? type : type | (uint32_t)icmp6_codes[i].code,
                                   any ? type | UINT8_MAX : type | (uint32_t)icmp6_codes[i].code);
        }
    }
    return NULL;
}
