/*
 * unified2, Snort's binary output, also rolled ("snort.u2.1700000000"). A record is taken for a
 * line:
 *
 *   00 00 00 07  00 00 00 34  (type 7, 52 bytes: an event)
 *   00 00 00 00  00 00 00 59  39 81 c7 b4 ...  sensor, event, second, microsecond, sid, gid, rev
 * ...
 *
 * Events are used; packets and extra data belong to the event before them and are ignored by name.
 * A length that cannot be right ends the file: packets are written by attackers, so nothing behind
 * it may be searched for something that looks like an event.
 */
#include "parsers/unified2.h"

#include "core/limits.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

static uint32_t be32(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static uint16_t be16(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return (uint16_t)(b[0] << 8 | b[1]);
}

static uint64_t be64(const char *p)
{
    return (uint64_t)be32(p) << 32 | be32(p + 4);
}

/* Layouts of events: where the addresses stand, and how much there is at least. */
static const struct layout {
    uint32_t type;
    bool v6, labels; /* labels: MPLS, VLAN */
    uint16_t size;
} layouts[] = {
    {7, false, false, 52},  {72, true, false, 76}, {99, false, true, 56},  {100, true, true, 80},
    {104, false, true, 60}, {105, true, true, 84}, {111, false, true, 60}, {112, true, true, 84},
};

enum { TYPE_PACKET = 2, TYPE_BUFFER = 3, TYPE_EXTRA = 110, TYPE_EVENT3 = 114 };
enum { OTHER_SIZE = 4, PACKET_SIZE = 28, EXTRA_SIZE = 32, EVENT3_SIZE = 96 };

static const struct layout *layout_of(uint32_t type)
{
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
        if (layouts[i].type == type) {
            return &layouts[i];
        }
    }
    return NULL;
}

/* The least that a record of this type holds. */
static uint32_t size_of(uint32_t type)
{
    const struct layout *layout = layout_of(type);
    if (layout) {
        return layout->size;
    }
    switch (type) {
    case TYPE_PACKET:
    case TYPE_BUFFER:
        return PACKET_SIZE;
    case TYPE_EXTRA:
        return EXTRA_SIZE;
    case TYPE_EVENT3:
        return EVENT3_SIZE;
    default:
        return OTHER_SIZE;
    }
}

size_t fw_u2_length(fw_sv head)
{
    uint32_t type = be32(head.p);
    uint32_t length = be32(head.p + 4);
    /* Types that Snort has ever written, and their neighbours to come. */
    bool plausible = type > 0 && type < 256 && length >= size_of(type) &&
                     length <= FW_LIMIT_UNIFIED2_BYTES - FW_U2_HEADER;
    return plausible ? (size_t)length + FW_U2_HEADER : 0;
}

/* The name of an application is padded with zeros. */
static fw_sv padded(fw_sv text)
{
    return fw_sv_sub(text, 0, fw_sv_find_char(text, '\0'));
}

static void read_common(const char *p, struct fw_u2_record *ret)
{
    ret->sensor = be32(p);
    ret->event = be32(p + 4);
    ret->second = be32(p + 8);
}

static void read_event(const struct layout *layout, fw_sv body, struct fw_u2_record *ret)
{
    const char *p = body.p;
    read_common(p, ret);
    ret->microsecond = be32(p + 12);
    ret->sid = be32(p + 16);
    ret->gid = be32(p + 20);
    ret->rev = be32(p + 24);
    ret->class = be32(p + 28);
    ret->priority = be32(p + 32);
    if (layout->v6) {
        ret->src = fw_ip6(be64(p + 36), be64(p + 44));
        ret->dst = fw_ip6(be64(p + 52), be64(p + 60));
        p += 68;
    } else {
        ret->src = fw_ip4(be32(p + 36));
        ret->dst = fw_ip4(be32(p + 40));
        p += 44;
    }
    ret->sport = be16(p);
    ret->dport = be16(p + 2);
    ret->protocol = (uint8_t)p[4];
    ret->impact_flag = (uint8_t)p[5];
    ret->impact = (uint8_t)p[6];
    ret->blocked = (uint8_t)p[7];
    if (layout->labels) {
        ret->mpls = be32(p + 8);
    }
    if (layout->labels && layout->type > 100) {
        ret->vlan = be16(p + 12);
        ret->pad = be16(p + 14);
        ret->data = padded(fw_sv_sub(body, layout->size, SIZE_MAX));
    }
}

/* Snort 3 writes IPv4 addresses into the space of IPv6 ones: mapped, or in front. */
static fw_ip event3_ip(const char *p, bool v6)
{
    if (v6) {
        return fw_ip6(be64(p), be64(p + 8));
    }
    return fw_ip4(be64(p) == 0 ? be32(p + 12) : be32(p));
}

static void read_event3(fw_sv body, struct fw_u2_record *ret)
{
    const char *p = body.p;
    uint8_t versions = (uint8_t)p[92];
    read_common(p, ret);
    ret->microsecond = be32(p + 12);
    ret->gid = be32(p + 16);
    ret->sid = be32(p + 20);
    ret->rev = be32(p + 24);
    ret->class = be32(p + 28);
    ret->priority = be32(p + 32);
    ret->src = event3_ip(p + 48, versions >> 4 == 6);
    ret->dst = event3_ip(p + 64, (versions & 15) == 6);
    ret->mpls = be32(p + 80);
    ret->sport = be16(p + 84);
    ret->dport = be16(p + 86);
    ret->vlan = be16(p + 88);
    ret->protocol = (uint8_t)p[93];
    /* status: allowed, could not, would, did; action: pass, drop, block, reset */
    uint8_t status = (uint8_t)p[94];
    ret->blocked = p[95] == 0 || status == 0 ? 0 : status == 3 ? 1 : 2;
    ret->data = padded(fw_sv_sub(body, EVENT3_SIZE, SIZE_MAX));
}

static bool read_packet(fw_sv body, struct fw_u2_record *ret)
{
    read_common(body.p, ret);
    ret->kind = FW_U2_PACKET;
    ret->packet_second = be32(body.p + 12);
    ret->microsecond = be32(body.p + 16);
    ret->link = be32(body.p + 20);
    ret->length = be32(body.p + 24);
    ret->data = fw_sv_sub(body, PACKET_SIZE, ret->length);
    return ret->data.n == ret->length;
}

static bool read_extra(fw_sv body, struct fw_u2_record *ret)
{
    ret->kind = FW_U2_EXTRA;
    ret->extra_kind = be32(body.p);
    ret->extra_length = be32(body.p + 4);
    read_common(body.p + 8, ret);
    ret->extra_type = be32(body.p + 20);
    ret->extra_data_type = be32(body.p + 24);
    ret->extra_blob = be32(body.p + 28);
    /* The length counts itself and the type before it. */
    if (ret->extra_blob < 8 || ret->extra_blob - 8 > body.n - EXTRA_SIZE) {
        return false;
    }
    ret->data = fw_sv_sub(body, EXTRA_SIZE, ret->extra_blob - 8);
    return true;
}

bool fw_u2_read(fw_sv bytes, struct fw_u2_record *ret)
{
    *ret = (struct fw_u2_record){.kind = FW_U2_OTHER};
    if (bytes.n < FW_U2_HEADER || fw_u2_length(bytes) != bytes.n) {
        return false;
    }
    fw_sv body = fw_sv_sub(bytes, FW_U2_HEADER, SIZE_MAX);
    ret->type = be32(bytes.p);
    const struct layout *layout = layout_of(ret->type);
    if (layout || ret->type == TYPE_EVENT3) {
        ret->kind = FW_U2_EVENT;
        if (layout) {
            read_event(layout, body, ret);
        } else {
            read_event3(body, ret);
        }
        return true;
    }
    switch (ret->type) {
    case TYPE_PACKET:
    case TYPE_BUFFER:
        return read_packet(body, ret);
    case TYPE_EXTRA:
        return read_extra(body, ret);
    default:
        return true;
    }
}

/* "1:2900002" into the scratch; the part behind the colon is the rule's id. */
static void put_signature(const struct fw_u2_record *u2, struct fw_arena *scratch,
                          struct fw_event *ret)
{
    char digits[24];
    size_t at = sizeof(digits);
    size_t colon;
    uint32_t n = u2->sid;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    digits[--at] = ':';
    colon = at;
    n = u2->gid;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    fw_sv text = fw_arena_copy(scratch, fw_sv_of(digits + at, sizeof(digits) - at));
    fw_scan_text(ret, FW_EV_code, &ret->code, text);
    fw_scan_text(ret, FW_EV_rule_id, &ret->rule_id, fw_sv_sub(text, colon - at + 1, SIZE_MAX));
}

static void put_time(const struct fw_u2_record *u2, struct fw_event *ret)
{
    uint32_t second = u2->second % 86400;
    struct fw_date date = fw_date_from_days(u2->second / 86400);
    ret->time = (struct fw_stamp){.year = date.year,
                                  .month = date.month,
                                  .day = date.day,
                                  .hour = (uint8_t)(second / 3600),
                                  .minute = (uint8_t)(second / 60 % 60),
                                  .second = (uint8_t)(second % 60),
                                  .nanos = u2->microsecond < 1000000 ? u2->microsecond * 1000 : 0,
                                  .has_zone = true};
    fw_event_set(ret, FW_EV_time);
}

static void put_flow(const struct fw_u2_record *u2, struct fw_event *ret)
{
    bool ports = false;
    fw_sv name = fw_scan_transport_number(u2->protocol, &ports);
    if (name.n > 0) {
        fw_scan_text(ret, FW_EV_transport, &ret->transport, name);
    }
    ret->src = u2->src;
    ret->dst = u2->dst;
    fw_event_set(ret, FW_EV_src);
    fw_event_set(ret, FW_EV_dst);
    if (ports) {
        fw_scan_num(ret, FW_EV_sport, &ret->sport, u2->sport);
        fw_scan_num(ret, FW_EV_dport, &ret->dport, u2->dport);
    } else if (u2->protocol == 1 || u2->protocol == 58) {
        fw_scan_num(ret, FW_EV_icmp_type, &ret->icmp_type, u2->sport);
        fw_scan_num(ret, FW_EV_icmp_code, &ret->icmp_code, u2->dport);
    }
}

static enum fw_line_verdict unified2_event(const struct fw_envelope *envelope, fw_sv message,
                                           struct fw_arena *scratch, struct fw_event *ret)
{
    struct fw_u2_record u2;
    (void)envelope;
    if (!fw_u2_read(message, &u2)) {
        return FW_LINE_BAD;
    }
    if (u2.kind != FW_U2_EVENT || u2.sid == 0) {
        fw_scan_text(ret, FW_EV_code, &ret->code,
                     u2.kind == FW_U2_PACKET  ? FW_SV("packet")
                     : u2.kind == FW_U2_EXTRA ? FW_SV("extra-data")
                                              : FW_SV("other-record"));
        return FW_LINE_IGNORED;
    }
    ret->alert_gid = u2.gid;
    ret->alert_sid = u2.sid;
    put_signature(&u2, scratch, ret);
    put_time(&u2, ret);
    put_flow(&u2, ret);
    fw_scan_num(ret, FW_EV_rule_version, &ret->rule_version, u2.rev);
    fw_scan_num(ret, FW_EV_severity, &ret->severity, u2.priority);
    fw_scan_text(ret, FW_EV_app, &ret->app, u2.data);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("alert"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("intrusion_detection"));
    fw_scan_text(ret, FW_EV_action, &ret->action, u2.blocked == 1 ? FW_SV("drop") : FW_SV("alert"));
    fw_scan_outcome(ret, u2.blocked == 1 ? FW_SCAN_DENIED : FW_SCAN_UNKNOWN);
    return FW_LINE_USED;
}

/* The first record is one that Snort writes, whole or cut at the end of what is there; a second one
 * may follow it and nothing else. */
static int unified2_bid(fw_sv head)
{
    size_t at = 0;
    unsigned n = 0;
    while (n < 8 && head.n - at >= FW_U2_HEADER) {
        fw_sv rest = fw_sv_sub(head, at, SIZE_MAX);
        size_t length = fw_u2_length(rest);
        uint32_t type = length > 0 ? be32(rest.p) : 0;
        const struct layout *layout = layout_of(type);
        bool known = layout ? length - FW_U2_HEADER >= layout->size && length <= 256
                            : type == TYPE_PACKET || type == TYPE_BUFFER || type == TYPE_EXTRA ||
                                  type == TYPE_EVENT3 || (n > 0 && type != 0);
        if (!known) {
            return n > 0 ? FW_BID_LIKELY : FW_BID_NO; /* damaged further down */
        }
        struct fw_u2_record u2;
        if (length <= rest.n && !fw_u2_read(fw_sv_sub(rest, 0, length), &u2)) {
            return n > 0 ? FW_BID_LIKELY : FW_BID_NO;
        }
        n++;
        if (length >= rest.n) {
            break;
        }
        at += length;
    }
    return n > 0 ? FW_BID_SURE + 5 : FW_BID_NO;
}

const struct fw_parser fw_parser_unified2 = {
    .name = "unified2",
    .title = "Snort unified2 (binary)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_RECORDS,
    .bid = unified2_bid,
    .record = fw_u2_length,
    .record_header = FW_U2_HEADER,
    .event = unified2_event,
};
