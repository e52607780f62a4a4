/* The services that come with firewalld, as data: their ports and protocols. */
#include "core/proto.h"
#include "parsers/firewalld.h"

/* "port/protocol" or the protocol alone, parted by blanks; "@" a destination of IPv4 and IPv6. */
static const struct {
    const char *name, *is;
} builtin[] = {
    {"amqp", "5672/tcp"},
    {"amqps", "5671/tcp"},
    {"bgp", "179/tcp"},
    {"cockpit", "9090/tcp"},
    {"dhcp", "67/udp"},
    {"dhcpv6", "547/udp"},
    {"dhcpv6-client", "546/udp @fe80::/64"},
    {"dns", "53/tcp 53/udp"},
    {"dns-over-tls", "853/tcp"},
    {"docker-registry", "5000/tcp"},
    {"elasticsearch", "9200/tcp 9300/tcp"},
    {"finger", "79/tcp"},
    {"ftp", "21/tcp"},
    {"git", "9418/tcp"},
    {"grafana", "3000/tcp"},
    {"gre", "gre"},
    {"http", "80/tcp"},
    {"http3", "443/udp"},
    {"https", "443/tcp"},
    {"imap", "143/tcp"},
    {"imaps", "993/tcp"},
    {"ipp", "631/tcp 631/udp"},
    {"ipp-client", "631/udp"},
    {"ipsec", "ah esp 500/udp 4500/udp 4500/tcp"},
    {"kerberos", "88/tcp 88/udp"},
    {"kpasswd", "464/tcp 464/udp"},
    {"kube-apiserver", "6443/tcp"},
    {"ldap", "389/tcp"},
    {"ldaps", "636/tcp"},
    {"mdns", "5353/udp @224.0.0.251 @ff02::fb"},
    {"memcache", "11211/tcp 11211/udp"},
    {"mountd", "20048/tcp 20048/udp"},
    {"mqtt", "1883/tcp"},
    {"mqtt-tls", "8883/tcp"},
    {"mssql", "1433/tcp"},
    {"mysql", "3306/tcp"},
    {"nfs", "2049/tcp"},
    {"nfs3", "2049/tcp 2049/udp"},
    {"nrpe", "5666/tcp"},
    {"ntp", "123/udp"},
    {"openvpn", "1194/udp"},
    {"pop3", "110/tcp"},
    {"pop3s", "995/tcp"},
    {"postgresql", "5432/tcp"},
    {"prometheus", "9090/tcp"},
    {"ptp", "319/udp 320/udp"},
    {"puppetmaster", "8140/tcp"},
    {"radius", "1812/tcp 1812/udp 1813/tcp 1813/udp"},
    {"rdp", "3389/tcp"},
    {"redis", "6379/tcp"},
    {"rpc-bind", "111/tcp 111/udp"},
    {"rsh", "514/tcp"},
    {"rsyncd", "873/tcp 873/udp"},
    {"rtsp", "554/tcp 554/udp"},
    {"samba", "137/udp 138/udp 139/tcp 445/tcp"},
    {"samba-client", "137/udp 138/udp"},
    {"sip", "5060/tcp 5060/udp"},
    {"sips", "5061/tcp 5061/udp"},
    {"smtp", "25/tcp"},
    {"smtp-submission", "587/tcp"},
    {"smtps", "465/tcp"},
    {"snmp", "161/tcp 161/udp"},
    {"snmptrap", "162/tcp 162/udp"},
    {"squid", "3128/tcp"},
    {"ssh", "22/tcp"},
    {"syslog", "514/udp"},
    {"syslog-tls", "6514/tcp 6514/udp"},
    {"telnet", "23/tcp"},
    {"tftp", "69/udp"},
    {"vnc-server", "5900-5903/tcp"},
    {"wbem-http", "5988/tcp"},
    {"wbem-https", "5989/tcp"},
    {"wireguard", "51820/udp"},
    {"xmpp-client", "5222/tcp"},
    {"xmpp-server", "5269/tcp"},
    {"zabbix-agent", "10050/tcp"},
    {"zabbix-server", "10051/tcp"},
};

bool fw_fwd_port(struct fw_arena *arena, fw_sv port, fw_sv protocol, bool source,
                 struct fw_term *ret)
{
    struct fw_numrange range;
    uint8_t proto;
    if (!fw_proto_parse(protocol, &proto) || !fw_proto_has_ports(proto) ||
        (port.n > 0 && !fw_port_range(port, '-', &range))) {
        return false;
    }
    const struct fw_numset *set = port.n > 0 ? fw_numset_range(arena, range.lo, range.hi) : NULL;
    *ret = fw_term_ports(arena, proto, source ? set : NULL, source ? NULL : set);
    return true;
}

/* The terms of a family each where the service has destinations, else one. */
static void add_to(struct fw_choosing *choosing, struct fw_term term, const fw_iprange *to,
                   size_t n)
{
    if (n > 0) {
        term.dst = fw_ipset_make(choosing->arena, to, n);
    }
    fw_choosing_term(choosing, term);
}

static struct fw_choice read_builtin(struct fw_arena *arena, const char *is)
{
    struct fw_choosing choosing;
    fw_iprange to[2];
    size_t n = 0;
    fw_sv words = fw_sv_from(is);
    fw_sv word;
    while (fw_sv_word(&words, &word)) {
        if (word.p[0] == '@' && n < 2) {
            n += fw_iprange_parse(fw_sv_sub(word, 1, SIZE_MAX), &to[n], NULL);
        }
    }
    fw_choosing_init(&choosing, arena);
    words = fw_sv_from(is);
    while (fw_sv_word(&words, &word)) {
        size_t slash = fw_sv_find_char(word, '/');
        struct fw_term term;
        uint8_t proto;
        if (word.p[0] == '@') {
            continue;
        }
        if (slash == SIZE_MAX) {
            term = fw_proto_parse(word, &proto) ? fw_term_proto(arena, proto) : (struct fw_term){0};
        } else if (!fw_fwd_port(arena, fw_sv_sub(word, 0, slash),
                                fw_sv_sub(word, slash + 1, SIZE_MAX), false, &term)) {
            continue;
        }
        add_to(&choosing, term, to, n);
    }
    return fw_choosing_done(&choosing);
}

bool fw_fwd_service(struct fw_fwd *fwd, fw_sv name, struct fw_choice *ret)
{
    for (size_t i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++) {
        if (fw_sv_is(name, builtin[i].name)) {
            *ret = read_builtin(&fwd->maker.doc->arena, builtin[i].is);
            return true;
        }
    }
    return false;
}
