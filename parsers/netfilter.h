/*
 * Linux netfilter rules in the language of the iptables commands, whoever printed them: words, the
 * tables and chains they build, and what a match or target means. Used by every format that carries
 * such rules (save files, scripts of commands).
 */
#ifndef FW_PARSERS_NETFILTER_H
#define FW_PARSERS_NETFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"
#include "parsers/terms.h"
#include "policy/model.h"

/* A word: what the shell-like quoting says, and as it stands in the line (for places and for
 * canonical words, where "a b" and a b must differ). */
struct fw_nf_word {
    fw_sv text, raw;
};

struct fw_nf_words {
    size_t n;
    const struct fw_nf_word *v;
};

/* False: a quote is not closed; the words are there all the same. */
bool fw_nf_split(struct fw_arena *scratch, fw_sv line, struct fw_nf_words *ret);

/* What a target may change while a packet walks: a match on it is then not FIXED. Bits. */
enum {
    FW_NF_ALTERS_MARK = 1, /* to a value we do not know */
    FW_NF_ALTERS_CONNMARK = 2,
    FW_NF_ALTERS_SETS = 4,
    FW_NF_ALTERS_TTL = 8,
    FW_NF_ALTERS_TOS = 16,
};

struct fw_nf_chain {
    struct fw_nf_table *table;
    fw_sv name; /* as rules spell it; policy->name may have the table in front */
    struct fw_policy *policy;
    size_t cap;               /* of policy->rules */
    bool declared;            /* built in, or created by ":name" or -N */
    bool warned;              /* that it is not */
    struct fw_nf_chain *next; /* same hash */
};

enum { FW_NF_CHAIN_BUCKETS = 1024, FW_NF_TABLES = 16 };

struct fw_nf_table {
    fw_sv name;
    unsigned family; /* one FW_FAMILY_ bit */
};

/* The ruleset under construction. */
struct fw_nf {
    struct fw_doc *doc;
    struct fw_ruleset *ruleset;
    struct fw_pool pool;
    unsigned alters; /* by any target so far */
    bool rewrites;   /* some rule rewrites destinations: what a packet was sent to is lost */
    size_t ntables;
    struct fw_nf_table *tables[FW_NF_TABLES];
    struct fw_nf_chain *chains[FW_NF_CHAIN_BUCKETS];
};

void fw_nf_init(struct fw_nf *nf, struct fw_doc *doc, struct fw_ruleset *ruleset);
/* Finds or makes; NULL when there are more than FW_NF_TABLES. */
struct fw_nf_table *fw_nf_table(struct fw_nf *nf, fw_sv name, unsigned family);
bool fw_nf_table_known(fw_sv name); /* filter, nat, mangle, raw, security */
struct fw_nf_chain *fw_nf_chain_find(const struct fw_nf *nf, const struct fw_nf_table *table,
                                     fw_sv name);
struct fw_nf_chain *fw_nf_chain(struct fw_nf *nf, struct fw_nf_table *table, fw_sv name);
/* Declares the chain: ":INPUT DROP [1:2]", -P, -N. */
void fw_nf_chain_declare(struct fw_nf *nf, struct fw_nf_chain *chain, fw_sv policy,
                         struct fw_counter counter, fw_span span);
/* Room for n rules without moving. */
void fw_nf_chain_reserve(struct fw_nf *nf, struct fw_nf_chain *chain, size_t n);
/* Inserts before the 1-based position; position 0 appends. */
void fw_nf_chain_insert(struct fw_nf *nf, struct fw_nf_chain *chain, size_t position,
                        const struct fw_rule *rule);
void fw_nf_chain_remove(struct fw_nf_chain *chain, size_t position);
/* -F and -X: empties one chain or (no name) all of the table, or removes the user chains. */
void fw_nf_chains_clear(struct fw_nf *nf, const struct fw_nf_table *table, fw_sv name, bool remove);
/* The family of the rules from this line on, up to the end of their table, by their words. */
unsigned fw_nf_family_of(const struct fw_doc *doc, uint64_t offset, uint32_t line);
/* Addresses that are multicast or (false) broadcast whatever the routes say. */
const struct fw_ipset *fw_nf_fixed_addresses(struct fw_arena *arena, unsigned families,
                                             bool multicast);
/* A rule logs when the LOG rules right before it take the same packets. */
void fw_nf_find_logged(struct fw_policy *policy);
/* Numbers rules, resolves targets, finds out which rules log, seals the ruleset. */
void fw_nf_finish(struct fw_nf *nf);

/* Reads one command ("-A INPUT -s 10.0.0.0/8 -j DROP") and does it. Reports what is wrong, and
 * marks the line with the worst of it, or as used. */
void fw_nf_command(struct fw_nf *nf, struct fw_nf_table *table, uint32_t line, fw_sv text,
                   struct fw_nf_words words, struct fw_counter counter);

/* The same with conditions that the words do not tell. */
void fw_nf_command_under(struct fw_nf *nf, struct fw_nf_table *table, uint32_t line, fw_sv text,
                         struct fw_nf_words words, struct fw_counter counter,
                         const struct fw_atom *atoms, size_t natoms);
/* A rule that nobody can read: it may match and decide anything. At the end of the chain, ... */
void fw_nf_rule_unread(struct fw_nf *nf, struct fw_nf_chain *chain, fw_sv why, fw_span span);
/* ... or before all that is there: nobody knows what of it is left. */
void fw_nf_chain_unread(struct fw_nf *nf, struct fw_nf_chain *chain, fw_sv why, fw_span span);
/* The policy of a built-in chain is not known. */
void fw_nf_policy_unread(struct fw_nf_chain *chain, fw_span span);
/* Makes the chains that every table of this name has. */
void fw_nf_table_hooks(struct fw_nf *nf, struct fw_nf_table *table);

#endif
