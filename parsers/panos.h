/*
 * What the files of the PAN-OS parser share: XML, set commands and braces become one tree of words
 * (panos_text.c), whatever stands around the configuration in it:
 *   root > deviceconfig, network, shared, mgt-config, vsys > NAME, device-group > NAME,
 *          template > NAME > config > ..., policy > panorama
 * from which objects, rulebases and settings are read, one scope after the other.
 */
#ifndef FW_PARSERS_PANOS_H
#define FW_PARSERS_PANOS_H

#include "core/index.h"
#include "parsers/choice.h"
#include "parsers/treetext.h"

/* Addresses, groups, lists and regions share their names, and so do services and their groups. */
enum fw_pan_space {
    FW_PAN_ADDRESS,
    FW_PAN_SERVICE,
    FW_PAN_APPLICATION,
    FW_PAN_SCHEDULE,
    FW_PAN_ZONE,
    FW_PAN_SPACES
};

enum fw_pan_type {
    FW_PAN_HOST,        /* address */
    FW_PAN_HOSTS,       /* address-group */
    FW_PAN_LIST,        /* external-list */
    FW_PAN_REGION,      /* region */
    FW_PAN_PORTS,       /* service */
    FW_PAN_PORTS_GROUP, /* service-group */
    FW_PAN_APP,         /* application, application-filter: told by their name only */
    FW_PAN_APPS,        /* application-group */
    FW_PAN_OTHER
};

/* Panorama allows four device groups one in the other; above them are what it pushed and shared. */
enum { FW_PAN_DEEPEST = 16, FW_PAN_CHAIN = FW_PAN_DEEPEST + 2 };

/* Where names are looked up, and rulebases stand: a virtual system, a device group, shared. */
struct fw_pan_scope {
    fw_sv name;
    struct fw_node *node;
    struct fw_pan_scope *up; /* asked for what this one has not */
    bool panorama;           /* devices may have what is not written here */
    size_t nzones;
    const fw_sv *zones;
};

struct fw_pan {
    struct fw_doc *doc;
    struct fw_ruleset *ruleset;
    struct fw_pool pool;
    struct fw_tree tree;
    struct fw_things things;
    struct fw_things missing; /* what is referred to and not defined */
    struct fw_pan_scope shared;
    struct fw_pan_scope pushed; /* policy > panorama: what Panorama gave to this device */
    size_t nscopes;
    struct fw_pan_scope **scopes;       /* virtual systems, or device groups */
    const struct fw_pan_scope *reading; /* whose zones the rules are about */
    struct fw_index names, interfaces;  /* of scopes and interfaces: their places */
};

/* Reads the text, whichever spelling, into the tree. */
void fw_pan_text(struct fw_pan *pan);

/* The keyword is not set, or to nothing but "any". */
bool fw_pan_any(const struct fw_node *key);
/* What no code read of an entry, by the reviewed list. True: something of it narrows. */
bool fw_pan_rest(struct fw_pan *pan, const char *section, struct fw_node *entry);
/* Everything below a rulebase or scope that is neither read nor in the list is unsupported. */
void fw_pan_sections(struct fw_pan *pan, const char *section, struct fw_node *node);

/* The scope of this name, or NULL: a virtual system or a device group. */
struct fw_pan_scope *fw_pan_scope(const struct fw_pan *pan, fw_sv name);
/* Objects of a scope; all scopes before all policies. */
void fw_pan_declare(struct fw_pan *pan, struct fw_pan_scope *scope);
void fw_pan_expand(struct fw_pan *pan, struct fw_pan_scope *scope);
struct fw_thing *fw_pan_find(struct fw_pan *pan, const struct fw_pan_scope *scope,
                             enum fw_pan_space space, fw_sv name);
/* What outputs call it: where a scope above has the same name, by its own scope as well. */
fw_sv fw_pan_told(struct fw_pan *pan, const struct fw_thing *thing);
/* The object without definition that a name refers to. */
struct fw_thing *fw_pan_missing(struct fw_pan *pan, const struct fw_pan_scope *scope,
                                enum fw_pan_space space, const struct fw_node *name);
/* A rule under construction; *things (objects it refers to) goes to the rule. */
struct fw_pan_making {
    struct fw_pan *pan;
    const struct fw_pan_scope *scope; /* where its names are looked up */
    struct fw_node *entry;
    struct fw_rule *rule;
    struct fw_terms terms;
};
void fw_pan_begin(struct fw_pan_making *making, struct fw_pan *pan,
                  const struct fw_pan_scope *scope, struct fw_node *entry, struct fw_rule *rule);
/* Addresses or services of a keyword; literals, objects, regions, and what is not defined. */
struct fw_choice fw_pan_choice(struct fw_pan_making *making, const struct fw_node *key,
                               enum fw_pan_space space);
void fw_pan_atom(struct fw_pan_making *making, enum fw_atom_kind kind, const char *first,
                 const struct fw_node *key);
/* The zones of a keyword; false: any. */
bool fw_pan_zones(struct fw_pan_making *making, const char *key, const fw_sv **names, size_t *n);
void fw_pan_end(struct fw_pan_making *making, const char *section);
void fw_pan_rule(struct fw_pan *pan, const struct fw_pan_scope *scope, struct fw_node *entry,
                 struct fw_rule *rule);
void fw_pan_nat(struct fw_pan *pan, const struct fw_pan_scope *scope, struct fw_node *entry,
                struct fw_rule *rule);

void fw_pan_policies(struct fw_pan *pan);
/* Interfaces and zones, before all policies. */
void fw_pan_interfaces(struct fw_pan *pan);
void fw_pan_settings(struct fw_pan *pan);

struct fw_choice fw_pan_opaque(struct fw_pan *pan, const char *kind, fw_sv name, bool outside);

#endif
