/*
 * What a format is. There are four kinds, each with one registry line (registry.def) and one file:
 *   ruleset  a firewall configuration        -> struct fw_ruleset (policy/model.h)
 *   log      lines of events                 -> struct fw_event (event.h), one line at a time
 *   idsrules IDS rule and tuning files       -> struct fw_idsrules (idsrules.h)
 *   clock    statistics and captures of time -> struct fw_clock_record (clock.h), one at a time
 */
#ifndef FW_PARSERS_PARSER_H
#define FW_PARSERS_PARSER_H

#include <stdint.h>

#include "core/sv.h"
#include "core/time.h"
#include "parsers/doc.h"
#include "policy/model.h"

struct fw_event;
struct fw_envelope;
struct fw_idsrules;
struct fw_clock_sink;

/* What a format of several lines keeps from one line to the next. */
struct fw_block {
    unsigned stage; /* the parser's; 0: no block is open */
    struct fw_stamp time;
    bool has_uptime;
    uint64_t uptime, captured, dropped;
    size_t columns[2]; /* of a list: where what is asked for stands */
    size_t n;
    char text[4096];
};

/* What `record` answers when the record goes on behind the bytes it was given. */
#define FW_RECORD_MORE SIZE_MAX

enum fw_parser_kind { FW_PARSER_RULESET, FW_PARSER_LOG, FW_PARSER_IDSRULES, FW_PARSER_CLOCK };

/* What a log parser wants to be given. */
enum fw_shape {
    FW_SHAPE_NONE,
    FW_SHAPE_MESSAGE, /* the message inside a syslog or journald envelope */
    FW_SHAPE_LINE,    /* the bare line, or else the message of an envelope around it */
    FW_SHAPE_RECORDS, /* binary records; the first bytes of a file decide that it holds them */
};

/* How sure a parser is that a text is its format. */
enum { FW_BID_NO = 0, FW_BID_WEAK = 10, FW_BID_LIKELY = 50, FW_BID_SURE = 90 };

struct fw_parser {
    const char *name;  /* "iptables-save": --format, JSON */
    const char *title; /* "Linux netfilter, iptables-save output" */
    enum fw_parser_kind kind;
    uint32_t version;    /* raised when the same bytes give another result: part of summary keys */
    enum fw_shape shape; /* LOG */
    /* Looks at the first bytes (up to 64 KiB) of a file, or at one message for LOG; 0..100. */
    int (*bid)(fw_sv head);
    /* RULESET: fills *ret; bad input becomes diagnostics. Ends with fw_ruleset_seal. */
    void (*ruleset)(struct fw_doc *doc, struct fw_ruleset *ret);
    /* LOG: one message. USED: *ret was filled. IGNORED: known, nothing we count (event_code set).
     * NONE: not this format. BAD: this format, but broken. */
    enum fw_line_verdict (*event)(const struct fw_envelope *envelope, fw_sv message,
                                  struct fw_arena *scratch, struct fw_event *ret);
    /* LOG, formats of several lines: NONE when the line belongs to none of its blocks, IGNORED when
     * it is a part of one, USED when the event is whole. Asked before all `event`. */
    enum fw_line_verdict (*part)(struct fw_block *block, fw_sv line, struct fw_arena *scratch,
                                 struct fw_event *ret);
    /* RECORDS: how long the record is that begins here, its header included; 0: it is none;
     * FW_RECORD_MORE: more bytes would tell (at the end of the file it is what is left). Gets at
     * least record_header bytes, and at most FW_LIMIT_LINE_BYTES. */
    size_t (*record)(fw_sv head);
    size_t record_header;
    /* IDSRULES, may be NULL: how sure with the file's name, where the text alone could be
     * anything's. Asked when no text is likely. */
    int (*bid_named)(fw_sv name, fw_sv head);
    void (*idsrules)(struct fw_doc *doc, struct fw_idsrules *ret);
    /* CLOCK: hands over one record after the other (fw_clock_parse). */
    void (*clock)(struct fw_doc *doc, struct fw_clock_sink *sink);
};

/* All parsers in the order of registry.def; ends with NULL. */
extern const struct fw_parser *const fw_parsers[];
const struct fw_parser *fw_parser_find(fw_sv name);
/* The highest bid of a kind for the first bytes of a file; NULL when nobody bids. */
const struct fw_parser *fw_parser_detect(enum fw_parser_kind kind, fw_sv head);
/* Likewise for IDS rule and tuning files, by the path's last part too. *ret_bid may be NULL. */
const struct fw_parser *fw_idsrules_detect(fw_sv path, fw_sv head, int *ret_bid);

/* Parses a loaded document as a ruleset under a memory guard: a budget that runs out becomes a
 * diagnostic and an ERR, never a crash. */
enum fw_err fw_ruleset_parse(struct fw_doc *doc, const struct fw_parser *parser,
                             struct fw_ruleset *ret);
/* Likewise for IDS rule and tuning files. */
enum fw_err fw_idsrules_parse(struct fw_doc *doc, const struct fw_parser *parser,
                              struct fw_idsrules *ret);

#endif
