/* A folder that is built beside its place and moved there when it is whole.
 *
 * The folder is hidden, lies in the same parent and is locked while its writer lives, so that what
 * a killed writer left is told from what another is writing, and is swept by whoever comes next. */
#ifndef FW_CORE_STAGING_H
#define FW_CORE_STAGING_H

#include "core/err.h"

struct fw_staging {
    char *path; /* write here; ours */
    char *place;
    int lock;
};

/* Makes the parents of place, sweeps leftovers of place, makes an empty folder. */
enum fw_err fw_staging_open(struct fw_staging *staging, const char *place);
/* The folder takes its place; an older one that stood there is removed. Ends the staging. */
enum fw_err fw_staging_commit(struct fw_staging *staging);
/* Nothing happened. */
void fw_staging_drop(struct fw_staging *staging);

#endif
