/* Tests of core/proto.h. */
#include "core/proto.h"

#include "tests/unit/suites.h"

static const struct {
    const char *name;
    uint16_t port;
    bool alias;
} rows[] = {
#define FW_PORT(name, port) {name, port, false},
#define FW_PORT_ALIAS(name, port) {name, port, true},
#include "core/port.def"
#undef FW_PORT
#undef FW_PORT_ALIAS
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* The table is searched by halves, and one port has one printed name. */
START_TEST(port_table)
{
    for (size_t i = 0; i < ROWS; i++) {
        uint16_t port = 0;
        fw_sv name = fw_sv_from(rows[i].name);
        ck_assert_msg(i == 0 || fw_sv_cmp(fw_sv_from(rows[i - 1].name), name) < 0,
                      "%s is out of order", rows[i].name);
        for (size_t j = 0; j < name.n; j++) {
            ck_assert_msg(name.p[j] == fw_lower(name.p[j]), "%s", rows[i].name);
        }
        ck_assert_msg(fw_port_parse(name, &port), "%s", rows[i].name);
        ck_assert_uint_eq(port, rows[i].port);
        const char *printed = fw_port_name(port);
        ck_assert_msg(printed != NULL, "%s has an alias only", rows[i].name);
        if (!rows[i].alias) {
            ck_assert_str_eq(printed, rows[i].name);
        }
    }
}
END_TEST

START_TEST(ports)
{
    static const struct {
        const char *text;
        int port; /* -1: refused */
    } cases[] = {
        {"ssh", 22}, {"SSH", 22},      {"www", 80},   {"http", 80}, {"domain", 53}, {"443", 443},
        {"0", 0},    {"65535", 65535}, {"65536", -1}, {"", -1},     {"ss", -1},     {"sshd", -1},
        {"-1", -1},  {"80-90", -1},    {"zzz", -1},   {"a", -1},    {"cifs", -1},   {"any", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint16_t port = 7;
        bool ok = fw_port_parse(fw_sv_from(cases[i].text), &port);
        ck_assert_msg(ok == (cases[i].port >= 0), "%s", cases[i].text);
        ck_assert_int_eq(port, ok ? cases[i].port : 7);
    }
    ck_assert_str_eq(fw_port_name(80), "http");
    ck_assert_ptr_null(fw_port_name(0));
    ck_assert_ptr_null(fw_port_name(65535));
}
END_TEST

START_TEST(protocols)
{
    static const struct {
        const char *text;
        int proto;
    } cases[] = {
        {"tcp", 6},       {"TCP", 6},  {"udp", 17},  {"icmp", 1}, {"ipv6-icmp", 58}, {"icmp6", 58},
        {"icmpv6", 58},   {"gre", 47}, {"esp", 50},  {"ah", 51},  {"ospf", 89},      {"sctp", 132},
        {"udplite", 136}, {"6", 6},    {"255", 255}, {"256", -1}, {"0", 0},          {"", -1},
        {"ip", -1},       {"all", -1}, {"tcp ", -1}, {"any", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t proto = 7;
        bool ok = fw_proto_parse(fw_sv_from(cases[i].text), &proto);
        ck_assert_msg(ok == (cases[i].proto >= 0), "%s", cases[i].text);
        ck_assert_int_eq(proto, ok ? cases[i].proto : 7);
    }
    for (unsigned i = 0; i < 256; i++) { /* what is printed is read back */
        struct fw_buf buf;
        uint8_t proto = 0;
        fw_buf_init(&buf);
        fw_proto_text(&buf, (uint8_t)i);
        ck_assert_msg(fw_proto_parse(fw_buf_sv(&buf), &proto), "%s", buf.p);
        ck_assert_uint_eq(proto, i);
        bool want = i == 6 || i == 17 || i == 33 || i == 132 || i == 136;
        ck_assert(fw_proto_has_ports((uint8_t)i) == want);
        fw_buf_clear(&buf);
    }
}
END_TEST

Suite *fw_suite_proto(void)
{
    Suite *suite = suite_create("proto");
    TCase *tc = tcase_create("all");
    tcase_add_test(tc, port_table);
    tcase_add_test(tc, ports);
    tcase_add_test(tc, protocols);
    suite_add_tcase(suite, tc);
    return suite;
}
