/*
 * What if this line were gone, or one more were there? A configuration is edited by its physical
 * lines, as its file numbers them, before any parser sees it: so every format can be asked, in its
 * own words, and nothing is answered that the device's file would not say.
 */
#ifndef FW_CLI_EDIT_H
#define FW_CLI_EDIT_H

#include "core/buf.h"
#include "parsers/doc.h"

/*
 * `edits`: one a line,
 *     delete 12          or 12-14
 *     insert 12 TEXT     before line 12; after the last with the number that follows it
 *     replace 12 TEXT    or 12-14
 * All numbers are those of the document as it is. False: `why` says what is wrong.
 */
bool fw_edit_apply(const struct fw_doc *doc, fw_sv edits, struct fw_buf *ret, struct fw_buf *why);

#endif
