/* Interfaces of an ASA: names, security levels, addresses.
 *   interface GigabitEthernet0/1            nameif ethernet1 outside security0
 *    nameif inside                          ip address outside 192.0.2.1 255.255.255.0
 *    security-level 100
 *    ip address 10.0.0.1 255.255.255.0 standby 10.0.0.2 */
#include "parsers/cisco_asa.h"

static struct fw_interface *current(struct fw_asa *asa)
{
    return &asa->cisco.interfaces[asa->interface - 1];
}

/* The interface of a device name, or a new one. Index + 1. */
static size_t find_device(struct fw_asa *asa, fw_sv device, const struct fw_cisco_line *line)
{
    struct fw_cisco *cisco = &asa->cisco;
    for (size_t i = 0; i < cisco->ninterfaces; i++) {
        if (fw_sv_eq(cisco->interfaces[i].device, device)) {
            return i + 1;
        }
    }
    cisco->interfaces = fw_arena_push(&cisco->doc->arena, cisco->interfaces, cisco->ninterfaces,
                                      sizeof(*cisco->interfaces));
    cisco->interfaces[cisco->ninterfaces++] = (struct fw_interface){
        .name = device,
        .device = device,
        .span = fw_doc_span(cisco->doc, line->text, line->number)};
    return cisco->ninterfaces;
}

/* Cisco ASA, "Security Levels": "inside" starts at 100, every other name at 0. */
static void set_name(struct fw_interface *interface, fw_sv name)
{
    interface->name = name;
    if (!interface->has_level) {
        interface->has_level = true;
        interface->level = fw_sv_is(name, "inside") ? 100 : 0;
    }
}

static bool set_level(struct fw_interface *interface, fw_sv word)
{
    uint32_t level;
    if (fw_sv_starts(word, "security")) { /* PIX: "security50" */
        word = fw_sv_sub(word, 8, SIZE_MAX);
    }
    if (!fw_sv_u32(word, 100, &level)) {
        return false;
    }
    interface->has_level = true;
    interface->level = (int)level;
    return true;
}

static void add_network(struct fw_asa *asa, struct fw_interface *interface, fw_iprange network,
                        fw_ip own)
{
    struct fw_arena *arena = &asa->cisco.doc->arena;
    fw_iprange *networks = fw_arena_push(arena, (void *)interface->addresses, interface->naddresses,
                                         sizeof(*networks));
    fw_ip *owns = fw_arena_push(arena, (void *)interface->own, interface->nown, sizeof(*owns));
    networks[interface->naddresses++] = network;
    owns[interface->nown++] = own;
    interface->addresses = networks;
    interface->own = owns;
}

/* "A MASK [standby B]", "dhcp setroute"; the words after "ip address". */
static bool take_address(struct fw_asa *asa, struct fw_interface *interface,
                         struct fw_cisco_line *line)
{
    fw_sv word;
    fw_ip ip;
    fw_ip mask;
    fw_iprange network;
    if (!fw_cisco_next(line, &word)) {
        return false;
    }
    if (fw_sv_is(word, "dhcp") || fw_sv_is(word, "pppoe")) {
        return true;
    }
    if (!fw_cisco_address(&asa->cisco, word, &ip)) {
        return false;
    }
    if (!fw_cisco_next(line, &word)) { /* PIX takes the class of the address: not worth guessing */
        add_network(asa, interface, (fw_iprange){ip, ip}, ip);
        return true;
    }
    if (!fw_ip_parse(word, &mask) || !fw_iprange_from_mask(ip, mask, &network)) {
        return false;
    }
    add_network(asa, interface, network, ip);
    return true;
}

/* "2001:db8::1/64 [standby ...]", "autoconfig", "fe80::1 link-local" */
static bool take_address6(struct fw_asa *asa, struct fw_interface *interface,
                          struct fw_cisco_line *line)
{
    fw_sv word;
    fw_iprange network;
    fw_ip ip;
    if (!fw_cisco_next(line, &word)) {
        return false;
    }
    if (fw_sv_is(word, "autoconfig") || fw_sv_is(word, "dhcp")) {
        return true;
    }
    if (!fw_iprange_parse(word, &network, NULL) ||
        !fw_ip_parse(fw_sv_sub(word, 0, fw_sv_find_char(word, '/')), &ip) || ip.family != FW_IPV6) {
        return false;
    }
    add_network(asa, interface, network, ip);
    return true;
}

static void judge(struct fw_asa *asa, const struct fw_cisco_line *line, bool ok,
                  const char *expected)
{
    if (ok) {
        fw_doc_mark(asa->cisco.doc, line->number, FW_LINE_USED);
    } else {
        fw_doc_bad(asa->cisco.doc, line->number, line->text, "expected %s", expected);
    }
}

bool fw_asa_interface_member(struct fw_asa *asa, struct fw_cisco_line *line)
{
    struct fw_interface *interface = current(asa);
    fw_sv word;
    if (fw_cisco_take(line, "nameif")) {
        bool ok = fw_cisco_next(line, &word);
        if (ok) {
            set_name(interface, word);
        }
        judge(asa, line, ok, "a name after \"nameif\"");
    } else if (fw_cisco_take(line, "security-level")) {
        judge(asa, line, fw_cisco_next(line, &word) && set_level(interface, word),
              "a level from 0 to 100");
    } else if (fw_cisco_is(line, 0, "ip") && fw_cisco_is(line, 1, "address")) {
        line->at = 2;
        judge(asa, line, take_address(asa, interface, line), "an address and a mask");
    } else if (fw_cisco_is(line, 0, "ipv6") && fw_cisco_is(line, 1, "address")) {
        line->at = 2;
        judge(asa, line, take_address6(asa, interface, line), "an IPv6 address with its prefix");
    } else if (fw_cisco_is(line, 0, "shutdown")) {
        interface->shutdown = true;
        judge(asa, line, true, "");
    } else if (fw_cisco_is(line, 0, "no") && fw_cisco_is(line, 1, "shutdown")) {
        interface->shutdown = false;
        judge(asa, line, true, "");
    } else {
        return false;
    }
    return true;
}

/* The interface that "nameif" has named; NULL when there is none. */
static struct fw_interface *find_name(struct fw_asa *asa, fw_sv name)
{
    for (size_t i = 0; i < asa->cisco.ninterfaces; i++) {
        if (fw_sv_eq(asa->cisco.interfaces[i].name, name)) {
            return &asa->cisco.interfaces[i];
        }
    }
    return NULL;
}

bool fw_asa_interface_line(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv device;
    fw_sv name;
    fw_sv level;
    if (fw_cisco_take(line, "interface")) {
        if (!fw_cisco_next(line, &device)) {
            judge(asa, line, false, "the name of an interface");
            return true;
        }
        asa->interface = find_device(asa, device, line);
        asa->block = FW_ASA_INTERFACE;
        for (size_t i = line->at; i < line->n; i++) { /* PIX: "interface ethernet0 auto shutdown" */
            asa->old = true;
            current(asa)->shutdown = current(asa)->shutdown || fw_cisco_is(line, i, "shutdown");
        }
        judge(asa, line, true, "");
        return true;
    }
    if (fw_cisco_take(line, "nameif")) {
        bool ok = fw_cisco_next(line, &device) && fw_cisco_next(line, &name);
        if (ok) {
            size_t found = find_device(asa, device, line); /* may move them all */
            struct fw_interface *interface = &asa->cisco.interfaces[found - 1];
            set_name(interface, name);
            ok = !fw_cisco_next(line, &level) || set_level(interface, level);
            asa->old = true;
        }
        judge(asa, line, ok, "\"nameif\", an interface, a name and a level");
        return true;
    }
    if (fw_cisco_is(line, 0, "ip") && fw_cisco_is(line, 1, "address") && line->n > 3) {
        struct fw_interface *interface = find_name(asa, line->words[2]);
        line->at = 3;
        judge(asa, line, interface && take_address(asa, interface, line),
              "the name of an interface, an address and a mask");
        return true;
    }
    return false;
}
