/*
 * What a named object stands for, as a choice of products: an address object or group (addresses in
 * the `src` of its terms), a service or group of services. Objects are looked up by scope (a
 * virtual firewall), kind and name, and expanded once; groups of groups share what their members
 * expanded to. Everything lives in the arena of the document.
 */
#ifndef FW_PARSERS_CHOICE_H
#define FW_PARSERS_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/ip.h"
#include "parsers/terms.h"
#include "policy/model.h"

struct fw_node;

struct fw_choice {
    size_t n; /* 0: nothing at all */
    const struct fw_term *v;
};

/* A choice under construction: addresses that depend on nothing else are gathered in one set. */
struct fw_choosing {
    struct fw_arena *arena;
    size_t n, nranges;
    struct fw_term *v;
    fw_iprange *ranges;
    bool any; /* one of the parts is everything */
};

void fw_choosing_init(struct fw_choosing *choosing, struct fw_arena *arena);
void fw_choosing_range(struct fw_choosing *choosing, fw_iprange range);
void fw_choosing_term(struct fw_choosing *choosing, struct fw_term term);
void fw_choosing_atom(struct fw_choosing *choosing, struct fw_atom atom);
void fw_choosing_add(struct fw_choosing *choosing, struct fw_choice choice);
/* Whether with this it would be more than a group may hold, or than any rule could name. */
bool fw_choosing_full(const struct fw_choosing *choosing, struct fw_choice more);
struct fw_choice fw_choosing_done(struct fw_choosing *choosing);

/* Something whose content is kept elsewhere, or could not be read: "kind name". */
struct fw_choice fw_choice_opaque(struct fw_arena *arena, const char *kind, fw_sv name,
                                  bool outside);
struct fw_choice fw_choice_range(struct fw_arena *arena, fw_iprange range);
/* Everything that is in one and not in the other. */
struct fw_choice fw_choice_but(struct fw_arena *arena, struct fw_choice choice,
                               struct fw_choice but, unsigned families);
/* Conditions of a rule. Atoms get "source " or "destination " before their words. */
void fw_terms_addresses(struct fw_terms *terms, struct fw_choice choice, bool destination,
                        bool negated);
void fw_terms_services(struct fw_terms *terms, struct fw_choice choice, bool negated);
void fw_terms_names(struct fw_terms *terms, const fw_sv *names, size_t n, bool out, bool negated);

/* A service term; NULL sets mean any. */
struct fw_term fw_term_ports(struct fw_arena *arena, uint8_t proto, const struct fw_numset *sport,
                             const struct fw_numset *dport);
struct fw_term fw_term_proto(struct fw_arena *arena, uint8_t proto);
/* Code -1: any. */
struct fw_term fw_term_icmp(struct fw_arena *arena, uint8_t proto, unsigned type, int code);

enum fw_thing_state { FW_THING_FRESH, FW_THING_OPEN, FW_THING_DONE };

struct fw_thing {
    struct fw_object *object;
    fw_sv scope;
    int space; /* objects of different spaces may have the same name */
    int type;  /* the vendor's */
    struct fw_node *node;
    enum fw_thing_state state;
    struct fw_choice choice;
    const struct fw_nameset *names; /* what it stands for that is known by name only; NULL: none */
    struct fw_thing *next;
};

struct fw_things {
    struct fw_arena *arena;
    struct fw_ruleset *ruleset; /* gets the objects */
    size_t n, nbuckets;
    struct fw_thing **buckets;
};

void fw_things_init(struct fw_things *things, struct fw_arena *arena, struct fw_ruleset *ruleset);
struct fw_thing *fw_things_find(const struct fw_things *things, fw_sv scope, int space, fw_sv name);
/* Finds or makes. */
struct fw_thing *fw_things_add(struct fw_things *things, fw_sv scope, int space, fw_sv name,
                               enum fw_object_kind kind);
void fw_thing_settle(struct fw_thing *thing, struct fw_choice choice);
/* Gives every object the hash of what it expands to. Once, at the end: nothing may unwind here. */
void fw_things_finish(struct fw_things *things);

#endif
