/* explain: what a check or diagnostic means, on what basis, and how to re-check it by hand. */
#include "cli/cli.h"

#include "core/text.h"

static void add_part(const struct fw_cli *cli, struct fw_buf *out, const char *label, fw_sv text)
{
    const struct fw_words *words = fw_words_find(&cli->catalogue, NULL, fw_sv_from(label));
    if (text.n == 0) {
        return;
    }
    fw_buf_add_char(out, '\n');
    if (words) {
        fw_buf_add(out, words->text[cli->lang]);
    }
    fw_buf_add_cstr(out, cli->lang == FW_LANG_ZH_TW ? "：\n  " : ":\n  ");
    fw_text_safe(out, text);
    fw_buf_add_char(out, '\n');
}

static void explain_check(const struct fw_cli *cli, const struct fw_check *check,
                          struct fw_buf *out)
{
    enum fw_lang lang = cli->lang;
    fw_buf_add(out, check->id);
    fw_buf_add_cstr(out, "  ");
    fw_buf_add(out, check->title[lang]);
    fw_buf_printf(out, "  (%s, ", fw_severity_name(check->severity));
    fw_buf_add(out, fw_class_text(&cli->catalogue, check->class, lang));
    fw_buf_add_cstr(out, ")\n");
    if (!check->computed) {
        const struct fw_words *words = fw_words_find(&cli->catalogue, NULL,
                                                     FW_SV("manual.not_computed"));
        struct fw_param title = {"title", check->title[lang]};
        fw_buf_add_char(out, '\n');
        if (words) {
            fw_words_render(out, words->text[lang], &title, 1);
        }
        fw_buf_add_char(out, '\n');
    }
    add_part(cli, out, "label.definition", check->definition[lang]);
    add_part(cli, out, "label.basis", check->basis[lang]);
    add_part(cli, out, "label.remedy", check->remedy[lang]);
    add_part(cli, out, "label.recheck", check->recheck[lang]);
    struct fw_buf refs;
    fw_buf_init(&refs);
    for (size_t i = 0; i < check->nrefs; i++) {
        fw_buf_add_cstr(&refs, i > 0 ? ", " : "");
        fw_buf_add(&refs, check->refs[i]);
    }
    add_part(cli, out, "label.refs", fw_buf_sv(&refs));
    fw_buf_clear(&refs);
}

static bool explain_diagnostic(const char *id, struct fw_buf *out)
{
    for (int i = 0; i < FW_DIAG_ID_COUNT; i++) {
        if (fw_sv_is_nocase(fw_sv_from(id), fw_diag_name((enum fw_diag_id)i))) {
            fw_buf_printf(out, "%s\n\n  %s\n", fw_diag_name((enum fw_diag_id)i),
                          fw_diag_what((enum fw_diag_id)i));
            return true;
        }
    }
    return false;
}

/* Everything that can be explained, one a line. */
static void list_all(const struct fw_cli *cli, struct fw_buf *out)
{
    for (size_t i = 0; i < cli->catalogue.nchecks; i++) {
        const struct fw_check *check = &cli->catalogue.checks[i];
        fw_buf_printf(out, "%.*s  %.*s\n", FW_SV_ARG(check->id),
                      FW_SV_ARG(check->title[cli->lang]));
    }
    fw_buf_add_char(out, '\n');
    for (int i = 0; i < FW_DIAG_ID_COUNT; i++) {
        fw_buf_printf(out, "%s\n", fw_diag_name((enum fw_diag_id)i));
    }
}

static int fail(struct fw_cli *cli, const char *id)
{
    const struct fw_check *nearest = fw_cli_nearest_check(cli, fw_sv_from(id));
    if (nearest) {
        return fw_cli_fail(cli, "there is no check or diagnostic \"%s\"; did you mean \"%.*s\"?",
                           id, FW_SV_ARG(nearest->id));
    }
    return fw_cli_fail(cli, "there is no check or diagnostic \"%s\"; fwproof explain lists them",
                       id);
}

static int run(struct fw_cli *cli)
{
    if (!fw_cli_catalogue(cli, "quick")) {
        return FW_EXIT_ERROR;
    }
    struct fw_buf out;
    fw_buf_init(&out);
    if (cli->noperands == 0) {
        list_all(cli, &out);
    }
    int code = FW_EXIT_OK;
    for (int i = 0; i < cli->noperands; i++) {
        const char *id = cli->operands[i];
        const struct fw_check *check = fw_cli_nearest_check(cli, fw_sv_from(id));
        fw_buf_add_cstr(&out, i > 0 ? "\n" : "");
        if (check && fw_sv_eq_nocase(check->id, fw_sv_from(id))) {
            explain_check(cli, check, &out);
        } else if (!explain_diagnostic(id, &out)) {
            code = fail(cli, id);
        }
    }
    fwrite(out.p ? out.p : "", 1, out.n, stdout);
    fw_buf_clear(&out);
    return code;
}

const struct fw_command fw_command_explain = {
    .name = "explain",
    .arguments = "[ID...]",
    .summary = "Explain a check or diagnostic; without ID, list them",
    .examples = "  fwproof explain RUL-001\n  fwproof explain --lang zh-TW RET-001",
    .options = FW_TAKES_COMMON | FW_TAKES(LANG) | FW_TAKES(RULESETS) | FW_TAKES(PROFILE),
    .min_operands = 0,
    .max_operands = -1,
    .run = run,
};
