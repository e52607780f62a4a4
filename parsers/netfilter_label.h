/* The label of a netfilter LOG line, as it can be compared with a rule's --log-prefix. */
#ifndef FW_PARSERS_NETFILTER_LABEL_H
#define FW_PARSERS_NETFILTER_LABEL_H

#include "core/sv.h"

/* Without the kernel's time, blanks at both ends and a colon at the end: what rule.name of an event
 * holds. Give a --log-prefix the same treatment before comparing. */
fw_sv fw_netfilter_label(fw_sv prefix);

#endif
