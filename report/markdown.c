/* A run as a comment under a change request: the verdict, what failed, what is missing. */
#include <inttypes.h>

#include "core/text.h"
#include "report/survey.h"

enum { FINDINGS_SHOWN = 50 };

/* Text inside a table's cell: nothing in it may be markup, HTML, a link, a mention or an end of the
 * cell. Names of files and rules come from outside. */
static void cell(struct fw_buf *out, fw_sv text)
{
    struct fw_buf safe;
    fw_buf_init(&safe);
    fw_text_safe(&safe, text);
    fw_sv rest = fw_buf_sv(&safe);
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        switch (c) {
        case '&':
            fw_buf_add_cstr(out, "&amp;");
            break;
        case '<':
            fw_buf_add_cstr(out, "&lt;");
            break;
        case '>':
            fw_buf_add_cstr(out, "&gt;");
            break;
        case '@': /* a mention would call somebody */
            fw_buf_add_cstr(out, "&#64;");
            break;
        case ':': /* a bare URL would be a link */
            fw_buf_add_cstr(out, i + 1 < rest.n && rest.p[i + 1] == '/' ? "&#58;" : ":");
            break;
        case '.': /* so would "www.example" */
            fw_buf_add_cstr(
                out, i > 2 && fw_sv_is_nocase(fw_sv_sub(rest, i - 3, 3), "www") ? "&#46;" : ".");
            break;
        case '\\':
        case '`':
        case '*':
        case '_':
        case '[':
        case ']':
        case '#':
        case '~':
        case '|':
        case '!':
            fw_buf_add_char(out, '\\');
            fw_buf_add_char(out, c);
            break;
        default:
            fw_buf_add_char(out, c);
        }
    }
    fw_buf_clear(&safe);
}

static void cells_end(struct fw_buf *out)
{
    fw_buf_add_cstr(out, " |\n");
}

static void word(struct fw_buf *out, const struct fw_survey *survey, const char *key)
{
    cell(out, fw_survey_word(survey, key));
}

static void counts(struct fw_buf *out, const struct fw_survey *survey)
{
    fw_buf_add_cstr(out, "| ");
    word(out, survey, "label.state");
    fw_buf_add_cstr(out, " | ");
    word(out, survey, "label.count");
    fw_buf_add_cstr(out, " |\n|---|---:|\n");
    for (int state = 0; state < FW_RESULT_COUNT; state++) {
        if (survey->counts[state] > 0) {
            fw_buf_add_cstr(out, "| ");
            cell(out, fw_survey_state(survey, (enum fw_result_state)state));
            fw_buf_printf(out, " | %zu |\n", survey->counts[state]);
        }
    }
    fw_buf_add_cstr(out, "| **");
    word(out, survey, "label.sum");
    fw_buf_printf(out, "** | **%zu** |\n", survey->n);
}

static void finding(struct fw_buf *out, const struct fw_survey *survey,
                    const struct fw_result *result)
{
    fw_buf_add_cstr(out, "| ");
    cell(out, fw_survey_state(survey, result->state));
    fw_buf_add_cstr(out, " | ");
    cell(out, fw_sv_from(result->check));
    fw_buf_add_cstr(out, " | ");
    cell(out, result->input.n > 0 ? result->input : result->device);
    if (result->span.line > 0) {
        fw_buf_printf(out, ":%" PRIu32, result->span.line);
    }
    fw_buf_add_cstr(out, " | ");
    cell(out, fw_survey_sentence(survey, result, survey->in->lang, false));
    cells_end(out);
}

static void findings(struct fw_buf *out, const struct fw_survey *survey)
{
    const size_t *order = fw_survey_order(survey);
    size_t n = 0;
    for (size_t i = 0; i < survey->n; i++) {
        const struct fw_survey_check *check = &survey->checks[order[i]];
        for (size_t k = 0; k < check->n; k++) {
            const struct fw_result *result = &survey->in->results->v[check->from + k];
            if (!fw_survey_is_finding(result) || n++ >= FINDINGS_SHOWN) {
                continue;
            }
            if (n == 1) {
                fw_buf_add_cstr(out, "\n| ");
                word(out, survey, "label.state");
                fw_buf_add_cstr(out, " | ");
                word(out, survey, "label.check");
                fw_buf_add_cstr(out, " | ");
                word(out, survey, "label.path");
                fw_buf_add_cstr(out, " | ");
                word(out, survey, "label.sentence");
                fw_buf_add_cstr(out, " |\n|---|---|---|---|\n");
            }
            finding(out, survey, result);
        }
    }
    if (n > FINDINGS_SHOWN) {
        struct fw_param more = {"n", fw_survey_number(survey, n - FINDINGS_SHOWN)};
        fw_buf_add_char(out, '\n');
        cell(out, fw_survey_text(survey, "text.more", &more, 1));
        fw_buf_add_char(out, '\n');
    } else if (n == 0) {
        fw_buf_add_char(out, '\n');
        word(out, survey, "text.no_findings");
        fw_buf_add_char(out, '\n');
    }
}

static void write(const struct fw_report_input *in, struct fw_buf *out)
{
    struct fw_arena arena;
    struct fw_survey survey;
    fw_arena_init(&arena, 0);
    fw_survey_make(&survey, in, &arena);
    fw_buf_add_cstr(out, "## ");
    word(out, &survey, fw_survey_heading(in->kind));
    if (in->facts->site) {
        fw_buf_add_cstr(out, " ");
        cell(out, in->facts->site->agency);
        fw_buf_add_cstr(out, " ");
        cell(out, in->facts->site->period);
    }
    fw_buf_add_cstr(out, "\n\n");
    counts(out, &survey);
    if (survey.uncomputed > 0) {
        struct fw_param n = {"n", fw_survey_number(&survey, survey.uncomputed)};
        fw_buf_add_char(out, '\n');
        cell(out, fw_survey_text(&survey, "text.not_computed", &n, 1));
        fw_buf_add_char(out, '\n');
    }
    findings(out, &survey);
    fw_arena_clear(&arena);
}

const struct fw_report fw_report_markdown = {
    .name = "markdown",
    .extension = "md",
    .title = "Markdown summary",
    .kinds = FW_REPORT_ALL,
    .write = write,
};
