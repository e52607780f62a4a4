/*
 * Check Point firewall logs, in the three forms that leave a management server:
 *
 *   [action:"Drop"; ifdir:"inbound"; ifname:"eth1"; origin:"192.0.2.1"; time:"1557937599";
 *   src:"10.1.1.5"; dst:"192.0.2.9"; proto:"6"; s_port:"50002"; service:"443"; rule_name:"web"]
 *
 *   time=2016-06-01 16:48:23|action=accept|orig=192.0.2.1|i/f_dir=inbound|i/f_name=bond12|rule=7|
 *   src=10.1.1.5|s_port=62264|dst=192.0.2.9|service=8500|proto=tcp
 *
 *   %CHKPNT-6-100023: monitor, gw1, inbound, eth0, 10.1.1.5, 41654, 192.0.2.9, 80, 80, tcp, 1, ...
 *
 * (each one line): the Log Exporter's syslog, fw1-loggrabber over OPSEC LEA, and a relay's cells.
 * Check Point also exports CEF and LEEF, which have readers of their own.
 */
#include <assert.h>

#include "core/proto.h"
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum own { PRODUCT, SERVICE, OPERATION, ADMIN, WAY, IFNAME, OWN_COUNT };

static const struct fw_pair_row keys[] = {
    FW_PAIR("ICMP Code", NUM, FW_EV_icmp_code),
    FW_PAIR("ICMP Type", NUM, FW_EV_icmp_type),
    FW_PAIR("action", TEXT, FW_EV_action),
    FW_PAIR("administrator", OWN, ADMIN),
    FW_PAIR("appi_name", TEXT, FW_EV_app),
    FW_PAIR("bytes", NUM, FW_EV_bytes),
    FW_PAIR("client_inbound_bytes", NUM, FW_EV_src_bytes),
    FW_PAIR("client_outbound_bytes", NUM, FW_EV_dst_bytes),
    FW_PAIR("dst", IP, FW_EV_dst),
    FW_PAIR("dst_user_name", TEXT, FW_EV_dst_user),
    FW_PAIR("elapsed", SECONDS, FW_EV_duration),
    FW_PAIR("i/f_dir", OWN, WAY),
    FW_PAIR("i/f_name", OWN, IFNAME),
    FW_PAIR("icmp_code", NUM, FW_EV_icmp_code),
    FW_PAIR("icmp_type", NUM, FW_EV_icmp_type),
    FW_PAIR("ifdir", OWN, WAY),
    FW_PAIR("ifname", OWN, IFNAME),
    FW_PAIR("inzone", TEXT, FW_EV_in_zone),
    FW_PAIR("operation", OWN, OPERATION),
    FW_PAIR("orig", TEXT, FW_EV_observer),
    FW_PAIR("origin", TEXT, FW_EV_observer),
    FW_PAIR("outzone", TEXT, FW_EV_out_zone),
    FW_PAIR("product", OWN, PRODUCT),
    FW_PAIR("proto", PROTO, FW_EV_transport),
    FW_PAIR("rule", TEXT, FW_EV_rule_id),
    FW_PAIR("rule_name", TEXT, FW_EV_rule_name),
    FW_PAIR("s_port", PORT, FW_EV_sport),
    FW_PAIR("service", OWN, SERVICE),
    FW_PAIR("severity", TEXT, FW_EV_level),
    FW_PAIR("src", IP, FW_EV_src),
    FW_PAIR("src_user_name", TEXT, FW_EV_src_user),
    FW_PAIR("time", STAMP, FW_EV_time),
    FW_PAIR("user", TEXT, FW_EV_src_user),
    FW_PAIR("xlatedport", NAT_PORT, FW_EV_nat_dport),
    FW_PAIR("xlatedst", NAT_IP, FW_EV_nat_dst),
    FW_PAIR("xlatesport", NAT_PORT, FW_EV_nat_sport),
    FW_PAIR("xlatesrc", NAT_IP, FW_EV_nat_src),
};
static const struct fw_pair_table table = FW_PAIR_TABLE(keys);

enum { CELLS = 96 };

/* One value into the event; false when it cannot be what the key says. Addresses may be given as
 * names where LEA resolves them: then they are absent. */
static bool put_pair(fw_sv key, fw_sv value, fw_sv *own, struct fw_event *ret)
{
    const struct fw_pair_row *row = fw_pairs_find(&table, key);
    if (!row) {
        return true;
    }
    if (row->kind == FW_PAIR_OWN) {
        own[row->what] = own[row->what].n ? own[row->what] : value;
        return true;
    }
    return fw_pairs_set(row, value, ret) || row->kind == FW_PAIR_IP;
}

/* `key:"value"; key:"value"; ]`; a quote inside is escaped. Some attributes have two colons. */
static bool read_brackets(fw_sv s, fw_sv *own, struct fw_event *ret)
{
    size_t i = 0;
    while (i < s.n) {
        while (i < s.n && (s.p[i] == ' ' || s.p[i] == ';' || s.p[i] == '[')) {
            i++;
        }
        if (i == s.n || s.p[i] == ']') {
            break;
        }
        size_t key = i;
        while (i < s.n && s.p[i] != ':' && s.p[i] != ';' && s.p[i] != ']') {
            i++;
        }
        fw_sv name = fw_sv_sub(s, key, i - key);
        while (i < s.n && s.p[i] == ':') {
            i++;
        }
        if (i == s.n || s.p[i] != '"') {
            continue;
        }
        size_t value = ++i;
        while (i < s.n && s.p[i] != '"') {
            i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
        }
        if (!put_pair(name, fw_sv_sub(s, value, i - value), own, ret)) {
            return false;
        }
        i += i < s.n;
    }
    return true;
}

static bool read_bars(fw_sv s, fw_sv *own, struct fw_event *ret)
{
    fw_sv part;
    while (fw_sv_split(&s, '|', &part)) {
        size_t equals = fw_sv_find_char(part, '=');
        if (equals != SIZE_MAX && !put_pair(fw_sv_sub(part, 0, equals),
                                            fw_sv_sub(part, equals + 1, SIZE_MAX), own, ret)) {
            return false;
        }
    }
    return true;
}

/* The ports of protocols without them say nothing; a service is a port or its name. */
static void put_service(fw_sv service, struct fw_event *ret)
{
    bool ports = true;
    uint16_t port;
    if (fw_event_has(ret, FW_EV_transport)) {
        fw_scan_transport(ret->transport, &ports);
    }
    if (!ports) {
        ret->present &= ~(UINT64_C(1) << FW_EV_sport | UINT64_C(1) << FW_EV_nat_sport |
                          UINT64_C(1) << FW_EV_nat_dport);
        return;
    }
    if (fw_scan_port(service, &ret->dport)) {
        fw_event_set(ret, FW_EV_dport);
    } else if (fw_port_parse(service, &port)) {
        fw_scan_num(ret, FW_EV_dport, &ret->dport, port);
    }
}

static enum fw_scan_verdict verdict_of(fw_sv action)
{
    static const char *const allowed[] = {"Authorize",   "Decrypt",   "Encrypt", "Inspect",
                                          "Key Install", "VPN Route", "keyinst", NULL};
    for (size_t i = 0; allowed[i]; i++) {
        if (fw_sv_is_nocase(action, allowed[i])) {
            /* A key exchange is no packet's verdict. */
            return i == 4 || i == 6 ? FW_SCAN_UNKNOWN : FW_SCAN_ALLOWED;
        }
    }
    return fw_scan_action(action);
}

static void put_interface(const fw_sv *own, struct fw_event *ret)
{
    bool out = fw_sv_is_nocase(own[WAY], "outbound");
    fw_scan_text(ret, FW_EV_direction, &ret->direction, own[WAY]);
    if (fw_sv_is(own[IFNAME], "daemon")) {
        return; /* the gateway's own process, no interface */
    }
    if (out) {
        fw_scan_text(ret, FW_EV_out, &ret->out, own[IFNAME]);
    } else {
        fw_scan_text(ret, FW_EV_in, &ret->in, own[IFNAME]);
    }
}

static enum fw_line_verdict finish(const fw_sv *own, struct fw_event *ret)
{
    bool audit = own[OPERATION].n > 0 || own[ADMIN].n > 0;
    put_service(own[SERVICE], ret);
    put_interface(own, ret);
    if (audit) {
        fw_scan_text(ret, FW_EV_user, &ret->user, own[ADMIN]);
        if (!fw_event_has(ret, FW_EV_action)) {
            fw_scan_text(ret, FW_EV_action, &ret->action, own[OPERATION]);
        }
        fw_scan_text(ret, FW_EV_message, &ret->message, own[OPERATION]);
    }
    fw_scan_outcome(ret, verdict_of(ret->action));
    ret->admin = audit;
    ret->traffic = !audit && (fw_event_has(ret, FW_EV_src) || fw_event_has(ret, FW_EV_dst));
    fw_scan_text(ret, FW_EV_code, &ret->code, own[PRODUCT]);
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 audit ? FW_SV("configuration") : FW_SV("network"));
    return ret->traffic || audit || fw_event_has(ret, FW_EV_action) ? FW_LINE_USED : FW_LINE_BAD;
}

/* "action, origin, direction, interface, source, port, destination, service, port, protocol, rule"
 */
static enum fw_line_verdict read_cells(fw_sv text, struct fw_event *ret)
{
    static const struct fw_pair_row rows[] = {
        FW_PAIR("", TEXT, FW_EV_action),
        FW_PAIR("", TEXT, FW_EV_observer),
        FW_PAIR("", OWN, 0),
        FW_PAIR("", OWN, 0),
        FW_PAIR("", IP, FW_EV_src),
        FW_PAIR("", PORT, FW_EV_sport),
        FW_PAIR("", IP, FW_EV_dst),
        FW_PAIR("", OWN, 0),
        FW_PAIR("", OWN, 0),
        FW_PAIR("", PROTO, FW_EV_transport),
        FW_PAIR("", TEXT, FW_EV_rule_id),
    };
    enum { COUNT = sizeof(rows) / sizeof(rows[0]) };
    fw_sv cells[CELLS];
    fw_sv own[OWN_COUNT] = {{0}};
    size_t n = fw_pairs_cells(text, cells, CELLS);
    if (n < COUNT) {
        return FW_LINE_BAD;
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (!fw_pairs_set(&rows[i], fw_sv_trim(cells[i]), ret)) {
            return FW_LINE_BAD;
        }
    }
    own[WAY] = fw_sv_trim(cells[2]);
    own[IFNAME] = fw_sv_trim(cells[3]);
    fw_sv port = fw_sv_trim(cells[8]);
    own[SERVICE] = port.n > 0 ? port : fw_sv_trim(cells[7]);
    return finish(own, ret);
}

enum form { NONE, BRACKETS, BARS, COMMAS };

static enum form find_form(fw_sv s, fw_sv *ret)
{
    fw_sv head = fw_sv_sub(s, 0, 256);
    size_t at = fw_sv_find(head, FW_SV("%CHKPNT-"));
    if (at != SIZE_MAX) {
        size_t colon = fw_sv_find(fw_sv_sub(s, at, 40), FW_SV(": "));
        *ret = fw_sv_sub(s, colon == SIZE_MAX ? s.n : at + colon + 2, SIZE_MAX);
        return COMMAS;
    }
    /* The bracket form opens with the action. */
    at = fw_sv_find(head, FW_SV("[action:\""));
    if (at != SIZE_MAX) {
        *ret = fw_sv_sub(s, at, SIZE_MAX);
        return BRACKETS;
    }
    if (fw_sv_find(head, FW_SV("|action=")) != SIZE_MAX &&
        (fw_sv_find(head, FW_SV("|orig=")) != SIZE_MAX ||
         fw_sv_find(head, FW_SV("|origin=")) != SIZE_MAX)) {
        at = fw_sv_find(head, FW_SV("time="));
        *ret = at == SIZE_MAX ? s : fw_sv_sub(s, at, SIZE_MAX);
        return BARS;
    }
    return NONE;
}

static enum fw_line_verdict checkpoint_event(const struct fw_envelope *envelope, fw_sv message,
                                             struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    fw_sv own[OWN_COUNT] = {{0}};
    fw_sv text;
    enum form form = find_form(message, &text);
    switch (form) {
    case BRACKETS:
        return read_brackets(text, own, ret) ? finish(own, ret) : FW_LINE_BAD;
    case BARS:
        return read_bars(text, own, ret) ? finish(own, ret) : FW_LINE_BAD;
    case COMMAS:
        return read_cells(text, ret);
    case NONE:
        break;
    }
    return FW_LINE_NONE;
}

static int checkpoint_bid(fw_sv head)
{
    fw_sv text;
    assert(fw_pairs_sorted(&table));
    return find_form(head, &text) == NONE ? FW_BID_NO : FW_BID_SURE;
}

const struct fw_parser fw_parser_checkpoint_log = {
    .name = "checkpoint-log",
    .title = "Check Point firewall logs (Log Exporter syslog, LEA)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = checkpoint_bid,
    .event = checkpoint_event,
};
