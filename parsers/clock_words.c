/*
 * Answers: what do fields and sentences about a clock say?
 *
 *   System time     : 0.000001943 seconds fast of NTP time
 *   associd=0 status=0615 leap_none, sync_ntp, 1 event, clock_sync,
 *   offset=-0.050, frequency=13.778, sys_jitter=0.351,
 *   clock offset is 0.5000 msec, root delay is 1.00 msec
 */
#include "parsers/clock_capture.h"

/* What a field says besides its text. */
enum meaning {
    NOTHING,
    SYNC_WORD,      /* yes, synchronized, Normal, NTP CLOCK; or the opposite */
    OFFSET_SECONDS, /* "0.000001943 seconds fast of NTP time" */
    OFFSET_MS,
    OFFSET_UNIT, /* "-0.0021 ms" */
    STAMP,
    STAMP_UTC,
    ZONE, /* "Europe/Athens (EET, +0200)" */
    SERVER,
};

/* The records that fields begin, and what is known of their fields. A field without a record goes
 * into the one that is open; where none is, it is not read. */
static const struct {
    const char *name;
    const char *begins; /* NULL: nothing */
    enum meaning meaning;
} fields[] = {
    {"reference_id", "chronyc tracking", NOTHING},
    {"ref_time_utc", NULL, STAMP_UTC},
    {"system_time", NULL, OFFSET_SECONDS},
    {"leap_status", NULL, SYNC_WORD},
    {"remote_address", "chronyc ntpdata", SERVER},
    {"ntp_packets_received", "chronyc serverstats", NOTHING},
    {"local_time", "timedatectl", STAMP},
    {"universal_time", NULL, STAMP_UTC},
    {"time_zone", NULL, ZONE},
    {"ntp_synchronized", NULL, SYNC_WORD},
    {"system_clock_synchronized", NULL, SYNC_WORD},
    {"current_time", "device clock", STAMP},
    {"time_source", NULL, SYNC_WORD},
    {"synchronized", "device status", SYNC_WORD},
    {"clock_status", "device status", SYNC_WORD},
    {"clock_offset", NULL, OFFSET_UNIT},
    {"system_offset", NULL, OFFSET_UNIT},
    {"synced_server", NULL, SERVER},
    {"status", NULL, SYNC_WORD},
    {"time", "device clock", NOTHING},
    {"current_date_is", "device clock", NOTHING},
    {"current_time_is", "device clock", NOTHING},
    {"last_ntp_sync", NULL, SYNC_WORD},
    {"enabled", "device status", NOTHING},
};

static const char *const good_words[] = {
    "yes",           "normal",        "synchronized", "synchronised",
    "insert second", "delete second", "ntp clock",    "ntp"};
static const char *const bad_words[] = {"no",
                                        "not synchronised",
                                        "not synchronized",
                                        "unsynchronized",
                                        "unsynchronised",
                                        "local clock",
                                        "never",
                                        "waiting",
                                        "using-local-clock",
                                        "stopped"};

/* "no" wins over "yes", whichever line says it. */
static void set_sync(struct fw_clock_record *record, enum fw_clock_sync sync)
{
    if (sync != FW_CLOCK_UNSAID && record->sync != FW_CLOCK_UNSYNCED) {
        record->sync = sync;
    }
}

static void set_offset(struct fw_clock_record *record, fw_sv text, double unit_ns)
{
    fw_sv rest = text;
    fw_sv number;
    int64_t ns;
    if (fw_sv_word(&rest, &number) && fw_clock_number(number, unit_ns, &ns)) {
        bool slow = fw_sv_find(rest, FW_SV("slow")) < rest.n;
        record->has_offset = true;
        record->offset_ns = slow ? -ns : ns;
    }
}

static void set_stamp(struct fw_clock_record *record, fw_sv text, bool utc)
{
    struct fw_stamp stamp;
    if (!fw_clock_stamp(text, &stamp) || (record->has_stamp && record->stamp.has_zone && !utc)) {
        return;
    }
    if (utc) {
        stamp.has_zone = true;
        stamp.zone_seconds = 0;
    }
    record->has_stamp = true;
    record->stamp = stamp;
}

/* The number that stands last in parentheses. */
static void set_zone(struct fw_clock_record *record, fw_sv text)
{
    size_t comma = fw_sv_find(text, FW_SV(", "));
    int32_t seconds;
    if (comma < text.n && record->has_stamp && !record->stamp.has_zone) {
        fw_sv zone = fw_sv_sub(text, comma + 2, 5);
        if (fw_zone_parse(zone, &seconds)) {
            record->stamp.has_zone = true;
            record->stamp.zone_seconds = seconds;
        }
    }
}

static void apply(struct fw_clock_record *record, enum meaning meaning, fw_sv value)
{
    int64_t ns;
    fw_sv rest = value;
    switch (meaning) {
    case NOTHING:
        break;
    case SYNC_WORD:
        if (FW_SV_AMONG_NOCASE(value, good_words)) {
            set_sync(record, FW_CLOCK_SYNCED);
        } else if (FW_SV_AMONG_NOCASE(value, bad_words)) {
            set_sync(record, FW_CLOCK_UNSYNCED);
        }
        break;
    case OFFSET_SECONDS:
        set_offset(record, value, 1e9);
        break;
    case OFFSET_MS:
        set_offset(record, value, 1e6);
        break;
    case OFFSET_UNIT:
        if (fw_clock_quantity(value, &ns)) {
            record->has_offset = true;
            record->offset_ns = ns;
        }
        break;
    case STAMP:
    case STAMP_UTC:
        set_stamp(record, value, meaning == STAMP_UTC);
        break;
    case ZONE:
        set_zone(record, value);
        break;
    case SERVER:
        if (fw_sv_word(&rest, &record->server)) {
            record->peer = record->peer || fw_sv_is(fw_sv_from(record->what), "chronyc ntpdata");
        }
        break;
    }
}

/* "Ref time (UTC)" becomes "ref_time_utc". */
static fw_sv snake(struct fw_clock_capture *capture, fw_sv key)
{
    char *name = fw_arena_alloc(&capture->doc->scratch, key.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++) {
        char c = fw_lower(key.p[i]);
        if ((c >= 'a' && c <= 'z') || fw_is_digit(c)) {
            name[n++] = c;
        } else if (n > 0 && name[n - 1] != '_') {
            name[n++] = '_';
        }
    }
    n -= n > 0 && name[n - 1] == '_';
    name[n] = '\0';
    return fw_sv_of(name, n);
}

/* FortiOS, "get system status"; PAN-OS, "show system info": the clock stands among versions. */
static const char information[] = "device information";

static bool is_information(fw_sv text)
{
    return fw_sv_starts(text, "Version: Forti") || fw_sv_starts(text, "hostname: ");
}

static bool put_field(struct fw_clock_capture *capture, fw_sv key, fw_sv value, fw_sv text,
                      uint32_t line)
{
    fw_sv name = snake(capture, key);
    const char *begins = NULL;
    enum meaning meaning = NOTHING;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (fw_sv_is(name, fields[i].name)) {
            begins = fields[i].begins;
            meaning = fields[i].meaning;
        }
    }
    bool again = capture->open && fw_clock_get(&capture->record, name.p).p;
    /* A server has a reference of its own. */
    bool within = capture->open && fw_sv_is(name, "reference_id") &&
                  fw_sv_is(fw_sv_from(capture->record.what), "chronyc ntpdata");
    bool informs = capture->open && capture->record.what == information;
    if (is_information(text)) {
        begins = information;
        meaning = NOTHING;
    } else if (informs && (fw_sv_is(name, "system_time") || fw_sv_is(name, "time"))) {
        begins = NULL;
        meaning = STAMP;
    }
    bool other = capture->open && begins && !within &&
                 !fw_sv_is(fw_sv_from(begins), capture->record.what);
    if (begins && (!capture->open || again || other)) {
        fw_clock_capture_open(capture, begins, text, line);
        name = snake(capture, key); /* closing forgets what was made for the record before */
    }
    if (!capture->open) {
        return false;
    }
    /* What a device calls the date and the time of its clock. */
    name = fw_sv_is(name, "current_date_is") ? FW_SV("date") : name;
    name = fw_sv_is(name, "current_time_is") ? FW_SV("time") : name;
    fw_clock_put(&capture->record, name.p, value);
    bool of_server = fw_sv_is(fw_sv_from(capture->record.what), "chronyc ntpdata");
    if (!of_server || meaning == SERVER) {
        apply(&capture->record, meaning, value);
    } else if (fw_sv_is(name, "offset")) {
        apply(&capture->record, OFFSET_SECONDS, value);
    }
    return true;
}

/* What may be the name of a field: words, not numbers with colons in them. */
static bool is_key(fw_sv key)
{
    bool letter = false;
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        letter = letter || fw_is_alpha(c);
        if (!fw_is_word(c) && c != ' ' && c != '.' && c != '(' && c != ')' && c != '/') {
            return false;
        }
    }
    return letter && key.n <= 40;
}

/* "leap_none, sync_ntp": the words of a status line that have no value. */
static void read_flag(struct fw_clock_record *record, fw_sv word)
{
    if (fw_sv_is(word, "leap_alarm") || fw_sv_is(word, "sync_unspec")) {
        set_sync(record, FW_CLOCK_UNSYNCED);
    } else if (fw_sv_starts(word, "sync_")) {
        set_sync(record, FW_CLOCK_SYNCED);
    }
}

/* The variables of ntpd, separated by commas; a comma in a time separates nothing. */
static void read_variables(struct fw_clock_record *record, fw_sv text)
{
    fw_sv part;
    while (fw_sv_split(&text, ',', &part)) {
        fw_sv name = fw_sv_trim(part);
        size_t at = fw_sv_find_char(name, '=');
        if (at >= name.n) {
            fw_sv word;
            while (fw_sv_word(&name, &word)) {
                read_flag(record, word);
            }
            continue;
        }
        fw_sv value = fw_sv_sub(name, at + 1, SIZE_MAX);
        fw_sv key = fw_sv_sub(name, 0, at);
        bool time = fw_sv_is(key, "clock") || fw_sv_is(key, "reftime");
        if (time && text.n > 0) { /* "e2a9..., Tue, Jul  5 2026 10:11:12.123" */
            size_t end = fw_sv_find(text, FW_SV("="));
            fw_sv rest = fw_sv_sub(text, 0, end < text.n ? end : text.n);
            if (fw_sv_is(key, "clock")) {
                set_stamp(record, rest, true);
            }
        }
        if (fw_sv_is(key, "offset")) {
            apply(record, OFFSET_MS, value);
        } else if (fw_sv_is(key, "refid") && record->server.n == 0) {
            record->server = value;
        }
    }
}

static bool pair_of_variables(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    bool status = fw_sv_starts(text, "associd=") || fw_sv_starts(text, "assID=") ||
                  fw_sv_starts(text, "status=");
    if (status) {
        bool system = fw_sv_starts(text, "associd=0 ") || fw_sv_starts(text, "assID=0 ") ||
                      fw_sv_starts(text, "status=");
        fw_clock_capture_open(capture, "ntpq variables", text, line);
        capture->record.peer = !system;
        size_t flags = fw_sv_find_char(text, ' ');
        flags = fw_sv_starts(text, "status=") ? flags : fw_sv_find(text, FW_SV("status="));
        fw_sv rest = fw_sv_sub(text, flags < text.n ? flags : 0, SIZE_MAX);
        fw_sv word;
        if (fw_sv_starts(rest, "status=")) {
            fw_sv_word(&rest, &word);
        }
        read_variables(&capture->record, rest);
        return true;
    }
    bool variables = capture->open &&
                     fw_sv_is(fw_sv_from(capture->record.what), "ntpq variables") &&
                     fw_sv_find_char(text, '=') < text.n;
    if (variables) {
        fw_sv rest = text;
        fw_sv part;
        read_variables(&capture->record, text);
        while (fw_sv_split(&rest, ',', &part)) {
            size_t at = fw_sv_find_char(part, '=');
            if (at < part.n) {
                fw_sv key = snake(capture, fw_sv_trim(fw_sv_sub(part, 0, at)));
                fw_clock_put(&capture->record, key.p, fw_sv_sub(part, at + 1, SIZE_MAX));
            }
        }
    }
    return variables;
}

bool fw_clock_pair(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    if (pair_of_variables(capture, text, line)) {
        return true;
    }
    size_t at = fw_sv_find_char(text, ':');
    fw_sv key = fw_sv_trim(fw_sv_sub(text, 0, at < text.n ? at : 0));
    fw_sv value = fw_sv_trim(fw_sv_sub(text, at < text.n ? at + 1 : text.n, SIZE_MAX));
    if (at >= text.n || !is_key(key)) {
        return false;
    }
    /* "synchronized: yes, ntpsync: enabled, server-mode: disabled" */
    size_t comma = fw_sv_starts(text, "synchronized:") ? fw_sv_find(value, FW_SV(", ")) : value.n;
    fw_sv rest = fw_sv_sub(value, comma < value.n ? comma + 2 : value.n, SIZE_MAX);
    value = fw_sv_sub(value, 0, comma);
    bool used = put_field(capture, key, value, text, line);
    fw_sv part;
    while (used && fw_sv_split(&rest, ',', &part)) {
        size_t gap = fw_sv_find_char(part, ':');
        if (gap < part.n) {
            put_field(capture, fw_sv_trim(fw_sv_sub(part, 0, gap)),
                      fw_sv_trim(fw_sv_sub(part, gap + 1, SIZE_MAX)), text, line);
        }
    }
    return used;
}

/* --- sentences ------------------------------------------------------------------------------- */

/* The text behind words of a line; {0}: they are not there. */
static fw_sv behind(fw_sv text, const char *words)
{
    size_t at = fw_sv_find(text, fw_sv_from(words));
    return at < text.n ? fw_sv_sub(text, at + strlen(words), SIZE_MAX) : (fw_sv){0};
}

/* Up to a comma or parenthesis. */
static fw_sv first_part(fw_sv text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] != ',' && text.p[n] != ')') {
        n++;
    }
    return fw_sv_trim(fw_sv_sub(text, 0, n));
}

static const struct {
    const char *starts, *what, *server; /* server: stands behind these words; NULL: nowhere */
    enum fw_clock_sync sync;
} states[] = {
    {"Clock is synchronized", "device status", "reference is ", FW_CLOCK_SYNCED},
    {"Clock is unsynchronized", "device status", NULL, FW_CLOCK_UNSYNCED},
    {"NTP synched to ", "device status", "NTP synched to ", FW_CLOCK_SYNCED},
    {"NTP not synched", "device status", NULL, FW_CLOCK_UNSYNCED},
    {"synchronised to ", "ntpstat", "(", FW_CLOCK_SYNCED},
    {"unsynchronised", "ntpstat", NULL, FW_CLOCK_UNSYNCED},
    {"Time source is NTP", "device clock", NULL, FW_CLOCK_SYNCED},
    {"Time source is user configuration", "device clock", NULL, FW_CLOCK_UNSYNCED},
    {"Time source is hardware calendar", "device clock", NULL, FW_CLOCK_UNSYNCED},
    {"No time source", "device clock", NULL, FW_CLOCK_UNSYNCED},
};

static bool state_sentence(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (!fw_sv_starts(text, states[i].starts)) {
            continue;
        }
        bool more = capture->open && fw_sv_is(fw_sv_from(states[i].what), capture->record.what);
        if (!more) {
            fw_clock_capture_open(capture, states[i].what, text, line);
        }
        set_sync(&capture->record, states[i].sync);
        fw_sv stratum = first_part(behind(text, "stratum "));
        fw_sv server = states[i].server ? first_part(behind(text, states[i].server)) : (fw_sv){0};
        if (stratum.n > 0) {
            fw_clock_put(&capture->record, "stratum", stratum);
        }
        if (server.n > 0) {
            capture->record.server = server;
            fw_clock_put(&capture->record, "server", server);
        }
        return true;
    }
    return false;
}

/* "clock offset is 0.5000 msec, root delay is 1.00 msec" */
static bool measure_sentence(struct fw_clock_capture *capture, fw_sv text)
{
    static const struct {
        const char *words, *name;
    } measures[] = {
        {"clock offset is ", "offset"},        {"root delay is ", "root_delay"},
        {"root dispersion is ", "dispersion"}, {"peer dispersion is ", "peer_dispersion"},
        {"time correct to within ", "offset"}, {"reference time is ", "reference_time"},
    };
    bool used = false;
    for (size_t i = 0; capture->open && i < sizeof(measures) / sizeof(measures[0]); i++) {
        fw_sv value = first_part(behind(text, measures[i].words));
        if (value.n == 0) {
            continue;
        }
        used = true;
        fw_clock_put(&capture->record, measures[i].name, value);
        if (fw_sv_is(fw_sv_from(measures[i].name), "offset")) {
            apply(&capture->record, OFFSET_UNIT, value);
        } else if (i ==
                   5) { /* "e2a9.1c6a (12:33:08.111 UTC Sun Mar 1 2015)", "... -- UTC Mon ..." */
            size_t at = fw_sv_find_char(text, '(');
            size_t dash = fw_sv_find(text, FW_SV("-- "));
            at = at < text.n ? at + 1 : dash < text.n ? dash + 3 : text.n;
            set_stamp(&capture->record, fw_sv_sub(text, at, SIZE_MAX), false);
        }
    }
    return used;
}

/* "ipv4 server(ntp1.example) 192.0.2.123 -- reachable(0xff) S:4 T:6 selected" */
static bool server_sentence(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    fw_sv rest = behind(text, "server(");
    if (rest.n == 0 || fw_sv_find(text, FW_SV(" -- ")) >= text.n) {
        return false;
    }
    fw_clock_capture_open(capture, "device server", text, line);
    struct fw_clock_record *record = &capture->record;
    record->peer = true;
    record->server = first_part(rest);
    record->chosen = fw_sv_ends(text, "selected");
    fw_clock_put(record, "server", record->server);
    fw_sv after = fw_sv_trim(behind(text, ") "));
    fw_sv address;
    if (fw_sv_word(&after, &address)) {
        fw_clock_put(record, "address", address);
    }
    return true;
}

/* "3 sources online" */
static bool activity_sentence(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    static const struct {
        const char *words, *name;
    } kinds[] = {
        {"sources online", "online"},
        {"sources offline", "offline"},
        {"sources doing burst (return to online)", "burst_online"},
        {"sources doing burst (return to offline)", "burst_offline"},
        {"sources with unknown address", "unresolved"},
    };
    fw_sv rest = text;
    fw_sv number;
    uint64_t count;
    if (!fw_sv_word(&rest, &number) || !fw_sv_u64(number, &count)) {
        return false;
    }
    rest = fw_sv_trim(rest);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (fw_sv_is(rest, kinds[i].words)) {
            if (i == 0 || !capture->open) {
                fw_clock_capture_open(capture, "chronyc activity", text, line);
            }
            fw_clock_put(&capture->record, kinds[i].name, number);
            return true;
        }
    }
    return false;
}

/* " 8:48AM  up 154 days, 19:16, 2 users, load averages: 0.04, 0.04, 0.01" */
static bool uptime_sentence(struct fw_clock_capture *capture, fw_sv text)
{
    static const char *const names[] = {"load_average_1min", "load_average_5min",
                                        "load_average_15min"};
    fw_sv loads = behind(text, "load averages: ");
    size_t user = fw_sv_find(text, FW_SV(" user"));
    fw_sv part;
    if (!capture->open || loads.n == 0 || user >= text.n) {
        return false;
    }
    size_t at = user;
    while (at > 0 && fw_is_digit(text.p[at - 1])) {
        at--;
    }
    fw_clock_put(&capture->record, "users", fw_sv_sub(text, at, user - at));
    for (size_t i = 0; i < 3 && fw_sv_split(&loads, ',', &part); i++) {
        fw_clock_put(&capture->record, names[i], fw_sv_trim(part));
    }
    return true;
}

static bool is_day_name(fw_sv word)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return FW_SV_STARTS_AMONG_NOCASE(word, days);
}

/* "*18:57:38.347 UTC Mon Oct 19 2015": IOS marks a clock that nothing set with "*", and one that
 * lost its servers with ".". */
static bool clock_sentence(struct fw_clock_capture *capture, fw_sv text, uint32_t line)
{
    struct fw_stamp stamp;
    fw_sv rest = text;
    fw_sv word;
    bool lost = text.p[0] == '*' || text.p[0] == '.';
    rest = fw_sv_trim(fw_sv_sub(rest, lost ? 1 : 0, SIZE_MAX));
    if (rest.n > 48 || (!fw_is_digit(rest.n > 0 ? rest.p[0] : ' ') && !is_day_name(rest)) ||
        !fw_clock_stamp(rest, &stamp)) {
        return false;
    }
    fw_clock_capture_open(capture, "device clock", text, line);
    struct fw_clock_record *record = &capture->record;
    record->has_stamp = true;
    record->stamp = stamp;
    record->sync = lost ? FW_CLOCK_UNSYNCED : FW_CLOCK_UNSAID;
    while (fw_sv_word(&rest, &word)) {
        struct fw_stamp ignored;
        bool dated = fw_sv_find_char(word, '-') < word.n && fw_is_digit(word.p[0]);
        const char *name = fw_clock_time_of_day(word, &ignored) ? "time"
                           : is_day_name(word)                  ? "weekday"
                           : dated || fw_is_digit(word.p[0])    ? "date"
                                                                : "zone";
        if (!fw_clock_get(record, name).p) {
            fw_clock_put(record, name, word);
        }
    }
    return true;
}

bool fw_clock_sentence(struct fw_clock_capture *capture, fw_sv text, size_t indent, uint32_t line)
{
    return state_sentence(capture, text, line) || measure_sentence(capture, text) ||
           server_sentence(capture, text, line) || activity_sentence(capture, text, line) ||
           uptime_sentence(capture, text) ||
           /* Times that stand far in belong to what the line before tells. */
           (indent < 8 && clock_sentence(capture, text, line));
}
