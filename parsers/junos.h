/*
 * What the files of the Junos parser share: set commands and braces become one tree of words
 * (treetext.h), groups are inherited into it (junos_group.c), what is inactive is taken out, and
 * objects, policies, filters and settings are read from what is left.
 */
#ifndef FW_PARSERS_JUNOS_H
#define FW_PARSERS_JUNOS_H

#include "core/index.h"
#include "parsers/choice.h"
#include "parsers/treetext.h"

enum fw_jun_space {
    FW_JUN_ADDRESS,     /* of an address book, which is the scope */
    FW_JUN_APPLICATION, /* applications and sets of them */
    FW_JUN_PREFIXES,    /* prefix-list */
    FW_JUN_FILTER,
    FW_JUN_ZONE,
    FW_JUN_SCHEDULE,
    FW_JUN_SPACES
};

enum fw_jun_type { FW_JUN_HOST, FW_JUN_HOSTS, FW_JUN_APP, FW_JUN_APPS, FW_JUN_LIST, FW_JUN_OTHER };

struct fw_jun {
    struct fw_doc *doc;
    struct fw_ruleset *ruleset;
    struct fw_pool pool;
    struct fw_tree tree;
    struct fw_things things;
    struct fw_things missing;   /* what is referred to and not defined */
    struct fw_index interfaces; /* by name, their places in the ruleset */
    uint64_t inherited;         /* statements that came from groups */
};

/* Merges "groups NAME ..." to where "apply-groups NAME" stands, and takes out what is inactive. */
void fw_jun_groups(struct fw_jun *jun);
/* "<ge-*>" and "<*>" match names; other patterns only themselves. */
bool fw_jun_matches(fw_sv pattern, fw_sv name);

/* What no code read of an entry, by the reviewed list. */
void fw_jun_rest(struct fw_jun *jun, const char *section, struct fw_node *entry);

/* Objects, before all policies (junos_object.c, junos_application.c). */
void fw_jun_objects(struct fw_jun *jun);
void fw_jun_applications(struct fw_jun *jun);
struct fw_thing *fw_jun_missing(struct fw_jun *jun, fw_sv scope, enum fw_jun_space space,
                                const struct fw_node *name);
/* A name in the book of a zone, or in the global one. */
struct fw_thing *fw_jun_address(struct fw_jun *jun, fw_sv zone, fw_sv name);
struct fw_thing *fw_jun_application(struct fw_jun *jun, fw_sv name);
/* "22", "ssh", "1024-65535"; false: none of these. */
bool fw_jun_ports(struct fw_jun *jun, fw_sv text, const struct fw_numset **ret);
bool fw_jun_icmp_type(fw_sv text, bool v6, uint32_t *lo, uint32_t *hi);

/* A rule under construction. */
struct fw_jun_making {
    struct fw_jun *jun;
    struct fw_node *entry;
    struct fw_rule *rule;
    struct fw_terms terms;
};
void fw_jun_begin(struct fw_jun_making *making, struct fw_jun *jun, struct fw_node *entry,
                  struct fw_rule *rule, unsigned families);
/* A condition that is no dimension: the first word, and what the keyword is set to. */
void fw_jun_atom(struct fw_jun_making *making, enum fw_atom_kind kind, const char *first,
                 const struct fw_node *key);
/* A keyword that is known to nobody: claims least, and says nothing of its value. */
void fw_jun_unknown(struct fw_jun_making *making, struct fw_node *key);
/* The same for all below the node that turned out to be unknown. */
void fw_jun_widen(struct fw_jun_making *making, const struct fw_node *node);
void fw_jun_end(struct fw_jun_making *making);

void fw_jun_policies(struct fw_jun *jun);
void fw_jun_filters(struct fw_jun *jun);
/* The conditions of a term of a filter (junos_match.c). */
void fw_jun_match(struct fw_jun_making *making, struct fw_node *from, unsigned families);
/* What decides and is not read (junos_elsewhere.c). */
void fw_jun_elsewhere(struct fw_jun *jun);
void fw_jun_nat(struct fw_jun *jun);
void fw_jun_interfaces(struct fw_jun *jun);
void fw_jun_settings(struct fw_jun *jun);

#endif
