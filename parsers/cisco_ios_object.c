/* Groups and time ranges of a router.
 *   object-group network DMZ              object-group service WEB
 *    host 192.0.2.7                        tcp eq www
 *    192.0.2.0 255.255.255.0               tcp source gt 1023 range 8000 8010
 *    group-object OTHER                    icmp echo
 *   object-group ip port P                object-group ip address A
 *    eq 443                                10 192.0.2.0/24 */
#include "parsers/cisco_ios.h"

static const struct {
    const char *words[2];
    enum fw_object_kind kind;
    bool ports;
} kinds[] = {
    {{"ip", "address"}, FW_OBJECT_ADDRESS_GROUP, false},
    {{"ip", "port"}, FW_OBJECT_SERVICE_GROUP, true},
    {{"ipv6", "address"}, FW_OBJECT_ADDRESS_GROUP, false},
    {{"network", NULL}, FW_OBJECT_ADDRESS_GROUP, false},
    {{"port", NULL}, FW_OBJECT_SERVICE_GROUP, true},
    {{"service", NULL}, FW_OBJECT_SERVICE_GROUP, false},
    {{"v4-network", NULL}, FW_OBJECT_ADDRESS_GROUP, false},
    {{"v6-network", NULL}, FW_OBJECT_ADDRESS_GROUP, false},
    {{"v6-service", NULL}, FW_OBJECT_SERVICE_GROUP, false},
};

static void forget(struct fw_ios *ios, fw_sv name)
{
    struct fw_cisco_object *object = fw_cisco_object_find(
        &ios->cisco, name, FW_CISCO_ANY_SERVICE | FW_CISCO_ANY_ADDRESS);
    if (object) {
        object->n = 0;
        object->object->defined = false;
    }
}

static void start(struct fw_ios *ios, struct fw_cisco_line *line, bool no)
{
    fw_sv name;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!fw_cisco_is(line, line->at, kinds[i].words[0]) ||
            (kinds[i].words[1] && !fw_cisco_is(line, line->at + 1, kinds[i].words[1]))) {
            continue;
        }
        line->at += kinds[i].words[1] ? 2 : 1;
        if (!fw_cisco_next(line, &name)) {
            fw_cisco_expect(&ios->cisco, line, "the name of a group");
            return;
        }
        fw_cisco_used(&ios->cisco, line);
        if (no) {
            forget(ios, name);
            return;
        }
        ios->object = fw_cisco_object_define(&ios->cisco, name, kinds[i].kind, line);
        ios->ports = kinds[i].ports;
        return;
    }
    ios->object = NULL;
    fw_doc_unsupported(ios->cisco.doc, line->number, line->text, "unknown kind of group");
}

bool fw_ios_object_line(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_sv name;
    size_t at = line->at;
    bool no = fw_cisco_take(line, "no");
    if (fw_cisco_take(line, "object-group")) {
        ios->block = FW_IOS_GROUP;
        start(ios, line, no);
        return true;
    }
    if (!no && fw_cisco_take(line, "time-range")) {
        if (fw_cisco_next(line, &name)) {
            fw_cisco_object_define(&ios->cisco, name, FW_OBJECT_SCHEDULE, line);
            ios->block = FW_IOS_OTHER;
            ios->verdict = FW_LINE_IGNORED; /* the schedule is kept by name */
            fw_cisco_used(&ios->cisco, line);
        } else {
            fw_cisco_expect(&ios->cisco, line, "the name of a time range");
        }
        return true;
    }
    line->at = at;
    return false;
}

static void add(struct fw_ios *ios, const struct fw_cisco_line *line, struct fw_cisco_member member)
{
    member.line = line->number;
    fw_cisco_object_add(&ios->cisco, ios->object, &member);
    fw_cisco_used(&ios->cisco, line);
}

static void add_range(struct fw_ios *ios, const struct fw_cisco_line *line, fw_iprange range)
{
    const struct fw_ipset *set = fw_ipset_make(&ios->cisco.doc->scratch, &range, 1);
    add(ios, line, (struct fw_cisco_member){.kind = FW_CISCO_ADDRESSES, .set = set});
}

/* "192.0.2.0 255.255.255.0", "192.0.2.0/24", "192.0.2.0 0.0.0.255" of "ip address" groups */
static void add_network(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_arena *scratch = &ios->cisco.doc->scratch;
    const struct fw_ipset *set;
    fw_iprange range;
    fw_sv word;
    fw_ip ip;
    fw_ip mask;
    uint32_t bits;
    if (!fw_cisco_next(line, &word)) {
        fw_cisco_expect(&ios->cisco, line, "an address");
    } else if (fw_sv_find_char(word, '/') != SIZE_MAX && fw_iprange_parse(word, &range, NULL)) {
        add_range(ios, line, range);
    } else if (!fw_ip_parse(word, &ip)) {
        fw_cisco_expect(&ios->cisco, line, "an address, a range, host, any or a group");
    } else if (!fw_cisco_next(line, &word)) {
        add_range(ios, line, (fw_iprange){ip, ip});
    } else if (fw_sv_starts(word, "/") && fw_sv_u32(fw_sv_sub(word, 1, SIZE_MAX), 128, &bits) &&
               fw_iprange_from_prefix(ip, bits, &range)) { /* "192.0.2.0 /24" */
        add_range(ios, line, range);
    } else if (!fw_ip_parse(word, &mask) || mask.family != FW_IPV4) {
        fw_cisco_expect(&ios->cisco, line, "a mask");
    } else {
        bool wild = (mask.lo & UINT32_C(0x80000000)) == 0 && mask.lo != 0;
        mask.lo = wild ? ~mask.lo & UINT32_MAX : mask.lo;
        if (fw_ipset_masked(scratch, ip, mask, &set)) {
            add(ios, line, (struct fw_cisco_member){.kind = FW_CISCO_ADDRESSES, .set = set});
        } else {
            fw_cisco_expect(&ios->cisco, line, "a mask");
        }
    }
}

static void address_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    fw_iprange range;
    fw_sv lo = {0};
    fw_sv hi;
    fw_ip ip;
    fw_cisco_take(line, "network-object");
    if (fw_cisco_take(line, "any")) {
        add_range(ios, line, fw_iprange_all(FW_IPV4));
        add_range(ios, line, fw_iprange_all(FW_IPV6));
    } else if (fw_cisco_take(line, "host") || fw_cisco_take(line, "host-info")) {
        if (fw_cisco_next(line, &lo) && fw_ip_parse(lo, &ip)) {
            add_range(ios, line, (fw_iprange){ip, ip});
        } else if (lo.n > 0) {
            fw_sv parts[] = {FW_SV("host"), lo};
            add(ios, line,
                (struct fw_cisco_member){.kind = FW_CISCO_OUTSIDE,
                                         .words = fw_words_join(&ios->cisco.doc->scratch, parts, 2),
                                         .families = FW_FAMILY_BOTH});
        } else {
            fw_cisco_expect(&ios->cisco, line, "an address after \"host\"");
        }
    } else if (fw_cisco_take(line, "range")) {
        if (fw_cisco_next(line, &lo) && fw_cisco_next(line, &hi) && fw_ip_parse(lo, &range.lo) &&
            fw_ip_parse(hi, &range.hi) && range.lo.family == range.hi.family &&
            fw_ip_cmp(range.lo, range.hi) <= 0) {
            add_range(ios, line, range);
        } else {
            fw_cisco_expect(&ios->cisco, line, "two addresses, the lower first");
        }
    } else {
        add_network(ios, line);
    }
}

/* "eq www", "www", "range 1 9" */
static bool take_ports(struct fw_ios *ios, struct fw_cisco_line *line, const struct fw_numset **ret)
{
    fw_sv word;
    uint16_t port;
    if (fw_cisco_ports(&ios->cisco, line, ret)) {
        return *ret != NULL;
    }
    if (!fw_cisco_peek(line, &word) || !fw_cisco_port(word, &port)) {
        return false;
    }
    line->at++;
    *ret = fw_numset_range(&ios->cisco.doc->scratch, port, port);
    return true;
}

static void service_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_cisco_member member = {.kind = FW_CISCO_SERVICE};
    struct fw_arena *scratch = &ios->cisco.doc->scratch;
    fw_sv word;
    bool any;
    if (!fw_cisco_next(line, &word) ||
        !fw_cisco_protocol(scratch, word, &member.term.proto, &any)) {
        fw_cisco_expect(&ios->cisco, line, "a protocol");
        return;
    }
    bool icmp = fw_sv_is(word, "icmp");
    if (icmp && line->at < line->n) {
        if (!fw_cisco_icmp(&ios->cisco, line, false, &member.term.icmp)) {
            fw_cisco_expect(&ios->cisco, line, "an ICMP type");
            return;
        }
    } else if (fw_cisco_take(line, "source") && !take_ports(ios, line, &member.term.sport)) {
        fw_cisco_expect(&ios->cisco, line, "ports after \"source\"");
        return;
    }
    bool said = fw_cisco_take(line, "destination");
    if (line->at < line->n && !take_ports(ios, line, &member.term.dport)) {
        fw_cisco_expect(&ios->cisco, line, "ports");
    } else if (said && !member.term.dport) {
        fw_cisco_expect(&ios->cisco, line, "ports after \"destination\"");
    } else {
        add(ios, line, member);
    }
}

bool fw_ios_object_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_cisco_member member = {.kind = FW_CISCO_PORTS};
    fw_sv word = line->words[0];
    uint32_t number;
    if (!ios->object) {
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_UNSUPPORTED);
        return true;
    }
    if (fw_sv_is(word, "description") || fw_sv_is(word, "exit")) {
        fw_doc_mark(ios->cisco.doc, line->number, FW_LINE_IGNORED);
        return true;
    }
    if (fw_sv_is(word, "no")) {
        fw_doc_unsupported(ios->cisco.doc, line->number, word,
                           "not modelled: a member that is taken away");
        return true;
    }
    if (line->n > 1 && fw_sv_u32(word, UINT32_MAX, &number)) { /* "10 host 192.0.2.1" */
        line->at = 1;
    }
    if (fw_cisco_take(line, "group-object")) {
        if (fw_cisco_next(line, &member.words)) {
            member.kind = FW_CISCO_REF;
            member.ref_kinds = 1u << ios->object->object->kind;
            add(ios, line, member);
        } else {
            fw_cisco_expect(&ios->cisco, line, "the name of a group");
        }
    } else if (ios->ports) {
        if (take_ports(ios, line, &member.ports)) {
            add(ios, line, member);
        } else {
            fw_cisco_expect(&ios->cisco, line, "\"eq PORT\" or \"range PORT PORT\"");
        }
    } else if (ios->object->object->kind == FW_OBJECT_ADDRESS_GROUP) {
        address_member(ios, line);
    } else {
        service_member(ios, line);
    }
    return true;
}
