/*
 * What the files of the FortiOS parser share: the text becomes a tree of words (fortios_text.c),
 * from which objects, policies and settings are read, one virtual domain after the other.
 */
#ifndef FW_PARSERS_FORTIOS_H
#define FW_PARSERS_FORTIOS_H

#include "parsers/choice.h"
#include "parsers/conftree.h"

/* Addresses, groups and virtual addresses share their names, once for each family. */
enum fw_fos_space {
    FW_FOS_ADDRESS4,
    FW_FOS_ADDRESS6,
    FW_FOS_SERVICE,
    FW_FOS_SCHEDULE,
    FW_FOS_ZONE
};

enum fw_fos_type {
    FW_FOS_BUILTIN,
    FW_FOS_ADDRESS,
    FW_FOS_ADDRGRP,
    FW_FOS_VIP,
    FW_FOS_VIPGRP,
    FW_FOS_CUSTOM,
    FW_FOS_GROUP,
    FW_FOS_OTHER
};

struct fw_fos {
    struct fw_doc *doc;
    struct fw_ruleset *ruleset;
    struct fw_pool pool;
    struct fw_tree tree;
    struct fw_things things;
    struct fw_things missing; /* what is referred to and not defined: no name is found there */
    struct fw_node *base;     /* of the virtual domain being read: holds "firewall", "system" */
    struct fw_node *global;   /* holds "system": interfaces and settings of the device */
    fw_sv vdom;               /* {0}: the device has no virtual domains */
    size_t nvips;             /* of this virtual domain */
    struct fw_thing **vips;
};

/* Reads the whole text into the tree. */
void fw_fos_text(struct fw_fos *fos);
/* The value of such a keyword is a password or key. */
bool fw_fos_secret(fw_sv key);

/* Finds out what a keyword that no code reads is worth, by the reviewed list, and marks it. True:
 * it narrows what is matched, in a way that is not modelled. */
bool fw_fos_keyword(struct fw_fos *fos, const char *section, struct fw_node *key);

/* A whole section that changes no verdict. */
bool fw_fos_section_ignored(fw_sv section);

/* Keywords below an entry; reading one marks it as used. */
struct fw_node *fw_fos_key(struct fw_fos *fos, struct fw_node *entry, const char *key);
fw_sv fw_fos_value(struct fw_fos *fos, struct fw_node *entry, const char *key); /* the first */
bool fw_fos_is(struct fw_fos *fos, struct fw_node *entry, const char *key, const char *value);
/* "10.0.0.1 255.0.0.0", "10.0.0.1/8" or "10.0.0.1" below a keyword; the address itself too. */
bool fw_fos_prefix(const struct fw_node *key, fw_iprange *ret, fw_ip *ret_own);

/* Objects of a virtual domain; before its policies. */
void fw_fos_objects(struct fw_fos *fos);
/* What a name in a rule stands for; reports names that are not defined. NULL only then: see
 * fw_fos_missing. */
struct fw_thing *fw_fos_address(struct fw_fos *fos, struct fw_node *name, bool v6);
struct fw_thing *fw_fos_service(struct fw_fos *fos, struct fw_node *name);
/* What every device comes with (fortios_vendor.c): the ports of a service that need not be written,
 * or NULL; and names that are there although nobody chose them. */
const char *fw_fos_vendor_service(fw_sv name);
bool fw_fos_is_vendors(fw_sv name, bool service);
/* The object without definition that such a name refers to. */
struct fw_thing *fw_fos_missing(struct fw_fos *fos, const struct fw_node *name, int space);
/* Names of objects in parts of the configuration that nobody models count as uses. */
void fw_fos_references(struct fw_fos *fos);

/* A virtual address: packets that are sent to `outer` are for `inner`. */
struct fw_fos_vip {
    bool known; /* its addresses could be read */
    fw_iprange outer, inner;
    bool forwards; /* only these ports */
    uint8_t proto;
    uint16_t outer_lo, outer_hi, inner_lo, inner_hi;
};
struct fw_fos_vip fw_fos_vip(struct fw_fos *fos, struct fw_thing *thing);

/* A list of policies. */
struct fw_fos_list {
    const char *section; /* below "firewall" */
    unsigned families;   /* 0: by what its rules say */
    bool local;          /* packets to the device itself */
};
/* One entry of a list (fortios_rule.c). */
void fw_fos_rule(struct fw_fos *fos, const struct fw_fos_list *list, struct fw_policy *policy,
                 struct fw_node *entry, struct fw_rule *rule);

void fw_fos_policies(struct fw_fos *fos);
void fw_fos_interfaces(struct fw_fos *fos);
void fw_fos_settings(struct fw_fos *fos);

#endif
