/* What "show access-lists" prints, and what stands of lists in a running configuration, against
 * what another program reads from it: field by field, as far as a field has a meaning here. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/proto.h"
#include "evidence/configs.h"
#include "tests/corpus/corpus.h"

#define FOLDER "rulesets/device-show-commands/ntc-templates/"

/* --- What they say --------------------------------------------------------------------------- */

struct end {
    fw_sv text; /* "any", "host X", "X/24", "addrgroup X", "A, wildcard bits B" */
    fw_sv host, network, wildcard, mask, object, fqdn;
    fw_sv op, ports, first, last, above, below;
};

struct row {
    fw_sv list, number, action, protocol, service, icmp, flags, log, time, hits, hash, remark, rest;
    struct end src, dst;
};

static const struct {
    const char *key;
    size_t offset;
} keys[] = {
#define ROW(key, member) \
    { \
        key, offsetof(struct row, member) \
    }
    ROW("acl_name", list),
    ROW("name", list),
    ROW("line_num", number),
    ROW("sn", number),
    ROW("action", action),
    ROW("protocol", protocol),
    ROW("entry_protocol", protocol),
    ROW("svc_object_grp", service),
    ROW("icmp_type", icmp),
    ROW("tcp_flag", flags),
    ROW("log", log),
    ROW("log_level", log),
    ROW("time", time),
    ROW("matches", hits),
    ROW("hit_count", hits),
    ROW("entry_hit_count", hits),
    ROW("line_hash", hash),
    ROW("remark", remark),
    ROW("modifier", rest),
    ROW("source", src.text),
    ROW("src_any", src.text),
    ROW("entry_src_any", src.text),
    ROW("src_host", src.host),
    ROW("entry_src_host", src.host),
    ROW("entry_src_host_fqdn", src.fqdn),
    ROW("src_network", src.network),
    ROW("entry_src_network", src.network),
    ROW("src_wildcard", src.wildcard),
    ROW("entry_src_mask", src.mask),
    ROW("src_object_grp", src.object),
    ROW("src_network_object_group_name", src.object),
    ROW("src_port_match", src.op),
    ROW("port_modifier", src.op),
    ROW("src_port", src.ports),
    ROW("port_range", src.ports),
    ROW("entry_src_port", src.ports),
    ROW("src_port_range_start", src.first),
    ROW("src_port_range_end", src.last),
    ROW("entry_src_port_range_start", src.first),
    ROW("entry_src_port_range_end", src.last),
    ROW("entry_src_port_greater_than", src.above),
    ROW("entry_src_port_less_than", src.below),
    ROW("destination", dst.text),
    ROW("dst_any", dst.text),
    ROW("dst_host", dst.host),
    ROW("entry_dst_host", dst.host),
    ROW("entry_dst_host_fqdn", dst.fqdn),
    ROW("dst_network", dst.network),
    ROW("dst_wildcard", dst.wildcard),
    ROW("dst_object", dst.object),
    ROW("dst_object_grp", dst.object),
    ROW("dst_network_object_group_name", dst.object),
    ROW("dst_port_match", dst.op),
    ROW("dst_port", dst.ports),
    ROW("entry_port", dst.ports),
    ROW("dst_port_range_start", dst.first),
    ROW("dst_port_range_end", dst.last),
    ROW("entry_port_range_start", dst.first),
    ROW("entry_port_range_end", dst.last),
#undef ROW
};

/* --- Names, as those who gave out the numbers spell them -------------------------------------- */

struct named {
    const char *name;
    uint32_t lo, hi;
};

static const struct named ports[] = {
    {"bfd", 3784, 3784}, {"bgp", 179, 179},   {"bootpc", 68, 68},   {"bootps", 67, 67},
    {"domain", 53, 53},  {"finger", 79, 79},  {"ftp", 21, 21},      {"http", 80, 80},
    {"https", 443, 443}, {"msdp", 639, 639},  {"ntp", 123, 123},    {"pim-auto-rp", 496, 496},
    {"rip", 520, 520},   {"snmp", 161, 161},  {"ssh", 22, 22},      {"tacacs", 49, 49},
    {"telnet", 23, 23},  {"time", 37, 37},    {"tunnel", 604, 604}, {"ups", 401, 401},
    {"uucp", 540, 540},  {"vmnet", 175, 175}, {"www", 80, 80},      {"z39-50", 210, 210},
    {NULL, 0, 0},
};
static const struct named protocols[] = {
    {"ahp", 51, 51},   {"eigrp", 88, 88}, {"esp", 50, 50}, {"icmp", 1, 1},
    {"pim", 103, 103}, {"tcp", 6, 6},     {"udp", 17, 17}, {NULL, 0, 0},
};
static const struct named types[] = {
    {"administratively-prohibited", 0x30d, 0x30d},
    {"echo-reply", 0, 0xff},
    {"mask-request", 0x1100, 0x11ff},
    {"parameter-problem", 0xc00, 0xcff},
    {"port-unreachable", 0x303, 0x303},
    {"redirect", 0x500, 0x5ff},
    {"router-advertisement", 0x8600, 0x86ff},
    {"router-solicitation", 0x8500, 0x85ff},
    {"ttl-exceeded", 0xb00, 0xb00},
    {"unreachable", 0x300, 0x3ff},
    {NULL, 0, 0},
};
static const struct named flags[] = {
    {"fin", 1, 1}, {"rst", 4, 4}, {"psh", 8, 8}, {"ack", 16, 16}, {"urg", 32, 32}, {NULL, 0, 0},
};

static bool find_named(const struct named *rows, fw_sv word, struct fw_numrange *ret)
{
    uint32_t number;
    for (; rows->name; rows++) {
        if (fw_sv_is(word, rows->name)) {
            *ret = (struct fw_numrange){rows->lo, rows->hi};
            return true;
        }
    }
    if (fw_sv_u32(word, UINT16_MAX, &number)) {
        *ret = (struct fw_numrange){number, number};
        return true;
    }
    return false;
}

/* --- Comparing ------------------------------------------------------------------------------- */

struct score {
    char command[64];
    size_t files, entries, fields, alike;
};

struct test {
    size_t n;
    struct score scores[16];
    struct score *score;
    struct fw_arena *arena;
    const struct fw_doc *doc;
    const struct row *row;
    const struct fw_rule *rule;
    const struct fw_term *term;
    bool counting; /* else only how many fields of a term are alike */
    size_t alike;
};

static void count(struct test *test, const char *field, bool alike)
{
    test->alike += alike;
    if (!test->counting) {
        return;
    }
    test->score->fields++;
    test->score->alike += alike;
    if (!alike) {
        printf("differs: %.*s: %.*s %.*s: %s\n", FW_SV_ARG(test->doc->path),
               FW_SV_ARG(test->row->list), FW_SV_ARG(test->row->number), field);
    }
}

static bool same_numbers(const struct test *test, const struct fw_numset *ours,
                         const struct fw_numrange *v, size_t n, bool without)
{
    const struct fw_numset *theirs = fw_numset_make(test->arena, v, n);
    theirs = without ? fw_numset_complement(test->arena, theirs, UINT16_MAX) : theirs;
    return ours && fw_numset_eq(ours, theirs);
}

/* Somebody's words stand among those that are not modelled. */
static bool has_words(const struct test *test, fw_sv words)
{
    for (size_t i = 0; i < test->rule->nwords; i++) {
        if (fw_sv_find(test->rule->unmodelled[i], words) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

static void compare_ports(struct test *test, const char *field, const struct end *end,
                          const struct fw_numset *ours)
{
    struct fw_numrange v[16];
    size_t n = 0;
    fw_sv rest = end->ports;
    fw_sv word;
    bool range = fw_sv_is(end->op, "range");
    if (fw_sv_is(end->op, "precedence") || fw_sv_is(end->op, "tos")) { /* no ports */
        count(test, field, has_words(test, end->ports));
        return;
    }
    while (fw_sv_word(&rest, &word)) {
        if (n == 16 || !find_named(ports, word, &v[n])) {
            count(test, field, false);
            return;
        }
        n++;
    }
    struct fw_numrange first = {0, 0};
    struct fw_numrange last = {0, 0};
    if (end->first.n > 0 && find_named(ports, end->first, &first) &&
        find_named(ports, end->last, &last)) {
        v[n++] = (struct fw_numrange){first.lo, last.lo};
    } else if (end->above.n > 0 && find_named(ports, end->above, &first)) {
        v[n++] = (struct fw_numrange){first.lo + 1, UINT16_MAX};
    } else if (end->below.n > 0 && find_named(ports, end->below, &first)) {
        v[n++] = (struct fw_numrange){0, first.lo - 1};
    } else if (fw_sv_is(end->op, "gt") && n == 1) {
        v[0] = (struct fw_numrange){v[0].lo + 1, UINT16_MAX};
    } else if (range && n == 2) {
        v[0].hi = v[1].hi;
        n = 1;
    }
    if (n == 0) { /* no ports there: a field only where we have some */
        if (ours && !test->term->icmp && test->rule->nwords == 0) {
            count(test, field, false);
        }
        return;
    }
    count(test, field, same_numbers(test, ours, v, n, fw_sv_is(end->op, "neq")));
}

/* Every address that agrees where the wildcard has zeros, and no other: tried at corners, as the
 * set may have many pieces. */
static bool same_wildcard(const struct fw_ipset *ours, fw_ip base, uint32_t wild)
{
    uint32_t rest = (uint32_t)base.lo & ~wild;
    uint32_t seed = 1;
    for (int i = 0; i < 64; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t bits = i == 0 ? 0 : i == 1 ? UINT32_MAX : seed;
        uint32_t other = 1u << (i % 32);
        if (!fw_ipset_has(ours, fw_ip4(rest | (bits & wild))) ||
            ((other & wild) == 0 && fw_ipset_has(ours, fw_ip4((rest | (bits & wild)) ^ other)))) {
            return false;
        }
    }
    return true;
}

static bool same_end(const struct test *test, const struct end *end, const struct fw_ipset *ours)
{
    fw_iprange range;
    fw_ip ip;
    fw_ip mask;
    fw_sv word = end->host.n > 0 ? end->host : end->network;
    if (end->object.n > 0) {
        return has_words(test, end->object) || test->rule->match.n > 1;
    }
    if (end->text.n > 0) {
        fw_sv rest = end->text; /* "any4" is as good as any in a list of IPv4 */
        fw_sv_word(&rest, &word);
        if (fw_sv_starts(word, "any")) {
            return !ours || fw_ipset_eq(ours, fw_ipset_all(test->arena, FW_FAMILY_BIT4));
        }
        if (fw_sv_is(word, "addrgroup")) {
            return has_words(test, fw_sv_trim(rest));
        }
        if (fw_sv_is(word, "host")) {
            word = fw_sv_trim(rest);
        }
        if (fw_sv_ends(word, ",")) {
            return has_words(test, FW_SV("wildcard"));
        }
    }
    if (!ours) {
        return false;
    }
    if (fw_sv_find_char(word, '/') != SIZE_MAX) {
        return fw_iprange_parse(word, &range, NULL) &&
               fw_ipset_eq(ours, fw_ipset_make(test->arena, &range, 1));
    }
    if (!fw_ip_parse(word, &ip)) {
        return false;
    }
    if (end->wildcard.n > 0 && fw_ip_parse(end->wildcard, &mask)) {
        return same_wildcard(ours, ip, (uint32_t)mask.lo);
    }
    if (end->mask.n > 0 && fw_ip_parse(end->mask, &mask)) {
        return same_wildcard(ours, ip, ~(uint32_t)mask.lo);
    }
    range = (fw_iprange){ip, ip};
    return fw_ipset_eq(ours, fw_ipset_make(test->arena, &range, 1));
}

static bool is_end(const struct end *end)
{
    return end->text.n + end->host.n + end->network.n + end->object.n > 0;
}

static bool same_protocol(const struct test *test, fw_sv name)
{
    struct fw_numrange v;
    bool six = test->term->icmp && test->term->icmp->v[0].lo >= 0x8000;
    if (fw_sv_is(name, "ip") || fw_sv_is(name, "ipv6")) {
        return !test->term->proto;
    }
    if (!find_named(protocols, name, &v)) { /* a group of services */
        return has_words(test, name);
    }
    if (six && v.lo == FW_PROTO_ICMP) {
        v = (struct fw_numrange){FW_PROTO_ICMP6, FW_PROTO_ICMP6};
    }
    return same_numbers(test, test->term->proto, &v, 1, false);
}

/* "+ack -fin", "established": every byte of flags that their words let through. */
static bool same_flags(const struct test *test, fw_sv words)
{
    struct fw_numrange v[256];
    size_t n = 0;
    for (uint32_t byte = 0; byte < 256; byte++) {
        bool any = false;
        bool all = true;
        bool match_all = false;
        fw_sv rest = words;
        fw_sv word;
        while (fw_sv_word(&rest, &word)) {
            struct fw_numrange bit = {20, 20}; /* established: ACK or RST */
            bool sign = word.p[0] == '+' || word.p[0] == '-';
            bool has;
            if (!fw_sv_is(word, "established") &&
                !find_named(flags, fw_sv_sub(word, sign, SIZE_MAX), &bit)) {
                return false;
            }
            has = word.p[0] == '-' ? (byte & bit.lo) == 0 : (byte & bit.lo) != 0;
            match_all = match_all || sign || fw_sv_is(words, "established psh");
            any = any || has;
            all = all && has;
        }
        if (match_all ? all : any) {
            v[n++] = (struct fw_numrange){byte, byte};
        }
    }
    return same_numbers(test, test->term->flags, v, n, false);
}

/* What switches print behind the destination: "eq ssh telnet", "ack psh", "log", "[match=66]". */
static void compare_rest(struct test *test, fw_sv rest)
{
    struct fw_numrange v;
    uint64_t hits;
    fw_sv word;
    fw_sv bits = {0};
    while (fw_sv_word(&rest, &word)) {
        if (fw_sv_is(word, "eq") || fw_sv_is(word, "range")) {
            struct end end = {.op = word, .ports = fw_sv_trim(rest)};
            fw_sv left = rest;
            size_t n = 0;
            while (fw_sv_word(&left, &word) && find_named(ports, word, &v)) {
                n = (size_t)(word.p + word.n - end.ports.p);
                rest = left;
            }
            end.ports.n = n;
            compare_ports(test, "destination ports", &end, test->term->dport);
        } else if (fw_sv_is(word, "ttl")) { /* "ttl eq 255", "ttl 200" */
            count(
                test, "words",
                has_words(test, fw_sv_trim(fw_sv_of(word.p, (size_t)(rest.p + rest.n - word.p)))));
            rest = (fw_sv){0};
        } else if (fw_sv_starts(word, "[match=")) {
            bool read = fw_sv_u64(fw_sv_sub(word, 7, word.n - 8), &hits);
            count(test, "hits",
                  read && test->rule->hits.present && test->rule->hits.packets == hits);
        } else if (fw_sv_is(word, "log")) {
            count(test, "log", test->rule->log);
        } else if (fw_sv_is(word, "established")) {
            count(test, "flags", same_flags(test, word));
        } else if (find_named(flags, word, &v)) {
            bits = bits.p ? fw_sv_of(bits.p, (size_t)(word.p + word.n - bits.p)) : word;
        } else if (find_named(types, word, &v)) {
            count(test, "icmp", same_numbers(test, test->term->icmp, &v, 1, false));
        } else if (fw_sv_is(word, "fragments")) {
            count(test, "fragments",
                  test->term->natoms > 0 && test->term->atoms[0].kind == FW_ATOM_FRAGMENT);
        } else {
            count(test, "words", has_words(test, word));
        }
    }
    if (bits.p) {
        count(test, "flags", same_flags(test, bits));
    }
}

static void compare_term(struct test *test)
{
    const struct row *row = test->row;
    const struct fw_term *term = test->term;
    struct fw_numrange v;
    if (row->protocol.n > 0) {
        count(test, "protocol", same_protocol(test, row->protocol));
    }
    if (is_end(&row->src)) { /* theirs calls the one end of a standard list of an ASA the source */
        bool same = same_end(test, &row->src, term->src) ||
                    (!is_end(&row->dst) && same_end(test, &row->src, term->dst));
        count(test, "source", same);
        if (row->src.fqdn.n > 0) {
            count(test, "source fqdn", has_words(test, row->src.fqdn));
        }
        compare_ports(test, "source ports", &row->src, term->sport);
    }
    if (is_end(&row->dst)) {
        count(test, "destination", same_end(test, &row->dst, term->dst));
        if (row->dst.fqdn.n > 0) {
            count(test, "destination fqdn", has_words(test, row->dst.fqdn));
        }
        if (row->rest.n == 0) {
            compare_ports(test, "destination ports", &row->dst, term->dport);
        }
    }
    if (row->icmp.n > 0) {
        count(test, "icmp",
              find_named(types, row->icmp, &v) && same_numbers(test, term->icmp, &v, 1, false));
    }
    if (row->flags.n > 0) {
        count(test, "flags", same_flags(test, row->flags));
    }
    compare_rest(test, row->rest);
}

static const struct fw_rule *find_rule(const struct fw_ruleset *ruleset, const struct row *row,
                                       size_t nth)
{
    const struct fw_policy *policy = fw_ruleset_find(ruleset, row->list);
    uint32_t position = 0;
    for (size_t i = 0; policy && i < policy->n; i++) {
        const struct fw_rule *rule = &policy->rules[i];
        bool decides = fw_action_decides(rule->action);
        if (row->number.n == 0 ? decides && nth-- == 0
                               : fw_sv_eq(rule->id, row->number) ||
                                     (row->hash.n > 0 && fw_sv_eq(rule->id, row->hash))) {
            return rule;
        }
    }
    for (size_t i = 0; policy && row->hash.n == 0 && i < policy->n; i++) {
        const struct fw_rule *rule = &policy->rules[i]; /* an element: by the entry's number */
        if (fw_sv_u32(row->number, UINT32_MAX, &position) && rule->position == position) {
            return rule;
        }
    }
    return NULL;
}

/* Lists of frames are no lists of packets: nobody reads their entries. */
static bool is_of_frames(const struct fw_doc *doc, fw_sv list)
{
    char head[300];
    snprintf(head, sizeof(head), "MAC access list %.*s\n", FW_SV_ARG(list));
    return fw_sv_find(doc->text, fw_sv_from(head)) != SIZE_MAX;
}

static void compare(struct test *test, const struct fw_ruleset *ruleset, const struct row *row,
                    bool element, size_t nth)
{
    bool filter = fw_sv_is(row->action, "permit") || fw_sv_is(row->action, "deny");
    bool remark = fw_sv_is(row->action, "remark");
    if ((!filter && !remark) || is_of_frames(test->doc, row->list)) {
        return;
    }
    uint64_t hits = 0;
    const struct fw_rule *rule = find_rule(ruleset, row, nth);
    test->row = row;
    test->rule = rule;
    test->counting = true;
    test->score->entries++;
    count(test, "list and number", rule != NULL);
    if (!rule) {
        return;
    }
    if (remark) { /* a quote is masked in their file */
        count(test, "remark",
              fw_sv_find_char(row->remark, '\\') != SIZE_MAX ||
                  fw_sv_eq(rule->comment, row->remark));
        return;
    }
    count(test, "action", fw_sv_is(row->action, fw_action_name(rule->action)));
    if (row->hits.n > 0 && !element) {
        count(test, "hits",
              rule->hits.present && fw_sv_u64(row->hits, &hits) && rule->hits.packets == hits);
    }
    if (row->hash.n > 0) {
        count(test, "hash", fw_sv_eq(rule->id, row->hash));
    }
    if (row->log.n > 0) {
        count(test, "log", rule->log);
    }
    if (row->time.n > 0) {
        count(test, "time", has_words(test, row->time));
    }
    const struct fw_term *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < rule->match.n; i++) { /* the element that is most like theirs */
        test->term = &rule->match.terms[i];
        test->counting = false;
        test->alike = 0;
        compare_term(test);
        if (!best || test->alike > most) {
            best = test->term;
            most = test->alike;
        }
    }
    test->counting = true;
    test->term = best;
    if (row->service.n > 0) { /* an entry of objects: its elements are rows of their own */
        count(test, "service", has_words(test, row->service) || rule->match.n > 1);
    } else if (best) {
        compare_term(test);
    } else {
        count(test, "match", false);
    }
}

/* --- Files ----------------------------------------------------------------------------------- */

static void set(struct row *row, fw_sv key, fw_sv value)
{
    for (size_t i = 0; value.n > 0 && i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (fw_sv_is(key, keys[i].key)) {
            memcpy((char *)row + keys[i].offset, &value, sizeof(value));
        }
    }
    /* "neq finger", "time bgp" of switches stand behind the source */
    if (fw_sv_is(key, "port") && fw_sv_word(&value, &row->src.op)) {
        row->src.ports = fw_sv_trim(value);
    } else if (fw_sv_is(key, "range") && value.n > 0) {
        row->src.op = FW_SV("range");
        row->src.ports = value;
    }
}

/* `  - key: "value"`, one entry after the other. */
static void read_rows(struct test *test, fw_sv yaml, const struct fw_ruleset *ruleset)
{
    struct row row = {0};
    fw_sv list = {0};
    size_t nth = 0;
    bool element = false;
    fw_sv line;
    bool more = true;
    while (more) {
        more = fw_sv_split(&yaml, '\n', &line);
        bool first = !more || fw_sv_starts(line, "  - ");
        if (first && row.list.n > 0) {
            nth = fw_sv_eq(list, row.list) ? nth : 0;
            list = row.list;
            compare(test, ruleset, &row, element, nth);
            nth += fw_sv_is(row.action, "permit") || fw_sv_is(row.action, "deny");
        }
        if (!more) {
            return;
        }
        if (first) {
            row = (struct row){0};
            element = false;
        }
        fw_sv rest = fw_sv_trim(fw_sv_sub(line, 4, SIZE_MAX));
        size_t colon = fw_sv_find_char(rest, ':');
        fw_sv key = fw_sv_sub(rest, 0, colon);
        fw_sv value = colon == SIZE_MAX ? (fw_sv){0}
                                        : fw_sv_trim(fw_sv_sub(rest, colon + 1, SIZE_MAX));
        bool quoted = value.n > 1 && (value.p[0] == '"' || value.p[0] == '\'');
        value = quoted ? fw_sv_sub(value, 1, value.n - 2) : (fw_sv){0};
        element = element || (fw_sv_is(key, "entry_protocol") && value.n > 0);
        set(&row, key, value);
    }
}

static struct score *find_score(struct test *test, fw_sv command)
{
    for (size_t i = 0; i < test->n; i++) {
        if (fw_sv_is(command, test->scores[i].command)) {
            return &test->scores[i];
        }
    }
    struct score *score = &test->scores[test->n < 15 ? test->n++ : 15];
    snprintf(score->command, sizeof(score->command), "%.*s", FW_SV_ARG(command));
    return score;
}

static void take_file(struct fw_arena *arena, const struct corpus_file *file, void *context)
{
    static const char *const commands[] = {
        "arista_eos__show_ip_access-lists", "cisco_asa__show_access-list",
        "cisco_ios__show_access-list",      "cisco_ios__show_ip_access-lists",
        "cisco_nxos__show_access-lists",    "cisco_ios__show_running-config_partition_access-list"};
    struct test *test = context;
    fw_sv name = fw_sv_sub(file->name, strlen(FOLDER), SIZE_MAX);
    size_t first = fw_sv_find(name, FW_SV("__"));
    size_t second = first == SIZE_MAX
                        ? SIZE_MAX
                        : fw_sv_find(fw_sv_sub(name, first + 2, SIZE_MAX), FW_SV("__"));
    fw_sv command = second == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(name, 0, first + 2 + second);
    if (!fw_sv_ends(name, ".raw") || !FW_SV_AMONG(command, commands)) {
        return;
    }
    struct fw_config config;
    struct fw_diags *diags = fw_diags_new();
    fw_sv stem = fw_sv_sub(file->path, 0, file->path.n - strlen(".raw"));
    fw_sv yaml = corpus_read(arena, fw_arena_printf(arena, "%.*s.expected.yml", FW_SV_ARG(stem)).p);
    test->score = find_score(test, command);
    test->arena = arena;
    if (fw_config_load(&config, file->path.p, file->name, FW_SV(""), diags) == FW_OK) {
        test->score->files++;
        test->doc = &config.doc;
        read_rows(test, yaml, &config.ruleset);
    } else {
        printf("nobody reads %s\n", file->name.p);
        test->score->fields++;
    }
    fw_config_clear(&config);
    fw_diags_free(diags);
}

int main(void)
{
    static struct test test;
    int code = corpus_inputs(FOLDER, take_file, &test);
    size_t fields = 0;
    size_t alike = 0;
    if (code != 0) {
        return code;
    }
    printf("%-56s files entries fields alike\n", "# command");
    for (size_t i = 0; i < test.n; i++) {
        const struct score *s = &test.scores[i];
        printf("%-56s %5zu %7zu %6zu %5zu\n", s->command, s->files, s->entries, s->fields,
               s->alike);
        fields += s->fields;
        alike += s->alike;
    }
    printf("%zu of %zu fields alike\n", alike, fields);
    return fields > 0 && alike * 100 >= fields * 99 ? 0 : 1;
}
