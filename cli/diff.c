/* diff: what traffic changed between two rulesets? */
#include "cli/cli.h"
#include "cli/edit.h"
#include "evidence/configs.h"
#include "report/difference.h"

static void add_input(struct fw_cli *cli, const struct fw_config *config, struct fw_inputs *inputs)
{
    struct fw_input *input = fw_inputs_add(&cli->arena, inputs, FW_INPUT_CONFIG, config->doc.path,
                                           fw_config_device(config));
    input->info = config->doc.info;
    input->lines = fw_doc_counts(&config->doc);
    input->format = config->parser->name;
}

static bool read_config(struct fw_cli *cli, size_t side, struct fw_config *config,
                        struct fw_inputs *inputs)
{
    const char *path = cli->operands[side];
    fw_sv format = fw_sv_from(cli->value[FW_OPT_FORMAT] ? cli->value[FW_OPT_FORMAT] : "");
    if (fw_config_load(config, path, fw_sv_from(path), format, cli->diags) != FW_OK) {
        return false;
    }
    fw_source_report(&config->doc.info, config->doc.path, cli->diags);
    add_input(cli, config, inputs);
    return true;
}

/* The first configuration as it would be, in place of a second one. */
static bool edit_config(struct fw_cli *cli, const struct fw_config *old, struct fw_config *config,
                        struct fw_inputs *inputs)
{
    struct fw_buf text;
    struct fw_buf why;
    fw_buf_init(&text);
    fw_buf_init(&why);
    bool ok = fw_edit_apply(&old->doc, fw_sv_from(cli->value[FW_OPT_EDIT]), &text, &why);
    if (ok && fw_buf_ok(&text)) {
        fw_sv shown = fw_arena_printf(&cli->arena, "%.*s (--edit)", FW_SV_ARG(old->doc.path));
        fw_sv kept = fw_arena_copy(&cli->arena, fw_buf_sv(&text));
        ok = fw_config_of_text(config, kept, shown, old->parser, cli->diags) == FW_OK;
    } else {
        fw_cli_fail(cli, "--edit: %s", ok ? "out of memory" : why.p);
        ok = false;
    }
    if (ok) {
        add_input(cli, config, inputs);
    }
    fw_buf_clear(&text);
    fw_buf_clear(&why);
    return ok;
}

/* Both names or none, and each is the name of a policy. */
static bool read_names(const struct fw_cli *cli, const struct fw_config *configs, fw_sv names[2])
{
    static const enum fw_option options[2] = {FW_OPT_OLD_POLICY, FW_OPT_NEW_POLICY};
    if (fw_cli_has(cli, FW_OPT_OLD_POLICY) != fw_cli_has(cli, FW_OPT_NEW_POLICY)) {
        fw_cli_fail(cli, "--old-policy and --new-policy go together");
        return false;
    }
    for (size_t side = 0; side < 2; side++) {
        const struct fw_ruleset *ruleset = &configs[side].ruleset;
        names[side] = fw_sv_from(cli->value[options[side]] ? cli->value[options[side]] : "");
        if (names[side].n == 0 || fw_ruleset_find(ruleset, names[side])) {
            continue;
        }
        struct fw_buf list;
        fw_buf_init(&list);
        for (size_t i = 0; i < ruleset->npolicies; i++) {
            fw_buf_add_cstr(&list, i > 0 ? ", " : "");
            fw_buf_add(&list, ruleset->policies[i]->name);
        }
        fw_cli_fail(cli, "%.*s has no policy \"%s\"; it has %s", FW_SV_ARG(configs[side].doc.path),
                    cli->value[options[side]], list.p ? list.p : "none");
        fw_buf_clear(&list);
        return false;
    }
    return true;
}

static int exit_code(const struct fw_cli *cli, const struct fw_comparison_result *result)
{
    enum fw_severity severity;
    bool some = fw_comparison_severity(result, &severity) && severity >= cli->fail_on;
    bool open = result->open && fw_cli_has(cli, FW_OPT_STRICT);
    return some || open ? FW_EXIT_FAILED : FW_EXIT_OK;
}

static int print(struct fw_cli *cli, const struct fw_config *configs,
                 const struct fw_inputs *inputs, const struct fw_comparison_result *result)
{
    bool to_file = fw_cli_has(cli, FW_OPT_OUT);
    const struct fw_difference_report report = {
        .result = result,
        .inputs = inputs,
        .docs = {&configs[0].doc, &configs[1].doc},
        .catalogue = &cli->catalogue,
        .lang = cli->lang,
        .version = FWPROOF_VERSION,
        .width = to_file ? 80 : fw_cli_width(),
        .color = cli->color && !to_file,
    };
    struct fw_buf out;
    fw_buf_init(&out);
    if (fw_cli_has(cli, FW_OPT_JSON)) {
        fw_difference_json(&report, &out);
    } else if (fw_cli_has(cli, FW_OPT_CSV)) {
        fw_difference_csv(&report, &out);
    } else {
        fw_difference_text(&report, &out);
    }
    int code = fw_cli_emit(cli, &out);
    fw_buf_clear(&out);
    return code == FW_EXIT_OK ? exit_code(cli, result) : code;
}

static int run(struct fw_cli *cli)
{
    struct fw_config configs[2] = {0};
    struct fw_inputs inputs = {0};
    fw_sv names[2];
    int code = FW_EXIT_ERROR;
    bool edit = fw_cli_has(cli, FW_OPT_EDIT);
    if ((cli->noperands == 1) != edit) {
        return fw_cli_fail(cli, edit ? "--edit is asked of one configuration"
                                     : "two configurations are compared, or one with --edit");
    }
    if (!fw_cli_catalogue(cli, "quick")) {
        return FW_EXIT_ERROR;
    }
    bool read = read_config(cli, 0, &configs[0], &inputs);
    if (!edit) {
        read = read_config(cli, 1, &configs[1], &inputs) && read;
    } else {
        read = read && edit_config(cli, &configs[0], &configs[1], &inputs);
    }
    if (read && read_names(cli, configs, names)) {
        const struct fw_ruleset *const rulesets[2] = {&configs[0].ruleset, &configs[1].ruleset};
        struct fw_comparison_result result;
        const struct fw_doc *const docs[2] = {&configs[0].doc, &configs[1].doc};
        fw_rulesets_compare(&cli->arena, rulesets, names, &result);
        fw_comparison_add_unread(&cli->arena, docs, &result);
        code = print(cli, configs, &inputs, &result);
    }
    fw_config_clear(&configs[0]);
    fw_config_clear(&configs[1]);
    return code;
}

const struct fw_command fw_command_diff = {
    .name = "diff",
    .arguments = "OLD [NEW]",
    .summary = "Tell what traffic changed between two rulesets, with witness packets",
    .detail =
        "Every packet that fares otherwise is found, as few sets as possible, each with the rules\n"
        "that decided before and decide now and a packet that shows it. Rules that were only\n"
        "moved or rewritten are no difference. The two may be of different formats: policies\n"
        "answer to each other by name, by where they are applied, or by the two options.\n"
        "With --edit there is no NEW: what if these lines of OLD were gone, or others were there?\n"
        "One edit a line, all by the numbers of the file as it is: delete 12, delete 12-14,\n"
        "insert 12 TEXT (before it), replace 12 TEXT.",
    .examples = "  fwproof diff yesterday.rules today.rules\n"
                "  fwproof diff --json --fail-on high before.cfg after.cfg\n"
                "  fwproof diff gateway.rules --edit 'delete 12'\n"
                "  fwproof diff gateway.rules --edit 'insert 12 -A FORWARD -s 10.0.0.0/8 -j DROP'\n"
                "  fwproof diff asa.cfg forti.conf --old-policy OUTSIDE-IN --new-policy policy",
    .options = FW_TAKES_COMMON | FW_TAKES(JSON) | FW_TAKES(CSV) | FW_TAKES(OUT) | FW_TAKES(LANG) |
               FW_TAKES(RULESETS) | FW_TAKES(FORMAT) | FW_TAKES(FAIL_ON) | FW_TAKES(STRICT) |
               FW_TAKES(OLD_POLICY) | FW_TAKES(NEW_POLICY) | FW_TAKES(EDIT),
    .min_operands = 1,
    .max_operands = 2,
    .run = run,
};
