/* How a line finds its parser and gets its verdict. */
#include "parsers/logfile.h"

#include <assert.h>
#include <stdlib.h>

#include "parsers/logscan.h"

extern const struct fw_parser fw_parser_snort_list;

/* One line needs little: its unescaped texts. Far above FW_LIMIT_LINE_BYTES, so that it is never
 * used up. */
#define SCRATCH_BUDGET (UINT64_C(64) * 1024 * 1024)

enum { DETECT_BYTES = 65536 };

/* A format of several lines, and how far it came. */
struct open_block {
    const struct fw_parser *parser;
    struct fw_block block;
};

enum { BLOCKS = 4 };

struct fw_logfile {
    struct fw_source *source;
    size_t nblocks;
    struct open_block blocks[BLOCKS];
    const struct fw_parser *only;
    const struct fw_snort_fields *csv_fields;
    struct fw_arena scratch;
    struct fw_line_counts counts;
    struct fw_logline line;
    const struct fw_parser *records; /* NULL: a file of lines */
    bool begun;                      /* what kind of file it is, was decided */
    bool continues;                  /* a line that begins with a blank belongs to the one before */
    size_t norder;
    const struct fw_parser *order[]; /* all log parsers; who read a line last is asked first */
};

static size_t count_parsers(void)
{
    size_t n = 0;
    for (size_t i = 0; fw_parsers[i]; i++) {
        n += fw_parsers[i]->kind == FW_PARSER_LOG;
    }
    return n;
}

enum fw_err fw_logfile_new(struct fw_source *source, const struct fw_parser *only,
                           struct fw_logfile **ret)
{
    size_t n = count_parsers();
    struct fw_logfile *file = calloc(1, sizeof(*file) + n * sizeof(file->order[0]));
    if (!file) {
        return FW_ERR_MEMORY;
    }
    for (size_t i = 0; fw_parsers[i]; i++) {
        if (fw_parsers[i]->kind == FW_PARSER_LOG && fw_parsers[i]->shape != FW_SHAPE_RECORDS) {
            file->order[file->norder++] = fw_parsers[i];
        }
        if (fw_parsers[i]->part && (!only || only == fw_parsers[i])) {
            assert(file->nblocks < BLOCKS);
            file->blocks[file->nblocks++].parser = fw_parsers[i];
        }
    }
    file->source = source;
    file->only = only;
    fw_arena_init(&file->scratch, SCRATCH_BUDGET);
    *ret = file;
    return FW_OK;
}

void fw_logfile_csv_fields(struct fw_logfile *file, const struct fw_snort_fields *fields)
{
    file->csv_fields = fields;
}

void fw_logfile_free(struct fw_logfile *file)
{
    if (file) {
        fw_arena_clear(&file->scratch);
        free(file);
    }
}

/* A parser that declines leaves the event as it got it, as a rule; clearing takes time. */
static void renew(struct fw_event *event)
{
    if (event->present != 0 || event->admin || event->traffic || event->starts || event->ends ||
        event->hits != 0 || event->stream != 0 || event->alert_gid != 0 || event->alert_sid != 0) {
        fw_event_clear(event);
    }
}

static enum fw_line_verdict ask(struct fw_logfile *file, const struct fw_parser *parser)
{
    struct fw_logline *line = &file->line;
    renew(&line->event);
    /* A line that begins with a date looks like one with a header. */
    if (parser->shape == FW_SHAPE_LINE && line->envelope.kind != FW_ENVELOPE_BARE) {
        struct fw_envelope bare;
        fw_envelope_bare(line->text, &bare);
        bare.csv_fields = file->csv_fields;
        enum fw_line_verdict verdict = parser->event(&bare, line->text, &file->scratch,
                                                     &line->event);
        if (verdict != FW_LINE_NONE) {
            line->envelope = bare;
            return verdict;
        }
        renew(&line->event);
    }
    return parser->event(&line->envelope, line->envelope.message, &file->scratch, &line->event);
}

static void move_to_front(struct fw_logfile *file, size_t i)
{
    const struct fw_parser *parser = file->order[i];
    for (; i > 0; i--) {
        file->order[i] = file->order[i - 1];
    }
    file->order[0] = parser;
}

static enum fw_line_verdict ask_all(struct fw_logfile *file)
{
    struct fw_logline *line = &file->line;
    fw_event_clear(&line->event);
    if (file->only) {
        line->parser = file->only;
        return ask(file, file->only);
    }
    /* A declared list has any form: others might take its lines for theirs. */
    if (file->csv_fields && ask(file, &fw_parser_snort_list) == FW_LINE_USED) {
        line->parser = &fw_parser_snort_list;
        return FW_LINE_USED;
    }
    for (size_t i = 0; i < file->norder; i++) {
        enum fw_line_verdict verdict = ask(file, file->order[i]);
        if (verdict != FW_LINE_NONE) {
            line->parser = file->order[i];
            move_to_front(file, i);
            return verdict;
        }
    }
    return FW_LINE_NONE;
}

/* What a line is called that no payload parser claims. */
static void judge_foreign(struct fw_logfile *file)
{
    struct fw_logline *line = &file->line;
    char first = line->text.n > 0 ? line->text.p[0] : '\0';
    line->parser = NULL;
    line->verdict = FW_LINE_IGNORED;
    const struct fw_envelope *env = &line->envelope;
    /* "<7>anything": a priority alone is no form that could be recognised. */
    bool header = env->kind != FW_ENVELOPE_BARE &&
                  (env->kind != FW_ENVELOPE_RFC3164 || env->has_time || env->app.n > 0);
    if (header) {
        line->name = line->envelope.app.n > 0 ? line->envelope.app : FW_SV("syslog");
    } else if (fw_sv_trim(line->text).n == 0) {
        line->name = FW_SV("blank");
    } else if (first == '#') {
        line->name = FW_SV("comment");
    } else if (fw_is_blank(first) && file->continues) {
        line->name = FW_SV("continuation");
    } else {
        line->verdict = FW_LINE_BAD;
    }
}

/* Commands of administrators repeat the passwords they set: whatever the parser, no further than
 * this line. */
static void hide_secrets(struct fw_event *ev)
{
    if (fw_event_has(ev, FW_EV_command)) {
        ev->command = fw_scan_public(ev->command);
    }
    if (ev->admin && fw_event_has(ev, FW_EV_message)) {
        ev->message = fw_scan_public(ev->message);
    }
}

/* What the envelope knows that the payload does not say. */
static void complete(struct fw_logline *line)
{
    const struct fw_envelope *env = &line->envelope;
    struct fw_event *ev = &line->event;
    bool own = fw_event_has(ev, FW_EV_time);
    if (!own && env->has_generated) {
        ev->time = env->generated;
        fw_event_set(ev, FW_EV_time);
        own = true;
    }
    if (!own && env->has_time) {
        ev->time = env->time;
        fw_event_set(ev, FW_EV_time);
    } else if (env->has_time) {
        line->has_received = true;
        line->received = env->time;
    }
    if (fw_event_has(ev, FW_EV_time) && ev->starts) {
        ev->start = ev->time;
        fw_event_set(ev, FW_EV_start);
    }
    if (fw_event_has(ev, FW_EV_time) && ev->ends) {
        ev->end = ev->time;
        fw_event_set(ev, FW_EV_end);
    }
    if (!fw_event_has(ev, FW_EV_observer)) {
        fw_scan_text(ev, FW_EV_observer, &ev->observer, env->host);
    }
    if (!fw_event_has(ev, FW_EV_level) && env->has_priority) {
        fw_scan_text(ev, FW_EV_level, &ev->level, fw_scan_level(env->priority & 7));
    }
    if (!fw_event_has(ev, FW_EV_serial) && env->has_sequence) {
        fw_scan_num(ev, FW_EV_serial, &ev->serial, env->sequence);
    }
}

/* True when the line is part of a block. Parts that are no event are nobody's: an alert of six
 * lines is one event. */
static bool judge_part(struct fw_logfile *file)
{
    struct fw_logline *line = &file->line;
    for (size_t i = 0; i < file->nblocks; i++) {
        struct open_block *open = &file->blocks[i];
        renew(&line->event);
        line->verdict = open->parser->part(&open->block, line->text, &file->scratch, &line->event);
        if (line->verdict != FW_LINE_NONE) {
            fw_envelope_bare(line->text, &line->envelope);
            line->parser = line->verdict == FW_LINE_IGNORED ? NULL : open->parser;
            line->name = FW_SV("part of an event");
            file->continues = true;
            return true;
        }
    }
    return false;
}

static void judge(struct fw_logfile *file)
{
    struct fw_logline *line = &file->line;
    fw_arena_reset(&file->scratch);
    line->parser = NULL;
    line->name = (fw_sv){0};
    line->has_received = false;
    if (judge_part(file)) {
        return;
    }
    fw_envelope_read(line->text, &file->scratch, &line->envelope);
    line->envelope.csv_fields = file->csv_fields;
    line->verdict = ask_all(file);
    if (line->verdict == FW_LINE_NONE) {
        judge_foreign(file);
    } else if (line->verdict == FW_LINE_IGNORED) {
        line->name = fw_event_has(&line->event, FW_EV_code) ? line->event.code : line->envelope.app;
    }
    complete(line);
    hide_secrets(&line->event);
    file->continues = line->verdict != FW_LINE_BAD;
}

const struct fw_logline *fw_logfile_judge(struct fw_logfile *file, fw_sv text)
{
    file->line.number = 0;
    file->line.offset = 0;
    file->line.text = text;
    judge(file);
    return &file->line;
}

/* Binary formats are told by the first bytes: among lines they would be found anywhere. */
static const struct fw_parser *records_parser(struct fw_logfile *file)
{
    fw_sv head = fw_source_peek(file->source, DETECT_BYTES);
    for (size_t i = 0; fw_parsers[i]; i++) {
        const struct fw_parser *parser = fw_parsers[i];
        bool named = file->only == parser;
        if (parser->shape == FW_SHAPE_RECORDS && (named || !file->only) &&
            (named || parser->bid(head) >= FW_BID_LIKELY)) {
            return parser;
        }
    }
    return NULL;
}

/* The next record as a line. What does not begin with one, to the end of the file, is one bad line.
 */
static bool next_record(struct fw_logfile *file, struct fw_line *ret)
{
    size_t header = file->records->record_header;
    fw_sv head = fw_source_peek(file->source, header);
    size_t asked = header;
    size_t length = head.n < header ? 0 : file->records->record(head);
    while (length == FW_RECORD_MORE) {
        if (head.n < asked) {
            length = head.n; /* the file ends: whoever reads the record says what it is */
        } else if (asked > FW_LIMIT_LINE_BYTES / 2) {
            length = 0;
        } else {
            asked *= 2;
            head = fw_source_peek(file->source, asked);
            length = file->records->record(head);
        }
    }
    if (length > head.n) {
        head = fw_source_peek(file->source, length);
    }
    if (length == 0 || head.n < length) {
        return fw_source_drop(file->source, ret);
    }
    fw_source_take(file->source, length, ret);
    return true;
}

static void judge_record(struct fw_logfile *file, bool whole)
{
    struct fw_logline *line = &file->line;
    fw_arena_reset(&file->scratch);
    line->parser = file->records;
    line->name = (fw_sv){0};
    line->has_received = false;
    renew(&line->event);
    line->verdict = FW_LINE_BAD;
    if (whole) {
        line->verdict = line->parser->event(&line->envelope, line->text, &file->scratch,
                                            &line->event);
    }
    if (line->verdict == FW_LINE_IGNORED) {
        line->name = line->event.code;
    }
}

static const struct fw_logline *judge_next(struct fw_logfile *file)
{
    struct fw_line line;
    if (!next_record(file, &line)) {
        return NULL;
    }
    file->line.number = file->counts.total + 1;
    file->line.offset = line.offset;
    file->line.text = line.text;
    judge_record(file, !line.cut);
    fw_line_counts_add(&file->counts, file->line.verdict);
    return &file->line;
}

const struct fw_logline *fw_logfile_next(struct fw_logfile *file)
{
    struct fw_line line;
    if (!file->begun) {
        file->begun = true;
        file->records = records_parser(file);
        fw_envelope_bare(FW_SV(""), &file->line.envelope);
    }
    if (file->records) {
        return judge_next(file);
    }
    if (!fw_source_line(file->source, &line)) {
        return NULL;
    }
    file->line.number = line.number;
    file->line.offset = line.offset;
    file->line.text = line.text;
    judge(file);
    fw_line_counts_add(&file->counts, file->line.verdict);
    return &file->line;
}

struct fw_line_counts fw_logfile_counts(const struct fw_logfile *file)
{
    return file->counts;
}
