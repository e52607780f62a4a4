/*
 * Cisco ASA messages (PIX, FWSM and FTD print the same):
 *
 *   %ASA-6-302013: Built inbound TCP connection 212805863 for outside:10.22.8.144/61999
 *   (10.22.8.144/61999)(LOCAL\user.name) to inside:10.22.8.163/80 (10.22.8.163/80) (user.name)
 *
 * (one line). asa_messages.def has one row for each form; this file reads a line by its row.
 *
 * Source is who began: Cisco prints the less trusted side first, so "Built outbound" is turned
 * round. A teardown does not say who began and is given as printed. The local side of an ICMP
 * connection is taken as its source.
 */
#include "core/proto.h"
#include "parsers/envelope.h"
#include "parsers/logscan.h"
#include "parsers/parser.h"

enum asa_kind { TRAFFIC, NAT, ADMIN, SYSTEM };

enum { NONE = FW_SCAN_UNKNOWN, ALLOWED = FW_SCAN_ALLOWED, DENIED = FW_SCAN_DENIED };

struct row {
    uint32_t first, last;
    enum asa_kind kind;
    int verdict;
    const char *action;
    const char *form;
};

#define FW_ASA(first, last, kind, verdict, action, form) {first, last, kind, verdict, action, form},
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

struct scan {
    fw_sv s;
    size_t at;
    struct fw_event *ev;
    bool ports;  /* the protocol has them: "/0" behind an ICMP address is none */
    fw_sv user;  /* of the one who began */
    int verdict; /* from the text */
    fw_sv word;  /* that said so */
};

/* One side of a connection, before it is known which. */
struct side {
    fw_sv interface, user;
    fw_ip ip, nat; /* family 0: none, or a name instead */
    bool has_port, has_nat_port;
    uint64_t port, nat_port;
};

static void skip_blanks(struct scan *c)
{
    while (c->at < c->s.n && fw_is_blank(c->s.p[c->at])) {
        c->at++;
    }
}

/* Matches the literal text of a form; on success *form stands at the next mark, bar or end. */
static bool match_literal(struct scan *c, const char **form)
{
    size_t at = c->at;
    const char *f = *form;
    for (; *f && *f != '%' && *f != '|'; f++) {
        if (*f == ' ') {
            while (at < c->s.n && fw_is_blank(c->s.p[at])) {
                at++;
            }
        } else if (at < c->s.n && fw_lower(c->s.p[at]) == fw_lower(*f)) {
            at++;
        } else {
            return false;
        }
    }
    c->at = at;
    *form = f;
    return true;
}

/* The text up to where the literal at `form` matches; up to the end when none follows, or when the
 * one that follows belongs to a part that is missing. */
static bool until_literal(struct scan *c, const char *form, fw_sv *ret)
{
    size_t start = c->at;
    bool optional = *form == '|';
    form += optional;
    const char *first = form;
    while (*first == ' ') {
        first++;
    }
    bool at_mark = *first == '\0' || *first == '%' || *first == '|';
    for (size_t i = start; !at_mark && i < c->s.n; i++) {
        if (fw_lower(c->s.p[i]) != fw_lower(*first)) {
            continue;
        }
        const char *f = first;
        c->at = i;
        if (match_literal(c, &f)) {
            c->at = i;
            *ret = fw_sv_trim(fw_sv_sub(c->s, start, i - start));
            return true;
        }
    }
    if (!optional && !at_mark) {
        c->at = start;
        return false;
    }
    c->at = c->s.n;
    *ret = fw_sv_trim(fw_sv_sub(c->s, start, SIZE_MAX));
    return true;
}

/* A word ends at a blank or at what separates the parts of a message. */
static fw_sv cut_word(struct scan *c)
{
    skip_blanks(c);
    size_t from = c->at;
    while (c->at < c->s.n && !fw_is_blank(c->s.p[c->at]) && c->s.p[c->at] != '(' &&
           c->s.p[c->at] != ')' && c->s.p[c->at] != ',' && c->s.p[c->at] != ';') {
        c->at++;
    }
    return fw_sv_sub(c->s, from, c->at - from);
}

static bool read_service(fw_sv text, uint64_t *ret)
{
    uint16_t port;
    if (fw_scan_port(text, ret)) {
        return true;
    }
    if (!fw_port_parse(text, &port)) {
        return false;
    }
    *ret = port;
    return true;
}

/* "10.22.8.144/61999" or an address alone. */
static void read_host(fw_sv text, fw_ip *ip, bool *has_port, uint64_t *port)
{
    size_t slash = text.n;
    while (slash > 0 && text.p[slash - 1] != '/') {
        slash--;
    }
    fw_sv host = slash > 0 ? fw_sv_sub(text, 0, slash - 1) : text;
    if (!fw_scan_ip(host, ip)) {
        ip->family = 0;
    }
    *has_port = slash > 0 && read_service(fw_sv_sub(text, slash, SIZE_MAX), port);
}

/* Where the interface's name ends: at the colon before the address, which may have colons too. */
static fw_sv split_interface(fw_sv *word)
{
    size_t colon = fw_sv_find_char(*word, ':');
    if (colon == SIZE_MAX) {
        return (fw_sv){0};
    }
    fw_ip ip;
    fw_sv host = fw_sv_sub(*word, 0, fw_sv_find_char(*word, '/'));
    if (fw_scan_ip(host, &ip)) {
        return (fw_sv){0};
    }
    fw_sv name = fw_sv_sub(*word, 0, colon);
    *word = fw_sv_sub(*word, colon + 1, SIZE_MAX);
    return name;
}

/* The groups behind an address: " (mapped/port)" and "(user)", in either order. A group behind a
 * blank that is no address belongs to the message: "(type 8, code 0)". */
static void read_groups(struct scan *c, struct side *side)
{
    for (;;) {
        size_t at = c->at;
        skip_blanks(c);
        bool touches = at == c->at;
        size_t close = c->at < c->s.n && c->s.p[c->at] == '('
                           ? fw_sv_find_char(fw_sv_sub(c->s, c->at, SIZE_MAX), ')')
                           : SIZE_MAX;
        fw_sv inside = close == SIZE_MAX ? (fw_sv){0} : fw_sv_sub(c->s, c->at + 1, close - 1);
        fw_ip ip = {0};
        bool has_port = false;
        uint64_t port = 0;
        read_host(inside, &ip, &has_port, &port);
        if (close == SIZE_MAX || (ip.family == 0 && !touches)) {
            c->at = at;
            return;
        }
        if (ip.family != 0) {
            side->nat = ip;
            side->has_nat_port = has_port;
            side->nat_port = port;
        } else {
            side->user = inside;
        }
        c->at += close + 1;
    }
}

static bool read_side(struct scan *c, struct side *side)
{
    fw_sv word = cut_word(c);
    while (word.n > 0 && (word.p[word.n - 1] == ':' || word.p[word.n - 1] == '.')) {
        word.n--;
        c->at--;
    }
    if (word.n == 0) {
        return false;
    }
    *side = (struct side){0};
    side->interface = split_interface(&word);
    read_host(word, &side->ip, &side->has_port, &side->port);
    read_groups(c, side);
    return true;
}

/* "inside/10.30.6.47(4562)(user) ": of access-list messages. For ICMP the number is a type or code.
 */
static bool read_acl_side(struct scan *c, struct side *side)
{
    fw_sv word = cut_word(c);
    size_t slash = fw_sv_find_char(word, '/');
    if (slash == SIZE_MAX) {
        return false;
    }
    *side = (struct side){.interface = fw_sv_sub(word, 0, slash)};
    bool none;
    read_host(fw_sv_sub(word, slash + 1, SIZE_MAX), &side->ip, &none, &side->port);
    for (int group = 0; c->at < c->s.n && c->s.p[c->at] == '('; group++) {
        size_t close = fw_sv_find_char(fw_sv_sub(c->s, c->at, SIZE_MAX), ')');
        if (close == SIZE_MAX) {
            return false;
        }
        fw_sv inside = fw_sv_sub(c->s, c->at + 1, close - 1);
        if (group == 0) {
            side->has_port = fw_scan_port(inside, &side->port);
        } else {
            side->user = inside;
        }
        c->at += close + 1;
    }
    return true;
}

/* The device prints the mapped address even where nothing was translated. */
static bool is_translated(const struct side *side)
{
    bool moved = side->has_port && side->has_nat_port && side->port != side->nat_port;
    return side->nat.family != 0 && (moved || !fw_ip_eq(side->ip, side->nat));
}

static void put_source(struct scan *c, const struct side *side)
{
    struct fw_event *ev = c->ev;
    fw_scan_text(ev, FW_EV_in, &ev->in, side->interface);
    fw_scan_text(ev, FW_EV_src_user, &ev->src_user, side->user);
    if (side->ip.family != 0) {
        ev->src = side->ip;
        fw_event_set(ev, FW_EV_src);
    }
    if (side->has_port && c->ports) {
        fw_scan_num(ev, FW_EV_sport, &ev->sport, side->port);
    }
    if (is_translated(side)) {
        ev->nat_src = side->nat;
        fw_event_set(ev, FW_EV_nat_src);
        if (side->has_nat_port && c->ports) {
            fw_scan_num(ev, FW_EV_nat_sport, &ev->nat_sport, side->nat_port);
        }
    }
}

static void put_destination(struct scan *c, const struct side *side)
{
    struct fw_event *ev = c->ev;
    fw_scan_text(ev, FW_EV_out, &ev->out, side->interface);
    fw_scan_text(ev, FW_EV_dst_user, &ev->dst_user, side->user);
    if (side->ip.family != 0) {
        ev->dst = side->ip;
        fw_event_set(ev, FW_EV_dst);
    }
    if (side->has_port && c->ports) {
        fw_scan_num(ev, FW_EV_dport, &ev->dport, side->port);
    }
    if (is_translated(side)) {
        ev->nat_dst = side->nat;
        fw_event_set(ev, FW_EV_nat_dst);
        if (side->has_nat_port && c->ports) {
            fw_scan_num(ev, FW_EV_nat_dport, &ev->nat_dport, side->nat_port);
        }
    }
}

static bool is_icmp(const struct fw_event *ev)
{
    return fw_event_has(ev, FW_EV_transport) &&
           (fw_sv_is(ev->transport, "icmp") || fw_sv_is(ev->transport, "ipv6-icmp"));
}

static void put_icmp(struct fw_event *ev, enum fw_event_field field, const struct side *side)
{
    if (is_icmp(ev) && side->has_port) {
        fw_scan_num(ev, field, field == FW_EV_icmp_type ? &ev->icmp_type : &ev->icmp_code,
                    side->port);
    }
}

/* "tcp", "protocol 47", "Probe TCP". "IP" and "protocol" alone name no protocol. */
static bool read_protocol(struct scan *c)
{
    fw_sv word = cut_word(c);
    if (fw_sv_is_nocase(word, "probe")) {
        word = cut_word(c);
    }
    if (fw_sv_is_nocase(word, "protocol")) {
        size_t at = c->at;
        fw_sv number = cut_word(c);
        uint32_t value;
        if (fw_sv_u32(number, 255, &value)) {
            word = number;
        } else {
            c->at = at;
            c->ports = false;
            return true;
        }
    }
    if (word.n == 0) {
        return false;
    }
    fw_sv name = fw_scan_transport(word, &c->ports);
    if (!fw_sv_is_nocase(word, "ip")) {
        fw_scan_text(c->ev, FW_EV_transport, &c->ev->transport, name);
    }
    return true;
}

static bool read_direction(struct scan *c)
{
    fw_sv word = cut_word(c);
    if (fw_sv_is_nocase(word, "inbound")) {
        c->ev->direction = FW_SV("inbound");
    } else if (fw_sv_is_nocase(word, "outbound")) {
        c->ev->direction = FW_SV("outbound");
    } else {
        return false;
    }
    fw_event_set(c->ev, FW_EV_direction);
    return true;
}

static bool read_verdict(struct scan *c)
{
    static const struct {
        const char *word;
        int verdict;
    } words[] = {{"permitted", ALLOWED}, {"denied", DENIED}, {"est-allowed", ALLOWED},
                 {"ok", ALLOWED},        {"failed", DENIED}, {"accept", ALLOWED},
                 {"reject", DENIED},     {"challenge", NONE}};
    fw_sv word = cut_word(c);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_is_nocase(word, words[i].word)) {
            c->verdict = words[i].verdict;
            c->word = fw_sv_from(words[i].word);
            return true;
        }
    }
    return false;
}

static bool read_number(struct scan *c, enum fw_event_field field, uint64_t *member)
{
    fw_sv word = cut_word(c);
    uint64_t value;
    if (!fw_sv_u64(word, &value)) {
        return false;
    }
    fw_scan_num(c->ev, field, member, value);
    return true;
}

/* "0:02:01", "12d 9h:11m:22s". */
static bool read_duration(struct scan *c)
{
    static const uint64_t unit[] = {1, 60, 3600};
    uint64_t part[4] = {0};
    uint64_t days = 0;
    size_t n = 0;
    skip_blanks(c);
    size_t i = c->at;
    while (n < 3) {
        uint64_t value = 0;
        size_t from = i;
        while (i < c->s.n && i - from < 9 && fw_is_digit(c->s.p[i])) {
            value = value * 10 + (uint64_t)(c->s.p[i++] - '0');
        }
        if (i == from) {
            return false;
        }
        char after = i < c->s.n ? c->s.p[i] : ' ';
        if (after == 'd') {
            days = value;
            for (i++; i < c->s.n && c->s.p[i] == ' '; i++) {
            }
            continue;
        }
        part[n++] = value;
        if (after == 'h' || after == 'm' || after == 's') {
            i++;
            after = i < c->s.n ? c->s.p[i] : ' ';
        }
        if (after != ':') {
            break;
        }
        i++;
    }
    uint64_t seconds = days * 86400;
    for (size_t k = 0; k < n; k++) {
        seconds += part[k] * unit[n - 1 - k];
    }
    if (i < c->s.n && fw_is_word(c->s.p[i])) {
        return false;
    }
    c->at = i;
    if (seconds > UINT64_C(1000000000)) {
        return false;
    }
    fw_scan_num(c->ev, FW_EV_duration, &c->ev->duration, seconds * (uint64_t)FW_NS_PER_SEC);
    return true;
}

static bool read_rule(struct scan *c)
{
    skip_blanks(c);
    fw_sv name;
    if (c->at < c->s.n && c->s.p[c->at] == '"') {
        c->at++;
        if (!until_literal(c, "\"", &name)) {
            return false;
        }
        c->at++;
    } else {
        name = cut_word(c);
    }
    fw_scan_text(c->ev, FW_EV_rule_name, &c->ev->rule_name, name);
    return name.n > 0;
}

/* "0x962df600" of an ACL entry, as `show access-list` prints it; zero when the device has none. */
static bool read_hash(struct scan *c)
{
    fw_sv hash = cut_word(c);
    if (!fw_sv_is(hash, "0x0")) {
        fw_scan_text(c->ev, FW_EV_rule_id, &c->ev->rule_id, hash);
    }
    return hash.n > 0;
}

static bool read_interface(struct scan *c, enum fw_event_field field, fw_sv *member)
{
    fw_sv name = cut_word(c);
    while (name.n > 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ':')) {
        name.n--;
        c->at--;
    }
    fw_scan_text(c->ev, field, member, name);
    return name.n > 0;
}

static bool read_text(struct scan *c, const char *form, char mark)
{
    fw_sv text;
    if (!until_literal(c, form, &text)) {
        return false;
    }
    switch (mark) {
    case 'u':
        c->user = text;
        break;
    case 'U':
        fw_scan_text(c->ev, FW_EV_user, &c->ev->user, text);
        break;
    case 'C':
        if (text.n > 0 && text.p[text.n - 1] == '.') {
            text.n--;
        }
        fw_scan_text(c->ev, FW_EV_command, &c->ev->command, text);
        break;
    default:
        break;
    }
    return true;
}

/* Reads what one mark stands for; `form` is what follows it. */
static bool read_mark(struct scan *c, char mark, const char *form)
{
    struct fw_event *ev = c->ev;
    struct side side;
    switch (mark) {
    case 'S':
    case 'L':
        return read_side(c, &side) && (put_source(c, &side), true);
    case 'D':
    case 'F':
        return read_side(c, &side) && (put_destination(c, &side), true);
    case 'G':
        if (!read_side(c, &side)) {
            return false;
        }
        if (side.ip.family != 0) {
            ev->nat_src = side.ip;
            fw_event_set(ev, FW_EV_nat_src);
        }
        return true;
    case 's':
        if (!read_acl_side(c, &side)) {
            return false;
        }
        put_source(c, &side);
        put_icmp(ev, FW_EV_icmp_type, &side);
        return true;
    case 'd':
        if (!read_acl_side(c, &side)) {
            return false;
        }
        put_destination(c, &side);
        put_icmp(ev, FW_EV_icmp_code, &side);
        return true;
    case '>':
        return read_direction(c);
    case 't':
        return read_protocol(c);
    case '!':
        return read_verdict(c);
    case 'i':
        return read_interface(c, FW_EV_in, &ev->in);
    case 'o':
        return read_interface(c, FW_EV_out, &ev->out);
    case 'r':
        return read_rule(c);
    case 'h':
        return read_hash(c);
    case 'n':
        return fw_sv_u64(cut_word(c), &ev->hits);
    case '#':
        fw_scan_text(ev, FW_EV_session, &ev->session, cut_word(c));
        return fw_event_has(ev, FW_EV_session);
    case 'T':
        return read_duration(c);
    case 'B':
        return read_number(c, FW_EV_bytes, &ev->bytes);
    case 'y':
        return read_number(c, FW_EV_icmp_type, &ev->icmp_type);
    case 'c':
        return read_number(c, FW_EV_icmp_code, &ev->icmp_code);
    default:
        return read_text(c, form, mark);
    }
}

/* One part of a form, up to a bar or the end; *form then stands there in any case. */
static bool match_part(struct scan *c, const char **form)
{
    const char *f = *form;
    bool ok = true;
    while (ok && *f && *f != '|') {
        ok = match_literal(c, &f);
        if (ok && *f == '%') {
            char mark = f[1];
            f += 2;
            ok = read_mark(c, mark, f);
        }
    }
    while (*f && *f != '|') {
        f++;
    }
    *form = f;
    return ok;
}

static bool match_form(struct scan *c, const char *form)
{
    if (!match_part(c, &form)) {
        return false;
    }
    while (*form == '|') {
        form++;
        size_t at = c->at;
        if (!match_part(c, &form)) {
            c->at = at;
        }
    }
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

static void finish(struct scan *c, const struct row *row, const struct tag *tag)
{
    struct fw_event *ev = c->ev;
    bool connection = row->kind == TRAFFIC && fw_event_has(ev, FW_EV_session);
    if (connection && fw_event_has(ev, FW_EV_direction) && fw_sv_is(ev->direction, "outbound")) {
        swap_sides(ev);
    }
    if (!fw_event_has(ev, FW_EV_src_user)) {
        fw_scan_text(ev, FW_EV_src_user, &ev->src_user, c->user);
    }
    fw_scan_outcome(ev, (enum fw_scan_verdict)(c->verdict != NONE ? c->verdict : row->verdict));
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
    size_t lo = 0;
    size_t hi = ROW_COUNT;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (rows[mid].last < code) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < ROW_COUNT && rows[lo].first <= code ? lo : ROW_COUNT;
}

static void put_tag(const struct tag *tag, struct fw_event *ret)
{
    fw_scan_text(ret, FW_EV_code, &ret->code, tag->code);
    fw_scan_text(ret, FW_EV_level, &ret->level, fw_scan_level(tag->level));
    fw_scan_num(ret, FW_EV_severity, &ret->severity, tag->level);
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
    put_tag(&tag, ret);
    size_t i = find_row(tag.number);
    if (i == ROW_COUNT) {
        return FW_LINE_IGNORED;
    }
    for (; i < ROW_COUNT && rows[i].first <= tag.number && tag.number <= rows[i].last; i++) {
        struct scan scan = {.s = tag.text, .ev = ret, .ports = true, .verdict = NONE};
        if (match_form(&scan, rows[i].form)) {
            finish(&scan, &rows[i], &tag);
            return FW_LINE_USED;
        }
        fw_event_clear(ret);
        put_tag(&tag, ret);
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
    .version = 1,
    .shape = FW_SHAPE_MESSAGE,
    .bid = asa_bid,
    .event = asa_event,
};
