/*
 * What log parsers share: numbers, addresses, protocol names and verdict words as they stand in log
 * lines. Nothing here allocates; every text that is returned is a view into the input or static.
 */
#ifndef FW_PARSERS_LOGSCAN_H
#define FW_PARSERS_LOGSCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ip.h"
#include "core/sv.h"
#include "parsers/event.h"

/* An address of either family, the whole view. As fw_ip_parse, of what is no longer than one can
 * be. */
bool fw_scan_ip(fw_sv text, fw_ip *ret);
/* The whole view is 1..5 digits up to 65535. */
bool fw_scan_port(fw_sv text, uint64_t *ret);

/* The ECS keyword (IANA, lower case: "tcp", "ipv6-icmp") of a protocol word in any case or of a
 * number; the word itself when it is none. `*ret_ports` (may be NULL) says that it has ports. */
fw_sv fw_scan_transport(fw_sv word, bool *ret_ports);
/* Likewise of a number; {0} when it has no keyword. */
fw_sv fw_scan_transport_number(uint8_t number, bool *ret_ports);

enum fw_scan_verdict { FW_SCAN_UNKNOWN, FW_SCAN_ALLOWED, FW_SCAN_DENIED };

/* What the words of a label say: "UFW BLOCK", "FINAL_REJECT", "IPTABLES-DROP:". Unknown when no
 * word says it, or words of both kinds do. */
enum fw_scan_verdict fw_scan_label(fw_sv label);
/* What one word of an action says, in any case: "permit", "Dropped", "reset-both". */
enum fw_scan_verdict fw_scan_action(fw_sv word);
/* Sets event.outcome (success = allowed, failure = denied); unknown leaves it absent. */
void fw_scan_outcome(struct fw_event *event, enum fw_scan_verdict verdict);

/* A command's text up to its first secret: what follows a word like "password", "community" or
 * "pre-shared-key" is nobody's business and is cut off. */
fw_sv fw_scan_public(fw_sv text);

/* The syslog keyword of a severity 0..7 ("err"). */
fw_sv fw_scan_level(unsigned severity);
/* The code of a message and its severity, as number and word. */
void fw_scan_tag(struct fw_event *ev, fw_sv code, unsigned severity);

static inline void fw_scan_text(struct fw_event *event, enum fw_event_field field, fw_sv *member,
                                fw_sv text)
{
    if (text.n > 0) {
        *member = text;
        fw_event_set(event, field);
    }
}

static inline void fw_scan_num(struct fw_event *event, enum fw_event_field field, uint64_t *member,
                               uint64_t value)
{
    *member = value;
    fw_event_set(event, field);
}

/* False, and nothing set, when the text is no address. */
static inline bool fw_scan_addr(struct fw_event *event, enum fw_event_field field, fw_ip *member,
                                fw_sv text)
{
    if (!fw_scan_ip(text, member)) {
        return false;
    }
    fw_event_set(event, field);
    return true;
}

/* The word behind the first `before`; {0} when there is none. */
fw_sv fw_scan_word_after(fw_sv text, const char *before);

#endif
