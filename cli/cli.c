/* What every command shares: messages, the catalogue, dates, exit codes, output. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "core/time.h"
#include "core/walk.h"
#include "parsers/snort_fields.h"

int fw_cli_fail(const struct fw_cli *cli, const char *fmt, ...)
{
    (void)cli;
    va_list ap;
    struct fw_buf raw;
    struct fw_buf safe;
    fw_buf_init(&raw);
    fw_buf_init(&safe);
    va_start(ap, fmt);
    fw_buf_vprintf(&raw, fmt, ap);
    va_end(ap);
    fw_sv rest = fw_buf_sv(&raw);
    fw_sv line;
    while (fw_sv_split(&rest, '\n', &line)) {
        fw_buf_add_cstr(&safe, safe.n > 0 ? "\n" : "");
        fw_text_safe(&safe, line);
    }
    fprintf(stderr, "fwproof: %s\n", safe.p ? safe.p : "out of memory");
    fw_buf_clear(&raw);
    fw_buf_clear(&safe);
    return FW_EXIT_ERROR;
}

void fw_cli_diagnose(struct fw_cli *cli)
{
    if (!fw_cli_has(cli, FW_OPT_QUIET)) {
        fw_diags_print(cli->diags, stderr, isatty(STDERR_FILENO) == 1 && cli->color);
    }
    fw_diags_free(cli->diags);
    cli->diags = fw_diags_new();
}

bool fw_cli_catalogue(struct fw_cli *cli, const char *fallback)
{
    const char *lang = cli->value[FW_OPT_LANG];
    if (lang && !fw_lang_parse(fw_sv_from(lang), &cli->lang)) {
        fw_cli_fail(cli, "--lang is en or zh-TW");
        return false;
    }
    if (fw_catalogue_load(&cli->arena, cli->value[FW_OPT_RULESETS], cli->diags, &cli->catalogue) !=
        FW_OK) {
        return false; /* the diagnostics say where */
    }
    for (size_t i = 0; fw_analyzers[i]; i++) {
        fw_catalogue_mark_computed(&cli->catalogue, fw_sv_from(fw_analyzers[i]->check));
    }
    const char *name = cli->value[FW_OPT_PROFILE] ? cli->value[FW_OPT_PROFILE] : fallback;
    cli->profile = fw_profile_find(&cli->catalogue, fw_sv_from(name));
    if (!cli->profile) {
        struct fw_buf names;
        fw_buf_init(&names);
        for (size_t i = 0; i < cli->catalogue.nprofiles; i++) {
            fw_buf_printf(&names, "%s%.*s", i > 0 ? ", " : "",
                          FW_SV_ARG(cli->catalogue.profiles[i].name));
        }
        fw_cli_fail(cli, "there is no profile \"%s\"; there are %s", name, names.p);
        fw_buf_clear(&names);
    }
    return cli->profile && fw_cli_asked(cli);
}

bool fw_cli_as_of(const struct fw_cli *cli, int32_t zone_seconds, bool *ret_given, int64_t *ret_ns)
{
    const char *text = cli->value[FW_OPT_AS_OF];
    *ret_given = text != NULL;
    if (text) {
        if (!fw_time_parse(fw_sv_from(text), zone_seconds, true, ret_ns)) {
            fw_cli_fail(cli,
                        "--as-of is a date like 2026-07-05 or 2026-07-05T12:00:00+08:00, "
                        "not \"%s\"",
                        text);
            return false;
        }
        return true;
    }
    text = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds;
    if (text && text[0] != '\0') {
        if (!fw_sv_u64(fw_sv_from(text), &seconds) || seconds > 9000000000u) {
            fw_cli_fail(cli, "SOURCE_DATE_EPOCH is a number of seconds, not \"%s\"", text);
            return false;
        }
        *ret_given = true;
        *ret_ns = (int64_t)seconds * FW_NS_PER_SEC;
    }
    return true;
}

bool fw_cli_zone(const struct fw_cli *cli, int32_t fallback, int32_t *ret_seconds)
{
    const char *text = cli->value[FW_OPT_TZ];
    *ret_seconds = fallback;
    if (text && !fw_zone_parse(fw_sv_from(text), ret_seconds)) {
        fw_cli_fail(cli,
                    "--tz is an offset like +08:00 or a zone without summer time like "
                    "Asia/Taipei, not \"%s\"",
                    text);
        return false;
    }
    return true;
}

bool fw_cli_csv_fields(struct fw_cli *cli, const struct fw_snort_fields **ret)
{
    const char *text = cli->value[FW_OPT_CSV_FIELDS];
    struct fw_snort_fields *fields = fw_new_array(&cli->arena, 1, struct fw_snort_fields);
    fw_sv wrong = {0};
    *ret = NULL;
    if (!text) {
        return true;
    }
    enum fw_snort_fields_fault fault = fw_snort_fields_add(fw_sv_from(text), fields, &wrong);
    if (fault == FW_SNORT_FIELDS_GOOD) {
        fault = fw_snort_fields_judge(fields);
    }
    if (fault == FW_SNORT_FIELDS_UNKNOWN) {
        fw_cli_fail(cli, "--csv-fields: alert_csv has no field \"%.*s\"", FW_SV_ARG(wrong));
    } else if (fault == FW_SNORT_FIELDS_MANY) {
        fw_cli_fail(cli, "--csv-fields takes at most %u fields", (unsigned)FW_SNORT_FIELDS_MAX);
    } else if (fault == FW_SNORT_FIELDS_INCOMPLETE) {
        fw_cli_fail(cli, "--csv-fields needs timestamp and one of rule, sid and sig_id");
    }
    *ret = fields;
    return fault == FW_SNORT_FIELDS_GOOD;
}

bool fw_cli_number(const struct fw_cli *cli, enum fw_option option, unsigned fallback, unsigned max,
                   unsigned *ret)
{
    const char *text = cli->value[option];
    uint32_t number = fallback;
    if (text && (!fw_sv_u32(fw_sv_from(text), max, &number) || number == 0)) {
        fw_cli_fail(cli, "--%s is a number from 1 to %u, not \"%s\"", fw_option_rows[option].name,
                    max, text);
        return false;
    }
    *ret = number;
    return true;
}

int fw_cli_emit(const struct fw_cli *cli, const struct fw_buf *text)
{
    if (!fw_buf_ok(text)) {
        return fw_cli_fail(cli, "out of memory");
    }
    const char *path = cli->value[FW_OPT_OUT];
    if (!path) {
        fwrite(text->p ? text->p : "", 1, text->n, stdout);
        return FW_EXIT_OK;
    }
    enum fw_err err = fw_file_write(path, fw_buf_sv(text));
    return err == FW_OK ? FW_EXIT_OK
                        : fw_cli_fail(cli, "cannot write %s: %s", path, fw_err_text(err));
}

unsigned fw_cli_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 1024 ? 1024 : (unsigned)n;
}

uint64_t fw_cli_bytes(const struct fw_paths *paths)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < paths->n; i++) {
        uint64_t bytes;
        int64_t mtime_ns;
        if (fw_file_stat(paths->v[i].p, &bytes, &mtime_ns) == FW_OK) {
            sum += bytes;
        }
    }
    return sum;
}

size_t fw_cli_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
        return size.ws_col;
    }
    return 80;
}
