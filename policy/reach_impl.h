/* What the files of the search share: the question that is being asked, and what is in its way. */
#ifndef FW_POLICY_REACH_IMPL_H
#define FW_POLICY_REACH_IMPL_H

#include "policy/cover.h"
#include "policy/reach.h"

/* What an item is to a question on one of its legs. */
enum fw_role { FW_ROLE_NONE, FW_ROLE_COVERS, FW_ROLE_SKIPS };

/* What is in the way, by leg: a skip on one leg skips nothing on another, even where both lead past
 * the same items. */
struct fw_way {
    struct fw_boxes covers[FW_LEGS], skips[FW_LEGS];
};

struct fw_asking {
    struct fw_engine *engine;
    const struct fw_question *question;
    const struct fw_leg *leg;
    struct fw_way way; /* gathered */
    size_t room;       /* for so many more */
};

enum fw_role fw_asking_role(const struct fw_asking *a, const struct fw_box *box);
/* The search for what is in the way on a leg. Where nothing can be skipped that is what decides,
 * and often nothing more need be asked. */
struct fw_search fw_asking_search(struct fw_asking *a, uint32_t from, fw_tree_accept *accept);
/* Gathers what is in the way, up to a number; false: there is more. */
bool fw_asking_gather(struct fw_asking *a, size_t most);
/* One item that takes the whole region by itself, where no skip can interfere. */
bool fw_asking_taken_by_one(struct fw_asking *a);

/* Where nothing is skipped and much is in the way: the region is taken apart by what is found in
 * the index, part by part. */
enum fw_answer fw_seek(struct fw_engine *engine, const struct fw_question *question);

#endif
