/*
 * A log source line by line: the envelope is taken off, the payload goes to the parser that reads
 * it, and every line gets a verdict. Lines are judged alone, because relays mix formats in one
 * file; the parser that read the last line is asked first.
 *
 *   used         an event
 *   ignored      known and of no interest: another program's line (sshd, cron), a message code that
 *                is not counted, a continuation of the line before, a comment, a blank line
 *   unsupported  a known message whose wording is not modelled
 *   bad          no recognised form, or a recognised one that is broken
 *
 * In a file of binary records (FW_SHAPE_RECORDS) a record is a line: its number counts records.
 *
 * The reader owns neither the source nor the parsers; what a line points to lives until the next.
 */
#ifndef FW_PARSERS_LOGFILE_H
#define FW_PARSERS_LOGFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/source.h"
#include "parsers/doc.h"
#include "parsers/envelope.h"
#include "parsers/event.h"
#include "parsers/parser.h"

struct fw_logline {
    uint64_t number, offset; /* of its first byte in the decoded text */
    fw_sv text;
    enum fw_line_verdict verdict;
    const struct fw_parser *parser; /* whose format the line is; NULL: nobody's */
    fw_sv name;                     /* IGNORED: by what name: program or message code */
    struct fw_envelope envelope;
    struct fw_event event; /* USED; for other verdicts only code and level may be set */
    bool has_received;     /* a second stamp says when a relay received the line */
    struct fw_stamp received;
};

struct fw_logfile;

/* `only` NULL: every log parser of the registry may read a line. */
enum fw_err fw_logfile_new(struct fw_source *source, const struct fw_parser *only,
                           struct fw_logfile **ret);
/* The fields of alert_csv in this file; NULL: a version's own. They live as long as the reader. */
void fw_logfile_csv_fields(struct fw_logfile *file, const struct fw_snort_fields *fields);
void fw_logfile_free(struct fw_logfile *file);
/* The next line; NULL at the end or on an error of the source. */
const struct fw_logline *fw_logfile_next(struct fw_logfile *file);
struct fw_line_counts fw_logfile_counts(const struct fw_logfile *file);

/* Judges one line of text that belongs to no file. Views live until the next call. */
const struct fw_logline *fw_logfile_judge(struct fw_logfile *file, fw_sv text);

#endif
