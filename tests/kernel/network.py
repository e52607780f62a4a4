"""A network namespace with three wires, and who saw which packet on its way.

The namespace is made by `unshare -n`. Its interfaces e0, e1 and e2 end in p0, p1 and p2, where packets
are put on the wire. A table of nftables' own, before and after everything that is under test, notes
each packet by a key that no rule looks at and no packet of the kernel's own (ICMP errors, resets)
carries: the source MAC of what came over a wire, the socket's priority of what was sent.
"""

import re
import socket
import struct
import subprocess
import time

import packets

PROBE = """
table inet fwproof_probe {
    set arrived { type ether_addr; }
    set input_from { type ether_addr; }
    set input_to { type ether_addr; }
    set forward_from { type ether_addr . ifname; }
    set forward_to { type ether_addr; }
    set output_from { typeof meta priority . meta oifname; }
    set output_to { typeof meta priority; }
    chain arrived {
        type filter hook prerouting priority -2000; iifname "lo" drop
        ether saddr & ff:ff:ff:00:00:00 == 02:00:01:00:00:00 add @arrived { ether saddr }
    }
    chain input_from {
        type filter hook input priority -2000; ether saddr & ff:ff:ff:00:00:00 == 02:00:01:00:00:00 add @input_from { ether saddr }
    }
    chain input_to {
        type filter hook input priority 2000; ether saddr & ff:ff:ff:00:00:00 == 02:00:01:00:00:00 add @input_to { ether saddr }
    }
    chain forward_from {
        type filter hook forward priority -2000; add @forward_from { ether saddr . meta oifname }
    }
    chain output_from {
        type filter hook output priority -2000; meta priority < 0:1000 drop
        add @output_from { meta priority . meta oifname }
    }
    chain left {
        type filter hook postrouting priority 2000; add @forward_to { ether saddr }
        add @output_to { meta priority }
    }
}
"""
FIRST_PRIORITY = 0x1000  # the kernel's own packets have small ones
MAC = "02:00:00:00:00:99"


class Failed(Exception):
    pass


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Network:
    def __init__(self):
        self.wires = []
        links = ["link set lo up"]
        settings = ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
                    "net.ipv4.conf.all.rp_filter=0"]
        for i in range(3):
            links += [f"link add e{i} address {self.mac(i)} type veth peer name p{i}"]
            settings += [f"net.ipv4.conf.e{i}.rp_filter=0", f"net.ipv4.conf.e{i}.send_redirects=0",
                         f"net.ipv6.conf.e{i}.addr_gen_mode=1", f"net.ipv6.conf.p{i}.disable_ipv6=1"]
        run(["ip", "-batch", "-"], "\n".join(links) + "\n")
        run(["sysctl", "-qw", *settings])
        links = [f"link set {end}{i} up" for end in "pe" for i in range(3)]
        for family in (packets.V4, packets.V6):
            links += self.routes(family)
        run(["ip", "-batch", "-"], "\n".join(links) + "\n")
        for i in range(3):
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            wire.bind((f"p{i}", 0))
            self.wires.append(wire)
        self.sockets = {
            4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
            6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW),
        }
        self.netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)  # NETLINK_NETFILTER

    @staticmethod
    def mac(i):
        return f"02:00:00:00:00:1{i}"

    @staticmethod
    def routes(family):
        lines = []
        for i, own in enumerate(family.own):
            net = family.nets[i][0]
            nodad = " nodad" if family.version == 6 else ""
            lines.append(f"addr add {own}/{net.prefixlen} dev e{i}{nodad}")
            for host in range(2, 16):
                to = net.network_address + host
                lines.append(f"neigh add {to} lladdr {MAC} dev e{i} nud permanent")
        for net, out in family.nets[3:]:
            via = family.nets[int(out[1])][0].network_address + 2
            lines.append(f"route add {net} via {via}")
        return lines

    def watch(self):
        """After a ruleset is loaded: the notes of the one before are gone."""
        run(["nft", "-f", "-"], "table inet fwproof_probe\ndelete table inet fwproof_probe\n" + PROBE)

    def forget(self):
        """Every packet meets connection tracking as if it were the first: IPCTNL_MSG_CT_DELETE of all."""
        self.netlink.send(struct.pack("=IHHIIBBH", 20, 1 << 8 | 2, 1 | 4, 1, 0, 0, 0, 0))
        self.netlink.recv(4096)

    def remember(self, packet):
        """The connection of an established packet, seen in both directions."""
        protocol = {packets.TCP: "tcp", packets.UDP: "udp"}[packet.protocol]
        seen = ["--state", "ESTABLISHED", "-u", "SEEN_REPLY,ASSURED"] if protocol == "tcp" else [
            "-u", "SEEN_REPLY"]
        run(["conntrack", "-I", "-p", protocol, "-s", packet.source, "-d", packet.destination,
             "--sport", str(packet.sport), "--dport", str(packet.dport), "-t", "60", *seen])

    def inject(self, packet):
        """The packet on its way. Veths hand over at once: what it does is done when this returns,
        or very soon after."""
        self.forget()
        if packet.state == "established":
            self.remember(packet)
        data = packets.datagram(packet)
        if packet.interface < 0:
            sender = self.sockets[packet.family.version]
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, FIRST_PRIORITY + packet.key)
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, packet.mark)
            try:
                sender.sendto(data, (packet.destination, 0))
            except OSError:
                pass  # a refusal is told to who sends
            return
        kind = 0x0800 if packet.family.version == 4 else 0x86DD
        source = bytes((2, 0, 1, 0, packet.key >> 8, packet.key & 0xFF))
        target = bytes.fromhex(self.mac(packet.interface).replace(":", ""))
        self.wires[packet.interface].send(target + source + struct.pack("!H", kind) + data)

    def seen(self, keys):
        """{key: (hook, out, passed)} of the packets that came over the wires or were sent."""
        until = time.monotonic() + 5
        while True:
            notes = self.notes()
            missing = keys - set(notes["arrived"]) - set(notes["output_from"])
            if not missing or time.monotonic() > until:
                break
            time.sleep(0.01)
        result = {}
        for key in keys - missing:
            result[key] = (None, None, False)
            for hook in ("input", "forward", "output"):
                if key in notes[hook + "_from"]:
                    out = notes[hook + "_from"][key]
                    result[key] = (hook, out, key in notes[hook + "_to"])
                    break
        return result

    @staticmethod
    def notes():
        """{set: {key: interface}}"""
        text = run(["nft", "list", "table", "inet", "fwproof_probe"])
        notes = {}
        for name, body in re.findall(r"set (\w+) \{(.*?)\n\t\}", text, re.DOTALL):
            found = re.findall(
                r'(?:02:00:01:00:(\w\w):(\w\w)|([0-9a-f]*):([0-9a-f]+))(?: \. "(\w+)")?', body)
            notes[name] = {}
            for high, low, _, minor, interface in found:
                key = int(high + low, 16) if high else int(minor, 16) - FIRST_PRIORITY
                notes[name][key] = interface
        return notes
