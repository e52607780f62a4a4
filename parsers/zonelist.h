/*
 * A list of zones for those who have no site file: what networks a firewall separates, how far they
 * are trusted, which of them a sensor has to look at, and which sensor does.
 */
#ifndef FW_PARSERS_ZONELIST_H
#define FW_PARSERS_ZONELIST_H

#include "parsers/doc.h"
#include "parsers/site.h"

/* Header: zone, networks, trust, watched, sensor */
struct fw_zonelist {
    size_t n;
    const struct fw_zone *v;
    const fw_sv *sensors; /* of each zone, as written: names apart by semicolons */
    bool has_sensors;     /* the list has such a column */
};

bool fw_zonelist_is(fw_sv head);
/* FW_ERR_INVALID when the header is none; single rows that are wrong are reported and left out. */
enum fw_err fw_zonelist_parse(struct fw_doc *doc, struct fw_zonelist *ret);

#endif
