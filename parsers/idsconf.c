/* What is the meaning of words and variables that configurations of sensors share? */
#include "parsers/idsconf.h"

const char *fw_tuning_name(enum fw_tuning_kind kind)
{
    static const char *const names[FW_TUNING_COUNT] = {
#define FW_TUNING(name, word) word,
        FW_TUNINGS(FW_TUNING)
#undef FW_TUNING
    };
    return names[kind];
}

const char *fw_publisher_title(enum fw_publisher publisher)
{
    static const char *const titles[FW_PUBLISHER_COUNT] = {
#define FW_PUBLISHER(name, title) title,
        FW_PUBLISHERS(FW_PUBLISHER)
#undef FW_PUBLISHER
    };
    return titles[publisher];
}

/* "any", "0.0.0.0/0", or a list that has one of these and leaves nothing out. */
static bool is_everybody(fw_sv addresses)
{
    bool all = false;
    fw_sv item;
    if (addresses.n > 1 && addresses.p[0] == '[' && addresses.p[addresses.n - 1] == ']') {
        addresses = fw_sv_sub(addresses, 1, addresses.n - 2);
    }
    while (fw_sv_split(&addresses, ',', &item)) {
        item = fw_sv_trim(item);
        if (fw_sv_find_char(item, '!') != SIZE_MAX) {
            return false;
        }
        all = all || fw_sv_is_nocase(item, "any") || fw_sv_is(item, "0.0.0.0/0");
    }
    return all;
}

bool fw_tuning_silences(const struct fw_tuning *tuning)
{
    bool everybody = tuning->addresses.n == 0 ||
                     (!tuning->negated && is_everybody(tuning->addresses));
    return tuning->kind == FW_TUNING_DISABLE || (tuning->kind == FW_TUNING_SUPPRESS && everybody);
}

const struct fw_ids_variable *fw_idsconf_variable(const struct fw_idsconf *conf, fw_sv name)
{
    for (size_t i = conf->nvariables; i > 0; i--) {
        if (fw_sv_eq(conf->variables[i - 1].name, name)) {
            return &conf->variables[i - 1];
        }
    }
    return NULL;
}
