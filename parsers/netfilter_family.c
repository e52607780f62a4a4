/* Whether rules without a word about it are for IPv4 or IPv6. */
#include "parsers/netfilter.h"

static bool is_v6_word(fw_sv word)
{
    static const char *const names[] = {"icmp6",      "icmpv6",   "ipv6-icmp",    "hl", "eui64",
                                        "ipv6header", "hbh",      "srh",          "HL", "SNPT",
                                        "DNPT",       "--hl-set", "--icmpv6-type"};
    fw_iprange range;
    if (FW_SV_AMONG(word, names)) {
        return true;
    }
    return fw_sv_starts(word, "icmp6-") ||
           (fw_sv_find_char(word, ':') != SIZE_MAX && fw_iprange_parse(word, &range, NULL));
}

static bool is_v4_word(fw_sv word)
{
    fw_iprange range;
    return fw_sv_find_char(word, '.') != SIZE_MAX && fw_iprange_parse(word, &range, NULL) &&
           range.lo.family == FW_IPV4;
}

/* The family of the table that starts here, from its words: a v4 address settles it; without one,
 * anything that only IPv6 has. Ports like "22:80" look like addresses to no one. */
unsigned fw_nf_family_of(const struct fw_doc *doc, uint64_t offset, uint32_t line)
{
    fw_sv text;
    bool six = false;
    while (fw_doc_line(doc, &offset, &line, &text)) {
        fw_sv word;
        if (fw_sv_starts(text, "COMMIT") || fw_sv_starts(text, "*")) {
            break;
        }
        if (fw_sv_starts(text, "#")) {
            continue;
        }
        while (fw_sv_word(&text, &word)) {
            if (is_v4_word(word)) {
                return FW_FAMILY_BIT4;
            }
            six = six || is_v6_word(word);
        }
    }
    return six ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
}
