/* Where the zones of a site lie, as one device sees them. Only exposure.c asks. */
#ifndef FW_ANALYZERS_RULES_ZONES_H
#define FW_ANALYZERS_RULES_ZONES_H

#include "analyzers/rules/exposure.h"

struct fw_names {
    size_t n;
    fw_sv *v; /* each once */
};

/* What rules call an interface: its zone where rules name zones. */
fw_sv fw_zones_rule_name(const struct fw_ruleset *ruleset, fw_sv interface);
/* The interfaces that a device has, as far as its configuration and the site say. */
void fw_zones_interfaces(struct fw_arena *arena, const struct fw_site *site,
                         const struct fw_device_facts *device, const struct fw_ruleset *ruleset,
                         struct fw_names *ret);
/* Sets zones and unzoned interfaces. */
void fw_zones_place(struct fw_arena *arena, const struct fw_site *site,
                    struct fw_exposure *exposure);

#endif
