/* The list of everything a review read, for custody and for reports: one row a file, whether it
 * could be read or not. */
#ifndef FW_EVIDENCE_INPUTS_H
#define FW_EVIDENCE_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzers/logs/file_days.h"
#include "core/arena.h"
#include "core/diag.h"
#include "core/geo.h"
#include "core/source.h"
#include "core/sv.h"
#include "core/walk.h"
#include "parsers/doc.h"

enum fw_input_role {
    FW_INPUT_SITE,
    FW_INPUT_CONFIG,
    FW_INPUT_LOG,
    FW_INPUT_IDSRULES,
    FW_INPUT_TUNING,
    FW_INPUT_TICKETS,
    FW_INPUT_REGISTER,
    FW_INPUT_ASSETS,
    FW_INPUT_ACCOUNTS,
    FW_INPUT_IMPROVEMENT,
    FW_INPUT_DECISIONS,
    FW_INPUT_MATRIX,
    FW_INPUT_GEOIP, /* a database: no copy of it is sealed */
    FW_INPUT_SENSOR,
    FW_INPUT_TUNING_REGISTER,
    FW_INPUT_CASES,
    FW_INPUT_ADVISORIES, /* a feed: likewise */
    FW_INPUT_ADVISORY_DECISIONS,
    FW_INPUT_ZONES,       /* a list of zones, where no site file names them */
    FW_INPUT_LEDGER,      /* of IDS tuning, of an earlier pack */
    FW_INPUT_ATTESTATION, /* a document that a statement of the site points to: likewise */
    FW_INPUT_CLOCK,       /* what a time service reported */
    FW_INPUT_SIGNERS,     /* the keys that earlier packs are checked with */
    FW_INPUT_AUTHORITIES, /* the same: of certificates */
    FW_INPUT_VERSIONS,    /* which versions of a configuration a repository had: always sealed */
    FW_INPUT_ROLE_COUNT
};

struct fw_input {
    enum fw_input_role role;
    fw_sv path;          /* as given, or relative to the site file's folder */
    fw_sv real_path;     /* to open it again; reaches no output */
    const fw_sv *stored; /* its bytes, when it lies in no file of its own; NULL: it does */
    fw_sv device;        /* "" none */
    const char *format;  /* "" none recognised */
    bool missing;        /* declared and not there, or not readable: then nothing below is valid */
    struct fw_source_info info;
    struct fw_line_counts lines;
    struct fw_file_days days; /* of a log */
    size_t nsecrets;          /* spans of the decoded text that no copy may show */
    const fw_span *secrets;
};

struct fw_inputs {
    size_t n;
    struct fw_input *v; /* sorted by role, then path, by fw_inputs_sort */
};

struct fw_input *fw_inputs_add(struct fw_arena *arena, struct fw_inputs *inputs,
                               enum fw_input_role role, fw_sv path, fw_sv device);
/* The files below a folder that a pattern names; what kept it from finding all is reported. */
void fw_inputs_find(struct fw_arena *arena, fw_sv dir, fw_sv pattern, struct fw_diags *diags,
                    struct fw_paths *ret);
/* The database of countries that an input is, for as long as the arena lives. False: it cannot be
 * used, which is said, and the input counts as missing. */
bool fw_inputs_geo(struct fw_arena *arena, struct fw_input *input, fw_sv path,
                   const char *real_path, struct fw_diags *diags, struct fw_geo *ret);
void fw_inputs_sort(struct fw_inputs *inputs);
/* The document that a statement of the site points to by this path; NULL: it was not there. */
const struct fw_input *fw_inputs_document(const struct fw_inputs *inputs, fw_sv path);
const char *fw_input_role_name(enum fw_input_role role);

#endif
