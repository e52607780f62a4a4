/*
 * Suricata's EVE: one JSON object a line.
 *
 *   {"timestamp":"2022-07-12T06:22:33.415742+0000","flow_id":1398609176796675,"in_iface":"eth0",
 *    "event_type":"alert","src_ip":"192.0.2.1","src_port":33270,"dest_ip":"192.0.2.2","dest_port":80,
 *    "proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":2034125,"rev":4,
 *    "signature":"ET EXPLOIT ...","category":"...","severity":1}}
 *
 * (one line). Alerts and flows are read in full; other records that name a connection (dns, http,
 * tls) become events of their type; statistics give the packets captured and lost since the start;
 * the rest (engine) is ignored by name, and shows that the sensor was running.
 */
#include "parsers/jsonl.h"
#include "parsers/jsonmap.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

struct record {
    struct fw_arena *scratch;
    struct fw_event *ev;
    const struct fw_jsonmap *map; /* NULL: none was made */
    fw_sv type;
    struct fw_jsonl_value alert, flow, stats; /* objects, when there are any */
    bool ports;                               /* the protocol has them */
    bool has_sport, has_dport;
    uint64_t sport, dport;
};

static bool key_is(fw_sv key, const char *name, size_t n)
{
    return key.n == n && memcmp(key.p, name, n) == 0;
}

#define KEY(key, name) key_is((key), (name), sizeof(name) - 1)

static bool read_stamp(const struct fw_jsonl_value *value, struct fw_stamp *ret)
{
    fw_sv text = value->raw;
    return value->type == FW_JSONL_STRING && fw_stamp_rfc3339(&text, ret) && text.n == 0;
}

static void put_text(struct record *r, enum fw_event_field field, fw_sv *member,
                     const struct fw_jsonl_value *value)
{
    fw_scan_text(r->ev, field, member, fw_jsonl_text(value, r->scratch));
}

static void put_number(struct record *r, enum fw_event_field field, uint64_t *member,
                       const struct fw_jsonl_value *value)
{
    uint64_t n;
    if (fw_jsonl_u64(value, &n)) {
        fw_scan_num(r->ev, field, member, n);
    }
}

/* False when the value is broken in a way that makes the line worthless, or comes twice: of two
 * addresses or signatures one is a lie, and nothing says which. */
static bool take_member(struct record *r, fw_sv key, const struct fw_jsonl_value *value)
{
    struct fw_event *ev = r->ev;
    switch (key.n) {
    case 4:
        if (KEY(key, "host")) {
            put_text(r, FW_EV_observer, &ev->observer, value);
        } else if (KEY(key, "flow") && value->type == FW_JSONL_OBJECT) {
            r->flow = *value;
        }
        break;
    case 5:
        if (KEY(key, "proto")) {
            if (fw_event_has(ev, FW_EV_transport)) {
                return false;
            }
            fw_scan_text(ev, FW_EV_transport, &ev->transport,
                         fw_scan_transport(fw_jsonl_text(value, r->scratch), &r->ports));
        } else if (KEY(key, "alert") && value->type == FW_JSONL_OBJECT) {
            if (r->alert.type == FW_JSONL_OBJECT) {
                return false;
            }
            r->alert = *value;
        } else if (KEY(key, "stats") && value->type == FW_JSONL_OBJECT) {
            r->stats = *value;
        }
        break;
    case 6:
        if (KEY(key, "src_ip")) {
            return !fw_event_has(ev, FW_EV_src) &&
                   fw_scan_addr(ev, FW_EV_src, &ev->src, value->raw);
        }
        break;
    case 7:
        if (KEY(key, "dest_ip")) {
            return !fw_event_has(ev, FW_EV_dst) &&
                   fw_scan_addr(ev, FW_EV_dst, &ev->dst, value->raw);
        }
        if (KEY(key, "flow_id")) {
            fw_scan_text(ev, FW_EV_session, &ev->session, value->raw);
        }
        break;
    case 8:
        if (KEY(key, "src_port")) {
            bool again = r->has_sport;
            r->has_sport = fw_scan_port(value->raw, &r->sport);
            return r->has_sport && !again;
        }
        if (KEY(key, "in_iface")) {
            put_text(r, FW_EV_in, &ev->in, value);
        }
        break;
    case 9:
        if (KEY(key, "timestamp")) {
            if (fw_event_has(ev, FW_EV_time) || !read_stamp(value, &ev->time)) {
                return false;
            }
            fw_event_set(ev, FW_EV_time);
        } else if (KEY(key, "dest_port")) {
            bool again = r->has_dport;
            r->has_dport = fw_scan_port(value->raw, &r->dport);
            return r->has_dport && !again;
        } else if (KEY(key, "icmp_type")) {
            put_number(r, FW_EV_icmp_type, &ev->icmp_type, value);
        } else if (KEY(key, "icmp_code")) {
            put_number(r, FW_EV_icmp_code, &ev->icmp_code, value);
        } else if (KEY(key, "app_proto")) {
            put_text(r, FW_EV_app, &ev->app, value);
        }
        break;
    case 10:
        if (KEY(key, "event_type")) {
            bool again = r->type.n > 0;
            r->type = fw_jsonl_text(value, r->scratch);
            return !again;
        }
        break;
    default:
        break;
    }
    return true;
}

static bool take_alert_member(struct record *r, fw_sv key, const struct fw_jsonl_value *value)
{
    struct fw_event *ev = r->ev;
    uint64_t n;
    if (KEY(key, "signature_id")) {
        if (ev->alert_sid != 0) {
            return false;
        }
        if (fw_jsonl_u64(value, &n) && n <= UINT32_MAX) {
            ev->alert_sid = (uint32_t)n;
            fw_scan_text(ev, FW_EV_rule_id, &ev->rule_id, value->raw);
        }
    } else if (KEY(key, "gid")) {
        if (fw_jsonl_u64(value, &n) && n <= UINT32_MAX) {
            ev->alert_gid = (uint32_t)n;
        }
    } else if (KEY(key, "rev")) {
        put_number(r, FW_EV_rule_version, &ev->rule_version, value);
    } else if (KEY(key, "signature")) {
        put_text(r, FW_EV_rule_name, &ev->rule_name, value);
    } else if (KEY(key, "category")) {
        put_text(r, FW_EV_rule_category, &ev->rule_category, value);
    } else if (KEY(key, "severity")) {
        put_number(r, FW_EV_severity, &ev->severity, value);
    } else if (KEY(key, "action")) {
        put_text(r, FW_EV_action, &ev->action, value);
    }
    return true;
}

static bool read_alert(struct record *r)
{
    struct fw_jsonl json;
    fw_sv key;
    struct fw_jsonl_value value;
    if (!fw_jsonl_open_mapped(r->alert.raw, '{', r->map, &json)) {
        return false;
    }
    r->ev->alert_gid = 1; /* what Suricata leaves out in old versions */
    bool sound = true;
    while (fw_jsonl_member(&json, &key, &value)) {
        sound = take_alert_member(r, key, &value) && sound;
    }
    if (!sound || !fw_jsonl_closed(&json) || r->ev->alert_sid == 0) {
        return false;
    }
    fw_scan_outcome(r->ev, fw_scan_label(r->ev->action));
    r->ev->kind = FW_SV("alert");
    r->ev->category = FW_SV("intrusion_detection");
    return true;
}

static bool read_flow(struct record *r)
{
    struct fw_event *ev = r->ev;
    struct fw_jsonl json;
    fw_sv key;
    struct fw_jsonl_value value;
    if (!fw_jsonl_open_mapped(r->flow.raw, '{', r->map, &json)) {
        return false;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        if (KEY(key, "bytes_toserver")) {
            put_number(r, FW_EV_src_bytes, &ev->src_bytes, &value);
        } else if (KEY(key, "bytes_toclient")) {
            put_number(r, FW_EV_dst_bytes, &ev->dst_bytes, &value);
        } else if (KEY(key, "start") && read_stamp(&value, &ev->start)) {
            fw_event_set(ev, FW_EV_start);
        } else if (KEY(key, "end") && read_stamp(&value, &ev->end)) {
            fw_event_set(ev, FW_EV_end);
        }
    }
    return fw_jsonl_closed(&json);
}

/* Packets by how they were captured: AF_PACKET, pcap and netmap; AF_XDP; DPDK. */
static const struct {
    const char *captured, *dropped;
} captures[] = {{"kernel_packets", "kernel_drops"},
                {"afxdp_packets", "kernel_drops"},
                {"packets", "rx_errors"}};

static bool find_number(fw_sv object, const char *name, uint64_t *ret)
{
    struct fw_jsonl json;
    fw_sv key;
    struct fw_jsonl_value value;
    if (!fw_jsonl_open(object, '{', &json)) {
        return false;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        if (fw_sv_is(key, name)) {
            return fw_jsonl_u64(&value, ret);
        }
    }
    return false;
}

/* True when it says what was captured; what was lost may be left out while it is zero. */
static bool read_capture(struct fw_event *ev, fw_sv capture)
{
    uint64_t n;
    for (size_t i = 0; i < sizeof(captures) / sizeof(captures[0]); i++) {
        if (find_number(capture, captures[i].captured, &n)) {
            fw_scan_num(ev, FW_EV_captured, &ev->captured, n);
            if (find_number(capture, captures[i].dropped, &n)) {
                fw_scan_num(ev, FW_EV_dropped, &ev->dropped, n);
            }
            return true;
        }
    }
    if (find_number(capture, "kernel_drops", &n)) {
        fw_scan_num(ev, FW_EV_dropped, &ev->dropped, n);
    }
    return false;
}

/* {"uptime":8,"capture":{"kernel_packets":1204,"kernel_drops":3},"decoder":{"pkts":1201,...}...}
 * Beside a capture that counts only what it lost, what was decoded was captured. Without any word
 * about loss nothing is said: what never came to the decoder may be much. */
static bool read_stats(struct record *r)
{
    struct fw_event *ev = r->ev;
    struct fw_jsonl json;
    fw_sv key;
    struct fw_jsonl_value value;
    uint64_t decoded = 0;
    bool has_decoded = false;
    bool captured = false;
    if (!fw_jsonl_open(r->stats.raw, '{', &json)) {
        return false;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        if (KEY(key, "uptime")) {
            put_number(r, FW_EV_uptime, &ev->uptime, &value);
        } else if (KEY(key, "capture") && value.type == FW_JSONL_OBJECT) {
            captured = read_capture(ev, value.raw);
        } else if (KEY(key, "decoder") && value.type == FW_JSONL_OBJECT) {
            has_decoded = find_number(value.raw, "pkts", &decoded);
        }
    }
    if (has_decoded && !captured && fw_event_has(ev, FW_EV_dropped)) {
        fw_scan_num(ev, FW_EV_captured, &ev->captured, decoded);
    }
    return fw_jsonl_closed(&json);
}

/* Without a connection or an alert nothing is left but that the sensor was running. */
static enum fw_line_verdict finish(struct record *r)
{
    struct fw_event *ev = r->ev;
    bool alert = fw_sv_is(r->type, "alert");
    fw_scan_text(ev, FW_EV_code, &ev->code, r->type);
    if (fw_sv_is(r->type, "stats") && r->stats.type == FW_JSONL_OBJECT) {
        if (!read_stats(r)) {
            return FW_LINE_BAD;
        }
        return fw_event_has(ev, FW_EV_captured) ? FW_LINE_USED : FW_LINE_IGNORED;
    }
    if (!fw_event_has(ev, FW_EV_src) || !fw_event_has(ev, FW_EV_dst)) {
        return alert ? FW_LINE_BAD : FW_LINE_IGNORED;
    }
    if (r->ports && r->has_sport) {
        fw_scan_num(ev, FW_EV_sport, &ev->sport, r->sport);
    }
    if (r->ports && r->has_dport) {
        fw_scan_num(ev, FW_EV_dport, &ev->dport, r->dport);
    }
    ev->kind = FW_SV("event");
    ev->category = FW_SV("network");
    if (r->flow.type == FW_JSONL_OBJECT && !read_flow(r)) {
        return FW_LINE_BAD;
    }
    if (alert && (r->alert.type != FW_JSONL_OBJECT || !read_alert(r))) {
        return FW_LINE_BAD;
    }
    if (fw_sv_is(r->type, "drop")) {
        fw_scan_text(ev, FW_EV_action, &ev->action, FW_SV("drop"));
        fw_scan_outcome(ev, FW_SCAN_DENIED);
    }
    fw_event_set(ev, FW_EV_kind);
    fw_event_set(ev, FW_EV_category);
    return FW_LINE_USED;
}

static enum fw_line_verdict eve_event(const struct fw_envelope *envelope, fw_sv message,
                                      struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    struct fw_jsonl json;
    struct record r = {.scratch = scratch, .ev = ret};
    struct fw_jsonmap map;
    fw_sv key;
    struct fw_jsonl_value value;
    if (!fw_jsonl_open(message, '{', &json)) {
        return FW_LINE_NONE;
    }
    r.map = fw_jsonmap_make(message, &map) ? &map : NULL;
    json.map = r.map;
    bool sound = true;
    while (fw_jsonl_member(&json, &key, &value)) {
        sound = take_member(&r, key, &value) && sound;
    }
    if (!fw_jsonl_closed(&json)) {
        bool ours = fw_sv_find(fw_sv_sub(message, 0, 512), FW_SV("\"event_type\"")) != SIZE_MAX;
        return ours ? FW_LINE_BAD : FW_LINE_NONE;
    }
    if (r.type.n == 0 || !fw_event_has(ret, FW_EV_time)) {
        return r.type.n > 0 && !sound ? FW_LINE_BAD : FW_LINE_NONE;
    }
    return sound ? finish(&r) : FW_LINE_BAD;
}

static int eve_bid(fw_sv head)
{
    fw_sv line = fw_sv_sub(head, 0, fw_sv_find_char(head, '\n'));
    fw_sv start = fw_sv_sub(fw_sv_trim(line), 0, 512);
    if (start.n == 0 || start.p[0] != '{' ||
        fw_sv_find(start, FW_SV("\"event_type\"")) == SIZE_MAX) {
        return FW_BID_NO;
    }
    return fw_sv_find(start, FW_SV("\"timestamp\"")) != SIZE_MAX ? FW_BID_SURE : FW_BID_WEAK;
}

const struct fw_parser fw_parser_suricata_eve = {
    .name = "suricata-eve",
    .title = "Suricata EVE JSON",
    .kind = FW_PARSER_LOG,
    .version = 3,
    .shape = FW_SHAPE_LINE,
    .bid = eve_bid,
    .event = eve_event,
};
