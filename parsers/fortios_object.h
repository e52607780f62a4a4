/*
 * What the files of FortiOS's objects share: values below an entry (fortios_value.c), and what one
 * object stands for (fortios_address.c, fortios_service.c). Names and groups: fortios_object.c.
 */
#ifndef FW_PARSERS_FORTIOS_OBJECT_H
#define FW_PARSERS_FORTIOS_OBJECT_H

#include "parsers/fortios.h"

void fw_fos_bad_value(struct fw_fos *fos, struct fw_node *node, const char *expected);
/* "80", "80-90" */
bool fw_fos_ports(fw_sv text, uint16_t *ret_lo, uint16_t *ret_hi);

struct fw_choice fw_fos_address_choice(struct fw_fos *fos, struct fw_node *entry, bool v6);
/* Seen before translation, a virtual address is where packets are sent to. */
struct fw_choice fw_fos_vip_choice(struct fw_fos *fos, struct fw_thing *thing);
struct fw_choice fw_fos_service_choice(struct fw_fos *fos, struct fw_node *entry);
/* "tcp/443 udp/443": a service that need not be written. */
struct fw_choice fw_fos_builtin_choice(struct fw_fos *fos, fw_sv rest);

#endif
