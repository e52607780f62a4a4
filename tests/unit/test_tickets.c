/* Ticket lists: CSV as spreadsheets and ticket systems write it, and what a row means. */
#include "core/limits.h"
#include "core/time.h"
#include "parsers/tickets.h"
#include "tests/unit/expect.h"
#include "tests/unit/suites.h"

static struct fw_diags *diags;
static struct fw_doc doc;
static struct fw_tickets tickets;

static void setup(void)
{
    diags = fw_diags_new();
    fw_doc_init(&doc, FW_SV("tickets.csv"), diags);
}

static void teardown(void)
{
    fw_doc_clear(&doc);
    fw_diags_free(diags);
}

static enum fw_err parse(const char *text)
{
    fw_doc_set_text(&doc, fw_sv_from(text));
    return fw_tickets_parse(&doc, 8 * 3600, &tickets);
}

static void expect_lines(uint64_t used, uint64_t ignored, uint64_t bad)
{
    ck_assert_uint_eq(tickets.lines.used, used);
    ck_assert_uint_eq(tickets.lines.ignored, ignored);
    ck_assert_uint_eq(tickets.lines.unsupported, 0);
    ck_assert_uint_eq(tickets.lines.bad, bad);
    ck_assert_uint_eq(tickets.lines.total, used + ignored + bad);
}

START_TEST(whole_list)
{
    ck_assert_int_eq(
        parse("\xef\xbb\xbfticket,device,rule,change,requester,approver,implementer,approved,"
              "implemented,status\r\n"
              "CHG-1,fw01,FORWARD 12,add,王小華,李主任,陳工程師,2026-05-02,2026-05-03,closed\r\n"
              "\r\n"
              "CHG-2,fw02,\"permit tcp any host 192.0.2.5, eq 443\nas \"\"web\"\"\",,,李主任,,"
              "2026-05-02 10:30,,"),
        FW_OK);
    ck_assert_uint_eq(fw_diags_count(diags), 0);
    ck_assert_uint_eq(tickets.n, 2);
    expect_lines(4, 1, 0);
    const struct fw_ticket *t = &tickets.v[0];
    expect_sv(t->id, "CHG-1");
    expect_sv(t->rule, "FORWARD 12");
    expect_sv(t->change, "add");
    expect_sv(t->approver, "李主任");
    expect_sv(t->status, "closed");
    expect_time(t->approved_ns, "2026-05-02T00:00:00+08:00");
    expect_time(t->implemented_ns, "2026-05-03T23:59:59+08:00");
    ck_assert_uint_eq(t->span.line, 2);
    t = &tickets.v[1];
    expect_sv(t->rule, "permit tcp any host 192.0.2.5, eq 443\nas \"web\"");
    expect_sv(t->change, "");
    expect_time(t->approved_ns, "2026-05-02T10:30:00+08:00");
    ck_assert(t->implemented_ns == INT64_MIN);
    ck_assert_uint_eq(t->span.line, 4);
}
END_TEST

START_TEST(chinese_header_any_order)
{
    ck_assert_int_eq(parse("狀態,核准日期,核准人,規則,備註,設備,申請單號,異動\n"
                           "結案,2026/05/02,李主任,INPUT 3,x,fw01,CHG-9,刪除\n"),
                     FW_OK);
    ck_assert_uint_eq(tickets.n, 1);
    expect_sv(tickets.v[0].id, "CHG-9");
    expect_sv(tickets.v[0].change, "remove");
    expect_sv(tickets.v[0].status, "結案");
    expect_time(tickets.v[0].approved_ns, "2026-05-02T00:00:00+08:00");
}
END_TEST

#define HEADER "ticket,device,rule,approver,approved,change\n"

START_TEST(bad_rows)
{
    ck_assert_int_eq(parse(HEADER "CHG-1,fw01,r,b,soon,add\n"
                                  "CHG-2,fw01,r,b,2026-05-02,replace\n"
                                  ",fw01,r,b,2026-05-02,add\n"
                                  "CHG-4,fw01\n"),
                     FW_OK);
    /* 1: known but not approved; 2: could mean any change, dropped; 3: no ticket; 4: short */
    ck_assert_uint_eq(tickets.n, 2);
    expect_sv(tickets.v[0].id, "CHG-1");
    ck_assert(tickets.v[0].approved_ns == INT64_MIN);
    expect_sv(tickets.v[1].id, "CHG-4");
    expect_sv(tickets.v[1].approver, "");
    expect_lines(2, 0, 3);
    ck_assert_uint_eq(fw_diags_total(diags, FW_DIAG_NOTE), 3);
    ck_assert_uint_eq(fw_diags_at(diags, 0)->span.line, 2);
    ck_assert_uint_eq(fw_diags_at(diags, 0)->column, 16);
}
END_TEST

static const struct {
    const char *text, *message;
} headers[] = {
    {"", "begins with a row of column names"},
    {"\n\n", "begins with a row of column names"},
    {"ticket,device,rule,aprover,approved\n", "is \"aprover\" meant to be it?"},
    {"ticket,device,rule,approved\n", "lacks the column \"approver\""},
    {HEADER "x", NULL},
    {"ticket,ticket,device,rule,approver,approved\n", "column \"ticket\" is there twice"},
};

START_TEST(header_is_strict)
{
    enum fw_err err = parse(headers[_i].text);
    if (!headers[_i].message) {
        ck_assert_int_eq(err, FW_OK);
        return;
    }
    ck_assert_int_eq(err, FW_ERR_INVALID);
    ck_assert_int_eq(fw_diags_at(diags, 0)->id, FW_DIAG_ID_RECORD_INVALID);
    ck_assert_msg(fw_sv_find(fw_diags_at(diags, 0)->message, fw_sv_from(headers[_i].message)) !=
                      SIZE_MAX,
                  "%.*s", FW_SV_ARG(fw_diags_at(diags, 0)->message));
}
END_TEST

static const struct {
    const char *text;
    const char *cells; /* cells joined by |, records by / */
} records[] = {
    {"", ""},
    {"a", "a/"},
    {"a,b\nc,d\n", "a|b/c|d/"},
    {"a,b\r\nc\r\n", "a|b/c/"},
    {"a,\n,\n", "a|/|/"},
    {"\"a,b\",\"c\"\"d\"\n", "a,b|c\"d/"},
    {"\"a\nb\",c", "a\nb|c/"},
    {"\"a\" x,c\n", "\"a\" x|c/"},
    {"a \"b\",c\n", "a \"b\"|c/"},
    {"\"a,b\nc", "a,b\nc/"},
    {"a\rb,c\n", "a\rb|c/"},
    {"\xef\xbb\xbf"
     "a\n",
     "a/"},
    {"\"\"\"\"\n", "\"/"},
};

START_TEST(csv_records)
{
    struct fw_csv csv = {.text = fw_sv_from(records[_i].text)};
    struct fw_buf buf;
    fw_buf_init(&buf);
    fw_sv *cells;
    size_t n;
    while (fw_csv_record(&csv, &doc.arena, &cells, &n)) {
        for (size_t i = 0; i < n; i++) {
            fw_buf_add_cstr(&buf, i ? "|" : "");
            fw_buf_add(&buf, cells[i]);
        }
        fw_buf_add_char(&buf, '/');
    }
    expect_sv(fw_buf_sv(&buf), records[_i].cells);
    fw_buf_clear(&buf);
}
END_TEST

START_TEST(csv_limits)
{
    fw_sv wide = FW_SV("x");
    for (size_t i = 0; i < 9; i++) {
        wide = fw_arena_printf(&doc.arena, "%.*s,%.*s", FW_SV_ARG(wide), FW_SV_ARG(wide));
    }
    struct fw_csv csv = {.text = wide};
    fw_sv *cells;
    size_t n;
    ck_assert(fw_csv_record(&csv, &doc.arena, &cells, &n));
    ck_assert_uint_eq(n, FW_LIMIT_CSV_COLUMNS);
    ck_assert(csv.too_wide);
    csv = (struct fw_csv){.text = FW_SV("\"a\nb")};
    ck_assert(fw_csv_record(&csv, &doc.arena, &cells, &n));
    ck_assert(csv.unterminated);
    ck_assert_uint_eq(csv.line, 1);
    ck_assert(!fw_csv_record(&csv, &doc.arena, &cells, &n));
}
END_TEST

/* Every byte string is some CSV: nothing crashes, nothing is read past the end. */
START_TEST(any_bytes)
{
    static const char alphabet[] = "a,\"\n\r \xff";
    uint32_t seed = 12345;
    for (int round = 0; round < 20000; round++) {
        char text[24];
        size_t n = 0;
        for (; n < sizeof(text) && (seed >> 28) != 3; n++) {
            seed = seed * 1664525 + 1013904223;
            text[n] = alphabet[(seed >> 20) % (sizeof(alphabet) - 1)];
        }
        seed = seed * 1664525 + 1013904223;
        struct fw_csv csv = {.text = fw_sv_of(text, n)};
        fw_sv *cells;
        size_t count;
        uint64_t before = 0;
        while (fw_csv_record(&csv, &doc.scratch, &cells, &count)) {
            ck_assert_uint_gt(csv.offset, before);
            before = csv.offset;
        }
        ck_assert_uint_ge(csv.offset, n == 0 ? 0 : n);
        fw_arena_reset(&doc.scratch);
    }
}
END_TEST

Suite *fw_suite_tickets(void)
{
    Suite *suite = suite_create("tickets");
    TCase *tests = tcase_create("tickets");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, whole_list);
    tcase_add_test(tests, chinese_header_any_order);
    tcase_add_test(tests, bad_rows);
    tcase_add_loop_test(tests, header_is_strict, 0, sizeof(headers) / sizeof(headers[0]));
    tcase_add_loop_test(tests, csv_records, 0, sizeof(records) / sizeof(records[0]));
    tcase_add_test(tests, csv_limits);
    tcase_add_test(tests, any_bytes);
    suite_add_tcase(suite, tests);
    return suite;
}
