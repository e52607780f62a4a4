/* Members of a ZIP archive in memory, as workbooks are: no encryption, no ZIP64. */
#ifndef FW_PARSERS_ZIP_H
#define FW_PARSERS_ZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/* The first member, as the archive lists them, whose name begins and ends so, decoded and with its
 * checksum compared. FW_ERR_NOENT: there is none; FW_ERR_LIMIT: it is larger than `most`;
 * FW_ERR_INVALID: damaged. */
enum fw_err fw_zip_member(fw_sv file, const char *begin, const char *end, size_t most,
                          struct fw_arena *arena, fw_sv *ret);

#endif
