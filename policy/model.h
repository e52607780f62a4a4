/*
 * What a firewall configuration means, whoever wrote it: the vocabulary every ruleset parser
 * produces and every analysis reads. Everything lives in the arena of the document and points into
 * its text; nothing here is written after the parser has returned.
 *
 * A rule matches a packet when one of its terms does. A term is a product: the packet's value in
 * every dimension is in the term's set (NULL: any value), and every atom of the term holds. An atom
 * is something that is not a dimension (an ipset's content, a rate limit, a time of day): its words
 * are kept, and the bounds follow from them: the rule surely matches what a term without atoms
 * matches (lower bound) and might match what any term matches (upper bound).
 */
#ifndef FW_POLICY_MODEL_H
#define FW_POLICY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/ip.h"
#include "core/numset.h"
#include "core/sha256.h"
#include "core/span.h"
#include "core/sv.h"

/* Connection state classes, as values of the `state` dimension. */
enum fw_state {
    FW_STATE_NEW,
    FW_STATE_ESTABLISHED,
    FW_STATE_RELATED,
    FW_STATE_INVALID,
    FW_STATE_UNTRACKED,
    FW_STATE_COUNT
};

/* A set of interface or zone names: those that match one of the patterns, or (negated) none. A
 * pattern that ends in '+' matches every name with that prefix; "+" alone matches any. */
struct fw_nameset {
    bool negated;
    size_t n;
    const fw_sv *v; /* sorted, no duplicates */
};

enum fw_atom_kind {
    FW_ATOM_FIXED,     /* unknown, but the same for the same packet wherever the same words stand:
                          a named set's content, an owner, a MAC address, an FQDN */
    FW_ATOM_VARYING,   /* may differ from one evaluation to the next: limits, statistics, recent */
    FW_ATOM_TIME,      /* a schedule: FIXED as far as one instant goes */
    FW_ATOM_MARK,      /* (packet mark & mask) == value */
    FW_ATOM_CONNMARK,  /* (mark of the packet's connection & mask) == value */
    FW_ATOM_SRC_LOCAL, /* the address is one of the device's own */
    FW_ATOM_DST_LOCAL,
    FW_ATOM_FRAGMENT, /* a fragment that is not the first: it has no ports to look at */
    FW_ATOM_COUNT
};

struct fw_atom {
    enum fw_atom_kind kind;
    bool negated;
    bool outside;         /* its content is kept elsewhere: a named set, an FQDN, a user group */
    fw_sv words;          /* canonical, as the vendor spells it: equal words, equal meaning */
    uint32_t value, mask; /* MARK, CONNMARK */
};

struct fw_term {
#define FW_DIM(name, kind, key) const struct FW_DIM_TYPE_##kind *name; /* NULL: any */
#define FW_DIM_TYPE_IP fw_ipset
#define FW_DIM_TYPE_NAME fw_nameset
#define FW_DIM_TYPE_NUM fw_numset
#include "policy/dims.def"
#undef FW_DIM
    size_t natoms;
    const struct fw_atom *atoms; /* sorted by (words, negated) */
};

struct fw_match {
    size_t n; /* 0: matches nothing (an empty group) */
    const struct fw_term *terms;
};

enum fw_action {
    FW_ACTION_PERMIT,
    FW_ACTION_DENY,   /* silently */
    FW_ACTION_REJECT, /* and tells the sender */
    FW_ACTION_JUMP,   /* evaluate `target`, come back when it does not decide */
    FW_ACTION_GOTO,   /* evaluate `target`, return to the caller's caller */
    FW_ACTION_RETURN,
    FW_ACTION_CONTINUE, /* decides nothing: LOG, MARK, counters, remarks */
    FW_ACTION_DNAT,     /* rewrites and decides in a NAT policy */
    FW_ACTION_SNAT,
    FW_ACTION_UNKNOWN, /* a target we do not model: may decide anything */
    FW_ACTION_COUNT
};

struct fw_counter {
    bool present; /* absent is not zero */
    uint64_t packets, bytes;
};

enum fw_object_kind {
    FW_OBJECT_ADDRESS,
    FW_OBJECT_ADDRESS_GROUP,
    FW_OBJECT_SERVICE,
    FW_OBJECT_SERVICE_GROUP,
    FW_OBJECT_PROTOCOL_GROUP,
    FW_OBJECT_ICMP_GROUP,
    FW_OBJECT_SCHEDULE,
    FW_OBJECT_USER_GROUP,
    FW_OBJECT_ZONE,
    FW_OBJECT_POLICY, /* a chain or access list used by name */
    FW_OBJECT_OTHER,
    FW_OBJECT_COUNT
};

/* A named thing of the configuration, for usage counts and hygiene; sets were expanded already. */
struct fw_object {
    enum fw_object_kind kind;
    fw_sv name;
    fw_span span;
    bool defined;      /* false: only referred to */
    bool vendor;       /* every device comes with it: unused, it is nobody's to clean up */
    bool empty;        /* defined, with no member */
    uint32_t uses;     /* references from rules, bindings, NAT, other objects */
    fw_sha256 content; /* of the canonical expanded members: equal content, duplicate object */
};

/* One rewrite of a NAT rule; an absent family means that part stays as it is. */
struct fw_nat {
    fw_iprange to;              /* the new address (DNAT: destination, SNAT: source) */
    const struct fw_ipset *set; /* when that is more than one range; `to` spans them all */
    uint16_t port_lo, port_hi;  /* 0,0: unchanged */
    bool own_address;           /* masquerade, interface: the device's own */
    bool paired;                /* the n-th address that matches becomes the n-th of `to` */
    bool both_ways; /* SNAT: connections from the other side to the new address come back to it */
    bool alone;     /* no later rule rewrites the other side of the packet either */
    const struct fw_nat *other; /* what SNAT does to the destination; NULL: nothing */
};

/* What a CONTINUE rule does to the mark of the connection; a packet without one is left alone. */
enum fw_connmark_op {
    FW_CONNMARK_NONE,
    FW_CONNMARK_SET,     /* connection = (connection & ~mark_mask) ^ mark_value */
    FW_CONNMARK_SAVE,    /* connection = (connection & ~mark_mask) ^ (packet & mark_value) */
    FW_CONNMARK_RESTORE, /* packet = (packet & ~mark_value) ^ (connection & mark_mask) */
};

struct fw_rule {
    uint32_t position; /* as a person counts within its policy, 1-based */
    enum fw_action action;
    bool enabled;
    bool implied; /* comes with the device: it decides, and nobody wrote it */
    bool instead; /* written in place of one that comes with the device, and is back without it */
    bool quick;   /* decides at once in a policy of FW_ORDER_LAST */
    bool log;
    bool shared;  /* its line is a rule of another policy, too */
    bool has_end; /* its schedule ends for good, */
    bool sets_mark;
    bool untracks;  /* CONTINUE that takes the packet out of connection tracking */
    int64_t end_ns; /* then (has_end): civil time of the device, as if it were UTC */
    fw_sv id;       /* the vendor's: uuid, policy id, sequence number; {0} when none */
    fw_sv name;
    fw_sv comment;
    fw_sv target;           /* JUMP, GOTO: the policy's name; otherwise the vendor's word */
    struct fw_policy *jump; /* resolved target; NULL when undefined */
    fw_sv log_tag;          /* prefix or tag that this rule writes into its log lines */
    struct fw_match match;  /* the upper bound */
    struct fw_counter hits;
    struct fw_nat nat;              /* DNAT, SNAT */
    uint32_t mark_value, mark_mask; /* CONTINUE that sets the mark: mark = (mark & ~mask) ^ value */
    enum fw_connmark_op connmark;
    fw_span span;
    size_t nwords;
    const fw_sv *unmodelled; /* the words that widened the bounds, in order */
    size_t nobjects;
    struct fw_object *const *objects; /* those this rule refers to */
    fw_sha256 content; /* of the canonical meaning, objects expanded: see fw_rule_seal */
    uint32_t alike;    /* place of the next rule of its policy with this content: a ring */
};

enum fw_hook {
    FW_HOOK_NONE, /* not an entry point: a user chain */
    FW_HOOK_PREROUTING,
    FW_HOOK_INPUT,
    FW_HOOK_FORWARD,
    FW_HOOK_OUTPUT,
    FW_HOOK_POSTROUTING,
    FW_HOOK_COUNT
};

/* Where a policy is applied: an ACL to an interface and direction, a zone pair. */
struct fw_binding {
    fw_sv in, out; /* interface or zone; {0}: any */
    fw_span span;
};

/* Which matching rule decides, as the configuration means it. Sealing puts the rules of a LAST
 * policy into the order in which the first match decides (positions stay as written), so nobody
 * else has to know. */
enum fw_order { FW_ORDER_FIRST, FW_ORDER_LAST };

/* What decides one packet, or a piece of it (a user chain). */
struct fw_policy {
    fw_sv name;  /* chain or ACL name as results print it: "FORWARD", "nat/PREROUTING" */
    fw_sv table; /* "filter"; {0} where the vendor has none */
    fw_sv family, own_table; /* nftables: the words that its commands name the table by */
    enum fw_hook hook;
    int priority; /* order among policies of one hook: raw -300, mangle -150, nat -100, filter 0 */
    bool decides; /* a filter: its verdicts are the policy's; nat and mangle only rewrite */
    bool nat;     /* sees the first packet of a connection only */
    unsigned met; /* before connection tracking, after it, or both: see tracking.c */
    enum fw_order order;
    unsigned families;       /* FW_FAMILY_ bits that this policy sees */
    enum fw_action fallback; /* what happens when no rule decides; RETURN for a user chain */
    bool fallback_explicit;  /* written in the configuration, not only the vendor's default */
    fw_span fallback_span;
    struct fw_counter fallback_hits;
    bool bound;  /* applied somewhere, or reached from an entry point */
    bool upward; /* asked where security levels would refuse: PIX conduits */
    /* A user chain that always says the same ("LOGDROP": log, then drop): calling it is a decision.
     * COUNT for every other policy. Set by sealing. */
    enum fw_action fate;
    size_t nbindings;
    const struct fw_binding *bindings;
    size_t n;
    struct fw_rule *rules; /* in the order of evaluation, see fw_order */
    fw_span span;
};

struct fw_interface {
    fw_sv name;   /* as policies use it: nameif on ASA */
    fw_sv device; /* hardware name */
    fw_sv zone;
    fw_sv vrf;       /* packets stay among the interfaces of one: {0} is one, too */
    unsigned routed; /* FW_FAMILY_ bits: it has an address, known or not */
    bool has_level;
    int level; /* ASA security level */
    bool shutdown;
    size_t naddresses;
    const fw_iprange *addresses; /* the networks it is in */
    size_t nown;
    const fw_ip *own; /* its own addresses */
    fw_span span;
};

/* One setting that checks ask about, with its place. */
enum fw_setting_kind {
    FW_SETTING_HOSTNAME,
    FW_SETTING_VERSION,
    FW_SETTING_NTP_SERVER, /* value: address or name; extra: "prefer", key id */
    FW_SETTING_NTP_AUTH,
    FW_SETTING_TIME_ZONE, /* value as written */
    FW_SETTING_LOG_HOST,  /* value: address; extra: transport */
    FW_SETTING_LOG_LEVEL,
    FW_SETTING_LOG_TIMESTAMP,
    FW_SETTING_LOG_ON, /* ASA: messages are made at all */
    FW_SETTING_LOG_OFF,
    FW_SETTING_ADMIN_ACCESS, /* value: protocol; range: from where; extra: interface */
    FW_SETTING_USER,         /* value: name; extra: privilege */
    FW_SETTING_AAA,
    FW_SETTING_DNS_SERVER,
    FW_SETTING_SNMP,          /* value: version; never the community */
    FW_SETTING_SAME_SECURITY, /* ASA: traffic between equal levels */
    FW_SETTING_COUNT
};

struct fw_setting {
    enum fw_setting_kind kind;
    fw_sv value, extra;
    fw_iprange range; /* family 0 in lo: none */
    fw_span span;
};

/* On which addresses the lists of a device decide that translates (Cisco ASA; netfilter's order is
 * that of its hooks). The policy of table "nat" says how it translates. */
enum fw_nat_view {
    FW_NAT_VIEW_NONE, /* nothing is translated, or hooks say when */
    FW_NAT_VIEW_REAL, /* those behind the translation: the destination was put back before */
    FW_NAT_VIEW_WIRE, /* those on the wire of the interface where the list is applied */
};

/* What the configuration says of itself as a whole. */
struct fw_ruleset {
    const char *format; /* the parser's name */
    fw_sv hostname;     /* {0} when the configuration does not say */
    size_t npolicies;
    struct fw_policy **policies; /* in the order of the file */
    size_t nobjects;
    struct fw_object **objects;
    size_t ninterfaces;
    const struct fw_interface *interfaces;
    size_t nsettings;
    const struct fw_setting *settings;
    bool has_settings;  /* false: this format does not carry device settings (iptables-save) */
    bool managed;       /* administration cannot be off: a file that tells none is a part */
    bool implicit_deny; /* ends of ACLs deny without saying so */
    bool level_default; /* ASA: an interface without ACL permits to lower security levels */
    bool bare_open;     /* routers: an interface without ACL permits everything */
    enum fw_nat_view nat_view;
    bool inner_unseen; /* rules name virtual addresses; what stands behind is not kept */
    bool zoned;      /* rules and bindings name zones: an interface that is in one stands for it */
    bool zones_open; /* IOS: what stays in a zone, or outside all of them, passes */
    size_t nsecrets;
    const fw_span *secrets; /* passwords, keys, communities: sinks mask these bytes */
};

const char *fw_action_name(enum fw_action action); /* "permit", "deny", "reject", "jump", ... */
const char *fw_hook_name(enum fw_hook hook);       /* "input" */
const char *fw_state_name(enum fw_state state);    /* "new" */
const char *fw_object_kind_name(enum fw_object_kind kind);
bool fw_action_decides(enum fw_action action); /* PERMIT, DENY, REJECT */
/* Do two deciding actions give a packet the same fate? DENY and REJECT both refuse: they differ in
 * what the sender learns, so they count as different actions in findings. */
bool fw_action_same(enum fw_action a, enum fw_action b);
/* A note between rules (an ASA remark), which takes a position and does nothing, or a rule that the
 * device adds by itself: nobody wrote it, so nobody reviews it. */
bool fw_rule_is_remark(const struct fw_rule *rule);
/* The action, or that of the chain of one fate it calls; COUNT: it decides nothing by itself. */
enum fw_action fw_rule_fate(const struct fw_rule *rule);
/* The term takes every packet of these families. */
bool fw_term_takes_all(const struct fw_term *term, unsigned families);
/* The last rule of its policy that does anything, and it refuses everything: the documented
 * default. */
bool fw_rule_is_final_refusal(const struct fw_policy *policy, const struct fw_rule *rule);
/* How many rules somebody wrote. */
size_t fw_policy_written(const struct fw_policy *policy);
/* No term has an atom: lower and upper bound are the same. */
bool fw_rule_exact(const struct fw_rule *rule);
void fw_ruleset_add(struct fw_arena *arena, struct fw_ruleset *ruleset, struct fw_policy *policy);
/* Settings and interfaces of a ruleset that is being made. */
void fw_ruleset_add_setting(struct fw_arena *arena, struct fw_ruleset *ruleset,
                            struct fw_setting setting);
struct fw_interface *fw_ruleset_add_interface(struct fw_arena *arena, struct fw_ruleset *ruleset,
                                              fw_sv name, fw_span span);
void fw_interface_add_address(struct fw_arena *arena, struct fw_interface *interface,
                              fw_iprange network, fw_ip own);
/* An object that the rule refers to. */
void fw_rule_refer(struct fw_arena *arena, struct fw_rule *rule, struct fw_object *object);
/* Of one name, table and family: chains of nftables share names across families. */
bool fw_policy_same_name(const struct fw_policy *a, const struct fw_policy *b);
/* The policy of another ruleset that answers to this one of `own`: of the same name, or one that is
 * called so and answers to no other. NULL: none. */
const struct fw_policy *fw_ruleset_counterpart(const struct fw_ruleset *own,
                                               const struct fw_policy *policy,
                                               const struct fw_ruleset *other);
bool fw_policy_same_bindings(const struct fw_policy *a, const struct fw_policy *b);
const struct fw_policy *fw_ruleset_find(const struct fw_ruleset *ruleset, fw_sv name);
/* By its name or its device's. */
const struct fw_interface *fw_ruleset_interface(const struct fw_ruleset *ruleset, fw_sv name);
bool fw_nameset_has(const struct fw_nameset *set, fw_sv name); /* patterns and negation */
bool fw_name_matches(fw_sv pattern, fw_sv name);

/* Called once by every ruleset parser when it is done: resolves jumps, marks what is bound,
 * counts object uses, computes the content hash of every rule, checks what the model promises. */
void fw_ruleset_seal(struct fw_arena *arena, struct fw_ruleset *ruleset);

#endif
