/* Comparisons of nftables that mean something to us although their key is no field of a packet:
 * what the routes say of an address, and fragments. */
#include "parsers/netfilter.h"
#include "parsers/nft_match.h"

static bool is_plain(const struct fw_nft_comparison *c)
{
    return c->op == FW_NFT_IN || c->op == FW_NFT_EQ || c->op == FW_NFT_NE;
}

/* "fib daddr type multicast": some addresses are that whatever the routes say; for broadcasts the
 * networks of the interfaces have a say as well. */
static void add_fixed(const struct fw_nft_comparison *c, bool source, bool multicast)
{
    struct fw_arena *arena = &c->making->nft->doc->scratch;
    unsigned families = fw_nft_families(c->making->chain->table->family);
    const struct fw_ipset *set = fw_nf_fixed_addresses(arena, families, multicast);
    bool negated = c->op == FW_NFT_NE;
    struct fw_term parts[2] = {{0}};
    struct fw_atom *atom = fw_new(arena, struct fw_atom);
    fw_sv words[] = {c->key->text, c->values[0]->text};
    *atom = fw_atom_make(FW_ATOM_FIXED, fw_words_join(arena, words, 2), negated);
    set = negated ? fw_ipset_complement(arena, set, families) : set;
    *(source ? &parts[0].src : &parts[0].dst) = set;
    parts[1] = (struct fw_term){.natoms = 1, .atoms = atom};
    if (multicast || negated) {
        fw_terms_and(c->terms, &parts[0], 1);
        if (!multicast) {
            fw_terms_and(c->terms, &parts[1], 1);
        }
    } else {
        fw_terms_and(c->terms, parts, 2);
    }
}

/* "fib daddr type local": an address of the device. */
static bool add_type(const struct fw_nft_comparison *c)
{
    bool source = fw_sv_is(c->key->text, "fib saddr type");
    bool type = source || fw_sv_is(c->key->text, "fib daddr type");
    if (!type || c->key->kind != FW_NFT_KEY || !is_plain(c) || c->n != 1 ||
        c->values[0]->kind != FW_NFT_VALUE) {
        return false;
    }
    fw_sv value = c->values[0]->text;
    if (fw_sv_is(value, "local")) {
        fw_terms_atom(c->terms, fw_atom_make(source ? FW_ATOM_SRC_LOCAL : FW_ATOM_DST_LOCAL,
                                             fw_sv_from(source ? "fib saddr type local"
                                                               : "fib daddr type local"),
                                             c->op == FW_NFT_NE));
        return true;
    }
    if (!fw_sv_is(value, "multicast") && !fw_sv_is(value, "broadcast")) {
        return false;
    }
    add_fixed(c, source, fw_sv_is(value, "multicast"));
    return true;
}

/* "ip frag-off & 0x1fff != 0": not the first fragment. */
static bool add_fragment(const struct fw_nft_comparison *c)
{
    uint32_t mask;
    uint32_t value;
    bool ok = c->key->kind == FW_NFT_BINOP && fw_sv_is(c->key->text, "&") &&
              c->key->v[0]->kind == FW_NFT_KEY && fw_sv_is(c->key->v[0]->text, "ip frag-off") &&
              fw_nft_value(FW_NFT_TYPE_NUMBER, c->key->v[1], &mask) && mask == 0x1fff &&
              c->n == 1 && fw_nft_value(FW_NFT_TYPE_NUMBER, c->values[0], &value) && value == 0 &&
              is_plain(c);
    if (!ok) {
        return false;
    }
    fw_iprange all = fw_iprange_all(FW_IPV4);
    struct fw_term term = {.src = fw_ipset_make(&c->making->nft->doc->scratch, &all, 1)};
    fw_terms_and(c->terms, &term, 1);
    fw_terms_atom(c->terms, fw_atom_make(FW_ATOM_FRAGMENT, FW_SV("fragment"), c->op != FW_NFT_NE));
    return true;
}

bool fw_nft_special(const struct fw_nft_comparison *c)
{
    return add_type(c) || add_fragment(c);
}
