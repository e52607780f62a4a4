/*
 * The review of administrators' accounts, as an agency keeps it: whose an account is, whether a
 * second factor is asked for, when it was last used, and what was decided about it when.
 */
#ifndef FW_PARSERS_ACCOUNTS_H
#define FW_PARSERS_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/doc.h"

enum fw_account_verdict {
    FW_ACCOUNT_NOT_SAID, /* or in words that are not known */
    FW_ACCOUNT_KEEP,
    FW_ACCOUNT_GO, /* to be removed or switched off */
};

/* Header: device, account, owner, mfa, last_login, reviewed, verdict, reviewer */
struct fw_account {
    fw_sv device, name;
    fw_sv owner; /* several persons: it is shared */
    bool shared;
    bool mfa;          /* somebody says so */
    bool never_used;   /* "never" */
    int64_t last_ns;   /* end of the day of its last use; INT64_MIN: not said */
    int64_t review_ns; /* of that review; INT64_MIN: not said */
    enum fw_account_verdict verdict;
    fw_sv reviewer;
    fw_span span;
};

struct fw_accounts {
    size_t n;
    const struct fw_account *v;
};

/* FW_ERR_INVALID when the header is none; single rows that are wrong are reported and left out. */
enum fw_err fw_accounts_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_accounts *ret);

#endif
