/*
 * One netfilter rule while it is read: shared by the reader of rules (netfilter_rule.c) and the
 * tables of what its words mean (netfilter_module.c, netfilter_match.c, netfilter_conntrack.c,
 * netfilter_target.c). Nobody else needs this.
 */
#ifndef FW_PARSERS_NETFILTER_MATCH_H
#define FW_PARSERS_NETFILTER_MATCH_H

#include "parsers/netfilter.h"

struct fw_nf_module;
struct fw_nf_target;

/* One "-m NAME" of a rule. */
struct fw_nf_use {
    const struct fw_nf_module *module; /* NULL: unknown */
    fw_sv name;
    size_t nwords;
    fw_sv *words;          /* of options that became no condition of their own */
    bool set, set_negated; /* recent --set */
    bool has_states, has_others;
    struct fw_terms states; /* conntrack, state */
    struct fw_terms others; /* conntrack: everything but the state */
};

enum { FW_NF_USES = 32 };

struct fw_nf_rule {
    struct fw_nf *nf;
    struct fw_nf_table *table;
    uint32_t line;
    fw_sv chain; /* the command's */
    struct fw_rule rule;
    struct fw_terms terms;
    bool has_proto; /* exactly one protocol */
    uint8_t proto;
    const struct fw_nf_target *target; /* NULL: none, or a chain */
    size_t nuses;
    struct fw_nf_use uses[FW_NF_USES];
};

/* An option with its arguments as it was found in a rule. */
struct fw_nf_option {
    fw_sv name; /* in full: "--dport" */
    fw_sv raw;  /* as written */
    bool negated;
    size_t n;
    const struct fw_nf_word *args;
};

struct fw_nf_value {
    const char *name;
    uint32_t value;
};

/* Spellings (netfilter_value.c). Rows end with a NULL name; case does not matter. */
bool fw_nf_value_find(const struct fw_nf_value *rows, fw_sv name, uint32_t *ret);
bool fw_nf_flags(fw_sv list, uint32_t *ret);                    /* "SYN,ACK", "0x12" */
bool fw_nf_icmp(fw_sv text, bool six, struct fw_numrange *ret); /* "8", "3/4", "echo-request" */
bool fw_nf_mark(fw_sv text, uint32_t *ret_value, uint32_t *ret_mask); /* "0x10/0xff" */
bool fw_nf_ports(fw_sv text, struct fw_numrange *ret); /* "80", "ssh", "1024:", ":1023", "20:21" */

/* Whose option a word is (netfilter_option.c). */
enum fw_nf_owner { FW_NF_BASE, FW_NF_TARGET, FW_NF_USE };
enum fw_nf_rank { FW_NF_NO_OPTION, FW_NF_ABBREVIATED, FW_NF_EXACT };

struct fw_nf_found {
    enum fw_nf_owner owner;
    struct fw_nf_use *use; /* USE */
    enum fw_nf_rank rank;
    fw_sv name; /* in full */
    size_t args;
};

/* Also takes the protocol's own match into the rule when the option is one of it. */
struct fw_nf_found fw_nf_option_find(struct fw_nf_rule *rule, fw_sv word);

/* Matches (netfilter_module.c). */
const struct fw_nf_module *fw_nf_module_find(fw_sv name);
const char *fw_nf_module_options(const struct fw_nf_module *module); /* "--sport:1 --syn:0" */
bool fw_nf_module_is(const struct fw_nf_module *module, const char *name);
/* Takes -m NAME into the rule. False: more than FW_NF_USES. */
bool fw_nf_use(struct fw_nf_rule *rule, const struct fw_nf_word *name);
void fw_nf_use_option(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option);
void fw_nf_use_finish(struct fw_nf_rule *rule, struct fw_nf_use *use);

/* Targets (netfilter_target.c). */
const struct fw_nf_target *fw_nf_target_find(fw_sv name);
const char *fw_nf_target_options(const struct fw_nf_target *target);
void fw_nf_target_take(struct fw_nf_rule *rule, const struct fw_nf_target *target);
void fw_nf_target_option(struct fw_nf_rule *rule, const struct fw_nf_option *option);

/* Conditions (netfilter_rule.c). A bad value is reported and widens the rule. */
void fw_nf_widen(struct fw_nf_rule *rule, enum fw_atom_kind kind, const char *module,
                 const struct fw_nf_option *option);
void fw_nf_bad_value(struct fw_nf_rule *rule, const struct fw_nf_option *option,
                     const char *expected);
fw_sv fw_nf_option_words(struct fw_nf_rule *rule, const char *module,
                         const struct fw_nf_option *option);

/* Pieces of conditions in the scratch arena (netfilter_match.c). */
const struct fw_numset *fw_nf_numset(struct fw_nf_rule *rule, const struct fw_numrange *v, size_t n,
                                     uint32_t last, bool negated);
struct fw_term fw_nf_atom_part(struct fw_nf_rule *rule, fw_sv words, bool negated);

/* One function an option: the rows of netfilter_module.c. */
void fw_nf_take_sport(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option);
void fw_nf_take_dport(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option);
void fw_nf_take_ports(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option);
void fw_nf_take_tcp_flags(struct fw_nf_rule *rule, struct fw_nf_use *use,
                          const struct fw_nf_option *option);
void fw_nf_take_syn(struct fw_nf_rule *rule, struct fw_nf_use *use,
                    const struct fw_nf_option *option);
void fw_nf_take_icmp_type(struct fw_nf_rule *rule, struct fw_nf_use *use,
                          const struct fw_nf_option *option);
void fw_nf_take_range(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option);
void fw_nf_take_comment(struct fw_nf_rule *rule, struct fw_nf_use *use,
                        const struct fw_nf_option *option);
void fw_nf_take_mark(struct fw_nf_rule *rule, struct fw_nf_use *use,
                     const struct fw_nf_option *option);
void fw_nf_take_set(struct fw_nf_rule *rule, struct fw_nf_use *use,
                    const struct fw_nf_option *option);
void fw_nf_take_nothing(struct fw_nf_rule *rule, struct fw_nf_use *use,
                        const struct fw_nf_option *option);
void fw_nf_take_recent_set(struct fw_nf_rule *rule, struct fw_nf_use *use,
                           const struct fw_nf_option *option);
void fw_nf_take_state(struct fw_nf_rule *rule, struct fw_nf_use *use,
                      const struct fw_nf_option *option);
void fw_nf_take_ct_proto(struct fw_nf_rule *rule, struct fw_nf_use *use,
                         const struct fw_nf_option *option);
void fw_nf_take_ct_address(struct fw_nf_rule *rule, struct fw_nf_use *use,
                           const struct fw_nf_option *option);
void fw_nf_take_ct_port(struct fw_nf_rule *rule, struct fw_nf_use *use,
                        const struct fw_nf_option *option);
void fw_nf_take_ct_dir(struct fw_nf_rule *rule, struct fw_nf_use *use,
                       const struct fw_nf_option *option);
void fw_nf_take_ct_other(struct fw_nf_rule *rule, struct fw_nf_use *use,
                         const struct fw_nf_option *option);
void fw_nf_take_address_type(struct fw_nf_rule *rule, struct fw_nf_use *use,
                             const struct fw_nf_option *option);
void fw_nf_finish_conntrack(struct fw_nf_rule *rule, struct fw_nf_use *use);

#endif
