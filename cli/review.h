/* A review that is made again from a pack's inputs: what differs from making it first. */
#ifndef FW_CLI_REVIEW_H
#define FW_CLI_REVIEW_H

#include "cli/cli.h"
#include "evidence/packcheck.h"
#include "evidence/reproduce.h"

struct fw_review_again {
    const struct fw_standins *standins;
    const struct fw_pack *pack; /* that was made first: its record of earlier packs is taken over */
    const char *originals;      /* folder where the site's earlier reviews lie; NULL: none */
    int64_t as_of_ns;
    const char *as_of_from;
    bool reviews_absent; /* set when the site names earlier reviews and no folder was given */
};

/* Options and operand are the cli's, as for the command. FW_EXIT_OK: it was made, at *ret_made
 * unless reviews_absent; the states of its checks are not asked. */
int fw_review_again(struct fw_cli *cli, struct fw_review_again *how, const char **ret_made);

#endif
