/*
 * Countries of addresses, from a database in MaxMind's format (mmdb) that the user supplies. The
 * whole database is read once into a list of ranges; a file that is damaged anywhere is refused,
 * and so is one that knows no country: every policy would pass.
 */
#ifndef FW_CORE_GEO_H
#define FW_CORE_GEO_H

#include "core/arena.h"
#include "core/err.h"
#include "core/ip.h"

typedef struct fw_country {
    char code[3]; /* ISO 3166-1 alpha-2, "" is unknown */
} fw_country;

struct fw_geo_range {
    fw_iprange range;
    fw_country country;
};

struct fw_geo {
    size_t n;
    const struct fw_geo_range *v; /* sorted, disjoint; addresses in none are of no known country */
    fw_sv type;                   /* as the database calls itself */
    uint64_t built;               /* seconds since 1970 */
};

enum fw_err fw_geo_load(struct fw_arena *arena, const char *path, struct fw_geo *ret);
/* The country of one address. */
fw_country fw_geo_find(const struct fw_geo *geo, fw_ip ip);

struct fw_geo_count {
    fw_country country;
    double addresses;   /* of the set that are there */
    fw_iprange example; /* the largest part */
};

/* Countries that the set reaches, by name; addresses of no known country come first as "". */
size_t fw_geo_countries(struct fw_arena *arena, const struct fw_geo *geo,
                        const struct fw_ipset *set, struct fw_geo_count **ret);

#endif
