/* One side of a connection as Cisco ASA messages write it: interface, address, port, translation
 * and user, and where each belongs in the event. */
#include "parsers/asa_form.h"

#include "core/proto.h"

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
static void read_groups(struct fw_asa_scan *c, struct fw_asa_side *side)
{
    for (;;) {
        size_t at = c->at;
        fw_asa_skip_blanks(c);
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

bool fw_asa_side_read(struct fw_asa_scan *c, struct fw_asa_side *side)
{
    fw_sv word = fw_asa_word(c);
    while (word.n > 0 && (word.p[word.n - 1] == ':' || word.p[word.n - 1] == '.')) {
        word.n--;
        c->at--;
    }
    if (word.n == 0) {
        return false;
    }
    *side = (struct fw_asa_side){0};
    side->interface = split_interface(&word);
    read_host(word, &side->ip, &side->has_port, &side->port);
    read_groups(c, side);
    return true;
}

bool fw_asa_side_read_acl(struct fw_asa_scan *c, struct fw_asa_side *side)
{
    fw_sv word = fw_asa_word(c);
    size_t slash = fw_sv_find_char(word, '/');
    if (slash == SIZE_MAX) {
        return false;
    }
    *side = (struct fw_asa_side){.interface = fw_sv_sub(word, 0, slash)};
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
static bool is_translated(const struct fw_asa_side *side)
{
    bool moved = side->has_port && side->has_nat_port && side->port != side->nat_port;
    return side->nat.family != 0 && (moved || !fw_ip_eq(side->ip, side->nat));
}

void fw_asa_side_put_source(struct fw_asa_scan *c, const struct fw_asa_side *side)
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

void fw_asa_side_put_destination(struct fw_asa_scan *c, const struct fw_asa_side *side)
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
