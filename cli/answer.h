/* What the commands for bare files share: which checks to ask, asking them, printing the answer in
 * the form that the options want, and the exit code. */
#ifndef FW_CLI_ANSWER_H
#define FW_CLI_ANSWER_H

#include "cli/cli.h"
#include "evidence/inputs.h"
#include "report/report.h"

/* The options that choose a form of any run. */
#define FW_TAKES_FORMS \
    (FW_TAKES(CSV) | FW_TAKES(FRAMEWORKS) | FW_TAKES(HTML) | FW_TAKES(JSON) | FW_TAKES(JUNIT) | \
     FW_TAKES(MARKDOWN) | FW_TAKES(PROMETHEUS) | FW_TAKES(SARIF))
/* The options that fw_answer and fw_answer_init look at. */
#define FW_TAKES_ANSWER \
    (FW_TAKES_COMMON | FW_TAKES_FORMS | FW_TAKES(OUT) | FW_TAKES(LANG) | FW_TAKES(PROFILE) | \
     FW_TAKES(RULESETS) | FW_TAKES(CHECKS) | FW_TAKES(FAIL_ON) | FW_TAKES(STRICT) | \
     FW_TAKES(AS_OF) | FW_TAKES(TZ))

struct fw_answer {
    struct fw_facts facts; /* catalogue, profile, dates are filled in by fw_answer_init */
    struct fw_inputs inputs;
    const char *as_of_from; /* as in struct fw_report_input */
    bool unreadable;        /* a named input could not be used: exit 2 after everything else */
};

/* Reads the options; false after a message. */
bool fw_answer_init(struct fw_cli *cli, struct fw_answer *answer);
/* Runs the analyzers of these kinds (FW_RUN_ bits) and prints; returns the exit code. */
int fw_answer_print(struct fw_cli *cli, struct fw_answer *answer, unsigned kinds,
                    enum fw_report_kind kind);
/* The report that the options ask for: the terminal's when they ask for none. */
const struct fw_report *fw_answer_report(const struct fw_cli *cli);

#endif
