/*
 * What is known about the sensors of a run, put together once: which logs are theirs, how often
 * each signature raised an alert in this period and in the one before, how it was tuned and why,
 * what firewalls decided on the connections that were alerted about, and which advisories name the
 * engine. Analyzers of IDS-001 to IDS-007 and reports only look.
 */
#ifndef FW_ANALYZERS_IDS_VIEW_H
#define FW_ANALYZERS_IDS_VIEW_H

#include "analyzers/analyzer.h"
#include "analyzers/logs/alive.h"
#include "core/geo.h"

struct fw_source_view; /* logs/source_view.h */

/* What an entry of the ledger lacks: bits. */
enum {
    FW_LEDGER_REASON = 1,
    FW_LEDGER_AUTHOR = 2,
    FW_LEDGER_DATE = 4,
    FW_LEDGER_REVIEW = 8,
};

enum fw_ledger_change {
    FW_LEDGER_UNKNOWN, /* there is no earlier ledger */
    FW_LEDGER_NEW,
    FW_LEDGER_CHANGED, /* its record differs */
    FW_LEDGER_SAME,
    FW_LEDGER_REMOVED,
};

/* Alerts in so many days of a window. */
struct fw_alert_volume {
    uint64_t alerts, days;
};

/* One entry that changes what a sensor reports. Texts are "" when nothing is said. */
struct fw_ledger_entry {
    fw_sv device;
    fw_sv kind;                  /* "suppress" … "pass" */
    fw_sv signature;             /* "1:2100498", "1:100-199", "re:words", "emerging-chat.rules" */
    fw_sv scope;                 /* "by_src 10.0.0.9", "limit by_src 1/60 s" */
    uint32_t gid, sid, sid_last; /* sid 0: not by number */
    fw_sv reason, author, date, review_by, ticket;
    bool from_register; /* some of it stands in the register only */
    unsigned missing;   /* FW_LEDGER_ bits */
    bool overdue;       /* the date of its review is past */
    bool published;     /* an option of a rule as its publisher wrote it: nobody's tuning */
    bool recorded;      /* changes what is detected, so that a record is asked for */
    bool silences;      /* nothing of the signature is reported any more */
    uint32_t priority;  /* of the signature, the most urgent of several; 0: not known */
    bool unranked;      /* it may be about a signature of which nothing says the priority */
    fw_sv message;      /* of the signature */
    bool has_volume;    /* it has a date inside the logs, and is about known signatures */
    struct fw_alert_volume before, after; /* its date */
    enum fw_ledger_change change;
    fw_sv path; /* {0}: removed, it is nowhere any more */
    fw_sha256 sha256;
    fw_span span;
};

struct fw_ids_signature {
    uint32_t gid, sid;
    fw_sv message;
    uint32_t priority; /* 0: not known, or of a rule that has none */
    bool unranked;     /* nothing says its priority: it may be the most urgent one */
    bool quiet;        /* in_rules: it passes, logs or sets marks, and never alerts */
    bool in_rules, enabled;
    bool delivered;       /* in_rules: an archive of rules has it */
    bool unpacked;        /* in_rules: another file has it, which counts before the archive's */
    uint64_t total;       /* alerts ever */
    uint64_t now, before; /* in the period, and in the one before */
    uint64_t days;        /* with an alert, ever */
    int64_t first, last;  /* of its alerts; 0 when there are none */
    bool decided;         /* an entry of the ledger or of the register says why it is as it is */
    const struct fw_ledger_entry *silenced; /* NULL: it is heard */
    bool switched_off;                      /* disabled in the sensor's own rules */
};

/* Alerts of one signature by what firewalls decided on their connections. */
struct fw_ids_attack {
    uint32_t gid, sid, priority;
    uint64_t alerts; /* with a connection */
    uint64_t allowed, denied, unseen, unsampled;
};

/* One connection of a priority 1 alert that a firewall let through. */
struct fw_ids_passed {
    uint32_t gid, sid;
    int64_t ns;
    fw_ip src, dst;
    fw_sv firewall;
    fw_country country; /* of the source */
};

struct fw_ids_country {
    fw_country country;
    uint64_t alerts, allowed;
};

enum { FW_IDS_PASSED = 100 };

struct fw_ids_attacks {
    size_t n;
    const struct fw_ids_attack *v; /* by priority, then most let through, then number */
    struct fw_ids_attack sum;
    size_t npassed;
    const struct fw_ids_passed *passed; /* the newest, FW_IDS_PASSED at most */
    size_t ncountries;
    const struct fw_ids_country *countries; /* the most alerts first */
    bool has_firewall;                      /* some source says what was decided */
    bool sampled;                           /* not every connection was kept of every file */
};

enum fw_ids_decision {
    FW_IDS_UNDECIDED,
    FW_IDS_OVERDUE, /* decided, but not done when it was due */
    FW_IDS_DECIDED,
};

/* Runs of updaters, as their logs say. */
struct fw_ids_cadence {
    bool known, has_last;
    uint64_t ok;     /* ended well, in the period */
    uint64_t failed; /* of all */
    int64_t last;    /* day of the last one that ended well */
    int64_t longest; /* days between two of these, or from the last one to the day counted from */
};

/* A product as the last capture of it says. */
struct fw_ids_running {
    fw_sv product, version;
    const struct fw_ids_engine *capture;
    fw_sv path;
    fw_sha256 sha256;
};

struct fw_ids_advisory {
    const struct fw_advisory *advisory;
    size_t engine; /* of the sensor's: the one that it names */
    bool conditional;
    enum fw_ids_decision state;
    const struct fw_advisory_decision *decision; /* NULL: none */
};

struct fw_sensor {
    const struct fw_device_facts *device;
    size_t nsources;
    const struct fw_source_view *const *sources; /* its logs */
    bool has_days;               /* it has logs with times, and a date is counted from */
    int64_t first_day, last_day; /* that its logs could show, since 1970 */
    int64_t from_day, to_day;    /* the period, inclusive */
    int64_t before_day;          /* the period before begins */
    uint64_t alerts, alerts_before, alerts_total, alerts_lost;
    struct fw_alive alive;      /* in the period, inside the logs */
    uint64_t captured, dropped; /* packets in the period */
    bool has_counters;
    size_t nsignatures;
    const struct fw_ids_signature *signatures; /* by gid, sid */
    uint64_t enabled, never_fired;             /* signatures of the rules */
    size_t nledger;
    const struct fw_ledger_entry
        *ledger;     /* as files and lines come; behind them the removed ones */
    size_t nremoved; /* that an earlier ledger had: not among nledger */
    size_t nengines;
    const struct fw_ids_running *engines; /* a row a product, as captures name them */
    struct fw_ids_cadence cadence;
    size_t nadvisories;
    const struct fw_ids_advisory *advisories; /* that name an engine, the highest score first */
    struct fw_ids_attacks attacks;
};

struct fw_ids_view {
    size_t n;
    struct fw_sensor *v;
    bool has_ledger_before; /* an earlier pack has a ledger */
    int64_t feed_ns;        /* newest feed of advisories; INT64_MIN: none that says when */
    bool feed_current;      /* of this period */
};

struct fw_ids_view *fw_ids_view_make(struct fw_arena *arena, const struct fw_facts *facts);

const char *fw_ledger_change_name(enum fw_ledger_change change);
/* "reason, author": the words of what is missing, in JSON and CSV */
fw_sv fw_ledger_missing_text(struct fw_arena *arena, unsigned missing);
/* The place of the first signature that is not before this one. */
size_t fw_sensor_signature_from(const struct fw_sensor *sensor, uint32_t gid, uint32_t sid);
const struct fw_ids_signature *fw_sensor_signature(const struct fw_sensor *sensor, uint32_t gid,
                                                   uint32_t sid);
/* Those with most alerts of the period, the most first; at most n. */
size_t fw_sensor_noisiest(struct fw_arena *arena, const struct fw_sensor *sensor, size_t n,
                          const struct fw_ids_signature *const **ret);
/* Alerts of these signatures (sid_last 0: every one of the generator; gid 0: of all) on days. */
uint64_t fw_sensor_alerts(const struct fw_sensor *sensor, uint32_t gid, uint32_t sid,
                          uint32_t sid_last, int64_t from_day, int64_t to_day);

#endif
