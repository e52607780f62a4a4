/*
 * PAN-OS (5 to 11) logs: a line of CSV whose columns depend on the type in the fourth. Later
 * versions only add columns at the end.
 *
 *   1,2015/01/05 12:51:34,0003C105690,TRAFFIC,end,1,2015/01/05 12:51:34,10.0.0.147,4.2.2.2,
 *   192.168.100.11,4.2.2.2,Guest_to_Internet,,,dns,vsys1,GuestAccess,untrust,vlan.84,vlan.200,
 *   LOG-Default,2015/01/05 12:51:34,13024,1,56694,53,51398,53,0x400019,udp,allow,222,82,140,2,
 *   2015/01/05 12:50:49,0,any,0,956329055,0x0,10.0.0.0-10.255.255.255,US,0,1,1
 *
 * (one line). Columns as in "Syslog Field Descriptions" of the PAN-OS Administrator's Guide.
 */
#include "parsers/logpairs.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

/* Columns of every type. */
enum { RECEIVED = 1, TYPE = 3, SUBTYPE = 4, GENERATED = 6, CELLS = 128, HIGH_RES_FROM = 40 };

struct column {
    uint8_t at;
    struct fw_pair_row row;
};

#define COLUMN(at, kind, what) \
    { \
        at, FW_PAIR("", kind, what) \
    }

/* What TRAFFIC and THREAT have in common. */
static const struct column flow_columns[] = {
    COLUMN(7, IP, FW_EV_src),          COLUMN(8, IP, FW_EV_dst),
    COLUMN(9, NAT_IP, FW_EV_nat_src),  COLUMN(10, NAT_IP, FW_EV_nat_dst),
    COLUMN(11, TEXT, FW_EV_rule_name), COLUMN(12, TEXT, FW_EV_src_user),
    COLUMN(13, TEXT, FW_EV_dst_user),  COLUMN(14, TEXT, FW_EV_app),
    COLUMN(16, TEXT, FW_EV_in_zone),   COLUMN(17, TEXT, FW_EV_out_zone),
    COLUMN(18, TEXT, FW_EV_in),        COLUMN(19, TEXT, FW_EV_out),
    COLUMN(22, TEXT, FW_EV_session),   COLUMN(29, PROTO, FW_EV_transport),
    COLUMN(30, TEXT, FW_EV_action),
};
static const struct column port_columns[] = {
    COLUMN(24, PORT, FW_EV_sport),
    COLUMN(25, PORT, FW_EV_dport),
    COLUMN(26, NAT_PORT, FW_EV_nat_sport),
    COLUMN(27, NAT_PORT, FW_EV_nat_dport),
};
static const struct column traffic_columns[] = {
    COLUMN(31, NUM, FW_EV_bytes),     COLUMN(32, NUM, FW_EV_src_bytes),
    COLUMN(33, NUM, FW_EV_dst_bytes), COLUMN(36, SECONDS, FW_EV_duration),
    COLUMN(39, NUM, FW_EV_serial),    COLUMN(52, TEXT, FW_EV_observer),
};
static const struct column threat_columns[] = {
    COLUMN(32, TEXT, FW_EV_message),
    COLUMN(34, TEXT, FW_EV_level),
    COLUMN(36, NUM, FW_EV_serial),
    COLUMN(59, TEXT, FW_EV_observer),
};
static const struct column system_columns[] = {
    COLUMN(8, TEXT, FW_EV_code),      COLUMN(13, TEXT, FW_EV_level),
    COLUMN(14, TEXT, FW_EV_message),  COLUMN(15, NUM, FW_EV_serial),
    COLUMN(22, TEXT, FW_EV_observer),
};
static const struct column config_columns[] = {
    COLUMN(9, TEXT, FW_EV_command),
    COLUMN(10, TEXT, FW_EV_user),
};
/* CONFIG with and without the details of the change, which a custom format has. */
static const struct column config_short[] = {
    COLUMN(14, NUM, FW_EV_serial),
    COLUMN(21, TEXT, FW_EV_observer),
};
static const struct column config_long[] = {
    COLUMN(16, NUM, FW_EV_serial),
    COLUMN(23, TEXT, FW_EV_observer),
};

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

struct cells {
    size_t n;
    fw_sv v[CELLS];
};

static bool take(const struct cells *cells, const struct column *columns, size_t n,
                 struct fw_event *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (columns[i].at < cells->n &&
            !fw_pairs_set(&columns[i].row, fw_sv_trim(cells->v[columns[i].at]), ret)) {
            return false;
        }
    }
    return true;
}

static fw_sv cell(const struct cells *cells, size_t at)
{
    return at < cells->n ? fw_sv_trim(cells->v[at]) : (fw_sv){0};
}

static bool read_stamp(fw_sv text, struct fw_stamp *ret)
{
    return fw_stamp_rfc3339(&text, ret) && text.n == 0;
}

/* When the log was generated, in the device's zone; PAN-OS 10 repeats the time with its zone in one
 * of the last columns. */
static bool read_time(const struct cells *cells, struct fw_event *ret)
{
    struct fw_stamp stamp;
    struct fw_stamp zoned;
    if (!read_stamp(cell(cells, GENERATED), &stamp) && !read_stamp(cell(cells, RECEIVED), &stamp)) {
        return false;
    }
    for (size_t i = HIGH_RES_FROM; i < cells->n; i++) {
        fw_sv c = cells->v[i];
        if (c.n >= 25 && c.n <= 35 && c.p[10] == 'T' && read_stamp(c, &zoned) && zoned.has_zone) {
            stamp.has_zone = true;
            stamp.zone_seconds = zoned.zone_seconds;
            break;
        }
    }
    ret->time = stamp;
    fw_event_set(ret, FW_EV_time);
    return true;
}

static enum fw_scan_verdict verdict_of(fw_sv action)
{
    static const char *const denied[] = {"block-", "drop-", "random-drop"};
    for (size_t i = 0; i < COUNT(denied); i++) {
        if (fw_sv_starts(action, denied[i])) { /* drop-icmp, block-url */
            return FW_SCAN_DENIED;
        }
    }
    return fw_scan_action(action);
}

/* "Each log type has a unique number space" (seqno in Palo Alto's Syslog Field Descriptions). */
enum { STREAM_TRAFFIC = 1, STREAM_THREAT, STREAM_SYSTEM, STREAM_CONFIG };

static bool read_flow(const struct cells *cells, bool threat, struct fw_event *ret)
{
    bool ports = false;
    if (cells->n < 31 || !take(cells, flow_columns, COUNT(flow_columns), ret) ||
        !fw_event_has(ret, FW_EV_src) || !fw_event_has(ret, FW_EV_dst)) {
        return false;
    }
    fw_scan_transport(ret->transport, &ports);
    if (ports && !take(cells, port_columns, COUNT(port_columns), ret)) {
        return false;
    }
    bool rest = threat ? take(cells, threat_columns, COUNT(threat_columns), ret)
                       : take(cells, traffic_columns, COUNT(traffic_columns), ret);
    if (!rest) {
        return false;
    }
    if (!threat && read_stamp(cell(cells, 35), &ret->start)) {
        ret->start.has_zone = ret->time.has_zone;
        ret->start.zone_seconds = ret->time.zone_seconds;
        fw_event_set(ret, FW_EV_start);
    }
    fw_scan_outcome(ret, verdict_of(ret->action));
    fw_scan_text(ret, FW_EV_kind, &ret->kind, threat ? FW_SV("alert") : FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("network"));
    ret->stream = threat ? STREAM_THREAT : STREAM_TRAFFIC;
    ret->traffic = true;
    return true;
}

static fw_sv unquoted(fw_sv word)
{
    while (word.n > 0 && (word.p[0] == '\'' || word.p[0] == '"')) {
        word = fw_sv_sub(word, 1, SIZE_MAX);
    }
    while (word.n > 0 && (word.p[word.n - 1] == '\'' || word.p[word.n - 1] == '"' ||
                          word.p[word.n - 1] == '.' || word.p[word.n - 1] == ',')) {
        word.n--;
    }
    return word;
}

/* "User admin logged in via Web from 10.1.1.9 using https", "failed authentication for user 'x'.
 * Reason: ... From: 10.1.1.9." */
static bool read_system(const struct cells *cells, struct fw_event *ret)
{
    if (cells->n < 15 || !take(cells, system_columns, COUNT(system_columns), ret)) {
        return false;
    }
    fw_sv text = ret->message;
    bool in = fw_sv_find(text, FW_SV(" logged in ")) != SIZE_MAX;
    bool out = fw_sv_find(text, FW_SV(" logged out ")) != SIZE_MAX;
    bool failed = fw_sv_find(text, FW_SV("failed authentication")) != SIZE_MAX ||
                  fw_sv_find(text, FW_SV("uthentication failed")) != SIZE_MAX;
    bool passed = fw_sv_find(text, FW_SV("authenticated for user")) != SIZE_MAX;
    bool commit = fw_sv_starts(text, "Commit job ");
    if (in || out || failed || passed) {
        fw_sv user = in || out ? fw_scan_word_after(text, "User ")
                               : fw_scan_word_after(text, "for user ");
        fw_sv from = fw_scan_word_after(text, "rom: ");
        from = unquoted(from.n > 0 ? from : fw_scan_word_after(text, " from "));
        fw_scan_text(ret, FW_EV_user, &ret->user, unquoted(user));
        fw_scan_addr(ret, FW_EV_src, &ret->src, from);
        fw_scan_text(ret, FW_EV_action, &ret->action, out ? FW_SV("logout") : FW_SV("login"));
        fw_scan_outcome(ret, failed ? FW_SCAN_DENIED : FW_SCAN_ALLOWED);
    } else if (commit) {
        fw_scan_text(ret, FW_EV_action, &ret->action, FW_SV("commit"));
        fw_scan_text(ret, FW_EV_user, &ret->user, unquoted(fw_scan_word_after(text, "user=")));
    }
    ret->stream = STREAM_SYSTEM;
    ret->admin = in || out || failed || passed || commit;
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category,
                 commit       ? FW_SV("configuration")
                 : ret->admin ? FW_SV("authentication")
                              : FW_SV("host"));
    return true;
}

static bool read_config(const struct cells *cells, struct fw_event *ret)
{
    uint64_t n;
    if (cells->n < 14 || !take(cells, config_columns, COUNT(config_columns), ret)) {
        return false;
    }
    bool rest = fw_sv_u64(cell(cells, 14), &n) ? take(cells, config_short, COUNT(config_short), ret)
                                               : take(cells, config_long, COUNT(config_long), ret);
    if (!rest) {
        return false;
    }
    fw_sv result = cell(cells, 12);
    fw_scan_addr(ret, FW_EV_src, &ret->src, cell(cells, 7));
    fw_scan_text(ret, FW_EV_action, &ret->action, ret->command);
    fw_scan_text(ret, FW_EV_message, &ret->message, cell(cells, 13));
    if (fw_sv_is(result, "Succeeded") || fw_sv_is(result, "Submitted")) {
        fw_scan_outcome(ret, FW_SCAN_ALLOWED);
    } else if (fw_sv_is(result, "Failed") || fw_sv_is(result, "Unauthorized")) {
        fw_scan_outcome(ret, FW_SCAN_DENIED);
    }
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("event"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("configuration"));
    ret->stream = STREAM_CONFIG;
    ret->admin = true;
    return true;
}

/* "1,2015/01/05 12:51:34,0003C105690,TRAFFIC,": the head that all types share. */
static bool is_panos(fw_sv s)
{
    size_t i = 0;
    while (i < s.n && i < 4 && fw_is_digit(s.p[i])) {
        i++;
    }
    if (i == 0 || i + 21 >= s.n || s.p[i] != ',' || s.p[i + 5] != '/' || s.p[i + 8] != '/' ||
        s.p[i + 11] != ' ' || s.p[i + 14] != ':' || s.p[i + 17] != ':' || s.p[i + 20] != ',') {
        return false;
    }
    /* The serial number of a device, then the type in capitals. */
    for (i += 21; i < s.n && (fw_is_digit(s.p[i]) || (s.p[i] >= 'A' && s.p[i] <= 'Z')); i++) {
    }
    size_t type = i + 1;
    if (i >= s.n || s.p[i] != ',') {
        return false;
    }
    for (i = type; i < s.n && ((s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '-'); i++) {
    }
    return i > type + 2 && (i == s.n || s.p[i] == ',');
}

static enum fw_line_verdict panos_event(const struct fw_envelope *envelope, fw_sv message,
                                        struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    struct cells cells;
    if (!is_panos(message)) {
        return FW_LINE_NONE;
    }
    cells.n = fw_pairs_cells(message, cells.v, CELLS);
    fw_sv type = cell(&cells, TYPE);
    bool threat = fw_sv_is(type, "THREAT");
    bool traffic = fw_sv_is(type, "TRAFFIC");
    bool system = fw_sv_is(type, "SYSTEM");
    if (!threat && !traffic && !system && !fw_sv_is(type, "CONFIG")) {
        /* GLOBALPROTECT, USERID, HIPMATCH, ...: about users and sessions of other services. */
        fw_scan_text(ret, FW_EV_code, &ret->code, type);
        return FW_LINE_IGNORED;
    }
    if (!read_time(&cells, ret)) {
        return FW_LINE_BAD;
    }
    bool ok = threat || traffic ? read_flow(&cells, threat, ret)
              : system          ? read_system(&cells, ret)
                                : read_config(&cells, ret);
    if (!ok) {
        return FW_LINE_BAD;
    }
    fw_scan_text(ret, FW_EV_code, &ret->code, fw_event_has(ret, FW_EV_code) ? ret->code : type);
    return FW_LINE_USED;
}

static int panos_bid(fw_sv head)
{
    return is_panos(head) ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_panos_log = {
    .name = "panos-log",
    .title = "Palo Alto Networks PAN-OS TRAFFIC, THREAT, SYSTEM and CONFIG logs (CSV)",
    .kind = FW_PARSER_LOG,
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = panos_bid,
    .event = panos_event,
};
