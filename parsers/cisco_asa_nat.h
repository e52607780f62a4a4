/*
 * Address translation of an ASA while it is read: entries of one policy "nat", in the order in
 * which the device asks them. The old spellings (before 8.3) and the new ones each have their file;
 * cisco_asa_nat.c keeps the lines, puts entries in order and makes the policy.
 */
#ifndef FW_PARSERS_CISCO_ASA_NAT_H
#define FW_PARSERS_CISCO_ASA_NAT_H

#include "parsers/cisco_asa.h"

/* In the order in which they are asked. Before 8.3: EXEMPT ("nat 0 access-list"), STATIC, POLICY
 * ("nat 1 access-list"), REGULAR; since: MANUAL, AUTO (of objects), AFTER. */
enum fw_asa_section {
    FW_ASA_NAT_EXEMPT,
    FW_ASA_NAT_MANUAL,
    FW_ASA_NAT_STATIC,
    FW_ASA_NAT_AUTO,
    FW_ASA_NAT_POLICY,
    FW_ASA_NAT_REGULAR,
    FW_ASA_NAT_AFTER,
    FW_ASA_NAT_SECTIONS
};

struct fw_asa_nat_entry {
    enum fw_asa_section section;
    bool dynamic;
    double size; /* of the real addresses: smaller first in AUTO and REGULAR */
    fw_ip first; /* of the real addresses */
    fw_sv name;  /* of the object */
    size_t place;
    struct fw_rule rule;
};

/* One entry while its line is read. */
struct fw_asa_nat {
    struct fw_asa *asa;
    struct fw_cisco_line *line;
    struct fw_terms terms;
    size_t place; /* asked for by a line number; 0: at the end */
    fw_sv in;     /* the interface on the side of the real source; {0}: none is said */
    struct fw_asa_nat_entry entry;
    struct fw_nat other;         /* of the destination */
    const struct fw_ipset *real; /* NULL: any */
};

void fw_asa_nat_init(struct fw_asa_nat *nat, struct fw_asa *asa, struct fw_cisco_line *line,
                     enum fw_asa_section section, bool six);
/* "(inside,outside)": takes it, and keeps the names. False, with a report, when it is broken. */
bool fw_asa_nat_pair(struct fw_asa_nat *nat, fw_sv *ret_a, fw_sv *ret_b);
void fw_asa_nat_between(struct fw_asa_nat *nat, fw_sv in, fw_sv out); /* {0}, "any": no condition */
void fw_asa_nat_source(struct fw_asa_nat *nat, const struct fw_ipset *set); /* real; NULL: any */
void fw_asa_nat_to(struct fw_nat *to, struct fw_asa_nat *nat, const struct fw_ipset *set);
void fw_asa_nat_to_interface(struct fw_nat *to, struct fw_asa_nat *nat, fw_sv name);
/* Puts the entry among the others and marks its line. */
void fw_asa_nat_add(struct fw_asa_nat *nat);
void fw_asa_nat_expect(struct fw_asa_nat *nat, const char *what);

/* "nat (a,b) ...", in an object (NULL: not) (cisco_asa_nat_new.c). */
void fw_asa_nat_new(struct fw_asa *asa, struct fw_cisco_line *line, struct fw_cisco_object *object);
/* "nat (a) 1 ...", "static (a,b) ..."; "global (a) 1 ..." first (cisco_asa_nat_old.c). */
void fw_asa_nat_old(struct fw_asa *asa, struct fw_cisco_line *line);
void fw_asa_nat_global(struct fw_asa *asa, struct fw_cisco_line *line);
void fw_asa_nat_globals_done(struct fw_asa *asa);

#endif
