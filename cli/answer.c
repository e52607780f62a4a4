/* How do commands answer checks from files that no site declares? */
#include "cli/answer.h"

#include "core/text.h"

/* The nearest id of a check that this version computes. */
static bool check_known(struct fw_cli *cli, fw_sv id)
{
    const struct fw_check *nearest = NULL;
    size_t best = 4;
    for (size_t i = 0; i < cli->catalogue.nchecks; i++) {
        const struct fw_check *check = &cli->catalogue.checks[i];
        if (fw_sv_eq_nocase(check->id, id)) {
            if (!check->computed) {
                fw_cli_fail(cli, "--checks: %.*s is not computed by this version", FW_SV_ARG(id));
            }
            return check->computed;
        }
        size_t distance = fw_text_distance(check->id, id, best);
        if (check->computed && distance < best) {
            best = distance;
            nearest = check;
        }
    }
    if (nearest) {
        fw_cli_fail(cli, "--checks: there is no check \"%.*s\"; did you mean \"%.*s\"?",
                    FW_SV_ARG(id), FW_SV_ARG(nearest->id));
    } else {
        fw_cli_fail(cli, "--checks: there is no check \"%.*s\"; see fwproof explain",
                    FW_SV_ARG(id));
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

bool fw_answer_init(struct fw_cli *cli, struct fw_answer *answer)
{
    *answer = (struct fw_answer){0};
    enum fw_severity unused;
    const char *fail_on = cli->value[FW_OPT_FAIL_ON];
    if (fail_on && !fw_severity_parse(fw_sv_from(fail_on), &unused)) {
        fw_cli_fail(cli, "--fail-on is low, medium, high or critical, not \"%s\"", fail_on);
        return false;
    }
    if (!fw_cli_catalogue(cli, "quick") || !read_checks(cli)) {
        return false;
    }
    struct fw_facts *facts = &answer->facts;
    facts->catalogue = &cli->catalogue;
    facts->profile = cli->profile;
    if (!fw_cli_zone(cli, 0, &facts->zone_seconds) ||
        !fw_cli_as_of(cli, facts->zone_seconds, &facts->has_as_of, &facts->as_of_ns)) {
        return false;
    }
    if (facts->has_as_of) {
        answer->as_of_from = fw_cli_has(cli, FW_OPT_AS_OF) ? "option" : "epoch";
    }
    return true;
}

const struct fw_report *fw_answer_report(const struct fw_cli *cli)
{
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
    const char *name = "text";
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        name = fw_cli_has(cli, forms[i].option) ? forms[i].name : name;
    }
    return fw_report_find(name);
}

/* Writes the report that was asked for. */
static int emit(struct fw_cli *cli, struct fw_report_input *in)
{
    const struct fw_report *report = fw_answer_report(cli);
    bool to_file = fw_cli_has(cli, FW_OPT_OUT);
    in->lang = cli->lang;
    in->version = FWPROOF_VERSION;
    in->width = to_file ? 80 : fw_cli_width();
    in->color = cli->color && !to_file;
    struct fw_buf out;
    fw_buf_init(&out);
    report->write(in, &out);
    int code = fw_cli_emit(cli, &out);
    fw_buf_clear(&out);
    return code;
}

/* The checks to ask: those named, else those of a profile that was named, else all. */
static fw_sv only(struct fw_cli *cli)
{
    if (fw_cli_has(cli, FW_OPT_CHECKS)) {
        return fw_sv_from(cli->value[FW_OPT_CHECKS]);
    }
    struct fw_buf list;
    fw_buf_init(&list);
    for (size_t i = 0; fw_cli_has(cli, FW_OPT_PROFILE) && i < cli->profile->n; i++) {
        fw_buf_add(&list, cli->profile->checks[i].check->id);
        fw_buf_add_char(&list, ',');
    }
    return fw_buf_keep(&list, &cli->arena);
}

int fw_answer_print(struct fw_cli *cli, struct fw_answer *answer, unsigned kinds,
                    enum fw_report_kind kind)
{
    struct fw_results results;
    fw_results_init(&results, &cli->arena, &cli->catalogue);
    fw_analyse(&answer->facts, kinds, only(cli), &results);
    fw_inputs_sort(&answer->inputs);
    struct fw_report_input in = {
        .kind = kind,
        .facts = &answer->facts,
        .results = &results,
        .inputs = &answer->inputs,
        .as_of_from = answer->as_of_from,
    };
    int code = emit(cli, &in);
    if (code == FW_EXIT_OK) {
        code = fw_cli_exit(cli, &results);
    }
    return answer->unreadable ? FW_EXIT_ERROR : code;
}
