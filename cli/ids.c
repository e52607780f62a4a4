/* ids: how old are these sensors' rules, and which signatures make the noise? */
#include <stdlib.h>

#include "cli/ids_files.h"
#include "cli/loglist.h"
#include "evidence/reviews.h"
#include "evidence/sshsig.h"

/* The pack of the review before: its ledger, and whether it was signed by keys that are trusted. */
static bool read_previous(struct fw_cli *cli, struct fw_facts *facts, struct fw_buf *why)
{
    const char *path = cli->value[FW_OPT_PREVIOUS];
    struct fw_ssh ssh = {.tmp = getenv("TMPDIR")};
    struct fw_earlier_review *earlier = fw_new(&cli->arena, struct fw_earlier_review);
    struct fw_review found;
    if (!path) {
        return true;
    }
    struct fw_review_keys keys = {.trust = cli->value[FW_OPT_TRUST], .ssh = &ssh};
    if (fw_review_read(path, &keys, &cli->arena, &found, why) != FW_OK) {
        return false;
    }
    if (!found.whole) {
        fw_buf_printf(why, "%s: %.*s", path, FW_SV_ARG(found.trouble));
        return false;
    }
    if (facts->has_as_of && fw_review_earlier(&found, facts->as_of_ns, &cli->arena, earlier)) {
        facts->reviews = earlier;
        facts->nreviews = 1;
        facts->ledger_before = earlier->tuning;
    }
    return true;
}

static int answer_all(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *paths,
                      struct fw_logs_options *options, struct fw_logs *logs)
{
    struct fw_buf why;
    fw_buf_init(&why);
    enum fw_err err = fw_loglist_read(cli, answer, paths, options, logs);
    int code;
    if (err != FW_OK) {
        code = fw_cli_fail(cli, "the alerts could not be read: %s", fw_err_text(err));
    } else if (!read_previous(cli, &answer->facts, &why)) {
        code = fw_cli_fail(cli, "--previous: %.*s", FW_SV_ARG(fw_buf_sv(&why)));
    } else {
        code = fw_answer_print(cli, answer, FW_RUN_IDS, FW_REPORT_IDS);
    }
    fw_buf_clear(&why);
    return code;
}

static int run(struct fw_cli *cli)
{
    struct fw_answer answer;
    struct fw_paths paths;
    struct fw_logs logs = {0};
    struct fw_logs_options options;
    struct fw_ids_files files;
    if (fw_cli_has(cli, FW_OPT_TRUST) && !fw_cli_has(cli, FW_OPT_PREVIOUS)) {
        return fw_cli_fail(cli, "--trust is about the pack that --previous names");
    }
    if (!fw_loglist_begin(cli, &answer, &paths, &options)) {
        return FW_EXIT_ERROR;
    }
    fw_ids_files_read(cli, &answer, &paths, &files);
    fw_ids_files_facts(cli, &files, &answer.facts);
    int code = answer_all(cli, &answer, &paths, &options, &logs);
    fw_logs_clear(&logs);
    fw_ids_files_clear(&files);
    return code;
}

const struct fw_command fw_command_ids = {
    .name = "ids",
    .arguments = "PATH...",
    .summary = "IDS alerts, rules, tuning: freshness, noise, ledger",
    .detail =
        "Rule, tuning and configuration files are recognised by content, so are lists about the\n"
        "sensor (reasons for tuning, cases, zones, decisions about advisories), feeds of\n"
        "advisories (NVD JSON 2.0) and databases of countries (.mmdb). Everything else is read as\n"
        "logs: alerts, and what firewalls decided on the same connections. All files named "
        "together\n"
        "are taken as one sensor's: --sensor says its name, where lists name several. --previous\n"
        "compares the ledger with that of an earlier pack. Counted from --as-of, else\n"
        "SOURCE_DATE_EPOCH, else the newest alert.",
    .examples = "  fwproof ids /var/log/snort /etc/snort/rules --as-of 2026-07-05\n"
                "  fwproof ids --json eve.json suricata.rules\n"
                "  fwproof ids /etc/snort /var/log/snort tuning.csv zones.csv nvd/ --sensor ids1",
    .options = FW_TAKES_ANSWER | FW_TAKES(CSV_FIELDS) | FW_TAKES(FORMAT) | FW_TAKES(JOBS) |
               FW_TAKES(MONTHS) | FW_TAKES(PREVIOUS) | FW_TAKES(SENSOR) | FW_TAKES(TRUST),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
