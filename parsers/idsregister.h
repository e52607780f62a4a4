/*
 * Lists that an agency keeps about its sensors: the register of tuning (who silenced a signature,
 * why, until when), the cases that alerts became, and what was decided about advisories for the
 * engine. Columns may stand in any order and be named in either language.
 */
#ifndef FW_PARSERS_IDSREGISTER_H
#define FW_PARSERS_IDSREGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"

/* Header: signature, device, kind, reason, author, date, review_by, ticket */
struct fw_tuning_row {
    fw_sv device;      /* {0}: every sensor */
    fw_sv signature;   /* as written: "1:2100498", or the words of a pattern or group */
    uint32_t gid, sid; /* sid 0: it is not one signature */
    fw_sv kind;        /* "suppress"; {0}: every kind */
    fw_sv reason, author, ticket;
    int64_t date_ns;   /* INT64_MIN: none */
    int64_t review_ns; /* end of the day; INT64_MIN: none */
    fw_span span;
};

struct fw_tuning_register {
    size_t n;
    const struct fw_tuning_row *v;
};

/* Header: signature, device, date, until, handled, by, result, case */
struct fw_case {
    fw_sv device;              /* {0}: every sensor */
    uint32_t gid, sid;         /* sid 0: every signature */
    int64_t from_ns, until_ns; /* alerts of these days: it is about them; until: end of the day */
    int64_t handled_ns;        /* INT64_MIN: not yet */
    fw_sv by, result, id;
    fw_span span;
};

struct fw_cases {
    size_t n;
    const struct fw_case *v;
};

/* Header: cve, device, decision, by, decided, due, done */
struct fw_advisory_decision {
    fw_sv cve;
    fw_sv device; /* {0}: every sensor */
    fw_sv decision, by;
    int64_t decided_ns, due_ns, done_ns; /* INT64_MIN: none; due: end of the day */
    fw_span span;
};

struct fw_advisory_decisions {
    size_t n;
    const struct fw_advisory_decision *v;
};

/* FW_ERR_INVALID when the header is none; single rows that are wrong are reported and left out. */
enum fw_err fw_tuning_register_parse(struct fw_doc *doc, int32_t zone_seconds,
                                     struct fw_tuning_register *ret);
enum fw_err fw_cases_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_cases *ret);
enum fw_err fw_advisory_decisions_parse(struct fw_doc *doc, int32_t zone_seconds,
                                        struct fw_advisory_decisions *ret);

/* Which of the lists a text is, by the row of names that it begins with. */
enum fw_idslist {
    FW_IDSLIST_NONE,
    FW_IDSLIST_TUNING,
    FW_IDSLIST_CASES,
    FW_IDSLIST_DECISIONS,
    FW_IDSLIST_ZONES,  /* zonelist.h */
    FW_IDSLIST_LEDGER, /* ids-tuning.csv of an earlier pack */
};

enum fw_idslist fw_idslist_detect(fw_sv head);

/* "1:2100498" or "2100498", which is of generator 1. */
bool fw_signature_parse(fw_sv text, uint32_t *ret_gid, uint32_t *ret_sid);

#endif
