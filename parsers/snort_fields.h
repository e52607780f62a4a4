/*
 * The fields of Snort's alert_csv: what each version calls them, and a sensor's list of them as its
 * configuration writes it ("timestamp,sig_id,msg" in snort.conf, "timestamp rule msg" in
 * snort.lua).
 */
#ifndef FW_PARSERS_SNORT_FIELDS_H
#define FW_PARSERS_SNORT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/sv.h"

/* What of an alert is read; many names are of packet headers that nobody asks for. */
enum fw_snort_field {
    FW_SNORT_NONE,
    FW_SNORT_ACTION,
    FW_SNORT_CLASS,
    FW_SNORT_DST,
    FW_SNORT_DST_AP,
    FW_SNORT_DST_PORT,
    FW_SNORT_ETH_DST,
    FW_SNORT_ETH_SRC,
    FW_SNORT_GID,
    FW_SNORT_ICMP_CODE,
    FW_SNORT_ICMP_TYPE,
    FW_SNORT_IFACE,
    FW_SNORT_MSG,
    FW_SNORT_PRIORITY,
    FW_SNORT_PROTO,
    FW_SNORT_REV,
    FW_SNORT_RULE,
    FW_SNORT_SERVICE,
    FW_SNORT_SID,
    FW_SNORT_SRC,
    FW_SNORT_SRC_AP,
    FW_SNORT_SRC_PORT,
    FW_SNORT_TIME,
    FW_SNORT_COUNT
};

enum { FW_SNORT_FIELDS_MAX = 60 };

/* A list; each is an index into the names. */
struct fw_snort_fields {
    size_t n;
    uint8_t v[FW_SNORT_FIELDS_MAX];
};

extern const char *const fw_snort_field_names[];
extern const size_t fw_snort_field_names_n;

enum fw_snort_field fw_snort_field_of(size_t name);
/* By the names that alert_json has: Snort 3's. */
enum fw_snort_field fw_snort_field_json(fw_sv name);

enum fw_snort_fields_fault {
    FW_SNORT_FIELDS_GOOD,
    FW_SNORT_FIELDS_UNKNOWN,    /* *ret_wrong is no field */
    FW_SNORT_FIELDS_MANY,       /* more than there are */
    FW_SNORT_FIELDS_INCOMPLETE, /* no time, or nothing that says which rule */
};

/* Adds the names of a text, separated by commas or blanks. */
enum fw_snort_fields_fault fw_snort_fields_add(fw_sv text, struct fw_snort_fields *ret,
                                               fw_sv *ret_wrong);
/* Whether the whole list is enough for an alert. */
enum fw_snort_fields_fault fw_snort_fields_judge(const struct fw_snort_fields *fields);

#endif
