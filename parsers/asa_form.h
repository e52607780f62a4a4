/*
 * The forms of asa_messages.def, and reading a message by one. A form is literal text with marks
 * (%S, %D, ...) for what the message tells; the table's first comment lists them. Texts put into
 * the event are views of the message.
 */
#ifndef FW_PARSERS_ASA_FORM_H
#define FW_PARSERS_ASA_FORM_H

#include "parsers/event.h"
#include "parsers/logscan.h"

/* A message while it is read. */
struct fw_asa_scan {
    fw_sv s;
    size_t at;
    struct fw_event *ev;
    bool ports;                   /* the protocol has them: "/0" behind an ICMP address is none */
    fw_sv user;                   /* of the one who began */
    enum fw_scan_verdict verdict; /* from the text */
    fw_sv word;                   /* that said so */
};

void fw_asa_scan_init(struct fw_asa_scan *scan, fw_sv text, struct fw_event *ev);
/* True when the text is of this form: the event then has what the marks stand for. */
bool fw_asa_match(struct fw_asa_scan *scan, const char *form);

/* One side of a connection, before it is known which. */
struct fw_asa_side {
    fw_sv interface, user;
    fw_ip ip, nat; /* family 0: none, or a name instead */
    bool has_port, has_nat_port;
    uint64_t port, nat_port;
};

/* The next word: it ends at a blank or at what separates the parts of a message. */
fw_sv fw_asa_word(struct fw_asa_scan *scan);
void fw_asa_skip_blanks(struct fw_asa_scan *scan);
/* "outside:10.22.8.144/61999 (10.22.8.144/61999)(LOCAL\user.name)" */
bool fw_asa_side_read(struct fw_asa_scan *scan, struct fw_asa_side *ret);
/* "inside/10.30.6.47(4562)(user) ": of access-list messages. For ICMP the number is a type or code.
 */
bool fw_asa_side_read_acl(struct fw_asa_scan *scan, struct fw_asa_side *ret);
void fw_asa_side_put_source(struct fw_asa_scan *scan, const struct fw_asa_side *side);
void fw_asa_side_put_destination(struct fw_asa_scan *scan, const struct fw_asa_side *side);

#endif
