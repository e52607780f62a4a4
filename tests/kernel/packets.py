"""Packets: drawn at random, as bytes for a wire, as a row for `fwproof trace --packets`."""

import dataclasses
import ipaddress
import socket
import struct

COLUMNS = (
    "hook,in,out,source,destination,protocol,source_port,destination_port,"
    "icmp_type,icmp_code,tcp_flags,mark,state"
)
TCP, UDP, GRE, ESP = 6, 17, 47, 50
FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32}
PORTS = (1, 22, 53, 80, 443, 1024, 1025, 5000, 8080, 33000, 65535)
HOSTS = (1, 2, 3, 4, 5, 9, 128, 129, 200, 253, 254)


class Family:
    """Addresses of one IP version, and what the namespace knows of them."""

    def __init__(self, version, own, nets, lengths, icmp):
        self.version = version
        self.own = own  # the namespace's address on e0, e1, e2
        self.nets = [(ipaddress.ip_network(net), out) for net, out in nets.items()]
        self.lengths = lengths  # of the prefixes that rules name
        self.icmp = icmp  # protocol, {(type, code): state}
        self.bits = 32 if version == 4 else 128

    def address(self, random):
        net, _ = random.choice(self.nets)
        return str(net.network_address + random.choice(HOSTS))

    def prefix(self, random):
        length = random.choice(self.lengths)
        return str(ipaddress.ip_network(f"{self.address(random)}/{length}", strict=False))

    def reachable(self, text):
        """Hosts of the networks on the wire have neighbour entries up to 15 only."""
        address = ipaddress.ip_address(text)
        for net, _ in self.nets[:3]:
            if address in net:
                return int(address) - int(net.network_address) < 16
        return True

    def out(self, text):
        address = ipaddress.ip_address(text)
        if text in self.own:
            return "lo"
        return next(out for net, out in self.nets if address in net)


V4 = Family(
    4,
    ("10.0.0.1", "10.1.0.1", "10.2.0.1"),
    {
        "10.0.0.0/24": "e0",
        "10.1.0.0/24": "e1",
        "10.2.0.0/24": "e2",
        "192.168.1.0/24": "e0",
        "192.168.2.0/24": "e0",
        "172.16.5.0/24": "e1",
        "172.20.0.0/24": "e1",
        "203.0.113.0/24": "e2",
    },
    (32, 32, 24, 24, 25, 16, 8, 30, 12, 0, 31),
    (
        1,
        {
            (8, 0): "new",
            (13, 0): "new",
            (0, 0): "invalid",
            (3, 1): "invalid",
            (3, 3): "invalid",
            (11, 0): "invalid",
            (5, 0): "invalid",
            (5, 1): "invalid",
        },
    ),
)
# Neighbour discovery is never tracked, but for redirects (net/netfilter/nf_conntrack_proto_icmpv6.c).
V6 = Family(
    6,
    ("fd00:0:0:10::1", "fd00:0:0:11::1", "fd00:0:0:12::1"),
    {
        "fd00:0:0:10::/64": "e0",
        "fd00:0:0:11::/64": "e1",
        "fd00:0:0:12::/64": "e2",
        "2001:db8:1:1::/64": "e0",
        "2001:db8:1:2::/64": "e0",
        "2001:db8:2:5::/64": "e1",
        "2001:db8:2:6::/64": "e1",
        "2001:db8:3:1::/64": "e2",
    },
    (128, 128, 64, 64, 121, 48, 32, 126, 60, 0, 127),
    (
        58,
        {
            (128, 0): "new",
            (129, 0): "invalid",
            (1, 1): "invalid",
            (1, 4): "invalid",
            (3, 0): "invalid",
            (2, 0): "invalid",
            (135, 0): "untracked",
            (137, 0): "invalid",
        },
    ),
)


@dataclasses.dataclass
class Packet:
    key: int  # tells it from others in one run of a ruleset
    family: Family
    interface: int  # it comes in there; -1: it is sent by the host itself
    source: str
    destination: str
    protocol: int
    sport: int = 0
    dport: int = 0
    icmp: tuple = (0, 0)
    flags: tuple = ()
    mark: int = 0
    state: str = "new"  # as connection tracking sees it when no rule interferes

    def has_ports(self):
        return self.protocol in (TCP, UDP)

    def is_icmp(self):
        return self.protocol == self.family.icmp[0]

    def row(self, hook, out):
        """`out`: as seen, or by the routes when it never came that far."""
        ports = self.has_ports()
        return ",".join(
            (
                hook,
                "" if self.interface < 0 else f"e{self.interface}",
                out,
                self.source,
                self.destination,
                {TCP: "tcp", UDP: "udp"}.get(self.protocol, str(self.protocol)),
                str(self.sport) if ports else "",
                str(self.dport) if ports else "",
                str(self.icmp[0]) if self.is_icmp() else "",
                str(self.icmp[1]) if self.is_icmp() else "",
                ("|".join(self.flags) or "none") if self.protocol == TCP else "",
                str(self.mark),
                self.state,
            )
        )


# Of a packet that finds no connection (tcp_conntracks of net/netfilter/nf_conntrack_proto_tcp.c; an
# ACK is picked up by nf_conntrack_tcp_loose).
TCP_FLAGS = (
    (("syn",), "new"),
    (("syn",), "new"),
    (("syn",), "new"),
    (("ack",), "new"),
    (("psh", "ack"), "new"),
    (("syn", "ack"), "invalid"),
    (("fin", "ack"), "invalid"),
    (("rst",), "invalid"),
    ((), "invalid"),
    (("fin", "psh", "urg"), "invalid"),
    (("syn", "fin"), "invalid"),
)


def draw(random, key, family, outgoing):
    """A packet that can be sent: not from the host's own addresses over a wire, nor to itself."""
    while True:
        source = random.choice(family.own) if outgoing else family.address(random)
        near = random.random() < 0.25 and not outgoing
        destination = random.choice(family.own) if near else family.address(random)
        if source != destination and (outgoing or source not in family.own):
            if family.reachable(destination):
                break
    packet = Packet(
        key,
        family,
        -1 if outgoing else random.choice((0, 0, 1, 2)),
        source,
        destination,
        random.choice((TCP, TCP, TCP, UDP, UDP, family.icmp[0], family.icmp[0], GRE, ESP)),
    )
    if outgoing:  # a socket can have one
        packet.mark = random.choice((0, 0, 1, 2, 0x10))
    if packet.has_ports():
        packet.sport = random.choice((1024, 5000, 33000, 1, 65535, random.randint(1, 65535)))
        packet.dport = random.choice(PORTS + (random.randint(1, 65535),))
    if packet.protocol == TCP:
        packet.flags, packet.state = random.choice(TCP_FLAGS)
    elif packet.is_icmp():
        packet.icmp, packet.state = random.choice(sorted(family.icmp[1].items()))
    if packet.has_ports() and random.random() < 0.2:
        packet.state = "established"
        packet.flags = ("ack",) if packet.protocol == TCP else ()
    return packet


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return struct.pack("!H", ~total & 0xFFFF)


def transport(packet, source, destination):
    """The transport's bytes with their checksum in place."""
    if packet.protocol == TCP:
        flags = sum(FLAGS[flag] for flag in packet.flags)
        ack = 1 if flags & FLAGS["ack"] else 0
        ports = (packet.sport, packet.dport)
        data = struct.pack("!HHIIBBHHH", *ports, packet.key, ack, 5 << 4, flags, 1000, 0, 0)
        at = 16
    elif packet.protocol == UDP:
        data = struct.pack("!HHHH", packet.sport, packet.dport, 12, 0) + b"data"
        at = 6
    elif packet.is_icmp():
        data = struct.pack("!BBHHH", *packet.icmp, 0, packet.key, 1) + b"somebody"
        at = 2
    else:
        return bytes(20)
    pseudo = source + destination + struct.pack("!II", len(data), packet.protocol)
    if packet.protocol == 1:
        pseudo = b""
    return data[:at] + checksum(pseudo + data) + data[at + 2 :]


def datagram(packet):
    kind = socket.AF_INET if packet.family.version == 4 else socket.AF_INET6
    source = socket.inet_pton(kind, packet.source)
    destination = socket.inet_pton(kind, packet.destination)
    data = transport(packet, source, destination)
    if packet.family.version == 6:
        head = struct.pack("!IHBB", 6 << 28, len(data), packet.protocol, 64)
        return head + source + destination + data
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), packet.key, 0, 64, packet.protocol, 0)
    head += source + destination
    return head[:10] + checksum(head) + head[12:] + data
