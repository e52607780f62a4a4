/* How do commands read the logs that their command line names? */
#include "cli/loglist.h"

#include <unistd.h>

#include "core/progress.h"

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

static bool read_options(struct fw_cli *cli, struct fw_answer *answer, struct fw_logs_options *ret)
{
    struct fw_facts *facts = &answer->facts;
    unsigned months;
    *ret = (struct fw_logs_options){
        .use_mtime = true,
        .newest = true,
        .as_of_ns = facts->has_as_of ? facts->as_of_ns : INT64_MIN,
        .zone_seconds = facts->zone_seconds,
    };
    if (!find_format(cli, &ret->only) || !fw_cli_csv_fields(cli, &ret->csv_fields) ||
        !fw_cli_number(cli, FW_OPT_JOBS, fw_cli_processors(), 256, &ret->jobs) ||
        !fw_cli_number(cli, FW_OPT_MONTHS, 0, 120, &months)) {
        return false;
    }
    fw_facts_retention(facts, months);
    fw_facts_gaps(facts, &ret->gaps);
    return true;
}

bool fw_loglist_begin(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *ret_paths,
                      struct fw_logs_options *ret)
{
    uint64_t missing = 0;
    if (!fw_answer_init(cli, answer) || !read_options(cli, answer, ret)) {
        return false;
    }
    enum fw_err err = fw_walk(&cli->arena, cli->operands, (size_t)cli->noperands, cli->diags,
                              ret_paths, &missing);
    answer->unreadable = err != FW_OK || missing > 0;
    if (err != FW_OK || ret_paths->n == 0) {
        fw_cli_diagnose(cli);
        fw_cli_fail(cli, "no file was found");
        return false;
    }
    return true;
}

static struct fw_log_file *list_files(struct fw_cli *cli, const struct fw_paths *paths,
                                      const struct fw_logs_options *options)
{
    struct fw_log_file *files = fw_new_array(&cli->arena, paths->n + 1, struct fw_log_file);
    for (size_t i = 0; i < paths->n; i++) {
        files[i].path = paths->v[i];
        files[i].real_path = paths->v[i];
        files[i].zone_seconds = options->zone_seconds;
        files[i].csv_fields = options->csv_fields;
        files[i].has_zone = fw_cli_has(cli, FW_OPT_TZ);
    }
    return files;
}

/* The answer is about all files: one that cannot be read is said even when only its folder was
 * named. */
static bool any_missing(const struct fw_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++) {
        if (inputs->v[i].missing) {
            return true;
        }
    }
    return false;
}

enum fw_err fw_loglist_read(struct fw_cli *cli, struct fw_answer *answer,
                            const struct fw_paths *paths, struct fw_logs_options *options,
                            struct fw_logs *ret)
{
    struct fw_facts *facts = &answer->facts;
    bool shown = isatty(STDERR_FILENO) == 1 && !fw_cli_has(cli, FW_OPT_QUIET);
    options->progress = fw_progress_new(shown);
    if (options->progress) {
        fw_progress_begin(options->progress, "reading logs", fw_cli_bytes(paths), paths->n);
    }
    const struct fw_log_file *files = list_files(cli, paths, options);
    enum fw_err err = fw_logs_read(ret, files, paths->n, options, &cli->arena, &answer->inputs,
                                   cli->diags);
    if (options->progress) {
        fw_progress_end(options->progress);
    }
    fw_progress_free(options->progress);
    if (err != FW_OK) {
        return err;
    }
    if (!facts->has_as_of && ret->as_of_ns != INT64_MIN) {
        facts->has_as_of = true;
        facts->as_of_ns = ret->as_of_ns;
        answer->as_of_from = "newest";
    }
    facts->nsources = ret->views.n;
    facts->sources = ret->views.v;
    answer->unreadable = answer->unreadable || any_missing(&answer->inputs);
    return FW_OK;
}
