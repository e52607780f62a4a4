/* parse, of a log: its events, one object a line, each at its place in time. */
#include "cli/parse.h"

#include <string.h>

#include "analyzers/logs/placing.h"
#include "core/text.h"
#include "parsers/logfile.h"
#include "parsers/logscan.h"

static void print_event_line(const struct fw_logline *line, struct fw_buf *out)
{
    fw_buf_printf(out, "%8llu  %-11s  ", (unsigned long long)line->number,
                  line->verdict == FW_LINE_USED          ? line->parser->name
                  : line->verdict == FW_LINE_IGNORED     ? "ignored"
                  : line->verdict == FW_LINE_UNSUPPORTED ? "unsupported"
                                                         : "bad");
    /* What is no traffic may be a command, with the password it set. */
    fw_text_fit(out, line->event.traffic ? line->text : fw_scan_public(line->text), 4096);
}

/* What the whole file says of its years and zones: read once more, and only when a stamp comes that
 * does not say it itself. Standard input is read once: there every line stands alone. */
static enum fw_err survey(const char *path, const struct fw_parser *only,
                          const struct fw_snort_fields *csv_fields, struct fw_anchors *anchors,
                          struct fw_placing **ret)
{
    struct fw_source *source = NULL;
    struct fw_summarizer *summarizer = NULL;
    struct fw_source_info info;
    if (strcmp(path, "-") == 0) {
        return fw_placing_new(NULL, anchors, ret);
    }
    enum fw_err err = fw_source_open(path, &source);
    if (err == FW_OK && fw_source_mtime(source) == 0) { /* a pipe: what was read is gone */
        fw_source_free(source);
        return fw_placing_new(NULL, anchors, ret);
    }
    err = err == FW_OK ? fw_summarize(source, only, csv_fields, &summarizer) : err;
    err = err == FW_OK ? fw_source_finish(source, &info) : err;
    if (err == FW_OK) {
        fw_anchors_file(anchors, fw_sv_from(path), &info, anchors->as_of_ns == INT64_MIN);
        err = fw_placing_new(fw_summarizer_finish(summarizer), anchors, ret);
    }
    fw_summarizer_free(summarizer);
    fw_source_free(source);
    return err;
}

struct printing {
    const char *path;
    const struct fw_parser *only;
    const struct fw_snort_fields *csv_fields;
    struct fw_anchors anchors;
    struct fw_placing *placing; /* NULL: no stamp needed it yet */
    struct fw_buf out;
};

static enum fw_err origin_of(struct printing *p, const struct fw_logline *line,
                             struct fw_event_origin *ret)
{
    const struct fw_stamp *stamp = &line->event.time;
    *ret = (struct fw_event_origin){
        .line = line->number, .time_ns = INT64_MIN, .zone_seconds = p->anchors.zone_seconds};
    if (!fw_event_has(&line->event, FW_EV_time)) {
        return FW_OK;
    }
    if (stamp->year == 0 && !p->placing) {
        enum fw_err err = survey(p->path, p->only, p->csv_fields, &p->anchors, &p->placing);
        if (err != FW_OK) {
            return err;
        }
    }
    if (stamp->year != 0) {
        ret->time_ns = fw_stamp_ns(stamp, p->anchors.zone_seconds);
        ret->assumed = stamp->has_zone ? 0 : FW_ASSUMED_ZONE;
    } else {
        fw_placing_time(p->placing, line, &ret->time_ns, &ret->assumed);
    }
    return FW_OK;
}

static enum fw_err print_json(struct printing *p, const struct fw_logline *line)
{
    struct fw_event_origin origin;
    struct fw_json json;
    bool known = line->parser && line->verdict != FW_LINE_BAD;
    enum fw_err err = known ? origin_of(p, line, &origin) : FW_OK;
    if (err == FW_OK && line->verdict == FW_LINE_USED) {
        fw_json_init(&json, &p->out, 0);
        fw_event_json(&json, &line->event, &origin);
        fw_parse_end_line(&p->out);
    }
    return err;
}

static enum fw_err print_events(struct fw_cli *cli, struct fw_source *source, struct printing *p,
                                struct fw_line_counts *ret)
{
    struct fw_logfile *file = NULL;
    const struct fw_logline *line;
    enum fw_err err = fw_logfile_new(source, p->only, &file);
    if (err != FW_OK) {
        return err;
    }
    fw_logfile_csv_fields(file, p->csv_fields);
    while (err == FW_OK && (line = fw_logfile_next(file))) {
        if (fw_cli_has(cli, FW_OPT_JSON)) {
            err = print_json(p, line);
        } else {
            print_event_line(line, &p->out);
            fw_parse_end_line(&p->out);
        }
    }
    fw_parse_flush(&p->out, 0);
    *ret = fw_logfile_counts(file);
    fw_logfile_free(file);
    return err;
}

int fw_parse_log(struct fw_cli *cli, const char *path, const struct fw_parser *only)
{
    struct printing p = {.path = path, .only = only};
    struct fw_source_info info;
    struct fw_line_counts lines = {0};
    struct fw_source *source;
    int64_t as_of;
    bool given;
    fw_anchors_init(&p.anchors);
    if (!fw_cli_csv_fields(cli, &p.csv_fields) || !fw_cli_zone(cli, 0, &p.anchors.zone_seconds) ||
        !fw_cli_as_of(cli, p.anchors.zone_seconds, &given, &as_of)) {
        return FW_EXIT_ERROR;
    }
    p.anchors.has_zone = true;
    p.anchors.as_of_ns = given ? as_of : INT64_MIN;
    enum fw_err err = fw_source_open(path, &source);
    if (err != FW_OK) {
        return fw_cli_fail(cli, "cannot read %s: %s", path, fw_err_text(err));
    }
    fw_buf_init(&p.out);
    err = print_events(cli, source, &p, &lines);
    fw_buf_clear(&p.out);
    fw_placing_free(p.placing);
    enum fw_err finish = fw_source_finish(source, &info);
    fw_source_free(source);
    if (err != FW_OK || finish != FW_OK) {
        return fw_cli_fail(cli, "cannot read %s: %s", path,
                           fw_err_text(err != FW_OK ? err : finish));
    }
    fw_source_report(&info, fw_sv_from(path), cli->diags);
    fw_parse_counts(cli, fw_sv_from(path), lines);
    if (lines.used == 0 && lines.unsupported == 0 && lines.bad > 0) {
        fw_diag_report(cli->diags, FW_DIAG_ID_FORMAT_UNKNOWN, fw_sv_from(path), (fw_span){0},
                       (fw_sv){0}, 0,
                       "no format recognises this file; see fwproof formats and --format");
        return FW_EXIT_ERROR;
    }
    return FW_EXIT_OK;
}
