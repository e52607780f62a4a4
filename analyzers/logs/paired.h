/*
 * The same connection in the logs of two devices: how far are their clocks apart? Every file keeps
 * the connections with the smallest hashes (summary_contacts.c), so two devices that saw the same
 * ones keep the same ones; here those of all sources are put together, again the smallest ones:
 * memory is bounded by FW_LIMIT_PAIRED however much was logged.
 */
#ifndef FW_ANALYZERS_LOGS_PAIRED_H
#define FW_ANALYZERS_LOGS_PAIRED_H

#include "analyzers/logs/skew_fit.h"
#include "analyzers/logs/source_view.h"

/* What another source says about a clock. */
struct fw_pair_skew {
    fw_sv other; /* name of the source */
    struct fw_skew_fit fit;
};

struct fw_pairing;

/* NULL: no memory; then nothing is measured. */
struct fw_pairing *fw_pairing_new(void);
void fw_pairing_free(struct fw_pairing *pairing);
/* Connections of one source, at the times of the review. */
void fw_pairing_add(struct fw_pairing *pairing, uint32_t source, const struct fw_contact_list *list,
                    const struct fw_resolution *res);
/* Gives every view what the others say about its clock. */
void fw_pairing_measure(struct fw_pairing *pairing, struct fw_arena *arena,
                        struct fw_source_view *views, size_t n);

#endif
