/* The three small languages of a pack: manifests, bag-info.txt and chain.tsv. What is read is
 * exactly what we write: one spelling, sorted, nothing twice, so that a manifest that is accepted
 * is the only one for its files. Errors are one lower-case sentence that names the line. */
#ifndef FW_EVIDENCE_MANIFEST_H
#define FW_EVIDENCE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/sha256.h"
#include "core/sv.h"

struct fw_manifest_line {
    fw_sha256 sha256;
    fw_sv path;
};

struct fw_manifest {
    size_t n;
    struct fw_manifest_line *v; /* sorted by the bytes of the path */
};

void fw_manifest_line_text(struct fw_buf *out, fw_sha256 sha256, fw_sv path);
/* Every path must be below `below` ("data/"; "" anywhere). The paths are views into text. */
bool fw_manifest_parse(fw_sv text, const char *below, struct fw_arena *arena,
                       struct fw_manifest *ret, struct fw_buf *why);

struct fw_bag_pair {
    fw_sv key, value;
};

struct fw_bag_info {
    size_t n;
    struct fw_bag_pair *v;
    fw_sv period;      /* Pack-Period */
    uint32_t sequence; /* Pack-Sequence, from 1 */
    fw_sv oxum;        /* Payload-Oxum, as written */
};

/* A key is a word with a capital first ("Pack-Period"), a value one printable line. */
bool fw_bag_pair_valid(fw_sv key, fw_sv value);
void fw_bag_pair_text(struct fw_buf *out, fw_sv key, fw_sv value);
bool fw_bag_info_parse(fw_sv text, struct fw_arena *arena, struct fw_bag_info *ret,
                       struct fw_buf *why);
/* {0} when there is none. */
fw_sv fw_bag_info_value(const struct fw_bag_info *info, const char *key);

/* One earlier pack. */
struct fw_chain_line {
    fw_sv period;
    uint32_t sequence;
    fw_sha256 head; /* of its tagmanifest-sha256.txt */
    bool countersigned;
    fw_sha256 countersign; /* of its signoff/countersign.txt */
};

struct fw_chain {
    size_t n;
    struct fw_chain_line *v;
};

void fw_chain_line_text(struct fw_buf *out, const struct fw_chain_line *line);
/* Sequences must run from 1 without a hole. */
bool fw_chain_parse(fw_sv text, struct fw_arena *arena, struct fw_chain *ret, struct fw_buf *why);

#endif
