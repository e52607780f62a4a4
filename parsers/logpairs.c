/* How lists of pairs and of cells are cut, and how their values become fields of an event. */
#include "parsers/logpairs.h"

#include "parsers/logscan.h"

const struct fw_pair_row *fw_pairs_find(const struct fw_pair_table *table, fw_sv key)
{
    size_t lo = 0;
    size_t hi = key.n > 0 ? table->n : 0;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct fw_pair_row *row = &table->rows[mid];
        size_t n = key.n < row->key.n ? key.n : row->key.n;
        int c = n > 0 ? memcmp(row->key.p, key.p, n) : 0; /* an empty key may have no text */
        if (c == 0 && row->key.n == key.n) {
            return row;
        }
        if (c < 0 || (c == 0 && row->key.n < key.n)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return NULL;
}

bool fw_pairs_sorted(const struct fw_pair_table *table)
{
    for (size_t i = 1; i < table->n; i++) {
        if (fw_sv_cmp(table->rows[i - 1].key, table->rows[i].key) >= 0) {
            return false;
        }
    }
    return true;
}

bool fw_pairs_is_absent(fw_sv value)
{
    switch (value.n) {
    case 0:
        return true;
    case 1:
        return value.p[0] == '-';
    case 3:
        return memcmp(value.p, "N/A", 3) == 0 || memcmp(value.p, "n/a", 3) == 0;
    case 4:
        return fw_sv_is_nocase(value, "none");
    default:
        return false;
    }
}

/* Where the member of a field is. */
static void *member(struct fw_event *ev, unsigned field)
{
#define FW_FIELD(name, type, ecs) offsetof(struct fw_event, name),
    static const size_t offsets[FW_EV_COUNT] = {FW_EVENT_FIELDS(FW_FIELD)};
#undef FW_FIELD
    return (char *)ev + offsets[field];
}

static bool read_number(const struct fw_pair_row *row, fw_sv value, uint64_t *ret)
{
    uint64_t n;
    bool port = row->kind == FW_PAIR_PORT || row->kind == FW_PAIR_NAT_PORT;
    if (port ? !fw_scan_port(value, &n) : !fw_sv_u64_any(value, &n)) {
        return false;
    }
    if (row->kind == FW_PAIR_SECONDS) {
        if (n > UINT64_MAX / (uint64_t)FW_NS_PER_SEC) {
            return false;
        }
        n *= (uint64_t)FW_NS_PER_SEC;
    }
    *ret = n;
    return true;
}

/* The whole text is a moment in any form that logs carry: an epoch, "2026-03-02T10:20:30+08:00",
 * "Mar 02 2026 10:20:30.5 UTC". Without a year it is none. A zone's name that has two meanings is
 * passed over. */
static bool read_stamp(fw_sv text, struct fw_stamp *ret)
{
    struct fw_stamp stamp;
    fw_sv rest = fw_sv_trim(text);
    if (rest.n >= 9 && fw_pairs_epoch(rest, ret)) {
        return true;
    }
    if ((!fw_stamp_rfc3339(&rest, &stamp) && !fw_stamp_rfc3164(&rest, &stamp)) || stamp.year == 0) {
        return false;
    }
    fw_sv zone = fw_sv_trim(rest);
    int32_t seconds;
    if (!stamp.has_zone && fw_zone_parse(zone, &seconds)) {
        stamp.has_zone = true;
        stamp.zone_seconds = seconds;
    }
    *ret = stamp;
    return true;
}

bool fw_pairs_set(const struct fw_pair_row *row, fw_sv value, struct fw_event *ev)
{
    if (fw_pairs_is_absent(value) || fw_event_has(ev, row->what)) {
        return true;
    }
    void *at = member(ev, row->what);
    fw_ip ip;
    uint64_t n;
    switch ((enum fw_pair_kind)row->kind) {
    case FW_PAIR_TEXT:
        *(fw_sv *)at = value;
        break;
    case FW_PAIR_PROTO:
        *(fw_sv *)at = fw_scan_transport(value, NULL);
        break;
    case FW_PAIR_IP:
    case FW_PAIR_NAT_IP:
        if (!fw_scan_ip(value, &ip)) {
            return false;
        }
        if (row->kind == FW_PAIR_NAT_IP && ip.hi == 0 && ip.lo == 0) {
            return true;
        }
        *(fw_ip *)at = ip;
        break;
    case FW_PAIR_NUM:
    case FW_PAIR_PORT:
    case FW_PAIR_NAT_PORT:
    case FW_PAIR_SECONDS:
        if (!read_number(row, value, &n)) {
            return false;
        }
        if (row->kind == FW_PAIR_NAT_PORT && n == 0) {
            return true;
        }
        *(uint64_t *)at = n;
        break;
    case FW_PAIR_STAMP:
        if (!read_stamp(value, at)) {
            return true;
        }
        break;
    case FW_PAIR_OWN:
        return true;
    }
    fw_event_set(ev, row->what);
    return true;
}

bool fw_pairs_put(const struct fw_pair_row *row, fw_sv value, fw_sv *own, struct fw_event *ev)
{
    if (row->kind == FW_PAIR_OWN) {
        own[row->what] = value;
        return true;
    }
    return fw_pairs_set(row, value, ev);
}

/* Behind the quote at `at`: where the closing one is, or the end. */
static size_t quote_end(fw_sv s, size_t at)
{
    while (at < s.n && s.p[at] != '"') {
        at += s.p[at] == '\\' && at + 1 < s.n ? 2 : 1;
    }
    return at;
}

bool fw_pairs_next(fw_sv *rest, char sep, fw_sv *ret_key, fw_sv *ret_value)
{
    fw_sv s = *rest;
    size_t i = 0;
    while (i < s.n && (fw_is_blank(s.p[i]) || s.p[i] == sep)) {
        i++;
    }
    if (i == s.n) {
        *rest = fw_sv_sub(s, i, 0);
        return false;
    }
    size_t key = i;
    while (i < s.n && s.p[i] != '=' && s.p[i] != sep && (sep != ' ' || s.p[i] != '\t')) {
        i++;
    }
    *ret_key = fw_sv_sub(s, key, i - key);
    *ret_value = (fw_sv){0};
    if (i < s.n && s.p[i] == '=') {
        size_t value = ++i;
        if (i < s.n && s.p[i] == '"') {
            value = ++i;
            i = quote_end(s, i);
            *ret_value = fw_sv_sub(s, value, i - value);
            i += i < s.n;
        } else {
            while (i < s.n && s.p[i] != sep && (sep != ' ' || s.p[i] != '\t')) {
                i++;
            }
            *ret_value = fw_sv_of(s.p + value, i - value);
        }
    }
    *rest = fw_sv_sub(s, i, SIZE_MAX);
    return true;
}

bool fw_pairs_cell(fw_sv *rest, fw_sv *ret)
{
    fw_sv s = *rest;
    if (!s.p) {
        return false;
    }
    size_t i = 0;
    if (s.n > 0 && s.p[0] == '"') {
        i = 1;
        while (i < s.n && (s.p[i] != '"' || (i + 1 < s.n && s.p[i + 1] == '"'))) {
            i += s.p[i] == '"' ? 2 : 1;
        }
        *ret = fw_sv_sub(s, 1, i - 1);
        /* What stands between the closing quote and the comma belongs to nothing. */
        while (i < s.n && s.p[i] != ',') {
            i++;
        }
    } else {
        const char *comma = s.n ? memchr(s.p, ',', s.n) : NULL;
        i = comma ? (size_t)(comma - s.p) : s.n;
        *ret = fw_sv_of(s.p, i);
    }
    *rest = i < s.n ? fw_sv_of(s.p + i + 1, s.n - i - 1) : (fw_sv){0};
    return true;
}

size_t fw_pairs_cells(fw_sv line, fw_sv *ret, size_t max)
{
    size_t n = 0;
    while (n < max && fw_pairs_cell(&line, &ret[n])) {
        n++;
    }
    return n;
}

bool fw_pairs_epoch(fw_sv text, struct fw_stamp *ret)
{
    uint64_t n = 0;
    size_t digits = 0;
    uint32_t nanos = 0;
    while (digits < text.n && digits < 19 && fw_is_digit(text.p[digits])) {
        n = n * 10 + (uint64_t)(text.p[digits++] - '0');
    }
    if (digits == 0) {
        return false;
    }
    if (digits > 11) {
        /* 12 to 14, 15 to 17, 18 and 19 digits: thousandths, millionths, billionths. */
        uint64_t unit = digits <= 14 ? 1000u : digits <= 17 ? 1000000u : 1000000000u;
        if (digits < text.n) {
            return false;
        }
        nanos = (uint32_t)(n % unit * (1000000000u / unit));
        n /= unit;
    } else if (digits < text.n) {
        uint32_t scale = 100000000;
        if (text.p[digits] != '.') {
            return false;
        }
        for (size_t i = digits + 1; i < text.n; i++, scale /= 10) {
            if (!fw_is_digit(text.p[i])) {
                return false;
            }
            nanos += scale * (uint32_t)(text.p[i] - '0');
        }
    }
    /* Nanoseconds in 64 bits end in 2262. */
    if (n > UINT64_C(9214646399)) {
        return false;
    }
    struct fw_date date = fw_date_from_days((int64_t)(n / 86400));
    uint32_t second = (uint32_t)(n % 86400);
    *ret = (struct fw_stamp){
        .year = date.year,
        .month = date.month,
        .day = date.day,
        .hour = (uint8_t)(second / 3600),
        .minute = (uint8_t)(second / 60 % 60),
        .second = (uint8_t)(second % 60),
        .nanos = nanos,
        .has_zone = true,
    };
    return true;
}

fw_sv fw_pairs_plain(fw_sv text, struct fw_arena *scratch)
{
    if (!text.n || !memchr(text.p, '\\', text.n)) {
        return text;
    }
    char *p = fw_arena_alloc(scratch, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\\' && i + 1 < text.n) {
            c = text.p[++i];
            c = c == 'n' || c == 'r' ? ' ' : c;
        }
        p[n++] = c;
    }
    return fw_sv_of(p, n);
}
