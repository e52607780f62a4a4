/* The list of everything a review read, for custody and for reports. */
#include "evidence/inputs.h"

#include <stdlib.h>

#include "core/limits.h"

struct fw_input *fw_inputs_add(struct fw_arena *arena, struct fw_inputs *inputs,
                               enum fw_input_role role, fw_sv path, fw_sv device)
{
    inputs->v = fw_arena_push(arena, inputs->v, inputs->n, sizeof(*inputs->v));
    struct fw_input *input = &inputs->v[inputs->n++];
    *input = (struct fw_input){.role = role, .path = path, .device = device, .format = ""};
    return input;
}

void fw_inputs_find(struct fw_arena *arena, fw_sv dir, fw_sv pattern, struct fw_diags *diags,
                    struct fw_paths *ret)
{
    *ret = (struct fw_paths){0};
    enum fw_err err = fw_glob(arena, fw_arena_cstr(arena, dir), pattern, ret);
    if (err != FW_OK) {
        fw_diag_report(
            diags, err == FW_ERR_LIMIT ? FW_DIAG_ID_LIMIT_REACHED : FW_DIAG_ID_FILE_UNREADABLE,
            pattern, (fw_span){0}, (fw_sv){0}, 0, "not every file was found: %s", fw_err_text(err));
    }
}

static int by_role_and_path(const void *left, const void *right)
{
    const struct fw_input *a = left;
    const struct fw_input *b = right;
    if (a->role != b->role) {
        return a->role < b->role ? -1 : 1;
    }
    int order = fw_sv_cmp_natural(a->path, b->path);
    return order != 0 ? order : fw_sv_cmp(a->path, b->path);
}

bool fw_inputs_geo(struct fw_arena *arena, struct fw_input *input, fw_sv path,
                   const char *real_path, struct fw_diags *diags, struct fw_geo *ret)
{
    fw_sv bytes;
    enum fw_err err = fw_geo_load(arena, real_path, ret);
    if (err == FW_OK) { /* its hash says which database it was */
        err = fw_source_load(real_path, FW_LIMIT_CONFIG_BYTES, arena, &bytes, &input->info);
    }
    input->format = "mmdb";
    input->missing = err != FW_OK;
    if (err != FW_OK) {
        fw_diag_report(diags, FW_DIAG_ID_RECORD_INVALID, path, (fw_span){0}, (fw_sv){0}, 0,
                       "this is no database of countries that can be used: %s", fw_err_text(err));
    }
    return err == FW_OK;
}

void fw_inputs_sort(struct fw_inputs *inputs)
{
    if (inputs->n > 0) {
        qsort(inputs->v, inputs->n, sizeof(*inputs->v), by_role_and_path);
    }
}

const struct fw_input *fw_inputs_document(const struct fw_inputs *inputs, fw_sv path)
{
    for (size_t i = 0; i < inputs->n; i++) {
        const struct fw_input *input = &inputs->v[i];
        if (input->role == FW_INPUT_ATTESTATION && !input->missing && fw_sv_eq(input->path, path)) {
            return input;
        }
    }
    return NULL;
}

const char *fw_input_role_name(enum fw_input_role role)
{
    static const char *const names[FW_INPUT_ROLE_COUNT] = {
        [FW_INPUT_SITE] = "site",
        [FW_INPUT_CONFIG] = "config",
        [FW_INPUT_LOG] = "log",
        [FW_INPUT_IDSRULES] = "ids-rules",
        [FW_INPUT_TUNING] = "ids-tuning",
        [FW_INPUT_TICKETS] = "tickets",
        [FW_INPUT_REGISTER] = "register",
        [FW_INPUT_ASSETS] = "assets",
        [FW_INPUT_ACCOUNTS] = "accounts",
        [FW_INPUT_IMPROVEMENT] = "improvement",
        [FW_INPUT_DECISIONS] = "decisions",
        [FW_INPUT_MATRIX] = "matrix",
        [FW_INPUT_GEOIP] = "geoip",
        [FW_INPUT_SENSOR] = "ids-sensor",
        [FW_INPUT_TUNING_REGISTER] = "tuning-register",
        [FW_INPUT_CASES] = "cases",
        [FW_INPUT_ADVISORIES] = "advisories",
        [FW_INPUT_ADVISORY_DECISIONS] = "advisory-decisions",
        [FW_INPUT_ZONES] = "zones",
        [FW_INPUT_LEDGER] = "ids-ledger",
        [FW_INPUT_ATTESTATION] = "attestation",
        [FW_INPUT_CLOCK] = "clock",
        [FW_INPUT_SIGNERS] = "signers",
        [FW_INPUT_AUTHORITIES] = "authorities",
        [FW_INPUT_VERSIONS] = "config-versions",
    };
    return role < FW_INPUT_ROLE_COUNT ? names[role] : "?";
}
