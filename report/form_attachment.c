/* What proves a row of a form: every sentence, quote and witness behind it, and how to check again.
 */
#include <inttypes.h>

#include "core/text.h"
#include "report/forms.h"

/* Text from outside, on one line. */
static void line(struct fw_buf *out, const char *before, fw_sv text)
{
    fw_buf_add_cstr(out, before);
    fw_text_safe(out, text);
    fw_buf_add_char(out, '\n');
}

static void fact(struct fw_buf *out, const struct fw_survey *survey, const char *word, fw_sv text)
{
    if (text.n > 0) {
        fw_buf_add(out, fw_survey_word(survey, word));
        line(out, survey->in->lang == FW_LANG_ZH_TW ? "：" : ": ", text);
    }
}

static void quoted(struct fw_buf *out, uint32_t number, fw_sv text)
{
    fw_buf_printf(out, "    %" PRIu32, number);
    line(out, " | ", text);
}

static void proof(struct fw_buf *out, const struct fw_survey *survey,
                  const struct fw_result *result)
{
    char hex[FW_SHA256_HEX + 1];
    fw_buf_add_char(out, '\n');
    fw_buf_add(out, fw_survey_state(survey, result->state));
    line(out, "  ", result->device);
    line(out, "    ", fw_survey_sentence(survey, result, survey->in->lang, true));
    if (result->input.n > 0) {
        line(out, "    ", result->input);
    }
    if (result->has_input_sha256) {
        fw_sha256_hex(result->input_sha256, hex);
        fw_buf_printf(out, "    SHA-256 %s\n", hex);
    }
    if (result->has_rule) {
        quoted(out, result->rule.line, result->rule_text);
    }
    for (size_t i = 0; i < result->nbecause; i++) {
        quoted(out, result->because[i].line,
               fw_survey_line(survey, result, result->because[i].line));
    }
    if (result->has_witness) {
        struct fw_buf witness;
        fw_buf_init(&witness);
        fw_packet_text(&witness, &result->witness);
        fw_buf_add_cstr(out, "    ");
        fw_buf_add(out, fw_survey_word(survey, "label.witness"));
        line(out, " ", fw_buf_sv(&witness));
        fw_buf_clear(&witness);
    }
    fw_sha256_hex(result->fingerprint, hex);
    fw_buf_add_cstr(out, "    ");
    fw_buf_add(out, fw_survey_word(survey, "label.fingerprint"));
    fw_buf_printf(out, " %s\n", hex);
}

void fw_form_attachment(const struct fw_survey *survey, const struct fw_form_row *row,
                        struct fw_buf *out)
{
    enum fw_lang lang = survey->in->lang;
    const struct fw_check *check = row->check->check;
    fw_buf_printf(out, "%s ", row->check->id);
    line(out, "", check->title[lang]);
    fact(out, survey, "label.item", row->check->asked ? row->check->asked->item : FW_SV(""));
    fact(out, survey, "label.definition", check->definition[lang]);
    fact(out, survey, "label.basis", check->basis[lang]);
    fact(out, survey, "label.recheck", check->recheck[lang]);
    for (size_t k = 0; k < row->check->n; k++) {
        proof(out, survey, &survey->in->results->v[row->check->from + k]);
    }
}
