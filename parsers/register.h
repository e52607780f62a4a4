/*
 * Two lists that an agency keeps beside its devices: the register of firewall rules (who owns a
 * rule, what for, under which ticket, until when) and the inventory of its hosts.
 */
#ifndef FW_PARSERS_REGISTER_H
#define FW_PARSERS_REGISTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ip.h"
#include "parsers/doc.h"

/* Header: device, rule, owner, reason, ticket, until */
struct fw_registered {
    fw_sv device;
    fw_sv rule; /* a rule's id, name, "POLICY position", or its text */
    fw_sv owner, reason, ticket;
    int64_t until_ns; /* end of the last day; INT64_MIN: none */
    fw_span span;
};

struct fw_register {
    size_t n;
    const struct fw_registered *v;
    bool has_until; /* the list has the column */
};

/* Header: address, name, status */
struct fw_asset {
    fw_iprange address; /* one, or a network */
    fw_sv name, status;
    bool retired;
    fw_span span;
};

struct fw_assets {
    size_t n;
    const struct fw_asset *v;
};

/* FW_ERR_INVALID when the header is none; single rows that are wrong are reported and left out. */
enum fw_err fw_register_parse(struct fw_doc *doc, int32_t zone_seconds, struct fw_register *ret);
enum fw_err fw_assets_parse(struct fw_doc *doc, struct fw_assets *ret);

#endif
