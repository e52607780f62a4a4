/*
 * Snort's alert_csv and alert_json: alerts as lists of fields.
 *
 *   Snort 2: 01/27/16-16:01:04.877970 ,129,12,1,"Consecutive TCP small
 * segments",TCP,192.0.2.1,80,... Snort 3: 06/14-10:00:01.123456, 7, TCP, raw, 60, C2S,
 * 192.0.2.1:80, 192.0.2.2:90, 1:1000:1, allow { "timestamp" : "06/14-10:00:01.123456", "proto" :
 * "TCP", "src_ap" : "192.0.2.1:80", "dst_ap" : "192.0.2.2:90", "rule" : "1:1000:1", "action" :
 * "allow", "msg" : "..." }
 *
 * (one line). Of CSV the default fields of both versions are known by their order, and other lists
 * when the site declares them; JSON names its fields. An alert is put together as alert_fast writes
 * it and read as such.
 */
#include "parsers/envelope.h"
#include "parsers/jsonl.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"
#include "parsers/snort_fields.h"

extern const struct fw_parser fw_parser_snort_fast;

enum { CELLS_MAX = 64 };

static const uint8_t snort2[] = {
    FW_SNORT_TIME,    FW_SNORT_GID,     FW_SNORT_SID,      FW_SNORT_REV,       FW_SNORT_MSG,
    FW_SNORT_PROTO,   FW_SNORT_SRC,     FW_SNORT_SRC_PORT, FW_SNORT_DST,       FW_SNORT_DST_PORT,
    FW_SNORT_ETH_SRC, FW_SNORT_ETH_DST, FW_SNORT_NONE,     FW_SNORT_NONE,      FW_SNORT_NONE,
    FW_SNORT_NONE,    FW_SNORT_NONE,    FW_SNORT_NONE,     FW_SNORT_NONE,      FW_SNORT_NONE,
    FW_SNORT_NONE,    FW_SNORT_NONE,    FW_SNORT_NONE,     FW_SNORT_ICMP_TYPE, FW_SNORT_ICMP_CODE};
static const uint8_t snort3[] = {FW_SNORT_TIME, FW_SNORT_NONE,  FW_SNORT_PROTO,  FW_SNORT_NONE,
                                 FW_SNORT_NONE, FW_SNORT_NONE,  FW_SNORT_SRC_AP, FW_SNORT_DST_AP,
                                 FW_SNORT_RULE, FW_SNORT_ACTION};

struct alert {
    fw_sv v[FW_SNORT_COUNT];
};

static bool is_number(fw_sv s)
{
    uint64_t n;
    return fw_sv_u64(s, &n);
}

/* A quote within quotes is written twice. */
static fw_sv single_quotes(fw_sv s, struct fw_arena *scratch)
{
    if (fw_sv_find(s, FW_SV("\"\"")) == SIZE_MAX) {
        return s;
    }
    char *out = fw_arena_alloc(scratch, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        out[n++] = s.p[i];
        i += s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"';
    }
    return fw_sv_of(out, n);
}

/* By what stands where: three numbers behind the time, or "1:1000:1" as the ninth. */
static bool read_csv(fw_sv line, struct fw_arena *scratch, struct alert *ret)
{
    fw_sv cells[CELLS_MAX];
    if (line.n < 20 || !fw_is_digit(line.p[0]) || fw_sv_find_char(line, ',') == SIZE_MAX) {
        return false;
    }
    size_t n = fw_pairs_cells(line, cells, CELLS_MAX);
    for (size_t i = 0; i < n; i++) {
        cells[i] = fw_sv_trim(cells[i]);
    }
    bool two = n >= 10 && is_number(cells[1]) && is_number(cells[2]) && is_number(cells[3]) &&
               !is_number(cells[4]);
    bool three = !two && n >= 10 && is_number(cells[1]) && is_number(cells[4]) &&
                 fw_sv_find_char(cells[8], ':') != SIZE_MAX;
    const uint8_t *order = two ? snort2 : snort3;
    size_t known = two ? sizeof(snort2) : sizeof(snort3);
    for (size_t i = 0; i < known && i < n; i++) {
        ret->v[order[i]] = cells[i];
    }
    ret->v[FW_SNORT_MSG] = single_quotes(ret->v[FW_SNORT_MSG], scratch);
    return two || three;
}

/* The sensor's own list. A line with another number of cells was written before it was set. */
static bool read_declared(const struct fw_snort_fields *fields, fw_sv line,
                          struct fw_arena *scratch, struct alert *ret)
{
    fw_sv cells[CELLS_MAX];
    if (fw_pairs_cells(line, cells, CELLS_MAX) != fields->n) {
        return false;
    }
    for (size_t i = 0; i < fields->n; i++) {
        ret->v[fw_snort_field_of(fields->v[i])] = fw_sv_trim(cells[i]);
    }
    ret->v[FW_SNORT_MSG] = single_quotes(ret->v[FW_SNORT_MSG], scratch);
    return ret->v[FW_SNORT_TIME].n > 0 &&
           (ret->v[FW_SNORT_RULE].n > 0 || is_number(ret->v[FW_SNORT_SID]));
}

static bool read_json(fw_sv line, struct fw_arena *scratch, struct alert *ret)
{
    struct fw_jsonl json;
    fw_sv key;
    struct fw_jsonl_value value;
    if (!fw_jsonl_open(line, '{', &json)) {
        return false;
    }
    while (fw_jsonl_member(&json, &key, &value)) {
        enum fw_snort_field field = fw_snort_field_json(key);
        if (field != FW_SNORT_NONE) {
            ret->v[field] = value.type == FW_JSONL_STRING ? fw_jsonl_text(&value, scratch)
                                                          : value.raw;
        }
    }
    return fw_jsonl_closed(&json) && ret->v[FW_SNORT_TIME].n > 0 &&
           (ret->v[FW_SNORT_RULE].n > 0 || ret->v[FW_SNORT_SID].n > 0);
}

struct writer {
    char *p;
    size_t n, room;
};

static void put(struct writer *w, fw_sv s)
{
    if (s.n > 0 && s.n <= w->room - w->n) {
        memcpy(w->p + w->n, s.p, s.n);
        w->n += s.n;
    }
}

static void put_bracket(struct writer *w, const char *label, fw_sv value)
{
    if (value.n > 0 && !fw_sv_is(value, "none")) {
        put(w, FW_SV(" ["));
        put(w, fw_sv_from(label));
        put(w, value);
        put(w, FW_SV("]"));
    }
}

/* Of a protocol without ports Snort 3 writes ":0" behind the address: not a part of it. */
static void put_side(struct writer *w, const struct alert *a, enum fw_snort_field ap,
                     enum fw_snort_field ip, enum fw_snort_field port)
{
    bool ports = false;
    fw_scan_transport(a->v[FW_SNORT_PROTO], &ports);
    fw_sv host = a->v[ip];
    fw_sv number = a->v[port];
    if (a->v[ap].n > 0) {
        size_t colon = a->v[ap].n;
        while (colon > 0 && a->v[ap].p[colon - 1] != ':') {
            colon--;
        }
        host = fw_sv_sub(a->v[ap], 0, colon > 0 ? colon - 1 : a->v[ap].n);
        number = fw_sv_sub(a->v[ap], colon > 0 ? colon : a->v[ap].n, SIZE_MAX);
    }
    put(w, host);
    if (ports && number.n > 0) {
        put(w, FW_SV(":"));
        put(w, number);
    }
}

static fw_sv as_fast(const struct alert *a, struct fw_arena *scratch)
{
    size_t room = 256;
    for (size_t i = 0; i < FW_SNORT_COUNT; i++) {
        room += a->v[i].n;
    }
    struct writer w = {fw_arena_alloc(scratch, room), 0, room};
    put(&w, a->v[FW_SNORT_TIME]);
    put(&w, FW_SV(" [**] ["));
    if (a->v[FW_SNORT_RULE].n > 0) {
        put(&w, a->v[FW_SNORT_RULE]);
    } else {
        put(&w, a->v[FW_SNORT_GID].n > 0 ? a->v[FW_SNORT_GID] : FW_SV("1"));
        put(&w, FW_SV(":"));
        put(&w, a->v[FW_SNORT_SID]);
        put(&w, FW_SV(":"));
        put(&w, a->v[FW_SNORT_REV].n > 0 ? a->v[FW_SNORT_REV] : FW_SV("0"));
    }
    put(&w, FW_SV("] "));
    put(&w, a->v[FW_SNORT_MSG].n > 0 ? a->v[FW_SNORT_MSG] : FW_SV("(null)"));
    put(&w, FW_SV(" [**]"));
    put_bracket(&w, "Classification: ", a->v[FW_SNORT_CLASS]);
    put_bracket(&w, "Priority: ", a->v[FW_SNORT_PRIORITY]);
    if (a->v[FW_SNORT_SRC].n > 0 || a->v[FW_SNORT_SRC_AP].n > 0) {
        put(&w, FW_SV(" {"));
        put(&w, a->v[FW_SNORT_PROTO]);
        put(&w, FW_SV("} "));
        put_side(&w, a, FW_SNORT_SRC_AP, FW_SNORT_SRC, FW_SNORT_SRC_PORT);
        put(&w, FW_SV(" -> "));
        put_side(&w, a, FW_SNORT_DST_AP, FW_SNORT_DST, FW_SNORT_DST_PORT);
    }
    return fw_sv_of(w.p, w.n);
}

static void put_rest(const struct alert *a, struct fw_event *ev)
{
    uint64_t n;
    fw_sv action = a->v[FW_SNORT_ACTION];
    fw_scan_text(ev, FW_EV_src_mac, &ev->src_mac, a->v[FW_SNORT_ETH_SRC]);
    fw_scan_text(ev, FW_EV_dst_mac, &ev->dst_mac, a->v[FW_SNORT_ETH_DST]);
    fw_scan_text(ev, FW_EV_in, &ev->in, a->v[FW_SNORT_IFACE]);
    if (!fw_sv_is(a->v[FW_SNORT_SERVICE], "unknown")) {
        fw_scan_text(ev, FW_EV_app, &ev->app, a->v[FW_SNORT_SERVICE]);
    }
    bool icmp = fw_event_has(ev, FW_EV_transport) &&
                (fw_sv_is(ev->transport, "icmp") || fw_sv_is(ev->transport, "ipv6-icmp"));
    if (icmp) { /* its "ports" of alert_fast are none here */
        ev->present &= ~(UINT64_C(1) << FW_EV_icmp_type | UINT64_C(1) << FW_EV_icmp_code);
    }
    if (icmp && fw_sv_u64(a->v[FW_SNORT_ICMP_TYPE], &n)) {
        fw_scan_num(ev, FW_EV_icmp_type, &ev->icmp_type, n);
    }
    if (icmp && fw_sv_u64(a->v[FW_SNORT_ICMP_CODE], &n)) {
        fw_scan_num(ev, FW_EV_icmp_code, &ev->icmp_code, n);
    }
    bool denied = fw_sv_is(action, "drop") || fw_sv_is(action, "block") ||
                  fw_sv_is(action, "reset") || fw_sv_is(action, "reject");
    if (denied) {
        ev->action = FW_SV("drop");
        fw_scan_outcome(ev, FW_SCAN_DENIED);
    }
}

static enum fw_line_verdict read_alert(const struct alert *alert, struct fw_arena *scratch,
                                       struct fw_event *ret)
{
    fw_sv text = as_fast(alert, scratch);
    enum fw_line_verdict verdict = fw_parser_snort_fast.event(NULL, text, scratch, ret);
    if (verdict == FW_LINE_USED && fw_event_has(ret, FW_EV_time)) {
        put_rest(alert, ret);
        return verdict;
    }
    /* What looked like one by its numbers is somebody else's list. */
    fw_event_clear(ret);
    return verdict == FW_LINE_BAD ? FW_LINE_BAD : FW_LINE_NONE;
}

static enum fw_line_verdict list_event(const struct fw_envelope *envelope, fw_sv message,
                                       struct fw_arena *scratch, struct fw_event *ret)
{
    const struct fw_snort_fields *fields = envelope ? envelope->csv_fields : NULL;
    struct alert alert = {.v = {{0}}};
    bool json = message.n > 0 && message.p[0] == '{';
    if (!json && fields && read_declared(fields, message, scratch, &alert) &&
        read_alert(&alert, scratch, ret) == FW_LINE_USED) {
        return FW_LINE_USED;
    }
    alert = (struct alert){.v = {{0}}};
    bool read = json ? read_json(message, scratch, &alert) : read_csv(message, scratch, &alert);
    return read ? read_alert(&alert, scratch, ret) : FW_LINE_NONE;
}

static int list_bid(fw_sv head)
{
    struct fw_arena scratch;
    struct fw_event event;
    fw_arena_init(&scratch, 0);
    fw_event_clear(&event);
    fw_sv line = fw_sv_sub(head, 0, fw_sv_find_char(head, '\n'));
    enum fw_line_verdict verdict = list_event(NULL, fw_sv_sub(line, 0, 16384), &scratch, &event);
    fw_arena_clear(&scratch);
    return verdict == FW_LINE_USED ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_snort_list = {
    .name = "snort-list",
    .title = "Snort alert_csv and alert_json",
    .kind = FW_PARSER_LOG,
    .version = 2,
    .shape = FW_SHAPE_LINE,
    .bid = list_bid,
    .event = list_event,
};
