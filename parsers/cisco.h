/*
 * What Cisco's firewall dialects share (ASA, PIX, FWSM; routers and switches later): lines of
 * words, spellings of ports and protocols, named objects and groups, entries of access lists. A
 * dialect's parser owns one struct fw_cisco for one document.
 */
#ifndef FW_PARSERS_CISCO_H
#define FW_PARSERS_CISCO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"
#include "parsers/terms.h"
#include "policy/model.h"

/* --- Lines (cisco_line.c) --- */

/* The words of one line and how far it was read. Views into the document. */
struct fw_cisco_line {
    uint32_t number;
    size_t indent; /* blanks before the first word */
    fw_sv text;    /* without blanks around it */
    size_t n, at;
    const fw_sv *words;
};

void fw_cisco_line_read(struct fw_arena *scratch, fw_sv text, uint32_t number,
                        struct fw_cisco_line *ret);
bool fw_cisco_next(struct fw_cisco_line *line, fw_sv *ret); /* takes a word */
bool fw_cisco_peek(const struct fw_cisco_line *line, fw_sv *ret);
bool fw_cisco_take(struct fw_cisco_line *line, const char *word); /* takes it when it is this one */
bool fw_cisco_is(const struct fw_cisco_line *line, size_t index, const char *word);
fw_sv fw_cisco_rest(const struct fw_cisco_line *line); /* the text from the next word on */

/* Marks every password, key and community of a line; before anything is reported about it. */
void fw_cisco_secrets(struct fw_doc *doc, const struct fw_cisco_line *line);

/* --- What is ignored, and what is not modelled (cisco_keyword.c) --- */

/* One row of a dialect's reviewed list. `block` is "" at the top level, otherwise the first word of
 * the block the line stands in. */
struct fw_cisco_keyword {
    const char *block, *words;
    enum fw_line_verdict verdict;
    const char *why;
};

/* Marks the line as the longest row says that it starts with; reports what is unsupported. The rows
 * are sorted by block and words. False: there is none. */
bool fw_cisco_keyword(struct fw_doc *doc, const struct fw_cisco_line *line, fw_sv block,
                      const struct fw_cisco_keyword *rows, size_t n);

/* --- Spellings (cisco_name.c) --- */

bool fw_cisco_port(fw_sv word, uint16_t *ret);
/* "ip" is any protocol: *ret_any. "tcp-udp" is two. */
bool fw_cisco_protocol(struct fw_arena *arena, fw_sv word, const struct fw_numset **ret,
                       bool *ret_any);
bool fw_cisco_icmp_type(fw_sv word, bool six, uint8_t *ret);

/* --- Objects (cisco_object.c; what they stand for: cisco_expand.c) --- */

enum fw_cisco_member_kind {
    FW_CISCO_ADDRESSES, /* set */
    FW_CISCO_OUTSIDE,   /* words: an FQDN, a user: matched by what is kept elsewhere */
    FW_CISCO_SERVICE,   /* term: protocol, ports, ICMP */
    FW_CISCO_PORTS,     /* ports of the group's protocols */
    FW_CISCO_REF,       /* words: the name of another object */
};

struct fw_cisco_member {
    enum fw_cisco_member_kind kind;
    uint32_t line;
    fw_sv words, place; /* interned; where they stand */
    unsigned families;  /* OUTSIDE: which addresses it may stand for */
    unsigned ref_kinds; /* REF: bits of enum fw_object_kind */
    const struct fw_ipset *set;
    const struct fw_numset *ports;
    struct fw_term term; /* SERVICE: only proto, sport, dport, icmp */
};

/* What an object stands for when everything in it is expanded. */
struct fw_cisco_value {
    const struct fw_ipset *set; /* addresses */
    size_t noutside;
    const struct fw_cisco_member *outside; /* OUTSIDE members, each once */
    size_t nparts;
    const struct fw_term *parts;   /* services; protocol and ICMP groups too */
    const struct fw_numset *ports; /* service groups that hold ports only; NULL otherwise */
};

struct fw_cisco_object {
    struct fw_object *object;
    fw_sv name;
    uint32_t line;
    const struct fw_numset *protocols; /* of a service group "tcp", "udp", "tcp-udp"; NULL */
    size_t n;
    struct fw_cisco_member *members;
    enum { FW_CISCO_FRESH, FW_CISCO_BUSY, FW_CISCO_DONE } state;
    struct fw_cisco_value value;
    struct fw_cisco_object *next; /* same hash */
};

struct fw_cisco_alias {
    fw_sv name;
    fw_ip ip;
    struct fw_cisco_alias *next;
};

enum { FW_CISCO_BUCKETS = 4096 };

struct fw_cisco {
    struct fw_doc *doc;
    struct fw_ruleset *ruleset;
    struct fw_pool pool;
    unsigned families; /* what "any" means in an access list */
    bool shown;        /* a show command printed the entry, */
    bool expanded;     /* and its elements follow: what nothing defines is said there */
    struct fw_cisco_object *objects[FW_CISCO_BUCKETS];
    struct fw_cisco_alias *aliases[FW_CISCO_BUCKETS];
    size_t ninterfaces;
    struct fw_interface *interfaces;
};

enum {
    FW_CISCO_ANY_SERVICE = 1 << FW_OBJECT_SERVICE | 1 << FW_OBJECT_SERVICE_GROUP |
                           1 << FW_OBJECT_PROTOCOL_GROUP | 1 << FW_OBJECT_ICMP_GROUP,
    FW_CISCO_ANY_ADDRESS = 1 << FW_OBJECT_ADDRESS | 1 << FW_OBJECT_ADDRESS_GROUP,
};

/* --- The whole configuration (cisco_ruleset.c) --- */

void fw_cisco_init(struct fw_cisco *cisco, struct fw_doc *doc, struct fw_ruleset *ruleset);
void fw_cisco_used(struct fw_cisco *cisco, const struct fw_cisco_line *line);
/* The line is bad: "expected ...". */
void fw_cisco_expect(struct fw_cisco *cisco, const struct fw_cisco_line *line, const char *what);
/* One or the other. */
void fw_cisco_judge(struct fw_cisco *cisco, const struct fw_cisco_line *line, bool ok,
                    const char *expected);
/* The policy of all translations, without rules. */
struct fw_policy *fw_cisco_nat_policy(struct fw_cisco *cisco);
/* What the device says besides its lists: interfaces, settings, secrets; then the ruleset is
 * sealed. */
void fw_cisco_finish(struct fw_cisco *cisco, const struct fw_setting *settings, size_t nsettings);

/* --- Names and objects (cisco_object.c) --- */

void fw_cisco_alias_add(struct fw_cisco *cisco, fw_sv name, fw_ip ip);
/* An address as it stands in the configuration: a number or a name of "name". */
bool fw_cisco_address(const struct fw_cisco *cisco, fw_sv word, fw_ip *ret);
/* "10.0.0.0 255.0.0.0", "host A", "2001:db8::/32", also a mask with holes; takes its words.
 * False, with a report, when they are none. */
bool fw_cisco_network(struct fw_cisco *cisco, struct fw_cisco_line *line,
                      const struct fw_ipset **ret);

/* The object of one of these kinds (bits) with this name; NULL when there is none. */
struct fw_cisco_object *fw_cisco_object_find(const struct fw_cisco *cisco, fw_sv name,
                                             unsigned kinds);
/* Finds or makes it; defined by the line. */
struct fw_cisco_object *fw_cisco_object_define(struct fw_cisco *cisco, fw_sv name,
                                               enum fw_object_kind kind,
                                               const struct fw_cisco_line *line);
/* Finds it, or makes one that is only referred to, and warns. */
struct fw_cisco_object *fw_cisco_object_refer(struct fw_cisco *cisco, fw_sv name, unsigned kinds,
                                              uint32_t line);
/* The line uses it, and nothing defines it: the line itself is understood, and judged elsewhere. */
void fw_cisco_object_lack(struct fw_cisco *cisco, fw_sv name, enum fw_object_kind kind,
                          uint32_t line);
void fw_cisco_object_add(struct fw_cisco *cisco, struct fw_cisco_object *object,
                         const struct fw_cisco_member *member);
/* Expands it, once; cycles, depth and size have limits and widen what they cut. */
const struct fw_cisco_value *fw_cisco_resolve(struct fw_cisco *cisco,
                                              struct fw_cisco_object *object);
/* Puts all objects into the ruleset, with content hashes. */
void fw_cisco_objects_finish(struct fw_cisco *cisco);

/* --- Interfaces (cisco_interface.c) --- */

/* The interface of a device name, or a new one: its index + 1. */
size_t fw_cisco_interface_add(struct fw_cisco *cisco, fw_sv device,
                              const struct fw_cisco_line *line);
/* NULL: none has the name. */
struct fw_interface *fw_cisco_interface_named(const struct fw_cisco *cisco, fw_sv name);
void fw_cisco_interface_network(struct fw_cisco *cisco, struct fw_interface *interface,
                                fw_iprange network, fw_ip own);
/* "shutdown", "no shutdown". */
bool fw_cisco_interface_shutdown(struct fw_cisco *cisco, struct fw_interface *interface,
                                 const struct fw_cisco_line *line);

/* --- Conditions (cisco_service.c) --- */

/* "eq 80", "range 20 21", "gt 1023", "lt", "neq": takes its words. False when the next word is no
 * operator; a bad value is reported and gives NULL in *ret. */
bool fw_cisco_ports(struct fw_cisco *cisco, struct fw_cisco_line *line,
                    const struct fw_numset **ret);
/* "echo", "3 4", "unreachable": takes its words. False when the next word is no ICMP type. */
bool fw_cisco_icmp(struct fw_cisco *cisco, struct fw_cisco_line *line, bool six,
                   const struct fw_numset **ret);
/* "tcp source eq 1 destination eq 2", "icmp echo 0", "tcp-udp eq domain", "ip", "89" after the word
 * "service" or "service-object". False, with a report, when it is none. */
bool fw_cisco_service(struct fw_cisco *cisco, struct fw_cisco_line *line, struct fw_term *ret);

/* --- Access lists (cisco_acl.c) --- */

/* Everything of an entry after "permit" or "deny", of one that reads "PROTOCOL SOURCE DESTINATION":
 * match, log, schedule, objects. What is not understood widens it. */
void fw_cisco_entry_read(struct fw_cisco *cisco, struct fw_cisco_line *line, unsigned families,
                         struct fw_rule *rule);
/* The same for PIX conduits: "PROTOCOL DESTINATION SOURCE". */
void fw_cisco_entry_read_conduit(struct fw_cisco *cisco, struct fw_cisco_line *line,
                                 struct fw_rule *rule);
/* The same for "SOURCE" or "DESTINATION" alone, as standard lists have it. */
void fw_cisco_entry_read_standard(struct fw_cisco *cisco, struct fw_cisco_line *line,
                                  struct fw_rule *rule);
/* An entry whose words are kept and not understood. */
void fw_cisco_entry_keep(struct fw_cisco *cisco, struct fw_cisco_line *line, unsigned families,
                         struct fw_rule *rule);

#endif
