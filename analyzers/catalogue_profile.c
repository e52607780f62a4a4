/* Answers: which checks does a profile ask for, under which item of its law's edition, and how
 * strictly? A profile begins like this:
 *
 *   {"name": "tw-gov-115", "edition": "115", "title": {…}, "items": […], "checks": [
 *     {"check": "RUL-001", "items": ["共通性7"], "class": "improve"}, …
 */
#include <stdlib.h>
#include <string.h>

#include "analyzers/catalogue_impl.h"
#include "core/text.h"
#include "core/walk.h"

static const struct fw_jfield profile_fields[] = {
    {"name", FW_JSON_STRING, true},        {"edition", FW_JSON_STRING, true},
    {"title", FW_JSON_OBJECT, true},       {"basis", FW_JSON_OBJECT, false},
    {"thresholds", FW_JSON_OBJECT, false}, {"items", FW_JSON_ARRAY, false},
    {"checks", FW_JSON_ARRAY, true},       {NULL, FW_JSON_NULL, false},
};

static const struct fw_jfield item_fields[] = {
    {"item", FW_JSON_STRING, true},
    {"question", FW_JSON_OBJECT, true},
    {NULL, FW_JSON_NULL, false},
};

static const struct fw_jfield entry_fields[] = {
    {"check", FW_JSON_STRING, true},   {"items", FW_JSON_ARRAY, false},
    {"class", FW_JSON_STRING, false},  {"duty", FW_JSON_OBJECT, false},
    {"levels", FW_JSON_OBJECT, false}, {NULL, FW_JSON_NULL, false},
};

/* A basis may name the item it cites and nothing else: it is the same for every check. */
static void check_basis(struct fw_catalogue_loader *loader, const struct fw_jvalue *value,
                        const fw_sv text[FW_LANG_COUNT])
{
    for (size_t i = 0; i < FW_LANG_COUNT; i++) {
        fw_sv rest = text[i];
        struct fw_placeholder p;
        enum fw_placeholder_result result;
        do {
            result = fw_placeholder_next(&rest, NULL, &p);
            if (result == FW_PLACEHOLDER_BAD ||
                (result == FW_PLACEHOLDER_FOUND && !fw_sv_is(p.name, "item"))) {
                fw_json_error(&loader->file, value->span,
                              "the basis of a profile may hold the placeholder {item} only");
                return;
            }
        } while (result == FW_PLACEHOLDER_FOUND);
    }
}

static void read_items(struct fw_catalogue_loader *loader, const struct fw_jvalue *array,
                       struct fw_profile *profile)
{
    size_t n = array ? array->count : 0;
    struct fw_profile_item *v = fw_new_array(loader->arena, n + 1, struct fw_profile_item);
    for (size_t i = 0; i < n; i++) {
        const struct fw_jvalue *value = &array->items[i];
        if (!fw_json_check(&loader->file, value, "an item", item_fields)) {
            continue;
        }
        v[i].item = fw_json_text(value, "item");
        fw_catalogue_texts(loader, fw_json_find(value, "question"), "question", v[i].question);
        for (size_t j = 0; j < i; j++) {
            if (fw_sv_eq(v[j].item, v[i].item)) {
                fw_json_error(&loader->file, value->span, "item \"%.*s\" is given twice",
                              FW_SV_ARG(v[i].item));
            }
        }
    }
    profile->items = v;
    profile->nitems = n;
}

static void check_item(struct fw_catalogue_loader *loader, const struct fw_profile *profile,
                       const struct fw_jvalue *value)
{
    const struct fw_profile_item *best = NULL;
    size_t edits = FW_SUGGEST_EDITS + 1;
    for (size_t i = 0; i < profile->nitems; i++) {
        size_t d = fw_text_distance(value->text, profile->items[i].item, FW_SUGGEST_EDITS);
        if (d == 0) {
            return;
        }
        if (d < edits) {
            edits = d;
            best = &profile->items[i];
        }
    }
    if (best) {
        fw_json_error(&loader->file, value->span, "unknown item \"%.*s\", did you mean \"%.*s\"?",
                      FW_SV_ARG(value->text), FW_SV_ARG(best->item));
    } else {
        fw_json_error(&loader->file, value->span,
                      "unknown item \"%.*s\": this profile's items "
                      "do not list it",
                      FW_SV_ARG(value->text));
    }
}

/* {"check": "RUL-001", …}, or the bare id. */
static bool read_entry(struct fw_catalogue_loader *loader, const struct fw_profile *profile,
                       const struct fw_jvalue *value, struct fw_profile_check *ret)
{
    if (value->type == FW_JSON_STRING) {
        ret->check = fw_catalogue_check_named(loader, value);
        return ret->check != NULL;
    }
    if (!fw_json_check(&loader->file, value, "an entry of checks", entry_fields)) {
        return false;
    }
    ret->check = fw_catalogue_check_named(loader, fw_json_find(value, "check"));
    const struct fw_jvalue *items = fw_json_find(value, "items");
    ret->items = fw_catalogue_strings(loader, items, "items", &ret->nitems);
    ret->item = ret->nitems > 0 ? ret->items[0] : (fw_sv){0};
    for (size_t i = 0; profile->nitems > 0 && i < ret->nitems; i++) {
        check_item(loader, profile, &items->items[i]);
    }
    const struct fw_jvalue *class = fw_json_find(value, "class");
    ret->has_class = class != NULL;
    ret->class = fw_catalogue_class(loader, class);
    fw_catalogue_texts(loader, fw_json_find(value, "duty"), "duty", ret->duty);
    ret->has_levels = fw_catalogue_levels(loader, fw_json_find(value, "levels"), ret->levels);
    return ret->check != NULL;
}

static int entries_by_id(const void *a, const void *b)
{
    const struct fw_profile_check *left = a;
    const struct fw_profile_check *right = b;
    return fw_sv_cmp(left->check->id, right->check->id);
}

static void read_entries(struct fw_catalogue_loader *loader, const struct fw_jvalue *array,
                         struct fw_profile *profile)
{
    struct fw_profile_check *v = fw_new_array(loader->arena, array->count + 1,
                                              struct fw_profile_check);
    for (size_t i = 0; i < array->count; i++) {
        struct fw_profile_check *entry = &v[profile->n];
        if (!read_entry(loader, profile, &array->items[i], entry)) {
            *entry = (struct fw_profile_check){0};
            continue;
        }
        for (size_t j = 0; j < profile->n; j++) {
            if (v[j].check == entry->check) {
                fw_json_error(&loader->file, array->items[i].span, "check \"%.*s\" is listed twice",
                              FW_SV_ARG(entry->check->id));
            }
        }
        profile->n++;
    }
    if (array->count == 0) {
        fw_json_error(&loader->file, array->span, "a profile asks for at least one check");
    }
    qsort(v, profile->n, sizeof(*v), entries_by_id);
    profile->checks = v;
}

static int profiles_by_name(const void *a, const void *b)
{
    const struct fw_profile *left = a;
    const struct fw_profile *right = b;
    return fw_sv_cmp(left->name, right->name);
}

void fw_catalogue_read_profile(struct fw_catalogue_loader *loader, const struct fw_jvalue *root)
{
    struct fw_jfile *file = &loader->file;
    if (!fw_json_check(file, root, "a profile", profile_fields)) {
        return;
    }
    struct fw_profile p = {.name = fw_json_text(root, "name"),
                           .edition = fw_json_text(root, "edition")};
    fw_sv expected = fw_path_name(loader->name);
    expected.n -= strlen(".json");
    if (!fw_sv_eq(p.name, expected)) {
        fw_json_error(file, fw_json_find(root, "name")->span,
                      "a profile is named like its file: \"%.*s\", not \"%.*s\"",
                      FW_SV_ARG(expected), FW_SV_ARG(p.name));
    }
    fw_catalogue_texts(loader, fw_json_find(root, "title"), "title", p.title);
    const struct fw_jvalue *basis = fw_json_find(root, "basis");
    if (basis) {
        fw_catalogue_texts(loader, basis, "basis", p.basis);
        check_basis(loader, basis, p.basis);
    }
    const struct fw_jvalue *thresholds = fw_json_find(root, "thresholds");
    p.thresholds = fw_catalogue_thresholds(loader, thresholds, (fw_sv){0}, &p.nthresholds);
    for (size_t i = 0; i < p.nthresholds; i++) {
        if (!fw_threshold_known(loader->catalogue, p.thresholds[i].name)) {
            fw_json_error(
                file, p.thresholds[i].span, "unknown threshold \"%.*s\"%s",
                FW_SV_ARG(p.thresholds[i].name),
                fw_threshold_nearest(loader->arena, loader->catalogue, p.thresholds[i].name));
        }
    }
    read_items(loader, fw_json_find(root, "items"), &p);
    read_entries(loader, fw_json_find(root, "checks"), &p);

    struct fw_catalogue *k = loader->catalogue;
    struct fw_profile *v = fw_new_array(loader->arena, k->nprofiles + 1, struct fw_profile);
    if (k->nprofiles > 0) {
        memcpy(v, k->profiles, k->nprofiles * sizeof(*v));
    }
    v[k->nprofiles++] = p;
    qsort(v, k->nprofiles, sizeof(*v), profiles_by_name);
    k->profiles = v;
}
