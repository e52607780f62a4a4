/*
 * ipf.conf(5) and ipnat.conf(5) while they are read: statements (ipfilter.c), rules of the filter
 * (ipfilter_rule.c) and
 * their addresses (ipfilter_host.c), their lists with groups and what skips them (ipfilter_list.c),
 * translation (ipfilter_nat.c). Words, ports, flags and types are read as those of pf, which grew
 * out of it. Rules are placed when all have been read: nothing in the scratch arena is given up
 * before.
 */
#ifndef FW_PARSERS_IPFILTER_H
#define FW_PARSERS_IPFILTER_H

#include "parsers/pf_conf.h"

struct fw_ipf_rule {
    struct fw_pf_match match; /* interfaces are among its terms */
    bool out;
    bool counts;   /* of the lists that count: no other rule skips it */
    bool placed;   /* "@5": the fifth of its list, as that is when the rule is read */
    uint32_t skip; /* so many of the following */
    uint64_t place;
    fw_sv head, group; /* {0}: none, and the list that every packet is asked about */
};

/* The rules of one group on one way. */
struct fw_ipf_list {
    fw_sv group;
    bool out;
    bool placed; /* some rule is not where it stands in the file */
    bool open;   /* it is being walked */
    bool reached;
    size_t n;
    struct fw_ipf_rule **v;
};

struct fw_ipf_nat {
    struct fw_pf_match match;
    bool out;
    unsigned bits; /* of the mask by which such rules are looked up: the longest first */
    size_t order;  /* in the file */
};

struct fw_ipf {
    struct fw_pf pf; /* first: its words are read by functions of pf */
    bool keeps_state;
    bool filters_errors; /* rules are asked about ICMP errors of known connections */
    size_t nlists;
    struct fw_ipf_list **lists;
    struct fw_index index; /* of lists, by way and group */
    size_t nnat;
    struct fw_ipf_nat *nat;
};

/* ipfilter_rule.c */
bool fw_ipf_is_action(fw_sv word);
/* "pass in quick on le0 ...", from its place or action on. */
void fw_ipf_rule(struct fw_ipf *ipf);
/* A statement that nobody can read may be a rule of any kind. */
void fw_ipf_may_be_anything(struct fw_ipf *ipf, const char *why);

/* ipfilter_host.c */
/* Words that pf spells another way, where they stand. */
struct fw_ipf_respelled {
    const char *from;
    fw_sv to;
};

void fw_ipf_respell(struct fw_pf *pf, const struct fw_ipf_respelled *rows, size_t n);
/* "[!] ADDRESS [mask MASK] [port OP N]"; how many bits of the address count. */
unsigned fw_ipf_side(struct fw_ipf *ipf, struct fw_pf_match *match, bool destination, bool negated);
/* Of TCP or UDP, as only they have ports. */
void fw_ipf_has_ports(struct fw_pf_match *match);
/* "tcp", "tcp/udp", "47"; "ip" is any. False: it is none. */
bool fw_ipf_protocol(struct fw_pf_match *match, fw_sv name);

/* ipfilter_list.c */
void fw_ipf_list_add(struct fw_ipf *ipf, struct fw_ipf_rule *rule);
/* Makes the policies of all lists. */
void fw_ipf_lists_finish(struct fw_ipf *ipf);

/* ipfilter_nat.c */
void fw_ipf_nat(struct fw_ipf *ipf, fw_sv verb);
/* Translation that is not modelled: of anything, to anything. */
void fw_ipf_nat_unread(struct fw_ipf *ipf, fw_sv verb);
void fw_ipf_nat_finish(struct fw_ipf *ipf);

#endif
