/* Reading a Cisco ASA message by the form that its table has for it. */
#include "parsers/asa_form.h"

#include "core/time.h"

void fw_asa_skip_blanks(struct fw_asa_scan *c)
{
    while (c->at < c->s.n && fw_is_blank(c->s.p[c->at])) {
        c->at++;
    }
}

/* Matches the literal text of a form; on success *form stands at the next mark, bar or end. */
static bool match_literal(struct fw_asa_scan *c, const char **form)
{
    const char *at = c->s.p + c->at;
    const char *end = c->s.p + c->s.n;
    const char *f = *form;
    for (; *f && *f != '%' && *f != '|'; f++) {
        if (*f == ' ') {
            while (at < end && fw_is_blank(*at)) {
                at++;
            }
        } else if (at < end && (*at == *f || fw_lower(*at) == fw_lower(*f))) {
            at++;
        } else {
            return false;
        }
    }
    c->at = (size_t)(at - c->s.p);
    *form = f;
    return true;
}

/* The text up to where the literal at `form` matches; up to the end when none follows, or when the
 * one that follows belongs to a part that is missing. */
static bool until_literal(struct fw_asa_scan *c, const char *form, fw_sv *ret)
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

fw_sv fw_asa_word(struct fw_asa_scan *c)
{
    fw_asa_skip_blanks(c);
    static const bool ends[256] = {
        [' '] = true, ['\t'] = true, ['('] = true, [')'] = true, [','] = true, [';'] = true};
    const char *from = c->s.p + c->at;
    const char *at = from;
    while (at < c->s.p + c->s.n && !ends[(unsigned char)*at]) {
        at++;
    }
    c->at += (size_t)(at - from);
    return fw_sv_of(from, (size_t)(at - from));
}

static bool is_icmp(const struct fw_event *ev)
{
    return fw_event_has(ev, FW_EV_transport) &&
           (fw_sv_is(ev->transport, "icmp") || fw_sv_is(ev->transport, "ipv6-icmp"));
}

static void put_icmp(struct fw_event *ev, enum fw_event_field field, const struct fw_asa_side *side)
{
    if (is_icmp(ev) && side->has_port) {
        fw_scan_num(ev, field, field == FW_EV_icmp_type ? &ev->icmp_type : &ev->icmp_code,
                    side->port);
    }
}

/* "tcp", "protocol 47", "Probe TCP". "IP" and "protocol" alone name no protocol. */
static bool read_protocol(struct fw_asa_scan *c)
{
    fw_sv word = fw_asa_word(c);
    if (fw_sv_is_nocase(word, "probe")) {
        word = fw_asa_word(c);
    }
    if (fw_sv_is_nocase(word, "protocol")) {
        size_t at = c->at;
        fw_sv number = fw_asa_word(c);
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

static bool read_direction(struct fw_asa_scan *c)
{
    fw_sv word = fw_asa_word(c);
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

static bool read_verdict(struct fw_asa_scan *c)
{
    static const struct {
        const char *word;
        enum fw_scan_verdict verdict;
    } words[] = {{"permitted", FW_SCAN_ALLOWED},   {"denied", FW_SCAN_DENIED},
                 {"est-allowed", FW_SCAN_ALLOWED}, {"ok", FW_SCAN_ALLOWED},
                 {"failed", FW_SCAN_DENIED},       {"accept", FW_SCAN_ALLOWED},
                 {"reject", FW_SCAN_DENIED},       {"challenge", FW_SCAN_UNKNOWN}};
    fw_sv word = fw_asa_word(c);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (fw_sv_is_nocase(word, words[i].word)) {
            c->verdict = words[i].verdict;
            c->word = fw_sv_from(words[i].word);
            return true;
        }
    }
    return false;
}

static bool read_number(struct fw_asa_scan *c, enum fw_event_field field, uint64_t *member)
{
    fw_sv word = fw_asa_word(c);
    uint64_t value;
    if (!fw_sv_u64(word, &value)) {
        return false;
    }
    fw_scan_num(c->ev, field, member, value);
    return true;
}

/* "0:02:01", "12d 9h:11m:22s". */
static bool read_duration(struct fw_asa_scan *c)
{
    static const uint64_t unit[] = {1, 60, 3600};
    uint64_t part[4] = {0};
    uint64_t days = 0;
    size_t n = 0;
    fw_asa_skip_blanks(c);
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

static bool read_rule(struct fw_asa_scan *c)
{
    fw_asa_skip_blanks(c);
    fw_sv name;
    if (c->at < c->s.n && c->s.p[c->at] == '"') {
        c->at++;
        if (!until_literal(c, "\"", &name)) {
            return false;
        }
        c->at++;
    } else {
        name = fw_asa_word(c);
    }
    fw_scan_text(c->ev, FW_EV_rule_name, &c->ev->rule_name, name);
    return name.n > 0;
}

/* "0x962df600" of an ACL entry, as `show access-list` prints it; zero when the device has none. */
static bool read_hash(struct fw_asa_scan *c)
{
    fw_sv hash = fw_asa_word(c);
    if (!fw_sv_is(hash, "0x0")) {
        fw_scan_text(c->ev, FW_EV_rule_id, &c->ev->rule_id, hash);
    }
    return hash.n > 0;
}

static bool read_interface(struct fw_asa_scan *c, enum fw_event_field field, fw_sv *member)
{
    fw_sv name = fw_asa_word(c);
    while (name.n > 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ':')) {
        name.n--;
        c->at--;
    }
    fw_scan_text(c->ev, field, member, name);
    return name.n > 0;
}

static bool read_text(struct fw_asa_scan *c, const char *form, char mark)
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
static bool read_mark(struct fw_asa_scan *c, char mark, const char *form)
{
    struct fw_event *ev = c->ev;
    struct fw_asa_side side;
    switch (mark) {
    case 'S':
    case 'L':
        return fw_asa_side_read(c, &side) && (fw_asa_side_put_source(c, &side), true);
    case 'D':
    case 'F':
        return fw_asa_side_read(c, &side) && (fw_asa_side_put_destination(c, &side), true);
    case 'G':
        if (!fw_asa_side_read(c, &side)) {
            return false;
        }
        if (side.ip.family != 0) {
            ev->nat_src = side.ip;
            fw_event_set(ev, FW_EV_nat_src);
        }
        return true;
    case 's':
        if (!fw_asa_side_read_acl(c, &side)) {
            return false;
        }
        fw_asa_side_put_source(c, &side);
        put_icmp(ev, FW_EV_icmp_type, &side);
        return true;
    case 'd':
        if (!fw_asa_side_read_acl(c, &side)) {
            return false;
        }
        fw_asa_side_put_destination(c, &side);
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
        return fw_sv_u64(fw_asa_word(c), &ev->hits);
    case '#':
        fw_scan_text(ev, FW_EV_session, &ev->session, fw_asa_word(c));
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
static bool match_part(struct fw_asa_scan *c, const char **form)
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

bool fw_asa_match(struct fw_asa_scan *c, const char *form)
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

void fw_asa_scan_init(struct fw_asa_scan *scan, fw_sv text, struct fw_event *ev)
{
    *scan = (struct fw_asa_scan){.s = text, .ev = ev, .ports = true, .verdict = FW_SCAN_UNKNOWN};
}
