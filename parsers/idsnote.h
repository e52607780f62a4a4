/*
 * Comments of tuning entries: which belong to an entry, and what they say in the documented
 * convention (docs/ids-tuning.md). To an entry belongs the comment on its own line, and the comment
 * lines right above it. They belong to that entry only, not to those below it: otherwise whoever
 * adds an entry to a group would inherit a reason that nobody gave for it.
 */
#ifndef FW_PARSERS_IDSNOTE_H
#define FW_PARSERS_IDSNOTE_H

#include "parsers/doc.h"
#include "parsers/idsconf.h"

/* Comments gathered on the way to the next entry. */
struct fw_idsnotes {
    struct fw_doc *doc;
    fw_sv above; /* joined in doc->arena */
};

void fw_idsnotes_init(struct fw_idsnotes *notes, struct fw_doc *doc);
/* A comment line without its sign. An empty one is a frame and changes nothing. */
void fw_idsnotes_comment(struct fw_idsnotes *notes, fw_sv text);
/* A blank line, or anything that is no comment and no entry: what was said is about nothing. */
void fw_idsnotes_forget(struct fw_idsnotes *notes);
/* The note of an entry with a comment behind it ({0}: none). What was above is used up. */
struct fw_tuning_note fw_idsnotes_take(struct fw_idsnotes *notes, fw_sv behind, uint32_t line);

#endif
