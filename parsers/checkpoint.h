/*
 * What the files of the Check Point parser share. The management server answers in JSON: layers of
 * rules, dictionaries of the objects they name by uid, lists of objects, packages of layers. A file
 * is one answer, or an array of several. Objects of all answers are declared first, each expands
 * when it is first asked for.
 */
#ifndef FW_PARSERS_CHECKPOINT_H
#define FW_PARSERS_CHECKPOINT_H

#include "parsers/choice.h"
#include "parsers/jsonlines.h"
#include "parsers/maker.h"

struct fw_cp_object {
    struct fw_thing *thing;
    const struct fw_jvalue *value;
    fw_sv type, name;
    bool twice;  /* answers say different things of it */
    bool shared; /* others have its name too */
};

/* Rules that decide together; asked by a package, or by the rule of another layer. */
struct fw_cp_layer {
    fw_sv uid, name;
    struct fw_policy *policy;
    uint64_t total; /* rules, as the server says */
    uint64_t seen;  /* the number of the last rule that was read */
    bool inner;     /* some rule asks it */
    bool ordered;   /* some package asks it */
};

struct fw_cp {
    struct fw_maker maker;
    struct fw_things things;
    struct fw_index uids, names; /* of objects: their places */
    size_t n;
    struct fw_cp_object *objects;
    struct fw_index layer_uids;
    size_t nlayers;
    struct fw_cp_layer *layers;
    size_t npackages;
    size_t nordered;
    fw_sv *ordered; /* uids of the layers that packages ask */
};

/* checkpoint_object.c */
/* Every object of the answer, wherever it stands in it. */
void fw_cp_declare(struct fw_cp *cp, const struct fw_jvalue *value);
/* What a uid, a name or an object written in its place refers to; NULL: not in the file. */
struct fw_cp_object *fw_cp_find(const struct fw_cp *cp, const struct fw_jvalue *reference);
/* A uid or name as text, for what is not in the file. */
fw_sv fw_cp_name(const struct fw_cp *cp, const struct fw_jvalue *reference);
bool fw_cp_is_any(const struct fw_cp *cp, const struct fw_jvalue *reference);
/* What the object stands for: addresses, or services. */
struct fw_choice fw_cp_choice(struct fw_cp *cp, const struct fw_jvalue *reference, unsigned depth);
void fw_cp_objects(struct fw_cp *cp);
/* As fw_jlines_keys, with all lines of what is used. */
bool fw_cp_keys(struct fw_cp *cp, const struct fw_jvalue *object, const struct fw_known *known);
bool fw_cp_true(const struct fw_jvalue *object, const char *key);

/* checkpoint_rule.c */
void fw_cp_rule(struct fw_cp *cp, struct fw_policy *policy, const struct fw_jvalue *value);

/* checkpoint.c */
struct fw_cp_layer *fw_cp_layer(const struct fw_cp *cp, fw_sv uid);

#endif
