/* What a rule of <filter>, of <nat> or of automation matches: protocols, families, sides, and what
 * is no dimension. */
#include "core/proto.h"
#include "parsers/pf.h"
#include "parsers/sense.h"

void fw_sense_widen(struct fw_terms *terms, enum fw_atom_kind kind, const char *what, fw_sv value)
{
    fw_sv words[] = {fw_sv_from(what), value};
    fw_terms_atom(terms, fw_atom_make(kind, fw_words_join(terms->scratch, words, 2), false));
}

/* --- Conditions --- */

static void and_icmp(struct fw_terms *terms, fw_sv types, uint8_t proto)
{
    struct fw_numrange *v = NULL;
    size_t n = 0;
    fw_sv list = types;
    fw_sv name;
    bool ok = true;
    while (fw_sv_split(&list, ',', &name)) {
        uint32_t type;
        if (fw_sv_is(name, "any")) {
            return;
        }
        if (!fw_pf_icmp(fw_sv_trim(name), proto == FW_PROTO_ICMP6, &type)) {
            ok = false;
            continue;
        }
        v = fw_arena_push(terms->scratch, v, n, sizeof(*v));
        v[n++] = (struct fw_numrange){type << 8, type << 8 | UINT8_MAX};
    }
    if (!ok) {
        fw_sense_widen(terms, FW_ATOM_FIXED, "icmptype", types);
    } else if (n > 0) {
        struct fw_term term = {.icmp = fw_numset_make(terms->scratch, v, n)};
        fw_terms_and(terms, &term, 1);
    }
}

static bool and_protocol(struct fw_terms *terms, fw_sv text, fw_sv family, fw_sv icmp)
{
    struct fw_numrange v[2];
    size_t n = 0;
    uint8_t proto;
    bool six = fw_sv_is(family, "inet6");
    if (text.n == 0 || fw_sv_is_nocase(text, "any")) {
        return true;
    }
    if (fw_sv_is_nocase(text, "tcp/udp")) {
        v[n++] = (struct fw_numrange){FW_PROTO_TCP, FW_PROTO_TCP};
        v[n++] = (struct fw_numrange){FW_PROTO_UDP, FW_PROTO_UDP};
    } else if (fw_sv_is_nocase(text, "icmp")) { /* of the rule's families */
        if (!six) {
            v[n++] = (struct fw_numrange){FW_PROTO_ICMP, FW_PROTO_ICMP};
        }
        if (six || fw_sv_is(family, "inet46")) {
            v[n++] = (struct fw_numrange){FW_PROTO_ICMP6, FW_PROTO_ICMP6};
        }
    } else if (fw_sv_is_nocase(text, "carp") || fw_sv_is_nocase(text, "pfsync")) {
        uint32_t number = fw_sv_is_nocase(text, "carp") ? 112 : 240;
        v[n++] = (struct fw_numrange){number, number};
    } else if (fw_proto_parse(text, &proto)) {
        v[n++] = (struct fw_numrange){proto, proto};
    } else {
        return false;
    }
    struct fw_term term = {.proto = fw_numset_make(terms->scratch, v, n)};
    fw_terms_and(terms, &term, 1);
    if (icmp.n > 0 && n == 1 && (v[0].lo == FW_PROTO_ICMP || v[0].lo == FW_PROTO_ICMP6)) {
        and_icmp(terms, icmp, (uint8_t)v[0].lo);
    } else if (icmp.n > 0 && n == 2 && fw_sv_is_nocase(text, "icmp")) {
        fw_sense_widen(terms, FW_ATOM_FIXED, "icmptype", icmp);
    }
    return true;
}

bool fw_sense_protocol(struct fw_terms *terms, fw_sv protocol, fw_sv family, fw_sv icmp)
{
    if (fw_sv_is(family, "inet6")) {
        fw_terms_family(terms, FW_IPV6);
    } else if (family.n == 0 || fw_sv_is(family, "inet")) { /* before there was IPv6 */
        fw_terms_family(terms, FW_IPV4);
    } else if (!fw_sv_is(family, "inet46")) {
        return false;
    }
    return and_protocol(terms, protocol, family, icmp);
}

void fw_sense_match(struct fw_sense *sense, const struct fw_xnode *node, struct fw_rule *rule,
                    struct fw_terms *terms)
{
    fw_sv icmp = fw_xml_text(node, "icmptype");
    fw_sv protocol = fw_xml_text(node, "protocol");
    icmp = icmp.n > 0 ? icmp : fw_xml_text(node, "icmp6-type");
    if (!fw_sense_protocol(terms, protocol, fw_xml_text(node, "ipprotocol"), icmp)) {
        fw_xml_bad(sense->maker.doc, node, "a protocol, and inet, inet6 or inet46");
        fw_sense_widen(terms, FW_ATOM_FIXED, "protocol", protocol);
    }
    fw_sense_side(sense, fw_xml_child(node, "source"), rule, terms, false);
    fw_sense_side(sense, fw_xml_child(node, "destination"), rule, terms, true);
}

void fw_sense_rest(const struct fw_xnode *node, struct fw_terms *terms)
{
    static const struct {
        const char *name;
        enum fw_atom_kind kind;
    } rows[] = {
        {"os", FW_ATOM_FIXED},
        {"divert-to", FW_ATOM_VARYING},
        {"tos", FW_ATOM_FIXED},
        {"dscp", FW_ATOM_FIXED},
        {"vlanprio", FW_ATOM_FIXED},
        {"prio", FW_ATOM_FIXED},
        {"tagged", FW_ATOM_VARYING},
        {"sched", FW_ATOM_TIME},
        {"max", FW_ATOM_VARYING},
        {"max-src-nodes", FW_ATOM_VARYING},
        {"max-src-conn", FW_ATOM_VARYING},
        {"max-src-states", FW_ATOM_VARYING},
        {"max-src-conn-rate", FW_ATOM_VARYING},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fw_sv value = fw_xml_text(node, rows[i].name);
        if (value.n > 0 && !fw_sv_is(value, "any")) {
            fw_sense_widen(terms, rows[i].kind, rows[i].name, value);
        }
    }
    /* Those that are set, out of those that are looked at. */
    const fw_sv flags[] = {fw_xml_text(node, "tcpflags1"), FW_SV("of"),
                           fw_xml_text(node, "tcpflags2")};
    if (flags[0].n > 0 || flags[2].n > 0) {
        fw_sense_widen(terms, FW_ATOM_FIXED, "tcpflags", fw_words_join(terms->scratch, flags, 3));
    }
}

bool fw_sense_odd(const struct fw_xnode *node)
{
    return fw_sense_set(node, "tcpflags_any") || fw_xml_text(node, "tcpflags1").n > 0 ||
           fw_xml_text(node, "tcpflags2").n > 0 || fw_sv_is(fw_xml_text(node, "statetype"), "none");
}
