/*
 * An entry of an access list while it is read: what the readers of the dialects (cisco_acl.c,
 * cisco_ios_entry.c) do alike once they know what stands at a position. What is not understood
 * becomes an atom and widens the entry.
 */
#ifndef FW_PARSERS_CISCO_ENTRY_H
#define FW_PARSERS_CISCO_ENTRY_H

#include "parsers/cisco.h"

struct fw_cisco_entry {
    struct fw_cisco *cisco;
    struct fw_cisco_line *line;
    struct fw_rule *rule;
    struct fw_terms terms;
    const struct fw_numset *protocol; /* when one was named; NULL: any, or an object says */
    bool stopped;                     /* the rest cannot be read */
};

void fw_cisco_entry_begin(struct fw_cisco_entry *e, struct fw_cisco *cisco,
                          struct fw_cisco_line *line, unsigned families, struct fw_rule *rule);
/* Match and words of the rule; reports what was too much. */
void fw_cisco_entry_end(struct fw_cisco_entry *e);

static inline struct fw_arena *fw_cisco_entry_scratch(const struct fw_cisco_entry *e)
{
    return &e->cisco->doc->scratch;
}

/* The rule refers to the object; once, however often it is named. */
void fw_cisco_entry_object(struct fw_cisco_entry *e, struct fw_cisco_object *object);
/* The atom's words are the prefix (may be "") and these. */
void fw_cisco_entry_atom(struct fw_cisco_entry *e, enum fw_atom_kind kind, bool outside,
                         const char *prefix, fw_sv words);
/* The rest of the line cannot be read: its words stay as an atom. */
void fw_cisco_entry_stop(struct fw_cisco_entry *e);
/* ... and that is reported: "expected ...". */
void fw_cisco_entry_give_up(struct fw_cisco_entry *e, const char *expected);
/* The protocol that was named, when it is exactly one. */
bool fw_cisco_entry_one_protocol(const struct fw_cisco_entry *e, uint8_t *ret);

/* --- Positions --- */

void fw_cisco_entry_addresses(struct fw_cisco_entry *e, const struct fw_ipset *set, bool source);
/* An object or a group of addresses by its name. */
void fw_cisco_entry_address_object(struct fw_cisco_entry *e, fw_sv name, bool source);
/* A service where the protocol belongs. */
void fw_cisco_entry_service_object(struct fw_cisco_entry *e, fw_sv name);
/* NULL: the ports were no ports, which was reported. */
void fw_cisco_entry_ports(struct fw_cisco_entry *e, const struct fw_numset *ports, bool source);
/* A group of ports, or of ICMP types, or a service where ports belong. */
void fw_cisco_entry_port_object(struct fw_cisco_entry *e, fw_sv name, bool source);
void fw_cisco_entry_schedule(struct fw_cisco_entry *e, fw_sv name);

#endif
