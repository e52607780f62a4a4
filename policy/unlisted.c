/* What passes where no access list stands in the way? */
#include "policy/unlisted.h"

/* "same-security-traffic permit inter-interface" */
static bool equal_levels_pass(const struct fw_ruleset *ruleset)
{
    for (size_t i = 0; i < ruleset->nsettings; i++) {
        const struct fw_setting *setting = &ruleset->settings[i];
        if (setting->kind == FW_SETTING_SAME_SECURITY &&
            fw_sv_is(setting->value, "inter-interface")) {
            return true;
        }
    }
    return false;
}

/* "Loopback0", "lo0.0" */
static bool is_loop(fw_sv name)
{
    return name.n > 2 && fw_lower(name.p[0]) == 'l' && fw_lower(name.p[1]) == 'o' &&
           (fw_is_digit(name.p[2]) || fw_sv_starts_nocase(name, "loopback"));
}

bool fw_unlisted_passes(const struct fw_ruleset *ruleset, const struct fw_interface *in,
                        const struct fw_interface *out)
{
    if (in == out || in->shutdown || out->shutdown || !fw_sv_eq(in->vrf, out->vrf) ||
        is_loop(in->device) || is_loop(out->device)) {
        return false;
    }
    if (ruleset->level_default) {
        bool equal = in->level == out->level && equal_levels_pass(ruleset);
        return in->has_level && out->has_level && (in->level > out->level || equal);
    }
    return ruleset->bare_open && (!ruleset->zones_open || fw_sv_eq(in->zone, out->zone));
}

bool fw_unlisted_carries(const struct fw_ruleset *ruleset, const struct fw_interface *interface,
                         unsigned family)
{
    if (interface->shutdown || interface->name.n == 0) {
        return false;
    }
    bool routed = (interface->routed & family) != 0;
    return ruleset->level_default ? interface->has_level && (routed || family == FW_FAMILY_BIT4)
                                  : routed;
}
