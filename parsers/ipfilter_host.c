/* Addresses, ports and protocols in rules of IPFilter. ipf.conf(5), "Address matching". */
#include "core/proto.h"
#include "parsers/ipfilter.h"

void fw_ipf_respell(struct fw_pf *pf, const struct fw_ipf_respelled *rows, size_t n)
{
    for (size_t i = 0; pf->at < pf->n && i < n; i++) {
        if (fw_sv_is(pf->words[pf->at].text, rows[i].from)) {
            pf->words[pf->at].text = rows[i].to;
            return;
        }
    }
}

/* --- Hosts --- */

static bool mask_of(fw_sv text, fw_ip *ret)
{
    uint64_t bits;
    if (fw_sv_starts(text, "0x") && fw_sv_u64_any(text, &bits) && bits <= UINT32_MAX) {
        *ret = fw_ip4((uint32_t)bits);
        return true;
    }
    return fw_ip_parse(text, ret);
}

/* "192.0.2.0/24", "192.0.2.0/0xffffff00", "192.0.2.0" and "mask 255.255.255.0"; 0/0. */
static bool read_network(struct fw_pf *pf, fw_sv word, struct fw_choosing *ret)
{
    fw_iprange range;
    fw_ip ip;
    fw_ip mask;
    const struct fw_ipset *set;
    size_t slash = fw_sv_find_char(word, '/');
    fw_sv behind = slash == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(word, slash + 1, SIZE_MAX);
    bool apart = slash == SIZE_MAX && (fw_pf_take(pf, "mask") || fw_pf_take(pf, "netmask"));
    if (apart) {
        behind = fw_pf_next(pf);
    }
    if (fw_sv_is(behind, "0") && fw_sv_is(fw_sv_sub(word, 0, slash), "0")) {
        fw_choosing_range(ret, fw_iprange_all(FW_IPV4));
    } else if (!apart && fw_iprange_parse(word, &range, NULL)) {
        fw_choosing_range(ret, range);
    } else if (fw_ip_parse(fw_sv_sub(word, 0, slash), &ip) && mask_of(behind, &mask) &&
               fw_ipset_masked(ret->arena, ip, mask, &set)) {
        for (size_t i = 0; i < set->n; i++) {
            fw_choosing_range(ret, set->v[i]);
        }
    } else {
        if (apart) {
            fw_pf_unread(pf, behind, "a mask");
        }
        return false;
    }
    return true;
}

static void opaque(struct fw_choosing *choosing, const char *what, fw_sv name)
{
    const fw_sv words[] = {fw_sv_from(what), name};
    struct fw_atom atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(choosing->arena, words, 2),
                                       false);
    atom.outside = true;
    fw_choosing_atom(choosing, atom);
}

/* Rules of translation are looked up by the bits of the mask. */
static unsigned bits_of(struct fw_choice choice)
{
    unsigned bits = 0;
    bool one = choice.n == 1 && choice.v[0].src && choice.v[0].src->n == 1;
    return one && fw_iprange_is_prefix(choice.v[0].src->v[0], &bits) ? bits : 0;
}

static const struct fw_ipf_respelled operators[] = {
    {"eq", FW_SV_INIT("=")}, {"ne", FW_SV_INIT("!=")}, {"lt", FW_SV_INIT("<")},
    {"gt", FW_SV_INIT(">")}, {"le", FW_SV_INIT("<=")}, {"ge", FW_SV_INIT(">=")},
};

unsigned fw_ipf_side(struct fw_ipf *ipf, struct fw_pf_match *match, bool destination, bool negated)
{
    struct fw_pf *pf = &ipf->pf;
    struct fw_choosing choosing;
    unsigned bits = 0;
    fw_choosing_init(&choosing, match->terms.scratch);
    negated = fw_pf_take(pf, "!") || negated;
    if (!fw_sv_is(fw_pf_peek(pf), "port")) {
        bool own = fw_pf_take(pf, "("); /* the address of an interface */
        fw_sv word = fw_pf_next(pf);
        if (own) {
            fw_pf_take(pf, ")");
            opaque(&choosing, "address of", word);
            pf->at += fw_sv_starts(fw_pf_peek(pf), "/");
        } else if (fw_sv_is(word, "any")) {
            fw_choosing_term(&choosing, (struct fw_term){0});
        } else if (word.n == 0) {
            fw_pf_unread(pf, word, "an address");
        } else if (!read_network(pf, word, &choosing)) {
            bool pool = fw_sv_starts(word, "pool/") || fw_sv_starts(word, "hash/");
            /* Other names are those of a host or an interface; 10/8 is no network of theirs. */
            opaque(&choosing, pool ? "addresses of" : "host", word);
            bits = pool ? 0 : 32;
        }
        struct fw_choice choice = fw_choosing_done(&choosing);
        bits = bits > 0 ? bits : bits_of(choice);
        fw_terms_addresses(&match->terms, choice, destination, negated);
    }
    if (fw_pf_take(pf, "port")) {
        fw_ipf_respell(pf, operators, sizeof(operators) / sizeof(operators[0]));
        fw_pf_ports(pf, match, destination);
    }
    return bits;
}

/* --- Protocols --- */

void fw_ipf_has_ports(struct fw_pf_match *match)
{
    const struct fw_numrange v[] = {{FW_PROTO_TCP, FW_PROTO_TCP}, {FW_PROTO_UDP, FW_PROTO_UDP}};
    struct fw_term term = {.proto = fw_numset_make(match->terms.scratch, v, 2)};
    fw_terms_and(&match->terms, &term, 1);
}

bool fw_ipf_protocol(struct fw_pf_match *match, fw_sv name)
{
    uint8_t proto;
    if (fw_sv_is(name, "tcp/udp") || fw_sv_is(name, "udp/tcp")) {
        fw_ipf_has_ports(match);
        return true;
    }
    if (fw_sv_is(name, "ip")) {
        return true;
    }
    if (!fw_proto_parse(name, &proto)) {
        return false;
    }
    struct fw_term term = fw_term_proto(match->terms.scratch, proto);
    fw_terms_and(&match->terms, &term, 1);
    match->icmp = proto == FW_PROTO_ICMP || proto == FW_PROTO_ICMP6 ? proto : 0;
    return true;
}
