/* A row of `iptables -L` as words of the command that would add the rule, and the conditions that
 * no word can say. Shared by iptables_listing.c (the columns) and iptables_listed.c (the text after
 * them). Nobody else needs this. */
#ifndef FW_PARSERS_IPTABLES_LISTED_H
#define FW_PARSERS_IPTABLES_LISTED_H

#include "parsers/netfilter.h"

struct fw_listed {
    struct fw_doc *doc;
    struct fw_nf *nf;
    struct fw_arena *scratch;
    uint32_t line;
    size_t n;
    struct fw_nf_word *words;
    size_t natoms;
    struct fw_atom *atoms;
};

/* "! -s 10.0.0.0/8"; a value without text: the option stands alone. */
void fw_listed_option(struct fw_listed *listed, const char *option, bool negated, fw_sv value);
void fw_listed_atom(struct fw_listed *listed, enum fw_atom_kind kind, fw_sv words, bool negated);
/* The target, and what is printed after the destination. */
void fw_listed_read(struct fw_listed *listed, fw_sv target, fw_sv text);

#endif
