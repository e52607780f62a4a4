/* The lines of a configuration that is one JSON document: every key is known or named. */
#ifndef FW_PARSERS_JSONLINES_H
#define FW_PARSERS_JSONLINES_H

#include "core/json.h"
#include "parsers/doc.h"
#include "parsers/known.h"

/* Parses; NULL, and every line bad, when it is no JSON. */
const struct fw_jvalue *fw_jlines_parse(struct fw_doc *doc);
/* Marks the lines of the object's members by the table, which ends with a NULL key. True: there is
 * one that the table does not have, or it is no object; it was reported. */
bool fw_jlines_keys(struct fw_doc *doc, const struct fw_jvalue *object,
                    const struct fw_known *keys);
/* All lines of a value. */
void fw_jlines_mark(struct fw_doc *doc, const struct fw_jvalue *value,
                    enum fw_line_verdict verdict);
/* The value is not what it should be. */
void fw_jlines_bad(struct fw_doc *doc, const struct fw_jvalue *value, const char *expected);
/* At the end: lines that hold nothing but brackets and commas are ignored, others nobody asked for
 * are bad. */
void fw_jlines_finish(struct fw_doc *doc);
/* A string, or a number as it is written; {0} for anything else, or nothing (NULL). */
fw_sv fw_jlines_value(const struct fw_jvalue *value);
/* The same of a member. */
fw_sv fw_jlines_text(const struct fw_jvalue *object, const char *key);
/* A value as it stands in the document. */
fw_sv fw_jlines_raw(const struct fw_doc *doc, const struct fw_jvalue *value);
/* An array, or NULL. */
const struct fw_jvalue *fw_jlines_array(const struct fw_jvalue *object, const char *key);

#endif
