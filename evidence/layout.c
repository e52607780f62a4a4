/* What may a name in a pack look like? */
#include "evidence/layout.h"

const struct fw_role_info fw_roles[FW_ROLE_COUNT] = {
    [FW_ROLE_REVIEWER] = {"reviewer", "fwproof-reviewer@v1", "signoff/reviewer.sig",
                          "signoff/reviewer.p7s"},
    [FW_ROLE_MANAGER] = {"manager", "fwproof-manager@v1", "signoff/countersign.sig",
                         "signoff/countersign.p7s"},
    [FW_ROLE_CISO] = {"ciso", "fwproof-ciso@v1", "signoff/ciso.sig", "signoff/ciso.p7s"},
};

const char *const fw_pack_tag_files[] = {
    FW_PACK_README, FW_PACK_INFO, FW_PACK_BAGIT, FW_PACK_MANIFEST, FW_PACK_SCRIPT, NULL,
};

bool fw_role_parse(fw_sv text, enum fw_role *ret)
{
    for (int i = 0; i < FW_ROLE_COUNT; i++) {
        if (fw_sv_is(text, fw_roles[i].name)) {
            *ret = (enum fw_role)i;
            return true;
        }
    }
    return false;
}

bool fw_period_valid(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!fw_is_word(text.p[i]) && text.p[i] != '.') {
            return false;
        }
    }
    return text.n > 0 && text.n <= 32 && (fw_is_alpha(text.p[0]) || fw_is_digit(text.p[0]));
}

bool fw_text_printable(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

bool fw_pack_path_valid(fw_sv path)
{
    if (path.n == 0 || path.p[path.n - 1] == '/' || !fw_text_printable(path) ||
        fw_sv_find_char(path, '\\') != SIZE_MAX || fw_sv_find_char(path, '%') != SIZE_MAX) {
        return false;
    }
    fw_sv part;
    for (fw_sv rest = path; fw_sv_split(&rest, '/', &part);) {
        if (part.n == 0 || fw_sv_is(part, ".") || fw_sv_is(part, "..")) {
            return false;
        }
    }
    return true;
}
