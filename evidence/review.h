/*
 * A review of a site: everything it declares is read, every check is run. What is written from it
 * is the business of reports and packs.
 */
#ifndef FW_EVIDENCE_REVIEW_H
#define FW_EVIDENCE_REVIEW_H

#include "analyzers/analyzer.h"
#include "core/diag.h"
#include "core/progress.h"
#include "evidence/inputs.h"
#include "evidence/logs.h"
#include "evidence/reproduce.h"
#include "evidence/site_configs.h"
#include "evidence/sshsig.h"
#include "evidence/store.h"
#include "parsers/site.h"

struct fw_review_options {
    const struct fw_catalogue *catalogue;
    const struct fw_profile *profile;
    int64_t as_of_ns;
    unsigned months; /* of retention; 0: the site's or the profile's */
    unsigned jobs;
    fw_sv only;           /* check ids; {0}: all */
    const char *previous; /* the pack that is chained to; NULL: none */
    struct fw_store *store;
    uint64_t run;
    const struct fw_standins *standins; /* for inputs that are copies; NULL: none is */
    const fw_sha256 *without; /* an earlier review that does not count: the one made again; NULL */
    const struct fw_ssh *ssh;
    struct fw_progress *progress; /* may be NULL */
};

struct fw_review_run {
    struct fw_arena arena;
    const struct fw_site *site;
    struct fw_site site_decided; /* with the waivers that were decided */
    struct fw_site_configs configs;
    struct fw_logs logs;
    struct fw_inputs inputs;
    struct fw_facts facts;
    struct fw_results results;
};

/* The site must outlive the run. */
enum fw_err fw_review_make(struct fw_review_run *ret, const struct fw_site *site,
                           const struct fw_review_options *options, struct fw_diags *diags);
void fw_review_clear(struct fw_review_run *run);

#endif
