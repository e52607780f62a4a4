/*
 * Results: one state for every check and subject (a device, a log source, the site), and the
 * findings that explain it. States add up: every check of the profile ends in exactly one state.
 */
#ifndef FW_ANALYZERS_RESULTS_H
#define FW_ANALYZERS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/catalogue.h"
#include "core/arena.h"
#include "core/sha256.h"
#include "core/span.h"
#include "policy/analysis.h"
#include "policy/packet.h"

struct fw_edit_effect;
struct fw_compared;
struct fw_exposure;
struct fw_facts;
struct fw_ids_view;

/* In the order in which one wins over another when subjects are put together: the first wins. */
enum fw_result_state {
    FW_RESULT_ERROR,
    FW_RESULT_FAIL,
    FW_RESULT_OPEN,
    FW_RESULT_MANUAL,
    FW_RESULT_WAIVED,
    FW_RESULT_PASS,
    FW_RESULT_NA,
    FW_RESULT_COUNT
};

struct fw_rule_ref {
    fw_sv policy;
    uint32_t position, line;
    fw_sv id;
};

/* Rules that call a chain. */
struct fw_calls {
    size_t n;
    const struct fw_rule_ref *v;
};

/* One finding, or the one sentence that explains a state that is no failure. */
struct fw_result {
    const char *check;
    enum fw_result_state state;
    enum fw_severity severity;
    enum fw_class class;
    fw_sv device; /* subject: device or source name; "" for the whole site */
    fw_sv input;  /* path as given; {0} none */
    fw_sha256 input_sha256;
    bool has_input_sha256;
    fw_span span;
    bool has_rule;
    struct fw_rule_ref rule;
    fw_sv fix; /* commands of the device that mend it; {0}: not known */
    const struct fw_edit_effect *fix_effect; /* NULL: no packet fares otherwise */
    fw_sv rule_text;                         /* the rule as its file spells it */
    bool dead;
    const struct fw_object *object; /* NULL: none */
    const char *object_problem;     /* "unused", "undefined"; NULL: none */
    size_t nbecause;
    const struct fw_rule_ref *because;
    const struct fw_calls
        *via; /* of each of because, by what calls it is met; NULL: none is known */
    enum fw_certainty certainty;
    bool has_witness;
    struct fw_packet witness;
    const char *words;            /* key of the check's sentence */
    const char *words_overruling; /* a waiver's or declaration's, instead; NULL: none */
    size_t nparams;
    const struct fw_param *params;
    fw_sv measured, target; /* a PASS carries both */
    fw_sha256 fingerprint;  /* check, device, canonical subject: not line numbers or order */
    bool waived_by_site;    /* set by fw_results_settle, with the reason in `remark` */
    fw_sv remark;
};

struct fw_check_state {
    const char *check;
    fw_sv device;
    enum fw_result_state state;
};

struct fw_results {
    struct fw_arena *arena;
    const struct fw_catalogue *catalogue;
    const struct fw_exposure *exposures; /* rules/exposure.h, one a device; NULL: not made */
    const struct fw_ids_view *sensors;   /* ids/view.h; NULL: not made */
    const struct fw_profile *profile;    /* whose law sentences cite: set by fw_results_settle */
    size_t ncompared;
    struct fw_compared *compared; /* rules/remedy.c: what was spent on the fixes of each device */
    size_t n;
    struct fw_result *v;
    size_t nstates;
    struct fw_check_state *states;
};

void fw_results_init(struct fw_results *results, struct fw_arena *arena,
                     const struct fw_catalogue *catalogue);

/* Adds a result with the check's severity and class and an empty rest; the caller fills it in. The
 * subject text identifies what it is about for the fingerprint. The pointer is good until the next
 * call. States are derived from results by fw_results_settle. */
struct fw_result *fw_results_add(struct fw_results *results, const char *check,
                                 enum fw_result_state state, fw_sv device, const char *words,
                                 fw_sv subject);
/* The file that it is about, and where in it. */
void fw_result_at(struct fw_result *result, fw_sv path, fw_sha256 sha256, fw_span span);
void fw_result_param(struct fw_results *results, struct fw_result *result, const char *name,
                     fw_sv value);
void fw_result_param_u64(struct fw_results *results, struct fw_result *result, const char *name,
                         uint64_t value);
/* The day of a time, in the zone of the facts. */
void fw_result_param_date(const struct fw_facts *facts, struct fw_results *results,
                          struct fw_result *result, const char *name, int64_t ns);
void fw_result_measured(struct fw_result *result, fw_sv measured, fw_sv target);

/* After all analyzers ran: applies waivers, declarations and attestations, lets an unanalysed
 * configuration (RUL-010) turn PASS of what depends on it into OPEN, adds MANUAL for the checks of
 * the profile that no analyzer computes, sorts everything, derives states. */
void fw_results_settle(struct fw_results *results, const struct fw_facts *facts);

/* The state of one check over all its subjects. */
enum fw_result_state fw_results_state(const struct fw_results *results, const char *check);
/* The sentence in a language, ready to paste; the lead is what stands before it in an audit report
 * ("Under ..., ... shall ..."). */
void fw_result_sentence(const struct fw_results *results, const struct fw_result *result,
                        enum fw_lang lang, bool with_lead, struct fw_buf *out);

const char *fw_result_state_name(enum fw_result_state state); /* "PASS" */

#endif
