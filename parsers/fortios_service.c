/* Which protocols and ports one service of FortiOS stands for. */
#include "core/proto.h"
#include "parsers/fortios_object.h"

/* "80", "80-90", "80-90:1024-65535" (destination, then source) */
static bool read_portrange(struct fw_fos *fos, uint8_t proto, fw_sv text, struct fw_term *ret)
{
    struct fw_arena *arena = &fos->doc->arena;
    size_t colon = fw_sv_find_char(text, ':');
    const struct fw_numset *sport = NULL;
    uint16_t lo;
    uint16_t hi;
    if (colon != SIZE_MAX) {
        if (!fw_fos_ports(fw_sv_sub(text, colon + 1, SIZE_MAX), &lo, &hi)) {
            return false;
        }
        sport = lo <= 1 && hi == UINT16_MAX ? NULL : fw_numset_range(arena, lo, hi);
    }
    if (!fw_fos_ports(fw_sv_sub(text, 0, colon), &lo, &hi)) {
        return false;
    }
    /* Port 0 is never used: 1-65535 is how FortiOS writes "any port". */
    const struct fw_numset *dport = lo <= 1 && hi == UINT16_MAX ? NULL
                                                                : fw_numset_range(arena, lo, hi);
    *ret = fw_term_ports(arena, proto, sport, dport);
    return true;
}

static void add_ports(struct fw_fos *fos, struct fw_choosing *choosing, struct fw_node *entry,
                      const char *key, uint8_t proto)
{
    struct fw_node *node = fw_fos_key(fos, entry, key);
    for (struct fw_node *value = node ? node->child : NULL; value; value = value->next) {
        fw_sv rest = value->name;
        fw_sv text;
        while (fw_sv_word(&rest, &text)) {
            struct fw_term term;
            if (read_portrange(fos, proto, text, &term)) {
                fw_choosing_term(choosing, term);
            } else {
                fw_fos_bad_value(fos, node, "ports as 80, 80-90 or 80-90:1024-65535");
                fw_choosing_add(choosing, fw_choice_opaque(&fos->doc->arena, "ports", text, false));
            }
        }
    }
}

static void add_icmp(struct fw_fos *fos, struct fw_choosing *choosing, struct fw_node *entry,
                     uint8_t proto)
{
    fw_sv type_text = fw_fos_value(fos, entry, "icmptype");
    fw_sv code_text = fw_fos_value(fos, entry, "icmpcode");
    uint32_t type;
    uint32_t code;
    if (type_text.n == 0) {
        fw_choosing_term(choosing, fw_term_proto(&fos->doc->arena, proto));
    } else if (fw_sv_u32(type_text, UINT8_MAX, &type)) {
        bool coded = fw_sv_u32(code_text, UINT8_MAX, &code);
        fw_choosing_term(choosing,
                         fw_term_icmp(&fos->doc->arena, proto, type, coded ? (int)code : -1));
    } else {
        fw_fos_bad_value(fos, fw_fos_key(fos, entry, "icmptype"), "a number up to 255");
        fw_choosing_add(choosing, fw_choice_opaque(&fos->doc->arena, "icmptype", type_text, false));
    }
}

struct fw_choice fw_fos_service_choice(struct fw_fos *fos, struct fw_node *entry)
{
    struct fw_choosing choosing;
    fw_sv protocol = fw_fos_value(fos, entry, "protocol");
    uint32_t number = 0;
    fw_choosing_init(&choosing, &fos->doc->arena);
    if (fw_sv_is_nocase(protocol, "ICMP")) {
        add_icmp(fos, &choosing, entry, FW_PROTO_ICMP);
    } else if (fw_sv_is_nocase(protocol, "ICMP6")) {
        add_icmp(fos, &choosing, entry, FW_PROTO_ICMP6);
    } else if (fw_sv_is_nocase(protocol, "IP") || fw_sv_is_nocase(protocol, "ALL")) {
        struct fw_node *key = fw_fos_key(fos, entry, "protocol-number");
        if (key && !fw_sv_u32(fw_node_value(key), UINT8_MAX, &number)) {
            fw_fos_bad_value(fos, key, "a number up to 255");
            fw_choosing_add(&choosing, fw_choice_opaque(&fos->doc->arena, "protocol",
                                                        fw_node_value(key), false));
        } else if (number == 0) {
            fw_choosing_term(&choosing, (struct fw_term){0});
        } else {
            fw_choosing_term(&choosing, fw_term_proto(&fos->doc->arena, (uint8_t)number));
        }
    }
    /* What an earlier protocol left behind is without effect, but known. */
    bool ports = protocol.n == 0 || fw_sv_find_char(protocol, '/') != SIZE_MAX;
    struct fw_choosing unused;
    fw_choosing_init(&unused, &fos->doc->arena);
    struct fw_choosing *to = ports ? &choosing : &unused;
    add_ports(fos, to, entry, "tcp-portrange", FW_PROTO_TCP);
    add_ports(fos, to, entry, "udp-portrange", FW_PROTO_UDP);
    add_ports(fos, to, entry, "sctp-portrange", FW_PROTO_SCTP);
    fw_fos_key(fos, entry, "icmptype");
    fw_fos_key(fos, entry, "icmpcode");
    fw_fos_key(fos, entry, "protocol-number");
    bool narrows = false;
    for (struct fw_node *key = entry->child; key; key = key->next) {
        bool unset = key->n == 1 &&
                     (key->child->name.n == 0 || fw_sv_is(key->child->name, "0.0.0.0"));
        if (key->verdict == FW_LINE_NONE) {
            narrows = (fw_fos_keyword(fos, "firewall service custom", key) && !unset) || narrows;
        }
    }
    struct fw_choice choice = fw_choosing_done(&choosing);
    if (choice.n == 0) { /* no protocol, or no ports of one: nobody knows which are meant */
        return fw_choice_opaque(&fos->doc->arena, "service", entry->name, false);
    }
    if (!narrows) {
        return choice;
    }
    struct fw_terms terms;
    const fw_sv words[] = {FW_SV("service"), entry->name};
    fw_terms_init(&terms, &fos->doc->arena, FW_FAMILY_BOTH);
    fw_terms_and(&terms, choice.v, choice.n);
    fw_terms_atom(&terms,
                  fw_atom_make(FW_ATOM_FIXED, fw_words_join(&fos->doc->arena, words, 2), false));
    return (struct fw_choice){terms.n, terms.v};
}

struct fw_choice fw_fos_builtin_choice(struct fw_fos *fos, fw_sv rest)
{
    struct fw_choosing choosing;
    fw_sv word;
    fw_choosing_init(&choosing, &fos->doc->arena);
    while (fw_sv_word(&rest, &word)) {
        size_t slash = fw_sv_find_char(word, '/');
        fw_sv what = fw_sv_sub(word, 0, slash);
        fw_sv ports = fw_sv_sub(word, slash + 1, SIZE_MAX);
        struct fw_term term = {0};
        uint8_t proto = 0;
        uint32_t number = 0;
        fw_sv_u32(ports, UINT8_MAX, &number);
        if (fw_sv_is(what, "ip")) {
            if (number > 0) {
                term = fw_term_proto(&fos->doc->arena, (uint8_t)number);
            }
        } else if (fw_proto_parse(what, &proto) && !fw_proto_has_ports(proto)) {
            term = fw_term_icmp(&fos->doc->arena, proto, number, -1);
        } else {
            read_portrange(fos, proto, ports, &term);
        }
        fw_choosing_term(&choosing, term);
    }
    return fw_choosing_done(&choosing);
}
