/* What of the files that `ids` is given is the sensor's own, what is a list about it, and what is a
 * log: found by content. Owns what it read until fw_ids_files_clear. */
#ifndef FW_CLI_IDS_FILES_H
#define FW_CLI_IDS_FILES_H

#include "cli/answer.h"
#include "core/geo.h"
#include "core/walk.h"
#include "evidence/idslists.h"

struct fw_ids_files {
    struct fw_device_facts device; /* the sensor */
    struct fw_idslists lists;
    bool has_geo;
    struct fw_geo geo;
    size_t ndocs;
    struct fw_doc **docs;
};

/* Reads what is no log and leaves the logs in *paths. What cannot be read makes the answer
 * `unreadable`. */
void fw_ids_files_read(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *paths,
                       struct fw_ids_files *ret);
/* Tells analyzers what was read; `files` is kept until they are done. */
void fw_ids_files_facts(struct fw_cli *cli, struct fw_ids_files *files, struct fw_facts *facts);
void fw_ids_files_clear(struct fw_ids_files *files);

#endif
