/* Users' patterns, by PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "core/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

#include "core/limits.h"

struct fw_pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
};

void fw_pattern_free(struct fw_pattern *pattern)
{
    if (pattern) {
        pcre2_match_context_free(pattern->context);
        pcre2_match_data_free(pattern->data);
        pcre2_code_free(pattern->code);
        free(pattern);
    }
}

struct fw_pattern *fw_pattern_new(fw_sv text, struct fw_buf *ret_error)
{
    if (text.n == 0) {
        return NULL;
    }
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n,
                                     PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &error, &at, NULL);
    if (!code) {
        PCRE2_UCHAR message[128];
        pcre2_get_error_message(error, message, sizeof(message));
        if (ret_error) {
            fw_buf_printf(ret_error, "%s at character %zu", (const char *)message, (size_t)at + 1);
        }
        return NULL;
    }
    struct fw_pattern *pattern = calloc(1, sizeof(*pattern));
    if (!pattern) {
        pcre2_code_free(code);
        return NULL;
    }
    pattern->code = code;
    pattern->data = pcre2_match_data_create(2, NULL);
    pattern->context = pcre2_match_context_create(NULL);
    if (!pattern->data || !pattern->context) {
        fw_pattern_free(pattern);
        return NULL;
    }
    pcre2_set_match_limit(pattern->context, FW_LIMIT_PATTERN_STEPS);
    pcre2_set_depth_limit(pattern->context, FW_LIMIT_PATTERN_STEPS);
    pcre2_set_heap_limit(pattern->context, FW_LIMIT_PATTERN_KBYTES);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it, matching is slower and the same */
    return pattern;
}

enum fw_found fw_pattern_find(struct fw_pattern *pattern, fw_sv text, fw_sv *ret_whole,
                              fw_sv *ret_group)
{
    if (!pattern || text.n == 0) {
        return FW_FOUND_NOTHING;
    }
    int n = pcre2_match(pattern->code, (PCRE2_SPTR)text.p, text.n, 0, 0, pattern->data,
                        pattern->context);
    if (n == PCRE2_ERROR_MATCHLIMIT || n == PCRE2_ERROR_DEPTHLIMIT || n == PCRE2_ERROR_HEAPLIMIT ||
        n == PCRE2_ERROR_JIT_STACKLIMIT) {
        return FW_FOUND_GAVE_UP;
    }
    if (n < 0) {
        return FW_FOUND_NOTHING;
    }
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->data);
    /* \K in a lookahead can make a match end before it starts. */
    if (ends[0] > ends[1] || ends[1] > text.n) {
        return FW_FOUND_NOTHING;
    }
    *ret_whole = fw_sv_sub(text, ends[0], ends[1] - ends[0]);
    /* n is 1 without a group that took part, and 0 when there are more groups than we ask for. */
    bool grouped = n != 1 && ends[2] != PCRE2_UNSET && ends[3] >= ends[2];
    *ret_group = grouped ? fw_sv_sub(text, ends[2], ends[3] - ends[2]) : *ret_whole;
    return FW_FOUND;
}
