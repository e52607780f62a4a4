/*
 * Statements that several configuration files of sensors share: suppress, threshold, event_filter
 * and rate_filter as Snort 2 and Suricata write them, and lists of addresses with names in them.
 */
#ifndef FW_PARSERS_IDSTUNING_H
#define FW_PARSERS_IDSTUNING_H

#include "parsers/doc.h"
#include "parsers/idsconf.h"
#include "parsers/idsnote.h"

/* What a statement is made of: its lines, its text without line ends and without the comment. */
struct fw_idsstatement {
    fw_sv text, comment;
    uint32_t first, last;
    fw_span span;
};

/* The next statement: lines that end in a backslash are one. A '#' outside quotes begins a comment.
 * False at the end. *offset and *line as for fw_doc_line. */
bool fw_idsstatement_next(struct fw_doc *doc, uint64_t *offset, uint32_t *line,
                          struct fw_idsstatement *ret);

/* True when the statement begins with one of the four words: then its lines were marked and an
 * entry was added unless it is broken. */
bool fw_idstuning_read(struct fw_doc *doc, struct fw_idsconf *conf, struct fw_idsnotes *notes,
                       const struct fw_idsstatement *statement);
/* The value of a rule's option: "type limit, track by_src, count 1, seconds 60". False: it is none.
 */
bool fw_idstuning_option(enum fw_tuning_kind kind, fw_sv value, struct fw_tuning *ret);
void fw_idstuning_add(struct fw_doc *doc, struct fw_idsconf *conf, const struct fw_tuning *tuning);

/* Cuts up to a comma outside brackets and quotes. */
bool fw_idslist_next(fw_sv *rest, fw_sv *ret);

/* "1:2000", "2000", "1:2000-2010", "1:2000-1:2010", "1:*", "116:*"; gid 1 when none is written. */
bool fw_idstuning_sids(fw_sv text, struct fw_tuning *ret);

/* Adds a variable; ADDRESSES are resolved with those that are there already. */
void fw_idsvariable_add(struct fw_doc *doc, struct fw_idsconf *conf, enum fw_ids_variable_kind kind,
                        fw_sv name, fw_sv value, uint32_t line);

#endif
