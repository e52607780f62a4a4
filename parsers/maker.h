/*
 * A ruleset while a parser builds it: policies with their rules, interfaces, settings, and what
 * they begin and end with. Everything lives in the arena of the document.
 */
#ifndef FW_PARSERS_MAKER_H
#define FW_PARSERS_MAKER_H

#include "core/index.h"
#include "parsers/doc.h"
#include "parsers/terms.h"
#include "policy/model.h"

struct fw_maker {
    struct fw_doc *doc;
    struct fw_ruleset *ruleset;
    struct fw_pool pool;
    struct fw_index policies, interfaces; /* by name, their places in the ruleset */
};

void fw_maker_init(struct fw_maker *maker, struct fw_doc *doc, struct fw_ruleset *ruleset);
/* One that decides, and refuses what no rule takes. */
struct fw_policy *fw_maker_policy(struct fw_maker *maker, fw_sv name, unsigned families);
/* By its name, or NULL. */
struct fw_policy *fw_maker_find(const struct fw_maker *maker, fw_sv name);
/* One of table "nat" that only rewrites. */
struct fw_policy *fw_maker_nat(struct fw_maker *maker, fw_sv name, enum fw_hook hook);
void fw_maker_bind(struct fw_maker *maker, struct fw_policy *policy, fw_sv in, fw_sv out,
                   fw_span span);
/* Appends the rule, its match and words from the terms, with its position. */
struct fw_rule *fw_maker_rule(struct fw_maker *maker, struct fw_policy *policy,
                              const struct fw_rule *rule, const struct fw_terms *terms);
/* Gives a rule its match, and its words, from the terms. A rule of more terms than are kept says so
 * on its line; part: of it, or {0}. */
void fw_rule_match(struct fw_doc *doc, struct fw_pool *pool, const struct fw_terms *terms,
                   fw_sv part, struct fw_rule *rule);
/* A rule that may take any packet and do anything with it, for what was not read. */
void fw_policy_unread(struct fw_doc *doc, struct fw_pool *pool, struct fw_policy *policy, fw_sv why,
                      fw_span span);
/* A policy that is applied and whose rules are in no line: that a file has none is no sign that the
 * device has none. */
void fw_maker_elsewhere(struct fw_maker *maker, fw_sv name, fw_sv why);
/* A rule for what may follow when the text ends too early: rules may have followed. */
void fw_policy_cut(struct fw_doc *doc, struct fw_pool *pool, struct fw_policy *policy);
void fw_maker_setting(struct fw_maker *maker, enum fw_setting_kind kind, fw_sv value, fw_sv extra,
                      fw_span span);
struct fw_interface *fw_maker_interface(struct fw_maker *maker, fw_sv name, fw_span span);
/* The first of its name, or NULL. */
const struct fw_interface *fw_maker_interface_find(const struct fw_maker *maker, fw_sv name);
/* Hands everything on and seals. */
void fw_maker_finish(struct fw_maker *maker);

/* "22", "1024-65535", "a:b" with the separator; false: it is none. */
bool fw_port_range(fw_sv text, char separator, struct fw_numrange *ret);

#endif
