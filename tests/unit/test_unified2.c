/* unified2: every layout of an event, packets, extra data, and lengths that lie. */
#include <check.h>
#include <stdlib.h>

#include "core/limits.h"
#include "parsers/logfile.h"
#include "parsers/unified2.h"
#include "tests/unit/suites.h"

extern const struct fw_parser fw_parser_unified2;

struct bytes {
    char v[1024];
    size_t n;
};

static void put(struct bytes *b, uint64_t value, unsigned size)
{
    for (unsigned i = size; i > 0; i--) {
        b->v[b->n++] = (char)(value >> 8 * (i - 1));
    }
}

static void begin(struct bytes *b, uint32_t type, uint32_t length)
{
    put(b, type, 4);
    put(b, length, 4);
}

/* sensor 1, event 2, second 1782864000, microsecond 250000, sid, gid 1, rev 3, class 4, priority 2
 */
static void put_event(struct bytes *b, uint32_t sid)
{
    static const uint32_t common[] = {1, 2, 1782864000, 250000, 0, 1, 3, 4, 2};
    for (size_t i = 0; i < 9; i++) {
        put(b, i == 4 ? sid : common[i], 4);
    }
}

static void put_v4(struct bytes *b)
{
    put(b, 0xc6336407, 4);
    put(b, 0xc000020a, 4);
    put(b, 40000, 2);
    put(b, 445, 2);
    put(b, 0x06203001, 4); /* protocol, impact flag, impact, blocked */
}

static fw_sv view(const struct bytes *b)
{
    return fw_sv_of(b->v, b->n);
}

START_TEST(layouts)
{
    static const struct {
        uint32_t type, length;
        bool v6;
    } rows[] = {{7, 52, false}, {99, 56, false}, {104, 60, false}, {111, 124, false},
                {72, 76, true}, {100, 80, true}, {105, 84, true},  {112, 148, true}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bytes b = {.n = 0};
        struct fw_u2_record r;
        begin(&b, rows[i].type, rows[i].length);
        put_event(&b, 2900002);
        if (rows[i].v6) {
            put(&b, UINT64_C(0x20010db800000000), 8);
            put(&b, 7, 8);
            put(&b, UINT64_C(0x20010db800000000), 8);
            put(&b, 10, 8);
            put(&b, 40000, 2);
            put(&b, 445, 2);
            put(&b, 0x06203001, 4);
        } else {
            put_v4(&b);
        }
        put(&b, 17, 4);
        put(&b, 100, 2);
        put(&b, 9, 2);
        memcpy(b.v + b.n, "https", 6);
        b.n = rows[i].length + FW_U2_HEADER;
        ck_assert(fw_u2_read(view(&b), &r));
        ck_assert_int_eq(r.kind, FW_U2_EVENT);
        ck_assert_uint_eq(r.sid, 2900002);
        ck_assert_uint_eq(r.gid, 1);
        ck_assert_uint_eq(r.rev, 3);
        ck_assert_uint_eq(r.class, 4);
        ck_assert_uint_eq(r.priority, 2);
        ck_assert_uint_eq(r.microsecond, 250000);
        ck_assert_uint_eq(r.sport, 40000);
        ck_assert_uint_eq(r.dport, 445);
        ck_assert_uint_eq(r.protocol, 6);
        ck_assert_uint_eq(r.impact_flag, 0x20);
        ck_assert_uint_eq(r.impact, 0x30);
        ck_assert_uint_eq(r.blocked, 1);
        ck_assert_uint_eq(r.src.family, rows[i].v6 ? FW_IPV6 : FW_IPV4);
        ck_assert_uint_eq(r.src.lo, rows[i].v6 ? 7 : 0xc6336407);
        ck_assert_uint_eq(r.dst.lo, rows[i].v6 ? 10 : 0xc000020a);
        bool old = rows[i].type == 7 || rows[i].type == 72;
        ck_assert_uint_eq(r.mpls, old ? 0 : 17);
        ck_assert_uint_eq(r.vlan, rows[i].type > 100 ? 100 : 0);
        ck_assert_uint_eq(r.pad, rows[i].type > 100 ? 9 : 0);
        ck_assert(fw_sv_is(r.data, rows[i].length > 100 ? "https" : ""));
        for (size_t n = 0; n < b.n; n++) { /* cut: none of it */
            ck_assert(!fw_u2_read(fw_sv_of(b.v, n), &r));
        }
    }
}
END_TEST

START_TEST(parts)
{
    struct bytes b = {.n = 0};
    struct fw_u2_record r;
    begin(&b, 2, 32);
    for (uint32_t i = 1; i <= 6; i++) {
        put(&b, i, 4);
    }
    put(&b, 4, 4);
    put(&b, 0x61626364, 4);
    ck_assert(fw_u2_read(view(&b), &r) && r.kind == FW_U2_PACKET);
    ck_assert_uint_eq(r.packet_second, 4);
    ck_assert_uint_eq(r.microsecond, 5);
    ck_assert_uint_eq(r.link, 6);
    ck_assert(fw_sv_is(r.data, "abcd"));
    b.v[FW_U2_HEADER + 27] = 5; /* one byte more than there is */
    ck_assert(!fw_u2_read(view(&b), &r));

    b.n = 0;
    begin(&b, 110, 35);
    static const uint32_t extra[] = {4, 35, 1, 2, 3, 9, 1, 11};
    for (size_t i = 0; i < 8; i++) {
        put(&b, extra[i], 4);
    }
    put(&b, 0x782f79, 3);
    ck_assert(fw_u2_read(view(&b), &r) && r.kind == FW_U2_EXTRA);
    ck_assert_uint_eq(r.extra_type, 9);
    ck_assert_uint_eq(r.event, 2);
    ck_assert(fw_sv_is(r.data, "x/y"));
    b.v[FW_U2_HEADER + 31] = 12;
    ck_assert(!fw_u2_read(view(&b), &r));
    b.v[FW_U2_HEADER + 31] = 7;
    ck_assert(!fw_u2_read(view(&b), &r));
}
END_TEST

START_TEST(lengths)
{
    struct bytes b = {.n = 0};
    begin(&b, 2, FW_LIMIT_UNIFIED2_BYTES - FW_U2_HEADER);
    ck_assert_uint_eq(fw_u2_length(view(&b)), FW_LIMIT_UNIFIED2_BYTES);
    b.n = 0;
    begin(&b, 2, FW_LIMIT_UNIFIED2_BYTES - FW_U2_HEADER + 1);
    ck_assert_uint_eq(fw_u2_length(view(&b)), 0);
    b.n = 0;
    begin(&b, 2, UINT32_MAX);
    ck_assert_uint_eq(fw_u2_length(view(&b)), 0);
    b.n = 0;
    begin(&b, 0, 52);
    ck_assert_uint_eq(fw_u2_length(view(&b)), 0);
}
END_TEST

/* Two events, then something; what is behind it is never searched for events. */
static void read_file(const struct bytes *b, uint64_t used, uint64_t ignored, uint64_t bad)
{
    struct fw_source *source;
    struct fw_logfile *file;
    const struct fw_logline *line;
    struct fw_source_info info;
    uint64_t n = 0;
    ck_assert_int_eq(fw_source_open_memory(view(b), &source), FW_OK);
    ck_assert_int_eq(fw_logfile_new(source, NULL, &file), FW_OK);
    while ((line = fw_logfile_next(file))) {
        ck_assert_uint_eq(line->number, ++n);
        ck_assert_ptr_eq(line->parser, &fw_parser_unified2);
        if (line->verdict == FW_LINE_USED) {
            ck_assert_uint_eq(line->event.alert_sid, 2900002);
            ck_assert(fw_sv_is(line->event.code, "1:2900002"));
            ck_assert(fw_sv_is(line->event.rule_id, "2900002"));
            ck_assert(fw_sv_is(line->event.transport, "tcp"));
            ck_assert(fw_sv_is(line->event.outcome, "failure"));
            ck_assert_int_eq(fw_stamp_ns(&line->event.time, 3600), 1782864000250000000);
        }
    }
    struct fw_line_counts c = fw_logfile_counts(file);
    ck_assert_uint_eq(c.used, used);
    ck_assert_uint_eq(c.ignored, ignored);
    ck_assert_uint_eq(c.bad, bad);
    ck_assert_int_eq(fw_source_finish(source, &info), FW_OK);
    ck_assert_uint_eq(info.decoded_bytes, b->n);
    fw_logfile_free(file);
    fw_source_free(source);
}

START_TEST(files)
{
    struct bytes b = {.n = 0};
    for (int i = 0; i < 2; i++) {
        begin(&b, 7, 52);
        put_event(&b, 2900002);
        put_v4(&b);
    }
    read_file(&b, 2, 0, 0);
    struct bytes cut = b;
    cut.n -= 1;
    read_file(&cut, 1, 0, 1);
    struct bytes lying = b;
    lying.v[60 + 4] = 0x7f; /* 2 GB */
    read_file(&lying, 1, 0, 1);
    struct bytes shorter = b;
    shorter.v[60 + 7] = 20; /* too short for an event: where it ends is not known */
    read_file(&shorter, 1, 0, 1);
    struct bytes other = b;
    begin(&other, 113, 4);
    put(&other, 0, 4);
    read_file(&other, 2, 1, 0);
    put(&other, 0, 8); /* zeros to the end */
    read_file(&other, 2, 1, 1);
}
END_TEST

START_TEST(bids)
{
    struct bytes b = {.n = 0};
    begin(&b, 7, 52);
    put_event(&b, 1);
    put_v4(&b);
    ck_assert_int_ge(fw_parser_unified2.bid(view(&b)), FW_BID_SURE);
    ck_assert_int_eq(fw_parser_unified2.bid(FW_SV("Jul  5 10:11:12 a b: c")), 0);
    ck_assert_int_eq(fw_parser_unified2.bid(FW_SV("\0\0\0\7\0\0\0")), 0);
    ck_assert_int_eq(fw_parser_unified2.bid(FW_SV("")), 0);
}
END_TEST

Suite *fw_suite_unified2(void)
{
    Suite *suite = suite_create("unified2");
    TCase *tcase = tcase_create("unified2");
    tcase_add_test(tcase, layouts);
    tcase_add_test(tcase, parts);
    tcase_add_test(tcase, lengths);
    tcase_add_test(tcase, files);
    tcase_add_test(tcase, bids);
    suite_add_tcase(suite, tcase);
    return suite;
}
