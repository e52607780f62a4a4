/*
 * A router's or switch's configuration while it is read (IOS, IOS-XE; NX-OS, which differs in
 * details): the shared Cisco part, the block the reader is in, and lines that wait until every
 * object is known. cisco_ios_text.c walks the lines; the other files of that name each know one
 * kind.
 */
#ifndef FW_PARSERS_CISCO_IOS_H
#define FW_PARSERS_CISCO_IOS_H

#include "parsers/cisco.h"
#include "parsers/parser.h"

enum fw_ios_block {
    FW_IOS_NO_BLOCK,
    FW_IOS_LIST, /* ip access-list extended X */
    FW_IOS_GROUP,
    FW_IOS_INTERFACE,
    FW_IOS_VTY,
    FW_IOS_CLASS_MAP, /* type inspect */
    FW_IOS_POLICY_MAP,
    FW_IOS_ZONE_PAIR,
    FW_IOS_SERVER, /* tacacs server X, aaa group server: where users are looked up */
    FW_IOS_OTHER,  /* judged by the keyword list alone */
};

enum fw_ios_list_kind { FW_IOS_STANDARD, FW_IOS_EXTENDED, FW_IOS_SIX };

struct fw_ios_list {
    fw_sv name;
    enum fw_ios_list_kind kind;
    struct fw_policy *policy;
    fw_sv remark;
    uint32_t uses, last; /* the last sequence number */
    bool defined;
    size_t written; /* entries that a configuration has, when those that were shown are read */
    size_t cap, expected;
    uint32_t *sequence;       /* of each entry */
    struct fw_ios_list *next; /* same hash */
};

/* An entry that waits. */
struct fw_ios_entry {
    struct fw_ios_list *list;
    uint32_t line;
    bool in_block;    /* its words begin with the entry, not with "access-list N" */
    bool undo, shown; /* shown: a show command printed it */
};

struct fw_ios_binding {
    fw_sv list, interface;
    bool six, in;
    uint32_t line;
    fw_span span;
};

struct fw_ios_vty {
    fw_sv name; /* "vty 0 4" */
    fw_sv list, list6;
    bool said; /* "transport input" stands there */
    size_t n;
    fw_sv protocols[8];
    fw_span span;
    uint32_t line;
};

/* match-any, match-all: what a class matches. */
struct fw_ios_class {
    fw_sv name;
    bool all;
    size_t n;
    struct fw_ios_condition {
        enum {
            FW_IOS_MATCH_LIST,
            FW_IOS_MATCH_PROTOCOL,
            FW_IOS_MATCH_CLASS,
            FW_IOS_MATCH_OTHER
        } kind;
        fw_sv name;
        uint32_t line;
    } * conditions;
    unsigned uses;
    bool busy;
    fw_span span;
};

struct fw_ios_policy_map {
    fw_sv name;
    size_t n;
    struct fw_ios_step {
        fw_sv class; /* "class-default" */
        enum fw_action action;
        bool log, other; /* something that is not modelled */
        fw_span span;
        uint32_t line;
    } * steps;
    fw_span span;
};

struct fw_ios_zone_pair {
    fw_sv name, source, destination, map;
    fw_span span;
    uint32_t line;
};

struct fw_ios {
    struct fw_cisco cisco;
    bool nx;
    enum fw_ios_block block;
    fw_sv head;
    size_t indent;
    enum fw_line_verdict verdict; /* of the block's head */
    fw_sv delimiter;              /* of a banner: lines up to it are text */
    uint32_t banner;              /* the line it began in */
    bool listing; /* what a show command printed: it carries lists, and no settings */
    bool shown;   /* the open list is one of those */
    struct fw_ios_list *list;
    struct fw_cisco_object *object;
    bool ports;       /* in a group of ports */
    size_t interface; /* index + 1 */
    size_t member;    /* indentation of the lines of an interface; deeper ones follow the last */
    uint32_t member_line;
    size_t nentries, nbindings, nvtys, nclasses, nmaps, npairs, nnats, nsettings;
    struct fw_ios_entry *entries;
    struct fw_ios_binding *bindings;
    struct fw_ios_vty *vtys;
    struct fw_ios_class *classes;
    struct fw_ios_policy_map *maps;
    struct fw_ios_zone_pair *pairs;
    uint32_t *nats; /* lines */
    struct fw_setting *settings;
    size_t ninside, noutside; /* interfaces of "ip nat inside" */
    fw_sv *inside, *outside;
    size_t nzones;
    fw_sv *zones;
    struct fw_ios_list *lists[FW_CISCO_BUCKETS];
};

/* Every one returns false when the line is none of its kind. */

/* access-list, ip access-list and their entries (cisco_ios_list.c): first kept, then read. */
bool fw_ios_list_line(struct fw_ios *ios, struct fw_cisco_line *line);
bool fw_ios_list_member(struct fw_ios *ios, struct fw_cisco_line *line);
struct fw_ios_list *fw_ios_list_find(const struct fw_ios *ios, fw_sv name, bool six);
void fw_ios_list_read(struct fw_ios *ios);

/* Where lists are applied, and lines that name them (cisco_ios_apply.c). */
void fw_ios_list_bind(struct fw_ios *ios, const struct fw_cisco_line *line, fw_sv list,
                      fw_sv interface, bool six, bool in);
/* False: this list ({0}: any) is not applied there. */
bool fw_ios_list_unbind(struct fw_ios *ios, fw_sv list, fw_sv interface, bool six, bool in);
void fw_ios_list_references(struct fw_ios *ios, const struct fw_cisco_line *line);
void fw_ios_list_finish(struct fw_ios *ios);

/* Everything of an entry after permit or deny (cisco_ios_entry.c). */
void fw_ios_entry_read(struct fw_ios *ios, struct fw_cisco_line *line, enum fw_ios_list_kind kind,
                       struct fw_rule *rule);

/* A name of ICMP types and codes that only routers know; NULL: it is none (cisco_ios_icmp.c). */
const struct fw_numset *fw_ios_icmp(struct fw_arena *arena, fw_sv word, bool six);

/* object-group and time-range (cisco_ios_object.c). */
bool fw_ios_object_line(struct fw_ios *ios, struct fw_cisco_line *line);
bool fw_ios_object_member(struct fw_ios *ios, struct fw_cisco_line *line);

/* Interfaces: addresses, lists, zones (cisco_ios_interface.c). */
bool fw_ios_interface_line(struct fw_ios *ios, struct fw_cisco_line *line);
bool fw_ios_interface_member(struct fw_ios *ios, struct fw_cisco_line *line);

/* Zones, pairs, inspect maps (cisco_ios_zone.c). */
bool fw_ios_zone_line(struct fw_ios *ios, struct fw_cisco_line *line);
bool fw_ios_zone_member(struct fw_ios *ios, struct fw_cisco_line *line);
void fw_ios_zone_finish(struct fw_ios *ios);

/* ip nat (cisco_ios_nat.c): first kept, then read. */
bool fw_ios_nat_keep(struct fw_ios *ios, const struct fw_cisco_line *line);
void fw_ios_nat_finish(struct fw_ios *ios);

/* ntp, logging, line vty, username, ... (cisco_ios_setting.c). */
bool fw_ios_setting_line(struct fw_ios *ios, struct fw_cisco_line *line);
bool fw_ios_setting_member(struct fw_ios *ios, struct fw_cisco_line *line);
void fw_ios_setting_finish(struct fw_ios *ios);

/* The whole document (cisco_ios_text.c). */
void fw_ios_parse(struct fw_doc *doc, struct fw_ruleset *ret, bool nx);
/* How much a text speaks for one of them: bids of the parsers. */
int fw_ios_bid(fw_sv head, bool nx);

#endif
