/*
 * How a device is told to remove rules, in its own words: one writer a format, registry.def the
 * list. A rule that cannot be named safely (control characters, a line shared with other rules, a
 * construct the writer does not know) has no fix rather than a wrong one.
 */
#ifndef FW_ANALYZERS_FIXES_FIX_H
#define FW_ANALYZERS_FIXES_FIX_H

#include "analyzers/fixes/refusal.h"
#include "core/buf.h"
#include "parsers/doc.h"
#include "policy/model.h"

struct fw_fix_writer {
    const char *format;  /* the parser's name */
    const char *comment; /* what starts a comment in a script */
    /* Rules are named by their id, and without one there are no commands: the words that say how to
     * get it. NULL: they are named by their line or place. */
    const char *needs_id;
    /* The commands that remove the rule from the configuration as it is, each ending a line; false:
     * there are none. Scripts remove later rules of a policy first, so that numbers stay right. */
    bool (*remove)(const struct fw_doc *doc, const struct fw_policy *policy,
                   const struct fw_rule *rule, struct fw_buf *out);
    /* The same for an object that nothing uses. NULL: the device has no command for that, or what
     * it has would take other things along. */
    bool (*remove_object)(const struct fw_doc *doc, const struct fw_object *object,
                          struct fw_buf *out);
    /* The commands that put a denial in front of the rule (NULL: at the end of the policy), `n`
     * lines of it. NULL: the device has no such command, or it takes more than one. `by_name`: it
     * can say interfaces. */
    bool (*refuse)(const struct fw_doc *doc, const struct fw_policy *policy,
                   const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                   struct fw_buf *out);
    bool by_name;
    /* The commands that make this what is written about the rule (its comment, its description, the
     * remark above it), at most `note_max` bytes of visible text that no shell and no quotes act
     * on. They change no packet's fate. NULL: the device keeps nothing with its rules. */
    bool (*note)(const struct fw_doc *doc, const struct fw_policy *policy,
                 const struct fw_rule *rule, fw_sv text, struct fw_buf *out);
    size_t note_max;
    /* The commands that remove an account of administrators; false: that one cannot go. */
    bool (*remove_user)(const struct fw_doc *doc, fw_sv name, struct fw_buf *out);
    bool by_words; /* rules are named by what they say: two that say the same are one to the device
                    */
    bool by_span;  /* several rules of one line are named apart */
    bool by_path;  /* rules are named by where they stand: they go from every policy they are of */
    bool by_line;  /* rules are named by a number that counts over all policies, or by their line */
};

extern const struct fw_fix_writer *const fw_fix_writers[]; /* ends with NULL */

/* NULL: no writer for the format. */
const struct fw_fix_writer *fw_fix_find(const char *format);
/* The commands for one rule, without the last line's end; {0}: there are none. */
fw_sv fw_fix_text(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                  const struct fw_doc *doc, const struct fw_policy *policy,
                  const struct fw_rule *rule);
/* The commands that refuse this in front of the rule (NULL: at the end of the policy), and the
 * rules of the model that they make; {0}: there are none, or it would take more than FW_REFUSALS
 * lines. */
fw_sv fw_fix_refuse(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                    const struct fw_doc *doc, const struct fw_policy *policy,
                    const struct fw_rule *rule, const struct fw_refused *refused,
                    const struct fw_rule **ret_rules, size_t *ret_n);
/* What is written about the rule becomes this; {0}: there are no commands, or it does not fit. */
fw_sv fw_fix_note(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                  const struct fw_doc *doc, const struct fw_policy *policy,
                  const struct fw_rule *rule, fw_sv text);
/* The account goes; {0}: there are no commands, or nobody else is left. */
fw_sv fw_fix_user(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                  const struct fw_doc *doc, fw_sv name);
fw_sv fw_fix_object(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                    const struct fw_doc *doc, const struct fw_object *object);
/* "no" in front of the line that opens the object, as Cisco's devices remove them. */
bool fw_fix_cisco_object(const struct fw_doc *doc, const struct fw_object *object,
                         struct fw_buf *out);
/* Of several writers: "iptables -D", "nft delete rule", and "no" within an access list. */
bool fw_fix_iptables_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                          const struct fw_rule *rule, struct fw_buf *out);
bool fw_fix_nft_rule(const struct fw_doc *doc, const struct fw_policy *policy,
                     const struct fw_rule *rule, struct fw_buf *out);
bool fw_fix_cisco_entry(const struct fw_doc *doc, const struct fw_policy *policy,
                        const struct fw_rule *rule, struct fw_buf *out);
bool fw_fix_iptables_note(const struct fw_doc *doc, const struct fw_policy *policy,
                          const struct fw_rule *rule, fw_sv text, struct fw_buf *out);
bool fw_fix_iptables_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                            const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                            struct fw_buf *out);
bool fw_fix_nft_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                       const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                       struct fw_buf *out);
/* " tcp 10.0.0.0 0.0.0.255 any range 20 22": masks as the device wants them. */
enum fw_fix_masks { FW_FIX_MASK, FW_FIX_WILDCARD, FW_FIX_PREFIX };
void fw_fix_cisco_flow(const struct fw_refusal *line, enum fw_fix_masks masks, const char *any,
                       struct fw_buf *out);
/* What opens the list in configuration mode, from the line that opened it; {0}: no access list. */
fw_sv fw_fix_cisco_mode(fw_sv header, fw_sv name, struct fw_buf *room);
bool fw_fix_cisco_refuse(const struct fw_doc *doc, const struct fw_policy *policy,
                         const struct fw_rule *rule, const struct fw_refusal *lines, size_t n,
                         enum fw_fix_masks masks, struct fw_buf *out);
bool fw_fix_cisco_note(const struct fw_doc *doc, const struct fw_policy *policy,
                       const struct fw_rule *rule, fw_sv text, struct fw_buf *out);
/* "no username NAME". */
bool fw_fix_cisco_user(const struct fw_doc *doc, fw_sv name, struct fw_buf *out);
/* "VERB PATH" of what a line of a tree of words writes up to this name, as a set command or in
 * braces that open one a line. False: it cannot be told, or stands in a group that others inherit.
 */
bool fw_fix_path(const struct fw_doc *doc, const char *verb, uint32_t line, fw_sv name,
                 struct fw_buf *out);
/* Letters, digits and what means nothing to a shell or a command line. */
bool fw_fix_plain(fw_sv word);
/* Nothing in it acts on a terminal or hides. */
bool fw_fix_visible(fw_sv text);
/* ... nor ends quotes or means something to a shell within double ones. */
bool fw_fix_quotable(fw_sv text);

#endif
