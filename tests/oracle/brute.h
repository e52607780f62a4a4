/*
 * The slow truth about small rulesets: every packet of a small universe, in every world (what the
 * matchers that nobody models might say), walked through the rules one by one. Nothing here is
 * shared with the engine: no ranks, boxes, programs or indexes.
 */
#ifndef FW_TESTS_ORACLE_BRUTE_H
#define FW_TESTS_ORACLE_BRUTE_H

#include "policy/model.h"
#include "policy/packet.h"

/* Which values the packets of a universe take; a dimension that no rule constrains has one. */
struct universe {
    enum fw_hook hook;
    unsigned families;
    bool use_address, use_in, use_out, use_proto, use_ports, use_icmp, use_flags, use_state;
    size_t n;
    struct fw_packet *packets;
};

void universe_fill(struct universe *universe, struct fw_arena *arena);

/* A rule at one place: what a chain called twice has two of. */
struct place {
    const struct fw_policy *policy;
    const struct fw_rule *rule;
    int rule_index;       /* among all rules of the ruleset */
    struct place *parent; /* the jump that leads here; NULL in the entry */
    size_t index;         /* in the list it stands in */
    struct place **list;  /* the rules of its chain at this place */
    size_t nlist;
    struct place **inner; /* of a jump or goto: the called chain */
    size_t ninner;
    int order;          /* places of one entry in the order of evaluation */
    int first_variable; /* of this place's own unknowns; -1 */
    bool unknown;       /* what it does is anybody's guess */
};

enum { MAX_PLACES = 256, MAX_VARIABLES = 7 };

/* One policy that is evaluated from its start, with all places in it. */
struct entry {
    const struct fw_policy *policy;
    struct place *places[MAX_PLACES];
    int nplaces;
    struct place **list;
    size_t nlist;
    int nvariables; /* booleans a world assigns; the first ones belong to words */
    int nguesses;   /* places that may do anything: four ways each, after the booleans */
    fw_sv words[MAX_VARIABLES];
    int nwords;
    int worlds;
    bool marks_change; /* atoms about marks are unknown anew at every place, ... */
    bool true_marks;   /* ... unless walks set them: bits of `words` are the marks at the start */
};

/* Fills an entry; false: more unknowns than can be enumerated. */
bool entry_build(struct entry *entry, struct fw_arena *arena, const struct fw_ruleset *ruleset,
                 const struct fw_policy *policy);

/* How a place takes part in a walk; without a function all are WHOLE. */
enum part {
    PART_WHOLE,
    PART_BARE,  /* a jump leads on; nothing else happens: no verdict, no return */
    PART_ABSENT /* as if the rule did not exist */
};
typedef enum part takes_part(void *context, const struct place *place);

enum { UNDECIDED = 1000 };

/* All entries: where evaluation starts, which is at hooks, in what nobody calls, and in the first
 * of those that only call each other. */
bool entries_build(struct entry *entries, int most, int *ret_n, struct fw_arena *arena,
                   const struct fw_ruleset *ruleset);
/* One entry, but marks are what rules set them to. */
bool entry_build_marked(struct entry *entry, struct fw_arena *arena,
                        const struct fw_ruleset *ruleset, const struct fw_policy *policy);

/* Does the place's rule match the packet in this world, jumps on the way aside? */
bool place_matches(const struct entry *entry, const struct place *place,
                   const struct fw_packet *packet, int world);
/* ... and all the jumps that lead to it? */
bool place_meets(const struct entry *entry, const struct place *place,
                 const struct fw_packet *packet, int world);
/* The verdict (an action or UNDECIDED) from the start; `touched` (may be NULL) is set by place
 * order where a rule was come to and matched; *ret_by is the deciding place, NULL: the default. */
int walk(const struct entry *entry, const struct fw_packet *packet, int world, takes_part *part,
         void *context, bool *touched, const struct place **ret_by);
/* ... as if the packet had just come to the place and matched it. */
int walk_from(const struct entry *entry, const struct place *place, const struct fw_packet *packet,
              int world, takes_part *part, void *context, const struct place **ret_by);
/* ... and after it, as if it had not matched. */
int walk_after(const struct entry *entry, const struct place *place, const struct fw_packet *packet,
               int world, takes_part *part, void *context, const struct place **ret_by);
bool world_is_possible(const struct entry *entry, const struct fw_packet *packet, int world);
/* A world in which every guess is "goes on as if nothing was there". */
bool world_is_plain(const struct entry *entry, int world);

#endif
