/*
 * config.xml of pfSense and OPNsense, which share most of it: what both parsers (pfsense.c,
 * opnsense.c) read alike. The rules are those that pf is given: states first, then what the system
 * adds, floating rules, groups of interfaces, interfaces (sense_rule.c, sense_policy.c).
 */
#ifndef FW_PARSERS_SENSE_H
#define FW_PARSERS_SENSE_H

#include "parsers/choice.h"
#include "parsers/maker.h"
#include "parsers/xmldoc.h"

enum fw_sense_space { FW_SENSE_ADDRESSES, FW_SENSE_PORTS };

struct fw_sense {
    struct fw_maker maker;
    const struct fw_xnode *root;
    bool opnsense;
    bool whole; /* all elements were read */
    struct fw_things aliases;
    struct fw_index groups; /* of interfaces, by name: the places of their members */
    fw_sv *members;
    struct fw_index virtuals;   /* interfaces with virtual addresses */
    struct fw_policy *in, *out; /* what pf is asked when a packet comes, and when it goes */
};

void fw_sense_parse(struct fw_doc *doc, struct fw_ruleset *ret, const char *root, bool opnsense);

/* sense_object.c */
void fw_sense_interfaces(struct fw_sense *sense);
void fw_sense_aliases(struct fw_sense *sense);
/* The members of a group of interfaces, or the name itself; none: any. */
void fw_sense_members(struct fw_sense *sense, fw_sv list, fw_sv **ret, size_t *ret_n,
                      bool *ret_group);
/* What <source> and <destination> say, as a condition; `any` names nothing. */
void fw_sense_side(struct fw_sense *sense, const struct fw_xnode *side, struct fw_rule *rule,
                   struct fw_terms *terms, bool destination);
/* One or several names and networks with commas between them, as a condition. */
void fw_sense_net(struct fw_sense *sense, fw_sv text, bool networks, struct fw_rule *rule,
                  struct fw_terms *terms, bool destination, bool negated);
/* The ports of a text: number, range, alias. NULL: any; false: widened. */
bool fw_sense_ports(struct fw_sense *sense, fw_sv text, uint32_t line, struct fw_rule *rule,
                    const struct fw_numset **ret);
/* An address, network or alias. */
struct fw_choice fw_sense_addresses(struct fw_sense *sense, fw_sv text, struct fw_rule *rule);

/* sense_rule.c */
/* Families, protocol and ICMP types as pf names them. False: no protocol. */
bool fw_sense_protocol(struct fw_terms *terms, fw_sv protocol, fw_sv family, fw_sv icmp);
/* Conditions of elements that are no dimensions. */
void fw_sense_rest(const struct fw_xnode *node, struct fw_terms *terms);
/* Lets TCP in the middle of a connection pass. */
bool fw_sense_odd(const struct fw_xnode *node);

/* sense_policy.c */
void fw_sense_rules(struct fw_sense *sense);

/* sense_filter.c: the rules of <filter>; pass 0 floating, 1 groups, 2 interfaces. */
void fw_sense_filter(struct fw_sense *sense, const struct fw_xnode *list, int pass);
extern const struct fw_known fw_sense_rule_keys[];
/* sense_automation.c: those of OPNsense's newer list. */
void fw_sense_automation(struct fw_sense *sense, const struct fw_xnode *list, int pass);
extern const struct fw_known fw_sense_automation_keys[];

/* Protocol, family and both sides of a rule of <filter> or <nat>. */
void fw_sense_match(struct fw_sense *sense, const struct fw_xnode *node, struct fw_rule *rule,
                    struct fw_terms *terms);
void fw_sense_widen(struct fw_terms *terms, enum fw_atom_kind kind, const char *what, fw_sv value);

/* sense_nat.c */
/* What forwards let pass, before the rules of people. */
void fw_sense_passed(struct fw_sense *sense);
void fw_sense_nat(struct fw_sense *sense);

/* sense_setting.c */
void fw_sense_settings(struct fw_sense *sense);
void fw_sense_secrets(struct fw_sense *sense);

/* An element that is there and is not switched off: <log/>, <log>1</log>. */
static inline bool fw_sense_set(const struct fw_xnode *node, const char *name)
{
    const struct fw_xnode *child = fw_xml_child(node, name);
    return child && !fw_sv_is(child->text, "0") && !fw_sv_is(child->text, "no");
}

#endif
