/* Making foreign text safe and measuring it: terminal cells, escapes, UTF-8. */
#ifndef FW_CORE_TEXT_H
#define FW_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/sv.h"

/* Decodes one code point; an invalid byte gives U+FFFD and consumes one byte. */
uint32_t fw_utf8_next(fw_sv *rest);
bool fw_utf8_valid(fw_sv text);
/* What is no code point is written as U+FFFD. Returns the bytes used. */
size_t fw_utf8_encode(char to[4], uint32_t codepoint);
void fw_utf8_put(struct fw_buf *buf, uint32_t codepoint);

/* Cells one harmless code point takes on a terminal: 2 for East Asian wide, 0 for combining. */
unsigned fw_text_cells(uint32_t codepoint);
/* A code point that acts instead of showing: controls, bidi controls, line and paragraph
 * separators, invisible format characters, tags, non-characters. */
bool fw_text_unsafe(uint32_t codepoint);
/* Cells the text takes on a terminal after fw_text_safe. */
size_t fw_text_width(fw_sv text);
/* Appends text with every control byte, escape, bidi override and invalid UTF-8 made visible
 * (\x1b, \u202e): printing it cannot move the cursor, change colours or reorder the line. */
void fw_text_safe(struct fw_buf *buf, fw_sv text);
/* As fw_text_safe, cut to at most `cells` terminal cells, with an ellipsis when cut. */
void fw_text_fit(struct fw_buf *buf, fw_sv text, size_t cells);
/* Cuts the next line of at most `width` cells off safe text: after a blank, beside a wide character
 * or after one of / , ; else in the middle of a word, which is better than a broken column. */
fw_sv fw_text_line(fw_sv *rest, size_t width);
/* HTML text and attribute escaping (& < > " '), after fw_text_safe. */
void fw_text_html(struct fw_buf *buf, fw_sv text);
/* One CSV cell: quoted when needed; a leading = + - @ (also full-width, also after blanks), TAB, CR
 * or LF gets a ' so that no spreadsheet runs it as a formula. Made safe as by fw_text_safe, except
 * that TAB and LF stay and CR LF becomes LF: a cell may have several lines. */
void fw_text_csv(struct fw_buf *buf, fw_sv text);
/* One TSV cell: as fw_text_safe, with the same ' before what a spreadsheet would run. */
void fw_text_tsv(struct fw_buf *buf, fw_sv text);
/* A cell of such a table without the ' that was put before it. */
fw_sv fw_text_cell(fw_sv cell);
/* A path as a relative URI reference: what RFC 3986 does not let stand is written in hexadecimal.
 */
void fw_text_uri(struct fw_buf *buf, fw_sv path);
/* Edit distance, at most `limit` + 1: for "did you mean". */
size_t fw_text_distance(fw_sv a, fw_sv b, size_t limit);

#endif
