/* Log lines held against what other programs read from them: the score, and comparing one field. */
#ifndef FW_TESTS_CORPUS_LOGS_H
#define FW_TESTS_CORPUS_LOGS_H

#include <cjson/cJSON.h>

#include "core/buf.h"
#include "parsers/logfile.h"
#include "tests/corpus/corpus.h"

struct logs_score {
    unsigned lines, fields, equal, missing, wrong, deviating;
};

/* Every field that differs is listed. */
extern bool logs_verbose;

/* One line of one file. */
struct logs_run {
    struct logs_score *score;
    fw_sv file;
    const struct fw_logline *line;
    uint64_t number;
    struct fw_buf text;
};

/* Their name of a field and ours; ends with NULL. */
struct logs_mapping {
    const char *theirs, *ours;
};

void logs_compare(struct logs_run *run, const char *field, fw_sv expected);
void logs_compare_text(struct logs_run *run, const char *field, const char *expected);
void logs_compare_members(struct logs_run *run, const cJSON *object,
                          const struct logs_mapping *map);
/* By the rows of peers.def for the file's folder; false when there are none. */
bool logs_compare_peers(struct logs_run *run, const cJSON *object);
/* By the row of peers.def for one parser and key. */
void logs_compare_named(struct logs_run *run, const char *where, const char *theirs, fw_sv value);
/* A member as text, whatever its type; NULL when absent or null. */
const char *logs_member(const cJSON *object, const char *key, char buf[32]);

/* Every line of a file, judged; `check` gets it with its number. */
typedef void logs_check_fn(struct logs_run *run, void *context);

void logs_each_line(struct logs_score *score, const struct corpus_file *file, fw_sv text,
                    logs_check_fn *check, void *context);

/* By the metas of a scenario's assertions. */
void logs_score_scenario(struct fw_arena *arena, struct logs_score *score,
                         const struct corpus_file *file, fw_sv text, fw_sv assertions);

#endif
