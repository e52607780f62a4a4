/*
 * Cisco ASA messages (PIX, FWSM and FTD print the same):
 *
 *   %ASA-6-302013: Built inbound TCP connection 212805863 for outside:10.22.8.144/61999
 *   (10.22.8.144/61999)(LOCAL\user.name) to inside:10.22.8.163/80 (10.22.8.163/80) (user.name)
 *
 * (one line). asa_messages.def has one row for each form; asa_form.c reads a line
 * by its row; here is which rows there are for a line, and what follows from the one that fits.
 *
 * Source is who began: Cisco prints the less trusted side first, so "Built outbound" is turned
 * round. A teardown does not say who began and is given as printed. The local side of an ICMP
 * connection is taken as its source.
 */
#include "core/search.h"
#include "parsers/asa_form.h"
#include "parsers/envelope.h"
#include "parsers/parser.h"

enum asa_kind { TRAFFIC, NAT, ADMIN, SYSTEM };

struct row {
    uint32_t first, last;
    enum asa_kind kind;
    enum fw_scan_verdict verdict;
    const char *action;
    const char *form;
};

#define FW_ASA(first, last, kind, verdict, action, form) \
    {first, last, kind, FW_SCAN_##verdict, action, form},
static const struct row rows[] = {
#include "parsers/asa_messages.def"
};
#undef FW_ASA

enum { ROW_COUNT = sizeof(rows) / sizeof(rows[0]), TAG_WITHIN = 96 };

struct tag {
    fw_sv code; /* "302013" */
    uint32_t number;
    unsigned level;
    fw_sv text; /* behind the tag */
};

/* "%ASA-6-302013: ", "%ASA-session-6-302013: ", "%PIX-4-400013 ". False when there is none. */
static bool read_tag(fw_sv s, struct tag *ret)
{
    static const char *const names[] = {"ASA-", "PIX-", "FWSM-", "FTD-"};
    size_t limit = s.n < TAG_WITHIN ? s.n : TAG_WITHIN;
    size_t at = 0;
    size_t name = 0;
    for (;; at++) {
        const char *percent = at < limit ? memchr(s.p + at, '%', limit - at) : NULL;
        if (!percent) {
            return false;
        }
        at = (size_t)(percent - s.p);
        fw_sv tail = fw_sv_sub(s, at + 1, SIZE_MAX);
        for (name = 0; name < 4 && !fw_sv_starts(tail, names[name]); name++) {
        }
        if (name < 4) {
            break;
        }
    }
    size_t i = at + 1 + strlen(names[name]);
    /* The message class, when the device is told to print it. */
    if (i < s.n && fw_is_alpha(s.p[i])) {
        while (i < s.n && fw_is_word(s.p[i]) && s.p[i] != '-') {
            i++;
        }
        i++;
    }
    if (i + 8 > s.n || s.p[i] < '0' || s.p[i] > '7' || s.p[i + 1] != '-') {
        return false;
    }
    unsigned level = (unsigned)(s.p[i] - '0');
    fw_sv code = fw_sv_sub(s, i + 2, 6);
    uint32_t number;
    if (!fw_sv_u32(code, 999999, &number)) {
        return false;
    }
    i += 8;
    if (i < s.n && s.p[i] == ':') {
        i++;
    }
    while (i < s.n && fw_is_blank(s.p[i])) {
        i++;
    }
    *ret = (struct tag){code, number, level, fw_sv_sub(s, i, SIZE_MAX)};
    return true;
}

static void swap_sv(fw_sv *a, fw_sv *b)
{
    fw_sv t = *a;
    *a = *b;
    *b = t;
}

static void swap_ip(fw_ip *a, fw_ip *b)
{
    fw_ip t = *a;
    *a = *b;
    *b = t;
}

static void swap_num(uint64_t *a, uint64_t *b)
{
    uint64_t t = *a;
    *a = *b;
    *b = t;
}

static void swap_sides(struct fw_event *ev)
{
    static const enum fw_event_field pairs[][2] = {
        {FW_EV_src, FW_EV_dst},           {FW_EV_sport, FW_EV_dport},
        {FW_EV_nat_src, FW_EV_nat_dst},   {FW_EV_nat_sport, FW_EV_nat_dport},
        {FW_EV_src_user, FW_EV_dst_user}, {FW_EV_in, FW_EV_out},
    };
    swap_ip(&ev->src, &ev->dst);
    swap_num(&ev->sport, &ev->dport);
    swap_ip(&ev->nat_src, &ev->nat_dst);
    swap_num(&ev->nat_sport, &ev->nat_dport);
    swap_sv(&ev->src_user, &ev->dst_user);
    swap_sv(&ev->in, &ev->out);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        uint64_t a = ev->present >> pairs[i][0] & 1;
        uint64_t b = ev->present >> pairs[i][1] & 1;
        if (a != b) {
            ev->present ^= UINT64_C(1) << pairs[i][0] | UINT64_C(1) << pairs[i][1];
        }
    }
}

/* A translation has one side, given before and after. */
static void fold_translation(struct fw_event *ev)
{
    if (fw_event_has(ev, FW_EV_dst)) {
        ev->nat_src = ev->dst;
        fw_event_set(ev, FW_EV_nat_src);
    }
    if (fw_event_has(ev, FW_EV_dport)) {
        fw_scan_num(ev, FW_EV_nat_sport, &ev->nat_sport, ev->dport);
    }
    ev->present &= ~(UINT64_C(1) << FW_EV_dst | UINT64_C(1) << FW_EV_dport);
}

/* The password hash that 502101 prints is nobody's business. */
static fw_sv without_secret(fw_sv text)
{
    return fw_sv_trim(fw_sv_sub(text, 0, fw_sv_find(text, FW_SV("Encpass:"))));
}

static bool is_login(const char *action)
{
    static const char *const words[] = {"authentication", "locked-out", "login", "logout",
                                        "unlocked"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(action, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void finish(struct fw_asa_scan *c, const struct row *row, const struct tag *tag)
{
    struct fw_event *ev = c->ev;
    bool connection = row->kind == TRAFFIC && fw_event_has(ev, FW_EV_session);
    if (connection && fw_event_has(ev, FW_EV_direction) && fw_sv_is(ev->direction, "outbound")) {
        swap_sides(ev);
    }
    if (!fw_event_has(ev, FW_EV_src_user)) {
        fw_scan_text(ev, FW_EV_src_user, &ev->src_user, c->user);
    }
    fw_scan_outcome(ev, c->verdict != FW_SCAN_UNKNOWN ? c->verdict : row->verdict);
    fw_scan_text(ev, FW_EV_action, &ev->action, row->action[0] ? fw_sv_from(row->action) : c->word);
    fw_scan_text(ev, FW_EV_kind, &ev->kind, FW_SV("event"));
    ev->traffic = row->kind == TRAFFIC;
    ev->starts = ev->traffic && strcmp(row->action, "built") == 0;
    ev->ends = ev->traffic && strcmp(row->action, "teardown") == 0;
    ev->admin = row->kind == ADMIN;
    if (row->kind == NAT) {
        fold_translation(ev);
    }
    if (row->kind == TRAFFIC || row->kind == NAT) {
        fw_scan_text(ev, FW_EV_category, &ev->category, FW_SV("network"));
        return;
    }
    fw_scan_text(ev, FW_EV_message, &ev->message, without_secret(tag->text));
    if (row->kind == ADMIN) {
        fw_scan_text(ev, FW_EV_category, &ev->category,
                     is_login(row->action) ? FW_SV("authentication") : FW_SV("configuration"));
    }
}

/* The first row of a code; ROW_COUNT when there is none. */
static size_t find_row(uint32_t code)
{
    size_t lo;
    FW_SEARCH(lo, ROW_COUNT, rows[lo].last < code);
    return lo < ROW_COUNT && rows[lo].first <= code ? lo : ROW_COUNT;
}

/* 430001 to 430005 are FTD's own, lists of "Key: value": another form, another reader. */
static bool is_list(const struct tag *tag)
{
    return tag->number >= 430001 && tag->number <= 430005;
}

static enum fw_line_verdict asa_event(const struct fw_envelope *envelope, fw_sv message,
                                      struct fw_arena *scratch, struct fw_event *ret)
{
    (void)envelope;
    (void)scratch;
    struct tag tag;
    if (!read_tag(message, &tag) || is_list(&tag)) {
        return FW_LINE_NONE;
    }
    fw_scan_tag(ret, tag.code, tag.level);
    size_t i = find_row(tag.number);
    if (i == ROW_COUNT) {
        return FW_LINE_IGNORED;
    }
    for (; i < ROW_COUNT && rows[i].first <= tag.number && tag.number <= rows[i].last; i++) {
        struct fw_asa_scan scan;
        fw_asa_scan_init(&scan, tag.text, ret);
        if (fw_asa_match(&scan, rows[i].form)) {
            finish(&scan, &rows[i], &tag);
            return FW_LINE_USED;
        }
        fw_event_clear(ret);
        fw_scan_tag(ret, tag.code, tag.level);
    }
    /* The code is known, this way of writing it is not. */
    return FW_LINE_UNSUPPORTED;
}

static int asa_bid(fw_sv head)
{
    struct tag tag;
    return read_tag(head, &tag) && !is_list(&tag) ? FW_BID_SURE : FW_BID_NO;
}

const struct fw_parser fw_parser_asa_log = {
    .name = "cisco-asa-log",
    .title = "Cisco ASA, PIX, FWSM and FTD messages (%ASA-6-302013)",
    .kind = FW_PARSER_LOG,
    .version = 2,
    .shape = FW_SHAPE_MESSAGE,
    .bid = asa_bid,
    .event = asa_event,
};
