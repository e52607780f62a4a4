/* rules: which rules of these configurations are dead, redundant, too broad, or not understood? */
#include "cli/answer.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cleanup.h"
#include "core/text.h"
#include "core/walk.h"
#include "evidence/configs.h"

struct configs {
    size_t n;
    struct fw_config *v;
};

static bool named(const struct fw_cli *cli, fw_sv path)
{
    for (int i = 0; i < cli->noperands; i++) {
        if (fw_sv_is(path, cli->operands[i])) {
            return true;
        }
    }
    return false;
}

/* Two files may say the same host name: then each is known by its path. */
static void name_devices(struct fw_device_facts *devices, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool twice = false;
        for (size_t k = 0; k < n; k++) {
            twice = twice || (k != i && fw_sv_eq(devices[i].name, devices[k].name));
        }
        for (size_t k = i; twice && k < n; k++) {
            if (k != i && fw_sv_eq(devices[i].name, devices[k].name)) {
                devices[k].name = devices[k].snapshots[0].path;
            }
        }
        if (twice) {
            devices[i].name = devices[i].snapshots[0].path;
        }
    }
}

/* Reads one configuration. One that no format recognises is passed over when only its folder was
 * named: folders hold other things too. */
static void load(struct fw_cli *cli, struct fw_answer *answer, fw_sv path, struct configs *configs)
{
    struct fw_config *config = &configs->v[configs->n];
    fw_sv format = fw_sv_from(cli->value[FW_OPT_FORMAT] ? cli->value[FW_OPT_FORMAT] : "");
    enum fw_err err = fw_config_load(config, path.p, path, format, cli->diags);
    if (err != FW_OK && !named(cli, path)) {
        fw_config_clear(config);
        return;
    }
    struct fw_input *input = fw_inputs_add(&cli->arena, &answer->inputs, FW_INPUT_CONFIG, path,
                                           FW_SV(""));
    if (err != FW_OK) {
        input->missing = true;
        answer->unreadable = true;
        fw_config_clear(config);
        return;
    }
    fw_source_report(&config->doc.info, path, cli->diags);
    input->info = config->doc.info;
    input->lines = fw_doc_counts(&config->doc);
    input->format = config->parser->name;
    input->device = fw_config_device(config);
    configs->n++;
}

static void add_facts(struct fw_cli *cli, struct fw_answer *answer, struct configs *configs,
                      unsigned jobs)
{
    struct fw_analysis_options options = {.jobs = jobs, .prove = fw_cli_has(cli, FW_OPT_PROVE)};
    struct fw_device_facts *devices = fw_new_array(&cli->arena, configs->n + 1,
                                                   struct fw_device_facts);
    for (size_t i = 0; i < configs->n; i++) {
        struct fw_config *config = &configs->v[i];
        struct fw_snapshot *snapshot = fw_new(&cli->arena, struct fw_snapshot);
        fw_config_analyse(config, &options);
        *snapshot = (struct fw_snapshot){
            .path = config->doc.path,
            .sha256 = config->doc.info.sha256,
            .format = config->parser->name,
            .taken_ns = INT64_MIN,
            .lines = fw_doc_counts(&config->doc),
            .ruleset = &config->ruleset,
            .doc = &config->doc,
            .report = &config->report,
        };
        struct fw_mergeables *mergeable = fw_new(&cli->arena, struct fw_mergeables);
        fw_ruleset_mergeable(&cli->arena, &config->ruleset, mergeable);
        snapshot->mergeable = mergeable;
        devices[i].name = fw_config_device(config);
        devices[i].nsnapshots = 1;
        devices[i].snapshots = snapshot;
    }
    name_devices(devices, configs->n);
    answer->facts.ndevices = configs->n;
    answer->facts.devices = devices;
}

/* A verdict whose proof does not hold is our own fault, and nothing else that was printed can be
 * trusted more. */
static int check_proofs(const struct fw_cli *cli, const struct configs *configs, int code)
{
    for (size_t i = 0; i < configs->n; i++) {
        const struct fw_analysis_report *report = &configs->v[i].report;
        for (size_t p = 0; p < report->n; p++) {
            const struct fw_policy *policy = report->policies[p].policy;
            for (size_t r = 0; r < policy->n; r++) {
                if (report->policies[p].verdicts[r].proof == FW_PROOF_WRONG) {
                    struct fw_buf name;
                    fw_buf_init(&name);
                    fw_text_safe(&name, policy->name);
                    code = fw_cli_fail(cli,
                                       "the proof of the verdict on %.*s rule %u (line %u) does "
                                       "not hold: this is a fault of fwproof, please report it",
                                       FW_SV_ARG(fw_buf_sv(&name)), policy->rules[r].position,
                                       policy->rules[r].span.line);
                    fw_buf_clear(&name);
                }
            }
        }
    }
    return code;
}

static int fix(struct fw_cli *cli, const struct fw_answer *answer, const struct configs *configs,
               unsigned jobs)
{
    int code = fw_cleanup_print(cli, configs->v, configs->n, jobs);
    return answer->unreadable ? FW_EXIT_ERROR : code;
}

static int run(struct fw_cli *cli)
{
    struct fw_answer answer;
    struct fw_paths paths;
    struct configs configs = {0};
    unsigned jobs;
    uint64_t missing = 0;
    if (!fw_answer_init(cli, &answer) ||
        !fw_cli_number(cli, FW_OPT_JOBS, fw_cli_processors(), 1024, &jobs)) {
        return FW_EXIT_ERROR;
    }
    enum fw_err err = fw_walk(&cli->arena, cli->operands, (size_t)cli->noperands, cli->diags,
                              &paths, &missing);
    configs.v = calloc(paths.n + 1, sizeof(*configs.v));
    if (!configs.v) {
        return fw_cli_fail(cli, "out of memory");
    }
    answer.unreadable = err != FW_OK || missing > 0;
    for (size_t i = 0; i < paths.n; i++) {
        load(cli, &answer, paths.v[i], &configs);
    }
    int code = FW_EXIT_ERROR;
    bool to_machine = fw_cli_has(cli, FW_OPT_JSON) || fw_cli_has(cli, FW_OPT_SARIF);
    if (configs.n > 0 || (to_machine && !fw_cli_has(cli, FW_OPT_FIX))) {
        add_facts(cli, &answer, &configs, jobs);
        code = fw_cli_has(cli, FW_OPT_FIX)
                   ? fix(cli, &answer, &configs, jobs)
                   : fw_answer_print(cli, &answer, FW_RUN_RULES, FW_REPORT_RULES);
        code = check_proofs(cli, &configs, code);
    } else {
        fw_cli_diagnose(cli);
        fw_cli_fail(cli, "no configuration could be read");
    }
    for (size_t i = 0; i < configs.n; i++) {
        fw_config_clear(&configs.v[i]);
    }
    free(configs.v);
    return code;
}

const struct fw_command fw_command_rules = {
    .name = "rules",
    .arguments = "CONFIG...",
    .summary = "Review rulesets now: dead, redundant, too broad, not understood",
    .detail =
        "Folders are searched for configurations. Every finding names the rules that cause it "
        "and,\n"
        "where it says something about traffic, a packet that shows it. Nothing is read besides\n"
        "the files named; no site file is needed. With --prove every verdict is shown again by a\n"
        "packet that is replayed or a certificate that is checked; exit 2 when one does not hold.\n"
        "With --fix the answer is a script in the device's own words that removes rules, all at\n"
        "once, without changing the verdict of any packet; it is printed only when that is proven.",
    .examples = "  fwproof rules gateway.rules\n"
                "  fwproof rules --json configs/ > findings.json\n"
                "  fwproof rules --prove gateway.rules\n"
                "  fwproof rules --fix gateway.rules > cleanup.sh\n"
                "  fwproof rules --html --lang zh-TW --out review.html fw1.cfg fw2.cfg\n"
                "  fwproof rules --checks RUL-001,EXP-001 --fail-on high gateway.rules",
    .options = FW_TAKES_ANSWER | FW_TAKES(FORMAT) | FW_TAKES(JOBS) | FW_TAKES(PROVE) |
               FW_TAKES(FIX),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
