/* What is said of a source that was read: the names of its states, and its diagnostics. */
#include <inttypes.h>

#include "core/limits.h"
#include "core/source.h"

static const char *const container_names[FW_CONTAINER_COUNT] = {"plain", "gzip", "xz", "zstd",
                                                                "bzip2"};
static const char *const integrity_names[FW_INTEGRITY_COUNT] = {"ok", "truncated", "corrupt",
                                                                "trailing"};

void fw_source_report(const struct fw_source_info *info, fw_sv path, struct fw_diags *diags)
{
    fw_span none = {0};
    fw_sv no_line = {0};
    const char *kind = fw_container_name(info->container);
    switch (info->integrity) {
    case FW_INTEGRITY_TRUNCATED:
        fw_diag_report(diags, FW_DIAG_ID_ARCHIVE_TRUNCATED, path, none, no_line, 0,
                       "%s data ends inside member %" PRIu32 "; %" PRIu64 " lines could be read",
                       kind, info->members, info->lines);
        break;
    case FW_INTEGRITY_CORRUPT:
        fw_diag_report(diags, FW_DIAG_ID_ARCHIVE_CORRUPT, path, none, no_line, 0,
                       "%s member %" PRIu32 " is damaged; %" PRIu64
                       " lines up to there could be read",
                       kind, info->members, info->lines);
        break;
    case FW_INTEGRITY_TRAILING:
        fw_diag_report(diags, FW_DIAG_ID_ARCHIVE_TRAILING, path, none, no_line, 0,
                       "bytes that are no %s member follow member %" PRIu32, kind, info->members);
        break;
    case FW_INTEGRITY_OK:
    case FW_INTEGRITY_COUNT:
        break;
    }
    if (info->changed) {
        fw_diag_report(diags, FW_DIAG_ID_FILE_CHANGED, path, none, no_line, 0,
                       "size or time of the file changed while it was read");
    }
    if (info->long_lines > 0) {
        fw_diag_report(diags, FW_DIAG_ID_LINE_TOO_LONG, path, none, no_line, 0,
                       "%" PRIu64 " of %" PRIu64 " lines are longer than %d bytes (LINE_BYTES); the"
                       " rest of each was skipped",
                       info->long_lines, info->lines, (int)FW_LIMIT_LINE_BYTES);
    }
}

const char *fw_container_name(enum fw_container container)
{
    return container < FW_CONTAINER_COUNT ? container_names[container] : "unknown";
}

const char *fw_integrity_name(enum fw_integrity integrity)
{
    return integrity < FW_INTEGRITY_COUNT ? integrity_names[integrity] : "unknown";
}
