/*
 * What a device lets through between the zones that the site declares: the flows of its rules, laid
 * over zones. Made once for each run; checks about exposure only look.
 *
 * A packet comes from a zone when it comes in through one of the zone's interfaces, from one of its
 * addresses. The addresses of a zone are its networks, less what other zones have as parts of them;
 * a zone without networks has what no other zone has. A zone that names no interface of a device
 * lies behind those that are in no zone; when there is none, behind those of zones without
 * networks; when there is none, behind any. Never behind an interface of an untrusted zone.
 */
#ifndef FW_ANALYZERS_RULES_EXPOSURE_H
#define FW_ANALYZERS_RULES_EXPOSURE_H

#include "analyzers/analyzer.h"
#include "policy/flows.h"
#include "policy/overlap.h"
#include "policy/services.h"

struct fw_device_zone {
    const struct fw_zone *zone;
    bool present;                   /* traffic of this device can come from it or go to it */
    bool here;                      /* it names interfaces of this device */
    const struct fw_nameset *names; /* as rules spell them; where it may lie */
    const struct fw_ipset *addresses;
};

/* The part of a flow from one zone to another. */
struct fw_crossing {
    uint32_t from, to; /* in exposure->zones; FW_TO_DEVICE */
    const struct fw_flow *flow;
    struct fw_term term;
    unsigned doubt; /* FW_DOUBT_ bits */
};

#define FW_TO_DEVICE UINT32_MAX

struct fw_exposure {
    const struct fw_device_facts *device;
    const struct fw_snapshot *snapshot; /* NULL: no configuration, nothing else is set */
    struct fw_flows flows;
    size_t ninterfaces;
    const fw_sv *interfaces; /* as people call them */
    size_t nunzoned;
    const fw_sv *unzoned;               /* those in no zone */
    size_t nzones;                      /* 0: the site declares none */
    const struct fw_device_zone *zones; /* parallel to those of the site */
    size_t ncrossings;
    struct fw_crossing *crossings; /* by from, to, rule */
    uint32_t *first_of;            /* by index of flows.rules, and one more: where in by_rule */
    uint32_t *by_rule;             /* crossings of one rule after the other */
    bool cut;                      /* FW_LIMIT_CROSSINGS: more were not kept */
};

/* Parallel to facts->devices. */
struct fw_exposure *fw_exposures_make(struct fw_arena *arena, const struct fw_facts *facts);
/* Is it the policy of traffic through the device (true), or of something else? */
bool fw_exposure_transit(const struct fw_ruleset *ruleset, const struct fw_policy *policy);
/* Does something come out of this: what of it is sure, likely or unknown? After a doubtful one was
 * traced through the whole device. */
enum fw_certainty fw_crossing_certainty(struct fw_results *results,
                                        const struct fw_exposure *exposure,
                                        const struct fw_crossing *crossing,
                                        const struct fw_term *term, struct fw_packet *ret_witness);

#endif
