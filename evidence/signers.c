/* Whose signatures count, and which trust lines are refused? */
#include "evidence/signers.h"

#include <inttypes.h>

#include "core/sha256.h"
#include "core/source.h"
#include "evidence/cms.h"

enum { NAME_BYTES = 200 };

bool fw_principal_valid(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!fw_is_word(text.p[i]) && (i == 0 || !memchr(".%+@", text.p[i], 4))) {
            return false;
        }
    }
    return text.n > 0 && text.n <= NAME_BYTES && text.p[0] != '-';
}

bool fw_principal_same(fw_sv a, fw_sv b)
{
    return fw_sv_eq_nocase(a, b);
}

void fw_signer_line(struct fw_buf *out, fw_sv principal, enum fw_role role, fw_sv dates,
                    fw_sv key_type, fw_sv key)
{
    fw_buf_add(out, principal);
    fw_buf_add_cstr(out, " namespaces=\"");
    fw_buf_add_cstr(out, fw_roles[role].namespace_);
    fw_buf_add_char(out, '"');
    fw_buf_add(out, dates);
    fw_buf_add_char(out, ' ');
    fw_buf_add(out, key_type);
    fw_buf_add_char(out, ' ');
    fw_buf_add(out, key);
    fw_buf_add_char(out, '\n');
}

/* YYYYMMDD[HHMM[SS]][Z] */
static bool date_valid(fw_sv text)
{
    if (fw_sv_ends(text, "Z")) {
        text.n--;
    }
    uint64_t number;
    return (text.n == 8 || text.n == 12 || text.n == 14) && fw_sv_u64(text, &number);
}

static bool namespaces_valid(fw_sv list, unsigned *ret_roles)
{
    fw_sv name;
    if (list.n == 0 || fw_sv_ends(list, ",")) {
        return false;
    }
    while (fw_sv_split(&list, ',', &name)) {
        for (size_t i = 0; i < name.n; i++) {
            if (!fw_is_word(name.p[i]) && !memchr(".@+", name.p[i], 3)) {
                return false;
            }
        }
        if (name.n == 0) {
            return false;
        }
        for (int role = 0; role < FW_ROLE_COUNT; role++) {
            if (fw_sv_is(name, fw_roles[role].namespace_)) {
                *ret_roles |= 1u << role;
            }
        }
    }
    return true;
}

/* Cuts name="value" off the front. */
static bool take_option(fw_sv *rest, fw_sv *ret_name, fw_sv *ret_value)
{
    size_t equals = fw_sv_find_char(*rest, '=');
    if (equals == SIZE_MAX || rest->n < equals + 3 || rest->p[equals + 1] != '"') {
        return false;
    }
    fw_sv value = fw_sv_sub(*rest, equals + 2, rest->n);
    size_t quote = fw_sv_find_char(value, '"');
    if (quote == SIZE_MAX) {
        return false;
    }
    *ret_name = fw_sv_sub(*rest, 0, equals);
    *ret_value = fw_sv_sub(value, 0, quote);
    *rest = fw_sv_sub(value, quote + 1, value.n);
    return true;
}

static const char bad_options[] =
    "expected options like namespaces=\"fwproof-reviewer@v1\",valid-before=\"20270101Z\"";

static const char *read_options(fw_sv text, struct fw_arena *arena, struct fw_signer *ret)
{
    bool seen_namespaces = false, seen_after = false, seen_before = false;
    fw_sv dates = FW_SV("");
    fw_sv rest = text, name, value;
    for (;;) {
        bool *seen = NULL;
        if (!take_option(&rest, &name, &value)) {
            return bad_options;
        }
        if (fw_sv_is(name, "namespaces")) {
            seen = &seen_namespaces;
            if (!namespaces_valid(value, &ret->roles)) {
                return "namespaces= must list names, not patterns";
            }
        } else if (fw_sv_is(name, "valid-after") || fw_sv_is(name, "valid-before")) {
            seen = fw_sv_is(name, "valid-after") ? &seen_after : &seen_before;
            if (!date_valid(value)) {
                return "a date must read like 20270101Z or 20270101120000Z";
            }
            dates = fw_arena_printf(arena, "%.*s,%.*s=\"%.*s\"", FW_SV_ARG(dates), FW_SV_ARG(name),
                                    FW_SV_ARG(value));
        }
        if (!seen || *seen) {
            return bad_options;
        }
        *seen = true;
        if (rest.n == 0) {
            break;
        }
        if (rest.p[0] != ',') {
            return bad_options;
        }
        rest = fw_sv_sub(rest, 1, rest.n);
    }
    ret->dates = dates;
    return seen_namespaces ? NULL : "";
}

static bool key_valid(fw_sv type, fw_sv key)
{
    fw_sha256 pin;
    if (fw_sv_is(type, FW_CMS_KEY_TYPE)) {
        return fw_sha256_parse(key, &pin);
    }
    size_t end = key.n;
    for (size_t i = 0; i < 2 && end > 0 && key.p[end - 1] == '='; i++) {
        end--;
    }
    for (size_t i = 0; i < end; i++) {
        char c = key.p[i];
        if (!fw_is_alpha(c) && !fw_is_digit(c) && c != '+' && c != '/') {
            return false;
        }
    }
    for (size_t i = 0; i < type.n; i++) {
        char c = type.p[i];
        if (!(c >= 'a' && c <= 'z') && !fw_is_digit(c) && !memchr("@.-", c, 3)) {
            return false;
        }
    }
    return end > 0 && (fw_sv_starts(type, "ssh-") || fw_sv_starts(type, "ecdsa-") ||
                       fw_sv_starts(type, "sk-"));
}

/* NULL: good. "": the line lacks namespaces=. */
static const char *read_line(fw_sv line, struct fw_arena *arena, struct fw_signer *ret)
{
    fw_sv rest = line, options;
    *ret = (struct fw_signer){0};
    if (!fw_sv_word(&rest, &ret->principal) || !fw_sv_word(&rest, &options)) {
        return "expected: name options key-type key";
    }
    if (fw_sv_find_char(ret->principal, '*') != SIZE_MAX ||
        fw_sv_find_char(ret->principal, '?') != SIZE_MAX ||
        fw_sv_find_char(ret->principal, ',') != SIZE_MAX) {
        return "the name is a pattern or a list: one line names one person";
    }
    if (!fw_principal_valid(ret->principal)) {
        return "the name must be one word of letters, digits and . _ % + @ -";
    }
    if (fw_sv_find(options, FW_SV("cert-authority")) != SIZE_MAX) {
        return "certificate authorities are not accepted: give each person's own key";
    }
    if (fw_sv_find(options, FW_SV("namespaces=")) == SIZE_MAX) {
        return "";
    }
    const char *wrong = read_options(options, arena, ret);
    if (wrong) {
        return wrong;
    }
    if (!fw_sv_word(&rest, &ret->key_type) || !fw_sv_word(&rest, &ret->key) ||
        !key_valid(ret->key_type, ret->key)) {
        return "expected a key type and a key after the options";
    }
    if (fw_sv_is(ret->key_type, FW_CMS_KEY_TYPE) && ret->dates.n > 0) {
        return "a certificate has dates of its own: leave out valid-after and valid-before";
    }
    return fw_sv_find(ret->key_type, FW_SV("-cert-")) != SIZE_MAX
               ? "certificates are not accepted: give the person's own key"
               : NULL;
}

bool fw_signers_parse(fw_sv text, struct fw_arena *arena, struct fw_signers *ret,
                      struct fw_buf *why)
{
    struct fw_signers signers = {0};
    fw_sv line;
    for (uint32_t number = 1; fw_sv_split(&text, '\n', &line); number++) {
        struct fw_signer signer;
        for (size_t i = 0; i < line.n; i++) {
            if (line.p[i] != '\t' && !fw_text_printable(fw_sv_sub(line, i, 1))) {
                fw_buf_printf(why, "line %" PRIu32 ": a control character (is it a Windows file?)",
                              number);
                return false;
            }
        }
        line = fw_sv_trim(line);
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        const char *wrong = read_line(line, arena, &signer);
        if (wrong) {
            fw_buf_printf(why, "line %" PRIu32 ": ", number);
            fw_buf_add_cstr(why, wrong[0] != '\0'
                                     ? wrong
                                     : "no namespaces=, so this key could sign in any role: write  "
                                       "NAME namespaces=\"fwproof-reviewer@v1\" KEY-TYPE KEY  "
                                       "(or fwproof-manager@v1, fwproof-ciso@v1)");
            return false;
        }
        signer.line = number;
        signers.v = fw_arena_push(arena, signers.v, signers.n, sizeof(*signers.v));
        signers.v[signers.n++] = signer;
    }
    *ret = signers;
    return true;
}

enum fw_err fw_signers_load(const char *path, struct fw_arena *arena, struct fw_signers *ret,
                            struct fw_buf *why)
{
    struct fw_source_info info;
    fw_sv text;
    enum fw_err err = fw_source_load(path, FW_PACK_TAG_BYTES, arena, &text, &info);
    fw_buf_printf(why, "%s: ", path);
    if (err != FW_OK) {
        fw_buf_add_cstr(why, fw_err_text(err));
        return err;
    }
    if (!fw_signers_parse(text, arena, ret, why)) {
        return FW_ERR_INVALID;
    }
    fw_buf_reset(why);
    return FW_OK;
}

fw_sv fw_signer_after(const struct fw_signer *signer, struct fw_arena *arena)
{
    enum { DIGITS = 14 };
    static const char option[] = ",valid-after=\"";
    size_t at = fw_sv_find(signer->dates, fw_sv_from(option));
    if (at == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_sv date = fw_sv_sub(signer->dates, at + sizeof(option) - 1, signer->dates.n);
    char text[DIGITS + 1] = "00000000000000";
    for (size_t i = 0; i < DIGITS && i < date.n && fw_is_digit(date.p[i]); i++) {
        text[i] = date.p[i];
    }
    return fw_arena_printf(arena, "%sZ", text);
}
