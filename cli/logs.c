/* logs: how far back do these logs reach, without gaps, with right clocks and all fields? */
#include "cli/clock_files.h"
#include "cli/loglist.h"

static int run(struct fw_cli *cli)
{
    struct fw_answer answer;
    struct fw_paths paths;
    struct fw_logs logs;
    struct fw_logs_options options;
    if (!fw_loglist_begin(cli, &answer, &paths, &options)) {
        return FW_EXIT_ERROR;
    }
    if (!fw_cli_has(cli, FW_OPT_FORMAT)) {
        fw_clock_files_read(cli, &answer, &paths);
    }
    enum fw_err err = fw_loglist_read(cli, &answer, &paths, &options, &logs);
    int code = err == FW_OK ? fw_answer_print(cli, &answer, FW_RUN_LOGS, FW_REPORT_LOGS)
                            : fw_cli_fail(cli, "the logs could not be read: %s", fw_err_text(err));
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
        "and file times, and the answer says how many. Statistics of chronyd and ntpd, and "
        "captures\n"
        "of chronyc, ntpq, timedatectl and the like, are judged as well (TIM-002).",
    .examples = "  fwproof logs /var/log/archive --as-of 2026-07-05 --tz +08:00\n"
                "  fwproof logs --json fw.log fw.log.1.gz\n"
                "  fwproof logs --months 12 --html --out retention.html archive/",
    .options = FW_TAKES_ANSWER | FW_TAKES(CSV_FIELDS) | FW_TAKES(FORMAT) | FW_TAKES(JOBS) |
               FW_TAKES(MONTHS),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
