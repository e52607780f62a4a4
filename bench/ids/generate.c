/*
 * Files of sensors to measure with: generate KIND N [SEED]. The same arguments give the same bytes
 * on every machine.
 *
 *   eve        N lines of EVE: alerts, flows, DNS, HTTP, TLS, drops, and statistics, over 181 days
 *   unified2   N alerts, each with its packet and every fourth with extra data
 *   rules      N signatures, every tenth disabled, every twentieth with a threshold
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = state;
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((x ^ x >> 31) >> 32) % below;
}

/* --- EVE ------------------------------------------------------------------------------------ */

/* The first half of a year without 29 February. */
static const unsigned month_days[] = {31, 28, 31, 30, 31, 30};

static void eve_head(uint64_t i, uint64_t n, const char *type)
{
    uint64_t second = i * (181 * 86400) / n;
    uint64_t day = second / 86400;
    unsigned month = 0;
    while (month < 5 && day >= month_days[month]) {
        day -= month_days[month++];
    }
    printf("{\"timestamp\":\"2026-%02u-%02" PRIu64 "T%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
           ".%06u+0800\",\"flow_id\":%u%09u,\"in_iface\":\"eth0\",\"event_type\":\"%s\","
           "\"src_ip\":\"10.20.%u.%u\",\"src_port\":%u,\"dest_ip\":\"198.51.100.%u\","
           "\"dest_port\":%u,\"proto\":\"%s\"",
           month + 1, day + 1, second / 3600 % 24, second / 60 % 60, second % 60, draw(1000000),
           draw(2000000000) + 1, draw(1000000000), type, draw(128), draw(254) + 1,
           draw(64000) + 1024, draw(254) + 1, draw(2) ? 443 : 80, draw(4) ? "TCP" : "UDP");
}

static void eve_line(uint64_t i, uint64_t n)
{
    uint32_t kind = draw(100);
    if (kind < 25) {
        eve_head(i, n, "alert");
        printf(
            ",\"alert\":{\"action\":\"allowed\",\"gid\":1,\"signature_id\":%u,\"rev\":%u,"
            "\"signature\":\"DEMO rule number %u\",\"category\":\"Misc activity\",\"severity\":%u,"
            "\"metadata\":{\"created_at\":[\"2019_05_01\"],\"signature_severity\":[\"Minor\"]}},"
            "\"app_proto\":\"http\",\"flow\":{\"pkts_toserver\":%u,\"pkts_toclient\":%u,"
            "\"bytes_toserver\":%u,\"bytes_toclient\":%u,\"start\":\"2026-01-01T00:00:00+0800\"},"
            "\"payload_printable\":\"GET /%x HTTP/1.1\\r\\nHost: example.org\\r\\n\\r\\n\"}\n",
            2900000 + draw(500), draw(5) + 1, draw(500), draw(3) + 1, draw(100), draw(100),
            draw(100000), draw(1000000), draw(1u << 30));
    } else if (kind < 60) {
        eve_head(i, n, "flow");
        printf(",\"app_proto\":\"tls\",\"flow\":{\"pkts_toserver\":%u,\"pkts_toclient\":%u,"
               "\"bytes_toserver\":%u,\"bytes_toclient\":%u,\"start\":\"2026-01-01T00:00:00+0800\","
               "\"end\":\"2026-01-01T00:00:10+0800\",\"age\":%u,\"state\":\"closed\","
               "\"reason\":\"timeout\",\"alerted\":false},\"tcp\":{\"tcp_flags\":\"1b\","
               "\"syn\":true,\"fin\":true,\"psh\":true,\"ack\":true,\"state\":\"closed\"}}\n",
               draw(1000), draw(1000), draw(1000000), draw(10000000), draw(600));
    } else if (kind < 80) {
        eve_head(i, n, "dns");
        printf(",\"dns\":{\"type\":\"query\",\"id\":%u,\"rrname\":\"host%u.example.org\","
               "\"rrtype\":\"A\",\"tx_id\":0}}\n",
               draw(65536), draw(10000));
    } else if (kind < 92) {
        eve_head(i, n, "http");
        printf(",\"tx_id\":0,\"http\":{\"hostname\":\"www%u.example.org\",\"url\":\"/a/b/%x?q=%u\","
               "\"http_user_agent\":\"Mozilla/5.0 (X11; \\\"quoted\\\")\",\"http_method\":\"GET\","
               "\"protocol\":\"HTTP/1.1\",\"status\":200,\"length\":%u}}\n",
               draw(100), draw(1u << 30), draw(1000), draw(100000));
    } else if (kind < 98) {
        eve_head(i, n, "tls");
        printf(",\"tls\":{\"subject\":\"CN=example.org\",\"issuerdn\":\"C=TW, O=Demo CA\","
               "\"serial\":\"0A:%02X\",\"sni\":\"example.org\",\"version\":\"TLS 1.3\"}}\n",
               draw(256));
    } else {
        eve_head(i, n, "drop");
        printf(",\"drop\":{\"len\":%u,\"tos\":0,\"ttl\":64,\"ipid\":%u,\"tcpseq\":%u,"
               "\"tcpack\":0,\"syn\":true,\"reason\":\"rules\"}}\n",
               draw(1500), draw(65536), draw(1u << 31));
    }
}

/* --- unified2 ------------------------------------------------------------------------------- */

static void put32(unsigned char *to, uint32_t value)
{
    to[0] = (unsigned char)(value >> 24);
    to[1] = (unsigned char)(value >> 16);
    to[2] = (unsigned char)(value >> 8);
    to[3] = (unsigned char)value;
}

static void record(uint32_t type, const unsigned char *data, uint32_t n)
{
    unsigned char head[8];
    put32(head, type);
    put32(head + 4, n);
    fwrite(head, 1, sizeof(head), stdout);
    fwrite(data, 1, n, stdout);
}

static void unified2_event(uint64_t i, uint64_t n)
{
    uint32_t second = 1767225600u + (uint32_t)(i * (181 * 86400) / n);
    unsigned char event[60] = {0}; /* type 104: with VLAN and policy */
    put32(event + 4, (uint32_t)i);
    put32(event + 8, second);
    put32(event + 12, draw(1000000));
    put32(event + 16, 2900000 + draw(500));
    put32(event + 20, 1);
    put32(event + 24, 1);
    put32(event + 28, 1 + draw(30));
    put32(event + 32, 1 + draw(3));
    put32(event + 36, 0x0a140000u + draw(30000));
    put32(event + 40, 0xc6336400u + draw(250));
    put32(event + 44, (1024 + draw(60000)) << 16 | 443);
    event[48] = 6;
    record(104, event, sizeof(event));
    unsigned char packet[28 + 1460] = {0};
    uint32_t length = 60 + draw(1400);
    put32(packet + 4, (uint32_t)i);
    put32(packet + 8, second);
    put32(packet + 12, second);
    put32(packet + 20, 1);
    put32(packet + 24, length);
    for (uint32_t k = 0; k < length; k += 4) {
        put32(packet + 28 + k, draw(UINT32_MAX));
    }
    record(2, packet, 28 + length);
    if (i % 4 == 0) {
        unsigned char extra[32 + 16] = {0};
        put32(extra, 4);
        put32(extra + 4, 24 + 16);
        put32(extra + 12, (uint32_t)i);
        put32(extra + 16, second);
        put32(extra + 20, 9);
        put32(extra + 24, 1);
        put32(extra + 28, 8 + 16);
        memcpy(extra + 32, "/index.html?a=b1", 16);
        record(110, extra, sizeof(extra));
    }
}

/* --- rules ---------------------------------------------------------------------------------- */

static void rule(uint64_t i, uint64_t n)
{
    (void)n;
    printf(
        "%salert tcp $EXTERNAL_NET any -> $HOME_NET %u (msg:\"DEMO rule number %" PRIu64
        "\"; flow:established,to_server; content:\"/%x\"; http_uri; nocase; "
        "content:\"Host|3a 20|\"; %sreference:cve,2026-%u; reference:url,example.org/%x; "
        "classtype:web-application-attack; sid:%" PRIu64 "; rev:%u; metadata:created_at "
        "2019_05_%02u, deployment Perimeter, signature_severity Major, updated_at 2026_05_%02u;)\n",
        i % 10 == 3 ? "#" : "", draw(65535) + 1, i, draw(1u << 30),
        i % 20 == 0 ? "threshold:type limit, track by_src, count 1, seconds 60; " : "", draw(90000),
        draw(1u << 30), 2900000 + i, draw(9) + 1, draw(28) + 1, draw(28) + 1);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*put)(uint64_t i, uint64_t n);
    } kinds[] = {{"eve", eve_line}, {"unified2", unified2_event}, {"rules", rule}};
    uint64_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    for (size_t k = 0; n > 0 && k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        if (strcmp(argv[1], kinds[k].name) == 0) {
            for (uint64_t i = 0; i < n; i++) {
                kinds[k].put(i, n);
            }
            return ferror(stdout) ? 2 : 0;
        }
    }
    fprintf(stderr, "usage: generate eve|unified2|rules N [SEED]\n");
    return 2;
}
