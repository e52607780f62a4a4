/* How is a sensor's list of alert_csv fields written, and what is each of them? */
#include "parsers/snort_fields.h"

const char *const fw_snort_field_names[] = {
#define FW_SNORT_FIELD(name, field, json) name,
#include "parsers/snort_fields.def"
#undef FW_SNORT_FIELD
};
const size_t fw_snort_field_names_n = sizeof(fw_snort_field_names) /
                                      sizeof(fw_snort_field_names[0]);

static const struct {
    uint8_t field;
    bool json;
} meanings[] = {
#define FW_SNORT_FIELD(name, field, json) {FW_SNORT_##field, json},
#include "parsers/snort_fields.def"
#undef FW_SNORT_FIELD
};

static size_t find(fw_sv name)
{
    size_t i = 0;
    while (i < fw_snort_field_names_n && !fw_sv_is(name, fw_snort_field_names[i])) {
        i++;
    }
    return i;
}

enum fw_snort_field fw_snort_field_of(size_t name)
{
    return (enum fw_snort_field)meanings[name].field;
}

enum fw_snort_field fw_snort_field_json(fw_sv name)
{
    size_t i = find(name);
    return i < fw_snort_field_names_n && meanings[i].json ? fw_snort_field_of(i) : FW_SNORT_NONE;
}

static bool separates(char c)
{
    return c == ',' || fw_is_blank(c);
}

enum fw_snort_fields_fault fw_snort_fields_add(fw_sv text, struct fw_snort_fields *ret,
                                               fw_sv *ret_wrong)
{
    size_t at = 0;
    while (at < text.n) {
        size_t from = at;
        while (at < text.n && !separates(text.p[at])) {
            at++;
        }
        fw_sv word = fw_sv_sub(text, from, at - from);
        at += at == from;
        if (word.n == 0) {
            continue;
        }
        size_t name = find(word);
        if (name == fw_snort_field_names_n) {
            *ret_wrong = word;
            return FW_SNORT_FIELDS_UNKNOWN;
        }
        if (ret->n == FW_SNORT_FIELDS_MAX) {
            return FW_SNORT_FIELDS_MANY;
        }
        ret->v[ret->n++] = (uint8_t)name;
    }
    return FW_SNORT_FIELDS_GOOD;
}

enum fw_snort_fields_fault fw_snort_fields_judge(const struct fw_snort_fields *fields)
{
    bool time = false;
    bool rule = false;
    for (size_t i = 0; i < fields->n; i++) {
        enum fw_snort_field field = fw_snort_field_of(fields->v[i]);
        time = time || field == FW_SNORT_TIME;
        rule = rule || field == FW_SNORT_RULE || field == FW_SNORT_SID;
    }
    return time && rule ? FW_SNORT_FIELDS_GOOD : FW_SNORT_FIELDS_INCOMPLETE;
}
