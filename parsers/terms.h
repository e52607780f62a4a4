/*
 * Building what a rule matches: conditions are added one after the other, each as a choice of
 * products ("source port or destination port in this set"), and the result is the canonical list of
 * terms the model wants. Work in progress lives in a scratch arena; what is finished is interned in
 * a pool, so that ten thousand rules for port 443 share one set and equal matches are equal
 * pointers.
 */
#ifndef FW_PARSERS_TERMS_H
#define FW_PARSERS_TERMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/ip.h"
#include "core/numset.h"
#include "core/sv.h"
#include "policy/model.h"

struct fw_pool_slot;

/* The largest value of every numeric dimension: a set that holds 0..LAST holds everything. */
enum {
    FW_LAST_proto = UINT8_MAX,
    FW_LAST_sport = UINT16_MAX,
    FW_LAST_dport = UINT16_MAX,
    FW_LAST_icmp = UINT16_MAX,
    FW_LAST_flags = UINT8_MAX,
    FW_LAST_state = FW_STATE_COUNT - 1,
};

/* One copy of every text and set, in the arena of the result. */
struct fw_pool {
    struct fw_arena *arena;
    size_t n, cap;
    struct fw_pool_slot *slots;
};

void fw_pool_init(struct fw_pool *pool, struct fw_arena *arena);
fw_sv fw_pool_text(struct fw_pool *pool, fw_sv text); /* {0} stays {0} */
const struct fw_ipset *fw_pool_ipset(struct fw_pool *pool, const struct fw_ipset *set);
const struct fw_numset *fw_pool_numset(struct fw_pool *pool, const struct fw_numset *set);
const struct fw_nameset *fw_pool_nameset(struct fw_pool *pool, const struct fw_nameset *set);

/* Sorted, without duplicates. */
const struct fw_nameset *fw_nameset_make(struct fw_arena *arena, const fw_sv *names, size_t n,
                                         bool negated);
/* The words with a blank between each two; NULs and all. */
fw_sv fw_words_join(struct fw_arena *arena, const fw_sv *words, size_t n);
struct fw_atom fw_atom_make(enum fw_atom_kind kind, fw_sv words, bool negated);

/* Every IPv4 address that agrees with `ip` where the mask has ones; the mask may have holes. False:
 * it is not IPv4, or falls into too many pieces. */
bool fw_ipset_masked(struct fw_arena *arena, fw_ip ip, fw_ip mask, const struct fw_ipset **ret);
/* "10.0.0.1/255.255.255.253"; `free`: ones of the mask are the bits that may be anything. */
bool fw_ipset_wildcard(struct fw_arena *arena, fw_sv text, bool free, const struct fw_ipset **ret);

struct fw_terms {
    struct fw_arena *scratch;
    unsigned families; /* what "all addresses" is */
    size_t n;
    struct fw_term *v;
    bool cut; /* FW_LIMIT_RULE_TERMS was reached: the bounds were widened instead */
};

/* Starts with the one term that matches everything. */
void fw_terms_init(struct fw_terms *terms, struct fw_arena *scratch, unsigned families);
/* Keeps what also matches one of the parts; no parts leave nothing. */
void fw_terms_and(struct fw_terms *terms, const struct fw_term *parts, size_t n);
void fw_terms_atom(struct fw_terms *terms, struct fw_atom atom);
void fw_terms_family(struct fw_terms *terms, enum fw_family family);
/* Keeps what the others do not match; the words say so where that falls into too many pieces. How
 * many products were made on the way. (terms_except.c) */
size_t fw_terms_except(struct fw_terms *terms, const struct fw_terms *but, fw_sv words);
/* Empty and contradictory terms are dropped, sets that hold everything become NULL. */
void fw_terms_finish(const struct fw_terms *terms, struct fw_pool *pool, struct fw_match *ret);
/* The atoms' words of a match, each once, in order of appearance. */
const fw_sv *fw_match_words(struct fw_arena *arena, const struct fw_match *match, size_t *ret_n);
/* Both from the same pool. */
bool fw_match_same(const struct fw_match *a, const struct fw_match *b);

#endif
