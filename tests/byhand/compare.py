"""Random sites reviewed, against what somebody would find who goes through the raw files by hand: RUL-004 by
counters and by log lines, RUL-005, RUL-006, DNS-007, and the countries that rules reach.

    compare.py FWPROOF FOLDER SITES [FIRST]

Nothing of the program is used here: rules are what the generator wrote, first match, address by address."""
import datetime
import json
import os
import random
import re
import shutil
import subprocess
import sys

import mmdb

AS_OF = datetime.date(2026, 7, 5)
COUNTRIES = ["AA", "BB", "CC", "DD", "EE"]


def address(value):
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def prefix(first, bits):
    return "%s/%d" % (address(first), bits)


def inside(value, net):
    return net is None or value >> (32 - net[1]) == net[0] >> (32 - net[1])


def days_ago(n):
    return AS_OF - datetime.timedelta(days=n)


def iptables(rules, counts):
    lines = ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]"]
    for rule, hits in zip(rules, counts):
        if hits is not None:
            lines.append(("[%d:%d] " % (hits, hits * 60) if hits >= 0 else "") + "-A FORWARD " + rule)
    return "\n".join(lines + ["COMMIT", ""])


class Site:
    """One site: what is written, and what is expected: {check: set of places that fail}."""

    def __init__(self, folder, seed):
        self.folder = folder
        self.random = random.Random(seed)
        self.devices = []
        self.more = {}
        self.expected = {"RUL-004": set(), "RUL-005": set(), "RUL-006": set()}
        self.doh = 0
        self.countries = {}

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return name

    # RUL-004 by counters, RUL-006 by every place an end may stand in
    def counted(self):
        rnd = self.random
        n = rnd.randint(2, 8)
        ends = [[] for _ in range(n)]
        rules = []
        register = ["device,rule,owner,reason,ticket,until"]
        tickets = ["ticket,device,rule,change,requester,approver,implementer,approved,implemented,status,until"]
        for i in range(n):
            text = "-p tcp -m tcp --dport %d" % (1000 + i)
            if rnd.random() < 0.4:
                end = days_ago(rnd.choice([-40, -3, 1, 20, 200]))
                ends[i].append(end)
                text += ' -m comment --comment "trial, until %s"' % end
            rules.append(text + " -j ACCEPT")
            if rnd.random() < 0.4:
                end = days_ago(rnd.choice([-40, -3, 1, 20, 200]))
                ends[i].append(end)
                register.append("gw,FORWARD %d,somebody,something,,%s" % (i + 1, end))
            if rnd.random() < 0.4:
                end = days_ago(rnd.choice([-40, -3, 1, 20, 200]))
                status = rnd.choice(["closed", "rejected"])
                if status == "closed":
                    ends[i].append(end)
                tickets.append("CHG-%d,gw,FORWARD %d,add,a,b,c,2025-01-02,2025-01-02,%s,%s"
                               % (i, i + 1, status, end))
        for i in range(n):
            if ends[i] and max(ends[i]) < AS_OF:
                self.expected["RUL-006"].add("gw FORWARD %d" % (i + 1))
        self.more["register"] = self.write("register.csv", "\n".join(register) + "\n")
        self.more["tickets"] = self.write("tickets.csv", "\n".join(tickets) + "\n")

        taken = [days_ago(d) for d in sorted(rnd.sample([5, 60, 120, 184, 200, 260, 400], 3), reverse=True)]
        series = []
        reset = rnd.random() < 0.25
        for i in range(n):
            start = rnd.choice([0, 0, 0, 1])  # the first snapshot that has the rule
            value = rnd.choice([0, 0, 7])
            line = []
            for s in range(3):
                if s > 0 and rnd.random() < 0.35:
                    value += 5
                if reset and s == 2 and rnd.random() < 0.5:
                    value = 0
                line.append(value if s >= start else None)
            series.append(line)
        since = rnd.choice([None, days_ago(500), days_ago(190), days_ago(100)])
        # By hand: went any counter back? Did one that was hit stand still from each snapshot to the next?
        back = any(a is not None and b is not None and b < a
                   for line in series for a, b in zip(line, line[1:]))
        stood = all(any(line[s] and line[s] == line[s + 1] for line in series) for s in range(2))
        for i, line in enumerate(series):
            present = [s for s in range(3) if line[s] is not None]
            first = present[0]
            still = all(line[s] == line[first] for s in present)
            runs = line[2] > 0 or stood or (since is not None and since <= taken[first])
            long = (taken[2] - taken[first]).days >= 180
            if still and not back and runs and long and len(present) > 1:
                self.expected["RUL-004"].add("gw FORWARD %d" % (i + 1))
        snapshots = []
        for s in range(3):
            text = iptables(rules, [line[s] for line in series])
            snapshots.append({"file": self.write("gw/%d.rules" % s, text), "taken": str(taken[s])})
        self.devices.append({"name": "gw", "kind": "firewall", "config": snapshots, "logs_required": False})
        if since:
            self.devices[-1]["counters_since"] = str(since)

    # RUL-004 by log lines: a rule that logs right before it accepts
    def logged(self):
        rnd = self.random
        n = rnd.randint(2, 5)
        begin = rnd.choice([230, 200, 120])
        young = rnd.random() < 0.3  # no snapshot from before the window
        quiet = [rnd.choice([None, 2, 100, 185, 220]) for _ in range(n)]  # the last hit, so many days ago
        rules = []
        for i in range(n):
            match = "-p tcp -m tcp --dport %d" % (2000 + i)
            rules.append('%s -j LOG --log-prefix "R%d: "' % (match, i))
            rules.append(match + " -j ACCEPT")
        rules.append('-p udp -m udp --dport 53 -j LOG --log-prefix "DNS: "')
        rules.append("-p udp -m udp --dport 53 -j ACCEPT")
        hits = {}
        for i, last in enumerate(quiet):
            if last is not None and last < begin - 1:
                hits.setdefault(last, []).append(i)
        lines = []
        for ago in range(begin, -1, -1):
            day = days_ago(ago)
            for hour in range(24):
                stamp = "%s %2d %02d" % (day.strftime("%b"), day.day, hour)
                lines.append("%s:17:00 fw kernel: DNS: IN=eth1 OUT=eth0 SRC=10.0.0.5 DST=192.0.2.5 LEN=60 "
                             "PROTO=UDP SPT=4000 DPT=53 LEN=40" % stamp)
            for i in hits.get(ago, []):
                lines.append("%s %2d 23:30:00 fw kernel: R%d: IN=eth1 OUT=eth0 SRC=10.0.0.5 DST=192.0.2.5 LEN=60 "
                             "PROTO=TCP SPT=4000 DPT=%d SYN" % (day.strftime("%b"), day.day, i, 2000 + i))
        names = []
        for k in range(0, len(lines), 2000):
            names.append(self.write("fw/log.%03d" % (k // 2000), "\n".join(lines[k:k + 2000]) + "\n"))
        taken = [days_ago(100 if young else 300), days_ago(1)]
        snapshots = [{"file": self.write("fw/%d.rules" % s, iptables(rules, [-1] * len(rules))),
                      "taken": str(taken[s])} for s in range(2)]
        for i in range(n):
            used = any(i in v and ago < 180 for ago, v in hits.items())
            if begin > 180 and not used and not young:
                self.expected["RUL-004"].add("fw FORWARD %d" % (2 * i + 2))
        self.devices.append({"name": "fw", "kind": "firewall", "config": snapshots, "logs": names})

    # RUL-005: switched off, and since when
    def disabled(self):
        rnd = self.random
        taken = [days_ago(d) for d in sorted(rnd.sample([2, 50, 80, 101, 150, 300], 3), reverse=True)]
        n = rnd.randint(2, 7)
        states = [[rnd.choice(["on", "off", "off", "none"]) for _ in range(3)] for _ in range(n)]
        snapshots = []
        position = {}
        for s in range(3):
            lines = ["hostname asa", "interface GigabitEthernet0/0", " nameif outside", " security-level 0"]
            at = 0
            for i in range(n):
                if states[i][s] != "none":
                    at += 1
                    lines.append("access-list A extended permit tcp any host 10.9.0.1 eq %d%s"
                                 % (3000 + i, " inactive" if states[i][s] == "off" else ""))
                    if s == 2:
                        position[i] = at
            lines += ["access-list A extended permit tcp any host 10.9.0.2 eq 443",
                      "access-group A in interface outside", ""]
            snapshots.append({"file": self.write("asa/%d.cfg" % s, "\n".join(lines)), "taken": str(taken[s])})
        for i in range(n):
            off = 0
            while off < 3 and states[i][2 - off] == "off":
                off += 1
            if off and (AS_OF - taken[3 - off]).days > 90:
                self.expected["RUL-005"].add("asa A %d" % position[i])
        self.devices.append({"name": "asa", "kind": "firewall", "format": "cisco-asa", "config": snapshots,
                             "logs_required": False})

    # DNS-007 and countries: first match, address by address
    def exposed(self):
        rnd = self.random
        geo = []
        for block in range(64):  # 192.64.0.0 to 192.127.255.255, cut into pieces
            base = 192 << 24 | 64 + block << 16
            if rnd.random() < 0.3:
                continue
            bits = rnd.choice([16, 17, 20, 24])
            for k in range(rnd.randint(1, min(6, 1 << (bits - 16)))):
                geo.append((base + (k << (32 - bits)), bits, rnd.choice(COUNTRIES)))
        if not geo:
            geo.append((192 << 24 | 64 << 16, 16, "AA"))
        mmdb.write(os.path.join(self.folder, "geo.mmdb"), geo)
        shut = rnd.sample(COUNTRIES, 2)
        self.more["geoip"] = "geo.mmdb"
        self.more["countries"] = {"deny": shut}
        doh = [192 << 24 | rnd.randint(64, 127) << 16 | rnd.randint(0, 65535) for _ in range(4)]
        self.more["doh"] = [address(d) for d in doh]
        resolver = (10 << 24 | 5, 32)
        self.more["dns"] = ["10.0.0.5"]
        rules = []
        for _ in range(rnd.randint(1, 7)):
            src = rnd.choice([None, (10 << 24, 24), (10 << 24 | 1 << 8, 24), resolver])
            around = rnd.choice(doh + [g[0] for g in geo])
            bits = rnd.choice([12, 16, 20, 24, 32])
            dst = (around >> (32 - bits) << (32 - bits), bits)
            if dst[1] < 16:
                dst = (192 << 24 | 64 << 16, 10)
            rules.append((src, dst, rnd.choice([443, 443, 80]), rnd.random() < 0.7))
        words = []
        for src, dst, port, permit in rules:
            words.append("%s-d %s -i eth1 -o eth0 -p tcp -m tcp --dport %d -j %s" % (
                "-s %s " % prefix(*src) if src else "", prefix(*dst), port, "ACCEPT" if permit else "DROP"))
        text = iptables(words, [-1] * len(words))
        self.devices.append({"name": "net", "kind": "firewall", "logs_required": False,
                             "config": [{"file": self.write("net/0.rules", text), "taken": str(days_ago(1))}]})

        def decides(source, destination, port):
            for i, (src, dst, wanted, _) in enumerate(rules):
                if inside(source, src) and inside(destination, dst) and wanted == port:
                    return i
            return None

        sources = [10 << 24 | 4, 10 << 24 | 5, 10 << 24 | 1 << 8 | 9, 10 << 24 | 77 << 8]
        for d in doh:
            by = [decides(s, d, 443) for s in sources if s != 10 << 24 | 5]
            self.doh += any(i is not None and rules[i][3] for i in by)
        # Countries by rule: every address of every piece of /24 that any rule or network is cut at.
        cuts = sorted({d for _, (first, bits), _, _ in rules for d in (first, first + (1 << (32 - bits)))} |
                      {d for first, bits, _ in geo for d in (first, first + (1 << (32 - bits)))})
        for first, last in zip(cuts, cuts[1:]):
            country = next((c for f, b, c in geo if inside(first, (f, b))), None)
            if country not in shut:
                continue
            for i in {decides(s, first, port) for s in sources for port in (80, 443)}:
                if i is not None and rules[i][3]:
                    of = self.countries.setdefault("net FORWARD %d" % (i + 1), {})
                    of[country] = of.get(country, 0) + last - first

    def finish(self):
        site = {
            "agency": {"name": "x", "id": "A.1"}, "period": {"name": "2026Q2"}, "as_of": str(AS_OF),
            "timezone": "UTC", "profile": "quick", "devices": self.devices,
            "zones": [
                {"name": "out", "trust": "untrusted", "interfaces": ["eth0"]},
                {"name": "lan", "trust": "internal", "networks": ["10.0.0.0/8"], "interfaces": ["eth1"]},
            ],
        }
        site.update(self.more)
        self.write("site.json", json.dumps(site, indent=1))


def review(fwproof, folder):
    out = os.path.join(folder, "packs")
    done = subprocess.run([fwproof, "review", os.path.join(folder, "site.json"), "--out", out, "--quiet",
                           "--checks", "RUL-004,RUL-005,RUL-006,DNS-007,EXP-004"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    path = os.path.join(out, "2026Q2", "data", "results", "verdicts.tsv")
    if done.returncode not in (0, 1) or not os.path.exists(path):
        raise SystemExit("review ends with %d: %s" % (done.returncode, done.stderr.decode()[:2000]))
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def compare(site, rows):
    said = []
    for check, expected in site.expected.items():
        found = {r["subject"] + " " + r["place"] for r in rows if r["check"] == check and r["state"] == "FAIL"}
        if found != expected:
            said.append("%s: found %s, by hand %s" % (check, sorted(found), sorted(expected)))
    doh = [r for r in rows if r["check"] == "DNS-007" and r["subject"] == "net"]
    n = 0
    for row in doh:
        match = re.search(r"(\d+) of 4 listed", row["sentence"]) if row["state"] == "FAIL" else None
        n = int(match.group(1)) if match else n
    if n != site.doh or len(doh) != 1 or doh[0]["state"] != ("FAIL" if site.doh else "PASS"):
        said.append("DNS-007: %d, by hand %d" % (n, site.doh))
    countries = {}
    for row in rows:
        if row["check"] == "EXP-004" and row["state"] == "FAIL" and "countries" in row["sentence"]:
            of = countries.setdefault(row["subject"] + " " + row["place"], {})
            for code, size in re.findall(r"\b([A-Z]{2}) (\d+) \(", row["sentence"]):
                of[code] = of.get(code, 0) + int(size)
    if countries != site.countries:
        said.append("countries: %s, by hand %s" % (countries, site.countries))
    return said


def main():
    fwproof, folder, n = os.path.abspath(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    first = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    wrong = 0
    total = {}
    for seed in range(first, first + n):
        where = os.path.join(folder, "site%d" % seed)
        os.makedirs(where)
        site = Site(where, seed)
        for part in (site.counted, site.logged, site.disabled, site.exposed):
            part()
        site.finish()
        said = compare(site, review(fwproof, where))
        for check, places in site.expected.items():
            total[check] = total.get(check, 0) + len(places)
        total["DNS-007"] = total.get("DNS-007", 0) + site.doh
        total["countries"] = total.get("countries", 0) + sum(len(v) for v in site.countries.values())
        for line in said:
            print("site %d: %s" % (seed, line))
        wrong += bool(said)
        if not said:
            shutil.rmtree(where)
    print("# %d sites, %d wrong; findings by hand: %s" % (n, wrong, total))
    if wrong:
        print("not ok %d of %d sites differ" % (wrong, n))
    elif min(total.values()) == 0:
        print("not ok some check had nothing to find")
    else:
        print("ok %d sites, %d findings" % (n, sum(total.values())))


if __name__ == "__main__":
    main()
