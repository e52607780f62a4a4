"""Random rulesets of iptables and ip6tables, and what the kernel says of them."""

import re
import subprocess

import network
from packets import PORTS, V4, V6

HOOKS = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
}
MARKS = (
    "MARK --set-xmark 0x1/0xffffffff",
    "MARK --set-xmark 0x2/0xf",
    "MARK --or-mark 0x10",
    "MARK --and-mark 0xfe",
    "MARK --xor-mark 0x3",
    "CONNMARK --set-mark 0x1",
    "CONNMARK --set-xmark 0x2/0x3",
    "CONNMARK --save-mark",
    "CONNMARK --restore-mark",
    "CONNMARK --save-mark --nfmask 0xf --ctmask 0xff",
    "CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf",
)
REJECTS = {
    4: ("", " --reject-with icmp-host-prohibited"),
    6: ("", " --reject-with icmp6-adm-prohibited"),
}
FLAGS = (
    "FIN,SYN,RST,ACK SYN",
    "SYN,RST,ACK SYN",
    "ALL NONE",
    "ALL FIN,PSH,URG",
    "SYN,FIN SYN,FIN",
    "RST RST",
    "ACK ACK",
)
LISTED = ("22", "53", "80:443", "1024:5000", "8080", "65535", "33000:40000")
TYPES = {
    4: ("8", "0", "3", "3/1", "3/3", "echo-request", "11", "any", "5", "13", "network-unreachable"),
    6: ("128", "129", "1", "1/4", "1/1", "echo-request", "3", "135", "destination-unreachable"),
}
# What a packet's row cannot carry.
UNSEEN = {
    4: ("-m ttl --ttl-eq 64", "-m ttl --ttl-lt 64", "-m tos --tos 0x10/0x3f"),
    6: ("-m hl --hl-eq 64", "-m hl ! --hl-eq 64"),
}


class Generator:
    def __init__(self, random, family):
        self.random = random
        self.family = family
        self.unseen = random.random() < 0.15

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *choices):
        return self.random.choice(choices)

    def negated(self, text):
        return "! " + text if self.chance(0.2) else text

    def net(self):
        if self.family.version == 4 and self.chance(0.05):  # a mask with holes
            return self.family.address(self.random) + self.pick("/255.0.255.0", "/255.0.255.3")
        return self.family.prefix(self.random)

    def ports(self):
        """Never all of them: iptables-save leaves such a range out, and with it a "!" in front of it, so
        that a rule that no packet matches reads as if all did. `-L` shows it."""
        low, high = sorted((self.pick(*PORTS), self.pick(*PORTS)))
        return self.pick(str(low), f"{low}:{high}", f"{low}:", f":{high if high < 65535 else low}")

    def multiport(self, protocol):
        listed = ",".join(self.random.sample(LISTED, self.random.randint(1, 4)))
        way = self.pick("--dports", "--sports", "--ports")
        return f"-p {protocol} -m multiport " + self.negated(f"{way} {listed}")

    def tcp(self):
        if self.chance(0.3):
            return self.multiport("tcp")
        words = ["-p tcp -m tcp"]
        if self.chance(0.6):
            words.append(self.negated("--dport " + self.ports()))
        if self.chance(0.2):
            words.append(self.negated("--sport " + self.ports()))
        if self.chance(0.3):
            words.append(self.negated("--tcp-flags " + self.pick(*FLAGS)))
        elif self.chance(0.2):
            words.append(self.negated("--syn"))
        return " ".join(words) if len(words) > 1 else "-p tcp"

    def udp(self):
        if self.chance(0.3):
            return self.multiport("udp")
        if self.chance(0.3):
            return "-p udp"
        return "-p udp -m udp " + self.negated(self.pick("--dport ", "--sport ") + self.ports())

    def icmp(self):
        protocol, module, option = ("icmp", "icmp", "--icmp-type")
        if self.family.version == 6:
            protocol, module, option = ("ipv6-icmp", "icmp6", "--icmpv6-type")
        if self.chance(0.3):
            return f"-p {protocol}"
        kind = self.pick(*TYPES[self.family.version])
        return f"-p {protocol} -m {module} " + self.negated(f"{option} {kind}")

    def protocol(self):
        icmp = "icmp" if self.family.version == 4 else "ipv6-icmp"
        return self.negated("-p " + self.pick("47", "50", "tcp", "udp", icmp))

    def range(self):
        low, high = sorted((self.number(), self.number()))
        return "-m iprange " + self.negated(
            f"{self.pick('--src-range', '--dst-range')} {low}-{high}")

    def number(self):
        return self.random.choice(self.family.nets)[0].network_address + self.pick(1, 3, 5, 128, 254)

    def address_type(self):
        kinds = ("LOCAL", "UNICAST", "BROADCAST") if self.family.version == 4 else ("LOCAL", "UNICAST")
        if self.chance(0.7):
            return "-m addrtype " + self.negated("--dst-type " + self.pick(*kinds))
        return "-m addrtype " + self.negated("--src-type " + self.pick("LOCAL", "UNICAST"))

    def state(self):
        states = self.pick("NEW", "ESTABLISHED", "RELATED,ESTABLISHED", "INVALID", "NEW,UNTRACKED",
                           "INVALID,NEW", "UNTRACKED", "NEW,ESTABLISHED")
        if self.chance(0.7):
            return "-m conntrack " + self.negated("--ctstate " + states)
        return "-m state " + self.negated("--state " + states)

    def match(self, hook, protocol=None):
        words = []
        if self.chance(0.45):
            words.append(self.negated("-s " + self.net()))
        if self.chance(0.45):
            words.append(self.negated("-d " + self.net()))
        if self.chance(0.25) and hook not in ("OUTPUT", "POSTROUTING"):
            words.append(self.negated("-i " + self.pick("e0", "e1", "e2", "e+", "lo")))
        if self.chance(0.2) and hook in ("FORWARD", "OUTPUT", "POSTROUTING"):
            words.append(self.negated("-o " + self.pick("e0", "e1", "e2", "e+", "lo")))
        kinds = [self.tcp] * 7 + [self.udp] * 5 + [self.icmp] * 4 + [self.protocol] * 2
        if protocol:
            words.append("-p " + protocol)
        elif self.chance(0.75):
            words.append(self.random.choice(kinds)())
        if self.chance(0.1):
            words.append(self.range())
        if self.chance(0.25):
            words.append(self.state())
        if self.chance(0.12):
            words.append("-m mark " + self.negated(
                "--mark " + self.pick("0x1", "0x0", "0x2/0xf", "0x10/0x10")))
        if self.chance(0.06):
            words.append("-m connmark " + self.negated("--mark " + self.pick("0x0", "0x1", "0x2/0x2")))
        if self.chance(0.05):
            words.append('-m comment --comment "a \\"b\\" c"')
        if self.unseen and self.chance(0.2):
            words.append(self.pick(*UNSEEN[self.family.version], self.address_type()))
        return " ".join(words)

    def target(self, table, hook, later):
        choices = ["ACCEPT", "DROP", "ACCEPT", "DROP", "RETURN", "LOG", "", *later, *later]
        if table == "filter":
            choices += ["REJECT" + self.pick(*REJECTS[self.family.version])]
        elif table == "mangle":
            choices += self.random.sample(MARKS, 5)
        elif table == "raw":
            choices += ["NOTRACK", "CT --notrack", "NOTRACK"]
        word = self.random.choice(choices)
        if word == "LOG":
            return '-j LOG --log-prefix "x y: "'
        if word in later and self.chance(0.35):
            return "-g " + word
        return "-j " + word if word else ""

    def translation(self, hook):
        """A rule of table nat, whole: what changes ports needs a protocol."""
        to, near = (("172.16.5.4", "10.0.0.3:8080") if self.family.version == 4
                    else ("2001:db8:2:5::4", "[fd00:0:0:10::3]:8080"))
        if hook == "POSTROUTING":
            return f"{self.match(hook)} -j {self.pick('MASQUERADE', 'ACCEPT', 'SNAT --to-source ' + to)}"
        kind = self.pick("plain", "port", "redirect", "ACCEPT", "RETURN")
        if kind == "plain":
            return f"{self.match(hook)} -j DNAT --to-destination {to}"
        if kind == "port":
            return f"{self.match(hook, 'tcp')} -j DNAT --to-destination {near}"
        if kind == "redirect":
            return f"{self.match(hook, self.pick('tcp', 'udp'))} -j REDIRECT --to-ports 22"
        return f"{self.match(hook)} -j {kind}"

    def table(self, table):
        hooks = HOOKS[table]
        users = []
        if table == "filter" or (table != "nat" and self.chance(0.3)):
            users = [f"U{i}" for i in range(self.random.randint(0, 4))]
        lines = ["*" + table]
        for hook in hooks:
            fallback = self.pick("ACCEPT", "DROP") if table == "filter" else "ACCEPT"
            lines.append(f":{hook} {fallback} [0:0]")
        lines += [f":{user} - [0:0]" for user in users]
        most = 9 if table == "filter" else 3
        for chain in (*hooks, *users):
            for _ in range(self.random.randint(1 if table == "filter" else 0, most)):
                later = [user for user in users if chain in hooks or user > chain]
                if table == "nat":
                    lines.append(f"-A {chain} {self.translation(chain)}")
                else:
                    lines.append(f"-A {chain} {self.match(chain)} {self.target(table, chain, later)}")
        return [*lines, "COMMIT"]

    def ruleset(self):
        lines = []
        for table in HOOKS:
            if table == "filter" or self.chance(0.4):
                lines += self.table(table)
        return "\n".join(lines) + "\n"


class Ruleset:
    """Loaded in the kernel, by the backend nft or legacy."""

    def __init__(self, command, text, families, unseen=False):
        self.command = command
        self.families = families
        self.unseen = unseen
        self.empty(command)
        self.load(text)
        self.text = self.save()

    @classmethod
    def drawn(cls, command, random):
        family = V6 if command.startswith("ip6") else V4
        generator = Generator(random, family)
        return cls(command, generator.ruleset(), (family,), generator.unseen)

    @staticmethod
    def empty(command):
        """Fails where the kernel or the program lacks what every ruleset needs."""
        network.run([command + "-restore"], "".join(f"*{table}\nCOMMIT\n" for table in HOOKS))

    def load(self, text):
        """Rules that the kernel does not take are left out: what is drawn need not be sensible."""
        lines = text.splitlines()
        while True:
            done = subprocess.run([self.command + "-restore"], input="\n".join(lines) + "\n",
                                  capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return
            bad = re.search(r"line:? (\d+)", done.stderr)
            if not bad or not lines[int(bad[1]) - 1].startswith("-A"):
                raise network.Failed(f"{self.command}-restore: {done.stderr}")
            del lines[int(bad[1]) - 1]

    def save(self):
        return network.run([self.command + "-save", "-c"])

    def spellings(self):
        """{name: text} of what must be read alike."""
        return {"save.rules": self.text, "listing.L": self.listing(),
                **scripts(self.text, self.command)}

    def listing(self):
        """As a person prints it, a table after the other."""
        program = self.command.split("-")[0]
        return "".join(f"# {program} -t {table} -L -n -v\n" +
                       network.run([self.command, "-t", table, "-L", "-n", "-v"])
                       for table in re.findall(r"^\*(\w+)", self.text, re.MULTILINE))

    def counters(self):
        """{(table, chain, position): (packets, text)}; position 0 is the chain's policy."""
        counters = {}
        positions = {}
        table = None
        for line in self.save().splitlines():
            rule = re.match(r"\[(\d+):\d+\] -A (\S+) ?(.*)", line)
            chain = re.match(r":(\S+) (\S+) \[(\d+):", line)
            if line.startswith("*"):
                table = line[1:]
            elif rule:
                at = positions[table, rule[2]] = positions.get((table, rule[2]), 0) + 1
                counters[table, rule[2], at] = (int(rule[1]), rule[3])
            elif chain:
                counters[table, chain[1], 0] = (int(chain[3]), chain[2])
        return counters

    @staticmethod
    def right_rule(hits, answer, permitted):
        """Is this the rule that decided? hits: [(place, text)] of counters that moved. None: untold."""
        refusing = [place for place, text in hits if place[2] and re.search("-j (DROP|REJECT)", text)]
        accepting = [place for place, text in hits
                     if place[0] == "filter" and place[2] and re.search("-j ACCEPT", text)]
        rule = answer["rule"]
        deciding = accepting if permitted else refusing
        if not deciding:
            return rule is None
        table, chain, position = deciding[-1]
        policy = chain if table == "filter" else f"{table}/{chain}"
        return rule is not None and (rule["policy"], rule["position"]) == (policy, position)


def scripts(saved, command):
    """The same rules as a script of commands, and as `iptables -S` prints them."""
    program = command.split("-")[0]
    lines = ["#!/bin/sh"]
    listing = []
    table = None
    for line in saved.splitlines():
        chain = re.match(r":(\S+) (\S+)", line)
        if line.startswith("*"):
            table = line[1:]
        elif chain:
            listing.append(f"-N {chain[1]}" if chain[2] == "-" else f"-P {chain[1]} {chain[2]}")
            lines.append(f"{program} -t {table} {listing[-1]}")
        elif "-A" in line:
            listing.append(line[line.index("-A"):])
            lines.append(f"{program} -t {table} {listing[-1]}")
    texts = {"commands.sh": "\n".join(lines) + "\n"}
    if re.findall(r"^\*(\w+)", saved, re.MULTILINE) == ["filter"]:
        texts["listing.S"] = "\n".join(listing) + "\n"
    return texts
