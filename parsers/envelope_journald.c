/*
 * How a journal entry becomes an envelope:
 *
 *   { "__REALTIME_TIMESTAMP" : "1534860261221373", "_HOSTNAME" : "gw", "PRIORITY" : "4",
 *     "SYSLOG_IDENTIFIER" : "kernel", "_TRANSPORT" : "kernel", "MESSAGE" : "IN=eth0 OUT= ..." }
 *
 * Fields are those of systemd.journal-fields(7). A field that is not valid UTF-8 is an array of
 * byte values; one that occurs twice is an array of its values (journalctl(1), "json").
 */
#include "parsers/envelope_journald.h"

#include "parsers/jsonl.h"

/* An array of numbers 0..255 as bytes, or the first of several values. */
static fw_sv array_text(const struct fw_jsonl_value *value, struct fw_arena *scratch)
{
    struct fw_jsonl items;
    struct fw_jsonl_value item;
    if (!fw_jsonl_open(value->raw, '[', &items)) {
        return (fw_sv){0};
    }
    /* A value takes at least two bytes of the text: a digit and a comma. */
    char *bytes = fw_arena_alloc(scratch, value->raw.n / 2 + 1);
    size_t n = 0;
    while (fw_jsonl_item(&items, &item)) {
        uint64_t byte;
        if (item.type == FW_JSONL_STRING) {
            return fw_jsonl_text(&item, scratch);
        }
        if (!fw_jsonl_u64(&item, &byte) || byte > 255) {
            return (fw_sv){0};
        }
        bytes[n++] = (char)byte;
    }
    return fw_sv_of(bytes, n);
}

static fw_sv text_of(const struct fw_jsonl_value *value, struct fw_arena *scratch)
{
    return value->type == FW_JSONL_ARRAY ? array_text(value, scratch)
                                         : fw_jsonl_text(value, scratch);
}

static bool read_microseconds(const struct fw_jsonl_value *value, struct fw_stamp *ret)
{
    uint64_t us;
    if (!fw_jsonl_u64(value, &us) || us > UINT64_C(9000000000000000)) {
        return false;
    }
    uint64_t seconds = us / 1000000;
    struct fw_date date = fw_date_from_days((int64_t)(seconds / 86400));
    unsigned clock = (unsigned)(seconds % 86400);
    *ret = (struct fw_stamp){.year = date.year,
                             .month = date.month,
                             .day = date.day,
                             .hour = (uint8_t)(clock / 3600),
                             .minute = (uint8_t)(clock / 60 % 60),
                             .second = (uint8_t)(clock % 60),
                             .nanos = (uint32_t)(us % 1000000) * 1000,
                             .has_zone = true};
    return true;
}

struct entry {
    fw_sv identifier, comm, transport;
    bool journal; /* a field that only the journal writes was seen */
    uint64_t priority, facility;
    bool has_priority, has_facility;
};

static void take_member(fw_sv key, const struct fw_jsonl_value *value, struct fw_arena *scratch,
                        struct entry *entry, struct fw_envelope *ret)
{
    if (fw_sv_is(key, "MESSAGE")) {
        ret->message = text_of(value, scratch);
    } else if (fw_sv_is(key, "__REALTIME_TIMESTAMP")) {
        ret->has_time = read_microseconds(value, &ret->time);
        entry->journal = true;
    } else if (fw_sv_is(key, "__CURSOR")) {
        entry->journal = true;
    } else if (fw_sv_is(key, "_HOSTNAME")) {
        ret->host = text_of(value, scratch);
    } else if (fw_sv_is(key, "SYSLOG_IDENTIFIER")) {
        entry->identifier = text_of(value, scratch);
    } else if (fw_sv_is(key, "_COMM")) {
        entry->comm = text_of(value, scratch);
    } else if (fw_sv_is(key, "_TRANSPORT")) {
        entry->transport = text_of(value, scratch);
    } else if (fw_sv_is(key, "_PID") || (fw_sv_is(key, "SYSLOG_PID") && ret->pid.n == 0)) {
        ret->pid = text_of(value, scratch);
    } else if (fw_sv_is(key, "PRIORITY")) {
        entry->has_priority = fw_jsonl_u64(value, &entry->priority) && entry->priority < 8;
    } else if (fw_sv_is(key, "SYSLOG_FACILITY")) {
        entry->has_facility = fw_jsonl_u64(value, &entry->facility) && entry->facility < 24;
    }
}

bool fw_envelope_journald(fw_sv line, struct fw_arena *scratch, struct fw_envelope *ret)
{
    /* RFC 7464 text sequences begin every record with this byte. */
    if (line.n > 0 && line.p[0] == '\x1e') {
        line = fw_sv_sub(line, 1, SIZE_MAX);
    }
    struct fw_jsonl json;
    /* Lines of other programs are told by the first letter of their first key. */
    bool foreign = line.n > 2 && line.p[0] == '{' && line.p[1] == '"' && line.p[2] >= 'a' &&
                   line.p[2] <= 'z';
    if (foreign || !fw_jsonl_open(line, '{', &json)) {
        return false;
    }
    struct entry entry = {0};
    ret->message = (fw_sv){0};
    fw_sv key;
    struct fw_jsonl_value value;
    while (fw_jsonl_member(&json, &key, &value)) {
        /* All fields of the journal begin so; another program's JSON is not walked to its end. */
        if (key.n == 0 || (key.p[0] != '_' && (key.p[0] < 'A' || key.p[0] > 'Z'))) {
            return false;
        }
        take_member(key, &value, scratch, &entry, ret);
    }
    if (!fw_jsonl_closed(&json) || !entry.journal) {
        return false;
    }
    ret->kind = FW_ENVELOPE_JOURNALD;
    ret->app = entry.identifier.n > 0 ? entry.identifier : entry.comm;
    if (ret->app.n == 0 && fw_sv_is(entry.transport, "kernel")) {
        ret->app = entry.transport;
    }
    if (entry.has_priority) {
        ret->has_priority = true;
        ret->priority = (uint8_t)((entry.has_facility ? entry.facility : 0) * 8 + entry.priority);
    }
    return true;
}
