/* How a device may be administered, as its settings or the rules for the device itself say. */
#ifndef FW_ANALYZERS_RULES_ADMIN_H
#define FW_ANALYZERS_RULES_ADMIN_H

#include "analyzers/rules/hits.h"

/* One way in. */
struct fw_admin {
    fw_sv service; /* "ssh"; of rules: names of services */
    bool clear_text;
    const struct fw_ipset *from; /* NULL: anybody */
    fw_sv interface;             /* where it is offered; {0}: everywhere */
    fw_span span;
    const struct fw_flow *flow;  /* of a rule; NULL: a setting */
    struct fw_crossing crossing; /* of a rule: from which zone */
};

struct fw_admins {
    bool known; /* the configuration says something about administration */
    size_t n;
    struct fw_admin *v;
};

void fw_admins_find(struct fw_results *results, const struct fw_exposure *exposure,
                    struct fw_admins *ret);
/* The zone (index) that an interface is in; FW_ANY_ZONE: none. */
uint32_t fw_admin_zone(const struct fw_exposure *exposure, fw_sv interface);

#endif
