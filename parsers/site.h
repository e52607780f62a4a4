/*
 * The site file: what an agency declares about itself, its devices and its audit. JSON with
 * comments, strict: an unknown key, a wrong type or a missing file stops the run with file:line and
 * the nearest right key before anything is written. Paths are relative to the site file's folder.
 */
#ifndef FW_PARSERS_SITE_H
#define FW_PARSERS_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/diag.h"
#include "core/err.h"
#include "core/ip.h"
#include "core/sha256.h"
#include "core/span.h"
#include "core/sv.h"

enum fw_trust {
    FW_TRUST_UNTRUSTED, /* the Internet, partners, guests */
    FW_TRUST_DMZ,
    FW_TRUST_INTERNAL,
    FW_TRUST_MANAGEMENT,
    FW_TRUST_TEST, /* development and test */
    FW_TRUST_COUNT
};

struct fw_zone {
    fw_sv name;
    enum fw_trust trust;
    const struct fw_ipset *networks;
    size_t ninterfaces;
    const fw_sv *interfaces; /* "device:interface" or "interface" for every device */
    bool watched;            /* a sensor shall look at its traffic */
    fw_span span;
};

enum fw_device_kind { FW_DEVICE_FIREWALL, FW_DEVICE_IDS, FW_DEVICE_COLLECTOR, FW_DEVICE_OTHER };

/* A file in a git repository: every version of the period is a snapshot. */
struct fw_site_history {
    fw_sv repository; /* folder, as written */
    fw_sv file;       /* in the repository */
    fw_sv branch;     /* {0}: the one that is checked out */
};

/* One configuration snapshot as declared. */
struct fw_site_snapshot {
    fw_sv path; /* as written, or as a pattern found it: below the site file's folder */
    const struct fw_site_history *history; /* NULL: the path is a file */
    int64_t taken_ns; /* when it was taken; INT64_MIN when not said and not in the file's name */
    fw_span span;
};

struct fw_snort_fields;

struct fw_site_device {
    fw_sv name;
    enum fw_device_kind kind;
    fw_sv format; /* parser name, {0}: detect */
    fw_sv owner;
    fw_sv host; /* name in log headers when it differs */
    fw_sv model;
    int32_t zone_seconds; /* of its clock, east of UTC */
    bool has_zone;
    bool logs_required;        /* default true for firewalls and IDS */
    int64_t counters_since_ns; /* hit counters run since then; INT64_MIN: not said */
    size_t nsnapshots;
    const struct fw_site_snapshot *snapshots; /* oldest first */
    fw_sv config_missing; /* a pattern for configurations that no file matches; {0}: none */
    size_t nlogs;
    const fw_sv *logs; /* glob patterns */
    size_t nrules;
    const fw_sv *rules; /* IDS rule files, glob patterns */
    size_t ntuning;
    const fw_sv *tuning; /* IDS tuning files, glob patterns */
    fw_sv update_log;    /* IDS rule update log; {0} none */
    size_t nsensor;
    const fw_sv *sensor; /* an IDS's own configuration and captures, glob patterns */
    size_t nclock;
    const fw_sv *clock; /* what its time service and its commands say of its clock, glob patterns */
    size_t nwatches;
    const fw_sv *watches;                     /* zones whose traffic an IDS sees */
    const struct fw_snort_fields *csv_fields; /* of alert_csv; NULL: a version's own */
    fw_sv policies;                           /* informative text */
    fw_span span;
};

/* A named person's declaration that a check does not apply, or a waiver of a failed one. */
struct fw_site_exception {
    bool waiver;         /* false: not applicable */
    fw_sv check, device; /* device {0}: all */
    fw_sv fingerprint;   /* waiver of one finding; {0}: all of the check */
    fw_sv reason, by, compensating;
    int64_t approved_ns; /* of a waiver: the day it was approved */
    int64_t expires_ns;  /* of a waiver: the end of its last day, at most a year later */
    fw_span span;
};

/* A human verdict on a MANUAL check. */
struct fw_site_attestation {
    fw_sv check, device;
    bool pass;
    fw_sv statement, by, evidence;
    int64_t made_ns, expires_ns;
    fw_span span;
};

/* One number of a check that a site or profile sets: "LOG-003.completeness_percent". */
struct fw_threshold {
    fw_sv name;
    double value;
    fw_span span;
};

/* Small enough for any integer that a check makes of it. */
#define FW_THRESHOLD_MOST 100000
static inline bool fw_threshold_valid(double value)
{
    return value >= 0 && value <= FW_THRESHOLD_MOST;
}

struct fw_site {
    fw_sv path; /* of the site file */
    fw_sv dir;  /* its folder */
    fw_sv text; /* of the file: for diagnostics about what it names */
    fw_sha256 sha256;
    fw_sv agency, agency_en, unit_id;
    fw_sv level;   /* 普, 中, 高; {0}: not said */
    fw_sv profile; /* {0}: not said */
    fw_span profile_span;
    fw_sv period;              /* "2026Q2" */
    int64_t from_ns, to_ns;    /* of the audit period */
    int64_t as_of_ns;          /* the date counted from; INT64_MIN: not given */
    int32_t zone_seconds;      /* default zone */
    unsigned retention_months; /* default 6 */
    bool has_retention_months; /* else a profile that asks for more decides */
    unsigned review_months;    /* default 3 */
    bool has_review_months;
    size_t nzones;
    const struct fw_zone *zones;
    size_t ndns;
    const fw_iprange *dns; /* designated resolvers */
    size_t nntp;
    const fw_sv *ntp; /* designated time servers: addresses or names */
    size_t ndevices;
    const struct fw_site_device *devices;
    size_t ndoh;
    const fw_iprange *doh; /* public resolvers over HTTPS that nobody shall use */
    bool has_doh;
    fw_sv matrix; /* CSV path: the approved access between zones; {0}: none */
    fw_sv geoip;  /* path of an mmdb with countries; {0}: none */
    bool has_countries, countries_allowed; /* those named are the only ones, or are refused */
    size_t ncountries;
    const fw_sv *countries; /* ISO 3166-1 alpha-2, as written */
    fw_sv tickets;          /* CSV path; {0}: none */
    fw_sv decisions;        /* CSV path; need not be there yet */
    fw_sv reg;              /* CSV path of the register of rules; {0}: none */
    fw_sv assets;           /* CSV path of the inventory of hosts; {0}: none */
    fw_sv accounts;         /* CSV path of the review of accounts; {0}: none */
    fw_sv tuning_register;  /* CSV path of the reasons for IDS tuning; {0}: none */
    fw_sv cases;            /* CSV path of what became of alerts; {0}: none */
    size_t nadvisories;
    const fw_sv *advisories;  /* feeds of advisories, glob patterns */
    fw_sv advisory_decisions; /* CSV path; {0}: none */
    /* PCRE2 that find something in a rule's comment; {0}: not said */
    fw_sv ticket_pattern, owner_pattern, reason_pattern, until_pattern;
    fw_sv reviews;     /* folder of earlier packs; {0}: none; need not be there yet */
    fw_sv signers;     /* allowed_signers file that earlier packs are checked with; {0}: none */
    fw_sv authorities; /* PEM file of those that their certificates are from; {0}: none */
    fw_sv improvement; /* a filled-in 改善報告 of the last audit; {0}: none */
    size_t nexceptions;
    const struct fw_site_exception *exceptions;
    size_t nattestations;
    const struct fw_site_attestation *attestations;
    size_t nthresholds;
    const struct fw_threshold *thresholds;
};

/* FW_ERR_INVALID when anything is wrong: the diagnostics say what and where. */
enum fw_err fw_site_load(struct fw_arena *arena, const char *path, struct fw_diags *diags,
                         struct fw_site *ret);
const struct fw_site_device *fw_site_device_find(const struct fw_site *site, fw_sv name);
const char *fw_device_kind_name(enum fw_device_kind kind);
const char *fw_trust_name(enum fw_trust trust);

#endif
