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
        fw_cisco_interface_network(&asa->cisco, interface, (fw_iprange){ip, ip}, ip);
        return true;
    }
    if (!fw_ip_parse(word, &mask) || !fw_iprange_from_mask(ip, mask, &network)) {
        return false;
    }
    fw_cisco_interface_network(&asa->cisco, interface, network, ip);
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
    fw_cisco_interface_network(&asa->cisco, interface, network, ip);
    return true;
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
        fw_cisco_judge(&asa->cisco, line, ok, "a name after \"nameif\"");
    } else if (fw_cisco_take(line, "security-level")) {
        fw_cisco_judge(&asa->cisco, line, fw_cisco_next(line, &word) && set_level(interface, word),
                       "a level from 0 to 100");
    } else if (fw_cisco_is(line, 0, "ip") && fw_cisco_is(line, 1, "address")) {
        line->at = 2;
        fw_cisco_judge(&asa->cisco, line, take_address(asa, interface, line),
                       "an address and a mask");
    } else if (fw_cisco_is(line, 0, "ipv6") && fw_cisco_is(line, 1, "address")) {
        line->at = 2;
        fw_cisco_judge(&asa->cisco, line, take_address6(asa, interface, line),
                       "an IPv6 address with its prefix");
    } else {
        return fw_cisco_interface_shutdown(&asa->cisco, interface, line);
    }
    return true;
}

bool fw_asa_interface_line(struct fw_asa *asa, struct fw_cisco_line *line)
{
    fw_sv device;
    fw_sv name;
    fw_sv level;
    if (fw_cisco_take(line, "interface")) {
        if (!fw_cisco_next(line, &device)) {
            fw_cisco_judge(&asa->cisco, line, false, "the name of an interface");
            return true;
        }
        asa->interface = fw_cisco_interface_add(&asa->cisco, device, line);
        asa->block = FW_ASA_INTERFACE;
        for (size_t i = line->at; i < line->n; i++) { /* PIX: "interface ethernet0 auto shutdown" */
            asa->old = true;
            current(asa)->shutdown = current(asa)->shutdown || fw_cisco_is(line, i, "shutdown");
        }
        fw_cisco_judge(&asa->cisco, line, true, "");
        return true;
    }
    if (fw_cisco_take(line, "nameif")) {
        bool ok = fw_cisco_next(line, &device) && fw_cisco_next(line, &name);
        if (ok) {
            size_t found = fw_cisco_interface_add(&asa->cisco, device,
                                                  line); /* may move them all */
            struct fw_interface *interface = &asa->cisco.interfaces[found - 1];
            set_name(interface, name);
            ok = !fw_cisco_next(line, &level) || set_level(interface, level);
            asa->old = true;
        }
        fw_cisco_judge(&asa->cisco, line, ok, "\"nameif\", an interface, a name and a level");
        return true;
    }
    if (fw_cisco_is(line, 0, "ip") && fw_cisco_is(line, 1, "address") && line->n > 3) {
        struct fw_interface *interface = fw_cisco_interface_named(&asa->cisco, line->words[2]);
        line->at = 3;
        fw_cisco_judge(&asa->cisco, line, interface && take_address(asa, interface, line),
                       "the name of an interface, an address and a mask");
        return true;
    }
    return false;
}
