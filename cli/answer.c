/* How do commands answer checks from files that no site declares? */
#include "cli/answer.h"

bool fw_answer_init(struct fw_cli *cli, struct fw_answer *answer)
{
    *answer = (struct fw_answer){0};
    if (!fw_cli_catalogue(cli, "quick")) {
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
