/* ids: how old are these sensors' rules, and which signatures make the noise? */
#include "cli/loglist.h"

#include "core/source.h"
#include "parsers/idsrules.h"
#include "parsers/parser.h"

enum { DETECT_BYTES = 65536 };

/* The rule files among the paths, as one sensor. */
struct sensor {
    size_t n;
    struct fw_doc **docs;
    const struct fw_idsrules **sets;
    struct fw_source_info *infos;
    fw_sv *paths;
};

static const struct fw_parser *rules_parser(const char *path)
{
    struct fw_source *source;
    if (fw_source_open(path, &source) != FW_OK) {
        return NULL;
    }
    fw_sv head = fw_source_peek(source, DETECT_BYTES);
    int bid;
    const struct fw_parser *parser = fw_idsrules_detect(fw_sv_from(path), head, &bid);
    if (bid < FW_BID_LIKELY) {
        parser = NULL;
    }
    fw_source_free(source);
    return parser;
}

static void load_rules(struct fw_cli *cli, struct fw_answer *answer, fw_sv path,
                       const struct fw_parser *parser, struct sensor *sensor)
{
    struct fw_input *input = fw_inputs_add(&cli->arena, &answer->inputs, FW_INPUT_IDSRULES, path,
                                           FW_SV(""));
    struct fw_doc *doc = fw_new(&cli->arena, struct fw_doc);
    struct fw_idsrules *set = fw_new(&cli->arena, struct fw_idsrules);
    sensor->docs[sensor->n] = doc;
    fw_doc_init(doc, path, cli->diags);
    if (fw_doc_load(doc, path.p) != FW_OK || fw_idsrules_parse(doc, parser, set) != FW_OK) {
        input->missing = true;
        answer->unreadable = true;
        fw_doc_clear(doc);
        return;
    }
    fw_source_report(&doc->info, path, cli->diags);
    input->info = doc->info;
    input->lines = fw_doc_counts(doc);
    input->format = parser->name;
    sensor->sets[sensor->n] = set;
    sensor->infos[sensor->n] = doc->info;
    sensor->paths[sensor->n] = path;
    sensor->n++;
}

/* Rule files are read here; what is left over is a log. */
static void split(struct fw_cli *cli, struct fw_answer *answer, struct fw_paths *paths,
                  struct sensor *sensor)
{
    size_t left = 0;
    sensor->docs = fw_new_array(&cli->arena, paths->n + 1, struct fw_doc *);
    sensor->sets = fw_new_array(&cli->arena, paths->n + 1, const struct fw_idsrules *);
    sensor->infos = fw_new_array(&cli->arena, paths->n + 1, struct fw_source_info);
    sensor->paths = fw_new_array(&cli->arena, paths->n + 1, fw_sv);
    for (size_t i = 0; i < paths->n; i++) {
        const struct fw_parser *parser = rules_parser(paths->v[i].p);
        if (parser) {
            load_rules(cli, answer, paths->v[i], parser, sensor);
        } else {
            paths->v[left++] = paths->v[i];
        }
    }
    paths->n = left;
}

static void add_facts(struct fw_cli *cli, struct fw_answer *answer, const struct sensor *sensor)
{
    struct fw_device_facts *device = fw_new(&cli->arena, struct fw_device_facts);
    *device = (struct fw_device_facts){
        .name = FW_SV("sensor"),
        .nids = sensor->n,
        .ids = sensor->sets,
        .ids_info = sensor->infos,
        .ids_paths = sensor->paths,
    };
    answer->facts.ndevices = 1;
    answer->facts.devices = device;
}

static int run(struct fw_cli *cli)
{
    struct fw_answer answer;
    struct fw_paths paths;
    struct fw_logs logs;
    struct fw_logs_options options;
    struct sensor sensor = {0};
    if (!fw_loglist_begin(cli, &answer, &paths, &options)) {
        return FW_EXIT_ERROR;
    }
    split(cli, &answer, &paths, &sensor);
    add_facts(cli, &answer, &sensor);
    enum fw_err err = fw_loglist_read(cli, &answer, &paths, &options, &logs);
    int code = err == FW_OK
                   ? fw_answer_print(cli, &answer, FW_RUN_IDS, FW_REPORT_IDS)
                   : fw_cli_fail(cli, "the alerts could not be read: %s", fw_err_text(err));
    fw_logs_clear(&logs);
    for (size_t i = 0; i < sensor.n; i++) {
        fw_doc_clear(sensor.docs[i]);
    }
    return code;
}

const struct fw_command fw_command_ids = {
    .name = "ids",
    .arguments = "PATH...",
    .summary = "IDS alerts, rules, tuning: freshness, noise, ledger",
    .detail = "Rule, tuning and configuration files are recognised by content, everything else is "
              "read as\n"
              "logs: alerts, and what firewalls decided on the same connections. All files named "
              "together\n"
              "are taken as one sensor's. Counted from --as-of, else SOURCE_DATE_EPOCH,\n"
              "else the newest alert.",
    .examples = "  fwproof ids /var/log/snort /etc/snort/rules --as-of 2026-07-05\n"
                "  fwproof ids --json eve.json suricata.rules",
    .options = FW_TAKES_ANSWER | FW_TAKES(CSV_FIELDS) | FW_TAKES(FORMAT) | FW_TAKES(JOBS) |
               FW_TAKES(MONTHS),
    .min_operands = 1,
    .max_operands = -1,
    .run = run,
};
