/*
 * One comparison of a rule of nftables while it becomes conditions: shared by those of plain fields
 * (nft_match.c) and the special ones (nft_special.c). Nobody else needs this.
 */
#ifndef FW_PARSERS_NFT_MATCH_H
#define FW_PARSERS_NFT_MATCH_H

#include "parsers/nft.h"

enum fw_nft_meaning {
    OPAQUE,
    SRC,
    DST,
    IN,
    OUT,
    PROTO,
    NEXTHDR,
    SPORT,
    DPORT,
    TH_SPORT,
    TH_DPORT,
    ICMP_TYPE,
    ICMP_CODE,
    FLAGS,
    STATE,
    FAMILY,
    MARK,
    CONNMARK,
};

struct fw_nft_key {
    const char *words;
    enum fw_nft_type type;
    enum fw_nft_meaning meaning;
    unsigned family;
    int proto;
};

/* Where the conditions go, and what is compared. */
struct fw_nft_comparison {
    struct fw_nft_making *making;
    struct fw_terms *terms;
    enum fw_nft_op op;
    const struct fw_nft_key *row;    /* NULL: the key is not modelled */
    const struct fw_nft_expr *key;   /* as written, with its mask */
    const struct fw_nft_expr *right; /* for the words */
    bool list;                       /* the values are those of a set */
    size_t n;
    const struct fw_nft_expr *const *values;
    bool has_mask;
    uint32_t mask;
};

/* The value of flags, states or numbers: "syn", "syn,ack", "(syn | ack)", "0x10". */
bool fw_nft_value(enum fw_nft_type type, const struct fw_nft_expr *expr, uint32_t *ret);
/* The numbers of 0..last that satisfy the comparison; NULL: a value was not understood. */
const struct fw_numset *fw_nft_numbers(const struct fw_nft_comparison *c, uint32_t last);
/* For flags: all bytes that satisfy it. For states: those of the packets, which have one each. */
const struct fw_numset *fw_nft_masks(const struct fw_nft_comparison *c);
bool fw_nft_addresses(const struct fw_nft_expr *expr, uint8_t family, fw_iprange *ret);
void fw_nft_say_bad(const struct fw_nft_comparison *c, const struct fw_nft_expr *value);
/* Keys that mean something to us without being fields; false: not one of them. */
bool fw_nft_special(const struct fw_nft_comparison *c);

#endif
