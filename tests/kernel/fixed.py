"""Rulesets of what once was told wrong, each against drawn packets."""

import iptables
import nftables
from packets import V4, V6

COMMANDS = ("nftables", "iptables-nft", "ip6tables-nft")
FILTER = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
RAW = "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
NAT = "*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"

RULESETS = {
    # Before connection tracking there is no state but INVALID, and no mark of a connection.
    "raw-state": (
        "iptables-nft",
        RAW
        + "-A PREROUTING -m conntrack --ctstate NEW,ESTABLISHED -j DROP\n"
        + "-A PREROUTING -p udp -m conntrack --ctstate INVALID -j NOTRACK\n"
        + "-A PREROUTING -p tcp -m connmark ! --mark 0x1 -j DROP\n"
        + "-A OUTPUT -p icmp -m conntrack ! --ctstate INVALID -j DROP\nCOMMIT\n"
        + FILTER
        + "-A FORWARD -m conntrack --ctstate UNTRACKED -j DROP\nCOMMIT\n",
    ),
    # Redirects are invalid, the rest of neighbour discovery is untracked, but not yet in raw.
    "discovery": (
        "ip6tables-nft",
        RAW
        + "-A PREROUTING -m conntrack ! --ctstate INVALID -j DROP\nCOMMIT\n"
        + FILTER
        + "-A INPUT -p ipv6-icmp -m conntrack --ctstate UNTRACKED -j DROP\n"
        + "-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n",
    ),
    # The mark of no connection is not compared, negated or not.
    "connmark-of-none": (
        "iptables-nft",
        FILTER
        + "-A FORWARD -m connmark ! --mark 0x1 -j ACCEPT\n-A FORWARD -j DROP\n"
        + "-A INPUT -m connmark --mark 0x0 -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n",
    ),
    # What opens no connection meets no nat.
    "nat-of-none": (
        "iptables-nft",
        NAT
        + "-A PREROUTING -j DNAT --to-destination 172.16.5.4\nCOMMIT\n"
        + FILTER
        + "-A FORWARD -d 172.16.5.4/32 -j ACCEPT\n-A FORWARD -j DROP\nCOMMIT\n",
    ),
    # notrack after tracking takes what has no connection only.
    "late-notrack": (
        "nftables",
        """table inet t {
            chain early { type filter hook prerouting priority raw;
                meta l4proto udp counter notrack
            }
            chain late { type filter hook prerouting priority mangle;
                meta l4proto tcp counter notrack
            }
            chain filter { type filter hook forward priority filter; policy accept;
                ct state untracked counter drop
            }
        }
        """,
    ),
    # A rule that sets the mark it asked for goes on; one that reads a mark that is not there ends.
    "set-and-decide": (
        "nftables",
        """table inet t {
            chain in { type filter hook input priority filter; policy accept;
                meta l4proto tcp meta mark 0 counter meta mark set 0x1 drop
                meta l4proto udp ct mark 0 counter ct mark set 0x1 drop
            }
            chain forward { type filter hook forward priority filter; policy accept;
                counter meta mark set ct mark drop
            }
        }
        """,
    ),
}


def rulesets(random):
    """(name, ruleset, random) of each."""
    for name, (command, text) in RULESETS.items():
        if command == "nftables":
            yield name, nftables.Ruleset(text, (V4, V6)), random
        else:
            family = V6 if command.startswith("ip6") else V4
            yield name, iptables.Ruleset(command, text, (family,)), random
