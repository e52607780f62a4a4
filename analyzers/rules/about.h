/* What analyzers of rules share: walking devices with a configuration, and naming a rule. */
#ifndef FW_ANALYZERS_RULES_ABOUT_H
#define FW_ANALYZERS_RULES_ABOUT_H

#include "analyzers/analyzer.h"

/* The current configuration of the next device that should have one; *index starts at 0. A device
 * without any gets an OPEN result of the check and is passed over; so does "no device at all". */
const struct fw_snapshot *fw_about_next(const struct fw_facts *facts, struct fw_results *results,
                                        const char *check, size_t *index,
                                        const struct fw_device_facts **ret_device);

/* A result about one rule of a snapshot: place, text, parameters {policy} {position} {line} {rule}.
 */
struct fw_result *fw_about_rule(struct fw_results *results, const char *check,
                                enum fw_result_state state, const struct fw_device_facts *device,
                                const struct fw_snapshot *snapshot, const struct fw_policy *policy,
                                const struct fw_rule *rule, const char *words);
/* ... of several about one rule: the part tells their fingerprints apart. */
struct fw_result *fw_about_part(struct fw_results *results, const char *check,
                                enum fw_result_state state, const struct fw_device_facts *device,
                                const struct fw_snapshot *snapshot, const struct fw_policy *policy,
                                const struct fw_rule *rule, const char *words, fw_sv part);
/* A result about a whole policy, or the whole configuration when policy is NULL. */
struct fw_result *fw_about_policy(struct fw_results *results, const char *check,
                                  enum fw_result_state state, const struct fw_device_facts *device,
                                  const struct fw_snapshot *snapshot,
                                  const struct fw_policy *policy, const char *words);
/* The rules that are responsible: {because} and the structured list. */
void fw_about_because(struct fw_results *results, struct fw_result *result,
                      const struct fw_rule_verdict *verdict);
fw_sv fw_about_witness(struct fw_results *results, const struct fw_packet *packet);
/* "value" of "total" against "target", as parameters and as measured/target texts. */
void fw_about_count(struct fw_results *results, struct fw_result *result, uint64_t value,
                    uint64_t total, uint64_t target);
/* Enabled rules of the policies that decide. */
uint64_t fw_about_rules(const struct fw_ruleset *ruleset);
/* The rule as its file spells it, one line, without the blanks around it and without secrets. */
fw_sv fw_about_text(struct fw_arena *arena, const struct fw_snapshot *snapshot,
                    const struct fw_rule *rule);
/* Runs of blanks become one. */
fw_sv fw_about_squeezed(struct fw_arena *arena, fw_sv text);
/* Does a record that quotes this (squeezed) text speak of the rule? Short texts quote nothing. */
bool fw_about_quoted(struct fw_arena *arena, const struct fw_snapshot *snapshot,
                     const struct fw_rule *rule, fw_sv quote);
/* Somebody approved it, and nobody withdrew it. */
bool fw_about_approved(const struct fw_ticket *ticket);
/* A rule that somebody has to answer for: it decides, or calls a chain that always decides alike.
 * Not what stands in such a chain, nor the final refusal of everything, nor what only lets replies
 * and the loopback interface through. */
bool fw_about_answerable(const struct fw_policy *policy, const struct fw_rule *rule);
/* The engine's verdict about a rule of the current configuration; NULL: none. Rules are asked about
 * policy by policy: *hint (0 at first) remembers the last one. */
const struct fw_rule_verdict *fw_about_verdict(const struct fw_snapshot *snapshot,
                                               const struct fw_policy *policy,
                                               const struct fw_rule *rule, size_t *hint);
/* The term lets every packet of the policy's families through, whatever its interfaces. */
bool fw_about_any(const struct fw_term *term);

#endif
