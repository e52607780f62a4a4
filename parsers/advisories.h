/*
 * Advisories from an offline feed: a page of the National Vulnerability Database, JSON 2.0. Feeds
 * are large and about everything; kept are the advisories that name one of the products asked for.
 * Texts are views into the document or its arena.
 */
#ifndef FW_PARSERS_ADVISORIES_H
#define FW_PARSERS_ADVISORIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"

/* One cpeMatch that is vulnerable. */
struct fw_affected {
    fw_sv vendor, product;
    fw_sv version, update; /* "*": any; "-": none */
    fw_sv start, end;      /* {0}: no bound */
    bool start_excluded, end_excluded;
    bool conditional; /* only together with something else that was not looked at */
};

struct fw_advisory {
    fw_sv id;
    unsigned score10; /* CVSS base score times ten: of the newest version that is given */
    bool has_score;
    fw_sv summary;   /* English */
    fw_sv published; /* as written */
    bool exploited;  /* listed as exploited */
    size_t naffected;
    const struct fw_affected *affected;
};

struct fw_advisories {
    size_t n;
    const struct fw_advisory *v; /* in file order */
    uint64_t total;              /* in the feed, about whatever product */
    int64_t time_ns;             /* when the feed was made; INT64_MIN: it does not say */
    fw_sv path;                  /* of the document */
};

/* `products`: ends with NULL. FW_ERR_INVALID when the text is no such feed. */
enum fw_err fw_advisories_parse(struct fw_doc *doc, const char *const *products,
                                struct fw_advisories *ret);

/* Does a text that begins like this hold a feed? */
bool fw_advisories_is(fw_sv head);

/* Is this version of a product among what the advisory names? */
bool fw_advisory_affects(const struct fw_advisory *advisory, fw_sv product, fw_sv version,
                         bool *ret_conditional);

/* "2.9.8.3" before "2.9.20", "7.0.0-rc1" before "7.0.0". */
int fw_version_cmp(fw_sv a, fw_sv b);

#endif
