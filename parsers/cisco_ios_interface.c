/* Interfaces of a router: addresses, the lists applied to them, their zones.
 *   interface GigabitEthernet0/0
 *    ip address 192.0.2.1 255.255.255.0 secondary
 *    ip access-group OUTSIDE in
 *    zone-member security INSIDE
 *    ip nat inside */
#include "parsers/cisco_ios.h"

static bool has_digit(fw_sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (fw_is_digit(text.p[i])) {
            return true;
        }
    }
    return false;
}

bool fw_ios_interface_line(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_cisco *cisco = &ios->cisco;
    fw_sv name;
    if (!fw_cisco_is(line, 0, "interface")) {
        return false;
    }
    line->at = 1;
    if (!fw_cisco_next(line, &name)) {
        fw_doc_bad(cisco->doc, line->number, line->text, "expected the name of an interface");
        return true;
    }
    if (!has_digit(name) && line->at < line->n) { /* "interface Vlan 10", "interface range ..." */
        fw_sv last = line->words[fw_sv_is(name, "range") ? line->n - 1 : line->at];
        name = fw_sv_of(name.p, (size_t)(last.p + last.n - name.p));
    }
    ios->block = FW_IOS_INTERFACE;
    fw_doc_mark(cisco->doc, line->number, FW_LINE_USED);
    ios->interface = fw_cisco_interface_add(cisco, name, line);
    return true;
}

/* "192.0.2.1 255.255.255.0", "192.0.2.1/24", "dhcp"; the words after "address". */
static bool take_address(struct fw_ios *ios, struct fw_interface *interface,
                         struct fw_cisco_line *line)
{
    fw_sv word;
    fw_sv second;
    fw_iprange network;
    fw_ip ip;
    fw_ip mask;
    if (!fw_cisco_next(line, &word)) {
        return false;
    }
    size_t slash = fw_sv_find_char(word, '/');
    if (slash != SIZE_MAX) {
        if (!fw_iprange_parse(word, &network, NULL) ||
            !fw_ip_parse(fw_sv_sub(word, 0, slash), &ip)) {
            interface->routed |= FW_FAMILY_BIT6;
            return !fw_is_digit(word.p[0]); /* a general prefix by name */
        }
        fw_cisco_interface_network(&ios->cisco, interface, network, ip);
        return true;
    }
    if (!fw_ip_parse(word, &ip)) {
        interface->routed |= fw_cisco_is(line, 0, "ipv6") ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
        return !fw_is_digit(word.p[0]); /* dhcp, negotiated, autoconfig, pool */
    }
    if (ip.family == FW_IPV6) { /* "fe80::1 link-local" */
        fw_cisco_interface_network(&ios->cisco, interface, (fw_iprange){ip, ip}, ip);
        return true;
    }
    if (!fw_cisco_next(line, &second) || !fw_ip_parse(second, &mask) ||
        !fw_iprange_from_mask(ip, mask, &network)) {
        return false;
    }
    fw_cisco_interface_network(&ios->cisco, interface, network, ip);
    return true;
}

static void push(struct fw_ios *ios, fw_sv **names, size_t *n, fw_sv name)
{
    fw_sv *v = fw_arena_push(&ios->cisco.doc->arena, *names, *n, sizeof(*v));
    v[(*n)++] = name;
    *names = v;
}

/* "ip access-group OUT in", "ipv6 traffic-filter SIX out", NX-OS: "ipv6 traffic-filter", "ip port
 * access-group" */
static bool take_list(struct fw_ios *ios, struct fw_cisco_line *line)
{
    const struct fw_interface *interface = &ios->cisco.interfaces[ios->interface - 1];
    fw_sv name;
    bool no = fw_cisco_is(line, 0, "no");
    bool six = fw_cisco_is(line, no, "ipv6");
    line->at = no ? 2 : 1;
    fw_cisco_take(line, "port");
    if (!fw_cisco_take(line, "access-group") && !fw_cisco_take(line, "traffic-filter")) {
        return false;
    }
    if (no && line->at + 1 == line->n) { /* "no ip access-group in": whichever it is */
        name = (fw_sv){0};
    } else if (!fw_cisco_next(line, &name)) {
        fw_cisco_judge(&ios->cisco, line, false, "the name of a list");
        return true;
    }
    bool in = fw_cisco_take(line, "in");
    if (!in && !fw_cisco_take(line, "out")) {
        fw_cisco_judge(&ios->cisco, line, false, "\"in\" or \"out\" after the list");
        return true;
    }
    if (no && !fw_ios_list_unbind(ios, name, interface->name, six, in)) {
        return false; /* not applied, so nothing changes */
    }
    if (!no) {
        fw_ios_list_bind(ios, line, name, interface->name, six, in);
    }
    fw_cisco_judge(&ios->cisco, line, true, "");
    return true;
}

/* What else says where packets of the interface can go; another table judges the line.
 *   vrf forwarding GUESTS
 *   ip unnumbered Loopback0 */
static void note_routing(struct fw_interface *interface, const struct fw_cisco_line *line)
{
    bool ip = fw_cisco_is(line, 0, "ip");
    bool six = fw_cisco_is(line, 0, "ipv6");
    size_t at = ip ? 1 : 0; /* "ip vrf forwarding" is the older spelling */
    if (fw_cisco_is(line, at, "vrf") && line->n == at + 3) {
        interface->vrf = line->words[at + 2];
    } else if ((ip || six) && fw_cisco_is(line, 1, "unnumbered")) {
        interface->routed |= six ? FW_FAMILY_BIT6 : FW_FAMILY_BIT4;
    } else if (six && fw_cisco_is(line, 1, "enable")) {
        interface->routed |= FW_FAMILY_BIT6;
    }
}

bool fw_ios_interface_member(struct fw_ios *ios, struct fw_cisco_line *line)
{
    struct fw_interface *interface = &ios->cisco.interfaces[ios->interface - 1];
    bool ip = fw_cisco_is(line, 0, "ip") || fw_cisco_is(line, 0, "ipv6");
    bool no_ip = fw_cisco_is(line, 0, "no") &&
                 (fw_cisco_is(line, 1, "ip") || fw_cisco_is(line, 1, "ipv6"));
    if (ip && fw_cisco_is(line, 1, "address")) {
        line->at = 2;
        fw_cisco_judge(&ios->cisco, line, take_address(ios, interface, line),
                       "an address and a mask");
    } else if ((ip || no_ip) && take_list(ios, line)) {
        return true;
    } else if (fw_cisco_is(line, 0, "ip") && fw_cisco_is(line, 1, "nat") && line->n == 3) {
        bool inside = fw_cisco_is(line, 2, "inside");
        if (inside) {
            push(ios, &ios->inside, &ios->ninside, interface->name);
        } else if (fw_cisco_is(line, 2, "outside")) {
            push(ios, &ios->outside, &ios->noutside, interface->name);
        }
        fw_cisco_judge(&ios->cisco, line, inside || fw_cisco_is(line, 2, "outside"),
                       "\"inside\" or \"outside\"");
    } else if (fw_cisco_is(line, 0, "zone-member") && line->n == 3) {
        interface->zone = line->words[2];
        fw_cisco_judge(&ios->cisco, line, fw_cisco_is(line, 1, "security"),
                       "\"zone-member security\" and a zone");
    } else {
        note_routing(interface, line);
        line->at = 0;
        return fw_cisco_interface_shutdown(&ios->cisco, interface, line);
    }
    return true;
}
