/* logs: how far back do these logs reach, without gaps, with right clocks and all fields? */
#include "cli/answer.h"

#include <unistd.h>

#include "core/progress.h"
#include "core/walk.h"
#include "evidence/logs.h"

static bool find_format(struct fw_cli *cli, const struct fw_parser **ret)
{
    const char *name = cli->value[FW_OPT_FORMAT];
    *ret = name ? fw_parser_find(fw_sv_from(name)) : NULL;
    if (name && (!*ret || (*ret)->kind != FW_PARSER_LOG)) {
        fw_cli_fail(cli, "there is no log format \"%s\"; see fwproof formats", name);
        return false;
    }
    return true;
}

static struct fw_log_file *list_files(struct fw_cli *cli, const struct fw_paths *paths,
                                      int32_t zone_seconds)
{
    struct fw_log_file *files = fw_new_array(&cli->arena, paths->n + 1, struct fw_log_file);
    for (size_t i = 0; i < paths->n; i++) {
        files[i].path = paths->v[i];
        files[i].real_path = paths->v[i];
        files[i].zone_seconds = zone_seconds;
        files[i].has_zone = fw_cli_has(cli, FW_OPT_TZ);
    }
    return files;
}

static enum fw_err read_all(struct fw_cli *cli, struct fw_answer *answer,
                            const struct fw_paths *paths, struct fw_logs_options *options,
                            struct fw_logs *ret)
{
    bool shown = isatty(STDERR_FILENO) == 1 && !fw_cli_has(cli, FW_OPT_QUIET);
    options->progress = fw_progress_new(shown);
    if (options->progress) {
        fw_progress_begin(options->progress, "reading logs", fw_cli_bytes(paths), paths->n);
    }
    enum fw_err err = fw_logs_read(ret, list_files(cli, paths, options->zone_seconds), paths->n,
                                   options, &cli->arena, &answer->inputs, cli->diags);
    if (options->progress) {
        fw_progress_end(options->progress);
    }
    fw_progress_free(options->progress);
    return err;
}

/* A file that cannot be read ends with exit 2 when it was named itself, or stood in a named folder:
 * the answer is about all of them. */
static bool any_missing(const struct fw_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++) {
        if (inputs->v[i].missing) {
            return true;
        }
    }
    return false;
}

static int run(struct fw_cli *cli)
{
    struct fw_answer answer;
    struct fw_paths paths;
    struct fw_logs logs;
    struct fw_logs_options options = {.use_mtime = true, .newest = true};
    uint64_t missing = 0;
    if (!fw_answer_init(cli, &answer) || !find_format(cli, &options.only) ||
        !fw_cli_number(cli, FW_OPT_JOBS, fw_cli_processors(), 256, &options.jobs) ||
        !fw_cli_number(cli, FW_OPT_MONTHS, 6, 120, &answer.facts.months)) {
        return FW_EXIT_ERROR;
    }
    struct fw_facts *facts = &answer.facts;
    enum fw_err err = fw_walk(&cli->arena, cli->operands, (size_t)cli->noperands, cli->diags,
                              &paths, &missing);
    answer.unreadable = err != FW_OK || missing > 0;
    options.as_of_ns = facts->has_as_of ? facts->as_of_ns : INT64_MIN;
    options.zone_seconds = facts->zone_seconds;
    err = read_all(cli, &answer, &paths, &options, &logs);
    int code = FW_EXIT_ERROR;
    if (err != FW_OK) {
        fw_cli_fail(cli, "the logs could not be read: %s", fw_err_text(err));
    } else if (paths.n == 0) {
        fw_cli_fail(cli, "no file was found");
    } else {
        if (!facts->has_as_of && logs.as_of_ns != INT64_MIN) {
            facts->has_as_of = true;
            facts->as_of_ns = logs.as_of_ns;
            answer.as_of_from = "newest";
        }
        facts->nsources = logs.views.n;
        facts->sources = logs.views.v;
        answer.unreadable = answer.unreadable || any_missing(&answer.inputs);
        code = fw_answer_print(cli, &answer, FW_RUN_LOGS, FW_REPORT_LOGS);
    }
    fw_logs_clear(&logs);
    return code;
}

const struct fw_command fw_command_logs = {
    .name = "logs",
    .arguments = "PATH...",
    .summary = "Coverage, retention, gaps, clock and fields of logs",
    .detail =
        "Folders are walked; gzip is read; files of one rotation belong together. Everything is\n"
        "counted back from --as-of, else SOURCE_DATE_EPOCH, else the newest event of all. Stamps\n"
        "without a zone are in --tz; stamps without a year get one from file names, gzip headers\n"
        "and file times, and the answer says how many.",
    .examples = "  fwproof logs /var/log/archive --as-of 2026-07-05 --tz +08:00\n"
                "  fwproof logs --json fw.log fw.log.1.gz\n"
                "  fwproof logs --months 12 --html --out retention.html archive/",
    .options = FW_TAKES_ANSWER | FW_TAKES(FORMAT) | FW_TAKES(JOBS) | FW_TAKES(MONTHS),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
