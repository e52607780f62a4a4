/* What was asked for: which checks, in which form, and which findings make a run fail. All of it is
 * read before anything is done, so that a slip of the pen writes nothing. */
#include "cli/answer.h"
#include "core/text.h"

const struct fw_check *fw_cli_nearest_check(const struct fw_cli *cli, fw_sv id)
{
    const struct fw_check *nearest = NULL;
    size_t best = 4;
    for (size_t i = 0; i < cli->catalogue.nchecks; i++) {
        const struct fw_check *check = &cli->catalogue.checks[i];
        bool same = fw_sv_eq_nocase(check->id, id);
        size_t distance = same ? 0 : fw_text_distance(check->id, id, best);
        if (distance < best) {
            best = distance;
            nearest = check;
        }
    }
    return nearest;
}

static bool check_known(struct fw_cli *cli, fw_sv id)
{
    const struct fw_check *nearest = fw_cli_nearest_check(cli, id);
    if (!nearest) {
        fw_cli_fail(cli, "--checks: there is no check \"%.*s\"; fwproof explain lists them",
                    FW_SV_ARG(id));
    } else if (!fw_sv_eq_nocase(nearest->id, id)) {
        fw_cli_fail(cli, "--checks: there is no check \"%.*s\"; did you mean \"%.*s\"?",
                    FW_SV_ARG(id), FW_SV_ARG(nearest->id));
    } else if (!nearest->computed) {
        fw_cli_fail(cli, "--checks: %.*s is not computed by this version", FW_SV_ARG(id));
    } else {
        return true;
    }
    return false;
}

static bool read_checks(struct fw_cli *cli)
{
    fw_sv rest = fw_sv_from(cli->value[FW_OPT_CHECKS] ? cli->value[FW_OPT_CHECKS] : "");
    fw_sv id;
    while (fw_sv_split(&rest, ',', &id)) {
        if (!check_known(cli, fw_sv_trim(id))) {
            return false;
        }
    }
    return true;
}

static const struct {
    enum fw_option option;
    const char *name;
} forms[] = {
    {FW_OPT_CSV, "csv"},
    {FW_OPT_FRAMEWORKS, "frameworks"},
    {FW_OPT_HTML, "html"},
    {FW_OPT_JSON, "json"},
    {FW_OPT_JUNIT, "junit"},
    {FW_OPT_MARKDOWN, "markdown"},
    {FW_OPT_OSCAL_AR, "oscal-ar"},
    {FW_OPT_OSCAL_POAM, "oscal-poam"},
    {FW_OPT_PROMETHEUS, "prometheus"},
    {FW_OPT_SARIF, "sarif"},
};

/* The form that is asked for; two of them would be one too many to print. */
static bool read_form(struct fw_cli *cli)
{
    cli->form = "text";
    for (size_t i = 0, n = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (!fw_cli_has(cli, forms[i].option)) {
            continue;
        }
        if (n++ > 0) {
            fw_cli_fail(cli, "--%s and --%s: one form at a time", cli->form, forms[i].name);
            return false;
        }
        cli->form = forms[i].name;
    }
    return true;
}

bool fw_cli_asked(struct fw_cli *cli)
{
    const char *fail_on = cli->value[FW_OPT_FAIL_ON];
    cli->fail_on = FW_SEVERITY_LOW;
    if (fail_on && !fw_severity_parse(fw_sv_from(fail_on), &cli->fail_on)) {
        fw_cli_fail(cli, "--fail-on is low, medium, high or critical, not \"%s\"", fail_on);
        return false;
    }
    return read_checks(cli) && read_form(cli);
}

const struct fw_report *fw_answer_report(const struct fw_cli *cli)
{
    return fw_report_find(cli->form);
}

int fw_cli_exit(const struct fw_cli *cli, const struct fw_results *results)
{
    int code = FW_EXIT_OK;
    for (size_t i = 0; i < results->n; i++) {
        const struct fw_result *result = &results->v[i];
        if (result->state == FW_RESULT_ERROR) {
            return FW_EXIT_ERROR;
        }
        bool open = result->state == FW_RESULT_OPEN || result->state == FW_RESULT_MANUAL;
        if (result->state == FW_RESULT_FAIL || (open && fw_cli_has(cli, FW_OPT_STRICT))) {
            code = result->severity >= cli->fail_on ? FW_EXIT_FAILED : code;
        }
    }
    return code;
}
