"""Random rulesets of nftables, and what the kernel says of them."""

import re
import subprocess

import network
from packets import PORTS, V4, V6

PRIORITIES = {
    "prerouting": ("raw", "mangle", "-310", "-199", "dstnat"),
    "input": ("mangle", "filter - 10", "security"),
    "forward": ("mangle", "filter - 10", "filter + 10", "security"),
    "output": ("raw", "mangle", "filter + 5", "-400"),
    "postrouting": ("mangle", "filter", "srcnat"),
}
TCP_FLAGS = (
    "syn",
    "& (fin | syn | rst | ack) == syn",
    "& (fin | syn) == (fin | syn)",
    "!= syn",
    "{ syn, syn | ack }",
    "! syn",
    "& (fin | syn | rst | psh | ack | urg) == 0x0",
    "syn,ack",
    "syn / syn,ack",
    "!= syn / syn,ack",
    "& (syn | ack) != syn",
)
STATES = ("new", "established,related", "invalid", "{ new, invalid }", "untracked", "new,untracked",
          "established", "{ established, new }")
CHANGES = (
    "meta mark set 0x1",
    "meta mark set meta mark | 0x2",
    "meta mark set meta mark & 0xfffffffe",
    "meta mark set meta mark ^ 0x3",
    "ct mark set 0x1",
    "ct mark set meta mark",
    "meta mark set ct mark",
    "ct mark set ct mark | 0x2",
    'log prefix "a b"',
)
# What a packet's row cannot carry.
UNSEEN = ("ip ttl > 10", "ip6 hoplimit 64", "ip length 40", "ip dscp 0", "meta length > 60",
          "ether saddr 02:00:01:00:00:01", "limit rate 5/second", "fib saddr type unicast",
          "fib daddr type { local, broadcast }", "ct direction original", "meta pkttype host")
NEEDED = """
table inet needed {
    set s { type ipv4_addr . inet_service; flags interval; elements = { 10.0.0.0/8 . 1-5 } }
    chain c { type nat hook output priority -100; ct state new counter accept; }
}
"""


class Generator:
    def __init__(self, random):
        self.random = random
        self.kind = random.choice(("inet", "inet", "ip", "ip6"))
        self.unseen = random.random() < 0.15

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *choices):
        return self.random.choice(choices)

    def unequal(self, text):
        return "!= " + text if self.chance(0.25) else text

    def families(self):
        return {"inet": (V4, V6), "ip": (V4,), "ip6": (V6,)}[self.kind]

    def net(self, family):
        while True:
            prefix = family.prefix(self.random)
            if not prefix.endswith("/0"):
                return prefix

    def range(self, family):
        net, _ = self.random.choice(family.nets)
        return f"{net.network_address + 2}-{net.network_address + self.pick(5, 9, 128, 200)}"

    def addresses(self, family):
        known = family.nets
        return self.pick(
            self.net(family),
            self.range(family),
            f"{{ {self.random.choice(known[:3])[0]}, {self.random.choice(known[3:])[0]} }}",
            f"{{ {known[0][0].network_address + 3}, {known[1][0]}, {self.range_of(known[5][0])} }}",
            f"@nets{family.version}",
            f"@hosts{family.version}",
        )

    @staticmethod
    def range_of(net):
        return f"{net.network_address + 1}-{net.network_address + 128}"

    def ports(self):
        low, high = sorted((self.pick(*PORTS), self.pick(*PORTS)))
        if self.chance(0.4) and low < high:
            return f"{low}-{high}"
        if self.chance(0.3):
            return "@ports"
        if self.chance(0.5):
            listed = self.random.sample(("22", "53", "80-443", "1024", "5000-8080", "33000", "65535"), 3)
            return f"{{ {', '.join(listed)} }}"
        return str(low)

    def word(self, family):
        return "ip" if family.version == 4 else "ip6"

    def transport(self, family):
        word = self.word(family)
        near, far = (family.nets[i][0].network_address + host for i, host in ((0, 3), (1, 2)))
        icmp = "icmp" if family.version == 4 else "icmpv6"
        other = "destination-unreachable" if family.version == 4 else "nd-neighbor-solicit"
        return self.random.choice((
            lambda: "tcp dport " + self.unequal(self.ports()),
            lambda: "tcp dport " + self.unequal(self.ports()),
            lambda: "tcp sport " + self.unequal(self.ports()),
            lambda: "udp dport " + self.unequal(self.ports()),
            lambda: "udp sport " + self.unequal(self.ports()),
            lambda: "tcp flags " + self.pick(*TCP_FLAGS),
            lambda: "tcp flags " + self.pick(*TCP_FLAGS),
            lambda: f"tcp dport . {word} saddr {{ 22 . {near}, 80 . {far} }}",
            lambda: f"{word} daddr . tcp dport @pairs{family.version}",
            lambda: f"{word} saddr . meta l4proto . th dport @triples{family.version}",
            lambda: f'iifname . tcp dport {self.unequal("")}{{ "e0" . 22, "e1" . 80 }}',
            lambda: f"{icmp} type " + self.unequal(self.pick("echo-request", "echo-reply", other)),
            lambda: f"{icmp} type {{ echo-request, {other} }}",
            lambda: f"{icmp} code " + self.unequal("0"),
            lambda: f"{icmp} type {other} {icmp} code " + self.pick("0", "1", "{ 1, 3 }"),
            lambda: "meta l4proto " + self.unequal(self.pick("tcp", "udp", "{ tcp, udp }", "47")),
            lambda: "meta l4proto { tcp, udp } th dport " + self.unequal(self.ports()),
            lambda: "th sport " + self.unequal(self.ports()),
            lambda: f"{'ip protocol' if word == 'ip' else 'ip6 nexthdr'} "
            + self.unequal(self.pick("tcp", "udp", "{ tcp, 47 }", "esp")),
        ))()

    def interfaces(self, hook):
        words = []
        if hook not in ("output", "postrouting") and self.chance(0.3):
            words.append(self.pick("iifname ", "iifname ", "iif ") + self.unequal(
                self.pick('"e0"', '"e1"', '"lo"')))
        elif hook not in ("output", "postrouting") and self.chance(0.1):
            words.append("iifname " + self.unequal(self.pick('"e*"', '{ "e0", "e2" }', '"zz"')))
        if hook not in ("prerouting", "input", None) and self.chance(0.25):
            words.append("oifname " + self.unequal(self.pick('"e0"', '"e1"', '{ "e1", "e2" }', '"e*"')))
        return words

    def match(self, hook):
        family = self.random.choice(self.families())
        words = self.interfaces(hook)
        for side in ("saddr", "daddr"):
            if self.chance(0.4):
                words.append(f"{self.word(family)} {side} {self.unequal(self.addresses(family))}")
        if self.chance(0.7):
            words.append(self.transport(family))
        if self.chance(0.25):
            words.append("ct state " + self.unequal(self.pick(*STATES)))
        if self.chance(0.12):
            words.append("meta mark " + self.pick("0x1", "0", "!= 2", "& 0xf == 0x2", "{ 1, 2 }", "1-16",
                                                  "& 0x3 != 0x1"))
        if self.chance(0.06):
            words.append("ct mark " + self.pick("0", "1", "!= 0", "& 0x3 == 0x2"))
        if self.chance(0.04):
            words.append("fib daddr type " + self.unequal("local"))
        if self.chance(0.04):
            words.append("meta nfproto " + self.unequal(self.pick("ipv4", "ipv6")))
        if self.chance(0.03):
            words.append("ct status " + self.unequal(self.pick("dnat", "snat")))
        if self.unseen and self.chance(0.2):
            words.append(self.pick(*UNSEEN))
        self.random.shuffle(words)
        return " ".join(words)

    def verdict(self, later):
        if later and self.chance(0.3):
            return self.pick("jump ", "jump ", "goto ") + self.pick(*later)
        return self.pick("accept", "drop", "accept", "drop", "return", "continue")

    def verdict_map(self, later):
        family = self.random.choice(self.families())
        word = self.word(family)
        near, far = (family.nets[i][0].network_address + host for i, host in ((0, 3), (1, 2)))
        first, second, third = (self.verdict(later) for _ in range(3))
        return self.pick(
            f"meta l4proto vmap {{ tcp : {first}, udp : {second} }}",
            f"tcp dport vmap {{ 22 : {first}, 80-443 : {second}, 5000 : {third} }}",
            f"ct state vmap {{ new : {first}, invalid : {second}, established : {third} }}",
            f'iifname vmap {{ "e0" : {first}, "e1" : {second} }}',
            f"{word} saddr . tcp dport vmap {{ {near} . 22 : {first}, {far} . 80-443 : {second} }}",
            f"{word} saddr vmap {{ {family.nets[0][0]} : {first}, {family.nets[3][0]} : {second} }}",
            f"meta mark vmap {{ 0 : {first}, 1 : {second} }}",
            f"{word} daddr vmap @fates{family.version}",
        )

    def rule(self, hook, later):
        head = self.match(hook)
        if self.chance(0.12):
            return f"{head} counter {self.verdict_map(later)}"
        change = self.pick(*CHANGES) if self.chance(0.2) else ""
        end = self.verdict(later) if self.chance(0.8) else self.pick("reject", "")
        if hook in ("prerouting", "output") and self.chance(0.15):
            end = "notrack"
        return f"{head} counter {change} {end}"

    def translation(self, hook):
        family = self.random.choice(self.families())
        to = f"{'dnat' if hook != 'postrouting' else 'snat'} {self.word(family)} to "
        if self.kind != "inet":
            to = to.replace(f" {self.word(family)}", "")
        end = self.pick("accept", "return", "masquerade" if hook == "postrouting" else "redirect",
                        to + str(family.nets[5][0].network_address + 4))
        return f"{self.match(hook)} counter {end}"

    def sets(self):
        lines = ["set ports { type inet_service; flags interval; elements = { 22, 8000-9000 } }"]
        for family in self.families():
            kind = f"ipv{family.version}_addr"
            nets = [net for net, _ in family.nets]
            host = [str(net.network_address + 5) for net in nets]
            near = nets[0].network_address
            lines += [
                f"set nets{family.version} {{ type {kind}; flags interval; "
                f"elements = {{ {near}-{near + 15}, {nets[5]} }} }}",
                f"set hosts{family.version} {{ type {kind}; "
                f"elements = {{ {host[0]}, {host[3]}, {host[7]} }} }}",
                f"set pairs{family.version} {{ type {kind} . inet_service; flags interval; "
                f"elements = {{ {near + 3} . 80, {nets[5]} . 22-1024 }} }}",
                f"set triples{family.version} {{ type {kind} . inet_proto . inet_service; "
                f"flags interval; elements = {{ {nets[0]} . tcp . 1-1024, {nets[3]} . udp . 53 }} }}",
                f"map fates{family.version} {{ type {kind} : verdict; flags interval; "
                f"elements = {{ {nets[1]} : {self.verdict([])}, {nets[3]} : {self.verdict([])} }} }}",
            ]
        return lines

    def bases(self):
        """[(name, hook, priority, type)]"""
        bases = [(hook, hook, "filter", "filter") for hook in ("forward", "input", "output")]
        for hook, priorities in PRIORITIES.items():
            if self.chance(0.25):
                bases.append((f"also_{hook}", hook, self.pick(*priorities), "filter"))
        for hook, priority in (("prerouting", "dstnat"), ("output", "-100"), ("postrouting", "srcnat")):
            if self.chance(0.15):
                bases.append((f"nat_{hook}", hook, priority, "nat"))
        return bases

    def ruleset(self):
        users = [f"user{i}" for i in range(self.random.randint(0, 4))]
        lines = [f"table {self.kind} review {{", *self.sets()]
        for i in reversed(range(len(users))):  # a chain is known before it is called
            rules = [self.rule(None, users[i + 1 :]) for _ in range(self.random.randint(1, 6))]
            lines += [f"chain {users[i]} {{", *rules, "}"]
        for name, hook, priority, kind in self.bases():
            fallback = self.pick("accept", "drop")
            if kind == "nat" or hook not in ("input", "forward", "output") or name != hook:
                fallback = "accept"
            draw = self.translation if kind == "nat" else lambda hook: self.rule(hook, users)
            rules = [draw(hook) for _ in range(self.random.randint(1, 4 if name != hook else 8))]
            head = f"type {kind} hook {hook} priority {priority}; policy {fallback};"
            lines += [f"chain {name} {{", head, *rules, "}"]
        return "\n".join([*lines, "}"]) + "\n"


class Ruleset:
    def __init__(self, text, families, unseen=False):
        self.families = families
        self.unseen = unseen
        self.load(text)
        self.text = network.run(["nft", "-a", "list", "ruleset"])
        self.json = network.run(["nft", "-j", "list", "ruleset"])

    @classmethod
    def drawn(cls, random):
        generator = Generator(random)
        return cls(generator.ruleset(), generator.families(), generator.unseen)

    @staticmethod
    def empty():
        """Fails where the kernel or the program lacks what every ruleset needs."""
        network.run(["nft", "-f", "-"], "flush ruleset\n" + NEEDED + "flush ruleset\n")

    @staticmethod
    def load(text):
        """Rules that the kernel does not take are left out: what is drawn need not be sensible."""
        lines = ["flush ruleset", *text.splitlines()]
        while True:
            done = subprocess.run(["nft", "-f", "-"], input="\n".join(lines) + "\n",
                                  capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return
            bad = {int(n) for n in re.findall(r"^/dev/stdin:(\d+)", done.stderr, re.MULTILINE)}
            rules = {n for n in bad if " counter " in lines[n - 1]}
            if not rules:
                raise network.Failed(f"nft: {done.stderr}")
            lines = [line for n, line in enumerate(lines, 1) if n not in rules]

    def spellings(self):
        return {"list.nft": self.text, "list.json": self.json}

    @staticmethod
    def counters():
        """{line: (packets, text)}"""
        lines = network.run(["nft", "-a", "list", "ruleset"]).splitlines()
        found = ((n, re.search(r"counter packets (\d+) bytes \d+ ?(.*) #", line))
                 for n, line in enumerate(lines, 1))
        return {n: (int(rule[1]), rule[2]) for n, rule in found if rule}

    @staticmethod
    def right_rule(hits, answer, permitted):
        """Is this the rule that decided? hits: [(line, text after the counter)]. None: untold, as a
        verdict map does not count whether it had an entry."""
        rule = answer["rule"]
        line = rule and rule["line"]
        if any("set ct mark" in text for _, text in hits):
            return None  # counted, and perhaps no further: what has no connection has no mark
        refusing = [place for place, text in hits if re.search(r"\b(drop|reject)\b", text)
                    and "vmap" not in text]
        if refusing:
            return not permitted and line == refusing[-1]
        if any("vmap" in text for _, text in hits):
            return None
        if not permitted:
            return rule is None
        accepting = [place for place, text in hits if text.endswith("accept")]
        return line in accepting if rule else None
