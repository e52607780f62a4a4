/*
 * What files beside the rules say about a sensor: how it was tuned, what it calls its own networks,
 * which rule sets and which engine it runs, and when it was updated. Every file of the kind
 * IDSRULES (idsrules.h) may hold some of it: threshold.conf, snort.conf, snort.lua, suricata.yaml,
 * the lists of PulledPork and suricata-update, captures and update logs.
 *
 * All texts are views into the document or its arena. Nothing is resolved across files: that a
 * suppressed signature is of priority 1, or that its category is in a rule file, is the business of
 * whoever has all files. Counters of a running sensor (captured, dropped) are events of logs:
 * fields `fwproof.packets.*` of event.h.
 */
#ifndef FW_PARSERS_IDSCONF_H
#define FW_PARSERS_IDSCONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ip.h"
#include "core/span.h"
#include "core/sv.h"
#include "core/time.h"

/* FW_TUNING(NAME, "word"): what an entry does. */
#define FW_TUNINGS(FW_TUNING) \
    FW_TUNING(SUPPRESS, "suppress")         /* alerts are thrown away */ \
    FW_TUNING(THRESHOLD, "threshold")       /* alerts are counted and thinned out; old spelling */ \
    FW_TUNING(EVENT_FILTER, "event_filter") /* the same, new spelling */ \
    FW_TUNING(RATE_FILTER, "rate_filter")   /* another action above a rate */ \
    FW_TUNING(DETECTION_FILTER, "detection_filter") /* in a rule: alerts above a rate only */ \
    FW_TUNING(DISABLE, "disable")                   /* the rule is not loaded */ \
    FW_TUNING(ENABLE, "enable")                     /* a rule that is off by default is loaded */ \
    FW_TUNING(DROP, "drop")                         /* an alert becomes a drop */ \
    FW_TUNING(REJECT, "reject") \
    FW_TUNING(MODIFY, "modify") /* the rule's text is changed */ \
    FW_TUNING(STATE, "state")   /* snort.lua: the action or state of a rule is set */

enum fw_tuning_kind {
#define FW_TUNING(name, word) FW_TUNING_##name,
    FW_TUNINGS(FW_TUNING)
#undef FW_TUNING
        FW_TUNING_COUNT
};

const char *fw_tuning_name(enum fw_tuning_kind kind);

/* What an entry is about. */
enum fw_tuning_select {
    FW_SELECT_SID,      /* gid:sid .. gid:sid_last */
    FW_SELECT_GID,      /* every signature of a generator */
    FW_SELECT_ALL,      /* every signature */
    FW_SELECT_PATTERN,  /* rules whose text matches `words` */
    FW_SELECT_GROUP,    /* rules of a file or category, `words` its name, * may stand in it */
    FW_SELECT_METADATA, /* `words` is "key value" of the rule's metadata */
    FW_SELECT_NAMED,    /* rules that refer to `words`: "MS09-008", "cve:2009-0233" */
};

enum fw_tuning_track {
    FW_TRACK_NONE,
    FW_TRACK_BY_SRC,
    FW_TRACK_BY_DST,
    FW_TRACK_BY_EITHER,
    FW_TRACK_BY_RULE,
    FW_TRACK_BY_BOTH,
    FW_TRACK_BY_FLOW
};

/*
 * What the comments beside an entry say in the documented convention (docs/ids-tuning.md):
 *   # reason: scanner of the auditors; by: Chen; date: 2026-01-31; review-by: 2026-07-31; ticket:
 * C-7 Texts are {0} when absent. A date that is no date keeps its text and has no .year.
 */
struct fw_tuning_note {
    fw_sv reason, author, date, review_by, ticket; /* as written */
    struct fw_date dated, due;                     /* year 0: absent or no date */
    fw_sv text;                                    /* all comments of the entry, joined by blanks */
};

struct fw_tuning {
    enum fw_tuning_kind kind;
    enum fw_tuning_select select;
    uint32_t gid, sid, sid_last; /* SID; GID has gid only */
    fw_sv words;                 /* PATTERN, GROUP, METADATA, NAMED */
    enum fw_tuning_track track;
    fw_sv addresses; /* suppress: as written; {0}: whatever the address */
    bool negated;    /* addresses: all but these */
    fw_sv type;      /* limit, threshold, both; rate_filter: new action; state: action */
    bool has_count, has_seconds, has_timeout;
    uint32_t count, seconds, timeout;
    fw_sv from, to; /* modify */
    bool in_rule;   /* an option of the rule that it is about, whoever wrote that */
    struct fw_tuning_note note;
    fw_span span;
};

/* A suppress or disable that silences the signature whatever the address. */
bool fw_tuning_silences(const struct fw_tuning *tuning);

enum fw_ids_variable_kind { FW_IDS_ADDRESSES, FW_IDS_PORTS, FW_IDS_TEXT };

/* ipvar HOME_NET [10.0.0.0/8,!10.9.0.0/16]; a later definition replaces an earlier one. */
struct fw_ids_variable {
    enum fw_ids_variable_kind kind;
    fw_sv name, value;          /* as written */
    bool any;                   /* ADDRESSES: both families, everything */
    bool known;                 /* ADDRESSES: `set` is exactly what the value says */
    const struct fw_ipset *set; /* ADDRESSES, when known; references are followed */
    fw_span span;
};

/* FW_PUBLISHER(NAME, "name of the set"): rule sets that are known by what their files say. */
#define FW_PUBLISHERS(FW_PUBLISHER) \
    FW_PUBLISHER(UNKNOWN, "") \
    FW_PUBLISHER(ET_OPEN, "Emerging Threats Open") \
    FW_PUBLISHER(ET_PRO, "Emerging Threats Pro") \
    FW_PUBLISHER(TALOS_REGISTERED, "Talos registered rules") /* and subscriber: one file name */ \
    FW_PUBLISHER(SNORT2_COMMUNITY, "Snort 2 community rules") \
    FW_PUBLISHER(SNORT3_COMMUNITY, "Snort 3 community rules") \
    FW_PUBLISHER(SURICATA, "Suricata's own rules") \
    FW_PUBLISHER(LOCAL, "local rules")

enum fw_publisher {
#define FW_PUBLISHER(name, title) FW_PUBLISHER_##name,
    FW_PUBLISHERS(FW_PUBLISHER)
#undef FW_PUBLISHER
        FW_PUBLISHER_COUNT
};

const char *fw_publisher_title(enum fw_publisher publisher);

/* A rule set that a file names: by its own header, a tarball's name, an update log. */
struct fw_ids_ruleset {
    enum fw_publisher publisher;
    fw_sv name;          /* "Emerging Threats Open", "snortrules-snapshot-29200.tar.gz" */
    fw_sv version;       /* as written; {0} */
    struct fw_date date; /* of the rules themselves; year 0: not said */
    fw_span span;
};

/* `snort -V`, `suricata --build-info`, the first lines of a log. */
struct fw_ids_engine {
    fw_sv product; /* "snort", "suricata" */
    fw_sv version; /* "2.9.20", "7.0.5" */
    fw_sv build;   /* as written; {0} */
    bool series;   /* of a configuration's format: "7.0", whatever 7.0.x runs */
    bool dated;    /* the line says when it was so */
    struct fw_date date;
    fw_span span;
};

/* One run of an updater. */
struct fw_ids_update {
    fw_sv tool; /* "pulledpork", "suricata-update" */
    bool has_time;
    struct fw_stamp time; /* as written: may lack the zone */
    bool ok;              /* the run says that it ended well */
    bool failed;          /* it says that it did not; neither: it says nothing */
    bool has_counts;
    uint64_t rules, enabled, added, removed, changed, disabled;
    fw_span span;
};

/* FW_CLASSIFICATION: config classification: name,text,priority */
struct fw_ids_class {
    fw_sv name, text;
    uint32_t priority;
    fw_span span;
};

/* config reference: cve http://... */
struct fw_ids_reference {
    fw_sv name, url;
    fw_span span;
};

/* sid-msg.map (gid 1 or as written) and gen-msg.map. */
struct fw_ids_message {
    uint32_t gid, sid, rev, priority; /* rev and priority: version 2 only, else 0 */
    fw_sv msg, classtype;
    size_t nreferences;
    const fw_sv *references; /* "cve,2009-0233" */
    fw_span span;
};

/* A name of a file or interface that a configuration mentions: include, rule-files, outputs,
 * sniffed interfaces. */
enum fw_ids_mention_kind {
    FW_MENTION_INCLUDE,
    FW_MENTION_RULES,
    FW_MENTION_OUTPUT,
    FW_MENTION_INTERFACE,
    FW_MENTION_RULE_PATH,
    FW_MENTION_PROTOCOL, /* a decoder of an application's protocol; off: nothing sees it */
};

struct fw_ids_mention {
    enum fw_ids_mention_kind kind;
    bool enabled; /* an output may be written and off */
    fw_sv name, value;
    fw_span span;
};

struct fw_idsconf {
    size_t ntunings;
    struct fw_tuning *tunings; /* in file order */
    size_t nvariables;
    struct fw_ids_variable *variables;
    size_t nrulesets;
    struct fw_ids_ruleset *rulesets;
    size_t nengines;
    struct fw_ids_engine *engines;
    size_t nupdates;
    struct fw_ids_update *updates; /* in file order */
    size_t nclasses;
    struct fw_ids_class *classes;
    size_t nreferences;
    struct fw_ids_reference *references;
    size_t nmessages;
    struct fw_ids_message *messages;
    size_t nmentions;
    struct fw_ids_mention *mentions;
};

/* The last definition of a variable; NULL: there is none. */
const struct fw_ids_variable *fw_idsconf_variable(const struct fw_idsconf *conf, fw_sv name);

#endif
