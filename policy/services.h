/*
 * Sets of services: protocols as a whole, and destination ports of protocols that have ports. What
 * a cell of a zone matrix holds. "tcp/80,443; udp/53; icmp", or "any".
 */
#ifndef FW_POLICY_SERVICES_H
#define FW_POLICY_SERVICES_H

#include "core/buf.h"
#include "core/numset.h"
#include "policy/model.h"

enum { FW_PORT_PROTOS = 5 }; /* tcp, udp, dccp, sctp, udplite */

struct fw_services {
    const struct fw_numset *whole;                 /* protocols with everything; never NULL */
    const struct fw_numset *ports[FW_PORT_PROTOS]; /* never NULL; of those not in `whole` */
};

void fw_services_init(struct fw_services *services, struct fw_arena *arena); /* none */
/* What packets of the term go to; types and codes of ICMP and flags are not told apart. */
void fw_services_of_term(struct fw_arena *arena, const struct fw_term *term,
                         struct fw_services *ret);
void fw_services_add(struct fw_arena *arena, struct fw_services *to,
                     const struct fw_services *more);
/* What of a is not in b. */
void fw_services_minus(struct fw_arena *arena, const struct fw_services *a,
                       const struct fw_services *b, struct fw_services *ret);
bool fw_services_none(const struct fw_services *services);
/* Everything that packets of either family may be. */
bool fw_services_any(const struct fw_services *services);
void fw_services_text(struct fw_buf *buf, const struct fw_services *services);
/* False: *ret_bad is the part that cannot be read. */
bool fw_services_parse(struct fw_arena *arena, fw_sv text, struct fw_services *ret, fw_sv *ret_bad);
/* As the dimensions of a term: one term for each part. Returns how many; `ret` has room for 6. */
size_t fw_services_terms(struct fw_arena *arena, const struct fw_services *services,
                         struct fw_term ret[FW_PORT_PROTOS + 1]);

#endif
