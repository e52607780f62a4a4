/* What checks of name resolution share. */
#ifndef FW_ANALYZERS_RULES_DNS_H
#define FW_ANALYZERS_RULES_DNS_H

#include "analyzers/rules/hits.h"

/* The ports of name resolution (services that are "dns", else 53 and 853). */
void fw_dns_services(struct fw_results *results, struct fw_services *ret);
/* Terms of the ports of name resolution. */
size_t fw_dns_terms(struct fw_results *results, struct fw_term ret[FW_PORT_PROTOS + 1]);
/* The site's resolvers; everything that is none of them. */
const struct fw_ipset *fw_dns_designated(struct fw_arena *arena, const struct fw_site *site);
const struct fw_ipset *fw_dns_others(struct fw_arena *arena, const struct fw_site *site);
/* Addresses of the Internet: no private, local or multicast ones. */
const struct fw_ipset *fw_dns_public(struct fw_arena *arena);
/* Rules for traffic through the device that let name resolution through. */
uint64_t fw_dns_permits(const struct fw_exposure *exposure, const struct fw_term *dns, size_t n);
/* Adds the part of the crossing that goes to `destinations` from `sources` (NULL: any). */
void fw_dns_add(struct fw_hits *hits, const struct fw_crossing *crossing, const struct fw_term *dns,
                size_t n, const struct fw_ipset *sources, const struct fw_ipset *destinations);
/* The outside: an untrusted zone without networks of its own, or where none is, any untrusted. */
bool fw_dns_outside(const struct fw_exposure *exposure, uint32_t zone);

#endif
