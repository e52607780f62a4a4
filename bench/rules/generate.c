/*
 * Rulesets to measure with, as iptables-save: generate FAMILY RULES [SEED]. The same arguments give
 * the same bytes on every machine.
 *
 *   acl, fw, ipc
 *       in the manner of ClassBench's seeds: prefixes drawn from skewed tries, classes of port
 *       ranges, specific rules mostly before wide ones
 *
 *   corp
 *       a corporate list: objects of addresses and services used again and again, port lists,
 *       sections by network, 5 % injected duplicates, narrower copies and unions
 *
 *   pieces
 *       four networks, each taken apart into 65,536 rules, then the four as rules of their own,
 *       among others (RULES counts the others)
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct random {
    uint64_t state;
};

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static uint64_t draw(struct random *r)
{
    r->state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(r->state);
}

static uint32_t below(struct random *r, uint32_t n)
{
    return (uint32_t)((draw(r) >> 32) * n >> 32);
}

/* Small numbers often, large ones rarely: n * u * u. */
static uint32_t skewed(struct random *r, uint32_t n)
{
    uint64_t u = draw(r) >> 32;
    return (uint32_t)((u * u >> 32) * n >> 32);
}

/* An index by its weight; the weights end with a zero. */
static unsigned weighted(struct random *r, const uint8_t *weights)
{
    uint32_t sum = 0;
    for (unsigned i = 0; weights[i] > 0; i++) {
        sum += weights[i];
    }
    uint32_t at = below(r, sum);
    unsigned i = 0;
    while (at >= weights[i]) {
        at -= weights[i++];
    }
    return i;
}

enum { PROTO_ANY = 0, PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, MAX_PORTS = 7 };

struct ports {
    unsigned n; /* 0: any */
    uint16_t lo[MAX_PORTS], hi[MAX_PORTS];
};

struct rule {
    uint32_t src, dst;
    uint8_t src_length, dst_length;
    uint8_t proto;
    bool permit;
    struct ports sport, dport;
    uint32_t key; /* order */
};

struct list {
    size_t n, room;
    struct rule *v;
};

static void add(struct list *list, const struct rule *rule)
{
    if (list->n == list->room) {
        list->room = list->room ? list->room * 2 : 1024;
        list->v = realloc(list->v, list->room * sizeof(*list->v));
        if (!list->v) {
            fprintf(stderr, "generate: out of memory\n");
            exit(2);
        }
    }
    list->v[list->n++] = *rule;
}

static uint32_t mask_of(unsigned length)
{
    return length == 0 ? 0 : ~UINT32_C(0) << (32 - length);
}

/* Classes of ports: any, 1024-, -1023, one, a range. */
enum port_class { PORT_ANY, PORT_HIGH, PORT_LOW, PORT_ONE, PORT_RANGE };

static struct ports one_range(uint32_t lo, uint32_t hi)
{
    return (struct ports){1, {(uint16_t)lo}, {(uint16_t)hi}};
}

static const uint16_t services[] = {80,   443,  53,   25,   22,   21,   110,  143, 389,  445,
                                    1433, 3306, 8080, 3389, 5432, 1521, 123,  161, 514,  993,
                                    995,  636,  88,   135,  137,  139,  8443, 179, 1720, 5060};
enum { SERVICES = sizeof(services) / sizeof(services[0]) };

static struct ports draw_ports(struct random *r, const uint8_t *classes, uint32_t different)
{
    switch ((enum port_class)weighted(r, classes)) {
    case PORT_HIGH:
        return one_range(1024, 65535);
    case PORT_LOW:
        return one_range(0, 1023);
    case PORT_ONE: {
        uint32_t which = skewed(r, different);
        uint32_t port = which < SERVICES ? services[which] : 1 + (uint32_t)(mix(which) % 49151);
        return one_range(port, port);
    }
    case PORT_RANGE: {
        uint64_t which = mix(skewed(r, different / 4 + 4) + UINT64_C(1) * 1000003);
        uint32_t lo = (uint32_t)(which % 60000);
        return one_range(lo, lo + 1 + (uint32_t)(which >> 32) % (which >> 63 ? 5000 : 50));
    }
    case PORT_ANY:
        break;
    }
    return (struct ports){0};
}

/* A trie of networks that is nowhere stored: the k-th child of a node is a hash of both. */
struct trie {
    uint64_t seed;
    uint32_t children[4]; /* of every node, by octet */
};

static uint32_t draw_address(struct random *r, const struct trie *trie)
{
    uint32_t address = 0;
    for (unsigned octet = 0; octet < 4; octet++) {
        uint64_t node = trie->seed ^ (uint64_t)address << 8 ^ octet;
        uint64_t child = mix(node * UINT64_C(0x9e3779b97f4a7c15) +
                             skewed(r, trie->children[octet]));
        address = address << 8 | (uint32_t)(child % (octet == 0 ? 223 : 256));
    }
    return address == 0 ? 0x0a000001 : address;
}

/* What distinguishes the families. Lengths of prefixes are 0, 8, 12, 16, 20, 24, 28, 32. */
struct family {
    const char *name;
    uint8_t src_lengths[9], dst_lengths[9];
    uint8_t protos[5]; /* any, icmp, tcp, udp */
    uint8_t sports[6], dports[6];
    uint32_t ports; /* different ones, for 10,000 rules */
    uint8_t permits;
    uint8_t disorder; /* percent of the place of a rule that is chance */
};

static const struct family families[] = {
    {"acl",
     {3, 1, 1, 6, 4, 25, 20, 40},
     {2, 1, 1, 4, 4, 20, 18, 50},
     {12, 5, 68, 15},
     {97, 1, 1, 1, 1},
     {30, 6, 2, 50, 12},
     400,
     75,
     35},
    {"fw",
     {38, 2, 1, 6, 2, 16, 8, 27},
     {18, 2, 1, 5, 2, 18, 10, 44},
     {14, 6, 62, 18},
     {80, 8, 1, 9, 2},
     {32, 6, 1, 46, 15},
     300,
     70,
     30},
    {"ipc",
     {14, 3, 2, 9, 4, 22, 12, 34},
     {12, 3, 2, 9, 4, 22, 12, 36},
     {30, 6, 44, 20},
     {84, 5, 1, 8, 2},
     {46, 5, 2, 36, 11},
     350,
     65,
     35},
};
static const uint8_t lengths[] = {0, 8, 12, 16, 20, 24, 28, 32};
static const uint8_t protos[] = {PROTO_ANY, PROTO_ICMP, PROTO_TCP, PROTO_UDP};

static int by_key(const void *left, const void *right)
{
    const struct rule *a = left;
    const struct rule *b = right;
    return (a->key > b->key) - (a->key < b->key);
}

/* Grows slowly with the number of rules: a network ten times as large has more of everything. */
static uint32_t scaled(uint32_t base, size_t n)
{
    uint32_t grown = base;
    for (size_t at = 10000; at < n; at *= 2) {
        grown += grown / 4;
    }
    return grown;
}

static void benchmark(struct random *r, const struct family *family, size_t n, struct list *list)
{
    struct trie sources = {draw(r), {12, scaled(12, n), scaled(24, n), scaled(24, n)}};
    struct trie destinations = {draw(r), {6, scaled(8, n), scaled(32, n), scaled(48, n)}};
    uint32_t ports = scaled(family->ports, n);
    for (size_t i = 0; i < n; i++) {
        struct rule rule = {0};
        rule.src_length = lengths[weighted(r, family->src_lengths)];
        rule.dst_length = lengths[weighted(r, family->dst_lengths)];
        rule.src = draw_address(r, &sources) & mask_of(rule.src_length);
        rule.dst = draw_address(r, &destinations) & mask_of(rule.dst_length);
        rule.proto = protos[weighted(r, family->protos)];
        if (rule.proto == PROTO_TCP || rule.proto == PROTO_UDP) {
            rule.sport = draw_ports(r, family->sports, ports);
            rule.dport = draw_ports(r, family->dports, ports);
        }
        rule.permit = below(r, 100) < family->permits;
        /* Two wide addresses and no service belong to the end of a list. */
        uint32_t wide = (64U - rule.src_length - rule.dst_length) * 12 +
                        (rule.dport.n == 0 ? 120U : 0) + (rule.proto == PROTO_ANY ? 112U : 0);
        /* Once or twice, not by the thousand: a list ten times as long has about as many of them.
         */
        bool rare = wide > 900 || (wide > 600 && below(r, (uint32_t)n) >= 10000);
        if (rare && n > 100 && below(r, 100) < 97) {
            rule.dst_length = 24;
            rule.dst = draw_address(r, &destinations) & mask_of(24);
            wide = wide > 288 ? wide - 288 : 0;
        }
        rule.key = (wide * (100U - family->disorder) + below(r, 1000) * family->disorder) * 1000 +
                   below(r, 1000);
        add(list, &rule);
    }
    qsort(list->v, list->n, sizeof(*list->v), by_key);
}

static struct ports draw_services(struct random *r, uint32_t different)
{
    uint64_t which = mix(skewed(r, different) + UINT64_C(77));
    struct ports ports = {0};
    unsigned n = (which & 7) < 5 ? 1 : 1 + (unsigned)(which >> 3 & 7) % MAX_PORTS;
    for (unsigned i = 0; i < n; i++) {
        uint64_t one = mix(which + i);
        uint32_t lo = (one & 3) != 0 ? services[(one >> 8) % SERVICES]
                                     : 1024 + (uint32_t)((one >> 8) % 48000);
        uint32_t hi = lo + ((one & 31) == 0 ? 20 : 0);
        bool apart = true;
        for (unsigned k = 0; k < ports.n; k++) {
            apart = apart && (hi < ports.lo[k] || lo > ports.hi[k]);
        }
        if (apart) {
            ports.lo[ports.n] = (uint16_t)lo;
            ports.hi[ports.n++] = (uint16_t)hi;
        }
    }
    return ports;
}

/* An address object: a host, a network of a site, or a site. Objects are used again. */
static void draw_object(struct random *r, uint64_t seed, uint32_t objects, uint32_t *ret,
                        uint8_t *ret_length)
{
    static const uint8_t few[] = {55, 30, 10, 4, 1, 0};
    static const uint8_t many[] = {62, 31, 6, 1, 0}; /* wide objects do not grow with the list */
    uint64_t which = mix(seed + skewed(r, objects));
    const uint8_t *kinds = below(r, objects) < 2500 ? few : many;
    static const uint8_t of_kind[] = {32, 24, 22, 16, 12};
    struct random of_object = {which};
    unsigned length = of_kind[weighted(&of_object, kinds)];
    uint32_t site = (uint32_t)(which >> 8) % 200;
    *ret = (0x0a000000 | site << 16 | ((uint32_t)(which >> 24) & 0xffff)) & mask_of(length);
    *ret_length = (uint8_t)length;
}

/* A rule that what went before makes superfluous: the same again, a part of it, or two halves and
 * then the whole. */
static void inject(struct random *r, struct list *list)
{
    size_t back = 1 + below(r, list->n < 5000 ? (uint32_t)list->n : 5000);
    struct rule rule = list->v[list->n - back];
    switch (below(r, 3)) {
    case 0:
        add(list, &rule);
        break;
    case 1:
        if (rule.dst_length <= 30) {
            rule.dst |= below(r, 4) << (30 - rule.dst_length);
            rule.dst_length = (uint8_t)(rule.dst_length + 2);
        }
        add(list, &rule);
        break;
    default:
        if (rule.src_length < 31) {
            struct rule half = rule;
            half.src_length++;
            half.src = (half.src ^ 0x00010000) & mask_of(rule.src_length); /* new ones */
            add(list, &half);
            half.src |= UINT32_C(1) << (32 - half.src_length);
            add(list, &half);
            half.src_length--;
            half.src &= mask_of(half.src_length);
            add(list, &half);
        } else {
            add(list, &rule);
        }
    }
}

static void corporate(struct random *r, size_t n, struct list *list)
{
    uint64_t seed = draw(r);
    uint32_t objects = (uint32_t)(n / 4 + 50);
    uint32_t different = scaled(150, n);
    while (list->n < n) {
        if (list->n > 20 && below(r, 100) < 4) {
            inject(r, list);
            continue;
        }
        struct rule rule = {0};
        uint32_t any = below(r, 100);
        bool wide = below(r, (uint32_t)n) < 10000;
        if (any >= 6 || !wide) {
            draw_object(r, seed, objects, &rule.src, &rule.src_length);
        }
        if (any < 98 || !wide) {
            draw_object(r, seed, objects, &rule.dst, &rule.dst_length);
        }
        static const uint8_t weights[] = {5, 3, 74, 18, 0};
        rule.proto = protos[weighted(r, weights)];
        if (rule.proto == PROTO_TCP || rule.proto == PROTO_UDP) {
            rule.dport = draw_services(r, different);
        }
        if (rule.proto == PROTO_ANY && !wide && rule.dst_length < 32) {
            rule.proto = PROTO_ICMP;
        }
        if (rule.proto == PROTO_ANY && rule.src_length < 16 && rule.dst_length < 16) {
            rule.proto = PROTO_ICMP;
        }
        rule.permit = below(r, 100) < 88;
        add(list, &rule);
    }
    list->n = n;
}

enum { GROUPS = 4, CUTS = 256 };

/* A /16 of sources and a /16 of destinations, 256 by 256 pieces; then the whole at the end. */
static void pieces(struct random *r, size_t n, struct list *list)
{
    struct list others = {0};
    corporate(r, n, &others);
    size_t share = others.n / (GROUPS + 1);
    size_t at = 0;
    for (uint32_t g = 0; g < GROUPS; g++) {
        for (size_t i = 0; i < share; i++) {
            add(list, &others.v[at++]);
        }
        uint32_t first = below(r, CUTS * CUTS);
        for (uint32_t i = 0; i < CUTS * CUTS; i++) {
            uint32_t piece = (first + i * 40503U) % (CUTS * CUTS); /* all of them, out of order */
            struct rule rule = {.src_length = 24, .dst_length = 24, .permit = true};
            rule.src = 0xac100000 | g << 16 | (piece / CUTS) << 8;
            rule.dst = 0xc0a80000 ^ g << 24 ^ (piece % CUTS) << 8;
            rule.proto = PROTO_TCP;
            rule.dport = one_range(443, 443);
            add(list, &rule);
        }
    }
    while (at < others.n) {
        add(list, &others.v[at++]);
    }
    for (uint32_t g = 0; g < GROUPS; g++) {
        struct rule whole = {.src_length = 16, .dst_length = 16, .permit = true};
        whole.src = 0xac100000 | g << 16;
        whole.dst = 0xc0a80000 ^ g << 24;
        whole.proto = PROTO_TCP;
        whole.dport = one_range(443, 443);
        add(list, &whole);
    }
    free(others.v);
}

static void print_address(const char *option, uint32_t address, unsigned length)
{
    if (length > 0) {
        printf(" %s %" PRIu32 ".%" PRIu32 ".%" PRIu32 ".%" PRIu32 "/%u", option, address >> 24,
               address >> 16 & 255, address >> 8 & 255, address & 255, length);
    }
}

static void print_ports(const char *option, const struct ports *ports)
{
    if (ports->n == 0) {
        return;
    }
    printf(" %s%s ", ports->n > 1 ? "-m multiport " : "", option);
    for (unsigned i = 0; i < ports->n; i++) {
        printf("%s%u", i > 0 ? "," : "", ports->lo[i]);
        if (ports->hi[i] != ports->lo[i]) {
            printf(":%u", ports->hi[i]);
        }
    }
}

static void print_rule(const struct rule *rule)
{
    printf("-A FORWARD");
    print_address("-s", rule->src, rule->src_length);
    print_address("-d", rule->dst, rule->dst_length);
    switch (rule->proto) {
    case PROTO_ICMP:
        printf(" -p icmp");
        break;
    case PROTO_TCP:
        printf(" -p tcp");
        break;
    case PROTO_UDP:
        printf(" -p udp");
        break;
    default:
        break;
    }
    bool single = rule->sport.n == 1 || rule->dport.n == 1;
    if (single && rule->sport.n < 2 && rule->dport.n < 2) {
        printf(" -m %s", rule->proto == PROTO_TCP ? "tcp" : "udp");
    }
    print_ports(rule->sport.n > 1 ? "--sports" : "--sport", &rule->sport);
    print_ports(rule->dport.n > 1 ? "--dports" : "--dport", &rule->dport);
    printf(" -j %s\n", rule->permit ? "ACCEPT" : "DROP");
}

int main(int argc, char **argv)
{
    const struct family *family = NULL;
    size_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    struct random r = {argc > 3 ? strtoull(argv[3], NULL, 10) : 1};
    for (size_t i = 0; argc > 1 && i < sizeof(families) / sizeof(families[0]); i++) {
        if (strcmp(argv[1], families[i].name) == 0) {
            family = &families[i];
        }
    }
    bool other = argc > 1 && (strcmp(argv[1], "corp") == 0 || strcmp(argv[1], "pieces") == 0);
    if (n == 0 || n > 10000000 || (!family && !other)) {
        fprintf(stderr, "usage: generate acl|fw|ipc|corp|pieces RULES [SEED]\n");
        return 2;
    }
    struct list list = {0};
    r.state = mix(r.state + n);
    if (family) {
        benchmark(&r, family, n, &list);
    } else if (strcmp(argv[1], "corp") == 0) {
        corporate(&r, n, &list);
    } else {
        pieces(&r, n, &list);
    }
    printf("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n");
    for (size_t i = 0; i < list.n; i++) {
        print_rule(&list.v[i]);
    }
    printf("COMMIT\n");
    free(list.v);
    return ferror(stdout) || fflush(stdout) != 0 ? 2 : 0;
}
