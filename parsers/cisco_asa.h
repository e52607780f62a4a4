/*
 * An ASA configuration while it is read: the shared Cisco part, the block the reader is in, and
 * lines that wait until every object is known. cisco_asa.c walks the lines; the other files of that
 * name each know one kind of line.
 */
#ifndef FW_PARSERS_CISCO_ASA_H
#define FW_PARSERS_CISCO_ASA_H

#include "parsers/cisco.h"

enum fw_asa_block {
    FW_ASA_NO_BLOCK,
    FW_ASA_OBJECT, /* object network, object service, object-group ... */
    FW_ASA_INTERFACE,
    FW_ASA_DNS_GROUP,
    FW_ASA_TIME_RANGE,
    FW_ASA_OTHER, /* judged by the keyword list alone */
};

struct fw_asa_nat_entry; /* cisco_asa_nat.h */

struct fw_asa_shown_entry; /* cisco_asa_shown.c */

/* A list as "show access-list" prints it, while it is read. */
struct fw_asa_shown {
    size_t written;  /* entries of the list that stood in a configuration before */
    uint32_t line;   /* where it begins */
    uint32_t last;   /* number of the entry before */
    bool headed;     /* its head says how many elements the list has */
    size_t elements; /* that many; ... */
    size_t leaves;   /* ... and these were seen */
    size_t n;
    struct fw_asa_shown_entry *entries;
};

struct fw_asa_acl {
    fw_sv name;
    bool six;                   /* "ipv6 access-list" of old versions: a name space of its own */
    size_t expected;            /* entries to come: room is made for them at once */
    bool typed;                 /* an entry has said what kind of list it is */
    fw_sv remark, name_of_next; /* for the entries that follow */
    size_t cap;
    uint32_t uses;
    struct fw_policy *policy;
    struct fw_asa_shown *shown; /* NULL: no show command prints it just now */
    struct fw_asa_acl *next;    /* same hash */
};

/* "access-group NAME in interface outside"; the last one written for a place counts. */
struct fw_asa_binding {
    struct fw_asa_acl *acl;
    bool in, global, control_plane;
    fw_sv interface;
    fw_span span;
};

/* A line about address translation; in an object, of that. */
struct fw_asa_nat_line {
    uint32_t line;
    struct fw_cisco_object *object;
};

/* "global (outside) 1 192.0.2.1-192.0.2.9": what the packets of "nat (inside) 1" get there. */
struct fw_asa_global {
    uint32_t id;
    fw_sv interface;
    bool own_address;
    fw_iprange range; /* family 0 in lo: none */
};

/* All globals of one number. */
struct fw_asa_pool {
    uint32_t id;
    bool own_address;
    const struct fw_nameset *out;
    const struct fw_ipset *set; /* NULL: only own addresses */
};

struct fw_asa {
    struct fw_cisco cisco;
    enum fw_asa_block block;
    fw_sv head;                     /* the block's first word */
    enum fw_line_verdict verdict;   /* of the block's head: its lines follow it */
    size_t indent;                  /* of the block's head */
    uint32_t certificate;           /* its line: hexadecimal ones follow until "quit"; 0: none */
    struct fw_cisco_object *object; /* in OBJECT */
    size_t interface;               /* in INTERFACE: index + 1 */
    size_t nlater;
    uint32_t *later; /* lines about access lists and translation, in order */
    size_t nsettings;
    struct fw_setting *settings;
    uint32_t major, minor; /* of the version; 0 when it is not said */
    bool pix;              /* PIX or FWSM by its version line */
    bool old;              /* syntax of PIX 6, FWSM or before 8.3 */
    bool quiet_deny;       /* message 106023 is switched off */
    size_t nlisted;
    uint32_t *listed; /* lines that "show access-list" printed, read when all others are */
    size_t nbindings;
    struct fw_asa_binding *bindings;
    struct fw_asa_acl *acls[FW_CISCO_BUCKETS];
    size_t nnats;
    struct fw_asa_nat_line *nats; /* that wait until objects and lists are known */
    bool nat_old, nat_new;        /* spellings seen */
    size_t nglobals;
    struct fw_asa_global *globals;
    size_t npools;
    struct fw_asa_pool *pools; /* by number */
    size_t nentries;
    struct fw_asa_nat_entry *entries;
};

/* Every one returns false when the line is none of its kind. */

/* name, object, object-group, time-range and their lines (cisco_asa_object.c). */
bool fw_asa_object_line(struct fw_asa *asa, struct fw_cisco_line *line);
bool fw_asa_object_member(struct fw_asa *asa, struct fw_cisco_line *line);
/* "clear configure object-group", "no object network X". */
bool fw_asa_object_clear(struct fw_asa *asa, struct fw_cisco_line *line);
/* interface, nameif, ip address (cisco_asa_interface.c). */
bool fw_asa_interface_line(struct fw_asa *asa, struct fw_cisco_line *line);
bool fw_asa_interface_member(struct fw_asa *asa, struct fw_cisco_line *line);
/* hostname, logging, ntp, ssh, username, ... (cisco_asa_setting.c). */
bool fw_asa_setting_line(struct fw_asa *asa, struct fw_cisco_line *line);
void fw_asa_setting_add(struct fw_asa *asa, const struct fw_cisco_line *line,
                        enum fw_setting_kind kind, fw_sv value, fw_sv extra);
/* access-list, access-group (cisco_asa_acl.c): first kept, then read. */
bool fw_asa_acl_keep(struct fw_asa *asa, struct fw_cisco_line *line);
void fw_asa_acl_read(struct fw_asa *asa, struct fw_cisco_line *line);
void fw_asa_acl_finish(struct fw_asa *asa);
/* The list with this name that holds entries about packets; NULL when there is none. */
const struct fw_policy *fw_asa_acl_find(const struct fw_asa *asa, fw_sv name);
struct fw_asa_acl *fw_asa_acl_make(struct fw_asa *asa, fw_sv name, bool six, uint32_t line);
/* position 0: at the end. */
void fw_asa_acl_insert(struct fw_asa *asa, struct fw_asa_acl *acl, size_t position,
                       const struct fw_rule *rule);
/* Two entries say the same. */
bool fw_asa_acl_same(const struct fw_rule *a, const struct fw_rule *b);
/* After "access-list": "NAME [line N] [extended] permit ...". False: there is no entry. */
bool fw_asa_acl_entry(struct fw_asa *asa, struct fw_cisco_line *line, bool six,
                      uint32_t *ret_position, struct fw_rule *ret);
/* What "show access-list" prints (cisco_asa_shown.c): first kept, then read. */
bool fw_asa_shown_keep(struct fw_asa *asa, const struct fw_cisco_line *line);
void fw_asa_shown_read(struct fw_asa *asa);
/* nat, static, global (cisco_asa_nat.c): first kept, then read. */
bool fw_asa_nat_keep(struct fw_asa *asa, const struct fw_cisco_line *line);
void fw_asa_nat_finish(struct fw_asa *asa);
/* The reviewed list (cisco_asa_keyword.c): marks the line, reports what is unsupported. */
bool fw_asa_keyword(struct fw_doc *doc, const struct fw_cisco_line *line, fw_sv block);

#endif
