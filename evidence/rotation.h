/* Rotation families: the name that fw.log, fw.log.1, fw.log.2.gz and fw.log-20260705.gz share. */
#ifndef FW_EVIDENCE_ROTATION_H
#define FW_EVIDENCE_ROTATION_H

#include "core/arena.h"
#include "core/sv.h"

/* The path with its compression ending taken off, a rotation number taken off, and a date in its
 * file name replaced by "*": "logs/fw.log", "logs/fw-*.log". */
fw_sv fw_rotation_family(struct fw_arena *arena, fw_sv path);

#endif
