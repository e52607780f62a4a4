#include "tests/unit/logparse.h"

#include <check.h>
#include <string.h>

#include "parsers/envelope.h"
#include "parsers/event.h"
#include "tests/unit/mangle.h"

/* As the reader of log files asks. */
static enum fw_line_verdict ask(const struct fw_parser *parser, fw_sv line,
                                struct fw_arena *scratch, struct fw_event *ev)
{
    struct fw_envelope env;
    fw_event_clear(ev);
    if (parser->shape == FW_SHAPE_LINE) {
        fw_envelope_bare(line, &env);
        enum fw_line_verdict verdict = parser->event(&env, env.message, scratch, ev);
        if (verdict != FW_LINE_NONE) {
            return verdict;
        }
        fw_event_clear(ev);
    }
    fw_envelope_read(line, scratch, &env);
    return parser->event(&env, env.message, scratch, ev);
}

void test_parse_line(const struct fw_parser *parser, const char *line, struct fw_buf *out)
{
    static const char *const names[] = {"none", "ignored", "used", "unsupported", "bad"};
    struct fw_arena scratch;
    struct fw_event ev;
    struct fw_json json;
    fw_arena_init(&scratch, 0);
    enum fw_line_verdict verdict = ask(parser, fw_sv_from(line), &scratch, &ev);
    fw_buf_add_cstr(out, names[verdict]);
    if (verdict == FW_LINE_IGNORED && fw_event_has(&ev, FW_EV_code)) {
        fw_buf_printf(out, " %.*s", FW_SV_ARG(ev.code));
    }
    if (verdict == FW_LINE_USED) {
        struct fw_event_origin origin = {.line = 1, .time_ns = INT64_MIN};
        if (fw_event_has(&ev, FW_EV_time)) {
            struct fw_stamp stamp = ev.time;
            stamp.year = stamp.year ? stamp.year : 2001;
            origin.time_ns = fw_stamp_ns(&stamp, 0);
        }
        fw_buf_add_char(out, ' ');
        fw_json_init(&json, out, 0);
        fw_event_json(&json, &ev, &origin);
        fw_buf_printf(out, "%s%s", ev.traffic ? " traffic" : "", ev.admin ? " admin" : "");
        if (ev.alert_sid) {
            fw_buf_printf(out, " alert %u:%u", ev.alert_gid, ev.alert_sid);
        }
    }
    fw_arena_clear(&scratch);
}

void test_parse_cases(const struct fw_parser *parser, const struct parse_case *cases, size_t n)
{
    struct fw_buf out;
    fw_buf_init(&out);
    for (size_t i = 0; i < n; i++) {
        fw_buf_reset(&out);
        test_parse_line(parser, cases[i].line, &out);
        ck_assert_str_eq(out.p, cases[i].expected);
    }
    fw_buf_clear(&out);
}

void test_parse_bids(const struct fw_parser *parser, const struct parse_case *cases, size_t n)
{
    struct fw_arena scratch;
    struct fw_envelope env;
    fw_arena_init(&scratch, 0);
    for (size_t i = 0; i < n; i++) {
        fw_sv line = fw_sv_from(cases[i].line);
        fw_envelope_read(line, &scratch, &env);
        bool own = strcmp(cases[i].expected, "none") != 0;
        bool bids = parser->bid(env.message) > FW_BID_NO || parser->bid(line) > FW_BID_NO;
        ck_assert_msg(own == bids, "%s: %s", own ? "no bid for" : "a bid for", cases[i].line);
    }
    fw_arena_clear(&scratch);
}

static void parse_damaged(const void *parser, fw_sv line)
{
    struct fw_arena scratch;
    struct fw_event ev;
    fw_arena_init(&scratch, 0);
    enum fw_line_verdict verdict = ask(parser, line, &scratch, &ev);
    ck_assert_int_ge(verdict, FW_LINE_NONE);
    ck_assert_int_le(verdict, FW_LINE_BAD);
    fw_arena_clear(&scratch);
}

void test_parse_mangled(const struct fw_parser *parser, const char *line)
{
    mangle(fw_sv_from(line), FW_SV("\0 \"()/:[\\]=9\xff"), parse_damaged, parser);
}
