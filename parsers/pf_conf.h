/*
 * pf.conf(5) while it is read: words of a statement with macros put in (pf_words.c), hosts and
 * ports (pf_match.c), options (pf_option.c), translation (pf_nat.c), statements (pf.c).
 */
#ifndef FW_PARSERS_PF_CONF_H
#define FW_PARSERS_PF_CONF_H

#include "parsers/choice.h"
#include "parsers/pf.h"

struct fw_pf_word {
    fw_sv text;
    bool quoted;
};

struct fw_pf_macro {
    fw_sv name;
    bool cut; /* it has more words than the limit RULE_TERMS allows */
    size_t n;
    struct fw_pf_word *v;
    struct fw_pf_macro *next; /* of the same slot, defined before */
};

enum { FW_PF_MACRO_SLOTS = 4096 };

struct fw_pf {
    struct fw_maker maker;
    struct fw_pf_macro **macros; /* by name */
    struct fw_things tables;
    struct fw_policy *in, *out, *rdr, *nat;
    bool block_returns;          /* set block-policy return */
    bool semicolons;             /* may end a statement, and say nothing */
    bool (*goes_on)(fw_sv line); /* this line is a part of the statement before; NULL: none is */
    uint32_t line;               /* of the statement */
    fw_span span;
    size_t n, at;
    struct fw_pf_word *words;
    size_t weighed; /* words whose braces are in `open` */
    int open;
    bool unclosed; /* the file ends inside of its list */
    bool failed;   /* something was not understood; reported */
};

/* pf_words.c: the next statement from the lines at *offset on; false at the end. */
bool fw_pf_statement(struct fw_pf *pf, uint64_t *offset, uint32_t *line, uint32_t *ret_last);
/* Takes "name = value"; false: the statement is none. */
bool fw_pf_define(struct fw_pf *pf);

fw_sv fw_pf_peek(const struct fw_pf *pf); /* {0} at the end */
fw_sv fw_pf_next(struct fw_pf *pf);
bool fw_pf_take(struct fw_pf *pf, const char *word);
void fw_pf_unread(struct fw_pf *pf, fw_sv word, const char *expected);
/* What is left of a statement that ought to be over was not understood. */
void fw_pf_end(struct fw_pf *pf);

/* pf_match.c */
struct fw_pf_match {
    struct fw_rule rule;
    struct fw_terms terms;
    bool in, out;
    fw_sv *interfaces;
    size_t ninterfaces;
    bool not_interfaces, any_interface;
    unsigned family; /* FW_FAMILY_ bits; 0: not said */
    uint8_t icmp;    /* of the one protocol; 0: none of ICMP */
};

void fw_pf_match_init(struct fw_pf *pf, struct fw_pf_match *match);
/* on, inet, proto, from, to: in their order. */
void fw_pf_match_head(struct fw_pf *pf, struct fw_pf_match *match);
/* Calls `take` for the one thing or for every member of "{ a, b c }". */
void fw_pf_each(struct fw_pf *pf, void *to, void (*take)(struct fw_pf *pf, void *to));
/* "22", "1024:65535", ">= 1024", "9999 >< 11001", one or a list. */
void fw_pf_ports(struct fw_pf *pf, struct fw_pf_match *match, bool destination);
/* One host or a list of them; `name` stands for a list whose entries take from each other. */
struct fw_choice fw_pf_hosts(struct fw_pf *pf, fw_sv name);
void fw_pf_widen(struct fw_pf_match *match, enum fw_atom_kind kind, const char *what, fw_sv value);
/* By all the words that were taken since, behind `what` (or NULL): two conditions that differ must
 * not read alike. */
void fw_pf_widen_from(struct fw_pf *pf, struct fw_pf_match *match, enum fw_atom_kind kind,
                      const char *what, size_t from);
/* Adds the rule for the ways it holds on. */
void fw_pf_add(struct fw_pf *pf, const struct fw_pf_match *match, struct fw_policy *in,
               struct fw_policy *out);

/* pf_option.c: everything behind, up to "->" or the end. */
void fw_pf_match_options(struct fw_pf *pf, struct fw_pf_match *match);
/* "S/SA" in letters for the bits from 1 on; unlooked: the mask where none is written, -1: one must
 * be. False: it is none. */
bool fw_pf_flags(struct fw_pf_match *match, fw_sv text, const char *letters, int unlooked);
/* Types, and codes as numbers, one or a list. */
void fw_pf_icmp_types(struct fw_pf *pf, struct fw_pf_match *match, bool six);
/* "route-to ( em1 192.0.2.1 )": taken, it changes no verdict. */
bool fw_pf_route(struct fw_pf *pf);

/* pf_nat.c */
void fw_pf_nat(struct fw_pf *pf, fw_sv verb, bool no);
/* Adds the rule to those that translate on this way. */
void fw_pf_add_nat(struct fw_pf *pf, struct fw_pf_match *match, bool out);
/* "nat-to", "rdr-to", "binat-to" of a rule of the filter. */
bool fw_pf_translate(struct fw_pf *pf, const struct fw_pf_match *match, fw_sv word);
void fw_pf_anchor(struct fw_pf *pf, fw_sv verb);

#endif
