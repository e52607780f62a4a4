/*
 * What firewalld is told, in XML files and as firewall-cmd prints it: both fill the same zones and
 * rules (firewalld_zone.c), whose order and meaning are those of firewalld.zone(5) and
 * firewalld.richlanguage(5).
 */
#ifndef FW_PARSERS_FIREWALLD_H
#define FW_PARSERS_FIREWALLD_H

#include "parsers/choice.h"
#include "parsers/maker.h"

/* One side of a rich rule, or the sources of a zone. */
struct fw_fwd_side {
    fw_sv address, ipset, mac;
    bool inverted;
};

enum fw_fwd_element {
    FW_FWD_NONE,
    FW_FWD_SERVICE,
    FW_FWD_PORT, /* port, protocol */
    FW_FWD_SOURCE_PORT,
    FW_FWD_PROTOCOL,
    FW_FWD_ICMP,         /* icmp-type */
    FW_FWD_ICMP_BLOCK,   /* refuses it */
    FW_FWD_FORWARD_PORT, /* port, protocol, to-port, to-addr */
    FW_FWD_MASQUERADE,
};

/* A rich rule, or a member of a zone as one. */
struct fw_fwd_rule {
    fw_sv family; /* "ipv4", "ipv6"; {0}: both */
    int32_t priority;
    struct fw_fwd_side source, destination;
    enum fw_fwd_element element;
    fw_sv value, protocol, to_port, to_addr;
    bool log, audit;
    fw_sv prefix;
    fw_sv action; /* accept, reject, drop, mark; any: not known; {0}: only logs */
    fw_sv limit;  /* of the action */
    fw_sv unread; /* words that were not understood */
    fw_span span;
};

struct fw_fwd_entry {
    struct fw_fwd_rule rule;
    int stage; /* within one priority: logs, refusals, permissions */
    size_t place;
};

struct fw_fwd_zone {
    fw_sv name;
    fw_sv target; /* "default", "ACCEPT", "DROP", "%%REJECT%%", "CONTINUE" */
    bool policy;  /* a policy between zones, not a zone */
    bool is_default, block_inversion;
    int32_t ingress; /* lower ones are asked first */
    size_t place;    /* in the order of the file */
    size_t ninterfaces, nsources, n;
    fw_sv *interfaces;
    struct fw_fwd_side *sources;
    struct fw_fwd_entry *v;
    fw_span span;
    struct fw_fwd_zone *next;
};

struct fw_fwd {
    struct fw_maker maker;
    struct fw_things services;
    bool whole; /* all elements of XML were read */
    struct fw_fwd_zone *zones, *last;
};

void fw_fwd_init(struct fw_fwd *fwd, struct fw_doc *doc, struct fw_ruleset *ruleset);
struct fw_fwd_zone *fw_fwd_zone(struct fw_fwd *fwd, fw_sv name, fw_span span);
void fw_fwd_interface(struct fw_fwd *fwd, struct fw_fwd_zone *zone, fw_sv name);
/* "192.0.2.0/24", "ipset:NAME", a MAC address. */
void fw_fwd_source(struct fw_fwd *fwd, struct fw_fwd_zone *zone, struct fw_fwd_side side);
struct fw_fwd_side fw_fwd_side_of(fw_sv text);
void fw_fwd_add(struct fw_fwd *fwd, struct fw_fwd_zone *zone, const struct fw_fwd_rule *rule);
/* Makes policies of the zones, and seals. */
void fw_fwd_finish(struct fw_fwd *fwd);

/* firewalld_service.c: what a service stands for; false: it is not one of those that come with
 * firewalld. */
bool fw_fwd_service(struct fw_fwd *fwd, fw_sv name, struct fw_choice *ret);
/* "22", "1000-2000" and a protocol, as a term; false: it is none. */
bool fw_fwd_port(struct fw_arena *arena, fw_sv port, fw_sv protocol, bool source,
                 struct fw_term *ret);

/* firewalld_rich.c: "rule family="ipv4" source address="192.0.2.0/24" service name="ssh" accept" */
void fw_fwd_rich(fw_sv text, struct fw_fwd_rule *ret);

#endif
