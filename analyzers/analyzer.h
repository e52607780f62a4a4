/*
 * Analyzers: one question each. They read facts and add results; they read no files and know
 * nothing of where facts came from.
 */
#ifndef FW_ANALYZERS_ANALYZER_H
#define FW_ANALYZERS_ANALYZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzers/results.h"
#include "parsers/accounts.h"
#include "parsers/advisories.h"
#include "parsers/decisions.h"
#include "parsers/doc.h"
#include "parsers/idsregister.h"
#include "parsers/idsrules.h"
#include "parsers/improvement.h"
#include "parsers/register.h"
#include "parsers/site.h"
#include "parsers/tickets.h"
#include "policy/analysis.h"
#include "policy/mergeable.h"
#include "policy/model.h"

struct fw_approved_matrix; /* parsers/matrix.h */
struct fw_geo;
struct fw_sealed_logs; /* logs/sealed.h */
struct fw_ids_view;    /* ids/view.h */
struct fw_exposure;    /* rules/exposure.h */
struct fw_gap_options; /* logs/rhythm.h */
struct fw_source_view; /* logs/source_view.h */
struct fw_sync_view;   /* logs/sync.h */

/* One configuration as it was at one time. */
struct fw_snapshot {
    fw_sv path; /* as given or as in the site file */
    fw_sha256 sha256;
    const char *format;
    int64_t taken_ns;     /* INT64_MIN: unknown */
    fw_sv commit, author; /* of a git repository: which, and whose; {0}: of none */
    struct fw_line_counts lines;
    const struct fw_ruleset *ruleset;
    const struct fw_doc *doc;                /* for quoting lines */
    const struct fw_analysis_report *report; /* of the newest snapshot; NULL for older ones */
    const struct fw_mergeables *mergeable;   /* NULL: not asked for */
};

struct fw_device_facts {
    fw_sv name;
    const struct fw_site_device *declared; /* NULL on bare files */
    bool current_missing; /* the newest configuration that the site declares is not there */
    bool older_missing;   /* older ones of the period are known to be, and could not be read */
    size_t nsnapshots;
    const struct fw_snapshot *snapshots; /* oldest first; the last is the current one */
    size_t nids;
    const struct fw_idsrules *const *ids;  /* rule files, then what else says how a sensor runs */
    const struct fw_source_info *ids_info; /* one for each of ids */
    const fw_sv *ids_paths;
    size_t nwatches; /* zones that a sensor sees, on bare files; else the declaration says them */
    const fw_sv *watches;
    size_t ntuning_missing; /* declared tuning files that could not be read */
};

/* Its current configuration; NULL: there is none. */
static inline const struct fw_snapshot *fw_device_current(const struct fw_device_facts *device)
{
    return device->nsnapshots > 0 ? &device->snapshots[device->nsnapshots - 1] : NULL;
}

/* The rules of its current configuration; NULL: there is none. */
static inline const struct fw_ruleset *fw_device_ruleset(const struct fw_device_facts *device)
{
    const struct fw_snapshot *current = fw_device_current(device);
    return current ? current->ruleset : NULL;
}

/* An earlier review, as far as its signatures could be checked. */
struct fw_earlier_review {
    fw_sv period;
    uint32_t sequence;
    int64_t as_of_ns;
    bool signed_by_reviewer, countersigned, trusted;
    fw_sha256 head;  /* of its pack */
    fw_sv logs;      /* its index of log files; {0}: it has none */
    fw_sv reachable; /* its table of what was reachable from outside; {0}: it has none */
    fw_sv tuning;    /* its ledger of IDS tuning; {0}: it has none */
    fw_sv verdicts;  /* its table of verdicts; {0}: it has none */
};

struct fw_facts {
    const struct fw_exposure *exposures; /* rules/exposure.h, one a device; NULL: not made */
    const struct fw_catalogue *catalogue;
    const struct fw_profile *profile;
    const struct fw_site *site; /* NULL on bare files */
    size_t nzones;              /* on bare files; else of the site */
    const struct fw_zone *zones;
    int64_t as_of_ns;
    bool has_as_of;
    int32_t zone_seconds; /* for dates in sentences and calendar counting */
    unsigned months;      /* retention asked for */
    unsigned days;        /* the same where the law counts days; 0: months count */
    size_t ndevices;
    const struct fw_device_facts *devices;
    size_t nsources;
    const struct fw_source_view *sources; /* sorted by name */
    size_t nsyncs;
    const struct fw_sync_view *syncs;           /* what time services reported, by name */
    const struct fw_tickets *tickets;           /* NULL: none supplied */
    const struct fw_decisions *decisions;       /* of people; NULL: none supplied */
    const struct fw_register *reg;              /* of rules; NULL: none supplied */
    const struct fw_assets *assets;             /* NULL: none supplied */
    const struct fw_accounts *accounts;         /* of administrators; NULL: none supplied */
    const struct fw_improvements *improvements; /* answers to the last audit; NULL: none */
    const struct fw_approved_matrix *matrix;    /* NULL: none supplied */
    struct fw_geo *geo;                         /* core/geo.h; NULL: none supplied */
    const struct fw_tuning_register *tuning;    /* NULL: none supplied */
    const struct fw_cases *cases;               /* NULL: none supplied */
    const struct fw_advisory_decisions *advisory_decisions; /* NULL: none supplied */
    size_t nadvisories;
    const struct fw_advisories *advisories;
    const struct fw_ids_view *sensors; /* ids/view.h; NULL: not made */
    fw_sv ledger_before; /* ids-tuning.csv of the pack named by --previous; {0}: none is named */
    size_t nreviews;
    const struct fw_earlier_review *reviews;
    const struct fw_sealed_logs *sealed; /* logs/sealed.h; NULL: no earlier pack sealed any */
    bool reviews_known;                  /* a reviews folder was given or is empty by declaration */
    /* What reports compare with: the pack that this one chains to, else the newest of `reviews`. */
    const struct fw_earlier_review *previous; /* NULL: none */
};

struct fw_analyzer {
    const char *check; /* "RUL-001" */
    bool rules;        /* answers from configurations: part of `rules` */
    bool logs;         /* answers from log sources: part of `logs` */
    bool ids;          /* part of `ids`: facts->sensors is made */
    bool exposure;     /* asks what rules let through between zones: facts->exposures is made */
    void (*run)(const struct fw_facts *facts, struct fw_results *results);
};

/* In the order of registry.def; ends with NULL. */
extern const struct fw_analyzer *const fw_analyzers[];

enum { FW_RUN_RULES = 1, FW_RUN_LOGS = 2, FW_RUN_IDS = 4, FW_RUN_SITE = 8, FW_RUN_ALL = 15 };
/* Runs every analyzer of the kinds asked for (and of the comma-separated ids, when given), then
 * settles. */
void fw_analyse(const struct fw_facts *facts, unsigned kinds, fw_sv only,
                struct fw_results *results);
/* Sets how long logs must be kept: the months that the user named (0: none), else the site's, else
 * what the profile asks for, which may be days. */
void fw_facts_retention(struct fw_facts *facts, unsigned months);
/* A threshold: the site's, else the profile's, else the given default. */
double fw_facts_threshold(const struct fw_facts *facts, const char *name, double fallback);
/* What decides about gaps in logs, with the limits of these rulesets. */
void fw_facts_gaps(const struct fw_facts *facts, struct fw_gap_options *ret);

#endif
