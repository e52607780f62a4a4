/*
 * In which characters is a text written, and how does it read in UTF-8? Exports and comments of an
 * office's own devices come in Big5, files of Windows in UTF-16.
 */
#ifndef FW_CORE_CHARSET_H
#define FW_CORE_CHARSET_H

#include <stdint.h>

#include "core/diag.h"
#include "core/source.h"

enum fw_charset { FW_CHARSET_UTF8, FW_CHARSET_UTF16, FW_CHARSET_BIG5, FW_CHARSET_COUNT };

struct fw_decoded {
    fw_sv text; /* in the arena when it was converted, else a part of what was given */
    enum fw_charset charset;
    uint64_t left; /* lines that stay as they are: they are in none of these; of UTF-16: 1 where it
                      ends inside a character */
};

/* UTF-16 is known by its byte order mark. Big5 has none: the lines that are no UTF-8 must be Big5
 * and mostly of its common characters, as no text of Western Europe is. Everything else, binary
 * files and XML (which names its characters itself) included, stays; a mark of UTF-8 is cut off.
 * Lines keep their numbers; half a character at the end, as of the head of a file, is dropped. */
void fw_charset_decode(struct fw_arena *arena, fw_sv text, struct fw_decoded *ret);
/* fw_source_load, then fw_charset_decode. stored: bytes that lie in no file; NULL: path is one. */
enum fw_err fw_charset_load(const char *path, const fw_sv *stored, uint64_t limit,
                            struct fw_arena *arena, struct fw_decoded *ret,
                            struct fw_source_info *ret_info);
/* Says that the text was converted, and what was not. */
void fw_charset_report(const struct fw_decoded *decoded, fw_sv path, struct fw_diags *diags);

#endif
