/*
 * Snort's alert_fast (2 and 3), Suricata's fast.log, and the same through syslog:
 *
 *   12/28-12:55:38.765402 [**] [1:366:11] "PROTOCOL-ICMP PING Unix" [**] [Priority: 3] {ICMP}
 * 192.0.2.1 -> 192.0.2.2 07/13/2016-22:42:07.573103  [Drop] [**] [1:2100498:7] GPL ATTACK [**]
 * [Classification: Bad] [Priority: 2] {6} 192.0.2.1:80 -> 192.0.2.2:5 snort[711]: [1:366:7] ICMP
 * PING [Classification: Misc activity] [Priority: 3]: {ICMP} 192.0.2.1 -> 192.0.2.2
 *
 * The message is free text of the rule's author and is taken up to the bracket that follows it.
 */
#include "parsers/logscan.h"
#include "parsers/parser.h"

struct cursor {
    fw_sv s;
    size_t at;
};

static void skip_blanks(struct cursor *c)
{
    while (c->at < c->s.n && fw_is_blank(c->s.p[c->at])) {
        c->at++;
    }
}

static bool skip(struct cursor *c, const char *text)
{
    size_t n = strlen(text);
    skip_blanks(c);
    if (c->s.n - c->at < n || memcmp(c->s.p + c->at, text, n) != 0) {
        return false;
    }
    c->at += n;
    return true;
}

/* Up to eight digits and the separator behind them. */
static bool read_number(struct cursor *c, char separator, unsigned digits_max, uint32_t *ret)
{
    uint32_t value = 0;
    size_t start = c->at;
    while (c->at < c->s.n && c->at - start < digits_max && fw_is_digit(c->s.p[c->at])) {
        value = value * 10 + (uint32_t)(c->s.p[c->at++] - '0');
    }
    if (c->at == start || c->at == c->s.n || c->s.p[c->at] != separator) {
        c->at = start;
        return false;
    }
    c->at++;
    *ret = value;
    return true;
}

/* "12/28-12:55:38.765402", "07/13/16-...", "07/13/2016-..." */
static bool read_time(struct cursor *c, struct fw_stamp *ret, bool *ret_suricata)
{
    bool whole_year = false;
    struct fw_stamp stamp = {0};
    uint32_t month;
    uint32_t day;
    uint32_t year = 0;
    uint32_t hour;
    uint32_t minute;
    if (!read_number(c, '/', 2, &month)) {
        return false;
    }
    if (read_number(c, '/', 2, &day)) {
        size_t digits = c->at;
        if (!read_number(c, '-', 4, &year)) {
            return false;
        }
        /* With -y Snort prints two digits: version 2 behind the day, version 3 before the month. */
        bool two = c->at - digits == 3;
        if (two && month > 12) {
            uint32_t last = year;
            year = month;
            month = day;
            day = last;
        }
        year += two ? 2000 : 0;
        whole_year = !two;
    } else if (!read_number(c, '-', 2, &day)) {
        return false;
    }
    if (!read_number(c, ':', 2, &hour) || !read_number(c, ':', 2, &minute) || hour > 23 ||
        minute > 59 || (year != 0 && (year < 1970 || year > 2261)) ||
        !fw_date_valid(year ? (int32_t)year : 2000, month, day)) {
        return false;
    }
    uint32_t second = 0;
    size_t start = c->at;
    while (c->at < c->s.n && c->at - start < 2 && fw_is_digit(c->s.p[c->at])) {
        second = second * 10 + (uint32_t)(c->s.p[c->at++] - '0');
    }
    if (c->at - start != 2 || second > 60) {
        return false;
    }
    uint32_t unit = 100000000;
    if (c->at < c->s.n && c->s.p[c->at] == '.') {
        for (c->at++; c->at < c->s.n && fw_is_digit(c->s.p[c->at]); c->at++) {
            stamp.nanos += unit * (uint32_t)(c->s.p[c->at] - '0');
            unit /= 10;
        }
    }
    stamp.year = (int32_t)year;
    stamp.month = (uint8_t)month;
    stamp.day = (uint8_t)day;
    stamp.hour = (uint8_t)hour;
    stamp.minute = (uint8_t)minute;
    stamp.second = (uint8_t)second;
    *ret = stamp;
    *ret_suricata = whole_year; /* Snort prints two digits at most */
    return true;
}

/* "[1:366:11]" */
static bool read_signature(struct cursor *c, struct fw_event *ret)
{
    uint32_t gid;
    uint32_t sid;
    uint32_t rev;
    if (!skip(c, "[")) {
        return false;
    }
    size_t start = c->at;
    if (!read_number(c, ':', 9, &gid)) {
        return false;
    }
    size_t id = c->at;
    if (!read_number(c, ':', 9, &sid)) {
        return false;
    }
    size_t id_end = c->at - 1;
    if (!read_number(c, ']', 9, &rev) || sid == 0) {
        return false;
    }
    ret->alert_gid = gid;
    ret->alert_sid = sid;
    fw_scan_text(ret, FW_EV_code, &ret->code, fw_sv_sub(c->s, start, id_end - start));
    fw_scan_text(ret, FW_EV_rule_id, &ret->rule_id, fw_sv_sub(c->s, id, id_end - id));
    fw_scan_num(ret, FW_EV_rule_version, &ret->rule_version, rev);
    return true;
}

/* Suricata prints what a rule does not say as "(null)". */
static void put_label(struct fw_event *ret, enum fw_event_field field, fw_sv *member, fw_sv text)
{
    if (!fw_sv_is(text, "(null)")) {
        fw_scan_text(ret, field, member, text);
    }
}

/* Where the message ends: at what is printed behind it. Its own text may have brackets. */
static size_t message_end(fw_sv s, size_t from)
{
    static const char *const marks[] = {" [**]", " [Classification:", " [Priority:"};
    size_t end = SIZE_MAX;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t at = fw_sv_find(fw_sv_sub(s, from, SIZE_MAX), fw_sv_from(marks[i]));
        if (at != SIZE_MAX && from + at < end) {
            end = from + at;
        }
    }
    return end;
}

static bool read_message(struct cursor *c, struct fw_event *ret)
{
    skip_blanks(c);
    /* "<eth0> " when Snort is told to print the interface */
    if (c->at < c->s.n && c->s.p[c->at] == '<') {
        size_t close = fw_sv_find(fw_sv_sub(c->s, c->at, 32), FW_SV("> "));
        if (close != SIZE_MAX) {
            fw_scan_text(ret, FW_EV_in, &ret->in, fw_sv_sub(c->s, c->at + 1, close - 1));
            c->at += close + 2;
        }
    }
    size_t end = message_end(c->s, c->at);
    if (end == SIZE_MAX) {
        return false;
    }
    fw_sv text = fw_sv_trim(fw_sv_sub(c->s, c->at, end - c->at));
    if (text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"') {
        text = fw_sv_sub(text, 1, text.n - 2);
    }
    put_label(ret, FW_EV_rule_name, &ret->rule_name, text);
    c->at = end;
    skip(c, "[**]");
    return true;
}

/* "[Classification: Misc activity] [Priority: 3]" and whatever else stands in brackets. */
static void read_groups(struct cursor *c, struct fw_event *ret)
{
    while (skip(c, "[")) {
        size_t close = fw_sv_find_char(fw_sv_sub(c->s, c->at, SIZE_MAX), ']');
        if (close == SIZE_MAX) {
            return;
        }
        fw_sv inside = fw_sv_sub(c->s, c->at, close);
        uint64_t priority;
        if (fw_sv_starts(inside, "Classification: ")) {
            put_label(ret, FW_EV_rule_category, &ret->rule_category,
                      fw_sv_sub(inside, 16, SIZE_MAX));
        } else if (fw_sv_starts(inside, "Priority: ") &&
                   fw_sv_u64(fw_sv_sub(inside, 10, SIZE_MAX), &priority)) {
            fw_scan_num(ret, FW_EV_severity, &ret->severity, priority);
        }
        c->at += close + 1;
    }
    skip(c, ":");
}

struct side {
    fw_ip ip;
    bool has_port;
    uint64_t port;
};

/* "192.0.2.1:80", "2001:db8:0:0:0:0:0:1:80", "192.0.2.1". Behind the last colon stands a port when
 * the protocol has them; Suricata prints an ICMP type or 0 there otherwise, Snort nothing. Without
 * a word who it was, an address that is whole is one. */
static bool read_side(fw_sv text, bool ports, struct side *ret)
{
    size_t colon = text.n;
    while (colon > 0 && text.p[colon - 1] != ':') {
        colon--;
    }
    fw_ip whole;
    if (colon > 0 && (ports || !fw_scan_ip(text, &whole))) {
        fw_sv host = fw_sv_sub(text, 0, colon - 1);
        if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
            host = fw_sv_sub(host, 1, host.n - 2);
        }
        if (fw_scan_ip(host, &ret->ip) &&
            fw_scan_port(fw_sv_sub(text, colon, SIZE_MAX), &ret->port)) {
            ret->has_port = true;
            return true;
        }
    }
    return fw_scan_ip(text, &ret->ip);
}

static fw_sv cut_word(struct cursor *c)
{
    skip_blanks(c);
    size_t from = c->at;
    while (c->at < c->s.n && !fw_is_blank(c->s.p[c->at])) {
        c->at++;
    }
    return fw_sv_sub(c->s, from, c->at - from);
}

static void put_ports(struct fw_event *ret, bool ports, const struct side *src,
                      const struct side *dst)
{
    bool icmp = fw_sv_is(ret->transport, "icmp") || fw_sv_is(ret->transport, "ipv6-icmp");
    if (ports && src->has_port) {
        fw_scan_num(ret, FW_EV_sport, &ret->sport, src->port);
    }
    if (ports && dst->has_port) {
        fw_scan_num(ret, FW_EV_dport, &ret->dport, dst->port);
    }
    if (icmp && src->has_port && dst->has_port) {
        fw_scan_num(ret, FW_EV_icmp_type, &ret->icmp_type, src->port);
        fw_scan_num(ret, FW_EV_icmp_code, &ret->icmp_code, dst->port);
    }
}

/* "{TCP} 192.0.2.1:80 -> 192.0.2.2:5". An alert about no packet has none. */
static bool read_flow(struct cursor *c, bool suricata, struct fw_event *ret)
{
    if (!skip(c, "{")) {
        return true;
    }
    size_t close = fw_sv_find_char(fw_sv_sub(c->s, c->at, 32), '}');
    if (close == SIZE_MAX) {
        return false;
    }
    fw_sv protocol = fw_sv_sub(c->s, c->at, close);
    if (fw_sv_starts(protocol, "PROTO:")) {
        protocol = fw_sv_sub(protocol, 6, SIZE_MAX);
    }
    c->at += close + 1;
    bool ports = false;
    struct side src = {.has_port = false};
    struct side dst = {.has_port = false};
    fw_scan_text(ret, FW_EV_transport, &ret->transport, fw_scan_transport(protocol, &ports));
    bool behind = ports || suricata; /* something stands behind the last colon */
    if (!read_side(cut_word(c), behind, &src) || !skip(c, "->") ||
        !read_side(cut_word(c), behind, &dst)) {
        return false;
    }
    ret->src = src.ip;
    fw_event_set(ret, FW_EV_src);
    ret->dst = dst.ip;
    fw_event_set(ret, FW_EV_dst);
    put_ports(ret, ports, &src, &dst);
    return true;
}

/* Suricata's "[Drop]" and "[wDrop]" (would drop), Snort's "[drop]", "[block]", "[reset]" and what
 * it could not do or would do: "[cant_drop]". Only the mark behind it tells it from a message. */
static void read_action(struct cursor *c, struct fw_event *ret)
{
    static const char *const denied[] = {"Drop",       "block",       "drop",   "force_block",
                                         "force_drop", "force_reset", "reject", "reset"};
    struct cursor ahead = *c;
    ret->action = FW_SV("alert");
    fw_event_set(ret, FW_EV_action);
    if (!skip(&ahead, "[")) {
        return;
    }
    size_t from = ahead.at;
    while (ahead.at < c->s.n && ahead.at - from < 16 &&
           (fw_is_alpha(c->s.p[ahead.at]) || c->s.p[ahead.at] == '_')) {
        ahead.at++;
    }
    fw_sv word = fw_sv_sub(c->s, from, ahead.at - from);
    if (word.n == 0 || !skip(&ahead, "]")) {
        return;
    }
    c->at = ahead.at;
    for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++) {
        if (fw_sv_is(word, denied[i])) {
            ret->action = FW_SV("drop");
            fw_scan_outcome(ret, FW_SCAN_DENIED);
        }
    }
}

static enum fw_line_verdict snort_event(const struct fw_envelope *envelope, fw_sv message,
                                        struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    struct cursor c = {message, 0};
    bool suricata = false;
    if (read_time(&c, &ret->time, &suricata)) {
        fw_event_set(ret, FW_EV_time);
    } else {
        c.at = 0;
    }
    read_action(&c, ret);
    bool marked = skip(&c, "[**]");
    if (!read_signature(&c, ret)) {
        return marked && fw_event_has(ret, FW_EV_time) ? FW_LINE_BAD : FW_LINE_NONE;
    }
    if (!read_message(&c, ret)) {
        return FW_LINE_BAD;
    }
    skip_blanks(&c);
    if (marked && !fw_event_has(ret, FW_EV_time) && c.at == c.s.n) {
        return FW_LINE_NONE; /* the first line of alert_full */
    }
    read_groups(&c, ret);
    if (!read_flow(&c, suricata, ret)) {
        return FW_LINE_BAD;
    }
    fw_scan_text(ret, FW_EV_kind, &ret->kind, FW_SV("alert"));
    fw_scan_text(ret, FW_EV_category, &ret->category, FW_SV("intrusion_detection"));
    return FW_LINE_USED;
}

static int snort_bid(fw_sv head)
{
    struct cursor c = {fw_sv_sub(head, 0, fw_sv_find_char(head, '\n')), 0};
    struct fw_event event;
    struct fw_stamp time;
    bool suricata;
    bool timed = read_time(&c, &time, &suricata);
    if (!timed) {
        c.at = 0;
    }
    fw_event_clear(&event);
    read_action(&c, &event);
    bool marked = skip(&c, "[**]");
    if (!read_signature(&c, &event)) {
        return marked && timed ? FW_BID_WEAK : FW_BID_NO;
    }
    if (marked && !timed && fw_sv_ends(fw_sv_trim(c.s), "[**]")) {
        return FW_BID_NO; /* the first line of alert_full */
    }
    return marked ? FW_BID_SURE : FW_BID_LIKELY;
}

const struct fw_parser fw_parser_snort_fast = {
    .name = "snort-fast",
    .title = "Snort alert_fast and Suricata fast.log",
    .kind = FW_PARSER_LOG,
    .version = 3,
    .shape = FW_SHAPE_LINE,
    .bid = snort_bid,
    .event = snort_event,
};
