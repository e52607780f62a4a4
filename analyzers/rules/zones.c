/* Where the zones of a site lie, as one device sees them. */
#include "analyzers/rules/zones.h"

#include <stdlib.h>

fw_sv fw_zones_rule_name(const struct fw_ruleset *ruleset, fw_sv interface)
{
    const struct fw_interface *found = fw_ruleset_interface(ruleset, interface);
    if (!found) {
        return interface;
    }
    if (ruleset->zoned && found->zone.n > 0) {
        return found->zone;
    }
    return found->name.n > 0 ? found->name : interface;
}

static bool is_in(const struct fw_names *names, fw_sv name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (fw_sv_eq(names->v[i], name)) {
            return true;
        }
    }
    return false;
}

static void add(struct fw_arena *arena, struct fw_names *names, fw_sv name)
{
    if (name.n > 0 && !is_in(names, name)) {
        names->v = fw_arena_push(arena, names->v, names->n, sizeof(*names->v));
        names->v[names->n++] = name;
    }
}

static void add_set(struct fw_arena *arena, struct fw_names *names, const struct fw_nameset *set)
{
    for (size_t i = 0; set && i < set->n; i++) {
        fw_sv name = set->v[i];
        bool prefix = name.n > 0 && name.p[name.n - 1] == '+';
        if (!prefix && !fw_sv_is(name, "lo")) {
            add(arena, names, name);
        }
    }
}

/* "device:interface" of this device, or a bare name that this device has. */
static bool is_here(const struct fw_device_facts *device, const struct fw_names *known,
                    const struct fw_ruleset *ruleset, fw_sv written, fw_sv *ret)
{
    size_t colon = fw_sv_find_char(written, ':');
    if (colon != SIZE_MAX) {
        *ret = fw_sv_sub(written, colon + 1, written.n);
        return fw_sv_eq(fw_sv_sub(written, 0, colon), device->name);
    }
    *ret = written;
    return is_in(known, written) || fw_ruleset_interface(ruleset, written);
}

void fw_zones_interfaces(struct fw_arena *arena, const struct fw_site *site,
                         const struct fw_device_facts *device, const struct fw_ruleset *ruleset,
                         struct fw_names *ret)
{
    *ret = (struct fw_names){0};
    for (size_t i = 0; i < ruleset->ninterfaces; i++) {
        const struct fw_interface *interface = &ruleset->interfaces[i];
        if (!interface->shutdown) {
            add(arena, ret, interface->name.n > 0 ? interface->name : (fw_sv){0});
        }
    }
    /* A format without interfaces has those that its rules name. */
    for (size_t p = 0; ruleset->ninterfaces == 0 && p < ruleset->npolicies; p++) {
        const struct fw_policy *policy = ruleset->policies[p];
        for (size_t r = 0; policy->decides && r < policy->n; r++) {
            const struct fw_match *match = &policy->rules[r].match;
            for (size_t t = 0; t < match->n; t++) {
                add_set(arena, ret, match->terms[t].in);
                add_set(arena, ret, match->terms[t].out);
            }
        }
    }
    for (size_t z = 0; site && z < site->nzones; z++) {
        for (size_t i = 0; i < site->zones[z].ninterfaces; i++) {
            fw_sv name;
            if (is_here(device, ret, ruleset, site->zones[z].interfaces[i], &name) &&
                !fw_ruleset_interface(ruleset, name)) {
                add(arena, ret, name);
            }
        }
    }
}

/* --- addresses ------------------------------------------------------------------------------ */

static const struct fw_ipset *without(struct fw_arena *arena, const struct fw_ipset *a,
                                      const struct fw_ipset *b)
{
    return fw_ipset_intersect(arena, a, fw_ipset_complement(arena, b, FW_FAMILY_BOTH));
}

/* Its networks, less the parts of them that other zones name. */
static const struct fw_ipset *own_addresses(struct fw_arena *arena, const struct fw_site *site,
                                            const struct fw_zone *zone)
{
    const struct fw_ipset *set = zone->networks;
    for (size_t z = 0; z < site->nzones; z++) {
        const struct fw_zone *other = &site->zones[z];
        for (size_t i = 0; other != zone && i < other->networks->n; i++) {
            struct fw_ipset range = {1, &other->networks->v[i]};
            bool part = fw_ipset_contains(zone->networks, &range) &&
                        !fw_ipset_contains(other->networks, zone->networks);
            set = part ? without(arena, set, &range) : set;
        }
    }
    return set;
}

static const struct fw_ipset *elsewhere(struct fw_arena *arena, const struct fw_site *site)
{
    static const struct fw_ipset none;
    const struct fw_ipset *all = &none;
    for (size_t z = 0; z < site->nzones; z++) {
        all = fw_ipset_union(arena, all, site->zones[z].networks);
    }
    return fw_ipset_complement(arena, all, FW_FAMILY_BOTH);
}

/* --- interfaces ----------------------------------------------------------------------------- */

static const struct fw_nameset *set_of(struct fw_arena *arena, const struct fw_ruleset *ruleset,
                                       const struct fw_names *interfaces)
{
    struct fw_names names = {0};
    for (size_t i = 0; i < interfaces->n; i++) {
        add(arena, &names, fw_zones_rule_name(ruleset, interfaces->v[i]));
    }
    struct fw_nameset *set = fw_new(arena, struct fw_nameset);
    *set = (struct fw_nameset){false, names.n, names.v};
    return set;
}

/* The zone that names the interface; NULL: none. */
static const struct fw_zone *zone_of(const struct fw_site *site,
                                     const struct fw_device_facts *device,
                                     const struct fw_names *known, const struct fw_ruleset *ruleset,
                                     fw_sv interface)
{
    for (size_t z = 0; z < site->nzones; z++) {
        for (size_t i = 0; i < site->zones[z].ninterfaces; i++) {
            fw_sv name;
            if (is_here(device, known, ruleset, site->zones[z].interfaces[i], &name) &&
                (fw_sv_eq(name, interface) ||
                 fw_sv_eq(fw_zones_rule_name(ruleset, name), interface) ||
                 (fw_ruleset_interface(ruleset, name) &&
                  fw_ruleset_interface(ruleset, name) ==
                      fw_ruleset_interface(ruleset, interface)))) {
                return &site->zones[z];
            }
        }
    }
    return NULL;
}

enum lies { LIES_UNZONED, LIES_WITHOUT_NETWORKS, LIES_ANYWHERE, LIES_COUNT };

static void behind(struct fw_arena *arena, const struct fw_site *site,
                   const struct fw_device_facts *device, const struct fw_ruleset *ruleset,
                   const struct fw_names *interfaces, struct fw_names *ret)
{
    for (int where = 0; where < LIES_COUNT && ret->n == 0; where++) {
        for (size_t i = 0; i < interfaces->n; i++) {
            const struct fw_zone *zone = zone_of(site, device, interfaces, ruleset,
                                                 interfaces->v[i]);
            bool fits = where == LIES_UNZONED            ? !zone
                        : where == LIES_WITHOUT_NETWORKS ? zone && zone->networks->n == 0
                                                         : true;
            if (fits && !(zone && zone->trust == FW_TRUST_UNTRUSTED)) {
                add(arena, ret, interfaces->v[i]);
            }
        }
    }
}

void fw_zones_place(struct fw_arena *arena, const struct fw_site *site,
                    struct fw_exposure *exposure)
{
    const struct fw_device_facts *device = exposure->device;
    const struct fw_ruleset *ruleset = exposure->snapshot->ruleset;
    struct fw_names known = {exposure->ninterfaces, (fw_sv *)(uintptr_t)exposure->interfaces};
    struct fw_device_zone *zones = fw_new_array(arena, site->nzones + 1, struct fw_device_zone);
    struct fw_names unzoned = {0};
    struct fw_names lost = {0};
    behind(arena, site, device, ruleset, &known, &lost);
    for (size_t z = 0; z < site->nzones; z++) {
        const struct fw_zone *zone = &site->zones[z];
        struct fw_names names = {0};
        for (size_t i = 0; i < zone->ninterfaces; i++) {
            fw_sv name;
            if (is_here(device, &known, ruleset, zone->interfaces[i], &name)) {
                add(arena, &names, name);
            }
        }
        zones[z].zone = zone;
        zones[z].here = names.n > 0;
        zones[z].present = zones[z].here || zone->networks->n > 0;
        zones[z].names = set_of(arena, ruleset, zones[z].here ? &names : &lost);
        zones[z].addresses = zone->networks->n > 0 ? own_addresses(arena, site, zone)
                                                   : elsewhere(arena, site);
    }
    for (size_t i = 0; i < known.n; i++) {
        if (!zone_of(site, device, &known, ruleset, known.v[i])) {
            add(arena, &unzoned, known.v[i]);
        }
    }
    exposure->nzones = site->nzones;
    exposure->zones = zones;
    exposure->nunzoned = unzoned.n;
    exposure->unzoned = unzoned.v;
}
