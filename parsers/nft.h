/*
 * The language of nftables, whoever wrote it: `nft list ruleset`, scripts, `nft -j`. Both spellings
 * become the same expressions and statements, and those become policies in one place, so that the
 * two cannot differ in meaning.
 */
#ifndef FW_PARSERS_NFT_H
#define FW_PARSERS_NFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"
#include "parsers/terms.h"
#include "policy/model.h"

enum fw_nft_kind {
    FW_NFT_VALUE,   /* text: 10.0.0.1, 22, "eth0", established */
    FW_NFT_KEY,     /* text: what is looked at, in one spelling: "ip saddr", "meta iifname" */
    FW_NFT_PREFIX,  /* v[0] / text */
    FW_NFT_RANGE,   /* v[0]-v[1] */
    FW_NFT_FLAGS,   /* v[0],v[1],... of a bit mask */
    FW_NFT_SET,     /* { v[0], v[1], ... } */
    FW_NFT_REF,     /* @text */
    FW_NFT_CONCAT,  /* v[0] . v[1] ... */
    FW_NFT_BINOP,   /* v[0] text v[1] */
    FW_NFT_MAP,     /* v[0] map v[1] */
    FW_NFT_PAIR,    /* v[0] : v[1] */
    FW_NFT_VERDICT, /* text: accept, drop, jump ...; v[0]: the chain */
    FW_NFT_ANY,     /* "*" in a set: what no other element matches */
};

struct fw_nft_expr {
    enum fw_nft_kind kind;
    fw_sv text;
    fw_sv raw; /* where it stands in the document, for carets */
    bool quoted;
    uint32_t line; /* of an unnamed chain: `text` is its body, `kind` is SET */
    size_t n;
    const struct fw_nft_expr **v;
};

enum fw_nft_op {
    FW_NFT_EQ,
    FW_NFT_NE,
    FW_NFT_LT,
    FW_NFT_GT,
    FW_NFT_LE,
    FW_NFT_GE,
    FW_NFT_IN,  /* nothing written: equal, or for bit masks one of the bits is set */
    FW_NFT_NOT, /* "!": none of the bits is set */
};

enum fw_nft_does {
    FW_NFT_MATCH,     /* left op right */
    FW_NFT_CONDITION, /* limits, quotas: text says which; may be false for any packet */
    FW_NFT_DECIDE,    /* left: the verdict */
    FW_NFT_VMAP,      /* left vmap right */
    FW_NFT_LOG,       /* text: the prefix */
    FW_NFT_COUNTER,   /* counter */
    FW_NFT_REJECT,
    FW_NFT_NAT,    /* text: snat, dnat, masquerade, redirect; left: address, right: port */
    FW_NFT_ASSIGN, /* left set right */
    FW_NFT_NOTRACK,
    FW_NFT_XT,      /* a part of iptables, whose arguments nobody prints: "xt target LOG" */
    FW_NFT_PASS,    /* changes nothing that a rule could see */
    FW_NFT_UNKNOWN, /* text: may decide anything */
};

struct fw_nft_stmt {
    enum fw_nft_does does;
    enum fw_nft_op op;
    const struct fw_nft_expr *left, *right;
    fw_sv text;
    fw_sv raw;
    struct fw_counter counter;
    fw_sv counter_name;
};

/* One rule as it was written. */
struct fw_nft_rule {
    fw_sv handle;
    fw_sv comment;
    size_t n;
    struct fw_nft_stmt *stmts;
    fw_span span;       /* its first line */
    uint32_t last_line; /* and its last */
};

enum fw_nft_family {
    FW_NFT_IP,
    FW_NFT_IP6,
    FW_NFT_INET,
    FW_NFT_ARP,
    FW_NFT_BRIDGE,
    FW_NFT_NETDEV,
    FW_NFT_FAMILY_COUNT
};

struct fw_nft_table {
    enum fw_nft_family family;
    fw_sv name;
    bool dormant; /* flags dormant: none of its chains sees a packet */
};

struct fw_nft_chain {
    const struct fw_nft_table *table;
    fw_sv name;
    struct fw_policy *policy;
    size_t cap;
    bool declared;
    bool nat;
    uint32_t count;  /* rules as they were written: one may become several of the model */
    size_t ndevices; /* ingress, egress: the hook sees their packets only */
    const fw_sv *devices;
    bool egress;
    bool reached, reached_by_deciding;
    struct fw_nft_chain *next;
};

/* A named set or map. */
struct fw_nft_set {
    const struct fw_nft_table *table;
    fw_sv name;
    bool dynamic; /* its elements come and go with the packets */
    bool map;
    size_t n;
    const struct fw_nft_expr **v;
    struct fw_object *object;
    struct fw_nft_set *next;
};

struct fw_nft_counter {
    const struct fw_nft_table *table;
    fw_sv name;
    struct fw_counter counter;
    struct fw_nft_counter *next;
};

enum { FW_NFT_BUCKETS = 1024, FW_NFT_TABLES = 256 };

struct fw_nft {
    struct fw_doc *doc;
    struct fw_ruleset *ruleset;
    struct fw_pool pool;
    bool alters_mark, alters_connmark; /* to a value that we do not know */
    size_t ntables;
    struct fw_nft_table *tables[FW_NFT_TABLES];
    struct fw_nft_chain *chains[FW_NFT_BUCKETS];
    struct fw_nft_set *sets[FW_NFT_BUCKETS];
    struct fw_nft_counter *counters[FW_NFT_BUCKETS];
};

/* --- nft_build.c: tables, chains and sets --- */

void fw_nft_init(struct fw_nft *nft, struct fw_doc *doc, struct fw_ruleset *ruleset);
bool fw_nft_family_find(fw_sv name, enum fw_nft_family *ret);
/* All of these find or make. The table is NULL when there are too many. */
struct fw_nft_table *fw_nft_table(struct fw_nft *nft, enum fw_nft_family family, fw_sv name);
struct fw_nft_chain *fw_nft_chain(struct fw_nft *nft, const struct fw_nft_table *table, fw_sv name);
struct fw_nft_chain *fw_nft_chain_find(const struct fw_nft *nft, const struct fw_nft_table *table,
                                       fw_sv name);
struct fw_nft_set *fw_nft_set(struct fw_nft *nft, const struct fw_nft_table *table, fw_sv name);
struct fw_nft_set *fw_nft_set_find(const struct fw_nft *nft, const struct fw_nft_table *table,
                                   fw_sv name);
void fw_nft_set_add(struct fw_nft *nft, struct fw_nft_set *set, const struct fw_nft_expr *element);
struct fw_nft_counter *fw_nft_counter(struct fw_nft *nft, const struct fw_nft_table *table,
                                      fw_sv name);
/* "type filter hook input priority filter; policy drop;": false when a word is unknown. */
bool fw_nft_chain_hook(struct fw_nft_chain *chain, fw_sv type, fw_sv hook);
bool fw_nft_chain_priority(struct fw_nft_chain *chain, fw_sv name, int64_t offset);
void fw_nft_chain_policy(struct fw_nft_chain *chain, fw_sv policy, fw_span span);
void fw_nft_chain_device(struct fw_nft *nft, struct fw_nft_chain *chain, fw_sv device);
/* Before rule `at` of the model, from 0; SIZE_MAX appends. */
void fw_nft_chain_insert(struct fw_nft *nft, struct fw_nft_chain *chain, size_t at,
                         const struct fw_rule *rule);
void fw_nft_finish(struct fw_nft *nft);

/* --- nft_rule.c: statements become rules of the chain --- */

/* At the end of the chain, or (`first`) at its beginning. */
void fw_nft_rule_add(struct fw_nft *nft, struct fw_nft_chain *chain, const struct fw_nft_rule *rule,
                     bool first);

/* --- nft_match.c: what a rule compares --- */

/* A rule while it is put together. */
struct fw_nft_making {
    struct fw_nft *nft;
    const struct fw_nft_chain *chain;
    const struct fw_nft_rule *rule;
    struct fw_terms terms;
    size_t nobjects;
    struct fw_object **objects;
};

void fw_nft_match(struct fw_nft_making *making, enum fw_nft_op op, const struct fw_nft_expr *left,
                  const struct fw_nft_expr *right);
/* The elements of a set or of what a name refers to; NULL when they are not written here. */
const struct fw_nft_expr *const *fw_nft_elements(struct fw_nft_making *making,
                                                 const struct fw_nft_expr *set, size_t *ret_n);
/* In an order that does not depend on the kernel's, who keeps sets as it likes. */
const struct fw_nft_expr *const *fw_nft_sorted(struct fw_nft_making *making,
                                               const struct fw_nft_expr *const *v, size_t n);
unsigned fw_nft_families(enum fw_nft_family family);
void fw_nft_atom(struct fw_nft_making *making, enum fw_atom_kind kind, fw_sv words, bool negated);
void fw_nft_unsupported(const struct fw_nft_making *making, fw_sv part, const char *what);
void fw_nft_bad(const struct fw_nft_making *making, fw_sv part, const char *expected);

/* --- nft_value.c: what values mean --- */

enum fw_nft_type {
    FW_NFT_TYPE_OPAQUE,
    FW_NFT_TYPE_IP,
    FW_NFT_TYPE_IP6,
    FW_NFT_TYPE_PORT,
    FW_NFT_TYPE_PROTO,
    FW_NFT_TYPE_NAME,
    FW_NFT_TYPE_ICMP_TYPE,
    FW_NFT_TYPE_ICMP_CODE,
    FW_NFT_TYPE_ICMP6_TYPE,
    FW_NFT_TYPE_ICMP6_CODE,
    FW_NFT_TYPE_TCP_FLAGS,
    FW_NFT_TYPE_STATE,
    FW_NFT_TYPE_FAMILY, /* ip, ip6, ipv4, ipv6: as FW_FAMILY_ bits */
    FW_NFT_TYPE_NUMBER,
};

/* The largest value of a type. */
uint32_t fw_nft_last(enum fw_nft_type type);
/* One value that is a number in the end. */
bool fw_nft_number(enum fw_nft_type type, fw_sv text, uint32_t *ret);

/* --- nft_words.c --- */

/* An expression in one spelling, whoever wrote it. */
fw_sv fw_nft_words(struct fw_arena *arena, const struct fw_nft_expr *expr);
const char *fw_nft_op_text(enum fw_nft_op op); /* "" for FW_NFT_IN */
/* One of the words of a list with blanks between them. */
bool fw_nft_is_one_of(fw_sv word, const char *list);
/* The protocol fields of the language: "ip", "saddr". */
bool fw_nft_is_field(fw_sv protocol, fw_sv field);
bool fw_nft_is_meta(fw_sv word);      /* "iifname" after "meta" */
bool fw_nft_is_bare_meta(fw_sv word); /* also without */

#endif
