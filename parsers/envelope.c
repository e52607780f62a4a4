/*
 * How the header before a log message is read: which host, which program, when. One pass, no state:
 * every line is judged alone, because relays mix forms in one file.
 *
 *   <166>Jan  5 08:52:35 10.22.8.216 %ASA-6-106015: Deny TCP ...
 *   <163>Aug 05 2016 20:21:04: %ASA-3-106010: Deny inbound ...
 *   Nov 16 00:12:34 relay Nov 16 2014 00:12:33 fw01 : %ASA-6-305011: Built ...
 *   Jun  8 14:34:33 gw kernel: [50028442.088484] IN=eth0 OUT= ...
 *   <34>1 2003-10-11T22:14:15.003Z host su - ID47 [meta sequenceId="7"] message
 */
#include "parsers/envelope_impl.h"
#include "parsers/envelope_journald.h"

enum {
    TAG_MAX = 128, /* longest program name or process id that is still taken for one */
    PRIORITY_MAX = 191,
};

static bool at_end(fw_sv s, size_t at)
{
    return at >= s.n;
}

/* "<166>"; false when there is a bracket but no priority in it. */
static bool read_priority(fw_sv *rest, struct fw_envelope *ret)
{
    if (rest->n == 0 || rest->p[0] != '<') {
        return true;
    }
    unsigned value = 0;
    size_t i = 1;
    while (i < rest->n && i < 4 && fw_is_digit(rest->p[i])) {
        value = value * 10 + (unsigned)(rest->p[i++] - '0');
    }
    if (i == 1 || i >= rest->n || rest->p[i] != '>' || value > PRIORITY_MAX) {
        return false;
    }
    ret->has_priority = true;
    ret->priority = (uint8_t)value;
    fw_cut(rest, i + 1);
    return true;
}

/* The length of an octet-counted frame, "83 <165>1 ...": the line end already ended the frame. */
static void skip_octet_count(fw_sv *rest)
{
    size_t i = 0;
    while (i < rest->n && i < 7 && fw_is_digit(rest->p[i])) {
        i++;
    }
    if (i > 0 && i + 1 < rest->n && rest->p[i] == ' ' && rest->p[i + 1] == '<') {
        fw_cut(rest, i + 1);
    }
}

/* Zone abbreviations that Cisco devices print and that have no one meaning: passed over, so that
 * they are not taken for a host; the zone stays unknown. */
static bool is_zone_word(fw_sv word)
{
    static const char *const words[] = {"ACST", "AEDT", "AEST", "AKST", "AWST", "BST",  "CDT",
                                        "CEDT", "CEST", "CET",  "CST",  "EDT",  "EEST", "EET",
                                        "EST",  "HST",  "IST",  "MDT",  "MSK",  "MST",  "NZST",
                                        "PDT",  "PST",  "TPE",  "WEST", "WET"};
    return FW_SV_AMONG(word, words);
}

/* " UTC:" behind a stamp. */
static void read_zone_word(fw_sv *rest, struct fw_stamp *stamp)
{
    if (rest->n < 5 || rest->p[0] != ' ' || rest->p[1] < 'A' || rest->p[1] > 'Z') {
        return;
    }
    size_t i = 1;
    while (i < rest->n && i < 7 && rest->p[i] >= 'A' && rest->p[i] <= 'Z') {
        i++;
    }
    fw_sv word = fw_sv_sub(*rest, 1, i - 1);
    if (at_end(*rest, i) || (rest->p[i] != ':' && !fw_sv_starts(fw_sv_sub(*rest, i, 2), " %"))) {
        return;
    }
    int32_t seconds;
    if (fw_zone_parse(word, &seconds)) {
        stamp->has_zone = true;
        stamp->zone_seconds = seconds;
    } else if (!is_zone_word(word)) {
        return;
    }
    fw_cut(rest, i);
}

/* "Wed May 19 08:00:01 2021" and "Wed May 19 08:00:01 EST 2021", as ctime and date print. */
static bool read_ctime(fw_sv *rest, struct fw_stamp *ret)
{
    static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";
    if (rest->n < 24 || rest->p[3] != ' ') {
        return false;
    }
    size_t day = 0;
    while (day < sizeof(days) - 1 && memcmp(days + day, rest->p, 4) != 0) {
        day += 4;
    }
    if (day == sizeof(days) - 1) {
        return false;
    }
    fw_sv s = fw_sv_sub(*rest, 4, SIZE_MAX);
    struct fw_stamp stamp;
    if (!fw_stamp_rfc3164(&s, &stamp)) {
        return false;
    }
    fw_sv tail = s;
    fw_sv word = fw_cut_word(&tail);
    int32_t seconds;
    bool zone = fw_zone_parse(word, &seconds);
    if (stamp.year == 0 && (zone || is_zone_word(word))) {
        if (zone) {
            stamp.has_zone = true;
            stamp.zone_seconds = seconds;
        }
        word = fw_cut_word(&tail);
    }
    uint32_t year;
    if (stamp.year == 0 && word.n == 4 && fw_sv_u32(word, 2261, &year) && year >= 1970 &&
        fw_date_valid((int32_t)year, stamp.month, stamp.day)) {
        stamp.year = (int32_t)year;
        s = tail;
    }
    *rest = s;
    *ret = stamp;
    return true;
}

static bool read_stamp(fw_sv *rest, struct fw_stamp *ret)
{
    if (rest->n < 15) {
        return false;
    }
    if (fw_is_digit(rest->p[0])) {
        return fw_stamp_rfc3339(rest, ret) || fw_stamp_rfc3164(rest, ret);
    }
    return fw_stamp_rfc3164(rest, ret) || read_ctime(rest, ret);
}

/* "000123: " that Cisco devices count their messages with, and '*' (clock never set) or '.' (time
 * server lost) before the stamp. */
static void read_cisco_marks(fw_sv *rest, struct fw_envelope *ret)
{
    fw_sv s = *rest;
    size_t i = 0;
    while (i < s.n && i < 19 && fw_is_digit(s.p[i])) {
        i++;
    }
    if (i > 0 && i + 1 < s.n && s.p[i] == ':' && s.p[i + 1] == ' ') {
        ret->has_sequence = fw_sv_u64(fw_sv_sub(s, 0, i), &ret->sequence);
        fw_cut(&s, i + 2);
        fw_cut_blanks(&s);
    }
    if (s.n > 1 && (s.p[0] == '*' || s.p[0] == '.') && fw_is_alpha(s.p[1])) {
        ret->synced = 0;
        fw_cut(&s, 1);
    }
    *rest = s;
}

static bool is_repeat(fw_sv s)
{
    return fw_sv_starts(s, "last message repeated") || fw_sv_starts(s, "message repeated");
}

/* Where "[123]: " or "[123] " that ends a tag stops; 0 when what begins at the bracket is none. */
static size_t pid_end(fw_sv s, size_t bracket)
{
    size_t close = bracket + 1;
    while (close < s.n && close < bracket + TAG_MAX && s.p[close] != ']') {
        close++;
    }
    if (close >= s.n || s.p[close] != ']') {
        return 0;
    }
    char next = close + 1 < s.n ? s.p[close + 1] : ' ';
    return next == ':' || fw_is_blank(next) ? close + 1 : 0;
}

static void take_tag(fw_sv s, size_t name, size_t end, struct fw_envelope *ret)
{
    ret->app = fw_sv_sub(s, 0, name);
    if (end > name + 1) {
        ret->pid = fw_sv_sub(s, name + 1, end - name - 2);
    }
    ret->message = fw_sv_sub(s, end + (end < s.n && s.p[end] == ':'), SIZE_MAX);
    fw_cut_blanks(&ret->message);
    /* launchd names what it speaks for: "launchd[1] (com.apple.quicklook[22305]): ..." */
    size_t of = ret->message.n > 0 && ret->message.p[0] == '(' && end < s.n && s.p[end] == ' '
                    ? fw_sv_find(fw_sv_sub(ret->message, 0, TAG_MAX), FW_SV("): "))
                    : SIZE_MAX;
    if (of != SIZE_MAX) {
        fw_cut(&ret->message, of + 3);
    }
}

/* "Google Chrome[85294]: ": names of macOS have blanks. Only a process id proves such a name. */
static bool read_long_name(fw_sv s, struct fw_envelope *ret)
{
    size_t i = 0;
    while (i < s.n && i < TAG_MAX / 2 && (fw_is_word(s.p[i]) || s.p[i] == ' ' || s.p[i] == '.')) {
        i++;
    }
    size_t end = i > 0 && i + 1 < s.n && s.p[i] == '[' && fw_is_digit(s.p[i + 1]) ? pid_end(s, i)
                                                                                  : 0;
    if (end == 0 || end >= s.n || s.p[end] != ':') {
        return false;
    }
    take_tag(s, i, end, ret);
    return true;
}

/* "sshd[123]: ", "kernel: ", "sockerfilterfw[1985] <Info>: ". A name without colon or process id
 * names the program, but stays part of the message: it may be its first word. */
static void read_tag(fw_sv rest, struct fw_envelope *ret)
{
    ret->message = rest;
    if (rest.n == 0 || rest.p[0] == '[' || rest.p[0] == '{' || rest.p[0] == '"' ||
        rest.p[0] == '%') {
        return;
    }
    if (is_repeat(rest)) {
        ret->app = FW_SV("message repeated");
        return;
    }
    size_t i = 0;
    for (; i < rest.n && i < TAG_MAX && !fw_is_blank(rest.p[i]); i++) {
        char c = rest.p[i];
        if (c == ':') {
            char next = i + 1 < rest.n ? rest.p[i + 1] : ' ';
            if (i > 0 && (fw_is_blank(next) || next == '[' || next == '%')) {
                take_tag(rest, i, i, ret);
                return;
            }
        } else if (c == '[' && i > 0) {
            size_t end = pid_end(rest, i);
            if (end > 0) {
                take_tag(rest, i, end, ret);
            }
            return;
        }
    }
    if (!read_long_name(rest, ret) && i < TAG_MAX) {
        ret->app = fw_sv_sub(rest, 0, i);
    }
}

/* True when the text can only be a message: Cisco's tag. */
static bool is_percent(fw_sv s)
{
    return s.n > 1 && s.p[0] == '%' && fw_is_alpha(s.p[1]);
}

/* ": " or ":" before the message. */
static bool skip_colon(fw_sv *s)
{
    if (s->n > 0 && s->p[0] == ':') {
        fw_cut(s, 1);
        fw_cut_blanks(s);
        return true;
    }
    return false;
}

/* What follows the stamp: [HOST] [TAG] MSG. True when host or program was marked as such, not just
 * a first word. */
static bool read_body(fw_sv rest, struct fw_envelope *ret)
{
    fw_cut_blanks(&rest);
    if (skip_colon(&rest) || is_percent(rest)) {
        ret->message = rest;
        return true;
    }
    fw_sv word = fw_word_of(rest);
    fw_sv after = fw_sv_sub(rest, word.n, SIZE_MAX);
    fw_cut_blanks(&after);
    /* "Feb 20 12:26:25 date=2011-02-20 time=...": a list of pairs without a host before it. */
    if (word.n > 0 && memchr(word.p, '=', word.n)) {
        ret->message = rest;
        return false;
    }
    if (word.n > 1 && word.p[word.n - 1] == ':') {
        fw_sv name = fw_sv_sub(word, 0, word.n - 1);
        if (is_percent(after)) {
            ret->host = name;
            ret->message = after;
        } else if (is_repeat(after) && fw_sv_find_char(name, '[') == SIZE_MAX) {
            ret->host = name;
            read_tag(after, ret);
        } else {
            read_tag(rest, ret); /* "sshd[123]: ..." or "kernel: ...", without a host */
        }
        return true;
    }
    if (fw_sv_is(word, "---")) {
        read_tag(after, ret);
        return false;
    }
    ret->host = fw_not_nil(word);
    if (skip_colon(&after) && is_percent(after)) {
        ret->message = after;
        return true;
    }
    read_tag(after, ret);
    return is_percent(ret->message) || ret->message.p != after.p;
}

/* A relay kept the device's own header behind its own. */
static void read_inner(struct fw_envelope *ret)
{
    fw_sv rest = ret->message;
    struct fw_envelope inner = {.synced = ret->synced, .zone_known = ret->zone_known};
    if (!read_priority(&rest, &inner)) {
        return;
    }
    read_cisco_marks(&rest, &inner);
    struct fw_stamp stamp;
    if (!read_stamp(&rest, &stamp)) {
        return;
    }
    read_zone_word(&rest, &stamp);
    if (!read_body(rest, &inner)) {
        return;
    }
    ret->has_generated = true;
    ret->generated = stamp;
    ret->synced = inner.synced;
    ret->app = inner.app;
    ret->pid = inner.pid;
    ret->message = inner.message;
    if (inner.has_sequence) {
        ret->has_sequence = true;
        ret->sequence = inner.sequence;
    }
    if (inner.has_priority) {
        ret->has_priority = true;
        ret->priority = inner.priority;
    }
    if (inner.host.n > 0) {
        if (!fw_sv_eq(inner.host, ret->host)) {
            ret->relay = ret->host;
        }
        ret->host = inner.host;
    }
}

/* "kern.warn kernel: ": OpenWrt's logread prints facility and level as words, and no host. */
static void skip_facility(fw_sv *rest, struct fw_envelope *ret)
{
    static const char *const facilities[] = {"kern", "user", "mail", "daemon", "auth",    "syslog",
                                             "lpr",  "news", "uucp", "cron",   "authpriv"};
    static const char *const levels[] = {"emerg", "alert",  "crit", "err",
                                         "warn",  "notice", "info", "debug"};
    fw_sv s = *rest;
    fw_sv word = fw_cut_word(&s);
    size_t dot = fw_sv_find_char(word, '.');
    if (dot == SIZE_MAX) {
        return;
    }
    for (size_t f = 0; f < sizeof(facilities) / sizeof(facilities[0]); f++) {
        for (size_t l = 0; l < sizeof(levels) / sizeof(levels[0]); l++) {
            if (fw_sv_is(fw_sv_sub(word, 0, dot), facilities[f]) &&
                fw_sv_is(fw_sv_sub(word, dot + 1, SIZE_MAX), levels[l])) {
                ret->has_priority = true;
                ret->priority = (uint8_t)(f * 8 + l);
                *rest = s;
                return;
            }
        }
    }
}

/* Only behind a stamp that begins with a weekday. */
static void read_logread(fw_sv rest, struct fw_envelope *ret)
{
    fw_sv before = rest;
    skip_facility(&rest, ret);
    if (rest.p != before.p) {
        fw_cut_blanks(&rest);
        read_tag(rest, ret);
    } else {
        read_body(rest, ret);
    }
}

static bool read_rfc3164(fw_sv rest, struct fw_envelope *ret)
{
    fw_cut_blanks(&rest);
    if (ret->has_priority) {
        skip_colon(&rest);
    }
    fw_sv start = rest;
    read_cisco_marks(&rest, ret);
    bool iso = rest.n > 0 && fw_is_digit(rest.p[0]);
    bool weekday = rest.n > 4 && fw_is_alpha(rest.p[0]) && rest.p[3] == ' ' &&
                   fw_is_alpha(rest.p[4]);
    if (!read_stamp(&rest, &ret->time)) {
        /* RFC 3164 section 4.3.3: a priority alone still makes a header. */
        ret->has_sequence = false;
        ret->synced = -1;
        if (ret->has_priority) {
            ret->kind = FW_ENVELOPE_RFC3164;
            read_tag(start, ret);
            if (ret->message.p == start.p) {
                ret->app = (fw_sv){0}; /* a first word proves nothing here */
            }
        }
        return ret->has_priority;
    }
    ret->kind = FW_ENVELOPE_RFC3164;
    ret->has_time = true;
    read_zone_word(&rest, &ret->time);
    if (weekday) {
        read_logread(rest, ret);
        return true;
    }
    if (iso && fw_envelope_rfc5424_body(rest, true, ret)) {
        return true;
    }
    read_body(rest, ret);
    char c = ret->message.n > 15 ? ret->message.p[0] : ' ';
    if (c == '<' || c == '*' || c == '.' || fw_is_digit(c) ||
        (c >= 'A' && c <= 'Z' && (ret->message.p[3] == ' '))) {
        read_inner(ret);
    }
    return true;
}

static bool read_syslog(fw_sv rest, struct fw_envelope *ret)
{
    skip_octet_count(&rest);
    if (!read_priority(&rest, ret)) {
        return false;
    }
    return (rest.n > 0 && fw_is_digit(rest.p[0]) && fw_envelope_rfc5424(rest, ret)) ||
           read_rfc3164(rest, ret);
}

void fw_envelope_bare(fw_sv line, struct fw_envelope *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->synced = -1;
    ret->zone_known = -1;
    ret->message = line;
}

void fw_envelope_read(fw_sv line, struct fw_arena *scratch, struct fw_envelope *ret)
{
    if (fw_sv_starts(line, "\xef\xbb\xbf")) {
        fw_cut(&line, 3);
    }
    fw_envelope_bare(line, ret);
    if (line.n > 0 && (line.p[0] == '{' || line.p[0] == '\x1e')) {
        if (!fw_envelope_journald(line, scratch, ret)) {
            fw_envelope_bare(line, ret);
        }
        return;
    }
    if (read_syslog(line, ret)) {
        return;
    }
    fw_envelope_bare(line, ret);
    /* "fw.log:Mar 17 13:39:13 gw kernel: ...": lines that grep found. */
    size_t colon = fw_sv_find_char(fw_sv_sub(fw_word_of(line), 0, 256), ':');
    if (colon != SIZE_MAX && colon + 16 < line.n) {
        if (read_syslog(fw_sv_sub(line, colon + 1, SIZE_MAX), ret) && ret->has_time) {
            return;
        }
        fw_envelope_bare(line, ret);
    }
}
