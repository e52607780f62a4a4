/* Tests of packets in words: flows, CSV cells, JSON. */
#include "policy/packet.h"

#include <string.h>

#include "tests/unit/suites.h"

static struct fw_buf text;
static struct fw_buf error;

static void setup(void)
{
    fw_buf_init(&text);
    fw_buf_init(&error);
}

static void teardown(void)
{
    fw_buf_clear(&text);
    fw_buf_clear(&error);
}

/* What is read is written the same way again, in one order. */
START_TEST(flows_read_and_write)
{
    static const char *const cases[][2] = {
        {"tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=eth0",
         "tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=eth0"},
        {"tcp 10.0.0.1:1024 -> 192.0.2.9:443 hook=forward state=new flags=syn,ack in=a out=b",
         "tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=a out=b flags=syn,ack state=new hook=forward"},
        {"icmp 10.0.0.1 -> 192.0.2.9 type=8 code=0", "icmp 10.0.0.1 -> 192.0.2.9 type=8 code=0"},
        {"udp [2001:db8::1]:53 -> [2001:db8::2]:53", "udp [2001:db8::1]:53 -> [2001:db8::2]:53"},
        {"esp 2001:db8::1 -> 2001:db8::2", "esp 2001:db8::1 -> 2001:db8::2"},
        {"17 10.0.0.1 -> 10.0.0.2:domain mark=0x10", "udp 10.0.0.1 -> 10.0.0.2:53 mark=0x10"},
        {"tcp 10.0.0.1 -> 10.0.0.2 flags=none", "tcp 10.0.0.1 -> 10.0.0.2 flags=none"},
        {"-> 10.0.0.2", "ip any -> 10.0.0.2"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_packet packet;
        ck_assert_msg(fw_packet_parse(fw_sv_from(cases[i][0]), &packet, &error), "%s: %s",
                      cases[i][0], error.p);
        fw_buf_reset(&text);
        fw_packet_text(&text, &packet);
        ck_assert_str_eq(text.p, cases[i][1]);
        struct fw_packet again;
        ck_assert(fw_packet_parse(fw_buf_sv(&text), &again, &error));
        fw_buf_reset(&error);
        fw_packet_text(&error, &again);
        ck_assert_str_eq(error.p, cases[i][1]);
        fw_buf_reset(&error);
    }
}
END_TEST

START_TEST(mistakes_are_explained)
{
    static const char *const cases[][2] = {
        {"tcq 10.0.0.1 -> 10.0.0.2", "\"tcq\""},
        {"tcp 10.0.0.1:99999 -> 10.0.0.2", "\"10.0.0.1:99999\""},
        {"tcp 10.0.0.256 -> 10.0.0.2", "\"10.0.0.256\""},
        {"tcp 10.0.0.1 -> 2001:db8::1", "different families"},
        {"tcp 10.0.0.1 -> 10.0.0.2 state=old", "new, established"},
        {"tcp 10.0.0.1 -> 10.0.0.2 hook=sideways", "input, forward or output"},
        {"tcp 10.0.0.1 -> 10.0.0.2 flags=sym", "syn"},
        {"tcp 10.0.0.1 -> 10.0.0.2 colour=red", "\"colour\""},
        {"icmp 10.0.0.1 -> 10.0.0.2 type=256", "0-255"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fw_packet packet = {.mark = 7};
        fw_buf_reset(&error);
        ck_assert_msg(!fw_packet_parse(fw_sv_from(cases[i][0]), &packet, &error), "%s",
                      cases[i][0]);
        ck_assert_msg(strstr(error.p, cases[i][1]) != NULL, "%s: %s", cases[i][0], error.p);
        ck_assert_uint_eq(packet.mark, 7); /* written only on success */
    }
}
END_TEST

START_TEST(cells_may_be_blank)
{
    struct fw_packet packet = {0};
    ck_assert(fw_packet_set(&packet, FW_SV("source"), FW_SV(" "), &error));
    ck_assert_uint_eq(packet.src.family, 0);
    ck_assert(fw_packet_set(&packet, FW_SV("protocol"), FW_SV("icmp"), &error));
    ck_assert(fw_packet_set(&packet, FW_SV("icmp_type"), FW_SV("8"), &error));
    fw_packet_complete(&packet);
    ck_assert(packet.has_icmp_code);
    ck_assert_uint_eq(packet.icmp_code, 0);
    packet = (struct fw_packet){0};
    ck_assert(fw_packet_set(&packet, FW_SV("protocol"), FW_SV("6"), &error));
    fw_packet_complete(&packet);
    ck_assert(!packet.has_flags);
    ck_assert(fw_packet_set(&packet, FW_SV("state"), FW_SV("NEW"), &error));
    fw_packet_complete(&packet);
    ck_assert(packet.has_flags);
    ck_assert_uint_eq(packet.flags, 2);
    ck_assert(!fw_packet_set(&packet, FW_SV("weather"), FW_SV("fine"), &error));
    ck_assert_ptr_nonnull(strstr(error.p, "weather"));
}
END_TEST

START_TEST(witness_json)
{
    struct fw_packet packet;
    struct fw_json json;
    ck_assert(
        fw_packet_parse(FW_SV("tcp 10.0.0.1:1024 -> 192.0.2.9:443 in=eth0"), &packet, &error));
    fw_json_init(&json, &text, 0);
    fw_packet_json(&json, &packet);
    ck_assert_str_eq(text.p, "{\"source\":\"10.0.0.1\",\"destination\":\"192.0.2.9\",\"protocol\":"
                             "\"tcp\",\"source_port\":1024,\"destination_port\":443,"
                             "\"in\":\"eth0\"}");
    fw_buf_reset(&text);
    packet = (struct fw_packet){0};
    fw_json_init(&json, &text, 0);
    fw_packet_json(&json, &packet);
    ck_assert_str_eq(text.p, "{\"source\":null,\"destination\":null,\"protocol\":null,"
                             "\"source_port\":null,\"destination_port\":null}");
}
END_TEST

Suite *fw_suite_packet(void)
{
    Suite *suite = suite_create("packet");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, flows_read_and_write);
    tcase_add_test(tcase, mistakes_are_explained);
    tcase_add_test(tcase, cells_may_be_blank);
    tcase_add_test(tcase, witness_json);
    suite_add_tcase(suite, tcase);
    return suite;
}
